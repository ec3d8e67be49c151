//! The walk over a solved body: every access is checked against initialisation, mutability and the loans in scope.
//!
//! rustc dev guide, "MIR borrow check" (the "access" pass); RFC 2094, "Reporting errors". What is found goes to `report`.

use std::cell::OnceCell;

use indexmap::IndexMap;
use rgo_hir::body::Mutability;
use rgo_mir::bitset::BitSet;
use rgo_mir::dataflow::{self, Analysis, Results};
use rgo_mir::init::{EverInit, MaybeUninit};
use rgo_mir::move_paths::{LookUp, MovePathId};
use rgo_mir::{
    DropReason, FakeReadCause, LocalKind, Location, Operand, Place, Projection, Rvalue, StatementKind, TerminatorKind,
    project_ty,
};
use rgo_syntax::Span;
use rgo_typeck::error::TypeError;
use rgo_typeck::thir::{BorrowKind, CaptureBy};
use rgo_typeck::ty::{ClosureKind, Ty, TyKind};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::conflict::{Bias, Depth, places_conflict};
use crate::context::{BodyCx, Regions};
use crate::loans::{Activation, Dominators, InScope, LoanSet};
use crate::regions::solve::Solution;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    Copy,
    Borrow(BorrowKind),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    StorageDeadOrDrop,
    Replace,
    MutBorrow(BorrowKind),
    Mutate,
    Move,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read(Read),
    Write(Write),
    /// The first half of a two-phase borrow.
    Reservation(Write),
    /// The second half, of the loan with this index.
    Activation(u32),
}

/// Whether an immutable local may be changed by this access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LocalMutation {
    Allowed,
    Forbidden,
}

/// What needed an initialised place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Use,
    Borrow,
    MatchOn,
    Assignment,
    PartialAssignment,
}

pub struct State {
    pub loans: BitSet,
    pub uninit: BitSet,
    pub ever: BitSet,
}

pub struct Checker<'a, 'db> {
    pub regions: &'a Regions<'db>,
    pub solution: &'a Solution,
    pub bodies: &'a [BodyCx<'db>],
    pub body: &'a BodyCx<'db>,
    pub set: &'a LoanSet,
    /// The loans whose region a caller needs: it holds the entry too.
    lasting: Vec<usize>,
    /// Most bodies have no borrow of two phases, and nobody asks.
    dominators: OnceCell<Dominators>,
    pub errors: Vec<(Span, TypeError)>,
    /// At most one error for each set of moves.
    pub move_errors: IndexMap<Vec<u32>, (Place, Span, TypeError)>,
    pub accesses_reported: FxHashSet<(Place, Span)>,
    reservations_reported: FxHashSet<Place>,
    pub uninit_reported: FxHashSet<rgo_mir::LocalId>,
    /// Where the one error of the mutable borrows of an immutable local is.
    pub immutable_borrowed: FxHashMap<rgo_mir::LocalId, usize>,
    pub seen: FxHashSet<(Option<&'static str>, Span)>,
    has_drop: &'a dyn Fn(Ty) -> bool,
}

/// Checks a body; returns its errors in source order.
pub fn check<'db>(
    regions: &Regions<'db>,
    solution: &Solution,
    bodies: &[BodyCx<'db>],
    index: usize,
    set: &LoanSet,
) -> Vec<(Span, TypeError)> {
    let body = &bodies[index];
    let db = regions.db;
    let has_drop = |ty: Ty| match ty.kind() {
        TyKind::Adt(adt, _) => rgo_mir::has_drop_impl(db, *adt),
        _ => false,
    };
    let entry = body.point(Location { block: body.mir.entry, statement: 0 });
    let lasting = (0..set.loans.len()).filter(|loan| solution.contains_point(set.loans[*loan].region, entry)).collect();
    let mut checker = Checker {
        regions,
        solution,
        bodies,
        body,
        set,
        dominators: OnceCell::new(),
        errors: Vec::new(),
        lasting,
        move_errors: IndexMap::new(),
        accesses_reported: FxHashSet::default(),
        reservations_reported: FxHashSet::default(),
        uninit_reported: FxHashSet::default(),
        immutable_borrowed: FxHashMap::default(),
        seen: FxHashSet::default(),
        has_drop: &has_drop,
    };
    checker.run();
    let mut errors = checker.errors;
    errors.extend(checker.move_errors.into_values().map(|(_, span, error)| (span, error)));
    errors
}

