//! Arithmetic on scalars: rgo's results, whatever Go's operators would do (docs/architecture.md, "usize" and "overflow").

use rgo_hir::body::BinaryOp as HirOp;
use rgo_typeck::thir::ExprId;
use rgo_typeck::ty::{FloatTy, IntTy, Ty, TyKind, UintTy};

use super::*;
use crate::go::constant;

/// Whether the operands are below `2^63`, where they are of type `usize`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fit {
    pub left: bool,
    pub right: bool,
}

impl Fit {
    fn left(self, value: &Expr) -> bool {
        fits_as_constant(value).unwrap_or(self.left)
    }

    fn both(self, left: &Expr, right: &Expr) -> bool {
        self.left(left) && fits_as_constant(right).unwrap_or(self.right)
    }
}

fn fits_as_constant(value: &Expr) -> Option<bool> {
    match value {
        Expr::Typed(_, Lit::Int(value)) | Expr::Lit(Lit::Int(value)) => Some(*value >= 0),
        _ => None,
    }
}

impl Lower<'_, '_> {
    pub(super) fn binary(&mut self, expr: ExprId, op: HirOp, lhs: ExprId, rhs: ExprId) -> Expr {
        let ty = self.expr_ty(lhs);
        let rhs_ty = self.expr_ty(rhs);
        let operands = self.operands(&[lhs, rhs]);
        let [left, right] = <[Expr; 2]>::try_from(operands).unwrap_or([Expr::nil(), Expr::nil()]);
        let is_constant = constant::value(&left).is_some() && constant::value(&right).is_some();
        if op == HirOp::Sub && !is_constant && self.cx.is_proved(self.body, expr) {
            return difference(left, right);
        }
        let fit = Fit { left: self.expr_fits(lhs), right: self.expr_fits(rhs) };
        self.arith(op, left, right, ty, rhs_ty, fit)
    }

    pub(super) fn arith(&mut self, op: HirOp, left: Expr, right: Expr, ty: Ty, rhs_ty: Ty, fit: Fit) -> Expr {
        if ty.is_float() {
            return self.float_op(op, left, right, ty);
        }
        if ty.is_unit() {
            return Expr::bool(matches!(op, HirOp::Eq | HirOp::Le | HirOp::Ge));
        }
        let mut expr = match op {
            HirOp::Eq | HirOp::Ne | HirOp::Lt | HirOp::Le | HirOp::Gt | HirOp::Ge => {
                return self.compare(op, left, right, ty, fit);
            }
            HirOp::BitAnd if ty.is_bool() => return self.bool_op(BinaryOp::LogicalAnd, left, right),
            HirOp::BitOr if ty.is_bool() => return self.bool_op(BinaryOp::LogicalOr, left, right),
            HirOp::BitXor if ty.is_bool() => Expr::binary(BinaryOp::Ne, left, right),
            HirOp::BitAnd => Expr::binary(BinaryOp::And, left, right),
            HirOp::BitOr => Expr::binary(BinaryOp::Or, left, right),
            HirOp::BitXor => Expr::binary(BinaryOp::Xor, left, right),
            HirOp::Add => self.overflowing(BinaryOp::Add, "Add", left, right, ty),
            HirOp::Sub => self.overflowing(BinaryOp::Sub, "Sub", left, right, ty),
            HirOp::Mul => self.overflowing(BinaryOp::Mul, "Mul", left, right, ty),
            HirOp::Div => self.division(BinaryOp::Div, "Div", left, right, ty, fit),
            HirOp::Rem => self.division(BinaryOp::Rem, "Rem", left, right, ty, fit),
            HirOp::Shl => self.shift(BinaryOp::Shl, left, right, ty, rhs_ty, fit),
            HirOp::Shr => self.shift(BinaryOp::Shr, left, right, ty, rhs_ty, fit),
        };
        crate::go::fold::simplify(&mut expr);
        expr
    }

    /// `&` and `|` of bools evaluate both sides; that only matters where the right side does something.
    fn bool_op(&mut self, op: BinaryOp, left: Expr, right: Expr) -> Expr {
        let vars = crate::go::fold::Variables::default();
        if vars.is_droppable(&right) {
            return Expr::binary(op, left, right);
        }
        let left = self.stable_temp(left);
        let right = self.stable_temp(right);
        Expr::binary(op, left, right)
    }

