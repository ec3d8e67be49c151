//! Types, bounds, paths.

use super::Validator;
use crate::ast::*;
use crate::refused::Refused;

impl Validator {
    pub(super) fn ty(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Path(path) => {
                if let Some("i128" | "u128") = path.as_ident().map(Ident::as_str) {
                    self.refuse(ty.span, Refused::Int128);
                }
                self.qpath(path);
            }
            TypeKind::Ref { inner, .. } | TypeKind::Slice(inner) | TypeKind::Paren(inner) => self.ty(inner),
            TypeKind::RawPtr { inner, .. } => {
                self.refuse(ty.span, Refused::RawPointer);
                self.ty(inner);
            }
            TypeKind::Array { elem, len } => {
                self.ty(elem);
                self.array_len(len);
            }
            TypeKind::Tuple(elems) => elems.iter().for_each(|elem| self.ty(elem)),
            TypeKind::FnPtr(f) => self.fn_ptr(f),
            TypeKind::Dyn(bounds) | TypeKind::BareDyn(bounds) => {
                self.one_lifetime(bounds);
                self.bounds(bounds);
            }
            TypeKind::ImplTrait(bounds) => self.impl_trait(ty, bounds),
            TypeKind::Macro(call) => self.error(call.span, None, "a macro cannot stand for a type in rgo"),
            TypeKind::Never | TypeKind::Infer | TypeKind::Error => {}
        }
    }

    fn fn_ptr(&mut self, f: &FnPtrType) {
        if let Some(span) = f.unsafe_ {
            self.refuse(span, Refused::Unsafe);
        }
        if let Some(extern_) = &f.extern_ {
            self.refuse(extern_.span, Refused::Extern);
        }
        f.params.iter().for_each(|param| self.ty(&param.ty));
        if let Some(ret) = &f.ret {
            self.ty(ret);
        }
    }

    fn one_lifetime(&mut self, bounds: &[Bound]) {
        let second = bounds.iter().filter(|bound| matches!(bound, Bound::Lifetime(_))).nth(1);
        if let Some(second) = second {
            self.error(second.span(), Some("E0226"), "only a single explicit lifetime bound is permitted");
        }
    }

    fn impl_trait(&mut self, ty: &Type, bounds: &[Bound]) {
        if self.in_impl_trait {
            self.error(ty.span, Some("E0666"), "nested `impl Trait` is not allowed");
        }
        if !bounds.iter().any(|bound| matches!(bound, Bound::Trait(_))) {
            self.error(ty.span, None, "at least one trait must be specified");
        }
        for bound in bounds {
            let Bound::Trait(bound) = bound else { continue };
            self.bound_modifier(bound);
            for segment in &bound.path.segments {
                match segment.args.as_deref() {
                    Some(GenericArgs::Angle(args)) => {
                        for arg in &args.args {
                            let outer = std::mem::replace(&mut self.in_impl_trait, matches!(arg, GenericArg::Type(_)));
                            self.generic_arg(arg);
                            self.in_impl_trait = outer;
                        }
                    }
                    Some(args) => self.generic_args(args),
                    None => {}
                }
            }
        }
    }

    pub(super) fn bounds(&mut self, bounds: &[Bound]) {
        for bound in bounds {
            if let Bound::Trait(bound) = bound {
                self.bound_modifier(bound);
                self.path(&bound.path);
            }
        }
    }

    fn bound_modifier(&mut self, bound: &TraitBound) {
        match bound.modifier {
            BoundModifier::None | BoundModifier::Maybe => {}
            BoundModifier::Const | BoundModifier::Negative => self.refuse(bound.span, Refused::Nightly),
            BoundModifier::Async => self.refuse(bound.span, Refused::Async),
        }
    }

    pub(super) fn qpath(&mut self, path: &QPath) {
        if let Some(qself) = &path.qself {
            self.ty(&qself.ty);
            if let Some(path) = &qself.as_trait {
                self.path(path);
            }
        }
        self.path(&path.path);
    }

    pub(super) fn path(&mut self, path: &Path) {
        for segment in &path.segments {
            if let Some(args) = &segment.args {
                self.generic_args(args);
            }
        }
    }

    pub(super) fn generic_args(&mut self, args: &GenericArgs) {
        match args {
            GenericArgs::Angle(args) => {
                let mut constrained = false;
                let mut reported = false;
                for arg in &args.args {
                    let assoc = matches!(arg, GenericArg::Assoc(_));
                    if constrained && !assoc && !reported {
                        reported = true;
                        self.error(args.span, None, "generic arguments must come before the first constraint");
                    }
                    constrained |= assoc;
                    self.generic_arg(arg);
                }
            }
            GenericArgs::Paren(args) => {
                args.inputs.iter().for_each(|input| self.ty(input));
                if let Some(output) = &args.output {
                    self.ty(output);
                }
            }
        }
    }

    fn generic_arg(&mut self, arg: &GenericArg) {
        match arg {
            GenericArg::Lifetime(_) => {}
            GenericArg::Type(ty) => self.ty(ty),
            GenericArg::Const(expr) => self.expr(expr),
            GenericArg::Assoc(assoc) => {
                if let Some(args) = &assoc.args {
                    self.generic_args(args);
                }
                match &assoc.kind {
                    AssocArgKind::Type(ty) => self.ty(ty),
                    AssocArgKind::Const(expr) => self.expr(expr),
                    AssocArgKind::Bounds(bounds) => self.bounds(bounds),
                }
            }
        }
    }
}
