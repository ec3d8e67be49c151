//! Why a borrow lasts as long as it does: the later use, the destructor, or the lifetime that demands it.

use rgo_mir::{LocalId, Location, Operand, Place, Projection, Rvalue, StatementKind, TerminatorKind};
use rgo_syntax::Span;
use rgo_typeck::error::TypeError;
use rgo_typeck::ty::RegionKind;
use rustc_hash::FxHashSet;

use crate::check::Checker;
use crate::context::Loan;
use crate::regions::constraint::{Category, RegionVid};
use crate::regions::solve::blame;
use crate::regions::universal::UniversalKind;
use crate::report::region::is_inside;
use crate::report::region_name::region_name;

pub enum Explanation {
    UsedLater {
        span: Span,
        in_loop: bool,
        by_call: bool,
    },
    Dropped {
        local: LocalId,
        span: Span,
    },
    /// Some universal region outlives it, by this constraint.
    MustBeValidFor {
        category: Category,
        span: Span,
        region: RegionVid,
    },
    Unexplained,
}

enum Found {
    Def,
    Use,
    Drop(LocalId),
    Nothing,
}

impl Checker<'_, '_> {
    pub fn explain(&self, location: Location, loan: &Loan) -> Explanation {
        let point = self.body.point(location);
        let live = |region: RegionVid| {
            self.regions.defs[region.index()].is_universal
                || self.regions.live[region.index()].as_ref().is_some_and(|live| live.contains(point))
        };
        if let Some((_, region)) = self.solution.path(loan.region, live)
            && !self.regions.defs[region.index()].is_universal
            && !self.is_from_outside(region)
        {
            match self.find_use(location, region) {
                Some((Found::Use, at)) => {
                    let by_call = matches!(
                        self.body.mir.terminator(at.block).kind,
                        TerminatorKind::Call { .. } if at.statement as usize == self.body.mir.blocks[at.block].statements.len()
                    );
                    let span = self.body.mir.span_at(at);
                    return Explanation::UsedLater { span, in_loop: self.is_before(at, location), by_call };
                }
                Some((Found::Drop(local), at)) => {
                    return Explanation::Dropped { local, span: self.body.mir.span_at(at) };
                }
                _ => {}
            }
        }
        self.explain_universal(loan)
    }

    pub fn explain_universal(&self, loan: &Loan) -> Explanation {
        let universals = &self.regions.universals;
        let ends: Vec<usize> = self
            .solution
            .ends(loan.region)
            .filter(|end| universals.all[*end].kind != UniversalKind::Outside || self.is_outside_here(*end))
            .collect();
        let rank = |element: &usize| match universals.all[*element].kind {
            UniversalKind::Late { .. } | UniversalKind::Early { .. } => 0,
            UniversalKind::Placeholder { .. } => 1,
            UniversalKind::Static => 2,
            UniversalKind::FnBody | UniversalKind::Outside => 3,
        };
        // The largest: what all the others are outlived by.
        let top = ends.iter().copied().find(|end| {
            ends.iter().all(|other| universals.outlives(universals.all[*end].vid, universals.all[*other].vid))
        });
        let Some(end) = top.or_else(|| ends.iter().copied().min_by_key(rank)) else { return Explanation::Unexplained };
        let region = universals.all[end].vid;
        let Some((path, _)) = self.solution.path(loan.region, |vid| vid == region) else {
            return Explanation::Unexplained;
        };
        match blame(&path) {
            Some(constraint) => {
                // What only the hidden type's being hidden demands is not blamed on the return.
                let by_opaque = path.last().is_some_and(|last| last.category == Category::OpaqueType);
                let category = match () {
                    _ if by_opaque => Category::OpaqueType,
                    // A closure inside that needs it returns or passes something of its own.
                    _ if self.is_of_closure_inside(constraint.body) => Category::Boring,
                    _ => constraint.category,
                };
                Explanation::MustBeValidFor { category, span: constraint.span, region }
            }
            None => Explanation::Unexplained,
        }
    }

    fn is_of_closure_inside(&self, body: u32) -> bool {
        let this = self.bodies.iter().position(|body| body.offset == self.body.offset).unwrap_or(0) as u32;
        body != this && is_inside(self.bodies, body, this)
    }

    /// Whether a universal region's element stands for the callers of this closure.
    fn is_outside_here(&self, end: usize) -> bool {
        let universal = &self.regions.universals.all[end];
        universal.kind == UniversalKind::Outside && self.bodies[universal.body as usize].owner == self.body.owner
    }

    /// A region that this closure's type takes from outside: universal as far as its body goes.
    fn is_from_outside(&self, region: RegionVid) -> bool {
        let universals = &self.regions.universals;
        (0..universals.all.len())
            .any(|end| self.is_outside_here(end) && self.solution.has_constraint(region, universals.all[end].vid))
    }

    fn is_before(&self, a: Location, b: Location) -> bool {
        let rank = |location: Location| {
            (self.body.order.iter().position(|block| *block == location.block), location.statement)
        };
        rank(a) <= rank(b)
    }

    /// The first use of a variable with this region in its type, forwards from `from`.
    fn find_use(&self, from: Location, region: RegionVid) -> Option<(Found, Location)> {
        let mut queue = std::collections::VecDeque::from([from]);
        let mut visited = FxHashSet::default();
        while let Some(location) = queue.pop_front() {
            if !visited.insert(location) || !self.solution.contains_point(region, self.body.point(location)) {
                continue;
            }
            match self.occurrence(location, region) {
                Found::Def => continue,
                Found::Nothing => {}
                found => return Some((found, location)),
            }
            let block = &self.body.mir.blocks[location.block];
            if (location.statement as usize) < block.statements.len() {
                queue.push_back(Location { block: location.block, statement: location.statement + 1 });
            } else {
                self.body.mir.terminator(location.block).for_each_successor(|block| {
                    queue.push_back(Location { block, statement: 0 });
                });
            }
        }
        None
    }

