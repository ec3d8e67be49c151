//! Small functions of std lowered where they are called.
//!
//! A call of `unwrap_or`, of an operator on references, of a consumer of iterators … becomes the statements of its body, with parameters
//! as other names of the arguments and closures as their code. What is inlined is decided by the callee's shape alone, so that the same
//! call looks the same everywhere.

use rgo_hir::{DefId, DefKind};
use rgo_typeck::thir::{ExprId, ExprKind, StmtKind as ThirStmt};
use rgo_typeck::ty::{Args, TyKind};

use super::matching::Subject;
use super::operands::Stability;
use super::*;
use crate::attrs::{self, GoForm};
use crate::queries::{self, Callee};

/// How many functions may be inlined in each other.
const DEPTH: usize = 10;

/// The most expressions of a function that is inlined for its size.
const SMALL: usize = 28;

/// The most expressions of a function that is inlined for the closures or chains that it is given.
const LARGE: usize = 120;

/// The most expressions of a closure whose code may stand in two places.
const COPIED: usize = 24;

/// An argument of an inlined call.
pub(super) enum Bound {
    Subject(Subject),
    /// The path to what is borrowed, which stays the same while the callee has it.
    Path(Expr),
    /// What is written out once, where the callee uses it.
    Literal(Expr),
    Closure(Rc<Closure>),
    /// A function or constructor by its name.
    Item(DefId, Args),
    Chain(Chain),
}

/// What becomes of the value of a call.
#[derive(Clone, Copy)]
pub(super) enum Use<'a> {
    Value,
    /// It is an `Option` that is only asked whether there is something, and what.
    Parts,
    /// It goes where every branch of the callee can send it by itself.
    Sent(&'a Dest),
}

impl<'a> Use<'a> {
    pub(super) fn of_value(is_taken_apart: bool) -> Use<'a> {
        if is_taken_apart { Use::Parts } else { Use::Value }
    }

    fn dest(self) -> Option<&'a Dest> {
        match self {
            Use::Sent(dest) => Some(dest),
            Use::Value | Use::Parts => None,
        }
    }
}

