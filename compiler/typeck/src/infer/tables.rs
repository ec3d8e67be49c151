//! What inference finds out about the nodes of a body, keyed by HIR ids. Types in here may still hold inference variables; `thir_build` resolves them.

use la_arena::ArenaMap;
use rgo_hir::DefId;
use rgo_hir::body::{ExprId, LocalId, Mutability, PatId, TypeId};
use rgo_syntax::Span;
use rustc_hash::FxHashMap;

use crate::thir::{CastKind, Coercion};
use crate::ty::{Args, Const, Ty};

#[derive(Default)]
pub struct Tables {
    pub expr_ty: ArenaMap<ExprId, Ty>,
    pub pat_ty: ArenaMap<PatId, Ty>,
    pub local_ty: ArenaMap<LocalId, Ty>,
    /// Applied in order, innermost first.
    pub adjustments: FxHashMap<ExprId, Vec<Adjustment>>,
    /// The reference types that a pattern looks through implicitly, outermost first.
    pub pat_adjustments: FxHashMap<PatId, Vec<Ty>>,
    /// How a binding pattern binds: `None` by value.
    pub binding_modes: FxHashMap<PatId, Option<Mutability>>,
    /// The function that an operator, method call, overloaded index or overloaded dereference calls.
    pub callees: FxHashMap<ExprId, Callee>,
    /// What a path expression names.
    pub values: FxHashMap<ExprId, Value>,
    /// What a path in a pattern names.
    pub pat_values: FxHashMap<PatId, Value>,
    /// The paths at the ends of a range pattern.
    pub range_values: FxHashMap<(PatId, bool), Value>,
    /// Position of the accessed field.
    pub fields: FxHashMap<ExprId, u32>,
    /// The struct or variant that a struct expression or pattern names.
    pub variants: FxHashMap<ExprId, VariantRef>,
    pub pat_variants: FxHashMap<PatId, VariantRef>,
    pub closures: FxHashMap<DefId, ClosureEntry>,
    /// Types that the user wrote, with their regions.
    pub user_types: ArenaMap<TypeId, Ty>,
    pub user_args: FxHashMap<ExprId, (WrittenPath, Span)>,
    pub pat_user_types: FxHashMap<PatId, (Ty, Span)>,
    /// Of constants.
    pub pat_user_args: FxHashMap<PatId, (WrittenPath, Span)>,
    pub loops: FxHashMap<ExprId, ForEntry>,
    pub tries: FxHashMap<ExprId, TryEntry>,
    pub casts: FxHashMap<ExprId, CastKind>,
    /// Lengths of `[value; N]`.
    pub repeats: FxHashMap<ExprId, Const>,
    /// Resolved `fmt` methods by expression and placeholder number.
    pub formats: FxHashMap<(ExprId, usize), (DefId, Args)>,
    /// Calls of closures whose kind is not known before capture analysis.
    pub deferred_calls: FxHashMap<ExprId, DeferredCall>,
    pub inline_consts: FxHashMap<ExprId, (DefId, Args)>,
}

/// What the user wrote in a path, with its regions.
#[derive(Clone, Copy, Debug, Default)]
pub struct WrittenPath {
    pub args: Option<Args>,
    /// The inherent impl that the item is from, and the type that the path began with.
    pub self_ty: Option<(DefId, Ty)>,
}

impl WrittenPath {
    pub fn is_empty(&self) -> bool {
        self.args.is_none() && self.self_ty.is_none()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adjustment {
    pub kind: Adjust,
    /// The type after it.
    pub target: Ty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjust {
    NeverToAny,
    /// Of a reference or box.
    Deref,
    /// By a call of `deref`/`deref_mut`.
    OverloadedDeref(Mutability),
    Borrow(AutoBorrow),
    Pointer(PointerCoercion),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AutoBorrow {
    Shared,
    Mut(TwoPhase),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TwoPhase {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointerCoercion {
    UnsizeArray,
    UnsizeDyn,
    DynUpcast,
    ReifyFn,
    ClosureFnPtr,
}

impl PointerCoercion {
    pub fn to_thir(self) -> Coercion {
        match self {
            PointerCoercion::UnsizeArray => Coercion::UnsizeArray,
            PointerCoercion::UnsizeDyn => Coercion::UnsizeDyn,
            PointerCoercion::DynUpcast => Coercion::DynUpcast,
            PointerCoercion::ReifyFn => Coercion::ReifyFn,
            PointerCoercion::ClosureFnPtr => Coercion::ClosureFnPtr,
        }
    }
}

impl AutoBorrow {
    pub fn new(mutability: Mutability, two_phase: TwoPhase) -> AutoBorrow {
        match mutability {
            Mutability::Not => AutoBorrow::Shared,
            Mutability::Mut => AutoBorrow::Mut(two_phase),
        }
    }
}

/// A resolved function with its instantiated signature.
#[derive(Clone, Debug)]
pub struct Callee {
    pub def: DefId,
    pub args: Args,
    pub inputs: Vec<Ty>,
    pub output: Ty,
}

impl Callee {
    pub fn fn_ty(&self) -> Ty {
        Ty::fn_def(self.def, self.args)
    }
}

/// What a path in value position means.
#[derive(Clone, Copy, Debug)]
pub enum Value {
    Fn(DefId, Args),
    /// A unit or tuple constructor.
    Ctor(VariantRef),
    Const(DefId, Args),
    Static(DefId),
    ConstParam(Const),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariantRef {
    /// The struct or variant.
    pub def: DefId,
    pub adt: DefId,
    pub index: u32,
    pub args: Args,
}

#[derive(Clone, Copy, Debug)]
pub struct ClosureEntry {
    pub expr: ExprId,
    /// With variables for the kind and the captures until these are known.
    pub ty: Ty,
    /// Where the closure's parameter types are used in its body.
    pub ret: Ty,
}

#[derive(Clone, Debug)]
pub struct ForEntry {
    pub into_iter: Callee,
    pub next: (DefId, Args),
    pub item: Ty,
}

#[derive(Clone, Copy, Debug)]
pub struct TryEntry {
    /// Type of the operand.
    pub operand: Ty,
    /// Type that the enclosing function returns.
    pub ret: Ty,
}

#[derive(Clone, Copy, Debug)]
pub struct DeferredCall {
    pub closure: DefId,
    /// Type of the closure after autoderef of the callee.
    pub closure_ty: Ty,
    pub args_tuple: Ty,
}
