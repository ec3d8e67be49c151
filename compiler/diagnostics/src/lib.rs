//! The table of codes, the `Diagnostic` value, its renderers and the explain texts.
//!
//! Everything that is ever said about a program is a [`Diagnostic`]; the renderers and the editor read the same value.
//! Nothing here knows how a program is checked.

mod codes;
mod diagnostic;
mod files;
mod human;
mod json;
mod short;

pub use codes::{explain, known_codes};
pub use diagnostic::{Diagnostic, Fix, Label, Severity};
pub use files::{FileId, Files};
pub use human::{Color, render_human};
pub use json::render_json;
pub use short::render_short;
