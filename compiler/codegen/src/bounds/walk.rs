//! Evaluates bodies over bounds, again and again until nothing grows.

use la_arena::ArenaMap;
use rgo_hir::body::{BinaryOp, LabelId, LogicalOp};
use rgo_hir::{Db, DefId, DefKind};
use rgo_typeck::thir::{
    self, Body, BodyKind, CaptureProjection, CastKind, ExprId, ExprKind, LocalId, PatId, PatKind, StmtKind, UnaryOp,
};
use rgo_typeck::ty::{Const, ConstKind, ConstValue, Ty, TyKind};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::kinds::{self, TypeFacts};
use super::slots::{Slot, Slots};
use super::value::{self, ANY, DOOR, Operand, SIZE, Value};
use super::{Bounds, body, dispatched, is_of_program};
use crate::queries;

/// A value, and the slots of what it leads to or stands in.
#[derive(Clone, Debug, Default)]
pub(super) struct Flow {
    pub value: Value,
    pub roots: SmallVec<[u32; 2]>,
}

impl Flow {
    pub fn of(value: Value) -> Flow {
        Flow { value, roots: SmallVec::new() }
    }

    pub fn join(&mut self, other: Flow) {
        self.value = self.value.join(other.value);
        for root in other.roots {
            if !self.roots.contains(&root) {
                self.roots.push(root);
            }
        }
    }
}

/// More slots than this behind one value are not told apart.
const MANY: usize = 32;

pub(super) struct Walker<'db> {
    pub db: &'db dyn Db,
    pub slots: Slots,
    pub types: TypeFacts,
    pub bounds: Bounds,
}

/// The walk through one body.
pub(super) struct Scope<'w, 'db> {
    pub w: &'w mut Walker<'db>,
    pub body: &'w Body,
    /// The outermost body, whose variables closures share.
    root: DefId,
    breaks: Vec<(LabelId, Flow)>,
    /// Variables that a condition has bounded further.
    narrowed: FxHashMap<LocalId, u8>,
    /// The bits of what has been evaluated, the last time.
    seen: ArenaMap<ExprId, u8>,
}

impl<'db> Walker<'db> {
    pub fn new(db: &'db dyn Db) -> Walker<'db> {
        Walker { db, slots: Slots::default(), types: TypeFacts::default(), bounds: Bounds::default() }
    }

    /// Go code may call the function, if it is exported.
    pub fn open(&mut self, body: &Body) {
        if body.owner.kind() != DefKind::Fn || !queries::is_pub(self.db, body.owner) {
            return;
        }
        for index in 0..body.params.len() as u32 {
            let id = self.slots.id(Slot::Param(dispatched(self.db, body.owner), index));
            self.slots.join(id, Value { usize: DOOR, wide: ANY, signed: ANY });
        }
    }

    pub fn run(mut self, bodies: &[&Body]) -> Bounds {
        loop {
            self.slots.changed = false;
            self.bounds = Bounds::default();
            for body in bodies {
                Scope::new(&mut self, body).run();
            }
            if !self.slots.changed {
                return self.bounds;
            }
        }
    }

    /// Puts a value of the type into a slot.
    pub fn assign(&mut self, slot: u32, flow: &Flow, ty: Ty) {
        let kinds = self.types.kinds(ty);
        self.slots.join(slot, flow.value.masked(kinds));
        if !flow.roots.is_empty() && self.types.is_alias(ty) {
            for &root in &flow.roots {
                self.slots.unite(slot, root);
            }
        }
    }

    /// What is read from a slot as a value of the type.
    pub fn read(&mut self, slot: Slot, ty: Ty) -> Flow {
        let kinds = self.types.kinds(ty);
        let value = self.slots.read(slot).masked(kinds);
        let mut flow = Flow::of(value);
        flow.roots.push(self.slots.id(slot));
        flow
    }
}

fn outermost(owner: DefId) -> DefId {
    let mut root = owner;
    while root.kind() == DefKind::Closure
        && let Some(parent) = root.parent()
    {
        root = parent;
    }
    root
}

impl<'w, 'db> Scope<'w, 'db> {
    fn new(w: &'w mut Walker<'db>, body: &'w Body) -> Scope<'w, 'db> {
        Scope {
            w,
            body,
            root: outermost(body.owner),
            breaks: Vec::new(),
            narrowed: FxHashMap::default(),
            seen: ArenaMap::default(),
        }
    }

