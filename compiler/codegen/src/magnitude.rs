//! How large integers get, for `usize` above all: Go's `int` holds its 64 bits, and what may be above `i64::MAX` compares, divides and prints
//! through `uint`. A flow-insensitive analysis of the typed bodies of a package and of those that it uses, std excepted.
//!
//! A magnitude is the number of bits that a value needs. Every local, parameter, field, result and constant has one, the largest of all that
//! flows into it; what goes through collections, references, closures, traits and std has a common one ([`Node::Elsewhere`]), which begins
//! with that of a length. Sums do not grow beyond that by themselves: a counter would take centuries to reach 63 bits. Products,
//! shifts and casts grow, so that a hash that is multiplied in a loop is found to be large, and `row * width + column` is not.
//!
//! Invariant: what is not known to fit does not fit. Taken on trust are two things: that no length and no counter comes to 2^31 and is
//! then multiplied by two more of its kind, and that no text that is parsed holds a number above `i64::MAX`.

use rgo_hir::body::BinaryOp;
use rgo_hir::{Db, DefId, DefKind, Package};
use rgo_typeck::thir::{self, BorrowKind, ExprId, ExprKind, LocalId, PatId, PatKind, StmtKind, UnaryOp};
use rgo_typeck::ty::{ConstValue, IntTy, Ty, TyKind, UintTy};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::queries::{self, Callee};

/// Bits of a value that is not negative.
type Bits = u8;

/// A value that may be negative.
const ANY: Bits = 65;
/// Bits of lengths, indexes and counters.
const LENGTH: Bits = 31;
/// Rounds after which what still grows is taken to have no bound.
const ROUNDS: usize = 12;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Node {
    Local(DefId, LocalId),
    Return(DefId),
    Field(DefId, u32, u32),
    /// A constant or static.
    Item(DefId),
    /// Every `usize` that is not followed.
    Elsewhere,
}

/// What was found.
#[derive(Default)]
pub struct Magnitudes {
    bits: FxHashMap<Node, Bits>,
    /// Locals that something else may change.
    loose: FxHashSet<(DefId, LocalId)>,
}

impl Magnitudes {
    /// Whether a `usize` may be above `i64::MAX`. In std that is asked of all values together.
    pub fn is_big(&self, db: &dyn Db, body: &thir::Body, expr: ExprId) -> bool {
        if is_std(body.owner) {
            return self.is_big_elsewhere();
        }
        Eval { db, found: self, body }.bits(expr) >= 64
    }

    /// Whether some `usize` that is not followed may be.
    pub fn is_big_elsewhere(&self) -> bool {
        self.of(Node::Elsewhere) >= 64
    }

    fn of(&self, node: Node) -> Bits {
        self.bits.get(&node).copied().unwrap_or(if node == Node::Elsewhere { LENGTH } else { 0 })
    }
}

/// Follows the integers of a package.
pub fn magnitudes(db: &dyn Db, package: Package) -> Magnitudes {
    let bodies = queries::reached_bodies(db, package);
    let mut found = Magnitudes::default();
    bodies.iter().for_each(|body| loose_locals(body, &mut found.loose));
    let flows: Vec<(&thir::Body, Vec<Flow>)> = bodies
        .iter()
        .map(|body| {
            (
                *body,
                Collector { db, body, loose: &found.loose, flows: Vec::new(), used_up: FxHashSet::default() }.collect(),
            )
        })
        .collect();
    for round in 0.. {
        let mut changed = false;
        for (body, flows) in &flows {
            for flow in flows {
                let now = Eval { db, found: &found, body }.of_flow(flow);
                let before = found.of(flow.to);
                if now > before {
                    let now = if round > ROUNDS { ANY } else { now };
                    found.bits.insert(flow.to, now);
                    changed = true;
                }
            }
        }
        if !changed {
            break;
        }
    }
    found
}

/// A value that gets somewhere.
struct Flow {
    to: Node,
    from: From,
}

enum From {
    Expr(ExprId),
    Local(LocalId),
    /// `place op= value`
    Changed(BinaryOp, ExprId, ExprId),
    /// An expression of another type.
    Wide(ExprId),
    Elsewhere(Ty),
    Field(DefId, u32, u32, Ty),
}

