//! Expressions as values.

use rgo_hir::body::LogicalOp;
use rgo_typeck::thir::{Coercion, ExprId, ExprKind, StmtKind as ThirStmt, UnaryOp as ThirUnary};
use rgo_typeck::ty::{Ty, TyKind};

use super::matching::Subject;
use super::*;
use crate::mono::forms::{OptionForm, Returns};

impl Lower<'_, '_> {
    /// The value of an expression in the form in which it is stored.
    pub(super) fn value(&mut self, expr: ExprId) -> Expr {
        let val = self.val(expr);
        let ty = self.expr_ty(expr);
        self.stored(val, ty)
    }

    /// A value put together from its parts.
    pub(super) fn stored(&mut self, val: Val, ty: Ty) -> Expr {
        match val {
            Val::One(expr) => expr,
            Val::Option(value, some) => self.make_option(value, some, ty),
            Val::Result(parts) => self.make_result(*parts, ty),
            Val::Parts(parts) => self.make_tuple(parts, ty),
            Val::Multi(call) => match self.cx.returns(ty) {
                Returns::Option(_) => Expr::call(self.cx.runtime("OptionOf"), vec![call]),
                Returns::Several(types) => {
                    let name = format!("MakeTuple{}", types.len());
                    Expr::call(self.cx.runtime(&name), vec![call])
                }
                Returns::Result(form) => self.stored_call(call, &form, ty),
                Returns::Nothing | Returns::One(_) => call,
            },
        }
    }

    fn make_option(&mut self, value: Expr, some: Expr, ty: Ty) -> Expr {
        let form = self.go_ty(ty);
        if let Some(payload) = self.cx.option_payload(ty)
            && self.cx.option_form(payload) == OptionForm::Nil
        {
            return self.nil_option(value, some, form);
        }
        match (&value, &some) {
            (_, Expr::Lit(Lit::Bool(false))) => Expr::composite(form, Vec::new()),
            _ => Expr::keyed(form, vec![("Val".into(), fitted(value)), ("Some".into(), some)]),
        }
    }

    /// A payload that may be there as what is nil where it is not.
    fn nil_option(&mut self, value: Expr, some: Expr, form: Type) -> Expr {
        if matches!(&value, Expr::Var(var) if self.nil_if_missing.contains(var)) {
            return value;
        }
        match &some {
            Expr::Lit(Lit::Bool(true)) => return value,
            Expr::Lit(Lit::Bool(false)) => return Expr::nil(),
            _ => {}
        }
        let var = self.locals.temporary("found");
        self.emit(StmtKind::Var(var, form, None));
        self.emit(StmtKind::if_else(some, vec![StmtKind::assign(Expr::Var(var), value).into()], Vec::new()));
        Expr::Var(var)
    }

    pub(super) fn make_tuple(&mut self, parts: Vec<Expr>, ty: Ty) -> Expr {
        if parts.is_empty() {
            return Expr::composite(Type::unit(), Vec::new());
        }
        let form = self.go_ty(ty);
        Expr::keyed(
            form,
            parts.into_iter().enumerate().map(|(i, part)| (format!("F{i}").into(), fitted(part))).collect(),
        )
    }

    /// The value, in whatever form it comes.
    pub(super) fn val(&mut self, expr: ExprId) -> Val {
        let val = self.val_inner(expr);
        if self.dropped_temps.contains(&expr) && (!self.is_place(expr) || self.is_moved(expr)) {
            let ty = self.expr_ty(expr);
            let value = self.stored(val, ty);
            self.temp_vars.remove(&expr);
            return Val::One(self.guard_temp(expr, value));
        }
        val
    }

