//! Structs, enums, arrays, vectors and ranges built from their parts.

use rgo_hir::body::RangeEnd;
use rgo_typeck::thir::{AdtExpr, ExprId};
use rgo_typeck::ty::{Ty, TyKind};

use super::*;
use crate::queries;

impl Lower<'_, '_> {
    pub(super) fn adt(&mut self, expr: ExprId, adt: &AdtExpr) -> Val {
        if let Some(text) = self.tail_text(expr) {
            return text;
        }
        let ty = self.expr_ty(expr);
        let exprs: Vec<ExprId> = adt.fields.iter().map(|(_, e)| *e).collect();
        match adt.base {
            None => {
                let values = self.operands(&exprs);
                let mut fields: Vec<(usize, Expr)> = adt.fields.iter().map(|(i, _)| *i as usize).zip(values).collect();
                // Go evaluates the values in the order written, so the order of declaration is only for the eye.
                let is_pure = fields.iter().all(|(_, v)| !matches!(v, Expr::Call(_)));
                if is_pure {
                    fields.sort_by_key(|(i, _)| *i);
                }
                self.make_adt(ty, adt.variant as usize, fields)
            }
            Some(base) => {
                let mut all = exprs.clone();
                all.push(base);
                let mut values = self.operands_by(&all, |lower, e| {
                    if e == base && lower.is_place(e) { lower.place(e) } else { lower.value(e) }
                });
                let base_place = values.pop().unwrap_or_else(Expr::nil);
                // What is written out is evaluated before the base.
                if !super::expr::is_repeatable(&base_place) {
                    for value in values.iter_mut().filter(|value| !matches!(value, Expr::Lit(_))) {
                        let evaluated = std::mem::replace(value, Expr::nil());
                        *value = self.temp("v", evaluated);
                    }
                }
                let base_place = self.stable_place(base_place, "base");
                let count = self.field_count(ty);
                let mut fields: Vec<(usize, Expr)> = adt.fields.iter().map(|(i, _)| *i as usize).zip(values).collect();
                for index in 0..count {
                    if !fields.iter().any(|(i, _)| *i == index) {
                        let node = &self.body.exprs[base];
                        let place = self.field_of_base(base_place.clone(), node.ty, index, node.span);
                        fields.push((index, place));
                        self.take_field(base, ty, index);
                    }
                }
                self.make_adt(ty, adt.variant as usize, fields)
            }
        }
    }

    /// `..base` moves a field out of its base.
    fn take_field(&mut self, base: ExprId, ty: Ty, index: usize) {
        let field_ty = self.field_ty(ty, 0, index);
        if !queries::is_copy(self.cx.db, field_ty)
            && let Some((root, mut path)) = self.root_of(base)
        {
            path.push(index as u32);
            self.moved(root, &path);
        }
    }

    fn field_count(&mut self, ty: Ty) -> usize {
        match ty.kind() {
            TyKind::Adt(def, _) => {
                queries::adt(self.cx.db, *def).and_then(|adt| adt.variants.first()).map_or(0, |v| v.fields.len())
            }
            _ => 0,
        }
    }

    pub(super) fn array(&mut self, items: &[ExprId], ty: Ty) -> Expr {
        let values = self.operands(items).into_iter().map(fitted).collect();
        let form = self.go_ty(ty);
        Expr::composite(form, values)
    }

    pub(super) fn repeat(&mut self, value: ExprId, len: Option<u64>, expr: ExprId) -> Expr {
        let ty = self.expr_ty(expr);
        let form = self.go_ty(ty);
        let Some(len) = len else {
            let span = self.body.exprs[expr].span;
            return self.unsupported(span, "an array whose length is not known");
        };
        let elem = ty.sequence_element().unwrap_or(ty);
        let value = self.value(value);
        if self.is_zero_value(&value) {
            return Expr::composite(form, Vec::new());
        }
        let is_same = !queries::is_copy(self.cx.db, elem) || self.cx.copies_as_is(elem);
        if is_same && len <= 8 && super::expr::is_repeatable(&value) {
            return Expr::composite(form, (0..len).map(|_| fitted(value.clone())).collect());
        }
        let elem_form = self.go_ty(elem);
        let item = self.locals.temporary("v");
        self.define(item, value, Some(elem_form));
        let array = self.locals.temporary("a");
        self.emit(StmtKind::Var(array, form, None));
        let index = self.locals.temporary("i");
        let mut value = Expr::Var(item);
        let span = self.body.exprs[expr].span;
        let mut body = match is_same {
            true => Vec::new(),
            false => self.block(|lower| value = lower.clone_value(Expr::Var(item), elem, span)),
        };
        body.push(StmtKind::assign(Expr::Var(array).index(Expr::Var(index)), value).into());
        self.emit(StmtKind::Range(Box::new(Range { key: Some(index), value: None, expr: Expr::Var(array), body })));
        Expr::Var(array)
    }

