//! The order of evaluation: which operands may be left in place, and which must be pinned down before what follows.

use rgo_hir::body::{BinaryOp as HirOp, Mutability};
use rgo_typeck::thir::{ExprId, ExprKind};
use rgo_typeck::ty::{ConstValue, TyKind};

use super::flags::Root;
use super::*;

/// What can happen to the value of an operand between its evaluation in rgo and its evaluation in Go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Stability {
    /// The same whenever it is evaluated.
    Stable,
    /// Reads something that an assignment or a call may change, or panics where it stands.
    Mutable,
    /// Does something itself.
    Effect,
}

impl Lower<'_, '_> {
    /// The operands of an operation, in the form values are stored, safe to stand in one Go expression in this order.
    pub(super) fn operands(&mut self, exprs: &[ExprId]) -> Vec<Expr> {
        self.operands_by(exprs, |lower, expr| lower.value(expr))
    }

    pub(super) fn operands_by(
        &mut self,
        exprs: &[ExprId],
        lower_one: impl FnMut(&mut Self, ExprId) -> Expr,
    ) -> Vec<Expr> {
        self.operands_beside(exprs, &[], lower_one)
    }

    /// The same, where some of the operands are places that stay borrowed until the operation: once found, they change no more.
    pub(super) fn operands_beside(
        &mut self,
        exprs: &[ExprId],
        borrowed: &[ExprId],
        mut lower_one: impl FnMut(&mut Self, ExprId) -> Expr,
    ) -> Vec<Expr> {
        let mut values: Vec<Expr> = Vec::with_capacity(exprs.len());
        let mut waiting: Vec<ExprId> = Vec::new();
        let stabilities: Vec<Stability> = exprs.iter().map(|e| self.operand_stability(*e)).collect();
        for expr in exprs {
            let mark = self.out.len();
            let mut value = lower_one(self, *expr);
            if self.waits_in_danger(*expr) {
                if !self.is_kept(*expr, &value) {
                    value = self.guard_temp(*expr, value);
                }
                // What is only looked at, as by `println!`, is guarded until it is dropped.
                if self.is_given_away(*expr) {
                    waiting.push(*expr);
                }
            } else if !waiting.is_empty() && self.stability(*expr) != Stability::Stable {
                // It may panic, and must do so while those before it are guarded.
                value = self.pin(*expr, value);
            }
            if self.out.len() > mark {
                // What follows runs before the expression: earlier operands must not see it.
                let later = self.out.split_off(mark);
                for (j, earlier) in values.iter_mut().enumerate() {
                    if stabilities[j] != Stability::Stable
                        && !is_pinned(earlier)
                        && !borrowed.contains(&exprs[j])
                        && !self.is_kept(exprs[j], earlier)
                    {
                        *earlier = self.pin(exprs[j], earlier.clone());
                    }
                }
                self.out.extend(later);
            }
            values.push(value);
        }
        // Go orders calls, but may read a variable after a call that stands to its right.
        for i in 0..values.len() {
            let later_effect = stabilities[i + 1..].contains(&Stability::Effect);
            let is_unordered = match stabilities[i] {
                Stability::Stable => false,
                Stability::Mutable => true,
                // What was inlined may read variables that a later call changes.
                Stability::Effect => !matches!(values[i], Expr::Call(_) | Expr::Var(_) | Expr::Func(_)),
            };
            if later_effect && is_unordered && !is_pinned(&values[i]) {
                for j in 0..=i {
                    if stabilities[j] != Stability::Stable
                        && !is_pinned(&values[j])
                        && !borrowed.contains(&exprs[j])
                        && !self.is_kept(exprs[j], &values[j])
                    {
                        values[j] = self.pin(exprs[j], values[j].clone());
                    }
                }
            }
        }
        waiting.into_iter().for_each(|expr| self.moved(Root::Temp(expr), &[]));
        values
    }

    /// Whether the value stands in the variable of its temporary.
    fn is_kept(&self, expr: ExprId, value: &Expr) -> bool {
        matches!(value, Expr::Var(var) if self.temp_vars.get(&expr) == Some(var))
    }

