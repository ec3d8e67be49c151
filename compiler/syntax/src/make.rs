//! The longer parts of the grammar's actions: building nodes, and the errors that are known while building.

mod chain;
mod item;

pub use chain::{Chain, ChainItem, Prefix, RangeOp};
pub use item::{
    FnHead, ImplHead, Qual, RawParam, RawParamKind, TraitHead, error_item, impl_head, item, item_stmt,
    negative_impl_head, with_where,
};

use std::cell::RefCell;

use crate::ast::*;
use crate::layer::Group;
use crate::{MatchesArgs, Name, Span, SyntaxError, SyntaxErrorKind};

/// What the grammar was asked for.
pub enum Root {
    Item(Box<Item>),
    Expr(Box<Expr>),
    Type(Box<Type>),
    List(Vec<Expr>),
    Repeat(Box<Expr>, Box<Expr>),
    Matches(Box<MatchesArgs>),
}

/// The parser's stack holds what is large in boxes, the tree does not.
pub fn unboxed<T>(boxes: impl IntoIterator<Item = Box<T>>) -> Vec<T> {
    boxes.into_iter().map(|value| *value).collect()
}

/// Collects errors while the tree is built.
#[derive(Default)]
pub struct Ctx {
    pub errors: RefCell<Vec<SyntaxError>>,
}

impl Ctx {
    pub fn error(&self, span: Span, code: Option<&'static str>, message: impl Into<Box<str>>) {
        self.report(span, code, SyntaxErrorKind::Rule { message: message.into(), help: None });
    }

    pub fn error_with_help(&self, span: Span, code: Option<&'static str>, message: impl Into<Box<str>>, help: &str) {
        self.report(span, code, SyntaxErrorKind::Rule { message: message.into(), help: Some(help.into()) });
    }

    pub fn report(&self, span: Span, code: Option<&'static str>, kind: SyntaxErrorKind) {
        self.errors.borrow_mut().push(SyntaxError { span, kind, code });
    }

    pub fn bad_restriction(&self, span: Span) -> VisKind {
        let help = "make it visible in a path with `pub(in path)`, or everywhere in the crate with `pub(crate)`";
        self.error_with_help(span, Some("E0704"), "incorrect visibility restriction", help);
        VisKind::Public
    }

    pub fn trait_bound(
        &self,
        binder: Vec<GenericParam>,
        modifier: BoundModifier,
        path: QPath,
        span: Span,
    ) -> TraitBound {
        if let Some(qself) = &path.qself {
            self.error(qself.span, None, "a qualified path is no trait");
        }
        TraitBound { binder, modifier, path: path.path, span }
    }

    pub fn dyn_in_bounds(&self, bound: TraitBound, span: Span) -> Bound {
        self.error(Span::new(span.start, span.start + 3), None, "invalid `dyn` keyword");
        Bound::Trait(bound)
    }

    pub fn variadic_type(&self, span: Span) -> Type {
        self.error(span, Some("E0743"), "C-variadic type `...` may not be nested inside another type");
        Type { kind: TypeKind::Error, span }
    }

    /// `*T`: whether it may be written through is missing.
    pub fn bare_raw_pointer(&self, star: Span) -> Type {
        self.error(star, None, "expected `mut` or `const` keyword in raw pointer type");
        Type { kind: TypeKind::Error, span: star }
    }

    /// `'a T`: the `&` is missing.
    pub fn lifetime_without_ref(&self, lifetime: Lifetime, inner: Type, span: Span) -> Type {
        self.error_with_help(
            lifetime.span,
            None,
            "expected a type, found a lifetime",
            &format!("you might have meant a reference: `&'{} …`", lifetime.name),
        );
        ty(TypeKind::Ref { lifetime: Some(lifetime), mutable: false, inner: Box::new(inner) }, span.start, span.end)
    }

    pub fn typeof_type(&self, span: Span) -> Type {
        self.error(span, Some("E0516"), "`typeof` is a reserved keyword but unimplemented");
        Type { kind: TypeKind::Error, span }
    }

    /// `name: ty` in the type of a function; a pattern cannot stand there.
    pub fn fn_ptr_param(&self, name: Type, ty: Type) -> FnPtrParam {
        let name = match &name.kind {
            TypeKind::Infer => Some(Ident::new("_", name.span)),
            TypeKind::Path(path) if path.as_ident().is_some() => path.as_ident(),
            _ => {
                self.error(name.span, Some("E0561"), "patterns aren't allowed in function pointer types");
                None
            }
        };
        FnPtrParam { name, ty }
    }

    pub fn fn_ptr_mut_param(&self, span: Span, ty: Type) -> FnPtrParam {
        self.error(span, Some("E0561"), "patterns aren't allowed in function pointer types");
        FnPtrParam { name: None, ty }
    }

