//! Takes out deferred functions that would only find something to do if a panic came where none can.
//!
//! Lowering guards every value with a destructor that dies before its function does: a flag says that it is alive, and a deferred function drops
//! it by the flag. Where nothing panics between the making of the value and its end, and no way leaves the function in between, the flag is false
//! whenever the deferred function runs.

use rustc_hash::FxHashSet;

use super::ast::*;
use super::calm::Calm;
use super::fold::Variables;
use super::visit::{self, Literals};

/// Takes such deferred functions out of a function of the package with this import path, and folds anew what is left.
pub fn simplify(decl: &mut FuncDecl, path: Option<&Str>, calm: &Calm) {
    if simplify_body(&mut decl.body, path, calm) {
        super::fold::fold_func(decl);
    }
}

/// Whether a function has such deferred functions, needed or not.
pub fn has_guards(decl: &FuncDecl) -> bool {
    let mut found = !guarded(&decl.body).is_empty();
    visit::walk_exprs(&decl.body, &mut |expr| {
        found |= matches!(expr, Expr::Func(lit) if !guarded(&lit.body).is_empty())
    });
    found
}

fn simplify_body(body: &mut Block, path: Option<&Str>, calm: &Calm) -> bool {
    let mut has_changed = false;
    for flags in guarded(body) {
        let mut walk = Walk { flags: &flags, path, calm };
        if walk.block(body, Alive::default()).is_some_and(|alive| alive.is_empty()) {
            remove(body, &flags);
            has_changed = true;
        }
    }
    let vars = Variables::of(body);
    has_changed |= certain(body, &vars);
    visit::rewrite_exprs(body, &mut |expr| {
        if let Expr::Func(lit) = expr {
            has_changed |= simplify_body(&mut lit.body, path, calm);
        }
    });
    has_changed
}

/// A value that only a panic drops, for its statement panics always, needs no flag: `live := true; defer func() { if live { drop(&x) } }()` is
/// `defer drop(&x)`.
fn certain(body: &mut Block, vars: &Variables) -> bool {
    let mut has_changed = false;
    let mut i = 0;
    while i + 1 < body.len() {
        if let Some((flag, true)) = set_var(&body[i])
            && matches!(body[i].kind, StmtKind::Define(..))
            && vars.writes(flag) == 0
            && vars.reads(flag) == 1
            && let Some(call) = only_call(&body[i + 1], flag, vars)
        {
            body[i + 1].kind = StmtKind::Defer(call);
            body.remove(i);
            has_changed = true;
        }
        i += 1;
    }
    for stmt in body {
        visit::each_block_mut(stmt, &mut |_| {}, &mut |block| has_changed |= certain(block, vars));
    }
    has_changed
}

/// The call that a deferred function consists of, if the flag is set, where the call's operands are the same from here on.
fn only_call(stmt: &Stmt, flag: VarId, vars: &Variables) -> Option<Expr> {
    let [Stmt { kind: StmtKind::If(guard), .. }] = &deferred(stmt)?.body[..] else { return None };
    let ([Stmt { kind: StmtKind::Expr(only), .. }], []) = (&guard.then[..], &guard.els[..]) else { return None };
    let Expr::Call(call) = only else { return None };
    let is_fixed = |expr: &Expr| match expr {
        Expr::Var(var) => vars.writes(*var) == 0,
        Expr::Unary(UnaryOp::Addr, place) => matches!(**place, Expr::Var(_)),
        _ => false,
    };
    let is_fixed_function = match &call.fun {
        Expr::Select(base, _) => is_fixed(base),
        fun => matches!(fun, Expr::Name(_) | Expr::Imported(..)),
    };
    let is_asked = guard.init.is_none() && guard.cond == Expr::Var(flag);
    (is_asked && is_fixed_function && call.args.iter().all(is_fixed)).then(|| only.clone())
}

