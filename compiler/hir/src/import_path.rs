//! What the path of an import means, while the scopes that it is looked up in are still growing.
//!
//! Invariant: names are looked up through the given [`ModuleLookup`] only; a query of scopes here would be a cycle.

use rgo_syntax::Name;
use rgo_syntax::ast::Ident;

use crate::path::{MACROS, ModuleLookup, as_module, builtin_type, extern_package, member, prelude, public};
use crate::path_error;
use crate::resolve::{Namespace, Res};
use crate::scope::{Binding, Import, Target, Via};
use crate::{Db, DefId, DefKind, HirError};

/// The meaning of the first segment of an import.
fn import_first(
    db: &dyn Db,
    lookup: &dyn ModuleLookup,
    import: &Import,
    name: Name,
    ns: Namespace,
    own: Option<Via>,
) -> Option<Binding> {
    if !import.global {
        for scope in import.scope.ancestors() {
            match scope.kind() {
                DefKind::Block | DefKind::Mod | DefKind::Package => {
                    if let Some(binding) = lookup.lookup(scope, name, ns)
                        && Some(binding.via) != own
                    {
                        return Some(binding);
                    }
                }
                _ => continue,
            }
            if scope.kind() != DefKind::Block {
                break;
            }
        }
    }
    if ns == Namespace::Type
        && let Some(package) = extern_package(name)
    {
        return Some(public(Res::Def(package)));
    }
    if ns == Namespace::Macro && !import.global && MACROS.contains(&name.as_str()) {
        return Some(public(Res::Err));
    }
    if import.global || import.scope.is_std() {
        return None;
    }
    prelude(db, name, ns).or_else(|| builtin_type(name, ns))
}

/// A segment that leads nowhere.
pub struct Broken {
    pub index: usize,
    /// What the segments before it mean.
    pub parent: Option<Res>,
    /// The segment exists, but leads to nothing that has names in it.
    pub found: Option<Res>,
    pub too_many_super: bool,
}

/// Walks the first `count` segments of an import as modules. Tells each to `visit`.
fn walk_import(
    db: &dyn Db,
    lookup: &dyn ModuleLookup,
    import: &Import,
    count: usize,
    visit: &mut dyn FnMut(Ident, Binding),
) -> Result<Option<DefId>, Broken> {
    let mut at: Option<DefId> = None;
    for (index, ident) in import.path[..count].iter().enumerate() {
        let broken = |found, too_many_super| Broken { index, parent: at.map(Res::Def), found, too_many_super };
        let next = match ident.as_str() {
            "crate" if index == 0 => import.scope.package_of(),
            "self" if index == 0 => import.scope.module(),
            "super" if index == 0 || matches!(import.path[index - 1].as_str(), "self" | "super") => {
                let module = at.unwrap_or_else(|| import.scope.module());
                module.parent().ok_or_else(|| broken(None, true))?.module()
            }
            _ => {
                let own = Some(Via::Import(import.use_def, import.index));
                let binding = match at {
                    None => import_first(db, lookup, import, ident.name, Namespace::Type, own),
                    Some(module) => member(db, lookup, module, ident.name, Namespace::Type),
                };
                let binding = binding.ok_or_else(|| broken(None, false))?;
                visit(*ident, binding);
                as_module(binding.res).ok_or_else(|| broken(Some(binding.res), false))?
            }
        };
        at = Some(next);
    }
    Ok(at)
}

/// What the whole path of a single import means in a namespace; an error for what the import may not name, or reaches through something that it
/// may not name.
pub fn import_target(
    db: &dyn Db,
    lookup: &dyn ModuleLookup,
    import: &Import,
    ns: Namespace,
    own: Via,
) -> Option<Result<Binding, Binding>> {
    let (last, prefix) = import.path.split_last()?;
    if let Target::ExternCrate(_) = import.target {
        return match last.as_str() {
            "self" => Some(Ok(public(Res::Def(import.scope.package_of())))),
            _ => extern_package(last.name).map(|package| Ok(public(Res::Def(package)))),
        };
    }
    let mut is_reached = true;
    let mut visit = |_, binding: Binding| is_reached &= binding.vis.reaches(import.scope);
    let binding = if matches!(last.as_str(), "crate" | "self" | "super") {
        if ns != Namespace::Type {
            return None;
        }
        public(Res::Def(walk_import(db, lookup, import, import.path.len(), &mut visit).ok()??))
    } else {
        match walk_import(db, lookup, import, prefix.len(), &mut visit).ok()? {
            None => import_first(db, lookup, import, last.name, ns, Some(own))?,
            // Associated items cannot be imported.
            Some(module) if module.kind() == DefKind::Trait => return None,
            Some(module) => member(db, lookup, module, last.name, ns)?,
        }
    };
    let is_reached = is_reached && binding.vis.reaches(import.scope);
    Some(if is_reached { Ok(binding) } else { Err(binding) })
}

