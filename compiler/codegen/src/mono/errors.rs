//! Which types of errors are Go errors: how a value of one becomes an `error`, and how it comes back.
//!
//! Invariant: the answer is a function of the type alone, so that both sides of a call agree on it. An `error` made here is never nil.

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_typeck::ty::{AdtKind, Args, Clauses, Region, Ty, TyKind};

use super::Cx;
use super::context::Work;
use super::forms::RefForm;
use crate::go::ast::*;
use crate::queries;

/// What the results of a function say about the failure of the `Result` that they stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// An `error`, nil where there is a value.
    Error(Carrier),
    /// `E` is `()`: whether there is a value says it all.
    Flag,
    /// A result of its own in front of `ok bool`.
    Apart(Type),
}

/// How a value of an error type travels as an `error`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// `Box<dyn Error>` is an `error` where it is stored, too.
    Itself,
    /// A string: `errors.New(text)`, and `err.Error()` back.
    Text,
    /// As it is stored, in a type with an `Error` method: `err.(T)` back.
    Value(Type),
    /// By a pointer to it: `&e`, and `*err.(*T)` back.
    Pointer(Type),
}

impl Cx<'_> {
    /// How an error travels; it gets what it takes for that.
    pub fn failure(&mut self, error: Ty) -> Failure {
        let found = self.failure_form(error);
        if matches!(found, Failure::Error(Carrier::Value(_) | Carrier::Pointer(_))) {
            let owner = self.box_payload(error).unwrap_or(error);
            self.error_method(owner);
        }
        found
    }

    /// How a value of this type would travel if it were an error.
    pub fn failure_form(&mut self, ty: Ty) -> Failure {
        if let Some(known) = self.failures.get(&ty) {
            return known.clone();
        }
        let found = self.find_failure(ty);
        self.failures.insert(ty, found.clone());
        found
    }

    /// How a value of this type becomes an `error`, if it does.
    pub fn carrier(&mut self, error: Ty) -> Option<Carrier> {
        match self.failure(error) {
            Failure::Error(carrier) => Some(carrier),
            Failure::Flag | Failure::Apart(_) => None,
        }
    }

    fn find_failure(&mut self, error: Ty) -> Failure {
        if error.is_unit() {
            return Failure::Flag;
        }
        if let Some(payload) = self.box_payload(error) {
            if self.is_dyn_error(payload) {
                return Failure::Error(Carrier::Itself);
            }
            if self.has_error_text(payload) && matches!(self.go_ty(error), Type::Pointer(_)) {
                return Failure::Error(Carrier::Value(self.go_ty(error)));
            }
        }
        let is_text = match error.kind() {
            TyKind::Ref(_, inner, _) => inner.is_str(),
            TyKind::Adt(def, _) => self.is_lang(*def, "string"),
            _ => false,
        };
        if is_text && self.go_ty(error).is_name("string") {
            return Failure::Error(Carrier::Text);
        }
        if self.has_error_text(error) {
            return Failure::Error(self.own_carrier(error));
        }
        Failure::Apart(self.go_ty(error))
    }

    /// The carrier of a type that is declared in the emitted package: what shared references to it are, or a pointer where it is changed
    /// as a `dyn Error`.
    pub fn own_carrier(&mut self, error: Ty) -> Carrier {
        let form = self.go_ty(error);
        match self.ref_form(error, Mutability::Not) {
            RefForm::Value if !self.is_changed_error(error) => Carrier::Value(form),
            _ => Carrier::Pointer(form),
        }
    }

    /// Whether the type is one of the emitted package and can say what it is about.
    fn has_error_text(&mut self, ty: Ty) -> bool {
        self.is_declared(ty)
            && (queries::implements(self.db, ty, "display") || queries::implements(self.db, ty, "debug"))
    }

    /// Whether the Go form is a type declared in the emitted package.
    fn is_declared(&mut self, ty: Ty) -> bool {
        let TyKind::Adt(def, args) = ty.kind() else { return false };
        let is_known = matches!(self.lang_of(*def), Some("option" | "result" | "box" | "owned_ptr" | "shared_ptr"));
        let is_struct_or_enum = queries::adt(self.db, *def).is_some_and(|adt| adt.kind != AdtKind::Union);
        !is_known && is_struct_or_enum && self.template_ty(*def, *args).is_none()
    }

    /// `dyn Error`, with or without auto traits.
    pub fn is_dyn_error(&self, ty: Ty) -> bool {
        ty.dyn_principal().is_some_and(|principal| self.is_lang(principal.value.trait_, "error_trait"))
    }

    /// `dyn Error` without auto traits: what wraps an error is the same for all of them.
    pub fn plain_error(&self, object: Ty) -> Ty {
        match object.kind() {
            TyKind::Dynamic(clauses, _) => {
                let principal: Vec<_> = clauses.iter().take(1).copied().collect();
                Ty::new(TyKind::Dynamic(Clauses::new(&principal), Region::erased()))
            }
            _ => object,
        }
    }

    /// Whether the trait is `Error`, or has it above it: then its interface is a Go error.
    pub fn is_error_trait(&self, trait_: DefId) -> bool {
        self.is_lang(trait_, "error_trait")
            || queries::all_supertraits(self.db, trait_).iter().any(|parent| self.is_lang(*parent, "error_trait"))
    }

    /// The methods of the interface of a `dyn` type. What std's `Error` has only for itself is no part of it.
    pub fn interface_methods(&self, trait_: DefId, ty: Ty) -> Vec<(DefId, Args)> {
        let mut methods = queries::dyn_methods(self.db, trait_, ty);
        methods.retain(|(method, _)| {
            let of_error = method.parent().is_some_and(|parent| self.is_lang(parent, "error_trait"));
            !of_error || method.name().as_str() == "source"
        });
        methods
    }

    /// Gives a type of this package its method `Error`.
    pub fn error_method(&mut self, ty: Ty) {
        if self.error_methods.insert(ty) {
            self.go_ty(ty);
            self.later(Work::Error(ty));
        }
    }
}
