//! Visibility: who may name a definition.

use rgo_syntax::ast::{Fields, Item, ItemKind, VisKind};
use rgo_syntax::{Name, Span};

use rustc_hash::FxHashMap;

use crate::slices::{item_of, package_map, package_of, parsed_item, slice_kind, source_text};
use crate::{Db, DefId, DefKey, DefKind, DefSyntax, HirError, Package, def_syntax, item_ast};

/// From where a definition can be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vis {
    Public,
    /// The packages of the same Go module (or of std).
    Crate(DefId),
    /// Inside this module.
    In(DefId),
}

impl Vis {
    pub fn reaches(self, from: DefId) -> bool {
        match self {
            Vis::Public => true,
            Vis::Crate(package) => package.is_std() == from.is_std(),
            Vis::In(module) => from.is_inside(module),
        }
    }

    /// Whether everything that sees `other` sees this too.
    pub fn at_least(self, other: Vis) -> bool {
        match (self, other) {
            (Vis::Public, _) => true,
            (Vis::Crate(_), Vis::Public) => false,
            (Vis::Crate(_), Vis::Crate(_) | Vis::In(_)) => true,
            (Vis::In(module), Vis::In(inner)) => inner.is_inside(module),
            (Vis::In(_), Vis::Public | Vis::Crate(_)) => false,
        }
    }
}

/// The visibility of a definition. Survives edits of everything but its own.
#[salsa::tracked(returns(copy))]
pub fn def_vis<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vis {
    let def = key.def(db);
    let Some(parent) = def.parent() else { return Vis::Public };
    match def.kind() {
        DefKind::Variant => def_vis(db, parent.key(db)),
        DefKind::Field => match def_syntax(db, parent) {
            DefSyntax::Item(Item { kind: ItemKind::Struct(s) | ItemKind::Union(s), .. }) => {
                let kind = match (&s.fields, def_syntax(db, def)) {
                    (Fields::Tuple(fields), DefSyntax::Field { index, .. }) => &fields[index].vis.kind,
                    (Fields::Named(fields), DefSyntax::Field { index, .. }) => &fields[index].vis.kind,
                    _ => return Vis::Public,
                };
                from_ast(db, parent.module(), kind).unwrap_or(Vis::Public)
            }
            _ => Vis::Public,
        },
        DefKind::TyParam
        | DefKind::ConstParam
        | DefKind::LifetimeParam
        | DefKind::Closure
        | DefKind::AnonConst
        | DefKind::Block
        | DefKind::OpaqueTy
        | DefKind::Impl
        | DefKind::Package => Vis::Public,
        DefKind::Fn | DefKind::AssocTy | DefKind::AssocConst if parent.kind() == DefKind::Trait => {
            def_vis(db, parent.key(db))
        }
        DefKind::Fn | DefKind::AssocTy | DefKind::AssocConst if parent.kind() == DefKind::Impl => {
            match &item_ast(db, parent).kind {
                ItemKind::Impl(imp) if imp.of_trait.is_some() => Vis::Public,
                _ => item_vis(db, def, parent),
            }
        }
        DefKind::Mod
        | DefKind::Fn
        | DefKind::Const
        | DefKind::Static
        | DefKind::Struct
        | DefKind::Union
        | DefKind::Enum
        | DefKind::Trait
        | DefKind::TypeAlias
        | DefKind::AssocTy
        | DefKind::AssocConst
        | DefKind::Use => {
            if item_of(def) != def {
                return item_vis(db, def, parent);
            }
            match scanned_vis(db, def) {
                // A file of std.
                None => Vis::Public,
                Some(scanned) => match scanned {
                    Scanned::Private => Vis::In(parent.module()),
                    Scanned::Public => Vis::Public,
                    Scanned::Restricted => item_vis(db, def, parent),
                },
            }
        }
    }
}

/// As [`def_vis`], for who asks for all items outside of other items: where their text says it, no query of the item's own is asked.
pub fn outer_vis(db: &dyn Db, def: DefId) -> Vis {
    let scanned = if item_of(def) == def && def.kind() != DefKind::Impl { scanned_vis(db, def) } else { None };
    match scanned {
        Some(Scanned::Private) => def.parent().map_or(Vis::Public, |parent| Vis::In(parent.module())),
        Some(Scanned::Public) => Vis::Public,
        Some(Scanned::Restricted) | None => def_vis(db, def.key(db)),
    }
}

/// What the text of an item outside of other items says of its visibility.
fn scanned_vis(db: &dyn Db, def: DefId) -> Option<Scanned> {
    // Of std the text is read where it stands: its items are many, and nearly all are only asked for their visibility.
    if def.is_std() {
        return source_text(db, def).map(scan);
    }
    package_vis(db, package_of(db, def)?).get(&def).copied()
}

