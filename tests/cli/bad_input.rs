//! What is no program: an error with a place, never a panic of the compiler and never a hang.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::{GOOD, assert_says, code, command, folder, rgo, stderr, write};

#[test]
fn a_directory_without_write_permission() {
    let folder = folder(&[("go.mod", "module example.com/m\n\ngo 1.24\n"), ("main.rgo", GOOD)]);
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).expect("ours");
    // Root may write anywhere: run as nobody then.
    let mut build = command(folder.path(), &["build"]);
    if fs::write(folder.path().join("probe"), "").is_ok() {
        fs::remove_file(folder.path().join("probe")).expect("just written");
        std::os::unix::process::CommandExt::uid(&mut build, 65534);
        // The binary must be reachable for nobody.
        let copy = tempfile::tempdir_in("/tmp").expect("a temporary directory");
        fs::set_permissions(copy.path(), fs::Permissions::from_mode(0o755)).expect("ours");
        let program = copy.path().join("rgo");
        fs::copy(env!("CARGO_BIN_EXE_rgo"), &program).expect("copied");
        let mut as_nobody = Command::new(&program);
        as_nobody.args(["build"]).current_dir(folder.path());
        std::os::unix::process::CommandExt::uid(&mut as_nobody, 65534);
        let output = as_nobody.output().expect("rgo runs");
        assert_says(&output, 1, &["cannot write", "main.rgo.go"]);
    } else {
        assert_says(&build.output().expect("rgo runs"), 1, &["cannot write", "main.rgo.go"]);
    }
    assert!(!folder.path().join("main.rgo.go").exists());
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("ours");
}

#[test]
fn bytes_that_are_not_utf8_have_a_place() {
    let folder = folder(&[]);
    write(&folder.path().join("main.rgo"), b"fn main() {\n    // \xff\n}\n");
    assert_says(&rgo(folder.path(), &["check", "main.rgo"]), 1, &["main.rgo:2:8", "0xFF", "UTF-8"]);
}

#[test]
fn an_empty_file_is_no_program() {
    let folder = folder(&[("main.rgo", ""), ("comment.rgo", "// nothing\n")]);
    assert_says(&rgo(folder.path(), &["check", "main.rgo"]), 1, &["E0601", "main.rgo:1:1"]);
    assert_says(&rgo(folder.path(), &["run", "comment.rgo"]), 1, &["E0601", "comment.rgo:1:"]);
}

#[test]
fn an_empty_file_is_no_harm_to_a_package() {
    let folder = folder(&[
        ("go.mod", "module example.com/m\n\ngo 1.24\n"),
        ("lib/empty.rgo", ""),
        ("lib/lib.rgo", "pub fn one() -> u32 {\n    1\n}\n"),
    ]);
    assert_says(&rgo(folder.path(), &["build", "./..."]), 0, &[]);
}

#[test]
fn a_line_of_ten_megabytes() {
    let folder = folder(&[]);
    let long = format!("fn main() {{ let text = \"{}\"; println!(\"{{}}\", text.len()); }}\n", "x".repeat(10 << 20));
    write(&folder.path().join("main.rgo"), long.as_bytes());
    assert_says(&rgo(folder.path(), &["check", "main.rgo"]), 0, &[]);
    let broken = format!("fn main() {{ let text = {} }}\n", "1 + ".repeat(2 << 20));
    write(&folder.path().join("main.rgo"), broken.as_bytes());
    let output = rgo(folder.path(), &["check", "main.rgo"]);
    assert_eq!(code(&output), 1);
    assert!(output.stderr.len() < 1 << 20, "the line is not repeated in the message");
}

