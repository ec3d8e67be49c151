//! How the user wrote an integer: `b'n'`, `0xff` and `1_000_000` say more than their values, and Go can say them too.

use rgo_syntax::Span;
use rgo_typeck::ty::{ConstValue, Ty};

use super::*;
use crate::go::print::rune;

impl<'db> Lower<'_, 'db> {
    /// A literal that stands at `span`, in the user's spelling where Go has it.
    pub(super) fn literal(&mut self, value: &ConstValue, ty: Ty, span: Span) -> Expr {
        let expr = self.constant(value, ty);
        match (expr, self.source(span)) {
            (Expr::Typed(form, Lit::Int(value)), Some(text)) => {
                // A range pattern has two literals in its span.
                let spelled = text.split("..").find_map(|part| spelled(part.trim_start_matches('=').trim(), value));
                let lit = spelled.map_or(Lit::Int(value), |text| Lit::Spelled(value, text));
                Expr::Typed(form, lit)
            }
            (expr, _) => expr,
        }
    }

    /// The text at a place of the package's own code.
    fn source(&self, span: Span) -> Option<&'db str> {
        let (_, start) = self.base?;
        let db = self.cx.db;
        let (file, _) = rgo_hir::item_start(db, self.def);
        file.text(db).get((start + span.start) as usize..(start + span.end) as usize)
    }
}

/// A byte of text: a character where it is one.
pub(super) fn octet(byte: u8) -> Expr {
    let value = i128::from(byte);
    Expr::Lit(if byte.is_ascii() { Lit::Spelled(value, rune(char::from(byte)).into()) } else { Lit::Int(value) })
}

/// The Go literal that is written as `text` in rgo, if its value is this one and Go's decimal would say less.
fn spelled(text: &str, value: i128) -> Option<Str> {
    if text.starts_with("b'") {
        let byte = u8::try_from(value).ok().filter(u8::is_ascii)?;
        return Some(rune(char::from(byte)).into());
    }
    let (radix, digits) = match text.get(..2) {
        Some("0x") => (16, &text[2..]),
        Some("0o") => (8, &text[2..]),
        Some("0b") => (2, &text[2..]),
        _ => (10, text),
    };
    let end = digits.find(|c: char| c != '_' && !c.is_digit(radix)).unwrap_or(digits.len());
    let digits = &digits[..end];
    if radix == 10 && !digits.contains('_') || digits.contains("__") || digits.ends_with('_') {
        return None;
    }
    let found = i128::from_str_radix(&digits.replace('_', ""), radix).ok()?;
    (found == value).then(|| format!("{}{digits}", if radix == 10 { "" } else { &text[..2] }).into())
}

#[cfg(test)]
mod tests {
    use super::spelled;

    #[test]
    fn keeps_what_go_can_say() {
        let check = |text, value, expected: Option<&str>| assert_eq!(spelled(text, value).as_deref(), expected);
        check("b'n'", 110, Some("'n'"));
        check(r"b'\''", 39, Some(r"'\''"));
        check("0xFFu8", 255, Some("0xFF"));
        check("0b1010_1010", 0b1010_1010, Some("0b1010_1010"));
        check("1_000_000i64", 1_000_000, Some("1_000_000"));
    }

    #[test]
    fn keeps_nothing_else() {
        for (text, value) in
            [("42", 42), ("1__0", 10), ("0xff_", 255), ("SIZE", 3), ("0xff", -1), (r"b'\xff'", 255), ("", 0)]
        {
            assert_eq!(spelled(text, value), None, "{text}");
        }
    }
}
