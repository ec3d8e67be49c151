//! Which types do something when they are dropped.
//!
//! Reference: rustc dev guide, "Drop elaboration"; RFC 1327 for what may dangle. Nothing here knows bodies.

use rgo_hir::{Db, DefId, DefKey};
use rgo_syntax::ast::Meta;
use rustc_hash::FxHashSet;

use crate::collect::{adt_def, associated_items, impl_trait_ref};
use crate::solve::{ParamEnv, is_copy, normalize_erasing_regions};
use crate::ty::intern::TypeFlags;
use crate::ty::{AdtKind, ClosureArgs, ConstKind, ConstValue, GenericArg, Subst, Ty, TyKind};

/// The `impl Drop for` this type, if there is one. Survives every edit that leaves the impls of `Drop` alone.
pub fn drop_impl_of(db: &dyn Db, adt: DefId) -> Option<DefId> {
    drop_impl_query(db, adt.key(db))
}

#[salsa::tracked(returns(copy))]
fn drop_impl_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Option<DefId> {
    let adt = key.def(db);
    let drop = rgo_hir::lang_item(db, "drop")?;
    let impls = rgo_hir::trait_impls(db, drop).iter().copied();
    impls.into_iter().find(|imp| {
        impl_trait_ref(db, *imp)
            .is_some_and(|trait_ref| matches!(trait_ref.self_ty().kind(), TyKind::Adt(def, _) if *def == adt))
    })
}

/// The function `drop` of an `impl Drop`.
pub fn drop_method_of(db: &dyn Db, adt: DefId) -> Option<DefId> {
    let imp = drop_impl_of(db, adt)?;
    associated_items(db, imp).iter().copied().find(|item| item.name() == "drop")
}

/// Whether dropping a value of `ty` may run code or free something that Rust would free: it, or a part of it, implements `Drop`.
/// `Box`, `Vec` and their like count through what they hold, and by themselves: moves out of them are checked alike.
pub fn needs_drop(db: &dyn Db, param_env: ParamEnv, ty: Ty) -> bool {
    Visitor { db, param_env, seen: FxHashSet::default(), depth: 0 }.ty(ty)
}

struct Visitor<'db> {
    db: &'db dyn Db,
    param_env: ParamEnv,
    /// What was looked at: nothing that needs to be dropped was found in it, or the search would be over.
    seen: FxHashSet<Ty>,
    depth: u32,
}

impl Visitor<'_> {
    fn ty(&mut self, ty: Ty) -> bool {
        let ty =
            if ty.has(TypeFlags::HAS_PROJECTION) { normalize_erasing_regions(self.db, self.param_env, ty) } else { ty };
        match ty.kind() {
            TyKind::Bool
            | TyKind::Char
            | TyKind::Int(_)
            | TyKind::Uint(_)
            | TyKind::Float(_)
            | TyKind::Str
            | TyKind::Never
            | TyKind::Ref(..)
            | TyKind::FnDef(..)
            | TyKind::FnPtr(_)
            | TyKind::Infer(_)
            | TyKind::Error => false,
            TyKind::Array(_, len) if matches!(len.kind(), ConstKind::Value(ConstValue::Int(0))) => false,
            TyKind::Array(elem, _) | TyKind::Slice(elem) => self.ty(*elem),
            TyKind::Tuple(items) => items.iter().any(|item| self.ty(*item)),
            TyKind::Closure(_, args) => ClosureArgs::new(*args).upvars().iter().any(|upvar| self.ty(*upvar)),
            TyKind::Dynamic(..) => true,
            TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) => !is_copy(self.db, self.param_env, ty),
            TyKind::Adt(def, args) => {
                if destructor(self.db, *def).is_some() {
                    return true;
                }
                if rgo_hir::lang_item(self.db, "manually_drop") == Some(*def) {
                    return false;
                }
                if self.depth > 64 || !self.seen.insert(ty) {
                    return false;
                }
                self.depth += 1;
                let adt = adt_def(self.db, *def);
                let needs = adt.kind != AdtKind::Union
                    && adt
                        .variants
                        .iter()
                        .flat_map(|variant| &variant.fields)
                        .any(|field| self.ty(field.ty.subst(*args)));
                self.depth -= 1;
                needs
            }
        }
    }
}

