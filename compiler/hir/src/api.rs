//! The questions that later crates ask, as far as they are not answered where their data is made.

use rgo_syntax::ast::{self, Fields, ItemKind};
use rgo_syntax::{Name, Span};
use rustc_hash::FxHashMap;

use crate::scope::{Binding, Via};
use crate::tree::{self, AnonConstKind, ConstArgument, NodeSyntax};
use crate::{Db, DefId, DefKey, DefKind, DefSyntax, Package, Workspace};

/// The package with this import path.
pub fn package(db: &dyn Db, path: Name) -> Option<Package> {
    if path == "std" {
        return Some(db.workspace().std(db));
    }
    packages_by_path(db, db.workspace()).get(&path).copied().flatten()
}

/// The packages by import path, and the folders above them, in which there need be no package. Survives all edits of files.
#[salsa::tracked]
pub(crate) fn packages_by_path(db: &dyn Db, workspace: Workspace) -> FxHashMap<Name, Option<Package>> {
    let mut known: FxHashMap<Name, Option<Package>> = FxHashMap::default();
    for &package in workspace.packages(db) {
        let path = package.path(db).as_str();
        for (end, _) in path.match_indices('/') {
            known.entry(Name::new(&path[..end])).or_insert(None);
        }
        known.entry(*package.path(db)).and_modify(|entry| _ = entry.get_or_insert(package)).or_insert(Some(package));
    }
    known
}

/// The name of a definition, or the head of what has none, relative to `item_of(def)`.
pub fn def_span(db: &dyn Db, def: DefId) -> Span {
    if def.kind() == DefKind::Package {
        return Span::at(0);
    }
    match tree::node(db, def) {
        Some(node) => node.span,
        None if matches!(def.kind(), DefKind::OpaqueTy | DefKind::AnonConst) => Span::at(def.disambiguator()),
        None if let Some(head) = closure_head(db, def) => head,
        None => def.parent().filter(|_| def.kind() != DefKind::Mod).map_or(Span::at(0), |parent| def_span(db, parent)),
    }
}

/// What stands before the body of a closure.
fn closure_head(db: &dyn Db, def: DefId) -> Option<Span> {
    let owner = def.parent().filter(|_| def.kind() == DefKind::Closure)?;
    let mut exprs = crate::body(db, owner).exprs.iter();
    let (found, _) =
        exprs.find(|(_, expr)| matches!(expr, crate::body::Expr::Closure(closure) if closure.def == def))?;
    crate::body_source_map(db, owner).names.get(found).copied()
}

/// The attributes of an item, variant, field or generic parameter.
pub fn attrs(db: &dyn Db, def: DefId) -> &[ast::Attr] {
    if def.kind() == DefKind::Impl {
        return &tree::head_ast(db, def).attrs;
    }
    match def_syntax(db, def) {
        DefSyntax::Item(item) => &item.attrs,
        DefSyntax::Variant { item, index } => match &item.kind {
            ItemKind::Enum(e) => e.variants.get(index).map_or(&[], |variant| &variant.attrs),
            _ => &[],
        },
        DefSyntax::Field { parent, index } => match fields_of(db, parent) {
            Some(Fields::Tuple(fields)) => fields.get(index).map_or(&[], |field| &field.attrs),
            Some(Fields::Named(fields)) => fields.get(index).map_or(&[], |field| &field.attrs),
            Some(Fields::Unit) | None => &[],
        },
        DefSyntax::GenericParam { owner, index } => tree::generics_of(tree::head_ast(db, owner))
            .and_then(|generics| generics.params.get(index))
            .map_or(&[], |param| &param.attrs),
        DefSyntax::Package if def.kind() == DefKind::Package => package_attrs(db, def.key(db)),
        DefSyntax::Inner { .. } | DefSyntax::Package => &[],
    }
}

/// `#![…]` at the top of the files of a package. Survives edits below them.
#[salsa::tracked]
fn package_attrs<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<ast::Attr> {
    let def = key.def(db);
    let Some(package) = package_of(db, def) else { return Vec::new() };
    package.files(db).iter().flat_map(|file| crate::slices::file_slices(db, *file).attrs.iter().cloned()).collect()
}

