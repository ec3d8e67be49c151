//! Puts the value of a temporary where it is used, if that is once, at once, and nothing can tell the difference.

use rustc_hash::{FxHashMap, FxHashSet};

use super::effect::{Effect, Variables};
use crate::go::ast::*;
use crate::go::constant;
use crate::go::visit::{self, Literals};

pub fn fold(body: &mut Block, literals: Literals, locals: &Locals) {
    let vars = Variables::of(body);
    Folder { vars: &vars, locals, literals }.block(body);
    // The rest is about `x := y`, and folding makes none: of a temporary, or into one.
    let is_into = |vars: &Variables| vars.copies().iter().any(|(name, _)| locals.is_temporary(*name));
    let is_of = vars.copies().iter().any(|(_, value)| locals.is_temporary(*value));
    if is_of {
        coalesce(body, literals, locals);
    }
    if is_into(&vars) && is_into(&Variables::of(body)) {
        propagate(body, literals, locals);
        propagate_while_unchanged(body, literals, locals);
    }
    if is_of {
        merge(body, locals);
    }
}

/// `tmp := x`, where neither is ever changed: it is `x`.
fn propagate(body: &mut Block, literals: Literals, locals: &Locals) {
    let vars = Variables::of(body);
    let parts = partly_written(body, literals);
    let is_fixed = |var: &VarId| vars.writes(*var) == 0 && !vars.escapes(*var) && !parts.contains(var);
    let mut originals: FxHashMap<VarId, VarId> = FxHashMap::default();
    visit::walk_stmts(body, literals, &mut |stmt| {
        let StmtKind::Define(names, values) = &stmt.kind else { return };
        let ([Some(temporary)], [Expr::Var(original)]) = (&names[..], &values[..]) else { return };
        let is_temporary = locals.vars[temporary.0 as usize].origin == VarOrigin::Temporary;
        if is_temporary && is_fixed(temporary) && is_fixed(original) && !originals.contains_key(original) {
            originals.insert(*temporary, *original);
        }
    });
    // A chain is taken link by link, one in each round.
    let names: FxHashSet<VarId> = originals.values().copied().collect();
    originals.retain(|temporary, _| !names.contains(temporary));
    if !originals.is_empty() {
        visit::rewrite_exprs(body, &mut |expr| {
            if let Expr::Var(var) = expr
                && let Some(original) = originals.get(var)
            {
                *var = *original;
            }
        });
        remove_copies(body, &originals);
    }
}

/// `tmp := x` in a list, where `x` keeps its value for as long as the temporary is heard of: it is `x` there.
fn propagate_while_unchanged(body: &mut Block, literals: Literals, locals: &Locals) {
    let vars = Variables::of(body);
    let parts = partly_written(body, literals);
    let mut mentions: FxHashMap<VarId, u32> = FxHashMap::default();
    count_mentions(body, &mut mentions);
    let mut originals: FxHashMap<VarId, VarId> = FxHashMap::default();
    let is_fixed = |var: &VarId| vars.writes(*var) == 0 && !vars.escapes(*var) && !parts.contains(var);
    find_unchanged(body, &mut |list, at, temporary, original| {
        let is_candidate = locals.is_temporary(temporary)
            && !locals.vars[temporary.0 as usize].is_named
            && is_fixed(&temporary)
            && !vars.escapes(original)
            && !originals.contains_key(&original)
            && !originals.values().any(|known| *known == temporary);
        if !is_candidate {
            return;
        }
        let Some(last) = (at + 1..list.len()).rev().find(|i| visit::mentions(&list[*i..=*i], temporary)) else {
            return;
        };
        let mut within: FxHashMap<VarId, u32> = FxHashMap::default();
        count_mentions(&list[at + 1..=last], &mut within);
        if within.get(&temporary) == mentions.get(&temporary) && !changes(&list[at + 1..=last], literals, original) {
            originals.insert(temporary, original);
        }
    });
    if !originals.is_empty() {
        visit::rewrite_exprs(body, &mut |expr| {
            if let Expr::Var(var) = expr
                && let Some(original) = originals.get(var)
            {
                *var = *original;
            }
        });
        remove_copies(body, &originals);
    }
}

