//! `rgo run`: check, emit aside, build with Go, run.
//!
//! Packages of a Go module are built in place through an overlay, so that their hand-written Go files take part; anything else is built as a
//! module of its own in the cache. Either way nothing is written beside the sources, and Go is told the `.rgo` lines.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use rgo_project::{EmitOptions, Layout, Lines, OutputFile, Overflow};

use crate::args::{MessageArgs, RunArgs};
use crate::build::{emitted, layout};
use crate::check::{Ready, checked};
use crate::{PROGRAM_ERROR, USAGE_ERROR, report};

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
    let cache = cache_directory(&ready);
    let failed = |what: &str, error: std::io::Error| {
        report::plain_error(&format!("cannot {what}: {error}"), None, &args.message);
        PROGRAM_ERROR
    };
    let program = cache.join("program");
    let built = match (&ready.loaded.module, ready.loaded.packages[0].single_file) {
        (Some(module), false) => {
            let files = emitted(&ready, &layout(&ready), options, &args.message)?;
            let overlay = write_overlay(&cache, &files).map_err(|error| failed("write to the cache", error))?;
            let package = ready.loaded.packages[0].directory.clone();
            go_build(&module.root, &program, Some(&overlay), &package)
        }
        (module, _) => {
            let module_path = module.as_ref().map_or("main", |module| &module.path);
            let root = cache.join("module");
            let files = own_module(&ready, &root, module_path, options, &args.message)?;
            write_module(&root, module_path, &files).map_err(|error| failed("write to the cache", error))?;
            let directory = root.join("program");
            go_build(&root, &program, None, &directory)
        }
    };
    if !built.map_err(|error| failed("run `go build`", error))? {
        report::plain_error(
            "Go refused what rgo emitted; this is a bug in rgo, whatever the program was",
            Some("please report it with the program"),
            &args.message,
        );
        return Err(crate::INTERNAL_ERROR);
    }
    execute(&program, &args.args).map_err(|error| failed("run the program", error))
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
    let mut files = emitted(ready, &place, options, message)?;
    let source = &ready.loaded.packages[0].directory;
    let target = root.join("program");
    for file in &mut files {
        if file.path.parent() == Some(source)
            && let Some(name) = file.path.file_name()
        {
            file.path = target.join(name);
        }
    }
    Ok(files)
}

fn write_module(root: &Path, module_path: &str, files: &[OutputFile]) -> std::io::Result<()> {
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
fn write_overlay(cache: &Path, files: &[OutputFile]) -> std::io::Result<PathBuf> {
    let directory = cache.join("overlay");
    if directory.exists() {
        fs::remove_dir_all(&directory)?;
    }
    fs::create_dir_all(&directory)?;
    let mut replace = serde_json::Map::new();
    for (number, file) in files.iter().enumerate() {
        let copy = directory.join(format!("{number}.go"));
        fs::write(&copy, &file.text)?;
        replace.insert(file.path.display().to_string(), copy.display().to_string().into());
    }
    let overlay = directory.join("overlay.json");
    fs::write(&overlay, serde_json::json!({ "Replace": replace }).to_string())?;
    Ok(overlay)
}

fn go_build(root: &Path, program: &Path, overlay: Option<&Path>, package: &Path) -> std::io::Result<bool> {
    let mut command = Command::new("go");
    command.current_dir(root).arg("build");
    if let Some(overlay) = overlay {
        command.arg("-overlay").arg(overlay);
    }
    command.arg("-o").arg(program).arg(package);
    Ok(command.status()?.success())
}

/// Runs the program with our streams. A signal's death becomes 128 plus its number, as shells have it.
fn execute(program: &Path, args: &[String]) -> std::io::Result<ExitCode> {
    let status = Command::new(program).args(args).status()?;
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal: Option<i32> = None;
    let code = status.code().unwrap_or_else(|| 128 + signal.unwrap_or(0));
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

/// One directory a program, so that Go's build cache hits on the next run.
fn cache_directory(ready: &Ready) -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .unwrap_or_else(std::env::temp_dir);
    let mut hasher = DefaultHasher::new();
    let package = &ready.loaded.packages[0];
    (&package.directory, package.source.files.first().map(|(path, _)| path)).hash(&mut hasher);
    let directory = base.join("rgo").join("run").join(format!("{:016x}", hasher.finish()));
    // Two runs of one program at the same time must not write over each other.
    let directory = directory.join(std::process::id().to_string());
    let _ = fs::create_dir_all(&directory);
    directory
}
