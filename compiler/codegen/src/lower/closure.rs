//! Closures as Go function literals, and functions as values.

use rgo_borrowck::DEREF_STEP;
use rgo_hir::DefId;
use rgo_typeck::thir::{BodyKind, Capture, CaptureBy, CaptureProjection, CapturedPlace};
use rgo_typeck::ty::{Args, FnSig};

use super::flags::Root;
use super::*;
use crate::mono::functions::FuncRef;
use crate::queries;

impl Lower<'_, '_> {
    /// A closure as a Go function.
    pub(super) fn closure(&mut self, def: DefId) -> Expr {
        self.closure_and_owned(def).0
    }

    /// A closure as a Go function, and what it owns that has something to drop.
    pub(super) fn closure_and_owned(&mut self, def: DefId) -> (Expr, Vec<(Expr, Ty)>) {
        let Some(body) = queries::thir(self.cx.db, def) else {
            let span = self.body.exprs[self.body.value].span;
            return (self.unsupported(span, "this closure"), Vec::new());
        };
        let BodyKind::Closure(info) = &body.kind else { return (Expr::nil(), Vec::new()) };
        let upvars: Vec<Expr> = info.captures.iter().map(|capture| self.capture(capture)).collect();
        let owned = self.owned_captures(&info.captures, &upvars);
        (self.closure_function(def, upvars), owned)
    }

    /// The Go function of a closure that sees these places.
    pub(super) fn closure_function(&mut self, def: DefId, upvars: Vec<Expr>) -> Expr {
        let Some(body) = queries::thir(self.cx.db, def) else { return Expr::nil() };
        let BodyKind::Closure(info) = &body.kind else { return Expr::nil() };
        let parts = self.parts_of_captured(def, &info.captures, &upvars);
        let outer_parts = std::mem::replace(&mut self.captured_parts, parts);
        let outer_exit = self.exit.take();
        let outer = (self.body, self.facts, self.def, self.ret);
        let outer_upvars = std::mem::replace(&mut self.upvars, upvars);
        let outer_loops = std::mem::take(&mut self.loops);
        let outer_dropping = std::mem::take(&mut self.dropping);
        let outer_outermost = std::mem::replace(&mut self.is_outermost, false);
        let outer_temps = (std::mem::take(&mut self.dropped_temps), std::mem::take(&mut self.temp_vars));
        let outer_out = std::mem::take(&mut self.out);
        let outer_params = std::mem::take(&mut self.param_vars);
        let pos = self.pos;
        self.body = body;
        self.facts = queries::facts(self.cx.db, def);
        self.ret = self.ty(body.ret);
        self.plan_drops();
        let params = self.params();
        let ret = self.ret;
        let results = self.cx.result_types(ret);
        if self.once.contains(&def) {
            self.defer_captures(info);
        }
        self.function_body();
        let stmts = std::mem::replace(&mut self.out, outer_out);
        self.captured_parts = outer_parts;
        (self.body, self.facts, self.def, self.ret) = outer;
        self.exit = outer_exit;
        self.upvars = outer_upvars;
        self.loops = outer_loops;
        self.dropping = outer_dropping;
        self.is_outermost = outer_outermost;
        self.param_vars = outer_params;
        (self.dropped_temps, self.temp_vars) = outer_temps;
        self.pos = pos;
        let results = results.into_iter().map(|ty| Result { var: None, ty }).collect();
        Expr::Func(Box::new(FuncLit { params, results, body: stmts }))
    }

    /// What a closure captures, evaluated where it stands.
    pub(super) fn captures(&mut self, def: DefId) -> Option<Vec<Expr>> {
        let body = queries::thir(self.cx.db, def)?;
        let BodyKind::Closure(info) = &body.kind else { return None };
        Some(info.captures.iter().map(|capture| self.capture(capture)).collect())
    }

    /// A closure that was evaluated, as a Go function literal after all.
    pub(super) fn closure_literal(&mut self, closure: &Closure) -> Expr {
        let Some(body) = queries::thir(self.cx.db, closure.def) else { return Expr::nil() };
        let mut frame = self.closure_frame(closure, body);
        let mut params = Vec::new();
        let mut results = Vec::new();
        let stmts = self.block(|lower| {
            lower.in_frame(&mut frame, |lower| {
                lower.dropping = flags::DropState::default();
                lower.plan_drops();
                params = lower.params();
                let ret = lower.ret;
                results = lower.cx.unnamed_results(ret);
                lower.function_body();
            })
        });
        Expr::Func(Box::new(FuncLit { params, results, body: stmts }))
    }

    /// The place that a closure sees. Go captures by reference; what rgo moves in and either side changes later is copied first.
    pub(super) fn capture(&mut self, capture: &Capture) -> Expr {
        let (place, ty) = self.captured_place(capture);
        match capture.by {
            CaptureBy::Ref(_) => place,
            CaptureBy::Value => {
                let local = capture.place.local;
                let is_fixed = self.body.locals.get(local).is_some_and(|l| !l.mutable)
                    && capture.place.projections.is_empty()
                    && !self.is_hoisted_local(local);
                let copy = self.copy_of_captured(capture, &place);
                if is_fixed && copy.is_none() {
                    return place;
                }
                let name = self.body.locals.get(local).map_or("v", |l| l.name.as_str());
                let var = self.locals.user(name);
                let form = self.go_ty(ty);
                self.define(var, copy.unwrap_or(place), Some(form));
                Expr::Var(var)
            }
        }
    }

