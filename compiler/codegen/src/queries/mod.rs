//! What code generation asks of the earlier phases, in the form it wants: concrete types, regions erased, opaque types revealed.
//!
//! Here are the questions about one definition, type or trait reference; what is dropped, trait objects, functions as types and the bodies of
//! whole packages are subjects of their own.

use std::ops::ControlFlow;

use rgo_borrowck::OwnershipFacts;
use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::ast::{ItemKind, VisKind};
use rgo_typeck::instance::{BuiltinInstance, Instance, resolve_instance};
use rgo_typeck::solve::ParamEnv;
use rgo_typeck::ty::fold::{TypeFolder, walk_types};
use rgo_typeck::ty::intern::TypeFlags;
use rgo_typeck::ty::{
    AdtDef, Args, Clause, ConstKind, ConstValue, FnSig, GenericArg, GenericParamKind, Generics, Region, Subst,
    TraitRef, Ty, TyKind, TypeFoldable,
};
use rgo_typeck::{collect, solve, thir};

mod bodies;
mod drops;
mod functions;
mod objects;

pub use bodies::{body_error, links, makes_fmt_errors, reached_bodies, user_files};
pub use drops::{Owners, drop_impl, drop_may_panic, is_counted, may_go_uncounted, needs_drop, needs_unwinding};
pub use functions::{dyn_fn_key, dyn_fn_sig, erase_functions, is_callable_param, is_fn_trait, object_fn_trait};
pub use objects::{all_supertraits, dyn_methods, trait_object};

/// What a call of a definition with concrete arguments comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callee {
    /// This function (an impl's, a trait's default, or a free one).
    Item(DefId, Args),
    /// `Clone::clone` of a tuple, array, closure, reference or function.
    CloneShim(Ty),
    /// `Fn*::call*` of a closure, function item or function pointer.
    CallValue,
    /// A method of a `dyn` type.
    Dyn { method: DefId },
    /// Nothing is known: an error was reported, or an earlier phase cannot say.
    Unresolved,
}

/// The typed tree of a body, if the definition has one.
pub fn thir(db: &dyn Db, owner: DefId) -> Option<&thir::Body> {
    let has_body = match owner.kind() {
        DefKind::Fn => match &rgo_hir::item_ast(db, owner).kind {
            ItemKind::Fn(function) => function.body.is_some(),
            _ => true,
        },
        _ => true,
    };
    has_body.then(|| rgo_typeck::thir_build::thir_body(db, owner))
}

/// What the borrow checker found out about a body; `None` for one with errors.
pub fn facts(db: &dyn Db, owner: DefId) -> Option<&OwnershipFacts> {
    let body = thir(db, owner)?;
    (!body.has_errors).then(|| rgo_borrowck::ownership_facts(db, owner))
}

/// The signature with the function's own parameters in it; constructors have one too.
pub fn fn_sig(db: &dyn Db, def: DefId) -> FnSig {
    collect::fn_sig(db, def).instantiate_erased()
}

/// The type of a definition with its own parameters in it.
pub fn type_of(db: &dyn Db, def: DefId) -> Ty {
    collect::type_of(db, def)
}

/// The declaration of a struct, enum or union; `None` for any other definition.
pub fn adt(db: &dyn Db, def: DefId) -> Option<&AdtDef> {
    matches!(def.kind(), DefKind::Struct | DefKind::Enum | DefKind::Union).then(|| collect::adt_def(db, def))
}

/// The number of a variant.
pub fn discriminant(db: &dyn Db, variant: DefId) -> i128 {
    collect::discriminant(db, variant)
}

/// The parameters of a definition, lifetimes included.
pub fn generics(db: &dyn Db, def: DefId) -> Option<&Generics> {
    Some(collect::generics_of(db, def))
}

/// Projections resolved, opaque types revealed, regions erased, closures and function items as function pointers where a type is all that
/// is left of them. `ty` has no parameters.
pub fn normalize(db: &dyn Db, ty: Ty) -> Ty {
    let ty = solve::normalize_erasing_regions(db, ParamEnv::reveal_all(), ty);
    if ty.has(TypeFlags::HAS_PROJECTION) { evaluate_lengths(db, ty) } else { ty }
}

