//! From text to tokens. `logos` finds what a token is; what has a grammar of its own (literals, comments) is scanned here.
//!
//! The rules are those of the Rust reference, chapter "Lexical structure", for edition 2024. Errors do not stop the lexer.

mod direction;
mod literals;
mod numbers;

use std::sync::OnceLock;

use logos::Logos;
use rustc_hash::FxHashMap;

use crate::ast::{Tok, Token};
use crate::{Comment, CommentKind, Name, Span, SyntaxError, SyntaxErrorKind};

/// What the lexer finds in a text.
pub(crate) struct Lexed {
    pub tokens: Vec<Token>,
    pub errors: Vec<SyntaxError>,
    pub comments: Vec<Comment>,
}

#[derive(Logos, Clone, Debug, PartialEq)]
#[logos(skip r"[ \t\r\n\x0B\x0C\u{85}\u{200E}\u{200F}\u{2028}\u{2029}]+")]
enum Raw {
    #[regex(r"//[^\n]*", allow_greedy = true)]
    LineComment,
    #[token("/*")]
    BlockComment,
    #[regex(r"[\p{XID_Start}_]\p{XID_Continue}*")]
    Ident,
    #[regex(r"r#[\p{XID_Start}_]\p{XID_Continue}*")]
    RawIdent,
    #[regex(r"[0-9]")]
    Digit,
    #[token("'")]
    Quote,
    #[token("\"")]
    Str,
    #[regex("r#*\"")]
    RawStr,
    #[token("b\"")]
    ByteStr,
    #[regex("br#*\"")]
    RawByteStr,
    #[token("b'")]
    Byte,
    #[token("c\"")]
    CStr,
    #[regex("cr#*\"")]
    RawCStr,
    #[token("(", |_| Tok::LParen)]
    #[token(")", |_| Tok::RParen)]
    #[token("[", |_| Tok::LBracket)]
    #[token("]", |_| Tok::RBracket)]
    #[token("{", |_| Tok::LBrace)]
    #[token("}", |_| Tok::RBrace)]
    #[token(";", |_| Tok::Semi)]
    #[token(",", |_| Tok::Comma)]
    #[token(":", |_| Tok::Colon)]
    #[token("::", |_| Tok::ColonColon)]
    #[token(".", |_| Tok::Dot)]
    #[token("..", |_| Tok::DotDot)]
    #[token("...", |_| Tok::DotDotDot)]
    #[token("..=", |_| Tok::DotDotEq)]
    #[token("->", |_| Tok::Arrow)]
    #[token("=>", |_| Tok::FatArrow)]
    #[token("#", |_| Tok::Pound)]
    #[token("$", |_| Tok::Dollar)]
    #[token("?", |_| Tok::Question)]
    #[token("@", |_| Tok::At)]
    #[token("~", |_| Tok::Tilde)]
    #[token("=", |_| Tok::Eq)]
    #[token("==", |_| Tok::EqEq)]
    #[token("!=", |_| Tok::Ne)]
    #[token("!", |_| Tok::Bang)]
    #[token("<", |_| Tok::Lt)]
    #[token("<=", |_| Tok::Le)]
    #[token(">", |_| Tok::Gt)]
    #[token(">=", |_| Tok::Ge)]
    #[token("+", |_| Tok::Plus)]
    #[token("-", |_| Tok::Minus)]
    #[token("*", |_| Tok::Star)]
    #[token("/", |_| Tok::Slash)]
    #[token("%", |_| Tok::Percent)]
    #[token("^", |_| Tok::Caret)]
    #[token("&", |_| Tok::And)]
    #[token("|", |_| Tok::Or)]
    #[token("&&", |_| Tok::AndAnd)]
    #[token("||", |_| Tok::OrOr)]
    #[token("<<", |_| Tok::Shl)]
    #[token(">>", |_| Tok::Shr)]
    #[token("+=", |_| Tok::PlusEq)]
    #[token("-=", |_| Tok::MinusEq)]
    #[token("*=", |_| Tok::StarEq)]
    #[token("/=", |_| Tok::SlashEq)]
    #[token("%=", |_| Tok::PercentEq)]
    #[token("^=", |_| Tok::CaretEq)]
    #[token("&=", |_| Tok::AndEq)]
    #[token("|=", |_| Tok::OrEq)]
    #[token("<<=", |_| Tok::ShlEq)]
    #[token(">>=", |_| Tok::ShrEq)]
    Punct(Tok),
}

