//! What is known of a chain before it runs: whether it can be run from its end or asked for one item at a time, and how many items it has.

use rgo_typeck::thir::ExprKind;
use rgo_typeck::ty::TyKind;

use super::build::IterCall;
use super::*;
use crate::go::constant;

impl<'a, 'db> Lower<'a, 'db> {
    /// Whether an iterator can be run from its other end by a loop.
    pub(super) fn is_reversible(&mut self, expr: ExprId) -> bool {
        if let Some(chain) = self.chain_in(expr) {
            return self.reverse((*chain).clone()).is_ok();
        }
        if let ExprKind::Range { start: Some(start), end: Some(_), .. } = &self.body.exprs[expr].kind {
            return matches!(self.expr_ty(*start).kind(), TyKind::Int(_) | TyKind::Uint(_));
        }
        let Some(IterCall { lang, args }) = self.iter_call(expr) else {
            let ty = self.expr_ty(expr);
            return self.next_of(ty, Direction::Backward).is_some();
        };
        let receiver = args[0];
        match lang {
            "slice_iter_fn" | "slice_iter_mut_fn" | "str_bytes" => true,
            "into_iter" => {
                let ty = self.expr_ty(receiver);
                self.is_sequence_value(receiver)
                    || self.cx.option_payload(ty).is_some()
                    || ty == self.expr_ty(expr) && self.is_reversible(receiver)
            }
            "iter_map" | "iter_filter" | "iter_filter_map" | "iter_inspect" | "iter_copied" | "iter_cloned" => {
                self.is_reversible(receiver)
            }
            "iter_enumerate" => self.has_length(receiver) && self.is_reversible(receiver),
            _ => false,
        }
    }

    /// Whether the number of items is known before the loop.
    fn has_length(&mut self, expr: ExprId) -> bool {
        if let Some(chain) = self.chain_in(expr) {
            return self.length(&chain).is_some();
        }
        if let ExprKind::Range { start: Some(_), end: Some(_), .. } = &self.body.exprs[expr].kind {
            return true;
        }
        let Some(IterCall { lang, args }) = self.iter_call(expr) else { return false };
        match lang {
            "slice_iter_fn" | "slice_iter_mut_fn" | "str_bytes" => true,
            "into_iter" => self.is_sequence_value(args[0]) || self.has_length(args[0]),
            "iter_map" | "iter_inspect" | "iter_copied" | "iter_cloned" => self.has_length(args[0]),
            _ => false,
        }
    }

    /// Whether an iterator can give one item at a time by a few statements.
    pub(super) fn is_pullable(&mut self, expr: ExprId) -> bool {
        if let Some(chain) = self.chain_in(expr) {
            return self.can_pull(&chain);
        }
        match &self.body.exprs[expr].kind {
            ExprKind::Range { inclusive, end, .. } => {
                return end.is_none() || *inclusive == rgo_hir::body::RangeEnd::Excluded;
            }
            ExprKind::Borrow { place, .. } => return self.is_place(*place) || self.is_pullable(*place),
            _ => {}
        }
        if self.map_source(expr).is_some() {
            return false;
        }
        let Some(IterCall { lang, args }) = self.iter_call(expr) else {
            let ty = self.expr_ty(expr);
            return self.cx.option_payload(ty).is_none();
        };
        let receiver = args[0];
        match lang {
            "slice_iter_fn" | "slice_iter_mut_fn" | "str_bytes" => true,
            "into_iter" => {
                let ty = self.expr_ty(receiver);
                self.is_sequence_value(receiver)
                    || self.cx.option_payload(ty).is_none() && (ty != self.expr_ty(expr) || self.is_pullable(receiver))
            }
            "iter_map" | "iter_inspect" | "iter_copied" | "iter_cloned" | "iter_enumerate" | "iter_by_ref"
            | "iter_fuse" => self.is_pullable(receiver),
            "iter_cycle" => self.becomes_ring(receiver),
            _ => false,
        }
    }

