//! Places: what can be read, assigned or borrowed, as Go operands.

use rgo_hir::body::Mutability;
use rgo_typeck::thir::{BorrowKind, ExprId, ExprKind};
use rgo_typeck::ty::{Ty, TyKind};

use super::*;
use crate::mono::forms::RefForm;
use crate::queries;

impl Lower<'_, '_> {
    pub(super) fn is_place(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Local(_) | ExprKind::Upvar(_) | ExprKind::Static(_) | ExprKind::Deref(_) => true,
            ExprKind::Field { base, .. } | ExprKind::PlaceAscription { base, .. } => self.is_place(*base),
            ExprKind::Index { .. } => true,
            _ => false,
        }
    }

    /// The Go operand for a place. A value where a place is wanted becomes a temporary.
    pub(super) fn place(&mut self, expr: ExprId) -> Expr {
        if let Some(subject) = self.known_subject(expr) {
            return self.subject_place(&subject);
        }
        let body = self.body;
        match &body.exprs[expr].kind {
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Upvar(index) => self.upvars.get(*index as usize).cloned().unwrap_or_else(Expr::nil),
            ExprKind::Static(def) => {
                let name = self.static_name(*def);
                self.cx.global(&name)
            }
            ExprKind::PlaceAscription { base, .. } => self.place(*base),
            ExprKind::Deref(inner) => self.deref_place(expr, *inner),
            ExprKind::Field { base, variant, index } => {
                let base_ty = self.expr_ty(*base);
                if let Some(part) = self.part_of_value(*base, *index as usize) {
                    return part;
                }
                let place = self.place(*base);
                self.field(place, base_ty, *variant as usize, *index as usize)
            }
            ExprKind::Index { base, index } if self.is_named(*base) => {
                let place = self.place(*base);
                let index = self.value(*index);
                self.index_place(place, *base, index)
            }
            ExprKind::Index { base, index }
                if matches!(self.expr_ty(*base).kind(), TyKind::Array(..)) && self.is_place(*base) =>
            {
                self.array_place(*base, *index)
            }
            ExprKind::Index { base, index } => {
                let operands = self
                    .operands_by(&[*base, *index], |lower, e| if e == *base { lower.place(e) } else { lower.value(e) });
                let [base_place, index_value] = <[Expr; 2]>::try_from(operands).unwrap_or([Expr::nil(), Expr::nil()]);
                self.index_place(base_place, *base, index_value)
            }
            _ => {
                let value = self.value(expr);
                self.addressable(expr, value)
            }
        }
    }

    /// A place that is written to. `S { a: 1 }.a = 2` changes a value that nothing else names: in Go it needs a variable, which stays.
    pub(super) fn written_place(&mut self, expr: ExprId) -> Expr {
        if let Some(root) = self.written_value(expr)
            && !self.dropped_temps.contains(&root)
            && !self.temp_vars.contains_key(&root)
        {
            let value = self.value(root);
            let form = self.go_ty(self.expr_ty(root));
            let var = self.locals.user("v");
            self.define(var, value, Some(form));
            self.temp_vars.insert(root, var);
        }
        self.place(expr)
    }

    /// The value that a place is a part of, if it is a part of one.
    fn written_value(&self, expr: ExprId) -> Option<ExprId> {
        match &self.body.exprs[expr].kind {
            ExprKind::Field { base, .. } | ExprKind::PlaceAscription { base, .. } => self.written_value(*base),
            ExprKind::Index { base, .. } => match self.expr_ty(*base).kind() {
                TyKind::Array(..) => self.written_value(*base),
                _ => None,
            },
            ExprKind::Local(_) | ExprKind::Upvar(_) | ExprKind::Static(_) | ExprKind::Deref(_) => None,
            _ => Some(expr),
        }
    }

    /// One part of a tuple that comes apart, where the others can be left.
    fn part_of_value(&mut self, base: ExprId, index: usize) -> Option<Expr> {
        let is_call = matches!(self.body.exprs[base].kind, ExprKind::Call { .. });
        if !is_call || self.expr_ty(base).as_tuple().is_none() || self.temp_vars.contains_key(&base) {
            return None;
        }
        let ty = self.expr_ty(base);
        match self.val(base) {
            Val::Parts(mut parts) => {
                let vars = crate::go::fold::Variables::default();
                let droppable = parts.iter().enumerate().all(|(i, part)| i == index || vars.is_droppable(part));
                if droppable && index < parts.len() {
                    return Some(parts.swap_remove(index));
                }
                let value = self.make_tuple(parts, ty);
                Some(self.addressable(base, value).select(&format!("F{index}")))
            }
            val => {
                let value = self.stored(val, ty);
                Some(self.addressable(base, value).select(&format!("F{index}")))
            }
        }
    }

    /// Whether a place is reached by names and references alone, which are looked at when everything else has been evaluated.
    fn is_named(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Local(_) | ExprKind::Upvar(_) | ExprKind::Static(_) => true,
            ExprKind::Field { base: inner, .. }
            | ExprKind::PlaceAscription { base: inner, .. }
            | ExprKind::Deref(inner) => self.is_named(*inner),
            _ => false,
        }
    }

    /// `a[i][j]` of an array in another sequence: where it stands is known before `j` is evaluated, what it holds is not.
    fn array_place(&mut self, base: ExprId, index: ExprId) -> Expr {
        let mut place = self.place(base);
        let mark = self.out.len();
        let index_value = self.value(index);
        if self.out.len() > mark || self.stability(index) == super::operands::Stability::Effect {
            let later = self.out.split_off(mark);
            place = self.temp("p", place.addr()).deref();
            self.out.extend(later);
        }
        self.index_place(place, base, index_value)
    }

    /// `s[i]`; a constant index beyond a constant length would not compile in Go.
    fn index_place(&mut self, base_place: Expr, base: ExprId, index: Expr) -> Expr {
        // Go indexes through a pointer to an array by itself.
        let base_place = match (base_place, self.expr_ty(base).kind()) {
            (Expr::Unary(UnaryOp::Deref, pointer), TyKind::Array(..)) => *pointer,
            (other, _) => other,
        };
        let sequence = self.expr_ty(base);
        self.element(base_place, sequence, index)
    }

    /// A variable for a value that something points to.
    pub(super) fn addressable(&mut self, expr: ExprId, value: Expr) -> Expr {
        if let Some(var) = self.temp_vars.get(&expr) {
            return Expr::Var(*var);
        }
        let ty = self.expr_ty(expr);
        let form = self.go_ty(ty);
        let var = self.locals.temporary("v");
        self.define(var, value, Some(form));
        Expr::Var(var)
    }

    pub(super) fn local(&mut self, local: LocalId) -> Expr {
        match self.known.get(&local).cloned() {
            Some(Known::Subject(subject)) => return self.subject_place(&subject),
            Some(Known::Path(path)) => return path,
            Some(Known::Closure(closure)) => {
                let literal = self.closure_literal(&closure);
                let is_reference = self
                    .body
                    .locals
                    .get(local)
                    .is_some_and(|l| matches!(l.ty.kind(), TyKind::Ref(_, _, Mutability::Mut)));
                return if is_reference { self.temp("f", literal).addr() } else { literal };
            }
            Some(Known::Item(def, args)) => {
                let span = self.body.exprs[self.body.value].span;
                return self.fn_value(def, args, span);
            }
            // A chain is no value any more: it was to be taken apart by whoever has it.
            Some(Known::Chain(_)) => {
                let span = rgo_hir::def_span(self.cx.db, self.def);
                return self.unsupported(span, "an iterator that is handed on");
            }
            None => {}
        }
        match self.slots.get(&local) {
            Some(Slot::Var(var)) => Expr::Var(*var),
            Some(Slot::Alias(place)) => place.clone(),
            Some(Slot::Builder(var)) => Expr::Var(*var).method("String", Vec::new()),
            None => Expr::Var(self.declare_late(local)),
        }
    }

    /// A local that is used before lowering saw it declared: only after an error in an earlier phase.
    fn declare_late(&mut self, local: LocalId) -> VarId {
        let var = self.new_local(local);
        let ty = self.body.locals.get(local).map_or_else(Ty::error, |l| self.ty(l.ty));
        let form = self.go_ty(ty);
        self.emit(StmtKind::Var(var, form, None));
        var
    }

    /// Whether what is lowered is a method that `#[derive]` wrote.
    pub(super) fn is_derived(&self) -> bool {
        self.def.parent().is_some_and(DefId::is_derived_impl)
    }

    pub(super) fn new_local(&mut self, local: LocalId) -> VarId {
        let (name, synthetic) = self.body.locals.get(local).map_or(("v", true), |l| (l.name.as_str(), l.synthetic));
        let name = match name {
            "self" if self.is_inlined_iterator(local) => "iter",
            "self" => self.self_name,
            _ => name,
        };
        let var = match name {
            _ if synthetic || name.is_empty() => self.locals.temporary("v"),
            // A local of an inlined function of std is none of the program's, nor is one that a derive wrote.
            _ if self.is_derived() || !self.inlining.is_empty() && self.base.is_none() => self.locals.temporary(name),
            _ => self.locals.user(name),
        };
        self.slots.insert(local, Slot::Var(var));
        var
    }

    /// Whether a local is what a method of `Iterator` was given that stands in place of its call.
    fn is_inlined_iterator(&self, local: LocalId) -> bool {
        let Some(found) = self.body.locals.get(local) else { return false };
        !self.inlining.is_empty() && queries::implements(self.cx.db, self.ty(found.ty), "iterator")
    }

    fn deref_place(&mut self, expr: ExprId, inner: ExprId) -> Expr {
        if let Some(builder) = self.builder_of(expr) {
            return builder.method("String", Vec::new());
        }
        // `*v.index(i)` and the like: the place itself, where Go has one.
        if let Some(place) = self.overloaded_place(inner) {
            return place;
        }
        let ty = self.expr_ty(inner);
        // `*Box::deref(&b)` and references: the operand is the pointer.
        let pointer = if self.is_place(inner) { self.place(inner) } else { self.value(inner) };
        self.follow(pointer, ty)
    }

    /// What a pointer of this type points to.
    pub(super) fn follow(&mut self, pointer: Expr, ty: Ty) -> Expr {
        match ty.kind() {
            TyKind::Ref(_, target, mutability) => match self.cx.ref_form(*target, *mutability) {
                RefForm::Value => pointer,
                RefForm::Pointer => pointer.deref(),
            },
            TyKind::Adt(..) => match self.cx.box_payload(ty) {
                Some(payload) if !self.cx.is_unsized(payload) => pointer.deref(),
                _ => pointer,
            },
            _ => pointer.deref(),
        }
    }

    /// A field of a place. Go follows a pointer to a struct by itself.
    pub(super) fn field(&mut self, base: Expr, base_ty: Ty, variant: usize, index: usize) -> Expr {
        let place = self.plain_field(base, base_ty, variant, index);
        self.or_captured(place)
    }

    /// The same, whatever the closure that is being lowered captured.
    pub(super) fn plain_field(&mut self, base: Expr, base_ty: Ty, variant: usize, index: usize) -> Expr {
        // Where nil is `None`, the payload is the pointer itself, not what it points to.
        if let Some(payload) = self.cx.option_payload(base_ty)
            && self.cx.option_form(payload) == crate::mono::forms::OptionForm::Nil
        {
            return base;
        }
        if self.is_transparent(base_ty, index) {
            return base;
        }
        let base = match base {
            Expr::Unary(UnaryOp::Deref, pointer) => *pointer,
            other => other,
        };
        match base_ty.kind() {
            TyKind::Tuple(_) => base.select(&format!("F{index}")),
            TyKind::Adt(def, _) => {
                if self.cx.option_payload(base_ty).is_some() {
                    return self.option_value(base, base_ty);
                }
                if self.cx.result_payload(base_ty).is_some() {
                    return base.select(if variant == 0 { "Val" } else { "Err" });
                }
                if self.cx.is_lang(*def, "box") {
                    return base;
                }
                match self.cx.layout(base_ty) {
                    Some(layout) => match layout.fields.get(variant).and_then(|fields| fields.get(index)) {
                        Some(name) => {
                            self.cx.meet_member(&layout.name, name);
                            let is_behind = self.cx.is_view(base_ty) && index + 1 < layout.fields[variant].len();
                            let field = base.select(name);
                            if is_behind { field.deref() } else { field }
                        }
                        None => base,
                    },
                    None => {
                        self.need_fields(base_ty);
                        base
                    }
                }
            }
            _ => base,
        }
    }

    /// Whether a struct of std has the form of one of its fields, as a `HashSet` has that of its map.
    pub(super) fn is_transparent(&mut self, ty: Ty, index: usize) -> bool {
        if self.cx.adt_lang(ty) != Some("hash_set") || self.cx.layout(ty).is_some() {
            return false;
        }
        let field = self.field_ty(ty, 0, index);
        self.go_ty(field) == self.go_ty(ty)
    }

    /// A body reaches for the fields of what is a Go type: of a map, which has no other form for the Go map and so is std's table, or of an `Rc`
    /// or `Arc` that was a pointer.
    pub(super) fn need_fields(&mut self, ty: Ty) {
        if let Some(payload) = self.cx.uncounted_payload(ty) {
            return self.cx.need_counts_of(payload);
        }
        let TyKind::Adt(def, args) = ty.kind() else { return };
        let types: Vec<Ty> = args.types().take(2).collect();
        let parts = match self.cx.map_form_of_ty(ty) {
            Some((key, value, _)) => Some((key, value)),
            // Its iterators.
            None if self.cx.twin(*def, *args).is_some() => types.first().copied().zip(types.get(1).copied()),
            None => None,
        };
        if let Some((key, value)) = parts {
            self.cx.need_map(key, value, crate::mono::maps::MapForm::Table);
        }
    }

    /// The payload of a stored `Option`. `base` may be a pointer to it, as for `field`.
    pub(super) fn option_value(&mut self, base: Expr, ty: Ty) -> Expr {
        let Some(payload) = self.cx.option_payload(ty) else { return base };
        match self.cx.option_form(payload) {
            crate::mono::forms::OptionForm::Nil => base,
            crate::mono::forms::OptionForm::Tagged => base.select("Val"),
        }
    }

    /// `&place` and `&mut place`.
    pub(super) fn borrow(&mut self, kind: BorrowKind, place: ExprId) -> Expr {
        let ty = self.expr_ty(place);
        let mutability = match kind {
            BorrowKind::Shared | BorrowKind::Fake => Mutability::Not,
            BorrowKind::Mut { .. } | BorrowKind::Unique => Mutability::Mut,
        };
        if mutability == Mutability::Mut
            && let Some(pointer) = self.builder_pointer(place)
        {
            return pointer;
        }
        if !self.is_place(place) {
            let value = self.value(place);
            return match self.cx.ref_form(ty, mutability) {
                RefForm::Value => value,
                RefForm::Pointer => match value {
                    // `&T{…}` needs no variable.
                    Expr::Composite(_) if !self.dropped_temps.contains(&place) => Expr::unary(UnaryOp::Addr, value),
                    value => self.addressable(place, value).addr(),
                },
            };
        }
        let target = self.place(place);
        self.reference(target, ty, mutability)
    }

    /// A reference to a place of this type.
    pub(super) fn reference(&mut self, place: Expr, ty: Ty, mutability: Mutability) -> Expr {
        match self.cx.ref_form(ty, mutability) {
            RefForm::Value => place,
            RefForm::Pointer => match place {
                Expr::Var(_)
                | Expr::Select(..)
                | Expr::Index(..)
                | Expr::Entry(_)
                | Expr::Unary(UnaryOp::Deref, _)
                | Expr::Name(_)
                | Expr::Imported(..) => place.addr(),
                Expr::Composite(_) => Expr::unary(UnaryOp::Addr, place),
                other => {
                    let form = self.go_ty(ty);
                    let var = self.locals.temporary("v");
                    self.define(var, other, Some(form));
                    Expr::Var(var).addr()
                }
            },
        }
    }
}
