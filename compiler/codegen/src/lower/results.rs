//! `Result`s on their way: as the results of a call, taken apart, put together, and out of a function again.

use rgo_hir::DefId;
use rgo_typeck::thir::ExprId;
use rgo_typeck::ty::Ty;

use super::*;
use crate::mono::errors::{Carrier, Failure};
use crate::mono::forms::{OptionForm, ResultForm, Returns};

/// A `Result` taken apart.
#[derive(Clone, Debug)]
pub struct ResultVal {
    /// As it is stored; nothing that means anything where there is none.
    pub value: Expr,
    pub error: ErrorVal,
    /// Whether there is a value.
    pub ok: Expr,
}

/// Where the error of a `Result` is that is held in parts.
#[derive(Clone, Debug)]
pub enum ErrorVal {
    Absent,
    /// As it is stored.
    Stored(Expr),
    /// As a Go `error`, nil where there is a value.
    Go(Expr),
}

impl Lower<'_, '_> {
    /// The parts of a `Result`, each of which may be mentioned any number of times.
    pub(super) fn result_parts(&mut self, val: Val, ty: Ty) -> ResultVal {
        let Some((value_ty, error_ty)) = self.cx.result_payload(ty) else {
            return ResultVal { value: Expr::nil(), error: ErrorVal::Absent, ok: Expr::bool(true) };
        };
        match val {
            Val::Multi(call) => self.split_call(call, value_ty, error_ty),
            Val::Result(parts) => {
                let parts = *parts;
                let value = match &parts.ok {
                    Expr::Lit(Lit::Bool(false)) => parts.value,
                    _ => self.held(parts.value, value_ty, "v"),
                };
                let error = match parts.error {
                    ErrorVal::Stored(error) => ErrorVal::Stored(self.held(error, error_ty, "failure")),
                    other => other,
                };
                ResultVal { value, error, ok: parts.ok }
            }
            val => {
                let stored = self.stored(val, ty);
                let place = self.stable_place(stored, "r");
                ResultVal {
                    value: place.clone().select("Val"),
                    error: ErrorVal::Stored(place.clone().select("Err")),
                    ok: place.select("OK"),
                }
            }
        }
    }

    /// `ok()`: the value of a `Result`, whose error nobody hears of.
    pub(super) fn value_of_result(&mut self, def: DefId, args: &[ExprId]) -> Option<Val> {
        let [result] = args else { return None };
        let ty = self.expr_ty(*result);
        if self.cx.lang_of(def) != Some("result_ok") || self.cx.needs_drop(ty) {
            return None;
        }
        let (value_ty, _) = self.cx.result_payload(ty)?;
        let val = self.val(*result);
        let parts = self.result_parts(val, ty);
        Some(match self.cx.option_form(value_ty) {
            OptionForm::Nil => Val::One(parts.value),
            OptionForm::Tagged => Val::Option(parts.value, parts.ok),
        })
    }

    /// The value in something that may be mentioned again.
    fn held(&mut self, value: Expr, ty: Ty, name: &str) -> Expr {
        if super::expr::is_repeatable(&value) || super::matching::is_brief(&value) || is_unit(&value) {
            return value;
        }
        if let (Some(parts), Some(types)) = (tuple_parts(&value), ty.as_tuple()) {
            let parts = parts.into_iter().zip(types.to_vec()).map(|(part, ty)| self.held(part, ty, name)).collect();
            return self.make_tuple(parts, ty);
        }
        let form = self.go_ty(ty);
        let var = self.locals.temporary(name);
        self.define(var, value, Some(form));
        Expr::Var(var)
    }

    /// A call that returns several results for a `Result`, which go to variables.
    fn split_call(&mut self, call: Expr, value_ty: Ty, error_ty: Ty) -> ResultVal {
        let form = self.cx.result_form(value_ty, error_ty);
        let mut vars = Vec::new();
        let values: Vec<VarId> = form.values.iter().map(|_| self.locals.temporary("v")).collect();
        vars.extend(values.iter().copied().map(Some));
        let value = match &values[..] {
            [] => self.unit(),
            [var] => Expr::Var(*var),
            _ => self.make_tuple(values.into_iter().map(Expr::Var).collect(), value_ty),
        };
        let (error, ok) = match form.failure {
            Failure::Error(_) => {
                let err = self.locals.temporary("err");
                vars.push(Some(err));
                (ErrorVal::Go(Expr::Var(err)), Expr::binary(BinaryOp::Eq, Expr::Var(err), Expr::nil()))
            }
            Failure::Flag => {
                let ok = self.locals.temporary("ok");
                vars.push(Some(ok));
                (ErrorVal::Stored(self.unit()), Expr::Var(ok))
            }
            Failure::Apart(_) => {
                let (failure, ok) = (self.locals.temporary("failure"), self.locals.temporary("ok"));
                vars.extend([Some(failure), Some(ok)]);
                (ErrorVal::Stored(Expr::Var(failure)), Expr::Var(ok))
            }
        };
        self.emit(StmtKind::Define(vars, vec![call]));
        ResultVal { value, error, ok }
    }

