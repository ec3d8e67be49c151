//! What the well-formedness of a type says about regions: `&'a T` says `T: 'a`; a struct says what its where clauses and fields say.
//!
//! RFC 1214 (implied bounds of signatures), RFC 2093 (inferred outlives requirements of structs).

use crate::collect;
use crate::ty::{Clause, GenericArg, Region, RegionKind, Subst, Ty, TyKind, dyn_self};
use rgo_hir::{Db, DefId};
use rustc_hash::FxHashMap;

/// The first outlives the second.
pub type Fact = (GenericArg, Region);

/// Facts of types, remembered per struct and enum.
#[derive(Default)]
pub struct Implied {
    adts: FxHashMap<DefId, Vec<Fact>>,
}

impl Implied {
    /// Appends what the well-formedness of `ty` implies.
    pub fn facts(&mut self, db: &dyn Db, ty: Ty, out: &mut Vec<Fact>) {
        match ty.kind() {
            TyKind::Ref(region, inner, _) => {
                push((GenericArg::Ty(*inner), *region), out);
                self.facts(db, *inner, out);
            }
            TyKind::Adt(adt, args) => {
                for (arg, region) in self.adt_facts(db, *adt) {
                    push((arg.subst(*args), region.subst(*args)), out);
                }
                self.args_facts(db, *args, out);
            }
            TyKind::Tuple(items) => items.iter().for_each(|item| self.facts(db, *item, out)),
            TyKind::Array(elem, _) | TyKind::Slice(elem) => self.facts(db, *elem, out),
            TyKind::Projection(item, args) => {
                // `where Self: 'a` of an associated type with parameters.
                for (predicate, _) in collect::own_predicates_of(db, *item) {
                    if let Some((arg, region)) = outlives(predicate.value).filter(|_| predicate.vars.is_empty()) {
                        push((arg.subst(*args), region.subst(*args)), out);
                    }
                }
                self.args_facts(db, *args, out);
            }
            TyKind::Opaque(_, args) => self.args_facts(db, *args, out),
            // Whoever names the type knows nothing of the regions that are bound in it.
            TyKind::FnPtr(sig) => {
                let mut inner = Vec::new();
                sig.value.inputs_and_output.iter().for_each(|ty| self.facts(db, *ty, &mut inner));
                let is_free = |(arg, region): &Fact| {
                    !matches!(region.kind(), RegionKind::Bound { .. }) && !arg.has_escaping_bound_vars()
                };
                inner.into_iter().filter(is_free).for_each(|fact| push(fact, out));
            }
            TyKind::Dynamic(_, region) => {
                for bound in object_bounds(db, ty) {
                    push((GenericArg::Region(*region), bound), out);
                }
            }
            _ => {}
        }
    }

    fn args_facts(&mut self, db: &dyn Db, args: crate::ty::Args, out: &mut Vec<Fact>) {
        for arg in &args {
            if let GenericArg::Ty(ty) = arg {
                self.facts(db, *ty, out);
            }
        }
    }

    fn adt_facts(&mut self, db: &dyn Db, adt: DefId) -> Vec<Fact> {
        if let Some(known) = self.adts.get(&adt) {
            return known.clone();
        }
        // A recursive type says of itself what its other fields say.
        self.adts.insert(adt, Vec::new());
        let mut facts = Vec::new();
        for (predicate, _) in collect::predicates_of(db, adt) {
            outlives(predicate.value).into_iter().for_each(|fact| push(fact, &mut facts));
        }
        for field in collect::adt_def(db, adt).variants.iter().flat_map(|variant| &variant.fields) {
            self.facts(db, field.ty, &mut facts);
        }
        facts.retain(|(arg, region)| {
            !matches!(region.kind(), RegionKind::Bound { .. }) && !arg.has_escaping_bound_vars()
        });
        self.adts.insert(adt, facts.clone());
        facts
    }
}

fn outlives(clause: Clause) -> Option<Fact> {
    match clause {
        Clause::TypeOutlives(ty, region) => Some((GenericArg::Ty(ty), region)),
        Clause::RegionOutlives(a, b) => Some((GenericArg::Region(a), b)),
        Clause::Trait(_) | Clause::Projection(..) => None,
    }
}

/// What the trait of an object says that its implementors outlive: `trait T<'a>: 'a` says it of `dyn T<'a>`.
pub fn object_bounds(db: &dyn Db, ty: Ty) -> Vec<Region> {
    let TyKind::Dynamic(clauses, _) = ty.kind() else { return Vec::new() };
    let mut bounds = Vec::new();
    for clause in crate::solve::elaborate(db, clauses.first().copied()) {
        if let Clause::TypeOutlives(object, region) = clause.value
            && object == dyn_self()
            && !matches!(region.kind(), RegionKind::Bound { .. })
            && !bounds.contains(&region)
        {
            bounds.push(region);
        }
    }
    bounds
}

fn push(fact: Fact, out: &mut Vec<Fact>) {
    if !out.contains(&fact) {
        out.push(fact);
    }
}