    /// `vec![value; len]`: `make` where the value is Go's zero, `Clone` for every item but the last elsewhere,
    /// or for all where nobody can tell.
    pub(super) fn vec_repeat(&mut self, value: ExprId, len: ExprId, expr: ExprId) -> Expr {
        let ty = self.expr_ty(expr);
        let form = self.go_ty(ty);
        let elem = self.cx.vec_payload(ty).or_else(|| ty.sequence_element()).unwrap_or(ty);
        let values = self.operands(&[value, len]);
        let [value, len] = <[Expr; 2]>::try_from(values).unwrap_or([Expr::nil(), Expr::nil()]);
        let len = self.within("n", len, LONGEST);
        // A panic of a clone finds those that were made before it.
        if self.cx.needs_drop(elem)
            && let Some(from_elem) = rgo_hir::lang_item(self.cx.db, "vec_from_elem")
        {
            let span = self.body.exprs[expr].span;
            let val = self.call_item(from_elem, Args::of_types(&[elem]), vec![value, len], span);
            return self.stored(val, ty);
        }
        let is_moved = !crate::copies::clones_are_alike(self.cx.db, elem);
        if !is_moved && self.is_zero_value(&value) {
            return Expr::builtin("make", vec![Expr::Type(Box::new(form)), len]);
        }
        let elem_form = self.go_ty(elem);
        if self.cx.copies_as_is(elem) || elem_form.is_name("string") {
            return self.filled(value, len, form, elem_form);
        }
        let item = self.locals.temporary("v");
        self.define(item, value, Some(elem_form));
        let vec = self.locals.temporary("vec");
        self.emit(StmtKind::define(vec, Expr::builtin("make", vec![Expr::Type(Box::new(form)), len])));
        let index = self.locals.temporary("i");
        let mut cloned = Expr::nil();
        let span = self.body.exprs[expr].span;
        let mut body = self.block(|lower| cloned = lower.clone_value(Expr::Var(item), elem, span));
        let place = Expr::Var(vec).index(Expr::Var(index));
        body.push(StmtKind::assign(place.clone(), cloned).into());
        if is_moved {
            let len = Expr::builtin("len", vec![Expr::Var(vec)]);
            let is_before_last =
                Expr::binary(BinaryOp::Lt, Expr::Var(index), Expr::binary(BinaryOp::Sub, len, Expr::int(1)));
            let last = vec![StmtKind::assign(place, Expr::Var(item)).into()];
            body = vec![StmtKind::if_else(is_before_last, body, last).into()];
        }
        self.emit(StmtKind::Range(Box::new(Range { key: Some(index), value: None, expr: Expr::Var(vec), body })));
        Expr::Var(vec)
    }

    /// A vector of equal values, none of which owns anything.
    fn filled(&mut self, value: Expr, len: Expr, form: Type, elem_form: Type) -> Expr {
        let value = match value {
            constant @ (Expr::Lit(_) | Expr::Typed(..) | Expr::Const(..)) => constant,
            value => {
                let item = self.locals.temporary("v");
                self.define(item, value, Some(elem_form));
                Expr::Var(item)
            }
        };
        let vec = self.locals.temporary("vec");
        self.emit(StmtKind::define(vec, Expr::builtin("make", vec![Expr::Type(Box::new(form)), len])));
        let index = self.locals.temporary("i");
        let body = vec![StmtKind::assign(Expr::Var(vec).index(Expr::Var(index)), fitted(value)).into()];
        self.emit(StmtKind::Range(Box::new(Range { key: Some(index), value: None, expr: Expr::Var(vec), body })));
        Expr::Var(vec)
    }

    pub(super) fn is_zero_value(&self, value: &Expr) -> bool {
        match value {
            Expr::Lit(lit) | Expr::Typed(_, lit) => lit.is_zero(),
            Expr::Composite(composite) => {
                composite.elements.is_empty() && !matches!(composite.ty, Type::Slice(_) | Type::Map(..))
            }
            Expr::Convert(_, inner) => matches!(**inner, Expr::Lit(Lit::Nil)),
            _ => false,
        }
    }

    /// A range as a value: the lang struct.
    pub(super) fn range(&mut self, start: Option<ExprId>, end: Option<ExprId>, inclusive: RangeEnd, ty: Ty) -> Expr {
        let exprs: Vec<ExprId> = start.into_iter().chain(end).collect();
        let values = self.operands(&exprs);
        let form = self.go_ty(ty);
        let Some(layout) = self.cx.layout(ty) else { return Expr::composite(form, Vec::new()) };
        let names = layout.fields.first().cloned().unwrap_or_default();
        names.iter().for_each(|name| self.cx.meet_member(&layout.name, name));
        let _ = inclusive;
        Expr::keyed(form, names.into_iter().zip(values.into_iter().map(fitted)).collect())
    }
}
