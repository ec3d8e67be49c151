//! Types and patterns: where `<` is always generic.

use super::{Lexeme, Walker};
use crate::ast::Tok;
use crate::tree::{closes, opens};

impl Walker<'_> {
    /// Passes on types, and whatever else stands between them, up to a token outside of `<…>` for which `stop` holds.
    pub(super) fn types(&mut self, end: usize, stop: fn(&Tok) -> bool) {
        self.types_up_to(end, stop);
    }

    /// The same where a value may follow: passes on the `=` too, and tells whether there was one. It may be one token with the `>` before it.
    pub(super) fn types_and_eq(&mut self, end: usize, stop: fn(&Tok) -> bool) -> bool {
        if self.types_up_to(end, stop) {
            return true;
        }
        self.eq(end)
    }

    /// Passes on an `=`, if one stands here.
    pub(super) fn eq(&mut self, end: usize) -> bool {
        let is_here = self.at < end && self.tok() == Some(&Tok::Eq);
        if is_here {
            self.raw();
        }
        is_here
    }

    /// True where it ends behind an `=`.
    fn types_up_to(&mut self, end: usize, stop: fn(&Tok) -> bool) -> bool {
        let mut depth = 0_usize;
        while self.at < end {
            let Some(tok) = self.tok() else { return false };
            if depth == 0 && stop(tok) {
                return false;
            }
            if self.attribute() || self.macro_args() {
                continue;
            }
            match tok {
                Tok::LParen => self.nested_types(),
                Tok::LBracket => self.array(),
                Tok::LBrace => self.block(),
                Tok::Pub => self.field_visibility(end),
                Tok::Typeof if self.nth(1) == Some(&Tok::LParen) => {
                    self.raw();
                    self.expr_group();
                }
                Tok::Eq if depth > 0 => {
                    self.raw();
                    self.const_default();
                }
                tok => {
                    depth = self.angle_or_raw(tok, depth);
                    if depth == 0 && matches!(tok, Tok::Ge | Tok::ShrEq) && stop(&Tok::Eq) {
                        return true;
                    }
                }
            }
        }
        false
    }

    /// `= -1` and `= {` in generics; a type is left alone.
    fn const_default(&mut self) {
        if self.tok() == Some(&Tok::Minus) {
            self.raw();
        }
    }

    fn angle_or_raw(&mut self, tok: &Tok, depth: usize) -> usize {
        match tok {
            Tok::Lt => {
                self.raw_as(Lexeme::AngleOpen);
                depth + 1
            }
            Tok::Shl => {
                self.half(Lexeme::AngleOpen, Lexeme::AngleOpen);
                depth + 2
            }
            Tok::Gt if depth > 0 => {
                self.raw_as(Lexeme::AngleClose);
                depth - 1
            }
            Tok::Shr if depth > 1 => {
                self.half(Lexeme::AngleClose, Lexeme::AngleClose);
                depth - 2
            }
            Tok::Shr if depth == 1 => {
                self.half(Lexeme::AngleClose, Lexeme::Tok(Tok::Gt));
                0
            }
            Tok::Ge if depth > 0 => {
                self.half(Lexeme::AngleClose, Lexeme::Tok(Tok::Eq));
                depth - 1
            }
            Tok::ShrEq if depth > 1 => {
                let span = self.span();
                let third = |n| crate::Span::new(span.start + n, span.start + n + 1);
                self.put(Lexeme::AngleClose, third(0));
                self.put(Lexeme::AngleClose, third(1));
                self.put(Lexeme::Tok(Tok::Eq), third(2));
                self.at += 1;
                depth - 2
            }
            Tok::AndAnd => {
                self.half(Lexeme::Tok(Tok::And), Lexeme::Tok(Tok::And));
                depth
            }
            Tok::OrOr if depth == 0 => {
                self.half(Lexeme::Tok(Tok::Or), Lexeme::Tok(Tok::Or));
                depth
            }
            // A trailing `+` adds nothing.
            Tok::Plus if self.nth(1).is_none_or(ends_type) => {
                self.at += 1;
                depth
            }
            _ => {
                self.raw();
                depth
            }
        }
    }

    /// `( … )` with types inside.
    pub(super) fn nested_types(&mut self) {
        let close = self.close();
        self.raw();
        self.types(close, |_| false);
        self.raw();
    }

    /// `[T]`, `[T; N]`
    fn array(&mut self) {
        let close = self.close();
        self.raw();
        self.types(close, |tok| *tok == Tok::Semi);
        if self.at < close {
            self.raw();
            self.exprs(close);
        }
        self.raw();
    }

    /// `::<…>` or the `<…>` of a qualified path: to the `>` that closes it.
    pub(super) fn angles(&mut self, end: usize) {
        let mut depth = 0;
        while self.at < end {
            let Some(tok) = self.tok() else { return };
            match tok {
                Tok::Semi => return,
                Tok::LParen => self.nested_types(),
                Tok::LBracket => self.array(),
                Tok::LBrace => self.block(),
                tok if closes(tok).is_some() => return,
                _ if self.macro_args() => {}
                tok => depth = self.angle_or_raw(tok, depth),
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// One type without `+`, as behind `as`.
    pub(super) fn one_type(&mut self, end: usize) {
        while self.at < end {
            match self.tok() {
                Some(
                    Tok::And
                    | Tok::Lifetime(_)
                    | Tok::Mut
                    | Tok::Dyn
                    | Tok::Impl
                    | Tok::Const
                    | Tok::Star
                    | Tok::Question
                    | Tok::Unsafe,
                ) => self.raw(),
                Some(Tok::Extern) => self.raw(),
                Some(Tok::Lit(_)) if self.before() == Some(&Tok::Extern) => self.raw(),
                Some(Tok::AndAnd) => self.half(Lexeme::Tok(Tok::And), Lexeme::Tok(Tok::And)),
                Some(Tok::For) => {
                    self.raw();
                    self.angles(end);
                }
                Some(Tok::LParen) => return self.nested_types(),
                Some(Tok::LBracket) => return self.array(),
                Some(Tok::Fn) => {
                    self.raw();
                    return self.fn_sugar(end);
                }
                Some(Tok::Lt | Tok::Shl) => {
                    self.angles(end);
                    return self.path_type(end);
                }
                Some(Tok::Bang | Tok::Underscore) => return self.raw(),
                Some(Tok::Ident(_) | Tok::RawIdent(_) | Tok::SelfType | Tok::SelfValue | Tok::Super | Tok::Crate) => {
                    self.raw();
                    return self.path_type(end);
                }
                Some(Tok::ColonColon) => return self.path_type(end),
                _ => return,
            }
        }
    }

    /// What follows the first segment of a path type.
    fn path_type(&mut self, end: usize) {
        while self.at < end {
            match self.tok() {
                Some(Tok::Lt | Tok::Shl) => self.angles(end),
                Some(Tok::ColonColon) => {
                    self.raw();
                    if let Some(
                        Tok::Ident(_) | Tok::RawIdent(_) | Tok::SelfType | Tok::SelfValue | Tok::Super | Tok::Crate,
                    ) = self.tok()
                    {
                        self.raw();
                    }
                }
                Some(Tok::LParen) => return self.fn_sugar(end),
                _ if self.macro_args() => return,
                _ => return,
            }
        }
    }

    /// `(A, B) -> C`
    fn fn_sugar(&mut self, end: usize) {
        if self.at < end && self.tok() == Some(&Tok::LParen) {
            self.nested_types();
        }
        if self.at < end && self.tok() == Some(&Tok::Arrow) {
            self.raw();
            self.one_type(end);
        }
    }

    /// Passes on a pattern up to a token outside of all delimiters for which `stop` holds. Braces are those of struct patterns.
    pub(super) fn pattern(&mut self, end: usize, stop: fn(&Tok) -> bool) {
        while self.at < end {
            let Some(tok) = self.tok() else { return };
            if stop(tok) {
                return;
            }
            if self.attribute() || self.macro_args() {
                continue;
            }
            match tok {
                Tok::Lt | Tok::Shl => self.angles(end),
                Tok::AndAnd => self.half(Lexeme::Tok(Tok::And), Lexeme::Tok(Tok::And)),
                Tok::OrOr => self.half(Lexeme::Tok(Tok::Or), Lexeme::Tok(Tok::Or)),
                Tok::Const if self.nth(1) == Some(&Tok::LBrace) => {
                    self.raw();
                    self.block();
                }
                tok if opens(tok).is_some() => {
                    let close = self.close();
                    self.raw();
                    self.pattern(close, |_| false);
                    self.raw();
                }
                _ => self.raw(),
            }
        }
    }
}

fn ends_type(tok: &Tok) -> bool {
    matches!(
        tok,
        Tok::Semi
            | Tok::Comma
            | Tok::RParen
            | Tok::RBracket
            | Tok::Gt
            | Tok::Shr
            | Tok::Ge
            | Tok::Eq
            | Tok::LBrace
            | Tok::RBrace
            | Tok::Where
            | Tok::Or
    )
}
