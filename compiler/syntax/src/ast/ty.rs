//! Types, bounds, generic parameters.

use super::{Attr, Expr, Ident, Lifetime, MacroCall, Path, QPath};
use crate::Span;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Type {
    pub kind: TypeKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TypeKind {
    /// A path; also a bare trait object of one path, which only resolution can tell.
    Path(QPath),
    Ref {
        lifetime: Option<Lifetime>,
        mutable: bool,
        inner: Box<Type>,
    },
    /// `*const T`, `*mut T`: kept to be refused.
    RawPtr {
        mutable: bool,
        inner: Box<Type>,
    },
    Slice(Box<Type>),
    Array {
        elem: Box<Type>,
        len: Box<Expr>,
    },
    /// `()` is the empty tuple.
    Tuple(Vec<Type>),
    Never,
    /// `_`
    Infer,
    FnPtr(Box<FnPtrType>),
    /// `dyn A + 'b`
    Dyn(Vec<Bound>),
    /// `A + 'b` or `for<'a> A` without `dyn`.
    BareDyn(Vec<Bound>),
    ImplTrait(Vec<Bound>),
    Paren(Box<Type>),
    Macro(Box<MacroCall>),
    /// What did not parse. Its error is reported.
    Error,
}

/// `for<'a> unsafe extern "C" fn(x: A, ...) -> B`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FnPtrType {
    /// The lifetimes of `for<…>`.
    pub binder: Vec<GenericParam>,
    pub unsafe_: Option<Span>,
    pub extern_: Option<Extern>,
    pub params: Vec<FnPtrParam>,
    pub variadic: Option<Span>,
    pub ret: Option<Type>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FnPtrParam {
    pub name: Option<Ident>,
    pub ty: Type,
}

/// `extern "C"`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Extern {
    pub abi: Option<Box<str>>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    Trait(TraitBound),
    Lifetime(Lifetime),
    /// `use<'a, T>`
    Use {
        args: Vec<UseArg>,
        span: Span,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TraitBound {
    /// The lifetimes of `for<…>`.
    pub binder: Vec<GenericParam>,
    pub modifier: BoundModifier,
    pub path: Path,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoundModifier {
    None,
    /// `?Sized`
    Maybe,
    /// `const Trait`, `~const Trait`: kept to be refused.
    Const,
    /// `async Fn()`: kept to be refused.
    Async,
    /// `!Trait`: kept to be refused.
    Negative,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UseArg {
    Lifetime(Lifetime),
    /// A type or const parameter, or `Self`.
    Param(Ident),
}

/// Generic parameters and the where clause.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Generics {
    pub params: Vec<GenericParam>,
    /// From `<` to `>`; where they would stand if there are none.
    pub span: Span,
    pub where_clause: Vec<WherePredicate>,
    /// From `where` to the last predicate.
    pub where_span: Option<Span>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GenericParam {
    pub attrs: Vec<Attr>,
    /// For a lifetime: its name without the apostrophe.
    pub ident: Ident,
    pub kind: GenericParamKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GenericParamKind {
    /// The bounds are all `Bound::Lifetime`.
    Lifetime {
        bounds: Vec<Bound>,
    },
    Type {
        bounds: Vec<Bound>,
        default: Option<Type>,
    },
    Const {
        ty: Type,
        default: Option<Expr>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WherePredicate {
    pub kind: WherePredicateKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WherePredicateKind {
    /// `for<'a> T: Bound + 'b`
    Type { binder: Vec<GenericParam>, ty: Type, bounds: Vec<Bound> },
    /// `'a: 'b + 'c`
    Lifetime { lifetime: Lifetime, bounds: Vec<Bound> },
}

impl Bound {
    pub fn span(&self) -> Span {
        match self {
            Bound::Trait(bound) => bound.span,
            Bound::Lifetime(lifetime) => lifetime.span,
            Bound::Use { span, .. } => *span,
        }
    }
}

impl Type {
    /// The type inside any parentheses.
    pub fn without_parens(&self) -> &Type {
        let mut ty = self;
        while let TypeKind::Paren(inner) = &ty.kind {
            ty = inner;
        }
        ty
    }
}
