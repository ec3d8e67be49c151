//! What a path means in a scope: the walk along its segments, for imports (while scopes are still growing) and for everything else.
//!
//! Invariant: this never looks at types. Where a segment depends on one (`Vec::new`, `T::Item`), it stops and says how many are left.

use rgo_syntax::ast::{self, Ident};
use rgo_syntax::{Name, Span};

use crate::path_error;
use crate::resolve::{LifetimeRes, Namespace, PrimTy, Res};
use crate::scope::{Binding, CtorKind, Via, ctor_kind, module_scope};
use crate::vis::{Vis, def_vis};
use crate::{Db, DefId, DefKind, HirError, Resolved, children, generic_params};

/// Where names of modules and blocks are looked up.
pub trait ModuleLookup {
    fn lookup(&self, module: DefId, name: Name, ns: Namespace) -> Option<Binding>;

    /// All names of a module, for suggestions.
    fn names(&self, module: DefId) -> Vec<Name>;
}

/// The finished scopes.
pub struct Finished<'db>(pub &'db dyn Db);

impl ModuleLookup for Finished<'_> {
    fn lookup(&self, module: DefId, name: Name, ns: Namespace) -> Option<Binding> {
        let binding = module_scope(self.0, module.key(self.0)).get(name, ns)?;
        if ns == Namespace::Value
            && let Res::Def(def) = binding.res
            && def.kind() == DefKind::Struct
            && ctor_kind(self.0, def.key(self.0)) == CtorKind::Named
        {
            return None;
        }
        Some(binding)
    }

    fn names(&self, module: DefId) -> Vec<Name> {
        module_scope(self.0, module.key(self.0)).names.keys().map(|(name, _)| *name).collect()
    }
}

/// The macros that are part of the language or of std.
pub const MACROS: &[&str] = &[
    "println",
    "print",
    "eprintln",
    "eprint",
    "format",
    "write",
    "writeln",
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "vec",
    "matches",
    "dbg",
    "format_args",
    "concat",
    "stringify",
    "line",
    "column",
    "file",
    "module_path",
    "env",
    "option_env",
    "include",
    "include_str",
    "include_bytes",
    "compile_error",
    "cfg",
    "thread_local",
    "try",
];

/// The definition of std, `core` and `alloc`, if the name is one of theirs.
pub fn extern_package(name: Name) -> Option<DefId> {
    if !matches!(name.as_str(), "std" | "core" | "alloc") {
        return None;
    }
    Some(DefId::package(Name::new("std")))
}

pub fn public(res: Res) -> Binding {
    Binding { res, vis: Vis::Public, via: Via::Item, ambiguous: false }
}

/// A package (or a folder of packages) below another, or below the root of the Go module.
fn sub_package(db: &dyn Db, package: DefId, name: Name) -> Option<DefId> {
    if package.is_std() {
        return None;
    }
    let workspace = db.workspace();
    let root = *workspace.module(db);
    let known = crate::api::packages_by_path(db, workspace);
    [package.name(), root].into_iter().find_map(|base| {
        let path = Name::new(&format!("{base}/{name}"));
        known.contains_key(&path).then(|| DefId::package(path))
    })
}

/// A name directly inside a module, package, enum or trait.
pub fn member(db: &dyn Db, lookup: &dyn ModuleLookup, of: DefId, name: Name, ns: Namespace) -> Option<Binding> {
    match of.kind() {
        DefKind::Mod | DefKind::Package => {
            if let Some(binding) = lookup.lookup(of, name, ns) {
                return Some(binding);
            }
            if of.kind() == DefKind::Package && ns == Namespace::Macro && of.is_std() && MACROS.contains(&name.as_str())
            {
                return Some(public(Res::Err));
            }
            if of.kind() == DefKind::Package && ns == Namespace::Type {
                return sub_package(db, of, name).map(|package| public(Res::Def(package)));
            }
            // E0583 says it already.
            lacks_file(db, of).then(|| public(Res::Err))
        }
        DefKind::Enum => {
            let variant = children(db, of).iter().copied().find(|variant| variant.name() == name)?;
            let vis = crate::vis::def_vis(db, variant.key(db));
            (ns != Namespace::Macro).then(|| Binding { vis, ..public(Res::Def(variant)) })
        }
        DefKind::Trait => {
            let item = children(db, of).iter().copied().find(|item| {
                let item_ns = if item.kind() == DefKind::AssocTy { Namespace::Type } else { Namespace::Value };
                item.name() == name && item_ns == ns
            })?;
            Some(public(Res::Def(item)))
        }
        _ => None,
    }
}

