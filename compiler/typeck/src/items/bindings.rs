//! Lifetimes of `for<…>` that only the result mentions: in function pointers (E0581) and in bindings of associated types (E0582); and what `use<…>`
//! captures (E0799, E0800).
//!
//! Reads syntax. A lifetime inside of a projection (`X::Assoc<'a>`) does not count as an input, for the projection might ignore it.

use rgo_hir::resolve::{Namespace, Res};
use rgo_hir::visit::{self, Visitor};
use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::ast::{
    AssocArgKind, Bound, GenericArg, GenericArgs, GenericParam, Ident, Item, Lifetime, Path, TraitBound, Type, TypeKind, UseArg,
    WherePredicateKind,
};
use rgo_syntax::{Name, Span};

use crate::error::TypeError;

/// Errors in all types of a definition, its body included; items inside are looked at by themselves.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let mut checker = Checker { db, def, outer: Vec::new(), errors };
    let item = rgo_hir::item_ast(db, def);
    visit::walk_item(&mut checker, item);
    let generics = rgo_hir::generics_ast(db, def);
    // Binders of where clauses belong to the bounds behind them.
    for predicate in generics.iter().flat_map(|generics| &generics.where_clause) {
        if let WherePredicateKind::Type { binder, ty, bounds } = &predicate.kind
            && !binder.is_empty()
        {
            for bound in bounds {
                if let Bound::Trait(bound) = bound {
                    checker.trait_bound(bound, binder, Some(ty));
                }
            }
        }
    }
}

struct Checker<'a> {
    db: &'a dyn Db,
    def: DefId,
    outer: Vec<Name>,
    errors: &'a mut Vec<TypeError>,
}

impl Checker<'_> {
    fn report(&mut self, span: Span, code: &'static str, message: String) {
        if !self.errors.iter().any(|error| error.span == span && error.code == Some(code)) {
            self.errors.push(TypeError::new(self.def, span, code, message));
        }
    }

    fn is_projection(&self, path: &Path) -> bool {
        path.segments.len() > 1
            && rgo_hir::resolve_path(self.db, self.def, path, Namespace::Type).is_ok_and(|resolved| resolved.unresolved > 0)
    }

    fn names(&self, projections: Projections, types: &[&Type]) -> Vec<Name> {
        let mut collector = Names { checker: self, projections, found: Vec::new() };
        types.iter().for_each(|ty| collector.ty(ty));
        collector.found
    }

    fn trait_bound(&mut self, bound: &TraitBound, binder: &[GenericParam], self_ty: Option<&Type>) {
        let bound_names: Vec<Name> = binder.iter().chain(&bound.binder).map(|param| param.ident.name).collect();
        if bound_names.is_empty() {
            return;
        }
        let Some(segment) = bound.path.segments.last() else { return };
        let mut inputs: Vec<Name> = self_ty.map_or(Vec::new(), |ty| self.names(Projections::Skip, &[ty]));
        match segment.args.as_deref() {
            Some(GenericArgs::Paren(args)) => {
                let types: Vec<&Type> = args.inputs.iter().collect();
                inputs.extend(self.names(Projections::Skip, &types));
                if let Some(output) = &args.output {
                    self.binding(&bound_names, &inputs, output, output.span, "Output");
                }
            }
            Some(GenericArgs::Angle(args)) => {
                for arg in &args.args {
                    match arg {
                        GenericArg::Lifetime(lifetime) => inputs.push(lifetime.name),
                        GenericArg::Type(ty) => inputs.extend(self.names(Projections::Skip, &[ty])),
                        GenericArg::Const(_) | GenericArg::Assoc(_) => {}
                    }
                }
                for arg in &args.args {
                    if let GenericArg::Assoc(assoc) = arg
                        && let AssocArgKind::Type(ty) = &assoc.kind
                    {
                        let name = assoc.ident.name;
                        self.binding(&bound_names, &inputs, ty, assoc.span, name.as_str());
                    }
                }
            }
            None => {}
        }
    }

    /// `use<T>` takes parameters only (E0799, E0800).
    fn captured(&mut self, ident: Ident) {
        if ident.name == "Self" {
            return;
        }
        let path = Path::from_ident(ident);
        let found = [Namespace::Type, Namespace::Value].into_iter().find_map(|namespace| {
            rgo_hir::resolve_path(self.db, self.def, &path, namespace).ok().map(|resolved| resolved.res)
        });
        let name = ident.name;
        match found {
            Some(Res::Def(def)) if matches!(def.kind(), DefKind::TyParam | DefKind::ConstParam) => {}
            Some(Res::Err | Res::SelfTy { .. }) => {}
            Some(_) => self.report(ident.span, "E0799", format!("expected type or const parameter, found `{name}`")),
            None => self.report(ident.span, "E0800", format!("cannot find type or const parameter `{name}` in this scope")),
        }
    }

    fn binding(&mut self, bound: &[Name], inputs: &[Name], ty: &Type, span: Span, name: &str) {
        let used = self.names(Projections::Count, &[ty]);
        if let Some(lifetime) = bound.iter().find(|lifetime| used.contains(lifetime) && !inputs.contains(lifetime)) {
            let message = format!(
                "binding for associated type `{name}` references lifetime `'{lifetime}`, which does not appear in the trait input types"
            );
            self.report(span, "E0582", message);
        }
    }
}