    fn stable_temp(&mut self, value: Expr) -> Expr {
        self.stable_place(value, "v")
    }

    fn compare(&mut self, op: HirOp, left: Expr, right: Expr, ty: Ty, fit: Fit) -> Expr {
        let go_op = comparison(op);
        let (left, right) = if is_usize(ty) && !matches!(op, HirOp::Eq | HirOp::Ne) && !fit.both(&left, &right) {
            (as_uint(left), as_uint(right))
        } else {
            (left, right)
        };
        if ty.is_never() {
            return Expr::bool(true);
        }
        // Go does not order bools; `false` is the lesser one.
        if ty.is_bool() && !matches!(op, HirOp::Eq | HirOp::Ne) {
            return match op {
                HirOp::Lt => self.bool_op(BinaryOp::LogicalAnd, super::expr::negated(left), right),
                HirOp::Le => self.bool_op(BinaryOp::LogicalOr, super::expr::negated(left), right),
                HirOp::Gt => self.bool_op(BinaryOp::LogicalAnd, left, super::expr::negated(right)),
                _ => self.bool_op(BinaryOp::LogicalOr, left, super::expr::negated(right)),
            };
        }
        let mut expr = Expr::binary(go_op, left, right);
        crate::go::fold::simplify(&mut expr);
        expr
    }

    /// Whether an expression of the body being lowered is below `2^63`, if it is a `usize`.
    pub(super) fn expr_fits(&self, expr: ExprId) -> bool {
        let owner = self.body.owner;
        if owner.is_std() { !self.cx.has_big_usize() } else { self.cx.bounds.fits(owner, expr) }
    }

    /// What holds of operands that no expression of the body stands for.
    pub(super) fn unknown_fit(&self) -> Fit {
        Fit { left: !self.cx.has_big_usize(), right: !self.cx.has_big_usize() }
    }

    fn overflowing(&mut self, op: BinaryOp, helper: &str, left: Expr, right: Expr, ty: Ty) -> Expr {
        let both_constant = constant::value(&left).is_some() && constant::value(&right).is_some();
        if is_usize(ty) {
            if both_constant && let (Some((a, _)), Some((b, _))) = (constant::value(&left), constant::value(&right)) {
                let exact = match op {
                    BinaryOp::Add => a.checked_add(b),
                    BinaryOp::Sub => a.checked_sub(b),
                    _ => a.checked_mul(b),
                };
                if let Some(exact) = exact
                    && exact >= 0
                {
                    return Expr::Typed(Type::name("int"), Lit::Int(constant::wrap(exact, &Type::name("int"))));
                }
            }
            // A `usize` below zero panics in every build.
            if op == BinaryOp::Sub {
                return Expr::call(self.cx.runtime("SubUsize"), vec![default_typed(left), fitted(right)]);
            }
            if self.cx.options.overflow_checks {
                return Expr::call(
                    self.cx.runtime(&format!("{helper}Usize")),
                    vec![default_typed(left), fitted(right)],
                );
            }
            return Expr::binary(op, left, right);
        }
        if both_constant {
            if self.cx.options.overflow_checks {
                return self.checked(helper, left, right, ty);
            }
            if let Some(value) = constant::binary(op, &left, &right) {
                return value;
            }
        }
        if self.cx.options.overflow_checks {
            self.checked(helper, left, right, ty)
        } else {
            Expr::binary(op, left, right)
        }
    }

    /// A helper that panics where rgo does. The type parameter comes from whichever operand has a type.
    fn checked(&mut self, helper: &str, left: Expr, right: Expr, ty: Ty) -> Expr {
        let suffix = if is_signed(ty) { "" } else { "U" };
        let right = if matches!(left, Expr::Typed(..) | Expr::Lit(_)) { right } else { fitted(right) };
        let left = if matches!(right, Expr::Typed(..) | Expr::Lit(_)) { left } else { fitted(left) };
        Expr::call(self.cx.runtime(&format!("{helper}{suffix}")), vec![left, right])
    }

