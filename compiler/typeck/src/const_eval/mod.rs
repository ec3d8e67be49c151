//! Evaluation of constants: an interpreter over THIR.
//!
//! Evaluates array lengths, discriminants, `const` and `static` items, patterns' constants. What fails for a reason of the program is an error
//! E0080; what this evaluator does not model (a `Vec` inside) is [`ConstEvalError::Unsupported`] and no error.
//! Reference: the Rust reference, "Constant evaluation"; rustc dev guide, "Interpreter".

pub mod arith;
mod builtins;
mod call;
mod check;
mod cycles;
mod machine;
mod pattern;
mod required;
mod value;

use rgo_hir::{Db, DefId, DefKey};
use rgo_syntax::Span;

use crate::error::TypeError;
use crate::infer::infer_body_as;
use crate::thir_build::thir_body;
use crate::ty::{Args, Const, ConstKind, ConstValue, Ty};

pub use check::{const_body_errors, is_const_fn};
pub use machine::{EvalFailure, Machine};
pub use required::{evaluation_cycle, evaluation_errors};
pub use value::Value;

/// Why a constant has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstEvalError {
    /// It depends on a generic parameter without a value.
    TooGeneric,
    /// Its type or body has errors that are reported elsewhere.
    AlreadyReported,
    /// Its value needs itself: E0391, reported where the first constant of the cycle stands.
    Cycle,
    /// It is beyond what the evaluator models; the program is not wrong.
    Unsupported,
    /// The program is wrong: E0080.
    Failed(Box<TypeError>),
}

/// The value of a constant, static, associated or anonymous constant.
pub fn const_eval(db: &dyn Db, def: DefId, args: Args) -> Result<ConstValue, ConstEvalError> {
    const_eval_query(db, def, args).clone()
}

/// Survives every edit that leaves the constant's body, and those of the functions it calls, alone.
#[salsa::tracked(returns(ref), cycle_result = cycle)]
fn const_eval_query(db: &dyn Db, def: DefId, args: Args) -> Result<ConstValue, ConstEvalError> {
    let mut machine = Machine::new(db);
    let Some((def, args)) = machine.resolve(def, args) else { return Err(ConstEvalError::TooGeneric) };
    machine.run(thir_body(db, def), args)
}

/// The value of an anonymous constant of type `ty`, while the body around it, which alone knows that type, is still being inferred.
pub fn const_eval_as(db: &dyn Db, def: DefId, ty: Ty) -> Result<ConstValue, ConstEvalError> {
    const_eval_as_query(db, def.key(db), ty).clone()
}

/// Survives every edit that leaves the constant's body, and those of the functions it calls, alone.
#[salsa::tracked(returns(ref), cycle_result = cycle_as)]
fn const_eval_as_query<'db>(db: &'db dyn Db, key: DefKey<'db>, ty: Ty) -> Result<ConstValue, ConstEvalError> {
    let def = key.def(db);
    let bodies = &infer_body_as(db, def, ty).bodies;
    match bodies.get(&def) {
        Some(body) => Machine::for_argument(db, bodies).run(body, Args::empty()),
        None => Err(ConstEvalError::AlreadyReported),
    }
}

fn cycle_as<'db>(_db: &'db dyn Db, _id: salsa::Id, _key: DefKey<'db>, _ty: Ty) -> Result<ConstValue, ConstEvalError> {
    Err(ConstEvalError::Cycle)
}

fn cycle(_db: &dyn Db, _id: salsa::Id, _def: DefId, _args: Args) -> Result<ConstValue, ConstEvalError> {
    Err(ConstEvalError::Cycle)
}

/// The value of an anonymous constant outside of generic code, as a constant of types: `Const::Error` where there is none.
pub fn eval_anon_const(db: &dyn Db, def: DefId) -> Const {
    match const_eval(db, def, Args::empty()) {
        Ok(value) => Const::new(ConstKind::Value(value)),
        Err(ConstEvalError::TooGeneric) => Const::new(ConstKind::Unevaluated(def, Args::empty())),
        Err(
            ConstEvalError::Cycle
            | ConstEvalError::AlreadyReported
            | ConstEvalError::Unsupported
            | ConstEvalError::Failed(_),
        ) => Const::new(ConstKind::Error),
    }
}

/// The error of an evaluation that failed at `span`.
fn evaluation_error(def: DefId, span: Span, what: impl Into<String>) -> TypeError {
    let what = what.into();
    TypeError::new(def, span, "E0080", what).label("evaluation of the constant failed here")
}
