//! Witnesses as the patterns a person would write.

use rgo_hir::Db;

use crate::collect::adt_def;
use crate::ty::{CtorKind, Ty, TyKind};

use super::constructor::{Bound, Constructor, IntRange, SliceKind};
use super::pattern::{Signedness, decode_int, int_bits};
use super::usefulness::WitnessPat;

/// The pattern as text.
pub fn display(db: &dyn Db, pat: &WitnessPat) -> String {
    match &pat.ctor {
        Constructor::Struct | Constructor::Variant(_) => display_struct(db, pat),
        Constructor::Ref => match pat.ty.kind() {
            TyKind::Ref(_, _, mutability) => {
                let prefix = match mutability {
                    rgo_hir::body::Mutability::Not => "&",
                    rgo_hir::body::Mutability::Mut => "&mut ",
                };
                format!("{prefix}{}", field(db, pat))
            }
            _ => format!("box {}", field(db, pat)),
        },
        Constructor::Bool(value) => value.to_string(),
        Constructor::IntRange(range) => display_range(*range, pat.ty),
        Constructor::FloatRange { lo, hi, closed } => {
            if lo == hi {
                format!("{lo:?}")
            } else {
                format!("{lo:?}{}{hi:?}", if *closed { "..=" } else { ".." })
            }
        }
        Constructor::Str(text) => format!("{:?}", text.as_str()),
        Constructor::Slice(slice) => {
            let items: Vec<String> = pat.fields.iter().map(|field| display(db, field)).collect();
            match slice.kind {
                SliceKind::VarLen(prefix, _) if slice.array_len.is_none() || slice.array_len > Some(slice.arity()) => {
                    let mut items = items;
                    items.insert(prefix.min(items.len()), "..".to_string());
                    format!("[{}]", items.join(", "))
                }
                SliceKind::VarLen(..) | SliceKind::FixedLen(_) => format!("[{}]", items.join(", ")),
            }
        }
        Constructor::Never if matches!(pat.ty.kind(), TyKind::Never) => "!".to_string(),
        Constructor::NonExhaustive if matches!(pat.ty.kind(), TyKind::Str) => "&_".to_string(),
        Constructor::Never
        | Constructor::Opaque
        | Constructor::Wildcard
        | Constructor::Or
        | Constructor::NonExhaustive
        | Constructor::Missing
        | Constructor::PrivateUninhabited => "_".to_string(),
    }
}

fn field(db: &dyn Db, pat: &WitnessPat) -> String {
    match pat.fields.first() {
        Some(field) if matches!(field.ctor, Constructor::NonExhaustive) => "_".to_string(),
        Some(field) => display(db, field),
        None => "_".to_string(),
    }
}

fn display_struct(db: &dyn Db, pat: &WitnessPat) -> String {
    let fields = || pat.fields.iter().map(|field| display(db, field)).collect::<Vec<_>>();
    let (def, index) = match (pat.ty.kind(), &pat.ctor) {
        (TyKind::Adt(def, _), Constructor::Variant(index)) => (*def, *index as usize),
        (TyKind::Adt(def, _), _) => (*def, 0),
        _ => {
            let fields = fields();
            return if fields.len() == 1 { format!("({},)", fields[0]) } else { format!("({})", fields.join(", ")) };
        }
    };
    let adt = adt_def(db, def);
    let Some(variant) = adt.variants.get(index) else { return "_".to_string() };
    let is_prelude = ["option", "result"].iter().any(|lang| rgo_hir::lang_item(db, lang) == Some(def));
    let name = match pat.ctor {
        Constructor::Variant(_) if !is_prelude => format!("{}::{}", def.name(), variant.name),
        Constructor::Variant(_) => variant.name.to_string(),
        _ => def.name().to_string(),
    };
    match variant.ctor {
        CtorKind::Unit => name,
        CtorKind::Fn => format!("{name}({})", fields().join(", ")),
        CtorKind::Named if pat.fields.is_empty() => format!("{name} {{ }}"),
        CtorKind::Named => {
            if pat.fields.iter().all(|field| matches!(field.ctor, Constructor::Wildcard)) {
                return format!("{name} {{ .. }}");
            }
            let fields: Vec<String> =
                variant.fields.iter().zip(fields()).map(|(field, text)| format!("{}: {text}", field.name)).collect();
            format!("{name} {{ {} }}", fields.join(", "))
        }
    }
}

