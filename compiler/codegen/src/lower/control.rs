//! Blocks, branches, loops and jumps.

use rgo_borrowck::AssignDrop;
use rgo_hir::DefId;
use rgo_hir::body::{LabelId as SourceLabel, LogicalOp};
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{BlockId, ExprId, ExprKind, PatId, StmtId};
use rgo_typeck::ty::{Args, Ty};

use super::flags::{Lifetime, Root};
use super::matching::Binding;
use super::*;

/// One part of a condition: what must run before it, what must hold, and what it binds.
struct Step {
    part: ExprId,
    stmts: Block,
    cond: Option<Expr>,
    bindings: Vec<Binding>,
}

impl Lower<'_, '_> {
    /// A block as an operand: its statements run here.
    pub(super) fn block_val(&mut self, id: BlockId) -> Val {
        let body = self.body;
        let block = &body.blocks[id];
        self.stmts(&block.stmts);
        let Some(tail) = block.tail else {
            self.drops(ScopeExit::BlockEnd(id));
            return Val::One(self.unit());
        };
        self.mark(body.exprs[tail].span);
        let val = self.val(tail);
        let exits = [ScopeExit::ExprEnd(tail), ScopeExit::BlockEnd(id)];
        if !exits.iter().any(|exit| self.has_drops(*exit)) {
            return val;
        }
        let ty = self.expr_ty(tail);
        let value = self.stored(val, ty);
        let form = self.go_ty(ty);
        let var = self.locals.temporary("v");
        self.define(var, value, Some(form));
        exits.iter().for_each(|exit| self.drops(*exit));
        Val::One(Expr::Var(var))
    }

    pub(super) fn block_into(&mut self, id: BlockId, dest: &Dest) {
        let body = self.body;
        let block = &body.blocks[id];
        let Some(label) = block.label else { return self.block_stmts_into(id, dest) };
        let go_label = self.locals.label(label_text(body.labels.get(label).map(|n| n.as_str()), "block"));
        self.loops.push(LoopCx {
            source: label,
            label: go_label,
            dest: dest.clone(),
            is_block: true,
            next: Next::Break(go_label),
        });
        let stmts = self.block(|lower| lower.block_stmts_into(id, dest));
        self.loops.pop();
        let inner = Stmt::from(StmtKind::Block(stmts));
        self.emit(StmtKind::Labeled(go_label, Box::new(inner)));
    }

    fn block_stmts_into(&mut self, id: BlockId, dest: &Dest) {
        let body = self.body;
        let block = &body.blocks[id];
        let is_outer = matches!(&body.exprs[body.value].kind, ExprKind::Block(outer) if *outer == id);
        for stmt in &block.stmts {
            self.is_outermost = is_outer;
            self.stmts(std::slice::from_ref(stmt));
        }
        self.is_outermost = false;
        let exit = ScopeExit::BlockEnd(id);
        match block.tail {
            Some(tail) => {
                self.mark(body.exprs[tail].span);
                self.scoped_into(tail, dest, exit);
            }
            None => {
                self.drops(exit);
                if matches!(dest, Dest::Return) && self.ret.is_unit() {
                    self.leave();
                }
            }
        }
    }

    /// Sends a value where it goes, and drops what dies after it; a result must be computed before that.
    pub(super) fn scoped_into(&mut self, expr: ExprId, dest: &Dest, exit: ScopeExit) {
        // The expression's own temporaries go first, then what lives in the scope around it.
        let own = ScopeExit::ExprEnd(expr);
        // A `for` drops its iterator itself.
        let is_for = matches!(self.body.exprs[expr].kind, ExprKind::For { .. });
        let exits: &[ScopeExit] = match (own == exit, is_for) {
            (true, true) => &[],
            (true, false) | (false, true) => &[exit],
            (false, false) => &[own, exit],
        };
        let drop_all = |lower: &mut Self| exits.iter().for_each(|exit| lower.drops(*exit));
        let must_wait = matches!(dest, Dest::Return | Dest::Exit) && exits.iter().any(|exit| self.has_drops(*exit));
        if !must_wait {
            self.into(expr, dest);
            drop_all(self);
            return;
        }
        let ty = self.expr_ty(expr);
        if ty.is_unit() || ty.is_never() {
            self.into(expr, &Dest::Discard);
            drop_all(self);
            if matches!(dest, Dest::Return) {
                self.leave();
            }
            return;
        }
        let val = self.val(expr);
        let val = self.pin_val(val, ty);
        drop_all(self);
        self.send(val, ty, dest);
    }

