//! The queries by kind of item: impl heads, function signatures, predicates, item bounds, types, ADTs.
//!
//! Each survives every edit outside of the item's own signature that keeps what its names mean.

use std::ops::ControlFlow;

use rgo_hir::body::Mutability;
use rgo_hir::resolve::{Namespace, Res};
use rgo_hir::visit::{self, Visitor};
use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::ast::{self, ItemKind, SelfKind};
use rgo_syntax::{Name, Span};

use super::bounds::{self, Spanned, bound_elision, says_maybe_sized, sized_predicate};
use super::generics::{self, ast_generics, generics_of, generics_owner, generics_parent};
use super::lower::{
    self, Elision, ElisionError, HiddenLifetimes, ImplSelf, ImplTraitMode, LowerCtx, Relaxed, Variables,
};
use rgo_hir::DefKey;

use super::discriminants::discriminant_ty;
use super::{ImplPolarity, Lowered, cycle_error, walk};
use crate::error::TypeError;
use crate::ty::fold::walk_types;
use crate::ty::{
    AdtDef, AdtKind, Args, Binder, BoundRegion, BoundRegionKind, Clause, CtorKind, FieldDef, FnSig, List, Predicate,
    Region, RegionKind, Subst, TraitRef, Ty, TyKind, VariantDef,
};

// ----- impls -----

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ImplHeader {
    pub self_ty: Ty,
    pub trait_ref: Option<TraitRef>,
    pub polarity: ImplPolarity,
    /// Elided lifetimes, each a parameter of its own behind the written ones.
    pub anon_lifetimes: u32,
    pub errors: Vec<TypeError>,
}

pub(super) fn impl_header(db: &dyn Db, def: DefId) -> &ImplHeader {
    impl_header_query(db, def.key(db))
}

#[salsa::tracked(cycle_result = impl_header_cycle)]
fn impl_header_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> ImplHeader {
    let def = key.def(db);
    let ItemKind::Impl(syntax) = &rgo_hir::head_ast(db, def).kind else {
        return ImplHeader {
            self_ty: Ty::error(),
            trait_ref: None,
            polarity: ImplPolarity::Positive,
            anon_lifetimes: 0,
            errors: Vec::new(),
        };
    };
    let base = generics::first_anon_index(db, def);
    let mut ctx =
        LowerCtx::signature(db, def, Elision::FreshEarly { base, next: 0, hidden_allowed: HiddenLifetimes::Refused });
    ctx.impl_self = ImplSelf::InItself;
    let self_ty = ctx.lower_ty(&syntax.self_ty);
    ctx.impl_self = ImplSelf::InTrait(self_ty);
    let trait_ref = syntax.of_trait.as_ref().and_then(|path| ctx.lower_unbound_trait_path(path, self_ty));
    let anon_lifetimes = match ctx.elision {
        Elision::FreshEarly { next, .. } => next,
        _ => 0,
    };
    let polarity = if syntax.negative.is_some() { ImplPolarity::Negative } else { ImplPolarity::Positive };
    ImplHeader { self_ty, trait_ref, polarity, anon_lifetimes, errors: ctx.errors }
}

fn impl_header_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> ImplHeader {
    let errors = vec![cycle_error(db, key.def(db), "computing the head of")];
    ImplHeader { self_ty: Ty::error(), trait_ref: None, polarity: ImplPolarity::Positive, anon_lifetimes: 0, errors }
}

// ----- functions -----

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FnLowered {
    /// With `LateParam` regions.
    pub sig: FnSig,
    /// All late-bound lifetimes: the named ones, then the elided.
    pub late: Vec<BoundRegionKind>,
    /// What an elided lifetime in the output means.
    pub elided: Option<Region>,
    pub errors: Vec<TypeError>,
}

pub(super) fn fn_lowered(db: &dyn Db, def: DefId) -> &FnLowered {
    fn_lowered_query(db, def.key(db))
}

/// All late-bound lifetimes of a function.
pub(super) fn late_vars(db: &dyn Db, def: DefId) -> &[BoundRegionKind] {
    &fn_lowered(db, def).late
}

