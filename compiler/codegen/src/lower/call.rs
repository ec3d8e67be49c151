//! Calls: of functions, methods, constructors, closures, trait objects, and of what has a Go form of its own.

use rgo_hir::{DefId, DefKind};
use rgo_typeck::thir::{CallSource, ExprId, ExprKind};
use rgo_typeck::ty::{Args, ConstValue, Ty, TyKind};

use super::format::Stream;
use super::inline::Use;
use super::*;
use crate::attrs;
use crate::mono::constraint::Constraint;
use crate::mono::forms::{RefForm, Returns};
use crate::mono::functions::FuncRef;
use crate::queries::{self, Callee};

impl Lower<'_, '_> {
    pub(super) fn call(&mut self, expr: ExprId, callee: ExprId, args: &[ExprId], source: CallSource) -> Val {
        let overwritten = self.overwritten.take().filter(|(at, _)| *at == expr).map(|(_, how)| how);
        let is_unused = self.discarded.take() == Some(expr);
        let is_taken_apart = self.taken_apart.take() == Some(expr);
        if let Some(text) = self.tail_text(expr) {
            return text;
        }
        let body = self.body;
        let span = body.exprs[expr].span;
        let ExprKind::FnItem { def, args: generic, .. } = &body.exprs[callee].kind else {
            return self.call_value(expr, callee, args);
        };
        let generic = self.cx.concrete_args(*generic, self.args);
        if matches!(def.kind(), DefKind::Variant | DefKind::Struct) {
            return self.construct(expr, *def, args);
        }
        if let Some(val) = self.builder_call(*def, generic, args) {
            return val;
        }
        if let Some(val) = self.written_for_sure(*def, args) {
            return val;
        }
        if let Some(val) = self.unwrapped_call(*def, args, span) {
            return val;
        }
        if let Some(val) = self.copied_option(*def, generic, args, is_taken_apart) {
            return val;
        }
        if let Some(val) = self.value_of_result(*def, args) {
            return val;
        }
        if let Some(val) = self.compared_parts(*def, generic, args, span) {
            return val;
        }
        if let Some(val) = self.compared_bytes(*def, args) {
            return val;
        }
        if let Some(val) = self.special_call(*def, args) {
            return val;
        }
        if let Some(val) = self.size_of_chain(*def, args) {
            return val;
        }
        if self.is_fn_trait_method(*def) {
            if let Some(val) = self.call_of_impl(*def, generic, args, source, span) {
                return val;
            }
            let consumes = self.cx.lang_of(def.parent().unwrap_or(*def)) == Some("fn_once");
            return self.call_closure(expr, args, source, consumes.then(|| generic.ty(0)));
        }
        if let Some(lang) = self.cx.lang_of(*def).filter(|lang| super::maps::is_or_insert_name(lang))
            && let Some(val) = self.map_or_insert(expr, args, lang, overwritten)
        {
            return val;
        }
        let calls_once = attrs::calls_once(self.cx.db, *def);
        let generic = if calls_once { self.args_called_once(generic, args) } else { generic };
        if !(calls_once && self.has_owning_value(args))
            && let Some(val) = self.inline_call(*def, generic, args, Use::of_value(is_taken_apart))
        {
            return val;
        }
        self.note_overwriting_call(*def, args);
        let mut values = self.operands(args);
        if calls_once {
            values = values.into_iter().zip(args).map(|(value, arg)| self.value_called_once(value, *arg)).collect();
        }
        let tys: Vec<Ty> = args.iter().map(|a| self.expr_ty(*a)).collect();
        self.result_is_unused = is_unused;
        if self.cx.is_lang(*def, "hash_map_get_mut") {
            self.has_fixed_entry = self.fixed_entry(args);
        }
        let val = self.call_def(*def, generic, values, Some(&tys), span);
        self.result_is_unused = false;
        self.has_fixed_entry = (false, false);
        if self.expr_ty(expr).is_never() {
            self.send(val, Ty::unit(), &Dest::Discard);
            self.unreachable();
            return Val::One(self.unit());
        }
        val
    }

