//! Emits one file as a Go module into a directory: `emit FILE DIRECTORY`. For looking at what codegen does.

use rgo_codegen::{Options, emit_package};
use rgo_hir::test_db::TestDb;

fn main() {
    let mut args = std::env::args().skip(1);
    let (Some(file), Some(directory)) = (args.next(), args.next()) else {
        eprintln!("usage: emit FILE DIRECTORY");
        std::process::exit(2);
    };
    let checks = args.next().as_deref() == Some("checked");
    let text = std::fs::read_to_string(&file).expect("the file");
    let handle = std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(move || run(&text, &directory, checks))
        .expect("a thread");
    handle.join().expect("emitting");
}

fn run(text: &str, directory: &str, overflow_checks: bool) {
    let db = TestDb::new(text, true);
    let mut failed = false;
    for owner in rgo_hir::body_owners(&db, db.main()) {
        for error in rgo_typeck::infer::body_type_errors(&db, *owner) {
            eprintln!(
                "type error in {:?} {:?} {}: {:?} {}",
                owner,
                error.code,
                error.message,
                error.label,
                error.notes.join("; ")
            );
            failed = true;
        }
    }
    for error in rgo_hir::item_errors(&db, db.main()) {
        eprintln!("item error {error:?}");
    }
    for owner in rgo_hir::body_owners(&db, db.main()) {
        for error in rgo_hir::body_errors(&db, *owner) {
            eprintln!("body error {error:?}");
        }
    }
    if failed {
        std::process::exit(3);
    }
    let options = Options {
        overflow_checks,
        line_directives: false,
        report_panics: false,
        runtime_import: "main/internal/rgort".into(),
        module_path: "main".into(),
    };
    let emitted = match emit_package(&db, db.main(), &options) {
        Ok(emitted) => emitted,
        Err(errors) => {
            for error in errors {
                eprintln!("cannot emit {:?} {:?}: {}", error.def, error.span, error.message);
            }
            std::process::exit(4);
        }
    };
    let root = std::path::Path::new(directory);
    let runtime = root.join("internal/rgort");
    std::fs::create_dir_all(&runtime).expect("the directory");
    std::fs::write(root.join("go.mod"), "module main\n\ngo 1.24\n").expect("go.mod");
    for file in &emitted.files {
        std::fs::write(root.join(&file.name), &file.text).expect("a file");
    }
    let source = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime-go");
    for entry in std::fs::read_dir(source).expect("the runtime").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".go") && !name.ends_with("_test.go") {
            std::fs::copy(entry.path(), runtime.join(name)).expect("a runtime file");
        }
    }
}
