//! What is still to be dropped of a value: who sees to it, and which flags say so.
//!
//! From the borrow checker's facts of a body. A value that dies with the function is dropped by a `defer` where it is made, so that every
//! exit and a panic drop it alike. One that dies earlier is dropped in place (`drops`); where a panic may find it alive, a flag and a
//! deferred function see to that. In a loop both stand in front of the loop, for a deferred call lives as long as the function.
//!
//! Invariant: a flag is true exactly while its part of the value is initialised; dropping clears it first, so that nothing is dropped twice.

use std::collections::BTreeMap;

use rgo_borrowck::{AssignDrop, DEREF_STEP, DropKind, DroppedPlace, ELEMENT_STEP, UseKind, VARIANT_STEP};
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{ArmId, BodyKind, CaptureBy, ExprId, ExprKind, PatId, PatKind};
use rgo_typeck::ty::{Ty, TyKind};

use super::glue::Occasion;
use super::*;
use crate::queries;

/// What holds a value: a variable, a temporary, what a closure owns, or a parameter that a pattern takes apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Root {
    Local(LocalId),
    Temp(ExprId),
    Upvar(u32),
    Param(u32),
}

/// Steps from a root to a part of it, as in [`DroppedPlace`].
pub(super) type Path = Vec<u32>;

/// How long a value lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// As long as the function.
    Function,
    Inner,
}

/// Whether a variable holds a value where it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Value,
    Nothing,
}

#[derive(Clone, Debug, Default)]
struct PartPlan {
    dropped_at_exit: bool,
    conditional: bool,
    unwinds: bool,
}

/// What the facts say about a root.
#[derive(Clone, Debug, Default)]
struct Plan {
    parts: BTreeMap<Path, PartPlan>,
    /// In which order the parts die, as the exit says that drops most of them.
    order: Vec<Path>,
    moved: bool,
    /// Something of it is dropped where the function ends.
    at_function_end: bool,
}

impl Plan {
    fn is_dropped(&self) -> bool {
        self.parts.values().any(|part| part.dropped_at_exit)
    }

    fn unwinds(&self) -> bool {
        self.parts.values().any(|part| part.unwinds)
    }
}

#[derive(Clone, Debug, Default)]
struct Flags {
    parts: BTreeMap<Path, VarId>,
    /// A deferred function looks at them.
    unwinds: bool,
}

/// The state of dropping in one body; a closure has its own.
#[derive(Default)]
pub(super) struct DropState {
    plans: FxHashMap<Root, Plan>,
    flags: FxHashMap<Root, Flags>,
    /// Roots whose drop runs by `defer`.
    deferred: FxHashSet<Root>,
    /// Where a value comes from that a pattern binds by moving it.
    origins: FxHashMap<LocalId, Vec<(Root, Path)>>,
    /// What the pattern of an arm is matched against.
    arm_origins: FxHashMap<ArmId, (Root, Path)>,
    /// Temporaries with a type that is not their expression's.
    temp_types: FxHashMap<ExprId, Ty>,
    /// Declarations that go in front of the outermost loop.
    hoisted: Block,
    hoisted_locals: FxHashSet<LocalId>,
    loop_depth: usize,
    /// The body stands in another function, with which nothing of it dies.
    is_inlined: bool,
}

impl DropState {
    /// For a closure whose body stands where it is called.
    pub(super) fn inlined() -> DropState {
        DropState { is_inlined: true, ..DropState::default() }
    }
}

