//! Which impls there are, for which trait and which type, as far as names tell; owners of bodies.

use rgo_syntax::ast::{Bound, Item, ItemKind, Type, TypeKind};
use rgo_syntax::{Name, Parsed, Span};
use rustc_hash::FxHashMap;

use crate::body::Mutability;
use crate::path;
use crate::resolve::{Namespace, Res};
use crate::slices::{
    has_attr, item_of, item_text, module_items, package_map, package_modules, parsed_item, source_text,
};
use crate::tree::{AnonConstKind, item_tree};
use crate::{
    Db, DefId, DefKey, DefKind, DefSyntax, InherentImpls, Package, SelfHead, SourceFile, Workspace, def_syntax,
    item_ast,
};

/// All impls of a package, derived ones and those inside of blocks included. Survives edits that leave the set as it is.
#[salsa::tracked]
pub fn package_impls(db: &dyn Db, package: Package) -> Vec<DefId> {
    let std = *package.is_std(db);
    let mut impls = Vec::new();
    for &module in package_modules(db, package) {
        for &item in module_items(db, module.key(db)) {
            match item.kind() {
                DefKind::Impl if std => impls.push(item),
                DefKind::Struct | DefKind::Enum | DefKind::Union if std => {
                    if has_attr(db, item, "derive") {
                        impls.extend(item_impls(db, item.key(db)));
                    }
                }
                DefKind::Mod | DefKind::Use => {}
                _ if std => {}
                _ if may_hold_impls(source_text(db, item).unwrap_or_default()) => {
                    impls.extend(item_impls(db, item.key(db)));
                }
                _ => {}
            }
        }
    }
    impls
}

/// Whether there could be impls in the text of an item, written or derived. Those without are not asked for their trees after every edit.
fn may_hold_impls(text: &str) -> bool {
    text.contains("impl") || text.contains("derive")
}

/// The impls inside of an item (itself, if it is one). Survives edits that leave them as they are.
#[salsa::tracked]
fn item_impls<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<DefId> {
    item_tree(db, key).nodes.keys().copied().filter(|def| def.kind() == DefKind::Impl).collect()
}

/// The head of an impl outside of other items, its items left out. Survives edits of its items.
#[salsa::tracked]
pub(crate) fn parsed_head<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Parsed<Item> {
    let text = item_text(db, key).as_deref().unwrap_or_default();
    match text.find('{') {
        Some(end) => rgo_syntax::parse_item(&format!("{}{{}}", &text[..end])),
        None => rgo_syntax::parse_item(text),
    }
}

/// The head of an impl: its generics, trait and self type. Its items may be missing.
fn impl_head(db: &dyn Db, imp: DefId) -> Option<&rgo_syntax::ast::Impl> {
    let item = if item_of(imp) == imp {
        let head = parsed_head(db, imp.key(db));
        if head.errors.is_empty() { &head.value } else { &parsed_item(db, imp.key(db)).value }
    } else {
        item_ast(db, imp)
    };
    match &item.kind {
        ItemKind::Impl(imp) => Some(imp),
        _ => None,
    }
}

/// The last name of the trait in the head of an impl, read from the text without parsing it; `None` for an inherent impl.
fn trait_name_in(head: &str) -> Option<&str> {
    let rest = crate::vis::behind_attributes(head);
    let rest = rest.strip_prefix("unsafe").map_or(rest, str::trim_start);
    let rest = rest.strip_prefix("impl")?.trim_start();
    let rest = if rest.starts_with('<') { &rest[end_of_angles(rest)?..] } else { rest };
    let mut depth = 0usize;
    let mut previous = ' ';
    for (index, c) in rest.char_indices() {
        match c {
            '<' | '(' | '[' => depth += 1,
            '>' if previous == '-' => {}
            '>' | ')' | ']' => depth = depth.saturating_sub(1),
            'f' if depth == 0 && is_for(&rest[index..]) && !previous.is_alphanumeric() && previous != '_' => {
                let path = rest[..index].trim_end();
                let path = path.find(['<', '(']).map_or(path, |end| &path[..end]);
                return path.trim_end().rsplit([':', '!', ' ']).next();
            }
            _ => {}
        }
        previous = c;
    }
    None
}

fn is_for(text: &str) -> bool {
    text.strip_prefix("for").is_some_and(|rest| {
        !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') && !rest.trim_start().starts_with('<')
    })
}

