//! Answers that serve all regions alike: trait goals that hold whatever regions stand in them, and projections that are one type of the regions in them.
//!
//! Regions never decide which impl or clause is taken. So a goal is asked once with a variable of its own at each place where a region stands; if
//! nothing is asked of these variables, neither is anything of the regions of any goal of that form. The borrow checker meets the same few forms in
//! every body, and proves of each again what type checking has proved, only to learn what it asks of regions.

use rgo_hir::Db;
use smallvec::SmallVec;

use super::{FulfillCtxt, Obligation, ObligationCause, ParamEnv};
use crate::infer_ctxt::{InferCtxt, TypingMode};
use crate::ty::fold::fold_free_regions;
use crate::ty::{ProjectionTy, Region, RegionKind, TraitRef, Ty, TypeFlags, TypeFoldable};

type Regions = SmallVec<[Region; 8]>;

/// What has parts that the solver looks up in the body at hand, or that bind regions.
const OF_THE_BODY: u16 = TypeFlags::HAS_INFER
    | TypeFlags::HAS_ERROR
    | TypeFlags::HAS_CLOSURE
    | TypeFlags::HAS_FUNCTION
    | TypeFlags::HAS_OPAQUE
    | TypeFlags::HAS_BOUND;

impl InferCtxt<'_> {
    /// Whether a goal holds for all regions in the places of its own. False may mean that it asks something of them.
    pub(super) fn holds_for_all_regions(&self, param_env: ParamEnv, goal: TraitRef) -> bool {
        if !self.may_be_uniform(param_env, goal) {
            return false;
        }
        let (goal, regions) = numbered(goal);
        uniform_goal(self.db, param_env, goal, regions.len())
    }

    /// What a projection is for all regions in the places of its own, if that asks nothing of them.
    pub(super) fn project_for_all_regions(&self, param_env: ParamEnv, projection: ProjectionTy) -> Option<Ty> {
        if !self.may_be_uniform(param_env, projection) {
            return None;
        }
        let (projection, regions) = numbered(projection);
        let found = uniform_projection(self.db, param_env, projection, regions.len())?;
        Some(fold_free_regions(found, |region| match region.kind() {
            RegionKind::Var(var) => regions.get(*var as usize).copied().unwrap_or(region),
            _ => region,
        }))
    }

    fn may_be_uniform(&self, param_env: ParamEnv, value: impl TypeFoldable) -> bool {
        self.tracks_regions()
            && !self.answers_for_all.get()
            && self.typing_mode == TypingMode::Analysis
            && value.has_flag(TypeFlags::HAS_REGION)
            && !value.has_flag(OF_THE_BODY)
            && !param_env.clauses.has_flag(TypeFlags::HAS_REGION_VAR)
    }
}

/// The value with a variable at each place where a region stands, and these regions.
fn numbered<T: TypeFoldable>(value: T) -> (T, Regions) {
    let mut regions = Regions::new();
    let value = fold_free_regions(value, |region| {
        regions.push(region);
        Region::var(regions.len() as u32 - 1)
    });
    (value, regions)
}

/// Survives every edit that changes nothing that the solver looked at.
#[salsa::tracked(returns(copy), cycle_result = no_uniform_goal)]
fn uniform_goal(db: &dyn Db, param_env: ParamEnv, goal: TraitRef, regions: usize) -> bool {
    let infcx = context(db, param_env, regions);
    let mut fulfill = FulfillCtxt::new();
    fulfill.register(&infcx, Obligation::trait_ref(ObligationCause::dummy(), param_env, goal));
    fulfill.select_all_or_error(&infcx).is_empty() && Relations::of(&infcx, regions).is_some()
}

fn no_uniform_goal(_db: &dyn Db, _id: salsa::Id, _param_env: ParamEnv, _goal: TraitRef, _regions: usize) -> bool {
    false
}

