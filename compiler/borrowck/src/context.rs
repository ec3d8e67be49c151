//! One body owner with the closures in it: their MIR, renumbered types, and the constraints found so far.

use rgo_hir::{Db, DefId};
use rgo_mir::bitset::BitSet;
use rgo_mir::move_paths::MoveData;
use rgo_mir::{BlockId, Body, Location, Place};
use rgo_syntax::Span;
use rgo_typeck::infer_ctxt::{InferCtxt, OutlivesComponent, outlives_components};
use rgo_typeck::solve::{CauseCode, FulfillCtxt, Obligation, ObligationCause};
use rgo_typeck::thir::{self, BorrowKind};
use rgo_typeck::ty::fold::{TypeFoldable, TypeVisitor, fold_free_regions, for_each_free_region};
use rgo_typeck::ty::{Binder, Clause, GenericArg, Predicate, Region, RegionKind, TraitRef, Ty, TyKind, TypeFlags};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;
use std::ops::ControlFlow;

use crate::liveness::Graph;
use crate::opaque::Hidden;
use crate::regions::constraint::{Category, Constraint, GenericKind, RegionVid, TypeTest, Verify};
use crate::regions::solve::RegionDef;
use crate::regions::universal::{UniversalKind, Universals};

/// A body being checked.
pub struct BodyCx<'db> {
    pub owner: DefId,
    pub thir: &'db thir::Body,
    pub mir: &'db Body,
    pub data: MoveData,
    /// Reachable blocks in reverse postorder.
    pub order: Vec<BlockId>,
    pub graph: Graph,
    /// Types of the locals with region variables.
    pub locals: Vec<Ty>,
    /// Its points begin here.
    pub offset: usize,
    /// The body that a closure is made in.
    pub parent: Option<usize>,
}

impl BodyCx<'_> {
    pub fn point(&self, location: Location) -> usize {
        self.offset + self.data.point(location)
    }
}

/// A borrow: `region` is how long the reference may live.
#[derive(Clone, Debug)]
pub struct Loan {
    pub location: Location,
    pub region: RegionVid,
    pub kind: BorrowKind,
    pub place: Place,
    pub span: Span,
    /// The reference itself.
    pub assigned: Place,
}

pub struct Regions<'db> {
    pub db: &'db dyn Db,
    pub infcx: InferCtxt<'db>,
    pub owner: DefId,
    pub defs: Vec<RegionDef>,
    pub constraints: Vec<Constraint>,
    pub type_tests: Vec<TypeTest>,
    pub universals: Universals,
    pub live: Vec<Option<BitSet>>,
    /// Index of the body being typed.
    pub body: u32,
    /// Where the constraints being made come from.
    pub at: At,
    /// While a signature is read, what its types ask of others waits until all is known that it implies.
    pub waiting: Option<Vec<(Ty, Region, At)>>,
    placeholders: FxHashMap<Region, RegionVid>,
    field_tys: FxHashMap<(Ty, u32, u32), Ty>,
    /// Regions from outside of a closure that are known to outlive one that its signature binds.
    pub closure_bounds: Vec<(RegionVid, RegionVid)>,
    /// Obligations are being proved, rather than types related.
    proving: bool,
    /// Placeholders that stand for the regions of one type that was related to another.
    pub of_types: FxHashSet<RegionVid>,
    /// The opaque types of the owner's own result.
    pub hidden: Vec<Hidden>,
    /// What is true without regards to regions, and was proved.
    proved: FxHashSet<TraitRef>,
    /// Failed relations: only after errors that were reported elsewhere.
    pub mismatches: Vec<(Span, Ty, Ty)>,
}

/// A place in a body with the category of what happens there.
#[derive(Clone, Copy, Debug)]
pub struct At {
    pub category: Category,
    pub span: Span,
    pub location: Option<Location>,
}