    fn run(mut self) {
        let owner = self.body.owner;
        let is_closure = matches!(self.body.kind, BodyKind::Closure(_));
        let of_std_trait = owner.kind() == DefKind::Fn && !is_of_program(dispatched(self.w.db, owner));
        for (index, param) in self.body.params.iter().enumerate() {
            let Some(pat) = param.pat else { continue };
            let mut flow = self.w.read(Slot::Param(dispatched(self.w.db, owner), index as u32), param.ty);
            if of_std_trait {
                flow.join(self.w.read(Slot::StdParam, param.ty));
            }
            if is_closure {
                flow.join(self.w.read(Slot::AnyParam, param.ty));
            }
            self.bind(pat, &flow);
        }
        let flow = self.expr(self.body.value);
        self.returned(&flow);
    }

    fn returned(&mut self, flow: &Flow) {
        let owner = self.body.owner;
        let ty = self.body.ret;
        let dispatched = dispatched(self.w.db, owner);
        let id = self.w.slots.id(Slot::Ret(dispatched));
        self.w.assign(id, flow, ty);
        if owner.kind() == DefKind::Fn && !is_of_program(dispatched) {
            let id = self.w.slots.id(Slot::StdRet);
            self.w.assign(id, flow, ty);
        }
        if owner.kind() == DefKind::Closure {
            let id = self.w.slots.id(Slot::AnyRet);
            self.w.assign(id, flow, ty);
        }
        if owner.kind() == DefKind::Static {
            let id = self.w.slots.id(Slot::Static(owner));
            self.w.assign(id, flow, ty);
        }
    }

    /// What `?` returns: the error.
    fn failed(&mut self, flow: &Flow, ty: Ty) {
        let TyKind::Adt(_, args) = ty.kind() else { return };
        if let Some(error) = args.types().nth(1) {
            let kinds = self.w.types.kinds(error);
            self.returned(&Flow { value: flow.value.masked(kinds), roots: flow.roots.clone() });
        }
    }

    fn local(&mut self, local: LocalId, ty: Ty) -> Flow {
        let mut flow = self.w.read(Slot::Local(self.root, local), ty);
        if let Some(&bits) = self.narrowed.get(&local) {
            flow.value.usize = flow.value.usize.min(bits);
        }
        flow
    }

    fn field(&mut self, adt: DefId, variant: u32, index: u32, ty: Ty) -> Flow {
        self.w.read(Slot::Field(adt, variant, index), ty)
    }

    /// Evaluates an expression and notes it where it is a `usize` that may be too big.
    pub fn expr(&mut self, id: ExprId) -> Flow {
        let ty = self.body.exprs[id].ty;
        let mut flow = self.expr_kind(id, ty);
        let kinds = self.w.types.kinds(ty);
        flow.value = flow.value.masked(kinds);
        self.seen.insert(id, flow.value.bits(ty));
        if flow.value.usize == ANY && kinds::may_be_usize(ty.peel_refs()) {
            self.w.bounds.big.entry(self.body.owner).or_default().insert(id);
        }
        flow
    }

    fn exprs(&mut self, ids: impl IntoIterator<Item = ExprId>) -> Flow {
        let mut flow = Flow::default();
        for id in ids {
            let part = self.part(id);
            self.join(&mut flow, part);
        }
        flow
    }

    /// Joins two values. What leads to very many places leads to one that stands for all of them.
    pub fn join(&mut self, flow: &mut Flow, part: Flow) {
        flow.join(part);
        if flow.roots.len() > MANY {
            for at in 1..flow.roots.len() {
                self.w.slots.unite(flow.roots[0], flow.roots[at]);
            }
            flow.roots.truncate(1);
        }
    }

    /// A value that becomes part of another: what it leads to stays with it only where it can be changed.
    pub fn part(&mut self, id: ExprId) -> Flow {
        let mut flow = self.expr(id);
        if !self.w.types.is_alias(self.body.exprs[id].ty) {
            flow.roots.clear();
        }
        flow
    }

    pub fn operand(&mut self, id: ExprId) -> Operand {
        self.expr(id);
        self.seen_operand(id)
    }

