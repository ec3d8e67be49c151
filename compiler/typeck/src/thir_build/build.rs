//! HIR expressions with their types and adjustments to THIR expressions (cf. rustc dev guide, "The THIR").

use rgo_hir::DefId;
use rgo_hir::body::{self as hir, BinaryOp, LabelId, Mutability, Semi};
use rgo_syntax::{Name, Span};
use rustc_hash::FxHashMap;

use super::{ClosureTree, Root, Tree, TreeCall, one_arg};
use crate::infer::FnCtxt;
use crate::infer::tables::{Adjust, Adjustment, AutoBorrow, Callee, TwoPhase, Value, VariantRef, WrittenPath};
use crate::thir::{
    AdtExpr, Arm, Block, BlockId, BorrowKind, CallSource, CastKind, Coercion, Expr, ExprId, ExprKind, FormatArgs,
    FormatPiece, FormatSpec, Param, Stmt, StmtKind, UnaryOp, UserArgs, UserTy,
};
use crate::ty::fold::{TypeFoldable, TypeFolder};
use crate::ty::subst::Subst;
use crate::ty::{Args, ClosureArgs, Const, ConstValue, CtorKind, FloatTy, Ty, TyKind};

pub(super) struct Builder<'a, 'db> {
    pub(super) fcx: &'a mut FnCtxt<'db>,
    pub(super) tree: &'a mut Tree,
    pub(super) body: &'db hir::Body,
    /// Enclosing loops, innermost last.
    loops: Vec<LabelId>,
    /// The owner or the closure being built.
    current: DefId,
    pub(super) bound: rustc_hash::FxHashSet<hir::LocalId>,
}

pub fn build(fcx: &mut FnCtxt<'_>, tree: &mut Tree, ret: Ty) -> Root {
    let body = fcx.body;
    let owner = fcx.owner;
    let mut builder =
        Builder { fcx, tree, body, loops: Vec::new(), current: owner, bound: rustc_hash::FxHashSet::default() };
    let params = body.params.iter().map(|&pat| builder.param(pat, None)).collect();
    let value = builder.expr(body.value);
    Root { params, ret, value }
}

impl Builder<'_, '_> {
    fn param(&mut self, pat: hir::PatId, user_ty: Option<UserTy>) -> Param {
        let ty = self.pat_outer_ty(pat);
        let span = self.fcx.pat_span(pat);
        Param { pat: Some(self.pat(pat)), ty, span, user_ty }
    }

    pub(super) fn alloc(&mut self, kind: ExprKind, ty: Ty, span: Span, from: Option<hir::ExprId>) -> ExprId {
        self.tree.exprs.alloc(Expr { kind, ty, span, hir: from })
    }

    fn ty_of(&self, expr: hir::ExprId) -> Ty {
        let ty = self.fcx.tables.expr_ty.get(expr).copied().unwrap_or_else(Ty::error);
        self.fcx.resolve(ty)
    }

    /// The expression with its adjustments.
    pub(super) fn expr(&mut self, id: hir::ExprId) -> ExprId {
        let span = self.fcx.expr_span(id);
        self.adjusted(id, span)
    }

    /// As `expr`; the adjustments get `span` (a receiver's: the whole call's).
    fn adjusted(&mut self, id: hir::ExprId, span: Span) -> ExprId {
        let adjustments = self.fcx.tables.adjustments.get(&id).cloned().unwrap_or_default();
        self.with_adjustments(id, &adjustments, span)
    }

    /// Without the borrow that an overloaded operator would take.
    fn unborrowed(&mut self, id: hir::ExprId) -> ExprId {
        let mut adjustments = self.fcx.tables.adjustments.get(&id).cloned().unwrap_or_default();
        if let Some(Adjustment { kind: Adjust::Borrow(_), .. }) = adjustments.last() {
            adjustments.pop();
        }
        let span = self.fcx.expr_span(id);
        self.with_adjustments(id, &adjustments, span)
    }

    fn with_adjustments(&mut self, id: hir::ExprId, adjustments: &[Adjustment], span: Span) -> ExprId {
        let mut expr = self.unadjusted(id);
        let span = match self.tree.exprs[expr].kind {
            ExprKind::Block(block) => match self.tree.blocks[block].tail {
                Some(tail) => self.tree.exprs[tail].span,
                None => span,
            },
            _ => span,
        };
        for adjustment in adjustments {
            expr = self.adjust(id, expr, adjustment, span);
        }
        expr
    }

