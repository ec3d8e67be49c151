//! From files to items: what a package holds, as texts, without parsing them.
//!
//! [`package_map`] changes with every edit; [`module_items`] and [`item_text`] stand behind it as barriers: the first survives every edit that leaves the
//! names of a module alone, the second every edit outside of the item.

use std::sync::Arc;

use indexmap::IndexMap;
use rgo_syntax::ast::{self, Item};
use rgo_syntax::{FileSlices, ItemSlice, ItemSliceKind, Name, Parsed, Span, SyntaxError};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::{Db, DefId, DefKey, DefKind, Package, SourceFile};

/// Where the text of an item stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemPlace {
    pub file: SourceFile,
    pub range: Span,
    pub text: Span,
    pub kind: ItemSliceKind,
    /// The names of the outer attributes.
    pub attrs: Vec<Name>,
    /// What `#[each]` puts in the place of which name in this copy.
    pub each: Vec<(Name, Name)>,
}

/// All items of a package outside of other items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageMap {
    pub items: IndexMap<DefId, ItemPlace, FxBuildHasher>,
    pub modules: IndexMap<DefId, Vec<DefId>, FxBuildHasher>,
}

/// The cut of a file. Survives edits of other files.
#[salsa::tracked]
pub fn file_slices(db: &dyn Db, file: SourceFile) -> FileSlices {
    rgo_syntax::cut_items(file.text(db))
}

/// The items of a package. Survives nothing; read it through the barriers.
#[salsa::tracked]
pub fn package_map(db: &dyn Db, package: Package) -> PackageMap {
    let mut builder = Builder { map: PackageMap::default(), counts: FxHashMap::default() };
    let root = DefId::package(*package.path(db));
    builder.map.modules.insert(root, Vec::new());
    for &file in package.files(db) {
        let module = if *package.is_std(db) { builder.std_module(root, file.path(db)) } else { root };
        let text = file.text(db);
        builder.add(module, file, text, &file_slices(db, file).items);
    }
    builder.map
}

struct Builder {
    map: PackageMap,
    counts: FxHashMap<(DefId, DefKind, Name), u32>,
}

impl Builder {
    /// The module of a file of std: `stdlib/a/b.rgo` is `std::a::b`; `lib.rgo` and `mod.rgo` are the module of their folder.
    fn std_module(&mut self, root: DefId, path: &str) -> DefId {
        let path = path.rsplit_once("stdlib/").map_or(path, |(_, rest)| rest);
        let path = path.strip_suffix(".rgo").unwrap_or(path);
        let mut module = root;
        for part in path.split('/') {
            if matches!(part, "mod" | "lib") {
                break;
            }
            let child = module.child(DefKind::Mod, Name::new(part), 0);
            if !self.map.modules.contains_key(&child) {
                self.map.modules.entry(module).or_default().push(child);
                self.map.modules.insert(child, Vec::new());
            }
            module = child;
        }
        module
    }

    fn def(&mut self, parent: DefId, kind: DefKind, name: Name) -> DefId {
        let count = self.counts.entry((parent, kind, name)).or_insert(0);
        let def = parent.child(kind, name, *count);
        *count += 1;
        def
    }

    fn add(&mut self, module: DefId, file: SourceFile, text: &str, slices: &[ItemSlice]) {
        for slice in slices {
            if !is_enabled(slice, text) {
                continue;
            }
            let kind = def_kind(slice.kind);
            for each in each_copies(slice, slice.text.text(text)) {
                let name = match kind {
                    DefKind::Impl | DefKind::Use => Name::new(""),
                    _ => slice.name.map_or(Name::new(""), |ident| ident.name),
                };
                let name = each.iter().find(|(from, _)| *from == name).map_or(name, |(_, to)| *to);
                // `mod x;` in std declares a file that is a module anyway.
                if kind == DefKind::Mod && self.map.modules.contains_key(&module.child(kind, name, 0)) {
                    let is_file = !slice.text.text(text).trim_end().ends_with('{');
                    if is_file {
                        continue;
                    }
                }
                let def = self.def(module, kind, name);
                self.map.items.insert(
                    def,
                    ItemPlace {
                        file,
                        range: slice.range,
                        text: slice.text,
                        kind: slice.kind,
                        attrs: slice.attrs.clone(),
                        each,
                    },
                );
                self.map.modules.entry(module).or_default().push(def);
                if kind == DefKind::Mod {
                    self.map.modules.entry(def).or_default();
                    self.add(def, file, text, &slice.children);
                }
            }
        }
    }
}