    /// An operand that has been evaluated.
    fn seen_operand(&self, id: ExprId) -> Operand {
        Operand { bits: self.seen.get(id).copied().unwrap_or(ANY), constant: self.constant(id) }
    }

    pub fn constant(&self, id: ExprId) -> Option<i128> {
        match &self.body.exprs[id].kind {
            ExprKind::Literal(ConstValue::Int(value)) => Some(*value),
            ExprKind::Cast { expr, .. } => self.constant(*expr).filter(|value| *value >= 0),
            _ => None,
        }
    }

    fn expr_kind(&mut self, id: ExprId, ty: Ty) -> Flow {
        let body = self.body;
        match &body.exprs[id].kind {
            ExprKind::Local(local) => self.local(*local, ty),
            ExprKind::Upvar(index) => self.upvar(*index, ty),
            ExprKind::Static(def) => self.w.read(Slot::Static(*def), ty),
            ExprKind::Deref(inner)
            | ExprKind::PlaceAscription { base: inner, .. }
            | ExprKind::Coerce { expr: inner, .. }
            | ExprKind::Borrow { place: inner, .. } => self.expr(*inner),
            ExprKind::Field { base, variant, index } => self.field_of(*base, *variant, *index, ty),
            ExprKind::Index { base, index } => {
                self.expr(*index);
                self.expr(*base)
            }
            ExprKind::Literal(value) => literal(value, ty),
            ExprKind::Const { def, .. } if is_of_program(*def) => {
                self.w.read(Slot::Ret(dispatched(self.w.db, *def)), ty)
            }
            ExprKind::Const { .. } => Flow::of(Value::ANYTHING),
            ExprKind::ConstParam(value) => Flow::of(Value::scalar(ty, const_bits(*value))),
            ExprKind::FnItem { .. } | ExprKind::Closure { .. } | ExprKind::Continue { .. } | ExprKind::Error => {
                Flow::default()
            }
            ExprKind::Unary { op, expr } => {
                let operand = self.operand(*expr);
                let bits = match op {
                    UnaryOp::Neg if operand.constant == Some(0) => 0,
                    UnaryOp::Neg => ANY,
                    UnaryOp::Not => value::width(ty).max(if matches!(ty.kind(), TyKind::Int(_)) { ANY } else { 0 }),
                };
                Flow::of(Value::scalar(ty, bits))
            }
            ExprKind::Binary { op, lhs, rhs } => {
                let (a, b) = (self.operand(*lhs), self.operand(*rhs));
                let mut bits = value::binary(*op, a, b, body.exprs[*lhs].ty, false);
                if let Some(high) = self.midpoint(*op, *lhs, *rhs) {
                    bits = bits.min(high);
                }
                Flow::of(Value::scalar(ty, bits))
            }
            ExprKind::Logical { op, .. } => {
                let before = self.narrowed.clone();
                self.links(id, *op);
                self.narrowed = before;
                Flow::default()
            }
            ExprKind::Cast { kind, expr, .. } => self.cast(*kind, *expr, ty),
            ExprKind::Call { callee, args, .. } => self.call(*callee, args, ty),
            ExprKind::Adt(adt) => self.adt(adt),
            ExprKind::Array(items) | ExprKind::VecMacro(items) | ExprKind::Tuple(items) => {
                self.exprs(items.iter().copied())
            }
            ExprKind::Repeat { value, .. } => self.expr(*value),
            ExprKind::VecRepeat { value, len } => {
                self.expr(*len);
                self.expr(*value)
            }
            ExprKind::Range { start, end, .. } => self.range(*start, *end),
            ExprKind::Block(block) => self.block(*block),
            ExprKind::If { cond, then, otherwise } => self.branches(*cond, *then, *otherwise),
            ExprKind::Let { pat, scrutinee } => {
                let flow = self.expr(*scrutinee);
                self.bind(*pat, &flow);
                Flow::default()
            }
            ExprKind::Match { scrutinee, arms, .. } => self.arms(*scrutinee, arms),
            ExprKind::Loop { label, body } => self.repeated(*label, |scope| {
                scope.expr(*body);
            }),
            ExprKind::While { label, cond, body } => self.repeated(*label, |scope| {
                scope.expr(*cond);
                scope.narrow(*cond, true);
                scope.expr(*body);
            }),
            ExprKind::For { label, pat, iter, next, item, body } => {
                let mut flow = self.expr(*iter);
                flow.value = flow.value.join(Value { usize: SIZE, ..Value::default() });
                flow.join(self.w.read(Slot::StdRet, *item));
                if is_of_program(next.0) {
                    flow.join(self.w.read(Slot::Ret(dispatched(self.w.db, next.0)), *item));
                }
                let kinds = self.w.types.kinds(*item);
                flow.value = flow.value.masked(kinds);
                self.repeated(*label, |scope| {
                    scope.bind(*pat, &flow);
                    scope.expr(*body);
                })
            }
            ExprKind::Break { label, value } => {
                if let Some(value) = value {
                    let flow = self.expr(*value);
                    if let Some((_, found)) = self.breaks.iter_mut().rev().find(|(known, _)| known == label) {
                        found.join(flow);
                    }
                }
                Flow::default()
            }
            ExprKind::Return { value } => {
                if let Some(value) = value {
                    let flow = self.expr(*value);
                    self.returned(&flow);
                }
                Flow::default()
            }
            ExprKind::Try { expr, .. } => {
                let flow = self.expr(*expr);
                self.failed(&flow, body.exprs[*expr].ty);
                flow
            }
            ExprKind::Assign { place, value } => {
                let flow = match self.step(*place, *value) {
                    Some(bits) => Flow::of(Value::scalar(body.exprs[*place].ty, bits)),
                    None => self.expr(*value),
                };
                self.store(*place, &flow);
                Flow::default()
            }
            ExprKind::AssignOp { op, place, value } => {
                let b = self.operand(*value);
                let a = self.operand(*place);
                let ty = body.exprs[*place].ty;
                let bits = value::binary(*op, a, b, ty, true);
                self.store(*place, &Flow::of(Value::scalar(ty, bits)));
                Flow::default()
            }
            ExprKind::DestructureAssign { pat, value, assigns } => {
                let flow = self.expr(*value);
                self.bind(*pat, &flow);
                for (local, place) in assigns {
                    let flow = self.local(*local, body.exprs[*place].ty);
                    self.store(*place, &flow);
                }
                Flow::default()
            }
            ExprKind::FormatArgs(format) => {
                for arg in &format.args {
                    let flow = self.expr(*arg);
                    let is_plain = value::is_integer(body.exprs[*arg].ty.peel_refs());
                    self.w.bounds.reaches_std |= !is_plain && flow.value.usize == ANY;
                }
                Flow::default()
            }
        }
    }

