//! A temporary that lives on under another name: `ok := f(); …; ok2 := ok`, where nothing mentions `ok` any more, is one variable
//! (copy coalescing). Names are given later and may fall together: Go would be told `ok = ok`.
//! And a pointer that is stored only to be read by the next statement: `p = &x; m[k] = p` is `m[k] = &x`.

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit;

pub fn coalesce(body: &mut Block, locals: &Locals) {
    let vars = Variables::of(body);
    block(body, &vars, locals);
}

fn block(list: &mut Block, vars: &Variables, locals: &Locals) {
    let mut i = 0;
    while i < list.len() {
        match taken_over(list, i, vars, locals) {
            Some((old, new)) => {
                list.remove(i);
                rename(list, old, new);
            }
            None => {
                if let Some(address) = passed_on(list, i, vars)
                    && let StmtKind::Assign(_, values) = &mut list[i + 1].kind
                {
                    *values = vec![address];
                    list.remove(i);
                }
                i += 1;
            }
        }
    }
    list.iter_mut().for_each(|stmt| visit::each_inner_block(stmt, &|inner| block(inner, vars, locals)));
}

/// The variables of `new := old` at `i`, where `old` is a temporary of this block that ends there.
fn taken_over(list: &[Stmt], i: usize, vars: &Variables, locals: &Locals) -> Option<(VarId, VarId)> {
    let StmtKind::Define(names, values) = &list[i].kind else { return None };
    let ([Some(new)], [Expr::Var(old)]) = (&names[..], &values[..]) else { return None };
    let is_private = |var: &VarId| !vars.escapes(*var);
    let is_declared_here = list[..i].iter().any(|stmt| visit::declared(stmt).any(|var| var == *old));
    let goes_on = || visit::mentions(&list[i + 1..], *old);
    let ends = locals.is_temporary(*old) && is_private(old) && is_private(new) && is_declared_here && !goes_on();
    ends.then_some((*old, *new))
}

/// The address that `p = &x` at `i` puts in `p`, where the next statement assigns `p` to something, and is all that reads it.
fn passed_on(list: &[Stmt], i: usize, vars: &Variables) -> Option<Expr> {
    let StmtKind::Assign(places, values) = &list[i].kind else { return None };
    let ([Some(Expr::Var(var))], [address @ Expr::Unary(UnaryOp::Addr, place)]) = (&places[..], &values[..]) else {
        return None;
    };
    let StmtKind::Assign(_, next) = &list.get(i + 1)?.kind else { return None };
    let is_next = matches!(&next[..], [Expr::Var(read)] if read == var);
    let is_alone = vars.reads(*var) == 1 && !vars.escapes(*var);
    (is_next && is_alone && matches!(**place, Expr::Var(_))).then(|| address.clone())
}

fn rename(list: &mut Block, old: VarId, new: VarId) {
    visit::rewrite_exprs(list, &mut |e| {
        if matches!(e, Expr::Var(var) if *var == old) {
            *e = Expr::Var(new);
        }
    });
    for stmt in list {
        match &mut stmt.kind {
            StmtKind::Var(var, ..) if *var == old => *var = new,
            StmtKind::Define(names, _) => {
                for name in names.iter_mut().flatten().filter(|name| **name == old) {
                    *name = new;
                }
            }
            _ => {}
        }
    }
}
