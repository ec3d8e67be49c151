//! From calls in the source to the description of a chain.

use rgo_mir::ScopeExit;
use rgo_typeck::thir::{BodyKind, ExprKind};
use rgo_typeck::ty::{ConstValue, TyKind};

use super::super::map_loop::By;
use super::*;
use crate::go::constant;
use crate::queries::{self, Callee};

/// A call by what is called.
pub(super) struct IterCall<'db> {
    pub lang: &'db str,
    pub args: &'db [ExprId],
}

impl<'a, 'db> Lower<'a, 'db> {
    /// Whether an expression is an iterator whose items may be taken in a loop: neither it nor an item of it has a destructor.
    pub(in crate::lower) fn is_chain(&mut self, expr: ExprId) -> bool {
        if self.chain_in(expr).is_some() {
            return true;
        }
        let ty = self.iterated(expr);
        self.is_plain_iterator(ty) && !self.cx.needs_drop(self.expr_ty(expr)) && self.has_plain_parts(expr)
    }

    /// Whether a chain has something to it: an adapter, or a source that Go has a loop for.
    pub(in crate::lower) fn is_worth_fusing(&mut self, expr: ExprId) -> bool {
        if self.chain_in(expr).is_some() || self.map_source(expr).is_some() {
            return true;
        }
        let body = self.body;
        match &body.exprs[expr].kind {
            ExprKind::Borrow { place, .. } if !self.is_place(*place) => self.is_worth_fusing(*place),
            ExprKind::Range { start: Some(_), .. } => true,
            _ => match self.iter_call(expr) {
                Some(IterCall { lang: "into_iter", args }) => {
                    args.first().is_some_and(|arg| self.is_worth_fusing(*arg) || self.is_sequence_value(*arg))
                }
                Some(_) => true,
                None => false,
            },
        }
    }

    pub(super) fn is_sequence_value(&mut self, expr: ExprId) -> bool {
        let ty = self.expr_ty(expr);
        self.is_sequence(ty.peel_refs())
    }

    /// The type that is asked for items.
    fn iterated(&self, expr: ExprId) -> Ty {
        self.expr_ty(expr)
    }

    /// Whether a type yields items without a destructor.
    fn is_plain_iterator(&mut self, ty: Ty) -> bool {
        let Some((next, args)) = self.next_of(ty, Direction::Forward) else { return false };
        let option = self.option_of(next, args);
        self.cx.option_payload(option).is_some() && !self.cx.needs_drop(option)
    }

    /// The same of everything below adapters, and of what is made only to be lent: `counted().map(f).any(g)`.
    fn has_plain_parts(&mut self, expr: ExprId) -> bool {
        if let ExprKind::Borrow { place, .. } = self.body.exprs[expr].kind {
            return self.is_place(place) || self.is_chain(place);
        }
        let Some(IterCall { lang, args }) = self.iter_call(expr) else { return true };
        if lang == "into_iter" {
            return args.first().is_none_or(|arg| self.expr_ty(*arg) != self.expr_ty(expr) || self.is_chain(*arg));
        }
        if !lang.starts_with("iter_") {
            return true;
        }
        let Some((receiver, rest)) = args.split_first() else { return false };
        let body = self.body;
        let transparent = |lower: &Self, e: &ExprId| match &body.exprs[*e].kind {
            ExprKind::Closure { def } => lower.is_code_at_hand(*def),
            _ => !lower.cx.needs_drop(lower.expr_ty(*e)),
        };
        self.is_chain(*receiver) && rest.iter().all(|arg| transparent(self, arg))
    }

    /// `Iterator::next` for a type, if it is an iterator.
    pub(super) fn next_of(&self, ty: Ty, direction: Direction) -> Option<(DefId, Args)> {
        let (lang, method) = match direction {
            Direction::Forward => ("iterator", "next"),
            Direction::Backward => ("double_ended_iterator", "next_back"),
        };
        // `&mut [T]` has the form of an iterator's `&mut I`: finding the impl does not look at its conditions.
        if !queries::implements(self.cx.db, ty, lang) {
            return None;
        }
        let trait_ = rgo_hir::lang_item(self.cx.db, lang)?;
        let next = rgo_hir::child(self.cx.db, trait_, rgo_syntax::Name::new(method))?;
        let args = Args::of_types(&[ty]);
        match queries::resolve(self.cx.db, next, args) {
            Callee::Item(..) | Callee::Dyn { .. } => Some((next, args)),
            _ => None,
        }
    }

