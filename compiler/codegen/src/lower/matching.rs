//! Patterns as conditions and bindings, and what they are matched with.

use rgo_hir::body::{Mutability, RangeEnd};
use rgo_typeck::thir::{ExprId, ExprKind, PatId, PatKind};
use rgo_typeck::ty::{ConstValue, Ty, TyKind};

use super::control::both;
use super::flags::{Lifetime, Root};
use super::*;
use crate::mono::adt::LayoutKind;
use crate::mono::forms::{OptionForm, Returns};

/// What is matched. Every expression in it may be evaluated any number of times.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    Place(Expr, Ty),
    /// Payload, whether it is there, and the type of the whole.
    Option(Expr, Expr, Ty),
    Result(ResultVal, Ty),
    Tuple(Vec<Subject>, Ty),
    /// A reference to what need not be in a place yet, and the type of the reference.
    Ref(Box<Subject>, Ty),
}

/// A variable to be bound: the place it is read from or refers to.
#[derive(Clone, Debug)]
pub(super) struct Binding {
    pub(super) local: LocalId,
    pub(super) by_ref: Option<Mutability>,
    pub(super) place: Expr,
    pub(super) ty: Ty,
    /// Where else it is read from, of the alternatives of a `|`: the first whose condition holds.
    pub(super) others: Vec<(Option<Expr>, Expr)>,
}

impl Lower<'_, '_> {
    /// Evaluates a scrutinee once.
    pub(super) fn subject(&mut self, expr: ExprId) -> Subject {
        let ty = self.expr_ty(expr);
        if let Some(subject) = self.known_subject(expr) {
            return subject;
        }
        if self.is_place(expr) {
            let place = self.place(expr);
            let place = self.pinned_place(place, ty);
            return Subject::Place(place, ty);
        }
        if let Some((reference, some)) = self.referred_parts(expr) {
            return Subject::Option(reference, some, ty);
        }
        if let ExprKind::Tuple(items) = &self.body.exprs[expr].kind
            && !self.dropped_temps.contains(&expr)
        {
            if let Some(parts) = self.borrowed_parts(items) {
                return Subject::Tuple(parts, ty);
            }
            let parts = self.item_subjects(items);
            return Subject::Tuple(parts, ty);
        }
        self.take_apart(expr);
        let val = self.val(expr);
        if self.waits_in_danger(expr) {
            let value = self.stored(val, ty);
            return Subject::Place(self.guard_temp(expr, value), ty);
        }
        self.subject_of(val, ty)
    }

    /// The items of a tuple that is only taken apart.
    fn item_subjects(&mut self, items: &[ExprId]) -> Vec<Subject> {
        let types: Vec<Ty> = items.iter().map(|e| self.expr_ty(*e)).collect();
        // Parts of calls stay parts, where nothing has to be dropped.
        if items.iter().any(|e| self.is_taken_apart(*e)) && !types.iter().any(|ty| self.cx.needs_drop(*ty)) {
            return (0..items.len()).map(|i| self.argument(items[i], &items[i + 1..])).collect();
        }
        let values = self.operands(items);
        let parts = values.into_iter().zip(types).map(|(value, ty)| {
            let form = self.go_ty(ty);
            Subject::Place(self.repeatable(value, Some(form)), ty)
        });
        parts.collect()
    }

    /// A call that returns an `Option` or `Result` in parts.
    fn is_taken_apart(&mut self, expr: ExprId) -> bool {
        let ty = self.expr_ty(expr);
        matches!(self.body.exprs[expr].kind, ExprKind::Call { .. })
            && matches!(self.cx.returns(ty), Returns::Option(_) | Returns::Result(_))
    }

    fn repeatable(&mut self, value: Expr, form: Option<Type>) -> Expr {
        if is_pure(&value) {
            return value;
        }
        let var = self.locals.temporary("v");
        self.define(var, value, form);
        Expr::Var(var)
    }

