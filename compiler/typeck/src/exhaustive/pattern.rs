//! THIR patterns as constructors with fields, and what constructors a type has.

use la_arena::Arena;
use rgo_hir::body::RangeEnd;
use rgo_hir::{Db, DefId};

use crate::collect::adt_def;
use crate::solve::{ParamEnv, normalize_erasing_regions};
use crate::thir;
use crate::ty::{AdtDef, AdtKind, ConstKind, ConstValue, FloatTy, IntTy, Subst, Ty, TyKind, UintTy, VariantDef};

use super::constructor::{Bound, Constructor, ConstructorSet, Emptiness, IntRange, Slice, SliceKind};
use super::inhabited;

/// A pattern with its head constructor. Struct-like patterns have a pattern for every field.
#[derive(Clone, Debug)]
pub struct DeconstructedPat {
    pub ctor: Constructor,
    pub fields: Vec<DeconstructedPat>,
    pub ty: Ty,
}

impl DeconstructedPat {
    pub fn wild(ty: Ty) -> DeconstructedPat {
        DeconstructedPat { ctor: Constructor::Wildcard, fields: Vec::new(), ty }
    }

    fn leaf(ctor: Constructor, ty: Ty) -> DeconstructedPat {
        DeconstructedPat { ctor, fields: Vec::new(), ty }
    }
}

/// Where a match stands: what it may see and assume.
pub struct Context<'db> {
    pub db: &'db dyn Db,
    pub param_env: ParamEnv,
    /// Set when a pattern was wrong by itself: then nothing is said about what the patterns cover.
    pub tainted: std::cell::Cell<bool>,
    /// The body owner: privacy and `#[non_exhaustive]` are judged from here.
    pub from: DefId,
}

impl<'db> Context<'db> {
    fn normalize(&self, ty: Ty) -> Ty {
        normalize_erasing_regions(self.db, self.param_env, ty)
    }

    pub fn is_inhabited(&self, ty: Ty) -> bool {
        inhabited::is_inhabited(self.db, self.param_env, self.from, ty)
    }

    fn emptiness(&self, is_inhabited: bool) -> Emptiness {
        if is_inhabited { Emptiness::Inhabited } else { Emptiness::Empty }
    }

    /// The types of a constructor's fields; `true` marks a private field of an empty type.
    pub fn field_places(&self, ty: Ty, ctor: &Constructor) -> Vec<(Ty, bool)> {
        match ctor {
            Constructor::Struct => match ty.kind() {
                TyKind::Tuple(items) => items.iter().map(|item| (self.normalize(*item), false)).collect(),
                TyKind::Adt(def, args) => match adt_def(self.db, *def).variants.first() {
                    Some(variant) => self.variant_places(variant, *args),
                    None => Vec::new(),
                },
                _ => Vec::new(),
            },
            Constructor::Variant(index) => match ty.kind() {
                TyKind::Adt(def, args) => match adt_def(self.db, *def).variants.get(*index as usize) {
                    Some(variant) => {
                        variant.fields.iter().map(|field| (self.normalize(field.ty.subst(*args)), false)).collect()
                    }
                    None => Vec::new(),
                },
                _ => Vec::new(),
            },
            Constructor::Ref => pointee(self.db, ty).map(|inner| (self.normalize(inner), false)).into_iter().collect(),
            Constructor::Slice(slice) => match ty.kind() {
                TyKind::Array(elem, _) | TyKind::Slice(elem) => vec![(self.normalize(*elem), false); slice.arity()],
                _ => Vec::new(),
            },
            Constructor::Bool(_)
            | Constructor::IntRange(_)
            | Constructor::FloatRange { .. }
            | Constructor::Str(_)
            | Constructor::Opaque
            | Constructor::Wildcard
            | Constructor::Or
            | Constructor::Never
            | Constructor::NonExhaustive
            | Constructor::Missing
            | Constructor::PrivateUninhabited => Vec::new(),
        }
    }

