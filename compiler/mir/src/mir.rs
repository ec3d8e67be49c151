//! The data of MIR: a control-flow graph over places (rustc dev guide, "The MIR").
//!
//! Types in a body carry erased regions until borrowck renumbers them.

use la_arena::{Arena, Idx};
use rgo_hir::DefId;
use rgo_hir::body::{BinaryOp, Mutability};
use rgo_syntax::{Name, Span};
use rgo_typeck::thir::{self, BorrowKind, CallSource, UserTy};
use rgo_typeck::ty::{Args, Const, ConstKind, ConstValue, GenericArg, Ty, TyKind};

pub type LocalId = Idx<LocalDecl>;
pub type BlockId = Idx<BasicBlock>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub owner: DefId,
    pub locals: Arena<LocalDecl>,
    /// The return place, always the first local.
    pub ret: LocalId,
    /// Parameters in order (for a closure: the environment first, then its parameters).
    pub params: Vec<LocalId>,
    pub blocks: Arena<BasicBlock>,
    pub entry: BlockId,
    /// For a closure: how the captures are reached through the environment.
    pub upvars: Vec<thir::Capture>,
    /// Of the whole item (its last byte is where "dropped here while still borrowed" of parameters points).
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalDecl {
    pub ty: Ty,
    pub kind: LocalKind,
    pub mutability: Mutability,
    pub span: Span,
    pub user_ty: Option<UserTy>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalKind {
    Return,
    /// A parameter as passed; if its pattern is a plain name it is that user variable.
    Param {
        name: Option<Name>,
        thir: Option<thir::LocalId>,
    },
    /// A variable of the source.
    User {
        name: Name,
        thir: thir::LocalId,
        by_ref: Option<Mutability>,
        /// Where what it is a part of stands: the scrutinee of its pattern, unless that is the name alone.
        matched: Option<Span>,
    },
    /// The shadow that a match guard sees of a binding (`&` of it).
    GuardRef {
        of: thir::LocalId,
    },
    /// A temporary; the THIR expression whose value it holds, where there is one.
    Temp {
        thir: Option<thir::ExprId>,
    },
    ClosureEnv,
    /// Stands for a variable of an enclosing body of which a closure captures parts only. No statement mentions it.
    Outer(thir::LocalId),
    /// The address of a static.
    StaticRef(DefId),
    /// A shallow borrow that lives as long as a match guard or an index expression is evaluated.
    FakeBorrow,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BasicBlock {
    pub statements: Vec<Statement>,
    /// `None` only while building.
    pub terminator: Option<Terminator>,
    /// On an unwind path only.
    pub is_cleanup: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub kind: StatementKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementKind {
    Assign(Place, Rvalue),
    /// A read of a place for the borrow checker only (match scrutinees, `let _ = place`).
    FakeRead(FakeReadCause, Place),
    StorageLive(LocalId),
    StorageDead(LocalId),
    /// The place's type is as the user wrote (`let x: T`).
    AscribeUserType(Place, UserTy, Variance),
    /// The place is compared with a constant that a pattern names with generic arguments.
    AscribeConst(Place, Box<ConstOperand>),
    Nop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FakeReadCause {
    /// A place that a pattern is about to look at: it is in use there, but what of it must have a value is for the pattern to say.
    Mention,
    /// A matched place, where no arm is left.
    Match,
    Let,
    MatchGuard,
    Index,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variance {
    Covariant,
    Invariant,
    Contravariant,
    Bivariant,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    pub local: LocalId,
    pub projection: Vec<Projection>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Projection {
    Deref,
    /// With the field's type as seen through the (possibly generic) parent.
    Field {
        index: u32,
        ty: Ty,
    },
    Index(LocalId),
    /// Element of an array or slice pattern: from the front, or from the end.
    ConstantIndex {
        offset: u64,
        min_length: u64,
        from_end: bool,
    },
    /// `x @ ..` of a slice pattern.
    Subslice {
        from: u64,
        to: u64,
        from_end: bool,
    },
    Downcast(u32),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    Copy(Place),
    Move(Place),
    Const(Box<ConstOperand>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConstOperand {
    pub kind: ConstOperandKind,
    pub ty: Ty,
    pub span: Span,
    /// Generic arguments as the user wrote them.
    pub user_args: Option<Box<thir::UserArgs>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstOperandKind {
    Value(ConstValue),
    /// A named, associated or inline constant.
    Item(DefId, Args),
    Fn(DefId, Args),
    Param(Const),
    /// The address of a static: of type `&'static T`.
    Static(DefId),
    /// `&expr` of a constant expression: of type `&'static T`.
    Promoted(thir::ExprId),
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rvalue {
    Use(Operand),
    Repeat(Operand, Const),
    Ref(BorrowKind, Place),
    Unary(thir::UnaryOp, Operand),
    Binary(BinaryOp, Operand, Operand),
    Cast(CastKind, Operand, Ty),
    Discriminant(Place),
    Len(Place),
    Aggregate(AggregateKind, Vec<Operand>),
    /// `format_args!`: borrows are its operands.
    FormatArgs(Vec<Operand>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CastKind {
    Numeric,
    EnumToInt,
    /// Of a function, as an integer.
    Address,
    Identity,
    Coerce(thir::Coercion),
}

/// The type of a struct literal as the user wrote it, and where the values of its fields stand, in the order of the operands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenAdt {
    pub path: thir::UserArgs,
    pub fields: Vec<Span>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AggregateKind {
    Tuple,
    Array,
    /// `vec![…]`.
    Vec,
    /// `vec![value; len]`: both are the operands.
    VecRepeat,
    Adt {
        adt: DefId,
        variant: u32,
        args: Args,
        written: Option<Box<WrittenAdt>>,
    },
    Closure(DefId, Args),
    /// A range struct.
    Range,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminator {
    pub kind: TerminatorKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TerminatorKind {
    Goto(BlockId),
    /// By an integer, bool or char, or by the variant's index of a discriminant that was just read.
    SwitchInt {
        value: Operand,
        targets: Vec<(i128, BlockId)>,
        otherwise: BlockId,
    },
    Return,
    /// The path of a panic leaves the function.
    UnwindResume,
    Unreachable,
    Drop {
        place: Place,
        target: BlockId,
        unwind: Option<BlockId>,
        why: DropReason,
    },
    Call {
        callee: Operand,
        args: Vec<(Operand, Span)>,
        destination: Place,
        target: Option<BlockId>,
        unwind: Option<BlockId>,
        source: CallSource,
        /// The span of the callee (method name).
        fn_span: Span,
    },
    /// A check that may panic. Of a bounds check `cond` is the index: the length is not read, as that is no access to the elements.
    Assert {
        cond: Operand,
        target: BlockId,
        unwind: Option<BlockId>,
    },
    /// Real successor, plus one that exists only for the borrow checker.
    FalseEdge {
        real: BlockId,
        imaginary: BlockId,
    },
    /// Head of a `loop`: the imaginary exit.
    FalseUnwind {
        real: BlockId,
        unwind: Option<BlockId>,
    },
}

/// Which exit of which scope a drop belongs to; the key by which codegen finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// Leaving a scope by this exit.
    Scope(ScopeExit),
    /// `place = value` drops the old value.
    Assign(thir::ExprId),
    /// Only on an unwind path.
    Unwind,
}

/// Where control leaves scopes, in THIR terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ScopeExit {
    /// Falls out of the end of this block.
    BlockEnd(thir::BlockId),
    /// End of the statement in this block with that index (its temporaries).
    StmtEnd(thir::StmtId),
    /// The temporaries of a terminating scope (condition, arm, guard, loop body, `&&` operand …) die after this expression.
    ExprEnd(thir::ExprId),
    /// End of an arm (its bindings).
    ArmEnd(thir::ArmId),
    /// `break`, `continue`, `return` or `?` expression.
    Jump(thir::ExprId),
    /// The `else` of a `let … else`, the failing of a pattern or guard: by statement or arm.
    LetElse(thir::StmtId),
    GuardFailed(thir::ArmId),
    /// An operand of the condition of an `if`, `while` or guard was false, or its `let` did not match: what the condition had made so far dies.
    CondFailed(thir::ExprId),
    /// The function's end (parameters).
    FnEnd,
}

impl Place {
    pub fn local(local: LocalId) -> Place {
        Place { local, projection: Vec::new() }
    }

    pub fn project(mut self, elem: Projection) -> Place {
        self.projection.push(elem);
        self
    }

    pub fn deref(self) -> Place {
        self.project(Projection::Deref)
    }

    pub fn field(self, index: u32, ty: Ty) -> Place {
        self.project(Projection::Field { index, ty })
    }

    /// The local, if nothing is projected from it.
    pub fn as_local(&self) -> Option<LocalId> {
        self.projection.is_empty().then_some(self.local)
    }

    pub fn is_indirect(&self) -> bool {
        self.projection.contains(&Projection::Deref)
    }
}

impl Operand {
    pub fn place(&self) -> Option<&Place> {
        match self {
            Operand::Copy(place) | Operand::Move(place) => Some(place),
            Operand::Const(_) => None,
        }
    }
}

/// A point of the graph: before the statement with this index; the terminator's index is the number of statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    pub block: BlockId,
    pub statement: u32,
}

/// The number of a local, for what is kept for all of them.
pub fn local_index(local: LocalId) -> usize {
    u32::from(local.into_raw()) as usize
}

impl Body {
    pub fn ty_of_place(&self, place: &Place) -> Ty {
        self.ty_of_projection(place.local, &place.projection)
    }

    pub fn ty_of_projection(&self, local: LocalId, projection: &[Projection]) -> Ty {
        projection.iter().fold(self.locals[local].ty, project_ty)
    }

    pub fn terminator(&self, block: BlockId) -> &Terminator {
        self.blocks[block].terminator.as_ref().expect("a finished body has terminators")
    }

    pub fn span_at(&self, location: Location) -> Span {
        let block = &self.blocks[location.block];
        match block.statements.get(location.statement as usize) {
            Some(statement) => statement.span,
            None => self.terminator(location.block).span,
        }
    }
}

/// The type of a projection from a place of type `ty`.
pub fn project_ty(ty: Ty, elem: &Projection) -> Ty {
    match elem {
        Projection::Deref => deref_ty(ty).unwrap_or_else(|| Ty::new(TyKind::Error)),
        Projection::Field { ty, .. } => *ty,
        Projection::Index(_) | Projection::ConstantIndex { .. } => match ty.kind() {
            TyKind::Array(elem, _) | TyKind::Slice(elem) => *elem,
            _ => Ty::new(TyKind::Error),
        },
        Projection::Subslice { from, to, from_end } => match ty.kind() {
            TyKind::Array(elem, len) => match (len.kind(), *from_end) {
                (ConstKind::Value(ConstValue::Int(len)), true) => {
                    array_of(*elem, len - i128::from(*from) - i128::from(*to))
                }
                (_, false) => array_of(*elem, i128::from(*to) - i128::from(*from)),
                _ => ty,
            },
            _ => ty,
        },
        Projection::Downcast(_) => ty,
    }
}

fn array_of(elem: Ty, len: i128) -> Ty {
    Ty::new(TyKind::Array(elem, Const::new(ConstKind::Value(ConstValue::Int(len)))))
}

/// What `*` of a reference or `Box` is, without overloading.
pub fn deref_ty(ty: Ty) -> Option<Ty> {
    match ty.kind() {
        TyKind::Ref(_, inner, _) => Some(*inner),
        TyKind::Adt(_, args) => match args.first() {
            Some(GenericArg::Ty(inner)) => Some(*inner),
            _ => None,
        },
        _ => None,
    }
}

impl Terminator {
    /// Calls `visit` with every successor, those of false edges and of unwinding included.
    pub fn for_each_successor(&self, mut visit: impl FnMut(BlockId)) {
        match &self.kind {
            TerminatorKind::Goto(target) => visit(*target),
            TerminatorKind::SwitchInt { targets, otherwise, .. } => {
                targets.iter().for_each(|(_, target)| visit(*target));
                visit(*otherwise);
            }
            TerminatorKind::Return | TerminatorKind::UnwindResume | TerminatorKind::Unreachable => {}
            TerminatorKind::Drop { target, unwind, .. } | TerminatorKind::Assert { target, unwind, .. } => {
                visit(*target);
                unwind.iter().for_each(|target| visit(*target));
            }
            TerminatorKind::Call { target, unwind, .. } => {
                target.iter().for_each(|target| visit(*target));
                unwind.iter().for_each(|target| visit(*target));
            }
            TerminatorKind::FalseEdge { real, imaginary } => {
                visit(*real);
                visit(*imaginary);
            }
            TerminatorKind::FalseUnwind { real, unwind } => {
                visit(*real);
                unwind.iter().for_each(|target| visit(*target));
            }
        }
    }
}
