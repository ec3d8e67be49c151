//! Patterns.

use super::{Attr, Block, Ident, Lit, MacroCall, QPath, RangeLimits};
use crate::Span;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pat {
    pub kind: PatKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PatKind {
    Wild,
    /// `x`, `mut x`, `ref x`, `ref mut x`, `x @ p`. A plain `x` may turn out to be a constant, unit struct or variant.
    Ident {
        by_ref: bool,
        mutable: bool,
        ident: Ident,
        sub: Option<Box<Pat>>,
    },
    Lit(PatLit),
    /// `a..b`, `a..=b`, `a..`, `..b`, `..=b`; `a...b` is `Closed` with an error.
    Range {
        lo: Option<Box<RangeEnd>>,
        hi: Option<Box<RangeEnd>>,
        limits: RangeLimits,
    },
    Ref {
        mutable: bool,
        inner: Box<Pat>,
    },
    Tuple(Vec<Pat>),
    TupleStruct {
        path: QPath,
        elems: Vec<Pat>,
    },
    Struct {
        path: QPath,
        fields: Vec<FieldPat>,
        rest: Option<Span>,
    },
    /// A path of more than one segment, or with arguments, or with a `QSelf`.
    Path(QPath),
    Slice(Vec<Pat>),
    /// `..` in a tuple, tuple struct or slice; `x @ ..` is an `Ident` with this as `sub`.
    Rest,
    Or(Vec<Pat>),
    Paren(Box<Pat>),
    /// `const { … }`: kept to be refused.
    ConstBlock(Box<Block>),
    /// `m!(…)`: kept to be refused.
    Macro(Box<MacroCall>),
    /// What did not parse. Its error is reported.
    Error,
}

/// A literal with an optional minus sign.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PatLit {
    pub negative: bool,
    pub lit: Lit,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RangeEnd {
    Lit(PatLit),
    Path(QPath),
}

/// `x: p`, or the shorthand `x`, `mut x`, `ref x`, `ref mut x`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPat {
    pub attrs: Vec<Attr>,
    /// A name or, for tuple structs, a number (`0: p`).
    pub ident: Ident,
    /// For the shorthand: the `Ident` pattern that it stands for.
    pub pat: Pat,
    pub shorthand: bool,
    pub span: Span,
}

impl Pat {
    /// The pattern inside any parentheses.
    pub fn without_parens(&self) -> &Pat {
        let mut pat = self;
        while let PatKind::Paren(inner) = &pat.kind {
            pat = inner;
        }
        pat
    }
}
