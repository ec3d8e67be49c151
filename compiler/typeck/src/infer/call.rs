//! Calls: what is called (functions, pointers, closures, anything that implements `Fn*`), and the checking of arguments.

use rgo_hir::body::{Expr, ExprId, Mutability};
use rgo_hir::{DefId, DefKind};
use rgo_syntax::ast::ItemKind;
use rgo_syntax::{Span, ast};

use super::FnCtxt;
use super::autoderef::Step;
use super::expectation::Expectation;
use super::mismatch::ExpectedBy;
use super::pat::plural;
use super::tables::{Adjust, Adjustment, AutoBorrow, Callee, DeferredCall, TwoPhase};
use crate::ty::subst::Subst;
use crate::ty::{ClosureArgs, FnSig, Ty, TyKind};

/// What is said about wrong arguments, and where.
#[derive(Clone, Copy)]
pub struct CallSite {
    pub kind: CalleeKind,
    /// The name of the function, where a wrong count is reported.
    pub span: Span,
    pub def: Option<DefId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CalleeKind {
    Function,
    Method,
    Closure,
}

impl FnCtxt<'_> {
    pub fn check_call(&mut self, expr: ExprId, callee: ExprId, args: &[ExprId], expected: Expectation) -> Ty {
        let known = self.sized_fields.len();
        let callee_ty = self.check_expr(callee);
        if matches!(self.body.exprs[callee], Expr::Path(_)) {
            // Asked of the arguments, where they stand.
            self.sized_fields.truncate(known);
        }
        let span = self.expr_span(callee);
        let callee_ty = self.structurally_resolve(span, callee_ty);
        if callee_ty.is_error() {
            self.check_args_blindly(args);
            return Ty::error();
        }
        let steps = self.autoderef_steps(callee_ty, span);
        for index in 0..steps.len() {
            if let Some(output) = self.try_call_step(expr, callee, &steps, index, args, expected) {
                return output;
            }
        }
        self.check_args_blindly(args);
        self.report_not_callable(expr, callee, callee_ty);
        Ty::error()
    }

    fn try_call_step(
        &mut self,
        expr: ExprId,
        callee: ExprId,
        steps: &[Step],
        index: usize,
        args: &[ExprId],
        expected: Expectation,
    ) -> Option<Ty> {
        let span = self.expr_span(callee);
        let ty = self.try_structurally_resolve(steps[index].ty);
        match ty.kind() {
            TyKind::FnDef(def, generic_args) => {
                let sig = self.fn_sig_of(*def).subst(*generic_args).instantiate_erased().erase_regions();
                let sig = self.normalize(span, sig);
                let adjustments = self.deref_adjustments(steps, index);
                self.apply_adjustments(callee, adjustments);
                if def.kind() != DefKind::Fn {
                    for (&input, &arg) in sig.inputs().iter().zip(args) {
                        self.require_sized_field(input, self.expr_span(arg));
                    }
                }
                let site =
                    CallSite { kind: CalleeKind::Function, span: self.callee_name_span(callee), def: Some(*def) };
                return Some(self.check_sig_call(site, sig, args, expected));
            }
            TyKind::FnPtr(sig) => {
                let sig = sig.instantiate_erased().erase_regions();
                let sig = self.normalize(span, sig);
                let adjustments = self.deref_adjustments(steps, index);
                self.apply_adjustments(callee, adjustments);
                let site = CallSite { kind: CalleeKind::Function, span, def: None };
                return Some(self.check_sig_call(site, sig, args, expected));
            }
            TyKind::Closure(def, closure_args) => {
                let kind = self.shallow(ClosureArgs::new(*closure_args).kind_ty());
                if kind.is_ty_var() {
                    // Which of the `Fn*` traits is called is known after capture analysis.
                    let sig = self.closure_sig(*closure_args)?.instantiate_erased();
                    let adjustments = self.deref_adjustments(steps, index);
                    self.apply_adjustments(callee, adjustments);
                    self.tables.deferred_calls.insert(
                        expr,
                        DeferredCall { closure: *def, closure_ty: ty, args_tuple: Ty::tuple(sig.inputs()) },
                    );
                    let site = CallSite { kind: CalleeKind::Closure, span, def: Some(*def) };
                    return Some(self.check_sig_call(site, sig, args, expected));
                }
            }
            // `&mut F` is called through the reference, not through a reference to it.
            TyKind::Ref(..) if index == 0 => return None,
            TyKind::Error => {
                self.check_args_blindly(args);
                return Some(Ty::error());
            }
            TyKind::Bool
            | TyKind::Char
            | TyKind::Int(_)
            | TyKind::Uint(_)
            | TyKind::Float(_)
            | TyKind::Str
            | TyKind::Never
            | TyKind::Array(..)
            | TyKind::Slice(_)
            | TyKind::Tuple(_)
            | TyKind::Infer(_) => return None,
            _ => {}
        }
        self.try_overloaded_call(expr, callee, steps, index, ty, args, expected)
    }

