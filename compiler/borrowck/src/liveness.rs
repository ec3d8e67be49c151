//! Where the regions in the types of locals must be valid: wherever the local may later be used or dropped.
//!
//! rustc dev guide, "Region inference: liveness constraints". A drop makes only those regions live that the destructor may look at (RFC 1238).

use rgo_mir::bitset::BitSet;
use rgo_mir::dataflow::{self, Analysis};
use rgo_mir::init::MaybeInit;
use rgo_mir::move_paths::MoveData;
use rgo_mir::{
    BlockId, Body, LocalId, Location, Operand, Place, Projection, Rvalue, Statement, StatementKind, TerminatorKind,
    local_index,
};
use rgo_typeck::ty::{GenericArg, RegionKind, Ty};

use smallvec::SmallVec;

use crate::context::{BodyCx, Regions};

#[derive(Default, Clone)]
struct Occurrences {
    uses: Vec<u32>,
    defs: Vec<u32>,
    drops: Vec<BlockId>,
}

/// Computes liveness for all locals of a body.
///
/// `universal` are the regions that contain a universal region: they hold everywhere in any case.
pub fn compute(regions: &mut Regions<'_>, body: &BodyCx<'_>, universal: &[bool]) {
    let count = body.mir.locals.len();
    let mut relevant = vec![false; count];
    for (index, ty) in body.locals.iter().enumerate() {
        relevant[index] = has_variables(*ty, universal);
    }
    if !relevant.contains(&true) {
        return;
    }
    let mut gatherer = Gatherer { relevant: &relevant, found: vec![Occurrences::default(); count], point: 0 };
    for &block in &body.order {
        gatherer.block(body, block);
    }
    let mut walker = Walker {
        body,
        graph: &body.graph,
        mark: vec![0; body.data.point_count()],
        epoch: 0,
        live: BitSet::new(body.data.point_count()),
        stack: Vec::new(),
    };
    let drop_state = DropState::new(body, &gatherer.found);
    for (index, found) in gatherer.found.iter().enumerate() {
        if !relevant[index] {
            continue;
        }
        let ty = body.locals[index];
        walker.begin(&found.defs);
        walker.uses(&found.uses);
        let used = walker.live.clone();
        if !used.is_empty() {
            regions.add_live(ty, &shifted(&used, body.offset));
        }
        if !found.drops.is_empty() {
            walker.drops(index, &found.drops, &drop_state);
            let mut dropped = walker.live.clone();
            dropped.subtract(&used);
            if !dropped.is_empty() {
                let dropped = shifted(&dropped, body.offset);
                let (db, param_env) = (regions.db, regions.infcx.param_env);
                let normalize = &mut |ty| regions.normalize(ty);
                for arg in rgo_typeck::drop_glue::dropck_constraints(db, param_env, ty, normalize) {
                    match arg {
                        GenericArg::Ty(ty) => regions.add_live(ty, &dropped),
                        GenericArg::Region(region) => {
                            if let RegionKind::Var(vid) = region.kind()
                                && !regions.defs[*vid as usize].is_universal
                            {
                                let live = &mut regions.live[*vid as usize];
                                live.get_or_insert_default().union(&dropped);
                            }
                        }
                        GenericArg::Const(_) => {}
                    }
                }
            }
        }
    }
}

fn shifted(set: &BitSet, offset: usize) -> BitSet {
    if offset == 0 {
        return set.clone();
    }
    let mut out = BitSet::default();
    set.iter().for_each(|point| {
        out.insert(point + offset);
    });
    out
}

fn has_variables(ty: Ty, universal: &[bool]) -> bool {
    if !ty.has(rgo_typeck::ty::TypeFlags::HAS_REGION_VAR) {
        return false;
    }
    let mut found = false;
    rgo_typeck::ty::fold::for_each_free_region(&ty, |region| {
        if let RegionKind::Var(vid) = region.kind() {
            found |= !universal[*vid as usize];
        }
    });
    found
}

/// Most blocks have one or two.
pub type Predecessors = SmallVec<[BlockId; 2]>;

/// Predecessors and the range of points of each block.
pub struct Graph {
    pub predecessors: Vec<Predecessors>,
    first: Vec<u32>,
    last: Vec<u32>,
    block_of: Vec<u32>,
}