    /// `first + bounds`
    pub fn type_plus(&self, first: Type, bounds: Vec<Bound>, span: Span) -> Type {
        let kind = match first.kind {
            TypeKind::Dyn(mut list) => {
                list.extend(bounds);
                TypeKind::Dyn(list)
            }
            TypeKind::ImplTrait(mut list) => {
                list.extend(bounds);
                TypeKind::ImplTrait(list)
            }
            TypeKind::BareDyn(mut list) => {
                list.extend(bounds);
                TypeKind::BareDyn(list)
            }
            TypeKind::Path(path) => {
                let mut list = vec![Bound::Trait(self.trait_bound(Vec::new(), BoundModifier::None, path, first.span))];
                list.extend(bounds);
                TypeKind::BareDyn(list)
            }
            TypeKind::Paren(inner) if matches!(inner.kind, TypeKind::Path(_)) => {
                return self.type_plus(*inner, bounds, span);
            }
            kind => return self.misplaced_plus(Type { kind, span: first.span }, bounds, span),
        };
        Type { kind, span }
    }

    /// `&A + B`: the `+` belongs to what is behind the `&`, in parentheses.
    fn misplaced_plus(&self, first: Type, bounds: Vec<Bound>, span: Span) -> Type {
        let help = "use parentheses to disambiguate";
        if ends_in_bounds(&first) {
            self.error_with_help(span, None, "ambiguous `+` in a type", help);
        } else {
            self.error_with_help(span, Some("E0178"), "expected a path on the left-hand side of `+`", help);
        }
        match first.kind {
            TypeKind::Ref { lifetime, mutable, inner } => {
                let inner_span = inner.span.to(span.last());
                let inner = Ctx::default().type_plus(*inner, bounds, inner_span);
                Type { kind: TypeKind::Ref { lifetime, mutable, inner: Box::new(inner) }, span }
            }
            TypeKind::RawPtr { mutable, inner } => {
                let inner_span = inner.span.to(span.last());
                let inner = Ctx::default().type_plus(*inner, bounds, inner_span);
                Type { kind: TypeKind::RawPtr { mutable, inner: Box::new(inner) }, span }
            }
            TypeKind::FnPtr(mut f) => {
                f.ret = f.ret.map(|ret| {
                    let ret_span = ret.span.to(span.last());
                    Ctx::default().type_plus(ret, bounds, ret_span)
                });
                Type { kind: TypeKind::FnPtr(f), span }
            }
            kind => Type { kind, span },
        }
    }

    /// `for<'a> Trait<'a>` without `dyn`
    pub fn bare_for(&self, binder: Vec<GenericParam>, path: QPath, span: Span) -> Type {
        let bound = self.trait_bound(binder, BoundModifier::None, path, span);
        Type { kind: TypeKind::BareDyn(vec![Bound::Trait(bound)]), span }
    }

    pub fn fn_ptr(&self, quals: Vec<(Qual, Span)>, rest: Box<FnPtrType>) -> Box<FnPtrType> {
        let mut f = rest;
        for (qual, span) in quals {
            match qual {
                Qual::Unsafe => f.unsafe_ = Some(span),
                Qual::Extern(abi) => f.extern_ = Some(item::extern_of(abi, span)),
                Qual::Const => self.error(span, None, "an `fn` pointer type cannot be `const`"),
                Qual::Async => self.error(span, None, "an `fn` pointer type cannot be `async`"),
                Qual::Safe => self.error(span, None, "an `fn` pointer type cannot be `safe`"),
            }
        }
        f
    }

    /// `path::<args>`
    pub fn args_for_last(&self, mut path: Path, args: GenericArgs) -> Path {
        let span = generic_args_span(&args);
        path.span = path.span.to(span);
        if let Some(last) = path.segments.last_mut() {
            if last.args.is_some() {
                self.error(span, None, "generic arguments stand here twice");
            }
            last.args = Some(Box::new(args));
        }
        path
    }

    /// `path(A, B) -> C`
    pub fn paren_args(&self, mut path: QPath, args: ParenArgs) -> QPath {
        path.span = path.span.to(args.span);
        path.path = self.args_for_last(path.path, GenericArgs::Paren(args));
        path
    }

    pub fn assoc_arg(&self, name: Type, kind: AssocArgKind, span: Span) -> GenericArg {
        let path = match name.kind {
            TypeKind::Path(QPath { qself: None, path, .. }) if !path.global && path.segments.len() == 1 => path,
            _ => {
                self.error(name.span, None, "expected the name of an associated item");
                return GenericArg::Type(Type { kind: TypeKind::Error, span });
            }
        };
        let Some(PathSegment { ident, args }) = path.segments.into_iter().next() else {
            return GenericArg::Type(Type { kind: TypeKind::Error, span });
        };
        GenericArg::Assoc(AssocArg { ident, args, kind, span })
    }