/// Calls `f` for every `x := y` of two variables, with the list it stands in and its position there.
fn find_unchanged(body: &[Stmt], f: &mut dyn FnMut(&[Stmt], usize, VarId, VarId)) {
    for (at, stmt) in body.iter().enumerate() {
        if let StmtKind::Define(names, values) = &stmt.kind
            && let ([Some(name)], [Expr::Var(value)]) = (&names[..], &values[..])
        {
            f(body, at, *name, *value);
        }
        visit::each_expr(stmt, &mut |expr| {
            visit::walk_expr(expr, &mut |expr| {
                if let Expr::Func(lit) = expr {
                    find_unchanged(&lit.body, f);
                }
            })
        });
        visit::each_block(stmt, &mut |block| find_unchanged(block, f));
    }
}

/// Whether statements write a variable or a part of it.
fn changes(body: &[Stmt], literals: Literals, var: VarId) -> bool {
    let mut found = partly_written(body, literals).contains(&var);
    visit::walk_stmts(body, literals, &mut |stmt| {
        found |= visit::declared(stmt).any(|declared| declared == var);
        if let StmtKind::Range(range) = &stmt.kind {
            found |= range.key == Some(var) || range.value == Some(var);
        }
    });
    found
}

/// Variables of which a field or element is written; they may be pointers, but types are not known here.
fn partly_written(body: &[Stmt], literals: Literals) -> FxHashSet<VarId> {
    let mut out = FxHashSet::default();
    visit::walk_stmts(body, literals, &mut |stmt| match &stmt.kind {
        StmtKind::Assign(places, _) => out.extend(places.iter().flatten().filter_map(super::effect::root)),
        StmtKind::OpAssign(_, place, _) | StmtKind::Inc(place) | StmtKind::Dec(place) => {
            out.extend(super::effect::root(place));
        }
        _ => {}
    });
    out
}

/// Removes what has become `x := x`.
fn remove_copies(body: &mut Block, originals: &FxHashMap<VarId, VarId>) {
    body.retain(|stmt| match &stmt.kind {
        StmtKind::Define(names, values) => match (&names[..], &values[..]) {
            ([Some(name)], [Expr::Var(value)]) => originals.get(name) != Some(value),
            _ => true,
        },
        _ => true,
    });
    for stmt in body {
        visit::each_expr_mut(stmt, &mut |e| {
            visit::rewrite_expr(e, &mut |e| {
                if let Expr::Func(lit) = e {
                    remove_copies(&mut lit.body, originals);
                }
            })
        });
        visit::each_block_mut(stmt, &mut |_| {}, &mut |b| remove_copies(b, originals));
    }
}

/// `x := tmp` as the last that is heard of a temporary which the same list declares: it is called `x` from the start.
fn merge(body: &mut Block, locals: &Locals) {
    let vars = Variables::of(body);
    let mut mentions: FxHashMap<VarId, u32> = FxHashMap::default();
    count_mentions(body, &mut mentions);
    let mut renamed: FxHashMap<VarId, VarId> = FxHashMap::default();
    merge_in(body, locals, &vars, &mentions, &mut renamed);
    if !renamed.is_empty() {
        rename(body, &renamed);
    }
}

