//! The operations of `HashMap` and `HashSet` where they are Go maps (`#[go(intrinsic = "map_…")]`).
//!
//! Receivers are maps, pointers to maps, or pointers to an `OccupiedEntry` or `VacantEntry`, whose first two fields are the map and the key.

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_syntax::Span;
use rgo_typeck::ty::{Args, Ty, TyKind};

use crate::go::ast::*;
use crate::lower::{Lower, MapTy, Val, fitted};
use crate::mono::maps::MapForm;
use crate::queries;

/// A call being lowered: its values, their types, and the map it is about.
struct MapCall {
    values: Vec<Expr>,
    inputs: Vec<Ty>,
    ret: Ty,
    of: MapTy,
}

/// Lowers a call of the intrinsic `name` with the arguments `values`.
pub fn call(lower: &mut Lower<'_, '_>, name: &str, def: DefId, args: Args, values: Vec<Expr>, span: Span) -> Val {
    let sig = lower.signature(def, args);
    let ret = sig.output();
    let types: Vec<Ty> = args.types().collect();
    let is_set = name.starts_with("map_set_");
    let key = types.first().copied().unwrap_or_else(Ty::unit);
    let value = if is_set { Ty::unit() } else { types.get(1).copied().unwrap_or_else(Ty::unit) };
    let form = lower.context().map_form(key, value);
    let mut call = MapCall { values, inputs: sig.inputs().to_vec(), ret, of: MapTy { key, value, form } };
    match name {
        "map_new" | "map_with_capacity" | "map_set_new" | "map_set_with_capacity" => {
            let form = lower.go_form(ret);
            match call.values.into_iter().next() {
                Some(capacity) if name.ends_with("with_capacity") => {
                    let capacity = lower.within("capacity", capacity, crate::lower::LONGEST);
                    Val::One(Expr::builtin("make", vec![Expr::Type(Box::new(form)), capacity]))
                }
                _ => Val::One(Expr::composite(form, Vec::new())),
            }
        }
        "map_get" => call.get(lower),
        "map_get_mut" => call.get_mut(lower),
        "map_get_key_value" => call.get_key_value(lower),
        "map_contains_key" | "map_set_contains" => {
            let (map, key) = call.map_and_key(lower);
            Val::One(Expr::Var(call.has(lower, map, key)))
        }
        "map_insert" => call.insert(lower),
        "map_set_insert" => call.set_insert(lower),
        "map_remove" | "map_remove_entry" | "map_set_remove" => call.remove(lower, name),
        "map_retain" | "map_set_retain" => call.retain(lower, is_set),
        "map_clone" => call.clone_map(lower, span),
        "map_entries" | "map_entries_mut" | "map_into_entries" => call.entries(lower, name),
        "map_entry_value" => {
            let entry = call.entry(lower);
            Val::One(lower.reference_to(entry, value, Mutability::Not))
        }
        "map_entry_slot" => Val::One(call.entry(lower).addr()),
        "map_entry_key" => {
            let (_, key) = call.entry_parts(lower);
            Val::One(lower.reference_to(key, call.of.key, Mutability::Not))
        }
        "map_entry_into_key" => Val::One(call.entry_parts(lower).1),
        "map_put" => {
            let (map, key) = call.map_and_key(lower);
            let value = call.take(2);
            let value = call.held(lower, value);
            lower.assign_to(at(map, key), value);
            Val::Parts(Vec::new())
        }
        "map_entry_replace" => call.entry_replace(lower),
        "map_entry_put" => call.entry_put(lower),
        "map_entry_take" => call.entry_take(lower),
        _ => {
            lower.report(span, &format!("`{}`", def.name()));
            Val::One(Expr::nil())
        }
    }
}

impl MapCall {
    fn take(&mut self, index: usize) -> Expr {
        self.values.get_mut(index).map_or_else(Expr::nil, |value| std::mem::replace(value, Expr::nil()))
    }

    /// The map that the receiver is, or points to; it may be mentioned twice.
    fn map(&mut self, lower: &mut Lower<'_, '_>) -> Expr {
        let receiver = self.take(0);
        let map = match self.inputs.first().map(|ty| ty.kind()) {
            Some(TyKind::Ref(_, _, Mutability::Mut)) => receiver.deref(),
            _ => receiver,
        };
        lower.repeatable_map(map)
    }

