//! What rgo does not have.

use super::check_errors;

#[test]
fn each_has_its_code() {
    check_errors("fn f() { unsafe { g() } }", &["1 RGO0101 `unsafe` is not part of rgo"]);
    check_errors("unsafe fn f() {}", &["1 RGO0101 `unsafe` is not part of rgo"]);
    check_errors("unsafe impl A for B {}", &["1 RGO0101 `unsafe` is not part of rgo"]);
    check_errors("fn f(x: *const u8) {}", &["1 RGO0102 a raw pointer is not part of rgo"]);
    check_errors("fn f() { &raw const x; }", &["1 RGO0102 a raw pointer is not part of rgo"]);
    check_errors("macro_rules! m { () => {} }", &["1 RGO0103 defining a macro is not part of rgo"]);
    check_errors("fn f() { macro_rules! m { () => {} } g(); }", &["1 RGO0103 defining a macro is not part of rgo"]);
    check_errors("async fn f() {}", &["1 RGO0104 `async` is not part of rgo"]);
    check_errors("fn f() { async move { 1 }; }", &["1 RGO0104 `async` is not part of rgo"]);
    check_errors("fn f() { a.await; }", &["1 RGO0104 `async` is not part of rgo"]);
    check_errors("fn f() { async |x| x; }", &["1 RGO0104 `async` is not part of rgo"]);
    check_errors("extern \"C\" { fn f(); static A: u8; }", &["1 RGO0105 `extern` is not part of rgo"]);
    check_errors("extern \"C\" fn f() {}", &["1 RGO0105 `extern` is not part of rgo"]);
    check_errors("extern crate a;", &["1 RGO0105 `extern` is not part of rgo"]);
    check_errors("union U { a: u8 }", &["1 RGO0106 `union` is not part of rgo"]);
    check_errors("static mut A: u8 = 1;", &["1 RGO0107 `static mut` is not part of rgo"]);
    check_errors("impl A for B { default fn f() {} }", &["1 RGO0108 this unstable feature of Rust is not part of rgo"]);
    check_errors("impl !A for B {}", &["1 RGO0108 this unstable feature of Rust is not part of rgo"]);
    check_errors("auto trait A {}", &["1 RGO0108 this unstable feature of Rust is not part of rgo"]);
    check_errors("fn f() { c\"a\"; }", &["1 RGO0109 a C string is not part of rgo"]);
    check_errors("fn f(x: u128) { 1i128; i128::MAX; }", &["1 RGO0110 a 128-bit integer is not part of rgo"; 3]);
}