/// Array lengths that are constants of their own.
fn evaluate_lengths(db: &dyn Db, ty: Ty) -> Ty {
    struct Evaluator<'db> {
        db: &'db dyn Db,
    }
    impl TypeFolder for Evaluator<'_> {
        fn fold_const(&mut self, value: rgo_typeck::ty::Const) -> rgo_typeck::ty::Const {
            evaluated(self.db, value)
        }
    }
    ty.fold_with(&mut Evaluator { db })
}

/// The value of a constant in a type, where it is known without its environment.
pub fn evaluated(db: &dyn Db, value: rgo_typeck::ty::Const) -> rgo_typeck::ty::Const {
    match value.kind() {
        ConstKind::Unevaluated(def, args) => const_value(db, *def, *args).map_or(value, rgo_typeck::ty::Const::value),
        _ => value,
    }
}

/// What a call of `def` with concrete arguments comes to: for a method of a trait, that of the impl which the arguments choose.
pub fn resolve(db: &dyn Db, def: DefId, args: Args) -> Callee {
    match resolve_instance(db, def, args) {
        Some(Instance::Item { def, args }) => {
            // A trait's method without a body that no impl provides.
            if def.parent().is_some_and(|p| p.kind() == DefKind::Trait)
                && def.kind() == DefKind::Fn
                && thir(db, def).is_none()
            {
                return Callee::Unresolved;
            }
            Callee::Item(def, args)
        }
        Some(Instance::Builtin(builtin)) => match builtin {
            BuiltinInstance::Clone { ty } => Callee::CloneShim(ty),
            BuiltinInstance::ClosureCall { .. } | BuiltinInstance::FnCall { .. } => Callee::CallValue,
            BuiltinInstance::Dyn { method, .. } => Callee::Dyn { method },
            BuiltinInstance::Ctor { def, args } => Callee::Item(def, args),
        },
        None => Callee::Unresolved,
    }
}

/// Whether a type without parameters is `Copy`.
pub fn is_copy(db: &dyn Db, ty: Ty) -> bool {
    solve::is_copy(db, ParamEnv::reveal_all(), ty)
}

/// Whether a type is `Copy` by what a body knows of its parameters.
pub fn is_copy_in(db: &dyn Db, owner: DefId, ty: Ty) -> bool {
    solve::is_copy(db, solve::param_env(db, owner), ty)
}

/// Whether the type implements the lang trait.
pub fn implements(db: &dyn Db, ty: Ty, lang: &str) -> bool {
    solve::implements_lang(db, ParamEnv::of_concrete(db, ty), ty, lang)
}

/// The value of a constant with concrete arguments; `None` where evaluating it fails.
pub fn const_value(db: &dyn Db, def: DefId, args: Args) -> Option<ConstValue> {
    rgo_typeck::const_eval::const_eval(db, def, args).ok()
}

/// The self type of an impl, with the impl's parameters.
pub fn impl_self(db: &dyn Db, impl_: DefId) -> Ty {
    type_of(db, impl_)
}

/// Whether a definition is an impl of a trait.
pub fn is_trait_impl(db: &dyn Db, impl_: DefId) -> bool {
    impl_.kind() == DefKind::Impl && impl_trait(db, impl_).is_some()
}

/// The trait that an impl is of; `None` for an inherent impl and for what is no impl.
pub fn impl_trait(db: &dyn Db, impl_: DefId) -> Option<DefId> {
    if impl_.kind() != DefKind::Impl {
        return None;
    }
    collect::impl_trait_ref(db, impl_).map(|trait_ref| trait_ref.trait_)
}

/// The trait's arguments, and erased lifetimes for the item's own.
pub fn erased_args(db: &dyn Db, item: DefId, args: Args) -> Args {
    let generics = collect::generics_of(db, item);
    args.extended(generics.params.iter().map(|_| GenericArg::Region(Region::erased())))
}