    fn adjust(&mut self, id: hir::ExprId, expr: ExprId, adjustment: &Adjustment, span: Span) -> ExprId {
        let target = self.fcx.resolve(adjustment.target);
        let kind = match adjustment.kind {
            Adjust::NeverToAny => {
                if target.is_never() {
                    return expr;
                }
                ExprKind::Coerce { kind: Coercion::NeverToAny, expr }
            }
            Adjust::Deref => ExprKind::Deref(expr),
            Adjust::OverloadedDeref(mutability) => {
                let source = self.tree.exprs[expr].ty;
                let call = self.deref_call(expr, source, target, mutability, span);
                ExprKind::Deref(call)
            }
            Adjust::Borrow(borrow) => ExprKind::Borrow { kind: borrow_kind(borrow), place: expr, implicit: true },
            Adjust::Pointer(pointer) => ExprKind::Coerce { kind: pointer.to_thir(), expr },
        };
        self.alloc(kind, target, span, Some(id))
    }

    /// `Deref::deref(&place)` or `DerefMut::deref_mut(&mut place)`.
    fn deref_call(&mut self, place: ExprId, source: Ty, target: Ty, mutability: Mutability, span: Span) -> ExprId {
        let (lang, method) = match mutability {
            Mutability::Not => ("deref", "deref"),
            Mutability::Mut => ("deref_mut", "deref_mut"),
        };
        let item = self.fcx.lang(lang).and_then(|trait_| rgo_hir::child(self.fcx.db, trait_, Name::new(method)));
        let Some(item) = item else {
            return self.alloc(ExprKind::Error, Ty::error(), span, None);
        };
        let (borrow, arg_ty, result) = match mutability {
            Mutability::Not => (BorrowKind::Shared, Ty::imm_ref(source), Ty::imm_ref(target)),
            Mutability::Mut => (BorrowKind::Mut { two_phase: false }, Ty::mut_ref(source), Ty::mut_ref(target)),
        };
        let arg = self.alloc(ExprKind::Borrow { kind: borrow, place, implicit: true }, arg_ty, span, None);
        self.call_item(item, one_arg(source), None, vec![arg], result, CallSource::Operator, span, None)
    }

    fn call_item(
        &mut self,
        def: DefId,
        args: Args,
        user_args: Option<Box<UserArgs>>,
        inputs: Vec<ExprId>,
        output: Ty,
        source: CallSource,
        span: Span,
        from: Option<hir::ExprId>,
    ) -> ExprId {
        let args = self.fcx.resolve(args);
        let callee = self.alloc(ExprKind::FnItem { def, args, user_args }, Ty::fn_def(def, args), span, from);
        let output = self.fcx.resolve(output);
        self.alloc(ExprKind::Call { callee, args: inputs, source }, output, span, from)
    }

    fn callee_of(&self, id: hir::ExprId) -> Option<Callee> {
        self.fcx.tables.callees.get(&id).cloned()
    }

    fn user_args(&mut self, id: hir::ExprId) -> Option<Box<UserArgs>> {
        let (written, span) = *self.fcx.tables.user_args.get(&id)?;
        Some(Box::new(self.written_args(written, span)))
    }

    pub(super) fn written_args(&mut self, written: WrittenPath, span: Span) -> UserArgs {
        UserArgs {
            args: written.args.map_or_else(Args::empty, |args| self.resolve_user(args)),
            self_ty: written.self_ty.map(|(impl_, ty)| (impl_, self.resolve_user(ty))),
            span,
        }
    }

