//! `option.as_ref()` and `option.as_mut()` that are taken apart where they stand: the option is asked, and what is bound refers into it. No
//! option of a reference comes to be.

use rgo_hir::body::Mutability;
use rgo_typeck::thir::{ExprId, ExprKind};
use rgo_typeck::ty::TyKind;

use super::matching::Subject;
use super::*;

impl<'db> Lower<'_, 'db> {
    /// The place of an `Option` that is only asked for a reference to what it holds, or to what that dereferences to.
    pub(super) fn referred_option(&self, expr: ExprId) -> Option<ExprId> {
        match self.referring(expr)? {
            ("option_as_ref" | "option_as_mut" | "option_as_deref" | "option_as_deref_mut", place) => Some(place),
            _ => None,
        }
    }

    /// The lang name of a method and the place that it borrows.
    fn referring(&self, expr: ExprId) -> Option<(&'db str, ExprId)> {
        let ExprKind::Call { callee, args, .. } = &self.body.exprs[expr].kind else { return None };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return None };
        let lang = self.cx.lang_of(*def)?;
        match &self.body.exprs[*args.first()?].kind {
            ExprKind::Borrow { place, .. } if self.is_place(*place) && self.known_subject(*place).is_none() => {
                Some((lang, *place))
            }
            _ => None,
        }
    }

    /// A call of `as_ref` or `as_mut` as the reference and whether there is one.
    pub(super) fn referred_parts(&mut self, expr: ExprId) -> Option<(Expr, Expr)> {
        let ("option_as_ref" | "option_as_mut", option) = self.referring(expr)? else { return None };
        let ty = self.expr_ty(option);
        let payload = self.cx.option_payload(ty)?;
        let mutability = match self.cx.option_payload(self.expr_ty(expr))?.kind() {
            TyKind::Ref(_, _, mutability) => *mutability,
            _ => Mutability::Not,
        };
        let some = (0..2).find(|variant| self.is_some_variant(ty, *variant))?;
        let place = self.place(option);
        let subject = Subject::Place(self.pinned_place(place, ty), ty);
        let is_some = self.variant_test(&subject, some)?;
        let inside = self.subject_field(&subject, some, 0);
        let inside = self.subject_place(&inside);
        Some((self.reference(inside, payload, mutability), is_some))
    }
}
