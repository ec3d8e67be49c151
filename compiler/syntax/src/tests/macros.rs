//! What stands inside of macro calls.

use super::{dump, messages};
use crate::ast::{ExprKind, MacroCall};
use crate::{ListArgs, format_args, list_args, matches_args, parse_expr};

fn call(source: &str) -> MacroCall {
    match parse_expr(source).value.kind {
        ExprKind::Macro(call) => *call,
        other => panic!("{source} is no macro call: {other:?}"),
    }
}

fn check_format(source: &str, expected: &str) {
    let parsed = format_args(&call(source));
    assert!(parsed.errors.is_empty(), "{source}: {:?}", messages(&parsed.errors));
    let args: Vec<String> = parsed
        .value
        .iter()
        .map(|arg| {
            format!(
                "{}{}",
                arg.name.map(|name| format!("{} = ", name.name)).unwrap_or_default(),
                dump::expr(&arg.value)
            )
        })
        .collect();
    assert_eq!(args.join(", "), expected, "{source}");
}

#[test]
fn format_arguments() {
    check_format("println!()", "");
    check_format("println!(\"{} {x}\", a + b, x = c)", "\"{} {x}\", (a + b), x = c");
    check_format("assert_eq!(a, b,)", "a, b");
    check_format(
        "assert!(x.iter().any(|y| *y == S { z: 1 }), \"no\")",
        "x.iter().any((|y| ((*y) == S {z: 1}))), \"no\"",
    );
    check_format("println!(\"{}\", if a { 1 } else { 2 })", "\"{}\", if a {1} else {2}");
    check_format("println!(\"{}\", f::<A, B>(|c, d| c))", "\"{}\", call f<A, B>((|c, d| c))");
    check_format("dbg!(a < b, c > d)", "(a < b), (c > d)");
    check_format("assert!(a == b)", "(a == b)");
    check_format("write!(f, \"{}\", self.0.1)", "f, \"{}\", self.#0.#1");
}

#[test]
fn spans_are_those_of_the_item() {
    let source = "println!(\"{}\", abc)";
    let parsed = format_args(&call(source));
    assert_eq!(parsed.value[1].value.span.text(source), "abc");
}

#[test]
fn list_arguments() {
    let show = |source: &str| match list_args(&call(source)).value {
        ListArgs::Elements(list) => list.iter().map(dump::expr).collect::<Vec<_>>().join(", "),
        ListArgs::Repeat(elem, len) => format!("{}; {}", dump::expr(&elem), dump::expr(&len)),
    };
    assert_eq!(show("vec![]"), "");
    assert_eq!(show("vec![1, 2,]"), "1, 2");
    assert_eq!(show("vec![vec![0; 2]; n + 1]"), "vec![3]; (n + 1)");
}

#[test]
fn matches_arguments() {
    let parsed = matches_args(&call("matches!(a.b, Some(1..=3) | None if c && d,)"));
    assert!(parsed.errors.is_empty());
    let args = parsed.value.expect("arguments");
    assert_eq!(dump::expr(&args.scrutinee), "a.b");
    assert_eq!(dump::pat(&args.pat), "(Some((1..=3)) | None)");
    assert_eq!(args.guard.as_ref().map(dump::expr).as_deref(), Some("(c && d)"));
}

#[test]
fn errors_in_arguments() {
    let error = |source: &str| messages(&format_args(&call(source)).errors);
    assert_eq!(error("println!(\"{}\" a)"), ["14..15 expected `,` or an operator, found `a`"]);
    assert_eq!(error("println!(\"{}\", )").len(), 0);
    assert_eq!(error("println!(\"{}\", +)"), ["15..16 expected an expression, found `+`"]);
    assert_eq!(error("println!(a; b)").len(), 1);
    assert!(matches_args(&call("matches!(a)")).value.is_none());
}