impl Graph {
    pub fn new(mir: &Body, data: &MoveData, order: &[BlockId]) -> Graph {
        let count = mir.blocks.len();
        let mut predecessors: Vec<Predecessors> = (0..count).map(|_| Predecessors::new()).collect();
        let (mut first, mut last) = (vec![0; count], vec![0; count]);
        let mut block_of = vec![0; data.point_count()];
        for &block in order {
            let index = dataflow::index(block);
            mir.terminator(block).for_each_successor(|successor| {
                let list = &mut predecessors[dataflow::index(successor)];
                if !list.contains(&block) {
                    list.push(block);
                }
            });
            first[index] = data.point(Location { block, statement: 0 }) as u32;
            let statements = mir.blocks[block].statements.len() as u32;
            last[index] = first[index] + statements;
            (first[index]..=last[index]).for_each(|point| block_of[point as usize] = index as u32);
        }
        Graph { predecessors, first, last, block_of }
    }
}

struct Gatherer<'a> {
    relevant: &'a [bool],
    found: Vec<Occurrences>,
    point: u32,
}

impl Gatherer<'_> {
    fn block(&mut self, body: &BodyCx<'_>, block: BlockId) {
        let basic = &body.mir.blocks[block];
        self.point = body.data.point(Location { block, statement: 0 }) as u32;
        for statement in &basic.statements {
            self.statement(statement);
            self.point += 1;
        }
        match &body.mir.terminator(block).kind {
            TerminatorKind::SwitchInt { value, .. } => self.operand(value),
            TerminatorKind::Assert { cond, .. } => self.operand(cond),
            TerminatorKind::Return => self.used(body.mir.ret),
            TerminatorKind::Drop { place, .. } => {
                self.projections(place);
                match place.as_local() {
                    Some(local) if self.relevant[local_index(local)] => {
                        self.found[local_index(local)].drops.push(block)
                    }
                    Some(_) => {}
                    None => self.used(place.local),
                }
            }
            TerminatorKind::Call { callee, args, destination, .. } => {
                self.operand(callee);
                args.iter().for_each(|(arg, _)| self.operand(arg));
                self.assigned(destination);
            }
            TerminatorKind::Goto(_)
            | TerminatorKind::UnwindResume
            | TerminatorKind::Unreachable
            | TerminatorKind::FalseEdge { .. }
            | TerminatorKind::FalseUnwind { .. } => {}
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Assign(place, value) => {
                match value {
                    Rvalue::Use(operand)
                    | Rvalue::Repeat(operand, _)
                    | Rvalue::Unary(_, operand)
                    | Rvalue::Cast(_, operand, _) => self.operand(operand),
                    Rvalue::Binary(_, lhs, rhs) => {
                        self.operand(lhs);
                        self.operand(rhs);
                    }
                    Rvalue::Aggregate(_, operands) | Rvalue::FormatArgs(operands) => {
                        operands.iter().for_each(|operand| self.operand(operand));
                    }
                    Rvalue::Ref(_, place) | Rvalue::Discriminant(place) | Rvalue::Len(place) => self.place(place),
                }
                self.assigned(place);
            }
            StatementKind::FakeRead(_, place)
            | StatementKind::AscribeUserType(place, ..)
            | StatementKind::AscribeConst(place, _) => self.place(place),
            StatementKind::StorageLive(local) | StatementKind::StorageDead(local) => self.defined(*local),
            StatementKind::Nop => {}
        }
    }

    fn operand(&mut self, operand: &Operand) {
        if let Some(place) = operand.place() {
            self.place(place);
        }
    }

    fn place(&mut self, place: &Place) {
        self.used(place.local);
        self.projections(place);
    }

    fn projections(&mut self, place: &Place) {
        for elem in &place.projection {
            if let Projection::Index(local) = elem {
                self.used(*local);
            }
        }
    }

    fn assigned(&mut self, place: &Place) {
        match place.as_local() {
            Some(local) => self.defined(local),
            None => self.place(place),
        }
    }

    fn used(&mut self, local: LocalId) {
        if self.relevant[local_index(local)] {
            self.found[local_index(local)].uses.push(self.point);
        }
    }

    fn defined(&mut self, local: LocalId) {
        if self.relevant[local_index(local)] {
            self.found[local_index(local)].defs.push(self.point);
        }
    }
}

