//! Lifetimes of `for<…>` that only the result mentions: in function pointers (E0581) and in bindings of associated types (E0582). And
//! `!` where it is not what a function returns (E0658), and parameters in constants of types.
//!
//! Reads syntax. A lifetime inside of a projection (`X::Assoc<'a>`) does not count as an input, for the projection might ignore it.

use rgo_hir::resolve::Namespace;
use rgo_hir::visit::{self, Visitor};
use rgo_hir::{AnonConstKind, Db, DefId};
use rgo_syntax::ast::{
    AssocArgKind, Bound, Expr, ExprKind, GenericArg, GenericArgs, GenericParam, Item, ItemKind, Lifetime, Path,
    TraitBound, Type, TypeKind, WherePredicateKind,
};
use rgo_syntax::{Name, Span};

use crate::collect::generic_consts::{Forbidden, forbidden};
use crate::error::TypeError;

/// Errors in all types of a definition, its body included; items inside are looked at by themselves.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let item = rgo_hir::item_ast(db, def);
    let mut returned = Vec::new();
    if let ItemKind::Fn(item) = &item.kind {
        returned.extend(item.ret.as_ref().map(|ret| ret.span));
    }
    let mut checker = Checker { db, def, returned, errors };
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
    /// Where types of results stand.
    returned: Vec<Span>,
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
            && rgo_hir::resolve_path(self.db, self.def, path, Namespace::Type)
                .is_ok_and(|resolved| resolved.unresolved > 0)
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
                        // `Lend<Item<'a> = &'a T>`: the item's own arguments are inputs too.
                        let own = assoc.args.as_deref().map_or(Vec::new(), |args| self.lifetimes_of(args));
                        let inputs: Vec<Name> = inputs.iter().copied().chain(own).collect();
                        self.binding(&bound_names, &inputs, ty, assoc.span, name.as_str());
                    }
                }
            }
            None => {}
        }
    }

    fn lifetimes_of(&self, args: &GenericArgs) -> Vec<Name> {
        let GenericArgs::Angle(args) = args else { return Vec::new() };
        let lifetimes = args.args.iter().filter_map(|arg| match arg {
            GenericArg::Lifetime(lifetime) => Some(vec![lifetime.name]),
            GenericArg::Type(ty) => Some(self.names(Projections::Skip, &[ty])),
            GenericArg::Const(_) | GenericArg::Assoc(_) => None,
        });
        lifetimes.flatten().collect()
    }

    /// A constant in a type must not compute with parameters: `[u8; N + 1]`.
    fn generic_in_const(&mut self, kind: AnonConstKind, expr: &Expr) {
        for (span, what) in forbidden(self.db, self.def, kind, expr) {
            let mut error = match what {
                Forbidden::Parameter { name, is_lifetime } => {
                    let tick = if is_lifetime { "'" } else { "" };
                    TypeError::new(self.def, span, "", "generic parameters may not be used in const operations")
                        .label(format!("cannot perform const operation using `{tick}{name}`"))
                }
                Forbidden::GenericSelf => {
                    let message = "generic `Self` types are currently not permitted in anonymous constants";
                    TypeError::new(self.def, span, "", message)
                }
            };
            error.code = None;
            if !self.errors.contains(&error) {
                self.errors.push(error);
            }
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
        if matches!(ty.kind, TypeKind::Never) && !self.def.is_std() && !self.returned.contains(&ty.span) {
            self.report(ty.span, "E0658", "the `!` type is experimental".to_owned());
        }
        if let TypeKind::FnPtr(ptr) = &ty.kind
            && let Some(ret) = &ptr.ret
        {
            self.returned.push(ret.span);
            let params: Vec<&Type> = ptr.params.iter().map(|param| &param.ty).collect();
            let inputs = self.names(Projections::Skip, &params);
            let used = self.names(Projections::Count, &[ret]);
            let free = |name: &Name| used.contains(name) && !inputs.contains(name);
            if let Some(lifetime) = ptr.binder.iter().map(|param| param.ident.name).find(free) {
                let message = format!(
                    "return type references lifetime `'{lifetime}`, which is not constrained by the fn input types"
                );
                self.report(ret.span, "E0581", message);
            }
        }
        visit::walk_type(self, ty);
    }

    fn visit_bound(&mut self, bound: &Bound) {
        if let Bound::Trait(bound) = bound {
            self.trait_bound(bound, &[], None);
        }
        visit::walk_bound(self, bound);
    }

    fn visit_item(&mut self, _item: &Item) {}

    fn visit_expr(&mut self, expr: &Expr) {
        if let ExprKind::Closure(closure) = &expr.kind {
            self.returned.extend(closure.ret.iter().map(|ret| ret.span));
        }
        visit::walk_expr(self, expr);
    }

    fn visit_anon_const(&mut self, expr: &Expr) {
        self.generic_in_const(AnonConstKind::ArrayLen, expr);
        self.visit_expr(expr);
    }

    fn visit_repeat_count(&mut self, expr: &Expr) {
        self.generic_in_const(AnonConstKind::RepeatCount, expr);
        self.visit_expr(expr);
    }
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
