//! What the types of a body must satisfy besides what inference asks: `dyn` types allow it (E0038), values that are passed are sized (E0161).

use rgo_hir::{Db, DefId};
use rgo_syntax::Span;

use crate::error::TypeError;
use crate::thir::{Body, Coercion, ExprKind, StmtKind};
use crate::ty::{GenericArg, Ty, TyKind};

use super::object_safety;

/// Errors of the types that a body names.
pub fn check(db: &dyn Db, owner: DefId, body: &Body, errors: &mut Vec<TypeError>) {
    let mut add = |ty: Ty, span: Span| {
        for trait_ in object_safety::dyn_traits(ty) {
            let Some(error) = object_safety::check_dyn(db, trait_, owner, span) else { continue };
            let same = |known: &TypeError| {
                known.code == error.code && (known.span == error.span || known.message == error.message)
            };
            if !errors.iter().any(same) {
                errors.push(error);
            }
        }
    };
    for (_, stmt) in body.stmts.iter() {
        if let StmtKind::Let { user_ty: Some(user_ty), .. } = &stmt.kind {
            add(user_ty.ty, user_ty.span);
        }
    }
    for (_, expr) in body.exprs.iter() {
        match &expr.kind {
            ExprKind::Cast { user_ty: Some(user_ty), .. } => add(user_ty.ty, user_ty.span),
            ExprKind::Coerce { kind: Coercion::UnsizeDyn, .. } => add(expr.ty, expr.span),
            ExprKind::FnItem { user_args: Some(user_args), .. } => {
                for arg in user_args.args.iter() {
                    if let GenericArg::Ty(ty) = arg {
                        add(*ty, user_args.span);
                    }
                }
            }
            _ => {}
        }
    }
    unsized_arguments(owner, body, errors);
}

fn unsized_arguments(owner: DefId, body: &Body, errors: &mut Vec<TypeError>) {
    for (id, expr) in body.exprs.iter() {
        let moved = match &expr.kind {
            ExprKind::Call { args, .. } => args.as_slice(),
            // A constant is a new value wherever it is named.
            ExprKind::Const { .. } => &[id],
            _ => continue,
        };
        for moved in moved {
            let arg = &body.exprs[*moved];
            let is_said = |error: &TypeError| error.code == Some("E0161") && error.span == arg.span;
            if !matches!(arg.ty.kind(), TyKind::Dynamic(..) | TyKind::Str | TyKind::Slice(_))
                || errors.iter().any(is_said)
            {
                continue;
            }
            errors.push(
                TypeError::new(owner, arg.span, "E0161", "cannot move a value of an unsized type")
                    .label("its size cannot be statically determined"),
            );
        }
    }
}
