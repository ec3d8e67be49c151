//! `rgo run`: check, emit aside, build with Go, run.
//!
//! Packages of a Go module are built in place through an overlay, so that their hand-written Go files take part; anything else is built as a
//! module of its own in the cache. Either way nothing is written beside the sources, and Go is told the `.rgo` lines.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{fs, io};

use rgo_project::{Compiled, Dependents, EmitOptions, Layout, Lines, OutputFile, Overflow};

use crate::args::{MessageArgs, RunArgs};
use crate::build::{check_language, emitted, layout};
use crate::check::{Ready, checked};
use crate::{PROGRAM_ERROR, USAGE_ERROR, cache, report};

pub fn run(args: &RunArgs) -> ExitCode {
    match build_and_run(args) {
        Ok(code) => code,
        Err(code) => ExitCode::from(code),
    }
}

fn build_and_run(args: &RunArgs) -> Result<ExitCode, u8> {
    rgo_project::find_go().map_err(|error| {
        report::plain_error(&error.message, Some(&error.help), &args.message);
        PROGRAM_ERROR
    })?;
    if args.target.ends_with("...") {
        report::plain_error("`rgo run` takes one program, not a pattern", None, &args.message);
        return Err(USAGE_ERROR);
    }
    let ready = checked(std::slice::from_ref(&args.target), &args.message)?;
    let overflow = if args.no_overflow_checks { Overflow::Wraps } else { Overflow::Panics };
    let options = EmitOptions { overflow, lines: Lines::Rgo };
    let package = &ready.loaded.packages[0];
    if !has_main(&ready) {
        let message = format!("`{}` cannot be run: it has no `fn main`", args.target);
        report::plain_error(&message, Some("`rgo build` emits packages for other packages to use"), &args.message);
        return Err(PROGRAM_ERROR);
    }
    let failed = |what: &str, error: io::Error| {
        report::plain_error(&format!("cannot {what}: {error}"), None, &args.message);
        PROGRAM_ERROR
    };
    let slot = cache::slot(package).map_err(|error| failed("make a directory in the cache", error))?;
    let program = slot.directory.join("program");
    let built = match (&ready.loaded.module, package.single_file) {
        (Some(module), false) => {
            check_language(module, &args.message)?;
            let compiled = emitted(&ready, &layout(&ready), Dependents::AreAbsent, options, &args.message)?;
            let overlay = write_overlay(&slot.directory, &compiled);
            let overlay = overlay.map_err(|error| failed("write to the cache", error))?;
            go_build(&module.root, &program, Some(&overlay), &package.directory)
        }
        (module, _) => {
            let module_path = module.as_ref().map_or("main", |module| &module.path);
            let root = slot.directory.join("module");
            let files = own_module(&ready, &root, module_path, options, &args.message)?;
            write_module(&root, module_path, &files).map_err(|error| failed("write to the cache", error))?;
            go_build(&root, &program, None, &root.join("program"))
        }
    };
    if let Err(said) = built.map_err(|error| failed("run `go build`", error))? {
        return Err(refused_by_go(&said, &slot.directory, &args.message));
    }
    execute(&program, &args.args).map_err(|error| failed("run the program", error))
}

fn has_main(ready: &Ready) -> bool {
    ready.selected().next().is_some_and(|(package, _)| {
        let root = rgo_hir::DefId::package(*package.path(&*ready.db));
        rgo_hir::is_program(&*ready.db, root)
    })
}

/// Prints what Go says of a build that failed. It is the program's affair where all of it is about Go files that rgo did not write.
fn refused_by_go(said: &str, cache: &Path, message: &MessageArgs) -> u8 {
    eprint!("{said}");
    let cache = cache.display().to_string();
    let mut places = said.lines().filter(|line| line.contains(".go:") || line.contains(".rgo:")).peekable();
    if places.peek().is_some() && places.all(|line| !line.contains(".rgo:") && !line.contains(&cache)) {
        report::plain_error("Go refuses hand-written Go files of the package", None, message);
        return PROGRAM_ERROR;
    }
    report::plain_error(
        "Go refused what rgo emitted; this is a bug in rgo, whatever the program was",
        Some("please report it with the program"),
        message,
    );
    crate::INTERNAL_ERROR
}

/// Emits into a module of its own, whose root directory stands for the directory of the program.
fn own_module(
    ready: &Ready,
    root: &Path,
    module_path: &str,
    options: EmitOptions,
    message: &MessageArgs,
) -> Result<Vec<OutputFile>, u8> {
    let place = Layout { module_root: root.to_path_buf(), module_path: module_path.to_string() };
    let mut files = emitted(ready, &place, Dependents::AreAbsent, options, message)?.files;
    let source = &ready.loaded.packages[0].directory;
    let target = root.join("program");
    for file in &mut files {
        let below_module = ready.loaded.module.as_ref().and_then(|module| file.path.strip_prefix(&module.root).ok());
        if file.path.parent() == Some(source)
            && let Some(name) = file.path.file_name()
        {
            file.path = target.join(name);
        } else if let Some(below) = below_module {
            file.path = root.join(below);
        }
    }
    Ok(files)
}

fn write_module(root: &Path, module_path: &str, files: &[OutputFile]) -> io::Result<()> {
    if root.exists() {
        fs::remove_dir_all(root)?;
    }
    fs::create_dir_all(root)?;
    fs::write(root.join("go.mod"), format!("module {module_path}\n\ngo 1.24\n"))?;
    for file in files {
        if let Some(directory) = file.path.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(&file.path, &file.text)?;
    }
    Ok(())
}

/// Writes the files into the cache and the overlay that puts them where they belong; returns the overlay's path.
///
/// What an earlier `rgo build` left of files that are gone takes no part.
fn write_overlay(cache: &Path, compiled: &Compiled) -> io::Result<PathBuf> {
    let directory = cache.join("overlay");
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    let mut replace = serde_json::Map::new();
    for left_over in compiled.directories.iter().flat_map(|directory| rgo_project::generated_files(directory)) {
        replace.insert(left_over.display().to_string(), "".into());
    }
    for (number, file) in compiled.files.iter().enumerate() {
        let copy = directory.join(format!("{number}.go"));
        fs::write(&copy, &file.text)?;
        replace.insert(file.path.display().to_string(), copy.display().to_string().into());
    }
    let overlay = directory.join("overlay.json");
    fs::write(&overlay, serde_json::json!({ "Replace": replace }).to_string())?;
    Ok(overlay)
}

/// Builds the program; the inner error is what Go says against it.
fn go_build(root: &Path, program: &Path, overlay: Option<&Path>, package: &Path) -> io::Result<Result<(), String>> {
    let mut command = Command::new("go");
    command.current_dir(root).arg("build");
    if let Some(overlay) = overlay {
        command.arg("-overlay").arg(overlay);
    }
    command.arg("-o").arg(program).arg(package);
    let output = command.output()?;
    if output.status.success() {
        return Ok(Ok(()));
    }
    Ok(Err(String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()))
}

/// Runs the program with our streams. A signal's death becomes 128 plus its number, as shells have it.
fn execute(program: &Path, args: &[String]) -> io::Result<ExitCode> {
    let status = Command::new(program).args(args).status()?;
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = status.code().unwrap_or_else(|| 128 + signal.unwrap_or(0));
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}