    fn val_inner(&mut self, expr: ExprId) -> Val {
        let body = self.body;
        let node = &body.exprs[expr];
        let span = node.span;
        if let Some(Subject::Option(value, some, _)) = self.known_subject(expr) {
            return Val::Option(value, some);
        }
        Val::One(match &node.kind {
            ExprKind::Local(_)
            | ExprKind::Upvar(_)
            | ExprKind::Static(_)
            | ExprKind::Deref(_)
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::PlaceAscription { .. } => self.use_place(expr),
            ExprKind::Literal(value) => {
                let ty = self.ty(node.ty);
                self.literal(value, ty, span)
            }
            ExprKind::Const { def, args, .. } => {
                let args = self.cx.concrete_args(*args, self.args);
                let ty = self.ty(node.ty);
                self.named_const(*def, args, ty, span)
            }
            ExprKind::ConstParam(value) => {
                let ty = self.ty(node.ty);
                self.const_param(*value, ty, span)
            }
            ExprKind::FnItem { def, args, .. } => {
                let args = self.cx.concrete_args(*args, self.args);
                self.fn_value(*def, args, span)
            }
            ExprKind::Unary { op, expr: operand } => self.unary(*op, *operand),
            ExprKind::Binary { op, lhs, rhs } => self.binary(expr, *op, *lhs, *rhs),
            ExprKind::Logical { op, lhs, rhs } => return self.logical(expr, *op, *lhs, *rhs),
            ExprKind::Cast { kind, expr: operand, .. } => {
                let to = self.ty(node.ty);
                self.cast(*kind, *operand, to)
            }
            ExprKind::Coerce { kind, expr: operand } => return self.coerce(kind.clone(), *operand, node.ty, span),
            ExprKind::Borrow { kind, place, .. } => self.borrow(*kind, *place),
            ExprKind::Call { callee, args, source } => return self.call(expr, *callee, args, *source),
            ExprKind::Adt(adt) => return self.adt(expr, adt),
            ExprKind::Array(items) => {
                let ty = self.ty(node.ty);
                self.array(items, ty)
            }
            ExprKind::VecMacro(items) => {
                let ty = self.ty(node.ty);
                self.array(items, ty)
            }
            ExprKind::Repeat { value, len } => {
                let len = self.const_usize(*len);
                self.repeat(*value, len, expr)
            }
            ExprKind::VecRepeat { value, len } => self.vec_repeat(*value, *len, expr),
            ExprKind::Tuple(items) => {
                let parts = self.operands(items);
                return Val::Parts(parts);
            }
            ExprKind::Range { start, end, inclusive } => {
                let ty = self.ty(node.ty);
                self.range(*start, *end, *inclusive, ty)
            }
            ExprKind::Closure { def } => self.closure_expr(expr, *def),
            ExprKind::FormatArgs(format) => self.format_arguments(format),
            ExprKind::Block(block) if self.is_plain_block(*block) => match body.blocks[*block].tail {
                Some(tail) => return self.val(tail),
                None => self.unit(),
            },
            ExprKind::Let { .. } => self.condition_value(expr),
            ExprKind::Try { expr: operand, convert, ret } => return self.question(expr, *operand, *convert, *ret),
            ExprKind::Block(_) | ExprKind::If { .. } | ExprKind::Match { .. } | ExprKind::Loop { .. } => {
                return self.compound(expr);
            }
            ExprKind::While { .. }
            | ExprKind::For { .. }
            | ExprKind::Assign { .. }
            | ExprKind::AssignOp { .. }
            | ExprKind::DestructureAssign { .. } => {
                self.into(expr, &Dest::Discard);
                self.unit()
            }
            ExprKind::Break { .. } | ExprKind::Continue { .. } | ExprKind::Return { .. } => {
                self.into(expr, &Dest::Discard);
                let ty = self.ty(node.ty);
                self.cx.zero(ty)
            }
            ExprKind::Error => self.unsupported(span, "an expression with errors"),
        })
    }

    pub(super) fn unit(&mut self) -> Expr {
        Expr::composite(Type::unit(), Vec::new())
    }

    /// A place read as a value. Moving out of it ends the duty to drop it.
    fn use_place(&mut self, expr: ExprId) -> Expr {
        let value = self.place(expr);
        self.after_move(expr);
        self.copied_function(expr, &value).unwrap_or(value)
    }

    /// An `if`, `match`, `loop` or block whose value is needed as an operand: through a variable.
    fn compound(&mut self, expr: ExprId) -> Val {
        let ty = self.expr_ty(expr);
        if ty.is_unit() || ty.is_never() {
            self.into(expr, &Dest::Discard);
            return Val::One(self.unit());
        }
        if let ExprKind::Block(block) = &self.body.exprs[expr].kind
            && self.body.blocks[*block].label.is_none()
        {
            return self.block_val(*block);
        }
        if ty.is_bool()
            && let Some(condition) = self.match_condition(expr)
        {
            return Val::One(condition);
        }
        let (dest, val) = self.result_vars(ty);
        self.into(expr, &dest);
        val
    }

    fn is_plain_block(&self, id: thir::BlockId) -> bool {
        let block = &self.body.blocks[id];
        block.stmts.is_empty()
            && block.label.is_none()
            && !self.has_drops(rgo_mir::ScopeExit::BlockEnd(id))
            && block.tail.is_none_or(|tail| !self.has_drops(rgo_mir::ScopeExit::ExprEnd(tail)))
    }

