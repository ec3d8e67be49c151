//! Pointers to a variable or a field that only name it: `p := &v.field; p.x++` is `v.field.x++`.
//!
//! Such a pointer is a temporary that lowering made of a borrow. While the borrow lives nobody gives the variable or a pointer on the way to the
//! field another value (that is what the borrow checker saw to), so that the place is the same whenever it is named.

use rustc_hash::{FxHashMap, FxHashSet};

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

pub fn fold(body: &mut Block, literals: Literals, locals: &Locals) {
    let mut places: FxHashMap<VarId, Expr> = FxHashMap::default();
    visit::walk_stmts(body, literals, &mut |stmt| {
        let StmtKind::Define(names, values) = &stmt.kind else { return };
        let ([Some(pointer)], [Expr::Unary(UnaryOp::Addr, place)]) = (&names[..], &values[..]) else { return };
        if locals.is_temporary(*pointer) && root(place).is_some() {
            places.insert(*pointer, (**place).clone());
        }
    });
    if places.is_empty() {
        return;
    }
    let vars = Variables::of(body);
    let named = only_named(body, &places);
    places.retain(|pointer, _| named.contains(pointer) && vars.writes(*pointer) == 0);
    // A chain is taken link by link, one in each round.
    let links: FxHashSet<VarId> = places.keys().copied().collect();
    places.retain(|_, place| root(place).is_some_and(|root| !links.contains(&root)));
    if places.is_empty() {
        return;
    }
    visit::rewrite_exprs(body, &mut |expr| match expr {
        Expr::Select(base, _) => {
            if let Expr::Var(var) = &**base
                && let Some(place) = places.get(var)
            {
                **base = place.clone();
            }
        }
        Expr::Unary(UnaryOp::Deref, base) => {
            if let Expr::Var(var) = &**base
                && let Some(place) = places.get(var)
            {
                *expr = place.clone();
            }
        }
        _ => {}
    });
}

/// The variable that a path of fields begins with.
fn root(place: &Expr) -> Option<VarId> {
    match place {
        Expr::Var(var) => Some(*var),
        Expr::Select(base, _) => root(base),
        _ => None,
    }
}

/// The pointers that are mentioned only to reach what they point to.
fn only_named(body: &[Stmt], pointers: &FxHashMap<VarId, Expr>) -> FxHashSet<VarId> {
    let mut all: FxHashMap<VarId, i32> = FxHashMap::default();
    visit::walk_exprs(body, &mut |expr| {
        let (var, change) = match expr {
            Expr::Var(var) => (var, 1),
            Expr::Select(base, _) | Expr::Unary(UnaryOp::Deref, base) => match &**base {
                Expr::Var(var) => (var, -1),
                _ => return,
            },
            _ => return,
        };
        *all.entry(*var).or_default() += change;
    });
    pointers.keys().copied().filter(|pointer| all.get(pointer) == Some(&0)).collect()
}
