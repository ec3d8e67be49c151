//! Cuts a file into its items by brace depth, so that each is parsed alone.
//!
//! An item starts where the one before it ends: with its attributes and visibility. It ends at a `;`, or at the `}` of its body. Where the braces of
//! an item do not balance, the item ends before the next line that starts, in column 0, with a word that starts an item: a broken item harms no other.

use crate::ast::{Attr, Delim, Ident, Lit, Tok, Token};
use crate::attrs;
use crate::delimiters::delimiter_errors;
use crate::item_start::begins_item;
use crate::lexer::lex;
use crate::parse::{FileSlices, ItemSlice, ItemSliceKind};
use crate::tree::{closes, opens};
use crate::{Name, Span, SyntaxError};

const ITEM_WORDS: [&str; 20] = [
    "fn",
    "pub",
    "struct",
    "enum",
    "union",
    "trait",
    "impl",
    "type",
    "const",
    "static",
    "use",
    "mod",
    "import",
    "extern",
    "unsafe",
    "async",
    "macro_rules",
    "#[",
    "///",
    "#!",
];

/// The offset, behind `from`, of the next line that starts in column 0 with a word that starts an item.
pub(crate) fn next_item_line(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(newline) = text[at..].find('\n') {
        at += newline + 1;
        if starts_item(&text[at..]) {
            return Some(at);
        }
    }
    None
}

fn starts_item(line: &str) -> bool {
    ITEM_WORDS.iter().any(|word| {
        line.strip_prefix(word)
            .is_some_and(|rest| !word.ends_with(char::is_alphabetic) || rest.starts_with([' ', '(', '!', '\t']))
    })
}

pub(crate) fn cut(text: &str) -> FileSlices {
    let lexed = lex(text);
    let (close, broken, balanced) = match_by_items(text, &lexed.tokens);
    let mut cutter = Cutter { text, tokens: &lexed.tokens, close, broken, attrs: Vec::new() };
    let items = cutter.items(0, lexed.tokens.len(), Level::File);
    let attrs = cutter.attrs;
    let mut errors = lexed.errors;
    errors.extend(attrs.iter().filter_map(attrs::name_list_error));
    if let Some(last) = errors.iter().position(SyntaxError::ends_lexing) {
        errors.truncate(last + 1);
        return FileSlices { items, attrs, errors, fatal: true };
    }
    if !balanced {
        errors.extend(delimiter_errors(&lexed.tokens, text.len() as u32));
        return FileSlices { items, attrs, errors, fatal: true };
    }
    errors.retain(|error| {
        let behind = items.partition_point(|item| item.range.end < error.span.end);
        !items.get(behind).is_some_and(|item| item.range.contains(error.span))
    });
    FileSlices { items, attrs, errors, fatal: false }
}

/// For each opening token the index of its closing one. What is open where an item starts in column 0 at depth > 0, while the braces up to the end of
/// the file do not balance, is closed there: the index is that of the token before which it closes, and is in the second list. Last: whether all was balanced.
fn match_by_items(text: &str, tokens: &[Token]) -> (Vec<u32>, Vec<u32>, bool) {
    let mut close = vec![0; tokens.len()];
    if try_match(tokens, &mut close) {
        return (close, Vec::new(), true);
    }
    let mut broken = Vec::new();
    let mut open: Vec<(Delim, usize)> = Vec::new();
    // How many of each delimiter are open, so that one that nothing waits for costs no search.
    let mut counts = [0_usize; 3];
    for (at, token) in tokens.iter().enumerate() {
        let column0 = token.span.start == 0 || text.as_bytes()[token.span.start as usize - 1] == b'\n';
        if column0 && !open.is_empty() && starts_item(&text[token.span.start as usize..]) && !in_module(tokens, &open) {
            for (_, opened) in open.drain(..) {
                close[opened] = at as u32;
            }
            counts = [0; 3];
            broken.push(at as u32);
        }
        if let Some(delim) = opens(&token.kind) {
            open.push((delim, at));
            counts[delim as usize] += 1;
        } else if let Some(delim) = closes(&token.kind) {
            if counts[delim as usize] == 0 {
                continue;
            }
            while let Some((opened, start)) = open.pop() {
                close[start] = at as u32;
                counts[opened as usize] -= 1;
                if opened == delim {
                    break;
                }
            }
        }
    }
    for (_, opened) in open {
        close[opened] = tokens.len() as u32;
        broken.push(tokens.len() as u32);
    }
    (close, broken, false)
}

