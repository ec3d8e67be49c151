//! Operations whose operands are known and that fail for them (`arithmetic_overflow`, `unconditional_panic`).

use rgo_hir::body::LogicalOp;
use rgo_hir::{Db, DefId};
use rgo_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::const_eval::arith::{self, Outcome};
use crate::const_eval::{Value, const_eval};
use crate::error::TypeError;
use crate::thir::{BlockId, Body, CastKind, ExprId, ExprKind, LocalId, PatId, PatKind, StmtKind, UnaryOp};
use crate::ty::{ConstKind, ConstValue, Ty, TyKind};

pub fn check(db: &dyn Db, owner: DefId, body: &Body, errors: &mut Vec<TypeError>) {
    let (borrowed, assigned) = uses(body);
    let mut walker = Walker { db, owner, body, borrowed, assigned, known: FxHashMap::default(), errors };
    walker.expr(body.value);
}

/// Locals whose address is taken (or that closures capture), and locals that are assigned after their declaration.
fn uses(body: &Body) -> (FxHashSet<LocalId>, FxHashSet<LocalId>) {
    let mut borrowed = FxHashSet::default();
    let mut assigned = FxHashSet::default();
    for (_, expr) in body.exprs.iter() {
        match &expr.kind {
            ExprKind::Borrow { place, .. } => borrowed.extend(root_local(body, *place)),
            ExprKind::Assign { place, .. } | ExprKind::AssignOp { place, .. } => {
                assigned.extend(root_local(body, *place))
            }
            ExprKind::DestructureAssign { assigns, .. } => {
                assigned.extend(assigns.iter().filter_map(|(_, place)| root_local(body, *place)));
            }
            _ => {}
        }
    }
    // A closure may do anything with what it names; its captures are not in this body's expressions.
    if !body.closures.is_empty() {
        borrowed.extend(body.locals.iter().map(|(local, _)| local));
    }
    (borrowed, assigned)
}

fn root_local(body: &Body, place: ExprId) -> Option<LocalId> {
    match &body.exprs[place].kind {
        ExprKind::Local(local) => Some(*local),
        ExprKind::Field { base, .. } | ExprKind::Index { base, .. } | ExprKind::PlaceAscription { base, .. } => {
            root_local(body, *base)
        }
        _ => None,
    }
}

struct Walker<'a> {
    db: &'a dyn Db,
    owner: DefId,
    body: &'a Body,
    borrowed: FxHashSet<LocalId>,
    assigned: FxHashSet<LocalId>,
    known: FxHashMap<LocalId, Value>,
    errors: &'a mut Vec<TypeError>,
}

