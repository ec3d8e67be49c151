//! Whole functions, statics and destructors.

use rgo_borrowck::LocalDrop;
use rgo_hir::DefId;
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{BodyKind, PatKind};
use rgo_typeck::ty::{AdtDef, AdtKind, Args, Ty, TyKind};

use super::*;
use crate::mono::adt::LayoutKind;
use crate::mono::context::{Instance, Work};
use crate::mono::forms::OptionForm;
use crate::mono::functions::FuncRef;
use crate::{attrs, queries};

impl Lower<'_, '_> {
    /// The parameters; those with a pattern are taken apart at the start of the body.
    pub(super) fn params(&mut self) -> Vec<Param> {
        let body = self.body;
        let mut params = Vec::new();
        let mut taken_apart = Vec::new();
        for (position, param) in body.params.iter().enumerate() {
            if matches!(body.kind, BodyKind::Closure(_)) && param.pat.is_none() {
                continue;
            }
            let ty = self.ty(param.ty);
            let form = self.go_ty(ty);
            let var = match param.pat {
                None => None,
                Some(pat) => match (self.simple_binding(pat), &body.pats[pat].kind) {
                    (Some(local), _) => Some(self.new_local(local)),
                    (None, PatKind::Wild) => None,
                    (None, _) => {
                        let var = self.locals.temporary("arg");
                        self.param_vars.insert(position as u32, var);
                        taken_apart.push((pat, var, ty));
                        Some(var)
                    }
                },
            };
            params.push(Param { var, ty: form, variadic: Variadic::No });
        }
        for (pat, var, ty) in taken_apart {
            let mut bindings = Vec::new();
            self.test(pat, &super::matching::Subject::Place(Expr::Var(var), ty), &mut bindings);
            self.bind_all(&bindings);
        }
        params
    }

    /// The body of a function or closure; the parameters have been declared.
    pub(super) fn function_body(&mut self) {
        self.plan_defers();
        let value = self.body.value;
        self.mark(self.body.exprs[value].span);
        let dest = if self.ret.is_unit() || self.ret.is_never() { Dest::Discard } else { Dest::Return };
        self.scoped_into(value, &dest, ScopeExit::FnEnd);
    }

    /// Parameters that die with the function on every path are dropped by `defer`, so that a panic drops them too.
    fn plan_defers(&mut self) {
        let Some(facts) = self.facts else { return };
        let body = self.body;
        let mut all_before = true;
        for param in &body.params {
            let Some(local) = param.pat.and_then(|pat| self.simple_binding(pat)) else { continue };
            let ty = self.ty(param.ty);
            if !queries::needs_drop(self.cx.db, ty) {
                continue;
            }
            match facts.locals.get(local) {
                Some(LocalDrop::Always) if all_before && !facts.reassigned.contains(&local) => {
                    self.defer_drop(local, ty)
                }
                Some(LocalDrop::Flag) => {
                    all_before = false;
                    self.declare_flag(local);
                    self.set_flag(local, true);
                }
                Some(LocalDrop::Never) => {}
                _ => all_before = false,
            }
        }
        self.all_deferred = all_before;
    }

    /// A local of the outermost block that dies with the function on every path is dropped by `defer`: a panic then drops it too.
    pub(super) fn defer_local(&mut self, local: LocalId) {
        let Some(facts) = self.facts else { return };
        let Some(ty) = self.body.locals.get(local).map(|l| self.ty(l.ty)) else { return };
        if !queries::needs_drop(self.cx.db, ty) {
            return;
        }
        match facts.locals.get(local) {
            Some(LocalDrop::Always) if self.all_deferred => self.defer_drop(local, ty),
            // Moved away on every path: it is not there when the others are dropped.
            Some(LocalDrop::Never) => {}
            _ => self.all_deferred = false,
        }
    }

    pub(super) fn note_undeferred(&mut self, local: LocalId) {
        let Some(ty) = self.body.locals.get(local).map(|l| self.ty(l.ty)) else { return };
        let is_moved = self.facts.is_some_and(|facts| facts.locals.get(local) == Some(&LocalDrop::Never));
        if queries::needs_drop(self.cx.db, ty) && !is_moved {
            self.all_deferred = false;
        }
    }

