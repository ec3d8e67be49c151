//! Arithmetic of the scalar types, with the outcomes that Rust distinguishes.

use rgo_hir::body::BinaryOp;

use crate::exhaustive::{Signedness, int_bits};
use crate::ty::{FloatTy, Ty, TyKind};

use super::value::Value;

/// What an operation can come to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Value(Value),
    /// The wrapped result, and what Rust says about it.
    Overflow(Value, &'static str),
    /// Division or remainder by zero.
    DivisionByZero(&'static str),
    Unsupported,
}

/// Least and largest value of an integer type.
pub fn int_range(ty: Ty) -> Option<(i128, i128)> {
    let (bits, signedness) = int_bits(ty)?;
    Some(match signedness {
        Signedness::Signed => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        Signedness::Unsigned => (0, (1i128 << bits) - 1),
    })
}

/// The value modulo the width of `ty`, in its range.
pub fn wrap(value: i128, ty: Ty) -> i128 {
    let Some((bits, signedness)) = int_bits(ty) else { return value };
    let masked = value & ((1i128 << bits) - 1);
    match signedness {
        Signedness::Signed if masked >> (bits - 1) & 1 == 1 => masked - (1i128 << bits),
        _ => masked,
    }
}

fn checked(value: i128, ty: Ty, message: &'static str) -> Outcome {
    match int_range(ty) {
        Some((min, max)) if value < min || value > max => Outcome::Overflow(Value::Int(wrap(value, ty)), message),
        Some(_) => Outcome::Value(Value::Int(value)),
        None => Outcome::Unsupported,
    }
}

fn round(value: f64, ty: Ty) -> f64 {
    match ty.kind() {
        #[expect(clippy::cast_possible_truncation, reason = "rounding to f32 is what is asked for")]
        TyKind::Float(FloatTy::F32) => f64::from(value as f32),
        _ => value,
    }
}

/// `lhs op rhs` of values of type `ty` (the left one's type for shifts).
pub fn binary(op: BinaryOp, lhs: &Value, rhs: &Value, ty: Ty) -> Outcome {
    match (lhs, rhs) {
        (Value::Int(lhs), Value::Int(rhs)) => int_binary(op, *lhs, *rhs, ty),
        (Value::Float(lhs), Value::Float(rhs)) => float_binary(op, *lhs, *rhs, ty),
        (Value::Bool(lhs), Value::Bool(rhs)) => bool_binary(op, *lhs, *rhs),
        (Value::Char(lhs), Value::Char(rhs)) => compare(op, lhs.cmp(rhs)),
        (Value::Tuple(lhs), Value::Tuple(rhs)) if lhs.is_empty() && rhs.is_empty() => {
            compare(op, std::cmp::Ordering::Equal)
        }
        _ => Outcome::Unsupported,
    }
}

fn compare(op: BinaryOp, order: std::cmp::Ordering) -> Outcome {
    let holds = match op {
        BinaryOp::Eq => order.is_eq(),
        BinaryOp::Ne => order.is_ne(),
        BinaryOp::Lt => order.is_lt(),
        BinaryOp::Le => order.is_le(),
        BinaryOp::Gt => order.is_gt(),
        BinaryOp::Ge => order.is_ge(),
        _ => return Outcome::Unsupported,
    };
    Outcome::Value(Value::Bool(holds))
}

fn bool_binary(op: BinaryOp, lhs: bool, rhs: bool) -> Outcome {
    match op {
        BinaryOp::BitAnd => Outcome::Value(Value::Bool(lhs & rhs)),
        BinaryOp::BitOr => Outcome::Value(Value::Bool(lhs | rhs)),
        BinaryOp::BitXor => Outcome::Value(Value::Bool(lhs ^ rhs)),
        _ => compare(op, lhs.cmp(&rhs)),
    }
}

fn float_binary(op: BinaryOp, lhs: f64, rhs: f64, ty: Ty) -> Outcome {
    let number = |value: f64| Outcome::Value(Value::Float(round(value, ty)));
    let truth = |value: bool| Outcome::Value(Value::Bool(value));
    match op {
        BinaryOp::Add => number(lhs + rhs),
        BinaryOp::Sub => number(lhs - rhs),
        BinaryOp::Mul => number(lhs * rhs),
        BinaryOp::Div => number(lhs / rhs),
        BinaryOp::Rem => number(lhs % rhs),
        #[expect(clippy::float_cmp, reason = "the program asks for exactly this")]
        BinaryOp::Eq => truth(lhs == rhs),
        #[expect(clippy::float_cmp, reason = "the program asks for exactly this")]
        BinaryOp::Ne => truth(lhs != rhs),
        BinaryOp::Lt => truth(lhs < rhs),
        BinaryOp::Le => truth(lhs <= rhs),
        BinaryOp::Gt => truth(lhs > rhs),
        BinaryOp::Ge => truth(lhs >= rhs),
        BinaryOp::BitAnd | BinaryOp::BitOr | BinaryOp::BitXor | BinaryOp::Shl | BinaryOp::Shr => Outcome::Unsupported,
    }
}

fn int_binary(op: BinaryOp, lhs: i128, rhs: i128, ty: Ty) -> Outcome {
    let min = int_range(ty).map_or(0, |(min, _)| min);
    let bits = int_bits(ty).map_or(64, |(bits, _)| bits);
    match op {
        BinaryOp::Add => checked(lhs + rhs, ty, "add"),
        BinaryOp::Sub => checked(lhs - rhs, ty, "subtract"),
        BinaryOp::Mul => match lhs.checked_mul(rhs) {
            Some(product) => checked(product, ty, "multiply"),
            None => Outcome::Overflow(Value::Int(wrap(lhs.wrapping_mul(rhs), ty)), "multiply"),
        },
        BinaryOp::Div if rhs == 0 => Outcome::DivisionByZero("divide"),
        BinaryOp::Rem if rhs == 0 => Outcome::DivisionByZero("calculate the remainder with a divisor of zero of"),
        BinaryOp::Div if rhs == -1 && lhs == min && min != 0 => Outcome::Overflow(Value::Int(lhs), "divide"),
        BinaryOp::Rem if rhs == -1 && lhs == min && min != 0 => {
            Outcome::Overflow(Value::Int(0), "calculate the remainder of")
        }
        BinaryOp::Div => Outcome::Value(Value::Int(lhs / rhs)),
        BinaryOp::Rem => Outcome::Value(Value::Int(lhs % rhs)),
        BinaryOp::BitAnd => Outcome::Value(Value::Int(lhs & rhs)),
        BinaryOp::BitOr => Outcome::Value(Value::Int(lhs | rhs)),
        BinaryOp::BitXor => Outcome::Value(Value::Int(lhs ^ rhs)),
        BinaryOp::Shl | BinaryOp::Shr => {
            let amount = u32::try_from(rhs.rem_euclid(i128::from(bits))).unwrap_or(0);
            let shifted = match op {
                BinaryOp::Shl => wrap(lhs << amount, ty),
                _ => wrap(lhs >> amount, ty),
            };
            let name = if op == BinaryOp::Shl { "shift left" } else { "shift right" };
            if (0..i128::from(bits)).contains(&rhs) {
                Outcome::Value(Value::Int(shifted))
            } else {
                Outcome::Overflow(Value::Int(shifted), name)
            }
        }
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => {
            compare(op, lhs.cmp(&rhs))
        }
    }
}

/// `-value`.
pub fn negate(value: &Value, ty: Ty) -> Outcome {
    match value {
        Value::Int(value) => checked(-value, ty, "negate"),
        Value::Float(value) => Outcome::Value(Value::Float(-value)),
        _ => Outcome::Unsupported,
    }
}

/// `!value`.
pub fn not(value: &Value, ty: Ty) -> Outcome {
    match value {
        Value::Int(value) => Outcome::Value(Value::Int(wrap(!value, ty))),
        Value::Bool(value) => Outcome::Value(Value::Bool(!value)),
        _ => Outcome::Unsupported,
    }
}

/// `value as ty`; `Unsupported` for what is no cast of scalars.
pub fn cast(value: &Value, ty: Ty) -> Outcome {
    let int = match value {
        Value::Int(value) => *value,
        Value::Bool(value) => i128::from(*value),
        Value::Char(value) => i128::from(u32::from(*value)),
        Value::Float(value) => return cast_float(*value, ty),
        _ => return Outcome::Unsupported,
    };
    match ty.kind() {
        TyKind::Int(_) | TyKind::Uint(_) => Outcome::Value(Value::Int(wrap(int, ty))),
        #[expect(clippy::cast_precision_loss, reason = "as `as` does it")]
        TyKind::Float(FloatTy::F64) => Outcome::Value(Value::Float(int as f64)),
        #[expect(clippy::cast_precision_loss, reason = "as `as` does it")]
        TyKind::Float(FloatTy::F32) => Outcome::Value(Value::Float(f64::from(int as f32))),
        TyKind::Char => match u32::try_from(int).ok().and_then(char::from_u32) {
            Some(value) => Outcome::Value(Value::Char(value)),
            None => Outcome::Unsupported,
        },
        TyKind::Bool => Outcome::Value(value.clone()),
        _ => Outcome::Unsupported,
    }
}

fn cast_float(value: f64, ty: Ty) -> Outcome {
    match ty.kind() {
        TyKind::Float(_) => Outcome::Value(Value::Float(round(value, ty))),
        TyKind::Int(_) | TyKind::Uint(_) => {
            let Some((min, max)) = int_range(ty) else { return Outcome::Unsupported };
            #[expect(clippy::cast_possible_truncation, reason = "saturates, as `as` does")]
            let int = value as i128;
            Outcome::Value(Value::Int(int.clamp(min, max)))
        }
        _ => Outcome::Unsupported,
    }
}
