//! What holds without impls: `Sized`, `Copy`, `Clone` by structure, auto traits by parts.

use rgo_hir::body::Mutability;
use rgo_hir::{Db, DefId};

use crate::collect;
use crate::ty::{AdtKind, Args, ClosureArgs, InferTy, Subst, Ty, TyKind};
use rgo_hir::DefKey;

/// The answer of a built-in rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    /// Holds if these types have the same trait.
    If(Vec<Ty>),
    /// This rule says nothing (there may be impls or where clauses).
    No,
    /// A closure's parts are not known yet.
    Ambiguous,
}

impl Builtin {
    fn yes() -> Builtin {
        Builtin::If(Vec::new())
    }
}

pub(super) fn sized(db: &dyn Db, ty: Ty) -> Builtin {
    match ty.kind() {
        TyKind::Bool
        | TyKind::Char
        | TyKind::Int(_)
        | TyKind::Uint(_)
        | TyKind::Float(_)
        | TyKind::Never
        | TyKind::Array(..)
        | TyKind::Ref(..)
        | TyKind::FnDef(..)
        | TyKind::FnPtr(_)
        | TyKind::Closure(..)
        | TyKind::Infer(InferTy::Int(_) | InferTy::Float(_))
        | TyKind::Error => Builtin::yes(),
        TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..) => Builtin::No,
        TyKind::Tuple(items) => Builtin::If(items.last().copied().into_iter().collect()),
        TyKind::Adt(def, args) => match sized_constraint(db, *def) {
            None => Builtin::yes(),
            Some(ty) => Builtin::If(vec![ty.subst(*args)]),
        },
        TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) => Builtin::No,
        TyKind::Infer(InferTy::Ty(_)) => Builtin::Ambiguous,
    }
}

/// The type that must be `Sized` for the ADT to be: the last field of a struct, unless it always is.
fn sized_constraint(db: &dyn Db, adt: DefId) -> Option<Ty> {
    sized_constraint_query(db, adt.key(db))
}

#[salsa::tracked(returns(copy), cycle_result = sized_constraint_cycle)]
fn sized_constraint_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Option<Ty> {
    let def = key.def(db);
    if let Some("box" | "rc" | "arc" | "rc_weak" | "arc_weak" | "phantom_data") = rgo_hir::lang_name(db, def) {
        return None;
    }
    let adt = collect::adt_def(db, def);
    if adt.kind != AdtKind::Struct {
        // Fields of enums must be sized to be well-formed.
        return None;
    }
    let last = adt.variants.first()?.fields.last()?.ty;
    constraint_of(db, last)
}

fn sized_constraint_cycle<'db>(_db: &'db dyn Db, _id: salsa::Id, _key: DefKey<'db>) -> Option<Ty> {
    None
}

/// The part of a type that decides whether it is sized.
fn constraint_of(db: &dyn Db, ty: Ty) -> Option<Ty> {
    match sized(db, ty) {
        Builtin::If(parts) => parts.into_iter().find_map(|part| constraint_of(db, part)),
        Builtin::No | Builtin::Ambiguous => Some(ty),
    }
}

/// `Copy` of everything but ADTs.
pub(super) fn copy(ty: Ty) -> Builtin {
    match ty.kind() {
        TyKind::Bool
        | TyKind::Char
        | TyKind::Int(_)
        | TyKind::Uint(_)
        | TyKind::Float(_)
        | TyKind::Never
        | TyKind::FnDef(..)
        | TyKind::FnPtr(_)
        | TyKind::Ref(_, _, Mutability::Not)
        | TyKind::Infer(InferTy::Int(_) | InferTy::Float(_))
        | TyKind::Error => Builtin::yes(),
        TyKind::Ref(_, _, Mutability::Mut) | TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..) => Builtin::No,
        TyKind::Array(elem, _) => Builtin::If(vec![*elem]),
        TyKind::Tuple(items) => Builtin::If(items.to_vec()),
        TyKind::Closure(_, args) => closure_parts(*args),
        TyKind::Adt(..) | TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) => Builtin::No,
        TyKind::Infer(InferTy::Ty(_)) => Builtin::Ambiguous,
    }
}

fn closure_parts(args: Args) -> Builtin {
    match ClosureArgs::new(args).upvars_ty().kind() {
        TyKind::Tuple(items) => Builtin::If(items.to_vec()),
        _ => Builtin::Ambiguous,
    }
}

/// The parts whose types must have an auto trait for the whole to have it. References are the caller's business.
pub(super) fn auto_parts(db: &dyn Db, ty: Ty) -> Builtin {
    match ty.kind() {
        TyKind::Bool
        | TyKind::Char
        | TyKind::Int(_)
        | TyKind::Uint(_)
        | TyKind::Float(_)
        | TyKind::Str
        | TyKind::Never
        | TyKind::FnDef(..)
        | TyKind::FnPtr(_)
        | TyKind::Infer(InferTy::Int(_) | InferTy::Float(_))
        | TyKind::Error => Builtin::yes(),
        TyKind::Array(elem, _) | TyKind::Slice(elem) | TyKind::Ref(_, elem, _) => Builtin::If(vec![*elem]),
        TyKind::Tuple(items) => Builtin::If(items.to_vec()),
        TyKind::Closure(_, args) => closure_parts(*args),
        TyKind::Adt(def, args) => {
            if rgo_hir::lang_name(db, *def) == Some("phantom_data") {
                return Builtin::If(args.types().collect());
            }
            let mut parts: Vec<Ty> = Vec::new();
            for ty in collect::field_tys(db, *def, *args) {
                if !parts.contains(&ty) {
                    parts.push(ty);
                }
            }
            Builtin::If(parts)
        }
        TyKind::Dynamic(..) | TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) => Builtin::No,
        TyKind::Infer(InferTy::Ty(_)) => Builtin::Ambiguous,
    }
}
