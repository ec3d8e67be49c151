//! Guards of locks that `let _ = …` drops at once (`let_underscore_lock`): whoever writes that wants to hold the lock.

use rgo_hir::{Db, DefId};

use crate::error::TypeError;
use crate::thir::{Body, PatId, PatKind, StmtKind};
use crate::thir_build::thir_body;
use crate::ty::{Ty, TyKind};

/// For a body and the closures in it.
pub fn check(db: &dyn Db, owner: DefId, errors: &mut Vec<TypeError>) {
    let mut pending = vec![owner];
    while let Some(next) = pending.pop() {
        let body = thir_body(db, next);
        pending.extend(&body.closures);
        for (_, block) in body.blocks.iter() {
            for stmt in &block.stmts {
                if let StmtKind::Let { pat, .. } = body.stmts[*stmt].kind {
                    check_pat(owner, body, pat, errors);
                }
            }
        }
    }
}

fn check_pat(owner: DefId, body: &Body, pat: PatId, errors: &mut Vec<TypeError>) {
    let pat = &body.pats[pat];
    match &pat.kind {
        PatKind::Wild if is_guard(pat.ty) => errors.push(
            TypeError::new(owner, pat.span, "let_underscore_lock", "non-binding let on a synchronization lock")
                .label("this lock is not assigned to a binding and is immediately dropped")
                .help("bind it to a name that begins with `_` to hold it to the end of the block, or call `drop`"),
        ),
        PatKind::Variant { fields, .. } | PatKind::Leaf { fields } => {
            fields.iter().for_each(|(_, field)| check_pat(owner, body, *field, errors));
        }
        PatKind::Bind { sub: Some(inner), .. } | PatKind::Deref { pat: inner } => {
            check_pat(owner, body, *inner, errors)
        }
        PatKind::Slice { prefix, suffix, .. } => {
            prefix.iter().chain(suffix).for_each(|part| check_pat(owner, body, *part, errors));
        }
        PatKind::Or(pats) => pats.iter().for_each(|part| check_pat(owner, body, *part, errors)),
        PatKind::Wild
        | PatKind::Never
        | PatKind::Bind { sub: None, .. }
        | PatKind::Const(_)
        | PatKind::Range { .. }
        | PatKind::Error => {}
    }
}

/// Whether a type is a guard, or the `Result` of one.
fn is_guard(ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Adt(def, args) if def.is_std() => match def.name().as_str() {
            "MutexGuard" | "RwLockReadGuard" | "RwLockWriteGuard" => true,
            "Result" => args.types().next().is_some_and(is_guard),
            _ => false,
        },
        _ => false,
    }
}