    /// The value that a closure takes.
    pub(super) fn captured_value(&mut self, capture: &Capture) -> Expr {
        let (place, _) = self.captured_place(capture);
        self.copy_of_captured(capture, &place).unwrap_or(place)
    }

    fn copy_of_captured(&mut self, capture: &Capture, place: &Expr) -> Option<Expr> {
        let span = self.body.exprs[self.body.value].span;
        self.copy_of_function(place, capture.ty, span)
    }

    /// The place that is captured, and its type; what is captured by value is taken from it.
    fn captured_place(&mut self, capture: &Capture) -> (Expr, Ty) {
        let (base, base_ty, known) = self.captured_base(capture);
        let (place, ty) = self.projected(base, base_ty, &capture.place.projections[known..], Self::field);
        if capture.by == CaptureBy::Value && !queries::is_copy(self.cx.db, ty) {
            self.captured(capture);
        }
        (place, ty)
    }

    /// Where a captured place begins: a local, or what the closure around captured of it, with its type and the projections it covers.
    fn captured_base(&mut self, capture: &Capture) -> (Expr, Ty, usize) {
        if let Some((index, covered)) = self.upvar_of(capture) {
            let ty = self.ty(covered.ty);
            return (self.upvars[index].clone(), ty, covered.projections.len());
        }
        let local = capture.place.local;
        let ty = self.captured_local_ty(local);
        (self.local(local), ty, 0)
    }

    /// A closure inside a closure captures what the outer one captured, or a part of that. A closure never captures a local of its own, so
    /// what it captured of a local tells whose that is; a slot does not, for the slots of the function around are still known here.
    fn upvar_of(&self, capture: &Capture) -> Option<(usize, &'_ CapturedPlace)> {
        let BodyKind::Closure(info) = &self.body.kind else { return None };
        let covers = |outer: &Capture| {
            outer.place.local == capture.place.local && capture.place.projections.starts_with(&outer.place.projections)
        };
        let index = info.captures.iter().position(covers)?;
        Some((index, &info.captures[index].place))
    }

    /// What a closure takes is gone from where it was.
    fn captured(&mut self, capture: &Capture) {
        let (root, covered) = match self.upvar_of(capture) {
            Some((index, outer)) => (Root::Upvar(index as u32), outer.projections.len()),
            None => (Root::Local(capture.place.local), 0),
        };
        let path: Vec<u32> = capture.place.projections[covered..]
            .iter()
            .map(|projection| match projection {
                CaptureProjection::Field { index, .. } => *index,
                CaptureProjection::Deref { .. } => DEREF_STEP,
            })
            .collect();
        self.moved(root, &path);
    }

    fn captured_local_ty(&self, local: LocalId) -> Ty {
        self.body.locals.get(local).map_or_else(Ty::error, |l| self.ty(l.ty))
    }

    /// A function as a value.
    pub fn fn_value(&mut self, def: DefId, args: Args, span: Span) -> Expr {
        let sig = self.cx.sig_of(def, args);
        if matches!(def.kind(), rgo_hir::DefKind::Fn)
            && let queries::Callee::Item(target, target_args) = queries::resolve(self.cx.db, def, args)
            && crate::attrs::go_attrs(self.cx.db, target).is_empty()
            && !self.is_special(target)
        {
            return match self.cx.func(target, target_args) {
                FuncRef::Func(name) => self.applied_function(&name, target, target_args, None),
                FuncRef::Method(..) => self.wrapper(def, args, sig, span),
            };
        }
        self.wrapper(def, args, sig, span)
    }

    /// `func(a A) R { return f(a) }`.
    fn wrapper(&mut self, def: DefId, args: Args, sig: FnSig, span: Span) -> Expr {
        let mut params = Vec::new();
        let mut values = Vec::new();
        for (i, ty) in sig.inputs().iter().enumerate() {
            let ty = queries::normalize(self.cx.db, *ty);
            let var = self.locals.temporary(["a", "b", "c", "d", "e"].get(i).copied().unwrap_or("x"));
            params.push(Param { var: Some(var), ty: self.go_ty(ty), variadic: Variadic::No });
            values.push(Expr::Var(var));
        }
        let output = queries::normalize(self.cx.db, sig.output());
        let outer_ret = std::mem::replace(&mut self.ret, output);
        let body = self.block(|lower| {
            let val = lower.call_def(def, args, values.clone(), None, span);
            lower.send_return(val, output);
        });
        self.ret = outer_ret;
        // A function of Go with these parameters is the value itself.
        if let [Stmt { kind: StmtKind::Return(returned), .. }] = &body[..]
            && let [Expr::Call(call)] = &returned[..]
            && let Expr::Imported(path, _) = &call.fun
            && call.args == values
            && (path.ends_with("rgort") || UNGENERIC_PACKAGES.contains(&&**path))
        {
            return call.fun.clone();
        }
        let results = self.cx.unnamed_results(output);
        Expr::Func(Box::new(FuncLit { params, results, body }))
    }
}

/// Packages of Go whose functions have the parameters and results of the functions of std that stand for them.
const UNGENERIC_PACKAGES: &[&str] = &["unicode", "strings", "math"];
