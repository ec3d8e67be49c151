//! Calls of closures whose kind was not known when the tree was built.
//!
//! Capture analysis says which of the `Fn*` traits such a call is of. Where that is `FnMut`, the place of the closure is borrowed mutably, and
//! with it what the place goes through (rustc: `DeferredCallResolution`, `convert_place_derefs_to_mutable`).

use rgo_syntax::Name;

use super::build::closure_kind;
use super::{Tree, TreeCall};
use crate::infer::FnCtxt;
use crate::thir::{BorrowKind, CallSource, Expr, ExprId, ExprKind};
use crate::ty::{Args, ClosureKind, Ty, TyKind};

impl Tree {
    /// Makes a deferred call a call of the trait that the closure's kind says.
    pub fn patch_call(&mut self, fcx: &mut FnCtxt<'_>, call: &TreeCall) {
        let Some(kind) = closure_kind(fcx, call.closure_ty) else { return };
        let (method, borrow) = match kind {
            ClosureKind::Fn => ("call", Some(BorrowKind::Shared)),
            ClosureKind::FnMut => ("call_mut", Some(BorrowKind::Mut { two_phase: false })),
            ClosureKind::FnOnce => ("call_once", None),
        };
        let item = fcx.lang(kind.lang_name()).and_then(|trait_| rgo_hir::child(fcx.db, trait_, Name::new(method)));
        let Some(item) = item else { return };
        let span = self.exprs[call.expr].span;
        let ExprKind::Call { callee, args, source } = self.exprs[call.expr].kind.clone() else { return };
        let receiver = match borrow {
            None => callee,
            Some(kind) => {
                if matches!(kind, BorrowKind::Mut { .. }) {
                    self.make_place_mutable(fcx, callee);
                }
                let ty = match kind {
                    BorrowKind::Mut { .. } => Ty::mut_ref(call.closure_ty),
                    _ => Ty::imm_ref(call.closure_ty),
                };
                let kind = ExprKind::Borrow { kind, place: callee, implicit: true };
                self.exprs.alloc(Expr { kind, ty, span, hir: None })
            }
        };
        let generic_args = Args::of_types(&[call.closure_ty, call.args_tuple]);
        let callee = self.exprs.alloc(Expr {
            kind: ExprKind::FnItem { def: item, args: generic_args, user_args: None },
            ty: Ty::fn_def(item, generic_args),
            span,
            hir: None,
        });
        let mut inputs = vec![receiver];
        inputs.extend(args);
        self.exprs[call.expr].kind = ExprKind::Call { callee, args: inputs, source };
    }

    /// The place is borrowed mutably after all: overloaded dereferences and indexing on its way become the mutable ones where there are such.
    fn make_place_mutable(&mut self, fcx: &mut FnCtxt<'_>, place: ExprId) {
        let mut place = place;
        loop {
            place = match &self.exprs[place].kind {
                ExprKind::Field { base, .. } => *base,
                ExprKind::Index { base, .. } => *base,
                ExprKind::Deref(pointer) => match self.make_operator_mutable(fcx, *pointer) {
                    Some(operand) => operand,
                    None => return,
                },
                _ => return,
            };
        }
    }

    /// `deref(&place)` to `deref_mut(&mut place)`, `index(&place, i)` to `index_mut(&mut place, i)`; the place, if the call is one of these.
    fn make_operator_mutable(&mut self, fcx: &mut FnCtxt<'_>, call: ExprId) -> Option<ExprId> {
        let ExprKind::Call { callee, args, source: CallSource::Operator } = self.exprs[call].kind.clone() else {
            return None;
        };
        let ExprKind::FnItem { def, args: generic_args, .. } = self.exprs[callee].kind else { return None };
        let method = match def.name().as_str() {
            "deref" => "deref_mut",
            "index" => "index_mut",
            _ => return None,
        };
        let trait_ = fcx.lang(method)?;
        if !fcx.trait_may_hold(trait_, generic_args) {
            return None;
        }
        let item = rgo_hir::child(fcx.db, trait_, Name::new(method))?;
        let place = self.make_borrow_mutable(*args.first()?)?;
        let callee = &mut self.exprs[callee];
        callee.kind = ExprKind::FnItem { def: item, args: generic_args, user_args: None };
        callee.ty = Ty::fn_def(item, generic_args);
        self.exprs[call].ty = as_mutable(self.exprs[call].ty);
        Some(place)
    }

    /// `&place` to `&mut place`, also where it is coerced then; the place.
    fn make_borrow_mutable(&mut self, borrow: ExprId) -> Option<ExprId> {
        let place = match &mut self.exprs[borrow].kind {
            ExprKind::Borrow { kind, place, .. } => {
                *kind = BorrowKind::Mut { two_phase: false };
                *place
            }
            ExprKind::Coerce { expr, .. } => {
                let operand = *expr;
                self.make_borrow_mutable(operand)?
            }
            _ => return None,
        };
        self.exprs[borrow].ty = as_mutable(self.exprs[borrow].ty);
        Some(place)
    }
}

/// `&T` as `&mut T`.
fn as_mutable(ty: Ty) -> Ty {
    match ty.kind() {
        TyKind::Ref(_, inner, _) => Ty::mut_ref(*inner),
        _ => ty,
    }
}
