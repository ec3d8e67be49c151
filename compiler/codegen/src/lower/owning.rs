//! Closures that are objects, mostly since they own something: how they are made, called, consumed and put behind a `dyn Fn`.
//!
//! Their Go form is `rgort.Closure` (`mono::owning`): the function, and what drops the captures. A call that consumes a closure that could
//! be called again drops its captures afterwards, also when the call panics; one that can be called once only drops them in its body.

use rgo_hir::DefId;
use rgo_typeck::thir::{BodyKind, Capture, CaptureBy, ExprId, ExprKind};
use rgo_typeck::ty::{Args, ClosureKind, GenericArg, Ty, TyKind};

use super::glue::drop_sequence;
use super::*;
use crate::queries;

impl Lower<'_, '_> {
    /// A closure as a value: a Go function, with what drops its captures where that does something.
    pub(super) fn closure_expr(&mut self, expr: ExprId, def: DefId) -> Expr {
        let ty = self.expr_ty(expr);
        if !self.cx.is_closure_object(ty) || self.once.contains(&def) {
            return self.closure(def);
        }
        if self.cx.is_copied(ty)
            && let Some(body) = queries::thir(self.cx.db, def)
            && let BodyKind::Closure(info) = &body.kind
        {
            return self.copied_closure(def, info, ty);
        }
        let (function, owned) = self.closure_and_owned(def);
        let free = drop_sequence(self.cx, owned);
        let free = Expr::Func(Box::new(FuncLit { params: Vec::new(), results: Vec::new(), body: free }));
        Expr::keyed(self.go_ty(ty), vec![("Call".into(), function), ("Free".into(), free)])
    }

    /// The captures that a closure owns and that have something to drop, with the places that hold them.
    pub(super) fn owned_captures(&self, captures: &[Capture], upvars: &[Expr]) -> Vec<(Expr, Ty)> {
        let owned = captures.iter().zip(upvars).filter(|(capture, _)| capture.by == CaptureBy::Value);
        owned
            .map(|(capture, place)| (place.clone(), self.ty(capture.ty)))
            .filter(|(_, ty)| self.cx.needs_drop(*ty))
            .collect()
    }

    /// The Go function of a callable that is held in this place or is this value.
    pub(super) fn callable(&self, value: Expr, ty: Ty) -> Expr {
        if self.cx.is_closure_object(ty) { followed(value).select("Call") } else { value }
    }

    /// A call that consumes the callable in a place or a value.
    pub fn consuming_call(&mut self, value: Expr, ty: Ty, args: Vec<Expr>, ret: Ty) -> Val {
        let args: Vec<Expr> = args.into_iter().map(fitted).collect();
        if !self.cx.is_closure_object(ty) || !self.cx.outlives_its_call(ty) {
            let function = self.callable(value, ty);
            return self.finish_call(Expr::call(function, args), ret);
        }
        let place = self.owning_place(value, ty);
        let call = Expr::call(place.clone().select("Call"), args);
        let body = after_which_dropped(place, call, ret);
        let results = self.cx.unnamed_results(ret);
        let function = Expr::Func(Box::new(FuncLit { params: Vec::new(), results, body }));
        self.finish_call(Expr::call(function, Vec::new()), ret)
    }

    /// A callable that is consumed by something that knows Go functions only and calls it exactly once.
    pub(super) fn once_function(&mut self, value: Expr, ty: Ty) -> Expr {
        if !self.cx.is_closure_object(ty) {
            return value;
        }
        if !self.cx.outlives_its_call(ty) {
            return self.callable(value, ty);
        }
        let place = self.owning_place(value, ty);
        self.dropping_after_call(place, ty)
    }

    /// `func(a A) R { defer f.Drop(); return f.Call(a) }`.
    fn dropping_after_call(&mut self, place: Expr, ty: Ty) -> Expr {
        let Some(TyKind::FnPtr(sig)) = self.cx.callable_sig(ty).map(Ty::kind) else { return place };
        let sig = sig.instantiate_erased();
        let (params, values) = self.forwarded(sig.inputs());
        let call = Expr::call(place.clone().select("Call"), values);
        let body = after_which_dropped(place, call, sig.output());
        let results = self.cx.unnamed_results(sig.output());
        Expr::Func(Box::new(FuncLit { params, results, body }))
    }

    /// Parameters of a wrapper, and its arguments for what it wraps.
    pub(super) fn forwarded(&mut self, inputs: &[Ty]) -> (Vec<Param>, Vec<Expr>) {
        let parameter = |input: &Ty| {
            let var = self.locals.temporary("x");
            (Param { var: Some(var), ty: self.go_ty(*input), variadic: Variadic::No }, Expr::Var(var))
        };
        inputs.iter().map(parameter).unzip()
    }

