//! Subtractions of `usize` that cannot go below zero, so that Go's `-` does: in `for i in 1..n`, `i - 1` and `n - i`; behind
//! `if low < high`, `high - low`; behind `v.push(x)`, `v.len() - 1`; behind `v[i - 1]`, `i -= 1`.
//!
//! A walk over one typed body in the order of evaluation, with facts of the form `x - y >= c` about locals that nobody else can change (neither
//! borrowed mutably nor captured) and the lengths of sequences in places ([`places`]). Conditions, the ranges of loops and pushes give facts,
//! changes end or shift them, a loop begins without those about what is changed in it, and where ways meet only what both know is known. A difference is proved by one fact, or by two that chain
//! (the difference-bound matrices of Miné, "A New Numerical Abstract Domain", 2001, without closure).

mod facts;
mod places;

use rgo_hir::Db;
use rgo_hir::body::{BinaryOp, LogicalOp, RangeEnd};
use rgo_typeck::thir::{self, BlockId, BorrowKind, ExprId, ExprKind, LocalId, PatId, PatKind, StmtKind, UnaryOp};
use rgo_typeck::ty::{ConstValue, Ty, TyKind, UintTy};
use rustc_hash::FxHashSet;

use self::facts::{Env, Fact, Sum, Term};
use self::places::{Change, Changes, Place, children, has_break, is_reference_to_sequence};
use crate::queries;

/// The subtractions of a body (`a - b` and `a -= b`) that are proved.
pub fn proved_subtractions(db: &dyn Db, body: &thir::Body) -> FxHashSet<ExprId> {
    let has_subtraction = body.exprs.iter().any(|(_, expr)| {
        matches!(&expr.kind, ExprKind::Binary { op: BinaryOp::Sub, .. } | ExprKind::AssignOp { op: BinaryOp::Sub, .. })
    });
    if !has_subtraction {
        return FxHashSet::default();
    }
    let mut walk = Walk {
        db,
        body,
        shared: shared_locals(db, body),
        changes: Changes::new(db, body),
        places: Vec::new(),
        env: Env::default(),
        proved: FxHashSet::default(),
    };
    walk.expr(body.value);
    walk.proved
}

