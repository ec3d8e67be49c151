//! Whether the relations between regions that a signature needs follow from what may be assumed.
//!
//! There is no control flow in a signature: every variable has one value, the least that satisfies its lower bounds, and whatever then does not
//! follow is an error (rustc's lexical region resolution). Bodies are the borrow checker's.

use rgo_hir::Db;

use crate::collect::explicit_item_bounds;
use crate::error::TypeError;
use crate::implied::Implied;
use crate::infer_ctxt::{InferCtxt, OutlivesComponent, outlives_components};
use crate::solve::{CauseCode, ObligationCause, ParamEnv};
use crate::ty::display::display_ty;
use crate::ty::{Args, Clause, GenericArg, Region, RegionKind, Subst, Ty};

/// What is known about regions.
#[derive(Default)]
pub struct Assumptions {
    implied: Implied,
    regions: Vec<(Region, Region)>,
    types: Vec<(Ty, Region)>,
}

impl Assumptions {
    /// The clauses of an environment that speak of regions.
    pub fn of_env(env: ParamEnv) -> Assumptions {
        let mut known = Assumptions::default();
        env.clauses.iter().filter(|clause| clause.vars.is_empty()).for_each(|clause| known.clause(clause.value));
        known
    }

    /// Takes a clause as known.
    pub fn clause(&mut self, clause: Clause) {
        match clause {
            Clause::TypeOutlives(ty, region) => self.outlives(GenericArg::Ty(ty), region),
            Clause::RegionOutlives(long, short) => self.outlives(GenericArg::Region(long), short),
            Clause::Trait(_) | Clause::Projection(..) => {}
        }
    }

    /// Takes as known what `ty` needs to be well-formed.
    pub fn well_formed(&mut self, db: &dyn Db, ty: Ty) {
        let mut facts = Vec::new();
        self.implied.facts(db, ty, &mut facts);
        facts.into_iter().for_each(|(arg, region)| self.outlives(arg, region));
    }

    fn outlives(&mut self, arg: GenericArg, short: Region) {
        match arg {
            GenericArg::Region(long) => self.regions.push((long, short)),
            GenericArg::Ty(ty) => {
                for component in outlives_components(ty) {
                    match component {
                        OutlivesComponent::Region(long) => self.regions.push((long, short)),
                        OutlivesComponent::Param(param) => self.types.push((Ty::param(param.index, param.name), short)),
                        OutlivesComponent::Projection(projection) => self.types.push((projection.to_ty(), short)),
                        OutlivesComponent::Opaque(def, args) => self.types.push((Ty::opaque(def, args), short)),
                        OutlivesComponent::Infer(_) => {}
                    }
                }
            }
            GenericArg::Const(_) => {}
        }
    }

    pub fn region_outlives(&self, long: Region, short: Region) -> bool {
        let is_unknown =
            |region: Region| matches!(region.kind(), RegionKind::Error | RegionKind::Erased | RegionKind::Bound { .. });
        if long == short || long.is_static() || is_unknown(long) || is_unknown(short) {
            return true;
        }
        let mut reached = vec![long];
        let mut next = 0;
        while let Some(current) = reached.get(next).copied() {
            next += 1;
            for (_, to) in self.regions.iter().filter(|(from, _)| *from == current) {
                if *to == short || to.is_static() {
                    return true;
                }
                if !reached.contains(to) {
                    reached.push(*to);
                }
            }
        }
        false
    }

    fn type_outlives(&self, ty: Ty, short: Region) -> bool {
        self.types.iter().any(|(known, region)| *known == ty && self.region_outlives(*region, short))
    }

    fn alias_outlives(&self, db: &dyn Db, ty: Ty, item: rgo_hir::DefId, args: Args, short: Region) -> bool {
        let by_bound = || {
            explicit_item_bounds(db, item).iter().any(|(bound, _)| match bound.value {
                Clause::TypeOutlives(_, region) => self.region_outlives(region.subst(args), short),
                _ => false,
            })
        };
        let by_args = || {
            args.iter().all(|arg| match arg {
                GenericArg::Region(region) => self.region_outlives(*region, short),
                GenericArg::Ty(ty) => self.ty_outlives(db, *ty, short),
                GenericArg::Const(_) => true,
            })
        };
        self.type_outlives(ty, short) || by_bound() || by_args()
    }

    /// Whether all that a type consists of outlives a region.
    pub fn ty_outlives(&self, db: &dyn Db, ty: Ty, short: Region) -> bool {
        outlives_components(ty).into_iter().all(|component| match component {
            OutlivesComponent::Region(long) => self.region_outlives(long, short),
            other => self.component_outlives(db, &other, short),
        })
    }

    /// For the components that are types.
    fn component_outlives(&self, db: &dyn Db, component: &OutlivesComponent, short: Region) -> bool {
        match component {
            OutlivesComponent::Region(long) => self.region_outlives(*long, short),
            OutlivesComponent::Param(param) => self.type_outlives(Ty::param(param.index, param.name), short),
            OutlivesComponent::Projection(projection) => {
                self.alias_outlives(db, projection.to_ty(), projection.item, projection.args, short)
            }
            OutlivesComponent::Opaque(def, args) => {
                self.alias_outlives(db, Ty::opaque(*def, *args), *def, *args, short)
            }
            OutlivesComponent::Infer(_) => true,
        }
    }
}

