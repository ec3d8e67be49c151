//! Attributes, read from tokens by hand: their arguments are token trees, which no grammar needs to know.

use crate::Span;
use crate::ast::{Attr, AttrArgs, AttrKind, AttrStyle, Delim, Ident, Lit, Meta, Path, PathSegment, Tok, Token};
use crate::error::Loss;
use crate::layer::Lexeme;
use crate::tree::{closes, opens};
use crate::{SyntaxError, SyntaxErrorKind, expected};

/// The inner attribute or doc comment at `at`, and the index behind it.
pub(crate) fn inner_attr(tokens: &[Token], close: &[u32], at: usize) -> Option<(Attr, usize)> {
    match tokens.get(at..)? {
        [Token { kind: Tok::InnerDoc(text), span }, ..] => Some((doc(AttrStyle::Inner, text, *span), at + 1)),
        [Token { kind: Tok::Pound, span }, Token { kind: Tok::Bang, .. }, Token { kind: Tok::LBracket, .. }, ..] => {
            bracketed(AttrStyle::Inner, tokens, close, *span, at + 2)
        }
        _ => None,
    }
}

/// The outer attribute or doc comment at `at`, and the index behind it.
pub(crate) fn outer_attr(tokens: &[Token], close: &[u32], at: usize) -> Option<(Attr, usize)> {
    match tokens.get(at..)? {
        [Token { kind: Tok::OuterDoc(text), span }, ..] => Some((doc(AttrStyle::Outer, text, *span), at + 1)),
        [Token { kind: Tok::Pound, span }, Token { kind: Tok::LBracket, .. }, ..] => {
            bracketed(AttrStyle::Outer, tokens, close, *span, at + 1)
        }
        _ => None,
    }
}

fn doc(style: AttrStyle, text: &str, span: Span) -> Attr {
    Attr { style, kind: AttrKind::Doc(text.into()), span }
}

fn bracketed(style: AttrStyle, tokens: &[Token], close: &[u32], start: Span, open: usize) -> Option<(Attr, usize)> {
    let end = close[open] as usize;
    let inside = tokens.get(open + 1..end)?;
    let span = start.to(tokens.get(end)?.span);
    let (path, rest) = path(inside)?;
    Some((Attr { style, kind: AttrKind::Normal { path, args: args(rest)? }, span }, end + 1))
}

/// The path at the start of the tokens. `unsafe(no_mangle)` is a path `unsafe` with arguments.
fn path(tokens: &[Token]) -> Option<(Path, &[Token])> {
    let mut segments: Vec<PathSegment> = Vec::new();
    let mut at = 0;
    let global = matches!(tokens.first(), Some(Token { kind: Tok::ColonColon, .. }));
    at += usize::from(global);
    loop {
        let token = tokens.get(at)?;
        let ident = match &token.kind {
            Tok::Ident(name) | Tok::RawIdent(name) => Ident { name: *name, span: token.span },
            tok => Ident::new(tok.fixed_text().filter(|text| text.starts_with(char::is_alphabetic))?, token.span),
        };
        segments.push(PathSegment { ident, args: None });
        at += 1;
        match tokens.get(at) {
            Some(Token { kind: Tok::ColonColon, .. }) => at += 1,
            _ => break,
        }
    }
    let span = tokens[0].span.to(tokens[at - 1].span);
    Some((Path { global, segments, span }, &tokens[at..]))
}

fn args(tokens: &[Token]) -> Option<AttrArgs> {
    let Some((first, rest)) = tokens.split_first() else { return Some(AttrArgs::Empty) };
    let span = first.span.to(tokens.last()?.span);
    if first.kind == Tok::Eq {
        return (!rest.is_empty()).then(|| AttrArgs::Value { tokens: rest.to_vec(), span });
    }
    let delim = opens(&first.kind)?;
    let (last, inside) = rest.split_last()?;
    (last.kind == delim.close()).then(|| AttrArgs::List { delim, tokens: inside.to_vec(), span })
}

/// The usual reading of an attribute's arguments.
pub(crate) fn metas(attr: &Attr) -> Option<Vec<Meta>> {
    let AttrKind::Normal { path, args } = &attr.kind else { return None };
    match args {
        AttrArgs::Empty => Some(Vec::new()),
        AttrArgs::List { delim: Delim::Paren, tokens, .. } => meta_list(tokens).ok(),
        AttrArgs::List { .. } => None,
        AttrArgs::Value { tokens, .. } => match literal(tokens)? {
            (lit, []) => Some(vec![Meta::NameValue { path: path.clone(), lit, span: attr.span }]),
            _ => None,
        },
    }
}