struct Walk<'a> {
    db: &'a dyn Db,
    body: &'a thir::Body,
    /// Locals that something else may change.
    shared: FxHashSet<LocalId>,
    changes: Changes<'a>,
    /// Those of sequences whose length was asked for, by their numbers.
    places: Vec<Place>,
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
                if self.local(*place).is_none() {
                    self.forget(&self.changes.by(id));
                }
            }
            ExprKind::Assign { place, value } => {
                self.expr(*value);
                self.expr(*place);
                match self.local(*place) {
                    Some(local) => self.set(local, *value),
                    None => self.forget(&self.changes.by(id)),
                }
            }
            ExprKind::Logical { op, .. } if self.changes.within(id).is_empty() => {
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
                let changes = self.changes.within(*inside);
                self.repeated(id, &mut |walk| {
                    walk.range(*pat, *iter, &changes);
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
                self.forget(&self.changes.by(id));
                self.grown(id);
            }
        }
        if body.exprs[id].ty.is_never() {
            self.env = Env::unreachable();
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
        self.forget(&self.changes.within(id));
        let before = self.env.clone();
        inner(self);
        self.env = before;
    }

    fn match_(&mut self, scrutinee: ExprId, arms: &[thir::ArmId]) {
        let body = self.body;
        self.expr(scrutinee);
        let mut before = self.env.clone();
        let mut met = Env::unreachable();
        for arm in arms {
            let arm = &body.arms[*arm];
            self.env = before.clone();
            self.bind(arm.pat, scrutinee);
            if let Some(guard) = arm.guard {
                self.expr(guard);
                self.assume(guard, true);
                let changes = self.changes.within(guard);
                before.forget(|term| is_changed(&self.places, term, &changes));
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
    fn passed(&self, env: &mut Env, x: Option<Term>, pat: PatId) {
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
        let wanted = Fact { x, y, at_least: less - more };
        if !self.env.is_unreachable && self.env.implies(wanted) {
            self.proved.insert(id);
        }
        // Behind it, it did not go below zero, else it would have panicked.
        self.env.learn(wanted);
    }

    fn forget(&mut self, changes: &[Change]) {
        let places = &self.places;
        self.env.forget(|term| is_changed(places, term, changes));
    }

    /// What is pushed to is not empty.
    fn grown(&mut self, call: ExprId) {
        let ExprKind::Call { callee, args, .. } = &self.body.exprs[call].kind else { return };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return };
        if def.is_std()
            && matches!(def.name().as_str(), "push" | "insert")
            && let Some(term) = args.first().and_then(|receiver| self.length(*receiver))
        {
            self.env.learn(Fact { x: Some(term), y: None, at_least: 1 });
        }
    }

    /// The length of the sequence that a reference points to.
    fn length(&mut self, reference: ExprId) -> Option<Term> {
        if !is_reference_to_sequence(self.db, self.body.exprs[reference].ty) {
            return None;
        }
        let place = Place::behind(self.body, reference)?;
        let known = self.places.iter().position(|known| *known == place);
        let number = known.unwrap_or_else(|| {
            self.places.push(place);
            self.places.len() - 1
        });
        Some(Term::Len(number))
    }

    /// The sequence whose `len` or `is_empty` is called.
    fn measured(&mut self, expr: ExprId, by: &str) -> Option<Term> {
        let ExprKind::Call { callee, args, .. } = &self.body.exprs[expr].kind else { return None };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return None };
        let [receiver] = args[..] else { return None };
        (def.is_std() && def.name().as_str() == by).then(|| self.length(receiver))?
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
    fn sum(&mut self, expr: ExprId) -> Option<Sum> {
        if !is_usize(self.body.exprs[expr].ty) {
            return None;
        }
        match &self.body.exprs[expr].kind {
            ExprKind::Literal(ConstValue::Int(value)) => Some((None, *value)),
            ExprKind::Local(_) => Some((Some(Term::Local(self.local(expr)?)), 0)),
            // It did not go below zero, else it would have panicked.
            ExprKind::Binary { op: BinaryOp::Sub, lhs, rhs } => match (self.sum(*lhs)?, self.sum(*rhs)?) {
                ((term, more), (None, less)) => Some((term, more - less)),
                _ => None,
            },
            // A sum may wrap round, but not one with a number below an index or end of a range: that is smaller than another number.
            ExprKind::Binary { op: BinaryOp::Add, lhs, rhs } => match (self.sum(*lhs)?, self.sum(*rhs)?) {
                ((Some(term), 0), (None, 1)) if self.env.is_below_another(term) => Some((Some(term), 1)),
                ((None, a), (None, b)) => Some((None, a + b)),
                _ => None,
            },
            _ => self.measured(expr, "len").map(|term| (Some(term), 0)),
        }
    }

    /// A condition that holds, or does not.
    fn assume(&mut self, cond: ExprId, holds: bool) {
        self.learn_from(cond, holds);
        // What it says was true before something was changed in it.
        self.forget(&self.changes.within(cond));
    }

    /// A condition in which nothing is changed, or what was changed is forgotten.
    fn learn_from(&mut self, cond: ExprId, holds: bool) {
        let body = self.body;
        match &body.exprs[cond].kind {
            ExprKind::Unary { op: UnaryOp::Not, expr } => self.learn_from(*expr, !holds),
            ExprKind::Logical { op, lhs, rhs } if (*op == LogicalOp::And) == holds => {
                self.learn_from(*lhs, holds);
                self.learn_from(*rhs, holds);
            }
            ExprKind::Binary { op, lhs, rhs } => {
                let (lhs, rhs) = (self.sum(*lhs), self.sum(*rhs));
                // Whatever the other is (a sum that may have wrapped round, say), it is not negative.
                match (op, holds) {
                    (BinaryOp::Lt, true) | (BinaryOp::Ge, false) => self.learn_positive(rhs),
                    (BinaryOp::Gt, true) | (BinaryOp::Le, false) => self.learn_positive(lhs),
                    _ => {}
                }
                let (Some(a), Some(b)) = (lhs, rhs) else { return };
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
            _ => {
                if let Some(term) = self.measured(cond, "is_empty") {
                    match holds {
                        true => self.learn((None, 0), (Some(term), 0), 0),
                        false => self.learn_positive(Some((Some(term), 0))),
                    }
                }
            }
        }
    }

    fn learn_positive(&mut self, sum: Option<Sum>) {
        if let Some(sum) = sum {
            self.learn(sum, (None, 0), 1);
        }
    }

    /// `a - b >= at_least`
    fn learn(&mut self, a: Sum, b: Sum, at_least: i128) {
        self.env.learn(Fact { x: a.0, y: b.0, at_least: at_least + b.1 - a.1 });
    }

    /// A local is set to a value.
    fn set(&mut self, local: LocalId, value: ExprId) {
        match self.sum(value) {
            Some((Some(same), by)) if same == Term::Local(local) => self.env.shift(same, by),
            value => {
                let set = Term::Local(local);
                self.env.forget(|term| term == set);
                if let Some(value) = value {
                    self.learn((Some(set), 0), value, 0);
                    self.learn(value, (Some(set), 0), 0);
                }
            }
        }
    }

    fn bind(&mut self, pat: PatId, value: ExprId) {
        if let Some(change) = self.changes.by_pats(&[pat], value) {
            self.forget(&[change]);
        }
        if let PatKind::Bind { local, by_ref: None, .. } = &self.body.pats[pat].kind
            && is_usize(self.body.pats[pat].ty)
            && !self.shared.contains(local)
        {
            self.set(*local, value);
        }
    }

    /// `place op= value`
    fn changed(&mut self, op: BinaryOp, place: ExprId, value: ExprId) {
        let Some(changed) = self.local(place).map(Term::Local) else { return };
        let by = match (op, self.sum(value)) {
            (BinaryOp::Sub, Some((None, by))) => Some(-by),
            (BinaryOp::Add, Some((None, 1))) if self.env.is_below_another(changed) => Some(1),
            _ => None,
        };
        match by {
            Some(by) => self.env.shift(changed, by),
            None => self.env.forget(|term| term == changed),
        }
    }

    /// What a loop over a range knows of its items.
    fn range(&mut self, pat: PatId, iter: ExprId, changes: &[Change]) {
        let body = self.body;
        let PatKind::Bind { local, by_ref: None, sub: None, .. } = &body.pats[pat].kind else { return };
        let Some((start, end, included)) = range_of(body, iter) else { return };
        if self.shared.contains(local) || !is_usize(body.pats[pat].ty) {
            return;
        }
        let item = Term::Local(*local);
        self.env.forget(|term| term == item);
        let item = (Some(item), 0);
        // The ends were evaluated once.
        let (start, end) = (self.sum(start), self.sum(end));
        let is_kept = |end: &Sum| end.0.is_none_or(|term| !is_changed(&self.places, term, changes));
        let (start, end) = (start.filter(is_kept), end.filter(is_kept));
        if let Some(start) = start {
            self.learn(item, start, 0);
        }
        if let Some(end) = end {
            self.learn(end, item, i128::from(!included));
        }
    }
}

fn is_changed(places: &[Place], term: Term, changes: &[Change]) -> bool {
    changes.iter().any(|change| match term {
        Term::Local(local) => change.sets(local),
        Term::Len(number) => change.resizes(&places[number]),
    })
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

fn is_usize(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Uint(UintTy::Usize))
}