fn walk<A: Analysis>(results: &Results, _analysis: &A, block: rgo_mir::BlockId, state: &mut BitSet) {
    results.enter(block, state);
}

impl Checker<'_, '_> {
    pub fn dominators(&self) -> &Dominators {
        self.dominators.get_or_init(|| Dominators::new(self.body, &self.body.graph.predecessors))
    }

    fn run(&mut self) {
        let body = self.body;
        let in_scope = InScope { body, set: self.set, has_drop: self.has_drop };
        let uninit = MaybeUninit { body: body.mir, data: &body.data };
        let ever = EverInit { body: body.mir, data: &body.data };
        let loans_results = dataflow::solve(body.mir, &body.order, &in_scope);
        let uninit_results = dataflow::solve(body.mir, &body.order, &uninit);
        let ever_results = dataflow::solve(body.mir, &body.order, &ever);
        let mut state = State { loans: BitSet::default(), uninit: BitSet::default(), ever: BitSet::default() };
        for &block in &body.order {
            walk(&loans_results, &in_scope, block, &mut state.loans);
            walk(&uninit_results, &uninit, block, &mut state.uninit);
            walk(&ever_results, &ever, block, &mut state.ever);
            let basic = &body.mir.blocks[block];
            for (index, statement) in basic.statements.iter().enumerate() {
                let location = Location { block, statement: index as u32 };
                in_scope.before(location, &mut state.loans);
                self.activations(location, statement.span, &state);
                self.statement(&statement.kind, statement.span, location, &state);
                in_scope.statement(location, &mut state.loans);
                uninit.statement(location, &mut state.uninit);
                ever.statement(location, &mut state.ever);
            }
            let location = Location { block, statement: basic.statements.len() as u32 };
            let terminator = body.mir.terminator(block);
            in_scope.before(location, &mut state.loans);
            self.activations(location, terminator.span, &state);
            self.terminator(&terminator.kind, terminator.span, location, &state);
        }
        self.illegal_moves();
    }

    fn statement(&mut self, kind: &StatementKind, span: Span, location: Location, state: &State) {
        match kind {
            StatementKind::Assign(place, value) => {
                self.rvalue(value, span, location, state);
                self.mutate(place, span, Depth::Shallow, location, state);
            }
            StatementKind::FakeRead(FakeReadCause::Mention, _) => {}
            StatementKind::FakeRead(_, place) => self.needs_init(place, span, Needs::Use, location, state),
            StatementKind::StorageDead(local) => {
                let place = Place::local(*local);
                let write = Access::Write(Write::StorageDeadOrDrop);
                self.access(&place, span, Depth::Shallow, write, LocalMutation::Allowed, location, state);
            }
            StatementKind::StorageLive(_)
            | StatementKind::AscribeUserType(..)
            | StatementKind::AscribeConst(..)
            | StatementKind::Nop => {}
        }
    }

    fn rvalue(&mut self, value: &Rvalue, span: Span, location: Location, state: &State) {
        match value {
            Rvalue::Use(operand)
            | Rvalue::Repeat(operand, _)
            | Rvalue::Unary(_, operand)
            | Rvalue::Cast(_, operand, _) => {
                self.operand(operand, span, location, state);
            }
            Rvalue::Binary(_, lhs, rhs) => {
                self.operand(lhs, span, location, state);
                self.operand(rhs, span, location, state);
            }
            Rvalue::Aggregate(_, operands) | Rvalue::FormatArgs(operands) => {
                operands.iter().for_each(|operand| self.operand(operand, span, location, state));
            }
            Rvalue::Ref(kind, place) => {
                let (depth, access) = match kind {
                    BorrowKind::Fake => (Depth::Fake, Access::Read(Read::Borrow(*kind))),
                    BorrowKind::Shared => (Depth::Deep, Access::Read(Read::Borrow(*kind))),
                    BorrowKind::Mut { two_phase: true } => (Depth::Deep, Access::Reservation(Write::MutBorrow(*kind))),
                    BorrowKind::Mut { two_phase: false } | BorrowKind::Unique => {
                        (Depth::Deep, Access::Write(Write::MutBorrow(*kind)))
                    }
                };
                self.access(place, span, depth, access, LocalMutation::Forbidden, location, state);
                let needs = if *kind == BorrowKind::Fake { Needs::MatchOn } else { Needs::Borrow };
                self.needs_init(place, span, needs, location, state);
            }
            Rvalue::Discriminant(place) | Rvalue::Len(place) => {
                let read = Access::Read(Read::Copy);
                let depth = if matches!(value, Rvalue::Len(_)) { Depth::Fake } else { Depth::Shallow };
                self.access(place, span, depth, read, LocalMutation::Forbidden, location, state);
                self.needs_init(place, span, Needs::Use, location, state);
            }
        }
    }

