//! The Go form of every type (the table of docs/stdlib.md).

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_typeck::ty::{Args, Binder, ClosureArgs, FloatTy, FnSig, IntTy, Ty, TyKind, UintTy};
use rustc_hash::FxHashMap;

use super::Cx;
use super::constraint::Constraint;
use super::errors::Failure;
use crate::attrs::{self, GoForm};
use crate::go::ast::*;
use crate::queries;
use crate::template::{self, Hole, Imports};

/// How a reference looks: the value itself, or a Go pointer to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RefForm {
    Value,
    Pointer,
}

/// How an `Option` is stored.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OptionForm {
    /// nil is `None`.
    Nil,
    /// `rgort.Option[T]`.
    Tagged,
}

/// What a function returns in Go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returns {
    Nothing,
    One(Type),
    /// `(T, bool)`.
    Option(Type),
    /// A tuple as several results.
    Several(Vec<Type>),
    /// A `Result`: the value (nothing for `()`, several results for a tuple), and what tells of failure.
    Result(ResultForm),
}

/// How a function returns a `Result`: the results for the value, and what stands beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultForm {
    pub values: Vec<Type>,
    pub failure: Failure,
}

impl ResultForm {
    fn types(&self) -> Vec<Type> {
        let failure = match &self.failure {
            Failure::Error(_) => vec![Type::name("error")],
            Failure::Flag => vec![Type::name("bool")],
            Failure::Apart(error) => vec![error.clone(), Type::name("bool")],
        };
        self.values.iter().cloned().chain(failure).collect()
    }
}

