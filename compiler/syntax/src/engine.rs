//! Runs the grammar, with recovery: what does not parse is dropped piece by piece (a statement, an arm, a field, an item), and the rest is parsed again.

use std::cell::Cell;

use crate::ast::{Lit, Tok, Token};
use crate::error::Loss;
use crate::layer::{Entry, Layered, Lexeme, Piece, PieceKind, Placed, layer};
use crate::make::{Ctx, Root};
use crate::tree::{Trees, match_delimiters};
use crate::{Name, Span, SyntaxError, SyntaxErrorKind, expected};

#[allow(clippy::all, unused, unsafe_code, unreachable_pub)]
mod grammar {
    lalrpop_util::lalrpop_mod!(generated, "/grammar.rs");
    pub(super) use generated::StartParser;
}

type ParseError = lalrpop_util::ParseError<u32, Lexeme, ()>;

/// So many errors of one item are enough.
pub(crate) const ERROR_LIMIT: usize = 50;

/// Each error costs another pass over the item: of a very long one, fewer errors are reported.
const LEXEMES_IN_RECOVERY: usize = 5_000_000;

/// Parses tokens that come from `text`, or from a macro call (then there is no text).
pub(crate) fn run(tokens: Vec<Token>, text: Option<&str>, entry: Entry) -> (Option<Root>, Vec<SyntaxError>) {
    let end = text.map_or_else(|| tokens.last().map_or(0, |token| token.span.end), |text| text.len() as u32);
    let trees = match_delimiters(tokens, end);
    if trees.too_deep {
        return (None, trees.errors);
    }
    let mut layered = layer(&trees, entry);
    let mut errors = trees.errors.clone();
    errors.append(&mut layered.errors);
    let ctx = Ctx::default();
    let first = grammar::StartParser::new();
    let taken = Cell::new(0);
    let total = layered.lexemes.len();
    let lexemes = std::mem::take(&mut layered.lexemes).into_iter().inspect(|_| taken.set(taken.get() + 1));
    match first.parse(&ctx, lexemes.map(triple)) {
        Ok(root) => {
            errors.extend(ctx.errors.into_inner());
            (Some(root), sorted(errors))
        }
        Err(error) => {
            let at =
                if matches!(error, lalrpop_util::ParseError::UnrecognizedEof { .. }) { total } else { taken.get() - 1 };
            let (root, more) = Recovery::new(&trees, text, entry).run(at, error);
            errors.extend(more);
            (root, sorted(errors))
        }
    }
}

fn triple(placed: Placed) -> Result<(u32, Lexeme, u32), ()> {
    Ok((placed.start, placed.lexeme, placed.end))
}

fn sorted(mut errors: Vec<SyntaxError>) -> Vec<SyntaxError> {
    errors.sort_by_key(|error| error.span.start);
    errors.dedup();
    errors
}

/// A range of lexemes, and what stands for it.
struct Dropped {
    start: usize,
    end: usize,
    instead: Lexeme,
}

struct Recovery<'t> {
    trees: &'t Trees,
    text: Option<&'t str>,
    entry: Entry,
    layered: Layered,
    /// Not overlapping, in order.
    dropped: Vec<Dropped>,
    /// Lexemes in front of which something that was forgotten is inserted.
    inserted: Vec<(usize, Lexeme)>,
    /// A comma was inserted last; whether it had been forgotten, the next parse tells.
    guess: Option<Guess>,
    errors: Vec<SyntaxError>,
}

/// That a comma was forgotten at a lexeme, in front of an element up to `end`.
struct Guess {
    at: usize,
    end: usize,
    semicolon: bool,
}

impl Guess {
    /// Whether the element does not parse either: then something else is wrong.
    fn is_wrong(&self, next_error: usize) -> bool {
        self.at <= next_error && next_error <= self.end
    }
}

fn opens(lexeme: &Lexeme) -> bool {
    matches!(
        lexeme,
        Lexeme::Tok(Tok::LParen | Tok::LBracket | Tok::LBrace)
            | Lexeme::AngleOpen
            | Lexeme::BodyOpen
            | Lexeme::StructOpen
            | Lexeme::VisOpen
    )
}

