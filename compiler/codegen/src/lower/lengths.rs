//! Indexes, bounds and lengths that are constants and beyond what Go takes: Go refuses to compile what Rust finds out at run time.

use rgo_typeck::ty::{Ty, TyKind};

use super::*;
use crate::go::constant;

/// What any slice may be long.
pub const LONGEST: i128 = i64::MAX as i128;

/// Whether a value is a constant that is no index up to `last`. `usize::MAX` is below zero in Go.
pub(super) fn is_beyond(value: &Expr, last: i128) -> bool {
    constant::value(value).is_some_and(|(number, _)| number < 0 || number > last)
}

impl Lower<'_, '_> {
    /// `place[index]`, where the place is a sequence of this type.
    pub(super) fn element(&mut self, place: Expr, sequence: Ty, index: Expr) -> Expr {
        let known = match sequence.kind() {
            TyKind::Array(_, len) => len.as_usize(),
            _ => None,
        };
        let index = self.within("at", index, known.map_or(LONGEST, |len| i128::from(len) - 1));
        place.index(index)
    }

    /// An index, bound or length, of which Go takes constants up to `last` only: a variable where it is beyond that.
    pub fn within(&mut self, name: &str, value: Expr, last: i128) -> Expr {
        if is_beyond(&value, last) { self.at_run_time(name, value) } else { fitted(value) }
    }

    /// A variable that no fold puts the constant back for.
    pub(super) fn at_run_time(&mut self, name: &str, value: Expr) -> Expr {
        let var = self.locals.user(name);
        let value = match value {
            Expr::Lit(lit) => Expr::Typed(Type::name("int"), lit),
            value => value,
        };
        self.define(var, value, None);
        Expr::Var(var)
    }
}