/// Tokens and errors; doc comments are tokens, other comments are dropped.
pub(crate) fn lex(text: &str) -> Lexed {
    run(text, Comments::Drop)
}

/// The same with all comments.
pub(crate) fn lex_with_comments(text: &str) -> Lexed {
    run(text, Comments::Keep)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Comments {
    Keep,
    Drop,
}

fn run(text: &str, comments: Comments) -> Lexed {
    let mut lexer = Lexer {
        raw: Raw::lexer(text),
        text,
        comments,
        out: Lexed { tokens: Vec::with_capacity(text.len() / 5), errors: Vec::new(), comments: Vec::new() },
    };
    lexer.skip_prologue();
    let turns = direction::turns(text);
    while lexer.step() {
        if turns {
            lexer.refuse_turns();
        }
    }
    lexer.out
}

struct Lexer<'t> {
    raw: logos::Lexer<'t, Raw>,
    text: &'t str,
    comments: Comments,
    out: Lexed,
}

impl<'t> Lexer<'t> {
    /// Byte order mark and `#!` line.
    fn skip_prologue(&mut self) {
        let bom = if self.text.starts_with('\u{feff}') { 3 } else { 0 };
        let rest = &self.text[bom..];
        let shebang = match rest.strip_prefix("#!") {
            Some(behind) if !behind.trim_start().starts_with('[') => rest.find('\n').unwrap_or(rest.len()),
            _ => 0,
        };
        self.raw.bump(bom + shebang);
    }

    fn step(&mut self) -> bool {
        let Some(raw) = self.raw.next() else { return false };
        match raw {
            Ok(Raw::Punct(tok)) => self.push(tok),
            Ok(Raw::Ident) => self.ident(),
            Ok(Raw::RawIdent) => self.raw_ident(),
            Ok(Raw::LineComment) => self.line_comment(),
            Ok(Raw::BlockComment) => self.block_comment(),
            Ok(Raw::Digit) => self.number(),
            Ok(Raw::Quote) => self.quote(),
            Ok(Raw::Str) => self.string(),
            Ok(Raw::RawStr) => self.raw_string(1),
            Ok(Raw::ByteStr) => self.byte_string(),
            Ok(Raw::RawByteStr) => self.raw_byte_string(),
            Ok(Raw::Byte) => self.byte(),
            Ok(Raw::CStr) => self.c_string(),
            Ok(Raw::RawCStr) => self.raw_c_string(),
            Err(()) => self.unknown(),
        }
        true
    }

    /// The token so far.
    fn span(&self) -> Span {
        let range = self.raw.span();
        Span::new(range.start as u32, range.end as u32)
    }

