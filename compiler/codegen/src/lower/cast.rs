//! `as`: truncation and saturation exactly as in rgo.

use rgo_typeck::thir::{CastKind, ExprId};
use rgo_typeck::ty::{FloatTy, Ty, TyKind};

use super::arith::is_usize;
use super::*;
use crate::go::constant;

impl Lower<'_, '_> {
    pub(super) fn cast(&mut self, kind: CastKind, operand: ExprId, to: Ty) -> Expr {
        let from = self.expr_ty(operand);
        let value = self.value(operand);
        match kind {
            CastKind::Identity => value,
            CastKind::EnumToInt => {
                let form = self.go_ty(to);
                Expr::convert(form, value)
            }
            CastKind::Address => {
                let pointer =
                    Expr::call(Expr::imported("reflect", "ValueOf"), vec![value]).method("Pointer", Vec::new());
                let form = self.go_ty(to);
                Expr::convert(form, pointer)
            }
            CastKind::Numeric => self.numeric_cast(value, from, to, self.expr_fits(operand)),
        }
    }

    pub(super) fn numeric_cast(&mut self, value: Expr, from: Ty, to: Ty, fits: bool) -> Expr {
        let form = self.go_ty(to);
        if from == to {
            return value;
        }
        if from.is_bool() {
            let helper = Expr::Instance(Box::new(self.cx.runtime("BoolTo")), vec![form]);
            return Expr::call(helper, vec![value]);
        }
        if from.is_float() && !to.is_float() {
            // Saturates; NaN is zero.
            if is_usize(to) {
                return Expr::call(self.cx.runtime("SaturateUsize"), vec![wide(value, from)]);
            }
            let helper = if super::arith::is_signed(to) { "SaturateInt" } else { "SaturateUint" };
            let helper = Expr::Instance(Box::new(self.cx.runtime(helper)), vec![form]);
            return Expr::call(helper, vec![wide(value, from)]);
        }
        if to.is_float() && is_usize(from) && !fits && constant::value(&value).is_none() {
            return Expr::convert(form, Expr::convert(Type::name("uint"), value));
        }
        if to.is_float() {
            // A constant integer gets a float's spelling; any other goes through Go's conversion.
            if let Some((number, _)) = constant::value(&value) {
                let number = if is_usize(from) && number < 0 { number + (1 << 64) } else { number };
                return Expr::Typed(form, Lit::Float(format!("{number}.0").into()));
            }
            return Expr::convert(form, value);
        }
        if from.is_float() {
            return match value {
                Expr::Typed(_, Lit::Float(text)) if matches!(to.kind(), TyKind::Float(FloatTy::F64)) => {
                    // The value is that of the narrower type.
                    let exact = text.parse::<f32>().map_or(0.0, f64::from);
                    Expr::Typed(form, Lit::Float(format!("{exact:?}").into()))
                }
                value => Expr::convert(form, value),
            };
        }
        let mut expr = Expr::convert(form, value);
        crate::go::fold::simplify(&mut expr);
        expr
    }
}

fn wide(value: Expr, from: Ty) -> Expr {
    match from.kind() {
        TyKind::Float(FloatTy::F32) => Expr::convert(Type::name("float64"), value),
        _ => fitted(value),
    }
}