    /// Sends the value of an expression where it has to go.
    pub(super) fn into(&mut self, expr: ExprId, dest: &Dest) {
        let body = self.body;
        let node = &body.exprs[expr];
        match &node.kind {
            ExprKind::Block(block) => self.block_into(*block, dest),
            ExprKind::If { cond, then, otherwise } => self.if_into(*cond, *then, *otherwise, dest),
            ExprKind::Match { scrutinee, arms, .. } => match self.condition_of_match(expr, arms, dest) {
                Some(condition) => self.send(Val::One(condition), node.ty, dest),
                None => self.match_into(*scrutinee, arms, dest),
            },
            ExprKind::Loop { label, body } => self.loop_into(expr, *label, *body, dest),
            ExprKind::While { label, cond, body } => self.while_loop(expr, *label, *cond, *body),
            ExprKind::For { label, pat, iter, next, item, body } => {
                self.for_loop(expr, *label, *pat, *iter, **next, *item, *body)
            }
            ExprKind::Break { label, value } => self.break_(expr, *label, *value),
            ExprKind::Continue { label } => self.continue_(expr, *label),
            ExprKind::Return { value } => self.return_(expr, *value),
            ExprKind::Assign { place, value } => self.assign(expr, *place, *value),
            ExprKind::AssignOp { op, place, value } => self.assign_op(expr, *op, *place, *value),
            ExprKind::DestructureAssign { pat, value, assigns } => self.destructure_assign(expr, *pat, *value, assigns),
            ExprKind::Coerce { kind: Coercion::NeverToAny, expr: inner } => {
                self.into(*inner, &Dest::Discard);
            }
            ExprKind::Call { callee, args, .. }
                if self.leaves_function(dest)
                    && !self.dropped_temps.contains(&expr)
                    && self.inline_into(expr, *callee, args, dest) => {}
            _ => {
                let val = self.val(expr);
                let ty = self.expr_ty(expr);
                self.send(val, ty, dest);
            }
        }
    }

    /// Sends a value that is at hand.
    pub(super) fn send(&mut self, val: Val, ty: Ty, dest: &Dest) {
        match dest {
            Dest::Discard => match val {
                Val::One(expr) | Val::Multi(expr) => self.emit(StmtKind::Expr(expr)),
                Val::Option(a, b) => {
                    self.emit(StmtKind::Expr(a));
                    self.emit(StmtKind::Expr(b));
                }
                Val::Result(parts) => {
                    self.emit(StmtKind::Expr(parts.value));
                    if let ErrorVal::Stored(error) | ErrorVal::Go(error) = parts.error {
                        self.emit(StmtKind::Expr(error));
                    }
                }
                Val::Parts(parts) => parts.into_iter().for_each(|part| self.emit(StmtKind::Expr(part))),
            },
            Dest::Var(var) => {
                if ty.is_never() {
                    return;
                }
                let value = self.stored(val, ty);
                self.emit(StmtKind::assign(Expr::Var(*var), fitted(value)));
            }
            Dest::Option(value_var, some_var) => {
                if ty.is_never() {
                    return;
                }
                let places = vec![Some(Expr::Var(*value_var)), Some(Expr::Var(*some_var))];
                match val {
                    // The variables hold zeros.
                    Val::Option(_, Expr::Lit(Lit::Bool(false))) => {}
                    Val::Multi(call) => self.emit(StmtKind::Assign(places, vec![call])),
                    val => {
                        let (value, some) = self.option_parts(val, ty);
                        self.emit(StmtKind::Assign(places, vec![fitted(value), some]));
                    }
                }
            }
            Dest::Return => self.send_return(val, ty),
            Dest::Exit => self.send_exit(val, ty),
        }
    }

