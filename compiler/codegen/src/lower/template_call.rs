//! Calls of functions of std that are a Go expression, a Go statement or an intrinsic (`#[go(…)]`).

use rgo_hir::DefId;
use rgo_typeck::ty::{Args, Ty};
use rustc_hash::FxHashMap;

use super::*;
use crate::attrs::{self, GoAttr, GoForm};
use crate::go::constant;
use crate::intrinsics;
use crate::mono::forms::OptionForm;
use crate::queries;
use crate::template::{self, Hole, Imports};

impl Lower<'_, '_> {
    /// The Go form of a call, if the function has one for this instance.
    pub(super) fn template_call(&mut self, def: DefId, args: Args, values: Vec<Expr>, span: Span) -> Option<Val> {
        let attrs = attrs::go_attrs(self.cx.db, def);
        for attr in attrs {
            if let Some(condition) = &attr.condition
                && !self.cx.condition(condition, args)
            {
                continue;
            }
            if let Some(GoForm::Twin(name)) = &attr.form {
                let twin = rgo_hir::lang_item(self.cx.db, name)?;
                let args = self.cx.twin_args(twin, args);
                return Some(self.call_item(twin, args, values, span));
            }
            if let Some(GoForm::Intrinsic(name)) = &attr.form
                && name.starts_with("sort_")
            {
                match intrinsics::sort::call(self, name, args, &values, span) {
                    Some(val) => return Some(val),
                    None if name.ends_with("by_function") => {
                        let sort = rgo_hir::lang_item(self.cx.db, "sort_stable")?;
                        return Some(self.call_item(sort, args, values, span));
                    }
                    None => continue,
                }
            }
            let (values, kept) = self.template_functions(def, args, values);
            let val = match &attr.form {
                Some(GoForm::Intrinsic(name)) => intrinsics::call(self, name, def, args, values, span),
                _ => self.fill(&attr, def, args, values, span),
            };
            for (function, ty) in kept {
                self.drop_value(function, ty);
            }
            return Some(val);
        }
        None
    }

    /// Callables that own something as the Go functions that templates know, and what is to be dropped after the call.
    fn template_functions(&mut self, def: DefId, args: Args, values: Vec<Expr>) -> (Vec<Expr>, Vec<(Expr, Ty)>) {
        let declared = queries::fn_sig(self.cx.db, def);
        let inputs = self.cx.sig_of(def, args).inputs().to_vec();
        let is_once = attrs::calls_once(self.cx.db, def);
        let mut kept = Vec::new();
        let mut out = Vec::with_capacity(values.len());
        for (i, value) in values.into_iter().enumerate() {
            let ty = inputs.get(i).copied().filter(|ty| self.cx.is_closure_object(*ty));
            let is_called = declared.inputs().get(i).is_some_and(|ty| queries::is_callable_param(self.cx.db, def, *ty));
            out.push(match ty {
                Some(ty) if is_called && is_once => self.once_function(value, ty),
                Some(ty) if is_called => {
                    let place = self.stable_place(value, "f");
                    if self.cx.needs_drop(ty) {
                        kept.push((place.clone(), ty));
                    }
                    self.callable(place, ty)
                }
                _ => value,
            });
        }
        (out, kept)
    }