impl Lower<'_, '_> {
    /// Reads the facts of the body that is lowered now.
    pub(super) fn plan_drops(&mut self) {
        self.dropping.plans.clear();
        self.dropped_temps.clear();
        let Some(facts) = self.facts else { return };
        let outermost = match &self.body.exprs[self.body.value].kind {
            ExprKind::Block(block) => Some(ScopeExit::BlockEnd(*block)),
            _ => None,
        };
        for (exit, drops) in &facts.drops {
            let is_end = *exit == ScopeExit::FnEnd || Some(*exit) == outermost;
            let mut order: FxHashMap<Root, Vec<Path>> = FxHashMap::default();
            for drop in drops {
                for (root, path) in self.roots(&drop.what) {
                    order.entry(root).or_default().push(path.clone());
                    let plan = self.dropping.plans.entry(root).or_default();
                    plan.at_function_end |= is_end;
                    let part = plan.parts.entry(path).or_default();
                    part.dropped_at_exit = true;
                    part.conditional |= drop.kind == DropKind::Flag;
                }
            }
            for (root, order) in order {
                let plan = self.dropping.plans.entry(root).or_default();
                if (order.len(), &order) > (plan.order.len(), &plan.order) {
                    plan.order = order;
                }
            }
        }
        for what in &facts.unwinding {
            for (root, path) in self.roots(what) {
                self.dropping.plans.entry(root).or_default().parts.entry(path).or_default().unwinds = true;
            }
        }
        for (expr, drop) in &facts.assign_drops {
            for (root, path) in self.conditional_parts(*expr, drop) {
                let plan = self.dropping.plans.entry(root).or_default();
                plan.parts.entry(path).or_default().conditional = true;
            }
        }
        for what in &facts.moved {
            for (root, _) in self.roots(what) {
                if let Some(plan) = self.dropping.plans.get_mut(&root) {
                    plan.moved = true;
                }
            }
        }
        self.dropped_temps = self
            .dropping
            .plans
            .iter()
            // One that only a panic drops never comes to the end of its statement, as among the arguments of `panic!`.
            .filter(|(_, plan)| plan.is_dropped() || plan.unwinds() && !plan.moved)
            .filter_map(|(root, _)| match root {
                Root::Temp(expr) if self.cx.needs_drop(self.expr_ty(*expr)) => Some(*expr),
                _ => None,
            })
            .collect();
    }

    /// What an assignment drops only if a flag says that it is there.
    fn conditional_parts(&self, expr: ExprId, drop: &AssignDrop) -> Vec<(Root, Path)> {
        match drop {
            AssignDrop::Whole(DropKind::Static) => Vec::new(),
            AssignDrop::Whole(DropKind::Flag) => {
                let place = match &self.body.exprs[expr].kind {
                    ExprKind::Assign { place, .. } => *place,
                    // One of several that a pattern assigns to.
                    _ => expr,
                };
                self.root_of(place).into_iter().collect()
            }
            AssignDrop::Parts(parts) => parts
                .iter()
                .filter(|part| part.kind == DropKind::Flag)
                .flat_map(|part| self.roots(&part.what))
                .collect(),
        }
    }

    /// The roots and paths that a dropped place names: one, but for an environment.
    pub(super) fn roots(&self, what: &DroppedPlace) -> Vec<(Root, Path)> {
        match what {
            DroppedPlace::Local(local) => vec![(Root::Local(*local), Path::new())],
            DroppedPlace::LocalField(local, path) => vec![(Root::Local(*local), path.clone())],
            DroppedPlace::Temp(expr) => vec![(Root::Temp(*expr), Path::new())],
            DroppedPlace::TempField(expr, path) => vec![(Root::Temp(*expr), path.clone())],
            DroppedPlace::Upvar(index) => vec![(Root::Upvar(*index), Path::new())],
            DroppedPlace::Param(index, path) => vec![(Root::Param(*index), path.clone())],
            DroppedPlace::Env => {
                let BodyKind::Closure(info) = &self.body.kind else { return Vec::new() };
                (0..info.captures.len() as u32).map(|index| (Root::Upvar(index), Path::new())).collect()
            }
        }
    }

    /// Whether a scheduled drop is to be done in place, and what it is about.
    pub(super) fn drops_in_place(&self, what: &DroppedPlace) -> Vec<(Root, Path)> {
        let mut roots = self.roots(what);
        roots.retain(|(root, _)| {
            !self.dropping.deferred.contains(root) && self.root_ty(*root).is_some_and(|ty| self.cx.needs_drop(ty))
        });
        roots
    }

    fn root_ty(&self, root: Root) -> Option<Ty> {
        match root {
            Root::Local(local) => self.body.locals.get(local).map(|l| self.ty(l.ty)),
            Root::Temp(expr) => {
                let own = self.dropping.temp_types.get(&expr).copied();
                Some(own.unwrap_or_else(|| self.expr_ty(expr)))
            }
            Root::Upvar(index) => self.owned_upvar(index),
            Root::Param(index) => {
                self.param_vars.get(&index)?;
                self.body.params.get(index as usize).map(|param| self.ty(param.ty))
            }
        }
    }