/// The flags of each deferred function that does nothing while all of its flags are false.
fn guarded(body: &[Stmt]) -> Vec<FxHashSet<VarId>> {
    let mut found = Vec::new();
    visit::walk_own_stmts(body, &mut |stmt| {
        if let Some(lit) = deferred(stmt) {
            let mut flags = FxHashSet::default();
            if lit.body.iter().all(|stmt| is_guarded(stmt, &mut flags)) {
                found.push(flags);
            }
        }
    });
    found
}

fn deferred(stmt: &Stmt) -> Option<&FuncLit> {
    match &stmt.kind {
        StmtKind::Defer(Expr::Call(call)) => match &call.fun {
            Expr::Func(lit) => Some(lit),
            _ => None,
        },
        _ => None,
    }
}

fn is_guarded(stmt: &Stmt, flags: &mut FxHashSet<VarId>) -> bool {
    let StmtKind::If(guard) = &stmt.kind else { return false };
    let (None, Expr::Var(flag)) = (&guard.init, &guard.cond) else { return false };
    flags.insert(*flag);
    guard.els.iter().all(|stmt| is_guarded(stmt, flags))
}

/// The flags that may be true.
type Alive = FxHashSet<VarId>;

struct Walk<'a> {
    flags: &'a FxHashSet<VarId>,
    path: Option<&'a Str>,
    calm: &'a Calm,
}

impl Walk<'_> {
    /// What may be alive behind statements; nothing where something may be alive when a panic comes or the function is left.
    fn block(&mut self, body: &[Stmt], alive: Alive) -> Option<Alive> {
        body.iter().try_fold(alive, |alive, stmt| self.stmt(stmt, alive))
    }

    fn stmt(&mut self, stmt: &Stmt, mut alive: Alive) -> Option<Alive> {
        if let Some((flag, value)) = self.set(stmt) {
            if value {
                alive.insert(flag)
            } else {
                alive.remove(&flag)
            };
            return Some(alive);
        }
        if deferred(stmt).is_some_and(|lit| self.is_own(lit)) {
            return Some(alive);
        }
        if let StmtKind::If(choice) = &stmt.kind
            && let (None, Expr::Var(flag)) = (&choice.init, &choice.cond)
            && self.flags.contains(flag)
        {
            let without: Alive = alive.iter().copied().filter(|other| other != flag).collect();
            let then = if alive.contains(flag) { self.block(&choice.then, alive)? } else { Alive::default() };
            let els = self.block(&choice.els, without)?;
            return Some(then.union(&els).copied().collect());
        }
        if !alive.is_empty() && !self.calm.header(self.path, stmt) || self.is_mentioned(stmt) {
            return None;
        }
        match &stmt.kind {
            StmtKind::Return(_) | StmtKind::Break(_) | StmtKind::Continue(_) if !alive.is_empty() => None,
            StmtKind::Labeled(_, inner) => self.stmt(inner, alive),
            StmtKind::Block(body) => self.block(body, alive),
            StmtKind::If(choice) => {
                let alive = self.init(&choice.init, alive)?;
                let then = self.block(&choice.then, alive.clone())?;
                let els = self.block(&choice.els, alive)?;
                Some(then.union(&els).copied().collect())
            }
            StmtKind::For(repeated) => {
                let alive = self.init(&repeated.init, alive)?;
                self.repeated(stmt, &repeated.body, &repeated.post, alive)
            }
            StmtKind::Range(repeated) => self.repeated(stmt, &repeated.body, &None, alive),
            StmtKind::Switch(choice) => {
                let alive = self.init(&choice.init, alive)?;
                self.one_of(choice.cases.iter().map(|case| &case.body), alive)
            }
            StmtKind::TypeSwitch(_) | StmtKind::Select(_) => {
                let mut after = Some(alive.clone());
                visit::each_block(stmt, &mut |block| {
                    after = after.take().and_then(|after| {
                        let behind = self.block(block, alive.clone())?;
                        Some(after.union(&behind).copied().collect())
                    });
                });
                after
            }
            _ => Some(alive),
        }
    }

    /// A statement of a header, if there is one.
    fn init(&mut self, init: &Option<Stmt>, alive: Alive) -> Option<Alive> {
        init.iter().try_fold(alive, |alive, stmt| self.stmt(stmt, alive))
    }

    fn one_of<'b>(&mut self, blocks: impl Iterator<Item = &'b Block>, alive: Alive) -> Option<Alive> {
        let mut after = alive.clone();
        for block in blocks {
            after.extend(self.block(block, alive.clone())?);
        }
        Some(after)
    }

    /// A turn that leaves something alive begins the next with it.
    fn repeated(&mut self, stmt: &Stmt, body: &[Stmt], post: &Option<Stmt>, alive: Alive) -> Option<Alive> {
        let behind = self.block(body, alive.clone())?;
        let behind = self.init(post, behind)?;
        if behind.is_subset(&alive) {
            return Some(alive);
        }
        let all: Alive = alive.union(&behind).copied().collect();
        if !self.calm.header(self.path, stmt) {
            return None;
        }
        let behind = self.block(body, all.clone())?;
        let behind = self.init(post, behind)?;
        behind.is_subset(&all).then_some(all)
    }

    fn set(&self, stmt: &Stmt) -> Option<(VarId, bool)> {
        let (flag, value) = set_var(stmt)?;
        self.flags.contains(&flag).then_some((flag, value))
    }

    fn is_own(&self, lit: &FuncLit) -> bool {
        let mut flags = FxHashSet::default();
        lit.body.iter().all(|stmt| is_guarded(stmt, &mut flags)) && flags == *self.flags
    }

    /// Whether a statement does something with a flag that is not understood.
    fn is_mentioned(&self, stmt: &Stmt) -> bool {
        let mut found = false;
        visit::each_expr(stmt, &mut |expr| {
            visit::walk_expr(expr, &mut |expr| found |= matches!(expr, Expr::Var(var) if self.flags.contains(var)));
        });
        found
    }
}