#[salsa::tracked(cycle_result = fn_lowered_cycle)]
fn fn_lowered_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> FnLowered {
    let def = key.def(db);
    let ItemKind::Fn(syntax) = &rgo_hir::item_ast(db, def).kind else { return no_fn(Vec::new()) };
    let mut late: Vec<BoundRegionKind> =
        generics::late_bound_named(db, def).iter().map(|param| BoundRegionKind::Named(*param)).collect();
    let named = late.len() as u32;
    let mut ctx = LowerCtx::signature(db, def, Elision::FreshLate { scope: def, next: named });
    ctx.late_regions = late
        .iter()
        .enumerate()
        .map(|(index, kind)| {
            let var = BoundRegion { index: index as u32, kind: *kind };
            Region::new(RegionKind::LateParam { scope: def, var })
        })
        .collect();
    ctx.impl_trait = ImplTraitMode::Param(def);
    let mut inputs = Vec::new();
    let mut seen: Vec<Vec<Region>> = Vec::new();
    let mut of_self = Vec::new();
    if let Some(self_param) = &syntax.self_param {
        ctx.seen_lifetimes = Some(Vec::new());
        let ty = lower_self_param(&mut ctx, def, self_param);
        of_self = self_references(&ctx, self_param, ty, def);
        inputs.push(ty);
        seen.push(ctx.seen_lifetimes.take().unwrap_or_default());
    }
    if syntax.body.is_some() {
        ctx.variables = Variables::Named(parameter_names(syntax));
    }
    for param in &syntax.params {
        ctx.seen_lifetimes = Some(Vec::new());
        inputs.push(ctx.lower_ty(&param.ty));
        seen.push(ctx.seen_lifetimes.take().unwrap_or_default());
    }
    let anon_count = match ctx.elision {
        Elision::FreshLate { next, .. } => next - named,
        _ => 0,
    };
    late.extend((0..anon_count).map(|_| BoundRegionKind::Anon));
    ctx.elision = output_elision(&of_self, &seen, syntax);
    let elided = match ctx.elision {
        Elision::Exact { region, .. } => Some(region),
        _ => None,
    };
    ctx.impl_trait = ImplTraitMode::Opaque(def);
    let output = match &syntax.ret {
        None => Ty::unit(),
        Some(ret) => ctx.lower_ty(ret),
    };
    FnLowered { sig: FnSig::new(&inputs, output), late, elided, errors: ctx.errors }
}

/// The names that the patterns of parameters bind, as far as they can be told from the patterns alone.
fn parameter_names(syntax: &ast::Fn) -> Vec<Name> {
    struct Names(Vec<Name>);
    impl Visitor for Names {
        fn visit_pat(&mut self, pat: &ast::Pat) {
            match &pat.kind {
                ast::PatKind::Ident { ident, .. } => self.0.push(ident.name),
                ast::PatKind::Path(path) => self.0.extend(path.as_ident().map(|ident| ident.name)),
                _ => {}
            }
            visit::walk_pat(self, pat);
        }
        fn visit_expr(&mut self, _expr: &ast::Expr) {}
    }
    let mut names = Names(Vec::new());
    syntax.params.iter().for_each(|param| names.visit_pat(&param.pat));
    names.0
}

fn no_fn(errors: Vec<TypeError>) -> FnLowered {
    FnLowered { sig: FnSig::new(&[], Ty::error()), late: Vec::new(), elided: None, errors }
}

fn fn_lowered_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> FnLowered {
    no_fn(vec![cycle_error(db, key.def(db), "computing the signature of")])
}

fn lower_self_param(ctx: &mut LowerCtx<'_, '_>, def: DefId, self_param: &ast::SelfParam) -> Ty {
    let Some(parent) = generics_parent(def) else { return Ty::error() };
    match &self_param.kind {
        SelfKind::Value { .. } => ctx.self_ty(parent, self_param.span),
        SelfKind::Ref { lifetime, mutable } => {
            let region = match lifetime {
                Some(lifetime) => ctx.lower_lifetime(*lifetime),
                None => ctx.elided(self_param.span, lower::Elided::Ampersand),
            };
            let mutability = if *mutable { Mutability::Mut } else { Mutability::Not };
            Ty::new_ref(region, ctx.self_ty(parent, self_param.span), mutability)
        }
        SelfKind::Typed { ty, .. } => ctx.lower_ty(ty),
    }
}

/// The regions of the references to `Self` in the type of `self`: what is behind them mentions `Self`, or the type that the impl is written for.
fn self_references(ctx: &LowerCtx<'_, '_>, self_param: &ast::SelfParam, lowered: Ty, def: DefId) -> Vec<Region> {
    let mut regions = Vec::new();
    let _ = walk_types(&lowered, |ty| {
        if let TyKind::Ref(region, ..) = ty.kind() {
            regions.push(*region);
        }
        ControlFlow::Continue(())
    });
    let mut written = SelfReferences { ctx, def, found: Vec::new(), mentions_self: false };
    match &self_param.kind {
        SelfKind::Value { .. } => return Vec::new(),
        SelfKind::Ref { .. } => written.found.push(true),
        SelfKind::Typed { ty, .. } => walk::TypeWalk::ty(&mut written, ty),
    }
    // Aliases may hide references; then these have the first regions, if any.
    let of_self = regions.into_iter().zip(written.found).filter_map(|(region, is_self)| is_self.then_some(region));
    let mut distinct: Vec<Region> = Vec::new();
    for region in of_self {
        if !distinct.contains(&region) {
            distinct.push(region);
        }
    }
    distinct
}