    /// The links of `a && b && c`, each where those before it hold (of `||`: do not).
    fn links(&mut self, id: ExprId, chained: LogicalOp) {
        for link in queries::links(self.body, id, chained) {
            self.expr(link);
            self.narrow(link, chained == LogicalOp::And);
        }
    }

    fn upvar(&mut self, index: u32, ty: Ty) -> Flow {
        let BodyKind::Closure(info) = &self.body.kind else { return Flow::default() };
        let Some(capture) = info.captures.get(index as usize) else { return Flow::default() };
        let place = &capture.place;
        let local_ty =
            body(self.w.db, self.root).and_then(|root| root.locals.get(place.local)).map_or(place.ty, |local| local.ty);
        let mut at = local_ty;
        let mut slot = Slot::Local(self.root, place.local);
        for projection in &place.projections {
            match projection {
                CaptureProjection::Field { index, ty } => {
                    if let TyKind::Adt(def, _) = at.kind()
                        && is_of_program(*def)
                    {
                        slot = Slot::Field(*def, 0, *index);
                    }
                    at = *ty;
                }
                CaptureProjection::Deref { ty } => at = *ty,
            }
        }
        self.w.read(slot, ty)
    }

    fn field_of(&mut self, base: ExprId, variant: u32, index: u32, ty: Ty) -> Flow {
        let flow = self.expr(base);
        match self.body.exprs[base].ty.kind() {
            TyKind::Adt(def, _) if is_of_program(*def) => self.field(*def, variant, index, ty),
            // The end of a range may lie below its start.
            TyKind::Adt(..) => Flow { value: flow.value.join(Value { signed: ANY, ..Value::default() }), ..flow },
            _ => flow,
        }
    }