    pub(super) fn subject_of(&mut self, val: Val, ty: Ty) -> Subject {
        let form = self.go_ty(ty);
        match val {
            Val::One(value) => Subject::Place(self.repeatable(value, Some(form)), ty),
            Val::Option(value, some) => {
                let value = self.repeatable(value, None);
                let some = self.repeatable(some, None);
                Subject::Option(value, some, ty)
            }
            Val::Result(parts) => Subject::Result(self.result_parts(Val::Result(parts), ty), ty),
            Val::Parts(parts) => {
                let types: Vec<Ty> = ty.as_tuple().map(|items| items.to_vec()).unwrap_or_default();
                let parts = parts
                    .into_iter()
                    .zip(types)
                    .map(|(part, ty)| {
                        let form = self.go_ty(ty);
                        Subject::Place(self.repeatable(part, Some(form)), ty)
                    })
                    .collect();
                Subject::Tuple(parts, ty)
            }
            Val::Multi(call) => match self.cx.returns(ty) {
                Returns::Option(_) => {
                    let (value, some) = self.option_parts(Val::Multi(call), ty);
                    Subject::Option(value, some, ty)
                }
                Returns::Result(_) => Subject::Result(self.result_parts(Val::Multi(call), ty), ty),
                Returns::Several(types) => {
                    let vars: Vec<VarId> = types.iter().map(|_| self.locals.temporary("v")).collect();
                    self.emit(StmtKind::Define(vars.iter().copied().map(Some).collect(), vec![call]));
                    let items: Vec<Ty> = ty.as_tuple().map(|items| items.to_vec()).unwrap_or_default();
                    Subject::Tuple(
                        vars.into_iter().zip(items).map(|(var, ty)| Subject::Place(Expr::Var(var), ty)).collect(),
                        ty,
                    )
                }
                Returns::Nothing => {
                    self.emit(StmtKind::Expr(call));
                    Subject::Place(self.unit(), ty)
                }
                Returns::One(_) => Subject::Place(self.repeatable(call, Some(form)), ty),
            },
        }
    }

    /// A place whose parts are evaluated once.
    pub(super) fn pinned_place(&mut self, place: Expr, ty: Ty) -> Expr {
        if is_pure(&place) {
            return place;
        }
        match place {
            Expr::Select(base, name) => {
                let base = self.pinned_place(*base, ty);
                Expr::Select(Box::new(base), name)
            }
            Expr::Unary(UnaryOp::Deref, pointer) => self.temp("p", *pointer).deref(),
            Expr::Index(base, index) => {
                let base = self.pinned_place(*base, ty);
                let index = self.repeatable(*index, None);
                base.index(index)
            }
            other => {
                let form = self.go_ty(ty);
                self.repeatable(other, Some(form))
            }
        }
    }

    /// When the pattern matches (`None`: always); what it binds is added to `bindings`.
    pub(super) fn test(&mut self, pat: PatId, subject: &Subject, bindings: &mut Vec<Binding>) -> Option<Expr> {
        let node = &self.body.pats[pat];
        let span = node.span;
        match &node.kind {
            PatKind::Wild | PatKind::Never => None,
            PatKind::Error => {
                self.unsupported(span, "a pattern with errors");
                None
            }
            PatKind::Bind { local, by_ref, sub, .. } => {
                let inner = sub.and_then(|sub| self.test(sub, subject, bindings));
                let ty = self.subject_ty(subject);
                let place = self.subject_place(subject);
                bindings.push(Binding { local: *local, by_ref: *by_ref, place, ty, others: Vec::new() });
                inner
            }
            PatKind::Deref { pat } => {
                if let Subject::Ref(inner, _) = subject {
                    return self.test(*pat, inner, bindings);
                }
                let (place, ty) = (self.subject_place(subject), self.subject_ty(subject));
                let target = self.pointee(ty).unwrap_or(ty);
                let inner = self.follow(place, ty);
                self.test(*pat, &Subject::Place(inner, target), bindings)
            }
            PatKind::Variant { variant, fields, .. } => {
                let own = self.variant_test(subject, *variant as usize);
                let mut cond = own;
                for (index, pat) in fields {
                    let field = self.subject_field(subject, *variant as usize, *index as usize);
                    let inner = self.test(*pat, &field, bindings);
                    cond = both(cond, inner);
                }
                cond
            }
            PatKind::Leaf { fields } => {
                let mut cond = None;
                for (index, pat) in fields {
                    let field = self.subject_field(subject, 0, *index as usize);
                    let inner = self.test(*pat, &field, bindings);
                    cond = both(cond, inner);
                }
                cond
            }
            PatKind::Const(value) => {
                let (place, ty) = (self.subject_place(subject), self.subject_ty(subject));
                let span = self.body.pats[pat].span;
                self.constant_test(place, value, ty, span)
            }
            PatKind::Range { start, end, inclusive } => {
                let (place, ty) = (self.subject_place(subject), self.subject_ty(subject));
                let span = self.body.pats[pat].span;
                let low = start.as_ref().filter(|value| !is_minimum(value, ty)).map(|value| {
                    let bound = self.literal(value, ty, span);
                    self.arith(rgo_hir::body::BinaryOp::Ge, place.clone(), bound, ty, ty, self.unknown_fit())
                });
                let high = end.as_ref().map(|value| {
                    let bound = self.literal(value, ty, span);
                    let op = match inclusive {
                        RangeEnd::Included => rgo_hir::body::BinaryOp::Le,
                        RangeEnd::Excluded => rgo_hir::body::BinaryOp::Lt,
                    };
                    self.arith(op, place.clone(), bound, ty, ty, self.unknown_fit())
                });
                both(low, high)
            }
            PatKind::Slice { prefix, slice, suffix } => {
                self.slice_test(prefix, slice.as_ref(), suffix, subject, bindings)
            }
            PatKind::Or(pats) => {
                if let Some(choice) = self.or_choices.get(&pat) {
                    let chosen = pats[*choice];
                    return self.test(chosen, subject, bindings);
                }
                let mut alternatives = Vec::new();
                for pat in pats {
                    let mut own = Vec::new();
                    let cond = self.test(*pat, subject, &mut own);
                    let always = cond.is_none();
                    alternatives.push((cond, own));
                    if always {
                        break;
                    }
                }
                self.join_alternatives(alternatives, bindings)
            }
        }
    }