    fn division(&mut self, op: BinaryOp, helper: &str, left: Expr, right: Expr, ty: Ty, fit: Fit) -> Expr {
        let divisor = constant::value(&right).map(|(value, _)| value);
        if is_usize(ty)
            && let Some(value) = unsigned(op, &left, &right)
        {
            return value;
        }
        match divisor {
            // Go rejects a division by the constant zero; it has to happen at run time.
            Some(0) => {
                let right = self.temp("zero", right);
                return Expr::binary(op, left, right);
            }
            Some(-1) | None => {}
            Some(_) => {
                if let Some(value) = constant::binary(op, &left, &right) {
                    return value;
                }
                if is_usize(ty) && !fit.left(&left) {
                    let right = if matches!(right, Expr::Const(..)) { as_uint(right) } else { fitted(right) };
                    return Expr::convert(Type::name("int"), Expr::binary(op, as_uint(left), right));
                }
                return Expr::binary(op, left, right);
            }
        }
        if is_signed(ty) {
            // The smallest value divided by -1 panics.
            return self.checked(helper, left, right, ty);
        }
        if is_usize(ty) && !fit.both(&left, &right) {
            return Expr::convert(Type::name("int"), Expr::binary(op, as_uint(left), as_uint(right)));
        }
        Expr::binary(op, left, right)
    }

    fn shift(&mut self, op: BinaryOp, left: Expr, right: Expr, ty: Ty, rhs_ty: Ty, fit: Fit) -> Expr {
        let bits = bit_width(ty);
        let form = self.go_ty(ty);
        let is_big = is_usize(ty) && op == BinaryOp::Shr && !fit.left(&left);
        if let Some((amount, _)) = constant::value(&right)
            && (0..i128::from(bits)).contains(&amount)
        {
            let amount = Expr::int(amount);
            if is_usize(ty)
                && op == BinaryOp::Shr
                && let Some(value) = unsigned(op, &left, &amount)
            {
                return value;
            }
            if let Some(value) = constant::binary(op, &left, &amount) {
                return value;
            }
            let left = if is_big { as_uint(left) } else { left };
            let shifted = Expr::binary(op, left, amount);
            return if is_big { Expr::convert(form, shifted) } else { shifted };
        }
        if self.cx.options.overflow_checks {
            let is_left = Expr::bool(op == BinaryOp::Shl);
            let amount =
                Expr::call(self.cx.runtime("Shift"), vec![default_typed(right), Expr::int(i128::from(bits)), is_left]);
            let left = if is_big { as_uint(left) } else { left };
            let shifted = Expr::binary(op, left, amount);
            return if is_big { Expr::convert(form, shifted) } else { shifted };
        }
        // The amount wraps around the width.
        let masked = match constant::value(&right) {
            Some((amount, _)) => Expr::int(amount & i128::from(bits - 1)),
            None => {
                let amount = if is_signed(rhs_ty) || is_usize(rhs_ty) {
                    Expr::convert(Type::name("uint"), right)
                } else {
                    right
                };
                Expr::binary(BinaryOp::And, amount, Expr::int(i128::from(bits - 1)))
            }
        };
        let left = if is_big { as_uint(left) } else { left };
        let shifted = Expr::binary(op, left, masked);
        if is_big { Expr::convert(form, shifted) } else { shifted }
    }

