//! rustc, the oracle.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::Failure;
use crate::marks::Found;

/// What rustc reports of a program of edition 2024; of one without errors also what its lints of MIR report.
pub fn errors(source: &Path, scratch: &Path) -> Result<Found, Failure> {
    let found = reported(source, scratch, "--emit=metadata")?;
    if found.is_empty() { reported(source, scratch, "--emit=mir") } else { Ok(found) }
}

fn reported(source: &Path, scratch: &Path, emit: &str) -> Result<Found, Failure> {
    let output = rustc(source, scratch, &[emit])?;
    Ok(crate::rgo::errors_of_json(&String::from_utf8_lossy(&output.stderr)))
}

/// Builds a program as `rgo run` would have it (overflow panics) and runs it.
pub fn run(source: &Path, scratch: &Path) -> Result<Output, Failure> {
    let output = rustc(source, scratch, &["-Cdebug-assertions=on"])?;
    if !output.status.success() {
        return Err(format!("rustc refuses the program:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    let program = scratch.join("program");
    Command::new(&program).stdin(Stdio::null()).output().map_err(|error| format!("{}: {error}", program.display()))
}

fn rustc(source: &Path, scratch: &Path, arguments: &[&str]) -> Result<Output, Failure> {
    Command::new("rustc")
        .args(["--edition=2024", "-Awarnings", "--crate-type=bin", "--crate-name=program", "--error-format=json"])
        .args(arguments)
        .arg("-o")
        .arg(scratch.join("program"))
        .arg(source)
        .output()
        .map_err(|error| format!("rustc, the oracle, cannot be run: {error}"))
}
