//! The loans of a body: where each is made and activated, and where it is in scope.

use rgo_hir::body::Mutability;
use rgo_mir::bitset::BitSet;
use rgo_mir::dataflow::{self, Analysis};
use rgo_mir::{BlockId, LocalId, Location, Place, Projection, Rvalue, StatementKind, TerminatorKind, local_index};
use rgo_typeck::thir::BorrowKind;
use rgo_typeck::ty::{Ty, TyKind};
use smallvec::SmallVec;

use crate::conflict::{Bias, Depth, places_conflict};
use crate::context::{BodyCx, Loan};
use crate::liveness::Predecessors;
use crate::regions::solve::Solution;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    NotTwoPhase,
    /// Two-phase, but the reference is never used.
    Never,
    At(Location),
}

pub struct LoanSet {
    pub loans: Vec<Loan>,
    pub activation: Vec<Activation>,
    /// By point: loans made there, activated there, and going out of scope before it.
    pub made: Vec<Few>,
    pub activated: Vec<Few>,
    pub ended: Vec<Few>,
    /// By local: loans of places in it.
    pub of_local: Vec<Few>,
}

/// Loans of one place or point: seldom more than two.
type Few = SmallVec<[u32; 2]>;

fn none(count: usize) -> Vec<Few> {
    (0..count).map(|_| Few::new()).collect()
}

/// Whether a borrow of the place needs no watching: it is behind a shared reference.
pub fn is_ignored(body: &rgo_mir::Body, place: &Place) -> bool {
    let mut ty = body.locals[place.local].ty;
    for elem in &place.projection {
        if *elem == Projection::Deref && matches!(ty.kind(), TyKind::Ref(_, _, Mutability::Not)) {
            return true;
        }
        ty = rgo_mir::project_ty(ty, elem);
    }
    false
}

impl LoanSet {
    pub fn new(body: &BodyCx<'_>, loans: Vec<Loan>, solution: &Solution) -> LoanSet {
        let mut loans: Vec<Loan> = loans.into_iter().filter(|loan| !is_ignored(body.mir, &loan.place)).collect();
        // Of several loans that an access conflicts with, the first one is told (rustc's `BorrowSet::build` numbers them in preorder).
        let ranks = rgo_mir::dataflow::preorder_ranks(body.mir);
        loans.sort_by_key(|loan| (ranks[rgo_mir::dataflow::index(loan.location.block)], loan.location.statement));
        let points = body.data.point_count();
        let mut set = LoanSet {
            activation: vec![Activation::NotTwoPhase; loans.len()],
            loans,
            made: none(points),
            activated: none(points),
            ended: none(points),
            of_local: none(body.mir.locals.len()),
        };
        for (index, loan) in set.loans.iter().enumerate() {
            set.made[body.data.point(loan.location)].push(index as u32);
            set.of_local[local_index(loan.place.local)].push(index as u32);
        }
        set.find_activations(body);
        set.find_ends(body, solution);
        set
    }

    fn find_activations(&mut self, body: &BodyCx<'_>) {
        let mut waiting: Vec<(LocalId, u32)> = Vec::new();
        for (index, loan) in self.loans.iter().enumerate() {
            if loan.kind == (BorrowKind::Mut { two_phase: true }) {
                match loan.assigned.as_local() {
                    Some(local) => {
                        self.activation[index] = Activation::Never;
                        waiting.push((local, index as u32));
                    }
                    None => self.activation[index] = Activation::NotTwoPhase,
                }
            }
        }
        if waiting.is_empty() {
            return;
        }
        for &block in &body.order {
            let basic = &body.mir.blocks[block];
            for (index, statement) in basic.statements.iter().enumerate() {
                let location = Location { block, statement: index as u32 };
                if let StatementKind::Assign(dest, value) = &statement.kind {
                    for_each_used(value, |local| self.activate(&waiting, local, location, body));
                    if dest.as_local().is_none() {
                        self.activate(&waiting, dest.local, location, body);
                    }
                }
            }
            let location = Location { block, statement: basic.statements.len() as u32 };
            if let TerminatorKind::Call { callee, args, .. } = &body.mir.terminator(block).kind {
                for operand in args.iter().map(|(arg, _)| arg).chain([callee]) {
                    if let Some(place) = operand.place() {
                        self.activate(&waiting, place.local, location, body);
                    }
                }
            }
        }
    }

    fn activate(&mut self, waiting: &[(LocalId, u32)], local: LocalId, location: Location, body: &BodyCx<'_>) {
        for (temp, loan) in waiting {
            if *temp == local && self.activation[*loan as usize] == Activation::Never {
                self.activation[*loan as usize] = Activation::At(location);
                self.activated[body.data.point(location)].push(*loan);
            }
        }
    }

    /// Follows each loan from where it is made for as long as its region contains the points.
    fn find_ends(&mut self, body: &BodyCx<'_>, solution: &Solution) {
        let mut visited = vec![u32::MAX; body.mir.blocks.len()];
        let mut stack: Vec<(BlockId, u32)> = Vec::new();
        for index in 0..self.loans.len() {
            let loan = &self.loans[index];
            stack.push((loan.location.block, loan.location.statement + 1));
            let region = loan.region;
            while let Some((block, from)) = stack.pop() {
                let last = body.mir.blocks[block].statements.len() as u32;
                let left = (from..=last).find(|statement| {
                    !solution.contains_point(region, body.point(Location { block, statement: *statement }))
                });
                if let Some(statement) = left {
                    let ended = &mut self.ended[body.data.point(Location { block, statement })];
                    if !ended.contains(&(index as u32)) {
                        ended.push(index as u32);
                    }
                    continue;
                }
                body.mir.terminator(block).for_each_successor(|successor| {
                    let seen = &mut visited[dataflow::index(successor)];
                    if *seen != index as u32 {
                        *seen = index as u32;
                        stack.push((successor, 0));
                    }
                });
            }
        }
    }
}

