//! The `impl Trait` types of the function's own result: what hides behind them, whether that keeps the promised bounds, and which lifetimes
//! it may hold.
//!
//! A region of a hidden type must be one of the lifetimes that the opaque type captures, or `'static`: which one is chosen after the constraints are
//! solved (rustc dev guide, "Member constraints").

use rgo_hir::DefId;
use rgo_syntax::Span;
use rgo_typeck::collect::explicit_item_bounds;
use rgo_typeck::solve::Obligation;
use rgo_typeck::ty::fold::{TypeFoldable, TypeFolder, TypeVisitor};
use rgo_typeck::ty::{Args, ClosureArgs, GenericArg, RegionKind, Subst, Ty, TyKind, TypeFlags};
use std::ops::ControlFlow;

use crate::context::Regions;
use crate::regions::constraint::{Category, Constraint, RegionVid};
use crate::regions::solve::Solution;
use crate::regions::universal::UniversalKind;

/// An opaque type of the function with what is behind it.
pub struct Hidden {
    pub opaque: DefId,
    args: Args,
    /// With region variables.
    pub ty: Ty,
    /// The variables in it that must be chosen.
    regions: Vec<RegionVid>,
    /// The lifetimes that it may hold.
    choices: Vec<RegionVid>,
}

/// Relates the type of the return place to the declared result, whose opaque types it decides.
pub fn define(regions: &mut Regions<'_>, returned: Ty, declared: Ty) {
    regions.at.category = Category::OpaqueType;
    let revealed = reveal(regions, declared);
    let revealed = regions.renumber(revealed);
    let revealed = regions.normalize(revealed);
    regions.eq(returned, revealed);
    regions.at.category = Category::Boring;
    let mut next = 0;
    while next < regions.hidden.len() {
        promised_bounds(regions, next);
        next += 1;
    }
    regions.at.category = Category::OpaqueType;
    if let Some(fn_body) = regions.universals.fn_body {
        let held: Vec<RegionVid> = regions.hidden.iter().flat_map(|hidden| hidden.regions.clone()).collect();
        held.into_iter().for_each(|vid| regions.outlives(vid, fn_body));
    }
}

/// The type with every opaque type of this function replaced by the one hidden type that it has.
fn reveal(regions: &mut Regions<'_>, ty: Ty) -> Ty {
    reveal_in(regions, ty)
}

fn reveal_in<T: TypeFoldable>(regions: &mut Regions<'_>, value: T) -> T {
    if !value.has_flag(TypeFlags::HAS_OPAQUE) {
        return value;
    }
    value.fold_with(&mut Revealer { regions })
}

struct Revealer<'a, 'db> {
    regions: &'a mut Regions<'db>,
}

impl TypeFolder for Revealer<'_, '_> {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        match ty.kind() {
            TyKind::Opaque(def, args) if def.is_inside(self.regions.owner) => hidden_ty(self.regions, *def, *args),
            _ => ty.super_fold_with(self),
        }
    }
}

fn hidden_ty(regions: &mut Regions<'_>, opaque: DefId, args: Args) -> Ty {
    // In the function's own signature its opaque types have its own parameters as arguments, however they are written down.
    if let Some(known) = regions.hidden.iter().find(|hidden| hidden.opaque == opaque) {
        return known.ty;
    }
    let ty = rgo_typeck::collect::opaque_hidden_ty(regions.db, opaque).subst(args).erase_regions();
    let ty = regions.renumber(ty);
    let ty = regions.normalize(ty);
    let mut choices = vec![RegionVid::STATIC];
    for arg in &args {
        if let GenericArg::Region(region) = arg {
            choices.push(regions.vid(*region));
        }
    }
    let mut held = Held(Vec::new());
    let _ = ty.visit_with(&mut held);
    regions.hidden.push(Hidden { opaque, args, ty, regions: held.0, choices });
    ty
}

/// The region variables that a type holds. Of a closure that is what it captures and its signature, not the lifetimes around it.
struct Held(Vec<RegionVid>);