impl Walker<'_> {
    fn report(&mut self, span: Span, lint: &'static str, label: &str) {
        let message = match lint {
            "arithmetic_overflow" => "this arithmetic operation will overflow",
            _ => "this operation will panic at runtime",
        };
        if !self.errors.iter().any(|error| error.span == span && error.code == Some(lint)) {
            self.errors.push(TypeError::new(self.owner, span, lint, message).label(label));
        }
    }

    fn outcome(&mut self, span: Span, outcome: Outcome) -> Option<Value> {
        match outcome {
            Outcome::Value(value) => Some(value),
            // Division has no operation that tells of an overflow: it is asserted like the divisor.
            Outcome::Overflow(_, what @ ("divide" | "calculate the remainder of")) => {
                self.report(span, "unconditional_panic", &format!("attempt to {what} with overflow"));
                None
            }
            Outcome::Overflow(_, what) => {
                self.report(span, "arithmetic_overflow", &format!("attempt to {what} with overflow"));
                None
            }
            Outcome::DivisionByZero("divide") => {
                self.report(span, "unconditional_panic", "attempt to divide by zero");
                None
            }
            Outcome::DivisionByZero(_) => {
                self.report(span, "unconditional_panic", "attempt to calculate the remainder with a divisor of zero");
                None
            }
            Outcome::Unsupported => None,
        }
    }

    /// Forgets what holds in straight-line code only: within one basic block, for variables that are assigned more than once (rustc's
    /// `ConstPropMode::OnlyInsideOwnBlock`). Checked arithmetic, checked indexes and calls end a block.
    fn leave_straight_line(&mut self) {
        let assigned = &self.assigned;
        self.known.retain(|local, _| !assigned.contains(local));
    }

    fn branch(&mut self, id: ExprId) -> Option<Value> {
        self.leave_straight_line();
        let value = self.expr(id);
        self.leave_straight_line();
        value
    }

    /// Visits an expression in evaluation order; its value, if known.
    fn expr(&mut self, id: ExprId) -> Option<Value> {
        let expr = &self.body.exprs[id];
        let span = expr.span;
        match &expr.kind {
            ExprKind::Local(local) => self.known.get(local).cloned(),
            // One that does not fit is told so (`overflowing_literals`), and wraps.
            ExprKind::Literal(ConstValue::Int(value)) => Some(Value::Int(arith::wrap(*value, expr.ty))),
            ExprKind::Literal(value) => scalar(value),
            ExprKind::Const { def, args, .. } => {
                let is_simple = args.is_empty();
                match is_simple.then(|| const_eval(self.db, *def, *args)) {
                    Some(Ok(value)) => scalar(&value),
                    _ => None,
                }
            }
            ExprKind::Unary { op, expr: operand } => {
                let is_literal = matches!(self.body.exprs[*operand].kind, ExprKind::Literal(_));
                let value = self.expr(*operand)?;
                let outcome = match op {
                    UnaryOp::Neg if is_literal => match value {
                        Value::Int(value) => Outcome::Value(Value::Int(arith::wrap(-value, expr.ty))),
                        other => arith::negate(&other, expr.ty),
                    },
                    UnaryOp::Neg => arith::negate(&value, expr.ty),
                    UnaryOp::Not => arith::not(&value, expr.ty),
                };
                if *op == UnaryOp::Neg && !is_literal {
                    self.leave_straight_line();
                }
                self.outcome(span, outcome)
            }
            ExprKind::Binary { op, lhs, rhs } => {
                let left = self.expr(*lhs);
                let right = self.expr(*rhs);
                self.binary(*op, left, right, self.body.exprs[*lhs].ty, span)
            }
            ExprKind::AssignOp { op, place, value } => {
                let right = self.expr(*value);
                let left = self.expr(*place);
                let ty = self.body.exprs[*place].ty;
                let result = self.binary(*op, left, right, ty, span);
                self.assign(*place, result);
                Some(Value::unit())
            }
            ExprKind::Assign { place, value } => {
                let value = self.expr(*value);
                self.visit_place(*place);
                self.assign(*place, value);
                Some(Value::unit())
            }
            ExprKind::Cast { kind, expr: operand, .. } => {
                let value = self.expr(*operand)?;
                match kind {
                    CastKind::Identity => Some(value),
                    CastKind::Numeric => match arith::cast(&value, expr.ty) {
                        Outcome::Value(value) => Some(value),
                        _ => None,
                    },
                    CastKind::EnumToInt | CastKind::Address => None,
                }
            }
            ExprKind::Index { base, index } => {
                let base_ty = self.body.exprs[*base].ty;
                self.visit_place(*base);
                let items = self.place_value(*base);
                let index = self.expr(*index);
                self.index(base_ty, items, index, span)
            }
            ExprKind::Field { base, index, .. } => {
                self.visit_place(*base);
                match self.place_value(*base)? {
                    Value::Tuple(items) => items.get(*index as usize).cloned(),
                    _ => None,
                }
            }
            ExprKind::PlaceAscription { base, .. } => self.expr(*base),
            ExprKind::Tuple(items) => self.all(items).map(Value::Tuple),
            ExprKind::Array(items) => self.all(items).map(Value::Array),
            ExprKind::Repeat { value, .. } => {
                self.expr(*value);
                None
            }
            ExprKind::Block(block) => self.block(*block),
            ExprKind::If { cond, then, otherwise } => match self.expr(*cond) {
                Some(Value::Bool(true)) => self.expr(*then),
                Some(Value::Bool(false)) => match otherwise {
                    Some(otherwise) => self.expr(*otherwise),
                    None => Some(Value::unit()),
                },
                _ => {
                    self.branch(*then);
                    if let Some(otherwise) = otherwise {
                        self.branch(*otherwise);
                    }
                    None
                }
            },
            ExprKind::Logical { op, lhs, rhs } => match (op, self.expr(*lhs)) {
                (LogicalOp::And, Some(Value::Bool(false))) => Some(Value::Bool(false)),
                (LogicalOp::Or, Some(Value::Bool(true))) => Some(Value::Bool(true)),
                (_, Some(Value::Bool(_))) => self.expr(*rhs),
                _ => {
                    self.branch(*rhs);
                    None
                }
            },
            ExprKind::Match { scrutinee, arms, .. } => {
                self.expr(*scrutinee);
                for arm in arms {
                    let arm = &self.body.arms[*arm];
                    self.leave_straight_line();
                    if let Some(guard) = arm.guard {
                        self.branch(guard);
                    }
                    self.branch(arm.body);
                }
                None
            }
            ExprKind::Loop { body, .. } => {
                self.branch(*body);
                None
            }
            ExprKind::While { cond, body, .. } => {
                self.leave_straight_line();
                if self.expr(*cond) != Some(Value::Bool(false)) {
                    self.branch(*body);
                }
                Some(Value::unit())
            }
            ExprKind::For { iter, body, .. } => {
                self.expr(*iter);
                self.branch(*body);
                Some(Value::unit())
            }
            _ => {
                self.parts(id);
                None
            }
        }
    }

    /// Visits the parts of an expression that has no value to know.
    fn parts(&mut self, id: ExprId) {
        match &self.body.exprs[id].kind {
            ExprKind::Deref(inner) | ExprKind::Coerce { expr: inner, .. } => {
                self.expr(*inner);
            }
            ExprKind::Borrow { place, .. } => self.visit_place(*place),
            ExprKind::Call { callee, args, .. } => {
                self.expr(*callee);
                args.iter().for_each(|arg| {
                    self.expr(*arg);
                });
                self.leave_straight_line();
            }
            ExprKind::Adt(adt) => {
                adt.fields.iter().for_each(|(_, value)| {
                    self.expr(*value);
                });
                if let Some(base) = adt.base {
                    self.expr(base);
                }
            }
            ExprKind::VecMacro(items) => {
                self.all(items);
            }
            ExprKind::VecRepeat { value, len } => {
                self.expr(*value);
                self.expr(*len);
            }
            ExprKind::Range { start, end, .. } => {
                for bound in [start, end].into_iter().flatten() {
                    self.expr(*bound);
                }
            }
            ExprKind::Let { scrutinee, .. } => {
                self.expr(*scrutinee);
            }
            ExprKind::Break { value: Some(value), .. } | ExprKind::Return { value: Some(value) } => {
                self.expr(*value);
            }
            ExprKind::Try { expr, .. } => {
                self.expr(*expr);
            }
            ExprKind::DestructureAssign { value, assigns, .. } => {
                self.expr(*value);
                for (_, place) in assigns {
                    self.assign(*place, None);
                }
            }
            ExprKind::FormatArgs(format) => {
                format.args.iter().for_each(|arg| self.visit_place(*arg));
                self.leave_straight_line();
            }
            _ => {}
        }
    }

    fn all(&mut self, items: &[ExprId]) -> Option<Vec<Value>> {
        let values: Vec<Option<Value>> = items.iter().map(|item| self.expr(*item)).collect();
        values.into_iter().collect()
    }

    fn binary(
        &mut self,
        op: rgo_hir::body::BinaryOp,
        left: Option<Value>,
        right: Option<Value>,
        ty: Ty,
        span: Span,
    ) -> Option<Value> {
        use rgo_hir::body::BinaryOp;
        let is_checked = matches!(
            op,
            BinaryOp::Add
                | BinaryOp::Sub
                | BinaryOp::Mul
                | BinaryOp::Div
                | BinaryOp::Rem
                | BinaryOp::Shl
                | BinaryOp::Shr
        );
        if is_checked && ty.is_integral() {
            self.leave_straight_line();
        }
        match (left, right) {
            (Some(left), Some(right)) => {
                let outcome = arith::binary(op, &left, &right, ty);
                self.outcome(span, outcome)
            }
            // A zero divisor or too large a shift is enough.
            (None, Some(right @ Value::Int(_))) => {
                let fails_alone = matches!(op, BinaryOp::Div | BinaryOp::Rem | BinaryOp::Shl | BinaryOp::Shr);
                if fails_alone {
                    let outcome = arith::binary(op, &Value::Int(1), &right, ty);
                    self.outcome(span, outcome);
                }
                None
            }
            _ => None,
        }
    }

    fn index(&mut self, base_ty: Ty, items: Option<Value>, index: Option<Value>, span: Span) -> Option<Value> {
        self.leave_straight_line();
        let Some(Value::Int(index)) = index else { return None };
        let TyKind::Array(_, len) = base_ty.kind() else { return None };
        let ConstKind::Value(ConstValue::Int(len)) = len.kind() else { return None };
        if index < 0 || index >= *len {
            let label = format!("index out of bounds: the length is {len} but the index is {index}");
            self.report(span, "unconditional_panic", &label);
            return None;
        }
        match items? {
            Value::Array(items) => items.get(usize::try_from(index).ok()?).cloned(),
            _ => None,
        }
    }

    /// Visits what stands in a place expression besides the place.
    fn visit_place(&mut self, id: ExprId) {
        match &self.body.exprs[id].kind {
            ExprKind::Local(_) | ExprKind::Upvar(_) | ExprKind::Static(_) => {}
            _ => {
                self.expr(id);
            }
        }
    }

    fn place_value(&mut self, id: ExprId) -> Option<Value> {
        match &self.body.exprs[id].kind {
            ExprKind::Local(local) => self.known.get(local).cloned(),
            ExprKind::Array(items) | ExprKind::Tuple(items) => {
                let values: Option<Vec<Value>> = items
                    .iter()
                    .map(|item| match &self.body.exprs[*item].kind {
                        ExprKind::Literal(value) => scalar(value),
                        ExprKind::Local(local) => self.known.get(local).cloned(),
                        _ => None,
                    })
                    .collect();
                let is_array = matches!(self.body.exprs[id].kind, ExprKind::Array(_));
                values.map(|values| if is_array { Value::Array(values) } else { Value::Tuple(values) })
            }
            _ => None,
        }
    }

    fn assign(&mut self, place: ExprId, value: Option<Value>) {
        match &self.body.exprs[place].kind {
            ExprKind::Local(local) if !self.borrowed.contains(local) => match value {
                Some(value) => {
                    self.known.insert(*local, value);
                }
                None => {
                    self.known.remove(local);
                }
            },
            _ => {
                if let Some(local) = root_local(self.body, place) {
                    self.known.remove(&local);
                }
            }
        }
    }

    fn block(&mut self, id: BlockId) -> Option<Value> {
        let block = &self.body.blocks[id];
        for stmt in &block.stmts {
            match &self.body.stmts[*stmt].kind {
                StmtKind::Expr(expr) => {
                    self.expr(*expr);
                }
                StmtKind::Let { pat, init, otherwise, .. } => {
                    let value = init.and_then(|init| self.expr(init));
                    if let Some(otherwise) = otherwise {
                        self.leave_straight_line();
                        self.block(*otherwise);
                        self.leave_straight_line();
                    }
                    self.bind(*pat, value);
                }
            }
        }
        let value = block.tail.and_then(|tail| self.expr(tail));
        if block.label.is_some() {
            self.leave_straight_line();
            return None;
        }
        value
    }

    fn bind(&mut self, pat: PatId, value: Option<Value>) {
        match (&self.body.pats[pat].kind, value) {
            (PatKind::Bind { local, by_ref: None, sub: None, .. }, value) if !self.borrowed.contains(local) => {
                match value {
                    Some(value) => {
                        self.known.insert(*local, value);
                    }
                    None => {
                        self.known.remove(local);
                    }
                }
            }
            (PatKind::Leaf { fields }, Some(Value::Tuple(items))) => {
                for (index, pat) in fields {
                    let item = items.get(*index as usize).cloned();
                    self.bind(*pat, item);
                }
            }
            _ => {}
        }
    }
}

/// Scalars, and tuples and arrays of them.
fn scalar(value: &ConstValue) -> Option<Value> {
    Some(match value {
        ConstValue::Bool(value) => Value::Bool(*value),
        ConstValue::Char(value) => Value::Char(*value),
        ConstValue::Int(value) => Value::Int(*value),
        ConstValue::Tuple(items) => Value::Tuple(items.iter().map(scalar).collect::<Option<_>>()?),
        ConstValue::Array(items) => Value::Array(items.iter().map(scalar).collect::<Option<_>>()?),
        _ => return None,
    })
}
