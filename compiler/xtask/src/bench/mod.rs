//! `cargo xtask bench compiler|generated`: peers and rgo side by side in one run, as ratios. Nothing here is a test.

mod compiler;
mod generated;
mod measure;
mod programs;

use std::process::ExitCode;

pub fn run(arguments: &[String]) -> ExitCode {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["compiler"] => compiler::run(100_000),
        ["compiler", "--lines", count] => match count.parse() {
            Ok(count) => compiler::run(count),
            Err(_) => Err(format!("`{count}` is not a number")),
        },
        ["generated"] => generated::run(""),
        ["generated", only] => generated::run(only),
        _ => Err("usage: cargo xtask bench compiler [--lines N] | generated [NAME]".to_string()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("bench: {message}");
            ExitCode::FAILURE
        }
    }
}
