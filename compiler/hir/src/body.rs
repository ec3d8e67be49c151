//! The HIR of a body: expressions with names resolved and macros expanded, in arenas, without spans (those are in [`BodySourceMap`]).
//!
//! Made by `lower` from the AST; read by inference. Invariant: equal text gives equal ids, wherever the text stands.
//! What stays sugar here because codegen wants to see it: `for`, `while`, `?`, `if let` chains, compound assignment, format arguments.

use la_arena::{Arena, ArenaMap, Idx};
use rgo_syntax::Name;
use rgo_syntax::Span;
use rgo_syntax::ast;
use rustc_hash::FxHashSet;

use crate::DefId;
use crate::resolve::Res;

pub type ExprId = Idx<Expr>;
pub type PatId = Idx<Pat>;
pub type LocalId = Idx<Local>;
pub type TypeId = Idx<ast::Type>;
pub type LabelId = Idx<Label>;

/// The body of a function, const, static or anonymous constant, closures included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub owner: DefId,
    pub exprs: Arena<Expr>,
    pub pats: Arena<Pat>,
    pub locals: Arena<Local>,
    pub labels: Arena<Label>,
    /// Types written inside the body; paths in them resolve in the scope of [`Body::type_scopes`] (the owner where absent).
    pub types: Arena<ast::Type>,
    pub type_scopes: ArenaMap<TypeId, DefId>,
    /// Parameters of a function in order, `self` first. Empty for constants.
    pub params: Vec<PatId>,
    pub value: ExprId,
}