#[test]
fn deep_nesting_is_refused_and_never_a_crash() {
    let folder = folder(&[]);
    let deep = 10_000;
    let cases = [
        format!("fn main() {{ let x = {}1{}; }}\n", "(".repeat(deep), ")".repeat(deep)),
        format!("fn main() {{ {}{} }}\n", "{".repeat(deep), "}".repeat(deep)),
        format!("fn main() {{ let x = {}1; }}\n", "-".repeat(deep)),
        format!("fn main() {{ let x = {}1; }}\n", "&".repeat(deep)),
        format!("fn main() {{ let x: {}i32{}; }}\n", "Vec<".repeat(deep), ">".repeat(deep)),
        format!("fn main() {{ let x = 1{}; }}\n", ".abs()".repeat(deep)),
        format!("fn main() {{ let x = 1{}; }}\n", " + 1".repeat(deep)),
        format!("fn main() {{ {} }}\n", "if true {} else ".repeat(deep) + "{}"),
        format!("fn main() {{ let {}x{} = 1; }}\n", "(".repeat(deep), ")".repeat(deep)),
        format!("fn main() {{ {}\n", "(".repeat(deep)),
        "mod a { ".repeat(deep),
        format!("fn main() {{ let x = {}1{}; }}\n", "[".repeat(deep), "]".repeat(deep)),
        format!("fn main() {{ let f = {}1; }}\n", "|| ".repeat(deep)),
        format!("fn main() {{ let f = {}1{}; }}\n", "|| {".repeat(deep), "}".repeat(deep)),
        format!("fn main() {{ let x: {}i32; }}\n", "&".repeat(deep)),
        format!("fn main() {{ let x: {}i32{}; }}\n", "[".repeat(deep), "; 1]".repeat(deep)),
        format!("fn main() {{ let x: {}i32; }}\n", "fn() -> ".repeat(deep)),
        format!("fn main() {{ let x: {}i32{}; }}\n", "Box<dyn Fn() -> ".repeat(deep), ">".repeat(deep)),
        format!("fn main() {{ let {}x = 1; }}\n", "&".repeat(deep)),
        format!("fn main() {{ let {}x{} = 1; }}\n", "Some(".repeat(deep), ")".repeat(deep)),
        format!("fn main() {{ match 1 {{ {}1 => {{}}, _ => {{}} }} }}\n", "x @ ".repeat(deep)),
        format!("fn main() {{ {}1{} }}\n", "match 1 { _ => ".repeat(deep), "}".repeat(deep)),
        format!("fn main() {{ {}1 {} }}\n", "match ".repeat(deep), "{ x => x }".repeat(deep)),
        format!("fn main() {{ {}{} }}\n", "if true {".repeat(deep), "}".repeat(deep)),
        format!("fn main() {{ {}{} }}\n", "'a: loop {".repeat(deep), "}".repeat(deep)),
        format!("fn main() {{ {}; }}\n", "return ".repeat(deep)),
        format!("fn main() {{ let x = {}1{}; }}\n", "S { a: ".repeat(deep), "}".repeat(deep)),
        format!("fn main() {{ let x = a{}; }}\n", "[0]".repeat(deep)),
        format!("fn main() {{ let x = a{}; }}\n", "()".repeat(deep)),
        format!("fn main() {{ let x = a{}; }}\n", "?".repeat(deep)),
        format!("fn main() {{ let x = a{}; }}\n", ".b".repeat(deep)),
        format!("fn main() {{ let x = 1{}; }}\n", " as i32".repeat(deep)),
        format!("fn main() {{ let x = 1{}; }}\n", " .. 1".repeat(deep)),
        format!("fn main() {{ let x; {}1; }}\n", "x = ".repeat(deep)),
        format!("fn main() {{ let x = {}1{}; }}\n", "vec![".repeat(deep), "]".repeat(deep)),
        format!("use {}b{};\nfn main() {{}}\n", "a::{".repeat(deep), "}".repeat(deep)),
        format!("use {}b;\nfn main() {{}}\n", "a::".repeat(deep)),
        format!("{}{}\nfn main() {{}}\n", "fn f() { ".repeat(deep), "}".repeat(deep)),
        format!("{}{}\nfn main() {{}}\n", "mod a { ".repeat(deep), "}".repeat(deep)),
    ];
    for case in cases {
        write(&folder.path().join("main.rgo"), case.as_bytes());
        let output = rgo(folder.path(), &["check", "--message-format=short", "main.rgo"]);
        let start = &case[..40.min(case.len())];
        assert!(matches!(code(&output), 0 | 1), "{start}…: exit {:?}\n{}", output.status, stderr(&output));
    }
}