/// The module or enum whose names a glob brings in.
pub fn glob_source(db: &dyn Db, lookup: &dyn ModuleLookup, import: &Import) -> Option<DefId> {
    if import.path.is_empty() {
        return Some(import.scope.package_of());
    }
    walk_import(db, lookup, import, import.path.len(), &mut |_, _| {}).ok()?
}

/// The first segment of an import's prefix that the import may not name.
pub fn private_segment(db: &dyn Db, lookup: &dyn ModuleLookup, import: &Import) -> Option<(Ident, Res)> {
    let count = if import.target == Target::Glob { import.path.len() } else { import.path.len().saturating_sub(1) };
    let mut private = None;
    let _ = walk_import(db, lookup, import, count, &mut |ident, binding| {
        if private.is_none() && !binding.vis.reaches(import.scope) {
            private = Some((ident, binding.res));
        }
    });
    private
}

/// Why an import found nothing.
pub fn import_error(db: &dyn Db, lookup: &dyn ModuleLookup, import: &Import) -> Option<HirError> {
    let glob = import.target == Target::Glob;
    let count = if glob { import.path.len() } else { import.path.len().saturating_sub(1) };
    let text = |count: usize| import.path[..count].iter().map(|ident| ident.as_str()).collect::<Vec<_>>().join("::");
    if let Target::ExternCrate(_) = import.target {
        let name = import.path[0].name;
        return Some(
            HirError::new(import.use_def, import.span, "E0463", format!("can't find crate for `{name}`"))
                .help("rgo programs have no crates but `std`; Go packages are brought in by `import \"path\";`"),
        );
    }
    match walk_import(db, lookup, import, count, &mut |_, _| {}) {
        // What is wrong with that has been said.
        Err(Broken { found: Some(Res::Err), .. }) => None,
        Err(broken) => {
            let ident = import.path[broken.index];
            if let Some(Res::GoPackage(_)) = broken.found {
                return Some(path_error::go_package(import.use_def, ident.span));
            }
            let message = path_error::segment_message(ident, broken.parent, import.path.len() > 1);
            if broken.too_many_super {
                return Some(HirError::new(
                    import.use_def,
                    ident.span,
                    "E0433",
                    "there are too many leading `super` keywords",
                ));
            }
            let last = broken.index + 1 == count;
            let (code, message) = if last {
                ("E0432", format!("unresolved import `{}`", text(import.path.len())))
            } else {
                ("E0433", message)
            };
            let label = match broken.found {
                Some(res) => format!("`{}` is a {}, not a module", ident.name, path_error::describe(db, res)),
                None => path_error::segment_message(ident, broken.parent, true),
            };
            let mut error = HirError::new(import.use_def, ident.span, code, message).label(label);
            if let Some(help) = path_error::similar_member(db, lookup, import.scope, broken.parent, ident.name) {
                error = error.help(help);
            }
            Some(error)
        }
        Ok(module) => {
            let last = *import.path.last()?;
            if module.is_some_and(|module| module.kind() == DefKind::Trait) {
                return Some(HirError::new(import.use_def, import.span, "E0253", "items in traits are not importable"));
            }
            let place = match module {
                None => "in this scope".to_string(),
                Some(module) => path_error::in_place(Res::Def(module)),
            };
            let mut error = HirError::new(
                import.use_def,
                last.span,
                "E0432",
                format!("unresolved import `{}`", text(import.path.len())),
            )
            .label(format!("no `{}` {place}", last.name));
            if lookup_any(db, lookup, import, module, last.name) {
                return None;
            }
            if let Some(help) = path_error::similar_member(db, lookup, import.scope, module.map(Res::Def), last.name) {
                error = error.help(help);
            }
            Some(error)
        }
    }
}

/// Whether the name exists at all: then another error tells why it cannot be imported.
fn lookup_any(db: &dyn Db, lookup: &dyn ModuleLookup, import: &Import, module: Option<DefId>, name: Name) -> bool {
    let Some(module) = module else { return false };
    if import.target == Target::Glob {
        return false;
    }
    [Namespace::Type, Namespace::Value]
        .into_iter()
        .any(|ns| member(db, lookup, module, name, ns).is_some_and(|binding| !binding.vis.reaches(import.scope)))
}