    fn pin(&mut self, expr: ExprId, value: Expr) -> Expr {
        let ty = self.expr_ty(expr);
        let form = self.go_ty(ty);
        let var = self.locals.temporary("v");
        self.define(var, value, Some(form));
        Expr::Var(var)
    }

    /// The stability of an operand: one that borrows a fixed place does so until the operation itself, so nothing changes what it refers to.
    fn operand_stability(&self, expr: ExprId) -> Stability {
        match &self.body.exprs[expr].kind {
            ExprKind::Borrow { place, .. } if self.is_fixed_place(*place) => Stability::Stable,
            _ => self.stability(expr),
        }
    }

    /// Whether a place that is borrowed stays where it is: no reference on the way to it can be set to something else meanwhile.
    pub(super) fn is_fixed_place(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Local(_) | ExprKind::Upvar(_) | ExprKind::Static(_) => true,
            ExprKind::Field { base, .. } | ExprKind::PlaceAscription { base, .. } => self.is_fixed_place(*base),
            ExprKind::Deref(inner) => match &self.body.exprs[*inner].kind {
                ExprKind::Local(local) if self.is_fixed_pointer(*local) => true,
                // A box is not assigned while what it holds is borrowed; a reference may be.
                _ => self.cx.box_payload(self.expr_ty(*inner)).is_some() && self.is_fixed_place(*inner),
            },
            _ => false,
        }
    }

    pub(super) fn is_fixed_pointer(&self, local: LocalId) -> bool {
        self.body.locals.get(local).is_some_and(|l| !l.mutable)
            && self.facts.is_none_or(|facts| !facts.reassigned.contains(&local))
    }

    pub(super) fn stability(&self, expr: ExprId) -> Stability {
        let body = self.body;
        let many = |exprs: &[ExprId]| exprs.iter().map(|e| self.stability(*e)).max().unwrap_or(Stability::Stable);
        match &body.exprs[expr].kind {
            ExprKind::Literal(_) | ExprKind::Const { .. } | ExprKind::ConstParam(_) | ExprKind::FnItem { .. } => {
                Stability::Stable
            }
            ExprKind::Local(local) => {
                let is_mutable = body.locals.get(*local).is_none_or(|l| l.mutable)
                    || self.is_copied_function(expr)
                    || self.facts.is_some_and(|f| f.reassigned.contains(local));
                if is_mutable { Stability::Mutable } else { Stability::Stable }
            }
            ExprKind::Upvar(_) | ExprKind::Static(_) => Stability::Mutable,
            ExprKind::Deref(inner) => {
                let is_shared = matches!(self.expr_ty(*inner).kind(), TyKind::Ref(_, _, Mutability::Not));
                let inner = self.stability(*inner);
                // Behind a shared reference nothing changes, interior mutability aside: that is only reached by calls.
                if is_shared { inner } else { inner.max(Stability::Mutable) }
            }
            ExprKind::Field { base, .. } | ExprKind::PlaceAscription { base, .. } => self.stability(*base),
            ExprKind::Index { base, index } => {
                let own = if self.is_within(*base, *index) { Stability::Stable } else { Stability::Mutable };
                own.max(self.stability(*base)).max(self.stability(*index))
            }
            ExprKind::Unary { op, expr: operand } => {
                let is_checked = *op == thir::UnaryOp::Neg && self.is_checked_integer(expr);
                let own = if is_checked && !self.is_number(*operand) { Stability::Mutable } else { Stability::Stable };
                own.max(self.stability(*operand))
            }
            ExprKind::Coerce { expr, .. } | ExprKind::Cast { expr, .. } => self.stability(*expr),
            ExprKind::Binary { op, lhs, rhs } => {
                let own = if self.may_fail(expr, *op, *rhs) { Stability::Mutable } else { Stability::Stable };
                own.max(self.stability(*lhs)).max(self.stability(*rhs))
            }
            ExprKind::Logical { lhs, rhs, .. } => self.stability(*lhs).max(self.stability(*rhs)),
            ExprKind::Borrow { place, kind, .. } => match kind {
                // The address of a variable is the same at any time.
                thir::BorrowKind::Mut { .. } | thir::BorrowKind::Unique => match self.stability(*place) {
                    Stability::Mutable if matches!(body.exprs[*place].kind, ExprKind::Local(_)) => Stability::Stable,
                    other => other,
                },
                thir::BorrowKind::Shared | thir::BorrowKind::Fake => self.stability(*place),
            },
            ExprKind::Adt(adt) => {
                let fields: Vec<ExprId> = adt.fields.iter().map(|(_, e)| *e).chain(adt.base).collect();
                many(&fields)
            }
            ExprKind::Array(items) | ExprKind::VecMacro(items) | ExprKind::Tuple(items) => many(items),
            ExprKind::Repeat { value, .. } => self.stability(*value),
            ExprKind::VecRepeat { value, len } => self.stability(*value).max(self.stability(*len)),
            ExprKind::Range { start, end, .. } => {
                start.iter().chain(end).map(|e| self.stability(*e)).max().unwrap_or(Stability::Stable)
            }
            ExprKind::Closure { .. } => Stability::Mutable,
            ExprKind::Block(block) => {
                let block = &body.blocks[*block];
                match (&block.stmts[..], block.tail) {
                    ([], Some(tail)) => self.stability(tail),
                    ([], None) => Stability::Stable,
                    _ => Stability::Effect,
                }
            }
            ExprKind::Call { .. }
            | ExprKind::If { .. }
            | ExprKind::Let { .. }
            | ExprKind::Match { .. }
            | ExprKind::Loop { .. }
            | ExprKind::While { .. }
            | ExprKind::For { .. }
            | ExprKind::Break { .. }
            | ExprKind::Continue { .. }
            | ExprKind::Return { .. }
            | ExprKind::Try { .. }
            | ExprKind::Assign { .. }
            | ExprKind::AssignOp { .. }
            | ExprKind::DestructureAssign { .. }
            | ExprKind::FormatArgs(_)
            | ExprKind::Error => Stability::Effect,
        }
    }
}

