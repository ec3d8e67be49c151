//! The inference context: variables of types, integers, floats, constants and regions; unification; snapshots.
//!
//! In [`RegionMode::Erase`] no region is ever related or made: all are `Erased`. In [`RegionMode::Track`] (the borrow checker's) region
//! variables are numbered on from a start, and relations between regions are collected, never solved.
//! (rustc dev guide, "Type inference", "Region inference".)

mod outlives;
mod recent;
mod relate;
mod resolve;
mod table;

use std::cell::{Cell, RefCell};

use rgo_hir::{Db, DefId, LangItems};
use rgo_syntax::{Name, Span};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::collect;
use crate::solve::{EvalResult, ObligationCause, ParamEnv};
use crate::ty::{
    Args, Binder, BoundRegion, Const, ConstKind, GenericArg, GenericParamDef, GenericParamKind, Generics, InferTy,
    Predicate, ProjectionTy, Region, RegionKind, Subst, TraitRef, Ty, TyKind, TypeFoldable,
};

pub use outlives::{OutlivesComponent, outlives_components};
use recent::Recent;
pub use relate::{MismatchKind, Relate, RelateResult, TypeMismatch};
pub use resolve::FullyResolveError;
use table::Table;

pub use crate::collect::Variance;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegionMode {
    Erase,
    Track,
}

/// For whom the trait solver works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TypingMode {
    /// Bodies and signatures: opaque types are opaque.
    Analysis,
    /// Overlap checks of a package: what another one may implement later is unknown, not false.
    Coherence { package: DefId },
}

/// `sup: sub`, that is: `sup` outlives `sub`.
#[derive(Clone, Debug)]
pub struct RegionConstraint {
    pub sup: Region,
    pub sub: Region,
    pub cause: ObligationCause,
}

/// `ty: region`, to be taken apart by the borrow checker with [`outlives_components`].
#[derive(Clone, Debug)]
pub struct TypeOutlivesConstraint {
    pub ty: Ty,
    pub region: Region,
    pub cause: ObligationCause,
}

/// What is known of a region variable at birth.
#[derive(Clone, Debug)]
pub struct RegionVarInfo {
    pub universe: u32,
    pub cause: ObligationCause,
}

/// A region variable's number is the start plus its place here.
#[derive(Default)]
struct RegionTable {
    start: u32,
    vars: Vec<RegionVarInfo>,
    constraints: Vec<RegionConstraint>,
    type_outlives: Vec<TypeOutlivesConstraint>,
}

pub struct InferCtxt<'db> {
    pub db: &'db dyn Db,
    pub lang: &'db LangItems,
    pub param_env: ParamEnv,
    mode: Cell<RegionMode>,
    pub typing_mode: TypingMode,
    table: RefCell<Table>,
    regions: RefCell<RegionTable>,
    universe: Cell<u32>,
    /// How many projections under binders are being looked at, each within the one before.
    frozen: Cell<u32>,
    /// Results of goals without inference variables and regions.
    pub(crate) evaluation_cache: RefCell<FxHashMap<(ParamEnv, TraitRef), EvalResult>>,
    /// Normal forms of projections without inference variables and regions.
    pub(crate) projection_cache: RefCell<FxHashMap<(ParamEnv, ProjectionTy), Ty>>,
    generics: Recent<&'db Generics>,
    predicates: Recent<&'db [(Predicate, Span)]>,
    /// The projections that are being worked out, outermost first.
    pub(crate) projecting: RefCell<Vec<ProjectionTy>>,
    /// The goal is itself one that is asked for all regions (`solve::uniform`).
    pub(crate) answers_for_all: Cell<bool>,
    /// What reports say of closures.
    pub(crate) closure_notes: RefCell<FxHashMap<DefId, ClosureNotes>>,
    /// True once an error was reported that later ones may follow from.
    pub tainted: Cell<bool>,
}

/// What capture analysis found out about a closure.
pub struct ClosureNotes {
    /// The use that decided its kind, if that is not `Fn`.
    pub kind_origin: Option<CaptureNote>,
    pub captures: Vec<CaptureNote>,
}

/// A captured variable, where it is used, and the type of what the closure holds of it.
pub struct CaptureNote {
    pub variable: Name,
    pub span: Span,
    pub ty: Ty,
}

/// The regions there were before a projection under binders was looked at.
pub struct RegionMark {
    mode: RegionMode,
    first_var: u32,
    constraints: usize,
    type_outlives: usize,
}

