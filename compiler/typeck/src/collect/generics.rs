//! Generic parameters: which there are, at which position, which lifetimes are late-bound.
//!
//! A lifetime parameter of a function is late-bound if an argument's type constrains it and no bound or where clause mentions it
//! (rustc dev guide, "Early and late bound parameter definitions"). Elided lifetimes of an impl's head, and of `impl Trait` arguments' bounds,
//! are early-bound parameters behind the written ones.

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::{Name, ast};
use rustc_hash::FxHashSet;

use super::lower::{Elision, LowerCtx};
use super::walk::{TypeWalk, walk_bound, walk_type};
use rgo_hir::DefKey;

use super::{Lowered, items};
use crate::ty::{
    Args, BoundRegion, BoundRegionKind, Const, ConstKind, GenericArg, GenericParamDef, GenericParamKind, Generics,
    Region, RegionKind, Ty,
};

/// The definition whose generics and predicates `def` uses: itself, or its owner for closures, constants inside items, blocks, variants,
/// fields and parameters.
pub fn generics_owner(def: DefId) -> DefId {
    let mut def = def;
    loop {
        match def.kind() {
            DefKind::Closure
            | DefKind::AnonConst
            | DefKind::Block
            | DefKind::Variant
            | DefKind::Field
            | DefKind::TyParam
            | DefKind::ConstParam
            | DefKind::LifetimeParam => match def.parent() {
                Some(parent) => def = parent,
                None => return def,
            },
            DefKind::Package
            | DefKind::Mod
            | DefKind::Fn
            | DefKind::Const
            | DefKind::Static
            | DefKind::Struct
            | DefKind::Union
            | DefKind::Enum
            | DefKind::Trait
            | DefKind::Impl
            | DefKind::TypeAlias
            | DefKind::AssocTy
            | DefKind::AssocConst
            | DefKind::OpaqueTy
            | DefKind::Use => return def,
        }
    }
}

/// The impl or trait whose parameters an associated item sees; the function of an `impl Trait`.
pub fn generics_parent(owner: DefId) -> Option<DefId> {
    let parent = owner.parent()?;
    match owner.kind() {
        DefKind::Fn | DefKind::AssocTy | DefKind::AssocConst => {
            matches!(parent.kind(), DefKind::Impl | DefKind::Trait).then_some(parent)
        }
        DefKind::OpaqueTy => Some(generics_owner(parent)),
        _ => None,
    }
}

/// The generic parameters of a definition; closures, anonymous constants, variants and fields have their owner's.
pub fn generics_of(db: &dyn Db, def: DefId) -> &Generics {
    &generics_query(db, generics_owner(def).key(db)).value
}

/// Survives every edit that keeps the parameters and what their defaults mean.
#[salsa::tracked(cycle_result = generics_cycle)]
pub(super) fn generics_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Lowered<Generics> {
    let def = key.def(db);
    let parent = generics_parent(def);
    let parent_count = parent.map_or(0, |parent| generics_of(db, parent).count());
    let mut ctx = LowerCtx::signature(db, def, Elision::Static);
    ctx.in_generics = true;
    let mut params = Vec::new();
    let mut push = |def: DefId, name: Name, kind: GenericParamKind| {
        let index = (parent_count + params.len()) as u32;
        params.push(GenericParamDef { def, name, index, kind });
    };
    if def.kind() == DefKind::Trait {
        push(def, Name::new("Self"), GenericParamKind::Type { default: None, synthetic: false });
    }
    for &param in rgo_hir::generic_params(db, def) {
        if param.kind() == DefKind::LifetimeParam && param.name().is_underscore() {
            ctx.error(rgo_hir::def_span(db, param), "E0637", "`'_` cannot be used here").label =
                "`'_` is a reserved lifetime name".to_owned();
        }
    }
    for param in early_params(db, def) {
        let kind = match (param.kind(), param_ast(db, param)) {
            (DefKind::LifetimeParam, _) => GenericParamKind::Lifetime,
            (
                DefKind::ConstParam,
                Some(ast::GenericParam { kind: ast::GenericParamKind::Const { ty, default }, .. }),
            ) => {
                let ty = ctx.named_lifetimes_only(|ctx| ctx.lower_ty(ty));
                let default = default.as_ref().map(|expr| ctx.lower_const_expr(expr, ty));
                GenericParamKind::Const { ty, default }
            }
            (_, Some(ast::GenericParam { kind: ast::GenericParamKind::Type { default, .. }, .. })) => {
                let default = default.as_ref().map(|ty| ctx.named_lifetimes_only(|ctx| ctx.lower_ty(ty)));
                GenericParamKind::Type { default, synthetic: false }
            }
            _ => GenericParamKind::Type { default: None, synthetic: true },
        };
        push(param, param.name(), kind);
    }
    for index in 0..anon_early_count(db, def) {
        push(anon_lifetime(def, index), Name::new("'_"), GenericParamKind::Lifetime);
    }
    if def.kind() == DefKind::OpaqueTy
        && let Some(parent) = parent
        && parent.kind() == DefKind::Fn
    {
        for (index, var) in items::late_vars(db, parent).iter().enumerate() {
            let (param, name) = match var {
                BoundRegionKind::Named(param) => (*param, param.name()),
                BoundRegionKind::Anon | BoundRegionKind::ForLifetime(_) | BoundRegionKind::ClosureEnv => {
                    (anon_lifetime(def, index as u32), Name::new("'_"))
                }
            };
            push(param, name, GenericParamKind::Lifetime);
        }
    }
    let has_self = def.kind() == DefKind::Trait || parent.is_some_and(|parent| generics_of(db, parent).has_self);
    Lowered { value: Generics { parent, parent_count, params, has_self }, errors: ctx.errors }
}

