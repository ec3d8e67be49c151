//! Errors of items that names alone tell: duplicates, unresolved imports, members that a trait does not have, bad derives.

use std::collections::hash_map::Entry;

use rgo_syntax::ast::{self, GenericParamKind, Item, ItemKind, ModKind, Type, TypeKind};
use rgo_syntax::{Name, Span};
use rustc_hash::FxHashMap;

use crate::impls::impl_trait;
use crate::scope::{item_scopes, std_scope_errors, workspace_scope_errors};
use crate::slices::{module_items, package_modules};
use crate::tree::{self, NodeSyntax, item_tree};
use crate::visit::{self, Visitor};
use crate::{Db, DefId, DefKey, DefKind, DefSyntax, HirError, Package, children, def_span, def_syntax, derive, vis};

/// All errors of the items of a package.
#[salsa::tracked]
fn package_item_errors(db: &dyn Db, package: Package) -> Vec<HirError> {
    let root = DefId::package(*package.path(db));
    let scope_errors = if *package.is_std(db) { std_scope_errors(db, package) } else { workspace_scope_errors(db) };
    let mut errors: Vec<HirError> =
        scope_errors.iter().filter(|error| error.def.package_of() == root).cloned().collect();
    for &module in package_modules(db, package) {
        for &item in module_items(db, module.key(db)) {
            errors.extend_from_slice(errors_of_item(db, item.key(db)));
        }
    }
    errors
}

/// The errors of one item outside of other items, and of all that is in it. Survives edits outside of it that change no name it uses.
#[salsa::tracked]
fn errors_of_item<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<HirError> {
    let item = key.def(db);
    let mut checker = Checker { db, errors: item_scopes(db, item.key(db)).errors.clone() };
    for (&def, node) in &item_tree(db, item.key(db)).nodes {
        if let NodeSyntax::Root | NodeSyntax::Item(_) | NodeSyntax::Assoc { .. } = node.syntax
            && let DefSyntax::Item(item) = def_syntax(db, def)
        {
            checker.item(def, item);
        }
    }
    checker.errors
}

/// Errors of the items of a package: duplicates, unresolved imports, bad derives.
pub fn item_errors(db: &dyn Db, package: Package) -> &[HirError] {
    package_item_errors(db, package)
}

struct Checker<'db> {
    db: &'db dyn Db,
    errors: Vec<HirError>,
}

