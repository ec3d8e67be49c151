//! Projection: what `<T as Trait>::Assoc` is, and normalisation of everything that contains projections.
//!
//! Sources in order: where clauses, bounds of the self type's own projection or opaque type, the `dyn` type's constraints, then the impl (or callable)
//! that selection finds. What only a where clause promises to exist stays a rigid projection.

use std::cell::Cell;

use rgo_hir::Db;

use super::bound_regions::{self, Names};
use super::select::{Candidate, SelectError, aliases, reveals};
use super::{Obligation, ObligationCause, ParamEnv, RECURSION_LIMIT};
use crate::collect;
use crate::infer_ctxt::{InferCtxt, TypeMismatch, TypingMode};
use crate::ty::fold::TypeFolder;
use crate::ty::{
    Binder, Clause, Const, ConstKind, Predicate, ProjectionTy, Subst, TraitRef, Ty, TyKind, TypeFlags, TypeFoldable,
};

/// How often a projection may be met while it is itself worked out, by the conditions of impls that are then not taken. One that always needs itself
/// again (`impl Trait for S<<S<()> as Trait>::Item>`) is found out by it before the attempts multiply.
const SAME_PROJECTION_LIMIT: usize = 3;

/// What a projection obligation came to.
pub(crate) enum ProjectionOutcome {
    Done(Vec<Obligation>),
    Ambiguous(ProjectionTy),
    Mismatch(Ty, Ty, TypeMismatch),
    Unimplemented,
    Overflow,
}

/// What a projection is.
enum Projected {
    Ty(Ty, Vec<Obligation>),
    /// It stands for itself.
    Rigid,
    Ambiguous,
    Unimplemented,
    Overflow,
}

/// The assumptions with their own projections replaced.
pub(crate) fn normalize_param_env(db: &dyn Db, param_env: ParamEnv) -> ParamEnv {
    let infcx = InferCtxt::new(db, param_env);
    let cause = ObligationCause::dummy();
    let clauses: Vec<Predicate> = param_env
        .clauses
        .iter()
        .map(|clause| {
            if !clause.has_projection() {
                return *clause;
            }
            let mut ignored = Vec::new();
            let normalized = infcx.normalize_in(param_env, *clause, &cause, &mut ignored);
            let normalized = infcx.resolve_vars_if_possible(normalized);
            if normalized.has_infer() || normalized.has_error() { *clause } else { normalized }
        })
        .collect();
    // What the normalised clauses imply is part of the assumptions too.
    let mut all = super::elaborate(db, clauses);
    all.dedup();
    ParamEnv { reveal: param_env.reveal, ..ParamEnv::new(&all) }
}

impl<'db> InferCtxt<'db> {
    /// The value with every projection replaced by what it stands for, or by a fresh variable that an obligation binds to it.
    /// New obligations are appended.
    pub fn normalize<T: TypeFoldable>(
        &self,
        value: T,
        cause: &ObligationCause,
        obligations: &mut Vec<Obligation>,
    ) -> T {
        self.normalize_at(self.param_env, value, cause, 0, obligations)
    }

    pub fn normalize_in<T: TypeFoldable>(
        &self,
        param_env: ParamEnv,
        value: T,
        cause: &ObligationCause,
        obligations: &mut Vec<Obligation>,
    ) -> T {
        self.normalize_at(param_env, value, cause, 0, obligations)
    }

    pub(crate) fn normalize_at<T: TypeFoldable>(
        &self,
        param_env: ParamEnv,
        value: T,
        cause: &ObligationCause,
        depth: u32,
        obligations: &mut Vec<Obligation>,
    ) -> T {
        let value = self.resolve_vars_if_possible(value);
        if !needs_normalizing(&value, param_env) {
            return value;
        }
        value.fold_with(&mut Normalizer { infcx: self, param_env, cause, depth, obligations, binders: 0 })
    }

