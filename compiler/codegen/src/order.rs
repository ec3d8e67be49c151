//! Subtractions of `usize` that cannot go below zero, so that Go's `-` does: in `for i in 1..n`, `i - 1` and `n - i`; behind
//! `if low < high`, `high - low`.
//!
//! A walk over one typed body in the order of evaluation, with facts of the form `x - y >= c` about locals that nobody else can change (neither
//! borrowed mutably nor captured). Conditions and the ranges of loops give facts, assignments end or shift them, a loop begins without those about
//! what is assigned in it, and where ways meet only what both know is known. A difference is proved by one fact, or by two that chain
//! (the difference-bound matrices of Miné, "A New Numerical Abstract Domain", 2001, without closure).

use rgo_hir::Db;
use rgo_hir::body::{BinaryOp, LogicalOp, RangeEnd};
use rgo_typeck::thir::{self, BlockId, BorrowKind, ExprId, ExprKind, LocalId, PatId, PatKind, StmtKind, UnaryOp};
use rgo_typeck::ty::{ConstValue, Ty, TyKind, UintTy};
use rustc_hash::FxHashSet;

use crate::queries;

/// The subtractions of a body (`a - b` and `a -= b`) that are proved.
pub fn proved_subtractions(db: &dyn Db, body: &thir::Body) -> FxHashSet<ExprId> {
    let has_subtraction = body.exprs.iter().any(|(_, expr)| {
        matches!(&expr.kind, ExprKind::Binary { op: BinaryOp::Sub, .. } | ExprKind::AssignOp { op: BinaryOp::Sub, .. })
    });
    if !has_subtraction {
        return FxHashSet::default();
    }
    let mut walk = Walk { body, shared: shared_locals(db, body), env: Env::default(), proved: FxHashSet::default() };
    walk.expr(body.value);
    walk.proved
}

/// `x - y >= at_least`; no local is zero.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Fact {
    x: Option<LocalId>,
    y: Option<LocalId>,
    at_least: i128,
}

/// A local, or zero, and a number.
type Sum = (Option<LocalId>, i128);

#[derive(Clone, Default)]
struct Env {
    is_unreachable: bool,
    facts: Vec<Fact>,
}

impl Env {
    fn learn(&mut self, fact: Fact) {
        if fact.x != fact.y && !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    fn forget(&mut self, local: LocalId) {
        self.facts.retain(|fact| fact.x != Some(local) && fact.y != Some(local));
    }

    /// What is known where this way and another meet.
    fn meet(self, other: Env) -> Env {
        if self.is_unreachable {
            return other;
        }
        if other.is_unreachable {
            return self;
        }
        let facts = self.facts.into_iter().filter(|fact| other.implies(*fact)).collect();
        Env { is_unreachable: false, facts }
    }

    fn implies(&self, wanted: Fact) -> bool {
        self.bound(wanted.x, wanted.y).is_some_and(|bound| bound >= wanted.at_least)
    }

    /// The best lower bound of `x - y` that is known.
    fn bound(&self, x: Option<LocalId>, y: Option<LocalId>) -> Option<i128> {
        let direct = self.step(x, y);
        let middles = self.facts.iter().filter(|fact| fact.x == x).map(|fact| (fact.y, fact.at_least));
        let chained = middles.filter_map(|(middle, first)| Some(first + self.step(middle, y)?));
        direct.into_iter().chain(chained).max()
    }

    fn step(&self, x: Option<LocalId>, y: Option<LocalId>) -> Option<i128> {
        // A `usize` is not negative.
        let known = if x == y || y.is_none() { Some(0) } else { None };
        let found = self.facts.iter().filter(|fact| fact.x == x && fact.y == y).map(|fact| fact.at_least).max();
        known.max(found)
    }
}

struct Walk<'a> {
    body: &'a thir::Body,
    /// Locals that something else may change.
    shared: FxHashSet<LocalId>,
    env: Env,
    proved: FxHashSet<ExprId>,
}

