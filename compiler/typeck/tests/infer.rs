//! Inference and THIR of bodies over the real standard library.

use rgo_hir::test_db::TestDb;
use rgo_typeck::infer::body_type_errors;
use rgo_typeck::thir::{BodyKind, CaptureBy};
use rgo_typeck::thir_build::thir_body;

/// (code, line) of all errors of bodies, sorted.
fn errors(db: &TestDb) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for &owner in rgo_hir::body_owners(db, db.main()) {
        for error in body_type_errors(db, owner) {
            let (file, start) = rgo_hir::item_start(db, error.def);
            let before = &file.text(db)[..(start + error.span.start) as usize];
            found.push((error.code.unwrap_or("-").to_owned(), before.matches('\n').count() + 1));
        }
    }
    found.sort_by_key(|(_, line)| *line);
    found
}

#[test]
fn accepts_inference_through_closures_operators_and_coercions() {
    let source = r#"
trait Shape { fn area(&self) -> f64; }
struct Square(f64);
impl Shape for Square { fn area(&self) -> f64 { self.0 * self.0 } }
fn total(shapes: &[Box<dyn Shape>]) -> f64 { shapes.iter().map(|shape| shape.area()).sum() }
fn adder(n: i32) -> impl Fn(i32) -> i32 { move |x| x + n }
fn first(text: &str) -> Option<char> { let c = text.chars().next()?; Some(c) }
fn main() {
    let shapes: Vec<Box<dyn Shape>> = vec![Box::new(Square(2.0))];
    let ops: [fn(i32, i32) -> i32; 2] = [|a, b| a + b, i32::wrapping_mul];
    let words: Vec<String> = ["b", "a"].iter().rev().map(|word| word.to_uppercase()).collect();
    let mut counts = [0; 3];
    words.iter().for_each(|word| counts[word.len()] += 1);
    println!("{} {} {} {:?}", total(&shapes), adder(1)(2), ops[0](1, 2), first("x"));
}
"#;
    let db = TestDb::new(source, true);
    assert_eq!(errors(&db), []);
}

#[test]
fn reports_each_cause_once_and_where_rustc_does() {
    let source = "fn a() -> i32 { \"x\" }
fn b() { let x = Vec::new(); }
fn c() { 5.foo(); }
fn d() { let s: String = 1; s.nothing(); }
fn e() { let x = if true { 1 } else { 'a' }; }
fn f(x: Option<i32>) -> i32 { x? }
fn g() { a(1); }
fn h() { let x = 5; x(); }
fn main() {}
";
    let db = TestDb::new(source, true);
    let expected = ["E0308", "E0282", "E0599", "E0308", "E0599", "E0308", "E0277", "E0061", "E0618"];
    let found = errors(&db);
    assert_eq!(found.iter().map(|(code, _)| code.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(found.iter().map(|(_, line)| *line).collect::<Vec<_>>(), [1, 2, 3, 4, 4, 5, 6, 7, 8]);
}

#[test]
fn captures_disjoint_fields_and_moves_what_is_moved() {
    let source = "struct P { a: String, b: String, n: i32 }
fn main() {
    let mut p = P { a: String::new(), b: String::new(), n: 1 };
    let f = || { p.b.push('x'); drop(p.a); p.n };
}
";
    let db = TestDb::new(source, true);
    assert_eq!(errors(&db), []);
    let owner = rgo_hir::body_owners(&db, db.main())[0];
    let closure = thir_body(&db, owner).closures[0];
    let BodyKind::Closure(info) = &thir_body(&db, closure).kind else { panic!("a closure has a closure's body") };
    let captured: Vec<(usize, bool)> =
        info.captures.iter().map(|capture| (capture.place.projections.len(), capture.by == CaptureBy::Value)).collect();
    assert_eq!(captured, [(1, false), (1, true), (1, false)]);
    assert_eq!(info.kind, rgo_typeck::ty::ClosureKind::FnOnce);
}
