//! Selection: assembling the candidates for a trait goal, choosing among them, confirming one.
//!
//! The rules of preference are those of rustc's old solver: built-in rules without conditions, where clauses, bounds of projections and opaque
//! types, `dyn`'s own traits, then impls (rustc dev guide, "Trait resolution (old-style)").

use rgo_hir::body::Mutability;
use rgo_hir::{DefId, DefKind};

use super::builtin::{self, Builtin};
use super::impls::{self, args_may_unify};
use super::param_env::elaborate;
use super::renumber::equal_but_for_variables;
use super::{DerivedSource, EvalResult, Obligation, ObligationCause, ParamEnv, RECURSION_LIMIT, Reveal};
use crate::collect::{self, ImplPolarity};
use crate::infer_ctxt::{InferCtxt, TypingMode};
use crate::ty::{
    Args, Binder, Clause, ClosureArgs, ClosureKind, FnSig, GenericArg, Predicate, Subst, TraitRef, Ty, TyKind,
    TypeFlags, TypeFoldable,
};

/// A way in which a trait goal may hold.
#[derive(Clone, Debug)]
pub(crate) enum Candidate {
    /// A where clause.
    Param(Binder<TraitRef>),
    Impl(DefId, TraitRef),
    /// Holds if these do.
    Builtin(Vec<TraitRef>),
    /// As `Builtin`, for an auto trait.
    Auto(Vec<TraitRef>),
    /// A bound of the projection or opaque type that is the self type.
    ItemBound(Binder<TraitRef>),
    /// A trait of the `dyn` type.
    Object(Binder<TraitRef>),
    /// A closure, function item or function pointer is called with these (untupled) inputs.
    Callable(Binder<FnSig>),
    /// `T: Unsize<U>` by the shapes of the two: these must be equal, and these must hold.
    Unsize(Vec<(Ty, Ty)>, Vec<Predicate>),
}

pub(crate) enum SelectError {
    Unimplemented,
    Overflow,
}

/// Trait goals that are being evaluated, outermost first.
#[derive(Default)]
pub(crate) struct Stack {
    goals: Vec<TraitRef>,
    /// The least index of a goal that the present evaluation found itself to depend on by a cycle.
    reached: Option<usize>,
}

#[derive(Default)]
struct Candidates {
    list: Vec<Candidate>,
    ambiguous: bool,
}

impl<'db> InferCtxt<'db> {
    /// Whether the obligation holds, without changing anything.
    pub fn evaluate(&self, obligation: &Obligation) -> EvalResult {
        self.probe(|| self.evaluate_in(obligation, &mut Stack::default()))
    }

    /// Whether all the obligations hold together.
    pub fn evaluate_all(&self, obligations: &[Obligation]) -> EvalResult {
        self.probe(|| self.evaluate_nested(obligations.to_vec(), &mut Stack::default()))
    }

    /// Evaluates; variables may be unified on the way.
    pub(crate) fn evaluate_in(&self, obligation: &Obligation, stack: &mut Stack) -> EvalResult {
        if obligation.depth > RECURSION_LIMIT {
            return EvalResult::Overflow;
        }
        let mut nested = Vec::new();
        let predicate = self.renormalize(obligation, &mut nested);
        let result = self.evaluate_normalized(obligation, predicate, stack);
        if nested.is_empty() || !result.may_hold() { result } else { result.max(self.evaluate_nested(nested, stack)) }
    }

    fn evaluate_normalized(&self, obligation: &Obligation, predicate: Predicate, stack: &mut Stack) -> EvalResult {
        match self.instantiate_placeholders(predicate) {
            Clause::Trait(trait_ref) => self.evaluate_trait(obligation, trait_ref, stack),
            Clause::Projection(projection, ty) => match self.process_projection(obligation, projection, ty) {
                super::project::ProjectionOutcome::Done(nested) => self.evaluate_nested(nested, stack),
                super::project::ProjectionOutcome::Ambiguous(_) => EvalResult::Ambiguous,
                super::project::ProjectionOutcome::Mismatch(..) | super::project::ProjectionOutcome::Unimplemented => {
                    EvalResult::Fails
                }
                super::project::ProjectionOutcome::Overflow => EvalResult::Overflow,
            },
            Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => EvalResult::Holds,
        }
    }

