//! The command line, as clap reads it.

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Rust's ownership, Go's runtime: checks .rgo files as rustc would and emits Go beside them.
#[derive(Parser)]
#[command(name = "rgo", version, propagate_version = true, max_term_width = 100)]
pub struct Rgo {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Check packages for errors without emitting anything
    #[command(after_help = "Example:\n  rgo check ./...\n  rgo check --message-format=short main.rgo")]
    Check(CheckArgs),
    /// Check packages and write `foo.rgo.go` beside each `foo.rgo`
    #[command(
        after_help = "Example:\n  rgo build ./... && go build ./...\n  rgo build --check ./...    # in CI: is the committed Go up to date?"
    )]
    Build(BuildArgs),
    /// Check, build and run a program; nothing is written beside the sources
    #[command(after_help = "Example:\n  rgo run main.rgo -- --verbose input.wav")]
    Run(RunArgs),
    /// Explain an error code
    #[command(after_help = "Example:\n  rgo explain E0382")]
    Explain(ExplainArgs),
    /// Remove the Go files that rgo wrote
    #[command(after_help = "Example:\n  rgo clean ./...")]
    Clean(CleanArgs),
}

/// How to say what is wrong.
#[derive(Args)]
pub struct MessageArgs {
    /// How to print errors
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    pub message_format: MessageFormat,
    /// When to colour (NO_COLOR is honoured)
    #[arg(long, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub color: ColorChoice,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// Source lines with labels
    Human,
    /// One line an error
    Short,
    /// One JSON object a line, in rustc's shape, on standard output
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    Auto,
    Always,
    Never,
}

#[derive(Args)]
pub struct Targets {
    /// Files, directories, or patterns like ./... (default: the current directory)
    #[arg(value_name = "PACKAGE")]
    pub targets: Vec<String>,
}

#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub targets: Targets,
    #[command(flatten)]
    pub message: MessageArgs,
    /// Panic on integer overflow instead of wrapping (no effect on what is accepted)
    #[arg(long)]
    pub overflow_checks: bool,
}

#[derive(Args)]
pub struct BuildArgs {
    #[command(flatten)]
    pub targets: Targets,
    #[command(flatten)]
    pub message: MessageArgs,
    /// Emit code that panics on integer overflow instead of wrapping
    #[arg(long)]
    pub overflow_checks: bool,
    /// Write nothing; exit with 1 if any emitted file is missing or out of date
    #[arg(long)]
    pub check: bool,
}

#[derive(Args)]
pub struct RunArgs {
    /// A .rgo file or a directory with `fn main`
    #[arg(value_name = "PROGRAM", default_value = ".")]
    pub target: String,
    #[command(flatten)]
    pub message: MessageArgs,
    /// Let integers wrap on overflow, as `rgo build` does by default
    #[arg(long)]
    pub no_overflow_checks: bool,
    /// Arguments for the program
    #[arg(last = true, value_name = "ARGS")]
    pub args: Vec<String>,
}

#[derive(Args)]
pub struct ExplainArgs {
    /// Such as E0382 or RGO0101
    #[arg(value_name = "CODE")]
    pub code: String,
}

#[derive(Args)]
pub struct CleanArgs {
    #[command(flatten)]
    pub targets: Targets,
}
