//! Trait objects: their methods, and the traits above theirs.

use rgo_hir::{Db, DefId, DefKind};
use rgo_typeck::collect;
use rgo_typeck::ty::{Args, Binder, Clause, List, Region, Subst, TraitRef, Ty};

use super::{erased_args, has_own_types, has_self, is_pub, with_self};

/// The functions of a trait that `dyn` can call, supertraits' included, in order, each with its arguments for the `dyn` type.
pub fn dyn_methods(db: &dyn Db, trait_: DefId, ty: Ty) -> Vec<(DefId, Args)> {
    let mut out = Vec::new();
    for trait_ref in object_traits(db, trait_, ty) {
        for item in collect::associated_items(db, trait_ref.trait_) {
            if item.kind() == DefKind::Fn
                && has_self(db, *item)
                && !collect::requires_sized_self(db, *item)
                && !has_own_types(db, *item)
            {
                out.push((*item, erased_args(db, *item, trait_ref.args)));
            }
        }
    }
    out
}

/// A trait of an object and those above it, with their arguments for the `dyn` type.
pub(super) fn object_traits(db: &dyn Db, trait_: DefId, ty: Ty) -> Vec<TraitRef> {
    let Some(principal) = ty.dyn_principal() else { return Vec::new() };
    let own = TraitRef::new(trait_, principal.value.args).args;
    let mut found = Vec::new();
    let mut seen = vec![trait_];
    let mut pending = vec![TraitRef::new(trait_, with_self(own, ty))];
    while let Some(trait_ref) = pending.pop() {
        found.push(trait_ref);
        for (predicate, _) in collect::super_predicates(db, trait_ref.trait_) {
            if let Clause::Trait(parent) = predicate.value
                && !seen.contains(&parent.trait_)
            {
                seen.push(parent.trait_);
                pending.push(TraitRef::new(parent.trait_, parent.args.subst(trait_ref.args).erase_regions()));
            }
        }
    }
    found
}

/// The traits above a trait, near and far.
pub fn all_supertraits(db: &dyn Db, trait_: DefId) -> Vec<DefId> {
    let mut found = vec![trait_];
    let mut next = 0;
    while let Some(trait_) = found.get(next).copied() {
        next += 1;
        for (predicate, _) in collect::super_predicates(db, trait_) {
            if let Clause::Trait(parent) = predicate.value
                && !found.contains(&parent.trait_)
            {
                found.push(parent.trait_);
            }
        }
    }
    found.split_off(1)
}

/// The trait object of a bound on a trait of the program's that Go code can implement: all of its methods are in Go's interface.
pub fn trait_object(db: &dyn Db, bound: TraitRef) -> Option<Ty> {
    let trait_ = bound.trait_;
    if trait_.is_std() || !is_pub(db, trait_) || bound.args.len() != 1 {
        return None;
    }
    let items = collect::associated_items(db, trait_);
    let is_plain =
        items.iter().all(|item| item.kind() == DefKind::Fn && has_self(db, *item) && !has_own_types(db, *item));
    let has_parents = collect::super_predicates(db, trait_).iter().any(|(predicate, _)| match predicate.value {
        Clause::Trait(parent) => parent.trait_ != trait_ && rgo_hir::lang_name(db, parent.trait_) != Some("sized"),
        _ => true,
    });
    if !is_plain || has_parents || !rgo_typeck::items::object_safety::is_dyn_compatible(db, trait_) {
        return None;
    }
    let principal = Clause::Trait(TraitRef::new(trait_, Args::of_types(&[rgo_typeck::ty::dyn_self()])));
    Some(Ty::dynamic(List::new(&[Binder::dummy(principal)]), Region::erased()))
}
