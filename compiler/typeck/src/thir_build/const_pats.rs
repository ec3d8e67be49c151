//! Constants in patterns: a constant is matched by the parts of its value, which its type must have opted in to.
//!
//! RFC 3535; rustc's `const_to_pat`. What a value has inside counts, not what its type could have: `None` of any type that can be compared will do.

use rgo_hir::DefId;
use rgo_hir::body::{self as hir, RangeBound, RangeEnd};
use rgo_syntax::Span;

use super::build::{Builder, Negated, literal_value};
use crate::const_eval::arith::{int_range, wrap};
use crate::const_eval::{ConstEvalError, const_eval};
use crate::infer::tables::Value;
use crate::solve::{impls_of, type_implements};
use crate::thir::{PatId, PatKind};
use crate::ty::display::display_ty;
use crate::ty::fold::TypeFoldable;
use crate::ty::subst::Subst;
use crate::ty::{AdtKind, Args, ConstValue, GenericArg, Ty, TyKind};

impl Builder<'_, '_> {
    pub(super) fn range_pat(
        &mut self,
        pat: hir::PatId,
        bounds: (Option<&RangeBound>, Option<&RangeBound>),
        inclusive: RangeEnd,
        ty: Ty,
        span: Span,
    ) -> PatKind {
        let start = bounds.0.map(|bound| self.range_bound(pat, bound, ty, RangeSide::Start, span));
        let end = bounds.1.map(|bound| self.range_bound(pat, bound, ty, RangeSide::End, span));
        if matches!(start, Some(None)) || matches!(end, Some(None)) {
            return PatKind::Error;
        }
        let (start, end) = (start.flatten(), end.flatten());
        let in_range = |value: &Option<ConstValue>| value.clone().map(|value| wrapped(value, ty));
        let (low, high) = (in_range(&start), in_range(&end));
        // Too large a literal is a lint's business, unless the range is empty for it.
        let overflows = low != start || high != end;
        if overflows && is_empty(low.as_ref(), high.as_ref(), inclusive) {
            self.refuse(span, format!("literal out of range for `{}`", display_ty(self.fcx.db, ty)), "out of range");
            return PatKind::Error;
        }
        PatKind::Range { start: low, end: high, inclusive }
    }

    fn range_bound(
        &mut self,
        pat: hir::PatId,
        bound: &RangeBound,
        ty: Ty,
        side: RangeSide,
        span: Span,
    ) -> Option<ConstValue> {
        let value = match bound {
            RangeBound::Literal { literal, negative } => {
                literal_value(literal, ty, if *negative { Negated::Yes } else { Negated::No })?
            }
            RangeBound::Path(_) => {
                let value = self.fcx.tables.range_values.get(&(pat, side == RangeSide::Start)).copied()?;
                let Value::Const(def, args) = value else { return None };
                self.evaluate(def, args, span)?
            }
        };
        if is_nan(&value) {
            self.refuse_nan(span);
            return None;
        }
        Some(value)
    }

    /// An error without a code, as rustc's are here.
    fn refuse(&mut self, span: Span, message: String, label: &str) {
        let mut error = self.fcx.error(span, "", message).label(label);
        error.code = None;
        self.fcx.emit(error);
    }

    fn refuse_nan(&mut self, span: Span) {
        let mut error = self
            .fcx
            .error(span, "", "cannot use NaN in patterns")
            .label("evaluates to `NaN`, which is not allowed in patterns")
            .note("NaNs compare inequal to everything, even themselves, so this pattern would never match")
            .help("try using the `is_nan` method instead");
        error.code = None;
        self.fcx.emit(error);
    }

    fn evaluate(&mut self, def: DefId, args: Args, span: Span) -> Option<ConstValue> {
        if self.depends_on_parameters(def, args, span) {
            return None;
        }
        match const_eval(self.fcx.db, def, self.fcx.resolve(args)) {
            Ok(value) => Some(value),
            Err(ConstEvalError::TooGeneric) => {
                self.refuse_generic(span);
                None
            }
            Err(_) => {
                self.fcx.has_errors = true;
                None
            }
        }
    }

    pub(super) fn const_pat(&mut self, def: DefId, args: Args, ty: Ty, span: Span) -> PatKind {
        // What such a constant is nobody knows, and that comes before what its type allows.
        if self.depends_on_parameters(def, args, span) {
            return PatKind::Error;
        }
        if !ty.has_error() && (self.is_refused(ty, span) || !self.is_comparable(ty, span)) {
            return PatKind::Error;
        }
        match self.evaluate(def, args, span) {
            Some(value) => self.value_pat(&value, ty, span),
            None => PatKind::Error,
        }
    }

    /// Whether a constant is a type parameter's, or of a generic type; reported.
    fn depends_on_parameters(&mut self, def: DefId, args: Args, span: Span) -> bool {
        let depends = def.kind() == rgo_hir::DefKind::AssocConst && self.fcx.resolve(args).has_param();
        if depends {
            self.refuse_generic(span);
        }
        depends
    }

    fn refuse_generic(&mut self, span: Span) {
        let error = self
            .fcx
            .error(span, "E0158", "constant pattern cannot depend on generic parameters")
            .label("`const` depends on a generic parameter");
        self.fcx.emit(error);
    }