/// `mod name;`
fn lacks_file(db: &dyn Db, module: DefId) -> bool {
    module.kind() == DefKind::Mod
        && !module.is_std()
        && matches!(crate::item_ast(db, module).kind, ast::ItemKind::Mod(ast::Mod { kind: ast::ModKind::File, .. }))
}

pub fn as_module(res: Res) -> Option<DefId> {
    match res {
        Res::Def(def) if matches!(def.kind(), DefKind::Mod | DefKind::Package | DefKind::Enum | DefKind::Trait) => {
            Some(def)
        }
        _ => None,
    }
}

/// The module that `crate`, `self`, `super` and plain module names lead to; looks at no imports.
pub fn resolve_module(db: &dyn Db, from: DefId, segments: &[Ident]) -> Option<DefId> {
    let mut at = from.module();
    for (index, ident) in segments.iter().enumerate() {
        at = match ident.as_str() {
            "crate" if index == 0 => from.package_of(),
            "self" if index == 0 => at,
            "super" => at.parent()?.module(),
            _ => children(db, at)
                .iter()
                .copied()
                .find(|child| child.kind() == DefKind::Mod && child.name() == ident.name)?,
        };
    }
    Some(at)
}

/// The module whose names are known everywhere.
pub fn prelude_module() -> DefId {
    static PRELUDE: std::sync::LazyLock<DefId> =
        std::sync::LazyLock::new(|| DefId::package(Name::new("std")).child(DefKind::Mod, Name::new("prelude"), 0));
    *PRELUDE
}

/// A name of std's prelude.
pub fn prelude(db: &dyn Db, name: Name, ns: Namespace) -> Option<Binding> {
    Finished(db).lookup(prelude_module(), name, ns)
}

/// A name that a path may not name; what it names is known all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Private {
    pub ident: Ident,
    pub res: Res,
    /// It is the constructor of a tuple struct that is private, not the struct.
    pub is_ctor: bool,
}

impl Private {
    /// E0603.
    pub fn error(self, db: &dyn Db, scope: DefId) -> HirError {
        match self.res {
            Res::Def(ctor) if self.is_ctor => path_error::private_ctor(db, scope, self.ident, ctor),
            res => private_error(db, scope, self.ident, res),
        }
    }
}

/// E0603.
pub fn private_error(db: &dyn Db, def: DefId, ident: Ident, res: Res) -> HirError {
    let what = path_error::describe(db, res);
    let mut error = HirError::new(def, ident.span, "E0603", format!("{what} `{}` is private", ident.name))
        .label(format!("this {what} is not visible from here"));
    if let Res::Def(found) = res {
        error = error.secondary(found, crate::def_span(db, found), format!("`{}` is defined here", ident.name));
    }
    error
}

/// Who may write a struct or variant as a value; `None` if it has named fields.
pub fn ctor_vis(db: &dyn Db, def: DefId) -> Option<Vis> {
    match ctor_kind(db, def.key(db)) {
        CtorKind::Named => None,
        CtorKind::Unit => Some(def_vis(db, def.key(db))),
        CtorKind::Tuple => {
            let mut vis = def_vis(db, def.key(db));
            if def.kind() == DefKind::Struct {
                for &field in children(db, def) {
                    let field_vis = def_vis(db, field.key(db));
                    if vis.at_least(field_vis) {
                        vis = field_vis;
                    }
                }
            }
            Some(vis)
        }
    }
}