    fn variant_places(&self, variant: &VariantDef, args: crate::ty::Args) -> Vec<(Ty, bool)> {
        let places = variant.fields.iter().map(|field| {
            let ty = self.normalize(field.ty.subst(args));
            let hidden = !rgo_hir::visible_from(self.db, field.def, self.from) && !self.is_inhabited(ty);
            (ty, hidden)
        });
        places.collect()
    }

    /// All constructors of `ty`.
    pub fn constructors(&self, ty: Ty) -> ConstructorSet {
        match ty.kind() {
            TyKind::Bool => ConstructorSet::Bool,
            TyKind::Char => {
                let range = |lo: char, hi: char| IntRange {
                    lo: Bound::Finite(u128::from(u32::from(lo))),
                    hi: Bound::Finite(u128::from(u32::from(hi)) + 1),
                };
                ConstructorSet::Integers(vec![range('\0', '\u{D7FF}'), range('\u{E000}', char::MAX)])
            }
            TyKind::Int(IntTy::Isize) => {
                ConstructorSet::Integers(vec![IntRange { lo: Bound::NegInfinity, hi: Bound::PosInfinity }])
            }
            TyKind::Uint(UintTy::Usize) => {
                ConstructorSet::Integers(vec![IntRange { lo: Bound::Finite(0), hi: Bound::PosInfinity }])
            }
            TyKind::Int(_) | TyKind::Uint(_) => {
                let bits = int_bits(ty).map_or(64, |bits| bits.0);
                ConstructorSet::Integers(vec![IntRange { lo: Bound::Finite(0), hi: Bound::Finite(1 << bits) }])
            }
            TyKind::Never => ConstructorSet::NoConstructors,
            TyKind::Ref(..) => ConstructorSet::Ref,
            TyKind::Adt(..) if pointee(self.db, ty).is_some() => ConstructorSet::Ref,
            TyKind::Tuple(_) => ConstructorSet::Struct(self.emptiness(self.is_inhabited(ty))),
            TyKind::Adt(def, args) => self.adt_constructors(ty, adt_def(self.db, *def), *args),
            TyKind::Array(elem, len) => ConstructorSet::Slice {
                array_len: array_len(*len),
                element: self.emptiness(self.is_inhabited(self.normalize(*elem))),
            },
            TyKind::Slice(elem) => ConstructorSet::Slice {
                array_len: None,
                element: self.emptiness(self.is_inhabited(self.normalize(*elem))),
            },
            TyKind::Float(_)
            | TyKind::Str
            | TyKind::FnDef(..)
            | TyKind::FnPtr(_)
            | TyKind::Closure(..)
            | TyKind::Dynamic(..)
            | TyKind::Param(_)
            | TyKind::Projection(..)
            | TyKind::Opaque(..)
            | TyKind::Infer(_)
            | TyKind::Error => ConstructorSet::Unlistable,
        }
    }

    fn adt_constructors(&self, ty: Ty, adt: &AdtDef, args: crate::ty::Args) -> ConstructorSet {
        match adt.kind {
            AdtKind::Struct | AdtKind::Union => ConstructorSet::Struct(self.emptiness(self.is_inhabited(ty))),
            AdtKind::Enum => {
                let non_exhaustive = inhabited::is_foreign_non_exhaustive(self.db, adt.def, self.from);
                if adt.variants.is_empty() && !non_exhaustive {
                    return ConstructorSet::NoConstructors;
                }
                let variants = adt.variants.iter().map(|variant| {
                    self.emptiness(inhabited::variant_is_inhabited(self.db, self.param_env, self.from, variant, args))
                });
                ConstructorSet::Variants { variants: variants.collect(), non_exhaustive }
            }
        }
    }

