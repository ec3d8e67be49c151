//! Generic parameters in the constants of types: lengths, const arguments, discriminants. A constant that is more than the name of a
//! parameter must not depend on one, and its body is lowered without any.
//!
//! Reads syntax, as rustc's name resolution does (`RibKind::ConstantItem`, `LifetimeRibKind::ConcreteAnonConst`). In the count of a repeat
//! expression, types with parameters are left to evaluation: `[0; size_of::<&T>()]`.

use rgo_hir::resolve::{Namespace, Res};
use rgo_hir::visit::{self, Visitor};
use rgo_hir::{AnonConstKind, Db, DefId, DefKind};
use rgo_syntax::ast::{
    Bound, Expr, ExprKind, GenericArg, GenericArgs, GenericParam, Item, Lifetime, Path, Type, TypeKind,
};
use rgo_syntax::{Name, Span};

use super::type_of;
use crate::ty::TypeFoldable;

/// What a constant names though it must not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Forbidden {
    /// A parameter, or the `Self` of a trait.
    Parameter { name: Name, is_lifetime: bool },
    /// The `Self` of a type with parameters.
    GenericSelf,
}

/// What a constant names though it must not, and where.
pub(crate) fn forbidden(db: &dyn Db, scope: DefId, kind: AnonConstKind, expr: &Expr) -> Vec<(Span, Forbidden)> {
    if kind == AnonConstKind::Inline || is_lone_path(expr) {
        return Vec::new();
    }
    let mut finder = Finder { db, scope, kind, binders: Vec::new(), found: Vec::new() };
    finder.visit_expr(expr);
    finder.found
}

/// `N` or `{ N }`, but neither `(N)` nor `{{ N }}`: a parameter by itself may stand in a type.
fn is_lone_path(expr: &Expr) -> bool {
    let inner = match &expr.kind {
        ExprKind::Block { label: None, block } if block.stmts.is_empty() => block.tail.as_deref(),
        _ => Some(expr),
    };
    matches!(inner.map(|inner| &inner.kind), Some(ExprKind::Path(path)) if path.as_ident().is_some())
}

/// Whether an anonymous constant names what it must not. Says nothing: `items::bindings` reports it.
pub(crate) fn is_forbidden(db: &dyn Db, def: DefId) -> bool {
    let scope = def.parent().unwrap_or(def);
    rgo_hir::anon_const_expr(db, def)
        .is_some_and(|expr| !forbidden(db, scope, rgo_hir::anon_const_kind(db, def), expr).is_empty())
}

struct Finder<'db> {
    db: &'db dyn Db,
    scope: DefId,
    kind: AnonConstKind,
    /// Lifetimes that `for<…>` declares around.
    binders: Vec<Name>,
    found: Vec<(Span, Forbidden)>,
}

impl Finder<'_> {
    fn is_param(&self, head: &Path, namespace: Namespace) -> bool {
        rgo_hir::resolve_path(self.db, self.scope, head, namespace).is_ok_and(|resolved| {
            matches!(resolved.res, Res::Def(def) if matches!(def.kind(), DefKind::TyParam | DefKind::ConstParam))
        })
    }

    fn found(&mut self, span: Span, what: Forbidden) {
        if !self.found.contains(&(span, what)) {
            self.found.push((span, what));
        }
    }

    fn path(&mut self, path: &Path) {
        let Some(first) = path.segments.first() else { return };
        let types_may = self.kind == AnonConstKind::RepeatCount;
        if first.ident.name == "Self" {
            match self_owner(self.scope) {
                Some(owner) if owner.kind() == DefKind::Trait && !types_may => {
                    self.found(path.span, Forbidden::Parameter { name: first.ident.name, is_lifetime: false });
                }
                Some(owner) if !types_may && self.is_generic(owner) => self.found(path.span, Forbidden::GenericSelf),
                _ => {}
            }
            return;
        }
        let head = Path::from_ident(first.ident);
        let is_type = !types_may && self.is_param(&head, Namespace::Type);
        if is_type || path.segments.len() == 1 && self.is_param(&head, Namespace::Value) {
            self.found(path.span, Forbidden::Parameter { name: first.ident.name, is_lifetime: false });
        }
    }

    fn is_generic(&self, owner: DefId) -> bool {
        match owner.kind() {
            DefKind::Impl => type_of(self.db, owner).has_param(),
            _ => !rgo_hir::generic_params(self.db, owner).is_empty(),
        }
    }

    fn lifetime(&mut self, lifetime: &Lifetime) {
        let may = lifetime.name == "static" || lifetime.name.is_underscore() || self.binders.contains(&lifetime.name);
        if !may {
            self.found(lifetime.span, Forbidden::Parameter { name: lifetime.name, is_lifetime: true });
        }
    }

    fn bound_within(&mut self, binder: &[GenericParam], walk: impl FnOnce(&mut Self)) {
        let outer = self.binders.len();
        self.binders.extend(binder.iter().map(|param| param.ident.name));
        walk(self);
        self.binders.truncate(outer);
    }
}

/// The trait, impl or type that `Self` stands for.
fn self_owner(scope: DefId) -> Option<DefId> {
    scope.ancestors().find(|def| {
        matches!(def.kind(), DefKind::Trait | DefKind::Impl | DefKind::Struct | DefKind::Enum | DefKind::Union)
    })
}

impl Visitor for Finder<'_> {
    fn visit_type(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Ref { lifetime: Some(lifetime), .. } => self.lifetime(lifetime),
            TypeKind::FnPtr(ptr) => {
                return self.bound_within(&ptr.binder, |finder| visit::walk_type(finder, ty));
            }
            _ => {}
        }
        visit::walk_type(self, ty);
    }

    fn visit_bound(&mut self, bound: &Bound) {
        match bound {
            Bound::Trait(of) => self.bound_within(&of.binder, |finder| visit::walk_bound(finder, bound)),
            Bound::Lifetime(lifetime) => self.lifetime(lifetime),
            Bound::Use { .. } => {}
        }
    }

    fn visit_path(&mut self, path: &Path) {
        self.path(path);
        for segment in &path.segments {
            if let Some(GenericArgs::Angle(args)) = segment.args.as_deref() {
                for arg in &args.args {
                    if let GenericArg::Lifetime(lifetime) = arg {
                        self.lifetime(lifetime);
                    }
                }
            }
        }
        visit::walk_path(self, path);
    }

    fn visit_item(&mut self, _item: &Item) {}
}
