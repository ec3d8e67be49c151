//! Items.

use super::{accepts, check_errors, check_item};
use crate::ast::{AttrArgs, AttrKind, ItemKind, Lit, Meta};
use crate::{metas, parse_item};

#[test]
fn functions() {
    check_item("fn f() {}", "fn f() {}");
    check_item(
        "pub const fn f(a: u8, (b, c): (u8, u8)) -> u8 { a }",
        "pub const fn f(a: u8, tuple(b, c): tuple(u8, u8)) -> u8 {a}",
    );
    check_item(
        "impl S { fn a(self) {} fn b(mut self) {} fn c(&self) {} fn d(&mut self, x: u8) {} }",
        "impl S {fn a(self) {} fn b(mut self) {} fn c(&self) {} fn d(&mut self, x: u8) {}}",
    );
    check_item(
        "impl S { fn a(&'a self) {} fn b(&'a mut self) {} fn c(self: Box<Self>) {} fn d(mut self: &Self) {} }",
        "impl S {fn a(&'a self) {} fn b(&'a mut self) {} fn c(self: Box<Self>) {} fn d(mut self: &Self) {}}",
    );
    check_item(
        "fn f(&(a, _): &(u8, u8), [b]: [u8; 1], mut c: u8, _: u8) {}",
        "fn f(&tuple(a, _): &tuple(u8, u8), [b]: [u8; 1], mut c: u8, _: u8) {}",
    );
    check_item("fn f() -> ! { loop {} }", "fn f() -> ! {loop {}}");
    check_item("fn f() -> impl Fn(u8) -> u8 + 'static { |x| x }", "fn f() -> (impl Fn(u8) -> u8 + 'static) {(|x| x)}");
}

#[test]
fn structs_and_enums() {
    check_item("struct S;", "struct S");
    check_item(
        "pub struct S { pub a: u8, pub(crate) b: Vec<u8>, c: [u8; 3], }",
        "pub struct S {pub a: u8, pub(crate) b: Vec<u8>, c: [u8; 3]}",
    );
    check_item("struct S(pub u8, pub(super) T, pub (A, B));", "struct S(pub u8, pub(super) T, pub tuple(A, B))");
    check_item("struct S<T>(T) where T: A;", "struct S<T>(T) where T: A");
    check_item("struct S<T> where T: A { a: T }", "struct S<T> {a: T} where T: A");
    check_item("enum E {}", "enum E {}");
    check_item(
        "enum E<T> { A, B(T, u8), C { x: T }, D = 1 + 2, F = -1, }",
        "enum E<T> {A, B(T, u8), C {x: T}, D = (1 + 2), F = (-1)}",
    );
    check_item(
        "struct S { f: Box<dyn Fn(u8, u8) -> u8>, g: fn(u8) }",
        "struct S {f: Box<(dyn Fn(u8, u8) -> u8)>, g: fn(u8)}",
    );
    check_item("pub(in crate::a) struct S;", "pub(in crate::a) struct S");
    check_item("pub(self) struct S;", "pub(self) struct S");
}

#[test]
fn traits_and_impls() {
    check_item("trait A {}", "trait A {}");
    check_item(
        "pub trait A<T>: B + 'a where T: C { type D: E = F; const G: u8; fn h(&self); fn i() {} }",
        "pub trait A<T>: B + 'a where T: C {type D: E = F; const G: u8; fn h(&self); fn i() {}}",
    );
    check_item("trait A { type B<'a> where Self: 'a; }", "trait A {type B<'a> where Self: 'a;}");
    check_item(
        "impl<T: A> B<T> for C<T> where T: D { type E = F; const G: u8 = 1; fn h() {} }",
        "impl<T: A> B<T> for C<T> where T: D {type E = F; const G: u8 = 1; fn h() {}}",
    );
    check_item("impl A {}", "impl A {}");
    check_item("impl<T> [T] {}", "impl<T> [T] {}");
    check_item("impl<'a, const N: usize> a::B for &'a [u8; N] {}", "impl<'a, const N: usize> a::B for &'a [u8; N] {}");
    check_item("impl dyn A + Send {}", "impl (dyn A + Send) {}");
    check_item("impl Fn<(u8,)> for S {}", "impl Fn<tuple(u8)> for S {}");
    check_item("impl A for fn(u8) -> u8 {}", "impl A for fn(u8) -> u8 {}");
    check_item("impl A for <B as C>::D {}", "impl A for <B as C>::D {}");
    check_item("impl Foo<{ N }> for Bar<{ N + 1 }> {}", "impl Foo<const {N}> for Bar<const {(N + 1)}> {}");
    check_item("impl A for ! {}", "impl A for ! {}");
}

#[test]
fn other_items() {
    check_item("type A<T> = Vec<T>;", "type A<T> = Vec<T>;");
    check_item("const A: u8 = 1 + 2;", "const A: u8 = (1 + 2);");
    check_item("const _: () = assert!(true);", "const _: tuple() = assert!(1);");
    check_item("static A: &str = \"a\";", "static A: &str = \"a\";");
    check_item("const A: [u8; 2] = { [1, 2] };", "const A: [u8; 2] = {[1, 2]};");
    check_item("mod a;", "mod a;");
    check_item("mod a { fn f() {} mod b { struct S; } }", "mod a {fn f() {} mod b {struct S}}");
    check_item("import \"net/http\";", "import \"net/http\";");
    check_item("import \"github.com/a/b\" as c;", "import \"github.com/a/b\" as c;");
    check_item("extern crate std as s;", "extern crate std as s;");
    check_item("thread_local! { static A: u8 = 1; }", "thread_local!{7}");
    check_item("m!(a);", "m!(1)");
}

