//! Variables that are declared empty and set by the next statement: declared with the value where one branch gives a constant.
//! And what follows a call that does not return: Go wants it only where a function with results would end.

use crate::go::ast::*;
use crate::go::terminate::diverges;
use crate::go::visit::{self, Literals};

/// `var v T; if c { v = 1 } else { v = f() }` is `v := T(1); if !c { v = f() }`.
/// `var v T; if c { v = tmp } else { v = f() }` is `v := tmp; if !c { v = f() }`.
pub fn initialise(block: &mut Block, literals: Literals, locals: &Locals) {
    let mut i = 0;
    while i + 1 < block.len() {
        let (before, after) = block.split_at_mut(i + 1);
        initialise_by(&mut before[i], &mut after[0]);
        take_first(&mut before[i], &mut after[0], locals);
        i += 1;
    }
    block
        .iter_mut()
        .for_each(|stmt| visit::each_inner_block(stmt, literals, &|inner| initialise(inner, literals, locals)));
}

/// Declares a variable with the temporary that one branch sets it to; the other sets it to something else.
fn take_first(declaration: &mut Stmt, next: &mut Stmt, locals: &Locals) -> Option<()> {
    let StmtKind::Var(var, ty, None) = &declaration.kind else { return None };
    let StmtKind::If(branch) = &mut next.kind else { return None };
    let var = *var;
    let (then, els) = (assigned(&branch.then, var)?, assigned(&branch.els, var)?);
    let is_own = |value: &Expr| mentions(value, var);
    if branch.init.is_some() || is_own(&branch.cond) || is_own(then) || is_own(els) {
        return None;
    }
    let first = |value: &Expr| match value {
        Expr::Var(first) if locals.is_temporary(*first) && has_type(value, ty) => Some(*first),
        _ => None,
    };
    let (first, is_then) = match (first(then), first(els)) {
        (Some(first), _) => (first, true),
        (None, Some(first)) => (first, false),
        (None, None) => return None,
    };
    if is_then {
        leave_else(branch);
    }
    branch.els.clear();
    declaration.kind = StmtKind::define(var, Expr::Var(first));
    // The two are the same until the branch sets one of them.
    visit::rewrite_stmt(next, &mut |expr| {
        if matches!(expr, Expr::Var(other) if *other == first) {
            *expr = Expr::Var(var);
        }
    });
    Some(())
}

fn initialise_by(declaration: &mut Stmt, next: &mut Stmt) {
    let StmtKind::Var(var, ty, None) = &declaration.kind else { return };
    let (var, ty) = (*var, ty.clone());
    if let StmtKind::Assign(places, values) = &mut next.kind
        && let ([Some(Expr::Var(assigned))], [value]) = (&places[..], &values[..])
        && *assigned == var
        && !mentions(value, var)
    {
        next.kind = self::declaration(var, &ty, value.clone());
        declaration.kind = StmtKind::Block(Vec::new());
        return;
    }
    let StmtKind::If(branch) = &mut next.kind else { return };
    if branch.init.is_some() || mentions(&branch.cond, var) {
        return;
    }
    // What is declared is zero already.
    let sets_zero = |block: &Block| matches!(assigned(block, var), Some(value) if value.is_zero());
    if sets_zero(&branch.els) && !branch.then.is_empty() {
        branch.els.clear();
    } else if sets_zero(&branch.then)
        && !branch.els.is_empty()
        && !matches!(branch.els[..], [Stmt { kind: StmtKind::If(_), .. }])
    {
        leave_else(branch);
    }
    let (Some(then), Some(els)) = (assigned(&branch.then, var), assigned(&branch.els, var)) else { return };
    // What stays in a branch must not look at what the declaration would give.
    let constant = match (constant(then, &ty), constant(els, &ty)) {
        (Some(Constant::Zero), _) if !mentions(els, var) => (Constant::Zero, Side::Then),
        (_, Some(Constant::Zero)) if !mentions(then, var) => (Constant::Zero, Side::Else),
        (_, Some(value)) if !mentions(then, var) => (value, Side::Else),
        (Some(value), _) if !mentions(els, var) => (value, Side::Then),
        _ => return,
    };
    if let Constant::Value(value) = constant.0 {
        declaration.kind = StmtKind::define(var, value);
    }
    match constant.1 {
        Side::Else => branch.els.clear(),
        Side::Then => leave_else(branch),
    }
}

/// `var v T; if c { v = x } else { return }` is `if !c { return }; v := x`.
pub fn leave_early(block: &mut Block, literals: Literals) {
    let mut i = 1;
    while i < block.len() {
        let (before, after) = block.split_at_mut(i);
        if set_or_left(&mut before[i - 1], &mut after[0]).is_some() {
            block.swap(i - 1, i);
            // What the condition declares is wanted behind the branch, too.
            if let StmtKind::If(branch) = &mut block[i - 1].kind
                && let Some(init) = branch.init.take()
            {
                block.insert(i - 1, init);
            }
        }
        i += 1;
    }
    block.iter_mut().for_each(|stmt| visit::each_inner_block(stmt, literals, &|block| leave_early(block, literals)));
}

