//! What evaluating an expression can do, and what it can notice: enough to know when two of them may change places.

use rustc_hash::FxHashSet;

use crate::go::ast::*;
use crate::go::{constant, visit};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Effect {
    /// The same at any time.
    Constant,
    /// Reads variables that only a statement of this function can change.
    ReadsLocals,
    /// Reads memory that a call could change, or may panic.
    ReadsMemory,
    /// Calls something.
    Calls,
}

/// Functions that compute from their arguments alone.
const PURE_BUILTINS: &[&str] = &["len", "cap", "min", "max", "complex", "real", "imag"];
const ALLOCATING_BUILTINS: &[&str] = &["make", "new"];

/// Packages of Go whose functions only compute.
const PURE_PACKAGES: &[&str] = &["math/bits", "math", "cmp"];

/// What is known about the variables of a function.
#[derive(Default)]
pub struct Variables {
    /// By the number of the variable; those behind the end are not mentioned.
    uses: Vec<Uses>,
    copies: Vec<(VarId, VarId)>,
}

#[derive(Clone, Copy, Default)]
struct Uses {
    reads: u32,
    writes: u32,
    escapes: bool,
    /// Something in it is assigned, or behind it, if it is a pointer or slice.
    is_changed_inside: bool,
}

impl Variables {
    pub fn of(body: &[Stmt]) -> Variables {
        let mut counter = Counter::default();
        counter.stmts(body);
        let Counter { mut vars, cut, assigned_cuts, .. } = counter;
        cut.into_iter().filter(|var| !assigned_cuts.contains(var)).for_each(|var| vars.note(var).escapes = true);
        vars
    }

    fn note(&mut self, var: VarId) -> &mut Uses {
        let index = var.0 as usize;
        if index >= self.uses.len() {
            self.uses.resize(index + 1, Uses::default());
        }
        &mut self.uses[index]
    }

    fn uses(&self, var: VarId) -> Uses {
        self.uses.get(var.0 as usize).copied().unwrap_or_default()
    }

    /// How often it is mentioned, not counting where it is declared or plainly assigned.
    pub fn reads(&self, var: VarId) -> u32 {
        self.uses(var).reads
    }

    /// How often it is plainly assigned (`x = …`), its declaration not counted.
    pub fn writes(&self, var: VarId) -> u32 {
        self.uses(var).writes
    }

    /// Every `x := y` of two variables, as `(x, y)`.
    pub fn copies(&self) -> &[(VarId, VarId)] {
        &self.copies
    }

    /// Its address is taken, or a function literal that does not declare it uses it: others can change it.
    pub fn escapes(&self, var: VarId) -> bool {
        self.uses(var).escapes
    }

    /// Whether a variable is what its declaration says for as long as it lives.
    pub fn is_constant(&self, var: VarId) -> bool {
        let uses = self.uses(var);
        uses.writes == 0 && !uses.escapes && !uses.is_changed_inside
    }

    pub fn is_changed_inside(&self, var: VarId) -> bool {
        self.uses(var).is_changed_inside
    }

    pub fn effect(&self, expr: &Expr) -> Effect {
        let own = match expr {
            Expr::Lit(_) | Expr::Typed(..) | Expr::Const(..) | Expr::Type(_) | Expr::Instance(..) => Effect::Constant,
            // A package-level name may be a variable; functions and nil are recognised where they are called.
            Expr::Name(_) | Expr::Imported(..) => Effect::ReadsMemory,
            Expr::Var(var) if self.escapes(*var) => Effect::ReadsMemory,
            Expr::Var(_) => Effect::ReadsLocals,
            Expr::Unary(UnaryOp::Receive, _) => Effect::Calls,
            Expr::Unary(UnaryOp::Deref, _) => Effect::ReadsMemory,
            // `&x` is the same address at any time, whatever x holds.
            Expr::Unary(UnaryOp::Addr, place) => return self.address_effect(place),
            Expr::Unary(..) | Expr::Convert(..) | Expr::Upcast(..) | Expr::Select(..) => Effect::Constant,
            Expr::Binary(BinaryOp::Div | BinaryOp::Rem | BinaryOp::Shl | BinaryOp::Shr, _, divisor)
                if !never_fails(divisor) =>
            {
                Effect::ReadsMemory
            }
            Expr::Binary(..) => Effect::Constant,
            Expr::Index(..) | Expr::Entry(_) | Expr::Slice(_) | Expr::Assert(..) => Effect::ReadsMemory,
            Expr::Call(call) => return self.call_effect(call),
            Expr::Composite(composite) => {
                // Only the values are evaluated; keys are field names or constants.
                return composite.elements.iter().map(|e| self.effect(&e.value)).max().unwrap_or(Effect::Constant);
            }
            // Making a closure notices nothing, but it must see the variables of its place.
            Expr::Func(_) => Effect::ReadsLocals,
        };
        // `p.x` through a pointer reads memory. Types are not known here: a selection from a variable may be one.
        let own = match expr {
            Expr::Select(base, _) if !matches!(**base, Expr::Composite(_)) => Effect::ReadsMemory,
            _ => own,
        };
        let mut worst = own;
        visit::each_operand(expr, &mut |e| worst = worst.max(self.effect(e)));
        worst
    }