impl RegionMark {
    /// Whether a region is a variable made since.
    pub fn is_new(&self, region: Region) -> bool {
        matches!(region.kind(), RegionKind::Var(var) if *var >= self.first_var)
    }
}

/// A point to go back to.
#[must_use]
pub struct Snapshot {
    undo_len: usize,
    region_vars: usize,
    region_constraints: usize,
    type_outlives: usize,
    universe: u32,
}

impl<'db> InferCtxt<'db> {
    /// A context that erases regions.
    pub fn new(db: &'db dyn Db, param_env: ParamEnv) -> InferCtxt<'db> {
        InferCtxt::with_mode(db, param_env, RegionMode::Erase, TypingMode::Analysis, 0)
    }

    /// A context that tracks regions; its region variables are numbered from `first_region_var`.
    pub fn tracking(db: &'db dyn Db, param_env: ParamEnv, first_region_var: u32) -> InferCtxt<'db> {
        InferCtxt::with_mode(db, param_env, RegionMode::Track, TypingMode::Analysis, first_region_var)
    }

    /// A context for the overlap checks of a package.
    pub fn coherence(db: &'db dyn Db, package: DefId) -> InferCtxt<'db> {
        InferCtxt::with_mode(db, ParamEnv::empty(), RegionMode::Erase, TypingMode::Coherence { package }, 0)
    }

    fn with_mode(
        db: &'db dyn Db,
        param_env: ParamEnv,
        mode: RegionMode,
        typing_mode: TypingMode,
        start: u32,
    ) -> InferCtxt<'db> {
        let param_env = match mode {
            RegionMode::Erase => param_env.erased(),
            RegionMode::Track => param_env,
        };
        InferCtxt {
            db,
            lang: rgo_hir::lang_items(db),
            param_env,
            mode: Cell::new(mode),
            typing_mode,
            table: RefCell::default(),
            regions: RefCell::new(RegionTable { start, ..RegionTable::default() }),
            universe: Cell::new(0),
            frozen: Cell::new(0),
            evaluation_cache: RefCell::default(),
            projection_cache: RefCell::default(),
            generics: Recent::default(),
            predicates: Recent::default(),
            projecting: RefCell::default(),
            answers_for_all: Cell::new(false),
            closure_notes: RefCell::default(),
            tainted: Cell::new(false),
        }
    }

    pub fn tracks_regions(&self) -> bool {
        self.mode.get() == RegionMode::Track
    }

    // ----- variables -----

    pub fn new_ty_var(&self, span: Span) -> Ty {
        Ty::infer(InferTy::Ty(self.table.borrow_mut().new_ty(span, self.universe.get())))
    }

    pub fn new_int_var(&self) -> Ty {
        Ty::infer(InferTy::Int(self.table.borrow_mut().new_int()))
    }

    pub fn new_float_var(&self) -> Ty {
        Ty::infer(InferTy::Float(self.table.borrow_mut().new_float()))
    }

    pub fn new_const_var(&self, span: Span) -> Const {
        Const::infer(self.table.borrow_mut().new_const(span))
    }

    /// A fresh region variable of the current universe; `Erased` where regions are not tracked.
    pub fn new_region_var(&self, cause: &ObligationCause) -> Region {
        self.new_region_var_in(self.universe.get(), cause)
    }

    pub fn new_region_var_in(&self, universe: u32, cause: &ObligationCause) -> Region {
        match self.mode.get() {
            RegionMode::Erase => Region::erased(),
            RegionMode::Track => {
                let mut regions = self.regions.borrow_mut();
                let index = regions.start + regions.vars.len() as u32;
                regions.vars.push(RegionVarInfo { universe, cause: cause.clone() });
                Region::var(index)
            }
        }
    }

    /// The universe that a region belongs to, as far as that is still known here.
    pub(crate) fn universe_of_region(&self, region: Region) -> u32 {
        match region.kind() {
            RegionKind::Placeholder { universe, .. } => *universe,
            RegionKind::Var(var) => {
                let regions = self.regions.borrow();
                let index = var.checked_sub(regions.start).map(|index| index as usize);
                index.and_then(|index| regions.vars.get(index)).map_or(0, |info| info.universe)
            }
            _ => 0,
        }
    }

    /// Where a type variable was made.
    pub fn ty_var_span(&self, var: u32) -> Span {
        self.table.borrow().ty_span(var)
    }

    /// Number of general type variables made so far.
    pub fn ty_var_count(&self) -> u32 {
        self.table.borrow().ty_count()
    }

    /// Number of integer variables made so far (for fallback).
    pub fn int_var_count(&self) -> u32 {
        self.table.borrow().int_count()
    }

    pub fn float_var_count(&self) -> u32 {
        self.table.borrow().float_count()
    }

    /// The representative of a general type variable.
    pub fn root_var(&self, var: u32) -> u32 {
        self.table.borrow().ty_root(var)
    }

    /// Fresh variables for all parameters of `def`.
    pub fn fresh_args(&self, def: DefId, cause: &ObligationCause) -> Args {
        self.fresh_args_after(Args::empty(), def, cause)
    }

    /// `given` for the first parameters of `def`, fresh variables for the others.
    pub fn fresh_args_after(&self, given: Args, def: DefId, cause: &ObligationCause) -> Args {
        let mut all: SmallVec<[GenericArg; 8]> = SmallVec::new();
        self.for_each_param(def, &mut |param| {
            let arg = match given.get(param.index as usize) {
                Some(arg) => *arg,
                None => match param.kind {
                    GenericParamKind::Lifetime => GenericArg::Region(self.new_region_var(cause)),
                    GenericParamKind::Type { .. } => GenericArg::Ty(self.new_ty_var(cause.span)),
                    GenericParamKind::Const { .. } => GenericArg::Const(self.new_const_var(cause.span)),
                },
            };
            all.push(arg);
        });
        Args::new(&all)
    }

    // ----- definitions -----

    pub fn generics_of(&self, def: DefId) -> &'db Generics {
        self.generics.get(def, || collect::generics_of(self.db, def))
    }

    pub fn predicates_of(&self, def: DefId) -> &'db [(Predicate, Span)] {
        self.predicates.get(def, || collect::predicates_of(self.db, def))
    }

