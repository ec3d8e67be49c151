//! Making and emitting errors. One cause, one error: whatever mentions an error type stays silent.

use rgo_hir::body::{Expr, ExprId, Pat, Stmt};
use rgo_hir::{DefId, DefKind};
use rgo_syntax::{Name, Span};

use super::FnCtxt;
use super::method::probe::{MethodError, NoMatch};
use crate::error::TypeError;
use crate::solve::{CauseCode, FulfillError, FulfillErrorKind};
use crate::ty::fold::TypeFoldable;
use crate::ty::{Clause, Const, ConstKind, Ty, TyKind, display::display_ty};

impl FnCtxt<'_> {
    pub fn error(&self, span: Span, code: &'static str, message: impl Into<String>) -> TypeError {
        TypeError::new(self.owner, span, code, message)
    }

    /// For errors that rustc gives no code to.
    pub fn error_without_code(&self, span: Span, message: impl Into<String>) -> TypeError {
        let mut error = TypeError::new(self.owner, span, "", message);
        error.code = None;
        error
    }

    /// Something is wrong here that has been said: what is unknown from now on may be unknown because of it.
    fn taint(&mut self) {
        self.has_errors = true;
        self.infcx.tainted.set(true);
    }

    pub fn emit(&mut self, error: TypeError) {
        self.taint();
        let known = self
            .errors
            .iter()
            .any(|known| known.span == error.span && known.code == error.code && known.message == error.message);
        if !known {
            self.errors.push(error);
        }
    }

    pub fn display(&self, ty: Ty) -> String {
        display_ty(self.db, self.resolve(ty))
    }

    pub fn mentions_error(&self, ty: Ty) -> bool {
        self.resolve(ty).has_error()
    }

    pub fn report_mismatch_with(&mut self, span: Span, expected: Ty, found: Ty, message: &str) {
        let found = self.resolve(found);
        if found.has_error() {
            self.taint();
            return;
        }
        let label = format!("expected `{}`, found `{}`", self.display(expected), self.display(found));
        let error = self.error(span, "E0308", message).label(label);
        self.emit(error);
    }

    /// E0282, once per unknown.
    pub fn report_unknown_type(&mut self, span: Span, ty: Ty) {
        let ty = self.shallow(ty);
        self.has_errors = true;
        if self.infcx.tainted.get() || !self.reported_vars.insert(ty) {
            self.infcx.tainted.set(true);
            return;
        }
        let at = self.origin_of_unknown(ty).unwrap_or(span);
        let error = self
            .error(at, "E0282", "type annotations needed")
            .label("cannot infer type")
            .help("give it an explicit type");
        self.emit(error);
    }

    /// The first variable of a `let` or closure whose type holds the unknown and that has no written type: the place for an annotation.
    fn origin_of_unknown(&self, var: Ty) -> Option<Span> {
        let mut best: Option<Span> = None;
        // What a `for` or an arm binds takes no annotation.
        let declared = self.body.exprs.iter().flat_map(|(_, expr)| match expr {
            Expr::Block(block) => block.stmts.as_slice(),
            _ => &[],
        });
        let mut pats = Vec::new();
        for stmt in declared {
            if let Stmt::Let { pat, .. } = stmt {
                self.walk_pat(*pat, &mut |_, part| pats.push(part));
            }
        }
        for (_, expr) in self.body.exprs.iter() {
            if let Expr::Closure(closure) = expr {
                pats.extend(closure.params.iter().filter(|(_, ty)| ty.is_none()).map(|(pat, _)| *pat));
            }
        }
        for pat in pats {
            let Pat::Bind { local, .. } = &self.body.pats[pat] else { continue };
            let Some(&ty) = self.tables.local_ty.get(*local) else { continue };
            let ty = self.resolve(ty);
            if ty.has_infer() && contains(ty, var) {
                let span = self.pat_span(pat);
                if best.is_none_or(|best| span.start < best.start) {
                    best = Some(span);
                }
            }
        }
        best
    }

    /// E0284 for a constant that nothing determines. It says more than that some type is not known to be `Sized`.
    pub fn report_unknown_const(&mut self, errors: &[FulfillError]) {
        let is_hard = |error: &FulfillError| !matches!(error.kind, FulfillErrorKind::Ambiguous);
        if self.has_errors || self.infcx.tainted.get() || errors.iter().any(is_hard) {
            return;
        }
        let unknown = |(value, _): &&(Const, Span)| {
            matches!(self.infcx.shallow_resolve_const(*value).kind(), ConstKind::Infer(_))
        };
        let Some(&(_, span)) = self.unknown_consts.iter().find(unknown) else { return };
        let sized = self.lang("sized");
        let is_before = |error: &FulfillError| {
            let of_sized = matches!(error.obligation.predicate.value, Clause::Trait(of) if Some(of.trait_) == sized);
            !of_sized && error.obligation.cause.span.start < span.start
        };
        if errors.iter().any(is_before) {
            return;
        }
        let error = self
            .error(span, "E0284", "type annotations needed")
            .label("cannot infer the value of a constant")
            .help("write the constant as a generic argument, or give the value an explicit type");
        self.emit(error);
    }

    /// E0282 for the unknown types that are left in locals and expressions, unless something was reported already.
    pub fn report_left_unknown(&mut self) {
        if self.infcx.tainted.get() || self.has_errors {
            return;
        }
        let mut found: Option<(Span, Ty)> = None;
        for (local, &ty) in self.tables.local_ty.iter() {
            let ty = self.resolve(ty);
            if let Some(var) = first_var(ty) {
                let span = self.map.locals.get(local).copied().unwrap_or_default();
                if found.is_none_or(|(best, _)| span.start < best.start) {
                    found = Some((span, var));
                }
            }
        }
        if found.is_none() {
            for (expr, &ty) in self.tables.expr_ty.iter() {
                let ty = self.resolve(ty);
                if let Some(var) = first_var(ty) {
                    let span = self.expr_span(expr);
                    let better = found.is_none_or(|(best, _)| (span.start, span.end) < (best.start, best.end));
                    if better {
                        found = Some((span, var));
                    }
                }
            }
        }
        if let Some((span, var)) = found {
            self.report_unknown_type(span, var);
        }
    }

    pub fn report_fulfill_errors(&mut self, mut errors: Vec<FulfillError>) {
        if errors.is_empty() {
            return;
        }
        crate::solve::sort_fulfill_errors(self.db, &mut errors);
        let implied = self.implied_by_others(&errors);
        for (mut error, implied) in errors.into_iter().zip(implied) {
            if implied {
                self.has_errors = true;
                continue;
            }
            // What is unknown after an error is unknown because of it.
            if matches!(error.kind, FulfillErrorKind::Ambiguous) && self.has_errors {
                continue;
            }
            self.has_errors = true;
            let name = self.blame_argument(&mut error);
            if let Some(mut report) = crate::solve::report_fulfill_error(&self.infcx, &error) {
                if let Some(item) = self.unnamed_implementor(&error) {
                    let what = match item.kind() {
                        DefKind::AssocConst => "refer to the associated constant",
                        _ => "call associated function",
                    };
                    let trait_ = item.parent().map_or(item.name(), DefId::name);
                    report.code = Some("E0790");
                    report.message =
                        format!("cannot {what} on trait `{trait_}` without specifying the corresponding `impl` type");
                    report.label = format!("cannot {what} of trait");
                }
                if let Some(name) = name.filter(|_| report.def == self.owner) {
                    report = report.secondary(self.owner, name, "required by a bound of what is called here");
                }
                self.emit(report);
            }
        }
    }

    /// Which of the errors follow from another one of them: a supertrait is missing where its subtrait is.
    fn implied_by_others(&self, errors: &[FulfillError]) -> Vec<bool> {
        let trait_of = |error: &FulfillError| match (&error.kind, error.obligation.predicate.value) {
            (FulfillErrorKind::Unimplemented, Clause::Trait(trait_ref)) => Some(self.resolve(trait_ref)),
            _ => None,
        };
        let traits: Vec<_> = errors.iter().map(trait_of).collect();
        let follows = |index: usize| {
            let Some(own) = traits[index] else { return false };
            (0..errors.len()).any(|other| {
                let same_place = errors[other].root.cause.span == errors[index].root.cause.span;
                same_place
                    && traits[other].is_some_and(|strong| {
                        strong.trait_ != own.trait_
                            && strong.self_ty() == own.self_ty()
                            && self.supertraits(strong).iter().any(|super_| super_.trait_ == own.trait_)
                    })
            })
        };
        (0..errors.len()).map(follows).collect()
    }

    /// The `f` of `Trait::f()` where nothing says whose it is.
    fn unnamed_implementor(&self, error: &FulfillError) -> Option<DefId> {
        let FulfillErrorKind::Ambiguous = error.kind else { return None };
        let CauseCode::WhereClause { item, .. } = &*error.root.cause.code else { return None };
        let Clause::Trait(trait_ref) = error.root.predicate.value else { return None };
        let unnamed = item.parent() == Some(trait_ref.trait_)
            && self.shallow(trait_ref.self_ty()).is_ty_var()
            && (item.kind() == DefKind::AssocConst || (item.kind() == DefKind::Fn && !self.takes_self(*item)));
        unnamed.then_some(*item)
    }

    // ----- methods and associated items -----

    pub fn report_explicit_drop(&mut self, span: Span) {
        let error = self
            .error(span, "E0040", "explicit use of destructor method")
            .label("explicit destructor calls not allowed")
            .help("call `drop(value)` instead");
        self.emit(error);
    }

    pub fn report_method_error(
        &mut self,
        call: ExprId,
        receiver: ExprId,
        receiver_ty: Ty,
        name: Name,
        error: MethodError,
        _arg_count: usize,
    ) {
        let span = self.name_span(call);
        let receiver_ty = self.resolve(receiver_ty);
        if receiver_ty.has_error() {
            self.taint();
            return;
        }
        match error {
            MethodError::NoMatch(failed) => self.report_no_method(span, receiver, receiver_ty, name, &failed),
            other => self.report_assoc_error(span, receiver_ty, name, other),
        }
    }

    pub fn report_assoc_error(&mut self, span: Span, ty: Ty, name: Name, error: MethodError) {
        let ty = self.resolve(ty);
        if ty.has_error() {
            self.taint();
            return;
        }
        let shown = self.display(ty);
        match error {
            MethodError::Reported => self.taint(),
            MethodError::Private(item) => {
                let what = match item.kind() {
                    DefKind::AssocConst => "associated constant",
                    _ if self.takes_self(item) => "method",
                    _ => "associated function",
                };
                let error = self
                    .error(span, "E0624", format!("{what} `{name}` is private"))
                    .label(format!("private {what}"))
                    .secondary(item, rgo_hir::def_span(self.db, item), "private here");
                self.emit(error);
            }
            MethodError::Ambiguous(candidates) => {
                let mut error = self
                    .error(span, "E0034", "multiple applicable items in scope")
                    .label(format!("multiple `{name}` found"));
                for candidate in candidates {
                    if let Some(parent) = candidate.item.parent() {
                        error = error.note(format!("candidate in `{}`", rgo_hir::diagnostic_path(self.db, parent)));
                    }
                }
                self.emit(error);
            }
            MethodError::NoMatch(failed) => {
                let mut error = self
                    .error(
                        span,
                        "E0599",
                        format!("no function or associated item named `{name}` found for type `{shown}` in the current scope"),
                    )
                    .label(format!("function or associated item not found in `{shown}`"));
                error = self.with_unsatisfied(error, &failed);
                self.emit(error);
            }
        }
    }

    /// Whether a bound of the type extends itself (E0391), so that nobody knows what it has.
    fn has_endless_bound(&mut self, ty: Ty) -> bool {
        self.bounds_of_param(ty).iter().any(|bound| crate::items::extends_itself(self.db, bound.value.trait_))
    }

    fn report_no_method(&mut self, span: Span, receiver: ExprId, ty: Ty, name: Name, failed: &NoMatch) {
        if self.has_endless_bound(ty) {
            self.has_errors = true;
            return;
        }
        let shown = self.display(ty);
        let is_number = matches!(ty.kind(), TyKind::Infer(_));
        if is_number && failed.numeric && self.number_has_method(ty, name) {
            let receiver_span = self.expr_span(receiver);
            let error = self
                .error(span, "E0689", format!("can't call method `{name}` on ambiguous numeric type `{shown}`"))
                .help("give the number a type suffix or the variable a type");
            let _ = receiver_span;
            self.emit(error);
            return;
        }
        let mut error = self
            .error(span, "E0599", format!("no method named `{name}` found for type `{shown}` in the current scope"))
            .label(format!("method not found in `{shown}`"));
        if !failed.unsatisfied.is_empty() {
            error.message =
                format!("the method `{name}` exists for type `{shown}`, but its trait bounds were not satisfied");
        }
        if !failed.statics.is_empty() {
            error = error.note(format!("`{name}` is an associated function, not a method: it has no `self`"));
        }
        if let Some(similar) = self.similar_method(ty, name) {
            error = error.help(format!("there is a method `{similar}` with a similar name"));
        }
        if self.has_field_named(ty, name) {
            error = error.help(format!("`{name}` is a field: to call what it holds, write `(value.{name})(…)`"));
        }
        error = self.with_unsatisfied(error, failed);
        self.emit(error);
    }

    /// A method of the type's own whose name is nearly this.
    fn similar_method(&mut self, ty: Ty, name: Name) -> Option<Name> {
        let ty = self.resolve(ty).peel_refs();
        let impls = self.inherent_impls_for(ty);
        let items = impls.into_iter().flat_map(|impl_| rgo_hir::children(self.db, impl_).iter().copied());
        let methods = items.filter(|item| item.kind() == DefKind::Fn && self.takes_self(*item)).map(|item| item.name());
        rgo_hir::most_similar(name, methods)
    }

    fn with_unsatisfied(&self, mut error: TypeError, failed: &NoMatch) -> TypeError {
        let mut notes: Vec<String> = failed
            .unsatisfied
            .iter()
            .map(|(_, predicate)| {
                format!("this bound is not satisfied: `{}`", crate::ty::display::display_predicate(self.db, *predicate))
            })
            .collect();
        notes.dedup();
        for note in notes.into_iter().take(4) {
            error = error.note(note);
        }
        error
    }

    fn number_has_method(&mut self, ty: Ty, name: Name) -> bool {
        let concrete = if ty.is_float() { Ty::f64() } else { Ty::i32() };
        let inherent =
            self.inherent_impls_for(concrete).into_iter().any(|impl_| rgo_hir::child(self.db, impl_, name).is_some());
        inherent
            || self.some_trait_has(DefId::package(Name::new("std")), name)
            || self.some_trait_has(self.owner.package_of(), name)
    }

    /// Whether any trait of a module has an item of this name.
    fn some_trait_has(&self, module: DefId, name: Name) -> bool {
        rgo_hir::children(self.db, module).iter().any(|&item| match item.kind() {
            DefKind::Trait => rgo_hir::child(self.db, item, name).is_some(),
            DefKind::Mod => self.some_trait_has(item, name),
            _ => false,
        })
    }

    pub fn method_exists(&mut self, ty: Ty, name: Name) -> bool {
        let errors = self.errors.len();
        let found = self.probe(|fcx| fcx.probe_method(Span::at(0), ty, name).is_ok());
        self.errors.truncate(errors);
        found
    }

    fn has_field_named(&mut self, ty: Ty, name: Name) -> bool {
        let steps = self.autoderef_steps(ty, Span::at(0));
        steps.iter().any(|step| match step.ty.kind() {
            TyKind::Adt(def, _) => self
                .adt_def(*def)
                .variants
                .first()
                .is_some_and(|variant| variant.fields.iter().any(|field| field.name == name)),
            _ => false,
        })
    }
}

fn contains(ty: Ty, part: Ty) -> bool {
    crate::ty::fold::walk_types(&ty, |found| {
        if found == part { std::ops::ControlFlow::Break(()) } else { std::ops::ControlFlow::Continue(()) }
    })
    .is_break()
}

/// The first general type variable in a type.
pub fn first_var(ty: Ty) -> Option<Ty> {
    if !ty.has_infer() {
        return None;
    }
    let mut found = None;
    let _ = crate::ty::fold::walk_types(&ty, |part| {
        if part.is_ty_var() {
            found = Some(part);
            return std::ops::ControlFlow::Break(());
        }
        std::ops::ControlFlow::Continue(())
    });
    found
}