fn end_of_angles(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut previous = ' ';
    for (index, c) in text.char_indices() {
        match c {
            '<' => depth += 1,
            '>' if previous != '-' => {
                depth -= 1;
                if depth == 0 {
                    return Some(index + 1);
                }
            }
            _ => {}
        }
        previous = c;
    }
    None
}

/// The impls of std by the name that their head gives to the trait: std renames no trait, so that an impl of a trait is under the trait's name.
/// Inherent impls are under the empty name.
#[salsa::tracked]
fn std_impls_by_name(db: &dyn Db, package: Package) -> FxHashMap<Name, Vec<DefId>> {
    let mut index: FxHashMap<Name, Vec<DefId>> = FxHashMap::default();
    let map = package_map(db, package);
    // The copies of `#[each]` follow each other and have one text.
    let mut last: Option<(SourceFile, Span, Name)> = None;
    for &imp in package_impls(db, package) {
        let name = match map.items.get(&imp) {
            // A derived impl is named for its trait.
            None => imp.name(),
            Some(place) => match last {
                Some((file, text, name)) if file == place.file && text == place.text => name,
                _ => {
                    let text = place.text.text(place.file.text(db));
                    let head = text.find('{').map_or(text, |end| &text[..end]);
                    let name = Name::new(trait_name_in(head).unwrap_or(""));
                    last = Some((place.file, place.text, name));
                    name
                }
            },
        };
        let each = map.items.get(&imp).and_then(|place| place.each.iter().find(|(from, _)| *from == name));
        index.entry(each.map_or(name, |(_, to)| *to)).or_default().push(imp);
    }
    index
}

/// The trait of an impl, if it has one and it can be resolved. Survives edits of its items.
#[salsa::tracked(returns(copy))]
pub fn impl_trait<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Option<DefId> {
    let imp = key.def(db);
    let path = impl_head(db, imp)?.of_trait.as_ref()?;
    path::trait_of_path(db, imp, path)
}

/// What the self type of an inherent impl looks like; `None` for a trait's impl.
#[salsa::tracked(returns(copy))]
fn inherent_head<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Option<SelfHead> {
    let imp = key.def(db);
    let head = impl_head(db, imp)?;
    if head.of_trait.is_some() {
        return None;
    }
    Some(self_head(db, imp, &head.self_ty, 0))
}

fn self_head(db: &dyn Db, scope: DefId, ty: &Type, depth: usize) -> SelfHead {
    match &ty.kind {
        TypeKind::Path(path) if path.qself.is_none() && depth < 32 => {
            match path::resolve_path(db, scope, &path.path, Namespace::Type) {
                Ok(resolved) if resolved.unresolved == 0 => match resolved.res {
                    Res::Def(def) => match def.kind() {
                        DefKind::TypeAlias => match &item_ast(db, def).kind {
                            ItemKind::TypeAlias(alias) => match &alias.ty {
                                Some(ty) => self_head(db, def, ty, depth + 1),
                                None => SelfHead::Other,
                            },
                            _ => SelfHead::Other,
                        },
                        DefKind::TyParam => SelfHead::Other,
                        _ => SelfHead::Def(def),
                    },
                    Res::PrimTy(prim) => SelfHead::PrimTy(prim),
                    _ => SelfHead::Other,
                },
                _ => SelfHead::Other,
            }
        }
        TypeKind::Ref { mutable: true, .. } => SelfHead::Ref(Mutability::Mut),
        TypeKind::Ref { mutable: false, .. } => SelfHead::Ref(Mutability::Not),
        TypeKind::Slice(_) => SelfHead::Slice,
        TypeKind::Array { .. } => SelfHead::Array,
        TypeKind::Tuple(elements) => SelfHead::Tuple(elements.len()),
        TypeKind::Never => SelfHead::Never,
        TypeKind::FnPtr(_) => SelfHead::FnPtr,
        TypeKind::Dyn(bounds) | TypeKind::BareDyn(bounds) => {
            let first = bounds.iter().find_map(|bound| match bound {
                Bound::Trait(bound) => path::trait_of_path(db, scope, &bound.path),
                Bound::Lifetime(_) | Bound::Use { .. } => None,
            });
            first.map_or(SelfHead::Other, SelfHead::Def)
        }
        TypeKind::Paren(inner) => self_head(db, scope, inner, depth + 1),
        TypeKind::Path(_)
        | TypeKind::RawPtr { .. }
        | TypeKind::Infer
        | TypeKind::ImplTrait(_)
        | TypeKind::Macro(_)
        | TypeKind::Error => SelfHead::Other,
    }
}

