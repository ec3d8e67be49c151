//! Bodies lowered inside another one: what belongs to the body rather than to the Go function it goes into.
//!
//! A function of std that is inlined, and a closure whose code stands where it is called, are lowered in a [`Frame`] of their own: ids of
//! locals, expressions and labels mean something within one body only. Where the value of such a body goes is its [`Exit`].

use rgo_borrowck::DroppedPlace;
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{BodyKind, ExprKind};

use super::flags::DropState;
use super::matching::Subject;
use super::*;
use crate::queries;

/// What is known about a local beyond the Go variable that holds it.
#[derive(Clone)]
pub(super) enum Known {
    /// A closure whose code is at hand.
    Closure(Rc<Closure>),
    /// A function or constructor by its name.
    Item(DefId, Args),
    /// An iterator that is described, not made.
    Chain(Rc<Chain>),
    /// A value in its parts.
    Subject(Subject),
    /// What is borrowed for as long as the local is there, by its path.
    Path(Expr),
}

/// A closure literal that was evaluated: what it captured, and where it stands.
pub(super) struct Closure {
    pub def: DefId,
    pub upvars: Vec<Expr>,
    /// The body it stands in, and the arguments of that.
    pub outer: DefId,
    pub args: Args,
}

/// Where an inlined body sends its value, seen from the body that it is inlined in.
#[derive(Clone)]
pub(super) struct Exit {
    dest: Dest,
    /// Left where the inlined body returns.
    label: LabelId,
    /// The result type of the outer body.
    ret: Ty,
    outer: Option<Box<Exit>>,
}

pub(super) struct Frame<'db> {
    body: &'db thir::Body,
    facts: Option<&'db OwnershipFacts>,
    def: DefId,
    args: Args,
    slots: FxHashMap<LocalId, Slot>,
    known: FxHashMap<LocalId, Known>,
    upvars: Vec<Expr>,
    captured_parts: Vec<(Expr, Expr)>,
    loops: Vec<LoopCx>,
    ret: Ty,
    base: Option<(u32, u32)>,
    dropped_temps: FxHashSet<ExprId>,
    temp_vars: FxHashMap<ExprId, VarId>,
    or_choices: FxHashMap<thir::PatId, usize>,
    arm_pats: FxHashMap<thir::ArmId, thir::PatId>,
    param_vars: FxHashMap<u32, VarId>,
    dropping: DropState,
    is_outermost: bool,
    overwritten: Option<(ExprId, Overwrite)>,
    discarded: Option<ExprId>,
    exit: Option<Box<Exit>>,
}

