//! What `rgo_project` asks of this crate.

use rgo_hir::{Db, Package};
use rgo_typeck::error::TypeError;

/// How to emit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Overflow panics instead of wrapping.
    pub overflow_checks: bool,
    /// `//line file.rgo:N` directives before statements whose line is known.
    pub line_directives: bool,
    /// `main` runs under `rgort.Run`, which says a panic in Rust's words and exits with 101.
    pub report_panics: bool,
    /// The import path of the runtime (`example.com/m/internal/rgort`).
    pub runtime_import: String,
    /// The path of the Go module, the prefix of all its packages' import paths.
    pub module_path: String,
}

/// The Go files of one package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    pub files: Vec<EmittedFile>,
    /// Names of the runtime pieces (`//rgo:piece NAME …`) that the files use.
    pub runtime_pieces: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmittedFile {
    /// `main.rgo.go`.
    pub name: String,
    pub text: String,
}

/// Emits a package that has been checked and has no errors. What cannot be emitted yet is an error with a place; then nothing is emitted.
pub fn emit_package(db: &dyn Db, package: Package, options: &Options) -> Result<Emitted, Vec<TypeError>> {
    crate::emit::package(db, package, options)
}