    fn cast(&mut self, kind: CastKind, expr: ExprId, ty: Ty) -> Flow {
        let from = self.body.exprs[expr].ty;
        let flow = self.expr(expr);
        let bits = match kind {
            CastKind::Identity => return flow,
            CastKind::EnumToInt => self.discriminants(from),
            CastKind::Numeric => flow.value.bits(from),
            // Addresses stay below the sign bit on every platform of Go.
            CastKind::Address => 63,
        };
        Flow::of(Value::scalar(ty, value::fitted(ty, bits)))
    }

    fn discriminants(&self, ty: Ty) -> u8 {
        let TyKind::Adt(def, _) = ty.kind() else { return ANY };
        let Some(adt) = queries::adt(self.w.db, *def) else { return ANY };
        let discriminants = adt.variants.iter().map(|variant| queries::discriminant(self.w.db, variant.def));
        discriminants.map(value::of_constant).max().unwrap_or(0)
    }

    fn adt(&mut self, adt: &thir::AdtExpr) -> Flow {
        let mut content = Flow::default();
        for (index, field) in &adt.fields {
            let flow = self.part(*field);
            self.put_field(adt.adt, adt.variant, *index, flow, self.body.exprs[*field].ty, &mut content);
        }
        if let Some(base) = adt.base {
            content.join(self.expr(base));
        }
        content
    }

    /// A part of a new struct or enum value: in a slot of its own, or among what the value of a type of std holds.
    pub fn put_field(&mut self, adt: DefId, variant: u32, index: u32, flow: Flow, ty: Ty, content: &mut Flow) {
        if is_of_program(adt) {
            let id = self.w.slots.id(Slot::Field(adt, variant, index));
            self.w.assign(id, &flow, ty);
        } else {
            self.join(content, flow);
        }
    }

    /// The numbers of a range lie between its ends; those that count up from a number without a sign have none.
    fn range(&mut self, start: Option<ExprId>, end: Option<ExprId>) -> Flow {
        let low = start.map(|start| self.expr(start));
        let high = end.map(|end| self.expr(end));
        let begins_negative = low.as_ref().is_some_and(|flow| flow.value.signed == ANY);
        let mut flow = low.unwrap_or_default();
        flow.join(high.unwrap_or_default());
        if !begins_negative && flow.value.signed > 0 {
            flow.value.signed = flow.value.signed.min(63);
        }
        flow.roots.clear();
        flow
    }

    fn block(&mut self, block: thir::BlockId) -> Flow {
        let body = self.body;
        let block = &body.blocks[block];
        if let Some(label) = block.label {
            self.breaks.push((label, Flow::default()));
        }
        let before = self.narrowed.clone();
        for stmt in &block.stmts {
            match &body.stmts[*stmt].kind {
                StmtKind::Expr(expr) => {
                    self.expr(*expr);
                    self.narrow_after(*expr);
                }
                StmtKind::Let { pat, init, otherwise, .. } => {
                    let flow = init.map(|init| self.expr(init)).unwrap_or_default();
                    self.bind(*pat, &flow);
                    if let Some(otherwise) = otherwise {
                        self.block(*otherwise);
                    }
                }
            }
        }
        let mut flow = block.tail.map(|tail| self.expr(tail)).unwrap_or_default();
        self.restore(before);
        if block.label.is_some()
            && let Some((_, found)) = self.breaks.pop()
        {
            flow.join(found);
        }
        flow
    }

    /// Back to what was known before, without what has been assigned since.
    fn restore(&mut self, before: FxHashMap<LocalId, u8>) {
        let now = std::mem::take(&mut self.narrowed);
        self.narrowed = before;
        self.narrowed.retain(|local, _| now.contains_key(local));
    }

    fn branches(&mut self, cond: ExprId, then: ExprId, otherwise: Option<ExprId>) -> Flow {
        self.expr(cond);
        let before = self.narrowed.clone();
        self.narrow(cond, true);
        let mut flow = self.expr(then);
        self.restore(before.clone());
        if let Some(otherwise) = otherwise {
            let before = self.narrowed.clone();
            self.narrow(cond, false);
            let other = self.expr(otherwise);
            self.restore(before);
            flow.join(other);
        }
        flow
    }

