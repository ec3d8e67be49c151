//! Comparisons that were derived: by Go's own operators where those compare the same, and of an `Option` or `Result` by its parts, so that nothing
//! is put together only to be compared: `m.get(&k) == Some(&1)` is `v, ok := m[k]` and `ok && v == 1`.

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_syntax::Name;
use rgo_typeck::thir::{ExprId, ExprKind};
use rgo_typeck::ty::{Args, ConstValue, Region, Ty, TyKind};

use super::expr::negated;
use super::matching::Subject;
use super::operands::Stability;
use super::*;
use crate::go::constant;
use crate::go::fold::negated_links;
use crate::queries;

/// A side of a comparison.
#[derive(Clone)]
enum Side {
    Value(Subject),
    /// An `Option` or `Result` that is written out: whether it is `Some` or `Ok`, and what is in it.
    Literal {
        ty: Ty,
        is_there: bool,
        part: Option<Box<Side>>,
    },
}

/// Whether something is there: known, or a condition.
enum Presence {
    Known(bool),
    Asked(Expr),
}

impl<'db> Lower<'_, 'db> {
    /// `a == b` for `PartialEq::eq(&a, &b)` and its relatives, of a type whose impl was derived and whose Go form compares as it does.
    pub(super) fn native_comparison(&mut self, def: DefId, args: Args, values: &[Expr]) -> Option<Expr> {
        let op = self.native_operator(def, args)?;
        let [left, right] = values else { return None };
        let reference = Ty::new(TyKind::Ref(Region::erased(), args.ty(0), Mutability::Not));
        let (left, right) = (self.follow(left.clone(), reference), self.follow(right.clone(), reference));
        Some(Expr::binary(op, left, right))
    }

    /// The operator of Go that is a method of a comparison trait, for a type whose impl was derived.
    pub(super) fn native_operator(&mut self, def: DefId, args: Args) -> Option<BinaryOp> {
        let trait_ = def.parent().and_then(|trait_| self.cx.lang_of(trait_))?;
        let op = match (trait_, def.name().as_str()) {
            ("partial_eq", "eq") => BinaryOp::Eq,
            ("partial_eq", "ne") => BinaryOp::Ne,
            ("partial_ord", "lt") => BinaryOp::Lt,
            ("partial_ord", "le") => BinaryOp::Le,
            ("partial_ord", "gt") => BinaryOp::Gt,
            ("partial_ord", "ge") => BinaryOp::Ge,
            _ => return None,
        };
        let (ty, other) = (args.ty(0), args.types().nth(1)?);
        (ty == other && self.is_natively_compared(ty, trait_)).then_some(op)
    }

    fn is_natively_compared(&mut self, ty: Ty, trait_: &str) -> bool {
        if let TyKind::Param(_) = ty.kind() {
            return if trait_ == "partial_eq" { self.cx.is_native_eq(ty) } else { self.cx.is_native_ord(ty) };
        }
        let TyKind::Adt(def, _) = ty.kind() else { return false };
        if self.cx.layout(ty).is_none() {
            return false;
        }
        match trait_ {
            "partial_eq" => self.cx.is_native_eq(ty),
            // The numbers of an enum without data are in the order of its variants' discriminants.
            _ => self.cx.is_dataless_enum(ty) && queries::derives(self.cx.db, *def, "PartialOrd"),
        }
    }

    /// The sides of `a == b` or `a != b` of an `Option` or `Result` that is compared by its parts: one that holds nothing to be dropped.
    pub(super) fn sides_with_parts(&mut self, def: DefId, generic: Args, args: &[ExprId]) -> Option<(ExprId, ExprId)> {
        let trait_ = def.parent()?;
        if self.cx.lang_of(trait_) != Some("partial_eq") || !matches!(def.name().as_str(), "eq" | "ne") {
            return None;
        }
        let (ty, other) = (generic.ty(0), generic.types().nth(1)?);
        if !self.has_parts(ty) || ty != other || self.cx.needs_drop(ty) {
            return None;
        }
        let [left, right] = *args else { return None };
        // What the right side does must not be seen on the left, which is looked at after it.
        let is_seen = self.borrowed(left).is_some_and(|place| self.is_place(place) && !self.is_fixed_place(place))
            && self.stability(right) == Stability::Effect;
        (!is_seen).then_some((left, right))
    }

    /// `a == b` and `a != b` of an `Option` or `Result` by its parts.
    pub(super) fn compared_parts(&mut self, def: DefId, generic: Args, args: &[ExprId], span: Span) -> Option<Val> {
        let (left, right) = self.sides_with_parts(def, generic, args)?;
        let eq = rgo_hir::child(self.cx.db, def.parent()?, Name::new("eq"))?;
        let waits = self.stability(right) == Stability::Effect;
        let left = self.side_behind(left, waits);
        let right = self.side_behind(right, false);
        let equal = self.equal(eq, &left, &right, span).unwrap_or_else(|| Expr::bool(true));
        Some(Val::One(if def.name().as_str() == "eq" { equal } else { negated_links(equal) }))
    }

    /// `bytes == *b"RIFF"` and its like as a comparison of strings, which Go makes without a copy.
    pub(super) fn compared_bytes(&mut self, def: DefId, args: &[ExprId]) -> Option<Val> {
        if self.cx.lang_of(def.parent()?) != Some("partial_eq") {
            return None;
        }
        let op = match def.name().as_str() {
            "eq" => BinaryOp::Eq,
            "ne" => BinaryOp::Ne,
            _ => return None,
        };
        let [left, right] = *args else { return None };
        // References to a vector that may be changed are pointers in Go.
        let ty = self.expr_ty(left);
        if self.go_ty(ty) != Type::name("uint8").slice() {
            return None;
        }
        let text = self.bytes_written(right).filter(|bytes| bytes.is_ascii())?;
        let text: String = text.iter().map(|byte| char::from(*byte)).collect();
        let left = Expr::convert(Type::name("string"), self.value(left));
        Some(Val::One(Expr::binary(op, left, Expr::str(&text))))
    }

    /// The bytes of a literal `b"…"` behind any number of references.
    fn bytes_written(&self, expr: ExprId) -> Option<&'db [u8]> {
        match &self.body.exprs[expr].kind {
            ExprKind::Literal(ConstValue::Bytes(bytes)) => Some(bytes),
            ExprKind::Borrow { place: inner, .. } | ExprKind::Deref(inner) => self.bytes_written(*inner),
            _ => None,
        }
    }

    /// The place or value behind a borrow.
    fn borrowed(&self, expr: ExprId) -> Option<ExprId> {
        match &self.body.exprs[expr].kind {
            ExprKind::Borrow { place, .. } => Some(*place),
            _ => None,
        }
    }

    /// What a reference points to, as a side. One that waits stays what it is, whatever is evaluated before the comparison.
    fn side_behind(&mut self, reference: ExprId, waits: bool) -> Side {
        if let Some(place) = self.borrowed(reference) {
            return self.compared_side(place, waits && !self.is_place(place));
        }
        let ty = self.expr_ty(reference);
        let subject = if waits {
            let val = self.val(reference);
            self.settled(val, ty)
        } else {
            self.subject(reference)
        };
        if let Subject::Ref(inner, _) = subject {
            return Side::Value(*inner);
        }
        let place = self.subject_place(&subject);
        let place = self.follow(place, ty);
        Side::Value(Subject::Place(place, self.pointee(ty).unwrap_or(ty)))
    }

    fn compared_side(&mut self, expr: ExprId, waits: bool) -> Side {
        let ty = self.expr_ty(expr);
        match &self.body.exprs[expr].kind {
            ExprKind::Adt(adt) if self.has_parts(ty) => {
                let part = adt.fields.first().map(|(_, part)| *part);
                let is_option = self.cx.option_payload(ty).is_some();
                let is_there = if is_option { part.is_some() } else { adt.variant == 0 };
                Side::Literal { ty, is_there, part: part.map(|part| Box::new(self.compared_side(part, waits))) }
            }
            _ if waits => {
                let val = self.val(expr);
                Side::Value(self.settled(val, ty))
            }
            _ => Side::Value(self.subject(expr)),
        }
    }

    /// When two values are equal (`None`: always).
    fn equal(&mut self, eq: DefId, left: &Side, right: &Side, span: Span) -> Option<Expr> {
        let ty = self.side_ty(left);
        if ty.is_unit() {
            return None;
        }
        if self.has_parts(ty) {
            return self.equal_parts(eq, left, right, span);
        }
        let (Side::Value(left), Side::Value(right)) = (left, right) else { return None };
        let (left, right) = (self.subject_place(left), self.subject_place(right));
        if self.cx.is_native_eq(ty) || matches!(ty.kind(), TyKind::Float(_)) {
            // Go's linters want the constant behind what it is compared with.
            let (left, right) = if constant::is_constant(&left) { (right, left) } else { (left, right) };
            return Some(Expr::binary(BinaryOp::Eq, left, right));
        }
        let pointee = match ty.kind() {
            TyKind::Ref(_, inner, _) => Some(*inner),
            _ => self.cx.box_payload(ty),
        };
        if let Some(inner) = pointee {
            let (left, right) = (self.follow(left, ty), self.follow(right, ty));
            let place = |place| Side::Value(Subject::Place(place, inner));
            return self.equal(eq, &place(left), &place(right), span);
        }
        let values = vec![self.reference(left, ty, Mutability::Not), self.reference(right, ty, Mutability::Not)];
        let val = self.call_def(eq, Args::of_types(&[ty, ty]), values, None, span);
        Some(self.stored(val, Ty::bool()))
    }

    /// When two values of an `Option` or `Result` are equal (`None`: always).
    fn equal_parts(&mut self, eq: DefId, left: &Side, right: &Side, span: Span) -> Option<Expr> {
        let is_option = self.cx.option_payload(self.side_ty(left)).is_some();
        let equal_fields = |lower: &mut Self, variant: usize| {
            let (left, right) = (lower.side_part(left, variant)?, lower.side_part(right, variant)?);
            lower.equal(eq, &left, &right, span)
        };
        let values = |lower: &mut Self| equal_fields(lower, usize::from(is_option));
        let errors = |lower: &mut Self| if is_option { None } else { equal_fields(lower, 1) };
        match (self.presence(left), self.presence(right)) {
            (Presence::Known(true), Presence::Known(true)) => values(self),
            (Presence::Known(false), Presence::Known(false)) => errors(self),
            (Presence::Known(_), Presence::Known(_)) => Some(Expr::bool(false)),
            (Presence::Asked(asked), Presence::Known(true)) | (Presence::Known(true), Presence::Asked(asked)) => {
                Some(self.and(asked, values))
            }
            (Presence::Asked(asked), Presence::Known(false)) | (Presence::Known(false), Presence::Asked(asked)) => {
                Some(self.and(negated(asked), errors))
            }
            // Pointers: `a == nil && b == nil || a != nil && b != nil && *a == *b`
            (Presence::Asked(left @ Expr::Binary(..)), Presence::Asked(right)) if is_option => {
                let absent = Expr::binary(BinaryOp::LogicalAnd, negated(left.clone()), negated(right.clone()));
                let present = self.and(Expr::binary(BinaryOp::LogicalAnd, left, right), values);
                Some(Expr::binary(BinaryOp::LogicalOr, absent, present))
            }
            (Presence::Asked(left), Presence::Asked(right)) => {
                let is_same = Expr::binary(BinaryOp::Eq, left.clone(), right);
                Some(self.and(is_same, |lower| {
                    let either = |a, b| Some(Expr::binary(BinaryOp::LogicalOr, a, b));
                    let absent = negated(left.clone());
                    match (values(lower), errors(lower)) {
                        (None, None) => None,
                        (Some(values), None) => either(absent, values),
                        (None, Some(errors)) => either(left, errors),
                        (Some(values), Some(errors)) => either(
                            Expr::binary(BinaryOp::LogicalAnd, left, values),
                            Expr::binary(BinaryOp::LogicalAnd, absent, errors),
                        ),
                    }
                }))
            }
        }
    }

    fn has_parts(&self, ty: Ty) -> bool {
        self.cx.option_payload(ty).is_some() || self.cx.result_payload(ty).is_some()
    }

    fn side_ty(&self, side: &Side) -> Ty {
        match side {
            Side::Value(subject) => self.subject_ty(subject),
            Side::Literal { ty, .. } => *ty,
        }
    }

    fn side_part(&mut self, side: &Side, variant: usize) -> Option<Side> {
        match side {
            Side::Value(subject) => Some(Side::Value(self.subject_field(subject, variant, 0))),
            Side::Literal { part, .. } => part.as_deref().cloned(),
        }
    }

    fn presence(&mut self, side: &Side) -> Presence {
        let is_option = self.cx.option_payload(self.side_ty(side)).is_some();
        match side {
            Side::Literal { is_there, .. } => Presence::Known(*is_there),
            Side::Value(subject) => match self.variant_test(subject, usize::from(is_option)) {
                Some(Expr::Lit(Lit::Bool(value))) => Presence::Known(value),
                Some(asked) => Presence::Asked(asked),
                None => Presence::Known(true),
            },
        }
    }

    /// `test && rest`, where the rest may take statements of its own.
    fn and(&mut self, test: Expr, rest: impl FnOnce(&mut Self) -> Option<Expr>) -> Expr {
        let mut value = None;
        let stmts = self.block(|lower| value = rest(lower));
        match value {
            Some(value) => self.joined(BinaryOp::LogicalAnd, test, stmts, value),
            None => test,
        }
    }
}
