//! What is reported, where, and how the parser goes on.

use super::{check_errors, dump};
use crate::{SyntaxErrorKind, parse_item};

#[test]
fn a_missing_semicolon_is_reported_where_the_line_ends() {
    check_errors("fn f() {\n    let x = 5\n    let y = 6;\n}", &["2 expected `;`, found keyword `let`"]);
    check_errors("fn f() {\n    let x = 5\n}", &["2 expected `;`, found `}`"]);
    check_errors("fn f() {\n    a()\n    b()\n}", &["2 expected `;`, found `b`"]);
    let tree = dump::item(&parse_item("fn f() {\n let x = 5\n let y = 6;\n}").value);
    assert_eq!(tree, "fn f() {let x = 5; let y = 6;}");
}

#[test]
fn a_missing_comma() {
    check_errors("fn f() { match x {\n 1 => 2\n 3 => 4\n } }", &["2 expected `,` following `match` arm"]);
    check_errors("struct S {\n a: u8\n b: u8,\n}", &["2 expected `,` or `}`, found `b`"]);
    check_errors("fn f() { g(1 2) }", &["1 expected `,`, `)` or an operator, found `2`"]);
    check_errors("fn f() { [1, 2 3] }", &["1 expected `,`, `]` or an operator, found `3`"]);
}

#[test]
fn an_item_without_its_semicolon_ends_before_the_next() {
    let file = crate::cut_items(
        "mod m {\n    use super::*\n    struct S(u8)\n    impl S {}\n    const A: u8 = 3\n    fn f() {}\n}\n",
    );
    let children = &file.items[0].children;
    assert_eq!(children.len(), 5, "{children:?}");
    check_errors(
        "impl S {\n const A: u8 = 3\n const B: u8 = 4\n}",
        &["2 expected `;`, found keyword `const`", "3 expected `;`, found `}`"],
    );
    check_errors("use a::b", &["1 expected `;` at the end of the item"]);
    check_errors("fn f() {\n use a::b\n let x = 1;\n}", &["2 expected `;`, found keyword `let`"]);
    check_errors("struct S<const N: usize>;", &[]);
    check_errors("type F = fn(u8) -> u8;", &[]);
}

#[test]
fn what_is_meant_is_clear() {
    check_errors("fn f<'a>(x: 'a u8) {}", &["1 expected a type, found a lifetime"]);
    check_errors("struct S('static str);", &["1 expected a type, found a lifetime"]);
    check_errors("impl S { fn f(*self) {} }", &["1 cannot pass `self` by raw pointer"]);
}

#[test]
fn lists_of_names_in_attributes() {
    check_errors("#[derive(*Debug)] struct S;", &["1 expected a name, found `*`"]);
    check_errors("#[derive(Debug Clone)] struct S;", &["1 expected `,`, `(`, `::` or `=`, found `Clone`"]);
    check_errors("#[derive(Debug::)] struct S;", &["1 expected a name, found `)`"]);
    check_errors("#[derive = \"a\"] struct S;", &["1 malformed `derive` attribute input"]);
    check_errors("#[allow(&a)] fn f() {}", &["1 expected a name, found `&`"]);
    check_errors("#[allow(a, b::c, reason = \"d\")] fn f() {}", &[]);
}

#[test]
fn expected_in_words() {
    check_errors("fn f() { let x = ; }", &["1 expected an expression, found `;`"]);
    check_errors("fn f() { a + }", &["1 expected an expression, found `}`"]);
    check_errors("fn f(x: ) {}", &["1 expected a type, found `)`"]);
    check_errors("fn f() { let = 1; }", &["1 expected a pattern, found `=`"]);
    check_errors("fn () {}", &["1 expected an identifier, found `(`"]);
    check_errors("fn f() { let fn = 1; }", &["1 expected a pattern, found keyword `fn`"]);
    check_errors("fn f() { let gen = 1; }", &["1 expected a pattern, found reserved keyword `gen`"]);
    check_errors("fn dyn() {}", &["1 expected an identifier, found keyword `dyn`"]);
    check_errors("struct S { a: u8; b: u8 }", &["1 expected `,` or `}`, found `;`"]);
    check_errors("enum E { A; }", &["1 expected `,`, `}`, `=` or `{`, found `;`"]);
}

#[test]
fn ten_errors_in_a_function_are_ten() {
    let source = format!("fn f() {{\n{}}}", "let x = ;\nlet y = 1;\n".repeat(10));
    let parsed = parse_item(&source);
    assert_eq!(parsed.errors.len(), 10);
    let tree = dump::item(&parsed.value);
    assert_eq!(tree.matches("let y = 1;").count(), 10, "{tree}");
}

#[test]
fn a_broken_piece_harms_no_other() {
    let tree = |source| dump::item(&parse_item(source).value);
    assert_eq!(tree("fn f() { a; b +; c; }"), "fn f() {a; error c;}");
    assert_eq!(tree("fn f() { a; if x { b + ; c } d }"), "fn f() {a; if x {error c}# d}");
    assert_eq!(tree("fn f() { match x { 1 => 2, 3 = 4, 5 => 6 } }"), "fn f() {match x {1 => 2, _ => error, 5 => 6}}");
    assert_eq!(tree("struct S { a: u8, b u8, c: u8 }"), "struct S {a: u8, c: u8}");
    assert_eq!(tree("enum E { A, B *, C }"), "enum E {A, C}");
    assert_eq!(tree("impl S { fn a() {} fn b( {} fn c() {} }").matches("fn a").count(), 1);
    assert_eq!(tree("impl S { fn a() {} x: u8, fn c() {} }"), "impl S {fn a() {} error}");
    assert_eq!(tree("fn f() { let s = S { a: 1, b 2, c: 3 }; d }"), "fn f() {let s = S {a: 1, c: 3}; d}");
    assert_eq!(tree("fn f(a> , b: u8) {}"), "fn f(_: error, b: u8) {}");
}