/// The fields of a struct, union or variant.
pub fn fields_of(db: &dyn Db, def: DefId) -> Option<&Fields> {
    match def_syntax(db, def) {
        DefSyntax::Item(item) => match &item.kind {
            ItemKind::Struct(s) | ItemKind::Union(s) => Some(&s.fields),
            _ => None,
        },
        DefSyntax::Variant { item, index } => match &item.kind {
            ItemKind::Enum(e) => e.variants.get(index).map(|variant| &variant.fields),
            _ => None,
        },
        _ => None,
    }
}

/// The generic parameters of a definition itself, in order; those of `impl Trait` arguments follow.
pub fn generic_params(db: &dyn Db, def: DefId) -> &[DefId] {
    match def.kind() {
        DefKind::Package | DefKind::Mod | DefKind::Block | DefKind::AnonConst | DefKind::Closure => &[],
        _ => tree::own_params(db, def),
    }
}

/// The generics as written, of an item that can have some.
pub fn generics_ast(db: &dyn Db, def: DefId) -> Option<&ast::Generics> {
    if def.kind() == DefKind::Impl {
        return tree::generics_of(tree::head_ast(db, def));
    }
    match def_syntax(db, def) {
        DefSyntax::Item(item) => tree::generics_of(item),
        _ => None,
    }
}

/// A variant, field or associated item by name; of a module or package an item.
pub fn child(db: &dyn Db, def: DefId, name: Name) -> Option<DefId> {
    let find = |children: &[DefId]| children.iter().copied().find(|child| child.name() == name);
    match tree::node(db, def) {
        Some(node) if !node.names.is_empty() => node.names.get(&name).copied(),
        Some(node) if !matches!(def.kind(), DefKind::Package | DefKind::Mod) => find(&node.children),
        _ => find(children(db, def)),
    }
}

/// The function or constant of this name in a trait or impl, which may have a type of that name as well.
pub fn value_item(db: &dyn Db, def: DefId, name: Name) -> Option<DefId> {
    item_of_namespace(db, def, name, |kind| kind != DefKind::AssocTy)
}

/// The associated type of this name in a trait or impl.
pub fn type_item(db: &dyn Db, def: DefId, name: Name) -> Option<DefId> {
    item_of_namespace(db, def, name, |kind| kind == DefKind::AssocTy)
}

fn item_of_namespace(db: &dyn Db, def: DefId, name: Name, is_there: fn(DefKind) -> bool) -> Option<DefId> {
    let first = child(db, def, name)?;
    let others = || children(db, def).iter().copied().find(|item| item.name() == name && is_there(item.kind()));
    if is_there(first.kind()) { Some(first) } else { others() }
}

/// The position of a variant in its enum, or of a field or generic parameter in its owner.
pub fn index_of(db: &dyn Db, def: DefId) -> usize {
    match tree::node(db, def).map(|node| &node.syntax) {
        Some(
            NodeSyntax::Variant { index, .. }
            | NodeSyntax::Field { index, .. }
            | NodeSyntax::GenericParam { index, .. },
        ) => *index,
        _ => 0,
    }
}

/// A definition as it is called in messages.
pub fn diagnostic_path(db: &dyn Db, def: DefId) -> String {
    let _ = db;
    match def.parent() {
        Some(parent) if def.kind() == DefKind::Variant => format!("{}::{}", parent.name(), def.name()),
        _ => def.name().to_string(),
    }
}

/// The anonymous constant for the expression at `span` within the item text of `owner`.
///
/// Owners: for a discriminant the variant; for an array length or generic argument in a signature the item (the struct or enum for its fields);
/// in a body the innermost scope (a block that declares items, or the body's owner).
pub fn anon_const(owner: DefId, span: Span) -> DefId {
    owner.child(DefKind::AnonConst, Name::new(""), span.start)
}

/// What an anonymous constant is for.
pub fn anon_const_kind(db: &dyn Db, def: DefId) -> AnonConstKind {
    let tree = tree::tree_of(db, def);
    tree.anon_consts.get(&def.disambiguator()).map_or(AnonConstKind::ArrayLen, |anon| anon.kind)
}

