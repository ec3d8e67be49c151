//! `rgo build`: emit Go beside the sources, or tell whether what is there is up to date.

use std::path::PathBuf;
use std::process::ExitCode;

use rgo_project::{
    Changes, Compiled, Dependents, EmitOptions, GoModule, Layout, Lines, Loaded, LoadedPackage, Overflow, Source, shown,
};

use crate::args::{BuildArgs, MessageArgs};
use crate::check::{Ready, checked, current_dir};
use crate::progress::Progress;
use crate::{PROGRAM_ERROR, report};

pub fn run(args: &BuildArgs) -> ExitCode {
    match build(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(code) => ExitCode::from(code),
    }
}

fn build(args: &BuildArgs) -> Result<(), u8> {
    let ready = checked(&args.targets.targets, &args.message)?;
    if let Some(module) = &ready.loaded.module {
        check_language(module, &args.message)?;
    }
    let overflow = if args.overflow_checks { Overflow::Panics } else { Overflow::Wraps };
    let options = EmitOptions { overflow, lines: Lines::Go };
    let compiled = match ready.selected().next() {
        Some(_) => emitted(&ready, &layout(&ready), Dependents::Count, options, &args.message)?,
        None => Compiled::default(),
    };
    let directories = emitted_directories(&ready.loaded, compiled.directories);
    let changes = rgo_project::changes(compiled.files, &directories);
    if args.check { stale(&changes, &args.message) } else { write(&changes, &args.message) }
}

/// The directories that hold no generated files but those that are emitted now: whole packages, and packages whose sources are gone. A single
/// file says nothing of its neighbours, and the runtime is known whole only with the whole module.
fn emitted_directories(loaded: &Loaded, emitted: Vec<PathBuf>) -> Vec<PathBuf> {
    let is_whole = |directory: &PathBuf| {
        loaded.packages.iter().any(|package| package.directory == *directory && !package.single_file)
    };
    let mut directories: Vec<PathBuf> = emitted.into_iter().filter(is_whole).collect();
    directories.extend(loaded.left_over.iter().cloned());
    if let Some(module) = loaded.module.as_ref().filter(|_| loaded.is_whole_module()) {
        directories.extend(rgo_project::internal_directories(&module.root));
    }
    directories
}

/// Reports a module whose go.mod asks for an older Go than emitted code is written in.
pub fn check_language(module: &GoModule, message: &MessageArgs) -> Result<(), u8> {
    let Some(asked) = module.older_language() else { return Ok(()) };
    let (major, minor) = rgo_project::OLDEST_GO;
    let go_mod = module.root.join("go.mod");
    report::plain_error(
        &format!("`{}` asks for Go {asked}, and emitted code is written in Go {major}.{minor}", go_mod.display()),
        Some(&format!("raise it: `go mod edit -go={major}.{minor}`")),
        message,
    );
    Err(PROGRAM_ERROR)
}

/// Where the packages' Go lives: in their module, or, outside of any, in the directory of the first.
pub fn layout(ready: &Ready) -> Layout {
    match &ready.loaded.module {
        Some(module) => Layout { module_root: module.root.clone(), module_path: module.path.clone() },
        None => Layout { module_root: ready.loaded.packages[0].directory.clone(), module_path: "main".to_string() },
    }
}

/// Emits the selected packages; what cannot be emitted has been reported when this returns the exit code.
pub fn emitted(
    ready: &Ready,
    layout: &Layout,
    dependents: Dependents,
    options: EmitOptions,
    message: &MessageArgs,
) -> Result<Compiled, u8> {
    let source = |(package, loaded): (_, &LoadedPackage)| Source {
        package,
        directory: loaded.directory.clone(),
        selected: loaded.selected,
    };
    let sources: Vec<Source> = ready.packages().map(source).collect();
    let mut progress = Progress::new(ready.selected().count());
    let mut tell = |package: &str| progress.next("emitting", package);
    let compiled = rgo_project::compile(&ready.db, &sources, dependents, layout, options, &mut tell);
    drop(progress);
    compiled.map_err(|(errors, texts)| {
        report::diagnostics(&errors, &texts, message);
        PROGRAM_ERROR
    })
}

fn stale(changes: &Changes, message: &MessageArgs) -> Result<(), u8> {
    if changes.is_empty() {
        return Ok(());
    }
    let here = current_dir(message)?;
    for file in &changes.write {
        let state = if file.path.exists() { "is out of date" } else { "is missing" };
        eprintln!("{} {state}", shown(&file.path, &here));
    }
    for path in &changes.remove {
        eprintln!("{} is left over", shown(path, &here));
    }
    report::plain_error("emitted Go is not up to date", Some("run `rgo build` and commit what it writes"), message);
    Err(PROGRAM_ERROR)
}

fn write(changes: &Changes, message: &MessageArgs) -> Result<(), u8> {
    rgo_project::apply(changes).map_err(|failed| {
        report::plain_error(&format!("cannot write `{}`: {}", failed.path.display(), failed.error), None, message);
        PROGRAM_ERROR
    })
}