    /// Written parts keep their regions, inferred ones have none, unless they may stand in several places.
    pub(super) fn resolve_user<T: TypeFoldable>(&mut self, value: T) -> T {
        struct UserResolver<'a, 'db>(&'a mut FnCtxt<'db>, FxHashMap<Ty, Ty>);
        impl TypeFolder for UserResolver<'_, '_> {
            fn fold_ty(&mut self, ty: Ty) -> Ty {
                if !ty.has_infer() {
                    return ty;
                }
                match ty.kind() {
                    TyKind::Infer(_) if self.0.shared.tys.contains(&ty) => {
                        let known = self.1.get(&ty).copied();
                        known.unwrap_or_else(|| {
                            let resolved = self.0.resolve(ty).erase_regions();
                            let resolved = self.0.shared.with_regions(resolved);
                            self.1.insert(ty, resolved);
                            resolved
                        })
                    }
                    TyKind::Infer(_) => self.0.resolve(ty).erase_regions(),
                    _ => ty.super_fold_with(self),
                }
            }
            fn fold_const(&mut self, value: Const) -> Const {
                self.0.resolve(value)
            }
        }
        value.fold_with(&mut UserResolver(self.fcx, FxHashMap::default()))
    }

    fn user_ty(&mut self, id: hir::TypeId) -> Option<UserTy> {
        let ty = *self.fcx.tables.user_types.get(id)?;
        Some(UserTy { ty: self.resolve_user(ty), span: self.fcx.type_span(id) })
    }

    fn exprs(&mut self, ids: &[hir::ExprId]) -> Vec<ExprId> {
        ids.iter().map(|&id| self.expr(id)).collect()
    }

    fn unadjusted(&mut self, id: hir::ExprId) -> ExprId {
        let ty = self.ty_of(id);
        let span = self.fcx.expr_span(id);
        let kind = self.kind(id, ty, span);
        let expr = self.alloc(kind, ty, span, Some(id));
        if let Some(call) = self.fcx.tables.deferred_calls.get(&id) {
            let call =
                TreeCall { expr, closure: call.closure, closure_ty: call.closure_ty, args_tuple: call.args_tuple };
            self.tree.deferred_calls.push(call);
        }
        expr
    }

