//! Errors of paths: what is said when a name means nothing, or the wrong kind of thing.
//!
//! The codes follow rustc's late resolution (rustc dev guide, "Name resolution"): one code where nothing was found, another where something unfit was.

use rgo_syntax::ast::{self, Ident};
use rgo_syntax::{Name, Span};

use crate::attribute_names::names_built_in_attribute;
use crate::path::{Fail, Finished, MACROS, ModuleLookup, PathSource, extern_package};
use crate::resolve::{Namespace, Res};
use crate::scope::{CtorKind, ctor_kind, module_scope};
use crate::slices::package_modules;
use crate::vis::Vis;
use crate::{Db, DefId, DefKind, HirError, children, generic_params};

impl PathSource {
    pub fn expected(self) -> &'static str {
        match self {
            PathSource::Type => "type",
            PathSource::Trait => "trait",
            PathSource::Value => "value",
            PathSource::Callee => "function",
            PathSource::StructExpr => "struct, variant or union type",
            PathSource::UnitPat => "unit struct, unit variant or constant",
            PathSource::TupleStructPat => "tuple struct or tuple variant",
        }
    }

    fn code_not_found(self) -> &'static str {
        match self {
            PathSource::Type | PathSource::Value | PathSource::Callee => "E0425",
            PathSource::Trait => "E0405",
            PathSource::StructExpr => "E0422",
            PathSource::UnitPat | PathSource::TupleStructPat => "E0531",
        }
    }

    fn code_unexpected(self) -> &'static str {
        match self {
            PathSource::Type => "E0573",
            PathSource::Trait => "E0404",
            PathSource::Value | PathSource::Callee => "E0423",
            PathSource::StructExpr => "E0574",
            PathSource::UnitPat | PathSource::TupleStructPat => "E0532",
        }
    }
}

/// What something is, in the words of the language.
pub fn describe(db: &dyn Db, res: Res) -> &'static str {
    let def = match res {
        Res::Def(def) => def,
        Res::PrimTy(_) => return "builtin type",
        Res::SelfTy { .. } => return "self type",
        Res::SelfCtor(_) => return "self constructor",
        Res::Local(_) => return "local variable",
        Res::GoPackage(_) => return "Go package",
        Res::Err => return "item",
    };
    match def.kind() {
        DefKind::Fn => match def.parent().map(DefId::kind) {
            Some(DefKind::Trait | DefKind::Impl) => "associated function",
            _ => "function",
        },
        DefKind::Struct => match ctor_kind(db, def.key(db)) {
            CtorKind::Unit => "unit struct",
            CtorKind::Tuple => "tuple struct",
            CtorKind::Named => "struct",
        },
        DefKind::Variant => match ctor_kind(db, def.key(db)) {
            CtorKind::Unit => "unit variant",
            CtorKind::Tuple => "tuple variant",
            CtorKind::Named => "struct variant",
        },
        DefKind::Impl => "impl",
        kind => kind.noun(),
    }
}

/// What macro or attribute of the language has this name: a path that nothing else is found for means it.
fn macro_of_name(name: Name) -> Option<&'static str> {
    match name.as_str() {
        "Clone" | "Copy" | "Debug" | "Default" | "Eq" | "Hash" | "Ord" | "PartialEq" | "PartialOrd" => {
            Some("derive macro")
        }
        "bench" | "derive" | "global_allocator" | "test" => Some("attribute macro"),
        name if MACROS.contains(&name) => Some("macro"),
        name => names_built_in_attribute(name).then_some("built-in attribute"),
    }
}

/// `in module `m``.
pub fn in_place(res: Res) -> String {
    match res {
        Res::Def(def) => match def.kind() {
            DefKind::Package if def.name() == "std" => "in crate `std`".to_string(),
            DefKind::Package => "in the crate root".to_string(),
            DefKind::Mod => format!("in module `{}`", def.name()),
            DefKind::Enum => format!("in enum `{}`", def.name()),
            DefKind::Trait => format!("in trait `{}`", def.name()),
            _ => format!("in `{}`", def.name()),
        },
        _ => "in this scope".to_string(),
    }
}

