//! The Go syntax tree that lowering builds and the printer writes.
//!
//! There are no parentheses: the printer adds what precedence asks for. A local variable is a [`VarId`], never a name, so that
//! folding may move and drop variables without thinking of scopes; names are chosen last (`go::names`).
//! Invariant: within one top-level declaration every [`VarId`] is declared at exactly one place.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use rustc_hash::FxHashSet;

pub type Str = Rc<str>;

/// A local variable, parameter or result of one top-level function (its function literals included).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct VarId(pub u32);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct LabelId(pub u32);

/// Who asked for a variable: a name of the user's is kept, one of the compiler's may disappear.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VarOrigin {
    User,
    Temporary,
}

#[derive(Clone, Debug)]
pub struct VarInfo {
    pub name: Str,
    pub origin: VarOrigin,
    /// Whether the name is the program's.
    pub is_named: bool,
    /// Whether it is a pointer, and never nil.
    pub is_never_nil: bool,
}

/// The variables and labels of one function.
#[derive(Clone, Debug, Default)]
pub struct Locals {
    pub vars: Vec<VarInfo>,
    pub labels: Vec<Str>,
}

impl Locals {
    pub fn user(&mut self, name: &str) -> VarId {
        self.push(name, VarOrigin::User)
    }

    pub fn temporary(&mut self, name: &str) -> VarId {
        self.push(name, VarOrigin::Temporary)
    }

    pub fn is_temporary(&self, var: VarId) -> bool {
        self.vars[var.0 as usize].origin == VarOrigin::Temporary
    }

    /// Gives a temporary a name that says more; it stays one.
    pub fn rename(&mut self, var: VarId, name: &str) {
        let info = &mut self.vars[var.0 as usize];
        if info.origin == VarOrigin::Temporary && !info.is_named {
            info.name = name.into();
            info.is_named = true;
        }
    }

    /// Whether a temporary may go by the name of another variable: it has none of the program's, or the same.
    pub fn may_be_called(&self, var: VarId, other: VarId) -> bool {
        let (info, other) = (&self.vars[var.0 as usize], &self.vars[other.0 as usize]);
        info.origin == VarOrigin::Temporary && (!info.is_named || info.name == other.name)
    }

    pub fn is_never_nil(&self, var: VarId) -> bool {
        self.vars[var.0 as usize].is_never_nil
    }

    /// What it holds comes from a place of the program whose type has no nil.
    pub fn set_never_nil(&mut self, var: VarId) {
        self.vars[var.0 as usize].is_never_nil = true;
    }

    /// What it holds is no pointer any more.
    pub fn set_may_be_nil(&mut self, var: VarId) {
        self.vars[var.0 as usize].is_never_nil = false;
    }

    fn push(&mut self, name: &str, origin: VarOrigin) -> VarId {
        self.vars.push(VarInfo { name: name.into(), origin, is_named: origin == VarOrigin::User, is_never_nil: false });
        VarId(self.vars.len() as u32 - 1)
    }

    pub fn label(&mut self, name: &str) -> LabelId {
        self.labels.push(name.into());
        LabelId(self.labels.len() as u32 - 1)
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Type {
    /// A predeclared type or one of this package.
    Name(Str),
    /// A generic type of this package with its arguments.
    Generic(Str, Vec<Type>),
    /// A type of the package with this import path, which may be the one that is printed: path, name, arguments.
    Imported(Str, Str, Vec<Type>),
    Pointer(Box<Type>),
    Slice(Box<Type>),
    Array(u64, Box<Type>),
    Map(Box<Type>, Box<Type>),
    Chan(Box<Type>),
    Func(Box<FuncType>),
    Struct(Vec<Field>),
    Interface(Vec<Method>),
}

/// The name of something that is declared at package level.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Global {
    /// The import path of its package, where several packages are emitted together.
    pub path: Option<Str>,
    pub name: Str,
}

impl Global {
    pub fn ty(&self) -> Type {
        match &self.path {
            Some(path) => Type::Imported(path.clone(), self.name.clone(), Vec::new()),
            None => Type::Name(self.name.clone()),
        }
    }

