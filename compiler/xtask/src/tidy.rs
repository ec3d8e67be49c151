//! `cargo xtask tidy`: the rules of the project that no compiler checks.
//!
//! Dependencies have a licence that goes with MIT OR Apache-2.0; every crate says its purpose in its first line; every module begins with `//!`;
//! no source file is past 900 lines. What is wrong is printed to standard output, which is what CI keeps.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs};

/// SPDX names of licences that ask for nothing that ours does not.
const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "0BSD",
    "MIT-0",
];

const LONGEST_FILE: usize = 900;

pub fn run() -> ExitCode {
    let mut complaints = licences();
    for file in sources() {
        complaints.extend(source(&file));
    }
    for complaint in &complaints {
        println!("tidy: {complaint}");
    }
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Of all packages that Cargo.lock names, those with a licence that is not allowed.
///
/// Packages for other systems are on this machine only once Cargo has fetched them: where the registry is out of reach, those that were built are judged.
fn licences() -> Vec<String> {
    let metadata = match metadata(&[]).or_else(|_| metadata(&["--offline", "--filter-platform", &host()])) {
        Ok(metadata) => metadata,
        Err(said) => return vec![format!("`cargo metadata` fails: {said}")],
    };
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(allowed))
        .map(|package| format!("{} {}: licence {}", package["name"], package["version"], package["license"]))
        .collect()
}

fn cargo() -> String {
    env::var("CARGO").unwrap_or_else(|_| "cargo".to_string())
}

/// What `cargo metadata` tells, or what it says instead.
fn metadata(arguments: &[&str]) -> Result<serde_json::Value, String> {
    let output = Command::new(cargo())
        .args(["metadata", "--format-version=1", "--locked"])
        .args(arguments)
        .current_dir(root())
        .output()
        .map_err(|error| error.to_string())?;
    serde_json::from_slice(&output.stdout).map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The triple that Cargo builds for here.
fn host() -> String {
    let output = Command::new(cargo()).arg("-vV").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_string()
}

/// Whether an SPDX expression can be met with [`LICENCES`]: one alternative of each `OR`, all of an `AND`.
fn allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let plain = expression.replace(['(', ')'], " ");
    if expression.contains('(') && expression.contains(" AND ") {
        return plain.split(" AND ").all(|part| part.split(" OR ").any(|name| LICENCES.contains(&name.trim())));
    }
    plain.split(" OR ").any(|alternative| alternative.split(" AND ").all(|name| LICENCES.contains(&name.trim())))
}

fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut pending = vec![root().join("compiler"), root().join("tests/src")];
    while let Some(folder) = pending.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

fn source(path: &Path) -> Vec<String> {
    let Ok(text) = fs::read_to_string(path) else { return vec![format!("{}: cannot be read", path.display())] };
    let mut complaints = Vec::new();
    if !text.starts_with("//!") {
        complaints.push(format!("{}: does not begin with a `//!` header", path.display()));
    }
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        complaints.push(format!("{}: {lines} lines; split what is past {LONGEST_FILE}", path.display()));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn reads_spdx() {
        assert!(allowed("MIT OR Apache-2.0"));
        assert!(allowed("MIT/Apache-2.0"));
        assert!(allowed("(MIT OR GPL-3.0) AND Unicode-3.0"));
        assert!(!allowed("GPL-3.0"));
        assert!(!allowed("MIT AND GPL-3.0"));
    }
}