    /// `lock().unwrap()` and its like, where a method says what does both.
    fn unwrapped_call(&mut self, def: DefId, args: &[ExprId], span: Span) -> Option<Val> {
        let body = self.body;
        let (wrapped, rest) = args.split_first()?;
        let way = match (self.cx.lang_of(def)?, rest) {
            ("result_unwrap", []) => "unwrap",
            ("result_expect", [_]) => "expect",
            ("result_unwrap_or_else", [function]) if self.is_into_inner(*function) => "into_inner",
            _ => return None,
        };
        let ExprKind::Call { callee, args, .. } = &body.exprs[*wrapped].kind else { return None };
        let ExprKind::FnItem { def, args: generic, .. } = &body.exprs[*callee].kind else { return None };
        let name = attrs::unwrapped(self.cx.db, *def, way)?;
        let method = rgo_hir::child(self.cx.db, def.parent()?, rgo_syntax::Name::new(&name))?;
        let generic = self.cx.concrete_args(*generic, self.args);
        let mut args = args.clone();
        args.extend(rest.iter().filter(|_| way == "expect"));
        let values = self.operands(&args);
        let tys: Vec<Ty> = args.iter().map(|arg| self.expr_ty(*arg)).collect();
        Some(self.call_def(method, generic, values, Some(&tys), span))
    }

    /// `PoisonError::into_inner`, or `|e| e.into_inner()`.
    fn is_into_inner(&self, function: ExprId) -> bool {
        let is_method = |body: &thir::Body, expr: ExprId| {
            matches!(&body.exprs[expr].kind, ExprKind::FnItem { def, .. }
                if self.cx.lang_of(*def) == Some("poison_error_into_inner"))
        };
        match &self.body.exprs[function].kind {
            ExprKind::FnItem { .. } => is_method(self.body, function),
            ExprKind::Closure { def } => queries::thir(self.cx.db, *def).is_some_and(|body| {
                let param = body.params.iter().find_map(|param| param.pat);
                let binding = param.and_then(|pat| match body.pats[pat].kind {
                    thir::PatKind::Bind { local, by_ref: None, sub: None, .. } => Some(local),
                    _ => None,
                });
                let ExprKind::Call { callee, args, .. } = &body.exprs[body.value].kind else { return false };
                let [arg] = args[..] else { return false };
                let is_param = matches!(body.exprs[arg].kind, ExprKind::Local(local) if Some(local) == binding);
                is_param && is_method(body, *callee)
            }),
            _ => false,
        }
    }

    fn construct(&mut self, expr: ExprId, def: DefId, args: &[ExprId]) -> Val {
        let ty = self.expr_ty(expr);
        let values = self.operands(args);
        let variant = match ty.kind() {
            TyKind::Adt(adt, _) => queries::adt(self.cx.db, *adt)
                .and_then(|adt| adt.variants.iter().position(|v| v.def == def))
                .unwrap_or(0),
            _ => 0,
        };
        self.make_adt(ty, variant, values.into_iter().enumerate().collect())
    }

    /// A call of something that is a Go function value.
    fn call_value(&mut self, expr: ExprId, callee: ExprId, args: &[ExprId]) -> Val {
        let mut all = vec![callee];
        all.extend(args);
        let mut values =
            self.operands_by(
                &all,
                |lower, e| if e == callee && lower.is_place(e) { lower.place(e) } else { lower.value(e) },
            );
        let fun = self.callable(values.remove(0), self.expr_ty(callee));
        let ret = self.expr_ty(expr);
        self.finish_call(Expr::call(fun, values.into_iter().map(fitted).collect()), ret)
    }

    /// The value of a Go call by the results it has.
    pub(super) fn finish_call(&mut self, call: Expr, ret: Ty) -> Val {
        match self.cx.returns(ret) {
            Returns::Option(_) | Returns::Several(_) | Returns::Result(_) => Val::Multi(call),
            Returns::One(_) => Val::One(call),
            Returns::Nothing => {
                self.emit(StmtKind::Expr(call));
                if ret.is_never() {
                    self.unreachable();
                }
                Val::Parts(Vec::new())
            }
        }
    }

    fn is_fn_trait_method(&self, def: DefId) -> bool {
        def.parent().is_some_and(|parent| queries::is_fn_trait(self.cx.db, parent))
    }