/// What the items of a package say of their visibility. Survives edits that change none.
///
/// One query for all: the names of all modules hang on all of them, and each query that those read is looked at after every edit.
#[salsa::tracked]
fn package_vis(db: &dyn Db, package: Package) -> FxHashMap<DefId, Scanned> {
    let items = &package_map(db, package).items;
    items.iter().map(|(def, place)| (*def, scan(place.text.text(place.file.text(db))))).collect()
}

fn item_vis(db: &dyn Db, def: DefId, parent: DefId) -> Vis {
    let item =
        if slice_kind(db, def.key(db)).is_some() { &parsed_item(db, def.key(db)).value } else { item_ast(db, def) };
    from_ast(db, parent.module(), &item.vis.kind).unwrap_or(Vis::In(parent.module()))
}

/// What a visibility in `module` means; an error for a path that names no ancestor.
pub fn from_ast(db: &dyn Db, module: DefId, vis: &VisKind) -> Result<Vis, Box<HirError>> {
    Ok(match vis {
        VisKind::Private | VisKind::SelfModule => Vis::In(module),
        VisKind::Public => Vis::Public,
        VisKind::Crate => Vis::Crate(module.package_of()),
        VisKind::Super => match module.parent() {
            Some(parent) => Vis::In(parent.module()),
            None => {
                return Err(Box::new(HirError::new(
                    module,
                    Span::at(0),
                    "E0433",
                    "there are too many leading `super` keywords",
                )));
            }
        },
        VisKind::In(path) => {
            let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident).collect();
            if !segments.first().is_some_and(|first| matches!(first.as_str(), "crate" | "self" | "super")) {
                let message = "relative paths are not supported in visibilities".to_string();
                let error = HirError::plain(module, path.span, message).help("begin the path with `crate::`");
                return Err(Box::new(error));
            }
            match crate::path::resolve_module(db, module, &segments) {
                Some(found) if module.is_inside(found) => {
                    if found.kind() == DefKind::Package {
                        Vis::Crate(found)
                    } else {
                        Vis::In(found)
                    }
                }
                Some(_) => {
                    return Err(Box::new(HirError::new(
                        module,
                        path.span,
                        "E0742",
                        "visibilities can only be restricted to ancestor modules",
                    )));
                }
                None if names_no_module(db, module, &segments) => {
                    let text = segments.iter().map(|ident| ident.as_str()).collect::<Vec<_>>().join("::");
                    let message = format!("expected module, found `{text}`");
                    return Err(Box::new(HirError::new(module, path.span, "E0577", message).label("not a module")));
                }
                None => {
                    let name = segments.first().map_or(Name::new(""), |ident| ident.name);
                    return Err(Box::new(HirError::new(
                        module,
                        path.span,
                        "E0433",
                        format!("cannot find module or crate `{name}` in this scope"),
                    )));
                }
            }
        }
    })
}

/// Whether a path of a visibility names something that is no module.
fn names_no_module(db: &dyn Db, module: DefId, segments: &[rgo_syntax::ast::Ident]) -> bool {
    let Some((last, prefix)) = segments.split_last() else { return false };
    let Some(parent) = crate::path::resolve_module(db, module, prefix) else { return false };
    crate::children(db, parent).iter().any(|child| child.name() == last.name && child.kind() != DefKind::Mod)
}

/// A visibility as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scanned {
    Private,
    Public,
    /// `pub(…)`
    Restricted,
}

/// The text of an item behind its attributes and comments.
pub fn behind_attributes(text: &str) -> &str {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = skip_block_comment(rest);
        } else if rest.starts_with('#') {
            rest = skip_attribute(rest);
        } else {
            return rest;
        }
    }
}

/// Reads the visibility from an item's text.
fn scan(text: &str) -> Scanned {
    let rest = behind_attributes(text);
    let Some(after) = rest.strip_prefix("pub") else { return Scanned::Private };
    if after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        return Scanned::Private;
    }
    if after.trim_start().starts_with('(') { Scanned::Restricted } else { Scanned::Public }
}

fn skip_block_comment(text: &str) -> &str {
    let mut depth = 0;
    let mut rest = text;
    loop {
        if let Some(inner) = rest.strip_prefix("/*") {
            depth += 1;
            rest = inner;
        } else if let Some(inner) = rest.strip_prefix("*/") {
            depth -= 1;
            rest = inner;
            if depth == 0 {
                return rest;
            }
        } else {
            let mut chars = rest.chars();
            if chars.next().is_none() {
                return "";
            }
            rest = chars.as_str();
        }
    }
}

fn skip_attribute(text: &str) -> &str {
    let mut depth = 0;
    let mut in_string = false;
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        if in_string {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match c {
            '"' => in_string = true,
            '[' => depth += 1,
            ']' => {
                depth -= 1;
                if depth == 0 {
                    return &text[index + 1..];
                }
            }
            _ => {}
        }
    }
    ""
}

/// Privacy: whether `from` may name `def`.
pub fn visible_from(db: &dyn Db, def: DefId, from: DefId) -> bool {
    def_vis(db, def.key(db)).reaches(from)
}
