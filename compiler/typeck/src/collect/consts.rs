//! Constants in types: their values, where they can be known.

use rgo_hir::resolve::{Namespace, Res};
use rgo_hir::{ConstArgument, Db, DefId};
use rgo_syntax::ast;

use super::generics_of;
use super::lower::{Elision, LowerCtx};
use crate::const_eval::{ConstEvalError, const_eval, const_eval_as};
use crate::ty::display::display_ty;
use crate::ty::{Args, Const, GenericParamDef, GenericParamKind, Ty, TypeFoldable};

/// The constant `def` for these arguments: its value, or itself unevaluated if that needs arguments that are not known.
pub(super) fn evaluate(db: &dyn Db, def: DefId, args: Args) -> Const {
    if args.has_infer() || args.has_param() {
        return Const::unevaluated(def, args);
    }
    match const_eval(db, def, args) {
        Ok(value) => Const::value(value),
        Err(ConstEvalError::TooGeneric) => Const::unevaluated(def, args),
        Err(
            ConstEvalError::Cycle
            | ConstEvalError::AlreadyReported
            | ConstEvalError::Unsupported
            | ConstEvalError::Failed(_),
        ) => Const::error(),
    }
}

/// The anonymous constant `def` as the argument of a parameter of type `ty`, which only the body around it can tell.
pub(super) fn evaluate_argument(db: &dyn Db, def: DefId, ty: Ty) -> Const {
    const_eval_as(db, def, ty).map_or_else(|_| Const::error(), Const::value)
}

/// The type of the const parameter that an anonymous constant is the argument or the default of, where the source says which it is.
pub(crate) fn parameter_ty(db: &dyn Db, def: DefId) -> Option<Ty> {
    match rgo_hir::anon_const_argument(db, def) {
        Some(argument) => argument_ty(db, def, argument),
        None => default_ty(db, def),
    }
}

fn argument_ty(db: &dyn Db, def: DefId, argument: &ConstArgument) -> Option<Ty> {
    let scope = def.parent()?;
    let resolve = |namespace| match rgo_hir::resolve_path(db, scope, &argument.path, namespace) {
        Ok(resolved) if resolved.unresolved == 0 => match resolved.res {
            Res::Def(found) => Some(found),
            _ => None,
        },
        _ => None,
    };
    let found = resolve(Namespace::Type).or_else(|| resolve(Namespace::Value))?;
    let params = &generics_of(db, found).params;
    let is_written = |param: &&GenericParamDef| param.def != found && !matches!(param.kind, GenericParamKind::Lifetime);
    match params.iter().filter(is_written).nth(argument.index)?.kind {
        GenericParamKind::Const { ty, .. } => Some(ty),
        _ => None,
    }
}

/// The type that a const parameter is declared with, from the syntax alone.
pub(crate) fn declared_ty(db: &dyn Db, param: DefId) -> Option<Ty> {
    match &super::generics::param_ast(db, param)?.kind {
        ast::GenericParamKind::Const { ty, .. } => {
            Some(LowerCtx::signature(db, param.parent()?, Elision::Static).lower_ty(ty))
        }
        ast::GenericParamKind::Lifetime { .. } | ast::GenericParamKind::Type { .. } => None,
    }
}

/// What is said of a parameter that stands where a constant of another type is wanted.
pub(crate) fn not_of_type(db: &dyn Db, param: DefId, wanted: Ty) -> String {
    format!("the constant `{}` is not of type `{}`", param.name(), display_ty(db, wanted))
}

/// From the syntax alone: the parameters of the item are not known before their defaults are.
fn default_ty(db: &dyn Db, def: DefId) -> Option<Ty> {
    let owner = def.parent()?;
    rgo_hir::generic_params(db, owner).iter().find_map(|param| match &super::generics::param_ast(db, *param)?.kind {
        ast::GenericParamKind::Const { ty, default: Some(expr) } if expr.span.start == def.disambiguator() => {
            Some(LowerCtx::signature(db, owner, Elision::Static).lower_ty(ty))
        }
        _ => None,
    })
}
