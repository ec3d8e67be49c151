//! HIR patterns to THIR patterns: implicit dereferences explicit, constants evaluated.

use rgo_hir::DefId;
use rgo_hir::body::{self as hir, RangeBound};
use rgo_syntax::{Name, Span};

use super::build::{Builder, Negated, literal_value};
use crate::const_eval::{ConstEvalError, const_eval};
use crate::infer::pat::positions;
use crate::infer::tables::{Value, VariantRef};
use crate::thir::{Pat, PatId, PatKind};
use crate::ty::fold::TypeFoldable;
use crate::ty::subst::Subst;
use crate::ty::{AdtKind, Args, ConstValue, Ty, TyKind};

impl Builder<'_, '_> {
    /// The type of what the pattern is matched against, references that it looks through included.
    pub(super) fn pat_outer_ty(&self, pat: hir::PatId) -> Ty {
        let outer = self.fcx.tables.pat_adjustments.get(&pat).and_then(|types| types.first()).copied();
        let ty = outer.or(self.fcx.tables.pat_ty.get(pat).copied()).unwrap_or_else(Ty::error);
        self.fcx.resolve(ty)
    }

    fn alloc_pat(&mut self, kind: PatKind, ty: Ty, span: Span) -> PatId {
        self.tree.pats.alloc(Pat { kind, ty, span })
    }

    pub(super) fn pat(&mut self, id: hir::PatId) -> PatId {
        let ty = self.fcx.tables.pat_ty.get(id).copied().unwrap_or_else(Ty::error);
        let ty = self.fcx.resolve(ty);
        let span = self.fcx.pat_span(id);
        let kind = self.pat_kind(id, ty, span);
        let mut pat = self.alloc_pat(kind, ty, span);
        let peeled = self.fcx.tables.pat_adjustments.get(&id).cloned().unwrap_or_default();
        for reference in peeled.into_iter().rev() {
            let reference = self.fcx.resolve(reference);
            pat = self.alloc_pat(PatKind::Deref { pat }, reference, span);
        }
        pat
    }

    fn pat_kind(&mut self, id: hir::PatId, ty: Ty, span: Span) -> PatKind {
        let body = self.body;
        match &body.pats[id] {
            hir::Pat::Missing => PatKind::Error,
            hir::Pat::Wild | hir::Pat::Rest => PatKind::Wild,
            hir::Pat::Bind { local, sub } => {
                let by_ref = self.fcx.tables.binding_modes.get(&id).copied().flatten();
                let sub = sub.filter(|sub| !matches!(body.pats[*sub], hir::Pat::Rest)).map(|sub| self.pat(sub));
                let is_primary = self.bound.insert(*local);
                PatKind::Bind { local: *local, by_ref, sub, is_primary }
            }
            hir::Pat::Literal { literal, negative } => {
                let negated = if *negative { Negated::Yes } else { Negated::No };
                match literal_value(literal, ty, negated) {
                    Some(value) => PatKind::Const(value),
                    None => PatKind::Error,
                }
            }
            hir::Pat::Range { start, end, inclusive } => {
                let low = start.as_ref().map(|bound| self.range_bound(id, bound, ty, RangeSide::Start, span));
                let high = end.as_ref().map(|bound| self.range_bound(id, bound, ty, RangeSide::End, span));
                match (low, high) {
                    (Some(None), _) | (_, Some(None)) => PatKind::Error,
                    (low, high) => PatKind::Range { start: low.flatten(), end: high.flatten(), inclusive: *inclusive },
                }
            }
            hir::Pat::Path(_) => match self.fcx.tables.pat_values.get(&id).copied() {
                Some(Value::Ctor(variant)) => self.variant_pat(variant, Vec::new()),
                Some(Value::Const(def, args)) => self.const_pat(def, args, ty, span),
                Some(Value::Fn(..) | Value::Static(_) | Value::ConstParam(_)) | None => PatKind::Error,
            },
            hir::Pat::Ref { pat, .. } => PatKind::Deref { pat: self.pat(*pat) },
            hir::Pat::Tuple(pats) => {
                let count = ty.as_tuple().map_or(pats.len(), |items| items.len());
                PatKind::Leaf { fields: self.positional(pats, count) }
            }
            hir::Pat::TupleStruct { pats, .. } => match self.fcx.tables.pat_variants.get(&id).copied() {
                Some(variant) => {
                    let count = self.fcx.variant_def(variant).fields.len();
                    let fields = self.positional(pats, count);
                    self.variant_pat(variant, fields)
                }
                None => PatKind::Error,
            },
            hir::Pat::Struct { fields, .. } => match self.fcx.tables.pat_variants.get(&id).copied() {
                Some(variant) => {
                    let fields = self.named(variant, fields);
                    self.variant_pat(variant, fields)
                }
                None => PatKind::Error,
            },
            hir::Pat::Slice(pats) => self.slice_pat(pats),
            hir::Pat::Or(pats) => PatKind::Or(pats.iter().map(|&pat| self.pat(pat)).collect()),
            hir::Pat::ConstBlock(def) => self.const_pat(*def, Args::empty(), ty, span),
        }
    }

