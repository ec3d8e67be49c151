//! The database, file loading, go.mod, check and compile; typed errors become diagnostics.
//!
//! The one crate that touches files and processes. The command line and the language server stand on it.

mod check;
mod database;
mod embedded;
mod go_module;
mod load;

pub use check::{Checked, check};
pub use database::{Database, PackageSource};
pub use embedded::{runtime, stdlib};
pub use go_module::GoModule;
pub use load::{LoadError, Loaded, LoadedPackage, load, shown};