pub fn go_package(def: DefId, span: Span) -> HirError {
    HirError::new(def, span, "RGO0001", "Go imports are not supported yet")
        .label("nothing is known of this Go package")
        .help("write a file in Go beside this one that calls the package")
}

/// `cannot find module or crate `x` in this scope`.
pub fn segment_message(ident: Ident, parent: Option<Res>, is_prefix: bool) -> String {
    let place = parent.map_or("in this scope".to_string(), in_place);
    let upper = ident.as_str().starts_with(char::is_uppercase);
    let what = match (upper, is_prefix, parent) {
        (true, _, _) => "type ",
        (false, _, None) => "module or crate ",
        (false, _, Some(_)) => "",
    };
    format!("cannot find {what}`{}` {place}", ident.name)
}

/// Nothing was found.
pub fn failed(db: &dyn Db, scope: DefId, segments: &[Ident], fail: Fail, source: PathSource) -> HirError {
    let whole = segments
        .first()
        .map_or(Span::at(0), |first| segments.last().map_or(first.span, |last| first.span.to(last.span)));
    match fail {
        Fail::TooManySuper { index } => {
            HirError::new(scope, segments[index].span, "E0433", "there are too many leading `super` keywords")
        }
        Fail::NoSelfType => {
            let code = if segments.len() > 1 {
                "E0433"
            } else if source == PathSource::Type {
                "E0411"
            } else {
                source.code_unexpected_self()
            };
            let span = segments.first().map_or(whole, |first| first.span);
            HirError::new(scope, span, code, "cannot find type `Self` in this scope")
                .label("`Self` is only available in impls, traits and type definitions")
        }
        Fail::NoSelfValue => HirError::new(scope, whole, "E0424", "expected value, found module `self`")
            .label("`self` is only available in methods with a `self` parameter"),
        Fail::Outer(res) => {
            let what = match res {
                Res::SelfTy { .. } | Res::SelfCtor(_) => "can't use `Self` from outer item",
                _ => "can't use generic parameters from outer item",
            };
            let mut error = HirError::new(scope, whole, "E0401", what)
                .label("an inner item does not see what the item around it is generic over");
            if let Res::Def(param) = res {
                error = error.secondary(param, crate::def_span(db, param), "declared here".to_string());
            }
            error
        }
        Fail::NotFound { index, parent } if index + 1 < segments.len() => {
            let ident = segments[index];
            let mut error = HirError::new(scope, ident.span, "E0433", segment_message(ident, parent, true));
            error = error.label(match parent {
                None if ident.as_str().starts_with(char::is_uppercase) => "use of undeclared type".to_string(),
                None => "use of undeclared module or crate".to_string(),
                Some(_) => "not found".to_string(),
            });
            with_suggestions(db, scope, ident, parent, Namespace::Type, error)
        }
        Fail::NotFound { index, parent } => {
            let ident = segments[index];
            if parent.is_none()
                && let Some(what) = macro_of_name(ident.name)
            {
                let expected = source.expected();
                let message = format!("expected {expected}, found {what} `{}`", ident.name);
                let mut error = HirError::new(scope, ident.span, source.code_unexpected(), message)
                    .label(format!("not a {expected}"));
                if what == "built-in attribute" {
                    return with_suggestions(db, scope, ident, parent, source.namespace(), error);
                }
                error.help = match what {
                    "macro" => Some(format!("a macro is called with `!`: `{}!(…)`", ident.name)),
                    _ => std_path(db, ident.name, source.namespace())
                        .map(|path| format!("consider importing it: `use {path};`")),
                };
                return error;
            }
            let place = parent.map_or("in this scope".to_string(), in_place);
            let expected = match (source, parent) {
                (PathSource::Type, Some(Res::Def(def))) if def.kind() == DefKind::Trait => "associated type",
                _ => source.expected(),
            };
            let message = format!("cannot find {expected} `{}` {place}", ident.name);
            let error =
                HirError::new(scope, ident.span, source.code_not_found(), message).label(format!("not found {place}"));
            with_suggestions(db, scope, ident, parent, source.namespace(), error)
        }
    }
}

impl PathSource {
    /// `Self` as a value or pattern where there is none.
    fn code_unexpected_self(self) -> &'static str {
        match self {
            PathSource::Type | PathSource::Trait => "E0411",
            PathSource::StructExpr | PathSource::Value | PathSource::Callee => "E0411",
            PathSource::UnitPat | PathSource::TupleStructPat => "E0531",
        }
    }
}