    fn try_overloaded_call(
        &mut self,
        expr: ExprId,
        callee: ExprId,
        steps: &[Step],
        index: usize,
        ty: Ty,
        args: &[ExprId],
        expected: Expectation,
    ) -> Option<Ty> {
        let span = self.expr_span(callee);
        let candidates = [
            ("fn", "call", Some(Mutability::Not)),
            ("fn_mut", "call_mut", Some(Mutability::Mut)),
            ("fn_once", "call_once", None),
        ];
        for with_arity in [true, false] {
            for (trait_name, method, borrow) in candidates {
                let Some(trait_) = self.lang(trait_name) else { continue };
                let tuple = if with_arity {
                    let vars: Vec<Ty> = args.iter().map(|_| self.ty_var()).collect();
                    Ty::tuple(&vars)
                } else {
                    self.ty_var()
                };
                let Some(found) = self.lookup_trait_method(span, method, trait_, ty, &[tuple]) else { continue };
                self.select_where_possible();
                let mut adjustments = self.deref_adjustments(steps, index);
                if let Some(mutability) = borrow {
                    if mutability == Mutability::Mut {
                        let start = steps.first().map_or(ty, |step| step.ty);
                        self.make_derefs_mutable(start, &mut adjustments);
                    }
                    let target = if mutability == Mutability::Mut { Ty::mut_ref(ty) } else { Ty::imm_ref(ty) };
                    adjustments
                        .push(Adjustment { kind: Adjust::Borrow(AutoBorrow::new(mutability, TwoPhase::No)), target });
                }
                self.apply_adjustments(callee, adjustments);
                if borrow == Some(Mutability::Mut) {
                    self.convert_place_to_mutable(callee);
                }
                let inputs = self.resolve(found.inputs.get(1).copied().unwrap_or_else(Ty::error));
                let kind =
                    if matches!(ty.kind(), TyKind::Closure(..)) { CalleeKind::Closure } else { CalleeKind::Function };
                let site = CallSite { kind, span, def: None };
                let output = found.output;
                self.tables.callees.insert(expr, found);
                let Some(inputs) = inputs.as_tuple() else {
                    self.check_args_blindly(args);
                    return Some(output);
                };
                let sig = FnSig::new(&inputs, output);
                let site = CallSite {
                    kind: if site.kind == CalleeKind::Function { CalleeKind::Closure } else { site.kind },
                    ..site
                };
                return Some(self.check_sig_call(site, sig, args, expected));
            }
        }
        None
    }

    fn callee_name_span(&self, callee: ExprId) -> Span {
        self.expr_span(callee)
    }

    fn check_sig_call(&mut self, site: CallSite, sig: FnSig, args: &[ExprId], expected: Expectation) -> Ty {
        let hints = self.inputs_from_expected(expected, sig.output(), sig.inputs());
        self.check_args(site, sig.inputs(), hints, args);
        let output = self.resolve(sig.output());
        if output.is_never() {
            self.diverges = super::Diverges::Always;
        }
        output
    }

