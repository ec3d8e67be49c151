//! Prints the MIR of a file's bodies, or borrow-checks the standard library:
//! `cargo run -p rgo_project --example mir FILE [NAME]`, `… -- --std`.

use rgo_project::{Database, PackageSource};

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("a file");
    let wanted = args.next();
    if path == "--std" {
        let db = Database::new("main", &[]);
        let std = rgo_hir::package(&db, rgo_syntax::Name::new("std")).expect("std is always there");
        return check_package(&db, std);
    }
    if path == "--batch" {
        return batch(&std::env::args().skip(2).collect::<Vec<_>>());
    }
    let text = std::fs::read_to_string(&path).expect("readable");
    let source = PackageSource { path: "main".to_string(), files: vec![(path, text.as_str().into())] };
    let db = Database::new("main", &[source]);
    for package in db.user_packages() {
        if wanted.as_deref() == Some("--time") {
            check_package(&db, package);
            continue;
        }
        for &owner in rgo_hir::body_owners(&db, package) {
            if wanted.as_ref().is_none_or(|name| owner.name().as_str() == name) {
                print(&db, owner);
            }
        }
    }
}

/// Checks files one after the other with one database; a line for each error.
fn batch(lists: &[String]) {
    let source = PackageSource { path: "main".to_string(), files: vec![("main.rgo".to_string(), "".into())] };
    let mut db = Database::new("main", &[source]);
    let files = lists.iter().flat_map(|list| {
        let text = std::fs::read_to_string(list).expect("readable");
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    });
    for file in files {
        let text = std::fs::read_to_string(&file).expect("readable");
        let package = db.user_packages()[0];
        db.set_text(package, 0, text.as_str().into());
        let packages = db.user_packages();
        let checked =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| rgo_project::check(&db, &packages, &mut |_| {})));
        match checked {
            Ok(checked) => {
                for diagnostic in &checked.diagnostics {
                    print!("{file}\t{}", rgo_diagnostics::render_json(diagnostic, &checked.files));
                }
            }
            Err(_) => println!("{file}\tCRASH"),
        }
    }
}

fn check_package(db: &Database, package: rgo_hir::Package) {
    let (mut bodies, mut skipped, mut statements) = (0, 0, 0);
    let started = std::time::Instant::now();
    for &owner in rgo_hir::body_owners(db, package) {
        if rgo_typeck::thir_build::thir_body(db, owner).has_errors {
            skipped += 1;
        }
    }
    println!("typed in {:?}", started.elapsed());
    let started = std::time::Instant::now();
    for &owner in rgo_hir::body_owners(db, package) {
        if rgo_typeck::thir_build::thir_body(db, owner).has_errors {
            continue;
        }
        bodies += 1;
        let mir = rgo_mir::mir_body(db, owner);
        statements += mir.blocks.iter().map(|(_, block)| block.statements.len() + 1).sum::<usize>();
        for error in rgo_borrowck::borrowck_errors(db, owner) {
            let (file, start) = rgo_hir::item_start(db, rgo_hir::item_of(error.def));
            let text = file.text(db);
            let at = error.span.shifted(start);
            let line = text[..at.start as usize].lines().count().max(1);
            println!("{owner:?} {}:{line}: {:?} {} `{}`", file.path(db), error.code, error.message, at.text(text));
        }
    }
    println!("{bodies} bodies, {skipped} with type errors, {statements} statements in {:?}", started.elapsed());
}

fn print(db: &Database, owner: rgo_hir::DefId) {
    let thir = rgo_typeck::thir_build::thir_body(db, owner);
    println!("{:?} errors: {}", thir.kind, thir.has_errors);
    print!("{}", rgo_mir::pretty::pretty(db, &rgo_mir::mir_body(db, owner)));
    println!("{:#?}", rgo_borrowck::ownership_facts(db, owner));
    thir.closures.iter().for_each(|closure| print(db, *closure));
}
