//! Coherence: which impls may be written (orphan rules E0117 E0210, inherent impls E0116 E0118 E0390, `Drop` E0120, `Copy` E0184 E0204 E0206),
//! and that no two overlap (E0119, E0592).
//!
//! Reference: the Rust reference, "Trait implementation coherence"; rustc dev guide, "Coherence".

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rgo_syntax::ast::ItemKind;
use rustc_hash::FxHashMap;

use crate::collect::{
    ImplPolarity, adt_def, associated_items, generics_of, impl_polarity, impl_trait_ref, own_predicates_of,
    predicates_of, type_of,
};
use crate::drop_glue::drop_impl_of;
use crate::error::TypeError;
use crate::infer_ctxt::InferCtxt;
use crate::solve::{
    Author, EvalResult, FulfillCtxt, FulfillErrorKind, Obligation, ObligationCause, Ownership, impls_of, is_broken,
    is_copy, param_env,
};
use crate::ty::display::{display_trait_ref, display_ty};
use crate::ty::{Clause, GenericArg, GenericParamDef, GenericParamKind, Subst, TraitRef, Ty, TyKind, TypeFlags};

use super::object_safety;
use super::regions::{self, Assumptions};

/// The head of an impl as a place for messages.
pub fn head_span(db: &dyn Db, def: DefId) -> Span {
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Impl(item) => item.head_span,
        _ => rgo_hir::def_span(db, def),
    }
}

/// The trait of an impl as a place for messages.
fn trait_span(db: &dyn Db, def: DefId) -> Span {
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Impl(item) => item.of_trait.as_ref().map_or(item.head_span, |path| path.span),
        _ => rgo_hir::def_span(db, def),
    }
}

/// The self type of an impl as a place for messages.
pub fn self_ty_span(db: &dyn Db, def: DefId) -> Span {
    // A derived impl stands for the type it is derived for.
    if let Some(parent) = def.parent()
        && matches!(parent.kind(), DefKind::Struct | DefKind::Enum | DefKind::Union)
    {
        return rgo_hir::def_span(db, parent);
    }
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Impl(item) => item.self_ty.span,
        _ => rgo_hir::def_span(db, def),
    }
}

fn is_local(def: DefId, of: DefId) -> bool {
    def.package_of() == of.package_of()
}

/// Errors of one impl, taken by itself.
pub fn check_impl(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    if def.is_std() {
        return;
    }
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Impl(item) if item.of_trait.is_some() => {
            if let Some(trait_ref) = impl_trait_ref(db, def) {
                check_trait_impl(db, def, trait_ref, errors);
            }
        }
        ItemKind::Impl(_) => check_inherent(db, def, errors),
        _ => {}
    }
}

fn check_trait_impl(db: &dyn Db, def: DefId, trait_ref: TraitRef, errors: &mut Vec<TypeError>) {
    orphan(db, def, trait_ref, errors);
    let lang = rgo_hir::lang_name(db, trait_ref.trait_);
    match lang {
        Some("drop") => drop_impl(db, def, trait_ref, errors),
        Some("copy") => copy_impl(db, def, trait_ref, errors),
        Some("sized" | "unsize" | "tuple_trait") => {
            let message = format!("explicit impls for the `{}` trait are not permitted", trait_ref.trait_.name());
            errors.push(TypeError::new(def, head_span(db, def), "E0322", message));
        }
        Some("send" | "sync") if !def.is_std() && impl_polarity(db, def) != ImplPolarity::Negative => {
            let message = format!("the trait `{}` requires an `unsafe impl` declaration", trait_ref.trait_.name());
            let help = "let the compiler find it out from the fields, or hold what other threads share in an `Arc`, a `Mutex` or an atomic";
            errors.push(TypeError::new(def, head_span(db, def), "E0200", message).help(help));
        }
        Some("fn" | "fn_mut" | "fn_once") if !def.is_std() => {
            let message = format!("manual implementations of `{}` are experimental", trait_ref.trait_.name());
            let help = "give the type a method, or return a closure";
            errors.push(TypeError::new(def, trait_span(db, def), "E0183", message).help(help));
        }
        _ => {}
    }
    object_impl(db, def, trait_ref, errors);
}

// ----- orphan rules -----

/// Whose an impl of a trait of another package is; `None` where there is nothing to ask.
fn ownership(db: &dyn Db, def: DefId, trait_ref: TraitRef) -> Option<Ownership> {
    if is_local(trait_ref.trait_, def) || is_broken(trait_ref) {
        return None;
    }
    let trait_ref = crate::solve::normalize_erasing_regions(db, param_env(db, def), trait_ref);
    Some(Author::Package(def.package_of()).ownership(db, trait_ref))
}

