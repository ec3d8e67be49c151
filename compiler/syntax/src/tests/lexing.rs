//! Tokens and comments.

use super::check_errors;
use crate::ast::{Lit, Tok};
use crate::lexer::lex;
use crate::{CommentKind, Name, comments};

fn check(source: &str, expected: &[Tok]) {
    let lexed = lex(source);
    let found: Vec<Tok> = lexed.tokens.into_iter().map(|token| token.kind).collect();
    assert_eq!(found, expected, "{source}");
    assert!(lexed.errors.is_empty(), "{source}: {:?}", lexed.errors);
}

fn lit(source: &str, expected: Lit) {
    check(source, &[Tok::Lit(expected)]);
}

fn ident(text: &str) -> Tok {
    Tok::Ident(Name::new(text))
}

fn int(value: u128) -> Tok {
    Tok::Lit(Lit::Int { value, suffix: None })
}

fn float(text: &str) -> Tok {
    Tok::Lit(Lit::Float { text: text.into(), suffix: None })
}

#[test]
fn identifiers() {
    check(
        "a _a é 变量 r#type r#a",
        &[
            ident("a"),
            ident("_a"),
            ident("é"),
            ident("变量"),
            Tok::RawIdent(Name::new("type")),
            Tok::RawIdent(Name::new("a")),
        ],
    );
    check("fn Self self _", &[Tok::Fn, Tok::SelfType, Tok::SelfValue, Tok::Underscore]);
    check("union auto default import", &[ident("union"), ident("auto"), ident("default"), ident("import")]);
}

#[test]
fn numbers() {
    lit("1_000", Lit::Int { value: 1000, suffix: None });
    lit("0xFF_u8", Lit::Int { value: 255, suffix: Some(Name::new("u8")) });
    lit("0b1010", Lit::Int { value: 10, suffix: None });
    lit("0o17", Lit::Int { value: 15, suffix: None });
    lit("340282366920938463463374607431768211455", Lit::Int { value: u128::MAX, suffix: None });
    lit("1.5e-3", Lit::Float { text: "1.5e-3".into(), suffix: None });
    lit("1e10_f64", Lit::Float { text: "1e10".into(), suffix: Some(Name::new("f64")) });
    lit("1f32", Lit::Float { text: "1".into(), suffix: Some(Name::new("f32")) });
    lit("2.", Lit::Float { text: "2.".into(), suffix: None });
    lit("0xe", Lit::Int { value: 14, suffix: None });
    check("1..2", &[int(1), Tok::DotDot, int(2)]);
    check("1.foo", &[int(1), Tok::Dot, ident("foo")]);
    check("1.0.foo", &[float("1.0"), Tok::Dot, ident("foo")]);
    check("x.0.1", &[ident("x"), Tok::Dot, Tok::Index(Name::new("0")), Tok::Dot, Tok::Index(Name::new("1"))]);
    check("1.max(2.)", &[int(1), Tok::Dot, ident("max"), Tok::LParen, float("2."), Tok::RParen]);
}

#[test]
fn characters_and_lifetimes() {
    lit("'a'", Lit::Char('a'));
    lit("'\\n'", Lit::Char('\n'));
    lit("'\\''", Lit::Char('\''));
    lit("'\"'", Lit::Char('"'));
    lit("'\\u{1F600}'", Lit::Char('😀'));
    lit("'●'", Lit::Char('●'));
    lit("'1'", Lit::Char('1'));
    lit("'_'", Lit::Char('_'));
    lit("b'a'", Lit::Byte(b'a'));
    lit("b'\\xFF'", Lit::Byte(255));
    check(
        "'a 'static '_",
        &[Tok::Lifetime(Name::new("a")), Tok::Lifetime(Name::new("static")), Tok::Lifetime(Name::new("_"))],
    );
    check("&'a T", &[Tok::And, Tok::Lifetime(Name::new("a")), ident("T")]);
    check("'r#a", &[Tok::Lifetime(Name::new("a"))]);
}

#[test]
fn strings() {
    lit("\"a\\n\\\"b\\\"\\x41\\u{e9}\"", Lit::Str("a\n\"b\"Aé".into()));
    lit("\"a\\\n   b\"", Lit::Str("ab".into()));
    lit("\"a\nb\"", Lit::Str("a\nb".into()));
    lit("r\"a\\n\"", Lit::Str("a\\n".into()));
    lit("r##\"a\"#b\"##", Lit::Str("a\"#b".into()));
    lit("b\"a\\xFF\"", Lit::ByteStr(vec![b'a', 255].into()));
    lit("br#\"a\"\"#", Lit::ByteStr(vec![b'a', b'"'].into()));
    lit("c\"a\"", Lit::CStr(vec![b'a'].into()));
    lit("\"a\r\nb\"", Lit::Str("a\nb".into()));
}

