//! The layer between tokens and grammar: it makes Rust's syntax LR(1).
//!
//! It walks over the tokens once, knowing just enough of the structure (operand or operator position, statement start, type or expression) to tell apart
//! what the grammar could tell only with much look-ahead, or only by duplicating all of the expression rules:
//!
//! * the braces of a body (`if x {`), of a struct literal (`x {`) and of a block,
//! * the angles of generics and the comparisons; `>>`, `>=`, `&&` are split where they are generics or references,
//! * the end of a block-like statement (`if x {} -1` is two statements) and of a block-like match arm: it inserts a mark,
//! * words that are keywords only in their place (`union`, `auto`, `default`, `import`, `raw`).
//!
//! Attributes and the arguments of macros become one lexeme each. It also notes where pieces (statements, match arms, fields, items) begin and end:
//! error recovery drops one piece at a time. Invariant: it never loses or reorders a token, so that errors are the grammar's to find.

mod expr;
mod item;
mod types;

use crate::ast::{Attr, Delim, Tok, Token};
use crate::tree::{Trees, opens};
use crate::{Name, Span, SyntaxError, SyntaxErrorKind, attrs};

/// What the grammar sees.
#[derive(Clone, Debug, PartialEq)]
pub enum Lexeme {
    Tok(Tok),
    /// `<` and `>` of generics.
    AngleOpen,
    AngleClose,
    /// `{` of the body of `if`, `while`, `for`, `loop`, `match`.
    BodyOpen,
    /// `{` of a struct literal.
    StructOpen,
    /// `else` of `let … else`.
    LetElse,
    /// `(` of `pub(crate)`.
    VisOpen,
    /// `impl` in front of `<`.
    ImplGeneric,
    /// `for` of `for<'a> |x| …`.
    ClosureFor,
    /// `let` of a condition.
    CondLet,
    /// In front of an item that is a statement, behind its attributes.
    ItemStart,
    /// Behind a block-like expression that is a statement.
    StmtEnd,
    /// Behind a block-like match arm without comma.
    ArmEnd,
    /// The arguments of a macro, with delimiters.
    Group(Box<Group>),
    OuterAttr(Box<Attr>),
    InnerAttr(Box<Attr>),
    MacroRules,
    Union,
    Auto,
    Default,
    Safe,
    Import,
    /// The `raw` of `&raw const x`.
    Raw,
    /// A piece that did not parse.
    Broken,
    Start(Entry),
}

/// The arguments of a macro.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub delim: Delim,
    pub tokens: Vec<Token>,
    pub inner_span: Span,
}

/// What the grammar is asked to parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Item,
    /// The head of an inline module, up to `{`.
    ModHead,
    Expr,
    Type,
    /// `a, b, c`
    Args,
    /// `a, b, c` or `elem; len`
    List,
    /// `expr, pattern if guard`
    Matches,
}

/// A lexeme at a place.
#[derive(Clone, Debug)]
pub struct Placed {
    pub start: u32,
    pub lexeme: Lexeme,
    pub end: u32,
}

/// What can be dropped alone when it does not parse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    Stmt,
    Arm,
    /// A parameter of a function.
    Param,
    /// A field or variant of a declaration.
    Field,
    /// A field of a struct literal.
    Initializer,
    /// Something in parentheses in an expression, with what it is the arguments of.
    Parens,
    Item,
    /// An item of a trait or impl.
    Member,
}

/// A range of lexemes.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    pub kind: PieceKind,
    pub start: usize,
    pub end: usize,
}

pub struct Layered {
    pub lexemes: Vec<Placed>,
    /// Inner ones before outer ones.
    pub pieces: Vec<Piece>,
    pub errors: Vec<SyntaxError>,
}