    pub(crate) fn evaluate_nested(&self, obligations: Vec<Obligation>, stack: &mut Stack) -> EvalResult {
        let mut result = EvalResult::Holds;
        // Later obligations may fix what earlier ones left open.
        let mut ambiguous = Vec::new();
        for obligation in obligations {
            match self.evaluate_in(&obligation, stack) {
                EvalResult::Holds => {}
                EvalResult::Ambiguous => ambiguous.push(obligation),
                failed @ (EvalResult::Fails | EvalResult::Overflow) => return failed,
            }
        }
        for obligation in ambiguous {
            result = result.max(self.evaluate_in(&obligation, stack));
            if !result.may_hold() {
                return result;
            }
        }
        result
    }

    fn evaluate_trait(&self, obligation: &Obligation, trait_ref: TraitRef, stack: &mut Stack) -> EvalResult {
        if trait_ref.has_error() {
            return EvalResult::Holds;
        }
        let erased = trait_ref.erase_regions();
        let closed = !trait_ref.has_infer() && self.typing_mode == TypingMode::Analysis;
        let key = (obligation.param_env, erased);
        if closed && let Some(known) = self.evaluation_cache.borrow().get(&key) {
            return *known;
        }
        if let Some(position) = stack.goals.iter().position(|goal| *goal == erased) {
            stack.reached = Some(stack.reached.map_or(position, |known| known.min(position)));
            let coinductive = stack.goals[position..].iter().all(|goal| self.is_coinductive(goal.trait_));
            return if coinductive { EvalResult::Holds } else { EvalResult::Fails };
        }
        // `J: From<?T>` asks `J: From<?U>` by `impl<U> From<Option<U>> for J where J: From<U>`, and that would go on for ever.
        if trait_ref.has_infer() && stack.goals.iter().any(|goal| equal_but_for_variables(*goal, erased)) {
            return EvalResult::Ambiguous;
        }
        let own_position = stack.goals.len();
        if own_position as u32 > RECURSION_LIMIT {
            return EvalResult::Overflow;
        }
        stack.goals.push(erased);
        let outer_reached = stack.reached.take();
        let result = self.evaluate_candidates(obligation, trait_ref, stack);
        stack.goals.pop();
        // A result that rests on a goal further out is only true together with that one.
        let depends_outward = stack.reached.is_some_and(|reached| reached < own_position);
        stack.reached = match (outer_reached, stack.reached.filter(|_| depends_outward)) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        if closed && !depends_outward && matches!(result, EvalResult::Holds | EvalResult::Fails) {
            self.evaluation_cache.borrow_mut().insert(key, result);
        }
        result
    }

    pub(crate) fn is_auto_trait(&self, trait_: DefId) -> bool {
        collect::is_auto_trait(self.db, self.lang, trait_)
    }

    pub(super) fn is_coinductive(&self, trait_: DefId) -> bool {
        self.is_auto_trait(trait_) || self.lang.name_of(trait_) == Some("sized")
    }

    fn evaluate_candidates(&self, obligation: &Obligation, trait_ref: TraitRef, stack: &mut Stack) -> EvalResult {
        match self.select_in(obligation, trait_ref, stack) {
            Ok(None) => EvalResult::Ambiguous,
            Err(SelectError::Unimplemented) => EvalResult::Fails,
            Err(SelectError::Overflow) => EvalResult::Overflow,
            Ok(Some(candidate)) => self.evaluate_candidate(obligation, trait_ref, &candidate, stack),
        }
    }

    fn evaluate_candidate(
        &self,
        obligation: &Obligation,
        trait_ref: TraitRef,
        candidate: &Candidate,
        stack: &mut Stack,
    ) -> EvalResult {
        self.probe(|| match self.confirm(obligation, trait_ref, candidate) {
            Ok(nested) => self.evaluate_nested(nested, stack),
            Err(()) => EvalResult::Fails,
        })
    }

    // ----- choosing -----

