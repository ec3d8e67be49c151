//! rgo's tokens, grammar and syntax tree.
//!
//! Text goes in, trees and typed errors come out; there is no file, no database and no name resolution here.
//!
//! * `cut_items` divides a file into items by brace depth, so that each is parsed alone and a broken one harms no other.
//! * `parse_item` parses the text of one item; all spans are relative to that text.
//! * `parse_file` does both.
//! * `comments` gives the comments, `format_args`, `repeat_args` and `matches_args` read what stands inside of macro calls.

pub mod ast;
mod attrs;
mod cut;
mod delimiters;
mod engine;
mod error;
mod expected;
mod item_start;
mod layer;
mod lexer;
mod make;
mod name;
mod parse;
mod refused;
mod span;
#[cfg(test)]
mod tests;
mod tree;
mod validate;

pub use error::{SyntaxError, SyntaxErrorKind};
pub use name::Name;
pub use parse::*;
pub use refused::Refused;
pub use span::Span;