impl Cx<'_> {
    /// The Go type in which a value of a concrete type is stored.
    pub fn go_ty(&mut self, ty: Ty) -> Type {
        if let TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) | TyKind::Infer(_) | TyKind::Error =
            ty.kind()
        {
            return self.open_ty(ty);
        }
        if let Some(known) = self.types.get(&ty) {
            return known.clone();
        }
        let form = self.make_ty(ty);
        self.types.insert(ty, form.clone());
        form
    }

    fn make_ty(&mut self, ty: Ty) -> Type {
        match ty.kind() {
            TyKind::Bool => Type::name("bool"),
            TyKind::Char => Type::name("rune"),
            TyKind::Str => Type::name("string"),
            TyKind::Int(int) => Type::name(match int {
                IntTy::I8 => "int8",
                IntTy::I16 => "int16",
                IntTy::I32 => "int32",
                IntTy::I64 => "int64",
                IntTy::Isize => "int",
            }),
            TyKind::Uint(int) => Type::name(match int {
                UintTy::U8 => "uint8",
                UintTy::U16 => "uint16",
                UintTy::U32 => "uint32",
                UintTy::U64 => "uint64",
                UintTy::Usize => "int",
            }),
            TyKind::Float(FloatTy::F32) => Type::name("float32"),
            TyKind::Float(FloatTy::F64) => Type::name("float64"),
            TyKind::Never => Type::unit(),
            TyKind::Adt(def, args) => self.adt_ty(ty, *def, *args),
            TyKind::Array(elem, len) => Type::Array(len.as_usize().unwrap_or(0), Box::new(self.go_ty(*elem))),
            TyKind::Slice(elem) => self.go_ty(*elem).slice(),
            TyKind::Ref(_, inner, mutability) => {
                let form = self.ref_form(*inner, *mutability);
                let inner = self.go_ty(*inner);
                match form {
                    RefForm::Value => inner,
                    RefForm::Pointer => inner.pointer(),
                }
            }
            TyKind::Tuple(items) => match items.len() {
                0 => Type::unit(),
                n => {
                    let args = items.iter().map(|item| self.go_ty(*item)).collect();
                    self.runtime_ty(&format!("Tuple{n}"), args)
                }
            },
            TyKind::FnPtr(sig) => self.func_ty(erased(*sig)),
            TyKind::FnDef(def, args) => {
                let sig = self.sig_of(*def, *args);
                self.func_ty(sig)
            }
            TyKind::Closure(_, args) => match ClosureArgs::new(*args).untupled_sig() {
                Some(sig) => {
                    let function = self.func_ty(erased(sig));
                    if self.is_closure_object(ty) { self.owning_form(function) } else { function }
                }
                None => Type::unit(),
            },
            TyKind::Dynamic(..) => self.interface(ty),
            TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) | TyKind::Infer(_) | TyKind::Error => {
                self.open_ty(ty)
            }
        }
    }

    /// What is no type of its own has a form as a type parameter of Go, if any.
    fn open_ty(&mut self, ty: Ty) -> Type {
        match self.param_form(ty) {
            Some(form) => form,
            None => {
                self.refuse_generic();
                Type::unit()
            }
        }
    }

    /// The concrete signature of a function.
    pub fn sig_of(&mut self, def: DefId, args: Args) -> FnSig {
        let sig = queries::fn_sig(self.db, def);
        let types: Vec<Ty> = sig.inputs_and_output.iter().map(|ty| self.concrete(*ty, args)).collect();
        match types.split_last() {
            Some((output, inputs)) => FnSig::new(inputs, *output),
            None => FnSig::new(&[], Ty::unit()),
        }
    }

    /// The Go type of a function value of this signature.
    pub fn func_ty(&mut self, sig: FnSig) -> Type {
        let params = sig.inputs().iter().map(|ty| self.go_ty_of(*ty)).collect();
        let results = self.result_types(sig.output());
        Type::Func(Box::new(FuncType { params, results, variadic: Variadic::No }))
    }

    /// The same, for a type that may still need normalising.
    fn go_ty_of(&mut self, ty: Ty) -> Type {
        let ty = queries::normalize(self.db, ty);
        self.go_ty(ty)
    }

    /// The results of a Go function that returns such a value.
    pub fn unnamed_results(&mut self, output: Ty) -> Vec<Result> {
        self.result_types(output).into_iter().map(|ty| Result { var: None, ty }).collect()
    }

    /// The types of the results of a Go function that returns `output`.
    pub fn result_types(&mut self, output: Ty) -> Vec<Type> {
        match self.returns(output) {
            Returns::Nothing => Vec::new(),
            Returns::One(ty) => vec![ty],
            Returns::Option(ty) => vec![ty, Type::name("bool")],
            Returns::Several(types) => types,
            Returns::Result(form) => form.types(),
        }
    }

    /// How a Go function returns `output`: in one result, in several, or in none.
    pub fn returns(&mut self, output: Ty) -> Returns {
        let output = queries::normalize(self.db, output);
        match output.kind() {
            TyKind::Never => Returns::Nothing,
            TyKind::Tuple(items) if items.is_empty() => Returns::Nothing,
            TyKind::Tuple(items) if items.len() > 1 => {
                Returns::Several(items.iter().map(|ty| self.go_ty(*ty)).collect())
            }
            TyKind::Adt(def, args) if self.is_lang(*def, "result") => {
                Returns::Result(self.result_form(args.ty(0), args.ty(1)))
            }
            _ => match self.option_payload(output) {
                Some(payload) if self.option_form(payload) == OptionForm::Tagged => {
                    Returns::Option(self.go_ty(payload))
                }
                _ => Returns::One(self.go_ty(output)),
            },
        }
    }

    /// How a Go function returns a `Result` of these two types.
    pub fn result_form(&mut self, value: Ty, error: Ty) -> ResultForm {
        let values = self.value_types(value).into_iter().map(|ty| self.go_ty(ty)).collect();
        ResultForm { values, failure: self.failure(error) }
    }

    /// The types of the results that stand for a value beside something else.
    pub fn value_types(&self, value: Ty) -> Vec<Ty> {
        match value.kind() {
            TyKind::Never => Vec::new(),
            TyKind::Tuple(items) if items.len() != 1 => items.to_vec(),
            _ => vec![value],
        }
    }

    /// `T` of an `Option<T>`.
    pub fn option_payload(&self, ty: Ty) -> Option<Ty> {
        match ty.kind() {
            TyKind::Adt(def, args) if self.is_lang(*def, "option") => Some(args.ty(0)),
            _ => None,
        }
    }

    /// The two types of a `Result`; `None` for any other type.
    pub fn result_payload(&self, ty: Ty) -> Option<(Ty, Ty)> {
        match ty.kind() {
            TyKind::Adt(def, args) if self.is_lang(*def, "result") => Some((args.ty(0), args.ty(1))),
            _ => None,
        }
    }

    /// `T` of a `Box<T>`.
    pub fn box_payload(&self, ty: Ty) -> Option<Ty> {
        match ty.kind() {
            TyKind::Adt(def, args) if self.is_lang(*def, "box") => Some(args.ty(0)),
            _ => None,
        }
    }

    /// The item type of a `Vec`; `None` for any other type.
    pub fn vec_payload(&self, ty: Ty) -> Option<Ty> {
        match ty.kind() {
            TyKind::Adt(def, args) if self.is_lang(*def, "vec") => Some(args.ty(0)),
            _ => None,
        }
    }

    /// How an `Option` of such a payload is stored: as a pointer that may be nil, or with a tag.
    pub fn option_form(&mut self, payload: Ty) -> OptionForm {
        let pointer_like = match payload.kind() {
            TyKind::Ref(_, inner, Mutability::Not) => {
                !matches!(inner.kind(), TyKind::Str | TyKind::Slice(_)) && !self.refers_to_nil(*inner)
            }
            TyKind::Ref(_, inner, Mutability::Mut) => !matches!(inner.kind(), TyKind::Slice(_)),
            TyKind::FnPtr(_) | TyKind::FnDef(..) | TyKind::Closure(..) => true,
            TyKind::Adt(def, _) => matches!(self.lang_of(*def), Some("box" | "rc" | "arc")),
            _ => false,
        };
        if !pointer_like {
            return OptionForm::Tagged;
        }
        match self.go_ty(payload) {
            Type::Pointer(_) | Type::Func(_) => OptionForm::Nil,
            // A trait object; its interface is a name of this package, as is a struct passed by value.
            _ if self.is_interface(payload) => OptionForm::Nil,
            _ => OptionForm::Tagged,
        }
    }

    /// Whether the Go form is an interface.
    pub fn is_interface(&self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Dynamic(..) => !self.is_dyn_fn(ty),
            TyKind::Ref(_, inner, mutability) => {
                self.is_interface(*inner)
                    && (self.is_unsized(*inner) || *mutability == Mutability::Not && self.box_payload(*inner).is_some())
            }
            TyKind::Adt(def, args) if self.is_lang(*def, "box") => {
                self.is_unsized(args.ty(0)) && self.is_interface(args.ty(0))
            }
            TyKind::Adt(def, args) if self.is_lang(*def, "unsafe_cell") => self.is_interface(args.ty(0)),
            _ => false,
        }
    }

    /// `dyn Fn(A) -> R` and its relatives are Go functions.
    pub fn is_dyn_fn(&self, ty: Ty) -> bool {
        queries::object_fn_trait(self.db, ty).is_some()
    }

    /// Whether a reference to a value of type `inner` is a Go pointer or the value itself.
    pub fn ref_form(&mut self, inner: Ty, mutability: Mutability) -> RefForm {
        match inner.kind() {
            TyKind::Str if mutability == Mutability::Mut => RefForm::Pointer,
            TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..) => RefForm::Value,
            TyKind::Adt(..) if self.is_view(inner) => RefForm::Value,
            _ if mutability == Mutability::Mut => RefForm::Pointer,
            TyKind::FnPtr(_) | TyKind::FnDef(..) | TyKind::Closure(..) => RefForm::Value,
            TyKind::Adt(..) if self.is_handle(inner) || self.is_owner(inner) => RefForm::Value,
            TyKind::Ref(_, _, Mutability::Mut) => RefForm::Value,
            _ if self.small_words(inner).is_some_and(|words| words <= 2) => RefForm::Value,
            _ => RefForm::Pointer,
        }
    }

    /// A `Box`, an `Rc` or `Arc` that is a plain pointer, or an `Option` of a pointer: nobody changes it while it is shared, and what it points
    /// to is the same behind a copy.
    fn is_owner(&mut self, ty: Ty) -> bool {
        match self.option_payload(ty) {
            Some(payload) => self.option_form(payload) == OptionForm::Nil,
            None => self.box_payload(ty).or_else(|| self.uncounted_payload(ty)).is_some(),
        }
    }

    /// Whether nil is a value of such a reference: it is passed by value, and what it refers to is an `Option`.
    fn refers_to_nil(&mut self, inner: Ty) -> bool {
        match inner.kind() {
            TyKind::Ref(_, inner, Mutability::Not) => self.refers_to_nil(*inner),
            _ => self.option_payload(inner).is_some_and(|payload| self.option_form(payload) == OptionForm::Nil),
        }
    }

    /// Whether a reference to what such a pointer or owner dereferences to has its form.
    fn derefs_to_itself(&mut self, pointer: Ty, mutability: Mutability) -> bool {
        let target = match pointer.kind() {
            TyKind::Ref(_, target, _) => Some(*target),
            _ if self.adt_lang(pointer) == Some("string") || self.vec_payload(pointer).is_some() => {
                return mutability == Mutability::Not;
            }
            _ => self.box_payload(pointer).or_else(|| self.uncounted_payload(pointer)),
        };
        target.is_some_and(|target| match target.kind() {
            TyKind::Str => mutability == Mutability::Not,
            _ => self.is_unsized(target) || self.ref_form(target, mutability) == RefForm::Pointer,
        })
    }

    /// A struct of std whose Go form is a string, slice or map: sharing it is copying it.
    fn is_handle(&mut self, ty: Ty) -> bool {
        let TyKind::Adt(def, args) = ty.kind() else { return false };
        // What a cell holds changes behind shared references.
        if self.is_lang(*def, "unsafe_cell") {
            return false;
        }
        match self.template_ty(*def, *args) {
            Some(Type::Slice(_) | Type::Map(..)) => true,
            Some(Type::Name(name)) => matches!(&*name, "string" | "any" | "error"),
            _ => false,
        }
    }

    /// The size in words of a small `Copy` value; `None` for everything that is passed by pointer.
    fn small_words(&mut self, ty: Ty) -> Option<usize> {
        match ty.kind() {
            TyKind::Bool | TyKind::Char | TyKind::Int(_) | TyKind::Uint(_) | TyKind::Float(_) | TyKind::Never => {
                Some(1)
            }
            TyKind::Ref(_, _, Mutability::Not) => Some(1),
            TyKind::FnPtr(_) | TyKind::FnDef(..) => Some(1),
            TyKind::Tuple(items) => items.iter().map(|item| self.small_words(*item)).sum(),
            TyKind::Adt(def, args) => {
                if self.template_ty(*def, *args).is_some() {
                    return None;
                }
                let adt = queries::adt(self.db, *def)?;
                let has_fields = adt.variants.iter().any(|v| !v.fields.is_empty());
                // Where there is no data, nobody can tell a copy from the value, `Copy` or not.
                let is_same =
                    queries::is_copy(self.db, ty) || !has_fields && queries::drop_impl(self.db, *def).is_none();
                if !is_same {
                    return None;
                }
                if adt.kind == rgo_typeck::ty::AdtKind::Enum {
                    return (!has_fields).then_some(1);
                }
                let mut words = 0;
                for field in adt.variants.iter().flat_map(|v| &v.fields) {
                    let field = self.concrete(field.ty, *args);
                    words += self.small_words(field)?;
                }
                Some(words)
            }
            _ => None,
        }
    }

    /// The Go form that `#[go(type = "…")]` gives a struct of std.
    pub fn template_ty(&mut self, def: DefId, args: Args) -> Option<Type> {
        if !def.is_std() {
            return None;
        }
        if matches!(self.lang_of(def), Some("hash_map" | "hash_set")) {
            // Whether the map is Go's depends on the hasher.
            if args.types().last().is_some_and(|hasher| matches!(hasher.kind(), TyKind::Param(_))) {
                self.refuse_generic();
            }
            return self.native_map_ty(def, args);
        }
        let attrs = attrs::go_attrs(self.db, def);
        for attr in attrs {
            let Some(GoForm::Type(text)) = &attr.form else { continue };
            let holds = match attr.condition.as_deref() {
                None => true,
                Some(condition) => self.condition(condition, args),
            };
            if !holds {
                continue;
            }
            let mut holes = FxHashMap::default();
            if let Some(generics) = queries::generics(self.db, def) {
                for (param, arg) in generics.params.iter().zip(args.iter()) {
                    if let Some(ty) = arg.as_ty() {
                        let form = self.go_ty(ty);
                        holes.insert(param.name.as_str().to_string(), Hole::Type(form));
                    }
                }
            }
            let imports = Imports { runtime: self.options.runtime_import.clone(), paths: &attr.imports };
            match template::ty(text, &holes, &imports) {
                Ok(ty) => return Some(ty),
                Err(message) => {
                    let span = rgo_hir::def_span(self.db, def);
                    self.unsupported(def, span, &message);
                }
            }
        }
        None
    }

    /// The conditions of `#[go(if = "…")]`.
    pub fn condition(&mut self, condition: &str, args: Args) -> bool {
        let ty = args.types().next().unwrap_or_else(Ty::unit);
        match condition {
            "native_map" | "native_set" | "map_equality" => self.map_condition(condition, args),
            "native_key" => self.is_native_eq(ty),
            "native_eq" => self.compare_natively(args),
            "native_eq_no_drop" => self.compare_natively(args) && !self.needs_drop(ty),
            "native_ord" => self.is_native_ord(ty),
            "plain_ord" => super::orders::is_plain(self.db, ty),
            "loud_key" => args.types().nth(1).is_some_and(|key| !super::orders::is_plain(self.db, key)),
            "small_usize" => !self.has_big_usize(),
            "clone" => self.clones_as_is(ty),
            "same_reference" => self.ref_form(ty, Mutability::Not) == RefForm::Value,
            "same_target" => self.derefs_to_itself(ty, Mutability::Not),
            "same_mutable_target" => self.derefs_to_itself(ty, Mutability::Mut),
            "no_drop" => !self.needs_drop(ty),
            "uncounted" => self.is_uncounted(ty),
            "returns_nothing" => self.returned(args) == Returns::Nothing,
            "function" => self.is_function(ty),
            "procedure" => self.is_function(ty) && self.returned(args) == Returns::Nothing,
            "P == str" | "S == str" => self.go_ty(ty).is_name("string"),
            "P == function" => self.is_function(ty),
            "P == char" => matches!(ty.kind(), TyKind::Char),
            unknown => {
                debug_assert!(false, "no condition of templates: {unknown}");
                false
            }
        }
    }

    /// Whether a callable is a function in Go, perhaps with what it owns, and not a struct that can be called.
    fn is_function(&mut self, ty: Ty) -> bool {
        self.is_closure_object(ty) || matches!(self.go_ty(ty), Type::Func(_))
    }

    /// What Go functions return for the last type argument.
    fn returned(&mut self, args: Args) -> Returns {
        let ty = args.types().last().unwrap_or_else(Ty::unit);
        self.returns(ty)
    }

    /// Whether Go's `==` compares what is compared: `[T]` with `[U]` are two Go types where T and U are, and then it is not `T`'s own `Eq` either.
    fn compare_natively(&mut self, args: Args) -> bool {
        let mut types = args.types();
        let Some(first) = types.next() else { return false };
        let others: Vec<Ty> = types.collect();
        self.is_native_eq(first)
            && others
                .into_iter()
                .all(|other| other == first || self.is_native_eq(other) && self.go_ty(other) == self.go_ty(first))
    }

    /// Whether Go's `==` on the Go form is the type's own `Eq`.
    pub fn is_native_eq(&mut self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Bool | TyKind::Char | TyKind::Int(_) | TyKind::Uint(_) | TyKind::Str => true,
            TyKind::Param(_) => matches!(self.constraint(ty), Some(Constraint::Comparable | Constraint::Ordered)),
            TyKind::Tuple(items) => items.iter().all(|item| self.is_native_eq(*item)),
            TyKind::Array(elem, _) => self.is_native_eq(*elem),
            TyKind::Ref(_, inner, mutability) => {
                self.ref_form(*inner, *mutability) == RefForm::Value
                    && matches!(
                        inner.kind(),
                        TyKind::Str | TyKind::Bool | TyKind::Char | TyKind::Int(_) | TyKind::Uint(_)
                    )
            }
            TyKind::Adt(def, args) => {
                if self.is_lang(*def, "string") {
                    return true;
                }
                if !queries::derives(self.db, *def, "PartialEq") || self.template_ty(*def, *args).is_some() {
                    return false;
                }
                let Some(adt) = queries::adt(self.db, *def) else { return false };
                // Unused slots of a flat enum keep what was there before: only data-less enums and structs compare whole.
                let is_flat =
                    adt.kind == rgo_typeck::ty::AdtKind::Struct || adt.variants.iter().all(|v| v.fields.is_empty());
                is_flat
                    && adt.variants.iter().flat_map(|v| &v.fields).all(|field| {
                        let field = self.concrete(field.ty, *args);
                        self.is_native_eq(field)
                    })
            }
            _ => false,
        }
    }

    /// Whether the type's `Ord` is Go's `<` and `==`.
    pub fn is_native_ord(&self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Char | TyKind::Int(_) | TyKind::Str => true,
            TyKind::Param(_) => self.constraint(ty) == Some(Constraint::Ordered),
            // A `usize` above `isize::MAX` is negative in Go.
            TyKind::Uint(uint) => *uint != UintTy::Usize || !self.has_big_usize(),
            TyKind::Adt(def, _) => self.is_lang(*def, "string"),
            _ => false,
        }
    }

    fn adt_ty(&mut self, ty: Ty, def: DefId, args: Args) -> Type {
        if let Some(twin) = self.twin(def, args) {
            let args = self.twin_args(twin, args);
            return self.go_ty(Ty::adt(twin, args));
        }
        match self.lang_of(def) {
            Some("box" | "owned_ptr" | "shared_ptr") => {
                let inner = args.ty(0);
                let form = self.go_ty(inner);
                return if self.is_unsized(inner) { form } else { form.pointer() };
            }
            Some("option") => {
                let payload = args.ty(0);
                let form = self.go_ty(payload);
                return match self.option_form(payload) {
                    OptionForm::Nil => form,
                    OptionForm::Tagged => self.runtime_ty("Option", vec![form]),
                };
            }
            Some("result") => {
                let (ok, err) = (self.go_ty(args.ty(0)), self.go_ty(args.ty(1)));
                return self.runtime_ty("Result", vec![ok, err]);
            }
            _ => {}
        }
        if let Some(form) = self.template_ty(def, args) {
            return form;
        }
        self.named_adt(ty, def, args)
    }

    /// The zero value as an expression.
    pub fn zero(&mut self, ty: Ty) -> Expr {
        let form = self.go_ty(ty);
        match ty.kind() {
            TyKind::Bool => Expr::bool(false),
            TyKind::Param(_) => Expr::builtin("new", vec![Expr::Type(Box::new(form))]).deref(),
            TyKind::Adt(..) if self.is_dataless_enum(ty) => Expr::int(0),
            _ if self.is_interface(ty) => Expr::nil(),
            TyKind::Ref(_, inner, mutability) if self.ref_form(*inner, *mutability) == RefForm::Value => {
                self.zero(*inner)
            }
            _ => zero_of(&form),
        }
    }
}

fn zero_of(form: &Type) -> Expr {
    match form {
        Type::Name(name) => match &**name {
            "bool" => Expr::bool(false),
            "string" => Expr::str(""),
            "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32" | "uint64"
            | "rune" | "byte" | "float32" | "float64" | "uintptr" => Expr::int(0),
            "any" | "error" => Expr::nil(),
            _ => Expr::composite(form.clone(), Vec::new()),
        },
        Type::Pointer(_) | Type::Slice(_) | Type::Map(..) | Type::Chan(_) | Type::Func(_) | Type::Interface(_) => {
            Expr::nil()
        }
        Type::Generic(..) | Type::Imported(..) | Type::Array(..) | Type::Struct(_) => {
            Expr::composite(form.clone(), Vec::new())
        }
    }
}

fn erased(sig: Binder<FnSig>) -> FnSig {
    sig.instantiate_erased()
}