    /// A chain that can be run from its end, turned round; what cannot is handed back.
    pub(super) fn reverse(&mut self, mut chain: Chain) -> std::result::Result<Chain, Chain> {
        let source = match &chain.source {
            Source::Range { low, high, included, ty, direction, is_big } => Source::Range {
                low: low.clone(),
                high: high.clone(),
                included: *included,
                ty: *ty,
                direction: direction.turned(),
                is_big: *is_big,
            },
            Source::Items { base, elem, by, direction, storage } => Source::Items {
                base: base.clone(),
                elem: *elem,
                by: *by,
                direction: direction.turned(),
                storage: *storage,
            },
            Source::Bytes { text, direction } => Source::Bytes { text: text.clone(), direction: direction.turned() },
            Source::Next { iter, ty, direction } => {
                Source::Next { iter: iter.clone(), ty: *ty, direction: direction.turned() }
            }
            Source::Maybe(subject) => Source::Maybe(subject.clone()),
            _ => return Err(chain),
        };
        if !chain.stages.iter().all(Stage::is_turnable) {
            return Err(chain);
        }
        let len = self.length(&chain);
        for stage in &mut chain.stages {
            if let Stage::Enumerate(last) = stage {
                let (None, Some(len)) = (&last, &len) else { return Err(chain) };
                *last = Some(len.clone());
            }
        }
        chain.source = source;
        Ok(chain)
    }

    /// How many items there are, where that is known before the loop.
    pub(super) fn length(&mut self, chain: &Chain) -> Option<Expr> {
        if !chain.stages.iter().all(Stage::is_one_to_one) {
            return None;
        }
        match &chain.source {
            Source::Items { base, .. } | Source::Bytes { text: base, .. } => {
                Some(Expr::builtin("len", vec![base.clone()]))
            }
            Source::Parts(parts) => parts.count(),
            Source::Map { map, .. } => Some(Expr::builtin("len", vec![map.clone()])),
            Source::Range { low, high, included, ty, is_big: false, .. } => {
                let form = self.go_ty(*ty);
                let int = Type::name("int");
                let widen = |value: &Expr| {
                    let mut value = if form == int { value.clone() } else { Expr::convert(int.clone(), value.clone()) };
                    crate::go::fold::simplify(&mut value);
                    default_typed(value)
                };
                let (low, high) = (widen(low), widen(high));
                let is_zero = constant::value(&low).is_some_and(|(value, _)| value == 0);
                let mut len = if is_zero { high } else { Expr::binary(BinaryOp::Sub, high, low) };
                if *included {
                    len = Expr::binary(BinaryOp::Add, len, Expr::int(1));
                }
                crate::go::fold::simplify(&mut len);
                let is_wide = matches!(ty.kind(), TyKind::Uint(rgo_typeck::ty::UintTy::U64));
                let is_counted = is_zero && matches!(ty.kind(), TyKind::Uint(_)) && !is_wide;
                match constant::value(&len) {
                    Some((value, _)) => (value >= 0).then_some(len),
                    None if is_counted => Some(len),
                    None => Some(Expr::builtin("max", vec![len, Expr::int(0)])),
                }
            }
            _ => None,
        }
    }

    /// `size_hint` of a chain that is known: the number of items where that is known, else nothing.
    pub(in crate::lower) fn size_of_chain(&mut self, def: DefId, args: &[ExprId]) -> Option<Val> {
        if self.cx.lang_of(def) != Some("size_hint") {
            return None;
        }
        let chain = self.chain_in(*args.first()?)?;
        let usize_option = self.option_ty(Ty::usize());
        let len = self.least(&chain).unwrap_or_else(|| Expr::int(0));
        let form = self.go_ty(usize_option);
        Some(Val::Parts(vec![len, Expr::composite(form, Vec::new())]))
    }

    /// A number of items that there are at least.
    fn least(&mut self, chain: &Chain) -> Option<Expr> {
        let mut stages = chain.stages.iter();
        let mut len = self.length(&Chain { source: chain.source.clone(), stages: Vec::new() })?;
        for stage in &mut stages {
            match stage {
                Stage::Take(count) => len = Expr::builtin("min", vec![fitted(count.clone()), len]),
                Stage::Zip(other, _) => {
                    if !matches!(other.source, Source::From { .. }) {
                        let other = self.least(other)?;
                        len = Expr::builtin("min", vec![len, other]);
                    }
                }
                stage if stage.is_one_to_one() => {}
                _ => return None,
            }
        }
        Some(len)
    }
}

impl Direction {
    fn turned(self) -> Direction {
        match self {
            Direction::Forward => Direction::Backward,
            Direction::Backward => Direction::Forward,
        }
    }
}
