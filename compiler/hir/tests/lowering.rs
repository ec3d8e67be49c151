//! The shape of lowered bodies.

use rgo_hir::body::{Body, Expr, FormatPiece, MatchSource, Pat, Stmt};
use rgo_hir::resolve::{Namespace, Res};
use rgo_hir::test_db::TestDb;
use rgo_hir::{DefId, DefKind, body, children, resolve_path, trait_impls};
use rgo_syntax::Name;

fn main_body(db: &TestDb) -> &Body {
    let root = DefId::package(Name::new("main"));
    let main = children(db, root).iter().copied().find(|def| def.name() == "main").expect("a main");
    body(db, main)
}

fn kinds(db: &TestDb, wanted: impl Fn(&Expr) -> bool) -> usize {
    main_body(db).exprs.iter().filter(|(_, expr)| wanted(expr)).count()
}

#[test]
fn a_constant_in_a_pattern_is_no_binding() {
    let db = TestDb::new("const K: i32 = 1; fn main() { match 1 { K => {} other => {} } }", false);
    let body = main_body(&db);
    assert_eq!(body.pats.iter().filter(|(_, pat)| matches!(pat, Pat::Path(_))).count(), 1);
    assert_eq!(body.locals.len(), 1);
}

#[test]
fn alternatives_bind_one_variable() {
    let db = TestDb::new("enum E { A(i32), B(i32) } fn main() { let (E::A(x) | E::B(x)) = E::A(1); }", false);
    assert_eq!(main_body(&db).locals.len(), 1);
}

#[test]
fn assertions_become_comparisons_of_references() {
    let db = TestDb::new("fn main() { assert_eq!(1, 2, \"of {}\", 3); }", false);
    assert_eq!(kinds(&db, |expr| matches!(expr, Expr::Match { source: MatchSource::Macro, .. })), 1);
    let body = main_body(&db);
    let (_, format) = body.exprs.iter().find(|(_, expr)| matches!(expr, Expr::FormatArgs(_))).expect("a message");
    let Expr::FormatArgs(format) = format else { unreachable!() };
    let text: String = format
        .pieces
        .iter()
        .map(|piece| match piece {
            FormatPiece::Text(text) => text.to_string(),
            FormatPiece::Arg(arg) => format!("<{}>", arg.arg),
        })
        .collect();
    assert_eq!(text, "assertion `left == right` failed: of <0>\n  left: <1>\n right: <2>");
}

#[test]
fn items_of_a_block_are_statements_without_effect() {
    let db = TestDb::new("fn main() { f(); fn f() {} }", false);
    let body = main_body(&db);
    let Expr::Block(block) = &body.exprs[body.value] else { panic!("a block") };
    assert!(matches!(block.stmts[..], [Stmt::Expr { .. }, Stmt::Item(_)]));
}

#[test]
fn derived_impls_are_impls_of_their_trait() {
    let db = TestDb::new("#[derive(Debug, Clone, PartialEq)] struct S<T> { x: T } fn main() {}", true);
    let s = DefId::package(Name::new("main")).child(DefKind::Struct, Name::new("S"), 0);
    for (module, name) in [("fmt", "Debug"), ("clone", "Clone"), ("cmp", "PartialEq")] {
        let path = rgo_syntax::parse_type(&format!("::std::{module}::{name}")).value;
        let rgo_syntax::ast::TypeKind::Path(path) = path.kind else { panic!("a path") };
        let resolved = resolve_path(&db, s, &path.path, Namespace::Type).expect("a trait of std");
        let Res::Def(def) = resolved.res else { panic!("a definition") };
        let derived = trait_impls(&db, def).iter().filter(|imp| imp.parent() == Some(s)).count();
        assert_eq!(derived, 1, "{name}");
    }
}
