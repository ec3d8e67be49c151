//! What is only asked where there is something: `var v T; var ok bool; if c { v, ok = x, true }; if ok && v == 7 { … }` is `if c && x == 7 { … }`,
//! and `var v bool; if c { v = x }` is `v := c && x`.
//!
//! Everything is evaluated as often as before, and in the same order.

use super::declare;
use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

pub fn join(body: &mut Block, literals: Literals) {
    if !visit::any_stmt(body, literals, declare::is_without_value) {
        return;
    }
    let vars = Variables::of(body);
    block(body, literals, &vars);
}

fn block(list: &mut Block, literals: Literals, vars: &Variables) {
    list.iter_mut().for_each(|stmt| visit::each_inner_block(stmt, literals, &|list| block(list, literals, vars)));
    let mut at = 1;
    while at < list.len() {
        drop_needless_zeros(list, at, vars);
        if is_conjunction(list, at) {
            conjoin(list, at);
        } else if let Some(flag) = only_asked(list, at) {
            let StmtKind::If(choice) = &mut list[at].kind else { return };
            choice.then = vec![StmtKind::assign(Expr::Var(flag), Expr::bool(true)).at(choice.then[0].pos)];
        } else if let Some(guarded) = Guarded::at(list, at, vars)
            && guarded.put(&mut list[at + 1])
        {
            list.remove(at);
            list.retain(
                |stmt| !matches!(stmt.kind, StmtKind::Var(var, _, None) if var == guarded.value || var == guarded.flag),
            );
            at = 0;
        }
        at += 1;
    }
}

/// `else { v = nil }` right behind `var v *T`.
fn drop_needless_zeros(list: &mut Block, at: usize, vars: &Variables) {
    let (before, behind) = list.split_at_mut(at);
    let StmtKind::If(choice) = &mut behind[0].kind else { return };
    let [Stmt { kind: StmtKind::Assign(places, values), .. }] = &choice.els[..] else { return };
    let is_fresh = |place: &Option<Expr>| {
        let Some(Expr::Var(var)) = place else { return false };
        let declared = before.iter().rev().take_while(|stmt| declare::is_without_value(stmt));
        !vars.is_changed_inside(*var)
            && declared.into_iter().any(|stmt| matches!(stmt.kind, StmtKind::Var(declared, ..) if declared == *var))
    };
    if choice.init.is_none() && values.iter().all(Expr::is_zero) && places.iter().all(is_fresh) {
        choice.els.clear();
    }
}

/// `var v bool; if c { v = x }`
fn is_conjunction(list: &[Stmt], at: usize) -> bool {
    let (var, is_false) = match &list[at - 1].kind {
        StmtKind::Var(var, ty, None) => (*var, ty.is_name("bool")),
        StmtKind::Define(names, values) => match (&names[..], &values[..]) {
            ([Some(var)], [value]) => (*var, *value == Expr::bool(false)),
            _ => return false,
        },
        _ => return false,
    };
    let Some(choice) = only_branch(&list[at]) else { return false };
    let [Stmt { kind: StmtKind::Assign(places, values), .. }] = &choice.then[..] else { return false };
    is_false
        && places[..] == [Some(Expr::Var(var))]
        && values.len() == 1
        && Variables::of(std::slice::from_ref(&list[at])).reads(var) == 0
}

fn conjoin(list: &mut Block, at: usize) {
    let choice = list.remove(at);
    let StmtKind::If(mut choice) = choice.kind else { return };
    let Some(Stmt { kind: StmtKind::Assign(places, mut values), .. }) = choice.then.pop() else { return };
    let (Some(Some(Expr::Var(var))), Some(value)) = (places.first(), values.pop()) else { return };
    list[at - 1].kind = StmtKind::define(*var, Expr::binary(BinaryOp::LogicalAnd, choice.cond, value));
}

/// The flag of `if len(v) > 0 { _, ok = v[len(v)-1], true }`: the condition says that there is such an item.
fn only_asked(list: &[Stmt], at: usize) -> Option<VarId> {
    let choice = only_branch(&list[at])?;
    let [Stmt { kind: StmtKind::Assign(places, values), .. }] = &choice.then[..] else { return None };
    let ([None, Some(Expr::Var(flag))], [found, yes]) = (&places[..], &values[..]) else { return None };
    (*yes == Expr::bool(true) && is_there(&choice.cond, found)).then_some(*flag)
}

