//! Small constructors of syntax for derived code. Every node gets the span that errors about it are to be reported at.

use rgo_syntax::Span;
use rgo_syntax::ast::*;

pub fn ident(text: &str, span: Span) -> Ident {
    Ident::new(text, span)
}

/// A path from names: `::std::…` if the first is `std`.
pub fn path(names: &[&str], span: Span) -> Path {
    let segments = names.iter().map(|name| PathSegment { ident: ident(name, span), args: None }).collect();
    Path { global: names.first() == Some(&"std"), segments, span }
}

pub fn qpath(names: &[&str], span: Span) -> QPath {
    QPath { qself: None, path: path(names, span), span }
}

pub fn path_expr(names: &[&str], span: Span) -> Expr {
    Expr { kind: ExprKind::Path(qpath(names, span)), span }
}

pub fn path_ty(names: &[&str], span: Span) -> Type {
    Type { kind: TypeKind::Path(qpath(names, span)), span }
}

pub fn ref_ty(mutable: bool, inner: Type) -> Type {
    let span = inner.span;
    Type { kind: TypeKind::Ref { lifetime: None, mutable, inner: Box::new(inner) }, span }
}

pub fn call(callee: &[&str], args: Vec<Expr>, span: Span) -> Expr {
    Expr { kind: ExprKind::Call { callee: Box::new(path_expr(callee, span)), args }, span }
}

pub fn method(receiver: Expr, name: &str, args: Vec<Expr>, span: Span) -> Expr {
    let method = PathSegment { ident: ident(name, span), args: None };
    Expr { kind: ExprKind::MethodCall { receiver: Box::new(receiver), method, args }, span }
}

pub fn reference(operand: Expr) -> Expr {
    let span = operand.span;
    Expr { kind: ExprKind::Ref { mutable: false, operand: Box::new(operand) }, span }
}

pub fn deref(operand: Expr) -> Expr {
    let span = operand.span;
    Expr { kind: ExprKind::Unary { op: UnaryOp::Deref, operand: Box::new(operand) }, span }
}

pub fn binary(op: BinaryOp, lhs: Expr, rhs: Expr, span: Span) -> Expr {
    Expr { kind: ExprKind::Binary { op, op_span: span, lhs: Box::new(lhs), rhs: Box::new(rhs) }, span }
}

pub fn string(text: &str, span: Span) -> Expr {
    Expr { kind: ExprKind::Lit(Lit::Str(text.into())), span }
}

pub fn boolean(value: bool, span: Span) -> Expr {
    Expr { kind: ExprKind::Lit(Lit::Bool(value)), span }
}

pub fn tuple(elements: Vec<Expr>, span: Span) -> Expr {
    Expr { kind: ExprKind::Tuple(elements), span }
}

/// `base.name`; a number names a field of a tuple struct.
pub fn field(base: Expr, name: &str, span: Span) -> Expr {
    let kind = match name.parse() {
        Ok(index) => ExprKind::TupleField { base: Box::new(base), index, index_span: span },
        Err(_) => ExprKind::Field { base: Box::new(base), field: ident(name, span) },
    };
    Expr { kind, span }
}

pub fn match_expr(scrutinee: Expr, arms: Vec<MatchArm>, span: Span) -> Expr {
    Expr { kind: ExprKind::Match { scrutinee: Box::new(scrutinee), arms }, span }
}

pub fn arm(pat: Pat, body: Expr) -> MatchArm {
    let span = body.span;
    MatchArm { attrs: Vec::new(), pat, guard: None, body, span }
}

pub fn wild(span: Span) -> Pat {
    Pat { kind: PatKind::Wild, span }
}

pub fn binding(name: &str, span: Span) -> Pat {
    Pat { kind: PatKind::Ident { by_ref: false, mutable: false, ident: ident(name, span), sub: None }, span }
}

pub fn tuple_pat(pats: Vec<Pat>, span: Span) -> Pat {
    Pat { kind: PatKind::Tuple(pats), span }
}

pub fn path_pat(names: &[&str], span: Span) -> Pat {
    Pat { kind: PatKind::Path(qpath(names, span)), span }
}

pub fn tuple_struct_pat(names: &[&str], elems: Vec<Pat>, span: Span) -> Pat {
    Pat { kind: PatKind::TupleStruct { path: qpath(names, span), elems }, span }
}

pub fn struct_pat(names: &[&str], fields: Vec<(Ident, Pat)>, span: Span) -> Pat {
    let fields = fields
        .into_iter()
        .map(|(ident, pat)| FieldPat { attrs: Vec::new(), ident, span: pat.span, pat, shorthand: false })
        .collect();
    Pat { kind: PatKind::Struct { path: qpath(names, span), fields, rest: None }, span }
}

pub fn struct_expr(names: &[&str], fields: Vec<(Ident, Expr)>, span: Span) -> Expr {
    let fields = fields
        .into_iter()
        .map(|(ident, value)| FieldExpr { attrs: Vec::new(), ident, span: value.span, value, shorthand: false })
        .collect();
    let value = StructExpr { path: qpath(names, span), fields, rest: StructRest::None };
    Expr { kind: ExprKind::Struct(Box::new(value)), span }
}

pub fn let_typed(ty: Type) -> Stmt {
    let span = ty.span;
    let stmt = LetStmt { pat: wild(span), ty: Some(ty), init: None, else_: None };
    Stmt { attrs: Vec::new(), kind: StmtKind::Let(Box::new(stmt)), span }
}

pub fn semi(expr: Expr) -> Stmt {
    let span = expr.span;
    Stmt { attrs: Vec::new(), kind: StmtKind::Semi(expr), span }
}

pub fn block(stmts: Vec<Stmt>, tail: Option<Expr>, span: Span) -> Block {
    Block { attrs: Vec::new(), stmts, tail: tail.map(Box::new), tail_attrs: Vec::new(), span }
}

pub fn block_expr(block: Block) -> Expr {
    let span = block.span;
    Expr { kind: ExprKind::Block { label: None, block: Box::new(block) }, span }
}

pub fn trait_bound(names: &[&str], span: Span) -> Bound {
    Bound::Trait(TraitBound { binder: Vec::new(), modifier: BoundModifier::None, path: path(names, span), span })
}

pub fn private(span: Span) -> Vis {
    Vis { kind: VisKind::Private, span: span.first() }
}

/// What varies between the methods of derived impls.
pub struct Method {
    pub name: &'static str,
    pub generics: Vec<GenericParam>,
    pub takes_self: TakesSelf,
    pub params: Vec<(&'static str, Type)>,
    pub ret: Option<Type>,
    pub body: Block,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TakesSelf {
    No,
    ByRef,
}

pub fn method_item(method: Method, span: Span) -> Item {
    let self_param = (method.takes_self == TakesSelf::ByRef).then(|| SelfParam {
        attrs: Vec::new(),
        kind: SelfKind::Ref { lifetime: None, mutable: false },
        self_span: span,
        span,
    });
    let params = method
        .params
        .into_iter()
        .map(|(name, ty)| Param { attrs: Vec::new(), pat: binding(name, span), ty, span })
        .collect();
    let f = Fn {
        qualifiers: FnQualifiers::default(),
        name: ident(method.name, span),
        generics: Generics { params: method.generics, span, where_clause: Vec::new(), where_span: None },
        self_param,
        params,
        variadic: None,
        ret: method.ret,
        body: Some(Box::new(method.body)),
        sig_span: span,
        params_span: span,
    };
    Item { attrs: Vec::new(), vis: private(span), default_: None, kind: ItemKind::Fn(Box::new(f)), span }
}
