//! Well-formedness: what the grammar lets pass and Rust does not allow, as far as it can be told from the tree of one item, and what rgo refuses.
//!
//! What needs names or types, and the rules about `break`, `continue` and `return`, are for later passes. Long rows of operators and calls lean to the
//! left: they are walked in loops, so that recursion follows delimiters only.

mod expr;
mod item;
mod pat;
mod ty;

use crate::ast::{Expr, Item, Pat, Type};
use crate::refused::Refused;
use crate::{Span, SyntaxError, SyntaxErrorKind};

/// Where an item stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Module,
    Block,
    Trait,
    InherentImpl,
    TraitImpl,
}

pub(crate) fn item(item: &Item) -> Vec<SyntaxError> {
    let mut validator = Validator::default();
    validator.item(item, Place::Module);
    validator.errors
}

pub(crate) fn expr(expr: &Expr) -> Vec<SyntaxError> {
    let mut validator = Validator::default();
    validator.expr(expr);
    validator.errors
}

pub(crate) fn ty(ty: &Type) -> Vec<SyntaxError> {
    let mut validator = Validator::default();
    validator.ty(ty);
    validator.errors
}

pub(crate) fn matches(scrutinee: &Expr, pat: &Pat, guard: Option<&Expr>) -> Vec<SyntaxError> {
    let mut validator = Validator::default();
    validator.expr(scrutinee);
    validator.pat(pat);
    if let Some(guard) = guard {
        validator.condition(guard);
    }
    validator.errors
}

#[derive(Default)]
struct Validator {
    errors: Vec<SyntaxError>,
    /// Inside of the generic arguments of an `impl Trait`.
    in_impl_trait: bool,
}

impl Validator {
    fn error(&mut self, span: Span, code: Option<&'static str>, message: impl Into<Box<str>>) {
        self.errors.push(SyntaxError {
            span,
            code,
            kind: SyntaxErrorKind::Rule { message: message.into(), help: None },
        });
    }

    fn error_with_help(&mut self, span: Span, code: Option<&'static str>, message: impl Into<Box<str>>, help: &str) {
        self.errors.push(SyntaxError {
            span,
            code,
            kind: SyntaxErrorKind::Rule { message: message.into(), help: Some(help.into()) },
        });
    }

    fn refuse(&mut self, span: Span, what: Refused) {
        self.errors.push(what.error(span));
    }
}
