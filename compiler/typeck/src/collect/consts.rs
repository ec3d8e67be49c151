//! Constants in types: their values, where they can be known.

use rgo_hir::{Db, DefId};

use crate::ty::{Args, Const, Ty};

/// The constant `def` for these arguments: its value, or itself unevaluated if that needs arguments that are not known.
pub(super) fn evaluate(_db: &dyn Db, def: DefId, args: Args) -> Const {
    Const::unevaluated(def, args)
}

/// The type of the const parameter that an anonymous constant is the argument of.
pub(super) fn argument_ty(_db: &dyn Db, _def: DefId) -> Option<Ty> {
    None
}