fn def_kind(kind: ItemSliceKind) -> DefKind {
    match kind {
        ItemSliceKind::Fn => DefKind::Fn,
        ItemSliceKind::Struct => DefKind::Struct,
        ItemSliceKind::Enum => DefKind::Enum,
        ItemSliceKind::Union => DefKind::Union,
        ItemSliceKind::Trait => DefKind::Trait,
        ItemSliceKind::Impl => DefKind::Impl,
        ItemSliceKind::TypeAlias => DefKind::TypeAlias,
        ItemSliceKind::Const => DefKind::Const,
        ItemSliceKind::Static => DefKind::Static,
        ItemSliceKind::Mod => DefKind::Mod,
        ItemSliceKind::Use
        | ItemSliceKind::GoImport
        | ItemSliceKind::ExternCrate
        | ItemSliceKind::ExternBlock
        | ItemSliceKind::MacroDef
        | ItemSliceKind::MacroCall
        | ItemSliceKind::Unknown => DefKind::Use,
    }
}

/// The copies that `#[each(A = x, y; B = u, v)]` asks for: one empty substitution if there is no such attribute; all combinations if there are several.
fn each_copies(slice: &ItemSlice, text: &str) -> Vec<Vec<(Name, Name)>> {
    let mut copies = vec![Vec::new()];
    if !slice.attrs.iter().any(|name| *name == "each") {
        return copies;
    }
    let mut rest = text;
    while let Some(start) = rest.find("#[each(") {
        rest = &rest[start + "#[each(".len()..];
        let Some(end) = top_level(rest, ')') else { break };
        let list = each_list(&rest[..end]);
        copies =
            copies.iter().flat_map(|copy| list.iter().map(|more| copy.iter().chain(more).copied().collect())).collect();
        rest = &rest[end..];
    }
    copies
}

/// The substitutions of one attribute, in step. What rgo does not have (`i128`) is left out.
fn each_list(list: &str) -> Vec<Vec<(Name, Name)>> {
    let mut copies: Vec<Vec<(Name, Name)>> = Vec::new();
    for group in split_top_level(list, ';') {
        let Some((name, values)) = group.split_once('=') else { continue };
        let name = Name::new(name.trim());
        let values = split_top_level(values, ',').into_iter().map(str::trim).filter(|value| !value.is_empty());
        for (index, value) in values.enumerate() {
            if copies.len() <= index {
                copies.resize(index + 1, Vec::new());
            }
            copies[index].push((name, Name::new(value)));
        }
    }
    copies.retain(|copy| !copy.iter().any(|(_, value)| matches!(value.as_str(), "i128" | "u128")));
    copies
}

