//! Patterns.

use super::Validator;
use crate::ast::*;
use crate::refused::Refused;

impl Validator {
    /// A pattern where alternatives need parentheses.
    pub(super) fn top_pat(&mut self, pat: &Pat, message: &str) {
        if let PatKind::Or(_) = &pat.kind {
            self.error_with_help(pat.span, None, message, "wrap the pattern in parentheses");
        }
        self.pat(pat);
    }

    pub(super) fn pat(&mut self, pat: &Pat) {
        match &pat.kind {
            PatKind::Wild | PatKind::Error => {}
            PatKind::Ident { sub, .. } => {
                if let Some(sub) = sub {
                    self.pat(sub);
                }
            }
            PatKind::Lit(lit) => self.literal(&lit.lit, lit.span),
            PatKind::Range { lo, hi, .. } => {
                for end in [lo, hi].into_iter().flatten() {
                    match end.as_ref() {
                        RangeEnd::Lit(lit) => self.literal(&lit.lit, lit.span),
                        RangeEnd::Path(path) => self.qpath(path),
                    }
                }
            }
            PatKind::Ref { inner, .. } | PatKind::Paren(inner) => self.pat(inner),
            PatKind::Tuple(elems) => self.elems(elems, "tuple"),
            PatKind::TupleStruct { path, elems } => {
                self.qpath(path);
                self.elems(elems, "tuple struct");
            }
            PatKind::Struct { path, fields, .. } => {
                self.qpath(path);
                fields.iter().for_each(|field| self.pat(&field.pat));
            }
            PatKind::Path(path) => self.qpath(path),
            PatKind::Slice(elems) => self.elems(elems, "slice"),
            PatKind::Rest => {
                self.error(pat.span, None, "`..` patterns are not allowed here");
            }
            PatKind::Or(alternatives) => alternatives.iter().for_each(|pat| self.pat(pat)),
            PatKind::ConstBlock(block) => {
                self.refuse(pat.span, Refused::Nightly);
                self.block(block);
            }
            PatKind::Macro(call) => self.error(call.span, None, "a macro cannot stand for a pattern in rgo"),
        }
    }

    /// The parts of a tuple or slice: `..` may stand there once.
    fn elems(&mut self, elems: &[Pat], what: &str) {
        let mut rest_seen = false;
        for elem in elems {
            let rest = match &elem.kind {
                PatKind::Rest => true,
                PatKind::Ident { ident, sub: Some(sub), .. } if sub.kind == PatKind::Rest => {
                    if what != "slice" {
                        self.error(elem.span, None, format!("`{} @ ` is not allowed in a {what}", ident.name));
                    }
                    true
                }
                _ => false,
            };
            if rest && rest_seen {
                self.error(elem.span, None, format!("`..` can only be used once per {what} pattern"));
            }
            rest_seen |= rest;
            if !rest {
                self.pat(elem);
            }
        }
    }
}
