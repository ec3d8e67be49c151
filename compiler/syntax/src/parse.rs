//! The public functions of the crate.

use crate::ast::{Attr, Expr, ExprKind, Ident, Item, MacroCall, Meta, Pat, Tok, Token, Type, TypeKind};
use crate::layer::Entry;
use crate::lexer::{lex, lex_with_comments};
use crate::make::Root;
use crate::{Name, Span, SyntaxError, attrs, cut, engine, make, validate};

/// A tree and the errors found while building it. The tree is always there; what did not parse is an `Error` node in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Parsed<T> {
    pub value: T,
    pub errors: Vec<SyntaxError>,
}

/// How deep delimiters, types and expressions may nest.
pub const NESTING_LIMIT: usize = 256;

/// How many operators, prefixes, calls and `else`s may follow each other, all enclosing levels taken together. Trees get no deeper than this.
pub const CHAIN_LIMIT: usize = 2000;

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
    /// Errors of tokens outside of all items; if `fatal`, all errors of tokens and delimiters of the file. Spans are absolute.
    pub errors: Vec<SyntaxError>,
    /// A literal, a comment or a delimiter is never closed, or closed by the wrong one. Then `errors` is all that is worth reporting: the errors of
    /// the items follow from these.
    pub fatal: bool,
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
    cut::cut(text)
}

/// Parses the text of one item: the `text` of its slice. Spans are relative to `text`.
///
/// Of an inline module that is its head, up to its `{` and the inner attributes behind it; the whole module is taken as well.
pub fn parse_item(text: &str) -> Parsed<Item> {
    let lexed = lex(text);
    let mut tokens = lexed.tokens;
    let mut entry = Entry::Item;
    if let (true, Some(last)) = (is_mod_head(&tokens), tokens.last()) {
        // The `{` of the head is matched by nothing: it is made so here.
        let at = last.span.last();
        tokens.push(Token { kind: Tok::RBrace, span: at });
        entry = Entry::ModHead;
    }
    let (root, mut errors) = engine::run(tokens, Some(text), entry);
    let value = match root {
        Some(Root::Item(item)) => {
            errors.extend(validate::item(&item));
            *item
        }
        _ => make::error_item(Span::new(0, text.len() as u32)),
    };
    finish(value, lexed.errors, errors)
}

/// Whether this is `mod x {` with nothing but inner attributes behind it.
fn is_mod_head(tokens: &[Token]) -> bool {
    let Some(open) = tokens.iter().position(|token| token.kind == Tok::LBrace) else { return false };
    let head = matches!(
        tokens[..open],
        [.., Token { kind: Tok::Mod, .. }, Token { kind: Tok::Ident(_) | Tok::RawIdent(_), .. }]
    );
    let behind = tokens[open + 1..].first().is_none_or(|token| matches!(token.kind, Tok::InnerDoc(_) | Tok::Pound));
    head && behind && !tokens[open + 1..].iter().any(|token| token.kind == Tok::RBrace)
}

fn finish<T>(value: T, mut errors: Vec<SyntaxError>, more: Vec<SyntaxError>) -> Parsed<T> {
    match errors.iter().position(SyntaxError::ends_lexing) {
        Some(last) => errors.truncate(last + 1),
        None => errors.extend(more),
    }
    errors.sort_by_key(|error| error.span.start);
    Parsed { value, errors }
}

/// Parses a whole file. Spans are absolute; inline modules hold their items.
pub fn parse_file(text: &str) -> Parsed<File> {
    let slices = cut_items(text);
    let mut errors = Vec::new();
    let items = slices.items.iter().map(|slice| parse_at(text, slice.range, &mut errors)).collect();
    if slices.fatal {
        errors = slices.errors;
    } else {
        errors.extend(slices.errors);
    }
    errors.sort_by_key(|error| error.span.start);
    Parsed { value: File { attrs: slices.attrs, items }, errors }
}

fn parse_at(text: &str, range: Span, errors: &mut Vec<SyntaxError>) -> Item {
    let mut lexed = lex(range.text(text));
    for token in &mut lexed.tokens {
        token.span = token.span.shifted(range.start);
    }
    errors.extend(lexed.errors.into_iter().map(|error| error.shifted(range.start)));
    let (root, more) = engine::run(lexed.tokens, Some(text), Entry::Item);
    errors.extend(more);
    match root {
        Some(Root::Item(item)) => {
            errors.extend(validate::item(&item));
            *item
        }
        _ => make::error_item(range),
    }
}

