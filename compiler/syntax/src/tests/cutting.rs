//! Cutting files into items.

use crate::{ItemSlice, cut_items, parse_file};

fn show(slices: &[ItemSlice]) -> String {
    let one = |slice: &ItemSlice| {
        let children = if slice.children.is_empty() { String::new() } else { format!(" [{}]", show(&slice.children)) };
        format!("{:?} {}{children}", slice.kind, slice.name.map_or("-", |name| name.as_str()))
    };
    slices.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn check(text: &str, expected: &str) {
    assert_eq!(show(&cut_items(text).items), expected, "{text}");
}

#[test]
fn kinds_and_names() {
    check(
        "fn f() {} struct S; struct T(u8); enum E { A } union U { a: u8 } trait A {}",
        "Fn f, Struct S, Struct T, Enum E, Union U, Trait A",
    );
    check(
        "impl S {} impl<T> a::A<T> for b::B<T> {} type A = u8; const B: u8 = { 1 }; const _: u8 = 1;",
        "Impl S, Impl B, TypeAlias A, Const B, Const _",
    );
    check(
        "static mut S: u8 = 1; use a::{b, c}; mod m; import \"a/b\" as c; extern crate d;",
        "Static S, Use -, Mod m, GoImport -, ExternCrate d",
    );
    check(
        "extern \"C\" { fn f(); } extern \"C\" fn g() {} macro_rules! m { () => {} } m!(a); m! { b } thread_local!(c);",
        "ExternBlock -, Fn g, MacroDef m, MacroCall -, MacroCall -, MacroCall -",
    );
    check(
        "pub(crate) const unsafe fn f() {} pub(in a::b) struct S; #[a] #[b(c)] /// d\n pub async fn g() {}",
        "Fn f, Struct S, Fn g",
    );
    check(
        "fn f() -> [u8; { 1 }] { [1] } impl Foo<{ 1 }> for Bar<{ 2 }, { 3 }> {} fn g() where A: B<{ 1 }> {}",
        "Fn f, Impl Bar, Fn g",
    );
}

#[test]
fn modules() {
    check("mod a { fn f() {} mod b { struct S; } } fn g() {}", "Mod a [Fn f, Mod b [Struct S]], Fn g");
    let text = "/// x\npub mod a {\n    //! y\n    fn f() {}\n}";
    let slices = cut_items(text);
    assert_eq!(slices.items[0].text.text(text), "/// x\npub mod a {\n    //! y");
    assert_eq!(slices.items[0].children[0].text.text(text), "fn f() {}");
    let head = crate::parse_item(slices.items[0].text.text(text));
    assert!(head.errors.is_empty());
    assert_eq!(head.value.attrs.len(), 2);
    assert_eq!(head.value.name().map(|name| name.as_str()), Some("a"));
}

#[test]
fn ranges_attributes_and_inner_attributes() {
    let text = "#![a]\n//! b\n\n/// c\n#[test]\nfn f() {}\n\n// d\nfn g() {}\n";
    let slices = cut_items(text);
    assert_eq!(slices.attrs.len(), 2);
    assert_eq!(slices.items[0].range.text(text), "/// c\n#[test]\nfn f() {}");
    assert_eq!(slices.items[0].attrs.iter().map(|name| name.as_str()).collect::<Vec<_>>(), ["test"]);
    assert_eq!(slices.items[1].range.text(text), "fn g() {}");
}

#[test]
fn a_broken_item_harms_no_other() {
    check("fn f() {\n let x = (1;\n\nfn g() {}\nstruct S;\n", "Fn f, Fn g, Struct S");
    check("fn f() {\n\npub fn g() {}\n", "Fn f, Fn g");
    check("struct S {\n a: u8,\n\nimpl S {\n fn f() {}\n}\n", "Struct S, Impl S");
    check("use a::b\nfn f() {}\n", "Use -, Fn f");
    check("fn f() { let s = \"abc; }\nfn g() {}\n", "Fn f, Fn g");
    check("fn f() {}\n}\nfn g() {}\n", "Fn f, Unknown -, Fn g");
    check("let x = 1; fn f() {}", "Unknown -, Fn f");
    check("x y z\nfn f() {}", "Unknown -, Fn f");
}

#[test]
fn fatal_errors_are_those_of_the_file() {
    let slices = cut_items("fn f() {\n let x = (1;\n}\nfn g() { let = ; }\n");
    assert!(slices.fatal);
    assert_eq!(slices.errors.len(), 1);
    let slices = cut_items("fn f() { let = ; }");
    assert!(!slices.fatal && slices.errors.is_empty());
    let slices = cut_items("fn f() {}\n`\nfn g() {}");
    assert!(!slices.fatal);
    assert_eq!(slices.errors.len(), 1);
}

#[test]
fn item_spans_are_relative() {
    let text = "fn f() {}\n\nfn gg() { a }";
    let slices = cut_items(text);
    let slice = &slices.items[1];
    let item = crate::parse_item(slice.text.text(text)).value;
    assert_eq!(item.name().map(|name| name.span.text(slice.text.text(text)).to_string()).as_deref(), Some("gg"));
    let file = parse_file(text).value;
    assert_eq!(file.items[1].name().map(|name| name.span.text(text)), Some("gg"));
}
