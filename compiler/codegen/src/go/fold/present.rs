//! Comparisons with nil of what is visibly something: a variable that was declared with an address or a function and is never set again.

use rustc_hash::FxHashSet;

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit;

pub fn decide_checks(body: &mut Block) {
    let vars = Variables::of(body);
    let mut present: FxHashSet<VarId> = FxHashSet::default();
    let mut note = |var: VarId, value: &Expr| {
        let is_something = matches!(value, Expr::Unary(UnaryOp::Addr, _) | Expr::Func(_));
        if is_something && vars.writes(var) == 0 && !vars.escaping.contains(&var) {
            present.insert(var);
        }
    };
    visit::walk_stmts(body, &mut |stmt| match &stmt.kind {
        StmtKind::Define(declared, values) if declared.len() == values.len() => {
            for (var, value) in declared.iter().zip(values) {
                var.iter().for_each(|var| note(*var, value));
            }
        }
        StmtKind::Var(var, _, Some(value)) => note(*var, value),
        _ => {}
    });
    if present.is_empty() {
        return;
    }
    visit::rewrite_exprs(body, &mut |expr| {
        if let Expr::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), value, nil) = expr
            && matches!(**nil, Expr::Lit(Lit::Nil))
            && matches!(**value, Expr::Var(var) if present.contains(&var))
        {
            *expr = Expr::bool(*op == BinaryOp::Ne);
        }
    });
}
