//! Blocks, statements and `let`.

use rgo_hir::body::Mutability;
use rgo_syntax::Span;
use rgo_typeck::thir::{self, ExprKind, PatKind, StmtKind};
use rgo_typeck::ty::{Subst, Ty, TyKind, TypeFlags};

use super::scope::Breakable;
use super::{Builder, last_byte};
use crate::mir::*;

impl Builder<'_> {
    pub(super) fn block_into(&mut self, dest: &Place, id: thir::BlockId) {
        let thir = self.thir;
        let block = &thir.blocks[id];
        let Some(label) = block.label else {
            self.block_body_into(dest, id);
            return;
        };
        let exit = self.new_block();
        let depth = self.scopes.len();
        let destination = dest.clone();
        self.breakables.push(Breakable { label, depth, break_block: exit, continue_block: None, destination });
        self.block_body_into(dest, id);
        self.breakables.pop();
        self.goto(exit, block.end);
        self.start(exit);
    }

    fn block_body_into(&mut self, dest: &Place, id: thir::BlockId) {
        let thir = self.thir;
        let block = &thir.blocks[id];
        let end = if block.end.is_empty() { last_byte(block.span) } else { block.end };
        let depth = self.push_scope(end);
        let mut diverges = false;
        for &stmt in &block.stmts {
            diverges |= self.statement(stmt, depth);
        }
        match block.tail {
            Some(tail) => {
                let end = thir.exprs[tail].span.last();
                self.terminating(ScopeExit::ExprEnd(tail), end, |b| b.into(dest, tail));
            }
            None if !diverges || self.is_unit(dest) => {
                if self.is_unit(dest) {
                    self.assign_unit(dest, end);
                }
            }
            None => {}
        }
        self.pop_scope(ScopeExit::BlockEnd(id));
    }

    fn is_unit(&self, place: &Place) -> bool {
        let ty = place.projection.iter().fold(self.locals[place.local].ty, project_ty);
        ty == super::unit_ty()
    }

    /// Builds a statement of the block whose scope is `block_scope`; true if it certainly diverges.
    fn statement(&mut self, id: thir::StmtId, block_scope: usize) -> bool {
        let thir = self.thir;
        let stmt = &thir.stmts[id];
        let end = last_byte(stmt.span);
        match &stmt.kind {
            StmtKind::Expr(expr) => {
                self.terminating(ScopeExit::StmtEnd(id), end, |b| b.expr_statement(*expr));
                matches!(thir.exprs[*expr].ty.kind(), rgo_typeck::ty::TyKind::Never)
            }
            StmtKind::Let { pat, user_ty, init: None, .. } => {
                self.declare_uninitialized(*pat, user_ty.as_ref(), block_scope);
                false
            }
            StmtKind::Let { pat, user_ty, init: Some(init), otherwise: None } => {
                self.extend_let(*pat, *init, block_scope);
                self.terminating(ScopeExit::StmtEnd(id), end, |b| {
                    b.let_init(*pat, user_ty.as_ref(), *init, block_scope);
                });
                matches!(thir.exprs[*init].ty.kind(), rgo_typeck::ty::TyKind::Never)
            }
            StmtKind::Let { pat, user_ty, init: Some(init), otherwise: Some(otherwise) } => {
                self.let_else(id, *pat, user_ty.as_ref(), *init, *otherwise, block_scope);
                false
            }
        }
    }

    fn declare_uninitialized(&mut self, pat: thir::PatId, user_ty: Option<&thir::UserTy>, scope: usize) {
        let mut bindings = Vec::new();
        self.bindings_of(pat, &mut bindings);
        for (id, _, _) in bindings {
            let local = self.declare_variable(id, None);
            let span = self.locals[local].span;
            self.push(StatementKind::StorageLive(local), span);
            self.schedule_storage(scope, local);
            self.schedule_value(scope, local);
            if let (Some(user_ty), PatKind::Bind { .. }) = (user_ty, &self.thir.pats[pat].kind) {
                self.locals[local].user_ty = Some(user_ty.clone());
                let place = Place::local(local);
                self.push(StatementKind::AscribeUserType(place, user_ty.clone(), Variance::Invariant), user_ty.span);
            }
        }
    }

    /// `let pat = init` whose pattern cannot fail.
    pub(super) fn let_init(
        &mut self,
        pat: thir::PatId,
        user_ty: Option<&thir::UserTy>,
        init: thir::ExprId,
        scope: usize,
    ) {
        let thir = self.thir;
        if let PatKind::Bind { local: id, by_ref: None, sub: None, .. } = thir.pats[pat].kind {
            let local = self.declare_variable(id, None);
            let place = Place::local(local);
            let span = thir.pats[pat].span;
            self.push(StatementKind::StorageLive(local), span);
            self.schedule_storage(scope, local);
            self.into(&place, init);
            if let Some(user_ty) = user_ty {
                self.locals[local].user_ty = Some(user_ty.clone());
                let ascribe = StatementKind::AscribeUserType(place.clone(), user_ty.clone(), Variance::Invariant);
                self.push(ascribe, user_ty.span);
            }
            self.push(StatementKind::FakeRead(FakeReadCause::Let, place), span);
            self.schedule_value(scope, local);
            return;
        }
        let place = self.as_place(init);
        let span = thir.exprs[init].span;
        if !matches!(thir.pats[pat].kind, PatKind::Wild) {
            self.fake_read(FakeReadCause::Mention, &place, span);
        }
        self.ascribe(&place, user_ty);
        self.bind_irrefutable(pat, (place, span), scope);
        self.ascribe_bindings(pat, user_ty);
    }

    fn ascribe(&mut self, place: &Place, user_ty: Option<&thir::UserTy>) {
        if let (Some(user_ty), Some(place)) = (user_ty, self.resolved(place.clone())) {
            self.push(StatementKind::AscribeUserType(place, user_ty.clone(), Variance::Covariant), user_ty.span);
        }
    }

    /// What a pattern binds has exactly the type that the user wrote for its part of the whole.
    fn ascribe_bindings(&mut self, pat: thir::PatId, user_ty: Option<&thir::UserTy>) {
        if let Some(user_ty) = user_ty.filter(|user_ty| user_ty.ty.has(TypeFlags::HAS_LIFETIME)) {
            self.ascribe_part(pat, user_ty.ty, user_ty.span);
        }
    }

    fn ascribe_part(&mut self, pat: thir::PatId, ty: Ty, span: Span) {
        let thir = self.thir;
        match (&thir.pats[pat].kind, ty.kind()) {
            (PatKind::Bind { local, by_ref, sub, .. }, _) => {
                let variable = Place::local(self.variables[*local].local);
                let place = if by_ref.is_some() { variable.deref() } else { variable };
                let user_ty = thir::UserTy { ty, span };
                self.push(StatementKind::AscribeUserType(place, user_ty, Variance::Invariant), span);
                sub.iter().for_each(|sub| self.ascribe_part(*sub, ty, span));
            }
            (PatKind::Leaf { fields }, TyKind::Tuple(items)) => {
                for (index, field) in fields {
                    items.get(*index as usize).iter().for_each(|item| self.ascribe_part(*field, **item, span));
                }
            }
            (PatKind::Leaf { fields }, TyKind::Adt(..)) => self.ascribe_fields(ty, 0, fields, span),
            (PatKind::Variant { variant, fields, .. }, TyKind::Adt(..)) => {
                self.ascribe_fields(ty, *variant, fields, span);
            }
            (PatKind::Deref { pat }, TyKind::Ref(_, inner, _)) => self.ascribe_part(*pat, *inner, span),
            (PatKind::Slice { prefix, suffix, .. }, TyKind::Array(element, _) | TyKind::Slice(element)) => {
                prefix.iter().chain(suffix).for_each(|pat| self.ascribe_part(*pat, *element, span));
            }
            (PatKind::Or(pats), _) => pats.first().iter().for_each(|pat| self.ascribe_part(**pat, ty, span)),
            _ => {}
        }
    }

    fn ascribe_fields(&mut self, ty: Ty, variant: u32, fields: &[(u32, thir::PatId)], span: Span) {
        let TyKind::Adt(adt, args) = ty.kind() else { return };
        let def = rgo_typeck::collect::adt_def(self.db, *adt);
        let Some(variant) = def.variants.get(variant as usize) else { return };
        for (index, pat) in fields {
            if let Some(field) = variant.fields.get(*index as usize) {
                self.ascribe_part(*pat, field.ty.subst(*args), span);
            }
        }
    }

    fn let_else(
        &mut self,
        id: thir::StmtId,
        pat: thir::PatId,
        user_ty: Option<&thir::UserTy>,
        init: thir::ExprId,
        otherwise: thir::BlockId,
        block_scope: usize,
    ) {
        let thir = self.thir;
        let span = thir.stmts[id].span;
        self.extend_let(pat, init, block_scope);
        let failed = self.new_block();
        let depth = self.push_scope(last_byte(span));
        let outer = self.temp_scope.replace(depth);
        let place = self.as_place(init);
        let before = self.scheduled_count(block_scope);
        let init_span = thir.exprs[init].span;
        self.fake_read(FakeReadCause::Mention, &place, init_span);
        self.ascribe(&place, user_ty);
        // Temporaries die before the `else` block runs (edition 2024); extended ones live in the block's scope and stay.
        let leave_failed = self.new_block();
        self.fail_edge(leave_failed, depth, ScopeExit::LetElse(id), failed, span);
        self.bind_refutable(pat, (place, init_span), block_scope, leave_failed);
        self.ascribe_bindings(pat, user_ty);
        self.temp_scope = outer;
        self.pop_scope(ScopeExit::StmtEnd(id));
        let matched = self.cur;

        // What the pattern binds is not there in the `else` block: it is not scheduled yet as far as that is concerned.
        let bound = self.detach_scheduled(block_scope, before);
        self.start(failed);
        let never = rgo_typeck::ty::Ty::new(rgo_typeck::ty::TyKind::Never);
        let dest = Place::local(self.new_temp(never, thir.blocks[otherwise].span, None));
        self.block_into(&dest, otherwise);
        self.terminate(TerminatorKind::Unreachable, thir.blocks[otherwise].span);
        self.attach_scheduled(block_scope, bound);
        self.start(matched);
    }

    /// An expression whose value is not used.
    fn expr_statement(&mut self, id: thir::ExprId) {
        let thir = self.thir;
        let expr = &thir.exprs[id];
        match &expr.kind {
            ExprKind::Assign { .. }
            | ExprKind::AssignOp { .. }
            | ExprKind::DestructureAssign { .. }
            | ExprKind::Break { .. }
            | ExprKind::Continue { .. }
            | ExprKind::Return { .. } => self.effect(id),
            ExprKind::Coerce { kind: thir::Coercion::NeverToAny, expr } => self.expr_statement(*expr),
            _ => {
                self.as_temp(id);
            }
        }
    }

    pub(super) fn declare_variable(&mut self, id: thir::LocalId, matched: Option<Span>) -> LocalId {
        let variable = &self.thir.locals[id];
        let local = self.locals.alloc(LocalDecl {
            ty: variable.ty,
            kind: LocalKind::User { name: variable.name, thir: id, by_ref: variable.by_ref, matched },
            mutability: if variable.mutable { Mutability::Mut } else { Mutability::Not },
            span: variable.span,
            user_ty: None,
        });
        self.variables.insert(id, super::Variable { local, guard: None });
        local
    }

    /// Expressions done for their effect, with value `()` or `!`.
    pub(super) fn effect(&mut self, id: thir::ExprId) {
        let thir = self.thir;
        let span = thir.exprs[id].span;
        match &thir.exprs[id].kind {
            ExprKind::Assign { place, value } => self.assignment(id, *place, *value),
            ExprKind::AssignOp { op, place, value } => {
                let value = self.as_operand(*value);
                let ty = thir.exprs[*place].ty;
                let place = self.as_place_mut(*place);
                self.check_arithmetic(*op, ty, &value, span);
                let result = Rvalue::Binary(*op, Operand::Copy(place.clone()), value);
                self.assign(place, result, span);
            }
            ExprKind::DestructureAssign { pat, value, assigns } => {
                let depth = self.push_scope(last_byte(span));
                let outer = self.temp_scope.replace(depth);
                self.extend_let(*pat, *value, depth);
                // `let (a, _) = value;` comes first: what the pattern leaves of the value dies before anything is assigned.
                self.terminating(ScopeExit::ExprEnd(*value), last_byte(span), |b| {
                    b.let_init(*pat, None, *value, depth);
                });
                for (local, place) in assigns {
                    let ty = self.thir.locals[*local].ty;
                    let variable = self.variable_place(*local, ty, span);
                    let value = self.consume(variable, ty);
                    self.store(*place, *place, value, span);
                }
                self.temp_scope = outer;
                self.pop_scope(ScopeExit::ExprEnd(id));
            }
            ExprKind::Break { label, value } => self.break_(id, *label, *value),
            ExprKind::Continue { label } => {
                let target = self.breakables.iter().rev().find(|b| b.label == *label);
                if let Some((depth, Some(block))) = target.map(|b| (b.depth, b.continue_block)) {
                    self.leave(depth, ScopeExit::Jump(id));
                    self.goto(block, span);
                }
                self.start_dead();
            }
            ExprKind::Return { value } => {
                let ret = Place::local(self.ret);
                match value {
                    Some(value) => self.into(&ret, *value),
                    None => self.assign_unit(&ret, span),
                }
                self.return_from(id, span);
            }
            _ => {}
        }
    }

    /// Leaves the function by `exit`, the return place being set.
    pub(super) fn return_from(&mut self, exit: thir::ExprId, span: Span) {
        self.leave(0, ScopeExit::Jump(exit));
        let target = self.return_block;
        self.goto(target, span);
        self.start_dead();
    }

    fn break_(&mut self, id: thir::ExprId, label: rgo_hir::body::LabelId, value: Option<thir::ExprId>) {
        let span = self.thir.exprs[id].span;
        let target = self.breakables.iter().rev().find(|b| b.label == label);
        let target = target.map(|b| (b.depth, b.break_block, b.destination.clone()));
        if let Some((depth, block, dest)) = target {
            match value {
                Some(value) => self.into(&dest, value),
                None => self.assign_unit(&dest, span),
            }
            self.leave(depth, ScopeExit::Jump(id));
            self.goto(block, span);
        }
        self.start_dead();
    }

    fn assignment(&mut self, id: thir::ExprId, place: thir::ExprId, value: thir::ExprId) {
        let span = self.thir.exprs[id].span;
        let value = self.as_operand(value);
        self.store(id, place, value, span);
    }

    /// Puts a value in a place, dropping what was there; `id` is what the drop goes by.
    fn store(&mut self, id: thir::ExprId, place: thir::ExprId, value: Operand, span: Span) {
        let ty = self.thir.exprs[place].ty;
        let place = self.as_place_mut(place);
        if self.types.needs_drop(ty) {
            let target = self.new_block();
            let on_panic = self.blocks.alloc(BasicBlock { is_cleanup: true, ..BasicBlock::default() });
            let why = DropReason::Assign(id);
            let drop = TerminatorKind::Drop { place: place.clone(), target, unwind: Some(on_panic), why };
            self.moved([&value]);
            self.terminate(drop, span);
            self.start(on_panic);
            self.assign(place.clone(), Rvalue::Use(value.clone()), span);
            let resume = self.unwind_or_resume();
            self.goto(resume, span);
            self.start(target);
        } else {
            self.moved([&value]);
        }
        self.assign(place, Rvalue::Use(value), span);
    }
}