/// Gives the declaration its value; it belongs behind the branch then.
fn set_or_left(declaration: &mut Stmt, next: &mut Stmt) -> Option<()> {
    let StmtKind::Var(var, ty, None) = &declaration.kind else { return None };
    let StmtKind::If(branch) = &mut next.kind else { return None };
    let var = *var;
    let is_asked = |stmt: &Stmt| visit::mentions(std::slice::from_ref(stmt), var);
    if branch.init.as_ref().is_some_and(is_asked) || mentions(&branch.cond, var) {
        return None;
    }
    let leaves = |block: &Block| block.last().is_some_and(diverges) && !visit::mentions(block, var);
    let is_set_first = leaves(&branch.els);
    if !is_set_first && !leaves(&branch.then) {
        return None;
    }
    let set = if is_set_first { &branch.then } else { &branch.els };
    let value = assigned(set, var).filter(|value| !mentions(value, var))?.clone();
    if is_set_first {
        leave_else(branch);
    }
    branch.els.clear();
    declaration.kind = self::declaration(var, ty, value);
    Some(())
}

/// `var v T`
pub fn is_without_value(stmt: &Stmt) -> bool {
    matches!(stmt.kind, StmtKind::Var(_, _, None))
}

/// Declares a variable of a type with a value.
pub fn declaration(var: VarId, ty: &Type, value: Expr) -> StmtKind {
    match constant(&value, ty) {
        Some(Constant::Zero) => StmtKind::Var(var, ty.clone(), None),
        Some(Constant::Value(value)) => StmtKind::define(var, value),
        None if has_type(&value, ty) => StmtKind::define(var, value),
        None => StmtKind::Var(var, ty.clone(), Some(value)),
    }
}

/// Whether `:=` gives a variable this type: a literal has another, and an interface may hold a value of one.
pub fn has_type(value: &Expr, ty: &Type) -> bool {
    let is_typed = match value {
        Expr::Unary(UnaryOp::Addr, _) => true,
        _ => !matches!(value, Expr::Lit(_) | Expr::Typed(..) | Expr::Binary(..) | Expr::Unary(..)),
    };
    let is_concrete = match ty {
        Type::Name(name) => crate::go::names::is_reserved(name) && !matches!(&**name, "error" | "any"),
        Type::Slice(_) | Type::Map(..) | Type::Array(..) | Type::Pointer(_) => true,
        Type::Imported(path, ..) => path.ends_with("rgort"),
        _ => false,
    };
    is_typed && is_concrete
}

/// Only the `else` branch, under the opposite condition.
fn leave_else(branch: &mut If) {
    branch.then = std::mem::take(&mut branch.els);
    branch.cond = branch.cond.clone().negate();
    visit::rewrite_expr(&mut branch.cond, &mut super::exprs::simplify);
}

/// Whether `:=` gives a variable this type, perhaps once the constant has it.
pub fn tells_type(value: &Expr, ty: &Type) -> bool {
    has_type(value, ty) || !matches!(value, Expr::Lit(Lit::Nil)) && constant(value, ty).is_some()
}

enum Side {
    Then,
    Else,
}

enum Constant {
    Zero,
    /// As `:=` gives it the type.
    Value(Expr),
}

fn constant(value: &Expr, ty: &Type) -> Option<Constant> {
    let (Expr::Lit(lit) | Expr::Typed(_, lit)) = value else { return None };
    if lit.is_zero() {
        return Some(Constant::Zero);
    }
    let is_default = match lit {
        Lit::Int(_) | Lit::Spelled(..) => ty.is_name("int"),
        Lit::Float(text) => ty.is_name("float64") && text.contains(['.', 'e']),
        Lit::Str(_) => ty.is_name("string"),
        Lit::Rune(_) => ty.is_name("rune"),
        Lit::Bool(_) => ty.is_name("bool"),
        Lit::Nil => false,
    };
    Some(Constant::Value(if is_default { Expr::Lit(lit.clone()) } else { Expr::Typed(ty.clone(), lit.clone()) }))
}

/// The value of a block that does nothing but assign to a variable.
fn assigned(block: &Block, var: VarId) -> Option<&Expr> {
    let [Stmt { kind: StmtKind::Assign(places, values), .. }] = &block[..] else { return None };
    match (&places[..], &values[..]) {
        ([Some(Expr::Var(place))], [value]) if *place == var => Some(value),
        _ => None,
    }
}

fn mentions(expr: &Expr, var: VarId) -> bool {
    let mut found = false;
    visit::walk_expr(expr, &mut |e| found |= matches!(e, Expr::Var(v) if *v == var));
    found
}

/// `os.Exit(1); panic("unreachable")`: the end of a function gets its panic back where Go asks for it.
pub fn drop_unreachable(block: &mut Block, literals: Literals) {
    let mut i = 1;
    while i < block.len() {
        let follows_call = matches!(block[i - 1].kind, StmtKind::Expr(Expr::Call(_)));
        if follows_call && is_unreachable(&block[i]) {
            block.remove(i);
        } else {
            i += 1;
        }
    }
    block
        .iter_mut()
        .for_each(|stmt| visit::each_inner_block(stmt, literals, &|block| drop_unreachable(block, literals)));
}

fn is_unreachable(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Expr(Expr::Call(call)) => {
            let is_panic = matches!(&call.fun, Expr::Name(name) if &**name == "panic");
            is_panic && matches!(&call.args[..], [Expr::Lit(Lit::Str(text))] if &**text == "unreachable")
        }
        _ => false,
    }
}