/// Something was found, but of the wrong kind.
pub fn unexpected(db: &dyn Db, scope: DefId, path: &ast::Path, res: Res, source: PathSource) -> HirError {
    let text = path.segments.iter().map(|segment| segment.ident.as_str()).collect::<Vec<_>>().join("::");
    let what = describe(db, res);
    let expected = source.expected();
    let code = match (source, res) {
        (PathSource::Value | PathSource::Callee | PathSource::UnitPat, Res::Def(def))
            if def.kind() == DefKind::Variant
                && path.segments.len() > 1
                && ctor_kind(db, def.key(db)) == CtorKind::Named =>
        {
            "E0533"
        }
        (PathSource::TupleStructPat, Res::Def(def))
            if def.kind() == DefKind::Variant
                && path.segments.len() > 1
                && ctor_kind(db, def.key(db)) == CtorKind::Named =>
        {
            "E0164"
        }
        (PathSource::UnitPat | PathSource::TupleStructPat, Res::Def(def))
            if def.kind() == DefKind::Fn
                && def.parent().is_some_and(|p| matches!(p.kind(), DefKind::Trait | DefKind::Impl)) =>
        {
            "E0533"
        }
        _ => source.code_unexpected(),
    };
    let mut error = HirError::new(scope, path.span, code, format!("expected {expected}, found {what} `{text}`"))
        .label(format!("not a {expected}"));
    if let Res::Def(def) = res {
        error.help = match (source, def.kind()) {
            (PathSource::Type, DefKind::Variant) => {
                def.parent().map(|parent| format!("use the variant's enum, `{}`", parent.name()))
            }
            (PathSource::Value | PathSource::Callee, DefKind::Struct) => {
                Some(format!("write a value of it as `{text} {{ … }}`"))
            }
            (PathSource::Trait, DefKind::TypeAlias) => Some("a type alias cannot stand for a trait".to_string()),
            _ => None,
        };
        if def.kind() != DefKind::Package && def.kind() != DefKind::Mod {
            error = error.secondary(def, crate::def_span(db, def), format!("`{}` is defined here", def.name()));
        }
    }
    error
}

/// E0603 of a tuple struct whose fields are not visible, written as a value or pattern.
pub fn private_ctor(db: &dyn Db, scope: DefId, ident: Ident, ctor: DefId) -> HirError {
    HirError::new(scope, ident.span, "E0603", format!("tuple struct constructor `{}` is private", ident.name))
        .label("not every field is visible from here")
        .secondary(ctor, crate::def_span(db, ctor), format!("`{}` is defined here", ctor.name()))
}

/// The same of a name alone, which then names no value at all.
pub fn invisible_ctor(scope: DefId, ident: Ident, source: PathSource) -> HirError {
    let message = match source {
        PathSource::UnitPat | PathSource::TupleStructPat => {
            "cannot match against a tuple struct which contains private fields"
        }
        _ => "cannot initialize a tuple struct which contains private fields",
    };
    HirError::new(scope, ident.span, source.code_unexpected(), message)
        .label("the constructor is not visible here because of private fields")
}

/// E0782: `Trait::name` where the trait has no such item; then the trait stands for a type.
pub fn trait_as_type(db: &dyn Db, scope: DefId, path: &ast::Path, ident: Ident, of: Res) -> HirError {
    let _ = db;
    let first = path.segments.first().map_or(ident.span, |first| first.ident.span);
    let span = Span::new(first.start, ident.span.start.saturating_sub(2).max(first.end));
    HirError::new(scope, span, "E0782", "expected a type, found a trait")
        .label(format!("there is no `{}` {}", ident.name, in_place(of)))
        .help("for the methods of any implementor as a trait object, write `<dyn Trait>::name`")
}

/// E0405 of what would be in a type or in another trait.
pub fn no_trait_in(scope: DefId, segments: &[Ident]) -> HirError {
    let (last, before) =
        segments.split_last().map_or((Ident::new("", Span::at(0)), segments), |(last, init)| (*last, init));
    let place = before.iter().map(|segment| segment.as_str()).collect::<Vec<_>>().join("::");
    HirError::new(scope, last.span, "E0405", format!("cannot find trait `{}` in `{place}`", last.name))
        .label(format!("not found in `{place}`"))
}

