//! Prints the MIR of a file's bodies: `cargo run -p rgo_project --example mir FILE [NAME]`.

use rgo_project::{Database, PackageSource};

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("a file");
    let wanted = args.next();
    let text = std::fs::read_to_string(&path).expect("readable");
    let source = PackageSource { path: "main".to_string(), files: vec![(path, text.as_str().into())] };
    let db = Database::new("main", &[source]);
    for package in db.user_packages() {
        for &owner in rgo_hir::body_owners(&db, package) {
            if wanted.as_ref().is_none_or(|name| owner.name().as_str() == name) {
                print(&db, owner);
            }
        }
    }
}

fn print(db: &Database, owner: rgo_hir::DefId) {
    let thir = rgo_typeck::thir_build::thir_body(db, owner);
    println!("{:?} errors: {}", thir.kind, thir.has_errors);
    print!("{}", rgo_mir::pretty::pretty(db, rgo_mir::mir_body(db, owner)));
    println!("{:#?}", rgo_borrowck::borrowck(db, owner));
    thir.closures.iter().for_each(|closure| print(db, *closure));
}