    fn kind(&mut self, id: hir::ExprId, ty: Ty, span: Span) -> ExprKind {
        let body = self.body;
        match &body.exprs[id] {
            hir::Expr::Missing | hir::Expr::Underscore => ExprKind::Error,
            hir::Expr::Literal(literal) => match literal_value(literal, ty, Negated::No) {
                Some(value) => ExprKind::Literal(value),
                None => ExprKind::Error,
            },
            hir::Expr::Path(_) => self.path(id, span),
            hir::Expr::Local(local) => ExprKind::Local(*local),
            hir::Expr::Unary { op, expr } => self.unary(id, *op, *expr, ty, span),
            hir::Expr::Binary { op, lhs, rhs } => self.binary(id, *op, *lhs, *rhs, span),
            hir::Expr::Logical { and, lhs, rhs } => {
                let lhs = self.expr(*lhs);
                let rhs = self.expr(*rhs);
                ExprKind::Logical { op: *and, lhs, rhs }
            }
            hir::Expr::Assign { place, value } => {
                if matches!(body.exprs[*place], hir::Expr::Underscore) {
                    // `_ = value` evaluates and drops it.
                    return self.discard(*value, span);
                }
                let place = self.expr(*place);
                let value = self.expr(*value);
                ExprKind::Assign { place, value }
            }
            hir::Expr::DestructureAssign { pat, value, assigns } => {
                let value = self.expr(*value);
                let pat = self.pat(*pat);
                let assigns = assigns.iter().map(|(local, place)| (*local, self.expr(*place))).collect();
                ExprKind::DestructureAssign { pat, value, assigns }
            }
            hir::Expr::AssignOp { op, place, value } => self.assign_op(id, *op, *place, *value, span),
            hir::Expr::Ref { mutability, expr } => {
                let place = self.expr(*expr);
                let kind = match mutability {
                    Mutability::Not => BorrowKind::Shared,
                    Mutability::Mut => BorrowKind::Mut { two_phase: false },
                };
                ExprKind::Borrow { kind, place, implicit: false }
            }
            hir::Expr::Call { callee, args } => self.call(id, *callee, args, ty, span),
            hir::Expr::MethodCall { receiver, args, .. } => {
                let Some(callee) = self.callee_of(id) else { return ExprKind::Error };
                let mut inputs = vec![self.expr(*receiver)];
                inputs.extend(self.exprs(args));
                let user_args = self.user_args(id);
                let name_span = self.fcx.name_span(id);
                let args = self.fcx.resolve(callee.args);
                let callee = self.alloc(
                    ExprKind::FnItem { def: callee.def, args, user_args },
                    Ty::fn_def(callee.def, args),
                    name_span,
                    Some(id),
                );
                ExprKind::Call { callee, args: inputs, source: CallSource::Method }
            }
            hir::Expr::Field { expr, .. } => {
                let Some(&index) = self.fcx.tables.fields.get(&id) else { return ExprKind::Error };
                let base = self.expr(*expr);
                ExprKind::Field { base, variant: 0, index }
            }
            hir::Expr::Index { base, index } => self.index(id, *base, *index, span),
            hir::Expr::Array(items) => ExprKind::Array(self.exprs(items)),
            hir::Expr::Repeat { value, .. } => {
                let len = self.fcx.tables.repeats.get(&id).copied().unwrap_or_else(Const::error);
                ExprKind::Repeat { value: self.expr(*value), len: self.fcx.resolve(len) }
            }
            hir::Expr::VecMacro(items) => ExprKind::VecMacro(self.exprs(items)),
            hir::Expr::VecRepeat { value, len } => {
                ExprKind::VecRepeat { value: self.expr(*value), len: self.expr(*len) }
            }
            hir::Expr::Tuple(items) => ExprKind::Tuple(self.exprs(items)),
            hir::Expr::Struct { fields, base, .. } => self.struct_expr(id, fields, *base),
            hir::Expr::Range { start, end, inclusive } => ExprKind::Range {
                start: start.map(|start| self.expr(start)),
                end: end.map(|end| self.expr(end)),
                inclusive: *inclusive,
            },
            hir::Expr::Block(block) => ExprKind::Block(self.block(id, block, span)),
            hir::Expr::If { cond, then, otherwise } => ExprKind::If {
                cond: self.expr(*cond),
                then: self.expr(*then),
                otherwise: otherwise.map(|otherwise| self.expr(otherwise)),
            },
            hir::Expr::Let { pat, scrutinee } => {
                let scrutinee = self.expr(*scrutinee);
                ExprKind::Let { pat: self.pat(*pat), scrutinee }
            }
            hir::Expr::Match { scrutinee, arms, source: _ } => {
                let scrutinee = self.expr(*scrutinee);
                let arms = arms
                    .iter()
                    .map(|arm| {
                        let pat = self.pat(arm.pat);
                        let guard = arm.guard.map(|guard| self.expr(guard));
                        let body = self.expr(arm.body);
                        let span = self.tree.pats[pat].span.to(self.tree.exprs[body].span);
                        self.tree.arms.alloc(Arm { pat, guard, body, span })
                    })
                    .collect();
                ExprKind::Match { scrutinee, arms, exhaustive: true }
            }
            hir::Expr::Loop { label, body } => {
                let body = self.in_loop(*label, |builder| builder.expr(*body));
                ExprKind::Loop { label: *label, body }
            }
            hir::Expr::While { label, cond, body } => {
                let (cond, body) = self.in_loop(*label, |builder| (builder.expr(*cond), builder.expr(*body)));
                ExprKind::While { label: *label, cond, body }
            }
            hir::Expr::For { label, pat, iter, body } => self.for_loop(id, *label, *pat, *iter, *body),
            hir::Expr::Break { label, value } => {
                let Some(label) = label.or(self.loops.last().copied()) else { return ExprKind::Error };
                ExprKind::Break { label, value: value.map(|value| self.expr(value)) }
            }
            hir::Expr::Continue { label } => {
                let Some(label) = label.or(self.loops.last().copied()) else { return ExprKind::Error };
                ExprKind::Continue { label }
            }
            hir::Expr::Return(value) => ExprKind::Return { value: value.map(|value| self.expr(value)) },
            hir::Expr::Try(operand) => self.try_expr(id, *operand),
            hir::Expr::Closure(closure) => self.closure(id, closure, ty, span),
            hir::Expr::Cast { expr, ty } => {
                let user_ty = self.user_ty(*ty);
                let kind = self.fcx.tables.casts.get(&id).copied().unwrap_or(CastKind::Identity);
                ExprKind::Cast { kind, expr: self.expr(*expr), user_ty }
            }
            hir::Expr::FormatArgs(format) => self.format(id, format),
            hir::Expr::ConstBlock(_) => match self.fcx.tables.inline_consts.get(&id).copied() {
                Some((def, args)) => ExprKind::Const { def, args, user_args: None },
                None => ExprKind::Error,
            },
        }
    }