    /// The candidate for a trait goal; `None` if more must be known.
    pub(crate) fn select(
        &self,
        obligation: &Obligation,
        trait_ref: TraitRef,
    ) -> Result<Option<Candidate>, SelectError> {
        self.select_in(obligation, trait_ref, &mut Stack::default())
    }

    fn select_in(
        &self,
        obligation: &Obligation,
        trait_ref: TraitRef,
        stack: &mut Stack,
    ) -> Result<Option<Candidate>, SelectError> {
        if obligation.depth > RECURSION_LIMIT {
            return Err(SelectError::Overflow);
        }
        let trait_ref = self.resolve_vars_if_possible(trait_ref);
        if !trait_ref.self_ty().is_ty_var() && !self.is_knowable(trait_ref) {
            let nobody = self.lacks_supertrait(obligation, trait_ref, stack);
            return if nobody { Err(SelectError::Unimplemented) } else { Ok(None) };
        }
        let Candidates { mut list, ambiguous } = self.assemble(obligation.param_env, trait_ref, obligation);
        if ambiguous {
            return Ok(None);
        }
        if list.len() > 1 {
            let mut overflow = false;
            list.retain(|candidate| match self.evaluate_candidate(obligation, trait_ref, candidate, stack) {
                EvalResult::Holds | EvalResult::Ambiguous => true,
                EvalResult::Fails => false,
                EvalResult::Overflow => {
                    overflow = true;
                    true
                }
            });
            if overflow && list.len() > 1 {
                return Err(SelectError::Overflow);
            }
        }
        let chosen = match list.len() {
            0 => return Err(SelectError::Unimplemented),
            1 => list.pop(),
            _ => winnow(list, trait_ref.has_infer()),
        };
        if let Some(Candidate::Impl(def, _)) = &chosen
            && collect::impl_polarity(self.db, *def) == ImplPolarity::Negative
        {
            return Err(SelectError::Unimplemented);
        }
        Ok(chosen)
    }

    // ----- assembling -----

    fn assemble(&self, param_env: ParamEnv, trait_ref: TraitRef, obligation: &Obligation) -> Candidates {
        let mut out = Candidates::default();
        let self_ty = self.shallow_resolve(trait_ref.self_ty());
        if self_ty.is_ty_var() {
            out.ambiguous = true;
            return out;
        }
        self.assemble_where_clauses(param_env, trait_ref, &mut out);
        self.assemble_item_bounds(self_ty, trait_ref, &mut out);
        self.assemble_object(self_ty, trait_ref, &mut out);
        match self.lang.name_of(trait_ref.trait_) {
            Some("sized") => {
                self.push_builtin(builtin::sized(self.db, self_ty), trait_ref, &mut out);
                return out;
            }
            Some("copy") => {
                self.push_builtin(builtin::copy(self_ty), trait_ref, &mut out);
            }
            Some("clone") => {
                self.push_builtin(builtin::copy(self_ty), trait_ref, &mut out);
            }
            Some("unsize") => {
                self.assemble_unsize(self_ty, trait_ref, &mut out);
                return out;
            }
            Some("fn") => self.assemble_callable(self_ty, ClosureKind::Fn, &mut out),
            Some("fn_mut") => self.assemble_callable(self_ty, ClosureKind::FnMut, &mut out),
            Some("fn_once") => self.assemble_callable(self_ty, ClosureKind::FnOnce, &mut out),
            _ => {}
        }
        if self.is_auto_trait(trait_ref.trait_) {
            self.assemble_auto(param_env, self_ty, trait_ref, &mut out);
        }
        self.assemble_impls(self_ty, trait_ref, obligation, &mut out);
        out
    }

    fn push_builtin(&self, found: Builtin, trait_ref: TraitRef, out: &mut Candidates) {
        match found {
            Builtin::If(parts) => out.list.push(Candidate::Builtin(same_trait(trait_ref, parts))),
            Builtin::No => {}
            Builtin::Ambiguous => out.ambiguous = true,
        }
    }

