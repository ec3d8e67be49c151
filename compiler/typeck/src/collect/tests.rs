//! Errors of lowering, as `line: code` for every definition of the package.

use rgo_hir::test_db::TestDb;
use rgo_hir::{DefId, DefKind};
use rgo_syntax::Name;

use super::*;
use crate::ty::display::{display_fn_sig, display_ty};

fn errors_in(db: &TestDb, def: DefId, out: &mut Vec<(usize, &'static str)>) {
    for error in collect_errors(db, def) {
        let (file, start) = rgo_hir::item_start(db, error.def);
        let line = file.text(db)[..(start + error.span.start) as usize].matches('\n').count() + 1;
        out.push((line, error.code.unwrap_or("")));
    }
    for child in rgo_hir::children(db, def) {
        errors_in(db, *child, out);
    }
}

fn check_errors(source: &str, expected: &[(usize, &'static str)]) {
    let db = TestDb::new(source, true);
    let mut found = Vec::new();
    errors_in(&db, DefId::package(Name::new("main")), &mut found);
    found.sort_unstable();
    assert_eq!(found, expected);
}

/// The signatures of all free functions.
fn check_sigs(source: &str, expected: &[&str]) {
    let db = TestDb::new(source, true);
    let mut found = Vec::new();
    for def in rgo_hir::children(&db, DefId::package(Name::new("main"))) {
        match def.kind() {
            DefKind::Fn => found.push(format!("{}: {}", def.name(), display_fn_sig(&db, &fn_sig(&db, *def)))),
            DefKind::Struct => {
                for field in &adt_def(&db, *def).variants[0].fields {
                    found.push(format!("{}.{}: {}", def.name(), field.name, display_ty(&db, field.ty)));
                }
            }
            _ => {}
        }
    }
    assert_eq!(found, expected);
}

#[test]
fn lifetimes_of_signatures() {
    check_sigs(
        "
        fn a(x: &str) -> &str { x }
        fn b<'a>(x: &'a str, y: &str) -> &'a str { x }
        fn c(f: fn(&u8) -> &u8) {}
        fn d(f: impl Fn(&u8) -> &u8) {}
        struct S<'a, T: 'a> { x: &'a T, y: Box<dyn Fn(&T) -> bool + 'a>, z: &'a dyn Send }
        ",
        &[
            "a: fn(&str) -> &str",
            "b: for<'a> fn(&'a str, &str) -> &'a str",
            "c: fn(fn(&u8) -> &u8)",
            "d: fn(impl Trait)",
            "S.x: &'a T",
            "S.y: Box<dyn Fn(&T) -> bool + 'a>",
            "S.z: &'a (dyn Send + 'a)",
        ],
    );
}

#[test]
fn elision_that_fails() {
    check_errors(
        "fn a() -> &str { \"\" }
        fn b(x: &u8, y: &u8) -> &u8 { x }
        struct S { x: &u8 }
        struct R<'a> { x: &'a u8 }
        fn c(x: R) -> R { x }
        impl R { fn d(&self, x: &u8) -> &u8 { x } }
        fn e<T>() where T: Into<&u8> {}
        trait T { type A; }
        impl T for u8 { type A = &u8; }
        ",
        &[(1, "E0106"), (2, "E0106"), (3, "E0106"), (6, "E0726"), (7, "E0637"), (9, "")],
    );
}

#[test]
fn generic_arguments() {
    check_errors(
        "struct S<T> { x: T }
        fn a(x: S) {}
        fn b(x: S<u8, u8>) {}
        fn c(x: S<'static, u8>) {}
        fn d(x: u8<u8>) {}
        fn e(x: Vec<u8, Item = u8>) {}
        fn f<const N: usize>(x: [u8; N]) {}
        struct A<const N: usize>;
        fn g(x: A<u8>) {}
        fn h(x: Vec(u8)) {}
        ",
        &[(2, "E0107"), (3, "E0107"), (4, "E0107"), (5, "E0109"), (6, "E0229"), (9, "E0747"), (10, "E0214")],
    );
}

#[test]
fn associated_types_and_objects() {
    check_errors(
        "trait T { type A; type B; }
        fn a<X: T>(x: X::C) {}
        fn b(x: Vec<u8>::Item) {}
        fn c(x: Box<dyn T<A = u8>>) {}
        fn d(x: Box<dyn Clone + std::fmt::Debug>) {}
        fn e(x: Box<T>) {}
        fn f(x: impl T<Z = u8>) {}
        trait U: T { type A; fn g() -> Self::A; }
        fn h<I: for<'x> V<&'x u8>>(x: I::A) {}
        trait V<X> { type A; }
        fn i(x: _) {}
        ",
        &[
            (2, "E0220"),
            (3, "E0223"),
            (4, "E0191"),
            (5, "E0225"),
            (6, "E0782"),
            (7, "E0220"),
            (8, "E0221"),
            (9, "E0212"),
            (11, "E0121"),
        ],
    );
}
