//! Input that is very long or very deep.

use crate::{parse_file, parse_item};

fn too_deep(source: &str) {
    let parsed = parse_item(source);
    let messages: Vec<String> = parsed.errors.iter().map(|error| error.message()).collect();
    assert!(
        messages.iter().any(|message| message.contains("too deeply")),
        "{}…: {messages:?}",
        &source[..60.min(source.len())]
    );
}

#[test]
fn deep_nesting_is_refused() {
    too_deep(&format!("fn f() {{ {}1{} }}", "(".repeat(10_000), ")".repeat(10_000)));
    too_deep(&format!("fn f() {{ {}1{} }}", "{".repeat(10_000), "}".repeat(10_000)));
    too_deep(&format!("fn f() {{ {} }}", "[".repeat(10_000)));
    too_deep(&format!("fn f() {{ {}1 }}", "!".repeat(10_000)));
    too_deep(&format!("fn f() {{ {}1 }}", "&".repeat(10_000)));
    too_deep(&format!("fn f() {{ 1{} }}", " + 1".repeat(10_000)));
    too_deep(&format!("fn f() {{ a{} }}", ".b()".repeat(10_000)));
    too_deep(&format!("fn f() {{ {} }}", "if ".repeat(10_000)));
    too_deep(&format!("fn f() {{ {} }}", "|| ".repeat(10_000)));
    too_deep(&format!("fn f(x: {}u8{}) {{}}", "Vec<".repeat(10_000), ">".repeat(10_000)));
    too_deep(&format!("fn f() {{ if a {{}} {} }}", "else if b {} ".repeat(10_000)));
    too_deep(&format!("mod a {{ {}{} }}", "mod a {".repeat(10_000), "}".repeat(10_000)));
}

#[test]
fn reasonable_nesting_is_accepted() {
    let accepted = |source: String| assert!(parse_item(&source).errors.is_empty(), "{}…", &source[..60]);
    accepted(format!("fn f() {{ {}1{}; }}", "(".repeat(200), ")".repeat(200)));
    accepted(format!("fn f() {{ 1{}; }}", " + 1".repeat(1_000)));
    accepted(format!("fn f() {{ a{}; }}", ".b()".repeat(600)));
    accepted(format!("fn f() {{ if a {{}} {} }}", "else if b {} ".repeat(250)));
    accepted(format!("fn f() {{ {} }}", "if a { b }\n".repeat(10_000)));
    accepted(format!("fn f() {{ {} }}", "a(b + c, d.e());\n".repeat(10_000)));
    accepted(format!("fn f() {{ match a {{ {} }} }}", "1 => { 2 }\n".repeat(10_000)));
    accepted(format!("{} fn f() {{}}", "#[a] ".repeat(5_000)));
    accepted(format!("static A: [u8; 1] = [{}];", "1, ".repeat(100_000)));
}

#[test]
fn a_long_line_takes_linear_time() {
    let source = format!("fn f() {{ {} }}", "let x = a + b(c); ".repeat(20_000));
    assert!(parse_file(&source).errors.is_empty());
    let source = "struct S { a: u8 } fn f(x: u8) {} ".repeat(10_000);
    assert_eq!(parse_file(&source).value.items.len(), 20_000);
    let source = format!("fn f() {{ {} }}", "let x = ; ".repeat(5_000));
    assert!(parse_file(&source).errors.len() >= 10);
}

#[test]
fn any_cut_of_a_program_is_survived() {
    let source = "/// a\n#[b(c)] pub fn f<'a, T: A<B = C>>(x: &'a [T; 3]) -> Vec<Vec<u8>> where T: D {\n let Some((y, _)) = x else { return vec![1; 2] };\n \
                  match y { S { z, .. } if z > 1 => |q: u8| -> u8 { q }, 'a'..='b' => \"c\\n\", _ => loop { break 'd 1.0e3 } }\n}\nimpl<T> X for Y {}\n";
    for at in 0..source.len() {
        if source.is_char_boundary(at) {
            parse_file(&source[..at]);
            parse_file(&source[at..]);
            parse_file(&format!("{}{}", &source[..at], &source[(at + 7).min(source.len())..]));
        }
    }
}

#[test]
fn many_delimiters_that_do_not_fit() {
    let source = "(".repeat(200_000) + &"]".repeat(200_000);
    assert_eq!(crate::cut_items(&source).errors.len(), 50);
}