    pub(super) fn fill(&mut self, attr: &GoAttr, def: DefId, args: Args, values: Vec<Expr>, span: Span) -> Val {
        let sig = self.cx.sig_of(def, args);
        let ret = sig.output();
        let text = match &attr.form {
            Some(
                GoForm::Expr(text)
                | GoForm::Stmt(text)
                | GoForm::CommaOk(text)
                | GoForm::PartsOk(text)
                | GoForm::CommaErr(text)
                | GoForm::Multi(text),
            ) => text.clone(),
            _ => return Val::One(self.unsupported(span, "this function")),
        };
        let used = template::hole_names(&text);
        let names = queries::param_names(self.cx.db, def);
        let mut holes: FxHashMap<String, Hole> = FxHashMap::default();
        // The runtime wants functions with one result, but for those that have none, and but where it only asks for their address.
        let takes_as_is = attr.condition.as_deref() == Some("procedure") || text.contains("rgort.FuncAddress(");
        let all_constant = values.iter().all(constant::is_constant)
            && !values.is_empty()
            && (text.contains(['+', '-', '*', '/', '<', '%', '^', '&', '|'])
                || text.starts_with("max(")
                || text.starts_with("min("));
        for (i, value) in values.into_iter().enumerate() {
            let Some(name) = names.get(i) else { continue };
            let count = used.iter().filter(|n| *n == name).count();
            let input = sig.inputs().get(i).copied();
            let value = match input {
                Some(ty) if text.contains("rgort.") && !takes_as_is => self.with_one_result(value, ty),
                _ => value,
            };
            let value = match value {
                // Go's own rules for constants are not rgo's: `uint8(255) + 1` does not compile.
                value if all_constant && i == 0 => self.temp(name, value),
                value
                    if is_beyond(&value, LONGEST)
                        && input.is_some_and(super::arith::is_usize)
                        && is_length(&text, name) =>
                {
                    self.at_run_time(name, value)
                }
                value if count == 0 && !crate::go::fold::Variables::default().is_droppable(&value) => {
                    self.emit(StmtKind::Expr(value));
                    Expr::nil()
                }
                value
                    if count > 1
                        && !is_cheap(&value)
                        && !matches!(&value, Expr::Unary(UnaryOp::Addr, p) if super::expr::is_repeatable(p)) =>
                {
                    let form = match input {
                        Some(ty) => {
                            let ty = queries::normalize(self.cx.db, ty);
                            Some(self.go_ty(ty))
                        }
                        None => None,
                    };
                    let var = self.locals.temporary(if name == "self" { "v" } else { name });
                    self.define(var, value, form);
                    Expr::Var(var)
                }
                // Without a variable between, Go sees an untyped constant: in an expression that must not decide the type.
                value => default_typed(value),
            };
            if let Some(ty) = input.filter(|_| text.contains("$*")) {
                let ty = queries::normalize(self.cx.db, ty);
                if self.pointee(ty).is_some() {
                    let referent = self.follow(value.clone(), ty);
                    holes.insert(template::referent(name), Hole::Expr(referent));
                }
            }
            holes.insert(name.clone(), Hole::Expr(value));
        }
        for (name, arg) in queries::generic_names(self.cx.db, def).into_iter().zip(args.iter()) {
            match arg {
                rgo_typeck::ty::GenericArg::Ty(ty) => {
                    let form = self.go_ty(*ty);
                    holes.insert(name, Hole::Type(form));
                }
                rgo_typeck::ty::GenericArg::Const(value) => {
                    if let Some(value) = self.const_usize(*value) {
                        holes.insert(name, Hole::Expr(Expr::int(i128::from(value))));
                    }
                }
                rgo_typeck::ty::GenericArg::Region(_) => {}
            }
        }
        // A type that is asked for is declared.
        if used.iter().any(|name| name == "Ret") {
            let form = self.go_ty(ret);
            holes.insert("Ret".into(), Hole::Type(form));
        }
        if let Some(self_ty) = queries::self_ty(self.cx.db, def) {
            let self_ty = self.cx.concrete(self_ty, args);
            let form = self.go_ty(self_ty);
            holes.insert("Self".into(), Hole::Type(form));
        }
        let imports = Imports { runtime: self.cx.options.runtime_import.clone(), paths: &attr.imports };
        match self.expand(attr, &text, &holes, &imports, ret) {
            Ok(val) => val,
            Err(message) => {
                Val::One(self.unsupported(span, &format!("`{}` (its Go form is wrong: {message})", def.name())))
            }
        }
    }

    /// A function for a generic helper of the runtime, which takes `func(…) T`: one without a result, or with several, is wrapped.
    fn with_one_result(&mut self, function: Expr, ty: Ty) -> Expr {
        let ty = self.cx.erase_functions(queries::normalize(self.cx.db, ty));
        let rgo_typeck::ty::TyKind::FnPtr(sig) = ty.kind() else { return function };
        let sig = sig.instantiate_erased();
        let output = sig.output();
        if matches!(self.cx.returns(output), crate::mono::forms::Returns::One(_)) {
            return function;
        }
        let function = self.stable_place(function, "f");
        let (params, args) = self.forwarded(sig.inputs());
        let body = self.block(|lower| {
            let val = lower.finish_call(Expr::call(function, args), output);
            let value = lower.stored(val, output);
            lower.emit(StmtKind::Return(vec![value]));
        });
        let results = vec![Result { var: None, ty: self.go_ty(output) }];
        Expr::Func(Box::new(FuncLit { params, results, body }))
    }