    /// The constructor form of a THIR pattern.
    pub fn lower(&self, pats: &Arena<thir::Pat>, id: thir::PatId) -> DeconstructedPat {
        let pat = &pats[id];
        let ty = self.normalize(pat.ty);
        match &pat.kind {
            thir::PatKind::Error => {
                self.tainted.set(true);
                DeconstructedPat::wild(ty)
            }
            thir::PatKind::Wild => DeconstructedPat::wild(ty),
            thir::PatKind::Never => DeconstructedPat::leaf(Constructor::Never, ty),
            thir::PatKind::Bind { sub: None, .. } => DeconstructedPat::wild(ty),
            thir::PatKind::Bind { sub: Some(sub), .. } => self.lower(pats, *sub),
            thir::PatKind::Variant { adt, variant, fields, .. } => {
                let is_enum = matches!(adt_def(self.db, *adt).kind, AdtKind::Enum);
                let ctor = if is_enum { Constructor::Variant(*variant) } else { Constructor::Struct };
                self.with_fields(pats, ty, ctor, fields)
            }
            thir::PatKind::Leaf { fields } => {
                if let TyKind::Tuple(_) | TyKind::Adt(..) = ty.kind() {
                    self.with_fields(pats, ty, Constructor::Struct, fields)
                } else {
                    DeconstructedPat::wild(ty)
                }
            }
            thir::PatKind::Deref { pat } => {
                DeconstructedPat { ctor: Constructor::Ref, fields: vec![self.lower(pats, *pat)], ty }
            }
            thir::PatKind::Const(value) => self.lower_const(value, ty),
            thir::PatKind::Range { start, end, inclusive } => {
                self.lower_range(start.as_ref(), end.as_ref(), *inclusive, ty)
            }
            thir::PatKind::Slice { prefix, slice, suffix } => {
                let kind = match slice {
                    Some(_) => SliceKind::VarLen(prefix.len(), suffix.len()),
                    None => SliceKind::FixedLen(prefix.len() + suffix.len()),
                };
                let known_len = if let TyKind::Array(_, len) = ty.kind() { array_len(*len) } else { None };
                let fields: Vec<DeconstructedPat> =
                    prefix.iter().chain(suffix).map(|pat| self.lower(pats, *pat)).collect();
                let shape = Slice::new(known_len, kind);
                if shape.arity() == fields.len() {
                    return DeconstructedPat { ctor: Constructor::Slice(shape), fields, ty };
                }
                DeconstructedPat { ctor: Constructor::Slice(Slice { array_len: known_len, kind }), fields, ty }
            }
            thir::PatKind::Or(alternatives) => {
                let fields = alternatives.iter().map(|pat| self.lower(pats, *pat)).collect();
                DeconstructedPat { ctor: Constructor::Or, fields, ty }
            }
        }
    }

    fn with_fields(
        &self,
        pats: &Arena<thir::Pat>,
        ty: Ty,
        ctor: Constructor,
        written: &[(u32, thir::PatId)],
    ) -> DeconstructedPat {
        let places = self.field_places(ty, &ctor);
        let mut fields: Vec<DeconstructedPat> = places.into_iter().map(|(ty, _)| DeconstructedPat::wild(ty)).collect();
        for (index, pat) in written {
            if let Some(field) = fields.get_mut(*index as usize) {
                *field = self.lower(pats, *pat);
            }
        }
        DeconstructedPat { ctor, fields, ty }
    }

