//! Building errors.

use rgo_syntax::Span;

use crate::{DefId, HirError};

impl HirError {
    /// An error with a code, at a span of the item of `def`.
    pub fn new(def: DefId, span: Span, code: &'static str, message: impl Into<String>) -> HirError {
        HirError { code: Some(code), ..HirError::plain(def, span, message.into()) }
    }

    /// An error without a code.
    pub fn plain(def: DefId, span: Span, message: String) -> HirError {
        HirError {
            def,
            span,
            code: None,
            message,
            label: String::new(),
            secondary: Vec::new(),
            help: None,
            note: None,
            is_of_glob: false,
        }
    }

    pub fn label(mut self, label: impl Into<String>) -> HirError {
        self.label = label.into();
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> HirError {
        self.help = Some(help.into());
        self
    }

    pub fn secondary(mut self, def: DefId, span: Span, text: String) -> HirError {
        self.secondary.push((def, span, text));
        self
    }
}
