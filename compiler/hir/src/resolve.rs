//! What a name means: the answers of name resolution.

use crate::DefId;
use crate::body::LocalId;

/// The meaning of a path's resolved prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Res {
    /// Any item, variant, field-less constructor, associated item found by name, generic parameter (`TyParam`, `ConstParam`).
    Def(DefId),
    PrimTy(PrimTy),
    /// `Self` in a trait (the trait) or impl (the impl).
    SelfTy {
        of: DefId,
    },
    /// `Self(…)` or `Self` as a value: the impl.
    SelfCtor(DefId),
    Local(LocalId),
    /// A Go package brought in by `import` (nothing is known of it yet).
    GoPackage(DefId),
    /// An error has been reported.
    Err,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PrimTy {
    Bool,
    Char,
    Str,
    I8,
    I16,
    I32,
    I64,
    Isize,
    U8,
    U16,
    U32,
    U64,
    Usize,
    F32,
    F64,
}

/// The name spaces of Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Namespace {
    Type,
    Value,
    Macro,
}

/// What a lifetime name means at its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LifetimeRes {
    Static,
    /// A lifetime parameter of an item (`DefKind::LifetimeParam`).
    Param(DefId),
    /// Bound by a `for<'a>` inside the type: de Bruijn depth (0 = innermost `for`) and index in it.
    Bound {
        depth: u32,
        index: u32,
    },
    /// `'_` or nothing written.
    Elided,
    /// An error has been reported.
    Err,
}
