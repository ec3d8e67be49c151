//! Ranges that count by more than one: no number between two of them is looked at, and none beyond the end is computed without room for it.

use super::source::{Body, Ends, counted, start, widened};
use super::*;
use crate::go::constant;

/// Whatever is added to an integer of up to 32 bits passes the ends of its type, if it is this.
const BEYOND_NARROW: i128 = 1 << 32;

impl<'a, 'db> Lower<'a, 'db> {
    pub(super) fn counting_by(
        &mut self,
        Stride { by: step, fits }: &Stride,
        ends: &Ends<'_>,
        direction: Direction,
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let form = self.go_ty(ends.ty);
        let is_size = super::super::arith::is_usize(ends.ty) && !ends.is_big && *fits;
        match direction {
            Direction::Forward if is_size || ends.has_room(step, &form) => self.counting_up_by(step, ends, label, body),
            _ if is_size => self.counting_down_by(step, ends, label, body),
            _ if constant::int_type(&form).is_some_and(|(bits, _)| bits < 64) => {
                self.counting_narrow_by(step, *fits, ends, direction, label, body)
            }
            Direction::Forward if !ends.included => self.counting_to_end(step, ends, label, body),
            _ => self.counting_while_more(step, ends, direction, label, body),
        }
    }

    /// `i += step`. Beyond the end of what is no constant, only `uint` is sure to have room.
    fn counting_up_by(
        &mut self,
        step: &Expr,
        ends: &Ends<'_>,
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let form = self.go_ty(ends.ty);
        let (var, body) = self.item_body(ends.ty, label, body);
        let is_sure = small(step).is_some() || ends.has_room(step, &form);
        let side = |value: Expr| if is_sure { value } else { Expr::convert(Type::name("uint"), value) };
        let cond = Expr::binary(ends.upwards(), side(Expr::Var(var)), side(fitted(ends.high.clone())));
        let post = StmtKind::OpAssign(BinaryOp::Add, Expr::Var(var), fitted(step.clone()));
        counted(start(var, ends.low.clone(), &form), cond, post, body)
    }

    /// `i -= step` of sizes, which have room below zero.
    fn counting_down_by(
        &mut self,
        step: &Expr,
        ends: &Ends<'_>,
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let form = self.go_ty(ends.ty);
        let (var, body) = self.item_body(ends.ty, label, body);
        let cond = Expr::binary(BinaryOp::Ge, Expr::Var(var), fitted(ends.low.clone()));
        let post = StmtKind::OpAssign(BinaryOp::Sub, Expr::Var(var), fitted(step.clone()));
        counted(start(var, ends.last(ends.high.clone()), &form), cond, post, body)
    }

    /// Numbers of up to 32 bits are counted in an `int`.
    fn counting_narrow_by(
        &mut self,
        step: &Expr,
        fits: bool,
        ends: &Ends<'_>,
        direction: Direction,
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let (form, int) = (self.go_ty(ends.ty), Type::name("int"));
        let step = match constant::value(step) {
            Some((value, _)) if value > 0 => Expr::int(value.min(BEYOND_NARROW)),
            Some(_) => Expr::int(BEYOND_NARROW),
            None => {
                let value = fitted(step.clone());
                let value = if fits { value } else { super::super::arith::as_uint(value) };
                let least = Expr::builtin("min", vec![value, Expr::int(BEYOND_NARROW)]);
                self.temp("by", if fits { least } else { Expr::convert(Type::name("int"), least) })
            }
        };
        let counter = self.locals.temporary("n");
        let var = self.locals.temporary("i");
        let body = self.block(|lower| {
            lower.define(var, Expr::convert(form.clone(), Expr::Var(counter)), None);
            body(lower, Subject::Place(Expr::Var(var), ends.ty), None, label)
        });
        let low = widened(ends.low.clone(), &form, &int);
        let high = widened(ends.high.clone(), &form, &int);
        let (first, op, end, post) = match direction {
            Direction::Forward => (low, ends.upwards(), high, BinaryOp::Add),
            Direction::Backward => (ends.last(high), BinaryOp::Ge, low, BinaryOp::Sub),
        };
        let cond = Expr::binary(op, Expr::Var(counter), fitted(end));
        counted(start(counter, first, &int), cond, StmtKind::OpAssign(post, Expr::Var(counter), step), body)
    }

    /// 64 bits, up to an end that is not included: the last step leads there and no further.
    fn counting_to_end(
        &mut self,
        step: &Expr,
        ends: &Ends<'_>,
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let form = self.go_ty(ends.ty);
        let (var, body) = self.item_body(ends.ty, label, body);
        let cond = ends.compared(BinaryOp::Lt, Expr::Var(var), fitted(ends.high.clone()));
        let args = vec![Expr::Var(var), fitted(step.clone()), fitted(ends.high.clone())];
        let post = StmtKind::assign(Expr::Var(var), Expr::call(self.runtime("Step"), args));
        counted(start(var, ends.low.clone(), &form), cond, post, body)
    }

    /// 64 bits in the other cases: each step says whether there is a next number.
    fn counting_while_more(
        &mut self,
        step: &Expr,
        ends: &Ends<'_>,
        direction: Direction,
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let form = self.go_ty(ends.ty);
        let (first, last, helper) = match direction {
            Direction::Forward => (ends.low.clone(), ends.high, "StepUp"),
            Direction::Backward => (ends.last(ends.high.clone()), ends.low, "StepDown"),
        };
        let var = self.locals.temporary("i");
        let counter = self.locals.temporary("n");
        self.define(counter, first, Some(form.clone()));
        let more = self.locals.temporary("more");
        let body = self.block(|lower| {
            lower.define(var, Expr::Var(counter), Some(form.clone()));
            let args = vec![Expr::Var(var), fitted(step.clone()), fitted(last.clone())];
            let next = Expr::call(lower.runtime(helper), args);
            lower.emit(StmtKind::Assign(vec![Some(Expr::Var(counter)), Some(Expr::Var(more))], vec![next]));
            body(lower, Subject::Place(Expr::Var(var), ends.ty), None, label)
        });
        let is_all = ends.included && !super::super::arith::is_signed(ends.ty);
        let any = match constant::value(ends.low) {
            Some((0, _)) if is_all => Expr::bool(true),
            _ => ends.compared(ends.upwards(), default_typed(ends.low.clone()), fitted(ends.high.clone())),
        };
        let init = StmtKind::define(more, any);
        StmtKind::For(Box::new(For { init: Some(init.into()), cond: Some(Expr::Var(more)), post: None, body }))
    }
}

impl Ends<'_> {
    /// Whether a step beyond the upper end is known to be a number of the type.
    fn has_room(&self, step: &Expr, form: &Type) -> bool {
        let (Some((high, _)), Some((step, _))) = (constant::value(self.high), constant::value(step)) else {
            return false;
        };
        !self.is_big && step > 0 && constant::wrap(high + step, form) == high + step
    }
}

/// A step that no size has too little room for.
fn small(step: &Expr) -> Option<i128> {
    constant::value(step).map(|(value, _)| value).filter(|value| (1..BEYOND_NARROW).contains(value))
}