impl Checker<'_> {
    fn item(&mut self, def: DefId, item: &Item) {
        if def.is_derived_impl() {
            return;
        }
        if let Some(parent) = def.parent()
            && let Err(mut error) = vis::from_ast(self.db, parent.module(), &item.vis.kind)
        {
            error.def = def;
            if error.span.is_empty() {
                error.span = item.vis.span;
            }
            self.errors.push(*error);
        }
        for error in derive::requests(item).errors {
            self.errors.push(HirError { code: error.code, ..HirError::plain(def, error.span, error.message) });
        }
        self.generics(def, item);
        match &item.kind {
            ItemKind::Enum(e) => self.duplicate_variants(def, e),
            ItemKind::Trait(item) => self.duplicate_members(def, item),
            ItemKind::Impl(imp) => self.members(def, imp),
            ItemKind::Mod(ast::Mod { kind: ModKind::File, name }) if item.attr("path").is_some() => {
                let message = format!("couldn't read the file of module `{}`", name.name);
                let help =
                    "rgo takes all files of a directory for one package: `path` attributes and `mod` declarations go";
                self.errors.push(HirError::plain(def, name.span, message).help(help));
            }
            ItemKind::Mod(ast::Mod { kind: ModKind::File, name }) => self.errors.push(
                HirError::new(def, name.span, "E0583", format!("file not found for module `{}`", name.name))
                    .help("the .rgo files of a directory are one package: no `mod` declaration is needed to use them"),
            ),
            ItemKind::MacroCall(call) => self.macro_as_item(def, call),
            _ => {}
        }
        let members: &[Item] = match &item.kind {
            ItemKind::Trait(item) => &item.items,
            ItemKind::Impl(imp) => &imp.items,
            _ => &[],
        };
        for member in members {
            if let ItemKind::MacroCall(call) = &member.kind {
                self.macro_as_item(def, call);
            }
        }
    }

    /// A macro call in the place of an item: those that there are make expressions.
    fn macro_as_item(&mut self, def: DefId, call: &ast::MacroCall) {
        let Some(ast::PathSegment { ident, .. }) = call.path.last() else { return };
        let message = if crate::path::MACROS.contains(&ident.name.as_str()) {
            format!("`{}!` makes no item: it belongs into the body of a function", ident.name)
        } else {
            format!("cannot find macro `{}` in this scope", ident.name)
        };
        self.errors.push(HirError::plain(def, call.path.span, message));
    }

    /// E0403, E0262, E0263, E0496, E0128, E0770.
    fn generics(&mut self, def: DefId, item: &Item) {
        let Some(generics) = tree::generics_of(item) else { return };
        let mut seen: FxHashMap<(bool, Name), (DefId, Span)> = FxHashMap::default();
        let container = def.parent().filter(|parent| matches!(parent.kind(), DefKind::Trait | DefKind::Impl));
        if let Some(container) = container {
            for &param in crate::generic_params(self.db, container) {
                let key = (param.kind() == DefKind::LifetimeParam, param.name());
                seen.insert(key, (container, def_span(self.db, param)));
            }
        }
        for (index, param) in generics.params.iter().enumerate() {
            let name = param.ident.name;
            let lifetime = matches!(param.kind, GenericParamKind::Lifetime { .. });
            if lifetime && name == "static" {
                self.errors.push(
                    HirError::new(def, param.ident.span, "E0262", "invalid lifetime parameter name: `'static`")
                        .label("`'static` is a reserved lifetime name"),
                );
                continue;
            }
            match seen.entry((lifetime, name)) {
                Entry::Vacant(entry) => {
                    entry.insert((def, param.ident.span));
                }
                Entry::Occupied(entry) => {
                    let (first_def, first) = *entry.get();
                    let error = if lifetime && first_def != def {
                        HirError::new(
                            def,
                            param.ident.span,
                            "E0496",
                            format!("lifetime name `'{name}` shadows a lifetime name that is already in scope"),
                        )
                        .label(format!("lifetime `'{name}` already in scope"))
                    } else {
                        HirError::new(
                            def,
                            param.ident.span,
                            "E0403",
                            format!(
                                "the name `{name}` is already used for a generic parameter in this item's generic parameters"
                            ),
                        )
                        .label("already used")
                    };
                    self.errors.push(error.secondary(first_def, first, format!("first use of `{name}`")));
                }
            }
            match &param.kind {
                GenericParamKind::Lifetime { .. } => {}
                GenericParamKind::Type { default: Some(ty), .. } => {
                    self.forward_declared(def, generics, index, ty);
                }
                GenericParamKind::Type { default: None, .. } => {}
                GenericParamKind::Const { ty, .. } => self.const_param_type(def, generics, ty),
            }
        }
    }

    /// E0128: a default that names a parameter of its own or a later place.
    fn forward_declared(&mut self, def: DefId, generics: &ast::Generics, index: usize, ty: &Type) {
        let names: Vec<Name> = generics.params[index..].iter().map(|param| param.ident.name).collect();
        for ident in idents_in(ty) {
            if names.contains(&ident.name) {
                self.errors.push(
                    HirError::new(
                        def,
                        ident.span,
                        "E0128",
                        "generic parameter defaults cannot reference parameters before they are declared",
                    )
                    .label(format!("cannot reference `{}` before it is declared", ident.name)),
                );
            }
        }
    }

    /// E0770.
    fn const_param_type(&mut self, def: DefId, generics: &ast::Generics, ty: &Type) {
        let names: Vec<Name> = generics.params.iter().map(|param| param.ident.name).collect();
        for ident in idents_in(ty) {
            if names.contains(&ident.name) {
                self.errors.push(
                    HirError::new(
                        def,
                        ident.span,
                        "E0770",
                        "the type of const parameters must not depend on other generic parameters",
                    )
                    .label(format!("the type must not depend on the parameter `{}`", ident.name)),
                );
            }
        }
    }

    fn duplicate_variants(&mut self, def: DefId, e: &ast::Enum) {
        let mut seen: FxHashMap<Name, Span> = FxHashMap::default();
        for variant in &e.variants {
            self.defined_once(def, &mut seen, variant.name.name, variant.name.span);
        }
    }

    /// Methods and constants of a trait share one namespace, types have the other.
    fn duplicate_members(&mut self, def: DefId, item: &ast::Trait) {
        let (mut types, mut values) = (FxHashMap::default(), FxHashMap::default());
        for member in &item.items {
            let Some(name) = member.name() else { continue };
            let seen = if matches!(member.kind, ItemKind::TypeAlias(_)) { &mut types } else { &mut values };
            self.defined_once(def, seen, name.name, member.head_span());
        }
    }

    /// E0428.
    fn defined_once(&mut self, def: DefId, seen: &mut FxHashMap<Name, Span>, name: Name, span: Span) {
        match seen.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(span);
            }
            Entry::Occupied(entry) => self.errors.push(
                HirError::new(def, span, "E0428", format!("the name `{name}` is defined multiple times"))
                    .label(format!("`{name}` redefined here"))
                    .secondary(def, *entry.get(), format!("the first `{name}` is here")),
            ),
        }
    }

    /// E0407, E0437, E0438: what an impl defines but its trait does not have.
    fn members(&mut self, def: DefId, imp: &ast::Impl) {
        if imp.of_trait.is_none() {
            return;
        }
        let Some(of) = impl_trait(self.db, def.key(self.db)) else { return };
        let declared = children(self.db, of);
        for item in &imp.items {
            let (kind, code, what) = match &item.kind {
                ItemKind::Fn(_) => (DefKind::Fn, "E0407", "method"),
                ItemKind::TypeAlias(_) => (DefKind::AssocTy, "E0437", "type"),
                ItemKind::Const(_) => (DefKind::AssocConst, "E0438", "const"),
                _ => continue,
            };
            let Some(name) = item.name() else { continue };
            // A member of the same name but another kind is a different error, which types tell.
            let known = declared.iter().any(|member| member.name() == name.name);
            if !known {
                let label = format!("not a member of trait `{}`", of.name());
                let similar = crate::path_error::most_similar(
                    name.name,
                    declared.iter().filter(|member| member.kind() == kind).map(|member| member.name()),
                );
                let mut error = HirError::new(
                    def,
                    item.span_without_attrs(),
                    code,
                    format!("{what} `{}` is not a member of trait `{}`", name.name, of.name()),
                )
                .label(label);
                error.help = similar.map(|similar| format!("the trait has a {what} `{similar}`"));
                self.errors.push(error);
            }
        }
    }
}

