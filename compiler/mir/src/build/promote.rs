//! Borrows of constant expressions, which live for ever (rustc dev guide, "Constant promotion").

use rgo_hir::DefId;
use rgo_hir::body::{BinaryOp, Mutability};
use rgo_typeck::thir::{self, BorrowKind, ExprKind};
use rgo_typeck::ty::{ConstValue, Ty, TyKind};

use super::{Builder, is_constructor};
use crate::mir::*;

impl Builder<'_> {
    /// The constant that `&place` is, if it can be promoted.
    pub(super) fn promoted(&mut self, id: thir::ExprId, kind: BorrowKind, place: thir::ExprId) -> Option<Operand> {
        self.promoted_of(id, kind, place, self.thir.exprs[id].ty)
    }

    pub(super) fn promoted_of(
        &mut self,
        id: thir::ExprId,
        kind: BorrowKind,
        place: thir::ExprId,
        ty: Ty,
    ) -> Option<Operand> {
        let promotable = match kind {
            BorrowKind::Shared => self.is_value(place) && self.promotable(self.result(place)),
            BorrowKind::Mut { .. } | BorrowKind::Unique => {
                matches!(&self.thir.exprs[self.result(place)].kind, ExprKind::Array(items) if items.is_empty())
            }
            BorrowKind::Fake => false,
        };
        if !promotable {
            return None;
        }
        if self.result(place) != place {
            // What stands before the result happens, whatever becomes of the value.
            self.as_temp(place);
        }
        Some(self.constant(ConstOperandKind::Promoted(id), ty, self.thir.exprs[id].span))
    }

    /// The expression that gives a block or a `match` of one arm its value: there is only one, which alone decides.
    fn result(&self, id: thir::ExprId) -> thir::ExprId {
        match &self.thir.exprs[id].kind {
            ExprKind::Block(block) => match &self.thir.blocks[*block] {
                thir::Block { tail: Some(tail), label: None, .. } => self.result(*tail),
                _ => id,
            },
            ExprKind::Match { arms, .. } => match arms.as_slice() {
                [arm] if self.thir.arms[*arm].guard.is_none() => self.result(self.thir.arms[*arm].body),
                _ => id,
            },
            _ => id,
        }
    }

    /// The place of an array of constants that is indexed: it lives for ever, whatever the index is.
    pub(super) fn constant_array(&mut self, id: thir::ExprId) -> Option<Place> {
        let expr = &self.thir.exprs[id];
        let is_array = matches!(expr.ty.kind(), TyKind::Array(..));
        if !is_array || self.types.needs_drop(expr.ty) || !self.is_value(id) || !self.promotable(id) {
            return None;
        }
        let ty = Ty::new(TyKind::Ref(crate::types::erased_region(), expr.ty, Mutability::Not));
        let address = self.constant(ConstOperandKind::Promoted(id), ty, expr.span);
        Some(Place::local(self.temp_of(ty, Rvalue::Use(address), expr.span)).deref())
    }

    /// A value in which nothing is dropped or changed, whatever its type allows: `None` of an `Option<String>`.
    fn is_plain_value(&self, value: &ConstValue) -> bool {
        match value {
            ConstValue::Bool(_)
            | ConstValue::Char(_)
            | ConstValue::Int(_)
            | ConstValue::Float(_)
            | ConstValue::Str(_)
            | ConstValue::Bytes(_)
            | ConstValue::Unit
            | ConstValue::Ref(_)
            | ConstValue::Fn(..) => true,
            ConstValue::Tuple(items) | ConstValue::Array(items) => items.iter().all(|item| self.is_plain_value(item)),
            ConstValue::Adt { def, fields, .. } => {
                self.types.is_plain(*def) && fields.iter().all(|field| self.is_plain_value(field))
            }
        }
    }

    /// A constructor, or a `const fn` of std that says so.
    fn is_promotable_fn(&self, def: DefId) -> bool {
        if is_constructor(def) {
            return self.types.is_plain(crate::types::constructed(self.db, def).0);
        }
        def.is_std() && rgo_hir::attrs(self.db, def).iter().any(|attr| attr.is("promotable"))
    }

    /// Not a place that exists already: its root is a value.
    fn is_value(&self, id: thir::ExprId) -> bool {
        match &self.thir.exprs[id].kind {
            ExprKind::Local(_) | ExprKind::Upvar(_) | ExprKind::Static(_) | ExprKind::Deref(_) => false,
            ExprKind::Field { base, .. } | ExprKind::Index { base, .. } | ExprKind::PlaceAscription { base, .. } => {
                self.is_value(*base)
            }
            _ => true,
        }
    }

    /// A constant expression whose value neither can change nor needs dropping: judged by the value as far as it is seen, as in rustc.
    fn promotable(&self, id: thir::ExprId) -> bool {
        let thir = self.thir;
        match &thir.exprs[id].kind {
            ExprKind::Literal(_) | ExprKind::ConstParam(_) | ExprKind::FnItem { .. } => true,
            ExprKind::Const { def, args, .. } => {
                let ty = thir.exprs[id].ty;
                self.types.is_freeze(ty) && !self.types.needs_drop(ty)
                    || rgo_typeck::const_eval::const_eval(self.db, *def, *args)
                        .is_ok_and(|value| self.is_plain_value(&value))
            }
            ExprKind::Unary { expr, .. } | ExprKind::Cast { expr, .. } | ExprKind::Coerce { expr, .. } => {
                self.promotable(*expr)
            }
            ExprKind::Binary { op, lhs, rhs } => {
                let may_fail = matches!(op, BinaryOp::Div | BinaryOp::Rem)
                    && !matches!(&thir.exprs[*rhs].kind, ExprKind::Literal(value) if *value != ConstValue::Int(0));
                !may_fail && self.promotable(*lhs) && self.promotable(*rhs)
            }
            ExprKind::Block(block) => {
                let block = &thir.blocks[*block];
                block.stmts.is_empty()
                    && block.label.is_none()
                    && block.tail.is_some_and(|tail| self.is_value(tail) && self.promotable(tail))
            }
            ExprKind::Field { base, .. } => self.promotable(*base),
            ExprKind::Array(items) | ExprKind::Tuple(items) => items.iter().all(|item| self.promotable(*item)),
            ExprKind::Repeat { value, .. } => self.promotable(*value),
            ExprKind::Adt(adt) => {
                adt.base.is_none()
                    && self.types.is_plain(adt.adt)
                    && adt.fields.iter().all(|(_, value)| self.promotable(*value))
            }
            ExprKind::Range { start, end, .. } => start.iter().chain(end).all(|item| self.promotable(*item)),
            ExprKind::Call { callee, args, .. } => {
                matches!(&thir.exprs[*callee].kind, ExprKind::FnItem { def, .. } if self.is_promotable_fn(*def))
                    && args.iter().all(|arg| self.promotable(*arg))
            }
            ExprKind::Borrow { kind: BorrowKind::Shared, place, .. } => {
                // The address of a static is a constant for other statics only.
                let is_static = matches!(thir.exprs[*place].kind, ExprKind::Static(_));
                is_static && thir.owner.kind() == rgo_hir::DefKind::Static
                    || self.is_value(*place) && self.promotable(*place)
            }
            ExprKind::Closure { def } => {
                crate::types::closure_info(self.db, *def).is_some_and(|info| info.captures.is_empty())
            }
            _ => false,
        }
    }
}
