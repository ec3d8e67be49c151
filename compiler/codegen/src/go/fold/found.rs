//! What was looked for, where it is found: `var v *T; …; v = x; break` in a loop, and `if v != nil { … }` behind it, is `…; break` with
//! what the condition guards at the `break`, and no pointer that is asked. The same of `var v T; var ok bool; …; v, ok = x, true`, and of an
//! `if` that sets them.
//!
//! What stands between and what happens where nothing was found must be something that may as well come first: a constant, or what variables
//! say that nobody changes in the meantime.

use rustc_hash::FxHashSet;

use super::declare;
use super::effect::{Effect, Variables};
use crate::go::ast::*;
use crate::go::terminate::diverges;
use crate::go::visit::{self, Literals};

/// How many statements may move into a loop: more would be read there as what the loop is about.
const MOVED: usize = 3;

pub fn hand_over(body: &mut Block, literals: Literals, locals: &Locals) {
    if !visit::any_stmt(body, literals, declare::is_without_value) {
        return;
    }
    let vars = Variables::of(body);
    let present = present(body, literals, locals, &vars);
    block(body, &Known { vars: &vars, present: &present, literals });
}

struct Known<'a> {
    vars: &'a Variables,
    /// Pointers that are never nil.
    present: &'a FxHashSet<VarId>,
    literals: Literals,
}

fn present(body: &[Stmt], literals: Literals, locals: &Locals, vars: &Variables) -> FxHashSet<VarId> {
    let mut present = FxHashSet::default();
    visit::walk_stmts(body, literals, &mut |stmt| match &stmt.kind {
        StmtKind::Define(names, values) if names.len() == values.len() => {
            let named = names.iter().zip(values).filter(|(_, value)| matches!(value, Expr::Unary(UnaryOp::Addr, _)));
            present.extend(named.filter_map(|(name, _)| *name));
        }
        StmtKind::Range(range) => present.extend(range.value.filter(|var| locals.is_never_nil(*var))),
        _ => {}
    });
    present.retain(|var| vars.writes(*var) == 0 && !vars.escapes(*var));
    present
}

fn block(list: &mut Block, known: &Known<'_>) {
    list.iter_mut().for_each(|stmt| visit::each_inner_block(stmt, known.literals, &|list| block(list, known)));
    let mut at = 0;
    while at < list.len() {
        if let Some(moved) = Search::at(list, at, known).and_then(|search| search.moved(list, known)) {
            *list = moved;
            // What is known of variables is counted anew before the next.
            return;
        }
        at += 1;
    }
}

/// A question behind what answers it.
struct Search {
    /// Where the statement is that may find something, and where the question.
    search: usize,
    question: usize,
    /// What is asked, and what was found, if that is not the same.
    flag: VarId,
    value: VarId,
    /// What is done where something was found, and where nothing was.
    found: Block,
    missing: Block,
}

/// A statement that sets what was found, as the last of its block or in front of the `break` that leaves the loop.
struct Site {
    value: Expr,
    pos: Option<Pos>,
}

impl Search {
    /// The question at `at`, if it is one.
    fn at(list: &Block, at: usize, known: &Known<'_>) -> Option<Search> {
        let StmtKind::If(question) = &list[at].kind else { return None };
        if question.init.is_some() {
            return None;
        }
        let (flag, asks_presence) = asked(&question.cond)?;
        let search = (0..at).rev().find(|i| !comes_first(&list[*i], known.vars))?;
        let (found, missing) = match asks_presence {
            true => (&question.then, &question.els),
            false => (&question.els, &question.then),
        };
        let value = value_beside(&list[search], flag)?;
        Some(Search { search, question: at, flag, value, found: found.clone(), missing: missing.clone() })
    }