    /// The parts of a condition joined by `&&`.
    fn conjuncts(&self, cond: ExprId, out: &mut Vec<ExprId>) {
        match &self.body.exprs[cond].kind {
            ExprKind::Logical { op: LogicalOp::And, lhs, rhs } if self.has_let(cond) => {
                self.conjuncts(*lhs, out);
                self.conjuncts(*rhs, out);
            }
            _ => out.push(cond),
        }
    }

    /// Lowers a condition; parts that need no statements of their own are joined to the part before.
    fn steps(&mut self, cond: ExprId) -> Vec<Step> {
        let mut parts = Vec::new();
        self.conjuncts(cond, &mut parts);
        let mut steps: Vec<Step> = Vec::new();
        for part in parts {
            let mut found = None;
            let mut bindings = Vec::new();
            let stmts = self.block(|lower| {
                found = match &lower.body.exprs[part].kind {
                    ExprKind::Let { pat, scrutinee } => {
                        let subject = lower.subject(*scrutinee);
                        let from = lower.root_of(*scrutinee);
                        lower.note_origins(*pat, from);
                        lower.test(*pat, &subject, &mut bindings)
                    }
                    _ => Some(lower.operand_of_condition(part)),
                };
            });
            self.alias(&bindings);
            match steps.last_mut() {
                Some(last) if stmts.is_empty() && !self.has_drops(ScopeExit::CondFailed(part)) => {
                    last.cond = both(last.cond.take(), found);
                    last.bindings.extend(bindings);
                }
                _ => {
                    // What earlier parts bound must be there before statements that may use it.
                    steps.push(Step { part, stmts, cond: found, bindings });
                }
            }
        }
        steps
    }

    pub(super) fn if_into(&mut self, cond: ExprId, then: ExprId, otherwise: Option<ExprId>, dest: &Dest) {
        let mut steps = self.steps(cond);
        if let [step] = &mut steps[..] {
            self.out.append(&mut step.stmts);
            let test = step.cond.take().unwrap_or_else(|| Expr::bool(true));
            let bindings = std::mem::take(&mut step.bindings);
            let part = step.part;
            let known = match &test {
                Expr::Lit(Lit::Bool(value)) if self.body.owner.is_std() => Some(*value),
                _ => None,
            };
            // What std does for other types only, nothing is emitted for.
            let mut then_block = Block::new();
            if known != Some(false) {
                then_block = self.block(|lower| {
                    lower.bind_all(&bindings);
                    lower.branch(then, dest);
                });
            }
            let mut else_block = Block::new();
            if known != Some(true) {
                else_block = self.block(|lower| {
                    lower.drops(ScopeExit::CondFailed(part));
                    lower.else_branch(otherwise, dest);
                });
            }
            return match known {
                Some(true) => self.out.append(&mut then_block),
                Some(false) => self.out.append(&mut else_block),
                None => self.emit(StmtKind::if_else(test, then_block, else_block)),
            };
        }
        let label = self.locals.label("matched");
        let mut body = self.block(|lower| {
            lower.nested_steps(&mut steps.into_iter(), &mut |lower| {
                lower.branch(then, dest);
                lower.emit(StmtKind::Break(Some(label)));
            })
        });
        body.extend(self.block(|lower| lower.else_branch(otherwise, dest)));
        self.emit(StmtKind::Labeled(label, Box::new(StmtKind::Block(body).into())));
    }

    /// Whether a `let` in a guard makes something with a destructor, which must be dropped where a later part of the guard fails.
    pub(super) fn is_dropped_by_guard(&self, guard: ExprId) -> bool {
        let mut parts = Vec::new();
        self.conjuncts(guard, &mut parts);
        parts.iter().any(|part| match &self.body.exprs[*part].kind {
            ExprKind::Let { scrutinee, .. } => self.cx.needs_drop(self.expr_ty(*scrutinee)),
            _ => false,
        })
    }

    /// What happens where a condition holds, between the drops of what it made.
    pub(super) fn within_condition(&mut self, cond: ExprId, inner: &mut dyn FnMut(&mut Self)) {
        let steps = self.steps(cond);
        self.nested_steps(&mut steps.into_iter(), inner);
    }