    /// The Go place that holds a root now.
    pub(super) fn root_place(&mut self, root: Root) -> Option<(Expr, Ty)> {
        let ty = self.root_ty(root)?;
        let place = match root {
            Root::Local(local) => {
                self.slots.get(&local)?;
                self.local(local)
            }
            Root::Temp(expr) => Expr::Var(*self.temp_vars.get(&expr)?),
            Root::Upvar(index) => self.upvars.get(index as usize)?.clone(),
            Root::Param(index) => Expr::Var(*self.param_vars.get(&index)?),
        };
        Some((place, ty))
    }

    /// The type of a captured value that the closure owns and that does something when it is dropped.
    fn owned_upvar(&self, index: u32) -> Option<Ty> {
        let BodyKind::Closure(info) = &self.body.kind else { return None };
        let capture = info.captures.get(index as usize)?;
        let ty = self.ty(capture.ty);
        let is_own = info.kind == rgo_typeck::ty::ClosureKind::FnOnce && capture.by == CaptureBy::Value;
        (is_own && self.cx.needs_drop(ty)).then_some(ty)
    }

    /// Declares the variable that holds a root from here on, with its value.
    pub(super) fn define_root(&mut self, root: Root, var: VarId, value: Expr, life: Lifetime) {
        let Some(ty) = self.root_ty(root) else { return self.define(var, value, None) };
        let form = self.go_ty(ty);
        if self.is_hoisted(root, ty, life) {
            self.hoist(root, var, ty, form);
            self.emit(StmtKind::assign(Expr::Var(var), fitted(value)));
            self.initialised(root, &[]);
        } else {
            self.define(var, value, Some(form));
            self.arm(root, Expr::Var(var), ty, life, Holds::Value);
        }
    }

    /// Declares the variable of a root that gets its value later.
    pub(super) fn declare_root(&mut self, root: Root, var: VarId, life: Lifetime) {
        let Some(ty) = self.root_ty(root) else { return };
        let form = self.go_ty(ty);
        if self.is_hoisted(root, ty, life) {
            return self.hoist(root, var, ty, form);
        }
        self.emit(StmtKind::Var(var, form, None));
        self.arm(root, Expr::Var(var), ty, life, Holds::Nothing);
    }

    /// Declares the variable of a root, whose value `fill` then assigns.
    pub(super) fn fill_root(&mut self, root: Root, var: VarId, life: Lifetime, fill: impl FnOnce(&mut Self)) {
        let Some(ty) = self.root_ty(root) else { return };
        let form = self.go_ty(ty);
        if self.is_hoisted(root, ty, life) {
            self.hoist(root, var, ty, form);
            fill(self);
            return self.initialised(root, &[]);
        }
        self.emit(StmtKind::Var(var, form, None));
        fill(self);
        self.arm(root, Expr::Var(var), ty, life, Holds::Value);
    }

    pub(super) fn has_flags(&self, root: Root) -> bool {
        self.dropping.flags.contains_key(&root)
    }

    /// Whether a place expression used as a value moves.
    pub(super) fn is_moved(&self, expr: ExprId) -> bool {
        self.facts.is_some_and(|facts| facts.uses.get(expr) == Some(&UseKind::Move))
    }

    fn is_hoisted(&self, root: Root, ty: Ty, life: Lifetime) -> bool {
        life == Lifetime::Inner
            && self.dropping.loop_depth > 0
            && self.dropping.plans.get(&root).is_some_and(Plan::unwinds)
            && self.cx.needs_unwinding(ty)
    }

    /// Declares the variable and its flags in front of the outermost loop.
    fn hoist(&mut self, root: Root, var: VarId, ty: Ty, form: Type) {
        if let Root::Local(local) = root {
            self.dropping.hoisted_locals.insert(local);
        }
        let stmts = self.block(|lower| {
            lower.emit(StmtKind::Var(var, form, None));
            lower.arm(root, Expr::Var(var), ty, Lifetime::Inner, Holds::Nothing);
        });
        self.dropping.hoisted.extend(stmts);
    }

    pub(super) fn enter_repetition(&mut self) {
        self.dropping.loop_depth += 1;
    }

    pub(super) fn leave_repetition(&mut self) {
        self.dropping.loop_depth -= 1;
        if self.dropping.loop_depth == 0 {
            let hoisted = std::mem::take(&mut self.dropping.hoisted);
            self.out.extend(hoisted);
        }
    }