impl<'db> Lower<'_, 'db> {
    /// Notes that the value of an expression, which is lowered next, is taken apart.
    pub(super) fn take_apart(&mut self, expr: ExprId) {
        match self.body.exprs[expr].kind {
            ExprKind::Call { .. } => self.taken_apart = Some(expr),
            ExprKind::Borrow { place, .. } => self.take_apart(place),
            _ => {}
        }
    }

    /// Lowers a call of a function of std in place; nothing where it has to stay a call.
    pub(super) fn inline_call(&mut self, def: DefId, generic: Args, args: &[ExprId], result: Use<'_>) -> Option<Val> {
        let (def, generic) = self.first_item(def, args).unwrap_or((def, generic));
        if self.native_operator(def, generic).is_some() {
            return None;
        }
        let Callee::Item(target, target_args) = queries::resolve(self.cx.db, def, generic) else { return None };
        let body = self.inlinable_body(target, target_args)?;
        let chains = self.consumed(def, generic, args);
        if chains.is_empty() && !self.is_inlined(target, target_args, body, args, result) {
            return None;
        }
        let dest = result.dest();
        let takes_apart = self.is_choice(target) && !self.hands_choice_on(target_args, body, result);
        let bounds = self.bound_args(body, args, &chains, takes_apart);
        if let [Bound::Chain(chain)] = &bounds[..]
            && self.cx.lang_of(target) == Some("vec_from_iter")
            && let Some(list) = self.list_of_chain(chain)
        {
            let list = Val::One(list);
            return Some(match dest {
                Some(dest) => {
                    let ty = self.cx.sig_of(target, target_args).output();
                    self.send(list, ty, dest);
                    Val::Parts(Vec::new())
                }
                None => list,
            });
        }
        Some(self.inline_with(target, target_args, body, bounds, result))
    }

    /// Whether the value of a function is an `Option` or `Result` that nobody takes apart yet.
    fn hands_choice_on(&self, target_args: Args, body: &thir::Body, result: Use<'_>) -> bool {
        let ret = self.cx.concrete(body.ret, target_args);
        matches!(result, Use::Value) && self.is_choice_ty(ret)
    }

    fn is_choice_ty(&self, ty: Ty) -> bool {
        self.cx.option_payload(ty).is_some() || self.cx.result_payload(ty).is_some()
    }

    /// The same for a call whose value leaves the function: every branch of the callee leaves it by itself.
    pub(super) fn inline_into(&mut self, expr: ExprId, callee: ExprId, args: &[ExprId], dest: &Dest) -> bool {
        if self.is_text_tail(expr) {
            return false;
        }
        let body = self.body;
        let ExprKind::FnItem { def, args: generic, .. } = &body.exprs[callee].kind else { return false };
        let ty = self.expr_ty(expr);
        if def.kind() != DefKind::Fn || self.is_special(*def) || ty.is_unit() || ty.is_never() {
            return false;
        }
        let generic = self.cx.concrete_args(*generic, self.args);
        if self.sides_with_parts(*def, generic, args).is_some() {
            return false;
        }
        self.inline_call(*def, generic, args, Use::Sent(dest)).is_some()
    }

    fn inline_with(
        &mut self,
        target: DefId,
        target_args: Args,
        body: &'db thir::Body,
        bounds: Vec<Bound>,
        result: Use<'_>,
    ) -> Val {
        let mut frame = self.function_frame(target, target_args, body);
        self.inlining.push((target, target_args));
        let bind = |lower: &mut Self| {
            lower.bind_bounds(bounds);
            if let Use::Parts = result {
                lower.take_apart(tail(body, body.value));
            }
        };
        let val = self.inline_body(&mut frame, bind, result.dest());
        self.inlining.pop();
        val
    }

    fn bind_bounds(&mut self, bounds: Vec<Bound>) {
        let pats: Vec<Option<thir::PatId>> = self.body.params.iter().map(|param| param.pat).collect();
        for (pat, bound) in pats.into_iter().zip(bounds) {
            let Some(pat) = pat else { continue };
            match (bound, self.simple_binding(pat)) {
                (Bound::Subject(subject), _) => self.bind_subject(pat, subject),
                (Bound::Closure(closure), Some(local)) => {
                    self.known.insert(local, Known::Closure(closure));
                }
                (Bound::Item(def, generic), Some(local)) => {
                    self.known.insert(local, Known::Item(def, generic));
                }
                (Bound::Chain(chain), Some(local)) => {
                    self.known.insert(local, Known::Chain(Rc::new(chain)));
                }
                (Bound::Literal(value), Some(local)) => {
                    self.slots.insert(local, Slot::Alias(value));
                }
                (Bound::Path(path), Some(local)) => {
                    self.known.insert(local, Known::Path(path));
                }
                (Bound::Path(_) | Bound::Closure(_) | Bound::Item(..) | Bound::Chain(_) | Bound::Literal(_), None) => {}
            }
        }
    }

    /// The arguments, evaluated from left to right, each as something that stays what it is.
    fn bound_args(
        &mut self,
        body: &'db thir::Body,
        args: &[ExprId],
        chains: &[usize],
        takes_apart: bool,
    ) -> Vec<Bound> {
        let mut bounds = Vec::with_capacity(args.len());
        for (position, arg) in args.iter().enumerate() {
            if chains.contains(&position) {
                bounds.push(Bound::Chain(self.build_chain(*arg)));
                continue;
            }
            if let Some(closure) = self.closure_argument(*arg, body, position) {
                bounds.push(Bound::Closure(closure));
                continue;
            }
            if let Some((item, generic)) = self.item_argument(*arg, body, position) {
                bounds.push(Bound::Item(item, generic));
                continue;
            }
            if let Some(path) = self.known_path(*arg).filter(|_| may_go_by_path(body, position)) {
                bounds.push(Bound::Path(path));
                continue;
            }
            bounds.push(match self.literal_argument(*arg, body, position) {
                Some(literal) => literal,
                None => {
                    if takes_apart && position == 0 {
                        self.take_apart(*arg);
                    }
                    let subject = self.argument(*arg, &args[position + 1..]);
                    match subject {
                        Subject::Place(path @ Expr::Select(..), _)
                            if is_path(&path)
                                && matches!(self.body.exprs[*arg].kind, ExprKind::Borrow { .. })
                                && may_go_by_path(body, position) =>
                        {
                            Bound::Path(path)
                        }
                        subject => Bound::Subject(subject),
                    }
                }
            });
        }
        bounds
    }

    /// The path that a parameter of a function around this one goes by.
    fn known_path(&self, arg: ExprId) -> Option<Expr> {
        let ExprKind::Local(local) = &self.body.exprs[arg].kind else { return None };
        match self.known.get(local)? {
            Known::Path(path) => Some(path.clone()),
            _ => None,
        }
    }

    /// A struct or enum that is written out, of parts that stay what they are: made where the callee uses it, and not where it does not.
    fn literal_argument(&mut self, arg: ExprId, body: &thir::Body, position: usize) -> Option<Bound> {
        let is_literal = matches!(self.body.exprs[arg].kind, ExprKind::Adt(_) | ExprKind::Call { .. });
        let is_changed = param_local(body, position).and_then(|l| body.locals.get(l)).is_none_or(|l| l.mutable);
        if !is_literal || is_changed || uses_of_param(body, position) != 1 || self.is_captured(body, position) {
            return None;
        }
        let is_stable = match &self.body.exprs[arg].kind {
            ExprKind::Call { callee, args, .. } => {
                let is_constructor = matches!(&self.body.exprs[*callee].kind,
                    ExprKind::FnItem { def, .. } if matches!(def.kind(), DefKind::Variant | DefKind::Struct));
                is_constructor && args.iter().all(|arg| self.stability(*arg) == Stability::Stable)
            }
            _ => self.stability(arg) == Stability::Stable,
        };
        if !is_stable {
            return None;
        }
        let ty = self.expr_ty(arg);
        let mark = self.out.len();
        let val = self.val(arg);
        Some(match val {
            Val::One(value @ Expr::Composite(_)) if self.out.len() == mark => Bound::Literal(value),
            Val::One(value) if super::expr::is_repeatable(&value) => Bound::Subject(Subject::Place(value, ty)),
            val => Bound::Subject(self.settled(val, ty)),
        })
    }

    /// An argument as something that stays what it is, whatever the arguments after it do.
    pub(super) fn argument(&mut self, arg: ExprId, later: &[ExprId]) -> Subject {
        let ty = self.expr_ty(arg);
        if let Some(subject) = self.known_subject(arg) {
            return subject;
        }
        let stability = self.stability(arg);
        if self.is_place(arg) && stability == Stability::Stable {
            let subject = self.subject(arg);
            if let Subject::Place(Expr::Var(var), _) = &subject {
                self.fixed_vars.insert(*var);
            }
            return subject;
        }
        let keeps = |lower: &Self, place| lower.is_fixed_place(place) || !later.iter().any(|arg| lower.runs_code(*arg));
        let is_borrow = match &self.body.exprs[arg].kind {
            ExprKind::Borrow { place, .. } => self.is_place(*place) && keeps(self, *place),
            _ => self.referred_option(arg).is_some_and(|option| keeps(self, option)),
        };
        if is_borrow && let Some((reference, some)) = self.referred_parts(arg) {
            return Subject::Option(reference, some, ty);
        }
        let val = self.val(arg);
        match val {
            // What is borrowed stays what it is while the callee has it; a reference on the way to it may be set by what runs before.
            Val::One(value) if is_borrow && is_path(&value) => match self.cx.option_payload(ty) {
                Some(_) => {
                    let (value, some) = self.option_parts(Val::One(value), ty);
                    Subject::Option(value, some, ty)
                }
                None => Subject::Place(value, ty),
            },
            Val::One(value) if stability == Stability::Stable && super::expr::is_repeatable(&value) => {
                if let Expr::Var(var) = &value {
                    self.fixed_vars.insert(*var);
                }
                Subject::Place(value, ty)
            }
            val => self.settled(val, ty),
        }
    }

    /// Whether an argument does something, or is a closure that may when the callee calls it.
    fn runs_code(&self, arg: ExprId) -> bool {
        match &self.body.exprs[arg].kind {
            ExprKind::Closure { .. } => true,
            ExprKind::Local(local) => matches!(self.known.get(local), Some(Known::Closure(_) | Known::Chain(_))),
            ExprKind::Borrow { place, .. } => self.runs_code(*place),
            _ => self.stability(arg) == Stability::Effect,
        }
    }

    /// A closure among the arguments whose code can stand where the callee calls it.
    fn closure_argument(&mut self, arg: ExprId, body: &thir::Body, position: usize) -> Option<Rc<Closure>> {
        let found = match &self.body.exprs[arg].kind {
            ExprKind::Local(local) => match self.known.get(local) {
                Some(Known::Closure(closure)) => return Some(closure.clone()),
                _ => return None,
            },
            ExprKind::Borrow { place, .. } => return self.closure_argument(*place, body, position),
            ExprKind::Closure { def } => *def,
            _ => return None,
        };
        if !self.is_code_at_hand(found) {
            return None;
        }
        let uses = uses_of_param(body, position);
        let size = queries::thir(self.cx.db, found).map_or(usize::MAX, |body| body.exprs.len());
        if uses > 1 && size > COPIED || self.is_captured(body, position) {
            return None;
        }
        self.known_closure(found)
    }

    /// A function or constructor among the arguments that the callee calls by a parameter of its own.
    fn item_argument(&self, arg: ExprId, body: &thir::Body, position: usize) -> Option<(DefId, Args)> {
        let is_called = matches!(body.params[position].ty.peel_refs().kind(), TyKind::Param(_))
            && is_only_called(body, position)
            && !self.is_captured(body, position);
        match &self.body.exprs[arg].kind {
            ExprKind::FnItem { def, args, .. } if is_called => Some((*def, self.cx.concrete_args(*args, self.args))),
            ExprKind::Local(local) if is_called => match self.known.get(local) {
                Some(Known::Item(def, args)) => Some((*def, *args)),
                _ => None,
            },
            ExprKind::Borrow { place, .. } => self.item_argument(*place, body, position),
            _ => None,
        }
    }

    fn is_captured(&self, body: &thir::Body, position: usize) -> bool {
        let Some(local) = param_local(body, position) else { return true };
        body.closures.iter().any(|closure| {
            queries::thir(self.cx.db, *closure).is_none_or(|body| match &body.kind {
                thir::BodyKind::Closure(info) => info.captures.iter().any(|c| c.place.local == local),
                _ => true,
            })
        })
    }

    /// The body of a function of std that may be lowered in place of a call.
    pub(super) fn inlinable_body(&mut self, target: DefId, args: Args) -> Option<&'db thir::Body> {
        if !target.is_std()
            || target.kind() != DefKind::Fn
            || self.inlining.len() >= DEPTH
            || self.inlining.contains(&(target, args))
            || self.is_special(target)
            || attrs::stays_call(self.cx.db, target)
            || self.has_template(target, args)
        {
            return None;
        }
        let body = queries::thir(self.cx.db, target)?;
        if body.has_errors || body.exprs.len() > LARGE {
            return None;
        }
        let plain_params = body.params.iter().all(|param| {
            param.pat.is_none_or(|pat| {
                matches!(body.pats[pat].kind, thir::PatKind::Bind { by_ref: None, sub: None, .. } | thir::PatKind::Wild)
            }) && !self.cx.needs_drop(self.cx.concrete(param.ty, args))
        });
        let ret = self.cx.concrete(body.ret, args);
        (plain_params && !self.cx.needs_drop(ret) && !self.drops_something(target, body, args)).then_some(body)
    }

    fn has_template(&mut self, target: DefId, args: Args) -> bool {
        attrs::go_attrs(self.cx.db, target).iter().any(|attr| match &attr.condition {
            None => !matches!(attr.form, Some(GoForm::Type(_))),
            Some(condition) => self.cx.condition(condition, args),
        })
    }

    /// Whether a function is inlined without a chain to consume.
    fn is_inlined(
        &mut self,
        target: DefId,
        target_args: Args,
        body: &thir::Body,
        args: &[ExprId],
        result: Use<'_>,
    ) -> bool {
        let shape = Shape::of(body);
        let has_closure = args.iter().enumerate().any(|(position, arg)| self.is_closure(*arg, body, position));
        if has_closure {
            return !shape.loops || target.parent().is_some_and(|p| self.cx.is_lang(p, "iterator"));
        }
        let ret = self.cx.concrete(body.ret, target_args);
        if shape.loops || shape.returns || shape.formats || body.exprs.len() > SMALL {
            return false;
        }
        match shape.tail {
            Tail::Expression => {
                !shape.statements && !(makes_struct(body, body.value) && self.borrows_collection(target_args, body))
            }
            // A choice between values: as statements it is only better where it is taken apart at once.
            Tail::Branches => {
                !shape.statements
                    && !self.takes_collection(target_args, body)
                    && match result {
                        Use::Value => !self.is_choice_ty(ret),
                        Use::Parts if self.finds_once(body) => true,
                        Use::Parts | Use::Sent(_) => self.is_choice(target) || !self.is_choice_ty(ret),
                    }
            }
        }
    }

    /// Whether a function makes a `Some` at one place: what is asked of it, and what it then gives, are one thing each.
    fn finds_once(&self, body: &thir::Body) -> bool {
        let makes_some = |expr: &thir::Expr| matches!(&expr.kind, ExprKind::Adt(made) if !made.fields.is_empty() && self.cx.is_lang(made.adt, "option"));
        body.exprs.iter().filter(|(_, expr)| makes_some(expr)).count() == 1
    }

    /// Whether a function is a method of `Option` or `Result`, which says no more than an `if`.
    fn is_choice(&self, target: DefId) -> bool {
        let Some(imp) = target.parent().filter(|parent| parent.kind() == DefKind::Impl) else { return false };
        match queries::normalize(self.cx.db, rgo_typeck::collect::type_of(self.cx.db, imp)).kind() {
            TyKind::Adt(def, _) => matches!(self.cx.lang_of(*def), Some("option" | "result")),
            _ => false,
        }
    }

    /// Whether a parameter is a type of std with an inside of its own, which is none of the caller's business.
    fn takes_collection(&self, target_args: Args, body: &thir::Body) -> bool {
        body.params.iter().any(|param| self.is_collection(self.cx.concrete(param.ty, target_args).peel_refs()))
    }

    /// Whether the first parameter is a reference to such a type.
    fn borrows_collection(&self, target_args: Args, body: &thir::Body) -> bool {
        let first = body.params.first().map(|param| self.cx.concrete(param.ty, target_args));
        first.is_some_and(|ty| matches!(ty.kind(), TyKind::Ref(_, inner, _) if self.is_collection(*inner)))
    }

    fn is_collection(&self, ty: Ty) -> bool {
        const OPEN: &[&str] = &["option", "result", "ordering", "string", "vec", "box"];
        match ty.kind() {
            TyKind::Adt(def, _) => def.is_std() && !self.cx.lang_of(*def).is_some_and(|lang| OPEN.contains(&lang)),
            _ => false,
        }
    }

    fn is_closure(&self, arg: ExprId, body: &thir::Body, position: usize) -> bool {
        match &self.body.exprs[arg].kind {
            ExprKind::Closure { def } => {
                self.is_code_at_hand(*def)
                    && !self.is_captured(body, position)
                    && param_local(body, position).is_some()
                    && matches!(body.params[position].ty.kind(), TyKind::Param(_))
            }
            ExprKind::Local(local) if matches!(self.known.get(local), Some(Known::Closure(_))) => true,
            ExprKind::Borrow { place, .. } => self.is_closure(*place, body, position),
            _ => self.item_argument(arg, body, position).is_some(),
        }
    }

    /// The parts of a value that is known by them.
    pub(super) fn known_subject(&self, expr: ExprId) -> Option<Subject> {
        match &self.body.exprs[expr].kind {
            ExprKind::Local(local) => match self.known.get(local)? {
                Known::Subject(subject) => Some(subject.clone()),
                _ => None,
            },
            ExprKind::Deref(inner) => match self.known_subject(*inner)? {
                Subject::Ref(inner, _) => Some(*inner),
                _ => None,
            },
            ExprKind::Field { base, index, .. } => match self.known_subject(*base)? {
                Subject::Tuple(parts, _) => parts.get(*index as usize).cloned(),
                _ => None,
            },
            ExprKind::PlaceAscription { base, .. } => self.known_subject(*base),
            _ => None,
        }
    }
}

