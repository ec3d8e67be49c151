//! Copies of closures that can be told from the original (`crate::copies`).
//!
//! Such a closure is made by a function whose parameters are what it captures by value; a copy is another call of that function, with clones
//! of what the original holds at the time. Only the closures that are copied are made like that: lowering notes which these are, and the
//! package is lowered anew with that known (`mono::owning`).

use rgo_borrowck::UseKind;
use rgo_hir::DefId;
use rgo_typeck::thir::{Capture, CaptureBy, ClosureInfo, ExprId};
use rgo_typeck::ty::{Subst, Ty, TyKind};

use super::glue::drop_sequence;
use super::matching::Binding;
use super::owning::followed;
use super::*;
use crate::{copies, queries};

impl Lower<'_, '_> {
    /// The value of a place that is used later, too, where that is a copy of functions; `None` where it is any other value.
    pub(super) fn copied_function(&mut self, expr: ExprId, place: &Expr) -> Option<Expr> {
        if !self.is_copied(expr) {
            return None;
        }
        let node = &self.body.exprs[expr];
        self.copy_of_function(place, node.ty, node.span)
    }

    /// The same for a place of this type, as the body has it.
    pub(super) fn copy_of_function(&mut self, place: &Expr, declared: Ty, span: Span) -> Option<Expr> {
        let ty = self.ty(declared);
        (self.may_hold_copied(declared) && !self.cx.copies_as_is(ty)).then(|| self.clone_value(place.clone(), ty, span))
    }

    /// The same for a place that a pattern binds a variable to.
    pub(super) fn copy_to_local(&mut self, local: LocalId, place: &Expr) -> Option<Expr> {
        let declared = self.body.locals.get(local)?.ty;
        let span = self.body.exprs[self.body.value].span;
        self.copy_of_function(place, declared, span)
    }

    /// Whether a pattern binds a variable to a copy that may have to be made, as far as this round knows.
    pub(super) fn is_bound_to_copy(&self, binding: &Binding) -> bool {
        let local = self.body.locals.get(binding.local).filter(|_| binding.by_ref.is_none());
        local.is_some_and(|local| self.may_hold_copied(local.ty) && self.cx.may_be_told_from_copies(binding.ty))
    }

    /// A field that `..base` takes over; `declared` is the type of the whole as the body has it.
    pub(super) fn field_of_base(&mut self, base: Expr, declared: Ty, index: usize, span: Span) -> Expr {
        let ty = self.ty(declared);
        let place = self.field(base, ty, 0, index);
        let TyKind::Adt(def, args) = declared.kind() else { return place };
        let field = queries::adt(self.cx.db, *def).and_then(|adt| adt.variants.first()?.fields.get(index));
        let copy = field.and_then(|field| self.copy_of_function(&place, field.ty.subst(*args), span));
        copy.unwrap_or(place)
    }

    /// Whether an operand is a copy that may have to be made, as far as this round knows.
    pub(super) fn is_copied_function(&self, expr: ExprId) -> bool {
        self.is_copied(expr)
            && self.may_hold_copied(self.body.exprs[expr].ty)
            && self.cx.may_be_told_from_copies(self.expr_ty(expr))
    }

    /// Whether the value of a place is used there while the place keeps it.
    fn is_copied(&self, expr: ExprId) -> bool {
        self.facts.is_some_and(|facts| facts.uses.get(expr) == Some(&UseKind::Copy) && !facts.last_uses.contains(&expr))
    }

    /// Whether copies of a type, as the body has it, may be copies of closures. Those of a function pointer nobody can tell apart.
    fn may_hold_copied(&self, declared: Ty) -> bool {
        !matches!(declared.kind(), TyKind::FnPtr(_) | TyKind::FnDef(..))
            && copies::holds_function(self.ty(declared))
            && queries::is_copy_in(self.cx.db, self.body.owner, declared)
    }

    /// A copy of a closure in a place.
    pub(super) fn clone_of_closure(&mut self, place: Expr, def: DefId) -> Expr {
        self.cx.need_copies_of(def);
        followed(place).method("Clone", Vec::new())
    }

    /// `makeF(captures)`, behind the function that makes it: `func(captures) rgort.Closure { … }`.
    pub(super) fn copied_closure(&mut self, def: DefId, info: &ClosureInfo, ty: Ty) -> Expr {
        let form = self.go_ty(ty);
        let mut upvars = Vec::with_capacity(info.captures.len());
        let (mut params, mut values, mut owned) = (Vec::new(), Vec::new(), Vec::new());
        for capture in &info.captures {
            let place = match capture.by {
                CaptureBy::Ref(_) => self.capture(capture),
                CaptureBy::Value => {
                    values.push(self.captured_value(capture));
                    let (param, place) = self.captured_param(capture);
                    params.push(param);
                    owned.push((place.clone(), self.ty(capture.ty)));
                    place
                }
            };
            upvars.push(place);
        }
        let maker = self.locals.temporary("maker");
        let results = vec![Result { var: None, ty: form.clone() }];
        let maker_form = FuncType {
            params: params.iter().map(|param| param.ty.clone()).collect(),
            results: vec![form.clone()],
            variadic: Variadic::No,
        };
        self.emit(StmtKind::Var(maker, Type::Func(Box::new(maker_form)), None));
        let call = self.closure_function(def, upvars);
        let span = self.body.exprs[self.body.value].span;
        let clone = self.block(|lower| {
            let clones = owned.iter().map(|(place, ty)| lower.clone_value(place.clone(), *ty, span)).collect();
            lower.emit(StmtKind::Return(vec![Expr::call(Expr::Var(maker), clones)]));
        });
        let clone = FuncLit { params: Vec::new(), results: results.clone(), body: clone };
        let mut parts = vec![("Call".into(), call), ("Clone".into(), Expr::Func(Box::new(clone)))];
        if self.cx.needs_drop(ty) {
            owned.retain(|(_, ty)| self.cx.needs_drop(*ty));
            let free = FuncLit { params: Vec::new(), results: Vec::new(), body: drop_sequence(self.cx, owned) };
            parts.insert(1, ("Free".into(), Expr::Func(Box::new(free))));
        }
        let body = vec![StmtKind::Return(vec![Expr::keyed(form, parts)]).into()];
        let function = Expr::Func(Box::new(FuncLit { params, results, body }));
        self.emit(StmtKind::assign(Expr::Var(maker), function));
        Expr::call(Expr::Var(maker), values.into_iter().map(fitted).collect())
    }

    /// A parameter of the maker.
    fn captured_param(&mut self, capture: &Capture) -> (Param, Expr) {
        let name = self.body.locals.get(capture.place.local).map_or("v", |local| local.name.as_str());
        let var = self.locals.user(name);
        let ty = self.ty(capture.ty);
        (Param { var: Some(var), ty: self.go_ty(ty), variadic: Variadic::No }, Expr::Var(var))
    }
}