    /// The iterator behind a mutable reference, and its `next`: what is lent is asked itself, where it is.
    pub(in crate::lower) fn lent_iterator(&self, ty: Ty) -> Option<(Ty, (DefId, Args))> {
        let TyKind::Ref(_, lent, Mutability::Mut) = ty.kind() else { return None };
        Some((*lent, self.next_of(*lent, Direction::Forward)?))
    }

    /// The chain that an expression names.
    pub(in crate::lower) fn chain_in(&self, expr: ExprId) -> Option<Rc<Chain>> {
        match &self.body.exprs[expr].kind {
            ExprKind::Local(local) => match self.known.get(local) {
                Some(Known::Chain(chain)) => Some(chain.clone()),
                _ => None,
            },
            ExprKind::Borrow { place, .. } | ExprKind::Deref(place) => self.chain_in(*place),
            _ => match self.iter_call(expr) {
                Some(IterCall { lang: "into_iter" | "iter_by_ref", args }) => self.chain_in(*args.first()?),
                _ => None,
            },
        }
    }

    /// A called function of std by its lang name; `into_iter` of its trait goes by that name.
    pub(super) fn iter_call(&self, expr: ExprId) -> Option<IterCall<'db>> {
        let ExprKind::Call { callee, args, .. } = &self.body.exprs[expr].kind else { return None };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return None };
        let is_into_iter =
            def.name().as_str() == "into_iter" && def.parent().is_some_and(|p| self.cx.is_lang(p, "into_iterator"));
        let lang = match self.cx.lang_of(*def) {
            _ if is_into_iter => "into_iter",
            Some("str_split" | "str_splitn") if !self.is_known_separator(*args.last()?) => return None,
            Some(lang) if ADAPTERS.contains(&lang) || SOURCES.contains(&lang) => lang,
            _ => return None,
        };
        Some(IterCall { lang, args })
    }

    /// Describes an iterator, evaluating what it is made of.
    pub(in crate::lower) fn build_chain(&mut self, expr: ExprId) -> Chain {
        if let Some(chain) = self.chain_in(expr) {
            return (*chain).clone();
        }
        let body = self.body;
        match &body.exprs[expr].kind {
            ExprKind::Borrow { place, .. } => {
                if self.is_place(*place) {
                    let ty = self.expr_ty(*place);
                    let iter = self.place(*place);
                    let iter = self.pinned_place(iter, ty);
                    return Chain::of(Source::Next { iter, ty, direction: Direction::Forward });
                }
                return self.build_chain(*place);
            }
            ExprKind::Range { .. } => {
                if let Some(chain) = self.range_chain(expr) {
                    return chain;
                }
            }
            _ => {}
        }
        if let Some(chain) = self.map_chain(expr) {
            return chain;
        }
        if let Some(IterCall { lang, args }) = self.iter_call(expr)
            && let Some(chain) = self.lang_chain(lang, args, expr)
        {
            return chain;
        }
        self.asked(expr)
    }

    /// The entries of a Go map.
    fn map_chain(&mut self, expr: ExprId) -> Option<Chain> {
        let source = self.map_source(expr)?;
        let by = match source.by {
            By::Value => ItemBy::Value,
            By::Ref(mutability) => ItemBy::Ref(mutability),
        };
        if source.drains || by == ItemBy::Ref(Mutability::Mut) {
            return None;
        }
        let ty = self.expr_ty(source.map);
        let target = self.pointee(ty).unwrap_or(ty);
        let of = self.native_map(target)?;
        let value = self.value(source.map);
        let map = self.follow(value, ty);
        let map = if matches!(map, Expr::Var(_)) { map } else { self.temp("m", map) };
        Some(Chain::of(Source::Map { map, of, part: source.part, by }))
    }

    /// An iterator that is made and asked by `next`.
    fn asked(&mut self, expr: ExprId) -> Chain {
        let ty = self.expr_ty(expr);
        let value = self.value(expr);
        Chain::of(self.asked_value(value, ty))
    }

    fn asked_value(&mut self, value: Expr, ty: Ty) -> Source {
        if let Some((lent, _)) = self.lent_iterator(ty) {
            let pointer = self.fixed_expr(value, ty);
            return Source::Next { iter: pointer.deref(), ty: lent, direction: Direction::Forward };
        }
        let form = self.go_ty(ty);
        let var = self.locals.temporary("iter");
        self.define(var, value, Some(form));
        Source::Next { iter: Expr::Var(var), ty, direction: Direction::Forward }
    }

    fn range_chain(&mut self, expr: ExprId) -> Option<Chain> {
        let body = self.body;
        let ExprKind::Range { start: Some(start), end, inclusive } = &body.exprs[expr].kind else { return None };
        let ty = self.expr_ty(*start);
        let is_counted = match ty.kind() {
            TyKind::Int(_) | TyKind::Uint(_) => true,
            TyKind::Char => end.is_some_and(|end| self.are_in_a_row(*start, end)),
            _ => false,
        };
        if !is_counted {
            return None;
        }
        let Some(end) = end else {
            let low = self.value(*start);
            let low = self.fixed_expr(low, ty);
            return Some(Chain::of(Source::From { low, ty }));
        };
        let is_stable = self.stability(*start) == super::super::operands::Stability::Stable;
        let low = self.unchanged(*start);
        // What never changes may be computed where the loop begins.
        let low = if is_stable { low } else { self.fixed_expr(low, ty) };
        let high = self.unchanged(*end);
        let high = self.fixed_expr(high, ty);
        let included = *inclusive == rgo_hir::body::RangeEnd::Included;
        let is_big = super::super::arith::is_usize(ty) && !(self.expr_fits(*start) && self.expr_fits(*end));
        Some(Chain::of(Source::Range { low, high, included, ty, direction: Direction::Forward, is_big }))
    }

    /// Whether all numbers between two letters are letters: the surrogates are none.
    fn are_in_a_row(&self, start: ExprId, end: ExprId) -> bool {
        let letter = |expr: ExprId| match &self.body.exprs[expr].kind {
            ExprKind::Literal(ConstValue::Char(c)) => Some(*c),
            _ => None,
        };
        let (Some(start), Some(end)) = (letter(start), letter(end)) else { return false };
        end <= '\u{d7ff}' || start >= '\u{e000}' && end < char::MAX
    }

    fn lang_chain(&mut self, lang: &str, args: &'db [ExprId], expr: ExprId) -> Option<Chain> {
        let receiver = *args.first()?;
        match lang {
            "into_iter" => {
                let ty = self.expr_ty(receiver);
                if ty == self.expr_ty(expr) {
                    return Some(self.build_chain(receiver));
                }
                if self.is_sequence(ty.peel_refs()) {
                    let by = match ty.kind() {
                        TyKind::Ref(_, _, mutability) => ItemBy::Ref(*mutability),
                        _ => ItemBy::Value,
                    };
                    return self.items_chain(receiver, by);
                }
                if self.cx.option_payload(ty).is_some() {
                    let val = self.val(receiver);
                    let subject = self.settled(val, ty);
                    return Some(Chain::of(Source::Maybe(subject)));
                }
                None
            }
            "slice_iter_fn" => self.items_chain(receiver, ItemBy::Ref(Mutability::Not)),
            "slice_iter_mut_fn" => self.items_chain(receiver, ItemBy::Ref(Mutability::Mut)),
            "str_chars" | "str_char_indices" => {
                let text = self.text(receiver);
                Some(Chain::of(Source::Chars { text, positions: lang == "str_char_indices" }))
            }
            "str_bytes" => {
                let text = self.text(receiver);
                Some(Chain::of(Source::Bytes { text, direction: Direction::Forward }))
            }
            "str_split" | "str_splitn" | "str_split_whitespace" | "str_lines" => self.sequence_chain(args, expr),
            "slice_chunks" | "slice_chunks_mut" => self.parts_chain(PartsOf::Chunks, args, expr),
            "slice_chunks_exact" | "slice_chunks_exact_mut" => self.parts_chain(PartsOf::ChunksExact, args, expr),
            "slice_windows" => self.parts_chain(PartsOf::Windows, args, expr),
            "iter_by_ref" => Some(self.build_chain(receiver)),
            "iter_cycle" => {
                if !self.is_cyclable(receiver) {
                    return None;
                }
                let round = self.build_chain(receiver);
                Some(Chain::of(Source::Cycle(Rc::new(round))))
            }
            "iter_rev" => {
                if !self.is_reversible(receiver) {
                    return None;
                }
                let chain = self.build_chain(receiver);
                self.reverse(chain).ok()
            }
            _ => Some(self.adapted_chain(lang, receiver, &args[1..], expr)),
        }
    }

    fn parts_chain(&mut self, kind: PartsOf, args: &'db [ExprId], expr: ExprId) -> Option<Chain> {
        let part = self.item_of(expr);
        let ty = self.expr_ty(args[0]);
        let base = self.while_borrowed(args[0], |lower, slice| lower.fixed_expr(slice, ty));
        let size = self.count(args[1]);
        self.assert_size(kind, &size);
        Some(Chain::of(Source::Parts(Parts { base, size, kind, part })))
    }

    pub(super) fn text(&mut self, receiver: ExprId) -> Expr {
        let ty = self.expr_ty(receiver);
        self.while_borrowed(receiver, |lower, text| lower.fixed_expr(text, ty))
    }

    fn items_chain(&mut self, source: ExprId, by: ItemBy) -> Option<Chain> {
        let ty = self.expr_ty(source);
        self.while_borrowed(source, |lower, value| lower.items_chain_of(value, ty, by))
    }

    /// A value, its variable marked where nothing changes that.
    pub(super) fn unchanged(&mut self, expr: ExprId) -> Expr {
        let is_stable = self.stability(expr) == super::super::operands::Stability::Stable;
        let value = self.value(expr);
        if let Expr::Var(var) = &value
            && is_stable
        {
            self.fixed_vars.insert(*var);
        }
        value
    }

    /// Whether a place is a variable of the program that stays borrowed for as long as the loop runs.
    fn is_borrowed_variable(&self, source: ExprId) -> bool {
        match &self.body.exprs[source].kind {
            ExprKind::Borrow { place, .. } => match &self.body.exprs[*place].kind {
                ExprKind::Local(_) => true,
                // The variable of a slice is not set to another while it is reborrowed.
                ExprKind::Deref(inner) => match &self.body.exprs[*inner].kind {
                    ExprKind::Local(local) => {
                        self.is_fixed_pointer(*local) && matches!(self.expr_ty(*place).kind(), TyKind::Slice(_))
                    }
                    _ => false,
                },
                _ => false,
            },
            ExprKind::Coerce { expr, .. } => self.is_borrowed_variable(*expr),
            // `Deref::deref(&v)` of a vector or string.
            ExprKind::Call { args, .. } => match &args[..] {
                [arg] => self.iter_call(source).is_none() && self.is_borrowed_variable(*arg),
                _ => false,
            },
            _ => false,
        }
    }

    /// A value that the loop keeps borrowed, with what is done with it.
    fn while_borrowed<R>(&mut self, source: ExprId, f: impl FnOnce(&mut Self, Expr) -> R) -> R {
        let is_variable = self.is_borrowed_variable(source);
        let value = self.unchanged(source);
        let marked = match &value {
            Expr::Var(var) if is_variable => self.fixed_vars.insert(*var).then_some(*var),
            _ => None,
        };
        let result = f(self, value);
        if let Some(var) = marked {
            self.fixed_vars.remove(&var);
        }
        result
    }

    fn items_chain_of(&mut self, value: Expr, ty: Ty, by: ItemBy) -> Option<Chain> {
        let target = match by {
            ItemBy::Value => ty,
            ItemBy::Ref(_) => self.pointee(ty)?,
        };
        let elem = self.cx.vec_payload(target).or_else(|| target.sequence_element())?;
        let base = match (by, target.kind()) {
            (ItemBy::Value, _) => self.fixed_expr(value, ty),
            // Go ranges over a pointer to an array without copying it.
            (ItemBy::Ref(_), TyKind::Array(..)) => match value {
                Expr::Unary(UnaryOp::Addr, place) if matches!(*place, Expr::Var(_)) => *place,
                value => self.fixed_expr(value, ty),
            },
            (ItemBy::Ref(_), _) => {
                let base = self.follow(value, ty);
                self.fixed_expr(base, Ty::imm_ref(target))
            }
        };
        let storage = if matches!(target.kind(), TyKind::Array(..)) { Storage::Array } else { Storage::Slice };
        Some(Chain::of(Source::Items { base, elem, by, direction: Direction::Forward, storage }))
    }

    fn adapted_chain(&mut self, lang: &str, receiver: ExprId, args: &'db [ExprId], expr: ExprId) -> Chain {
        let inner = self.build_chain(receiver);
        let item = self.item_of(expr);
        let inner_item = self.item_of(receiver);
        let ret = |lower: &mut Self| lower.option_ty(item);
        let stage = match lang {
            "iter_map" => Stage::Map(self.function(args[0]), item),
            "iter_filter" => Stage::Filter(self.function(args[0])),
            "iter_filter_map" => Stage::FilterMap(self.function(args[0]), ret(self)),
            "iter_map_while" => Stage::MapWhile(self.function(args[0]), ret(self)),
            "iter_take_while" => Stage::TakeWhile(self.function(args[0])),
            "iter_skip_while" => Stage::SkipWhile(self.function(args[0])),
            "iter_inspect" => Stage::Inspect(self.function(args[0])),
            "iter_enumerate" => Stage::Enumerate(None),
            "iter_copied" if self.cx.copies_as_is(item) => Stage::Copied(item),
            "iter_copied" | "iter_cloned" => Stage::Cloned(item),
            "iter_fuse" => return inner,
            "iter_take" => {
                let count = self.count(args[0]);
                return self.taken(inner, count);
            }
            "iter_skip" => {
                let count = self.count(args[0]);
                return self.skipped(inner, count);
            }
            "iter_step_by" => {
                let step = self.unchanged(args[0]);
                let step = self.fixed_expr(step, Ty::usize());
                self.assert_step(&step);
                let fits = self.expr_fits(args[0]);
                if let Some(chain) = self.stepped(&inner, Stride { by: step.clone(), fits }) {
                    return chain;
                }
                Stage::StepBy(if fits { step } else { self.least_count(step) })
            }
            "iter_scan" => {
                let ty = self.expr_ty(args[0]);
                let state = self.value(args[0]);
                let form = self.go_ty(ty);
                let var = self.locals.temporary("state");
                self.define(var, state, Some(form));
                Stage::Scan(Expr::Var(var), ty, self.function(args[1]), ret(self))
            }
            "iter_zip" | "iter_chain" => {
                let is_chained = lang == "iter_chain" || self.is_pullable(args[0]);
                let other = if is_chained {
                    self.chain_of_into_iter(args[0])
                } else {
                    let ty = self.expr_ty(args[0]);
                    let value = self.value(args[0]);
                    self.asked_into(value, ty)
                };
                if lang == "iter_chain" {
                    return Chain::of(Source::Both(Rc::new(inner), Rc::new(other)));
                }
                let other_item = match item.as_tuple() {
                    Some(items) if items.len() == 2 => items[1],
                    _ => inner_item,
                };
                Stage::Zip(Rc::new(other), other_item)
            }
            "iter_flat_map" => {
                let function = self.function(args[0]);
                let ty = self.flattened_ty(expr);
                Stage::FlatMap(function, ty)
            }
            _ => Stage::Flatten(inner_item),
        };
        inner.then(stage)
    }

    /// An argument that is turned into an iterator by the adapter.
    fn chain_of_into_iter(&mut self, expr: ExprId) -> Chain {
        let ty = self.expr_ty(expr);
        if self.next_of(ty, Direction::Forward).is_some() {
            return self.build_chain(expr);
        }
        let subject = self.argument(expr, &[]);
        self.chain_of_value(subject, ty)
    }

    /// A count that an adapter is given.
    pub(super) fn count(&mut self, expr: ExprId) -> Expr {
        let value = self.unchanged(expr);
        let value = if self.expr_fits(expr) { value } else { self.least_count(value) };
        self.fixed_expr(value, Ty::usize())
    }

    /// A count of `2^63` or more, as an `int`: nobody counts beyond the greatest one.
    fn least_count(&self, value: Expr) -> Expr {
        if let Some((number, _)) = constant::value(&value) {
            return if number < 0 { Expr::int(i128::from(i64::MAX)) } else { value };
        }
        let greatest = Expr::imported("math", "MaxInt");
        let least = Expr::builtin("min", vec![super::super::arith::as_uint(value), greatest]);
        Expr::convert(Type::name("int"), least)
    }

    fn assert_step(&mut self, step: &Expr) {
        if constant::value(step).is_some_and(|(value, _)| value > 0) {
            return;
        }
        let message = Expr::builtin("panic", vec![Expr::str("assertion failed: step != 0")]);
        let is_zero = Expr::binary(BinaryOp::Eq, fitted(step.clone()), Expr::int(0));
        self.emit(StmtKind::if_else(is_zero, vec![StmtKind::Expr(message).into()], Vec::new()));
    }

    /// A range that counts by more than one.
    fn stepped(&mut self, chain: &Chain, step: Stride) -> Option<Chain> {
        let Source::Range { low, high, included, ty, direction, is_big } = &chain.source else { return None };
        chain.stages.is_empty().then(|| {
            Chain::of(Source::Stepped {
                low: low.clone(),
                high: high.clone(),
                included: *included,
                ty: *ty,
                direction: *direction,
                is_big: *is_big,
                step,
            })
        })
    }

    /// The first items of a sequence are a shorter sequence.
    fn taken(&mut self, mut chain: Chain, count: Expr) -> Chain {
        if chain.stages.iter().all(Stage::is_one_to_one)
            && let Source::Items { base, storage: Storage::Slice, direction: Direction::Forward, .. } = &chain.source
        {
            let high = Expr::builtin("min", vec![fitted(count), Expr::builtin("len", vec![base.clone()])]);
            let part = base.clone().slice(None, Some(high));
            let part = self.temp("items", part);
            chain.set_base(part);
            return chain;
        }
        chain.then(Stage::Take(count))
    }

    fn skipped(&mut self, mut chain: Chain, count: Expr) -> Chain {
        if chain.stages.is_empty()
            && let Source::Items { base, storage: Storage::Slice, direction: Direction::Forward, .. } = &chain.source
        {
            let low = Expr::builtin("min", vec![fitted(count), Expr::builtin("len", vec![base.clone()])]);
            let part = base.clone().slice(Some(low), None);
            let part = self.temp("items", part);
            chain.set_base(part);
            return chain;
        }
        chain.then(Stage::Skip(count))
    }

    /// The item type of an iterator expression.
    pub(super) fn item_of(&mut self, expr: ExprId) -> Ty {
        let ty = self.expr_ty(expr);
        let Some((next, args)) = self.next_of(ty, Direction::Forward) else { return Ty::unit() };
        let option = self.option_of(next, args);
        self.cx.option_payload(option).unwrap_or_else(Ty::unit)
    }

    pub(super) fn option_ty(&self, payload: Ty) -> Ty {
        match rgo_hir::lang_item(self.cx.db, "option") {
            Some(option) => Ty::adt(option, Args::of_types(&[payload])),
            None => Ty::unit(),
        }
    }

    /// What the function of a `flat_map` returns: the second argument of the adapter's type.
    fn flattened_ty(&self, expr: ExprId) -> Ty {
        match self.expr_ty(expr).kind() {
            TyKind::Adt(_, args) => args.ty(1),
            _ => Ty::unit(),
        }
    }

    /// The chain over a value that is turned into an iterator.
    pub(super) fn chain_of_value(&mut self, subject: Subject, ty: Ty) -> Chain {
        if self.cx.option_payload(ty).is_some() {
            return Chain::of(Source::Maybe(subject));
        }
        let value = self.subject_place(&subject);
        if self.is_sequence(ty.peel_refs()) {
            let by = match ty.kind() {
                TyKind::Ref(_, _, mutability) => ItemBy::Ref(*mutability),
                _ => ItemBy::Value,
            };
            if let Some(chain) = self.items_chain_of(value.clone(), ty, by) {
                return chain;
            }
        }
        self.asked_into(value, ty)
    }

    /// A value that is turned into an iterator which is asked by `next`.
    fn asked_into(&mut self, value: Expr, ty: Ty) -> Chain {
        if self.next_of(ty, Direction::Forward).is_some() {
            return Chain::of(self.asked_value(value, ty));
        }
        let Some(into_iter) = rgo_hir::lang_item(self.cx.db, "into_iterator")
            .and_then(|t| rgo_hir::child(self.cx.db, t, rgo_syntax::Name::new("into_iter")))
        else {
            return Chain::of(self.asked_value(value, ty));
        };
        let args = Args::of_types(&[ty]);
        let iter_ty = match queries::resolve(self.cx.db, into_iter, args) {
            Callee::Item(def, args) => self.cx.sig_of(def, args).output(),
            _ => ty,
        };
        let span = self.body.exprs[self.body.value].span;
        let val = self.call_def(into_iter, args, vec![value], None, span);
        let value = self.stored(val, iter_ty);
        Chain::of(self.asked_value(value, iter_ty))
    }

    /// The chain that the code of a closure ends in, its statements emitted; nothing where there is none.
    pub(super) fn closure_chain(&mut self, closure: &Rc<Closure>, item: Subject) -> Option<Chain> {
        let body = queries::thir(self.cx.db, closure.def)?;
        let BodyKind::Closure(_) = &body.kind else { return None };
        let jumps = body.exprs.iter().any(|(_, e)| matches!(e.kind, ExprKind::Return { .. } | ExprKind::Try { .. }));
        if jumps {
            return None;
        }
        let mut frame = self.closure_frame(closure, body);
        self.in_frame(&mut frame, |lower| {
            let (stmts, tail) = match &body.exprs[body.value].kind {
                ExprKind::Block(block) => {
                    let found = &body.blocks[*block];
                    if found.label.is_some() || lower.has_drops(ScopeExit::BlockEnd(*block)) {
                        return None;
                    }
                    (&found.stmts[..], found.tail?)
                }
                _ => (&[][..], body.value),
            };
            let exits = [ScopeExit::ExprEnd(tail), ScopeExit::ExprEnd(body.value), ScopeExit::FnEnd];
            if exits.iter().any(|exit| lower.has_drops(*exit))
                || !matches!(body.exprs[tail].kind, ExprKind::Call { .. } | ExprKind::Range { .. })
                || !lower.is_chain(tail)
                || !lower.is_worth_fusing(tail)
            {
                return None;
            }
            lower.plan_drops();
            lower.bind_params(vec![item]);
            lower.stmts(stmts);
            Some(lower.build_chain(tail))
        })
    }
}

