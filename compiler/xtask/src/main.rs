//! Chores of the project: benches, fuzzing, checks of std and of the tree.

mod bench;
mod fuzz;
mod std_check;
mod tidy;

use std::process::ExitCode;

/// The command's own, so that the benches measure what users run.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "usage: cargo xtask COMMAND

  bench   compiler [--lines N]: check, emit, re-check beside `go build`
          generated [NAME]: emitted Go beside hand-written Go and Rust
  fuzz    random programs, rgo against rustc [--count N] [--seed S] [--keep DIR]
  std     checks the standard library
  tidy    the rules that no compiler checks: licences, sizes of files, module headers
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bench", ..] => bench::run(&arguments[1..]),
        ["fuzz", ..] => fuzz::run(&arguments[1..]),
        ["std"] => std_check::run(),
        ["tidy"] => tidy::run(),
        _ => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
