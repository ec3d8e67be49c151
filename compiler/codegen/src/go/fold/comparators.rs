//! What Go's sorts compare by: `func(a, b *T) ordering` becomes `func(a, b T) int`.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::go::ast::*;
use crate::go::visit::{self, Literals};

pub fn compare_as_go(body: &mut Block) {
    visit::rewrite_exprs(body, &mut |expr| {
        let Expr::Call(call) = expr else { return };
        // No function of package slices takes a type: it stands there for this fold (`intrinsics::sort`).
        if matches!(&call.fun, Expr::Imported(path, _) if &**path == "slices")
            && let [_, Expr::Func(compare), Expr::Type(item)] = &mut call.args[..]
            && let [result] = &mut compare.results[..]
        {
            let ordering = std::mem::replace(&mut result.ty, Type::name("int"));
            take_values(compare, item);
            return_numbers(&mut compare.body, &ordering);
            call.args.pop();
        }
    });
}

/// Parameters that point to the items become the items.
fn take_values(compare: &mut FuncLit, item: &Type) {
    let mut pointers: FxHashSet<VarId> = FxHashSet::default();
    for param in &mut compare.params {
        if param.ty != *item {
            param.ty = item.clone();
            pointers.extend(param.var);
        }
    }
    if pointers.is_empty() {
        return;
    }
    visit::rewrite_exprs(&mut compare.body, &mut |expr| match expr {
        Expr::Var(var) if pointers.contains(var) => *expr = Expr::Var(*var).addr(),
        expr => super::exprs::simplify(expr),
    });
}

/// Orderings that are returned become the numbers that Go asks for, and those that are only asked and returned on the way, too.
fn return_numbers(body: &mut Block, ordering: &Type) {
    let mut numbers: FxHashMap<VarId, bool> = FxHashMap::default();
    visit::walk_stmts(body, Literals::Possible, &mut |stmt| {
        if let StmtKind::Define(names, values) = &stmt.kind
            && let ([Some(name)], [value]) = (&names[..], &values[..])
            && number_of(value, ordering).is_some()
        {
            numbers.insert(*name, true);
        }
    });
    let mut mentions: FxHashMap<VarId, u32> = FxHashMap::default();
    let mut understood: FxHashMap<VarId, u32> = FxHashMap::default();
    visit::walk_exprs(body, &mut |expr| match expr {
        Expr::Var(var) => *mentions.entry(*var).or_default() += 1,
        Expr::Binary(op, left, right) if op.is_comparison() => {
            if let (Expr::Var(var), true) = (&**left, number_of(right, ordering).is_some()) {
                *understood.entry(*var).or_default() += 1;
            }
        }
        _ => {}
    });
    visit::walk_stmts(body, Literals::Possible, &mut |stmt| match &stmt.kind {
        StmtKind::Return(values) => {
            for value in values {
                if let Expr::Var(var) = value {
                    *understood.entry(*var).or_default() += 1;
                }
            }
        }
        StmtKind::Assign(places, _) => {
            for place in places.iter().flatten() {
                if let Expr::Var(var) = place {
                    numbers.insert(*var, false);
                }
            }
        }
        _ => {}
    });
    numbers.retain(|var, is_set_once| *is_set_once && mentions.get(var) == understood.get(var));
    let is_number = |expr: &Expr| matches!(expr, Expr::Var(var) if numbers.contains_key(var));
    visit::rewrite_exprs(body, &mut |expr| {
        if let Expr::Binary(_, left, right) = expr
            && is_number(left)
            && let Some(number) = number_of(right, ordering)
        {
            **right = number;
        }
    });
    visit::each_stmt_mut(body, Literals::Possible, &|stmt| rewrite_stmt(stmt, ordering, &is_number));
}

fn rewrite_stmt(stmt: &mut Stmt, ordering: &Type, is_number: &dyn Fn(&Expr) -> bool) {
    match &mut stmt.kind {
        StmtKind::Return(values) => {
            for value in values.iter_mut().filter(|value| !is_number(value)) {
                *value = number_of(value, ordering)
                    .unwrap_or_else(|| Expr::convert(Type::name("int"), std::mem::replace(value, Expr::nil())));
            }
        }
        StmtKind::Define(names, values) => {
            if let ([Some(name)], [value]) = (&names[..], &mut values[..])
                && is_number(&Expr::Var(*name))
                && let Some(number) = number_of(value, ordering)
            {
                *value = number;
            }
        }
        _ => {}
    }
}

/// What an ordering is as a number, where that can be seen.
fn number_of(value: &Expr, ordering: &Type) -> Option<Expr> {
    match value {
        Expr::Convert(ty, number) if **ty == *ordering => Some((**number).clone()),
        Expr::Name(_) | Expr::Imported(..) => super::orders::constant(value, ordering).map(Expr::int),
        Expr::Unary(UnaryOp::Neg, inner) => Some(Expr::unary(UnaryOp::Neg, number_of(inner, ordering)?)),
        _ => None,
    }
}
