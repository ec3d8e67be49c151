//! Finding the method: receiver types by autoderef, and for each by value, `&`, `&mut`; inherent candidates before those of traits in scope.

use rgo_hir::body::Mutability;
use rgo_hir::{DefId, DefKind};
use rgo_syntax::{Name, Span};

use super::super::FnCtxt;
use super::super::autoderef::Step;
use crate::ty::subst::Subst;
use crate::ty::{Args, Binder, Clause, InferTy, Predicate, TraitRef, Ty, TyKind};

#[derive(Clone, Debug)]
pub struct Pick {
    pub item: DefId,
    pub source: Source,
    /// How often the receiver is dereferenced.
    pub autoderefs: usize,
    pub autoref: Option<Mutability>,
    /// The array behind the autoref becomes a slice.
    pub unsize: bool,
    /// The receiver's type after the adjustments.
    pub self_ty: Ty,
}

/// Where a candidate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Inherent(DefId),
    /// A method of a trait object: the trait with `Self` the object type.
    Object(TraitRef),
    /// A bound on a type parameter.
    Bound(Binder<TraitRef>),
    /// A trait in scope.
    Trait(DefId),
}

#[derive(Clone, Debug)]
pub enum MethodError {
    NoMatch(NoMatch),
    Ambiguous(Vec<Candidate>),
    /// The only candidate is private.
    Private(DefId),
    /// The receiver's type is not known yet, or erroneous; reported.
    Reported,
}

#[derive(Clone, Debug, Default)]
pub struct NoMatch {
    /// What would have to hold for a candidate that has the name.
    pub unsatisfied: Vec<(DefId, Predicate)>,
    /// Functions of that name that have no `self`.
    pub statics: Vec<DefId>,
    pub numeric: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub item: DefId,
    pub source: Source,
}

/// `x.name()` or `Type::name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Method,
    Path,
}

enum Outcome {
    No,
    Unsatisfied(Predicate),
    Yes,
}

struct Probe {
    mode: Mode,
    name: Name,
    span: Span,
    inherent: Vec<Candidate>,
    extension: Vec<Candidate>,
    private: Option<DefId>,
    failed: NoMatch,
}

