//! `cargo xtask bench compiler`: how fast rgo checks, emits and checks again, beside `go build` over what it emitted.
//!
//! The module is made of the benchmark programs, each copied under many names until it has the lines asked for.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rgo_project::{Database, Dependents, EmitOptions, Layout, Lines, Overflow, PackageSource, Source};

use super::programs::{machine, programs};

const MODULE: &str = "example.com/big";
/// Re-checks after an edit; the median is told.
const EDITS: usize = 9;

pub fn run(lines: usize) -> Result<(), String> {
    let packages = module(lines)?;
    let lines: usize = packages.iter().flat_map(|package| &package.files).map(|(_, text)| text.lines().count()).sum();
    println!("Machine: {}. {lines} lines in {} packages.\n", machine(), packages.len());

    let started = Clock::start();
    let mut db = Database::new(MODULE, &packages);
    let user = db.user_packages();
    let checked = rgo_project::check(&db, &user, &mut |_| {});
    let check = started.elapsed();
    if let Some(error) = checked.diagnostics.first() {
        return Err(format!(
            "the generated module has errors: {}",
            rgo_diagnostics::render_short(error, &checked.files)
        ));
    }
    let check_memory = peak_memory_mib();

    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let started = Clock::start();
    let source = |(package, source): (&_, &_)| Source {
        package: *package,
        directory: directory(scratch.path(), source),
        selected: true,
    };
    let sources: Vec<Source> = user.iter().zip(&packages).map(source).collect();
    let layout = Layout { module_root: scratch.path().to_path_buf(), module_path: MODULE.to_string() };
    let options = EmitOptions { overflow: Overflow::Wraps, lines: Lines::Go };
    let compiled = rgo_project::compile(&db, &sources, Dependents::Count, &layout, options, &mut |_| {});
    let files = compiled.map_err(|(errors, files)| {
        errors.first().map_or_else(String::new, |error| rgo_diagnostics::render_short(error, &files))
    })?;
    let files = files.files;
    let emit = started.elapsed();
    let emit_memory = peak_memory_mib();

    for file in &files {
        if let Some(folder) = file.path.parent() {
            fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        }
        fs::write(&file.path, &file.text).map_err(|error| error.to_string())?;
    }
    fs::write(scratch.path().join("go.mod"), format!("module {MODULE}\n\ngo 1.24\n"))
        .map_err(|error| error.to_string())?;
    let go_lines: usize = files.iter().map(|file| file.text.lines().count()).sum();
    let go = go_build(scratch.path())?;
    let recheck = recheck(&mut db, &packages)?;

    println!("| step | CPU time | time | lines a second and core | peak memory |");
    println!("|---|--:|--:|--:|--:|");
    let rate = |spent: Spent| format!("{:.0}", lines as f64 / spent.cpu.as_secs_f64());
    let row = |step: &str, spent: Spent, rate: &str, memory: &str| {
        let (cpu, wall) = (spent.cpu.as_secs_f64(), spent.wall.as_secs_f64());
        println!("| {step} | {cpu:.3} s | {wall:.3} s | {rate} | {memory} |");
    };
    row("check, cold", check, &rate(check), &format!("{check_memory} MiB"));
    row("emit", emit, &rate(emit), &format!("{emit_memory} MiB"));
    row("re-check after one function changed", recheck, "", "");
    row(&format!("`go build ./...` over the {go_lines} emitted lines"), go, "", "");
    println!("\nEmit takes {:.3} of the CPU time of `go build`.", emit.cpu.as_secs_f64() / go.cpu.as_secs_f64());
    Ok(())
}

