//! What was expected, in the words of the language: from the grammar's terminals to "an expression".

use crate::ast::{Lit, Tok};
use crate::error::Loss;
use crate::layer::Lexeme;
use crate::{Span, SyntaxError, SyntaxErrorKind};

/// The error for a lexeme that does not fit.
pub(crate) fn error(span: Span, wanted: &[String], found: Option<&Lexeme>, loss: Loss) -> SyntaxError {
    if let Some(error) = doc_comment_error(span, found) {
        return error;
    }
    let expected = words(wanted);
    SyntaxError {
        span,
        code: None,
        kind: SyntaxErrorKind::Expected { expected: expected.into(), found: self::found(found).into(), loss },
    }
}

/// A doc comment that documents nothing.
fn doc_comment_error(span: Span, found: Option<&Lexeme>) -> Option<SyntaxError> {
    use crate::ast::AttrKind;
    let rule = |span, code, message: &str| {
        Some(SyntaxError { span, code, kind: SyntaxErrorKind::Rule { message: message.into(), help: None } })
    };
    match found {
        Some(Lexeme::InnerAttr(attr)) if matches!(attr.kind, AttrKind::Doc(_)) => {
            rule(attr.span, Some("E0753"), "expected outer doc comment")
        }
        Some(Lexeme::InnerAttr(attr)) => rule(attr.span, None, "an inner attribute is not permitted in this context"),
        Some(Lexeme::OuterAttr(attr)) if matches!(attr.kind, AttrKind::Doc(_)) => {
            rule(span, None, "a documentation comment cannot stand here")
        }
        _ => None,
    }
}

fn words(wanted: &[String]) -> String {
    let has = |text: &str| wanted.iter().any(|word| word.trim_matches('"') == text);
    let mut list: Vec<String> = Vec::new();
    let expression = has("match") && has("literal");
    let types = !expression && has("dyn") && has("&");
    let pattern = !expression && !types && has("ref") && has("_");
    let item = has("struct") && has("enum");
    if expression && has("let") && item {
        list.push("a statement".to_string());
    } else if expression {
        list.push("an expression".to_string());
    } else if item {
        list.push("an item".to_string());
    }
    if types {
        list.push("a type".to_string());
    }
    if pattern {
        list.push("a pattern".to_string());
    }
    if list.is_empty() && has("identifier") {
        list.push("an identifier".to_string());
    }
    let operator = !expression && has("+") && has("*") && has("==");
    let punctuation =
        [";", ",", ")", "]", "}", "=>", "=", ":", "{", "->", "in", "for", "else", "(", "fn", "group", ">g", "{b", "|"];
    for token in punctuation {
        let redundant = (expression || types || pattern)
            && matches!(token, "(" | "{" | "for" | "fn" | ":" | "|" | "=" | "->")
            || has(",") && token == "("
            || operator && matches!(token, "(" | "|" | "=")
            || item && matches!(token, "fn" | "{" | "(");
        if has(token) && !redundant {
            list.push(terminal(token).to_string());
        }
    }
    if operator {
        list.push("an operator".to_string());
    }
    list.dedup();
    list.truncate(4);
    match list.as_slice() {
        [] => "something else".to_string(),
        [one] => one.clone(),
        [init @ .., last] => format!("{} or {last}", init.join(", ")),
    }
}

fn terminal(token: &str) -> &str {
    match token {
        ">g" => "`>`",
        "{b" | "{" => "`{`",
        "group" => "the arguments of a macro",
        ";" => "`;`",
        "," => "`,`",
        ")" => "`)`",
        "]" => "`]`",
        "}" => "`}`",
        "=>" => "`=>`",
        "=" => "`=`",
        ":" => "`:`",
        "->" => "`->`",
        "in" => "`in`",
        "for" => "`for`",
        "else" => "`else`",
        "(" => "`(`",
        "fn" => "`fn`",
        "|" => "`|`",
        other => other,
    }
}

/// What is found where an item ends.
pub(crate) const END_OF_ITEM: &str = "the end of the item";

/// What stands there.
pub(crate) fn found(lexeme: Option<&Lexeme>) -> String {
    let Some(lexeme) = lexeme else { return END_OF_ITEM.to_string() };
    match lexeme {
        Lexeme::Tok(tok) => found_token(tok),
        Lexeme::AngleOpen => "`<`".to_string(),
        Lexeme::AngleClose => "`>`".to_string(),
        Lexeme::BodyOpen | Lexeme::StructOpen => "`{`".to_string(),
        Lexeme::LetElse => "keyword `else`".to_string(),
        Lexeme::StmtEnd | Lexeme::ArmEnd | Lexeme::Broken | Lexeme::Start(_) => "the end of an expression".to_string(),
        Lexeme::ItemStart => "an item".to_string(),
        Lexeme::Group(group) => format!("`{}`", group.delim.open().fixed_text().unwrap_or_default()),
        Lexeme::OuterAttr(_) | Lexeme::InnerAttr(_) => "an attribute".to_string(),
        Lexeme::VisOpen => "`(`".to_string(),
        Lexeme::ClosureFor => "keyword `for`".to_string(),
        Lexeme::CondLet => "keyword `let`".to_string(),
        Lexeme::ImplGeneric => "keyword `impl`".to_string(),
        Lexeme::MacroRules => "`macro_rules`".to_string(),
        Lexeme::Union => "`union`".to_string(),
        Lexeme::Auto => "`auto`".to_string(),
        Lexeme::Default => "`default`".to_string(),
        Lexeme::Safe => "`safe`".to_string(),
        Lexeme::Import => "`import`".to_string(),
        Lexeme::Raw => "`raw`".to_string(),
    }
}

fn found_token(tok: &Tok) -> String {
    match tok {
        Tok::Ident(name) | Tok::RawIdent(name) | Tok::Index(name) => format!("`{name}`"),
        Tok::Lifetime(name) => format!("`'{name}`"),
        Tok::Lit(Lit::Bool(value)) => format!("keyword `{value}`"),
        Tok::Lit(Lit::Int { value, .. }) => format!("`{value}`"),
        Tok::Lit(Lit::Float { text, .. }) => format!("`{text}`"),
        Tok::Lit(Lit::Char(_) | Lit::Byte(_)) => "a character".to_string(),
        Tok::Lit(Lit::Str(_) | Lit::ByteStr(_) | Lit::CStr(_)) => "a string".to_string(),
        Tok::BadLit => "a literal".to_string(),
        Tok::OuterDoc(_) | Tok::InnerDoc(_) => "a doc comment".to_string(),
        Tok::Abstract
        | Tok::Become
        | Tok::BoxKw
        | Tok::Do
        | Tok::Final
        | Tok::Gen
        | Tok::Override
        | Tok::Priv
        | Tok::Try
        | Tok::Typeof
        | Tok::Unsized
        | Tok::Virtual
        | Tok::Yield => {
            format!("reserved keyword `{}`", tok.fixed_text().unwrap_or_default())
        }
        tok => {
            let text = tok.fixed_text().unwrap_or_default();
            if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
                format!("keyword `{text}`")
            } else {
                format!("`{text}`")
            }
        }
    }
}
