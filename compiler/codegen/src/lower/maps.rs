//! `HashMap` where it is a Go map: entries as places, and the idioms of `entry`.
//!
//! Go has no address of a map's entry. What rgo takes the address of is lowered as `&m[k]` all the same: most of it is used as `*&m[k]`, which is
//! an entry again. What is left of it when the function is done is found by `Cx::check_entries`, and the map holds pointers in the next round.

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{BodyKind, ExprId, ExprKind};
use rgo_typeck::ty::{Args, Ty};

use super::flags::{DropState, Lifetime, Root};
use super::*;
use crate::attrs::GoForm;
use crate::mono::maps::MapForm;
use crate::queries;

/// The types of a map and its form.
#[derive(Clone, Copy)]
pub struct MapTy {
    pub key: Ty,
    pub value: Ty,
    pub form: MapForm,
}

/// `m.entry(k)`, perhaps with `.and_modify(f)`.
struct EntryCall {
    map: ExprId,
    key: ExprId,
    modify: Option<ExprId>,
}

impl Lower<'_, '_> {
    /// The Go map that a type is, if it is one.
    pub fn native_map(&mut self, ty: Ty) -> Option<MapTy> {
        let (key, value, form) = self.cx.map_form_of_ty(ty)?;
        (form != MapForm::Table).then_some(MapTy { key, value, form })
    }

    /// The entry of a key as a place.
    pub fn map_entry(&mut self, map: Expr, key: Expr, of: MapTy) -> Expr {
        let key = fitted(key);
        match of.form {
            MapForm::Pointers => map.index(key).deref(),
            _ => Expr::Entry(Box::new(Entry { map, key, of: self.cx.map_id(of.key, of.value) })),
        }
    }

    /// A reference to a value that was read from a Go map.
    pub fn map_value_ref(&mut self, value: Expr, of: MapTy) -> Expr {
        match of.form {
            MapForm::Pointers => self.reference(value.deref(), of.value, Mutability::Not),
            _ => self.reference(value, of.value, Mutability::Not),
        }
    }

    /// `m[&k]` as a place: it panics where the key is missing.
    pub(super) fn map_index_place(&mut self, base: ExprId, index: ExprId) -> Option<Expr> {
        let base_ty = self.expr_ty(base);
        let target = self.pointee(base_ty)?;
        if self.cx.adt_lang(target) != Some("hash_map") {
            return None;
        }
        let of = self.native_map(target)?;
        let operands =
            self.operands_by(
                &[base, index],
                |lower, e| {
                    if e == base { lower.borrowed_place(e, base_ty) } else { lower.value(e) }
                },
            );
        let [map, key] = <[Expr; 2]>::try_from(operands).ok()?;
        let key_ty = self.expr_ty(index);
        let queried = self.pointee(key_ty)?;
        let key = self.map_key(key, queried, of);
        let found = Expr::call(self.cx.runtime("MapAt"), vec![map, fitted(key)]);
        Some(match of.form {
            MapForm::Pointers => found.deref(),
            _ => found,
        })
    }

    /// A key behind a reference as a key of the map. Where it has another form than the map's keys, the map must be a table.
    pub fn map_key(&mut self, reference: Expr, queried: Ty, of: MapTy) -> Expr {
        let queried = queries::normalize(self.cx.db, queried);
        if self.go_ty(queried) != self.go_ty(of.key) {
            self.cx.need_map(of.key, of.value, MapForm::Table);
        }
        self.place_of_ref(reference, queried)
    }

    /// Another name for a reference into a map or to a copy from one, which spares a pointer. Whether `local` got it.
    pub(super) fn alias_of_entry(&mut self, local: LocalId, value: &Expr) -> bool {
        let is_fixed = self.body.locals.get(local).is_some_and(|l| !l.mutable);
        let Expr::Unary(UnaryOp::Addr, place) = value else { return false };
        match &**place {
            Expr::Entry(_) if is_fixed => {}
            Expr::Var(copy) if is_fixed && self.map_copies.remove(copy) => {
                let name = self.body.locals.get(local).map_or("v", |l| l.name.as_str());
                if !name.is_empty() {
                    self.locals.vars[copy.0 as usize] =
                        VarInfo { name: name.into(), origin: VarOrigin::User, is_named: true, is_never_nil: false };
                }
            }
            _ => return false,
        }
        self.slots.insert(local, Slot::Alias(value.clone()));
        true
    }

