//! Trait objects: values put behind Go interfaces.

use rgo_typeck::ty::{Ty, TyKind};

use super::owning::Owns;
use super::*;
use crate::mono::adt::is_pin;
use crate::mono::functions::FuncRef;
use crate::queries;

impl Lower<'_, '_> {
    /// A pointer to a concrete type as a pointer to `dyn Trait`.
    pub(super) fn unsize_dyn(&mut self, value: Expr, from: Ty, to: Ty, span: Span) -> Expr {
        let (Some(source), Some(target)) = (self.pointee(from), self.pointee(to)) else {
            return self.coerce_struct(value, from, to, span);
        };
        if self.cx.adt_lang(from).is_some_and(|lang| matches!(lang, "rc" | "arc")) {
            return self.coerce_struct(value, from, to, span);
        }
        if self.cx.is_view(target) {
            return self.unsize_view(value, from, source, target, span);
        }
        let form = self.go_ty(to);
        if self.cx.is_dyn_fn(target) {
            // The closure itself is the function value.
            let owns = if matches!(from.kind(), TyKind::Ref(..)) { Owns::Nothing } else { Owns::Value };
            return match source.kind() {
                TyKind::Closure(..) | TyKind::FnPtr(_) | TyKind::FnDef(..) => {
                    let function = match value {
                        Expr::Unary(UnaryOp::Addr, inner) => *inner,
                        // What `Rc` and `Arc` share lies on the heap.
                        value if self.cx.adt_lang(from) == Some("shared_ptr") => value.deref(),
                        value => self.follow(value, from),
                    };
                    self.as_dyn_fn(function, source, target, owns)
                }
                TyKind::Dynamic(..) => self.as_dyn_fn(value, source, target, owns),
                _ => self.call_through(value, from, source, target, span),
            };
        }
        let owns = !matches!(from.kind(), TyKind::Ref(..)) && !self.cx.is_dyn_error(target);
        if owns && self.cx.needs_drop(source) {
            self.cx.need_owning_dyn(target);
        }
        if matches!(source.kind(), TyKind::Dynamic(..)) {
            return Expr::upcast(form, value);
        }
        if self.cx.is_dyn_error(target) {
            let error = self.error_of_pointer(value, from, source, target, span);
            return Expr::upcast(form, error);
        }
        if self.cx.needs_drop(source) {
            self.cx.drop_method(source);
        }
        let Some(wrapper) = self.implementor(source, target, span) else { return value };
        match wrapper {
            Implementor::Itself => {
                let pointer = self.method_set_pointer(value, from);
                Expr::upcast(form, pointer)
            }
            Implementor::Wrapper(name) => {
                let pointer = self.method_set_pointer(value, from);
                Expr::upcast(form, Expr::keyed(name.ty(), vec![(self.cx.wrapped_field(), pointer)]))
            }
        }
    }