/// Locals that are borrowed mutably or captured.
fn loose_locals(body: &thir::Body, loose: &mut FxHashSet<(DefId, LocalId)>) {
    for (_, expr) in body.exprs.iter() {
        if let ExprKind::Borrow { kind: BorrowKind::Mut { .. } | BorrowKind::Unique, place, .. } = &expr.kind
            && let ExprKind::Local(local) = body.exprs[*place].kind
        {
            loose.insert((body.owner, local));
        }
    }
    if let thir::BodyKind::Closure(info) = &body.kind {
        loose.extend(info.captures.iter().map(|capture| (info.parent, capture.place.local)));
    }
}

/// Ranges that a loop runs through at once, or that something is cut by.
fn used_up_ranges(body: &thir::Body) -> FxHashSet<ExprId> {
    let is_range = |expr: &&ExprId| matches!(body.exprs[**expr].kind, ExprKind::Range { .. });
    let mut used_up = FxHashSet::default();
    for (_, expr) in body.exprs.iter() {
        match &expr.kind {
            ExprKind::Call { callee, args, .. } => {
                if let ExprKind::FnItem { def, .. } = &body.exprs[*callee].kind
                    && is_std(*def)
                    && keeps_no_number(def.name().as_str())
                {
                    used_up.extend(args.iter().filter(is_range));
                }
            }
            ExprKind::For { pat, iter, .. } => {
                let is_simple =
                    matches!(body.pats[*pat].kind, PatKind::Bind { by_ref: None, sub: None, .. } | PatKind::Wild);
                if let ExprKind::Call { args, .. } = &body.exprs[*iter].kind
                    && is_simple
                {
                    used_up.extend(args.iter().filter(is_range));
                }
            }
            _ => {}
        }
    }
    used_up
}

struct Collector<'a> {
    db: &'a dyn Db,
    body: &'a thir::Body,
    loose: &'a FxHashSet<(DefId, LocalId)>,
    flows: Vec<Flow>,
    /// Ranges that are no values of their own.
    used_up: FxHashSet<ExprId>,
}

