//! Who may implement a trait for which types: the orphan check, and what coherence may conclude from an impl that is not there.
//!
//! RFC 1023, RFC 2451; rustc dev guide, "Coherence". Below, "owner" is the package that a type makes the impl's: the first local type of a
//! trait reference, where references, `Box` and `Pin` count as what is in them (they are fundamental).

use rgo_hir::{Db, DefId};

use super::param_env::elaborate;
use super::select::Stack;
use super::{EvalResult, Obligation};
use crate::infer_ctxt::{InferCtxt, TypingMode};
use crate::ty::{GenericArg, TraitRef, Ty, TyKind, TypeFlags};

/// Whose types are local.
#[derive(Clone, Copy)]
pub(crate) enum Author {
    Package(DefId),
    /// Any package that uses this one: its types are not known here, so that only what is unknown may be one.
    Downstream,
}

/// What the types of a trait reference say about an impl.
pub(crate) enum Ownership {
    /// A local type comes before any uncovered parameter.
    Local,
    /// This parameter comes first.
    Uncovered(Ty),
    Foreign,
}

impl Author {
    fn owns(self, def: DefId) -> bool {
        match self {
            Author::Package(package) => def.package_of() == package,
            Author::Downstream => false,
        }
    }

    /// The first of the types that decides. Parameters of an impl and inference variables are the same here: both may become any type.
    pub(crate) fn ownership(self, db: &dyn Db, trait_ref: TraitRef) -> Ownership {
        let verdicts = trait_ref.args.types().map(|ty| self.of_type(db, ty));
        verdicts.into_iter().find(|verdict| !matches!(verdict, Ownership::Foreign)).unwrap_or(Ownership::Foreign)
    }

    fn of_type(self, db: &dyn Db, ty: Ty) -> Ownership {
        let known = |is_local: bool| if is_local { Ownership::Local } else { Ownership::Foreign };
        match ty.kind() {
            TyKind::Param(_) | TyKind::Infer(_) => match self {
                Author::Package(_) => Ownership::Uncovered(ty),
                Author::Downstream => Ownership::Local,
            },
            // What a projection of parameters is nobody knows: no local type, and to rustc no uncovered one (it warns of that).
            TyKind::Projection(..) => match self {
                Author::Downstream => known(ty.has(TypeFlags::HAS_PARAM | TypeFlags::HAS_INFER)),
                Author::Package(_) => Ownership::Foreign,
            },
            TyKind::Ref(_, inner, _) => self.of_type(db, *inner),
            TyKind::Adt(def, _) if self.owns(*def) => Ownership::Local,
            TyKind::Adt(def, args) if matches!(rgo_hir::lang_name(db, *def), Some("box" | "pin")) => {
                args.types().next().map_or(Ownership::Foreign, |inner| self.of_type(db, inner))
            }
            TyKind::Dynamic(clauses, _) => {
                known(crate::ty::principal(*clauses).is_some_and(|principal| self.owns(principal.value.trait_)))
            }
            TyKind::Closure(def, _) => known(self.owns(*def)),
            TyKind::Error => Ownership::Local,
            _ => Ownership::Foreign,
        }
    }
}

impl InferCtxt<'_> {
    /// Whether the absence of an impl today means that there is none: not where a package downstream may write it for a type of its own, nor
    /// where the trait's own package may for a type that is not ours.
    pub(super) fn is_knowable(&self, trait_ref: TraitRef) -> bool {
        let TypingMode::Coherence { package } = self.typing_mode else { return true };
        let is_local = |author: Author| matches!(author.ownership(self.db, trait_ref), Ownership::Local);
        if is_local(Author::Downstream) {
            return false;
        }
        let is_fundamental =
            matches!(rgo_hir::lang_name(self.db, trait_ref.trait_), Some("fn" | "fn_mut" | "fn_once" | "sized"));
        is_fundamental || trait_ref.trait_.package_of() == package || is_local(Author::Package(package))
    }

    /// Who implements a trait implements its supertraits: without one of them nobody can, today or later.
    pub(super) fn lacks_supertrait(&self, obligation: &Obligation, trait_ref: TraitRef, stack: &mut Stack) -> bool {
        let implied = elaborate(self.db, [trait_ref.to_predicate()]);
        implied.into_iter().skip(1).any(|clause| {
            let mut nested = Vec::new();
            let param_env = obligation.param_env;
            let predicate = self.normalize_at(param_env, clause, &obligation.cause, obligation.depth + 1, &mut nested);
            nested.push(Obligation {
                cause: obligation.cause.clone(),
                param_env,
                predicate,
                depth: obligation.depth + 1,
            });
            self.probe(|| self.evaluate_nested(nested, stack)) == EvalResult::Fails
        })
    }
}

/// Whether a trait reference has an error somewhere, and so no meaning to judge.
pub(crate) fn is_broken(trait_ref: TraitRef) -> bool {
    trait_ref.args.iter().any(|arg: &GenericArg| crate::ty::flags::of_arg(*arg).has(TypeFlags::HAS_ERROR))
}
