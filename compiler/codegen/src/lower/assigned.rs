//! The order of an assignment. Rust evaluates what is assigned before the place, Go the calls of both from left to right.

use super::*;
use crate::go::fold::Variables;
use crate::go::{constant, visit};

/// What the calls in an expression may do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Calls {
    No,
    /// Panic, and nothing else.
    Arithmetic,
    Any,
}

impl Lower<'_, '_> {
    /// The value of an assignment to `target`, for which statements may have been emitted from `mark` on: a variable that is set before these, where
    /// the value could be another one, or what it does be noticed, after them.
    pub(super) fn evaluated_first(&mut self, mark: usize, value: Expr, form: Option<Type>, target: &Expr) -> Expr {
        if self.comes_too_late(mark, &value, target) { self.set_before(mark, value, form) } else { value }
    }

    /// A variable that is set to the value before the statements from `mark` on.
    pub(super) fn set_before(&mut self, mark: usize, value: Expr, form: Option<Type>) -> Expr {
        let later = self.out.split_off(mark);
        let var = self.locals.temporary("v");
        self.define(var, value, form);
        self.out.extend(later);
        Expr::Var(var)
    }

    fn comes_too_late(&self, mark: usize, value: &Expr, target: &Expr) -> bool {
        let between = &self.out[mark..];
        match value {
            value if constant::is_constant(value) => false,
            Expr::Var(_) if between.is_empty() && self.calls(target) == Calls::No => false,
            Expr::Var(var) => {
                let target: Stmt = StmtKind::Expr(target.clone()).into();
                let vars = Variables::of(&between.iter().cloned().chain([target]).collect::<Block>());
                vars.writes(*var) != 0 || vars.escapes(*var) || vars.is_changed_inside(*var)
            }
            _ if !between.is_empty() => true,
            _ => match self.calls(target) {
                Calls::No => false,
                Calls::Arithmetic => self.calls(value) == Calls::Any,
                Calls::Any => true,
            },
        }
    }

    fn calls(&self, expr: &Expr) -> Calls {
        let mut found = Calls::No;
        visit::walk_expr(expr, &mut |e| {
            let Expr::Call(call) = e else { return };
            found = found.max(match &call.fun {
                Expr::Type(_) => Calls::No,
                Expr::Name(_) if Variables::default().is_droppable(e) => Calls::No,
                Expr::Imported(path, name) if **path == *self.cx.options.runtime_import && is_arithmetic(name) => {
                    Calls::Arithmetic
                }
                _ => Calls::Any,
            });
        });
        found
    }
}

/// Whether a function of the runtime does sums.
fn is_arithmetic(name: &str) -> bool {
    ["Add", "Sub", "Mul", "Div", "Rem", "Neg", "Shift"].iter().any(|op| name.starts_with(op))
        && !name.starts_with("Substr")
}