fn for_each_used(value: &Rvalue, mut visit: impl FnMut(LocalId)) {
    match value {
        Rvalue::Use(operand) | Rvalue::Repeat(operand, _) | Rvalue::Unary(_, operand) | Rvalue::Cast(_, operand, _) => {
            operand.place().iter().for_each(|place| visit(place.local));
        }
        Rvalue::Binary(_, lhs, rhs) => {
            lhs.place().iter().chain(rhs.place().iter()).for_each(|place| visit(place.local));
        }
        Rvalue::Aggregate(_, operands) | Rvalue::FormatArgs(operands) => {
            operands.iter().filter_map(|operand| operand.place()).for_each(|place| visit(place.local));
        }
        Rvalue::Ref(_, place) | Rvalue::Discriminant(place) | Rvalue::Len(place) => visit(place.local),
    }
}

/// The loans in scope at a location.
pub struct InScope<'a> {
    pub body: &'a BodyCx<'a>,
    pub set: &'a LoanSet,
    pub has_drop: &'a dyn Fn(Ty) -> bool,
}

impl InScope<'_> {
    /// Loans whose regions have ended before this location.
    pub fn before(&self, location: Location, state: &mut BitSet) {
        for loan in &self.set.ended[self.body.data.point(location)] {
            state.remove(*loan as usize);
        }
    }

    fn kill_on(&self, place: &Place, state: &mut BitSet) {
        for &loan in &self.set.of_local[local_index(place.local)] {
            let known = &self.set.loans[loan as usize];
            let gone = place.projection.is_empty()
                || places_conflict(
                    self.body.mir,
                    self.has_drop,
                    &known.place,
                    known.kind,
                    place,
                    Depth::Deep,
                    Bias::NoOverlap,
                );
            if gone {
                state.remove(loan as usize);
            }
        }
    }
}

impl Analysis for InScope<'_> {
    fn size(&self) -> usize {
        self.set.loans.len()
    }

    fn start(&self, _state: &mut BitSet) {}

    fn statement(&self, location: Location, state: &mut BitSet) {
        self.before(location, state);
        match &self.body.mir.blocks[location.block].statements[location.statement as usize].kind {
            StatementKind::Assign(place, _) => {
                self.kill_on(place, state);
                for loan in &self.set.made[self.body.data.point(location)] {
                    state.insert(*loan as usize);
                }
            }
            StatementKind::StorageDead(local) => self.kill_on(&Place::local(*local), state),
            _ => {}
        }
    }

    fn terminator(&self, location: Location, state: &mut BitSet) {
        self.before(location, state);
        if let TerminatorKind::Call { destination, .. } = &self.body.mir.terminator(location.block).kind {
            self.kill_on(destination, state);
        }
    }
}

/// Immediate dominators of reachable blocks (Cooper, Harvey and Kennedy).
pub struct Dominators {
    parent: Vec<Option<BlockId>>,
    rank: Vec<u32>,
}

impl Dominators {
    pub fn new(body: &BodyCx<'_>, predecessors: &[Predecessors]) -> Dominators {
        let count = body.mir.blocks.len();
        let mut rank = vec![u32::MAX; count];
        body.order.iter().enumerate().for_each(|(position, block)| rank[dataflow::index(*block)] = position as u32);
        let mut out = Dominators { parent: vec![None; count], rank };
        let Some((&entry, rest)) = body.order.split_first() else { return out };
        out.parent[dataflow::index(entry)] = Some(entry);
        let mut changed = true;
        while changed {
            changed = false;
            for &block in rest {
                let mut best = None;
                for &predecessor in &predecessors[dataflow::index(block)] {
                    if out.parent[dataflow::index(predecessor)].is_some() {
                        best = Some(match best {
                            None => predecessor,
                            Some(other) => out.meet(other, predecessor),
                        });
                    }
                }
                if out.parent[dataflow::index(block)] != best {
                    out.parent[dataflow::index(block)] = best;
                    changed = true;
                }
            }
        }
        out
    }

    fn meet(&self, mut a: BlockId, mut b: BlockId) -> BlockId {
        while a != b {
            while self.rank[dataflow::index(a)] > self.rank[dataflow::index(b)] {
                a = self.parent[dataflow::index(a)].unwrap_or(b);
            }
            while self.rank[dataflow::index(b)] > self.rank[dataflow::index(a)] {
                b = self.parent[dataflow::index(b)].unwrap_or(a);
            }
        }
        a
    }

    fn block_dominates(&self, a: BlockId, b: BlockId) -> bool {
        let mut at = b;
        loop {
            if at == a {
                return true;
            }
            match self.parent[dataflow::index(at)] {
                Some(parent) if parent != at => at = parent,
                _ => return false,
            }
        }
    }

    pub fn dominates(&self, a: Location, b: Location) -> bool {
        if a.block == b.block { a.statement <= b.statement } else { self.block_dominates(a.block, b.block) }
    }
}