/// What the destructor of a type looks at, beyond what the values inside are dropped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destructor {
    /// At nothing: it frees memory, or counts.
    Nothing,
    /// It drops what the type holds, as with `#[may_dangle]` (RFC 1327).
    Content,
    /// At whatever the type's arguments allow.
    All,
}

/// The destructor of a type itself, not of its fields: an `impl Drop`, or what Rust has where rgo's `std` leaves memory to the collector,
/// which `#[drops(nothing)]`, `#[drops(content)]` or `#[drops(all)]` says there.
pub fn destructor(db: &dyn Db, adt: DefId) -> Option<Destructor> {
    destructor_query(db, adt.key(db))
}

/// Survives every edit that leaves the attributes of the type and the impls of `Drop` alone.
#[salsa::tracked(returns(copy))]
fn destructor_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Option<Destructor> {
    let adt = key.def(db);
    if adt.is_std() {
        let said = rgo_hir::attrs(db, adt).iter().find(|attr| attr.is("drops")).and_then(rgo_syntax::metas);
        let words = said.into_iter().flatten().filter_map(|meta| match meta {
            Meta::Path(path) => path.as_name(),
            _ => None,
        });
        for word in words {
            match word.as_str() {
                "nothing" => return Some(Destructor::Nothing),
                "content" => return Some(Destructor::Content),
                "all" => return Some(Destructor::All),
                _ => {}
            }
        }
    }
    drop_impl_of(db, adt).map(|_| Destructor::All)
}

/// What must still be alive when a value of `ty` is dropped: the types and regions that its destructors may look at
/// (RFC 1238, RFC 1327). `normalize` keeps the regions of what it is given.
pub fn dropck_constraints(
    db: &dyn Db,
    param_env: ParamEnv,
    ty: Ty,
    normalize: &mut dyn FnMut(Ty) -> Ty,
) -> Vec<GenericArg> {
    let mut dropck = Dropck { db, param_env, normalize, seen: Vec::new(), constraints: Vec::new() };
    dropck.ty(ty);
    dropck.constraints
}

struct Dropck<'db, 'n> {
    db: &'db dyn Db,
    param_env: ParamEnv,
    normalize: &'n mut dyn FnMut(Ty) -> Ty,
    seen: Vec<Ty>,
    constraints: Vec<GenericArg>,
}

impl Dropck<'_, '_> {
    fn add(&mut self, arg: GenericArg) {
        if !self.constraints.contains(&arg) {
            self.constraints.push(arg);
        }
    }

    fn ty(&mut self, ty: Ty) {
        let ty = if ty.has(TypeFlags::HAS_PROJECTION) { (self.normalize)(ty) } else { ty };
        match ty.kind() {
            TyKind::Bool
            | TyKind::Char
            | TyKind::Int(_)
            | TyKind::Uint(_)
            | TyKind::Float(_)
            | TyKind::Str
            | TyKind::Never
            | TyKind::Ref(..)
            | TyKind::FnDef(..)
            | TyKind::FnPtr(_)
            | TyKind::Infer(_)
            | TyKind::Error => {}
            TyKind::Array(elem, _) | TyKind::Slice(elem) => self.ty(*elem),
            TyKind::Tuple(items) => items.iter().for_each(|item| self.ty(*item)),
            TyKind::Closure(_, args) => ClosureArgs::new(*args).upvars().iter().for_each(|upvar| self.ty(*upvar)),
            TyKind::Dynamic(..) | TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) => {
                if needs_drop(self.db, self.param_env, ty) {
                    self.add(GenericArg::Ty(ty));
                }
            }
            TyKind::Adt(def, args) => {
                if self.seen.contains(&ty) || self.seen.len() > 64 {
                    return;
                }
                self.seen.push(ty);
                match destructor(self.db, *def) {
                    Some(Destructor::Nothing) => {}
                    Some(Destructor::Content) => args.types().for_each(|arg| self.ty(arg)),
                    Some(Destructor::All) => {
                        for arg in args {
                            match arg {
                                GenericArg::Const(_) => {}
                                GenericArg::Region(_) | GenericArg::Ty(_) => self.add(*arg),
                            }
                        }
                    }
                    None if rgo_hir::lang_item(self.db, "manually_drop") == Some(*def) => {}
                    None => {
                        for field in adt_def(self.db, *def).variants.iter().flat_map(|variant| &variant.fields) {
                            self.ty(field.ty.subst(*args));
                        }
                    }
                }
            }
        }
    }
}
