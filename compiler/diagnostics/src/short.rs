//! One line a diagnostic, by codespan-reporting: `path:line:column: error[E0382]: message`.

use codespan_reporting::diagnostic as codespan;
use codespan_reporting::files::{Error, Files as CodespanFiles};
use codespan_reporting::term::{self, Config, DisplayStyle};

use crate::{Diagnostic, FileId, Files, Severity};

/// The diagnostic on one line, for logs and editors that read compilers' output.
pub fn render_short(diagnostic: &Diagnostic, files: &Files) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => codespan::Severity::Error,
        Severity::Warning => codespan::Severity::Warning,
    };
    let mut line = codespan::Diagnostic::new(severity).with_message(&diagnostic.message);
    line.code.clone_from(&diagnostic.code);
    line.labels = diagnostic
        .labels
        .iter()
        .take(1)
        .map(|label| codespan::Label::primary(label.file, label.range.clone()))
        .collect();
    let config = Config { display_style: DisplayStyle::Short, ..Config::default() };
    let mut out = String::new();
    match term::emit_to_string(&mut out, &config, &Texts(files), &line) {
        Ok(()) => out,
        Err(_) => format!("{}: {}\n", diagnostic.severity.name(), diagnostic.message),
    }
}

struct Texts<'a>(&'a Files);

impl<'a> CodespanFiles<'a> for Texts<'a> {
    type FileId = FileId;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(self.0.path(id))
    }

    fn source(&'a self, id: FileId) -> Result<&'a str, Error> {
        Ok(self.0.text(id))
    }

    fn line_index(&'a self, id: FileId, offset: usize) -> Result<usize, Error> {
        Ok(self.0.position(id, offset).line - 1)
    }

    fn line_range(&'a self, id: FileId, line: usize) -> Result<std::ops::Range<usize>, Error> {
        self.0.line_range(id, line).ok_or(Error::LineTooLarge { given: line, max: 0 })
    }
}