fn orphan(db: &dyn Db, def: DefId, trait_ref: TraitRef, errors: &mut Vec<TypeError>) {
    let Some(verdict) = ownership(db, def, trait_ref) else { return };
    match verdict {
        Ownership::Local => {}
        Ownership::Uncovered(ty) => {
            let span = param_span(db, def, ty).unwrap_or_else(|| head_span(db, def));
            let name = display_ty(db, ty);
            let message = format!(
                "type parameter `{name}` must be used as the type parameter for some local type (e.g., `MyStruct<{name}>`)"
            );
            errors.push(
                TypeError::new(def, span, "E0210", message)
                    .label(format!("type parameter `{name}` must be used as the type parameter for some local type"))
                    .note("only traits defined in the current package can be implemented for a type parameter"),
            );
        }
        Ownership::Foreign => {
            let ty = trait_ref.self_ty();
            let message = if let TyKind::Adt(..) = ty.kind() {
                "only traits defined in the current package can be implemented for types defined outside of the package"
            } else {
                "only traits defined in the current package can be implemented for arbitrary types"
            };
            errors.push(
                TypeError::new(def, head_span(db, def), "E0117", message)
                    .label("impl doesn't have any local type before any uncovered type parameters")
                    .note(format!("`{}` is not defined in the current package", display_ty(db, ty)))
                    .help("define and implement a trait or new type instead"),
            );
        }
    }
}

fn param_span(db: &dyn Db, def: DefId, ty: Ty) -> Option<Span> {
    let TyKind::Param(param) = ty.kind() else { return None };
    let param = generics_of(db, def).params.iter().find(|known| known.index == param.index)?;
    Some(rgo_hir::def_span(db, param.def))
}

// ----- inherent impls -----

fn check_inherent(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let ty = type_of(db, def);
    let span = head_span(db, def);
    let foreign = |name: &str| {
        TypeError::new(
            def,
            span,
            "E0116",
            "cannot define inherent `impl` for a type outside of the package where the type is defined",
        )
        .label(format!("impl for type `{name}`, which is defined elsewhere"))
        .help("define a trait that has the desired functions and implement it, or a new type to wrap this one")
    };
    match ty.kind() {
        TyKind::Adt(adt, _) if is_local(*adt, def) => {}
        TyKind::Adt(..) => errors.push(foreign(&display_ty(db, ty))),
        TyKind::Dynamic(..) => match ty.dyn_principal() {
            Some(principal) if is_local(principal.value.trait_, def) => {}
            Some(_) => errors.push(foreign(&display_ty(db, ty))),
            None => {
                errors.push(TypeError::new(def, span, "E0785", "cannot define inherent `impl` for a dyn auto trait"))
            }
        },
        TyKind::Bool
        | TyKind::Char
        | TyKind::Int(_)
        | TyKind::Uint(_)
        | TyKind::Float(_)
        | TyKind::Str
        | TyKind::Never
        | TyKind::Array(..)
        | TyKind::Slice(_)
        | TyKind::Ref(..)
        | TyKind::Tuple(_)
        | TyKind::FnPtr(_) => errors.push(
            TypeError::new(def, span, "E0390", "cannot define inherent `impl` for primitive types")
                .help("consider using an extension trait instead"),
        ),
        TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) => errors.push(
            TypeError::new(def, span, "E0118", "no nominal type found for inherent implementation")
                .label("impl requires a nominal type")
                .note("either implement a trait on it or create a newtype to wrap it instead"),
        ),
        TyKind::FnDef(..) | TyKind::Closure(..) | TyKind::Infer(_) | TyKind::Error => {}
    }
}

// ----- built-in traits -----

fn drop_impl(db: &dyn Db, def: DefId, trait_ref: TraitRef, errors: &mut Vec<TypeError>) {
    match trait_ref.self_ty().kind() {
        TyKind::Adt(adt, _) if is_local(*adt, def) => drop_specialisation(db, def, *adt, trait_ref, errors),
        TyKind::Error => {}
        _ => errors.push(
            TypeError::new(
                def,
                self_ty_span(db, def),
                "E0120",
                "the `Drop` trait may only be implemented for local structs, enums, and unions",
            )
            .label("must be a struct, enum, or union in the current package"),
        ),
    }
}

