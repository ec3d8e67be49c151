//! Items.

use super::{Lexeme, PieceKind, Walker};
use crate::ast::{Lit, Tok};
use crate::item_start::begins_item;
use crate::tree::opens;

impl Walker<'_> {
    /// Passes on one item.
    pub(super) fn item(&mut self, end: usize) {
        self.attributes();
        self.item_behind_attributes(end);
    }

    pub(super) fn item_behind_attributes(&mut self, end: usize) {
        self.item_visibility(end);
        while self.at < end {
            let Some(tok) = self.tok() else { return };
            match tok {
                Tok::Fn => return self.function(end),
                Tok::Struct => return self.structure(end),
                Tok::Enum => return self.enumeration(end),
                Tok::Trait | Tok::Impl => {
                    self.types(end, |tok| matches!(tok, Tok::LBrace | Tok::Semi));
                    return self.item_body(end, PieceKind::Member, Some("E0584"));
                }
                Tok::Mod => {
                    self.raw();
                    self.raw_ident();
                    return self.item_body(end, PieceKind::Item, None);
                }
                Tok::Type => return self.until_semicolon(end),
                Tok::Static => return self.constant(end),
                Tok::Use => {
                    let end = self.before_next_item(end);
                    while self.at < end && self.tok() != Some(&Tok::Semi) {
                        self.raw();
                    }
                    return self.semicolon(end);
                }
                Tok::Const
                    if !matches!(
                        self.nth(1),
                        Some(Tok::Fn | Tok::Unsafe | Tok::Async | Tok::Extern | Tok::Trait | Tok::Impl)
                    ) =>
                {
                    return self.constant(end);
                }
                Tok::Macro => return self.macro_definition(end),
                Tok::Extern if self.nth(1) == Some(&Tok::Crate) => return self.until_semicolon(end),
                Tok::Const | Tok::Unsafe | Tok::Async | Tok::Extern => self.raw(),
                Tok::Lit(_) if self.before() == Some(&Tok::Extern) => self.raw(),
                Tok::LBrace if matches!(self.before(), Some(Tok::Extern | Tok::Lit(_))) => {
                    return self.item_body(end, PieceKind::Item, Some("E0584"));
                }
                Tok::Ident(name) => match (name.as_str(), self.nth(1)) {
                    ("union", Some(Tok::Ident(_) | Tok::RawIdent(_))) => return self.structure(end),
                    ("auto", Some(Tok::Trait)) => self.raw_as(Lexeme::Auto),
                    ("default", Some(tok)) if starts_item(tok) => self.raw_as(Lexeme::Default),
                    ("safe", Some(Tok::Fn | Tok::Extern | Tok::Static)) => self.raw_as(Lexeme::Safe),
                    ("import", Some(Tok::Lit(Lit::Str(_)))) => {
                        self.raw_as(Lexeme::Import);
                        return self.until_semicolon(end);
                    }
                    ("macro_rules", Some(Tok::Bang)) if self.nth(2).is_some_and(|tok| opens(tok).is_none()) => {
                        return self.macro_rules(end);
                    }
                    _ => return self.item_macro(end),
                },
                Tok::ColonColon | Tok::SelfValue | Tok::Super | Tok::Crate | Tok::Try => return self.item_macro(end),
                _ => {
                    self.raw();
                    return self.until_semicolon(end);
                }
            }
        }
    }

    /// Of an item: `pub(foo)` can only be a restriction.
    fn item_visibility(&mut self, end: usize) {
        let named = matches!((self.nth(2), self.nth(3)), (Some(Tok::Ident(_)), Some(Tok::RParen | Tok::ColonColon)));
        self.restricted(end, named);
    }

    /// Of a field: `pub (Foo)` is a type in parentheses.
    pub(super) fn field_visibility(&mut self, end: usize) {
        self.restricted(end, false);
    }

    fn restricted(&mut self, end: usize, named: bool) {
        if self.at >= end || self.tok() != Some(&Tok::Pub) {
            return;
        }
        self.raw();
        let word = matches!(
            (self.nth(1), self.nth(2)),
            (Some(Tok::Crate | Tok::Super | Tok::SelfValue), Some(Tok::RParen)) | (Some(Tok::In), _)
        );
        if self.at < end && self.tok() == Some(&Tok::LParen) && (word || named) {
            let close = self.close();
            self.raw_as(Lexeme::VisOpen);
            self.raw_until(close + 1);
        }
    }

    fn raw_ident(&mut self) {
        if let Some(Tok::Ident(_) | Tok::RawIdent(_)) = self.tok() {
            self.raw();
        }
    }

    fn semicolon(&mut self, end: usize) {
        if self.at < end && self.tok() == Some(&Tok::Semi) {
            self.raw();
        }
    }

    /// Where an item that lacks its `;` ends: in front of the next one. `end` for others.
    fn before_next_item(&self, end: usize) -> usize {
        let mut at = self.at + 1;
        while at < end {
            match &self.trees.tokens[at].kind {
                Tok::Semi => return end,
                tok if opens(tok).is_some() => at = self.trees.close[at] as usize + 1,
                _ if begins_item(&self.trees.tokens, at) => return at,
                _ => at += 1,
            }
        }
        end
    }

    fn until_semicolon(&mut self, end: usize) {
        let end = self.before_next_item(end);
        self.types(end, |tok| *tok == Tok::Semi);
        self.semicolon(end);
    }

    fn function(&mut self, end: usize) {
        self.types(end, |tok| matches!(tok, Tok::LParen | Tok::LBrace | Tok::Semi));
        if self.at < end && self.tok() == Some(&Tok::LParen) {
            self.params();
        }
        if self.at < end && begins_item(&self.trees.tokens, self.at) {
            return;
        }
        let end = self.before_next_item(end);
        self.types(end, |tok| matches!(tok, Tok::LBrace | Tok::Semi));
        if self.at < end && self.tok() == Some(&Tok::LBrace) {
            self.block();
        } else {
            self.semicolon(end);
        }
    }

    /// `(pattern: Type, …)`
    fn params(&mut self) {
        let close = self.close();
        self.raw();
        while self.at < close {
            self.nothing_between_commas("expected parameter name, found `,`");
            self.piece(PieceKind::Param, |walker| {
                walker.pattern(close, |tok| matches!(tok, Tok::Colon | Tok::Comma));
                walker.types(close, |tok| *tok == Tok::Comma);
            });
            self.comma(close);
        }
        self.raw();
    }

    /// A comma where an element of a list must begin: reported, and something unknown put in front of it.
    pub(super) fn nothing_between_commas(&mut self, message: &str) {
        if self.tok() == Some(&Tok::Comma) {
            self.error(self.span(), None, message);
            self.mark(Lexeme::Broken);
        }
    }

    fn structure(&mut self, end: usize) {
        let end = self.before_next_item(end);
        if let Some(Tok::Ident(_)) = self.tok() {
            self.raw_as(Lexeme::Union);
        }
        self.types(end, |tok| matches!(tok, Tok::LBrace | Tok::Semi));
        if self.at < end && self.tok() == Some(&Tok::LBrace) {
            let close = self.close();
            self.raw();
            self.named_fields(close);
            self.raw();
        } else {
            self.semicolon(end);
        }
    }

    fn named_fields(&mut self, close: usize) {
        while self.at < close {
            if self.only_attributes_left(close) {
                return self.attributes_of_nothing(close, Some("E0585"), "expected identifier, found `}`");
            }
            self.piece(PieceKind::Field, |walker| walker.types(close, |tok| *tok == Tok::Comma));
            self.comma(close);
        }
    }

    pub(super) fn comma(&mut self, end: usize) {
        if self.at < end && self.tok() == Some(&Tok::Comma) {
            self.raw();
        }
    }

    fn enumeration(&mut self, end: usize) {
        self.types(end, |tok| matches!(tok, Tok::LBrace | Tok::Semi));
        if self.at < end && self.tok() == Some(&Tok::LBrace) {
            let close = self.close();
            self.raw();
            while self.at < close {
                if self.only_attributes_left(close) {
                    self.attributes_of_nothing(close, Some("E0585"), "expected identifier, found `}`");
                    break;
                }
                self.piece(PieceKind::Field, |walker| walker.variant(close));
                self.comma(close);
            }
            self.raw();
        }
    }

    fn variant(&mut self, close: usize) {
        self.types(close, |tok| matches!(tok, Tok::Comma | Tok::Eq | Tok::LBrace));
        if self.at < close && self.tok() == Some(&Tok::LBrace) {
            let inner = self.close();
            self.raw();
            self.named_fields(inner);
            self.raw();
            self.types(close, |tok| matches!(tok, Tok::Comma | Tok::Eq));
        }
        if self.at < close && self.tok() == Some(&Tok::Eq) {
            self.raw();
            self.expr(close);
        }
    }

    /// `{ items }` or `;`
    fn item_body(&mut self, end: usize, kind: PieceKind, doc_code: Option<&'static str>) {
        if self.at >= end || self.tok() != Some(&Tok::LBrace) {
            return self.semicolon(end);
        }
        let close = self.close();
        self.raw();
        self.inner_attributes(close);
        while self.at < close {
            let start = self.at;
            if self.tok() == Some(&Tok::Semi) {
                self.stray_semicolon();
            } else if self.only_attributes_left(close) {
                self.attributes_of_nothing(close, doc_code, "expected item after attributes");
            } else {
                self.piece(kind, |walker| walker.item(close));
            }
            if self.at == start {
                self.raw();
            }
        }
        self.raw();
    }

    /// A `;` between items: reported and left out.
    pub(super) fn stray_semicolon(&mut self) {
        self.error(self.span(), None, "expected item, found `;`");
        self.at += 1;
    }

    /// Reports attributes in front of `}` and leaves them out.
    pub(super) fn attributes_of_nothing(&mut self, close: usize, doc_code: Option<&'static str>, message: &str) {
        let last = (self.at..close).rev().find_map(|at| match &self.trees.tokens[at] {
            token if matches!(token.kind, Tok::OuterDoc(_)) => Some((token.span, doc_code)),
            _ => None,
        });
        match last {
            Some((span, Some(code))) => {
                self.error(span, Some(code), "found a documentation comment that doesn't document anything")
            }
            Some((span, None)) => self.error(span, None, "expected item after doc comment"),
            None => self.error(self.span(), None, message),
        }
        self.at = close;
    }

    pub(super) fn inner_attribute_here(&self) -> bool {
        matches!((self.tok(), self.nth(1)), (Some(Tok::InnerDoc(_)), _) | (Some(Tok::Pound), Some(Tok::Bang)))
    }

    /// Whether nothing but attributes stands before `close`: they are attributes of nothing.
    pub(super) fn only_attributes_left(&self, close: usize) -> bool {
        let mut at = self.at;
        while at < close {
            match crate::attrs::outer_attr(&self.trees.tokens, &self.trees.close, at) {
                Some((_, end)) => at = end,
                None => return false,
            }
        }
        at > self.at
    }

    fn constant(&mut self, end: usize) {
        let end = self.before_next_item(end);
        if self.types_and_eq(end, |tok| matches!(tok, Tok::Eq | Tok::Semi)) {
            self.expr(end);
        }
        self.semicolon(end);
    }

    /// `macro_rules! name { … }`
    fn macro_rules(&mut self, end: usize) {
        self.raw_as(Lexeme::MacroRules);
        self.raw();
        self.raw_ident();
        if let Some(delim) = self.tok().and_then(opens) {
            self.group(delim);
        }
        // The grammar does not know this semicolon: a statement could not tell it from an empty one.
        if self.at < end && self.tok() == Some(&Tok::Semi) {
            self.at += 1;
        }
    }

    /// `macro name(…) { … }`
    fn macro_definition(&mut self, end: usize) {
        self.raw();
        self.raw_ident();
        while self.at < end {
            let Some(delim) = self.tok().and_then(opens) else { return };
            self.group(delim);
        }
    }

    /// `path!(…);`, or what is no item at all.
    fn item_macro(&mut self, end: usize) {
        let start = self.at;
        while self.at < end {
            if self.macro_args() {
                return self.semicolon(end);
            }
            match self.tok() {
                Some(Tok::Semi) => return self.raw(),
                Some(Tok::LBrace) => return self.raw_group(),
                Some(tok)
                    if self.at > start
                        && (starts_item(tok) || matches!(tok, Tok::Pub | Tok::Struct | Tok::Enum | Tok::Pound)) =>
                {
                    return;
                }
                _ => self.raw(),
            }
        }
    }

    /// Whether a statement that starts here is an item.
    pub(super) fn item_here(&self) -> bool {
        let next = self.nth(1);
        match self.tok() {
            Some(
                Tok::Fn
                | Tok::Struct
                | Tok::Enum
                | Tok::Impl
                | Tok::Trait
                | Tok::Mod
                | Tok::Use
                | Tok::Type
                | Tok::Pub
                | Tok::Extern
                | Tok::Macro,
            ) => true,
            Some(Tok::Static) => !matches!(next, Some(Tok::Or | Tok::OrOr | Tok::Move | Tok::Async)),
            Some(Tok::Const) => {
                !matches!(next, Some(Tok::LBrace | Tok::Or | Tok::OrOr | Tok::Move))
                    && !(next == Some(&Tok::Async) && !matches!(self.nth(2), Some(Tok::Fn | Tok::Unsafe | Tok::Extern)))
            }
            Some(Tok::Unsafe) => {
                matches!(next, Some(Tok::Fn | Tok::Impl | Tok::Trait | Tok::Extern | Tok::Mod))
                    || self.is_word_at(1, "auto")
            }
            Some(Tok::Async) => matches!(next, Some(Tok::Fn | Tok::Unsafe | Tok::Extern)),
            Some(Tok::Ident(name)) => match (name.as_str(), next) {
                ("union", Some(Tok::Ident(_) | Tok::RawIdent(_))) => true,
                ("auto", Some(Tok::Trait)) => true,
                ("import", Some(Tok::Lit(Lit::Str(_)))) => true,
                ("safe", Some(Tok::Fn)) => true,
                ("macro_rules", Some(Tok::Bang)) => self.nth(2).is_some_and(|tok| opens(tok).is_none()),
                _ => false,
            },
            _ => false,
        }
    }

    fn is_word_at(&self, n: usize, word: &str) -> bool {
        matches!(self.nth(n), Some(Tok::Ident(name)) if *name == word)
    }
}

fn starts_item(tok: &Tok) -> bool {
    matches!(tok, Tok::Fn | Tok::Impl | Tok::Type | Tok::Const | Tok::Async | Tok::Unsafe | Tok::Extern)
}
