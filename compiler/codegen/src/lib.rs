//! From THIR and ownership facts to a Go syntax tree and its text.

mod api;
mod attrs;
mod builders;
mod emit;
pub mod go;
mod intrinsics;
mod lower;
mod magnitude;
mod mono;
mod queries;
mod template;

pub use api::*;