    /// The map and a key for it, from `&Q` or `K`.
    fn map_and_key(&mut self, lower: &mut Lower<'_, '_>) -> (Expr, Expr) {
        let map = self.map(lower);
        let key = self.take(1);
        let key = match self.inputs.get(1).map(|ty| ty.kind()) {
            Some(TyKind::Ref(_, queried, _)) if self.inputs[1] != self.of.key => lower.map_key(key, *queried, self.of),
            _ => key,
        };
        (map, lower.repeatable_value(key, "key"))
    }

    /// `_, ok := map[key]`.
    fn has(&self, lower: &mut Lower<'_, '_>, map: Expr, key: Expr) -> VarId {
        lower.define_ok(None, at(map, key)).1
    }

    /// The value of a key, which is Go's zero where there is none, and whether it is there.
    fn found(&self, lower: &mut Lower<'_, '_>, map: Expr, key: Expr) -> (Expr, Expr) {
        let found = match self.of.form {
            MapForm::Pointers => Expr::call(lower.runtime("Pointee"), vec![map, fitted(key)]),
            _ => at(map, key),
        };
        let (value, ok) = lower.define_ok(Some("v"), found);
        (value.map_or_else(Expr::nil, Expr::Var), Expr::Var(ok))
    }

    /// The pointer that a map holds for a key: nil where there is none.
    fn pointer(&self, lower: &mut Lower<'_, '_>, map: Expr, key: Expr) -> Val {
        let (pointer, ok) = lower.define_ok(Some("p"), at(map, key));
        let pointer = pointer.map_or_else(Expr::nil, Expr::Var);
        lower.note_nil_if_missing(&pointer);
        Val::Option(pointer, Expr::Var(ok))
    }

    fn get(&mut self, lower: &mut Lower<'_, '_>) -> Val {
        let (map, key) = self.map_and_key(lower);
        if self.of.form == MapForm::Pointers && lower.is_pointer_ref(self.of.value) {
            return self.pointer(lower, map, key);
        }
        let (value, ok) = self.found(lower, map, key);
        lower.note_copy(&value);
        let reference = lower.reference_to(value, self.of.value, Mutability::Not);
        Val::Option(reference, ok)
    }

    fn get_mut(&mut self, lower: &mut Lower<'_, '_>) -> Val {
        let (map, key) = self.map_and_key(lower);
        if self.of.form == MapForm::Pointers {
            return self.pointer(lower, map, key);
        }
        let (map, key) = lower.fixed(map, key);
        let ok = self.has(lower, map.clone(), key.clone());
        Val::Option(lower.map_entry(map, key, self.of).addr(), Expr::Var(ok))
    }

    fn get_key_value(&mut self, lower: &mut Lower<'_, '_>) -> Val {
        let (map, key) = self.map_and_key(lower);
        let (value, ok) = self.found(lower, map, key.clone());
        // The key that is there equals the one that was asked for, whose place the caller may use for something else.
        let key = lower.pinned(key);
        let key = lower.reference_to(key, self.of.key, Mutability::Not);
        let value = lower.reference_to(value, self.of.value, Mutability::Not);
        let pair = lower.context().option_payload(self.ret).unwrap_or(self.ret);
        Val::Option(lower.tuple_of(vec![key, value], pair), ok)
    }

    /// The value in the form in which the map holds it.
    fn held(&self, lower: &mut Lower<'_, '_>, value: Expr) -> Expr {
        match self.of.form {
            MapForm::Pointers => lower.boxed(value, self.of.value),
            _ => value,
        }
    }

    fn insert(&mut self, lower: &mut Lower<'_, '_>) -> Val {
        let (map, key) = self.map_and_key(lower);
        let value = self.take(2);
        if lower.result_is_unused() {
            let value = self.held(lower, value);
            lower.assign_to(at(map, key), value);
            return Val::Parts(Vec::new());
        }
        let value = match self.of.form {
            MapForm::Pointers => self.held(lower, value),
            _ => lower.repeatable_value(value, "value"),
        };
        let (old, ok) = self.found(lower, map.clone(), key.clone());
        lower.assign_to(at(map, key), value);
        Val::Option(old, ok)
    }

    fn set_insert(&mut self, lower: &mut Lower<'_, '_>) -> Val {
        let (map, key) = self.map_and_key(lower);
        let present = (!lower.result_is_unused()).then(|| self.has(lower, map.clone(), key.clone()));
        lower.assign_to(at(map, key), Expr::composite(Type::unit(), Vec::new()));
        match present {
            Some(present) => Val::One(Expr::Var(present).negate()),
            None => Val::Parts(Vec::new()),
        }
    }