    pub fn expr(&self) -> Expr {
        match &self.path {
            Some(path) => Expr::Imported(path.clone(), self.name.clone()),
            None => Expr::Name(self.name.clone()),
        }
    }
}

impl Type {
    pub fn name(name: &str) -> Type {
        Type::Name(name.into())
    }

    pub fn imported(path: &str, name: &str, args: Vec<Type>) -> Type {
        Type::Imported(path.into(), name.into(), args)
    }

    pub fn pointer(self) -> Type {
        Type::Pointer(Box::new(self))
    }

    pub fn slice(self) -> Type {
        Type::Slice(Box::new(self))
    }

    pub fn is_name(&self, expected: &str) -> bool {
        matches!(self, Type::Name(name) if &**name == expected)
    }

    /// `struct{}`, the form of a value of no size.
    pub fn unit() -> Type {
        Type::Struct(Vec::new())
    }
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FuncType {
    pub params: Vec<Type>,
    pub results: Vec<Type>,
    pub variadic: Variadic,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default)]
pub enum Variadic {
    #[default]
    No,
    /// The last parameter, of a slice type, is written `...T`.
    Last,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Field {
    pub doc: Vec<Str>,
    /// `None`: an embedded field.
    pub name: Option<Str>,
    pub ty: Type,
    /// The comment on its line.
    pub behind: Option<Str>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Method {
    pub doc: Vec<Str>,
    pub name: Str,
    pub signature: FuncType,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UnaryOp {
    Neg,
    Not,
    Complement,
    Addr,
    Deref,
    Receive,
}

impl UnaryOp {
    pub fn text(self) -> &'static str {
        match self {
            UnaryOp::Neg => "-",
            UnaryOp::Not => "!",
            UnaryOp::Complement => "^",
            UnaryOp::Addr => "&",
            UnaryOp::Deref => "*",
            UnaryOp::Receive => "<-",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    Xor,
    AndNot,
    Shl,
    Shr,
    LogicalAnd,
    LogicalOr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl BinaryOp {
    pub fn text(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Rem => "%",
            BinaryOp::And => "&",
            BinaryOp::Or => "|",
            BinaryOp::Xor => "^",
            BinaryOp::AndNot => "&^",
            BinaryOp::Shl => "<<",
            BinaryOp::Shr => ">>",
            BinaryOp::LogicalAnd => "&&",
            BinaryOp::LogicalOr => "||",
            BinaryOp::Eq => "==",
            BinaryOp::Ne => "!=",
            BinaryOp::Lt => "<",
            BinaryOp::Le => "<=",
            BinaryOp::Gt => ">",
            BinaryOp::Ge => ">=",
        }
    }

    /// Go specification, "Operator precedence".
    pub fn precedence(self) -> u8 {
        match self {
            BinaryOp::Mul
            | BinaryOp::Div
            | BinaryOp::Rem
            | BinaryOp::Shl
            | BinaryOp::Shr
            | BinaryOp::And
            | BinaryOp::AndNot => 5,
            BinaryOp::Add | BinaryOp::Sub | BinaryOp::Or | BinaryOp::Xor => 4,
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => 3,
            BinaryOp::LogicalAnd => 2,
            BinaryOp::LogicalOr => 1,
        }
    }

    pub fn is_comparison(self) -> bool {
        self.precedence() == 3
    }

    /// The comparison that says the same of the operands in the other order.
    pub fn mirrored(self) -> Option<BinaryOp> {
        match self {
            BinaryOp::Eq | BinaryOp::Ne => Some(self),
            BinaryOp::Lt => Some(BinaryOp::Gt),
            BinaryOp::Le => Some(BinaryOp::Ge),
            BinaryOp::Gt => Some(BinaryOp::Lt),
            BinaryOp::Ge => Some(BinaryOp::Le),
            _ => None,
        }
    }

    /// The comparison that holds exactly when this one does not; not for floats except `==` and `!=`.
    pub fn negated(self) -> Option<BinaryOp> {
        match self {
            BinaryOp::Eq => Some(BinaryOp::Ne),
            BinaryOp::Ne => Some(BinaryOp::Eq),
            BinaryOp::Lt => Some(BinaryOp::Ge),
            BinaryOp::Ge => Some(BinaryOp::Lt),
            BinaryOp::Gt => Some(BinaryOp::Le),
            BinaryOp::Le => Some(BinaryOp::Gt),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub enum Lit {
    Int(i128),
    /// An integer in a spelling that says more than the decimal: `'n'`, `0xff`, `1_000`.
    Spelled(i128, Str),
    /// The shortest decimal that reads back as the value; never infinite or NaN.
    Float(Str),
    Str(Str),
    Rune(char),
    Bool(bool),
    Nil,
}

impl Lit {
    /// Whether it is the zero value of its type; `-0.0` is not.
    pub fn is_zero(&self) -> bool {
        match self {
            Lit::Int(value) | Lit::Spelled(value, _) => *value == 0,
            Lit::Float(text) => text.parse::<f64>().is_ok_and(|value| value == 0.0 && value.is_sign_positive()),
            Lit::Str(text) => text.is_empty(),
            Lit::Rune(c) => *c == '\0',
            Lit::Bool(value) => !value,
            Lit::Nil => true,
        }
    }
}

impl PartialEq for Lit {
    /// Equal literals have equal values, however they are spelled.
    fn eq(&self, other: &Lit) -> bool {
        match (self, other) {
            (Lit::Int(a) | Lit::Spelled(a, _), Lit::Int(b) | Lit::Spelled(b, _)) => a == b,
            (Lit::Float(a), Lit::Float(b)) | (Lit::Str(a), Lit::Str(b)) => a == b,
            (Lit::Rune(a), Lit::Rune(b)) => a == b,
            (Lit::Bool(a), Lit::Bool(b)) => a == b,
            (Lit::Nil, Lit::Nil) => true,
            _ => false,
        }
    }
}

impl Hash for Lit {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Lit::Int(value) | Lit::Spelled(value, _) => (0_u8, value).hash(state),
            Lit::Float(text) => (1_u8, text).hash(state),
            Lit::Str(text) => (2_u8, text).hash(state),
            Lit::Rune(c) => (3_u8, c).hash(state),
            Lit::Bool(value) => (4_u8, value).hash(state),
            Lit::Nil => 5_u8.hash(state),
        }
    }
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub enum Expr {
    Var(VarId),
    /// Something of this package, or predeclared.
    Name(Str),
    /// Import path and name; the path may be that of the package that is printed.
    Imported(Str, Str),
    Lit(Lit),
    /// An integer or float constant that has a type of its own; printed with a conversion unless its context gives it the type.
    Typed(Type, Lit),
    /// A declared constant, with its value where it is an integer.
    Const(Global, Type, Option<i128>),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    Call(Box<Call>),
    Convert(Box<Type>, Box<Expr>),
    /// A conversion to an interface; a place that has the type already does without.
    Upcast(Box<Type>, Box<Expr>),
    Index(Box<Expr>, Box<Expr>),
    /// The value of a key in a Go map, as a place: read and written, but without an address.
    Entry(Box<Entry>),
    Slice(Box<SliceExpr>),
    /// A generic function with explicit type arguments.
    Instance(Box<Expr>, Vec<Type>),
    Select(Box<Expr>, Str),
    Assert(Box<Expr>, Box<Type>),
    Composite(Box<Composite>),
    Func(Box<FuncLit>),
    /// A type where Go wants one among the arguments: `make([]T, n)`.
    Type(Box<Type>),
}

/// A [`Expr::Entry`]: `map[key]`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Entry {
    pub map: Expr,
    pub key: Expr,
    /// Whose map it is, for who finds that an address is needed all the same.
    pub of: MapId,
}

/// A type of map among those of the package that are Go maps.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MapId(pub u32);

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Call {
    pub fun: Expr,
    pub args: Vec<Expr>,
    pub spread: Spread,
}

/// Whether the last argument is written `xs...`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Spread {
    No,
    Last,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct SliceExpr {
    pub base: Expr,
    pub low: Option<Expr>,
    pub high: Option<Expr>,
    pub max: Option<Expr>,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Composite {
    pub ty: Type,
    pub elements: Vec<Element>,
}

impl Composite {
    /// Whether it is an array of which every element is written: as a slice it has the same length.
    pub fn is_whole_array(&self) -> bool {
        matches!(self.ty, Type::Array(len, _) if len == self.elements.len() as u64)
            && self.elements.iter().all(|element| element.key.is_none())
    }
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Element {
    pub key: Option<Expr>,
    pub value: Expr,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct FuncLit {
    pub params: Vec<Param>,
    pub results: Vec<Result>,
    pub body: Block,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Param {
    /// `None`: `_`.
    pub var: Option<VarId>,
    pub ty: Type,
    pub variadic: Variadic,
}

/// A result; named only where a deferred function must set it.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Result {
    pub var: Option<VarId>,
    pub ty: Type,
}

impl Expr {
    pub fn name(name: &str) -> Expr {
        Expr::Name(name.into())
    }

    pub fn imported(path: &str, name: &str) -> Expr {
        Expr::Imported(path.into(), name.into())
    }

    /// Whether it is the predeclared function of this name.
    pub fn is_builtin(&self, name: &str) -> bool {
        matches!(self, Expr::Name(found) if **found == *name)
    }

    /// Whether it is the function of a package of Go's: one of the program's may end in the same name.
    pub fn is_of_go(&self, path: &str, name: &str) -> bool {
        matches!(self, Expr::Imported(of, found) if **of == *path && **found == *name)
    }

    /// Whether it is the function of the runtime.
    pub fn is_of_runtime(&self, name: &str) -> bool {
        matches!(self, Expr::Imported(path, found) if path.ends_with("rgort") && **found == *name)
    }

    pub fn int(value: i128) -> Expr {
        Expr::Lit(Lit::Int(value))
    }

    pub fn str(value: &str) -> Expr {
        Expr::Lit(Lit::Str(value.into()))
    }

    pub fn bool(value: bool) -> Expr {
        Expr::Lit(Lit::Bool(value))
    }

    pub fn nil() -> Expr {
        Expr::Lit(Lit::Nil)
    }

    pub fn call(fun: Expr, args: Vec<Expr>) -> Expr {
        Expr::Call(Box::new(Call { fun, args, spread: Spread::No }))
    }

    pub fn call_spread(fun: Expr, args: Vec<Expr>) -> Expr {
        Expr::Call(Box::new(Call { fun, args, spread: Spread::Last }))
    }

    pub fn builtin(name: &str, args: Vec<Expr>) -> Expr {
        Expr::call(Expr::name(name), args)
    }

    pub fn method(self, name: &str, args: Vec<Expr>) -> Expr {
        Expr::call(self.select(name), args)
    }

    pub fn select(self, name: &str) -> Expr {
        Expr::Select(Box::new(self), name.into())
    }

    pub fn index(self, index: Expr) -> Expr {
        Expr::Index(Box::new(self), Box::new(index))
    }

    /// `self[low:high]`. A literal of an array has no address that could be cut: it is written as a slice, or behind `&` if it leaves its zeros out.
    pub fn slice(self, low: Option<Expr>, high: Option<Expr>) -> Expr {
        let base = match self {
            Expr::Composite(literal) => match literal.ty.clone() {
                Type::Array(_, elem) if literal.is_whole_array() => {
                    let literal = Expr::Composite(Box::new(Composite { ty: elem.slice(), elements: literal.elements }));
                    if low.is_none() && high.is_none() {
                        return literal;
                    }
                    literal
                }
                Type::Array(..) => Expr::Composite(literal).addr(),
                _ => Expr::Composite(literal),
            },
            other => other,
        };
        Expr::Slice(Box::new(SliceExpr { base, low, high, max: None }))
    }

    pub fn unary(op: UnaryOp, operand: Expr) -> Expr {
        Expr::Unary(op, Box::new(operand))
    }

    pub fn addr(self) -> Expr {
        match self {
            Expr::Unary(UnaryOp::Deref, inner) => *inner,
            other => Expr::unary(UnaryOp::Addr, other),
        }
    }

    pub fn deref(self) -> Expr {
        match self {
            Expr::Unary(UnaryOp::Addr, inner) => *inner,
            other => Expr::unary(UnaryOp::Deref, other),
        }
    }

    pub fn negate(self) -> Expr {
        Expr::unary(UnaryOp::Not, self)
    }

    /// Whether it is visibly the zero value of whatever type it has. An empty slice or map is not nil.
    pub fn is_zero(&self) -> bool {
        match self {
            Expr::Lit(lit) | Expr::Typed(_, lit) => lit.is_zero(),
            Expr::Convert(_, inner) => matches!(**inner, Expr::Lit(Lit::Nil)),
            Expr::Composite(made) => made.elements.is_empty() && !matches!(made.ty, Type::Slice(_) | Type::Map(..)),
            _ => false,
        }
    }

    pub fn binary(op: BinaryOp, left: Expr, right: Expr) -> Expr {
        Expr::Binary(op, Box::new(left), Box::new(right))
    }

    pub fn convert(ty: Type, operand: Expr) -> Expr {
        Expr::Convert(Box::new(ty), Box::new(operand))
    }

    pub fn upcast(ty: Type, operand: Expr) -> Expr {
        Expr::Upcast(Box::new(ty), Box::new(operand))
    }

    pub fn composite(ty: Type, values: Vec<Expr>) -> Expr {
        let elements = values.into_iter().map(|value| Element { key: None, value }).collect();
        Expr::Composite(Box::new(Composite { ty, elements }))
    }

    pub fn keyed(ty: Type, fields: Vec<(Str, Expr)>) -> Expr {
        let elements = fields.into_iter().map(|(name, value)| Element { key: Some(Expr::Name(name)), value }).collect();
        Expr::Composite(Box::new(Composite { ty, elements }))
    }
}

pub type Block = Vec<Stmt>;

/// Where a statement comes from: an offset into the text of an rgo file. What the numbers mean is the caller's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub struct Pos {
    pub file: u32,
    pub offset: u32,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Stmt {
    pub kind: StmtKind,
    pub pos: Option<Pos>,
}

impl From<StmtKind> for Stmt {
    fn from(kind: StmtKind) -> Stmt {
        Stmt { kind, pos: None }
    }
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub enum StmtKind {
    Expr(Expr),
    /// `a, _ := …`: declares every variable in it.
    Define(Vec<Option<VarId>>, Vec<Expr>),
    /// `var x T` or `var x T = e`.
    Var(VarId, Type, Option<Expr>),
    /// `None` is `_`.
    Assign(Vec<Option<Expr>>, Vec<Expr>),
    /// `x op= e`
    OpAssign(BinaryOp, Expr, Expr),
    Inc(Expr),
    Dec(Expr),
    If(Box<If>),
    For(Box<For>),
    Range(Box<Range>),
    Switch(Box<Switch>),
    TypeSwitch(Box<TypeSwitch>),
    Select(Vec<SelectCase>),
    Return(Vec<Expr>),
    Break(Option<LabelId>),
    Continue(Option<LabelId>),
    Labeled(LabelId, Box<Stmt>),
    Block(Block),
    Go(Expr),
    Defer(Expr),
    Send(Expr, Expr),
    Comment(Comment),
}

/// A comment, its lines without the slashes; without any it is a blank line. Only what has been folded holds some.
#[derive(Clone, PartialEq, Hash, Debug, Default)]
pub struct Comment {
    pub lines: Vec<Str>,
    /// Whether its one line stands behind the statement before it.
    pub is_behind: bool,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct If {
    pub init: Option<Stmt>,
    pub cond: Expr,
    pub then: Block,
    /// `else if` is a block of one `If`.
    pub els: Block,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct For {
    pub init: Option<Stmt>,
    pub cond: Option<Expr>,
    pub post: Option<Stmt>,
    pub body: Block,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Range {
    pub key: Option<VarId>,
    pub value: Option<VarId>,
    pub expr: Expr,
    pub body: Block,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Switch {
    pub init: Option<Stmt>,
    pub tag: Option<Expr>,
    pub cases: Vec<Case>,
}

/// No expressions: `default`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct Case {
    /// What the body was made of, which may be nothing but a comment.
    pub pos: Option<Pos>,
    pub exprs: Vec<Expr>,
    pub body: Block,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct TypeSwitch {
    pub bind: Option<VarId>,
    pub expr: Expr,
    pub cases: Vec<TypeCase>,
}

/// No types: `default`. `None` among them: `nil`.
#[derive(Clone, PartialEq, Hash, Debug)]
pub struct TypeCase {
    pub types: Vec<Option<Type>>,
    pub body: Block,
}

#[derive(Clone, PartialEq, Hash, Debug)]
pub struct SelectCase {
    /// A send, an assignment or definition from a receive, or a receive; `None`: `default`.
    pub comm: Option<Stmt>,
    pub body: Block,
}

impl StmtKind {
    /// Whether a statement ends in the brace of a block of its own.
    pub fn is_braced(&self) -> bool {
        match self {
            StmtKind::If(_)
            | StmtKind::For(_)
            | StmtKind::Range(_)
            | StmtKind::Switch(_)
            | StmtKind::TypeSwitch(_)
            | StmtKind::Select(_)
            | StmtKind::Block(_) => true,
            StmtKind::Labeled(_, inner) => inner.kind.is_braced(),
            _ => false,
        }
    }

    pub fn define(var: VarId, value: Expr) -> StmtKind {
        StmtKind::Define(vec![Some(var)], vec![value])
    }

    pub fn assign(place: Expr, value: Expr) -> StmtKind {
        StmtKind::Assign(vec![Some(place)], vec![value])
    }

    pub fn discard(value: Expr) -> StmtKind {
        StmtKind::Assign(vec![None], vec![value])
    }

    pub fn if_else(cond: Expr, then: Block, els: Block) -> StmtKind {
        StmtKind::If(Box::new(If { init: None, cond, then, els }))
    }

    pub fn at(self, pos: Option<Pos>) -> Stmt {
        Stmt { kind: self, pos }
    }
}

#[derive(Clone, Debug)]
pub struct File {
    /// Groups of lines above the package clause, without the slashes.
    pub header: Vec<Vec<Str>>,
    /// `//go:build` and the like, without the slashes.
    pub directives: Vec<Str>,
    /// The documentation of the package.
    pub doc: Vec<Str>,
    pub package: Str,
    /// The package's import path, where what it declares is named by that.
    pub path: Option<Str>,
    /// The names of the package's scope: no import goes by one of them.
    pub taken: Rc<FxHashSet<String>>,
    pub decls: Vec<Decl>,
}

#[derive(Clone, Debug)]
pub enum Decl {
    Type(TypeDecl),
    Const(ConstDecl),
    Var(VarDecl),
    Func(FuncDecl),
    /// A comment that belongs to no declaration, without the slashes.
    Comment(Vec<Str>),
}

#[derive(Clone, Debug)]
pub struct TypeDecl {
    pub doc: Vec<Str>,
    pub name: Str,
    pub params: Vec<TypeParam>,
    pub ty: Type,
    /// A comment below the last field.
    pub end: Vec<Str>,
}

#[derive(Clone, Debug)]
pub struct TypeParam {
    pub name: Str,
    pub constraint: Type,
}

/// One `const` or a block of them.
#[derive(Clone, Debug)]
pub struct ConstDecl {
    pub doc: Vec<Str>,
    pub specs: Vec<ConstSpec>,
    /// A comment below the last of a block.
    pub end: Vec<Str>,
}

#[derive(Clone, Debug)]
pub struct ConstSpec {
    pub doc: Vec<Str>,
    pub name: Str,
    pub ty: Option<Type>,
    /// `None`: repeats the line above (`iota`).
    pub value: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct VarDecl {
    pub doc: Vec<Str>,
    /// `None`: `var _ T = …`.
    pub name: Option<Str>,
    pub ty: Option<Type>,
    pub value: Option<Expr>,
    pub locals: Locals,
}

#[derive(Clone, Debug)]
pub struct FuncDecl {
    pub doc: Vec<Str>,
    pub receiver: Option<Receiver>,
    pub name: Str,
    pub type_params: Vec<TypeParam>,
    pub params: Vec<Param>,
    pub results: Vec<Result>,
    pub body: Block,
    pub locals: Locals,
    pub pos: Option<Pos>,
}

#[derive(Clone, Debug)]
pub struct Receiver {
    /// `None`: unnamed, because the body does not mention it.
    pub var: Option<VarId>,
    pub ty: Type,
}