    /// A pointer to a struct that ends in something sized as a view of it (`mono::views`).
    fn unsize_view(&mut self, value: Expr, from: Ty, source: Ty, target: Ty, span: Span) -> Expr {
        let Some((last, tail)) = self.cx.unsized_tail(target) else { return value };
        let held = self.field_ty(source, 0, last);
        if !matches!(from.kind(), TyKind::Ref(..)) && tail.is_dyn() && self.cx.needs_drop(held) {
            self.cx.need_owning_dyn(tail);
        }
        let (from_tail, to_tail) = (Ty::mut_ref(held), Ty::mut_ref(tail));
        let is_view = self.cx.is_view(source);
        let pointer = if is_view { value } else { self.method_set_pointer(value, from) };
        let form = self.go_ty(target);
        let Some(layout) = self.cx.layout(target) else {
            // It has the form of what it holds.
            return self.unsize_tail(pointer, from_tail, to_tail, span);
        };
        let base = self.stable_place(pointer, "v");
        let names = layout.fields.first().cloned().unwrap_or_default();
        let mut fields = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            self.cx.meet_member(&layout.name, name);
            let place = self.field(base.clone(), source, 0, index);
            fields.push((
                name.clone(),
                match index == last {
                    false => place.addr(),
                    true if is_view => self.unsize_tail(place, from_tail, to_tail, span),
                    true => self.unsize_tail(place.addr(), from_tail, to_tail, span),
                },
            ));
        }
        Expr::keyed(form, fields)
    }

    /// A pointer that a struct holds, or one to a struct's last field, as one to something unsized.
    fn unsize_tail(&mut self, pointer: Expr, from: Ty, to: Ty, span: Span) -> Expr {
        match self.pointee(to).map(Ty::kind) {
            Some(TyKind::Slice(_)) => self.unsize_array(pointer, from),
            _ => self.unsize_dyn(pointer, from, to, span),
        }
    }

    /// `*T` for a reference of either form.
    pub(super) fn method_set_pointer(&mut self, value: Expr, from: Ty) -> Expr {
        // Inside the library a pointer is a `Shared` or `Owned`.
        if matches!(self.cx.adt_lang(from), Some("shared_ptr" | "owned_ptr")) {
            return value;
        }
        let place = self.follow(value.clone(), from);
        match place {
            Expr::Unary(UnaryOp::Deref, pointer) => *pointer,
            Expr::Var(_) | Expr::Select(..) | Expr::Index(..) => {
                if matches!(from.kind(), TyKind::Ref(..)) && place == value {
                    // A small value passed as itself: a pointer to a copy will do, it is only read.
                    let copy = self.temp("v", place);
                    return copy.addr();
                }
                place.addr()
            }
            Expr::Composite(_) => Expr::unary(UnaryOp::Addr, place),
            other => self.temp("v", other).addr(),
        }
    }

    /// `Rc<T>` to `Rc<dyn Trait>`: field by field.
    fn coerce_struct(&mut self, value: Expr, from: Ty, to: Ty, span: Span) -> Expr {
        let (TyKind::Adt(def, held), TyKind::Adt(_, wanted)) = (from.kind(), to.kind()) else {
            return self.unsupported(span, "this conversion to a trait object");
        };
        if self.cx.is_lang(*def, "unsafe_cell") {
            return self.unsize_tail(value, held.ty(0), wanted.ty(0), span);
        }
        let count = queries::adt(self.cx.db, *def).and_then(|adt| adt.variants.first()).map_or(0, |v| v.fields.len());
        let base = self.stable_place(value, "v");
        let fields = (0..count)
            .map(|i| {
                let (from_field, to_field) = (self.field_ty(from, 0, i), self.field_ty(to, 0, i));
                let place = self.field(base.clone(), from, 0, i);
                let converted =
                    if from_field == to_field { place } else { self.unsize_tail(place, from_field, to_field, span) };
                (i, converted)
            })
            .collect();
        let val = self.make_adt(to, 0, fields);
        self.stored(val, to)
    }

    /// Something callable that is no function in Go as `func`.
    fn call_through(&mut self, _value: Expr, _from: Ty, _source: Ty, _target: Ty, span: Span) -> Expr {
        self.unsupported(span, "this value as a function object")
    }

    /// The Go type that implements the interface of `target` for `source`.
    pub(super) fn implementor(&mut self, source: Ty, target: Ty, span: Span) -> Option<Implementor> {
        let principal = target.dyn_principal()?;
        let trait_ = principal.value.trait_;
        self.cx.go_ty(target);
        let layout_name = self.cx.layout(source).map(|layout| layout.name.clone());
        let mut methods = Vec::new();
        let mut native = layout_name.is_some() && !self.cx.is_dyn_error(target);
        for (method, args) in self.cx.interface_methods(trait_, target) {
            // The arguments for the concrete type: `Self` replaced.
            let args = queries::with_self(args, source);
            let args = self.cx.concrete_args(args, self.args);
            let queries::Callee::Item(def, def_args) = queries::resolve(self.cx.db, method, args) else {
                self.unsupported(span, "a trait object of this type");
                return None;
            };
            let wanted = self.cx.trait_method_name(method);
            if native {
                let found = self.cx.func(def, def_args);
                native &= matches!(&found, FuncRef::Method(_, name) if *name == wanted);
            }
            methods.push((method, args, wanted));
        }
        if native {
            if self.cx.is_error_trait(trait_) {
                self.cx.error_method(source);
            }
            return Some(Implementor::Itself);
        }
        Some(Implementor::Wrapper(self.wrapper_type(source, target, methods, span)))
    }

    /// A trait object seen as the concrete type that it is known to hold.
    pub fn downcast(&mut self, value: Expr, from: Ty, to: Ty, span: Span) -> Expr {
        let pointer = self.go_ty(to).pointer();
        match self.implementor(to, from, span) {
            Some(Implementor::Itself) => Expr::Assert(Box::new(value), Box::new(pointer)),
            Some(Implementor::Wrapper(name)) => {
                Expr::Assert(Box::new(value), Box::new(name.ty())).select(&self.cx.wrapped_field())
            }
            None => value,
        }
    }

    /// A struct around a pointer, with the trait's methods.
    fn wrapper_type(&mut self, source: Ty, target: Ty, methods: Vec<(DefId, Args, Str)>, span: Span) -> Global {
        if let Some(known) = self.cx.wrappers.get(&(source, target)) {
            return known.clone();
        }
        // Whoever asks what is behind a trait object has to name the same wrapper as who made it.
        let home = self.cx.home_of_tys(&[source, target]);
        let outer = std::mem::replace(&mut self.cx.at, home);
        let name = self.declare_wrapper(source, target, methods, span);
        self.cx.at = outer;
        name
    }

    fn declare_wrapper(&mut self, source: Ty, target: Ty, methods: Vec<(DefId, Args, Str)>, span: Span) -> Global {
        let words = (self.cx.type_word(source), self.cx.type_word(target));
        let wanted =
            crate::go::names::mixed_caps(&format!("{}_as_{}", words.0, words.1), crate::go::names::Visibility::Private);
        let name = self.cx.fresh_name(&wanted);
        self.cx.wrappers.insert((source, target), name.clone());
        let pointee = self.go_ty(source);
        let field = Field { doc: Vec::new(), name: Some(self.cx.wrapped_field()), ty: pointee.pointer(), behind: None };
        let root = self.cx.here().root;
        let def = if self.def.package_of() == root { self.def } else { root };
        let ty = Type::Struct(vec![field]);
        let decl = TypeDecl { doc: Vec::new(), name: name.name.clone(), params: Vec::new(), ty, end: Vec::new() };
        self.cx.declare(def, Decl::Type(decl));
        if self.cx.needs_drop(source) {
            let mut locals = Locals::default();
            let receiver = locals.temporary("w");
            let call = self.cx.drop_call(Expr::Var(receiver).select(&self.cx.wrapped_field()).deref(), source);
            let receiver = Receiver { var: Some(receiver), ty: name.ty() };
            let decl = super::glue::drop_decl(self.cx.drop_method_name(), receiver, call, locals);
            self.cx.declare(def, Decl::Func(decl));
        }
        if target.dyn_principal().is_some_and(|principal| self.cx.is_error_trait(principal.value.trait_)) {
            let decl = self.wrapper_error(&name, source);
            self.cx.declare(def, Decl::Func(decl));
        }
        for (method, args, go_name) in methods {
            let decl = self.wrapper_method(&name, source, method, args, go_name, target, span);
            self.cx.declare(def, Decl::Func(decl));
        }
        name
    }

    fn wrapper_method(
        &mut self,
        name: &Global,
        source: Ty,
        method: DefId,
        args: Args,
        go_name: Str,
        target: Ty,
        span: Span,
    ) -> FuncDecl {
        let sig = self.cx.sig_of(method, args);
        let outer_locals = std::mem::take(&mut self.locals);
        let outer_ret = self.ret;
        let receiver = self.locals.temporary("w");
        let mut params = Vec::new();
        let pointer = Expr::Var(receiver).select(&self.cx.wrapped_field());
        let mut values = Vec::new();
        for (i, ty) in sig.inputs().iter().enumerate() {
            let ty = queries::normalize(self.cx.db, *ty);
            if i == 0 {
                let counts = self.cx.counts_beside(ty, target).map(|counts| {
                    let var = self.locals.temporary("counts");
                    params.push(Param { var: Some(var), ty: self.go_ty(counts), variadic: Variadic::No });
                    Expr::Var(var)
                });
                let value = self.receiver_of(pointer.clone(), counts, source, ty);
                values.push(value);
                continue;
            }
            let var = self.locals.temporary("x");
            params.push(Param { var: Some(var), ty: self.go_ty(ty), variadic: Variadic::No });
            values.push(Expr::Var(var));
        }
        let output = queries::normalize(self.cx.db, sig.output());
        self.ret = output;
        let body = self.block(|lower| {
            let val = lower.call_def(method, args, values, None, span);
            lower.send_return(val, output);
        });
        self.ret = outer_ret;
        let locals = std::mem::replace(&mut self.locals, outer_locals);
        let results = self.cx.unnamed_results(output);
        let mut decl = FuncDecl {
            doc: Vec::new(),
            receiver: Some(Receiver { var: Some(receiver), ty: name.ty() }),
            name: go_name,
            type_params: Vec::new(),
            params,
            results,
            body,
            locals,
            pos: None,
        };
        crate::go::fold::fold_func(&mut decl);
        self.cx.check_entries(&decl.body);
        decl
    }
}