    fn nested_steps(&mut self, steps: &mut dyn Iterator<Item = Step>, inner: &mut dyn FnMut(&mut Self)) {
        let Some(mut step) = steps.next() else { return inner(self) };
        self.out.append(&mut step.stmts);
        let then = self.block(|lower| {
            lower.bind_all(&step.bindings);
            lower.nested_steps(steps, inner);
        });
        let failed = self.block(|lower| lower.drops(ScopeExit::CondFailed(step.part)));
        self.emit(StmtKind::if_else(step.cond.unwrap_or_else(|| Expr::bool(true)), then, failed));
    }

    fn branch(&mut self, expr: ExprId, dest: &Dest) {
        self.mark(self.body.exprs[expr].span);
        self.scoped_into(expr, dest, ScopeExit::ExprEnd(expr));
    }

    fn else_branch(&mut self, otherwise: Option<ExprId>, dest: &Dest) {
        match otherwise {
            Some(expr) => self.branch(expr, dest),
            None if matches!(dest, Dest::Return) && self.ret.is_unit() => self.leave(),
            None => {}
        }
    }

    /// A condition with `let` in it as a bool.
    pub(super) fn condition_value(&mut self, cond: ExprId) -> Expr {
        let steps = self.steps(cond);
        let exit = ScopeExit::ExprEnd(cond);
        let must_drop =
            self.has_drops(exit) || steps.iter().any(|step| self.has_drops(ScopeExit::CondFailed(step.part)));
        if steps.len() == 1 && !must_drop {
            let Some(step) = steps.into_iter().next() else { return Expr::bool(true) };
            self.out.extend(step.stmts);
            return step.cond.unwrap_or_else(|| Expr::bool(true));
        }
        let var = self.locals.temporary("ok");
        self.emit(StmtKind::define(var, Expr::bool(false)));
        self.nested_steps(&mut steps.into_iter(), &mut |lower| {
            lower.emit(StmtKind::assign(Expr::Var(var), Expr::bool(true)));
            lower.drops(exit);
        });
        Expr::Var(var)
    }

    pub(super) fn enter_loop(&mut self, source: SourceLabel, dest: Dest) -> LabelId {
        let label = self.locals.label(label_text(self.body.labels.get(source).map(|n| n.as_str()), "loop"));
        self.loops.push(LoopCx { source, label, dest, is_block: false, next: Next::Continue(label) });
        self.enter_repetition();
        label
    }

    pub(super) fn leave_loop(&mut self, label: LabelId, stmt: StmtKind) {
        self.loops.pop();
        self.leave_repetition();
        let inner = stmt.at(self.pos);
        self.emit(StmtKind::Labeled(label, Box::new(inner)));
    }