    fn operand(&mut self, operand: &Operand, span: Span, location: Location, state: &State) {
        match operand {
            Operand::Copy(place) => {
                let read = Access::Read(Read::Copy);
                self.access(place, span, Depth::Deep, read, LocalMutation::Forbidden, location, state);
                self.needs_init(place, span, Needs::Use, location, state);
            }
            Operand::Move(place) => {
                let write = Access::Write(Write::Move);
                self.access(place, span, Depth::Deep, write, LocalMutation::Allowed, location, state);
                self.needs_init(place, span, Needs::Use, location, state);
            }
            Operand::Const(_) => {}
        }
    }

    fn terminator(&mut self, kind: &TerminatorKind, span: Span, location: Location, state: &State) {
        match kind {
            TerminatorKind::SwitchInt { value, .. } => self.operand(value, span, location, state),
            TerminatorKind::Assert { cond, .. } => self.operand(cond, span, location, state),
            TerminatorKind::Drop { place, why, .. } => {
                let write = match why {
                    DropReason::Assign(_) => Write::Replace,
                    DropReason::Scope(_) | DropReason::Unwind => Write::StorageDeadOrDrop,
                };
                self.access(place, span, Depth::Drop, Access::Write(write), LocalMutation::Allowed, location, state);
            }
            TerminatorKind::Call { callee, args, destination, .. } => {
                self.operand(callee, span, location, state);
                for (arg, span) in args {
                    self.operand(arg, *span, location, state);
                }
                self.mutate(destination, span, Depth::Deep, location, state);
            }
            TerminatorKind::Return | TerminatorKind::UnwindResume => {
                for loan in state.loans.iter() {
                    self.at_exit(loan, Some(location));
                }
            }
            TerminatorKind::Goto(_)
            | TerminatorKind::Unreachable
            | TerminatorKind::FalseEdge { .. }
            | TerminatorKind::FalseUnwind { .. } => {}
        }
        if self.unwinds_out(kind, location) {
            // In scope there is what a region of the caller's needs.
            let in_scope: Vec<usize> =
                self.lasting.iter().copied().filter(|loan| state.loans.contains(*loan)).collect();
            for loan in in_scope {
                self.at_exit(loan, None);
            }
        }
    }

    /// Whether a panic there leaves the function at once: no block stands for that where there is nothing to drop.
    fn unwinds_out(&self, kind: &TerminatorKind, location: Location) -> bool {
        let unwind = match kind {
            TerminatorKind::Call { unwind, .. }
            | TerminatorKind::Assert { unwind, .. }
            | TerminatorKind::Drop { unwind, .. }
            | TerminatorKind::FalseUnwind { unwind, .. } => unwind,
            _ => return false,
        };
        unwind.is_none() && !self.body.mir.blocks[location.block].is_cleanup
    }

    fn activations(&mut self, location: Location, span: Span, state: &State) {
        for index in 0..self.set.activated[self.body.data.point(location)].len() {
            let loan = self.set.activated[self.body.data.point(location)][index];
            let place = self.set.loans[loan as usize].place.clone();
            let access = Access::Activation(loan);
            self.access(&place, span, Depth::Deep, access, LocalMutation::Forbidden, location, state);
        }
    }

    /// A loan of what dies with the function, still in scope at its end; or, without a location, where a panic leaves it from its middle: nothing
    /// of the function comes behind that, not even the rest of the call that panics.
    fn at_exit(&mut self, loan: usize, end: Option<Location>) {
        if matches!(self.body.thir.kind, rgo_typeck::thir::BodyKind::Const) {
            // What the value of a constant borrows lives for ever.
            return;
        }
        let loan = &self.set.loans[loan];
        let place = &loan.place;
        let root = Place::local(place.local);
        let (depth, is_static) =
            (Depth::Shallow, matches!(self.body.mir.locals[root.local].kind, LocalKind::StaticRef(_)));
        let conflicts = places_conflict(self.body.mir, self.has_drop, place, loan.kind, &root, depth, Bias::Overlap);
        if is_static || !conflicts {
            return;
        }
        let span = Span::new(self.body.mir.span.end.saturating_sub(1), self.body.mir.span.end);
        let loan = loan.clone();
        let explanation = match end {
            Some(location) => self.explain(location, &loan),
            None => self.explain_universal(&loan),
        };
        self.does_not_live_long_enough(&loan, &root, span, &explanation);
    }