// --------------------------------------------------------------------------------------------------- everything else

/// A path as far as names lead, with the first segment that may not be named from here.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    pub res: Res,
    pub unresolved: usize,
    pub private: Option<Private>,
    pub ambiguous: Option<Ident>,
}

/// Why a path leads nowhere.
#[derive(Clone, Copy, Debug)]
pub enum Fail {
    NotFound {
        index: usize,
        parent: Option<Res>,
    },
    TooManySuper {
        index: usize,
    },
    /// `Self` outside of impls and the like.
    NoSelfType,
    /// `self` where there is none.
    NoSelfValue,
    /// A generic parameter (or `Self`) of an outer item.
    Outer(Res),
}

/// A name found on the way outwards.
#[derive(Clone, Copy, Debug)]
pub enum Hit {
    Name(Binding),
    /// A generic parameter or `Self` of an enclosing item that the inner item cannot use.
    Outer(Res),
}

/// Looks a name up from the inside to the outside, body-local variables excluded.
pub fn lexical(db: &dyn Db, scope: DefId, name: Name, ns: Namespace) -> Option<Hit> {
    let lookup = Finished(db);
    let mut crossed = false;
    for def in scope.ancestors() {
        match def.kind() {
            DefKind::Block => {
                if let Some(binding) = lookup.lookup(def, name, ns) {
                    return Some(Hit::Name(binding));
                }
            }
            DefKind::Mod | DefKind::Package => {
                if let Some(binding) = lookup.lookup(def, name, ns) {
                    return Some(Hit::Name(binding));
                }
                return global_name(db, scope, name, ns).map(Hit::Name);
            }
            DefKind::Fn
            | DefKind::Const
            | DefKind::Static
            | DefKind::Struct
            | DefKind::Union
            | DefKind::Enum
            | DefKind::Trait
            | DefKind::Impl
            | DefKind::TypeAlias
            | DefKind::AssocTy
            | DefKind::AssocConst => {
                if let Some(res) = own_name(db, def, name, ns) {
                    return Some(if crossed { Hit::Outer(res) } else { Hit::Name(public(res)) });
                }
                let in_container = def.parent().is_some_and(|parent| {
                    matches!(parent.kind(), DefKind::Trait | DefKind::Impl)
                        || (def.kind() == DefKind::Impl
                            && matches!(parent.kind(), DefKind::Struct | DefKind::Enum | DefKind::Union))
                });
                crossed |= !in_container;
            }
            DefKind::Variant
            | DefKind::Field
            | DefKind::TyParam
            | DefKind::ConstParam
            | DefKind::LifetimeParam
            | DefKind::Closure
            | DefKind::AnonConst
            | DefKind::OpaqueTy
            | DefKind::Use => {}
        }
    }
    None
}

/// A generic parameter or `Self` that an item itself brings in.
fn own_name(db: &dyn Db, def: DefId, name: Name, ns: Namespace) -> Option<Res> {
    if ns == Namespace::Type && name == "Self" {
        return match def.kind() {
            DefKind::Trait | DefKind::Impl | DefKind::Struct | DefKind::Enum | DefKind::Union => {
                Some(Res::SelfTy { of: def })
            }
            _ => None,
        };
    }
    if ns == Namespace::Value && name == "Self" {
        return match def.kind() {
            DefKind::Impl => Some(Res::SelfCtor(def)),
            _ => None,
        };
    }
    let kind = match ns {
        Namespace::Type => DefKind::TyParam,
        Namespace::Value => DefKind::ConstParam,
        Namespace::Macro => return None,
    };
    let named = |def: DefId| {
        generic_params(db, def).iter().copied().filter(move |param| param.kind() == kind && param.name() == name)
    };
    let param = named(def).next()?;
    // Declared twice (E0403), it may be either.
    let container = def.parent().filter(|parent| matches!(parent.kind(), DefKind::Trait | DefKind::Impl));
    let is_ambiguous = named(def).count() > 1 || container.is_some_and(|container| named(container).next().is_some());
    Some(if is_ambiguous { Res::Err } else { Res::Def(param) })
}

