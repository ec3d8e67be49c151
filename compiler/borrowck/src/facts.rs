//! What the borrow checker learnt that codegen needs, keyed by THIR ids.

use la_arena::ArenaMap;
use rgo_hir::DefId;
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{ExprId, LocalId};
use rustc_hash::{FxHashMap, FxHashSet};

/// Facts of one body (a closure's body has its own).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnershipFacts {
    /// For every place expression used as a value: whether it moved.
    pub uses: ArenaMap<ExprId, UseKind>,
    /// Place expressions (moves or copies) after which their local is not used again before it is reassigned or dies.
    pub last_uses: FxHashSet<ExprId>,
    /// Drops to be done at an exit of a scope, in order of execution. Only for values whose type needs drop.
    pub drops: FxHashMap<ScopeExit, Vec<ScheduledDrop>>,
    /// What a panic somewhere in the body drops on its way out: each place that some unwinding path still finds initialised.
    pub unwinding: FxHashSet<DroppedPlace>,
    /// Variables, parameters and temporaries that something is moved out of, in whole or in part.
    pub moved: FxHashSet<DroppedPlace>,
    /// Whether anything in the body may panic, as far as its shape tells.
    pub may_panic: bool,
    /// Assignments (`place = value`) that must first drop what `place` held.
    pub assign_drops: FxHashMap<ExprId, AssignDrop>,
    /// For each local (and temporary) that needs drop: how it dies, over all exits together.
    pub locals: ArenaMap<LocalId, LocalDrop>,
    /// Locals whose address is taken by a borrow that codegen must make a pointer.
    pub address_taken: FxHashSet<LocalId>,
    /// Locals that are assigned after their initialisation (also through `&mut`).
    pub reassigned: FxHashSet<LocalId>,
    /// Locals that are never read: Go refuses unused variables.
    pub unused: FxHashSet<LocalId>,
    pub closures: Vec<DefId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UseKind {
    Copy,
    Move,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledDrop {
    pub what: DroppedPlace,
    pub kind: DropKind,
}

/// What an assignment drops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssignDrop {
    Whole(DropKind),
    /// What is left of a value that was moved from in parts, in order.
    Parts(Vec<ScheduledDrop>),
}

/// Step of a path: `VARIANT_STEP | index` selects a variant of an enum. The drop is to be done only if the value is of that variant.
pub const VARIANT_STEP: u32 = 1 << 31;
/// Step of a path: what a box holds.
pub const DEREF_STEP: u32 = 1 << 30;
/// Step of a path: `ELEMENT_STEP | index` selects an element of an array.
pub const ELEMENT_STEP: u32 = 1 << 29;

/// What is dropped: a variable or a temporary (the value of this expression), or what remains of it after partial moves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DroppedPlace {
    Local(LocalId),
    Temp(ExprId),
    /// One field path of a variable that has been partly moved out of: the remaining fields are dropped one by one.
    /// A step of the path is a field's index, or one of [`VARIANT_STEP`], [`DEREF_STEP`], [`ELEMENT_STEP`].
    LocalField(LocalId, Vec<u32>),
    TempField(ExprId, Vec<u32>),
    /// The environment's upvar of a closure called by value.
    Upvar(u32),
    /// A parameter whose pattern is not a plain name, by its position (for a closure the environment is 0), or a part of it.
    Param(u32, Vec<u32>),
    /// The whole environment of a closure called by value: all its upvars.
    Env,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropKind {
    /// Initialised on every path to here.
    Static,
    /// Initialised on some paths: codegen keeps a flag.
    Flag,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalDrop {
    /// Moved out on every path: nothing to do.
    Never,
    /// Dropped at the end of its scope on every path (a `defer` will do, where the scope is the function's).
    Always,
    /// Dropped on some exits only, each known statically.
    PerExit,
    /// Needs a run-time flag.
    Flag,
}