    /// `return` with the results that stand for the value.
    pub(super) fn send_return(&mut self, val: Val, ty: Ty) {
        if ty.is_never() && !self.ret.is_never() {
            if let Val::One(expr) | Val::Multi(expr) = val {
                self.emit(StmtKind::Expr(expr));
            }
            return;
        }
        if self.exit.is_some() {
            match ty.is_unit() {
                true => self.send(val, ty, &Dest::Discard),
                false => self.send_exit(val, ty),
            }
            return self.leave();
        }
        let ret = self.ret;
        match (self.cx.returns(ret), val) {
            (Returns::Nothing, val) => {
                self.send(val, ty, &Dest::Discard);
                self.emit(StmtKind::Return(Vec::new()));
            }
            (Returns::Result(form), val) => self.return_result(&form, val, ty),
            (Returns::Option(_) | Returns::Several(_), Val::Multi(call)) => self.emit(StmtKind::Return(vec![call])),
            (Returns::Option(_), Val::Option(value, some)) => {
                let value = match &some {
                    Expr::Lit(Lit::Bool(false)) => {
                        let payload = self.cx.option_payload(ret).unwrap_or(ret);
                        self.cx.zero(payload)
                    }
                    _ => fitted(value),
                };
                self.emit(StmtKind::Return(vec![value, some]));
            }
            (Returns::Option(_), val) => {
                let (value, some) = self.option_parts(val, ty);
                self.emit(StmtKind::Return(vec![value, some]));
            }
            (Returns::Several(_), Val::Parts(parts)) => {
                self.emit(StmtKind::Return(parts.into_iter().map(fitted).collect()))
            }
            (Returns::Several(types), val) => {
                let value = self.stored(val, ty);
                let place = self.stable_place(value, "v");
                self.emit(StmtKind::Return((0..types.len()).map(|i| place.clone().select(&format!("F{i}"))).collect()));
            }
            (Returns::One(_), val) => {
                let value = self.stored(val, ty);
                self.emit(StmtKind::Return(vec![fitted(value)]));
            }
        }
    }

    /// The value as something that may be mentioned twice.
    pub(super) fn stable_place(&mut self, value: Expr, name: &str) -> Expr {
        if is_repeatable(&value) { value } else { self.temp(name, value) }
    }

    fn unary(&mut self, op: ThirUnary, operand: ExprId) -> Expr {
        let ty = self.expr_ty(operand);
        let value = self.value(operand);
        match op {
            ThirUnary::Not if ty.is_bool() => negated(value),
            ThirUnary::Not => {
                let mut expr = Expr::unary(UnaryOp::Complement, value);
                crate::go::fold::simplify(&mut expr);
                expr
            }
            ThirUnary::Neg => self.negate(value, ty),
        }
    }

    /// `&&` and `||`; the right side may need statements, which then must not run always.
    fn logical(&mut self, expr: ExprId, op: LogicalOp, lhs: ExprId, rhs: ExprId) -> Val {
        if self.has_let(expr) {
            return Val::One(self.condition_value(expr));
        }
        let left = self.operand_of_condition(lhs);
        let mut right = Expr::nil();
        let stmts = self.block(|lower| right = lower.operand_of_condition(rhs));
        let go_op = match op {
            LogicalOp::And => BinaryOp::LogicalAnd,
            LogicalOp::Or => BinaryOp::LogicalOr,
        };
        if stmts.is_empty() {
            return Val::One(Expr::binary(go_op, left, right));
        }
        let var = self.locals.temporary("ok");
        self.emit(StmtKind::define(var, left));
        let mut then = stmts;
        then.push(StmtKind::assign(Expr::Var(var), right).into());
        let cond = match op {
            LogicalOp::And => Expr::Var(var),
            LogicalOp::Or => Expr::Var(var).negate(),
        };
        self.emit(StmtKind::if_else(cond, then, Vec::new()));
        Val::One(Expr::Var(var))
    }

    fn coerce(&mut self, kind: Coercion, operand: ExprId, to: Ty, span: Span) -> Val {
        let to = self.ty(to);
        match kind {
            Coercion::NeverToAny => {
                self.into(operand, &Dest::Discard);
                Val::One(self.cx.zero(to))
            }
            Coercion::UnsizeArray => {
                let from = self.expr_ty(operand);
                let value = self.value(operand);
                // `Rc` and its kin hold a pointer; and a struct may end in an array.
                let is_pointer = !self.cx.adt_lang(from).is_some_and(|lang| matches!(lang, "rc" | "arc"));
                Val::One(match self.pointee(to).map(Ty::kind) {
                    Some(TyKind::Slice(_)) if is_pointer => self.unsize_array(value, from),
                    _ => self.unsize_dyn(value, from, to, span),
                })
            }
            Coercion::UnsizeDyn | Coercion::DynUpcast => {
                let from = self.expr_ty(operand);
                let value = self.value(operand);
                // Only the bound of an object was shortened.
                if from == to {
                    return Val::One(value);
                }
                Val::One(self.unsize_dyn(value, from, to, span))
            }
            Coercion::ReifyFn | Coercion::ClosureFnPtr => Val::One(self.value(operand)),
            Coercion::MutToConst => {
                let from = self.expr_ty(operand);
                let value = self.value(operand);
                Val::One(self.share(value, from, to))
            }
        }
    }

    /// `&[T; N]` as `&[T]`.
    pub(super) fn unsize_array(&mut self, value: Expr, from: Ty) -> Expr {
        match self.pointee(from).map(Ty::kind) {
            Some(TyKind::Array(..)) => match value {
                Expr::Unary(UnaryOp::Addr, place) => place.slice(None, None),
                pointer => pointer.slice(None, None),
            },
            _ => value,
        }
    }

