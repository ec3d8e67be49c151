//! Outlives constraints and their causes.

use rgo_hir::DefId;
use rgo_mir::Location;
use rgo_syntax::Span;

/// A region variable.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct RegionVid(pub u32);

impl RegionVid {
    pub const STATIC: RegionVid = RegionVid(0);

    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Why one region must outlive another. Decides what an error is blamed on and how it is worded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    Return,
    UseAsConst,
    UseAsStatic,
    TypeAnnotation,
    /// A generic argument that the user wrote.
    GenericArg,
    Cast,
    /// An argument of a call of this function.
    CallArgument(Option<DefId>),
    Assignment,
    /// A field of a value whose type the user wrote (`Self { field }`).
    Usage,
    OpaqueType,
    /// A where clause of an item.
    Predicate(DefId, Span),
    /// A reborrow's own region.
    Reborrow,
    /// Between the parts of one expression: never blamed if there is something else.
    Boring,
    Internal,
}

impl Category {
    /// How good a place to blame this is: lower is better.
    pub fn interest(self) -> u8 {
        match self {
            Category::Return => 0,
            Category::Cast
            | Category::CallArgument(_)
            | Category::UseAsConst
            | Category::UseAsStatic
            | Category::TypeAnnotation
            | Category::Assignment
            | Category::Usage => 2,
            Category::GenericArg => 3,
            Category::Predicate(..) | Category::OpaqueType => 4,
            Category::Boring | Category::Reborrow => 5,
            Category::Internal => 7,
        }
    }
}

/// `sup` outlives `sub`.
#[derive(Clone, Copy, Debug)]
pub struct Constraint {
    pub sup: RegionVid,
    pub sub: RegionVid,
    pub category: Category,
    pub span: Span,
    /// Index of the body that it comes from.
    pub body: u32,
    /// `None` for what holds everywhere.
    pub location: Option<Location>,
}

/// A type parameter or projection.
pub use rgo_typeck::ty::ParamTy;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GenericKind {
    Param(ParamTy),
    /// A projection or opaque type; as a type.
    Alias(rgo_typeck::ty::Ty),
}

/// `kind: lower_bound` must follow from what is known.
#[derive(Clone, Debug)]
pub struct TypeTest {
    pub kind: GenericKind,
    pub bound: RegionVid,
    pub span: Span,
    pub verify: Verify,
}

/// Ways to show that a type outlives a region.
#[derive(Clone, Debug)]
pub enum Verify {
    /// This region does, and the type outlives it.
    Region(RegionVid),
    /// The same, said of a type that is this one if these regions are equal.
    IfEqual(Vec<(RegionVid, RegionVid)>, RegionVid),
    Any(Vec<Verify>),
    All(Vec<Verify>),
}