/// Whether a condition compares an index with a length, and an item, or its address, is the one at that index.
fn is_there(cond: &Expr, item: &Expr) -> bool {
    let item = match item {
        Expr::Unary(UnaryOp::Addr, place) => place,
        item => item,
    };
    let Expr::Index(base, index) = item else { return false };
    let length = Expr::builtin("len", vec![(**base).clone()]);
    let is_last = **index == Expr::binary(BinaryOp::Sub, length.clone(), Expr::int(1));
    let vars = Variables::default();
    let is_within = match cond {
        Expr::Binary(BinaryOp::Gt, bound, at) if **bound == length => at == index || is_last && **at == Expr::int(0),
        Expr::Binary(BinaryOp::Lt, at, bound) if **bound == length => at == index,
        _ => false,
    };
    is_within && vars.is_droppable(base) && (is_last || vars.is_droppable(index))
}

fn only_branch(stmt: &Stmt) -> Option<&If> {
    match &stmt.kind {
        StmtKind::If(choice) if choice.init.is_none() && choice.els.is_empty() => Some(choice),
        _ => None,
    }
}

/// `if c { v, ok = x, true }`, where both are declared without a value and asked once.
struct Guarded {
    value: VarId,
    flag: VarId,
    cond: Expr,
    found: Expr,
}

impl Guarded {
    fn at(list: &[Stmt], at: usize, vars: &Variables) -> Option<Guarded> {
        list.get(at + 1)?;
        let choice = only_branch(&list[at])?;
        let [Stmt { kind: StmtKind::Assign(places, values), .. }] = &choice.then[..] else { return None };
        let ([Some(Expr::Var(value)), Some(Expr::Var(flag))], [found, yes]) = (&places[..], &values[..]) else {
            return None;
        };
        let is_private = |var: VarId| {
            vars.reads(var) == 1
                && vars.writes(var) == 1
                && !vars.escapes(var)
                && list[..at]
                    .iter()
                    .any(|stmt| matches!(stmt.kind, StmtKind::Var(declared, _, None) if declared == var))
        };
        let is_it = *yes == Expr::bool(true) && is_private(*value) && is_private(*flag);
        is_it.then(|| Guarded { value: *value, flag: *flag, cond: choice.cond.clone(), found: found.clone() })
    }

    /// Puts the condition and what it guards where they are asked, if that is all that the statement begins with.
    fn put(&self, stmt: &mut Stmt) -> bool {
        let asked = match &mut stmt.kind {
            StmtKind::If(choice) if choice.init.is_none() => &mut choice.cond,
            StmtKind::Return(values) | StmtKind::Define(_, values) => match &mut values[..] {
                [value] => value,
                _ => return false,
            },
            StmtKind::Assign(places, values) => match (&places[..], &mut values[..]) {
                ([Some(Expr::Var(_))], [value]) => value,
                _ => return false,
            },
            _ => return false,
        };
        self.put_in(asked)
    }

    fn put_in(&self, expr: &mut Expr) -> bool {
        let (op, left, right) = match expr {
            Expr::Unary(UnaryOp::Not, inner) => return self.put_in(inner),
            Expr::Binary(op @ (BinaryOp::LogicalAnd | BinaryOp::LogicalOr), left, right) => (*op, left, right),
            _ => return false,
        };
        let cond = match (op, &**left) {
            (BinaryOp::LogicalAnd, Expr::Var(var)) if *var == self.flag => self.cond.clone(),
            (BinaryOp::LogicalOr, Expr::Unary(UnaryOp::Not, inner)) if **inner == Expr::Var(self.flag) => {
                self.cond.clone().negate()
            }
            _ => return self.put_in(left),
        };
        if !self.is_asked_first(right) {
            return false;
        }
        **left = cond;
        visit::rewrite_expr(right, &mut |expr| {
            if *expr == Expr::Var(self.value) {
                *expr = self.found.clone();
            }
        });
        true
    }

    /// Whether an expression reads the value whatever else it finds, and nothing runs before that.
    fn is_asked_first(&self, expr: &Expr) -> bool {
        let (mut is_read, mut is_plain) = (false, true);
        visit::walk_expr(expr, &mut |part| match part {
            Expr::Var(var) => is_read |= *var == self.value,
            Expr::Call(call) => is_plain &= call.fun.is_builtin("len"),
            Expr::Binary(BinaryOp::LogicalAnd | BinaryOp::LogicalOr, ..) | Expr::Func(_) => is_plain = false,
            Expr::Unary(UnaryOp::Receive, _) => is_plain = false,
            _ => {}
        });
        is_read && is_plain
    }
}