/// Names that are there without any declaration: `std`, the prelude, primitive types.
fn global_name(db: &dyn Db, scope: DefId, name: Name, ns: Namespace) -> Option<Binding> {
    if ns == Namespace::Type
        && let Some(package) = extern_package(name)
    {
        return Some(public(Res::Def(package)));
    }
    let _ = scope;
    if let Some(binding) = prelude(db, name, ns) {
        return Some(binding);
    }
    builtin_type(name, ns)
}

/// `u8`, `str` and the like.
pub fn builtin_type(name: Name, ns: Namespace) -> Option<Binding> {
    if ns != Namespace::Type {
        return None;
    }
    // Refused as syntax already.
    if matches!(name.as_str(), "i128" | "u128") {
        return Some(public(Res::Err));
    }
    PrimTy::from_name(name.as_str()).map(|prim| public(Res::PrimTy(prim)))
}

/// Resolves segments from a scope.
///
/// A module does not hide the primitive type of its name where it leads nowhere, or to no more than a module: behind `use std::f64`, `f64` is
/// the type, `f64::consts::PI` is in the module and `f64::max` belongs to the type again.
pub fn resolve_segments(
    db: &dyn Db,
    scope: DefId,
    segments: &[Ident],
    global: bool,
    ns: Namespace,
) -> Result<Found, Fail> {
    let found = walk_segments(db, scope, segments, global, ns);
    let is_module = |res| matches!(res, Res::Def(def) if matches!(def.kind(), DefKind::Mod | DefKind::Package));
    let hides_nothing = match &found {
        Ok(found) => found.unresolved == 0 && is_module(found.res),
        Err(fail) => matches!(fail, Fail::NotFound { .. }),
    };
    if !hides_nothing || global || (ns != Namespace::Type && segments.len() < 2) {
        return found;
    }
    match segments.first().and_then(|first| PrimTy::from_name(first.as_str())) {
        Some(prim) => {
            Ok(Found { res: Res::PrimTy(prim), unresolved: segments.len() - 1, private: None, ambiguous: None })
        }
        None => found,
    }
}

fn walk_segments(db: &dyn Db, scope: DefId, segments: &[Ident], global: bool, ns: Namespace) -> Result<Found, Fail> {
    let lookup = Finished(db);
    let count = segments.len();
    let mut found = Found { res: Res::Err, unresolved: 0, private: None, ambiguous: None };
    let mut at: Option<Res> = None;
    for (index, &ident) in segments.iter().enumerate() {
        let last = index + 1 == count;
        let seg_ns = if last { ns } else { Namespace::Type };
        let note = |binding: &Binding, found: &mut Found| {
            if !binding.vis.reaches(scope) && found.private.is_none() {
                found.private = Some(Private { ident, res: binding.res, is_ctor: false });
            }
            if binding.ambiguous && found.ambiguous.is_none() {
                found.ambiguous = Some(ident);
            }
        };
        let next = match (ident.as_str(), at) {
            ("crate", None) => Res::Def(scope.package_of()),
            ("self", None) if count > 1 => Res::Def(scope.module()),
            ("self", None) => return Err(Fail::NoSelfValue),
            ("super", _) if index == 0 || matches!(segments[index - 1].as_str(), "self" | "super") => {
                let module = match at {
                    Some(Res::Def(module)) => module,
                    _ => scope.module(),
                };
                match module.parent() {
                    Some(parent) => Res::Def(parent.module()),
                    None => return Err(Fail::TooManySuper { index }),
                }
            }
            (_, None) if global => match extern_package(ident.name) {
                Some(package) if seg_ns == Namespace::Type => Res::Def(package),
                _ => return Err(Fail::NotFound { index, parent: None }),
            },
            (_, None) => match lexical(db, scope, ident.name, seg_ns) {
                Some(Hit::Name(binding)) => {
                    note(&binding, &mut found);
                    binding.res
                }
                Some(Hit::Outer(res)) => return Err(Fail::Outer(res)),
                None if ident.name == "Self" => return Err(Fail::NoSelfType),
                None => return Err(Fail::NotFound { index, parent: None }),
            },
            (_, Some(parent)) => match parent {
                Res::Def(module)
                    if matches!(module.kind(), DefKind::Mod | DefKind::Package | DefKind::Enum | DefKind::Trait) =>
                {
                    match member(db, &lookup, module, ident.name, seg_ns) {
                        Some(binding) => {
                            note(&binding, &mut found);
                            binding.res
                        }
                        // An associated item of the enum.
                        None if module.kind() == DefKind::Enum => {
                            found.res = parent;
                            found.unresolved = count - index;
                            return Ok(found);
                        }
                        None => return Err(Fail::NotFound { index, parent: Some(parent) }),
                    }
                }
                Res::GoPackage(_) | Res::Err => {
                    found.res = parent;
                    return Ok(found);
                }
                _ => {
                    found.res = parent;
                    found.unresolved = count - index;
                    return Ok(found);
                }
            },
        };
        at = Some(next);
    }
    found.res = at.unwrap_or(Res::Err);
    Ok(found)
}