impl Collector<'_> {
    fn collect(mut self) -> Vec<Flow> {
        let body = self.body;
        self.used_up = used_up_ranges(body);
        self.params();
        for (_, stmt) in body.stmts.iter() {
            if let StmtKind::Let { pat, init, .. } = &stmt.kind
                && let Some(init) = init
            {
                self.bind(*pat, Some(*init));
            }
        }
        for (id, _) in body.exprs.iter() {
            self.expr(id);
        }
        self.result(body.value);
        self.flows
    }

    fn is_int(&self, expr: ExprId) -> bool {
        self.body.exprs[expr].ty.is_integral()
    }

    fn flow(&mut self, to: Node, from: ExprId) {
        let ty = self.body.exprs[from].ty;
        if ty.is_integral() && (to != Node::Elsewhere || is_usize(ty)) {
            self.flows.push(Flow { to, from: From::Expr(from) });
        }
    }

    fn local(&self, local: LocalId) -> Node {
        local_node(self.body, self.loose, local)
    }

    /// Parameters of what others may call: closures, methods of traits, functions that are handed on.
    fn params(&mut self) {
        let is_known = match &self.body.kind {
            thir::BodyKind::Closure(_) => false,
            _ => is_called_by_name(self.db, self.body.owner),
        };
        for param in &self.body.params {
            let Some(pat) = param.pat else { continue };
            match &self.body.pats[pat].kind {
                PatKind::Bind { by_ref: None, sub: None, .. }
                    if is_known && !queries::is_pub(self.db, self.body.owner) => {}
                _ => self.bind(pat, None),
            }
        }
    }

    fn result(&mut self, value: ExprId) {
        let to = match &self.body.kind {
            thir::BodyKind::Closure(_) => Node::Elsewhere,
            thir::BodyKind::Const => Node::Item(self.body.owner),
            thir::BodyKind::Fn => {
                if !is_called_by_name(self.db, self.body.owner) {
                    self.flow(Node::Elsewhere, value);
                }
                Node::Return(self.body.owner)
            }
        };
        self.flow(to, value);
    }

    fn expr(&mut self, id: ExprId) {
        let body = self.body;
        match &body.exprs[id].kind {
            ExprKind::Return { value: Some(value) } => self.result(*value),
            ExprKind::Assign { place, value } => {
                let to = self.place(*place);
                self.flow(to, *value);
            }
            ExprKind::AssignOp { op, place, value } if self.is_int(*place) => {
                let to = self.place(*place);
                if to != Node::Elsewhere || is_usize(body.exprs[*place].ty) {
                    self.flows.push(Flow { to, from: From::Changed(*op, *place, *value) });
                }
            }
            ExprKind::DestructureAssign { pat, value, assigns } => {
                self.bind(*pat, Some(*value));
                for (local, place) in assigns {
                    if self.is_int(*place) {
                        let to = self.place(*place);
                        self.flows.push(Flow { to, from: From::Local(*local) });
                    }
                }
            }
            ExprKind::Match { scrutinee, arms, .. } => {
                for arm in arms {
                    self.bind(body.arms[*arm].pat, Some(*scrutinee));
                }
            }
            ExprKind::Let { pat, scrutinee } => self.bind(*pat, Some(*scrutinee)),
            ExprKind::For { pat, iter, .. } => self.for_loop(*pat, *iter),
            ExprKind::Borrow { place, .. } => self.flow(Node::Elsewhere, *place),
            ExprKind::Adt(adt) => {
                for (index, value) in &adt.fields {
                    self.field(adt.adt, adt.variant, *index, *value);
                }
            }
            ExprKind::Array(items) | ExprKind::VecMacro(items) | ExprKind::Tuple(items) => {
                items.iter().for_each(|item| self.flow(Node::Elsewhere, *item))
            }
            ExprKind::Repeat { value, .. } | ExprKind::VecRepeat { value, .. } => self.flow(Node::Elsewhere, *value),
            ExprKind::Range { start, end, .. } if !self.used_up.contains(&id) => {
                start.iter().chain(end).for_each(|bound| self.flow(Node::Elsewhere, *bound))
            }
            ExprKind::Call { callee, args, .. } => self.call(id, *callee, args),
            _ => {}
        }
    }

    /// The items of a range that is run through at once are no larger than its ends.
    fn for_loop(&mut self, pat: PatId, iter: ExprId) {
        let range = match &self.body.exprs[iter].kind {
            ExprKind::Call { args, .. } => args.first().map(|arg| &self.body.exprs[*arg].kind),
            _ => None,
        };
        match (range, &self.body.pats[pat].kind) {
            (Some(ExprKind::Range { start, end, .. }), PatKind::Bind { local, by_ref: None, sub: None, .. }) => {
                let to = self.local(*local);
                start.iter().chain(end).for_each(|bound| self.flow(to, *bound));
            }
            _ => self.bind(pat, None),
        }
    }

    fn field(&mut self, adt: DefId, variant: u32, index: u32, value: ExprId) {
        let declared = queries::adt(self.db, adt)
            .and_then(|adt| adt.variants.get(variant as usize))
            .and_then(|variant| variant.fields.get(index as usize))
            .map(|field| field.ty);
        if !declared.is_some_and(|ty| ty.is_integral()) || is_std(adt) {
            self.flow(Node::Elsewhere, value);
        }
        self.flow(Node::Field(adt, variant, index), value);
    }

    fn call(&mut self, call: ExprId, callee: ExprId, args: &[ExprId]) {
        let ExprKind::FnItem { def, args: generic, .. } = &self.body.exprs[callee].kind else {
            return args.iter().for_each(|arg| self.flow(Node::Elsewhere, *arg));
        };
        if matches!(def.kind(), DefKind::Variant | DefKind::Struct) {
            let (adt, variant) = match def.kind() {
                DefKind::Variant => (def.parent().unwrap_or(*def), rgo_hir::index_of(self.db, *def) as u32),
                _ => (*def, 0),
            };
            for (index, arg) in args.iter().enumerate() {
                self.field(adt, variant, index as u32, *arg);
            }
            return;
        }
        if is_std(*def) {
            if !is_of_number(self.db, *def) && !keeps_no_number(def.name().as_str()) {
                args.iter().for_each(|arg| self.flow(Node::Elsewhere, *arg));
            }
            return self.wrapped(call, def.name().as_str(), args);
        }
        let target = match queries::resolve(self.db, *def, *generic) {
            Callee::Item(target, _) if is_called_by_name(self.db, target) => target,
            _ => return args.iter().for_each(|arg| self.flow(Node::Elsewhere, *arg)),
        };
        let Some(callee) = queries::thir(self.db, target) else { return };
        for (param, arg) in callee.params.iter().zip(args) {
            match param.pat.map(|pat| &callee.pats[pat].kind) {
                Some(PatKind::Bind { local, by_ref: None, sub: None, .. }) if param.ty.is_integral() => {
                    self.flow(local_node(callee, self.loose, *local), *arg)
                }
                _ => self.flow(Node::Elsewhere, *arg),
            }
        }
    }

    /// What a function of std computes and gives within an option or result, as `checked_mul` does.
    fn wrapped(&mut self, call: ExprId, name: &str, args: &[ExprId]) {
        let TyKind::Adt(_, generic) = self.body.exprs[call].ty.kind() else { return };
        if !generic.types().any(is_usize) {
            return;
        }
        let from = match name {
            // What is negative is no `usize`.
            "try_from" | "try_into" => match args.first().map(|arg| self.body.exprs[*arg].ty.kind()) {
                Some(TyKind::Uint(UintTy::U64)) => From::Wide(args[0]),
                _ => return,
            },
            name if large_result(name) => From::Elsewhere(Ty::u64()),
            _ => return,
        };
        self.flows.push(Flow { to: Node::Elsewhere, from });
    }

    /// Where an assignment goes.
    fn place(&self, place: ExprId) -> Node {
        match &self.body.exprs[place].kind {
            ExprKind::Local(local) => self.local(*local),
            ExprKind::Static(def) => Node::Item(*def),
            ExprKind::PlaceAscription { base, .. } => self.place(*base),
            ExprKind::Field { base, variant, index } => match self.body.exprs[*base].ty.kind() {
                TyKind::Adt(adt, _) if !is_std(*adt) => Node::Field(*adt, *variant, *index),
                _ => Node::Elsewhere,
            },
            _ => Node::Elsewhere,
        }
    }

    /// A pattern's bindings, of an expression where it is known.
    fn bind(&mut self, pat: PatId, from: Option<ExprId>) {
        let body = self.body;
        let found = &body.pats[pat];
        match &found.kind {
            PatKind::Bind { local, by_ref: None, sub, .. } => {
                if let Some(sub) = sub {
                    self.bind(*sub, from);
                }
                if !found.ty.is_integral() {
                    return;
                }
                let to = self.local(*local);
                match from {
                    Some(from) if self.is_int(from) => self.flow(to, from),
                    _ => self.flows.push(Flow { to, from: From::Elsewhere(found.ty) }),
                }
            }
            PatKind::Leaf { fields } => {
                let parts = match from.map(|from| &body.exprs[from].kind) {
                    Some(ExprKind::Tuple(items)) => Some(items),
                    _ => None,
                };
                for (index, pat) in fields {
                    match (parts.and_then(|parts| parts.get(*index as usize)), found.ty.kind()) {
                        (Some(part), _) => self.bind(*pat, Some(*part)),
                        (None, TyKind::Adt(adt, _)) if !is_std(*adt) => self.bind_field(*pat, *adt, 0, *index),
                        _ => self.bind(*pat, None),
                    }
                }
            }
            PatKind::Variant { adt, variant, fields, .. } => {
                for (index, pat) in fields {
                    match is_std(*adt) {
                        true => self.bind(*pat, None),
                        false => self.bind_field(*pat, *adt, *variant, *index),
                    }
                }
            }
            PatKind::Deref { pat } => self.bind(*pat, None),
            PatKind::Slice { prefix, slice, suffix } => {
                let rest = slice.iter().flatten();
                prefix.iter().chain(rest).chain(suffix).for_each(|pat| self.bind(*pat, None));
            }
            PatKind::Or(pats) => pats.iter().for_each(|pat| self.bind(*pat, from)),
            _ => {}
        }
    }

    fn bind_field(&mut self, pat: PatId, adt: DefId, variant: u32, index: u32) {
        match &self.body.pats[pat].kind {
            PatKind::Bind { local, by_ref: None, .. } if self.body.pats[pat].ty.is_integral() => {
                let ty = self.body.pats[pat].ty;
                let to = self.local(*local);
                self.flows.push(Flow { to, from: From::Field(adt, variant, index, ty) });
            }
            _ => self.bind(pat, None),
        }
    }
}

