//! A temporary that lives on under another name: `ok := f(); …; ok2 := ok`, where nothing mentions `ok` any more, is one variable
//! (copy coalescing). Names are given later and may fall together: Go would be told `ok = ok`.
//! The same of a user's `x := v` of a temporary, neither of which is ever set again, if it has no other name of the program's.
//! And `x := y; return x`, a name that says no more than the one before it.
//! And a pointer that is stored only to be read by the next statement: `p = &x; m[k] = p` is `m[k] = &x`.

use rustc_hash::FxHashSet;

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

/// Returns whether there was something to do.
pub fn coalesce(body: &mut Block, literals: Literals, locals: &Locals) -> bool {
    if !visit::any_stmt(body, literals, |stmt| copied(stmt).is_some() || stored_address(stmt).is_some()) {
        return false;
    }
    let vars = Variables::of(body);
    let found = copies(body, &vars, locals);
    if !found.is_empty() {
        take_out(body, literals, &found);
        for (copy, original) in found {
            rename(body, original, copy);
        }
    }
    block(body, literals, &vars, locals);
    true
}

/// Every `copy := original` of two names for one value.
fn copies(body: &[Stmt], vars: &Variables, locals: &Locals) -> Vec<(VarId, VarId)> {
    let mut found: Vec<(VarId, VarId)> = Vec::new();
    let mut declared: FxHashSet<VarId> = FxHashSet::default();
    visit::walk_own_stmts(body, &mut |stmt| {
        declared.extend(visit::declared(stmt));
        if let StmtKind::Range(range) = &stmt.kind {
            declared.extend([range.key, range.value].into_iter().flatten());
        }
        if let Some((copy, original)) = copied(stmt)
            && declared.contains(&original)
            && vars.is_constant(copy)
            && vars.is_constant(original)
            && locals.may_be_called(original, copy)
            && found.iter().all(|(other, one)| *one != original && *other != original)
        {
            found.push((copy, original));
        }
    });
    found
}

fn copied(stmt: &Stmt) -> Option<(VarId, VarId)> {
    let StmtKind::Define(names, values) = &stmt.kind else { return None };
    match (&names[..], &values[..]) {
        ([Some(copy)], [Expr::Var(original)]) => Some((*copy, *original)),
        _ => None,
    }
}

fn take_out(list: &mut Block, literals: Literals, found: &[(VarId, VarId)]) {
    list.retain(|stmt| copied(stmt).is_none_or(|copy| !found.contains(&copy)));
    list.iter_mut().for_each(|stmt| visit::each_inner_block(stmt, literals, &|block| take_out(block, literals, found)));
}

fn block(list: &mut Block, literals: Literals, vars: &Variables, locals: &Locals) {
    let mut i = 0;
    while i < list.len() {
        match taken_over(list, i, vars, locals) {
            Some((gone, kept)) => {
                list.remove(i);
                rename(list, gone, kept);
            }
            None => {
                if let Some(address) = passed_on(list, i, vars)
                    && let StmtKind::Assign(_, values) = &mut list[i + 1].kind
                {
                    *values = vec![address];
                    list.remove(i);
                } else if let Some((name, value)) = returned(list, i, vars)
                    && let StmtKind::Return(results) = &mut list[i + 1].kind
                {
                    for result in results.iter_mut().filter(|result| **result == Expr::Var(name)) {
                        *result = Expr::Var(value);
                    }
                    list.remove(i);
                }
                i += 1;
            }
        }
    }
    list.iter_mut()
        .for_each(|stmt| visit::each_inner_block(stmt, literals, &|inner| block(inner, literals, vars, locals)));
}

/// The variables of `new := old` at `i`, where `old` is of this block and ends there: the one that goes, and the one that has its place. One of them
/// is a temporary.
fn taken_over(list: &[Stmt], i: usize, vars: &Variables, locals: &Locals) -> Option<(VarId, VarId)> {
    let StmtKind::Define(names, values) = &list[i].kind else { return None };
    let ([Some(new)], [Expr::Var(old)]) = (&names[..], &values[..]) else { return None };
    let is_private = |var: &VarId| !vars.escapes(*var);
    let is_declared_here = list[..i].iter().any(|stmt| visit::declared(stmt).any(|var| var == *old));
    let goes_on = || visit::mentions(&list[i + 1..], *old);
    let ends = is_private(old) && is_private(new) && is_declared_here && !goes_on();
    match (locals.is_temporary(*old), locals.is_temporary(*new)) {
        (true, _) => ends.then_some((*old, *new)),
        (false, true) => ends.then_some((*new, *old)),
        (false, false) => None,
    }
}

/// The address that `p = &x` at `i` puts in `p`, where the next statement assigns `p` to something, and is all that reads it.
fn passed_on(list: &[Stmt], i: usize, vars: &Variables) -> Option<Expr> {
    let (var, address, place) = stored_address(&list[i])?;
    let StmtKind::Assign(_, next) = &list.get(i + 1)?.kind else { return None };
    let is_next = matches!(&next[..], [Expr::Var(read)] if *read == var);
    let is_alone = vars.reads(var) == 1 && !vars.escapes(var);
    (is_next && is_alone && matches!(place, Expr::Var(_))).then(|| address.clone())
}

/// `p = &x`: the variable, the address, and what has it.
fn stored_address(stmt: &Stmt) -> Option<(VarId, &Expr, &Expr)> {
    let StmtKind::Assign(places, values) = &stmt.kind else { return None };
    match (&places[..], &values[..]) {
        ([Some(Expr::Var(var))], [address @ Expr::Unary(UnaryOp::Addr, place)]) => Some((*var, address, place)),
        _ => None,
    }
}

/// The variables of `x := y` at `i`, where the next statement returns `x`, and nothing else reads it.
fn returned(list: &[Stmt], i: usize, vars: &Variables) -> Option<(VarId, VarId)> {
    let (name, value) = copied(&list[i])?;
    let StmtKind::Return(results) = &list.get(i + 1)?.kind else { return None };
    let reads = results.iter().filter(|result| **result == Expr::Var(name)).count();
    let is_alone = vars.reads(name) as usize == reads && vars.writes(name) == 0;
    (is_alone && !vars.escapes(name) && !vars.escapes(value)).then_some((name, value))
}

fn rename(list: &mut Block, old: VarId, new: VarId) {
    visit::rewrite_exprs(list, &mut |e| {
        if matches!(e, Expr::Var(var) if *var == old) {
            *e = Expr::Var(new);
        }
    });
    list.iter_mut().for_each(|stmt| redeclare(stmt, old, new));
}

fn redeclare(stmt: &mut Stmt, old: VarId, new: VarId) {
    let named = |name: &mut Option<VarId>| {
        if *name == Some(old) {
            *name = Some(new);
        }
    };
    match &mut stmt.kind {
        StmtKind::Var(var, ..) if *var == old => *var = new,
        StmtKind::Define(names, _) => names.iter_mut().for_each(named),
        StmtKind::Range(range) => [&mut range.key, &mut range.value].into_iter().for_each(named),
        _ => {}
    }
    visit::each_block_mut(stmt, &mut |header| redeclare(header, old, new), &mut |block| {
        block.iter_mut().for_each(|stmt| redeclare(stmt, old, new));
    });
}
