//! Which queries run again after an edit.

use std::sync::{Arc, Mutex};

use rgo_hir::{Db, KeySpace, Package, SourceFile, Workspace, body, body_owners, item_errors};
use rgo_syntax::Name;
use salsa::Setter;

#[salsa::db]
#[derive(Clone)]
struct LoggingDb {
    storage: salsa::Storage<LoggingDb>,
    workspace: Option<Workspace>,
    keys: KeySpace,
    log: Arc<Mutex<Vec<String>>>,
}

#[salsa::db]
impl salsa::Database for LoggingDb {}

#[salsa::db]
impl Db for LoggingDb {
    fn workspace(&self) -> Workspace {
        self.workspace.expect("set below")
    }

    fn key_space(&self) -> KeySpace {
        self.keys
    }
}

fn database(source: &str) -> (LoggingDb, SourceFile, Package) {
    let log: Arc<Mutex<Vec<String>>> = Arc::default();
    let sink = log.clone();
    let storage = salsa::Storage::new(Some(Box::new(move |event: salsa::Event| {
        if let salsa::EventKind::WillExecute { database_key } = event.kind {
            sink.lock().expect("log").push(format!("{database_key:?}"));
        }
    })));
    let mut db = LoggingDb { storage, workspace: None, keys: KeySpace::fresh(), log };
    let file = SourceFile::new(&db, "main.rgo".to_string(), Arc::from(source));
    let package = Package::new(&db, Name::new("main"), vec![file], false);
    let std = Package::new(&db, Name::new("std"), Vec::new(), true);
    db.workspace = Some(Workspace::new(&db, vec![package, std], std, Name::new("main")));
    (db, file, package)
}

fn query_all(db: &LoggingDb, package: Package) -> Vec<String> {
    db.log.lock().expect("log").clear();
    item_errors(db, package);
    for &owner in body_owners(db, package) {
        body(db, owner);
    }
    db.log.lock().expect("log").clone()
}

fn count(log: &[String], query: &str) -> usize {
    log.iter()
        .filter(|entry| entry.starts_with(&format!("{query}_")) || entry.starts_with(&format!("{query}(")))
        .count()
}

#[test]
fn an_edit_of_one_body_leaves_the_others_alone() {
    let (mut db, file, package) = database("fn a() { b(); }\nfn b() { let x = 1; }\nmod m { fn c() {} }");
    let first = query_all(&db, package);
    assert_eq!(count(&first, "lowered"), 3, "{first:?}");
    file.set_text(&mut db).to(Arc::from("fn a() { b(); b(); }\nfn b() { let x = 1; }\nmod m { fn c() {} }"));
    let second = query_all(&db, package);
    assert_eq!(count(&second, "parsed_item"), 1, "{second:?}");
    assert_eq!(count(&second, "lowered"), 1, "{second:?}");
    assert_eq!(count(&second, "workspace_scopes"), 0, "{second:?}");
}

#[test]
fn text_that_only_moves_is_not_lowered_again() {
    let (mut db, file, package) = database("fn a() { b(); }\nfn b() {}");
    query_all(&db, package);
    file.set_text(&mut db).to(Arc::from("\n\n// moved\nfn a() { b(); }\n\nfn b() {}"));
    let second = query_all(&db, package);
    assert_eq!(count(&second, "lowered"), 0, "{second:?}");
}

#[test]
fn a_new_name_resolves_names_again() {
    let (mut db, file, package) = database("fn a() { b(); }\nfn b() {}");
    query_all(&db, package);
    file.set_text(&mut db).to(Arc::from("fn a() { b(); }\nfn b() {}\nfn c() {}"));
    let second = query_all(&db, package);
    assert_eq!(count(&second, "workspace_scopes"), 1, "{second:?}");
    assert_eq!(count(&second, "parsed_item"), 1, "{second:?}");
}