fn closes(lexeme: &Lexeme) -> bool {
    matches!(lexeme, Lexeme::Tok(Tok::RParen | Tok::RBracket | Tok::RBrace) | Lexeme::AngleClose)
}

impl<'t> Recovery<'t> {
    fn new(trees: &'t Trees, text: Option<&'t str>, entry: Entry) -> Self {
        let layered = layer(trees, entry);
        Recovery {
            trees,
            text,
            entry,
            layered,
            dropped: Vec::new(),
            inserted: Vec::new(),
            guess: None,
            errors: Vec::new(),
        }
    }

    fn run(mut self, mut at: usize, mut error: ParseError) -> (Option<Root>, Vec<SyntaxError>) {
        let limit = (LEXEMES_IN_RECOVERY / self.layered.lexemes.len().max(1)).clamp(2, ERROR_LIMIT);
        loop {
            if self.errors.len() >= limit || !self.repair(at, error) {
                return (None, self.errors);
            }
            let ctx = Ctx::default();
            match self.parse(&ctx) {
                Ok(root) => {
                    self.errors.extend(ctx.errors.into_inner());
                    return (Some(root), self.errors);
                }
                Err((next_at, next_error)) => (at, error) = (next_at, next_error),
            }
        }
    }

    /// Parses what is left. An error comes with the index of its lexeme.
    fn parse(&self, ctx: &Ctx) -> Result<Root, (usize, ParseError)> {
        let lexemes = layer(self.trees, self.entry).lexemes;
        let total = lexemes.len();
        let mut stream = Vec::with_capacity(total);
        let mut dropped = self.dropped.iter().peekable();
        let mut skip_to = 0;
        for (at, placed) in lexemes.into_iter().enumerate() {
            if at < skip_to {
                continue;
            }
            self.insert_before(at, &mut stream);
            match dropped.peek() {
                Some(range) if range.start == at => {
                    let close = self.layered.lexemes[range.end - 1].end;
                    stream.push((at, Placed { start: placed.start, lexeme: range.instead.clone(), end: close }));
                    skip_to = range.end;
                    dropped.next();
                }
                _ => stream.push((at, placed)),
            }
        }
        self.insert_before(total, &mut stream);
        let taken = Cell::new(0);
        let lexemes = stream.into_iter().map(|(at, placed)| {
            taken.set(at);
            triple(placed)
        });
        grammar::StartParser::new().parse(ctx, lexemes).map_err(|error| {
            let eof = matches!(error, lalrpop_util::ParseError::UnrecognizedEof { .. });
            (if eof { total } else { taken.get() }, error)
        })
    }

    fn insert_before(&self, at: usize, stream: &mut Vec<(usize, Placed)>) {
        if let Some((_, lexeme)) = self.inserted.iter().find(|(before, _)| *before == at) {
            let place = stream.last().map_or(0, |(_, before)| before.end);
            stream.push((at, Placed { start: place, lexeme: lexeme.clone(), end: place }));
        }
    }