    pub fn check_args_blindly(&mut self, args: &[ExprId]) {
        self.has_errors = true;
        for &arg in args {
            self.check_expr_with_hint(arg, Ty::error());
        }
    }

    /// What the arguments would be if the output were what is expected.
    pub fn inputs_from_expected(&mut self, expected: Expectation, output: Ty, inputs: &[Ty]) -> Option<Vec<Ty>> {
        let wanted = expected.only_has_type(self)?;
        if wanted.is_ty_var() {
            return None;
        }
        self.fudge(|fcx| {
            fcx.unify(Span::at(0), wanted, output).ok()?;
            Some(inputs.to_vec())
        })
    }

    pub fn check_args(&mut self, site: CallSite, inputs: &[Ty], hints: Option<Vec<Ty>>, args: &[ExprId]) {
        if inputs.len() != args.len() {
            self.report_arg_count(site, inputs, args);
        }
        let mut wrong: Vec<(ExprId, Ty, Ty)> = Vec::new();
        // Closures last: what the other arguments say helps to type them.
        for closures in [false, true] {
            if closures {
                self.select_where_possible();
            }
            for (index, &arg) in args.iter().enumerate() {
                if matches!(self.body.exprs[arg], Expr::Closure(_)) != closures {
                    continue;
                }
                let Some(&formal) = inputs.get(index) else {
                    self.check_expr(arg);
                    continue;
                };
                let formal = self.renormalize(self.expr_span(arg), formal);
                let hint = hints.as_ref().and_then(|hints| hints.get(index).copied()).unwrap_or(formal);
                let expectation = Expectation::rvalue_hint(self, hint);
                let ty = self.check_expr_with(arg, expectation);
                let target = expectation.only_has_type(self).unwrap_or(formal);
                // What is pending may say what the parameter is: of a type parameter `V`, `V: Borrow<?Q>` has one answer.
                let target = self.resolve_with_pending(target);
                let span = self.expr_span(arg);
                // Of a method it is only said where it is declared.
                if site.kind != CalleeKind::Method {
                    self.require_sized_argument(formal, span);
                }
                if self.coerce(arg, ty, target, TwoPhase::Yes).is_err() {
                    wrong.push((arg, target, ty));
                } else if self.eq(span, formal, target).is_err() {
                    wrong.push((arg, formal, ty));
                }
            }
        }
        if inputs.len() != args.len() {
            return;
        }
        match wrong.as_slice() {
            [] => {}
            [(arg, formal, ty)] => {
                let span = self.mismatch_span(*arg);
                let parameter = self.parameter_of(site, args, *arg, *formal);
                let outer = self.expected_by.len();
                self.expected_by.extend(parameter);
                self.report_mismatch(span, *formal, *ty);
                self.expected_by.truncate(outer);
            }
            several => {
                let mut error = self.error(site.span, "E0308", "arguments to this function are incorrect");
                let mut any = false;
                for (arg, formal, ty) in several {
                    let formal = self.resolve(*formal);
                    let ty = self.resolve(*ty);
                    if self.mentions_error(formal) || self.mentions_error(ty) {
                        continue;
                    }
                    any = true;
                    let label = format!("expected `{}`, found `{}`", self.display(formal), self.display(ty));
                    error = error.secondary(self.owner, self.expr_span(*arg), label);
                }
                if any {
                    self.emit(error);
                }
                self.has_errors = true;
            }
        }
    }

    /// The parameter of a function of the program that an argument is for.
    fn parameter_of(&self, site: CallSite, args: &[ExprId], arg: ExprId, ty: Ty) -> Option<ExpectedBy> {
        let def = site.def.filter(|def| def.kind() == DefKind::Fn && !def.is_std())?;
        let ItemKind::Fn(function) = &rgo_hir::item_ast(self.db, def).kind else { return None };
        // With `self` as an argument: `Type::method(value, …)`.
        let skipped = usize::from(args.len() > function.params.len());
        let position = args.iter().position(|other| *other == arg)?.checked_sub(skipped)?;
        let param = function.params.get(position)?;
        let label = format!("expected because of this parameter of `{}`", def.name());
        Some(ExpectedBy { ty, def, span: param.span, label })
    }

