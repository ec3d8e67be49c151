//! Statements and blocks.

use super::{check_block, check_errors};

#[test]
fn lets() {
    check_block("let x;", "let x;");
    check_block("let x: u8;", "let x: u8;");
    check_block("let (mut a, b): (u8, u8) = (1, 2);", "let tuple(mut a, b): tuple(u8, u8) = tuple(1, 2);");
    check_block("let Some(x) = y else { return };", "let Some(x) = y else {return};");
    check_block("let x = if a { b } else { c };", "let x = if a {b} else {c};");
    check_block("let x: Vec<Vec<u8>>= a;", "let x: Vec<Vec<u8>> = a;");
    check_block("let x: [u8; 3] = a;", "let x: [u8; 3] = a;");
    check_block("let x = |y: u8| -> u8 { y };", "let x = (|y: u8| -> u8 {y});");
    check_block(
        "let Some(x) = y.map(|z| if z { 1 } else { 2 }) else { return };",
        "let Some(x) = y.map((|z| if z {1} else {2})) else {return};",
    );
    check_block("let x = match y { _ => 1 };", "let x = match y {_ => 1};");
    check_block("let Point { x, y } = p;", "let Point {x, y} = p;");
    check_block("let &[a, b] = c;", "let &[a, b] = c;");
}

#[test]
fn block_like_statements_end_at_their_brace() {
    check_block("if a {} -1", "if a {}# (-1)");
    check_block("if a {} else {} (b)", "if a {} else {}# paren(b)");
    check_block("match a {} [b]", "match a {}# [b]");
    check_block("{} *a = b;", "{}# ((*a) = b);");
    check_block("loop {} &a", "loop {}# (&a)");
    check_block("for a in b {} c", "for a in b {}# c");
    check_block("while a {} b", "while a {}# b");
    check_block("{ a }.b()", "{a}.b()");
    check_block("if a { b } else { c }.d();", "if a {b} else {c}.d();");
    check_block("match a {}?;", "match a {}?;");
    check_block("if a {}", "if a {}");
    check_block("if a {};", "if a {};");
    check_block("'a: loop {} b", "'a: loop {}# b");
    check_block("{ 1 } { 2 }", "{1}# {2}");
    check_block("const { 1 } 2", "const {1}# 2");
    check_block("let x = { 1 } - 2;", "let x = ({1} - 2);");
    check_block("x = if a { 1 } else { 2 } + 3;", "(x = (if a {1} else {2} + 3));");
    check_block("if a { 1 } else { 2 } || b", "if a {1} else {2}# (|| b)");
    check_block("return if a { 1 } else { 2 };", "return if a {1} else {2};");
}

#[test]
fn semicolons_and_tails() {
    check_block("a; b", "a; b");
    check_block("a; b;", "a; b;");
    check_block(";;", "; ;");
    check_block("S { a: 1 };", "S {a: 1};");
    check_block("a::b!{}", "a::b!{0}");
    check_block("#[allow(x)] let a = 1; #[b] c", "let a = 1; c");
}

#[test]
fn items_in_blocks() {
    check_block("fn f() {} f()", "fn f() {} call f()");
    check_block("struct S; S", "struct S S");
    check_block("const A: u8 = 1; A", "const A: u8 = 1; A");
    check_block("use a::b; b", "use a::b; b");
    check_block("#[derive(Debug)] struct S { a: u8 } impl S {}", "#[derive(1)] struct S {a: u8} impl S {}");
    check_block("const fn f() {}", "const fn f() {}");
    check_block("union(a); auto = default; safe + 1", "call union(a); (auto = default); (safe + 1)");
    check_block("import(\"a\"); raw & x", "call import(\"a\"); (raw & x)");
    check_block("static A: u8 = 1; move || A", "static A: u8 = 1; (move || A)");
    check_block("pub enum E { A }", "pub enum E {A}");
    check_block("type A = u8; trait T {} mod m {}", "type A = u8; trait T {} mod m {}");
}

#[test]
fn rules_of_let_else() {
    check_errors(
        "fn f() { let a = { b } else { return }; }",
        &["1 right curly brace `}` before `else` in a `let...else` statement not allowed"],
    );
    check_errors(
        "fn f() { let a = b && c else { return }; }",
        &["1 a `&&` expression cannot be directly assigned in `let...else`"],
    );
}

#[test]
fn let_only_in_conditions() {
    check_errors("fn f() { let a = (let b = c); }", &["1 expected expression, found `let` statement"]);
    check_errors("fn f() { if a || let b = c {} }", &["1 expected expression, found `let` statement"]);
    check_errors("fn f() { if (let a = b) {} }", &["1 expected expression, found `let` statement"]);
}

#[test]
fn underscore_only_on_the_left() {
    check_errors(
        "fn f() { let a = _; }",
        &["1 in expressions, `_` can only be used on the left-hand side of an assignment"],
    );
    check_errors(
        "fn f() { f(_); }",
        &["1 in expressions, `_` can only be used on the left-hand side of an assignment"],
    );
    check_errors("fn f() { (_, a) = b; [0; _]; }", &[]);
}