    /// Reports the error, unless it follows from an earlier one, and drops what is to blame. Gives whether something was left to drop.
    fn repair(&mut self, at: usize, error: ParseError) -> bool {
        if let Some(guess) = self.guess.take().filter(|guess| guess.is_wrong(at)) {
            self.inserted.retain(|(before, _)| *before != guess.at);
            return self.drop_what_is_to_blame(guess.at, guess.semicolon);
        }
        let follows = self.dropped.iter().any(|range| range.start <= at && at < range.end)
            || self.inserted.iter().any(|(before, _)| *before == at);
        let wanted = wanted(&error);
        let wants = |text: &str| !follows && wanted.iter().any(|word| word.trim_matches('"') == text);
        // Of a trait's function, its body is as good as the semicolon.
        let semicolon = wants(";") && (!wants("{") || self.in_trait(at));
        if semicolon && self.semicolon_was_forgotten(at) {
            let found = self.layered.lexemes[at..].iter().find(|placed| placed.lexeme != Lexeme::ItemStart);
            let message = match found {
                Some(placed) => format!("expected `;`, found {}", expected::found(Some(&placed.lexeme))),
                None => "expected `;` at the end of the item".to_string(),
            };
            return self.insert(at, Lexeme::Tok(Tok::Semi), message, "add `;` here");
        }
        if wants(";") && wants("{") && self.ends_a_block(at) {
            // A function without body at the end of a block: it is kept, and its lack of a body is reported on top.
            self.report(at, &wanted, Loss::Item);
            self.inserted.push((at, Lexeme::Tok(Tok::Semi)));
            return true;
        }
        if wants(",") && self.comma_was_forgotten(at, PieceKind::Arm) {
            return self.insert(
                at,
                Lexeme::Tok(Tok::Comma),
                "expected `,` following `match` arm".to_string(),
                "add `,` here",
            );
        }
        if wants("identifier") && self.underscore_as_name(at) {
            self.report(at, &wanted, Loss::Part);
            let instead = Lexeme::Tok(Tok::Ident(Name::new("_")));
            self.drop_range(Dropped { start: at, end: at + 1, instead });
            return true;
        }
        if wants("await") && self.dot_without_name(at) {
            self.report(at, &wanted, Loss::Part);
            self.inserted.push((at, Lexeme::Broken));
            return true;
        }
        let to_blame = self.to_blame(at, semicolon);
        if !follows {
            self.report(at, &wanted, to_blame.map_or(Loss::Item, |piece| self.loss(&piece)));
        }
        if wants(",")
            && !wants(":")
            && let Some(end) = self.element_in_parens(at)
        {
            self.guess = Some(Guess { at, end, semicolon });
            self.inserted.push((at, Lexeme::Tok(Tok::Comma)));
            return true;
        }
        self.drop_what_is_to_blame(at, semicolon)
    }

    fn drop_what_is_to_blame(&mut self, at: usize, semicolon: bool) -> bool {
        let Some(piece) = self.to_blame(at, semicolon) else { return false };
        let range = match piece.kind {
            PieceKind::Stmt if self.ends_badly(&piece) => {
                Dropped { start: piece.start, end: self.end_of_stmt(piece.end), instead: Lexeme::Broken }
            }
            // rustc's parser, too, skips to the end of the list of items.
            PieceKind::Member => {
                Dropped { start: piece.start, end: self.end_of_block(piece.end), instead: Lexeme::Broken }
            }
            PieceKind::Parens => Dropped { start: piece.start, end: piece.end, instead: Lexeme::Tok(Tok::BadLit) },
            PieceKind::Initializer => self.initializer(&piece, at),
            PieceKind::Stmt | PieceKind::Arm | PieceKind::Param | PieceKind::Field | PieceKind::Item => {
                Dropped { start: piece.start, end: piece.end, instead: Lexeme::Broken }
            }
        };
        self.drop_range(range);
        true
    }

    fn drop_range(&mut self, range: Dropped) {
        if range.start == range.end {
            return self.inserted.push((range.start, range.instead));
        }
        self.inserted.retain(|(before, _)| *before < range.start || *before >= range.end);
        self.dropped.retain(|known| known.start < range.start || known.start >= range.end);
        self.dropped.push(range);
        self.dropped.sort_unstable_by_key(|range| range.start);
    }

    /// Whether a path, field or method is named by `_`: rustc's parser, too, takes that for a name that nothing has.
    fn underscore_as_name(&self, at: usize) -> bool {
        let lexeme = |at: usize| self.layered.lexemes.get(at).map(|placed| &placed.lexeme);
        lexeme(at) == Some(&Lexeme::Tok(Tok::Underscore))
            && matches!(lexeme(at.wrapping_sub(1)), Some(Lexeme::Tok(Tok::Dot | Tok::ColonColon | Tok::Fn)))
    }