    /// `m.entry(k).or_insert(d)` and its relatives, on a Go map.
    pub(super) fn map_or_insert(
        &mut self,
        expr: ExprId,
        args: &[ExprId],
        lang: &str,
        overwritten: Option<Overwrite>,
    ) -> Option<Val> {
        let entry = self.entry_call(*args.first()?)?;
        let map_ty = self.expr_ty(entry.map);
        let target = self.pointee(map_ty)?;
        let of = self.native_map(target)?;
        let is_eager = lang == "hash_map_or_insert";
        if self.has_owning_fn(args) || self.has_owning_fn(entry.modify.as_slice()) {
            return None;
        }
        let mut exprs = vec![entry.map, entry.key];
        exprs.extend(args.get(1).filter(|_| is_eager));
        let mut values = self.operands(&exprs).into_iter();
        let (map, key) = (values.next()?, values.next()?);
        let map = self.fixed_map(entry.map, map);
        let key = self.fixed_key(entry.key, key);
        let default = values.next();
        let span = self.body.exprs[expr].span;
        let mut default = default.map(|value| self.held_default(value));
        let make = self.block(|lower| {
            if default.is_none() {
                default = Some(lower.lazy_default(args.get(1).copied(), lang, of, span));
            }
        });
        let default = default?;
        if of.form == MapForm::Values && entry.modify.is_none() && make.is_empty() {
            let is_needless = match overwritten {
                Some(Overwrite::Whole) => true,
                Some(Overwrite::Changed) => self.is_go_zero(&default),
                None => false,
            };
            if is_needless {
                return Some(Val::One(self.map_entry(map, key, of).addr()));
            }
        }
        Some(match of.form {
            MapForm::Values => self.or_insert_value(map, key, (make, default), entry.modify, of),
            _ => self.or_insert_pointer(map, key, (make, default), entry.modify, of),
        })
    }

    fn or_insert_value(
        &mut self,
        map: Expr,
        key: Expr,
        (mut make, default): (Block, Expr),
        modify: Option<ExprId>,
        of: MapTy,
    ) -> Val {
        let ok = self.locals.temporary("ok");
        let place = self.map_entry(map.clone(), key.clone(), of);
        self.emit(StmtKind::Define(vec![None, Some(ok)], vec![map.index(fitted(key))]));
        make.push(StmtKind::assign(place.clone(), fitted(default)).into());
        self.if_missing(ok, make, modify, place.clone().addr());
        Val::One(place.addr())
    }

    fn or_insert_pointer(
        &mut self,
        map: Expr,
        key: Expr,
        (mut make, default): (Block, Expr),
        modify: Option<ExprId>,
        of: MapTy,
    ) -> Val {
        let ok = self.locals.temporary("ok");
        let pointer = self.locals.temporary("p");
        let slot = map.index(fitted(key));
        self.emit(StmtKind::Define(vec![Some(pointer), Some(ok)], vec![slot.clone()]));
        make.extend(self.block(|lower| {
            let boxed = lower.boxed(default, of.value);
            lower.emit(StmtKind::assign(Expr::Var(pointer), boxed));
            lower.emit(StmtKind::assign(slot, Expr::Var(pointer)));
        }));
        self.if_missing(ok, make, modify, Expr::Var(pointer));
        Val::One(Expr::Var(pointer))
    }

    /// `if !ok { make } else { modify }`.
    fn if_missing(&mut self, ok: VarId, make: Block, modify: Option<ExprId>, slot: Expr) {
        let Some(modify) = modify else {
            return self.emit(StmtKind::if_else(Expr::Var(ok).negate(), make, Vec::new()));
        };
        let change = self.block(|lower| lower.call_inline(modify, vec![slot]));
        self.emit(StmtKind::if_else(Expr::Var(ok), change, make));
    }

    /// Calls a function on these values: a closure that is written there has its body here.
    fn call_inline(&mut self, function: ExprId, values: Vec<Expr>) {
        if let ExprKind::Closure { def } = &self.body.exprs[function].kind
            && self.inline_closure(*def, &values)
        {
            return;
        }
        let function = self.value(function);
        self.emit(StmtKind::Expr(Expr::call(function, values)));
    }