impl Walk<'_> {
    fn expr(&mut self, id: ExprId) {
        let body = self.body;
        match &body.exprs[id].kind {
            ExprKind::Binary { op: BinaryOp::Sub, lhs, rhs } => {
                self.expr(*lhs);
                self.expr(*rhs);
                self.subtraction(id, *lhs, *rhs);
            }
            ExprKind::AssignOp { op, place, value } => {
                self.expr(*value);
                self.expr(*place);
                if *op == BinaryOp::Sub {
                    self.subtraction(id, *place, *value);
                }
                self.changed(*op, *place, *value);
            }
            ExprKind::Assign { place, value } => {
                self.expr(*value);
                self.expr(*place);
                if let Some(local) = self.local(*place) {
                    self.set(local, *value);
                }
            }
            ExprKind::DestructureAssign { value, assigns, .. } => {
                self.expr(*value);
                for (_, place) in assigns {
                    self.expr(*place);
                    if let Some(local) = self.local(*place) {
                        self.env.forget(local);
                    }
                }
            }
            ExprKind::Logical { op, .. } if assigned_in(body, id).is_empty() => {
                let before = self.env.clone();
                self.links(id, *op);
                self.env = before;
            }
            ExprKind::Logical { op, lhs, rhs } => {
                self.expr(*lhs);
                let before = self.env.clone();
                self.assume(*lhs, *op == LogicalOp::And);
                self.expr(*rhs);
                let after = std::mem::take(&mut self.env);
                self.env = after.meet(before);
            }
            ExprKind::If { cond, then, otherwise } => {
                self.expr(*cond);
                let before = self.env.clone();
                self.assume(*cond, true);
                self.expr(*then);
                let then = std::mem::replace(&mut self.env, before);
                self.assume(*cond, false);
                otherwise.iter().for_each(|otherwise| self.expr(*otherwise));
                let otherwise = std::mem::take(&mut self.env);
                self.env = then.meet(otherwise);
            }
            ExprKind::Match { scrutinee, arms, .. } => self.match_(*scrutinee, arms),
            ExprKind::Let { pat, scrutinee } => {
                self.expr(*scrutinee);
                self.bind(*pat, *scrutinee);
            }
            ExprKind::Loop { body: inside, .. } => self.repeated(id, &mut |walk| walk.expr(*inside)),
            ExprKind::While { cond, body: inside, .. } => {
                self.repeated(id, &mut |walk| {
                    walk.expr(*cond);
                    walk.assume(*cond, true);
                    walk.expr(*inside);
                });
                if !has_break(body, *inside) && !has_break(body, *cond) {
                    self.assume(*cond, false);
                }
            }
            ExprKind::For { pat, iter, body: inside, .. } => {
                self.expr(*iter);
                let assigned = assigned_in(body, *inside);
                self.repeated(id, &mut |walk| {
                    walk.range(*pat, *iter, &assigned);
                    walk.expr(*inside);
                });
            }
            ExprKind::Block(block) => match body.blocks[*block].label {
                None => self.block(*block),
                Some(_) => self.repeated(id, &mut |walk| walk.block(*block)),
            },
            _ => {
                for child in children(body, id) {
                    self.expr(child);
                }
            }
        }
        if body.exprs[id].ty.is_never() {
            self.env = Env { is_unreachable: true, facts: Vec::new() };
        }
    }

    /// The links of `a && b && c`, in which nothing is assigned: each where those before it hold (of `||`: do not).
    fn links(&mut self, id: ExprId, chained: LogicalOp) {
        for link in queries::links(self.body, id, chained) {
            self.expr(link);
            self.learn_from(link, chained == LogicalOp::And);
        }
    }

    fn block(&mut self, block: BlockId) {
        let body = self.body;
        for stmt in &body.blocks[block].stmts {
            match &body.stmts[*stmt].kind {
                StmtKind::Expr(expr) => self.expr(*expr),
                StmtKind::Let { pat, init, otherwise, .. } => {
                    let Some(init) = init else { continue };
                    self.expr(*init);
                    if let Some(otherwise) = otherwise {
                        let before = self.env.clone();
                        self.block(*otherwise);
                        self.env = before;
                    }
                    self.bind(*pat, *init);
                }
            }
        }
        body.blocks[block].tail.iter().for_each(|tail| self.expr(*tail));
    }

    /// Something that is run any number of times, or left in its midst: before and behind it, what is not assigned in it is as it was.
    fn repeated(&mut self, id: ExprId, inner: &mut dyn FnMut(&mut Self)) {
        assigned_in(self.body, id).into_iter().for_each(|local| self.env.forget(local));
        let before = self.env.clone();
        inner(self);
        self.env = before;
    }

    fn match_(&mut self, scrutinee: ExprId, arms: &[thir::ArmId]) {
        let body = self.body;
        self.expr(scrutinee);
        let mut before = self.env.clone();
        let mut met = Env { is_unreachable: true, facts: Vec::new() };
        for arm in arms {
            let arm = &body.arms[*arm];
            self.env = before.clone();
            self.bind(arm.pat, scrutinee);
            if let Some(guard) = arm.guard {
                self.expr(guard);
                self.assume(guard, true);
                assigned_in(body, guard).into_iter().for_each(|local| before.forget(local));
            }
            self.expr(arm.body);
            met = std::mem::take(&mut self.env).meet(met);
            if let (None, Some((x, 0))) = (arm.guard, self.sum(scrutinee)) {
                self.passed(&mut before, x, arm.pat);
            }
        }
        self.env = met;
    }

    /// What is not zero in an arm behind that for zero is at least one, and so on.
    fn passed(&self, env: &mut Env, x: Option<LocalId>, pat: PatId) {
        match &self.body.pats[pat].kind {
            PatKind::Const(ConstValue::Int(value)) if env.bound(x, None).is_some_and(|bound| bound >= *value) => {
                env.learn(Fact { x, y: None, at_least: value + 1 });
            }
            PatKind::Or(pats) => pats.iter().for_each(|pat| self.passed(env, x, *pat)),
            _ => {}
        }
    }

    fn subtraction(&mut self, id: ExprId, lhs: ExprId, rhs: ExprId) {
        let (Some((x, more)), Some((y, less))) = (self.sum(lhs), self.sum(rhs)) else { return };
        if !self.env.is_unreachable && self.env.implies(Fact { x, y, at_least: less - more }) {
            self.proved.insert(id);
        }
    }

    /// A local that only this body changes, behind an expression.
    fn local(&self, expr: ExprId) -> Option<LocalId> {
        match &self.body.exprs[expr].kind {
            ExprKind::Local(local) if is_usize(self.body.exprs[expr].ty) && !self.shared.contains(local) => {
                Some(*local)
            }
            _ => None,
        }
    }

    /// An expression as a local and a number, where that is what it is, with nothing lost on the way.
    fn sum(&self, expr: ExprId) -> Option<Sum> {
        if !is_usize(self.body.exprs[expr].ty) {
            return None;
        }
        match &self.body.exprs[expr].kind {
            ExprKind::Literal(ConstValue::Int(value)) => Some((None, *value)),
            ExprKind::Local(_) => Some((Some(self.local(expr)?), 0)),
            // It did not go below zero, else it would have panicked.
            ExprKind::Binary { op: BinaryOp::Sub, lhs, rhs } => match (self.sum(*lhs)?, self.sum(*rhs)?) {
                ((local, more), (None, less)) => Some((local, more - less)),
                _ => None,
            },
            // A sum may wrap round, but not one with a number below an index or end of a range: that is smaller than another number.
            ExprKind::Binary { op: BinaryOp::Add, lhs, rhs } => match (self.sum(*lhs)?, self.sum(*rhs)?) {
                ((Some(local), 0), (None, 1)) if self.is_below_another(local) => Some((Some(local), 1)),
                ((None, a), (None, b)) => Some((None, a + b)),
                _ => None,
            },
            _ => None,
        }
    }

    fn is_below_another(&self, local: LocalId) -> bool {
        self.env.facts.iter().any(|fact| fact.y == Some(local) && fact.x.is_some() && fact.at_least >= 1)
    }

    /// A condition that holds, or does not.
    fn assume(&mut self, cond: ExprId, holds: bool) {
        // What it says was true before something was assigned in it.
        if assigned_in(self.body, cond).is_empty() {
            self.learn_from(cond, holds);
        }
    }

    /// A condition in which nothing is assigned.
    fn learn_from(&mut self, cond: ExprId, holds: bool) {
        let body = self.body;
        match &body.exprs[cond].kind {
            ExprKind::Unary { op: UnaryOp::Not, expr } => self.learn_from(*expr, !holds),
            ExprKind::Logical { op, lhs, rhs } if (*op == LogicalOp::And) == holds => {
                self.learn_from(*lhs, holds);
                self.learn_from(*rhs, holds);
            }
            ExprKind::Binary { op, lhs, rhs } => {
                let (Some(a), Some(b)) = (self.sum(*lhs), self.sum(*rhs)) else { return };
                match (op, holds) {
                    (BinaryOp::Lt, true) | (BinaryOp::Ge, false) => self.learn(b, a, 1),
                    (BinaryOp::Le, true) | (BinaryOp::Gt, false) => self.learn(b, a, 0),
                    (BinaryOp::Gt, true) | (BinaryOp::Le, false) => self.learn(a, b, 1),
                    (BinaryOp::Ge, true) | (BinaryOp::Lt, false) => self.learn(a, b, 0),
                    (BinaryOp::Eq, true) | (BinaryOp::Ne, false) => {
                        self.learn(a, b, 0);
                        self.learn(b, a, 0);
                    }
                    (BinaryOp::Ne, true) | (BinaryOp::Eq, false) => match (a, b) {
                        ((Some(_), 0), (None, 0)) => self.learn(a, b, 1),
                        ((None, 0), (Some(_), 0)) => self.learn(b, a, 1),
                        _ => {}
                    },
                    _ => {}
                }
            }
            _ => {}
        }
    }

    /// `a - b >= at_least`
    fn learn(&mut self, a: Sum, b: Sum, at_least: i128) {
        self.env.learn(Fact { x: a.0, y: b.0, at_least: at_least + b.1 - a.1 });
    }

    /// A local is set to a value.
    fn set(&mut self, local: LocalId, value: ExprId) {
        match self.sum(value) {
            Some((Some(same), by)) if same == local => self.shift(local, by),
            value => {
                self.env.forget(local);
                if let Some(value) = value {
                    self.learn((Some(local), 0), value, 0);
                    self.learn(value, (Some(local), 0), 0);
                }
            }
        }
    }

    /// A local is changed by a number.
    fn shift(&mut self, local: LocalId, by: i128) {
        for fact in &mut self.env.facts {
            match (fact.x == Some(local), fact.y == Some(local)) {
                (true, _) => fact.at_least += by,
                (_, true) => fact.at_least -= by,
                _ => {}
            }
        }
    }

    fn bind(&mut self, pat: PatId, value: ExprId) {
        if let PatKind::Bind { local, by_ref: None, .. } = &self.body.pats[pat].kind
            && is_usize(self.body.pats[pat].ty)
            && !self.shared.contains(local)
        {
            self.set(*local, value);
        }
    }

    /// `place op= value`
    fn changed(&mut self, op: BinaryOp, place: ExprId, value: ExprId) {
        let Some(local) = self.local(place) else { return };
        let by = match (op, self.sum(value)) {
            (BinaryOp::Sub, Some((None, by))) => Some(-by),
            (BinaryOp::Add, Some((None, 1))) if self.is_below_another(local) => Some(1),
            _ => None,
        };
        match by {
            Some(by) => self.shift(local, by),
            None => self.env.forget(local),
        }
    }

    /// What a loop over a range knows of its items.
    fn range(&mut self, pat: PatId, iter: ExprId, assigned: &FxHashSet<LocalId>) {
        let body = self.body;
        let PatKind::Bind { local, by_ref: None, sub: None, .. } = &body.pats[pat].kind else { return };
        let Some((start, end, included)) = range_of(body, iter) else { return };
        if self.shared.contains(local) || !is_usize(body.pats[pat].ty) {
            return;
        }
        self.env.forget(*local);
        let item = (Some(*local), 0);
        // The ends were evaluated once.
        let is_kept = |end: &Sum| end.0.is_none_or(|local| !assigned.contains(&local));
        if let Some(start) = self.sum(start).filter(is_kept) {
            self.learn(item, start, 0);
        }
        if let Some(end) = self.sum(end).filter(is_kept) {
            self.learn(end, item, i128::from(!included));
        }
    }
}