impl FnCtxt<'_> {
    pub fn probe_method(&mut self, span: Span, receiver: Ty, name: Name) -> Result<Pick, MethodError> {
        let steps = self.autoderef_steps(receiver, span);
        let steps = self.usable_steps(steps, span, Mode::Method)?;
        self.run_probe(Mode::Method, &steps, name, span)
    }

    /// The associated item that `Type::name` names.
    pub fn probe_path(&mut self, span: Span, self_ty: Ty, name: Name) -> Result<Pick, MethodError> {
        let self_ty = self.try_structurally_resolve(self_ty);
        let steps = vec![Step { ty: self_ty, next: None }];
        let steps = self.usable_steps(steps, span, Mode::Path)?;
        self.run_probe(Mode::Path, &steps, name, span)
    }

    fn usable_steps(&mut self, mut steps: Vec<Step>, span: Span, mode: Mode) -> Result<Vec<Step>, MethodError> {
        let Some(last) = steps.last().copied() else { return Err(MethodError::Reported) };
        match last.ty.kind() {
            TyKind::Error if steps.len() == 1 => return Err(MethodError::Reported),
            TyKind::Infer(InferTy::Ty(_)) => {
                // Not even the methods of references in front of it can be told from those of the unknown type. A path (`<_>::add`) means the
                // trait of that name.
                if mode == Mode::Method {
                    if steps.len() == 1 || self.infcx.tainted.get() {
                        self.report_unknown_type(span, last.ty);
                        return Err(MethodError::Reported);
                    }
                    steps.pop();
                }
            }
            _ => {}
        }
        Ok(steps)
    }

    fn run_probe(&mut self, mode: Mode, steps: &[Step], name: Name, span: Span) -> Result<Pick, MethodError> {
        let mut probe = Probe {
            mode,
            name,
            span,
            inherent: Vec::new(),
            extension: Vec::new(),
            private: None,
            failed: NoMatch::default(),
        };
        for step in steps {
            self.assemble_inherent(&mut probe, step.ty);
        }
        if let Some(TyKind::Array(elem, _)) = steps.last().map(|step| step.ty.kind()) {
            self.assemble_inherent(&mut probe, Ty::slice(*elem));
        }
        self.assemble_extension(&mut probe);
        if let Some(pick) = self.pick(&mut probe, steps)? {
            return Ok(pick);
        }
        if let Some(private) = probe.private {
            return Err(MethodError::Private(private));
        }
        let last = steps.last().map(|step| step.ty);
        probe.failed.numeric =
            last.is_some_and(|ty| matches!(ty.kind(), TyKind::Infer(InferTy::Int(_) | InferTy::Float(_))));
        Err(MethodError::NoMatch(probe.failed))
    }

    fn assemble_inherent(&mut self, probe: &mut Probe, self_ty: Ty) {
        match self_ty.kind() {
            TyKind::Dynamic(..) => {
                if let Some(principal) = self_ty.dyn_principal() {
                    let own: TraitRef = principal.instantiate_erased().with_self_ty(self_ty);
                    for trait_ref in self.supertraits(own) {
                        if let Some(item) = rgo_hir::value_item(self.db, trait_ref.trait_, probe.name) {
                            self.push_visible(probe, Candidate { item, source: Source::Object(trait_ref) });
                        }
                    }
                }
            }
            TyKind::Param(_) => {
                for bound in self.bounds_of_param(self_ty) {
                    if let Some(item) = rgo_hir::value_item(self.db, bound.value.trait_, probe.name) {
                        self.push_visible(probe, Candidate { item, source: Source::Bound(bound) });
                    }
                }
            }
            _ => {}
        }
        for impl_ in self.inherent_impls_for(self_ty) {
            if let Some(item) = rgo_hir::value_item(self.db, impl_, probe.name) {
                let candidate = Candidate { item, source: Source::Inherent(impl_) };
                if probe.inherent.contains(&candidate) {
                    continue;
                }
                if !rgo_hir::visible_from(self.db, item, self.scope) {
                    if probe.private.is_none() && self.applies_to_self(impl_, self_ty) {
                        probe.private = Some(item);
                    }
                    continue;
                }
                probe.push_inherent(candidate);
            }
        }
    }

    /// What a bound or a trait object brings; its trait need not be visible from here.
    fn push_visible(&self, probe: &mut Probe, candidate: Candidate) {
        if rgo_hir::visible_from(self.db, candidate.item, self.scope) {
            probe.push_inherent(candidate);
        } else {
            probe.private.get_or_insert(candidate.item);
        }
    }

    fn applies_to_self(&mut self, impl_: DefId, self_ty: Ty) -> bool {
        self.probe(|fcx| {
            let args = fcx.fresh_args(impl_);
            let impl_ty = fcx.type_of(impl_).subst(args).erase_regions();
            let impl_ty = fcx.normalize(Span::at(0), impl_ty);
            fcx.unify(Span::at(0), impl_ty, self_ty).is_ok()
        })
    }

    fn assemble_extension(&mut self, probe: &mut Probe) {
        for item in rgo_hir::trait_items_in_scope(self.db, self.scope, probe.name) {
            if let Some(trait_) = item.parent() {
                probe.extension.push(Candidate { item, source: Source::Trait(trait_) });
            }
        }
    }

    fn pick(&mut self, probe: &mut Probe, steps: &[Step]) -> Result<Option<Pick>, MethodError> {
        probe.drop_unfit(self);
        if steps.iter().any(|step| self.mentions_error(step.ty)) && !probe.inherent.is_empty() {
            // What is erroneous implements everything: only the type's own methods say something.
            probe.extension.clear();
        }
        for (index, step) in steps.iter().enumerate() {
            if step.ty.is_error() {
                return Err(MethodError::Reported);
            }
            if let Some(found) = self.pick_for(probe, step.ty)? {
                // A reference taken by value is reborrowed.
                let mut pick = found.pick(index, step.ty);
                if probe.mode == Mode::Method
                    && let TyKind::Ref(_, _, mutability) = step.ty.kind()
                {
                    pick.autoderefs += 1;
                    pick.autoref = Some(*mutability);
                }
                return Ok(Some(pick));
            }
            if probe.mode == Mode::Path {
                continue;
            }
            for mutability in [Mutability::Not, Mutability::Mut] {
                let self_ty = reference(step.ty, mutability);
                if let Some(found) = self.pick_for(probe, self_ty)? {
                    let mut pick = found.pick(index, self_ty);
                    pick.autoref = Some(mutability);
                    return Ok(Some(pick));
                }
            }
        }
        if probe.mode == Mode::Method
            && let Some((index, TyKind::Array(elem, _))) = steps.last().map(|step| (steps.len() - 1, step.ty.kind()))
        {
            for mutability in [Mutability::Not, Mutability::Mut] {
                let self_ty = reference(Ty::slice(*elem), mutability);
                if let Some(found) = self.pick_for(probe, self_ty)? {
                    let mut pick = found.pick(index, self_ty);
                    pick.autoref = Some(mutability);
                    pick.unsize = true;
                    return Ok(Some(pick));
                }
            }
        }
        Ok(None)
    }

    fn pick_for(&mut self, probe: &mut Probe, self_ty: Ty) -> Result<Option<Candidate>, MethodError> {
        let inherent = probe.inherent.clone();
        if let Some(found) = self.applicable(probe, self_ty, &inherent)? {
            return Ok(Some(found));
        }
        let extension = probe.extension.clone();
        self.applicable(probe, self_ty, &extension)
    }

    fn applicable(
        &mut self,
        probe: &mut Probe,
        self_ty: Ty,
        candidates: &[Candidate],
    ) -> Result<Option<Candidate>, MethodError> {
        let mut found: Vec<Candidate> = Vec::new();
        for candidate in candidates {
            match self.consider(probe.mode, probe.span, candidate, self_ty) {
                Outcome::Yes => found.push(*candidate),
                Outcome::No => {}
                Outcome::Unsatisfied(predicate) => probe.failed.unsatisfied.push((candidate.item, predicate)),
            }
        }
        match found.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            [first, rest @ ..] => {
                // Several bounds or instances of one trait: the trait decides later which.
                if rest.iter().all(|other| other.item == first.item) {
                    if let Some(trait_) = first.item.parent().filter(|parent| parent.kind() == DefKind::Trait) {
                        return Ok(Some(Candidate { item: first.item, source: Source::Trait(trait_) }));
                    }
                    return Ok(Some(*first));
                }
                // A subtrait's method shadows nothing on stable: ambiguous.
                Err(MethodError::Ambiguous(found))
            }
        }
    }

    /// Whether the candidate's method can take `self_ty` as its receiver (as its `Self` for a path).
    fn consider(&mut self, mode: Mode, span: Span, candidate: &Candidate, self_ty: Ty) -> Outcome {
        self.probe(|fcx| match candidate.source {
            Source::Inherent(impl_) => {
                let args = fcx.fresh_args(impl_);
                let impl_ty = fcx.type_of(impl_).subst(args).erase_regions();
                let impl_ty = fcx.normalize(span, impl_ty);
                let formal = fcx.formal_self(mode, span, candidate.item, args, impl_ty);
                if fcx.unify(span, formal, self_ty).is_err() {
                    return Outcome::No;
                }
                for predicate in fcx.own_predicates(impl_, args) {
                    let predicate = fcx.normalize(span, predicate);
                    if !fcx.predicate_may_hold(span, predicate) {
                        return Outcome::Unsatisfied(predicate);
                    }
                }
                Outcome::Yes
            }
            Source::Object(trait_ref) => {
                let formal = fcx.formal_self(mode, span, candidate.item, trait_ref.args, trait_ref.self_ty());
                outcome(fcx.unify(span, formal, self_ty).is_ok())
            }
            Source::Bound(bound) => {
                let trait_ref = bound.instantiate_erased().erase_regions();
                let formal = fcx.formal_self(mode, span, candidate.item, trait_ref.args, trait_ref.self_ty());
                outcome(fcx.unify(span, formal, self_ty).is_ok())
            }
            Source::Trait(trait_) => {
                let args = fcx.fresh_args(trait_);
                let formal = fcx.formal_self(mode, span, candidate.item, args, args.ty(0));
                if fcx.unify(span, formal, self_ty).is_err() {
                    return Outcome::No;
                }
                let predicate = TraitRef::new(trait_, args).to_predicate();
                if fcx.predicate_may_hold(span, predicate) {
                    Outcome::Yes
                } else {
                    Outcome::Unsatisfied(fcx.resolve(predicate))
                }
            }
        })
    }

    /// The type that the receiver (for a path: `Self`) must have.
    fn formal_self(&mut self, mode: Mode, span: Span, item: DefId, parent_args: Args, self_ty: Ty) -> Ty {
        match mode {
            Mode::Path => self_ty,
            Mode::Method => {
                let args = self.fresh_own_args(item, parent_args);
                let sig = self.fn_sig_of(item).instantiate_erased();
                let Some(first) = sig.inputs().first() else { return Ty::error() };
                let first = first.subst(args).erase_regions();
                self.normalize(span, first)
            }
        }
    }

    pub fn bounds_of_param(&mut self, param: Ty) -> Vec<Binder<TraitRef>> {
        let mut found = Vec::new();
        for clause in self.caller_bounds() {
            if let Clause::Trait(trait_ref) = clause.value
                && trait_ref.self_ty() == param
            {
                let bound = Binder { value: trait_ref, vars: clause.vars };
                if !found.contains(&bound) {
                    found.push(bound);
                }
            }
        }
        found
    }
}

