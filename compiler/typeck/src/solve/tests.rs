//! Goals are the where clauses of a function `goal`; what may be assumed are the predicates of the trait or impl around it.

use rgo_hir::test_db::TestDb;
use rgo_hir::{DefId, DefKind};
use rgo_syntax::Name;

use super::*;
use crate::collect;
use crate::infer_ctxt::InferCtxt;
use crate::ty::Subst;
use crate::ty::display::{display_predicate, display_ty};

fn find(db: &TestDb, root: DefId, kind: DefKind, name: &str) -> Option<DefId> {
    rgo_hir::children(db, root)
        .iter()
        .copied()
        .find(|def| def.kind() == kind && def.name().as_str() == name)
        .or_else(|| rgo_hir::children(db, root).iter().find_map(|def| find(db, *def, kind, name)))
}

fn main_package(_db: &TestDb) -> DefId {
    DefId::package(Name::new("main"))
}

/// Each goal with its answer, one per line.
fn check_goals(source: &str, expected: &str) {
    let db = TestDb::new(source, true);
    let goal = find(&db, main_package(&db), DefKind::Fn, "goal").expect("a function `goal`");
    let env = match goal.parent().filter(|parent| matches!(parent.kind(), DefKind::Trait | DefKind::Impl)) {
        Some(parent) => param_env(&db, parent),
        None => ParamEnv::empty(),
    };
    let infcx = InferCtxt::new(&db, env);
    let mut lines = Vec::new();
    for (predicate, span) in collect::own_predicates_of(&db, goal) {
        let cause = ObligationCause::misc(goal, *span);
        let mut nested = Vec::new();
        let normalized = infcx.normalize(predicate.erase_regions(), &cause, &mut nested);
        nested.push(Obligation::new(cause, infcx.param_env, normalized));
        let mut fulfill = FulfillCtxt::new();
        fulfill.register_all(&infcx, nested);
        let errors = fulfill.select_all_or_error(&infcx);
        let answer = match errors.first() {
            None => "yes".to_owned(),
            Some(error) => match &error.kind {
                FulfillErrorKind::Unimplemented => {
                    format!("no: {}", display_predicate(&db, error.obligation.predicate))
                }
                FulfillErrorKind::Projection { expected, found, .. } => {
                    format!("no: expected {}, found {}", display_ty(&db, *expected), display_ty(&db, *found))
                }
                FulfillErrorKind::Ambiguous => "maybe".to_owned(),
                FulfillErrorKind::Overflow => "overflow".to_owned(),
            },
        };
        lines.push(format!("{}: {answer}", display_predicate(&db, *predicate)));
    }
    let package = main_package(&db);
    let mut errors = Vec::new();
    collect_all(&db, package, &mut errors);
    lines.extend(errors);
    assert_eq!(lines.join("\n"), expected.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n"));
}

fn collect_all(db: &TestDb, def: DefId, out: &mut Vec<String>) {
    for error in collect::collect_errors(db, def) {
        out.push(format!("error[{}]: {}", error.code.unwrap_or(""), error.message));
    }
    for child in rgo_hir::children(db, def) {
        collect_all(db, *child, out);
    }
}

/// The normal forms of all type aliases.
fn check_types(source: &str, expected: &str) {
    let db = TestDb::new(source, true);
    let mut lines = Vec::new();
    for def in rgo_hir::children(&db, main_package(&db)) {
        if def.kind() == DefKind::TypeAlias {
            let ty = normalize_erasing_regions(&db, ParamEnv::empty(), collect::type_of(&db, *def));
            lines.push(format!("{}: {}", def.name(), display_ty(&db, ty)));
        }
    }
    collect_all(&db, main_package(&db), &mut lines);
    assert_eq!(lines.join("\n"), expected.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n"));
}

#[test]
fn built_in_rules() {
    check_goals(
        "fn goal() where i32: Copy, String: Copy, (i32, bool): Copy, [u8; 3]: Clone, str: Sized, [u8]: Sized, &'static str: Sized, &'static mut i32: Copy, fn(i32) -> i32: Copy, Box<str>: Sized {}",
        "
        i32: Copy: yes
        String: Copy: no: String: Copy
        (i32, bool): Copy: yes
        [u8; 3]: Clone: yes
        str: Sized: no: str: Sized
        [u8]: Sized: no: [u8]: Sized
        &'static str: Sized: yes
        &'static mut i32: Copy: no: &mut i32: Copy
        fn(i32) -> i32: Copy: yes
        Box<str>: Sized: yes
        ",
    );
}

#[test]
fn impls_and_where_clauses() {
    check_goals(
        "
        trait Shape {} struct Dot; impl Shape for Dot {} impl<T: Shape> Shape for Vec<T> {} impl<T: Shape> Shape for Option<T> {}
        trait Env<T: Shape, U> { fn goal() where T: Shape, U: Shape, Vec<T>: Shape, Vec<Option<Dot>>: Shape, Vec<i32>: Shape; }
        ",
        "
        T: Shape: yes
        U: Shape: no: U: Shape
        Vec<T>: Shape: yes
        Vec<Option<Dot>>: Shape: yes
        Vec<i32>: Shape: no: i32: Shape
        ",
    );
}

#[test]
fn supertraits_are_assumed() {
    check_goals(
        "trait A {} trait B: A {} trait C: B + Clone {} trait Env<T: C> { fn goal() where T: A, T: Clone, T: Copy, T: Sized; }",
        "
        T: A: yes
        T: Clone: yes
        T: Copy: no: T: Copy
        T: Sized: yes
        ",
    );
}

#[test]
fn auto_traits_by_structure() {
    check_goals(
        "
        use std::rc::Rc; use std::sync::Arc; use std::cell::Cell; use std::sync::Mutex;
        struct Plain { a: i32, b: Vec<String> } struct Shared { a: Rc<i32> } struct Tree { children: Vec<Tree> }
        fn goal() where Plain: Send, Shared: Send, Tree: Sync, Arc<Plain>: Send, Arc<Cell<i32>>: Send, Mutex<Cell<i32>>: Sync,
            &'static Cell<i32>: Send, Box<dyn Fn()>: Send, Box<dyn Fn() + Send>: Send {}
        ",
        "
        Plain: Send: yes
        Shared: Send: no: Rc<i32>: Send
        Tree: Sync: yes
        Arc<Plain>: Send: yes
        Arc<Cell<i32>>: Send: no: UnsafeCell<i32>: Sync
        Mutex<Cell<i32>>: Sync: yes
        &'static Cell<i32>: Send: no: UnsafeCell<i32>: Sync
        Box<dyn Fn()>: Send: no: dyn Fn(): Send
        Box<dyn Fn() + Send>: Send: yes
        ",
    );
}

#[test]
fn projections() {
    check_types(
        "
        type A = <Vec<i32> as IntoIterator>::Item;
        type B = <&'static [u8] as IntoIterator>::Item;
        type C = <fn(i32) -> bool as FnOnce<(i32,)>>::Output;
        type D = <dyn Iterator<Item = u8> as Iterator>::Item;
        type E = <i32 as std::ops::Add>::Output;
        type F = <String as std::ops::Deref>::Target;
        type G = <std::ops::Range<usize> as Iterator>::Item;
        ",
        "
        A: i32
        B: &u8
        C: bool
        D: u8
        E: i32
        F: str
        G: usize
        ",
    );
}

#[test]
fn projection_goals() {
    check_goals(
        "
        trait Env<I: Iterator<Item = u32>, J: Iterator> {
            fn goal() where I::Item: Copy, J::Item: Copy, I: Iterator<Item = u64>, Vec<u8>: IntoIterator<Item = u8>, i32: From<u8>, Option<J::Item>: Sized;
        }
        ",
        "
        <I as Iterator>::Item: Copy: yes
        <J as Iterator>::Item: Copy: no: <J as Iterator>::Item: Copy
        I: Iterator: yes
        <I as Iterator>::Item == u64: no: expected u64, found u32
        Vec<u8>: IntoIterator: yes
        <Vec<u8> as IntoIterator>::Item == u8: yes
        i32: From<u8>: yes
        Option<<J as Iterator>::Item>: Sized: yes
        ",
    );
}

#[test]
fn callables() {
    check_goals(
        "
        trait Env<F: Fn(i32) -> bool, G: FnOnce()> {
            fn goal() where F: FnMut(i32) -> bool, F: FnOnce(i32) -> bool, G: Fn(), fn(&str) -> usize: Fn(&str) -> usize, Box<dyn Fn(u8)>: Fn(u8),
                &'static F: Fn(i32) -> bool;
        }
        ",
        "
        F: FnMut(i32): yes
        <F as FnOnce(i32)>::Output == bool: yes
        F: FnOnce(i32): yes
        <F as FnOnce(i32)>::Output == bool: yes
        G: Fn(): no: G: Fn()
        <G as FnOnce()>::Output == (): yes
        fn(&str) -> usize: Fn(&str): yes
        <fn(&str) -> usize as FnOnce(&str)>::Output == usize: yes
        Box<dyn Fn(u8)>: Fn(u8): yes
        <Box<dyn Fn(u8)> as FnOnce(u8)>::Output == (): yes
        &'static F: Fn(i32): yes
        <&'static F as FnOnce(i32)>::Output == bool: yes
        ",
    );
}

#[test]
fn dyn_types() {
    check_goals(
        "
        use std::fmt::{Debug, Display}; trait A {} trait B: A + Debug {} impl<T: A + ?Sized> A for Box<T> {}
        fn goal() where dyn B: A, dyn B: Debug, dyn B: Display, Box<dyn B>: A, Box<dyn A>: Clone {}
        ",
        "
        dyn B: A: yes
        dyn B: Debug: yes
        dyn B: Display: no: dyn B: Display
        Box<dyn B>: A: yes
        Box<dyn A>: Clone: no: dyn A: Sized
        ",
    );
}

#[test]
fn endless_conditions_overflow() {
    check_goals(
        "trait A {} struct W<T>(T); impl<T> A for T where W<T>: A {} fn goal() where i32: A {}",
        "i32: A: overflow",
    );
}

#[test]
fn derived_impls() {
    check_goals(
        "
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)] struct P<T> { x: T }
        fn goal() where P<i32>: Copy, P<String>: Copy, P<String>: Clone, P<f64>: Eq, P<f64>: PartialEq, P<u8>: Default {}
        ",
        "
        P<i32>: Copy: yes
        P<String>: Copy: no: String: Copy
        P<String>: Clone: yes
        P<f64>: Eq: no: f64: Eq
        P<f64>: PartialEq: yes
        P<u8>: Default: yes
        ",
    );
}
