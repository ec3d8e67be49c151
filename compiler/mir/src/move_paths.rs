//! Move paths: the places that can be initialised and moved out of on their own, and where that happens.
//!
//! (rustc dev guide, "Move paths".) A path is a local, a field, a variant's field, the content of a box, or an element of an array at a constant index.

use rgo_hir::Db;
use rgo_typeck::ty::{Ty, TyKind};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::mir::*;
use crate::types::Types;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct MovePathId(pub u32);

impl MovePathId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug)]
pub struct MovePath {
    pub place: Place,
    pub parent: Option<MovePathId>,
    pub first_child: Option<MovePathId>,
    pub next_sibling: Option<MovePathId>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Step {
    Deref,
    Field(u32),
    Downcast(u32),
    Element(u64),
}

/// A move out of a path.
#[derive(Clone, Copy, Debug)]
pub struct MoveOut {
    pub path: MovePathId,
    pub location: Location,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitKind {
    Deep,
    /// Only the place itself, not what is below a dereference.
    Shallow,
    /// By a call, on its return only.
    OnReturn,
}

/// An initialisation of a path.
#[derive(Clone, Copy, Debug)]
pub struct Init {
    pub path: MovePathId,
    /// `None` for arguments.
    pub location: Option<Location>,
    pub kind: InitKind,
}

/// A move that no path can express.
#[derive(Clone, Debug)]
pub struct IllegalMove {
    pub place: Place,
    pub location: Location,
    pub cause: IllegalMoveCause,
}

#[derive(Clone, Debug)]
pub enum IllegalMoveCause {
    /// Out of what this reference (the place before the dereference) points to.
    Borrowed { target: Place },
    /// Out of an element of an array (by a computed index) or slice.
    Element { ty: Ty, base: Place },
    /// Out of a field of a type that implements `Drop`.
    DropType { ty: Ty },
}

/// A path, or the nearest one above a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookUp {
    Exact(MovePathId),
    Parent(MovePathId),
}

impl LookUp {
    pub fn path(self) -> MovePathId {
        match self {
            LookUp::Exact(path) | LookUp::Parent(path) => path,
        }
    }
}

/// Of one path: most are initialised once and moved out of at most once.
pub type Few = SmallVec<[u32; 2]>;

pub struct MoveData {
    pub paths: Vec<MovePath>,
    /// Sorted by point.
    pub moves: Vec<MoveOut>,
    pub inits: Vec<Init>,
    pub illegal: Vec<IllegalMove>,
    /// The moves of a path, by index.
    pub moves_of_path: Vec<Few>,
    pub inits_of_path: Vec<Few>,
    /// First point of each block; a last entry for their total.
    starts: Vec<u32>,
    /// Ranges of `moves` and `inits` by point.
    moves_at: Vec<(u32, u32)>,
    inits_at: Vec<(u32, u32)>,
    children: FxHashMap<(MovePathId, Step), MovePathId>,
}

impl MoveData {
    pub fn gather(db: &dyn Db, types: &Types<'_>, body: &Body) -> MoveData {
        let mut starts = Vec::with_capacity(body.blocks.len() + 1);
        let mut total = 0;
        for (_, block) in body.blocks.iter() {
            starts.push(total);
            total += block.statements.len() as u32 + 1;
        }
        starts.push(total);
        let paths: Vec<MovePath> = body
            .locals
            .iter()
            .map(|(local, _)| MovePath {
                place: Place::local(local),
                parent: None,
                first_child: None,
                next_sibling: None,
            })
            .collect();
        let data = MoveData {
            paths,
            moves: Vec::new(),
            inits: Vec::new(),
            illegal: Vec::new(),
            moves_of_path: Vec::new(),
            inits_of_path: Vec::new(),
            starts,
            moves_at: vec![(0, 0); total as usize],
            inits_at: vec![(0, 0); total as usize],
            children: FxHashMap::default(),
        };
        let mut gatherer = Gatherer { db, types, body, data };
        gatherer.run();
        let mut data = gatherer.data;
        data.moves_of_path = data.paths.iter().map(|_| Few::new()).collect();
        for (index, out) in data.moves.iter().enumerate() {
            data.moves_of_path[out.path.index()].push(index as u32);
        }
        data.inits_of_path = data.paths.iter().map(|_| Few::new()).collect();
        for (index, init) in data.inits.iter().enumerate() {
            data.inits_of_path[init.path.index()].push(index as u32);
        }
        data
    }

    /// A number for the location: dense, in order of blocks.
    pub fn point(&self, location: Location) -> usize {
        (self.starts[crate::dataflow::index(location.block)] + location.statement) as usize
    }

    pub fn point_count(&self) -> usize {
        self.starts.last().copied().unwrap_or(0) as usize
    }

