//! What names mean in modules and blocks: items, imports and globs, by fixpoint.
//!
//! Three layers, each a query: std, all other packages together (they may import each other), and the blocks and modules inside of one item.
//! A layer looks at the layers before it only. Invariant: explicit names win over globs, whatever the order of resolution.

use rgo_syntax::ast::{Ident, ItemKind, UseTree, UseTreeKind};
use rgo_syntax::{Name, Span};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::import_path;
use crate::path::{self, ModuleLookup};
use crate::resolve::{Namespace, Res};
use crate::slices::{item_of, package_modules, parsed_item};
use crate::tree::item_tree;
use crate::vis::{Vis, outer_vis};
use crate::{Db, DefId, DefKey, DefKind, HirError, Package, Workspace, children, def_span, item_ast};

/// A name in a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    pub res: Res,
    pub vis: Vis,
    pub via: Via,
    /// Two globs bring in different things.
    pub ambiguous: bool,
}

/// How a name came into its scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    Item,
    /// The nth leaf of a `use`.
    Import(DefId, u32),
    Glob(DefId, u32),
}

/// The names of one module or block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    pub names: FxHashMap<(Name, Namespace), Binding>,
    /// Traits imported `as _`.
    pub unnamed_traits: Vec<(DefId, Vis)>,
}

impl Scope {
    pub fn get(&self, name: Name, ns: Namespace) -> Option<Binding> {
        self.names.get(&(name, ns)).copied()
    }
}

/// A layer of scopes, and the errors of its imports and duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes {
    pub scopes: FxHashMap<DefId, Scope>,
    pub errors: Vec<HirError>,
}

/// The scopes of std. Survives edits outside of it.
#[salsa::tracked]
fn std_scopes(db: &dyn Db, package: Package) -> Scopes {
    Fixpoint::run(db, package_modules(db, package))
}

/// The scopes of all packages but std. Survives edits that change no name, import or visibility.
#[salsa::tracked]
fn workspace_scopes(db: &dyn Db, workspace: Workspace) -> Scopes {
    let mut modules = Vec::new();
    for &package in workspace.packages(db) {
        if !*package.is_std(db) {
            modules.extend_from_slice(package_modules(db, package));
        }
    }
    Fixpoint::run(db, &modules)
}

/// The scopes of blocks and modules inside of an item. Survives edits outside of it that change no name that it imports.
#[salsa::tracked]
pub fn item_scopes<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Scopes {
    let item = key.def(db);
    let tree = item_tree(db, item.key(db));
    let scopes: Vec<DefId> = tree
        .nodes
        .keys()
        .copied()
        .filter(|def| matches!(def.kind(), DefKind::Block) || (def.kind() == DefKind::Mod && *def != item))
        .collect();
    if scopes.is_empty() {
        return Scopes::default();
    }
    Fixpoint::run(db, &scopes)
}

/// Errors of names in all packages but std.
pub fn workspace_scope_errors(db: &dyn Db) -> &[HirError] {
    &workspace_scopes(db, db.workspace()).errors
}

/// Errors of names in std.
pub fn std_scope_errors(db: &dyn Db, package: Package) -> &[HirError] {
    &std_scopes(db, package).errors
}

/// The names of a module or block. Survives edits that change none of them.
#[salsa::tracked]
pub fn module_scope<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Scope {
    let module = key.def(db);
    let item = item_of(module);
    let scopes = if item != module || module.kind() == DefKind::Block {
        item_scopes(db, item.key(db))
    } else if module.is_std() {
        std_scopes(db, db.workspace().std(db))
    } else {
        workspace_scopes(db, db.workspace())
    };
    scopes.scopes.get(&module).cloned().unwrap_or_default()
}

/// How a struct or variant is written as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CtorKind {
    Unit,
    Tuple,
    Named,
}