fn display_range(range: IntRange, ty: Ty) -> String {
    if range.is_singleton() {
        return match range.lo {
            Bound::Finite(bits) => display_int(bits, ty),
            Bound::NegInfinity | Bound::PosInfinity => "_".to_string(),
        };
    }
    if matches!((range.lo, range.hi), (Bound::NegInfinity, Bound::PosInfinity)) {
        return "_".to_string();
    }
    let beyond = |bits: u128| matches!(ty.kind(), TyKind::Uint(_) | TyKind::Int(_)) && bits >= 1 << width(ty);
    let lo = match range.lo {
        Bound::NegInfinity => String::new(),
        Bound::Finite(bits) if beyond(bits) => display_int((1 << width(ty)) - 1, ty),
        Bound::Finite(bits) => display_int(bits, ty),
        Bound::PosInfinity => return "_".to_string(),
    };
    match range.hi {
        Bound::PosInfinity => format!("{lo}.."),
        Bound::NegInfinity => "_".to_string(),
        Bound::Finite(0) => format!("{lo}..{}", display_int(0, ty)),
        Bound::Finite(bits) => format!("{lo}..={}", display_int(bits - 1, ty)),
    }
}

fn width(ty: Ty) -> u32 {
    int_bits(ty).map_or(64, |(bits, _)| bits)
}

fn display_int(bits: u128, ty: Ty) -> String {
    if let TyKind::Char = ty.kind() {
        return match u32::try_from(bits).ok().and_then(char::from_u32) {
            Some(value) => format!("{value:?}"),
            None => "_".to_string(),
        };
    }
    let name = int_name(ty);
    let max = (1u128 << width(ty)) - 1;
    let is_signed = matches!(int_bits(ty), Some((_, Signedness::Signed)));
    if bits == max {
        format!("{name}::MAX")
    } else if bits == 0 && is_signed {
        format!("{name}::MIN")
    } else {
        format!("{}_{name}", decode_int(bits, ty))
    }
}

fn int_name(ty: Ty) -> &'static str {
    use crate::ty::{IntTy, UintTy};
    match ty.kind() {
        TyKind::Int(IntTy::I8) => "i8",
        TyKind::Int(IntTy::I16) => "i16",
        TyKind::Int(IntTy::I32) => "i32",
        TyKind::Int(IntTy::I64) => "i64",
        TyKind::Int(IntTy::Isize) => "isize",
        TyKind::Uint(UintTy::U8) => "u8",
        TyKind::Uint(UintTy::U16) => "u16",
        TyKind::Uint(UintTy::U32) => "u32",
        TyKind::Uint(UintTy::U64) => "u64",
        TyKind::Uint(UintTy::Usize) => "usize",
        _ => "_",
    }
}

/// So many patterns are shown.
pub const LIMIT: usize = 3;

/// The arms that are missing, where they are few enough to be written down. What a reference is matched against needs no `&`.
pub fn display_arms(db: &dyn Db, witnesses: &[WitnessPat]) -> Option<String> {
    if witnesses.len() > LIMIT {
        return None;
    }
    let arm = |witness: &WitnessPat| format!("`{} => …`", display(db, witness).trim_start_matches('&'));
    Some(witnesses.iter().map(arm).collect::<Vec<_>>().join(", "))
}

/// "`A`, `B` and 3 more".
pub fn display_list(db: &dyn Db, witnesses: &[WitnessPat]) -> String {
    let texts: Vec<String> = witnesses.iter().map(|witness| format!("`{}`", display(db, witness))).collect();
    match texts.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [head @ .., tail] if texts.len() <= LIMIT => format!("{} and {tail}", head.join(", ")),
        _ => format!("{} and {} more", texts[..LIMIT].join(", "), texts.len() - LIMIT),
    }
}