/// `impl Drop` must hold for all instances of the type (E0366, E0367).
fn drop_specialisation(db: &dyn Db, def: DefId, adt: DefId, trait_ref: TraitRef, errors: &mut Vec<TypeError>) {
    let TyKind::Adt(_, args) = trait_ref.self_ty().kind() else { return };
    let mut seen: Vec<GenericArg> = Vec::new();
    let is_general = args.iter().all(|arg| {
        let is_param = match arg {
            GenericArg::Ty(ty) => matches!(ty.kind(), TyKind::Param(_)),
            GenericArg::Region(region) => !region.is_static(),
            GenericArg::Const(value) => matches!(value.kind(), crate::ty::ConstKind::Param { .. }),
        };
        let is_new = !seen.contains(arg);
        seen.push(*arg);
        is_param && is_new
    });
    if !is_general {
        errors.push(
            TypeError::new(def, head_span(db, def), "E0366", "`Drop` impls cannot be specialized")
                .note("use the same sequence of generic lifetime, type and const parameters as the type definition")
                .secondary(adt, rgo_hir::def_span(db, adt), "the type is declared here"),
        );
        return;
    }
    // That a parameter is sized, too, is more than the type requires, if it is none of the type's.
    for param in unconstrained_params(db, def) {
        let what = match param.kind {
            GenericParamKind::Lifetime => continue,
            GenericParamKind::Type { .. } => format!("{}: Sized", param.name),
            GenericParamKind::Const { ty, .. } => format!("const {}: {}", param.name, display_ty(db, ty)),
        };
        let message =
            format!("`Drop` impl requires `{what}` but the {} it is implemented for does not", kind_name(adt));
        errors.push(TypeError::new(def, rgo_hir::def_span(db, param.def), "E0367", message).secondary(
            adt,
            rgo_hir::def_span(db, adt),
            "the implementor must specify the same requirement",
        ));
    }
    let assumed = param_env(db, adt);
    let infcx = InferCtxt::new(db, assumed);
    // The impl's parameters, renamed to the type's own.
    let own = crate::collect::identity_args(db, adt);
    for (predicate, span) in own_predicates_of(db, def) {
        let Some(renaming) = renaming(*args, own, generics_of(db, def).count()) else { return };
        let wanted = predicate.subst(renaming);
        let cause = ObligationCause::misc(def, *span);
        let obligation = Obligation::new(cause, infcx.param_env, wanted);
        if infcx.evaluate(&obligation) == EvalResult::Fails || !outlives_holds(db, adt, obligation) {
            let what = crate::ty::display::display_predicate(db, *predicate);
            let message =
                format!("`Drop` impl requires `{what}` but the {} it is implemented for does not", kind_name(adt));
            errors.push(TypeError::new(def, *span, "E0367", message).secondary(
                adt,
                rgo_hir::def_span(db, adt),
                "the implementor must specify the same requirement",
            ));
        }
    }
}

/// Whether what is said of lifetimes follows from what the type says of its own, in its bounds or by its fields.
fn outlives_holds(db: &dyn Db, adt: DefId, obligation: Obligation) -> bool {
    if !matches!(obligation.predicate.value, Clause::TypeOutlives(..) | Clause::RegionOutlives(..)) {
        return true;
    }
    let env = param_env(db, adt);
    let infcx = InferCtxt::tracking(db, env, 0);
    let mut fulfill = FulfillCtxt::new();
    fulfill.register(&infcx, obligation);
    fulfill.select_where_possible(&infcx);
    let mut known = Assumptions::of_env(env);
    known.well_formed(db, Ty::new(TyKind::Adt(adt, crate::collect::identity_args(db, adt))));
    regions::failures(&infcx, &known).is_empty()
}

fn kind_name(adt: DefId) -> &'static str {
    match adt.kind() {
        DefKind::Enum => "enum",
        DefKind::Union => "union",
        _ => "struct",
    }
}

/// Arguments that give each impl parameter the type's parameter it stands for.
fn renaming(impl_args: crate::ty::Args, own: crate::ty::Args, count: usize) -> Option<crate::ty::Args> {
    let mut renamed: Vec<Option<GenericArg>> = vec![None; count];
    for (from, to) in impl_args.iter().zip(own.iter()) {
        let index = match from {
            GenericArg::Ty(ty) => match ty.kind() {
                TyKind::Param(param) => param.index,
                _ => return None,
            },
            GenericArg::Region(region) => match region.kind() {
                crate::ty::RegionKind::EarlyParam { index, .. } => *index,
                _ => continue,
            },
            GenericArg::Const(value) => match value.kind() {
                crate::ty::ConstKind::Param { index, .. } => *index,
                _ => return None,
            },
        };
        *renamed.get_mut(index as usize)? = Some(*to);
    }
    let renamed: Option<Vec<GenericArg>> = renamed.into_iter().collect();
    renamed.map(|args| crate::ty::Args::new(&args))
}