    fn arms(&mut self, scrutinee: ExprId, arms: &[thir::ArmId]) -> Flow {
        let body = self.body;
        let matched = self.expr(scrutinee);
        let mut flow = Flow::default();
        for arm in arms {
            let arm = &body.arms[*arm];
            self.bind(arm.pat, &matched);
            let before = self.narrowed.clone();
            if let Some(guard) = arm.guard {
                self.expr(guard);
                self.narrow(guard, true);
            }
            let value = self.expr(arm.body);
            self.restore(before);
            flow.join(value);
        }
        flow
    }

    fn repeated(&mut self, label: LabelId, turn: impl FnOnce(&mut Self)) -> Flow {
        // What is assigned in a turn is seen by the next one.
        let before = self.narrowed.clone();
        let locals = &self.body.locals;
        self.narrowed.retain(|local, _| locals.get(*local).is_some_and(|local| !local.mutable));
        self.breaks.push((label, Flow::default()));
        turn(self);
        let found = self.breaks.pop().map(|(_, flow)| flow).unwrap_or_default();
        self.restore(before);
        found
    }

    /// What a condition says of variables where it holds, or where it does not: those below something are as small as that.
    fn narrow(&mut self, cond: ExprId, holds: bool) {
        match &self.body.exprs[cond].kind {
            ExprKind::Logical { op, lhs, rhs } if (*op == LogicalOp::And) == holds => {
                self.narrow(*lhs, holds);
                self.narrow(*rhs, holds);
            }
            ExprKind::Unary { op: UnaryOp::Not, expr } => self.narrow(*expr, !holds),
            ExprKind::Binary { op, lhs, rhs } => {
                let (low, high) = match (op, holds) {
                    (BinaryOp::Lt | BinaryOp::Le, true) | (BinaryOp::Gt | BinaryOp::Ge, false) => (*lhs, *rhs),
                    (BinaryOp::Gt | BinaryOp::Ge, true) | (BinaryOp::Lt | BinaryOp::Le, false) => (*rhs, *lhs),
                    (BinaryOp::Eq, true) | (BinaryOp::Ne, false) => (*lhs, *rhs),
                    _ => return,
                };
                if let ExprKind::Local(local) = &self.body.exprs[low].kind
                    && matches!(self.body.exprs[low].ty.kind(), TyKind::Uint(rgo_typeck::ty::UintTy::Usize))
                {
                    let bits = self.seen_operand(high).bits;
                    let known = self.narrowed.get(local).copied().unwrap_or(ANY);
                    self.narrowed.insert(*local, bits.min(known));
                }
            }
            _ => {}
        }
    }

    /// After `if i >= n { return … }`, `i` is below `n`.
    fn narrow_after(&mut self, stmt: ExprId) {
        if let ExprKind::If { cond, then, otherwise: None } = &self.body.exprs[stmt].kind
            && self.diverges(*then)
        {
            self.narrow(*cond, false);
        }
    }

    /// Whether what stands behind the expression is not reached, as far as its form tells.
    fn diverges(&self, expr: ExprId) -> bool {
        let node = &self.body.exprs[expr];
        if node.ty.is_never() {
            return true;
        }
        let block = match &node.kind {
            ExprKind::Coerce { expr, .. } => return self.diverges(*expr),
            ExprKind::Block(block) => &self.body.blocks[*block],
            _ => return false,
        };
        match (block.tail, block.stmts.last()) {
            (Some(tail), _) => self.diverges(tail),
            (None, Some(last)) => match &self.body.stmts[*last].kind {
                StmtKind::Expr(expr) => self.diverges(*expr),
                StmtKind::Let { .. } => false,
            },
            (None, None) => false,
        }
    }

    /// `i = i + 1` is `i += 1`.
    fn step(&mut self, place: ExprId, value: ExprId) -> Option<u8> {
        let ExprKind::Binary { op: BinaryOp::Add, lhs, rhs } = &self.body.exprs[value].kind else { return None };
        let by = if self.is_same(place, *lhs) {
            *rhs
        } else if self.is_same(place, *rhs) {
            *lhs
        } else {
            return None;
        };
        self.expr(value);
        let (a, b) = (self.operand(place), self.seen_operand(by));
        Some(value::binary(BinaryOp::Add, a, b, self.body.exprs[place].ty, true))
    }

