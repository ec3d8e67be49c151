//! The loop over a source, as a Go programmer writes it.

use super::*;
use crate::go::constant;
use crate::mono::forms::{OptionForm, RefForm};
use crate::mono::maps::MapForm;

/// The statements for one item: the item, the variable that counts items if there is one, and the label of the loop.
pub(super) type Body<'s, 'a, 'db> = dyn FnMut(&mut Lower<'a, 'db>, Subject, Option<VarId>, LabelId) + 's;

/// A range of integers.
pub(super) struct Ends<'e> {
    pub low: &'e Expr,
    pub high: &'e Expr,
    pub included: bool,
    pub ty: Ty,
    /// Whether the ends are of type `usize` and may be `2^63` or more.
    pub is_big: bool,
}

impl Ends<'_> {
    /// Whether counting in a Go `int` has no room for one more.
    fn is_wide(&self, form: &Type) -> bool {
        self.is_big || constant::int_type(form).is_none_or(|(bits, _)| bits >= 64) && !form.is_name("int")
    }

    /// What holds for every number of the range and its upper end.
    pub(super) fn upwards(&self) -> BinaryOp {
        if self.included { BinaryOp::Le } else { BinaryOp::Lt }
    }

    /// The last number of the range, by its upper end.
    pub(super) fn last(&self, high: Expr) -> Expr {
        if self.included { high } else { Expr::binary(BinaryOp::Sub, high, Expr::int(1)) }
    }

    pub(super) fn compared(&self, op: BinaryOp, counter: Expr, end: Expr) -> Expr {
        let side = |value: Expr| if self.is_big { super::super::arith::as_uint(value) } else { value };
        Expr::binary(op, side(counter), side(end))
    }
}

impl<'a, 'db> Lower<'a, 'db> {
    pub(super) fn simple_loop(&mut self, source: &Source, body: &mut Body<'_, 'a, 'db>) {
        let label = self.locals.label("loop");
        let pos = self.pos;
        let stmt = match source {
            Source::Range { low, high, included, ty, direction, is_big } => {
                let ends = Ends { low, high, included: *included, ty: *ty, is_big: *is_big };
                match direction {
                    Direction::Forward => self.counting_up(&ends, label, body),
                    Direction::Backward => self.counting_down(&ends, label, body),
                }
            }
            Source::Stepped { low, high, included, ty, direction, is_big, step } => {
                let ends = Ends { low, high, included: *included, ty: *ty, is_big: *is_big };
                self.counting_by(step, &ends, *direction, label, body)
            }
            Source::From { low, ty } => {
                let form = self.go_ty(*ty);
                let (var, body) = self.item_body(*ty, label, body);
                let init = start(var, low.clone(), &form);
                let post = StmtKind::Inc(Expr::Var(var));
                StmtKind::For(Box::new(For { init: Some(init.into()), cond: None, post: Some(post.into()), body }))
            }
            Source::Items { base, elem, by, direction, .. } => self.items_of(base, *elem, *by, *direction, label, body),
            Source::Map { map, of, part, by } => self.map_items(map, *of, *part, *by, label, body),
            Source::Chars { text, positions } => {
                let var = self.locals.temporary("c");
                let key = positions.then(|| self.locals.temporary("at"));
                let item = Subject::Place(Expr::Var(var), Ty::char());
                let item = match key {
                    Some(key) => {
                        let parts = vec![Subject::Place(Expr::Var(key), Ty::usize()), item];
                        Subject::Tuple(parts, Ty::tuple(&[Ty::usize(), Ty::char()]))
                    }
                    None => item,
                };
                let body = self.block(|lower| body(lower, item, None, label));
                StmtKind::Range(Box::new(Range { key, value: Some(var), expr: text.clone(), body }))
            }
            Source::Bytes { text, direction } => {
                let index = self.locals.temporary("i");
                let byte = text.clone().index(Expr::Var(index));
                let stmts = self.block(|lower| {
                    let item = Subject::Place(lower.fixed_expr(byte, Ty::u8()), Ty::u8());
                    body(lower, item, Some(index), label)
                });
                index_loop(index, Expr::builtin("len", vec![text.clone()]), *direction, stmts)
            }
            Source::Sequence(sequence) => {
                let var = self.locals.temporary("part");
                let item = Subject::Place(Expr::Var(var), sequence.item);
                let body = self.block(|lower| body(lower, item, None, label));
                let (key, value, expr) = match (&sequence.seq, &sequence.list) {
                    (Some(seq), _) => (Some(var), None, seq.clone()),
                    (None, Some(list)) => (None, Some(var), list.clone()),
                    (None, None) => return,
                };
                StmtKind::Range(Box::new(Range { key, value, expr, body }))
            }
            Source::Parts(parts) => self.parts_of_slice(parts, label, body),
            Source::Next { iter, ty, direction } => self.asking(iter, *ty, *direction, label, body),
            Source::Both(..) | Source::Cycle(_) | Source::Maybe(_) => return,
        };
        self.pos = pos;
        let inner = stmt.at(pos);
        self.emit(StmtKind::Labeled(label, Box::new(inner)));
    }

