//! HIR patterns to THIR patterns: implicit dereferences explicit. Constants are `const_pats`'.

use rgo_hir::body as hir;
use rgo_syntax::{Name, Span};

use super::build::{Builder, Negated, literal_value};
use crate::infer::pat::positions;
use crate::infer::tables::{Value, VariantRef};
use crate::thir::{NamedConst, Pat, PatId, PatKind, UserTy};
use crate::ty::{AdtKind, Ty};

impl Builder<'_, '_> {
    /// The type of what the pattern is matched against, references that it looks through included.
    pub(super) fn pat_outer_ty(&self, pat: hir::PatId) -> Ty {
        let outer = self.fcx.tables.pat_adjustments.get(&pat).and_then(|types| types.first()).copied();
        let ty = outer.or(self.fcx.tables.pat_ty.get(pat).copied()).unwrap_or_else(Ty::error);
        self.fcx.resolve(ty)
    }

    pub(super) fn alloc_pat(&mut self, kind: PatKind, ty: Ty, span: Span) -> PatId {
        self.tree.pats.alloc(Pat { kind, ty, user_ty: None, constant: None, span })
    }

    pub(super) fn pat(&mut self, id: hir::PatId) -> PatId {
        let ty = self.fcx.tables.pat_ty.get(id).copied().unwrap_or_else(Ty::error);
        let ty = self.fcx.resolve(ty);
        let span = self.fcx.pat_span(id);
        let kind = self.pat_kind(id, ty, span);
        let mut pat = self.alloc_pat(kind, ty, span);
        self.tree.pats[pat].user_ty = self.user_pat_ty(id);
        self.tree.pats[pat].constant = self.named_const(id);
        let peeled = self.fcx.tables.pat_adjustments.get(&id).cloned().unwrap_or_default();
        for reference in peeled.into_iter().rev() {
            let reference = self.fcx.resolve(reference);
            pat = self.alloc_pat(PatKind::Deref { pat }, reference, span);
        }
        pat
    }

    fn user_pat_ty(&mut self, id: hir::PatId) -> Option<UserTy> {
        let (ty, span) = *self.fcx.tables.pat_user_types.get(&id)?;
        Some(UserTy { ty: self.resolve_user(ty), span })
    }

    fn named_const(&mut self, id: hir::PatId) -> Option<Box<NamedConst>> {
        let (written, span) = *self.fcx.tables.pat_user_args.get(&id)?;
        let Some(Value::Const(def, args)) = self.fcx.tables.pat_values.get(&id).copied() else { return None };
        Some(Box::new(NamedConst { def, args: self.fcx.resolve(args), user_args: self.written_args(written, span) }))
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
                self.range_pat(id, (start.as_deref(), end.as_deref()), *inclusive, ty, span)
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
            hir::Pat::ConstBlock(_) => PatKind::Error,
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
}