    fn remove(&mut self, lower: &mut Lower<'_, '_>, name: &str) -> Val {
        let (map, key) = self.map_and_key(lower);
        let delete = Expr::builtin("delete", vec![map.clone(), fitted(key.clone())]);
        if lower.result_is_unused() {
            lower.discard(delete);
            return Val::Parts(Vec::new());
        }
        if name == "map_set_remove" {
            let ok = self.has(lower, map, key);
            lower.discard(delete);
            return Val::One(Expr::Var(ok));
        }
        let (value, ok) = self.found(lower, map, key.clone());
        if name == "map_remove" {
            lower.discard(delete);
            return Val::Option(value, ok);
        }
        let key = lower.pinned(key);
        lower.discard(delete);
        let pair = lower.context().option_payload(self.ret).unwrap_or(self.ret);
        Val::Option(lower.tuple_of(vec![key, value], pair), ok)
    }

    /// `for k, v := range m { if !keep(k, &v) { delete(m, k) } }`; what `keep` changed is written back.
    fn retain(&mut self, lower: &mut Lower<'_, '_>, is_set: bool) -> Val {
        let map = self.map(lower);
        let keep = self.take(1);
        let keep = match keep {
            literal @ Expr::Func(_) => literal,
            other => lower.repeatable_value(other, "keep"),
        };
        let key = lower.variable("k");
        let value = (!is_set).then(|| lower.variable("v"));
        let key_ref = lower.reference_to(Expr::Var(key), self.of.key, Mutability::Not);
        let mut args = vec![key_ref];
        args.extend(value.map(|value| match self.of.form {
            MapForm::Pointers => Expr::Var(value),
            _ => Expr::Var(value).addr(),
        }));
        let cond = applied(keep, args);
        let delete = StmtKind::Expr(Expr::builtin("delete", vec![map.clone(), Expr::Var(key)]));
        let mut changes = false;
        crate::go::visit::walk_expr(&cond, &mut |e| {
            changes |= matches!(e, Expr::Unary(UnaryOp::Addr, place) if value.is_some_and(|v| **place == Expr::Var(v)));
        });
        let body = if changes && self.of.form == MapForm::Values {
            let put = StmtKind::assign(map.clone().index(Expr::Var(key)), value.map_or_else(Expr::nil, Expr::Var));
            StmtKind::if_else(cond, vec![put.into()], vec![delete.into()])
        } else {
            let mut missed = cond.negate();
            crate::go::fold::simplify(&mut missed);
            StmtKind::if_else(missed, vec![delete.into()], Vec::new())
        };
        lower.range_over(Some(key), value, map, vec![body.into()]);
        Val::Parts(Vec::new())
    }

    fn clone_map(&mut self, lower: &mut Lower<'_, '_>, span: Span) -> Val {
        let map = self.take(0);
        let is_plain =
            |lower: &mut Lower<'_, '_>, ty: Ty| queries::is_copy(lower.db(), ty) || lower.go_form(ty).is_name("string");
        if self.of.form == MapForm::Values && is_plain(lower, self.of.key) && is_plain(lower, self.of.value) {
            return Val::One(Expr::call(Expr::imported("maps", "Clone"), vec![map]));
        }
        let map = lower.repeatable_value(map, "m");
        let form = lower.go_form(self.ret);
        let size = Expr::builtin("len", vec![map.clone()]);
        let copy = lower.pinned(Expr::builtin("make", vec![Expr::Type(Box::new(form)), size]));
        let (key, value) = (lower.variable("k"), lower.variable("v"));
        let body = lower.statements(|lower| {
            let place = match self.of.form {
                MapForm::Pointers => Expr::Var(value).deref(),
                _ => Expr::Var(value),
            };
            let new_key = lower.clone_of(Expr::Var(key), self.of.key, span);
            let new_value = lower.clone_of(place, self.of.value, span);
            let new_value = match (self.of.form, new_value) {
                // The variable of the loop is another one in each round, but the value behind its pointer is the original.
                (MapForm::Pointers, new_value) => self.held(lower, new_value),
                (_, new_value) => new_value,
            };
            lower.assign_to(copy.clone().index(new_key), new_value);
        });
        lower.range_over(Some(key), Some(value), map, body);
        Val::One(copy)
    }