    /// What holds where one of several patterns matches; each of the bindings knows all its places.
    fn join_alternatives(
        &mut self,
        alternatives: Vec<(Option<Expr>, Vec<Binding>)>,
        bindings: &mut Vec<Binding>,
    ) -> Option<Expr> {
        let mut all: Option<Expr> = None;
        let mut is_certain = false;
        let mut joined: Vec<Binding> = Vec::new();
        for (cond, own) in alternatives {
            for binding in own {
                match joined.iter_mut().find(|known| known.local == binding.local) {
                    Some(known) => known.others.push((cond.clone(), binding.place)),
                    None => {
                        let first = (cond.clone(), binding.place.clone());
                        joined.push(Binding { others: vec![first], ..binding });
                    }
                }
            }
            match cond {
                None => is_certain = true,
                Some(cond) => {
                    all = Some(match all {
                        Some(all) => Expr::binary(BinaryOp::LogicalOr, all, cond),
                        None => cond,
                    });
                }
            }
        }
        for binding in &mut joined {
            if binding.others.len() == 1 {
                binding.others.clear();
            }
        }
        bindings.extend(joined);
        if is_certain { None } else { all }
    }

    fn constant_test(&mut self, place: Expr, value: &ConstValue, ty: Ty, span: Span) -> Option<Expr> {
        if let ConstValue::Bool(value) = value {
            return Some(if *value { place } else { super::expr::negated(place) });
        }
        if let (ConstValue::Ref(inner), Some(target)) = (value, self.pointee(ty))
            && !matches!(ty.kind(), TyKind::Ref(_, t, _) if t.is_str())
        {
            let place = self.follow(place, ty);
            return self.constant_test(place, inner, target, span);
        }
        if let (ConstValue::Bytes(bytes), Some(_)) = (value, self.pointee(ty)) {
            if bytes.is_ascii() {
                let is_slice = self.pointee(ty).is_some_and(|t| matches!(t.kind(), TyKind::Slice(_)));
                let slice = if is_slice { place } else { place.slice(None, None) };
                let text: String = bytes.iter().map(|b| char::from(*b)).collect();
                return Some(Expr::binary(BinaryOp::Eq, Expr::convert(Type::name("string"), slice), Expr::str(&text)));
            }
        }
        let constant = self.literal(value, ty, span);
        let mut expr = Expr::binary(BinaryOp::Eq, place, constant);
        crate::go::fold::simplify(&mut expr);
        Some(expr)
    }

