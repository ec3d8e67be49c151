//! Fixtures: the `.rgo` files below a folder of `tests/`.

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
