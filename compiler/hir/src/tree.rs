//! What an item holds: the definitions inside it, with their syntax and name spans.
//!
//! Made from the tree of one item outside of other items (and of nothing else), derived impls included. Survives every edit outside of that item.

use std::sync::Arc;

use indexmap::IndexMap;
use rgo_syntax::ast::{self, Block, Expr, ExprKind, Generics, Item, ItemKind, ModKind, StmtKind, Tok, Type, TypeKind};
use rgo_syntax::{Name, Span};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::impls::parsed_head;
use crate::slices::{self, item_of, parsed_item};
use crate::visit::{self, Visitor};
use crate::{Db, DefId, DefKey, DefKind, DefSyntax, Package, derive};

/// A definition inside an item (or the item itself).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub syntax: NodeSyntax,
    pub children: Vec<DefId>,
    /// The first child of each name, where there are many.
    pub names: FxHashMap<Name, DefId>,
    pub generics: Vec<DefId>,
    /// The name, or the head of what has none.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeSyntax {
    /// The item that was parsed.
    Root,
    /// An item of a block, or one that was derived.
    Item(Arc<Item>),
    /// An item of a trait or impl, which holds its syntax.
    Assoc {
        parent: DefId,
        index: usize,
    },
    Variant {
        item: DefId,
        index: usize,
    },
    Field {
        parent: DefId,
        index: usize,
    },
    GenericParam {
        owner: DefId,
        index: usize,
    },
    Inner {
        owner: DefId,
    },
}

/// What an anonymous constant is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AnonConstKind {
    /// The length of an array type.
    ArrayLen,
    /// The length in `[value; length]`.
    RepeatCount,
    Discriminant,
    /// A generic argument or the default of a const parameter.
    GenericArg,
    /// `const { … }`.
    Inline,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnonConst {
    pub def: DefId,
    pub kind: AnonConstKind,
    pub expr: Arc<Expr>,
    /// Whose argument it is, where a path says so.
    pub argument: Option<ConstArgument>,
}

/// An argument of a path's last segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstArgument {
    /// The path up to the segment that has the argument.
    pub path: Arc<ast::Path>,
    /// Its position among the segment's types and constants.
    pub index: usize,
}

/// All definitions inside an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemTree {
    pub nodes: IndexMap<DefId, Node, FxBuildHasher>,
    /// The scopes of blocks that declare items, by the block's span.
    pub blocks: FxHashMap<Span, DefId>,
    /// Anonymous constants by the start of their expression.
    pub anon_consts: IndexMap<u32, AnonConst, FxBuildHasher>,
    /// Derived impls, also of definitions inside.
    pub derived: Vec<DefId>,
}

/// The definitions inside an item outside of other items. Survives edits outside of it.
#[salsa::tracked]
pub fn item_tree<'db>(db: &'db dyn Db, key: DefKey<'db>) -> ItemTree {
    let item = key.def(db);
    let mut builder = TreeBuilder { tree: ItemTree::default(), counts: FxHashMap::default() };
    builder.item(item, &parsed_item(db, key).value, NodeSyntax::Root);
    builder.tree.nodes.values_mut().for_each(Node::index);
    builder.tree
}

/// Whether this is an impl of std outside of other items. There are many, and most are only asked for their heads: those are read alone.
fn has_head_apart(def: DefId) -> bool {
    def.kind() == DefKind::Impl && def.is_std() && item_of(def) == def
}

/// What the head of an impl of std declares, where it can be read alone.
#[salsa::tracked]
fn head_tree<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Option<ItemTree> {
    let head = parsed_head(db, key);
    if !head.errors.is_empty() {
        return None;
    }
    let mut builder = TreeBuilder { tree: ItemTree::default(), counts: FxHashMap::default() };
    builder.item(key.def(db), &head.value, NodeSyntax::Root);
    Some(builder.tree)
}

/// The generic parameters of an item itself.
pub fn own_params(db: &dyn Db, def: DefId) -> &[DefId] {
    let apart = if has_head_apart(def) { head_tree(db, def.key(db)).as_ref() } else { None };
    let node = match apart {
        Some(tree) => tree.nodes.get(&def),
        None => node(db, def),
    };
    node.map_or(&[], |node| &node.generics)
}

