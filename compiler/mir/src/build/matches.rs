//! Patterns and `match`: candidates tested in order, with the false edges that keep borrow checking independent of that order.
//!
//! Each arm's alternatives are flattened into steps: tests, then bindings. Alternatives without bindings stay one step. The places that are
//! tested are borrowed shallowly while guards run, so that a guard cannot change which arm matches (rustc dev guide, "Match lowering").

use rgo_hir::body::{BinaryOp, Mutability, RangeEnd};
use rgo_syntax::Span;
use rgo_typeck::thir::{self, BorrowKind, PatKind};
use rgo_typeck::ty::{Const, ConstKind, ConstValue, Ty, TyKind, UintTy};

use super::exhausted::may_be_exhausted;
use super::remaining::{after_failed_guard, apart, binds_mutably, sent_elsewhere};
use super::{Builder, last_byte};
use crate::mir::*;

#[derive(Clone)]
pub(super) enum Step {
    Test {
        place: Place,
        test: Test,
        span: Span,
    },
    Bind {
        place: Place,
        local: thir::LocalId,
        by_ref: Option<Mutability>,
        /// The type that the pattern around it gives to what is bound, with the regions that the user wrote.
        user_ty: Option<thir::UserTy>,
        span: Span,
    },
    /// The place is of a type that the pattern names.
    Ascribe {
        place: Place,
        user_ty: thir::UserTy,
    },
    /// The place is compared with a constant of this type.
    AscribeConst {
        place: Place,
        constant: Box<ConstOperand>,
    },
    /// One of these must succeed; none of them binds.
    AnyOf(Vec<Vec<Step>>),
}

#[derive(Clone)]
pub(super) enum Test {
    Variant(u32),
    Equal(ConstValue),
    Range {
        start: Option<ConstValue>,
        end: Option<ConstValue>,
        inclusive: RangeEnd,
    },
    /// Of a slice: exactly, or at least.
    Length {
        len: u64,
        exact: bool,
    },
}

/// Where the parts of a `match` begin.
struct MatchBlocks<'a> {
    /// The tests of the alternatives of one arm, and of all arms.
    starts: &'a [BlockId],
    order: &'a [BlockId],
    /// Where an alternative binds; empty where nobody goes there but its tests.
    binds: &'a [BlockId],
    unmatched: BlockId,
    end: BlockId,
}

