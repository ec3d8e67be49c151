//! From THIR and ownership facts to a Go syntax tree and its text.

mod api;

pub use api::*;
