//! The loop over a chain: around the statements of the consumer those of the adapters, around these the loop over the source.

use super::*;
use crate::mono::forms::OptionForm;
use crate::queries;

/// How statements in the loop leave it.
#[derive(Clone, Copy)]
pub(in crate::lower) struct Jumps {
    /// The end of the chain.
    pub end: LabelId,
    /// The next item.
    pub next: Next,
}

/// What is done with an item. It may be asked for more than once, for as many places in the Go text.
pub(in crate::lower) type Sink<'s, 'a, 'db> = dyn FnMut(&mut Lower<'a, 'db>, Subject, Jumps) + 's;

/// A stage with the variables that it needs from one item to the next.
#[derive(Clone)]
struct Step {
    stage: Stage,
    state: Option<VarId>,
    /// The chain beside it, ready to be asked for items.
    pull: Option<Rc<super::pull::Pull>>,
    /// Whether what comes before it may be asked for one item too many.
    is_silent: bool,
}

impl<'a, 'db> Lower<'a, 'db> {
    /// Emits the loop.
    pub(in crate::lower) fn chain_loop(&mut self, chain: &Chain, sink: &mut Sink<'_, 'a, 'db>) {
        let steps = self.steps_of(chain);
        let guard = steps.iter().find_map(|step| match (&step.stage, step.state) {
            (Stage::Take(count), Some(left)) if !step.is_silent && crate::go::constant::value(count).is_none() => {
                Some(left)
            }
            _ => None,
        });
        match guard {
            // Where nothing is wanted, nothing is taken.
            Some(left) => {
                let body = self.block(|lower| lower.source_loop(&chain.source, &steps, sink));
                let cond = Expr::binary(BinaryOp::Gt, Expr::Var(left), Expr::int(0));
                self.emit(StmtKind::if_else(cond, body, Vec::new()));
            }
            None => {
                let takes_none = steps.iter().any(|step| {
                    matches!(&step.stage, Stage::Take(count)
                        if crate::go::constant::value(count).is_some_and(|(value, _)| value == 0))
                });
                if !takes_none {
                    self.source_loop(&chain.source, &steps, sink);
                }
            }
        }
    }

    /// Declares what stages remember.
    fn steps_of(&mut self, chain: &Chain) -> Vec<Step> {
        let mut is_silent = chain.source.is_silent();
        let mut steps = Vec::new();
        for (position, stage) in chain.stages.iter().enumerate() {
            let mut pull = None;
            let state = match stage {
                Stage::Enumerate(None) if self.counts_itself(chain, position) => None,
                Stage::Enumerate(last) => {
                    let var = self.locals.temporary("count");
                    self.define(var, last.clone().unwrap_or_else(|| Expr::int(0)), None);
                    Some(var)
                }
                Stage::Take(count) => Some(self.counter("left", count)),
                Stage::Skip(count) => Some(self.counter("skip", count)),
                Stage::StepBy(_) => Some(self.counter("step", &Expr::int(0))),
                Stage::SkipWhile(_) => {
                    let var = self.locals.temporary("skipping");
                    self.define(var, Expr::bool(true), None);
                    Some(var)
                }
                Stage::Zip(other, _) => {
                    let is_counted = self.counts_itself(chain, position);
                    pull = Some(Rc::new(self.pull(other, is_counted)));
                    None
                }
                _ => None,
            };
            steps.push(Step { stage: stage.clone(), state, pull, is_silent });
            is_silent &= stage.is_silent();
        }
        steps
    }

    fn counter(&mut self, name: &str, start: &Expr) -> VarId {
        let var = self.locals.temporary(name);
        self.define(var, default_typed(fitted(start.clone())), None);
        var
    }

    /// Whether the loop over the source counts the items that arrive at a stage by itself.
    fn counts_itself(&self, chain: &Chain, position: usize) -> bool {
        let has_key = match &chain.source {
            Source::Items { direction, .. } => *direction == Direction::Forward,
            Source::Bytes { direction, .. } => *direction == Direction::Forward,
            _ => false,
        };
        has_key && chain.stages[..position].iter().all(Stage::is_one_to_one)
    }