    fn defer_drop(&mut self, local: LocalId, ty: Ty) {
        let place = self.local(local);
        let call = self.cx.drop_call(place, ty);
        self.emit(StmtKind::Defer(call));
        self.deferred.insert(local);
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
    let is_main = cx.is_local(def) && def.name().as_str() == "main" && def.parent() == Some(cx.root);
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
    lower.function_body();
    let ret = lower.ret;
    let results = lower.cx.result_types(ret).into_iter().map(|ty| Result { var: None, ty }).collect();
    let (locals, out) = (std::mem::take(&mut lower.locals), std::mem::take(&mut lower.out));
    let entry: Str = match &found {
        FuncRef::Func(name) | FuncRef::Method(name) => name.clone(),
    };
    let (name, receiver) = match found {
        FuncRef::Func(name) if is_main && !ret.is_unit() && !ret.is_never() => {
            (emit_entry(cx, body, def, ret, name), None)
        }
        FuncRef::Func(name) => (name, None),
        FuncRef::Method(name) => {
            let first = if params.is_empty() { None } else { Some(params.remove(0)) };
            (name, first.map(|param| Receiver { var: param.var, ty: param.ty }))
        }
    };
    if is_main && cx.options.report_panics {
        main_under_report(cx, def, &entry);
    }
    let doc = if cx.is_local(def) { attrs::docs(cx.db, def) } else { Vec::new() };
    let mut decl = FuncDecl { doc, receiver, name, type_params: Vec::new(), params, results, body: out, locals, pos };
    crate::go::fold::fold_func(&mut decl);
    cx.check_entries(&decl.body);
    cx.decls.push((def, Decl::Func(decl)));
}

/// Go's `main` where panics are reported as Rust reports them: it runs the program's own.
fn main_under_report(cx: &mut Cx<'_>, def: DefId, program: &Str) {
    let run = Expr::call(cx.runtime("Run"), vec![Expr::Name(program.clone())]);
    cx.decls.push((def, procedure("main".into(), vec![StmtKind::Expr(run).into()], Locals::default())));
}

/// Emits the function that runs a `main` that returns something; its body goes to a function of its own, the name of which is returned.
fn emit_entry<'db>(cx: &mut Cx<'db>, body: &'db thir::Body, def: DefId, ret: Ty, name: Str) -> Str {
    let run = cx.fresh_name("run");
    let mut lower = Lower::new(cx, body, None, def, Args::empty());
    lower.ret = ret;
    lower.call_run(&run);
    let (locals, out) = (std::mem::take(&mut lower.locals), std::mem::take(&mut lower.out));
    cx.decls.push((def, procedure(name, out, locals)));
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

/// Emits a `static` as a package variable.
pub fn emit_static(cx: &mut Cx<'_>, def: DefId) {
    let Some(name) = cx.statics.get(&def).cloned() else { return };
    let span = rgo_hir::def_span(cx.db, def);
    let Some(body) = queries::thir(cx.db, def) else {
        return cx.unsupported(def, span, &format!("the static `{}`", def.name()));
    };
    let declared = queries::type_of(cx.db, def);
    let ty = cx.concrete(declared, Args::empty());
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
    let doc = if cx.is_local(def) { attrs::docs(cx.db, def) } else { Vec::new() };
    let mut decl = VarDecl { doc, name: Some(name), ty: Some(form), value: Some(fitted(expr)), locals };
    crate::go::fold::fold_var(&mut decl);
    cx.decls.push((def, Decl::Var(decl)));
}

impl Cx<'_> {
    /// The call that runs the destructor of the value in a place.
    pub fn drop_call(&mut self, place: Expr, ty: Ty) -> Expr {
        let name = self.drop_func(ty);
        Expr::call(Expr::Name(name), vec![place.addr()])
    }

    /// Gives a type of this package the method by which a trait object that holds it is dropped.
    pub fn drop_method(&mut self, ty: Ty) {
        let Some(layout) = self.layout(ty) else { return };
        if !self.members.entry(layout.name.clone()).or_default().insert("dropValue".into()) {
            return;
        }
        let mut locals = Locals::default();
        let receiver = locals.temporary("p");
        let call = self.drop_call(Expr::Var(receiver).deref(), ty);
        let def = match ty.kind() {
            TyKind::Adt(def, _) => *def,
            _ => self.root,
        };
        let decl = FuncDecl {
            doc: Vec::new(),
            receiver: Some(Receiver { var: Some(receiver), ty: Type::Name(layout.name.clone()).pointer() }),
            name: "dropValue".into(),
            type_params: Vec::new(),
            params: Vec::new(),
            results: Vec::new(),
            body: vec![StmtKind::Expr(call).into()],
            locals,
            pos: None,
        };
        self.decls.push((def, Decl::Func(decl)));
    }