impl Lower<'_, '_> {
    /// Whether an index is known to be one of the array's.
    fn is_within(&self, base: ExprId, index: ExprId) -> bool {
        let TyKind::Array(_, len) = self.expr_ty(base).kind() else { return false };
        self.number(index).zip(len.as_usize()).is_some_and(|(index, len)| index < i128::from(len))
    }

    /// Whether an index on the way to a place may be out of range.
    pub(super) fn may_miss(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Field { base, .. } | ExprKind::PlaceAscription { base, .. } => self.may_miss(*base),
            ExprKind::Deref(inner) => self.may_miss(*inner),
            ExprKind::Index { base, index } => !self.is_within(*base, *index) || self.may_miss(*base),
            _ => false,
        }
    }

    /// Whether an operation of numbers may panic.
    fn may_fail(&self, expr: ExprId, op: HirOp, rhs: ExprId) -> bool {
        match op {
            HirOp::Div | HirOp::Rem => {
                self.expr_ty(expr).is_integral() && self.number(rhs).is_none_or(|divisor| divisor == 0)
            }
            HirOp::Sub if super::arith::is_usize(self.expr_ty(expr)) => true,
            HirOp::Add | HirOp::Sub | HirOp::Mul => self.is_checked_integer(expr),
            HirOp::Shl | HirOp::Shr => self.is_checked_integer(expr) && !self.is_number(rhs),
            _ => false,
        }
    }

    fn is_checked_integer(&self, expr: ExprId) -> bool {
        self.cx.options.overflow_checks && self.expr_ty(expr).is_integral()
    }

    fn is_number(&self, expr: ExprId) -> bool {
        self.number(expr).is_some()
    }

    /// The number that is written here.
    fn number(&self, expr: ExprId) -> Option<i128> {
        match self.body.exprs[expr].kind {
            ExprKind::Literal(ConstValue::Int(number)) => Some(number),
            _ => None,
        }
    }
}

/// A temporary of our own, or a constant: already fixed.
fn is_pinned(value: &Expr) -> bool {
    match value {
        Expr::Lit(_) | Expr::Typed(..) | Expr::Const(..) => true,
        // The map and the key of an entry that is borrowed have been fixed where it was made.
        Expr::Unary(UnaryOp::Addr, place) => matches!(**place, Expr::Entry(_)),
        _ => false,
    }
}
