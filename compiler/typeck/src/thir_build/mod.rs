//! THIR from HIR and inference results (stub until it is written).

use std::sync::LazyLock;

use la_arena::{Arena, ArenaMap};
use rgo_hir::{Db, DefId};
use rgo_syntax::{Name, Span};

use crate::thir::{Body, BodyKind, Expr, ExprKind};
use crate::ty::Ty;

static BODY: LazyLock<Body> = LazyLock::new(|| {
    let mut exprs = Arena::new();
    let value = exprs.alloc(Expr { kind: ExprKind::Error, ty: Ty::error(), span: Span::at(0), hir: None });
    Body {
        owner: DefId::package(Name::new("")),
        kind: BodyKind::Const,
        exprs,
        pats: Arena::new(),
        arms: Arena::new(),
        blocks: Arena::new(),
        stmts: Arena::new(),
        locals: ArenaMap::default(),
        labels: ArenaMap::default(),
        params: Vec::new(),
        ret: Ty::error(),
        value,
        closures: Vec::new(),
        has_errors: true,
    }
});

/// The typed body of a function, constant, static, anonymous constant or closure.
pub fn thir_body(_db: &dyn Db, _owner: DefId) -> &Body {
    &BODY
}