    fn drop_func(&mut self, ty: Ty) -> Str {
        if let Some(known) = self.drops.get(&ty) {
            return known.clone();
        }
        let word = self.type_word(ty);
        let name = self.fresh_name(&format!("drop{word}"));
        self.drops.insert(ty, name.clone());
        self.later(Work::Drop(ty));
        name
    }
}

/// Emits `func dropT(p *T)`: the type's own `drop`, then its parts in order of declaration.
pub fn emit_drop_glue(cx: &mut Cx<'_>, ty: Ty) {
    let Some(name) = cx.drops.get(&ty).cloned() else { return };
    let mut locals = Locals::default();
    let pointer = locals.temporary("p");
    let form = cx.go_ty(ty);
    let mut body = Vec::new();
    let place = Expr::Var(pointer).deref();
    glue(cx, ty, place, &mut body, &mut locals);
    let def = match ty.kind() {
        TyKind::Adt(def, _) => *def,
        _ => cx.root,
    };
    let param = Param { var: Some(pointer), ty: form.pointer(), variadic: Variadic::No };
    let mut decl = FuncDecl {
        doc: Vec::new(),
        receiver: None,
        name,
        type_params: Vec::new(),
        params: vec![param],
        results: Vec::new(),
        body,
        locals,
        pos: None,
    };
    crate::go::fold::fold_func(&mut decl);
    cx.decls.push((def, Decl::Func(decl)));
}

fn glue(cx: &mut Cx<'_>, ty: Ty, place: Expr, out: &mut Block, locals: &mut Locals) {
    let drop_part = |cx: &mut Cx<'_>, place: Expr, ty: Ty, out: &mut Block| {
        if queries::needs_drop(cx.db, ty) {
            let call = cx.drop_call(place, ty);
            out.push(StmtKind::Expr(call).into());
        }
    };
    match ty.kind() {
        TyKind::Tuple(items) => {
            let base = followed(place);
            for (i, item) in items.iter().enumerate() {
                drop_part(cx, base.clone().select(&format!("F{i}")), *item, out);
            }
        }
        TyKind::Array(elem, _) | TyKind::Slice(elem) => each(cx, place, *elem, out, locals),
        TyKind::Dynamic(..) => {}
        TyKind::Adt(def, args) => {
            if let Some(payload) = cx.box_payload(ty) {
                return match payload.kind() {
                    TyKind::Slice(elem) => each(cx, place, *elem, out, locals),
                    TyKind::Dynamic(..) => {
                        let value = locals.temporary("d");
                        let ok = locals.temporary("ok");
                        let interface = Type::Interface(vec![Method {
                            doc: Vec::new(),
                            name: "dropValue".into(),
                            signature: FuncType { params: Vec::new(), results: Vec::new(), variadic: Variadic::No },
                        }]);
                        let any = Expr::convert(Type::name("any"), place);
                        out.push(
                            StmtKind::Define(
                                vec![Some(value), Some(ok)],
                                vec![Expr::Assert(Box::new(any), Box::new(interface))],
                            )
                            .into(),
                        );
                        let call = StmtKind::Expr(Expr::Var(value).method("dropValue", Vec::new())).into();
                        out.push(StmtKind::if_else(Expr::Var(ok), vec![call], Vec::new()).into());
                    }
                    _ => drop_part(cx, place.deref(), payload, out),
                };
            }
            if let Some(elem) = cx.vec_payload(ty) {
                return each(cx, place, elem, out, locals);
            }
            if let Some(payload) = cx.option_payload(ty) {
                let mut inner = Vec::new();
                return match cx.option_form(payload) {
                    OptionForm::Nil => {
                        drop_part(cx, place.clone(), payload, &mut inner);
                        out.push(
                            StmtKind::if_else(Expr::binary(BinaryOp::Ne, place, Expr::nil()), inner, Vec::new()).into(),
                        );
                    }
                    OptionForm::Tagged => {
                        let base = followed(place);
                        drop_part(cx, base.clone().select("Val"), payload, &mut inner);
                        out.push(StmtKind::if_else(base.select("Some"), inner, Vec::new()).into());
                    }
                };
            }
            if let Some((ok, err)) = cx.result_payload(ty) {
                let base = followed(place);
                let (mut then, mut els) = (Vec::new(), Vec::new());
                drop_part(cx, base.clone().select("Val"), ok, &mut then);
                drop_part(cx, base.clone().select("Err"), err, &mut els);
                out.push(StmtKind::if_else(base.select("OK"), then, els).into());
                return;
            }
            own_drop(cx, ty, *def, *args, place.clone(), out);
            adt_parts(cx, ty, *def, *args, place, out);
        }
        _ => {}
    }
}