    /// Whether values of this type cannot be matched for the type's own sake; reported.
    fn is_refused(&mut self, ty: Ty, span: Span) -> bool {
        match ty.kind() {
            TyKind::Adt(def, _) if !self.is_structural(*def, ty) => {
                let name = display_ty(self.fcx.db, ty);
                let mut error = self
                    .fcx
                    .error(span, "", format!("constant of non-structural type `{name}` in a pattern"))
                    .label("constant of non-structural type")
                    .help("the `PartialEq` trait must be derived, manual `impl`s are not sufficient");
                error.code = None;
                self.fcx.emit(error);
                true
            }
            TyKind::FnPtr(_) | TyKind::FnDef(..) | TyKind::Closure(..) => {
                let message =
                    "function pointers cannot be used in patterns, as what they point to has no fixed address";
                self.refuse(span, message.to_owned(), "not allowed in patterns");
                true
            }
            TyKind::Ref(_, inner, _) if inner.is_dyn() => {
                let name = display_ty(self.fcx.db, *inner);
                let message = format!("cannot use unsized non-slice type `{name}` in constant patterns");
                self.refuse(span, message, "not allowed in patterns");
                true
            }
            _ => false,
        }
    }

    /// Whether the type's `PartialEq` is the derived one, which says the same as a pattern.
    fn is_structural(&self, adt: DefId, ty: Ty) -> bool {
        let db = self.fcx.db;
        let Some(partial_eq) = rgo_hir::lang_item(db, "partial_eq") else { return true };
        if rgo_hir::lang_name(db, adt) == Some("phantom_data") {
            return true;
        }
        impls_of(db, partial_eq).for_self_ty(ty).any(|head| head.def.parent() == Some(adt))
    }

    fn is_comparable(&mut self, ty: Ty, span: Span) -> bool {
        let db = self.fcx.db;
        let Some(partial_eq) = rgo_hir::lang_item(db, "partial_eq") else { return true };
        if ty.has_infer() || type_implements(db, self.fcx.infcx.param_env, ty, partial_eq, &[GenericArg::Ty(ty)]) {
            return true;
        }
        let name = display_ty(db, ty);
        let message = format!("constant of non-structural type `{name}` in a pattern");
        self.refuse(span, message, "its type does not implement `PartialEq`");
        false
    }

    /// A constant's value as a pattern of its parts.
    fn value_pat(&mut self, value: &ConstValue, ty: Ty, span: Span) -> PatKind {
        if is_nan(value) {
            self.refuse_nan(span);
            return PatKind::Error;
        }
        if self.is_refused(ty, span) {
            return PatKind::Error;
        }
        match value {
            ConstValue::Bool(_)
            | ConstValue::Char(_)
            | ConstValue::Int(_)
            | ConstValue::Float(_)
            | ConstValue::Str(_)
            | ConstValue::Bytes(_) => PatKind::Const(value.clone()),
            ConstValue::Unit => PatKind::Leaf { fields: Vec::new() },
            ConstValue::Tuple(items) => {
                let types = ty.as_tuple().map(|types| types.to_vec()).unwrap_or_default();
                PatKind::Leaf { fields: self.value_pats(items, &types, span) }
            }
            ConstValue::Array(items) => {
                let elem = ty.sequence_element().unwrap_or_else(Ty::error);
                let types = vec![elem; items.len()];
                let prefix = self.value_pats(items, &types, span).into_iter().map(|(_, pat)| pat).collect();
                PatKind::Slice { prefix, slice: None, suffix: Vec::new() }
            }
            ConstValue::Adt { def, variant, fields } => {
                let args = ty.as_adt().map_or(Args::empty(), |(_, args)| args);
                let adt = self.fcx.adt_def(*def);
                let types: Vec<Ty> = match adt.variants.get(*variant as usize) {
                    Some(variant) => variant.fields.iter().map(|field| field.ty.subst(args).erase_regions()).collect(),
                    None => Vec::new(),
                };
                let types: Vec<Ty> = types.into_iter().map(|ty| self.fcx.normalize(span, ty)).collect();
                let fields = self.value_pats(fields, &types, span);
                if adt.kind == AdtKind::Enum {
                    PatKind::Variant { adt: *def, args, variant: *variant, fields }
                } else {
                    PatKind::Leaf { fields }
                }
            }
            ConstValue::Ref(inner) => {
                let target = match ty.kind() {
                    TyKind::Ref(_, target, _) => *target,
                    _ => Ty::error(),
                };
                if let (ConstValue::Str(_), TyKind::Str) = (&**inner, target.kind()) {
                    return PatKind::Const((**inner).clone());
                }
                let kind = self.value_pat(inner, target, span);
                let pat = self.alloc_pat(kind, target, span);
                PatKind::Deref { pat }
            }
            ConstValue::Fn(..) => PatKind::Error,
        }
    }

    fn value_pats(&mut self, values: &[ConstValue], types: &[Ty], span: Span) -> Vec<(u32, PatId)> {
        values
            .iter()
            .enumerate()
            .map(|(index, value)| {
                let ty = types.get(index).copied().unwrap_or_else(Ty::error);
                let kind = self.value_pat(value, ty, span);
                (index as u32, self.alloc_pat(kind, ty, span))
            })
            .collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RangeSide {
    Start,
    End,
}

fn is_nan(value: &ConstValue) -> bool {
    matches!(value, ConstValue::Float(bits) if f64::from_bits(*bits).is_nan())
}

/// The value in its type's range, as the arithmetic of that type would have it.
fn wrapped(value: ConstValue, ty: Ty) -> ConstValue {
    match value {
        ConstValue::Int(value) if int_range(ty).is_some() => ConstValue::Int(wrap(value, ty)),
        other => other,
    }
}

fn is_empty(start: Option<&ConstValue>, end: Option<&ConstValue>, inclusive: RangeEnd) -> bool {
    match (start, end) {
        (Some(ConstValue::Int(start)), Some(ConstValue::Int(end))) => match inclusive {
            RangeEnd::Included => start > end,
            RangeEnd::Excluded => start >= end,
        },
        _ => false,
    }
}
