//! Attributes: known names, well-formed arguments, right places, and lint levels that a `forbid` forbids.
//!
//! Reads syntax only. The codes are those of rustc 1.95's attribute parsers.

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rgo_syntax::ast::{Attr, AttrArgs, AttrKind, Fields, Item, ItemKind, Lit, Meta, Path};

use crate::error::TypeError;

/// What an attribute stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Fn,
    Struct,
    Enum,
    Variant,
    Field,
    Trait,
    InherentImpl,
    TraitImpl,
    Mod,
    Const,
    Static,
    TypeAlias,
    Package,
    Other,
}

impl Target {
    fn plural(self) -> &'static str {
        match self {
            Target::Fn => "functions",
            Target::Struct => "structs",
            Target::Enum => "enums",
            Target::Variant => "enum variants",
            Target::Field => "struct fields",
            Target::Trait => "traits",
            Target::InherentImpl => "inherent impl blocks",
            Target::TraitImpl => "trait impl blocks",
            Target::Mod => "modules",
            Target::Const => "constants",
            Target::Static => "statics",
            Target::TypeAlias => "type aliases",
            Target::Package => "crates",
            Target::Other => "this",
        }
    }
}

const TOOLS: &[&str] = &["clippy", "rustc", "rustdoc", "rustfmt", "miri", "diagnostic", "rust_analyzer"];
const LEVELS: &[&str] = &["allow", "warn", "deny", "forbid", "expect"];

/// Errors of the attributes on `def` and on its fields, variants and parameters.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let item = rgo_hir::item_ast(db, def);
    let target = target_of(item);
    let mut checker = Checker { db, def, errors };
    checker.all(rgo_hir::attrs(db, def), target);
    checker.forbidden(rgo_hir::attrs(db, def));
    match &item.kind {
        ItemKind::Struct(item) | ItemKind::Union(item) => checker.fields(&item.fields),
        ItemKind::Enum(item) => {
            for variant in &item.variants {
                checker.all(&variant.attrs, Target::Variant);
                checker.fields(&variant.fields);
            }
        }
        ItemKind::Fn(item) => item.params.iter().for_each(|param| checker.names(&param.attrs)),
        _ => {}
    }
}

fn target_of(item: &Item) -> Target {
    match &item.kind {
        ItemKind::Fn(_) => Target::Fn,
        ItemKind::Struct(_) | ItemKind::Union(_) => Target::Struct,
        ItemKind::Enum(_) => Target::Enum,
        ItemKind::Trait(_) => Target::Trait,
        ItemKind::Impl(item) if item.of_trait.is_some() => Target::TraitImpl,
        ItemKind::Impl(_) => Target::InherentImpl,
        ItemKind::TypeAlias(_) => Target::TypeAlias,
        ItemKind::Const(_) => Target::Const,
        ItemKind::Static(_) => Target::Static,
        ItemKind::Mod(_) => Target::Mod,
        ItemKind::Use(_)
        | ItemKind::GoImport(_)
        | ItemKind::ExternCrate { .. }
        | ItemKind::ExternBlock { .. }
        | ItemKind::MacroDef { .. }
        | ItemKind::MacroCall(_)
        | ItemKind::Error => Target::Other,
    }
}

struct Checker<'a> {
    db: &'a dyn Db,
    def: DefId,
    errors: &'a mut Vec<TypeError>,
}

