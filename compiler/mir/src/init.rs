//! Which paths may be initialised, may be uninitialised, and which initialisations may have happened.

use smallvec::SmallVec;

use crate::bitset::BitSet;
use crate::dataflow::Analysis;
use crate::mir::*;
use crate::move_paths::{InitKind, MoveData, MovePathId};

/// Paths that are initialised on some way to here. Moving a part out does not clear the bit of the whole.
pub struct MaybeInit<'a> {
    pub body: &'a Body,
    pub data: &'a MoveData,
}

/// Paths that are uninitialised, or moved out of, on some way to here.
pub struct MaybeUninit<'a> {
    pub body: &'a Body,
    pub data: &'a MoveData,
}

/// Initialisations (by index) that reach here.
pub struct EverInit<'a> {
    pub body: &'a Body,
    pub data: &'a MoveData,
}

/// The variants' paths that are not the one that the edge is for.
fn inactive_variants(body: &Body, data: &MoveData, from: BlockId, to: BlockId) -> SmallVec<[MovePathId; 4]> {
    let mut out = SmallVec::new();
    let TerminatorKind::SwitchInt { value, targets, otherwise } = &body.terminator(from).kind else { return out };
    let Some(Place { local: discriminant, .. }) = value.place() else { return out };
    let Some(Statement { kind: StatementKind::Assign(dest, Rvalue::Discriminant(place)), .. }) =
        body.blocks[from].statements.last()
    else {
        return out;
    };
    if dest.local != *discriminant || *otherwise == to {
        return out;
    }
    let crate::move_paths::LookUp::Exact(path) = data.look_up(place) else { return out };
    for child in data.children_of(path) {
        if let Some(Projection::Downcast(variant)) = data.paths[child.index()].place.projection.last() {
            let active = targets.iter().any(|(value, target)| *target == to && *value == i128::from(*variant));
            if !active {
                out.push(child);
            }
        }
    }
    out
}

fn returns_to(body: &Body, from: BlockId, to: BlockId) -> bool {
    matches!(&body.terminator(from).kind, TerminatorKind::Call { target, .. } if *target == Some(to))
}

fn is_call(body: &Body, block: BlockId) -> bool {
    matches!(body.terminator(block).kind, TerminatorKind::Call { .. })
}

fn terminator_location(body: &Body, block: BlockId) -> Location {
    Location { block, statement: body.blocks[block].statements.len() as u32 }
}

impl MaybeInit<'_> {
    fn at(&self, location: Location, state: &mut BitSet) {
        for out in self.data.moves_at(location) {
            self.data.for_each_below(out.path, &mut |path| state.remove(path.index()));
        }
        for init in &self.data.inits[self.data.inits_at(location)] {
            if init.kind != InitKind::OnReturn {
                self.data.for_each_below(init.path, &mut |path| {
                    state.insert(path.index());
                });
            }
        }
    }
}

impl Analysis for MaybeInit<'_> {
    fn size(&self) -> usize {
        self.data.paths.len()
    }

    fn start(&self, state: &mut BitSet) {
        for param in &self.body.params {
            self.data.for_each_below(self.data.local(*param), &mut |path| {
                state.insert(path.index());
            });
        }
    }

    fn statement(&self, location: Location, state: &mut BitSet) {
        self.at(location, state);
    }

    fn terminator(&self, location: Location, state: &mut BitSet) {
        self.at(location, state);
    }

    fn has_edges(&self, from: BlockId) -> bool {
        is_call(self.body, from) || matches!(self.body.terminator(from).kind, TerminatorKind::SwitchInt { .. })
    }

    fn edge(&self, from: BlockId, to: BlockId, state: &mut BitSet) {
        if returns_to(self.body, from, to) {
            let location = terminator_location(self.body, from);
            for init in &self.data.inits[self.data.inits_at(location)] {
                self.data.for_each_below(init.path, &mut |path| {
                    state.insert(path.index());
                });
            }
        }
        for path in inactive_variants(self.body, self.data, from, to) {
            self.data.for_each_below(path, &mut |path| state.remove(path.index()));
        }
    }
}

impl MaybeUninit<'_> {
    fn at(&self, location: Location, state: &mut BitSet) {
        for out in self.data.moves_at(location) {
            self.data.for_each_below(out.path, &mut |path| {
                state.insert(path.index());
            });
        }
        for init in &self.data.inits[self.data.inits_at(location)] {
            if init.kind != InitKind::OnReturn {
                self.data.for_each_below(init.path, &mut |path| state.remove(path.index()));
            }
        }
    }
}

impl Analysis for MaybeUninit<'_> {
    fn size(&self) -> usize {
        self.data.paths.len()
    }

    fn start(&self, state: &mut BitSet) {
        state.insert_range(0..self.data.paths.len());
        for param in &self.body.params {
            self.data.for_each_below(self.data.local(*param), &mut |path| state.remove(path.index()));
        }
    }

    fn statement(&self, location: Location, state: &mut BitSet) {
        self.at(location, state);
    }

    fn terminator(&self, location: Location, state: &mut BitSet) {
        self.at(location, state);
    }

    fn has_edges(&self, from: BlockId) -> bool {
        is_call(self.body, from)
    }

    fn edge(&self, from: BlockId, to: BlockId, state: &mut BitSet) {
        if returns_to(self.body, from, to) {
            let location = terminator_location(self.body, from);
            for init in &self.data.inits[self.data.inits_at(location)] {
                self.data.for_each_below(init.path, &mut |path| state.remove(path.index()));
            }
        }
    }
}

impl Analysis for EverInit<'_> {
    fn size(&self) -> usize {
        self.data.inits.len()
    }

    fn start(&self, state: &mut BitSet) {
        state.insert_range(0..self.body.params.len());
    }

    fn statement(&self, location: Location, state: &mut BitSet) {
        if let StatementKind::StorageDead(local) =
            &self.body.blocks[location.block].statements[location.statement as usize].kind
        {
            for init in &self.data.inits_of_path[self.data.local(*local).index()] {
                state.remove(*init as usize);
            }
        }
        state.insert_range(self.data.inits_at(location));
    }

    fn terminator(&self, location: Location, state: &mut BitSet) {
        for init in self.data.inits_at(location) {
            if self.data.inits[init].kind != InitKind::OnReturn {
                state.insert(init);
            }
        }
    }

    fn has_edges(&self, from: BlockId) -> bool {
        is_call(self.body, from)
    }

    fn edge(&self, from: BlockId, to: BlockId, state: &mut BitSet) {
        if returns_to(self.body, from, to) {
            for init in self.data.inits_at(terminator_location(self.body, from)) {
                state.insert(init);
            }
        }
    }
}
