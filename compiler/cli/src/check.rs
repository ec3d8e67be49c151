//! `rgo check`, and the loading and checking that the other commands begin with.

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::process::ExitCode;

use rgo_project::{Checked, Database, Dependents, EmitOptions, Lines, Loaded, LoadedPackage, Overflow};

use crate::args::{CheckArgs, MessageArgs};
use crate::build::{emitted, layout};
use crate::progress::Progress;
use crate::{PROGRAM_ERROR, USAGE_ERROR, report};

pub fn run(args: &CheckArgs) -> ExitCode {
    match checked(&args.targets.targets, &args.message).and_then(|ready| emittable(&ready, &args.message)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(code) => ExitCode::from(code),
    }
}

/// What `rgo check` accepts, `rgo build` emits: what cannot be emitted is an error here already.
fn emittable(ready: &Ready, message: &MessageArgs) -> Result<(), u8> {
    let options = EmitOptions { overflow: Overflow::Wraps, lines: Lines::Go };
    emitted(ready, &layout(ready), Dependents::AreAbsent, options, message).map(|_| ())
}

/// Packages without errors, ready to be emitted.
pub struct Ready {
    pub loaded: Loaded,
    /// Never taken apart: the process ends when its work is done.
    pub db: ManuallyDrop<Database>,
}

impl Ready {
    /// The packages of the module, each with its place on disk.
    pub fn packages(&self) -> impl Iterator<Item = (rgo_hir::Package, &LoadedPackage)> {
        self.db.user_packages().into_iter().zip(&self.loaded.packages)
    }

    /// The packages named on the command line.
    pub fn selected(&self) -> impl Iterator<Item = (rgo_hir::Package, &LoadedPackage)> {
        self.packages().filter(|(_, loaded)| loaded.selected)
    }
}

/// Loads and checks; what is wrong has been printed when this returns the exit code.
pub fn checked(targets: &[String], message: &MessageArgs) -> Result<Ready, u8> {
    let current_dir = current_dir(message)?;
    let loaded = rgo_project::load(targets, &current_dir).map_err(|errors| report::load_errors(&errors, message))?;
    let sources: Vec<_> = loaded.packages.iter().map(|package| package.source.clone()).collect();
    let module = loaded.module.as_ref().map_or("main", |module| &module.path);
    let ready = Ready { db: ManuallyDrop::new(Database::new(module, &sources)), loaded };
    let selected: Vec<_> = ready.selected().map(|(package, _)| package).collect();
    let mut progress = Progress::new(selected.len());
    let mut tell = |package: &str| progress.next("checking", package);
    let checked: Checked = rgo_project::check_with_used(&ready.db, &selected, &mut tell);
    drop(progress);
    report::diagnostics(&checked.diagnostics, &checked.files, message);
    if checked.has_errors() { Err(PROGRAM_ERROR) } else { Ok(ready) }
}

pub fn current_dir(message: &MessageArgs) -> Result<PathBuf, u8> {
    std::env::current_dir().map_err(|error| {
        report::plain_error(&format!("cannot find out the current directory: {error}"), None, message);
        USAGE_ERROR
    })
}