    // ----- accesses -----

    fn mutate(&mut self, place: &Place, span: Span, depth: Depth, location: Location, state: &State) {
        self.assigned_path(place, span, location, state);
        if let Some(local) = place.as_local()
            && self.body.mir.locals[local].mutability == Mutability::Not
        {
            self.reassignment(local, span, state);
            self.access(place, span, depth, Access::Write(Write::Mutate), LocalMutation::Allowed, location, state);
            return;
        }
        let write = Access::Write(Write::Mutate);
        self.access(place, span, depth, write, LocalMutation::Forbidden, location, state);
    }

    fn access(
        &mut self,
        place: &Place,
        span: Span,
        depth: Depth,
        access: Access,
        mutation: LocalMutation,
        location: Location,
        state: &State,
    ) {
        if let Access::Activation(_) = access
            && self.reservations_reported.contains(place)
        {
            return;
        }
        if !self.accesses_reported.is_empty() && self.accesses_reported.contains(&(place.clone(), span)) {
            return;
        }
        let forbidden = self.permission(place, span, access, mutation, state);
        let conflicts = self.conflicts(place, span, depth, access, location, state);
        if forbidden || conflicts {
            self.accesses_reported.insert((place.clone(), span));
        }
    }

    /// Reports a write to what is not mutable; true if there was one.
    fn permission(
        &mut self,
        place: &Place,
        span: Span,
        access: Access,
        mutation: LocalMutation,
        state: &State,
    ) -> bool {
        let mutation = match access {
            Access::Write(Write::MutBorrow(kind)) | Access::Reservation(Write::MutBorrow(kind)) => match kind {
                BorrowKind::Unique => LocalMutation::Allowed,
                BorrowKind::Mut { .. } => mutation,
                BorrowKind::Shared | BorrowKind::Fake => return false,
            },
            Access::Write(Write::Mutate) | Access::Reservation(Write::Mutate) => mutation,
            Access::Read(_)
            | Access::Activation(_)
            | Access::Write(Write::Move | Write::Replace | Write::StorageDeadOrDrop)
            | Access::Reservation(Write::Move | Write::Replace | Write::StorageDeadOrDrop) => return false,
        };
        match self.not_mutable(place, place.projection.len(), mutation) {
            None => false,
            Some(count) => {
                // What was never given a value is reported as such.
                let path = self.body.data.local(place.local);
                let ever =
                    self.body.data.inits_of_path[path.index()].iter().any(|init| state.ever.contains(*init as usize));
                if ever {
                    let culprit = Place { local: place.local, projection: place.projection[..count].to_vec() };
                    self.report_immutable(place, &culprit, span, access);
                }
                ever
            }
        }
    }

    /// The prefix of the place (its number of projections) that forbids mutation.
    fn not_mutable(&self, place: &Place, count: usize, mutation: LocalMutation) -> Option<usize> {
        let Some(last) = count.checked_sub(1) else {
            let mutable = self.body.mir.locals[place.local].mutability == Mutability::Mut;
            let is_env = self.body.mir.locals[place.local].kind == LocalKind::ClosureEnv;
            return (!mutable && !is_env && mutation == LocalMutation::Forbidden).then_some(0);
        };
        if let Some(field) = self.upvar_at(place, count) {
            let (mutable, by_ref) = self.upvar_mutability(field);
            let is_deref = place.projection[last] == Projection::Deref;
            if !is_deref || by_ref {
                if !mutable && mutation == LocalMutation::Forbidden {
                    return Some(count);
                }
                // Through the environment: of a `Fn` closure nothing can be changed.
                let env = if is_deref { count.saturating_sub(2) } else { count - 1 };
                if is_deref && !self.borrows_mutably(field) {
                    return Some(count);
                }
                return self.not_mutable(place, env, LocalMutation::Allowed);
            }
        }
        let base_ty = place.projection[..last].iter().fold(self.body.mir.locals[place.local].ty, project_ty);
        match &place.projection[last] {
            Projection::Deref => match base_ty.kind() {
                TyKind::Ref(_, _, Mutability::Not) => match self.static_of(place) {
                    Some(_) if last == 0 => Some(count),
                    _ => Some(count),
                },
                TyKind::Ref(_, _, Mutability::Mut) => self.not_mutable(place, last, LocalMutation::Allowed),
                _ => self.not_mutable(place, last, mutation),
            },
            _ => self.not_mutable(place, last, mutation),
        }
    }