fn merge_in(
    body: &[Stmt],
    locals: &Locals,
    vars: &Variables,
    mentions: &FxHashMap<VarId, u32>,
    renamed: &mut FxHashMap<VarId, VarId>,
) {
    for (at, stmt) in body.iter().enumerate() {
        visit::each_block(stmt, &mut |block| merge_in(block, locals, vars, mentions, renamed));
        let StmtKind::Define(names, values) = &stmt.kind else { continue };
        let ([Some(name)], [Expr::Var(temporary)]) = (&names[..], &values[..]) else { continue };
        let is_free = locals.is_temporary(*temporary)
            && !vars.escapes(*temporary)
            && !renamed.contains_key(temporary)
            && !renamed.contains_key(name)
            && !renamed.values().any(|n| n == name || n == temporary);
        let Some(declared) = body[..at].iter().position(|stmt| visit::declared(stmt).any(|var| var == *temporary))
        else {
            continue;
        };
        let mut within: FxHashMap<VarId, u32> = FxHashMap::default();
        count_mentions(&body[declared..=at], &mut within);
        if is_free && within.get(temporary) == mentions.get(temporary) {
            renamed.insert(*temporary, *name);
        }
    }
}

/// How often each variable is mentioned, its declaration not counted.
fn count_mentions(body: &[Stmt], into: &mut FxHashMap<VarId, u32>) {
    visit::walk_exprs(body, &mut |e| {
        if let Expr::Var(var) = e {
            *into.entry(*var).or_default() += 1;
        }
    });
}

/// `x := tmp`, where nothing else reads the temporary: it is called `x` from the start.
fn coalesce(body: &mut Block, literals: Literals, locals: &Locals) {
    let vars = Variables::of(body);
    let homes = Homes::of(body);
    let mut renamed: FxHashMap<VarId, VarId> = FxHashMap::default();
    let mut declared: FxHashSet<VarId> = FxHashSet::default();
    visit::walk_stmts(body, literals, &mut |stmt| {
        if let StmtKind::Define(names, _) = &stmt.kind {
            declared.extend(names.iter().flatten());
        }
    });
    let mut headers: FxHashSet<VarId> = FxHashSet::default();
    visit::walk_stmts(body, literals, &mut |stmt| {
        if let StmtKind::For(s) = &stmt.kind
            && let Some(Stmt { kind: StmtKind::Define(names, _), .. }) = &s.init
        {
            headers.extend(names.iter().flatten());
        }
    });
    visit::walk_stmts(body, literals, &mut |stmt| {
        let StmtKind::Define(names, values) = &stmt.kind else { return };
        let ([Some(name)], [Expr::Var(temporary)]) = (&names[..], &values[..]) else { return };
        // What the header of a loop declares lives in the loop.
        if headers.contains(name) {
            return;
        }
        let is_temporary = locals.vars[temporary.0 as usize].origin == VarOrigin::Temporary;
        // A literal may run more than once, its variables are its own: nothing is moved across its border.
        let is_plain = declared.contains(temporary)
            && vars.reads(*temporary) == 1
            && vars.writes(*temporary) == 0
            && !vars.escapes(*temporary);
        if is_temporary
            && is_plain
            && (!vars.escapes(*name) || homes.get(temporary) == homes.get(name))
            && !renamed.contains_key(temporary)
            // A chain is taken link by link, one in each round.
            && !renamed.contains_key(name)
            && !renamed.values().any(|n| n == name || n == temporary)
        {
            renamed.insert(*temporary, *name);
        }
    });
    if !renamed.is_empty() {
        rename(body, &renamed);
    }
}

/// The loop or literal in whose body each variable is defined: what has the same one exists as often.
#[derive(Default)]
struct Homes {
    found: FxHashMap<VarId, usize>,
    next: usize,
}

impl Homes {
    fn of(body: &[Stmt]) -> FxHashMap<VarId, usize> {
        let mut homes = Homes::default();
        homes.block(body, 0);
        homes.found
    }

    fn fresh(&mut self) -> usize {
        self.next += 1;
        self.next
    }

    fn block(&mut self, body: &[Stmt], home: usize) {
        body.iter().for_each(|stmt| self.stmt(stmt, home));
    }