impl PrimTy {
    pub fn from_name(name: &str) -> Option<PrimTy> {
        Some(match name {
            "bool" => PrimTy::Bool,
            "char" => PrimTy::Char,
            "str" => PrimTy::Str,
            "i8" => PrimTy::I8,
            "i16" => PrimTy::I16,
            "i32" => PrimTy::I32,
            "i64" => PrimTy::I64,
            "isize" => PrimTy::Isize,
            "u8" => PrimTy::U8,
            "u16" => PrimTy::U16,
            "u32" => PrimTy::U32,
            "u64" => PrimTy::U64,
            "usize" => PrimTy::Usize,
            "f32" => PrimTy::F32,
            "f64" => PrimTy::F64,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            PrimTy::Bool => "bool",
            PrimTy::Char => "char",
            PrimTy::Str => "str",
            PrimTy::I8 => "i8",
            PrimTy::I16 => "i16",
            PrimTy::I32 => "i32",
            PrimTy::I64 => "i64",
            PrimTy::Isize => "isize",
            PrimTy::U8 => "u8",
            PrimTy::U16 => "u16",
            PrimTy::U32 => "u32",
            PrimTy::U64 => "u64",
            PrimTy::Usize => "usize",
            PrimTy::F32 => "f32",
            PrimTy::F64 => "f64",
        }
    }
}

/// What kind of thing a path has to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathSource {
    Type,
    Trait,
    Value,
    Callee,
    StructExpr,
    UnitPat,
    TupleStructPat,
}

impl PathSource {
    pub fn namespace(self) -> Namespace {
        match self {
            PathSource::Type | PathSource::Trait | PathSource::StructExpr => Namespace::Type,
            PathSource::Value | PathSource::Callee | PathSource::UnitPat | PathSource::TupleStructPat => {
                Namespace::Value
            }
        }
    }

    /// Whether `res` may stand here.
    fn accepts(self, db: &dyn Db, res: Res) -> bool {
        let kind = match res {
            Res::Def(def) => def.kind(),
            Res::Err => return true,
            Res::GoPackage(_) => return false,
            Res::PrimTy(_) => return self == PathSource::Type,
            Res::SelfTy { .. } => return matches!(self, PathSource::Type | PathSource::StructExpr),
            Res::SelfCtor(_) | Res::Local(_) => return self.namespace() == Namespace::Value,
        };
        let ctor = || match res {
            Res::Def(def) => ctor_kind(db, def.key(db)),
            _ => CtorKind::Named,
        };
        match self {
            PathSource::Type => matches!(
                kind,
                DefKind::Struct
                    | DefKind::Union
                    | DefKind::Enum
                    | DefKind::Trait
                    | DefKind::TypeAlias
                    | DefKind::AssocTy
                    | DefKind::TyParam
            ),
            PathSource::Trait => kind == DefKind::Trait,
            PathSource::Value | PathSource::Callee => match kind {
                DefKind::Fn | DefKind::Const | DefKind::Static | DefKind::AssocConst | DefKind::ConstParam => true,
                DefKind::Struct | DefKind::Variant => ctor() != CtorKind::Named,
                _ => false,
            },
            PathSource::StructExpr => matches!(
                kind,
                DefKind::Struct | DefKind::Union | DefKind::Variant | DefKind::TypeAlias | DefKind::AssocTy
            ),
            PathSource::UnitPat => match kind {
                DefKind::Const | DefKind::AssocConst | DefKind::ConstParam | DefKind::Static => kind != DefKind::Static,
                DefKind::Struct | DefKind::Variant => ctor() == CtorKind::Unit,
                _ => false,
            },
            PathSource::TupleStructPat => match kind {
                DefKind::Struct | DefKind::Variant => ctor() == CtorKind::Tuple,
                _ => false,
            },
        }
    }
}