    fn float_op(&mut self, op: HirOp, left: Expr, right: Expr, ty: Ty) -> Expr {
        let go_op = match op {
            HirOp::Add => BinaryOp::Add,
            HirOp::Sub => BinaryOp::Sub,
            HirOp::Mul => BinaryOp::Mul,
            HirOp::Div => BinaryOp::Div,
            HirOp::Rem => {
                let is_single = matches!(ty.kind(), TyKind::Float(FloatTy::F32));
                if !is_single {
                    return Expr::call(Expr::imported("math", "Mod"), vec![fitted(left), fitted(right)]);
                }
                let wide = |e: Expr| Expr::convert(Type::name("float64"), e);
                return Expr::convert(
                    Type::name("float32"),
                    Expr::call(Expr::imported("math", "Mod"), vec![wide(left), wide(right)]),
                );
            }
            HirOp::Eq | HirOp::Ne | HirOp::Lt | HirOp::Le | HirOp::Gt | HirOp::Ge => {
                let go_op = comparison(op);
                // Comparing a value with itself asks whether it is NaN; vet would call it a mistake.
                if left == right && is_repeat(&left) {
                    let nan =
                        Expr::call(Expr::imported("math", "IsNaN"), vec![Expr::convert(Type::name("float64"), left)]);
                    return match go_op {
                        BinaryOp::Eq | BinaryOp::Le | BinaryOp::Ge => nan.negate(),
                        BinaryOp::Ne => nan,
                        _ => Expr::bool(false),
                    };
                }
                let left = if constant::is_constant(&left) && constant::is_constant(&right) {
                    self.temp("x", left)
                } else {
                    left
                };
                return Expr::binary(go_op, left, right);
            }
            HirOp::BitAnd | HirOp::BitOr | HirOp::BitXor | HirOp::Shl | HirOp::Shr => return left,
        };
        if constant::is_constant(&left) && constant::is_constant(&right) {
            // Go computes constants exactly, rgo rounds at every step; and Go refuses to divide by a constant zero.
            if let (Some(a), Some(b)) = (float_value(&left), float_value(&right)) {
                let form = self.go_ty(ty);
                return super::constant::float(float_result(go_op, a, b, ty), ty, form);
            }
            let left = self.temp("x", left);
            return Expr::binary(go_op, left, right);
        }
        if go_op == BinaryOp::Div && is_zero(&right) {
            let right = self.temp("zero", right);
            return Expr::binary(go_op, left, right);
        }
        Expr::binary(go_op, left, right)
    }

    pub(super) fn negate(&mut self, value: Expr, ty: Ty) -> Expr {
        if ty.is_float() {
            return match &value {
                // `-0.0` is zero in Go.
                Expr::Typed(_, Lit::Float(_)) if is_zero(&value) => {
                    let form = self.go_ty(ty);
                    Expr::convert(
                        form,
                        Expr::call(Expr::imported("math", "Copysign"), vec![Expr::int(0), Expr::int(-1)]),
                    )
                }
                _ => {
                    let mut expr = Expr::unary(UnaryOp::Neg, value);
                    crate::go::fold::simplify(&mut expr);
                    expr
                }
            };
        }
        if self.cx.options.overflow_checks && constant::value(&value).is_none() {
            return Expr::call(self.cx.runtime("Neg"), vec![value]);
        }
        let mut expr = Expr::unary(UnaryOp::Neg, value);
        crate::go::fold::simplify(&mut expr);
        expr
    }

    pub(super) fn assign_op(&mut self, expr: ExprId, op: HirOp, place: ExprId, value: ExprId) {
        let ty = self.expr_ty(place);
        let rhs_ty = self.expr_ty(value);
        // For scalars the right side is evaluated first.
        let right = self.value(value);
        let mark = self.out.len();
        self.note_overwritten(place, Overwrite::Changed);
        let target = self.written_place(place);
        let right = self.evaluated_first(mark, right, None, &target);
        let target = self.repeatable_place(target);
        let fit = Fit { left: self.expr_fits(place), right: self.expr_fits(value) };
        let value = match op == HirOp::Sub && self.cx.is_proved(self.body, expr) {
            true => difference(target.clone(), right),
            false => self.arith(op, target.clone(), right, ty, rhs_ty, fit),
        };
        match value {
            Expr::Binary(op, left, right) if *left == target && !op.is_comparison() && op.precedence() >= 4 => {
                self.emit(StmtKind::OpAssign(op, target, fitted(*right)));
            }
            value => self.emit(StmtKind::assign(target, fitted(value))),
        }
    }

