//! Instantiating the method that was picked: receiver adjustments, generic arguments, signature, obligations.

use rgo_hir::DefId;
use rgo_hir::body::{ExprId, Mutability};
use rgo_syntax::ast;

use super::super::FnCtxt;
use super::super::path::LateBound;
use super::super::tables::{Adjust, Adjustment, AutoBorrow, Callee, PointerCoercion, TwoPhase};
use super::probe::{Pick, Source};
use crate::infer::tables::WrittenPath;
use crate::ty::subst::Subst;
use crate::ty::{Args, Ty, TyKind};

impl FnCtxt<'_> {
    pub fn confirm_method(
        &mut self,
        call: ExprId,
        receiver: ExprId,
        receiver_ty: Ty,
        pick: &Pick,
        segment: &ast::PathSegment,
        scope: DefId,
    ) -> Callee {
        let span = self.name_span(call);
        let self_ty = self.adjust_receiver(receiver, receiver_ty, pick);
        let parent_args = self.parent_args(pick, self_ty);
        let args = self.method_args(call, pick.item, parent_args, segment, scope);
        let written = self.fn_sig_of(pick.item);
        self.taint_by_errors(written.value.inputs_and_output.iter().copied());
        let sig = written.subst(args).instantiate_erased().erase_regions();
        let sig = self.normalize(span, sig);
        if let Some(&formal) = sig.inputs().first()
            && self.eq(span, formal, self_ty).is_err()
        {
            self.report_mismatch(span, formal, self_ty);
        }
        if pick.item.parent().is_some_and(|parent| self.is_lang(parent, "drop")) {
            self.report_explicit_drop(span);
        }
        let calls = |parent| ["fn", "fn_mut", "fn_once"].iter().any(|name| self.is_lang(parent, name));
        if pick.item.parent().is_some_and(calls) && !self.owner.is_std() {
            let error = self.error(span, "E0658", "use of unstable library feature `fn_traits`");
            self.emit(error.help("call it: `f(x)`"));
        }
        if let Source::Object(_) = pick.source
            && crate::collect::requires_sized_self(self.db, pick.item)
        {
            let error = self
                .error_without_code(
                    span,
                    format!("the `{}` method cannot be invoked on a trait object", pick.item.name()),
                )
                .label("this has a `Sized` requirement");
            self.emit(error);
            // Its signature says nothing of use for a `dyn` type.
            let inputs = sig.inputs().iter().map(|_| Ty::error()).collect();
            return Callee { def: pick.item, args, inputs, output: Ty::error() };
        }
        self.register_predicates_of(span, pick.item, args);
        Callee { def: pick.item, args, inputs: sig.inputs().to_vec(), output: sig.output() }
    }

    fn adjust_receiver(&mut self, receiver: ExprId, receiver_ty: Ty, pick: &Pick) -> Ty {
        let span = self.expr_span(receiver);
        let steps = self.autoderef_steps(receiver_ty, span);
        let mut adjustments = self.deref_adjustments(&steps, pick.autoderefs);
        let mut ty = steps.get(pick.autoderefs).map_or(receiver_ty, |step| step.ty);
        if let Some(mutability) = pick.autoref {
            ty = match mutability {
                Mutability::Not => Ty::imm_ref(ty),
                Mutability::Mut => {
                    self.make_derefs_mutable(receiver_ty, &mut adjustments);
                    Ty::mut_ref(ty)
                }
            };
            let borrow = AutoBorrow::new(mutability, TwoPhase::Yes);
            adjustments.push(Adjustment { kind: Adjust::Borrow(borrow), target: ty });
            if pick.unsize
                && let TyKind::Ref(region, array, mutability) = ty.kind()
                && let TyKind::Array(elem, _) = self.shallow(*array).kind()
            {
                ty = Ty::new_ref(*region, Ty::slice(*elem), *mutability);
                adjustments.push(Adjustment { kind: Adjust::Pointer(PointerCoercion::UnsizeArray), target: ty });
            }
        }
        self.apply_adjustments(receiver, adjustments);
        if pick.autoref == Some(Mutability::Mut) {
            self.convert_place_to_mutable(receiver);
        }
        ty
    }

    fn parent_args(&mut self, pick: &Pick, _self_ty: Ty) -> Args {
        match pick.source {
            Source::Inherent(impl_) => self.fresh_args(impl_),
            Source::Object(trait_ref) => trait_ref.args,
            Source::Bound(bound) => bound.instantiate_erased().erase_regions().args,
            Source::Trait(trait_) => self.fresh_args(trait_),
        }
    }

    fn method_args(
        &mut self,
        call: ExprId,
        method: DefId,
        parent_args: Args,
        segment: &ast::PathSegment,
        scope: DefId,
    ) -> Args {
        let span = self.name_span(call);
        let (args, user) = self.args_by_use(method, parent_args, segment, scope, span, LateBound::Ignored);
        if let Some(user) = user {
            self.tables.user_args.insert(call, (WrittenPath { args: Some(user), self_ty: None }, span));
        }
        args
    }
}
