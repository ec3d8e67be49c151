//! The rendering for people, by ariadne: source lines with labels, then help and notes.

use std::fmt::Write as _;
use std::ops::Range;

use ariadne::{Cache, CharSet, Config, Fmt, IndexType, Label, Report, ReportKind, Source};

use crate::{Diagnostic, FileId, Files, Severity};

/// Whether to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    Always,
    Never,
}

/// A very long line is not printed whole (a minified file would fill the screen); such a place is named by line and column only.
const LONGEST_LINE: usize = 2_000;

/// The diagnostic as a person is to read it, with a line break at the end.
pub fn render_human(diagnostic: &Diagnostic, files: &Files, color: Color) -> String {
    let Some(primary) = diagnostic.labels.first() else { return without_place(diagnostic) };
    if diagnostic.labels.iter().any(|label| on_endless_line(files, label.file, label.range.start)) {
        return crate::render_short(diagnostic, files) + &remarks(diagnostic);
    }
    let (kind, kind_color) = match diagnostic.severity {
        Severity::Error => (ReportKind::Error, ariadne::Color::Red),
        Severity::Warning => (ReportKind::Warning, ariadne::Color::Yellow),
    };
    let config = Config::default()
        .with_color(color == Color::Always)
        .with_index_type(IndexType::Byte)
        .with_char_set(CharSet::Unicode)
        .with_compact(false);
    let mut report = Report::build(kind, (primary.file, clamped(files, primary.file, &primary.range)))
        .with_config(config)
        .with_message("");
    // Labels that follow each other in the text are drawn in one excerpt.
    let mut labels: Vec<(usize, &crate::Label)> = diagnostic.labels.iter().enumerate().collect();
    labels.sort_by_key(|(_, label)| (label.file != primary.file, label.file, label.range.start));
    for (rank, label) in labels {
        let at = (label.file, clamped(files, label.file, &label.range));
        let label_color = if rank == 0 { kind_color } else { ariadne::Color::Blue };
        let mut shown = Label::new(at).with_color(label_color);
        if !label.text.is_empty() {
            shown = shown.with_message(&label.text);
        }
        report = report.with_label(shown);
    }
    for note in &diagnostic.notes {
        report = report.with_note(note);
    }
    for help in &diagnostic.help {
        report = report.with_help(help);
    }
    if let Some(fix) = &diagnostic.fix {
        report = report.with_help(fix_text(fix));
    }
    let mut out = Vec::new();
    match report.finish().write(Texts::new(files), &mut out) {
        Ok(()) => {
            let text = String::from_utf8_lossy(&out);
            // The first line is ariadne's title, which would spell the code in a way of its own: ours is rustc's.
            let excerpt = text.split_once('\n').map_or("", |(_, excerpt)| excerpt);
            let title = match color {
                Color::Always => title(diagnostic).fg(kind_color).to_string(),
                Color::Never => title(diagnostic),
            };
            format!("{title}: {}\n{excerpt}\n", diagnostic.message)
        }
        // Writing into memory fails only if a source cannot be had: fall back to the line that always works.
        Err(_) => crate::render_short(diagnostic, files) + &remarks(diagnostic),
    }
}

fn fix_text(fix: &crate::Fix) -> String {
    if fix.replacement.is_empty() {
        fix.message.clone()
    } else {
        format!("{}: `{}`", fix.message, fix.replacement.trim())
    }
}

fn without_place(diagnostic: &Diagnostic) -> String {
    format!("{}: {}\n{}", title(diagnostic), diagnostic.message, remarks(diagnostic))
}

/// `error[E0382]`
fn title(diagnostic: &Diagnostic) -> String {
    let code = diagnostic.code.as_ref().map(|code| format!("[{code}]")).unwrap_or_default();
    format!("{}{code}", diagnostic.severity.name())
}

fn remarks(diagnostic: &Diagnostic) -> String {
    let mut text = String::new();
    for note in &diagnostic.notes {
        let _ = writeln!(text, "  note: {note}");
    }
    for help in &diagnostic.help {
        let _ = writeln!(text, "  help: {help}");
    }
    text
}

fn on_endless_line(files: &Files, file: FileId, offset: usize) -> bool {
    files.line(file, files.position(file, offset).line).len() > LONGEST_LINE
}

/// The range within the text, on character boundaries.
fn clamped(files: &Files, file: FileId, range: &Range<usize>) -> Range<usize> {
    let text = files.text(file);
    let start = crate::files::floor_boundary(text, range.start);
    let end = crate::files::floor_boundary(text, range.end).max(start);
    start..end
}

/// ariadne's view of [`Files`]; its line tables are made on first use.
struct Texts<'a> {
    files: &'a Files,
    sources: Vec<Option<Source<String>>>,
}

impl<'a> Texts<'a> {
    fn new(files: &'a Files) -> Self {
        Texts { files, sources: files.ids().map(|_| None).collect() }
    }
}

impl Cache<FileId> for Texts<'_> {
    type Storage = String;

    fn fetch(&mut self, id: &FileId) -> Result<&Source<String>, impl std::fmt::Debug> {
        let slot = &mut self.sources[id.0 as usize];
        Ok::<_, std::convert::Infallible>(&*slot.get_or_insert_with(|| Source::from(self.files.text(*id).to_string())))
    }

    fn display<'b>(&self, id: &'b FileId) -> Option<impl std::fmt::Display + 'b> {
        Some(self.files.path(*id).to_string())
    }
}
