//! Characters, strings and lifetimes.

use super::Lexer;
use crate::ast::{Lit, Tok};
use crate::{Name, Span};

/// Which escapes a literal takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Text,
    Bytes,
    CText,
}

impl Lexer<'_> {
    /// `'a`, `'x'`, `'\n'`
    pub(super) fn quote(&mut self) {
        let rest = self.rest();
        let mut chars = rest.chars();
        let (first, second) = (chars.next(), chars.next());
        match (first, second) {
            (Some(c), second) if c != '\\' && second != Some('\'') && (is_ident_start(c) || c.is_ascii_digit()) => {
                self.lifetime(rest, c);
            }
            (Some('\''), Some('\'')) => {
                self.raw.bump(2);
                self.bad("character constant must be escaped: `'`");
            }
            (Some('\''), _) => {
                self.raw.bump(1);
                self.bad("empty character literal");
            }
            _ => self.character(Mode::Text),
        }
    }

    fn lifetime(&mut self, rest: &str, first: char) {
        let raw = rest.strip_prefix("r#").filter(|name| name.starts_with(is_ident_start));
        let name = raw.unwrap_or(rest);
        let len = name.find(|c| !is_ident_continue(c)).unwrap_or(name.len());
        let skipped = rest.len() - name.len();
        if rest[skipped + len..].starts_with('\'') {
            self.raw.bump(skipped + len + 1);
            self.bad("character literal may only contain one codepoint");
            return;
        }
        self.raw.bump(skipped + len);
        if first.is_ascii_digit() {
            let span = self.span();
            self.error(span, None, "lifetimes cannot start with a number");
        }
        self.push(Tok::Lifetime(Name::new(&name[..len])));
    }

    /// `b'x'`
    pub(super) fn byte(&mut self) {
        self.character(Mode::Bytes);
    }

    fn character(&mut self, mode: Mode) {
        let Some(len) = character_end(self.rest()) else {
            match mode {
                Mode::Bytes => self.unterminated("E0763", "unterminated byte constant"),
                Mode::Text | Mode::CText => self.unterminated("E0762", "unterminated character literal"),
            }
            self.push(Tok::BadLit);
            return;
        };
        let body = &self.rest()[..len];
        let start = self.span().end;
        self.raw.bump(len + 1);
        let before = self.out.errors.len();
        let (text, bytes) = self.unescape(body, start, mode);
        if self.out.errors.len() > before {
            return self.push(Tok::BadLit);
        }
        let mut chars = text.chars();
        match (mode, chars.next(), chars.next()) {
            (Mode::Bytes, ..) if bytes.len() == 1 => self.push(Tok::Lit(Lit::Byte(bytes[0]))),
            (Mode::Bytes, ..) if bytes.is_empty() => self.bad("empty byte literal"),
            (Mode::Text, Some('\n' | '\t'), None) if !body.starts_with('\\') => {
                self.bad("character constant must be escaped")
            }
            (Mode::Text, Some(c), None) => self.push(Tok::Lit(Lit::Char(c))),
            (Mode::Bytes, ..) => self.bad("byte literal may only contain one byte"),
            _ => self.bad("character literal may only contain one codepoint"),
        }
        self.suffix_error();
    }

    pub(super) fn string(&mut self) {
        if let Some((text, _)) = self.quoted(Mode::Text, "E0765", "unterminated double quote string") {
            self.push(Tok::Lit(Lit::Str(text.into())));
            self.suffix_error();
        }
    }

    pub(super) fn byte_string(&mut self) {
        if let Some((_, bytes)) = self.quoted(Mode::Bytes, "E0766", "unterminated double quote byte string") {
            self.push(Tok::Lit(Lit::ByteStr(bytes.into())));
            self.suffix_error();
        }
    }

    pub(super) fn c_string(&mut self) {
        if let Some((_, bytes)) = self.quoted(Mode::CText, "E0767", "unterminated C string") {
            self.push(Tok::Lit(Lit::CStr(bytes.into())));
            self.suffix_error();
        }
    }

    fn quoted(&mut self, mode: Mode, code: &'static str, message: &str) -> Option<(String, Vec<u8>)> {
        let rest = self.rest().as_bytes();
        let mut at = 0;
        loop {
            match rest.get(at) {
                None => {
                    self.unterminated(code, message);
                    self.push(Tok::BadLit);
                    return None;
                }
                Some(b'\\') => at += 2,
                Some(b'"') => break,
                Some(_) => at += 1,
            }
        }
        let body = &self.rest()[..at];
        let start = self.span().end;
        self.raw.bump(at + 1);
        let before = self.out.errors.len();
        let value = self.unescape(body, start, mode);
        if self.out.errors.len() > before {
            self.push(Tok::BadLit);
            return None;
        }
        Some(value)
    }

    pub(super) fn raw_string(&mut self, prefix: usize) {
        if let Some(text) = self.raw_quoted(prefix) {
            self.push(Tok::Lit(Lit::Str(text.into())));
            self.suffix_error();
        }
    }

    pub(super) fn raw_byte_string(&mut self) {
        if let Some(text) = self.raw_quoted(2) {
            if text.is_ascii() {
                self.push(Tok::Lit(Lit::ByteStr(text.into_bytes().into())));
            } else {
                self.bad("non-ASCII character in raw byte string literal");
            }
            self.suffix_error();
        }
    }

    pub(super) fn raw_c_string(&mut self) {
        if let Some(text) = self.raw_quoted(2) {
            self.push(Tok::Lit(Lit::CStr(text.into_bytes().into())));
            self.suffix_error();
        }
    }

    /// The text of a raw string whose opening, of `prefix` letters and some hashes and a quote, has been read.
    fn raw_quoted(&mut self, prefix: usize) -> Option<String> {
        let hashes = self.raw.slice().len() - prefix - 1;
        let end: String = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
        let Some(len) = self.rest().find(&end) else {
            self.unterminated("E0748", "unterminated raw string");
            self.push(Tok::BadLit);
            return None;
        };
        let text = self.rest()[..len].replace("\r\n", "\n");
        self.raw.bump(len + end.len());
        Some(text)
    }

    /// The value of what stands between quotes, as text and as bytes. `start` is its place.
    fn unescape(&mut self, body: &str, start: u32, mode: Mode) -> (String, Vec<u8>) {
        let mut text = String::with_capacity(body.len());
        let mut bytes = Vec::new();
        let as_bytes = mode != Mode::Text;
        let mut at = 0;
        while let Some(c) = body[at..].chars().next() {
            let place = |from: usize, to: usize| Span::new(start + from as u32, start + to as u32);
            if c != '\\' {
                if mode == Mode::Bytes && !c.is_ascii() {
                    self.error(place(at, at + c.len_utf8()), None, "non-ASCII character in byte literal");
                }
                at += c.len_utf8();
                if c == '\r' && body[at..].starts_with('\n') {
                    continue;
                }
                if as_bytes {
                    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                } else {
                    text.push(c);
                }
                continue;
            }
            let (len, value) = escape(&body[at..], mode);
            match value {
                Ok(Escaped::Char(c)) if as_bytes => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                Ok(Escaped::Char(c)) => text.push(c),
                Ok(Escaped::Byte(b)) => bytes.push(b),
                Ok(Escaped::Nothing) => {}
                Err(message) => self.error(place(at, at + len), None, message),
            }
            at += len;
        }
        (text, bytes)
    }

    fn bad(&mut self, message: &str) {
        let span = self.span();
        self.error(span, None, message);
        self.push(Tok::BadLit);
    }

    /// No text literal takes a suffix.
    fn suffix_error(&mut self) {
        let rest = self.rest();
        if !rest.starts_with(is_ident_start) || rest.starts_with('_') && !rest[1..].starts_with(is_ident_continue) {
            return;
        }
        let len = rest.find(|c| !is_ident_continue(c)).unwrap_or(rest.len());
        let start = self.span().end;
        let span = Span::new(self.span().start, start + len as u32);
        self.error(span, None, "suffixes on this kind of literal are invalid");
        self.raw.bump(len);
    }
}

