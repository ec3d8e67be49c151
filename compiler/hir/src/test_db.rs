//! A database for unit tests of this and later crates, and the standard library as files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rgo_syntax::Name;

use crate::{Db, KeySpace, Package, SourceFile, Workspace};

/// A workspace of one package `main` with one file, and `std` if asked for.
#[salsa::db]
#[derive(Clone)]
pub struct TestDb {
    storage: salsa::Storage<TestDb>,
    workspace: Option<Workspace>,
    keys: KeySpace,
}

#[salsa::db]
impl salsa::Database for TestDb {}

#[salsa::db]
impl Db for TestDb {
    fn workspace(&self) -> Workspace {
        self.workspace.expect("set by the constructor")
    }

    fn key_space(&self) -> KeySpace {
        self.keys
    }
}

impl TestDb {
    /// `main` from `source`, with the standard library of this repository if `with_std`.
    pub fn new(source: &str, with_std: bool) -> TestDb {
        let std = if with_std { std_files() } else { Vec::new() };
        TestDb::with_files(&[("main", &[("main.rgo", source)])], &std)
    }

    /// Packages (import path, files) and the files of `std`.
    pub fn with_files(packages: &[(&str, &[(&str, &str)])], std: &[(String, String)]) -> TestDb {
        let mut db = TestDb { storage: salsa::Storage::default(), workspace: None, keys: KeySpace::fresh() };
        let mut all = Vec::new();
        for (path, files) in packages {
            let files =
                files.iter().map(|(name, text)| SourceFile::new(&db, (*name).to_string(), Arc::from(*text))).collect();
            all.push(Package::new(&db, Name::new(path), files, false));
        }
        let files = std.iter().map(|(name, text)| SourceFile::new(&db, name.clone(), Arc::from(&**text))).collect();
        let std = Package::new(&db, Name::new("std"), files, true);
        all.push(std);
        db.workspace = Some(Workspace::new(&db, all, std, Name::new("main")));
        db
    }

    /// The package `main` (or whichever was given first).
    pub fn main(&self) -> Package {
        self.workspace().packages(self)[0]
    }

    /// The first file of the first package.
    pub fn main_file(&self) -> SourceFile {
        self.main().files(self)[0]
    }
}

/// The files of the standard library as (path, text), the path relative to the repository (`stdlib/option.rgo`), sorted.
pub fn std_files() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../stdlib");
    let mut files = Vec::new();
    collect(&root, "stdlib", &mut files);
    files.sort();
    files
}

fn collect(directory: &Path, name: &str, files: &mut Vec<(String, String)>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        if path.is_dir() {
            collect(&path, &name, files);
        } else if name.ends_with(".rgo")
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            files.push((name, text));
        }
    }
}
