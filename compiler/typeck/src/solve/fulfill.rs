//! The fulfilment context: obligations that are still to be proved.
//!
//! An obligation that cannot be decided yet remembers the variables it waits for, and is looked at again only when one of them is known.

use std::rc::Rc;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use super::project::ProjectionOutcome;
use super::select::SelectError;
use super::{EvalResult, Obligation, ParamEnv};
use crate::collect;
use crate::infer_ctxt::{InferCtxt, TypeMismatch};
use crate::ty::{Binder, Clause, ConstKind, InferTy, Predicate, TraitRef, Ty, TyKind, TypeFlags, TypeFoldable};

/// An obligation that does not hold.
#[derive(Clone, Debug)]
pub struct FulfillError {
    /// The innermost obligation that fails.
    pub obligation: Obligation,
    /// The registered obligation it comes from.
    pub root: Obligation,
    pub kind: FulfillErrorKind,
}

#[derive(Clone, Debug)]
pub enum FulfillErrorKind {
    Unimplemented,
    /// `<T as Trait>::Item` is `found`, not `expected`.
    Projection {
        expected: Ty,
        found: Ty,
        mismatch: TypeMismatch,
    },
    Ambiguous,
    Overflow,
}

struct Pending {
    obligation: Obligation,
    root: Rc<Obligation>,
    stalled_on: SmallVec<[Ty; 2]>,
    /// The goals that this one is part of the proof of.
    ancestors: Option<Rc<Ancestor>>,
}

struct Ancestor {
    predicate: Predicate,
    parent: Option<Rc<Ancestor>>,
}

impl Pending {
    /// Whether the proof of this predicate would need itself. Auto traits and `Sized` may: they hold unless something speaks against them.
    fn is_circular(&self, infcx: &InferCtxt<'_>, predicate: Predicate) -> bool {
        let mut is_coinductive = true;
        let mut at = &self.ancestors;
        while let Some(ancestor) = at {
            if let Clause::Trait(trait_ref) = ancestor.predicate.value {
                is_coinductive &= infcx.is_coinductive(trait_ref.trait_);
            }
            if ancestor.predicate == predicate {
                return !is_coinductive;
            }
            at = &ancestor.parent;
        }
        false
    }

    fn is_stalled(&self, infcx: &InferCtxt<'_>) -> bool {
        !self.stalled_on.is_empty() && self.stalled_on.iter().all(|var| is_unchanged(infcx, *var))
    }
}

#[derive(Default)]
pub struct FulfillCtxt {
    pending: Vec<Pending>,
    /// Predicates without inference variables that were proved, or are being: they need no second proof, and cycles end at them.
    done: FxHashSet<(ParamEnv, Predicate)>,
    /// Those among them that were added since the last call. What fails is asked, and reported, anew where it is needed again, and so is what needs it.
    recent: Vec<(ParamEnv, Predicate)>,
}

enum Outcome {
    Done(Vec<Obligation>),
    Stalled(SmallVec<[Ty; 2]>),
    Failed(FulfillErrorKind),
}

impl FulfillCtxt {
    pub fn new() -> FulfillCtxt {
        FulfillCtxt::default()
    }

    pub fn register(&mut self, _infcx: &InferCtxt<'_>, obligation: Obligation) {
        let root = Rc::new(obligation.clone());
        self.pending.push(Pending { obligation, root, stalled_on: SmallVec::new(), ancestors: None });
    }

    pub fn register_all(&mut self, infcx: &InferCtxt<'_>, obligations: impl IntoIterator<Item = Obligation>) {
        for obligation in obligations {
            self.register(infcx, obligation);
        }
    }