impl<'db> Lower<'_, 'db> {
    /// The frame of a function's body.
    pub(super) fn function_frame(&mut self, def: DefId, args: Args, body: &'db thir::Body) -> Frame<'db> {
        Frame {
            body,
            facts: queries::facts(self.cx.db, def),
            def,
            args,
            slots: FxHashMap::default(),
            known: FxHashMap::default(),
            upvars: Vec::new(),
            captured_parts: Vec::new(),
            loops: Vec::new(),
            ret: self.cx.concrete(body.ret, args),
            base: self.cx.item_base(def),
            dropped_temps: FxHashSet::default(),
            temp_vars: FxHashMap::default(),
            or_choices: FxHashMap::default(),
            arm_pats: FxHashMap::default(),
            param_vars: FxHashMap::default(),
            dropping: DropState::inlined(),
            is_outermost: false,
            overwritten: None,
            discarded: None,
            exit: None,
        }
    }

    /// The frame of a closure's body.
    pub(super) fn closure_frame(&mut self, closure: &Closure, body: &'db thir::Body) -> Frame<'db> {
        let mut frame = self.function_frame(closure.def, closure.args, body);
        frame.upvars = closure.upvars.clone();
        // Spans of a closure are relative to the item it stands in.
        frame.def = closure.outer;
        frame.base = self.cx.item_base(closure.outer);
        if let thir::BodyKind::Closure(info) = &body.kind {
            self.in_frame(&mut frame, |lower| {
                lower.captured_parts = lower.parts_of_captured(closure.def, &info.captures, &closure.upvars);
            });
        }
        frame
    }

    /// Lowers something in another frame.
    pub(super) fn in_frame<R>(&mut self, frame: &mut Frame<'db>, f: impl FnOnce(&mut Self) -> R) -> R {
        self.swap(frame);
        let pos = self.pos;
        let result = f(self);
        self.pos = pos;
        self.swap(frame);
        result
    }

    fn swap(&mut self, frame: &mut Frame<'db>) {
        use std::mem::swap;
        swap(&mut self.body, &mut frame.body);
        swap(&mut self.facts, &mut frame.facts);
        swap(&mut self.def, &mut frame.def);
        swap(&mut self.args, &mut frame.args);
        swap(&mut self.slots, &mut frame.slots);
        swap(&mut self.known, &mut frame.known);
        swap(&mut self.upvars, &mut frame.upvars);
        swap(&mut self.captured_parts, &mut frame.captured_parts);
        swap(&mut self.loops, &mut frame.loops);
        swap(&mut self.ret, &mut frame.ret);
        swap(&mut self.base, &mut frame.base);
        swap(&mut self.dropped_temps, &mut frame.dropped_temps);
        swap(&mut self.temp_vars, &mut frame.temp_vars);
        swap(&mut self.or_choices, &mut frame.or_choices);
        swap(&mut self.arm_pats, &mut frame.arm_pats);
        swap(&mut self.param_vars, &mut frame.param_vars);
        swap(&mut self.dropping, &mut frame.dropping);
        swap(&mut self.is_outermost, &mut frame.is_outermost);
        swap(&mut self.overwritten, &mut frame.overwritten);
        swap(&mut self.discarded, &mut frame.discarded);
        swap(&mut self.exit, &mut frame.exit);
    }

    /// Lowers the body of a frame here. `bind` gives the parameters their values; the value goes to `dest`, if that is the end of the
    /// function, and to where it is at hand otherwise.
    pub(super) fn inline_body(
        &mut self,
        frame: &mut Frame<'db>,
        bind: impl FnOnce(&mut Self),
        dest: Option<&Dest>,
    ) -> Val {
        let body = frame.body;
        let ret = frame.ret;
        let returns = body.exprs.iter().any(|(_, e)| matches!(e.kind, ExprKind::Return { .. } | ExprKind::Try { .. }));
        if !returns && dest.is_none() {
            return self.in_frame(frame, |lower| {
                lower.plan_drops();
                bind(lower);
                lower.mark_closure();
                lower.value_of_body()
            });
        }
        let label = self.locals.label("done");
        let (dest, initial, val) = self.destination(frame, ret, dest);
        let is_exit = !matches!(dest, Dest::Discard);
        frame.exit = Some(Box::new(Exit { dest, label, ret: self.ret, outer: self.exit.clone() }));
        let stmts = self.block(|lower| {
            lower.in_frame(frame, |lower| {
                lower.plan_drops();
                bind(lower);
                lower.mark_closure();
                let body = lower.body;
                match (&body.exprs[body.value].kind, initial) {
                    (ExprKind::Block(block), true) => lower.stmts(&body.blocks[*block].stmts),
                    _ => {
                        let dest = if is_exit { Dest::Exit } else { Dest::Discard };
                        lower.scoped_into(body.value, &dest, ScopeExit::FnEnd);
                    }
                }
            });
        });
        if returns {
            self.emit(StmtKind::Labeled(label, Box::new(StmtKind::Block(stmts).into())));
        } else {
            self.out.extend(stmts);
        }
        val
    }

    /// What follows comes from the body of the closure whose frame this is.
    fn mark_closure(&mut self) {
        if matches!(self.body.kind, BodyKind::Closure(_)) {
            self.mark(self.body.exprs[self.body.value].span);
        }
    }

    /// Where the value of an inlined body goes, whether it is there from the start, and how it is known afterwards.
    fn destination(&mut self, frame: &mut Frame<'db>, ret: Ty, dest: Option<&Dest>) -> (Dest, bool, Val) {
        if ret.is_unit() || ret.is_never() {
            return (Dest::Discard, false, Val::Parts(Vec::new()));
        }
        if let Some(dest) = dest {
            return (dest.clone(), false, Val::Parts(Vec::new()));
        }
        let initial = constant_tail(frame.body);
        let (dest, val) = self.result_vars(ret);
        let Some(tail) = initial else { return (dest, false, val) };
        // `for x in xs { if p(x) { return true; } } false`: the last value is there first, and the loop is left with another.
        let value = self.in_frame(frame, |lower| lower.val(tail));
        match (&dest, value) {
            (Dest::Option(..), _) => {}
            (Dest::Var(var), value) => {
                let value = fitted(self.stored(value, ret));
                // The variable was declared with Go's zero.
                if !matches!(&value, Expr::Lit(lit) if lit.is_zero()) {
                    self.emit(StmtKind::assign(Expr::Var(*var), value));
                }
            }
            _ => {}
        }
        (dest, true, val)
    }

    /// Declares the variables that a value of this type will be put in.
    pub(super) fn result_vars(&mut self, ty: Ty) -> (Dest, Val) {
        if let Some(payload) = self.cx.option_payload(ty)
            && self.cx.option_form(payload) == crate::mono::forms::OptionForm::Tagged
        {
            let (value, some) = (self.locals.temporary("v"), self.locals.temporary("ok"));
            let form = self.go_ty(payload);
            self.emit(StmtKind::Var(value, form, None));
            self.emit(StmtKind::Var(some, Type::name("bool"), None));
            return (Dest::Option(value, some), Val::Option(Expr::Var(value), Expr::Var(some)));
        }
        let var = self.locals.temporary("v");
        let form = self.go_ty(ty);
        self.emit(StmtKind::Var(var, form, None));
        (Dest::Var(var), Val::One(Expr::Var(var)))
    }

    /// The value of the body of the present frame, which ends in its tail only.
    fn value_of_body(&mut self) -> Val {
        let value = self.body.value;
        let ty = self.expr_ty(value);
        if ty.is_unit() || ty.is_never() {
            self.scoped_into(value, &Dest::Discard, ScopeExit::FnEnd);
            return Val::Parts(Vec::new());
        }
        self.val(value)
    }

    /// Whether a destination is the end of the Go function.
    pub(super) fn leaves_function(&self, dest: &Dest) -> bool {
        match dest {
            Dest::Return => self.exit.as_deref().is_none_or(|exit| exit.leaves_function()),
            Dest::Exit => self.exit.as_deref().is_some_and(Exit::leaves_function),
            _ => false,
        }
    }

    /// Sends a value where an inlined body's goes.
    pub(super) fn send_exit(&mut self, val: Val, ty: Ty) {
        let Some(exit) = self.exit.clone() else { return };
        let inner_ret = std::mem::replace(&mut self.ret, exit.ret);
        let inner = std::mem::replace(&mut self.exit, exit.outer.clone());
        self.send(val, ty, &exit.dest);
        self.exit = inner;
        self.ret = inner_ret;
    }

    /// `return` with nothing.
    pub(super) fn leave(&mut self) {
        match &self.exit {
            Some(exit) => {
                let label = exit.label;
                self.emit(StmtKind::Break(Some(label)));
            }
            None => self.emit(StmtKind::Return(Vec::new())),
        }
    }

    /// Whether the code of a closure may stand where it is called: nothing dies with it, and nobody copies it.
    pub(super) fn is_code_at_hand(&self, def: DefId) -> bool {
        let Some(body) = queries::thir(self.cx.db, def) else { return false };
        let BodyKind::Closure(info) = &body.kind else { return false };
        !body.has_errors
            && !self.cx.is_copied_closure(def)
            && info
                .captures
                .iter()
                .all(|capture| capture.by != thir::CaptureBy::Value || !self.cx.needs_drop(self.ty(capture.ty)))
            && body.params.iter().all(|param| !self.cx.needs_drop(self.ty(param.ty)))
            && !self.drops_something(def, body, self.args)
    }

    /// Whether a local or temporary of a body has a destructor.
    pub(super) fn drops_something(&self, def: DefId, body: &thir::Body, args: Args) -> bool {
        let Some(facts) = queries::facts(self.cx.db, def) else { return false };
        let needs_drop = |ty: Ty| self.cx.needs_drop(self.cx.concrete(ty, args));
        facts.drops.values().flatten().map(|drop| &drop.what).chain(&facts.unwinding).any(|what| match what {
            DroppedPlace::Local(local) | DroppedPlace::LocalField(local, _) => {
                body.locals.get(*local).is_some_and(|local| needs_drop(local.ty))
            }
            DroppedPlace::Temp(expr) | DroppedPlace::TempField(expr, _) => needs_drop(body.exprs[*expr].ty),
            DroppedPlace::Param(index, _) => body.params.get(*index as usize).is_some_and(|param| needs_drop(param.ty)),
            DroppedPlace::Upvar(_) | DroppedPlace::Env => false,
        })
    }
}

impl Exit {
    fn leaves_function(&self) -> bool {
        match &self.dest {
            Dest::Return => self.outer.as_deref().is_none_or(Exit::leaves_function),
            Dest::Exit => self.outer.as_deref().is_some_and(Exit::leaves_function),
            _ => false,
        }
    }
}

/// The tail of a body that is a constant, behind statements.
fn constant_tail(body: &thir::Body) -> Option<ExprId> {
    let ExprKind::Block(block) = &body.exprs[body.value].kind else { return None };
    let block = &body.blocks[*block];
    let tail = block.tail?;
    let is_constant = match &body.exprs[tail].kind {
        ExprKind::Literal(_) => true,
        ExprKind::Adt(adt) => adt.fields.is_empty() && adt.base.is_none(),
        _ => false,
    };
    (is_constant && block.label.is_none() && !block.stmts.is_empty()).then_some(tail)
}
