//! Which packages were found without errors, and in which texts: a check after an edit asks anew only for what the edit can reach.
//!
//! Salsa runs a query again only where something that it read has changed, but to know that it must look at all that was ever read. Packages
//! are the coarse barrier in front of it: what a package is checked against are its own files and what it can see of the others
//! ([`rgo_hir::interface`]). Invariant: a package that is kept here has no diagnostics, so that nothing of it can point into text that has moved.

use std::sync::Arc;

use rgo_hir::{Package, SourceFile};
use rgo_typeck::imports::{PackageUse, package_uses};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::Database;

#[derive(Debug, Default)]
pub(crate) struct Clean {
    packages: FxHashSet<Package>,
    /// Which packages those of `packages` use, as far as that was asked.
    uses: FxHashMap<Package, Arc<[PackageUse]>>,
    /// The texts that were checked last, and whose they are. Of std there are none: it never changes.
    files: FxHashMap<SourceFile, (Package, Arc<str>)>,
}

impl Clean {
    /// Forgets what edits since the last check may have changed.
    pub fn follow(&mut self, db: &Database) {
        let mut count = 0;
        let mut seen_by_others = false;
        for package in db.user_packages() {
            for file in package.files(db) {
                count += 1;
                let text = file.text(db);
                match self.files.get_mut(file) {
                    Some((owner, known)) if *owner == package => {
                        if !Arc::ptr_eq(known, text) && known != text {
                            self.packages.remove(&package);
                            self.uses.remove(&package);
                            seen_by_others |= !has_same_interface(known, text);
                        }
                        known.clone_from(text);
                    }
                    _ => {
                        self.files.insert(*file, (package, text.clone()));
                        seen_by_others = true;
                    }
                }
            }
        }
        // A file fewer.
        if count != self.files.len() {
            *self = Clean::default();
            self.follow(db);
        }
        if seen_by_others {
            self.packages.clear();
            self.uses.clear();
        }
    }

    /// Whether nothing is wrong with a package, as far as was looked.
    pub fn contains(&self, package: Package) -> bool {
        self.packages.contains(&package)
    }

    /// Notes that nothing is wrong with a package.
    pub fn insert(&mut self, package: Package) {
        self.packages.insert(package);
    }

    /// Which packages a package uses: of one without errors that is known from before.
    pub fn uses(&mut self, db: &Database, package: Package) -> Arc<[PackageUse]> {
        if let Some(known) = self.uses.get(&package) {
            return known.clone();
        }
        let found: Arc<[PackageUse]> = package_uses(db, package).as_slice().into();
        if self.packages.contains(&package) {
            self.uses.insert(package, found.clone());
        }
        found
    }
}