    /// A predicate that was registered before the type was known that a projection with bound regions in it is of: now it may be.
    pub(crate) fn renormalize(&self, obligation: &Obligation, nested: &mut Vec<Obligation>) -> Predicate {
        let predicate = self.resolve_vars_if_possible(obligation.predicate);
        if predicate.vars.is_empty() || !predicate.has_projection() {
            return predicate;
        }
        self.normalize_at(obligation.param_env, predicate, &obligation.cause, obligation.depth, nested)
    }

    /// The constant's value, if it can be evaluated now.
    pub fn evaluate_const(&self, value: Const) -> Const {
        let value = self.shallow_resolve_const(value);
        match value.kind() {
            ConstKind::Unevaluated(def, args) => {
                let args = self.resolve_vars_if_possible(*args);
                if args.has_infer() || args.has_param() { value } else { collect::const_value(self.db, *def, args) }
            }
            ConstKind::Value(_) | ConstKind::Param { .. } | ConstKind::Infer(_) | ConstKind::Error => value,
        }
    }

    /// Makes `projection == ty` hold.
    pub(crate) fn process_projection(
        &self,
        obligation: &Obligation,
        projection: ProjectionTy,
        ty: Ty,
    ) -> ProjectionOutcome {
        let projection = self.resolve_vars_if_possible(projection);
        if projection.has_error() {
            return ProjectionOutcome::Done(Vec::new());
        }
        let mut nested = Vec::new();
        let found = match self.project(obligation.param_env, projection, &obligation.cause, obligation.depth) {
            Projected::Ty(found, more) => {
                nested = more;
                self.normalize_at(obligation.param_env, found, &obligation.cause, obligation.depth + 1, &mut nested)
            }
            Projected::Rigid => projection.to_ty(),
            Projected::Ambiguous => return ProjectionOutcome::Ambiguous(projection),
            Projected::Unimplemented => return ProjectionOutcome::Unimplemented,
            Projected::Overflow => return ProjectionOutcome::Overflow,
        };
        // The expected type may itself be an unnormalised projection (from a where clause about a projection).
        let expected =
            self.normalize_at(obligation.param_env, ty, &obligation.cause, obligation.depth + 1, &mut nested);
        match self.eq(&obligation.cause, found, expected) {
            Ok(()) => ProjectionOutcome::Done(nested),
            Err(mismatch) => ProjectionOutcome::Mismatch(
                self.resolve_vars_if_possible(expected),
                self.resolve_vars_if_possible(found),
                mismatch,
            ),
        }
    }

    fn project(&self, param_env: ParamEnv, projection: ProjectionTy, cause: &ObligationCause, depth: u32) -> Projected {
        let again = self.projecting.borrow().iter().filter(|outer| **outer == projection).count();
        if depth > RECURSION_LIMIT || again > SAME_PROJECTION_LIMIT {
            return Projected::Overflow;
        }
        self.projecting.borrow_mut().push(projection);
        let projected = self.project_anew(param_env, projection, cause, depth);
        self.projecting.borrow_mut().pop();
        projected
    }

    fn project_anew(
        &self,
        param_env: ParamEnv,
        projection: ProjectionTy,
        cause: &ObligationCause,
        depth: u32,
    ) -> Projected {
        let self_ty = self.shallow_resolve(projection.self_ty());
        if self_ty.is_ty_var() {
            return Projected::Ambiguous;
        }
        let from_env = param_env.clauses.as_slice().iter().copied();
        if let Some(found) = self.project_by_clauses(from_env, projection, cause) {
            return found;
        }
        match self_ty.kind() {
            TyKind::Projection(..) | TyKind::Opaque(..) => {
                let bounds = aliases(self_ty).flat_map(|(def, args)| {
                    collect::item_bounds(self.db, def).iter().map(move |bound| bound.subst(args))
                });
                if let Some(found) = self.project_by_clauses(bounds, projection, cause) {
                    return found;
                }
            }
            TyKind::Dynamic(clauses, _) => {
                // Supertraits say more: `trait Handler: Fn(&str) -> u8`.
                let bounds = super::elaborate(self.db, clauses.iter().map(|clause| clause.with_self_ty(self_ty)));
                if let Some(found) = self.project_by_clauses(bounds.into_iter(), projection, cause) {
                    return found;
                }
            }
            _ => {}
        }
        self.project_by_selection(param_env, projection, cause, depth)
    }