/// The shape of a struct, union or variant. Survives edits outside of it.
#[salsa::tracked(returns(copy))]
pub fn ctor_kind<'db>(db: &'db dyn Db, key: DefKey<'db>) -> CtorKind {
    let def = key.def(db);
    match crate::fields_of(db, def) {
        Some(rgo_syntax::ast::Fields::Unit) => CtorKind::Unit,
        Some(rgo_syntax::ast::Fields::Tuple(_)) => CtorKind::Tuple,
        Some(rgo_syntax::ast::Fields::Named(_)) | None => CtorKind::Named,
    }
}

/// A leaf of a `use`, an `extern crate` or a Go `import`.
#[derive(Clone, Debug)]
pub struct Import {
    pub scope: DefId,
    pub use_def: DefId,
    pub index: u32,
    pub path: Vec<Ident>,
    pub global: bool,
    pub target: Target,
    pub vis: Vis,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// All namespaces, under this name.
    Single(Ident),
    /// `{self}`: the type namespace.
    Module(Ident),
    Underscore,
    Glob,
    ExternCrate(Ident),
}

/// The namespaces that an item takes a name in.
fn namespaces(kind: DefKind) -> &'static [Namespace] {
    match kind {
        DefKind::Fn | DefKind::Const | DefKind::Static => &[Namespace::Value],
        DefKind::Struct => &[Namespace::Type, Namespace::Value],
        DefKind::Mod | DefKind::Union | DefKind::Enum | DefKind::Trait | DefKind::TypeAlias => &[Namespace::Type],
        DefKind::Package
        | DefKind::Variant
        | DefKind::Field
        | DefKind::Impl
        | DefKind::AssocTy
        | DefKind::AssocConst
        | DefKind::TyParam
        | DefKind::ConstParam
        | DefKind::LifetimeParam
        | DefKind::Closure
        | DefKind::AnonConst
        | DefKind::Block
        | DefKind::OpaqueTy
        | DefKind::Use => &[],
    }
}

struct Fixpoint<'db> {
    db: &'db dyn Db,
    scopes: FxHashMap<DefId, Scope>,
    imports: Vec<Import>,
    errors: Vec<HirError>,
    /// Per import: whether anything was found.
    found: Vec<bool>,
}

impl ModuleLookup for Fixpoint<'_> {
    fn lookup(&self, module: DefId, name: Name, ns: Namespace) -> Option<Binding> {
        self.known_scope(module)?.get(name, ns)
    }

    fn names(&self, module: DefId) -> Vec<Name> {
        self.known_scope(module).map_or(Vec::new(), |scope| scope.names.keys().map(|(name, _)| *name).collect())
    }
}

const NAMESPACES: [Namespace; 3] = [Namespace::Type, Namespace::Value, Namespace::Macro];

impl<'db> Fixpoint<'db> {
    /// The names of a module as far as they are known; none of a folder that only holds packages.
    fn known_scope(&self, module: DefId) -> Option<&Scope> {
        match self.scopes.get(&module) {
            Some(scope) => Some(scope),
            None if module.kind() == DefKind::Package && crate::package(self.db, module.name()).is_none() => None,
            None => Some(module_scope(self.db, module.key(self.db))),
        }
    }

    fn run(db: &'db dyn Db, modules: &[DefId]) -> Scopes {
        let mut fixpoint =
            Fixpoint { db, scopes: FxHashMap::default(), imports: Vec::new(), errors: Vec::new(), found: Vec::new() };
        for &module in modules {
            fixpoint.scopes.insert(module, Scope::default());
        }
        for &module in modules {
            fixpoint.add_items(module);
        }
        fixpoint.found = vec![false; fixpoint.imports.len()];
        for _ in 0..64 {
            let mut changed = false;
            for index in 0..fixpoint.imports.len() {
                changed |= fixpoint.step(index);
            }
            if !changed {
                break;
            }
        }
        for index in 0..fixpoint.imports.len() {
            fixpoint.check(index);
        }
        fixpoint.merge_unresolved();
        fixpoint.conflicts(modules);
        fixpoint.fill_unresolved();
        fixpoint.errors.sort_by_key(|error| (item_of(error.def), error.span));
        Scopes { scopes: fixpoint.scopes, errors: fixpoint.errors }
    }