impl Chain {
    /// Runs over another slice.
    fn set_base(&mut self, part: Expr) {
        if let Source::Items { base, .. } = &mut self.source {
            *base = part;
        }
    }
}

/// Methods that yield the items of something.
const SOURCES: &[&str] = &[
    "slice_iter_fn",
    "slice_iter_mut_fn",
    "slice_chunks",
    "slice_chunks_mut",
    "slice_chunks_exact",
    "slice_chunks_exact_mut",
    "slice_windows",
    "str_chars",
    "str_char_indices",
    "str_bytes",
    "str_split",
    "str_splitn",
    "str_split_whitespace",
    "str_lines",
];

/// Adapters under which a chain that is known stays one, whatever their other arguments are.
pub(super) const PASSED_ON: &[&str] = &[
    "iter_map",
    "iter_filter",
    "iter_filter_map",
    "iter_map_while",
    "iter_inspect",
    "iter_copied",
    "iter_cloned",
    "iter_enumerate",
    "iter_by_ref",
];

/// Methods that yield what an iterator yields in another way.
const ADAPTERS: &[&str] = &[
    "iter_map",
    "iter_filter",
    "iter_filter_map",
    "iter_map_while",
    "iter_take_while",
    "iter_skip_while",
    "iter_inspect",
    "iter_enumerate",
    "iter_copied",
    "iter_cloned",
    "iter_fuse",
    "iter_take",
    "iter_skip",
    "iter_step_by",
    "iter_scan",
    "iter_zip",
    "iter_chain",
    "iter_flat_map",
    "iter_flatten",
    "iter_by_ref",
    "iter_rev",
    "iter_cycle",
];