    /// Looks for `projection == ty` among clauses.
    fn project_by_clauses(
        &self,
        clauses: impl Iterator<Item = Predicate>,
        projection: ProjectionTy,
        cause: &ObligationCause,
    ) -> Option<Projected> {
        let mut found: Option<Binder<(ProjectionTy, Ty)>> = None;
        let mut several = false;
        for clause in clauses {
            let Clause::Projection(candidate, ty) = clause.value else { continue };
            if candidate.item != projection.item {
                continue;
            }
            let candidate = Binder { value: (candidate, ty), vars: clause.vars };
            let applies = self.probe(|| {
                let (candidate, _) = self.instantiate_fresh(candidate, cause);
                self.eq(cause, candidate, projection).is_ok()
            });
            if !applies {
                continue;
            }
            match found {
                Some(known) if known.erase_regions() != candidate.erase_regions() => several = true,
                Some(_) => {}
                None => found = Some(candidate),
            }
        }
        let found = found?;
        if several && projection.has_infer() {
            return Some(Projected::Ambiguous);
        }
        let (candidate, ty) = self.instantiate_fresh(found, cause);
        match self.eq(cause, candidate, projection) {
            // `T::Item == T::Item` tells nothing.
            Ok(()) if ty == projection.to_ty() => Some(Projected::Rigid),
            Ok(()) => Some(Projected::Ty(ty, Vec::new())),
            Err(_) => None,
        }
    }

    fn project_by_selection(
        &self,
        param_env: ParamEnv,
        projection: ProjectionTy,
        cause: &ObligationCause,
        depth: u32,
    ) -> Projected {
        let trait_ = projection.trait_def();
        let trait_count = self.generics_of(trait_).count();
        let trait_ref = TraitRef::new(trait_, projection.args.truncated(trait_count));
        let obligation = Obligation { cause: cause.clone(), param_env, predicate: trait_ref.to_predicate(), depth };
        let candidate = match self.select(&obligation, trait_ref) {
            Ok(Some(candidate)) => candidate,
            Ok(None) => return Projected::Ambiguous,
            Err(SelectError::Unimplemented) => return Projected::Unimplemented,
            Err(SelectError::Overflow) => return Projected::Overflow,
        };
        match &candidate {
            Candidate::Impl(def, impl_ref) => {
                let Ok((args, mut nested)) = self.match_impl(*def, *impl_ref, trait_ref, &obligation) else {
                    return Projected::Unimplemented;
                };
                // E0207 has been said of the impl; what it would project to is nobody's guess.
                if args.has_infer() && !trait_ref.has_infer() && crate::items::has_unconstrained_params(self.db, *def) {
                    return Projected::Ty(Ty::error(), Vec::new());
                }
                // The impl's own conditions fix arguments that its head leaves open (`impl<F, A> Trait for F where F: Fn(A)`).
                for (predicate, span) in self.predicates_of(*def) {
                    let predicate = predicate.subst(args);
                    if predicate.has_infer() {
                        let cause = cause.derived(trait_ref, super::DerivedSource::Impl { def: *def, span: *span });
                        let predicate = self.normalize_at(param_env, predicate, &cause, depth + 1, &mut nested);
                        nested.push(Obligation { cause, param_env, predicate, depth: depth + 1 });
                    }
                }
                let ty = match collect::impl_item_for(self.db, *def, projection.item) {
                    Some(item) => collect::type_of(self.db, item).subst(projection.args.rebased(trait_count, args)),
                    None if collect::has_default(self.db, projection.item) => {
                        collect::type_of(self.db, projection.item).subst(projection.args)
                    }
                    None => Ty::error(),
                };
                Projected::Ty(ty, nested)
            }
            Candidate::Callable(sig) => {
                let sig = self.instantiate_fresh(*sig, cause);
                let mut nested = Vec::new();
                let sig = self.normalize_at(param_env, sig, cause, depth + 1, &mut nested);
                if self.eq(cause, trait_ref.args.ty(1), Ty::tuple(sig.inputs())).is_err() {
                    return Projected::Unimplemented;
                }
                Projected::Ty(sig.output(), nested)
            }
            Candidate::Param(_)
            | Candidate::ItemBound(_)
            | Candidate::Object(_)
            | Candidate::Builtin(_)
            | Candidate::Auto(_)
            | Candidate::Unsize(..) => Projected::Rigid,
        }
    }

