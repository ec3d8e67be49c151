//! `?` on a `ControlFlow`: leaves the function with what it stops with.

use rgo_mir::ScopeExit;
use rgo_typeck::thir::ExprId;
use rgo_typeck::ty::Ty;

use super::*;

/// The position of `Continue` and of `Break` among the variants.
const CONTINUE: usize = 0;
const BREAK: usize = 1;

impl Lower<'_, '_> {
    /// The payload of `Continue`; `Break` is handed to the caller, whose own `Continue` may have another type.
    pub(super) fn question_control_flow(&mut self, expr: ExprId, operand: ExprId, ret: Ty) -> Val {
        let subject = self.subject(operand);
        if let Some(stops) = self.variant_test(&subject, BREAK) {
            let exit = self.block(|lower| {
                let stopped = lower.subject_field(&subject, BREAK, 0);
                let stopped = lower.subject_place(&stopped);
                let mut result = lower.make_adt(ret, BREAK, vec![(0, stopped)]);
                if lower.has_drops(ScopeExit::Jump(expr)) {
                    let value = lower.stored(result, ret);
                    result = Val::One(lower.temp("flow", value));
                    lower.drops(ScopeExit::Jump(expr));
                }
                lower.send_return(result, ret);
            });
            self.emit(StmtKind::if_else(stops, exit, Vec::new()));
        }
        let payload = self.subject_field(&subject, CONTINUE, 0);
        Val::One(self.subject_place(&payload))
    }
}