    fn report_arg_count(&mut self, site: CallSite, inputs: &[Ty], args: &[ExprId]) {
        let (code, what) = match site.kind {
            CalleeKind::Function => ("E0061", self.callee_noun(site.def)),
            CalleeKind::Method => ("E0061", "method"),
            CalleeKind::Closure => ("E0057", "function"),
        };
        let mut error = self.error(
            site.span,
            code,
            format!(
                "this {what} takes {} argument{} but {} argument{} supplied",
                inputs.len(),
                plural(inputs.len()),
                args.len(),
                if args.len() == 1 { " was" } else { "s were" }
            ),
        );
        if let Some(extra) = args.get(inputs.len()) {
            error = error.secondary(self.owner, self.expr_span(*extra), "unexpected argument");
        } else if let Some(missing) = inputs.get(args.len()) {
            let missing = self.display(*missing);
            error = error.label(format!("argument #{} of type `{missing}` is missing", args.len() + 1));
        }
        if let Some(def) = site.def
            && def.package_of() == self.owner.package_of()
        {
            error = error.secondary(def, rgo_hir::def_span(self.db, def), format!("{what} defined here"));
        }
        self.emit(error);
    }

    fn callee_noun(&self, def: Option<DefId>) -> &'static str {
        match def.map(|def| (def.kind(), def.parent().map(|parent| parent.kind()))) {
            Some((DefKind::Struct, _)) => "struct",
            Some((DefKind::Variant, _)) => "enum variant",
            Some((DefKind::Fn, Some(DefKind::Impl | DefKind::Trait))) => "function",
            _ => "function",
        }
    }

    fn report_not_callable(&mut self, expr: ExprId, callee: ExprId, ty: Ty) {
        let span = self.expr_span(callee);
        let name = self.display(ty);
        let shown = match &self.body.exprs[callee] {
            Expr::Local(local) => Some(self.body.locals[*local].name.to_string()),
            _ => None,
        };
        let subject =
            shown.map_or_else(|| format!("`{name}`"), |shown| format!("local variable `{shown}` of type `{name}`"));
        let whole = self.expr_span(expr);
        let mut error = self.error(span, "E0618", format!("expected function, found {subject}")).secondary(
            self.owner,
            whole,
            "call expression requires function",
        );
        if let Some(super::tables::Value::Ctor(variant)) = self.tables.values.get(&callee).copied() {
            error = error.note(format!("`{}` is a unit constructor: write it without parentheses", variant.def.name()));
        }
        self.emit(error);
    }

    pub fn check_method_call(
        &mut self,
        expr: ExprId,
        receiver: ExprId,
        method: &ast::PathSegment,
        scope: DefId,
        args: &[ExprId],
        expected: Expectation,
    ) -> Ty {
        let receiver_ty = self.check_expr(receiver);
        let receiver_ty = self.try_structurally_resolve(receiver_ty);
        if receiver_ty.is_error() {
            self.check_args_blindly(args);
            return Ty::error();
        }
        let Some(callee) = self.lookup_method(expr, receiver, receiver_ty, method, scope, args.len()) else {
            self.check_args_blindly(args);
            return Ty::error();
        };
        let output = callee.output;
        let inputs: Vec<Ty> = callee.inputs.iter().skip(1).copied().collect();
        let site = CallSite { kind: CalleeKind::Method, span: self.name_span(expr), def: Some(callee.def) };
        self.tables.callees.insert(expr, callee);
        let hints = self.inputs_from_expected(expected, output, &inputs);
        self.check_args(site, &inputs, hints, args);
        self.resolve(output)
    }

    /// The callee of an operator or place expression.
    pub fn record_callee(&mut self, expr: ExprId, callee: Callee) {
        self.tables.callees.insert(expr, callee);
    }
}
