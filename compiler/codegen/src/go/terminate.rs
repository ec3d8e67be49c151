//! Which statements end the flow of control, by the rules of the Go specification ("Terminating statements").

use super::ast::*;
use super::visit;

/// Whether control never leaves the list at its end.
pub fn list_terminates(stmts: &[Stmt]) -> bool {
    stmts.iter().rev().find(|s| !matches!(s.kind, StmtKind::Comment(_))).is_some_and(terminates)
}

pub fn terminates(stmt: &Stmt) -> bool {
    terminates_labeled(stmt, None)
}

/// Whether a statement after this one would be dead: also `break` and `continue`, which are no terminating statements.
pub fn diverges(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Break(_) | StmtKind::Continue(_) => true,
        StmtKind::Block(block) => block.last().is_some_and(diverges),
        StmtKind::If(s) => s.then.last().is_some_and(diverges) && s.els.last().is_some_and(diverges),
        _ => terminates(stmt),
    }
}

fn terminates_labeled(stmt: &Stmt, label: Option<LabelId>) -> bool {
    match &stmt.kind {
        StmtKind::Return(_) => true,
        StmtKind::Expr(Expr::Call(call)) => matches!(&call.fun, Expr::Name(name) if &**name == "panic"),
        StmtKind::Block(block) => list_terminates(block),
        StmtKind::If(s) => list_terminates(&s.then) && list_terminates(&s.els),
        StmtKind::For(s) => s.cond.is_none() && !breaks(&s.body, label, Nesting::Own),
        StmtKind::Switch(s) => {
            s.cases.iter().any(|c| c.exprs.is_empty())
                && s.cases.iter().all(|c| list_terminates(&c.body) && !breaks(&c.body, label, Nesting::Own))
        }
        StmtKind::TypeSwitch(s) => {
            s.cases.iter().any(|c| c.types.is_empty())
                && s.cases.iter().all(|c| list_terminates(&c.body) && !breaks(&c.body, label, Nesting::Own))
        }
        StmtKind::Select(cases) => {
            cases.iter().all(|c| list_terminates(&c.body) && !breaks(&c.body, label, Nesting::Own))
        }
        StmtKind::Labeled(label, inner) => terminates_labeled(inner, Some(*label)),
        StmtKind::Expr(_)
        | StmtKind::Define(..)
        | StmtKind::Var(..)
        | StmtKind::Assign(..)
        | StmtKind::OpAssign(..)
        | StmtKind::Inc(_)
        | StmtKind::Dec(_)
        | StmtKind::Range(_)
        | StmtKind::Break(_)
        | StmtKind::Continue(_)
        | StmtKind::Go(_)
        | StmtKind::Defer(_)
        | StmtKind::Send(..)
        | StmtKind::Comment(_) => false,
    }
}

/// Whether a plain `break` in the place looked at leaves the statement asked about.
#[derive(Clone, Copy)]
enum Nesting {
    Own,
    Inner,
}

fn breaks(stmts: &[Stmt], label: Option<LabelId>, nesting: Nesting) -> bool {
    stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Break(None) => matches!(nesting, Nesting::Own),
        StmtKind::Break(Some(target)) => Some(*target) == label,
        kind => {
            let inner = match kind {
                StmtKind::For(_)
                | StmtKind::Range(_)
                | StmtKind::Switch(_)
                | StmtKind::TypeSwitch(_)
                | StmtKind::Select(_) => Nesting::Inner,
                _ => nesting,
            };
            let mut found = false;
            visit::each_block(stmt, &mut |block| found |= breaks(block, label, inner));
            found
        }
    })
}
