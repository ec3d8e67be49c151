//! What definitions declare: generics, predicates, types, signatures, impls, ADTs, all lowered from the AST.
//!
//! Every query takes a [`DefId`]; errors of lowering come from [`collect_errors`].

mod bounds;
mod consts;
mod discriminants;
pub(crate) mod generic_consts;
mod generics;
mod items;
mod lost;
mod lower;
mod paths;
mod prohibited;
#[cfg(test)]
mod tests;
mod walk;

use rgo_hir::{Db, DefId, DefKey, DefKind};
use rgo_syntax::Span;

use crate::error::TypeError;
use crate::ty::{AdtDef, Binder, FnSig, GenericParamDef, Predicate, RegionKind, TraitRef, Ty};

pub(crate) use consts::{declared_ty, not_of_type, parameter_ty};
pub use discriminants::{discriminant, discriminant_cycle, discriminant_ty};
pub use generics::{
    generics_of, generics_owner, generics_parent, identity_args, late_bound_named, param_arg, param_region,
};
pub use items::{field_tys, fn_output, is_auto_trait, requires_sized_self};
pub use lower::{InferSink, LowerCtx};
pub use paths::{MissingArgs, describe, find_assoc_ty, supertrait_ref};
pub use prohibited::{arg_span, is_constant};

/// A value and the errors found on the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lowered<T> {
    pub value: T,
    pub errors: Vec<TypeError>,
}

impl<T> Lowered<T> {
    fn ok(value: T) -> Lowered<T> {
        Lowered { value, errors: Vec::new() }
    }
}

/// How a parameter's argument may vary with subtyping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variance {
    Covariant,
    Contravariant,
    Invariant,
    Bivariant,
}

