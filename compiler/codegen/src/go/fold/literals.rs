//! Function literals that say little: `func(arg T) U { x := arg; … }` has the parameter `x`; and what a temporary `f := func(p P) T { return p.x }` says
//! stands where `f(a)` is, once or twice, if that is short and the arguments are variables.

use rustc_hash::FxHashMap;

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

/// The largest expression, in nodes, that may stand twice.
const SHORT: usize = 10;

pub fn spell_out(body: &mut Block, literals: Literals, locals: &Locals) {
    if literals == Literals::Absent {
        return;
    }
    visit::rewrite_exprs(body, &mut |expr| {
        if let Expr::Func(literal) = expr {
            name_params(literal, locals);
        }
    });
    let vars = Variables::of(body);
    let mut short: FxHashMap<VarId, FuncLit> = FxHashMap::default();
    visit::walk_stmts(body, literals, &mut |stmt| {
        if let StmtKind::Define(names, values) = &stmt.kind
            && let ([Some(name)], [Expr::Func(literal)]) = (&names[..], &values[..])
            && locals.is_temporary(*name)
            && vars.writes(*name) == 0
            && said(literal).is_some()
        {
            short.insert(*name, (**literal).clone());
        }
    });
    if short.is_empty() {
        return;
    }
    let mut calls: FxHashMap<VarId, u32> = FxHashMap::default();
    visit::walk_exprs(body, &mut |expr| {
        if let Some((function, _)) = called(expr) {
            *calls.entry(function).or_default() += 1;
        }
    });
    short.retain(|name, _| (1..=2).contains(&vars.reads(*name)) && calls.get(name) == Some(&vars.reads(*name)));
    visit::rewrite_exprs(body, &mut |expr| {
        if let Some((function, args)) = called(expr)
            && let Some(literal) = short.get(&function)
            && let Some(value) = said(literal)
        {
            let params = literal.params.iter().map(|param| param.var);
            let given: FxHashMap<VarId, Expr> =
                params.zip(args).filter_map(|(param, arg)| Some((param?, arg.clone()))).collect();
            let mut value = value.clone();
            visit::rewrite_expr(&mut value, &mut |expr| match expr {
                Expr::Var(var) if given.contains_key(var) => *expr = given[var].clone(),
                expr => super::exprs::simplify(expr),
            });
            *expr = value;
        }
    });
}

/// The parameter that is only there to be called otherwise.
fn name_params(literal: &mut FuncLit, locals: &Locals) {
    while let Some(Stmt { kind: StmtKind::Define(names, values), .. }) = literal.body.first()
        && let ([Some(name)], [Expr::Var(param)]) = (&names[..], &values[..])
        && let Some(at) = literal.params.iter().position(|other| other.var == Some(*param))
        && locals.is_temporary(*param)
        && !visit::mentions(&literal.body[1..], *param)
    {
        literal.params[at].var = Some(*name);
        literal.body.remove(0);
    }
}

/// What a literal returns, if it does nothing else and is short.
fn said(literal: &FuncLit) -> Option<&Expr> {
    let [Stmt { kind: StmtKind::Return(values), .. }] = &literal.body[..] else { return None };
    let ([value], [_]) = (&values[..], &literal.results[..]) else { return None };
    let (mut size, mut is_plain) = (0, true);
    let is_param = |var: VarId| literal.params.iter().any(|param| param.var == Some(var));
    visit::walk_expr(value, &mut |expr| {
        size += 1;
        is_plain &= match expr {
            Expr::Func(_) => false,
            Expr::Unary(UnaryOp::Addr, place) => !super::effect::root(place).is_some_and(is_param),
            _ => true,
        };
    });
    (is_plain && size <= SHORT).then_some(value)
}

/// A call of a variable with arguments that may be mentioned anywhere.
fn called(expr: &Expr) -> Option<(VarId, &[Expr])> {
    let Expr::Call(call) = expr else { return None };
    let Expr::Var(function) = call.fun else { return None };
    let is_plain = |arg: &Expr| match arg {
        Expr::Var(_) | Expr::Lit(Lit::Str(_) | Lit::Bool(_)) => true,
        Expr::Unary(UnaryOp::Addr, place) => matches!(**place, Expr::Var(_)),
        _ => false,
    };
    (call.spread == Spread::No && call.args.iter().all(is_plain)).then_some((function, &call.args))
}