pub fn layer(trees: &Trees, entry: Entry) -> Layered {
    let end = trees.tokens.len();
    let mut walker = Walker {
        trees,
        at: 0,
        operand: 0,
        out: Layered { lexemes: Vec::with_capacity(end + end / 8), pieces: Vec::new(), errors: Vec::new() },
    };
    let start = trees.tokens.first().map_or(0, |token| token.span.start);
    walker.out.lexemes.push(Placed { start, lexeme: Lexeme::Start(entry), end: start });
    match entry {
        Entry::Item if walker.only_attributes_left(end) => {
            walker.attributes_of_nothing(end, None, "expected item after attributes");
            walker.mark(Lexeme::Broken);
        }
        Entry::Item if end == 1 && walker.tok() == Some(&Tok::Semi) => {
            walker.stray_semicolon();
            walker.mark(Lexeme::Broken);
        }
        Entry::Item => walker.piece(PieceKind::Item, |walker| walker.item(end)),
        Entry::ModHead => walker.raw_until(end),
        Entry::Expr | Entry::Args | Entry::List => walker.exprs(end),
        Entry::Type => walker.types(end, |_| false),
        Entry::Matches => walker.matches_args(end),
    }
    walker.raw_until(end);
    walker.out
}

struct Walker<'t> {
    trees: &'t Trees,
    at: usize,
    /// The lexeme at which the operand before `at` begins.
    operand: usize,
    out: Layered,
}