/// Where `wanted` stands outside of all brackets (`[U; N]` is one value of a list).
fn top_level(text: &str, wanted: char) -> Option<usize> {
    let mut depth = 0usize;
    for (index, c) in text.char_indices() {
        if depth == 0 && c == wanted {
            return Some(index);
        }
        match c {
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn split_top_level(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = top_level(rest, separator) {
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len_utf8()..];
    }
    parts.push(rest);
    parts
}

/// Puts names in the place of names, everywhere in a text.
fn substitute(text: &str, each: &[(Name, Name)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_alphanumeric() || c == '_') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let word = &rest[..end];
        out.push_str(each.iter().find(|(from, _)| *from == word).map_or(word, |(_, to)| to.as_str()));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The package that a definition belongs to.
pub fn package_of(db: &dyn Db, def: DefId) -> Option<Package> {
    crate::package(db, def.package_of().name())
}

/// The definitions of a module or package in source order, those inside of items excluded. Survives edits inside of items.
#[salsa::tracked]
pub fn module_items<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<DefId> {
    let module = key.def(db);
    let Some(package) = package_of(db, module) else { return Vec::new() };
    package_map(db, package).modules.get(&module).cloned().unwrap_or_default()
}

/// All modules of a package that stand outside of items, the package first. Survives edits inside of items.
#[salsa::tracked]
pub fn package_modules(db: &dyn Db, package: Package) -> Vec<DefId> {
    package_map(db, package).modules.keys().copied().collect()
}

/// What kind of slice an item outside of other items is.
#[salsa::tracked(returns(copy))]
pub fn slice_kind<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Option<ItemSliceKind> {
    let item = key.def(db);
    let package = package_of(db, item)?;
    package_map(db, package).items.get(&item).map(|place| place.kind)
}

/// Whether an attribute of this name stands before an item outside of other items.
pub fn has_attr(db: &dyn Db, item: DefId, attr: &str) -> bool {
    slice_attrs(db, item.key(db)).iter().any(|name| *name == attr)
}

#[salsa::tracked]
fn slice_attrs<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<Name> {
    let item = key.def(db);
    let Some(package) = package_of(db, item) else { return Vec::new() };
    package_map(db, package).items.get(&item).map(|place| place.attrs.clone()).unwrap_or_default()
}

/// The names of the macros that a package defines outside of items: they are refused where they are defined.
#[salsa::tracked]
pub fn package_macros(db: &dyn Db, package: Package) -> Vec<Name> {
    let mut names = Vec::new();
    for &file in package.files(db) {
        collect_macros(&file_slices(db, file).items, &mut names);
    }
    names
}

fn collect_macros(slices: &[ItemSlice], names: &mut Vec<Name>) {
    for slice in slices {
        if slice.kind == ItemSliceKind::MacroDef {
            names.extend(slice.name.map(|ident| ident.name));
        }
        collect_macros(&slice.children, names);
    }
}

/// The text of an item outside of other items. Survives edits outside of it.
#[salsa::tracked]
pub fn item_text<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Option<Arc<str>> {
    let item = key.def(db);
    let package = package_of(db, item)?;
    let place = package_map(db, package).items.get(&item)?;
    let text = place.text.text(place.file.text(db));
    Some(if place.each.is_empty() { Arc::from(text) } else { Arc::from(substitute(text, &place.each)) })
}

/// The text of an item as it stands in its file, the names of `#[each]` not replaced. Survives nothing: for std, which does not change.
pub fn source_text(db: &dyn Db, item: DefId) -> Option<&str> {
    let package = package_of(db, item)?;
    let place = package_map(db, package).items.get(&item)?;
    Some(place.text.text(place.file.text(db)))
}

/// The tree of an item outside of other items. Survives edits outside of it.
#[salsa::tracked]
pub fn parsed_item<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Parsed<Item> {
    let item = key.def(db);
    match item_text(db, item.key(db)) {
        // The head of a module ends with its opening brace.
        Some(text) if item.kind() == DefKind::Mod && text.trim_end().ends_with('{') => {
            rgo_syntax::parse_item(&format!("{text}}}"))
        }
        Some(text) => rgo_syntax::parse_item(text),
        None => Parsed { value: empty_item(), errors: Vec::new() },
    }
}

fn empty_item() -> Item {
    let vis = ast::Vis { kind: ast::VisKind::Private, span: Span::at(0) };
    Item { attrs: Vec::new(), vis, default_: None, kind: ast::ItemKind::Error, span: Span::at(0) }
}

/// The definition whose text the spans of `def` are relative to: the outermost one that is no module or package.
pub fn item_of(def: DefId) -> DefId {
    def.item()
}

/// Where the text of `item_of(def)` begins; only for reporting.
pub fn item_start(db: &dyn Db, def: DefId) -> (SourceFile, u32) {
    let item = item_of(def);
    if let Some(package) = package_of(db, item)
        && let Some(place) = package_map(db, package).items.get(&item)
    {
        return (place.file, place.text.start);
    }
    let package = package_of(db, item).unwrap_or_else(|| db.workspace().packages(db)[0]);
    let file = package.files(db).first().copied();
    (file.unwrap_or_else(|| SourceFile::new(db, String::new(), Arc::from(""))), 0)
}

/// The places of a file's items in order: of an inline module its head, then its items. What `#[cfg]` takes out is one item.
pub fn outer_spans(db: &dyn Db, file: SourceFile) -> Vec<Span> {
    let mut out = Vec::new();
    outer_spans_of(file.text(db), &file_slices(db, file).items, &mut out);
    out
}

fn outer_spans_of(text: &str, slices: &[ItemSlice], out: &mut Vec<Span>) {
    for slice in slices {
        if slice.kind == ItemSliceKind::Mod && is_enabled(slice, text) {
            out.push(slice.text);
            outer_spans_of(text, &slice.children, out);
        } else {
            out.push(slice.range);
        }
    }
}

fn is_enabled(slice: &ItemSlice, text: &str) -> bool {
    !slice.attrs.iter().any(|name| *name == "cfg")
        || crate::cfg::enabled(&rgo_syntax::parse_item(slice.text.text(text)).value.attrs)
}

/// Errors of syntax in the files of a package, with absolute spans. Survives nothing: its parts do.
#[salsa::tracked]
pub fn syntax_errors(db: &dyn Db, package: Package) -> Vec<(SourceFile, Vec<SyntaxError>)> {
    let files = package.files(db).iter().map(|&file| (file, file_slices(db, file).errors.clone()));
    let mut errors: IndexMap<SourceFile, Vec<SyntaxError>, FxBuildHasher> = files.collect();
    let mut last = None;
    for (&item, place) in &package_map(db, package).items {
        // All copies of `#[each]` have the errors of the first.
        if last == Some((place.file, place.text)) {
            continue;
        }
        last = Some((place.file, place.text));
        let parsed = parsed_item(db, item.key(db));
        if !parsed.errors.is_empty() && !file_slices(db, place.file).fatal {
            let absolute = parsed.errors.iter().map(|error| error.clone().shifted(place.text.start));
            errors.entry(place.file).or_default().extend(absolute);
        }
    }
    for (file, errors) in &mut errors {
        // Std may use what rgo keeps from users: auto traits, negative impls.
        if *package.is_std(db) && !file_slices(db, *file).fatal {
            errors.retain(|error| !matches!(error.kind, rgo_syntax::SyntaxErrorKind::NotInRgo { .. }));
        }
        errors.sort_by_key(|error| error.span);
    }
    errors.into_iter().filter(|(_, errors)| !errors.is_empty()).collect()
}
