//! Expressions and statements.

use super::{Attr, Delim, Ident, Item, Label, Lit, Pat, Path, PathSegment, QPath, Token, Type};
use crate::Span;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ExprKind {
    Lit(Lit),
    Path(QPath),
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Binary {
        op: BinaryOp,
        op_span: Span,
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    /// `a = b`; the left side may be a destructuring pattern written as an expression.
    Assign {
        lhs: Box<Expr>,
        rhs: Box<Expr>,
        eq_span: Span,
    },
    /// `a += b`; `op` is never a comparison or `&&`, `||`.
    AssignOp {
        op: BinaryOp,
        op_span: Span,
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    Call {
        callee: Box<Expr>,
        args: Vec<Expr>,
    },
    /// `receiver.method::<T>(args)`
    MethodCall {
        receiver: Box<Expr>,
        method: PathSegment,
        args: Vec<Expr>,
    },
    Field {
        base: Box<Expr>,
        field: Ident,
    },
    /// `x.0`. What is no proper index (`x.01`, `x.0b1`) is a `Field` with that text.
    TupleField {
        base: Box<Expr>,
        index: u32,
        index_span: Span,
    },
    Index {
        base: Box<Expr>,
        index: Box<Expr>,
    },
    Range {
        lo: Option<Box<Expr>>,
        hi: Option<Box<Expr>>,
        limits: RangeLimits,
    },
    Array(Vec<Expr>),
    /// `[elem; len]`
    Repeat {
        elem: Box<Expr>,
        len: Box<Expr>,
    },
    /// `()` is the empty tuple.
    Tuple(Vec<Expr>),
    Paren(Box<Expr>),
    Struct(Box<StructExpr>),
    /// `{ … }`, `'a: { … }`
    Block {
        label: Option<Label>,
        block: Box<Block>,
    },
    /// `const { … }`
    ConstBlock(Box<Block>),
    /// `unsafe { … }`: kept to be refused.
    Unsafe(Box<Block>),
    /// `async { … }`: kept to be refused.
    Async {
        move_: bool,
        block: Box<Block>,
    },
    If {
        cond: Box<Expr>,
        then: Box<Block>,
        else_: Option<Box<Expr>>,
    },
    /// `let pat = scrutinee` as a condition of `if`, `while` or a match guard, alone or joined by `&&`.
    Let {
        pat: Box<Pat>,
        scrutinee: Box<Expr>,
    },
    Match {
        scrutinee: Box<Expr>,
        arms: Vec<MatchArm>,
    },
    While {
        label: Option<Label>,
        cond: Box<Expr>,
        body: Box<Block>,
    },
    Loop {
        label: Option<Label>,
        body: Box<Block>,
    },
    For {
        label: Option<Label>,
        pat: Box<Pat>,
        iter: Box<Expr>,
        body: Box<Block>,
    },
    Break {
        label: Option<Label>,
        value: Option<Box<Expr>>,
    },
    Continue {
        label: Option<Label>,
    },
    Return(Option<Box<Expr>>),
    Closure(Box<Closure>),
    /// `e?`
    Try(Box<Expr>),
    Cast {
        operand: Box<Expr>,
        ty: Box<Type>,
    },
    /// `&e`, `&mut e`
    Ref {
        mutable: bool,
        operand: Box<Expr>,
    },
    /// `&raw const e`, `&raw mut e`: kept to be refused.
    RawRef {
        mutable: bool,
        operand: Box<Expr>,
    },
    Macro(Box<MacroCall>),
    /// `_` on the left of an assignment.
    Underscore,
    /// `e.await`: kept to be refused.
    Await(Box<Expr>),
    /// What did not parse. Its error is reported.
    Error,
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
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RangeLimits {
    /// `..`
    HalfOpen,
    /// `..=`
    Closed,
}

/// `Path { a: x, b, ..base }`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StructExpr {
    pub path: QPath,
    pub fields: Vec<FieldExpr>,
    pub rest: StructRest,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StructRest {
    None,
    /// `..base`
    Base(Expr),
    /// `..` alone: only on the left of a destructuring assignment.
    Rest(Span),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldExpr {
    pub attrs: Vec<Attr>,
    /// A name or, for tuple structs, a number (`0: x`).
    pub ident: Ident,
    /// For the shorthand `x`: the path `x`.
    pub value: Expr,
    pub shorthand: bool,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MatchArm {
    pub attrs: Vec<Attr>,
    pub pat: Pat,
    pub guard: Option<Expr>,
    pub body: Expr,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Closure {
    pub move_: bool,
    /// `async` or `static`: kept to be refused.
    pub refused: Option<Span>,
    pub params: Vec<ClosureParam>,
    pub ret: Option<Type>,
    pub body: Expr,
    /// From `move` or `|` to the closing `|` or the return type.
    pub head_span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClosureParam {
    pub attrs: Vec<Attr>,
    pub pat: Pat,
    pub ty: Option<Type>,
}

/// `path!(tokens)`. `parse::*_args` give the tokens their meaning.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MacroCall {
    pub path: Path,
    pub delim: Delim,
    /// Without the outer delimiters.
    pub tokens: Vec<Token>,
    /// From the path to the closing delimiter.
    pub span: Span,
    /// Between the delimiters.
    pub inner_span: Span,
}

/// `{ stmts tail }`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// Inner attributes.
    pub attrs: Vec<Attr>,
    pub stmts: Vec<Stmt>,
    /// The last expression, if no semicolon follows it. `if c { … }` at the end of a block is the tail.
    pub tail: Option<Box<Expr>>,
    pub tail_attrs: Vec<Attr>,
    /// From `{` to `}`.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stmt {
    pub attrs: Vec<Attr>,
    pub kind: StmtKind,
    /// With the semicolon, if there is one.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StmtKind {
    Let(Box<LetStmt>),
    Item(Box<Item>),
    /// A block-like expression (`if`, `match`, a loop, a block, `m! { }`) without semicolon that is not the tail. Its type must be `()`.
    Expr(Expr),
    /// `e;`
    Semi(Expr),
    /// `;` alone.
    Empty,
    /// What did not parse. Its error is reported.
    Error,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LetStmt {
    pub pat: Pat,
    pub ty: Option<Type>,
    pub init: Option<Expr>,
    pub else_: Option<Block>,
}

impl Expr {
    /// The expression inside any parentheses.
    pub fn without_parens(&self) -> &Expr {
        let mut expr = self;
        while let ExprKind::Paren(inner) = &expr.kind {
            expr = inner;
        }
        expr
    }

    /// Whether the expression needs no semicolon as a statement.
    pub fn is_block_like(&self) -> bool {
        match &self.kind {
            ExprKind::Block { .. }
            | ExprKind::ConstBlock(_)
            | ExprKind::Unsafe(_)
            | ExprKind::If { .. }
            | ExprKind::Match { .. }
            | ExprKind::While { .. }
            | ExprKind::Loop { .. }
            | ExprKind::For { .. } => true,
            ExprKind::Macro(call) => call.delim == Delim::Brace,
            _ => false,
        }
    }
}

impl UnaryOp {
    pub fn as_str(self) -> &'static str {
        match self {
            UnaryOp::Neg => "-",
            UnaryOp::Not => "!",
            UnaryOp::Deref => "*",
        }
    }
}

impl BinaryOp {
    pub fn as_str(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Rem => "%",
            BinaryOp::BitAnd => "&",
            BinaryOp::BitOr => "|",
            BinaryOp::BitXor => "^",
            BinaryOp::Shl => "<<",
            BinaryOp::Shr => ">>",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
            BinaryOp::And => "&&",
            BinaryOp::Or => "||",
        }
    }

    pub fn is_comparison(self) -> bool {
        matches!(self, BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge)
    }

    /// `&&`, `||`
    pub fn is_lazy(self) -> bool {
        matches!(self, BinaryOp::And | BinaryOp::Or)
    }
}