#[test]
fn types_that_grow_without_end_are_errors() {
    let cases = [
        ("struct List { next: Option<List> }\nfn main() {}\n", "E0072"),
        ("trait A: B {}\ntrait B: A {}\nfn main() {}\n", "E0391"),
        ("type A = B;\ntype B = A;\nfn main() {}\n", "E0391"),
        // FIXME: constants that need each other (`const A: i32 = B; const B: i32 = A;`) are accepted.
        (
            "trait T { fn f(&self); }\nimpl<X> T for Option<X> where Option<Option<X>>: T { fn f(&self) {} }\nfn main() { Some(1).f(); }\n",
            "E",
        ),
    ];
    for (text, wanted) in cases {
        let folder = folder(&[("main.rgo", text)]);
        assert_says(&rgo(folder.path(), &["check", "main.rgo"]), 1, &[wanted]);
    }
}

#[test]
fn ten_syntax_errors_are_ten_errors() {
    let mut text = String::from("fn main() {\n");
    for number in 0..10 {
        text.push_str(&format!("    let x{number} = ;\n"));
    }
    text.push_str("}\n");
    let folder = folder(&[("main.rgo", &text)]);
    let output = rgo(folder.path(), &["check", "--message-format=short", "main.rgo"]);
    assert_eq!(
        stderr(&output).lines().filter(|line| line.contains("expected an expression")).count(),
        10,
        "{}",
        stderr(&output)
    );
}

#[test]
fn go_is_missing_or_too_old() {
    let folder = folder(&[("main.rgo", GOOD)]);
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).expect("a folder");
    let rgo = env!("CARGO_BIN_EXE_rgo");
    let mut missing = Command::new(rgo);
    missing.args(["run", "main.rgo"]).current_dir(folder.path()).env("PATH", &empty);
    let missing = missing.output().expect("rgo runs");
    assert_says(&missing, 1, &["rgo needs Go 1.24 or newer", "https://go.dev/dl"]);
    let old = empty.join("go");
    write(&old, b"#!/bin/sh\necho go version go1.20.1 linux/amd64\n");
    fs::set_permissions(&old, fs::Permissions::from_mode(0o755)).expect("ours");
    let path = format!("{}:/bin:/usr/bin", empty.display());
    let output = command(folder.path(), &["run", "main.rgo"]).env("PATH", path).output().expect("rgo runs");
    assert_says(&output, 1, &["go1.20.1 is too old", "https://go.dev/dl"]);
}

/// Each text must give this error on this line and column.
#[track_caller]
fn assert_errors(cases: &[(&str, &str)]) {
    for (text, wanted) in cases {
        let folder = folder(&[("main.rgo", text)]);
        let output = rgo(folder.path(), &["check", "--message-format=short", "main.rgo"]);
        assert_says(&output, 1, &[&format!("main.rgo:{wanted}")]);
    }
}

#[test]
fn characters_that_do_not_belong() {
    assert_errors(&[
        ("fn main() {\0}\n", "1:12: error: unknown start of token: \\u{0}"),
        ("fn main() { \u{feff} }\n", "1:13: error: unknown start of token: \\u{feff}"),
        ("fn main() { let 😀 = 1; }\n", "1:17: error: unknown start of token: 😀"),
        ("fn main() { \"\u{202e}\"; }\n", "1:14: error[text_direction_codepoint_in_literal]"),
        ("// \u{2066}\nfn main() {}\n", "1:4: error[text_direction_codepoint_in_comment]"),
    ]);
}

#[test]
fn what_never_ends() {
    assert_errors(&[
        ("fn main() { let x = \"abc; }\n", "1:21: error[E0765]: unterminated double quote string"),
        ("fn main() { /* /* */ }\n", "1:13: error[E0758]: unterminated block comment"),
        ("fn main() { let x = r##\"abc\"#; }\n", "1:21: error[E0748]: unterminated raw string"),
        ("fn main() {\n    f(1;\n}\n", "3:"),
        ("fn main() {\n", "1:"),
        ("fn main() { #![w,)", "1:"),
        ("fn f() { match x { #![ a => b } }\n", "1:"),
    ]);
}

