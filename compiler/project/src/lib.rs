//! The database, file loading, go.mod, check and compile; typed errors become diagnostics.
//!
//! The one crate that touches files and processes. The command line and the language server stand on it.

mod check;
mod clean;
mod compile;
mod database;
mod embedded;
mod go_module;
mod load;
mod output;
mod toolchain;

pub use check::{Checked, check};
pub use compile::{EmitOptions, Layout, Lines, Overflow, compile, runtime_directory};
pub use database::{Database, PackageSource};
pub use embedded::{runtime, stdlib};
pub use go_module::GoModule;
pub use load::{BadByte, LoadError, Loaded, LoadedPackage, load, shown};
pub use output::{Changes, OutputFile, WriteError, apply, changes, generated_files};
pub use toolchain::{OLDEST_GO, ToolchainError, find_go};