impl Checker<'_> {
    fn fields(&mut self, fields: &Fields) {
        match fields {
            Fields::Unit => {}
            Fields::Tuple(fields) => fields.iter().for_each(|field| self.all(&field.attrs, Target::Field)),
            Fields::Named(fields) => fields.iter().for_each(|field| self.all(&field.attrs, Target::Field)),
        }
    }

    fn error(&mut self, span: Span, code: Option<&'static str>, message: impl Into<String>) {
        let mut error = TypeError::new(self.def, span, "", message);
        error.code = code;
        self.errors.push(error);
    }

    fn malformed(&mut self, span: Span, code: &'static str, name: &str) {
        self.error(span, Some(code), format!("malformed `{name}` attribute input"));
    }

    fn all(&mut self, attrs: &[Attr], target: Target) {
        for attr in attrs {
            if let AttrKind::Normal { path, args } = &attr.kind {
                self.attr(attr, path, args, target);
            }
        }
    }

    /// On what is no item, whether there are attributes of these names.
    fn names(&mut self, attrs: &[Attr]) {
        for attr in attrs {
            if let AttrKind::Normal { path, .. } = &attr.kind
                && let Some(name) = path.as_name()
            {
                self.known(path, name.as_str());
            }
        }
    }

    fn known(&mut self, path: &Path, name: &str) {
        if !rgo_hir::is_known_attribute(name) {
            self.error(path.span, None, format!("cannot find attribute `{name}` in this scope"));
        }
    }

    fn attr(&mut self, attr: &Attr, path: &Path, args: &AttrArgs, target: Target) {
        let Some(name) = path.as_name() else {
            return;
        };
        match name.as_str() {
            level if LEVELS.contains(&level) => self.level(attr),
            "inline" => {
                self.inline(attr, args);
                self.only_on(attr, "inline", target, &[Target::Fn]);
            }
            "deprecated" => self.deprecated(attr, args),
            "must_use" => match args {
                AttrArgs::Empty => {}
                AttrArgs::Value { .. } => self.string_value(attr, "must_use"),
                AttrArgs::List { .. } => self.malformed(attr.span, "E0539", "must_use"),
            },
            "non_exhaustive" => {
                self.no_args(attr, args, "non_exhaustive");
                self.only_on(attr, "non_exhaustive", target, &[Target::Struct, Target::Enum, Target::Variant]);
            }
            "track_caller" => {
                self.no_args(attr, args, "track_caller");
                self.only_on(attr, "track_caller", target, &[Target::Fn]);
            }
            "automatically_derived" | "cold" | "no_implicit_prelude" => self.no_args(attr, args, name.as_str()),
            "stable" | "unstable" | "rustc_const_stable" | "rustc_const_unstable" | "rustc_default_body_unstable" => {
                let message = "stability attributes may not be used outside of the standard library";
                self.error(attr.span, Some("E0734"), message);
            }
            "target_feature" if matches!(args, AttrArgs::Value { .. }) => {
                self.malformed(attr.span, "E0539", "target_feature");
            }
            "target_feature" => self.only_on(attr, "target_feature", target, &[Target::Fn]),
            "used" => self.only_on(attr, "used", target, &[Target::Static]),
            "macro_use" => {
                if matches!(args, AttrArgs::Value { .. }) {
                    self.malformed(attr.span, "E0539", "macro_use");
                }
                if matches!(target, Target::Mod | Target::Package) && *args != AttrArgs::Empty {
                    self.error(attr.span, None, "arguments to `macro_use` are not allowed here");
                }
            }
            "export_name" => self.export_name(attr, args),
            "no_mangle" | "link_section" => self.error(attr.span, None, "unsafe attribute used without unsafe"),
            "recursion_limit" | "type_length_limit" => self.limit(attr, args),
            "test" if target != Target::Fn || self.is_associated() => {
                self.error(attr.span, None, "the `#[test]` attribute may only be used on a free function");
            }
            "global_allocator" if target != Target::Static => self.error(attr.span, None, "allocators must be statics"),
            "proc_macro" | "proc_macro_attribute" | "proc_macro_derive" => {
                let message =
                    format!("the `#[{name}]` attribute is only usable with crates of the `proc-macro` crate type");
                self.error(attr.span, None, message);
            }
            "path" => match args {
                AttrArgs::Value { .. } if single_string(attr).is_some() => {}
                _ => self.error(attr.span, None, "malformed `path` attribute input"),
            },
            "default" if target != Target::Variant => {
                self.error(attr.span, None, "cannot find attribute `default` in this scope");
            }
            "repr" => self.repr(attr, target),
            other => self.known(path, other),
        }
    }

    fn is_associated(&self) -> bool {
        self.def.parent().is_some_and(|parent| matches!(parent.kind(), DefKind::Impl | DefKind::Trait))
    }

    fn only_on(&mut self, attr: &Attr, name: &str, target: Target, allowed: &[Target]) {
        // On a field, rustc only warns.
        if !allowed.contains(&target) && target != Target::Field {
            self.error(attr.span, None, format!("`#[{name}]` attribute cannot be used on {}", target.plural()));
        }
    }

    fn no_args(&mut self, attr: &Attr, args: &AttrArgs, name: &str) {
        if *args != AttrArgs::Empty {
            self.malformed(attr.span, "E0565", name);
        }
    }

    fn inline(&mut self, attr: &Attr, args: &AttrArgs) {
        match args {
            AttrArgs::Empty => {}
            AttrArgs::Value { .. } => self.error(
                attr.span,
                Some("ill_formed_attribute_input"),
                "valid forms for the attribute are `#[inline(always)]`, `#[inline(never)]`, and `#[inline]`",
            ),
            AttrArgs::List { .. } => match rgo_syntax::metas(attr).as_deref() {
                Some([Meta::Path(path)]) if path.is("always") || path.is("never") => {}
                Some([_]) => self.malformed(attr.span, "E0539", "inline"),
                _ => self.malformed(attr.span, "E0805", "inline"),
            },
        }
    }

    fn string_value(&mut self, attr: &Attr, name: &str) {
        if single_string(attr).is_none() {
            self.malformed(attr.span, "E0539", name);
        }
    }

    fn deprecated(&mut self, attr: &Attr, args: &AttrArgs) {
        match args {
            AttrArgs::Empty => {}
            AttrArgs::Value { .. } => self.string_value(attr, "deprecated"),
            AttrArgs::List { .. } => {
                let Some(metas) = rgo_syntax::metas(attr) else {
                    return self.malformed(attr.span, "E0539", "deprecated");
                };
                let mut seen: Vec<&str> = Vec::new();
                for meta in &metas {
                    match meta {
                        Meta::NameValue { path, lit, .. } => {
                            let name = path.as_name().map_or("", |name| name.as_str());
                            if seen.contains(&name) {
                                return self.malformed(attr.span, "E0538", "deprecated");
                            }
                            if !matches!(name, "since" | "note" | "suggestion") || !matches!(lit, Lit::Str(_)) {
                                return self.malformed(attr.span, "E0539", "deprecated");
                            }
                            seen.push(name);
                        }
                        Meta::Lit { .. } => return self.malformed(attr.span, "E0565", "deprecated"),
                        Meta::Path(_) | Meta::List { .. } => return self.malformed(attr.span, "E0539", "deprecated"),
                    }
                }
            }
        }
    }

    fn export_name(&mut self, attr: &Attr, args: &AttrArgs) {
        self.error(attr.span, None, "unsafe attribute used without unsafe");
        match (args, single_string(attr)) {
            (AttrArgs::Value { .. }, Some(name)) if name.contains('\0') => {
                self.error(attr.span, Some("E0648"), "`export_name` may not contain null characters");
            }
            (AttrArgs::Value { .. }, Some(_)) => {}
            _ => self.malformed(attr.span, "E0539", "export_name"),
        }
    }

    fn limit(&mut self, attr: &Attr, args: &AttrArgs) {
        let parses = single_string(attr).is_some_and(|text| text.parse::<usize>().is_ok());
        if !matches!(args, AttrArgs::Value { .. }) || !parses {
            self.error(attr.span, None, "`limit` must be a non-negative integer");
        }
    }

    fn repr(&mut self, attr: &Attr, target: Target) {
        let Some(metas) = rgo_syntax::metas(attr) else { return };
        for meta in &metas {
            let (path, span) = match meta {
                Meta::Path(path) => (path, path.span),
                Meta::NameValue { path, span, .. } | Meta::List { path, span, .. } => (path, *span),
                Meta::Lit { span, .. } => {
                    self.error(*span, Some("E0565"), "meta item in `repr` must be an identifier");
                    continue;
                }
            };
            match path.as_name().map_or("", |name| name.as_str()) {
                "C" | "packed" | "align" | "transparent" | "simd" | "Rust" => {
                    if !matches!(target, Target::Struct | Target::Enum) {
                        self.error(span, Some("E0517"), "attribute should be applied to a struct, enum, or union");
                    }
                }
                "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "i64" | "u64" | "i128" | "u128" | "isize" | "usize" => {
                    if target != Target::Enum {
                        self.error(span, Some("E0517"), "attribute should be applied to an enum");
                    } else if rgo_hir::children(self.db, self.def).iter().all(|child| child.kind() != DefKind::Variant)
                    {
                        self.error(attr.span, Some("E0084"), "unsupported representation for zero-variant enum");
                    }
                }
                _ => self.error(span, Some("E0552"), "unrecognized representation hint"),
            }
        }
    }

    /// `#[allow(a, b::c, reason = "…")]`
    fn level(&mut self, attr: &Attr) {
        let Some(metas) = rgo_syntax::metas(attr) else { return };
        let last = metas.len().saturating_sub(1);
        for (index, meta) in metas.iter().enumerate() {
            match meta {
                Meta::Path(path) => self.lint_name(path),
                Meta::NameValue { path, lit: Lit::Str(_), .. } if path.is("reason") && index == last => {}
                // `#[allow = "…"]` is an error of syntax.
                Meta::NameValue { span, .. } if *span == attr.span => {}
                Meta::NameValue { span, .. } | Meta::List { span, .. } | Meta::Lit { span, .. } => {
                    self.error(*span, Some("E0452"), "malformed lint attribute input");
                }
            }
        }
    }

    fn lint_name(&mut self, path: &Path) {
        let [tool, _, ..] = path.segments.as_slice() else { return };
        if !TOOLS.contains(&tool.ident.name.as_str()) {
            let message =
                format!("unknown tool name `{}` found in scoped lint: `{}`", tool.ident.name, lint_text(path));
            self.error(tool.ident.span, Some("E0710"), message);
        }
    }

    /// A level below `forbid` inside of one.
    fn forbidden(&mut self, attrs: &[Attr]) {
        let Some(parent) = self.def.parent() else { return };
        let levels = attrs.iter().filter(|attr| attr.is("allow") || attr.is("warn") || attr.is("expect"));
        for attr in levels {
            let name = attr.name().map_or("allow", |name| name.as_str());
            for meta in rgo_syntax::metas(attr).unwrap_or_default() {
                let Meta::Path(path) = &meta else { continue };
                let lint = lint_text(path);
                if parent.ancestors().any(|outer| forbids(self.db, outer, &lint)) {
                    self.error(path.span, Some("E0453"), format!("{name}({lint}) incompatible with previous forbid"));
                }
            }
        }
    }
}