#[test]
fn line_ends_and_marks_of_editors_are_taken() {
    let folder = folder(&[("main.rgo", "\u{feff}fn main() {\r\n    println!(\"a\");\r\n}\r\n")]);
    let run = rgo(folder.path(), &["run", "main.rgo"]);
    assert_says(&run, 0, &["a\n"]);
    let bad = "\u{feff}fn main() {\r\n    missing();\r\n}\r\n";
    assert_errors(&[(bad, "2:5: error[E0425]")]);
}

#[test]
fn huge_literals_and_names() {
    let digits = "9".repeat(10_000);
    let name = "x".repeat(1_000_000);
    let text = format!("fn main() {{ let a = {digits}; }}\n");
    assert_errors(&[
        (&text, "1:21: error: integer literal is too large"),
        ("fn main() { let a = 300u8; }\n", "1:21: error[overflowing_literals]"),
        ("fn main() { let a = 1e999; }\n", "1:21: error[overflowing_literals]"),
    ]);
    let folder = folder(&[("main.rgo", &format!("fn main() {{ let {name} = 1; println!(\"{{}}\", {name}); }}\n"))]);
    assert_says(&rgo(folder.path(), &["check", "main.rgo"]), 0, &[]);
}

#[test]
fn ten_thousand_of_anything() {
    let list = |one: &dyn Fn(usize) -> String, between: &str| (0..10_000).map(one).collect::<Vec<_>>().join(between);
    let fields = list(&|n| format!("f{n}: i32"), ", ");
    let variants = list(&|n| format!("V{n}"), ", ");
    let cases = [
        format!("#[derive(Debug, Clone, PartialEq, Default)]\nstruct S {{ {fields} }}\nfn main() {{}}\n"),
        format!("#[derive(Debug, Clone, Copy, PartialEq)]\nenum E {{ {variants} }}\nfn main() {{}}\n"),
        format!("fn f({fields}) {{}}\nfn main() {{}}\n"),
        format!("fn main() {{ {} }}\n", list(&|n| format!("let a{n} = {n};"), " ")),
        format!("{}\nfn main() {{}}\n", list(&|n| format!("fn f{n}() {{}}"), "\n")),
        format!("fn main() {{ let a = [{}]; println!(\"{{}}\", a.len()); }}\n", list(&|n| n.to_string(), ", ")),
        format!("fn main() {{ match 1 {{ {} => {{}}, _ => {{}} }} }}\n", list(&|n| n.to_string(), " | ")),
        format!("{}fn f() {{}}\nfn main() {{}}\n", "#[inline]\n".repeat(10_000)),
        format!("fn main() {{ {}{} }}\n", "/*".repeat(10_000), "*/".repeat(10_000)),
    ];
    for case in cases {
        let folder = folder(&[("main.rgo", &case)]);
        let output = rgo(folder.path(), &["check", "--message-format=short", "main.rgo"]);
        assert!(matches!(code(&output), 0 | 1), "{}…: {}", &case[..60], stderr(&output));
    }
}

#[test]
fn conditions_in_conditions() {
    let nested = (0..100).fold("0usize".to_string(), |inner, _| format!("if n < {{ {inner} }} {{ 1 }} else {{ 2 }}"));
    let middles = (0..100).fold("n".to_string(), |inner, _| format!("n + (n - {inner}) / 2"));
    for value in [nested, middles] {
        let text = format!("fn f(n: usize) -> usize {{ {value} }}\nfn main() {{ println!(\"{{}}\", f(1)); }}\n");
        let folder = folder(&[("main.rgo", &text)]);
        assert_says(&rgo(folder.path(), &["check", "main.rgo"]), 0, &[]);
    }
}