    fn add_items(&mut self, module: DefId) {
        for &def in children(self.db, module) {
            if def.kind() == DefKind::Use {
                self.add_imports(module, def);
                continue;
            }
            if def.name().is_underscore() {
                continue;
            }
            for &ns in namespaces(def.kind()) {
                // A struct with named fields takes no name for values. Of std this is asked when the name is used.
                if ns == Namespace::Value
                    && def.kind() == DefKind::Struct
                    && !def.is_std()
                    && ctor_kind(self.db, def.key(self.db)) == CtorKind::Named
                {
                    continue;
                }
                let binding =
                    Binding { res: Res::Def(def), vis: outer_vis(self.db, def), via: Via::Item, ambiguous: false };
                let scope = self.scopes.entry(module).or_default();
                scope.names.entry((def.name(), ns)).or_insert(binding);
            }
        }
    }

    fn add_imports(&mut self, module: DefId, def: DefId) {
        let item =
            if item_of(def) == def { &parsed_item(self.db, def.key(self.db)).value } else { item_ast(self.db, def) };
        let vis = outer_vis(self.db, def);
        match &item.kind {
            ItemKind::Use(tree) => {
                let mut leaves = Leaves {
                    scope: module,
                    use_def: def,
                    vis,
                    in_braces: false,
                    imports: Vec::new(),
                    errors: Vec::new(),
                };
                leaves.flatten(tree, &[], tree.prefix.global);
                self.imports.extend(leaves.imports);
                self.errors.extend(leaves.errors);
            }
            ItemKind::ExternCrate { name, rename } => self.imports.push(Import {
                scope: module,
                use_def: def,
                index: 0,
                path: vec![*name],
                global: true,
                target: Target::ExternCrate(rename.unwrap_or(*name)),
                vis,
                span: name.span,
            }),
            ItemKind::GoImport(import) => {
                let name = import.rename.map_or_else(|| go_package_name(&import.path), |ident| ident.name);
                let binding = Binding { res: Res::GoPackage(def), vis, via: Via::Import(def, 0), ambiguous: false };
                self.scopes.entry(module).or_default().names.insert((name, Namespace::Type), binding);
            }
            _ => {}
        }
    }

    /// Resolves an import as far as known now; true if that told something new.
    fn step(&mut self, index: usize) -> bool {
        let import = self.imports[index].clone();
        if let Target::Glob = import.target {
            return self.step_glob(index, &import);
        }
        let mut changed = false;
        for (ns, binding) in self.targets(&import) {
            self.found[index] = true;
            let Ok(binding) = binding else { continue };
            // What is re-exported further than it may be named is reported later and not seen further.
            let vis = if binding.vis.at_least(import.vis) { import.vis } else { binding.vis };
            let new =
                Binding { res: binding.res, vis, via: Via::Import(import.use_def, import.index), ambiguous: false };
            let name = match import.target {
                Target::Single(name) | Target::Module(name) | Target::ExternCrate(name) => name.name,
                Target::Underscore => {
                    if let Res::Def(def) = binding.res
                        && def.kind() == DefKind::Trait
                    {
                        let scope = self.scopes.entry(import.scope).or_default();
                        if !scope.unnamed_traits.iter().any(|(known, _)| *known == def) {
                            scope.unnamed_traits.push((def, vis));
                            changed = true;
                        }
                    }
                    continue;
                }
                Target::Glob => continue,
            };
            let scope = self.scopes.entry(import.scope).or_default();
            match scope.names.get(&(name, ns)) {
                Some(known) if !matches!(known.via, Via::Glob(..)) => {
                    if known.via == new.via && *known != new {
                        scope.names.insert((name, ns), new);
                        changed = true;
                    }
                }
                Some(_) | None => {
                    scope.names.insert((name, ns), new);
                    changed = true;
                }
            }
        }
        changed
    }

