//! Comparisons that were derived and that Go's own operators make, too.

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_typeck::ty::{Args, Region, Ty, TyKind};

use super::*;
use crate::queries;

impl Lower<'_, '_> {
    /// `a == b` for `PartialEq::eq(&a, &b)` and its relatives, of a type whose impl was derived and whose Go form compares as it does.
    pub(super) fn native_comparison(&mut self, def: DefId, args: Args, values: &[Expr]) -> Option<Expr> {
        let trait_ = def.parent().and_then(|trait_| self.cx.lang_of(trait_))?;
        let op = match (trait_, def.name().as_str()) {
            ("partial_eq", "eq") => BinaryOp::Eq,
            ("partial_eq", "ne") => BinaryOp::Ne,
            ("partial_ord", "lt") => BinaryOp::Lt,
            ("partial_ord", "le") => BinaryOp::Le,
            ("partial_ord", "gt") => BinaryOp::Gt,
            ("partial_ord", "ge") => BinaryOp::Ge,
            _ => return None,
        };
        let (ty, other) = (args.ty(0), args.types().nth(1)?);
        if ty != other || !self.is_natively_compared(ty, trait_) {
            return None;
        }
        let [left, right] = values else { return None };
        let reference = Ty::new(TyKind::Ref(Region::erased(), ty, Mutability::Not));
        let (left, right) = (self.follow(left.clone(), reference), self.follow(right.clone(), reference));
        Some(Expr::binary(op, left, right))
    }

    fn is_natively_compared(&mut self, ty: Ty, trait_: &str) -> bool {
        if let TyKind::Param(_) = ty.kind() {
            return if trait_ == "partial_eq" { self.cx.is_native_eq(ty) } else { self.cx.is_native_ord(ty) };
        }
        let TyKind::Adt(def, _) = ty.kind() else { return false };
        if self.cx.layout(ty).is_none() {
            return false;
        }
        match trait_ {
            "partial_eq" => self.cx.is_native_eq(ty),
            // The numbers of an enum without data are in the order of its variants' discriminants.
            _ => self.cx.is_dataless_enum(ty) && queries::derives(self.cx.db, *def, "PartialOrd"),
        }
    }
}
