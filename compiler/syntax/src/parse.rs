//! The public functions of the crate.

use crate::ast::{Attr, Expr, Ident, Item, MacroCall, Meta, Pat, Type};
use crate::{Name, Span, SyntaxError};

/// A tree and the errors found while building it. The tree is always there; what did not parse is an `Error` node in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Parsed<T> {
    pub value: T,
    pub errors: Vec<SyntaxError>,
}

/// How deep delimiters, types and expressions may nest.
pub const NESTING_LIMIT: usize = 256;

/// What kind of item a slice seems to be, from its keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemSliceKind {
    Fn,
    Struct,
    Enum,
    Union,
    Trait,
    Impl,
    TypeAlias,
    Const,
    Static,
    Use,
    Mod,
    GoImport,
    ExternCrate,
    ExternBlock,
    MacroDef,
    MacroCall,
    /// No item starts like this; `parse_item` says so.
    Unknown,
}

/// An item's place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ItemSlice {
    pub kind: ItemSliceKind,
    /// The name that it seems to declare. For an impl: the last segment of the self type, if it is a path.
    pub name: Option<Ident>,
    /// From the first attribute or doc comment to the end, in bytes of the file.
    pub range: Span,
    /// The text for `parse_item`. Of an inline module: its attributes and head up to and with `{`; of any other item: `range`.
    pub text: Span,
    /// Whether `#[test]`, `#[cfg(test)]` … stand before it: the names of its outer attributes.
    pub attrs: Vec<Name>,
    /// The items of an inline module.
    pub children: Vec<ItemSlice>,
}

/// A file cut into items.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileSlices {
    pub items: Vec<ItemSlice>,
    /// Inner attributes and doc comments of the file (`#![allow(…)]`, `//! …`); spans are absolute.
    pub attrs: Vec<Attr>,
    /// Errors of tokens and delimiters outside of all items; spans are absolute.
    pub errors: Vec<SyntaxError>,
}

/// A file as one tree, with absolute spans.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct File {
    pub attrs: Vec<Attr>,
    pub items: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommentKind {
    /// `// …`
    Line,
    /// `/* … */`
    Block,
    /// `/// …`, `/** … */`
    OuterDoc,
    /// `//! …`, `/*! … */`
    InnerDoc,
}

/// A comment, doc comments included.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Comment {
    pub span: Span,
    pub kind: CommentKind,
    /// Without the markers.
    pub text: Box<str>,
    /// Whether it is the first thing on its line.
    pub own_line: bool,
}

/// An argument of a formatting macro: `expr` or `name = expr`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MacroArg {
    pub name: Option<Ident>,
    pub value: Expr,
}

/// The arguments of `vec!` and its like.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ListArgs {
    /// `a, b, c`
    Elements(Vec<Expr>),
    /// `elem; len`
    Repeat(Box<Expr>, Box<Expr>),
}

/// The arguments of `matches!`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MatchesArgs {
    pub scrutinee: Expr,
    pub pat: Pat,
    pub guard: Option<Expr>,
}

/// Cuts a file into its items. Never fails: what is no item comes out as `Unknown`.
pub fn cut_items(text: &str) -> FileSlices {
    let _ = text;
    FileSlices { items: Vec::new(), attrs: Vec::new(), errors: Vec::new() }
}

/// Parses the text of one item. Spans are relative to `text`.
pub fn parse_item(text: &str) -> Parsed<Item> {
    let _ = text;
    Parsed { value: error_item(), errors: Vec::new() }
}

/// Parses a whole file. Spans are absolute; inline modules hold their items.
pub fn parse_file(text: &str) -> Parsed<File> {
    let _ = text;
    Parsed { value: File { attrs: Vec::new(), items: Vec::new() }, errors: Vec::new() }
}

/// Parses an expression that is the whole text.
pub fn parse_expr(text: &str) -> Parsed<Expr> {
    let _ = text;
    Parsed { value: Expr { kind: crate::ast::ExprKind::Error, span: Span::at(0) }, errors: Vec::new() }
}

/// Parses a type that is the whole text.
pub fn parse_type(text: &str) -> Parsed<Type> {
    let _ = text;
    Parsed { value: Type { kind: crate::ast::TypeKind::Error, span: Span::at(0) }, errors: Vec::new() }
}

/// All comments of a text, in order.
pub fn comments(text: &str) -> Vec<Comment> {
    let _ = text;
    Vec::new()
}

/// The arguments of `println!`, `panic!`, `assert_eq!`, `dbg!` and their like: `a, b, name = c` with an optional trailing comma.
pub fn format_args(call: &MacroCall) -> Parsed<Vec<MacroArg>> {
    let _ = call;
    Parsed { value: Vec::new(), errors: Vec::new() }
}

/// The arguments of `vec!`: `a, b, c` or `elem; len`.
pub fn list_args(call: &MacroCall) -> Parsed<ListArgs> {
    let _ = call;
    Parsed { value: ListArgs::Elements(Vec::new()), errors: Vec::new() }
}

/// The arguments of `matches!`: `expr, pattern if guard`.
pub fn matches_args(call: &MacroCall) -> Parsed<Option<MatchesArgs>> {
    let _ = call;
    Parsed { value: None, errors: Vec::new() }
}

/// The usual reading of an attribute's arguments (`a, b = "c", d(e)`, or the literal of `#[a = "b"]`); `None` if they have another form.
pub fn metas(attr: &Attr) -> Option<Vec<Meta>> {
    let _ = attr;
    None
}

fn error_item() -> Item {
    use crate::ast::{ItemKind, Vis, VisKind};
    let vis = Vis { kind: VisKind::Private, span: Span::at(0) };
    Item { attrs: Vec::new(), vis, default_: None, kind: ItemKind::Error, span: Span::at(0) }
}
