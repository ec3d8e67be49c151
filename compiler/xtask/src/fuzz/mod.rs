//! `cargo xtask fuzz [--count N] [--seed S] [--keep DIR]`: random programs, rgo against rustc.
//!
//! Functions are generated in batches. A batch is shown whole to rustc and rgo: for every function both must report the same codes on the same
//! lines (borrow checking is per function, so one function's errors do not hide another's). The functions that both accept then make
//! one program whose output must be the same, and whose Go must pass gofmt, vet and build. `cargo xtask fuzz --tables` asks what can be listed.

mod generate;
mod prelude;
mod random;
mod tables;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use generate::Generator;
use rgo_project::Overflow;
use rgo_tests::go_module::{GoModule, MODULE};
use rgo_tests::marks::Found;
use rgo_tests::{rgo, rustc};

const BATCH: usize = 25;

struct Settings {
    count: usize,
    seed: u64,
    keep: PathBuf,
}

pub fn run(arguments: &[String]) -> ExitCode {
    if arguments == ["--tables"] {
        return run_tables();
    }
    let settings = match settings(arguments) {
        Ok(settings) => settings,
        Err(message) => {
            eprintln!("{message}\nusage: cargo xtask fuzz [--count N] [--seed S] [--keep DIR] | --tables");
            return ExitCode::from(2);
        }
    };
    let mut tally = Tally::default();
    let batches = settings.count.div_ceil(BATCH);
    for number in 0..batches {
        let seed = settings.seed + number as u64;
        if let Err(message) = batch(seed, &settings, &mut tally) {
            tally.disagreements.push(format!("seed {seed}: {message}"));
        }
    }
    for disagreement in &tally.disagreements {
        println!("{disagreement}");
    }
    println!(
        "{} functions from seed {}: {} accepted, {} refused by rustc; {} disagreements",
        tally.functions,
        settings.seed,
        tally.accepted,
        tally.functions - tally.accepted,
        tally.disagreements.len()
    );
    if tally.disagreements.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run_tables() -> ExitCode {
    let (disagreements, functions) = match tables::run() {
        Ok(result) => result,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    disagreements.iter().for_each(|disagreement| println!("{disagreement}"));
    println!("{functions} functions; {} disagreements", disagreements.len());
    if disagreements.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[derive(Default)]
struct Tally {
    functions: usize,
    accepted: usize,
    disagreements: Vec<String>,
}

fn settings(arguments: &[String]) -> Result<Settings, String> {
    let mut settings = Settings { count: 500, seed: 1, keep: PathBuf::from("target/fuzz") };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| format!("`{word}` wants a value"))?;
        match word.as_str() {
            "--count" => settings.count = value.parse().map_err(|_| format!("`{value}` is not a number"))?,
            "--seed" => settings.seed = value.parse().map_err(|_| format!("`{value}` is not a number"))?,
            "--keep" => settings.keep = PathBuf::from(value),
            _ => return Err(format!("`{word}` is not known")),
        }
    }
    Ok(settings)
}

fn batch(seed: u64, settings: &Settings, tally: &mut Tally) -> Result<(), String> {
    let mut generator = Generator::new(seed);
    let functions: Vec<(String, String)> = (0..BATCH)
        .map(|number| {
            let name = format!("case_{number}");
            let text = generator.function(&name);
            (name, text)
        })
        .collect();
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let all = generate::program(&functions);
    let source = scratch.path().join("all.rs");
    fs::write(&source, &all).map_err(|error| error.to_string())?;
    let oracle = rustc::errors(&source, scratch.path())?;
    let found = rgo::check("all.rgo", &all).errors();
    let mut good = Vec::new();
    for (name, text) in &functions {
        let start = all.find(text.as_str()).unwrap_or(0);
        let first = all[..start].lines().count() + 1;
        let lines = first..first + text.lines().count();
        let of = |errors: &Found| -> BTreeSet<(usize, String)> {
            errors
                .iter()
                .filter(|(line, _)| lines.contains(line))
                .map(|(line, code)| (line + 1 - first, code.clone()))
                .collect()
        };
        let (expected, ours) = (of(&oracle), of(&found));
        tally.functions += 1;
        tally.accepted += usize::from(expected.is_empty());
        if expected != ours {
            let place = keep(settings, seed, name, &generate::program(&[(name.clone(), text.clone())]));
            tally.disagreements.push(format!("seed {seed} {name}: rustc {expected:?}, rgo {ours:?}; kept as {place}"));
        } else if expected.is_empty() {
            good.push((name.clone(), text.clone()));
        }
    }
    outside(&functions, &all, &oracle, &found)?;
    compare_runs(seed, settings, &good)
}

/// Errors outside of the generated functions mean that the prelude itself is judged differently.
fn outside(functions: &[(String, String)], all: &str, oracle: &Found, found: &Found) -> Result<(), String> {
    let first = functions.first().and_then(|(_, text)| all.find(text.as_str())).unwrap_or(all.len());
    let prelude = all[..first].lines().count();
    match oracle.iter().chain(found).find(|(line, _)| *line <= prelude) {
        Some((line, code)) => Err(format!("{code} in the prelude, line {line}")),
        None => Ok(()),
    }
}

fn compare_runs(seed: u64, settings: &Settings, functions: &[(String, String)]) -> Result<(), String> {
    let text = generate::program(functions);
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let source = scratch.path().join("good.rs");
    fs::write(&source, &text).map_err(|error| error.to_string())?;
    let expected = rustc::run(&source, scratch.path())?;
    let kept = |what: String| format!("{what}; kept as {}", keep(settings, seed, "all", &text));
    let mut module = GoModule::new()?;
    let directory = module.directory("fuzz");
    let files =
        rgo::check("fuzz.rgo", &text).emit(module.root(), MODULE, &directory, Overflow::Panics).map_err(&kept)?;
    module.add("fuzz", &files)?;
    let found = module.build_generated().map_err(&kept)?.run("fuzz")?;
    if found.stdout == expected.stdout && found.status.success() == expected.status.success() {
        return Ok(());
    }
    let ours = String::from_utf8_lossy(&found.stdout).into_owned();
    let theirs = String::from_utf8_lossy(&expected.stdout).into_owned();
    let at = ours
        .lines()
        .zip(theirs.lines())
        .position(|(a, b)| a != b)
        .unwrap_or(ours.lines().count().min(theirs.lines().count()));
    let case = theirs.lines().take(at + 1).filter(|line| line.starts_with("case_")).last().unwrap_or("?");
    Err(kept(format!(
        "output differs in {case}, line {}: rustc {:?}, rgo {:?} ({}) {}",
        at + 1,
        theirs.lines().nth(at).unwrap_or("(end)"),
        ours.lines().nth(at).unwrap_or("(end)"),
        found.status,
        String::from_utf8_lossy(&found.stderr).lines().next().unwrap_or_default()
    )))
}

/// Keeps a program for a person to look at; returns where.
fn keep(settings: &Settings, seed: u64, name: &str, text: &str) -> String {
    let path = settings.keep.join(format!("{seed}_{name}.rgo"));
    let written = fs::create_dir_all(&settings.keep).and_then(|()| fs::write(&path, text));
    match written {
        Ok(()) => path.display().to_string(),
        Err(error) => format!("nothing ({error})"),
    }
}