struct Walker<'a> {
    body: &'a BodyCx<'a>,
    graph: &'a Graph,
    /// Points that define the current local are marked with the current epoch.
    mark: Vec<u32>,
    epoch: u32,
    live: BitSet,
    stack: Vec<u32>,
}

impl Walker<'_> {
    fn begin(&mut self, defs: &[u32]) {
        self.epoch += 1;
        defs.iter().for_each(|point| self.mark[*point as usize] = self.epoch);
        self.live.clear();
    }

    fn uses(&mut self, uses: &[u32]) {
        for point in uses {
            if self.live.insert(*point as usize) {
                self.stack.push(*point);
            }
        }
        while let Some(point) = self.stack.pop() {
            self.back(point, |_| true);
        }
    }

    fn drops(&mut self, local: usize, drops: &[BlockId], state: &DropState) {
        for block in drops {
            if state.at_drop(local, *block) {
                let point = self.graph.last[dataflow::index(*block)];
                if self.live.insert(point as usize) {
                    self.stack.push(point);
                }
            }
        }
        while let Some(point) = self.stack.pop() {
            self.back(point, |block| state.at_exit(local, block));
        }
    }

    /// Makes live what comes before a live point, up to definitions; goes into predecessors that `enter` allows.
    fn back(&mut self, point: u32, enter: impl Fn(BlockId) -> bool) {
        let block = self.graph.block_of[point as usize] as usize;
        let mut at = point;
        while at > self.graph.first[block] {
            at -= 1;
            if self.mark[at as usize] == self.epoch || !self.live.insert(at as usize) {
                return;
            }
        }
        let _ = self.body;
        for &predecessor in &self.graph.predecessors[block] {
            let last = self.graph.last[dataflow::index(predecessor)];
            if self.mark[last as usize] != self.epoch && enter(predecessor) && self.live.insert(last as usize) {
                self.stack.push(last);
            }
        }
    }
}

/// Which dropped locals may be initialised, wholly or in part, at the end of blocks.
struct DropState {
    /// Of each block: locals that may be initialised before its terminator, and behind it.
    before: Vec<BitSet>,
    after: Vec<BitSet>,
}

impl DropState {
    fn new(body: &BodyCx<'_>, found: &[Occurrences]) -> DropState {
        let count = body.mir.blocks.len();
        let mut state = DropState { before: vec![BitSet::default(); count], after: vec![BitSet::default(); count] };
        let dropped: Vec<usize> =
            found.iter().enumerate().filter(|(_, found)| !found.drops.is_empty()).map(|(index, _)| index).collect();
        if dropped.is_empty() {
            return state;
        }
        let init = MaybeInit { body: body.mir, data: &body.data };
        let results = dataflow::solve(body.mir, &body.order, &init);
        let mut current = BitSet::default();
        for &block in &body.order {
            results.enter(block, &mut current);
            let statements = body.mir.blocks[block].statements.len() as u32;
            (0..statements).for_each(|statement| init.statement(Location { block, statement }, &mut current));
            let index = dataflow::index(block);
            state.before[index] = initialized(body, &dropped, &current);
            init.terminator(Location { block, statement: statements }, &mut current);
            state.after[index] = initialized(body, &dropped, &current);
        }
        state
    }

    fn at_drop(&self, local: usize, block: BlockId) -> bool {
        self.before[dataflow::index(block)].contains(local)
    }

    fn at_exit(&self, local: usize, block: BlockId) -> bool {
        self.after[dataflow::index(block)].contains(local)
    }
}

fn initialized(body: &BodyCx<'_>, locals: &[usize], state: &BitSet) -> BitSet {
    let mut out = BitSet::default();
    for local in locals {
        let path = rgo_mir::move_paths::MovePathId(*local as u32);
        let mut any = false;
        body.data.for_each_below(path, &mut |path| any |= state.contains(path.index()));
        if any {
            out.insert(*local);
        }
    }
    out
}
