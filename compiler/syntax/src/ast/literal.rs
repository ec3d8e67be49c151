//! Literals with their parsed values.

use crate::Name;

/// A literal. A suffix is kept as written (`1u8` has the suffix `u8`), also if it is none that exists.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lit {
    Bool(bool),
    /// `1f32` is a `Float`.
    Int {
        value: u128,
        suffix: Option<Name>,
    },
    /// The text without underscores and suffix, as `str::parse::<f64>` takes it.
    Float {
        text: Box<str>,
        suffix: Option<Name>,
    },
    Char(char),
    Byte(u8),
    /// Unescaped; raw strings as they are.
    Str(Box<str>),
    ByteStr(Box<[u8]>),
    /// `c"…"`: kept so that it can be refused.
    CStr(Box<[u8]>),
}