fn generics_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> Lowered<Generics> {
    let def = key.def(db);
    let mut params = Vec::new();
    if def.kind() == DefKind::Trait {
        let kind = GenericParamKind::Type { default: None, synthetic: false };
        params.push(GenericParamDef { def, name: Name::new("Self"), index: 0, kind });
    }
    for &param in rgo_hir::generic_params(db, def) {
        let kind = match param.kind() {
            DefKind::LifetimeParam => GenericParamKind::Lifetime,
            DefKind::ConstParam => GenericParamKind::Const { ty: Ty::error(), default: None },
            _ => GenericParamKind::Type { default: None, synthetic: false },
        };
        params.push(GenericParamDef { def: param, name: param.name(), index: params.len() as u32, kind });
    }
    let has_self = def.kind() == DefKind::Trait;
    let error = super::cycle_error(db, def, "computing the generic parameters of");
    Lowered { value: Generics { parent: None, parent_count: 0, params, has_self }, errors: vec![error] }
}

/// The definition of the `index`th nameless lifetime parameter.
pub(super) fn anon_lifetime(owner: DefId, index: u32) -> DefId {
    owner.child(DefKind::LifetimeParam, Name::new("'_"), index)
}

/// Nameless early-bound lifetimes of an impl's head or of the bounds of `impl Trait` arguments.
fn anon_early_count(db: &dyn Db, def: DefId) -> u32 {
    match def.kind() {
        DefKind::Impl => items::impl_header(db, def).anon_lifetimes,
        DefKind::Fn if rgo_hir::generic_params(db, def).iter().any(|param| is_synthetic(db, *param)) => {
            items::synthetic_predicates(db, def).anon_lifetimes
        }
        _ => 0,
    }
}

/// Whether the parameter stands for an `impl Trait` argument.
pub(super) fn is_synthetic(db: &dyn Db, param: DefId) -> bool {
    param.kind() == DefKind::TyParam && param_ast(db, param).is_none()
}

/// The syntax of a written parameter.
pub(super) fn param_ast(db: &dyn Db, param: DefId) -> Option<&ast::GenericParam> {
    let rgo_hir::DefSyntax::GenericParam { owner, index } = rgo_hir::def_syntax(db, param) else { return None };
    ast_generics(rgo_hir::head_ast(db, owner))?.params.get(index)
}

pub(super) fn ast_generics(item: &ast::Item) -> Option<&ast::Generics> {
    match &item.kind {
        ast::ItemKind::Fn(f) => Some(&f.generics),
        ast::ItemKind::Struct(s) | ast::ItemKind::Union(s) => Some(&s.generics),
        ast::ItemKind::Enum(e) => Some(&e.generics),
        ast::ItemKind::Trait(t) => Some(&t.generics),
        ast::ItemKind::Impl(i) => Some(&i.generics),
        ast::ItemKind::TypeAlias(t) => Some(&t.generics),
        ast::ItemKind::Const(c) => Some(&c.generics),
        ast::ItemKind::Static(_)
        | ast::ItemKind::Use(_)
        | ast::ItemKind::Mod(_)
        | ast::ItemKind::GoImport(_)
        | ast::ItemKind::ExternCrate { .. }
        | ast::ItemKind::ExternBlock { .. }
        | ast::ItemKind::MacroDef { .. }
        | ast::ItemKind::MacroCall(_)
        | ast::ItemKind::Error => None,
    }
}