impl Visitor for Checker<'_> {
    fn visit_type(&mut self, ty: &Type) {
        if let TypeKind::FnPtr(ptr) = &ty.kind
            && let Some(ret) = &ptr.ret
        {
            let params: Vec<&Type> = ptr.params.iter().map(|param| &param.ty).collect();
            let inputs = self.names(Projections::Skip, &params);
            let used = self.names(Projections::Count, &[ret]);
            let free = |name: &Name| used.contains(name) && !inputs.contains(name);
            if let Some(lifetime) = ptr.binder.iter().map(|param| param.ident.name).find(free) {
                let message =
                    format!("return type references lifetime `'{lifetime}`, which is not constrained by the fn input types");
                self.report(ret.span, "E0581", message);
            }
        }
        let depth = self.outer.len();
        visit::walk_type(self, ty);
        self.outer.truncate(depth);
    }

    fn visit_bound(&mut self, bound: &Bound) {
        if let Bound::Trait(bound) = bound {
            self.trait_bound(bound, &[], None);
        }
        if let Bound::Use { args, .. } = bound {
            for arg in args {
                if let UseArg::Param(ident) = arg {
                    self.captured(*ident);
                }
            }
        }
        visit::walk_bound(self, bound);
    }

    fn visit_item(&mut self, _item: &Item) {}
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Projections {
    Skip,
    Count,
}

struct Names<'a, 'b> {
    checker: &'a Checker<'b>,
    projections: Projections,
    found: Vec<Name>,
}

impl Names<'_, '_> {
    fn lifetime(&mut self, lifetime: &Lifetime) {
        self.found.push(lifetime.name);
    }

    fn ty(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Path(path) => {
                let projects = path.qself.is_some() || self.checker.is_projection(&path.path);
                if projects && self.projections == Projections::Skip {
                    return;
                }
                if let Some(qself) = &path.qself {
                    self.ty(&qself.ty);
                    if let Some(as_trait) = &qself.as_trait {
                        self.path(as_trait);
                    }
                }
                self.path(&path.path);
            }
            TypeKind::Ref { lifetime, inner, .. } => {
                if let Some(lifetime) = lifetime {
                    self.lifetime(lifetime);
                }
                self.ty(inner);
            }
            TypeKind::RawPtr { inner, .. } | TypeKind::Slice(inner) | TypeKind::Paren(inner) => self.ty(inner),
            TypeKind::Array { elem, .. } => self.ty(elem),
            TypeKind::Tuple(items) => items.iter().for_each(|item| self.ty(item)),
            TypeKind::FnPtr(ptr) => {
                ptr.params.iter().for_each(|param| self.ty(&param.ty));
                if let Some(ret) = &ptr.ret {
                    self.ty(ret);
                }
            }
            TypeKind::Dyn(bounds) | TypeKind::BareDyn(bounds) | TypeKind::ImplTrait(bounds) => {
                for bound in bounds {
                    match bound {
                        Bound::Trait(bound) => self.path(&bound.path),
                        Bound::Lifetime(lifetime) => self.lifetime(lifetime),
                        Bound::Use { .. } => {}
                    }
                }
            }
            TypeKind::Never | TypeKind::Infer | TypeKind::Macro(_) | TypeKind::Error => {}
        }
    }

    fn path(&mut self, path: &Path) {
        for segment in &path.segments {
            match segment.args.as_deref() {
                Some(GenericArgs::Angle(args)) => {
                    for arg in &args.args {
                        match arg {
                            GenericArg::Lifetime(lifetime) => self.lifetime(lifetime),
                            GenericArg::Type(ty) => self.ty(ty),
                            GenericArg::Assoc(assoc) => {
                                if let AssocArgKind::Type(ty) = &assoc.kind {
                                    self.ty(ty);
                                }
                            }
                            GenericArg::Const(_) => {}
                        }
                    }
                }
                Some(GenericArgs::Paren(args)) => {
                    args.inputs.iter().for_each(|ty| self.ty(ty));
                    if let Some(output) = &args.output {
                        self.ty(output);
                    }
                }
                None => {}
            }
        }
    }
}