    fn assemble_where_clauses(&self, param_env: ParamEnv, trait_ref: TraitRef, out: &mut Candidates) {
        for clause in param_env.trait_clauses(trait_ref.trait_) {
            if self.clause_may_apply(clause, trait_ref) {
                out.list.push(Candidate::Param(clause));
            }
        }
    }

    /// Whether the trait reference of a clause could equal the goal's.
    fn clause_may_apply(&self, clause: Binder<TraitRef>, trait_ref: TraitRef) -> bool {
        if clause.value == trait_ref {
            return true;
        }
        let cause = ObligationCause::dummy();
        self.probe(|| {
            let instantiated = self.instantiate_fresh(clause, &cause);
            self.eq(&cause, instantiated, trait_ref).is_ok()
        })
    }

    fn assemble_item_bounds(&self, self_ty: Ty, trait_ref: TraitRef, out: &mut Candidates) {
        for (def, args) in aliases(self_ty) {
            for bound in collect::item_bounds(self.db, def) {
                if let Clause::Trait(bound_ref) = bound.value
                    && bound_ref.trait_ == trait_ref.trait_
                {
                    let mut bound_ref = Binder { value: bound_ref, vars: bound.vars }.subst_binder(args);
                    if bound_ref.value.has_projection() {
                        bound_ref.value = self.normalize_bound(bound_ref.value, def, args);
                    }
                    if self.clause_may_apply(bound_ref, trait_ref) {
                        out.list.push(Candidate::ItemBound(bound_ref));
                    }
                }
            }
        }
    }

    /// The bound's other arguments in normal form; its self type stays the projection that it is about.
    fn normalize_bound(&self, bound: TraitRef, def: DefId, args: Args) -> TraitRef {
        let mut ignored = Vec::new();
        let cause = ObligationCause::dummy();
        let own = Ty::projection(def, args);
        let normalized: Args = bound
            .args
            .iter()
            .map(|arg| match arg {
                GenericArg::Ty(ty) if *ty == own => *arg,
                other if other.has_projection() && !other.has_escaping_bound_vars() => {
                    self.normalize(*other, &cause, &mut ignored)
                }
                other => *other,
            })
            .collect();
        TraitRef::new(bound.trait_, normalized)
    }

    fn assemble_object(&self, self_ty: Ty, trait_ref: TraitRef, out: &mut Candidates) {
        let TyKind::Dynamic(clauses, _) = self_ty.kind() else { return };
        let with_self = clauses.iter().map(|clause| clause.with_self_ty(self_ty));
        for clause in elaborate(self.db, with_self) {
            if let Clause::Trait(found) = clause.value
                && found.trait_ == trait_ref.trait_
            {
                let found = Binder { value: found, vars: clause.vars };
                if self.clause_may_apply(found, trait_ref) {
                    out.list.push(Candidate::Object(found));
                }
            }
        }
    }

    fn assemble_callable(&self, self_ty: Ty, wanted: ClosureKind, out: &mut Candidates) {
        match self_ty.kind() {
            TyKind::FnPtr(sig) => out.list.push(Candidate::Callable(*sig)),
            TyKind::FnDef(def, args) => out.list.push(Candidate::Callable(collect::fn_sig(self.db, *def).subst(*args))),
            TyKind::Closure(_, args) => {
                let args = ClosureArgs::new(self.resolve_vars_if_possible(*args));
                let Some(sig) = args.untupled_sig() else {
                    out.ambiguous = true;
                    return;
                };
                match args.kind() {
                    Some(kind) if kind.extends(wanted) => out.list.push(Candidate::Callable(sig)),
                    Some(_) => {}
                    None if wanted == ClosureKind::FnOnce => out.list.push(Candidate::Callable(sig)),
                    None => out.ambiguous = true,
                }
            }
            _ => {}
        }
    }