/// What is wrong with the arguments of an attribute whose form is that of `derive` or of the levels of lints: a list of names.
pub(crate) fn name_list_error(attr: &Attr) -> Option<SyntaxError> {
    const LISTS: [&str; 6] = ["derive", "allow", "warn", "deny", "forbid", "expect"];
    let AttrKind::Normal { path, args } = &attr.kind else { return None };
    let name = path.as_name().filter(|name| LISTS.contains(&name.as_str()))?;
    match args {
        AttrArgs::List { delim: Delim::Paren, tokens, span } => {
            let unfit = meta_list(tokens).err()?;
            let (span, found) = match unfit.found {
                Some(token) => (token.span, expected::found(Some(&Lexeme::Tok(token.kind)))),
                None => (span.last(), "`)`".to_string()),
            };
            let kind =
                SyntaxErrorKind::Expected { expected: unfit.expected.into(), found: found.into(), loss: Loss::Part };
            Some(SyntaxError { span, code: None, kind })
        }
        AttrArgs::Empty if name != "derive" => None,
        _ => {
            let message = format!("malformed `{name}` attribute input");
            let help = Some(format!("write `#[{name}(…)]`").into());
            Some(SyntaxError {
                span: attr.span,
                code: None,
                kind: SyntaxErrorKind::Rule { message: message.into(), help },
            })
        }
    }
}

/// The place where arguments are not of the usual form.
pub(crate) struct Unfit {
    expected: &'static str,
    /// `None` at the end.
    found: Option<Token>,
}

fn unfit<T>(expected: &'static str, tokens: &[Token]) -> Result<T, Unfit> {
    Err(Unfit { expected, found: tokens.first().cloned() })
}

fn literal(tokens: &[Token]) -> Option<(Lit, &[Token])> {
    match tokens {
        [Token { kind: Tok::Lit(lit), .. }, rest @ ..] => Some((lit.clone(), rest)),
        _ => None,
    }
}

fn meta_list(mut tokens: &[Token]) -> Result<Vec<Meta>, Unfit> {
    let mut metas = Vec::new();
    while !tokens.is_empty() {
        let (meta, rest) = meta(tokens)?;
        metas.push(meta);
        tokens = match rest {
            [] => rest,
            [Token { kind: Tok::Comma, .. }, rest @ ..] => rest,
            _ => return unfit("`,`, `(`, `::` or `=`", rest),
        };
    }
    Ok(metas)
}

fn meta(tokens: &[Token]) -> Result<(Meta, &[Token]), Unfit> {
    let Some(Token { span: first, .. }) = tokens.first() else { return unfit("a name", tokens) };
    if let Some((lit, rest)) = literal(tokens) {
        return Ok((Meta::Lit { lit, span: *first }, rest));
    }
    let Some((path, rest)) = path(tokens) else {
        let behind = tokens.iter().position(|token| !is_path_part(&token.kind)).unwrap_or(tokens.len());
        return unfit("a name", &tokens[behind..]);
    };
    match rest {
        [Token { kind: Tok::Eq, .. }, rest @ ..] => {
            let Some((lit, behind)) = literal(rest) else { return unfit("a literal", rest) };
            Ok((Meta::NameValue { span: first.to(rest[0].span), path, lit }, behind))
        }
        [Token { kind: Tok::LParen, .. }, rest @ ..] => {
            let Some(end) = group_end(rest) else { return unfit("`)`", &[]) };
            let metas = meta_list(&rest[..end])?;
            Ok((Meta::List { span: first.to(rest[end].span), path, metas }, &rest[end + 1..]))
        }
        _ => Ok((Meta::Path(path), rest)),
    }
}

fn is_path_part(tok: &Tok) -> bool {
    matches!(tok, Tok::ColonColon | Tok::Ident(_) | Tok::RawIdent(_))
}

/// The index of the token that closes a group whose opening token has been taken off.
fn group_end(tokens: &[Token]) -> Option<usize> {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        if opens(&token.kind).is_some() {
            depth += 1;
        } else if closes(&token.kind).is_some() {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}
