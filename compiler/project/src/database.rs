//! The concrete database: inputs are set once by the command line and edited by the language server.

use std::sync::{Arc, Mutex, PoisonError};

use rgo_hir::{Db, KeySpace, Package, SourceFile, Workspace};
use rgo_syntax::Name;
use salsa::{Durability, Setter};

use crate::clean::Clean;
use crate::embedded;

/// All queries of the compiler run on this.
#[salsa::db]
#[derive(Clone)]
pub struct Database {
    storage: salsa::Storage<Database>,
    workspace: Option<Workspace>,
    keys: KeySpace,
    clean: Arc<Mutex<Clean>>,
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl Db for Database {
    fn workspace(&self) -> Workspace {
        self.workspace.expect("set by the constructor")
    }

    fn key_space(&self) -> KeySpace {
        self.keys
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
        Database::with_storage(salsa::Storage::default(), module, packages)
    }

    /// The same over a storage that somebody listens to.
    pub(crate) fn with_storage(
        storage: salsa::Storage<Database>,
        module: &str,
        packages: &[PackageSource],
    ) -> Database {
        let mut db = Database { storage, workspace: None, keys: KeySpace::fresh(), clean: Arc::default() };
        let mut all = Vec::with_capacity(packages.len() + 1);
        for package in packages {
            let files =
                package.files.iter().map(|(path, text)| SourceFile::new(&db, path.clone(), text.clone())).collect();
            let package = Package::builder(Name::new(&package.path), files, false);
            let package = package.path_durability(Durability::NEVER_CHANGE).is_std_durability(Durability::NEVER_CHANGE);
            all.push(package.new(&db));
        }
        // The standard library never changes while the process lives: nobody keeps a list of what was read of it.
        let std_files = embedded::stdlib()
            .iter()
            .map(|(path, text)| {
                SourceFile::builder((*path).to_string(), Arc::from(*text)).durability(Durability::NEVER_CHANGE).new(&db)
            })
            .collect();
        let std = Package::builder(Name::new("std"), std_files, true).durability(Durability::NEVER_CHANGE).new(&db);
        all.push(std);
        let workspace = Workspace::builder(all, std, Name::new(module));
        let workspace = workspace.std_durability(Durability::NEVER_CHANGE).module_durability(Durability::NEVER_CHANGE);
        db.workspace = Some(workspace.new(&db));
        db
    }

    /// Replaces the text of a package's file, as an editor does.
    pub fn set_text(&mut self, package: Package, file: usize, text: Arc<str>) {
        let file = package.files(self)[file];
        file.set_text(self).to(text);
    }

    /// Works with what is known of packages without errors. It is lost, which costs time only, where a check does not come to its end.
    pub(crate) fn with_clean(&self, check: impl FnOnce(&mut Clean)) {
        let locked = || self.clean.lock().unwrap_or_else(PoisonError::into_inner);
        let mut clean = std::mem::take(&mut *locked());
        clean.follow(self);
        check(&mut clean);
        *locked() = clean;
    }

    /// The standard library, which is checked in the project's own tests.
    pub fn std_package(&self) -> Package {
        self.workspace().std(self)
    }

    /// The user's packages, in the order given.
    pub fn user_packages(&self) -> Vec<Package> {
        self.workspace().packages(self).iter().copied().filter(|package| !package.is_std(self)).collect()
    }
}