/// The impls of each trait in a package. Survives edits that leave impls and their heads' meaning as they are.
#[salsa::tracked]
fn package_trait_impls(db: &dyn Db, package: Package) -> FxHashMap<DefId, Vec<DefId>> {
    let mut index: FxHashMap<DefId, Vec<DefId>> = FxHashMap::default();
    for &imp in package_impls(db, package) {
        if let Some(def) = impl_trait(db, imp.key(db)) {
            index.entry(def).or_default().push(imp);
        }
    }
    index
}

/// The impls of a trait in all packages.
#[salsa::tracked]
fn workspace_trait_impls<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<DefId> {
    let def = key.def(db);
    let mut impls = Vec::new();
    for &package in db.workspace().packages(db) {
        if *package.is_std(db) {
            let named = std_impls_by_name(db, package).get(&def.name()).map_or(&[][..], Vec::as_slice);
            impls.extend(named.iter().copied().filter(|&imp| impl_trait(db, imp.key(db)) == Some(def)));
        } else if let Some(known) = package_trait_impls(db, package).get(&def) {
            impls.extend_from_slice(known);
        }
    }
    impls
}

/// All impls whose trait is this one.
pub fn trait_impls(db: &dyn Db, trait_: DefId) -> &[DefId] {
    workspace_trait_impls(db, trait_.key(db))
}

#[salsa::tracked]
fn workspace_inherent_impls(db: &dyn Db, workspace: Workspace) -> InherentImpls {
    let mut impls = InherentImpls::default();
    for &package in workspace.packages(db) {
        let candidates = if *package.is_std(db) {
            std_impls_by_name(db, package).get(&Name::new("")).map_or(&[][..], Vec::as_slice)
        } else {
            package_impls(db, package)
        };
        for &imp in candidates {
            if let Some(head) = inherent_head(db, imp.key(db)) {
                impls.by_head.entry(head).or_default().push(imp);
            }
        }
    }
    impls
}

/// All inherent impls by what their self type looks like.
pub fn inherent_impls(db: &dyn Db) -> &InherentImpls {
    workspace_inherent_impls(db, db.workspace())
}

/// Everything in a package that has a body: functions, constants, statics, discriminants, array lengths.
#[salsa::tracked]
fn package_body_owners(db: &dyn Db, package: Package) -> Vec<DefId> {
    let mut owners = Vec::new();
    for &module in package_modules(db, package) {
        for &item in module_items(db, module.key(db)) {
            if !matches!(item.kind(), DefKind::Mod | DefKind::Use) {
                owners.extend_from_slice(item_body_owners(db, item.key(db)));
            }
        }
    }
    owners
}

/// What has a body inside of an item. Survives edits that leave the set as it is.
#[salsa::tracked]
fn item_body_owners<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<DefId> {
    let tree = item_tree(db, key);
    let mut owners: Vec<DefId> = tree.nodes.keys().copied().filter(|&def| has_body(db, def)).collect();
    owners.extend(
        tree.anon_consts
            .values()
            .filter(|anon| match anon.kind {
                AnonConstKind::ArrayLen
                | AnonConstKind::RepeatCount
                | AnonConstKind::Discriminant
                | AnonConstKind::GenericArg => true,
                AnonConstKind::Inline => false,
            })
            .map(|anon| anon.def),
    );
    owners
}

fn has_body(db: &dyn Db, def: DefId) -> bool {
    if !matches!(def.kind(), DefKind::Fn | DefKind::Const | DefKind::Static | DefKind::AssocConst) {
        return false;
    }
    let DefSyntax::Item(item) = def_syntax(db, def) else { return false };
    match &item.kind {
        ItemKind::Fn(f) => f.body.is_some(),
        ItemKind::Const(c) => c.value.is_some(),
        ItemKind::Static(s) => s.value.is_some(),
        _ => false,
    }
}

/// Everything in a package that has a body, anonymous constants of signatures and bodies included.
pub fn body_owners(db: &dyn Db, package: Package) -> &[DefId] {
    package_body_owners(db, package)
}

/// All impls of a package.
pub fn impls_of_package(db: &dyn Db, package: Package) -> &[DefId] {
    package_impls(db, package)
}