#[test]
fn uses() {
    check_item("use a;", "use a;");
    check_item("use a::b::C;", "use a::b::C;");
    check_item("pub use a::b as c;", "pub use a::b as c;");
    check_item("use a::b as _;", "use a::b as _;");
    check_item("use a::*;", "use a::*;");
    check_item("use a::{b, c::{self, d}, e::*, f as g,};", "use a::{b, c::{self, d}, e::*, f as g};");
    check_item("use {a, b::c};", "use {a, b::c};");
    check_item("use ::a::b;", "use ::a::b;");
    check_item("use ::{a, b};", "use ::{a, b};");
    check_item("use crate::a::{};", "use crate::a::{};");
    check_item("use self::a; ", "use self::a;");
    check_item("use super::super::*;", "use super::super::*;");
}

#[test]
fn attributes() {
    check_item(
        "#[derive(Debug, Clone)] #[a::b = 1] /// c\n struct S;",
        "#[derive(3)] #[a::b = 1] doc(\" c\") struct S",
    );
    check_item("/** a */ fn f() { #![allow(b)] }", "doc(\" a \") fn f() {}");
    check_item("mod a { #![allow(b)] //! c\n fn f() {} }", "#![allow(1)] doc!(\" c\") mod a {fn f() {}}");
    check_item("#[cfg(any(a, b = \"c\"))] fn f(#[d] x: u8) {}", "#[cfg(8)] fn f(x: u8) {}");
    accepts("struct S { #[a] /// b\n c: u8 } enum E { #[a] /// b\n C }");
}

#[test]
fn attribute_arguments() {
    let item = parse_item("#[cfg(any(unix, feature = \"x\"), 3)] fn f() {}").value;
    let read = metas(&item.attrs[0]).expect("metas");
    let [Meta::List { path, metas: inner, .. }, Meta::Lit { lit: Lit::Int { value: 3, .. }, .. }] = &read[..] else {
        panic!("{read:?}")
    };
    assert!(path.is("any"));
    assert!(matches!(&inner[..], [Meta::Path(_), Meta::NameValue { .. }]));
    let item = parse_item("#[path = \"x\"] fn f() {}").value;
    assert!(matches!(metas(&item.attrs[0]).as_deref(), Some([Meta::NameValue { lit: Lit::Str(_), .. }])));
    let item = parse_item("#[each(Int = i8, i16; Uint = u8, u16)] fn f() {}").value;
    assert!(metas(&item.attrs[0]).is_none());
    assert!(
        matches!(&item.attrs[0].kind, AttrKind::Normal { args: AttrArgs::List { tokens, .. }, .. } if tokens.len() == 11)
    );
}

#[test]
fn functions_without_body_in_the_standard_library() {
    let parsed = parse_item("#[go(\"len($self)\")] pub fn len(&self) -> usize;");
    assert!(matches!(parsed.value.kind, ItemKind::Fn(_)));
    check_errors("impl S { #[go(intrinsic = \"a\")] pub fn len(&self) -> usize; }", &[]);
    check_errors("impl S { pub fn len(&self) -> usize; }", &["1 associated function in `impl` without body"]);
}

#[test]
fn missing_bodies() {
    check_errors(
        "fn f();\nconst A: u8;\nstatic B: u8;\ntype C;\nimpl D {\nfn e();\nconst F: u8;\ntype G;\n}",
        &[
            "1 free function without a body",
            "2 free constant item without body",
            "3 free static item without body",
            "4 free type alias without body",
            "6 associated function in `impl` without body",
            "7 associated constant in `impl` without body",
            "8 associated type in `impl` without body",
        ],
    );
    check_errors("const A = 1;", &["1 missing type for `const` item"]);
}

#[test]
fn misplaced_visibility() {
    check_errors("enum E { pub A }", &["1 E0449 visibility qualifiers are not permitted here"]);
    check_errors("enum E { A(pub u8), B { pub x: u8 } }", &["1 E0449 visibility qualifiers are not permitted here"; 2]);
    check_errors("trait T { pub fn f(); }", &["1 E0449 visibility qualifiers are not permitted here"]);
    check_errors("impl T for S { pub fn f() {} }", &["1 E0449 visibility qualifiers are not permitted here"]);
    check_errors("pub impl S {}", &["1 E0449 visibility qualifiers are not permitted here"]);
    check_errors("impl S { pub fn f() {} }", &[]);
    check_errors("pub(foo) struct S;", &["1 E0704 incorrect visibility restriction"]);
    check_errors(
        "pub(in foo) struct S;",
        &["1 relative paths are not supported in visibilities of 2018 edition or later"],
    );
}

#[test]
fn misplaced_items_and_words() {
    check_errors("trait T { struct S; }", &["1 struct is not supported in `trait`s or `impl`s"]);
    check_errors("trait T { const fn f(); }", &["1 E0379 functions in traits cannot be declared const"]);
    check_errors("impl T for S { const fn f() {} }", &["1 E0379 functions in trait impls cannot be declared const"]);
    check_errors("fn f(self) {}", &["1 `self` parameter is only allowed in associated functions"]);
    check_errors(
        "impl S { fn f(x: u8, self) {} }",
        &["1 unexpected `self` parameter in function: it must be the first parameter"],
    );
    check_errors("trait T { fn f(&x: &u8); }", &["1 E0642 patterns aren't allowed in functions without bodies"]);
    check_errors("trait T { fn f(u8); }", &["1 expected `:` and a type behind the parameter"]);
    check_errors("use ::{self as root};", &["1 crate root imports need to be explicitly named: `use crate as name`"]);
    check_errors("type A: B = C;", &["1 bounds on `type`s in this context have no effect"]);
    check_errors("fn f(/// a\n x: u8) {}", &["1 documentation comments cannot be applied to a function's parameters"]);
}