/// As [`item_ast`], for what stands in front of the body of an item; of an impl the items may be missing.
pub fn head_ast(db: &dyn Db, def: DefId) -> &Item {
    if has_head_apart(def) {
        let head = parsed_head(db, def.key(db));
        if head.errors.is_empty() {
            return &head.value;
        }
    }
    item_ast(db, def)
}

/// The tree that holds a definition.
pub fn tree_of(db: &dyn Db, def: DefId) -> &ItemTree {
    item_tree(db, item_of(def).key(db))
}

pub fn node(db: &dyn Db, def: DefId) -> Option<&Node> {
    tree_of(db, def).nodes.get(&def)
}

impl Node {
    /// So many children are found by walking along them as fast as by their name.
    const FEW: usize = 8;

    fn index(&mut self) {
        if self.children.len() > Node::FEW {
            for &child in &self.children {
                self.names.entry(child.name()).or_insert(child);
            }
        }
    }
}

struct TreeBuilder {
    tree: ItemTree,
    counts: FxHashMap<(DefId, DefKind, Name), u32>,
}

impl TreeBuilder {
    fn fresh(&mut self, parent: DefId, kind: DefKind, name: Name) -> DefId {
        let count = self.counts.entry((parent, kind, name)).or_insert(0);
        let def = parent.child(kind, name, *count);
        *count += 1;
        def
    }

    fn add(&mut self, def: DefId, syntax: NodeSyntax, span: Span) {
        let node = Node { syntax, children: Vec::new(), names: FxHashMap::default(), generics: Vec::new(), span };
        self.tree.nodes.insert(def, node);
    }

    fn add_child(&mut self, parent: DefId, child: DefId) {
        if let Some(node) = self.tree.nodes.get_mut(&parent) {
            node.children.push(child);
        }
    }

    fn item(&mut self, def: DefId, item: &Item, syntax: NodeSyntax) {
        self.add(def, syntax, head_span(item));
        if let Some(generics) = generics_of(item) {
            self.generics(def, generics);
        }
        match &item.kind {
            ItemKind::Fn(f) => {
                self.impl_trait_params(def, &f.generics, &f.params);
                let mut collector = Collector::new(self, def);
                visit::walk_item(&mut collector, item);
            }
            ItemKind::Struct(s) | ItemKind::Union(s) => {
                self.fields(def, &s.fields);
                self.collect_in(def, item);
                self.derives(def, item);
            }
            ItemKind::Enum(e) => {
                self.collect_in_generics(def, &e.generics);
                for (index, variant) in e.variants.iter().enumerate() {
                    let child = self.fresh(def, DefKind::Variant, variant.name.name);
                    self.add(child, NodeSyntax::Variant { item: def, index }, variant.name.span);
                    self.add_child(def, child);
                    self.fields(child, &variant.fields);
                    let mut collector = Collector::new(self, def);
                    visit::walk_fields(&mut collector, &variant.fields);
                    if let Some(expr) = &variant.discriminant {
                        collector.scope = child;
                        collector.kind = AnonConstKind::Discriminant;
                        collector.visit_anon_const(expr);
                    }
                }
                self.derives(def, item);
            }
            ItemKind::Trait(t) => {
                self.collect_in_generics(def, &t.generics);
                let mut collector = Collector::new(self, def);
                visit::walk_bounds(&mut collector, &t.supertraits);
                self.assoc_items(def, &t.items);
            }
            ItemKind::Impl(i) => {
                self.impl_trait_params(def, &i.generics, &[]);
                self.collect_in_generics(def, &i.generics);
                let mut collector = Collector::new(self, def);
                if let Some(path) = &i.of_trait {
                    collector.visit_path(path);
                }
                collector.visit_type(&i.self_ty);
                self.assoc_items(def, &i.items);
            }
            ItemKind::Mod(m) => {
                if let ModKind::Inline(items) = &m.kind {
                    self.inner_items(def, items.iter());
                }
            }
            ItemKind::TypeAlias(_) | ItemKind::Const(_) | ItemKind::Static(_) => self.collect_in(def, item),
            ItemKind::Use(_)
            | ItemKind::GoImport(_)
            | ItemKind::ExternCrate { .. }
            | ItemKind::ExternBlock { .. }
            | ItemKind::MacroDef { .. }
            | ItemKind::MacroCall(_)
            | ItemKind::Error => {}
        }
    }

