//! The loops over the parts of a slice: `chunks`, `chunks_exact` and `windows`.

use super::source::{Body, counted};
use super::*;
use crate::go::constant;

/// Sizes up to this can be added to a length.
const SMALL: i128 = 1 << 31;

impl Parts {
    /// How many there are, where that takes no more than a constant.
    pub(super) fn count(&self) -> Option<Expr> {
        let len = Expr::builtin("len", vec![self.base.clone()]);
        let size = self.small_size()?;
        let mut count = match self.kind {
            PartsOf::Chunks => {
                let rounded = Expr::binary(BinaryOp::Add, len, Expr::int(size - 1));
                Expr::binary(BinaryOp::Div, rounded, Expr::int(size))
            }
            PartsOf::ChunksExact => Expr::binary(BinaryOp::Div, len, Expr::int(size)),
            PartsOf::Windows => {
                let fitting = Expr::binary(BinaryOp::Sub, len, Expr::int(size - 1));
                Expr::builtin("max", vec![fitting, Expr::int(0)])
            }
        };
        crate::go::fold::simplify(&mut count);
        Some(count)
    }

    fn small_size(&self) -> Option<i128> {
        constant::value(&self.size).map(|(size, _)| size).filter(|size| (1..SMALL).contains(size))
    }
}

impl<'a, 'db> Lower<'a, 'db> {
    pub(super) fn assert_size(&mut self, kind: PartsOf, size: &Expr) {
        if constant::value(size).is_some_and(|(size, _)| size > 0) {
            return;
        }
        let message = match kind {
            PartsOf::Windows => "window size must be non-zero",
            PartsOf::Chunks | PartsOf::ChunksExact => "chunk size must be non-zero",
        };
        let panic = Expr::builtin("panic", vec![Expr::str(message)]);
        let is_zero = Expr::binary(BinaryOp::Eq, fitted(size.clone()), Expr::int(0));
        self.emit(StmtKind::if_else(is_zero, vec![StmtKind::Expr(panic).into()], Vec::new()));
    }

    pub(super) fn parts_of_slice(&mut self, parts: &Parts, label: LabelId, body: &mut Body<'_, 'a, 'db>) -> StmtKind {
        let len = Expr::builtin("len", vec![parts.base.clone()]);
        let size = fitted(parts.size.clone());
        let index = self.locals.temporary("i");
        let at = Expr::Var(index);
        let behind = Expr::binary(BinaryOp::Add, at.clone(), size.clone());
        let is_small = parts.small_size().is_some();
        match parts.kind {
            PartsOf::Windows => {
                let body = self.part_body(parts, (at, behind), label, body);
                let mut count = Expr::binary(BinaryOp::Sub, len, size);
                count = Expr::binary(BinaryOp::Add, count, Expr::int(1));
                if let Some(size) = parts.small_size() {
                    count = Expr::binary(
                        BinaryOp::Sub,
                        Expr::builtin("len", vec![parts.base.clone()]),
                        Expr::int(size - 1),
                    );
                }
                crate::go::fold::simplify(&mut count);
                StmtKind::Range(Box::new(Range { key: Some(index), value: None, expr: count, body }))
            }
            PartsOf::Chunks => {
                // A step of no more than the length, so that the sum has room.
                let step =
                    if is_small { size } else { self.temp("step", Expr::builtin("min", vec![size, len.clone()])) };
                let behind = Expr::binary(BinaryOp::Add, at.clone(), step.clone());
                let end = Expr::builtin("min", vec![behind, len.clone()]);
                let body = self.part_body(parts, (at.clone(), end), label, body);
                let cond = Expr::binary(BinaryOp::Lt, at.clone(), len);
                counted(StmtKind::define(index, Expr::int(0)), cond, StmtKind::OpAssign(BinaryOp::Add, at, step), body)
            }
            PartsOf::ChunksExact if is_small => {
                let body = self.part_body(parts, (at.clone(), behind.clone()), label, body);
                let cond = Expr::binary(BinaryOp::Le, behind, len);
                counted(StmtKind::define(index, Expr::int(0)), cond, StmtKind::OpAssign(BinaryOp::Add, at, size), body)
            }
            PartsOf::ChunksExact => {
                // Counted by the ends, so that no sum goes beyond the length but the last, which has room.
                let begin = Expr::binary(BinaryOp::Sub, at.clone(), size.clone());
                let body = self.part_body(parts, (begin, at.clone()), label, body);
                let cond = Expr::binary(BinaryOp::Le, at.clone(), len);
                let init = StmtKind::define(index, default_typed(size.clone()));
                counted(init, cond, StmtKind::OpAssign(BinaryOp::Add, at, size), body)
            }
        }
    }

    fn part_body(
        &mut self,
        parts: &Parts,
        (low, high): (Expr, Expr),
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> Block {
        self.block(|lower| {
            let part = lower.locals.temporary("part");
            lower.define(part, parts.base.clone().slice(Some(low), Some(high)), None);
            body(lower, Subject::Place(Expr::Var(part), parts.part), None, label)
        })
    }
}
