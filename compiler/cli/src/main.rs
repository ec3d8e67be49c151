//! The `rgo` command.

mod args;
mod build;
mod cache;
mod check;
mod clean;
mod explain;
mod progress;
mod report;
mod run;

use std::process::ExitCode;

use clap::Parser;

use args::{Command, Rgo};

/// The compiler makes many small trees; this allocator takes about a quarter off the time that the system's needs for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Exit codes, as cargo's: an error in the program, a wrong command line, an internal error.
pub(crate) const PROGRAM_ERROR: u8 = 1;
pub(crate) const USAGE_ERROR: u8 = 2;
pub(crate) const INTERNAL_ERROR: u8 = 101;

/// The compiler recurses over what nests in the program; the parser's limit bounds that, this stack has room for it.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let rgo = Rgo::parse();
    std::panic::set_hook(Box::new(report_panic));
    let worker = std::thread::Builder::new().name("rgo".to_string()).stack_size(STACK).spawn(move || command(rgo));
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        Ok(Err(_)) => ExitCode::from(INTERNAL_ERROR),
        Err(error) => {
            eprintln!("error: cannot start a thread: {error}");
            ExitCode::from(INTERNAL_ERROR)
        }
    }
}

fn command(rgo: Rgo) -> ExitCode {
    match rgo.command {
        Command::Check(args) => check::run(&args),
        Command::Build(args) => build::run(&args),
        Command::Run(args) => run::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Clean(args) => clean::run(&args),
    }
}

fn report_panic(info: &std::panic::PanicHookInfo<'_>) {
    eprintln!("rgo: internal error: {info}");
    eprintln!("This is a bug in rgo, whatever the program was. Please report it with the program and this text:");
    eprintln!("  {}/issues/new", env!("CARGO_PKG_REPOSITORY"));
    eprintln!("  rgo {} on {}-{}", env!("CARGO_PKG_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
}