    fn stmt(&mut self, stmt: &Stmt, home: usize) {
        if let StmtKind::Define(names, _) = &stmt.kind {
            names.iter().flatten().for_each(|var| {
                self.found.insert(*var, home);
            });
        }
        let mut literals: Vec<&FuncLit> = Vec::new();
        visit::each_expr(stmt, &mut |expr| {
            visit::walk_expr(expr, &mut |e| {
                if let Expr::Func(lit) = e {
                    literals.push(lit);
                }
            })
        });
        for literal in literals {
            let inner = self.fresh();
            self.block(&literal.body, inner);
        }
        match &stmt.kind {
            StmtKind::If(s) => s.init.iter().for_each(|init| self.stmt(init, home)),
            StmtKind::Switch(s) => s.init.iter().for_each(|init| self.stmt(init, home)),
            StmtKind::Labeled(_, inner) => return self.stmt(inner, home),
            _ => {}
        }
        let inner = match &stmt.kind {
            StmtKind::For(_) | StmtKind::Range(_) => self.fresh(),
            _ => home,
        };
        visit::each_block(stmt, &mut |block| self.block(block, inner));
    }
}

fn rename(body: &mut Block, renamed: &FxHashMap<VarId, VarId>) {
    body.retain(|stmt| match &stmt.kind {
        StmtKind::Define(names, values) => match (&names[..], &values[..]) {
            // In a function literal the temporary may have got its name already.
            ([Some(name)], [Expr::Var(temporary)]) => name != temporary && renamed.get(temporary) != Some(name),
            _ => true,
        },
        _ => true,
    });
    for stmt in body {
        rename_stmt(stmt, renamed);
    }
}

fn rename_stmt(stmt: &mut Stmt, renamed: &FxHashMap<VarId, VarId>) {
    if let StmtKind::Var(name, ..) = &mut stmt.kind
        && let Some(new) = renamed.get(name)
    {
        *name = *new;
    }
    if let StmtKind::Define(names, _) = &mut stmt.kind {
        for name in names.iter_mut().flatten() {
            if let Some(new) = renamed.get(name) {
                *name = *new;
            }
        }
    }
    visit::each_expr_mut(stmt, &mut |e| {
        visit::rewrite_expr(e, &mut |e| match e {
            Expr::Func(lit) => rename(&mut lit.body, renamed),
            Expr::Var(var) => {
                if let Some(new) = renamed.get(var) {
                    *var = *new;
                }
            }
            _ => {}
        })
    });
    visit::each_block_mut(stmt, &mut |s| rename_stmt(s, renamed), &mut |b| rename(b, renamed));
}

struct Folder<'a> {
    vars: &'a Variables,
    locals: &'a Locals,
    literals: Literals,
}

