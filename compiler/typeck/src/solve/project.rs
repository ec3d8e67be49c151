//! Projection: what `<T as Trait>::Assoc` is.

use rgo_hir::Db;

use super::{Obligation, ObligationCause, ParamEnv};
use crate::infer_ctxt::InferCtxt;
use crate::ty::{Const, TypeFoldable};

pub(super) fn normalize_param_env(_db: &dyn Db, param_env: ParamEnv) -> ParamEnv {
    param_env
}

impl InferCtxt<'_> {
    /// The value with every projection replaced by what it stands for, or by a fresh variable that is bound to it by an obligation.
    /// New obligations are appended.
    pub fn normalize<T: TypeFoldable>(&self, value: T, _cause: &ObligationCause, _obligations: &mut Vec<Obligation>) -> T {
        value
    }

    pub fn normalize_in<T: TypeFoldable>(
        &self,
        _param_env: ParamEnv,
        value: T,
        _cause: &ObligationCause,
        _obligations: &mut Vec<Obligation>,
    ) -> T {
        value
    }

    /// The constant's value, if it can be evaluated now.
    pub fn evaluate_const(&self, value: Const) -> Const {
        self.shallow_resolve_const(value)
    }
}