    /// Whether a callee is or leads to a `dyn Handler` with `trait Handler: Fn(i32)` that has methods, too: an interface and no function.
    fn is_called_by_supertrait(&mut self, callee: ExprId) -> bool {
        let mut ty = self.expr_ty(callee);
        while let Some(inner) = self.pointee(ty) {
            ty = inner;
        }
        ty.is_dyn() && !self.cx.is_dyn_fn(ty)
    }

    /// `f(a, b)` through `Fn*`: the arguments come apart, or as one tuple in code that calls the trait's method by name. `consumed` is the type
    /// of a callee that the call consumes.
    fn call_closure(&mut self, expr: ExprId, args: &[ExprId], source: CallSource, consumed: Option<Ty>) -> Val {
        let ret = self.expr_ty(expr);
        let Some((fun, rest)) = args.split_first() else { return Val::One(Expr::nil()) };
        let fun = self.function_operand(*fun);
        if self.is_called_by_supertrait(fun) {
            let span = self.body.exprs[fun].span;
            return Val::One(
                self.unsupported(span, "a call of a trait object whose trait has methods beside its supertrait `Fn`"),
            );
        }
        let consumed = consumed.and_then(|ty| self.consumed_callee(ty));
        if let ExprKind::Local(local) = &self.body.exprs[fun].kind
            && source == CallSource::Overloaded
            && let Some(Known::Closure(closure)) = self.known.get(local).cloned()
        {
            let args = (0..rest.len()).map(|i| self.argument(rest[i], &rest[i + 1..])).collect();
            return self.apply_closure(&closure, args, None);
        }
        if let ExprKind::Local(local) = &self.body.exprs[fun].kind
            && source == CallSource::Overloaded
            && let Some(Known::Item(def, generic)) = self.known.get(local).cloned()
        {
            let values = self.operands(rest);
            let span = self.body.exprs[expr].span;
            return self.call_def(def, generic, values, None, span);
        }
        if source == CallSource::Overloaded {
            if consumed.is_none() && !self.is_place(fun) && self.is_owning_callee(fun) {
                // It waits in a variable of its own, and dies after the call.
                let function = self.function_value(fun);
                let values = self.operands(rest);
                return self.call_callee(fun, function, None, values, ret);
            }
            let mut exprs = rest.to_vec();
            exprs.insert(0, fun);
            let mut values = self.operands_by(&exprs, |lower, e| match (e == fun, consumed) {
                (true, Some(_)) => lower.place_or_value(e),
                (true, None) => lower.function_value(e),
                (false, _) => lower.value(e),
            });
            let mut function = values.remove(0);
            if consumed.is_some() {
                function = self.callee_in(function, fun).0;
            }
            return self.call_callee(fun, function, consumed, values, ret);
        }
        let function = if consumed.is_some() { self.callee_place(fun).0 } else { self.function_value(fun) };
        let Some(tuple) = rest.first() else { return self.call_callee(fun, function, consumed, Vec::new(), ret) };
        let values = match self.val(*tuple) {
            Val::Parts(parts) => parts,
            val => {
                let ty = self.expr_ty(*tuple);
                let count = ty.as_tuple().map_or(0, |items| items.len());
                let stored = self.stored(val, ty);
                let place = self.stable_place(stored, "args");
                (0..count).map(|i| place.clone().select(&format!("F{i}"))).collect()
            }
        };
        self.call_callee(fun, function, consumed, values, ret)
    }

    /// Calls what a callee expression came to; `consumed` is the type of a callable that owns something and is gone after the call.
    fn call_callee(&mut self, callee: ExprId, function: Expr, consumed: Option<Ty>, args: Vec<Expr>, ret: Ty) -> Val {
        let Some(ty) = consumed else {
            return self.finish_call(Expr::call(function, args.into_iter().map(fitted).collect()), ret);
        };
        self.after_move(callee);
        self.consuming_call(function, ty, args, ret)
    }