impl Builder<'_> {
    pub(super) fn match_into(&mut self, dest: &Place, scrutinee: thir::ExprId, arms: &[thir::ArmId], span: Span) {
        let thir = self.thir;
        let place = self.as_place(scrutinee);
        let scrutinee_span = thir.exprs[scrutinee].span;
        self.fake_read(FakeReadCause::Mention, &place, scrutinee_span);
        let mut candidates: Vec<Vec<Vec<Step>>> =
            arms.iter().map(|arm| self.alternatives(thir.arms[*arm].pat, place.clone())).collect();
        let lends = |arm: &thir::ArmId, alternatives: &Vec<Vec<Step>>| {
            thir.arms[*arm].guard.is_some() && alternatives.iter().any(|steps| binds_mutably(steps))
        };
        let is_lent = arms.iter().zip(&candidates).any(|(arm, alternatives)| lends(arm, alternatives));
        if is_lent {
            for (arm, alternatives) in arms.iter().zip(&mut candidates) {
                if thir.arms[*arm].guard.is_some() {
                    *alternatives = std::mem::take(alternatives).into_iter().flat_map(apart).collect();
                }
            }
        }
        let has_guard = arms.iter().any(|arm| thir.arms[*arm].guard.is_some());
        let fake = if has_guard { looked_at(&candidates) } else { Vec::new() };

        let end = self.new_block();
        let mut starts: Vec<Vec<BlockId>> =
            candidates.iter().map(|alternatives| alternatives.iter().map(|_| self.new_block()).collect()).collect();
        let by_guard = arms.iter().zip(&candidates).flat_map(|(arm, alternatives)| {
            alternatives.iter().map(|steps| (&steps[..], thir.arms[*arm].guard.is_some()))
        });
        let unmatched = match may_be_exhausted(by_guard) {
            true => self.unmatched_block(&place, scrutinee_span),
            false => self.unreachable_block(),
        };
        match starts.iter().flatten().next() {
            Some(first) => self.goto(*first, scrutinee_span),
            None => self.terminate(TerminatorKind::Unreachable, span),
        }
        let order: Vec<BlockId> = starts.iter().flatten().copied().collect();
        let all: Vec<&[Step]> = candidates.iter().flatten().map(|steps| &steps[..]).collect();
        let binds: Vec<BlockId> = order.iter().filter(|_| is_lent).map(|_| self.new_block()).collect();
        let mut failed = Vec::new();
        let mut position = 0;
        for ((arm, alternatives), starts) in arms.iter().zip(&candidates).zip(starts.drain(..)) {
            let blocks = MatchBlocks { starts: &starts, order: &order, binds: &binds, unmatched, end };
            self.arm(dest, *arm, alternatives, &mut position, (&fake, scrutinee_span), &blocks, &mut failed);
        }
        for (position, block) in failed {
            self.start(block);
            self.guard_failed(&all, position, &binds, unmatched, scrutinee_span);
        }
        self.start(end);
    }

    /// Where the guard of the alternative at `position` has failed: to what it leaves of the others.
    fn guard_failed(&mut self, all: &[&[Step]], position: usize, binds: &[BlockId], unmatched: BlockId, span: Span) {
        if binds_mutably(all[position])
            && let Some(next) = sent_elsewhere(all, position)
        {
            let (real, imaginary) = (self.new_block(), self.new_block());
            self.terminate(TerminatorKind::FalseEdge { real, imaginary }, span);
            self.start(imaginary);
            self.tests(&next.steps(span), real, span);
            self.goto(binds[next.position], span);
            self.start(real);
        }
        for remaining in after_failed_guard(all, position) {
            let next = self.new_block();
            self.tests(&remaining.steps(span), next, span);
            let real = binds[remaining.position];
            self.terminate(TerminatorKind::FalseEdge { real, imaginary: next }, span);
            self.start(next);
        }
        self.goto(unmatched, span);
    }

    /// Where no arm is left: never reached when the program runs, but the borrow checker sees that the tests may come here, and wants the whole
    /// place to have a value then.
    fn unmatched_block(&mut self, place: &Place, span: Span) -> BlockId {
        let here = self.cur;
        let block = self.new_block();
        self.start(block);
        self.fake_read(FakeReadCause::Match, place, span);
        self.terminate(TerminatorKind::Unreachable, span);
        self.start(here);
        block
    }

    fn arm(
        &mut self,
        dest: &Place,
        id: thir::ArmId,
        alternatives: &[Vec<Step>],
        position: &mut usize,
        fake: (&[Place], Span),
        blocks: &MatchBlocks<'_>,
        failed: &mut Vec<(usize, BlockId)>,
    ) {
        let thir = self.thir;
        let arm = &thir.arms[id];
        let span = thir.pats[arm.pat].span;
        let depth = self.push_scope(last_byte(arm.span));
        let outer = self.temp_scope.replace(depth);
        let body = self.new_block();
        let mut bindings = Vec::new();
        self.bindings_of(arm.pat, &mut bindings);
        for (local, _, _) in &bindings {
            self.declare_variable(*local, Some(fake.1));
        }
        let mut scheduled = false;
        for (steps, start) in alternatives.iter().zip(blocks.starts) {
            let own = *position;
            *position += 1;
            let next = blocks.order.get(*position).copied();
            self.start(*start);
            self.tests(steps, next.unwrap_or(blocks.unmatched), fake.1);
            let bind = blocks.binds.get(own).copied().unwrap_or_else(|| self.new_block());
            match next {
                Some(imaginary) => self.terminate(TerminatorKind::FalseEdge { real: bind, imaginary }, span),
                None => self.goto(bind, span),
            }
            self.start(bind);
            match arm.guard {
                None => self.bind(steps, depth, !scheduled),
                Some(guard) if !blocks.binds.is_empty() => {
                    let block = self.new_block();
                    failed.push((own, block));
                    self.guarded(steps, guard, depth, !scheduled, fake, block);
                }
                Some(guard) => {
                    self.guarded(steps, guard, depth, !scheduled, fake, next.unwrap_or(blocks.unmatched));
                }
            }
            scheduled = true;
            self.goto(body, span);
        }
        self.start(body);
        self.terminating(ScopeExit::ExprEnd(arm.body), last_byte(thir.exprs[arm.body].span), |b| {
            b.into(dest, arm.body);
        });
        self.temp_scope = outer;
        self.pop_scope(ScopeExit::ArmEnd(id));
        self.goto(blocks.end, span);
    }

    /// Bindings, the guard on shared views of them, then the real bindings.
    fn guarded(
        &mut self,
        steps: &[Step],
        guard: thir::ExprId,
        depth: usize,
        schedule: bool,
        (fake, scrutinee_span): (&[Place], Span),
        failed: BlockId,
    ) {
        let mut by_value = Vec::new();
        let mut viewed = Vec::new();
        for step in steps {
            let Step::Bind { place, local: id, by_ref, span, .. } = step else { continue };
            let variable = self.variables[*id].local;
            let seen = match by_ref {
                None => {
                    by_value.push(step.clone());
                    place.clone()
                }
                Some(mutability) => {
                    self.live_binding(variable, depth, schedule, *span);
                    let reference = Rvalue::Ref(borrow_kind(*mutability), place.clone());
                    self.assign(Place::local(variable), reference, *span);
                    Place::local(variable)
                }
            };
            let ty = Ty::new(TyKind::Ref(crate::types::erased_region(), self.locals[variable].ty, Mutability::Not));
            let view = self.locals.alloc(LocalDecl {
                ty,
                kind: LocalKind::GuardRef { of: *id },
                mutability: Mutability::Not,
                span: *span,
                user_ty: None,
            });
            self.push(StatementKind::StorageLive(view), *span);
            self.schedule_storage(depth, view);
            self.assign(Place::local(view), Rvalue::Ref(BorrowKind::Shared, seen), *span);
            self.variables[*id].guard = Some(view);
            viewed.push((*id, view, by_ref.is_none()));
        }
        // What a guard binds dies before what the pattern binds, although that is moved only after the guard.
        for step in &by_value {
            let Step::Bind { local, span, .. } = step else { continue };
            self.live_binding(self.variables[*local].local, depth, schedule, *span);
        }
        // Only now, so that a conflict is reported with the binding that it breaks, where there is one.
        let fake: Vec<LocalId> = fake.iter().map(|place| self.fake_borrow(place.clone(), scrutinee_span)).collect();
        self.cond(guard, depth, failed);
        let span = self.thir.exprs[guard].span;
        for temp in fake {
            self.push(StatementKind::FakeRead(FakeReadCause::MatchGuard, Place::local(temp)), span.last());
        }
        for (id, view, by_value) in viewed {
            // What is bound by reference is held by that; what is to be moved or copied must be there unchanged.
            if by_value {
                self.push(StatementKind::FakeRead(FakeReadCause::MatchGuard, Place::local(view)), span.last());
            }
            self.variables[id].guard = None;
        }
        for step in &by_value {
            self.bind_value(step);
        }
    }

    /// Binds a pattern that cannot fail to the parts of a place, with where that stands.
    pub(super) fn bind_irrefutable(&mut self, pat: thir::PatId, matched: (Place, Span), scope: usize) {
        let unmatched = self.unreachable_block();
        self.bind_alternatives(pat, matched, scope, unmatched, None);
    }

    /// Binds a pattern, going to `failed` where it does not match.
    pub(super) fn bind_refutable(&mut self, pat: thir::PatId, matched: (Place, Span), scope: usize, failed: BlockId) {
        self.bind_alternatives(pat, matched, scope, failed, Some(failed));
    }

    fn bind_alternatives(
        &mut self,
        pat: thir::PatId,
        (place, matched): (Place, Span),
        scope: usize,
        failed: BlockId,
        imaginary: Option<BlockId>,
    ) {
        let span = self.thir.pats[pat].span;
        let mut bindings = Vec::new();
        self.bindings_of(pat, &mut bindings);
        for (local, _, _) in &bindings {
            self.declare_variable(*local, Some(matched));
        }
        let alternatives = self.alternatives(pat, place);
        if let ([steps], None) = (&alternatives[..], imaginary) {
            self.tests(steps, failed, matched);
            self.bind(steps, scope, true);
            return;
        }
        let join = self.new_block();
        let mut schedule = true;
        let count = alternatives.len();
        for (index, steps) in alternatives.iter().enumerate() {
            let next = if index + 1 < count { self.new_block() } else { failed };
            self.tests(steps, next, matched);
            let bind = self.new_block();
            if index + 1 < count || imaginary.is_some() {
                self.terminate(TerminatorKind::FalseEdge { real: bind, imaginary: next }, span);
            } else {
                self.goto(bind, span);
            }
            self.start(bind);
            self.bind(steps, scope, schedule);
            schedule = false;
            self.goto(join, span);
            self.start(next);
        }
        self.start(join);
    }

    fn bind(&mut self, steps: &[Step], scope: usize, schedule: bool) {
        for step in steps {
            let Step::Bind { local, span, .. } = step else { continue };
            self.live_binding(self.variables[*local].local, scope, schedule, *span);
            self.bind_value(step);
        }
    }

    fn bind_value(&mut self, step: &Step) {
        let Step::Bind { place, local, by_ref, user_ty, span } = step else { return };
        let variable = self.variables[*local].local;
        let value = match by_ref {
            Some(mutability) => Rvalue::Ref(borrow_kind(*mutability), place.clone()),
            None => Rvalue::Use(self.consume(place.clone(), self.locals[variable].ty)),
        };
        self.assign(Place::local(variable), value, *span);
        if let Some(user_ty) = user_ty {
            let ascribe = StatementKind::AscribeUserType(Place::local(variable), user_ty.clone(), Variance::Invariant);
            self.push(ascribe, user_ty.span);
        }
    }

    fn live_binding(&mut self, variable: LocalId, scope: usize, schedule: bool, span: Span) {
        self.push(StatementKind::StorageLive(variable), span);
        if schedule {
            self.schedule_storage(scope, variable);
            self.schedule_value(scope, variable);
        }
    }

    // ----- tests -----

    /// Which variant or value it is, is asked where the matched value stands (`matched`), once for all arms; all else by each pattern.
    fn tests(&mut self, steps: &[Step], failed: BlockId, matched: Span) {
        for step in steps {
            match step {
                Step::Bind { .. } => {}
                Step::Ascribe { place, user_ty } => {
                    let ascribe = StatementKind::AscribeUserType(place.clone(), user_ty.clone(), Variance::Covariant);
                    self.push(ascribe, user_ty.span);
                }
                Step::AscribeConst { place, constant } => {
                    self.push(StatementKind::AscribeConst(place.clone(), constant.clone()), constant.span);
                }
                Step::Test { place, test, span } => {
                    let is_switch = match test {
                        Test::Variant(_) => true,
                        Test::Equal(value) => switch_value(value).is_some(),
                        Test::Range { .. } | Test::Length { .. } => false,
                    };
                    self.test(place, test, failed, if is_switch { matched } else { *span });
                }
                Step::AnyOf(alternatives) => {
                    let done = self.new_block();
                    let count = alternatives.len();
                    for (index, steps) in alternatives.iter().enumerate() {
                        let next = if index + 1 < count { self.new_block() } else { failed };
                        self.tests(steps, next, matched);
                        self.goto(done, matched);
                        self.start(next);
                    }
                    self.start(done);
                }
            }
        }
    }

    fn test(&mut self, place: &Place, test: &Test, failed: BlockId, span: Span) {
        let matched = self.new_block();
        match test {
            Test::Variant(variant) => {
                self.switch_variant(place.clone(), &[(*variant, matched)], failed, span);
            }
            Test::Equal(value) => match switch_value(value) {
                Some(value) => {
                    let kind = TerminatorKind::SwitchInt {
                        value: Operand::Copy(place.clone()),
                        targets: vec![(value, matched)],
                        otherwise: failed,
                    };
                    self.terminate(kind, span);
                }
                None => self.compare(place, BinaryOp::Eq, value, matched, failed, span),
            },
            Test::Range { start, end, inclusive } => {
                let upper = self.new_block();
                match start {
                    Some(start) => self.compare(place, BinaryOp::Ge, start, upper, failed, span),
                    None => self.goto(upper, span),
                }
                self.start(upper);
                let op = match inclusive {
                    RangeEnd::Included => BinaryOp::Le,
                    RangeEnd::Excluded => BinaryOp::Lt,
                };
                match end {
                    Some(end) => self.compare(place, op, end, matched, failed, span),
                    None => self.goto(matched, span),
                }
            }
            Test::Length { len, exact } => {
                let usize_ty = Ty::new(TyKind::Uint(UintTy::Usize));
                let actual = self.temp_of(usize_ty, Rvalue::Len(place.clone()), span);
                let op = if *exact { BinaryOp::Eq } else { BinaryOp::Ge };
                let wanted = ConstOperandKind::Value(ConstValue::Int(i128::from(*len)));
                let wanted = self.constant(wanted, usize_ty, span);
                self.branch_on(op, Operand::Move(Place::local(actual)), wanted, matched, failed, span);
            }
        }
        self.start(matched);
    }

    fn compare(&mut self, place: &Place, op: BinaryOp, value: &ConstValue, yes: BlockId, no: BlockId, span: Span) {
        let ty = place.projection.iter().fold(self.locals[place.local].ty, project_ty);
        let value = self.constant(ConstOperandKind::Value(value.clone()), ty, span);
        self.branch_on(op, Operand::Copy(place.clone()), value, yes, no, span);
    }

    fn branch_on(&mut self, op: BinaryOp, lhs: Operand, rhs: Operand, yes: BlockId, no: BlockId, span: Span) {
        let result = self.temp_of(Ty::new(TyKind::Bool), Rvalue::Binary(op, lhs, rhs), span);
        let value = Operand::Move(Place::local(result));
        self.terminate(TerminatorKind::SwitchInt { value, targets: vec![(0, no)], otherwise: yes }, span);
    }

    pub(super) fn switch_variant(&mut self, place: Place, variants: &[(u32, BlockId)], otherwise: BlockId, span: Span) {
        let ty = Ty::new(TyKind::Uint(UintTy::Usize));
        let discriminant = self.temp_of(ty, Rvalue::Discriminant(place), span);
        let targets = variants.iter().map(|(variant, block)| (i128::from(*variant), *block)).collect();
        let value = Operand::Move(Place::local(discriminant));
        self.terminate(TerminatorKind::SwitchInt { value, targets, otherwise }, span);
    }

    /// A shallow borrow: whoever reads it may be sure that the place is as it was.
    pub(super) fn fake_borrow(&mut self, place: Place, span: Span) -> LocalId {
        let ty = place.projection.iter().fold(self.locals[place.local].ty, project_ty);
        let ty = Ty::new(TyKind::Ref(crate::types::erased_region(), ty, Mutability::Not));
        let kind = LocalKind::FakeBorrow;
        let temp = self.locals.alloc(LocalDecl { ty, kind, mutability: Mutability::Not, span, user_ty: None });
        self.assign(Place::local(temp), Rvalue::Ref(BorrowKind::Fake, place), span);
        temp
    }

    // ----- patterns -----

    /// The variables of a pattern, each once, in order.
    pub(super) fn bindings_of(&self, pat: thir::PatId, out: &mut Vec<(thir::LocalId, Option<Mutability>, Span)>) {
        let pat = &self.thir.pats[pat];
        match &pat.kind {
            PatKind::Wild | PatKind::Never | PatKind::Const(_) | PatKind::Range { .. } | PatKind::Error => {}
            PatKind::Bind { local, by_ref, sub, .. } => {
                if !out.iter().any(|(known, _, _)| known == local) {
                    out.push((*local, *by_ref, pat.span));
                }
                sub.iter().for_each(|sub| self.bindings_of(*sub, out));
            }
            PatKind::Variant { fields, .. } | PatKind::Leaf { fields } => {
                fields.iter().for_each(|(_, pat)| self.bindings_of(*pat, out));
            }
            PatKind::Deref { pat } => self.bindings_of(*pat, out),
            PatKind::Slice { prefix, slice, suffix } => {
                prefix.iter().chain(slice.iter().flatten()).chain(suffix).for_each(|pat| self.bindings_of(*pat, out));
            }
            PatKind::Or(pats) => pats.iter().for_each(|pat| self.bindings_of(*pat, out)),
        }
    }

    fn alternatives(&self, pat: thir::PatId, place: Place) -> Vec<Vec<Step>> {
        self.flatten(pat, place, vec![Vec::new()])
    }

    fn flatten(&self, id: thir::PatId, place: Place, done: Vec<Vec<Step>>) -> Vec<Vec<Step>> {
        if let Some(constant) = &self.thir.pats[id].constant {
            return self.flatten_constant(id, constant, place, done);
        }
        let Some(user_ty) = &self.thir.pats[id].user_ty else { return self.flatten_kind(id, place, done) };
        let mut done = self.flatten_kind(id, place.clone(), done);
        let place = self.resolved(place.clone()).unwrap_or(place);
        let bound = self.written_bindings(id, user_ty);
        for steps in &mut done {
            for step in steps.iter_mut() {
                if let Step::Bind { local, by_ref: None, user_ty, .. } = step
                    && let Some((_, written)) = bound.iter().find(|(known, _)| known == local)
                {
                    *user_ty = Some(written.clone());
                }
            }
            steps.push(Step::Ascribe { place: place.clone(), user_ty: user_ty.clone() });
        }
        done
    }

    fn flatten_constant(
        &self,
        id: thir::PatId,
        constant: &thir::NamedConst,
        place: Place,
        done: Vec<Vec<Step>>,
    ) -> Vec<Vec<Step>> {
        let mut done = self.flatten_kind(id, place.clone(), done);
        let place = self.resolved(place.clone()).unwrap_or(place);
        let constant = Box::new(ConstOperand {
            kind: ConstOperandKind::Item(constant.def, constant.args),
            ty: self.thir.pats[id].ty,
            span: constant.user_args.span,
            user_args: Some(Box::new(constant.user_args.clone())),
        });
        for steps in &mut done {
            steps.push(Step::AscribeConst { place: place.clone(), constant: constant.clone() });
        }
        done
    }

    /// The variables that a struct pattern binds its fields to, and the types that the path of the pattern gives them.
    fn written_bindings(&self, id: thir::PatId, user_ty: &thir::UserTy) -> Vec<(thir::LocalId, thir::UserTy)> {
        let (variant, fields) = match &self.thir.pats[id].kind {
            PatKind::Variant { variant, fields, .. } => (*variant, fields),
            PatKind::Leaf { fields } => (0, fields),
            _ => return Vec::new(),
        };
        let TyKind::Adt(adt, _) = user_ty.ty.kind() else { return Vec::new() };
        let types = crate::types::field_tys(self.db, *adt, variant, user_ty.ty);
        let binding = |(index, pat): &(u32, thir::PatId)| match &self.thir.pats[*pat].kind {
            PatKind::Bind { local, by_ref: None, sub: None, .. } => {
                let ty = *types.get(*index as usize)?;
                Some((*local, thir::UserTy { ty, span: user_ty.span }))
            }
            _ => None,
        };
        fields.iter().filter_map(binding).collect()
    }

    fn flatten_kind(&self, id: thir::PatId, place: Place, mut done: Vec<Vec<Step>>) -> Vec<Vec<Step>> {
        let pat = &self.thir.pats[id];
        let span = pat.span;
        let test = |done: &mut Vec<Vec<Step>>, place: &Place, test: Test| {
            let place = self.resolved(place.clone()).unwrap_or_else(|| place.clone());
            done.iter_mut().for_each(|steps| steps.push(Step::Test { place: place.clone(), test: test.clone(), span }));
        };
        match &pat.kind {
            PatKind::Wild | PatKind::Never | PatKind::Error => done,
            PatKind::Bind { local, by_ref, sub, .. } => {
                let found = self.resolved(place.clone()).unwrap_or_else(|| place.clone());
                // What is below comes first (rustc's `MatchPairTree::for_pattern`): `x @ Some(ref y)` of a `Copy` value is no conflict.
                let mut done = match sub {
                    Some(sub) => self.flatten(*sub, place, done),
                    None => done,
                };
                for steps in &mut done {
                    let place = found.clone();
                    steps.push(Step::Bind { place, local: *local, by_ref: *by_ref, user_ty: None, span });
                }
                done
            }
            PatKind::Variant { adt, variant, fields, .. } => {
                if self.types.variant_count(*adt) != 1 {
                    test(&mut done, &place, Test::Variant(*variant));
                }
                let place = place.project(Projection::Downcast(*variant));
                fields.iter().fold(done, |done, (index, pat)| {
                    self.flatten(*pat, place.clone().field(*index, self.thir.pats[*pat].ty), done)
                })
            }
            PatKind::Leaf { fields } => fields.iter().fold(done, |done, (index, pat)| {
                self.flatten(*pat, place.clone().field(*index, self.thir.pats[*pat].ty), done)
            }),
            PatKind::Deref { pat } => self.flatten(*pat, place.deref(), done),
            PatKind::Const(value) => {
                test(&mut done, &place, Test::Equal(value.clone()));
                done
            }
            PatKind::Range { start, end, inclusive } => {
                let range = Test::Range { start: start.clone(), end: end.clone(), inclusive: *inclusive };
                test(&mut done, &place, range);
                done
            }
            PatKind::Slice { prefix, slice, suffix } => {
                let min = (prefix.len() + suffix.len()) as u64;
                let array = array_len(pat.ty);
                if array.is_none() && (min > 0 || slice.is_none()) {
                    test(&mut done, &place, Test::Length { len: min, exact: slice.is_none() });
                }
                let min_length = array.unwrap_or(min);
                for (index, pat) in prefix.iter().enumerate() {
                    let elem = Projection::ConstantIndex { offset: index as u64, min_length, from_end: false };
                    done = self.flatten(*pat, place.clone().project(elem), done);
                }
                if let Some(Some(pat)) = slice {
                    let from = prefix.len() as u64;
                    let to = suffix.len() as u64;
                    let elem = match array {
                        Some(len) => Projection::Subslice { from, to: len.saturating_sub(to), from_end: false },
                        None => Projection::Subslice { from, to, from_end: true },
                    };
                    done = self.flatten(*pat, place.clone().project(elem), done);
                }
                for (index, pat) in suffix.iter().rev().enumerate() {
                    let back = index as u64 + 1;
                    let elem = match array {
                        Some(len) => {
                            Projection::ConstantIndex { offset: len.saturating_sub(back), min_length, from_end: false }
                        }
                        None => Projection::ConstantIndex { offset: back, min_length, from_end: true },
                    };
                    done = self.flatten(*pat, place.clone().project(elem), done);
                }
                done
            }
            PatKind::Or(pats) => {
                let mut bindings = Vec::new();
                self.bindings_of(id, &mut bindings);
                if bindings.is_empty() {
                    let all: Vec<Vec<Step>> =
                        pats.iter().flat_map(|pat| self.alternatives(*pat, place.clone())).collect();
                    done.iter_mut().for_each(|steps| steps.push(Step::AnyOf(all.clone())));
                    done
                } else {
                    pats.iter().flat_map(|pat| self.flatten(*pat, place.clone(), done.clone())).collect()
                }
            }
        }
    }
}