fn forbids(db: &dyn Db, def: DefId, lint: &str) -> bool {
    let attrs = rgo_hir::attrs(db, def).iter().filter(|attr| attr.is("forbid"));
    attrs.flat_map(|attr| rgo_syntax::metas(attr).unwrap_or_default()).any(|meta| match meta {
        Meta::Path(path) => lint_text(&path) == lint,
        Meta::NameValue { .. } | Meta::List { .. } | Meta::Lit { .. } => false,
    })
}

fn lint_text(path: &Path) -> String {
    let names: Vec<&str> = path.segments.iter().map(|segment| segment.ident.name.as_str()).collect();
    names.join("::")
}

/// The string of `#[name = "…"]`.
fn single_string(attr: &Attr) -> Option<String> {
    match rgo_syntax::metas(attr)?.as_slice() {
        [Meta::Lit { lit: Lit::Str(text), .. } | Meta::NameValue { lit: Lit::Str(text), .. }] => Some(text.to_string()),
        _ => None,
    }
}

/// Errors of the attributes of a whole file or package.
pub fn check_package(db: &dyn Db, package: DefId, errors: &mut Vec<TypeError>) {
    let mut checker = Checker { db, def: package, errors };
    checker.all(rgo_hir::attrs(db, package), Target::Package);
}