    /// `f(a, b)` of a struct that implements the trait itself, as `AssertUnwindSafe` does.
    fn call_of_impl(
        &mut self,
        def: DefId,
        generic: Args,
        args: &[ExprId],
        source: CallSource,
        span: Span,
    ) -> Option<Val> {
        let callee = generic.ty(0);
        if !matches!(callee.kind(), TyKind::Adt(..)) || self.cx.box_payload(callee).is_some() {
            return None;
        }
        let Callee::Item(..) = queries::resolve(self.cx.db, def, generic) else { return None };
        let mut values = self.operands(args);
        if source == CallSource::Overloaded && !values.is_empty() {
            let rest = values.split_off(1);
            values.push(self.make_tuple(rest, generic.ty(1)));
        }
        Some(self.call_def(def, generic, values, None, span))
    }

    /// The callee below the borrow that a call by reference puts around it.
    fn function_operand(&self, expr: ExprId) -> ExprId {
        match &self.body.exprs[expr].kind {
            ExprKind::Borrow { place, .. } => self.function_operand(*place),
            _ => expr,
        }
    }

    /// A Go function value from a place or value of any callable type: references and boxes are followed.
    pub(super) fn function_value(&mut self, expr: ExprId) -> Expr {
        let (value, ty) = self.callee_place(expr);
        self.callable(value, ty)
    }

    /// The callable that a callee of this type owns, if that owns something.
    fn consumed_callee(&self, ty: Ty) -> Option<Ty> {
        match self.cx.box_payload(ty) {
            Some(payload) => self.consumed_callee(payload),
            None => self.cx.is_closure_object(ty).then_some(ty),
        }
    }

    /// The innermost callable of a callee, as a place or value.
    fn callee_place(&mut self, expr: ExprId) -> (Expr, Ty) {
        let value = self.place_or_value(expr);
        self.callee_in(value, expr)
    }

    fn place_or_value(&mut self, expr: ExprId) -> Expr {
        if !self.is_place(expr) {
            return self.value(expr);
        }
        let place = self.place(expr);
        self.copied_function(expr, &place).unwrap_or(place)
    }

    /// Whether what a callee leads to is a callable that owns something.
    fn is_owning_callee(&mut self, expr: ExprId) -> bool {
        let mut ty = self.expr_ty(expr);
        while let Some(target) = self.pointee(ty) {
            ty = target;
        }
        self.cx.is_closure_object(ty)
    }

    fn callee_in(&mut self, mut value: Expr, expr: ExprId) -> (Expr, Ty) {
        let mut ty = self.expr_ty(expr);
        while let Some(target) = self.pointee(ty) {
            if matches!(ty.kind(), TyKind::Adt(..)) && !matches!(self.cx.adt_lang(ty), Some("box")) {
                break;
            }
            value = self.follow(value, ty);
            ty = target;
        }
        (value, ty)
    }

    /// `write!(s, …).unwrap()` where writing cannot fail: there is nothing to unwrap.
    fn written_for_sure(&mut self, def: DefId, args: &[ExprId]) -> Option<Val> {
        let lang = self.cx.lang_of(def)?;
        let written = *args.first()?;
        let body = self.body;
        let ExprKind::Call { callee, args: operands, .. } = &body.exprs[written].kind else { return None };
        let ExprKind::FnItem { def: writer, .. } = &body.exprs[*callee].kind else { return None };
        let is_string = self.is_builder_borrow(*operands.first()?);
        let is_writer = match self.cx.lang_of(*writer)? {
            "formatter_write_fmt" => !self.cx.fmt_can_fail,
            "fmt_write_fmt" => is_string,
            _ => false,
        };
        let is_message_plain =
            args.get(1).is_none_or(|message| matches!(body.exprs[*message].kind, ExprKind::Literal(_)));
        if !is_writer || !matches!(lang, "result_unwrap" | "result_expect") || !is_message_plain {
            return None;
        }
        let ty = self.expr_ty(written);
        let val = self.val(written);
        self.send(val, ty, &Dest::Discard);
        Some(Val::Parts(Vec::new()))
    }

    /// A call that panics for other orders than these: nothing for an order that is visibly one of them.
    fn check_of_order(&mut self, def: DefId, order: ExprId, allowed: &[&str]) -> Val {
        let ty = self.expr_ty(order);
        let span = self.body.exprs[order].span;
        let order = self.value(order);
        let visible = self.last_value_of(&order).unwrap_or(&order).clone();
        let variants = self.cx.layout(ty).map(|layout| layout.variants.clone()).unwrap_or_default();
        let names: Vec<_> = match ty.kind() {
            TyKind::Adt(adt, _) => queries::adt(self.cx.db, *adt).iter().flat_map(|adt| &adt.variants).collect(),
            _ => Vec::new(),
        };
        let is_allowed = names
            .iter()
            .zip(&variants)
            .any(|(variant, global)| allowed.contains(&variant.name.as_str()) && self.cx.global(global) == visible);
        match is_allowed {
            true => Val::Parts(Vec::new()),
            false => self.call_def(def, Args::empty(), vec![order], None, span),
        }
    }

