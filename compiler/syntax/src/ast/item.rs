//! Items, attributes, visibility.

use super::{Block, Bound, Delim, Expr, Extern, Generics, Ident, Lifetime, Lit, MacroCall, Pat, Path, Token, Type};
use crate::{Name, Span};

/// An item of a module, a block, a trait or an impl (the last two hold `Fn`, `TypeAlias`, `Const` and `MacroCall` only).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// Outer attributes and doc comments, then the inner ones of its body.
    pub attrs: Vec<Attr>,
    pub vis: Vis,
    /// `default fn`: kept to be refused.
    pub default_: Option<Span>,
    pub kind: ItemKind,
    /// With attributes.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    Fn(Box<Fn>),
    Struct(Box<Struct>),
    Enum(Box<Enum>),
    /// Kept to be refused.
    Union(Box<Struct>),
    Trait(Box<Trait>),
    Impl(Box<Impl>),
    /// `type A = B;` and associated types.
    TypeAlias(Box<TypeAlias>),
    Const(Box<Const>),
    Static(Box<Static>),
    Use(UseTree),
    Mod(Mod),
    /// `import "net/http" as http;`
    GoImport(GoImport),
    /// `extern crate a as b;`
    ExternCrate {
        name: Ident,
        rename: Option<Ident>,
    },
    /// `extern "C" { … }`: kept to be refused.
    ExternBlock {
        unsafe_: bool,
        extern_: Extern,
        items: Vec<Item>,
    },
    /// `macro_rules! name { … }` and `macro name { … }`: kept to be refused.
    MacroDef {
        name: Ident,
        span: Span,
    },
    MacroCall(Box<MacroCall>),
    /// What did not parse. Its error is reported.
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Vis {
    pub kind: VisKind,
    /// Empty, where it would stand, if private.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum VisKind {
    Private,
    /// `pub`
    Public,
    /// `pub(crate)`
    Crate,
    /// `pub(super)`
    Super,
    /// `pub(self)`
    SelfModule,
    /// `pub(in path)`
    In(Path),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fn {
    pub qualifiers: FnQualifiers,
    pub name: Ident,
    pub generics: Generics,
    pub self_param: Option<SelfParam>,
    /// Without `self`.
    pub params: Vec<Param>,
    /// `...` of a C variadic function: kept to be refused.
    pub variadic: Option<Span>,
    /// None for `()` by omission.
    pub ret: Option<Type>,
    pub body: Option<Box<Block>>,
    /// From the qualifiers to the return type or closing parenthesis.
    pub sig_span: Span,
    /// From `(` to `)`.
    pub params_span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct FnQualifiers {
    pub const_: Option<Span>,
    pub async_: Option<Span>,
    pub unsafe_: Option<Span>,
    pub safe: Option<Span>,
    pub extern_: Option<Extern>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SelfParam {
    pub attrs: Vec<Attr>,
    pub kind: SelfKind,
    /// The word `self`.
    pub self_span: Span,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SelfKind {
    /// `self`, `mut self`
    Value { mutable: bool },
    /// `&self`, `&'a mut self`
    Ref { lifetime: Option<Lifetime>, mutable: bool },
    /// `self: T`, `mut self: T`
    Typed { mutable: bool, ty: Type },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Param {
    pub attrs: Vec<Attr>,
    pub pat: Pat,
    pub ty: Type,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Struct {
    pub name: Ident,
    pub generics: Generics,
    pub fields: Fields,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fields {
    /// `;`
    Unit,
    /// `(A, B)`
    Tuple(Vec<TupleField>),
    /// `{ a: A }`
    Named(Vec<NamedField>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TupleField {
    pub attrs: Vec<Attr>,
    pub vis: Vis,
    pub ty: Type,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NamedField {
    pub attrs: Vec<Attr>,
    pub vis: Vis,
    pub name: Ident,
    pub ty: Type,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Enum {
    pub name: Ident,
    pub generics: Generics,
    pub variants: Vec<Variant>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    pub attrs: Vec<Attr>,
    /// Always private in a well-formed program.
    pub vis: Vis,
    pub name: Ident,
    pub fields: Fields,
    pub discriminant: Option<Expr>,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Trait {
    pub unsafe_: Option<Span>,
    pub auto: Option<Span>,
    pub name: Ident,
    pub generics: Generics,
    pub supertraits: Vec<Bound>,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Impl {
    pub unsafe_: Option<Span>,
    pub generics: Generics,
    /// `impl !Trait for T`: the `!`.
    pub negative: Option<Span>,
    /// None for an inherent impl. Any type may stand here; only a path is well-formed.
    pub of_trait: Option<Path>,
    pub self_ty: Type,
    pub items: Vec<Item>,
    /// From `impl` to the self type or where clause.
    pub head_span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TypeAlias {
    pub name: Ident,
    pub generics: Generics,
    /// Of an associated type.
    pub bounds: Vec<Bound>,
    pub ty: Option<Type>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Const {
    /// `_` for `const _: T = …;`.
    pub name: Ident,
    pub generics: Generics,
    pub ty: Option<Type>,
    pub value: Option<Expr>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Static {
    pub mutable: bool,
    pub name: Ident,
    pub ty: Option<Type>,
    pub value: Option<Expr>,
}

/// `prefix`, `prefix as name`, `prefix::*`, `prefix::{…}`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UseTree {
    /// Without segments in `use {…}` and `use *`.
    pub prefix: Path,
    pub kind: UseTreeKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum UseTreeKind {
    /// The rename may be `_`.
    Simple {
        rename: Option<Ident>,
    },
    Glob,
    Nested(Vec<UseTree>),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mod {
    pub name: Ident,
    pub kind: ModKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ModKind {
    /// `mod x { … }`. Of a top-level module cut by `cut_items` only the head is parsed, and there are no items here.
    Inline(Vec<Item>),
    /// `mod x;`
    File,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GoImport {
    pub path: Box<str>,
    pub path_span: Span,
    pub rename: Option<Ident>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attr {
    pub style: AttrStyle,
    pub kind: AttrKind,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttrStyle {
    /// `#[…]`, `///`
    Outer,
    /// `#![…]`, `//!`
    Inner,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AttrKind {
    /// A doc comment: the text behind the marker, of a block comment without its end.
    Doc(Box<str>),
    Normal {
        path: Path,
        args: AttrArgs,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AttrArgs {
    /// `#[test]`
    Empty,
    /// `#[derive(Debug)]`; `metas` gives the usual reading of the tokens.
    List { delim: Delim, tokens: Vec<Token>, span: Span },
    /// `#[path = "x"]`
    Value { tokens: Vec<Token>, span: Span },
}

/// One argument of an attribute, in the usual reading.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Meta {
    /// `Debug`, `std::fmt::Debug`
    Path(Path),
    /// `name = "value"`
    NameValue {
        path: Path,
        lit: Lit,
        span: Span,
    },
    /// `any(a, b)`
    List {
        path: Path,
        metas: Vec<Meta>,
        span: Span,
    },
    Lit {
        lit: Lit,
        span: Span,
    },
}

impl Item {
    /// The name that the item declares, if it declares one.
    pub fn name(&self) -> Option<Ident> {
        match &self.kind {
            ItemKind::Fn(f) => Some(f.name),
            ItemKind::Struct(s) | ItemKind::Union(s) => Some(s.name),
            ItemKind::Enum(e) => Some(e.name),
            ItemKind::Trait(t) => Some(t.name),
            ItemKind::TypeAlias(t) => Some(t.name),
            ItemKind::Const(c) => Some(c.name),
            ItemKind::Static(s) => Some(s.name),
            ItemKind::Mod(m) => Some(m.name),
            ItemKind::ExternCrate { name, rename } => Some(rename.unwrap_or(*name)),
            ItemKind::MacroDef { name, .. } => Some(*name),
            ItemKind::GoImport(import) => import.rename,
            ItemKind::Impl(_)
            | ItemKind::Use(_)
            | ItemKind::ExternBlock { .. }
            | ItemKind::MacroCall(_)
            | ItemKind::Error => None,
        }
    }

    /// The first attribute of this one-segment name.
    pub fn attr(&self, name: &str) -> Option<&Attr> {
        self.attrs.iter().find(|attr| attr.is(name))
    }
}

impl Attr {
    /// Whether this is `#[name …]`.
    pub fn is(&self, name: &str) -> bool {
        match &self.kind {
            AttrKind::Doc(_) => false,
            AttrKind::Normal { path, .. } => path.is(name),
        }
    }

    /// The one-segment name of the attribute; a doc comment has none.
    pub fn name(&self) -> Option<Name> {
        match &self.kind {
            AttrKind::Doc(_) => None,
            AttrKind::Normal { path, .. } => path.as_name(),
        }
    }

    pub fn doc(&self) -> Option<&str> {
        match &self.kind {
            AttrKind::Doc(text) => Some(text),
            AttrKind::Normal { .. } => None,
        }
    }
}

impl Fields {
    pub fn len(&self) -> usize {
        match self {
            Fields::Unit => 0,
            Fields::Tuple(fields) => fields.len(),
            Fields::Named(fields) => fields.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
