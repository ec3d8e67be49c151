//! One thing that is said about a program.

use std::ops::Range;

use crate::FileId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
}

impl Severity {
    /// As rustc names it in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// An error or warning with all that is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// rustc's number where the rule is Rust's, `RGO####` for rgo's own; none for syntax.
    pub code: Option<String>,
    pub severity: Severity,
    /// Lowercase, no full stop, code in backticks.
    pub message: String,
    /// The primary place first; without any, the error has no place in the program.
    pub labels: Vec<Label>,
    pub notes: Vec<String>,
    pub help: Vec<String>,
    pub fix: Option<Fix>,
}

/// A place and what is the matter there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub file: FileId,
    /// Bytes of the file.
    pub range: Range<usize>,
    /// May be empty.
    pub text: String,
}

/// A replacement that is certain to be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub file: FileId,
    pub range: Range<usize>,
    pub replacement: String,
    pub message: String,
}

impl Diagnostic {
    pub fn error(message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: None,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    pub fn code(mut self, code: impl Into<String>) -> Diagnostic {
        self.code = Some(code.into());
        self
    }

    pub fn label(mut self, file: FileId, range: Range<usize>, text: impl Into<String>) -> Diagnostic {
        self.labels.push(Label { file, range, text: text.into() });
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help.push(help.into());
        self
    }

    /// The place to sort by: file, then start of the primary label.
    pub fn place(&self) -> (Option<FileId>, usize) {
        self.labels.first().map_or((None, 0), |label| (Some(label.file), label.range.start))
    }
}