/// `x := true`, `x = false`.
fn set_var(stmt: &Stmt) -> Option<(VarId, bool)> {
    let (var, value) = match &stmt.kind {
        StmtKind::Define(vars, values) => match (&vars[..], &values[..]) {
            ([Some(var)], [value]) => (*var, value),
            _ => return None,
        },
        StmtKind::Assign(places, values) => match (&places[..], &values[..]) {
            ([Some(Expr::Var(var))], [value]) => (*var, value),
            _ => return None,
        },
        StmtKind::Var(var, _, None) => return Some((*var, false)),
        StmtKind::Var(var, _, Some(value)) => (*var, value),
        _ => return None,
    };
    let Expr::Lit(Lit::Bool(value)) = value else { return None };
    Some((var, *value))
}

/// Removes the deferred function, and those of its flags that nobody else asks.
fn remove(body: &mut Block, flags: &FxHashSet<VarId>) {
    retain(body, &|stmt| {
        !deferred(stmt).is_some_and(|lit| {
            let mut own = FxHashSet::default();
            lit.body.iter().all(|stmt| is_guarded(stmt, &mut own)) && own == *flags
        })
    });
    let mut asked: FxHashSet<VarId> = FxHashSet::default();
    visit::walk_stmts(body, Literals::Possible, &mut |stmt| {
        if set_var(stmt).is_none() {
            visit::each_expr(stmt, &mut |expr| {
                visit::walk_expr(expr, &mut |expr| {
                    if let Expr::Var(var) = expr {
                        asked.insert(*var);
                    }
                });
            });
        }
    });
    retain(body, &|stmt| set_var(stmt).is_none_or(|(flag, _)| !flags.contains(&flag) || asked.contains(&flag)));
}

fn retain(body: &mut Block, is_kept: &dyn Fn(&Stmt) -> bool) {
    body.retain(|stmt| is_kept(stmt));
    for stmt in body {
        visit::each_inner_block(stmt, Literals::Possible, &|block| retain(block, is_kept));
    }
}