#[test]
fn constants_without_a_value() {
    assert_errors(&[
        ("const A: i32 = B;\nconst B: i32 = A;\nfn main() {}\n", "1:"),
        ("static A: i32 = B + 1;\nstatic B: i32 = A + 1;\nfn main() {}\n", "1:"),
        ("const A: i32 = f();\nconst fn f() -> i32 { A }\nfn main() {}\n", "1:"),
        ("const fn f(n: u32) -> u32 { f(n + 1) }\nconst A: u32 = f(0);\nfn main() {}\n", "2:16: error[E0080]"),
        ("const A: u32 = { loop {} };\nfn main() {}\n", "1:"),
    ]);
}

#[test]
fn instances_that_grow_without_end() {
    let cases = [
        "fn f<T>(n: u32, t: T) {\n    if n > 0 {\n        f(n - 1, Some(t));\n    }\n}\nfn main() {\n    f(3, 1);\n}\n",
        "fn f<T: Clone>(n: u32, t: T) {\n    if n > 0 {\n        f(n - 1, (t.clone(), t));\n    }\n}\nfn main() {\n    f(3, 1);\n}\n",
        "struct S<T> {\n    inner: Option<Box<S<Option<T>>>>,\n    value: T,\n}\nfn main() {\n    let s = S { inner: None, value: 1 };\n    println!(\"{}\", s.value);\n}\n",
    ];
    for case in cases {
        let folder = folder(&[("go.mod", "module example.com/m\n\ngo 1.24\n"), ("main.rgo", case)]);
        let output = rgo(folder.path(), &["build", "--message-format=short"]);
        assert_says(&output, 1, &["main.rgo:1:", "reached the recursion limit while instantiating"]);
        assert!(!folder.path().join("main.rgo.go").exists());
    }
}

#[test]
fn types_that_hold_themselves() {
    assert_errors(&[
        ("fn f() -> impl Sized {\n    (f(), 1)\n}\nfn main() {}\n", "1:11: error[E0720]"),
        ("struct A { n: [A; 3] }\nfn main() {}\n", "1:8: error[E0072]"),
        (
            "fn a() -> impl Sized {\n    b\n}\nfn b() -> impl Sized {\n    a\n}\nfn main() {\n    a();\n}\n",
            "1:4: error[RGO0001]",
        ),
        ("enum L { Nil, Cons(i32, L) }\nfn main() {}\n", "1:6: error[E0072]"),
        ("struct A { b: B }\nstruct B { a: Option<A> }\nfn main() {}\n", "1:8: error[E0072]"),
    ]);
}

#[test]
fn statics_that_no_linker_takes() {
    let text = "static BIG: [u8; 3_000_000_000] = [0; 3_000_000_000];\nfn main() {\n    println!(\"{}\", BIG[5]);\n}\n";
    let folder = folder(&[("go.mod", "module example.com/m\n\ngo 1.24\n"), ("main.rgo", text)]);
    let output = rgo(folder.path(), &["build", "--message-format=short"]);
    assert_says(&output, 1, &["main.rgo:1:8", "RGO0001", "more than 2,000,000,000 bytes"]);
    assert!(!folder.path().join("main.rgo.go").exists());
}

#[test]
fn ten_mistakes_of_different_kinds_are_ten_errors() {
    let text = "\
fn a() { let = 1; }
fn b(x i32) {}
struct C { x: i32 y: i32 }
fn d() { if { 1 } }
fn e() -> { 1 }
enum F { A B }
fn g() { 1 + ; }
fn h() { foo(1 2); }
impl I { let x = 1; }
fn j() { match 1 { 1 = 2 } }
fn main() {}
";
    let folder = folder(&[("main.rgo", text)]);
    let output = rgo(folder.path(), &["check", "--message-format=short", "main.rgo"]);
    let said = stderr(&output);
    for line in 1..=10 {
        let of_line: Vec<&str> = said.lines().filter(|error| error.starts_with(&format!("main.rgo:{line}:"))).collect();
        assert_eq!(of_line.len(), 1, "line {line}:\n{said}");
        assert!(of_line[0].contains("expected "), "{}", of_line[0]);
    }
}
