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
        let between = self.out[mark..].iter().cloned();
        let all: Block = between.chain([StmtKind::Expr(target.clone()).into()]).collect();
        if !self.comes_too_late(&value, target, &all) {
            return value;
        }
        let later = self.out.split_off(mark);
        let var = self.locals.temporary("v");
        self.define(var, value, form);
        self.out.extend(later);
        Expr::Var(var)
    }

    fn comes_too_late(&self, value: &Expr, target: &Expr, all: &Block) -> bool {
        if constant::is_constant(value) {
            return false;
        }
        let has_statements = all.len() > 1;
        match value {
            Expr::Var(var) => {
                let vars = Variables::of(all);
                vars.writes(*var) != 0 || vars.escapes(*var) || vars.is_changed_inside(*var)
            }
            _ if has_statements => true,
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