    pub fn static_of(&self, place: &Place) -> Option<rgo_hir::DefId> {
        match self.body.mir.locals[place.local].kind {
            LocalKind::StaticRef(def) => Some(def),
            _ => None,
        }
    }

    /// The capture that the first `count` projections of a place name: its field, or what its reference points to.
    pub fn upvar_at(&self, place: &Place, count: usize) -> Option<u32> {
        if self.body.mir.locals[place.local].kind != LocalKind::ClosureEnv {
            return None;
        }
        let start = match self.env_kind()? {
            ClosureKind::FnOnce => 0,
            ClosureKind::Fn | ClosureKind::FnMut => 1,
        };
        let Some(Projection::Field { index, .. }) = place.projection.get(start) else { return None };
        match count - 1 {
            at if at == start => Some(*index),
            at if at == start + 1 && place.projection[at] == Projection::Deref => {
                matches!(self.body.mir.upvars.get(*index as usize)?.by, CaptureBy::Ref(_)).then_some(*index)
            }
            _ => None,
        }
    }

    pub fn env_kind(&self) -> Option<ClosureKind> {
        match &self.body.thir.kind {
            rgo_typeck::thir::BodyKind::Closure(info) => Some(info.kind),
            _ => None,
        }
    }

    fn borrows_mutably(&self, field: u32) -> bool {
        self.body
            .mir
            .upvars
            .get(field as usize)
            .is_some_and(|capture| matches!(capture.by, CaptureBy::Ref(BorrowKind::Mut { .. } | BorrowKind::Unique)))
    }

    /// Whether the captured place could be changed where it was captured, and whether the capture is a reference.
    pub fn upvar_mutability(&self, field: u32) -> (bool, bool) {
        let Some(capture) = self.body.mir.upvars.get(field as usize) else { return (true, false) };
        let mutable = capture.mutable || matches!(capture.by, CaptureBy::Ref(BorrowKind::Unique));
        (mutable, matches!(capture.by, CaptureBy::Ref(_)))
    }

    pub fn outer_variable(&self, id: rgo_typeck::thir::LocalId) -> Option<&rgo_typeck::thir::Local> {
        let mut at = self.body.parent;
        while let Some(index) = at {
            if let Some(variable) = self.bodies[index].thir.locals.get(id) {
                return Some(variable);
            }
            at = self.bodies[index].parent;
        }
        self.body.thir.locals.get(id)
    }

    pub fn outer_name(&self, id: rgo_typeck::thir::LocalId) -> Option<String> {
        self.outer_variable(id).map(|variable| variable.name.to_string())
    }

    fn conflicts(
        &mut self,
        place: &Place,
        span: Span,
        depth: Depth,
        access: Access,
        location: Location,
        state: &State,
    ) -> bool {
        if state.loans.is_empty() {
            return false;
        }
        let set = self.set;
        for &index in &set.of_local[u32::from(place.local.into_raw()) as usize] {
            if !state.loans.contains(index as usize) {
                continue;
            }
            let loan = &set.loans[index as usize];
            if !places_conflict(self.body.mir, self.has_drop, &loan.place, loan.kind, place, depth, Bias::Overlap) {
                continue;
            }
            let is_mut = matches!(loan.kind, BorrowKind::Mut { .. } | BorrowKind::Unique);
            match access {
                Access::Activation(activated) if activated == index => continue,
                Access::Read(_) if !is_mut => continue,
                Access::Read(Read::Borrow(BorrowKind::Fake)) => continue,
                Access::Reservation(_) if !is_mut => continue,
                Access::Write(Write::Move) if loan.kind == BorrowKind::Fake => continue,
                Access::Read(read) => {
                    if !self.is_active(index, location) {
                        continue;
                    }
                    let loan = loan.clone();
                    match read {
                        Read::Copy => self.report_use_while_borrowed(location, place, span, &loan),
                        Read::Borrow(kind) => self.report_conflicting_borrow(location, place, span, kind, &loan),
                    }
                }
                Access::Reservation(write) => {
                    self.reservations_reported.insert(place.clone());
                    self.report_write(location, place, span, write, &loan.clone());
                }
                Access::Activation(activated) => {
                    let kind = set.loans[activated as usize].kind;
                    self.report_write(location, place, span, Write::MutBorrow(kind), &loan.clone());
                }
                Access::Write(write) => self.report_write(location, place, span, write, &loan.clone()),
            }
            return true;
        }
        false
    }

