//! `match` as `switch` or a chain of `if`s: the arms, their guards and bodies.

use rgo_mir::ScopeExit;
use rgo_typeck::thir::{ArmId, ExprId, ExprKind, PatKind};
use rgo_typeck::ty::ConstValue;

use super::alternatives::Guard;
use super::control::both;
use super::matching::{Binding, Subject};
use super::operands::Stability;
use super::*;

/// An arm in Go.
struct ArmCode {
    pos: Option<Pos>,
    cond: Option<Expr>,
    body: Block,
    /// The body must jump behind the match when it is done, because other arms follow in the same list.
    falls: bool,
}

impl Lower<'_, '_> {
    /// `match x { Some(v) => p(v), None => false }` as `x.Some && p(v)`.
    pub(super) fn match_condition(&mut self, expr: ExprId) -> Option<Expr> {
        let body = self.body;
        let ExprKind::Match { scrutinee, arms, .. } = &body.exprs[expr].kind else { return None };
        let [first, second] = &arms[..] else { return None };
        let (first, second) = (&body.arms[*first], &body.arms[*second]);
        let literal = |e: ExprId| match &body.exprs[e].kind {
            ExprKind::Literal(ConstValue::Bool(value)) => Some(*value),
            _ => None,
        };
        let (one, other) = (literal(first.body), literal(second.body));
        let plain = first.guard.is_none()
            && second.guard.is_none()
            && self.pattern_locals(second.pat).is_empty()
            && self.choices(first.pat, Guard::None).len() == 1
            && !self.has_drops(ScopeExit::ExprEnd(first.body))
            && !self.has_drops(ScopeExit::ExprEnd(second.body));
        if !plain || one.is_none() && other.is_none() {
            return None;
        }
        let mark = self.out.len();
        let subject = self.subject(*scrutinee);
        let mut bindings = Vec::new();
        let cond = self.test(first.pat, &subject, &mut bindings);
        self.alias(&bindings);
        let Some(cond) = cond else {
            self.out.truncate(mark);
            return None;
        };
        let rest = if one.is_some() { second.body } else { first.body };
        if let (Some(one), Some(other)) = (one, other) {
            return Some(match (one, other) {
                (true, true) | (false, false) => Expr::bool(one),
                (true, false) => cond,
                (false, true) => super::expr::negated(cond),
            });
        }
        let mut value = Expr::nil();
        let stmts = self.block(|lower| value = lower.value(rest));
        let (op, test) = match (one, other) {
            (Some(true), _) => (BinaryOp::LogicalOr, cond),
            (Some(false), _) => (BinaryOp::LogicalAnd, super::expr::negated(cond)),
            (_, Some(true)) => (BinaryOp::LogicalOr, super::expr::negated(cond)),
            _ => (BinaryOp::LogicalAnd, cond),
        };
        Some(self.joined(op, test, stmts, value))
    }

    /// The same where the value goes somewhere, if it is a condition without statements: in the body of an arm these would rather stay there.
    pub(super) fn condition_of_match(&mut self, expr: ExprId, arms: &[ArmId], dest: &Dest) -> Option<Expr> {
        let body = self.body;
        let is_plain = arms.iter().all(|arm| self.stability(body.arms[*arm].body) != Stability::Effect);
        let is_wanted = body.exprs[expr].ty.is_bool() && !matches!(dest, Dest::Discard);
        (is_wanted && (is_plain || self.is_derived())).then(|| self.match_condition(expr))?
    }

    pub(super) fn match_into(&mut self, scrutinee: ExprId, arms: &[ArmId], dest: &Dest) {
        let pos = self.pos;
        let subject = self.subject(scrutinee);
        let Some(first) = arms.first() else {
            return self.unreachable();
        };
        // `match v[i] { _ => … }` looks at nothing, but finds out whether there is an item.
        if let Subject::Place(place, _) = &subject
            && matches!(self.body.pats[self.arm_pat(*first)].kind, PatKind::Wild)
            && super::format::is_indexed(place)
        {
            self.emit(StmtKind::discard(place.clone()));
        }
        let from = self.root_of(scrutinee);
        self.note_arms(arms, from);
        if let [arm] = arms
            && self.name_parts(*arm, &subject)
        {
            return self.arm_body(*arm, dest);
        }
        if !self.split_match(&subject, arms, dest, pos) {
            self.match_subject(&subject, arms, dest, pos);
        }
    }

    /// The arms of a `match`, for what they look at.
    pub(super) fn match_subject(&mut self, subject: &Subject, arms: &[ArmId], dest: &Dest, pos: Option<Pos>) {
        if self.try_switch(subject, arms, dest, pos) {
            return;
        }
        let label = self.locals.label("matched");
        let mut codes: Vec<ArmCode> = Vec::new();
        for (i, arm) in arms.iter().enumerate() {
            let pat = self.arm_pat(*arm);
            let guard = if self.body.arms[*arm].guard.is_some() { Guard::Some } else { Guard::None };
            for choice in self.choices(pat, guard) {
                self.or_choices.extend(choice.iter().copied());
                let is_last = i + 1 == arms.len();
                let code = self.arm_code(*arm, subject, dest, label, is_last && choice.is_empty());
                choice.iter().for_each(|(pat, _)| {
                    self.or_choices.remove(pat);
                });
                codes.push(code);
            }
        }
        self.pos = pos;
        self.emit_chain(codes, label);
    }

