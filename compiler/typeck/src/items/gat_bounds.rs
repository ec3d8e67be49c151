//! Bounds that a generic associated type must declare (`type Item<'a> where Self: 'a`), because every item of its trait that names it has them.
//!
//! The rule is rustc's (`check_gat_where_clauses`; RFC 1598 and the stabilisation of generic associated types): for each other item, the
//! relations between the arguments that it gives the type and that it knows to hold; of all items, what they have in common; until nothing
//! is added, since what one type must declare is known to those whose bounds name it.

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::ast::ItemKind;
use rustc_hash::FxHashMap;

use super::regions::Assumptions;
use crate::collect::{associated_items, explicit_item_bounds, generics_of, identity_args, liberated_fn_sig};
use crate::error::TypeError;
use crate::solve::param_env;
use crate::ty::display::display_predicate;
use crate::ty::fold::walk_types;
use crate::ty::{Args, Binder, Clause, GenericArg, Region, RegionKind, Ty, TyKind, TypeFoldable};

/// Bounds over a type's own parameters, in the order found.
type Required = FxHashMap<DefId, Vec<Clause>>;

/// Errors of the generic associated types of a trait.
pub fn check(db: &dyn Db, trait_: DefId, errors: &mut Vec<TypeError>) {
    let items = associated_items(db, trait_);
    let generic: Vec<DefId> = items
        .iter()
        .copied()
        .filter(|item| item.kind() == DefKind::AssocTy && !generics_of(db, *item).params.is_empty())
        .collect();
    if generic.is_empty() {
        return;
    }
    let mut required = Required::default();
    loop {
        let mut has_grown = false;
        for gat in &generic {
            has_grown |= grow(db, items, *gat, &mut required);
        }
        if !has_grown {
            break;
        }
    }
    for gat in generic {
        let known = Assumptions::of_env(param_env(db, gat));
        let bounds = required.get(&gat).map_or(&[][..], Vec::as_slice);
        let missing: Vec<Clause> = bounds.iter().copied().filter(|bound| !holds(db, &known, *bound)).collect();
        if !missing.is_empty() {
            errors.push(missing_bounds(db, gat, &missing));
        }
    }
}

/// Adds what the items of the trait require of one type; whether that is more than before.
fn grow(db: &dyn Db, items: &[DefId], gat: DefId, required: &mut Required) -> bool {
    let of_items =
        items.iter().filter(|item| **item != gat).filter_map(|item| bounds_of_item(db, *item, gat, required));
    let common = of_items.reduce(|mut common, bounds| {
        common.retain(|bound| bounds.contains(bound));
        common
    });
    let known = required.entry(gat).or_default();
    let before = known.len();
    for bound in common.unwrap_or_default() {
        if !known.contains(&bound) {
            known.push(bound);
        }
    }
    known.len() > before
}

/// What an item knows of the arguments that it gives the type; `None` where it does not name it.
fn bounds_of_item(db: &dyn Db, item: DefId, gat: DefId, required: &Required) -> Option<Vec<Clause>> {
    let mut known = Assumptions::of_env(param_env(db, item));
    match item.kind() {
        DefKind::Fn => {
            let sig = liberated_fn_sig(db, item);
            sig.inputs().iter().for_each(|ty| known.well_formed(db, *ty));
            bounds_of_args(db, &known, gat, &Arguments::of(gat, &sig))
        }
        DefKind::AssocTy => {
            required.get(&item).into_iter().flatten().for_each(|bound| known.clause(*bound));
            let mut arguments = Arguments::default();
            for (bound, _) in explicit_item_bounds(db, item) {
                arguments.collect(gat, &bound.value);
            }
            bounds_of_args(db, &known, gat, &arguments)
        }
        _ => None,
    }
}

/// What a generic associated type is given in some place, with the positions of the parameters.
#[derive(Default)]
struct Arguments {
    regions: Vec<(Region, usize)>,
    types: Vec<(Ty, usize)>,
}

impl Arguments {
    fn of<T: TypeFoldable>(gat: DefId, value: &T) -> Arguments {
        let mut arguments = Arguments::default();
        arguments.collect(gat, value);
        arguments
    }

    fn collect<T: TypeFoldable>(&mut self, gat: DefId, value: &T) {
        let _ = walk_types(value, |ty| {
            if let TyKind::Projection(item, args) = ty.kind()
                && *item == gat
            {
                self.add(*args);
            }
            ControlFlow::Continue(())
        });
    }

    fn add(&mut self, args: Args) {
        for (index, arg) in args.iter().enumerate() {
            match arg {
                GenericArg::Region(region) if !matches!(region.kind(), RegionKind::Bound { .. }) => {
                    self.regions.push((*region, index));
                }
                GenericArg::Ty(ty) => self.types.push((*ty, index)),
                GenericArg::Region(_) | GenericArg::Const(_) => {}
            }
        }
    }
}

fn bounds_of_args(db: &dyn Db, known: &Assumptions, gat: DefId, arguments: &Arguments) -> Option<Vec<Clause>> {
    if arguments.regions.is_empty() && arguments.types.is_empty() {
        return None;
    }
    let own = identity_args(db, gat);
    let mut bounds = Vec::new();
    // What is `'static` outlives everything wherever it is used.
    let regions = || arguments.regions.iter().filter(|(region, _)| !is_static_or_unknown(*region));
    for (short, short_index) in regions() {
        let Some(GenericArg::Region(short_param)) = own.get(*short_index).copied() else { continue };
        for (ty, index) in &arguments.types {
            if let Some(GenericArg::Ty(param)) = own.get(*index).copied()
                && holds(db, known, Clause::TypeOutlives(*ty, *short))
            {
                bounds.push(Clause::TypeOutlives(param, short_param));
            }
        }
        for (long, index) in regions().filter(|(long, _)| long != short) {
            if let Some(GenericArg::Region(param)) = own.get(*index).copied()
                && holds(db, known, Clause::RegionOutlives(*long, *short))
            {
                bounds.push(Clause::RegionOutlives(param, short_param));
            }
        }
    }
    Some(bounds)
}

fn is_static_or_unknown(region: Region) -> bool {
    matches!(region.kind(), RegionKind::Static | RegionKind::Error)
}

fn holds(db: &dyn Db, known: &Assumptions, bound: Clause) -> bool {
    match bound {
        Clause::TypeOutlives(ty, region) => known.ty_outlives(db, ty, region),
        Clause::RegionOutlives(long, short) => known.region_outlives(long, short),
        Clause::Trait(_) | Clause::Projection(..) => true,
    }
}

fn missing_bounds(db: &dyn Db, gat: DefId, missing: &[Clause]) -> TypeError {
    let plural = if missing.len() == 1 { "" } else { "s" };
    let bounds: Vec<String> = missing.iter().map(|bound| display_predicate(db, Binder::dummy(*bound))).collect();
    let bounds = bounds.join(", ");
    let has_where = match &rgo_hir::item_ast(db, gat).kind {
        ItemKind::TypeAlias(item) => !item.generics.where_clause.is_empty(),
        _ => false,
    };
    let add = if has_where { format!("add `{bounds}` to the where clause") } else { format!("add `where {bounds}`") };
    let message = format!("missing required bound{plural} on `{}`", gat.name());
    let mut error = TypeError::new(gat, rgo_hir::def_span(db, gat), "", message)
        .note("the items of the trait that name it know these to hold, so implementations may rely on them")
        .help(add);
    error.code = None;
    error
}
