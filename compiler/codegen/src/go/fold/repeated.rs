//! Conditions that are asked again: in the branch of `if v.OK`, `v.OK` is true as long as nobody can have changed `v`.
//!
//! `v` is a temporary that is set once and whose address only goes to calls; such a call ends what is known.

use rustc_hash::{FxHashMap, FxHashSet};

use super::effect::{Variables, root};
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

/// Whether some condition is a field of a variable.
pub fn is_asked(body: &[Stmt], literals: Literals) -> bool {
    visit::any_stmt(body, literals, |stmt| matches!(&stmt.kind, StmtKind::If(choice) if asked(&choice.cond).is_some()))
}

/// The variable that a condition asks for a field, the field, and what it must be.
fn asked(cond: &Expr) -> Option<(VarId, &Expr, bool)> {
    let (field, value) = match cond {
        Expr::Unary(UnaryOp::Not, inner) => (&**inner, false),
        cond => (cond, true),
    };
    let Expr::Select(base, _) = field else { return None };
    match **base {
        Expr::Var(var) => Some((var, field, value)),
        _ => None,
    }
}

pub fn decide(body: &mut Block, literals: Literals, locals: &Locals, vars: &Variables) {
    let kept = kept_addresses(body);
    let is_candidate = |var: VarId| locals.is_temporary(var) && vars.writes(var) == 0 && !kept.contains(&var);
    in_block(body, literals, &is_candidate);
}

fn in_block(body: &mut Block, literals: Literals, is_candidate: &dyn Fn(VarId) -> bool) {
    for stmt in body.iter_mut() {
        visit::each_inner_block(stmt, literals, &|block| in_block(block, literals, is_candidate));
        let StmtKind::If(choice) = &mut stmt.kind else { continue };
        if let Some((var, cond, value)) = asked(&choice.cond)
            && is_candidate(var)
        {
            let cond = cond.clone();
            in_branch(&mut choice.then, &cond, var, value);
            in_branch(&mut choice.els, &cond, var, !value);
        }
    }
}

/// Replaces the condition in the statements of a branch, up to the first that may change it.
fn in_branch(body: &mut Block, cond: &Expr, var: VarId, value: bool) {
    for stmt in body {
        if let StmtKind::If(choice) = &mut stmt.kind {
            visit::rewrite_expr(&mut choice.cond, &mut |expr| {
                if expr == cond {
                    *expr = Expr::bool(value);
                }
            });
        }
        if may_change(stmt, var) {
            return;
        }
    }
}

fn may_change(stmt: &Stmt, var: VarId) -> bool {
    let mut found = false;
    visit::walk_exprs(std::slice::from_ref(stmt), &mut |expr| {
        found |= match expr {
            Expr::Unary(UnaryOp::Addr, place) => root(place) == Some(var),
            Expr::Func(lit) => visit::mentions(&lit.body, var),
            Expr::Call(call) => matches!(&call.fun, Expr::Select(base, _) if root(base) == Some(var)),
            _ => false,
        };
    });
    visit::walk_stmts(std::slice::from_ref(stmt), Literals::Possible, &mut |stmt| {
        found |= match &stmt.kind {
            StmtKind::Assign(places, _) => places.iter().flatten().any(|place| root(place) == Some(var)),
            StmtKind::OpAssign(_, place, _) | StmtKind::Inc(place) | StmtKind::Dec(place) => root(place) == Some(var),
            _ => false,
        };
    });
    found
}

/// Variables whose address goes elsewhere than to a call, or that a function literal mentions.
fn kept_addresses(body: &[Stmt]) -> FxHashSet<VarId> {
    let mut kept: FxHashSet<VarId> = FxHashSet::default();
    // How often the address of each is taken, but for those that are handed to a call.
    let mut elsewhere: FxHashMap<VarId, i32> = FxHashMap::default();
    let address = |expr: &Expr| match expr {
        Expr::Unary(UnaryOp::Addr, place) => root(place),
        _ => None,
    };
    visit::walk_exprs(body, &mut |expr| {
        if let Some(var) = address(expr) {
            *elsewhere.entry(var).or_default() += 1;
        }
        match expr {
            Expr::Call(call) => {
                call.args.iter().filter_map(address).for_each(|var| *elsewhere.entry(var).or_default() -= 1);
            }
            Expr::Slice(cut) => kept.extend(root(&cut.base)),
            Expr::Func(lit) => visit::walk_exprs(&lit.body, &mut |expr| {
                if let Expr::Var(var) = expr {
                    kept.insert(*var);
                }
            }),
            _ => {}
        }
    });
    kept.extend(elsewhere.into_iter().filter(|(_, count)| *count > 0).map(|(var, _)| var));
    kept
}
