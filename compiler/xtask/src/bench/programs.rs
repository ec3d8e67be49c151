//! The benchmark programs of `tests/bench`: each in rgo (which is Rust too) and as hand-written Go.

use std::fs;
use std::path::{Path, PathBuf};

pub struct BenchProgram {
    pub name: String,
    pub rgo: String,
    pub go: String,
}

/// All programs, sorted by name.
pub fn programs() -> Result<Vec<BenchProgram>, String> {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/bench");
    let read = |path: PathBuf| fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()));
    let mut found = Vec::new();
    for entry in fs::read_dir(&root).map_err(|error| format!("{}: {error}", root.display()))?.flatten() {
        let folder = entry.path();
        if folder.is_dir() {
            found.push(BenchProgram {
                name: entry.file_name().to_string_lossy().into_owned(),
                rgo: read(folder.join("main.rgo"))?,
                go: read(folder.join("go/main.go"))?,
            });
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// The processor, as the kernel names it, with the number of cores: every table says where it was measured.
pub fn machine() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!("{}, {cores} cores", model.trim_start_matches([' ', '\t', ':']))
}