    fn collect_in(&mut self, def: DefId, item: &Item) {
        visit::walk_item(&mut Collector::new(self, def), item);
    }

    fn collect_in_generics(&mut self, def: DefId, generics: &Generics) {
        visit::walk_generics(&mut Collector::new(self, def), generics);
    }

    fn generics(&mut self, owner: DefId, generics: &Generics) {
        for (index, param) in generics.params.iter().enumerate() {
            let kind = match param.kind {
                ast::GenericParamKind::Lifetime { .. } => DefKind::LifetimeParam,
                ast::GenericParamKind::Type { .. } => DefKind::TyParam,
                ast::GenericParamKind::Const { .. } => DefKind::ConstParam,
            };
            let def = self.fresh(owner, kind, param.ident.name);
            self.add(def, NodeSyntax::GenericParam { owner, index }, param.ident.span);
            if let Some(node) = self.tree.nodes.get_mut(&owner) {
                node.generics.push(def);
            }
        }
    }

    /// The parameters that `impl Trait` stands for: in the types of arguments, and in the bounds of parameters of functions and impls.
    fn impl_trait_params(&mut self, owner: DefId, generics: &Generics, params: &[ast::Param]) {
        let mut finder = ImplTraits { spans: Vec::new(), place: ImplTraitPlace::Bound };
        for param in &generics.params {
            if let ast::GenericParamKind::Type { bounds, .. } = &param.kind {
                visit::walk_bounds(&mut finder, bounds);
            }
        }
        finder.place = ImplTraitPlace::Argument;
        for param in params {
            finder.visit_type(&param.ty);
        }
        for (index, span) in finder.spans.into_iter().enumerate() {
            let def = crate::impl_trait_param(owner, span);
            let index = generics.params.len() + index;
            self.add(def, NodeSyntax::GenericParam { owner, index }, span);
            if let Some(node) = self.tree.nodes.get_mut(&owner) {
                node.generics.push(def);
            }
        }
    }

    fn fields(&mut self, parent: DefId, fields: &ast::Fields) {
        let fields: Vec<(Name, Span)> = match fields {
            ast::Fields::Unit => Vec::new(),
            ast::Fields::Tuple(fields) => {
                fields.iter().enumerate().map(|(index, field)| (Name::new(&index.to_string()), field.span)).collect()
            }
            ast::Fields::Named(fields) => fields.iter().map(|field| (field.name.name, field.name.span)).collect(),
        };
        for (index, (name, span)) in fields.into_iter().enumerate() {
            let def = self.fresh(parent, DefKind::Field, name);
            self.add(def, NodeSyntax::Field { parent, index }, span);
            self.add_child(parent, def);
        }
    }

    fn assoc_items(&mut self, parent: DefId, items: &[Item]) {
        for (index, item) in items.iter().enumerate().filter(|(_, item)| crate::cfg::enabled(&item.attrs)) {
            let kind = match &item.kind {
                ItemKind::Fn(_) => DefKind::Fn,
                ItemKind::TypeAlias(_) => DefKind::AssocTy,
                ItemKind::Const(_) => DefKind::AssocConst,
                _ => continue,
            };
            let name = item.name().map_or(Name::new(""), |ident| ident.name);
            let def = self.fresh(parent, kind, name);
            self.add_child(parent, def);
            self.item(def, item, NodeSyntax::Assoc { parent, index });
        }
    }

