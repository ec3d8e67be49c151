//! What the context of an expression wants its type to be (cf. rustc dev guide, "Type checking"): a hint, except where the caller coerces afterwards.

use rgo_hir::DefKind;

use crate::infer::FnCtxt;
use crate::ty::subst::Subst;
use crate::ty::{Ty, TyKind};

/// How many structs may end in each other before the last field of the last one: types that hold themselves have no end.
const LONGEST_TAIL: usize = 32;

#[derive(Clone, Copy, Debug)]
pub enum Expectation {
    None,
    /// The value will be coerced to this type.
    HasType(Ty),
    /// The value will be cast to this type.
    Castable(Ty),
    /// A hint behind a pointer: the value may be an unsized type's sized form (`&[1, 2]` where `&[u8]` is wanted).
    RvalueLike(Ty),
}

impl Expectation {
    /// For the operand of `&`: an unsized type is only a hint, as is a struct that ends in one.
    pub fn rvalue_hint(fcx: &mut FnCtxt<'_>, ty: Ty) -> Expectation {
        let mut tail = fcx.shallow(ty);
        for _ in 0..LONGEST_TAIL {
            let last = match tail.kind() {
                TyKind::Slice(_) | TyKind::Str | TyKind::Dynamic(..) => return Expectation::RvalueLike(ty),
                TyKind::Adt(def, args) if def.kind() == DefKind::Struct && !fcx.is_lang(*def, "box") => {
                    fcx.adt_def(*def).variants[0].fields.last().map(|field| field.ty.subst(*args))
                }
                TyKind::Tuple(items) => items.last().copied(),
                _ => None,
            };
            match last {
                Some(last) => tail = fcx.shallow(last),
                None => break,
            }
        }
        Expectation::HasType(ty)
    }

    /// For branches of `if` and `match`: an unknown type is no expectation.
    pub fn for_branches(self, fcx: &mut FnCtxt<'_>) -> Expectation {
        match self {
            Expectation::HasType(ty) => {
                let ty = fcx.shallow(ty);
                if ty.is_ty_var() { Expectation::None } else { Expectation::HasType(ty) }
            }
            Expectation::RvalueLike(ty) => Expectation::RvalueLike(ty),
            Expectation::None | Expectation::Castable(_) => Expectation::None,
        }
    }

    pub fn resolved(self, fcx: &mut FnCtxt<'_>) -> Expectation {
        match self {
            Expectation::None => Expectation::None,
            Expectation::HasType(ty) => Expectation::HasType(fcx.resolve(ty)),
            Expectation::Castable(ty) => Expectation::Castable(fcx.resolve(ty)),
            Expectation::RvalueLike(ty) => Expectation::RvalueLike(fcx.resolve(ty)),
        }
    }

    /// Any hint.
    pub fn to_option(self, fcx: &mut FnCtxt<'_>) -> Option<Ty> {
        match self.resolved(fcx) {
            Expectation::None => None,
            Expectation::HasType(ty) | Expectation::Castable(ty) | Expectation::RvalueLike(ty) => Some(ty),
        }
    }

    /// Only what must hold.
    pub fn only_has_type(self, fcx: &mut FnCtxt<'_>) -> Option<Ty> {
        match self {
            Expectation::HasType(ty) => Some(fcx.resolve(ty)),
            Expectation::None | Expectation::Castable(_) | Expectation::RvalueLike(_) => None,
        }
    }

    /// The type that several branches coerce to.
    pub fn coercion_target(self, fcx: &mut FnCtxt<'_>) -> Ty {
        match self.only_has_type(fcx) {
            Some(ty) => ty,
            None => fcx.ty_var(),
        }
    }
}
