//! Expressions: one arm per form, each returning the type before adjustments.

use rgo_hir::body::{Expr, ExprId, Literal, LogicalOp, Mutability, RangeEnd, UnaryOp};
use rgo_hir::{DefId, DefKind};
use rgo_syntax::{Name, Span};
use rustc_hash::FxHashMap;

use super::coercion::CoerceMany;
use super::expectation::Expectation;
use super::pat::plural;
use super::tables::{Adjust, Adjustment, TwoPhase};
use super::{Breakable, Diverges, FnCtxt};
use crate::infer::tables::WrittenPath;
use crate::ty::{Args, Const, TraitRef, Ty, TyKind};

impl FnCtxt<'_> {
    pub fn check_expr(&mut self, expr: ExprId) -> Ty {
        self.check_expr_with(expr, Expectation::None)
    }

    pub fn check_expr_with_hint(&mut self, expr: ExprId, hint: Ty) -> Ty {
        self.check_expr_with(expr, Expectation::HasType(hint))
    }

    /// The expression's value must be of this type, without coercion other than from `!`.
    pub fn check_has_type(&mut self, expr: ExprId, expected: Ty) -> Ty {
        let ty = self.check_expr_with_hint(expr, expected);
        if self.shallow(ty).is_never() {
            let expected = self.shallow(expected);
            if !expected.is_never() {
                self.apply_adjustments(expr, vec![Adjustment { kind: Adjust::NeverToAny, target: expected }]);
            }
            return expected;
        }
        if self.eq(self.expr_span(expr), expected, ty).is_err() {
            let span = self.mismatch_span(expr);
            self.report_mismatch(span, expected, ty);
        }
        ty
    }

    /// The expression's value is coerced to this type.
    pub fn check_coercible(&mut self, expr: ExprId, expected: Ty) -> Ty {
        let ty = self.check_expr_with_hint(expr, expected);
        self.demand_coerce(expr, ty, expected, TwoPhase::No)
    }

    pub fn check_expr_with(&mut self, expr: ExprId, expected: Expectation) -> Ty {
        let before = std::mem::replace(&mut self.diverges, Diverges::Maybe);
        let ty = self.check_expr_kind(expr, expected);
        let ty = self.shallow(ty);
        if ty.is_never() {
            self.diverges = Diverges::Always;
        }
        self.tables.expr_ty.insert(expr, ty);
        if ty.is_error() {
            self.has_errors = true;
        }
        self.diverges = self.diverges.or(before);
        ty
    }

    fn check_expr_kind(&mut self, expr: ExprId, expected: Expectation) -> Ty {
        let body = self.body;
        let span = self.expr_span(expr);
        match &body.exprs[expr] {
            Expr::Missing => {
                self.has_errors = true;
                self.infcx.tainted.set(true);
                Ty::error()
            }
            Expr::Literal(literal) => self.check_literal(literal, expected),
            Expr::Path(path) => {
                let ty = self.check_path_expr(expr, path);
                self.require_sized_fields(ty, span);
                ty
            }
            Expr::Local(local) => self.local_ty(*local),
            Expr::Unary { op: UnaryOp::Deref, expr: operand } => self.check_deref(expr, *operand, expected),
            Expr::Unary { op, expr: operand } => self.check_unary(expr, *op, *operand, expected),
            Expr::Binary { op, lhs, rhs } => self.check_binary(expr, *op, *lhs, *rhs),
            Expr::Logical { and: LogicalOp::And | LogicalOp::Or, lhs, rhs } => {
                self.check_has_type_coerced(*lhs, Ty::bool());
                let after_left = self.diverges;
                self.check_has_type_coerced(*rhs, Ty::bool());
                // The right side may not run.
                self.diverges = after_left;
                Ty::bool()
            }
            Expr::Assign { place, value } => self.check_assign(expr, *place, *value),
            Expr::DestructureAssign { pat, value, assigns } => {
                let any = self.ty_var();
                let ty = self.check_coercible(*value, any);
                self.check_assigned_pat(*pat, ty);
                for (local, place) in assigns {
                    let place_ty = self.check_expr(*place);
                    self.require_place(*place, self.name_span(expr), "E0070", "invalid left-hand side of assignment");
                    self.convert_place_to_mutable(*place);
                    let local_ty = self.local_ty(*local);
                    if self.eq(span, place_ty, local_ty).is_err() {
                        let span = self.expr_span(*place);
                        self.report_mismatch(span, place_ty, local_ty);
                    }
                }
                self.unit_unless_diverging()
            }
            Expr::AssignOp { op, place, value } => self.check_assign_op(expr, *op, *place, *value),
            Expr::Ref { mutability, expr: operand } => self.check_ref(*operand, *mutability, expected),
            Expr::Call { callee, args } => self.check_call(expr, *callee, args, expected),
            Expr::MethodCall { receiver, method, scope, args } => {
                self.check_method_call(expr, *receiver, method, *scope, args, expected)
            }
            Expr::Field { expr: base, name } => self.check_field(expr, *base, *name),
            Expr::Index { base, index } => self.check_index(expr, *base, *index),
            Expr::Array(items) => self.check_array(items, expected),
            Expr::Repeat { value, len } => self.check_repeat(expr, *value, *len, expected),
            Expr::VecMacro(items) => {
                let elem = self.vec_element(expected);
                let elem = self.check_elements(items, elem);
                self.vec_of(elem)
            }
            Expr::VecRepeat { value, len } => {
                let elem = match self.vec_element(expected) {
                    Some(elem) => elem,
                    None => self.ty_var(),
                };
                self.check_coercible(*value, elem);
                self.check_coercible(*len, Ty::usize());
                if let Some(clone) = self.lang("clone") {
                    let value_span = self.expr_span(*value);
                    self.register_trait(value_span, TraitRef::with_self(clone, elem, &[]));
                }
                self.vec_of(elem)
            }
            Expr::Tuple(items) => self.check_tuple(items, expected),
            Expr::Struct { path, fields, base } => self.check_struct(expr, path, fields, *base, expected),
            Expr::Range { start, end, inclusive } => self.check_range(*start, *end, *inclusive, expected),
            Expr::Block(block) => self.check_block(expr, block, expected),
            Expr::If { cond, then, otherwise } => self.check_if(expr, *cond, *then, *otherwise, expected),
            Expr::Let { pat, scrutinee } => {
                let ty = self.check_scrutinee(*scrutinee, &[*pat]);
                self.check_pat_top(*pat, ty);
                Ty::bool()
            }
            Expr::Match { scrutinee, arms, source: _ } => self.check_match(*scrutinee, arms, expected),
            Expr::Loop { label, body } => {
                let target = expected.coercion_target(self);
                self.breakables.push(Breakable {
                    label: *label,
                    coerce: Some(CoerceMany::new(target)),
                    may_break: false,
                    is_loop: true,
                });
                self.check_loop_body(*body);
                let breakable = self.breakables.pop();
                match breakable {
                    Some(Breakable { coerce: Some(coerce), may_break, .. }) => {
                        self.diverges = if may_break { Diverges::Maybe } else { Diverges::Always };
                        coerce.complete()
                    }
                    _ => {
                        self.diverges = Diverges::Always;
                        Ty::never()
                    }
                }
            }
            Expr::While { label, cond, body } => {
                // The label is in scope in the condition too.
                self.breakables.push(Breakable { label: *label, coerce: None, may_break: false, is_loop: true });
                self.check_has_type_coerced(*cond, Ty::bool());
                let after_cond = self.diverges;
                self.check_loop_body(*body);
                let broken = self.breakables.pop().is_some_and(|breakable| breakable.may_break);
                self.diverges = if broken { Diverges::Maybe } else { after_cond };
                Ty::unit()
            }
            Expr::For { label, pat, iter, body } => self.check_for(expr, *label, *pat, *iter, *body),
            Expr::Break { label, value } => self.check_break(expr, *label, *value),
            Expr::Continue { .. } => {
                self.diverges = Diverges::Always;
                Ty::never()
            }
            Expr::Return(value) => self.check_return(expr, *value),
            Expr::Try(operand) => self.check_try(expr, *operand),
            Expr::Closure(closure) => self.check_closure(expr, closure, expected),
            Expr::Cast { expr: operand, ty } => self.check_cast(expr, *operand, *ty),
            Expr::FormatArgs(format) => self.check_format(expr, format),
            Expr::ConstBlock(def) => {
                let args = self.identity_args();
                self.tables.inline_consts.insert(expr, (*def, args));
                self.check_inline_const(*def, expected)
            }
            // Reported by lowering.
            Expr::Underscore => {
                self.has_errors = true;
                self.infcx.tainted.set(true);
                Ty::error()
            }
        }
    }

    /// As `check_has_type`, for conditions: what is wrong is reported at the expression.
    pub fn check_has_type_coerced(&mut self, expr: ExprId, expected: Ty) {
        self.check_has_type(expr, expected);
    }

    fn check_loop_body(&mut self, body: ExprId) {
        self.check_has_type(body, Ty::unit());
    }

    // ----- literals -----

    fn check_literal(&mut self, literal: &Literal, expected: Expectation) -> Ty {
        let hint = expected.to_option(self);
        self.literal_ty(literal, hint)
    }

    pub fn literal_ty(&mut self, literal: &Literal, hint: Option<Ty>) -> Ty {
        match literal {
            Literal::Int { suffix, .. } => match suffix {
                Some(suffix) => Ty::from_suffix(suffix.as_str()).unwrap_or_else(Ty::error),
                None => {
                    let hint = hint.map(|ty| self.shallow(ty));
                    match hint.map(|ty| (ty, ty.kind())) {
                        Some((ty, TyKind::Int(_) | TyKind::Uint(_))) => ty,
                        Some((_, TyKind::Char)) => Ty::u8(),
                        _ => self.int_var(),
                    }
                }
            },
            Literal::Float { suffix, .. } => match suffix {
                Some(suffix) => Ty::from_suffix(suffix.as_str()).unwrap_or_else(Ty::error),
                None => {
                    let hint = hint.map(|ty| self.shallow(ty));
                    match hint.map(|ty| (ty, ty.kind())) {
                        Some((ty, TyKind::Float(_))) => ty,
                        _ => self.float_var(),
                    }
                }
            },
            Literal::Bool(_) => Ty::bool(),
            Literal::Char(_) => Ty::char(),
            Literal::Byte(_) => Ty::u8(),
            Literal::Str(_) => Ty::imm_ref(Ty::str()),
            Literal::ByteStr(bytes) => Ty::imm_ref(Ty::array(Ty::u8(), bytes.len() as u64)),
        }
    }

    // ----- references -----

    fn check_ref(&mut self, operand: ExprId, mutability: Mutability, expected: Expectation) -> Ty {
        let hint = match expected.only_has_type(self) {
            Some(ty) => match ty.kind() {
                TyKind::Ref(_, inner, _) => {
                    if self.is_place_expr(operand) {
                        // The place already has its type: the reference coerces afterwards.
                        match self.shallow(*inner).kind() {
                            TyKind::Slice(_) | TyKind::Str | TyKind::Dynamic(..) => Expectation::RvalueLike(*inner),
                            _ => Expectation::HasType(*inner),
                        }
                    } else {
                        Expectation::rvalue_hint(self, *inner)
                    }
                }
                _ => Expectation::None,
            },
            None => Expectation::None,
        };
        let hint = if self.is_place_expr(operand) { Expectation::None } else { hint };
        let ty = self.check_expr_with(operand, hint);
        if mutability == Mutability::Mut {
            self.convert_place_to_mutable(operand);
        }
        match mutability {
            _ if self.mentions_error(ty) => Ty::error(),
            Mutability::Not => Ty::imm_ref(ty),
            Mutability::Mut => Ty::mut_ref(ty),
        }
    }

    /// A syntactic place.
    pub fn is_place_expr(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr] {
            Expr::Local(_) | Expr::Field { .. } | Expr::Index { .. } | Expr::Unary { op: UnaryOp::Deref, .. } => true,
            Expr::Path(path) => {
                matches!(path.res, rgo_hir::resolve::Res::Def(def) if def.kind() == DefKind::Static)
                    && path.unresolved == 0
            }
            Expr::Underscore | Expr::Missing => true,
            _ => false,
        }
    }

    /// The left of an assignment must be a place; its operator is blamed.
    pub fn require_place(&mut self, expr: ExprId, span: Span, code: &'static str, message: &str) -> bool {
        if self.is_place_expr(expr) {
            return true;
        }
        let error = self.error(span, code, message).label("cannot assign to this expression");
        self.emit(error);
        false
    }

    fn check_assign(&mut self, expr: ExprId, place: ExprId, value: ExprId) -> Ty {
        if matches!(self.body.exprs[place], Expr::Underscore) {
            self.tables.expr_ty.insert(place, Ty::unit());
            self.check_expr(value);
            return self.unit_unless_diverging();
        }
        let place_ty = self.check_expr(place);
        // Evaluating a place that diverges does not end the check of the value.
        let eq_span = self.name_span(expr);
        let is_place = self.require_place(place, eq_span, "E0070", "invalid left-hand side of assignment");
        let place_ty = self.resolve(place_ty);
        if is_place {
            self.convert_place_to_mutable(place);
            self.check_coercible(value, place_ty);
        } else {
            // Whether the value fits does not matter then.
            self.check_expr_with_hint(value, place_ty);
        }
        self.require_sized(place_ty, self.expr_span(place));
        Ty::unit()
    }

    /// A destructuring assignment is a block that ends in a statement.
    fn unit_unless_diverging(&self) -> Ty {
        if self.diverges == Diverges::Always { Ty::never() } else { Ty::unit() }
    }

    // ----- aggregates -----

    fn check_tuple(&mut self, items: &[ExprId], expected: Expectation) -> Ty {
        let hints = match expected.only_has_type(self).map(|ty| ty.kind()) {
            Some(TyKind::Tuple(hints)) => Some(*hints),
            _ => None,
        };
        let types: Vec<Ty> = items
            .iter()
            .enumerate()
            .map(|(index, &item)| match hints.and_then(|hints| hints.get(index).copied()) {
                Some(hint) => {
                    self.check_coercible(item, hint);
                    hint
                }
                None => self.check_expr(item),
            })
            .collect();
        for (&ty, &item) in types.iter().zip(items) {
            self.require_sized(ty, self.expr_span(item));
        }
        if types.iter().any(|ty| self.mentions_error(*ty)) {
            return Ty::error();
        }
        Ty::tuple(&types)
    }

    fn check_array(&mut self, items: &[ExprId], expected: Expectation) -> Ty {
        let hint = expected.to_option(self).and_then(|ty| ty.sequence_element());
        let elem = self.check_elements(items, hint);
        self.require_sized(elem, items.first().map_or(Span::at(0), |item| self.expr_span(*item)));
        Ty::array(elem, items.len() as u64)
    }

    fn check_elements(&mut self, items: &[ExprId], hint: Option<Ty>) -> Ty {
        // An unknown type is no hint: it would be that of the first element, and functions differ.
        let target = match hint.map(|ty| self.shallow(ty)).filter(|ty| !ty.is_ty_var()) {
            Some(ty) => ty,
            None => self.ty_var(),
        };
        let mut coerce = CoerceMany::new(target);
        for &item in items {
            let hint = self.resolve(target);
            let ty = self.check_expr_with_hint(item, hint);
            let span = self.mismatch_span(item);
            coerce.coerce(self, item, ty, span);
        }
        if items.is_empty() { target } else { coerce.complete() }
    }

    fn check_repeat(&mut self, expr: ExprId, value: ExprId, len: DefId, expected: Expectation) -> Ty {
        let hint = expected.to_option(self).and_then(|ty| ty.sequence_element());
        let elem = match hint {
            Some(hint) => {
                self.check_coercible(value, hint);
                hint
            }
            None => self.check_expr(value),
        };
        let len = self.eval_anon_const(len, self.expr_span(expr));
        self.tables.repeats.insert(expr, len);
        let repeats = !matches!(len.as_usize(), Some(0 | 1));
        if repeats && !self.is_const_operand(value) {
            if let Some(copy) = self.lang("copy") {
                let span = self.expr_span(value);
                self.register_trait(span, TraitRef::with_self(copy, elem, &[]));
            }
        }
        Ty::array_of(elem, len)
    }

    /// A path to a constant, or an inline `const`: evaluated anew for each element.
    fn is_const_operand(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr] {
            Expr::ConstBlock(_) => true,
            Expr::Path(_) => matches!(self.tables.values.get(&expr), Some(super::tables::Value::Const(..))),
            _ => false,
        }
    }

    fn vec_of(&mut self, elem: Ty) -> Ty {
        let Some(vec) = self.lang("vec") else { return Ty::error() };
        let extra = self.generics_count(vec).saturating_sub(1);
        let mut args = vec![crate::ty::GenericArg::Ty(elem)];
        for _ in 0..extra {
            args.push(crate::ty::GenericArg::Ty(self.ty_var()));
        }
        self.require_sized(elem, Span::at(0));
        Ty::adt(vec, args.into_iter().collect())
    }

    fn vec_element(&mut self, expected: Expectation) -> Option<Ty> {
        let ty = expected.to_option(self)?;
        match ty.kind() {
            TyKind::Adt(def, args) if self.is_lang(*def, "vec") => Some(args.ty(0)),
            _ => None,
        }
    }

    fn check_range(
        &mut self,
        start: Option<ExprId>,
        end: Option<ExprId>,
        inclusive: RangeEnd,
        expected: Expectation,
    ) -> Ty {
        let name = match (start, end, inclusive) {
            (None, None, _) => "range_full",
            (Some(_), None, _) => "range_from",
            (None, Some(_), RangeEnd::Excluded) => "range_to",
            (None, Some(_), RangeEnd::Included) => "range_to_inclusive",
            (Some(_), Some(_), RangeEnd::Excluded) => "range",
            (Some(_), Some(_), RangeEnd::Included) => "range_inclusive",
        };
        let Some(def) = self.lang(name) else {
            self.has_errors = true;
            return Ty::error();
        };
        if start.is_none() && end.is_none() {
            return Ty::adt(def, Args::empty());
        }
        let hint = match expected.only_has_type(self).map(|ty| ty.kind()) {
            Some(TyKind::Adt(own, args)) if *own == def => Some(args.ty(0)),
            _ => None,
        };
        let elem = match hint {
            Some(ty) => ty,
            None => self.ty_var(),
        };
        for bound in [start, end].into_iter().flatten() {
            self.check_coercible(bound, elem);
        }
        self.require_sized(elem, Span::at(0));
        Ty::adt(def, Args::of_types(&[elem]))
    }

    fn check_struct(
        &mut self,
        expr: ExprId,
        path: &rgo_hir::body::Path,
        fields: &[(Name, ExprId)],
        base: Option<ExprId>,
        expected: Expectation,
    ) -> Ty {
        let span = self.expr_span(expr);
        let path_span = path.ast.span;
        let Some((variant, user_args)) = self.resolve_variant_path(path, path_span) else {
            for (_, value) in fields {
                self.check_expr(*value);
            }
            if let Some(base) = base {
                self.check_expr(base);
            }
            return Ty::error();
        };
        self.tables.variants.insert(expr, variant);
        if user_args.is_some() {
            self.tables.user_args.insert(expr, (WrittenPath { args: user_args, self_ty: None }, path_span));
        }
        self.register_predicates_of(path_span, variant.adt, variant.args);
        let adt_ty = Ty::adt(variant.adt, variant.args);
        // What is expected says what the parameters are, if it fits; else a mismatch is reported by the caller.
        if let Some(wanted) = expected.only_has_type(self)
            && let Some(known) = self.fudge(|fcx| {
                fcx.unify(span, adt_ty, wanted).ok()?;
                Some(vec![fcx.resolve(adt_ty)])
            })
        {
            let _ = self.eq(span, adt_ty, known[0]);
        }
        let types = self.field_types(variant, span);
        self.taint_by_errors(types.iter().copied());
        let def = self.variant_def(variant);
        let mut seen: FxHashMap<Name, Span> = FxHashMap::default();
        let mut unknown = false;
        for (position, (name, value)) in fields.iter().enumerate() {
            let name_span = self.field_name_span(expr, position, *value);
            match def.fields.iter().position(|field| field.name == *name) {
                Some(index) => {
                    if let Some(first) = seen.insert(*name, name_span) {
                        let error = self
                            .error(name_span, "E0062", format!("field `{name}` specified more than once"))
                            .label("used more than once")
                            .secondary(self.owner, first, format!("first use of `{name}`"));
                        self.emit(error);
                    }
                    if !rgo_hir::visible_from(self.db, def.fields[index].def, self.scope) {
                        self.report_private_field(name_span, variant, *name);
                    }
                    self.check_coercible(*value, types[index]);
                    self.require_sized(types[index], name_span);
                }
                None => {
                    unknown = true;
                    self.check_expr(*value);
                    self.report_unknown_field(name_span, variant, *name);
                }
            }
        }
        if let Some(base) = base {
            if def.def.kind() == DefKind::Variant {
                let base_span = self.expr_span(base);
                let error = self.error(base_span, "E0436", "functional record update syntax requires a struct");
                self.emit(error);
                self.check_expr(base);
            } else {
                self.check_has_type(base, adt_ty);
                for field in &def.fields {
                    if !seen.contains_key(&field.name) && !rgo_hir::visible_from(self.db, field.def, self.scope) {
                        let base_span = self.expr_span(base);
                        self.report_private_field(base_span, variant, field.name);
                    }
                }
            }
        } else if !unknown {
            let missing: Vec<Name> =
                def.fields.iter().map(|field| field.name).filter(|name| !seen.contains_key(name)).collect();
            if !missing.is_empty() {
                let private = def.fields.iter().any(|field| {
                    missing.contains(&field.name) && !rgo_hir::visible_from(self.db, field.def, self.scope)
                });
                let name = rgo_hir::diagnostic_path(self.db, variant.def);
                let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let error = if private {
                    self.error_without_code(
                        path_span,
                        format!("cannot construct `{name}` with struct literal syntax due to private fields"),
                    )
                } else {
                    self.error(
                        path_span,
                        "E0063",
                        format!("missing field{} {list} in initializer of `{name}`", plural(missing.len())),
                    )
                    .label(format!("missing {list}"))
                };
                self.emit(error);
            }
        }
        adt_ty
    }

    fn report_unknown_field(&mut self, span: Span, variant: super::tables::VariantRef, name: Name) {
        let path = rgo_hir::diagnostic_path(self.db, variant.def);
        let names: Vec<String> =
            self.variant_def(variant).fields.iter().map(|field| format!("`{}`", field.name)).collect();
        let (code, what) =
            if variant.def.kind() == DefKind::Variant { ("E0559", "variant") } else { ("E0560", "struct") };
        let mut error = self
            .error(span, code, format!("{what} `{path}` has no field named `{name}`"))
            .label(format!("`{path}` does not have this field"));
        if !names.is_empty() {
            error = error.note(format!("available fields are: {}", names.join(", ")));
        }
        self.emit(error);
    }

    pub fn const_ty(&mut self, value: Const) -> Ty {
        match value.kind() {
            crate::ty::ConstKind::Param { index, .. } => self.const_param_ty(*index),
            _ => Ty::usize(),
        }
    }
}