/// What a guard must leave alone: the places that are tested, and the pointers through which something is tested or bound.
///
/// A place that is only bound may change: `match x { _ if { x = 1; false } => (), y => () }`.
fn looked_at(candidates: &[Vec<Vec<Step>>]) -> Vec<Place> {
    let mut places = Vec::new();
    candidates.iter().flatten().for_each(|steps| add_looked_at(steps, &mut places));
    places
}

fn add_looked_at(steps: &[Step], places: &mut Vec<Place>) {
    for step in steps {
        match step {
            Step::Test { place, .. } => {
                add_place(place.clone(), places);
                add_pointers_to(place, places);
            }
            Step::Bind { place, .. } => add_pointers_to(place, places),
            Step::Ascribe { .. } | Step::AscribeConst { .. } => {}
            Step::AnyOf(alternatives) => alternatives.iter().for_each(|steps| add_looked_at(steps, places)),
        }
    }
}

fn add_pointers_to(place: &Place, places: &mut Vec<Place>) {
    for (index, elem) in place.projection.iter().enumerate().rev() {
        if *elem == Projection::Deref {
            add_place(Place { local: place.local, projection: place.projection[..index].to_vec() }, places);
        }
    }
}

fn add_place(place: Place, places: &mut Vec<Place>) {
    if !places.contains(&place) {
        places.push(place);
    }
}

fn array_len(ty: Ty) -> Option<u64> {
    let TyKind::Array(_, len) = ty.kind() else { return None };
    known_len(*len)
}

pub(super) fn known_len(len: Const) -> Option<u64> {
    match len.kind() {
        ConstKind::Value(ConstValue::Int(len)) => u64::try_from(*len).ok(),
        _ => None,
    }
}

fn switch_value(value: &ConstValue) -> Option<i128> {
    match value {
        ConstValue::Bool(value) => Some(i128::from(*value)),
        ConstValue::Char(value) => Some(i128::from(u32::from(*value))),
        ConstValue::Int(value) => Some(*value),
        _ => None,
    }
}

fn borrow_kind(mutability: Mutability) -> BorrowKind {
    match mutability {
        Mutability::Not => BorrowKind::Shared,
        Mutability::Mut => BorrowKind::Mut { two_phase: false },
    }
}
