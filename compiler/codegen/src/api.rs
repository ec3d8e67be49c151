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
    /// The import path of the package for what packages share of std's code (`example.com/m/internal/rgostd`).
    pub std_import: String,
    /// The path of the Go module, the prefix of all its packages' import paths.
    pub module_path: String,
}

/// Packages that are emitted together: a package that uses others, and those.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Each after those that it uses. None of them has errors.
    pub packages: Vec<Package>,
    /// For each the positions of those that it uses itself.
    pub uses: Vec<Vec<usize>>,
}

impl Unit {
    /// A package that uses no other one and is used by none.
    pub fn alone(package: Package) -> Unit {
        Unit { packages: vec![package], uses: vec![Vec::new()] }
    }
}

/// The Go of a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emission {
    /// In the order of the unit.
    pub packages: Vec<Emitted>,
    /// The package that holds what they share of std; without files where there is nothing, or a package is emitted alone.
    pub std: Emitted,
}

/// The Go files of one package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    pub files: Vec<EmittedFile>,
    /// Names of the runtime pieces (`//rgo:piece NAME …`) that the files use.
    pub runtime_pieces: Vec<String>,
}

/// A Go file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmittedFile {
    /// `main.rgo.go`.
    pub name: String,
    pub text: String,
}

/// Emits packages that have been checked and have no errors. What cannot be emitted yet is an error with a place; then nothing is emitted.
pub fn emit(db: &dyn Db, unit: &Unit, options: &Options) -> Result<Emission, Vec<TypeError>> {
    crate::emit::unit(db, unit, options)
}