    /// Registers what the impl behind a predicate without regions asks for, where it may ask something of regions: where clauses of impls of std do not.
    pub fn register_conditions(&mut self, infcx: &InferCtxt<'_>, obligation: Obligation) {
        let mut seen = FxHashSet::default();
        let mut pending = vec![obligation];
        while let Some(obligation) = pending.pop() {
            let Clause::Trait(trait_ref) = obligation.predicate.value else {
                self.register(infcx, obligation);
                continue;
            };
            let is_plain = obligation.predicate.vars.is_empty() && !trait_ref.has_flag(TypeFlags::HAS_REGION);
            let is_own = !trait_ref.trait_.is_std()
                || matches!(trait_ref.self_ty().kind(), TyKind::Adt(adt, _) if !adt.is_std());
            if !is_plain || trait_ref.has_infer() {
                self.register(infcx, obligation);
            } else if is_own
                && seen.insert(trait_ref)
                && let Ok(Some(candidate)) = infcx.select(&obligation, trait_ref)
                && let Ok(nested) = infcx.commit_if_ok(|| infcx.confirm(&obligation, trait_ref, &candidate))
            {
                pending.extend(nested);
            }
        }
    }

    /// Proves what can be proved, and reports what certainly fails. Ambiguous obligations stay.
    pub fn select_where_possible(&mut self, infcx: &InferCtxt<'_>) -> Vec<FulfillError> {
        self.recent.clear();
        let errors = self.select(infcx);
        if !errors.is_empty() {
            for key in self.recent.drain(..) {
                self.done.remove(&key);
            }
        }
        errors
    }

    fn select(&mut self, infcx: &InferCtxt<'_>) -> Vec<FulfillError> {
        let mut errors = Vec::new();
        loop {
            if self.pending.iter().all(|pending| pending.is_stalled(infcx)) {
                return errors;
            }
            let mut progress = false;
            let mut queue = std::mem::take(&mut self.pending);
            let mut stack: Vec<Pending> = Vec::new();
            for pending in queue.drain(..) {
                if pending.is_stalled(infcx) {
                    self.pending.push(pending);
                    continue;
                }
                stack.push(pending);
                while let Some(mut pending) = stack.pop() {
                    match self.process(infcx, &pending) {
                        Outcome::Done(nested) if nested.is_empty() => progress = true,
                        Outcome::Done(nested) => {
                            progress = true;
                            let root = &pending.root;
                            let predicate = infcx.resolve_vars_if_possible(pending.obligation.predicate);
                            let ancestors = Rc::new(Ancestor { predicate, parent: pending.ancestors });
                            stack.extend(nested.into_iter().rev().map(|obligation| Pending {
                                obligation,
                                root: root.clone(),
                                stalled_on: SmallVec::new(),
                                ancestors: Some(ancestors.clone()),
                            }));
                        }
                        Outcome::Stalled(vars) => {
                            pending.stalled_on = vars;
                            self.pending.push(pending);
                        }
                        Outcome::Failed(kind) => {
                            progress = true;
                            errors.push(fulfill_error(infcx, pending, kind));
                        }
                    }
                }
            }
            if !progress {
                return errors;
            }
        }
    }

    /// As `select_where_possible`; what remains ambiguous is an error too.
    pub fn select_all_or_error(&mut self, infcx: &InferCtxt<'_>) -> Vec<FulfillError> {
        let mut errors = self.select_where_possible(infcx);
        errors.extend(self.pending.drain(..).map(|pending| fulfill_error(infcx, pending, FulfillErrorKind::Ambiguous)));
        errors
    }

    pub fn pending(&self) -> impl Iterator<Item = &Obligation> {
        self.pending.iter().map(|pending| &pending.obligation)
    }

    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// Forgets all pending obligations (after they have been reported).
    pub fn clear(&mut self) {
        self.pending.clear();
    }