    /// The error of a `Result` taken apart, as it is stored.
    pub(super) fn stored_error(&mut self, error: &ErrorVal, ty: Ty) -> Expr {
        match error {
            ErrorVal::Absent => self.cx.zero(ty),
            ErrorVal::Stored(value) => value.clone(),
            ErrorVal::Go(err) => self.error_value(err.clone(), ty),
        }
    }

    /// The value of an error type that a Go `error` carries.
    pub(super) fn error_value(&mut self, err: Expr, ty: Ty) -> Expr {
        match self.cx.carrier(ty) {
            Some(Carrier::Text) => err.method("Error", Vec::new()),
            Some(Carrier::Value(form)) => Expr::Assert(Box::new(err), Box::new(form)),
            Some(Carrier::Pointer(form)) => Expr::Assert(Box::new(err), Box::new(form.pointer())).deref(),
            Some(Carrier::Itself) | None => err,
        }
    }

    /// A value of an error type as a Go `error`.
    pub(super) fn go_error(&mut self, value: Expr, ty: Ty) -> Expr {
        match self.cx.carrier(ty) {
            Some(Carrier::Text) => text_error(value),
            Some(Carrier::Value(_)) => match value {
                Expr::Assert(err, _) => *err,
                value => fitted(value),
            },
            Some(Carrier::Pointer(_)) => self.error_pointer(value, ty),
            Some(Carrier::Itself) | None => fitted(value),
        }
    }

    /// A pointer to an error that nobody else changes.
    fn error_pointer(&mut self, value: Expr, ty: Ty) -> Expr {
        match value {
            Expr::Unary(UnaryOp::Deref, pointer) => match *pointer {
                Expr::Assert(err, _) => *err,
                // A moved value has no other owner.
                pointer if !crate::queries::is_copy(self.cx.db, ty) => pointer,
                pointer => self.copied(pointer.deref(), ty),
            },
            Expr::Composite(_) => Expr::unary(UnaryOp::Addr, value),
            Expr::Var(var) if !crate::queries::is_copy(self.cx.db, ty) && self.is_declared_here(var) => value.addr(),
            value => self.copied(value, ty),
        }
    }

    /// Whether a variable is declared in the block that is being written. Go puts a variable whose address is returned on the heap where it
    /// is declared: a parameter would be there in every call, and not only in those that fail.
    fn is_declared_here(&self, var: VarId) -> bool {
        self.out.iter().any(|stmt| match &stmt.kind {
            StmtKind::Define(vars, _) => vars.contains(&Some(var)),
            StmtKind::Var(declared, ..) => *declared == var,
            _ => false,
        })
    }

    fn copied(&mut self, value: Expr, ty: Ty) -> Expr {
        let form = self.go_ty(ty);
        let var = self.locals.temporary("failure");
        self.define(var, value, Some(form));
        Expr::Var(var).addr()
    }

    /// A `Result` put together as it is stored.
    pub(super) fn make_result(&mut self, parts: ResultVal, ty: Ty) -> Expr {
        let form = self.go_ty(ty);
        let Some((_, error_ty)) = self.cx.result_payload(ty) else { return Expr::composite(form, Vec::new()) };
        let value = (!is_unit(&parts.value)).then(|| ("Val".into(), fitted(parts.value.clone())));
        match (&parts.ok, parts.error) {
            (Expr::Lit(Lit::Bool(true)), _) => {
                Expr::keyed(form, value.into_iter().chain([("OK".into(), Expr::bool(true))]).collect())
            }
            (Expr::Lit(Lit::Bool(false)), error) => {
                let error = self.stored_error(&error, error_ty);
                let elements = if is_unit(&error) { Vec::new() } else { vec![("Err".into(), fitted(error))] };
                Expr::keyed(form, elements)
            }
            (_, ErrorVal::Go(err)) => {
                let function = self.result_of(error_ty);
                Expr::call(function, vec![fitted(parts.value), err])
            }
            (ok, error) => {
                let error = self.stored_error(&error, error_ty);
                let error = (!is_unit(&error)).then(|| ("Err".into(), fitted(error)));
                Expr::keyed(form, value.into_iter().chain(error).chain([("OK".into(), ok.clone())]).collect())
            }
        }
    }

