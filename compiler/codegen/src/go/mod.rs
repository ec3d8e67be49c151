//! Go as a syntax tree: the tree itself, its simplification, the choice of names, and its text.
//!
//! Nothing in here knows about rgo: a tree goes in, text that `gofmt` would not touch comes out.

pub mod ast;
pub mod calm;
pub mod comment;
pub mod constant;
pub mod fold;
pub mod handles;
pub mod initial;
pub mod names;
pub mod print;
pub mod shown;
pub mod terminate;
pub mod unwinding;
pub mod visit;