    /// What a variable was defined with in this list of statements.
    fn last_value_of(&self, expr: &Expr) -> Option<&Expr> {
        let Expr::Var(var) = expr else { return None };
        self.out.iter().rev().find_map(|stmt| match &stmt.kind {
            StmtKind::Define(vars, values) if vars[..] == [Some(*var)] => values.first(),
            _ => None,
        })
    }

    /// `copied` and `cloned` of an option whose reference is the value itself in Go.
    fn copied_option(&mut self, def: DefId, generic: Args, args: &[ExprId], is_taken_apart: bool) -> Option<Val> {
        let lang = self.cx.lang_of(def)?;
        if !matches!(lang, "option_copied" | "option_cloned") {
            return None;
        }
        let payload = generic.types().next()?;
        let is_value = self.cx.ref_form(payload, rgo_hir::body::Mutability::Not) == RefForm::Value;
        if !is_value || !queries::is_copy(self.cx.db, payload) {
            return None;
        }
        let option = *args.first()?;
        if is_taken_apart {
            self.take_apart(option);
        }
        Some(self.val(option))
    }

    /// Calls whose lowering looks at the argument expressions themselves.
    fn special_call(&mut self, def: DefId, args: &[ExprId]) -> Option<Val> {
        let lang = self.cx.lang_of(def)?;
        if let Some(val) = self.string_op(lang, args) {
            return Some(val);
        }
        let format = |lower: &Self, index: usize| match args.get(index).map(|e| &lower.body.exprs[*e].kind) {
            Some(ExprKind::FormatArgs(format)) => Some(format),
            _ => None,
        };
        match lang {
            "print" | "io_print" => {
                self.print(format(self, 0)?, Stream::Stdout);
                Some(Val::Parts(Vec::new()))
            }
            "eprint" | "io_eprint" => {
                self.print(format(self, 0)?, Stream::Stderr);
                Some(Val::Parts(Vec::new()))
            }
            "atomic_check_load" => Some(self.check_of_order(def, *args.first()?, &["Relaxed", "Acquire", "SeqCst"])),
            "atomic_check_store" => Some(self.check_of_order(def, *args.first()?, &["Relaxed", "Release", "SeqCst"])),
            "format" | "fmt_format" => Some(Val::One(self.format_text(format(self, 0)?))),
            "panic_fmt" => {
                let format = format(self, 0)?;
                let text = self.format_text(format);
                // The payload of a formatted message is a `String`, of a plain one a `&'static str`.
                let value = match self.is_fixed_text(format) {
                    true => text,
                    false => Expr::call(self.cx.runtime("NewPanic"), vec![text]),
                };
                self.emit(StmtKind::Expr(Expr::builtin("panic", vec![value])));
                Some(Val::Parts(Vec::new()))
            }
            "formatter_write_fmt" => {
                let format = format(self, 1)?;
                let formatter = self.value(*args.first()?);
                let sig = queries::fn_sig(self.cx.db, def);
                let output = self.cx.concrete(sig.output(), self.args);
                Some(self.format_into(formatter, format, output))
            }
            "mem_drop" => {
                let ty = self.expr_ty(*args.first()?);
                let value = self.value(*args.first()?);
                if self.cx.needs_drop(ty) {
                    if let (Expr::Var(_), ExprKind::Local(_)) = (&value, &self.body.exprs[*args.first()?].kind) {
                        self.drop_value(value, ty);
                        return Some(Val::Parts(Vec::new()));
                    }
                    let form = self.go_ty(ty);
                    let var = self.locals.temporary("dropped");
                    self.define(var, value, Some(form));
                    self.drop_value(Expr::Var(var), ty);
                } else {
                    self.emit(StmtKind::Expr(value));
                }
                Some(Val::Parts(Vec::new()))
            }
            _ => None,
        }
    }