impl Lower<'_, '_> {
    /// The receiver of a method, of this type, that is called on a trait object with a value of type `source` behind the pointer.
    fn receiver_of(&mut self, pointer: Expr, counts: Option<Expr>, source: Ty, ty: Ty) -> Expr {
        let (def, args) = match ty.kind() {
            TyKind::Ref(_, _, mutability) => return self.reference(pointer.deref(), source, *mutability),
            TyKind::Adt(def, args) => (*def, *args),
            _ => return pointer.deref(),
        };
        if is_pin(def) {
            let inner = self.receiver_of(pointer, counts, source, args.ty(0));
            let pin = self.make_adt(ty, 0, vec![(0, inner)]);
            return self.stored(pin, ty);
        }
        match counts {
            Some(counts) if self.cx.uncounted_payload(ty).is_none() => {
                let owner = self.make_adt(ty, 0, vec![(0, pointer), (1, counts)]);
                self.stored(owner, ty)
            }
            // A box, or an owner that nobody counts.
            _ => pointer,
        }
    }

    /// The interface that a receiver of a method of a trait object holds, and what the method gets beside it.
    pub(super) fn dispatched_receiver(&mut self, receiver: Expr, ty: Ty) -> (Expr, Option<Expr>) {
        let TyKind::Adt(def, args) = ty.kind() else { return (receiver, None) };
        if is_pin(*def) {
            self.go_ty(ty);
            let inner = self.field(receiver, ty, 0, 0);
            return self.dispatched_receiver(inner, args.ty(0));
        }
        if self.cx.counts_beside(ty, args.ty(0)).is_none() {
            return (receiver, None);
        }
        self.go_ty(ty);
        let owner = self.stable_place(receiver, "v");
        (self.field(owner.clone(), ty, 0, 0), Some(self.field(owner, ty, 0, 1)))
    }
}

pub(super) enum Implementor {
    Itself,
    Wrapper(Global),
}
