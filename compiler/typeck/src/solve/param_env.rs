//! What may be assumed inside a definition: its predicates, with all that follows from them by supertraits.

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId, DefKey};

use crate::collect;
use crate::ty::fold::walk_types;
use crate::ty::{Args, Binder, Clause, Clauses, List, Predicate, Subst, TraitRef, TyKind, TypeFoldable, dyn_self};

/// Whether `impl Trait` types are looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reveal {
    /// Type checking: no.
    UserFacing,
    /// Code generation: yes.
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParamEnv {
    /// Elaborated: supertraits' clauses are listed too.
    pub clauses: Clauses,
    pub reveal: Reveal,
}

impl ParamEnv {
    pub fn empty() -> ParamEnv {
        ParamEnv { clauses: List::empty(), reveal: Reveal::UserFacing }
    }

    /// For code generation, where all types are known.
    pub fn reveal_all() -> ParamEnv {
        ParamEnv { clauses: List::empty(), reveal: Reveal::All }
    }

    /// For code generation of something in which only parameters may be left that are parameters in Go, too: nothing is known of them but that
    /// they are sized.
    pub fn of_concrete<T: TypeFoldable>(db: &dyn Db, value: T) -> ParamEnv {
        let sized = rgo_hir::lang_item(db, "sized").filter(|_| value.has_param());
        let Some(sized) = sized else { return ParamEnv::reveal_all() };
        let mut clauses = Vec::new();
        let _ = walk_types(&value, |ty| {
            if matches!(ty.kind(), TyKind::Param(_)) && ty != dyn_self() {
                clauses.push(TraitRef::new(sized, Args::of_types(&[ty])).to_predicate());
            }
            ControlFlow::Continue(())
        });
        ParamEnv::new(&clauses).with_reveal_all()
    }

    pub fn new(clauses: &[Predicate]) -> ParamEnv {
        ParamEnv { clauses: List::new(clauses), reveal: Reveal::UserFacing }
    }

    pub fn with_reveal_all(self) -> ParamEnv {
        ParamEnv { reveal: Reveal::All, ..self }
    }

    /// The same assumptions without regions.
    pub fn erased(self) -> ParamEnv {
        ParamEnv { clauses: self.clauses.erase_regions(), reveal: self.reveal }
    }

    /// The trait clauses about a trait.
    pub fn trait_clauses(self, trait_: DefId) -> impl Iterator<Item = Binder<TraitRef>> {
        self.clauses.as_slice().iter().filter_map(move |clause| match clause.value {
            Clause::Trait(trait_ref) if trait_ref.trait_ == trait_ => {
                Some(Binder { value: trait_ref, vars: clause.vars })
            }
            _ => None,
        })
    }
}

/// The assumptions inside `def`.
pub fn param_env(db: &dyn Db, def: DefId) -> ParamEnv {
    param_env_query(db, collect::generics_owner(def).key(db))
}

#[salsa::tracked(returns(copy), cycle_result = param_env_cycle)]
fn param_env_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> ParamEnv {
    let predicates = collect::predicates_of(db, key.def(db));
    let elaborated = elaborate(db, predicates.iter().map(|(predicate, _)| *predicate));
    let unnormalized = ParamEnv::new(&elaborated);
    if !unnormalized.clauses.has_projection() {
        return unnormalized;
    }
    super::project::normalize_param_env(db, unnormalized)
}

fn param_env_cycle<'db>(_db: &'db dyn Db, _id: salsa::Id, _key: DefKey<'db>) -> ParamEnv {
    ParamEnv::empty()
}

/// The predicates and what follows from them by the traits' declarations, without duplicates, given ones first.
pub fn elaborate(db: &dyn Db, predicates: impl IntoIterator<Item = Predicate>) -> Vec<Predicate> {
    let mut all: indexmap::IndexSet<Predicate, rustc_hash::FxBuildHasher> = predicates.into_iter().collect();
    let mut next = 0;
    while let Some(predicate) = all.get_index(next).copied() {
        next += 1;
        if let Clause::Trait(trait_ref) = predicate.value {
            for (implied, _) in collect::super_predicates(db, trait_ref.trait_) {
                all.insert(instantiate_under_binder(*implied, predicate, trait_ref));
            }
        }
    }
    all.into_iter().collect()
}

/// A super-predicate of a trait, for `trait_ref` under the binder of `outer`.
fn instantiate_under_binder(implied: Predicate, outer: Predicate, trait_ref: TraitRef) -> Predicate {
    if implied.vars.is_empty() {
        return Binder { value: implied.value.subst(trait_ref.args), vars: outer.vars };
    }
    if outer.vars.is_empty() {
        return implied.subst(trait_ref.args);
    }
    // Both bind: the variables of `outer` follow those of `implied` in one binder.
    let own = implied.vars.len() as u32;
    let shifted: TraitRef = trait_ref.fold_with(&mut MoveVars { by: own, depth: 0 });
    let vars: Vec<_> = implied.vars.iter().chain(outer.vars.iter()).copied().collect();
    Binder { value: implied.value.subst(shifted.args), vars: List::new(&vars) }
}

struct MoveVars {
    by: u32,
    depth: u32,
}

impl crate::ty::fold::TypeFolder for MoveVars {
    fn fold_region(&mut self, region: crate::ty::Region) -> crate::ty::Region {
        match region.kind() {
            crate::ty::RegionKind::Bound { depth, var } if *depth == self.depth => {
                crate::ty::Region::bound(*depth, crate::ty::BoundRegion { index: var.index + self.by, kind: var.kind })
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
