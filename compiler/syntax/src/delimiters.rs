//! What is wrong with the delimiters of a text. Which one is blamed is rustc's rule (`rustc_parse::lexer::tokentrees`): a closing delimiter that does not fit
//! ends the innermost group, and is taken for that group's unless an outer one waits for it; one that nothing waits for ends the reading.

use crate::ast::{Delim, Tok, Token};
use crate::engine::ERROR_LIMIT;
use crate::tree::{closes, opens};
use crate::{Span, SyntaxError, SyntaxErrorKind};

/// A closing delimiter, and the opening one that it does not fit.
struct Mismatch {
    found: Delim,
    found_span: Span,
    unclosed: Span,
}

/// The groups that are open at a place.
#[derive(Default)]
struct Open {
    groups: Vec<(Delim, Span)>,
    /// How many of each delimiter, in the order of `Delim`.
    counts: [usize; 3],
}

impl Open {
    fn push(&mut self, delim: Delim, span: Span) {
        self.groups.push((delim, span));
        self.counts[delim as usize] += 1;
    }

    fn pop(&mut self) -> Option<(Delim, Span)> {
        let group = self.groups.pop()?;
        self.counts[group.0 as usize] -= 1;
        Some(group)
    }

    /// Closes the groups that the delimiter ends.
    fn close(&mut self, delim: Delim, span: Span, mismatches: &mut Vec<Mismatch>) {
        while let Some((opened, unclosed)) = self.pop() {
            if opened == delim {
                return;
            }
            if mismatches.len() < ERROR_LIMIT && mismatches.last().is_none_or(|last| last.found_span != span) {
                mismatches.push(Mismatch { found: delim, found_span: span, unclosed });
            }
            if self.counts[delim as usize] == 0 {
                return;
            }
        }
    }
}

/// The errors of tokens in a text that ends at `end`; none where every delimiter has its partner.
pub(crate) fn delimiter_errors(tokens: &[Token], end: u32) -> Vec<SyntaxError> {
    let mut open = Open::default();
    let mut mismatches: Vec<Mismatch> = Vec::new();
    for token in tokens {
        if let Some(delim) = opens(&token.kind) {
            open.push(delim, token.span);
        } else if let Some(delim) = closes(&token.kind) {
            if open.groups.is_empty() {
                return unexpected(token, mismatches);
            }
            open.close(delim, token.span, &mut mismatches);
        }
    }
    let mut errors: Vec<SyntaxError> = mismatches.iter().map(mismatched).collect();
    if !open.groups.is_empty() {
        let labels = open.groups.iter().take(5).map(|(_, span)| (*span, "never closed".into())).collect();
        let place = Span::new(end.saturating_sub(1), end);
        errors.push(error(place, "this file contains an unclosed delimiter".to_string(), labels));
    }
    errors
}

/// Nothing is open. What closed the wrong group before lacks an opening delimiter, too, unless it is a brace.
fn unexpected(token: &Token, mismatches: Vec<Mismatch>) -> Vec<SyntaxError> {
    let (braces, others): (Vec<Mismatch>, Vec<Mismatch>) =
        mismatches.into_iter().partition(|mismatch| mismatch.found == Delim::Brace);
    let mut labels: Vec<(Span, Box<str>)> = Vec::new();
    for Mismatch { found, found_span, unclosed } in others {
        let missing = text(&found.open());
        labels.push((found_span, format!("no `{missing}` was opened for this").into()));
        labels.push((unclosed, "the innermost one that is open here".into()));
    }
    let mut errors: Vec<SyntaxError> = braces.iter().map(mismatched).collect();
    errors.push(error(token.span, format!("unexpected closing delimiter: `{}`", text(&token.kind)), labels));
    errors
}

fn mismatched(mismatch: &Mismatch) -> SyntaxError {
    let message = format!("mismatched closing delimiter: `{}`", text(&mismatch.found.close()));
    error(mismatch.found_span, message, vec![(mismatch.unclosed, "not closed".into())])
}

fn error(span: Span, message: String, labels: Vec<(Span, Box<str>)>) -> SyntaxError {
    SyntaxError { span, code: None, kind: SyntaxErrorKind::Delimiter { message: message.into(), labels } }
}

fn text(tok: &Tok) -> &'static str {
    tok.fixed_text().unwrap_or_default()
}
