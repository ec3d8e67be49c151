//! Items.

use super::{Place, Validator};
use crate::Span;
use crate::ast::*;
use crate::refused::Refused;

impl Validator {
    pub(super) fn item(&mut self, item: &Item, place: Place) {
        // What is configured away needs no more than to parse.
        if item.attrs.iter().any(never_configured) {
            return;
        }
        if let Some(span) = item.default_ {
            self.refuse(span, Refused::Nightly);
        }
        self.visibility(&item.vis);
        if matches!(place, Place::Trait | Place::TraitImpl) || is_trait_impl(&item.kind) {
            self.no_visibility(&item.vis);
        }
        match &item.kind {
            ItemKind::Fn(f) => self.function(item, f, place),
            ItemKind::Const(c) => self.constant(item, c, place),
            ItemKind::TypeAlias(alias) => self.type_alias(item, alias, place),
            ItemKind::MacroCall(_) | ItemKind::Error => {}
            kind => {
                if let (Place::Trait | Place::InherentImpl | Place::TraitImpl, Some(what)) =
                    (place, item_kind_name(kind))
                {
                    let span = item.span.last().to(item.vis.span.last());
                    return self.error(span, None, format!("{what} is not supported in `trait`s or `impl`s"));
                }
                self.free_item(item, kind);
            }
        }
    }

    fn free_item(&mut self, item: &Item, kind: &ItemKind) {
        match kind {
            ItemKind::Struct(s) => {
                self.generics(&s.generics, Defaults::Allowed);
                self.fields(&s.fields, item.span);
            }
            ItemKind::Union(s) => self.refuse(s.name.span, Refused::Union),
            ItemKind::Enum(e) => self.enumeration(e),
            ItemKind::Trait(t) => self.trait_(t),
            ItemKind::Impl(i) => self.implementation(i),
            ItemKind::Static(s) => self.static_(item, s),
            ItemKind::Use(tree) => self.use_tree(tree, false),
            ItemKind::Mod(module) => {
                if let ModKind::Inline(items) = &module.kind {
                    items.iter().for_each(|item| self.item(item, Place::Module));
                }
            }
            ItemKind::ExternCrate { name, .. } => {
                if !matches!(name.as_str(), "std" | "core" | "alloc" | "self") {
                    self.refuse(item.span, Refused::Extern);
                }
            }
            ItemKind::ExternBlock { extern_, .. } => self.refuse(extern_.span, Refused::Extern),
            ItemKind::MacroDef { name, .. } => self.refuse(name.span, Refused::MacroDefinition),
            ItemKind::GoImport(_)
            | ItemKind::Fn(_)
            | ItemKind::Const(_)
            | ItemKind::TypeAlias(_)
            | ItemKind::MacroCall(_)
            | ItemKind::Error => {}
        }
    }

    fn visibility(&mut self, vis: &Vis) {
        if let VisKind::In(path) = &vis.kind {
            let first = path.segments.first().map(|segment| segment.ident.as_str());
            if !path.global && !matches!(first, Some("crate" | "self" | "super")) {
                let message = "relative paths are not supported in visibilities of 2018 edition or later";
                self.error_with_help(path.span, None, message, "start the path with `crate::`");
            }
        }
    }

    fn no_visibility(&mut self, vis: &Vis) {
        if vis.kind != VisKind::Private {
            self.error_with_help(
                vis.span,
                Some("E0449"),
                "visibility qualifiers are not permitted here",
                "remove the qualifier",
            );
        }
    }

