//! Blocks, statements and control flow: divergence (rustc dev guide, "Type checking": an expression of type `!` never returns) and merged types.

use rgo_hir::body::{Arm, Block, Expr, ExprId, LabelId, Mutability, Pat, PatId, Semi, Stmt};
use rgo_syntax::Span;

use super::coercion::CoerceMany;
use super::expectation::Expectation;
use super::tables::{Adjust, Adjustment, ForEntry, TryEntry, TwoPhase};
use super::{Breakable, Diverges, FnCtxt};
use crate::ty::{Args, TraitRef, Ty, TyKind};

impl FnCtxt<'_> {
    pub fn check_block(&mut self, expr: ExprId, block: &Block, expected: Expectation) -> Ty {
        let before_scope = self.scope;
        if let Some(scope) = block.scope {
            self.scope = scope;
        }
        let target = expected.coercion_target(self);
        if let Some(label) = block.label {
            self.breakables.push(Breakable {
                label,
                coerce: Some(CoerceMany::new(target)),
                may_break: false,
                is_loop: false,
            });
        }
        let before = self.diverges;
        for stmt in &block.stmts {
            self.check_stmt(stmt);
        }
        let tail_ty = block.tail.map(|tail| (tail, self.check_expr_with(tail, expected)));
        let breakable = block.label.and_then(|_| self.breakables.pop());
        let may_break = breakable.as_ref().is_some_and(|breakable| breakable.may_break);
        let mut coerce = match breakable {
            Some(Breakable { coerce: Some(coerce), .. }) => coerce,
            _ => CoerceMany::new(target),
        };
        match tail_ty {
            Some((tail, ty)) => {
                let span = self.tail_span(tail);
                coerce.coerce(self, tail, ty, span);
            }
            None => {
                if self.diverges != Diverges::Always {
                    let span = self.expr_span(expr);
                    let is_fn_body = self.is_body_value(expr);
                    let stmts = &block.stmts;
                    coerce.coerce_unit(self, |fcx, wanted| fcx.report_missing_tail(span, is_fn_body, stmts, wanted));
                }
            }
        }
        if may_break {
            self.diverges = before;
        }
        self.scope = before_scope;
        coerce.complete()
    }

    fn report_missing_tail(&mut self, span: Span, is_fn_body: bool, stmts: &[Stmt], wanted: Ty) {
        let wanted = self.resolve(wanted);
        if wanted.is_error() {
            self.has_errors = true;
            return;
        }
        let at = if is_fn_body { self.return_type_span().unwrap_or(span) } else { span };
        let mut error = self.mismatch_error(at, wanted, Ty::unit());
        if let Some(Stmt::Expr { expr, semi: Semi::Yes }) = stmts.last()
            && let Some(&ty) = self.tables.expr_ty.get(*expr)
            && self.can_coerce(ty, wanted)
        {
            error = error.help("remove this semicolon to return this value");
        }
        self.emit(error);
    }

    fn check_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Item(_) => {}
            Stmt::Expr { expr, semi: Semi::No } => {
                let before = self.diverges;
                self.diverges = Diverges::Maybe;
                let ty = self.check_expr_with_hint(*expr, Ty::unit());
                let ty = self.shallow(ty);
                if ty.is_never() {
                    self.apply_adjustments(*expr, vec![Adjustment { kind: Adjust::NeverToAny, target: Ty::unit() }]);
                } else if self.eq(Span::at(0), Ty::unit(), ty).is_err() {
                    let span = self.mismatch_span(*expr);
                    self.report_mismatch(span, Ty::unit(), ty);
                }
                self.diverges = self.diverges.or(before);
            }
            Stmt::Expr { expr, semi: Semi::Yes } => {
                self.check_expr(*expr);
            }
            Stmt::Let { pat, ty, init, otherwise } => {
                let declared = match ty {
                    Some(ty) => {
                        let lowered = self.lower_body_ty(*ty);
                        let span = self.type_span(*ty);
                        if !matches!(self.body.pats[*pat], Pat::Wild) {
                            self.require_sized(lowered, span);
                        }
                        lowered
                    }
                    None => self.ty_var(),
                };
                let scrutinee_ty = match init {
                    Some(init) => {
                        if ty.is_none() && matches!(self.body.pats[*pat], Pat::Bind { sub: None, .. }) {
                            let init_ty = self.check_let_init(*pat, *init, declared);
                            if init_ty.is_error() { init_ty } else { declared }
                        } else {
                            let (pat, init) = (*pat, *init);
                            let init_ty = match ty.map(|ty| self.type_span(ty)) {
                                Some(span) => self.expecting(declared, span, "expected because of this type", |fcx| {
                                    fcx.check_let_init(pat, init, declared)
                                }),
                                None => self.check_let_init(pat, init, declared),
                            };
                            if init_ty.is_error() && ty.is_none() { init_ty } else { declared }
                        }
                    }
                    None => declared,
                };
                let before = self.diverges;
                match otherwise {
                    Some(_) => self.check_pat_top(*pat, scrutinee_ty),
                    None => self.check_irrefutable_pat(*pat, scrutinee_ty),
                }
                // What the parts of a pattern bind is checked with them.
                let is_by_ref = self.tables.binding_modes.get(pat).is_some_and(Option::is_some);
                if ty.is_none() && !is_by_ref && matches!(self.body.pats[*pat], Pat::Bind { .. }) {
                    let span = self.pat_span(*pat);
                    self.require_sized(scrutinee_ty, span);
                }
                if let Some(otherwise) = otherwise {
                    self.diverges = Diverges::Maybe;
                    let else_ty = self.check_expr_with_hint(*otherwise, Ty::never());
                    let else_ty = self.shallow(else_ty);
                    if !else_ty.is_never() && !else_ty.is_error() {
                        let span = self.expr_span(*otherwise);
                        self.report_mismatch_with(
                            span,
                            Ty::never(),
                            else_ty,
                            "`else` clause of `let...else` does not diverge",
                        );
                    }
                    self.diverges = before;
                }
            }
        }
    }

    fn check_let_init(&mut self, pat: PatId, init: ExprId, declared: Ty) -> Ty {
        match self.ref_bindings(pat) {
            // `let ref x = place`: the place itself is borrowed, so it is not coerced.
            Some(mutability) => {
                let ty = self.check_expr_with_hint(init, declared);
                if mutability == Mutability::Mut {
                    self.convert_place_to_mutable(init);
                }
                if self.shallow(ty).is_never() {
                    return self.demand_coerce(init, ty, declared, TwoPhase::No);
                }
                if self.eq(Span::at(0), declared, ty).is_err() {
                    let span = self.mismatch_span(init);
                    self.report_mismatch(span, declared, ty);
                    return Ty::error();
                }
                ty
            }
            None => self.check_coercible(init, declared),
        }
    }

    /// Whether the pattern has `ref` or `ref mut` bindings (written, or implied later by default binding modes: these need no care here).
    fn ref_bindings(&self, pat: PatId) -> Option<Mutability> {
        let mut found = None;
        self.walk_pat(pat, &mut |fcx, pat| {
            if let Pat::Bind { local, .. } = &fcx.body.pats[pat]
                && let Some(mutability) = fcx.body.locals[*local].mode.by_ref
            {
                found = match (found, mutability) {
                    (Some(Mutability::Mut), _) | (_, Mutability::Mut) => Some(Mutability::Mut),
                    _ => Some(Mutability::Not),
                };
            }
        });
        found
    }

    pub fn walk_pat(&self, pat: PatId, visit: &mut dyn FnMut(&Self, PatId)) {
        visit(self, pat);
        match &self.body.pats[pat] {
            Pat::Bind { sub: Some(sub), .. } => self.walk_pat(*sub, visit),
            Pat::Ref { pat, .. } => self.walk_pat(*pat, visit),
            Pat::Tuple(pats) | Pat::TupleStruct { pats, .. } | Pat::Slice(pats) | Pat::Or(pats) => {
                for &pat in pats {
                    self.walk_pat(pat, visit);
                }
            }
            Pat::Struct { fields, .. } => {
                for (_, pat) in fields {
                    self.walk_pat(*pat, visit);
                }
            }
            Pat::Missing
            | Pat::Wild
            | Pat::Rest
            | Pat::Bind { sub: None, .. }
            | Pat::Literal { .. }
            | Pat::Range { .. }
            | Pat::Path(_)
            | Pat::ConstBlock(_) => {}
        }
    }

    /// The matched expression of `match`, `if let`: a place that is bound by `ref mut` must be mutable.
    pub fn check_scrutinee(&mut self, scrutinee: ExprId, pats: &[PatId]) -> Ty {
        let ty = self.check_expr(scrutinee);
        if pats.iter().any(|&pat| self.ref_bindings(pat) == Some(Mutability::Mut)) {
            self.convert_place_to_mutable(scrutinee);
        }
        if pats.is_empty() {
            return ty;
        }
        if ty.is_never()
            && !pats.iter().all(|&pat| matches!(self.body.pats[pat], Pat::Bind { sub: None, .. } | Pat::Wild))
        {
            // What never comes is of whatever type the patterns are for.
            let any = self.ty_var();
            return self.demand_coerce(scrutinee, ty, any, TwoPhase::No);
        }
        self.resolve(ty)
    }

    pub fn check_if(
        &mut self,
        expr: ExprId,
        cond: ExprId,
        then: ExprId,
        otherwise: Option<ExprId>,
        expected: Expectation,
    ) -> Ty {
        self.check_has_type(cond, Ty::bool());
        let after_cond = std::mem::replace(&mut self.diverges, Diverges::Maybe);
        let hint = expected.for_branches(self);
        let target = hint.coercion_target(self);
        let then_ty = self.check_expr_with(then, hint);
        let then_diverges = self.diverges;
        let mut coerce = CoerceMany::new(target);
        let then_span = self.mismatch_span(then);
        match otherwise {
            Some(otherwise) => {
                coerce.coerce(self, then, then_ty, then_span);
                self.diverges = Diverges::Maybe;
                let else_ty = self.check_expr_with(otherwise, hint);
                let else_span = self.branch_span(otherwise);
                coerce.coerce(self, otherwise, else_ty, else_span);
                self.diverges = after_cond.or(then_diverges.and(self.diverges));
                coerce.complete()
            }
            None => {
                let then_ty = self.resolve(then_ty);
                if self.mentions_error(then_ty) {
                    self.diverges = after_cond;
                    return Ty::error();
                }
                if then_ty.is_never() {
                    self.apply_adjustments(then, vec![Adjustment { kind: Adjust::NeverToAny, target: Ty::unit() }]);
                } else if self.eq(Span::at(0), Ty::unit(), then_ty).is_err() {
                    let hint_is_unit = expected.only_has_type(self).is_some_and(|ty| ty.is_unit());
                    if hint_is_unit {
                        self.report_mismatch(then_span, Ty::unit(), then_ty);
                    } else {
                        let span = self.expr_span(expr);
                        let name = self.display(then_ty);
                        let error = self
                            .error(span, "E0317", "`if` may be missing an `else` clause")
                            .label(format!("expected `{name}`, found `()`"))
                            .note("`if` expressions without `else` evaluate to `()`")
                            .help("consider adding an `else` block that evaluates to the expected type");
                        self.emit(error);
                    }
                    self.diverges = after_cond;
                    return Ty::error();
                } else if let Some(wanted) = expected.only_has_type(self)
                    && !wanted.is_unit()
                    && !wanted.is_error()
                    && !self.can_coerce(Ty::unit(), wanted)
                {
                    let span = self.expr_span(expr);
                    let name = self.display(wanted);
                    let error = self
                        .error(span, "E0317", "`if` may be missing an `else` clause")
                        .label(format!("expected `{name}`, found `()`"))
                        .note("`if` expressions without `else` evaluate to `()`");
                    self.emit(error);
                    self.diverges = after_cond;
                    return Ty::error();
                }
                self.diverges = after_cond;
                Ty::unit()
            }
        }
    }

    pub fn check_match(&mut self, scrutinee: ExprId, arms: &[Arm], expected: Expectation) -> Ty {
        let pats: Vec<PatId> = arms.iter().map(|arm| arm.pat).collect();
        let scrutinee_ty = self.check_scrutinee(scrutinee, &pats);
        let after_scrutinee = std::mem::replace(&mut self.diverges, Diverges::Maybe);
        for arm in arms {
            self.check_pat_top(arm.pat, scrutinee_ty);
        }
        let hint = expected.for_branches(self);
        let target = match hint.only_has_type(self) {
            Some(ty) if !ty.is_unit() => ty,
            _ => self.ty_var(),
        };
        let mut coerce = CoerceMany::new(target);
        let mut all_diverge = Diverges::Always;
        for arm in arms {
            self.diverges = Diverges::Maybe;
            if let Some(guard) = arm.guard {
                self.check_has_type(guard, Ty::bool());
            }
            let after_guard = self.diverges;
            self.diverges = Diverges::Maybe;
            let ty = self.check_expr_with(arm.body, hint);
            all_diverge = all_diverge.and(self.diverges.or(after_guard));
            let span = self.branch_span(arm.body);
            coerce.coerce(self, arm.body, ty, span);
        }
        if arms.is_empty() {
            all_diverge = Diverges::Always;
        }
        self.diverges = after_scrutinee.or(all_diverge);
        coerce.complete()
    }

    pub fn check_for(&mut self, expr: ExprId, label: LabelId, pat: PatId, iter: ExprId, body: ExprId) -> Ty {
        let iter_ty = self.check_expr(iter);
        let item = self.for_item(expr, iter, iter_ty);
        self.check_pat_top(pat, item);
        let before = self.diverges;
        self.breakables.push(Breakable { label, coerce: None, may_break: false, is_loop: true });
        self.diverges = Diverges::Maybe;
        self.check_has_type(body, Ty::unit());
        self.breakables.pop();
        self.diverges = before;
        Ty::unit()
    }

    fn for_item(&mut self, expr: ExprId, iter: ExprId, iter_ty: Ty) -> Ty {
        let span = self.expr_span(iter);
        let iter_ty = self.resolve(iter_ty);
        if iter_ty.is_error() {
            return Ty::error();
        }
        let (Some(into_iterator), Some(iterator)) = (self.lang("into_iterator"), self.lang("iterator")) else {
            self.has_errors = true;
            return Ty::error();
        };
        let db = self.db;
        let name = rgo_syntax::Name::new;
        let (Some(into_iter), Some(next), Some(item)) = (
            rgo_hir::child(db, into_iterator, name("into_iter")),
            rgo_hir::child(db, iterator, name("next")),
            rgo_hir::child(db, iterator, name("Item")),
        ) else {
            self.has_errors = true;
            return Ty::error();
        };
        let args = Args::of_types(&[iter_ty]);
        if !iter_ty.is_ty_var() && !self.trait_may_hold(into_iterator, args) {
            self.register_trait(span, TraitRef::new(into_iterator, args));
            return Ty::error();
        }
        let into_iter = self.instantiate_trait_method(span, into_iter, args);
        let iterator_args = Args::of_types(&[into_iter.output]);
        self.register_trait(span, TraitRef::new(iterator, iterator_args));
        let item = self.normalize(span, Ty::projection(item, iterator_args));
        self.tables.loops.insert(expr, ForEntry { into_iter, next: (next, iterator_args), item });
        item
    }

    pub fn check_break(&mut self, expr: ExprId, label: Option<LabelId>, value: Option<ExprId>) -> Ty {
        let span = self.expr_span(expr);
        let position = match label {
            Some(label) => self.breakables.iter().rposition(|breakable| breakable.label == label),
            None => self.breakables.iter().rposition(|breakable| breakable.is_loop),
        };
        let Some(position) = position else {
            // Outside of a loop: reported by lowering.
            if let Some(value) = value {
                self.check_expr(value);
            }
            self.has_errors = true;
            self.diverges = Diverges::Always;
            return Ty::never();
        };
        let target = self.breakables[position].coerce.as_ref().map(CoerceMany::expected);
        match (value, target) {
            (Some(value), Some(target)) => {
                let ty = self.check_expr_with_hint(value, target);
                let value_span = self.mismatch_span(value);
                if let Some(mut coerce) = self.breakables[position].coerce.take() {
                    coerce.coerce(self, value, ty, value_span);
                    self.breakables[position].coerce = Some(coerce);
                }
            }
            (Some(value), None) => {
                self.check_expr(value);
                let error = self
                    .error(span, "E0571", "`break` with value from a `while` or `for` loop")
                    .label("can only break with a value inside `loop` or breakable block");
                self.emit(error);
            }
            (None, Some(_)) => {
                if let Some(mut coerce) = self.breakables[position].coerce.take() {
                    coerce.coerce_unit(self, |fcx, wanted| fcx.report_mismatch(span, wanted, Ty::unit()));
                    self.breakables[position].coerce = Some(coerce);
                }
            }
            (None, None) => {}
        }
        // `break return` never gets as far as the end of the loop.
        self.breakables[position].may_break |= self.diverges != Diverges::Always;
        self.diverges = Diverges::Always;
        Ty::never()
    }

    pub fn check_return(&mut self, expr: ExprId, value: Option<ExprId>) -> Ty {
        let span = self.expr_span(expr);
        let Some(target) = self.ret_coercion.as_ref().map(CoerceMany::expected) else {
            let error = self.error(span, "E0572", "return statement outside of function body");
            self.emit(error);
            if let Some(value) = value {
                self.check_expr(value);
            }
            self.diverges = Diverges::Always;
            return Ty::never();
        };
        match value {
            Some(value) => {
                let ty = self.check_expr_with_hint(value, target);
                let value_span = self.mismatch_span(value);
                if let Some(mut coerce) = self.ret_coercion.take() {
                    coerce.coerce(self, value, ty, value_span);
                    self.ret_coercion = Some(coerce);
                }
            }
            None => {
                if let Some(mut coerce) = self.ret_coercion.take() {
                    coerce.coerce_unit(self, |fcx, wanted| {
                        let wanted = fcx.display(wanted);
                        let error = fcx
                            .error(span, "E0069", "`return;` in a function whose return type is not `()`")
                            .label(format!("return type is not `()`: expected `{wanted}`"));
                        fcx.emit(error);
                    });
                    self.ret_coercion = Some(coerce);
                }
            }
        }
        self.diverges = Diverges::Always;
        Ty::never()
    }

    /// `operand?`
    pub fn check_try(&mut self, expr: ExprId, operand: ExprId) -> Ty {
        let span = self.expr_span(expr);
        let mark = Span::new(span.end.saturating_sub(1).max(span.start), span.end);
        let operand_ty = self.check_expr(operand);
        let operand_span = self.expr_span(operand);
        let operand_ty = self.structurally_resolve(operand_span, operand_ty);
        if operand_ty.is_error() {
            return Ty::error();
        }
        let (Some(try_), Some(from_residual)) = (self.lang("try"), self.lang("from_residual")) else {
            self.has_errors = true;
            return Ty::error();
        };
        let name = rgo_syntax::Name::new;
        let (Some(output), Some(residual)) =
            (rgo_hir::child(self.db, try_, name("Output")), rgo_hir::child(self.db, try_, name("Residual")))
        else {
            self.has_errors = true;
            return Ty::error();
        };
        let args = Args::of_types(&[operand_ty]);
        if !self.trait_may_hold(try_, args) {
            let shown = self.display(operand_ty);
            let error = self
                .error(
                    mark,
                    "E0277",
                    format!("the `?` operator can only be applied to values that implement `Try`; `{shown}` does not"),
                )
                .label(format!("the `?` operator cannot be applied to type `{shown}`"));
            self.emit(error);
            return Ty::error();
        }
        let Some(ret) = self.ret_coercion.as_ref().map(CoerceMany::expected) else {
            let error = self
                .error(
                    mark,
                    "E0277",
                    "the `?` operator can only be used in a function that returns `Result` or `Option`",
                )
                .label("cannot use the `?` operator here");
            self.emit(error);
            return self.normalize(span, Ty::projection(output, args));
        };
        let residual = self.normalize(span, Ty::projection(residual, args));
        let ret = self.resolve(ret);
        let from_args = Args::of_types(&[ret, residual]);
        self.tables.tries.insert(expr, TryEntry { operand: operand_ty, ret });
        let implements_try = ret.is_ty_var() || ret.is_error() || self.trait_may_hold(try_, Args::of_types(&[ret]));
        if implements_try {
            self.register_trait(mark, TraitRef::new(from_residual, from_args));
        } else {
            let what = if self.in_closure() { "a closure" } else { "a function" };
            let shown = self.display(ret);
            let error = self
                .error(mark, "E0277", format!("the `?` operator can only be used in {what} that returns `Result` or `Option` (or another type that implements `FromResidual`)"))
                .label(format!("cannot use the `?` operator in {what} that returns `{shown}`"));
            self.emit(error);
        }
        let output = self.normalize(span, Ty::projection(output, args));
        // One way through `?` diverges: what nothing else determines becomes `!`.
        let resolved = self.try_structurally_resolve(output);
        if resolved.is_ty_var() {
            self.diverging_vars.push(resolved);
        }
        output
    }

    /// The span that a mismatch of this expression is reported at: the tail of a block.
    pub fn mismatch_span(&self, expr: ExprId) -> Span {
        match &self.body.exprs[expr] {
            Expr::Block(block) => match block.tail {
                Some(tail) => self.mismatch_span(tail),
                None => self.expr_span(expr),
            },
            _ => self.expr_span(expr),
        }
    }

    /// The span that a mismatch of an arm or `else` is reported at: of a block without value, its last statement, whose `;` may be wrong.
    fn branch_span(&self, branch: ExprId) -> Span {
        match &self.body.exprs[branch] {
            Expr::Block(Block { tail: None, stmts, .. }) => match stmts.last() {
                Some(Stmt::Expr { expr, .. }) => self.expr_span(*expr),
                Some(Stmt::Let { pat, .. }) => self.pat_span(*pat),
                Some(Stmt::Item(_)) | None => self.expr_span(branch),
            },
            _ => self.mismatch_span(branch),
        }
    }

    /// The span that a mismatch of a block's tail is reported at: the `else` of an `if`, the only arm of a `match` that comes back.
    fn tail_span(&self, tail: ExprId) -> Span {
        let comes_back = |expr: &ExprId| self.tables.expr_ty.get(*expr).is_some_and(|ty| !ty.is_never());
        let of_branch = |expr: ExprId| match &self.body.exprs[expr] {
            Expr::Block(Block { tail: Some(tail), .. }) => self.expr_span(*tail),
            _ => self.expr_span(expr),
        };
        match &self.body.exprs[tail] {
            Expr::If { otherwise: Some(otherwise), .. } if comes_back(otherwise) => of_branch(*otherwise),
            Expr::Match { arms, .. } => {
                let mut bodies = arms.iter().map(|arm| arm.body).filter(comes_back);
                match (bodies.next(), bodies.next()) {
                    (Some(only), None) => of_branch(only),
                    _ => self.mismatch_span(tail),
                }
            }
            _ => self.mismatch_span(tail),
        }
    }

    /// The type of an expression after its adjustments.
    pub fn adjusted_ty(&mut self, expr: ExprId) -> Ty {
        let ty = match self.tables.adjustments.get(&expr).and_then(|adjustments| adjustments.last()) {
            Some(adjustment) => adjustment.target,
            None => self.tables.expr_ty.get(expr).copied().unwrap_or_else(Ty::error),
        };
        self.shallow(ty)
    }

    pub fn is_error_or_never(&mut self, ty: Ty) -> bool {
        matches!(self.shallow(ty).kind(), TyKind::Error | TyKind::Never)
    }
}
