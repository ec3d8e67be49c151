//! From checked packages to Go files with their places on disk, the runtime pieces they need included.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rgo_diagnostics::{Diagnostic, Files};
use rgo_hir::Package;

use crate::output::OutputFile;
use crate::{Database, embedded};

/// How to emit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmitOptions {
    pub overflow: Overflow,
    pub lines: Lines,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    Wraps,
    Panics,
}

/// Whether Go sees `.rgo` lines (`//line` directives) in profiles and debuggers, and the program reports its panics as Rust's do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    Go,
    Rgo,
}

/// Where emitted packages are to live.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The root of the Go module: the runtime goes to `internal/rgort` below it.
    pub module_root: PathBuf,
    pub module_path: String,
}

/// The Go files of these packages. An error here is a construct that rgo accepts but cannot emit yet: it has a place, and nothing is emitted.
pub fn compile(
    db: &Database,
    packages: &[(Package, PathBuf)],
    layout: &Layout,
    options: EmitOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<OutputFile>, (Vec<Diagnostic>, Files)> {
    let runtime_import = format!("{}/internal/rgort", layout.module_path);
    let emit = rgo_codegen::Options {
        overflow_checks: options.overflow == Overflow::Panics,
        line_directives: options.lines == Lines::Rgo,
        report_panics: options.lines == Lines::Rgo,
        runtime_import,
        module_path: layout.module_path.clone(),
    };
    let mut files = Vec::new();
    let mut pieces = BTreeSet::new();
    let mut errors = Vec::new();
    for (package, directory) in packages {
        progress(package.path(db).as_str());
        match rgo_codegen::emit_package(db, *package, &emit) {
            Ok(emitted) => {
                pieces.extend(emitted.runtime_pieces);
                files.extend(
                    emitted
                        .files
                        .into_iter()
                        .map(|file| OutputFile { path: directory.join(&file.name), text: file.text }),
                );
            }
            Err(found) => errors.extend(found),
        }
    }
    if !errors.is_empty() {
        return Err(crate::check::emit_errors(db, &errors));
    }
    files.extend(runtime_files(&pieces, &layout.module_root));
    Ok(files)
}

/// Where the runtime of a module is emitted.
pub fn runtime_directory(module_root: &Path) -> PathBuf {
    module_root.join("internal").join("rgort")
}

/// The runtime files that hold these pieces and the pieces they stand on.
fn runtime_files(wanted: &BTreeSet<String>, module_root: &Path) -> Vec<OutputFile> {
    // Codegen names what it uses (`Option`, `AddUsize`); the piece is the one whose file declares it.
    let mut pending: Vec<String> = wanted.iter().filter_map(|name| declaring_piece(name)).collect();
    let mut taken = BTreeSet::new();
    while let Some(piece) = pending.pop() {
        if taken.insert(piece.clone()) {
            pending.extend(
                embedded::runtime()
                    .iter()
                    .filter_map(|(_, text)| header(text))
                    .filter(|(name, _)| *name == piece)
                    .flat_map(|(_, needs)| needs.map(str::to_string).collect::<Vec<_>>()),
            );
        }
    }
    embedded::runtime()
        .iter()
        .filter(|(_, text)| header(text).is_some_and(|(name, _)| taken.contains(name)))
        .map(|(path, text)| OutputFile {
            path: runtime_directory(module_root).join(Path::new(path).file_name().unwrap_or_default()),
            text: emitted_runtime(text),
        })
        .collect()
}

/// The piece that declares a name of the runtime; a piece's own name is one too.
fn declaring_piece(name: &str) -> Option<String> {
    let declares = |text: &str| {
        text.lines().any(|line| {
            let line = line.trim_start();
            let rest =
                ["func ", "type ", "var ", "const "].iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
            rest.strip_prefix(name).is_some_and(|after| after.is_empty() || after.starts_with(['(', '[', ' ', '=']))
        })
    };
    let files = || embedded::runtime().iter().filter_map(|(_, text)| Some((header(text)?.0, text)));
    files().find(|(piece, text)| *piece == name || declares(text)).map(|(piece, _)| piece.to_string())
}

/// Begins the line that says what a runtime file holds: `//rgo:piece NAME`, or `//rgo:piece NAME needs OTHER…`.
const PIECE: &str = "//rgo:piece ";

/// The piece that a runtime file holds, and which other pieces it stands on.
fn header(text: &str) -> Option<(&str, impl Iterator<Item = &str>)> {
    let line = text.lines().find_map(|line| line.strip_prefix(PIECE))?;
    let mut words = line.split_whitespace();
    Some((words.next()?, words.filter(|word| *word != "needs")))
}

/// The runtime file as it stands in a user's module: marked as generated, without its piece header and the empty line after it.
fn emitted_runtime(text: &str) -> String {
    let mut body = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with(PIECE) {
            lines.next();
        } else {
            body.push_str(line);
            body.push('\n');
        }
    }
    format!("// Code generated by rgo from its runtime. DO NOT EDIT.\n\n{}", body.trim_start())
}