impl<'db> Regions<'db> {
    pub fn new(db: &'db dyn Db, owner: DefId) -> Regions<'db> {
        let param_env = rgo_typeck::solve::param_env(db, owner);
        let mut regions = Regions {
            db,
            infcx: InferCtxt::tracking(db, param_env, 0),
            owner,
            defs: Vec::new(),
            constraints: Vec::new(),
            type_tests: Vec::new(),
            universals: Universals::default(),
            live: Vec::new(),
            body: 0,
            at: At { category: Category::Internal, span: Span::default(), location: None },
            waiting: None,
            placeholders: FxHashMap::default(),
            field_tys: FxHashMap::default(),
            closure_bounds: Vec::new(),
            proving: false,
            of_types: FxHashSet::default(),
            hidden: Vec::new(),
            proved: FxHashSet::default(),
            mismatches: Vec::new(),
        };
        let vid = regions.fresh();
        regions.universals.add(vid, UniversalKind::Static, 0, Some(Region::static_()));
        regions.defs[vid.index()].is_universal = true;
        regions
    }

    pub fn cause(&self) -> ObligationCause {
        ObligationCause::misc(self.owner, self.at.span)
    }

    /// A new region variable that can name no placeholder.
    pub fn fresh(&mut self) -> RegionVid {
        let cause = self.cause();
        let region = self.infcx.new_region_var_in(0, &cause);
        self.sync();
        match region.kind() {
            RegionKind::Var(vid) => RegionVid(*vid),
            _ => RegionVid::STATIC,
        }
    }

    pub fn fresh_region(&mut self) -> Region {
        Region::var(self.fresh().0)
    }

    pub fn add_universal(&mut self, kind: UniversalKind, body: u32, region: Option<Region>) -> RegionVid {
        let vid = self.fresh();
        self.defs[vid.index()].is_universal = true;
        self.universals.add(vid, kind, body, region);
        vid
    }

    /// Takes over the variables that the inference context has made.
    fn sync(&mut self) {
        for info in self.infcx.take_region_vars() {
            self.defs.push(RegionDef { universe: info.universe, body: self.body, is_universal: false });
            self.live.push(None);
        }
    }

    /// Regions that contain a universal one, and so every point: their liveness says nothing new.
    pub fn outliving_universals(&self) -> Vec<bool> {
        // Who outlives each region, the regions one after the other: few have more than one, most bodies hundreds of regions.
        let mut ends = vec![0_u32; self.defs.len() + 1];
        self.constraints.iter().for_each(|constraint| ends[constraint.sub.index()] += 1);
        let mut total = 0;
        for end in &mut ends {
            total += *end;
            *end = total;
        }
        let mut longer = vec![0_u32; self.constraints.len()];
        let mut starts = ends;
        for constraint in &self.constraints {
            let start = &mut starts[constraint.sub.index()];
            *start -= 1;
            longer[*start as usize] = constraint.sup.0;
        }
        let mut found = vec![false; self.defs.len()];
        let is_start = |universal: &&crate::regions::universal::Universal| {
            !matches!(universal.kind, UniversalKind::Placeholder { .. } | UniversalKind::Outside)
        };
        let mut stack: Vec<u32> =
            self.universals.all.iter().filter(is_start).map(|universal| universal.vid.0).collect();
        while let Some(vid) = stack.pop() {
            if !std::mem::replace(&mut found[vid as usize], true) {
                stack.extend(&longer[starts[vid as usize] as usize..starts[vid as usize + 1] as usize]);
            }
        }
        found
    }

    /// Regions known outside of a closure that outlive `shorter`, which only the closure knows.
    pub fn upper_bounds(&self, shorter: RegionVid) -> impl Iterator<Item = RegionVid> + '_ {
        self.closure_bounds
            .iter()
            .filter(move |(_, known)| self.universals.outlives(*known, shorter))
            .map(|(longer, _)| *longer)
    }

    /// The variable for a region of any kind.
    pub fn vid(&mut self, region: Region) -> RegionVid {
        match region.kind() {
            RegionKind::Static => RegionVid::STATIC,
            RegionKind::Var(vid) => RegionVid(*vid),
            RegionKind::EarlyParam { name, .. } => match self.universals.region(region) {
                Some(vid) => vid,
                None => self.add_universal(UniversalKind::Early { name: *name }, 0, Some(region)),
            },
            RegionKind::LateParam { scope, var } => match self.universals.region(region) {
                Some(vid) => vid,
                None if scope.is_inside(self.owner) => {
                    self.add_universal(UniversalKind::Late { scope: *scope, var: *var }, self.body, Some(region))
                }
                // Of another function: only after an error there.
                None => self.fresh(),
            },
            RegionKind::Placeholder { universe, var } => match self.placeholders.get(&region) {
                Some(vid) => *vid,
                None => {
                    let kind = UniversalKind::Placeholder { universe: *universe, var: *var };
                    let vid = self.add_universal(kind, self.body, None);
                    self.defs[vid.index()].universe = *universe;
                    self.placeholders.insert(region, vid);
                    if !self.proving {
                        self.of_types.insert(vid);
                    }
                    vid
                }
            },
            RegionKind::Erased | RegionKind::Shared(_) | RegionKind::Error | RegionKind::Bound { .. } => self.fresh(),
        }
    }

