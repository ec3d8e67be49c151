//! References that need not come to be: to what is looked at where it stands.
//!
//! `option.as_ref()` and `option.as_mut()` that are taken apart at once ask the option, and what is bound refers into it. The items of
//! `match (&a, &f()) { (left, right) => …` keep their parts until somebody wants them as references.

use rgo_hir::body::Mutability;
use rgo_typeck::thir::{ArmId, BorrowKind, ExprId, ExprKind, PatId, PatKind};
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

    /// The items of a tuple of shared references, evaluated from left to right, each as what it refers to.
    pub(super) fn borrowed_parts(&mut self, items: &[ExprId]) -> Option<Vec<Subject>> {
        let place_of = |item: &ExprId| match &self.body.exprs[*item].kind {
            ExprKind::Borrow { kind: BorrowKind::Shared, place, .. } => Some(*place),
            _ => None,
        };
        let places: Vec<ExprId> = items.iter().map(place_of).collect::<Option<_>>()?;
        let is_kept = |place: &ExprId| self.dropped_temps.contains(place) || self.waits_in_danger(*place);
        if places.is_empty() || places.iter().any(is_kept) {
            return None;
        }
        let mut parts = Vec::new();
        for (index, (item, place)) in items.iter().zip(&places).enumerate() {
            let ty = self.expr_ty(*item);
            let part = if self.is_fixed_place(*place) {
                let target = self.expr_ty(*place);
                Subject::Ref(Box::new(Subject::Place(self.place(*place), target)), ty)
            } else if self.is_place(*place) {
                self.argument(*item, &items[index + 1..])
            } else {
                let inner = match self.argument(*place, &places[index + 1..]) {
                    // Nobody would look at its parts.
                    whole @ Subject::Tuple(_, target) => {
                        let value = self.subject_place(&whole);
                        Subject::Place(self.fixed_expr(value, target), target)
                    }
                    inner => inner,
                };
                Subject::Ref(Box::new(inner), ty)
            };
            parts.push(part);
        }
        Some(parts)
    }

    /// Lets the only arm of a match name the parts of a tuple. Whether it did.
    pub(super) fn name_parts(&mut self, arm: ArmId, subject: &Subject) -> bool {
        let (Subject::Tuple(parts, _), PatKind::Leaf { fields }) = (subject, &self.body.pats[self.arm_pat(arm)].kind)
        else {
            return false;
        };
        let is_named =
            |(index, pat): &(u32, PatId)| self.simple_binding(*pat).is_some() && parts.get(*index as usize).is_some();
        let has_refs = parts.iter().any(|part| matches!(part, Subject::Ref(..)));
        if !has_refs || self.body.arms[arm].guard.is_some() || !fields.iter().all(is_named) {
            return false;
        }
        self.note_arm(arm);
        for (index, pat) in fields {
            self.bind_subject(*pat, parts[*index as usize].clone());
        }
        true
    }
}