/// The ends of the range that is iterated, forwards or backwards.
fn range_of(body: &thir::Body, iter: ExprId) -> Option<(ExprId, ExprId, bool)> {
    match &body.exprs[iter].kind {
        ExprKind::Range { start: Some(start), end: Some(end), inclusive } => {
            Some((*start, *end, *inclusive == RangeEnd::Included))
        }
        ExprKind::Call { callee, args, .. } => {
            let ExprKind::FnItem { def, .. } = &body.exprs[*callee].kind else { return None };
            let [arg] = &args[..] else { return None };
            let is_of_std = def.is_std();
            (is_of_std && matches!(def.name().as_str(), "into_iter" | "rev")).then(|| range_of(body, *arg))?
        }
        _ => None,
    }
}

/// Locals that are borrowed mutably or captured.
fn shared_locals(db: &dyn Db, body: &thir::Body) -> FxHashSet<LocalId> {
    let mut shared = FxHashSet::default();
    for (_, expr) in body.exprs.iter() {
        if let ExprKind::Borrow { kind: BorrowKind::Mut { .. } | BorrowKind::Unique, place, .. } = &expr.kind
            && let ExprKind::Local(local) = body.exprs[*place].kind
        {
            shared.insert(local);
        }
    }
    // `ref mut` borrows what is matched.
    let mut matched = |pats: &[PatId], scrutinee: ExprId| {
        if let ExprKind::Local(local) = body.exprs[scrutinee].kind
            && pats.iter().any(|pat| has_reference(body, *pat))
        {
            shared.insert(local);
        }
    };
    for (_, expr) in body.exprs.iter() {
        match &expr.kind {
            ExprKind::Let { pat, scrutinee } => matched(&[*pat], *scrutinee),
            ExprKind::Match { scrutinee, arms, .. } => {
                let pats: Vec<PatId> = arms.iter().map(|arm| body.arms[*arm].pat).collect();
                matched(&pats, *scrutinee);
            }
            _ => {}
        }
    }
    for (_, stmt) in body.stmts.iter() {
        if let StmtKind::Let { pat, init: Some(init), .. } = &stmt.kind {
            matched(&[*pat], *init);
        }
    }
    for closure in &body.closures {
        if let Some(thir::BodyKind::Closure(info)) = queries::thir(db, *closure).map(|body| &body.kind) {
            let is_changed = |local: LocalId| body.locals.get(local).is_none_or(|l| l.mutable);
            shared.extend(info.captures.iter().map(|c| c.place.local).filter(|local| is_changed(*local)));
        }
    }
    shared
}

