//! Running built programs in turns, and what they say of themselves: wall time, allocations, memory.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// One run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
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

/// The wrapper of each program prints `BENCH allocations` last on standard error.
const MARK: &str = "BENCH ";

pub fn run(program: &Path) -> Result<Run, String> {
    let started = Instant::now();
    let output = Command::new(program)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let seconds = started.elapsed().as_secs_f64();
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
    let figures = Figures {
        seconds,
        allocations: numbers.next().unwrap_or(f64::NAN),
        peak_kib: numbers.next().unwrap_or(f64::NAN),
    };
    Ok(Run { figures, stdout: output.stdout })
}

/// The median of each figure.
pub fn medians(runs: &[Figures]) -> Figures {
    let median = |figure: fn(&Figures) -> f64| {
        let mut values: Vec<f64> = runs.iter().map(figure).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Figures { seconds: median(|f| f.seconds), allocations: median(|f| f.allocations), peak_kib: median(|f| f.peak_kib) }
}

/// The `main` that wraps a Go program's (renamed `benchMain`).
pub const GO_MAIN: &str = r#"package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
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
	fmt.Fprintln(os.Stderr, "BENCH", stats.Mallocs, peak)
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

fn main() {
    app::main();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map_or("0", |rest| rest.split_whitespace().next().unwrap_or("0"));
    eprintln!("BENCH {} {peak}", COUNT.load(Ordering::Relaxed));
}
"#;