fn copy_impl(db: &dyn Db, def: DefId, trait_ref: TraitRef, errors: &mut Vec<TypeError>) {
    if impl_polarity(db, def) == ImplPolarity::Negative {
        return;
    }
    let span = self_ty_span(db, def);
    let TyKind::Adt(adt, args) = trait_ref.self_ty().kind() else {
        errors.push(
            TypeError::new(def, span, "E0206", "the trait `Copy` cannot be implemented for this type")
                .label("type is not a structure or enumeration"),
        );
        return;
    };
    let env = param_env(db, def);
    for field in adt_def(db, *adt).variants.iter().flat_map(|variant| &variant.fields) {
        let ty = field.ty.subst(*args);
        if ty.has(TypeFlags::HAS_ERROR) {
            continue;
        }
        let ty = crate::solve::normalize_erasing_regions(db, env, ty);
        if !is_copy(db, env, ty) {
            errors.push(
                TypeError::new(def, span, "E0204", "the trait `Copy` cannot be implemented for this type").secondary(
                    *adt,
                    rgo_hir::def_span(db, field.def),
                    "this field does not implement `Copy`",
                ),
            );
            return;
        }
    }
    if let Some(drop) = drop_impl_of(db, *adt) {
        errors.push(
            TypeError::new(
                def,
                span,
                "E0184",
                "the trait `Copy` cannot be implemented for this type; the type has a destructor",
            )
            .label("`Copy` not allowed on types with destructors")
            .secondary(drop, head_span(db, drop), "destructor declared here"),
        );
    }
}

/// `impl Trait for dyn Trait` is there already (E0371).
fn object_impl(db: &dyn Db, def: DefId, trait_ref: TraitRef, errors: &mut Vec<TypeError>) {
    let Some(principal) = trait_ref.self_ty().dyn_principal() else { return };
    let covers = object_safety::supertraits(db, principal.value.trait_).contains(&trait_ref.trait_);
    if covers && object_safety::is_dyn_compatible(db, principal.value.trait_) {
        let (ty, name) = (display_ty(db, trait_ref.self_ty()), trait_ref.trait_.name());
        errors.push(
            TypeError::new(
                def,
                head_span(db, def),
                "E0371",
                format!("the object type `{ty}` automatically implements the trait `{name}`"),
            )
            .label(format!("`{ty}` automatically implements trait `{name}`")),
        );
    }
}

// ----- overlap -----

/// Overlaps of a package's impls with impls of other packages and with earlier ones of its own: the first of each impl is reported at it.
///
/// `order` tells the position of the package's impls.
pub fn overlaps_of_impl(
    db: &dyn Db,
    imp: DefId,
    trait_ref: TraitRef,
    order: &FxHashMap<DefId, usize>,
    errors: &mut Vec<TypeError>,
) {
    let position = order.get(&imp);
    let is_before =
        |other: DefId| order.get(&other).map_or(other.package_of() != imp.package_of(), |at| Some(at) < position);
    let mut others: Vec<DefId> =
        impls_of(db, trait_ref.trait_).meeting(trait_ref.self_ty()).filter(|other| is_before(*other)).collect();
    // `None`, which is what foreign impls have, comes first.
    others.sort_by_key(|other| order.get(other));
    for other in others {
        if let Some(error) = overlap(db, other, imp).and_then(|common| overlap_error(db, other, imp, common)) {
            errors.push(error);
            break;
        }
    }
}