/// Names of one segment in a type.
fn idents_in(ty: &Type) -> Vec<ast::Ident> {
    struct Idents(Vec<ast::Ident>);
    impl Visitor for Idents {
        fn visit_type(&mut self, ty: &Type) {
            if let TypeKind::Path(path) = &ty.kind
                && path.qself.is_none()
                && !path.path.global
                && let Some(first) = path.path.segments.first()
            {
                self.0.push(first.ident);
            }
            visit::walk_type(self, ty);
        }
        fn visit_expr(&mut self, expr: &ast::Expr) {
            if let ast::ExprKind::Path(path) = &expr.kind
                && let Some(ident) = path.as_ident()
            {
                self.0.push(ident);
            }
            visit::walk_expr(self, expr);
        }
    }
    let mut idents = Idents(Vec::new());
    idents.visit_type(ty);
    idents.0
}

/// The parts of an item's text that errors point at.
trait ItemSpans {
    /// All of it behind its attributes.
    fn span_without_attrs(&self) -> Span;
    /// The signature of a function, the name of anything else.
    fn head_span(&self) -> Span;
}

impl ItemSpans for Item {
    fn span_without_attrs(&self) -> Span {
        let start = self.head_span().start;
        Span::new(start, self.span.end.max(start))
    }

    fn head_span(&self) -> Span {
        match &self.kind {
            ItemKind::Fn(f) => f.sig_span,
            _ => self.name().map_or(self.span.first(), |name| name.span),
        }
    }
}