    /// Whether the variable outlives one turn of its loop: who keeps its value must copy it.
    pub(super) fn is_hoisted_local(&self, local: LocalId) -> bool {
        self.dropping.hoisted_locals.contains(&local)
    }

    /// Sees to the drop of a root whose variable is there now: by `defer`, or by flags for what is dropped in place.
    pub(super) fn arm(&mut self, root: Root, place: Expr, ty: Ty, life: Lifetime, holds: Holds) {
        self.dropping.flags.remove(&root);
        let Some(plan) = self.dropping.plans.get(&root).cloned() else { return };
        if !self.cx.needs_drop(ty) {
            return;
        }
        let unwinds = plan.unwinds() && self.cx.needs_unwinding(ty);
        // What is dropped in another way by a panic, and may be moved before, cannot leave it to one deferred call to find out.
        let is_told_apart = plan.moved && self.cx.is_dropped_by_occasion(ty);
        let is_deferred = life == Lifetime::Function && !self.dropping.is_inlined && !is_told_apart;
        if is_deferred && (plan.is_dropped() || unwinds) {
            self.dropping.deferred.insert(root);
            if holds == Holds::Value && !plan.moved {
                let call = self.cx.drop_call_at(Occasion::Deferred, place, ty);
                return self.emit(StmtKind::Defer(call));
            }
            let paths = plan.parts.keys().cloned().collect();
            return self.flag(root, place, ty, paths, holds, Some(Occasion::Within));
        }
        let paths: Vec<Path> =
            plan.parts.iter().filter(|(_, part)| unwinds || part.conditional).map(|(path, _)| path.clone()).collect();
        if !paths.is_empty() {
            self.flag(root, place, ty, paths, holds, unwinds.then_some(Occasion::Unwinding));
        }
    }

    /// Declares flags for parts of a root; with a deferred function, on the occasion of which what they say is left is dropped.
    fn flag(&mut self, root: Root, place: Expr, ty: Ty, paths: Vec<Path>, holds: Holds, deferred: Option<Occasion>) {
        let name = self.flag_name(root);
        let mut parts = BTreeMap::new();
        for path in paths {
            let steps: String =
                path.iter().map(|step| format!("_{}", step & !(VARIANT_STEP | DEREF_STEP | ELEMENT_STEP))).collect();
            let flag = self.locals.temporary(&format!("{name}{steps}_live"));
            self.emit(StmtKind::define(flag, Expr::bool(holds == Holds::Value)));
            parts.insert(path, flag);
        }
        if let Some(occasion) = deferred {
            let order = self.dropping.plans.get(&root).map(|plan| plan.order.clone()).unwrap_or_default();
            let stmts = self.block(|lower| lower.drop_flagged(occasion, &parts, &order, &[], &place, ty));
            let function = Expr::Func(Box::new(FuncLit { params: Vec::new(), results: Vec::new(), body: stmts }));
            self.emit(StmtKind::Defer(Expr::call(function, Vec::new())));
        }
        self.dropping.flags.insert(root, Flags { parts, unwinds: deferred.is_some() });
    }

    fn flag_name(&self, root: Root) -> String {
        match root {
            Root::Local(local) => self.body.locals.get(local).map_or("v", |l| l.name.as_str()).to_string(),
            Root::Temp(_) => "v".into(),
            Root::Upvar(index) => match &self.body.kind {
                BodyKind::Closure(info) => info
                    .captures
                    .get(index as usize)
                    .and_then(|capture| self.body.locals.get(capture.place.local))
                    .map_or("v", |l| l.name.as_str())
                    .to_string(),
                _ => "v".into(),
            },
            Root::Param(_) => "arg".into(),
        }
    }

    /// `if whole { drop it } else { … its parts }`, for the flags at or below a path.
    fn drop_flagged(
        &mut self,
        occasion: Occasion,
        parts: &BTreeMap<Path, VarId>,
        order: &[Path],
        below: &[u32],
        place: &Expr,
        ty: Ty,
    ) {
        let within: BTreeMap<Path, VarId> =
            parts.iter().filter(|(path, _)| path.starts_with(below)).map(|(p, v)| (p.clone(), *v)).collect();
        let mut tops: Vec<Path> = within
            .keys()
            .filter(|path| !within.keys().any(|other| other.len() < path.len() && path.starts_with(other)))
            .cloned()
            .collect();
        // An exit that drops only some of them says nothing of the others.
        if tops.iter().all(|top| order.contains(top)) {
            tops.sort_by_key(|top| order.iter().position(|path| path == top));
        }
        for top in tops {
            let Some(flag) = within.get(&top).copied() else { continue };
            let then = self.block(|lower| lower.drop_part(occasion, place.clone(), ty, &top));
            let mut rest = within.clone();
            rest.retain(|path, _| path.len() > top.len() && path.starts_with(&top));
            let els = self.block(|lower| lower.drop_flagged(occasion, &rest, order, &top, place, ty));
            self.emit(StmtKind::if_else(Expr::Var(flag), then, els));
        }
    }