    /// Whether a message is known when the program is compiled: rustc writes literals into it.
    fn is_fixed_text(&self, format: &thir::FormatArgs) -> bool {
        format.pieces.iter().all(|piece| match piece {
            thir::FormatPiece::Text(_) => true,
            thir::FormatPiece::Arg { arg, format: kind, spec, .. } => {
                *kind == rgo_hir::body::FormatTrait::Display
                    && *spec == thir::FormatSpec::default()
                    && format.args.get(*arg).is_some_and(|arg| {
                        let kind = &self.body.exprs[*arg].kind;
                        matches!(kind, ExprKind::Literal(ConstValue::Str(_) | ConstValue::Int(_)))
                    })
            }
        })
    }

    /// Functions that have no Go function of their own.
    pub(super) fn is_special(&self, def: DefId) -> bool {
        matches!(
            self.cx.lang_of(def),
            Some(
                "print"
                    | "io_print"
                    | "eprint"
                    | "io_eprint"
                    | "format"
                    | "fmt_format"
                    | "panic_fmt"
                    | "formatter_write_fmt"
                    | "mem_drop"
            )
        ) || self.is_fn_trait_method(def)
    }

    /// A call of a definition with values at hand, in the forms of its parameters.
    pub(super) fn call_def(
        &mut self,
        def: DefId,
        args: Args,
        values: Vec<Expr>,
        tys: Option<&[Ty]>,
        span: Span,
    ) -> Val {
        let _ = tys;
        if matches!(def.kind(), DefKind::Variant | DefKind::Struct) {
            let output = self.cx.sig_of(def, args).output();
            let variant = match output.kind() {
                TyKind::Adt(adt, _) => queries::adt(self.cx.db, *adt)
                    .and_then(|adt| adt.variants.iter().position(|v| v.def == def))
                    .unwrap_or(0),
                _ => 0,
            };
            return self.make_adt(output, variant, values.into_iter().enumerate().collect());
        }
        if let Some(comparison) = self.native_comparison(def, args, &values) {
            return Val::One(comparison);
        }
        match queries::resolve(self.cx.db, def, args) {
            Callee::Item(target, target_args) => self.call_item(target, target_args, values, span),
            Callee::CloneShim(ty) => {
                let place = values.into_iter().next().unwrap_or_else(Expr::nil);
                let reference =
                    Ty::new(TyKind::Ref(rgo_typeck::ty::Region::erased(), ty, rgo_hir::body::Mutability::Not));
                let place = self.follow(place, reference);
                Val::One(self.clone_value(place, ty, span))
            }
            Callee::CallValue => {
                let ret = self.cx.sig_of(def, args).output();
                let mut values = values;
                let fun = if values.is_empty() { Expr::nil() } else { values.remove(0) };
                let fun = self.callable(fun, args.ty(0));
                self.finish_call(Expr::call(fun, values), ret)
            }
            Callee::Dyn { method } => {
                let name = self.cx.trait_method_name(method);
                let ret = self.cx.sig_of(def, args).output();
                let mut values = values;
                let receiver = if values.is_empty() { Expr::nil() } else { values.remove(0) };
                if self.cx.is_dyn_error(args.ty(0)) {
                    return self.call_on_error(method, receiver, values, ret, span);
                }
                let form = self.cx.sig_of(def, args).inputs().first().copied();
                let (receiver, counts) = match form {
                    Some(form) => self.dispatched_receiver(receiver, queries::normalize(self.cx.db, form)),
                    None => (receiver, None),
                };
                let values = counts.into_iter().chain(values.into_iter().map(fitted)).collect();
                self.finish_call(receiver.method(&name, values), ret)
            }
            Callee::Unresolved => match self.call_on_param(def, args, values, span) {
                Some(val) => val,
                None => Val::One(self.unsupported(span, "a call that cannot be resolved")),
            },
        }
    }