impl Folder<'_> {
    fn block(&self, block: &mut Block) {
        for stmt in block.iter_mut() {
            visit::each_inner_block(stmt, self.literals, &|block| self.block(block));
        }
        // Backwards: the temporary made last is used first, and then its neighbour comes to stand beside the use.
        let mut i = block.len();
        while i > 0 {
            i -= 1;
            if i + 1 < block.len() && self.try_fold(block, i) {
                block.remove(i);
            }
        }
        self.headers(block);
    }

    /// Whether an expression costs nothing and gives the same wherever it stands: the length of a variable that nobody sets.
    fn is_same_anywhere(&self, value: &Expr) -> bool {
        let Expr::Call(call) = value else { return false };
        call.fun.is_builtin("len") && matches!(&call.args[..], [Expr::Var(var)] if self.vars.is_constant(*var))
    }

    fn try_fold(&self, block: &mut Block, i: usize) -> bool {
        let StmtKind::Define(names, values) = &block[i].kind else { return false };
        let ([Some(var)], [value]) = (&names[..], &values[..]) else { return false };
        let var = *var;
        let is_temporary = self.locals.is_temporary(var);
        if !is_temporary || self.vars.writes(var) != 0 || self.vars.reads(var) != 1 || self.vars.escapes(var) {
            return false;
        }
        // An array must be a variable to be sliced.
        if matches!(value, Expr::Unary(UnaryOp::Addr, inner)
            if matches!(&**inner, Expr::Composite(composite) if matches!(composite.ty, Type::Array(..))))
        {
            return false;
        }
        let value = value.clone();
        let effect = self.vars.effect(&value);
        let pos = block[i].pos;
        let next = innermost(&mut block[i + 1]);
        if constant::is_constant(&value) && (divides_by(next, var, &value) || measures(next, var)) {
            return false;
        }
        let mut search = Search { vars: self.vars, var, effect, found: Found::No, worst: Effect::Constant };
        search.stmt(next);
        if search.found != Found::Safe {
            if !self.is_same_anywhere(&value) {
                return false;
            }
            for stmt in &mut block[i + 1..] {
                visit::rewrite_stmt(stmt, &mut |e| {
                    if matches!(e, Expr::Var(v) if *v == var) {
                        *e = value.clone();
                    }
                });
            }
            return true;
        }
        // Memory may be read before or after a call beside it, as Go likes: then the temporary has to stay.
        let is_ordered = match effect {
            Effect::Constant | Effect::ReadsLocals => true,
            Effect::ReadsMemory => false,
            Effect::Calls => self.vars.is_settled_by_calls(&value),
        };
        if !is_ordered && search.worst == Effect::Calls {
            return false;
        }
        visit::each_expr_mut(next, &mut |e| {
            visit::rewrite_expr(e, &mut |e| {
                if matches!(e, Expr::Var(v) if *v == var) {
                    *e = value.clone();
                }
            })
        });
        if let Some(init) = header_init(next) {
            visit::rewrite_stmt(init, &mut |e| {
                if matches!(e, Expr::Var(v) if *v == var) {
                    *e = value.clone();
                }
            });
        }
        if next.pos.is_none() {
            next.pos = pos;
        }
        true
    }

    /// What stands well in the header of an `if`: several results, or an error.
    fn is_for_header(&self, vars: &[Option<VarId>], values: &[Expr]) -> bool {
        match (vars, values) {
            ([Some(var)], [Expr::Call(_)]) => {
                let info = &self.locals.vars[var.0 as usize];
                info.origin == VarOrigin::Temporary && &*info.name == "err"
            }
            _ => vars.len() >= 2,
        }
    }

    /// `v, ok := f()` in front of an `if` that is alone in using them moves into its header.
    fn headers(&self, block: &mut Block) {
        let mut i = block.len();
        while i > 1 {
            i -= 1;
            let (before, after) = block.split_at_mut(i);
            let Some(Stmt { kind: StmtKind::Define(vars, values), pos }) = before.last() else { continue };
            let (target, rest) = after.split_first_mut().map_or((None, &[][..]), |(first, rest)| (Some(first), &*rest));
            let Some(Stmt { kind: StmtKind::If(target), .. }) = target else { continue };
            if target.init.is_some()
                || !self.is_for_header(vars, values)
                || values.iter().any(|v| matches!(v, Expr::Func(_)))
            {
                continue;
            }
            let named: Vec<VarId> = vars.iter().flatten().copied().collect();
            let mut in_cond = false;
            visit::walk_expr(&target.cond, &mut |e| in_cond |= matches!(e, Expr::Var(v) if named.contains(v)));
            let mut later = false;
            visit::walk_exprs(rest, &mut |e| later |= matches!(e, Expr::Var(v) if named.contains(v)));
            if !in_cond || later {
                continue;
            }
            let pos = *pos;
            let init = before.last().cloned();
            target.init = init;
            if after[0].pos.is_none() {
                after[0].pos = pos;
            }
            block.remove(i - 1);
        }
    }
}

/// The statement under its labels.
fn innermost(stmt: &mut Stmt) -> &mut Stmt {
    match stmt {
        Stmt { kind: StmtKind::Labeled(_, inner), .. } => innermost(inner),
        other => other,
    }
}

