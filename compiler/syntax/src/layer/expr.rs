//! Statements and expressions.

use super::{Lexeme, Piece, PieceKind, Placed, Walker};
use crate::ast::Tok;
use crate::attrs::outer_attr;
use crate::tree::{closes, opens};

/// Whether `{` behind a complete expression starts a struct literal or a body.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Braces {
    Struct,
    Body,
}

/// Where the walk through an expression stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// An operand must come.
    Operand,
    /// An operand may come.
    Maybe,
    /// An operator may come.
    Operator,
    Done,
}

impl Walker<'_> {
    /// Expressions and the separators between them.
    pub(super) fn exprs(&mut self, end: usize) {
        while self.at < end {
            self.attributes();
            self.expr(end);
            if self.at < end {
                self.raw();
            }
        }
    }

    pub(super) fn matches_args(&mut self, end: usize) {
        self.expr(end);
        self.comma(end);
        self.pattern(end, |tok| matches!(tok, Tok::If | Tok::Comma));
        if self.at < end && self.tok() == Some(&Tok::If) {
            self.raw();
            self.expr(end);
        }
    }

    /// One expression.
    pub(super) fn expr(&mut self, end: usize) {
        self.walk(end, Braces::Struct, State::Operand);
    }

    /// `{ statements }`
    pub(super) fn block(&mut self) {
        self.block_as(Lexeme::Tok(Tok::LBrace));
    }

    fn block_as(&mut self, open: Lexeme) {
        let close = self.close();
        self.raw_as(open);
        self.inner_attributes(close);
        while self.at < close {
            let start = self.at;
            self.stmt(close);
            if self.at == start {
                self.raw();
            }
        }
        self.raw();
    }

    fn stmt(&mut self, end: usize) {
        if self.tok() == Some(&Tok::Semi) {
            return self.raw();
        }
        if self.inner_attribute_here() && self.misplaced_inner_attribute() {
            return;
        }
        if self.only_attributes_left(end) {
            return self.attributes_of_nothing(end, Some("E0585"), "expected statement after outer attribute");
        }
        self.piece(PieceKind::Stmt, |walker| {
            walker.attributes();
            if walker.tok() == Some(&Tok::Let) {
                walker.let_stmt(end);
            } else if walker.item_here() {
                walker.mark_here(Lexeme::ItemStart);
                return walker.item_behind_attributes(end);
            } else {
                walker.expr_stmt(end);
            }
            if walker.at < end && walker.tok() == Some(&Tok::Semi) {
                walker.raw();
            }
        });
    }

    fn let_stmt(&mut self, end: usize) {
        self.raw();
        self.pattern(end, |tok| matches!(tok, Tok::Colon | Tok::Eq | Tok::Semi | Tok::Let));
        let has_type = self.at < end && self.tok() == Some(&Tok::Colon);
        if has_type {
            self.raw();
        }
        let has_value = match has_type {
            true => self.types_and_eq(end, |tok| matches!(tok, Tok::Eq | Tok::Semi | Tok::Let | Tok::LBrace)),
            false => self.eq(end),
        };
        if has_value {
            self.expr(end);
        }
        if self.at < end && self.tok() == Some(&Tok::Else) {
            self.raw_as(Lexeme::LetElse);
            if self.at < end && self.tok() == Some(&Tok::LBrace) {
                self.block();
            }
        }
    }

    fn expr_stmt(&mut self, end: usize) {
        let start = self.at;
        if !self.block_like(end) && !self.brace_macro(end) {
            self.at = start;
            return self.expr(end);
        }
        match self.tok() {
            Some(Tok::Dot | Tok::Question) if self.at < end => self.walk(end, Braces::Struct, State::Operator),
            Some(Tok::Semi) => {}
            _ if self.at < end => self.mark(Lexeme::StmtEnd),
            _ => {}
        }
    }

    /// Passes on a block-like expression, if one stands here: what needs no semicolon as a statement.
    fn block_like(&mut self, end: usize) -> bool {
        let start = match (self.tok(), self.nth(1)) {
            (Some(Tok::Lifetime(_)), Some(Tok::Colon)) => 2,
            _ => 0,
        };
        let block_like = matches!(
            (self.nth(start), self.nth(start + 1)),
            (Some(Tok::If | Tok::Match | Tok::While | Tok::For | Tok::Loop | Tok::LBrace), _)
                | (Some(Tok::Unsafe | Tok::Const), Some(Tok::LBrace))
        );
        if block_like {
            (0..start).for_each(|_| self.raw());
            if let Some(Tok::Unsafe | Tok::Const) = self.tok() {
                self.raw();
            }
            self.primary(end);
        }
        block_like
    }

    /// `path! { … }` as a statement.
    fn brace_macro(&mut self, end: usize) -> bool {
        let mut n = usize::from(self.tok() == Some(&Tok::ColonColon));
        while let Some(Tok::Ident(_) | Tok::RawIdent(_) | Tok::SelfValue | Tok::Super | Tok::Crate) = self.nth(n) {
            match self.nth(n + 1) {
                Some(Tok::ColonColon) => n += 2,
                Some(Tok::Bang) if self.at + n + 2 < end && self.nth(n + 2) == Some(&Tok::LBrace) => {
                    (0..=n).for_each(|_| self.raw());
                    return self.macro_args();
                }
                _ => return false,
            }
        }
        false
    }

    fn walk(&mut self, end: usize, braces: Braces, mut state: State) {
        while self.at < end && state != State::Done {
            state = match state {
                State::Operand | State::Maybe => self.operand(end, braces),
                State::Operator => self.operator(end, braces),
                State::Done => return,
            };
        }
    }

    /// Passes on a prefix or an operand.
    fn operand(&mut self, end: usize, braces: Braces) -> State {
        let Some(tok) = self.tok() else { return State::Done };
        match tok {
            Tok::Minus
            | Tok::Bang
            | Tok::Star
            | Tok::Mut
            | Tok::Move
            | Tok::Unsafe
            | Tok::Async
            | Tok::Static
            | Tok::Const => self.raw_operand(),
            Tok::Lifetime(_) => self.raw_operand(),
            Tok::Colon if matches!(self.before(), Some(Tok::Lifetime(_))) => self.raw_operand(),
            Tok::And => self.reference(),
            Tok::AndAnd => {
                self.half(Lexeme::Tok(Tok::And), Lexeme::Tok(Tok::And));
                self.raw_reference();
                State::Operand
            }
            Tok::DotDot | Tok::DotDotEq | Tok::DotDotDot => {
                self.raw();
                self.after_range(braces)
            }
            Tok::Return | Tok::Become | Tok::Yield => {
                self.raw();
                State::Maybe
            }
            Tok::Break => self.break_(braces),
            Tok::Continue => {
                self.raw();
                if let Some(Tok::Lifetime(_)) = self.tok() {
                    self.raw();
                }
                State::Operator
            }
            Tok::Let => {
                self.raw_as(Lexeme::CondLet);
                // `let &&x = …`: two references; later `&&` means that the `=` is missing.
                while self.at < end && self.tok() == Some(&Tok::AndAnd) {
                    self.half(Lexeme::Tok(Tok::And), Lexeme::Tok(Tok::And));
                }
                self.pattern(end, |tok| matches!(tok, Tok::Eq | Tok::Semi | Tok::FatArrow | Tok::AndAnd));
                if self.at < end && self.tok() == Some(&Tok::Eq) {
                    self.raw();
                    return State::Operand;
                }
                State::Done
            }
            Tok::Or | Tok::OrOr => {
                self.closure_head(end);
                State::Operand
            }
            Tok::For if self.nth(1) == Some(&Tok::Lt) => {
                self.raw_as(Lexeme::ClosureFor);
                self.angles(end);
                State::Operand
            }
            Tok::Pound => self.experimental_attribute(),
            _ => {
                let start = self.out.lexemes.len();
                let found = self.primary(end);
                self.operand = start;
                if found { State::Operator } else { State::Done }
            }
        }
    }

    /// An attribute in the middle of an expression: reported and left out.
    fn experimental_attribute(&mut self) -> State {
        let Some((attr, end)) = outer_attr(&self.trees.tokens, &self.trees.close, self.at) else { return State::Done };
        self.error(attr.span, Some("E0658"), "attributes on expressions are experimental");
        self.at = end;
        State::Operand
    }

    fn raw_operand(&mut self) -> State {
        self.raw();
        State::Operand
    }

    fn reference(&mut self) -> State {
        self.raw();
        self.raw_reference();
        State::Operand
    }

    /// The `raw` of `&raw const`. A lifetime has no place here: it is reported and left out.
    fn raw_reference(&mut self) {
        if matches!(self.tok(), Some(Tok::Lifetime(_))) && self.nth(1) != Some(&Tok::Colon) {
            self.error(self.span(), None, "borrow expressions cannot be annotated with lifetimes");
            self.at += 1;
        }
        let raw = matches!(self.tok(), Some(Tok::Ident(name)) if *name == "raw");
        if raw && matches!(self.nth(1), Some(Tok::Const | Tok::Mut)) && !matches!(self.nth(2), Some(Tok::LBrace)) {
            self.raw_as(Lexeme::Raw);
            self.raw();
        }
    }

    /// The right side of a range is optional, and where a body must follow, `{` is that body.
    fn after_range(&mut self, braces: Braces) -> State {
        match self.tok() {
            Some(Tok::LBrace) if braces == Braces::Body => State::Operator,
            Some(Tok::FatArrow | Tok::If | Tok::Else | Tok::Semi | Tok::Comma | Tok::Eq) => State::Operator,
            _ => State::Maybe,
        }
    }

    fn break_(&mut self, braces: Braces) -> State {
        self.raw();
        if matches!(self.tok(), Some(Tok::Lifetime(_))) {
            if self.nth(1) == Some(&Tok::Colon) {
                let message = "parentheses are required around this expression to avoid confusion with a labeled break expression";
                self.error(self.span(), None, message);
            } else {
                self.raw();
            }
        }
        match self.tok() {
            Some(Tok::LBrace) if braces == Braces::Body => State::Operator,
            _ => State::Maybe,
        }
    }

    /// `|a, b: T| -> R`
    fn closure_head(&mut self, end: usize) {
        let empty = self.tok() == Some(&Tok::OrOr);
        self.raw();
        while !empty && self.at < end {
            self.pattern(end, |tok| {
                matches!(tok, Tok::Or | Tok::OrOr | Tok::Colon | Tok::Comma | Tok::Semi | Tok::FatArrow)
            });
            if self.at < end && self.tok() == Some(&Tok::Colon) {
                self.raw();
                self.types(end, |tok| {
                    matches!(tok, Tok::Or | Tok::Comma | Tok::Semi | Tok::LBrace | Tok::OrOr | Tok::FatArrow)
                });
            }
            match self.tok() {
                Some(Tok::Comma) if self.at < end => self.raw(),
                Some(Tok::Or) if self.at < end => {
                    self.raw();
                    break;
                }
                Some(Tok::OrOr) if self.at < end => {
                    self.half(Lexeme::Tok(Tok::Or), Lexeme::Tok(Tok::Or));
                    break;
                }
                _ => return,
            }
        }
        if self.at < end && self.tok() == Some(&Tok::Arrow) {
            self.raw();
            self.types(end, |tok| matches!(tok, Tok::LBrace | Tok::Semi | Tok::Comma));
        }
    }

    /// Passes on an operand without prefixes. Gives whether one stood here.
    fn primary(&mut self, end: usize) -> bool {
        match self.tok() {
            Some(Tok::LParen) => self.piece(PieceKind::Parens, Self::expr_group),
            Some(Tok::LBracket) => self.expr_group(),
            Some(Tok::LBrace) => self.block(),
            Some(Tok::If) => self.if_chain(end),
            Some(Tok::While) => {
                self.raw();
                self.walk(end, Braces::Body, State::Operand);
                self.body(end);
            }
            Some(Tok::Loop) => {
                self.raw();
                self.body(end);
            }
            Some(Tok::For) => {
                self.raw();
                self.pattern(end, |tok| matches!(tok, Tok::In | Tok::Semi));
                if self.at < end && self.tok() == Some(&Tok::In) {
                    self.raw();
                }
                self.walk(end, Braces::Body, State::Operand);
                self.body(end);
            }
            Some(Tok::Match) => {
                self.raw();
                self.walk(end, Braces::Body, State::Operand);
                self.arms(end);
            }
            Some(Tok::Lt | Tok::Shl) => self.angles(end),
            Some(Tok::Ident(_) | Tok::RawIdent(_) | Tok::Lit(_) | Tok::BadLit | Tok::Underscore | Tok::ColonColon) => {
                self.path_start(end)
            }
            Some(Tok::SelfValue | Tok::SelfType | Tok::Super | Tok::Crate | Tok::Try) => self.raw(),
            _ => return false,
        }
        true
    }

    fn path_start(&mut self, end: usize) {
        let global = self.tok() == Some(&Tok::ColonColon);
        self.raw();
        if global && self.at < end && !matches!(self.tok(), Some(Tok::Lt)) {
            self.raw();
        }
    }

    pub(super) fn expr_group(&mut self) {
        let close = self.close();
        self.raw();
        self.exprs(close);
        self.raw();
    }

    fn body(&mut self, end: usize) {
        if self.at < end && self.tok() == Some(&Tok::LBrace) {
            self.block_as(Lexeme::BodyOpen);
        }
    }

    fn if_chain(&mut self, end: usize) {
        loop {
            self.raw();
            self.walk(end, Braces::Body, State::Operand);
            self.body(end);
            if self.at >= end || self.tok() != Some(&Tok::Else) || closes_if(self.before()).is_none() {
                return;
            }
            match self.nth(1) {
                Some(Tok::If) => self.raw(),
                Some(Tok::LBrace) => {
                    self.raw();
                    return self.block();
                }
                _ => return self.raw(),
            }
        }
    }

    fn arms(&mut self, end: usize) {
        if self.at >= end || self.tok() != Some(&Tok::LBrace) {
            return;
        }
        let close = self.close();
        self.raw_as(Lexeme::BodyOpen);
        self.inner_attributes(close);
        while self.at < close {
            let start = self.at;
            self.piece(PieceKind::Arm, |walker| walker.arm(close));
            if self.at == start {
                self.raw();
            }
        }
        self.raw();
    }

    fn arm(&mut self, close: usize) {
        self.attributes();
        self.pattern(close, |tok| matches!(tok, Tok::If | Tok::FatArrow | Tok::Comma | Tok::Semi));
        if self.at < close && self.tok() == Some(&Tok::If) {
            self.raw();
            self.expr(close);
        }
        if self.at >= close || self.tok() != Some(&Tok::FatArrow) {
            return self.comma(close);
        }
        self.raw();
        self.attributes();
        if self.at < close && self.block_like(close) {
            match self.tok() {
                Some(Tok::Dot | Tok::Question) if self.at < close => self.walk(close, Braces::Struct, State::Operator),
                Some(Tok::Comma) if self.at < close => {}
                _ if self.at < close => self.mark(Lexeme::ArmEnd),
                _ => {}
            }
        } else {
            self.expr(close);
        }
        self.comma(close);
    }

    /// Passes on what may follow a complete operand.
    fn operator(&mut self, end: usize, braces: Braces) -> State {
        let Some(tok) = self.tok() else { return State::Done };
        match tok {
            Tok::Dot => {
                self.raw();
                if let Some(Tok::Ident(_) | Tok::RawIdent(_) | Tok::Await | Tok::Index(_) | Tok::Underscore) =
                    self.tok()
                {
                    self.raw();
                }
                State::Operator
            }
            Tok::Question => {
                self.raw();
                State::Operator
            }
            Tok::LParen if !self.method_before() => {
                let start = self.operand;
                self.expr_group();
                let end = self.out.lexemes.len();
                self.out.pieces.push(Piece { kind: PieceKind::Parens, start, end });
                self.operand = start;
                State::Operator
            }
            Tok::LParen | Tok::LBracket => {
                let start = self.operand;
                self.expr_group();
                self.operand = start;
                State::Operator
            }
            Tok::ColonColon => {
                self.raw();
                match self.tok() {
                    Some(Tok::Lt | Tok::Shl) if self.at < end => self.angles(end),
                    Some(tok) if self.at < end && closes(tok).is_none() && is_segment(tok) => self.raw(),
                    _ => {}
                }
                State::Operator
            }
            Tok::Bang => {
                if self.macro_args() {
                    State::Operator
                } else {
                    State::Done
                }
            }
            Tok::LBrace => {
                let path = matches!(
                    self.before(),
                    Some(Tok::Ident(_) | Tok::RawIdent(_) | Tok::SelfType | Tok::SelfValue | Tok::Gt | Tok::Shr)
                );
                let literal = matches!((self.nth(1), self.nth(2)), (Some(Tok::Ident(_)), Some(Tok::Colon)));
                if braces == Braces::Body && path && literal {
                    self.error(self.span(), None, "struct literals are not allowed here");
                } else if braces == Braces::Body || !path {
                    return State::Done;
                }
                self.struct_fields();
                State::Operator
            }
            Tok::As => {
                self.raw();
                self.one_type(end);
                State::Operator
            }
            Tok::DotDot | Tok::DotDotEq | Tok::DotDotDot => {
                self.raw();
                self.after_range(braces)
            }
            tok if is_binary(tok) => {
                self.raw();
                State::Operand
            }
            _ => State::Done,
        }
    }

    /// Whether the operand so far ends with the name of a method or field.
    fn method_before(&self) -> bool {
        matches!(
            self.out.lexemes.as_slice(),
            [.., Placed { lexeme: Lexeme::Tok(Tok::Dot), .. }, Placed { lexeme: Lexeme::Tok(Tok::Ident(_)), .. }]
        )
    }

    fn struct_fields(&mut self) {
        let close = self.close();
        self.raw_as(Lexeme::StructOpen);
        while self.at < close {
            self.nothing_between_commas("expected identifier, found `,`");
            self.piece(PieceKind::Initializer, |walker| {
                walker.attributes();
                if let (Some(Tok::Ident(_) | Tok::RawIdent(_) | Tok::Lit(_)), Some(Tok::Colon)) =
                    (walker.tok(), walker.nth(1))
                {
                    walker.raw();
                    walker.raw();
                }
                walker.expr(close);
                while walker.at < close && walker.tok() != Some(&Tok::Comma) {
                    if walker.tok().is_some_and(|tok| opens(tok).is_some()) { walker.raw_group() } else { walker.raw() }
                }
            });
            self.comma(close);
        }
        self.raw();
    }
}

fn closes_if(before: Option<&Tok>) -> Option<()> {
    (before == Some(&Tok::RBrace)).then_some(())
}

fn is_segment(tok: &Tok) -> bool {
    matches!(
        tok,
        Tok::Ident(_) | Tok::RawIdent(_) | Tok::Underscore | Tok::SelfValue | Tok::SelfType | Tok::Super | Tok::Crate
    )
}

fn is_binary(tok: &Tok) -> bool {
    matches!(
        tok,
        Tok::Eq
            | Tok::EqEq
            | Tok::Ne
            | Tok::Lt
            | Tok::Le
            | Tok::Gt
            | Tok::Ge
            | Tok::Plus
            | Tok::Minus
            | Tok::Star
            | Tok::Slash
            | Tok::Percent
            | Tok::Caret
            | Tok::And
            | Tok::Or
            | Tok::AndAnd
            | Tok::OrOr
            | Tok::Shl
            | Tok::Shr
            | Tok::PlusEq
            | Tok::MinusEq
            | Tok::StarEq
            | Tok::SlashEq
            | Tok::PercentEq
            | Tok::CaretEq
            | Tok::AndEq
            | Tok::OrEq
            | Tok::ShlEq
            | Tok::ShrEq
    )
}