    fn in_loop<R>(&mut self, label: LabelId, build: impl FnOnce(&mut Self) -> R) -> R {
        self.loops.push(label);
        let result = build(self);
        self.loops.pop();
        result
    }

    /// `{ value; }`
    fn discard(&mut self, value: hir::ExprId, span: Span) -> ExprKind {
        let value = self.expr(value);
        let stmt = self.tree.stmts.alloc(Stmt { kind: StmtKind::Expr(value), span });
        let block = Block { stmts: vec![stmt], tail: None, label: None, span, end: span.last() };
        ExprKind::Block(self.tree.blocks.alloc(block))
    }

    fn path(&mut self, id: hir::ExprId, _span: Span) -> ExprKind {
        let Some(&value) = self.fcx.tables.values.get(&id) else { return ExprKind::Error };
        let user_args = self.user_args(id);
        match value {
            Value::Fn(def, args) => ExprKind::FnItem { def, args: self.fcx.resolve(args), user_args },
            Value::Ctor(variant) => {
                let args = self.fcx.resolve(variant.args);
                match self.fcx.variant_def(variant).ctor {
                    CtorKind::Fn => ExprKind::FnItem { def: variant.def, args, user_args },
                    CtorKind::Unit | CtorKind::Named => ExprKind::Adt(Box::new(AdtExpr {
                        adt: variant.adt,
                        variant: variant.index,
                        args,
                        fields: Vec::new(),
                        base: None,
                        user_args,
                    })),
                }
            }
            Value::Const(def, args) => ExprKind::Const { def, args: self.fcx.resolve(args), user_args },
            Value::Static(def) => ExprKind::Static(def),
            Value::ConstParam(value) => ExprKind::ConstParam(value),
        }
    }

    fn unary(&mut self, id: hir::ExprId, op: hir::UnaryOp, operand: hir::ExprId, ty: Ty, span: Span) -> ExprKind {
        if op == hir::UnaryOp::Deref {
            let Some(callee) = self.callee_of(id) else { return ExprKind::Deref(self.expr(operand)) };
            let arg = self.expr(operand);
            let call = self.call_item(
                callee.def,
                callee.args,
                None,
                vec![arg],
                callee.output,
                CallSource::Operator,
                span,
                Some(id),
            );
            return ExprKind::Deref(call);
        }
        if op == hir::UnaryOp::Neg
            && let hir::Expr::Literal(literal) = &self.body.exprs[operand]
            && ty.is_numeric()
            && let Some(value) = literal_value(literal, ty, Negated::Yes)
        {
            return ExprKind::Literal(value);
        }
        let operand_ty = self.ty_of(operand);
        match self.callee_of(id).filter(|_| !operand_ty.is_scalar()) {
            Some(callee) => {
                let arg = self.expr(operand);
                self.operator_call(id, &callee, vec![arg], span)
            }
            None => {
                let op = if op == hir::UnaryOp::Not { UnaryOp::Not } else { UnaryOp::Neg };
                ExprKind::Unary { op, expr: self.expr(operand) }
            }
        }
    }

    fn operator_call(&mut self, id: hir::ExprId, callee: &Callee, args: Vec<ExprId>, span: Span) -> ExprKind {
        let generic_args = self.fcx.resolve(callee.args);
        let callee = self.alloc(
            ExprKind::FnItem { def: callee.def, args: generic_args, user_args: None },
            Ty::fn_def(callee.def, generic_args),
            span,
            Some(id),
        );
        ExprKind::Call { callee, args, source: CallSource::Operator }
    }