    /// What a single import names, per namespace; an error for what is private.
    fn targets(&self, import: &Import) -> Vec<(Namespace, Result<Binding, Binding>)> {
        let mut targets = Vec::new();
        let namespaces: &[Namespace] = match import.target {
            Target::Module(_) | Target::ExternCrate(_) => &NAMESPACES[..1],
            _ => &NAMESPACES,
        };
        for &ns in namespaces {
            let own = Via::Import(import.use_def, import.index);
            let binding = import_path::import_target(self.db, self, import, ns, own);
            let Some(binding) = binding else { continue };
            let (Ok(found) | Err(found)) = binding;
            if ns == Namespace::Value
                && let Res::Def(def) = found.res
                && def.kind() == DefKind::Struct
            {
                match path::ctor_vis(self.db, def) {
                    None => continue,
                    Some(vis) if !vis.reaches(import.scope) => continue,
                    Some(_) => {}
                }
            }
            targets.push((ns, binding));
        }
        targets
    }

    fn step_glob(&mut self, index: usize, import: &Import) -> bool {
        let Some(source) = import_path::glob_source(self.db, self, import) else { return false };
        self.found[index] = true;
        if import_path::private_segment(self.db, self, import).is_some() {
            return false;
        }
        let names: Vec<((Name, Namespace), Binding)> = match source.kind() {
            DefKind::Enum => children(self.db, source)
                .iter()
                .flat_map(|&variant| {
                    let vis = crate::vis::def_vis(self.db, variant.key(self.db));
                    let binding = Binding { res: Res::Def(variant), vis, via: Via::Item, ambiguous: false };
                    [Namespace::Type, Namespace::Value].map(|ns| ((variant.name(), ns), binding))
                })
                .collect(),
            DefKind::Mod | DefKind::Package => {
                if source == import.scope {
                    return false;
                }
                let Some(scope) = self.known_scope(source) else { return false };
                scope
                    .names
                    .iter()
                    .filter(|(_, binding)| binding.vis.reaches(import.scope))
                    .map(|(key, binding)| (*key, *binding))
                    .collect()
            }
            _ => return false,
        };
        let unnamed: Vec<(DefId, Vis)> = match source.kind() {
            DefKind::Enum => Vec::new(),
            _ => self.known_scope(source).map_or(Vec::new(), |scope| scope.unnamed_traits.clone()),
        };
        let mut changed = false;
        let scope = self.scopes.entry(import.scope).or_default();
        for (def, vis) in unnamed {
            if vis.reaches(import.scope) && !scope.unnamed_traits.iter().any(|(known, _)| *known == def) {
                scope.unnamed_traits.push((def, import.vis));
                changed = true;
            }
        }
        for (key, binding) in names {
            let vis = if binding.vis.at_least(import.vis) { import.vis } else { binding.vis };
            let via = Via::Glob(import.use_def, import.index);
            let mut new = Binding { res: binding.res, vis, via, ambiguous: binding.ambiguous };
            match scope.names.get(&key) {
                None => {
                    scope.names.insert(key, new);
                    changed = true;
                }
                Some(known) if known.via == via => {
                    new.ambiguous |= known.ambiguous;
                    if *known != new {
                        scope.names.insert(key, new);
                        changed = true;
                    }
                }
                Some(known) => {
                    if matches!(known.via, Via::Glob(..)) {
                        let mut merged = *known;
                        if known.res != new.res {
                            merged.ambiguous = true;
                        } else if !known.vis.at_least(new.vis) {
                            merged.vis = new.vis;
                        }
                        if merged != *known {
                            scope.names.insert(key, merged);
                            changed = true;
                        }
                    }
                }
            }
        }
        changed
    }

