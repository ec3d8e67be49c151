//! The queries: errors and facts of a body owner.

use la_arena::Idx;
use rgo_hir::DefKey;
use rgo_hir::{Db, DefId, DefKind};
use rgo_mir::bitset::BitSet;
use rgo_mir::dataflow::reverse_postorder;
use rgo_mir::move_paths::MoveData;
use rgo_mir::{Types, mir_body};
use rgo_syntax::Span;
use rgo_typeck::error::TypeError;
use rgo_typeck::infer::typeck_root;
use rgo_typeck::thir::{self, BodyKind, ClosureInfo};
use rgo_typeck::thir_build::thir_body;
use rgo_typeck::ty::{Ty, TyKind};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::check;
use crate::const_drops;
use crate::context::{BodyCx, Regions};
use crate::facts::OwnershipFacts;
use crate::liveness::{self, Graph};
use crate::loans::LoanSet;
use crate::regions::constraint::{Category, Constraint, RegionVid};
use crate::regions::solve::{Solution, blame, solve};
use crate::regions::universal::UniversalKind;
use crate::report::region::{self, is_inside};
use crate::setup::Signature;
use crate::type_check::{TypeChecker, Typed};
use crate::{opaque, ownership};
use rgo_typeck::implied::Implied;

/// The ownership errors of a body and of the closures and inline constants in it. Survives edits that leave the body's THIR and the signatures it uses alone.
pub fn borrowck_errors(db: &dyn Db, owner: DefId) -> &[TypeError] {
    borrowck_query(db, owner.key(db))
}

/// What emitting a body (or closure) without errors needs to know of its drops, moves and uses. Survives the same edits.
pub fn ownership_facts(db: &dyn Db, owner: DefId) -> &OwnershipFacts {
    facts_query(db, owner.key(db))
}

fn is_checked(db: &dyn Db, owner: DefId) -> bool {
    !thir_body(db, owner).has_errors && rgo_typeck::collect::collect_errors(db, owner).is_empty()
}

/// Whether this is a derived method of a type without parameters. It reads fields by shared references and makes new values of the results. Only what a
/// field's impl asks of a lifetime or a type parameter could be missing.
fn is_harmless(db: &dyn Db, owner: DefId) -> bool {
    let imp = owner.parent().filter(|parent| parent.kind() == DefKind::Impl);
    let adt = imp.and_then(DefId::parent);
    adt.is_some_and(|adt| {
        matches!(adt.kind(), DefKind::Struct | DefKind::Enum) && rgo_hir::generic_params(db, adt).is_empty()
    })
}

#[salsa::tracked(returns(ref))]
fn borrowck_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<TypeError> {
    let owner = key.def(db);
    let is_own = typeck_root(db, owner) == owner && is_checked(db, owner);
    if is_own && !is_harmless(db, owner) { check_owner(db, owner) } else { Vec::new() }
}

#[salsa::tracked(returns(ref))]
fn facts_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> OwnershipFacts {
    let owner = key.def(db);
    if !is_checked(db, owner) {
        return OwnershipFacts::default();
    }
    ownership::facts(db, thir_body(db, owner), mir_body(db, owner))
}

/// A body to be checked, and the one it lies in.
struct Source {
    owner: DefId,
    parent: Option<usize>,
    mir: rgo_mir::Body,
}

/// The owner and the closures and inline constants in it, parents first.
fn sources(db: &dyn Db, owner: DefId) -> Vec<Source> {
    let mut out: Vec<Source> = Vec::new();
    let mut pending = vec![(owner, None)];
    while let Some((owner, parent)) = pending.pop() {
        let thir = thir_body(db, owner);
        if thir.has_errors {
            continue;
        }
        let index = out.len();
        pending.extend(inner_bodies(thir).rev().map(|inner| (inner, Some(index))));
        out.push(Source { owner, parent, mir: mir_body(db, owner) });
    }
    out
}

fn bodies<'a>(db: &'a dyn Db, sources: &'a [Source]) -> Vec<BodyCx<'a>> {
    let mut offset = 0;
    let body = |Source { owner, parent, mir }: &'a Source| {
        let (owner, parent) = (*owner, *parent);
        let order = reverse_postorder(mir);
        let data = MoveData::gather(db, &Types::new(db, owner), mir);
        let graph = Graph::new(mir, &data, &order);
        let start = offset;
        offset += data.point_count();
        let thir = thir_body(db, owner);
        BodyCx { owner, thir, mir, data, order, graph, locals: Vec::new(), offset: start, parent }
    };
    sources.iter().map(body).collect()
}