/// E0576.
pub fn no_assoc_item(db: &dyn Db, scope: DefId, ident: Ident, of: Res, source: PathSource) -> HirError {
    let _ = db;
    let what = match source {
        PathSource::Type | PathSource::Trait | PathSource::StructExpr => "associated type",
        PathSource::Value | PathSource::UnitPat | PathSource::TupleStructPat => "method or associated constant",
        PathSource::Callee => "method or associated constant",
    };
    HirError::new(scope, ident.span, "E0576", format!("cannot find {what} `{}` {}", ident.name, in_place(of)))
        .label(format!("not found {}", in_place(of)))
}

// ------------------------------------------------------------------------------------------------------- suggestions

fn with_suggestions(
    db: &dyn Db,
    scope: DefId,
    ident: Ident,
    parent: Option<Res>,
    ns: Namespace,
    mut error: HirError,
) -> HirError {
    if parent.is_none()
        && let Some(path) = std_path(db, ident.name, ns)
    {
        error.help = Some(format!("consider importing it: `use {path};`"));
        return error;
    }
    error.help = similar_member(db, &Finished(db), scope, parent, ident.name);
    error
}

/// The shortest public path of an item of std with this name.
fn std_path(db: &dyn Db, name: Name, ns: Namespace) -> Option<String> {
    let package = db.workspace().std(db);
    let mut best: Option<String> = None;
    for &module in package_modules(db, package) {
        let Some(binding) = module_scope(db, module.key(db)).get(name, ns) else { continue };
        if binding.vis != Vis::Public {
            continue;
        }
        let mut path: Vec<&str> = module.ancestors().map(|def| def.name().as_str()).collect();
        path.reverse();
        if path.contains(&"prelude") {
            continue;
        }
        let path = format!("{}::{name}", path.join("::"));
        if best.as_ref().is_none_or(|best| (path.matches("::").count(), &path) < (best.matches("::").count(), best)) {
            best = Some(path);
        }
    }
    best
}

/// `a module with a similar name exists: `x``.
pub fn similar_member(
    db: &dyn Db,
    lookup: &dyn ModuleLookup,
    scope: DefId,
    parent: Option<Res>,
    name: Name,
) -> Option<String> {
    let mut names: Vec<Name> = Vec::new();
    match parent {
        Some(Res::Def(def)) => match def.kind() {
            DefKind::Mod | DefKind::Package => {
                names.extend(lookup.names(def));
            }
            _ => names.extend(children(db, def).iter().map(|child| child.name())),
        },
        Some(_) => {}
        None => {
            for def in scope.ancestors() {
                match def.kind() {
                    DefKind::Block | DefKind::Mod | DefKind::Package => {
                        names.extend(lookup.names(def));
                    }
                    _ => names.extend(generic_params(db, def).iter().map(|param| param.name())),
                }
                if matches!(def.kind(), DefKind::Mod | DefKind::Package) {
                    break;
                }
            }
            if extern_package(Name::new("std")).is_some() {
                names.push(Name::new("std"));
            }
        }
    }
    let similar = most_similar(name, names.into_iter())?;
    Some(format!("a similar name exists: `{similar}`"))
}

/// The nearest name within a third of the length; names of one letter are like nothing.
pub fn most_similar(name: Name, names: impl Iterator<Item = Name>) -> Option<Name> {
    nearest(name, names.filter(|other| other.as_str().chars().count() > 1))
}

/// The nearest name within a third of the length.
pub fn nearest(name: Name, names: impl Iterator<Item = Name>) -> Option<Name> {
    let limit = (name.as_str().chars().count() / 3).max(1);
    names
        .filter(|other| *other != name)
        .map(|other| (edit_distance(name.as_str(), other.as_str()), other))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, other)| other)
}

/// Levenshtein's distance, letter case free of charge at most once.
fn edit_distance(a: &str, b: &str) -> usize {
    if a.eq_ignore_ascii_case(b) {
        return 1;
    }
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let cost = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}