    fn moved(self, list: &Block, known: &Known<'_>) -> Option<Block> {
        let vars = known.vars;
        if self.found.is_empty() || !self.is_private(list, vars) {
            return None;
        }
        let declaration = |var: VarId| {
            list[..self.search].iter().find_map(|stmt| match &stmt.kind {
                StmtKind::Var(declared, ty, None) if *declared == var => Some(ty.clone()),
                _ => None,
            })
        };
        declaration(self.flag)?;
        let ty = declaration(self.value)?;
        let between = &list[self.search + 1..self.question];
        let mut searching = list[self.search].clone();
        if !between.iter().all(|stmt| is_untouched_by(stmt, &searching)) {
            return None;
        }
        let mut between = between.to_vec();
        let is_loop = !matches!(searching.kind, StmtKind::If(_));
        let mut behind = Vec::new();
        if is_loop {
            self.missing_first(&searching, &mut between, &mut behind, vars)?;
        }
        let site = self.put(&mut searching, &ty, is_loop, vars)?;
        if self.flag == self.value && !self.is_something(&site.value, known) {
            return None;
        }
        let is_own = |stmt: &Stmt| match &stmt.kind {
            StmtKind::Var(var, ..) => *var == self.flag || *var == self.value,
            StmtKind::Assign(places, _) => is_var(places, self.flag),
            _ => false,
        };
        let mut moved: Block = list[..self.search].iter().filter(|stmt| !is_own(stmt)).cloned().collect();
        moved.extend(between);
        moved.push(searching);
        moved.extend(behind);
        moved.extend(list[self.question + 1..].iter().cloned());
        Some(moved)
    }

    /// Whether nobody but the search sets, and nobody but the question and what it guards reads, what was found.
    fn is_private(&self, list: &Block, vars: &Variables) -> bool {
        let reads = |var: VarId| count(&self.found, var);
        let cleared = list[..self.search].iter().filter(|stmt| clears(stmt, self.flag)).count() as u32;
        let is_read_there = match self.flag == self.value {
            true => vars.reads(self.flag) == 1 + reads(self.flag),
            false => vars.reads(self.flag) == 1 && vars.reads(self.value) == reads(self.value),
        };
        is_read_there
            && vars.writes(self.flag) == 1 + cleared
            && (self.flag == self.value || vars.writes(self.value) == 1)
            && !vars.escapes(self.flag)
            && !vars.escapes(self.value)
    }

    fn is_something(&self, value: &Expr, known: &Known<'_>) -> bool {
        match value {
            Expr::Unary(UnaryOp::Addr, _) => true,
            Expr::Var(var) => known.present.contains(var),
            _ => false,
        }
    }

    /// What is done where a loop finds nothing goes in front of it, or behind it where nothing else comes there.
    fn missing_first(&self, searching: &Stmt, between: &mut Block, behind: &mut Block, vars: &Variables) -> Option<()> {
        if self.found.len() > MOVED || !self.found.iter().all(is_simple) {
            return None;
        }
        if self.found.last().is_some_and(diverges) {
            behind.extend(self.missing.iter().cloned());
            return Some(());
        }
        let [stmt] = &self.missing[..] else { return self.missing.is_empty().then_some(()) };
        let StmtKind::Assign(places, values) = &stmt.kind else { return None };
        let ([Some(Expr::Var(set))], [value]) = (&places[..], &values[..]) else { return None };
        let is_overwritten = self.found.iter().any(|stmt| sets(stmt, *set)) && count(&self.found, *set) == 0;
        if !is_overwritten || !is_early(value, vars) || !is_untouched(value, searching) || touches(searching, *set) {
            return None;
        }
        let declared = between.iter().position(|stmt| matches!(&stmt.kind, StmtKind::Var(var, _, None) if var == set));
        match declared {
            Some(at) => {
                // What the value is made of may be declared behind it.
                let declared = between.remove(at);
                let StmtKind::Var(var, ty, _) = &declared.kind else { return None };
                if between.iter().any(|stmt| touches(stmt, *set)) {
                    return None;
                }
                between.push(declare::declaration(*var, ty, value.clone()).at(declared.pos));
            }
            // Nothing of what stands between reads it.
            None if between.iter().any(|stmt| touches(stmt, *set)) => return None,
            None => between.push(stmt.clone()),
        }
        Some(())
    }

    /// Puts what is done with what was found where it is found.
    fn put(&self, searching: &mut Stmt, ty: &Type, is_loop: bool, vars: &Variables) -> Option<Site> {
        if !is_loop {
            let StmtKind::If(choice) = &mut searching.kind else { return None };
            if !choice.els.is_empty() || choice.then.last().is_some_and(diverges) {
                return None;
            }
            let last = choice.then.pop()?;
            let site = self.site(&last)?;
            choice.then.extend(self.with(&site, ty, vars));
            choice.els = self.missing.clone();
            return Some(site);
        }
        let (label, inner) = match &mut searching.kind {
            StmtKind::Labeled(label, inner) => (Some(*label), &mut **inner),
            _ => (None, searching),
        };
        let body = match &mut inner.kind {
            StmtKind::For(inner) => &mut inner.body,
            StmtKind::Range(inner) => &mut inner.body,
            _ => return None,
        };
        self.put_in(body, ty, (label, true), vars)
    }

