//! The error value that all parts of this crate report.

use rgo_hir::DefId;
use rgo_syntax::Span;

/// An error of types; its spans are relative to the item of `def` (`rgo_hir::item_of`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeError {
    pub def: DefId,
    pub span: Span,
    pub code: Option<&'static str>,
    /// Lowercase, no full stop.
    pub message: String,
    /// Text at the primary span; may be empty.
    pub label: String,
    /// Further places, each in the item of its definition.
    pub secondary: Vec<(DefId, Span, String)>,
    pub notes: Vec<String>,
    pub help: Option<String>,
    /// A replacement that is certain to be right.
    pub fix: Option<(Span, String)>,
    pub rank: Rank,
}

/// When an error is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rank {
    Usual,
    /// Of privacy, which is looked at last, in programs that are right otherwise.
    Late,
    /// Never: another one says it. It only tells that something is wrong here, too.
    Said,
}

impl TypeError {
    pub fn new(def: DefId, span: Span, code: &'static str, message: impl Into<String>) -> TypeError {
        TypeError {
            def,
            span,
            code: Some(code),
            message: message.into(),
            label: String::new(),
            secondary: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
            rank: Rank::Usual,
        }
    }

    /// An error of privacy: of what is reached without being named.
    pub fn late(mut self) -> TypeError {
        self.rank = Rank::Late;
        self
    }

    /// A trait that an import of a signature's scope did not find, which was said of the import.
    pub fn lost_trait(def: DefId, span: Span) -> TypeError {
        TypeError { rank: Rank::Said, ..TypeError::new(def, span, "E0405", "") }
    }

    /// Whether it is of the look-up of a name: what rustc says before it asks for types.
    pub fn is_of_names(&self) -> bool {
        const CODES: [&str; 9] = ["E0106", "E0261", "E0401", "E0404", "E0405", "E0411", "E0425", "E0433", "E0657"];
        self.code.is_some_and(|code| CODES.contains(&code))
    }

    pub fn label(mut self, label: impl Into<String>) -> TypeError {
        self.label = label.into();
        self
    }

    pub fn secondary(mut self, def: DefId, span: Span, label: impl Into<String>) -> TypeError {
        self.secondary.push((def, span, label.into()));
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> TypeError {
        self.notes.push(note.into());
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> TypeError {
        self.help = Some(help.into());
        self
    }
}
