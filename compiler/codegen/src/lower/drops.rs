//! Destructors: where the borrow checker says that a value dies.

use rgo_borrowck::{DEREF_STEP, DropKind, DroppedPlace, ELEMENT_STEP, LocalDrop, ScheduledDrop, UseKind, VARIANT_STEP};
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{ExprId, ExprKind};
use rgo_typeck::ty::Ty;

use super::*;
use crate::queries;

impl Lower<'_, '_> {
    pub(super) fn collect_dropped_temps(&mut self) {
        let Some(facts) = self.facts else { return };
        for drop in facts.drops.values().flatten() {
            if let DroppedPlace::Temp(expr) | DroppedPlace::TempField(expr, _) = &drop.what
                && self.needs_drop(self.expr_ty(*expr))
            {
                self.dropped_temps.insert(*expr);
            }
        }
    }

    fn needs_drop(&self, ty: Ty) -> bool {
        queries::needs_drop(self.cx.db, ty)
    }

    /// The type of a captured value that the closure owns and that does something when it is dropped.
    fn owned_upvar(&self, index: u32) -> Option<Ty> {
        let thir::BodyKind::Closure(info) = &self.body.kind else { return None };
        let capture = info.captures.get(index as usize)?;
        let ty = self.ty(capture.ty);
        let is_own = info.kind == rgo_typeck::ty::ClosureKind::FnOnce && capture.by == thir::CaptureBy::Value;
        (is_own && self.needs_drop(ty)).then_some(ty)
    }

    fn scheduled(&self, exit: ScopeExit) -> Vec<ScheduledDrop> {
        let Some(facts) = self.facts else { return Vec::new() };
        let Some(drops) = facts.drops.get(&exit) else { return Vec::new() };
        drops.iter().filter(|drop| self.is_real(&drop.what)).cloned().collect()
    }

    /// Whether a scheduled drop does anything for this instance, here.
    fn is_real(&self, what: &DroppedPlace) -> bool {
        match what {
            DroppedPlace::Local(local) | DroppedPlace::LocalField(local, _) => {
                !self.deferred.contains(local)
                    && self.body.locals.get(*local).is_some_and(|l| self.needs_drop(self.ty(l.ty)))
            }
            DroppedPlace::Temp(expr) | DroppedPlace::TempField(expr, _) => self.needs_drop(self.expr_ty(*expr)),
            DroppedPlace::Upvar(index) => self.owned_upvar(*index).is_some(),
            DroppedPlace::Env => self.upvars.iter().enumerate().any(|(i, _)| self.owned_upvar(i as u32).is_some()),
            DroppedPlace::Param(index, _) => self
                .body
                .params
                .get(*index as usize)
                .is_some_and(|p| self.param_vars.contains_key(index) && self.needs_drop(self.ty(p.ty))),
        }
    }

    pub(super) fn has_drops(&self, exit: ScopeExit) -> bool {
        !self.scheduled(exit).is_empty()
    }

    pub(super) fn drops(&mut self, exit: ScopeExit) {
        for drop in self.scheduled(exit) {
            self.scheduled_drop(&drop);
        }
    }

    fn scheduled_drop(&mut self, drop: &ScheduledDrop) {
        let (place, ty, local) = match &drop.what {
            DroppedPlace::Local(local) => {
                let Some(ty) = self.body.locals.get(*local).map(|l| self.ty(l.ty)) else { return };
                if !self.slots.contains_key(local) {
                    return;
                }
                (self.local(*local), ty, Some(*local))
            }
            DroppedPlace::LocalField(local, path) => {
                let Some(ty) = self.body.locals.get(*local).map(|l| self.ty(l.ty)) else { return };
                if !self.slots.contains_key(local) {
                    return;
                }
                let place = self.local(*local);
                let Some((place, ty)) = self.path(place, ty, path) else { return };
                (place, ty, None)
            }
            DroppedPlace::Temp(expr) => {
                let Some(var) = self.temp_vars.get(expr).copied() else { return };
                (Expr::Var(var), self.expr_ty(*expr), None)
            }
            DroppedPlace::TempField(expr, path) => {
                let Some(var) = self.temp_vars.get(expr).copied() else { return };
                let ty = self.expr_ty(*expr);
                let Some((place, ty)) = self.path(Expr::Var(var), ty, path) else { return };
                (place, ty, None)
            }
            DroppedPlace::Upvar(index) => {
                let Some(ty) = self.owned_upvar(*index) else { return };
                (self.upvars[*index as usize].clone(), ty, None)
            }
            DroppedPlace::Env => {
                for index in 0..self.upvars.len() {
                    if let Some(ty) = self.owned_upvar(index as u32) {
                        let place = self.upvars[index].clone();
                        self.drop_value(place, ty);
                    }
                }
                return;
            }
            DroppedPlace::Param(index, path) => {
                let Some(var) = self.param_vars.get(index).copied() else { return };
                let Some(ty) = self.body.params.get(*index as usize).map(|p| self.ty(p.ty)) else { return };
                let Some((place, ty)) = self.path(Expr::Var(var), ty, path) else { return };
                (place, ty, None)
            }
        };
        self.drop_old(place, ty, drop.kind, local);
    }