    /// A method of a value whose type is a parameter of Go.
    fn call_on_param(&mut self, def: DefId, args: Args, values: Vec<Expr>, span: Span) -> Option<Val> {
        let ty = args.types().next()?;
        let (constraint, trait_) = (self.cx.constraint(ty)?, def.parent()?);
        match (constraint, self.cx.lang_of(trait_)) {
            (_, Some("clone")) if self.cx.is_copy_param(ty) && def.name().as_str() == "clone" => {
                let reference = self.cx.sig_of(def, args).inputs().first().copied()?;
                Some(Val::One(self.follow(values.into_iter().next()?, reference)))
            }
            (Constraint::Ordered, Some("ord" | "partial_ord")) if args.types().all(|arg| arg == ty) => {
                let by_operators = match def.name().as_str() {
                    "cmp" => "cmp_by_operators",
                    "partial_cmp" => "partial_cmp_by_operators",
                    _ => return queries::thir(self.cx.db, def).map(|_| self.call_item(def, args, values, span)),
                };
                let function = rgo_hir::lang_item(self.cx.db, by_operators)?;
                Some(self.call_item(function, Args::of_types(&[ty]), values, span))
            }
            (Constraint::Methods(object), None) if object.dyn_principal()?.value.trait_ == trait_ => {
                let sig = self.cx.sig_of(def, args);
                let name = self.cx.trait_method_name(def);
                let mut values = values.into_iter();
                // The methods are those of the parameter, not of a pointer to one.
                let (receiver, form) = (values.next()?, *sig.inputs().first()?);
                let receiver = if form == ty { receiver } else { self.follow(receiver, form) };
                let call = receiver.method(&name, values.map(fitted).collect());
                Some(self.finish_call(call, sig.output()))
            }
            _ => None,
        }
    }

    pub(super) fn call_item(&mut self, def: DefId, args: Args, values: Vec<Expr>, span: Span) -> Val {
        if let Some(val) = self.template_call(def, args, values.clone(), span) {
            return val;
        }
        let ret = self.cx.sig_of(def, args).output();
        let mut values: Vec<Expr> = values.into_iter().map(fitted).collect();
        let call = match self.cx.func(def, args) {
            FuncRef::Func(name) => Expr::call(self.applied_function(&name, def, args, Some(&values)), values),
            FuncRef::Method(_, name) => {
                let receiver = if values.is_empty() { Expr::nil() } else { values.remove(0) };
                if let Expr::Unary(UnaryOp::Addr, place) = &receiver {
                    self.cx.take_receiver(place);
                }
                let receiver = match receiver {
                    // Go takes the address of a variable by itself; an entry of a map has none.
                    Expr::Unary(UnaryOp::Addr, place) if !matches!(*place, Expr::Composite(_) | Expr::Entry(_)) => {
                        *place
                    }
                    other => other,
                };
                receiver.method(&name, values)
            }
        };
        self.finish_call(call, ret)
    }

    /// A function to be called with these arguments, or as a value: with its type arguments where Go cannot infer them.
    pub(super) fn applied_function(&mut self, name: &Global, def: DefId, args: Args, values: Option<&[Expr]>) -> Expr {
        let function = self.cx.global(name);
        let type_args = self.cx.type_args(def, args);
        let is_typed = |value: &Expr| !matches!(value, Expr::Lit(_));
        if type_args.is_empty()
            || values.is_some_and(|values| values.iter().all(is_typed)) && self.cx.infers_from_inputs(def, args)
        {
            return function;
        }
        Expr::Instance(Box::new(function), type_args)
    }

