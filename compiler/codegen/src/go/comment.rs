//! Doc comments as gofmt wants them: Markdown of rgo becomes the few forms that Go's doc comments know
//! (<https://go.dev/doc/comment>): paragraphs, headings, lists, indented code.

use super::ast::Str;

/// The lines of a doc comment, without slashes; a line of code begins with a tab.
pub fn doc_lines(doc: &[Str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut state = State::Text;
    for line in doc.iter().flat_map(|text| text.split('\n')) {
        let line = line.strip_prefix(' ').unwrap_or(line);
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            state = match state {
                State::Code => State::Text,
                State::Text | State::List | State::NumberedList => State::Code,
            };
            blank(&mut out);
            continue;
        }
        if state == State::Code {
            // A blank line inside code must not end it, and gofmt drops those at its ends: `blank` does both.
            if trimmed.is_empty() {
                blank(&mut out)
            } else {
                out.push(format!("\t{}", line.trim_end()))
            }
            continue;
        }
        if trimmed.is_empty() {
            blank(&mut out);
            continue;
        }
        if let Some(title) = heading(trimmed) {
            blank(&mut out);
            out.push(format!("# {title}"));
            blank(&mut out);
            state = State::Text;
            continue;
        }
        let after_blank = out.last().is_none_or(|l| l.is_empty());
        if let Some(item) = bullet(trimmed) {
            if state == State::NumberedList {
                blank(&mut out);
            }
            out.push(format!("  - {}", text(item)));
            state = State::List;
        } else if let Some((number, item)) = numbered(trimmed) {
            if state == State::List {
                blank(&mut out);
            }
            out.push(format!(" {number}. {}", text(item)));
            state = State::NumberedList;
        } else if state != State::Text && !after_blank {
            out.push(format!("    {}", text(trimmed)));
        } else {
            if state != State::Text {
                blank(&mut out);
            }
            state = State::Text;
            out.push(text(trimmed));
        }
    }
    while out.last().is_some_and(|l| l.is_empty()) {
        out.pop();
    }
    full_stops(unindent(separate_lists(out)))
}

/// gofmt takes away the indentation of a comment that has no line without: its items and its code are text then. Continued items stay items.
fn unindent(lines: Vec<String>) -> Vec<String> {
    let is_indented = |line: &String| line.is_empty() || line.starts_with([' ', '\t']);
    let is_continued = |line: &String| line.starts_with("    ");
    if !lines.iter().all(is_indented) || lines.iter().any(is_continued) {
        return lines;
    }
    lines.into_iter().map(|line| text(line.trim())).collect()
}

/// A line of a comment of the program, which must say nothing to Go or its tools: no directive, no character that Go refuses.
pub fn harmless(line: &str) -> String {
    let is_bad = |c: char| c.is_control() && c != '\t' || matches!(c, '\u{2028}' | '\u{2029}');
    let mut line: String = line.chars().filter(|c| *c != '\u{feff}').map(|c| if is_bad(c) { ' ' } else { c }).collect();
    let start = line.len() - line.trim_start().len();
    let words = &line[start..];
    if words.starts_with("+build") {
        line.insert(start + 1, ' ');
    } else if words.strip_prefix("go:").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase())) {
        // With a blank in front staticcheck takes it for a mistake.
        line.insert(start + 3, ' ');
    }
    line
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Text,
    List,
    NumberedList,
    Code,
}

fn blank(out: &mut Vec<String>) {
    if out.last().is_some_and(|l| !l.is_empty()) {
        out.push(String::new());
    }
}

/// gofmt keeps blank lines between items only where every item has one; without any is always stable.
fn separate_lists(lines: Vec<String>) -> Vec<String> {
    let is_item = |l: &str| {
        l.starts_with("  - ")
            || l.starts_with(' ')
                && l.trim_start().split_once(". ").is_some_and(|(n, _)| n.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut out: Vec<String> = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let in_list = out.last().is_some_and(|l| l.starts_with(' '));
        if line.is_empty() && in_list && lines.get(i + 1).is_some_and(|next| is_item(next)) {
            continue;
        }
        out.push(line.clone());
    }
    out
}

fn heading(line: &str) -> Option<String> {
    let rest = line.trim_start_matches('#');
    if rest.len() == line.len() || !rest.starts_with(' ') {
        return None;
    }
    Some(text(rest.trim()))
}

fn bullet(line: &str) -> Option<&str> {
    ["- ", "* ", "+ ", "• "].iter().find_map(|marker| line.strip_prefix(marker)).map(str::trim)
}

fn numbered(line: &str) -> Option<(&str, &str)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].strip_prefix(". ").or_else(|| line[digits..].strip_prefix(") "))?;
    (digits > 0 && digits < 4).then(|| (&line[..digits], rest.trim()))
}

/// What gofmt would rewrite inside of a line: typewriter quotes, and what looks like a link definition or a heading.
fn text(line: &str) -> String {
    let mut line = line.replace("``", "`").replace("''", "\"");
    if line.starts_with('[') && line.contains("]: ") {
        line = line.replacen('[', "", 1).replacen("]: ", ": ", 1);
    }
    if line.starts_with('#') {
        line = line.trim_start_matches('#').trim_start().to_string();
    }
    line
}

/// gofmt takes a paragraph of one line that ends as no sentence does for a heading of the old kind, and marks it as one (`isOldHeading` of
/// go/doc/comment): such a line gets its full stop.
fn full_stops(mut lines: Vec<String>) -> Vec<String> {
    for at in 1..lines.len().saturating_sub(2) {
        let stands_alone = lines[at - 1].is_empty() && lines[at + 1].is_empty();
        if stands_alone && !lines[at + 2].starts_with([' ', '\t']) && looks_like_heading(lines[at].trim()) {
            lines[at].push('.');
        }
    }
    lines
}

fn looks_like_heading(line: &str) -> bool {
    let begins = line.chars().next().is_some_and(|c| c.is_alphabetic() && c.is_uppercase());
    let ends = line.chars().last().is_some_and(|c| c.is_alphabetic() || c.is_numeric());
    let is_possessive = |after: &str| after == "s" || after.starts_with("s ");
    begins
        && ends
        && !line.contains([
            ';', ':', '!', '?', '+', '*', '/', '=', '[', ']', '{', '}', '_', '^', '°', '&', '§', '~', '%', '#', '@',
            '<', '"', '>', '\\',
        ])
        && line.match_indices('\'').all(|(at, _)| is_possessive(&line[at + 1..]))
        && line.split('.').skip(1).all(|after| !after.is_empty() && !after.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_its_own_is_no_heading() {
        let doc = [" Shifts.\n\n# Returns\n\nThe caller's text\n\n# Panics\n\nNever: x\n\nThe end".into()];
        let expected =
            ["Shifts.", "", "# Returns", "", "The caller's text.", "", "# Panics", "", "Never: x", "", "The end"];
        assert_eq!(doc_lines(&doc), expected);
    }
}
