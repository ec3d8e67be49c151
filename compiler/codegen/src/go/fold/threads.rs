//! A `Result` or `Option` that is put together in branches only to be asked at once whether it is there: each branch goes where the
//! answer would send it, and no struct is made (jump threading).

use super::declare;
use super::effect::Variables;
use crate::go::ast::*;
use crate::go::terminate::diverges;
use crate::go::visit::{self, Literals};

/// How many branches may get the way out of their own.
const COPIES: usize = 3;

pub fn thread(body: &mut Block, literals: Literals) {
    if !visit::any_stmt(body, literals, |stmt| declare::is_without_value(stmt) || defined_literal(stmt).is_some()) {
        return;
    }
    let vars = Variables::of(body);
    block(body, literals, &vars);
}

fn block(list: &mut Block, literals: Literals, vars: &Variables) {
    list.iter_mut().for_each(|stmt| visit::each_inner_block(stmt, literals, &|list| block(list, literals, vars)));
    let mut i = 0;
    while i + 2 < list.len() {
        let threaded = threaded(&list[i..], vars).or_else(|| threaded_turned(&list[i..], vars));
        if let Some(threaded) = threaded.or_else(|| threaded_flag(&list[i..], vars)) {
            list.truncate(i);
            list.extend(threaded);
        }
        i += 1;
    }
    declare_late(list);
    point_at_literals(list, vars);
}

/// The struct's fields: the flag, and what lies beside the value.
struct Shape {
    flag: &'static str,
    error: Option<&'static str>,
    value: Type,
}

fn shape(ty: &Type) -> Option<Shape> {
    let Type::Imported(path, name, args) = ty else { return None };
    if !path.ends_with("rgort") {
        return None;
    }
    match (&**name, &args[..]) {
        ("Option", [value]) => Some(Shape { flag: "Some", error: None, value: value.clone() }),
        ("Result", [value, _]) => Some(Shape { flag: "OK", error: Some("Err"), value: value.clone() }),
        _ => None,
    }
}

/// `var r T; if … { r = … } else { r = … }; if !r.OK { … return }; …` with `r` as its value alone.
fn threaded(list: &[Stmt], vars: &Variables) -> Option<Block> {
    let [declaration, choice, question, rest @ ..] = list else { return None };
    let StmtKind::Var(var, ty, None) = &declaration.kind else { return None };
    let shape = shape(ty)?;
    let StmtKind::If(exit) = &question.kind else { return None };
    let asks = matches!(&exit.cond, Expr::Unary(UnaryOp::Not, flag) if is_field(flag, *var, shape.flag));
    if !asks || exit.init.is_some() || !exit.els.is_empty() || !exit.then.last().is_some_and(diverges) {
        return None;
    }
    let errors = count(&exit.then, &|e| shape.error.is_some_and(|name| is_field(e, *var, name)));
    let values = count(rest, &|e| is_field(e, *var, "Val"));
    if vars.reads(*var) as usize != 1 + errors + values || errors > 1 {
        return None;
    }
    let mut choice = choice.clone();
    let StmtKind::If(branches) = &mut choice.kind else { return None };
    let mut threads = Threads { var: *var, shape: &shape, exit: &exit.then, errors, writes: 0, exits: 0 };
    if !threads.end(&mut branches.then) || !threads.end(&mut branches.els) {
        return None;
    }
    let is_short = exit.then.len() == 1;
    if threads.writes != vars.writes(*var) || threads.exits > if is_short { COPIES } else { 1 } {
        return None;
    }
    let mut out = vec![StmtKind::Var(*var, shape.value.clone(), None).at(declaration.pos), choice];
    let mut rest = rest.to_vec();
    visit::rewrite_exprs(&mut rest, &mut |e| {
        if is_field(e, *var, "Val") {
            *e = Expr::Var(*var);
        }
    });
    out.extend(rest);
    Some(out)
}