    /// The statements for a number, and the variable that holds it.
    pub(super) fn item_body(&mut self, ty: Ty, label: LabelId, body: &mut Body<'_, 'a, 'db>) -> (VarId, Block) {
        let var = self.locals.temporary("i");
        (var, self.block(|lower| body(lower, Subject::Place(Expr::Var(var), ty), None, label)))
    }

    fn counting_up(&mut self, ends: &Ends<'_>, label: LabelId, body: &mut Body<'_, 'a, 'db>) -> StmtKind {
        let Ends { low, high, included, ty, is_big } = *ends;
        let form = self.go_ty(ty);
        let is_zero = constant::value(low).is_some_and(|(value, _)| value == 0);
        let var = self.locals.temporary("i");
        let item = Subject::Place(Expr::Var(var), ty);
        let is_untyped_int = constant::value(high).is_none() || form.is_name("int");
        if is_zero && !included && is_untyped_int && !is_big {
            let body = self.block(|lower| body(lower, item, None, label));
            let expr = default_typed(high.clone());
            return StmtKind::Range(Box::new(Range { key: Some(var), value: None, expr, body }));
        }
        let may_be_last = included && !is_below_max(high, &form);
        if !may_be_last {
            let body = self.block(|lower| body(lower, item, None, label));
            let cond = ends.compared(ends.upwards(), Expr::Var(var), fitted(high.clone()));
            return counted(start(var, low.clone(), &form), cond, StmtKind::Inc(Expr::Var(var)), body);
        }
        // `i <= MAX` holds for ever: the end is looked for behind the body, whose `continue` must get there.
        if ends.is_wide(&form) {
            return self.counting_wide(ends, (StmtKind::Inc as fn(Expr) -> StmtKind, BinaryOp::Le), label, body);
        }
        let int = Type::name("int");
        let counter = if form.is_name("int") { var } else { self.locals.temporary("n") };
        let body = self.block(|lower| {
            if counter != var {
                lower.define(var, Expr::convert(form.clone(), Expr::Var(counter)), None);
            }
            body(lower, item, None, label)
        });
        let init = start(counter, widened(low.clone(), &form, &int), &int);
        let cond = Expr::binary(BinaryOp::Le, Expr::Var(counter), fitted(widened(high.clone(), &form, &int)));
        counted(init, cond, StmtKind::Inc(Expr::Var(counter)), body)
    }

    fn counting_down(&mut self, ends: &Ends<'_>, label: LabelId, body: &mut Body<'_, 'a, 'db>) -> StmtKind {
        let Ends { low, high, included, ty, .. } = *ends;
        let form = self.go_ty(ty);
        let is_wide = ends.is_wide(&form);
        if is_wide && included {
            return self.counting_wide(ends, (StmtKind::Dec as fn(Expr) -> StmtKind, BinaryOp::Ge), label, body);
        }
        let var = self.locals.temporary("i");
        let item = Subject::Place(Expr::Var(var), ty);
        if is_wide {
            // Down from above: one is taken off before the body sees it.
            let counter = self.locals.temporary("n");
            let body = self.block(|lower| {
                lower.emit(StmtKind::Dec(Expr::Var(counter)));
                lower.define(var, Expr::Var(counter), Some(form.clone()));
                body(lower, item, None, label)
            });
            let cond = ends.compared(BinaryOp::Gt, Expr::Var(counter), fitted(low.clone()));
            let init = start(counter, high.clone(), &form);
            return StmtKind::For(Box::new(For { init: Some(init.into()), cond: Some(cond), post: None, body }));
        }
        let int = Type::name("int");
        let counter = if form.is_name("int") { var } else { self.locals.temporary("n") };
        let body = self.block(|lower| {
            if counter != var {
                lower.define(var, Expr::convert(form.clone(), Expr::Var(counter)), None);
            }
            body(lower, item, None, label)
        });
        let first = ends.last(widened(high.clone(), &form, &int));
        let low = widened(low.clone(), &form, &int);
        let cond = Expr::binary(BinaryOp::Ge, Expr::Var(counter), fitted(low));
        counted(start(counter, first, &int), cond, StmtKind::Dec(Expr::Var(counter)), body)
    }

