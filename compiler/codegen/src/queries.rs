//! What code generation asks of the earlier phases, in the form it wants: concrete types, regions erased, opaque types revealed.

use rgo_borrowck::OwnershipFacts;
use rgo_hir::{Db, DefId, DefKind};
use rgo_typeck::thir;
use rgo_typeck::ty::{AdtDef, Args, ConstValue, FnSig, Generics, Ty};

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

/// The typed tree of a body.
pub fn thir(_db: &dyn Db, _owner: DefId) -> Option<&thir::Body> {
    None
}

pub fn facts(_db: &dyn Db, _owner: DefId) -> Option<&OwnershipFacts> {
    None
}

pub fn fn_sig(_db: &dyn Db, _def: DefId) -> FnSig {
    FnSig::new(&[], Ty::unit())
}

pub fn type_of(_db: &dyn Db, _def: DefId) -> Ty {
    Ty::error()
}

pub fn adt(_db: &dyn Db, _def: DefId) -> Option<&AdtDef> {
    None
}

pub fn generics(_db: &dyn Db, _def: DefId) -> Option<&Generics> {
    None
}

/// Projections resolved, opaque types revealed, regions erased. `ty` has no parameters.
pub fn normalize(_db: &dyn Db, ty: Ty) -> Ty {
    ty
}

pub fn resolve(_db: &dyn Db, def: DefId, args: Args) -> Callee {
    Callee::Item(def, args)
}

pub fn is_copy(_db: &dyn Db, _ty: Ty) -> bool {
    false
}

pub fn needs_drop(_db: &dyn Db, _ty: Ty) -> bool {
    false
}

/// The method `drop` of the type's own `Drop` impl.
pub fn drop_impl(_db: &dyn Db, _adt: DefId) -> Option<DefId> {
    None
}

pub fn const_value(_db: &dyn Db, _def: DefId, _args: Args) -> Option<ConstValue> {
    None
}

/// The self type of an impl, with the impl's parameters.
pub fn impl_self(db: &dyn Db, impl_: DefId) -> Ty {
    type_of(db, impl_)
}

pub fn is_trait_impl(_db: &dyn Db, _impl: DefId) -> bool {
    false
}

/// The functions of a trait that `dyn` can call, supertraits' included, in order, each with its arguments for the `dyn` type.
pub fn dyn_methods(_db: &dyn Db, _trait: DefId, _ty: Ty) -> Vec<(DefId, Args)> {
    Vec::new()
}

pub fn is_fn(def: DefId) -> bool {
    def.kind() == DefKind::Fn
}

pub fn is_pub(_db: &dyn Db, _def: DefId) -> bool {
    false
}

/// Whether an impl of this trait was derived.
pub fn derives(_db: &dyn Db, _adt: DefId, _trait: &str) -> bool {
    false
}

pub fn dyn_fn_sig(_db: &dyn Db, _ty: Ty) -> Option<FnSig> {
    None
}

/// How many parameters the parent of a definition has.
pub fn parent_count(_db: &dyn Db, _def: DefId) -> usize {
    0
}

pub fn impl_trait(_db: &dyn Db, _impl: DefId) -> Option<DefId> {
    None
}

/// Whether the function takes `self`.
pub fn has_self(_db: &dyn Db, _def: DefId) -> bool {
    false
}

/// The names of a function's parameters; empty for one that is no plain name.
pub fn param_names(_db: &dyn Db, _def: DefId) -> Vec<String> {
    Vec::new()
}

/// The names of all generic parameters in order, parents' first.
pub fn generic_names(_db: &dyn Db, _def: DefId) -> Vec<String> {
    Vec::new()
}

/// `Self` of the impl that a function stands in.
pub fn self_ty(_db: &dyn Db, _def: DefId) -> Option<Ty> {
    None
}

/// The type an associated constant belongs to, as a word.
pub fn owner_word(_db: &dyn Db, _def: DefId) -> String {
    String::new()
}

/// Arguments for a method of a trait, for another `Self`.
pub fn with_self(args: Args, self_ty: Ty) -> Args {
    use rgo_typeck::ty::GenericArg;
    std::iter::once(GenericArg::Ty(self_ty)).chain(args.iter().skip(1).copied()).collect()
}

/// The name of a type as `std::any::type_name` gives it.
pub fn type_name(_db: &dyn Db, ty: Ty) -> String {
    format!("{ty:?}")
}

/// Whether the definition or something around it has type or const parameters.
pub fn is_generic(_db: &dyn Db, _def: DefId) -> bool {
    false
}

/// Whether the package makes `usize` values above `isize::MAX`.
pub fn makes_big_usize(_db: &dyn Db, _package: rgo_hir::Package) -> bool {
    false
}
