//! Go errors: the methods of the types that are errors, `dyn Error` as `error`, and what is asked of one.

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_syntax::Name;
use rgo_typeck::ty::{Args, Ty, TyKind};

use super::*;
use crate::mono::errors::Carrier;
use crate::mono::forms::RefForm;
use crate::queries::{self, Callee};

/// Emits `Error() string` for a type: what `Display` shows, or `Debug` where the type has nothing better.
pub fn emit_error_methods(cx: &mut Cx<'_>, ty: Ty) {
    let is_shown = queries::implements(cx.db, ty, "display");
    let Some(fmt) = cx.lang_method(if is_shown { "display" } else { "debug" }, "fmt") else { return };
    let Callee::Item(def, args) = queries::resolve(cx.db, fmt, Args::of_types(&[ty])) else { return };
    let args = cx.concrete_args(args, Args::empty());
    let Some(body) = queries::thir(cx.db, def) else { return };
    if cx.layout(ty).is_none() {
        return;
    }
    let by_pointer = matches!(cx.own_carrier(ty), Carrier::Pointer(_));
    let mut lower = Lower::new(cx, body, None, def, args);
    lower.is_error_method = true;
    let receiver = lower.locals.temporary("e");
    let place = if by_pointer { Expr::Var(receiver).deref() } else { Expr::Var(receiver) };
    let text = if is_shown {
        let reference = lower.reference(place, ty, Mutability::Not);
        lower.display_text(reference, ty)
    } else {
        let span = lower.body.exprs[lower.body.value].span;
        lower.debug_text(place, ty, span)
    };
    lower.emit(StmtKind::Return(vec![text]));
    let (locals, out) = (std::mem::take(&mut lower.locals), std::mem::take(&mut lower.out));
    let form = cx.go_ty(ty);
    let decl = error_decl(if by_pointer { form.pointer() } else { form }, receiver, out, locals);
    cx.declare(cx.owner_of(ty), Decl::Func(decl));
}

fn formatter_name(trait_: &str) -> &'static str {
    if trait_ == "display" { "displayError" } else { "debugError" }
}

/// `Error() string` of a type.
fn error_decl(owner: Type, receiver: VarId, body: Block, locals: Locals) -> FuncDecl {
    let mut decl = FuncDecl {
        doc: Vec::new(),
        receiver: Some(Receiver { var: Some(receiver), ty: owner }),
        name: "Error".into(),
        type_params: Vec::new(),
        params: Vec::new(),
        results: vec![Result { var: None, ty: Type::name("string") }],
        body,
        locals,
        pos: None,
    };
    crate::go::fold::fold_func(&mut decl);
    decl
}

