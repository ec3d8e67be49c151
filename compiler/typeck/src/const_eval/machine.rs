//! The interpreter: frames, places and expressions.

use la_arena::ArenaMap;
use rgo_hir::body::{LabelId, LogicalOp, Mutability, RangeEnd};
use rgo_hir::{Db, DefId};
use rgo_syntax::Span;
use rustc_hash::FxHashMap;

use crate::collect::adt_def;
use crate::error::TypeError;
use crate::solve::{ParamEnv, normalize_erasing_regions};
use crate::thir::{BlockId, Body, CastKind, Coercion, ExprId, ExprKind, LocalId, StmtKind, UnaryOp};
use crate::thir_build::thir_body;
use crate::ty::intern::TypeFlags;
use crate::ty::{Args, Const, ConstKind, ConstValue, Subst, Ty, TyKind};

use super::arith::{self, Outcome};
use super::value::{Memory, Pointer, Value};
use super::{ConstEvalError, const_eval, evaluation_error};

/// As many steps as rustc takes before it asks whether the constant will ever end.
const STEP_LIMIT: u32 = 2_000_000;
const DEPTH_LIMIT: usize = 128;

/// Why evaluation stopped.
#[derive(Clone, Debug)]
pub enum EvalFailure {
    TooGeneric,
    Unsupported,
    AlreadyReported,
    Error(Box<TypeError>),
}

/// What leaves an expression other than by its value.
pub enum Flow {
    Break(LabelId, Value),
    Continue(LabelId),
    Return(Value),
    Failure(EvalFailure),
}

impl From<EvalFailure> for Flow {
    fn from(failure: EvalFailure) -> Flow {
        Flow::Failure(failure)
    }
}

pub type Eval<T> = Result<T, Flow>;

/// One call.
pub struct Frame<'db> {
    pub body: &'db Body,
    pub args: Args,
    pub locals: ArenaMap<LocalId, Pointer>,
    /// The captured values, in a closure.
    pub upvars: Option<Pointer>,
}

pub struct Machine<'db> {
    pub db: &'db dyn Db,
    pub memory: Memory,
    /// Of a const argument whose type is found by the inference that asks for its value: its bodies. Nobody else may ask for them yet.
    argument: Option<&'db FxHashMap<DefId, Body>>,
    steps: u32,
    depth: usize,
}

impl<'db> Machine<'db> {
    pub fn new(db: &'db dyn Db) -> Machine<'db> {
        Machine { db, memory: Memory::default(), argument: None, steps: 0, depth: 0 }
    }

    pub fn for_argument(db: &'db dyn Db, bodies: &'db FxHashMap<DefId, Body>) -> Machine<'db> {
        Machine { argument: Some(bodies), ..Machine::new(db) }
    }