fn overlap_error(db: &dyn Db, first: DefId, second: DefId, trait_ref: TraitRef) -> Option<TypeError> {
    let name = display_trait_ref(db, trait_ref);
    if impl_polarity(db, first) != impl_polarity(db, second) {
        return Some(TypeError::new(
            second,
            head_span(db, second),
            "E0751",
            format!("found both positive and negative implementation of trait `{name}`"),
        ));
    }
    // An impl that may not be written at all is not told whom else it meets.
    let own = impl_trait_ref(db, second).and_then(|own| ownership(db, second, own));
    let is_orphan = || matches!(own, Some(Ownership::Uncovered(_) | Ownership::Foreign));
    if first.package_of() != second.package_of() && is_orphan() {
        return None;
    }
    let mut error = TypeError::new(
        second,
        head_span(db, second),
        "E0119",
        format!("conflicting implementations of trait `{name}`"),
    )
    .label("conflicting implementation");
    if first.package_of() == second.package_of() {
        error = error.secondary(first, head_span(db, first), "first implementation here");
    } else {
        error = error.note(format!("conflicting implementation in package `{}`", first.package_of().name()));
    }
    Some(error)
}

/// The trait reference that both impls would cover.
fn overlap(db: &dyn Db, a: DefId, b: DefId) -> Option<TraitRef> {
    let (ref_a, ref_b) = (impl_trait_ref(db, a)?, impl_trait_ref(db, b)?);
    let apart = ref_a.args.iter().zip(ref_b.args.iter()).any(|(x, y)| match (x, y) {
        (GenericArg::Ty(x), GenericArg::Ty(y)) => certainly_differ(*x, *y),
        _ => false,
    });
    if apart || is_broken(ref_a) || is_broken(ref_b) {
        return None;
    }
    let infcx = InferCtxt::coherence(db, b.package_of());
    let cause = ObligationCause::misc(b, head_span(db, b));
    let (args_a, args_b) = (infcx.fresh_args(a, &cause), infcx.fresh_args(b, &cause));
    let mut obligations = Vec::new();
    let ref_a = infcx.normalize(ref_a.subst(args_a), &cause, &mut obligations);
    let ref_b = infcx.normalize(ref_b.subst(args_b), &cause, &mut obligations);
    infcx.eq(&cause, ref_a, ref_b).ok()?;
    if !all_may_hold(&infcx, &cause, &[(a, args_a), (b, args_b)], obligations) {
        return None;
    }
    Some(infcx.resolve_vars_if_possible(ref_b))
}

fn all_may_hold(
    infcx: &InferCtxt<'_>,
    cause: &ObligationCause,
    headers: &[(DefId, crate::ty::Args)],
    mut obligations: Vec<Obligation>,
) -> bool {
    for (def, args) in headers {
        for (predicate, _) in infcx.instantiate_predicates(*def, *args) {
            let predicate = infcx.normalize(predicate, cause, &mut obligations);
            obligations.push(Obligation::new(cause.clone(), infcx.param_env, predicate));
        }
    }
    // What one condition says of a variable holds for the others.
    let mut fulfill = FulfillCtxt::new();
    fulfill.register_all(infcx, obligations);
    let failed = fulfill.select_where_possible(infcx);
    failed.iter().all(|error| matches!(error.kind, FulfillErrorKind::Overflow))
}

/// A cheap test before unification.
fn certainly_differ(a: Ty, b: Ty) -> bool {
    let is_open = |ty: Ty| {
        matches!(
            ty.kind(),
            TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) | TyKind::Error | TyKind::Infer(_)
        )
    };
    if is_open(a) || is_open(b) {
        return false;
    }
    match (a.kind(), b.kind()) {
        (TyKind::Adt(a, _), TyKind::Adt(b, _)) => a != b,
        (TyKind::Ref(_, a, how_a), TyKind::Ref(_, b, how_b)) => how_a != how_b || certainly_differ(*a, *b),
        (TyKind::Slice(a), TyKind::Slice(b)) | (TyKind::Array(a, _), TyKind::Array(b, _)) => certainly_differ(*a, *b),
        (TyKind::Tuple(a), TyKind::Tuple(b)) => a.len() != b.len(),
        (TyKind::Int(a), TyKind::Int(b)) => a != b,
        (TyKind::Uint(a), TyKind::Uint(b)) => a != b,
        (TyKind::Float(a), TyKind::Float(b)) => a != b,
        (a, b) => std::mem::discriminant(a) != std::mem::discriminant(b),
    }
}

/// Items of the same name in overlapping inherent impls of one type (E0592).
pub fn inherent_overlaps(db: &dyn Db, impls: &[DefId], errors: &mut Vec<TypeError>) {
    for (index, first) in impls.iter().enumerate() {
        within_one(db, *first, errors);
        for second in &impls[index + 1..] {
            let clash =
                |item: &DefId| associated_items(db, *second).iter().copied().find(|other| same_name(*item, *other));
            let clashes: Vec<(DefId, DefId)> = associated_items(db, *first)
                .iter()
                .filter_map(|item| clash(item).map(|other| (*item, other)))
                .collect();
            if !clashes.is_empty() && inherent_headers_overlap(db, *first, *second) {
                for (item, other) in clashes {
                    errors.push(duplicate(db, item, other));
                }
            }
        }
    }
}