    /// Drops a part of a place; of an enum's variant only while the value is of that variant.
    fn drop_part(&mut self, occasion: Occasion, place: Expr, ty: Ty, path: &[u32]) {
        let Some((part, part_ty, condition)) = self.part(place, ty, path) else { return };
        let stmts = self.block(|lower| lower.drop_value_at(occasion, part, part_ty));
        match condition {
            Some(condition) if !stmts.is_empty() => self.emit(StmtKind::if_else(condition, stmts, Vec::new())),
            _ => self.out.extend(stmts),
        }
    }

    /// A part of a place, and what must hold for it to be there.
    fn part(&mut self, mut place: Expr, mut ty: Ty, path: &[u32]) -> Option<(Expr, Ty, Option<Expr>)> {
        let mut variant = 0;
        let mut condition = None;
        for step in path {
            if step & VARIANT_STEP != 0 {
                variant = (step & !VARIANT_STEP) as usize;
                let test = self.is_of_variant(place.clone(), ty, variant);
                condition = super::control::both(condition, test);
                continue;
            }
            if step & DEREF_STEP != 0 {
                place = self.follow(place, ty);
                ty = self.pointee(ty)?;
            } else if step & ELEMENT_STEP != 0 {
                place = place.index(Expr::int(i128::from(step & !ELEMENT_STEP)));
                ty = ty.sequence_element()?;
            } else {
                let next = self.field_ty(ty, variant, *step as usize);
                place = self.field(place, ty, variant, *step as usize);
                ty = next;
            }
            variant = 0;
        }
        Some((place, ty, condition))
    }

    /// Drops a root, or a part of it, in place.
    pub(super) fn drop_root(&mut self, root: Root, path: &[u32], kind: DropKind) {
        let Some((place, ty)) = self.root_place(root) else { return };
        let flags = self.dropping.flags.get(&root).cloned().unwrap_or_default();
        let own = flags.parts.get(path).copied();
        let stmts = self.block(|lower| {
            // What another variant holds keeps its flag: whether the value is of this one is only seen when it is dropped.
            if flags.unwinds {
                lower.set_flags(root, false, |flagged| is_prefix(flagged, path) || is_prefix(path, flagged));
            }
            lower.drop_part(Occasion::InPlace, place, ty, path);
        });
        match (kind, own) {
            (DropKind::Flag, Some(flag)) => self.emit(StmtKind::if_else(Expr::Var(flag), stmts, Vec::new())),
            _ => self.out.extend(stmts),
        }
    }

    /// A part of a root was moved away.
    pub(super) fn moved(&mut self, root: Root, path: &[u32]) {
        self.set_flags(root, false, |flagged| {
            is_prefix(flagged, path) || is_prefix(path, flagged) || excludes(path, flagged)
        });
    }

    /// A part of a root has a value from here on.
    pub(super) fn initialised(&mut self, root: Root, path: &[u32]) {
        self.set_flags(root, true, |flagged| is_prefix(path, flagged));
    }

    fn set_flags(&mut self, root: Root, value: bool, concerns: impl Fn(&[u32]) -> bool) {
        let Some(flags) = self.dropping.flags.get(&root) else { return };
        let found: Vec<VarId> = flags.parts.iter().filter(|(path, _)| concerns(path)).map(|(_, flag)| *flag).collect();
        for flag in found {
            self.emit(StmtKind::assign(Expr::Var(flag), Expr::bool(value)));
        }
    }