    fn mentions(&self, local: LocalId, region: RegionVid) -> bool {
        let mut found = false;
        let ty = self.body.locals[u32::from(local.into_raw()) as usize];
        rgo_typeck::ty::fold::for_each_free_region(&ty, |free| {
            found |= matches!(free.kind(), RegionKind::Var(vid) if *vid == region.0);
        });
        found
    }

    fn occurrence(&self, location: Location, region: RegionVid) -> Found {
        let block = &self.body.mir.blocks[location.block];
        let mut uses: Vec<&Place> = Vec::new();
        let mut defs: Vec<LocalId> = Vec::new();
        let mut drops: Vec<LocalId> = Vec::new();
        fn operand<'p>(uses: &mut Vec<&'p Place>, operand: &'p Operand) {
            uses.extend(operand.place());
        }
        match block.statements.get(location.statement as usize).map(|statement| &statement.kind) {
            Some(StatementKind::Assign(place, value)) => {
                match value {
                    Rvalue::Use(a) | Rvalue::Repeat(a, _) | Rvalue::Unary(_, a) | Rvalue::Cast(_, a, _) => {
                        operand(&mut uses, a)
                    }
                    Rvalue::Binary(_, a, b) => {
                        operand(&mut uses, a);
                        operand(&mut uses, b);
                    }
                    Rvalue::Aggregate(_, items) | Rvalue::FormatArgs(items) => {
                        items.iter().for_each(|item| operand(&mut uses, item));
                    }
                    Rvalue::Ref(_, place) | Rvalue::Discriminant(place) | Rvalue::Len(place) => uses.push(place),
                }
                match place.as_local() {
                    Some(local) => defs.push(local),
                    None => uses.push(place),
                }
            }
            Some(
                StatementKind::FakeRead(_, place)
                | StatementKind::AscribeUserType(place, ..)
                | StatementKind::AscribeConst(place, _),
            ) => uses.push(place),
            Some(StatementKind::StorageLive(local) | StatementKind::StorageDead(local)) => defs.push(*local),
            Some(StatementKind::Nop) => {}
            None => match &self.body.mir.terminator(location.block).kind {
                TerminatorKind::SwitchInt { value, .. } => operand(&mut uses, value),
                TerminatorKind::Assert { cond, .. } => operand(&mut uses, cond),
                TerminatorKind::Drop { place, .. } => drops.push(place.local),
                TerminatorKind::Call { callee, args, destination, .. } => {
                    operand(&mut uses, callee);
                    args.iter().for_each(|(arg, _)| operand(&mut uses, arg));
                    match destination.as_local() {
                        Some(local) => defs.push(local),
                        None => uses.push(destination),
                    }
                }
                TerminatorKind::Return
                | TerminatorKind::Goto(_)
                | TerminatorKind::UnwindResume
                | TerminatorKind::Unreachable
                | TerminatorKind::FalseEdge { .. }
                | TerminatorKind::FalseUnwind { .. } => {}
            },
        }
        for place in uses {
            let indices = place.projection.iter().filter_map(|elem| match elem {
                Projection::Index(local) => Some(*local),
                _ => None,
            });
            if indices.chain([place.local]).any(|local| self.mentions(local, region)) {
                return Found::Use;
            }
        }
        if let Some(local) = drops.into_iter().find(|local| self.mentions(*local, region)) {
            return Found::Drop(local);
        }
        if defs.into_iter().any(|local| self.mentions(local, region)) { Found::Def } else { Found::Nothing }
    }

    /// Adds the third place of a borrow error: what keeps the borrow alive.
    pub fn add_explanation(&self, error: TypeError, explanation: &Explanation, borrow: &str) -> TypeError {
        let def = self.regions.owner;
        match explanation {
            Explanation::UsedLater { span, in_loop, by_call } => {
                let what = if *by_call { "used by call" } else { "used here" };
                let label = if *in_loop {
                    format!("{borrow}borrow later {what}, in later iteration of loop")
                } else {
                    format!("{borrow}borrow later {what}")
                };
                if error.span == *span && *in_loop {
                    return error;
                }
                error.secondary(def, *span, label)
            }
            Explanation::Dropped { local, span } => {
                let ty = self.display_ty(self.body.mir.locals[*local].ty);
                match self.local_name(*local) {
                    Some(name) => error.secondary(
                        def,
                        *span,
                        format!("{borrow}borrow might be used here, when `{name}` is dropped and runs the destructor for type `{ty}`"),
                    ),
                    None => error.secondary(
                        def,
                        *span,
                        format!("... and the {borrow}borrow might be used here, when that temporary is dropped and runs the destructor for type `{ty}`"),
                    ),
                }
            }
            Explanation::MustBeValidFor { category, span, region } => {
                let verb = match category {
                    Category::Return => "returning this value",
                    Category::CallArgument(_) => "argument",
                    Category::Cast => "cast",
                    Category::TypeAnnotation => "type annotation",
                    Category::UseAsConst => "using this value as a constant",
                    Category::UseAsStatic => "using this value as a static",
                    Category::OpaqueType => "opaque type",
                    Category::Assignment => "assignment",
                    Category::Usage => "this usage",
                    _ => "this",
                };
                match region_name(self.regions, self.bodies, *region, 1) {
                    Some(name) => name.with_origin(error).secondary(
                        def,
                        self.shown_span(*span),
                        format!("{verb} requires that the {borrow}borrow lasts for `{}`", name.text),
                    ),
                    None => error,
                }
            }
            Explanation::Unexplained => error,
        }
    }
}