/// For each reference in a type, outermost first, whether `Self` is mentioned behind it.
struct SelfReferences<'a, 'b, 'db> {
    ctx: &'a LowerCtx<'b, 'db>,
    def: DefId,
    found: Vec<bool>,
    mentions_self: bool,
}

impl SelfReferences<'_, '_, '_> {
    fn is_self(&self, path: &ast::QPath) -> bool {
        let resolve = |path: &ast::QPath, scope: DefId| {
            let resolved = rgo_hir::resolve_path(self.ctx.db, scope, &path.path, Namespace::Type).ok()?;
            (path.qself.is_none() && resolved.unresolved == 0).then_some(resolved.res)
        };
        match resolve(path, self.def) {
            Some(Res::SelfTy { .. }) => true,
            Some(res @ (Res::PrimTy(_) | Res::Def(_))) => {
                let Some(parent) = generics_parent(self.def) else { return false };
                let ItemKind::Impl(syntax) = &rgo_hir::head_ast(self.ctx.db, parent).kind else { return false };
                let is_nominal = match res {
                    Res::Def(def) => matches!(def.kind(), DefKind::Struct | DefKind::Enum | DefKind::Union),
                    _ => true,
                };
                matches!(&syntax.self_ty.kind, ast::TypeKind::Path(own) if is_nominal && resolve(own, parent) == Some(res))
            }
            _ => false,
        }
    }
}

impl walk::TypeWalk for SelfReferences<'_, '_, '_> {
    fn ty(&mut self, ty: &ast::Type) {
        match &ty.kind {
            ast::TypeKind::Ref { .. } => {
                let index = self.found.len();
                self.found.push(false);
                let outer = std::mem::take(&mut self.mentions_self);
                walk::walk_type(self, ty);
                self.found[index] = self.mentions_self;
                self.mentions_self |= outer;
            }
            ast::TypeKind::Path(path) => {
                self.mentions_self |= self.is_self(path);
                walk::walk_type(self, ty);
            }
            _ => walk::walk_type(self, ty),
        }
    }

    fn lifetime(&mut self, _lifetime: ast::Lifetime) {}
}

/// What an elided lifetime in the output means: that of the reference to `Self`, or the only one of the only other input that has lifetimes, or
/// E0106.
fn output_elision(of_self: &[Region], seen: &[Vec<Region>], syntax: &ast::Fn) -> Elision {
    match of_self {
        [region] => return Elision::Exact { region: *region, level: 0 },
        // What a `self` holds that is no reference to `Self` is not chosen.
        [] => {
            let others = seen.get(usize::from(syntax.self_param.is_some())..).unwrap_or_default();
            if let Some(region) = lower::only_lifetime(others) {
                return Elision::Exact { region, level: 0 };
            }
        }
        _ => {}
    }
    let offset = usize::from(syntax.self_param.is_some());
    let sources: Vec<String> = seen
        .iter()
        .enumerate()
        .filter(|(_, regions)| !regions.is_empty())
        .map(|(position, regions)| {
            let name = position
                .checked_sub(offset)
                .and_then(|position| syntax.params.get(position))
                .and_then(|param| match &param.pat.kind {
                    ast::PatKind::Ident { ident, .. } => Some(ident.name),
                    _ => None,
                })
                .map_or_else(|| format!("argument {}", position + 1), |name| format!("`{name}`"));
            match regions.len() {
                1 => name,
                count => format!("one of {name}'s {count} lifetimes"),
            }
        })
        .collect();
    let text = match sources.as_slice() {
        [] => lower::missing_help(0),
        [one] => format!(
            "this function's return type contains a borrowed value, but the signature does not say which {one} it is borrowed from"
        ),
        [init @ .., last] => format!(
            "this function's return type contains a borrowed value, but the signature does not say whether it is borrowed from {} or {last}: \
             declare a lifetime, `<'a>`, and write it where the result may come from and in the result, `&'a …`",
            init.join(", ")
        ),
    };
    Elision::Error(ElisionError::Missing(text))
}

