//! Comments everywhere: the fixtures with a comment above or behind every line must give the Go that they give without, comments aside,
//! formatted as gofmt does, and no comment twice in one function.
//!
//! What the comments say would be directives, headings, lists or links to Go's tools, if it were taken over as it stands.

use rgo_project::Overflow;

use crate::fixture::Fixture;
use crate::go_module::{GoModule, Lints, MODULE};
use crate::{Failure, rgo};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// Above and behind every line.
    Everywhere,
    /// Above some lines and behind some.
    HereAndThere,
}

/// Texts that mean something to Go's tools, or are awkward to print.
const TEXTS: &[&str] = &[
    " plain",
    "go:noinline",
    " +build ignore",
    "line other.go:1",
    "export Name",
    "lint:file-ignore U1000 why",
    " # Heading",
    " - item",
    " 1. item",
    " [link]: https://example.com",
    "\ttabbed",
    "    code",
    "",
    "////",
    " été 漢字",
    " ``quoted''  ",
    " Deprecated: no.",
    " /* inner */",
    "go:build ignore",
    " a | b\u{b}c",
    " TODO(me): much later, and in so many words that no line of Go would ever have room for them beside it, however short",
];

/// Checks the programs in one Go module.
pub fn check(programs: &[Fixture], place: Where) -> Result<(), Failure> {
    let mut module = GoModule::new()?;
    let mut failure = String::new();
    for fixture in programs {
        let name = fixture.name.replace("::", "_");
        let directory = module.directory(&name);
        let emit = |text: &str| {
            rgo::check_any(&format!("{name}.rgo"), text).emit(module.root(), MODULE, &directory, Overflow::Panics)
        };
        let plain = emit(&fixture.text)?;
        let text = commented(&fixture.text, place);
        let files = emit(&text).map_err(|error| format!("{}: {error}", fixture.name))?;
        for (before, after) in plain.iter().zip(&files) {
            if tokens(&before.text) != tokens(&after.text) {
                let (before, after) = (&before.text, &after.text);
                failure.push_str(&format!("{}: other Go\n--- without\n{before}\n--- with\n{after}\n", fixture.name));
            }
            if let Some(comment) = repeated(&after.text) {
                failure
                    .push_str(&format!("{}: `{comment}` stands twice in one function\n{}\n", fixture.name, after.text));
            }
        }
        module.add(&name, &files)?;
    }
    if !failure.is_empty() {
        return Err(failure);
    }
    module.read(match place {
        Where::Everywhere => Lints::All,
        Where::HereAndThere => Lints::None,
    })
}

/// A program with a comment at every line, each with a number of its own.
fn commented(text: &str, place: Where) -> String {
    let mut out = String::new();
    let mut number = 0;
    let mut comment = |is_behind: bool| {
        number += 1;
        let text = TEXTS[number % TEXTS.len()];
        match number % 7 {
            3 if is_behind => format!(" /*{} c{number}c */", text.replace("*/", "").replace("/*", "")),
            3 => format!("/*\n * {} c{number}c\n * more\n */", text.replace("*/", "").replace("/*", "")),
            _ if is_behind => format!(" //{text} c{number}c"),
            _ => format!("//{text} c{number}c"),
        }
    };
    let mut start = 0;
    let mut free_start = true;
    for (end, is_free) in line_ends(text) {
        let line = &text[start..end];
        let is_code = !line.trim().is_empty() && !line.trim_start().starts_with("//");
        let starts_free = std::mem::replace(&mut free_start, is_free);
        let above = place == Where::Everywhere || start % 3 == 0;
        let behind = place == Where::Everywhere || start % 3 != 2;
        if is_code && above && starts_free && !line.trim_start().starts_with("//!") {
            let indent = &line[..line.len() - line.trim_start().len()];
            for line in comment(false).lines() {
                out.push_str(&format!("{indent}{line}\n"));
            }
        }
        out.push_str(line);
        if is_code && behind && is_free && !line.contains("//") {
            out.push_str(&comment(true));
        }
        out.push('\n');
        start = end + 1;
    }
    out
}

/// Where lines end, and whether there is no literal or comment around that end.
fn line_ends(text: &str) -> Vec<(usize, bool)> {
    let mut out = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = literal_end(text, at);
        for (offset, byte) in bytes[at..end].iter().enumerate() {
            if *byte == b'\n' {
                out.push((at + offset, end == at + 1));
            }
        }
        at = end;
    }
    out
}

/// The end of the literal or block comment that begins at a place, else the place behind one character.
fn literal_end(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let closed =
        |from: usize, close: &str| rest[from..].find(close).map_or(text.len(), |found| at + from + found + close.len());
    let hashes = rest.strip_prefix('r').map_or(0, |rest| rest.len() - rest.trim_start_matches('#').len());
    let before_is_word = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    if rest.starts_with("//") {
        return at + rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return closed(2, "*/");
    }
    if !before_is_word && rest.starts_with('r') && rest[1 + hashes..].starts_with('"') {
        return closed(2 + hashes, &format!("\"{}", "#".repeat(hashes)));
    }
    if rest.starts_with("'\"'") {
        return at + 3;
    }
    if rest.starts_with('"') {
        let mut is_escaped = false;
        for (offset, c) in rest.char_indices().skip(1) {
            match c {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => return at + offset + 1,
                _ => {}
            }
        }
        return text.len();
    }
    at + rest.chars().next().map_or(1, char::len_utf8)
}

/// The text of a Go file without comments and blanks, and without the commas that end a line.
fn tokens(go: &str) -> String {
    let mut out = String::new();
    let mut rest = go;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => literal(rest, c),
            '`' => 2 + rest[1..].find('`').unwrap_or(0),
            _ => c.len_utf8(),
        };
        let token = &rest[..length];
        if !c.is_whitespace() && !token.starts_with("//") {
            if matches!(c, ')' | ']' | '}') && out.ends_with(',') {
                out.pop();
            }
            out.push_str(token);
        }
        rest = &rest[length..];
    }
    out
}

fn literal(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (offset, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            _ if c == quote => return offset + 1,
            _ => {}
        }
    }
    text.len()
}

/// A comment of ours that stands twice in a declaration or above it. Each is set off by a line without text; inside of one, only labels are not
/// indented.
fn repeated(go: &str) -> Option<String> {
    let begins = |at: &usize| ["//", "func ", "type ", "const ", "var "].iter().any(|word| go[*at..].starts_with(word));
    let starts = go.match_indices("\n\n").map(|(at, _)| at + 2).filter(begins);
    let bounds: Vec<usize> = std::iter::once(0).chain(starts).chain([go.len()]).collect();
    let mut decls = bounds.windows(2).map(|bounds| &go[bounds[0]..bounds[1]]);
    decls.find_map(|decl| {
        let mut seen = std::collections::BTreeSet::new();
        let words = decl.split(|c: char| c.is_whitespace());
        let mut ours = words.filter(|word| word.len() > 2 && word.starts_with('c') && word.ends_with('c'));
        ours.find(|word| word[1..word.len() - 1].bytes().all(|b| b.is_ascii_digit()) && !seen.insert(*word))
            .map(str::to_string)
    })
}