    /// `low + (high - low) / 2` is at most `high`.
    fn midpoint(&mut self, op: BinaryOp, lhs: ExprId, rhs: ExprId) -> Option<u8> {
        let ExprKind::Binary { op: BinaryOp::Div | BinaryOp::Shr, lhs: whole, rhs: by } = &self.body.exprs[rhs].kind
        else {
            return None;
        };
        let ExprKind::Binary { op: BinaryOp::Sub, lhs: high, rhs: low } = &self.body.exprs[*whole].kind else {
            return None;
        };
        let fits = op == BinaryOp::Add && self.constant(*by).is_some_and(|by| by > 0) && self.is_same(lhs, *low);
        fits.then(|| self.seen_operand(*high).bits)
    }

    /// Whether both are the same variable, or the same field of one.
    fn is_same(&self, a: ExprId, b: ExprId) -> bool {
        let exprs = &self.body.exprs;
        match (&exprs[a].kind, &exprs[b].kind) {
            (ExprKind::Local(a), ExprKind::Local(b)) => a == b,
            (ExprKind::Upvar(a), ExprKind::Upvar(b)) => a == b,
            (ExprKind::Deref(a), ExprKind::Deref(b)) => self.is_same(*a, *b),
            (ExprKind::Field { base: a, index: i, .. }, ExprKind::Field { base: b, index: j, .. }) => {
                i == j && self.is_same(*a, *b)
            }
            _ => false,
        }
    }

    fn store(&mut self, place: ExprId, flow: &Flow) {
        let ty = self.body.exprs[place].ty;
        let target = self.expr(place);
        for root in &target.roots {
            self.w.assign(*root, flow, ty);
        }
        if let ExprKind::Local(local) = &self.body.exprs[place].kind {
            self.narrowed.remove(local);
        }
    }

    pub fn bind(&mut self, pat: PatId, flow: &Flow) {
        let body = self.body;
        let ty = body.pats[pat].ty;
        match &body.pats[pat].kind {
            PatKind::Wild | PatKind::Never | PatKind::Const(_) | PatKind::Error => {}
            // Lowering compares without looking at the bounds of what is matched.
            PatKind::Range { .. } => self.w.bounds.reaches_std |= flow.value.usize == ANY,
            PatKind::Bind { local, sub, .. } => {
                let local_ty = body.locals.get(*local).map_or(ty, |local| local.ty);
                let id = self.w.slots.id(Slot::Local(self.root, *local));
                self.w.assign(id, flow, local_ty);
                self.narrowed.remove(local);
                if let Some(sub) = sub {
                    self.bind(*sub, flow);
                }
            }
            PatKind::Variant { adt, variant, fields, .. } => self.bind_fields(*adt, *variant, fields, flow),
            PatKind::Leaf { fields } => match ty.kind() {
                TyKind::Adt(def, _) => self.bind_fields(*def, 0, fields, flow),
                _ => {
                    for (_, field) in fields {
                        self.bind(*field, flow);
                    }
                }
            },
            PatKind::Deref { pat } => self.bind(*pat, flow),
            PatKind::Slice { prefix, slice, suffix } => {
                for part in prefix.iter().chain(slice.iter().flatten()).chain(suffix) {
                    self.bind(*part, flow);
                }
            }
            PatKind::Or(parts) => {
                for part in parts {
                    self.bind(*part, flow);
                }
            }
        }
    }

    fn bind_fields(&mut self, adt: DefId, variant: u32, fields: &[(u32, PatId)], flow: &Flow) {
        for (index, field) in fields {
            if is_of_program(adt) {
                let ty = self.body.pats[*field].ty;
                let part = self.field(adt, variant, *index, ty);
                self.bind(*field, &part);
            } else {
                self.bind(*field, flow);
            }
        }
    }
}

fn literal(value: &ConstValue, ty: Ty) -> Flow {
    match value {
        ConstValue::Int(number) => Flow::of(Value::scalar(ty, value::of_constant(*number))),
        ConstValue::Tuple(_) | ConstValue::Array(_) | ConstValue::Adt { .. } => Flow::of(Value::ANYTHING),
        _ => Flow::default(),
    }
}

fn const_bits(value: Const) -> u8 {
    match value.kind() {
        ConstKind::Value(ConstValue::Int(value)) => value::of_constant(*value),
        // A parameter is a length, or stands among the constants of the program.
        _ => SIZE,
    }
}