    fn slice_test(
        &mut self,
        prefix: &[PatId],
        rest: Option<&Option<PatId>>,
        suffix: &[PatId],
        subject: &Subject,
        bindings: &mut Vec<Binding>,
    ) -> Option<Expr> {
        let (place, ty) = (self.subject_place(subject), self.subject_ty(subject));
        let elem = ty.sequence_element().unwrap_or(ty);
        let array_len = match ty.kind() {
            TyKind::Array(_, len) => len.as_usize(),
            _ => None,
        };
        // Go indexes and slices through a pointer to an array.
        let base = match (&place, array_len) {
            (Expr::Unary(UnaryOp::Deref, pointer), Some(_)) => (**pointer).clone(),
            _ => place,
        };
        let count = prefix.len() + suffix.len();
        let len = Expr::builtin("len", vec![base.clone()]);
        let mut cond = match (array_len, rest) {
            (Some(_), _) => None,
            (None, Some(_)) if count == 0 => None,
            (None, Some(_)) => Some(Expr::binary(BinaryOp::Ge, len.clone(), Expr::int(count as i128))),
            (None, None) => Some(Expr::binary(BinaryOp::Eq, len.clone(), Expr::int(count as i128))),
        };
        for (i, pat) in prefix.iter().enumerate() {
            let item = Subject::Place(base.clone().index(Expr::int(i as i128)), elem);
            let inner = self.test(*pat, &item, bindings);
            cond = both(cond, inner);
        }
        if let Some(Some(pat)) = rest {
            let low = (!prefix.is_empty()).then(|| Expr::int(prefix.len() as i128));
            let (rest_ty, rest_place) = match array_len {
                Some(total) => {
                    let n = total.saturating_sub(count as u64);
                    let high = Expr::int(i128::from(total) - suffix.len() as i128);
                    let ty = Ty::array(elem, n);
                    let form = self.go_ty(ty);
                    (ty, Expr::convert(form.pointer(), base.clone().slice(low, Some(high))).deref())
                }
                None => {
                    let high = (!suffix.is_empty())
                        .then(|| Expr::binary(BinaryOp::Sub, len.clone(), Expr::int(suffix.len() as i128)));
                    let whole = low.is_none() && high.is_none();
                    (Ty::slice(elem), if whole { base.clone() } else { base.clone().slice(low, high) })
                }
            };
            let inner = self.test(*pat, &Subject::Place(rest_place, rest_ty), bindings);
            cond = both(cond, inner);
        }
        for (i, pat) in suffix.iter().enumerate() {
            let back = (suffix.len() - i) as i128;
            let index = match array_len {
                Some(total) => Expr::int(i128::from(total) - back),
                None => Expr::binary(BinaryOp::Sub, len.clone(), Expr::int(back)),
            };
            let item = Subject::Place(base.clone().index(index), elem);
            let inner = self.test(*pat, &item, bindings);
            cond = both(cond, inner);
        }
        cond
    }

    pub(super) fn variant_test(&mut self, subject: &Subject, variant: usize) -> Option<Expr> {
        match subject {
            Subject::Option(_, some, ty) => {
                Some(if self.is_some_variant(*ty, variant) { some.clone() } else { super::expr::negated(some.clone()) })
            }
            Subject::Result(parts, _) => {
                let ok = parts.ok.clone();
                Some(if variant == 0 { ok } else { super::expr::negated(ok) })
            }
            Subject::Tuple(..) | Subject::Ref(..) => None,
            Subject::Place(place, ty) => {
                if let Some(payload) = self.cx.option_payload(*ty) {
                    let some = match self.cx.option_form(payload) {
                        OptionForm::Tagged => auto_deref(place.clone()).select("Some"),
                        OptionForm::Nil if matches!(place, Expr::Lit(Lit::Nil)) => Expr::bool(false),
                        OptionForm::Nil => Expr::binary(BinaryOp::Ne, place.clone(), Expr::nil()),
                    };
                    return Some(if self.is_some_variant(*ty, variant) { some } else { super::expr::negated(some) });
                }
                if self.cx.result_payload(*ty).is_some() {
                    let ok = auto_deref(place.clone()).select("OK");
                    return Some(if variant == 0 { ok } else { super::expr::negated(ok) });
                }
                let layout = self.cx.layout(*ty)?;
                if layout.variants.len() <= 1 {
                    return None;
                }
                let constant = self.cx.global(&layout.variants[variant]);
                match layout.kind {
                    LayoutKind::Plain => Some(Expr::binary(BinaryOp::Eq, place.clone(), constant)),
                    LayoutKind::Tagged => {
                        self.cx.meet_member(&layout.name, &layout.tag);
                        Some(Expr::binary(BinaryOp::Eq, auto_deref(place.clone()).select(&layout.tag), constant))
                    }
                    LayoutKind::Struct => None,
                }
            }
        }
    }

