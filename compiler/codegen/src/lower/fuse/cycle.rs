//! `cycle`: a loop around the loop over what is repeated.
//!
//! Rust clones the iterator for every round, so only what gives the same in every round is described, and evaluated once: sequences behind
//! shared references or of what is copied, texts and ranges, with adapters whose closures cannot change what they captured. Whether a round gives anything is
//! then known before it; where it does not, there is none.

use rgo_typeck::thir::{BodyKind, ExprKind};
use rgo_typeck::ty::{ClosureKind, TyKind};

use super::build::IterCall;
use super::source::Ends;
use super::*;
use crate::go::constant;
use crate::queries;

impl<'a, 'db> Lower<'a, 'db> {
    /// Whether an iterator gives the same in every round, as many items as its source has.
    pub(super) fn is_cyclable(&mut self, expr: ExprId) -> bool {
        if self.chain_in(expr).is_some() {
            return false;
        }
        if let ExprKind::Range { start: Some(start), end: Some(_), .. } = &self.body.exprs[expr].kind {
            return matches!(self.expr_ty(*start).kind(), TyKind::Int(_) | TyKind::Uint(_));
        }
        let Some(IterCall { lang, args }) = self.iter_call(expr) else { return false };
        let receiver = args[0];
        match lang {
            "slice_iter_fn" | "str_chars" | "str_char_indices" | "str_bytes" => true,
            "into_iter" => {
                let ty = self.expr_ty(receiver);
                let is_copied = match ty.kind() {
                    TyKind::Ref(_, _, mutability) => *mutability == Mutability::Not,
                    _ => ty.sequence_element().is_some_and(|elem| queries::is_copy(self.cx.db, elem)),
                };
                is_copied && self.is_sequence_value(receiver) || ty == self.expr_ty(expr) && self.is_cyclable(receiver)
            }
            "iter_map" | "iter_inspect" => self.is_unchanging(args[1]) && self.is_cyclable(receiver),
            "iter_copied" | "iter_cloned" | "iter_enumerate" => self.is_cyclable(receiver),
            "iter_rev" => self.is_reversible(receiver) && self.is_cyclable(receiver),
            _ => false,
        }
    }

    /// Whether a function does not change what it captured.
    fn is_unchanging(&self, function: ExprId) -> bool {
        match &self.body.exprs[function].kind {
            ExprKind::FnItem { .. } => true,
            ExprKind::Closure { def } => queries::thir(self.cx.db, *def).is_some_and(|body| match &body.kind {
                BodyKind::Closure(info) => info.kind == ClosureKind::Fn,
                _ => false,
            }),
            _ => false,
        }
    }

    /// The rounds; `end` is behind them.
    pub(super) fn cycle_loop(&mut self, round: &Chain, end: LabelId, sink: &mut super::emit::Sink<'_, 'a, 'db>) {
        let cond = self.gives_something(round);
        if cond == Expr::bool(false) {
            return;
        }
        let body = self.block(|lower| lower.chain_loop(round, sink));
        let cond = (cond != Expr::bool(true)).then_some(cond);
        let rounds = StmtKind::For(Box::new(For { init: None, cond, post: None, body }));
        self.emit(StmtKind::Labeled(end, Box::new(rounds.into())));
    }

    /// Whether the source of a chain has an item.
    fn gives_something(&self, round: &Chain) -> Expr {
        let cond = match &round.source {
            Source::Chars { text: Expr::Lit(Lit::Str(text)), .. }
            | Source::Bytes { text: Expr::Lit(Lit::Str(text)), .. } => Expr::bool(!text.is_empty()),
            Source::Range { low, high, included, ty, is_big, .. } => {
                let ends = Ends { low, high, included: *included, ty: *ty, is_big: *is_big };
                ends.compared(ends.upwards(), low.clone(), fitted(high.clone()))
            }
            Source::Items { base, .. } | Source::Chars { text: base, .. } | Source::Bytes { text: base, .. } => {
                not_empty(base)
            }
            _ => Expr::bool(true),
        };
        let known = match &cond {
            Expr::Binary(op, left, right) => {
                constant::value(left).zip(constant::value(right)).map(|((left, _), (right, _))| match op {
                    BinaryOp::Lt => left < right,
                    _ => left <= right,
                })
            }
            _ => None,
        };
        known.map_or(cond, Expr::bool)
    }

    /// Whether what is repeated is a sequence that can be gone round by a position.
    pub(super) fn is_ring(&self, round: &Chain) -> bool {
        match &round.source {
            Source::Items { direction, .. } | Source::Bytes { direction, .. } => *direction == Direction::Forward,
            _ => false,
        }
    }

    /// The same of an iterator that is not built yet.
    pub(super) fn becomes_ring(&mut self, expr: ExprId) -> bool {
        self.is_cyclable(expr)
            && matches!(self.iter_call(expr), Some(IterCall { lang: "slice_iter_fn" | "str_bytes", .. }))
    }

    /// The next item of a sequence that is gone round, by the position in `at`; `exit` is run where it has none.
    pub(super) fn next_of_ring(&mut self, round: &Chain, at: VarId, exit: Block) -> Subject {
        let (base, ty) = match &round.source {
            Source::Items { base, elem, by, .. } => (base, super::source::item_ty(*elem, *by)),
            Source::Bytes { text, .. } => (text, Ty::u8()),
            _ => return Subject::Place(Expr::nil(), Ty::unit()),
        };
        let len = Expr::builtin("len", vec![base.clone()]);
        let is_empty = Expr::binary(BinaryOp::Eq, len.clone(), Expr::int(0));
        self.emit(StmtKind::if_else(is_empty, exit, Vec::new()));
        let place = base.clone().index(Expr::Var(at));
        let value = match &round.source {
            Source::Items { elem, by, .. } if self.is_by_pointer(*elem, *by) => place.addr(),
            _ => place,
        };
        let var = self.locals.temporary("w");
        self.define(var, value, None);
        self.emit(StmtKind::Inc(Expr::Var(at)));
        let is_end = Expr::binary(BinaryOp::Eq, Expr::Var(at), len);
        let begin = vec![StmtKind::assign(Expr::Var(at), Expr::int(0)).into()];
        self.emit(StmtKind::if_else(is_end, begin, Vec::new()));
        Subject::Place(Expr::Var(var), ty)
    }
}

fn not_empty(base: &Expr) -> Expr {
    Expr::binary(BinaryOp::Gt, Expr::builtin("len", vec![base.clone()]), Expr::int(0))
}
