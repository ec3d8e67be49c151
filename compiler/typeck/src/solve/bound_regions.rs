//! Regions bound outside of a projection, while it is normalised: `<T as Trait<'a>>::Assoc` within `for<'a>`.
//!
//! They are placeholders meanwhile ("frozen"), and what the projection stands for must name them again: an impl `impl<'b> Trait<'b> for T` has a
//! variable for `'b`, which is the placeholder. What is asked of a frozen region beyond that holds for some `'a` only: it is an error, and the
//! projection stays as it is (cf. rustc's `BoundVarReplacer`, which has real universes for this).

use std::ops::ControlFlow;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::infer_ctxt::{InferCtxt, RegionConstraint, RegionMark};
use crate::ty::fold::{TypeFolder, TypeVisitor};
use crate::ty::{Const, ConstKind, ProjectionTy, Region, RegionKind, Ty, TyKind, TypeFoldable};

/// Whether regions are named in what is found, in a context that erases regions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    Wanted,
    /// Only if the context tracks regions anyway.
    AsTracked,
}

/// Universes from here on number binder depths of frozen bound regions, `LEVEL` of them for each projection that is looked at within another.
const PLACEHOLDER_BASE: u32 = 1 << 30;
const LEVEL: u32 = 1 << 12;

/// What the projection stands for as `find` finds it, with frozen regions in place of the variables that are equal to them. `None` if more is
/// asked of a frozen region, or types remain unknown.
pub(super) fn under_binders(
    infcx: &InferCtxt<'_>,
    projection: ProjectionTy,
    names: Names,
    find: impl FnOnce(ProjectionTy) -> Ty,
) -> Option<Ty> {
    let erases = !infcx.tracks_regions();
    let mark = infcx.begin_frozen(names == Names::Wanted);
    let base = PLACEHOLDER_BASE + LEVEL * infcx.frozen_level();
    let found = find(projection.fold_with(&mut Freeze { base, depth: 0 }));
    let constraints = infcx.end_frozen(&mark);
    if found.has_infer() && !Unknowns::of(&found).is_within(&Unknowns::of(&infcx.resolve_vars_if_possible(projection)))
    {
        return None;
    }
    let mut classes = Classes { mark, base, erases, stands_for: FxHashMap::default() };
    if classes.collect(&constraints).is_none() || !constraints.iter().all(|one| classes.allow(one)) {
        classes.demand(infcx, &constraints);
        return None;
    }
    for RegionConstraint { sup, sub, cause } in &constraints {
        infcx.sub_regions(classes.of(*sub), classes.of(*sup), cause);
    }
    let found = found.fold_with(&mut classes);
    Some(found.fold_with(&mut Thaw { base, depth: 0 }))
}

/// The unknowns in a value. Those that `find` makes are nobody's: what is asked of them cannot be handed out.
#[derive(Default)]
struct Unknowns {
    types: FxHashSet<Ty>,
    consts: FxHashSet<Const>,
}

impl Unknowns {
    fn of<T: TypeFoldable>(value: &T) -> Unknowns {
        let mut unknowns = Unknowns::default();
        let _ = value.visit_with(&mut unknowns);
        unknowns
    }

    fn is_within(&self, other: &Unknowns) -> bool {
        self.types.is_subset(&other.types) && self.consts.is_subset(&other.consts)
    }
}

impl TypeVisitor for Unknowns {
    fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
        if matches!(ty.kind(), TyKind::Infer(_)) {
            self.types.insert(ty);
        }
        ty.super_visit_with(self)
    }

    fn visit_const(&mut self, value: Const) -> ControlFlow<()> {
        if matches!(value.kind(), ConstKind::Infer(_)) {
            self.consts.insert(value);
        }
        value.super_visit_with(self)
    }
}

/// Regions that must be equal, and the one that stands for each class of them: never a variable made meanwhile, where there is another.
struct Classes {
    mark: RegionMark,
    base: u32,
    /// The context erases regions: only the frozen ones are named in what is found.
    erases: bool,
    stands_for: FxHashMap<Region, Region>,
}

