//! Structs that end in something unsized: `RefCell<dyn Trait>`, `Mutex<[T]>`.
//!
//! Such a struct is only ever seen through a pointer, and a pointer to it is made from one to a struct that ends in something sized. Its Go
//! type is that pointer: a *view*, a struct of pointers to all fields but the last, for which it has what a reference to that is (an
//! interface, a slice, or another view).

use rgo_typeck::ty::{Ty, TyKind};

use super::Cx;
use crate::queries;

impl Cx<'_> {
    /// Whether values of a type have no size of their own.
    pub fn is_unsized(&self, ty: Ty) -> bool {
        matches!(ty.kind(), TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..)) || self.is_view(ty)
    }

    /// Whether a type is a struct that ends in something unsized.
    pub fn is_view(&self, ty: Ty) -> bool {
        self.unsized_tail(ty).is_some()
    }

    /// The last field of a struct that ends in something unsized: its index and its type.
    pub fn unsized_tail(&self, ty: Ty) -> Option<(usize, Ty)> {
        let TyKind::Adt(def, args) = ty.kind() else { return None };
        if def.kind() != rgo_hir::DefKind::Struct || is_pointer(self.lang_of(*def)) {
            return None;
        }
        let (last, before) = queries::adt(self.db, *def)?.variants.first()?.fields.split_last()?;
        // Of most structs the last field cannot be unsized, whatever the arguments are.
        if !matches!(
            last.ty.kind(),
            TyKind::Param(_) | TyKind::Adt(..) | TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..)
        ) || matches!(last.ty.kind(), TyKind::Adt(..)) && !args.types().any(|arg| self.is_unsized(arg))
        {
            return None;
        }
        let tail = self.concrete(last.ty, *args);
        self.is_unsized(tail).then_some((before.len(), tail))
    }
}

/// Pointers of std: what they hold is behind them.
fn is_pointer(lang: Option<&str>) -> bool {
    matches!(lang, Some("box" | "owned_ptr" | "shared_ptr" | "rc" | "arc" | "rc_weak" | "arc_weak"))
}
