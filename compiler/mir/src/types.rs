//! What MIR building and the analyses ask about types.

use std::cell::RefCell;

use rgo_hir::{Db, DefId, DefKind};
use rgo_typeck::collect;
use rgo_typeck::items::variance::is_cell;
use rgo_typeck::solve::{ParamEnv, param_env};
use rgo_typeck::thir;
use rgo_typeck::ty::{AdtKind, ConstKind, ConstValue, Region, RegionKind, Subst, Ty, TyKind};
use rustc_hash::FxHashMap;

/// Answers about types in the scope of one body, remembered.
pub struct Types<'a> {
    db: &'a dyn Db,
    env: ParamEnv,
    box_: Option<DefId>,
    copy: RefCell<FxHashMap<Ty, bool>>,
    drop: RefCell<FxHashMap<Ty, bool>>,
}

pub fn erased_region() -> Region {
    Region::new(RegionKind::Erased)
}

impl<'a> Types<'a> {
    pub fn new(db: &'a dyn Db, owner: DefId) -> Types<'a> {
        Types {
            db,
            env: param_env(db, owner),
            box_: rgo_hir::lang_item(db, "box"),
            copy: RefCell::default(),
            drop: RefCell::default(),
        }
    }

    pub fn is_copy(&self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Bool | TyKind::Char | TyKind::Int(_) | TyKind::Uint(_) | TyKind::Float(_) | TyKind::Never => true,
            TyKind::Ref(_, _, mutability) => *mutability == rgo_hir::body::Mutability::Not,
            TyKind::FnDef(..) | TyKind::FnPtr(_) => true,
            TyKind::Slice(_) | TyKind::Str | TyKind::Dynamic(..) | TyKind::Error => false,
            TyKind::Tuple(items) => items.iter().all(|item| self.is_copy(*item)),
            TyKind::Array(elem, _) => self.is_copy(*elem),
            TyKind::Adt(..)
            | TyKind::Closure(..)
            | TyKind::Param(_)
            | TyKind::Projection(..)
            | TyKind::Opaque(..)
            | TyKind::Infer(_) => {
                if let Some(known) = self.copy.borrow().get(&ty) {
                    return *known;
                }
                let answer = self.solve_copy(ty);
                self.copy.borrow_mut().insert(ty, answer);
                answer
            }
        }
    }

    pub fn needs_drop(&self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Bool | TyKind::Char | TyKind::Int(_) | TyKind::Uint(_) | TyKind::Float(_) | TyKind::Never => false,
            TyKind::Ref(..) | TyKind::FnDef(..) | TyKind::FnPtr(_) | TyKind::Str | TyKind::Error => false,
            TyKind::Tuple(items) => items.iter().any(|item| self.needs_drop(*item)),
            TyKind::Array(_, len) if matches!(len.kind(), ConstKind::Value(ConstValue::Int(0))) => false,
            TyKind::Array(elem, _) | TyKind::Slice(elem) => self.needs_drop(*elem),
            TyKind::Dynamic(..) => true,
            TyKind::Adt(..)
            | TyKind::Closure(..)
            | TyKind::Param(_)
            | TyKind::Projection(..)
            | TyKind::Opaque(..)
            | TyKind::Infer(_) => {
                if let Some(known) = self.drop.borrow().get(&ty) {
                    return *known;
                }
                let answer = self.solve_drop(ty);
                self.drop.borrow_mut().insert(ty, answer);
                answer
            }
        }
    }

    fn solve_copy(&self, ty: Ty) -> bool {
        rgo_typeck::solve::is_copy(self.db, self.env, ty.erase_regions())
    }

    fn solve_drop(&self, ty: Ty) -> bool {
        rgo_typeck::drop_glue::needs_drop(self.db, self.env, ty.erase_regions())
    }

    pub fn is_box(&self, ty: Ty) -> bool {
        matches!(ty.kind(), TyKind::Adt(adt, _) if Some(*adt) == self.box_)
    }

    pub fn is_enum(&self, adt: DefId) -> bool {
        collect::adt_def(self.db, adt).kind == AdtKind::Enum
    }

    /// A struct or enum that of itself is neither dropped nor changed behind a shared reference.
    pub fn is_plain(&self, adt: DefId) -> bool {
        !has_drop_impl(self.db, adt) && !is_cell(self.db, adt)
    }

    /// Without interior mutability.
    pub fn is_freeze(&self, ty: Ty) -> bool {
        self.freeze(ty, 0)
    }

    fn freeze(&self, ty: Ty, depth: u32) -> bool {
        if depth > 16 {
            return true;
        }
        match ty.kind() {
            TyKind::Tuple(items) => items.iter().all(|item| self.freeze(*item, depth + 1)),
            TyKind::Array(elem, _) | TyKind::Slice(elem) => self.freeze(*elem, depth + 1),
            TyKind::Adt(adt, args) => {
                if is_cell(self.db, *adt) {
                    return false;
                }
                let def = collect::adt_def(self.db, *adt);
                let mut fields = def.variants.iter().flat_map(|variant| &variant.fields);
                fields.all(|field| self.freeze(field.ty.subst(*args), depth + 1))
            }
            TyKind::Param(_)
            | TyKind::Projection(..)
            | TyKind::Opaque(..)
            | TyKind::Dynamic(..)
            | TyKind::Closure(..) => false,
            _ => true,
        }
    }

    /// The number of variants of an enum, 1 for a struct.
    pub fn variant_count(&self, adt: DefId) -> usize {
        collect::adt_def(self.db, adt).variants.len()
    }
}

/// Variant indices of the lang enums.
pub const NONE: u32 = 0;
pub const SOME: u32 = 1;
pub const OK: u32 = 0;
pub const ERR: u32 = 1;

/// The type and variant that a constructor makes.
pub fn constructed(db: &dyn Db, ctor: DefId) -> (DefId, u32) {
    match (ctor.kind(), ctor.parent()) {
        (DefKind::Variant, Some(adt)) => {
            let index = rgo_hir::children(db, adt).iter().position(|variant| *variant == ctor);
            (adt, index.unwrap_or(0) as u32)
        }
        _ => (ctor, 0),
    }
}

/// The types of the fields of a variant of `ty`.
pub fn field_tys(db: &dyn Db, adt: DefId, variant: u32, ty: Ty) -> Vec<Ty> {
    let TyKind::Adt(_, args) = ty.kind() else { return Vec::new() };
    match collect::adt_def(db, adt).variants.get(variant as usize) {
        Some(variant) => variant.fields.iter().map(|field| field.ty.subst(*args)).collect(),
        None => Vec::new(),
    }
}

/// What is known of a closure from outside of it.
pub fn closure_info(db: &dyn Db, closure: DefId) -> Option<&thir::ClosureInfo> {
    match &rgo_typeck::thir_build::thir_body(db, closure).kind {
        thir::BodyKind::Closure(info) => Some(info),
        thir::BodyKind::Fn | thir::BodyKind::Const => None,
    }
}

/// Whether the type itself (not what it contains) implements `Drop`.
pub fn has_drop_impl(db: &dyn Db, adt: DefId) -> bool {
    rgo_typeck::drop_glue::drop_impl_of(db, adt).is_some()
}