    /// `[T; N]` to `[T]`, anything to `dyn Trait`, `dyn A` to `dyn B` for a supertrait or fewer auto traits, a struct by its last field.
    fn assemble_unsize(&self, self_ty: Ty, trait_ref: TraitRef, out: &mut Candidates) {
        let target = self.shallow_resolve(trait_ref.args.ty(1));
        match (self_ty.kind(), target.kind()) {
            (_, TyKind::Infer(_)) => out.ambiguous = true,
            (TyKind::Array(from, _), TyKind::Slice(to)) => {
                out.list.push(Candidate::Unsize(vec![(*from, *to)], Vec::new()))
            }
            (TyKind::Dynamic(from, from_region), TyKind::Dynamic(to, to_region)) => {
                let implied = elaborate(self.db, from.iter().copied());
                let mut predicates = vec![Binder::dummy(Clause::RegionOutlives(*from_region, *to_region))];
                for clause in to {
                    match clause.value {
                        Clause::Trait(wanted)
                            if !implied.iter().any(
                                |have| matches!(have.value, Clause::Trait(have) if have.trait_ == wanted.trait_),
                            ) =>
                        {
                            return;
                        }
                        Clause::Trait(_)
                        | Clause::Projection(..)
                        | Clause::TypeOutlives(..)
                        | Clause::RegionOutlives(..) => {}
                    }
                    predicates.push(clause.with_self_ty(self_ty));
                }
                out.list.push(Candidate::Unsize(Vec::new(), predicates));
            }
            (_, TyKind::Dynamic(clauses, region)) => {
                let mut predicates: Vec<Predicate> =
                    clauses.iter().map(|clause| clause.with_self_ty(self_ty)).collect();
                if let Some(sized) = self.lang.item("sized") {
                    predicates.push(TraitRef::with_self(sized, self_ty, &[]).to_predicate());
                }
                predicates.push(Binder::dummy(Clause::TypeOutlives(self_ty, *region)));
                out.list.push(Candidate::Unsize(Vec::new(), predicates));
            }
            (TyKind::Adt(from, from_args), TyKind::Adt(to, to_args)) if from == to => {
                let adt = collect::adt_def(self.db, *from);
                let Some(last) = adt.variants.first().and_then(|variant| variant.fields.last()) else { return };
                let (TyKind::Param(param), crate::ty::AdtKind::Struct) = (last.ty.kind(), adt.kind) else { return };
                let index = param.index as usize;
                let equal = (0..from_args.len())
                    .filter(|position| *position != index)
                    .filter_map(|position| Some((from_args[position].as_ty()?, to_args[position].as_ty()?)))
                    .collect();
                let inner =
                    TraitRef::with_self(trait_ref.trait_, from_args.ty(index), &[GenericArg::Ty(to_args.ty(index))]);
                out.list.push(Candidate::Unsize(equal, vec![inner.to_predicate()]));
            }
            _ => {}
        }
    }

    fn assemble_auto(&self, param_env: ParamEnv, self_ty: Ty, trait_ref: TraitRef, out: &mut Candidates) {
        if let TyKind::Opaque(def, args) = self_ty.kind() {
            if out.list.is_empty() {
                let hidden = super::opaque::hidden_ty(self.db, *def, *args).erase_regions();
                out.list.push(Candidate::Auto(same_trait(trait_ref, vec![hidden])));
            }
            return;
        }
        let _ = param_env;
        let written = matches!(
            self_ty.kind(),
            TyKind::Adt(..)
                | TyKind::Ref(..)
                | TyKind::FnPtr(_)
                | TyKind::Str
                | TyKind::Slice(_)
                | TyKind::Array(..)
                | TyKind::Tuple(_)
        ) && impls::impls_of(self.db, trait_ref.trait_).mentions(self_ty);
        if written {
            return;
        }
        let lang = self.lang.name_of(trait_ref.trait_);
        let parts = match (self_ty.kind(), lang) {
            (TyKind::Ref(..), Some("unpin")) => Builtin::If(Vec::new()),
            // `&T: Send` needs `T: Sync`.
            (TyKind::Ref(_, inner, Mutability::Not), Some("send")) => match self.lang.item("sync") {
                Some(sync) => {
                    out.list.push(Candidate::Auto(vec![TraitRef::with_self(sync, *inner, &[])]));
                    return;
                }
                None => Builtin::If(vec![*inner]),
            },
            _ => builtin::auto_parts(self.db, self_ty),
        };
        match parts {
            Builtin::If(parts) => out.list.push(Candidate::Auto(same_trait(trait_ref, parts))),
            Builtin::No => {}
            Builtin::Ambiguous => out.ambiguous = true,
        }
    }