/// The written parameters of an item, less the late-bound lifetimes, `impl Trait` ones last.
fn early_params(db: &dyn Db, def: DefId) -> impl Iterator<Item = DefId> {
    let late: &[DefId] = if def.kind() == DefKind::Fn { late_bound_named(db, def) } else { &[] };
    rgo_hir::generic_params(db, def).iter().copied().filter(move |param| !late.contains(param))
}

/// The position of a type, const or early-bound lifetime parameter in its item's arguments.
pub(super) fn param_index(db: &dyn Db, param: DefId) -> Option<u32> {
    let owner = param.parent()?;
    if param == owner || owner.kind() == DefKind::OpaqueTy {
        return generics_of(db, owner).param(param).map(|param| param.index);
    }
    let parent_count = generics_parent(owner).map_or(0, |parent| generics_of(db, parent).count());
    let own_self = usize::from(owner.kind() == DefKind::Trait);
    let position = early_params(db, owner).position(|other| other == param)?;
    Some((parent_count + own_self + position) as u32)
}

/// The position of the first nameless early-bound lifetime.
pub(super) fn first_anon_index(db: &dyn Db, owner: DefId) -> u32 {
    let parent_count = generics_parent(owner).map_or(0, |parent| generics_of(db, parent).count());
    let own_self = usize::from(owner.kind() == DefKind::Trait);
    (parent_count + own_self + early_params(db, owner).count()) as u32
}

/// The type of a type parameter.
pub(super) fn param_ty(db: &dyn Db, param: DefId) -> Ty {
    match param_index(db, param) {
        Some(index) => Ty::param(index, param.name()),
        None => Ty::error(),
    }
}

pub(super) fn param_const(db: &dyn Db, param: DefId) -> Const {
    match param_index(db, param) {
        Some(index) => Const::new(ConstKind::Param { index, name: param.name() }),
        None => Const::error(),
    }
}

/// The region of a lifetime parameter, as seen from inside its item.
pub fn param_region(db: &dyn Db, param: DefId) -> Region {
    let Some(owner) = param.parent() else { return Region::error() };
    if owner.kind() == DefKind::Fn
        && let Some(index) = late_bound_named(db, owner).iter().position(|late| *late == param)
    {
        let var = BoundRegion { index: index as u32, kind: BoundRegionKind::Named(param) };
        return Region::new(RegionKind::LateParam { scope: owner, var });
    }
    match param_index(db, param) {
        Some(index) => Region::new(RegionKind::EarlyParam { index, name: param.name() }),
        None => Region::error(),
    }
}

/// Each parameter as its own argument.
pub fn identity_args(db: &dyn Db, def: DefId) -> Args {
    let mut args = Vec::new();
    super::for_each_param(db, def, &mut |param| args.push(param_arg(param)));
    Args::new(&args)
}

/// A parameter as an argument.
pub fn param_arg(param: &GenericParamDef) -> GenericArg {
    let (index, name) = (param.index, param.name);
    match param.kind {
        GenericParamKind::Lifetime => GenericArg::Region(Region::new(RegionKind::EarlyParam { index, name })),
        GenericParamKind::Type { .. } => GenericArg::Ty(Ty::param(index, name)),
        GenericParamKind::Const { .. } => GenericArg::Const(Const::new(ConstKind::Param { index, name })),
    }
}

/// The named late-bound lifetimes of a function, in order. Survives edits of its body.
pub fn late_bound_named(db: &dyn Db, def: DefId) -> &[DefId] {
    late_bound_query(db, def.key(db))
}