    pub(super) fn loop_into(&mut self, expr: ExprId, label: SourceLabel, body: ExprId, dest: &Dest) {
        let pos = self.pos;
        let go_label = self.enter_loop(label, dest.clone());
        let stmts = self.block(|lower| lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body)));
        self.pos = pos;
        self.leave_loop(go_label, StmtKind::For(Box::new(For { init: None, cond: None, post: None, body: stmts })));
        let _ = expr;
    }

    pub(super) fn while_loop(&mut self, _expr: ExprId, label: SourceLabel, cond: ExprId, body: ExprId) {
        let pos = self.pos;
        let go_label = self.enter_loop(label, Dest::Discard);
        let mut steps = self.steps(cond);
        let is_simple = steps.len() == 1
            && steps[0].stmts.is_empty()
            && steps[0].bindings.is_empty()
            && !self.has_drops(ScopeExit::CondFailed(steps[0].part));
        let test = if is_simple { steps[0].cond.take() } else { None };
        let stmts = self.block(|lower| {
            if !is_simple {
                for step in steps {
                    lower.out.extend(step.stmts);
                    if let Some(test) = step.cond {
                        let exit = lower.block(|lower| {
                            lower.drops(ScopeExit::CondFailed(step.part));
                            lower.emit(StmtKind::Break(Some(go_label)));
                        });
                        lower.emit(StmtKind::if_else(super::expr::negated(test), exit, Vec::new()));
                    }
                    lower.bind_all(&step.bindings);
                }
            }
            lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
        });
        self.pos = pos;
        self.leave_loop(go_label, StmtKind::For(Box::new(For { init: None, cond: test, post: None, body: stmts })));
    }

    pub(super) fn break_(&mut self, expr: ExprId, label: SourceLabel, value: Option<ExprId>) {
        let Some(index) = self.loops.iter().rposition(|l| l.source == label) else { return };
        let (go_label, dest) = (self.loops[index].label, self.loops[index].dest.clone());
        match value {
            Some(value) => self.scoped_into(value, &dest, ScopeExit::Jump(expr)),
            None => {
                self.drops(ScopeExit::Jump(expr));
                if matches!(dest, Dest::Return) && self.ret.is_unit() {
                    return self.leave();
                }
            }
        }
        if !matches!(dest, Dest::Return) || value.is_none() {
            self.emit(StmtKind::Break(Some(go_label)));
        }
    }

    pub(super) fn continue_(&mut self, expr: ExprId, label: SourceLabel) {
        let Some(found) = self.loops.iter().rev().find(|l| l.source == label && !l.is_block) else { return };
        let next = found.next;
        self.drops(ScopeExit::Jump(expr));
        self.emit(next.stmt());
    }

    pub(super) fn return_(&mut self, expr: ExprId, value: Option<ExprId>) {
        match value {
            Some(value) => self.scoped_into(value, &Dest::Return, ScopeExit::Jump(expr)),
            None => {
                self.drops(ScopeExit::Jump(expr));
                self.leave();
            }
        }
    }

    /// `expr?`: returns early on failure; the value is the payload.
    pub(super) fn question(&mut self, expr: ExprId, operand: ExprId, convert: Option<(DefId, Args)>, ret: Ty) -> Val {
        let ty = self.expr_ty(operand);
        let ret = self.ty(ret);
        if self.cx.adt_lang(ty) == Some("control_flow") {
            return self.question_control_flow(expr, operand, ret);
        }
        let val = match self.referred_parts(operand) {
            Some((reference, some)) => Val::Option(reference, some),
            None => {
                self.take_apart(operand);
                self.val(operand)
            }
        };
        let span = self.body.exprs[expr].span;
        if self.cx.option_payload(ty).is_some() {
            let (value, some) = self.option_parts(val, ty);
            let exit = self.block(|lower| {
                lower.drops(ScopeExit::Jump(expr));
                let none = lower.make_adt(ret, lower.none_index(ret), Vec::new());
                lower.send_return(none, ret);
            });
            self.emit(StmtKind::if_else(super::expr::negated(some), exit, Vec::new()));
            return Val::One(value);
        }
        let Some((_, error_ty)) = self.cx.result_payload(ty) else {
            return Val::One(self.unsupported(span, "`?` on this type"));
        };
        let parts = self.result_parts(val, ty);
        let exit = self.block(|lower| {
            let val = match lower.cx.result_payload(ret) {
                Some(_) => {
                    let error = lower.raised(parts.error, error_ty, convert, span);
                    let value = lower.unit();
                    Val::Result(Box::new(ResultVal { value, error, ok: Expr::bool(false) }))
                }
                None => lower.make_adt(ret, lower.none_index(ret), Vec::new()),
            };
            let val = if lower.has_drops(ScopeExit::Jump(expr)) {
                let val = lower.pin_val(val, ret);
                lower.drops(ScopeExit::Jump(expr));
                val
            } else {
                val
            };
            lower.send_return(val, ret);
        });
        self.emit(StmtKind::if_else(super::expr::negated(parts.ok), exit, Vec::new()));
        match super::results::tuple_parts(&parts.value) {
            Some(values) => Val::Parts(values),
            None => Val::One(parts.value),
        }
    }

    /// The error that `?` returns: the one at hand, or what `From` makes of it.
    fn raised(&mut self, error: ErrorVal, ty: Ty, convert: Option<(DefId, Args)>, span: Span) -> ErrorVal {
        let Some((def, args)) = convert else { return error };
        let target = self.cx.concrete_args(args, self.args).ty(0);
        // `From<T> for T`.
        if target == ty {
            return error;
        }
        // What becomes a `Box<dyn Error>` is the same Go error before and after.
        if self.keeps_error(def, args, ty) {
            return match error {
                ErrorVal::Stored(value) => ErrorVal::Stored(self.go_error(value, ty)),
                other => other,
            };
        }
        let value = self.stored_error(&error, ty);
        ErrorVal::Stored(self.convert_error(def, args, value, ty, span))
    }

    fn none_index(&self, _option: Ty) -> usize {
        0
    }

    fn convert_error(&mut self, def: DefId, args: Args, value: Expr, from: Ty, span: Span) -> Expr {
        let args = self.cx.concrete_args(args, self.args);
        // `From<T> for T`.
        if args.ty(0) == from {
            return value;
        }
        let call = self.call_def(def, args, vec![value], None, span);
        let to = args.ty(0);
        self.stored(call, to)
    }

    pub(super) fn assign(&mut self, expr: ExprId, place: ExprId, value: ExprId) {
        if let Some(builder) = self.builder_of(place) {
            // Nothing else is assigned to a builder than a new string.
            return self.emit(StmtKind::Expr(builder.method("Reset", Vec::new())));
        }
        let ty = self.expr_ty(place);
        let drops_old = self.facts.and_then(|f| f.assign_drops.get(&expr)).filter(|_| self.cx.needs_drop(ty));
        if let (ExprKind::Local(local), None) = (&self.body.exprs[place].kind, drops_old)
            && let Some(Slot::Var(var)) = self.slots.get(local)
        {
            let var = *var;
            self.into(value, &Dest::Var(var));
            self.initialised(Root::Local(*local), &[]);
            return;
        }
        let mut new = self.value(value);
        let is_guarded = self.waits_in_danger(value) || drops_old.is_some();
        if self.waits_in_danger(value) {
            new = self.guard_temp(value, new);
        }
        self.store(place, new, drops_old, is_guarded);
        self.moved(Root::Temp(value), &[]);
    }

    /// Puts a value in a place. What was there is dropped.
    fn store(&mut self, place: ExprId, mut new: Expr, drops_old: Option<&AssignDrop>, is_guarded: bool) {
        let ty = self.expr_ty(place);
        let mark = self.out.len();
        self.note_overwritten(place, Overwrite::Whole);
        let target = self.written_place(place);
        let form = self.go_ty(ty);
        new = self.evaluated_first(mark, new, Some(form.clone()), &target);
        if is_guarded && !matches!(new, Expr::Var(_)) {
            new = self.set_before(mark, new, Some(form));
        }
        let root = self.root_of(place);
        match drops_old {
            None => self.emit(StmtKind::assign(target, fitted(new))),
            Some(AssignDrop::Parts(parts)) => {
                for part in parts {
                    for (root, path) in self.roots(&part.what) {
                        self.drop_root(root, &path, part.kind);
                    }
                }
                self.emit(StmtKind::assign(target, fitted(new)));
            }
            Some(AssignDrop::Whole(kind)) if root.as_ref().is_some_and(|(root, _)| self.has_flags(*root)) => {
                if let Some((root, path)) = &root {
                    self.drop_root(*root, path, *kind);
                }
                self.emit(StmtKind::assign(target, fitted(new)));
            }
            Some(_) => {
                // The destructor runs when the new value is in its place: should it panic, nothing is dropped twice.
                let target = self.repeatable_place(target);
                let old = self.temp("old", target.clone());
                self.emit(StmtKind::assign(target, fitted(new)));
                self.drop_value(old, ty);
            }
        }
        if let Some((root, path)) = root {
            self.initialised(root, &path);
        }
    }

    pub(super) fn destructure_assign(
        &mut self,
        expr: ExprId,
        pat: PatId,
        value: ExprId,
        assigns: &[(LocalId, ExprId)],
    ) {
        let subject = self.subject(value);
        let mut bindings = Vec::new();
        let from = self.root_of(value);
        self.note_origins(pat, from);
        self.test(pat, &subject, &mut bindings);
        // All values are read before anything is written.
        self.bind_all(&bindings);
        self.drops(ScopeExit::ExprEnd(value));
        for (local, place) in assigns {
            let value = self.local(*local);
            let ty = self.expr_ty(*place);
            // Several places are assigned to by one expression: the drop of each goes by the place.
            let drops_old = self.facts.and_then(|f| f.assign_drops.get(place)).filter(|_| self.cx.needs_drop(ty));
            self.moved(Root::Local(*local), &[]);
            self.store(*place, value, drops_old, false);
        }
        self.drops(ScopeExit::ExprEnd(expr));
    }

    pub(super) fn let_(&mut self, stmt: StmtId, pat: PatId, init: Option<ExprId>, otherwise: Option<BlockId>) {
        // What the initialiser declares in blocks of its own is not the function's.
        let is_outermost = std::mem::replace(&mut self.is_outermost, false);
        let life = if is_outermost { Lifetime::Function } else { Lifetime::Inner };
        let Some(init) = init else { return self.declare_pattern(pat, life) };
        if let (Some(local), Some(chain)) = (self.simple_binding(pat), self.chain_in(init)) {
            self.known.insert(local, Known::Chain(chain));
            return;
        }
        if otherwise.is_none() && self.simple_binding(pat).is_some_and(|local| self.let_chain(local, init)) {
            return;
        }
        if let Some(local) = self.simple_binding(pat) {
            let ty = self.body.locals.get(local).map_or_else(Ty::error, |l| self.ty(l.ty));
            let condition = if ty.is_bool() { self.match_condition(init) } else { None };
            if let Some(condition) = condition {
                let var = self.new_local(local);
                self.define(var, condition, None);
            } else if self.is_compound(init) && !ty.is_unit() && !self.is_builder(local) {
                let var = self.new_local(local);
                self.fill_root(Root::Local(local), var, life, |lower| lower.into(init, &Dest::Var(var)));
            } else {
                let value = self.value(init);
                if self.is_builder(local) {
                    return self.define_builder(local, value);
                }
                self.note_fresh_string(local, &value);
                if self.alias_of_entry(local, &value) {
                    return;
                }
                let var = self.new_local(local);
                self.define_root(Root::Local(local), var, value, life);
            }
            return;
        }
        if matches!(self.body.pats[pat].kind, thir::PatKind::Wild) {
            if self.is_place(init) {
                // Nothing is read, but an index is looked up: it may be out of bounds.
                let place = self.place(init);
                return self.emit(StmtKind::Expr(place));
            }
            return self.into(init, &Dest::Discard);
        }
        let subject = self.subject(init);
        let mut bindings = Vec::new();
        let from = self.root_of(init);
        self.note_origins(pat, from);
        let cond = self.test(pat, &subject, &mut bindings);
        if let (Some(otherwise), Some(cond)) = (otherwise, cond) {
            let exit = self.block(|lower| {
                lower.drops(ScopeExit::LetElse(stmt));
                lower.block_into(otherwise, &Dest::Discard);
            });
            self.emit(StmtKind::if_else(super::expr::negated(cond), exit, Vec::new()));
        }
        self.is_outermost = is_outermost;
        self.bind_all(&bindings);
        self.is_outermost = false;
    }

    /// `let x;`
    fn declare_pattern(&mut self, pat: PatId, life: Lifetime) {
        for local in self.pattern_locals(pat) {
            let var = self.new_local(local);
            self.declare_root(Root::Local(local), var, life);
        }
    }

    /// The local of a pattern that is just a name.
    pub(super) fn simple_binding(&self, pat: PatId) -> Option<LocalId> {
        match &self.body.pats[pat].kind {
            thir::PatKind::Bind { local, by_ref: None, sub: None, .. } => Some(*local),
            _ => None,
        }
    }

    /// `test && value` or `test || value`, where the value may take statements.
    pub(super) fn joined(&mut self, op: BinaryOp, test: Expr, stmts: Block, value: Expr) -> Expr {
        if stmts.is_empty() {
            return Expr::binary(op, test, value);
        }
        let var = self.locals.temporary("ok");
        self.emit(StmtKind::define(var, test));
        let mut then = stmts;
        then.push(StmtKind::assign(Expr::Var(var), value).into());
        let is_open = if op == BinaryOp::LogicalOr { Expr::Var(var).negate() } else { Expr::Var(var) };
        self.emit(StmtKind::if_else(is_open, then, Vec::new()));
        Expr::Var(var)
    }

    fn is_compound(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::If { .. } | ExprKind::Match { .. } | ExprKind::Loop { .. } => true,
            ExprKind::Block(block) => {
                let block = &self.body.blocks[*block];
                block.label.is_some() || block.tail.is_some_and(|tail| self.is_compound(tail))
            }
            _ => false,
        }
    }
}

impl Next {
    pub(super) fn stmt(self) -> StmtKind {
        match self {
            Next::Continue(label) => StmtKind::Continue(Some(label)),
            Next::Break(label) => StmtKind::Break(Some(label)),
        }
    }
}

pub(super) fn both(a: Option<Expr>, b: Option<Expr>) -> Option<Expr> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Expr::binary(BinaryOp::LogicalAnd, a, b)),
        (a, b) => a.or(b),
    }
}

fn label_text<'a>(name: Option<&'a str>, default: &'a str) -> &'a str {
    match name {
        Some(name) if !name.is_empty() => name.trim_start_matches('\''),
        _ => default,
    }
}