#[test]
fn punctuation() {
    check(
        "a<<=b>>=c..=d...e->f=>g",
        &[
            ident("a"),
            Tok::ShlEq,
            ident("b"),
            Tok::ShrEq,
            ident("c"),
            Tok::DotDotEq,
            ident("d"),
            Tok::DotDotDot,
            ident("e"),
            Tok::Arrow,
            ident("f"),
            Tok::FatArrow,
            ident("g"),
        ],
    );
    check("&&||!=", &[Tok::AndAnd, Tok::OrOr, Tok::Ne]);
}

#[test]
fn comments_and_docs() {
    check("a // b\n/* c /* d */ e */ f", &[ident("a"), ident("f")]);
    check(
        "/// a\n//! b\n//// c\n/** d */ /*! e */ /*** f */ /**/",
        &[
            Tok::OuterDoc(" a".into()),
            Tok::InnerDoc(" b".into()),
            Tok::OuterDoc(" d ".into()),
            Tok::InnerDoc(" e ".into()),
        ],
    );
    let found: Vec<_> = comments("// a\nb /* c */ // d\n/// e\n")
        .into_iter()
        .map(|c| (c.kind, c.text.to_string(), c.own_line))
        .collect();
    let expected = [
        (CommentKind::Line, " a", true),
        (CommentKind::Block, " c ", false),
        (CommentKind::Line, " d", false),
        (CommentKind::OuterDoc, " e", true),
    ];
    assert_eq!(found, expected.map(|(kind, text, own_line)| (kind, text.to_string(), own_line)));
    assert!(comments("\"// a\" '\"' r\"/*\"").is_empty());
}

#[test]
fn prologue() {
    check("\u{feff}a", &[ident("a")]);
    check("#!/usr/bin/env rgo\na", &[ident("a")]);
    check("#![a]", &[Tok::Pound, Tok::Bang, Tok::LBracket, ident("a"), Tok::RBracket]);
}

#[test]
fn errors_in_numbers() {
    check_errors(
        "fn f() {\n0b0102;\n0o1279;\n0x80.0;\n0b;\n0b_;\n2e;\n2.0em;\n1u9;\n1.5u8;\n340282366920938463463374607431768211456;\n}",
        &[
            "2 invalid digit `2` for a base 2 literal",
            "3 invalid digit `9` for a base 8 literal",
            "4 hexadecimal float literal is not supported",
            "5 E0768 no valid digits found for number",
            "6 E0768 no valid digits found for number",
            "7 expected at least one digit in exponent",
            "8 expected at least one digit in exponent",
            "9 invalid suffix `u9` for number literal",
            "10 invalid suffix `u8` for float literal",
            "11 integer literal is too large",
        ],
    );
    check_errors("fn f() { a.0usize; }", &["1 suffixes on a tuple index are invalid"]);
}

#[test]
fn errors_in_text() {
    check_errors(
        "fn f() {\n'ab';\n'';\n\"\\q\";\nb'é';\n'\\u{D800}';\n\"\\xFF\";\n}",
        &[
            "2 character literal may only contain one codepoint",
            "3 empty character literal",
            "4 unknown character escape: `q`",
            "5 non-ASCII character in byte literal",
            "6 invalid unicode character escape",
            "7 out of range hex escape",
        ],
    );
    check_errors("fn f() { a ` b }", &["1 unknown start of token: `", "1 expected `;`, `}` or an operator, found `b`"]);
}

#[test]
fn what_never_ends() {
    check_errors("fn f() {\nlet s = \"; // a\n}\n", &["2 E0765 unterminated double quote string"]);
    check_errors("fn f() {\nlet s = b\";\n}\n", &["2 E0766 unterminated double quote byte string"]);
    check_errors("fn f() {\nlet s = r##\"a\"#;\n}\n", &["2 E0748 unterminated raw string"]);
    check_errors("fn f() {\nlet s = '●; // a\n}\n", &["2 E0762 unterminated character literal"]);
    check_errors("fn f() {\nlet s = b'a;\n}\n", &["2 E0763 unterminated byte constant"]);
    check_errors("fn f() {\n/* a\n}\n", &["2 E0758 unterminated block comment"]);
    check_errors("fn f() {\n/*! a\n}\n", &["2 E0758 unterminated block doc-comment"]);
}