impl Variance {
    /// The variance of `inner` seen through `self`.
    pub fn then(self, inner: Variance) -> Variance {
        match (self, inner) {
            (Variance::Covariant, inner) => inner,
            (Variance::Contravariant, Variance::Covariant) => Variance::Contravariant,
            (Variance::Contravariant, Variance::Contravariant) => Variance::Covariant,
            (Variance::Contravariant, Variance::Invariant) => Variance::Invariant,
            (Variance::Invariant, Variance::Covariant | Variance::Contravariant | Variance::Invariant) => {
                Variance::Invariant
            }
            (Variance::Bivariant, _) | (_, Variance::Bivariant) => Variance::Bivariant,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImplPolarity {
    Positive,
    Negative,
}

/// Calls `visit` for every parameter, parents' first.
pub fn for_each_param(db: &dyn Db, def: DefId, visit: &mut dyn FnMut(&GenericParamDef)) {
    let generics = generics_of(db, def);
    if let Some(parent) = generics.parent {
        for_each_param(db, parent, visit);
    }
    generics.params.iter().for_each(visit);
}

/// Own and inherited predicates with the places that they are written at (`Sized` and `Self: Trait` included).
pub fn predicates_of(db: &dyn Db, def: DefId) -> &[(Predicate, Span)] {
    items::predicates_query(db, generics_owner(def).key(db))
}

/// The predicates that `def` itself adds to its parent's.
pub fn own_predicates_of(db: &dyn Db, def: DefId) -> &[(Predicate, Span)] {
    &items::own_predicates_query(db, generics_owner(def).key(db)).value
}

/// What `Self: Trait` implies: supertraits and their projections.
pub fn super_predicates(db: &dyn Db, trait_: DefId) -> &[(Predicate, Span)] {
    &items::super_query(db, trait_.key(db)).value
}

/// The bounds written on an associated type or `impl Trait`, about the projection or opaque type itself; with the implied `Sized`.
pub fn explicit_item_bounds(db: &dyn Db, def: DefId) -> &[(Predicate, Span)] {
    &items::item_bounds_query(db, def.key(db)).value
}

/// [`explicit_item_bounds`] with supertraits' clauses.
pub fn item_bounds(db: &dyn Db, def: DefId) -> &[Predicate] {
    items::elaborated_bounds_query(db, def.key(db))
}

/// The type of a definition with its own parameters in place. For a trait: its `Self`.
pub fn type_of(db: &dyn Db, def: DefId) -> Ty {
    items::type_query(db, def.key(db)).value
}

/// The signature of a function, or of the constructor of a tuple struct or variant; late-bound lifetimes are bound.
pub fn fn_sig(db: &dyn Db, def: DefId) -> Binder<FnSig> {
    fn_sig_query(db, def.key(db))
}

#[salsa::tracked(returns(copy))]
fn fn_sig_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Binder<FnSig> {
    let def = key.def(db);
    match def.kind() {
        DefKind::Struct | DefKind::Variant => items::ctor_sig(db, def),
        _ => items::bind_late(db, def),
    }
}

/// The signature as seen inside the body: late-bound lifetimes are `LateParam`.
pub fn liberated_fn_sig(db: &dyn Db, def: DefId) -> FnSig {
    let sig = fn_sig(db, def);
    sig.instantiate(|var| crate::ty::Region::new(RegionKind::LateParam { scope: def, var }))
}

/// The trait reference of a trait impl; `None` for inherent ones and after errors.
pub fn impl_trait_ref(db: &dyn Db, def: DefId) -> Option<TraitRef> {
    items::impl_header(db, def).trait_ref
}

pub fn impl_polarity(db: &dyn Db, def: DefId) -> ImplPolarity {
    items::impl_header(db, def).polarity
}

/// A struct, enum or union with its fields' types.
pub fn adt_def(db: &dyn Db, def: DefId) -> &AdtDef {
    &items::adt_query(db, def.key(db)).value
}

/// The items of a trait or impl in source order.
pub fn associated_items(db: &dyn Db, def: DefId) -> &[DefId] {
    rgo_hir::children(db, def)
}

/// The item of `impl_` that implements `trait_item`.
pub fn impl_item_for(db: &dyn Db, impl_: DefId, trait_item: DefId) -> Option<DefId> {
    associated_items(db, impl_)
        .iter()
        .copied()
        .find(|item| item.kind() == trait_item.kind() && item.name() == trait_item.name())
}

/// The trait item that an item of a trait impl implements.
pub fn trait_item_of(db: &dyn Db, impl_item: DefId) -> Option<DefId> {
    let impl_ = impl_item.parent().filter(|parent| parent.kind() == DefKind::Impl)?;
    let trait_ = impl_trait_ref(db, impl_)?.trait_;
    associated_items(db, trait_)
        .iter()
        .copied()
        .find(|item| item.kind() == impl_item.kind() && item.name() == impl_item.name())
}

/// All errors in the signature of a definition (not of its children).
pub fn collect_errors(db: &dyn Db, def: DefId) -> Vec<TypeError> {
    let key = def.key(db);
    let mut errors = Vec::new();
    match def.kind() {
        DefKind::Struct | DefKind::Enum | DefKind::Union => {
            errors.extend(items::adt_query(db, key).errors.iter().cloned());
            errors.extend(discriminants::discriminant_cycle(db, def));
        }
        DefKind::Fn => {
            let lowered = items::fn_lowered(db, def);
            errors.extend(lowered.errors.iter().cloned());
            let _ = crate::ty::fold::walk_types(&lowered.sig.output(), |ty| {
                if let crate::ty::TyKind::Opaque(opaque, _) = ty.kind()
                    && opaque.parent() == Some(def)
                {
                    errors.extend(items::item_bounds_query(db, opaque.key(db)).errors.iter().cloned());
                }
                std::ops::ControlFlow::Continue(())
            });
        }
        DefKind::Impl => errors.extend(items::impl_header(db, def).errors.iter().cloned()),
        DefKind::Trait => errors.extend(items::super_query(db, key).errors.iter().cloned()),
        DefKind::AssocTy => {
            errors.extend(items::type_query(db, key).errors.iter().cloned());
            errors.extend(items::item_bounds_query(db, key).errors.iter().cloned());
        }
        DefKind::TypeAlias | DefKind::Const | DefKind::AssocConst | DefKind::Static => {
            errors.extend(items::type_query(db, key).errors.iter().cloned());
        }
        DefKind::Package
        | DefKind::Mod
        | DefKind::Variant
        | DefKind::Field
        | DefKind::TyParam
        | DefKind::ConstParam
        | DefKind::LifetimeParam
        | DefKind::Closure
        | DefKind::AnonConst
        | DefKind::Block
        | DefKind::OpaqueTy
        | DefKind::Use => return errors,
    }
    errors.extend(generics::generics_query(db, key).errors.iter().cloned());
    errors.extend(items::own_predicates_query(db, key).errors.iter().cloned());
    let mut seen: Vec<(Span, Option<&'static str>)> = Vec::new();
    errors.retain(|error| {
        let place = (error.span, error.code);
        !seen.contains(&place) && {
            seen.push(place);
            true
        }
    });
    errors
}

/// The type behind an `impl Trait`.
pub fn opaque_hidden_ty(db: &dyn Db, opaque: DefId) -> Ty {
    crate::infer::opaque_hidden_ty(db, opaque)
}

/// The value of a constant without unknown arguments; itself where it has none.
pub fn const_value(db: &dyn Db, def: DefId, args: crate::ty::Args) -> crate::ty::Const {
    consts::evaluate(db, def, args)
}

/// Whether a trait's associated type, const or function has a default.
pub fn has_default(db: &dyn Db, item: DefId) -> bool {
    use rgo_syntax::ast::ItemKind;
    match &rgo_hir::item_ast(db, item).kind {
        ItemKind::TypeAlias(alias) => alias.ty.is_some(),
        ItemKind::Const(constant) => constant.value.is_some(),
        ItemKind::Fn(function) => function.body.is_some(),
        _ => false,
    }
}

/// How the parameters of an ADT or function may vary.
pub fn variances_of(db: &dyn Db, def: DefId) -> &[Variance] {
    crate::items::variance::variances_of(db, def)
}

fn cycle_error(db: &dyn Db, def: DefId, what: &str) -> TypeError {
    let span = rgo_hir::def_span(db, def);
    let name = def.name();
    TypeError::new(def, span, "E0391", format!("cycle detected when {what} `{name}`"))
        .note(format!("this immediately requires {what} `{name}` again"))
}