    /// A projection without inference variables and regions: its normal form, from the cache of the whole compilation.
    fn project_closed(&self, param_env: ParamEnv, projection: ProjectionTy) -> Normal {
        if let Some(known) = self.projection_cache.borrow().get(&(param_env, projection)) {
            return Normal::Form(*known);
        }
        let found = normalized_projection(self.db, param_env, projection);
        if let Normal::Form(ty) = found {
            self.projection_cache.borrow_mut().insert((param_env, projection), ty);
        }
        found
    }
}

/// What is known of a closed projection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Normal {
    Form(Ty),
    /// It must be worked out in place (errors, cycles).
    Unknown,
    /// It needs another one, and so on for ever.
    Endless,
}

/// The normal form of a closed projection. Survives every edit that changes nothing it looked at.
#[salsa::tracked(returns(copy), cycle_result = normalized_projection_cycle)]
fn normalized_projection(db: &dyn Db, param_env: ParamEnv, projection: ProjectionTy) -> Normal {
    let Some(_level) = Level::enter() else { return Normal::Endless };
    let infcx = InferCtxt::new(db, param_env);
    let cause = ObligationCause::dummy();
    let (found, mut nested) = match infcx.project(infcx.param_env, projection, &cause, 0) {
        Projected::Ty(ty, nested) => (ty, nested),
        Projected::Rigid => return Normal::Form(projection.to_ty()),
        Projected::Ambiguous | Projected::Unimplemented | Projected::Overflow => return Normal::Unknown,
    };
    let found = infcx.normalize_at(infcx.param_env, found, &cause, 1, &mut nested);
    let mut fulfill = super::FulfillCtxt::new();
    fulfill.register_all(&infcx, nested);
    let errors = fulfill.select_all_or_error(&infcx);
    if errors.iter().any(|error| error.obligation.depth > RECURSION_LIMIT) {
        return Normal::Endless;
    }
    if !errors.is_empty() {
        return Normal::Unknown;
    }
    let found = infcx.resolve_vars_if_possible(found);
    if found.has_infer() || found.has_error() { Normal::Unknown } else { Normal::Form(found) }
}

/// How many closed projections are being worked out, each for the one before: where every one is larger than the last, no cycle would end it.
struct Level;

thread_local! {
    static LEVELS: Cell<u32> = const { Cell::new(0) };
}

impl Level {
    fn enter() -> Option<Level> {
        let level = LEVELS.get();
        (level < RECURSION_LIMIT).then(|| {
            LEVELS.set(level + 1);
            Level
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        LEVELS.set(LEVELS.get() - 1);
    }
}

fn normalized_projection_cycle(
    _db: &dyn Db,
    _id: salsa::Id,
    _param_env: ParamEnv,
    _projection: ProjectionTy,
) -> Normal {
    Normal::Unknown
}

fn needs_normalizing<T: TypeFoldable>(value: &T, param_env: ParamEnv) -> bool {
    value.has_projection() || (reveals(param_env) && value.has_flag(TypeFlags::HAS_OPAQUE))
}

struct Normalizer<'a, 'db> {
    infcx: &'a InferCtxt<'db>,
    param_env: ParamEnv,
    cause: &'a ObligationCause,
    depth: u32,
    obligations: &'a mut Vec<Obligation>,
    /// Binders that the fold is inside of.
    binders: u32,
}

impl TypeFolder for Normalizer<'_, '_> {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        if !needs_normalizing(&ty, self.param_env) {
            return ty;
        }
        match ty.kind() {
            TyKind::Projection(item, args) => {
                let args = args.fold_with(self);
                self.projection(ProjectionTy::new(*item, args))
            }
            TyKind::Opaque(def, args) if reveals(self.param_env) && self.depth <= RECURSION_LIMIT => {
                let args = args.fold_with(self);
                let hidden = super::opaque::hidden_ty(self.infcx.db, *def, args);
                self.deeper(hidden)
            }
            _ => ty.super_fold_with(self),
        }
    }

    fn fold_const(&mut self, value: Const) -> Const {
        let value = value.super_fold_with(self);
        self.infcx.evaluate_const(value)
    }

    fn enter_binder(&mut self) {
        self.binders += 1;
    }

    fn exit_binder(&mut self) {
        self.binders -= 1;
    }
}

impl Normalizer<'_, '_> {
    fn deeper(&mut self, ty: Ty) -> Ty {
        if !needs_normalizing(&ty, self.param_env) {
            return ty;
        }
        self.depth += 1;
        let result = if self.depth > RECURSION_LIMIT { Ty::error() } else { ty.fold_with(self) };
        self.depth -= 1;
        result
    }

