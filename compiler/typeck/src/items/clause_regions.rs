//! Lifetimes in where clauses and bounds: what the types in them need must be declared or implied (E0309, E0310, E0478,
//! E0491).
//!
//! `where &'static T: Trait` needs `T: 'static`, and `type Iter<'a>: Iterator<Item = Self::Item<'a>>` what `Item` declares (rustc's
//! `check_where_clauses`). A clause is no fact about the types that it names: only what else is known counts.

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rgo_syntax::ast::ItemKind;

use super::regions::{self, Assumptions};
use crate::collect::{
    explicit_item_bounds, identity_args, impl_trait_ref, liberated_fn_sig, own_predicates_of, predicates_of,
    super_predicates, type_of,
};
use crate::error::TypeError;
use crate::implied::Implied;
use crate::infer_ctxt::InferCtxt;
use crate::solve::{CauseCode, FulfillCtxt, Obligation, ObligationCause, param_env, wf_obligations};
use crate::ty::{Args, Binder, Clause, GenericArg, Predicate, Subst, Ty, TyKind, TypeFlags, TypeFoldable};

/// Errors of the clauses that a definition declares.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    if def.is_std() {
        return;
    }
    let of_trait = if def.kind() == DefKind::Trait { super_predicates(db, def) } else { &[] };
    let of_item = match def.kind() {
        DefKind::AssocTy if def.parent().is_some_and(|parent| parent.kind() == DefKind::Trait) => {
            explicit_item_bounds(db, def)
        }
        _ => &[],
    };
    let declared = own_predicates_of(db, def).iter().chain(of_trait).chain(of_item);
    let clauses: Vec<&(Predicate, Span)> = declared.filter(|(predicate, _)| concerns(*predicate)).collect();
    let of_signature = signature(db, def);
    if clauses.is_empty() && of_signature.is_empty() {
        return;
    }
    let env = param_env(db, def);
    let infcx = InferCtxt::tracking(db, env, 0);
    let mut fulfill = FulfillCtxt::new();
    for (predicate, span) in clauses {
        let cause = ObligationCause::new(def, *span, CauseCode::WellFormed);
        fulfill.register_all(&infcx, needed(&infcx, *predicate, &cause));
    }
    fulfill.select_where_possible(&infcx);
    let known = assumed(db, def, Assumptions::of_env(env));
    signatures(db, def, of_signature, &known, errors);
    for failure in regions::failures(&infcx, &known) {
        let of_reference = matches!(*failure.cause.root().code, CauseCode::WellFormed);
        let error = regions::bound_error(db, def, &failure, if of_reference { "E0491" } else { "E0478" });
        if !errors.iter().any(|known| known.code == error.code && known.span == error.span) {
            errors.push(error);
        }
    }
}

/// What traits ask of the lifetimes in a signature's types. What those need of lifetimes alone is known by what they imply.
fn signatures(db: &dyn Db, def: DefId, types: Vec<(Ty, Span)>, known: &Assumptions, errors: &mut Vec<TypeError>) {
    let env = param_env(db, def);
    for (ty, span) in types {
        let infcx = InferCtxt::tracking(db, env, 0);
        let cause = ObligationCause::new(def, span, CauseCode::WellFormed);
        let mut needed = wf_obligations(&infcx, ty, &cause);
        needed.retain(|obligation| concerns(obligation.predicate));
        if needed.is_empty() {
            continue;
        }
        let mut fulfill = FulfillCtxt::new();
        fulfill.register_all(&infcx, needed);
        fulfill.select_where_possible(&infcx);
        if let Some(failure) = regions::failures(&infcx, known).first() {
            errors.push(regions::bound_error(db, def, failure, "E0308"));
        }
    }
}

