//! Types, bounds and generics.

use super::{check_errors, check_item, check_type};

#[test]
fn simple_types() {
    check_type("u8", "u8");
    check_type("a::b::C", "a::b::C");
    check_type("::a::B", "::a::B");
    check_type("&T", "&T");
    check_type("&'a mut T", "&'a mut T");
    check_type("&&'static str", "&&'static str");
    check_type("[T]", "[T]");
    check_type("[T; 2 + N]", "[T; (2 + N)]");
    check_type("[[u8; 2]; 3]", "[[u8; 2]; 3]");
    check_type("()", "tuple()");
    check_type("(T)", "(T)");
    check_type("(T,)", "tuple(T)");
    check_type("(A, B)", "tuple(A, B)");
    check_type("!", "!");
    check_type("_", "_");
    check_type("[_; _]", "[_; _]");
    check_type("Self", "Self");
    check_type("Self::Item", "Self::Item");
}

#[test]
fn generic_arguments() {
    check_type("Vec<Vec<Vec<u8>>>", "Vec<Vec<Vec<u8>>>");
    check_type("Vec::<u8>", "Vec<u8>");
    check_type("A<'a, T, 3, -1, { N }>", "A<'a, T, const 3, const (-1), const {N}>");
    check_type("A<Item = T, B: C + 'a, D<'a> = E, F = 3>", "A<Item = T, B: C + 'a, D<'a> = E, F = const 3>");
    check_type("A<T,>", "A<T>");
    check_type("A<true, 'c'>", "A<const true, const 'c'>");
    check_type("HashMap<String, Box<dyn Fn(u8) -> Vec<u8>>>", "HashMap<String, Box<(dyn Fn(u8) -> Vec<u8>)>>");
    check_type("<T as Iterator>::Item", "<T as Iterator>::Item");
    check_type("<<T as A>::B as C<D>>::E<F>", "<<T as A>::B as C<D>>::E<F>");
    check_type("A<[u8; { N + 1 }]>", "A<[u8; {(N + 1)}]>");
}

#[test]
fn functions_and_traits() {
    check_type("fn()", "fn()");
    check_type("fn(a: u8, _: u8, C) -> D", "fn(a: u8, _: u8, C) -> D");
    check_type("for<'a> fn(&'a u8) -> &'a u8", "for<'a> fn(&'a u8) -> &'a u8");
    check_type("dyn A + 'a + Send", "(dyn A + 'a + Send)");
    check_type("&dyn A", "&(dyn A)");
    check_type("&(dyn A + 'a)", "&((dyn A + 'a))");
    check_type("Box<dyn for<'a> Fn(&'a u8) -> &'a u8 + 'b>", "Box<(dyn for<'a> Fn(&'a u8) -> &'a u8 + 'b)>");
    check_type("impl Iterator<Item = u8> + '_", "(impl Iterator<Item = u8> + '_)");
    check_type("impl Fn() -> impl Fn()", "(impl Fn() -> (impl Fn()))");
    check_type("impl A + use<'a, T, Self>", "(impl A + use<'a, T, Self>)");
    check_type("impl ?Sized + A", "(impl ?Sized + A)");
    check_type("A + Send", "(bare A + Send)");
    check_type("for<'a> A<'a>", "(bare for<'a> A<'a>)");
    check_type("dyn Fn(A, B)", "(dyn Fn(A, B))");
    check_type("dyn (A) + (B)", "(dyn A + B)");
    check_type("dyn A +", "(dyn A)");
    check_type("Box<dyn 'static +>", "Box<(dyn 'static)>");
    check_type("&dyn Fn(&u8) -> &u8", "&(dyn Fn(&u8) -> &u8)");
}

#[test]
fn generics() {
    check_item(
        "fn f<'a: 'b + 'c, 'b, T: A + ?Sized + 'a, U, const N: usize>() where T: B<U>, for<'x> &'x T: C, 'a: 'b, Vec<T>: D, {}",
        "fn f<'a: 'b + 'c, 'b, T: A + ?Sized + 'a, U, const N: usize>() where T: B<U>, for<'x> &'x T: C, 'a: 'b, Vec<T>: D {}",
    );
    check_item(
        "struct S<T = u8, const N: usize = 3, const M: usize = { 1 + 2 }>(T);",
        "struct S<T = u8, const N: usize = 3, const M: usize = {(1 + 2)}>(T)",
    );
    check_item("fn f<T>() where T:, {}", "fn f<T>() where T:  {}");
    check_item("fn f<F: for<'a> Fn(&'a u8) -> bool>(f: F) {}", "fn f<F: for<'a> Fn(&'a u8) -> bool>(f: F) {}");
    check_item("fn f() where for<'a> F: Fn(&'a u8) {}", "fn f() where for<'a> F: Fn(&'a u8) {}");
    check_item("fn f<T: Into<Vec<u8>>>() {}", "fn f<T: Into<Vec<u8>>>() {}");
    check_item("struct S<T: A=B>(T);", "struct S<T: A = B>(T)");
    check_item("struct S<T=Vec<u8>>(T);", "struct S<T = Vec<u8>>(T)");
    check_item("fn f() where T: Iterator<Item: Clone> {}", "fn f() where T: Iterator<Item: Clone> {}");
    check_item("fn f<T>(x: T) -> T where T: Copy { x }", "fn f<T>(x: T) -> T where T: Copy {x}");
    check_item("fn f<>() {}", "fn f() {}");
}

#[test]
fn rules_of_generics() {
    check_errors(
        "fn f<T, 'a>(x: &'a T) {}",
        &["1 lifetime parameters must be declared prior to type and const parameters"],
    );
    check_errors("struct S<T = u8, U>(T, U);", &["1 generic parameters with a default must be trailing"]);
    check_errors(
        "fn f<T = u8>(x: T) {}",
        &["1 invalid_type_param_default defaults for generic parameters are not allowed here"],
    );
    check_errors("fn f(x: Vec<Item = u8, u8>) {}", &["1 generic arguments must come before the first constraint"]);
}

#[test]
fn plus_needs_parentheses() {
    check_errors("fn f(x: &Foo + 'a) {}", &["1 E0178 expected a path on the left-hand side of `+`"]);
    check_errors("fn f(x: &'a mut dyn Foo + 'a) {}", &["1 ambiguous `+` in a type"]);
    check_errors("struct S { x: fn() -> Foo + 'a }", &["1 E0178 expected a path on the left-hand side of `+`"]);
}

#[test]
fn rules_of_types() {
    check_errors("fn f(x: u8, y: &...) {}", &["1 E0743 C-variadic type `...` may not be nested inside another type"]);
    check_errors("type A = fn(mut x: u8);", &["1 E0561 patterns aren't allowed in function pointer types"]);
    check_errors("type A = fn(&x: u8);", &["1 E0561 patterns aren't allowed in function pointer types"]);
    check_errors("fn f() -> impl Into<impl Debug> {}", &["1 E0666 nested `impl Trait` is not allowed"]);
    check_errors("fn f() { let x: typeof(92) = 92; }", &["1 E0516 `typeof` is a reserved keyword but unimplemented"]);
    check_errors("fn f(x: &dyn A + dyn B) {}", &["1 ambiguous `+` in a type", "1 invalid `dyn` keyword"]);
    check_errors("type A = dyn B + 'a + 'b;", &["1 E0226 only a single explicit lifetime bound is permitted"]);
}
