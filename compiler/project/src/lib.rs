//! The database, file loading, go.mod, check and compile; typed errors become diagnostics.
//!
//! The one crate that touches files and processes. The command line and the language server stand on it.

mod check;
mod clean;
mod compile;
mod database;
mod embedded;
mod go_module;
mod imports;
mod load;
mod output;
mod toolchain;
mod warm;

pub use check::{Checked, check, check_with_used};
pub use compile::{Compiled, Dependents, EmitOptions, Layout, Lines, Overflow, Source, compile, internal_directories};
pub use database::{Database, PackageSource};
pub use embedded::{runtime, stdlib};
pub use go_module::GoModule;
pub use load::{BadByte, LoadError, Loaded, LoadedPackage, load, shown};
pub use output::{Changes, OutputFile, WriteError, apply, changes, generated_files};
pub use toolchain::{OLDEST_GO, ToolchainError, find_go};