/// A relation that does not follow.
pub struct Failure {
    pub cause: ObligationCause,
    pub why: Why,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Between two regions of the signature.
    Regions,
    /// Two regions that would both have to be the value of one variable.
    Variable,
    /// It must hold for every lifetime of a `for<…>`.
    Placeholder,
    /// The parts of this type must outlive this region.
    Type(Ty, Region),
}

/// The error of a bound that an impl promises by its trait; `code` where a region falls short.
pub fn bound_error(db: &dyn Db, def: rgo_hir::DefId, failure: &Failure, code: &'static str) -> TypeError {
    let root = failure.cause.root();
    let error = |code, message: &str| TypeError::new(def, root.span, code, message.to_owned());
    let mut error = match failure.why {
        Why::Placeholder => {
            let mut error = error("", "implementation is not general enough")
                .label("it holds for some lifetimes only, but must hold for every one");
            error.code = None;
            error
        }
        Why::Regions | Why::Variable => error(code, "lifetime bound not satisfied"),
        Why::Type(ty, region) if matches!(ty.kind(), crate::ty::TyKind::Param(_)) => {
            let code = if region.is_static() { "E0310" } else { "E0309" };
            error(code, &format!("the parameter type `{}` may not live long enough", display_ty(db, ty)))
        }
        Why::Type(ty, _) => {
            error(code, &format!("the type `{}` does not fulfill the required lifetime", display_ty(db, ty)))
        }
    };
    if let CauseCode::WhereClause { item, span } = &*root.code {
        error = error.secondary(*item, *span, "required by this bound");
    }
    error
}

struct Constraint {
    sup: Region,
    sub: Region,
    cause: ObligationCause,
    /// The type that must outlive `sub`, where the constraint is a part of that.
    whole: Option<Ty>,
}

/// What does not hold of all that the context has collected; the context must have begun with region variable 0.
pub fn failures(infcx: &InferCtxt<'_>, known: &Assumptions) -> Vec<Failure> {
    let mut constraints: Vec<Constraint> = infcx
        .take_region_constraints()
        .into_iter()
        .map(|constraint| Constraint { sup: constraint.sup, sub: constraint.sub, cause: constraint.cause, whole: None })
        .collect();
    let mut tests = Vec::new();
    for outlives in infcx.take_type_outlives() {
        let ty = infcx.resolve_vars_if_possible(outlives.ty);
        for component in outlives_components(ty) {
            let (sub, cause) = (outlives.region, outlives.cause.clone());
            match component {
                OutlivesComponent::Region(sup) => constraints.push(Constraint { sup, sub, cause, whole: Some(ty) }),
                OutlivesComponent::Param(param) => {
                    tests.push((Ty::param(param.index, param.name), OutlivesComponent::Param(param), sub, cause));
                }
                other => tests.push((ty, other, sub, cause)),
            }
        }
    }
    let values = Values::new(infcx, &constraints);
    let mut failures = Vec::new();
    for constraint in &constraints {
        let through_variable = matches!(constraint.sub.kind(), RegionKind::Var(_));
        if matches!(constraint.sup.kind(), RegionKind::Var(_)) {
            continue;
        }
        for sub in values.of(constraint.sub) {
            if known.region_outlives(constraint.sup, sub) {
                continue;
            }
            let why = match constraint.whole {
                _ if is_placeholder(constraint.sup) || is_placeholder(sub) => Why::Placeholder,
                Some(ty) => Why::Type(ty, sub),
                None if through_variable => Why::Variable,
                None => Why::Regions,
            };
            failures.push(Failure { cause: constraint.cause.clone(), why });
            break;
        }
    }
    for (ty, component, region, cause) in tests {
        let missing = values.of(region).find(|region| !known.component_outlives(infcx.db, &component, *region));
        if let Some(region) = missing {
            failures.push(Failure { cause, why: Why::Type(ty, region) });
        }
    }
    failures
}

fn is_placeholder(region: Region) -> bool {
    matches!(region.kind(), RegionKind::Placeholder { .. })
}

/// The regions that each variable must outlive.
struct Values(Vec<Vec<Region>>);

impl Values {
    fn new(infcx: &InferCtxt<'_>, constraints: &[Constraint]) -> Values {
        let universes: Vec<u32> = infcx.take_region_vars().into_iter().map(|info| info.universe).collect();
        let mut values = Values(vec![Vec::new(); universes.len()]);
        let mut changed = true;
        while changed {
            changed = false;
            for constraint in constraints {
                let RegionKind::Var(var) = constraint.sup.kind() else { continue };
                let Some(universe) = universes.get(*var as usize) else { continue };
                for region in values.of(constraint.sub).collect::<Vec<_>>() {
                    // What outlives every region of a binder further in is 'static.
                    let region = match region.kind() {
                        RegionKind::Placeholder { universe: inner, .. } if inner > universe => Region::static_(),
                        _ => region,
                    };
                    let value = &mut values.0[*var as usize];
                    if !value.contains(&region) {
                        value.push(region);
                        changed = true;
                    }
                }
            }
        }
        values
    }

    /// A region that is no variable has itself as its value.
    fn of(&self, region: Region) -> impl Iterator<Item = Region> + '_ {
        let (value, own) = match region.kind() {
            RegionKind::Var(var) => (self.0.get(*var as usize).map_or(&[][..], |value| &value[..]), None),
            _ => (&[][..], Some(region)),
        };
        value.iter().copied().chain(own)
    }
}
