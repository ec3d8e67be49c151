//! From checked packages to Go files with their places on disk, the runtime pieces they need included.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use rgo_codegen::Unit;
use rgo_diagnostics::{Diagnostic, Files};
use rgo_hir::Package;
use rgo_typeck::error::TypeError;

use crate::output::OutputFile;
use crate::{Database, embedded, imports};

/// How to emit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmitOptions {
    pub overflow: Overflow,
    pub lines: Lines,
}

/// What arithmetic does that leaves its type.
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

/// A package of the module.
#[derive(Clone, Debug)]
pub struct Source {
    pub package: Package,
    /// Where its Go files go.
    pub directory: PathBuf,
    /// Whether its Go is asked for.
    pub selected: bool,
}

/// Whether packages that use the selected ones have a say in what is emitted for those. What is kept beside the sources has to fit them;
/// a program that is run does not meet them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dependents {
    Count,
    AreAbsent,
}

/// What was emitted.
#[derive(Clone, Debug, Default)]
pub struct Compiled {
    pub files: Vec<OutputFile>,
    /// The directories of the packages that were emitted: the selected ones and what they use.
    pub directories: Vec<PathBuf>,
}

/// The Go files of the selected packages and of those that they use. An error here is a construct that rgo accepts but cannot emit yet: it has a
/// place, and nothing is emitted. The selected packages and those that they use have no errors and import each other as Go allows.
pub fn compile(
    db: &Database,
    sources: &[Source],
    dependents: Dependents,
    layout: &Layout,
    options: EmitOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<Compiled, (Vec<Diagnostic>, Files)> {
    let import = |name: &str| format!("{}/internal/{name}", layout.module_path);
    let emit = rgo_codegen::Options {
        overflow_checks: options.overflow == Overflow::Panics,
        line_directives: options.lines == Lines::Rgo,
        report_panics: options.lines == Lines::Rgo,
        runtime_import: import("rgort"),
        std_import: import("rgostd"),
        module_path: layout.module_path.clone(),
    };
    let selected: Vec<Package> = sources.iter().filter(|source| source.selected).map(|source| source.package).collect();
    let wanted = if sources.len() == 1 { selected } else { imports::with_used(db, &selected) };
    let mut compiled = Compiled::default();
    let mut pieces = BTreeSet::new();
    let mut errors = Vec::new();
    let mut pending = VecDeque::from(units(db, sources, &wanted, dependents));
    while let Some(unit) = pending.pop_front() {
        let own: Vec<Package> = unit.packages.iter().copied().filter(|package| wanted.contains(package)).collect();
        own.iter().for_each(|package| progress(package.path(db).as_str()));
        let emission = match rgo_codegen::emit(db, &unit, &emit) {
            Ok(emission) => emission,
            Err(mut found) => {
                let is_own = |error: &TypeError| {
                    rgo_hir::package_of(db, error.def).is_some_and(|package| own.contains(&package))
                };
                if own.len() < unit.packages.len() && !found.iter().any(is_own) {
                    // A dependent that cannot be emitted has no say.
                    pending.extend(imports::units(db, &own));
                } else {
                    found.retain(|error| is_own(error) || own.len() == unit.packages.len());
                    errors.append(&mut found);
                }
                continue;
            }
        };
        let [_, shared] = internal_directories(&layout.module_root);
        let placed = unit.packages.iter().zip(emission.packages).filter(|(package, _)| wanted.contains(package));
        let placed = placed.filter_map(|(package, emitted)| {
            let source = sources.iter().find(|source| source.package == *package)?;
            Some((source.directory.clone(), emitted))
        });
        for (directory, emitted) in placed.chain([(shared, emission.std)]) {
            pieces.extend(emitted.runtime_pieces);
            let files = emitted.files.into_iter();
            compiled.files.extend(files.map(|file| OutputFile { path: directory.join(&file.name), text: file.text }));
            compiled.directories.push(directory);
        }
    }
    if !errors.is_empty() {
        return Err(crate::check::emit_errors(db, &errors));
    }
    compiled.files.extend(runtime_files(&pieces, &layout.module_root));
    Ok(compiled)
}

/// The units with something that is wanted in them.
fn units(db: &Database, sources: &[Source], wanted: &[Package], dependents: Dependents) -> Vec<Unit> {
    if let [only] = sources {
        return vec![Unit::alone(only.package)];
    }
    let mut packages = wanted.to_vec();
    if dependents == Dependents::Count {
        for source in sources {
            if packages.contains(&source.package) {
                continue;
            }
            let used = imports::with_used(db, &[source.package]);
            if used.len() > 1 && is_sound(db, &used) {
                packages.extend(used);
            }
        }
        let mut seen = std::collections::HashSet::new();
        packages.retain(|package| seen.insert(*package));
    }
    let mut units = imports::units(db, &packages);
    units.retain(|unit| unit.packages.iter().any(|package| wanted.contains(package)));
    units
}

fn is_sound(db: &Database, packages: &[Package]) -> bool {
    !crate::check::check(db, packages, &mut |_| {}).has_errors()
}

/// Where the runtime of a module is emitted, and what its packages share of std.
pub fn internal_directories(module_root: &Path) -> [PathBuf; 2] {
    ["rgort", "rgostd"].map(|name| module_root.join("internal").join(name))
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
    let [directory, _] = internal_directories(module_root);
    embedded::runtime()
        .iter()
        .filter(|(_, text)| header(text).is_some_and(|(name, _)| taken.contains(name)))
        .map(|(path, text)| OutputFile {
            path: directory.join(Path::new(path).file_name().unwrap_or_default()),
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