/// Evaluates expressions by what is known so far.
struct Eval<'a> {
    db: &'a dyn Db,
    found: &'a Magnitudes,
    body: &'a thir::Body,
}

impl Eval<'_> {
    fn of_flow(&self, flow: &Flow) -> Bits {
        match &flow.from {
            From::Expr(expr) | From::Wide(expr) => self.bits(*expr),
            From::Local(local) => self.found.of(local_node(self.body, &self.found.loose, *local)),
            From::Changed(op, place, value) => {
                self.binary(*op, self.bits(*place), *value, self.body.exprs[*place].ty, None)
            }
            From::Elsewhere(ty) => self.elsewhere(*ty),
            From::Field(adt, variant, index, ty) => self.field(Node::Field(*adt, *variant, *index), *ty),
        }
    }

    /// A field, which Go code may set too.
    fn field(&self, field: Node, ty: Ty) -> Bits {
        self.found.of(field).max(if is_usize(ty) { LENGTH } else { 0 })
    }

    /// What a value of a type is that is not followed.
    fn elsewhere(&self, ty: Ty) -> Bits {
        if is_usize(ty) { self.found.of(Node::Elsewhere) } else { width(ty) }
    }

    fn bits(&self, expr: ExprId) -> Bits {
        let node = &self.body.exprs[expr];
        let ty = node.ty;
        match &node.kind {
            ExprKind::Literal(ConstValue::Int(value)) => literal(*value),
            ExprKind::Literal(_) => width(ty),
            ExprKind::Const { def, .. } => {
                let is_followed = !is_std(*def) && def.parent().is_none_or(|parent| parent.kind() != DefKind::Trait);
                if is_followed { self.found.of(Node::Item(*def)) } else { width(ty) }
            }
            ExprKind::ConstParam(_) => LENGTH,
            ExprKind::Static(def) => self.found.of(Node::Item(*def)),
            ExprKind::Local(local) => match local_node(self.body, &self.found.loose, *local) {
                Node::Elsewhere => self.elsewhere(ty),
                node => self.found.of(node),
            },
            ExprKind::Field { base, variant, index } => match self.body.exprs[*base].ty.kind() {
                TyKind::Adt(adt, _) if !is_std(*adt) => self.field(Node::Field(*adt, *variant, *index), ty),
                _ => self.elsewhere(ty),
            },
            ExprKind::PlaceAscription { base: inner, .. } => self.bits(*inner),
            ExprKind::Unary { op: UnaryOp::Not | UnaryOp::Neg, .. } => width(ty),
            ExprKind::Binary { op, lhs, rhs } => self.binary(*op, self.bits(*lhs), *rhs, ty, Some(*lhs)),
            ExprKind::Cast { expr, .. } => self.cast(*expr, ty),
            ExprKind::Coerce { kind: thir::Coercion::NeverToAny, .. } => 0,
            ExprKind::Coerce { expr, .. } => self.bits(*expr),
            ExprKind::Block(block) => {
                let block = &self.body.blocks[*block];
                let breaks = block.label.map_or(0, |label| self.breaks(label));
                block.tail.map_or(0, |tail| self.bits(tail)).max(breaks)
            }
            ExprKind::If { then, otherwise, .. } => self.bits(*then).max(otherwise.map_or(0, |e| self.bits(e))),
            ExprKind::Match { arms, .. } => {
                arms.iter().map(|arm| self.bits(self.body.arms[*arm].body)).max().unwrap_or(0)
            }
            ExprKind::Loop { label, .. } => self.breaks(*label),
            ExprKind::Call { callee, args, .. } => self.call(*callee, args, ty),
            ExprKind::Return { .. } | ExprKind::Break { .. } | ExprKind::Continue { .. } => 0,
            _ => self.elsewhere(ty),
        }
    }

    fn breaks(&self, label: rgo_hir::body::LabelId) -> Bits {
        let values = self.body.exprs.iter().filter_map(|(_, expr)| match &expr.kind {
            ExprKind::Break { label: left, value: Some(value) } if *left == label => Some(*value),
            _ => None,
        });
        values.map(|value| self.bits(value)).max().unwrap_or(0)
    }

    fn cast(&self, operand: ExprId, to: Ty) -> Bits {
        let from = self.body.exprs[operand].ty;
        let bits = match from.kind() {
            TyKind::Bool => 1,
            TyKind::Char => 21,
            TyKind::Int(_) | TyKind::Uint(_) => self.bits(operand),
            TyKind::Float(_) => return width(to),
            // An enum without data; its numbers may be negative.
            _ => ANY,
        };
        within(if bits == ANY { width(to) } else { bits }, to)
    }

    fn binary(&self, op: BinaryOp, left: Bits, rhs: ExprId, ty: Ty, lhs: Option<ExprId>) -> Bits {
        let right = self.bits(rhs);
        let number = self.number(rhs);
        if let (Some(a), Some(b)) = (lhs.and_then(|lhs| self.number(lhs)), number)
            && let Some(exact) = exact(op, a, b)
        {
            return within(literal(exact), ty);
        }
        let is_any = left == ANY || right == ANY;
        let bits = match op {
            BinaryOp::BitAnd if left == ANY || right == ANY => left.min(right),
            BinaryOp::Rem if right == ANY => left,
            _ if is_any => ANY,
            BinaryOp::Add if left.min(right) > 32 || left.max(right) > 61 => left.max(right) + 1,
            BinaryOp::Add => left.max(right).max(LENGTH),
            // A `usize` below zero panics, all others wrap.
            BinaryOp::Sub if is_usize(ty) => left,
            BinaryOp::Sub => ANY,
            BinaryOp::Mul => match number {
                Some(0) => 0,
                Some(1) => left,
                _ => left.saturating_add(right),
            },
            BinaryOp::Div => left.saturating_sub(number.map_or(0, |n| literal(n).saturating_sub(1))),
            BinaryOp::Rem | BinaryOp::BitAnd => left.min(right),
            BinaryOp::BitOr | BinaryOp::BitXor => left.max(right),
            BinaryOp::Shl => match number.and_then(|n| u8::try_from(n).ok()) {
                Some(count) => left.saturating_add(count),
                None => ANY,
            },
            BinaryOp::Shr => left.saturating_sub(number.and_then(|n| u8::try_from(n).ok()).unwrap_or(0)),
            _ => 1,
        };
        within(bits, ty)
    }

    fn number(&self, expr: ExprId) -> Option<i128> {
        match &self.body.exprs[expr].kind {
            ExprKind::Literal(ConstValue::Int(value)) => Some(*value),
            _ => None,
        }
    }

    fn call(&self, callee: ExprId, args: &[ExprId], ty: Ty) -> Bits {
        let ExprKind::FnItem { def, args: generic, .. } = &self.body.exprs[callee].kind else {
            return self.elsewhere(ty);
        };
        if !is_std(*def) {
            let target = match queries::resolve(self.db, *def, *generic) {
                Callee::Item(target, _) if is_called_by_name(self.db, target) => target,
                _ => return self.elsewhere(ty),
            };
            let is_followed = queries::thir(self.db, target).is_some_and(|body| body.ret.is_integral());
            return if is_followed { self.found.of(Node::Return(target)) } else { self.elsewhere(ty) };
        }
        if !is_usize(ty) {
            return width(ty);
        }
        let name = def.name().as_str();
        let numbers: Vec<Bits> =
            args.iter().filter(|arg| self.body.exprs[**arg].ty.is_integral()).map(|arg| self.bits(*arg)).collect();
        match (name, &numbers[..]) {
            _ if large_result(name) => 64,
            ("len" | "count" | "capacity" | "len_utf8" | "size_of", _) => LENGTH,
            ("min", [a, b]) => (*a).min(*b),
            ("saturating_sub" | "abs_diff" | "isqrt" | "rem_euclid" | "div_euclid" | "div_ceil", [a, rest @ ..])
                if is_of_number(self.db, *def) =>
            {
                rest.iter().copied().fold(*a, Bits::max)
            }
            _ => {
                let largest = numbers.into_iter().max().unwrap_or(0).max(self.elsewhere(ty));
                within(if largest == ANY { 64 } else { largest }, ty)
            }
        }
    }
}