    /// A range of 64 bits that includes its end: it ends when the last value has been seen, not when a value beyond it would be.
    fn counting_wide(
        &mut self,
        ends: &Ends<'_>,
        (step, op): (fn(Expr) -> StmtKind, BinaryOp),
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let Ends { low, high, ty, .. } = *ends;
        let form = self.go_ty(ty);
        let (first, last) = if op == BinaryOp::Le { (low, high) } else { (high, low) };
        let var = self.locals.temporary("i");
        let counter = self.locals.temporary("n");
        self.define(counter, first.clone(), Some(form.clone()));
        let more = self.locals.temporary("more");
        let item = Subject::Place(Expr::Var(var), ty);
        let body = self.block(|lower| {
            lower.define(var, Expr::Var(counter), Some(form.clone()));
            lower.emit(StmtKind::assign(
                Expr::Var(more),
                Expr::binary(BinaryOp::Ne, Expr::Var(counter), fitted(last.clone())),
            ));
            lower.emit(step(Expr::Var(counter)));
            body(lower, item, None, label)
        });
        let init = StmtKind::define(more, ends.compared(op, Expr::Var(counter), fitted(last.clone())));
        let cond = Some(Expr::Var(more));
        StmtKind::For(Box::new(For { init: Some(init.into()), cond, post: None, body }))
    }

    fn items_of(
        &mut self,
        base: &Expr,
        elem: Ty,
        by: ItemBy,
        direction: Direction,
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let by_pointer = self.is_by_pointer(elem, by);
        let item_ty = item_ty(elem, by);
        let index = self.locals.temporary("i");
        if !by_pointer && direction == Direction::Forward {
            let var = self.locals.temporary("v");
            // Where nil says that there is nothing, it is no item.
            if self.cx.option_form(item_ty) == OptionForm::Nil {
                self.locals.set_never_nil(var);
            }
            let item = Subject::Place(Expr::Var(var), item_ty);
            let body = self.block(|lower| body(lower, item, Some(index), label));
            return StmtKind::Range(Box::new(Range { key: Some(index), value: Some(var), expr: base.clone(), body }));
        }
        let place = base.clone().index(Expr::Var(index));
        let stmts = if by_pointer && is_scalar(elem) {
            // A number is changed where it is.
            let item = Subject::Ref(Box::new(Subject::Place(place, elem)), item_ty);
            self.block(|lower| body(lower, item, Some(index), label))
        } else {
            let value = if by_pointer { place.addr() } else { place };
            self.block(|lower| {
                let var = lower.locals.temporary("v");
                lower.define(var, value, None);
                body(lower, Subject::Place(Expr::Var(var), item_ty), Some(index), label)
            })
        };
        let count = match direction {
            Direction::Forward => base.clone(),
            Direction::Backward => Expr::builtin("len", vec![base.clone()]),
        };
        index_loop(index, count, direction, stmts)
    }

    fn map_items(
        &mut self,
        map: &Expr,
        of: MapTy,
        part: Part,
        by: ItemBy,
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let (key, value) = (self.locals.temporary("k"), self.locals.temporary("v"));
        let stored = match of.form {
            MapForm::Pointers => Expr::Var(value).deref(),
            _ => Expr::Var(value),
        };
        let half = |place: Expr, ty: Ty| match by {
            ItemBy::Value => Subject::Place(place, ty),
            ItemBy::Ref(_) => Subject::Ref(Box::new(Subject::Place(place, ty)), Ty::imm_ref(ty)),
        };
        let (keys, values) = (half(Expr::Var(key), of.key), half(stored, of.value));
        let item = match part {
            Part::Keys => keys,
            Part::Values => values,
            Part::Entries => {
                let types = [self.subject_ty(&keys), self.subject_ty(&values)];
                Subject::Tuple(vec![keys, values], Ty::tuple(&types))
            }
        };
        let body = self.block(|lower| body(lower, item, None, label));
        let value = (part != Part::Keys).then_some(value);
        StmtKind::Range(Box::new(Range { key: Some(key), value, expr: map.clone(), body }))
    }

