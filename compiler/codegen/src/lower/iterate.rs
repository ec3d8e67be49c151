//! `for`: a plain Go loop over ranges and sequences, calls of `next` for everything else.

use rgo_borrowck::VARIANT_STEP;
use rgo_hir::DefId;
use rgo_hir::body::{LabelId as SourceLabel, Mutability};
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{ExprId, ExprKind, PatId};
use rgo_typeck::ty::{Args, Ty, TyKind};

use super::flags::{Lifetime, Root};
use super::*;
use crate::mono::forms::RefForm;

/// What a loop runs over, where Go has a form for it.
enum Sequence {
    /// `start..end`, `end` included or not.
    Range { start: ExprId, end: ExprId, included: bool, ty: Ty },
    /// A slice, array or vector; how its items come out.
    Items { base: Expr, elem: Ty, by: ItemBy },
}

#[derive(Clone, Copy, PartialEq)]
enum ItemBy {
    Value,
    Ref(Mutability),
}

impl Lower<'_, '_> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn for_loop(
        &mut self,
        expr: ExprId,
        label: SourceLabel,
        pat: PatId,
        iter: ExprId,
        next: (DefId, Args),
        item: Ty,
        body: ExprId,
    ) {
        let pos = self.pos;
        if self.fused_loop(label, pat, iter, body)
            || self.adapted_loop(label, pat, iter, body)
            || self.map_loop(label, pat, iter, body)
        {
            self.pos = pos;
            return self.drops(ScopeExit::ExprEnd(expr));
        }
        match self.sequence(iter) {
            Some(Sequence::Range { start, end, included, ty })
                if self.range_loop(label, pat, (start, end, included), ty, body) => {}
            Some(Sequence::Items { base, elem, by }) => self.items_loop(label, pat, base, elem, by, body),
            _ => self.next_loop(expr, label, pat, iter, next, item, body),
        }
        self.pos = pos;
        self.drops(ScopeExit::ExprEnd(expr));
    }

    /// The loop over a chain.
    fn fused_loop(&mut self, label: SourceLabel, pat: PatId, iter: ExprId, body: ExprId) -> bool {
        if self.map_source(iter).is_some() || !self.is_worth_fusing(iter) || !self.is_chain(iter) {
            return false;
        }
        let chain = self.build_chain(iter);
        self.enter_repetition();
        let stmts = self.block(|lower| lower.fused_body(&chain, label, pat, body));
        self.leave_repetition();
        self.out.extend(stmts);
        true
    }

    fn fused_body(&mut self, chain: &Chain, label: SourceLabel, pat: PatId, body: ExprId) {
        self.chain_loop(chain, &mut |lower, item, jumps| {
            lower.loops.push(LoopCx {
                source: label,
                label: jumps.end,
                dest: Dest::Discard,
                is_block: false,
                next: jumps.next,
            });
            lower.bind_subject(pat, item);
            lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
            lower.loops.pop();
        });
    }

    /// Loops over `….enumerate()`, `s.chars()` and `(a..b).rev()` that Go writes without an iterator.
    fn adapted_loop(&mut self, label: SourceLabel, pat: PatId, iter: ExprId, body: ExprId) -> bool {
        let Some(("", call)) =
            self.lang_call(iter).map(|(lang, args)| if lang == "into_iter" { ("", args) } else { ("other", args) })
        else {
            return false;
        };
        let Some(source) = call.first().copied() else { return false };
        let Some((lang, args)) = self.lang_call(source) else { return false };
        let Some(receiver) = args.first().copied() else { return false };
        match lang {
            "iter_enumerate" => self.enumerate_loop(label, pat, receiver, body),
            "str_chars" => self.chars_loop(label, pat, receiver, body),
            "iter_rev" => self.reversed_loop(label, pat, receiver, body),
            _ => false,
        }
    }

    /// The lang name of a called function (`into_iter` of its trait goes by that name) and the arguments.
    fn lang_call(&self, expr: ExprId) -> Option<(&'static str, &[ExprId])> {
        let ExprKind::Call { callee, args, .. } = &self.body.exprs[expr].kind else { return None };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return None };
        let is_into_iter =
            def.name().as_str() == "into_iter" && def.parent().is_some_and(|p| self.cx.is_lang(p, "into_iterator"));
        let lang = match self.cx.lang_of(*def) {
            _ if is_into_iter => "into_iter",
            Some("iter_enumerate") => "iter_enumerate",
            Some("str_chars") => "str_chars",
            Some("iter_rev") => "iter_rev",
            _ => return None,
        };
        Some((lang, args))
    }

    fn enumerate_loop(&mut self, label: SourceLabel, pat: PatId, receiver: ExprId, body: ExprId) -> bool {
        let thir::PatKind::Leaf { fields } = &self.body.pats[pat].kind else { return false };
        let part = |index: u32| fields.iter().find(|(i, _)| *i == index).map(|(_, pat)| *pat);
        let (index_pat, item_pat) = (part(0), part(1));
        let index_local = match index_pat {
            None => None,
            Some(pat) => match (self.simple_binding(pat), &self.body.pats[pat].kind) {
                (Some(local), _) if self.body.locals.get(local).is_some_and(|l| !l.mutable) => Some(local),
                (None, thir::PatKind::Wild) => None,
                _ => return false,
            },
        };
        // Only what is visibly a sequence: `v.iter()`, `v.iter_mut()`, `v.into_iter()`.
        let Some(Sequence::Items { base, elem, by }) = self.sequence(receiver) else { return false };
        let by_pointer = match by {
            ItemBy::Value => false,
            ItemBy::Ref(mutability) => self.cx.ref_form(elem, mutability) == RefForm::Pointer,
        };
        let base = if by_pointer && !super::expr::is_repeatable(&base) { self.temp("items", base) } else { base };
        let go_label = self.enter_loop(label, Dest::Discard);
        let index = match index_local {
            Some(local) => self.new_local(local),
            None => self.locals.temporary("i"),
        };
        let item_ty = match by {
            ItemBy::Value => elem,
            ItemBy::Ref(mutability) => Ty::new(TyKind::Ref(rgo_typeck::ty::Region::erased(), elem, mutability)),
        };
        let item_local = item_pat.and_then(|pat| self.simple_binding(pat));
        let mut value = None;
        let item = if by_pointer {
            base.clone().index(Expr::Var(index)).addr()
        } else {
            let var = match item_local {
                Some(local) => self.new_local(local),
                None => self.locals.temporary("v"),
            };
            value = Some(var);
            Expr::Var(var)
        };
        let stmts = self.block(|lower| {
            match (item_local, item_pat) {
                (Some(local), _) if by_pointer => {
                    let var = lower.new_local(local);
                    lower.emit(StmtKind::define(var, item));
                }
                (None, Some(pat)) => lower.bind_item(pat, item, item_ty),
                _ => {}
            }
            lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
        });
        self.leave_loop(
            go_label,
            StmtKind::Range(Box::new(Range { key: Some(index), value, expr: base, body: stmts })),
        );
        true
    }

    /// Go ranges over a string by its characters.
    fn chars_loop(&mut self, label: SourceLabel, pat: PatId, receiver: ExprId, body: ExprId) -> bool {
        let Some(local) = self.simple_binding(pat) else { return false };
        let text = self.value(receiver);
        let go_label = self.enter_loop(label, Dest::Discard);
        let var = self.new_local(local);
        let stmts = self.loop_body(body, None);
        self.leave_loop(
            go_label,
            StmtKind::Range(Box::new(Range { key: None, value: Some(var), expr: text, body: stmts })),
        );
        true
    }

    /// `(a..b).rev()` over `usize`, whose Go form has room below zero.
    fn reversed_loop(&mut self, label: SourceLabel, pat: PatId, receiver: ExprId, body: ExprId) -> bool {
        let ExprKind::Range { start: Some(start), end: Some(end), inclusive } = &self.body.exprs[receiver].kind else {
            return false;
        };
        let (start, end, included) = (*start, *end, *inclusive == rgo_hir::body::RangeEnd::Included);
        if !super::arith::is_usize(self.expr_ty(start)) || self.is_big_range(receiver) {
            return false;
        }
        let local = self.simple_binding(pat);
        let is_fixed = local.is_none_or(|local| self.body.locals.get(local).is_some_and(|l| !l.mutable));
        if !is_fixed || local.is_none() && !matches!(self.body.pats[pat].kind, thir::PatKind::Wild) {
            return false;
        }
        let values = self.operands(&[start, end]);
        let [low, high] = <[Expr; 2]>::try_from(values).unwrap_or([Expr::nil(), Expr::nil()]);
        let low = match low {
            constant @ (Expr::Typed(..) | Expr::Lit(_) | Expr::Const(..)) => fitted(constant),
            other => self.temp("start", other),
        };
        let go_label = self.enter_loop(label, Dest::Discard);
        let index = match local {
            Some(local) => self.new_local(local),
            None => self.locals.temporary("i"),
        };
        let stmts = self.loop_body(body, None);
        let mut first = if included { high } else { Expr::binary(BinaryOp::Sub, high, Expr::int(1)) };
        crate::go::fold::simplify(&mut first);
        let init = StmtKind::define(index, default_typed(first));
        let cond = Expr::binary(BinaryOp::Ge, Expr::Var(index), low);
        let post = StmtKind::Dec(Expr::Var(index));
        self.leave_loop(
            go_label,
            StmtKind::For(Box::new(For {
                init: Some(init.into()),
                cond: Some(cond),
                post: Some(post.into()),
                body: stmts,
            })),
        );
        true
    }

    /// Whether this is a range of `usize` whose ends may be `2^63` or more, or the call of `into_iter` of one.
    pub(super) fn is_big_range(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Range { start, end, .. } => [start, end].into_iter().flatten().any(|end| !self.expr_fits(*end)),
            ExprKind::Call { args, .. } => match args[..] {
                [only] => self.is_big_range(only),
                _ => false,
            },
            _ => false,
        }
    }

    /// Looks through the call of `into_iter` and of `iter`.
    fn sequence(&mut self, iter: ExprId) -> Option<Sequence> {
        let body = self.body;
        let ExprKind::Call { callee, args, .. } = &body.exprs[iter].kind else { return None };
        let ExprKind::FnItem { def, .. } = &body.exprs[*callee].kind else { return None };
        let lang = self.cx.lang_of(*def).unwrap_or("");
        let is_into_iter =
            def.name().as_str() == "into_iter" && def.parent().is_some_and(|p| self.cx.is_lang(p, "into_iterator"));
        let source = *args.first()?;
        if is_into_iter {
            return self.sequence_of(source);
        }
        match lang {
            "slice_iter_fn" => self.items(source, ItemBy::Ref(Mutability::Not)),
            "slice_iter_mut_fn" => self.items(source, ItemBy::Ref(Mutability::Mut)),
            _ => None,
        }
    }

    fn sequence_of(&mut self, source: ExprId) -> Option<Sequence> {
        let body = self.body;
        let ty = self.expr_ty(source);
        if let ExprKind::Range { start: Some(start), end: Some(end), inclusive } = &body.exprs[source].kind {
            let item = self.expr_ty(*start);
            if matches!(item.kind(), TyKind::Int(_) | TyKind::Uint(_)) {
                return Some(Sequence::Range {
                    start: *start,
                    end: *end,
                    included: *inclusive == rgo_hir::body::RangeEnd::Included,
                    ty: item,
                });
            }
            return None;
        }
        if let ExprKind::Call { .. } = &body.exprs[source].kind
            && let Some(found) = self.sequence(source)
        {
            return Some(found);
        }
        match ty.kind() {
            TyKind::Ref(_, inner, mutability) if self.is_sequence(*inner) => {
                self.items(source, ItemBy::Ref(*mutability))
            }
            // By value only where nothing is left to drop when the loop is left early.
            TyKind::Adt(..) if self.cx.vec_payload(ty).is_some_and(|elem| !self.cx.needs_drop(elem)) => {
                self.items(source, ItemBy::Value)
            }
            TyKind::Array(elem, _) if !self.cx.needs_drop(*elem) => self.items(source, ItemBy::Value),
            _ => None,
        }
    }

    pub(super) fn is_sequence(&self, ty: Ty) -> bool {
        matches!(ty.kind(), TyKind::Array(..) | TyKind::Slice(_)) || self.cx.vec_payload(ty).is_some()
    }

    fn items(&mut self, source: ExprId, by: ItemBy) -> Option<Sequence> {
        let ty = self.expr_ty(source);
        let target = match by {
            ItemBy::Value => ty,
            ItemBy::Ref(_) => self.pointee(ty)?,
        };
        let elem = self.cx.vec_payload(target).or_else(|| target.sequence_element())?;
        let value = self.value(source);
        let mut base = match by {
            ItemBy::Value => value,
            ItemBy::Ref(_) => self.follow(value, ty),
        };
        // Go ranges over a pointer to an array without copying it.
        if let (TyKind::Array(..), Expr::Unary(UnaryOp::Deref, pointer)) = (target.kind(), &base) {
            base = (**pointer).clone();
        }
        Some(Sequence::Items { base, elem, by })
    }

    fn range_loop(
        &mut self,
        label: SourceLabel,
        pat: PatId,
        range: (ExprId, ExprId, bool),
        ty: Ty,
        body: ExprId,
    ) -> bool {
        let (start, end, included) = range;
        let form = self.go_ty(ty);
        let local = self.simple_binding(pat);
        let is_wild = matches!(self.body.pats[pat].kind, thir::PatKind::Wild);
        if local.is_none() && !is_wild {
            return false;
        }
        let end_constant = match &self.body.exprs[end].kind {
            ExprKind::Literal(rgo_typeck::ty::ConstValue::Int(value)) => Some(*value),
            _ => None,
        };
        let max = crate::go::constant::int_type(&form).map(|(bits, sign)| match sign {
            crate::go::constant::Sign::Signed => (1i128 << (bits - 1)) - 1,
            crate::go::constant::Sign::Unsigned => (1i128 << bits) - 1,
        });
        // `..=MAX` would never end as `i <= MAX`.
        let is_big = !(self.expr_fits(start) && self.expr_fits(end));
        if included && is_big {
            return false;
        }
        if included && !end_constant.is_some_and(|value| Some(value) != max) {
            return self.counted_inclusive(label, pat, (start, end), ty, body);
        }
        let values = self.operands(&[start, end]);
        let [low, high] = <[Expr; 2]>::try_from(values).unwrap_or([Expr::nil(), Expr::nil()]);
        let go_label = self.enter_loop(label, Dest::Discard);
        let index = match local {
            Some(local) => self.new_local(local),
            None => self.locals.temporary("i"),
        };
        // A loop variable that the body changes counts on from the change in Go, but not in rgo.
        let changes = local.is_some_and(|local| self.body.locals.get(local).is_some_and(|l| l.mutable));
        let counter = if changes { self.locals.temporary("i") } else { index };
        let is_zero = crate::go::constant::value(&low).is_some_and(|(value, _)| value == 0);
        let needs_index = !is_wild;
        let int_high = is_int_range(&form);
        if is_zero && !included && !is_big && (int_high || crate::go::constant::value(&high).is_none()) {
            // `for i := range n` evaluates n once, and gives i its type.
            let stmts = self.loop_body(body, changes.then_some((index, counter)));
            let key = needs_index.then_some(counter);
            let expr = default_typed(high);
            self.leave_loop(go_label, StmtKind::Range(Box::new(Range { key, value: None, expr, body: stmts })));
            return true;
        }
        let high = match &high {
            Expr::Typed(..) | Expr::Lit(_) | Expr::Const(..) => fitted(high),
            _ => {
                self.loops.pop();
                let pinned = self.temp("end", high);
                self.loops.push(LoopCx {
                    source: label,
                    label: go_label,
                    dest: Dest::Discard,
                    is_block: false,
                    next: Next::Continue(go_label),
                });
                pinned
            }
        };
        let stmts = self.loop_body(body, changes.then_some((index, counter)));
        let op = if included { BinaryOp::Le } else { BinaryOp::Lt };
        let init = StmtKind::define(counter, default_typed(low));
        let side = |value: Expr| if is_big { super::arith::as_uint(value) } else { value };
        let cond = Expr::binary(op, side(Expr::Var(counter)), side(high));
        let post = StmtKind::Inc(Expr::Var(counter));
        self.leave_loop(
            go_label,
            StmtKind::For(Box::new(For {
                init: Some(init.into()),
                cond: Some(cond),
                post: Some(post.into()),
                body: stmts,
            })),
        );
        true
    }

    /// `a..=b` with a bound that may be the largest value: the test stands behind the body.
    fn counted_inclusive(
        &mut self,
        label: SourceLabel,
        pat: PatId,
        range: (ExprId, ExprId),
        ty: Ty,
        body: ExprId,
    ) -> bool {
        let values = self.operands(&[range.0, range.1]);
        let [low, high] = <[Expr; 2]>::try_from(values).unwrap_or([Expr::nil(), Expr::nil()]);
        let form = self.go_ty(ty);
        // 32 bits and less count in an int, where one more than the largest value still fits.
        let narrow = crate::go::constant::int_type(&form).is_some_and(|(bits, _)| bits < 64) || form.is_name("int");
        if !narrow {
            return false_after(self, low, high, label, pat, ty, body);
        }
        let go_label = self.enter_loop(label, Dest::Discard);
        let local = self.simple_binding(pat);
        let is_int = form.is_name("int");
        let index = match local {
            Some(local) => self.new_local(local),
            None => self.locals.temporary("i"),
        };
        let changes = local.is_some_and(|local| self.body.locals.get(local).is_some_and(|l| l.mutable));
        let counter = if is_int && !changes { index } else { self.locals.temporary("i") };
        let widen = |value: Expr| {
            if is_int { default_typed(value) } else { default_typed(Expr::convert(Type::name("int"), value)) }
        };
        let high = match high {
            constant @ (Expr::Typed(..) | Expr::Lit(_)) => fitted(constant),
            other => {
                self.loops.pop();
                let pinned = self.temp("last", widen(other));
                self.loops.push(LoopCx {
                    source: label,
                    label: go_label,
                    dest: Dest::Discard,
                    is_block: false,
                    next: Next::Continue(go_label),
                });
                pinned
            }
        };
        let mut stmts = self.block(|lower| {
            if counter != index && local.is_some() {
                let value = if is_int { Expr::Var(counter) } else { Expr::convert(form.clone(), Expr::Var(counter)) };
                lower.emit(StmtKind::define(index, value));
            }
        });
        stmts.extend(self.loop_body(body, None));
        let mut init_value = widen(low);
        crate::go::fold::simplify(&mut init_value);
        let init = StmtKind::define(counter, default_typed(init_value));
        let cond = Expr::binary(BinaryOp::Le, Expr::Var(counter), high);
        let post = StmtKind::Inc(Expr::Var(counter));
        self.leave_loop(
            go_label,
            StmtKind::For(Box::new(For {
                init: Some(init.into()),
                cond: Some(cond),
                post: Some(post.into()),
                body: stmts,
            })),
        );
        true
    }

    fn loop_body(&mut self, body: ExprId, copy: Option<(VarId, VarId)>) -> Block {
        self.block(|lower| {
            if let Some((index, counter)) = copy {
                lower.emit(StmtKind::define(index, Expr::Var(counter)));
            }
            lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
        })
    }

    fn items_loop(&mut self, label: SourceLabel, pat: PatId, base: Expr, elem: Ty, by: ItemBy, body: ExprId) {
        let by_pointer = match by {
            ItemBy::Value => false,
            ItemBy::Ref(mutability) => self.cx.ref_form(elem, mutability) == RefForm::Pointer,
        };
        let base = if by_pointer && !super::expr::is_repeatable(&base) { self.temp("items", base) } else { base };
        let go_label = self.enter_loop(label, Dest::Discard);
        let local = self.simple_binding(pat);
        let item_ty = match by {
            ItemBy::Value => elem,
            ItemBy::Ref(mutability) => Ty::new(TyKind::Ref(rgo_typeck::ty::Region::erased(), elem, mutability)),
        };
        let (mut key, mut value) = (None, None);
        let stmts = if by_pointer {
            let index = self.locals.temporary("i");
            key = Some(index);
            let place = base.clone().index(Expr::Var(index)).addr();
            self.block(|lower| {
                match local {
                    Some(local) => {
                        let var = lower.new_local(local);
                        lower.emit(StmtKind::define(var, place));
                    }
                    None => lower.bind_item(pat, place, item_ty),
                }
                lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
            })
        } else {
            let var = match local {
                Some(local) => self.new_local(local),
                None => self.locals.temporary("v"),
            };
            value = Some(var);
            self.block(|lower| {
                if local.is_none() {
                    lower.bind_item(pat, Expr::Var(var), item_ty);
                }
                lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
            })
        };
        self.leave_loop(go_label, StmtKind::Range(Box::new(Range { key, value, expr: base, body: stmts })));
    }

    fn bind_item(&mut self, pat: PatId, value: Expr, ty: Ty) {
        let mut bindings = Vec::new();
        self.test(pat, &super::matching::Subject::Place(value, ty), &mut bindings);
        self.bind_all(&bindings);
    }

    #[allow(clippy::too_many_arguments)]
    fn next_loop(
        &mut self,
        expr: ExprId,
        label: SourceLabel,
        pat: PatId,
        iter: ExprId,
        next: (DefId, Args),
        item: Ty,
        body: ExprId,
    ) {
        let iter_ty = self.expr_ty(iter);
        let value = self.value(iter);
        let iterator = match self.temp_vars.get(&iter) {
            Some(var) if self.dropped_temps.contains(&iter) => Expr::Var(*var),
            _ => {
                let form = self.go_ty(iter_ty);
                let var = self.locals.temporary("iter");
                self.define(var, value, Some(form));
                Expr::Var(var)
            }
        };
        self.loop_over(iterator, iter_ty, expr, label, pat, next, item, body);
    }

    #[allow(clippy::too_many_arguments)]
    fn loop_over(
        &mut self,
        iter: Expr,
        iter_ty: Ty,
        expr: ExprId,
        label: SourceLabel,
        pat: PatId,
        next: (DefId, Args),
        item: Ty,
        body: ExprId,
    ) {
        let span = self.body.exprs[expr].span;
        let item = self.ty(item);
        let args = self.cx.concrete_args(next.1, self.args);
        let go_label = self.enter_loop(label, Dest::Discard);
        let stmts = self.block(|lower| {
            let receiver = lower.reference(iter, iter_ty, Mutability::Mut);
            let option = lower.option_of(next.0, args);
            let mut val = lower.call_def(next.0, args, vec![receiver], None, span);
            let mut from = None;
            if lower.keeps_item(expr, option) {
                let stored = lower.stored(val, option);
                val = Val::One(lower.guard_item(expr, option, stored));
                let some = (0..2).find(|variant| lower.is_some_variant(option, *variant)).unwrap_or(1);
                from = Some((Root::Temp(expr), vec![VARIANT_STEP | some as u32, 0]));
            }
            lower.note_origins(pat, from);
            let (value, some) = lower.option_parts(val, option);
            lower.emit(StmtKind::if_else(
                super::expr::negated(some),
                vec![StmtKind::Break(Some(go_label)).into()],
                Vec::new(),
            ));
            match lower.simple_binding(pat) {
                Some(local) => {
                    let var = lower.new_local(local);
                    lower.define_root(Root::Local(local), var, value, Lifetime::Inner);
                    lower.taken_by(local);
                }
                None => lower.bind_item(pat, value, item),
            }
            lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
        });
        self.leave_loop(go_label, StmtKind::For(Box::new(For { init: None, cond: None, post: None, body: stmts })));
    }

    /// What an instance of `next` returns.
    pub(super) fn option_of(&mut self, def: DefId, args: Args) -> Ty {
        match crate::queries::resolve(self.cx.db, def, args) {
            crate::queries::Callee::Item(def, args) => self.cx.sig_of(def, args).output(),
            _ => self.cx.sig_of(def, args).output(),
        }
    }
}