    fn positional(&mut self, pats: &[hir::PatId], count: usize) -> Vec<(u32, PatId)> {
        let rest = pats.iter().position(|&pat| matches!(self.body.pats[pat], hir::Pat::Rest));
        positions(pats, rest, count).into_iter().map(|(index, pat)| (index as u32, self.pat(pat))).collect()
    }

    fn named(&mut self, variant: VariantRef, fields: &[(Name, hir::PatId)]) -> Vec<(u32, PatId)> {
        let def = self.fcx.variant_def(variant);
        fields
            .iter()
            .filter_map(|(name, pat)| {
                let pat = self.pat(*pat);
                let index = def.fields.iter().position(|field| field.name == *name)?;
                Some((index as u32, pat))
            })
            .collect()
    }

    fn variant_pat(&mut self, variant: VariantRef, fields: Vec<(u32, PatId)>) -> PatKind {
        if self.fcx.adt_def(variant.adt).kind == AdtKind::Enum {
            let args = self.fcx.resolve(variant.args);
            PatKind::Variant { adt: variant.adt, args, variant: variant.index, fields }
        } else {
            PatKind::Leaf { fields }
        }
    }

    fn slice_pat(&mut self, pats: &[hir::PatId]) -> PatKind {
        let mut prefix = Vec::new();
        let mut slice = None;
        let mut suffix = Vec::new();
        for &pat in pats {
            let is_rest = match self.body.pats[pat] {
                hir::Pat::Rest => true,
                hir::Pat::Bind { sub: Some(sub), .. } => matches!(self.body.pats[sub], hir::Pat::Rest),
                _ => false,
            };
            if is_rest && slice.is_none() {
                slice = Some(match self.body.pats[pat] {
                    hir::Pat::Rest => None,
                    _ => Some(self.pat(pat)),
                });
            } else if slice.is_none() {
                prefix.push(self.pat(pat));
            } else {
                suffix.push(self.pat(pat));
            }
        }
        PatKind::Slice { prefix, slice, suffix }
    }

    fn range_bound(
        &mut self,
        pat: hir::PatId,
        bound: &RangeBound,
        ty: Ty,
        side: RangeSide,
        span: Span,
    ) -> Option<ConstValue> {
        match bound {
            RangeBound::Literal { literal, negative } => {
                literal_value(literal, ty, if *negative { Negated::Yes } else { Negated::No })
            }
            RangeBound::Path(_) => {
                let value = self.fcx.tables.range_values.get(&(pat, side == RangeSide::Start)).copied()?;
                let Value::Const(def, args) = value else { return None };
                self.evaluate(def, args, span)
            }
        }
    }

    fn evaluate(&mut self, def: DefId, args: Args, span: Span) -> Option<ConstValue> {
        let args = self.fcx.resolve(args);
        let generic = def.kind() == rgo_hir::DefKind::AssocConst && args.has_param();
        match const_eval(self.fcx.db, def, args) {
            Ok(value) if !generic => Some(value),
            _ if generic => {
                let error = self
                    .fcx
                    .error(span, "E0158", "constant pattern cannot depend on generic parameters")
                    .label("`const` depends on a generic parameter");
                self.fcx.emit(error);
                None
            }
            Ok(value) => Some(value),
            Err(ConstEvalError::TooGeneric) => {
                let error = self
                    .fcx
                    .error(span, "E0158", "constant pattern cannot depend on generic parameters")
                    .label("`const` depends on a generic parameter");
                self.fcx.emit(error);
                None
            }
            Err(
                ConstEvalError::Cycle
                | ConstEvalError::AlreadyReported
                | ConstEvalError::Unsupported
                | ConstEvalError::Failed(_),
            ) => {
                self.fcx.has_errors = true;
                None
            }
        }
    }

    fn const_pat(&mut self, def: DefId, args: Args, ty: Ty, span: Span) -> PatKind {
        match self.evaluate(def, args, span) {
            Some(value) => self.value_pat(&value, ty, span),
            None => PatKind::Error,
        }
    }

    /// A constant's value as a pattern of its parts.
    fn value_pat(&mut self, value: &ConstValue, ty: Ty, span: Span) -> PatKind {
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
