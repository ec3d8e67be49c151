//! Destructors in place: where the borrow checker says that a value dies.

use rgo_borrowck::DropKind;
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{ExprId, ExprKind};
use rgo_typeck::ty::Ty;

use super::flags::{Path, Root};
use super::glue::Occasion;
use super::*;

impl Lower<'_, '_> {
    fn scheduled(&self, exit: ScopeExit) -> Vec<(Root, Path, DropKind)> {
        let Some(facts) = self.facts else { return Vec::new() };
        let Some(drops) = facts.drops.get(&exit) else { return Vec::new() };
        drops
            .iter()
            .flat_map(|drop| self.drops_in_place(&drop.what).into_iter().map(|(root, path)| (root, path, drop.kind)))
            .collect()
    }

    pub(super) fn has_drops(&self, exit: ScopeExit) -> bool {
        !self.scheduled(exit).is_empty()
    }

    pub(super) fn drops(&mut self, exit: ScopeExit) {
        for (root, path, kind) in self.scheduled(exit) {
            self.drop_root(root, &path, kind);
        }
    }

    /// A part of a condition; its temporaries die when it is known.
    pub(super) fn operand_of_condition(&mut self, expr: ExprId) -> Expr {
        // What `!` negates is a condition of its own, whose temporaries die with it.
        if let ExprKind::Unary { op: thir::UnaryOp::Not, expr: inner } = &self.body.exprs[expr].kind
            && self.has_drops(ScopeExit::ExprEnd(*inner))
        {
            let value = self.operand_of_condition(*inner);
            return super::expr::negated(value);
        }
        let value = self.value(expr);
        let exit = ScopeExit::ExprEnd(expr);
        if !self.has_drops(exit) {
            return value;
        }
        let value = self.temp("ok", value);
        self.drops(exit);
        value
    }

    /// Runs the destructor of the value in a place.
    pub(super) fn drop_value(&mut self, place: Expr, ty: Ty) {
        self.drop_value_at(Occasion::InPlace, place, ty);
    }

    pub(super) fn drop_value_at(&mut self, occasion: Occasion, place: Expr, ty: Ty) {
        if !self.cx.needs_drop(ty) {
            return;
        }
        let call = self.cx.drop_call_at(occasion, place, ty);
        self.emit(StmtKind::Expr(call));
    }
}