    fn binary(&mut self, id: hir::ExprId, op: BinaryOp, lhs: hir::ExprId, rhs: hir::ExprId, span: Span) -> ExprKind {
        if let Some(callee) = self.callee_of(id) {
            // An operator on what turned out to be scalars is built-in.
            if !self.scalars(lhs, rhs) {
                let args = vec![self.expr(lhs), self.expr(rhs)];
                return self.operator_call(id, &callee, args, span);
            }
            let by_ref =
                matches!(op, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge);
            let (lhs, rhs) =
                if by_ref { (self.unborrowed(lhs), self.unborrowed(rhs)) } else { (self.expr(lhs), self.expr(rhs)) };
            return ExprKind::Binary { op, lhs, rhs };
        }
        let lhs = self.expr(lhs);
        let rhs = self.expr(rhs);
        ExprKind::Binary { op, lhs, rhs }
    }

    fn scalars(&self, lhs: hir::ExprId, rhs: hir::ExprId) -> bool {
        self.ty_of(lhs).is_scalar() && self.ty_of(rhs).is_scalar()
    }

    fn assign_op(
        &mut self,
        id: hir::ExprId,
        op: BinaryOp,
        place: hir::ExprId,
        value: hir::ExprId,
        span: Span,
    ) -> ExprKind {
        match self.callee_of(id) {
            Some(callee) if !self.scalars(place, value) => {
                let args = vec![self.expr(place), self.expr(value)];
                self.operator_call(id, &callee, args, span)
            }
            Some(_) => ExprKind::AssignOp { op, place: self.unborrowed(place), value: self.expr(value) },
            None => ExprKind::AssignOp { op, place: self.expr(place), value: self.expr(value) },
        }
    }

    fn call(&mut self, id: hir::ExprId, callee: hir::ExprId, args: &[hir::ExprId], ty: Ty, span: Span) -> ExprKind {
        if let Some(overloaded) = self.callee_of(id) {
            let mut inputs = vec![self.adjusted(callee, span)];
            inputs.extend(self.exprs(args));
            let generic_args = self.fcx.resolve(overloaded.args);
            let callee = self.alloc(
                ExprKind::FnItem { def: overloaded.def, args: generic_args, user_args: None },
                Ty::fn_def(overloaded.def, generic_args),
                span,
                Some(id),
            );
            return ExprKind::Call { callee, args: inputs, source: CallSource::Overloaded };
        }
        if !self.fcx.tables.adjustments.contains_key(&callee)
            && let Some(Value::Ctor(variant)) = self.fcx.tables.values.get(&callee).copied()
        {
            return self.ctor_call(callee, variant, args, ty);
        }
        let callee = self.expr(callee);
        let inputs = self.exprs(args);
        if self.fcx.tables.deferred_calls.contains_key(&id) {
            // Patched by capture analysis.
            return ExprKind::Call { callee, args: inputs, source: CallSource::Overloaded };
        }
        ExprKind::Call { callee, args: inputs, source: CallSource::Plain }
    }

    fn ctor_call(&mut self, callee: hir::ExprId, variant: VariantRef, args: &[hir::ExprId], _ty: Ty) -> ExprKind {
        let user_args = self.user_args(callee);
        let fields = args.iter().enumerate().map(|(index, &arg)| (index as u32, self.expr(arg))).collect();
        ExprKind::Adt(Box::new(AdtExpr {
            adt: variant.adt,
            variant: variant.index,
            args: self.fcx.resolve(variant.args),
            fields,
            base: None,
            user_args,
        }))
    }

    fn index(&mut self, id: hir::ExprId, base: hir::ExprId, index: hir::ExprId, span: Span) -> ExprKind {
        match self.callee_of(id) {
            None => {
                let base = self.expr(base);
                let index = self.expr(index);
                ExprKind::Index { base, index }
            }
            Some(callee) => {
                let args = vec![self.adjusted(base, span), self.expr(index)];
                let call = self.call_item(
                    callee.def,
                    callee.args,
                    None,
                    args,
                    callee.output,
                    CallSource::Operator,
                    span,
                    Some(id),
                );
                ExprKind::Deref(call)
            }
        }
    }

    fn struct_expr(&mut self, id: hir::ExprId, fields: &[(Name, hir::ExprId)], base: Option<hir::ExprId>) -> ExprKind {
        let Some(&variant) = self.fcx.tables.variants.get(&id) else { return ExprKind::Error };
        let def = self.fcx.variant_def(variant);
        let mut built = Vec::new();
        for (name, value) in fields {
            let value = self.expr(*value);
            if let Some(index) = def.fields.iter().position(|field| field.name == *name) {
                built.push((index as u32, value));
            }
        }
        ExprKind::Adt(Box::new(AdtExpr {
            adt: variant.adt,
            variant: variant.index,
            args: self.fcx.resolve(variant.args),
            fields: built,
            base: base.map(|base| self.expr(base)),
            user_args: self.user_args(id),
        }))
    }

