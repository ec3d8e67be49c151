//! The explain texts: their examples do what they say, and every code that the compiler can report has one.
//!
//! A block tagged `rgo,CODE` gives that code and no other, one tagged `rgo` is accepted; rustc agrees where the code is Rust's.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::{Failure, rgo, rustc};

/// Codes that have no text yet. A code that is new to the compiler comes with one.
const UNEXPLAINED: &[&str] = &[];

struct Example {
    /// What it must give; nothing for a program that is accepted.
    code: Option<String>,
    text: String,
}

/// Checks all examples of one code's text.
pub fn check(code: &str) -> Result<(), Failure> {
    let text = rgo_diagnostics::explain(code).ok_or("there is no text")?;
    let mut failure = Failure::new();
    for (number, example) in examples(text).iter().enumerate() {
        let expected: BTreeSet<String> = example.code.iter().cloned().collect();
        let program = rgo::check("example.rgo", &example.text);
        let found = codes(program.errors());
        if found != expected {
            failure.push_str(&format!("example {}: rgo reports {found:?}\n{}", number + 1, program.human()));
        }
        if code.starts_with('E') {
            let found = codes(rustc_errors(&example.text)?);
            if found != expected {
                failure.push_str(&format!("example {}: rustc reports {found:?}\n", number + 1));
            }
        }
    }
    if failure.is_empty() { Ok(()) } else { Err(failure) }
}

fn examples(text: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut open: Option<Example> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(tag)) if tag == "rgo" || tag.starts_with("rgo,") => {
                let code = tag.strip_prefix("rgo,").map(str::to_string);
                open = Some(Example { code, text: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(example), None) => {
                example.text.push_str(line);
                example.text.push('\n');
            }
            (None, _) => {}
        }
    }
    found
}

fn codes(errors: crate::marks::Found) -> BTreeSet<String> {
    errors.into_iter().map(|(_, code)| code).collect()
}

fn rustc_errors(text: &str) -> Result<crate::marks::Found, Failure> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let source = scratch.path().join(format!("example{}.rs", NUMBER.fetch_add(1, Ordering::Relaxed)));
    std::fs::write(&source, text).map_err(|error| error.to_string())?;
    rustc::errors(&source, scratch.path())
}

/// Every code that stands as a literal in the compiler's sources has a text, but for those that are known to want one.
pub fn every_code_has_a_text() -> Result<(), Failure> {
    let mut reported = BTreeSet::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../compiler"), &mut reported);
    let known: BTreeSet<String> = rgo_diagnostics::known_codes().map(str::to_string).collect();
    let unexplained: BTreeSet<String> = UNEXPLAINED.iter().map(|code| (*code).to_string()).collect();
    let missing: BTreeSet<&String> = reported.difference(&known).collect();
    if missing == unexplained.iter().collect() {
        return Ok(());
    }
    Err(format!("without a text: {missing:?}\nlisted as such: {unexplained:?}"))
}

fn collect(folder: &Path, codes: &mut BTreeSet<String>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, codes);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            codes.extend(text.split('"').filter(|word| is_code(word)).map(str::to_string));
        }
    }
}

fn is_code(word: &str) -> bool {
    let digits = word.strip_prefix('E').filter(|rest| rest.len() == 4);
    let digits = digits.or_else(|| word.strip_prefix("RGO").filter(|rest| rest.len() == 4));
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}
