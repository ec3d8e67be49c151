//! Indexes, bounds and lengths that are constants and beyond what Go takes: Go refuses to compile what Rust finds out at run time.

use rgo_typeck::ty::{Ty, TyKind};

use super::*;
use crate::go::constant;

impl Lower<'_, '_> {
    /// `place[index]`, where the place is a sequence of this type.
    pub(super) fn element(&mut self, place: Expr, sequence: Ty, index: Expr) -> Expr {
        let index = match sequence.kind() {
            TyKind::Array(_, len) => {
                let last = len.as_usize().map_or(i128::from(i64::MAX), |len| i128::from(len) - 1);
                self.within(index, last)
            }
            _ => self.length_operand("at", index),
        };
        place.index(index)
    }

    /// An index or bound that Go takes up to `last` only, if it is a constant.
    pub(super) fn within(&mut self, value: Expr, last: i128) -> Expr {
        match constant::value(&value) {
            Some((number, _)) if number < 0 || number > last => self.at_run_time("at", value),
            _ => fitted(value),
        }
    }

    /// A length, or an index of what has a length at run time only: no constant below zero, as `usize::MAX` is one in Go.
    pub fn length_operand(&mut self, name: &str, value: Expr) -> Expr {
        match constant::value(&value) {
            Some((number, _)) if number < 0 => self.at_run_time(name, value),
            _ => fitted(value),
        }
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
