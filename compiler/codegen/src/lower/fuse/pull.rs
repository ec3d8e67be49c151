//! The second iterator of a `zip`: it is asked for an item where the loop over the first has one.

use super::*;

/// Where the items of the second iterator come from.
pub(super) struct Pull {
    source: Source,
    stages: Vec<Stage>,
    /// The variable that counts: a position, or the next value of a range.
    at: Option<VarId>,
    /// Counters of its `enumerate`s, by stage.
    counters: Vec<Option<VarId>>,
}

impl<'a, 'db> Lower<'a, 'db> {
    /// Whether a chain can be asked for one item at a time by a few statements.
    pub(super) fn can_pull(&self, chain: &Chain) -> bool {
        let source = match &chain.source {
            Source::Items { direction, .. } | Source::Bytes { direction, .. } => *direction == Direction::Forward,
            Source::Range { included, direction, is_big, .. } => {
                !*included && !*is_big && *direction == Direction::Forward
            }
            Source::From { .. } | Source::Next { .. } => true,
            Source::Cycle(round) => return chain.stages.is_empty() && round.stages.is_empty() && self.is_ring(round),
            Source::Stepped { .. }
            | Source::Chars { .. }
            | Source::Map { .. }
            | Source::Sequence(_)
            | Source::Parts(_)
            | Source::Both(..)
            | Source::Maybe(_) => false,
        };
        source && chain.stages.iter().all(|stage| stage.is_one_to_one() && !matches!(stage, Stage::Enumerate(Some(_))))
    }

    /// Declares what asking needs; positions need not be counted where the loop around does.
    pub(super) fn pull(&mut self, chain: &Chain, is_counted: bool) -> Pull {
        let at = match &chain.source {
            // The loop around counts the same positions.
            Source::Items { .. } | Source::Bytes { .. } if is_counted => None,
            Source::Items { .. } | Source::Bytes { .. } | Source::Cycle(_) => Some((Expr::int(0), Type::name("int"))),
            Source::Range { low, ty, .. } | Source::From { low, ty } => {
                let form = self.go_ty(*ty);
                Some((low.clone(), form))
            }
            _ => None,
        };
        let at = at.map(|(start, form)| {
            let var = self.locals.temporary("j");
            let start = match start {
                Expr::Lit(lit @ (Lit::Int(_) | Lit::Spelled(..))) => Expr::Typed(form.clone(), lit),
                other => other,
            };
            self.define(var, start, Some(form));
            var
        });
        let counters = chain
            .stages
            .iter()
            .map(|stage| {
                matches!(stage, Stage::Enumerate(_)).then(|| {
                    let var = self.locals.temporary("count");
                    self.define(var, Expr::int(0), None);
                    var
                })
            })
            .collect();
        Pull { source: chain.source.clone(), stages: chain.stages.clone(), at, counters }
    }

    /// The next item; the chain that asks ends where there is none.
    pub(super) fn pulled(&mut self, pull: &Pull, key: Option<VarId>, jumps: super::emit::Jumps) -> Subject {
        let exit = vec![StmtKind::Break(Some(jumps.end)).into()];
        let position = pull.at.or(key);
        let mut item = match (&pull.source, position) {
            (Source::Items { base, elem, by, .. }, Some(at)) => {
                let len = Expr::builtin("len", vec![base.clone()]);
                self.emit(StmtKind::if_else(Expr::binary(BinaryOp::Ge, Expr::Var(at), len), exit, Vec::new()));
                let place = base.clone().index(Expr::Var(at));
                let value = if self.is_by_pointer(*elem, *by) { place.addr() } else { place };
                self.counted_item(value, super::source::item_ty(*elem, *by), pull.at)
            }
            (Source::Bytes { text, .. }, Some(at)) => {
                let len = Expr::builtin("len", vec![text.clone()]);
                self.emit(StmtKind::if_else(Expr::binary(BinaryOp::Ge, Expr::Var(at), len), exit, Vec::new()));
                self.counted_item(text.clone().index(Expr::Var(at)), Ty::u8(), pull.at)
            }
            (Source::Range { high, ty, .. }, Some(at)) => {
                let over = Expr::binary(BinaryOp::Ge, Expr::Var(at), fitted(high.clone()));
                self.emit(StmtKind::if_else(over, exit, Vec::new()));
                self.counted_item(Expr::Var(at), *ty, pull.at)
            }
            (Source::Cycle(round), Some(at)) => return self.next_of_ring(round, at, exit),
            (Source::From { ty, .. }, Some(at)) => self.counted_item(Expr::Var(at), *ty, pull.at),
            (Source::Next { iter, ty, direction }, _) => {
                let Some((value, some, item)) = self.ask(iter, *ty, *direction) else {
                    return Subject::Place(Expr::nil(), *ty);
                };
                self.emit(StmtKind::if_else(super::super::expr::negated(some), exit, Vec::new()));
                Subject::Place(value, item)
            }
            _ => return Subject::Place(Expr::nil(), Ty::unit()),
        };
        for (stage, counter) in pull.stages.iter().zip(&pull.counters) {
            item = self.pull_through(stage, *counter, item);
        }
        item
    }

    fn counted_item(&mut self, value: Expr, ty: Ty, at: Option<VarId>) -> Subject {
        let var = self.locals.temporary("w");
        self.define(var, value, None);
        if let Some(at) = at {
            self.emit(StmtKind::Inc(Expr::Var(at)));
        }
        Subject::Place(Expr::Var(var), ty)
    }

    /// The item behind a stage that gives one for one.
    fn pull_through(&mut self, stage: &Stage, counter: Option<VarId>, item: Subject) -> Subject {
        let item_ty = self.subject_ty(&item);
        match stage {
            Stage::Map(function, ty) => {
                let val = self.apply(function, vec![item], *ty);
                self.settled(val, *ty)
            }
            Stage::Inspect(function) => {
                let reference = Subject::Ref(Box::new(item.clone()), Ty::imm_ref(item_ty));
                let val = self.apply(function, vec![reference], Ty::unit());
                self.send(val, Ty::unit(), &Dest::Discard);
                item
            }
            Stage::Copied(ty) => self.copied_item(item, *ty),
            Stage::Cloned(ty) => {
                let place = self.subject_place(&item);
                let place = self.follow(place, item_ty);
                let span = self.body.exprs[self.body.value].span;
                let value = self.clone_value(place, *ty, span);
                Subject::Place(self.fixed_expr(value, *ty), *ty)
            }
            Stage::Enumerate(_) => {
                let Some(counter) = counter else { return item };
                let index = self.locals.temporary("i");
                self.define(index, Expr::Var(counter), None);
                self.emit(StmtKind::Inc(Expr::Var(counter)));
                let parts = vec![Subject::Place(Expr::Var(index), Ty::usize()), item];
                Subject::Tuple(parts, Ty::tuple(&[Ty::usize(), item_ty]))
            }
            _ => item,
        }
    }
}
