//! Operators: built-in on scalars, by the operators' traits otherwise (cf. rustc dev guide, "Type checking"; reference, "Operator expressions").

use rgo_hir::DefId;
use rgo_hir::body::{BinaryOp, Expr, ExprId, Mutability, UnaryOp};
use rgo_syntax::Span;

use super::FnCtxt;
use super::expectation::Expectation;
use super::tables::{Adjust, Adjustment, AutoBorrow, Callee, TwoPhase};
use crate::ty::subst::Subst;
use crate::ty::{Clause, GenericArg, TraitRef, Ty, TyKind};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Category {
    Math,
    Bit,
    Shift,
    Comparison,
}

/// What an error of a compound assignment has blamed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Blamed {
    Nothing,
    /// That the left side is not dereferenced: then it need not be a place as it stands.
    Reference,
}

fn category(op: BinaryOp) -> Category {
    match op {
        BinaryOp::Add | BinaryOp::Sub | BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => Category::Math,
        BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor => Category::Bit,
        BinaryOp::Shl | BinaryOp::Shr => Category::Shift,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => Category::Comparison,
    }
}

/// Lang item of the trait, method.
pub fn operator_trait(op: BinaryOp) -> (&'static str, &'static str) {
    match op {
        BinaryOp::Add => ("add", "add"),
        BinaryOp::Sub => ("sub", "sub"),
        BinaryOp::Mul => ("mul", "mul"),
        BinaryOp::Div => ("div", "div"),
        BinaryOp::Rem => ("rem", "rem"),
        BinaryOp::BitAnd => ("bitand", "bitand"),
        BinaryOp::BitOr => ("bitor", "bitor"),
        BinaryOp::BitXor => ("bitxor", "bitxor"),
        BinaryOp::Shl => ("shl", "shl"),
        BinaryOp::Shr => ("shr", "shr"),
        BinaryOp::Eq => ("partial_eq", "eq"),
        BinaryOp::Ne => ("partial_eq", "ne"),
        BinaryOp::Lt => ("partial_ord", "lt"),
        BinaryOp::Le => ("partial_ord", "le"),
        BinaryOp::Gt => ("partial_ord", "gt"),
        BinaryOp::Ge => ("partial_ord", "ge"),
    }
}

fn assign_trait(op: BinaryOp) -> (&'static str, &'static str) {
    match op {
        BinaryOp::Add => ("add_assign", "add_assign"),
        BinaryOp::Sub => ("sub_assign", "sub_assign"),
        BinaryOp::Mul => ("mul_assign", "mul_assign"),
        BinaryOp::Div => ("div_assign", "div_assign"),
        BinaryOp::Rem => ("rem_assign", "rem_assign"),
        BinaryOp::BitAnd => ("bitand_assign", "bitand_assign"),
        BinaryOp::BitOr => ("bitor_assign", "bitor_assign"),
        BinaryOp::BitXor => ("bitxor_assign", "bitxor_assign"),
        BinaryOp::Shl => ("shl_assign", "shl_assign"),
        BinaryOp::Shr => ("shr_assign", "shr_assign"),
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
            unreachable!("comparisons have no assigning form")
        }
    }
}

pub fn operator_text(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
        BinaryOp::BitAnd => "&",
        BinaryOp::BitOr => "|",
        BinaryOp::BitXor => "^",
        BinaryOp::Shl => "<<",
        BinaryOp::Shr => ">>",
        BinaryOp::Eq => "==",
        BinaryOp::Ne => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
    }
}

/// Whether the operator on these types is built-in; both must be scalars (perhaps literals of unknown size).
fn is_builtin(category: Category, lhs: Ty, rhs: Ty) -> bool {
    match category {
        Category::Math => (lhs.is_integral() && rhs.is_integral()) || (lhs.is_float() && rhs.is_float()),
        Category::Bit => (lhs.is_integral() && rhs.is_integral()) || (lhs.is_bool() && rhs.is_bool()),
        Category::Shift => lhs.is_integral() && rhs.is_integral(),
        Category::Comparison => lhs.is_scalar() && rhs.is_scalar(),
    }
}