    /// The body of a closure of no result in the place of its only call.
    fn inline_closure(&mut self, def: DefId, values: &[Expr]) -> bool {
        let Some(body) = queries::thir(self.cx.db, def) else { return false };
        let BodyKind::Closure(info) = &body.kind else { return false };
        let leaves =
            body.exprs.iter().any(|(_, expr)| matches!(expr.kind, ExprKind::Return { .. } | ExprKind::Try { .. }));
        let mut params = Vec::new();
        for param in body.params.iter().filter(|param| param.pat.is_some()) {
            let Some(local) = param.pat.and_then(|pat| match &body.pats[pat].kind {
                thir::PatKind::Bind { local, by_ref: None, sub: None, .. } => Some(*local),
                _ => None,
            }) else {
                return false;
            };
            params.push(local);
        }
        let moves = info.captures.iter().any(|capture| capture.by == thir::CaptureBy::Value);
        if leaves || moves || params.len() != values.len() || !self.ty(body.ret).is_unit() {
            return false;
        }
        let upvars: Vec<Expr> = info.captures.iter().map(|capture| self.capture(capture)).collect();
        let outer = (self.body, self.facts, self.ret);
        let outer_upvars = std::mem::replace(&mut self.upvars, upvars);
        let outer_temps = (std::mem::take(&mut self.dropped_temps), std::mem::take(&mut self.temp_vars));
        let outer_dropping = std::mem::replace(&mut self.dropping, DropState::inlined());
        let is_outermost = std::mem::replace(&mut self.is_outermost, false);
        self.body = body;
        self.facts = queries::facts(self.cx.db, def);
        self.plan_drops();
        for (local, value) in params.into_iter().zip(values) {
            if !self.alias_of_entry(local, value) {
                let var = self.new_local(local);
                self.define_root(Root::Local(local), var, value.clone(), Lifetime::Inner);
            }
        }
        let pos = self.pos;
        self.mark(body.exprs[body.value].span);
        self.scoped_into(body.value, &Dest::Discard, ScopeExit::FnEnd);
        self.pos = pos;
        (self.body, self.facts, self.ret) = outer;
        self.upvars = outer_upvars;
        (self.dropped_temps, self.temp_vars) = outer_temps;
        self.dropping = outer_dropping;
        self.is_outermost = is_outermost;
        true
    }