    /// Items of a block, or of a module inside of one.
    fn inner_items<'a>(&mut self, parent: DefId, items: impl Iterator<Item = &'a Item>) {
        for item in items.into_iter().filter(|item| crate::cfg::enabled(&item.attrs)) {
            let kind = match &item.kind {
                ItemKind::Fn(_) => DefKind::Fn,
                ItemKind::Struct(_) => DefKind::Struct,
                ItemKind::Union(_) => DefKind::Union,
                ItemKind::Enum(_) => DefKind::Enum,
                ItemKind::Trait(_) => DefKind::Trait,
                ItemKind::Impl(_) => DefKind::Impl,
                ItemKind::TypeAlias(_) => DefKind::TypeAlias,
                ItemKind::Const(_) => DefKind::Const,
                ItemKind::Static(_) => DefKind::Static,
                ItemKind::Mod(_) => DefKind::Mod,
                ItemKind::Use(_)
                | ItemKind::GoImport(_)
                | ItemKind::ExternCrate { .. }
                | ItemKind::ExternBlock { .. }
                | ItemKind::MacroDef { .. }
                | ItemKind::MacroCall(_)
                | ItemKind::Error => DefKind::Use,
            };
            let name = match kind {
                DefKind::Impl | DefKind::Use => Name::new(""),
                _ => item.name().map_or(Name::new(""), |ident| ident.name),
            };
            let def = self.fresh(parent, kind, name);
            self.add_child(parent, def);
            self.item(def, item, NodeSyntax::Item(Arc::new(item.clone())));
        }
    }

    fn derives(&mut self, adt: DefId, item: &Item) {
        let requests = derive::requests(item);
        for &(derive, span) in &requests.derives {
            if let Some(expanded) = derive::expand(item, derive, span, &requests.derives) {
                let def = self.fresh(adt, DefKind::Impl, Name::new(derive.name()));
                self.tree.derived.push(def);
                let expanded = Arc::new(expanded);
                self.item(def, &expanded, NodeSyntax::Item(expanded.clone()));
            }
        }
    }
}

/// Walks what is inside an item but no item itself: blocks with items, anonymous constants.
struct Collector<'a> {
    builder: &'a mut TreeBuilder,
    scope: DefId,
    kind: AnonConstKind,
    /// The arguments of the paths around, by the start of their expression.
    arguments: FxHashMap<u32, ConstArgument>,
}

impl<'a> Collector<'a> {
    fn new(builder: &'a mut TreeBuilder, scope: DefId) -> Collector<'a> {
        Collector { builder, scope, kind: AnonConstKind::ArrayLen, arguments: FxHashMap::default() }
    }
}

impl Collector<'_> {
    fn anon_const(&mut self, expr: &Expr, kind: AnonConstKind) {
        let def = crate::anon_const(self.scope, expr.span);
        let start = expr.span.start;
        if self.builder.tree.anon_consts.contains_key(&start) {
            return;
        }
        self.builder.add(def, NodeSyntax::Inner { owner: self.scope }, expr.span);
        let argument = self.arguments.remove(&start);
        self.builder.tree.anon_consts.insert(start, AnonConst { def, kind, expr: Arc::new(expr.clone()), argument });
        let outer = std::mem::replace(&mut self.scope, def);
        let outer_kind = std::mem::replace(&mut self.kind, AnonConstKind::ArrayLen);
        self.visit_expr(expr);
        self.scope = outer;
        self.kind = outer_kind;
    }
}

impl Collector<'_> {
    fn note_const_arguments(&mut self, path: &ast::Path) {
        for (position, segment) in path.segments.iter().enumerate() {
            let Some(ast::GenericArgs::Angle(args)) = segment.args.as_deref() else { continue };
            let is_counted =
                |arg: &&ast::GenericArg| matches!(arg, ast::GenericArg::Type(_) | ast::GenericArg::Const(_));
            for (index, arg) in args.args.iter().filter(is_counted).enumerate() {
                if let ast::GenericArg::Const(expr) = arg {
                    let segments = path.segments[..=position].to_vec();
                    let path = Arc::new(ast::Path { segments, ..*path });
                    self.arguments.insert(expr.span.start, ConstArgument { path, index });
                }
            }
        }
    }
}

