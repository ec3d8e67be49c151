//! Bodies: from the typed tree to Go statements.
//!
//! Lowering is driven by where a value has to go ([`Dest`]): an `if` whose value is returned becomes an `if` with two `return`s, never a
//! closure. Operands are evaluated from left to right; what Go might evaluate in another order goes through a temporary, and the folds of
//! `go::fold` take needless ones away again.

mod aggregate;
mod alternatives;
mod arith;
mod arms;
mod assigned;
mod call;
mod captured_parts;
mod cast;
mod closure;
mod compare;
mod constant;
mod control;
mod control_flow;
mod copies;
mod door;
mod drops;
mod dynamic;
mod errors;
mod expr;
mod flags;
mod format;
mod frame;
mod function;
mod fuse;
mod glue;
mod helpers;
mod inline;
mod iterate;
mod lengths;
mod map_loop;
mod maps;
mod matching;
mod operands;
mod owning;
mod place;
mod referred;
mod result_match;
mod results;
mod slicing;
mod spelling;
mod strings;
mod switch;
mod template_call;
mod text;

pub use lengths::LONGEST;
use lengths::is_beyond;
use std::rc::Rc;

use rgo_borrowck::OwnershipFacts;
use rgo_hir::DefId;
use rgo_syntax::Span;
use rgo_typeck::thir::{self, ExprId, LocalId};
use rgo_typeck::ty::{Args, Ty};
use rustc_hash::{FxHashMap, FxHashSet};

use self::frame::{Closure, Exit, Known};
use self::fuse::Chain;
use crate::go::ast::*;
use crate::mono::Cx;

pub use errors::emit_error_methods;
pub use function::{emit_func, emit_static};
pub use glue::emit_drop_glue;
pub use maps::MapTy;
pub use results::{ErrorVal, ResultVal};
pub use text::{Shown, TextFn, emit_text};

/// Where a value goes.
#[derive(Clone, Debug)]
pub enum Dest {
    Discard,
    /// A variable that is declared already.
    Var(VarId),
    /// The payload of an `Option` and whether it is there: two variables that are declared already and hold zeros.
    Option(VarId, VarId),
    /// Out of the function, as its results.
    Return,
    /// Where the value of the inlined body that is being lowered goes.
    Exit,
}

/// A value as lowering has it at hand.
#[derive(Clone, Debug)]
pub enum Val {
    /// In the form in which values of the type are stored.
    One(Expr),
    /// A call that returns several results, which stand for the value (`mono::forms::Returns`).
    Multi(Expr),
    /// An `Option` taken apart: payload and whether it is there.
    Option(Expr, Expr),
    /// A `Result` taken apart.
    Result(Box<ResultVal>),
    /// A tuple taken apart.
    Parts(Vec<Expr>),
}

/// How a local of the source is known in Go.
#[derive(Clone, Debug)]
pub enum Slot {
    Var(VarId),
    /// Another name for this place, while it cannot change.
    Alias(Expr),
    /// A string that is built in this variable.
    Builder(VarId),
}

/// What happens to a map's entry as soon as it is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Overwrite {
    /// It is set to something else.
    Whole,
    /// It is set to what is made of it.
    Changed,
}

struct LoopCx {
    source: rgo_hir::body::LabelId,
    label: LabelId,
    dest: Dest,
    is_block: bool,
    next: Next,
}

/// How the next round of a loop begins.
#[derive(Clone, Copy, PartialEq)]
enum Next {
    Continue(LabelId),
    /// Statements follow the body.
    Break(LabelId),
}

