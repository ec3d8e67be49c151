//! Which generic parameters a type determines (RFC 447: "no unused impl parameters").

use rgo_syntax::Span;
use rustc_hash::FxHashSet;

use crate::ty::{Args, Clause, Const, ConstKind, GenericArg, Predicate, Region, RegionKind, TraitRef, Ty, TyKind};

/// Whether the arguments of projections count: `<T as Trait>::Out` does not determine `T`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Projections {
    Count,
    DoNotCount,
}

struct Collector {
    found: FxHashSet<u32>,
    projections: Projections,
}

impl Collector {
    fn ty(&mut self, ty: Ty) {
        match ty.kind() {
            TyKind::Param(param) => {
                self.found.insert(param.index);
            }
            TyKind::Projection(_, args) => {
                if self.projections == Projections::Count {
                    self.args(*args);
                }
            }
            TyKind::Adt(_, args) | TyKind::FnDef(_, args) | TyKind::Closure(_, args) | TyKind::Opaque(_, args) => {
                self.args(*args)
            }
            TyKind::Array(elem, len) => {
                self.ty(*elem);
                self.constant(*len);
            }
            TyKind::Slice(elem) => self.ty(*elem),
            TyKind::Ref(region, inner, _) => {
                self.region(*region);
                self.ty(*inner);
            }
            TyKind::Tuple(items) => items.iter().for_each(|item| self.ty(*item)),
            TyKind::FnPtr(sig) => sig.value.inputs_and_output.iter().for_each(|ty| self.ty(*ty)),
            TyKind::Dynamic(clauses, region) => {
                self.region(*region);
                for clause in clauses {
                    match clause.value {
                        Clause::Trait(trait_ref) => self.args(trait_ref.args),
                        Clause::Projection(projection, ty) => {
                            self.args(projection.args);
                            self.ty(ty);
                        }
                        Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => {}
                    }
                }
            }
            TyKind::Bool
            | TyKind::Char
            | TyKind::Int(_)
            | TyKind::Uint(_)
            | TyKind::Float(_)
            | TyKind::Str
            | TyKind::Never
            | TyKind::Infer(_)
            | TyKind::Error => {}
        }
    }

    fn args(&mut self, args: Args) {
        for arg in args.iter() {
            match arg {
                GenericArg::Ty(ty) => self.ty(*ty),
                GenericArg::Region(region) => self.region(*region),
                GenericArg::Const(value) => self.constant(*value),
            }
        }
    }

    fn region(&mut self, region: Region) {
        if let RegionKind::EarlyParam { index, .. } = region.kind() {
            self.found.insert(*index);
        }
    }

    fn constant(&mut self, value: Const) {
        match value.kind() {
            ConstKind::Param { index, .. } => {
                self.found.insert(*index);
            }
            ConstKind::Unevaluated(_, args) if self.projections == Projections::Count => self.args(*args),
            _ => {}
        }
    }
}

/// All parameters that occur in a type.
pub fn params_in(ty: &Ty) -> FxHashSet<u32> {
    let mut collector = Collector { found: FxHashSet::default(), projections: Projections::Count };
    collector.ty(*ty);
    collector.found
}

fn determined_by(ty: Ty, found: FxHashSet<u32>) -> FxHashSet<u32> {
    let mut collector = Collector { found, projections: Projections::DoNotCount };
    collector.ty(ty);
    collector.found
}

/// The parameters that an impl's header determines, its predicates included.
pub fn constrained_by_impl(
    self_ty: Ty,
    trait_ref: Option<TraitRef>,
    predicates: &[(Predicate, Span)],
) -> FxHashSet<u32> {
    let mut found = FxHashSet::default();
    match trait_ref {
        Some(trait_ref) => {
            let mut collector = Collector { found, projections: Projections::DoNotCount };
            collector.args(trait_ref.args);
            found = collector.found;
        }
        None => found = determined_by(self_ty, found),
    }
    close_over(found, predicates)
}

/// The parameters that are determined once `known` are.
pub fn constrained_by_predicates(known: FxHashSet<u32>, predicates: &[(Predicate, Span)]) -> FxHashSet<u32> {
    close_over(known, predicates)
}

/// `T: Trait<Assoc = U>` determines `U` once `T` is determined.
fn close_over(mut found: FxHashSet<u32>, predicates: &[(Predicate, Span)]) -> FxHashSet<u32> {
    loop {
        let before = found.len();
        for (predicate, _) in predicates {
            let Clause::Projection(projection, ty) = predicate.value else { continue };
            let mut inputs = Collector { found: FxHashSet::default(), projections: Projections::Count };
            inputs.args(projection.args);
            if inputs.found.iter().all(|index| found.contains(index)) {
                found = determined_by(ty, found);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}