fn outcome(applies: bool) -> Outcome {
    if applies { Outcome::Yes } else { Outcome::No }
}

fn reference(ty: Ty, mutability: Mutability) -> Ty {
    match mutability {
        Mutability::Not => Ty::imm_ref(ty),
        Mutability::Mut => Ty::mut_ref(ty),
    }
}

impl Pick {
    /// An item of an inherent impl, by a path.
    pub fn inherent(item: DefId, self_ty: Ty) -> Option<Pick> {
        let impl_ = item.parent()?;
        let candidate = Candidate { item, source: Source::Inherent(impl_) };
        Some(candidate.pick(0, self_ty))
    }
}

impl Candidate {
    fn pick(self, autoderefs: usize, self_ty: Ty) -> Pick {
        Pick { item: self.item, source: self.source, autoderefs, autoref: None, unsize: false, self_ty }
    }
}

impl Probe {
    fn push_inherent(&mut self, candidate: Candidate) {
        if !self.inherent.contains(&candidate) {
            self.inherent.push(candidate);
        }
    }

    /// For a method call only functions with `self` count.
    fn drop_unfit(&mut self, fcx: &FnCtxt<'_>) {
        if self.mode == Mode::Path {
            self.inherent.retain(|candidate| candidate.item.kind() != DefKind::AssocTy);
            self.extension.retain(|candidate| candidate.item.kind() != DefKind::AssocTy);
            return;
        }
        let mut statics = Vec::new();
        let mut has_self = |candidate: &Candidate| {
            if candidate.item.kind() != DefKind::Fn {
                return false;
            }
            if fcx.takes_self(candidate.item) {
                return true;
            }
            statics.push(candidate.item);
            false
        };
        self.inherent.retain(&mut has_self);
        self.extension.retain(&mut has_self);
        self.failed.statics = statics;
    }
}
