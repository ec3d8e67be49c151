//! Closure expressions: the signature from what is expected and what is written, then the body (cf. rustc dev guide, "Closure expansion").

use rgo_hir::body::{Closure, Expr, ExprId, PatId, TypeId};
use rgo_hir::{DefId, DefKind};
use rgo_syntax::Span;

use super::coercion::CoerceMany;
use super::expectation::Expectation;
use super::pat::plural;
use super::tables::ClosureEntry;
use super::{Diverges, FnCtxt};
use crate::ty::subst::Subst;
use crate::ty::{Binder, Clause, ClosureArgs, ClosureKind, FnSig, Predicate, TraitRef, Ty, TyKind};

/// What the context says of a closure.
#[derive(Clone, Copy, Default)]
struct Deduced {
    kind: Option<ClosureKind>,
    sig: Option<Binder<FnSig>>,
    /// Where the function is named that asks for the signature.
    asked_at: Option<Span>,
}

impl FnCtxt<'_> {
    pub fn check_closure(&mut self, expr: ExprId, closure: &Closure, expected: Expectation) -> Ty {
        let span = self.expr_span(expr);
        let deduced = match expected.to_option(self) {
            Some(ty) => {
                let ty = self.renormalize(span, ty);
                self.deduce_closure(ty)
            }
            None => Deduced::default(),
        };
        let sig = self.closure_signature(span, closure, &deduced);
        let kind_ty = match deduced.kind {
            Some(kind) => kind.to_ty(),
            None => self.ty_var(),
        };
        let upvars = self.ty_var();
        let tupled = Binder { value: FnSig::new(&[Ty::tuple(sig.value.inputs())], sig.value.output()), vars: sig.vars };
        let args = ClosureArgs::build(self.identity_args(), kind_ty, Ty::fn_ptr(tupled), upvars);
        let ty = Ty::closure(closure.def, args);
        let liberated = sig.instantiate_erased().erase_regions();
        self.tables.closures.insert(closure.def, ClosureEntry { expr, ty, ret: liberated.output() });
        self.check_closure_body(closure, liberated);
        ty
    }

    fn check_closure_body(&mut self, closure: &Closure, sig: FnSig) {
        let ret = sig.output();
        let outer_ret = self.ret_coercion.replace(CoerceMany::new(ret));
        let outer_expected = std::mem::take(&mut self.expected_by);
        let outer_diverges = std::mem::replace(&mut self.diverges, Diverges::Maybe);
        let outer_breakables = std::mem::take(&mut self.breakables);
        self.closure_depth += 1;
        for (index, (pat, _)) in closure.params.iter().enumerate() {
            let ty = sig.inputs().get(index).copied().unwrap_or_else(Ty::error);
            self.check_pat_top(*pat, ty);
            let span = self.pat_span(*pat);
            self.require_sized(ty, span);
        }
        let ty = self.check_expr_with_hint(closure.body, ret);
        let span = self.mismatch_span(closure.body);
        if let Some(mut coerce) = self.ret_coercion.take() {
            coerce.coerce(self, closure.body, ty, span);
            let actual = coerce.complete();
            if self.eq(span, ret, actual).is_err() && !self.shallow(actual).is_never() {
                self.report_mismatch(span, ret, actual);
            }
        }
        self.require_sized(ret, span);
        self.closure_depth -= 1;
        self.ret_coercion = outer_ret;
        self.expected_by = outer_expected;
        self.diverges = outer_diverges;
        self.breakables = outer_breakables;
    }

    /// The signature: written types win, expected ones fill the gaps.
    fn closure_signature(&mut self, span: Span, closure: &Closure, deduced: &Deduced) -> Binder<FnSig> {
        let expected = deduced.sig;
        if let Some(expected) = expected
            && expected.value.inputs().len() == closure.params.len()
        {
            let supplied = self.supplied_signature(closure);
            if let Some(merged) = self.merge_signatures(span, expected, supplied) {
                return merged;
            }
            return supplied;
        }
        if let Some(expected) = expected {
            self.report_closure_arity(deduced.asked_at, closure, expected.value.inputs());
            // The parameters are unknown then: no further errors about them.
            let inputs: Vec<Ty> = closure.params.iter().map(|_| Ty::error()).collect();
            return Binder::dummy(FnSig::new(&inputs, Ty::error()));
        }
        self.supplied_signature(closure)
    }

    fn report_closure_arity(&mut self, asked_at: Option<Span>, closure: &Closure, wanted: &[Ty]) {
        let arguments = |count: usize| format!("{count} argument{}", plural(count));
        let (given, wanted) = (arguments(closure.params.len()), arguments(wanted.len()));
        let head = rgo_hir::def_span(self.db, closure.def);
        let message = format!("closure is expected to take {wanted}, but it takes {given}");
        let error = match asked_at {
            Some(span) => self
                .error(span, "E0593", message)
                .label(format!("expected closure that takes {wanted}"))
                .secondary(self.owner, head, format!("takes {given}")),
            None => self.error(head, "E0593", message).label(format!("takes {given}")),
        };
        self.emit(error);
    }

    /// From what is written; elided lifetimes in parameters are the signature's own.
    fn supplied_signature(&mut self, closure: &Closure) -> Binder<FnSig> {
        let mut vars = Vec::new();
        let inputs: Vec<Ty> = closure
            .params
            .iter()
            .map(|(pat, ty)| match ty {
                Some(ty) => self.lower_closure_param(*ty, &mut vars),
                None => {
                    let span = self.pat_span(*pat);
                    self.ty_var_at(span)
                }
            })
            .collect();
        let output = match closure.ret {
            Some(ty) => self.lower_body_ty(ty),
            None => {
                let span = self.expr_span(closure.body);
                self.ty_var_at(span)
            }
        };
        Binder::with_vars(FnSig::new(&inputs, output), &vars)
    }

    /// The expected signature, its parts made equal to what is written; `None` if that is impossible.
    fn merge_signatures(
        &mut self,
        span: Span,
        expected: Binder<FnSig>,
        supplied: Binder<FnSig>,
    ) -> Option<Binder<FnSig>> {
        let result = self.commit_if_ok(|fcx| {
            let wanted = expected.instantiate_erased().erase_regions();
            let given = supplied.instantiate_erased().erase_regions();
            for (wanted, given) in wanted.inputs().iter().zip(given.inputs()) {
                fcx.eq(span, *wanted, *given)?;
            }
            fcx.eq(span, wanted.output(), given.output())
        });
        match result {
            Ok(()) => Some(expected),
            // Only the output differs: the body will say what is wrong.
            Err(_) => None,
        }
    }

    // ----- what is expected -----

    fn deduce_closure(&mut self, expected: Ty) -> Deduced {
        match expected.kind() {
            TyKind::Infer(_) if expected.is_ty_var() => self.deduce_from_obligations(expected),
            TyKind::Dynamic(clauses, _) => {
                let clauses = clauses.iter().map(|clause| clause.with_self_ty(expected));
                // `trait Handler: Fn(&str)` says what a `dyn Handler` is called with.
                let elaborated = crate::solve::elaborate(self.db, clauses);
                self.deduce_from_predicates(&elaborated)
            }
            TyKind::FnPtr(sig) => Deduced { kind: None, sig: Some(*sig), asked_at: None },
            TyKind::Opaque(def, args) => {
                let bounds: Vec<Predicate> = crate::collect::item_bounds(self.db, *def)
                    .iter()
                    .map(|predicate| predicate.subst(*args).erase_regions())
                    .collect();
                self.deduce_from_predicates(&bounds)
            }
            _ => Deduced::default(),
        }
    }

    fn deduce_from_obligations(&mut self, var: Ty) -> Deduced {
        let pending = self.fulfill.pending_for_self_ty(&self.infcx, var);
        let asked_at = pending.first().map(|obligation| obligation.cause.span);
        let predicates: Vec<Predicate> = pending
            .into_iter()
            .map(|obligation| {
                let mut nested = Vec::new();
                let predicate = self.infcx.renormalize(&obligation, &mut nested);
                self.register_all(nested);
                predicate
            })
            .collect();
        let elaborated = crate::solve::elaborate(self.db, predicates);
        Deduced { asked_at, ..self.deduce_from_predicates(&elaborated) }
    }

    fn deduce_from_predicates(&mut self, predicates: &[Predicate]) -> Deduced {
        let mut deduced = Deduced::default();
        for predicate in predicates {
            match predicate.value {
                Clause::Projection(projection, output) => {
                    if self.is_fn_output(projection.item)
                        && let Some(inputs) = self.resolve(projection.args.ty(1)).as_tuple()
                    {
                        deduced.sig =
                            Some(Binder { value: FnSig::new(&inputs, self.resolve(output)), vars: predicate.vars });
                    }
                }
                Clause::Trait(trait_ref) => {
                    if let Some(kind) = self.fn_trait_kind(trait_ref.trait_) {
                        deduced.kind = Some(deduced.kind.map_or(kind, |known| known.min(kind)));
                    }
                }
                Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => {}
            }
        }
        if deduced.sig.is_none() {
            deduced.sig = predicates.iter().find_map(|predicate| match predicate.value {
                Clause::Trait(trait_ref) if self.fn_trait_kind(trait_ref.trait_).is_some() => {
                    self.sig_from_trait(trait_ref, predicate)
                }
                _ => None,
            });
        }
        deduced
    }

    fn sig_from_trait(&self, trait_ref: TraitRef, predicate: &Predicate) -> Option<Binder<FnSig>> {
        let inputs = self.resolve(trait_ref.args.ty(1)).as_tuple()?;
        Some(Binder { value: FnSig::new(&inputs, self.ty_var()), vars: predicate.vars })
    }

    fn is_fn_output(&self, item: DefId) -> bool {
        item.parent().is_some_and(|trait_| self.is_lang(trait_, "fn_once"))
    }

    pub fn fn_trait_kind(&self, trait_: DefId) -> Option<ClosureKind> {
        if trait_.kind() != DefKind::Trait {
            return None;
        }
        if self.is_lang(trait_, "fn") {
            Some(ClosureKind::Fn)
        } else if self.is_lang(trait_, "fn_mut") {
            Some(ClosureKind::FnMut)
        } else if self.is_lang(trait_, "fn_once") {
            Some(ClosureKind::FnOnce)
        } else {
            None
        }
    }

    /// The parameter patterns of the closure that an expression is.
    pub fn closure_params(&self, expr: ExprId) -> &[(PatId, Option<TypeId>)] {
        match &self.body.exprs[expr] {
            Expr::Closure(closure) => &closure.params,
            _ => &[],
        }
    }
}