    fn arm_code(&mut self, arm: ArmId, subject: &Subject, dest: &Dest, label: LabelId, is_last: bool) -> ArmCode {
        let node = &self.body.arms[arm];
        let pos = self.pos_of(self.body.exprs[node.body].span);
        let mut bindings = Vec::new();
        self.note_arm(arm);
        let mut cond = self.test(self.arm_pat(arm), subject, &mut bindings);
        if is_last && node.guard.is_none() {
            // Exhaustiveness has been checked: nothing else is left.
            cond = None;
        }
        let Some(guard) = node.guard else {
            let body = self.block(|lower| {
                lower.bind_all(&bindings);
                lower.arm_body(arm, dest);
            });
            return ArmCode { pos, cond, body, falls: false };
        };
        self.alias(&bindings);
        if self.is_dropped_by_guard(guard) {
            let body = self.block(|lower| {
                lower.within_condition(guard, &mut |lower| {
                    lower.bind_all(&bindings);
                    lower.arm_body(arm, dest);
                    lower.emit(StmtKind::Break(Some(label)));
                });
            });
            return ArmCode { pos, cond, body, falls: true };
        }
        let mut test = None;
        let mut guard_bindings = Vec::new();
        let stmts = self.block(|lower| {
            let has_let = lower.has_let(guard);
            test = Some(if has_let {
                lower.guard_chain(guard, &mut guard_bindings)
            } else {
                lower.operand_of_condition(guard)
            });
        });
        if stmts.is_empty() {
            let body = self.block(|lower| {
                lower.bind_all(&bindings);
                lower.bind_all(&guard_bindings);
                lower.arm_body(arm, dest);
            });
            return ArmCode { pos, cond: both(cond, test), body, falls: false };
        }
        let body = self.block(|lower| {
            lower.out.extend(stmts);
            let then = lower.block(|lower| {
                lower.bind_all(&bindings);
                lower.bind_all(&guard_bindings);
                lower.arm_body(arm, dest);
                lower.emit(StmtKind::Break(Some(label)));
            });
            lower.emit(StmtKind::if_else(test.unwrap_or_else(|| Expr::bool(true)), then, Vec::new()));
        });
        ArmCode { pos, cond, body, falls: true }
    }

    /// A guard with `let`: its bindings are aliases in the guard and variables in the body.
    fn guard_chain(&mut self, guard: ExprId, bindings: &mut Vec<Binding>) -> Expr {
        match &self.body.exprs[guard].kind {
            ExprKind::Logical { op: rgo_hir::body::LogicalOp::And, lhs, rhs } => {
                let left = self.guard_chain(*lhs, bindings);
                let right = self.guard_chain(*rhs, bindings);
                Expr::binary(BinaryOp::LogicalAnd, left, right)
            }
            ExprKind::Let { pat, scrutinee } => {
                let subject = self.subject(*scrutinee);
                let mut own = Vec::new();
                let cond = self.test(*pat, &subject, &mut own);
                self.alias(&own);
                bindings.extend(own);
                cond.unwrap_or_else(|| Expr::bool(true))
            }
            _ => self.operand_of_condition(guard),
        }
    }

    pub(super) fn arm_body(&mut self, arm: ArmId, dest: &Dest) {
        let body = self.body.arms[arm].body;
        self.mark(self.body.exprs[body].span);
        self.scoped_into(body, dest, ScopeExit::ArmEnd(arm));
    }

    fn emit_chain(&mut self, mut codes: Vec<ArmCode>, label: LabelId) {
        if codes.iter().any(|code| code.falls) {
            let body = self.block(|lower| {
                for code in codes {
                    let mut stmts = code.body;
                    if !code.falls {
                        stmts.push(StmtKind::Break(Some(label)).into());
                    }
                    match code.cond {
                        Some(cond) => lower.emit(StmtKind::if_else(cond, stmts, Vec::new())),
                        None => lower.emit(StmtKind::Block(stmts)),
                    }
                }
            });
            return self.emit(StmtKind::Labeled(label, Box::new(StmtKind::Block(body).into())));
        }
        let conditional = codes.iter().filter(|code| code.cond.is_some()).count();
        if conditional >= 3 {
            let cases = codes
                .into_iter()
                .map(|code| Case { pos: code.pos, exprs: code.cond.into_iter().collect(), body: code.body })
                .collect();
            return self.emit(StmtKind::Switch(Box::new(Switch {
                init: None,
                tag: None,
                cases: until_default(cases),
            })));
        }
        let mut els: Block = Vec::new();
        while let Some(code) = codes.pop() {
            match code.cond {
                None => els = code.body,
                Some(cond) => els = vec![StmtKind::if_else(cond, code.body, els).at(self.pos)],
            }
        }
        self.out.extend(els);
    }
}

/// Cases behind a `default` are never reached.
fn until_default(cases: Vec<Case>) -> Vec<Case> {
    let mut out = Vec::new();
    for case in cases {
        let is_default = case.exprs.is_empty();
        out.push(case);
        if is_default {
            break;
        }
    }
    out
}
