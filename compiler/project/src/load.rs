//! From what the command line names (files, directories, patterns like `./...`) to packages with their texts.
//!
//! A directory is a package; a single file is a package of its own. Reads files, knows nothing of what is in them.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::database::PackageSource;
use crate::go_module::GoModule;

/// The packages to work on and, after them, the others of the module that they may name.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub module: Option<GoModule>,
    pub packages: Vec<LoadedPackage>,
    /// Directories within what was named that have no `.rgo` files any more, but Go files emitted from such.
    pub left_over: Vec<PathBuf>,
}

impl Loaded {
    /// Whether all packages of the module are selected, whole.
    pub fn is_whole_module(&self) -> bool {
        self.packages.iter().all(|package| package.selected && !package.single_file)
    }
}

/// A package as it was found on disk.
#[derive(Clone, Debug)]
pub struct LoadedPackage {
    pub source: PackageSource,
    /// The directory its files are in.
    pub directory: PathBuf,
    /// Named on the command line; others are there to be imported.
    pub selected: bool,
    /// A single file given by name: a program of its own.
    pub single_file: bool,
}

/// Why nothing can be loaded: a message and, for a file that is not text, the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    pub message: String,
    pub help: Option<String>,
    /// Where in a file that is not text, if it is that.
    pub place: Option<BadByte>,
    /// Exit code 2 (the command line is at fault) rather than 1 (a file is).
    pub usage: bool,
}

/// The first byte of a file that is not UTF-8.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadByte {
    pub path: String,
    /// The file's text with U+FFFD for what is none.
    pub text: Arc<str>,
    /// Of the first U+FFFD.
    pub range: Range<usize>,
}

impl LoadError {
    fn usage(message: String) -> LoadError {
        LoadError { message, help: None, place: None, usage: true }
    }

    fn file(message: String) -> LoadError {
        LoadError { message, help: None, place: None, usage: false }
    }
}

/// Spans are 32 bits wide.
const LARGEST_FILE: u64 = 1 << 31;

