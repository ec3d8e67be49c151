//! The explain texts: one Markdown file a code under `explain/`, embedded by the build script.
//!
//! Each has an example that must produce its code (the fenced block tagged with the code) and, where there is one, the repaired form; both are compiled as tests.

include!(concat!(env!("OUT_DIR"), "/explain.rs"));

/// The text of `rgo explain CODE`, if the code is known.
pub fn explain(code: &str) -> Option<&'static str> {
    EXPLAIN.binary_search_by_key(&code, |(known, _)| known).ok().map(|at| EXPLAIN[at].1)
}

/// All codes that have a text, sorted.
pub fn known_codes() -> impl Iterator<Item = &'static str> {
    EXPLAIN.iter().map(|(code, _)| *code)
}