    pub fn body_of(&self, def: DefId) -> &'db Body {
        match self.argument.and_then(|bodies| bodies.get(&def)) {
            Some(body) => body,
            None => thir_body(self.db, def),
        }
    }

    pub fn export(&self, value: &Value) -> Option<ConstValue> {
        self.memory.export(value)
    }

    /// Evaluates the body of a constant.
    pub fn run(&mut self, body: &'db Body, args: Args) -> Result<ConstValue, ConstEvalError> {
        let failure = match self.run_body(body, args, Vec::new(), None) {
            Ok(value) | Err(Flow::Return(value)) => {
                return self.export(&value).ok_or(ConstEvalError::Unsupported);
            }
            Err(Flow::Failure(failure)) => failure,
            Err(Flow::Break(..) | Flow::Continue(_)) => EvalFailure::AlreadyReported,
        };
        Err(match failure {
            EvalFailure::TooGeneric => ConstEvalError::TooGeneric,
            EvalFailure::Unsupported => ConstEvalError::Unsupported,
            EvalFailure::AlreadyReported => ConstEvalError::AlreadyReported,
            EvalFailure::Error(error) => ConstEvalError::Failed(error),
        })
    }

    /// Runs a body to its value.
    pub fn run_body(
        &mut self,
        body: &'db Body,
        args: Args,
        inputs: Vec<Value>,
        upvars: Option<Pointer>,
    ) -> Eval<Value> {
        if body.has_errors {
            return Err(EvalFailure::AlreadyReported.into());
        }
        if self.depth >= DEPTH_LIMIT {
            let span = body.exprs[body.value].span;
            let error = evaluation_error(body.owner, span, "reached the configured maximum number of stack frames");
            return Err(EvalFailure::Error(Box::new(error)).into());
        }
        self.depth += 1;
        let mut frame = Frame { body, args, locals: ArenaMap::default(), upvars };
        let result = self.run_frame(&mut frame, inputs);
        self.depth -= 1;
        result
    }

    fn run_frame(&mut self, frame: &mut Frame<'db>, inputs: Vec<Value>) -> Eval<Value> {
        let params = frame.body.params.iter().filter_map(|param| param.pat);
        for (pat, input) in params.zip(inputs) {
            let place = self.memory.allocate(input);
            if !self.bind_pattern(frame, pat, &place)? {
                return Err(EvalFailure::AlreadyReported.into());
            }
        }
        match self.expr(frame, frame.body.value) {
            Err(Flow::Return(value)) => Ok(value),
            other => other,
        }
    }

    /// Whether the innermost frame is that of the constant itself.
    pub fn is_root(&self) -> bool {
        self.depth == 1
    }

    /// A type of the frame's body with the call's arguments filled in.
    pub fn ty(&self, frame: &Frame<'db>, ty: Ty) -> Eval<Ty> {
        let ty = if frame.args.is_empty() { ty } else { ty.subst(frame.args) };
        if ty.has(TypeFlags::HAS_ERROR) {
            return Err(EvalFailure::AlreadyReported.into());
        }
        if ty.has(TypeFlags::HAS_PROJECTION) {
            return Ok(normalize_erasing_regions(self.db, ParamEnv::empty(), ty));
        }
        Ok(ty)
    }

    pub fn fail<T>(&self, frame: &Frame<'db>, span: Span, what: impl Into<String>) -> Eval<T> {
        let error = evaluation_error(frame.body.owner, span, what);
        Err(Flow::Failure(EvalFailure::Error(Box::new(error))))
    }

    pub fn unsupported<T>(&self) -> Eval<T> {
        Err(Flow::Failure(EvalFailure::Unsupported))
    }

    pub fn expr(&mut self, frame: &mut Frame<'db>, id: ExprId) -> Eval<Value> {
        self.steps += 1;
        let expr = &frame.body.exprs[id];
        let span = expr.span;
        if self.steps > STEP_LIMIT {
            let mut error = evaluation_error(frame.body.owner, span, "constant evaluation is taking a long time");
            error.code = Some("long_running_const_eval");
            return Err(EvalFailure::Error(Box::new(error)).into());
        }
        match &expr.kind {
            ExprKind::Local(_)
            | ExprKind::Upvar(_)
            | ExprKind::Static(_)
            | ExprKind::Deref(_)
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::PlaceAscription { .. } => {
                let place = self.place(frame, id)?;
                self.load(&place)
            }
            ExprKind::Literal(value) => Ok(self.literal(value)),
            ExprKind::Const { def, args, .. } => self.constant(frame, *def, *args, span),
            ExprKind::ConstParam(value) => self.const_param(frame, *value),
            ExprKind::FnItem { def, args, .. } => Ok(Value::Fn(*def, args.subst(frame.args))),
            ExprKind::Unary { op, expr: operand } => {
                let ty = self.ty(frame, expr.ty)?;
                let value = self.expr(frame, *operand)?;
                let outcome = match op {
                    UnaryOp::Neg => arith::negate(&value, ty),
                    UnaryOp::Not => arith::not(&value, ty),
                };
                self.outcome(frame, span, outcome)
            }
            ExprKind::Binary { op, lhs, rhs } => {
                let ty = self.ty(frame, frame.body.exprs[*lhs].ty)?;
                let lhs = self.expr(frame, *lhs)?;
                let rhs = self.expr(frame, *rhs)?;
                let outcome = arith::binary(*op, &lhs, &rhs, ty);
                self.outcome(frame, span, outcome)
            }
            ExprKind::Logical { op, lhs, rhs } => {
                let lhs = self.truth(frame, *lhs)?;
                match (op, lhs) {
                    (LogicalOp::And, false) => Ok(Value::Bool(false)),
                    (LogicalOp::Or, true) => Ok(Value::Bool(true)),
                    _ => self.expr(frame, *rhs),
                }
            }
            ExprKind::Cast { kind, expr: operand, .. } => {
                let value = self.expr(frame, *operand)?;
                let ty = self.ty(frame, expr.ty)?;
                self.cast(frame, *kind, &value, ty, span)
            }
            ExprKind::Coerce { kind, expr: operand } => {
                let value = self.expr(frame, *operand)?;
                self.coerce(kind, value)
            }
            ExprKind::Borrow { place, .. } => {
                let place = self.place(frame, *place)?;
                Ok(self.reference_to(place))
            }
            ExprKind::Call { callee, args, .. } => self.call(frame, *callee, args, span),
            ExprKind::Adt(adt) => {
                let count = adt_def(self.db, adt.adt).variants.get(adt.variant as usize).map_or(0, |v| v.fields.len());
                let mut fields = match adt.base {
                    None => vec![Value::Uninit; count],
                    Some(_) => Vec::new(),
                };
                let mut written = Vec::new();
                for (index, value) in &adt.fields {
                    written.push((*index as usize, self.expr(frame, *value)?));
                }
                if let Some(base) = adt.base {
                    match self.expr(frame, base)? {
                        Value::Adt { fields: base, .. } => fields = base,
                        Value::Opaque => return Ok(Value::Opaque),
                        _ => return self.unsupported(),
                    }
                }
                for (index, value) in written {
                    if let Some(field) = fields.get_mut(index) {
                        *field = value;
                    }
                }
                Ok(Value::Adt { def: adt.adt, variant: adt.variant, fields })
            }
            ExprKind::Array(items) => Ok(Value::Array(self.exprs(frame, items)?)),
            ExprKind::Repeat { value, len } => {
                let value = self.expr(frame, *value)?;
                let Value::Int(len) = self.const_param(frame, *len)? else { return self.unsupported() };
                match usize::try_from(len) {
                    Ok(len) if len <= 1 << 20 => Ok(Value::Array(vec![value; len])),
                    _ => Ok(Value::Opaque),
                }
            }
            ExprKind::VecMacro(items) => {
                self.exprs(frame, items)?;
                Ok(Value::Opaque)
            }
            ExprKind::VecRepeat { .. } | ExprKind::FormatArgs(_) => Ok(Value::Opaque),
            ExprKind::Tuple(items) => Ok(Value::Tuple(self.exprs(frame, items)?)),
            ExprKind::Range { start, end, inclusive } => self.range(frame, *start, *end, *inclusive, expr.ty),
            ExprKind::Closure { def } => self.closure(frame, *def, expr.ty),
            ExprKind::Block(block) => self.block(frame, *block),
            ExprKind::If { cond, then, otherwise } => {
                if self.truth(frame, *cond)? {
                    self.expr(frame, *then)
                } else {
                    match otherwise {
                        Some(otherwise) => self.expr(frame, *otherwise),
                        None => Ok(Value::unit()),
                    }
                }
            }
            ExprKind::Let { pat, scrutinee } => {
                let place = self.place(frame, *scrutinee)?;
                Ok(Value::Bool(self.bind_pattern(frame, *pat, &place)?))
            }
            ExprKind::Match { scrutinee, arms, .. } => {
                let place = self.place(frame, *scrutinee)?;
                for arm in arms {
                    let arm = &frame.body.arms[*arm];
                    if !self.bind_pattern(frame, arm.pat, &place)? {
                        continue;
                    }
                    if let Some(guard) = arm.guard
                        && !self.truth(frame, guard)?
                    {
                        continue;
                    }
                    return self.expr(frame, arm.body);
                }
                self.unsupported()
            }
            ExprKind::Loop { label, body } => loop {
                if let Some(value) = self.iteration(frame, *label, *body)? {
                    return Ok(value);
                }
            },
            ExprKind::While { label, cond, body } => {
                while self.truth(frame, *cond)? {
                    if self.iteration(frame, *label, *body)?.is_some() {
                        break;
                    }
                }
                Ok(Value::unit())
            }
            ExprKind::For { .. } | ExprKind::Try { .. } => self.unsupported(),
            ExprKind::Break { label, value } => {
                let value = match value {
                    Some(value) => self.expr(frame, *value)?,
                    None => Value::unit(),
                };
                Err(Flow::Break(*label, value))
            }
            ExprKind::Continue { label } => Err(Flow::Continue(*label)),
            ExprKind::Return { value } => {
                let value = match value {
                    Some(value) => self.expr(frame, *value)?,
                    None => Value::unit(),
                };
                Err(Flow::Return(value))
            }
            ExprKind::Assign { place, value } => {
                let value = self.expr(frame, *value)?;
                let place = self.place(frame, *place)?;
                self.store(&place, value)?;
                Ok(Value::unit())
            }
            ExprKind::AssignOp { op, place, value } => {
                let ty = self.ty(frame, frame.body.exprs[*place].ty)?;
                let value = self.expr(frame, *value)?;
                let place = self.place(frame, *place)?;
                let old = self.load(&place)?;
                let outcome = arith::binary(*op, &old, &value, ty);
                let new = self.outcome(frame, span, outcome)?;
                self.store(&place, new)?;
                Ok(Value::unit())
            }
            ExprKind::DestructureAssign { pat, value, assigns } => {
                let value = self.expr(frame, *value)?;
                let temporary = self.memory.allocate(value);
                if !self.bind_pattern(frame, *pat, &temporary)? {
                    return self.unsupported();
                }
                for (local, place) in assigns {
                    let Some(source) = frame.locals.get(*local).cloned() else { return self.unsupported() };
                    let value = self.load(&source)?;
                    let place = self.place(frame, *place)?;
                    self.store(&place, value)?;
                }
                Ok(Value::unit())
            }
            ExprKind::Error => Err(EvalFailure::AlreadyReported.into()),
        }
    }

    pub fn exprs(&mut self, frame: &mut Frame<'db>, ids: &[ExprId]) -> Eval<Vec<Value>> {
        ids.iter().map(|id| self.expr(frame, *id)).collect()
    }

    fn truth(&mut self, frame: &mut Frame<'db>, id: ExprId) -> Eval<bool> {
        match self.expr(frame, id)? {
            Value::Bool(value) => Ok(value),
            _ => self.unsupported(),
        }
    }

    /// One turn of a loop; `Some` when it was left by `break`.
    fn iteration(&mut self, frame: &mut Frame<'db>, label: LabelId, body: ExprId) -> Eval<Option<Value>> {
        match self.expr(frame, body) {
            Ok(_) => Ok(None),
            Err(Flow::Continue(target)) if target == label => Ok(None),
            Err(Flow::Break(target, value)) if target == label => Ok(Some(value)),
            Err(other) => Err(other),
        }
    }

    fn block(&mut self, frame: &mut Frame<'db>, id: BlockId) -> Eval<Value> {
        let block = &frame.body.blocks[id];
        let result = self.statements(frame, id);
        match (result, block.label) {
            (Err(Flow::Break(target, value)), Some(label)) if target == label => Ok(value),
            (result, _) => result,
        }
    }

    fn statements(&mut self, frame: &mut Frame<'db>, id: BlockId) -> Eval<Value> {
        let block = &frame.body.blocks[id];
        for stmt in &block.stmts {
            match &frame.body.stmts[*stmt].kind {
                StmtKind::Expr(expr) => {
                    self.expr(frame, *expr)?;
                }
                StmtKind::Let { init: None, .. } => {}
                StmtKind::Let { pat, init: Some(init), otherwise, .. } => {
                    let place = self.place(frame, *init)?;
                    if !self.bind_pattern(frame, *pat, &place)? {
                        match otherwise {
                            Some(otherwise) => {
                                self.block(frame, *otherwise)?;
                            }
                            None => return self.unsupported(),
                        }
                    }
                }
            }
        }
        match block.tail {
            Some(tail) => self.expr(frame, tail),
            None => Ok(Value::unit()),
        }
    }

    /// The place an expression stands for; a value is put into a fresh one.
    pub fn place(&mut self, frame: &mut Frame<'db>, id: ExprId) -> Eval<Pointer> {
        let expr = &frame.body.exprs[id];
        match &expr.kind {
            ExprKind::Local(local) => {
                if let Some(place) = frame.locals.get(*local) {
                    return Ok(place.clone());
                }
                let place = self.memory.allocate(Value::Uninit);
                frame.locals.insert(*local, place.clone());
                Ok(place)
            }
            ExprKind::Upvar(index) => match &frame.upvars {
                Some(upvars) => self.upvar(upvars.project(*index as usize), frame, *index),
                None => self.unsupported(),
            },
            ExprKind::Static(def) => match const_eval(self.db, *def, Args::empty()) {
                Ok(value) => {
                    let value = self.memory.import(&value);
                    Ok(self.memory.allocate(value))
                }
                Err(error) => Err(failure_inside(error).into()),
            },
            ExprKind::Deref(inner) => match self.expr(frame, *inner)? {
                Value::Ref(pointer) => Ok(pointer),
                // The text behind a `&str` has no place of its own: the reference stands for it.
                Value::Str(text) => Ok(self.memory.allocate(Value::Str(text))),
                _ => self.unsupported(),
            },
            ExprKind::Field { base, index, .. } => {
                let base = self.place(frame, *base)?;
                if let Some(Value::Opaque) = self.memory.get(&base) {
                    return self.unsupported();
                }
                Ok(base.project(*index as usize))
            }
            ExprKind::Index { base, index } => {
                let base = self.place(frame, *base)?;
                let Value::Int(index) = self.expr(frame, *index)? else { return self.unsupported() };
                let Some(len) = self.memory.len(&base) else { return self.unsupported() };
                match usize::try_from(index) {
                    Ok(index) if index < len => Ok(base.project(index)),
                    _ => {
                        let what = format!("index out of bounds: the length is {len} but the index is {index}");
                        self.fail(frame, expr.span, what)
                    }
                }
            }
            ExprKind::PlaceAscription { base, .. } => self.place(frame, *base),
            _ => {
                let value = self.expr(frame, id)?;
                Ok(self.memory.allocate(value))
            }
        }
    }

    fn upvar(&self, slot: Pointer, frame: &Frame<'db>, index: u32) -> Eval<Pointer> {
        let crate::thir::BodyKind::Closure(info) = &frame.body.kind else { return self.unsupported() };
        let by_reference =
            info.captures.get(index as usize).is_some_and(|capture| capture.by != crate::thir::CaptureBy::Value);
        match (by_reference, self.memory.get(&slot)) {
            (true, Some(Value::Ref(pointer))) => Ok(pointer.clone()),
            (true, _) => self.unsupported(),
            (false, _) => Ok(slot),
        }
    }

    pub fn load(&self, place: &Pointer) -> Eval<Value> {
        match (self.memory.get(place), place.window) {
            (Some(Value::Array(items)), Some((start, len))) => match items.get(start..start + len) {
                Some(part) => Ok(Value::Array(part.to_vec())),
                None => self.unsupported(),
            },
            (Some(Value::Uninit) | None, _) => self.unsupported(),
            (Some(value), _) => Ok(value.clone()),
        }
    }

    pub fn store(&mut self, place: &Pointer, value: Value) -> Eval<()> {
        match self.memory.get_mut(place) {
            Some(slot) => {
                *slot = value;
                Ok(())
            }
            None => self.unsupported(),
        }
    }

    /// `&place`. The text behind a `&str` is its reference.
    pub fn reference_to(&self, place: Pointer) -> Value {
        Value::Ref(place)
    }

    fn literal(&mut self, value: &ConstValue) -> Value {
        self.memory.import(value)
    }

    pub fn constant(&mut self, frame: &Frame<'db>, def: DefId, args: Args, span: Span) -> Eval<Value> {
        let args = args.subst(frame.args);
        if let Some(body) = self.argument.and_then(|bodies| bodies.get(&def)) {
            return self.run_body(body, args, Vec::new(), None);
        }
        let (def, args) = match self.resolve(def, args) {
            Some(resolved) => resolved,
            None => return Err(EvalFailure::TooGeneric.into()),
        };
        let _ = span;
        match const_eval(self.db, def, args) {
            Ok(value) => Ok(self.memory.import(&value)),
            Err(ConstEvalError::Unsupported) => Ok(Value::Opaque),
            Err(error) => Err(failure_inside(error).into()),
        }
    }

    fn const_param(&mut self, frame: &Frame<'db>, value: Const) -> Eval<Value> {
        let value = value.subst(frame.args);
        match value.kind() {
            ConstKind::Value(value) => Ok(self.memory.import(value)),
            ConstKind::Unevaluated(def, args) => match const_eval(self.db, *def, *args) {
                Ok(value) => Ok(self.memory.import(&value)),
                Err(error) => Err(failure_inside(error).into()),
            },
            ConstKind::Param { .. } | ConstKind::Infer(_) => Err(EvalFailure::TooGeneric.into()),
            ConstKind::Error => Err(EvalFailure::AlreadyReported.into()),
        }
    }

    pub fn outcome(&self, frame: &Frame<'db>, span: Span, outcome: Outcome) -> Eval<Value> {
        match outcome {
            Outcome::Value(value) => Ok(value),
            Outcome::Overflow(_, what) => self.fail(frame, span, format!("attempt to {what} with overflow")),
            Outcome::DivisionByZero("divide") => self.fail(frame, span, "attempt to divide by zero"),
            Outcome::DivisionByZero(_) => {
                self.fail(frame, span, "attempt to calculate the remainder with a divisor of zero")
            }
            Outcome::Unsupported => self.unsupported(),
        }
    }

    fn cast(&mut self, frame: &Frame<'db>, kind: CastKind, value: &Value, ty: Ty, span: Span) -> Eval<Value> {
        match (kind, value) {
            (CastKind::Identity, _) => Ok(value.clone()),
            (CastKind::EnumToInt, Value::Adt { def, variant, .. }) => {
                let adt = adt_def(self.db, *def);
                match adt.variants.get(*variant as usize) {
                    Some(variant) => {
                        Ok(Value::Int(arith::wrap(crate::collect::discriminant(self.db, variant.def), ty)))
                    }
                    None => self.unsupported(),
                }
            }
            (CastKind::Address, _) => self.unsupported(),
            (CastKind::EnumToInt | CastKind::Numeric, _) => {
                let outcome = arith::cast(value, ty);
                self.outcome(frame, span, outcome)
            }
        }
    }

    fn coerce(&self, kind: &Coercion, value: Value) -> Eval<Value> {
        match (kind, value) {
            (Coercion::UnsizeArray, Value::Ref(mut pointer)) => {
                let len = self.memory.len(&pointer);
                pointer.window = len.map(|len| (0, len));
                match pointer.window {
                    Some(_) => Ok(Value::Ref(pointer)),
                    None => self.unsupported(),
                }
            }
            (Coercion::UnsizeDyn | Coercion::DynUpcast | Coercion::UnsizeArray, _) => Ok(Value::Opaque),
            (Coercion::NeverToAny | Coercion::ReifyFn | Coercion::ClosureFnPtr | Coercion::MutToConst, value) => {
                Ok(value)
            }
        }
    }

    fn range(
        &mut self,
        frame: &mut Frame<'db>,
        start: Option<ExprId>,
        end: Option<ExprId>,
        _inclusive: RangeEnd,
        ty: Ty,
    ) -> Eval<Value> {
        let mut fields = Vec::new();
        for bound in [start, end].into_iter().flatten() {
            fields.push(self.expr(frame, bound)?);
        }
        match ty.kind() {
            TyKind::Adt(def, _) => {
                let count = adt_def(self.db, *def).variants.first().map_or(0, |variant| variant.fields.len());
                // `a..=b` has a hidden third field that says whether it is exhausted.
                while fields.len() < count {
                    fields.push(Value::Bool(false));
                }
                Ok(Value::Adt { def: *def, variant: 0, fields })
            }
            _ => self.unsupported(),
        }
    }

    fn closure(&mut self, frame: &mut Frame<'db>, def: DefId, ty: Ty) -> Eval<Value> {
        let ty = self.ty(frame, ty)?;
        let TyKind::Closure(_, args) = ty.kind() else { return self.unsupported() };
        let body = self.body_of(def);
        let crate::thir::BodyKind::Closure(info) = &body.kind else { return self.unsupported() };
        if !info.captures.is_empty() {
            return Ok(Value::Opaque);
        }
        Ok(Value::Closure { def, args: *args, upvars: Vec::new() })
    }

    /// A place that patterns bind by reference.
    pub fn bind_reference(&mut self, frame: &mut Frame<'db>, local: LocalId, place: &Pointer, _how: Mutability) {
        let reference = self.reference_to(place.clone());
        let slot = self.memory.allocate(reference);
        frame.locals.insert(local, slot);
    }
}

/// The failure of a constant that this one needs.
pub fn failure_inside(error: ConstEvalError) -> EvalFailure {
    match error {
        ConstEvalError::TooGeneric => EvalFailure::TooGeneric,
        // Reported where that constant is evaluated on its own account.
        ConstEvalError::AlreadyReported | ConstEvalError::Cycle => EvalFailure::AlreadyReported,
        ConstEvalError::Unsupported => EvalFailure::Unsupported,
        ConstEvalError::Failed(error) => EvalFailure::Error(error),
    }
}
