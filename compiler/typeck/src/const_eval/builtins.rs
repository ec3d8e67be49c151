//! Functions of `std` that have a Go expression instead of a body, for those that constants use: integers, lengths, characters.

use rgo_hir::body::BinaryOp;
use rgo_hir::{DefId, DefKind};

use crate::collect::{adt_def, type_of};
use crate::exhaustive::{Signedness, int_bits};
use crate::ty::{Args, Ty, TyKind};

use super::arith::{self, Outcome, int_range, wrap};
use super::machine::Machine;
use super::value::{Pointer, Value};

/// What a built-in function came to.
pub enum Builtin {
    Value(Value),
    Panic(&'static str),
    Overflow(&'static str),
    /// Not known here.
    Unknown,
}

/// Calls `def` if it is a function of a primitive type that is known here.
pub fn call(machine: &mut Machine<'_>, def: DefId, _args: Args, inputs: &[Value]) -> Builtin {
    let Some(parent) = def.parent() else { return Builtin::Unknown };
    if parent.kind() != DefKind::Impl || !parent.is_std() {
        return Builtin::Unknown;
    }
    let self_ty = type_of(machine.db, parent);
    let name = def.name().as_str();
    let result = match self_ty.kind() {
        TyKind::Int(_) | TyKind::Uint(_) => integer(machine, self_ty, name, inputs),
        TyKind::Float(_) => float(name, inputs),
        TyKind::Char => character(name, inputs),
        TyKind::Str => text(name, inputs),
        TyKind::Slice(_) | TyKind::Array(..) => slice(machine, name, inputs),
        _ => None,
    };
    result.unwrap_or(Builtin::Unknown)
}

fn integer(machine: &Machine<'_>, ty: Ty, name: &str, inputs: &[Value]) -> Option<Builtin> {
    let (min, max) = int_range(ty)?;
    let (bits, signedness) = int_bits(ty)?;
    let int = |value: i128| Some(Builtin::Value(Value::Int(value)));
    let truth = |value: bool| Some(Builtin::Value(Value::Bool(value)));
    match name {
        "max_value" => return int(max),
        "min_value" => return int(min),
        _ => {}
    }
    let value = int_of(machine, inputs.first()?)?;
    let other = inputs.get(1).and_then(|other| int_of(machine, other));
    let unsigned = value & ((1i128 << bits) - 1);
    if let Some((family, op)) = name.split_once('_')
        && let Some(result) = family_op(machine, ty, family, op, value, other)
    {
        return Some(result);
    }
    match name {
        "pow" => match power(value, other?) {
            Some(power) if (min..=max).contains(&power) => int(power),
            _ => Some(Builtin::Overflow("multiply")),
        },
        "abs" if value == min => Some(Builtin::Overflow("negate")),
        "abs" | "unsigned_abs" => int(value.abs()),
        "abs_diff" => int((value - other?).abs()),
        "signum" => int(value.signum()),
        "is_positive" => truth(value > 0),
        "is_negative" => truth(value < 0),
        "count_ones" => int(i128::from(unsigned.count_ones())),
        "count_zeros" => int(i128::from(bits - unsigned.count_ones())),
        "leading_zeros" => int(i128::from(unsigned.leading_zeros() - (128 - bits))),
        "trailing_zeros" => int(i128::from(unsigned.trailing_zeros().min(bits))),
        "is_power_of_two" => truth(unsigned.count_ones() == 1),
        "next_power_of_two" => {
            let power = u128::try_from(value).ok()?.next_power_of_two();
            let power = i128::try_from(power).ok()?;
            if power > max { Some(Builtin::Overflow("add")) } else { int(power) }
        }
        "rem_euclid" => match other? {
            0 => Some(Builtin::Panic("attempt to calculate the remainder with a divisor of zero")),
            other => int(value.rem_euclid(other)),
        },
        "div_euclid" => match other? {
            0 => Some(Builtin::Panic("attempt to divide by zero")),
            other => int(value.div_euclid(other)),
        },
        "rotate_left" | "rotate_right" => {
            let amount = u32::try_from(other?.rem_euclid(i128::from(bits))).ok()?;
            let amount = if name == "rotate_left" { amount } else { (bits - amount) % bits };
            let rotated = if amount == 0 { unsigned } else { unsigned << amount | unsigned >> (bits - amount) };
            int(wrap(rotated, ty))
        }
        "swap_bytes" => {
            let bytes = unsigned.to_le_bytes();
            let count = (bits / 8) as usize;
            let swapped = bytes[..count].iter().fold(0i128, |all, byte| all << 8 | i128::from(*byte));
            int(wrap(swapped, ty))
        }
        "ilog2" if value > 0 => int(i128::from(value.ilog2())),
        "ilog10" if value > 0 => int(i128::from(value.ilog10())),
        "isqrt" if value >= 0 => int(value.isqrt()),
        _ if signedness == Signedness::Unsigned && bits == 8 => {
            character_class(char::from(u8::try_from(value).ok()?), name).map(Builtin::Value)
        }
        _ => None,
    }
}

/// `wrapping_add`, `checked_mul`, `saturating_sub`, `overflowing_neg` and their like.
fn family_op(
    machine: &Machine<'_>,
    ty: Ty,
    family: &str,
    op: &str,
    value: i128,
    other: Option<i128>,
) -> Option<Builtin> {
    if !matches!(family, "wrapping" | "checked" | "saturating" | "overflowing") {
        return None;
    }
    let (min, max) = int_range(ty)?;
    let exact = match op {
        "add" => Some(value + other?),
        "sub" => Some(value - other?),
        "mul" => value.checked_mul(other?),
        "neg" => Some(-value),
        "abs" => Some(value.abs()),
        "pow" => power(value, other?),
        "div" | "rem" if other? == 0 => {
            return match family {
                "checked" => option(machine, None),
                _ => Some(Builtin::Panic("attempt to divide by zero")),
            };
        }
        "div" => Some(value / other?),
        "rem" => Some(value % other?),
        "shl" | "shr" => {
            let op = if op == "shl" { BinaryOp::Shl } else { BinaryOp::Shr };
            return match (family, arith::binary(op, &Value::Int(value), &Value::Int(other?), ty)) {
                ("checked", Outcome::Value(value)) => option(machine, Some(value)),
                ("checked", _) => option(machine, None),
                ("wrapping", Outcome::Value(value) | Outcome::Overflow(value, _)) => Some(Builtin::Value(value)),
                _ => None,
            };
        }
        _ => return None,
    };
    let fits = exact.is_some_and(|exact| (min..=max).contains(&exact));
    let wrapped = || match exact {
        Some(exact) => Some(wrap(exact, ty)),
        None if op == "mul" => Some(wrap(value.wrapping_mul(other?), ty)),
        None => None,
    };
    match family {
        "checked" => option(machine, exact.filter(|_| fits).map(Value::Int)),
        "wrapping" => Some(Builtin::Value(Value::Int(wrapped()?))),
        "overflowing" => Some(Builtin::Value(Value::Tuple(vec![Value::Int(wrapped()?), Value::Bool(!fits)]))),
        _ => {
            let negative = match (op, other) {
                ("mul", Some(other)) => (value < 0) != (other < 0),
                ("pow", Some(other)) => value < 0 && other % 2 == 1,
                _ => exact.is_some_and(|exact| exact < 0),
            };
            let clamped = if negative { min } else { max };
            Some(Builtin::Value(Value::Int(exact.filter(|_| fits).unwrap_or(clamped))))
        }
    }
}

fn power(base: i128, exponent: i128) -> Option<i128> {
    base.checked_pow(u32::try_from(exponent).ok()?)
}

fn option(machine: &Machine<'_>, value: Option<Value>) -> Option<Builtin> {
    let def = rgo_hir::lang_item(machine.db, "option")?;
    let wanted = if value.is_some() { "Some" } else { "None" };
    let index = adt_def(machine.db, def).variants.iter().position(|variant| variant.name == wanted)?;
    let variant = u32::try_from(index).ok()?;
    Some(Builtin::Value(Value::Adt { def, variant, fields: value.into_iter().collect() }))
}

fn int_of(machine: &Machine<'_>, value: &Value) -> Option<i128> {
    match value {
        Value::Int(value) => Some(*value),
        Value::Ref(pointer) => match machine.memory.get(pointer) {
            Some(Value::Int(value)) => Some(*value),
            _ => None,
        },
        _ => None,
    }
}

fn float(name: &str, inputs: &[Value]) -> Option<Builtin> {
    let Value::Float(value) = inputs.first()? else { return None };
    let result = match name {
        "abs" => Value::Float(value.abs()),
        "is_nan" => Value::Bool(value.is_nan()),
        "is_infinite" => Value::Bool(value.is_infinite()),
        "is_finite" => Value::Bool(value.is_finite()),
        "is_sign_negative" => Value::Bool(value.is_sign_negative()),
        "is_sign_positive" => Value::Bool(value.is_sign_positive()),
        _ => return None,
    };
    Some(Builtin::Value(result))
}

fn character(name: &str, inputs: &[Value]) -> Option<Builtin> {
    let Value::Char(value) = inputs.first()? else { return None };
    character_class(*value, name).map(Builtin::Value)
}

fn character_class(value: char, name: &str) -> Option<Value> {
    let truth = match name {
        "is_ascii" => value.is_ascii(),
        "is_ascii_digit" => value.is_ascii_digit(),
        "is_ascii_alphabetic" => value.is_ascii_alphabetic(),
        "is_ascii_alphanumeric" => value.is_ascii_alphanumeric(),
        "is_ascii_lowercase" => value.is_ascii_lowercase(),
        "is_ascii_uppercase" => value.is_ascii_uppercase(),
        "is_ascii_whitespace" => value.is_ascii_whitespace(),
        "is_ascii_punctuation" => value.is_ascii_punctuation(),
        "is_ascii_hexdigit" => value.is_ascii_hexdigit(),
        "is_ascii_graphic" => value.is_ascii_graphic(),
        "is_ascii_control" => value.is_ascii_control(),
        _ => return None,
    };
    Some(Value::Bool(truth))
}

fn text(name: &str, inputs: &[Value]) -> Option<Builtin> {
    let Value::Str(text) = inputs.first()? else { return None };
    let text = text.as_str();
    let result = match name {
        "len" => Value::Int(i128::try_from(text.len()).ok()?),
        "is_empty" => Value::Bool(text.is_empty()),
        _ => return None,
    };
    Some(Builtin::Value(result))
}

fn slice(machine: &Machine<'_>, name: &str, inputs: &[Value]) -> Option<Builtin> {
    let Value::Ref(pointer) = inputs.first()? else { return None };
    let len = machine.memory.len(pointer)?;
    let element = |index: Option<usize>| -> Option<Builtin> {
        option(machine, index.filter(|index| *index < len).map(|index| Value::Ref(pointer.project(index))))
    };
    match name {
        "len" => Some(Builtin::Value(Value::Int(i128::try_from(len).ok()?))),
        "is_empty" => Some(Builtin::Value(Value::Bool(len == 0))),
        "first" => element(Some(0)),
        "last" => element(len.checked_sub(1)),
        "as_slice" => Some(Builtin::Value(Value::Ref(Pointer { window: Some((0, len)), ..pointer.clone() }))),
        _ => None,
    }
}
