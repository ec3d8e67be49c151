//! What evaluating an expression can do, and what it can notice: enough to know when two of them may change places.

use rustc_hash::{FxHashMap, FxHashSet};

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
const PURE_PACKAGES: &[&str] = &["math/bits", "math"];

/// What is known about the variables of a function.
#[derive(Default)]
pub struct Variables {
    /// Address taken, or used by a function literal that does not declare it: others can change it.
    pub escaping: FxHashSet<VarId>,
    /// How often each is mentioned, not counting where it is declared or plainly assigned.
    pub reads: FxHashMap<VarId, u32>,
    /// How often each is plainly assigned (`x = …`), its declaration not counted.
    pub writes: FxHashMap<VarId, u32>,
}

impl Variables {
    pub fn of(body: &[Stmt]) -> Variables {
        let mut vars = Variables::default();
        vars.stmts(body);
        let mut escaping = FxHashSet::default();
        let slices = cut_themselves(body);
        visit::walk_exprs(body, &mut |expr| match expr {
            Expr::Unary(UnaryOp::Addr, place) => escaping.extend(root(place)),
            // Slicing an array takes its address; the type is not known here.
            Expr::Slice(slice) if !matches!(&slice.base, Expr::Var(var) if slices.contains(var)) => {
                escaping.extend(root(&slice.base));
            }
            // A method may have a pointer receiver.
            Expr::Call(call) => {
                if let Expr::Select(base, _) = &call.fun {
                    escaping.extend(root(base));
                }
            }
            Expr::Func(lit) => captured(lit, &mut escaping),
            _ => {}
        });
        vars.escaping = escaping;
        vars
    }

    fn stmts(&mut self, body: &[Stmt]) {
        for stmt in body {
            match &stmt.kind {
                StmtKind::Assign(places, values) => {
                    for place in places.iter().flatten() {
                        match place {
                            Expr::Var(var) => *self.writes.entry(*var).or_default() += 1,
                            place => self.expr(place),
                        }
                    }
                    values.iter().for_each(|v| self.expr(v));
                }
                StmtKind::OpAssign(_, Expr::Var(var), value) => {
                    *self.writes.entry(*var).or_default() += 1;
                    *self.reads.entry(*var).or_default() += 1;
                    self.expr(value);
                }
                StmtKind::Inc(Expr::Var(var)) | StmtKind::Dec(Expr::Var(var)) => {
                    *self.writes.entry(*var).or_default() += 1;
                    *self.reads.entry(*var).or_default() += 1;
                }
                _ => visit::each_expr(stmt, &mut |e| self.expr(e)),
            }
            visit::each_block(stmt, &mut |block| self.stmts(block));
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Var(var) => *self.reads.entry(*var).or_default() += 1,
            Expr::Func(lit) => self.stmts(&lit.body),
            _ => {}
        }
        visit::each_operand(expr, &mut |e| self.expr(e));
    }

    pub fn reads(&self, var: VarId) -> u32 {
        self.reads.get(&var).copied().unwrap_or(0)
    }

    pub fn writes(&self, var: VarId) -> u32 {
        self.writes.get(&var).copied().unwrap_or(0)
    }

    pub fn effect(&self, expr: &Expr) -> Effect {
        let own = match expr {
            Expr::Lit(_) | Expr::Typed(..) | Expr::Const(..) | Expr::Type(_) | Expr::Instance(..) => Effect::Constant,
            // A package-level name may be a variable; functions and nil are recognised where they are called.
            Expr::Name(_) | Expr::Imported(..) => Effect::ReadsMemory,
            Expr::Var(var) if self.escaping.contains(var) => Effect::ReadsMemory,
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
            Expr::Unary(UnaryOp::Receive, _) | Expr::Index(..) | Expr::Slice(_) | Expr::Assert(..) => false,
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

fn captured(lit: &FuncLit, into: &mut FxHashSet<VarId>) {
    let mut declared: FxHashSet<VarId> =
        lit.params.iter().filter_map(|p| p.var).chain(lit.results.iter().filter_map(|r| r.var)).collect();
    visit::walk_stmts(&lit.body, &mut |stmt| match &stmt.kind {
        StmtKind::Define(vars, _) => declared.extend(vars.iter().flatten()),
        StmtKind::Var(var, ..) => {
            declared.insert(*var);
        }
        StmtKind::Range(range) => declared.extend([range.key, range.value].into_iter().flatten()),
        StmtKind::TypeSwitch(switch) => declared.extend(switch.bind),
        _ => {}
    });
    visit::walk_exprs(&lit.body, &mut |expr| match expr {
        Expr::Func(inner) => {
            declared.extend(inner.params.iter().filter_map(|p| p.var).chain(inner.results.iter().filter_map(|r| r.var)))
        }
        Expr::Var(var) if !declared.contains(var) => {
            into.insert(*var);
        }
        _ => {}
    });
}

/// Whether dividing or shifting by this cannot panic: it is a constant, and not zero (a shift by zero is nobody's loss).
fn never_fails(right: &Expr) -> bool {
    constant::is_constant(right) && constant::value(right).is_none_or(|(value, _)| value != 0)
}

fn is_zero(expr: &Expr) -> bool {
    constant::value(expr).is_some_and(|(value, _)| value == 0)
}

/// Variables that are assigned a cut of themselves somewhere, and so are no arrays.
fn cut_themselves(body: &[Stmt]) -> FxHashSet<VarId> {
    let mut found = FxHashSet::default();
    visit::walk_stmts(body, &mut |stmt| {
        if let StmtKind::Assign(places, values) = &stmt.kind
            && let ([Some(Expr::Var(var))], [Expr::Slice(cut)]) = (&places[..], &values[..])
            && cut.base == Expr::Var(*var)
        {
            found.insert(*var);
        }
    });
    found
}