    fn function(&mut self, item: &Item, f: &Fn, place: Place) {
        self.qualifiers(&f.qualifiers, place);
        self.generics(&f.generics, Defaults::NotInFunctions);
        if let (Some(span), None) = (f.variadic, &f.qualifiers.extern_) {
            self.error(span, None, "only foreign functions may have a C-variadic argument");
        }
        if let (Some(param), Place::Module | Place::Block) = (&f.self_param, place) {
            self.error_with_help(
                param.span,
                None,
                "`self` parameter is only allowed in associated functions",
                "put the function into an `impl`, or name the parameter otherwise",
            );
        }
        if let Some(SelfParam { kind: SelfKind::Typed { ty, .. }, .. }) = &f.self_param {
            self.ty(ty);
        }
        for param in &f.params {
            self.param_attrs(&param.attrs);
            if f.body.is_none() {
                self.bodiless_param(param);
            } else {
                self.top_pat(&param.pat, "function parameters require top-level or-patterns in parentheses");
            }
            self.ty(&param.ty);
        }
        if let Some(ret) = &f.ret {
            self.ty(ret);
        }
        match &f.body {
            Some(body) => self.block(body),
            None if item.attr("go").is_some() || place == Place::Trait => {}
            None => {
                let what = match place {
                    Place::Module | Place::Block => "free function without a body",
                    _ => "associated function in `impl` without body",
                };
                self.error_with_help(
                    behind_attributes(item),
                    None,
                    what,
                    "provide a definition for the function: `{ … }`",
                );
            }
        }
    }

    fn qualifiers(&mut self, qualifiers: &FnQualifiers, place: Place) {
        if let Some(span) = qualifiers.const_ {
            match place {
                Place::Trait => self.error(span, Some("E0379"), "functions in traits cannot be declared const"),
                Place::TraitImpl => {
                    self.error(span, Some("E0379"), "functions in trait impls cannot be declared const")
                }
                Place::Module | Place::Block | Place::InherentImpl => {}
            }
        }
        if let Some(span) = qualifiers.async_ {
            self.refuse(span, Refused::Async);
        }
        if let Some(span) = qualifiers.unsafe_ {
            self.refuse(span, Refused::Unsafe);
        }
        if let Some(extern_) = &qualifiers.extern_ {
            self.refuse(extern_.span, Refused::Extern);
        }
    }

    fn param_attrs(&mut self, attrs: &[Attr]) {
        for attr in attrs {
            if attr.doc().is_some() {
                self.error(attr.span, None, "documentation comments cannot be applied to a function's parameters");
            }
        }
    }

    /// `derive` in front of a part of something.
    pub(super) fn no_derive(&mut self, attrs: &[Attr]) {
        for attr in attrs.iter().filter(|attr| attr.is("derive")) {
            self.error(attr.span, None, "`derive` may only be applied to structs, enums and unions");
        }
    }

    fn bodiless_param(&mut self, param: &Param) {
        let message = "patterns aren't allowed in functions without bodies";
        match &param.pat.kind {
            PatKind::Wild | PatKind::Error | PatKind::Ident { by_ref: false, mutable: false, sub: None, .. } => {}
            // A lint in rustc, which nobody may allow but by its name.
            PatKind::Ident { by_ref: false, mutable: true, sub: None, .. } => {
                self.error(param.pat.span, Some("patterns_in_fns_without_body"), message);
            }
            _ => self.error(param.pat.span, Some("E0642"), message),
        }
    }

    fn constant(&mut self, item: &Item, c: &Const, place: Place) {
        self.generics(&c.generics, Defaults::NotInFunctions);
        if !c.generics.params.is_empty() {
            self.refuse(c.generics.span, Refused::Nightly);
        }
        if c.value.is_none() {
            match place {
                Place::Module | Place::Block => {
                    self.error(behind_attributes(item), None, "free constant item without body")
                }
                Place::InherentImpl | Place::TraitImpl => {
                    self.error(behind_attributes(item), None, "associated constant in `impl` without body")
                }
                Place::Trait => {}
            }
        }
        self.global(c.name, c.ty.as_ref(), c.value.as_ref(), "const");
    }

    fn static_(&mut self, item: &Item, s: &Static) {
        if s.mutable {
            self.refuse(s.name.span, Refused::StaticMut);
        }
        if s.value.is_none() {
            self.error(behind_attributes(item), None, "free static item without body");
        }
        self.global(s.name, s.ty.as_ref(), s.value.as_ref(), "static");
    }