fn local_node(body: &thir::Body, loose: &FxHashSet<(DefId, LocalId)>, local: LocalId) -> Node {
    let is_usize_local = body.locals.get(local).is_some_and(|l| is_usize(l.ty));
    match loose.contains(&(body.owner, local)) && is_usize_local {
        true => Node::Elsewhere,
        false => Node::Local(body.owner, local),
    }
}

/// Whether only calls that name a function reach it. Closures and methods of traits are reached otherwise.
fn is_called_by_name(db: &dyn Db, def: DefId) -> bool {
    let is_of_trait = |parent: DefId| match parent.kind() {
        DefKind::Trait => true,
        DefKind::Impl => rgo_typeck::collect::impl_trait_ref(db, parent).is_some(),
        _ => false,
    };
    def.kind() == DefKind::Fn && !def.parent().is_some_and(is_of_trait)
}

/// Functions of std that compute numbers which may be as large as any.
fn large_result(name: &str) -> bool {
    let starts = ["wrapping_", "overflowing_", "rotate_", "from_be", "from_le", "from_ne", "to_be", "to_le"];
    let whole = [
        "saturating_add",
        "saturating_mul",
        "saturating_pow",
        "checked_mul",
        "checked_pow",
        "checked_shl",
        "checked_next_power_of_two",
        "next_power_of_two",
        "pow",
        "product",
        "swap_bytes",
        "reverse_bits",
        "from_str_radix",
        "hash",
    ];
    starts.iter().any(|start| name.starts_with(start)) || whole.contains(&name)
}

