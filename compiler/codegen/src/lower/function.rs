//! Whole functions, statics and destructors.

use rgo_hir::DefId;
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{BodyKind, PatKind};
use rgo_typeck::ty::{Args, Ty, TyKind};

use super::flags::Root;
use super::*;
use crate::mono::context::Instance;
use crate::mono::functions::FuncRef;
use crate::queries;

impl Lower<'_, '_> {
    /// The parameters; those with a pattern are taken apart at the start of the body.
    pub(super) fn params(&mut self) -> Vec<Param> {
        let body = self.body;
        let mut params = Vec::new();
        self.arm_upvars();
        for (position, param) in body.params.iter().enumerate() {
            if matches!(body.kind, BodyKind::Closure(_)) && param.pat.is_none() {
                continue;
            }
            let ty = self.ty(param.ty);
            let is_builder = param.pat.and_then(|pat| self.simple_binding(pat)).is_some_and(|l| self.is_builder(l));
            let form = match is_builder {
                true => Type::imported("strings", "Builder", Vec::new()).pointer(),
                false => self.go_ty(ty),
            };
            let var = match param.pat {
                None => None,
                Some(pat) => match (self.simple_binding(pat), &body.pats[pat].kind) {
                    (Some(local), _) => Some(self.new_local(local)),
                    (None, PatKind::Wild) if !self.cx.needs_drop(ty) => None,
                    (None, _) => {
                        let var = self.locals.temporary("arg");
                        self.param_vars.insert(position as u32, var);
                        Some(var)
                    }
                },
            };
            params.push(Param { var, ty: form, variadic: Variadic::No });
            self.arm_param(position);
            if let (Some(pat), Some(var)) = (param.pat, self.param_vars.get(&(position as u32)).copied()) {
                let mut bindings = Vec::new();
                self.note_origins(pat, Some((Root::Param(position as u32), Vec::new())));
                self.test(pat, &super::matching::Subject::Place(Expr::Var(var), ty), &mut bindings);
                self.is_outermost = true;
                self.bind_all(&bindings);
                self.is_outermost = false;
            }
        }
        params
    }

    /// The body of a function or closure; the parameters have been declared.
    pub(super) fn function_body(&mut self) {
        let value = self.body.value;
        self.mark(self.body.exprs[value].span);
        let dest = if self.ret.is_unit() || self.ret.is_never() { Dest::Discard } else { Dest::Return };
        self.scoped_into(value, &dest, ScopeExit::FnEnd);
    }
}

/// Emits one instance of a function.
pub fn emit_func(cx: &mut Cx<'_>, instance: Instance) {
    let Instance { def, args } = instance;
    let Some(found) = cx.funcs.get(&instance).cloned() else { return };
    let span = rgo_hir::def_span(cx.db, def);
    let Some(body) = queries::thir(cx.db, def) else {
        return cx.unsupported(def, span, &format!("the function `{}`", def.name()));
    };
    if body.has_errors {
        let why = queries::body_error(cx.db, def);
        return cx.unsupported(def, span, &format!("`{}`, whose body has errors ({why}),", def.name()));
    }
    let facts = queries::facts(cx.db, def);
    let sig = cx.sig_of(def, args);
    let is_main = rgo_hir::is_entry(def);
    let mut lower = Lower::new(cx, body, facts, def, args);
    lower.mark(span);
    let pos = lower.pos;
    lower.ret = queries::normalize(lower.cx.db, sig.output());
    if let FuncRef::Func(_) = found {
        lower.self_name = match sig.inputs().first().map(|ty| ty.peel_refs().kind()) {
            Some(TyKind::Str) => "s",
            Some(TyKind::Slice(_)) => "items",
            Some(TyKind::Array(..)) => "array",
            Some(TyKind::Bool) => "b",
            Some(TyKind::Char) => "c",
            Some(TyKind::Int(_) | TyKind::Uint(_)) => "n",
            Some(TyKind::Float(_)) => "x",
            Some(TyKind::Tuple(_)) => "tuple",
            _ => "v",
        };
    }
    let mut params = lower.params();
    match &found {
        FuncRef::Func(global) => lower.guard_door(&global.name),
        FuncRef::Method(_, name) => lower.guard_door(name),
    }
    lower.function_body();
    let ret = lower.ret;
    let results = lower.cx.unnamed_results(ret);
    let (locals, out) = (std::mem::take(&mut lower.locals), std::mem::take(&mut lower.out));
    let entry: Str = match &found {
        FuncRef::Func(Global { name, .. }) | FuncRef::Method(_, name) => name.clone(),
    };
    let (name, receiver) = match found {
        FuncRef::Func(global) if is_main && !ret.is_unit() && !ret.is_never() => {
            (emit_entry(cx, body, def, ret, global.name), None)
        }
        FuncRef::Func(global) => (global.name, None),
        FuncRef::Method(_, name) => {
            let first = if params.is_empty() { None } else { Some(params.remove(0)) };
            (name, first.map(|param| Receiver { var: param.var, ty: param.ty }))
        }
    };
    if is_main && cx.options.report_panics {
        main_under_report(cx, def, &entry);
    }
    let doc = cx.docs(def);
    let type_params = if receiver.is_some() { Vec::new() } else { cx.declared_params(args) };
    let mut decl = FuncDecl { doc, receiver, name, type_params, params, results, body: out, locals, pos };
    name_zeros(&mut decl);
    crate::go::fold::fold_func(&mut decl);
    cx.check_entries(&decl.body);
    cx.declare(def, Decl::Func(decl));
}