/// Whether a pattern for a number has a reference to it.
fn has_reference(body: &thir::Body, pat: PatId) -> bool {
    match &body.pats[pat].kind {
        PatKind::Bind { by_ref, sub, .. } => by_ref.is_some() || sub.is_some_and(|sub| has_reference(body, sub)),
        PatKind::Or(pats) => pats.iter().any(|pat| has_reference(body, *pat)),
        _ => false,
    }
}

/// The locals that an expression sets.
fn assigned_in(body: &thir::Body, id: ExprId) -> FxHashSet<LocalId> {
    let mut assigned = FxHashSet::default();
    note_assigned(body, id, &mut assigned);
    assigned
}

fn note_assigned(body: &thir::Body, id: ExprId, assigned: &mut FxHashSet<LocalId>) {
    let mut note = |place: ExprId| {
        if let ExprKind::Local(local) = body.exprs[place].kind {
            assigned.insert(local);
        }
    };
    match &body.exprs[id].kind {
        ExprKind::Assign { place, .. } | ExprKind::AssignOp { place, .. } => note(*place),
        ExprKind::DestructureAssign { assigns, .. } => assigns.iter().for_each(|(_, place)| note(*place)),
        _ => {}
    }
    children(body, id).into_iter().for_each(|child| note_assigned(body, child, assigned));
}