impl Cx<'_> {
    /// A method of a trait of std, by the trait's lang name and its own.
    pub fn lang_method(&self, lang: &str, method: &str) -> Option<DefId> {
        rgo_hir::lang_item(self.db, lang).and_then(|trait_| rgo_hir::child(self.db, trait_, Name::new(method)))
    }

    /// The definition that decides which file what belongs to a type goes to.
    pub fn owner_of(&self, ty: Ty) -> DefId {
        match ty.kind() {
            TyKind::Adt(def, _) => *def,
            _ => self.here().root,
        }
    }

    /// Gives a type of this package what a `dyn Error` is asked for: its own ways to be formatted only where something asks for those.
    fn error_object_methods(&mut self, ty: Ty) {
        if self.error_objects.contains(&ty) {
            return;
        }
        self.error_objects.push(ty);
        self.error_method(ty);
        self.method_of_error(ty, "error_trait", "source");
        for trait_ in ["display", "debug"] {
            if self.helpers.keys().any(|(_, name)| *name == formatter_name(trait_)) {
                self.method_of_error(ty, trait_, "fmt");
            }
        }
        if self.needs_drop(ty) {
            self.drop_method(ty);
        }
    }

    /// Emits the method of a trait that a type of errors has. No cause is what Go takes an error without `Unwrap` for.
    fn method_of_error(&mut self, ty: Ty, trait_: &str, name: &str) {
        let Some(method) = self.lang_method(trait_, name) else { return };
        let Callee::Item(def, args) = queries::resolve(self.db, method, Args::of_types(&[ty])) else { return };
        if def != method {
            let args = self.concrete_args(args, Args::empty());
            self.func(def, args);
        }
    }

    /// `func name(err error, f *rgort.Formatter) error`: what the error's own method does, or else its text.
    fn error_formatter(&mut self, trait_: &str, method: &Str) -> Global {
        let name = formatter_name(trait_);
        if let Some(known) = self.helpers.get(&(self.at, name)) {
            return known.clone();
        }
        let chosen = self.fresh_name(name);
        self.helpers.insert((self.at, name), chosen.clone());
        for ty in self.error_objects.clone() {
            self.method_of_error(ty, trait_, "fmt");
        }
        let mut locals = Locals::default();
        let (err, f) = (locals.temporary("err"), locals.temporary("f"));
        let (own, ok) = (locals.temporary("own"), locals.temporary("ok"));
        let formatter = self.runtime_ty("Formatter", Vec::new()).pointer();
        let error = Type::name("error");
        let signature =
            FuncType { params: vec![formatter.clone()], results: vec![error.clone()], variadic: Variadic::No };
        let interface = Type::Interface(vec![Method { doc: Vec::new(), name: method.clone(), signature }]);
        let has_own = StmtKind::Define(
            vec![Some(own), Some(ok)],
            vec![Expr::Assert(Box::new(Expr::Var(err)), Box::new(interface))],
        );
        let call = Expr::Var(own).method(method, vec![Expr::Var(f)]);
        let text = Expr::Var(err).method("Error", Vec::new());
        let write = match trait_ {
            "display" => Expr::Var(f).method("Pad", vec![text]),
            _ => Expr::Var(f).method("WriteString", vec![Expr::call(self.runtime("QuoteString"), vec![text])]),
        };
        let body = vec![
            has_own.into(),
            StmtKind::if_else(Expr::Var(ok), vec![StmtKind::Return(vec![call]).into()], Vec::new()).into(),
            StmtKind::Expr(write).into(),
            StmtKind::Return(vec![Expr::nil()]).into(),
        ];
        let param = |var, ty| Param { var: Some(var), ty, variadic: Variadic::No };
        let mut decl = FuncDecl {
            doc: Vec::new(),
            receiver: None,
            name: chosen.name.clone(),
            type_params: Vec::new(),
            params: vec![param(err, error.clone()), param(f, formatter)],
            results: vec![Result { var: None, ty: error }],
            body,
            locals,
            pos: None,
        };
        crate::go::fold::fold_func(&mut decl);
        let owner = rgo_hir::lang_item(self.db, "error_trait").unwrap_or(self.here().root);
        self.declare(owner, Decl::Func(decl));
        chosen
    }
}

impl Lower<'_, '_> {
    /// A method of `dyn Error`.
    pub(super) fn call_on_error(&mut self, method: DefId, err: Expr, args: Vec<Expr>, ret: Ty, span: Span) -> Val {
        let trait_ = method.parent().and_then(|trait_| self.cx.lang_of(trait_)).unwrap_or_default();
        match (trait_, method.name().as_str()) {
            ("display" | "debug", "fmt") => {
                let name = self.cx.trait_method_name(method);
                let function = self.cx.error_formatter(trait_, &name);
                let args = std::iter::once(err).chain(args).map(fitted).collect();
                self.finish_call(Expr::call(self.cx.global(&function), args), ret)
            }
            ("error_trait", "source" | "cause") => {
                Val::One(Expr::call(Expr::imported("errors", "Unwrap"), vec![fitted(err)]))
            }
            _ => Val::One(self.unsupported(span, &format!("`{}` of a `dyn Error`", method.name()))),
        }
    }