    /// A second value equal to the one in a place.
    pub(super) fn clone_value(&mut self, place: Expr, ty: Ty, span: Span) -> Expr {
        if self.cx.clones_as_is(ty) {
            return place;
        }
        if let Some((clone, args)) = self.guarded_clone(ty) {
            let reference = self.reference(place, ty, rgo_hir::body::Mutability::Not);
            let val = self.call_item(clone, args, vec![reference], span);
            return self.stored(val, ty);
        }
        match ty.kind() {
            TyKind::Tuple(items) => {
                let place = self.stable_place(place, "v");
                let mut parts: Vec<Expr> = Vec::with_capacity(items.len());
                for (i, item) in items.iter().enumerate() {
                    let part = place.clone().select(&format!("F{i}"));
                    let mark = self.out.len();
                    let part = self.clone_value(part, *item, span);
                    if self.out.len() > mark {
                        // What was emitted runs before the expression: the parts before it come first.
                        let later = self.out.split_off(mark);
                        parts = parts.into_iter().map(|part| self.stable_place(part, "v")).collect();
                        self.out.extend(later);
                    }
                    parts.push(part);
                }
                self.make_tuple(parts, ty)
            }
            TyKind::Array(elem, _) => {
                let form = self.go_ty(ty);
                let source = self.stable_place(place, "v");
                let copy = self.locals.temporary("copied");
                self.emit(StmtKind::Var(copy, form, None));
                let index = self.locals.temporary("i");
                let mut item = Expr::nil();
                let elem = *elem;
                let mut body =
                    self.block(|lower| item = lower.clone_value(source.clone().index(Expr::Var(index)), elem, span));
                body.push(StmtKind::assign(Expr::Var(copy).index(Expr::Var(index)), item).into());
                self.emit(StmtKind::Range(Box::new(Range { key: Some(index), value: None, expr: source, body })));
                Expr::Var(copy)
            }
            TyKind::Closure(def, _) => self.clone_of_closure(place, *def),
            TyKind::FnPtr(_) | TyKind::FnDef(..) => place,
            _ => {
                let Some(clone) = rgo_hir::lang_item(self.cx.db, "clone")
                    .and_then(|t| rgo_hir::child(self.cx.db, t, rgo_syntax::Name::new("clone")))
                else {
                    return self.unsupported(span, "a clone of this type");
                };
                let reference = self.reference(place, ty, rgo_hir::body::Mutability::Not);
                let val = self.call_def(clone, Args::of_types(&[ty]), vec![reference], None, span);
                self.stored(val, ty)
            }
        }
    }

    /// The function of std that clones a tuple or an array, where a panic of a later clone has to drop the earlier ones.
    fn guarded_clone(&mut self, ty: Ty) -> Option<(DefId, Args)> {
        if !self.cx.needs_drop(ty) {
            return None;
        }
        let (name, args) = match ty.kind() {
            TyKind::Tuple(items) => (format!("tuple_clone_{}", items.len()), Args::of_types(items)),
            TyKind::Array(elem, len) => ("array_clone".into(), Args::of_types(&[*elem]).extended([(*len).into()])),
            _ => return None,
        };
        Some((rgo_hir::lang_item(self.cx.db, &name)?, args))
    }

    /// The place behind `*Index::index(&v, i)` where Go has one: vectors and slices by position.
    pub(super) fn overloaded_place(&mut self, pointer: ExprId) -> Option<Expr> {
        let body = self.body;
        let ExprKind::Call { callee, args, source: CallSource::Operator } = &body.exprs[pointer].kind else {
            return None;
        };
        let ExprKind::FnItem { def, .. } = &body.exprs[*callee].kind else { return None };
        let trait_ = def.parent()?;
        if !matches!(self.cx.lang_of(trait_), Some("index" | "index_mut")) {
            return None;
        }
        let [base, index] = &args[..] else { return None };
        if let Some(place) = self.map_index_place(*base, *index) {
            return Some(place);
        }
        if let Some(part) = self.part_of_sequence(*base, *index) {
            return Some(part);
        }
        let index_ty = self.expr_ty(*index);
        if !super::arith::is_usize(index_ty) {
            return None;
        }
        let base_ty = self.expr_ty(*base);
        let target = self.pointee(base_ty)?;
        let is_vec = self.cx.vec_payload(target).is_some();
        if !is_vec && !matches!(target.kind(), TyKind::Slice(_) | TyKind::Array(..)) {
            return None;
        }
        let (base, index) = (*base, *index);
        let operands =
            self.operands_by(
                &[base, index],
                |lower, e| if e == base { lower.borrowed_place(e, base_ty) } else { lower.value(e) },
            );
        let [place, index] = <[Expr; 2]>::try_from(operands).ok()?;
        Some(self.element(place, target, index))
    }

    /// The place under `&place`, without making the pointer.
    pub(super) fn borrowed_place(&mut self, expr: ExprId, ty: Ty) -> Expr {
        if let ExprKind::Borrow { place, .. } = &self.body.exprs[expr].kind {
            return self.place(*place);
        }
        let pointer = self.value(expr);
        self.follow(pointer, ty)
    }
}