    pub fn try_macro(&self, word: Span, group: Box<Group>, span: Span) -> MacroCall {
        self.error_with_help(span, None, "use of deprecated `try` macro", "use the `?` operator");
        macro_call(Path::from_ident(Ident::new("try", word)), group, span)
    }

    pub fn range_pattern(
        &self,
        lo: Option<RangeEnd>,
        (op, op_span): (RangeOp, Span),
        hi: Option<RangeEnd>,
        span: Span,
    ) -> Pat {
        let limits = match op {
            RangeOp::HalfOpen => RangeLimits::HalfOpen,
            RangeOp::Closed => RangeLimits::Closed,
            RangeOp::Dots => {
                self.error_with_help(
                    op_span,
                    Some("E0783"),
                    "`...` range patterns are not allowed",
                    "use `..=` for an inclusive range",
                );
                RangeLimits::Closed
            }
        };
        if hi.is_none() && limits == RangeLimits::Closed {
            self.error_with_help(op_span, Some("E0586"), "inclusive range with no end", "use `..` instead");
        }
        Pat { kind: PatKind::Range { lo: lo.map(Box::new), hi: hi.map(Box::new), limits }, span }
    }

    /// The number of a tuple struct's field, in `S { 0: x }`.
    pub fn field_number(&self, (lit, span): (Lit, Span)) -> Ident {
        match lit {
            Lit::Int { value, suffix: None } => Ident::new(&value.to_string(), span),
            _ => {
                self.error(span, None, "expected the name or the number of a field");
                Ident::new("_", span)
            }
        }
    }
}

/// Whether a `+` behind the type could belong to its last part.
fn ends_in_bounds(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Ref { inner, .. } | TypeKind::RawPtr { inner, .. } => ends_in_bounds(inner),
        TypeKind::FnPtr(f) => f.ret.as_ref().is_some_and(ends_in_bounds),
        TypeKind::Dyn(_) | TypeKind::ImplTrait(_) => true,
        _ => false,
    }
}

pub fn generic_args_span(args: &GenericArgs) -> Span {
    match args {
        GenericArgs::Angle(args) => args.span,
        GenericArgs::Paren(args) => args.span,
    }
}

pub fn empty_path(global: bool, at: u32) -> Path {
    Path { global, segments: Vec::new(), span: Span::new(at, at + if global { 2 } else { 0 }) }
}

pub fn first_segment((ident, args): (Ident, Option<Box<GenericArgs>>)) -> Path {
    let span = args.as_ref().map_or(ident.span, |args| ident.span.to(generic_args_span(args)));
    Path { global: false, segments: vec![PathSegment { ident, args }], span }
}

pub fn global_segment(segment: (Ident, Option<Box<GenericArgs>>), start: u32) -> Path {
    let mut path = first_segment(segment);
    path.global = true;
    path.span.start = start;
    path
}

pub fn global_path(ident: Ident, start: u32) -> Path {
    global_segment((ident, None), start)
}

pub fn push_segment(mut path: Path, ident: Ident, args: Option<Box<GenericArgs>>) -> Path {
    path.span = path.span.to(args.as_ref().map_or(ident.span, |args| generic_args_span(args)));
    path.segments.push(PathSegment { ident, args });
    path
}

pub fn macro_call(path: Path, group: Box<Group>, span: Span) -> MacroCall {
    MacroCall { path, delim: group.delim, tokens: group.tokens, span, inner_span: group.inner_span }
}

pub fn ty(kind: TypeKind, start: u32, end: u32) -> Type {
    Type { kind, span: Span::new(start, end) }
}

pub fn with_binder(binder: Vec<GenericParam>, mut f: Box<FnPtrType>, span: Span) -> Type {
    f.binder = binder;
    Type { kind: TypeKind::FnPtr(f), span }
}

pub fn pat(kind: PatKind, start: u32, end: u32) -> Pat {
    Pat { kind, span: Span::new(start, end) }
}

pub fn or_pattern(mut list: Vec<Pat>, span: Span) -> Pat {
    match list.len() {
        1 => list.remove(0),
        _ => Pat { kind: PatKind::Or(list), span },
    }
}

/// `(..)` is a tuple pattern.
pub fn paren_pattern(inner: Pat, span: Span) -> Pat {
    let kind = match inner.kind {
        PatKind::Rest => PatKind::Tuple(vec![inner]),
        _ => PatKind::Paren(Box::new(inner)),
    };
    Pat { kind, span }
}