/// Items of a module that is not indented may start in column 0.
fn in_module(tokens: &[Token], open: &[(Delim, usize)]) -> bool {
    open.iter().all(|(_, at)| {
        matches!(
            tokens[..*at],
            [.., Token { kind: Tok::Mod, .. }, Token { kind: Tok::Ident(_) | Tok::RawIdent(_), .. }]
        )
    })
}

fn try_match(tokens: &[Token], close: &mut [u32]) -> bool {
    let mut open: Vec<(Delim, usize)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if let Some(delim) = opens(&token.kind) {
            open.push((delim, at));
        } else if let Some(delim) = closes(&token.kind) {
            match open.pop() {
                Some((opened, start)) if opened == delim => close[start] = at as u32,
                _ => return false,
            }
        }
    }
    open.is_empty()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    File,
    Module,
}

struct Cutter<'t> {
    text: &'t str,
    tokens: &'t [Token],
    close: Vec<u32>,
    broken: Vec<u32>,
    attrs: Vec<Attr>,
}

/// What a look at the head of an item tells.
struct Head {
    kind: ItemSliceKind,
    name: Option<Ident>,
    /// The index of the word that tells the kind.
    word: usize,
}

impl Cutter<'_> {
    fn kind(&self, at: usize) -> Option<&Tok> {
        self.tokens.get(at).map(|token| &token.kind)
    }

    fn items(&mut self, from: usize, to: usize, level: Level) -> Vec<ItemSlice> {
        let mut items = Vec::new();
        let mut at = from;
        while at < to {
            if level == Level::File && items.is_empty() {
                if let Some((attr, end)) = attrs::inner_attr(self.tokens, &self.close, at) {
                    self.attrs.push(attr);
                    at = end;
                    continue;
                }
            }
            let (slice, end) = self.item(at, to);
            items.push(slice);
            at = end.max(at + 1);
        }
        items
    }

    fn item(&mut self, start: usize, limit: usize) -> (ItemSlice, usize) {
        let (names, after_attrs) = self.outer_attrs(start, limit);
        let head = self.head(after_attrs, limit);
        let (end, body) = self.item_end(&head, after_attrs, limit);
        let range = Span::new(self.tokens[start].span.start, self.end_offset(end, start));
        let mut slice =
            ItemSlice { kind: head.kind, name: head.name, range, text: range, attrs: names, children: Vec::new() };
        if let (ItemSliceKind::Mod, Some(open)) = (head.kind, body) {
            let close = (self.close[open] as usize).min(limit);
            let first = self.behind_inner_attrs(open + 1, close);
            slice.children = self.items(first, close, Level::Module);
            slice.text = Span::new(range.start, self.tokens[first - 1].span.end);
        }
        (slice, end)
    }

    /// The place behind the token before `end`. A slice that was cut short keeps the blank lines that follow it out.
    fn end_offset(&self, end: usize, start: usize) -> u32 {
        self.tokens[end.max(start + 1) - 1].span.end
    }

    /// The index behind the inner attributes that start a module.
    fn behind_inner_attrs(&self, from: usize, close: usize) -> usize {
        let mut at = from;
        while at < close {
            match attrs::inner_attr(self.tokens, &self.close, at) {
                Some((_, end)) => at = end.min(close),
                None => break,
            }
        }
        at
    }

    fn outer_attrs(&self, start: usize, limit: usize) -> (Vec<Name>, usize) {
        let mut names = Vec::new();
        let mut at = start;
        while at < limit {
            match (self.kind(at), self.kind(at + 1)) {
                (Some(Tok::OuterDoc(_) | Tok::InnerDoc(_)), _) => at += 1,
                (Some(Tok::Pound), Some(Tok::LBracket)) => {
                    if let Some(Tok::Ident(name)) = self.kind(at + 2) {
                        names.push(*name);
                    }
                    at = (self.close[at + 1] as usize + 1).max(at + 2);
                }
                (Some(Tok::Pound), Some(Tok::Bang)) if self.kind(at + 2) == Some(&Tok::LBracket) => {
                    at = (self.close[at + 2] as usize + 1).max(at + 3);
                }
                _ => break,
            }
        }
        (names, at.min(limit))
    }

    fn head(&self, from: usize, limit: usize) -> Head {
        let mut at = from;
        while at < limit {
            let next = self.kind(at + 1);
            let kind = match self.tokens[at].kind {
                Tok::Pub => {
                    at =
                        if next == Some(&Tok::LParen) { (self.close[at + 1] as usize + 1).max(at + 2) } else { at + 1 };
                    continue;
                }
                Tok::Fn => ItemSliceKind::Fn,
                Tok::Struct => ItemSliceKind::Struct,
                Tok::Enum => ItemSliceKind::Enum,
                Tok::Trait => ItemSliceKind::Trait,
                Tok::Impl => ItemSliceKind::Impl,
                Tok::Type => ItemSliceKind::TypeAlias,
                Tok::Use => ItemSliceKind::Use,
                Tok::Mod => ItemSliceKind::Mod,
                Tok::Macro => ItemSliceKind::MacroDef,
                Tok::Static => ItemSliceKind::Static,
                Tok::Const => match next {
                    Some(Tok::Fn | Tok::Unsafe | Tok::Async | Tok::Extern | Tok::Trait | Tok::Impl) => {
                        at += 1;
                        continue;
                    }
                    _ => ItemSliceKind::Const,
                },
                Tok::Unsafe | Tok::Async => {
                    at += 1;
                    continue;
                }
                Tok::Extern => match (next, self.kind(at + 2)) {
                    (Some(Tok::Crate), _) => ItemSliceKind::ExternCrate,
                    (Some(Tok::LBrace), _) | (Some(Tok::Lit(_)), Some(Tok::LBrace)) => ItemSliceKind::ExternBlock,
                    (Some(Tok::Lit(_)), _) => {
                        at += 2;
                        continue;
                    }
                    _ => {
                        at += 1;
                        continue;
                    }
                },
                Tok::Ident(name) => match (name.as_str(), next) {
                    ("union", Some(Tok::Ident(_) | Tok::RawIdent(_))) => ItemSliceKind::Union,
                    ("import", Some(Tok::Lit(Lit::Str(_)))) => ItemSliceKind::GoImport,
                    ("macro_rules", Some(Tok::Bang)) => ItemSliceKind::MacroDef,
                    ("auto" | "default" | "safe", Some(tok)) if is_item_keyword(tok) => {
                        at += 1;
                        continue;
                    }
                    (_, Some(Tok::Bang | Tok::ColonColon)) => ItemSliceKind::MacroCall,
                    _ => ItemSliceKind::Unknown,
                },
                _ => ItemSliceKind::Unknown,
            };
            return Head { kind, name: self.name(kind, at), word: at };
        }
        Head { kind: ItemSliceKind::Unknown, name: None, word: from }
    }

    fn name(&self, kind: ItemSliceKind, word: usize) -> Option<Ident> {
        let at = match kind {
            ItemSliceKind::Fn
            | ItemSliceKind::Struct
            | ItemSliceKind::Enum
            | ItemSliceKind::Union
            | ItemSliceKind::Trait
            | ItemSliceKind::TypeAlias
            | ItemSliceKind::Const
            | ItemSliceKind::Mod => word + 1,
            ItemSliceKind::Static => word + 1 + usize::from(self.kind(word + 1) == Some(&Tok::Mut)),
            ItemSliceKind::ExternCrate | ItemSliceKind::MacroDef => word + 2,
            ItemSliceKind::Impl => return self.impl_name(word),
            ItemSliceKind::Use
            | ItemSliceKind::GoImport
            | ItemSliceKind::ExternBlock
            | ItemSliceKind::MacroCall
            | ItemSliceKind::Unknown => return None,
        };
        let token = self.tokens.get(at)?;
        match &token.kind {
            Tok::Ident(name) | Tok::RawIdent(name) => Some(Ident { name: *name, span: token.span }),
            Tok::Underscore => Some(Ident::new("_", token.span)),
            _ => None,
        }
    }

    /// The last identifier outside of `<…>` and behind `for`, before the body or `where`.
    fn impl_name(&self, word: usize) -> Option<Ident> {
        let mut depth = 0_i32;
        let mut found = None;
        for token in &self.tokens[word + 1..] {
            match &token.kind {
                Tok::Lt => depth += 1,
                Tok::Gt => depth -= 1,
                Tok::Shr => depth -= 2,
                Tok::For => found = None,
                Tok::Where | Tok::Semi => break,
                Tok::LBrace if depth == 0 => break,
                Tok::Ident(name) | Tok::RawIdent(name) if depth == 0 => {
                    found = Some(Ident { name: *name, span: token.span })
                }
                _ => {}
            }
        }
        found
    }

    /// The index behind the item, and that of the `{` of its body.
    fn item_end(&self, head: &Head, from: usize, limit: usize) -> (usize, Option<usize>) {
        let ends_with_semicolon = matches!(
            head.kind,
            ItemSliceKind::Use
                | ItemSliceKind::Const
                | ItemSliceKind::Static
                | ItemSliceKind::TypeAlias
                | ItemSliceKind::GoImport
                | ItemSliceKind::ExternCrate
        );
        let mut at = if head.kind == ItemSliceKind::Unknown { from } else { head.word };
        while at < limit {
            let may_lack_semicolon = ends_with_semicolon || head.kind == ItemSliceKind::Struct;
            if at > from
                && (self.broken.binary_search(&(at as u32)).is_ok()
                    || ends_with_semicolon && self.starts_item_in_column_0(at)
                    || may_lack_semicolon && at > head.word && begins_item(self.tokens, at))
            {
                return (at, None);
            }
            match &self.tokens[at].kind {
                Tok::Semi => return (at + 1, None),
                Tok::LBrace if !ends_with_semicolon && !self.is_const_arg(at) => {
                    return (self.behind_group(at, limit), Some(at));
                }
                Tok::LParen | Tok::LBracket if head.kind == ItemSliceKind::MacroCall => {
                    let end = self.behind_group(at, limit);
                    return (if self.kind(end) == Some(&Tok::Semi) && end < limit { end + 1 } else { end }, None);
                }
                tok if opens(tok).is_some() => at = self.behind_group(at, limit),
                Tok::RBrace => return (at + 1, None),
                tok if head.kind == ItemSliceKind::Unknown
                    && at > from
                    && (is_item_keyword(tok) || *tok == Tok::Pound) =>
                {
                    return (at, None);
                }
                _ => at += 1,
            }
        }
        (limit, None)
    }

    fn starts_item_in_column_0(&self, at: usize) -> bool {
        let start = self.tokens[at].span.start as usize;
        start > 0 && self.text.as_bytes()[start - 1] == b'\n' && starts_item(&self.text[start..])
    }

    /// Where the group was closed by the start of another item, that item's first token is not part of it.
    fn behind_group(&self, open: usize, limit: usize) -> usize {
        let close = self.close[open];
        let end = if self.broken.binary_search(&close).is_ok() { close as usize } else { close as usize + 1 };
        end.clamp(open + 1, limit)
    }

    /// `Foo<{ N }>`: a brace in generic arguments is no body.
    fn is_const_arg(&self, open: usize) -> bool {
        let before = open.checked_sub(1).and_then(|at| self.kind(at));
        let behind = self.kind(self.close[open] as usize + 1);
        matches!(before, Some(Tok::Lt | Tok::Comma | Tok::Eq))
            && matches!(behind, Some(Tok::Gt | Tok::Comma | Tok::Shr))
    }
}

fn is_item_keyword(tok: &Tok) -> bool {
    matches!(
        tok,
        Tok::Fn
            | Tok::Pub
            | Tok::Struct
            | Tok::Enum
            | Tok::Trait
            | Tok::Impl
            | Tok::Type
            | Tok::Const
            | Tok::Static
            | Tok::Use
            | Tok::Mod
            | Tok::Extern
            | Tok::Unsafe
            | Tok::Async
    )
}
