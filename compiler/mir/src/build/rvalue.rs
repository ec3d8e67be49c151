//! Expressions as right-hand sides of assignments.

use rgo_hir::body::BinaryOp;
use rgo_syntax::Span;
use rgo_typeck::thir::{self, BorrowKind, CaptureBy, ExprKind};
use rgo_typeck::ty::{Ty, TyKind};

use super::Builder;
use crate::mir::*;

impl Builder<'_> {
    /// The check of an operation on integers that overflows or divides by zero: an edge to what a panic drops. Where nothing is there to be dropped
    /// no edge is needed.
    pub(super) fn check_arithmetic(&mut self, op: BinaryOp, ty: Ty, operand: &Operand, span: Span) {
        use BinaryOp::{Add, Div, Mul, Rem, Shl, Shr, Sub};
        if matches!(op, Add | Sub | Mul | Div | Rem | Shl | Shr) {
            self.check_number(ty, operand, span);
        }
    }

    fn check_number(&mut self, ty: Ty, operand: &Operand, span: Span) {
        if !matches!(ty.kind(), TyKind::Int(_) | TyKind::Uint(_)) {
            return;
        }
        let Some(unwind) = self.unwind() else { return };
        let target = self.new_block();
        let cond = match operand {
            Operand::Move(place) => Operand::Copy(place.clone()),
            other => other.clone(),
        };
        self.terminate(TerminatorKind::Assert { cond, target, unwind: Some(unwind) }, span);
        self.start(target);
    }

    pub(super) fn as_rvalue(&mut self, id: thir::ExprId) -> Rvalue {
        let thir = self.thir;
        let expr = &thir.exprs[id];
        match &expr.kind {
            ExprKind::Unary { op, expr: inner } => {
                let operand = self.as_operand(*inner);
                if *op == thir::UnaryOp::Neg {
                    self.check_number(thir.exprs[*inner].ty, &operand, expr.span);
                }
                Rvalue::Unary(*op, operand)
            }
            ExprKind::Binary { op, lhs, rhs } => {
                let ty = thir.exprs[*lhs].ty;
                let lhs = self.as_operand(*lhs);
                let rhs = self.as_operand(*rhs);
                self.check_arithmetic(*op, ty, &rhs, expr.span);
                Rvalue::Binary(*op, lhs, rhs)
            }
            ExprKind::Cast { kind, expr: inner, user_ty } => {
                let mut operand = self.as_operand(*inner);
                if let Some(user_ty) = user_ty {
                    let value = self.temp_of(thir.exprs[*inner].ty, Rvalue::Use(operand.clone()), expr.span);
                    self.moved([&operand]);
                    let place = Place::local(value);
                    let ascribe = StatementKind::AscribeUserType(place.clone(), user_ty.clone(), Variance::Covariant);
                    if *kind == thir::CastKind::Identity {
                        self.push(ascribe, user_ty.span);
                    }
                    operand = Operand::Move(place);
                }
                let kind = match kind {
                    thir::CastKind::Numeric => CastKind::Numeric,
                    thir::CastKind::EnumToInt => CastKind::EnumToInt,
                    thir::CastKind::Address => CastKind::Address,
                    thir::CastKind::Identity => CastKind::Identity,
                };
                Rvalue::Cast(kind, operand, expr.ty)
            }
            ExprKind::Coerce { kind, expr: inner } => {
                let operand = self.as_operand(*inner);
                Rvalue::Cast(CastKind::Coerce(kind.clone()), operand, expr.ty)
            }
            ExprKind::Adt(adt) => self.adt(adt, expr.ty, expr.span),
            ExprKind::Array(items) => Rvalue::Aggregate(AggregateKind::Array, self.operands(items)),
            ExprKind::Tuple(items) => Rvalue::Aggregate(AggregateKind::Tuple, self.operands(items)),
            ExprKind::VecMacro(items) => Rvalue::Aggregate(AggregateKind::Vec, self.operands(items)),
            ExprKind::VecRepeat { value, len } => {
                Rvalue::Aggregate(AggregateKind::VecRepeat, self.operands(&[*value, *len]))
            }
            ExprKind::Repeat { value, len } => Rvalue::Repeat(self.as_operand(*value), *len),
            ExprKind::Range { start, end, .. } => {
                let items: Vec<thir::ExprId> = start.iter().chain(end).copied().collect();
                Rvalue::Aggregate(AggregateKind::Range, self.operands(&items))
            }
            ExprKind::Closure { def } => self.closure(*def, expr.ty, expr.span),
            ExprKind::FormatArgs(format) => self.format_args(format),
            _ => match self.as_constant(id) {
                Some(constant) => Rvalue::Use(constant),
                None => Rvalue::Use(self.as_operand(id)),
            },
        }
    }

    fn operands(&mut self, items: &[thir::ExprId]) -> Vec<Operand> {
        items.iter().map(|item| self.as_operand(*item)).collect()
    }

    fn adt(&mut self, adt: &thir::AdtExpr, ty: Ty, span: rgo_syntax::Span) -> Rvalue {
        let written: Vec<(u32, Operand)> =
            adt.fields.iter().map(|(index, value)| (*index, self.as_operand(*value))).collect();
        let fields = crate::types::field_tys(self.db, adt.adt, adt.variant, ty);
        let base = adt.base.map(|base| self.as_place(base));
        let count = fields.len().max(written.iter().map(|(index, _)| *index as usize + 1).max().unwrap_or(0));
        let mut operands: Vec<Option<Operand>> = vec![None; count];
        for (index, operand) in written {
            operands[index as usize] = Some(operand);
        }
        let operands = operands
            .into_iter()
            .enumerate()
            .filter_map(|(index, operand)| match (operand, &base) {
                (Some(operand), _) => Some(operand),
                (None, Some(base)) => {
                    let ty = *fields.get(index)?;
                    // A closure has of an outer variable only the fields that are taken.
                    let place = self.resolved(base.clone().field(index as u32, ty))?;
                    Some(self.consume(place, ty))
                }
                (None, None) => None,
            })
            .collect();
        let written = adt.user_args.as_ref().map(|path| {
            let mut fields = vec![span; count];
            adt.fields.iter().for_each(|(index, value)| fields[*index as usize] = self.thir.exprs[*value].span);
            Box::new(WrittenAdt { path: (**path).clone(), fields })
        });
        let kind = AggregateKind::Adt { adt: adt.adt, variant: adt.variant, args: adt.args, written };
        Rvalue::Aggregate(kind, operands)
    }

    fn closure(&mut self, def: rgo_hir::DefId, ty: Ty, span: rgo_syntax::Span) -> Rvalue {
        let TyKind::Closure(_, args) = ty.kind() else {
            return Rvalue::Aggregate(AggregateKind::Tuple, Vec::new());
        };
        let Some(info) = crate::types::closure_info(self.db, def) else {
            return Rvalue::Aggregate(AggregateKind::Tuple, Vec::new());
        };
        for (place, span) in &info.matched {
            if let Some(place) = self.place_of_capture(place) {
                self.push(StatementKind::FakeRead(FakeReadCause::Match, place), *span);
            }
        }
        let operands = info
            .captures
            .iter()
            .filter_map(|capture| {
                let place = self.place_of_capture(&capture.place)?;
                Some(match capture.by {
                    CaptureBy::Value => self.consume(place, capture.place.ty),
                    CaptureBy::Ref(kind) => {
                        let kind = self.capture_kind(kind, &capture.place);
                        let temp = self.temp_of(capture.ty, Rvalue::Ref(kind, place), span);
                        Operand::Move(Place::local(temp))
                    }
                })
            })
            .collect();
        Rvalue::Aggregate(AggregateKind::Closure(def, *args), operands)
    }

    /// A mutable borrow of what starts at an immutable variable is unique: it goes through a `&mut`, or is an error inside the closure.
    fn capture_kind(&self, kind: BorrowKind, place: &thir::CapturedPlace) -> BorrowKind {
        let mutable = match self.variables.get(place.local) {
            Some(variable) => self.locals[variable.local].mutability == rgo_hir::body::Mutability::Mut,
            None => self.upvar_of(place.local, &place.projections).is_some_and(|upvar| self.upvars[upvar].mutable),
        };
        match kind {
            BorrowKind::Mut { .. } if !mutable => BorrowKind::Unique,
            _ => kind,
        }
    }

    fn format_args(&mut self, format: &thir::FormatArgs) -> Rvalue {
        let thir = self.thir;
        let operands = format
            .args
            .iter()
            .map(|arg| {
                let expr = &thir.exprs[*arg];
                let mutability = rgo_hir::body::Mutability::Not;
                let ty = Ty::new(TyKind::Ref(crate::types::erased_region(), expr.ty, mutability));
                if let Some(promoted) = self.promoted_of(*arg, BorrowKind::Shared, *arg, ty) {
                    return promoted;
                }
                let place = self.as_place(*arg);
                let temp = self.temp_of(ty, Rvalue::Ref(BorrowKind::Shared, place), expr.span);
                Operand::Move(Place::local(temp))
            })
            .collect();
        Rvalue::FormatArgs(operands)
    }
}
