//! From THIR and ownership facts to a Go syntax tree and its text.

mod api;
pub mod go;

pub use api::*;
