//! What names mean and which errors they give: every line that is wrong is marked `//~ CODE`.

use std::collections::BTreeSet;

use rgo_hir::test_db::TestDb;
use rgo_hir::{HirError, body_errors, body_owners, item_errors, item_start};

fn line_of(text: &str, offset: u32) -> usize {
    text[..offset as usize].matches('\n').count() + 1
}

/// A small std, so that these tests do not depend on the real one.
const STD: &[(&str, &str)] = &[
    ("stdlib/lib.rgo", ""),
    ("stdlib/prelude.rgo", "pub use crate::option::Option::{self, None, Some}; pub use crate::marker::Copy;"),
    ("stdlib/option.rgo", "pub enum Option<T> { None, Some(T) }"),
    ("stdlib/marker.rgo", "#[lang = \"copy\"] pub trait Copy {}"),
    ("stdlib/fmt.rgo", "pub trait Debug { fn fmt(&self); } pub struct Formatter; pub type Result = Option<()>;"),
    ("stdlib/collections/map.rgo", "pub struct HashMap<K, V> { k: K, v: V } fn private() {}"),
    ("stdlib/collections/mod.rgo", "pub use self::map::HashMap;"),
    ("stdlib/rt.rgo", "#[lang = \"panic_fmt\"] pub fn panic_fmt() -> ! {} #[lang = \"print\"] pub fn print() {}"),
];

fn database(source: &str) -> TestDb {
    let std: Vec<(String, String)> = STD.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    TestDb::with_files(&[("main", &[("main.rgo", source)])], &std)
}

fn errors(db: &TestDb) -> Vec<HirError> {
    let package = db.main();
    let mut errors = item_errors(db, package).to_vec();
    for &owner in body_owners(db, package) {
        errors.extend_from_slice(body_errors(db, owner));
    }
    errors
}

/// Holds the errors of `source` against its marks.
#[track_caller]
fn check(source: &str) {
    let db = database(source);
    let found: BTreeSet<(usize, String)> = errors(&db)
        .iter()
        .map(|error| {
            let (_, start) = item_start(&db, error.def);
            (line_of(source, start + error.span.start), error.code.unwrap_or("plain").to_string())
        })
        .collect();
    let mut expected = BTreeSet::new();
    for (index, line) in source.lines().enumerate() {
        if let Some((_, codes)) = line.split_once("//~ ") {
            expected.extend(codes.split_whitespace().map(|code| (index + 1, code.to_string())));
        }
    }
    assert_eq!(found, expected, "{:#?}", errors(&db));
}

#[test]
fn items_see_each_other_in_any_order() {
    check("fn main() { f(S); let x = E::A; x; } fn f(s: S) {} struct S; enum E { A }");
}

#[test]
fn unknown_names_are_reported_where_they_stand() {
    check(
        "fn main() {
            undefined; //~ E0425
            undefined(); //~ E0425
            m::nope; //~ E0425
            m::inner::nope::deeper; //~ E0433
            Nope::new(); //~ E0433
            Nope { x: 1 }; //~ E0422
            let Nope(x) = 1; //~ E0531
            self; //~ E0424
        }
        mod m { pub mod inner {} }",
    );
}

#[test]
fn names_of_the_wrong_kind_are_told_apart_from_none() {
    check(
        "struct Named { x: i32 }
        struct Unit;
        enum E { Brace { x: i32 } }
        mod m {}
        const K: i32 = 1;
        static ST: i32 = 1;
        trait Tr {}
        fn main() {
            Named; //~ E0423
            Named(1); //~ E0423
            m; //~ E0423
            Tr; //~ E0423
            Tr { }; //~ E0574
            E::Brace; //~ E0533
            match 1 {
                K(1) => {} //~ E0532
                Unit(x) => {} //~ E0532
                ST => {} //~ E0530
                K => {}
            }
            let local = 1;
            local { x: 1 }; //~ E0574
        }",
    );
}

#[test]
fn variables_shadow_and_end_with_their_scope() {
    check(
        "fn main() {
            let x = 1;
            let x = { let y = x; y };
            if let Some(z) = Some(x) && z == x { z; } else { z; } //~ E0425
            while let Some(w) = Some(1) { w; }
            match Some(1) { Some(v) if v == x => { v; } _ => {} }
            for i in Some(i) {} //~ E0425
            let Some(q) = Some(1) else { q; return }; //~ E0425
            y; //~ E0425
        }",
    );
}

#[test]
fn inner_items_do_not_see_variables_and_generics_of_outer_ones() {
    check(
        "fn main() {
            let n = 3;
            fn inner() { n; } //~ E0434
            const C: i32 = n; //~ E0435
            [0; n]; //~ E0435
            let c = |x: i32| x + n;
            c(1);
        }",
    );
}

#[test]
fn or_patterns_bind_the_same_names() {
    check(
        "enum E { A(i32), B(i32), C }
        use E::*;
        fn main() {
            match C {
                A(x) | B(x) => { x; }
                C => {}
            }
            let (A(y) | C) = C; //~ E0408
            let (A(ref z) | B(z)) = C; //~ E0409
            let (a, a) = (1, 2); //~ E0416
        }
        fn twice(a: i32, a: i32) {} //~ E0415",
    );
}

#[test]
fn labels() {
    check(
        "fn main() {
            'a: loop {
                'b: loop { break 'a; }
                break 'c; //~ E0426
            }
            break; //~ E0268
            loop { || break; } //~ E0267
            'x: loop { || { break 'x; }; } //~ E0767 E0267
            while true { break 1; } //~ E0571
            'blk: { break; } //~ E0695
            'blk: { continue 'blk; } //~ E0696
            while break {} //~ E0590
        }
        const R: i32 = return 1; //~ E0572",
    );
}