/// Loads what `targets` name; none means the current directory.
pub fn load(targets: &[String], current_dir: &Path) -> Result<Loaded, Vec<LoadError>> {
    let default = [".".to_string()];
    let targets = if targets.is_empty() { &default } else { targets };
    let mut errors = Vec::new();
    let mut directories: BTreeMap<PathBuf, Target> = BTreeMap::new();
    let mut files = Vec::new();
    let mut left_over = Vec::new();
    for target in targets {
        match resolve_target(target, current_dir) {
            Ok(Found::File(path)) => files.push(path),
            Ok(Found::Directories(found)) => {
                directories.extend(found.packages.into_iter().map(|path| (path, Target::Selected)));
                left_over.extend(found.left_over);
            }
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let directory = directories.keys().next().or(left_over.first()).map(PathBuf::as_path);
    let start = files.first().and_then(|file| file.parent()).or(directory);
    let module = start.and_then(GoModule::find);
    if let Some(module) = &module {
        for directory in rgo_directories(&module.root).packages {
            directories.entry(directory).or_insert(Target::Context);
        }
    }
    let mut packages: Vec<LoadedPackage> = Vec::new();
    for file in files {
        let directory = file_directory(&file);
        let text = match read(&file, current_dir) {
            Ok(text) => text,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        // As with `go build a.go b.go`: files named together in one directory are one package.
        match packages.iter_mut().find(|package| package.directory == directory) {
            Some(package) => package.source.files.push(text),
            None => packages.push(LoadedPackage {
                source: PackageSource { path: import_path(module.as_ref(), directory), files: vec![text] },
                directory: directory.to_path_buf(),
                selected: true,
                single_file: true,
            }),
        }
    }
    let alone: Vec<PathBuf> = packages.iter().map(|package| package.directory.clone()).collect();
    for (directory, target) in directories {
        if target == Target::Context && alone.contains(&directory) {
            continue;
        }
        match load_directory(&directory, module.as_ref(), current_dir) {
            Ok(source) => packages.push(LoadedPackage {
                source,
                directory,
                selected: target == Target::Selected,
                single_file: false,
            }),
            // A package that nobody asked for is missed only where it is imported.
            Err(_) if target == Target::Context => {}
            Err(error) => errors.extend(error),
        }
    }
    packages.sort_by_key(|package| !package.selected);
    if errors.is_empty() { Ok(Loaded { module, packages, left_over }) } else { Err(errors) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Selected,
    Context,
}

enum Found {
    File(PathBuf),
    Directories(Directories),
}

/// Directories of packages.
#[derive(Default)]
struct Directories {
    packages: Vec<PathBuf>,
    left_over: Vec<PathBuf>,
}

impl Directories {
    fn is_empty(&self) -> bool {
        self.packages.is_empty() && self.left_over.is_empty()
    }
}

fn resolve_target(target: &str, current_dir: &Path) -> Result<Found, LoadError> {
    if let Some(prefix) = target.strip_suffix("...") {
        let prefix = prefix.trim_end_matches('/');
        let root = absolute(if prefix.is_empty() { "." } else { prefix }, current_dir);
        if !root.is_dir() {
            return Err(LoadError::usage(format!("`{target}`: there is no directory `{}`", shown(&root, current_dir))));
        }
        let found = rgo_directories(&root);
        if found.is_empty() {
            return Err(LoadError::usage(format!("`{target}` matches no directory with `.rgo` files")));
        }
        return Ok(Found::Directories(found));
    }
    let path = absolute(target, current_dir);
    if path.is_dir() {
        if rgo_files(&path).is_empty() {
            if has_emitted_files(&path) {
                return Ok(Found::Directories(Directories { packages: Vec::new(), left_over: vec![path] }));
            }
            let mut error = LoadError::usage(format!("`{target}` has no `.rgo` files"));
            error.help = Some("`./...` names all packages below a directory".to_string());
            return Err(error);
        }
        return Ok(Found::Directories(Directories { packages: vec![path], left_over: Vec::new() }));
    }
    if !path.exists() {
        return Err(LoadError::usage(format!("`{target}`: no such file or directory")));
    }
    if path.extension().is_none_or(|ext| ext != "rgo") {
        return Err(LoadError::usage(format!("`{target}` is not a `.rgo` file")));
    }
    // A pipe might never end, and has no place beside which Go could be written.
    if !path.is_file() {
        return Err(LoadError::usage(format!("`{target}` is not a regular file")));
    }
    Ok(Found::File(path))
}

fn load_directory(
    directory: &Path,
    module: Option<&GoModule>,
    current_dir: &Path,
) -> Result<PackageSource, Vec<LoadError>> {
    let mut files = Vec::new();
    let mut errors = Vec::new();
    for file in rgo_files(directory) {
        match read(&file, current_dir) {
            Ok(text) => files.push(text),
            Err(error) => errors.push(error),
        }
    }
    let path = if module.is_some() { import_path(module, directory) } else { "main".to_string() };
    if errors.is_empty() { Ok(PackageSource { path, files }) } else { Err(errors) }
}

/// The import path of a directory of the module.
fn import_path(module: Option<&GoModule>, directory: &Path) -> String {
    let Some(module) = module else { return "main".to_string() };
    match directory.strip_prefix(&module.root) {
        Ok(relative) if relative.as_os_str().is_empty() => module.path.clone(),
        Ok(relative) => format!("{}/{}", module.path, relative.to_string_lossy().replace('\\', "/")),
        Err(_) => "main".to_string(),
    }
}

fn read(file: &Path, current_dir: &Path) -> Result<(String, Arc<str>), LoadError> {
    let name = shown(file, current_dir);
    let size = fs::metadata(file).map(|data| data.len()).unwrap_or(0);
    if size >= LARGEST_FILE {
        return Err(LoadError::file(format!("`{name}` is larger than 2 GiB")));
    }
    let bytes = fs::read(file).map_err(|error| LoadError::file(format!("cannot read `{name}`: {error}")))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, Arc::from(text))),
        Err(error) => Err(not_text(&name, error.as_bytes(), error.utf8_error().valid_up_to())),
    }
}

/// The error for a file with bytes that are not UTF-8, with the place of the first of them.
fn not_text(name: &str, bytes: &[u8], at: usize) -> LoadError {
    let text = Arc::from(String::from_utf8_lossy(bytes));
    let range = at..at + char::REPLACEMENT_CHARACTER.len_utf8();
    LoadError {
        message: format!("byte 0x{:02X} is not UTF-8", bytes[at]),
        help: Some("rgo source is UTF-8 text; inside a byte string write `\\xNN`".to_string()),
        place: Some(BadByte { path: name.to_string(), text, range }),
        usage: false,
    }
}

/// The directories at or below `root` that hold rgo files, as Go sees packages: no `vendor`, `testdata`, `node_modules`, hidden ones or nested modules.
fn rgo_directories(root: &Path) -> Directories {
    let mut found = Directories::default();
    let mut pending = vec![root.to_path_buf()];
    while let Some(directory) = pending.pop() {
        let Ok(entries) = fs::read_dir(&directory) else { continue };
        let mut has_rgo = false;
        let mut may_be_left_over = false;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                let skipped =
                    name.starts_with(['.', '_']) || matches!(&*name, "vendor" | "testdata" | "node_modules" | "target");
                if !skipped && !entry.path().join("go.mod").exists() {
                    pending.push(entry.path());
                }
            } else if is_rgo_file(&name) {
                has_rgo |= entry.path().is_file();
            } else {
                may_be_left_over |= is_emitted_name(&name);
            }
        }
        if has_rgo {
            found.packages.push(directory);
        } else if may_be_left_over && has_emitted_files(&directory) {
            found.left_over.push(directory);
        }
    }
    found.packages.sort();
    found.left_over.sort();
    found
}