impl FnCtxt<'_> {
    pub fn check_binary(&mut self, expr: ExprId, op: BinaryOp, lhs: ExprId, rhs: ExprId) -> Ty {
        let lhs_ty = self.check_expr(lhs);
        let mut lhs_ty = self.try_structurally_resolve(lhs_ty);
        if lhs_ty.is_never() {
            // The trait is looked for by what `!` becomes.
            let any = self.ty_var();
            lhs_ty = self.demand_coerce(lhs, lhs_ty, any, TwoPhase::No);
        }
        let category = category(op);
        if lhs_ty.is_scalar() {
            let rhs_ty = self.check_builtin_rhs(category, lhs_ty, rhs);
            if is_builtin(category, lhs_ty, rhs_ty) {
                return self.enforce_builtin(expr, op, lhs_ty, rhs, rhs_ty);
            }
            return self.overloaded_binary(expr, op, lhs, lhs_ty, rhs, Some(rhs_ty));
        }
        self.overloaded_binary(expr, op, lhs, lhs_ty, rhs, None)
    }

    fn check_builtin_rhs(&mut self, category: Category, lhs_ty: Ty, rhs: ExprId) -> Ty {
        // Comparisons have one implementation for each scalar, so that it is known what to compare with; arithmetic is also for references.
        let hint = if category == Category::Comparison { Expectation::HasType(lhs_ty) } else { Expectation::None };
        let ty = self.check_expr_with(rhs, hint);
        let ty = self.try_structurally_resolve(ty);
        if ty.is_never() {
            self.apply_adjustments(rhs, vec![Adjustment { kind: Adjust::NeverToAny, target: lhs_ty }]);
            return lhs_ty;
        }
        ty
    }

    fn enforce_builtin(&mut self, expr: ExprId, op: BinaryOp, lhs_ty: Ty, rhs: ExprId, rhs_ty: Ty) -> Ty {
        let category = category(op);
        let rhs_span = self.expr_span(rhs);
        if category != Category::Shift && self.eq(rhs_span, lhs_ty, rhs_ty).is_err() {
            self.report_mismatch(rhs_span, lhs_ty, rhs_ty);
            // A literal without a type could be compared with several types, none of them this one.
            if category != Category::Comparison || matches!(lhs_ty.kind(), TyKind::Infer(_)) {
                let left = self.display(lhs_ty);
                let right = self.display(rhs_ty);
                let error = self.operator_error(expr, op, &left, &right);
                self.emit(error);
            }
        }
        if category == Category::Comparison { Ty::bool() } else { self.shallow(lhs_ty) }
    }

    fn operator_error(&mut self, expr: ExprId, op: BinaryOp, left: &str, right: &str) -> crate::error::TypeError {
        let span = self.name_span(expr);
        let message = match op {
            BinaryOp::Add => format!("cannot add `{right}` to `{left}`"),
            BinaryOp::Sub => format!("cannot subtract `{right}` from `{left}`"),
            BinaryOp::Mul => format!("cannot multiply `{left}` by `{right}`"),
            BinaryOp::Div => format!("cannot divide `{left}` by `{right}`"),
            BinaryOp::Rem => format!("cannot calculate the remainder of `{left}` divided by `{right}`"),
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
                format!("can't compare `{left}` with `{right}`")
            }
            BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Shl | BinaryOp::Shr => {
                format!("no implementation for `{left} {} {right}`", operator_text(op))
            }
        };
        self.error(span, "E0277", message)
            .label(format!("no implementation for `{left} {} {right}`", operator_text(op)))
    }

    fn overloaded_binary(
        &mut self,
        expr: ExprId,
        op: BinaryOp,
        lhs: ExprId,
        lhs_ty: Ty,
        rhs: ExprId,
        known_rhs: Option<Ty>,
    ) -> Ty {
        let span = self.name_span(expr);
        let by_ref = category(op) == Category::Comparison;
        let lhs_ty = self.resolve(lhs_ty);
        let (trait_name, method) = operator_trait(op);
        let Some(trait_) = self.lang(trait_name) else {
            self.has_errors = true;
            return Ty::error();
        };
        if lhs_ty.is_error() {
            match (known_rhs, self.only_operand_in_bounds(trait_)) {
                (Some(_), _) => {}
                (None, Some(wanted)) => {
                    self.check_coercible(rhs, wanted);
                }
                (None, None) => {
                    self.check_expr(rhs);
                }
            }
            return if by_ref { Ty::bool() } else { Ty::error() };
        }
        let rhs_var = self.ty_var();
        let found = self.lookup_trait_method(span, method, trait_, lhs_ty, &[rhs_var]);
        let Some(callee) = found else {
            let rhs_ty = match known_rhs {
                Some(ty) => ty,
                None => self.check_expr(rhs),
            };
            self.report_no_operator(expr, op, lhs, lhs_ty, rhs_ty);
            return self.output_with_error(op, lhs_ty, rhs_ty).unwrap_or_else(Ty::error);
        };
        self.select_where_possible();
        let rhs_ty = match known_rhs {
            Some(ty) => {
                self.demand_coerce(rhs, ty, rhs_var, TwoPhase::No);
                ty
            }
            None => {
                let hint = self.rhs_hint(rhs_var);
                let ty = self.check_expr_with(rhs, hint);
                self.demand_coerce(rhs, ty, rhs_var, TwoPhase::No)
            }
        };
        let rhs_ty = self.resolve(rhs_ty);
        if by_ref {
            self.borrow_operand(lhs, lhs_ty);
            self.borrow_operand(rhs, rhs_ty);
        }
        self.select_where_possible();
        // Numbers behind one reference are as good as numbers: `&1 + 2` is an integer before it is known which.
        let lhs_now = self.behind_reference(lhs_ty);
        let rhs_now = self.behind_reference(rhs_ty);
        if !by_ref && is_builtin(category(op), lhs_now, rhs_now) {
            if category(op) != Category::Shift && self.eq(span, lhs_now, rhs_now).is_err() {
                let rhs_span = self.expr_span(rhs);
                self.report_mismatch(rhs_span, lhs_now, rhs_now);
            }
            let _ = self.eq(span, callee.output, lhs_now);
        }
        let output = self.resolve(callee.output);
        self.record_callee(expr, callee);
        self.output_with_error(op, lhs_ty, rhs_ty).unwrap_or(output)
    }

    /// The type of an operation on something erroneous: as of a built-in one, since it may well have been meant so.
    fn output_with_error(&self, op: BinaryOp, lhs_ty: Ty, rhs_ty: Ty) -> Option<Ty> {
        let (lhs_ty, rhs_ty) = (self.resolve(lhs_ty), self.resolve(rhs_ty));
        let is_erroneous = self.mentions_error(lhs_ty) || self.mentions_error(rhs_ty);
        if !is_erroneous || lhs_ty.is_ty_var() || rhs_ty.is_ty_var() {
            return None;
        }
        Some(if category(op) == Category::Comparison { Ty::bool() } else { self.behind_reference(lhs_ty) })
    }

    /// What the bounds in scope want on the right of an operator, if there is only one: an erroneous left side may have the type of any of them.
    fn only_operand_in_bounds(&self, trait_: DefId) -> Option<Ty> {
        let mut found = None;
        for clause in &self.infcx.param_env.clauses {
            if let Clause::Trait(trait_ref) = clause.value
                && trait_ref.trait_ == trait_
                && let Some(operand) = trait_ref.args.types().nth(1)
                && !operand.has_escaping_bound_vars()
                && found.replace(trait_ref).is_some_and(|known| known != trait_ref)
            {
                return None;
            }
        }
        found.and_then(|trait_ref| trait_ref.args.types().nth(1)).map(|ty| ty.erase_regions())
    }

    fn behind_reference(&self, ty: Ty) -> Ty {
        let ty = self.resolve(ty);
        match ty.kind() {
            TyKind::Ref(_, inner, _) => self.resolve(*inner),
            _ => ty,
        }
    }

    fn rhs_hint(&mut self, rhs: Ty) -> Expectation {
        let rhs = self.resolve(rhs);
        if rhs.is_ty_var() { Expectation::None } else { Expectation::HasType(rhs) }
    }

    fn borrow_operand(&mut self, operand: ExprId, ty: Ty) {
        let adjustment = Adjustment { kind: Adjust::Borrow(AutoBorrow::Shared), target: Ty::imm_ref(ty) };
        self.tables.adjustments.entry(operand).or_default().push(adjustment);
    }

    fn report_no_operator(&mut self, expr: ExprId, op: BinaryOp, lhs: ExprId, lhs_ty: Ty, rhs_ty: Ty) {
        let lhs_ty = self.resolve(lhs_ty);
        let rhs_ty = self.resolve(rhs_ty);
        if self.mentions_error(lhs_ty) || self.mentions_error(rhs_ty) {
            self.has_errors = true;
            return;
        }
        if lhs_ty.is_ty_var() {
            let span = self.expr_span(expr);
            self.report_unknown_type(span, lhs_ty);
            return;
        }
        let span = self.name_span(expr);
        let left = self.display(lhs_ty);
        let right = self.display(rhs_ty);
        let message = match op {
            BinaryOp::Add => format!("cannot add `{right}` to `{left}`"),
            BinaryOp::Sub => format!("cannot subtract `{right}` from `{left}`"),
            BinaryOp::Mul => format!("cannot multiply `{left}` by `{right}`"),
            BinaryOp::Div => format!("cannot divide `{left}` by `{right}`"),
            BinaryOp::Rem => format!("cannot calculate the remainder of `{left}` divided by `{right}`"),
            BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Shl | BinaryOp::Shr => {
                format!("no implementation for `{left} {} {right}`", operator_text(op))
            }
            _ => format!("binary operation `{}` cannot be applied to type `{left}`", operator_text(op)),
        };
        let mut error = self.error(span, "E0369", message).label(format!("no `{left} {} {right}`", operator_text(op)));
        error = error.secondary(self.owner, self.expr_span(lhs), format!("`{left}`"));
        if let Expr::Binary { rhs, .. } = &self.body.exprs[expr] {
            error = error.secondary(self.owner, self.expr_span(*rhs), format!("`{right}`"));
        }
        if let TyKind::Param(param) = lhs_ty.peel_refs().kind() {
            let bound = self.lang(operator_trait(op).0).map(|trait_| trait_.name());
            let bound = bound.map_or_else(String::new, |bound| format!(": `{}: {bound}`", param.name));
            error = error.help(format!("consider restricting type parameter `{}`{bound}", param.name));
        } else if let Some(adt) = lhs_ty.adt_def_id() {
            let (trait_name, _) = operator_trait(op);
            if let Some(trait_) = self.lang(trait_name) {
                error = error.note(format!(
                    "an implementation of `{}` might be missing for `{}`",
                    trait_.name(),
                    adt.name()
                ));
            }
        }
        self.emit(error);
    }

    pub fn check_assign_op(&mut self, expr: ExprId, op: BinaryOp, place: ExprId, value: ExprId) -> Ty {
        let place_ty = self.check_expr(place);
        let place_ty = self.try_structurally_resolve(place_ty);
        let category = category(op);
        let blamed = if place_ty.is_scalar() {
            let rhs_ty = self.check_builtin_rhs(category, place_ty, value);
            if is_builtin(category, place_ty, rhs_ty) {
                let rhs_span = self.expr_span(value);
                if category != Category::Shift && self.eq(rhs_span, place_ty, rhs_ty).is_err() {
                    self.report_mismatch(rhs_span, place_ty, rhs_ty);
                    let left = self.display(place_ty);
                    let right = self.display(rhs_ty);
                    let error = self.assign_error(expr, op, "E0277", &left, &right);
                    self.emit(error);
                }
                if self.require_place(place, self.name_span(expr), "E0067", "invalid left-hand side of assignment") {
                    self.convert_place_to_mutable(place);
                }
                return Ty::unit();
            }
            self.overloaded_assign(expr, op, place, place_ty, value, Some(rhs_ty))
        } else {
            self.overloaded_assign(expr, op, place, place_ty, value, None)
        };
        if blamed == Blamed::Nothing {
            self.require_place(place, self.name_span(expr), "E0067", "invalid left-hand side of assignment");
        }
        Ty::unit()
    }

    fn assign_error(
        &mut self,
        expr: ExprId,
        op: BinaryOp,
        code: &'static str,
        left: &str,
        right: &str,
    ) -> crate::error::TypeError {
        let span = if code == "E0368" { self.expr_span(expr) } else { self.name_span(expr) };
        let message = match op {
            _ if code == "E0368" => {
                format!("binary assignment operation `{}=` cannot be applied to type `{left}`", operator_text(op))
            }
            BinaryOp::Add => format!("cannot add-assign `{right}` to `{left}`"),
            BinaryOp::Sub => format!("cannot subtract-assign `{right}` from `{left}`"),
            BinaryOp::Mul => format!("cannot multiply-assign `{left}` by `{right}`"),
            BinaryOp::Div => format!("cannot divide-assign `{left}` by `{right}`"),
            _ => format!("no implementation for `{left} {}= {right}`", operator_text(op)),
        };
        self.error(span, code, message)
    }

    fn overloaded_assign(
        &mut self,
        expr: ExprId,
        op: BinaryOp,
        place: ExprId,
        place_ty: Ty,
        value: ExprId,
        known_rhs: Option<Ty>,
    ) -> Blamed {
        let span = self.name_span(expr);
        let place_ty = self.resolve(place_ty);
        if place_ty.is_error() {
            if known_rhs.is_none() {
                self.check_expr(value);
            }
            return Blamed::Nothing;
        }
        let (trait_name, method) = assign_trait(op);
        let Some(trait_) = self.lang(trait_name) else {
            self.has_errors = true;
            return Blamed::Nothing;
        };
        let rhs_var = self.ty_var();
        let Some(callee) = self.lookup_trait_method(span, method, trait_, place_ty, &[rhs_var]) else {
            let rhs_ty = match known_rhs {
                Some(ty) => ty,
                None => self.check_expr(value),
            };
            let rhs_ty = self.resolve(rhs_ty);
            if self.mentions_error(place_ty) || self.mentions_error(rhs_ty) {
                self.has_errors = true;
                return Blamed::Nothing;
            }
            if place_ty.is_ty_var() {
                self.report_unknown_type(span, place_ty);
                return Blamed::Nothing;
            }
            let left = self.display(place_ty);
            let right = self.display(rhs_ty);
            let error = self.assign_error(expr, op, "E0368", &left, &right);
            self.emit(error);
            return match place_ty.kind() {
                TyKind::Ref(_, inner, Mutability::Mut) => {
                    let args = [GenericArg::Ty(*inner), GenericArg::Ty(rhs_var)].into_iter().collect();
                    if self.trait_may_hold(trait_, args) { Blamed::Reference } else { Blamed::Nothing }
                }
                _ => Blamed::Nothing,
            };
        };
        self.select_where_possible();
        match known_rhs {
            Some(ty) => {
                self.demand_coerce(value, ty, rhs_var, TwoPhase::No);
            }
            None => {
                let hint = self.rhs_hint(rhs_var);
                let ty = self.check_expr_with(value, hint);
                self.demand_coerce(value, ty, rhs_var, TwoPhase::No);
            }
        }
        let adjustment = Adjustment {
            kind: Adjust::Borrow(AutoBorrow::new(Mutability::Mut, TwoPhase::Yes)),
            target: Ty::mut_ref(place_ty),
        };
        self.tables.adjustments.entry(place).or_default().push(adjustment);
        self.convert_place_to_mutable(place);
        self.record_callee(expr, callee);
        Blamed::Nothing
    }

    pub fn check_unary(&mut self, expr: ExprId, op: UnaryOp, operand: ExprId, expected: Expectation) -> Ty {
        let hint = match expected.only_has_type(self) {
            Some(ty) if ty.is_scalar() => Expectation::HasType(ty),
            _ => match expected {
                Expectation::Castable(ty) => Expectation::Castable(ty),
                _ => Expectation::None,
            },
        };
        let ty = self.check_expr_with(operand, hint);
        let ty = self.try_structurally_resolve(ty);
        if ty.is_error() || ty.is_never() {
            return ty;
        }
        let span = self.expr_span(expr);
        if ty.is_ty_var() {
            self.report_unknown_type(span, ty);
            return Ty::error();
        }
        match op {
            UnaryOp::Deref => Ty::error(),
            UnaryOp::Not if ty.is_bool() || ty.is_integral() => ty,
            UnaryOp::Neg if ty.is_float() || self.is_signed(ty) => {
                // A literal may still become unsigned.
                if matches!(ty.kind(), TyKind::Infer(_))
                    && let Some(neg) = self.lang("neg")
                {
                    self.register_trait(span, TraitRef::with_self(neg, ty, &[]));
                }
                ty
            }
            UnaryOp::Not => self.overloaded_unary(expr, span, "not", "!", ty),
            UnaryOp::Neg => self.overloaded_unary(expr, span, "neg", "-", ty),
        }
    }

    fn is_signed(&self, ty: Ty) -> bool {
        ty.is_integral() && !matches!(ty.kind(), TyKind::Uint(_))
    }

    fn overloaded_unary(&mut self, expr: ExprId, span: Span, name: &'static str, symbol: &str, ty: Ty) -> Ty {
        let found = self.lang(name).and_then(|trait_| self.lookup_trait_method(span, name, trait_, ty, &[]));
        match found {
            Some(Callee { def, args, inputs, output }) => {
                let callee = Callee { def, args, inputs, output };
                self.record_callee(expr, callee);
                self.resolve(output)
            }
            None => {
                let shown = self.display(ty);
                let error = self
                    .error(span, "E0600", format!("cannot apply unary operator `{symbol}` to type `{shown}`"))
                    .label(format!("cannot apply unary operator `{symbol}`"));
                self.emit(error);
                Ty::error()
            }
        }
    }
}
