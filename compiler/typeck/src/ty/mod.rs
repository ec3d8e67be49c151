//! Types, regions, constants and predicates, as interned `Copy` handles.
//!
//! The shape follows rustc's `ty` module (rustc dev guide, "The `ty` module"); late-bound regions are de Bruijn indexed.
//! Everything is interned in process-global tables (docs/architecture.md, "Interning"): equality is pointer equality.

pub mod display;
pub mod flags;
pub mod fold;
pub mod intern;
mod make;
pub mod subst;

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_syntax::Name;

pub use fold::TypeFoldable;
pub use intern::{Args, Clauses, Const, List, Region, Ty, TypeFlags};
pub use make::principal;
pub use subst::Subst;

/// What a type is. Read through [`Ty::kind`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TyKind {
    Bool,
    Char,
    Int(IntTy),
    Uint(UintTy),
    Float(FloatTy),
    Str,
    Never,
    /// Struct, enum (std's included: `Box`, `Vec`, `Option` are ordinary ADTs with lang items).
    Adt(DefId, Args),
    Array(Ty, Const),
    Slice(Ty),
    Ref(Region, Ty, Mutability),
    Tuple(List<Ty>),
    /// The type of a function, or of a tuple struct's or variant's constructor. Args of early-bound parameters only.
    FnDef(DefId, Args),
    FnPtr(Binder<FnSig>),
    /// Args: the parent's, then (as in rustc) kind type (`i8` Fn, `i16` FnMut, `i32` FnOnce, or an inference variable), the signature as `FnPtr` over
    /// one tuple of inputs, and the tuple of upvar types. See [`ClosureArgs`].
    Closure(DefId, Args),
    /// `dyn A<X, Assoc = Y> + Send + 'r`. Principal first; auto traits sorted.
    Dynamic(Clauses, Region),
    Param(ParamTy),
    /// `<T as Trait>::Assoc` (args: the trait's, `Self` first, then the item's own) that could not be normalised yet.
    Projection(DefId, Args),
    /// Return-position `impl Trait` (`DefKind::OpaqueTy`); args are the generics of its function.
    Opaque(DefId, Args),
    Infer(InferTy),
    /// An error has been reported; related to every type without complaint.
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IntTy {
    I8,
    I16,
    I32,
    I64,
    Isize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UintTy {
    U8,
    U16,
    U32,
    U64,
    Usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FloatTy {
    F32,
    F64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InferTy {
    Ty(u32),
    Int(u32),
    Float(u32),
}

/// A type parameter by its position in the item's generics (parents first; `Self` of a trait is index 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParamTy {
    pub index: u32,
    pub name: Name,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RegionKind {
    Static,
    /// An early-bound parameter by position in the generics.
    EarlyParam {
        index: u32,
        name: Name,
    },
    /// Bound by the `depth`-th enclosing binder (0 = innermost).
    Bound {
        depth: u32,
        var: BoundRegion,
    },
    /// A late-bound region of function or closure `scope`, seen from inside its body.
    LateParam {
        scope: DefId,
        var: BoundRegion,
    },
    /// An inference variable of an `InferCtxt` or of borrowck.
    Var(u32),
    /// A universally quantified stand-in in universe `universe`.
    Placeholder {
        universe: u32,
        var: BoundRegion,
    },
    /// "Not tracked here": every region in the results of type inference.
    Erased,
    /// In a type as the user wrote it: left out, but the same wherever the number stands (`Twice<'_>`, `Twice<_>` of an alias).
    Shared(u32),
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BoundRegion {
    /// Position in the binder.
    pub index: u32,
    pub kind: BoundRegionKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoundRegionKind {
    /// Elided in the source.
    Anon,
    Named(DefId),
    /// From `for<'a>`.
    ForLifetime(Name),
    /// The region of `&self` of a closure call.
    ClosureEnv,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConstKind {
    Value(ConstValue),
    Param {
        index: u32,
        name: Name,
    },
    Infer(u32),
    /// An anonymous or associated constant that could not be evaluated yet.
    Unevaluated(DefId, Args),
    Error,
}

/// The result of constant evaluation: a tree, with no identity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConstValue {
    Bool(bool),
    Char(char),
    /// Sign-extended value of any integer type.
    Int(i128),
    /// Bits of an `f64` or `f32` (widened).
    Float(u64),
    Str(Name),
    Bytes(Box<[u8]>),
    Unit,
    Tuple(Box<[ConstValue]>),
    Array(Box<[ConstValue]>),
    /// A struct (variant 0) or enum value.
    Adt {
        def: DefId,
        variant: u32,
        fields: Box<[ConstValue]>,
    },
    /// A shared reference to a value.
    Ref(Box<ConstValue>),
    Fn(DefId, Args),
}

/// An argument for a generic parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GenericArg {
    Region(Region),
    Ty(Ty),
    Const(Const),
}

/// A value under a `for<…>`; `vars` names the bound regions in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Binder<T> {
    pub value: T,
    pub vars: List<BoundRegionKind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FnSig {
    /// Inputs, then the output last.
    pub inputs_and_output: List<Ty>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TraitRef {
    pub trait_: DefId,
    /// `Self` first.
    pub args: Args,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProjectionTy {
    /// The associated type or const in the trait.
    pub item: DefId,
    /// The trait's arguments (`Self` first), then the item's own.
    pub args: Args,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Clause {
    Trait(TraitRef),
    /// `<T as Trait>::Assoc == ty`.
    Projection(ProjectionTy, Ty),
    TypeOutlives(Ty, Region),
    RegionOutlives(Region, Region),
}

/// A clause that must hold, or that may be assumed.
pub type Predicate = Binder<Clause>;

/// Struct, enum and their fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdtDef {
    pub def: DefId,
    pub kind: AdtKind,
    /// One for a struct.
    pub variants: Vec<VariantDef>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AdtKind {
    Struct,
    Enum,
    Union,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantDef {
    /// The struct itself or the variant.
    pub def: DefId,
    pub name: Name,
    pub ctor: CtorKind,
    pub fields: Vec<FieldDef>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CtorKind {
    /// `S { .. }`.
    Named,
    /// `S(..)`.
    Fn,
    /// `S`.
    Unit,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDef {
    pub def: DefId,
    pub name: Name,
    /// With the ADT's own parameters.
    pub ty: Ty,
}

/// The generic parameters of an item, parents' first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generics {
    pub parent: Option<DefId>,
    pub parent_count: usize,
    pub params: Vec<GenericParamDef>,
    /// True for a trait and for what is inside it: parameter 0 is `Self`.
    pub has_self: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenericParamDef {
    pub def: DefId,
    pub name: Name,
    pub index: u32,
    pub kind: GenericParamKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GenericParamKind {
    /// Early-bound only; late-bound ones live in the signature's binder.
    Lifetime,
    Type {
        default: Option<Ty>,
        synthetic: bool,
    },
    Const {
        ty: Ty,
        default: Option<Const>,
    },
}

/// The parts of a closure's [`Args`].
#[derive(Clone, Copy, Debug)]
pub struct ClosureArgs {
    pub args: Args,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClosureKind {
    Fn,
    FnMut,
    FnOnce,
}

/// The `Self` in the predicates of a `dyn` type.
pub fn dyn_self() -> Ty {
    Ty::new(TyKind::Param(ParamTy { index: u32::MAX, name: Name::new("Self") }))
}