/// The same of `if r.OK { return … }; return …`: the second way out is the way out without a value.
fn threaded_turned(list: &[Stmt], vars: &Variables) -> Option<Block> {
    let [declaration, choice, question, exit @ ..] = list else { return None };
    let StmtKind::If(present) = &question.kind else { return None };
    let is_asked = matches!(&present.cond, Expr::Select(..));
    let [.., last] = exit else { return None };
    if !is_asked
        || present.init.is_some()
        || !present.els.is_empty()
        || !diverges(last)
        || !present.then.last().is_some_and(diverges)
    {
        return None;
    }
    let turned = If { init: None, cond: present.cond.clone().negate(), then: exit.to_vec(), els: Vec::new() };
    let mut list = vec![declaration.clone(), choice.clone(), StmtKind::If(Box::new(turned)).at(question.pos)];
    list.extend(present.then.iter().cloned());
    threaded(&list, vars)
}

/// `var ok bool; if … { x, ok = v, true } else { … }; if !ok { … return }` without the flag.
fn threaded_flag(list: &[Stmt], vars: &Variables) -> Option<Block> {
    let [declaration, choice, question, rest @ ..] = list else { return None };
    let StmtKind::Var(flag, ty, None) = &declaration.kind else { return None };
    let StmtKind::If(exit) = &question.kind else { return None };
    let asks = matches!(&exit.cond, Expr::Unary(UnaryOp::Not, cond) if matches!(**cond, Expr::Var(v) if v == *flag));
    let is_plain = exit.init.is_none() && exit.els.is_empty() && exit.then.len() == 1;
    if !ty.is_name("bool") || !asks || !is_plain || !exit.then.last().is_some_and(diverges) || vars.reads(*flag) != 1 {
        return None;
    }
    let mut choice = choice.clone();
    let StmtKind::If(branches) = &mut choice.kind else { return None };
    let mut writes = 0;
    for branch in [&mut branches.then, &mut branches.els] {
        let leaves = branch.last().is_some_and(diverges);
        match branch.last_mut().map(|last| &mut last.kind) {
            Some(StmtKind::Assign(places, values))
                if places.last() == Some(&Some(Expr::Var(*flag)))
                    && places.len() == values.len()
                    && places.len() > 1 =>
            {
                if values.pop() != Some(Expr::bool(true)) {
                    return None;
                }
                places.pop();
                writes += 1;
            }
            _ if leaves => {}
            // The flag is still what it was declared as.
            _ => branch.extend(exit.then.iter().cloned()),
        }
    }
    if writes != vars.writes(*flag) {
        return None;
    }
    let mut out = vec![choice];
    out.extend(rest.iter().cloned());
    Some(out)
}

struct Threads<'a> {
    var: VarId,
    shape: &'a Shape,
    exit: &'a Block,
    /// How often the way out mentions the error.
    errors: usize,
    writes: u32,
    exits: usize,
}