/// Resolves a path that has to name a certain kind of thing.
pub fn resolve_as(db: &dyn Db, scope: DefId, path: &ast::Path, source: PathSource) -> Result<Resolved, HirError> {
    let segments: Vec<Ident> = path.segments.iter().map(|segment| segment.ident).collect();
    let def = scope;
    let result = resolve_segments(db, scope, &segments, path.global, source.namespace());
    let wrong = match result {
        Ok(found) => {
            if let Res::GoPackage(_) = found.res {
                return Err(path_error::go_package(def, path.span));
            }
            if found.unresolved > 0 || source.accepts(db, found.res) {
                return finish(db, def, &segments, found, source);
            }
            Some(found.res)
        }
        // What is in a type or trait is no trait.
        Err(Fail::NotFound { parent: Some(Res::Def(of)), .. })
            if source == PathSource::Trait && matches!(of.kind(), DefKind::Trait | DefKind::Enum) =>
        {
            return Err(path_error::no_trait_in(def, &segments));
        }
        Err(Fail::NotFound { index, parent }) if index + 1 == segments.len() => {
            if let Some(parent @ Res::Def(of)) = parent
                && of.kind() == DefKind::Trait
            {
                return Err(path_error::trait_as_type(db, def, path, segments[index], parent));
            }
            [Namespace::Type, Namespace::Value]
                .into_iter()
                .filter(|ns| *ns != source.namespace())
                .find_map(|ns| resolve_segments(db, scope, &segments, path.global, ns).ok())
                .filter(|found| found.unresolved == 0)
                .map(|found| found.res)
                .or_else(|| named_struct(db, scope, &segments, path.global, source))
        }
        Err(fail) => return Err(path_error::failed(db, scope, &segments, fail, source)),
    };
    Err(match wrong {
        Some(Res::GoPackage(_)) => path_error::go_package(def, path.span),
        Some(res) => path_error::unexpected(db, scope, path, res, source),
        None => {
            let index = segments.len().saturating_sub(1);
            let fail = match resolve_segments(db, scope, &segments, path.global, source.namespace()) {
                Err(fail) => fail,
                Ok(_) => Fail::NotFound { index, parent: None },
            };
            path_error::failed(db, scope, &segments, fail, source)
        }
    })
}

/// A struct with named fields where a value is needed is found in the type namespace.
fn named_struct(db: &dyn Db, scope: DefId, segments: &[Ident], global: bool, source: PathSource) -> Option<Res> {
    if source.namespace() != Namespace::Value {
        return None;
    }
    resolve_segments(db, scope, segments, global, Namespace::Type).ok().filter(|f| f.unresolved == 0).map(|f| f.res)
}

