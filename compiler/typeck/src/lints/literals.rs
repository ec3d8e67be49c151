//! Literals that do not fit their type (`overflowing_literals`).

use rgo_hir::DefId;
use rgo_syntax::Span;
use rustc_hash::FxHashSet;

use crate::const_eval::arith::int_range;
use crate::error::TypeError;
use crate::thir::{Body, ExprId, ExprKind, PatKind, UnaryOp};
use crate::ty::{ConstValue, Ty};

pub fn check(owner: DefId, body: &Body, errors: &mut Vec<TypeError>) {
    // `-128i8` is in range although `128i8` is not.
    let mut negated: FxHashSet<ExprId> = FxHashSet::default();
    for (_, expr) in body.exprs.iter() {
        if let ExprKind::Unary { op: UnaryOp::Neg, expr } = expr.kind {
            negated.insert(expr);
        }
    }
    for (id, expr) in body.exprs.iter() {
        if let ExprKind::Literal(ConstValue::Int(value)) = &expr.kind {
            let value = if negated.contains(&id) { -*value } else { *value };
            literal(owner, value, expr.ty, expr.span, errors);
        }
    }
    for (_, pat) in body.pats.iter() {
        if let PatKind::Const(ConstValue::Int(value)) = &pat.kind {
            literal(owner, *value, pat.ty, pat.span, errors);
        }
    }
}

fn literal(owner: DefId, value: i128, ty: Ty, span: Span, errors: &mut Vec<TypeError>) {
    let Some((min, max)) = int_range(ty) else { return };
    if (min..=max).contains(&value) {
        return;
    }
    let name = match ty.kind() {
        crate::ty::TyKind::Int(int) => int.name(),
        crate::ty::TyKind::Uint(uint) => uint.name(),
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