fn inner_bodies(thir: &thir::Body) -> impl DoubleEndedIterator<Item = DefId> {
    thir.closures.iter().chain(&thir.inline_consts).copied()
}

fn closure_info<'a>(body: &'a BodyCx<'_>) -> Option<&'a ClosureInfo> {
    match &body.thir.kind {
        BodyKind::Closure(info) => Some(info),
        BodyKind::Fn | BodyKind::Const => None,
    }
}

fn check_owner(db: &dyn Db, owner: DefId) -> Vec<TypeError> {
    let sources = sources(db, owner);
    let mut bodies = bodies(db, &sources);
    let mut implied = Implied::default();
    let mut regions = Regions::new(db, owner);
    let mut inner_tys: FxHashMap<DefId, Ty> = FxHashMap::default();
    let signature = regions.declare_universals(&mut implied);
    let mut typed: Vec<Typed> = Vec::new();
    let total: usize = bodies.iter().map(|body| body.data.point_count()).sum();
    for index in 0..bodies.len() {
        // The type of a closure or inline constant belongs to the body around it: its regions are that one's variables.
        regions.body = bodies[index].parent.unwrap_or(0) as u32;
        let def = bodies[index].owner;
        let signature = match closure_info(&bodies[index]).cloned() {
            None if index == 0 => Signature { inputs: signature.inputs.clone(), output: signature.output },
            None => {
                let ty = inner_tys.get(&def).copied().unwrap_or(bodies[index].thir.ret);
                mark_outside(&mut regions, ty, index as u32);
                Signature { inputs: Vec::new(), output: ty }
            }
            Some(info) => {
                let ty = inner_tys.get(&def).copied().unwrap_or(info.ty);
                mark_outside(&mut regions, ty, index as u32);
                regions.body = index as u32;
                regions.declare_closure(&info, ty, def, &mut implied)
            }
        };
        regions.body = index as u32;
        renumber_locals(&mut regions, &mut bodies, index, &signature);
        for inner in inner_bodies(bodies[index].thir) {
            let body = thir_body(db, inner);
            let ty = match &body.kind {
                BodyKind::Closure(info) => info.ty,
                BodyKind::Fn | BodyKind::Const => body.ret,
            };
            inner_tys.insert(inner, regions.renumber(ty));
        }
        let checker = TypeChecker {
            regions: &mut regions,
            body: &bodies[index],
            implied: &mut implied,
            inner_tys: &inner_tys,
            proved_copy: FxHashSet::default(),
            typed: Typed::default(),
        };
        typed.push(checker.run());
    }
    if bodies.len() > 1 {
        regions.body = 0;
        regions.close_universals();
    }
    let universal = regions.outliving_universals();
    for (index, body) in bodies.iter().enumerate() {
        regions.body = index as u32;
        liveness::compute(&mut regions, body, &universal);
        if index > 0 {
            // What a closure captured is valid wherever its body runs, and what a constant holds wherever it is computed.
            let mut inside = BitSet::new(total);
            inside.insert_range(body.offset..body.offset + body.data.point_count());
            let mut at = Some(index);
            while let Some(index) = at.filter(|index| *index > 0) {
                if let Some(ty) = inner_tys.get(&bodies[index].owner).copied() {
                    regions.add_live(ty, &inside);
                }
                at = bodies[index].parent;
            }
        }
    }
    // A variable that cannot name a placeholder it contains must be 'static: that is found when placeholders are checked.
    let ranges = ranges(&bodies);
    let mut solution;
    loop {
        let constraints = regions.constraints.clone();
        solution = solve(&regions.defs, constraints, &regions.live, &ranges, &regions.universals);
        if !propagate(&mut regions, &solution, &bodies) && !opaque::choose(&mut regions, &solution) {
            break;
        }
    }
    let mut errors: Vec<(Span, TypeError)> = region::check(&regions, &solution, &bodies);
    for (index, typed) in typed.into_iter().enumerate() {
        let set = LoanSet::new(&bodies[index], typed.loans, &solution);
        errors.extend(check::check(&regions, &solution, &bodies, index, &set));
    }
    for body in &bodies {
        errors.extend(const_drops::errors(db, body.mir, &body.order).into_iter().map(|error| (error.span, error)));
    }
    errors.sort_by_key(|(span, _)| *span);
    let mut out: Vec<TypeError> = Vec::new();
    for (_, error) in errors {
        if !out.iter().any(|known| known.span == error.span && known.code == error.code) {
            out.push(error);
        }
    }
    out
}

