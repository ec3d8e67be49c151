//! The door of a library: what Go code may hand to an exported function and rgo code cannot.
//!
//! A `usize` parameter is an `int`, in which a Go caller can hand over a negative number. Such a function refuses it at once, as Go's own
//! functions do (`strings.Repeat`). Where rgo code hands over `2^63` or more (`codegen::bounds`), the number is one of those and is let in.

use rgo_hir::DefKind;
use rgo_typeck::thir::{Body, BodyKind, ExprKind};

use super::*;
use crate::go::names::is_exported;
use crate::go::names::package_name;
use crate::queries;

impl Lower<'_, '_> {
    /// Emits what refuses negative sizes, at the beginning of a function that Go code of other packages can call.
    pub(super) fn guard_door(&mut self, name: &str) {
        if !is_exported(name) || self.cx.here().is_main || !self.is_public(self.def) {
            return;
        }
        let body = self.body;
        for param in &body.params {
            let local = param.pat.and_then(|pat| self.simple_binding(pat));
            if let Some(local) = local.filter(|_| arith::is_usize(self.ty(param.ty)))
                && let Some(Slot::Var(var)) = self.slots.get(&local).cloned()
                && self.is_a_size(body, local)
            {
                let what = self.locals.vars[var.0 as usize].name.clone();
                let package = package_name(self.cx.here().root.name().as_str());
                let said = Expr::str(&format!("{package}: negative {what}"));
                let refuse = StmtKind::Expr(Expr::builtin("panic", vec![said]));
                let is_negative = Expr::binary(BinaryOp::Lt, Expr::Var(var), Expr::int(0));
                self.emit(StmtKind::if_else(is_negative, vec![refuse.into()], Vec::new()));
            }
        }
    }

    /// Whether a function is public, or implements a public trait of the program.
    fn is_public(&self, def: DefId) -> bool {
        let db = self.cx.db;
        let trait_ = def.parent().and_then(|parent| match parent.kind() {
            DefKind::Trait => Some(parent),
            _ => queries::impl_trait(db, parent),
        });
        let said = trait_.unwrap_or(def);
        !def.is_std() && !said.is_std() && queries::is_pub(db, said)
    }

    /// Whether a parameter is used, and below `2^63` wherever it is.
    fn is_a_size(&self, body: &Body, local: LocalId) -> bool {
        let mut uses = 0;
        self.fits_in(body, &|kind| matches!(kind, ExprKind::Local(used) if *used == local), &mut uses)
            && self.fits_in_closures(body, local, &mut uses)
            && uses > 0
    }

    fn fits_in(&self, body: &Body, is_use: &dyn Fn(&ExprKind) -> bool, uses: &mut usize) -> bool {
        body.exprs.iter().filter(|(_, expr)| is_use(&expr.kind)).all(|(id, _)| {
            *uses += 1;
            self.cx.bounds.fits(body.owner, id)
        })
    }

    fn fits_in_closures(&self, body: &Body, local: LocalId, uses: &mut usize) -> bool {
        body.closures.iter().filter_map(|closure| queries::thir(self.cx.db, *closure)).all(|closure| {
            let BodyKind::Closure(info) = &closure.kind else { return true };
            let holds_it = |index: u32| info.captures.get(index as usize).is_some_and(|c| c.place.local == local);
            self.fits_in(closure, &|kind| matches!(kind, ExprKind::Upvar(index) if holds_it(*index)), uses)
                && self.fits_in_closures(closure, local, uses)
        })
    }
}