    /// The function of the runtime that makes a stored `Result` of a value and a Go `error`.
    fn result_of(&mut self, error_ty: Ty) -> Expr {
        let (name, form) = match self.cx.carrier(error_ty) {
            Some(Carrier::Text) => return self.cx.runtime("ResultOfText"),
            Some(Carrier::Pointer(form)) => ("ResultOfPointer", form),
            Some(Carrier::Value(form)) => ("ResultOf", form),
            Some(Carrier::Itself) | None => ("ResultOf", Type::name("error")),
        };
        Expr::Instance(Box::new(self.cx.runtime(name)), vec![form])
    }

    /// The results of a call as a stored `Result`.
    pub(super) fn stored_call(&mut self, call: Expr, form: &ResultForm, ty: Ty) -> Expr {
        let Some((_, error_ty)) = self.cx.result_payload(ty) else { return call };
        match (&form.failure, &form.values[..]) {
            (Failure::Error(_), [_]) => {
                let function = self.result_of(error_ty);
                Expr::call(function, vec![call])
            }
            (Failure::Error(_), []) => {
                let function = self.result_of(error_ty);
                let unit = self.unit();
                Expr::call(function, vec![unit, call])
            }
            (Failure::Apart(_), [_]) => Expr::call(self.cx.runtime("MakeResult"), vec![call]),
            (Failure::Flag, []) => Expr::keyed(self.go_ty(ty), vec![("OK".into(), call)]),
            _ => {
                let parts = self.result_parts(Val::Multi(call), ty);
                self.make_result(parts, ty)
            }
        }
    }

    /// `return` with the results that stand for a `Result`.
    pub(super) fn return_result(&mut self, form: &ResultForm, val: Val, ty: Ty) {
        let ret = self.ret;
        let Some((value_ty, error_ty)) = self.cx.result_payload(ret) else { return };
        let parts = match val {
            Val::Multi(call) => return self.emit(StmtKind::Return(vec![call])),
            Val::Result(parts) => *parts,
            val => self.result_parts(val, ty),
        };
        match (&parts.ok, &parts.error, &form.failure) {
            (Expr::Lit(Lit::Bool(true)), ..) => self.return_value(form, parts.value, error_ty),
            (Expr::Lit(Lit::Bool(false)), error, _) => {
                let error = error.clone();
                self.return_failure(form, &error, value_ty, error_ty);
            }
            (_, ErrorVal::Go(err), Failure::Error(_)) => {
                let err = err.clone();
                let mut results = self.value_results(form, parts.value);
                results.push(err);
                self.emit(StmtKind::Return(results));
            }
            (ok, error, Failure::Error(_)) => {
                let (ok, error) = (ok.clone(), error.clone());
                let failed = self.block(|lower| lower.return_failure(form, &error, value_ty, error_ty));
                self.emit(StmtKind::if_else(super::expr::negated(ok), failed, Vec::new()));
                self.return_value(form, parts.value, error_ty);
            }
            (ok, error, failure) => {
                let mut results = self.value_results(form, parts.value.clone());
                if let Failure::Apart(_) = failure {
                    let error = self.stored_error(error, error_ty);
                    results.push(fitted(error));
                }
                results.push(ok.clone());
                self.emit(StmtKind::Return(results));
            }
        }
    }

    fn return_value(&mut self, form: &ResultForm, value: Expr, error_ty: Ty) {
        let mut results = self.value_results(form, value);
        match form.failure {
            Failure::Error(_) => results.push(Expr::nil()),
            Failure::Flag => results.push(Expr::bool(true)),
            Failure::Apart(_) => results.extend([self.cx.zero(error_ty), Expr::bool(true)]),
        }
        self.emit(StmtKind::Return(results));
    }

    fn return_failure(&mut self, form: &ResultForm, error: &ErrorVal, value_ty: Ty, error_ty: Ty) {
        let failure = match (&form.failure, error) {
            (Failure::Error(_), ErrorVal::Go(err)) => vec![err.clone()],
            (Failure::Error(_), error) => {
                let error = self.stored_error(error, error_ty);
                vec![self.go_error(error, error_ty)]
            }
            (Failure::Flag, _) => vec![Expr::bool(false)],
            (Failure::Apart(_), error) => {
                let error = self.stored_error(error, error_ty);
                vec![fitted(error), Expr::bool(false)]
            }
        };
        let types = self.cx.value_types(value_ty);
        let mut results: Vec<Expr> = types.into_iter().map(|ty| self.cx.zero(ty)).collect();
        results.extend(failure);
        self.emit(StmtKind::Return(results));
    }

    /// The results that stand for a value.
    fn value_results(&mut self, form: &ResultForm, value: Expr) -> Vec<Expr> {
        match form.values.len() {
            0 => Vec::new(),
            1 => vec![fitted(value)],
            count => tuple_parts(&value).unwrap_or_else(|| {
                let place = self.stable_place(value, "v");
                (0..count).map(|i| place.clone().select(&format!("F{i}"))).collect()
            }),
        }
    }

