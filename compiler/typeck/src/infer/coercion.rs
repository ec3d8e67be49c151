//! Implicit conversions (cf. rustc dev guide, "Type coercion"; reference, "Coercions"): `!` to anything, reborrowing and dereferencing of references,
//! unsizing, functions and closures to function pointers.

use rgo_hir::body::{ExprId, Mutability};
use rgo_syntax::Span;

use super::FnCtxt;
use super::binders;
use super::tables::{Adjust, Adjustment, AutoBorrow, PointerCoercion, TwoPhase};
use crate::solve::Obligation;
use crate::ty::subst::Subst;
use crate::ty::{Args, Binder, Clause, ClosureArgs, FnSig, GenericArg, Predicate, TraitRef, Ty, TyKind};
use crate::unsizing::{PointerKind, pointer_kind, shortens_object, unsizing_params};

/// A coercion that works: how, to what, and what must hold besides.
pub struct Coerced {
    pub adjustments: Vec<Adjustment>,
    pub target: Ty,
    pub obligations: Vec<Obligation>,
}

/// The types do not fit.
#[derive(Clone, Copy, Debug)]
pub struct Mismatch;

type CoerceResult = Result<Coerced, Mismatch>;

pub fn mutability_fits(from: Mutability, to: Mutability) -> bool {
    matches!((from, to), (Mutability::Mut, _) | (Mutability::Not, Mutability::Not))
}

