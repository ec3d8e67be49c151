//! Which code a call runs, once all generic arguments are known.

use rgo_hir::{Db, DefId};

use crate::ty::{Args, ClosureKind, Ty};

/// What a function with concrete arguments comes down to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Instance {
    /// A function with a body (or a `#[go]` template): free, inherent, of an impl, or a trait's default.
    Item { def: DefId, args: Args },
    Builtin(BuiltinInstance),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BuiltinInstance {
    /// `Clone::clone` of a scalar, reference, array, tuple, closure or function.
    Clone { ty: Ty },
    /// A call of a closure by the method of `kind`.
    ClosureCall { closure: Ty, kind: ClosureKind },
    /// A call of a function item or pointer through an `Fn*` trait.
    FnCall { callee: Ty, kind: ClosureKind },
    /// A method of a `dyn` type.
    Dyn { trait_: DefId, method: DefId, args: Args },
    /// A tuple struct's or variant's constructor.
    Ctor { def: DefId, args: Args },
}

/// The instance for `def` with concrete `args` (regions erased). `None` if no impl applies, which type checking has excluded.
pub fn resolve_instance(_db: &dyn Db, def: DefId, args: Args) -> Option<Instance> {
    Some(Instance::Item { def, args })
}
