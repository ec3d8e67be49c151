//! Characters that turn the direction of the text around them: what a reviewer sees is then not what the compiler reads.
//!
//! rustc refuses them in literals and comments by two lints (`text_direction_codepoint_in_literal`, `…_in_comment`); CVE-2021-42574 tells why.

use super::Lexer;
use crate::Span;

/// Whether a text holds any such character; all of them begin with the byte 0xE2.
pub(super) fn turns(text: &str) -> bool {
    text.contains(turning)
}

fn turning(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

impl Lexer<'_> {
    /// Reports the first such character of the token or comment just read.
    pub(super) fn refuse_turns(&mut self) {
        let text = self.raw.slice();
        // A token that begins with one is unknown, and reported as that.
        let Some(at) = text.find(turning).filter(|at| *at > 0) else { return };
        let shown = text[at..].chars().next().map(|c| c.escape_unicode().to_string()).unwrap_or_default();
        let (code, place) = match text.starts_with("//") || text.starts_with("/*") {
            true => ("text_direction_codepoint_in_comment", "comment"),
            false => ("text_direction_codepoint_in_literal", "literal"),
        };
        let start = self.span().start + u32::try_from(at).unwrap_or(0);
        let span = Span::new(start, start + 3);
        let message = format!("unicode codepoint `{shown}` in a {place} changes the direction in which text is shown");
        self.error(span, Some(code), message);
    }
}