impl Visitor for Collector<'_> {
    fn visit_block(&mut self, block: &Block) {
        let items: Vec<&Item> = block
            .stmts
            .iter()
            .filter_map(|stmt| match &stmt.kind {
                StmtKind::Item(item) => Some(&**item),
                _ => None,
            })
            .collect();
        if items.is_empty() {
            visit::walk_block(self, block);
            return;
        }
        let def = self.builder.fresh(self.scope, DefKind::Block, Name::new(""));
        self.builder.add(def, NodeSyntax::Inner { owner: self.scope }, block.span);
        self.builder.tree.blocks.insert(block.span, def);
        self.builder.inner_items(def, items.into_iter());
        let outer = std::mem::replace(&mut self.scope, def);
        visit::walk_block(self, block);
        self.scope = outer;
    }

    // Items are looked at where their block, trait or module is.
    fn visit_item(&mut self, _item: &Item) {}

    /// What is looked for has braces, a `;` between a value and its count, or arguments in angles.
    fn visit_macro(&mut self, call: &ast::MacroCall) {
        let may_hold = |token: &ast::Token| matches!(token.kind, Tok::LBrace | Tok::Semi | Tok::Lt | Tok::Shl);
        if call.tokens.iter().any(may_hold) {
            visit::walk_macro(self, call);
        }
    }

    fn visit_anon_const(&mut self, expr: &Expr) {
        let kind = self.kind;
        self.anon_const(expr, kind);
    }

    fn visit_repeat_count(&mut self, expr: &Expr) {
        self.anon_const(expr, AnonConstKind::RepeatCount);
    }

    fn visit_path(&mut self, path: &ast::Path) {
        self.note_const_arguments(path);
        let outer = std::mem::replace(&mut self.kind, AnonConstKind::GenericArg);
        visit::walk_path(self, path);
        self.kind = outer;
    }

    fn visit_type(&mut self, ty: &Type) {
        let outer = std::mem::replace(&mut self.kind, AnonConstKind::ArrayLen);
        visit::walk_type(self, ty);
        self.kind = outer;
    }

    fn visit_expr(&mut self, expr: &Expr) {
        let outer = std::mem::replace(&mut self.kind, AnonConstKind::ArrayLen);
        if let ExprKind::MethodCall { method, .. } = &expr.kind
            && method.args.is_some()
        {
            self.kind = AnonConstKind::GenericArg;
        }
        visit::walk_expr(self, expr);
        self.kind = outer;
    }

    fn visit_const_block(&mut self, span: Span, block: &Block) {
        let kind = ExprKind::Block { label: None, block: Box::new(block.clone()) };
        self.anon_const(&Expr { kind, span }, AnonConstKind::Inline);
    }
}

struct ImplTraits {
    spans: Vec<Span>,
    place: ImplTraitPlace,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ImplTraitPlace {
    Argument,
    /// In a bound of a parameter, where `Fn(impl Trait)` is refused.
    Bound,
}

impl Visitor for ImplTraits {
    fn visit_bound(&mut self, bound: &ast::Bound) {
        let is_sugar = |segment: &ast::PathSegment| matches!(segment.args.as_deref(), Some(ast::GenericArgs::Paren(_)));
        match bound {
            ast::Bound::Trait(bound) if self.place == ImplTraitPlace::Bound => {
                if !bound.path.segments.iter().any(is_sugar) {
                    self.visit_path(&bound.path);
                }
            }
            _ => visit::walk_bound(self, bound),
        }
    }

    fn visit_type(&mut self, ty: &Type) {
        if let TypeKind::ImplTrait(_) = ty.kind {
            self.spans.push(ty.span);
        }
        visit::walk_type(self, ty);
    }
}

pub fn generics_of(item: &Item) -> Option<&Generics> {
    match &item.kind {
        ItemKind::Fn(f) => Some(&f.generics),
        ItemKind::Struct(s) | ItemKind::Union(s) => Some(&s.generics),
        ItemKind::Enum(e) => Some(&e.generics),
        ItemKind::Trait(t) => Some(&t.generics),
        ItemKind::Impl(i) => Some(&i.generics),
        ItemKind::TypeAlias(t) => Some(&t.generics),
        ItemKind::Const(c) => Some(&c.generics),
        ItemKind::Static(_)
        | ItemKind::Use(_)
        | ItemKind::Mod(_)
        | ItemKind::GoImport(_)
        | ItemKind::ExternCrate { .. }
        | ItemKind::ExternBlock { .. }
        | ItemKind::MacroDef { .. }
        | ItemKind::MacroCall(_)
        | ItemKind::Error => None,
    }
}

fn head_span(item: &Item) -> Span {
    match &item.kind {
        ItemKind::Impl(i) => i.head_span,
        _ => item.name().map_or(item.span, |ident| ident.span),
    }
}

/// The syntax that a definition stands for.
pub fn def_syntax(db: &dyn Db, def: DefId) -> DefSyntax<'_> {
    if def.kind() == DefKind::Package {
        return DefSyntax::Package;
    }
    if matches!(def.kind(), DefKind::TyParam | DefKind::ConstParam | DefKind::LifetimeParam)
        && let Some(owner) = def.parent().filter(|owner| has_head_apart(*owner))
        && let Some(tree) = head_tree(db, owner.key(db))
    {
        return syntax_in(db, tree, def);
    }
    syntax_in(db, tree_of(db, def), def)
}

