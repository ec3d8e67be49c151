//! The abstract values of the analysis: how many bits the integers inside of a value may need, by kind of integer.

use rgo_hir::body::BinaryOp;
use rgo_typeck::ty::{IntTy, Ty, TyKind, UintTy};

/// Bits of a length, an index or a counter: no machine has more memory to count.
pub const SIZE: u8 = 47;
/// Bits of what Go code hands to an exported function.
pub const DOOR: u8 = 56;
/// Bits of the area of two sizes, which is the length of something too.
pub const AREA: u8 = 62;
/// Not known to be below `2^63`; for signed integers also: may be negative.
pub const ANY: u8 = 64;

/// Upper bounds, in bits, of every integer that a value holds. Integers of fewer than 64 bits without a sign are bounded by their type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Value {
    pub usize: u8,
    /// `u64`.
    pub wide: u8,
    /// Of any width; [`ANY`] where one may be negative.
    pub signed: u8,
}

/// Which integers a type may hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    pub usize: bool,
    pub wide: bool,
    pub signed: bool,
}

impl Kinds {
    pub const ALL: Kinds = Kinds { usize: true, wide: true, signed: true };

    pub fn or(self, other: Kinds) -> Kinds {
        Kinds { usize: self.usize || other.usize, wide: self.wide || other.wide, signed: self.signed || other.signed }
    }
}

impl Value {
    /// What std makes of itself: sizes, and any other integer.
    pub const FRESH: Value = Value { usize: SIZE, wide: ANY, signed: ANY };
    pub const ANYTHING: Value = Value { usize: ANY, wide: ANY, signed: ANY };

    pub fn join(self, other: Value) -> Value {
        Value {
            usize: self.usize.max(other.usize),
            wide: self.wide.max(other.wide),
            signed: self.signed.max(other.signed),
        }
    }

    pub fn masked(self, kinds: Kinds) -> Value {
        let keep = |is_kept: bool, bits: u8| if is_kept { bits } else { 0 };
        Value {
            usize: keep(kinds.usize, self.usize),
            wide: keep(kinds.wide, self.wide),
            signed: keep(kinds.signed, self.signed),
        }
    }

    pub fn every(bits: u8) -> Value {
        Value { usize: bits, wide: bits, signed: bits }
    }

    /// A scalar of this type.
    pub fn scalar(ty: Ty, bits: u8) -> Value {
        match ty.kind() {
            TyKind::Uint(UintTy::Usize) => Value { usize: bits, ..Value::default() },
            TyKind::Uint(UintTy::U64) => Value { wide: bits, ..Value::default() },
            TyKind::Int(_) => Value { signed: bits, ..Value::default() },
            TyKind::Uint(_) | TyKind::Char | TyKind::Bool | TyKind::Float(_) => Value::default(),
            // A parameter stands for any of them.
            _ => Value::every(bits),
        }
    }

    /// The bits of a scalar of this type.
    pub fn bits(self, ty: Ty) -> u8 {
        match ty.kind() {
            TyKind::Uint(UintTy::Usize) => self.usize,
            TyKind::Uint(UintTy::U64) => self.wide,
            TyKind::Int(_) => self.signed,
            TyKind::Uint(UintTy::U32) => 32,
            TyKind::Uint(UintTy::U16) => 16,
            TyKind::Uint(UintTy::U8) => 8,
            TyKind::Char => 21,
            TyKind::Bool => 1,
            TyKind::Float(_) => ANY,
            _ => self.usize.max(self.wide).max(self.signed),
        }
    }
}

/// Bounds of variables are rounded up to one of these, so that they stop growing soon.
pub fn rounded(bits: u8) -> u8 {
    const LEVELS: [u8; 16] = [0, 1, 4, 8, 9, 16, 17, 24, 31, 32, 33, 40, SIZE, DOOR, AREA, 63];
    LEVELS.into_iter().find(|&level| bits <= level).unwrap_or(ANY)
}