    fn block(&mut self, id: hir::ExprId, block: &hir::Block, span: Span) -> BlockId {
        let stmts = block.stmts.iter().filter_map(|stmt| self.stmt(stmt)).collect();
        let tail = block.tail.map(|tail| self.expr(tail));
        let end = self.fcx.map.block_ends.get(id).copied().unwrap_or_else(|| Span::at(span.end.saturating_sub(1)));
        self.tree.blocks.alloc(Block { stmts, tail, label: block.label, span, end })
    }

    fn stmt(&mut self, stmt: &hir::Stmt) -> Option<crate::thir::StmtId> {
        let (kind, span) = match stmt {
            hir::Stmt::Item(_) => return None,
            hir::Stmt::Expr { expr, semi: Semi::Yes | Semi::No } => {
                (StmtKind::Expr(self.expr(*expr)), self.fcx.expr_span(*expr))
            }
            hir::Stmt::Let { pat, ty, init, otherwise } => {
                let init = init.map(|init| self.expr(init));
                let otherwise = otherwise.map(|otherwise| self.else_block(otherwise));
                let user_ty = ty.and_then(|ty| self.user_ty(ty));
                let pat = self.pat(*pat);
                let mut span = self.tree.pats[pat].span;
                if let Some(init) = init {
                    span = span.to(self.tree.exprs[init].span);
                }
                (StmtKind::Let { pat, user_ty, init, otherwise }, span)
            }
        };
        Some(self.tree.stmts.alloc(Stmt { kind, span }))
    }

    fn else_block(&mut self, id: hir::ExprId) -> BlockId {
        let expr = self.expr(id);
        match self.tree.exprs[expr].kind {
            ExprKind::Block(block) => block,
            _ => {
                let span = self.tree.exprs[expr].span;
                self.tree.blocks.alloc(Block {
                    stmts: Vec::new(),
                    tail: Some(expr),
                    label: None,
                    span,
                    end: span.last(),
                })
            }
        }
    }

    fn for_loop(
        &mut self,
        id: hir::ExprId,
        label: LabelId,
        pat: hir::PatId,
        iter: hir::ExprId,
        body: hir::ExprId,
    ) -> ExprKind {
        let Some(entry) = self.fcx.tables.loops.get(&id).cloned() else { return ExprKind::Error };
        let iter_span = self.fcx.expr_span(iter);
        let iter = self.expr(iter);
        let iter = self.call_item(
            entry.into_iter.def,
            entry.into_iter.args,
            None,
            vec![iter],
            entry.into_iter.output,
            CallSource::Desugared,
            iter_span,
            None,
        );
        let pat = self.pat(pat);
        let body = self.in_loop(label, |builder| builder.expr(body));
        let next = (entry.next.0, self.fcx.resolve(entry.next.1));
        ExprKind::For { label, pat, iter, next: Box::new(next), item: self.fcx.resolve(entry.item), body }
    }