    fn source_loop(&mut self, source: &Source, steps: &[Step], sink: &mut Sink<'_, 'a, 'db>) {
        match source {
            Source::Both(first, second) => {
                let end = self.locals.label("done");
                let body = self.block(|lower| {
                    for chain in [first, second] {
                        lower.chain_loop(chain, &mut |lower, item, jumps| {
                            lower.stages(steps, item, None, Jumps { end, next: jumps.next }, sink)
                        });
                    }
                });
                self.emit(StmtKind::Labeled(end, Box::new(StmtKind::Block(body).into())));
            }
            Source::Cycle(round) => {
                let end = self.locals.label("done");
                self.cycle_loop(round, end, &mut |lower, item, jumps| {
                    lower.stages(steps, item, None, Jumps { end, next: jumps.next }, sink)
                });
            }
            Source::Maybe(subject) => {
                let end = self.locals.label("done");
                let ty = self.subject_ty(subject);
                let payload = self.cx.option_payload(ty).unwrap_or(ty);
                let (value, some) = self.parts_of(subject, ty, payload);
                let then = self.block(|lower| {
                    let jumps = Jumps { end, next: Next::Break(end) };
                    lower.stages(steps, Subject::Place(value, payload), None, jumps, sink)
                });
                let test = vec![StmtKind::if_else(some, then, Vec::new()).into()];
                self.emit(StmtKind::Labeled(end, Box::new(StmtKind::Block(test).into())));
            }
            _ => self.simple_loop(source, &mut |lower, item, key, label| {
                let jumps = Jumps { end: label, next: Next::Continue(label) };
                lower.stages(steps, item, key, jumps, sink)
            }),
        }
    }

    /// Payload and presence of an option that is a subject.
    pub(super) fn parts_of(&mut self, subject: &Subject, ty: Ty, payload: Ty) -> (Expr, Expr) {
        match subject {
            Subject::Option(value, some, _) => (value.clone(), some.clone()),
            other => {
                let place = self.subject_place(other);
                match self.cx.option_form(payload) {
                    OptionForm::Nil => (place.clone(), Expr::binary(BinaryOp::Ne, place, Expr::nil())),
                    OptionForm::Tagged => {
                        let _ = ty;
                        (place.clone().select("Val"), place.select("Some"))
                    }
                }
            }
        }
    }