    pub fn moves_at(&self, location: Location) -> &[MoveOut] {
        let (from, to) = self.moves_at[self.point(location)];
        &self.moves[from as usize..to as usize]
    }

    pub fn inits_at(&self, location: Location) -> std::ops::Range<usize> {
        let (from, to) = self.inits_at[self.point(location)];
        from as usize..to as usize
    }

    pub fn local(&self, local: LocalId) -> MovePathId {
        MovePathId(u32::from(local.into_raw()))
    }

    pub fn look_up(&self, place: &Place) -> LookUp {
        let mut path = self.local(place.local);
        for elem in &place.projection {
            let next = step_of(elem).and_then(|step| self.children.get(&(path, step)));
            match next {
                Some(next) => path = *next,
                None => return LookUp::Parent(path),
            }
        }
        LookUp::Exact(path)
    }

    /// Calls `visit` with the path and everything below it.
    pub fn for_each_below(&self, path: MovePathId, visit: &mut impl FnMut(MovePathId)) {
        visit(path);
        let mut child = self.paths[path.index()].first_child;
        while let Some(id) = child {
            self.for_each_below(id, visit);
            child = self.paths[id.index()].next_sibling;
        }
    }

    /// The first path strictly below `path` that `holds`; siblings come before what lies below them (rustc's `MovePath::find_descendant`).
    pub fn find_below(&self, path: MovePathId, holds: impl Fn(MovePathId) -> bool) -> Option<MovePathId> {
        let mut waiting: Vec<MovePathId> = self.paths[path.index()].first_child.into_iter().collect();
        while let Some(id) = waiting.pop() {
            if holds(id) {
                return Some(id);
            }
            let found = &self.paths[id.index()];
            waiting.extend(found.first_child);
            waiting.extend(found.next_sibling);
        }
        None
    }

    /// The path below `path` for a field, variant, or the content of a box.
    pub fn child(&self, path: MovePathId, elem: &Projection) -> Option<MovePathId> {
        self.children.get(&(path, step_of(elem)?)).copied()
    }

    pub fn children_of(&self, path: MovePathId) -> impl Iterator<Item = MovePathId> + '_ {
        std::iter::successors(self.paths[path.index()].first_child, |id| self.paths[id.index()].next_sibling)
    }
}

fn step_of(elem: &Projection) -> Option<Step> {
    match elem {
        Projection::Deref => Some(Step::Deref),
        Projection::Field { index, .. } => Some(Step::Field(*index)),
        Projection::Downcast(variant) => Some(Step::Downcast(*variant)),
        Projection::ConstantIndex { offset, from_end: false, .. } => Some(Step::Element(*offset)),
        Projection::ConstantIndex { from_end: true, .. } | Projection::Index(_) | Projection::Subslice { .. } => None,
    }
}

struct Gatherer<'a, 'b> {
    db: &'a dyn Db,
    types: &'a Types<'b>,
    body: &'a Body,
    data: MoveData,
}

impl Gatherer<'_, '_> {
    fn run(&mut self) {
        for param in &self.body.params {
            let path = self.data.local(*param);
            self.data.inits.push(Init { path, location: None, kind: InitKind::Deep });
        }
        for (id, block) in self.body.blocks.iter() {
            for (index, statement) in block.statements.iter().enumerate() {
                let location = Location { block: id, statement: index as u32 };
                self.at(location, |this| this.statement(&statement.kind, location));
            }
            let location = Location { block: id, statement: block.statements.len() as u32 };
            let kind = &self.body.terminator(id).kind;
            self.at(location, |this| this.terminator(kind, location));
        }
    }

    fn at(&mut self, location: Location, gather: impl FnOnce(&mut Self)) {
        let before = (self.data.moves.len() as u32, self.data.inits.len() as u32);
        gather(self);
        let point = self.data.point(location);
        self.data.moves_at[point] = (before.0, self.data.moves.len() as u32);
        self.data.inits_at[point] = (before.1, self.data.inits.len() as u32);
    }

    fn statement(&mut self, kind: &StatementKind, location: Location) {
        match kind {
            StatementKind::Assign(place, value) => {
                let _ = self.path(place);
                self.rvalue(value, location);
                self.init(place, location, InitKind::Deep);
            }
            StatementKind::StorageDead(local) => self.move_out(&Place::local(*local), location),
            StatementKind::FakeRead(..)
            | StatementKind::StorageLive(_)
            | StatementKind::AscribeUserType(..)
            | StatementKind::AscribeConst(..)
            | StatementKind::Nop => {}
        }
    }