fn header_init(stmt: &mut Stmt) -> Option<&mut Stmt> {
    match &mut stmt.kind {
        StmtKind::If(s) => s.init.as_mut(),
        StmtKind::For(s) => s.init.as_mut(),
        StmtKind::Switch(s) => s.init.as_mut(),
        _ => None,
    }
}

/// Whether a constant in the place of `var` could make a divisor the constant zero, which Go refuses to compile.
fn divides_by(stmt: &Stmt, var: VarId, value: &Expr) -> bool {
    let is_not_zero = constant::value(value).is_some_and(|(value, _)| value != 0);
    let is_risky = |divisor: &Expr| {
        let mut uses = false;
        visit::walk_expr(divisor, &mut |e| uses |= matches!(e, Expr::Var(v) if *v == var));
        uses && !(is_not_zero && matches!(divisor, Expr::Var(_)))
    };
    let mut found = matches!(&stmt.kind,
        StmtKind::OpAssign(BinaryOp::Div | BinaryOp::Rem, _, divisor) if is_risky(divisor));
    visit::walk_exprs(std::slice::from_ref(stmt), &mut |e| {
        if let Expr::Binary(BinaryOp::Div | BinaryOp::Rem, _, divisor) = e {
            found |= is_risky(divisor);
        }
    });
    found
}

/// Whether `var` is an index or bound: Go refuses constants there that are out of range.
fn measures(stmt: &Stmt, var: VarId) -> bool {
    let is_var = |e: &Expr| matches!(e, Expr::Var(v) if *v == var);
    let mut found = false;
    visit::walk_exprs(std::slice::from_ref(stmt), &mut |e| match e {
        Expr::Index(_, index) => found |= is_var(index),
        Expr::Slice(slice) => found |= [&slice.low, &slice.high, &slice.max].into_iter().flatten().any(is_var),
        _ => {}
    });
    found
}

#[derive(Clone, Copy, PartialEq)]
enum Found {
    No,
    Safe,
    Unsafe,
}

/// Looks for the one use of `var` in what a statement evaluates first, once and unconditionally.
struct Search<'a> {
    vars: &'a Variables,
    var: VarId,
    effect: Effect,
    found: Found,
    /// The worst thing evaluated anywhere in the statement beside the use.
    worst: Effect,
}

