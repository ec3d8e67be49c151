//! Errors of syntax. They are typed; wording lives here too, because what was expected is known only here.

use crate::Span;

/// An error of tokens, grammar or well-formedness.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SyntaxError {
    pub span: Span,
    pub kind: SyntaxErrorKind,
    /// rustc's code, or rgo's for what is not in rgo, if there is one.
    pub code: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SyntaxErrorKind {
    /// `expected an expression, found `}``; both in the words of the language. Whether only a part of a body or a parameter is lost by it, as far as
    /// is known when it is reported.
    Expected { expected: Box<str>, found: Box<str>, loss: Loss },
    /// A delimiter that is never closed, or closed by the wrong one, or never opened.
    Delimiter { message: Box<str>, labels: Vec<(Span, Box<str>)> },
    /// An error inside a token.
    Token { message: Box<str> },
    /// A rule of well-formedness.
    Rule { message: Box<str>, help: Option<Box<str>> },
    /// Syntax of Rust that rgo does not have.
    NotInRgo { what: &'static str, instead: &'static str },
    /// Nesting beyond `NESTING_LIMIT`.
    TooDeep,
}

/// How much of the program is unknown because of a syntax error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// A statement, arm, field of a literal, or parameter. In its place stands something of which nothing is known.
    Part,
    /// An item, or what declares one.
    Item,
}

impl SyntaxError {
    /// The message, in lower case and without full stop.
    pub fn message(&self) -> String {
        match &self.kind {
            SyntaxErrorKind::Expected { expected, found, .. } => format!("expected {expected}, found {found}"),
            SyntaxErrorKind::Delimiter { message, .. } | SyntaxErrorKind::Token { message } => message.to_string(),
            SyntaxErrorKind::Rule { message, .. } => message.to_string(),
            SyntaxErrorKind::NotInRgo { what, .. } => format!("{what} is not part of rgo"),
            SyntaxErrorKind::TooDeep => "this is nested too deeply".to_string(),
        }
    }

    /// Whether the meaning of the program is a guess from here on. After other errors the tree is what the program meant: rustc's later passes go on,
    /// and so may rgo's.
    pub fn is_fatal(&self) -> bool {
        match self.kind {
            SyntaxErrorKind::Expected { loss, .. } => loss == Loss::Item,
            SyntaxErrorKind::Delimiter { .. } | SyntaxErrorKind::TooDeep | SyntaxErrorKind::NotInRgo { .. } => true,
            SyntaxErrorKind::Token { .. } => self.ends_lexing(),
            SyntaxErrorKind::Rule { .. } => false,
        }
    }

    /// Whether this is a literal or comment that never ends: what follows in the file is part of it.
    pub(crate) fn ends_lexing(&self) -> bool {
        matches!(self.code, Some("E0748" | "E0758" | "E0762" | "E0763" | "E0765" | "E0766"))
    }

    /// Whether an item ended where something more was expected.
    pub fn is_at_end_of_item(&self) -> bool {
        matches!(&self.kind, SyntaxErrorKind::Expected { found, .. } if **found == *crate::expected::END_OF_ITEM)
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match &self.kind {
            SyntaxErrorKind::NotInRgo { instead, .. } => Some((*instead).to_string()),
            SyntaxErrorKind::Rule { help, .. } => help.as_ref().map(|help| help.to_string()),
            SyntaxErrorKind::TooDeep => Some("split it up with `let` or functions".to_string()),
            SyntaxErrorKind::Expected { .. } | SyntaxErrorKind::Delimiter { .. } | SyntaxErrorKind::Token { .. } => {
                None
            }
        }
    }

    /// The same error in a text that begins `offset` bytes earlier.
    pub fn shifted(mut self, offset: u32) -> SyntaxError {
        self.span = self.span.shifted(offset);
        if let SyntaxErrorKind::Delimiter { labels, .. } = &mut self.kind {
            for (span, _) in labels {
                *span = span.shifted(offset);
            }
        }
        self
    }
}
