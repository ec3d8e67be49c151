//! `cargo xtask fuzz --tables`: what can be listed rather than drawn.
//!
//! Every type of a table is coerced to every other; of every type of std it is asked what its destructor looks at, how it varies, and whether it
//! may move to or be shared with another thread. One function a question, one line a function: rgo and rustc must agree on every line.

use std::fs;

use rgo_tests::{rgo, rustc};

mod std_types;
mod types;

use std_types::STD_TYPES;
use types::{PRELUDE, TYPES};

/// The disagreements, and the number of functions.
pub fn run() -> Result<(Vec<String>, usize), String> {
    let mut disagreements = Vec::new();
    let mut functions = 0;
    for (title, text) in programs() {
        functions += text.lines().filter(|line| line.starts_with("fn ")).count();
        compare(&title, &text, &mut disagreements)?;
    }
    Ok((disagreements, functions))
}

fn compare(title: &str, text: &str, disagreements: &mut Vec<String>) -> Result<(), String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let source = scratch.path().join("table.rs");
    fs::write(&source, text).map_err(|error| error.to_string())?;
    let expected = rustc::errors(&source, scratch.path())?;
    let found = rgo::check("table.rgo", text).errors();
    for (who, (line, code)) in expected
        .difference(&found)
        .map(|error| ("rgo misses", error))
        .chain(found.difference(&expected).map(|error| ("rgo reports", error)))
    {
        let at = text.lines().nth(line - 1).unwrap_or_default();
        if KNOWN.iter().any(|(ty, question)| title.contains(ty) && at.contains(question)) {
            continue;
        }
        disagreements.push(format!("{title}: {who} {code}: {at}"));
    }
    Ok(())
}

/// Types that do not vary in Rust because of how they are made there, or not here: listed among the differences. What does not vary cannot
/// outlive what it borrows for ever, either.
const KNOWN: &[(&str, &str)] =
    &[("std::str::", "shrinks_"), ("btree_set::Intersection", "shrinks_"), ("btree_set::Intersection", "dies_")];

fn programs() -> Vec<(String, String)> {
    let coercions = TYPES.iter().map(|from| {
        let lines = TYPES.iter().enumerate().map(|(index, to)| format!("fn f{index}<'a>(x: {from}) -> {to} {{ x }}\n"));
        (format!("coercions of {from}"), format!("{PRELUDE}{}fn main() {{}}\n", lines.collect::<String>()))
    });
    coercions.chain(STD_TYPES.iter().map(|ty| (format!("std's {ty}"), questions(ty)))).collect()
}

const STD_PRELUDE: &str = "#![allow(unused)]
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Noisy<'x>(&'x i32);
impl Drop for Noisy<'_> { fn drop(&mut self) {} }
struct NotSend(std::rc::Rc<i32>);
struct NotSync(std::cell::Cell<i32>);
fn send<T: Send>() {}
fn sync<T: Sync>() {}
";

/// The questions about a type with parameters `'a`, `T`, `U`.
fn questions(ty: &str) -> String {
    let mut text = STD_PRELUDE.to_owned();
    let plain = with(with(with(ty.to_owned(), "'a", "'static"), "T", "i32"), "U", "i32");
    text.push_str(&format!("fn send_it() {{ send::<{plain}>() }}\nfn sync_it() {{ sync::<{plain}>() }}\n"));
    for (parameter, long, short) in
        [("'a", "'static", "'q"), ("T", "&'static i32", "&'q i32"), ("U", "&'static i32", "&'q i32")]
    {
        let of = |argument: &str| {
            let others =
                [("'a", "'static"), ("T", "i32"), ("U", "i32")].into_iter().filter(|(other, _)| *other != parameter);
            others.fold(with(ty.to_owned(), parameter, argument), |ty, (other, argument)| with(ty, other, argument))
        };
        if of(long) == of(short) {
            continue;
        }
        let name = parameter.trim_start_matches('\'').to_lowercase();
        text.push_str(&format!("fn shrinks_{name}<'q>(x: {}) -> {} {{ x }}\n", of(long), of(short)));
        text.push_str(&format!("fn grows_{name}<'q>(x: {}) -> {} {{ x }}\n", of(short), of(long)));
        let held = if parameter == "'a" { vec!["'x"] } else { vec!["&'x i32", "Noisy<'x>"] };
        for (index, held) in held.into_iter().enumerate() {
            let held = of(held);
            text.push_str(&format!(
                "fn dies_{name}{index}(mk: for<'x> fn(&'x i32) -> {held}) {{ let d; let x = 1; d = mk(&x); }}\n"
            ));
        }
        if parameter != "'a" {
            for kind in ["NotSend", "NotSync"] {
                let ty = of(kind);
                text.push_str(&format!(
                    "fn send_{name}_{kind}() {{ send::<{ty}>() }}\nfn sync_{name}_{kind}() {{ sync::<{ty}>() }}\n"
                ));
            }
        }
    }
    text.push_str("fn main() {}\n");
    text
}

/// Puts an argument for a parameter, which is a whole word.
fn with(ty: String, parameter: &str, argument: &str) -> String {
    let mut out = String::new();
    let mut rest = ty.as_str();
    while let Some(at) = rest.find(parameter) {
        let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '\'';
        let before = rest[..at].chars().next_back().or(out.chars().next_back());
        let after = rest[at + parameter.len()..].chars().next();
        let whole = !before.is_some_and(is_word) && !after.is_some_and(is_word);
        out.push_str(&rest[..at]);
        out.push_str(if whole { argument } else { parameter });
        rest = &rest[at + parameter.len()..];
    }
    out + rest
}
