//! A variable for a stored `Result` or `Option` that is only ever asked for its parts: the results of the call go to variables of their own.

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit;

/// How a stored `Result` says its error, where the call says an `error`.
enum Source {
    /// It is an `Option`, and the call says `ok`.
    Option,
    /// `err` is what is stored.
    Itself,
    Text,
    Value(Type),
    Pointer(Type),
}

struct Found {
    var: VarId,
    /// Stands for the first result until all is rewritten: `o.Val.Some` asks what is in it.
    first: VarId,
    /// The second result: `err`, or `ok`.
    second: VarId,
    source: Source,
    is_unit: bool,
}

/// `r := rgort.ResultOf[E](f())` is `r, err := f()`, and `r.OK` is `err == nil`; `o := rgort.OptionOf(f())` is `o, ok := f()`.
pub fn take_apart(body: &mut Block, locals: &mut Locals) {
    let mut found: Vec<Found> = Vec::new();
    visit::walk_stmts(body, &mut |stmt| {
        let Some((var, source, is_unit)) = candidate(stmt) else { return };
        if found.iter().all(|known| known.var != var) {
            found.push(Found { var, first: VarId(0), second: VarId(0), source, is_unit });
        }
    });
    if found.is_empty() {
        return;
    }
    let vars = Variables::of(body);
    found.retain(|found| {
        let (mut parts, mut asked) = (0, false);
        visit::walk_exprs(body, &mut |e| match field(e, found.var) {
            Some("OK" | "Some") => (parts, asked) = (parts + 1, true),
            Some("Val" | "Err") => parts += 1,
            _ => {}
        });
        asked && vars.writes(found.var) == 0 && parts == vars.reads(found.var)
    });
    for found in &mut found {
        let name = if matches!(found.source, Source::Option) { "ok" } else { "err" };
        found.second = locals.temporary(name);
        found.first = locals.temporary("v");
        define(body, found);
        visit::rewrite_exprs(body, &mut |e| rewrite(e, found));
        visit::rewrite_exprs(body, &mut |e| match e {
            Expr::Var(var) if *var == found.first => *var = found.var,
            _ => {}
        });
    }
}

fn candidate(stmt: &Stmt) -> Option<(VarId, Source, bool)> {
    let StmtKind::Define(names, values) = &stmt.kind else { return None };
    let ([Some(var)], [Expr::Call(call)]) = (&names[..], &values[..]) else { return None };
    let is_unit = match &call.args[..] {
        [Expr::Call(_)] => false,
        [Expr::Composite(unit), Expr::Call(_)] if unit.ty == Type::unit() => true,
        _ => return None,
    };
    let source = match &call.fun {
        Expr::Imported(path, name) if path.ends_with("rgort") => match &**name {
            "ResultOfText" => Source::Text,
            "OptionOf" => Source::Option,
            _ => return None,
        },
        Expr::Instance(fun, types) => match (&**fun, &types[..]) {
            (Expr::Imported(path, name), [ty]) if path.ends_with("rgort") => match &**name {
                "ResultOf" if ty.is_name("error") => Source::Itself,
                "ResultOf" => Source::Value(ty.clone()),
                "ResultOfPointer" => Source::Pointer(ty.clone()),
                _ => return None,
            },
            _ => return None,
        },
        _ => return None,
    };
    Some((*var, source, is_unit))
}

fn define(body: &mut Block, found: &Found) {
    for stmt in body {
        define_in(stmt, found);
    }
}

fn define_in(stmt: &mut Stmt, found: &Found) {
    if let StmtKind::Define(names, values) = &mut stmt.kind
        && names[..] == [Some(found.var)]
        && let [Expr::Call(call)] = &mut values[..]
        && let Some(inner) = call.args.pop()
    {
        *names = if found.is_unit { vec![Some(found.second)] } else { vec![Some(found.var), Some(found.second)] };
        *values = vec![inner];
        return;
    }
    visit::each_expr_mut(stmt, &mut |e| {
        visit::rewrite_expr(e, &mut |e| {
            if let Expr::Func(lit) = e {
                define(&mut lit.body, found);
            }
        })
    });
    visit::each_block_mut(stmt, &mut |stmt| define_in(stmt, found), &mut |block| define(block, found));
}

fn rewrite(expr: &mut Expr, found: &Found) {
    // A field of what a pointer points to is reached by the pointer.
    if let Expr::Select(base, _) = expr
        && let Expr::Unary(UnaryOp::Deref, pointer) = &mut **base
        && matches!(**pointer, Expr::Assert(..))
    {
        let pointer = std::mem::replace(&mut **pointer, Expr::Lit(Lit::Nil));
        **base = pointer;
        return;
    }
    let err = Expr::Var(found.second);
    let part = match field(expr, found.var) {
        Some("Some") => err,
        Some("OK") => Expr::binary(BinaryOp::Eq, err, Expr::nil()),
        Some("Val") if found.is_unit => Expr::composite(Type::unit(), Vec::new()),
        Some("Val") => Expr::Var(found.first),
        Some("Err") => match &found.source {
            Source::Itself | Source::Option => err,
            Source::Text => err.method("Error", Vec::new()),
            Source::Value(ty) => Expr::Assert(Box::new(err), Box::new(ty.clone())),
            Source::Pointer(ty) => Expr::Assert(Box::new(err), Box::new(ty.clone().pointer())).deref(),
        },
        _ => return,
    };
    *expr = part;
}

fn field(expr: &Expr, var: VarId) -> Option<&str> {
    match expr {
        Expr::Select(base, name) if matches!(**base, Expr::Var(v) if v == var) => Some(&**name),
        _ => None,
    }
}