/// Late-bound regions of a lowered signature become bound.
pub(super) fn bind_late(db: &dyn Db, def: DefId) -> Binder<FnSig> {
    let lowered = fn_lowered(db, def);
    let value = crate::ty::subst::bind_regions(lowered.sig, |region| match region.kind() {
        RegionKind::LateParam { scope, var } if *scope == def => Some(*var),
        _ => None,
    });
    Binder { value, vars: List::new(&lowered.late) }
}

/// The signature of a tuple struct's or variant's constructor.
pub(super) fn ctor_sig(db: &dyn Db, def: DefId) -> Binder<FnSig> {
    let adt = if def.kind() == DefKind::Variant { def.parent().unwrap_or(def) } else { def };
    let output = super::type_of(db, adt);
    let variant = super::adt_def(db, adt).variants.iter().find(|variant| variant.def == def);
    let inputs: Vec<Ty> =
        variant.map(|variant| variant.fields.iter().map(|field| field.ty).collect()).unwrap_or_default();
    Binder::dummy(FnSig::new(&inputs, output))
}

// ----- predicates -----

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntheticPredicates {
    pub predicates: Spanned,
    pub anon_lifetimes: u32,
    pub errors: Vec<TypeError>,
}

pub(super) fn synthetic_predicates(db: &dyn Db, def: DefId) -> &SyntheticPredicates {
    synthetic_query(db, def.key(db))
}

/// The bounds of `impl Trait` arguments.
#[salsa::tracked(cycle_result = synthetic_cycle)]
fn synthetic_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> SyntheticPredicates {
    let def = key.def(db);
    let base = generics::first_anon_index(db, def);
    let mut ctx =
        LowerCtx::signature(db, def, Elision::FreshEarly { base, next: 0, hidden_allowed: HiddenLifetimes::Allowed });
    ctx.impl_trait = ImplTraitMode::Param(def);
    let mut out = Vec::new();
    for ty in walk::impl_trait_params(rgo_hir::item_ast(db, def)) {
        let ast::TypeKind::ImplTrait(bounds) = &ty.kind else { continue };
        let param = rgo_hir::generic_params(db, def)
            .iter()
            .copied()
            .find(|param| rgo_hir::def_span(db, *param) == ty.span && generics::is_synthetic(db, *param));
        let Some(param) = param else { continue };
        let param_ty = generics::param_ty(db, param);
        if !says_maybe_sized(db, def, bounds) {
            out.extend(sized_predicate(db, param_ty).map(|predicate| (predicate, ty.span)));
        }
        ctx.lower_bounds(bounds, &[], &mut |_| param_ty, &mut out);
    }
    let anon_lifetimes = match ctx.elision {
        Elision::FreshEarly { next, .. } => next,
        _ => 0,
    };
    SyntheticPredicates { predicates: out, anon_lifetimes, errors: ctx.errors }
}

fn synthetic_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> SyntheticPredicates {
    let errors = vec![cycle_error(db, key.def(db), "computing the bounds of")];
    SyntheticPredicates { predicates: Vec::new(), anon_lifetimes: 0, errors }
}