impl FnCtxt<'_> {
    /// Coerces an expression of type `source` to `target` and records the adjustments.
    pub fn coerce(&mut self, expr: ExprId, source: Ty, target: Ty, two_phase: TwoPhase) -> Result<Ty, Mismatch> {
        let span = self.expr_span(expr);
        let source = self.try_structurally_resolve(source);
        let target = self.try_structurally_resolve(target);
        let coerced = self.commit_if_ok(|fcx| fcx.coercion(span, source, target, two_phase))?;
        self.register_all(coerced.obligations);
        self.apply_adjustments(expr, coerced.adjustments);
        if source.is_error() { Ok(source) } else { Ok(coerced.target) }
    }

    /// Whether `source` would coerce; nothing is kept.
    pub fn can_coerce(&mut self, source: Ty, target: Ty) -> bool {
        let source = self.resolve(source);
        let target = self.resolve(target);
        self.probe(|fcx| match fcx.coercion(Span::at(0), source, target, TwoPhase::No) {
            Ok(coerced) => coerced.obligations.iter().all(|obligation| fcx.obligation_may_hold(obligation)),
            Err(Mismatch) => false,
        })
    }

    fn coercion(&mut self, span: Span, source: Ty, target: Ty, two_phase: TwoPhase) -> CoerceResult {
        let a = self.shallow(source);
        let b = self.shallow(target);
        if a.is_never() {
            if b.is_never() {
                return Ok(Coerced { adjustments: Vec::new(), target: b, obligations: Vec::new() });
            }
            if b.is_ty_var() {
                self.diverging_vars.push(b);
            }
            return Ok(Coerced {
                adjustments: vec![Adjustment { kind: Adjust::NeverToAny, target: b }],
                target: b,
                obligations: Vec::new(),
            });
        }
        if a.is_ty_var() {
            return self.coerce_by_unification(span, a, b);
        }
        if let Ok(coerced) = self.commit_if_ok(|fcx| fcx.coerce_unsized(span, a, b, two_phase)) {
            return Ok(coerced);
        }
        if let TyKind::Ref(_, _, mutability) = b.kind() {
            return self.coerce_reference(span, a, b, *mutability, two_phase);
        }
        match a.kind() {
            TyKind::FnDef(..) => self.coerce_fn_item(span, a, b),
            TyKind::Closure(..) => self.coerce_closure(span, a, b),
            _ => self.coerce_by_unification(span, a, b),
        }
    }

    fn coerce_by_unification(&mut self, span: Span, a: Ty, b: Ty) -> CoerceResult {
        let obligations = self.unify(span, b, a)?;
        Ok(Coerced { adjustments: Vec::new(), target: b, obligations })
    }

    /// `&T` to `&U` where `T` dereferences to `U`, `&mut T` to `&T`, and reborrowing.
    fn coerce_reference(&mut self, span: Span, a: Ty, b: Ty, wanted: Mutability, two_phase: TwoPhase) -> CoerceResult {
        let TyKind::Ref(_, _, given) = a.kind() else { return self.coerce_by_unification(span, a, b) };
        if !mutability_fits(*given, wanted) {
            return Err(Mismatch);
        }
        let steps = self.autoderef_steps(a, span);
        for (index, step) in steps.iter().enumerate().skip(1) {
            let candidate = self.reference_to(step.ty, wanted);
            let Ok(obligations) = self.commit_if_ok(|fcx| fcx.unify(span, b, candidate)) else { continue };
            // The target's type: the other may differ from it under binders, of which the borrow checker judges.
            if index == 1 && *given == Mutability::Not && self.resolve(candidate) == self.resolve(a) {
                return Ok(Coerced { adjustments: Vec::new(), target: b, obligations });
            }
            let mut adjustments = self.deref_adjustments(&steps, index);
            if wanted == Mutability::Mut {
                self.make_derefs_mutable(a, &mut adjustments);
            }
            adjustments
                .push(Adjustment { kind: Adjust::Borrow(AutoBorrow::new(wanted, two_phase)), target: candidate });
            return Ok(Coerced { adjustments, target: candidate, obligations });
        }
        Err(Mismatch)
    }

    fn reference_to(&self, ty: Ty, mutability: Mutability) -> Ty {
        match mutability {
            Mutability::Not => Ty::imm_ref(ty),
            Mutability::Mut => Ty::mut_ref(ty),
        }
    }

    /// `&[T; N]` to `&[T]`, `Box<S>` to `Box<dyn Trait>` and the like.
    fn coerce_unsized(&mut self, span: Span, a: Ty, b: Ty, two_phase: TwoPhase) -> CoerceResult {
        if self.resolve(a) == self.resolve(b) && shortens_object(self.db, a) {
            return Ok(self.shorten_object(a, b, two_phase));
        }
        match (a.kind(), b.kind()) {
            (TyKind::Ref(_, from, given), TyKind::Ref(_, to, wanted)) if mutability_fits(*given, *wanted) => {
                let (kind, obligations) = self.unsize(span, *from, *to)?;
                let adjustments = vec![
                    Adjustment { kind: Adjust::Deref, target: *from },
                    Adjustment {
                        kind: Adjust::Borrow(AutoBorrow::new(*wanted, two_phase)),
                        target: self.reference_to(*from, *wanted),
                    },
                    Adjustment { kind: Adjust::Pointer(kind), target: b },
                ];
                Ok(Coerced { adjustments, target: b, obligations })
            }
            (TyKind::Adt(from, from_args), TyKind::Adt(to, to_args)) if from == to => {
                let pointer = pointer_kind(self.db, *from).ok_or(Mismatch)?;
                let (Some(held), Some(wanted)) = (from_args.types().next(), to_args.types().next()) else {
                    return Err(Mismatch);
                };
                let (kind, mut obligations) = match pointer {
                    PointerKind::Itself => self.unsize(span, held, wanted)?,
                    PointerKind::Holds => {
                        let inner = self.coerce_unsized(span, held, wanted, two_phase)?;
                        let kind = inner.adjustments.iter().rev().find_map(|adjustment| match adjustment.kind {
                            Adjust::Pointer(kind) => Some(kind),
                            _ => None,
                        });
                        (kind.ok_or(Mismatch)?, inner.obligations)
                    }
                };
                for (left, right) in from_args.types().zip(to_args.types()).skip(1) {
                    obligations.extend(self.unify(span, right, left)?);
                }
                let adjustments = vec![Adjustment { kind: Adjust::Pointer(kind), target: b }];
                Ok(Coerced { adjustments, target: b, obligations })
            }
            _ => Err(Mismatch),
        }
    }

    /// To a type that differs in regions alone, which the borrow checker sees.
    fn shorten_object(&mut self, a: Ty, b: Ty, two_phase: TwoPhase) -> Coerced {
        let shorten = Adjustment { kind: Adjust::Pointer(PointerCoercion::DynUpcast), target: b };
        let adjustments = match a.kind() {
            TyKind::Ref(_, target, mutability) => vec![
                Adjustment { kind: Adjust::Deref, target: *target },
                Adjustment { kind: Adjust::Borrow(AutoBorrow::new(*mutability, two_phase)), target: a },
                shorten,
            ],
            _ => vec![shorten],
        };
        Coerced { adjustments, target: b, obligations: Vec::new() }
    }

    /// `S: Unsize<T>`, for the referents.
    fn unsize(&mut self, span: Span, from: Ty, to: Ty) -> Result<(PointerCoercion, Vec<Obligation>), Mismatch> {
        let to = self.shallow(to);
        if !matches!(to.kind(), TyKind::Slice(_) | TyKind::Dynamic(..) | TyKind::Adt(..)) {
            return Err(Mismatch);
        }
        let from = self.try_structurally_resolve(from);
        match (from.kind(), to.kind()) {
            (TyKind::Array(from, _), TyKind::Slice(to)) => {
                Ok((PointerCoercion::UnsizeArray, self.unify(span, *to, *from)?))
            }
            (TyKind::Dynamic(..), TyKind::Dynamic(..)) => self.upcast(span, from, to),
            (TyKind::Infer(_), TyKind::Dynamic(..)) if from.is_ty_var() => Err(Mismatch),
            (TyKind::Error, _) => Err(Mismatch),
            (_, TyKind::Dynamic(clauses, _)) => {
                let mut obligations = Vec::new();
                for clause in clauses.iter() {
                    let predicate: Predicate = clause.with_self_ty(from);
                    obligations.push(self.obligation(span, predicate));
                }
                if let Some(sized) = self.lang("sized") {
                    obligations.push(self.obligation(span, TraitRef::with_self(sized, from, &[]).to_predicate()));
                }
                Ok((PointerCoercion::UnsizeDyn, obligations))
            }
            (TyKind::Adt(a, from_args), TyKind::Adt(b, to_args)) if a == b => {
                self.unsize_struct(span, *a, *from_args, *to_args)
            }
            _ => Err(Mismatch),
        }
    }

    /// A struct unsizes as its last field does, by the parameters that no other field mentions.
    fn unsize_struct(
        &mut self,
        span: Span,
        def: rgo_hir::DefId,
        from_args: Args,
        to_args: Args,
    ) -> Result<(PointerCoercion, Vec<Obligation>), Mismatch> {
        // A pointer of std is one in Rust, whatever its fields are here.
        if self.is_lang(def, "pin") || pointer_kind(self.db, def) == Some(PointerKind::Itself) {
            return Err(Mismatch);
        }
        let adt = self.adt_def(def);
        let is_unsizing = unsizing_params(adt, from_args.len()).ok_or(Mismatch)?;
        let last = adt.variants.first().and_then(|variant| variant.fields.last()).ok_or(Mismatch)?;
        let (kind, mut obligations) = self.unsize(span, last.ty.subst(from_args), last.ty.subst(to_args))?;
        for (index, (left, right)) in from_args.iter().zip(to_args.iter()).enumerate() {
            if let (false, GenericArg::Ty(left), GenericArg::Ty(right)) = (is_unsizing[index], left, right) {
                obligations.extend(self.unify(span, *right, *left)?);
            }
        }
        Ok((kind, obligations))
    }

    /// Between trait objects: dropping auto traits, or to a supertrait.
    fn upcast(&mut self, span: Span, from: Ty, to: Ty) -> Result<(PointerCoercion, Vec<Obligation>), Mismatch> {
        let (TyKind::Dynamic(from_clauses, _), TyKind::Dynamic(to_clauses, _)) = (from.kind(), to.kind()) else {
            return Err(Mismatch);
        };
        if self.probe(|fcx| fcx.unify(span, to, from).is_ok()) {
            return Err(Mismatch);
        }
        let supertraits: Vec<TraitRef> = match from.dyn_principal() {
            Some(own) => self.supertraits(own.value.with_self_ty(from)),
            None => Vec::new(),
        };
        let mut obligations = Vec::new();
        for clause in to_clauses.iter() {
            let predicate: Predicate = clause.with_self_ty(from);
            match predicate.value {
                Clause::Trait(wanted) if self.is_auto_trait(wanted.trait_) => {
                    let is_written = from_clauses
                        .iter()
                        .any(|own| matches!(own.value, Clause::Trait(own) if own.trait_ == wanted.trait_));
                    if !is_written && !self.predicate_may_hold(span, predicate) {
                        return Err(Mismatch);
                    }
                    obligations.push(self.obligation(span, predicate));
                }
                Clause::Trait(wanted) => {
                    let fitting: Vec<TraitRef> = supertraits
                        .iter()
                        .copied()
                        .filter(|own| self.probe(|fcx| fcx.unify_args(span, wanted.args, own.args).is_ok()))
                        .filter(|own| own.trait_ == wanted.trait_)
                        .collect();
                    match fitting.as_slice() {
                        [] => return Err(Mismatch),
                        [own] => obligations.extend(self.unify_args(span, wanted.args, own.args)?),
                        _ => obligations.push(self.obligation(span, predicate)),
                    }
                }
                Clause::Projection(wanted, value) => {
                    let own = from_clauses.iter().find_map(|own| match own.value {
                        Clause::Projection(own, value) if own.item == wanted.item => Some(value),
                        _ => None,
                    });
                    match own {
                        Some(own) => obligations.extend(self.unify(span, value, own)?),
                        None => obligations.push(self.obligation(span, predicate)),
                    }
                }
                Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => {
                    obligations.push(self.obligation(span, predicate));
                }
            }
        }
        Ok((PointerCoercion::DynUpcast, obligations))
    }

    fn unify_args(&mut self, span: Span, a: Args, b: Args) -> Result<Vec<Obligation>, Mismatch> {
        let mut obligations = Vec::new();
        for (left, right) in a.iter().zip(b.iter()).skip(1) {
            if let (GenericArg::Ty(left), GenericArg::Ty(right)) = (left, right) {
                obligations.extend(self.unify(span, *left, *right)?);
            }
        }
        Ok(obligations)
    }

    fn coerce_fn_item(&mut self, span: Span, a: Ty, b: Ty) -> CoerceResult {
        let TyKind::FnDef(def, args) = a.kind() else { return Err(Mismatch) };
        let TyKind::FnPtr(_) = b.kind() else { return self.coerce_by_unification(span, a, b) };
        let sig = self.fn_sig_of(*def).subst(*args).erase_regions();
        let pointer = Ty::fn_ptr(sig);
        let pointer = self.normalize(span, pointer);
        let obligations = self.unify(span, b, pointer)?;
        Ok(Coerced {
            adjustments: vec![Adjustment { kind: Adjust::Pointer(PointerCoercion::ReifyFn), target: b }],
            target: b,
            obligations,
        })
    }

    fn coerce_closure(&mut self, span: Span, a: Ty, b: Ty) -> CoerceResult {
        let TyKind::Closure(def, args) = a.kind() else { return Err(Mismatch) };
        let TyKind::FnPtr(_) = b.kind() else { return self.coerce_by_unification(span, a, b) };
        if self.mentions_outer_locals(*def) {
            return Err(Mismatch);
        }
        let Some(sig) = self.closure_sig(*args) else { return Err(Mismatch) };
        let obligations = self.unify(span, b, Ty::fn_ptr(sig))?;
        Ok(Coerced {
            adjustments: vec![Adjustment { kind: Adjust::Pointer(PointerCoercion::ClosureFnPtr), target: b }],
            target: b,
            obligations,
        })
    }

    /// The signature with one input per parameter.
    pub fn closure_sig(&mut self, args: crate::ty::Args) -> Option<Binder<FnSig>> {
        let sig = self.shallow(ClosureArgs::new(args).sig_ty());
        let TyKind::FnPtr(sig) = sig.kind() else { return None };
        let inputs = self.shallow(*sig.value.inputs().first()?);
        let inputs = inputs.as_tuple()?;
        Some(Binder { value: FnSig::new(&inputs, sig.value.output()), vars: sig.vars })
    }

    /// Coerces or reports E0308; the type is `target`'s either way.
    pub fn demand_coerce(&mut self, expr: ExprId, source: Ty, target: Ty, two_phase: TwoPhase) -> Ty {
        match self.coerce(expr, source, target, two_phase) {
            Ok(ty) => ty,
            Err(Mismatch) => {
                let span = self.mismatch_span(expr);
                self.report_mismatch(span, target, source);
                Ty::error()
            }
        }
    }

    pub fn apply_adjustments(&mut self, expr: ExprId, adjustments: Vec<Adjustment>) {
        if adjustments.is_empty() {
            return;
        }
        let mutable =
            adjustments.iter().any(|adjustment| matches!(adjustment.kind, Adjust::Borrow(AutoBorrow::Mut(_))));
        let starts_with_deref = matches!(adjustments[0].kind, Adjust::OverloadedDeref(_))
            || matches!(adjustments[0].kind, Adjust::Borrow(_));
        match self.tables.adjustments.entry(expr) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(adjustments);
            }
            std::collections::hash_map::Entry::Occupied(mut entry) => {
                let old = entry.get_mut();
                if let [Adjustment { kind: Adjust::NeverToAny, .. }] = old.as_slice() {
                    return;
                }
                // A reborrow of a reborrow is one reborrow.
                if let (
                    [.., Adjustment { kind: Adjust::Borrow(_), .. }],
                    [Adjustment { kind: Adjust::Deref, .. }, rest @ ..],
                ) = (old.as_slice(), adjustments.as_slice())
                {
                    old.pop();
                    let rest = rest.to_vec();
                    old.extend(rest);
                } else {
                    old.extend(adjustments);
                }
            }
        }
        if mutable && starts_with_deref {
            self.convert_place_to_mutable(expr);
        }
    }
}

