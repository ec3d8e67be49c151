//! Results `impl Trait` of a trait's methods against the types in an impl: the bounds must hold there (E0277), and the types around them agree (E0053).

use rgo_hir::DefId;

use crate::collect::{explicit_item_bounds, fn_sig};
use crate::error::TypeError;
use crate::infer_ctxt::InferCtxt;
use crate::solve::{CauseCode, FulfillCtxt, Obligation, ObligationCause, report_fulfill_error};
use crate::ty::fold::{TypeFoldable, TypeFolder};
use crate::ty::{Args, Subst, Ty, TyKind};

use super::compare_impl::{Comparison, erased};

impl Comparison<'_> {
    /// What stands in the impl where the trait says `impl Trait` must have the bounds said there.
    pub(super) fn opaque_result(
        &self,
        infcx: &InferCtxt<'_>,
        trait_args: Args,
        found: Ty,
        errors: &mut Vec<TypeError>,
    ) {
        let Some(item) = self.ast_fn(self.impl_item) else { return };
        let span = item.ret.as_ref().map_or(item.sig_span.last(), |ty| ty.span);
        let cause = ObligationCause::misc(self.impl_item, span);
        let wanted =
            *fn_sig(self.db, self.trait_item).instantiate_erased().inputs_and_output.iter().last().unwrap_or(&found);
        let mut hidden = Hidden { infcx, cause: &cause, known: Vec::new() };
        let wanted = wanted.fold_with(&mut hidden).subst(trait_args);
        let mut fulfill = FulfillCtxt::new();
        let mut obligations = Vec::new();
        let found = infcx.normalize(erased(found), &cause, &mut obligations);
        let wanted = infcx.normalize(erased(wanted), &cause, &mut obligations);
        fulfill.register_all(infcx, obligations);
        if infcx.eq(&cause, found, wanted).is_err() {
            let message = format!("method `{}` has an incompatible type for trait", self.impl_item.name());
            let error = self.error(span, "E0053", message);
            errors.push(self.with_trait_item(error, "type in trait"));
            return;
        }
        let mut index = 0;
        while let Some((opaque, _)) = hidden.known.get(index).copied() {
            for (bound, bound_span) in explicit_item_bounds(self.db, opaque) {
                let code = CauseCode::WhereClause { item: self.trait_item, span: *bound_span };
                let cause = ObligationCause::new(self.impl_item, span, code);
                let mut obligations = Vec::new();
                let bound = bound.fold_with(&mut hidden).subst(trait_args).erase_regions();
                let bound = infcx.normalize(bound, &cause, &mut obligations);
                fulfill.register_all(infcx, obligations);
                fulfill.register(infcx, Obligation::new(cause, infcx.param_env, bound));
            }
            index += 1;
        }
        for error in fulfill.select_all_or_error(infcx) {
            errors.extend(report_fulfill_error(infcx, &error));
        }
    }
}

/// Puts a variable for each opaque type.
struct Hidden<'a, 'db> {
    infcx: &'a InferCtxt<'db>,
    cause: &'a ObligationCause,
    known: Vec<(DefId, Ty)>,
}

impl TypeFolder for Hidden<'_, '_> {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        let TyKind::Opaque(def, _) = ty.kind() else { return ty.super_fold_with(self) };
        if let Some((_, known)) = self.known.iter().find(|(known, _)| known == def) {
            return *known;
        }
        let fresh = self.infcx.new_ty_var(self.cause.span);
        self.known.push((*def, fresh));
        fresh
    }
}
