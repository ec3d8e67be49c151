//! What `impl Trait` in the result of a function stands for, once nothing has to be kept secret.
//!
//! From the body of its function; from the impl's signature where the function is a trait's and an impl has its own.

use rgo_hir::{Db, DefId, DefKind};

use super::{FulfillCtxt, Obligation, ObligationCause, ParamEnv};
use crate::collect;
use crate::infer_ctxt::InferCtxt;
use crate::instance::{Instance, resolve_instance};
use crate::ty::fold::{TypeFoldable, TypeFolder};
use crate::ty::{Args, Subst, Ty, TyKind};

/// The type behind an opaque one, for these arguments.
pub(super) fn hidden_ty(db: &dyn Db, opaque: DefId, args: Args) -> Ty {
    let of_trait = opaque
        .ancestors()
        .find(|def| def.kind() == DefKind::Fn)
        .filter(|function| function.parent().is_some_and(|parent| parent.kind() == DefKind::Trait))
        .filter(|_| !args.has_infer());
    let of_impl = of_trait.and_then(|_| hidden_by_impl(db, opaque, args.erase_regions()));
    of_impl.unwrap_or_else(|| collect::opaque_hidden_ty(db, opaque).subst(args))
}

/// What stands in the signature of an impl's method where the trait's has the opaque type.
/// Survives every edit that changes nothing that the selection of the impl looked at.
#[salsa::tracked(returns(copy), cycle_result = in_cycle)]
fn hidden_by_impl(db: &dyn Db, opaque: DefId, args: Args) -> Option<Ty> {
    let method = opaque.ancestors().find(|def| def.kind() == DefKind::Fn)?;
    let method_args = args.truncated(collect::generics_of(db, method).count());
    let Some(Instance::Item { def, args: impl_args }) = resolve_instance(db, method, method_args) else { return None };
    if def == method {
        return None;
    }
    let infcx = InferCtxt::new(db, ParamEnv::reveal_all());
    let cause = ObligationCause::dummy();
    let mut fulfill = FulfillCtxt::new();
    let mut obligations = Vec::new();
    let output = |method: DefId, args: Args| {
        collect::fn_sig(db, method).instantiate_erased().output().subst(args).erase_regions()
    };
    let found = infcx.normalize(output(def, impl_args), &cause, &mut obligations);
    let mut unknown = Unknown { infcx: &infcx, method, known: Vec::new() };
    let wanted = output(method, method_args).fold_with(&mut unknown);
    let wanted = infcx.normalize(wanted, &cause, &mut obligations);
    infcx.eq(&cause, found, wanted).ok()?;
    fulfill.register_all(&infcx, obligations);
    // The bounds say what those are that stand in bounds only (`impl Iterator<Item = impl Trait>`).
    let mut next = 0;
    while let Some((known, known_args, _)) = unknown.known.get(next).copied() {
        next += 1;
        for (bound, _) in collect::explicit_item_bounds(db, known) {
            let mut obligations = Vec::new();
            let bound = bound.subst(known_args).erase_regions().fold_with(&mut unknown);
            let bound = infcx.normalize(bound, &cause, &mut obligations);
            fulfill.register_all(&infcx, obligations);
            fulfill.register(&infcx, Obligation::new(cause.clone(), infcx.param_env, bound));
        }
    }
    let _ = fulfill.select_where_possible(&infcx);
    let (_, _, hidden) = unknown.known.iter().find(|(known, _, _)| *known == opaque)?;
    let hidden = infcx.resolve_vars_if_possible(*hidden);
    (!hidden.has_infer()).then_some(hidden)
}

fn in_cycle(_db: &dyn Db, _id: salsa::Id, _opaque: DefId, _args: Args) -> Option<Ty> {
    None
}

/// Puts a variable for each opaque type of a method.
struct Unknown<'a, 'db> {
    infcx: &'a InferCtxt<'db>,
    method: DefId,
    known: Vec<(DefId, Args, Ty)>,
}

impl TypeFolder for Unknown<'_, '_> {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        let TyKind::Opaque(def, args) = ty.kind() else { return ty.super_fold_with(self) };
        if def.ancestors().all(|ancestor| ancestor != self.method) {
            return ty.super_fold_with(self);
        }
        if let Some((_, _, known)) = self.known.iter().find(|(known, _, _)| known == def) {
            return *known;
        }
        let fresh = self.infcx.new_ty_var(rgo_syntax::Span::at(0));
        self.known.push((*def, *args, fresh));
        fresh
    }
}