    /// Calls `visit` for every parameter, parents' first.
    pub fn for_each_param(&self, def: DefId, visit: &mut dyn FnMut(&GenericParamDef)) {
        let generics = self.generics_of(def);
        if let Some(parent) = generics.parent {
            self.for_each_param(parent, visit);
        }
        generics.params.iter().for_each(visit);
    }

    // ----- binders -----

    /// The value with fresh region variables for the bound regions.
    pub fn instantiate_fresh<T: TypeFoldable>(&self, binder: Binder<T>, cause: &ObligationCause) -> T {
        if binder.vars.is_empty() || !self.tracks_regions() {
            return binder.instantiate_erased();
        }
        let fresh: SmallVec<[Region; 8]> = binder.vars.iter().map(|_| self.new_region_var(cause)).collect();
        binder.instantiate(|var| fresh.get(var.index as usize).copied().unwrap_or_else(Region::error))
    }

    /// The value with placeholders of a new universe for the bound regions.
    pub fn instantiate_placeholders<T: TypeFoldable>(&self, binder: Binder<T>) -> T {
        if binder.vars.is_empty() || !self.tracks_regions() {
            return binder.instantiate_erased();
        }
        let universe = self.create_universe();
        binder.instantiate(|var: BoundRegion| Region::new(RegionKind::Placeholder { universe, var }))
    }

    /// A new universe inside the current ones.
    pub fn create_universe(&self) -> u32 {
        self.universe.set(self.universe.get() + 1);
        self.universe.get()
    }

    pub fn universe(&self) -> u32 {
        self.universe.get()
    }

    // ----- regions -----

    /// Records that `sup` outlives `sub`.
    pub fn sub_regions(&self, sub: Region, sup: Region, cause: &ObligationCause) {
        // A region that is an error was reported where it is written.
        let certain = sub == sup || sup.is_static() || sub == Region::error() || sup == Region::error();
        if self.tracks_regions() && !certain {
            self.regions.borrow_mut().constraints.push(RegionConstraint { sup, sub, cause: cause.clone() });
        }
    }

    pub fn eq_regions(&self, a: Region, b: Region, cause: &ObligationCause) {
        if self.tracks_regions() && a != b {
            self.sub_regions(a, b, cause);
            self.sub_regions(b, a, cause);
        }
    }

    pub fn type_outlives(&self, ty: Ty, region: Region, cause: &ObligationCause) {
        if self.tracks_regions() {
            self.regions.borrow_mut().type_outlives.push(TypeOutlivesConstraint { ty, region, cause: cause.clone() });
        }
    }

