//! Literals that do not fit their type (`overflowing_literals`).

use rgo_hir::body::{Literal, Pat, RangeBound};
use rgo_hir::{Db, DefId};
use rgo_syntax::Span;
use rustc_hash::FxHashSet;

use crate::const_eval::arith::int_range;
use crate::error::TypeError;
use crate::thir::{Body, ExprId, ExprKind, PatKind, UnaryOp};
use crate::thir_build::thir_body;
use crate::ty::{ConstValue, FloatTy, Ty, TyKind};

/// For a body and the closures in it.
pub fn check(db: &dyn Db, owner: DefId, errors: &mut Vec<TypeError>) {
    let mut pending = vec![owner];
    while let Some(next) = pending.pop() {
        let body = thir_body(db, next);
        pending.extend(&body.closures);
        check_body(owner, body, errors);
        range_bounds(db, owner, body, errors);
    }
}

fn check_body(owner: DefId, body: &Body, errors: &mut Vec<TypeError>) {
    // `-128i8` is in range although `128i8` is not.
    let mut negated: FxHashSet<ExprId> = FxHashSet::default();
    for (_, expr) in body.exprs.iter() {
        if let ExprKind::Unary { op: UnaryOp::Neg, expr } = expr.kind {
            negated.insert(expr);
        }
    }
    for (id, expr) in body.exprs.iter() {
        match &expr.kind {
            ExprKind::Literal(ConstValue::Int(value)) => {
                let value = if negated.contains(&id) { -*value } else { *value };
                literal(owner, value, expr.ty, expr.span, errors);
            }
            ExprKind::Literal(ConstValue::Float(bits)) => float(owner, *bits, expr.ty, expr.span, errors),
            _ => {}
        }
    }
    for (_, pat) in body.pats.iter() {
        if let PatKind::Const(ConstValue::Int(value)) = &pat.kind {
            literal(owner, *value, pat.ty, pat.span, errors);
        }
    }
}

/// In THIR the bounds of a range are in range: what was written is in HIR.
fn range_bounds(db: &dyn Db, owner: DefId, body: &Body, errors: &mut Vec<TypeError>) {
    let (written, map) = (rgo_hir::body(db, owner), rgo_hir::body_source_map(db, owner));
    for (id, pat) in written.pats.iter() {
        let Pat::Range { start, end, .. } = pat else { continue };
        let Some(span) = map.pats.get(id) else { continue };
        let same = |pat: &&crate::thir::Pat| pat.span == *span && matches!(pat.kind, PatKind::Range { .. });
        let Some(ty) = body.pats.iter().map(|(_, pat)| pat).find(same).map(|pat| pat.ty) else { continue };
        for bound in start.iter().chain(end) {
            if let RangeBound::Literal { literal: Literal::Int { value, .. }, negative } = &**bound
                && let Ok(value) = i128::try_from(*value)
            {
                literal(owner, if *negative { -value } else { value }, ty, *span, errors);
            }
        }
    }
}

/// A literal has no sign and no way to write infinity: one that is infinite was too large.
fn float(owner: DefId, bits: u64, ty: Ty, span: Span, errors: &mut Vec<TypeError>) {
    let value = f64::from_bits(bits);
    let (name, infinite) = match ty.kind() {
        TyKind::Float(FloatTy::F32) => ("f32", (value as f32).is_infinite()),
        TyKind::Float(FloatTy::F64) => ("f64", value.is_infinite()),
        _ => return,
    };
    if infinite {
        errors.push(
            TypeError::new(owner, span, "overflowing_literals", format!("literal out of range for `{name}`"))
                .note(format!("the literal does not fit into the type `{name}` and would be `{name}::INFINITY`")),
        );
    }
}

fn literal(owner: DefId, value: i128, ty: Ty, span: Span, errors: &mut Vec<TypeError>) {
    let Some((min, max)) = int_range(ty) else { return };
    if (min..=max).contains(&value) {
        return;
    }
    let name = match ty.kind() {
        TyKind::Int(int) => int.name(),
        TyKind::Uint(uint) => uint.name(),
        _ => return,
    };
    let same = |error: &TypeError| error.span == span && error.code == Some("overflowing_literals");
    if !errors.iter().any(same) {
        errors.push(
            TypeError::new(owner, span, "overflowing_literals", format!("literal out of range for `{name}`")).note(
                format!("the literal `{value}` does not fit into the type `{name}` whose range is `{min}..={max}`"),
            ),
        );
    }
}