/// One function (or static's initialiser) being lowered; closures are lowered in place, with the body swapped.
pub struct Lower<'a, 'db> {
    cx: &'a mut Cx<'db>,
    body: &'db thir::Body,
    facts: Option<&'db OwnershipFacts>,
    /// Whose item spans are relative to.
    def: DefId,
    args: Args,
    locals: Locals,
    slots: FxHashMap<LocalId, Slot>,
    known: FxHashMap<LocalId, Known>,
    /// Captured places of the closure that is being lowered.
    upvars: Vec<Expr>,
    /// Parts of variables outside, as they look from the variable, and where the closure that is being lowered has them.
    captured_parts: Vec<(Expr, Expr)>,
    out: Block,
    loops: Vec<LoopCx>,
    ret: Ty,
    pos: Option<Pos>,
    /// The file of the item among its package's, and where in it the item begins; `None` for what is not the package's own.
    base: Option<(u32, u32)>,
    /// What `self` is called in a function that is no method.
    self_name: &'static str,
    /// Expressions whose value is dropped as a temporary, and the variables that hold them.
    dropped_temps: FxHashSet<ExprId>,
    temp_vars: FxHashMap<ExprId, VarId>,
    /// Which alternative of a `|` pattern the arm being lowered is for.
    or_choices: FxHashMap<thir::PatId, usize>,
    /// The part of its pattern that an arm still has to look at.
    arm_pats: FxHashMap<thir::ArmId, thir::PatId>,
    /// Whether this is what shows an error.
    is_error_method: bool,
    /// Parameters whose pattern is no plain name, by position.
    param_vars: FxHashMap<u32, VarId>,
    /// Who drops what of the body being lowered.
    dropping: flags::DropState,
    /// Closures that are handed to something that calls them once at most.
    once: FxHashSet<DefId>,
    /// Variables that began as a string literal, by the address of their body and their number in it.
    fresh_strings: FxHashSet<(usize, LocalId)>,
    /// The `fmt` that is lowered to the text that it writes.
    text_body: Option<text::TextBody<'db>>,
    /// The call of the next entry of a map that is lowered, where what it holds is overwritten or changed at once.
    overwritten: Option<(ExprId, Overwrite)>,
    /// Variables that hold a copy of a map's key or value, to which only a reference is wanted.
    map_copies: FxHashSet<VarId>,
    /// Variables that are nil where the option whose payload they are has none.
    nil_if_missing: FxHashSet<VarId>,
    /// The call whose value nobody wants, and, while its arguments are being evaluated no longer, whether it is the one being lowered.
    discarded: Option<ExprId>,
    result_is_unused: bool,
    /// Whether the map and the key of the call being lowered stay as they are while something borrows the entry.
    has_fixed_entry: (bool, bool),
    /// Whether the statement being lowered stands directly in the function's outermost block.
    is_outermost: bool,
    /// Where the value of an inlined body goes; `None` in the body of a Go function.
    exit: Option<Box<Exit>>,
    /// Variables of the program that keep their value while a chain over them is alive.
    fixed_vars: FxHashSet<VarId>,
    /// Functions that are being inlined, from the outside in.
    inlining: Vec<(DefId, Args)>,
    /// A call whose `Option` is taken apart at once.
    taken_apart: Option<ExprId>,
}

impl<'a, 'db> Lower<'a, 'db> {
    pub fn new(
        cx: &'a mut Cx<'db>,
        body: &'db thir::Body,
        facts: Option<&'db OwnershipFacts>,
        def: DefId,
        args: Args,
    ) -> Self {
        let ret = cx.concrete(body.ret, args);
        let mut lower = Lower {
            cx,
            body,
            facts,
            def,
            args,
            locals: Locals::default(),
            slots: FxHashMap::default(),
            known: FxHashMap::default(),
            upvars: Vec::new(),
            captured_parts: Vec::new(),
            out: Vec::new(),
            loops: Vec::new(),
            ret,
            pos: None,
            base: None,
            self_name: "self",
            dropped_temps: FxHashSet::default(),
            temp_vars: FxHashMap::default(),
            or_choices: FxHashMap::default(),
            arm_pats: FxHashMap::default(),
            is_error_method: false,
            param_vars: FxHashMap::default(),
            dropping: flags::DropState::default(),
            once: FxHashSet::default(),
            is_outermost: false,
            fresh_strings: FxHashSet::default(),
            text_body: None,
            overwritten: None,
            map_copies: FxHashSet::default(),
            nil_if_missing: FxHashSet::default(),
            discarded: None,
            result_is_unused: false,
            has_fixed_entry: (false, false),
            exit: None,
            fixed_vars: FxHashSet::default(),
            inlining: Vec::new(),
            taken_apart: None,
        };
        lower.base = lower.cx.item_base(def);
        lower.plan_drops();
        lower
    }

