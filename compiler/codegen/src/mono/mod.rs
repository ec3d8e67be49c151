//! Which instances of generic items a package needs, and what their types look like in Go.

pub mod adt;
pub mod constraint;
pub mod context;
pub mod errors;
pub mod exports;
pub mod forms;
pub mod functions;
pub mod generic;
pub mod homes;
mod limit;
pub mod maps;
pub mod naming;
mod orders;
pub mod owning;
pub mod views;

pub use context::Cx;
