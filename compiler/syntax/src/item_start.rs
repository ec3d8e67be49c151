//! Where another item or statement begins, though the item before lacks its `;`.

use crate::ast::{Tok, Token};

/// Whether an item or `let` surely begins at `at`, behind a type, path or expression that could go on: by words that never follow a complete one.
pub(crate) fn begins_item(tokens: &[Token], at: usize) -> bool {
    let kind = |at: usize| tokens.get(at).map(|token| &token.kind);
    if !at.checked_sub(1).and_then(kind).is_some_and(ends_operand) {
        return false;
    }
    let is_name = |at| matches!(kind(at), Some(Tok::Ident(_) | Tok::RawIdent(_) | Tok::Underscore));
    match tokens[at].kind {
        Tok::Pub | Tok::Struct | Tok::Enum | Tok::Trait | Tok::Impl | Tok::Mod | Tok::Use | Tok::Let => true,
        Tok::Fn | Tok::Type => is_name(at + 1),
        Tok::Static => is_name(at + 1) || kind(at + 1) == Some(&Tok::Mut),
        Tok::Const => kind(at + 1) == Some(&Tok::Fn) || is_name(at + 1) && kind(at + 2) == Some(&Tok::Colon),
        Tok::Unsafe | Tok::Async => matches!(kind(at + 1), Some(Tok::Fn | Tok::Impl | Tok::Trait)),
        _ => false,
    }
}

/// Whether a type, path or expression can end with the token.
fn ends_operand(tok: &Tok) -> bool {
    matches!(
        tok,
        Tok::Ident(_)
            | Tok::RawIdent(_)
            | Tok::Lit(_)
            | Tok::Gt
            | Tok::Shr
            | Tok::RParen
            | Tok::RBracket
            | Tok::RBrace
            | Tok::Star
            | Tok::SelfType
    )
}