/// In terms of the variables of the projection. Survives every edit that changes nothing that the solver looked at.
#[salsa::tracked(returns(copy), cycle_result = no_uniform_projection)]
fn uniform_projection(db: &dyn Db, param_env: ParamEnv, projection: ProjectionTy, regions: usize) -> Option<Ty> {
    let infcx = context(db, param_env, regions);
    let cause = ObligationCause::dummy();
    let mut nested = Vec::new();
    let found = infcx.normalize(projection.to_ty(), &cause, &mut nested);
    let mut fulfill = FulfillCtxt::new();
    fulfill.register_all(&infcx, nested);
    if !fulfill.select_all_or_error(&infcx).is_empty() {
        return None;
    }
    let found = infcx.resolve_vars_if_possible(found);
    if found.has_flag(OF_THE_BODY) {
        return None;
    }
    let relations = Relations::of(&infcx, regions)?;
    let mut all_known = true;
    let found = fold_free_regions(found, |region| {
        let known = relations.name_of(region);
        all_known &= known.is_some();
        known.unwrap_or(region)
    });
    all_known.then_some(found)
}

fn no_uniform_projection(
    _db: &dyn Db,
    _id: salsa::Id,
    _param_env: ParamEnv,
    _projection: ProjectionTy,
    _regions: usize,
) -> Option<Ty> {
    None
}

/// A context whose first region variables are those of the goal.
fn context(db: &dyn Db, param_env: ParamEnv, regions: usize) -> InferCtxt<'_> {
    let infcx = InferCtxt::tracking(db, param_env, 0);
    infcx.answers_for_all.set(true);
    for _ in 0..regions {
        infcx.new_region_var(&ObligationCause::dummy());
    }
    infcx
}

/// Relations of regions of which none is between two that are given: the others can be chosen so that all hold.
struct Relations {
    /// The first outlives the second.
    outlives: Vec<(Region, Region)>,
    given: usize,
}

impl Relations {
    fn of(infcx: &InferCtxt<'_>, given: usize) -> Option<Relations> {
        let asks_of_type = infcx
            .take_type_outlives()
            .into_iter()
            .any(|asked| may_hold_regions(infcx.resolve_vars_if_possible(asked.ty)));
        if asks_of_type {
            return None;
        }
        let constraints = infcx.take_region_constraints();
        let mut outlives: Vec<(Region, Region)> = Vec::with_capacity(constraints.len());
        for constraint in constraints {
            let pair = (constraint.sup, constraint.sub);
            let is_local = |region: Region| matches!(region.kind(), RegionKind::Placeholder { .. });
            if is_local(pair.0) || is_local(pair.1) {
                return None;
            }
            if !pair.0.is_static() && pair.0 != pair.1 && !outlives.contains(&pair) {
                outlives.push(pair);
            }
        }
        let relations = Relations { outlives, given };
        let starts: Regions = relations.outlives.iter().map(|(sup, _)| *sup).collect();
        let is_free = starts.iter().filter(|start| relations.is_given(**start)).all(|start| {
            relations.reached(*start).iter().all(|reached| reached == start || !relations.is_given(*reached))
        });
        is_free.then_some(relations)
    }

    fn is_given(&self, region: Region) -> bool {
        !matches!(region.kind(), RegionKind::Var(var) if *var as usize >= self.given)
    }

    /// The region and all that it must outlive.
    fn reached(&self, start: Region) -> Regions {
        let mut found = Regions::from_slice(&[start]);
        let mut next = 0;
        while let Some(region) = found.get(next).copied() {
            next += 1;
            for (sup, sub) in &self.outlives {
                if *sup == region && !found.contains(sub) {
                    found.push(*sub);
                }
            }
        }
        found
    }

    /// The given region that a region must be equal to.
    fn name_of(&self, region: Region) -> Option<Region> {
        if self.is_given(region) {
            return Some(region);
        }
        let shorter = self.reached(region);
        shorter.into_iter().find(|shorter| self.is_given(*shorter) && self.reached(*shorter).contains(&region))
    }
}

fn may_hold_regions(ty: Ty) -> bool {
    ty.has(TypeFlags::HAS_LIFETIME | TypeFlags::HAS_PARAM | TypeFlags::HAS_PROJECTION | OF_THE_BODY)
}