    pub(super) fn is_by_pointer(&mut self, elem: Ty, by: ItemBy) -> bool {
        match by {
            ItemBy::Value => false,
            ItemBy::Ref(mutability) => self.cx.ref_form(elem, mutability) == RefForm::Pointer,
        }
    }

    /// `next` until there is nothing.
    fn asking(
        &mut self,
        iter: &Expr,
        ty: Ty,
        direction: Direction,
        label: LabelId,
        body: &mut Body<'_, 'a, 'db>,
    ) -> StmtKind {
        let stmts = self.block(|lower| {
            let Some((value, some, item)) = lower.ask(iter, ty, direction) else { return };
            let exit = vec![StmtKind::Break(Some(label)).into()];
            lower.emit(StmtKind::if_else(super::super::expr::negated(some), exit, Vec::new()));
            body(lower, Subject::Place(value, item), None, label)
        });
        StmtKind::For(Box::new(For { init: None, cond: None, post: None, body: stmts }))
    }

    /// One call of `next` or `next_back`: payload, presence and type of the item.
    pub(super) fn ask(&mut self, iter: &Expr, ty: Ty, direction: Direction) -> Option<(Expr, Expr, Ty)> {
        let (next, args) = self.next_of(ty, direction)?;
        let option = self.option_of(next, args);
        let payload = self.cx.option_payload(option)?;
        let span = self.body.exprs[self.body.value].span;
        let receiver = self.reference(iter.clone(), ty, Mutability::Mut);
        let val = self.call_def(next, args, vec![receiver], None, span);
        let subject = self.settled(val, option);
        let (value, some) = self.parts_of(&subject, option, payload);
        Some((value, some, payload))
    }
}

/// `for i := range n`, or from the last to the first.
fn index_loop(index: VarId, count: Expr, direction: Direction, body: Block) -> StmtKind {
    match direction {
        Direction::Forward => StmtKind::Range(Box::new(Range { key: Some(index), value: None, expr: count, body })),
        Direction::Backward => {
            let last = Expr::binary(BinaryOp::Sub, count, Expr::int(1));
            let init = StmtKind::define(index, last);
            counted(
                init,
                Expr::binary(BinaryOp::Ge, Expr::Var(index), Expr::int(0)),
                StmtKind::Dec(Expr::Var(index)),
                body,
            )
        }
    }
}

pub(super) fn counted(init: StmtKind, cond: Expr, post: StmtKind, body: Block) -> StmtKind {
    StmtKind::For(Box::new(For { init: Some(init.into()), cond: Some(cond), post: Some(post.into()), body }))
}

/// `i := low`, with the type that it has.
pub(super) fn start(var: VarId, low: Expr, form: &Type) -> StmtKind {
    let mut low = low;
    crate::go::fold::simplify(&mut low);
    let low = match low {
        Expr::Lit(lit @ (Lit::Int(_) | Lit::Spelled(..))) => Expr::Typed(form.clone(), lit),
        other => other,
    };
    StmtKind::define(var, default_typed(low))
}

/// A value of a narrower type as an `int`.
pub(super) fn widened(value: Expr, form: &Type, int: &Type) -> Expr {
    let mut value = if form == int { value } else { Expr::convert(int.clone(), value) };
    crate::go::fold::simplify(&mut value);
    value
}

/// Whether a bound is known to be no type's largest value.
fn is_below_max(high: &Expr, form: &Type) -> bool {
    let Some((value, _)) = constant::value(high) else { return false };
    let max = constant::int_type(form).map(|(bits, sign)| match sign {
        constant::Sign::Signed => (1i128 << (bits - 1)) - 1,
        constant::Sign::Unsigned => (1i128 << bits) - 1,
    });
    Some(value) != max
}

fn is_scalar(ty: Ty) -> bool {
    ty.is_integral() || ty.is_float() || ty.is_bool()
}

pub(super) fn item_ty(elem: Ty, by: ItemBy) -> Ty {
    match by {
        ItemBy::Value => elem,
        ItemBy::Ref(mutability) => Ty::new_ref(rgo_typeck::ty::Region::erased(), elem, mutability),
    }
}