/// The number of bits that the type has for a number without a sign.
pub fn width(ty: Ty) -> u8 {
    match ty.kind() {
        TyKind::Int(IntTy::I8) => 7,
        TyKind::Int(IntTy::I16) => 15,
        TyKind::Int(IntTy::I32) => 31,
        TyKind::Int(_) => 63,
        TyKind::Uint(UintTy::U8) => 8,
        TyKind::Uint(UintTy::U16) => 16,
        TyKind::Uint(UintTy::U32) => 32,
        _ => ANY,
    }
}

pub fn is_integer(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Int(_) | TyKind::Uint(_))
}

/// A number of the type: one that does not fit wraps around, to a negative one where the type has a sign.
pub fn fitted(ty: Ty, bits: u8) -> u8 {
    let width = width(ty);
    match ty.kind() {
        TyKind::Int(_) if bits > width => ANY,
        _ => bits.min(width),
    }
}

/// The bits of a constant.
pub fn of_constant(value: i128) -> u8 {
    if value < 0 { ANY } else { (128 - value.leading_zeros()).min(u32::from(ANY)) as u8 }
}

/// An operand: its bits, and its value where it is a constant.
#[derive(Clone, Copy, Debug)]
pub struct Operand {
    pub bits: u8,
    pub constant: Option<i128>,
}

/// The bits of `a op b` in type `ty`. `grows` says that the result is added up in `a`'s own place, as in `a += b`.
pub fn binary(op: BinaryOp, a: Operand, b: Operand, ty: Ty, grows: bool) -> u8 {
    let is_signed = matches!(ty.kind(), TyKind::Int(_));
    if is_signed && (a.bits == ANY || b.bits == ANY) {
        // A part of a number that may be negative is one; only masks and remainders with a sign of their own say more.
        return match op {
            BinaryOp::BitAnd => a.bits.min(b.bits),
            _ => ANY,
        };
    }
    let bits = match op {
        BinaryOp::Add => sum(a, b, grows),
        BinaryOp::Sub if is_signed => ANY,
        BinaryOp::Sub | BinaryOp::Div | BinaryOp::Shr => match (op, b.constant) {
            (BinaryOp::Div, Some(by)) if by > 1 => a.bits.saturating_sub(of_constant(by) - 1),
            (BinaryOp::Shr, Some(by)) if (0..64).contains(&by) => a.bits.saturating_sub(by as u8),
            _ => a.bits,
        },
        BinaryOp::Mul => product(a, b),
        BinaryOp::Rem | BinaryOp::BitAnd => a.bits.min(b.bits),
        BinaryOp::BitOr | BinaryOp::BitXor => a.bits.max(b.bits),
        BinaryOp::Shl => match b.constant {
            Some(by) if (0..64).contains(&by) => (a.bits + by as u8).min(ANY),
            // `1 << n` with a small number of bits is usual, but nothing says so.
            _ => ANY,
        },
        _ => 0,
    };
    fitted(ty, bits)
}

/// Counting by a small constant never ends where memory does; what is added to itself doubles with every turn.
fn sum(a: Operand, b: Operand, grows: bool) -> u8 {
    let (a, b) = if a.constant.is_some() && !grows { (b, a) } else { (a, b) };
    let is_step = b.constant.is_some_and(|step| (0..=1 << 16).contains(&step));
    if is_step {
        return match a.bits {
            0..SIZE if grows => SIZE,
            0..40 => a.bits.max(b.bits) + 1,
            40..=DOOR => a.bits.max(SIZE),
            _ => (a.bits + 1).min(ANY),
        };
    }
    if grows {
        return match b.bits {
            0..=SIZE => a.bits.max(DOOR),
            48..=DOOR => a.bits.max(AREA),
            _ => ANY,
        };
    }
    (a.bits.max(b.bits) + 1).min(ANY)
}

fn product(a: Operand, b: Operand) -> u8 {
    let exact = a.bits.saturating_add(b.bits);
    // What needs more than 32 bits is a size: numbers of that many bits are rarely written down.
    let is_area = a.bits <= SIZE && b.bits <= SIZE && a.bits.max(b.bits) > 32;
    if exact < ANY {
        exact
    } else if is_area && a.constant.is_none() && b.constant.is_none() {
        AREA
    } else {
        ANY
    }
}
