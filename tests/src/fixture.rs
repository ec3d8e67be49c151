//! Fixtures: the `.rgo` files below a folder of `tests/`, and the programs of `examples/`.

use std::path::{Path, PathBuf};

/// A program under test.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// `ui::borrowck::two_phase`.
    pub name: String,
    pub path: PathBuf,
    pub text: String,
}

/// All fixtures of a suite (`ui`, `run`, `go`), sorted by name.
pub fn fixtures(suite: &str) -> Vec<Fixture> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    collect(&root.join(suite), suite, &mut found);
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The single-file programs of `examples/ownership`: (refused ones, running ones).
pub fn examples() -> (Vec<Fixture>, Vec<Fixture>) {
    let mut found = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/ownership");
    collect(&folder, "examples", &mut found);
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.into_iter().partition(|fixture| fixture.text.contains("//~ ERROR"))
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<Fixture>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, &format!("{prefix}::{file_name}"), found);
        } else if let Some(stem) = file_name.strip_suffix(".rgo") {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            found.push(Fixture { name: format!("{prefix}::{stem}"), path, text });
        }
    }
}