    fn global(&mut self, name: Ident, ty: Option<&Type>, value: Option<&Expr>, what: &str) {
        match ty {
            Some(ty) => self.ty(ty),
            None => self.error(name.span.last(), None, format!("missing type for `{what}` item")),
        }
        if let Some(value) = value {
            self.expr(value);
        }
    }

    fn type_alias(&mut self, item: &Item, alias: &TypeAlias, place: Place) {
        let defaults =
            if matches!(place, Place::Module | Place::Block) { Defaults::Allowed } else { Defaults::NotInFunctions };
        self.generics(&alias.generics, defaults);
        self.bounds(&alias.bounds);
        if let (Some(first), false) = (alias.bounds.first(), place == Place::Trait) {
            self.error(first.span(), None, "bounds on `type`s in this context have no effect");
        }
        match (&alias.ty, place) {
            (Some(ty), Place::Module | Place::Block)
                if alias.generics.where_span.is_some_and(|clauses| clauses.end > ty.span.end) =>
            {
                let clauses = alias.generics.where_span.unwrap_or(ty.span);
                let span = Span::new(clauses.start.max(ty.span.end), clauses.end);
                self.error(span, None, "where clauses are not allowed after the type for type aliases");
                self.ty(ty);
            }
            (Some(ty), _) => self.ty(ty),
            (None, Place::Trait) => {}
            (None, Place::InherentImpl | Place::TraitImpl) => {
                self.error(behind_attributes(item), None, "associated type in `impl` without body")
            }
            (None, Place::Module | Place::Block) => {
                self.error(behind_attributes(item), None, "free type alias without body")
            }
        }
    }

    fn fields(&mut self, fields: &Fields, _whole: Span) {
        match fields {
            Fields::Unit => {}
            Fields::Tuple(fields) => {
                for field in fields {
                    self.no_derive(&field.attrs);
                    self.visibility(&field.vis);
                    self.ty(&field.ty);
                }
            }
            Fields::Named(fields) => {
                for field in fields {
                    self.no_derive(&field.attrs);
                    self.visibility(&field.vis);
                    self.ty(&field.ty);
                }
            }
        }
    }

    fn enumeration(&mut self, e: &Enum) {
        self.generics(&e.generics, Defaults::Allowed);
        for variant in &e.variants {
            self.no_derive(&variant.attrs);
            self.no_visibility(&variant.vis);
            match &variant.fields {
                Fields::Unit => {}
                Fields::Tuple(fields) => fields.iter().for_each(|field| self.no_visibility(&field.vis)),
                Fields::Named(fields) => fields.iter().for_each(|field| self.no_visibility(&field.vis)),
            }
            self.fields(&variant.fields, variant.span);
            if let Some(value) = &variant.discriminant {
                self.expr(value);
            }
        }
    }

    fn trait_(&mut self, t: &Trait) {
        if let Some(span) = t.unsafe_ {
            self.refuse(span, Refused::Unsafe);
        }
        if let Some(span) = t.auto {
            self.refuse(span, Refused::Nightly);
        }
        self.generics(&t.generics, Defaults::Allowed);
        self.bounds(&t.supertraits);
        t.items.iter().for_each(|item| self.item(item, Place::Trait));
    }

    fn implementation(&mut self, i: &Impl) {
        if let Some(span) = i.unsafe_ {
            self.refuse(span, Refused::Unsafe);
        }
        if let Some(span) = i.negative {
            self.refuse(span, Refused::Nightly);
        }
        self.generics(&i.generics, Defaults::NotInFunctions);
        if let Some(path) = &i.of_trait {
            self.path(path);
        }
        self.ty(&i.self_ty);
        let place = if i.of_trait.is_some() { Place::TraitImpl } else { Place::InherentImpl };
        i.items.iter().for_each(|item| self.item(item, place));
    }