    /// The pending obligations whose `Self` is the same unknown as `ty`.
    pub fn pending_for_self_ty(&self, infcx: &InferCtxt<'_>, ty: Ty) -> Vec<Obligation> {
        let ty = infcx.shallow_resolve(ty);
        self.pending()
            .filter(|obligation| {
                let self_ty = match obligation.predicate.value {
                    Clause::Trait(trait_ref) => trait_ref.self_ty(),
                    Clause::Projection(projection, _) => projection.self_ty(),
                    Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => return false,
                };
                infcx.shallow_resolve(self_ty) == ty
            })
            .cloned()
            .collect()
    }

    fn process(&mut self, infcx: &InferCtxt<'_>, pending: &Pending) -> Outcome {
        let mut nested = Vec::new();
        let predicate = infcx.renormalize(&pending.obligation, &mut nested);
        match self.process_normalized(infcx, pending, predicate) {
            Outcome::Done(more) if !nested.is_empty() => {
                nested.extend(more);
                Outcome::Done(nested)
            }
            outcome => outcome,
        }
    }

    fn process_normalized(&mut self, infcx: &InferCtxt<'_>, pending: &Pending, predicate: Predicate) -> Outcome {
        let obligation = &pending.obligation;
        if !predicate.has_infer() && !predicate.has_flag(TypeFlags::HAS_REGION_VAR) {
            let key = (obligation.param_env, predicate);
            if self.done.contains(&key) {
                return match pending.is_circular(infcx, predicate) {
                    true => Outcome::Failed(FulfillErrorKind::Overflow),
                    false => Outcome::Done(Vec::new()),
                };
            }
            let outcome = self.process_resolved(infcx, obligation, predicate);
            if let Outcome::Done(_) = outcome {
                self.done.insert(key);
                self.recent.push(key);
            }
            return outcome;
        }
        if infcx.tracks_regions() && !predicate.has_infer() {
            // The same goal with the same region variables needs no second proof; this also ends cycles.
            let key = (obligation.param_env, predicate);
            if !self.done.insert(key) {
                return Outcome::Done(Vec::new());
            }
        }
        self.process_resolved(infcx, obligation, predicate)
    }

    fn process_resolved(&mut self, infcx: &InferCtxt<'_>, obligation: &Obligation, predicate: Predicate) -> Outcome {
        match predicate.value {
            Clause::Trait(_) => {
                let Clause::Trait(trait_ref) = infcx.instantiate_placeholders(predicate) else {
                    return Outcome::Done(Vec::new());
                };
                process_trait(infcx, obligation, trait_ref)
            }
            Clause::Projection(..) => {
                let Clause::Projection(projection, ty) = infcx.instantiate_placeholders(predicate) else {
                    return Outcome::Done(Vec::new());
                };
                match infcx.process_projection(obligation, projection, ty) {
                    ProjectionOutcome::Done(nested) => Outcome::Done(nested),
                    ProjectionOutcome::Ambiguous(projection) => Outcome::Stalled(variables_of(infcx, &projection)),
                    ProjectionOutcome::Mismatch(expected, found, mismatch) => {
                        Outcome::Failed(FulfillErrorKind::Projection { expected, found, mismatch })
                    }
                    ProjectionOutcome::Unimplemented => {
                        let trait_ = projection.trait_def();
                        let count = collect::generics_of(infcx.db, trait_).count();
                        let trait_ref = TraitRef::new(trait_, projection.args.truncated(count));
                        Outcome::Done(vec![obligation.with_predicate(trait_ref.to_predicate())])
                    }
                    ProjectionOutcome::Overflow => Outcome::Failed(FulfillErrorKind::Overflow),
                }
            }
            Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => {
                if infcx.tracks_regions() {
                    match infcx.instantiate_placeholders(predicate) {
                        Clause::TypeOutlives(ty, region) => infcx.type_outlives(ty, region, &obligation.cause),
                        Clause::RegionOutlives(sup, sub) => infcx.sub_regions(sub, sup, &obligation.cause),
                        Clause::Trait(_) | Clause::Projection(..) => {}
                    }
                }
                Outcome::Done(Vec::new())
            }
        }
    }
}