    fn expand(
        &mut self,
        attr: &GoAttr,
        text: &str,
        holes: &FxHashMap<String, Hole>,
        imports: &Imports<'_>,
        ret: Ty,
    ) -> std::result::Result<Val, String> {
        match &attr.form {
            Some(GoForm::Stmt(_)) => {
                let stmts = template::stmts(text, holes, imports, &mut self.locals)?;
                for stmt in stmts {
                    self.emit(stmt);
                }
                Ok(Val::Parts(Vec::new()))
            }
            Some(GoForm::CommaOk(_)) => {
                let call = template::expr(text, holes, imports, &mut self.locals)?;
                let payload = self.cx.option_payload(ret).unwrap_or(ret);
                if self.cx.option_form(payload) == OptionForm::Nil {
                    // A call has two results all the same; the first is nil where the second is false.
                    if matches!(call, Expr::Call(_)) {
                        let value = self.locals.temporary("v");
                        self.emit(StmtKind::Define(vec![Some(value), None], vec![call]));
                        return Ok(Val::One(Expr::Var(value)));
                    }
                    // A missing key gives Go's zero value, which is nil.
                    return Ok(Val::One(call));
                }
                if matches!(call, Expr::Call(_)) {
                    return Ok(Val::Multi(call));
                }
                let value = self.locals.temporary("v");
                let ok = self.locals.temporary("ok");
                self.emit(StmtKind::Define(vec![Some(value), Some(ok)], vec![call]));
                Ok(Val::Option(Expr::Var(value), Expr::Var(ok)))
            }
            Some(GoForm::PartsOk(_)) => {
                let call = template::expr(text, holes, imports, &mut self.locals)?;
                let payload = self.cx.option_payload(ret).unwrap_or(ret);
                let count = payload.as_tuple().map_or(0, |items| items.len());
                let parts: Vec<VarId> = (0..count).map(|_| self.locals.temporary("part")).collect();
                let ok = self.locals.temporary("ok");
                self.emit(StmtKind::Define(parts.iter().copied().chain([ok]).map(Some).collect(), vec![call]));
                let tuple = self.make_tuple(parts.into_iter().map(Expr::Var).collect(), payload);
                Ok(Val::Option(tuple, Expr::Var(ok)))
            }
            Some(GoForm::CommaErr(_)) => {
                let call = template::expr(text, holes, imports, &mut self.locals)?;
                let value = self.locals.temporary("v");
                let err = self.locals.temporary("err");
                let form = self.go_ty(ret);
                self.emit(StmtKind::Define(vec![Some(value), Some(err)], vec![call]));
                let ok = Expr::binary(BinaryOp::Eq, Expr::Var(err), Expr::nil());
                Ok(Val::One(Expr::keyed(
                    form,
                    vec![("Val".into(), Expr::Var(value)), ("Err".into(), Expr::Var(err)), ("OK".into(), ok)],
                )))
            }
            Some(GoForm::Multi(_)) => {
                let types: Vec<Ty> = ret.as_tuple().map(|items| items.to_vec()).unwrap_or_default();
                let parts: Vec<Expr> = split_top_level(text)
                    .into_iter()
                    .map(|part| template::expr(part, holes, imports, &mut self.locals))
                    .collect::<std::result::Result<_, _>>()?;
                match <[Expr; 1]>::try_from(parts) {
                    Ok([call]) => {
                        let vars: Vec<VarId> = types.iter().map(|_| self.locals.temporary("v")).collect();
                        self.emit(StmtKind::Define(vars.iter().copied().map(Some).collect(), vec![call]));
                        Ok(Val::Parts(vars.into_iter().map(Expr::Var).collect()))
                    }
                    Err(parts) => Ok(Val::Parts(parts)),
                }
            }
            _ => {
                let expr = template::expr(text, holes, imports, &mut self.locals)?;
                if ret.is_unit() {
                    self.emit(StmtKind::Expr(expr));
                    return Ok(Val::Parts(Vec::new()));
                }
                if ret.is_never() {
                    self.emit(StmtKind::Expr(expr));
                    self.unreachable();
                    return Ok(Val::Parts(Vec::new()));
                }
                Ok(Val::One(expr))
            }
        }
    }
}

/// The parts of a list at its commas outside of brackets.
fn split_top_level(text: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0i32, 0);
    let mut parts = Vec::new();
    for (i, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..i].trim());
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}

/// Whether the hole is an index or a length, where Go refuses constants below zero.
fn is_length(text: &str, name: &str) -> bool {
    text.contains("make(") || text.contains(&format!("[${name}]"))
}

/// Whether an argument may as well be written wherever the template mentions it.
fn is_cheap(value: &Expr) -> bool {
    match value {
        Expr::Binary(BinaryOp::Add | BinaryOp::Sub, left, right) => {
            matches!((&**left, &**right), (Expr::Var(_), Expr::Lit(_)))
        }
        value => super::expr::is_repeatable(value),
    }
}