    /// One error for all that a `use` does not find.
    fn merge_unresolved(&mut self) {
        let mut merged: Vec<HirError> = Vec::new();
        for error in std::mem::take(&mut self.errors) {
            let first = merged.iter_mut().find(|first| first.def == error.def && first.code == Some("E0432"));
            match first {
                Some(first) if error.code == Some("E0432") => {
                    first.is_of_glob |= error.is_of_glob;
                    first.secondary.push((error.def, error.span, error.label));
                }
                _ => merged.push(error),
            }
        }
        self.errors = merged;
    }

    /// What could not be imported means an error that has been reported, so that its uses say nothing more.
    fn fill_unresolved(&mut self) {
        for (import, found) in self.imports.iter().zip(&self.found) {
            let (Target::Single(name) | Target::Module(name) | Target::ExternCrate(name)) = import.target else {
                continue;
            };
            let targets = self.targets(import);
            if *found && targets.iter().any(|(_, binding)| binding.is_ok()) {
                continue;
            }
            let via = Via::Import(import.use_def, import.index);
            let unknown = Binding { res: Res::Err, vis: import.vis, via, ambiguous: false };
            let scope = self.scopes.entry(import.scope).or_default();
            for ns in [Namespace::Type, Namespace::Value] {
                if targets.is_empty() || targets.iter().any(|(target_ns, _)| *target_ns == ns) {
                    scope.names.entry((name.name, ns)).or_insert(unknown);
                }
            }
        }
    }

    /// Reports what is wrong with an import once everything is known.
    fn check(&mut self, index: usize) {
        let import = self.imports[index].clone();
        if import.target == Target::Glob {
            match import_path::glob_source(self.db, self, &import) {
                Some(_) => {
                    self.check_prefix_privacy(&import);
                }
                None => {
                    if let Some(error) = import_path::import_error(self.db, self, &import) {
                        self.errors.push(HirError { is_of_glob: true, ..error });
                    }
                }
            }
            return;
        }
        let targets = self.targets(&import);
        if targets.is_empty() {
            if let Some(error) = import_path::import_error(self.db, self, &import) {
                self.errors.push(error);
            }
            return;
        }
        if self.check_prefix_privacy(&import) {
            return;
        }
        if targets.iter().all(|(_, binding)| binding.is_err()) {
            let (_, Ok(binding) | Err(binding)) = targets[0];
            let name = import.path.last().copied();
            if let Some(name) = name {
                self.errors.push(path::private_error(self.db, import.use_def, name, binding.res));
            }
            return;
        }
        self.check_reexport(&import, &targets);
    }

    /// Whether the import goes through something private; reported.
    fn check_prefix_privacy(&mut self, import: &Import) -> bool {
        let Some((name, res)) = import_path::private_segment(self.db, self, import) else { return false };
        self.errors.push(path::private_error(self.db, import.use_def, name, res));
        true
    }

    /// E0364, E0365: `pub use` of something that is not as public.
    fn check_reexport(&mut self, import: &Import, targets: &[(Namespace, Result<Binding, Binding>)]) {
        if matches!(import.vis, Vis::In(module) if module == import.scope.module())
            || matches!(import.target, Target::ExternCrate(_))
        {
            return;
        }
        let narrow = |binding: &Binding| !binding.vis.at_least(import.vis);
        let visible: Vec<_> =
            targets.iter().filter_map(|(ns, binding)| binding.as_ref().ok().map(|b| (*ns, *b))).collect();
        if visible.is_empty() || !visible.iter().all(|(_, binding)| narrow(binding)) {
            return;
        }
        let (ns, binding) = visible[visible.len() - 1];
        let name = import.path.last().map_or(Name::new(""), |ident| ident.name);
        let extent = if matches!(binding.vis, Vis::Crate(_)) {
            "is only public within the crate, and cannot be re-exported outside"
        } else {
            "is private, and cannot be re-exported"
        };
        let code = if ns == Namespace::Type { "E0365" } else { "E0364" };
        self.errors.push(
            HirError::new(import.use_def, import.span, code, format!("`{name}` {extent}"))
                .label("re-export of what is not as public")
                .help(format!("mark `{name}` as `pub` where it is defined")),
        );
    }