/// The predicates that a definition itself declares.
#[salsa::tracked(cycle_result = predicates_cycle)]
pub(super) fn own_predicates_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Lowered<Spanned> {
    let def = key.def(db);
    let mut ctx = LowerCtx::signature(db, def, bound_elision());
    let mut out = Vec::new();
    if def.kind() == DefKind::OpaqueTy {
        return Lowered { value: out, errors: ctx.errors };
    }
    let item = rgo_hir::head_ast(db, def);
    if def.kind() == DefKind::Trait {
        let trait_ref = TraitRef::new(def, generics::identity_args(db, def));
        out.push((trait_ref.to_predicate(), rgo_hir::def_span(db, def)));
    }
    let Some(syntax) = ast_generics(item) else { return Lowered { value: out, errors: ctx.errors } };
    if matches!(def.kind(), DefKind::Fn | DefKind::Impl) {
        ctx.impl_trait = ImplTraitMode::Param(def);
    }
    for &param in rgo_hir::generic_params(db, def) {
        let Some(written) = generics::param_ast(db, param) else { continue };
        match &written.kind {
            ast::GenericParamKind::Type { bounds, .. } => {
                let ty = generics::param_ty(db, param);
                let maybe = says_maybe_sized(db, def, bounds) || where_says_maybe(db, def, syntax, param);
                if !maybe {
                    out.extend(sized_predicate(db, ty).map(|predicate| (predicate, written.ident.span)));
                }
                ctx.lower_bounds(bounds, &[], &mut |_| ty, &mut out);
            }
            ast::GenericParamKind::Lifetime { bounds } => {
                let region = generics::param_region(db, param);
                lifetime_bounds(&mut ctx, region, bounds, &mut out);
            }
            ast::GenericParamKind::Const { .. } => {}
        }
    }
    ctx.impl_trait = ImplTraitMode::Refused;
    for predicate in &syntax.where_clause {
        match &predicate.kind {
            ast::WherePredicateKind::Type { binder, ty, bounds } => {
                if bounds.is_empty() {
                    // The type must still be lowered for its errors.
                    let vars = ctx.binder_vars(binder);
                    ctx.under_binder(vars, |ctx| ctx.lower_ty(ty));
                    continue;
                }
                let mut first = true;
                ctx.relaxed = if is_own_param(db, def, ty) { Relaxed::Allowed } else { Relaxed::Elsewhere };
                ctx.lower_bounds(
                    bounds,
                    binder,
                    &mut |ctx| {
                        let before = ctx.errors.len();
                        let lowered = ctx.lower_ty(ty);
                        if !std::mem::take(&mut first) {
                            // Reported for the first bound.
                            ctx.errors.truncate(before);
                        }
                        lowered
                    },
                    &mut out,
                );
            }
            ast::WherePredicateKind::Lifetime { lifetime, bounds } => {
                let region = ctx.lower_lifetime(*lifetime);
                lifetime_bounds(&mut ctx, region, bounds, &mut out);
            }
        }
    }
    let mut errors = ctx.errors;
    if matches!(def.kind(), DefKind::Fn | DefKind::Impl)
        && rgo_hir::generic_params(db, def).iter().any(|param| generics::is_synthetic(db, *param))
    {
        let synthetic = synthetic_predicates(db, def);
        out.extend(synthetic.predicates.iter().copied());
        errors.extend(synthetic.errors.iter().cloned());
    }
    if let ItemKind::Trait(syntax) = &item.kind {
        let _ = syntax;
        out.extend(super_query(db, key).value.iter().copied());
    }
    Lowered { value: out, errors }
}

fn predicates_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> Lowered<Spanned> {
    Lowered { value: Vec::new(), errors: vec![cycle_error(db, key.def(db), "computing the bounds of")] }
}

fn lifetime_bounds(ctx: &mut LowerCtx<'_, '_>, region: Region, bounds: &[ast::Bound], out: &mut Spanned) {
    for bound in bounds {
        if let ast::Bound::Lifetime(lifetime) = bound {
            let sub = ctx.lower_lifetime(*lifetime);
            out.push((Binder::dummy(Clause::RegionOutlives(region, sub)), lifetime.span));
        }
    }
}

fn is_own_param(db: &dyn Db, def: DefId, ty: &ast::Type) -> bool {
    let ast::TypeKind::Path(path) = &ty.without_parens().kind else { return false };
    let is_named = |ident: rgo_syntax::ast::Ident| {
        let mut params = rgo_hir::generic_params(db, def).iter();
        params.any(|param| param.kind() == DefKind::TyParam && param.name() == ident.name)
    };
    path.as_ident().is_some_and(is_named)
}

/// `where T: ?Sized` for a parameter of the same item.
fn where_says_maybe(db: &dyn Db, def: DefId, syntax: &ast::Generics, param: DefId) -> bool {
    syntax.where_clause.iter().any(|predicate| match &predicate.kind {
        ast::WherePredicateKind::Type { ty, bounds, .. } => {
            let named = matches!(&ty.without_parens().kind, ast::TypeKind::Path(path) if path.as_ident().is_some_and(|ident| ident.name == param.name()));
            named && says_maybe_sized(db, def, bounds)
        }
        ast::WherePredicateKind::Lifetime { .. } => false,
    })
}

/// Own and inherited predicates.
#[salsa::tracked(cycle_result = all_predicates_cycle)]
pub(super) fn predicates_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Spanned {
    let def = key.def(db);
    let mut out = match generics_parent(def) {
        Some(parent) => super::predicates_of(db, parent).to_vec(),
        None => Vec::new(),
    };
    out.extend(own_predicates_query(db, key).value.iter().copied());
    out
}

fn all_predicates_cycle<'db>(_db: &'db dyn Db, _id: salsa::Id, _key: DefKey<'db>) -> Spanned {
    Vec::new()
}