    /// A place that may be evaluated twice: its calls are made once.
    pub(super) fn repeatable_place(&mut self, place: Expr) -> Expr {
        if super::expr::is_repeatable(&place) {
            return place;
        }
        match place {
            Expr::Select(base, name) => {
                let base = self.repeatable_place(*base);
                Expr::Select(Box::new(base), name)
            }
            Expr::Index(base, index) => {
                let base = self.repeatable_place(*base);
                let index = self.stable_place(*index, "i");
                base.index(index)
            }
            Expr::Unary(UnaryOp::Deref, pointer) => {
                let pointer = self.stable_place(*pointer, "p");
                pointer.deref()
            }
            Expr::Entry(entry) => {
                let map = self.repeatable_place(entry.map);
                let key = self.stable_place(entry.key, "key");
                Expr::Entry(Box::new(Entry { map, key, of: entry.of }))
            }
            // What gives a pointer or a slice, of which the place is a part.
            other => self.temp("p", other),
        }
    }
}

/// What two constants of type `usize` come to where the sign bit counts.
fn unsigned(op: BinaryOp, left: &Expr, right: &Expr) -> Option<Expr> {
    let (a, b) = (constant::value(left)?.0 as u64, constant::value(right)?.0 as u64);
    let result = match op {
        BinaryOp::Div => a.checked_div(b)?,
        BinaryOp::Rem => a.checked_rem(b)?,
        _ => a.checked_shr(u32::try_from(b).ok()?)?,
    };
    let form = Type::name("int");
    Some(Expr::Typed(form.clone(), Lit::Int(constant::wrap(i128::from(result), &form))))
}

fn is_repeat(expr: &Expr) -> bool {
    super::expr::is_repeatable(expr)
}

fn float_value(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Typed(_, Lit::Float(text)) | Expr::Lit(Lit::Float(text)) => text.parse().ok(),
        _ => None,
    }
}

/// What rgo computes of two constants, rounded to the type.
fn float_result(op: BinaryOp, a: f64, b: f64, ty: Ty) -> f64 {
    let single = |value: f64| value as f32;
    match (op, matches!(ty.kind(), TyKind::Float(FloatTy::F32))) {
        (BinaryOp::Add, true) => f64::from(single(a) + single(b)),
        (BinaryOp::Sub, true) => f64::from(single(a) - single(b)),
        (BinaryOp::Mul, true) => f64::from(single(a) * single(b)),
        (_, true) => f64::from(single(a) / single(b)),
        (BinaryOp::Add, false) => a + b,
        (BinaryOp::Sub, false) => a - b,
        (BinaryOp::Mul, false) => a * b,
        (_, false) => a / b,
    }
}

fn is_zero(expr: &Expr) -> bool {
    match expr {
        Expr::Typed(_, Lit::Float(text)) | Expr::Lit(Lit::Float(text)) => text.parse::<f64>().is_ok_and(|v| v == 0.0),
        Expr::Typed(_, Lit::Int(value)) | Expr::Lit(Lit::Int(value)) => *value == 0,
        _ => false,
    }
}

/// A subtraction that cannot go below zero.
fn difference(left: Expr, right: Expr) -> Expr {
    let mut expr = Expr::binary(BinaryOp::Sub, left, right);
    crate::go::fold::simplify(&mut expr);
    expr
}

pub(super) fn as_uint(value: Expr) -> Expr {
    let mut expr = Expr::convert(Type::name("uint"), value);
    crate::go::fold::simplify(&mut expr);
    expr
}

pub(super) fn comparison(op: HirOp) -> BinaryOp {
    match op {
        HirOp::Eq => BinaryOp::Eq,
        HirOp::Ne => BinaryOp::Ne,
        HirOp::Lt => BinaryOp::Lt,
        HirOp::Le => BinaryOp::Le,
        HirOp::Gt => BinaryOp::Gt,
        _ => BinaryOp::Ge,
    }
}

pub(super) fn is_usize(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Uint(UintTy::Usize))
}

pub(super) fn is_signed(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Int(_))
}

pub(super) fn bit_width(ty: Ty) -> u32 {
    match ty.kind() {
        TyKind::Int(IntTy::I8) | TyKind::Uint(UintTy::U8) => 8,
        TyKind::Int(IntTy::I16) | TyKind::Uint(UintTy::U16) => 16,
        TyKind::Int(IntTy::I32) | TyKind::Uint(UintTy::U32) | TyKind::Char => 32,
        _ => 64,
    }
}
