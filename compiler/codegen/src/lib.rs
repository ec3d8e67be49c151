//! From THIR and ownership facts to a Go syntax tree and its text.

mod api;
mod attrs;
mod bounds;
mod builders;
mod comments;
mod copies;
mod emit;
pub mod go;
mod intrinsics;
mod lower;
mod mono;
mod order;
mod queries;
mod roots;
mod template;

pub use api::*;