/// Collects the types of several branches into one (`if`, `match`, array elements, `break` values, `return`s).
pub struct CoerceMany {
    expected: Ty,
    merged: Option<Ty>,
    exprs: Vec<ExprId>,
}

impl CoerceMany {
    pub fn new(expected: Ty) -> CoerceMany {
        CoerceMany { expected, merged: None, exprs: Vec::new() }
    }

    /// The type that all branches coerce to so far.
    pub fn merged(&self) -> Ty {
        self.merged.unwrap_or(self.expected)
    }

    pub fn expected(&self) -> Ty {
        self.expected
    }

    /// Adds a branch; a mismatch is reported at `span`.
    pub fn coerce(&mut self, fcx: &mut FnCtxt<'_>, expr: ExprId, ty: Ty, span: Span) {
        let ty = fcx.try_structurally_resolve(ty);
        if fcx.mentions_error(ty) || fcx.mentions_error(self.merged()) {
            self.merged = Some(Ty::error());
            return;
        }
        let result = if self.exprs.is_empty() && self.merged.is_none() {
            fcx.coerce(expr, ty, self.expected, TwoPhase::No)
        } else {
            let merged = self.merged();
            fcx.coerce_lub(&self.exprs, merged, expr, ty)
        };
        match result {
            Ok(merged) => {
                self.merged = Some(merged);
                self.exprs.push(expr);
            }
            Err(Mismatch) => {
                let merged = self.merged();
                fcx.report_mismatch(span, merged, ty);
                self.merged = Some(Ty::error());
            }
        }
    }