    fn assemble_impls(&self, self_ty: Ty, trait_ref: TraitRef, obligation: &Obligation, out: &mut Candidates) {
        let goal = if trait_ref.has_infer() { self.resolve_vars_if_possible(trait_ref) } else { trait_ref };
        for head in impls::impls_of(self.db, trait_ref.trait_).for_self_ty(self_ty) {
            let (def, impl_ref) = (head.def, head.trait_ref);
            if !args_may_unify(impl_ref.args, goal.args) {
                continue;
            }
            let matches = || self.probe(|| self.match_impl(def, impl_ref, goal, obligation).is_ok());
            if head.surely_unifies(goal.args) || matches() {
                out.list.push(Candidate::Impl(def, impl_ref));
            }
        }
    }

    /// Unifies the head of an impl with the goal: the impl's arguments and what normalising its head asks for.
    pub(crate) fn match_impl(
        &self,
        def: DefId,
        impl_ref: TraitRef,
        goal: TraitRef,
        obligation: &Obligation,
    ) -> Result<(Args, Vec<Obligation>), ()> {
        let args = self.fresh_args(def, &obligation.cause);
        let mut nested = Vec::new();
        let mut head = impl_ref.subst(args);
        if head.has_projection() {
            head = self.normalize_at(obligation.param_env, head, &obligation.cause, obligation.depth + 1, &mut nested);
        }
        self.eq(&obligation.cause, head, goal).map_err(|_| ())?;
        Ok((args, nested))
    }

    // ----- confirming -----

    /// Makes the goal hold by `candidate`; what that needs is returned.
    pub(crate) fn confirm(
        &self,
        obligation: &Obligation,
        trait_ref: TraitRef,
        candidate: &Candidate,
    ) -> Result<Vec<Obligation>, ()> {
        let cause = &obligation.cause;
        match candidate {
            Candidate::Param(clause) | Candidate::ItemBound(clause) | Candidate::Object(clause) => {
                let clause = self.instantiate_fresh(*clause, cause);
                self.eq(cause, clause, trait_ref).map_err(|_| ())?;
                Ok(Vec::new())
            }
            Candidate::Impl(def, impl_ref) => {
                let (args, mut nested) = self.match_impl(*def, *impl_ref, trait_ref, obligation)?;
                self.impl_obligations(*def, args, trait_ref, obligation, &mut nested);
                Ok(nested)
            }
            Candidate::Builtin(parts) | Candidate::Auto(parts) => {
                let cause = cause.derived(trait_ref, DerivedSource::Builtin);
                let mut nested = Vec::new();
                for part in parts {
                    let part = if part.has_projection() {
                        self.normalize_at(obligation.param_env, *part, &cause, obligation.depth + 1, &mut nested)
                    } else {
                        *part
                    };
                    nested.push(Obligation {
                        cause: cause.clone(),
                        param_env: obligation.param_env,
                        predicate: part.to_predicate(),
                        depth: obligation.depth + 1,
                    });
                }
                Ok(nested)
            }
            Candidate::Unsize(equal, predicates) => {
                for (a, b) in equal {
                    self.eq(cause, *a, *b).map_err(|_| ())?;
                }
                let cause = cause.derived(trait_ref, DerivedSource::Builtin);
                let nested = predicates.iter().map(|predicate| Obligation {
                    cause: cause.clone(),
                    param_env: obligation.param_env,
                    predicate: *predicate,
                    depth: obligation.depth + 1,
                });
                Ok(nested.collect())
            }
            Candidate::Callable(sig) => {
                let mut nested = Vec::new();
                let sig = self.instantiate_fresh(*sig, cause);
                let sig = self.normalize_at(obligation.param_env, sig, cause, obligation.depth + 1, &mut nested);
                let inputs = Ty::tuple(sig.inputs());
                self.eq(cause, trait_ref.args.ty(1), inputs).map_err(|_| ())?;
                Ok(nested)
            }
        }
    }

