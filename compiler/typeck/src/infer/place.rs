//! Place expressions: `*x`, `x.f`, `x[i]`, and their conversion to mutable use (`deref` becomes `deref_mut`, `index` `index_mut`) once it is known.

use rgo_hir::body::{Expr, ExprId, Mutability, UnaryOp};
use rgo_syntax::{Name, Span};

use super::FnCtxt;
use super::expectation::Expectation;
use super::tables::{Adjust, Adjustment, AutoBorrow, PointerCoercion, TwoPhase};
use crate::ty::subst::Subst;
use crate::ty::{AdtKind, Args, InferTy, Ty, TyKind};

impl FnCtxt<'_> {
    pub fn check_deref(&mut self, expr: ExprId, operand: ExprId, _expected: Expectation) -> Ty {
        let ty = self.check_expr(operand);
        let span = self.expr_span(expr);
        let operand_span = self.expr_span(operand);
        let ty = self.structurally_resolve(operand_span, ty);
        match ty.kind() {
            TyKind::Error => return Ty::error(),
            TyKind::Ref(_, inner, _) => return *inner,
            TyKind::Adt(def, args) if self.is_lang(*def, "box") => return args.ty(0),
            _ => {}
        }
        let found = self.lang("deref").and_then(|trait_| self.lookup_trait_method(span, "deref", trait_, ty, &[]));
        match found {
            Some(callee) => {
                self.push_borrow(operand, ty, Mutability::Not);
                let output = self.resolve(callee.output);
                self.record_callee(expr, callee);
                match output.kind() {
                    TyKind::Ref(_, inner, _) => *inner,
                    _ => output,
                }
            }
            None => {
                let shown = self.display(ty);
                let error = self
                    .error(span, "E0614", format!("type `{shown}` cannot be dereferenced"))
                    .label("can't be dereferenced");
                self.emit(error);
                Ty::error()
            }
        }
    }

    fn push_borrow(&mut self, operand: ExprId, ty: Ty, mutability: Mutability) {
        let target = match mutability {
            Mutability::Not => Ty::imm_ref(ty),
            Mutability::Mut => Ty::mut_ref(ty),
        };
        let kind = Adjust::Borrow(AutoBorrow::new(mutability, TwoPhase::No));
        self.apply_adjustments(operand, vec![Adjustment { kind, target }]);
    }

    pub fn check_field(&mut self, expr: ExprId, base: ExprId, name: Name) -> Ty {
        let base_ty = self.check_expr(base);
        let base_span = self.expr_span(base);
        let base_ty = self.structurally_resolve(base_span, base_ty);
        if base_ty.is_error() {
            return Ty::error();
        }
        let steps = self.autoderef_steps(base_ty, base_span);
        let mut private = None;
        for (index, step) in steps.iter().enumerate() {
            match step.ty.kind() {
                TyKind::Adt(def, args) if self.adt_def(*def).kind != AdtKind::Enum => {
                    let adt = self.adt_def(*def);
                    let fields = &adt.variants[0].fields;
                    if let Some(position) = fields.iter().position(|field| field.name == name) {
                        if rgo_hir::visible_from(self.db, fields[position].def, self.scope) {
                            let adjustments = self.deref_adjustments(&steps, index);
                            self.apply_adjustments(base, adjustments);
                            self.tables.fields.insert(expr, position as u32);
                            self.taint_by_errors(std::iter::once(fields[position].ty));
                            let ty = fields[position].ty.subst(*args).erase_regions();
                            return self.normalize(self.expr_span(expr), ty);
                        }
                        private.get_or_insert(*def);
                    }
                }
                TyKind::Tuple(items) => {
                    if let Ok(position) = name.as_str().parse::<usize>()
                        && position.to_string() == name.as_str()
                        && let Some(&ty) = items.get(position)
                    {
                        let adjustments = self.deref_adjustments(&steps, index);
                        self.apply_adjustments(base, adjustments);
                        self.tables.fields.insert(expr, position as u32);
                        return ty;
                    }
                }
                _ => {}
            }
        }
        if steps.last().is_some_and(|step| step.ty.is_error()) {
            self.has_errors = true;
            return Ty::error();
        }
        let span = self.name_span(expr);
        if let Some(adt) = private {
            let path = rgo_hir::diagnostic_path(self.db, adt);
            let error = self
                .error(span, "E0616", format!("field `{name}` of struct `{path}` is private"))
                .label("private field");
            self.emit(error);
            return Ty::error();
        }
        self.report_no_field(span, base, base_ty, name);
        Ty::error()
    }

    fn report_no_field(&mut self, span: Span, base: ExprId, base_ty: Ty, name: Name) {
        // Behind an error, what is unknown may have the field.
        if self.infcx.tainted.get()
            && self.autoderef_steps(base_ty, span).last().is_some_and(|last| last.ty.is_ty_var())
        {
            self.has_errors = true;
            return;
        }
        let shown = self.display(base_ty);
        if self.method_exists(base_ty, name) {
            let error = self
                .error(span, "E0615", format!("attempted to take value of method `{name}` on type `{shown}`"))
                .label("method, not a field")
                .help("use parentheses to call the method");
            self.emit(error);
            return;
        }
        if base_ty.is_scalar() && !base_ty.is_bool() || matches!(base_ty.kind(), TyKind::Bool) {
            let error =
                self.error(span, "E0610", format!("`{shown}` is a primitive type and therefore doesn't have fields"));
            self.emit(error);
            return;
        }
        let mut error =
            self.error(span, "E0609", format!("no field `{name}` on type `{shown}`")).label("unknown field");
        if let TyKind::Adt(def, _) = base_ty.peel_refs().kind()
            && self.adt_def(*def).kind == AdtKind::Struct
        {
            let names: Vec<String> =
                self.adt_def(*def).variants[0].fields.iter().map(|field| format!("`{}`", field.name)).collect();
            let fields = self.adt_def(*def).variants[0].fields.iter().map(|field| field.name);
            if let Some(similar) = rgo_hir::most_similar(name, fields) {
                error = error.help(format!("a field with a similar name exists: `{similar}`"));
            }
            if !names.is_empty() {
                error = error.note(format!("available fields are: {}", names.join(", ")));
            }
        }
        let _ = base;
        self.emit(error);
    }

    pub fn check_index(&mut self, expr: ExprId, base: ExprId, index: ExprId) -> Ty {
        let base_ty = self.check_expr(base);
        let index_ty = self.check_expr(index);
        let base_span = self.expr_span(base);
        let base_ty = self.structurally_resolve(base_span, base_ty);
        if base_ty.is_error() || self.shallow(index_ty).is_error() {
            return Ty::error();
        }
        let index_ty = self.try_structurally_resolve(index_ty);
        let steps = self.autoderef_steps(base_ty, base_span);
        for position in 0..steps.len() {
            let ty = self.try_structurally_resolve(steps[position].ty);
            if ty.is_ty_var() {
                break;
            }
            if let Some(elem) = ty.sequence_element()
                && matches!(index_ty.kind(), TyKind::Uint(crate::ty::UintTy::Usize) | TyKind::Infer(InferTy::Int(_)))
            {
                let adjustments = self.deref_adjustments(&steps, position);
                self.apply_adjustments(base, adjustments);
                let span = self.expr_span(index);
                let _ = self.eq(span, Ty::usize(), index_ty);
                return elem;
            }
            if let Some(elem) = self.try_overloaded_index(expr, base, index, &steps, position, ty, index_ty) {
                return elem;
            }
        }
        let span = self.expr_span(expr);
        let shown = self.display(base_ty);
        let mut error = self.error(span, "E0608", format!("cannot index into a value of type `{shown}`"));
        if let TyKind::Tuple(items) = base_ty.kind()
            && !items.is_empty()
        {
            error = error.help("to access tuple elements, use tuple indexing syntax such as `.0`");
        }
        self.emit(error);
        Ty::error()
    }

    fn try_overloaded_index(
        &mut self,
        expr: ExprId,
        base: ExprId,
        index: ExprId,
        steps: &[super::autoderef::Step],
        position: usize,
        ty: Ty,
        index_ty: Ty,
    ) -> Option<Ty> {
        let trait_ = self.lang("index")?;
        let span = self.expr_span(expr);
        let unsized_form = match ty.kind() {
            TyKind::Array(elem, _) => Some(Ty::slice(*elem)),
            _ => None,
        };
        for (self_ty, unsize) in [(Some(ty), false), (unsized_form, true)] {
            let Some(self_ty) = self_ty else { continue };
            let input = self.ty_var();
            let Some(callee) = self.lookup_trait_method(span, "index", trait_, self_ty, &[input]) else { continue };
            let mut adjustments = self.deref_adjustments(steps, position);
            adjustments.push(Adjustment { kind: Adjust::Borrow(AutoBorrow::Shared), target: Ty::imm_ref(ty) });
            if unsize {
                adjustments.push(Adjustment {
                    kind: Adjust::Pointer(PointerCoercion::UnsizeArray),
                    target: Ty::imm_ref(self_ty),
                });
            }
            self.apply_adjustments(base, adjustments);
            self.select_where_possible();
            self.demand_coerce(index, index_ty, input, TwoPhase::No);
            self.select_where_possible();
            let output = self.resolve(callee.output);
            self.record_callee(expr, callee);
            return Some(match output.kind() {
                TyKind::Ref(_, inner, _) => *inner,
                _ => output,
            });
        }
        None
    }

    /// The place is borrowed mutably or assigned to: overloaded dereferences and indexing on its way become the mutable ones.
    pub fn convert_place_to_mutable(&mut self, expr: ExprId) {
        let mut chain = vec![expr];
        let mut current = expr;
        loop {
            current = match &self.body.exprs[current] {
                Expr::Field { expr, .. } | Expr::Unary { op: UnaryOp::Deref, expr } => *expr,
                Expr::Index { base, .. } => *base,
                _ => break,
            };
            chain.push(current);
        }
        for &place in chain.iter().rev() {
            self.make_adjustments_mutable(place);
            match &self.body.exprs[place] {
                Expr::Index { base, .. } => self.make_operator_mutable(place, *base, "index_mut"),
                Expr::Unary { op: UnaryOp::Deref, expr: operand } => {
                    self.make_operator_mutable(place, *operand, "deref_mut");
                }
                _ => {}
            }
        }
    }

    fn make_adjustments_mutable(&mut self, place: ExprId) {
        let Some(mut adjustments) = self.tables.adjustments.get(&place).cloned() else { return };
        let Some(&start) = self.tables.expr_ty.get(place) else { return };
        if self.make_derefs_mutable(start, &mut adjustments) {
            self.tables.adjustments.insert(place, adjustments);
        }
    }

    /// Overloaded dereferences become mutable where the type allows it (elsewhere the borrow checker refuses the place); whether any did.
    pub fn make_derefs_mutable(&mut self, start: Ty, adjustments: &mut [Adjustment]) -> bool {
        let Some(trait_) = self.lang("deref_mut") else { return false };
        let mut source = start;
        let mut changed = false;
        for adjustment in adjustments {
            if let Adjust::OverloadedDeref(mutability) = &mut adjustment.kind
                && *mutability == Mutability::Not
            {
                let ty = self.resolve(source);
                if self.trait_may_hold(trait_, Args::of_types(&[ty])) {
                    *mutability = Mutability::Mut;
                    changed = true;
                }
            }
            source = adjustment.target;
        }
        changed
    }

    /// `index` to `index_mut`, `deref` to `deref_mut`, if there is such an implementation (otherwise borrow checking complains).
    fn make_operator_mutable(&mut self, place: ExprId, operand: ExprId, method: &'static str) {
        let Some(callee) = self.tables.callees.get(&place).cloned() else { return };
        if callee.def.name() == method {
            return;
        }
        let Some(trait_) = self.lang(method) else { return };
        let span = self.expr_span(place);
        let self_ty = self.resolve(callee.args.ty(0));
        let rest: Vec<Ty> = callee.args.types().skip(1).map(|ty| self.resolve(ty)).collect();
        let Some(mutable) = self.lookup_trait_method(span, method, trait_, self_ty, &rest) else { return };
        self.record_callee(place, mutable);
        let Some(adjustments) = self.tables.adjustments.get_mut(&operand) else { return };
        for adjustment in adjustments.iter_mut().rev().take(2) {
            match adjustment.kind {
                Adjust::Borrow(AutoBorrow::Shared) => {
                    adjustment.kind = Adjust::Borrow(AutoBorrow::Mut(TwoPhase::No));
                }
                Adjust::Pointer(_) => {}
                _ => continue,
            }
            if let TyKind::Ref(_, inner, _) = adjustment.target.kind() {
                adjustment.target = Ty::mut_ref(*inner);
            }
        }
    }
}