/// The types of a signature that name lifetimes, where a trait may ask for others.
fn signature(db: &dyn Db, def: DefId) -> Vec<(Ty, Span)> {
    if def.kind() != DefKind::Fn {
        return Vec::new();
    }
    let ItemKind::Fn(item) = &rgo_hir::item_ast(db, def).kind else { return Vec::new() };
    let sig = liberated_fn_sig(db, def);
    let with_self = usize::from(item.self_param.is_some());
    let span = |index: usize| match (&item.self_param, index.checked_sub(with_self)) {
        (Some(self_param), None) => self_param.span,
        (_, index) => match index.and_then(|index| item.params.get(index)) {
            Some(param) => param.ty.span,
            None => item.ret.as_ref().map_or(item.sig_span, |ret| ret.span),
        },
    };
    let types = sig.inputs_and_output.iter().enumerate().map(|(index, ty)| (*ty, span(index)));
    types.filter(|(ty, _)| ty.has(TypeFlags::HAS_REGION) && !ty.has(TypeFlags::HAS_ERROR)).collect()
}

fn concerns(predicate: Predicate) -> bool {
    let names_lifetimes = predicate.has_flag(TypeFlags::HAS_REGION);
    names_lifetimes && !predicate.has_error() && matches!(predicate.value, Clause::Trait(_) | Clause::Projection(..))
}

/// What makes the parts of a clause well-formed.
fn needed(infcx: &InferCtxt<'_>, predicate: Predicate, cause: &ObligationCause) -> Vec<Obligation> {
    let mut obligations = Vec::new();
    let mut of_types = |types: &mut dyn Iterator<Item = Ty>| {
        for ty in types.filter(|ty| !ty.has_escaping_bound_vars()) {
            obligations.extend(wf_obligations(infcx, ty, cause));
            // What structs do not declare but need for their fields (RFC 2093).
            let mut facts = Vec::new();
            Implied::default().facts(infcx.db, ty, &mut facts);
            obligations.extend(facts.into_iter().filter_map(|(arg, region)| {
                let clause = match arg {
                    GenericArg::Ty(ty) => Clause::TypeOutlives(ty, region),
                    GenericArg::Region(long) => Clause::RegionOutlives(long, region),
                    GenericArg::Const(_) => return None,
                };
                Some(Obligation::new(cause.clone(), infcx.param_env, Binder::dummy(clause)))
            }));
        }
    };
    match predicate.value {
        Clause::Trait(trait_ref) => {
            of_types(&mut trait_ref.args.types());
            if predicate.vars.is_empty() {
                of_trait(infcx, trait_ref.trait_, trait_ref.args, cause, &mut obligations);
            }
        }
        Clause::Projection(projection, ty) => {
            // The trait is a clause of its own.
            of_types(&mut projection.args.types().chain([ty]));
        }
        Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => {}
    }
    obligations
}

/// What a trait asks of its arguments in lifetimes.
fn of_trait(infcx: &InferCtxt<'_>, trait_: DefId, args: Args, cause: &ObligationCause, out: &mut Vec<Obligation>) {
    for (predicate, span) in predicates_of(infcx.db, trait_) {
        if matches!(predicate.value, Clause::TypeOutlives(..) | Clause::RegionOutlives(..)) {
            let cause = cause.with_code(CauseCode::WhereClause { item: trait_, span: *span });
            out.push(Obligation::new(cause, infcx.param_env, predicate.subst(args)));
        }
    }
}

/// What the types of a head or signature imply besides.
fn assumed(db: &dyn Db, def: DefId, mut known: Assumptions) -> Assumptions {
    match def.kind() {
        DefKind::Struct | DefKind::Enum | DefKind::Union => {
            known.well_formed(db, Ty::new(TyKind::Adt(def, identity_args(db, def))));
        }
        DefKind::Impl => match impl_trait_ref(db, def) {
            Some(trait_ref) => trait_ref.args.types().for_each(|ty| known.well_formed(db, ty)),
            None => known.well_formed(db, type_of(db, def)),
        },
        DefKind::Fn => {
            liberated_fn_sig(db, def).inputs_and_output.iter().for_each(|ty| known.well_formed(db, *ty));
        }
        _ => {}
    }
    match def.parent() {
        Some(parent) if parent.kind() == DefKind::Impl => assumed(db, parent, known),
        _ => known,
    }
}
