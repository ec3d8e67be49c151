//! Parts of sequences and strings: `&v[a..b]` as a slice expression of Go.
//!
//! Go checks the end of `v[a:b]` against the capacity, Rust against the length. `v[a:b:len(v)]` checks against the length; where the end is
//! known not to be beyond it, `v[a:b]` says the same. Arrays and strings have no capacity. In strings both ends have to lie between
//! characters, which the runtime looks after.

use rgo_hir::body::RangeEnd;
use rgo_typeck::thir::{ExprId, ExprKind};
use rgo_typeck::ty::{Ty, TyKind};

use super::arith::is_usize;
use super::*;
use crate::go::constant;

/// What is cut.
#[derive(Clone, Copy, PartialEq)]
enum Whole {
    Slice,
    /// An array of so many elements.
    Array(u64),
    Text,
}

impl Lower<'_, '_> {
    /// The place behind `*Index::index(&base, range)` where the range is written out.
    pub(super) fn part_of_sequence(&mut self, base: ExprId, index: ExprId) -> Option<Expr> {
        let body = self.body;
        let ExprKind::Range { start, end, inclusive } = &body.exprs[index].kind else { return None };
        let bounds: Vec<ExprId> = start.iter().chain(end).copied().collect();
        if bounds.iter().any(|bound| !is_usize(self.expr_ty(*bound))) {
            return None;
        }
        let is_inclusive = end.is_some() && *inclusive == RangeEnd::Included;
        let base_ty = self.expr_ty(base);
        let target = self.pointee(base_ty)?;
        let whole = self.whole(target)?;
        // `..=usize::MAX` has no end that is a number.
        if is_inclusive && end.is_some_and(|end| !self.expr_fits(end)) {
            return None;
        }
        let mut all = vec![base];
        all.extend(&bounds);
        let mut operands = self
            .operands_by(&all, |lower, e| if e == base { lower.borrowed_place(e, base_ty) } else { lower.value(e) })
            .into_iter();
        let place = operands.next()?;
        let low = start.and_then(|_| operands.next());
        let high = end.and_then(|_| operands.next()).map(|high| if is_inclusive { one_more(high) } else { high });
        Some(self.cut(place, whole, low, high))
    }

    fn whole(&mut self, target: Ty) -> Option<Whole> {
        match target.kind() {
            TyKind::Array(_, len) => len.as_usize().map(Whole::Array),
            TyKind::Slice(_) => Some(Whole::Slice),
            TyKind::Str => Some(Whole::Text),
            TyKind::Adt(..) if self.cx.vec_payload(target).is_some() => Some(Whole::Slice),
            TyKind::Adt(..) if self.cx.adt_lang(target) == Some("string") => Some(Whole::Text),
            _ => None,
        }
    }

    fn cut(&mut self, place: Expr, whole: Whole, low: Option<Expr>, high: Option<Expr>) -> Expr {
        let low = low.filter(|low| constant::value(low).is_none_or(|(value, _)| value != 0));
        match whole {
            Whole::Text => self.cut_text(place, low, high),
            Whole::Array(len) => {
                let (low, high) =
                    (low.map(|e| self.within("at", e, len.into())), high.map(|e| self.within("at", e, len.into())));
                let low = self.in_order(low, high.as_ref());
                let place = match place {
                    Expr::Unary(UnaryOp::Deref, pointer) => *pointer,
                    // A literal is no variable that Go could cut.
                    literal @ Expr::Composite(_) => Expr::unary(UnaryOp::Addr, literal),
                    place => place,
                };
                place.slice(low, high)
            }
            Whole::Slice => {
                let (None, None) = (&low, &high) else { return self.cut_slice(place, low, high) };
                place
            }
        }
    }

    fn cut_slice(&mut self, place: Expr, low: Option<Expr>, high: Option<Expr>) -> Expr {
        let (low, high) = (low.map(|e| self.within("at", e, LONGEST)), high.map(|e| self.within("at", e, LONGEST)));
        let low = self.in_order(low, high.as_ref());
        let Some(high) = high else { return place.slice(low, None) };
        let place = self.stable_place(place, "items");
        let len = Expr::builtin("len", vec![place.clone()]);
        if high == len {
            return place.slice(low, None);
        }
        // `len(v) - n` is no number or no more than the length.
        let is_below = matches!(&high, Expr::Binary(BinaryOp::Sub, left, _) if **left == len);
        let max = (!is_below || low.is_some()).then_some(len);
        Expr::Slice(Box::new(SliceExpr { base: place, low, high: Some(high), max }))
    }

    fn cut_text(&mut self, place: Expr, low: Option<Expr>, high: Option<Expr>) -> Expr {
        match (low, high) {
            (None, None) => place,
            (Some(low), None) => Expr::call(self.cx.runtime("SubstrFrom"), vec![place, fitted(low)]),
            (None, Some(high)) => Expr::call(self.cx.runtime("SubstrTo"), vec![place, fitted(high)]),
            (Some(low), Some(high)) => Expr::call(self.cx.runtime("Substr"), vec![place, fitted(low), fitted(high)]),
        }
    }

    /// The start, a variable where it is a constant beyond the end.
    fn in_order(&mut self, low: Option<Expr>, high: Option<&Expr>) -> Option<Expr> {
        let low = low?;
        let (Some((start, _)), Some((end, _))) = (constant::value(&low), high.and_then(constant::value)) else {
            return Some(low);
        };
        Some(if start > end { self.at_run_time("at", low) } else { low })
    }
}

fn one_more(end: Expr) -> Expr {
    let mut sum = match constant::value(&end) {
        Some((value, _)) => Expr::int(value + 1),
        None => Expr::binary(BinaryOp::Add, end, Expr::int(1)),
    };
    crate::go::fold::simplify(&mut sum);
    sum
}