pub fn ident_pattern(by_ref: bool, mutable: bool, ident: Ident, sub: Option<Pat>, span: Span) -> Pat {
    Pat { kind: PatKind::Ident { by_ref, mutable, ident, sub: sub.map(Box::new) }, span }
}

/// A path of one plain segment may be a binding.
pub fn path_pattern(path: QPath, span: Span) -> Pat {
    match path.as_ident() {
        Some(ident) if !matches!(ident.as_str(), "self" | "Self" | "crate" | "super") => {
            ident_pattern(false, false, ident, None, span)
        }
        _ => Pat { kind: PatKind::Path(path), span },
    }
}

pub fn shorthand_pattern(attrs: Vec<Attr>, by_ref: bool, mutable: bool, ident: Ident, span: Span) -> FieldPat {
    let start = attrs.last().map_or(span.start, |_| ident.span.start);
    let pat = ident_pattern(by_ref, mutable, ident, None, Span::new(start, span.end));
    FieldPat { attrs, ident, pat, shorthand: true, span }
}

pub fn expr(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, span }
}

pub fn path_expr(path: QPath) -> Expr {
    let span = path.span;
    Expr { kind: ExprKind::Path(path), span }
}

pub fn negative_literal((lit, lit_span): (Lit, Span), span: Span) -> Expr {
    let operand = Box::new(expr(ExprKind::Lit(lit), lit_span));
    expr(ExprKind::Unary { op: UnaryOp::Neg, operand }, span)
}

pub fn block_expr(label: Option<Label>, block: Block) -> Expr {
    let span = block.span;
    expr(ExprKind::Block { label, block: Box::new(block) }, span)
}

pub fn if_expr(cond: Expr, then: Block, else_: Option<Expr>, span: Span) -> Expr {
    expr(ExprKind::If { cond: Box::new(cond), then: Box::new(then), else_: else_.map(Box::new) }, span)
}

pub fn stmt(attrs: Vec<Attr>, kind: StmtKind, start: u32, end: u32) -> Stmt {
    Stmt { attrs, kind, span: Span::new(start, end) }
}

/// `x.0`; what is no proper number is a field of that name.
pub fn tuple_field(base: Expr, (index, index_span): (Name, Span), span: Span) -> Expr {
    let base = Box::new(base);
    let text = index.as_str();
    let proper = text == "0" || !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse::<u32>() {
        Ok(index) if proper => expr(ExprKind::TupleField { base, index, index_span }, span),
        _ => expr(ExprKind::Field { base, field: Ident { name: index, span: index_span } }, span),
    }
}

pub fn method_call(receiver: Expr, method: PathSegment, args: Vec<Expr>, span: Span) -> Expr {
    expr(ExprKind::MethodCall { receiver: Box::new(receiver), method, args }, span)
}

/// `a.b(…)` calls a method; `(a.b)(…)` calls what is in the field.
pub fn call(callee: Expr, args: Vec<Expr>, span: Span) -> Expr {
    match callee.kind {
        ExprKind::Field { base, field } if !field.as_str().starts_with(|c: char| c.is_ascii_digit()) => {
            expr(ExprKind::MethodCall { receiver: base, method: PathSegment { ident: field, args: None }, args }, span)
        }
        _ => expr(ExprKind::Call { callee: Box::new(callee), args }, span),
    }
}

pub fn struct_expr(path: QPath, (fields, rest): (Vec<FieldExpr>, StructRest), span: Span) -> Expr {
    expr(ExprKind::Struct(Box::new(StructExpr { path, fields, rest })), span)
}

/// Stands for an arm that did not parse: it takes whatever comes.
pub fn broken_arm(span: Span) -> MatchArm {
    let pat = Pat { kind: PatKind::Wild, span };
    MatchArm { attrs: Vec::new(), pat, guard: None, body: expr(ExprKind::Error, span), span }
}

pub fn shorthand_field(attrs: Vec<Attr>, ident: Ident, span: Span) -> FieldExpr {
    let path = Path::from_ident(ident);
    let value = path_expr(QPath { qself: None, path, span: ident.span });
    FieldExpr { attrs, ident, value, shorthand: true, span }
}

#[derive(Clone, Copy)]
pub struct ClosureHead {
    pub move_: bool,
    pub refused: Option<Span>,
}

pub fn closure(
    head: ClosureHead,
    params: Vec<ClosureParam>,
    ret: Option<Type>,
    body: Expr,
    head_span: Span,
    span: Span,
) -> Expr {
    let ClosureHead { move_, refused } = head;
    expr(ExprKind::Closure(Box::new(Closure { move_, refused, params, ret, body, head_span })), span)
}
