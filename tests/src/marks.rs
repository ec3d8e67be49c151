//! `//~ ERROR E0382` marks: which errors a program must give on which lines.
//!
//! `//~ ERROR CODE` means this line, each `^` after the `~` one line up. An error without a code (syntax) is marked `//~ ERROR syntax`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A code (or `syntax`) and a line, from one.
pub type Found = BTreeSet<(usize, String)>;

/// The marks of a text.
pub fn marks(text: &str) -> Found {
    let mut found = Found::new();
    for (number, line) in text.lines().enumerate() {
        for mark in line.split("//~").skip(1) {
            let up = mark.chars().take_while(|c| *c == '^').count();
            let mut words = mark[up..].split_whitespace();
            if words.next() == Some("ERROR") {
                let code = words.next().expect("a mark names its code");
                found.insert((number + 1 - up, code.to_string()));
            }
        }
    }
    found
}

/// `None` if both are the same, else what is missing and what is too much.
pub fn difference(who: &str, expected: &Found, found: &Found) -> Option<String> {
    if expected == found {
        return None;
    }
    let mut text = String::new();
    for (line, code) in expected.difference(found) {
        let _ = writeln!(text, "{who} misses {code} on line {line}");
    }
    for (line, code) in found.difference(expected) {
        let _ = writeln!(text, "{who} reports {code} on line {line}, which is not marked");
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::marks;

    #[test]
    fn reads_marks() {
        let found = marks("a //~ ERROR E0382\n//~^ ERROR E0499\n");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [(1, "E0382".to_string()), (1, "E0499".to_string())]);
    }
}