    /// The entries as a slice of pairs.
    fn entries(&mut self, lower: &mut Lower<'_, '_>, name: &str) -> Val {
        let map = match self.inputs.first().map(|ty| ty.kind()) {
            Some(TyKind::Ref(_, _, Mutability::Mut)) => self.take(0).deref(),
            _ => self.take(0),
        };
        let map = lower.repeatable_map(map);
        if name == "map_entries_mut" && self.of.form == MapForm::Values {
            let of = self.of;
            lower.context().need_map(of.key, of.value, MapForm::Pointers);
        }
        let slice = lower.go_form(self.ret);
        let pair = lower.element_type(self.ret);
        let size = Expr::builtin("len", vec![map.clone()]);
        let entries = lower.pinned(Expr::builtin("make", vec![Expr::Type(Box::new(slice)), Expr::int(0), size]));
        let (key, value) = (lower.variable("k"), lower.variable("v"));
        let item = match (name, self.of.form) {
            ("map_entries", _) => lower.map_value_ref(Expr::Var(value), self.of),
            ("map_into_entries", MapForm::Pointers) => Expr::Var(value).deref(),
            _ => Expr::Var(value),
        };
        let tuple = lower.tuple_of(vec![Expr::Var(key), item], pair);
        let appended = Expr::builtin("append", vec![entries.clone(), tuple]);
        let body = vec![StmtKind::assign(entries.clone(), appended).into()];
        lower.range_over(Some(key), Some(value), map, body);
        Val::One(entries)
    }

    /// The place of the value that an `OccupiedEntry` or `VacantEntry` is about.
    fn entry(&mut self, lower: &mut Lower<'_, '_>) -> Expr {
        let (map, key) = self.entry_parts(lower);
        lower.map_entry(map, key, self.of)
    }

    fn entry_parts(&mut self, lower: &mut Lower<'_, '_>) -> (Expr, Expr) {
        let receiver = self.take(0);
        let (entry, ty) = match self.inputs.first().map(|ty| ty.kind()) {
            Some(TyKind::Ref(_, target, _)) => (receiver.deref(), *target),
            _ => (receiver, self.inputs.first().copied().unwrap_or_else(Ty::unit)),
        };
        let ty = lower.context().twin_ty(ty);
        let entry = match entry {
            // What a pointer points to may be another entry later.
            Expr::Unary(UnaryOp::Deref, pointer) => lower.pinned(*pointer).deref(),
            other => lower.repeatable_value(other, "e"),
        };
        let map = lower.field_place(entry.clone(), ty, 0).deref();
        (map, lower.field_place(entry, ty, 1))
    }

    fn entry_replace(&mut self, lower: &mut Lower<'_, '_>) -> Val {
        let place = self.entry(lower);
        let value = self.take(1);
        if lower.result_is_unused() {
            lower.assign_to(place, value);
            return Val::Parts(Vec::new());
        }
        let value = lower.repeatable_value(value, "value");
        let old = lower.pinned(place.clone());
        lower.assign_to(place, value);
        Val::One(old)
    }

    /// Sets the value of a `VacantEntry`: its address, if somebody wants it.
    fn entry_put(&mut self, lower: &mut Lower<'_, '_>) -> Val {
        let (map, key) = self.entry_parts(lower);
        let value = self.take(1);
        let value = self.held(lower, value);
        lower.assign_to(at(map.clone(), key.clone()), value);
        if lower.result_is_unused() {
            return Val::Parts(Vec::new());
        }
        Val::One(lower.map_entry(map, key, self.of).addr())
    }

    fn entry_take(&mut self, lower: &mut Lower<'_, '_>) -> Val {
        let (map, key) = self.entry_parts(lower);
        let value = lower.map_entry(map.clone(), key.clone(), self.of);
        let value = lower.pinned(value);
        let key = lower.pinned(key);
        lower.discard(Expr::builtin("delete", vec![map, fitted(key.clone())]));
        Val::Parts(vec![key, value])
    }
}

/// `map[key]`, which gives a constant its type.
fn at(map: Expr, key: Expr) -> Expr {
    map.index(fitted(key))
}

/// A call of a function literal that is one `return`, without the call.
fn applied(function: Expr, args: Vec<Expr>) -> Expr {
    let Expr::Func(literal) = &function else { return Expr::call(function, args) };
    let [Stmt { kind: StmtKind::Return(values), .. }] = &literal.body[..] else { return Expr::call(function, args) };
    let [value] = &values[..] else { return Expr::call(function, args) };
    let mut value = value.clone();
    let params: Vec<Option<VarId>> = literal.params.iter().map(|param| param.var).collect();
    crate::go::visit::rewrite_expr(&mut value, &mut |e| match e {
        Expr::Var(var) => {
            if let Some(at) = params.iter().position(|param| *param == Some(*var)) {
                *e = args[at].clone();
            }
        }
        Expr::Unary(UnaryOp::Deref, inner) => {
            if let Expr::Unary(UnaryOp::Addr, place) = &**inner {
                *e = (**place).clone();
            }
        }
        _ => {}
    });
    value
}