    fn impl_obligations(
        &self,
        def: DefId,
        args: Args,
        trait_ref: TraitRef,
        obligation: &Obligation,
        nested: &mut Vec<Obligation>,
    ) {
        for (predicate, span) in self.predicates_of(def) {
            let cause = obligation.cause.derived(trait_ref, DerivedSource::Impl { def, span: *span });
            let mut predicate = predicate.subst(args);
            if predicate.has_projection() {
                predicate = self.normalize_at(obligation.param_env, predicate, &cause, obligation.depth + 1, nested);
            }
            nested.push(Obligation { cause, param_env: obligation.param_env, predicate, depth: obligation.depth + 1 });
        }
    }
}

fn same_trait(trait_ref: TraitRef, parts: Vec<Ty>) -> Vec<TraitRef> {
    parts.into_iter().map(|part| TraitRef::with_self(trait_ref.trait_, part, &[])).collect()
}

impl Binder<TraitRef> {
    fn subst_binder(self, args: Args) -> Binder<TraitRef> {
        self.subst(args)
    }
}

/// The preferred one of several candidates that may all apply.
fn winnow(mut list: Vec<Candidate>, has_infer: bool) -> Option<Candidate> {
    let trivial = |candidate: &Candidate| matches!(candidate, Candidate::Builtin(parts) if parts.is_empty());
    if let Some(position) = list.iter().position(trivial) {
        return Some(list.swap_remove(position));
    }
    let mut params: Vec<Candidate> = Vec::new();
    for candidate in &list {
        if let Candidate::Param(clause) = candidate
            && !is_global(*clause)
        {
            let duplicate = params.iter().any(
                |known| matches!(known, Candidate::Param(known) if known.erase_regions() == clause.erase_regions()),
            );
            if !duplicate {
                params.push(candidate.clone());
            }
        }
    }
    match params.len() {
        0 => {}
        1 => return params.pop(),
        _ if has_infer => return None,
        _ => return params.into_iter().next(),
    }
    let preferred: [fn(&Candidate) -> bool; 4] = [
        |candidate| matches!(candidate, Candidate::ItemBound(_)),
        |candidate| matches!(candidate, Candidate::Object(_)),
        |candidate| matches!(candidate, Candidate::Builtin(_) | Candidate::Callable(_) | Candidate::Unsize(..)),
        |candidate| matches!(candidate, Candidate::Param(_)),
    ];
    for rule in preferred {
        let mut matching = list.iter().filter(|candidate| rule(candidate));
        if let Some(first) = matching.next() {
            return if matching.next().is_some() && has_infer { None } else { Some(first.clone()) };
        }
    }
    if let Some(position) = list.iter().position(|candidate| matches!(candidate, Candidate::Impl(..))) {
        // Auto traits: a written impl replaces the structural rule.
        let impls = list.iter().filter(|candidate| matches!(candidate, Candidate::Impl(..))).count();
        if impls == 1 {
            return Some(list.swap_remove(position));
        }
    }
    // Several impls: more must be known, or overlapping ones were reported.
    if has_infer { None } else { list.into_iter().next() }
}

/// A where clause that says nothing about parameters.
fn is_global(clause: Binder<TraitRef>) -> bool {
    !clause.has_flag(TypeFlags::HAS_PARAM | TypeFlags::HAS_INFER) && clause.vars.is_empty()
}

/// Whether an `impl Trait` may be looked through.
pub(crate) fn reveals(param_env: ParamEnv) -> bool {
    param_env.reveal == Reveal::All
}

/// A projection or opaque type, and those that it is a projection of: their bounds say something of it too (`type A: Trait<B: Bound>`).
pub(super) fn aliases(ty: Ty) -> impl Iterator<Item = (DefId, Args)> {
    let alias = |ty: Ty| match ty.kind() {
        TyKind::Projection(def, args) | TyKind::Opaque(def, args) => Some((*def, *args)),
        _ => None,
    };
    std::iter::successors(alias(ty), move |(def, args)| match def.kind() {
        DefKind::AssocTy => alias(args.ty(0)),
        _ => None,
    })
}
