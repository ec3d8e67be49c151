//! Paths and generic arguments.

use super::{Bound, Expr, Ident, Lifetime, Type};
use crate::{Name, Span};

/// `::a::b::<T>::c`. `self`, `Self`, `super` and `crate` are identifiers of that text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// A leading `::`.
    pub global: bool,
    /// Invariant: not empty, except in `use ::{…}`, `use {…}` and `<T>::` (the path behind a `QSelf` always has one).
    pub segments: Vec<PathSegment>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PathSegment {
    pub ident: Ident,
    pub args: Option<Box<GenericArgs>>,
}

/// A path that may start with `<T>::` or `<T as Trait>::`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QPath {
    pub qself: Option<Box<QSelf>>,
    /// With a `qself`: the segments behind `>::` only.
    pub path: Path,
    pub span: Span,
}

/// `<ty as as_trait>`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QSelf {
    pub ty: Type,
    pub as_trait: Option<Path>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GenericArgs {
    /// `<A, 'b, 3, Item = C, D: E>`
    Angle(AngleArgs),
    /// `(A, B) -> C`
    Paren(ParenArgs),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AngleArgs {
    pub args: Vec<GenericArg>,
    /// From `<` to `>`.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ParenArgs {
    pub inputs: Vec<Type>,
    pub output: Option<Type>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GenericArg {
    Lifetime(Lifetime),
    /// A plain name may turn out to be a constant.
    Type(Type),
    /// A literal, `-1` or `{ … }`.
    Const(Expr),
    Assoc(AssocArg),
}

/// `Item = T`, `N = 3`, `Item: Bound`, `Item<'a> = T`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AssocArg {
    pub ident: Ident,
    pub args: Option<Box<GenericArgs>>,
    pub kind: AssocArgKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AssocArgKind {
    Type(Type),
    Const(Expr),
    Bounds(Vec<Bound>),
}

impl Path {
    /// The path of one segment without arguments.
    pub fn from_ident(ident: Ident) -> Path {
        Path { global: false, segments: vec![PathSegment { ident, args: None }], span: ident.span }
    }

    /// The identifier, if the path is one identifier without arguments.
    pub fn as_ident(&self) -> Option<Ident> {
        match (self.global, self.segments.as_slice()) {
            (false, [PathSegment { ident, args: None }]) => Some(*ident),
            _ => None,
        }
    }

    /// The name, if the path is one identifier without arguments.
    pub fn as_name(&self) -> Option<Name> {
        self.as_ident().map(|ident| ident.name)
    }

    /// Whether the path is the one identifier `text`.
    pub fn is(&self, text: &str) -> bool {
        self.as_name().is_some_and(|name| name == text)
    }

    pub fn last(&self) -> Option<&PathSegment> {
        self.segments.last()
    }
}

impl GenericArgs {
    pub fn span(&self) -> Span {
        match self {
            GenericArgs::Angle(args) => args.span,
            GenericArgs::Paren(args) => args.span,
        }
    }
}

impl QPath {
    /// The identifier, if the path is one identifier without arguments.
    pub fn as_ident(&self) -> Option<Ident> {
        if self.qself.is_some() { None } else { self.path.as_ident() }
    }
}