/// A range of 64 bits that includes its end: counts with the test behind the body.
fn false_after(
    lower: &mut Lower<'_, '_>,
    low: Expr,
    high: Expr,
    label: SourceLabel,
    pat: PatId,
    ty: Ty,
    body: ExprId,
) -> bool {
    let form = lower.go_ty(ty);
    let last = lower.temp("last", high);
    let counter = lower.locals.temporary("i");
    lower.define(counter, low, Some(form.clone()));
    let done = lower.locals.temporary("done");
    let go_label = lower.enter_loop(label, Dest::Discard);
    let mut stmts = Vec::new();
    if let Some(local) = lower.simple_binding(pat) {
        let index = lower.new_local(local);
        stmts.push(StmtKind::define(index, Expr::Var(counter)).into());
    }
    stmts.extend(lower.loop_body(body, None));
    let post = StmtKind::Assign(
        vec![Some(Expr::Var(done)), Some(Expr::Var(counter))],
        vec![
            Expr::binary(BinaryOp::Eq, Expr::Var(counter), last.clone()),
            Expr::binary(BinaryOp::Add, Expr::Var(counter), Expr::int(1)),
        ],
    );
    let init = StmtKind::define(done, Expr::binary(BinaryOp::Gt, Expr::Var(counter), last));
    lower.leave_loop(
        go_label,
        StmtKind::For(Box::new(For {
            init: Some(init.into()),
            cond: Some(Expr::Var(done).negate()),
            post: Some(post.into()),
            body: stmts,
        })),
    );
    true
}

fn is_int_range(form: &Type) -> bool {
    form.is_name("int")
}