    /// The region variables made since the last call, in order.
    pub fn take_region_vars(&self) -> Vec<RegionVarInfo> {
        let mut regions = self.regions.borrow_mut();
        regions.start += regions.vars.len() as u32;
        std::mem::take(&mut regions.vars)
    }

    pub fn take_region_constraints(&self) -> Vec<RegionConstraint> {
        std::mem::take(&mut self.regions.borrow_mut().constraints)
    }

    pub fn take_type_outlives(&self) -> Vec<TypeOutlivesConstraint> {
        std::mem::take(&mut self.regions.borrow_mut().type_outlives)
    }

    /// From here on relations of regions are collected apart, also in a context that erases regions if they are `wanted`.
    pub(crate) fn begin_frozen(&self, wanted: bool) -> RegionMark {
        let regions = self.regions.borrow();
        let mark = RegionMark {
            mode: self.mode.get(),
            first_var: regions.start + regions.vars.len() as u32,
            constraints: regions.constraints.len(),
            type_outlives: regions.type_outlives.len(),
        };
        if wanted {
            self.mode.set(RegionMode::Track);
        }
        self.frozen.set(self.frozen.get() + 1);
        mark
    }

    pub(crate) fn frozen_level(&self) -> u32 {
        self.frozen.get()
    }

    /// The relations since; a context that erases regions has made none then.
    pub(crate) fn end_frozen(&self, mark: &RegionMark) -> Vec<RegionConstraint> {
        let mut regions = self.regions.borrow_mut();
        let constraints = regions.constraints.split_off(mark.constraints);
        if mark.mode == RegionMode::Erase {
            let vars = (mark.first_var - regions.start) as usize;
            regions.vars.truncate(vars);
            regions.type_outlives.truncate(mark.type_outlives);
        }
        self.mode.set(mark.mode);
        self.frozen.set(self.frozen.get() - 1);
        constraints
    }

    // ----- snapshots -----

    pub fn snapshot(&self) -> Snapshot {
        let regions = self.regions.borrow();
        Snapshot {
            undo_len: self.table.borrow_mut().start_snapshot(),
            region_vars: regions.vars.len(),
            region_constraints: regions.constraints.len(),
            type_outlives: regions.type_outlives.len(),
            universe: self.universe.get(),
        }
    }

    pub fn rollback_to(&self, snapshot: Snapshot) {
        self.table.borrow_mut().rollback_to(snapshot.undo_len);
        let mut regions = self.regions.borrow_mut();
        regions.vars.truncate(snapshot.region_vars);
        regions.constraints.truncate(snapshot.region_constraints);
        regions.type_outlives.truncate(snapshot.type_outlives);
        self.universe.set(snapshot.universe);
    }

    pub fn commit(&self, snapshot: Snapshot) {
        self.table.borrow_mut().commit(snapshot.undo_len);
    }

    /// Runs `f` and undoes what it did to the context.
    pub fn probe<R>(&self, f: impl FnOnce() -> R) -> R {
        let snapshot = self.snapshot();
        let result = f();
        self.rollback_to(snapshot);
        result
    }

    /// Runs `f` and undoes what it did to the context if it fails.
    pub fn commit_if_ok<R, E>(&self, f: impl FnOnce() -> Result<R, E>) -> Result<R, E> {
        let snapshot = self.snapshot();
        let result = f();
        match &result {
            Ok(_) => self.commit(snapshot),
            Err(_) => self.rollback_to(snapshot),
        }
        result
    }

    // ----- shallow look-up -----

    /// The type itself, or what its variable stands for.
    pub fn shallow_resolve(&self, ty: Ty) -> Ty {
        match ty.kind() {
            TyKind::Infer(var) => self.table.borrow().probe_ty(ty, *var),
            _ => ty,
        }
    }

    pub fn shallow_resolve_const(&self, value: Const) -> Const {
        match value.kind() {
            ConstKind::Infer(var) => self.table.borrow().probe_const(value, *var),
            _ => value,
        }
    }

    /// Whether two types are the same, variables by what they stand for.
    pub fn same_var(&self, a: Ty, b: Ty) -> bool {
        self.shallow_resolve(a) == self.shallow_resolve(b)
    }

    /// The predicates of `def` for these arguments.
    pub fn instantiate_predicates(&self, def: DefId, args: Args) -> Vec<(Predicate, Span)> {
        self.predicates_of(def).iter().map(|(predicate, span)| (predicate.subst(args), *span)).collect()
    }
}