impl Threads<'_> {
    /// Rewrites the end of a branch; false where it does not end in a known answer.
    fn end(&mut self, branch: &mut Block) -> bool {
        let Some(last) = branch.pop() else { return false };
        match last.kind {
            StmtKind::Assign(places, values) => {
                let ([Some(Expr::Var(place))], [Expr::Composite(composite)]) = (&places[..], &values[..]) else {
                    return false;
                };
                if *place != self.var {
                    return false;
                }
                self.writes += 1;
                let field = |name: &str| {
                    let is_it = |e: &&Element| matches!(&e.key, Some(Expr::Name(key)) if **key == *name);
                    composite.elements.iter().find(is_it).map(|element| element.value.clone())
                };
                match field(self.shape.flag) {
                    Some(Expr::Lit(Lit::Bool(true))) => {
                        let value = field("Val").map(|value| StmtKind::assign(Expr::Var(self.var), value));
                        branch.extend(value.map(|value| value.at(last.pos)));
                        true
                    }
                    None | Some(Expr::Lit(Lit::Bool(false))) => self.leave(branch, self.shape.error.and_then(field)),
                    Some(_) => false,
                }
            }
            StmtKind::If(mut inner) => {
                let known = self.end(&mut inner.then) && self.end(&mut inner.els);
                branch.push(StmtKind::If(inner).at(last.pos));
                known
            }
            kind => {
                let stmt = kind.at(last.pos);
                let leaves = diverges(&stmt);
                branch.push(stmt);
                leaves
            }
        }
    }

    /// The way out, with the error in place.
    fn leave(&mut self, branch: &mut Block, error: Option<Expr>) -> bool {
        self.exits += 1;
        let mut exit = self.exit.clone();
        let acts = error.as_ref().is_some_and(|error| {
            let mut calls = false;
            visit::walk_expr(error, &mut |e| calls |= matches!(e, Expr::Call(_)));
            calls
        });
        let (var, name) = (self.var, self.shape.error);
        let is_error = |e: &Expr| name.is_some_and(|name| is_field(e, var, name));
        // The error is evaluated where the way out begins, and by that alone.
        let begins = match exit.first().map(|stmt| &stmt.kind) {
            Some(StmtKind::Define(_, values)) => matches!(&values[..], [value] if is_error(value)),
            _ => false,
        };
        match (self.errors, error) {
            (0, _) if acts => return false,
            (0, _) => {}
            (_, Some(error)) if !acts || begins => visit::rewrite_exprs(&mut exit, &mut |e| {
                if is_error(e) {
                    *e = error.clone();
                }
            }),
            _ => return false,
        }
        branch.extend(exit);
        true
    }
}

fn is_field(expr: &Expr, var: VarId, field: &str) -> bool {
    matches!(expr, Expr::Select(base, name) if **name == *field && matches!(**base, Expr::Var(v) if v == var))
}

fn count(list: &[Stmt], is_it: &dyn Fn(&Expr) -> bool) -> usize {
    let mut found = 0;
    visit::walk_exprs(list, &mut |e| found += usize::from(is_it(e)));
    found
}

/// `var x T; …; x = f()`, where nothing between mentions `x`, is `x := f()`.
fn declare_late(list: &mut Block) {
    let mut i = 0;
    while i < list.len() {
        if let StmtKind::Var(var, ty, None) = &list[i].kind
            && let Some(j) = (i + 1..list.len()).find(|j| visit::mentions(&list[*j..=*j], *var))
            && let StmtKind::Assign(places, values) = &list[j].kind
            && let ([Some(Expr::Var(place))], [value]) = (&places[..], &values[..])
            && place == var
            && count(&[StmtKind::Expr(value.clone()).into()], &|e| matches!(e, Expr::Var(v) if v == var)) == 0
            && declare::has_type(value, ty)
        {
            let define = StmtKind::Define(vec![Some(*var)], vec![value.clone()]).at(list[j].pos);
            list[j] = define;
            list.remove(i);
            continue;
        }
        i += 1;
    }
}

/// `e := T{…}; return &e` is `return &T{…}`.
fn point_at_literals(list: &mut Block, vars: &Variables) {
    let mut i = 0;
    while i + 1 < list.len() {
        if let Some((var, literal)) = defined_literal(&list[i])
            && vars.reads(var) == 1
            && vars.writes(var) == 0
            && let StmtKind::Return(results) = &list[i + 1].kind
            && results.iter().any(|e| is_address(e, var))
        {
            let literal = literal.clone();
            if let StmtKind::Return(results) = &mut list[i + 1].kind {
                for result in results.iter_mut().filter(|result| is_address(result, var)) {
                    *result = Expr::unary(UnaryOp::Addr, literal.clone());
                }
            }
            list.remove(i);
            continue;
        }
        i += 1;
    }
}

/// `e := T{…}`
fn defined_literal(stmt: &Stmt) -> Option<(VarId, &Expr)> {
    let StmtKind::Define(names, values) = &stmt.kind else { return None };
    match (&names[..], &values[..]) {
        ([Some(var)], [literal @ Expr::Composite(_)]) => Some((*var, literal)),
        _ => None,
    }
}

fn is_address(expr: &Expr, var: VarId) -> bool {
    matches!(expr, Expr::Unary(UnaryOp::Addr, place) if matches!(**place, Expr::Var(v) if v == var))
}