    /// Fresh variables for erased regions, variables for named ones.
    pub fn renumber<T: TypeFoldable>(&mut self, value: T) -> T {
        let cause = self.cause();
        let universals = &self.universals;
        let infcx = &self.infcx;
        let mut shared: SmallVec<[(u32, Region); 2]> = SmallVec::new();
        let value = fold_free_regions(value, |region| match region.kind() {
            RegionKind::Erased | RegionKind::Error => infcx.new_region_var_in(0, &cause),
            RegionKind::Shared(number) => match shared.iter().find(|(known, _)| known == number) {
                Some((_, var)) => *var,
                None => {
                    let var = infcx.new_region_var_in(0, &cause);
                    shared.push((*number, var));
                    var
                }
            },
            RegionKind::Var(_) | RegionKind::Placeholder { .. } | RegionKind::Bound { .. } => region,
            RegionKind::Static | RegionKind::EarlyParam { .. } | RegionKind::LateParam { .. } => {
                match universals.region(region) {
                    Some(vid) => Region::var(vid.0),
                    None => region,
                }
            }
        });
        self.sync();
        value
    }

    /// Renumbering of a type, which is often free of regions.
    pub fn renumber_ty(&mut self, ty: Ty) -> Ty {
        if may_have_regions(ty) { self.renumber(ty) } else { ty }
    }

    // ----- constraints -----

    pub fn outlives(&mut self, sup: RegionVid, sub: RegionVid) {
        if sup != sub && sup != RegionVid::STATIC {
            let At { category, span, location } = self.at;
            self.constraints.push(Constraint { sup, sub, category, span, body: self.body, location });
        }
    }

    pub fn region_outlives(&mut self, sup: Region, sub: Region) {
        let (sup, sub) = (self.vid(sup), self.vid(sub));
        self.outlives(sup, sub);
    }

    /// Takes over what relating and solving have collected.
    pub fn drain(&mut self) {
        self.sync();
        let category = self.at.category;
        for constraint in self.infcx.take_region_constraints() {
            if let CauseCode::WhereClause { item, span } = &*constraint.cause.root().code {
                self.at.category = Category::Predicate(*item, *span);
            }
            let (sup, sub) = (self.vid(constraint.sup), self.vid(constraint.sub));
            self.outlives(sup, sub);
            self.at.category = category;
        }
        for constraint in self.infcx.take_type_outlives() {
            if let CauseCode::WhereClause { item, span } = &*constraint.cause.root().code {
                self.at.category = Category::Predicate(*item, *span);
            }
            self.type_outlives(constraint.ty, constraint.region);
            self.at.category = category;
        }
    }

    pub fn relate(&mut self, variance: rgo_typeck::infer_ctxt::Variance, a: Ty, b: Ty) {
        if a == b {
            return;
        }
        let cause = self.cause();
        if self.infcx.relate(&cause, variance, a, b).is_err() {
            let (a_normal, b_normal) = (self.normalize(a), self.normalize(b));
            if self.infcx.relate(&cause, variance, a_normal, b_normal).is_err() {
                self.mismatches.push((self.at.span, a, b));
            }
        }
        self.drain();
    }

    pub fn sub(&mut self, a: Ty, b: Ty) {
        self.relate(rgo_typeck::infer_ctxt::Variance::Covariant, a, b);
    }

    pub fn eq(&mut self, a: Ty, b: Ty) {
        self.relate(rgo_typeck::infer_ctxt::Variance::Invariant, a, b);
    }

    pub fn normalize<T: TypeFoldable>(&mut self, value: T) -> T {
        if !value.has_flag(TypeFlags::HAS_PROJECTION) {
            return value;
        }
        let cause = self.cause();
        let mut obligations = Vec::new();
        let value = self.infcx.normalize(value, &cause, &mut obligations);
        self.prove(obligations);
        self.infcx.resolve_vars_if_possible(value)
    }