    /// Whether a variant of `Option` is the one with a payload.
    pub(super) fn is_some_variant(&self, ty: Ty, variant: usize) -> bool {
        match ty.kind() {
            TyKind::Adt(def, _) => crate::queries::adt(self.cx.db, *def)
                .and_then(|adt| adt.variants.get(variant))
                .is_some_and(|v| !v.fields.is_empty()),
            _ => variant == 1,
        }
    }

    pub(super) fn subject_ty(&self, subject: &Subject) -> Ty {
        match subject {
            Subject::Place(_, ty)
            | Subject::Option(_, _, ty)
            | Subject::Result(_, ty)
            | Subject::Tuple(_, ty)
            | Subject::Ref(_, ty) => *ty,
        }
    }

    pub(super) fn subject_place(&mut self, subject: &Subject) -> Expr {
        match subject {
            Subject::Place(place, _) => place.clone(),
            Subject::Option(value, some, ty) => self.stored(Val::Option(value.clone(), some.clone()), *ty),
            Subject::Result(parts, ty) => self.stored(Val::Result(Box::new(parts.clone())), *ty),
            Subject::Tuple(parts, ty) => {
                let parts = parts.iter().map(|part| self.subject_place(part)).collect();
                self.make_tuple(parts, *ty)
            }
            Subject::Ref(inner, reference) => {
                let mutability = match reference.kind() {
                    TyKind::Ref(_, _, mutability) => *mutability,
                    _ => Mutability::Not,
                };
                let ty = self.subject_ty(inner);
                let place = self.subject_place(inner);
                self.reference(place, ty, mutability)
            }
        }
    }

    pub(super) fn subject_field(&mut self, subject: &Subject, variant: usize, index: usize) -> Subject {
        match subject {
            Subject::Option(value, _, ty) => Subject::Place(value.clone(), self.cx.option_payload(*ty).unwrap_or(*ty)),
            Subject::Result(parts, ty) => {
                let field_ty = self.field_ty(*ty, variant, index);
                match variant {
                    0 => self.value_subject(parts.value.clone(), field_ty),
                    _ => Subject::Place(self.stored_error(&parts.error, field_ty), field_ty),
                }
            }
            Subject::Tuple(parts, _) => parts.get(index).cloned().unwrap_or_else(|| subject.clone()),
            Subject::Ref(..) => subject.clone(),
            Subject::Place(place, ty) => {
                let field_ty = self.field_ty(*ty, variant, index);
                let place = self.field(place.clone(), *ty, variant, index);
                Subject::Place(place, field_ty)
            }
        }
    }

    pub(super) fn field_ty(&self, ty: Ty, variant: usize, index: usize) -> Ty {
        match ty.kind() {
            TyKind::Tuple(items) => items.get(index).copied().unwrap_or(ty),
            TyKind::Adt(def, args) => crate::queries::adt(self.cx.db, *def)
                .and_then(|adt| adt.variants.get(variant))
                .and_then(|v| v.fields.get(index))
                .map_or(ty, |field| self.cx.concrete(field.ty, *args)),
            _ => ty,
        }
    }

    /// Makes bindings visible as other names of their places: for guards and the rest of a condition.
    pub(super) fn alias(&mut self, bindings: &[Binding]) {
        for binding in bindings {
            let place = self.binding_value(binding);
            self.slots.insert(binding.local, Slot::Alias(place));
        }
    }

    /// What a binding is the name of.
    pub(super) fn binding_value(&mut self, binding: &Binding) -> Expr {
        match binding.by_ref {
            None => binding.place.clone(),
            Some(mutability) => self.reference(binding.place.clone(), binding.ty, mutability),
        }
    }

    /// What a binding holds that takes its value from this place.
    fn bound_value(&mut self, binding: &Binding, place: &Expr) -> Expr {
        match binding.by_ref {
            None => self.copy_to_local(binding.local, place).unwrap_or_else(|| place.clone()),
            Some(mutability) => self.reference(place.clone(), binding.ty, mutability),
        }
    }

