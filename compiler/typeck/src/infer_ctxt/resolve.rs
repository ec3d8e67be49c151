//! Replacing inference variables by what is known of them.

use super::InferCtxt;
use crate::ty::fold::{TypeFoldable, TypeFolder};
use crate::ty::{Const, ConstKind, InferTy, Ty, TyKind};

/// A variable that nothing fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FullyResolveError {
    Ty(u32),
    Int(u32),
    Float(u32),
    Const(u32),
}

impl InferCtxt<'_> {
    /// The value with all known variables replaced.
    pub fn resolve_vars_if_possible<T: TypeFoldable>(&self, value: T) -> T {
        if !value.has_infer() {
            return value;
        }
        value.fold_with(&mut Resolver { infcx: self, unresolved: None, unknown: Unknown::Keep })
    }

    /// The value without variables, and the first that is unknown. Unknown ones have become error types.
    pub fn fully_resolve<T: TypeFoldable>(&self, value: T) -> (T, Option<FullyResolveError>) {
        if !value.has_infer() {
            return (value, None);
        }
        let mut resolver = Resolver { infcx: self, unresolved: None, unknown: Unknown::Replace };
        let value = value.fold_with(&mut resolver);
        (value, resolver.unresolved)
    }
}

enum Unknown {
    Keep,
    Replace,
}

struct Resolver<'a, 'db> {
    infcx: &'a InferCtxt<'db>,
    unresolved: Option<FullyResolveError>,
    unknown: Unknown,
}

impl TypeFolder for Resolver<'_, '_> {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        if !ty.has_infer() {
            return ty;
        }
        let resolved = self.infcx.shallow_resolve(ty);
        match (resolved.kind(), &self.unknown) {
            (TyKind::Infer(_), Unknown::Keep) => resolved,
            (TyKind::Infer(var), Unknown::Replace) => {
                self.unresolved.get_or_insert(match var {
                    InferTy::Ty(var) => FullyResolveError::Ty(*var),
                    InferTy::Int(var) => FullyResolveError::Int(*var),
                    InferTy::Float(var) => FullyResolveError::Float(*var),
                });
                Ty::error()
            }
            _ => resolved.super_fold_with(self),
        }
    }

    fn fold_const(&mut self, value: Const) -> Const {
        let resolved = self.infcx.shallow_resolve_const(value);
        match (resolved.kind(), &self.unknown) {
            (ConstKind::Infer(_), Unknown::Keep) => resolved,
            (ConstKind::Infer(var), Unknown::Replace) => {
                self.unresolved.get_or_insert(FullyResolveError::Const(*var));
                Const::error()
            }
            _ => resolved.super_fold_with(self),
        }
    }
}