    fn lower_const(&self, value: &ConstValue, ty: Ty) -> DeconstructedPat {
        let inner = || pointee(self.db, ty).map(|inner| self.normalize(inner));
        match (value, ty.kind()) {
            (ConstValue::Bool(value), _) => DeconstructedPat::leaf(Constructor::Bool(*value), ty),
            (ConstValue::Char(value), _) => {
                DeconstructedPat::leaf(Constructor::IntRange(IntRange::singleton(u128::from(u32::from(*value)))), ty)
            }
            (ConstValue::Int(value), _) => match encode_int(*value, ty) {
                Some(bits) => DeconstructedPat::leaf(Constructor::IntRange(IntRange::singleton(bits)), ty),
                None => DeconstructedPat::leaf(Constructor::Opaque, ty),
            },
            (ConstValue::Float(bits), _) => {
                let value = float_of(*bits, ty);
                DeconstructedPat::leaf(Constructor::FloatRange { lo: value, hi: value, closed: true }, ty)
            }
            (ConstValue::Str(text), TyKind::Str) => DeconstructedPat::leaf(Constructor::Str(*text), ty),
            (ConstValue::Str(_), TyKind::Ref(..)) => match inner() {
                Some(inner) => {
                    DeconstructedPat { ctor: Constructor::Ref, fields: vec![self.lower_const(value, inner)], ty }
                }
                None => DeconstructedPat::leaf(Constructor::Opaque, ty),
            },
            (ConstValue::Bytes(_), TyKind::Ref(..)) => match inner() {
                Some(inner) => {
                    DeconstructedPat { ctor: Constructor::Ref, fields: vec![self.lower_const(value, inner)], ty }
                }
                None => DeconstructedPat::leaf(Constructor::Opaque, ty),
            },
            (ConstValue::Bytes(bytes), TyKind::Array(elem, _) | TyKind::Slice(elem)) => {
                let fields =
                    bytes.iter().map(|byte| self.lower_const(&ConstValue::Int(i128::from(*byte)), *elem)).collect();
                self.const_slice(fields, ty)
            }
            (ConstValue::Ref(value), _) => match inner() {
                Some(inner) => {
                    DeconstructedPat { ctor: Constructor::Ref, fields: vec![self.lower_const(value, inner)], ty }
                }
                None => DeconstructedPat::leaf(Constructor::Opaque, ty),
            },
            (ConstValue::Unit, _) => DeconstructedPat::leaf(Constructor::Struct, ty),
            (ConstValue::Tuple(values), TyKind::Tuple(_)) => self.const_fields(Constructor::Struct, values, ty),
            (ConstValue::Array(values), TyKind::Array(elem, _) | TyKind::Slice(elem)) => {
                let fields = values.iter().map(|value| self.lower_const(value, self.normalize(*elem))).collect();
                self.const_slice(fields, ty)
            }
            (ConstValue::Adt { def, variant, fields }, TyKind::Adt(..)) => {
                let is_enum = matches!(adt_def(self.db, *def).kind, AdtKind::Enum);
                let ctor = if is_enum { Constructor::Variant(*variant) } else { Constructor::Struct };
                self.const_fields(ctor, fields, ty)
            }
            _ => DeconstructedPat::leaf(Constructor::Opaque, ty),
        }
    }

    fn const_fields(&self, ctor: Constructor, values: &[ConstValue], ty: Ty) -> DeconstructedPat {
        let places = self.field_places(ty, &ctor);
        if places.len() != values.len() {
            return DeconstructedPat::leaf(Constructor::Opaque, ty);
        }
        let fields = values.iter().zip(places).map(|(value, (ty, _))| self.lower_const(value, ty)).collect();
        DeconstructedPat { ctor, fields, ty }
    }

    fn const_slice(&self, fields: Vec<DeconstructedPat>, ty: Ty) -> DeconstructedPat {
        let known_len = if let TyKind::Array(_, len) = ty.kind() { array_len(*len) } else { None };
        let ctor = Constructor::Slice(Slice { array_len: known_len, kind: SliceKind::FixedLen(fields.len()) });
        DeconstructedPat { ctor, fields, ty }
    }