    /// Whether an expression has looked at everything when its last call returns: Go orders calls, and nothing else beside them.
    pub fn is_settled_by_calls(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Call(call) if self.call_effect(&Call { args: Vec::new(), ..(**call).clone() }) == Effect::Calls => {
                true
            }
            Expr::Unary(UnaryOp::Deref | UnaryOp::Receive, _)
            | Expr::Index(..)
            | Expr::Entry(_)
            | Expr::Slice(_)
            | Expr::Assert(..)
            | Expr::Select(..) => false,
            Expr::Unary(UnaryOp::Addr, _) | Expr::Func(_) => self.effect(expr) <= Effect::ReadsLocals,
            Expr::Var(_) | Expr::Name(_) | Expr::Imported(..) => self.effect(expr) <= Effect::ReadsLocals,
            Expr::Binary(BinaryOp::Div | BinaryOp::Rem | BinaryOp::Shl | BinaryOp::Shr, _, right)
                if !never_fails(right) =>
            {
                false
            }
            Expr::Composite(composite) => composite.elements.iter().all(|e| self.is_settled_by_calls(&e.value)),
            _ => {
                let mut all = true;
                visit::each_operand(expr, &mut |e| all &= self.is_settled_by_calls(e));
                all
            }
        }
    }

    fn address_effect(&self, place: &Expr) -> Effect {
        match place {
            Expr::Var(_) => Effect::Constant,
            Expr::Select(base, _) => self.address_effect(base).max(Effect::ReadsLocals),
            Expr::Composite(_) => self.effect(place),
            other => self.effect(other),
        }
    }

    fn call_effect(&self, call: &Call) -> Effect {
        let args = call.args.iter().map(|arg| self.effect(arg)).max().unwrap_or(Effect::Constant);
        match &call.fun {
            // The length of a variable's slice or string stands in the variable itself.
            Expr::Name(name) if PURE_BUILTINS.contains(&&**name) => args,
            Expr::Name(name) if ALLOCATING_BUILTINS.contains(&&**name) => args.max(Effect::ReadsLocals),
            Expr::Imported(path, _) if PURE_PACKAGES.contains(&&**path) => args,
            Expr::Type(_) => args,
            _ => Effect::Calls,
        }
    }

    /// Whether dropping the expression changes nothing (a panic it could raise counts as something).
    pub fn is_droppable(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Lit(_)
            | Expr::Typed(..)
            | Expr::Const(..)
            | Expr::Type(_)
            | Expr::Instance(..)
            | Expr::Name(_)
            | Expr::Imported(..)
            | Expr::Var(_)
            | Expr::Func(_) => true,
            // Nothing is always there to be cut.
            Expr::Slice(cut) if cut.low.is_none() && cut.max.is_none() && cut.high.as_ref().is_some_and(is_zero) => {
                self.is_droppable(&cut.base)
            }
            // What is asserted is always so.
            Expr::Assert(inner, _) => self.is_droppable(inner),
            Expr::Unary(UnaryOp::Receive, _) | Expr::Index(..) | Expr::Slice(_) => false,
            Expr::Binary(BinaryOp::Div | BinaryOp::Rem | BinaryOp::Shl | BinaryOp::Shr, _, right)
                if !never_fails(right) =>
            {
                false
            }
            Expr::Call(call) => match &call.fun {
                Expr::Name(name)
                    if PURE_BUILTINS.contains(&&**name)
                        || ALLOCATING_BUILTINS.contains(&&**name) && call.args.len() == 1 =>
                {
                    call.args.iter().all(|a| self.is_droppable(a))
                }
                Expr::Type(_) => call.args.iter().all(|a| self.is_droppable(a)),
                Expr::Imported(path, _) if PURE_PACKAGES.contains(&&**path) => {
                    call.args.iter().all(|a| self.is_droppable(a))
                }
                _ => false,
            },
            Expr::Composite(composite) => composite.elements.iter().all(|e| self.is_droppable(&e.value)),
            Expr::Unary(..)
            | Expr::Convert(..)
            | Expr::Upcast(..)
            | Expr::Select(..)
            | Expr::Binary(..)
            | Expr::Entry(_) => {
                let mut all = true;
                visit::each_operand(expr, &mut |e| all &= self.is_droppable(e));
                all
            }
        }
    }
}

/// The variable whose memory a place lies in, if no pointer is followed that is visible as such.
pub fn root(place: &Expr) -> Option<VarId> {
    match place {
        Expr::Var(var) => Some(*var),
        Expr::Select(base, _) | Expr::Index(base, _) => root(base),
        _ => None,
    }
}