    fn rest(&self) -> &'t str {
        self.raw.remainder()
    }

    fn push(&mut self, kind: Tok) {
        let span = self.span();
        self.out.tokens.push(Token { kind, span });
    }

    fn error(&mut self, span: Span, code: Option<&'static str>, message: impl Into<Box<str>>) {
        self.out.errors.push(SyntaxError { span, code, kind: SyntaxErrorKind::Token { message: message.into() } });
    }

    fn ident(&mut self) {
        let text = self.raw.slice();
        if let Some('"' | '\'' | '#') = self.rest().chars().next() {
            let span = self.span();
            self.error(span, None, format!("prefix `{text}` is unknown"));
        }
        match keyword(text) {
            Some(tok) => self.push(tok),
            None => self.push(Tok::Ident(Name::new(text))),
        }
    }

    fn raw_ident(&mut self) {
        let text = &self.raw.slice()[2..];
        if matches!(text, "self" | "Self" | "super" | "crate" | "_") {
            let span = self.span();
            self.error(span, None, format!("`{text}` cannot be a raw identifier"));
        }
        self.push(Tok::RawIdent(Name::new(text)));
    }

    fn line_comment(&mut self) {
        let text = self.raw.slice();
        let text = text.strip_suffix('\r').unwrap_or(text);
        let (kind, body) = match text.as_bytes() {
            [_, _, b'!', ..] => (CommentKind::InnerDoc, &text[3..]),
            [_, _, b'/', b'/', ..] => (CommentKind::Line, &text[2..]),
            [_, _, b'/', ..] => (CommentKind::OuterDoc, &text[3..]),
            _ => (CommentKind::Line, &text[2..]),
        };
        self.comment(kind, body);
    }

    fn block_comment(&mut self) {
        let rest = self.rest().as_bytes();
        let mut depth = 1;
        let mut at = 0;
        while at < rest.len() && depth > 0 {
            match (rest[at], rest.get(at + 1)) {
                (b'/', Some(b'*')) => (depth, at) = (depth + 1, at + 2),
                (b'*', Some(b'/')) => (depth, at) = (depth - 1, at + 2),
                _ => at += 1,
            }
        }
        if depth > 0 {
            let doc = matches!(rest.first(), Some(b'!' | b'*'));
            let what = if doc { "unterminated block doc-comment" } else { "unterminated block comment" };
            self.unterminated("E0758", what);
            return;
        }
        self.raw.bump(at);
        let text = self.raw.slice();
        let (kind, body) = match text.as_bytes() {
            [_, _, b'!', ..] => (CommentKind::InnerDoc, &text[3..text.len() - 2]),
            [_, _, b'*', b'*' | b'/', ..] => (CommentKind::Block, &text[2..text.len() - 2]),
            [_, _, b'*', ..] => (CommentKind::OuterDoc, &text[3..text.len() - 2]),
            _ => (CommentKind::Block, &text[2..text.len() - 2]),
        };
        self.comment(kind, body);
    }

    fn comment(&mut self, kind: CommentKind, body: &str) {
        let span = self.span();
        if self.comments == Comments::Keep {
            let token_end = self.out.tokens.last().map_or(0, |token| token.span.end);
            let before = self.out.comments.last().map_or(0, |comment| comment.span.end).max(token_end);
            let own_line = before == 0 || self.text[before as usize..span.start as usize].contains('\n');
            self.out.comments.push(Comment { span, kind, text: body.into(), own_line });
        }
        match kind {
            CommentKind::Line | CommentKind::Block => {}
            CommentKind::OuterDoc => self.push(Tok::OuterDoc(body.into())),
            CommentKind::InnerDoc => self.push(Tok::InnerDoc(body.into())),
        }
    }

    /// Reports the token that never ends and goes on where the next item seems to begin.
    fn unterminated(&mut self, code: &'static str, message: &str) {
        let span = self.span();
        self.error(Span::new(span.start, span.end.max(span.start + 1)), Some(code), message);
        let rest = self.rest();
        let skip = crate::cut::next_item_line(rest, 0).unwrap_or(rest.len());
        self.raw.bump(skip);
    }

    fn unknown(&mut self) {
        let span = self.span();
        let text = self.raw.slice();
        match text.chars().next() {
            None => {}
            Some(c) => {
                let shown =
                    if c.is_control() || c == '\u{feff}' { c.escape_default().to_string() } else { c.to_string() };
                self.error(span, None, format!("unknown start of token: {shown}"));
            }
        }
    }
}

fn keyword(text: &str) -> Option<Tok> {
    static KEYWORDS: OnceLock<FxHashMap<&'static str, Tok>> = OnceLock::new();
    if !(1..=8).contains(&text.len()) || !(text.as_bytes()[0].is_ascii_lowercase() || text == "Self" || text == "_") {
        return None;
    }
    let words = KEYWORDS.get_or_init(|| {
        WORDS.split(' ').filter_map(|word| Some((word, Tok::keyword(word)?))).chain([("_", Tok::Underscore)]).collect()
    });
    words.get(text).cloned()
}

const WORDS: &str = "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return \
                     self Self static struct super trait true type unsafe use where while abstract become box do final gen macro override priv try \
                     typeof unsized virtual yield";
