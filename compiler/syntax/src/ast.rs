//! The syntax tree: what the grammar builds and nothing else.
//!
//! Ordinary boxed trees. Every span is relative to the start of the text that was parsed (the item's text). What rgo refuses (`unsafe`, `async`, raw
//! pointers …) has its node, so that a later pass can refuse it with a clear error. Nothing here is resolved: `Foo` may be a type, a constant or a variant.

mod expr;
mod item;
mod literal;
mod pat;
mod path;
mod token;
mod ty;

pub use expr::*;
pub use item::*;
pub use literal::*;
pub use pat::*;
pub use path::*;
pub use token::*;
pub use ty::*;

use crate::{Name, Span};

/// A name at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ident {
    pub name: Name,
    pub span: Span,
}

impl Ident {
    pub fn new(text: &str, span: Span) -> Ident {
        Ident { name: Name::new(text), span }
    }

    pub fn as_str(self) -> &'static str {
        self.name.as_str()
    }
}

/// A lifetime or a label. The name has no apostrophe: `'a` is `a`, `'static` is `static`, `'_` is `_`. The span includes the apostrophe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lifetime {
    pub name: Name,
    pub span: Span,
}

/// The `'a` of `'a: loop { … }`, `break 'a`, `continue 'a`.
pub type Label = Lifetime;