/// Whether dividing or shifting by this cannot panic: it is a constant, and not zero (a shift by zero is nobody's loss).
fn never_fails(right: &Expr) -> bool {
    constant::is_constant(right) && constant::value(right).is_none_or(|(value, _)| value != 0)
}

fn is_zero(expr: &Expr) -> bool {
    constant::value(expr).is_some_and(|(value, _)| value == 0)
}

/// Counts the uses of variables in one walk.
#[derive(Default)]
struct Counter {
    vars: Variables,
    /// The function literals around the present place, outermost first.
    literals: Vec<Literal>,
    /// Variables that are cut. Cutting an array takes its address; the type is not known here.
    cut: Vec<VarId>,
    /// Variables that are assigned a cut of themselves somewhere, and so are no arrays.
    assigned_cuts: FxHashSet<VarId>,
}

/// A function literal: what it mentions and does not declare is captured.
#[derive(Default)]
struct Literal {
    declared: FxHashSet<VarId>,
    mentioned: Vec<VarId>,
}

impl Counter {
    fn stmts(&mut self, body: &[Stmt]) {
        body.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign(places, values) => {
                for place in places.iter().flatten() {
                    match place {
                        Expr::Var(var) => self.write(*var),
                        place => {
                            self.change_inside(place);
                            self.expr(place);
                        }
                    }
                }
                values.iter().for_each(|v| self.expr(v));
                if let ([Some(Expr::Var(var))], [Expr::Slice(cut)]) = (&places[..], &values[..])
                    && cut.base == Expr::Var(*var)
                {
                    self.assigned_cuts.insert(*var);
                }
            }
            StmtKind::OpAssign(_, Expr::Var(var), value) => {
                self.write(*var);
                self.read(*var);
                self.expr(value);
            }
            StmtKind::Inc(Expr::Var(var)) | StmtKind::Dec(Expr::Var(var)) => {
                self.write(*var);
                self.read(*var);
            }
            StmtKind::OpAssign(_, place, _) | StmtKind::Inc(place) | StmtKind::Dec(place) => {
                self.change_inside(place);
                visit::each_expr(stmt, &mut |e| self.expr(e));
            }
            StmtKind::Define(names, values) => {
                if let ([Some(name)], [Expr::Var(value)]) = (&names[..], &values[..]) {
                    self.vars.copies.push((*name, *value));
                }
                values.iter().for_each(|v| self.expr(v));
            }
            _ => visit::each_expr(stmt, &mut |e| self.expr(e)),
        }
        if let Some(literal) = self.literals.last_mut() {
            literal.declare(stmt);
        }
        visit::each_block(stmt, &mut |block| self.stmts(block));
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Var(var) => return self.read(*var),
            Expr::Func(lit) => return self.literal(lit),
            Expr::Unary(UnaryOp::Addr, place) => self.escape(root(place)),
            Expr::Slice(slice) => match &slice.base {
                Expr::Var(var) => self.cut.push(*var),
                base => self.escape(root(base)),
            },
            // A method may have a pointer receiver.
            Expr::Call(call) => {
                if let Expr::Select(base, _) = &call.fun {
                    self.escape(root(base));
                }
            }
            _ => {}
        }
        visit::each_operand(expr, &mut |e| self.expr(e));
    }

    fn literal(&mut self, lit: &FuncLit) {
        let params = lit.params.iter().filter_map(|p| p.var);
        let declared = params.chain(lit.results.iter().filter_map(|r| r.var)).collect();
        self.literals.push(Literal { declared, mentioned: Vec::new() });
        self.stmts(&lit.body);
        let Some(Literal { declared, mut mentioned }) = self.literals.pop() else { return };
        mentioned.retain(|var| !declared.contains(var));
        mentioned.iter().for_each(|var| self.vars.note(*var).escapes = true);
        if let Some(outer) = self.literals.last_mut() {
            outer.declared.extend(declared);
            outer.mentioned.extend(mentioned);
        }
    }

    fn read(&mut self, var: VarId) {
        self.vars.note(var).reads += 1;
        self.mention(var);
    }

    fn write(&mut self, var: VarId) {
        self.vars.note(var).writes += 1;
        self.mention(var);
    }

    fn mention(&mut self, var: VarId) {
        if let Some(literal) = self.literals.last_mut() {
            literal.mentioned.push(var);
        }
    }

    fn change_inside(&mut self, place: &Expr) {
        if let Some(var) = root(place) {
            self.vars.note(var).is_changed_inside = true;
        }
    }

    fn escape(&mut self, var: Option<VarId>) {
        if let Some(var) = var {
            self.vars.note(var).escapes = true;
        }
    }
}

impl Literal {
    fn declare(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Define(vars, _) => self.declared.extend(vars.iter().flatten()),
            StmtKind::Var(var, ..) => {
                self.declared.insert(*var);
            }
            StmtKind::Range(range) => self.declared.extend([range.key, range.value].into_iter().flatten()),
            StmtKind::TypeSwitch(switch) => self.declared.extend(switch.bind),
            _ => {}
        }
    }
}