/// Whether something is left by `break`.
fn has_break(body: &thir::Body, id: ExprId) -> bool {
    matches!(body.exprs[id].kind, ExprKind::Break { .. })
        || children(body, id).into_iter().any(|child| has_break(body, child))
}

/// The expressions below one, in the order of evaluation; those of closures are not.
fn children(body: &thir::Body, id: ExprId) -> Vec<ExprId> {
    match &body.exprs[id].kind {
        ExprKind::Local(_)
        | ExprKind::Upvar(_)
        | ExprKind::Static(_)
        | ExprKind::Literal(_)
        | ExprKind::Const { .. }
        | ExprKind::ConstParam(_)
        | ExprKind::FnItem { .. }
        | ExprKind::Closure { .. }
        | ExprKind::Continue { .. }
        | ExprKind::Error => Vec::new(),
        ExprKind::Deref(inner)
        | ExprKind::Field { base: inner, .. }
        | ExprKind::PlaceAscription { base: inner, .. }
        | ExprKind::Unary { expr: inner, .. }
        | ExprKind::Cast { expr: inner, .. }
        | ExprKind::Coerce { expr: inner, .. }
        | ExprKind::Borrow { place: inner, .. }
        | ExprKind::Repeat { value: inner, .. }
        | ExprKind::Let { scrutinee: inner, .. }
        | ExprKind::Loop { body: inner, .. }
        | ExprKind::Try { expr: inner, .. } => vec![*inner],
        ExprKind::Index { base: first, index: second }
        | ExprKind::Binary { lhs: first, rhs: second, .. }
        | ExprKind::Logical { lhs: first, rhs: second, .. }
        | ExprKind::VecRepeat { value: first, len: second }
        | ExprKind::While { cond: first, body: second, .. }
        | ExprKind::For { iter: first, body: second, .. }
        | ExprKind::Assign { value: first, place: second }
        | ExprKind::AssignOp { value: first, place: second, .. } => vec![*first, *second],
        ExprKind::Call { callee, args, .. } => std::iter::once(*callee).chain(args.iter().copied()).collect(),
        ExprKind::Adt(adt) => adt.fields.iter().map(|(_, value)| *value).chain(adt.base).collect(),
        ExprKind::Array(items) | ExprKind::VecMacro(items) | ExprKind::Tuple(items) => items.clone(),
        ExprKind::Range { start, end, .. } => start.iter().chain(end).copied().collect(),
        ExprKind::Block(block) => {
            let mut found = Vec::new();
            block_children(body, *block, &mut found);
            found
        }
        ExprKind::If { cond, then, otherwise } => [*cond, *then].into_iter().chain(*otherwise).collect(),
        ExprKind::Match { scrutinee, arms, .. } => {
            let arms = arms.iter().map(|arm| &body.arms[*arm]);
            std::iter::once(*scrutinee).chain(arms.flat_map(|arm| arm.guard.into_iter().chain([arm.body]))).collect()
        }
        ExprKind::Break { value, .. } | ExprKind::Return { value } => value.iter().copied().collect(),
        ExprKind::DestructureAssign { value, assigns, .. } => {
            std::iter::once(*value).chain(assigns.iter().map(|(_, place)| *place)).collect()
        }
        ExprKind::FormatArgs(format) => format.args.clone(),
    }
}

fn block_children(body: &thir::Body, block: BlockId, found: &mut Vec<ExprId>) {
    for stmt in &body.blocks[block].stmts {
        match &body.stmts[*stmt].kind {
            StmtKind::Expr(expr) => found.push(*expr),
            StmtKind::Let { init, otherwise, .. } => {
                found.extend(init);
                otherwise.iter().for_each(|otherwise| block_children(body, *otherwise, found));
            }
        }
    }
    found.extend(body.blocks[block].tail);
}

fn is_usize(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Uint(UintTy::Usize))
}