impl<'t> Walker<'t> {
    fn tok(&self) -> Option<&'t Tok> {
        self.nth(0)
    }

    fn nth(&self, n: usize) -> Option<&'t Tok> {
        self.trees.tokens.get(self.at + n).map(|token| &token.kind)
    }

    fn before(&self) -> Option<&'t Tok> {
        self.trees.tokens.get(self.at.wrapping_sub(1)).map(|token| &token.kind)
    }

    fn span(&self) -> Span {
        self.trees.tokens.get(self.at).map_or(Span::at(0), |token| token.span)
    }

    /// The index of the token that closes the group opened here.
    fn close(&self) -> usize {
        self.trees.close[self.at] as usize
    }

    fn put(&mut self, lexeme: Lexeme, span: Span) {
        self.out.lexemes.push(Placed { start: span.start, lexeme, end: span.end });
    }

    /// Inserts a mark in front of the next token.
    fn mark_here(&mut self, lexeme: Lexeme) {
        self.put(lexeme, self.span().first());
    }

    /// Inserts a mark behind the token before.
    fn mark(&mut self, lexeme: Lexeme) {
        let end = self.out.lexemes.last().map_or(0, |placed| placed.end);
        self.put(lexeme, Span::at(end));
    }

    /// Whether the `<` behind `impl` begins parameters, not a qualified path (`impl <T as Trait>::Item {}`).
    fn generics_here(&self) -> bool {
        self.nth(1) == Some(&Tok::Lt)
            && match self.nth(2) {
                Some(Tok::Gt | Tok::Pound | Tok::Const) => true,
                Some(Tok::Lifetime(_) | Tok::Ident(_) | Tok::RawIdent(_)) => {
                    matches!(self.nth(3), Some(Tok::Gt | Tok::Comma | Tok::Colon | Tok::Eq) | None)
                }
                _ => false,
            }
    }

    /// Passes the token on.
    fn raw(&mut self) {
        let Some(token) = self.trees.tokens.get(self.at) else { return };
        if token.kind == Tok::Impl && self.generics_here() {
            return self.raw_as(Lexeme::ImplGeneric);
        }
        let tok = match &token.kind {
            Tok::RawIdent(name) => Tok::Ident(*name),
            Tok::Lifetime(name) => {
                self.check_lifetime(*name, token.span);
                Tok::Lifetime(*name)
            }
            tok => tok.clone(),
        };
        self.put(Lexeme::Tok(tok), token.span);
        self.at += 1;
    }

    fn check_lifetime(&mut self, name: Name, span: Span) {
        let is_raw = (span.end - span.start) as usize > name.as_str().len() + 1;
        if is_raw || Tok::keyword(name.as_str()).is_none() && name != "_" {
            return;
        }
        let label = matches!(self.before(), Some(Tok::Break | Tok::Continue))
            || matches!(
                (self.nth(1), self.nth(2)),
                (Some(Tok::Colon), Some(Tok::Loop | Tok::While | Tok::For | Tok::LBrace))
            );
        if (name == "static" || name == "_") && !label {
            return;
        }
        let what = if label { "labels" } else { "lifetimes" };
        self.error(span, None, &format!("{what} cannot use keyword names"));
    }

    fn raw_as(&mut self, lexeme: Lexeme) {
        self.put(lexeme, self.span());
        self.at += 1;
    }

    /// Passes on one of two characters that were glued together.
    fn half(&mut self, first: Lexeme, second: Lexeme) {
        let span = self.span();
        self.put(first, Span::new(span.start, span.start + 1));
        self.put(second, Span::new(span.start + 1, span.end));
        self.at += 1;
    }

    fn raw_until(&mut self, end: usize) {
        while self.at < end {
            if !self.attribute() {
                self.raw();
            }
        }
    }

    fn raw_group(&mut self) {
        let end = self.close() + 1;
        self.raw_until(end);
    }

    /// Runs `body` and notes what it passes on as a piece.
    fn piece(&mut self, kind: PieceKind, body: impl FnOnce(&mut Self)) {
        let start = self.out.lexemes.len();
        body(self);
        let end = self.out.lexemes.len();
        if end > start {
            self.out.pieces.push(Piece { kind, start, end });
        }
    }

    /// Passes on an attribute or doc comment, if one stands here.
    fn attribute(&mut self) -> bool {
        if !matches!(self.tok(), Some(Tok::Pound | Tok::OuterDoc(_) | Tok::InnerDoc(_))) {
            return false;
        }
        let (tokens, close) = (&self.trees.tokens, &self.trees.close);
        let outer = attrs::outer_attr(tokens, close, self.at).map(|attr| (attr, Lexeme::OuterAttr as fn(_) -> _));
        let inner = || attrs::inner_attr(tokens, close, self.at).map(|attr| (attr, Lexeme::InnerAttr as fn(_) -> _));
        let Some(((attr, end), lexeme)) = outer.or_else(inner) else { return false };
        self.out.errors.extend(attrs::name_list_error(&attr));
        let lexeme = lexeme(Box::new(attr));
        let span = self.span().to(tokens[end - 1].span);
        self.put(lexeme, span);
        self.at = end;
        true
    }

    /// Passes on the inner attributes at the start of a block. One that does not close where it should is none: it is reported as what stands there.
    fn inner_attributes(&mut self, end: usize) {
        while self.at < end && self.inner_attribute_here() && self.attribute() {}
    }

    /// Passes on outer attributes. Inner ones do not belong here: they are reported and left out.
    fn attributes(&mut self) {
        loop {
            if self.inner_attribute_here() {
                if !self.misplaced_inner_attribute() {
                    return;
                }
            } else if !self.attribute() {
                return;
            }
        }
    }

    fn misplaced_inner_attribute(&mut self) -> bool {
        let (tokens, close) = (&self.trees.tokens, &self.trees.close);
        let Some((attr, end)) = attrs::inner_attr(tokens, close, self.at) else { return false };
        match attr.doc() {
            Some(_) => self.error(attr.span, Some("E0753"), "expected outer doc comment"),
            None => self.error(attr.span, None, "an inner attribute is not permitted in this context"),
        }
        self.at = end;
        true
    }

    /// Passes on `!` and the arguments of a macro, if they stand here behind a path.
    fn macro_args(&mut self) -> bool {
        let path = matches!(
            self.before(),
            Some(
                Tok::Ident(_) | Tok::RawIdent(_) | Tok::Try | Tok::SelfValue | Tok::SelfType | Tok::Crate | Tok::Super
            )
        );
        if !path || self.tok() != Some(&Tok::Bang) {
            return false;
        }
        let Some(delim) = self.nth(1).and_then(opens) else { return false };
        self.raw();
        self.group(delim);
        true
    }

    fn group(&mut self, delim: Delim) {
        let (open, close) = (self.at, self.close());
        let tokens = &self.trees.tokens;
        let (first, last) = (tokens[open].span, tokens[close].span);
        let inner_span = Span::new(first.end, last.start.max(first.end));
        let group = Group { delim, tokens: tokens[open + 1..close].to_vec(), inner_span };
        self.put(Lexeme::Group(Box::new(group)), first.to(last));
        self.at = close + 1;
    }

    fn error(&mut self, span: Span, code: Option<&'static str>, message: &str) {
        self.out.errors.push(SyntaxError {
            span,
            code,
            kind: SyntaxErrorKind::Rule { message: message.into(), help: None },
        });
    }
}