/// Parses an expression that is the whole text.
pub fn parse_expr(text: &str) -> Parsed<Expr> {
    let lexed = lex(text);
    let (root, mut errors) = engine::run(lexed.tokens, Some(text), Entry::Expr);
    let value = match root {
        Some(Root::Expr(expr)) => {
            errors.extend(validate::expr(&expr));
            *expr
        }
        _ => Expr { kind: ExprKind::Error, span: Span::new(0, text.len() as u32) },
    };
    finish(value, lexed.errors, errors)
}

/// Parses a type that is the whole text.
pub fn parse_type(text: &str) -> Parsed<Type> {
    let lexed = lex(text);
    let (root, mut errors) = engine::run(lexed.tokens, Some(text), Entry::Type);
    let value = match root {
        Some(Root::Type(ty)) => {
            errors.extend(validate::ty(&ty));
            *ty
        }
        _ => Type { kind: TypeKind::Error, span: Span::new(0, text.len() as u32) },
    };
    finish(value, lexed.errors, errors)
}

/// All comments of a text, in order.
pub fn comments(text: &str) -> Vec<Comment> {
    lex_with_comments(text).comments
}

/// All tokens of a text, for tools that colour or count them.
pub fn tokens(text: &str) -> Vec<Token> {
    lex(text).tokens
}

/// The arguments of `println!`, `panic!`, `assert_eq!`, `dbg!` and their like: `a, b, name = c` with an optional trailing comma.
pub fn format_args(call: &MacroCall) -> Parsed<Vec<MacroArg>> {
    let (root, mut errors) = engine::run(call.tokens.clone(), None, Entry::Args);
    let list = match root {
        Some(Root::List(list)) => list,
        _ => Vec::new(),
    };
    let args: Vec<MacroArg> = list.into_iter().map(named_arg).collect();
    errors.extend(args.iter().flat_map(|arg| validate::expr(&arg.value)));
    Parsed { value: args, errors: in_call(errors, call) }
}

/// `name = value` is read as an assignment by the grammar.
fn named_arg(expr: Expr) -> MacroArg {
    match expr.kind {
        ExprKind::Assign { lhs, rhs, eq_span } => match &lhs.kind {
            ExprKind::Path(path) if path.as_ident().is_some() => MacroArg { name: path.as_ident(), value: *rhs },
            _ => MacroArg { name: None, value: Expr { kind: ExprKind::Assign { lhs, rhs, eq_span }, span: expr.span } },
        },
        kind => MacroArg { name: None, value: Expr { kind, span: expr.span } },
    }
}

/// The arguments of `vec!`: `a, b, c` or `elem; len`.
pub fn list_args(call: &MacroCall) -> Parsed<ListArgs> {
    let (root, mut errors) = engine::run(call.tokens.clone(), None, Entry::List);
    let value = match root {
        Some(Root::List(list)) => {
            errors.extend(list.iter().flat_map(validate::expr));
            ListArgs::Elements(list)
        }
        Some(Root::Repeat(elem, len)) => {
            errors.extend(validate::expr(&elem));
            errors.extend(validate::expr(&len));
            ListArgs::Repeat(elem, len)
        }
        _ => ListArgs::Elements(Vec::new()),
    };
    Parsed { value, errors: in_call(errors, call) }
}

/// The arguments of `matches!`: `expr, pattern if guard`.
pub fn matches_args(call: &MacroCall) -> Parsed<Option<MatchesArgs>> {
    let (root, mut errors) = engine::run(call.tokens.clone(), None, Entry::Matches);
    let value = match root {
        Some(Root::Matches(args)) => {
            errors.extend(validate::matches(&args.scrutinee, &args.pat, args.guard.as_ref()));
            Some(*args)
        }
        _ => None,
    };
    Parsed { value, errors: in_call(errors, call) }
}

/// An error at the end of the arguments stands at the end of the call.
fn in_call(mut errors: Vec<SyntaxError>, call: &MacroCall) -> Vec<SyntaxError> {
    for error in &mut errors {
        if !call.span.contains(error.span) {
            error.span = call.span;
        }
    }
    errors
}

/// The usual reading of an attribute's arguments (`a, b = "c", d(e)`, or the literal of `#[a = "b"]`); `None` if they have another form.
pub fn metas(attr: &Attr) -> Option<Vec<Meta>> {
    attrs::metas(attr)
}