/// What decides whether a function is inlined.
struct Shape {
    loops: bool,
    returns: bool,
    /// It formats something that is no text.
    formats: bool,
    statements: bool,
    tail: Tail,
}

enum Tail {
    Expression,
    Branches,
}

impl Shape {
    fn of(body: &thir::Body) -> Shape {
        let mut shape =
            Shape { loops: false, returns: false, formats: false, statements: false, tail: Tail::Expression };
        for (_, expr) in body.exprs.iter() {
            match &expr.kind {
                ExprKind::Loop { .. } | ExprKind::While { .. } | ExprKind::For { .. } => shape.loops = true,
                ExprKind::Return { .. } | ExprKind::Try { .. } => shape.returns = true,
                ExprKind::If { .. } | ExprKind::Match { .. } => shape.tail = Tail::Branches,
                ExprKind::FormatArgs(format) => shape.formats |= format.args.iter().any(|arg| !is_text(body, *arg)),
                _ => {}
            }
        }
        shape.statements = body.stmts.iter().any(|(_, stmt)| match &stmt.kind {
            ThirStmt::Let { .. } => true,
            ThirStmt::Expr(expr) => matches!(body.exprs[*expr].kind, ExprKind::If { .. } | ExprKind::Match { .. }),
        });
        shape
    }
}

