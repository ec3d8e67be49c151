//! Well-formedness of types: what the definitions that a type names ask of its arguments (RFC 1214).

use std::ops::ControlFlow;

use rgo_hir::DefId;
use rgo_syntax::Span;

use super::{CauseCode, Obligation, ObligationCause, SizedReason};
use crate::collect;
use crate::infer_ctxt::InferCtxt;
use crate::ty::fold::{TypeFolder, walk_types};
use crate::ty::{
    Args, Binder, BoundRegion, BoundRegionKind, Clause, List, Predicate, Region, RegionKind, Subst, TraitRef, Ty,
    TyKind, TypeFoldable,
};

/// The obligations that make `ty` well-formed: bounds of the ADTs, traits and functions it names, `Sized` elements, outlives of references.
pub fn wf_obligations(infcx: &InferCtxt<'_>, ty: Ty, cause: &ObligationCause) -> Vec<Obligation> {
    let mut out = Vec::new();
    let ty = infcx.resolve_vars_if_possible(ty);
    let _ = walk_types(&ty, |part| {
        // Parts that mention regions of a `for` inside the type cannot be looked at from here.
        if !part.has_escaping_bound_vars() {
            of_part(infcx, part, cause, &mut out);
        } else {
            of_part_under_binder(infcx, part, cause, &mut out);
        }
        ControlFlow::Continue(())
    });
    out
}

/// The traits that associated types in a bound with `for` name are implemented.
pub fn wf_obligations_under_binder(
    infcx: &InferCtxt<'_>,
    predicate: Predicate,
    cause: &ObligationCause,
) -> Vec<Obligation> {
    let mut out = Vec::new();
    let _ = walk_types(&predicate.value, |part| {
        of_part_under_binder(infcx, part, cause, &mut out);
        ControlFlow::Continue(())
    });
    out
}

/// The trait of an associated type that mentions regions of a `for` around it is implemented for all of them.
fn of_part_under_binder(infcx: &InferCtxt<'_>, part: Ty, cause: &ObligationCause, out: &mut Vec<Obligation>) {
    let TyKind::Projection(item, args) = part.kind() else { return };
    let trait_ = item.parent().filter(|parent| parent.kind() == rgo_hir::DefKind::Trait);
    let Some(trait_) = trait_.filter(|_| part.has_escaping_bound_vars()) else { return };
    let args = args.truncated(collect::generics_of(infcx.db, trait_).count());
    let mut binder = EscapingBinder { vars: Vec::new(), depth: 0 };
    let trait_ref = TraitRef::new(trait_, args.fold_with(&mut binder));
    let vars: Vec<BoundRegionKind> = binder.vars.iter().map(|(_, var)| var.kind).collect();
    let predicate = Binder { value: Clause::Trait(trait_ref), vars: List::new(&vars) };
    out.push(Obligation::new(cause.with_code(CauseCode::WellFormed), infcx.param_env, predicate));
}

/// Binds what binders around a value bind by one binder, which is the innermost around the result.
struct EscapingBinder {
    /// By the depth of its binder as seen from outside of the value.
    vars: Vec<(u32, BoundRegion)>,
    depth: u32,
}

impl TypeFolder for EscapingBinder {
    fn fold_region(&mut self, region: Region) -> Region {
        let RegionKind::Bound { depth, var } = region.kind() else { return region };
        let Some(outside) = depth.checked_sub(self.depth) else { return region };
        let index = self.vars.iter().position(|known| *known == (outside, *var)).unwrap_or_else(|| {
            self.vars.push((outside, *var));
            self.vars.len() - 1
        });
        Region::bound(self.depth, BoundRegion { index: index as u32, kind: var.kind })
    }

    fn enter_binder(&mut self) {
        self.depth += 1;
    }

    fn exit_binder(&mut self) {
        self.depth -= 1;
    }
}

fn of_part(infcx: &InferCtxt<'_>, ty: Ty, cause: &ObligationCause, out: &mut Vec<Obligation>) {
    let db = infcx.db;
    match ty.kind() {
        TyKind::Adt(def, args) | TyKind::Opaque(def, args) => {
            predicates_hold(infcx, *def, collect::predicates_of(db, *def), *args, cause, out);
        }
        TyKind::Slice(elem) | TyKind::Array(elem, _) => sized(infcx, *elem, cause, out),
        TyKind::Tuple(items) => {
            if let Some((_, init)) = items.split_last() {
                init.iter().for_each(|item| sized(infcx, *item, cause, out));
            }
        }
        TyKind::Ref(region, inner, _) => {
            if infcx.tracks_regions() {
                let predicate = Binder::dummy(Clause::TypeOutlives(*inner, *region));
                out.push(Obligation::new(cause.with_code(CauseCode::WellFormed), infcx.param_env, predicate));
            }
        }
        TyKind::Dynamic(_, region) => {
            if infcx.tracks_regions() {
                for bound in crate::implied::object_bounds(db, ty) {
                    let predicate = Binder::dummy(Clause::RegionOutlives(*region, bound));
                    out.push(Obligation::new(cause.with_code(CauseCode::WellFormed), infcx.param_env, predicate));
                }
            }
        }
        TyKind::Projection(item, args) => {
            predicates_hold(infcx, *item, collect::own_predicates_of(db, *item), *args, cause, out);
            let trait_ = item.parent().filter(|parent| parent.kind() == rgo_hir::DefKind::Trait);
            if let Some(trait_) = trait_ {
                let count = collect::generics_of(db, trait_).count();
                let trait_ref = TraitRef::new(trait_, args.truncated(count));
                let trait_ref = infcx.normalize(trait_ref, cause, out);
                out.push(Obligation::new(
                    cause.with_code(CauseCode::WellFormed),
                    infcx.param_env,
                    trait_ref.to_predicate(),
                ));
            }
        }
        TyKind::Bool
        | TyKind::Char
        | TyKind::Int(_)
        | TyKind::Uint(_)
        | TyKind::Float(_)
        | TyKind::Str
        | TyKind::Never
        | TyKind::FnDef(..)
        | TyKind::FnPtr(_)
        | TyKind::Closure(..)
        | TyKind::Param(_)
        | TyKind::Infer(_)
        | TyKind::Error => {}
    }
}

/// The predicates of an item, or some of them, for these arguments.
fn predicates_hold(
    infcx: &InferCtxt<'_>,
    item: DefId,
    predicates: &[(Predicate, Span)],
    args: Args,
    cause: &ObligationCause,
    out: &mut Vec<Obligation>,
) {
    for (predicate, span) in predicates {
        let cause = cause.with_code(CauseCode::WhereClause { item, span: *span });
        let predicate = predicate.subst(args);
        let predicate = if predicate.has_projection() { infcx.normalize(predicate, &cause, out) } else { predicate };
        out.push(Obligation::new(cause, infcx.param_env, predicate));
    }
}

fn sized(infcx: &InferCtxt<'_>, ty: Ty, cause: &ObligationCause, out: &mut Vec<Obligation>) {
    if let Some(sized) = rgo_hir::lang_item(infcx.db, "sized") {
        let cause = cause.with_code(CauseCode::Sized(SizedReason::TypeArgument));
        out.push(Obligation::trait_ref(cause, infcx.param_env, TraitRef::with_self(sized, ty, &[])));
    }
}