    fn lower_range(
        &self,
        start: Option<&ConstValue>,
        end: Option<&ConstValue>,
        inclusive: RangeEnd,
        ty: Ty,
    ) -> DeconstructedPat {
        if let TyKind::Float(_) = ty.kind() {
            let value = |value: Option<&ConstValue>, open: f64| match value {
                Some(ConstValue::Float(bits)) => float_of(*bits, ty),
                _ => open,
            };
            let closed = matches!(inclusive, RangeEnd::Included) || end.is_none();
            let (lo, hi) = (value(start, f64::NEG_INFINITY), value(end, f64::INFINITY));
            return DeconstructedPat::leaf(Constructor::FloatRange { lo, hi, closed }, ty);
        }
        let bits = |value: &ConstValue| match value {
            ConstValue::Char(value) => Some(u128::from(u32::from(*value))),
            ConstValue::Int(value) => encode_int(*value, ty),
            _ => None,
        };
        let least = match ty.kind() {
            TyKind::Int(IntTy::Isize) => Bound::NegInfinity,
            _ => Bound::Finite(0),
        };
        let beyond = match ty.kind() {
            TyKind::Int(IntTy::Isize) | TyKind::Uint(UintTy::Usize) => Bound::PosInfinity,
            TyKind::Char => Bound::Finite(u128::from(u32::from(char::MAX)) + 1),
            _ => Bound::Finite(1 << int_bits(ty).map_or(64, |bits| bits.0)),
        };
        let lo = match start {
            None => Some(least),
            Some(value) => bits(value).map(Bound::Finite),
        };
        let hi = match (end, inclusive) {
            (None, _) => Some(beyond),
            (Some(value), RangeEnd::Excluded) => bits(value).map(Bound::Finite),
            (Some(value), RangeEnd::Included) => bits(value).map(|bits| Bound::Finite(bits + 1)),
        };
        match (lo, hi) {
            (Some(lo), Some(hi)) if lo < hi => DeconstructedPat::leaf(Constructor::IntRange(IntRange { lo, hi }), ty),
            // An empty range: its error is reported where ranges are checked.
            _ => {
                self.tainted.set(true);
                DeconstructedPat::leaf(Constructor::Opaque, ty)
            }
        }
    }
}

/// What a reference or `Box` points to.
pub fn pointee(db: &dyn Db, ty: Ty) -> Option<Ty> {
    match ty.kind() {
        TyKind::Ref(_, inner, _) => Some(*inner),
        TyKind::Adt(def, args) if rgo_hir::lang_item(db, "box") == Some(*def) => {
            args.iter().find_map(|arg| match arg {
                crate::ty::GenericArg::Ty(ty) => Some(*ty),
                crate::ty::GenericArg::Region(_) | crate::ty::GenericArg::Const(_) => None,
            })
        }
        _ => None,
    }
}

fn array_len(len: crate::ty::Const) -> Option<usize> {
    match len.kind() {
        ConstKind::Value(ConstValue::Int(len)) => usize::try_from(*len).ok(),
        _ => None,
    }
}

/// Width and signedness of an integer type.
pub fn int_bits(ty: Ty) -> Option<(u32, Signedness)> {
    Some(match ty.kind() {
        TyKind::Int(int) => {
            let bits = match int {
                IntTy::I8 => 8,
                IntTy::I16 => 16,
                IntTy::I32 => 32,
                IntTy::I64 | IntTy::Isize => 64,
            };
            (bits, Signedness::Signed)
        }
        TyKind::Uint(uint) => {
            let bits = match uint {
                UintTy::U8 => 8,
                UintTy::U16 => 16,
                UintTy::U32 => 32,
                UintTy::U64 | UintTy::Usize => 64,
            };
            (bits, Signedness::Unsigned)
        }
        _ => return None,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signedness {
    Signed,
    Unsigned,
}

/// Biases an integer so that the order of its type is that of `u128`.
fn encode_int(value: i128, ty: Ty) -> Option<u128> {
    let (bits, signedness) = int_bits(ty)?;
    let bias = match signedness {
        Signedness::Signed => 1i128 << (bits - 1),
        Signedness::Unsigned => 0,
    };
    let biased = u128::try_from(value + bias).ok()?;
    (biased < 1 << bits).then_some(biased)
}

/// The inverse of the bias.
pub fn decode_int(value: u128, ty: Ty) -> i128 {
    let bias = match int_bits(ty) {
        Some((bits, Signedness::Signed)) => 1i128 << (bits - 1),
        _ => 0,
    };
    i128::try_from(value).unwrap_or(i128::MAX) - bias
}

fn float_of(bits: u64, ty: Ty) -> f64 {
    let _: Option<FloatTy> = if let TyKind::Float(float) = ty.kind() { Some(*float) } else { None };
    f64::from_bits(bits)
}