    /// Declares what a pattern binds.
    pub(super) fn bind_all(&mut self, bindings: &[Binding]) {
        // What a derive wrote changes nothing.
        if self.is_derived() {
            return self.alias(bindings);
        }
        let life = if std::mem::take(&mut self.is_outermost) { Lifetime::Function } else { Lifetime::Inner };
        for binding in bindings {
            if let Some((local, place, ty)) = binding.moved()
                && self.bind_error(local, &place, ty)
            {
                continue;
            }
            let value = self.bound_value(binding, &binding.place);
            if self.alias_of_entry(binding.local, &value) {
                continue;
            }
            let var = self.new_local(binding.local);
            if binding.others.is_empty() {
                self.define_root(Root::Local(binding.local), var, value, life);
            } else {
                self.fill_root(Root::Local(binding.local), var, life, |lower| lower.fill_binding(binding, var));
            }
            self.taken_by(binding.local);
        }
    }

    /// Assigns a variable from the place of the alternative that matched.
    fn fill_binding(&mut self, binding: &Binding, var: VarId) {
        let mut els: Block = Vec::new();
        for (index, (cond, place)) in binding.others.iter().enumerate().rev() {
            let then = self.block(|lower| {
                let value = lower.bound_value(binding, place);
                lower.emit(StmtKind::assign(Expr::Var(var), fitted(value)));
            });
            els = match cond {
                Some(cond) if index + 1 < binding.others.len() => {
                    vec![StmtKind::if_else(cond.clone(), then, els).at(self.pos)]
                }
                _ => then,
            };
        }
        self.out.extend(els);
    }

    pub(super) fn pattern_locals(&self, pat: PatId) -> Vec<LocalId> {
        let mut out = Vec::new();
        self.collect_locals(pat, &mut out);
        out
    }

    fn collect_locals(&self, pat: PatId, out: &mut Vec<LocalId>) {
        if let PatKind::Bind { local, .. } = &self.body.pats[pat].kind
            && !out.contains(local)
        {
            out.push(*local);
        }
        for inner in self.subpatterns(pat) {
            self.collect_locals(inner, out);
        }
    }

    pub(super) fn subpatterns(&self, pat: PatId) -> Vec<PatId> {
        match &self.body.pats[pat].kind {
            PatKind::Bind { sub, .. } => sub.iter().copied().collect(),
            PatKind::Variant { fields, .. } | PatKind::Leaf { fields } => fields.iter().map(|(_, p)| *p).collect(),
            PatKind::Deref { pat } => vec![*pat],
            PatKind::Slice { prefix, slice, suffix } => {
                prefix.iter().copied().chain(slice.iter().flatten().copied()).chain(suffix.iter().copied()).collect()
            }
            PatKind::Or(pats) => pats.clone(),
            PatKind::Wild | PatKind::Never | PatKind::Const(_) | PatKind::Range { .. } | PatKind::Error => Vec::new(),
        }
    }
}

pub(super) fn auto_deref(place: Expr) -> Expr {
    match place {
        Expr::Unary(UnaryOp::Deref, pointer) => *pointer,
        other => other,
    }
}

/// Whether evaluating the expression again costs nothing and gives the same.
fn is_pure(expr: &Expr) -> bool {
    match expr {
        Expr::Unary(UnaryOp::Addr, inner) => super::expr::is_repeatable(inner),
        other => super::expr::is_repeatable(other) || is_brief(other),
    }
}

/// A constant, or a struct of at most one that is said, which may be written twice.
pub(super) fn is_brief(expr: &Expr) -> bool {
    match expr {
        Expr::Composite(composite) => {
            let is_struct = matches!(composite.ty, Type::Name(_) | Type::Imported(..));
            let said = composite.elements.iter().filter(|element| !matches!(element.value, Expr::Lit(Lit::Bool(_))));
            is_struct && said.count() <= 1 && composite.elements.iter().all(|element| is_brief(&element.value))
        }
        other => crate::go::constant::is_constant(other),
    }
}

fn is_minimum(value: &ConstValue, ty: Ty) -> bool {
    matches!((value, ty.kind()), (ConstValue::Int(0), TyKind::Uint(_)) | (ConstValue::Char('\0'), TyKind::Char))
}
