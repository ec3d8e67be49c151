//! `cargo xtask std`: checks the standard library as a package of its own and prints what is wrong with it.

use std::process::ExitCode;

use rgo_diagnostics::render_short;
use rgo_project::Database;

pub fn run() -> ExitCode {
    let db = Database::new("main", &[]);
    let std = db.std_package();
    let checked = rgo_project::check(&db, &[std], &mut |_| {});
    for diagnostic in &checked.diagnostics {
        print!("{}", render_short(diagnostic, &checked.files));
    }
    println!("{} errors in the standard library", checked.diagnostics.len());
    if checked.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