    fn entry_call(&self, expr: ExprId) -> Option<EntryCall> {
        let ExprKind::Call { callee, args, .. } = &self.body.exprs[expr].kind else { return None };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return None };
        match (self.cx.lang_of(*def)?, &args[..]) {
            ("hash_map_entry", [map, key]) => Some(EntryCall { map: *map, key: *key, modify: None }),
            ("hash_map_and_modify", [entry, function]) => {
                let entry = self.entry_call(*entry).filter(|entry| entry.modify.is_none())?;
                // What the function captures is taken when it is called here, not before the key is looked up: a literal cannot tell.
                let is_literal = matches!(self.body.exprs[*function].kind, ExprKind::Closure { .. });
                is_literal.then_some(EntryCall { modify: Some(*function), ..entry })
            }
            _ => None,
        }
    }

    /// A default that was evaluated before the key is looked up.
    fn held_default(&mut self, value: Expr) -> Expr {
        if crate::go::fold::Variables::default().is_droppable(&value) { value } else { self.temp("value", value) }
    }

    /// A default that is only made where it is needed.
    fn lazy_default(&mut self, function: Option<ExprId>, lang: &str, of: MapTy, span: Span) -> Expr {
        if lang == "hash_map_or_default" {
            if of.value.is_scalar() || matches!(self.cx.adt_lang(of.value), Some("string" | "vec")) {
                return self.cx.zero(of.value);
            }
            let default = rgo_hir::lang_item(self.cx.db, "default")
                .and_then(|t| rgo_hir::child(self.cx.db, t, rgo_syntax::Name::new("default")));
            let Some(default) = default else { return self.unsupported(span, "this default") };
            let val = self.call_def(default, Args::of_types(&[of.value]), Vec::new(), None, span);
            return self.stored(val, of.value);
        }
        let Some(function) = function else { return Expr::nil() };
        let val = match &self.body.exprs[function].kind {
            ExprKind::FnItem { def, args, .. } => {
                let args = self.cx.concrete_args(*args, self.args);
                self.call_def(*def, args, Vec::new(), None, span)
            }
            ExprKind::Closure { def } => match self.closure_value(*def) {
                Some(value) => return value,
                None => self.call_of(function, of.value),
            },
            _ => self.call_of(function, of.value),
        };
        self.stored(val, of.value)
    }

    fn call_of(&mut self, function: ExprId, ret: Ty) -> Val {
        let function = self.value(function);
        self.finish_call(Expr::call(function, Vec::new()), ret)
    }

    /// The value of a closure without parameters whose body is one expression.
    fn closure_value(&mut self, def: DefId) -> Option<Expr> {
        let closure = self.closure(def);
        let Expr::Func(literal) = &closure else { return None };
        if literal.results.len() != 1 {
            return None;
        }
        match &literal.body[..] {
            [Stmt { kind: StmtKind::Return(values), .. }] if values.len() == 1 => Some(values[0].clone()),
            _ => Some(Expr::call(closure, Vec::new())),
        }
    }

    fn is_go_zero(&self, value: &Expr) -> bool {
        self.is_zero_value(value)
            || matches!(value, Expr::Composite(c) if c.elements.is_empty() && matches!(c.ty, Type::Slice(_)))
    }

    /// Says that the entry which a call makes is written next, whatever it holds: then nothing need be put there first.
    pub(super) fn note_overwritten(&mut self, place: ExprId, how: Overwrite) {
        let pointer = match &self.body.exprs[place].kind {
            ExprKind::Deref(inner) => *inner,
            _ => return,
        };
        if self.is_or_insert(pointer) {
            self.overwritten = Some((pointer, how));
        }
    }

    /// The same for the receiver of a method like `push`, whose template changes what `self` points to.
    pub(super) fn note_overwriting_call(&mut self, def: DefId, args: &[ExprId]) {
        let Some(receiver) = args.first() else { return };
        let changes = |text: &str| text.starts_with("*$self = append(*$self");
        if !crate::attrs::go_attrs(self.cx.db, def).first().is_some_and(|attr| {
            attr.condition.is_none() && matches!(&attr.form, Some(GoForm::Stmt(text)) if changes(text))
        }) {
            return;
        }
        match &self.body.exprs[*receiver].kind {
            ExprKind::Borrow { place, .. } => self.note_overwritten(*place, Overwrite::Changed),
            _ if self.is_or_insert(*receiver) => self.overwritten = Some((*receiver, Overwrite::Changed)),
            _ => {}
        }
    }

    fn is_or_insert(&self, expr: ExprId) -> bool {
        let ExprKind::Call { callee, .. } = &self.body.exprs[expr].kind else { return false };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return false };
        self.cx.lang_of(*def).is_some_and(is_or_insert_name)
    }

    /// The map behind `&mut m`, as a place that is the same for as long as the borrow lasts.
    fn fixed_map(&mut self, expr: ExprId, pointer: Expr) -> Expr {
        let place = match &self.body.exprs[expr].kind {
            ExprKind::Borrow { place, .. } => *place,
            _ => expr,
        };
        let map = pointer.clone().deref();
        // A map in a map: what holds it is borrowed too.
        if matches!(map, Expr::Entry(_)) {
            return map;
        }
        if self.is_fixed_place(place) && super::expr::is_repeatable(&map) {
            return map;
        }
        self.temp("m", pointer).deref()
    }

    fn fixed_key(&mut self, expr: ExprId, key: Expr) -> Expr {
        let is_stable = self.stability(expr) == super::operands::Stability::Stable;
        let is_fixed = crate::go::constant::is_constant(&key) || is_stable && super::expr::is_repeatable(&key);
        if is_fixed { key } else { self.temp("key", key) }
    }

    /// Whether the map and the key of `m.get_mut(&k)` are the same for as long as the borrow lasts.
    pub(super) fn fixed_entry(&self, args: &[ExprId]) -> (bool, bool) {
        let [map, key] = args else { return (false, false) };
        let under = |expr: ExprId| match &self.body.exprs[expr].kind {
            ExprKind::Borrow { place, .. } => *place,
            _ => expr,
        };
        // A reference in a variable is followed as `*reference` is.
        let map_is_fixed = match &self.body.exprs[*map].kind {
            ExprKind::Local(local) => self.is_fixed_pointer(*local),
            _ => self.is_fixed_place(under(*map)),
        };
        (map_is_fixed, self.stability(under(*key)) == super::operands::Stability::Stable)
    }

    /// A map and a key that something will go on borrowing.
    pub fn fixed(&mut self, map: Expr, key: Expr) -> (Expr, Expr) {
        let (map_is_fixed, key_is_fixed) = self.has_fixed_entry;
        let map = match map {
            map if map_is_fixed => map,
            entry @ Expr::Entry(_) => entry,
            Expr::Unary(UnaryOp::Deref, pointer) => self.temp("m", *pointer).deref(),
            map => self.temp("m", map),
        };
        let key_is_fixed = key_is_fixed || crate::go::constant::is_constant(&key);
        (map, if key_is_fixed { key } else { self.temp("key", key) })
    }
}

/// The lang names of what `map_or_insert` lowers.
pub(super) fn is_or_insert_name(lang: &str) -> bool {
    matches!(lang, "hash_map_or_insert" | "hash_map_or_insert_with" | "hash_map_or_default")
}