    /// Proves what type checking has proved already, to learn what it asks of regions.
    pub fn prove(&mut self, obligations: Vec<Obligation>) {
        if !obligations.is_empty() {
            let mut fulfill = FulfillCtxt::new();
            fulfill.register_all(&self.infcx, obligations);
            self.select(fulfill);
        } else {
            self.select(FulfillCtxt::new());
        }
    }

    fn select(&mut self, mut fulfill: FulfillCtxt) {
        let _ = fulfill.select_where_possible(&self.infcx);
        let outer = std::mem::replace(&mut self.proving, true);
        self.drain();
        self.proving = outer;
    }

    /// Proves the where clauses of `def` for these arguments, as far as regions matter.
    pub fn prove_predicates(&mut self, def: DefId, args: rgo_typeck::ty::Args) {
        let mut obligations = Vec::new();
        for (predicate, span) in self.infcx.predicates_of(def) {
            let (predicate, span) = (rgo_typeck::ty::Subst::subst(*predicate, args), *span);
            let concerns_regions = predicate.has_flag(TypeFlags::HAS_REGION) || !predicate.vars.is_empty();
            if !concerns_regions && !self.may_need_regions(predicate) {
                continue;
            }
            let cause = ObligationCause::new(self.owner, self.at.span, CauseCode::WhereClause { item: def, span });
            let obligation = Obligation::new(cause, self.infcx.param_env, predicate);
            if concerns_regions {
                obligations.push(obligation);
            } else {
                let mut fulfill = FulfillCtxt::new();
                fulfill.register_conditions(&self.infcx, obligation);
                self.select(fulfill);
            }
        }
        if obligations.is_empty() {
            return;
        }
        let mut normal = Vec::new();
        let obligations: Vec<Obligation> = obligations
            .into_iter()
            .map(|obligation| {
                let predicate = self.infcx.normalize(obligation.predicate, &obligation.cause, &mut normal);
                obligation.with_predicate(predicate)
            })
            .collect();
        normal.extend(obligations);
        self.prove(normal);
    }

    /// Whether the impl that makes a predicate without regions true may ask something of regions: `where for<'a> &'a T: Trait<'static>`. True once
    /// for each predicate.
    fn may_need_regions(&mut self, predicate: Predicate) -> bool {
        let Clause::Trait(trait_ref) = predicate.value else { return false };
        let is_own = match trait_ref.self_ty().kind() {
            TyKind::Param(_) => false,
            TyKind::Adt(adt, _) => !adt.is_std() || !trait_ref.trait_.is_std(),
            _ => !trait_ref.trait_.is_std(),
        };
        is_own && self.proved.insert(trait_ref)
    }

    pub fn predicate(&mut self, clause: Clause) {
        let cause = self.cause();
        self.prove(vec![Obligation::new(cause, self.infcx.param_env, Binder::dummy(clause))]);
    }

    // ----- types that outlive regions -----

    pub fn type_outlives(&mut self, ty: Ty, region: Region) {
        if let Some(waiting) = &mut self.waiting {
            waiting.push((ty, region, self.at));
            return;
        }
        let ty = self.infcx.resolve_vars_if_possible(ty);
        let bound = self.vid(region);
        self.ty_outlives_vid(ty, bound);
    }

    pub fn ty_outlives_vid(&mut self, ty: Ty, bound: RegionVid) {
        for component in outlives_components(ty) {
            match component {
                OutlivesComponent::Region(region) => {
                    let sup = self.vid(region);
                    self.outlives(sup, bound);
                }
                OutlivesComponent::Param(param) => {
                    let kind = GenericKind::Param(param);
                    let verify = self.verify_known(kind);
                    self.type_test(kind, bound, verify);
                }
                OutlivesComponent::Projection(projection) => {
                    let ty = projection.to_ty();
                    let normal = self.normalize(ty);
                    if normal != ty && !matches!(normal.kind(), TyKind::Projection(..)) {
                        self.ty_outlives_vid(normal, bound);
                    } else {
                        self.alias_outlives(ty, projection.item, projection.args, bound);
                    }
                }
                OutlivesComponent::Opaque(def, args) => {
                    self.alias_outlives(Ty::new(TyKind::Opaque(def, args)), def, args, bound);
                }
                OutlivesComponent::Infer(_) => {}
            }
        }
    }