impl TypeVisitor for Held {
    fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
        match ty.kind() {
            TyKind::Closure(_, args) => {
                let parts = ClosureArgs::new(*args);
                for upvar in parts.upvars().iter() {
                    upvar.visit_with(self)?;
                }
                match parts.untupled_sig() {
                    Some(sig) => sig.visit_with(self),
                    None => ControlFlow::Continue(()),
                }
            }
            _ => ty.super_visit_with(self),
        }
    }

    fn visit_region(&mut self, region: rgo_typeck::ty::Region) -> ControlFlow<()> {
        if let RegionKind::Var(vid) = region.kind()
            && !self.0.contains(&RegionVid(*vid))
        {
            self.0.push(RegionVid(*vid));
        }
        ControlFlow::Continue(())
    }
}

/// The hidden type satisfies the bounds that were written on the opaque one.
fn promised_bounds(regions: &mut Regions<'_>, index: usize) {
    let Hidden { opaque, args, .. } = regions.hidden[index];
    for (bound, span) in explicit_item_bounds(regions.db, opaque) {
        let bound = reveal_in(regions, bound.subst(args));
        let bound = regions.renumber(bound);
        let span = *span;
        let mut cause = regions.cause();
        cause.span = span;
        let mut obligations = Vec::new();
        let bound = regions.infcx.normalize(bound, &cause, &mut obligations);
        obligations.push(Obligation::new(cause, regions.infcx.param_env, bound));
        regions.prove(obligations);
    }
}

/// Chooses lifetimes for the regions of hidden types; true if that made new constraints.
pub fn choose(regions: &mut Regions<'_>, solution: &Solution) -> bool {
    let mut new = Vec::new();
    let members: Vec<(RegionVid, &Hidden)> =
        regions.hidden.iter().flat_map(|hidden| hidden.regions.iter().map(move |vid| (*vid, hidden))).collect();
    for (vid, hidden) in members {
        if regions.universals.is_universal(vid) {
            continue;
        }
        if let Some(choice) = least_choice(regions, solution, vid, &hidden.choices)
            && let Some(element) = regions.universals.element(choice)
            && !solution.contains_end(vid, element)
        {
            new.push((vid, choice));
        }
    }
    for (sup, sub) in &new {
        regions.constraints.push(Constraint {
            sup: *sup,
            sub: *sub,
            category: Category::OpaqueType,
            span: Span::default(),
            body: 0,
            location: None,
        });
    }
    !new.is_empty()
}

/// The shortest of the choices that the bounds of a region, from below and from above, allow.
fn least_choice(
    regions: &Regions<'_>,
    solution: &Solution,
    vid: RegionVid,
    choices: &[RegionVid],
) -> Option<RegionVid> {
    let universals = &regions.universals;
    let above = solution.universals_above(vid, universals);
    let fits = |choice: RegionVid| {
        lower_bounds(regions, solution, vid).all(|bound| universals.outlives(choice, bound))
            && above.iter().all(|bound| universals.outlives(*bound, choice))
    };
    let fitting: Vec<RegionVid> = choices.iter().copied().filter(|choice| fits(*choice)).collect();
    let comparable = |choice: RegionVid| {
        fitting.iter().all(|other| universals.outlives(choice, *other) || universals.outlives(*other, choice))
    };
    let mut ordered = fitting.iter().copied().filter(|choice| comparable(*choice));
    let first = ordered.next()?;
    Some(ordered.fold(first, |least, choice| if universals.outlives(least, choice) { choice } else { least }))
}

fn lower_bounds<'a>(
    regions: &'a Regions<'_>,
    solution: &'a Solution,
    vid: RegionVid,
) -> impl Iterator<Item = RegionVid> + 'a {
    let ends = solution.ends(vid).map(|end| &regions.universals.all[end]);
    ends.filter(|end| !matches!(end.kind, UniversalKind::FnBody | UniversalKind::Outside)).map(|end| end.vid)
}

/// The opaque types whose hidden type holds a lifetime that they do not capture.
pub fn uncaptured<'a>(regions: &'a Regions<'_>, solution: &'a Solution) -> impl Iterator<Item = &'a Hidden> + 'a {
    let universals = &regions.universals;
    let is_choice = move |vid: RegionVid, choice: RegionVid| {
        let contains = universals.element(choice).is_some_and(|element| solution.contains_end(vid, element));
        vid == choice
            || contains && lower_bounds(regions, solution, vid).all(|bound| universals.outlives(choice, bound))
    };
    regions.hidden.iter().filter(move |hidden| {
        hidden.regions.iter().any(|vid| !hidden.choices.iter().any(|choice| is_choice(*vid, *choice)))
    })
}