/// Supertraits and what is said of `Self` in the where clause.
#[salsa::tracked(cycle_result = predicates_cycle)]
pub(super) fn super_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Lowered<Spanned> {
    let def = key.def(db);
    let mut ctx = LowerCtx::signature(db, def, bound_elision());
    let mut out = Vec::new();
    let ItemKind::Trait(syntax) = &rgo_hir::item_ast(db, def).kind else {
        return Lowered { value: out, errors: Vec::new() };
    };
    ctx.relaxed = Relaxed::Supertrait;
    ctx.lower_bounds(&syntax.supertraits, &[], &mut |_| Ty::self_param(), &mut out);
    let errors = std::mem::take(&mut ctx.errors);
    for predicate in &syntax.generics.where_clause {
        if let ast::WherePredicateKind::Type { binder, ty, bounds } = &predicate.kind
            && matches!(&ty.without_parens().kind, ast::TypeKind::Path(path) if path.as_ident().is_some_and(|ident| ident.as_str() == "Self"))
        {
            ctx.lower_bounds(bounds, binder, &mut |_| Ty::self_param(), &mut out);
        }
    }
    Lowered { value: out, errors }
}

/// The bounds of an associated type or opaque type, about itself.
#[salsa::tracked(cycle_result = predicates_cycle)]
pub(super) fn item_bounds_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Lowered<Spanned> {
    let def = key.def(db);
    let mut out = Vec::new();
    match def.kind() {
        DefKind::AssocTy => {
            let ItemKind::TypeAlias(syntax) = &rgo_hir::item_ast(db, def).kind else {
                return Lowered { value: out, errors: Vec::new() };
            };
            let Some(trait_) = def.parent().filter(|parent| parent.kind() == DefKind::Trait) else {
                return Lowered { value: out, errors: Vec::new() };
            };
            let mut ctx = LowerCtx::signature(db, def, bound_elision());
            let item_ty = Ty::projection(def, generics::identity_args(db, def));
            if !says_maybe_sized(db, def, &syntax.bounds) {
                out.extend(sized_predicate(db, item_ty).map(|predicate| (predicate, syntax.name.span)));
            }
            ctx.lower_bounds(&syntax.bounds, &[], &mut |_| item_ty, &mut out);
            for (predicate, span) in &own_predicates_query(db, trait_.key(db)).value {
                let about = match predicate.value {
                    Clause::Trait(trait_ref) => trait_ref.self_ty(),
                    Clause::Projection(projection, _) => projection.self_ty(),
                    Clause::TypeOutlives(ty, _) => ty,
                    Clause::RegionOutlives(..) => continue,
                };
                if about == item_ty {
                    out.push((*predicate, *span));
                }
            }
            Lowered { value: out, errors: ctx.errors }
        }
        DefKind::OpaqueTy => opaque_bounds(db, def),
        _ => Lowered { value: out, errors: Vec::new() },
    }
}

fn opaque_bounds(db: &dyn Db, def: DefId) -> Lowered<Spanned> {
    let mut out = Vec::new();
    let Some(owner) = def.parent().map(generics_owner) else { return Lowered { value: out, errors: Vec::new() } };
    let ItemKind::Fn(syntax) = &rgo_hir::item_ast(db, owner).kind else {
        return Lowered { value: out, errors: Vec::new() };
    };
    let mut found = Vec::new();
    syntax.ret.iter().for_each(|ret| walk::impl_traits_in(ret, &mut found));
    let start = def.disambiguator();
    let Some(ast::TypeKind::ImplTrait(bounds)) = found.iter().find(|ty| ty.span.start == start).map(|ty| &ty.kind)
    else {
        return Lowered { value: out, errors: Vec::new() };
    };
    let late = late_vars(db, owner);
    let late_region = |index: usize, kind: BoundRegionKind| {
        Region::new(RegionKind::LateParam { scope: owner, var: BoundRegion { index: index as u32, kind } })
    };
    // The bounds see the function's lifetimes; elided ones mean what they mean in the output.
    let mut ctx = LowerCtx::signature(db, owner, opaque_elision(db, owner, syntax));
    ctx.late_regions = late.iter().enumerate().map(|(index, kind)| late_region(index, *kind)).collect();
    ctx.impl_trait = ImplTraitMode::Opaque(owner);
    let outer_ty = Ty::opaque(
        def,
        generics::identity_args(db, owner)
            .extended(ctx.late_regions.iter().map(|region| crate::ty::GenericArg::Region(*region))),
    );
    if !says_maybe_sized(db, owner, bounds) {
        let span = found.iter().find(|ty| ty.span.start == start).map_or(Span::default(), |ty| ty.span);
        out.extend(sized_predicate(db, outer_ty).map(|predicate| (predicate, span)));
    }
    ctx.lower_bounds(bounds, &[], &mut |_| outer_ty, &mut out);
    // Late-bound lifetimes of the function are early-bound parameters of the opaque type.
    let own = &generics_of(db, def).params;
    let value = out
        .into_iter()
        .map(|(predicate, span)| {
            let predicate = crate::ty::fold::fold_free_regions(predicate, |region| match region.kind() {
                RegionKind::LateParam { scope, var } if *scope == owner => match own.get(var.index as usize) {
                    Some(param) => Region::new(RegionKind::EarlyParam { index: param.index, name: param.name }),
                    None => region,
                },
                _ => region,
            });
            (predicate, span)
        })
        .collect();
    // The function's own signature reports nothing inside the bounds, so their errors are reported here.
    Lowered { value, errors: ctx.errors }
}