/// The body owner around an inline constant, with which it is inferred. `None` for all other anonymous constants.
pub fn body_around(db: &dyn Db, def: DefId) -> Option<DefId> {
    if anon_const_kind(db, def) == AnonConstKind::Inline { owner_around(def) } else { None }
}

/// The body owner that an anonymous constant stands in, in its body or its signature.
pub fn owner_around(def: DefId) -> Option<DefId> {
    def.ancestors().skip(1).find(|def| {
        matches!(def.kind(), DefKind::Fn | DefKind::Const | DefKind::Static | DefKind::AssocConst | DefKind::AnonConst)
    })
}

/// The inline constants of a body, those in each other included.
pub fn inline_consts(db: &dyn Db, owner: DefId) -> Vec<DefId> {
    let tree = tree::tree_of(db, owner);
    let inline = tree.anon_consts.values().filter(|anon| anon.kind == AnonConstKind::Inline).map(|anon| anon.def);
    let mut found = vec![owner];
    inline.for_each(|def| {
        if body_around(db, def).is_some_and(|around| found.contains(&around)) {
            found.push(def);
        }
    });
    found.split_off(1)
}

/// Whose argument an anonymous constant is, where a path says so.
pub fn anon_const_argument(db: &dyn Db, def: DefId) -> Option<&ConstArgument> {
    tree::tree_of(db, def).anon_consts.get(&def.disambiguator())?.argument.as_ref()
}

/// The expression of an anonymous constant.
pub fn anon_const_expr(db: &dyn Db, def: DefId) -> Option<&ast::Expr> {
    tree::tree_of(db, def).anon_consts.get(&def.disambiguator()).map(|anon| &*anon.expr)
}

/// The opaque type for the `impl Trait` at `span` within the item text of `owner`.
pub fn opaque_ty(owner: DefId, span: Span) -> DefId {
    owner.child(DefKind::OpaqueTy, Name::new(""), span.start)
}

/// The type parameter that an `impl Trait` in an argument of `owner` stands for.
pub fn impl_trait_param(owner: DefId, span: Span) -> DefId {
    owner.child(DefKind::TyParam, Name::new("impl Trait"), span.start)
}

/// Whether a type parameter was made for an `impl Trait` argument.
pub fn is_impl_trait_param(def: DefId) -> bool {
    def.kind() == DefKind::TyParam && def.name() == "impl Trait"
}

pub use crate::check::item_errors;
pub use crate::impls::{body_owners, impls_of_package, inherent_impls, trait_impls};
pub use crate::lang::{LangItems, lang_item, lang_items, lang_name};
pub use crate::lower::{body, body_errors, body_source_map};
pub use crate::path::{Private, resolve_lifetime, resolve_path, resolve_trait_path, trait_of_path};
pub use crate::scope_traits::trait_items_in_scope;
pub use crate::slices::{item_of, item_start, item_text, outer_spans, package_of, syntax_errors};
pub use crate::tree::{children, def_syntax, head_ast, item_ast, package_items};
pub use crate::vis::visible_from;

/// Whether this is a `fn main` that a package begins with.
pub fn is_entry(def: DefId) -> bool {
    def.kind() == DefKind::Fn
        && def.name() == "main"
        && def.parent().is_some_and(|parent| parent.kind() == DefKind::Package)
}

/// Whether the package with this root is a program: it has a `fn main`.
pub fn is_program(db: &dyn Db, root: DefId) -> bool {
    tree::children(db, root).iter().any(|def| is_entry(*def))
}

/// All modules of a package that stand outside of items, the package itself first.
pub fn modules(db: &dyn Db, package: Package) -> &[DefId] {
    crate::slices::package_modules(db, package)
}

/// What the `use`s of a module bring into it, each with the `use`; in no order.
pub fn imported(db: &dyn Db, module: DefId) -> Vec<(crate::resolve::Res, DefId)> {
    let scope = crate::scope::module_scope(db, module.key(db));
    let by = |binding: &Binding| match binding.via {
        Via::Import(by, _) | Via::Glob(by, _) => Some((binding.res, by)),
        Via::Item => None,
    };
    scope.names.values().filter_map(by).collect()
}