    pub(super) fn pointee(&mut self, ty: Ty) -> Option<Ty> {
        match ty.kind() {
            TyKind::Ref(_, inner, _) => Some(*inner),
            TyKind::Adt(_, args) => match self.cx.adt_lang(ty) {
                Some("box" | "shared_ptr" | "owned_ptr" | "rc" | "arc") => Some(args.ty(0)),
                _ => None,
            },
            _ => None,
        }
    }

    /// A mutable reference where a shared one is wanted.
    pub(super) fn share(&mut self, value: Expr, from: Ty, to: Ty) -> Expr {
        match (from.kind(), to.kind()) {
            (
                TyKind::Ref(_, inner, rgo_hir::body::Mutability::Mut),
                TyKind::Ref(_, _, rgo_hir::body::Mutability::Not),
            ) => {
                let place = self.follow(value, from);
                self.reference(place, *inner, rgo_hir::body::Mutability::Not)
            }
            _ => value,
        }
    }

    /// An `Option` in its two parts, `value` possibly mentioned twice.
    pub(super) fn option_parts(&mut self, val: Val, ty: Ty) -> (Expr, Expr) {
        let payload = self.cx.option_payload(ty).unwrap_or(ty);
        let form = self.cx.option_form(payload);
        match (val, form) {
            (Val::Option(value, some), _) => (value, some),
            (Val::Multi(call), _) => {
                let value = self.locals.temporary("v");
                let some = self.locals.temporary("ok");
                self.emit(StmtKind::Define(vec![Some(value), Some(some)], vec![call]));
                (Expr::Var(value), Expr::Var(some))
            }
            (Val::One(Expr::Composite(option)), OptionForm::Tagged) => self.written_parts(*option, payload),
            (Val::One(stored), OptionForm::Tagged) => {
                let place = self.stable_place(stored, "v");
                (place.clone().select("Val"), place.select("Some"))
            }
            (Val::One(stored), OptionForm::Nil) => {
                let place = self.stable_place(stored, "v");
                (place.clone(), Expr::binary(BinaryOp::Ne, place, Expr::nil()))
            }
            (Val::Parts(_) | Val::Result(_), _) => (Expr::nil(), Expr::bool(false)),
        }
    }

    /// The parts of an option that is written out: what is not mentioned is nothing.
    fn written_parts(&mut self, option: Composite, payload: Ty) -> (Expr, Expr) {
        let mut parts = (None, None);
        for element in option.elements {
            match element.key {
                Some(Expr::Name(name)) if &*name == "Val" => parts.0 = Some(element.value),
                _ => parts.1 = Some(element.value),
            }
        }
        (parts.0.unwrap_or_else(|| self.cx.zero(payload)), parts.1.unwrap_or_else(|| Expr::bool(false)))
    }

    pub(super) fn has_let(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Let { .. } => true,
            ExprKind::Logical { lhs, rhs, .. } => self.has_let(*lhs) || self.has_let(*rhs),
            _ => false,
        }
    }

    /// The statements of a block, without its tail.
    pub(super) fn stmts(&mut self, stmts: &[thir::StmtId]) {
        let body = self.body;
        for id in stmts {
            let stmt = &body.stmts[*id];
            self.mark(stmt.span);
            match &stmt.kind {
                ThirStmt::Expr(expr) => {
                    self.is_outermost = false;
                    self.discarded = Some(*expr);
                    self.into(*expr, &Dest::Discard);
                    self.discarded = None;
                }
                ThirStmt::Let { pat, init, otherwise, .. } => self.let_(*id, *pat, *init, *otherwise),
            }
            self.drops(rgo_mir::ScopeExit::StmtEnd(*id));
        }
    }
}

/// Whether the expression may stand in the text twice.
pub(super) fn is_repeatable(expr: &Expr) -> bool {
    match expr {
        Expr::Var(_) | Expr::Lit(_) | Expr::Typed(..) | Expr::Const(..) | Expr::Name(_) => true,
        Expr::Select(base, _) | Expr::Unary(UnaryOp::Deref, base) => is_repeatable(base),
        Expr::Index(base, index) => is_repeatable(base) && is_repeatable(index),
        Expr::Entry(entry) => is_repeatable(&entry.map) && is_repeatable(&entry.key),
        _ => false,
    }
}

pub(super) fn negated(value: Expr) -> Expr {
    let mut expr = value.negate();
    crate::go::fold::simplify(&mut expr);
    expr
}