/// Functions of std that do something at a place or of a size, and do not give that number to anybody.
fn keeps_no_number(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "index",
        "index_mut",
        "get",
        "get_mut",
        "with_capacity",
        "reserve",
        "reserve_exact",
        "truncate",
        "swap",
        "swap_remove",
        "remove",
        "split_at",
        "split_at_mut",
        "split_off",
        "rotate_left",
        "rotate_right",
        "chunks",
        "chunks_mut",
        "chunks_exact",
        "windows",
        "nth",
        "take",
        "skip",
        "step_by",
        "is_char_boundary",
    ];
    NAMES.contains(&name)
}

/// Whether a function is an inherent one of a number, which keeps nothing of its arguments.
fn is_of_number(db: &dyn Db, def: DefId) -> bool {
    def.parent().is_some_and(|parent| {
        parent.kind() == DefKind::Impl
            && rgo_typeck::collect::impl_trait_ref(db, parent).is_none()
            && rgo_typeck::collect::type_of(db, parent).is_integral()
    })
}

fn is_std(def: DefId) -> bool {
    def.package_of().name().as_str() == "std"
}

fn is_usize(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Uint(UintTy::Usize))
}

/// The bits of the largest value of a type, or that it may be negative.
fn width(ty: Ty) -> Bits {
    match ty.kind() {
        TyKind::Uint(uint) => match uint {
            UintTy::U8 => 8,
            UintTy::U16 => 16,
            UintTy::U32 => 32,
            UintTy::U64 | UintTy::Usize => 64,
        },
        _ => ANY,
    }
}

/// Bits as a type holds them: what is too wide is cut off, and may be anything.
fn within(bits: Bits, ty: Ty) -> Bits {
    let limit = match ty.kind() {
        TyKind::Int(int) => match int {
            IntTy::I8 => 7,
            IntTy::I16 => 15,
            IntTy::I32 => 31,
            IntTy::I64 | IntTy::Isize => 63,
        },
        _ => width(ty),
    };
    if bits > limit { width(ty) } else { bits }
}

fn literal(value: i128) -> Bits {
    if value < 0 { ANY } else { (128 - value.leading_zeros()) as Bits }
}

fn exact(op: BinaryOp, a: i128, b: i128) -> Option<i128> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        _ => None,
    }
}