    /// The value in variables of its own: what follows may change everything that it was read from.
    pub(super) fn pin_val(&mut self, val: Val, ty: Ty) -> Val {
        match (val, self.cx.returns(ty)) {
            (Val::Multi(call), Returns::Result(_)) => Val::Result(Box::new(self.result_parts(Val::Multi(call), ty))),
            (Val::Multi(call), Returns::Option(_)) => {
                let (value, some) = self.option_parts(Val::Multi(call), ty);
                Val::Option(value, some)
            }
            (Val::Result(parts), Returns::Result(form)) => self.pin_result(*parts, &form, ty),
            (Val::Option(value, some), _) => {
                let payload = self.cx.option_payload(ty).unwrap_or(ty);
                debug_assert_eq!(self.cx.option_form(payload), OptionForm::Tagged);
                let value = if is_false(&some) { value } else { self.pinned_value(value, payload, "v") };
                let some = if is_literal(&some) { some } else { self.temp("ok", some) };
                Val::Option(value, some)
            }
            (val, _) => {
                let value = self.stored(val, ty);
                Val::One(self.pinned_value(value, ty, "v"))
            }
        }
    }

    fn pin_result(&mut self, parts: ResultVal, form: &ResultForm, ty: Ty) -> Val {
        let Some((value_ty, error_ty)) = self.cx.result_payload(ty) else { return Val::Result(Box::new(parts)) };
        let ResultVal { value, error, ok } = parts;
        let value = match (is_false(&ok) || is_unit(&value), tuple_parts(&value), value_ty.as_tuple()) {
            (true, ..) => value,
            (false, Some(parts), Some(types)) => {
                let types = types.to_vec();
                let parts = parts.into_iter().zip(types).map(|(part, ty)| self.pinned_value(part, ty, "v")).collect();
                self.make_tuple(parts, value_ty)
            }
            _ => self.pinned_value(value, value_ty, "v"),
        };
        let error = match error {
            ErrorVal::Stored(error) if is_false(&ok) && matches!(form.failure, Failure::Error(_)) => {
                let err = self.go_error(error, error_ty);
                let var = self.locals.temporary("err");
                self.emit(StmtKind::Var(var, Type::name("error"), Some(err)));
                ErrorVal::Go(Expr::Var(var))
            }
            ErrorVal::Stored(error) if !is_unit(&error) => {
                ErrorVal::Stored(self.pinned_value(error, error_ty, "failure"))
            }
            other => other,
        };
        let is_test = matches!(&ok, Expr::Binary(BinaryOp::Eq, left, _) if matches!(**left, Expr::Var(_)));
        let ok = if is_literal(&ok) || is_test { ok } else { self.temp("ok", ok) };
        Val::Result(Box::new(ResultVal { value, error, ok }))
    }

    fn pinned_value(&mut self, value: Expr, ty: Ty, name: &str) -> Expr {
        let form = self.go_ty(ty);
        let var = self.locals.temporary(name);
        self.define(var, value, Some(form));
        Expr::Var(var)
    }
}

/// `errors.New(text)`; `fmt.Errorf` where the text is put together.
fn text_error(text: Expr) -> Expr {
    if let Some(err) = super::result_match::is_error_text(&text) {
        return err.clone();
    }
    match text {
        Expr::Call(call) => match (&call.fun, call.args.is_empty()) {
            (Expr::Imported(path, name), false) if &**path == "fmt" && &**name == "Sprintf" => {
                Expr::call(Expr::imported("fmt", "Errorf"), call.args)
            }
            _ => Expr::call(Expr::imported("errors", "New"), vec![Expr::Call(call)]),
        },
        text => Expr::call(Expr::imported("errors", "New"), vec![text]),
    }
}

/// The parts of a tuple that is written out.
pub(super) fn tuple_parts(value: &Expr) -> Option<Vec<Expr>> {
    let Expr::Composite(composite) = value else { return None };
    let is_tuple = matches!(&composite.ty, Type::Imported(_, name, _) if name.starts_with("Tuple"));
    let is_whole = composite.elements.len() > 1
        && composite
            .elements
            .iter()
            .enumerate()
            .all(|(i, element)| matches!(&element.key, Some(Expr::Name(name)) if **name == *format!("F{i}")));
    (is_tuple && is_whole).then(|| composite.elements.iter().map(|element| element.value.clone()).collect())
}

pub(super) fn is_unit(value: &Expr) -> bool {
    matches!(value, Expr::Composite(composite) if composite.ty == Type::unit())
}

fn is_false(value: &Expr) -> bool {
    matches!(value, Expr::Lit(Lit::Bool(false)))
}

fn is_literal(value: &Expr) -> bool {
    matches!(value, Expr::Lit(_))
}