    /// What to drop of a field of a struct literal: its value if it has a name and something follows, so that the field is there.
    fn initializer(&self, piece: &Piece, at: usize) -> Dropped {
        let lexemes = &self.layered.lexemes;
        let attrs =
            lexemes[piece.start..piece.end].iter().take_while(|placed| matches!(placed.lexeme, Lexeme::OuterAttr(_)));
        let name = piece.start + attrs.count();
        let value = name + 2;
        let lexeme = |at: usize| lexemes.get(at).map(|placed| &placed.lexeme);
        let named = matches!(lexeme(name), Some(Lexeme::Tok(Tok::Ident(_) | Tok::Lit(_))))
            && lexeme(name + 1) == Some(&Lexeme::Tok(Tok::Colon))
            && at >= value;
        if at == name + 1 && lexeme(at) == Some(&Lexeme::Tok(Tok::Eq)) {
            return Dropped { start: at, end: value, instead: Lexeme::Tok(Tok::Colon) };
        }
        let touched = self.dropped.iter().any(|range| piece.start <= range.start && range.start < piece.end)
            || self.inserted.iter().any(|(before, _)| *before == value);
        if named && !touched && lexeme(at) != Some(&Lexeme::Tok(Tok::RBrace)) {
            Dropped { start: value, end: piece.end, instead: Lexeme::Tok(Tok::BadLit) }
        } else {
            Dropped { start: piece.start, end: piece.end, instead: Lexeme::Broken }
        }
    }

    /// Where the block or body that a lexeme stands in ends: at its `}`.
    fn end_of_block(&self, from: usize) -> usize {
        let mut depth = 0usize;
        for (at, placed) in self.layered.lexemes.iter().enumerate().skip(from) {
            match placed.lexeme {
                Lexeme::Tok(Tok::LBrace) | Lexeme::BodyOpen | Lexeme::StructOpen => depth += 1,
                Lexeme::Tok(Tok::RBrace) if depth == 0 => return at,
                Lexeme::Tok(Tok::RBrace) => depth -= 1,
                _ => {}
            }
        }
        self.layered.lexemes.len()
    }

    /// Where a statement ends of which only the beginning was recognized: behind its `;` or its last block.
    fn end_of_stmt(&self, from: usize) -> usize {
        let end = self.end_of_block(from);
        let mut depth = 0usize;
        for at in from..end {
            let lexeme = &self.layered.lexemes[at].lexeme;
            match lexeme {
                Lexeme::Tok(Tok::Semi) if depth == 0 => return at + 1,
                _ if opens(lexeme) => depth += 1,
                _ if closes(lexeme) => depth = depth.saturating_sub(1),
                _ => {}
            }
            let block_ends = depth == 0 && matches!(lexeme, Lexeme::Tok(Tok::RBrace) | Lexeme::StmtEnd);
            let goes_on = |next: &Placed| {
                matches!(next.lexeme, Lexeme::Tok(Tok::Else | Tok::Dot | Tok::Question | Tok::Semi) | Lexeme::StmtEnd)
            };
            if block_ends && !self.layered.lexemes.get(at + 1).is_some_and(goes_on) {
                return at + 1;
            }
        }
        end
    }

