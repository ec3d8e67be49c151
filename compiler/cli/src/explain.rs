//! `rgo explain CODE`.

use std::process::ExitCode;

use crate::USAGE_ERROR;
use crate::args::ExplainArgs;

pub fn run(args: &ExplainArgs) -> ExitCode {
    let code = args.code.trim().to_uppercase();
    if let Some(text) = rgo_diagnostics::explain(&code) {
        print!("{text}");
        return ExitCode::SUCCESS;
    }
    eprintln!("error: there is no explanation of `{}`", args.code);
    eprintln!("  help: codes look like E0382 (Rust's) or RGO0101 (rgo's own)");
    ExitCode::from(USAGE_ERROR)
}