    /// A value of an error type, in the form in which its `Error` method shows it.
    pub(super) fn shown_error(&mut self, place: &Expr, ty: Ty) -> Option<Expr> {
        // A box is shown as what is in it.
        if let Some(payload) = self.cx.box_payload(ty)
            && self.cx.layout(payload).is_some()
        {
            let inner = self.follow(place.clone(), ty);
            return self.shown_error(&inner, payload);
        }
        self.cx.layout(ty)?;
        if queries::implements(self.cx.db, ty, "error_trait") {
            self.cx.error_method(ty);
        }
        if !self.cx.error_methods.contains(&ty) || self.is_error_method {
            return None;
        }
        match (self.cx.own_carrier(ty), place) {
            (Carrier::Value(_), Expr::Assert(err, _)) => Some((**err).clone()),
            (Carrier::Value(_), place) => Some(place.clone()),
            (Carrier::Pointer(_), Expr::Unary(UnaryOp::Deref, pointer)) => match &**pointer {
                Expr::Assert(err, _) => Some((**err).clone()),
                pointer => Some(pointer.clone()),
            },
            (Carrier::Pointer(_), Expr::Var(_) | Expr::Select(..) | Expr::Index(..)) => Some(place.clone().addr()),
            _ => None,
        }
    }

    /// `Error() string` of a struct around a pointer to an error.
    pub(super) fn wrapper_error(&mut self, name: &Global, source: Ty) -> FuncDecl {
        let outer = std::mem::take(&mut self.locals);
        let receiver = self.locals.temporary("w");
        let body = self.block(|lower| {
            let place = Expr::Var(receiver).select(&lower.cx.wrapped_field()).deref();
            let reference = lower.reference(place, source, Mutability::Not);
            let text = lower.display_text(reference, source);
            lower.emit(StmtKind::Return(vec![text]));
        });
        let locals = std::mem::replace(&mut self.locals, outer);
        error_decl(name.ty(), receiver, body, locals)
    }

    /// Whether `From` makes a `Box<dyn Error>` of an error that is the same Go error already.
    pub(super) fn keeps_error(&mut self, def: DefId, args: Args, from: Ty) -> bool {
        let args = self.cx.concrete_args(args, self.args);
        let is_object = self.cx.box_payload(args.ty(0)).is_some_and(|payload| self.cx.is_dyn_error(payload));
        let is_own = matches!(queries::resolve(self.cx.db, def, args), Callee::Item(item, _) if item.is_std());
        if !is_object || !is_own {
            return false;
        }
        match self.cx.carrier(from) {
            Some(Carrier::Itself | Carrier::Text) => true,
            Some(Carrier::Value(_) | Carrier::Pointer(_))
                if self.cx.layout(from).is_some() && !self.is_counted(from) =>
            {
                self.cx.error_object_methods(from);
                true
            }
            _ => false,
        }
    }

    /// A value as a `Box<dyn Error>`.
    pub fn error_object(&mut self, value: Expr, ty: Ty, target: Ty, span: Span) -> Expr {
        if self.cx.layout(ty).is_some() && !self.is_counted(ty) {
            self.cx.error_object_methods(ty);
            return self.go_error(value, ty);
        }
        let pointer = self.boxed(value, ty);
        self.owned_as_error(ty, target);
        self.wrapped_error(pointer, ty, target, span)
    }

    /// A reference or a box as a `dyn Error`.
    pub(super) fn error_of_pointer(&mut self, pointer: Expr, from: Ty, source: Ty, target: Ty, span: Span) -> Expr {
        if self.cx.layout(source).is_none() || self.is_counted(source) {
            let pointer = self.method_set_pointer(pointer, from);
            if !matches!(from.kind(), TyKind::Ref(..)) {
                self.owned_as_error(source, target);
            }
            return self.wrapped_error(pointer, source, target, span);
        }
        self.cx.error_object_methods(source);
        match self.cx.own_carrier(source) {
            Carrier::Pointer(_) => self.method_set_pointer(pointer, from),
            _ => self.follow(pointer, from),
        }
    }

    fn is_counted(&self, ty: Ty) -> bool {
        matches!(ty.kind(), TyKind::Adt(def, _) if queries::is_counted(self.cx.db, *def))
    }

    /// An `Rc` or `Arc` that is counted makes whoever drops a `dyn Error` drop what is in it.
    fn owned_as_error(&mut self, source: Ty, target: Ty) {
        if self.is_counted(source) && self.cx.needs_drop(source) {
            self.cx.need_owning_dyn(target);
        }
    }

