//! What rgo does not have, though Rust does: one code each, with what to write instead.

use crate::{Span, SyntaxError, SyntaxErrorKind};

/// A part of Rust that is no part of rgo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refused {
    Unsafe,
    RawPointer,
    MacroDefinition,
    Async,
    Extern,
    Union,
    StaticMut,
    Nightly,
    CString,
    Int128,
}

impl Refused {
    /// Code, what it is, what to do instead.
    pub fn entry(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Refused::Unsafe => ("RGO0101", "`unsafe`", "write what needs it in a .go file of the same package"),
            Refused::RawPointer => (
                "RGO0102",
                "a raw pointer",
                "use a reference, `Box` or `Rc`, or write that part in a .go file of the same package",
            ),
            Refused::MacroDefinition => {
                ("RGO0103", "defining a macro", "use a function, a generic function or a trait")
            }
            Refused::Async => (
                "RGO0104",
                "`async`",
                "start a goroutine with `std::thread::spawn`, and wait for it with `join` or a channel",
            ),
            Refused::Extern => (
                "RGO0105",
                "`extern`",
                "import a Go package with `import \"path\";`, or write that part in a .go file of the same package",
            ),
            Refused::Union => ("RGO0106", "`union`", "use an `enum`"),
            Refused::StaticMut => {
                ("RGO0107", "`static mut`", "use a `static` with an atomic, a `Mutex` or a `OnceLock`")
            }
            Refused::Nightly => {
                ("RGO0108", "this unstable feature of Rust", "write it without the feature, as stable Rust demands")
            }
            Refused::CString => ("RGO0109", "a C string", "use a string or a byte string"),
            Refused::Int128 => ("RGO0110", "a 128-bit integer", "use `i64` or `u64`, or Go's `math/big`"),
        }
    }

    pub(crate) fn error(self, span: Span) -> SyntaxError {
        let (code, what, instead) = self.entry();
        SyntaxError { span, code: Some(code), kind: SyntaxErrorKind::NotInRgo { what, instead } }
    }
}