    /// The root and path of a place expression, if it lies in something that is dropped as a whole.
    pub(super) fn root_of(&self, expr: ExprId) -> Option<(Root, Path)> {
        match &self.body.exprs[expr].kind {
            ExprKind::Local(local) => Some((Root::Local(*local), Path::new())),
            ExprKind::Upvar(index) => Some((Root::Upvar(*index), Path::new())),
            ExprKind::PlaceAscription { base, .. } => self.root_of(*base),
            ExprKind::Field { base, index, .. } => {
                let (root, mut path) = self.root_of(*base)?;
                path.push(*index);
                Some((root, path))
            }
            ExprKind::Deref(inner) if self.cx.box_payload(self.expr_ty(*inner)).is_some() => {
                let (root, mut path) = self.root_of(*inner)?;
                path.push(DEREF_STEP);
                Some((root, path))
            }
            _ => self.dropping.plans.contains_key(&Root::Temp(expr)).then(|| (Root::Temp(expr), Path::new())),
        }
    }

    /// Called when a place was read as a value: a move takes the duty to drop with it.
    pub(super) fn after_move(&mut self, expr: ExprId) {
        if self.is_moved(expr)
            && let Some((root, path)) = self.root_of(expr)
        {
            self.moved(root, &path);
        }
    }

    /// Remembers where a pattern's bindings come from; `from` is what it is matched against.
    pub(super) fn note_origins(&mut self, pat: PatId, from: Option<(Root, Path)>) {
        let body = self.body;
        let below = |steps: &[u32]| {
            from.clone().map(|(root, mut path)| {
                path.extend(steps);
                (root, path)
            })
        };
        match &body.pats[pat].kind {
            PatKind::Bind { local, by_ref, sub, .. } => {
                let is_moved = by_ref.is_none()
                    && body.locals.get(*local).is_some_and(|l| !queries::is_copy(self.cx.db, self.ty(l.ty)));
                match &from {
                    Some(from) if is_moved => self.dropping.origins.insert(*local, vec![from.clone()]),
                    _ => self.dropping.origins.remove(local),
                };
                sub.iter().for_each(|sub| self.note_origins(*sub, from.clone()));
            }
            PatKind::Variant { variant, fields, .. } => {
                fields.iter().for_each(|(i, p)| self.note_origins(*p, below(&[VARIANT_STEP | *variant, *i])));
            }
            PatKind::Leaf { fields } => fields.iter().for_each(|(i, p)| self.note_origins(*p, below(&[*i]))),
            PatKind::Deref { pat } => self.note_origins(*pat, None),
            PatKind::Slice { prefix, slice, suffix } => {
                for (i, pat) in prefix.iter().enumerate() {
                    self.note_origins(*pat, below(&[ELEMENT_STEP | i as u32]));
                }
                let len = match self.ty(body.pats[pat].ty).kind() {
                    TyKind::Array(_, len) => len.as_usize().map(|len| len as usize),
                    _ => None,
                };
                let first_of_suffix = len.map(|len| len - suffix.len().min(len));
                for (i, pat) in suffix.iter().enumerate() {
                    let steps = first_of_suffix.map(|first| [ELEMENT_STEP | (first + i) as u32]);
                    self.note_origins(*pat, steps.and_then(|steps| below(&steps)));
                }
                if let Some(Some(rest)) = slice {
                    self.note_origins(*rest, None);
                    let elements = prefix.len()..first_of_suffix.unwrap_or(prefix.len());
                    let elements = elements.filter_map(|i| below(&[ELEMENT_STEP | i as u32])).collect();
                    self.note_origins_of_rest(*rest, elements);
                }
            }
            PatKind::Or(pats) => match self.or_choices.get(&pat) {
                Some(choice) => self.note_origins(pats[*choice], from),
                None => pats.iter().for_each(|pat| self.note_origins(*pat, from.clone())),
            },
            PatKind::Wild | PatKind::Never | PatKind::Const(_) | PatKind::Range { .. } | PatKind::Error => {}
        }
    }

    /// The rest of an array that a pattern binds is its elements.
    fn note_origins_of_rest(&mut self, pat: PatId, elements: Vec<(Root, Path)>) {
        let pat = &self.body.pats[pat];
        if let PatKind::Bind { local, by_ref: None, .. } = &pat.kind
            && !queries::is_copy(self.cx.db, self.ty(pat.ty))
        {
            self.dropping.origins.insert(*local, elements);
        }
    }

    /// Remembers what the arms of a `match` look at.
    pub(super) fn note_arms(&mut self, arms: &[ArmId], from: Option<(Root, Path)>) {
        if let Some(from) = from {
            self.dropping.arm_origins.extend(arms.iter().map(|arm| (*arm, from.clone())));
        }
    }