#[test]
fn imports_globs_and_reexports() {
    check(
        "mod a { pub mod b { pub struct S; pub fn f() {} fn private() {} } pub use self::b::S as T; }
        use a::b::{self, f as g};
        use a::*;
        use a::b::private; //~ E0603
        use a::nope; //~ E0432
        use nowhere::x; //~ E0432
        use nowhere::x::y; //~ E0433
        use std::collections::HashMap;
        use std::collections::map::private as p; //~ E0603
        fn main() { let s = T; let s = b::S; g(); b::f(); nope; x; }",
    );
}

#[test]
fn cyclic_globs_settle() {
    check(
        "mod a { pub use super::b::*; pub struct X; }
        mod b { pub use super::a::*; pub struct Y; }
        fn main() { a::Y; b::X; a::X; b::Y; a::Z; } //~ E0425",
    );
}

#[test]
fn globs_yield_to_names_and_clash_with_globs() {
    check(
        "mod a { pub struct X; } mod b { pub struct X; pub struct Y; }
        use a::*;
        use b::*;
        struct Y;
        fn main() {
            Y;
            X; //~ E0659
        }",
    );
}

#[test]
fn duplicates() {
    check("struct A; struct A; //~ E0428\n fn f() {} mod f {} fn main() {}");
    check(
        "use std::fmt::Debug;
        struct Debug; //~ E0255
        use std::fmt::Formatter;
        use std::fmt::Formatter; //~ E0252
        enum E { A, A } //~ E0428
        fn main() {}",
    );
}

#[test]
fn generics() {
    check(
        "struct S<T, T>(T); //~ E0403
        fn f<'a, 'a>() {} //~ E0403
        fn g<'static>() {} //~ E0262
        struct D<T = U, U = i32>(T, U); //~ E0128
        trait Tr<'a> { fn h<'a>(); } //~ E0496
        fn main() {}",
    );
}

#[test]
fn privacy_of_paths() {
    check(
        "mod m {
            fn p() {}
            pub struct S(i32);
            pub struct Q(pub i32);
            pub mod n { pub(super) fn up() {} pub(crate) fn c() {} }
            pub fn ok() { p(); n::up(); }
        }
        use m::S;
        fn main() {
            m::p(); //~ E0603
            m::n::up(); //~ E0603
            m::n::c();
            m::S(1); //~ E0603
            S(1); //~ E0423
            m::Q(1);
        }
        pub use m::n::c as exported; //~ E0364",
    );
}

#[test]
fn members_of_impls() {
    check(
        "trait T { fn f(); type A; const C: i32; }
        impl T for i32 {
            fn f() {}
            fn g() {} //~ E0407
            type A = i32;
            type B = i32; //~ E0437
            const C: i32 = 1;
            const D: i32 = 1; //~ E0438
        }
        fn main() {}",
    );
}

#[test]
fn derives() {
    check(
        "#[derive(Debug)] struct Ok;
        #[derive(Nope)] struct A; //~ plain
        #[derive(Debug)] fn f() {} //~ E0774
        #[derive(\"x\")] struct B; //~ E0777
        #[derive(Default)] enum E { A, B } //~ E0665
        fn main() {}",
    );
}

#[test]
fn format_strings() {
    check(
        "fn main() {
            let w = 3;
            println!(\"{w} {0:>1$.w$} {{}} {:?}\", 1, 2);
            println!(\"{}\"); //~ plain
            println!(\"{} {}\", 1); //~ plain
            println!(\"{}\", 1, 2); //~ plain
            println!(\"{nope}\"); //~ E0425
            println!(\"{0} {2}\", 1, 2); //~ plain
            println!(\"{:?\", 1); //~ plain
            println!(\"}\"); //~ plain
            println!(\"{:y}\", 1); //~ plain
            println!(w); //~ plain
            println!(\"{a}\", a = 1);
            println!(\"{:.*}\", 2, 1.0);
            nomacro!(); //~ plain
        }",
    );
}

#[test]
fn destructuring_assignment() {
    check(
        "struct S { x: i32, y: i32 }
        fn main() {
            let (mut a, mut b) = (1, 2);
            (a, b) = (b, a);
            [a, .., b] = [1, 2, 3];
            S { x: a, .. } = S { x: 1, y: 2 };
            _ = a;
            (a, nope) = (1, 2); //~ E0425
        }",
    );
}

#[test]
fn items_of_blocks_and_modules_in_them() {
    check(
        "fn main() {
            mod m { pub struct S; pub fn f() { g(); } fn g() {} }
            use m::{S, f};
            let s = S;
            f();
            { fn only_here() {} only_here(); }
            only_here(); //~ E0425
            m::g(); //~ E0603
        }",
    );
}

#[test]
fn files_of_a_directory_are_one_namespace_and_packages_see_each_other() {
    let std: Vec<(String, String)> = STD.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect();
    let db = TestDb::with_files(
        &[
            (
                "main",
                &[("a.rgo", "fn main() { helper(); audio::play(); }"), ("b.rgo", "use crate::audio; fn helper() {}")],
            ),
            ("main/audio", &[("audio.rgo", "pub fn play() { secret(); } fn secret() {}")]),
        ],
        &std,
    );
    assert_eq!(errors(&db), []);
}