/// Elision in the output of an already lowered function.
fn opaque_elision(db: &dyn Db, owner: DefId, syntax: &ast::Fn) -> Elision {
    match fn_lowered(db, owner).elided {
        Some(region) => Elision::Exact { region, level: 0 },
        None => Elision::Error(ElisionError::Missing(lower::missing_help(syntax.params.len()))),
    }
}

// ----- types -----

/// The type of a definition that has one.
#[salsa::tracked(cycle_result = type_cycle)]
pub(super) fn type_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Lowered<Ty> {
    let def = key.def(db);
    match def.kind() {
        DefKind::Struct | DefKind::Enum | DefKind::Union => Lowered::ok(Ty::adt(def, generics::identity_args(db, def))),
        DefKind::Variant => Lowered::ok(def.parent().map_or_else(Ty::error, |adt| super::type_of(db, adt))),
        DefKind::Fn => Lowered::ok(Ty::fn_def(def, generics::identity_args(db, def))),
        DefKind::TyParam => Lowered::ok(generics::param_ty(db, def)),
        DefKind::ConstParam => Lowered::ok(const_param_ty(db, def)),
        DefKind::Impl => Lowered::ok(impl_header(db, def).self_ty),
        DefKind::Field => Lowered::ok(field_ty(db, def)),
        DefKind::AnonConst => Lowered::ok(anon_const_ty(db, def)),
        DefKind::TypeAlias | DefKind::AssocTy => alias_ty(db, def),
        DefKind::Const | DefKind::AssocConst | DefKind::Static => const_ty(db, def),
        DefKind::OpaqueTy => Lowered::ok(Ty::opaque(def, generics::identity_args(db, def))),
        DefKind::Trait => Lowered::ok(Ty::self_param()),
        DefKind::Package | DefKind::Mod | DefKind::LifetimeParam | DefKind::Closure | DefKind::Block | DefKind::Use => {
            Lowered::ok(Ty::error())
        }
    }
}

fn type_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> Lowered<Ty> {
    let def = key.def(db);
    let what = if def.kind() == DefKind::TypeAlias { "expanding type alias" } else { "computing the type of" };
    Lowered { value: Ty::error(), errors: vec![cycle_error(db, def, what)] }
}

fn const_param_ty(db: &dyn Db, def: DefId) -> Ty {
    let Some(owner) = def.parent() else { return Ty::error() };
    match generics_of(db, owner).param(def).map(|param| &param.kind) {
        Some(crate::ty::GenericParamKind::Const { ty, .. }) => *ty,
        _ => Ty::error(),
    }
}

fn field_ty(db: &dyn Db, def: DefId) -> Ty {
    let adt = generics_owner(def);
    let fields = super::adt_def(db, adt).variants.iter().flat_map(|variant| &variant.fields);
    fields.into_iter().find(|field| field.def == def).map_or_else(Ty::error, |field| field.ty)
}

/// The representation's type for discriminants, the parameter's for const arguments and defaults, `usize` for lengths.
fn anon_const_ty(db: &dyn Db, def: DefId) -> Ty {
    match def.parent() {
        Some(parent) if parent.kind() == DefKind::Variant => match parent.parent() {
            Some(adt) => discriminant_ty(db, adt),
            None => Ty::isize(),
        },
        _ => super::consts::parameter_ty(db, def).unwrap_or_else(Ty::usize),
    }
}

fn alias_ty(db: &dyn Db, def: DefId) -> Lowered<Ty> {
    let ItemKind::TypeAlias(syntax) = &rgo_hir::item_ast(db, def).kind else { return Lowered::ok(Ty::error()) };
    let Some(ty) = &syntax.ty else { return Lowered::ok(Ty::error()) };
    let elision = match def.kind() {
        DefKind::AssocTy
            if syntax.generics.params.is_empty()
                && matches!(
                    def.parent().map(|parent| &rgo_hir::item_ast(db, parent).kind),
                    Some(ItemKind::Impl(imp)) if imp.of_trait.is_some()
                ) =>
        {
            Elision::Error(ElisionError::AssociatedType)
        }
        DefKind::AssocTy => Elision::Error(ElisionError::NotHere),
        _ => Elision::Error(ElisionError::Missing(String::new())),
    };
    let mut ctx = LowerCtx::signature(db, def, elision);
    let value = ctx.lower_ty(ty);
    Lowered { value, errors: ctx.errors }
}

