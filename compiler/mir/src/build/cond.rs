//! Conditions: `&&`, `||`, `let` and plain booleans, with one way on and one way out.

use rgo_hir::body::LogicalOp;
use rgo_typeck::thir::{self, ExprKind};

use super::{Builder, last_byte};
use crate::mir::*;

impl Builder<'_> {
    /// Continues where `id` holds; where it does not, leaves the scopes from `depth` inwards and goes to `failed`.
    pub(super) fn cond(&mut self, id: thir::ExprId, depth: usize, failed: BlockId) {
        let thir = self.thir;
        let span = thir.exprs[id].span;
        match &thir.exprs[id].kind {
            ExprKind::Logical { op: LogicalOp::And, lhs, rhs } => {
                self.cond(*lhs, depth, failed);
                self.cond(*rhs, depth, failed);
            }
            ExprKind::Logical { op: LogicalOp::Or, lhs, rhs } => {
                let holds = self.new_block();
                let second = self.new_block();
                let inner = self.scopes.len();
                self.cond(*lhs, inner, second);
                self.goto(holds, span);
                self.start(second);
                self.cond(*rhs, depth, failed);
                self.goto(holds, span);
                self.start(holds);
            }
            ExprKind::Unary { op: thir::UnaryOp::Not, expr } => {
                // Where the operand fails, this holds.
                let holds = self.new_block();
                self.cond(*expr, self.scopes.len(), holds);
                self.leave(depth, ScopeExit::CondFailed(id));
                self.goto(failed, span);
                self.start(holds);
            }
            ExprKind::Let { pat, scrutinee } => {
                let place = self.as_place(*scrutinee);
                let scrutinee_span = thir.exprs[*scrutinee].span;
                self.fake_read(FakeReadCause::Mention, &place, scrutinee_span);
                let out = self.new_block();
                self.fail_edge(out, depth, ScopeExit::CondFailed(id), failed, span);
                self.bind_refutable(*pat, (place, scrutinee_span), self.scopes.len() - 1, out);
            }
            _ => {
                let mut value = None;
                self.terminating(ScopeExit::ExprEnd(id), last_byte(span), |b| value = Some(b.bool_temp(id)));
                let Some(temp) = value else { return };
                let holds = self.new_block();
                let out = self.new_block();
                let value = Operand::Move(Place::local(temp));
                self.terminate(TerminatorKind::SwitchInt { value, targets: vec![(0, out)], otherwise: holds }, span);
                self.start(out);
                self.leave(depth, ScopeExit::CondFailed(id));
                self.goto(failed, span);
                self.start(holds);
            }
        }
    }

    /// Makes `out` leave the scopes as they are now and go to `failed`; building goes on where it was.
    pub(super) fn fail_edge(
        &mut self,
        out: BlockId,
        depth: usize,
        exit: ScopeExit,
        failed: BlockId,
        span: rgo_syntax::Span,
    ) {
        let here = self.cur;
        self.start(out);
        self.leave(depth, exit);
        self.goto(failed, span);
        self.start(here);
    }

    fn bool_temp(&mut self, id: thir::ExprId) -> LocalId {
        let expr = &self.thir.exprs[id];
        let (ty, span) = (expr.ty, expr.span);
        let temp = self.new_temp(ty, span, Some(id));
        self.into(&Place::local(temp), id);
        temp
    }
}
