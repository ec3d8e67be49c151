//! Drop elaboration: which scheduled drops happen, and of which parts.
//!
//! (rustc dev guide, "Drop elaboration".) The result lists, for each reachable drop of the body, the places that are really dropped there.

use rgo_hir::Db;
use rgo_typeck::ty::{Ty, TyKind};

use crate::bitset::BitSet;
use crate::dataflow::{Results, solve};
use crate::init::{MaybeInit, MaybeUninit};
use crate::mir::*;
use crate::move_paths::{LookUp, MoveData, MovePathId};
use crate::types::Types;

/// A drop that remains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElaboratedDrop {
    pub block: BlockId,
    pub place: Place,
    pub why: DropReason,
    /// Initialised on only some of the ways to here.
    pub conditional: Conditional,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conditional {
    No,
    Yes,
}

pub struct Elaboration {
    pub drops: Vec<ElaboratedDrop>,
    /// Drops that do nothing, on reachable paths: everything was moved out.
    pub dead: Vec<(BlockId, Place, DropReason)>,
}

pub fn elaborate(db: &dyn Db, types: &Types<'_>, body: &Body, order: &[BlockId], data: &MoveData) -> Elaboration {
    let drops = |block: &BlockId| matches!(body.terminator(*block).kind, TerminatorKind::Drop { .. });
    if !order.iter().any(drops) {
        return Elaboration { drops: Vec::new(), dead: Vec::new() };
    }
    let init = MaybeInit { body, data };
    let uninit = MaybeUninit { body, data };
    let init_results = solve(body, order, &init);
    let uninit_results = solve(body, order, &uninit);
    let mut out = Elaboration { drops: Vec::new(), dead: Vec::new() };
    for (block, basic) in body.blocks.iter() {
        let TerminatorKind::Drop { place, why, .. } = &body.terminator(block).kind else { continue };
        if !init_results.is_reachable(block) {
            continue;
        }
        let LookUp::Exact(path) = data.look_up(place) else {
            // Behind a reference: always initialised.
            out.drops.push(ElaboratedDrop { block, place: place.clone(), why: *why, conditional: Conditional::No });
            continue;
        };
        let location = Location { block, statement: basic.statements.len() as u32 };
        let live = state_before(&init_results, &init, location);
        let dead = state_before(&uninit_results, &uninit, location);
        let mut ladder = Ladder { db, types, body, data, live: &live, dead: &dead, places: Vec::new() };
        ladder.path(path);
        if ladder.places.is_empty() {
            out.dead.push((block, place.clone(), *why));
        }
        for (place, conditional) in ladder.places {
            out.drops.push(ElaboratedDrop { block, place, why: *why, conditional });
        }
    }
    out
}

fn state_before(results: &Results, analysis: &impl crate::dataflow::Analysis, location: Location) -> BitSet {
    results.before(location, analysis)
}

struct Ladder<'a, 'b> {
    db: &'a dyn Db,
    types: &'a Types<'b>,
    body: &'a Body,
    data: &'a MoveData,
    live: &'a BitSet,
    dead: &'a BitSet,
    places: Vec<(Place, Conditional)>,
}

impl Ladder<'_, '_> {
    fn path(&mut self, path: MovePathId) {
        let (mut some_live, mut some_dead) = (false, false);
        self.data.for_each_below(path, &mut |below| {
            some_live |= self.live.contains(below.index());
            some_dead |= self.dead.contains(below.index());
        });
        let place = self.data.paths[path.index()].place.clone();
        if !some_live {
            return;
        }
        if !some_dead {
            self.places.push((place, Conditional::No));
            return;
        }
        if self.data.paths[path.index()].first_child.is_none() {
            self.places.push((place, Conditional::Yes));
            return;
        }
        self.open(path, place);
    }

    /// Drops the parts of a value from which something was moved.
    fn open(&mut self, path: MovePathId, place: Place) {
        let ty = self.body.ty_of_place(&place);
        match ty.kind() {
            TyKind::Tuple(items) => self.fields(path, &place, items),
            TyKind::Closure(_, args) => {
                let upvars = rgo_typeck::ty::ClosureArgs::new(*args).upvars().to_vec();
                self.fields(path, &place, &upvars);
            }
            TyKind::Adt(..) if self.types.is_box(ty) => match self.data.child(path, &Projection::Deref) {
                Some(content) => self.path(content),
                None => self.whole(path, place),
            },
            TyKind::Adt(adt, _) if self.types.is_enum(*adt) => {
                let count = self.types.variant_count(*adt);
                for variant in 0..count as u32 {
                    let elem = Projection::Downcast(variant);
                    let inner = place.clone().project(elem.clone());
                    let tys = crate::types::field_tys(self.db, *adt, variant, ty);
                    if !tys.iter().any(|ty| self.types.needs_drop(*ty)) {
                        continue;
                    }
                    match self.data.child(path, &elem) {
                        Some(child) => self.fields(child, &inner, &tys),
                        None => self.whole(path, inner),
                    }
                }
            }
            TyKind::Adt(adt, _) => {
                let tys = crate::types::field_tys(self.db, *adt, 0, ty);
                self.fields(path, &place, &tys);
            }
            TyKind::Array(_, len) => self.elements(path, &place, len.as_usize().unwrap_or(0)),
            _ => self.whole(path, place),
        }
    }

    /// Elements are moved out one by one only by patterns, which name them. From the last to the first, but what lies between two named ones is
    /// a slice, which dies from its beginning (rustc's `open_drop_for_array`).
    fn elements(&mut self, path: MovePathId, place: &Place, len: u64) {
        let element = |offset| Projection::ConstantIndex { offset, min_length: len, from_end: false };
        let mut end = len;
        while end > 0 {
            if let Some(child) = self.data.child(path, &element(end - 1)) {
                self.path(child);
                end -= 1;
                continue;
            }
            let start = (0..end).rev().find(|offset| self.data.child(path, &element(*offset)).is_some());
            let start = start.map_or(0, |named| named + 1);
            for offset in start..end {
                self.whole(path, place.clone().project(element(offset)));
            }
            end = start;
        }
    }

    fn fields(&mut self, path: MovePathId, place: &Place, tys: &[Ty]) {
        for (index, ty) in tys.iter().enumerate() {
            if !self.types.needs_drop(*ty) {
                continue;
            }
            let elem = Projection::Field { index: index as u32, ty: *ty };
            match self.data.child(path, &elem) {
                Some(child) => self.path(child),
                None => self.whole(path, place.clone().project(elem)),
            }
        }
    }

    /// A part without a path of its own: as initialised as its parent was before its other parts were moved.
    fn whole(&mut self, parent: MovePathId, place: Place) {
        // The parent's own bits tell of it as a whole: it is "dead" only where all of it was moved out or never was.
        let live = self.live.contains(parent.index());
        let dead = self.dead.contains(parent.index());
        if live {
            self.places.push((place, if dead { Conditional::Yes } else { Conditional::No }));
        }
    }
}
