//! Removes variables that nothing reads, which Go refuses, and what is stored in a variable for the last time and never read.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

pub fn remove(body: &mut Block, literals: Literals) {
    let vars = Variables::of(body);
    let mut unused = FxHashSet::default();
    visit::walk_stmts(body, literals, &mut |stmt| {
        let mut declare = |var: &VarId| {
            if vars.reads(*var) == 0 {
                unused.insert(*var);
            }
        };
        match &stmt.kind {
            StmtKind::Define(names, _) => names.iter().flatten().for_each(&mut declare),
            StmtKind::Var(var, ..) => declare(var),
            StmtKind::Range(s) => [s.key, s.value].iter().flatten().for_each(&mut declare),
            StmtKind::TypeSwitch(s) => s.bind.iter().for_each(&mut declare),
            _ => {}
        }
    });
    if !unused.is_empty() {
        block(body, &unused, &vars);
    }
    // What is not changed any more may not be read any more either.
    if last_stores(body, &vars) == Found::Some {
        remove(body, literals);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Nothing,
    Some,
}

/// Removes the last mention of a variable from the block that declares it, where that only changes it: no later round of a loop sees the
/// variable, nor does anybody else.
fn last_stores(body: &mut Block, vars: &Variables) -> Found {
    let mut found = Found::Nothing;
    let mut last = last_mentions(body, vars);
    last.retain(|var, at| only_changes(&body[*at], *var, vars));
    if !last.is_empty() {
        found = Found::Some;
        let stores: FxHashSet<usize> = last.into_values().collect();
        let mut at = 0..;
        body.retain(|_| at.next().is_some_and(|at| !stores.contains(&at)));
    }
    for stmt in body {
        visit::each_block_mut(stmt, &mut |_| {}, &mut |block| {
            if last_stores(block, vars) == Found::Some {
                found = Found::Some;
            }
        });
    }
    found
}

/// The statements that mention the variables last which a block declares and which nobody else can change.
fn last_mentions(body: &[Stmt], vars: &Variables) -> FxHashMap<VarId, usize> {
    // Only the last of a list's own statements that change a variable can be its last mention and nothing else.
    let mut changed: SmallVec<[VarId; 8]> = body.iter().filter_map(changed_var).collect();
    changed.retain(|var| !vars.escapes(*var));
    if changed.is_empty() {
        return FxHashMap::default();
    }
    let declared: FxHashSet<VarId> =
        body.iter().flat_map(visit::declared).filter(|var| changed.contains(var)).collect();
    let mut last: FxHashMap<VarId, usize> = FxHashMap::default();
    if declared.is_empty() {
        return last;
    }
    for (at, stmt) in body.iter().enumerate() {
        visit::walk_exprs(std::slice::from_ref(stmt), &mut |expr| {
            if let Expr::Var(var) = expr
                && declared.contains(var)
            {
                last.insert(*var, at);
            }
        });
    }
    last
}

/// The variable that a statement changes and nothing else, if what it is set to may go, too.
fn changed_var(stmt: &Stmt) -> Option<VarId> {
    let place = match &stmt.kind {
        StmtKind::Inc(place) | StmtKind::Dec(place) | StmtKind::OpAssign(_, place, _) => place,
        StmtKind::Assign(places, _) => match &places[..] {
            [Some(place)] => place,
            _ => return None,
        },
        _ => return None,
    };
    match place {
        Expr::Var(var) => Some(*var),
        _ => None,
    }
}

fn only_changes(stmt: &Stmt, var: VarId, vars: &Variables) -> bool {
    let is_var = |place: &Expr| matches!(place, Expr::Var(other) if *other == var);
    match &stmt.kind {
        StmtKind::Inc(place) | StmtKind::Dec(place) => is_var(place),
        StmtKind::OpAssign(_, place, value) => is_var(place) && vars.is_droppable(value),
        StmtKind::Assign(places, values) => {
            matches!((&places[..], &values[..]), ([Some(place)], [value]) if is_var(place) && vars.is_droppable(value))
        }
        _ => false,
    }
}

fn block(body: &mut Block, unused: &FxHashSet<VarId>, vars: &Variables) {
    let mut out = Vec::with_capacity(body.len());
    for mut stmt in std::mem::take(body) {
        let pos = stmt.pos;
        visit::each_expr_mut(&mut stmt, &mut |e| {
            visit::rewrite_expr(e, &mut |e| {
                if let Expr::Func(lit) = e {
                    block(&mut lit.body, unused, vars);
                }
            })
        });
        visit::each_block_mut(&mut stmt, &mut |s| header(s, unused, vars), &mut |b| block(b, unused, vars));
        match &mut stmt.kind {
            StmtKind::Range(range) => {
                range.key = range.key.filter(|var| !unused.contains(var));
                range.value = range.value.filter(|var| !unused.contains(var));
            }
            StmtKind::TypeSwitch(switch) => switch.bind = switch.bind.filter(|var| !unused.contains(var)),
            _ => {}
        }
        match stmt.kind {
            StmtKind::Define(mut names, values) if names.iter().any(|v| v.is_some_and(|v| unused.contains(&v))) => {
                names.iter_mut().for_each(|v| {
                    if v.is_some_and(|v| unused.contains(&v)) {
                        *v = None;
                    }
                });
                out.extend(define(names, values, vars).into_iter().map(|kind| kind.at(pos)));
            }
            StmtKind::Var(var, _, value) if unused.contains(&var) => {
                out.extend(value.into_iter().flat_map(|value| evaluate(value, vars)).map(|kind| kind.at(pos)));
            }
            StmtKind::Assign(mut places, values)
                if places.iter().any(|p| matches!(p, Some(Expr::Var(v)) if unused.contains(v))) =>
            {
                places.iter_mut().for_each(|p| {
                    if matches!(p, Some(Expr::Var(v)) if unused.contains(v)) {
                        *p = None;
                    }
                });
                if places.iter().all(Option::is_none) {
                    out.extend(discard_all(places.len(), values, vars).into_iter().map(|kind| kind.at(pos)));
                } else {
                    out.push(StmtKind::Assign(places, values).at(pos));
                }
            }
            kind => out.push(kind.at(pos)),
        }
    }
    *body = out;
}

fn define(names: Vec<Option<VarId>>, values: Vec<Expr>, vars: &Variables) -> Vec<StmtKind> {
    if names.iter().any(Option::is_some) {
        vec![StmtKind::Define(names, values)]
    } else {
        discard_all(names.len(), values, vars)
    }
}

/// The values of several places that all turned out to be blank.
fn discard_all(places: usize, values: Vec<Expr>, vars: &Variables) -> Vec<StmtKind> {
    match (places, &values[..]) {
        // One call with several results, or `v, ok := m[k]`.
        (2.., [Expr::Call(_)]) => vec![StmtKind::Expr(values.into_iter().next().unwrap_or(Expr::Lit(Lit::Nil)))],
        (2.., [Expr::Index(base, key)]) => {
            [&**base, &**key].into_iter().cloned().flat_map(|e| evaluate(e, vars)).collect()
        }
        (2.., [_]) => vec![StmtKind::Assign(vec![None; places], values)],
        _ => values.into_iter().flat_map(|value| evaluate(value, vars)).collect(),
    }
}

/// A statement in a header can lose its variables, but must stay one statement.
fn header(stmt: &mut Stmt, unused: &FxHashSet<VarId>, vars: &Variables) {
    let mut list = vec![std::mem::replace(stmt, StmtKind::Break(None).into())];
    let was_compound = list[0].kind.is_braced();
    block(&mut list, unused, vars);
    *stmt = match list.len() {
        1 => list.remove(0),
        // `if _ = x; cond`: harmless, and the only statement that is always allowed here.
        0 if !was_compound => StmtKind::Assign(vec![None], vec![Expr::int(0)]).into(),
        _ => StmtKind::Block(list).into(),
    };
}

/// Functions whose result Go or vet insist on.
fn result_is_wanted(fun: &Expr) -> bool {
    match fun {
        Expr::Name(name) => {
            matches!(&**name, "append" | "cap" | "complex" | "imag" | "len" | "make" | "new" | "real" | "min" | "max")
        }
        Expr::Imported(path, name) => {
            matches!(&**path, "errors" | "unsafe")
                || matches!(&**path, "slices" | "maps")
                    && !name.starts_with("Sort")
                    && !matches!(&**name, "Reverse" | "Copy")
                || &**path == "fmt" && (name.starts_with("Sprint") || name.starts_with("Append") || &**name == "Errorf")
                || &**path == "sort" && &**name == "Reverse"
                || &**path == "context"
        }
        Expr::Type(_) => true,
        Expr::Instance(fun, _) => result_is_wanted(fun),
        Expr::Select(_, name) => &**name == "String" || &**name == "Error",
        _ => false,
    }
}

/// A function of the runtime that makes one value of the results of a call.
fn is_wrapper(fun: &Expr) -> bool {
    match fun {
        Expr::Imported(path, name) => {
            path.ends_with("rgort")
                && (&**name == "OptionOf" || &**name == "MakeResult" || name.starts_with("ResultOf"))
        }
        Expr::Instance(fun, _) => is_wrapper(fun),
        _ => false,
    }
}

/// The statements that evaluate a value nobody wants.
pub fn evaluate(value: Expr, vars: &Variables) -> Vec<StmtKind> {
    if vars.is_droppable(&value) {
        return Vec::new();
    }
    match value {
        // What puts the results of a call together does nothing else.
        Expr::Call(mut call) if is_wrapper(&call.fun) && matches!(&call.args[..], [Expr::Call(_)]) => {
            evaluate(call.args.remove(0), vars)
        }
        Expr::Call(call) if !result_is_wanted(&call.fun) => vec![StmtKind::Expr(Expr::Call(call))],
        Expr::Unary(UnaryOp::Receive, channel) => vec![StmtKind::Expr(Expr::Unary(UnaryOp::Receive, channel))],
        // The operation itself can neither fail nor be noticed: only its operands can.
        Expr::Unary(UnaryOp::Neg | UnaryOp::Not | UnaryOp::Complement | UnaryOp::Addr | UnaryOp::Deref, inner)
            if !matches!(*inner, Expr::Index(..)) =>
        {
            evaluate(*inner, vars)
        }
        Expr::Convert(_, inner) | Expr::Upcast(_, inner) | Expr::Select(inner, _) => evaluate(*inner, vars),
        Expr::Binary(op, left, right)
            if !matches!(
                op,
                BinaryOp::Div
                    | BinaryOp::Rem
                    | BinaryOp::Shl
                    | BinaryOp::Shr
                    | BinaryOp::LogicalAnd
                    | BinaryOp::LogicalOr
            ) =>
        {
            let mut out = evaluate(*left, vars);
            out.extend(evaluate(*right, vars));
            out
        }
        Expr::Composite(composite) => composite.elements.into_iter().flat_map(|e| evaluate(e.value, vars)).collect(),
        other => vec![StmtKind::discard(other)],
    }
}
