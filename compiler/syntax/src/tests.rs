//! Tests of the crate. `dump` prints trees with all structure made visible, so that a test shows source and tree in a line each.

mod cutting;
mod dump;
mod errors;
mod exprs;
mod items;
mod lexing;
mod limits;
mod macros;
mod patterns;
mod refused;
mod statements;
mod types;

use crate::{Parsed, SyntaxError, parse_expr, parse_file, parse_item, parse_type};

fn no_errors<T>(source: &str, parsed: Parsed<T>) -> T {
    assert!(parsed.errors.is_empty(), "{source}: {:?}", messages(&parsed.errors));
    parsed.value
}

fn messages(errors: &[SyntaxError]) -> Vec<String> {
    errors
        .iter()
        .map(|error| {
            format!(
                "{:?} {}{}",
                error.span,
                error.code.map(|code| format!("{code} ")).unwrap_or_default(),
                error.message()
            )
        })
        .collect()
}

/// The tree of an expression.
fn check_expr(source: &str, expected: &str) {
    assert_eq!(dump::expr(&no_errors(source, parse_expr(source))), expected, "{source}");
}

fn check_type(source: &str, expected: &str) {
    assert_eq!(dump::ty(&no_errors(source, parse_type(source))), expected, "{source}");
}

/// The statements of a block.
fn check_block(source: &str, expected: &str) {
    check_expr(&format!("{{ {source} }}"), &format!("{{{expected}}}"));
}

fn check_item(source: &str, expected: &str) {
    assert_eq!(dump::item(&no_errors(source, parse_item(source))), expected, "{source}");
}

/// The file parses without errors.
fn accepts(source: &str) {
    no_errors(source, parse_file(source));
}

/// The errors of a file, one a line: `line code message`.
fn check_errors(source: &str, expected: &[&str]) {
    let parsed = parse_file(source);
    let line = |at: u32| {
        source.as_bytes()[..(at as usize).min(source.len())].iter().filter(|byte| **byte == b'\n').count() + 1
    };
    let found: Vec<String> = parsed
        .errors
        .iter()
        .map(|error| {
            format!(
                "{} {}{}",
                line(error.span.start),
                error.code.map(|code| format!("{code} ")).unwrap_or_default(),
                error.message()
            )
        })
        .collect();
    assert_eq!(found, expected, "{source}");
}
