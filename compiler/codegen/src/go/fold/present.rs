//! Comparisons with nil of what is visibly something: a variable that was declared with an address or a function and is never set again; and as
//! long as nobody has the address of the variable, in the statements behind its declaration.

use rustc_hash::FxHashSet;

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

/// Whether a variable is declared with something.
pub fn is_asked(body: &[Stmt], literals: Literals) -> bool {
    visit::any_stmt(body, literals, |stmt| match &stmt.kind {
        StmtKind::Define(_, values) => values.iter().any(is_something),
        StmtKind::Var(_, _, Some(value)) => is_something(value),
        _ => false,
    })
}

fn is_something(value: &Expr) -> bool {
    matches!(value, Expr::Unary(UnaryOp::Addr, _) | Expr::Func(_))
}

pub fn decide_checks(body: &mut Block, literals: Literals, vars: &Variables) {
    decide_behind(body, literals, vars);
    let mut present: FxHashSet<VarId> = FxHashSet::default();
    let mut note = |var: VarId, value: &Expr| {
        if is_something(value) && vars.writes(var) == 0 && !vars.escapes(var) {
            present.insert(var);
        }
    };
    visit::walk_stmts(body, literals, &mut |stmt| match &stmt.kind {
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
    visit::rewrite_exprs(body, &mut |expr| decide(expr, &|var| present.contains(&var)));
}

fn decide(expr: &mut Expr, is_present: &dyn Fn(VarId) -> bool) {
    if let Expr::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), value, nil) = expr
        && matches!(**nil, Expr::Lit(Lit::Nil))
        && matches!(**value, Expr::Var(var) if is_present(var))
    {
        *expr = Expr::bool(*op == BinaryOp::Ne);
    }
}

/// Decides the conditions between the declaration of a variable and the first statement that takes its address, which may set it.
fn decide_behind(body: &mut Block, literals: Literals, vars: &Variables) {
    for stmt in body.iter_mut() {
        visit::each_inner_block(stmt, literals, &|block| decide_behind(block, literals, vars));
    }
    for at in 0..body.len() {
        let StmtKind::Define(names, values) = &body[at].kind else { continue };
        let ([Some(var)], [Expr::Unary(UnaryOp::Addr, _)]) = (&names[..], &values[..]) else { continue };
        let var = *var;
        if vars.writes(var) != 0 || !vars.escapes(var) {
            continue;
        }
        for stmt in &mut body[at + 1..] {
            if let StmtKind::If(choice) = &mut stmt.kind
                && choice.init.is_none()
                && !takes_address(&choice.cond, var)
            {
                visit::rewrite_expr(&mut choice.cond, &mut |expr| decide(expr, &|other| other == var));
            }
            let mut is_taken = false;
            visit::walk_exprs(std::slice::from_ref(stmt), &mut |expr| is_taken |= takes_address(expr, var));
            if is_taken {
                break;
            }
        }
    }
}

/// Whether an expression may give another the address of a variable: plainly, by a function that captures it, or as the receiver of a method.
fn takes_address(expr: &Expr, var: VarId) -> bool {
    let is_in = |expr: &Expr| {
        let mut found = false;
        visit::walk_expr(expr, &mut |expr| found |= matches!(expr, Expr::Var(v) if *v == var));
        found
    };
    match expr {
        Expr::Unary(UnaryOp::Addr, place) => is_in(place),
        Expr::Func(_) => is_in(expr),
        Expr::Call(call) => matches!(&call.fun, Expr::Select(base, _) if is_in(base)),
        _ => false,
    }
}