fn const_ty(db: &dyn Db, def: DefId) -> Lowered<Ty> {
    let ty = match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Const(syntax) => syntax.ty.as_ref(),
        ItemKind::Static(syntax) => syntax.ty.as_ref(),
        _ => None,
    };
    let Some(ty) = ty else { return Lowered::ok(Ty::error()) };
    let mut ctx = LowerCtx::signature(db, def, Elision::Static);
    let value = ctx.lower_ty(ty);
    Lowered { value, errors: ctx.errors }
}

// ----- ADTs -----

#[salsa::tracked(cycle_result = adt_cycle)]
pub(super) fn adt_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Lowered<AdtDef> {
    let def = key.def(db);
    let mut ctx = LowerCtx::signature(db, def, Elision::Error(ElisionError::Missing(String::new())));
    let value = adt_with(db, def, &mut |ty| ctx.lower_ty(ty));
    Lowered { value, errors: ctx.errors }
}

fn adt_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> Lowered<AdtDef> {
    let def = key.def(db);
    let value = adt_with(db, def, &mut |_| Ty::error());
    Lowered { value, errors: vec![cycle_error(db, def, "computing the fields of")] }
}

/// The type with its variants and fields, whose types `lower` says.
fn adt_with(db: &dyn Db, def: DefId, lower: &mut dyn FnMut(&ast::Type) -> Ty) -> AdtDef {
    let (kind, variants) = match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Struct(syntax) => (AdtKind::Struct, vec![variant_with(db, def, &syntax.fields, lower)]),
        ItemKind::Union(syntax) => (AdtKind::Union, vec![variant_with(db, def, &syntax.fields, lower)]),
        ItemKind::Enum(syntax) => {
            let variants = rgo_hir::children(db, def).iter().zip(&syntax.variants);
            let variants = variants.map(|(&variant, syntax)| variant_with(db, variant, &syntax.fields, lower));
            (AdtKind::Enum, variants.collect())
        }
        _ => (AdtKind::Struct, Vec::new()),
    };
    AdtDef { def, kind, variants }
}

fn variant_with(db: &dyn Db, def: DefId, fields: &ast::Fields, lower: &mut dyn FnMut(&ast::Type) -> Ty) -> VariantDef {
    let (ctor, types): (CtorKind, Vec<&ast::Type>) = match fields {
        ast::Fields::Unit => (CtorKind::Unit, Vec::new()),
        ast::Fields::Tuple(fields) => (CtorKind::Fn, fields.iter().map(|field| &field.ty).collect()),
        ast::Fields::Named(fields) => (CtorKind::Named, fields.iter().map(|field| &field.ty).collect()),
    };
    let children = rgo_hir::children(db, def).iter().copied().filter(|child| child.kind() == DefKind::Field);
    let fields =
        children.zip(types).map(|(field, ty)| FieldDef { def: field, name: field.name(), ty: lower(ty) }).collect();
    VariantDef { def, name: def.name(), ctor, fields }
}

/// Whether a trait item can be left out of `dyn` types: it says `where Self: Sized`.
pub fn requires_sized_self(db: &dyn Db, item: DefId) -> bool {
    let Some(sized) = rgo_hir::lang_item(db, "sized") else { return false };
    own_predicates_query(db, item.key(db)).value.iter().any(|(predicate, _)| match predicate.value {
        Clause::Trait(trait_ref) => trait_ref.trait_ == sized && trait_ref.self_ty() == Ty::self_param(),
        Clause::Projection(..) | Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => false,
    })
}

/// Item bounds with what follows from them.
#[salsa::tracked(cycle_result = elaborated_cycle)]
pub(super) fn elaborated_bounds_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<Predicate> {
    crate::solve::elaborate(db, item_bounds_query(db, key).value.iter().map(|(predicate, _)| *predicate))
}

fn elaborated_cycle<'db>(_db: &'db dyn Db, _id: salsa::Id, _key: DefKey<'db>) -> Vec<Predicate> {
    Vec::new()
}

/// Fresh copies of an ADT's field types for these arguments.
pub fn field_tys(db: &dyn Db, adt: DefId, args: Args) -> impl Iterator<Item = Ty> {
    super::adt_def(db, adt).variants.iter().flat_map(|variant| &variant.fields).map(move |field| field.ty.subst(args))
}

pub use bounds::{fn_output, is_auto_trait};