/// Packages of about this many lines together.
fn module(lines: usize) -> Result<Vec<PackageSource>, String> {
    let programs = programs()?;
    let once: usize = programs.iter().map(|program| program.rgo.lines().count() + 3).sum();
    let copies = lines.div_ceil(once);
    Ok((0..copies)
        .map(|copy| PackageSource {
            path: format!("{MODULE}/part{copy}"),
            files: programs
                .iter()
                .map(|program| {
                    let body = program.rgo.replace("\nfn main() {", "\npub fn run() {").replace("//!", "//");
                    let mut text = String::new();
                    let _ = writeln!(text, "pub mod {}_{copy} {{\n{body}}}", program.name);
                    (format!("part{copy}/{}.rgo", program.name), text.into())
                })
                .collect(),
        })
        .collect())
}

fn directory(root: &Path, package: &PackageSource) -> PathBuf {
    root.join(package.path.rsplit('/').next().unwrap_or_default())
}

/// Builds with an empty cache for these packages; the standard library's is warmed first.
fn go_build(root: &Path) -> Result<Spent, String> {
    let build = |directory: &Path, what: &str| -> Result<(), String> {
        let output = Command::new("go")
            .args(["build", what])
            .current_dir(directory)
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).chars().take(2000).collect())
        }
    };
    build(root, "std")?;
    let (started, before) = (Instant::now(), children_cpu());
    build(root, "./...")?;
    Ok(Spent { wall: started.elapsed(), cpu: children_cpu().saturating_sub(before) })
}

/// The median time to check everything again after the text of one function changed.
fn recheck(db: &mut Database, packages: &[PackageSource]) -> Result<Spent, String> {
    let user = db.user_packages();
    let middle = packages.len() / 2;
    let (path, text) = &packages[middle].files[0];
    let mut times = Vec::new();
    for edit in 0..EDITS {
        let at = text.rfind("println!").ok_or_else(|| format!("{path} prints nothing"))?;
        let edited = format!("{}println!(\"edit {edit}\");\n    {}", &text[..at], &text[at..]);
        let started = Clock::start();
        db.set_text(user[middle], 0, edited.into());
        let checked = rgo_project::check(db, &user, &mut |_| {});
        times.push(started.elapsed());
        if checked.has_errors() {
            return Err("the edit made an error".to_string());
        }
    }
    times.sort_by_key(|spent: &Spent| spent.cpu);
    Ok(times[times.len() / 2])
}

/// What a step took: on the wall, and of a core, which is the same on a machine that has other work too.
#[derive(Clone, Copy)]
struct Spent {
    wall: Duration,
    cpu: Duration,
}

struct Clock {
    wall: Instant,
    thread: Duration,
    process: Duration,
}

impl Clock {
    fn start() -> Clock {
        Clock { wall: Instant::now(), thread: thread_cpu(), process: process_cpu() }
    }

    /// What all threads have run; what only this one has where that is too short for the kernel's ticks.
    fn elapsed(&self) -> Spent {
        let thread = thread_cpu().saturating_sub(self.thread);
        let process = process_cpu().saturating_sub(self.process);
        Spent { wall: self.wall.elapsed(), cpu: if process > 20 * TICK { process } else { thread } }
    }
}

/// The kernel counts in hundredths of a second for programs.
const TICK: Duration = Duration::from_millis(10);

/// The time that this thread has run.
fn thread_cpu() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|field| field.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// The time that all threads of this process have run.
fn process_cpu() -> Duration {
    ticks_from(11)
}

/// The time that the processes have run which this one has waited for.
fn children_cpu() -> Duration {
    ticks_from(13)
}

/// Two fields of proc(5)'s `stat`: 14 and 15 are `utime` and `stime`, 16 and 17 `cutime` and `cstime`.
fn ticks_from(field: usize) -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // They are counted from behind the name, which may hold spaces.
    let fields = text.rsplit_once(") ").map_or("", |(_, rest)| rest);
    let ticks: u32 = fields.split_whitespace().skip(field).take(2).filter_map(|field| field.parse::<u32>().ok()).sum();
    TICK * ticks
}

/// The most memory that this process has held so far, in MiB.
fn peak_memory_mib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0);
    kib / 1024
}