pub(super) fn is_ident_start(c: char) -> bool {
    c == '_' || c.is_ascii_alphabetic() || !c.is_ascii() && c.is_alphabetic()
}

pub(super) fn is_ident_continue(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii() && c.is_alphanumeric()
}

/// The length up to the closing quote of a character on this line.
fn character_end(rest: &str) -> Option<usize> {
    let mut chars = rest.char_indices();
    let mut first = true;
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' if !first => return Some(at),
            '\\' => {
                chars.next();
            }
            '\n' if !(first && rest[1..].starts_with('\'')) => return None,
            '/' if !first => return None,
            _ => {}
        }
        first = false;
    }
    None
}

enum Escaped {
    Char(char),
    Byte(u8),
    /// A backslash at the end of a line, with the white space that follows.
    Nothing,
}

/// Reads one escape. Gives its length and value.
fn escape(text: &str, mode: Mode) -> (usize, Result<Escaped, String>) {
    let Some(c) = text[1..].chars().next() else { return (1, Err("incomplete escape".to_string())) };
    let simple = |c| (2, Ok(Escaped::Char(c)));
    match c {
        'n' => simple('\n'),
        'r' => simple('\r'),
        't' => simple('\t'),
        '\\' => simple('\\'),
        '0' => simple('\0'),
        '\'' => simple('\''),
        '"' => simple('"'),
        'x' => hex_escape(text, mode),
        'u' => unicode_escape(text, mode),
        '\n' | '\r' => {
            let rest = &text[1..];
            let len = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
            (1 + len, Ok(Escaped::Nothing))
        }
        c => (1 + c.len_utf8(), Err(format!("unknown character escape: `{}`", c.escape_default()))),
    }
}