    /// A part of a place. A step into a variant is only right while the value is of that variant: what is left then is dropped with it.
    fn path(&mut self, mut place: Expr, mut ty: Ty, path: &[u32]) -> Option<(Expr, Ty)> {
        let mut variant = 0;
        for step in path {
            if step & VARIANT_STEP != 0 {
                variant = (step & !VARIANT_STEP) as usize;
                continue;
            }
            if step & DEREF_STEP != 0 {
                place = self.follow(place, ty);
                ty = self.pointee(ty)?;
            } else if step & ELEMENT_STEP != 0 {
                place = place.index(Expr::int(i128::from(step & !ELEMENT_STEP)));
                ty = ty.sequence_element()?;
            } else {
                let next = self.field_ty(ty, variant, *step as usize);
                place = self.field(place, ty, variant, *step as usize);
                ty = next;
            }
            variant = 0;
        }
        Some((place, ty))
    }

    /// Drops what a place holds, if it still does.
    pub(super) fn drop_old(&mut self, place: Expr, ty: Ty, kind: DropKind, local: Option<LocalId>) {
        let stmts = self.block(|lower| lower.drop_value(place, ty));
        let flag = match (kind, local) {
            (DropKind::Flag, Some(local)) => self.flags.get(&local).copied(),
            _ => None,
        };
        match flag {
            Some(flag) => self.emit(StmtKind::if_else(Expr::Var(flag), stmts, Vec::new())),
            None => self.out.extend(stmts),
        }
    }

    /// Runs the destructor of the value in a place.
    pub(super) fn drop_value(&mut self, place: Expr, ty: Ty) {
        if !self.needs_drop(ty) {
            return;
        }
        let call = self.cx.drop_call(place, ty);
        self.emit(StmtKind::Expr(call));
    }

    /// Called when a local has its first value.
    pub(super) fn after_init(&mut self, local: LocalId) {
        let Some(facts) = self.facts else { return };
        let Some(ty) = self.body.locals.get(local).map(|l| self.ty(l.ty)) else { return };
        if !self.needs_drop(ty) {
            return;
        }
        if facts.locals.get(local) == Some(&LocalDrop::Flag) {
            self.declare_flag(local);
            self.set_flag(local, true);
        }
    }

    /// A flag that says whether a local holds a value that must be dropped.
    pub(super) fn declare_flag(&mut self, local: LocalId) {
        let Some(facts) = self.facts else { return };
        if facts.locals.get(local) != Some(&LocalDrop::Flag) || self.flags.contains_key(&local) {
            return;
        }
        let Some(found) = self.body.locals.get(local) else { return };
        if !self.needs_drop(self.ty(found.ty)) {
            return;
        }
        let flag = self.locals.temporary(&format!("{}_live", found.name));
        self.flags.insert(local, flag);
        self.emit(StmtKind::define(flag, Expr::bool(false)));
    }

    pub(super) fn set_flag(&mut self, local: LocalId, value: bool) {
        if let Some(flag) = self.flags.get(&local).copied() {
            self.emit(StmtKind::assign(Expr::Var(flag), Expr::bool(value)));
        }
    }

    /// Called when a place was read as a value: a move takes the duty to drop with it.
    pub(super) fn after_move(&mut self, expr: ExprId) {
        let Some(facts) = self.facts else { return };
        if facts.uses.get(expr) != Some(&UseKind::Move) {
            return;
        }
        if let ExprKind::Local(local) = &self.body.exprs[expr].kind {
            self.set_flag(*local, false);
        }
    }
}