#[test]
fn delimiters() {
    check_errors("fn f() {\n g(1;\n}\n", &["3 mismatched closing delimiter: `}`"]);
    check_errors("fn f() {\n}\n}\n", &["3 unexpected closing delimiter: `}`"]);
    check_errors("fn f() {\n g();\n", &["2 this file contains an unclosed delimiter"]);
    check_errors("fn f() {\n let x = (1;\nfn g() {}\n", &["3 this file contains an unclosed delimiter"]);
    // What closed the wrong group is said with the brace that is then one too many.
    check_errors("fn f() {\n g());\n}\n", &["3 unexpected closing delimiter: `}`"]);
    check_errors(
        "fn f() {\n g(a];\n h(b;\n}",
        &["2 mismatched closing delimiter: `]`", "4 mismatched closing delimiter: `}`"],
    );
}

#[test]
fn rules_of_documentation() {
    check_errors("fn f() {\n /// a\n}", &["2 E0585 found a documentation comment that doesn't document anything"]);
    check_errors(
        "struct S {\n a: u8,\n /// b\n}",
        &["3 E0585 found a documentation comment that doesn't document anything"],
    );
    check_errors(
        "trait T {\n fn f();\n /// a\n}",
        &["3 E0584 found a documentation comment that doesn't document anything"],
    );
    check_errors("fn f() {}\n/// a\n", &["2 expected item after doc comment"]);
    check_errors("fn f() {}\n//! a\nfn g() {}", &["2 E0753 expected outer doc comment"]);
    check_errors("fn f() {\n a;\n #![b]\n c;\n}", &["3 an inner attribute is not permitted in this context"]);
    check_errors("fn f() {\n #[a]\n}", &["2 expected statement after outer attribute"]);
}

/// An inner attribute that does not close is no attribute; the reader must get past it in every place that takes some.
#[test]
fn inner_attributes_that_do_not_close() {
    for place in [
        "fn f() { #![w,)",
        "fn f() { match x { #![ a => b } }",
        "mod m { #![w,)",
        "impl S { #![ fn",
        "#![w,)",
        "trait T { #![w",
        "fn f() { x; #![w,)",
    ] {
        assert!(!crate::parse_file(place).errors.is_empty(), "{place}");
    }
}

#[test]
fn other_rules() {
    check_errors("fn f() { a... }", &["1 unexpected token: `...`", "1 E0586 inclusive range with no end"]);
    check_errors("fn f() { a..= }", &["1 E0586 inclusive range with no end"]);
    check_errors("fn f() { &'static a; }", &["1 borrow expressions cannot be annotated with lifetimes"]);
    check_errors("fn f() { try!(a); }", &["1 use of deprecated `try` macro"]);
    check_errors("fn f() { S { a, .. }; }", &["1 E0797 base expression required after `..`"]);
    check_errors("fn f() { if x == S { a: 1 } {} }", &["1 struct literals are not allowed here"]);
    check_errors("fn f() { 'static: loop {} }", &["1 labels cannot use keyword names"]);
    check_errors("fn f(x: &'fn u8) {}", &["1 lifetimes cannot use keyword names"]);
}

#[test]
fn stray_semicolons_between_items() {
    check_errors("mod a { struct S {}; fn f() {} }", &["1 expected item, found `;`"]);
    check_errors("struct S {};\nfn f() {}", &["1 expected item, found `;`"]);
}

#[test]
fn attributes_in_expressions() {
    check_errors("fn f() { let x = #[inline] || (); }", &["1 E0658 attributes on expressions are experimental"]);
    check_errors("fn f() { g(#[a] 1, [#[a] 2]); }", &[]);
}

#[test]
fn what_is_configured_away_need_only_parse() {
    check_errors("#[cfg(false)] enum E { pub A } #[cfg(any())] fn f();", &[]);
}

#[test]
fn the_place_of_an_item_is_behind_its_attributes() {
    check_errors("fn f() {\n    /// a\n    #[b]\n    fn g();\n}", &["4 free function without a body"]);
    check_errors("fn f(x\n) {}", &["2 expected `:` and a type behind the parameter"]);
    check_errors(
        "fn f() {\n    fn g() -> u8\n}",
        &["2 free function without a body", "3 expected `;` or `{`, found `}`"],
    );
}

#[test]
fn which_errors_are_fatal() {
    let fatal = |source| parse_item(source).errors.iter().any(|error| error.is_fatal());
    assert!(!fatal("fn f() { let x = ; }"));
    assert!(!fatal("fn f(x> ) {}"));
    assert!(!fatal("use a::b"));
    assert!(fatal("fn () {}"));
    assert!(fatal("struct S { a b }"));
    assert!(fatal("enum E { A; }"));
    assert!(!fatal("fn f() {\n let x = 1\n let y = 2;\n}"));
    assert!(!fatal("fn f(x: &A + 'a) {}"));
    assert!(fatal("fn f() { unsafe {} }"));
}

#[test]
fn nonsense_is_one_unknown_item() {
    let parsed = parse_item("let x = 5;");
    assert!(matches!(parsed.errors[0].kind, SyntaxErrorKind::Expected { .. }));
}
