//! THIR: a body with every type known, every adjustment explicit, every overloaded operator and method a call, places apart from values.
//!
//! Made from HIR and inference results, read by MIR building and by codegen. It still has `if`, `match`, loops, `?` and format arguments.
//! Regions in its types are erased, except in [`UserTy`]. (rustc dev guide, "The THIR".)

use la_arena::{Arena, ArenaMap, Idx};
use rgo_hir::DefId;
use rgo_hir::body::{self as hir, Align, BinaryOp, FormatTrait, LabelId, LogicalOp, Mutability, RangeEnd, Sign};
use rgo_syntax::Name;
use rgo_syntax::Span;

use crate::ty::{Args, ClosureKind, Const, ConstValue, Ty};

pub type ExprId = Idx<Expr>;
pub type PatId = Idx<Pat>;
pub type ArmId = Idx<Arm>;
pub type BlockId = Idx<Block>;
pub type StmtId = Idx<Stmt>;
/// HIR's locals are THIR's; temporaries are MIR's own.
pub type LocalId = hir::LocalId;

/// One body. Closures inside it are bodies of their own ([`Body::closures`]), sharing locals' ids with this arena's HIR body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// Function, const, static, anonymous const or closure.
    pub owner: DefId,
    pub kind: BodyKind,
    pub exprs: Arena<Expr>,
    pub pats: Arena<Pat>,
    pub arms: Arena<Arm>,
    pub blocks: Arena<Block>,
    pub stmts: Arena<Stmt>,
    pub locals: ArenaMap<LocalId, Local>,
    pub labels: ArenaMap<LabelId, Name>,
    pub params: Vec<Param>,
    pub ret: Ty,
    pub value: ExprId,
    pub closures: Vec<DefId>,
    /// `const { … }` in this body, but not in its closures.
    pub inline_consts: Vec<DefId>,
    /// True when type errors were found: then it is not borrow-checked or emitted.
    pub has_errors: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyKind {
    Fn,
    Const,
    Closure(ClosureInfo),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosureInfo {
    /// `TyKind::Closure` of this closure.
    pub ty: Ty,
    pub kind: ClosureKind,
    pub by_move: hir::CaptureClause,
    /// In order of the upvar tuple.
    pub captures: Vec<Capture>,
    /// Places of the surroundings that the closure matches on: they must hold a value where it is made, captured or not.
    pub matched: Vec<(CapturedPlace, Span)>,
    /// The body owner that the closure stands in (may itself be a closure).
    pub parent: DefId,
}

/// One captured place, by edition-2021 rules (RFC 2229).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capture {
    pub place: CapturedPlace,
    pub by: CaptureBy,
    /// Whether the place may be changed where it is captured. A mutable borrow through a shared reference counts as allowed: it is an error
    /// where the closure is made.
    pub mutable: bool,
    /// Type of the upvar (with the reference, if by reference).
    pub ty: Ty,
    /// The use inside the closure that made it captured (so).
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CapturedPlace {
    pub local: LocalId,
    pub projections: Vec<CaptureProjection>,
    /// Type of the place.
    pub ty: Ty,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CaptureProjection {
    /// Field `index` of a struct, tuple (variant 0).
    Field {
        index: u32,
        ty: Ty,
    },
    Deref {
        ty: Ty,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CaptureBy {
    /// Moved or copied in.
    Value,
    Ref(BorrowKind),
}

/// How a reference expression borrows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BorrowKind {
    Shared,
    /// A guard's view of a match scrutinee: conflicts only with assignment.
    Fake,
    /// Mutable; `two_phase` for autoref and compound assignment (two-phase borrows, rustc dev guide).
    Mut {
        two_phase: bool,
    },
    /// A closure's unique borrow of a place behind `&mut` it does not need to be `mut` for.
    Unique,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    pub name: Name,
    pub ty: Ty,
    pub mutable: bool,
    /// `ref`/`ref mut`/default binding mode made it a reference.
    pub by_ref: Option<Mutability>,
    pub span: Span,
    pub synthetic: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// `None` for the environment of a closure.
    pub pat: Option<PatId>,
    pub ty: Ty,
    pub span: Span,
    /// The written type (closure parameters; function parameters take it from the signature).
    pub user_ty: Option<UserTy>,
}

/// A type the user wrote, its regions as written (elided and `_` parts are inference variables numbered from 0, see `UserTy::ty`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserTy {
    /// Regions: `Static`, `EarlyParam`, `LateParam`; elided ones are `Region::Erased` (= infer), `_` types are filled in from inference.
    pub ty: Ty,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expr {
    pub kind: ExprKind,
    pub ty: Ty,
    pub span: Span,
    /// The HIR expression it came from (adjustments share it).
    pub hir: Option<hir::ExprId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExprKind {
    // ----- places -----
    Local(LocalId),
    /// A captured place, inside a closure body: index into [`ClosureInfo::captures`]. A place (the reference of a by-reference capture is already followed).
    Upvar(u32),
    /// A `static` item.
    Static(DefId),
    /// Built-in dereference of a reference or `Box` (overloaded ones are calls of `deref`/`deref_mut` under a built-in `Deref`).
    Deref(ExprId),
    /// Field of a struct, tuple (`variant` 0).
    Field {
        base: ExprId,
        variant: u32,
        index: u32,
    },
    /// Built-in indexing of an array or slice by `usize` (others are calls under `Deref`).
    Index {
        base: ExprId,
        index: ExprId,
    },
    /// `expr: Type` for places bound by a `let` with a type, when the region matters.
    PlaceAscription {
        base: ExprId,
        user_ty: UserTy,
    },

    // ----- values -----
    Literal(ConstValue),
    /// A named constant, associated constant, or inline `const {}`; not yet evaluated.
    Const {
        def: DefId,
        args: Args,
        user_args: Option<Box<UserArgs>>,
    },
    ConstParam(Const),
    /// A function item or constructor used as a value (zero-sized).
    FnItem {
        def: DefId,
        args: Args,
        user_args: Option<Box<UserArgs>>,
    },
    Unary {
        op: UnaryOp,
        expr: ExprId,
    },
    /// Built-in on scalars only.
    Binary {
        op: BinaryOp,
        lhs: ExprId,
        rhs: ExprId,
    },
    Logical {
        op: LogicalOp,
        lhs: ExprId,
        rhs: ExprId,
    },
    Cast {
        kind: CastKind,
        expr: ExprId,
        user_ty: Option<UserTy>,
    },
    /// An implicit conversion.
    Coerce {
        kind: Coercion,
        expr: ExprId,
    },
    /// `&place`, `&mut place`. A reborrow is `Borrow(Deref(..))`.
    Borrow {
        kind: BorrowKind,
        place: ExprId,
        implicit: bool,
    },
    /// All calls: `callee` is often a `FnItem`. Overloaded calls of closures are calls of `Fn*::call*` with `source: Overloaded`, the arguments untupled in `args[1..]`.
    Call {
        callee: ExprId,
        args: Vec<ExprId>,
        source: CallSource,
    },
    Adt(Box<AdtExpr>),
    Array(Vec<ExprId>),
    Repeat {
        value: ExprId,
        len: Const,
    },
    VecMacro(Vec<ExprId>),
    VecRepeat {
        value: ExprId,
        len: ExprId,
    },
    Tuple(Vec<ExprId>),
    /// Any range expression; `ty` is the lang struct.
    Range {
        start: Option<ExprId>,
        end: Option<ExprId>,
        inclusive: RangeEnd,
    },
    Closure {
        def: DefId,
    },
    Block(BlockId),
    If {
        cond: ExprId,
        then: ExprId,
        otherwise: Option<ExprId>,
    },
    /// In conditions only.
    Let {
        pat: PatId,
        scrutinee: ExprId,
    },
    Match {
        scrutinee: ExprId,
        arms: Vec<ArmId>,
        exhaustive: bool,
    },
    Loop {
        label: LabelId,
        body: ExprId,
    },
    While {
        label: LabelId,
        cond: ExprId,
        body: ExprId,
    },
    /// `iter` is the call of `IntoIterator::into_iter`; `next` the resolved `Iterator::next` (a `FnItem` definition with its args); `item` the type bound to `pat`.
    For {
        label: LabelId,
        pat: PatId,
        iter: ExprId,
        next: Box<(DefId, Args)>,
        item: Ty,
        body: ExprId,
    },
    Break {
        label: LabelId,
        value: Option<ExprId>,
    },
    Continue {
        label: LabelId,
    },
    Return {
        value: Option<ExprId>,
    },
    /// `expr?`. On failure returns from `target` the residual, its error converted by `convert` (`From::from`, `None` for Option).
    Try {
        expr: ExprId,
        convert: Option<(DefId, Args)>,
        ret: Ty,
    },
    Assign {
        place: ExprId,
        value: ExprId,
    },
    /// Built-in compound assignment on scalars (others are calls).
    AssignOp {
        op: BinaryOp,
        place: ExprId,
        value: ExprId,
    },
    /// `(a, b) = value`.
    DestructureAssign {
        pat: PatId,
        value: ExprId,
        assigns: Vec<(LocalId, ExprId)>,
    },
    FormatArgs(Box<FormatArgs>),
    /// Keeps a temporary's user-written type: `(expr: T)` of casts, `let x: T = expr` is in [`StmtKind::Let`].
    Error,
}

/// What the user wrote in a path, for borrowck.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserArgs {
    /// Generic arguments (`f::<&'static str>`), unwritten ones erased or from inference; none where none is known.
    pub args: Args,
    /// For an item of an inherent impl: the impl, and the type that the path began with (`Self::new`, `S::<'static>::new`).
    pub self_ty: Option<(DefId, Ty)>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Neg,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CallSource {
    /// `f(x)`, `T::f(x)`.
    Plain,
    /// `x.f()`.
    Method,
    /// `a + b`, `a[i]`, `*a`, `a += b`, `-a`, `a == b` by a trait.
    Operator,
    /// `f(x)` of something whose type implements `Fn*`.
    Overloaded,
    /// Made by a macro or desugaring.
    Desugared,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CastKind {
    /// Between integers, floats, and from `bool`, `char`, `u8`→`char`.
    Numeric,
    /// Data-less enum to integer.
    EnumToInt,
    /// Of a function, as an integer.
    Address,
    /// The cast is a coercion, which is applied below it: same type.
    Identity,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Coercion {
    /// `!` to anything.
    NeverToAny,
    /// `[T; N]` to `[T]` behind a reference or box.
    UnsizeArray,
    /// To `dyn Trait` behind a reference, box or Rc/Arc.
    UnsizeDyn,
    /// Upcast of a `dyn`.
    DynUpcast,
    /// Function item to pointer.
    ReifyFn,
    /// Capture-less closure to function pointer.
    ClosureFnPtr,
    /// `&mut T` to `&T` is a reborrow, not this; this is left for lengths etc.
    MutToConst,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdtExpr {
    pub adt: DefId,
    pub variant: u32,
    pub args: Args,
    /// Field index and value, in the order written.
    pub fields: Vec<(u32, ExprId)>,
    /// `..base`.
    pub base: Option<ExprId>,
    pub user_args: Option<Box<UserArgs>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub stmts: Vec<StmtId>,
    pub tail: Option<ExprId>,
    pub label: Option<LabelId>,
    pub span: Span,
    /// The closing brace.
    pub end: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stmt {
    pub kind: StmtKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StmtKind {
    Expr(ExprId),
    Let { pat: PatId, user_ty: Option<UserTy>, init: Option<ExprId>, otherwise: Option<BlockId> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    pub pat: PatId,
    pub guard: Option<ExprId>,
    pub body: ExprId,
    pub span: Span,
}

/// A pattern with default binding modes made explicit: a `Deref` pattern where a reference is looked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pat {
    pub kind: PatKind,
    pub ty: Ty,
    /// The type that the pattern's path names, with the regions that the user wrote (`Self { .. }`).
    pub user_ty: Option<UserTy>,
    pub constant: Option<Box<NamedConst>>,
    pub span: Span,
}

/// The constant that a pattern names with arguments of the user's: its type is one that the matched value's can be seen as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedConst {
    pub def: DefId,
    pub args: Args,
    pub user_args: UserArgs,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatKind {
    Wild,
    Never,
    /// `by_ref`: the binding borrows the matched place (then its local's type is a reference to `Pat::ty`).
    Bind {
        local: LocalId,
        by_ref: Option<Mutability>,
        sub: Option<PatId>,
        is_primary: bool,
    },
    /// A variant of an enum; fields not listed are ignored.
    Variant {
        adt: DefId,
        args: Args,
        variant: u32,
        fields: Vec<(u32, PatId)>,
    },
    /// Struct or tuple.
    Leaf {
        fields: Vec<(u32, PatId)>,
    },
    /// `&p`, or a reference or box looked through implicitly.
    Deref {
        pat: PatId,
    },
    /// Compared by `==` on scalars and strings; constants of ADT type have been turned into the patterns above.
    Const(ConstValue),
    Range {
        start: Option<ConstValue>,
        end: Option<ConstValue>,
        inclusive: RangeEnd,
    },
    /// Array or slice; `slice` is `x @ ..` or `..`.
    Slice {
        prefix: Vec<PatId>,
        slice: Option<Option<PatId>>,
        suffix: Vec<PatId>,
    },
    Or(Vec<PatId>),
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatArgs {
    pub pieces: Vec<FormatPiece>,
    /// Each is a place or value that is borrowed shared for the call (`&arg`).
    pub args: Vec<ExprId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatPiece {
    Text(Name),
    Arg {
        arg: usize,
        format: FormatTrait,
        /// The resolved `fmt` method for the argument's type (trait method definition and `Self` args).
        method: (DefId, Args),
        spec: FormatSpec,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct FormatSpec {
    pub fill: Option<char>,
    pub align: Option<Align>,
    pub sign: Option<Sign>,
    pub alternate: bool,
    pub zero_pad: bool,
    pub debug_hex: Option<FormatTrait>,
    pub width: Option<hir::Count>,
    pub precision: Option<hir::Count>,
}

/// Trees of all bodies are kept: what is rare in them stands in boxes.
const _: () = assert!(size_of::<Expr>() <= 80);