impl Classes {
    /// `None` where a frozen region would have to be equal to another region that was there before.
    fn collect(&mut self, constraints: &[RegionConstraint]) -> Option<()> {
        for one in constraints {
            let is_reverse = |other: &RegionConstraint| other.sup == one.sub && other.sub == one.sup;
            // That `'static` outlives everything is never written down.
            if one.sub.is_static() || constraints.iter().any(is_reverse) {
                self.join(one.sup, one.sub)?;
            }
        }
        Some(())
    }

    fn join(&mut self, a: Region, b: Region) -> Option<()> {
        let (a, b) = (self.of(a), self.of(b));
        let is_anybodys = |region: Region| matches!(region.kind(), RegionKind::Erased);
        if a == b || is_anybodys(a) || is_anybodys(b) {
            return Some(());
        }
        if self.mark.is_new(a) {
            self.stands_for.insert(a, b);
        } else if self.mark.is_new(b) {
            self.stands_for.insert(b, a);
        } else if self.is_frozen(a) || self.is_frozen(b) {
            return None;
        }
        Some(())
    }

    /// Whether a constraint says nothing of frozen regions, now that it is known which variables they are.
    fn allow(&self, constraint: &RegionConstraint) -> bool {
        let (sup, sub) = (self.of(constraint.sup), self.of(constraint.sub));
        let is_open = |region: Region| matches!(region.kind(), RegionKind::Erased);
        sup == sub || is_open(sup) || is_open(sub) || !self.is_frozen(sup) && !self.is_frozen(sub)
    }

    /// Leaves it to the region solver to refuse what is asked of frozen regions, as of placeholders that nothing else can name.
    fn demand(&self, infcx: &InferCtxt<'_>, constraints: &[RegionConstraint]) {
        let mut universes: FxHashMap<u32, u32> = FxHashMap::default();
        let mut placeholder = |region: Region| match region.kind() {
            RegionKind::Placeholder { universe, var } if self.is_frozen(region) => {
                let universe = *universes.entry(*universe).or_insert_with(|| infcx.create_universe());
                Region::new(RegionKind::Placeholder { universe, var: *var })
            }
            _ => region,
        };
        for RegionConstraint { sup, sub, cause } in constraints {
            infcx.sub_regions(placeholder(*sub), placeholder(*sup), cause);
        }
    }

    fn of(&self, region: Region) -> Region {
        let mut region = region;
        while let Some(next) = self.stands_for.get(&region) {
            region = *next;
        }
        region
    }

    fn is_frozen(&self, region: Region) -> bool {
        match region.kind() {
            RegionKind::Placeholder { universe, .. } => (self.base..self.base + LEVEL).contains(universe),
            _ => false,
        }
    }
}

impl TypeFolder for Classes {
    fn fold_region(&mut self, region: Region) -> Region {
        if matches!(region.kind(), RegionKind::Bound { .. }) {
            return region;
        }
        let region = self.of(region);
        if self.erases && !self.is_frozen(region) { Region::erased() } else { region }
    }
}

struct Freeze {
    base: u32,
    depth: u32,
}

impl TypeFolder for Freeze {
    fn fold_region(&mut self, region: Region) -> Region {
        match region.kind() {
            RegionKind::Bound { depth, var } if *depth >= self.depth => {
                Region::new(RegionKind::Placeholder { universe: self.base + (depth - self.depth), var: *var })
            }
            _ => region,
        }
    }

    fn enter_binder(&mut self) {
        self.depth += 1;
    }

    fn exit_binder(&mut self) {
        self.depth -= 1;
    }
}

struct Thaw {
    base: u32,
    depth: u32,
}

impl TypeFolder for Thaw {
    fn fold_region(&mut self, region: Region) -> Region {
        match region.kind() {
            RegionKind::Placeholder { universe, var } if (self.base..self.base + LEVEL).contains(universe) => {
                Region::bound(universe - self.base + self.depth, *var)
            }
            _ => region,
        }
    }

    fn enter_binder(&mut self) {
        self.depth += 1;
    }

    fn exit_binder(&mut self) {
        self.depth -= 1;
    }
}