    /// The statements of the stages for one item, and of the consumer in their midst.
    fn stages(
        &mut self,
        steps: &[Step],
        item: Subject,
        key: Option<VarId>,
        jumps: Jumps,
        sink: &mut Sink<'_, 'a, 'db>,
    ) {
        let Some((step, rest)) = steps.split_first() else { return sink(self, item, jumps) };
        let item_ty = self.subject_ty(&item);
        match &step.stage {
            Stage::Map(function, ty) => {
                let val = self.apply(function, vec![item], *ty);
                let item = self.settled(val, *ty);
                self.stages(rest, item, key, jumps, sink)
            }
            Stage::Copied(ty) => {
                let item = self.copied_item(item, *ty);
                self.stages(rest, item, key, jumps, sink)
            }
            Stage::Cloned(ty) => {
                let place = self.subject_place(&item);
                let place = self.follow(place, item_ty);
                let span = self.body.exprs[self.body.value].span;
                let value = self.clone_value(place, *ty, span);
                let item = Subject::Place(self.fixed_expr(value, *ty), *ty);
                self.stages(rest, item, key, jumps, sink)
            }
            Stage::Inspect(function) => {
                let (item, reference) = self.shown(item);
                self.run(function, vec![reference], Ty::unit());
                self.stages(rest, item, key, jumps, sink)
            }
            Stage::Filter(function) => {
                let (item, reference) = self.shown(item);
                let test = self.test_of(function, reference);
                let then = self.block(|lower| lower.stages(rest, item, None, jumps, sink));
                self.emit_of(function, StmtKind::if_else(test, then, Vec::new()));
            }
            Stage::TakeWhile(function) => {
                let (item, reference) = self.shown(item);
                let test = self.test_of(function, reference);
                let exit = vec![StmtKind::Break(Some(jumps.end)).into()];
                self.emit_of(function, StmtKind::if_else(super::super::expr::negated(test), exit, Vec::new()));
                self.stages(rest, item, key, jumps, sink)
            }
            Stage::SkipWhile(function) => {
                let Some(flag) = step.state else { return };
                let (item, reference) = self.shown(item);
                let skip = self.block(|lower| {
                    let test = lower.test_of(function, reference);
                    let next = vec![jumps.next.stmt().into()];
                    lower.emit(StmtKind::if_else(test, next, Vec::new()));
                    lower.emit(StmtKind::assign(Expr::Var(flag), Expr::bool(false)));
                });
                self.emit(StmtKind::if_else(Expr::Var(flag), skip, Vec::new()));
                self.stages(rest, item, None, jumps, sink)
            }
            Stage::FilterMap(function, option) => {
                let val = self.apply(function, vec![item], *option);
                self.when_some(val, *option, None, &mut |lower, item| lower.stages(rest, item, None, jumps, sink))
            }
            Stage::MapWhile(function, option) => {
                let val = self.apply(function, vec![item], *option);
                self.when_some(val, *option, Some(jumps), &mut |lower, item| lower.stages(rest, item, key, jumps, sink))
            }
            Stage::Scan(state, ty, function, option) => {
                let reference = Subject::Place(state.clone().addr(), Ty::mut_ref(*ty));
                let val = self.apply(function, vec![reference, item], *option);
                self.when_some(val, *option, Some(jumps), &mut |lower, item| lower.stages(rest, item, key, jumps, sink))
            }
            Stage::Enumerate(last) => {
                let index = match (step.state, key, last) {
                    (None, Some(key), _) => key,
                    (Some(count), _, down) => {
                        let index = self.locals.temporary("i");
                        if down.is_some() {
                            self.emit(StmtKind::Dec(Expr::Var(count)));
                            self.define(index, Expr::Var(count), None);
                        } else {
                            self.define(index, Expr::Var(count), None);
                            self.emit(StmtKind::Inc(Expr::Var(count)));
                        }
                        index
                    }
                    (None, None, _) => return,
                };
                let usize_ty = Ty::usize();
                let ty = Ty::tuple(&[usize_ty, item_ty]);
                let pair = Subject::Tuple(vec![Subject::Place(Expr::Var(index), usize_ty), item], ty);
                self.stages(rest, pair, key, jumps, sink)
            }
            Stage::Zip(_, other_ty) => {
                let Some(pull) = step.pull.clone() else { return };
                let other = self.pulled(&pull, key, jumps);
                let ty = Ty::tuple(&[item_ty, *other_ty]);
                let pair = Subject::Tuple(vec![item, other], ty);
                self.stages(rest, pair, key, jumps, sink)
            }
            Stage::Take(_) => self.take(step, rest, item, key, jumps, sink),
            Stage::Skip(_) => {
                let Some(left) = step.state else { return };
                let cond = Expr::binary(BinaryOp::Gt, Expr::Var(left), Expr::int(0));
                let skip = vec![StmtKind::Dec(Expr::Var(left)).into(), jumps.next.stmt().into()];
                self.emit(StmtKind::if_else(cond, skip, Vec::new()));
                self.stages(rest, item, None, jumps, sink)
            }
            Stage::StepBy(by) => {
                let Some(left) = step.state else { return };
                let cond = Expr::binary(BinaryOp::Gt, Expr::Var(left), Expr::int(0));
                let skip = vec![StmtKind::Dec(Expr::Var(left)).into(), jumps.next.stmt().into()];
                self.emit(StmtKind::if_else(cond, skip, Vec::new()));
                let mut gap = Expr::binary(BinaryOp::Sub, by.clone(), Expr::int(1));
                crate::go::fold::simplify(&mut gap);
                self.emit(StmtKind::assign(Expr::Var(left), fitted(gap)));
                self.stages(rest, item, None, jumps, sink)
            }
            Stage::FlatMap(function, ty) => self.flat_map(function, item, *ty, &mut |lower, item, inner| {
                lower.stages(rest, item, None, Jumps { end: jumps.end, next: inner.next }, sink)
            }),
            Stage::Flatten(ty) => {
                let inner = self.chain_of_value(item, *ty);
                self.chain_loop(&inner, &mut |lower, item, inner| {
                    lower.stages(rest, item, None, Jumps { end: jumps.end, next: inner.next }, sink)
                })
            }
        }
    }