/// The call of the type's own `Drop::drop`.
fn own_drop(cx: &mut Cx<'_>, ty: Ty, def: DefId, args: Args, place: Expr, out: &mut Block) {
    let Some(drop) = queries::drop_impl(cx.db, def) else { return };
    // The impl's parameters are its own: it is found as a call of the trait's method would find it.
    let method =
        rgo_hir::lang_item(cx.db, "drop").and_then(|t| rgo_hir::child(cx.db, t, rgo_syntax::Name::new("drop")));
    let resolved = method.map(|method| queries::resolve(cx.db, method, Args::of_types(&[ty])));
    let (drop, args) = match resolved {
        Some(queries::Callee::Item(found, found_args)) => (found, cx.concrete_args(found_args, Args::empty())),
        _ => (drop, args),
    };
    let pointer = place.addr();
    let call = match cx.func(drop, args) {
        FuncRef::Func(name) => Expr::call(Expr::Name(name), vec![pointer]),
        FuncRef::Method(name) => pointer.method(&name, Vec::new()),
    };
    out.push(StmtKind::Expr(call).into());
}

/// A struct whose Go form is that of its field (`#[go(type = "$T")]`): what is dropped is the field, in the same place.
fn transparent_part(cx: &mut Cx<'_>, ty: Ty, adt: &AdtDef, args: Args, place: Expr, out: &mut Block) {
    let [variant] = &adt.variants[..] else { return };
    let form = cx.go_ty(ty);
    for field in &variant.fields {
        let field_ty = cx.concrete(field.ty, args);
        if queries::needs_drop(cx.db, field_ty) && cx.go_ty(field_ty) == form {
            let call = cx.drop_call(place.clone(), field_ty);
            out.push(StmtKind::Expr(call).into());
        }
    }
}

fn adt_parts(cx: &mut Cx<'_>, ty: Ty, def: DefId, args: Args, place: Expr, out: &mut Block) {
    let Some(adt) = queries::adt(cx.db, def) else { return };
    let Some(layout) = cx.layout(ty) else { return transparent_part(cx, ty, adt, args, place, out) };
    let base = followed(place);
    let mut cases = Vec::new();
    for (i, variant) in adt.variants.iter().enumerate() {
        let mut body = Vec::new();
        for (field, name) in variant.fields.iter().zip(&layout.fields[i]) {
            let field_ty = cx.concrete(field.ty, args);
            if queries::needs_drop(cx.db, field_ty) {
                let call = cx.drop_call(base.clone().select(name), field_ty);
                body.push(StmtKind::Expr(call).into());
            }
        }
        if adt.kind != AdtKind::Enum || layout.kind == LayoutKind::Struct {
            out.extend(body);
        } else if !body.is_empty() {
            cases.push(Case { exprs: vec![Expr::Name(layout.variants[i].clone())], body });
        }
    }
    if !cases.is_empty() {
        out.push(StmtKind::Switch(Box::new(Switch { init: None, tag: Some(base.select(&layout.tag)), cases })).into());
    }
}

fn each(cx: &mut Cx<'_>, place: Expr, elem: Ty, out: &mut Block, locals: &mut Locals) {
    if !queries::needs_drop(cx.db, elem) {
        return;
    }
    let index = locals.temporary("i");
    let call = cx.drop_call(place.clone().index(Expr::Var(index)), elem);
    out.push(
        StmtKind::Range(Box::new(Range {
            key: Some(index),
            value: None,
            expr: place,
            body: vec![StmtKind::Expr(call).into()],
        }))
        .into(),
    );
}

fn followed(place: Expr) -> Expr {
    match place {
        Expr::Unary(UnaryOp::Deref, pointer) => *pointer,
        other => other,
    }
}