    fn report_write(
        &mut self,
        location: Location,
        place: &Place,
        span: Span,
        write: Write,
        loan: &crate::context::Loan,
    ) {
        match write {
            Write::MutBorrow(kind) => self.report_conflicting_borrow(location, place, span, kind, loan),
            Write::StorageDeadOrDrop => {
                let explanation = self.explain(location, loan);
                self.does_not_live_long_enough(loan, place, span, &explanation);
            }
            Write::Mutate | Write::Replace => self.report_assignment_to_borrowed(location, place, span, loan),
            Write::Move => self.report_move_of_borrowed(location, place, span, loan),
        }
    }

    fn is_active(&self, loan: u32, location: Location) -> bool {
        match self.set.activation[loan as usize] {
            Activation::NotTwoPhase => true,
            Activation::Never => false,
            Activation::At(activation) => {
                if self.dominators().dominates(activation, location) {
                    return true;
                }
                let made = self.set.loans[loan as usize].location;
                let after = Location { block: made.block, statement: made.statement + 1 };
                !self.dominators().dominates(after, location)
            }
        }
    }

    // ----- initialisation -----

    fn needs_init(&mut self, place: &Place, span: Span, needs: Needs, location: Location, state: &State) {
        let found = self.body.data.look_up(place);
        let path = found.path();
        if state.uninit.contains(path.index()) {
            self.report_uninit(location, needs, place, path, span);
            return;
        }
        match found {
            LookUp::Exact(path) => {
                if let Some(below) = self.body.data.find_below(path, |path| state.uninit.contains(path.index())) {
                    self.report_uninit(location, needs, place, below, span);
                }
            }
            LookUp::Parent(array) => {
                if let Some(Projection::Subslice { from, to, from_end: false }) = place.projection.last() {
                    self.elements_need_init(place, (array, *from..*to), span, needs, location, state);
                }
            }
        }
    }

    /// What a part of an array needs: its elements have no path in common.
    fn elements_need_init(
        &mut self,
        place: &Place,
        (array, part): (MovePathId, std::ops::Range<u64>),
        span: Span,
        needs: Needs,
        location: Location,
        state: &State,
    ) {
        let data = &self.body.data;
        let is_uninit = |path: MovePathId| state.uninit.contains(path.index());
        let missing = part
            .filter_map(|offset| {
                data.child(array, &Projection::ConstantIndex { offset, min_length: offset, from_end: false })
            })
            .find_map(|element| if is_uninit(element) { Some(element) } else { data.find_below(element, is_uninit) });
        if let Some(missing) = missing {
            self.report_uninit(location, needs, place, missing, span);
        }
    }

    fn needs_full_path(&mut self, place: &Place, span: Span, needs: Needs, location: Location, state: &State) {
        let path = self.body.data.look_up(place).path();
        if state.uninit.contains(path.index()) {
            self.report_uninit(location, needs, place, path, span);
        }
    }

    /// What an assignment needs of the places above: a reference to go through, a struct to be whole.
    fn assigned_path(&mut self, place: &Place, span: Span, location: Location, state: &State) {
        for count in (0..place.projection.len()).rev() {
            let base = Place { local: place.local, projection: place.projection[..count].to_vec() };
            match &place.projection[count] {
                Projection::Index(_) | Projection::ConstantIndex { .. } | Projection::Downcast(_) => {}
                Projection::Deref => {
                    self.needs_full_path(&base, span, Needs::Use, location, state);
                    return;
                }
                Projection::Subslice { .. } => return,
                Projection::Field { .. } => {
                    let ty = self.body.mir.ty_of_place(&base);
                    match ty.kind() {
                        TyKind::Adt(..) if (self.has_drop)(ty) => {
                            self.needs_init(&base, span, Needs::Assignment, location, state);
                            return;
                        }
                        TyKind::Adt(..) | TyKind::Tuple(_) => {
                            let path = self.body.data.look_up(&base).path();
                            if state.uninit.contains(path.index()) {
                                self.report_uninit(location, Needs::PartialAssignment, &base, path, span);
                                return;
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// A second assignment to a local that is not `mut`.
    fn reassignment(&mut self, local: rgo_mir::LocalId, span: Span, state: &State) {
        let path: MovePathId = self.body.data.local(local);
        let earlier =
            self.body.data.inits_of_path[path.index()].iter().copied().find(|init| state.ever.contains(*init as usize));
        if let Some(init) = earlier {
            self.report_reassignment(local, span, self.body.data.inits[init as usize].location);
        }
    }
}
