//! Constants that running a body needs, evaluated for the sake of their errors (E0080), generic functions that it calls included.
//!
//! rustc finds these when it makes machine code; here a walk from each body without parameters through calls with concrete arguments does.

use rgo_hir::{Db, DefId, DefKind};
use rustc_hash::FxHashSet;

use crate::collect::generics_of;
use crate::error::TypeError;
use crate::instance::{Instance, resolve_instance};
use crate::thir::ExprKind;
use crate::thir_build::thir_body;
use crate::ty::intern::TypeFlags;
use crate::ty::{Args, Subst};

use super::{ConstEvalError, const_eval};

const INSTANCE_LIMIT: usize = 400;

/// Errors of constants that `owner` evaluates when it runs (for a constant or static: of itself).
pub fn evaluation_errors(db: &dyn Db, owner: DefId) -> Vec<TypeError> {
    let mut errors = Vec::new();
    match owner.kind() {
        DefKind::Const | DefKind::Static | DefKind::AssocConst | DefKind::AnonConst => {
            // What stands in a type depends on no parameter, wherever it stands.
            if owner.kind() == DefKind::AnonConst || all_params(db, owner) == 0 {
                if let Some(error) = evaluation_cycle(db, owner) {
                    return vec![error];
                }
                if owner.kind() == DefKind::AssocConst {
                    return errors;
                }
                evaluate(db, owner, Args::empty(), &mut errors);
            }
        }
        DefKind::Fn if all_params(db, owner) == 0 => walk(db, owner, &mut errors),
        _ => {}
    }
    errors
}

/// The error of a constant or static whose value needs itself.
pub fn evaluation_cycle(db: &dyn Db, owner: DefId) -> Option<TypeError> {
    let is_named = matches!(owner.kind(), DefKind::Const | DefKind::Static | DefKind::AssocConst);
    (is_named && all_params(db, owner) == 0).then(|| super::cycles::cycle_error(db, owner)).flatten()
}

pub(super) fn all_params(db: &dyn Db, def: DefId) -> usize {
    let generics = generics_of(db, crate::collect::generics_owner(def));
    generics.parent_count + generics.params.len()
}

fn evaluate(db: &dyn Db, def: DefId, args: Args, errors: &mut Vec<TypeError>) {
    if let Err(ConstEvalError::Failed(error)) = const_eval(db, def, args)
        && !error.def.is_std()
        && !errors.contains(&error)
    {
        errors.push(*error);
    }
}

fn walk(db: &dyn Db, owner: DefId, errors: &mut Vec<TypeError>) {
    let mut seen: FxHashSet<(DefId, Args)> = FxHashSet::default();
    let mut pending = vec![(owner, Args::empty())];
    while let Some((def, args)) = pending.pop() {
        if seen.len() > INSTANCE_LIMIT || !seen.insert((def, args)) {
            continue;
        }
        let body = thir_body(db, def);
        if body.has_errors {
            continue;
        }
        pending.extend(body.closures.iter().map(|closure| (*closure, args)));
        for (_, expr) in body.exprs.iter() {
            match &expr.kind {
                ExprKind::Const { def, args: written, .. } => {
                    if let Some((def, args)) = concrete(db, *def, written.subst(args)) {
                        evaluate(db, def, args, errors);
                    }
                }
                ExprKind::FnItem { def, args: written, .. } if !written.is_empty() => {
                    if let Some((def, args)) = concrete(db, *def, written.subst(args))
                        && !def.is_std()
                        && super::call::has_body(db, def)
                    {
                        pending.push((def, args));
                    }
                }
                _ => {}
            }
        }
    }
}

/// The item that a use comes down to, if its arguments are known.
pub(super) fn concrete(db: &dyn Db, def: DefId, args: Args) -> Option<(DefId, Args)> {
    use crate::ty::TypeFoldable;
    let args = args.erase_regions();
    if args.has_flag(TypeFlags::HAS_PARAM) || args.has_flag(TypeFlags::HAS_INFER) || args.has_flag(TypeFlags::HAS_ERROR)
    {
        return None;
    }
    let in_trait = def.parent().is_some_and(|parent| parent.kind() == DefKind::Trait);
    if !in_trait {
        return Some((def, args));
    }
    match resolve_instance(db, def, args) {
        Some(Instance::Item { def, args }) => Some((def, args)),
        _ => None,
    }
}