    fn alias_outlives(&mut self, ty: Ty, def: DefId, args: rgo_typeck::ty::Args, bound: RegionVid) {
        let kind = GenericKind::Alias(ty);
        let mut ways = Vec::new();
        for (known, region) in self.universals.type_bounds.clone() {
            if let GenericKind::Alias(alias) = known
                && rgo_typeck::ty::Subst::erase_regions(alias) == rgo_typeck::ty::Subst::erase_regions(ty)
            {
                let (known, own) = (self.regions_of(alias), self.regions_of(ty));
                let pairs: Vec<_> = known.into_iter().zip(own).filter(|(known, own)| known != own).collect();
                ways.push(if pairs.is_empty() { Verify::Region(region) } else { Verify::IfEqual(pairs, region) });
            }
        }
        for predicate in rgo_typeck::collect::item_bounds(self.db, def) {
            if let Clause::TypeOutlives(_, region) = predicate.value {
                let region = rgo_typeck::ty::Subst::subst(region, args);
                let region = self.vid(region);
                ways.push(Verify::Region(region));
            }
        }
        if ways.is_empty() {
            // All that it is made of must outlive the region.
            for arg in &args {
                match arg {
                    GenericArg::Region(region) => {
                        let sup = self.vid(*region);
                        self.outlives(sup, bound);
                    }
                    GenericArg::Ty(ty) => self.ty_outlives_vid(*ty, bound),
                    GenericArg::Const(_) => {}
                }
            }
            return;
        }
        ways.push(self.verify_parts(args));
        self.type_test(kind, bound, Verify::Any(ways));
    }

    /// The regions of a type, in order.
    fn regions_of(&mut self, ty: Ty) -> Vec<RegionVid> {
        let mut found = Vec::new();
        for_each_free_region(&ty, |region| found.push(region));
        found.into_iter().map(|region| self.vid(region)).collect()
    }

    fn verify_parts(&mut self, args: rgo_typeck::ty::Args) -> Verify {
        let mut all = Vec::new();
        for arg in &args {
            match arg {
                GenericArg::Region(region) => all.push(Verify::Region(self.vid(*region))),
                GenericArg::Ty(ty) => {
                    for component in outlives_components(*ty) {
                        match component {
                            OutlivesComponent::Region(region) => all.push(Verify::Region(self.vid(region))),
                            OutlivesComponent::Param(param) => all.push(self.verify_known(GenericKind::Param(param))),
                            OutlivesComponent::Projection(projection) => all.push(self.verify_parts(projection.args)),
                            OutlivesComponent::Opaque(_, args) => all.push(self.verify_parts(args)),
                            OutlivesComponent::Infer(_) => {}
                        }
                    }
                }
                GenericArg::Const(_) => {}
            }
        }
        Verify::All(all)
    }

    fn verify_known(&self, kind: GenericKind) -> Verify {
        let known = self.universals.type_bounds.iter().filter(|(known, _)| match (known, kind) {
            (GenericKind::Param(a), GenericKind::Param(b)) => a.index == b.index,
            (GenericKind::Alias(a), GenericKind::Alias(b)) => *a == b,
            _ => false,
        });
        Verify::Any(known.map(|(_, region)| Verify::Region(*region)).collect())
    }

    fn type_test(&mut self, kind: GenericKind, bound: RegionVid, verify: Verify) {
        let span = self.at.span;
        self.type_tests.push(TypeTest { kind, bound, span, verify });
    }

    // ----- types of places -----

    pub fn place_ty(&mut self, body: &BodyCx<'_>, place: &Place) -> Ty {
        self.projected_ty(body, place, place.projection.len())
    }

    /// The type of the first `count` projections of a place.
    pub fn projected_ty(&mut self, body: &BodyCx<'_>, place: &Place, count: usize) -> Ty {
        let mut ty = body.locals[u32::from(place.local.into_raw()) as usize];
        let mut variant = 0;
        for elem in &place.projection[..count] {
            match elem {
                rgo_mir::Projection::Downcast(index) => variant = *index,
                rgo_mir::Projection::Field { index, ty: written } => {
                    ty = self.field_ty(ty, variant, *index, *written);
                    variant = 0;
                }
                _ => ty = rgo_mir::project_ty(ty, elem),
            }
        }
        ty
    }