fn has_same_interface(before: &str, after: &str) -> bool {
    rgo_hir::interface(before).is_some_and(|before| rgo_hir::interface(after).is_some_and(|after| before == after))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use crate::{Database, PackageSource, check};

    const MODULE: &str = "example.com/m";

    fn sources(packages: &[(&str, &str)]) -> Vec<PackageSource> {
        let source = |(name, text): &(&str, &str)| PackageSource {
            path: format!("{MODULE}/{name}"),
            files: vec![(format!("{name}/{name}.rgo"), Arc::from(*text))],
        };
        packages.iter().map(source).collect()
    }

    fn errors(db: &Database) -> Vec<String> {
        let checked = check(db, &db.user_packages(), &mut |_| {});
        checked.diagnostics.iter().map(|error| rgo_diagnostics::render_short(error, &checked.files)).collect()
    }

    /// Edits the first package and holds the check after it against one that begins anew.
    fn recheck(before: &[(&str, &str)], edited: &str) -> Vec<String> {
        let mut db = Database::new(MODULE, &sources(before));
        assert_eq!(errors(&db), Vec::<String>::new());
        let package = db.user_packages()[0];
        db.set_text(package, 0, Arc::from(edited));
        let found = errors(&db);
        let mut after = before.to_vec();
        after[0].1 = edited;
        assert_eq!(found, errors(&Database::new(MODULE, &sources(&after))));
        found
    }

    const USER: &str = "use crate::a;\npub fn g() -> i32 { a::f() }";

    #[test]
    fn an_edit_of_a_body_is_told_in_its_package() {
        let packages = [("a", "pub fn f() -> i32 { 1 }"), ("b", USER)];
        assert_eq!(recheck(&packages, "pub fn f() -> i32 { 2 }"), Vec::<String>::new());
        assert_eq!(recheck(&packages, "pub fn f() -> i32 { true }").len(), 1);
    }

    #[test]
    fn an_edit_of_a_signature_is_told_in_other_packages() {
        let packages = [("a", "pub fn f() -> i32 { 1 }"), ("b", USER)];
        let found = recheck(&packages, "pub fn f() -> u8 { 1 }");
        assert!(found.len() == 1 && found[0].starts_with("b/b.rgo:2"), "{found:?}");
    }

    #[test]
    fn an_edit_of_a_body_that_others_look_into_is_told_in_them() {
        let constant = [("a", "pub const fn f() -> usize { 1 }"), ("b", "pub const N: usize = 1 / crate::a::f();")];
        assert!(!recheck(&constant, "pub const fn f() -> usize { 0 }").is_empty());

        let generic = "pub struct D<const N: usize>;\nimpl<const N: usize> D<N> { pub const V: usize = 1 / N; }\n\
                       pub fn f<const N: usize>() -> usize { BODY }";
        let (zero, divided) = (generic.replace("BODY", "0"), generic.replace("BODY", "D::<N>::V"));
        let packages = [("a", &*zero), ("b", "pub fn g() -> usize { crate::a::f::<0>() }")];
        assert!(!recheck(&packages, &divided).is_empty());

        let opaque = "pub fn f() -> impl Sized { BODY }";
        let (sent, kept) = (opaque.replace("BODY", "1"), opaque.replace("BODY", "std::rc::Rc::new(1)"));
        let user = "fn send<T: Send>(_: T) {}\npub fn g() { send(crate::a::f()) }";
        assert!(!recheck(&[("a", &*sent), ("b", user)], &kept).is_empty());

        let inner = "pub trait Tr {}\npub struct S;\npub fn f() { BODY }";
        let (with, without) = (inner.replace("BODY", "impl Tr for S {}"), inner.replace("BODY", ""));
        let user = "use crate::a::{S, Tr};\nfn need<T: Tr>(_: T) {}\npub fn g() { need(S) }";
        assert!(!recheck(&[("a", &*with), ("b", user)], &without).is_empty());
    }

    #[test]
    fn a_circle_that_an_edit_of_a_body_closes_is_told_in_all_of_it() {
        let packages = [("a", "pub fn f() -> i32 { 1 }"), ("b", USER)];
        let found = recheck(&packages, "pub fn f() -> i32 { crate::b::g() }");
        assert!(found.len() == 2 && found.iter().all(|error| error.contains("RGO0004")), "{found:?}");
    }

    #[test]
    fn a_package_that_is_broken_elsewhere_is_mended_again() {
        let (good, bad) = ("pub fn f() -> i32 { 1 }", "pub fn f() -> u8 { 1 }");
        let mut db = Database::new(MODULE, &sources(&[("a", good), ("b", USER)]));
        let package = db.user_packages()[0];
        for _ in 0..2 {
            assert_eq!(errors(&db).len(), 0);
            db.set_text(package, 0, Arc::from(bad));
            assert_eq!(errors(&db).len(), 1);
            db.set_text(package, 0, Arc::from(good));
        }
        assert_eq!(errors(&db).len(), 0);
    }

    /// The queries about definitions that run again after an edit, by name and definition.
    #[test]
    fn an_edit_of_one_body_runs_the_queries_of_that_body_alone() {
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (sink, text) = (
            log.clone(),
            "pub fn f() -> i32 { BODY }\npub fn other() -> i32 { f() }\nstruct S { x: i32 }\nimpl S { fn m(&self) -> i32 { self.x } }",
        );
        let storage = salsa::Storage::new(Some(Box::new(move |event: salsa::Event| {
            if let salsa::EventKind::WillExecute { database_key } = event.kind {
                sink.lock().expect("log").push(format!("{database_key:?}"));
            }
        })));
        let before = text.replace("BODY", "1");
        let mut db = Database::with_storage(storage, MODULE, &sources(&[("a", &*before), ("b", USER)]));
        assert_eq!(errors(&db), Vec::<String>::new());
        log.lock().expect("log").clear();
        let package = db.user_packages()[0];
        db.set_text(package, 0, Arc::from(text.replace("BODY", "2")));
        assert_eq!(errors(&db), Vec::<String>::new());
        let ran = log.lock().expect("log").clone();
        let count = |query: &str| ran.iter().filter(|entry| entry.starts_with(&format!("{query}("))).count();
        for query in ["parsed_item", "item_tree", "lowered", "infer_query", "body_check_errors_query", "borrowck_query"]
        {
            assert_eq!(count(query), 1, "{query} in {ran:#?}");
        }
        for query in [
            "workspace_scopes",
            "package_trait_impls",
            "workspace_inherent_impls",
            "generics_query",
            "predicates_query",
        ] {
            assert_eq!(count(query), 0, "{query} in {ran:#?}");
        }
    }
}
