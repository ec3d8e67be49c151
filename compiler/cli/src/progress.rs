//! A line of progress on a terminal, once work has taken more than a second. Nothing in a pipe.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

const SILENT_FOR: Duration = Duration::from_secs(1);
const REDRAW_AFTER: Duration = Duration::from_millis(100);

/// Shown on standard error; wiped when dropped.
pub struct Progress {
    terminal: bool,
    started: Instant,
    drawn: Option<Instant>,
    done: usize,
    total: usize,
}

impl Progress {
    pub fn new(total: usize) -> Progress {
        Progress { terminal: std::io::stderr().is_terminal(), started: Instant::now(), drawn: None, done: 0, total }
    }

    /// Work on the next of `total` begins.
    pub fn next(&mut self, doing: &str, what: &str) {
        self.done += 1;
        let due = self.drawn.is_none_or(|drawn| drawn.elapsed() > REDRAW_AFTER);
        if self.terminal && self.started.elapsed() > SILENT_FOR && due {
            let _ = write!(std::io::stderr(), "\r\x1b[K{doing} {}/{} {what}", self.done, self.total);
            self.drawn = Some(Instant::now());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
