//! Conditional compilation: what `cfg` predicates say.
//!
//! rgo compiles for a 64-bit target of the Unix kind, with debug assertions; `test` holds where the workspace says so (not yet: never).

use rgo_syntax::ast::{Attr, AttrArgs, AttrKind, Lit, Meta, Tok, Token};

/// Whether all `#[cfg(…)]` among these attributes hold.
pub fn enabled(attrs: &[Attr]) -> bool {
    attrs.iter().filter(|attr| attr.is("cfg")).all(|attr| match rgo_syntax::metas(attr) {
        Some(metas) => metas.iter().all(eval_meta),
        None => match &attr.kind {
            AttrKind::Normal { args: AttrArgs::List { tokens, .. }, .. } => eval_tokens(tokens),
            _ => true,
        },
    })
}

fn eval_meta(meta: &Meta) -> bool {
    let name = |path: &rgo_syntax::ast::Path| path.as_name().map_or("", |name| name.as_str());
    match meta {
        Meta::Path(path) => eval_name(name(path)),
        Meta::NameValue { path, lit: Lit::Str(value), .. } => eval_value(name(path), value),
        Meta::NameValue { .. } => false,
        Meta::List { path, metas, .. } => match name(path) {
            "not" => !metas.iter().any(eval_meta),
            "any" => metas.iter().any(eval_meta),
            "all" => metas.iter().all(eval_meta),
            _ => false,
        },
        Meta::Lit { lit: Lit::Bool(value), .. } => *value,
        Meta::Lit { .. } => false,
    }
}

fn eval_name(name: &str) -> bool {
    matches!(name, "unix" | "debug_assertions" | "panic_unwind")
}

fn eval_value(name: &str, value: &str) -> bool {
    matches!(
        (name, value),
        ("target_pointer_width", "64")
            | ("target_endian", "little")
            | ("target_os", "linux")
            | ("target_family", "unix")
            | ("target_arch", "x86_64")
            | ("panic", "unwind")
            | ("target_has_atomic", "8" | "16" | "32" | "64" | "ptr")
    )
}

/// A predicate from tokens, as `cfg!(…)` holds it.
pub fn eval_tokens(tokens: &[Token]) -> bool {
    let mut parser = Predicates { tokens, at: 0 };
    parser.predicate()
}

struct Predicates<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Predicates<'_> {
    fn next(&mut self) -> Option<&Tok> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some(&token.kind)
    }

    fn eat(&mut self, kind: &Tok) -> bool {
        let found = self.tokens.get(self.at).is_some_and(|token| token.kind == *kind);
        self.at += usize::from(found);
        found
    }

    fn predicate(&mut self) -> bool {
        let name = match self.next() {
            Some(Tok::Ident(name)) => *name,
            Some(Tok::Lit(Lit::Bool(value))) => return *value,
            _ => return false,
        };
        if self.eat(&Tok::Eq) {
            return match self.next() {
                Some(Tok::Lit(Lit::Str(value))) => eval_value(name.as_str(), &value.clone()),
                _ => false,
            };
        }
        if !self.eat(&Tok::LParen) {
            return eval_name(name.as_str());
        }
        let mut values = Vec::new();
        while !self.eat(&Tok::RParen) && self.at < self.tokens.len() {
            values.push(self.predicate());
            self.eat(&Tok::Comma);
        }
        match name.as_str() {
            "not" => !values.contains(&true),
            "any" => values.contains(&true),
            "all" => !values.contains(&false),
            _ => false,
        }
    }
}
