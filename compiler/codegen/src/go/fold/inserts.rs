//! `_, ok := s[k]; s[k] = struct{}{}; if !ok { … }` as Go asks before it inserts: `if _, ok := s[k]; !ok { s[k] = struct{}{}; … }`.
//!
//! Where the key is there already, to set what has no value changes nothing.

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::terminate::diverges;
use crate::go::visit::{self, Literals};

pub fn insert_missing(body: &mut Block, literals: Literals) {
    let is_set = |stmt: &Stmt| matches!(&stmt.kind, StmtKind::Assign(_, values) if values[..] == [present()]);
    if !visit::any_stmt(body, literals, is_set) {
        return;
    }
    let vars = Variables::of(body);
    block(body, literals, &vars);
}

fn block(list: &mut Block, literals: Literals, vars: &Variables) {
    list.iter_mut().for_each(|stmt| visit::each_inner_block(stmt, literals, &|list| block(list, literals, vars)));
    let mut at = 0;
    while at + 2 < list.len() {
        if let Some(is_missing) = asks_missing(&list[at..], vars) {
            let found = list.remove(at);
            let insert = list.remove(at);
            if let StmtKind::If(choice) = &mut list[at].kind {
                choice.init = Some(found);
                match is_missing {
                    true => choice.then.insert(0, insert),
                    false if choice.els.is_empty() && choice.then.last().is_some_and(diverges) => {
                        list.insert(at + 1, insert);
                    }
                    false => choice.els.insert(0, insert),
                }
            }
        }
        at += 1;
    }
}

/// Whether a list begins with a look-up, the setting of the same key, and an `if` that alone asks what the look-up found: for what is missing, or
/// for what is there.
fn asks_missing(list: &[Stmt], vars: &Variables) -> Option<bool> {
    let [Stmt { kind: StmtKind::Define(names, found), .. }, Stmt { kind: StmtKind::Assign(places, values), .. }, rest] =
        &list[..3]
    else {
        return None;
    };
    let ([None, Some(ok)], [Expr::Index(map, key)]) = (&names[..], &found[..]) else { return None };
    let ([Some(Expr::Index(set, set_key))], [value]) = (&places[..], &values[..]) else { return None };
    let StmtKind::If(choice) = &rest.kind else { return None };
    let is_same = map == set && key == set_key && *value == present();
    if !is_same || choice.init.is_some() || vars.reads(*ok) != 1 || vars.writes(*ok) != 0 {
        return None;
    }
    match &choice.cond {
        Expr::Unary(UnaryOp::Not, inner) if **inner == Expr::Var(*ok) => Some(true),
        Expr::Var(var) if var == ok => Some(false),
        _ => None,
    }
}

/// What a set holds beside its keys.
fn present() -> Expr {
    Expr::composite(Type::unit(), Vec::new())
}