/// Whether an expression is a struct that is written out.
fn makes_struct(body: &thir::Body, expr: ExprId) -> bool {
    match &body.exprs[expr].kind {
        ExprKind::Adt(made) => made.adt.kind() == DefKind::Struct,
        ExprKind::Block(block) => body.blocks[*block].tail.is_some_and(|tail| makes_struct(body, tail)),
        _ => false,
    }
}

/// The expression whose value that of an expression is.
fn tail(body: &thir::Body, expr: ExprId) -> ExprId {
    match &body.exprs[expr].kind {
        ExprKind::Block(block) => body.blocks[*block].tail.map_or(expr, |inner| tail(body, inner)),
        _ => expr,
    }
}

fn is_text(body: &thir::Body, expr: ExprId) -> bool {
    body.exprs[expr].ty.peel_refs().is_str()
}

fn param_local(body: &thir::Body, position: usize) -> Option<LocalId> {
    let pat = body.params.get(position)?.pat?;
    match &body.pats[pat].kind {
        thir::PatKind::Bind { local, by_ref: None, sub: None, .. } => Some(*local),
        _ => None,
    }
}

/// Whether a function does nothing with a parameter but call it.
fn is_only_called(body: &thir::Body, position: usize) -> bool {
    let Some(local) = param_local(body, position) else { return false };
    let calls = body.exprs.iter().filter(|(_, e)| match &e.kind {
        ExprKind::Call { args, source: thir::CallSource::Overloaded, .. } => {
            args.first().is_some_and(|callee| is_local(body, *callee, local))
        }
        _ => false,
    });
    calls.count() == uses_of_param(body, position)
}

/// Whether an expression is a local, or a borrow of it.
fn is_local(body: &thir::Body, expr: ExprId, local: LocalId) -> bool {
    match &body.exprs[expr].kind {
        ExprKind::Local(found) => *found == local,
        ExprKind::Borrow { place, .. } | ExprKind::Deref(place) => is_local(body, *place, local),
        _ => false,
    }
}

fn uses_of_param(body: &thir::Body, position: usize) -> usize {
    let Some(local) = param_local(body, position) else { return 0 };
    body.exprs.iter().filter(|(_, e)| matches!(e.kind, ExprKind::Local(l) if l == local)).count()
}

/// Whether a parameter may go by the path to what is borrowed for it: the callee neither changes it nor comes back to it in a loop.
fn may_go_by_path(body: &thir::Body, position: usize) -> bool {
    param_local(body, position).and_then(|local| body.locals.get(local)).is_some_and(|l| !l.mutable)
        && !Shape::of(body).loops
}

/// A variable, a field of one, or the address of such.
fn is_path(expr: &Expr) -> bool {
    match expr {
        Expr::Var(_) => true,
        Expr::Select(base, _) => is_path(base),
        Expr::Unary(UnaryOp::Addr, inner) => is_path(inner),
        _ => false,
    }
}