    /// `take`: the count goes down before the consumer has the item, and the loop is left before another is taken from the source.
    fn take(
        &mut self,
        step: &Step,
        rest: &[Step],
        item: Subject,
        key: Option<VarId>,
        jumps: Jumps,
        sink: &mut Sink<'_, 'a, 'db>,
    ) {
        let Some(left) = step.state else { return };
        let is_zero = Expr::binary(BinaryOp::Eq, Expr::Var(left), Expr::int(0));
        let exit = vec![StmtKind::Break(Some(jumps.end)).into()];
        if step.is_silent {
            self.emit(StmtKind::if_else(is_zero, exit, Vec::new()));
            self.emit(StmtKind::Dec(Expr::Var(left)));
            return self.stages(rest, item, key, jumps, sink);
        }
        self.emit(StmtKind::Dec(Expr::Var(left)));
        let after = self.locals.label("next");
        let inner = Jumps { end: jumps.end, next: Next::Break(after) };
        let body = self.block(|lower| lower.stages(rest, item, key, inner, sink));
        self.emit(StmtKind::Labeled(after, Box::new(StmtKind::Block(body).into())));
        self.emit(StmtKind::if_else(is_zero, exit, Vec::new()));
    }

    /// Goes on with the payload of an option; without one, to the end of the chain or to the next item.
    fn when_some(
        &mut self,
        val: Val,
        option: Ty,
        end: Option<Jumps>,
        rest: &mut dyn FnMut(&mut Lower<'a, 'db>, Subject),
    ) {
        let payload = self.cx.option_payload(option).unwrap_or(option);
        let subject = self.settled(val, option);
        let (value, some) = self.parts_of(&subject, option, payload);
        let item = Subject::Place(value, payload);
        match end {
            Some(jumps) => {
                let exit = vec![StmtKind::Break(Some(jumps.end)).into()];
                self.emit(StmtKind::if_else(super::super::expr::negated(some), exit, Vec::new()));
                rest(self, item);
            }
            None => {
                let then = self.block(|lower| rest(lower, item));
                self.emit(StmtKind::if_else(some, then, Vec::new()));
            }
        }
    }

    /// Emits what a stage makes of its closure, which is where it comes from.
    fn emit_of(&mut self, function: &Function, kind: StmtKind) {
        let body = match function {
            Function::Closure(closure) => queries::thir(self.cx.db, closure.def).map(|body| (closure.outer, body)),
            Function::Item(..) | Function::Value(_) => None,
        };
        let pos = body.and_then(|(outer, body)| {
            let (file, start) = self.cx.item_base(outer)?;
            Some(Pos { file, offset: start + body.exprs[body.value].span.start })
        });
        self.out.push(kind.at(pos.or(self.pos)));
    }

    /// What a predicate says of an item.
    fn test_of(&mut self, function: &Function, reference: Subject) -> Expr {
        let val = self.apply(function, vec![reference], Ty::bool());
        self.stored(val, Ty::bool())
    }

    /// Calls a function for what it does.
    fn run(&mut self, function: &Function, args: Vec<Subject>, ret: Ty) {
        let val = self.apply(function, args, ret);
        self.send(val, ret, &Dest::Discard);
    }

    /// The item where it can be looked at, and a reference to it.
    fn shown(&mut self, item: Subject) -> (Subject, Subject) {
        let ty = self.subject_ty(&item);
        // Parts that may change behind a shared reference must not be looked at in a copy.
        let is_whole = matches!(item, Subject::Place(..) | Subject::Ref(..)) || queries::is_copy(self.cx.db, ty);
        let item = match is_whole {
            true => item,
            false => {
                let value = self.subject_place(&item);
                Subject::Place(self.fixed_expr(value, ty), ty)
            }
        };
        let reference = Subject::Ref(Box::new(item.clone()), Ty::imm_ref(ty));
        (item, reference)
    }

    /// The value behind a reference.
    pub(super) fn copied_item(&mut self, item: Subject, ty: Ty) -> Subject {
        let item_ty = self.subject_ty(&item);
        match item {
            Subject::Ref(inner, _) => *inner,
            item => {
                let place = self.subject_place(&item);
                let value = self.follow(place, item_ty);
                Subject::Place(self.fixed_expr(value, ty), ty)
            }
        }
    }

    /// `flat_map`: the chain that a closure's code ends in is a loop within the loop.
    fn flat_map(&mut self, function: &Function, item: Subject, ty: Ty, sink: &mut Sink<'_, 'a, 'db>) {
        if let Function::Closure(closure) = function
            && let Some(inner) = self.closure_chain(closure, item.clone())
        {
            return self.chain_loop(&inner, sink);
        }
        let val = self.apply(function, vec![item], ty);
        let value = self.settled(val, ty);
        let inner = self.chain_of_value(value, ty);
        self.chain_loop(&inner, sink)
    }
}
