//! Running built programs in turns, and what they say of themselves: processor time, allocations, memory.

use std::path::Path;
use std::process::{Command, Stdio};

/// One run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Of the processor, user and system, all threads together: a machine that is shared takes none of it.
    pub seconds: f64,
    /// Objects allocated on the heap.
    pub allocations: f64,
    /// The most memory held, in KiB.
    pub peak_kib: f64,
}

pub struct Run {
    pub figures: Figures,
    pub stdout: Vec<u8>,
}

/// The wrapper of each program prints `BENCH allocations peak nanoseconds` last on standard error.
const MARK: &str = "BENCH ";

pub fn run(program: &Path) -> Result<Run, String> {
    let output = Command::new(program)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Err(format!("{} ends with {}: {said}", program.display(), output.status));
    }
    let mut numbers = said
        .lines()
        .find_map(|line| line.strip_prefix(MARK))
        .ok_or_else(|| format!("{} does not say its figures", program.display()))?
        .split_whitespace()
        .map(|word| word.parse().unwrap_or(f64::NAN));
    let mut next = || numbers.next().unwrap_or(f64::NAN);
    let (allocations, peak_kib, seconds) = (next(), next(), next() / 1e9);
    let figures = Figures { seconds, allocations, peak_kib };
    Ok(Run { figures, stdout: output.stdout })
}

/// The least time, which has the least of others in it, and the medians of the other figures.
pub fn summary(runs: &[Figures]) -> Figures {
    let median = |figure: fn(&Figures) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(figure).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let seconds = runs.iter().map(|run| run.seconds).fold(f64::INFINITY, f64::min);
    Figures { seconds, allocations: median(|f| f.allocations), peak_kib: median(|f| f.peak_kib) }
}

/// The `main` that wraps a Go program's (renamed `benchMain`).
pub const GO_MAIN: &str = r#"package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
)

func main() {
	benchMain()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	status, _ := os.ReadFile("/proc/self/status")
	peak := "0"
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			peak = strings.Fields(rest)[0]
		}
	}
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	fmt.Fprintln(os.Stderr, "BENCH", stats.Mallocs, peak, usage.Utime.Nano()+usage.Stime.Nano())
}
"#;

/// The `main` that wraps a Rust program (module `app`).
pub const RUST_MAIN: &str = r#"mod app;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

struct Counting;

static COUNT: AtomicU64 = AtomicU64::new(0);

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.fetch_add(1, Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[repr(C)]
struct Time {
    seconds: i64,
    nanoseconds: i64,
}

unsafe extern "C" {
    fn clock_gettime(clock: i32, time: *mut Time) -> i32;
}

/// Of all threads of the process.
const PROCESSOR_TIME: i32 = 2;

fn main() {
    app::main();
    let mut time = Time { seconds: 0, nanoseconds: 0 };
    unsafe { clock_gettime(PROCESSOR_TIME, &mut time) };
    let nanoseconds = time.seconds * 1_000_000_000 + time.nanoseconds;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map_or("0", |rest| rest.split_whitespace().next().unwrap_or("0"));
    eprintln!("BENCH {} {peak} {nanoseconds}", COUNT.load(Ordering::Relaxed));
}
"#;