/// Where each node of a [`Body`] came from; spans are relative to the owner's item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BodySourceMap {
    pub exprs: ArenaMap<ExprId, Span>,
    pub pats: ArenaMap<PatId, Span>,
    pub types: ArenaMap<TypeId, Span>,
    /// The name's span where a local is first bound.
    pub locals: ArenaMap<LocalId, Span>,
    /// The method name in a method call, the field name in a field access, the operator of a unary/binary expression.
    pub names: ArenaMap<ExprId, Span>,
    /// Spans of the field names in a struct expression or struct pattern, in order.
    pub field_names: ArenaMap<ExprId, Vec<Span>>,
    pub pat_field_names: ArenaMap<PatId, Vec<Span>>,
    /// The closing brace of a block expression (where its locals die).
    pub block_ends: ArenaMap<ExprId, Span>,
    /// Expressions that a macro made: the span of the whole macro call (`println!("{}", x)`).
    pub macro_calls: ArenaMap<ExprId, Span>,
    /// Where names begin that stand in types, but are those of variables.
    pub variables_as_types: FxHashSet<u32>,
    /// The attributes of statements, arms and blocks, each with the span of what it is of; outer ones before inner ones.
    pub attrs: Vec<(Span, Vec<ast::Attr>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    pub name: Name,
    pub mode: BindingMode,
    /// True for locals that lowering made up (desugarings); they have no name in the source.
    pub synthetic: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BindingMode {
    /// `ref` / `ref mut` written in the pattern.
    pub by_ref: Option<Mutability>,
    /// `mut x`.
    pub mutable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mutability {
    Not,
    Mut,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// `'name`, without the quote; empty for what lowering made.
    pub name: Name,
}

/// A path with what could be resolved by name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// What the longest prefix resolvable by names means.
    pub res: Res,
    /// The source path: with a `<T>::` or `<T as Trait>::` prefix (`ast.qself`), `ast.path` holds the segments behind it only. Then all of these
    /// are `unresolved`, and `res` is the trait (`Res::Err` without an error for `<T>::`).
    pub ast: ast::QPath,
    /// How many trailing segments remain type-relative (`Vec::new` where `Vec` is a type: 1). `0`: fully resolved.
    pub unresolved: usize,
    /// The scope for types inside generic arguments.
    pub scope: DefId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Something that could not be lowered; an error has been reported.
    Missing,
    Literal(Literal),
    Path(Box<Path>),
    Local(LocalId),
    Unary {
        op: UnaryOp,
        expr: ExprId,
    },
    /// Arithmetic, bit and comparison operators; `&&` and `||` are [`Expr::Logical`].
    Binary {
        op: BinaryOp,
        lhs: ExprId,
        rhs: ExprId,
    },
    Logical {
        and: LogicalOp,
        lhs: ExprId,
        rhs: ExprId,
    },
    /// `place = value`. The left may be a destructuring: then it is [`Expr::DestructureAssign`].
    Assign {
        place: ExprId,
        value: ExprId,
    },
    /// `(a, b.c, _) = value`: the pattern binds fresh synthetic locals, each then assigned to its place in order.
    DestructureAssign {
        pat: PatId,
        value: ExprId,
        assigns: Vec<(LocalId, ExprId)>,
    },
    AssignOp {
        op: BinaryOp,
        place: ExprId,
        value: ExprId,
    },
    Ref {
        mutability: Mutability,
        expr: ExprId,
    },
    Call {
        callee: ExprId,
        args: Vec<ExprId>,
    },
    MethodCall {
        receiver: ExprId,
        method: ast::PathSegment,
        scope: DefId,
        args: Vec<ExprId>,
    },
    Field {
        expr: ExprId,
        name: Name,
    },
    Index {
        base: ExprId,
        index: ExprId,
    },
    Array(Vec<ExprId>),
    /// `[value; len]`; the length is the body of the anonymous constant.
    Repeat {
        value: ExprId,
        len: DefId,
    },
    /// `vec![a, b]` and `vec![value; n]` (here the length is an ordinary expression).
    VecMacro(Vec<ExprId>),
    VecRepeat {
        value: ExprId,
        len: ExprId,
    },
    Tuple(Vec<ExprId>),
    Struct {
        path: Box<Path>,
        fields: Vec<(Name, ExprId)>,
        base: Option<ExprId>,
    },
    /// `a..b`, `..`, `a..=b` …: kept apart because codegen makes loops and slices of them.
    Range {
        start: Option<ExprId>,
        end: Option<ExprId>,
        inclusive: RangeEnd,
    },
    Block(Block),
    If {
        cond: ExprId,
        then: ExprId,
        otherwise: Option<ExprId>,
    },
    /// `let PAT = EXPR` in a condition (directly, or under `&&`).
    Let {
        pat: PatId,
        scrutinee: ExprId,
    },
    Match {
        scrutinee: ExprId,
        arms: Vec<Arm>,
        source: MatchSource,
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
    For {
        label: LabelId,
        pat: PatId,
        iter: ExprId,
        body: ExprId,
    },
    Break {
        label: Option<LabelId>,
        value: Option<ExprId>,
    },
    Continue {
        label: Option<LabelId>,
    },
    Return(Option<ExprId>),
    Try(ExprId),
    Closure(Closure),
    Cast {
        expr: ExprId,
        ty: TypeId,
    },
    /// `format_args!` and what stands on it (`println!`, `format!`, `panic!`, …, which are calls with this as their argument). Has type `fmt::Arguments`.
    FormatArgs(FormatArgs),
    /// An inline `const { … }` block.
    ConstBlock(DefId),
    /// `_` on the left of an assignment.
    Underscore,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub stmts: Vec<Stmt>,
    pub tail: Option<ExprId>,
    /// `'label: { … }`.
    pub label: Option<LabelId>,
    /// The scope made by items declared in the block, if any.
    pub scope: Option<DefId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stmt {
    Let {
        pat: PatId,
        ty: Option<TypeId>,
        init: Option<ExprId>,
        otherwise: Option<ExprId>,
    },
    /// An expression statement; `semi` is false for block-like expressions without one (they must have type `()`).
    Expr {
        expr: ExprId,
        semi: Semi,
    },
    Item(DefId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Semi {
    Yes,
    No,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeEnd {
    Excluded,
    Included,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicalOp {
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchSource {
    Match,
    /// `matches!`, `assert_eq!` and the like.
    Macro,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    pub pat: PatId,
    pub guard: Option<ExprId>,
    pub body: ExprId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// `DefKind::Closure`, child of the body owner.
    pub def: DefId,
    pub params: Vec<(PatId, Option<TypeId>)>,
    pub ret: Option<TypeId>,
    pub body: ExprId,
    pub by_move: CaptureClause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptureClause {
    Ref,
    Move,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Neg,
    Not,
    Deref,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    Int {
        value: u128,
        suffix: Option<Name>,
    },
    /// The digits as written (underscores removed), without the suffix.
    Float {
        text: Name,
        suffix: Option<Name>,
    },
    Bool(bool),
    Char(char),
    Byte(u8),
    Str(Name),
    ByteStr(Box<[u8]>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pat {
    Missing,
    Wild,
    /// `..` inside a tuple or slice pattern.
    Rest,
    /// `x`, `mut x`, `ref x`, `x @ sub`. A path to a unit struct, variant or const is [`Pat::Path`] (resolution decided).
    Bind {
        local: LocalId,
        sub: Option<PatId>,
    },
    /// A literal, possibly negated.
    Literal {
        literal: Literal,
        negative: bool,
    },
    Range {
        start: Option<Box<RangeBound>>,
        end: Option<Box<RangeBound>>,
        inclusive: RangeEnd,
    },
    Path(Box<Path>),
    Ref {
        mutability: Mutability,
        pat: PatId,
    },
    Tuple(Vec<PatId>),
    TupleStruct {
        path: Box<Path>,
        pats: Vec<PatId>,
    },
    Struct {
        path: Box<Path>,
        fields: Vec<(Name, PatId)>,
        rest: HasRest,
    },
    Slice(Vec<PatId>),
    Or(Vec<PatId>),
    ConstBlock(DefId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HasRest {
    No,
    Yes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RangeBound {
    Literal { literal: Literal, negative: bool },
    Path(Path),
}

/// A parsed format string with its arguments (evaluated once each, in order; captured names are appended).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatArgs {
    pub pieces: Vec<FormatPiece>,
    pub args: Vec<ExprId>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatPiece {
    Text(Name),
    Arg(Placeholder),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Index into [`FormatArgs::args`].
    pub arg: usize,
    pub format: FormatTrait,
    pub fill: Option<char>,
    pub align: Option<Align>,
    pub sign: Option<Sign>,
    pub alternate: bool,
    pub zero_pad: bool,
    /// `{:x?}` / `{:X?}`.
    pub debug_hex: Option<FormatTrait>,
    pub width: Option<Count>,
    pub precision: Option<Count>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Literal(u32),
    /// Index into [`FormatArgs::args`], an argument of type `usize`.
    Arg(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Center,
    Right,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Plus,
    Minus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormatTrait {
    Display,
    Debug,
    LowerHex,
    UpperHex,
    Octal,
    Binary,
    LowerExp,
    UpperExp,
    Pointer,
}

/// Trees of all bodies are kept: what is large or rare in them stands in boxes.
const _: () = assert!(size_of::<Expr>() <= 64 && size_of::<Pat>() <= 64);