    /// E0252, E0254, E0255, E0260, E0428: a name that is defined twice.
    fn conflicts(&mut self, modules: &[DefId]) {
        if modules.first().is_some_and(|module| module.is_std()) {
            return;
        }
        let mut by_scope: FxHashMap<DefId, Vec<usize>> = FxHashMap::default();
        for (index, import) in self.imports.iter().enumerate() {
            by_scope.entry(import.scope).or_default().push(index);
        }
        for &module in modules {
            let mut definitions: Vec<Definition> = Vec::new();
            for &def in children(self.db, module) {
                if def.kind() == DefKind::Use || def.name().is_underscore() {
                    continue;
                }
                for &ns in namespaces(def.kind()) {
                    let named = def.kind() == DefKind::Struct && ns == Namespace::Value;
                    if named && ctor_kind(self.db, def.key(self.db)) == CtorKind::Named {
                        continue;
                    }
                    definitions.push(Definition { name: def.name(), ns, def, span: None, sort: Sort::Item });
                }
            }
            for &index in by_scope.get(&module).map_or(&[][..], Vec::as_slice) {
                let import = &self.imports[index];
                let (name, sort) = match import.target {
                    Target::Single(name) | Target::Module(name) => (name, Sort::Import),
                    Target::ExternCrate(name) => (name, Sort::ExternCrate),
                    Target::Underscore | Target::Glob => continue,
                };
                for (ns, binding) in self.targets(import) {
                    if binding.is_ok_and(|binding| binding.res != Res::Err) {
                        let span = Some(import.span);
                        definitions.push(Definition { name: name.name, ns, def: import.use_def, span, sort });
                    }
                }
            }
            self.report_conflicts(module, &definitions);
        }
    }

    fn report_conflicts(&mut self, module: DefId, definitions: &[Definition]) {
        let order: FxHashMap<DefId, usize> =
            children(self.db, module).iter().enumerate().map(|(index, def)| (*def, index)).collect();
        let position = |d: &Definition| (order.get(&d.def).copied().unwrap_or(0), d.span);
        let mut sorted: Vec<&Definition> = definitions.iter().collect();
        sorted.sort_by_key(|d| position(d));
        // An item comes before all imports of its name; otherwise the first in the text comes first.
        let mut first: FxHashMap<(Name, Namespace), &Definition> = FxHashMap::default();
        for definition in sorted.iter().copied().filter(|definition| definition.sort == Sort::Item) {
            first.entry((definition.name, definition.ns)).or_insert(definition);
        }
        let mut reported: FxHashSet<(DefId, Option<Span>)> = FxHashSet::default();
        let span_of = |d: &Definition| d.span.unwrap_or_else(|| def_span(self.db, d.def));
        for new in sorted {
            let Some(old) = first.get(&(new.name, new.ns)) else {
                first.insert((new.name, new.ns), new);
                continue;
            };
            if old.def == new.def && old.span == new.span {
                continue;
            }
            // The later of the two is the one that is wrong.
            let (old, new) = if position(old) <= position(new) { (*old, new) } else { (new, *old) };
            if !reported.insert((new.def, new.span)) {
                continue;
            }
            let (code, what) = match (old.sort, new.sort) {
                (Sort::Item, Sort::Item) => ("E0428", "redefined"),
                (Sort::Import, Sort::Import) => ("E0252", "reimported"),
                (Sort::ExternCrate, Sort::ExternCrate) => ("E0259", "reimported"),
                (Sort::ExternCrate, Sort::Import) | (Sort::Import, Sort::ExternCrate) => ("E0254", "reimported"),
                (Sort::ExternCrate, Sort::Item) | (Sort::Item, Sort::ExternCrate) => ("E0260", "redefined"),
                (Sort::Import, Sort::Item) => ("E0255", "redefined"),
                (Sort::Item, Sort::Import) => ("E0255", "reimported"),
            };
            let name = new.name;
            let mut error =
                HirError::new(new.def, span_of(new), code, format!("the name `{name}` is defined multiple times"))
                    .label(format!("`{name}` {what} here"))
                    .secondary(old.def, span_of(old), format!("the first `{name}` is here"));
            error.note = Some(format!("`{name}` must be defined only once in this namespace"));
            self.errors.push(error);
        }
    }
}

