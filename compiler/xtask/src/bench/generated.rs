//! `cargo xtask bench generated`: emitted Go against hand-written Go and Rust. Outputs must be equal; processor time, allocations and memory are ratios.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rgo_project::Overflow;
use rgo_tests::rgo;

use super::measure::{Figures, GO_MAIN, RUST_MAIN, run as run_program, summary};
use super::programs::{BenchProgram, machine, programs};

/// Runs of each program, taken in turns so that a noisy moment hits all alike.
const RUNS: usize = 7;

struct Row {
    name: String,
    rgo: Figures,
    go: Figures,
    rust: Figures,
}

/// Benches the programs whose name contains `only`.
pub fn run(only: &str) -> Result<(), String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    let mut failed = Vec::new();
    for program in programs()?.into_iter().filter(|program| program.name.contains(only)) {
        match bench(&program, scratch.path()) {
            Ok(row) => rows.push(row),
            Err(message) => failed.push(format!("{}: {message}", program.name)),
        }
    }
    print(&rows);
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

fn bench(program: &BenchProgram, scratch: &Path) -> Result<Row, String> {
    let root = scratch.join(&program.name);
    let built = [
        build_rgo(program, &root.join("rgo"))?,
        build_go(program, &root.join("go"))?,
        build_rust(program, &root.join("rust"))?,
    ];
    let mut figures: [Vec<Figures>; 3] = Default::default();
    let mut expected: Option<Vec<u8>> = None;
    for _ in 0..RUNS {
        for (which, path) in built.iter().enumerate() {
            let run = run_program(path)?;
            if *expected.get_or_insert_with(|| run.stdout.clone()) != run.stdout {
                return Err("the outputs differ".to_string());
            }
            figures[which].push(run.figures);
        }
    }
    let [rgo, go, rust] = figures.map(|runs| summary(&runs));
    Ok(Row { name: program.name.clone(), rgo, go, rust })
}

fn build_rgo(program: &BenchProgram, root: &Path) -> Result<PathBuf, String> {
    let checked = rgo::check("main.rgo", &program.rgo);
    for file in checked.emit(root, "bench", root, Overflow::Wraps)? {
        write(&file.path, &file.text.replace("\nfunc main() {", "\nfunc benchMain() {"))?;
    }
    finish_go(root)
}

fn build_go(program: &BenchProgram, root: &Path) -> Result<PathBuf, String> {
    write(&root.join("program.go"), &program.go.replace("\nfunc main() {", "\nfunc benchMain() {"))?;
    finish_go(root)
}

fn finish_go(root: &Path) -> Result<PathBuf, String> {
    write(&root.join("bench_main.go"), GO_MAIN)?;
    write(&root.join("go.mod"), "module bench\n\ngo 1.24\n")?;
    tool(Command::new("go").args(["build", "-o", "program", "."]).current_dir(root))?;
    Ok(root.join("program"))
}

fn build_rust(program: &BenchProgram, root: &Path) -> Result<PathBuf, String> {
    write(&root.join("app.rs"), &program.rgo.replace("\nfn main() {", "\npub fn main() {"))?;
    write(&root.join("main.rs"), RUST_MAIN)?;
    tool(
        Command::new("rustc")
            .args(["--edition=2024", "-O", "-Awarnings", "-o", "program", "main.rs"])
            .current_dir(root),
    )?;
    Ok(root.join("program"))
}

fn tool(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}

fn print(rows: &[Row]) {
    println!(
        "Machine: {}. The least processor time and the median of memory of {RUNS} runs in turns; ratios are rgo's figure over the peer's.\n",
        machine()
    );
    println!(
        "| program | rgo ms | time / Go | time / Rust | allocations / Go | peak memory / Go | peak memory / Rust |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let mut logarithms = 0.0;
    for row in rows {
        logarithms += (row.rgo.seconds / row.go.seconds).ln();
        println!(
            "| {} | {:.0} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            row.name,
            row.rgo.seconds * 1e3,
            row.rgo.seconds / row.go.seconds,
            row.rgo.seconds / row.rust.seconds,
            row.rgo.allocations / row.go.allocations,
            row.rgo.peak_kib / row.go.peak_kib,
            row.rgo.peak_kib / row.rust.peak_kib,
        );
    }
    if !rows.is_empty() {
        println!("\nGeometric mean of time / Go: {:.3}", (logarithms / rows.len() as f64).exp());
    }
}