    /// `is_direct` says whether a plain `break` leaves the loop.
    fn put_in(
        &self,
        body: &mut Block,
        ty: &Type,
        (label, is_direct): (Option<LabelId>, bool),
        vars: &Variables,
    ) -> Option<Site> {
        if let [.., last, exit] = &body[..]
            && let StmtKind::Break(target) = &exit.kind
            && (target.is_none() && is_direct || target.is_some() && *target == label)
            && let Some(site) = self.site(last)
        {
            let exit = body.pop()?;
            body.pop();
            body.extend(self.with(&site, ty, vars));
            if !self.found.last().is_some_and(diverges) {
                body.push(exit);
            }
            return Some(site);
        }
        for stmt in body {
            let is_direct = is_direct && matches!(stmt.kind, StmtKind::If(_) | StmtKind::Block(_));
            let mut put = None;
            let mut inside = |block: &mut Block| {
                if put.is_none() {
                    put = self.put_in(block, ty, (label, is_direct), vars);
                }
            };
            match &mut stmt.kind {
                StmtKind::Labeled(_, inner) => visit::each_block_mut(inner, &mut |_| {}, &mut inside),
                _ => visit::each_block_mut(stmt, &mut |_| {}, &mut inside),
            }
            if put.is_some() {
                return put;
            }
        }
        None
    }

    /// What was found, by the statement that says so.
    fn site(&self, stmt: &Stmt) -> Option<Site> {
        let StmtKind::Assign(places, values) = &stmt.kind else { return None };
        let value = match (&places[..], &values[..]) {
            ([Some(Expr::Var(value))], [found]) if *value == self.flag && self.flag == self.value => found,
            ([Some(Expr::Var(value)), Some(Expr::Var(flag))], [found, yes])
                if *value == self.value && *flag == self.flag && *yes == Expr::bool(true) =>
            {
                found
            }
            _ => return None,
        };
        Some(Site { value: value.clone(), pos: stmt.pos })
    }

    /// What is done with what was found.
    fn with(&self, site: &Site, ty: &Type, vars: &Variables) -> Block {
        let mut found = self.found.clone();
        let reads = count(&found, self.value);
        let value = &site.value;
        if reads == 0 && vars.is_droppable(value) {
            return found;
        }
        let is_variable =
            matches!(value, Expr::Var(var) if vars.is_constant(*var) && !vars.is_changed_inside(self.value));
        if is_variable
            || reads == 1 && found.first().is_some_and(|first| assigns(first, self.value)) && !is_literal(value)
        {
            visit::rewrite_exprs(&mut found, &mut |expr| {
                if matches!(expr, Expr::Var(var) if *var == self.value) {
                    *expr = value.clone();
                }
            });
            return found;
        }
        let kind = match reads {
            0 => StmtKind::Assign(vec![None], vec![value.clone()]),
            _ => declare::declaration(self.value, ty, value.clone()),
        };
        found.insert(0, kind.at(site.pos));
        found
    }
}

/// `x = v`, `x, ok = v, true`
fn assigns(stmt: &Stmt, read: VarId) -> bool {
    let StmtKind::Assign(places, values) = &stmt.kind else { return false };
    places.iter().all(|place| matches!(place, Some(Expr::Var(_)))) && values.first() == Some(&Expr::Var(read))
}

fn is_literal(value: &Expr) -> bool {
    matches!(value, Expr::Lit(_) | Expr::Typed(..))
}

/// The variable that a condition asks for presence, and whether it holds where something is there.
fn asked(cond: &Expr) -> Option<(VarId, bool)> {
    match cond {
        Expr::Var(var) => Some((*var, true)),
        Expr::Unary(UnaryOp::Not, inner) => match &**inner {
            Expr::Var(var) => Some((*var, false)),
            _ => None,
        },
        Expr::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), value, nil) => match (&**value, &**nil) {
            (Expr::Var(var), Expr::Lit(Lit::Nil)) => Some((*var, *op == BinaryOp::Ne)),
            _ => None,
        },
        _ => None,
    }
}

