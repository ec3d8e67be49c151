//! Delimiters: matches them, mends what does not match, and bounds how deep things nest.
//!
//! Invariant of the result: every opening token has its closing token, so that all later passes may skip groups without looking inside.

use crate::ast::{Delim, Tok, Token};
use crate::delimiters::delimiter_errors;
use crate::parse::{CHAIN_LIMIT, NESTING_LIMIT};
use crate::{Span, SyntaxError, SyntaxErrorKind};

/// Tokens whose delimiters match.
pub(crate) struct Trees {
    pub tokens: Vec<Token>,
    /// For an opening token the index of its closing one; 0 for all others.
    pub close: Vec<u32>,
    pub errors: Vec<SyntaxError>,
    /// Where something was mended: grammar errors in there are consequences.
    pub mended: Vec<Span>,
    /// Nesting is beyond what later passes can walk.
    pub too_deep: bool,
}

pub(crate) fn opens(tok: &Tok) -> Option<Delim> {
    match tok {
        Tok::LParen => Some(Delim::Paren),
        Tok::LBracket => Some(Delim::Bracket),
        Tok::LBrace => Some(Delim::Brace),
        _ => None,
    }
}

pub(crate) fn closes(tok: &Tok) -> Option<Delim> {
    match tok {
        Tok::RParen => Some(Delim::Paren),
        Tok::RBracket => Some(Delim::Bracket),
        Tok::RBrace => Some(Delim::Brace),
        _ => None,
    }
}

/// Trees of tokens that come from a text that ends at `text_end`.
pub(crate) fn match_delimiters(tokens: Vec<Token>, text_end: u32) -> Trees {
    let mut trees = Trees {
        close: Vec::with_capacity(tokens.len()),
        tokens: Vec::with_capacity(tokens.len()),
        errors: delimiter_errors(&tokens, text_end),
        mended: Vec::new(),
        too_deep: false,
    };
    let mut open: Vec<(Delim, usize)> = Vec::new();
    for token in tokens {
        if let Some(delim) = opens(&token.kind) {
            open.push((delim, trees.tokens.len()));
        } else if let Some(delim) = closes(&token.kind) {
            if !open.iter().rev().take(NESTING_LIMIT).any(|(opened, _)| *opened == delim) {
                trees.mended.push(token.span);
                continue;
            }
            while let Some((opened, at)) = open.pop() {
                if opened == delim {
                    trees.close[at] = trees.tokens.len() as u32;
                    break;
                }
                trees.mend(opened, at, token.span.first());
            }
        }
        trees.push(token);
    }
    let end = trees.tokens.last().map_or(Span::at(0), |token| token.span.last());
    while let Some((opened, at)) = open.pop() {
        trees.mend(opened, at, end);
    }
    trees.check_depth();
    trees
}

impl Trees {
    fn push(&mut self, token: Token) {
        self.tokens.push(token);
        self.close.push(0);
    }

    /// Closes the group opened at `at` in front of `place`.
    fn mend(&mut self, opened: Delim, at: usize, place: Span) {
        self.close[at] = self.tokens.len() as u32;
        self.mended.push(self.tokens[at].span.to(place));
        self.push(Token { kind: opened.close(), span: place });
    }

    /// The depth of a tree is bounded by its delimiters and by the operators, prefixes, method calls and `else`s that follow each other in one
    /// piece between separators. Both are counted here, before anything recursive or any tree that is dropped recursively exists.
    fn check_depth(&mut self) {
        let mut outer: Vec<usize> = Vec::new();
        let mut run = 0;
        let mut deepest: Option<Span> = None;
        for (at, token) in self.tokens.iter().enumerate() {
            if opens(&token.kind).is_some() {
                run += 1;
                outer.push(run);
                if outer.len() > NESTING_LIMIT && deepest.is_none() {
                    deepest = Some(token.span);
                }
            } else if closes(&token.kind).is_some() {
                run = outer.pop().unwrap_or(0);
                let next = self.tokens.get(at + 1).map(|next| &next.kind);
                if token.kind == Tok::RBrace && !next.is_some_and(continues) {
                    run = outer.last().copied().unwrap_or(0);
                }
            } else {
                match weight(&token.kind) {
                    Some(weight) => run += weight,
                    None => run = outer.last().copied().unwrap_or(0),
                }
            }
            if run > CHAIN_LIMIT && deepest.is_none() {
                deepest = Some(token.span);
            }
        }
        if let Some(span) = deepest {
            self.too_deep = true;
            self.errors.push(SyntaxError { span, code: None, kind: SyntaxErrorKind::TooDeep });
        }
    }
}

/// Whether a token behind `}` surely continues the expression.
fn continues(tok: &Tok) -> bool {
    matches!(
        tok,
        Tok::Else
            | Tok::Dot
            | Tok::Question
            | Tok::Plus
            | Tok::Slash
            | Tok::Percent
            | Tok::Caret
            | Tok::EqEq
            | Tok::Ne
            | Tok::AndAnd
            | Tok::Le
            | Tok::Ge
            | Tok::Gt
    )
}

/// How much deeper a tree may become by this token; None for a token that separates.
fn weight(tok: &Tok) -> Option<usize> {
    match tok {
        Tok::Semi | Tok::Comma | Tok::FatArrow | Tok::Pound => None,
        Tok::If | Tok::Match | Tok::While | Tok::For => Some(4),
        Tok::Ident(_)
        | Tok::RawIdent(_)
        | Tok::Lit(_)
        | Tok::Index(_)
        | Tok::BadLit
        | Tok::OuterDoc(_)
        | Tok::InnerDoc(_) => Some(0),
        Tok::Lifetime(_)
        | Tok::ColonColon
        | Tok::Colon
        | Tok::Gt
        | Tok::Let
        | Tok::Mut
        | Tok::In
        | Tok::SelfValue
        | Tok::SelfType => Some(0),
        _ => Some(1),
    }
}
