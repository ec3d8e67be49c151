//! Embeds `stdlib/**/*.rgo` and the sources of `runtime-go` into the compiler.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("../..");
    let mut text = String::new();
    table(&mut text, "STDLIB", &root, "stdlib", &|name| name.ends_with(".rgo"));
    table(&mut text, "RUNTIME", &root, "runtime-go", &|name| name.ends_with(".go") && !name.ends_with("_test.go"));
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("embedded.rs");
    fs::write(out, text).expect("OUT_DIR is writable");
}

/// Writes `static NAME: &[(path, text)]` of the files under `folder` that `wanted` takes; paths are relative to `root`.
fn table(text: &mut String, name: &str, root: &Path, folder: &str, wanted: &dyn Fn(&str) -> bool) {
    let mut files = Vec::new();
    collect(&root.join(folder), &mut files);
    files.sort();
    writeln!(text, "static {name}: &[(&str, &str)] = &[").expect("writing to a string");
    for file in files {
        let relative = file.strip_prefix(root).expect("below root").display().to_string();
        if wanted(&relative) {
            let absolute = file.canonicalize().expect("just listed").display().to_string();
            writeln!(text, "    ({relative:?}, include_str!({absolute:?})),").expect("writing to a string");
        }
    }
    text.push_str("];\n");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
}