    fn try_expr(&mut self, id: hir::ExprId, operand: hir::ExprId) -> ExprKind {
        let Some(&entry) = self.fcx.tables.tries.get(&id) else { return ExprKind::Error };
        let ret = self.fcx.resolve(entry.ret);
        let from_ty = self.fcx.resolve(entry.operand);
        let error_of = |fcx: &FnCtxt<'_>, ty: Ty| match ty.kind() {
            TyKind::Adt(def, args) if fcx.is_lang(*def, "result") => Some(args.ty(1)),
            _ => None,
        };
        let convert = match (error_of(self.fcx, from_ty), error_of(self.fcx, ret)) {
            (Some(from), Some(to)) => self
                .fcx
                .lang("from")
                .and_then(|trait_| rgo_hir::child(self.fcx.db, trait_, Name::new("from")))
                .map(|method| (method, Args::of_types(&[to, from]))),
            _ => None,
        };
        ExprKind::Try { expr: self.expr(operand), convert, ret }
    }

    fn closure(&mut self, id: hir::ExprId, closure: &hir::Closure, ty: Ty, span: Span) -> ExprKind {
        let Some(entry) = self.fcx.tables.closures.get(&closure.def).copied() else { return ExprKind::Error };
        let parent = std::mem::replace(&mut self.current, closure.def);
        let loops = std::mem::take(&mut self.loops);
        let params = closure
            .params
            .iter()
            .map(|(pat, written)| {
                let user_ty = written.and_then(|written| self.user_ty(written));
                self.param(*pat, user_ty)
            })
            .collect();
        let value = self.expr(closure.body);
        self.loops = loops;
        self.current = parent;
        let _ = id;
        self.tree.closures.push(ClosureTree {
            def: closure.def,
            ty,
            params,
            ret: entry.ret,
            value,
            by_move: closure.by_move,
            span,
            parent,
            owner: self.fcx.owner,
        });
        ExprKind::Closure { def: closure.def }
    }

    fn format(&mut self, id: hir::ExprId, format: &hir::FormatArgs) -> ExprKind {
        let args = self.exprs(&format.args);
        let mut number = 0;
        let mut pieces = Vec::new();
        for piece in &format.pieces {
            match piece {
                hir::FormatPiece::Text(text) => pieces.push(FormatPiece::Text(*text)),
                hir::FormatPiece::Arg(placeholder) => {
                    let position = number;
                    number += 1;
                    let Some(&(method, method_args)) = self.fcx.tables.formats.get(&(id, position)) else {
                        return ExprKind::Error;
                    };
                    pieces.push(FormatPiece::Arg {
                        arg: placeholder.arg,
                        format: placeholder.format,
                        method: (method, self.fcx.resolve(method_args)),
                        spec: FormatSpec {
                            fill: placeholder.fill,
                            align: placeholder.align,
                            sign: placeholder.sign,
                            alternate: placeholder.alternate,
                            zero_pad: placeholder.zero_pad,
                            debug_hex: placeholder.debug_hex,
                            width: placeholder.width,
                            precision: placeholder.precision,
                        },
                    });
                }
            }
        }
        ExprKind::FormatArgs(Box::new(FormatArgs { pieces, args }))
    }
}

pub fn closure_kind(fcx: &FnCtxt<'_>, ty: Ty) -> Option<crate::ty::ClosureKind> {
    match fcx.resolve(ty).kind() {
        TyKind::Closure(_, args) => ClosureArgs::new(*args).kind(),
        _ => None,
    }
}

pub fn borrow_kind(borrow: AutoBorrow) -> BorrowKind {
    match borrow {
        AutoBorrow::Shared => BorrowKind::Shared,
        AutoBorrow::Mut(two_phase) => BorrowKind::Mut { two_phase: two_phase == TwoPhase::Yes },
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Negated {
    Yes,
    No,
}

/// A literal as a constant of its type.
pub(super) fn literal_value(literal: &hir::Literal, ty: Ty, negated: Negated) -> Option<ConstValue> {
    let negative = negated == Negated::Yes;
    Some(match literal {
        hir::Literal::Int { value, suffix: _ } => match ty.kind() {
            TyKind::Float(_) => float_value(&value.to_string(), ty, negative)?,
            _ => {
                let value = i128::try_from(*value).ok()?;
                ConstValue::Int(if negative { -value } else { value })
            }
        },
        hir::Literal::Float { text, .. } => float_value(text.as_str(), ty, negative)?,
        hir::Literal::Bool(value) => ConstValue::Bool(*value),
        hir::Literal::Char(value) => ConstValue::Char(*value),
        hir::Literal::Byte(value) => ConstValue::Int(i128::from(*value)),
        hir::Literal::Str(text) => ConstValue::Str(*text),
        hir::Literal::ByteStr(bytes) => ConstValue::Bytes(bytes.clone()),
    })
}

fn float_value(text: &str, ty: Ty, negative: bool) -> Option<ConstValue> {
    let value = match ty.kind() {
        TyKind::Float(FloatTy::F32) => f64::from(text.parse::<f32>().ok()?),
        _ => text.parse::<f64>().ok()?,
    };
    Some(ConstValue::Float((if negative { -value } else { value }).to_bits()))
}