/// The syntax of a definition in the tree that holds it: what is asked on the way of what lies around it needs no look for the tree.
fn syntax_in<'db>(db: &'db dyn Db, tree: &'db ItemTree, def: DefId) -> DefSyntax<'db> {
    let Some(node) = tree.nodes.get(&def) else {
        return match def.parent() {
            Some(owner) if !matches!(def.kind(), DefKind::Mod) => DefSyntax::Inner { owner },
            _ => DefSyntax::Package,
        };
    };
    match &node.syntax {
        NodeSyntax::Root => DefSyntax::Item(&parsed_item(db, def.key(db)).value),
        NodeSyntax::Item(item) => DefSyntax::Item(item),
        NodeSyntax::Assoc { parent, index } => {
            let items = match &item_in(db, tree, *parent).kind {
                ItemKind::Impl(imp) => &*imp.items,
                ItemKind::Trait(tr) => &*tr.items,
                _ => &[],
            };
            items.get(*index).map_or(DefSyntax::Inner { owner: *parent }, DefSyntax::Item)
        }
        NodeSyntax::Variant { item, index } => DefSyntax::Variant { item: item_in(db, tree, *item), index: *index },
        NodeSyntax::Field { parent, index } => DefSyntax::Field { parent: *parent, index: *index },
        NodeSyntax::GenericParam { owner, index } => DefSyntax::GenericParam { owner: *owner, index: *index },
        NodeSyntax::Inner { owner } => DefSyntax::Inner { owner: *owner },
    }
}

/// The item of a definition; of what is no item itself, its owner's.
pub fn item_ast(db: &dyn Db, def: DefId) -> &Item {
    match def.kind() {
        DefKind::Package => &parsed_item(db, def.key(db)).value,
        _ => item_in(db, tree_of(db, def), def),
    }
}

fn item_in<'db>(db: &'db dyn Db, tree: &'db ItemTree, def: DefId) -> &'db Item {
    let item = item_of(def);
    let mut def = def;
    loop {
        if item_of(def) != item {
            return item_ast(db, def);
        }
        match syntax_in(db, tree, def) {
            DefSyntax::Item(item) | DefSyntax::Variant { item, .. } => return item,
            DefSyntax::Field { parent: owner, .. }
            | DefSyntax::GenericParam { owner, .. }
            | DefSyntax::Inner { owner } => def = owner,
            DefSyntax::Package => return &parsed_item(db, def.key(db)).value,
        }
    }
}

/// The definitions directly inside a definition, in source order. Generic parameters are apart.
pub fn children(db: &dyn Db, def: DefId) -> &[DefId] {
    match def.kind() {
        DefKind::Package => slices::module_items(db, def.key(db)),
        DefKind::Mod if item_of(def) == def => slices::module_items(db, def.key(db)),
        _ => node(db, def).map_or(&[], |node| &node.children),
    }
}

/// The items of a package in source order, those in blocks, traits and impls and derived impls included.
pub fn package_items(db: &dyn Db, package: Package) -> Vec<DefId> {
    let mut items = Vec::new();
    for &module in slices::package_modules(db, package) {
        for &item in slices::module_items(db, module.key(db)) {
            let tree = item_tree(db, item.key(db));
            let is_item =
                |node: &Node| matches!(node.syntax, NodeSyntax::Root | NodeSyntax::Item(_) | NodeSyntax::Assoc { .. });
            items.extend(tree.nodes.iter().filter(|(_, node)| is_item(node)).map(|(def, _)| *def));
        }
    }
    items
}