    fn projection(&mut self, projection: ProjectionTy) -> Ty {
        if projection.has_error() {
            return Ty::error();
        }
        if projection.has_escaping_bound_vars() {
            return self.under_binders(projection);
        }
        let infcx = self.infcx;
        let closed = !projection.has_infer()
            && !projection.has_flag(TypeFlags::HAS_REGION | TypeFlags::HAS_CLOSURE)
            && infcx.typing_mode == TypingMode::Analysis;
        if closed {
            match infcx.project_closed(self.param_env, projection) {
                Normal::Form(known) => return known,
                Normal::Endless => return self.overflow(projection),
                Normal::Unknown => {}
            }
        }
        if let Some(known) = infcx.project_for_all_regions(self.param_env, projection) {
            return known;
        }
        match infcx.project(self.param_env, projection, self.cause, self.depth) {
            Projected::Ty(ty, nested) => {
                self.obligations.extend(nested);
                let ty = infcx.resolve_vars_if_possible(ty);
                if self.depth >= RECURSION_LIMIT && needs_normalizing(&ty, self.param_env) {
                    return self.overflow(projection);
                }
                self.deeper(ty)
            }
            Projected::Rigid => projection.to_ty(),
            Projected::Ambiguous => {
                let var = infcx.new_ty_var(self.cause.span);
                self.oblige(Binder::dummy(Clause::Projection(projection, var)));
                var
            }
            Projected::Overflow => self.overflow(projection),
            Projected::Unimplemented => {
                let trait_ = projection.trait_def();
                let trait_count = collect::generics_of(infcx.db, trait_).count();
                self.oblige(TraitRef::new(trait_, projection.args.truncated(trait_count)).to_predicate());
                Ty::error()
            }
        }
    }

    /// Nobody will find out what the projection stands for: an obligation says so (E0275).
    fn overflow(&mut self, projection: ProjectionTy) -> Ty {
        let outer = std::mem::replace(&mut self.depth, RECURSION_LIMIT + 1);
        let var = self.infcx.new_ty_var(self.cause.span);
        self.oblige(Binder::dummy(Clause::Projection(projection, var)));
        self.depth = outer;
        Ty::error()
    }

    fn oblige(&mut self, predicate: Predicate) {
        let cause = self.cause.clone();
        self.obligations.push(Obligation { cause, param_env: self.param_env, predicate, depth: self.depth });
    }

    /// A projection that mentions regions bound outside of it: those are placeholders while it is looked at.
    fn under_binders(&mut self, projection: ProjectionTy) -> Ty {
        let before = self.obligations.len();
        let infcx = self.infcx;
        // Unknown types of the surroundings must not get to see a region of in here.
        let names = if projection.has_infer() { Names::AsTracked } else { Names::Wanted };
        let found = bound_regions::under_binders(infcx, projection, names, |frozen| {
            let ty = self.projection(frozen);
            infcx.resolve_vars_if_possible(ty)
        });
        // Obligations about placeholders of no real universe cannot be handed out.
        self.obligations.truncate(before);
        found.unwrap_or_else(|| projection.to_ty())
    }
}
