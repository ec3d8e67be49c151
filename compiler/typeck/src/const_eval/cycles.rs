//! Constants and statics whose values need each other (E0391).
//!
//! From the typed bodies of constants and of the functions that they call. A static that is only borrowed is not read: statics may point to
//! each other. Array lengths stand in types, which bodies do not show; a cycle through one is what the query of values finds.

use rgo_hir::{Db, DefId, DefKind};
use rustc_hash::FxHashSet;

use crate::error::TypeError;
use crate::thir::{self, ExprId, ExprKind};
use crate::thir_build::thir_body;
use crate::ty::{Args, Subst};

use super::required::concrete;
use super::{ConstEvalError, const_eval};

/// How far the walk goes.
const LIMIT: usize = 400;

type Node = (DefId, Args);

/// The error of a cycle, which its first constant reports.
pub fn cycle_error(db: &dyn Db, owner: DefId) -> Option<TypeError> {
    let reached = reached(db, (owner, Args::empty()));
    let returns = reached.contains(&(owner, Args::empty()));
    if !returns {
        let is_hidden = thir_body(db, owner).has_errors && owner.kind() != DefKind::Static;
        if !is_hidden || const_eval(db, owner, Args::empty()) != Err(ConstEvalError::Cycle) {
            return None;
        }
    }
    let is_constant = |def: DefId| matches!(def.kind(), DefKind::Const | DefKind::Static | DefKind::AssocConst);
    let others: Vec<Node> = reached
        .into_iter()
        .filter(|(def, _)| *def != owner && is_constant(*def) && def.package_of() == owner.package_of())
        .filter(|node| self::reached(db, *node).iter().any(|(def, _)| *def == owner))
        .collect();
    let reports = |def: DefId| super::required::all_params(db, def) == 0;
    if others.iter().any(|(def, _)| reports(*def) && crate::items::comes_before(db, *def, owner)) {
        return None;
    }
    let what = if owner.kind() == DefKind::Static { "evaluating initializer of static" } else { "evaluating constant" };
    let message = format!("cycle detected when {what} `{}`", owner.name());
    let mut error = TypeError::new(owner, rgo_hir::def_span(db, owner), "E0391", message);
    if others.is_empty() {
        error = error.label("its value needs itself");
    }
    for (other, _) in others {
        error = error.secondary(other, rgo_hir::def_span(db, other), "part of the cycle");
    }
    Some(error)
}

/// The constants, statics and functions that a value needs, in the order in which they are met.
fn reached(db: &dyn Db, from: Node) -> Vec<Node> {
    let mut found: Vec<Node> = Vec::new();
    let mut seen: FxHashSet<Node> = FxHashSet::default();
    let mut pending = vec![from];
    while let Some(node) = pending.pop() {
        for next in needed(db, node) {
            if seen.len() < LIMIT && seen.insert(next) {
                found.push(next);
                pending.push(next);
            }
        }
    }
    found
}

/// What the body of one needs.
fn needed(db: &dyn Db, (def, args): Node) -> Vec<Node> {
    if def.is_std() || def.kind() == DefKind::Fn && !super::call::has_body(db, def) {
        return Vec::new();
    }
    let body = thir_body(db, def);
    if body.has_errors {
        return Vec::new();
    }
    let borrowed = borrowed_statics(body);
    let called = called(body);
    let mut out = Vec::new();
    for (id, expr) in body.exprs.iter() {
        match &expr.kind {
            // A function that is only mentioned is not evaluated: a static may hold a function that reads the static.
            ExprKind::FnItem { .. } if !called.contains(&id) => {}
            ExprKind::Const { def, args: written, .. } | ExprKind::FnItem { def, args: written, .. } => {
                out.extend(concrete(db, *def, written.subst(args)).filter(|(def, _)| has_own_body(*def)));
            }
            ExprKind::Static(def) if !borrowed.contains(&id) => out.push((*def, Args::empty())),
            _ => {}
        }
    }
    out
}

/// Mentions of functions that are called at once.
fn called(body: &thir::Body) -> FxHashSet<ExprId> {
    let callees = body.exprs.iter().filter_map(|(_, expr)| match &expr.kind {
        ExprKind::Call { callee, .. } => Some(*callee),
        _ => None,
    });
    callees.collect()
}

fn has_own_body(def: DefId) -> bool {
    matches!(def.kind(), DefKind::Const | DefKind::AssocConst | DefKind::AnonConst | DefKind::Fn)
}

/// Statics of which only an address is taken.
fn borrowed_statics(body: &thir::Body) -> FxHashSet<ExprId> {
    let mut borrowed = FxHashSet::default();
    for (_, expr) in body.exprs.iter() {
        let ExprKind::Borrow { place, .. } = &expr.kind else { continue };
        let mut at = *place;
        while let ExprKind::Field { base, .. } = &body.exprs[at].kind {
            at = *base;
        }
        borrowed.insert(at);
    }
    borrowed
}
