//! Goals that are the same question about other unknowns, told from the goals alone.

use crate::ty::fold::{TypeFoldable, TypeFolder};
use crate::ty::{Const, ConstKind, InferTy, TraitRef, Ty, TyKind};

/// Whether the two goals differ only in the names of their variables, whatever became known of these since.
pub(super) fn equal_but_for_variables(a: TraitRef, b: TraitRef) -> bool {
    a.trait_ == b.trait_ && a.fold_with(&mut Renumber::default()) == b.fold_with(&mut Renumber::default())
}

/// Numbers variables by their first appearance.
#[derive(Default)]
struct Renumber {
    seen: Vec<Ty>,
    seen_consts: Vec<Const>,
}

impl TypeFolder for Renumber {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        let number = |seen: &mut Vec<Ty>| position_or_push(seen, ty);
        match ty.kind() {
            TyKind::Infer(InferTy::Ty(_)) => Ty::new(TyKind::Infer(InferTy::Ty(number(&mut self.seen)))),
            TyKind::Infer(InferTy::Int(_)) => Ty::new(TyKind::Infer(InferTy::Int(number(&mut self.seen)))),
            TyKind::Infer(InferTy::Float(_)) => Ty::new(TyKind::Infer(InferTy::Float(number(&mut self.seen)))),
            _ => ty.super_fold_with(self),
        }
    }

    fn fold_const(&mut self, value: Const) -> Const {
        match value.kind() {
            ConstKind::Infer(_) => Const::new(ConstKind::Infer(position_or_push(&mut self.seen_consts, value))),
            _ => value.super_fold_with(self),
        }
    }
}

fn position_or_push<T: PartialEq>(seen: &mut Vec<T>, item: T) -> u32 {
    let position = seen.iter().position(|known| *known == item).unwrap_or_else(|| {
        seen.push(item);
        seen.len() - 1
    });
    u32::try_from(position).unwrap_or(u32::MAX)
}