    /// Remembers where the bindings of an arm come from.
    pub(super) fn note_arm(&mut self, arm: ArmId) {
        let from = self.dropping.arm_origins.get(&arm).cloned();
        self.note_origins(self.body.arms[arm].pat, from);
    }

    /// A pattern has bound this local: what it took is gone from where it was.
    pub(super) fn taken_by(&mut self, local: LocalId) {
        for (root, path) in self.dropping.origins.get(&local).cloned().unwrap_or_default() {
            self.moved(root, &path);
        }
    }

    /// A temporary that dies with the function, or before.
    pub(super) fn temp_lifetime(&self, expr: ExprId) -> Lifetime {
        let at_end = self.dropping.plans.get(&Root::Temp(expr)).is_some_and(|plan| plan.at_function_end);
        if at_end { Lifetime::Function } else { Lifetime::Inner }
    }

    /// Whether a value that waits to be used must be dropped if what is evaluated meanwhile panics.
    pub(super) fn waits_in_danger(&self, expr: ExprId) -> bool {
        self.dropping.plans.get(&Root::Temp(expr)).is_some_and(Plan::unwinds)
            && self.cx.needs_unwinding(self.expr_ty(expr))
    }

    /// Whether the value of a temporary is moved somewhere.
    pub(super) fn is_given_away(&self, expr: ExprId) -> bool {
        self.dropping.plans.get(&Root::Temp(expr)).is_some_and(|plan| plan.moved)
    }

    /// A variable for a value that waits to be used, dropped by a panic in between.
    pub(super) fn guard_temp(&mut self, expr: ExprId, value: Expr) -> Expr {
        if let Some(var) = self.temp_vars.get(&expr) {
            return Expr::Var(*var);
        }
        let var = self.locals.temporary("v");
        self.temp_vars.insert(expr, var);
        self.define_root(Root::Temp(expr), var, value, self.temp_lifetime(expr));
        Expr::Var(var)
    }

    /// Whether more may be left of the item that a `for` got than its pattern takes.
    pub(super) fn keeps_item(&self, expr: ExprId, option: Ty) -> bool {
        let Some(plan) = self.dropping.plans.get(&Root::Temp(expr)) else { return false };
        let unwinds = plan.unwinds() && self.cx.needs_unwinding(option);
        (plan.is_dropped() || unwinds) && self.cx.needs_drop(option)
    }

    /// A variable for what the iterator of a `for` returned.
    pub(super) fn guard_item(&mut self, expr: ExprId, option: Ty, value: Expr) -> Expr {
        self.dropping.temp_types.insert(expr, option);
        let var = self.locals.temporary("item");
        self.temp_vars.insert(expr, var);
        self.define_root(Root::Temp(expr), var, value, Lifetime::Inner);
        Expr::Var(var)
    }

    /// Sees to the drops of what a closure owns that is called once. They run in the order of the captures: what is deferred last runs first.
    pub(super) fn arm_upvars(&mut self) {
        for index in (0..self.upvars.len() as u32).rev() {
            if let Some((place, ty)) = self.root_place(Root::Upvar(index)) {
                self.arm(Root::Upvar(index), place, ty, Lifetime::Function, Holds::Value);
            }
        }
    }

    /// Sees to the drop of a parameter.
    pub(super) fn arm_param(&mut self, position: usize) {
        let Some(param) = self.body.params.get(position) else { return };
        let root = match param.pat.and_then(|pat| self.simple_binding(pat)) {
            Some(local) => Root::Local(local),
            None => Root::Param(position as u32),
        };
        if let Some((place, ty)) = self.root_place(root) {
            self.arm(root, place, ty, Lifetime::Function, Holds::Value);
        }
    }

    fn is_of_variant(&mut self, place: Expr, ty: Ty, variant: usize) -> Option<Expr> {
        match ty.kind() {
            TyKind::Adt(..) => self.variant_test(&super::matching::Subject::Place(place, ty), variant),
            _ => None,
        }
    }
}

fn is_prefix(short: &[u32], long: &[u32]) -> bool {
    long.starts_with(short)
}

/// Whether the paths lead into different variants of one enum.
fn excludes(a: &[u32], b: &[u32]) -> bool {
    let differ = a.iter().zip(b).find(|(x, y)| x != y);
    differ.is_some_and(|(x, y)| x & VARIANT_STEP != 0 && y & VARIANT_STEP != 0)
}