    /// A variable for a callable, unless it is held in one.
    fn owning_place(&mut self, value: Expr, ty: Ty) -> Expr {
        match followed(value) {
            Expr::Var(var) => Expr::Var(var),
            other => {
                let form = self.go_ty(ty);
                let var = self.locals.temporary("f");
                self.define(var, other, Some(form));
                Expr::Var(var)
            }
        }
    }

    /// A callable as one behind a pointer to `dyn Fn`. `owns` says whether that pointer owns it.
    pub(super) fn as_dyn_fn(&mut self, value: Expr, source: Ty, target: Ty, owns: Owns) -> Expr {
        let is_object = self.cx.is_closure_object(source);
        if owns == Owns::Value && self.cx.needs_drop(source) {
            self.cx.need_owning_dyn(target);
        }
        let once = |lower: &Self| lower.cx.is_dyn_fn_once(target) && lower.cx.outlives_its_call(source);
        match (is_object, self.cx.is_closure_object(target)) {
            (false, false) => value,
            (true, false) => self.callable(value, source),
            (true, true) if owns == Owns::Value && once(self) => {
                let place = self.owning_place(value, source);
                let function = self.dropping_after_call(place.clone(), source);
                let free = place.select("Free");
                Expr::keyed(self.go_ty(target), vec![("Call".into(), function), ("Free".into(), free)])
            }
            (true, true) => value,
            (false, true) => Expr::keyed(self.go_ty(target), vec![("Call".into(), value)]),
        }
    }

    /// The arguments of a function of std that calls a closure exactly once: the closure is a Go function there, whose body drops what it
    /// owns.
    pub(super) fn args_called_once(&mut self, generic: Args, args: &[ExprId]) -> Args {
        for arg in args {
            if let ExprKind::Closure { def } = &self.body.exprs[*arg].kind {
                self.once.insert(*def);
            }
        }
        let functions: Vec<Ty> = args.iter().map(|arg| self.expr_ty(*arg)).collect();
        let function = |ty: Ty| match ty.kind() {
            TyKind::Closure(..) if functions.contains(&ty) => self.cx.callable_sig(ty).unwrap_or(ty),
            _ => ty,
        };
        generic
            .iter()
            .map(|arg| match arg {
                GenericArg::Ty(ty) => GenericArg::Ty(function(*ty)),
                other => *other,
            })
            .collect()
    }

    /// The value of an argument for such a function.
    pub(super) fn value_called_once(&mut self, value: Expr, arg: ExprId) -> Expr {
        match &self.body.exprs[arg].kind {
            ExprKind::Closure { def } if self.once.contains(def) => value,
            _ => match self.expr_ty(arg) {
                ty if matches!(ty.kind(), TyKind::Closure(..)) => self.once_function(value, ty),
                _ => value,
            },
        }
    }

    /// What a closure that is called exactly once owns dies after that call.
    pub(super) fn defer_captures(&mut self, info: &thir::ClosureInfo) {
        if info.kind == ClosureKind::FnOnce {
            return;
        }
        for (place, ty) in self.owned_captures(&info.captures, &self.upvars).into_iter().rev() {
            let call = self.cx.drop_call(place, ty);
            self.emit(StmtKind::Defer(call));
        }
    }

    /// Whether some argument of a call is a callable that owns something.
    pub(super) fn has_owning_fn(&self, args: &[ExprId]) -> bool {
        args.iter().any(|arg| self.cx.is_closure_object(self.expr_ty(*arg)))
    }

    /// The same, but for closures that are written there.
    pub(super) fn has_owning_value(&self, args: &[ExprId]) -> bool {
        args.iter().any(|arg| {
            let is_literal = matches!(&self.body.exprs[*arg].kind, ExprKind::Closure { .. });
            !is_literal && self.cx.is_closure_object(self.expr_ty(*arg))
        })
    }
}

/// Whether a pointer owns what it points to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Owns {
    Value,
    Nothing,
}

/// `defer f.Drop(); return f.Call(…)`.
fn after_which_dropped(place: Expr, call: Expr, ret: Ty) -> Block {
    let end = if ret.is_unit() || ret.is_never() { StmtKind::Expr(call) } else { StmtKind::Return(vec![call]) };
    vec![StmtKind::Defer(place.method("Drop", Vec::new())).into(), end.into()]
}

/// The pointer, where a place is what it points to: Go selects through it by itself.
pub(super) fn followed(place: Expr) -> Expr {
    match place {
        Expr::Unary(UnaryOp::Deref, pointer) => *pointer,
        other => other,
    }
}