/// Gives the zero value of a type parameter a name, which Go has no literal for: `var zero T`.
fn name_zeros(decl: &mut FuncDecl) {
    let mut zeros: Vec<(Type, VarId)> = Vec::new();
    let locals = &mut decl.locals;
    crate::go::visit::rewrite_exprs(&mut decl.body, &mut |expr| {
        let Expr::Unary(UnaryOp::Deref, inner) = expr else { return };
        let Expr::Call(call) = &**inner else { return };
        let ([Expr::Type(ty)], Expr::Name(function)) = (&call.args[..], &call.fun) else { return };
        if &**function != "new" {
            return;
        }
        let known = zeros.iter().find(|(known, _)| *known == **ty).map(|(_, var)| *var);
        let var = known.unwrap_or_else(|| {
            let var = locals.user("zero");
            zeros.push(((**ty).clone(), var));
            var
        });
        *expr = Expr::Var(var);
    });
    let declared = zeros.into_iter().map(|(ty, var)| StmtKind::Var(var, ty, None).into());
    decl.body.splice(0..0, declared.collect::<Vec<_>>());
}

/// Go's `main` where panics are reported as Rust reports them: it runs the program's own.
fn main_under_report(cx: &mut Cx<'_>, def: DefId, program: &Str) {
    let run = Expr::call(cx.runtime("Run"), vec![Expr::Name(program.clone())]);
    cx.declare(def, procedure("main".into(), vec![StmtKind::Expr(run).into()], Locals::default()));
}

/// Emits the function that runs a `main` that returns something; its body goes to a function of its own, the name of which is returned.
fn emit_entry<'db>(cx: &mut Cx<'db>, body: &'db thir::Body, def: DefId, ret: Ty, name: Str) -> Str {
    let run = cx.fresh_name("run").name;
    let mut lower = Lower::new(cx, body, None, def, Args::empty());
    lower.ret = ret;
    lower.call_run(&run);
    let (locals, out) = (std::mem::take(&mut lower.locals), std::mem::take(&mut lower.out));
    cx.declare(def, procedure(name, out, locals));
    run
}

/// A function without parameters and results.
fn procedure(name: Str, body: Block, locals: Locals) -> Decl {
    let mut decl = FuncDecl {
        doc: Vec::new(),
        receiver: None,
        name,
        type_params: Vec::new(),
        params: Vec::new(),
        results: Vec::new(),
        body,
        locals,
        pos: None,
    };
    crate::go::fold::fold_func(&mut decl);
    Decl::Func(decl)
}