    pub fn field_ty(&mut self, ty: Ty, variant: u32, index: u32, written: Ty) -> Ty {
        match ty.kind() {
            TyKind::Tuple(items) => items.get(index as usize).copied().unwrap_or(written),
            TyKind::Closure(_, args) => {
                let upvars = rgo_typeck::ty::ClosureArgs::new(*args).upvars();
                upvars.get(index as usize).copied().unwrap_or(written)
            }
            TyKind::Adt(adt, args) => {
                if !written.has(TypeFlags::HAS_PARAM) && !may_have_regions(written) {
                    return written;
                }
                if let Some(known) = self.field_tys.get(&(ty, variant, index)) {
                    return *known;
                }
                let def = rgo_typeck::collect::adt_def(self.db, *adt);
                let field = def.variants.get(variant as usize).and_then(|variant| variant.fields.get(index as usize));
                let Some(field) = field else { return written };
                let field = rgo_typeck::ty::Subst::subst(field.ty, *args);
                let field = self.renumber(field);
                let field = self.normalize(field);
                self.field_tys.insert((ty, variant, index), field);
                field
            }
            _ => written,
        }
    }

    /// Adds points to the liveness of all regions in a type.
    pub fn add_live(&mut self, ty: Ty, points: &BitSet) {
        let mut vids = Vec::new();
        self.regions_live_with(ty, &mut vids);
        for vid in vids {
            if !self.defs[vid].is_universal {
                match &mut self.live[vid] {
                    Some(live) => {
                        live.union(points);
                    }
                    empty => *empty = Some(points.clone()),
                }
            }
        }
    }
}

impl Regions<'_> {
    /// The region variables that must be valid wherever a value of the type is used.
    fn regions_live_with(&self, ty: Ty, out: &mut Vec<usize>) {
        struct Live<'a, 'db> {
            regions: &'a Regions<'db>,
            out: &'a mut Vec<usize>,
        }
        impl TypeVisitor for Live<'_, '_> {
            fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
                match ty.kind() {
                    TyKind::Projection(def, args) | TyKind::Opaque(def, args) => {
                        match self.regions.known_bound(ty, *def, *args) {
                            Some(bound) => self.visit_region(bound),
                            None => ty.super_visit_with(self),
                        }
                    }
                    _ => ty.super_visit_with(self),
                }
            }

            fn visit_region(&mut self, region: Region) -> ControlFlow<()> {
                if let RegionKind::Var(vid) = region.kind() {
                    self.out.push(*vid as usize);
                }
                ControlFlow::Continue(())
            }
        }
        let _ = ty.visit_with(&mut Live { regions: self, out });
    }

    /// The one region that an associated or opaque type is known to outlive; `'static`, if that is among them.
    fn known_bound(&self, ty: Ty, def: DefId, args: rgo_typeck::ty::Args) -> Option<Region> {
        let of_item = rgo_typeck::collect::item_bounds(self.db, def).iter().filter_map(|bound| match bound.value {
            Clause::TypeOutlives(subject, region) if matches!(subject.kind(), TyKind::Projection(item, _) | TyKind::Opaque(item, _) if *item == def) => {
                Some(rgo_typeck::ty::Subst::subst(region, args))
            }
            _ => None,
        });
        let erased = rgo_typeck::ty::Subst::erase_regions(ty);
        let of_environment = self.universals.type_bounds.iter().filter_map(|(kind, region)| match kind {
            GenericKind::Alias(alias) if rgo_typeck::ty::Subst::erase_regions(*alias) == erased => {
                Some(if *region == RegionVid::STATIC { Region::static_() } else { Region::var(region.0) })
            }
            _ => None,
        });
        let mut bounds: Vec<Region> = of_item.chain(of_environment).collect();
        if bounds.iter().any(|bound| bound.is_static()) {
            return Some(Region::static_());
        }
        bounds.dedup();
        match bounds.as_slice() {
            [bound] => Some(*bound),
            _ => None,
        }
    }
}

/// Whether renumbering could find a region in an erased type.
pub fn may_have_regions(ty: Ty) -> bool {
    ty.has(TypeFlags::HAS_LIFETIME)
}