/// The variable that is set together with the flag: itself, where it is a pointer.
fn value_beside(searching: &Stmt, flag: VarId) -> Option<VarId> {
    let mut found = None;
    visit::walk_own_stmts(std::slice::from_ref(searching), &mut |stmt| {
        if let StmtKind::Assign(places, values) = &stmt.kind {
            match (&places[..], &values[..]) {
                ([Some(Expr::Var(value))], [set]) if *value == flag && !matches!(set, Expr::Lit(_)) => {
                    found = Some(*value);
                }
                ([Some(Expr::Var(value)), Some(Expr::Var(second))], [..]) if *second == flag => found = Some(*value),
                _ => {}
            }
        }
    });
    found
}

/// `v = nil`, `ok = false`.
fn clears(stmt: &Stmt, var: VarId) -> bool {
    match &stmt.kind {
        StmtKind::Assign(places, values) => {
            is_var(places, var) && matches!(&values[..], [Expr::Lit(lit)] if lit.is_zero())
        }
        _ => false,
    }
}

fn is_var(places: &[Option<Expr>], var: VarId) -> bool {
    matches!(places, [Some(Expr::Var(place))] if *place == var)
}

/// Whether a statement only declares something that might have been declared before.
fn comes_first(stmt: &Stmt, vars: &Variables) -> bool {
    match &stmt.kind {
        StmtKind::Var(_, _, value) => value.as_ref().is_none_or(|value| is_early(value, vars)),
        StmtKind::Define(names, values) => match (&names[..], &values[..]) {
            ([Some(_)], [value]) => is_early(value, vars),
            _ => false,
        },
        _ => false,
    }
}

fn is_early(value: &Expr, vars: &Variables) -> bool {
    vars.effect(value) <= Effect::ReadsLocals && vars.is_droppable(value) && !matches!(value, Expr::Func(_))
}

/// Whether a declaration says the same in front of a statement.
fn is_untouched_by(declaration: &Stmt, stmt: &Stmt) -> bool {
    match &declaration.kind {
        StmtKind::Var(_, _, value) => value.iter().all(|value| is_untouched(value, stmt)),
        StmtKind::Define(_, values) => values.iter().all(|value| is_untouched(value, stmt)),
        _ => false,
    }
}

/// Whether a statement leaves the variables of an expression as they are.
fn is_untouched(value: &Expr, stmt: &Stmt) -> bool {
    let mut untouched = true;
    visit::walk_expr(value, &mut |expr| {
        if let Expr::Var(var) = expr {
            untouched &= !writes(stmt, *var);
        }
    });
    untouched
}

fn writes(stmt: &Stmt, var: VarId) -> bool {
    let mut found = false;
    visit::walk_stmts(std::slice::from_ref(stmt), Literals::Possible, &mut |stmt| {
        let is_it = |place: &Expr| super::effect::root(place) == Some(var);
        found |= match &stmt.kind {
            StmtKind::Assign(places, _) => places.iter().flatten().any(is_it),
            StmtKind::OpAssign(_, place, _) | StmtKind::Inc(place) | StmtKind::Dec(place) => is_it(place),
            StmtKind::Define(names, _) => names.contains(&Some(var)),
            StmtKind::Var(declared, ..) => *declared == var,
            StmtKind::Range(range) => [range.key, range.value].contains(&Some(var)),
            StmtKind::TypeSwitch(switch) => switch.bind == Some(var),
            _ => false,
        };
    });
    found
}

fn touches(stmt: &Stmt, var: VarId) -> bool {
    visit::mentions(std::slice::from_ref(stmt), var)
}

/// `x = …`
fn sets(stmt: &Stmt, var: VarId) -> bool {
    matches!(&stmt.kind, StmtKind::Assign(places, _) if is_var(places, var))
}

/// How often a variable is read.
fn count(list: &[Stmt], var: VarId) -> u32 {
    Variables::of(list).reads(var)
}

/// What may move into a loop: it has no blocks, and no plain jump, which would mean another loop there.
fn is_simple(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Define(..)
        | StmtKind::Var(..)
        | StmtKind::Assign(..)
        | StmtKind::OpAssign(..)
        | StmtKind::Inc(_)
        | StmtKind::Dec(_)
        | StmtKind::Expr(_)
        | StmtKind::Return(_) => {
            let mut has_literal = false;
            visit::each_expr(stmt, &mut |expr| {
                visit::walk_expr(expr, &mut |expr| has_literal |= matches!(expr, Expr::Func(_)));
            });
            !has_literal
        }
        StmtKind::Break(target) | StmtKind::Continue(target) => target.is_some(),
        _ => false,
    }
}