/// Gives every local its type with region variables; parameters and result have those of the signature.
fn renumber_locals(regions: &mut Regions<'_>, bodies: &mut [BodyCx<'_>], index: usize, signature: &Signature) {
    let body = &bodies[index];
    let mut locals: Vec<Ty> = Vec::with_capacity(body.mir.locals.len());
    for (_, decl) in body.mir.locals.iter() {
        locals.push(regions.renumber_ty(decl.ty));
    }
    let slot = |id: Idx<rgo_mir::LocalDecl>| u32::from(id.into_raw()) as usize;
    for (param, ty) in body.mir.params.iter().zip(&signature.inputs) {
        locals[slot(*param)] = *ty;
    }
    let ret = slot(body.mir.ret);
    if signature.output.has(rgo_typeck::ty::TypeFlags::HAS_OPAQUE) {
        opaque::define(regions, locals[ret], signature.output);
    } else if !matches!(signature.output.kind(), TyKind::Error) {
        locals[ret] = signature.output;
    }
    bodies[index].locals = locals;
}

/// The points of each body with those of the bodies in it, which follow it.
fn ranges(bodies: &[BodyCx<'_>]) -> Vec<std::ops::Range<usize>> {
    let mut ends: Vec<usize> = bodies.iter().map(|body| body.offset + body.data.point_count()).collect();
    for index in (1..bodies.len()).rev() {
        if let Some(parent) = bodies[index].parent {
            ends[parent] = ends[parent].max(ends[index]);
        }
    }
    bodies.iter().zip(ends).map(|(body, end)| body.offset..end).collect()
}

/// A region from outside that must outlive one that only a closure knows must outlive what is known to be longer: `'static`, where nothing is.
/// True if that is new.
fn propagate(regions: &mut Regions<'_>, solution: &Solution, bodies: &[BodyCx<'_>]) -> bool {
    if bodies.len() == 1 {
        return false;
    }
    let mut new = Vec::new();
    for (element, universal) in regions.universals.all.iter().enumerate() {
        if universal.body == 0 || !matches!(universal.kind, UniversalKind::Late { .. }) {
            continue;
        }
        let mut bounds: Vec<RegionVid> = regions.upper_bounds(universal.vid).collect();
        if bounds.is_empty() {
            bounds.push(RegionVid::STATIC);
        }
        for (index, def) in regions.defs.iter().enumerate() {
            let vid = RegionVid(index as u32);
            if def.is_universal || !solution.contains_end(vid, element) || is_inside(bodies, def.body, universal.body) {
                continue;
            }
            for bound in &bounds {
                if *bound != vid && !solution.has_constraint(vid, *bound) {
                    let blamed = solution.path(vid, |vid| vid == universal.vid);
                    new.push((vid, *bound, blamed.and_then(|(path, _)| blame(&path).copied())));
                }
            }
        }
    }
    for (sup, sub, blamed) in &new {
        if let Some(Constraint { category, span, location, body, .. }) = blamed {
            regions.constraints.push(Constraint {
                sup: *sup,
                sub: *sub,
                category: *category,
                span: *span,
                location: *location,
                body: *body,
            });
        }
    }
    new.iter().any(|(_, _, blamed)| blamed.is_some())
}

/// Marks the regions that a closure's type takes from outside: what its signature binds cannot outlive them.
fn mark_outside(regions: &mut Regions<'_>, ty: Ty, body: u32) {
    let marker = regions.add_universal(UniversalKind::Outside, body, None);
    regions.at.category = Category::Internal;
    let mut vids: Vec<RegionVid> = Vec::new();
    rgo_typeck::ty::fold::for_each_free_region(&ty, |region| {
        if let rgo_typeck::ty::RegionKind::Var(vid) = region.kind() {
            vids.push(RegionVid(*vid));
        }
    });
    vids.into_iter().for_each(|vid| regions.outlives(vid, marker));
}