fn hex_escape(text: &str, mode: Mode) -> (usize, Result<Escaped, String>) {
    let digits = text.get(2..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
    let Some(value) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) else {
        let bad = text[2..].chars().take(2).find(|c| !c.is_ascii_hexdigit());
        return match bad {
            Some(c) if c != '\'' && c != '"' => {
                (2, Err(format!("invalid character in numeric character escape: `{c}`")))
            }
            _ => (2, Err("numeric character escape is too short".to_string())),
        };
    };
    match mode {
        Mode::Bytes | Mode::CText => (4, Ok(Escaped::Byte(value))),
        Mode::Text if value < 0x80 => (4, Ok(Escaped::Char(value as char))),
        Mode::Text => (4, Err("out of range hex escape".to_string())),
    }
}

fn unicode_escape(text: &str, mode: Mode) -> (usize, Result<Escaped, String>) {
    let Some(body) = text[2..].strip_prefix('{') else {
        return (2, Err("incorrect unicode escape sequence".to_string()));
    };
    let Some(end) = body.find('}') else { return (text.len(), Err("unterminated unicode escape".to_string())) };
    let len = 3 + end + 1;
    let digits: String = body[..end].chars().filter(|&c| c != '_').collect();
    let value = match () {
        () if mode == Mode::Bytes => Err("unicode escape in byte string".to_string()),
        () if digits.is_empty() => Err("empty unicode escape".to_string()),
        () if body.starts_with('_') => Err("invalid start of unicode escape: `_`".to_string()),
        () if !digits.bytes().all(|b| b.is_ascii_hexdigit()) => Err("invalid character in unicode escape".to_string()),
        () if digits.len() > 6 => Err("overlong unicode escape".to_string()),
        () => match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
            Some(c) => Ok(Escaped::Char(c)),
            None => Err("invalid unicode character escape".to_string()),
        },
    };
    (len, value)
}
