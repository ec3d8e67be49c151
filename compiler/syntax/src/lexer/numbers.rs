//! Numbers: bases, underscores, fractions, exponents, suffixes, tuple indices.

use super::Lexer;
use super::literals::{is_ident_continue, is_ident_start};
use crate::Name;
use crate::ast::{Lit, Tok};

const INT_SUFFIXES: [&str; 12] =
    ["i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize"];

impl Lexer<'_> {
    /// The first digit has been read.
    pub(super) fn number(&mut self) {
        if self.out.tokens.last().is_some_and(|token| token.kind == Tok::Dot) {
            return self.tuple_index();
        }
        let base = match (self.raw.slice(), self.rest().as_bytes().first()) {
            ("0", Some(b'b')) => 2,
            ("0", Some(b'o')) => 8,
            ("0", Some(b'x')) => 16,
            _ => 10,
        };
        if base != 10 {
            self.raw.bump(1);
        }
        let scanned = if base == 16 { 16 } else { 10 };
        let digits_start = if base == 10 { 0 } else { 2 };
        self.eat_digits(scanned);
        let mut errors: Vec<(Option<&'static str>, String)> = Vec::new();
        let no_digits = self.raw.slice()[digits_start..].bytes().all(|b| b == b'_');
        if no_digits {
            errors.push((Some("E0768"), "no valid digits found for number".to_string()));
        }
        let mut float = false;
        if !no_digits {
            float = self.eat_fraction() | self.eat_exponent(base, &mut errors);
        }
        let body_len = self.raw.slice().len();
        self.eat_suffix();
        let slice = self.raw.slice();
        let (body, suffix) = slice.split_at(body_len);
        let result = self.value(&body[digits_start..], suffix, base, float, &mut errors);
        let span = self.span();
        let failed = !errors.is_empty();
        for (code, message) in errors {
            self.error(span, code, message);
        }
        match result {
            Some(lit) if !failed => self.push(Tok::Lit(lit)),
            _ => self.push(Tok::BadLit),
        }
    }

    fn eat_digits(&mut self, base: u32) {
        let rest = self.rest();
        let len = rest.find(|c: char| c != '_' && !c.is_digit(base)).unwrap_or(rest.len());
        self.raw.bump(len);
    }

    /// `.5`, or `.` alone if neither a range nor a method or field follows.
    fn eat_fraction(&mut self) -> bool {
        let Some(behind) = self.rest().strip_prefix('.') else { return false };
        if behind.starts_with('.') || behind.starts_with(is_ident_start) {
            return false;
        }
        self.raw.bump(1);
        if self.rest().starts_with(|c: char| c.is_ascii_digit()) {
            self.eat_digits(10);
        }
        true
    }

    fn eat_exponent(&mut self, base: u32, errors: &mut Vec<(Option<&'static str>, String)>) -> bool {
        if base == 16 || !self.rest().starts_with(['e', 'E']) {
            return false;
        }
        let behind = &self.rest()[1..];
        let signed = behind.strip_prefix(['+', '-']).unwrap_or(behind);
        let digits = signed.trim_start_matches('_');
        if !digits.starts_with(|c: char| c.is_ascii_digit()) {
            errors.push((None, "expected at least one digit in exponent".to_string()));
            self.raw.bump(1 + behind.len() - signed.len());
            return true;
        }
        self.raw.bump(1 + behind.len() - signed.len());
        self.eat_digits(10);
        true
    }

    fn eat_suffix(&mut self) {
        let rest = self.rest();
        if rest.starts_with(is_ident_start) {
            let len = rest.find(|c| !is_ident_continue(c)).unwrap_or(rest.len());
            self.raw.bump(len);
        }
    }

    fn value(
        &self,
        body: &str,
        suffix: &str,
        base: u32,
        float: bool,
        errors: &mut Vec<(Option<&'static str>, String)>,
    ) -> Option<Lit> {
        let is_float_suffix = suffix == "f32" || suffix == "f64";
        let name = (!suffix.is_empty()).then(|| Name::new(suffix));
        let digits: String = body.chars().filter(|&c| c != '_').collect();
        if float || is_float_suffix {
            match base {
                2 => errors.push((None, "binary float literal is not supported".to_string())),
                8 => errors.push((None, "octal float literal is not supported".to_string())),
                16 => errors.push((None, "hexadecimal float literal is not supported".to_string())),
                _ => {}
            }
            if name.is_some() && !is_float_suffix && errors.is_empty() {
                errors.push((None, format!("invalid suffix `{suffix}` for float literal")));
            }
            return Some(Lit::Float { text: digits.into(), suffix: name });
        }
        if name.is_some() && !INT_SUFFIXES.contains(&suffix) && errors.is_empty() {
            errors.push((None, format!("invalid suffix `{suffix}` for number literal")));
        }
        if digits.is_empty() {
            return None;
        }
        if let Some(bad) = digits.chars().find(|c| !c.is_digit(base)) {
            errors.push((None, format!("invalid digit `{bad}` for a base {base} literal")));
            return None;
        }
        match u128::from_str_radix(&digits, base) {
            Ok(value) => Some(Lit::Int { value, suffix: name }),
            Err(_) => {
                errors.push((None, "integer literal is too large".to_string()));
                None
            }
        }
    }

    /// The number behind a `.`: all letters and digits that follow belong to it, and a second `.` does not.
    fn tuple_index(&mut self) {
        let rest = self.rest();
        let len = rest.find(|c| !is_ident_continue(c)).unwrap_or(rest.len());
        self.raw.bump(len);
        let text = self.raw.slice();
        let suffix = INT_SUFFIXES.iter().find(|suffix| {
            text.strip_suffix(**suffix).is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
        });
        let text = match suffix {
            None => text,
            Some(suffix) => {
                let span = self.span();
                self.error(span, None, "suffixes on a tuple index are invalid");
                &text[..text.len() - suffix.len()]
            }
        };
        self.push(Tok::Index(Name::new(text)));
    }
}