fn same_name(a: DefId, b: DefId) -> bool {
    let is_type = |def: DefId| def.kind() == DefKind::AssocTy;
    a.name() == b.name() && is_type(a) == is_type(b)
}

fn within_one(db: &dyn Db, imp: DefId, errors: &mut Vec<TypeError>) {
    let items = associated_items(db, imp);
    for (index, item) in items.iter().enumerate() {
        if let Some(first) = items[..index].iter().find(|other| same_name(**other, *item)) {
            errors.push(duplicate(db, *item, *first));
        }
    }
}

fn duplicate(db: &dyn Db, item: DefId, other: DefId) -> TypeError {
    TypeError::new(item, item_head(db, item), "E0592", format!("duplicate definitions with name `{}`", item.name()))
        .label(format!("duplicate definitions for `{}`", item.name()))
        .secondary(other, item_head(db, other), format!("other definition for `{}`", other.name()))
}

/// The signature of a function, the name of anything else.
pub fn item_head(db: &dyn Db, def: DefId) -> Span {
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Fn(item) if def.kind() == DefKind::Fn => item.sig_span,
        _ => rgo_hir::def_span(db, def),
    }
}

fn inherent_headers_overlap(db: &dyn Db, a: DefId, b: DefId) -> bool {
    let (ty_a, ty_b) = (type_of(db, a), type_of(db, b));
    if certainly_differ(ty_a, ty_b) {
        return false;
    }
    let infcx = InferCtxt::coherence(db, a.package_of());
    let cause = ObligationCause::misc(a, head_span(db, a));
    let (args_a, args_b) = (infcx.fresh_args(a, &cause), infcx.fresh_args(b, &cause));
    let mut obligations = Vec::new();
    let ty_a = infcx.normalize(ty_a.subst(args_a), &cause, &mut obligations);
    let ty_b = infcx.normalize(ty_b.subst(args_b), &cause, &mut obligations);
    infcx.eq(&cause, ty_a, ty_b).is_ok() && all_may_hold(&infcx, &cause, &[(a, args_a), (b, args_b)], obligations)
}

/// Whether an impl has a parameter, not a lifetime, that nothing in its head determines.
pub fn has_unconstrained_params(db: &dyn Db, def: DefId) -> bool {
    unconstrained_params(db, def).any(|param| !matches!(param.kind, GenericParamKind::Lifetime))
}

fn unconstrained_params(db: &dyn Db, imp: DefId) -> impl Iterator<Item = &GenericParamDef> {
    let constrained =
        super::params::constrained_by_impl(type_of(db, imp), impl_trait_ref(db, imp), predicates_of(db, imp));
    generics_of(db, imp).params.iter().filter(move |param| !constrained.contains(&param.index))
}

/// Parameters of an impl that nothing in its head determines (E0207).
pub fn unconstrained(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let self_ty = type_of(db, def);
    if self_ty.has(TypeFlags::HAS_ERROR) {
        return;
    }
    let trait_ref = impl_trait_ref(db, def);
    let is_trait_impl = matches!(&rgo_hir::item_ast(db, def).kind, ItemKind::Impl(item) if item.of_trait.is_some());
    if is_trait_impl && trait_ref.is_none() {
        return;
    }
    let in_types = || -> rustc_hash::FxHashSet<u32> {
        let types = associated_items(db, def).iter().filter(|item| item.kind() == DefKind::AssocTy);
        types.flat_map(|item| super::params::params_in(&type_of(db, *item))).collect()
    };
    for param in unconstrained_params(db, def) {
        let (kind, name) = match param.kind {
            GenericParamKind::Lifetime if !in_types().contains(&param.index) => continue,
            GenericParamKind::Lifetime => ("lifetime", format!("'{}", param.name)),
            GenericParamKind::Type { .. } => ("type", param.name.to_string()),
            GenericParamKind::Const { .. } => ("const", param.name.to_string()),
        };
        let message =
            format!("the {kind} parameter `{name}` is not constrained by the impl trait, self type, or predicates");
        errors.push(
            TypeError::new(def, rgo_hir::def_span(db, param.def), "E0207", message)
                .label(format!("unconstrained {kind} parameter")),
        );
    }
}