    /// Whether a field or method was to be named between the lexeme and the dot before it. Then what is in front of the dot is the whole expression.
    fn dot_without_name(&self, at: usize) -> bool {
        let before = self.layered.lexemes.get(at.wrapping_sub(1)).map(|placed| &placed.lexeme);
        let found = self.layered.lexemes.get(at).map(|placed| &placed.lexeme);
        let named = match found {
            Some(Lexeme::Tok(tok)) => {
                matches!(tok, Tok::Lit(Lit::Int { .. } | Lit::Float { .. }) | Tok::BadLit | Tok::Lt | Tok::Underscore)
                    || tok.fixed_text().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_alphabetic()))
            }
            Some(Lexeme::ItemStart) => true,
            _ => false,
        };
        before == Some(&Lexeme::Tok(Tok::Dot)) && !named
    }

    /// Where the element ends that begins at the lexeme, if that stands in parentheses, where a comma may have been forgotten in front of it.
    fn element_in_parens(&self, at: usize) -> Option<usize> {
        let lexeme = |at: usize| self.layered.lexemes.get(at).map(|placed| &placed.lexeme);
        let mut depth = 0usize;
        let open = (0..at).rev().find(|&before| match lexeme(before) {
            Some(lexeme) if closes(lexeme) => {
                depth += 1;
                false
            }
            Some(lexeme) if opens(lexeme) && depth == 0 => true,
            Some(lexeme) if opens(lexeme) => {
                depth -= 1;
                false
            }
            _ => false,
        })?;
        if lexeme(open) != Some(&Lexeme::Tok(Tok::LParen)) || lexeme(at).is_some_and(closes) {
            return None;
        }
        let mut depth = 0usize;
        (at..self.layered.lexemes.len()).find(|&end| match lexeme(end) {
            Some(Lexeme::Tok(Tok::Comma)) => depth == 0,
            Some(lexeme) if closes(lexeme) && depth == 0 => true,
            Some(lexeme) if closes(lexeme) => {
                depth -= 1;
                false
            }
            Some(lexeme) => {
                depth += usize::from(opens(lexeme));
                false
            }
            None => true,
        })
    }

    /// Whether an item of a trait ends in front of the lexeme.
    fn in_trait(&self, at: usize) -> bool {
        let lexemes = &self.layered.lexemes;
        if !self.layered.pieces.iter().any(|piece| piece.kind == PieceKind::Member && piece.end == at) {
            return false;
        }
        let mut depth = 0usize;
        let open = lexemes[..at.min(lexemes.len())].iter().rposition(|placed| {
            let is_open = opens(&placed.lexeme);
            let found = is_open && depth == 0;
            match is_open {
                true => depth = depth.saturating_sub(1),
                false => depth += usize::from(closes(&placed.lexeme)),
            }
            found
        });
        let keyword = lexemes[..open.unwrap_or(0)].iter().rev().find_map(|placed| match &placed.lexeme {
            Lexeme::Tok(tok @ (Tok::Trait | Tok::Impl)) => Some(*tok == Tok::Trait),
            Lexeme::ImplGeneric => Some(false),
            _ => None,
        });
        keyword == Some(true)
    }

    fn insert(&mut self, at: usize, lexeme: Lexeme, message: String, help: &str) -> bool {
        self.inserted.push((at, lexeme));
        let place = self.layered.lexemes.get(at.wrapping_sub(1)).map_or(0, |before| before.end);
        let kind = SyntaxErrorKind::Rule { message: message.into(), help: Some(help.into()) };
        self.errors.push(SyntaxError { span: Span::at(place), code: None, kind });
        true
    }

    fn ends_a_block(&self, at: usize) -> bool {
        self.layered.lexemes.get(at).is_some_and(|found| found.lexeme == Lexeme::Tok(Tok::RBrace))
    }

    /// Whether a piece ends in front of the lexeme and another one of its kind begins there.
    fn comma_was_forgotten(&self, at: usize, kind: PieceKind) -> bool {
        let of_kind = || self.layered.pieces.iter().filter(|piece| piece.kind == kind);
        of_kind().any(|piece| piece.end == at) && of_kind().any(|piece| piece.start == at)
    }

    /// Whether the statement or item ends with its line, and what follows can start another one or ends the block; or whether the text ends.
    fn semicolon_was_forgotten(&self, at: usize) -> bool {
        let pieces = || {
            let is_ended = |piece: &&Piece| matches!(piece.kind, PieceKind::Stmt | PieceKind::Item | PieceKind::Member);
            self.layered.pieces.iter().filter(is_ended)
        };
        if !pieces().any(|piece| piece.end == at) {
            return false;
        }
        let Some(before) = self.layered.lexemes.get(at.wrapping_sub(1)) else { return false };
        let Some(found) = self.layered.lexemes.get(at) else { return self.entry == Entry::Item };
        let starts = found.lexeme == Lexeme::Tok(Tok::RBrace) || pieces().any(|piece| piece.start == at);
        let new_line = self
            .text
            .and_then(|text| text.get(before.end as usize..found.start as usize))
            .is_some_and(|between| between.contains('\n'));
        starts && new_line
    }

    fn is_dropped(&self, piece: &Piece) -> bool {
        self.dropped.iter().any(|range| range.start <= piece.start && piece.end <= range.end)
    }

    /// The innermost piece that holds the lexeme; or the one that ends in front of it, if that is further inside and incomplete.
    fn to_blame(&self, at: usize, incomplete: bool) -> Option<Piece> {
        let live = || self.layered.pieces.iter().filter(|piece| !self.is_dropped(piece));
        let inside = live().find(|piece| piece.start <= at && at < piece.end);
        let before = live()
            .filter(|piece| piece.end == at && piece.end > piece.start && piece.kind != PieceKind::Parens)
            .max_by_key(|piece| piece.start);
        let before = before.filter(|before| inside.is_none_or(|inside| inside.start <= before.start || incomplete));
        let starts_here = inside.is_some_and(|inside| inside.start == at);
        match (inside, before) {
            (Some(inside), Some(before)) if starts_here && !incomplete && !self.ends_badly(before) => Some(*inside),
            (_, Some(before)) => Some(*before),
            (inside, None) => inside.copied(),
        }
    }

    fn loss(&self, piece: &Piece) -> Loss {
        let in_body = self.layered.pieces.iter().any(|outer| {
            matches!(outer.kind, PieceKind::Stmt | PieceKind::Arm)
                && outer.start <= piece.start
                && piece.end <= outer.end
        });
        match piece.kind {
            PieceKind::Stmt
            | PieceKind::Arm
            | PieceKind::Initializer
            | PieceKind::Param
            | PieceKind::Parens
            | PieceKind::Member => Loss::Part,
            PieceKind::Item if in_body => Loss::Part,
            PieceKind::Field | PieceKind::Item => Loss::Item,
        }
    }

    /// Whether a statement or item ends without `;` or `}`.
    fn ends_badly(&self, piece: &Piece) -> bool {
        match &self.layered.lexemes[piece.start..piece.end] {
            [.., last, Placed { lexeme: Lexeme::StmtEnd | Lexeme::ArmEnd, .. }] => {
                !matches!(last.lexeme, Lexeme::Tok(Tok::RBrace) | Lexeme::Group(_))
            }
            [.., last] => !matches!(last.lexeme, Lexeme::Tok(Tok::Semi | Tok::RBrace | Tok::Comma)),
            [] => false,
        }
    }

    /// The error where behind the doc comments at the start of a text stands what is no item.
    fn item_behind_doc(&self, at: usize) -> Option<SyntaxError> {
        let (last, before) = self.layered.lexemes.get(1..at)?.split_last()?;
        let is_attr = |placed: &Placed| matches!(placed.lexeme, Lexeme::OuterAttr(_));
        if self.entry != Entry::Item || !before.iter().all(is_attr) {
            return None;
        }
        let Lexeme::OuterAttr(attr) = &last.lexeme else { return None };
        attr.doc()?;
        let found = expected::found(self.layered.lexemes.get(at).map(|placed| &placed.lexeme));
        let expected = "an item behind the doc comment".into();
        let kind = SyntaxErrorKind::Expected { expected, found: found.into(), loss: Loss::Item };
        Some(SyntaxError { span: attr.span, code: None, kind })
    }

    fn report(&mut self, at: usize, wanted: &[String], loss: Loss) {
        let lexemes = &self.layered.lexemes;
        let end = lexemes.last().map_or(0, |placed| placed.end);
        let found = lexemes.get(at);
        let span = found.map_or(Span::new(lexemes.last().map_or(0, |last| last.start), end), |placed| {
            Span::new(placed.start, placed.end)
        });
        if self.trees.mended.iter().any(|mended| mended.touches(span.start)) {
            return;
        }
        let has = |text: &str| wanted.iter().any(|word| word.trim_matches('"') == text);
        let field = has(",")
            && has("}")
            && !has("==")
            && matches!(found.map(|placed| &placed.lexeme), Some(Lexeme::Tok(Tok::Ident(_))));
        if let Some(doc) = self.item_behind_doc(at) {
            self.errors.push(doc);
            return;
        }
        let span = match lexemes.get(at.wrapping_sub(1)) {
            // Between the fields of a declaration, the comma is missing where the field ends.
            Some(before) if field => Span::at(before.end),
            _ => span,
        };
        self.errors.push(expected::error(span, wanted, found.map(|placed| &placed.lexeme), loss));
    }
}

fn wanted(error: &ParseError) -> Vec<String> {
    match error {
        ParseError::UnrecognizedToken { expected, .. } | ParseError::UnrecognizedEof { expected, .. } => {
            expected.clone()
        }
        ParseError::InvalidToken { .. } | ParseError::ExtraToken { .. } | ParseError::User { .. } => Vec::new(),
    }
}
