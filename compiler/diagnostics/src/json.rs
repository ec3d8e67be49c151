//! One JSON object a line, in the shape of rustc's `--error-format=json`.

use serde::Serialize;

use crate::{Diagnostic, FileId, Files, Fix, Label};

#[derive(Serialize)]
struct Message<'a> {
    #[serde(rename = "$message_type")]
    message_type: &'static str,
    message: &'a str,
    code: Option<Code<'a>>,
    level: &'static str,
    spans: Vec<Span<'a>>,
    children: Vec<Message<'a>>,
    rendered: Option<String>,
}

#[derive(Serialize)]
struct Code<'a> {
    code: &'a str,
    explanation: Option<&'static str>,
}

#[derive(Serialize)]
struct Span<'a> {
    file_name: &'a str,
    byte_start: usize,
    byte_end: usize,
    line_start: usize,
    line_end: usize,
    column_start: usize,
    column_end: usize,
    is_primary: bool,
    text: Vec<Line<'a>>,
    label: Option<&'a str>,
    suggested_replacement: Option<&'a str>,
    suggestion_applicability: Option<&'static str>,
    expansion: Option<()>,
}

#[derive(Serialize)]
struct Line<'a> {
    text: &'a str,
    highlight_start: usize,
    highlight_end: usize,
}

/// More lines than this of one span are not repeated in the output.
const MOST_LINES: usize = 8;

/// The diagnostic as one line of JSON, with a line break at the end.
pub fn render_json(diagnostic: &Diagnostic, files: &Files) -> String {
    let rendered = crate::render_human(diagnostic, files, crate::Color::Never);
    let mut children: Vec<Message<'_>> = Vec::new();
    children.extend(diagnostic.notes.iter().map(|note| child("note", note, Vec::new())));
    children.extend(diagnostic.help.iter().map(|help| child("help", help, Vec::new())));
    children.extend(diagnostic.fix.iter().map(|fix| child("help", &fix.message, vec![fix_span(fix, files)])));
    let message = Message {
        message_type: "diagnostic",
        message: &diagnostic.message,
        code: diagnostic.code.as_deref().map(|code| Code { code, explanation: crate::explain(code) }),
        level: diagnostic.severity.name(),
        spans: diagnostic.labels.iter().enumerate().map(|(at, label)| label_span(label, at == 0, files)).collect(),
        children,
        rendered: Some(rendered),
    };
    let mut line = serde_json::to_string(&message).expect("strings and numbers always serialise");
    line.push('\n');
    line
}

fn child<'a>(level: &'static str, message: &'a str, spans: Vec<Span<'a>>) -> Message<'a> {
    Message { message_type: "diagnostic", message, code: None, level, spans, children: Vec::new(), rendered: None }
}

fn label_span<'a>(label: &'a Label, is_primary: bool, files: &'a Files) -> Span<'a> {
    let text = (!label.text.is_empty()).then_some(label.text.as_str());
    Span { is_primary, label: text, ..plain_span(label.file, &label.range, files) }
}

fn fix_span<'a>(fix: &'a Fix, files: &'a Files) -> Span<'a> {
    Span {
        is_primary: true,
        suggested_replacement: Some(&fix.replacement),
        suggestion_applicability: Some("MachineApplicable"),
        ..plain_span(fix.file, &fix.range, files)
    }
}

fn plain_span<'a>(file: FileId, range: &std::ops::Range<usize>, files: &'a Files) -> Span<'a> {
    let start = files.position(file, range.start);
    let end = files.position(file, range.end);
    let text = (start.line..=end.line)
        .take(MOST_LINES)
        .map(|line| {
            let text = files.line(file, line);
            Line {
                text,
                highlight_start: if line == start.line { start.column } else { 1 },
                highlight_end: if line == end.line { end.column } else { text.chars().count() + 1 },
            }
        })
        .collect();
    Span {
        file_name: files.path(file),
        byte_start: range.start,
        byte_end: range.end,
        line_start: start.line,
        line_end: end.line,
        column_start: start.column,
        column_end: end.column,
        is_primary: false,
        text,
        label: None,
        suggested_replacement: None,
        suggestion_applicability: None,
        expansion: None,
    }
}
