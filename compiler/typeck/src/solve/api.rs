//! The questions of other parts, each answered without an inference context of the caller's, and from a cache where nothing is unknown.

use rgo_hir::{Db, DefId};

use super::{EvalResult, Obligation, ObligationCause, ParamEnv};
use crate::infer_ctxt::{InferCtxt, TypingMode};
use crate::ty::fold::TypeFolder;
use crate::ty::{GenericArg, Subst, TraitRef, Ty, TyKind, TypeFlags, TypeFoldable};

/// Whether `ty: trait_<extra…>` certainly holds (regions are ignored).
pub fn type_implements(db: &dyn Db, param_env: ParamEnv, ty: Ty, trait_: DefId, extra_args: &[GenericArg]) -> bool {
    let trait_ref = TraitRef::with_self(trait_, ty, extra_args).erase_regions();
    let param_env = param_env.erased();
    if trait_ref.has_infer() {
        let infcx = InferCtxt::new(db, param_env);
        return infcx.evaluate(&Obligation::trait_ref(ObligationCause::dummy(), param_env, trait_ref)).holds();
    }
    trait_holds(db, param_env, trait_ref).holds()
}

/// The result for a goal without inference variables and regions. Survives every edit that changes nothing it looked at.
pub fn trait_holds(db: &dyn Db, param_env: ParamEnv, trait_ref: TraitRef) -> EvalResult {
    if trait_ref.has_flag(TypeFlags::HAS_CLOSURE) {
        // A closure's parts are in its type, and its type is used once: nothing to remember.
        return evaluate_uncached(db, param_env, trait_ref);
    }
    trait_holds_query(db, param_env, trait_ref).unwrap_or_else(|| evaluate_uncached(db, param_env, trait_ref))
}

#[salsa::tracked(returns(copy), cycle_result = trait_holds_cycle)]
fn trait_holds_query(db: &dyn Db, param_env: ParamEnv, trait_ref: TraitRef) -> Option<EvalResult> {
    Some(evaluate_uncached(db, param_env, trait_ref))
}

/// What depends on itself through this query is worked out in place, where the solver's own stack sees the cycle.
fn trait_holds_cycle(_db: &dyn Db, _id: salsa::Id, _param_env: ParamEnv, _trait_ref: TraitRef) -> Option<EvalResult> {
    None
}

fn evaluate_uncached(db: &dyn Db, param_env: ParamEnv, trait_ref: TraitRef) -> EvalResult {
    let infcx = InferCtxt::new(db, param_env);
    infcx.evaluate(&Obligation::trait_ref(ObligationCause::dummy(), param_env, trait_ref))
}

/// A goal without inference variables, by the caches (regions are ignored).
pub(crate) fn evaluate_closed(infcx: &InferCtxt<'_>, param_env: ParamEnv, trait_ref: TraitRef) -> EvalResult {
    let goal = trait_ref.erase_regions();
    if let Some(known) = infcx.evaluation_cache.borrow().get(&(param_env, goal)) {
        return *known;
    }
    if infcx.typing_mode != TypingMode::Analysis {
        return infcx.evaluate(&Obligation::trait_ref(ObligationCause::dummy(), param_env, goal));
    }
    let result = trait_holds(infcx.db, param_env.erased(), goal);
    infcx.evaluation_cache.borrow_mut().insert((param_env, goal), result);
    result
}

/// As [`type_implements`] for a lang trait; false if there is none.
pub fn implements_lang(db: &dyn Db, param_env: ParamEnv, ty: Ty, lang: &str) -> bool {
    rgo_hir::lang_item(db, lang).is_some_and(|trait_| type_implements(db, param_env, ty, trait_, &[]))
}

/// Whether values of the type are copied on use.
pub fn is_copy(db: &dyn Db, param_env: ParamEnv, ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Bool
        | TyKind::Char
        | TyKind::Int(_)
        | TyKind::Uint(_)
        | TyKind::Float(_)
        | TyKind::Never
        | TyKind::FnDef(..)
        | TyKind::FnPtr(_)
        | TyKind::Error => true,
        TyKind::Ref(_, _, mutability) => *mutability == rgo_hir::body::Mutability::Not,
        TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..) => false,
        TyKind::Tuple(items) => items.iter().all(|item| is_copy(db, param_env, *item)),
        TyKind::Array(elem, _) => is_copy(db, param_env, *elem),
        TyKind::Adt(..)
        | TyKind::Closure(..)
        | TyKind::Param(_)
        | TyKind::Projection(..)
        | TyKind::Opaque(..)
        | TyKind::Infer(_) => implements_lang(db, param_env, ty, "copy"),
    }
}

pub fn is_sized(db: &dyn Db, param_env: ParamEnv, ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..) => false,
        TyKind::Adt(..)
        | TyKind::Tuple(_)
        | TyKind::Param(_)
        | TyKind::Projection(..)
        | TyKind::Opaque(..)
        | TyKind::Infer(_) => implements_lang(db, param_env, ty, "sized"),
        _ => true,
    }
}

/// The value with regions erased and all projections replaced; what cannot be stays.
pub fn normalize_erasing_regions<T: TypeFoldable>(db: &dyn Db, param_env: ParamEnv, value: T) -> T {
    // What inference gave up on (an overflow) is not to be looked up in another table.
    let value = if value.has_infer() { value.fold_with(&mut Unknowns) } else { value };
    let value = value.erase_regions();
    let reveals = param_env.reveal == super::Reveal::All;
    if !value.has_projection() && !(reveals && value.has_flag(TypeFlags::HAS_OPAQUE)) {
        return value;
    }
    let infcx = InferCtxt::new(db, param_env);
    let mut obligations = Vec::new();
    let normalized = infcx.normalize(value.clone(), &ObligationCause::dummy(), &mut obligations);
    let mut fulfill = super::FulfillCtxt::new();
    fulfill.register_all(&infcx, obligations);
    let _ = fulfill.select_where_possible(&infcx);
    let normalized = infcx.resolve_vars_if_possible(normalized);
    if normalized.has_infer() { value } else { normalized.erase_regions() }
}

/// Puts errors in place of inference variables.
struct Unknowns;

impl TypeFolder for Unknowns {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        match ty.kind() {
            TyKind::Infer(_) => Ty::error(),
            _ if ty.has_infer() => ty.super_fold_with(self),
            _ => ty,
        }
    }
}