    /// What has no Go type of its own goes into a struct with the methods.
    fn wrapped_error(&mut self, pointer: Expr, source: Ty, target: Ty, span: Span) -> Expr {
        let target = self.cx.plain_error(target);
        match self.implementor(source, target, span) {
            Some(super::dynamic::Implementor::Wrapper(name)) => {
                Expr::keyed(name.ty(), vec![(self.cx.wrapped_field(), pointer)])
            }
            _ => pointer,
        }
    }

    /// `error.downcast_ref::<T>()` and its relatives, which are methods of an object.
    pub fn error_downcast(&mut self, method: DefId, err: Expr, ty: Ty, ret: Ty, span: Span) -> Val {
        let err = self.stable_place(fitted(err), "err");
        let payload = self.cx.option_payload(ret);
        let is_changed = matches!(payload.map(Ty::kind), Some(TyKind::Ref(_, _, Mutability::Mut)));
        let carrier = match self.cx.layout(ty) {
            Some(_) if !self.is_counted(ty) => Some(self.cx.own_carrier(ty)),
            _ => None,
        };
        let (value, ok) = match carrier {
            Some(Carrier::Pointer(form)) => self.asserted(&err, form.pointer()),
            Some(Carrier::Value(form)) => {
                if is_changed {
                    self.cx.need_changed_error(ty);
                }
                let (value, ok) = self.asserted(&err, form);
                if payload.is_some() && !is_changed {
                    return Val::Option(Expr::Var(value), ok);
                }
                return self.downcast_result(Expr::Var(value).addr(), ok, err, ty, ret);
            }
            Some(Carrier::Itself | Carrier::Text) => self.asserted(&err, Type::name("error")),
            None => {
                let object = method.parent().map_or(ty, |imp| rgo_typeck::collect::type_of(self.cx.db, imp));
                let plain = self.cx.plain_error(object);
                let Some(super::dynamic::Implementor::Wrapper(name)) = self.implementor(ty, plain, span) else {
                    return Val::One(self.unsupported(span, "a downcast to this type"));
                };
                let (wrapper, ok) = self.asserted(&err, name.ty());
                let field = self.cx.wrapped_field();
                return self.downcast_result(Expr::Var(wrapper).select(&field), ok, err, ty, ret);
            }
        };
        if payload.is_some() {
            self.nil_if_missing.insert(value);
        }
        self.downcast_result(Expr::Var(value), ok, err, ty, ret)
    }

    /// `value, ok := err.(form)`.
    fn asserted(&mut self, err: &Expr, form: Type) -> (VarId, Expr) {
        let (value, ok) = (self.locals.temporary("v"), self.locals.temporary("ok"));
        let test = Expr::Assert(Box::new(err.clone()), Box::new(form));
        self.emit(StmtKind::Define(vec![Some(value), Some(ok)], vec![test]));
        (value, Expr::Var(ok))
    }

    /// What a downcast returns, by a pointer to the error, which is nil without one.
    fn downcast_result(&mut self, pointer: Expr, ok: Expr, err: Expr, ty: Ty, ret: Ty) -> Val {
        if ret.is_bool() {
            return Val::One(ok);
        }
        let Some(payload) = self.cx.option_payload(ret) else {
            let error = ErrorVal::Stored(err);
            return Val::Result(Box::new(ResultVal { value: pointer, error, ok }));
        };
        let TyKind::Ref(_, _, mutability) = payload.kind() else { return Val::Option(pointer, ok) };
        if self.cx.ref_form(ty, *mutability) == RefForm::Pointer {
            return Val::Option(pointer, ok);
        }
        let (form, found) = (self.go_ty(ty), self.locals.temporary("found"));
        self.emit(StmtKind::Var(found, form, None));
        let copy = StmtKind::assign(Expr::Var(found), pointer.deref());
        self.emit(StmtKind::if_else(ok.clone(), vec![copy.into()], Vec::new()));
        Val::Option(Expr::Var(found), ok)
    }
}