struct Definition {
    name: Name,
    ns: Namespace,
    def: DefId,
    /// Of an import, of which a `use` can have several. Where an item stands is asked only where something is wrong with it.
    span: Option<Span>,
    sort: Sort,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Item,
    Import,
    ExternCrate,
}

/// The name a Go package is known by when none is given: the last part of its path that is no version.
pub fn go_package_name(path: &str) -> Name {
    let is_version = |part: &str| {
        part.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or(path);
    let name = if is_version(last) { parts.next().unwrap_or(last) } else { last };
    Name::new(name)
}

/// Flattens a use tree.
struct Leaves {
    scope: DefId,
    use_def: DefId,
    vis: Vis,
    /// Inside of `{ … }`, where `self` means the module before it.
    in_braces: bool,
    imports: Vec<Import>,
    errors: Vec<HirError>,
}

impl Leaves {
    fn flatten(&mut self, tree: &UseTree, prefix: &[Ident], global: bool) {
        let mut path = prefix.to_vec();
        path.extend(tree.prefix.segments.iter().map(|segment| segment.ident));
        match &tree.kind {
            UseTreeKind::Glob => self.push(path, global, Target::Glob, tree.span),
            UseTreeKind::Nested(trees) => {
                let outer = std::mem::replace(&mut self.in_braces, true);
                for tree in trees {
                    self.flatten(tree, &path, global);
                }
                self.in_braces = outer;
            }
            UseTreeKind::Simple { rename } => self.simple(path, prefix, tree, *rename, global),
        }
    }

    fn simple(&mut self, mut path: Vec<Ident>, prefix: &[Ident], tree: &UseTree, rename: Option<Ident>, global: bool) {
        let Some(&last) = path.last() else { return };
        let mut module = false;
        if last.name == "self" && path.len() > 1 {
            if !self.in_braces {
                self.errors.push(
                    HirError::new(
                        self.use_def,
                        tree.span,
                        "E0429",
                        "`self` imports are only available within a { } list",
                    )
                    .help("leave `::self` out, or write `::{self}`"),
                );
            }
            path.pop();
            module = true;
        } else if last.name == "self" && rename.is_none() {
            if prefix.is_empty() && tree.prefix.segments.len() == 1 {
                self.errors.push(HirError::plain(
                    self.use_def,
                    tree.span,
                    "imports need to be explicitly named".to_string(),
                ));
            }
            return;
        }
        let Some(&last) = path.last() else { return };
        let name = rename.unwrap_or(last);
        let target = match rename {
            Some(rename) if rename.name.is_underscore() => Target::Underscore,
            _ if module => Target::Module(name),
            _ => Target::Single(name),
        };
        if rename.is_none() && matches!(last.name.as_str(), "crate" | "super") {
            self.errors.push(HirError::plain(
                self.use_def,
                tree.span,
                format!("imports of `{}` need a name: `use {} as name;`", last.name, last.name),
            ));
            return;
        }
        self.push(path, global, target, tree.span);
    }

    fn push(&mut self, path: Vec<Ident>, global: bool, target: Target, span: Span) {
        let index = self.imports.len() as u32;
        let (scope, use_def, vis) = (self.scope, self.use_def, self.vis);
        self.imports.push(Import { scope, use_def, index, path, global, target, vis, span });
    }
}
