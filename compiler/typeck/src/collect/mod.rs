//! What definitions declare: generics, predicates, types, signatures, impls, ADTs, all lowered from the AST.
//!
//! Every query takes a [`DefId`]; errors of lowering come from [`collect_errors`].

use std::sync::LazyLock;

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;

use crate::error::TypeError;
use crate::ty::{
    AdtDef, AdtKind, Args, Binder, FnSig, GenericArg, GenericParamDef, Generics, List, Predicate, TraitRef, Ty,
};

/// The key of this crate's queries by definition.
#[salsa::interned]
pub struct DefKey<'db> {
    #[returns(copy)]
    pub def: DefId,
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
            (Variance::Invariant, Variance::Bivariant) => Variance::Bivariant,
            (Variance::Invariant, _) => Variance::Invariant,
            (Variance::Contravariant, Variance::Covariant) => Variance::Contravariant,
            (Variance::Contravariant, Variance::Contravariant) => Variance::Covariant,
            (Variance::Contravariant, inner) => inner,
            (Variance::Bivariant, _) => Variance::Bivariant,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImplPolarity {
    Positive,
    Negative,
}

static GENERICS: LazyLock<Generics> =
    LazyLock::new(|| Generics { parent: None, parent_count: 0, params: Vec::new(), has_self: false });

/// The generic parameters of a definition. Closures, anonymous constants, variants and fields have their owner's.
pub fn generics_of(_db: &dyn Db, _def: DefId) -> &Generics {
    &GENERICS
}

/// The definition whose generics and predicates `def` uses: itself, or its owner for closures, constants inside bodies, variants and fields.
pub fn generics_owner(def: DefId) -> DefId {
    def
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
pub fn predicates_of(_db: &dyn Db, _def: DefId) -> &[(Predicate, Span)] {
    &[]
}

/// The predicates that `def` itself adds to its parent's.
pub fn own_predicates_of(_db: &dyn Db, _def: DefId) -> &[(Predicate, Span)] {
    &[]
}

/// What `Self: Trait` implies: supertraits and their projections.
pub fn super_predicates(_db: &dyn Db, _trait: DefId) -> &[(Predicate, Span)] {
    &[]
}

/// The bounds written on an associated type or `impl Trait`, about the projection or opaque type itself.
pub fn explicit_item_bounds(_db: &dyn Db, _def: DefId) -> &[(Predicate, Span)] {
    &[]
}

/// [`explicit_item_bounds`] with supertraits' clauses.
pub fn item_bounds(_db: &dyn Db, _def: DefId) -> &[Predicate] {
    &[]
}

/// The type of a definition with its own parameters in place.
pub fn type_of(_db: &dyn Db, _def: DefId) -> Ty {
    Ty::error()
}

/// The signature of a function, or of the constructor of a tuple struct or variant; late-bound lifetimes are bound.
pub fn fn_sig(_db: &dyn Db, _def: DefId) -> Binder<FnSig> {
    Binder::dummy(FnSig::new(&[], Ty::error()))
}

/// The signature as seen inside the body: late-bound lifetimes are `LateParam`.
pub fn liberated_fn_sig(db: &dyn Db, def: DefId) -> FnSig {
    fn_sig(db, def).value
}

/// The trait reference of a trait impl; `None` for inherent ones and after errors.
pub fn impl_trait_ref(_db: &dyn Db, _def: DefId) -> Option<TraitRef> {
    None
}

pub fn impl_polarity(_db: &dyn Db, _def: DefId) -> ImplPolarity {
    ImplPolarity::Positive
}

static ADT: LazyLock<AdtDef> = LazyLock::new(|| AdtDef {
    def: DefId::package(rgo_syntax::Name::new("")),
    kind: AdtKind::Struct,
    variants: Vec::new(),
});

/// A struct, enum or union with its fields' types.
pub fn adt_def(_db: &dyn Db, _def: DefId) -> &AdtDef {
    &ADT
}

/// The items of a trait or impl in source order.
pub fn associated_items(db: &dyn Db, def: DefId) -> &[DefId] {
    rgo_hir::children(db, def)
}

/// The item of `impl_` that implements `trait_item`.
pub fn impl_item_for(db: &dyn Db, impl_: DefId, trait_item: DefId) -> Option<DefId> {
    rgo_hir::child(db, impl_, trait_item.name()).filter(|item| item.kind() == trait_item.kind())
}

/// The trait item that an item of a trait impl implements.
pub fn trait_item_of(db: &dyn Db, impl_item: DefId) -> Option<DefId> {
    let impl_ = impl_item.parent().filter(|parent| parent.kind() == DefKind::Impl)?;
    let trait_ = impl_trait_ref(db, impl_)?.trait_;
    rgo_hir::child(db, trait_, impl_item.name()).filter(|item| item.kind() == impl_item.kind())
}

/// All errors in the signature of a definition (not of its children).
pub fn collect_errors(_db: &dyn Db, _def: DefId) -> &[TypeError] {
    &[]
}

/// Each parameter as its own argument.
pub fn identity_args(_db: &dyn Db, _def: DefId) -> Args {
    let none: [GenericArg; 0] = [];
    List::new(&none)
}

/// How the parameters of an ADT or function may vary.
pub fn variances_of(_db: &dyn Db, _def: DefId) -> &[Variance] {
    &[]
}