impl Search<'_> {
    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Define(_, values) | StmtKind::Return(values) => values.iter().for_each(|v| self.expr(v)),
            StmtKind::Var(_, _, value) => value.iter().for_each(|v| self.expr(v)),
            StmtKind::Expr(e) => self.expr(e),
            StmtKind::Assign(places, values) => {
                // Rust evaluates the value first, Go the operands of the place: only a place without any is neutral.
                places.iter().flatten().for_each(|p| self.place(p));
                values.iter().for_each(|v| self.expr(v));
            }
            StmtKind::OpAssign(_, place, value) => {
                self.place(place);
                self.expr(value);
            }
            StmtKind::Send(a, b) => {
                self.expr(a);
                self.expr(b);
            }
            StmtKind::If(s) => match &s.init {
                None => self.expr(&s.cond),
                Some(init) => self.stmt(init),
            },
            StmtKind::Switch(s) => match &s.init {
                None => s.tag.iter().for_each(|e| self.expr(e)),
                Some(init) => self.stmt(init),
            },
            StmtKind::For(s) => s.init.iter().for_each(|init| self.stmt(init)),
            StmtKind::Range(s) => self.expr(&s.expr),
            StmtKind::TypeSwitch(s) => self.expr(&s.expr),
            StmtKind::Go(Expr::Call(call)) | StmtKind::Defer(Expr::Call(call)) => {
                self.expr(&call.fun);
                call.args.iter().for_each(|a| self.expr(a));
            }
            StmtKind::Inc(_)
            | StmtKind::Dec(_)
            | StmtKind::Go(_)
            | StmtKind::Defer(_)
            | StmtKind::Select(_)
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Labeled(..)
            | StmtKind::Block(_)
            | StmtKind::Comment(_) => {}
        }
    }

    /// A place that is written: its own last read does not happen.
    fn place(&mut self, place: &Expr) {
        match place {
            Expr::Var(_) | Expr::Name(_) => {}
            Expr::Unary(UnaryOp::Deref, inner) | Expr::Select(inner, _) => self.expr(inner),
            Expr::Index(base, index) => {
                self.expr(base);
                self.expr(index);
            }
            Expr::Entry(entry) => {
                self.expr(&entry.map);
                self.expr(&entry.key);
            }
            other => self.expr(other),
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Var(var) if *var == self.var => {
                let commutes = match self.effect {
                    Effect::Constant | Effect::ReadsLocals => true,
                    Effect::ReadsMemory => self.worst < Effect::Calls,
                    Effect::Calls => self.worst < Effect::ReadsMemory,
                };
                self.found = if commutes && self.found == Found::No { Found::Safe } else { Found::Unsafe };
            }
            Expr::Binary(BinaryOp::LogicalAnd | BinaryOp::LogicalOr, left, right) => {
                self.expr(left);
                self.conditional(right);
            }
            Expr::Func(_) => self.conditional(expr),
            Expr::Call(call) => {
                if !matches!(call.fun, Expr::Name(_) | Expr::Imported(..) | Expr::Instance(..)) {
                    match &call.fun {
                        // The function value of a method call is not read from memory.
                        Expr::Select(base, _) => self.expr(base),
                        fun => self.expr(fun),
                    }
                }
                let before = self.found;
                call.args.iter().for_each(|a| self.expr(a));
                // A call comes after its own arguments, whatever else Go does in which order.
                if self.found == before {
                    let own = self.vars.effect(&Expr::Call(Box::new(Call {
                        fun: call.fun.clone(),
                        args: Vec::new(),
                        spread: Spread::No,
                    })));
                    self.worst = self.worst.max(own);
                }
            }
            _ => {
                if !matches!(expr, Expr::Composite(_)) {
                    visit::each_operand(expr, &mut |e| self.expr(e));
                } else if let Expr::Composite(composite) = expr {
                    composite.elements.iter().for_each(|e| self.expr(&e.value));
                }
                let own = self.own_effect(expr);
                self.worst = self.worst.max(own);
            }
        }
    }

    /// The effect of the operation itself, its operands aside.
    fn own_effect(&self, expr: &Expr) -> Effect {
        match expr {
            Expr::Var(_) | Expr::Name(_) | Expr::Imported(..) => self.vars.effect(expr),
            Expr::Unary(UnaryOp::Receive, _) => Effect::Calls,
            Expr::Unary(UnaryOp::Deref, _)
            | Expr::Index(..)
            | Expr::Entry(_)
            | Expr::Slice(_)
            | Expr::Assert(..)
            | Expr::Select(..) => Effect::ReadsMemory,
            Expr::Binary(BinaryOp::Div | BinaryOp::Rem, ..) => Effect::ReadsLocals,
            _ => Effect::Constant,
        }
    }

    /// A part that may not be evaluated at all, or later: only what cannot be noticed may move there.
    fn conditional(&mut self, expr: &Expr) {
        let mut uses = false;
        visit::walk_expr(expr, &mut |e| uses |= matches!(e, Expr::Var(v) if *v == self.var));
        if uses {
            let is_literal = matches!(expr, Expr::Func(_));
            let movable = match self.effect {
                Effect::Constant => true,
                Effect::ReadsLocals => !is_literal,
                Effect::ReadsMemory | Effect::Calls => false,
            };
            self.found = if movable && self.found == Found::No { Found::Safe } else { Found::Unsafe };
        }
        if !matches!(expr, Expr::Func(_)) {
            self.worst = self.worst.max(self.vars.effect(expr));
        }
    }
}
