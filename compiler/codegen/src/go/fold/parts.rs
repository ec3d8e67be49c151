//! A variable for a stored `Result` or `Option` that is only ever asked for its parts: the results of the call go to variables of their own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

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
    /// Stands for the first result until all is rewritten: `o.Val.Some` asks what is in it.
    first: VarId,
    /// The second result: `err`, or `ok`.
    second: VarId,
    source: Source,
    is_unit: bool,
}

/// `r := rgort.ResultOf[E](f())` is `r, err := f()`, and `r.OK` is `err == nil`; `o := rgort.OptionOf(f())` is `o, ok := f()`.
pub fn take_apart(body: &mut Block, literals: Literals, locals: &mut Locals) {
    let mut order: Vec<VarId> = Vec::new();
    let mut found: FxHashMap<VarId, Found> = FxHashMap::default();
    visit::walk_stmts(body, literals, &mut |stmt| {
        let Some((var, source, is_unit)) = candidate(stmt) else { return };
        found.entry(var).or_insert_with(|| {
            order.push(var);
            Found { first: VarId(0), second: VarId(0), source, is_unit }
        });
    });
    if found.is_empty() {
        return;
    }
    let vars = Variables::of(body);
    // How often each is asked for a part, and whether for the second one.
    let mut asked: FxHashMap<VarId, (u32, bool)> = FxHashMap::default();
    visit::walk_exprs(body, &mut |e| {
        let Some((var, part)) = field(e) else { return };
        if found.contains_key(&var) && matches!(part, "OK" | "Some" | "Val" | "Err") {
            let (parts, is_asked) = asked.entry(var).or_default();
            *parts += 1;
            *is_asked |= matches!(part, "OK" | "Some");
        }
    });
    order.retain(|var| {
        let (parts, is_asked) = asked.get(var).copied().unwrap_or_default();
        is_asked && vars.writes(*var) == 0 && parts == vars.reads(*var)
    });
    let taken: FxHashSet<VarId> = order.iter().copied().collect();
    found.retain(|var, _| taken.contains(var));
    for var in &order {
        let Some(found) = found.get_mut(var) else { continue };
        let name = if matches!(found.source, Source::Option) { "ok" } else { "err" };
        found.second = locals.temporary(name);
        found.first = locals.temporary("v");
    }
    visit::each_stmt_mut(body, literals, &|stmt| define(stmt, &found));
    visit::rewrite_exprs(body, &mut |e| rewrite(e, &found));
    let names: FxHashMap<VarId, VarId> = found.iter().map(|(var, found)| (found.first, *var)).collect();
    visit::rewrite_exprs(body, &mut |e| {
        if let Expr::Var(var) = e
            && let Some(name) = names.get(var)
        {
            *var = *name;
        }
    });
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

fn define(stmt: &mut Stmt, found: &FxHashMap<VarId, Found>) {
    if let StmtKind::Define(names, values) = &mut stmt.kind
        && let [Some(var)] = names[..]
        && let Some(found) = found.get(&var)
        && let [Expr::Call(call)] = &mut values[..]
        && let Some(inner) = call.args.pop()
    {
        *names = if found.is_unit { vec![Some(found.second)] } else { vec![Some(var), Some(found.second)] };
        *values = vec![inner];
    }
}

fn rewrite(expr: &mut Expr, found: &FxHashMap<VarId, Found>) {
    // A field of what a pointer points to is reached by the pointer.
    if let Expr::Select(base, _) = expr
        && let Expr::Unary(UnaryOp::Deref, pointer) = &mut **base
        && matches!(**pointer, Expr::Assert(..))
    {
        let pointer = std::mem::replace(&mut **pointer, Expr::Lit(Lit::Nil));
        **base = pointer;
        return;
    }
    let Some((found, part)) = field(expr).and_then(|(var, part)| Some((found.get(&var)?, part))) else { return };
    let err = Expr::Var(found.second);
    let part = match part {
        "Some" => err,
        "OK" => Expr::binary(BinaryOp::Eq, err, Expr::nil()),
        "Val" if found.is_unit => Expr::composite(Type::unit(), Vec::new()),
        "Val" => Expr::Var(found.first),
        "Err" => match &found.source {
            Source::Itself | Source::Option => err,
            Source::Text => err.method("Error", Vec::new()),
            Source::Value(ty) => Expr::Assert(Box::new(err), Box::new(ty.clone())),
            Source::Pointer(ty) => Expr::Assert(Box::new(err), Box::new(ty.clone().pointer())).deref(),
        },
        _ => return,
    };
    *expr = part;
}

/// A variable and the field of it that is asked for.
fn field(expr: &Expr) -> Option<(VarId, &str)> {
    match expr {
        Expr::Select(base, name) => match **base {
            Expr::Var(var) => Some((var, name)),
            _ => None,
        },
        _ => None,
    }
}
