//! Integer constants: Go rejects a constant expression that overflows, so it is computed here instead, with the wrapping that rgo means.

use super::ast::*;

/// The width and signedness of a Go integer type, by name.
pub fn int_type(ty: &Type) -> Option<(u32, Sign)> {
    let Type::Name(name) = ty else { return None };
    Some(match &**name {
        "int8" => (8, Sign::Signed),
        "int16" => (16, Sign::Signed),
        "int32" | "rune" => (32, Sign::Signed),
        "int64" | "int" => (64, Sign::Signed),
        "uint8" | "byte" => (8, Sign::Unsigned),
        "uint16" => (16, Sign::Unsigned),
        "uint32" => (32, Sign::Unsigned),
        "uint64" | "uint" | "uintptr" => (64, Sign::Unsigned),
        _ => return None,
    })
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sign {
    Signed,
    Unsigned,
}

/// `value` as the type stores it.
pub fn wrap(value: i128, ty: &Type) -> i128 {
    let Some((bits, sign)) = int_type(ty) else { return value };
    let low = value & ((1i128 << bits) - 1);
    match sign {
        Sign::Signed if low >> (bits - 1) & 1 == 1 => low - (1i128 << bits),
        Sign::Signed | Sign::Unsigned => low,
    }
}

/// The value of an integer constant, with its type where it has one.
pub fn value(expr: &Expr) -> Option<(i128, Option<&Type>)> {
    match expr {
        Expr::Lit(Lit::Int(value) | Lit::Spelled(value, _)) => Some((*value, None)),
        Expr::Typed(ty, Lit::Int(value) | Lit::Spelled(value, _)) => Some((*value, Some(ty))),
        Expr::Typed(ty, Lit::Rune(c)) => Some((*c as i128, Some(ty))),
        Expr::Const(_, ty, Some(value)) => Some((*value, Some(ty))),
        _ => None,
    }
}

pub fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(lit) => !matches!(lit, Lit::Nil),
        Expr::Typed(..) | Expr::Const(..) => true,
        Expr::Unary(UnaryOp::Neg | UnaryOp::Not | UnaryOp::Complement, inner) => is_constant(inner),
        Expr::Convert(ty, inner) => {
            (int_type(ty).is_some() || matches!(&**ty, Type::Name(n) if &**n == "float64" || &**n == "float32"))
                && is_constant(inner)
        }
        Expr::Binary(_, a, b) => is_constant(a) && is_constant(b),
        _ => false,
    }
}

/// The value of an expression of integer constants, in which nothing overflows any more, with its type where it has one.
fn evaluate(expr: &Expr) -> Option<(i128, Option<&Type>)> {
    match expr {
        Expr::Lit(Lit::Rune(c)) => Some((*c as i128, None)),
        Expr::Unary(op @ (UnaryOp::Neg | UnaryOp::Complement), inner) => {
            let (value, ty) = evaluate(inner)?;
            Some((applied(*op, value, ty)?, ty))
        }
        Expr::Convert(ty, inner) if int_type(ty).is_some() => Some((evaluate(inner)?.0, Some(ty))),
        Expr::Binary(op, left, right) if !op.is_comparison() => {
            let ((a, left_ty), (b, right_ty)) = (evaluate(left)?, evaluate(right)?);
            Some((computed(*op, a, b)?, result_type(*op, left_ty, right_ty)))
        }
        expr => value(expr),
    }
}

/// What the operator makes of a value, which may be out of the type's range.
fn applied(op: UnaryOp, value: i128, ty: Option<&Type>) -> Option<i128> {
    match op {
        UnaryOp::Neg => Some(-value),
        // Go takes the complement of a constant in its type.
        UnaryOp::Complement => Some(ty.map_or(!value, |ty| wrap(!value, ty))),
        _ => None,
    }
}

/// An operator before a constant, where Go would refuse the result.
pub fn unary(op: UnaryOp, inner: &Expr) -> Option<Expr> {
    let (value, ty) = evaluate(inner)?;
    overflown(applied(op, value, ty)?, ty)
}

/// The conversion of a constant, where Go would refuse it.
pub fn conversion(ty: &Type, inner: &Expr) -> Option<Expr> {
    int_type(ty)?;
    overflown(evaluate(inner)?.0, Some(ty))
}

/// The result as the type stores it, if it is another then. A literal without a type is an `int`.
fn overflown(result: i128, ty: Option<&Type>) -> Option<Expr> {
    let wrapped = wrap(result, ty.unwrap_or(&Type::Name("int".into())));
    (wrapped != result).then(|| match ty {
        Some(ty) => Expr::Typed(ty.clone(), Lit::Int(wrapped)),
        None => Expr::int(wrapped),
    })
}

/// What two integer constants of one type come to; `None` where Go must find out at run time (division by zero).
pub fn binary(op: BinaryOp, left: &Expr, right: &Expr) -> Option<Expr> {
    let (Some((a, left_ty)), Some((b, right_ty))) = (value(left), value(right)) else {
        let ((a, left_ty), (b, right_ty)) = (evaluate(left)?, evaluate(right)?);
        return overflown(computed(op, a, b)?, result_type(op, left_ty, right_ty));
    };
    if op.is_comparison() {
        let holds = match op {
            BinaryOp::Eq => a == b,
            BinaryOp::Ne => a != b,
            BinaryOp::Lt => a < b,
            BinaryOp::Le => a <= b,
            BinaryOp::Gt => a > b,
            _ => a >= b,
        };
        return Some(Expr::bool(holds));
    }
    let result = computed(op, a, b)?;
    // A literal without a type is an `int`.
    let Some(ty) = result_type(op, left_ty, right_ty) else {
        return Some(Expr::int(wrap(result, &Type::Name("int".into()))));
    };
    let wrapped = wrap(result, ty);
    // A named constant in an expression that stays in range is worth more to a reader than its value.
    if wrapped == result && (matches!(left, Expr::Const(..)) || matches!(right, Expr::Const(..))) {
        return None;
    }
    Some(Expr::Typed(ty.clone(), Lit::Int(wrapped)))
}

fn result_type<'a>(op: BinaryOp, left: Option<&'a Type>, right: Option<&'a Type>) -> Option<&'a Type> {
    if matches!(op, BinaryOp::Shl | BinaryOp::Shr) { left } else { left.or(right) }
}

/// What the operation comes to, out of the type's range perhaps.
fn computed(op: BinaryOp, a: i128, b: i128) -> Option<i128> {
    Some(match op {
        BinaryOp::Add => a.checked_add(b)?,
        BinaryOp::Sub => a.checked_sub(b)?,
        BinaryOp::Mul => a.checked_mul(b)?,
        BinaryOp::Div => a.checked_div(b)?,
        BinaryOp::Rem => a.checked_rem(b)?,
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::AndNot => a & !b,
        BinaryOp::Shl if (0..64).contains(&b) => a.checked_shl(b as u32)?,
        BinaryOp::Shr if (0..64).contains(&b) => a >> b,
        _ => return None,
    })
}