    /// The concrete type of something in this body.
    fn ty(&self, ty: Ty) -> Ty {
        self.cx.concrete(ty, self.args)
    }

    fn expr_ty(&self, expr: ExprId) -> Ty {
        self.ty(self.body.exprs[expr].ty)
    }

    fn go_ty(&mut self, ty: Ty) -> Type {
        self.cx.go_ty(ty)
    }

    fn emit(&mut self, kind: StmtKind) {
        self.out.push(kind.at(self.pos));
    }

    /// The statements that `f` emits, apart.
    fn block(&mut self, f: impl FnOnce(&mut Self)) -> Block {
        let outer = std::mem::take(&mut self.out);
        let pos = self.pos;
        f(self);
        self.pos = pos;
        std::mem::replace(&mut self.out, outer)
    }

    fn unsupported(&mut self, span: Span, what: &str) -> Expr {
        self.cx.unsupported(self.def, span, what);
        Expr::nil()
    }

    /// A fresh variable that holds the value from here on.
    fn temp(&mut self, name: &str, value: Expr) -> Expr {
        let var = self.locals.temporary(name);
        self.define(var, value, None);
        Expr::Var(var)
    }

    /// Declares a variable with a value; with its type where the value would give it another one.
    fn define(&mut self, var: VarId, value: Expr, ty: Option<Type>) {
        match (needs_type(&value), ty) {
            (true, Some(ty)) => {
                let value = match value {
                    Expr::Lit(Lit::Nil) => None,
                    other => Some(other),
                };
                self.emit(StmtKind::Var(var, ty, value));
            }
            (false, _) if zero_type(&value).is_some() => {
                let ty = zero_type(&value).cloned().unwrap_or_else(Type::unit);
                self.emit(StmtKind::Var(var, ty, None));
            }
            _ => self.emit(StmtKind::define(var, default_typed(value))),
        }
    }

    fn unreachable(&mut self) {
        self.emit(StmtKind::Expr(Expr::builtin("panic", vec![Expr::str("unreachable")])));
    }

    fn mark(&mut self, span: Span) {
        // What is inlined from std stands for the call.
        if let Some(pos) = self.pos_of(span) {
            self.pos = Some(pos);
            self.cx.origin = Some((self.def, span));
        }
    }

    fn pos_of(&self, span: Span) -> Option<Pos> {
        self.base.map(|(file, start)| Pos { file, offset: start + span.start })
    }
}

/// Whether `x := value` would not give `x` the type it has in rgo.
fn needs_type(value: &Expr) -> bool {
    matches!(value, Expr::Lit(Lit::Nil | Lit::Int(_) | Lit::Spelled(..) | Lit::Float(_)))
}

/// The type of an expression that says nothing but that it is the zero value: `T{}` and `[]T(nil)`.
fn zero_type(value: &Expr) -> Option<&Type> {
    match value {
        Expr::Convert(ty, inner) if matches!(**inner, Expr::Lit(Lit::Nil)) => Some(ty),
        Expr::Composite(composite) if composite.elements.is_empty() => match &composite.ty {
            ty @ (Type::Generic(..) | Type::Imported(..)) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// A typed constant whose type is Go's default anyway needs no conversion.
fn default_typed(value: Expr) -> Expr {
    match value {
        Expr::Typed(ty, lit) => match (&lit, &ty) {
            (Lit::Int(_), Type::Name(name)) | (Lit::Spelled(..), Type::Name(name)) if &**name == "int" => {
                Expr::Lit(lit)
            }
            (Lit::Float(text), Type::Name(name)) if &**name == "float64" && text.contains(['.', 'e']) => Expr::Lit(lit),
            (Lit::Rune(_) | Lit::Str(_) | Lit::Bool(_), _) => Expr::Lit(lit),
            _ => Expr::Typed(ty, lit),
        },
        other => other,
    }
}

/// A value in a place that has the type already.
pub fn fitted(value: Expr) -> Expr {
    match value {
        Expr::Typed(_, lit) => Expr::Lit(lit),
        Expr::Upcast(_, inner) => *inner,
        Expr::Convert(_, inner) if matches!(*inner, Expr::Lit(Lit::Nil)) => *inner,
        other => other,
    }
}
