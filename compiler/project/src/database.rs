//! The concrete database: inputs are set once by the command line and edited by the language server.

use std::sync::Arc;

use rgo_hir::{Db, Package, SourceFile, Workspace};
use rgo_syntax::Name;
use salsa::{Durability, Setter};

use crate::embedded;

/// All queries of the compiler run on this.
#[salsa::db]
#[derive(Clone)]
pub struct Database {
    storage: salsa::Storage<Database>,
    workspace: Option<Workspace>,
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl Db for Database {
    fn workspace(&self) -> Workspace {
        self.workspace.expect("set by the constructor")
    }
}

/// A package as loaded: import path, and each file's printed path and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageSource {
    pub path: String,
    pub files: Vec<(String, Arc<str>)>,
}

impl Database {
    /// A database over these packages and the standard library. `module` is the Go module's path.
    pub fn new(module: &str, packages: &[PackageSource]) -> Database {
        let mut db = Database { storage: salsa::Storage::default(), workspace: None };
        let mut all = Vec::with_capacity(packages.len() + 1);
        for package in packages {
            let files =
                package.files.iter().map(|(path, text)| SourceFile::new(&db, path.clone(), text.clone())).collect();
            all.push(Package::new(&db, Name::new(&package.path), files, false));
        }
        // The standard library never changes while the process lives: its queries are validated in one step.
        let std_files = embedded::stdlib()
            .iter()
            .map(|(path, text)| {
                SourceFile::builder((*path).to_string(), Arc::from(*text)).durability(Durability::HIGH).new(&db)
            })
            .collect();
        all.push(Package::builder(Name::new("std"), std_files, true).durability(Durability::HIGH).new(&db));
        db.workspace = Some(Workspace::new(&db, all, Name::new(module)));
        db
    }

    /// Replaces the text of a package's file, as an editor does.
    pub fn set_text(&mut self, package: Package, file: usize, text: Arc<str>) {
        let file = package.files(self)[file];
        file.set_text(self).to(text);
    }

    /// The standard library, which is checked in the project's own tests.
    pub fn std_package(&self) -> Option<Package> {
        self.workspace().packages(self).iter().copied().find(|package| *package.is_std(self))
    }

    /// The user's packages, in the order given.
    pub fn user_packages(&self) -> Vec<Package> {
        self.workspace().packages(self).iter().copied().filter(|package| !package.is_std(self)).collect()
    }
}
