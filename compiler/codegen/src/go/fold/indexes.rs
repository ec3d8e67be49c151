//! A position that is below zero where nothing was found: `i, ok := rgort.Found(strings.Index(s, t))` is `i := strings.Index(s, t)`, and `ok` is
//! `i >= 0`, where the number is not kept beside `ok` as an option that others look at.

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

pub fn ask_indexes(body: &mut Block, literals: Literals) {
    let mut found: Vec<Found> = Vec::new();
    visit::walk_stmts(body, literals, &mut |stmt| found.extend(Found::by(stmt)));
    if found.is_empty() {
        return;
    }
    let vars = Variables::of(body);
    found.retain(|found| found.is_only_asked(body, literals, &vars));
    for found in &found {
        visit::each_stmt_mut(body, literals, &|stmt| found.define(stmt));
        visit::rewrite_exprs(body, &mut |expr| match expr {
            Expr::Var(var) if Some(*var) == found.ok && found.index.is_some() => *expr = found.is_there(BinaryOp::Ge),
            Expr::Unary(UnaryOp::Not, inner) if found.index.is_some() && **inner == found.is_there(BinaryOp::Ge) => {
                *expr = found.is_there(BinaryOp::Lt);
            }
            _ => {}
        });
    }
}

struct Found {
    index: Option<VarId>,
    ok: Option<VarId>,
}

impl Found {
    fn by(stmt: &Stmt) -> Option<Found> {
        let StmtKind::Define(names, values) = &stmt.kind else { return None };
        let ([index, ok], [Expr::Call(call)]) = (&names[..], &values[..]) else { return None };
        (call.fun.is_of_runtime("Found") && ok.is_some()).then_some(Found { index: *index, ok: *ok })
    }

    fn is_there(&self, op: BinaryOp) -> Expr {
        let index = self.index.map_or_else(Expr::nil, Expr::Var);
        Expr::binary(op, index, Expr::int(0))
    }

    /// Whether nobody sees the number where there is none.
    fn is_only_asked(&self, body: &Block, literals: Literals, vars: &Variables) -> bool {
        let Some(index) = self.index else { return true };
        let Some(ok) = self.ok else { return false };
        if [index, ok].into_iter().any(|var| vars.writes(var) != 0 || vars.escapes(var)) {
            return false;
        }
        let (index, ok) = (Expr::Var(index), Expr::Var(ok));
        let mut is_kept = false;
        let is_pair = |values: &mut dyn Iterator<Item = &Expr>| {
            let (mut has_index, mut has_ok) = (false, false);
            for value in values {
                has_index |= *value == index;
                has_ok |= *value == ok;
            }
            has_index && has_ok
        };
        visit::walk_exprs(body, &mut |expr| match expr {
            Expr::Composite(literal) => is_kept |= is_pair(&mut literal.elements.iter().map(|element| &element.value)),
            Expr::Call(call) => is_kept |= is_pair(&mut call.args.iter()),
            _ => {}
        });
        visit::walk_stmts(body, literals, &mut |stmt| match &stmt.kind {
            StmtKind::Return(values) | StmtKind::Define(_, values) | StmtKind::Assign(_, values) => {
                is_kept |=
                    is_pair(&mut values.iter()) || !matches!(stmt.kind, StmtKind::Return(_)) && values.contains(&ok);
            }
            _ => {}
        });
        !is_kept
    }

    fn define(&self, stmt: &mut Stmt) {
        if Found::by(stmt).is_none_or(|other| other.ok != self.ok) {
            return;
        }
        let StmtKind::Define(names, values) = &mut stmt.kind else { return };
        let [Expr::Call(call)] = &mut values[..] else { return };
        let Some(index) = call.args.pop() else { return };
        match self.index {
            Some(var) => (*names, *values) = (vec![Some(var)], vec![index]),
            None => {
                (*names, *values) = (vec![self.ok], vec![Expr::binary(BinaryOp::Ge, index, Expr::int(0))]);
            }
        }
    }
}