#[salsa::tracked]
fn late_bound_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<DefId> {
    let def = key.def(db);
    let ast::ItemKind::Fn(f) = &rgo_hir::item_ast(db, def).kind else { return Vec::new() };
    let lifetimes: Vec<DefId> = rgo_hir::generic_params(db, def)
        .iter()
        .copied()
        .filter(|param| param.kind() == DefKind::LifetimeParam)
        .collect();
    if lifetimes.is_empty() {
        return Vec::new();
    }
    let mut in_bounds = Lifetimes { constrained_in: None, names: FxHashSet::default() };
    for param in &f.generics.params {
        match &param.kind {
            ast::GenericParamKind::Lifetime { bounds } => {
                // `'a: 'b` mentions both.
                if !bounds.is_empty() {
                    in_bounds.names.insert(param.ident.name);
                    bounds.iter().for_each(|bound| walk_bound(&mut in_bounds, bound));
                }
            }
            ast::GenericParamKind::Type { bounds, .. } => {
                bounds.iter().for_each(|bound| walk_bound(&mut in_bounds, bound))
            }
            ast::GenericParamKind::Const { .. } => {}
        }
    }
    for predicate in &f.generics.where_clause {
        match &predicate.kind {
            ast::WherePredicateKind::Type { ty, bounds, .. } => {
                in_bounds.ty(ty);
                bounds.iter().for_each(|bound| walk_bound(&mut in_bounds, bound));
            }
            ast::WherePredicateKind::Lifetime { lifetime, bounds } => {
                in_bounds.lifetime(*lifetime);
                bounds.iter().for_each(|bound| walk_bound(&mut in_bounds, bound));
            }
        }
    }
    let mut constrained = Lifetimes { constrained_in: Some((db, def)), names: FxHashSet::default() };
    let mut returned = Lifetimes { constrained_in: None, names: FxHashSet::default() };
    if let Some(self_param) = &f.self_param {
        match &self_param.kind {
            ast::SelfKind::Value { .. } => {}
            ast::SelfKind::Ref { lifetime, .. } => lifetime.iter().for_each(|lifetime| constrained.lifetime(*lifetime)),
            ast::SelfKind::Typed { ty, .. } => constrained.ty(ty),
        }
    }
    for param in &f.params {
        constrained.ty(&param.ty);
        ImplTraitBounds(&mut in_bounds).ty(&param.ty);
    }
    if let Some(ret) = &f.ret {
        returned.ty(ret);
    }
    lifetimes
        .into_iter()
        .filter(|param| {
            let name = param.name();
            !in_bounds.names.contains(&name) && (constrained.names.contains(&name) || !returned.names.contains(&name))
        })
        .collect()
}

/// Collects the names of lifetimes.
struct Lifetimes<'db> {
    /// Leave out arguments of projections, which determine nothing; paths are resolved from this function.
    constrained_in: Option<(&'db dyn Db, DefId)>,
    names: FxHashSet<Name>,
}

impl TypeWalk for Lifetimes<'_> {
    fn ty(&mut self, ty: &ast::Type) {
        let Some((db, scope)) = self.constrained_in else {
            walk_type(self, ty);
            return;
        };
        match &ty.kind {
            // Arguments before the last segment, of `<T as Trait>` and of `T::Item<'a>` belong to a projection.
            ast::TypeKind::Path(path) => {
                let names_item = |path: &ast::Path| {
                    let resolved = rgo_hir::resolve_path(db, scope, path, rgo_hir::resolve::Namespace::Type);
                    resolved.is_ok_and(|resolved| resolved.unresolved > 0)
                };
                let is_projection = path.qself.is_some() || (path.path.segments.len() > 1 && names_item(&path.path));
                if let Some(segment) = path.path.segments.last().filter(|_| !is_projection) {
                    super::walk::walk_segment(self, segment);
                }
            }
            ast::TypeKind::ImplTrait(_) => {}
            _ => walk_type(self, ty),
        }
    }

    fn lifetime(&mut self, lifetime: ast::Lifetime) {
        self.names.insert(lifetime.name);
    }
}

/// Looks for `impl Trait` and walks its bounds as bounds.
struct ImplTraitBounds<'a, 'db>(&'a mut Lifetimes<'db>);

impl TypeWalk for ImplTraitBounds<'_, '_> {
    fn ty(&mut self, ty: &ast::Type) {
        if let ast::TypeKind::ImplTrait(bounds) = &ty.kind {
            bounds.iter().for_each(|bound| walk_bound(self.0, bound));
        } else {
            walk_type(self, ty);
        }
    }

    fn lifetime(&mut self, _lifetime: ast::Lifetime) {}
}