fn fulfill_error(infcx: &InferCtxt<'_>, pending: Pending, kind: FulfillErrorKind) -> FulfillError {
    let predicate = infcx.resolve_vars_if_possible(pending.obligation.predicate);
    let root_predicate = infcx.resolve_vars_if_possible(pending.root.predicate);
    FulfillError {
        obligation: pending.obligation.with_predicate(predicate),
        root: pending.root.with_predicate(root_predicate),
        kind,
    }
}

fn process_trait(infcx: &InferCtxt<'_>, obligation: &Obligation, trait_ref: TraitRef) -> Outcome {
    if trait_ref.has_error() {
        return Outcome::Done(Vec::new());
    }
    if !trait_ref.has_infer() {
        // Regions never decide about auto traits and `Sized`, but for where clauses about associated types; elsewhere nested obligations may relate
        // regions.
        let regions_matter = infcx.tracks_regions()
            && trait_ref.has_flag(TypeFlags::HAS_REGION)
            && (!infcx.is_coinductive(trait_ref.trait_) || trait_ref.has_flag(TypeFlags::HAS_PROJECTION));
        if !regions_matter && super::evaluate_closed(infcx, obligation.param_env, trait_ref) == EvalResult::Holds {
            return Outcome::Done(Vec::new());
        }
        if regions_matter && infcx.holds_for_all_regions(obligation.param_env, trait_ref) {
            return Outcome::Done(Vec::new());
        }
    }
    match infcx.select(obligation, trait_ref) {
        Ok(Some(candidate)) => match infcx.commit_if_ok(|| infcx.confirm(obligation, trait_ref, &candidate)) {
            Ok(nested) => Outcome::Done(nested),
            Err(()) => Outcome::Failed(FulfillErrorKind::Unimplemented),
        },
        Ok(None) => {
            let self_ty = infcx.shallow_resolve(trait_ref.self_ty());
            if self_ty.is_ty_var() {
                return Outcome::Stalled(SmallVec::from_slice(&[self_ty]));
            }
            Outcome::Stalled(variables_of(infcx, &trait_ref))
        }
        Err(SelectError::Unimplemented) => Outcome::Failed(FulfillErrorKind::Unimplemented),
        Err(SelectError::Overflow) => Outcome::Failed(FulfillErrorKind::Overflow),
    }
}

fn is_unchanged(infcx: &InferCtxt<'_>, var: Ty) -> bool {
    infcx.shallow_resolve(var) == var
}

/// The unknown type variables in a value. None (as where only constants are unknown) means: look again every time.
fn variables_of<T: TypeFoldable>(infcx: &InferCtxt<'_>, value: &T) -> SmallVec<[Ty; 2]> {
    let value = infcx.resolve_vars_if_possible(value.clone());
    let mut vars: SmallVec<[Ty; 2]> = SmallVec::new();
    let mut other = false;
    let _ = crate::ty::fold::walk_types(&value, |ty| {
        match ty.kind() {
            TyKind::Infer(InferTy::Ty(_) | InferTy::Int(_) | InferTy::Float(_)) => {
                if !vars.contains(&ty) {
                    vars.push(ty);
                }
            }
            TyKind::Array(_, len) => other |= matches!(len.kind(), ConstKind::Infer(_)),
            TyKind::Adt(_, args) => {
                other |= args
                    .iter()
                    .any(|arg| arg.as_const().is_some_and(|value| matches!(value.kind(), ConstKind::Infer(_))));
            }
            _ => {}
        }
        std::ops::ControlFlow::Continue(())
    });
    if other { SmallVec::new() } else { vars }
}

/// A trait predicate with its binder, as the solver's callers have it.
pub fn trait_binder(predicate: Predicate) -> Option<Binder<TraitRef>> {
    match predicate.value {
        Clause::Trait(trait_ref) => Some(Binder { value: trait_ref, vars: predicate.vars }),
        Clause::Projection(..) | Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => None,
    }
}