/// Whether an item has type or const parameters beside those of what it stands in.
pub fn has_own_types(db: &dyn Db, item: DefId) -> bool {
    collect::generics_of(db, item).params.iter().any(|param| !matches!(param.kind, GenericParamKind::Lifetime))
}

/// Whether a definition is written `pub`, without `(crate)` and the like.
pub fn is_pub(db: &dyn Db, def: DefId) -> bool {
    match def.kind() {
        DefKind::Field => match rgo_hir::fields_of(db, def.parent().unwrap_or(def)) {
            Some(rgo_syntax::ast::Fields::Named(fields)) => {
                fields.get(rgo_hir::index_of(db, def)).is_some_and(|f| f.vis.kind == VisKind::Public)
            }
            Some(rgo_syntax::ast::Fields::Tuple(fields)) => {
                fields.get(rgo_hir::index_of(db, def)).is_some_and(|f| f.vis.kind == VisKind::Public)
            }
            _ => true,
        },
        _ => rgo_hir::item_ast(db, def).vis.kind == VisKind::Public,
    }
}

/// A definition's own parameters as its arguments, lifetimes erased.
pub fn own_args(db: &dyn Db, def: DefId) -> Args {
    collect::identity_args(db, def).erase_regions()
}

/// Whether an impl of this trait was derived.
pub fn derives(db: &dyn Db, adt: DefId, trait_: &str) -> bool {
    let lang = match trait_ {
        "PartialEq" => "partial_eq",
        "PartialOrd" => "partial_ord",
        "Ord" => "ord",
        "Clone" => "clone",
        other => other,
    };
    let Some(found) = rgo_hir::lang_item(db, lang) else { return false };
    rgo_hir::trait_impls(db, found).iter().any(|impl_| impl_.parent() == Some(adt) && impl_.name().as_str() == trait_)
}

/// A type without regions of any kind.
fn strip_bound(ty: Ty) -> Ty {
    struct Stripper;
    impl TypeFolder for Stripper {
        fn fold_region(&mut self, _region: Region) -> Region {
            Region::erased()
        }
    }
    ty.fold_with(&mut Stripper)
}

/// A type in which no region is left, bound ones of function pointers included.
pub fn without_regions(ty: Ty) -> Ty {
    if ty.has(TypeFlags::HAS_REGION | TypeFlags::HAS_BOUND) { strip_bound(ty) } else { ty }
}

/// How many parameters the parent of a definition has.
pub fn parent_count(db: &dyn Db, def: DefId) -> usize {
    collect::generics_of(db, def).parent_count
}

/// Whether the function takes `self`.
pub fn has_self(db: &dyn Db, def: DefId) -> bool {
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Fn(function) => function.self_param.is_some(),
        _ => false,
    }
}

/// The names of a function's parameters; empty for one that is no plain name.
pub fn param_names(db: &dyn Db, def: DefId) -> Vec<String> {
    let ItemKind::Fn(function) = &rgo_hir::item_ast(db, def).kind else { return Vec::new() };
    let mut names = Vec::new();
    if function.self_param.is_some() {
        names.push("self".to_string());
    }
    names.extend(function.params.iter().map(|param| pattern_name(&param.pat)));
    names
}

fn pattern_name(pat: &rgo_syntax::ast::Pat) -> String {
    match &pat.kind {
        rgo_syntax::ast::PatKind::Ident { ident, .. } => ident.name.as_str().to_string(),
        _ => String::new(),
    }
}

/// The names of all generic parameters in order, parents' first.
pub fn generic_names(db: &dyn Db, def: DefId) -> Vec<String> {
    let mut names = Vec::new();
    collect::for_each_param(db, def, &mut |param| names.push(param.name.as_str().to_string()));
    names
}

/// For all generic parameters in order, parents' first, whether it is a lifetime.
pub fn are_lifetimes(db: &dyn Db, def: DefId) -> Vec<bool> {
    let mut out = Vec::new();
    collect::for_each_param(db, def, &mut |param| out.push(matches!(param.kind, GenericParamKind::Lifetime)));
    out
}

