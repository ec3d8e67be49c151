//! Patterns.

use super::{check_errors, check_expr};

fn check_pat(source: &str, expected: &str) {
    check_expr(&format!("match x {{ {source} => 1 }}"), &format!("match x {{{expected} => 1}}"));
}

#[test]
fn all_forms() {
    check_pat("_", "_");
    check_pat("a", "a");
    check_pat("mut a", "mut a");
    check_pat("ref a", "ref a");
    check_pat("ref mut a", "ref mut a");
    check_pat("a @ 1", "a @ 1");
    check_pat("mut a @ Some(_)", "mut a @ Some(_)");
    check_pat("ref a @ (1 | 2)", "ref a @ ((1 | 2))");
    check_pat("1", "1");
    check_pat("-1", "-1");
    check_pat("1.5", "1.5");
    check_pat("'a'", "'a'");
    check_pat("\"a\"", "\"a\"");
    check_pat("b\"a\"", "b[97]");
    check_pat("true", "true");
    check_pat("A::B", "path A::B");
    check_pat("<T as A>::B", "path <T as A>::B");
    check_pat("A::<B>::C", "path A<B>::C");
    check_pat("Some(a, ..)", "Some(a, ..)");
    check_pat("A::B()", "A::B()");
    check_pat("S { a, ref b, mut c, ref mut d, e: 1, .. }", "S {a, ref b, mut c, ref mut d, e: 1, ..}");
    check_pat("S {}", "S {}");
    check_pat("S { .. }", "S {..}");
    check_pat("S { 0: a, }", "S {0: a}");
    check_pat("Self::A { x: Some(y) }", "Self::A {x: Some(y)}");
    check_pat("&a", "&a");
    check_pat("&mut a", "&mut a");
    check_pat("&mut mut a", "&mut mut a");
    check_pat("&&a", "&&a");
    check_pat("&(mut a)", "&(mut a)");
    check_pat("()", "tuple()");
    check_pat("(a)", "(a)");
    check_pat("(a,)", "tuple(a)");
    check_pat("(a, .., b)", "tuple(a, .., b)");
    check_pat("(..)", "tuple(..)");
    check_pat("[]", "[]");
    check_pat("[a, rest @ .., b]", "[a, rest @ .., b]");
    check_pat("[.., a]", "[.., a]");
    check_pat("A | B | C", "(A | B | C)");
    check_pat("| A | B", "(A | B)");
    check_pat("(A | B, C | D)", "tuple((A | B), (C | D))");
    check_pat("Some(A | B)", "Some((A | B))");
}

#[test]
fn ranges() {
    check_pat("1..2", "(1..2)");
    check_pat("1..=2", "(1..=2)");
    check_pat("1..", "(1..)");
    check_pat("..2", "(..2)");
    check_pat("..=2", "(..=2)");
    check_pat("-1..=-2", "(-1..=-2)");
    check_pat("A..=B::C", "(A..=B::C)");
    check_pat("'a'..='z' | 'A'..='Z'", "(('a'..='z') | ('A'..='Z'))");
    check_pat("(1.., 2)", "tuple((1..), 2)");
    check_pat("[1.., ..]", "[(1..), ..]");
    check_pat("Some(1..)", "Some((1..))");
    check_pat("u8::MIN..=9", "(u8::MIN..=9)");
    check_pat("x @ 0..", "x @ (0..)");
}

#[test]
fn rules_of_patterns() {
    check_errors(
        "fn f() { match x { 1... => 1 } }",
        &["1 E0783 `...` range patterns are not allowed", "1 E0586 inclusive range with no end"],
    );
    check_errors("fn f() { match x { 1...2 => 1 } }", &["1 E0783 `...` range patterns are not allowed"]);
    check_errors("fn f() { match x { 1..= => 1 } }", &["1 E0586 inclusive range with no end"]);
    check_errors("fn f() { let (.., ..) = x; }", &["1 `..` can only be used once per tuple pattern"]);
    check_errors("fn f() { let [a @ .., ..] = x; }", &["1 `..` can only be used once per slice pattern"]);
    check_errors("fn f() { let (a @ ..) = x; }", &["1 `..` patterns are not allowed here"]);
    check_errors("fn f() { let .. = x; }", &["1 `..` patterns are not allowed here"]);
    check_errors("fn f() { let A | B = x; }", &["1 `let` bindings require top-level or-patterns in parentheses"]);
    check_errors("fn f(A | B: u8) {}", &["1 function parameters require top-level or-patterns in parentheses"]);
}