fn rgo_files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| is_rgo_file(&entry.file_name().to_string_lossy()) && entry.path().is_file())
        .map(|entry| entry.path())
        .collect();
    files.sort();
    files
}

fn is_rgo_file(name: &str) -> bool {
    name.ends_with(".rgo") && !name.starts_with(['.', '_'])
}

/// Whether a package's emitted file may have this name.
fn is_emitted_name(name: &str) -> bool {
    name.ends_with(".rgo.go") || name == "rgo_std.go"
}

fn has_emitted_files(directory: &Path) -> bool {
    crate::output::generated_files(directory)
        .iter()
        .any(|path| path.file_name().is_some_and(|name| is_emitted_name(&name.to_string_lossy())))
}

fn file_directory(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("/"))
}

fn absolute(path: &str, current_dir: &Path) -> PathBuf {
    let joined = current_dir.join(path);
    joined.canonicalize().unwrap_or(joined)
}

/// A path as messages print it: relative to the current directory, by way of `..` where it lies beside or above it.
pub fn shown(path: &Path, current_dir: &Path) -> String {
    let base = current_dir.canonicalize().unwrap_or_else(|_| current_dir.to_path_buf());
    let shared = path.components().zip(base.components()).take_while(|(a, b)| a == b).count();
    let above = base.components().count() - shared;
    // What shares no more than the root is found by its whole path.
    if shared <= 1 && above > 0 {
        return path.display().to_string();
    }
    let mut relative: PathBuf = std::iter::repeat_n(Component::ParentDir, above).collect();
    relative.extend(path.components().skip(shared));
    relative.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::shown;
    use std::path::Path;

    #[test]
    fn paths_are_shown_relative() {
        let shown = |path: &str, base: &str| shown(Path::new(path), Path::new(base));
        assert_eq!(shown("/no/such/a/b.rgo", "/no/such"), "a/b.rgo");
        assert_eq!(shown("/no/such/a/b.rgo", "/no/such/c/d"), "../../a/b.rgo");
        assert_eq!(shown("/elsewhere/b.rgo", "/no/such"), "/elsewhere/b.rgo");
    }
}