impl Lower<'_, '_> {
    /// `fn main() -> T` is a function of its own, called here; what it returns decides how the process ends. Of a `Result<(), E>` an error is
    /// printed to standard error, and the exit status is 1; anything else says so itself (`Termination`).
    fn call_run(&mut self, run: &Str) {
        let ret = self.ret;
        let call = Expr::call(Expr::Name(run.clone()), Vec::new());
        let span = self.body.exprs[self.body.value].span;
        let val = self.finish_call(call, ret);
        let payloads = self.cx.result_payload(ret).filter(|(value, _)| value.is_unit() || value.is_never());
        let Some((_, error_ty)) = payloads else {
            return self.terminate(val, ret, span);
        };
        let parts = self.result_parts(val, ret);
        let failed = self.block(|lower| {
            let error = lower.stored_error(&parts.error, error_ty);
            let text = lower.debug_text(error, error_ty, span);
            lower.emit(StmtKind::Expr(Expr::call(
                Expr::imported("fmt", "Fprintln"),
                vec![Expr::imported("os", "Stderr"), Expr::str("Error:"), text],
            )));
            lower.emit(StmtKind::Expr(Expr::call(Expr::imported("os", "Exit"), vec![Expr::int(1)])));
        });
        self.emit(StmtKind::if_else(super::expr::negated(parts.ok), failed, Vec::new()));
    }

    /// `Termination::report(value).exit_process()`
    fn terminate(&mut self, val: Val, ret: Ty, span: Span) {
        let value = self.stored(val, ret);
        let report = rgo_hir::lang_item(self.cx.db, "termination")
            .and_then(|t| rgo_hir::child(self.cx.db, t, rgo_syntax::Name::new("report")));
        let Some(report) = report else { return };
        let code = self.call_def(report, Args::of_types(&[ret]), vec![value], None, span);
        let code_ty = self.cx.sig_of(report, Args::of_types(&[ret])).output();
        let code = self.stored(code, code_ty);
        let number = self.field(code, code_ty, 0, 0);
        let exit = Expr::call(Expr::imported("os", "Exit"), vec![Expr::convert(Type::name("int"), number)]);
        self.emit(StmtKind::Expr(exit));
    }

    /// `format!("{value:?}")`.
    pub(super) fn debug_text(&mut self, place: Expr, ty: Ty, span: Span) -> Expr {
        let method = rgo_hir::lang_item(self.cx.db, "debug")
            .and_then(|t| rgo_hir::child(self.cx.db, t, rgo_syntax::Name::new("fmt")));
        let Some(method) = method else { return Expr::str("error") };
        let formatter = self.locals.temporary("f");
        let form = self.cx.runtime_ty("Formatter", Vec::new());
        self.emit(StmtKind::Var(formatter, form, None));
        let value = self.reference(place, ty, rgo_hir::body::Mutability::Not);
        let val = self.call_def(method, Args::of_types(&[ty]), vec![value, Expr::Var(formatter).addr()], None, span);
        self.send(val, Ty::unit(), &Dest::Discard);
        Expr::Var(formatter).method("String", Vec::new())
    }
}

/// The bytes that Go's linker takes for one variable.
const LARGEST_VARIABLE: i128 = 2_000_000_000;

/// Emits a `static` as a package variable.
pub fn emit_static(cx: &mut Cx<'_>, def: DefId) {
    let Some(name) = cx.statics.get(&def).cloned() else { return };
    let span = rgo_hir::def_span(cx.db, def);
    let Some(body) = queries::thir(cx.db, def) else {
        return cx.unsupported(def, span, &format!("the static `{}`", def.name()));
    };
    let declared = queries::type_of(cx.db, def);
    let ty = cx.concrete(declared, Args::empty());
    if crate::intrinsics::size_of(cx, ty).0 > LARGEST_VARIABLE {
        return cx.unsupported(def, span, "a static of more than 2,000,000,000 bytes");
    }
    let form = cx.go_ty(ty);
    let value = queries::const_value(cx.db, def, Args::empty());
    let mut lower = Lower::new(cx, body, None, def, Args::empty());
    let mut expr = match &value {
        Some(value) => lower.constant(value, ty),
        None => lower.value(body.value),
    };
    let stmts = std::mem::take(&mut lower.out);
    if !stmts.is_empty() {
        let mut stmts = stmts;
        stmts.push(StmtKind::Return(vec![expr]).into());
        let results = vec![Result { var: None, ty: form.clone() }];
        expr = Expr::call(Expr::Func(Box::new(FuncLit { params: Vec::new(), results, body: stmts })), Vec::new());
    }
    let locals = std::mem::take(&mut lower.locals);
    let doc = cx.docs(def);
    let mut decl = VarDecl { doc, name: Some(name.name), ty: Some(form), value: Some(fitted(expr)), locals };
    crate::go::fold::fold_var(&mut decl);
    cx.declare(def, Decl::Var(decl));
}
