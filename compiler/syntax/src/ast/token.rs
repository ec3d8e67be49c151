//! Tokens as the tree keeps them, in macro calls and attributes.

use super::Lit;
use crate::{Name, Span};

/// A token at a place. Two tokens are joint if the first ends where the second starts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Token {
    pub kind: Tok,
    pub span: Span,
}

/// The delimiter of a macro call or an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delim {
    Paren,
    Bracket,
    Brace,
}

macro_rules! tokens {
    ($($variant:ident $text:literal,)*) => {
        /// The kinds of tokens. Comments and white space are none, except doc comments.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Tok {
            /// An identifier that is no strict keyword (`union`, `auto`, `default`, `raw`, `safe`, `macro_rules` and rgo's `import` are identifiers).
            Ident(Name),
            /// `r#name`: an identifier whatever its text.
            RawIdent(Name),
            /// `'a`, without the apostrophe.
            Lifetime(Name),
            /// A literal; `true` and `false` are among them.
            Lit(Lit),
            /// A number behind a `.`, as written: the `0` of `x.0`, and both numbers of `x.0.1`.
            Index(Name),
            /// A literal with an error in it, which has been reported.
            BadLit,
            /// `///`, `/** */`: the text behind the marker.
            OuterDoc(Box<str>),
            /// `//!`, `/*! */`.
            InnerDoc(Box<str>),
            $(#[doc = concat!("`", $text, "`")] $variant,)*
        }

        impl Tok {
            /// The text of a token whose text is fixed.
            pub fn fixed_text(&self) -> Option<&'static str> {
                match self {
                    $(Tok::$variant => Some($text),)*
                    Tok::Ident(_) | Tok::RawIdent(_) | Tok::Lifetime(_) | Tok::Lit(_) | Tok::Index(_) | Tok::BadLit | Tok::OuterDoc(_) | Tok::InnerDoc(_) => None,
                }
            }

            /// The keyword with this text, reserved ones and the path keywords included.
            pub fn keyword(text: &str) -> Option<Tok> {
                if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    return None;
                }
                match text {
                    $($text => Some(Tok::$variant),)*
                    "true" => Some(Tok::Lit(Lit::Bool(true))),
                    "false" => Some(Tok::Lit(Lit::Bool(false))),
                    _ => None,
                }
            }
        }
    };
}

tokens! {
    As "as",
    Async "async",
    Await "await",
    Break "break",
    Const "const",
    Continue "continue",
    Crate "crate",
    Dyn "dyn",
    Else "else",
    Enum "enum",
    Extern "extern",
    Fn "fn",
    For "for",
    If "if",
    Impl "impl",
    In "in",
    Let "let",
    Loop "loop",
    Match "match",
    Mod "mod",
    Move "move",
    Mut "mut",
    Pub "pub",
    Ref "ref",
    Return "return",
    SelfValue "self",
    SelfType "Self",
    Static "static",
    Struct "struct",
    Super "super",
    Trait "trait",
    Type "type",
    Unsafe "unsafe",
    Use "use",
    Where "where",
    While "while",
    Underscore "_",
    Abstract "abstract",
    Become "become",
    BoxKw "box",
    Do "do",
    Final "final",
    Gen "gen",
    Macro "macro",
    Override "override",
    Priv "priv",
    Try "try",
    Typeof "typeof",
    Unsized "unsized",
    Virtual "virtual",
    Yield "yield",
    LParen "(",
    RParen ")",
    LBracket "[",
    RBracket "]",
    LBrace "{",
    RBrace "}",
    Semi ";",
    Comma ",",
    Colon ":",
    ColonColon "::",
    Dot ".",
    DotDot "..",
    DotDotDot "...",
    DotDotEq "..=",
    Arrow "->",
    FatArrow "=>",
    Pound "#",
    Dollar "$",
    Question "?",
    At "@",
    Tilde "~",
    Eq "=",
    EqEq "==",
    Ne "!=",
    Bang "!",
    Lt "<",
    Le "<=",
    Gt ">",
    Ge ">=",
    Plus "+",
    Minus "-",
    Star "*",
    Slash "/",
    Percent "%",
    Caret "^",
    And "&",
    Or "|",
    AndAnd "&&",
    OrOr "||",
    Shl "<<",
    Shr ">>",
    PlusEq "+=",
    MinusEq "-=",
    StarEq "*=",
    SlashEq "/=",
    PercentEq "%=",
    CaretEq "^=",
    AndEq "&=",
    OrEq "|=",
    ShlEq "<<=",
    ShrEq ">>=",
}

impl Delim {
    pub fn open(self) -> Tok {
        match self {
            Delim::Paren => Tok::LParen,
            Delim::Bracket => Tok::LBracket,
            Delim::Brace => Tok::LBrace,
        }
    }

    pub fn close(self) -> Tok {
        match self {
            Delim::Paren => Tok::RParen,
            Delim::Bracket => Tok::RBracket,
            Delim::Brace => Tok::RBrace,
        }
    }
}
