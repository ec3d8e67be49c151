//! What variables become that nothing determined: integers `i32`, floats `f64`, the types of diverging expressions `!` (edition 2024). After an
//! error nobody knows what would have determined them, so they become errors, which nothing more is said about.

use rgo_syntax::Span;

use super::FnCtxt;
use crate::ty::{InferTy, Ty};

impl FnCtxt<'_> {
    pub fn fall_back(&mut self) {
        for var in std::mem::take(&mut self.diverging_vars) {
            let ty = self.shallow(var);
            if ty.is_ty_var() {
                let fallback = self.fallback_of(Ty::never());
                let _ = self.eq(Span::at(0), ty, fallback);
            }
        }
        self.fall_back_numbers();
    }

    fn fallback_of(&self, ty: Ty) -> Ty {
        if self.infcx.tainted.get() { Ty::error() } else { ty }
    }

    pub fn fall_back_numbers(&mut self) {
        for index in 0..self.infcx.int_var_count() {
            let var = Ty::infer(InferTy::Int(index));
            if self.shallow(var) == var {
                let _ = self.eq(Span::at(0), var, Ty::i32());
            } else if let crate::ty::TyKind::Infer(InferTy::Int(_)) = self.shallow(var).kind() {
                let root = self.shallow(var);
                let _ = self.eq(Span::at(0), root, Ty::i32());
            }
        }
        for index in 0..self.infcx.float_var_count() {
            let var = Ty::infer(InferTy::Float(index));
            if let crate::ty::TyKind::Infer(InferTy::Float(_)) = self.shallow(var).kind() {
                let _ = self.eq(Span::at(0), var, Ty::f64());
            }
        }
    }
}
