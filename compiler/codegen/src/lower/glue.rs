//! Drop glue: the function that runs a type's destructor and then those of its parts.
//!
//! Of a type (regions erased). Where a destructor may panic, what comes after it is deferred first: Rust drops the rest all the same.

use rgo_hir::DefId;
use rgo_typeck::ty::{AdtDef, AdtKind, Args, Ty, TyKind};

use super::owning::followed;
use super::*;
use crate::mono::adt::LayoutKind;
use crate::mono::context::Work;
use crate::mono::forms::OptionForm;
use crate::mono::functions::FuncRef;
use crate::{attrs, queries};

impl Cx<'_> {
    /// The call that runs the destructor of the value in a place, whatever the occasion.
    pub fn drop_call(&mut self, place: Expr, ty: Ty) -> Expr {
        self.drop_call_at(Occasion::Within, place, ty)
    }

    /// The same on this occasion.
    pub fn drop_call_at(&mut self, occasion: Occasion, place: Expr, ty: Ty) -> Expr {
        if self.is_closure_object(ty)
            || self.box_payload(ty).is_some_and(|payload| self.is_closure_object(payload) && payload.is_dyn())
        {
            return followed(place).method("Drop", Vec::new());
        }
        if let Some(call) = self.only_own_drop(occasion, ty, &place) {
            return call;
        }
        let name = self.drop_func(ty);
        Expr::call(self.global(&name), vec![place.addr()])
    }

    /// Whether the destructor of a type is another by a panic.
    pub fn is_dropped_by_occasion(&self, ty: Ty) -> bool {
        let TyKind::Adt(def, _) = ty.kind() else { return false };
        let drop = queries::drop_impl(self.db, *def).filter(|_| def.is_std());
        drop.is_some_and(|drop| attrs::drop_twin(self.db, drop, "unwinding").is_some())
    }

    /// The call of the destructor of a type no part of which has one.
    fn only_own_drop(&mut self, occasion: Occasion, ty: Ty, place: &Expr) -> Option<Expr> {
        let TyKind::Adt(def, args) = ty.kind() else { return None };
        queries::drop_impl(self.db, *def)?;
        let adt = queries::adt(self.db, *def)?;
        let mut fields = adt.variants.iter().flat_map(|variant| &variant.fields);
        if self.is_view(ty) || self.layout(ty).is_none() {
            return None;
        }
        let is_whole = fields.all(|field| {
            let ty = self.concrete(field.ty, *args);
            !self.needs_drop(ty)
        });
        let (call, _) = is_whole.then(|| own_drop(self, occasion, ty, place.clone()))??;
        Some(call)
    }

    /// Gives a type of this package the method by which a trait object that holds it is dropped.
    pub fn drop_method(&mut self, ty: Ty) {
        let Some(layout) = self.layout(ty) else { return };
        let name = self.drop_method_name();
        if !self.members.entry(layout.name.clone()).or_default().insert(name.to_string()) {
            return;
        }
        let home = self.home_of_ty(ty);
        let form = self.go_ty(ty);
        self.in_home(home, |cx| cx.declare_drop_method(ty, form, name));
    }

    fn declare_drop_method(&mut self, ty: Ty, form: Type, name: Str) {
        let mut locals = Locals::default();
        let receiver = locals.temporary("p");
        let call = self.drop_call(Expr::Var(receiver).deref(), ty);
        let decl = drop_decl(name, Receiver { var: Some(receiver), ty: form.pointer() }, call, locals);
        self.declare(self.owner_of(ty), Decl::Func(decl));
    }

    fn drop_func(&mut self, ty: Ty) -> Global {
        if let Some(known) = self.drops.get(&ty) {
            return known.clone();
        }
        let word = self.type_word(ty);
        let home = self.home_of_ty(ty);
        let name = self.in_home(home, |cx| cx.fresh_name(&format!("drop{word}")));
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
    let param = Param { var: Some(pointer), ty: form.pointer(), variadic: Variadic::No };
    let mut decl = FuncDecl {
        doc: Vec::new(),
        receiver: None,
        name: name.name,
        type_params: Vec::new(),
        params: vec![param],
        results: Vec::new(),
        body,
        locals,
        pos: None,
    };
    crate::go::fold::fold_func(&mut decl);
    cx.declare(cx.owner_of(ty), Decl::Func(decl));
}

/// The method by which a trait object is dropped.
pub(super) fn drop_decl(name: Str, receiver: Receiver, call: Expr, locals: Locals) -> FuncDecl {
    FuncDecl {
        doc: Vec::new(),
        receiver: Some(receiver),
        name,
        type_params: Vec::new(),
        params: Vec::new(),
        results: Vec::new(),
        body: vec![StmtKind::Expr(call).into()],
        locals,
        pos: None,
    }
}