    /// `at_root`: the tree stands behind a bare `::`.
    fn use_tree(&mut self, tree: &UseTree, at_root: bool) {
        let bare_root = tree.prefix.global && tree.prefix.segments.is_empty();
        match &tree.kind {
            UseTreeKind::Simple { .. } => {
                if at_root && tree.prefix.is("self") {
                    self.error(tree.span, None, "crate root imports need to be explicitly named: `use crate as name`");
                }
            }
            UseTreeKind::Glob => {}
            UseTreeKind::Nested(trees) => trees.iter().for_each(|tree| self.use_tree(tree, bare_root)),
        }
    }

    pub(super) fn generics(&mut self, generics: &Generics, defaults: Defaults) {
        let mut seen_other = false;
        let mut defaulted: Option<Span> = None;
        for param in &generics.params {
            let has_default = match &param.kind {
                GenericParamKind::Lifetime { bounds } => {
                    if seen_other {
                        let message = "lifetime parameters must be declared prior to type and const parameters";
                        self.error(param.ident.span, None, message);
                    }
                    self.bounds(bounds);
                    continue;
                }
                GenericParamKind::Type { bounds, default } => {
                    self.bounds(bounds);
                    if let Some(default) = default {
                        self.ty(default);
                    }
                    default.is_some()
                }
                GenericParamKind::Const { ty, default } => {
                    self.ty(ty);
                    if let Some(default) = default {
                        self.expr(default);
                    }
                    default.is_some()
                }
            };
            seen_other = true;
            match (has_default, defaulted) {
                (true, _) if defaults == Defaults::NotInFunctions => {
                    let is_type = matches!(param.kind, GenericParamKind::Type { .. });
                    let code = is_type.then_some("invalid_type_param_default");
                    self.error(param.span, code, "defaults for generic parameters are not allowed here");
                }
                (true, _) => defaulted = Some(param.ident.span),
                (false, Some(span)) => {
                    self.error(span, None, "generic parameters with a default must be trailing");
                    defaulted = None;
                }
                (false, None) => {}
            }
        }
        for predicate in &generics.where_clause {
            match &predicate.kind {
                WherePredicateKind::Type { ty, bounds, .. } => {
                    self.ty(ty);
                    self.bounds(bounds);
                }
                WherePredicateKind::Lifetime { bounds, .. } => self.bounds(bounds),
            }
        }
    }
}

/// Whether generic parameters may have defaults.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Defaults {
    Allowed,
    NotInFunctions,
}

/// The item without its attributes.
fn behind_attributes(item: &Item) -> Span {
    item.vis.span.to(item.span.last())
}

/// `#[cfg(false)]`, `#[cfg(any())]`
fn never_configured(attr: &Attr) -> bool {
    attr.is("cfg")
        && match crate::metas(attr).as_deref() {
            Some([Meta::Lit { lit: Lit::Bool(false), .. }]) => true,
            Some([Meta::List { path, metas, .. }]) => path.is("any") && metas.is_empty(),
            _ => false,
        }
}

fn is_trait_impl(kind: &ItemKind) -> bool {
    matches!(kind, ItemKind::Impl(_) | ItemKind::ExternBlock { .. })
}

fn item_kind_name(kind: &ItemKind) -> Option<&'static str> {
    match kind {
        ItemKind::Struct(_) => Some("struct"),
        ItemKind::Enum(_) => Some("enum"),
        ItemKind::Union(_) => Some("union"),
        ItemKind::Trait(_) => Some("trait"),
        ItemKind::Impl(_) => Some("implementation"),
        ItemKind::Static(_) => Some("static item"),
        ItemKind::Use(_) => Some("`use` import"),
        ItemKind::Mod(_) => Some("module"),
        ItemKind::GoImport(_) => Some("`import`"),
        ItemKind::ExternCrate { .. } => Some("`extern crate`"),
        ItemKind::ExternBlock { .. } => Some("extern block"),
        ItemKind::MacroDef { .. } => Some("macro definition"),
        ItemKind::Fn(_) | ItemKind::Const(_) | ItemKind::TypeAlias(_) | ItemKind::MacroCall(_) | ItemKind::Error => {
            None
        }
    }
}
