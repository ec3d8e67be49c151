//! Constants in types: their values, where they can be known.

use rgo_hir::{Db, DefId};

use crate::const_eval::{ConstEvalError, const_eval};
use crate::ty::{Args, Const, Ty, TypeFoldable};

/// The constant `def` for these arguments: its value, or itself unevaluated if that needs arguments that are not known.
pub(super) fn evaluate(db: &dyn Db, def: DefId, args: Args) -> Const {
    if args.has_infer() || args.has_param() {
        return Const::unevaluated(def, args);
    }
    match const_eval(db, def, args) {
        Ok(value) => Const::value(value),
        Err(ConstEvalError::TooGeneric) => Const::unevaluated(def, args),
        Err(
            ConstEvalError::Cycle
            | ConstEvalError::AlreadyReported
            | ConstEvalError::Unsupported
            | ConstEvalError::Failed(_),
        ) => Const::error(),
    }
}

/// The type of the const parameter that an anonymous constant is the argument of, where it is not `usize`.
pub(super) fn argument_ty(_db: &dyn Db, _def: DefId) -> Option<Ty> {
    None
}