    /// Adds a branch without an expression, of type `()`.
    pub fn coerce_unit(&mut self, fcx: &mut FnCtxt<'_>, report: impl FnOnce(&mut FnCtxt<'_>, Ty)) {
        let merged = self.merged();
        if fcx.eq(Span::at(0), merged, Ty::unit()).is_ok() {
            self.merged = Some(Ty::unit());
        } else {
            report(fcx, merged);
            self.merged = Some(Ty::error());
        }
    }

    pub fn complete(self) -> Ty {
        self.merged.unwrap_or(Ty::never())
    }
}

impl FnCtxt<'_> {
    /// The least type that the previous branches and the new one coerce to.
    fn coerce_lub(&mut self, previous: &[ExprId], merged: Ty, expr: ExprId, ty: Ty) -> Result<Ty, Mismatch> {
        let span = self.expr_span(expr);
        let merged = self.try_structurally_resolve(merged);
        if merged.is_error() {
            return Ok(merged);
        }
        if previous.is_empty() {
            return self.coerce(expr, ty, merged, TwoPhase::No);
        }
        if merged.is_never() && !ty.is_never() {
            // All branches so far diverge.
            for &earlier in previous {
                if self.adjusted_ty(earlier).is_never() {
                    self.apply_adjustments(earlier, vec![Adjustment { kind: Adjust::NeverToAny, target: ty }]);
                }
            }
            return Ok(ty);
        }
        if let Some(pointer) = self.fn_lub(merged, ty) {
            for &earlier in previous.iter().chain([&expr]) {
                let own = self.adjusted_ty(earlier);
                let kind = match own.kind() {
                    TyKind::Closure(..) => PointerCoercion::ClosureFnPtr,
                    TyKind::FnDef(..) => PointerCoercion::ReifyFn,
                    _ => continue,
                };
                self.apply_adjustments(earlier, vec![Adjustment { kind: Adjust::Pointer(kind), target: pointer }]);
            }
            return Ok(pointer);
        }
        if self.differ_as_functions(merged, ty) {
            return Err(Mismatch);
        }
        if let Ok(target) = self.coerce(expr, ty, merged, TwoPhase::No) {
            return Ok(target);
        }
        let reversed = self.commit_if_ok(|fcx| fcx.coercion(span, merged, ty, TwoPhase::No))?;
        self.register_all(reversed.obligations);
        for &earlier in previous {
            self.apply_adjustments(earlier, reversed.adjustments.clone());
        }
        Ok(reversed.target)
    }

    /// Functions join where one is a pointer only if their types are the same under their binders: no supertype is looked for.
    fn differ_as_functions(&mut self, a: Ty, b: Ty) -> bool {
        let is_function = |ty: Ty| matches!(ty.kind(), TyKind::FnDef(..) | TyKind::FnPtr(_));
        let is_pointer = |ty: Ty| matches!(ty.kind(), TyKind::FnPtr(_));
        if !is_function(a) || !is_function(b) || !(is_pointer(a) || is_pointer(b)) {
            return false;
        }
        let mut form = |ty: Ty| if is_pointer(ty) { Some(ty) } else { self.pointer_form(ty) };
        let (Some(left), Some(right)) = (form(a), form(b)) else { return false };
        self.probe(|fcx| {
            fcx.unify(Span::at(0), left, right).is_ok() && {
                let (left, right) = (fcx.resolve(left), fcx.resolve(right));
                !binders::same_binders(left, right)
            }
        })
    }

    /// Two different functions or capture-less closures have a function pointer in common.
    fn fn_lub(&mut self, a: Ty, b: Ty) -> Option<Ty> {
        if !matches!(a.kind(), TyKind::FnDef(..) | TyKind::Closure(..))
            || !matches!(b.kind(), TyKind::FnDef(..) | TyKind::Closure(..))
        {
            return None;
        }
        if self.probe(|fcx| fcx.unify(Span::at(0), a, b).is_ok()) {
            return None;
        }
        let left = self.pointer_form(a)?;
        let right = self.pointer_form(b)?;
        self.eq(Span::at(0), left, right).ok()?;
        Some(left)
    }

    fn pointer_form(&mut self, ty: Ty) -> Option<Ty> {
        match ty.kind() {
            TyKind::FnDef(def, args) => {
                let sig = self.fn_sig_of(*def).subst(*args).erase_regions();
                Some(self.normalize(Span::at(0), Ty::fn_ptr(sig)))
            }
            TyKind::Closure(def, args) => {
                if self.mentions_outer_locals(*def) {
                    return None;
                }
                Some(Ty::fn_ptr(self.closure_sig(*args)?))
            }
            _ => None,
        }
    }
}