    fn rvalue(&mut self, value: &Rvalue, location: Location) {
        match value {
            Rvalue::Use(operand)
            | Rvalue::Repeat(operand, _)
            | Rvalue::Unary(_, operand)
            | Rvalue::Cast(_, operand, _) => self.operand(operand, location),
            Rvalue::Binary(_, lhs, rhs) => {
                self.operand(lhs, location);
                self.operand(rhs, location);
            }
            Rvalue::Aggregate(_, operands) | Rvalue::FormatArgs(operands) => {
                operands.iter().for_each(|operand| self.operand(operand, location));
            }
            Rvalue::Ref(..) | Rvalue::Discriminant(_) | Rvalue::Len(_) => {}
        }
    }

    fn terminator(&mut self, kind: &TerminatorKind, location: Location) {
        match kind {
            TerminatorKind::SwitchInt { value, .. } => self.operand(value, location),
            TerminatorKind::Assert { cond, .. } => self.operand(cond, location),
            TerminatorKind::Drop { place, .. } => {
                // Dropping is a move, but never a wrong one: behind a reference it only makes room for a new value.
                if let Ok(path) = self.path(place) {
                    self.data.moves.push(MoveOut { path, location });
                }
            }
            TerminatorKind::Call { callee, args, destination, target, .. } => {
                self.operand(callee, location);
                args.iter().for_each(|(arg, _)| self.operand(arg, location));
                if target.is_some() {
                    let _ = self.path(destination);
                    self.init(destination, location, InitKind::OnReturn);
                }
            }
            TerminatorKind::Goto(_)
            | TerminatorKind::Return
            | TerminatorKind::UnwindResume
            | TerminatorKind::Unreachable
            | TerminatorKind::FalseEdge { .. }
            | TerminatorKind::FalseUnwind { .. } => {}
        }
    }

    fn operand(&mut self, operand: &Operand, location: Location) {
        if let Operand::Move(place) = operand {
            self.move_out(place, location);
        }
    }

    fn move_out(&mut self, place: &Place, location: Location) {
        // A part of an array: each of its elements.
        if let Some(Projection::Subslice { from, to, from_end: false }) = place.projection.last() {
            let base =
                Place { local: place.local, projection: place.projection[..place.projection.len() - 1].to_vec() };
            for offset in *from..*to {
                let elem = Projection::ConstantIndex { offset, min_length: *to, from_end: false };
                self.move_one(&base.clone().project(elem), location);
            }
            return;
        }
        self.move_one(place, location);
    }

    fn move_one(&mut self, place: &Place, location: Location) {
        match self.path(place) {
            Ok(path) => self.data.moves.push(MoveOut { path, location }),
            Err(Some(cause)) => self.data.illegal.push(IllegalMove { place: place.clone(), location, cause }),
            Err(None) => {}
        }
    }

    fn init(&mut self, place: &Place, location: Location, kind: InitKind) {
        if let LookUp::Exact(path) = self.data.look_up(place) {
            self.data.inits.push(Init { path, location: Some(location), kind });
        }
    }

    /// The path of a place, made if need be.
    fn path(&mut self, place: &Place) -> Result<MovePathId, Option<IllegalMoveCause>> {
        let mut path = self.data.local(place.local);
        let mut ty = self.body.locals[place.local].ty;
        for (index, elem) in place.projection.iter().enumerate() {
            let before = || Place { local: place.local, projection: place.projection[..index].to_vec() };
            match elem {
                Projection::Deref => {
                    if !self.types.is_box(ty) {
                        return Err(Some(IllegalMoveCause::Borrowed { target: before() }));
                    }
                }
                Projection::Field { .. } => {
                    if let TyKind::Adt(adt, _) = ty.kind()
                        && crate::types::has_drop_impl(self.db, *adt)
                    {
                        return Err(Some(IllegalMoveCause::DropType { ty }));
                    }
                }
                Projection::Downcast(_) => {}
                Projection::ConstantIndex { .. } | Projection::Subslice { .. } => {
                    if matches!(ty.kind(), TyKind::Slice(_)) {
                        return Err(Some(IllegalMoveCause::Element { ty, base: before() }));
                    }
                }
                Projection::Index(_) => return Err(Some(IllegalMoveCause::Element { ty, base: before() })),
            }
            let Some(step) = step_of(elem) else { return Err(None) };
            path = self.child(path, step, elem);
            ty = project_ty(ty, elem);
        }
        Ok(path)
    }

    fn child(&mut self, parent: MovePathId, step: Step, elem: &Projection) -> MovePathId {
        if let Some(known) = self.data.children.get(&(parent, step)) {
            return *known;
        }
        let id = MovePathId(self.data.paths.len() as u32);
        let place = self.data.paths[parent.index()].place.clone().project(elem.clone());
        let next_sibling = self.data.paths[parent.index()].first_child.replace(id);
        self.data.paths.push(MovePath { place, parent: Some(parent), first_child: None, next_sibling });
        self.data.children.insert((parent, step), id);
        id
    }
}