/// Where a destructor is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// In the course of things, as a statement.
    InPlace,
    /// By `defer`, at the end of the function or by a panic.
    Deferred,
    /// By a panic.
    Unwinding,
    /// With the value that it is a part of, or from a deferred function.
    Within,
}

/// The drops of one value after the other.
#[derive(Default)]
struct Sequence {
    calls: Vec<(Expr, Panics)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Panics {
    Never,
    Perhaps,
}

impl Sequence {
    fn part(&mut self, cx: &mut Cx<'_>, place: Expr, ty: Ty) {
        if cx.needs_drop(ty) {
            let call = cx.drop_call(place, ty);
            let panics = if cx.drop_may_panic(ty) { Panics::Perhaps } else { Panics::Never };
            self.calls.push((call, panics));
        }
    }

    fn emit(mut self, out: &mut Block) {
        let count = self.calls.len();
        let first = self.calls.iter().position(|(_, panics)| *panics == Panics::Perhaps);
        let later = first.map_or(Vec::new(), |first| self.calls.split_off((first + 1).min(count)));
        let last = first.and_then(|_| self.calls.pop());
        out.extend(self.calls.into_iter().map(|(call, _)| StmtKind::Expr(call).into()));
        out.extend(later.into_iter().rev().map(|(call, _)| StmtKind::Defer(call).into()));
        out.extend(last.map(|(call, _)| StmtKind::Expr(call).into()));
    }
}

fn drop_part(cx: &mut Cx<'_>, place: Expr, ty: Ty, out: &mut Block) {
    let mut sequence = Sequence::default();
    sequence.part(cx, place, ty);
    sequence.emit(out);
}

fn glue(cx: &mut Cx<'_>, ty: Ty, place: Expr, out: &mut Block, locals: &mut Locals) {
    match ty.kind() {
        TyKind::Tuple(items) => {
            let base = followed(place);
            let mut parts = Sequence::default();
            for (i, item) in items.iter().enumerate() {
                parts.part(cx, base.clone().select(&format!("F{i}")), *item);
            }
            parts.emit(out);
        }
        TyKind::Array(elem, _) if cx.drop_may_panic(*elem) => each(cx, place.slice(None, None), *elem, out, locals),
        TyKind::Array(elem, _) | TyKind::Slice(elem) => each(cx, place, *elem, out, locals),
        TyKind::Closure(..) => {
            let call = cx.drop_call(place, ty);
            out.push(StmtKind::Expr(call).into());
        }
        TyKind::Dynamic(..) => dynamic_parts(cx, place, out, locals),
        TyKind::Adt(def, args) => {
            if let Some(payload) = cx.box_payload(ty) {
                return match payload.kind() {
                    TyKind::Slice(elem) => each(cx, place, *elem, out, locals),
                    TyKind::Dynamic(..) if cx.is_dyn_fn(payload) => {
                        let call = cx.drop_call(place, ty);
                        out.push(StmtKind::Expr(call).into());
                    }
                    TyKind::Dynamic(..) => dynamic_parts(cx, place, out, locals),
                    _ if cx.is_view(payload) => drop_part(cx, place, payload, out),
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
            let own = own_drop(cx, Occasion::Within, ty, place.clone());
            adt_parts(cx, ty, *def, *args, place, own, out);
        }
        _ => {}
    }
}

/// What a trait object holds is dropped by its own method, if it has one.
fn dynamic_parts(cx: &mut Cx<'_>, place: Expr, out: &mut Block, locals: &mut Locals) {
    let value = locals.temporary("d");
    let ok = locals.temporary("ok");
    let interface = Type::Interface(vec![Method {
        doc: Vec::new(),
        name: cx.drop_method_name(),
        signature: FuncType { params: Vec::new(), results: Vec::new(), variadic: Variadic::No },
    }]);
    let any = Expr::convert(Type::name("any"), place);
    let asserted = vec![Expr::Assert(Box::new(any), Box::new(interface))];
    out.push(StmtKind::Define(vec![Some(value), Some(ok)], asserted).into());
    let call = StmtKind::Expr(Expr::Var(value).method(&cx.drop_method_name(), Vec::new())).into();
    out.push(StmtKind::if_else(Expr::Var(ok), vec![call], Vec::new()).into());
}

/// The call of the type's own `Drop::drop`, or of what std has for it on this occasion.
fn own_drop(cx: &mut Cx<'_>, occasion: Occasion, ty: Ty, place: Expr) -> Option<(Expr, Panics)> {
    let TyKind::Adt(def, args) = ty.kind() else { return None };
    let drop = queries::drop_impl(cx.db, *def)?;
    let panics = match queries::facts(cx.db, drop) {
        Some(facts) if !facts.may_panic => Panics::Never,
        _ => Panics::Perhaps,
    };
    // The impl's parameters are its own: it is found as a call of the trait's method would find it.
    let method =
        rgo_hir::lang_item(cx.db, "drop").and_then(|t| rgo_hir::child(cx.db, t, rgo_syntax::Name::new("drop")));
    let resolved = method.map(|method| queries::resolve(cx.db, method, Args::of_types(&[ty])));
    let (drop, args) = match resolved {
        Some(queries::Callee::Item(found, found_args)) => (found, cx.concrete_args(found_args, Args::empty())),
        _ => (drop, *args),
    };
    let twin = match occasion {
        Occasion::InPlace => attrs::drop_twin(cx.db, drop, "in_place"),
        Occasion::Deferred => attrs::drop_twin(cx.db, drop, "deferred"),
        Occasion::Unwinding => attrs::drop_twin(cx.db, drop, "unwinding"),
        Occasion::Within => None,
    };
    let drop = twin.and_then(|name| rgo_hir::lang_item(cx.db, &name)).unwrap_or(drop);
    let pointer = if cx.is_view(ty) { place } else { place.addr() };
    let call = match cx.func(drop, args) {
        FuncRef::Func(name) => Expr::call(cx.global(&name), vec![pointer]),
        FuncRef::Method(_, name) => pointer.method(&name, Vec::new()),
    };
    Some((call, panics))
}

/// A struct whose Go form is that of its field (`#[go(type = "$T")]`): what is dropped is the field, in the same place.
fn transparent_part(cx: &mut Cx<'_>, ty: Ty, adt: &AdtDef, args: Args, place: Expr, out: &mut Block) {
    let [variant] = &adt.variants[..] else { return };
    let form = cx.go_ty(ty);
    for field in &variant.fields {
        let field_ty = cx.concrete(field.ty, args);
        if cx.needs_drop(field_ty) && cx.go_ty(field_ty) == form {
            let call = cx.drop_call(place.clone(), field_ty);
            out.push(StmtKind::Expr(call).into());
        }
    }
}

fn adt_parts(
    cx: &mut Cx<'_>,
    ty: Ty,
    def: DefId,
    args: Args,
    place: Expr,
    own: Option<(Expr, Panics)>,
    out: &mut Block,
) {
    let Some(adt) = queries::adt(cx.db, def) else { return };
    let Some(layout) = cx.layout(ty) else {
        Sequence { calls: own.into_iter().collect() }.emit(out);
        return transparent_part(cx, ty, adt, args, place, out);
    };
    let base = followed(place);
    let mut cases = Vec::new();
    let is_enum = adt.kind == AdtKind::Enum && layout.kind != LayoutKind::Struct;
    let is_view = cx.is_view(ty);
    let mut whole = Sequence { calls: own.into_iter().collect() };
    for (i, variant) in adt.variants.iter().enumerate() {
        let mut parts = Sequence::default();
        for (field, name) in variant.fields.iter().zip(&layout.fields[i]) {
            let field_ty = cx.concrete(field.ty, args);
            if cx.needs_drop(field_ty) {
                cx.meet_member(&layout.name, name);
            }
            let part = base.clone().select(name);
            let is_behind = is_view && !cx.is_unsized(field_ty);
            parts.part(cx, if is_behind { part.deref() } else { part }, field_ty);
        }
        if !is_enum {
            whole.calls.extend(parts.calls);
        } else if !parts.calls.is_empty() {
            let mut body = Vec::new();
            parts.emit(&mut body);
            cases.push(Case { pos: None, exprs: vec![cx.global(&layout.variants[i])], body });
        }
    }
    whole.emit(out);
    if !cases.is_empty() {
        cx.meet_member(&layout.name, &layout.tag);
        out.push(StmtKind::Switch(Box::new(Switch { init: None, tag: Some(base.select(&layout.tag)), cases })).into());
    }
}

fn each(cx: &mut Cx<'_>, place: Expr, elem: Ty, out: &mut Block, locals: &mut Locals) {
    if !cx.needs_drop(elem) {
        return;
    }
    if cx.drop_may_panic(elem) {
        let drop = cx.drop_func(elem);
        let drop = cx.global(&drop);
        let call = Expr::call(cx.runtime("DropEach"), vec![place, drop]);
        return out.push(StmtKind::Expr(call).into());
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

/// Drops values one after the other; where one panics, the rest are dropped all the same.
pub(super) fn drop_sequence(cx: &mut Cx<'_>, parts: Vec<(Expr, Ty)>) -> Block {
    let mut sequence = Sequence::default();
    for (place, ty) in parts {
        sequence.part(cx, place, ty);
    }
    let mut out = Vec::new();
    sequence.emit(&mut out);
    out
}