fn finish(db: &dyn Db, def: DefId, segments: &[Ident], found: Found, source: PathSource) -> Result<Resolved, HirError> {
    if let Some(ident) = found.ambiguous {
        return Err(HirError::new(def, ident.span, "E0659", format!("`{}` is ambiguous", ident.name))
            .label("more than one glob import brings in this name")
            .help("import the one you mean by name"));
    }
    let mut private = found.private;
    if private.is_none()
        && found.unresolved == 0
        && source.namespace() == Namespace::Value
        && let Res::Def(ctor) = found.res
        && ctor.kind() == DefKind::Struct
        && let Some(vis) = ctor_vis(db, ctor)
        && !vis.reaches(def)
        && let Some(&ident) = segments.last()
    {
        if segments.len() == 1 {
            return Err(path_error::invisible_ctor(def, ident, source));
        }
        private = Some(Private { ident, res: found.res, is_ctor: true });
    }
    Ok(Resolved { res: found.res, unresolved: found.unresolved, private })
}

/// The meaning of a path. `scope`: generics of it and of its parents, `Self`, blocks, module, prelude, primitive types and packages are seen.
pub fn resolve_path(db: &dyn Db, scope: DefId, path: &ast::Path, ns: Namespace) -> Result<Resolved, HirError> {
    let source = match ns {
        Namespace::Type => PathSource::Type,
        Namespace::Value => PathSource::Value,
        Namespace::Macro => {
            return Err(HirError::plain(scope, path.span, "macros cannot be named by paths here".to_string()));
        }
    };
    resolve_as(db, scope, path, source)
}

/// The trait that a path names, and what on the way is private. `Err(None)`: what is wrong has been said.
pub fn resolve_trait_path(
    db: &dyn Db,
    scope: DefId,
    path: &ast::Path,
) -> Result<(DefId, Option<Private>), Option<HirError>> {
    match resolve_as(db, scope, path, PathSource::Trait)? {
        Resolved { res: Res::Def(def), unresolved: 0, private } => Ok((def, private)),
        Resolved { res: Res::Err, .. } => Err(None),
        Resolved { unresolved: 1.., .. } => {
            let segments: Vec<Ident> = path.segments.iter().map(|segment| segment.ident).collect();
            Err(Some(path_error::no_trait_in(scope, &segments)))
        }
        Resolved { res, .. } => Err(Some(path_error::unexpected(db, scope, path, res, PathSource::Trait))),
    }
}

/// The trait that a path names, for those who report nothing.
pub fn trait_of_path(db: &dyn Db, scope: DefId, path: &ast::Path) -> Option<DefId> {
    resolve_trait_path(db, scope, path).ok().map(|(def, _)| def)
}

/// What a lifetime name means. The error's span is empty: only the caller knows the place.
pub fn resolve_lifetime(db: &dyn Db, scope: DefId, name: Name) -> Result<LifetimeRes, HirError> {
    match name.as_str() {
        "static" => return Ok(LifetimeRes::Static),
        "_" => return Ok(LifetimeRes::Elided),
        _ => {}
    }
    let mut crossed = false;
    for def in scope.ancestors() {
        if matches!(def.kind(), DefKind::Mod | DefKind::Package) {
            break;
        }
        let found = generic_params(db, def)
            .iter()
            .copied()
            .find(|param| param.kind() == DefKind::LifetimeParam && param.name() == name);
        match found {
            Some(_) if crossed => {
                return Err(HirError::new(scope, Span::at(0), "E0401", "can't use generic parameters from outer item")
                    .label("use of a generic parameter of an outer item"));
            }
            Some(param) => return Ok(LifetimeRes::Param(param)),
            None => {}
        }
        let is_item = matches!(
            def.kind(),
            DefKind::Fn
                | DefKind::Const
                | DefKind::Static
                | DefKind::Struct
                | DefKind::Union
                | DefKind::Enum
                | DefKind::Trait
                | DefKind::Impl
                | DefKind::TypeAlias
        );
        let in_container = def.parent().is_some_and(|parent| {
            matches!(parent.kind(), DefKind::Trait | DefKind::Impl) || def.kind() == DefKind::Impl
        });
        crossed |= is_item && !in_container;
    }
    Err(HirError::new(scope, Span::at(0), "E0261", format!("use of undeclared lifetime name `'{name}`"))
        .label("undeclared lifetime")
        .help(format!("introduce it, for example as `<'{name}>` behind the item's name")))
}