/// `Self` of the impl that a function stands in.
pub fn self_ty(db: &dyn Db, def: DefId) -> Option<Ty> {
    let parent = def.parent()?;
    match parent.kind() {
        DefKind::Impl => Some(impl_self(db, parent)),
        _ => None,
    }
}

/// The type an associated constant belongs to, as a word.
pub fn owner_word(db: &dyn Db, def: DefId) -> String {
    match self_ty(db, def).map(Ty::kind) {
        Some(TyKind::Adt(adt, _)) => adt.name().as_str().to_string(),
        Some(_) | None => def.parent().map_or_else(String::new, |p| p.name().as_str().to_string()),
    }
}

/// Arguments for a method of a trait, for another `Self`.
pub fn with_self(args: Args, self_ty: Ty) -> Args {
    std::iter::once(GenericArg::Ty(self_ty)).chain(args.iter().skip(1).copied()).collect()
}

/// The name of a type as `std::any::type_name` gives it.
pub fn type_name(db: &dyn Db, ty: Ty) -> String {
    rgo_typeck::ty::display::display_ty(db, ty)
}

/// The type parameters of a definition and of what is around it, by position.
pub fn type_params(db: &dyn Db, def: DefId) -> Vec<(u32, rgo_syntax::Name)> {
    let mut out = Vec::new();
    collect::for_each_param(db, def, &mut |param| {
        if let GenericParamKind::Type { .. } = param.kind {
            out.push((param.index, param.name));
        }
    });
    out
}

/// Whether types are all that the definition is generic over, lifetimes aside.
pub fn has_types_for_parameters(db: &dyn Db, def: DefId) -> bool {
    let mut has_consts = false;
    collect::for_each_param(db, def, &mut |param| has_consts |= matches!(param.kind, GenericParamKind::Const { .. }));
    !has_consts && !type_params(db, def).is_empty()
}

/// The trait reference of an impl by which Go code knows a type: of a `pub` trait of the program's for a `pub` type.
pub fn api_impl(db: &dyn Db, impl_: DefId) -> Option<TraitRef> {
    let trait_ref = collect::impl_trait_ref(db, impl_)?;
    let TyKind::Adt(adt, _) = trait_ref.self_ty().kind() else { return None };
    let is_api = !trait_ref.trait_.is_std() && is_pub(db, trait_ref.trait_) && !adt.is_std() && is_pub(db, *adt);
    is_api.then(|| trait_ref.erase_regions())
}

/// Whether what a definition asks of its parameters holds for arguments. Of what stays open nothing is known but that it is sized.
pub fn bounds_hold(db: &dyn Db, def: DefId, args: Args) -> bool {
    collect::predicates_of(db, def).iter().all(|(predicate, _)| match predicate.value {
        Clause::Trait(bound) => {
            let bound = bound.subst(args).erase_regions();
            rgo_hir::lang_name(db, bound.trait_) == Some("sized")
                || !bound.has_param()
                    && solve::trait_holds(db, ParamEnv::reveal_all(), bound) == solve::EvalResult::Holds
        }
        _ => true,
    })
}

/// All structs and enums that a type is made of, with their arguments.
pub fn adts_in(ty: Ty) -> Vec<(DefId, Args)> {
    let mut found = Vec::new();
    let _ = walk_types(&ty, |part| {
        if let TyKind::Adt(def, args) = part.kind() {
            found.push((*def, *args));
        }
        ControlFlow::Continue(())
    });
    found
}

/// The impls of a type's own methods.
pub fn inherent_impls(db: &dyn Db, adt: DefId) -> Vec<DefId> {
    rgo_hir::inherent_impls(db).of(rgo_hir::SelfHead::Def(adt)).to_vec()
}

/// Whether the definition or something around it has type or const parameters.
pub fn is_generic(db: &dyn Db, def: DefId) -> bool {
    let mut found = false;
    collect::for_each_param(db, def, &mut |param| found |= !matches!(param.kind, GenericParamKind::Lifetime));
    found
}
