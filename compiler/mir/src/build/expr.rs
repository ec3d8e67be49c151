//! Expressions into a place, as operands, as temporaries.

use rgo_hir::body::{LogicalOp, Mutability};
use rgo_syntax::Span;
use rgo_typeck::thir::{self, BorrowKind, CallSource, Coercion, ExprKind};
use rgo_typeck::ty::{ConstValue, GenericArg, List, Ty, TyKind};

use super::scope::Breakable;
use super::{Builder, is_constructor, last_byte, unit_ty};
use crate::mir::*;

impl Builder<'_> {
    /// Evaluates `id` and puts its value in `dest`, which holds nothing yet.
    pub(super) fn into(&mut self, dest: &Place, id: thir::ExprId) {
        let thir = self.thir;
        let expr = &thir.exprs[id];
        let span = expr.span;
        match &expr.kind {
            ExprKind::Block(block) => self.block_into(dest, *block),
            ExprKind::If { cond, then, otherwise } => self.if_into(dest, *cond, *then, *otherwise, span),
            ExprKind::Match { scrutinee, arms, .. } => self.match_into(dest, *scrutinee, arms, span),
            ExprKind::Let { .. } => self.bool_into(dest, id, span),
            ExprKind::Logical { op: LogicalOp::And | LogicalOp::Or, .. } => self.bool_into(dest, id, span),
            ExprKind::Loop { label, body } => self.loop_into(dest, *label, *body, span),
            ExprKind::While { label, cond, body } => self.while_into(dest, *label, *cond, *body, span),
            ExprKind::For { label, pat, iter, next, item, body } => {
                self.for_into(dest, id, *label, *pat, *iter, **next, *item, *body);
            }
            ExprKind::Call { callee, args, source } => self.call_into(dest, id, *callee, args, *source),
            ExprKind::Try { expr, convert, ret } => self.try_into(dest, id, *expr, *convert, *ret),
            ExprKind::Coerce { kind: Coercion::NeverToAny, expr } => {
                self.as_temp(*expr);
                self.terminate(TerminatorKind::Unreachable, span);
                self.start_dead();
            }
            ExprKind::Borrow { kind, place, .. } => {
                if let Some(promoted) = self.promoted(id, *kind, *place) {
                    self.assign(dest.clone(), Rvalue::Use(promoted), span);
                    return;
                }
                let place = match kind {
                    BorrowKind::Shared | BorrowKind::Fake => self.as_place(*place),
                    BorrowKind::Mut { .. } | BorrowKind::Unique => self.as_place_mut(*place),
                };
                self.assign(dest.clone(), Rvalue::Ref(*kind, place), span);
            }
            ExprKind::Assign { .. } | ExprKind::AssignOp { .. } | ExprKind::DestructureAssign { .. } => {
                self.effect(id);
                self.assign_unit(dest, span);
            }
            ExprKind::Break { .. } | ExprKind::Continue { .. } | ExprKind::Return { .. } => self.effect(id),
            ExprKind::Local(_)
            | ExprKind::Upvar(_)
            | ExprKind::Static(_)
            | ExprKind::Deref(_)
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::PlaceAscription { .. } => {
                let place = self.as_place(id);
                let value = self.consume(place, expr.ty);
                self.assign(dest.clone(), Rvalue::Use(value), span);
            }
            _ => {
                let value = self.as_rvalue(id);
                if let Rvalue::Aggregate(_, operands) | Rvalue::FormatArgs(operands) = &value {
                    self.moved(operands);
                }
                if let Rvalue::Use(operand) | Rvalue::Cast(_, operand, _) | Rvalue::Repeat(operand, _) = &value {
                    self.moved([operand]);
                }
                self.assign(dest.clone(), value, span);
            }
        }
    }

    /// A new temporary with this value, dying in the temporary scope of the expression.
    pub(super) fn as_temp(&mut self, id: thir::ExprId) -> LocalId {
        let expr = &self.thir.exprs[id];
        let (ty, span) = (expr.ty, expr.span);
        let scope = self.extended.get(&id).copied().unwrap_or(self.temp_scope);
        let temp = self.new_temp(ty, span, Some(id));
        if let Some(scope) = scope {
            self.push(StatementKind::StorageLive(temp), span);
            self.schedule_storage(scope, temp);
        }
        self.into(&Place::local(temp), id);
        if let Some(scope) = scope {
            self.schedule_value(scope, temp);
        }
        temp
    }

    /// A value to be used once, soon: a constant, or moved out of a temporary.
    pub(super) fn as_operand(&mut self, id: thir::ExprId) -> Operand {
        if let Some(constant) = self.as_constant(id) {
            return constant;
        }
        let expr = &self.thir.exprs[id];
        let (ty, span) = (expr.ty, expr.span);
        let temp = self.new_temp(ty, span, Some(id));
        self.into(&Place::local(temp), id);
        if let Some(scope) = self.temp_scope {
            self.schedule_value(scope, temp);
        }
        Operand::Move(Place::local(temp))
    }

    pub(super) fn as_constant(&mut self, id: thir::ExprId) -> Option<Operand> {
        let expr = &self.thir.exprs[id];
        let (kind, user_args) = match &expr.kind {
            ExprKind::Literal(value) => (ConstOperandKind::Value(value.clone()), None),
            ExprKind::Const { def, args, user_args } => (ConstOperandKind::Item(*def, *args), user_args.clone()),
            ExprKind::ConstParam(value) => (ConstOperandKind::Param(*value), None),
            ExprKind::FnItem { def, args, user_args } => (ConstOperandKind::Fn(*def, *args), user_args.clone()),
            ExprKind::Error => (ConstOperandKind::Error, None),
            _ => return None,
        };
        Some(Operand::Const(Box::new(ConstOperand { kind, ty: expr.ty, span: expr.span, user_args })))
    }

    fn call_into(
        &mut self,
        dest: &Place,
        id: thir::ExprId,
        callee: thir::ExprId,
        args: &[thir::ExprId],
        source: CallSource,
    ) {
        let thir = self.thir;
        let span = thir.exprs[id].span;
        if let ExprKind::FnItem { def, args: generic, user_args } = &thir.exprs[callee].kind
            && is_constructor(*def)
        {
            let operands: Vec<Operand> = args.iter().map(|arg| self.as_operand(*arg)).collect();
            self.moved(&operands);
            let (adt, variant) = crate::types::constructed(self.db, *def);
            let written = user_args.as_ref().map(|path| {
                let fields = args.iter().map(|arg| thir.exprs[*arg].span).collect();
                Box::new(WrittenAdt { path: (**path).clone(), fields })
            });
            let kind = AggregateKind::Adt { adt, variant, args: *generic, written };
            self.assign(dest.clone(), Rvalue::Aggregate(kind, operands), span);
            return;
        }
        let fn_span = thir.exprs[callee].span;
        let callee = self.as_operand(callee);
        let args: Vec<(Operand, Span)> =
            args.iter().map(|arg| (self.as_operand(*arg), thir.exprs[*arg].span)).collect();
        self.moved(args.iter().map(|(arg, _)| arg));
        self.moved([&callee]);
        let never = matches!(thir.exprs[id].ty.kind(), TyKind::Never);
        self.call(callee, args, dest.clone(), span, fn_span, source, !never);
    }

    fn call(
        &mut self,
        callee: Operand,
        args: Vec<(Operand, Span)>,
        destination: Place,
        span: Span,
        fn_span: Span,
        source: CallSource,
        returns: bool,
    ) {
        let unwind = self.unwind();
        let after = self.new_block();
        let target = returns.then_some(after);
        self.terminate(TerminatorKind::Call { callee, args, destination, target, unwind, source, fn_span }, span);
        self.start(after);
    }

    fn if_into(
        &mut self,
        dest: &Place,
        cond: thir::ExprId,
        then: thir::ExprId,
        otherwise: Option<thir::ExprId>,
        span: Span,
    ) {
        let thir = self.thir;
        let end = self.new_block();
        let else_block = self.new_block();
        let depth = self.push_scope(last_byte(thir.exprs[then].span));
        let outer = self.temp_scope.replace(depth);
        self.cond(cond, depth, else_block);
        self.terminating(ScopeExit::ExprEnd(then), last_byte(thir.exprs[then].span), |b| b.into(dest, then));
        self.temp_scope = outer;
        self.pop_scope(ScopeExit::ExprEnd(then));
        self.goto(end, span);
        self.start(else_block);
        match otherwise {
            Some(otherwise) => {
                let end = last_byte(thir.exprs[otherwise].span);
                self.terminating(ScopeExit::ExprEnd(otherwise), end, |b| b.into(dest, otherwise));
            }
            None => self.assign_unit(dest, span.last()),
        }
        self.goto(end, span);
        self.start(end);
    }

    fn bool_into(&mut self, dest: &Place, id: thir::ExprId, span: Span) {
        let end = self.new_block();
        let failed = self.new_block();
        let depth = self.push_scope(last_byte(span));
        let outer = self.temp_scope.replace(depth);
        self.cond(id, depth, failed);
        self.temp_scope = outer;
        self.pop_scope(ScopeExit::ExprEnd(id));
        for (value, block) in [(true, self.cur), (false, failed)] {
            self.start(block);
            let value = self.constant(ConstOperandKind::Value(ConstValue::Bool(value)), Ty::new(TyKind::Bool), span);
            self.assign(dest.clone(), Rvalue::Use(value), span);
            self.goto(end, span);
        }
        self.start(end);
    }

    // ----- loops -----

    fn loop_into(&mut self, dest: &Place, label: rgo_hir::body::LabelId, body: thir::ExprId, span: Span) {
        let head = self.new_block();
        let exit = self.new_block();
        self.enter_loop(head, span);
        self.push_loop(label, head, exit, dest);
        self.loop_body(body);
        self.breakables.pop();
        self.goto(head, span);
        self.start(exit);
    }

    /// Goes to `head` and continues behind its false unwind edge.
    fn enter_loop(&mut self, head: BlockId, span: Span) {
        self.goto(head, span);
        self.start(head);
        let real = self.new_block();
        let unwind = self.unwind();
        self.terminate(TerminatorKind::FalseUnwind { real, unwind }, span);
        self.start(real);
    }

    fn push_loop(&mut self, label: rgo_hir::body::LabelId, head: BlockId, exit: BlockId, dest: &Place) {
        self.breakables.push(Breakable {
            label,
            depth: self.scopes.len(),
            break_block: exit,
            continue_block: Some(head),
            destination: dest.clone(),
        });
    }

    fn loop_body(&mut self, body: thir::ExprId) {
        let thir = self.thir;
        let span = thir.exprs[body].span;
        let unit = Place::local(self.new_temp(unit_ty(), span, None));
        self.terminating(ScopeExit::ExprEnd(body), last_byte(span), |b| b.into(&unit, body));
    }

    fn while_into(
        &mut self,
        dest: &Place,
        label: rgo_hir::body::LabelId,
        cond: thir::ExprId,
        body: thir::ExprId,
        span: Span,
    ) {
        let head = self.new_block();
        let exit = self.new_block();
        let done = self.new_block();
        self.enter_loop(head, span);
        self.push_loop(label, head, exit, dest);
        let depth = self.push_scope(last_byte(self.thir.exprs[body].span));
        let outer = self.temp_scope.replace(depth);
        self.cond(cond, depth, done);
        self.loop_body(body);
        self.temp_scope = outer;
        self.pop_scope(ScopeExit::ExprEnd(body));
        self.breakables.pop();
        self.goto(head, span);
        self.start(done);
        self.assign_unit(dest, span);
        self.goto(exit, span);
        self.start(exit);
    }

    fn for_into(
        &mut self,
        dest: &Place,
        id: thir::ExprId,
        label: rgo_hir::body::LabelId,
        pat: thir::PatId,
        iter: thir::ExprId,
        next: (rgo_hir::DefId, rgo_typeck::ty::Args),
        item: Ty,
        body: thir::ExprId,
    ) {
        let thir = self.thir;
        let span = thir.exprs[id].span;
        let iter_span = thir.exprs[iter].span;
        let iterator_ty = thir.exprs[iter].ty;
        // The iterator is a variable of the loop; temporaries of its expression live around the loop.
        let depth = self.push_scope(last_byte(span));
        let iterator = self.new_temp(iterator_ty, iter_span, Some(iter));
        self.push(StatementKind::StorageLive(iterator), iter_span);
        self.schedule_storage(depth, iterator);
        self.into(&Place::local(iterator), iter);
        self.schedule_value(depth, iterator);

        let head = self.new_block();
        let exit = self.new_block();
        let done = self.new_block();
        self.enter_loop(head, span);
        self.push_loop(label, head, exit, dest);
        let turn = self.push_scope(last_byte(span));
        let outer = self.temp_scope.replace(turn);
        let reference = Ty::new(TyKind::Ref(crate::types::erased_region(), iterator_ty, Mutability::Mut));
        let borrow = Rvalue::Ref(BorrowKind::Mut { two_phase: false }, Place::local(iterator));
        let borrowed = self.temp_of(reference, borrow, iter_span);
        let option_ty = self.option_of(item);
        let option = self.new_temp(option_ty, iter_span, Some(id));
        self.push(StatementKind::StorageLive(option), iter_span);
        self.schedule_storage(turn, option);
        let fn_ty = Ty::new(TyKind::FnDef(next.0, next.1));
        let callee = self.constant(ConstOperandKind::Fn(next.0, next.1), fn_ty, iter_span);
        let args = vec![(Operand::Move(Place::local(borrowed)), iter_span)];
        self.call(callee, args, Place::local(option), iter_span, iter_span, CallSource::Desugared, true);
        self.schedule_value(turn, option);

        // As `match next { None => break, Some(item) => body }`: the way out comes first.
        let (none, some, never) = (self.new_block(), self.new_block(), self.new_block());
        let variants = [(crate::types::NONE, none), (crate::types::SOME, some)];
        self.switch_variant(Place::local(option), &variants, never, iter_span);
        self.start(never);
        self.terminate(TerminatorKind::Unreachable, iter_span);
        self.start(none);
        let after_none = self.new_block();
        self.terminate(TerminatorKind::FalseEdge { real: after_none, imaginary: some }, iter_span);
        self.start(after_none);
        self.leave(turn, ScopeExit::CondFailed(id));
        self.goto(done, span);
        self.start(some);
        let value = Place::local(option).project(Projection::Downcast(crate::types::SOME)).field(0, item);
        self.bind_irrefutable(pat, (value, iter_span), turn);
        self.loop_body(body);
        self.temp_scope = outer;
        self.pop_scope(ScopeExit::ExprEnd(body));
        self.breakables.pop();
        self.goto(head, span);
        self.start(done);
        self.assign_unit(dest, span);
        self.goto(exit, span);
        self.start(exit);
        self.pop_scope(ScopeExit::ExprEnd(id));
    }

    pub(super) fn option_of(&self, item: Ty) -> Ty {
        match rgo_hir::lang_item(self.db, "option") {
            Some(option) => Ty::new(TyKind::Adt(option, List::new(&[GenericArg::Ty(item)]))),
            None => Ty::new(TyKind::Error),
        }
    }

    // ----- `?` -----

    fn try_into(
        &mut self,
        dest: &Place,
        id: thir::ExprId,
        inner: thir::ExprId,
        convert: Option<(rgo_hir::DefId, rgo_typeck::ty::Args)>,
        ret: Ty,
    ) {
        let thir = self.thir;
        let span = thir.exprs[id].span;
        let question = last_byte(span);
        let ty = thir.exprs[inner].ty;
        let value_ty = thir.exprs[id].ty;
        // Both ways move what the value holds out of it at once: it needs no drop.
        let value = self.new_temp(ty, thir.exprs[inner].span, None);
        self.into(&Place::local(value), inner);
        let place = Place::local(value);
        let (success, failure) = (self.new_block(), self.new_block());
        let ret_place = Place::local(self.ret);
        match ty.kind() {
            TyKind::Adt(_, args) if args.len() == 2 => {
                let GenericArg::Ty(error_ty) = args[1] else { return };
                self.switch_variant(place.clone(), &[(crate::types::OK, success)], failure, span);
                self.start(failure);
                let payload = place.clone().project(Projection::Downcast(crate::types::ERR)).field(0, error_ty);
                let mut error = self.consume(payload, error_ty);
                let (adt, args) = match ret.kind() {
                    TyKind::Adt(adt, args) => (*adt, *args),
                    _ => return,
                };
                let converted_ty = match args.get(1) {
                    Some(GenericArg::Ty(ty)) => *ty,
                    _ => return,
                };
                if let Some((def, args)) = convert {
                    let moved = self.new_temp(error_ty, question, None);
                    self.assign(Place::local(moved), Rvalue::Use(error), question);
                    let converted = self.new_temp(converted_ty, question, None);
                    let fn_ty = Ty::new(TyKind::FnDef(def, args));
                    let callee = self.constant(ConstOperandKind::Fn(def, args), fn_ty, question);
                    let args = vec![(Operand::Move(Place::local(moved)), question)];
                    let source = CallSource::Desugared;
                    self.call(callee, args, Place::local(converted), question, question, source, true);
                    error = Operand::Move(Place::local(converted));
                }
                let kind = AggregateKind::Adt { adt, variant: crate::types::ERR, args, written: None };
                self.assign(ret_place, Rvalue::Aggregate(kind, vec![error]), question);
                self.return_from(id, question);
                self.start(success);
                let payload = place.project(Projection::Downcast(crate::types::OK)).field(0, value_ty);
                let value = self.consume(payload, value_ty);
                self.assign(dest.clone(), Rvalue::Use(value), span);
            }
            _ => {
                self.switch_variant(place.clone(), &[(crate::types::SOME, success)], failure, span);
                self.start(failure);
                if let TyKind::Adt(adt, args) = ret.kind() {
                    let kind =
                        AggregateKind::Adt { adt: *adt, variant: crate::types::NONE, args: *args, written: None };
                    self.assign(ret_place, Rvalue::Aggregate(kind, Vec::new()), question);
                }
                self.return_from(id, question);
                self.start(success);
                let payload = place.project(Projection::Downcast(crate::types::SOME)).field(0, value_ty);
                let value = self.consume(payload, value_ty);
                self.assign(dest.clone(), Rvalue::Use(value), span);
            }
        }
    }
}
