//! Expressions.

use rgo_syntax::ast::{self, ExprKind, StructRest};
use rgo_syntax::{Name, Span};

use super::label::{Jump, LoopKind};
use super::{Ctx, pat};
use crate::body::*;
use crate::path::PathSource;
use crate::resolve::Res;
use crate::scope::CtorKind;
use crate::{DefKind, HirError};

impl Ctx<'_> {
    pub fn expr(&mut self, expr: &ast::Expr) -> ExprId {
        let span = expr.span;
        let lowered = match &expr.kind {
            ExprKind::Lit(lit) => match self.literal(lit, span) {
                Some(literal) => Expr::Literal(literal),
                None => Expr::Missing,
            },
            ExprKind::Path(path) => return self.path_expr(path, PathSource::Value, span),
            ExprKind::Unary { op, operand } => {
                let op = match op {
                    ast::UnaryOp::Neg => UnaryOp::Neg,
                    ast::UnaryOp::Not => UnaryOp::Not,
                    ast::UnaryOp::Deref => UnaryOp::Deref,
                };
                let id = self.expr(operand);
                let id = self.alloc(Expr::Unary { op, expr: id }, span);
                self.map.names.insert(id, Span::new(span.start, (span.start + 1).min(span.end)));
                return id;
            }
            ExprKind::Binary { op, op_span, lhs, rhs } => {
                let lhs = self.expr(lhs);
                let rhs = self.expr(rhs);
                let lowered = match binary_op(*op) {
                    Op::Binary(op) => Expr::Binary { op, lhs, rhs },
                    Op::Logical(and) => Expr::Logical { and, lhs, rhs },
                };
                let id = self.alloc(lowered, span);
                self.map.names.insert(id, *op_span);
                return id;
            }
            ExprKind::Assign { lhs, rhs, eq_span } => {
                let id = self.assign(lhs, rhs, span);
                self.map.names.insert(id, *eq_span);
                return id;
            }
            ExprKind::AssignOp { op, op_span, lhs, rhs } => {
                let value = self.expr(rhs);
                let place = self.expr(lhs);
                let Op::Binary(op) = binary_op(*op) else { return self.missing(span) };
                let id = self.alloc(Expr::AssignOp { op, place, value }, span);
                self.map.names.insert(id, *op_span);
                return id;
            }
            ExprKind::Call { callee, args } => {
                let callee = match &callee.without_parens().kind {
                    ExprKind::Path(path) => self.path_expr(path, PathSource::Callee, callee.span),
                    _ => self.expr(callee),
                };
                let args = self.exprs(args);
                Expr::Call { callee, args }
            }
            ExprKind::MethodCall { receiver, method, args } => {
                let receiver = self.expr(receiver);
                self.note_variables(|finder| crate::visit::walk_args(finder, method.args.as_deref()));
                let args = self.exprs(args);
                let lowered = Expr::MethodCall { receiver, method: method.clone(), scope: self.scope, args };
                let id = self.alloc(lowered, span);
                self.map.names.insert(id, method.ident.span);
                return id;
            }
            ExprKind::Field { base, field } => {
                let base = self.expr(base);
                let id = self.alloc(Expr::Field { expr: base, name: field.name }, span);
                self.map.names.insert(id, field.span);
                return id;
            }
            ExprKind::TupleField { base, index, index_span } => {
                let base = self.expr(base);
                let name = Name::new(&index.to_string());
                let id = self.alloc(Expr::Field { expr: base, name }, span);
                self.map.names.insert(id, *index_span);
                return id;
            }
            ExprKind::Index { base, index } => {
                let base = self.expr(base);
                let index = self.expr(index);
                Expr::Index { base, index }
            }
            ExprKind::Range { lo, hi, limits } => {
                let start = lo.as_ref().map(|e| self.expr(e));
                let end = hi.as_ref().map(|e| self.expr(e));
                let inclusive = match limits {
                    ast::RangeLimits::HalfOpen => RangeEnd::Excluded,
                    ast::RangeLimits::Closed => RangeEnd::Included,
                };
                Expr::Range { start, end, inclusive }
            }
            ExprKind::Array(elements) => Expr::Array(self.exprs(elements)),
            ExprKind::Repeat { elem, len } => {
                let value = self.expr(elem);
                let len = self.anon_const(len.span);
                Expr::Repeat { value, len }
            }
            ExprKind::Tuple(elements) => Expr::Tuple(self.exprs(elements)),
            ExprKind::Paren(inner) => return self.expr(inner),
            ExprKind::Struct(s) => return self.struct_expr(s, span),
            ExprKind::Block { label, block } => return self.block_expr(block, label.as_ref()),
            // The constant is this block.
            ExprKind::ConstBlock(block)
                if self.owner.kind() == DefKind::AnonConst && self.owner.disambiguator() == span.start =>
            {
                return self.block_expr(block, None);
            }
            ExprKind::ConstBlock(_) => {
                let def = self.anon_const(span);
                Expr::ConstBlock(def)
            }
            ExprKind::Unsafe(block) => return self.block_expr(block, None),
            ExprKind::Async { .. } | ExprKind::RawRef { .. } | ExprKind::Await(_) | ExprKind::Error => Expr::Missing,
            ExprKind::If { cond, then, else_ } => {
                let (cond, then) = self.scoped(|ctx| {
                    let cond = ctx.expr(cond);
                    (cond, ctx.block_expr(then, None))
                });
                let otherwise = else_.as_ref().map(|e| self.expr(e));
                Expr::If { cond, then, otherwise }
            }
            ExprKind::Let { pat, scrutinee } => {
                let scrutinee = self.expr(scrutinee);
                let mut binds = pat::Binds::new();
                let pat = self.pat(pat, &mut binds);
                self.bind(binds);
                Expr::Let { pat, scrutinee }
            }
            ExprKind::Match { scrutinee, arms } => {
                let scrutinee = self.expr(scrutinee);
                let arms = arms.iter().filter(|arm| crate::cfg::enabled(&arm.attrs)).map(|arm| self.arm(arm)).collect();
                Expr::Match { scrutinee, arms, source: MatchSource::Match }
            }
            ExprKind::While { label, cond, body } => {
                let id = self.new_label(label.as_ref());
                let name = label.map(|label| label.name);
                let (cond, body) = self.scoped(|ctx| {
                    ctx.jumps.push(Jump::Loop { name, id, kind: LoopKind::While });
                    ctx.jumps.push(Jump::Condition);
                    let cond = ctx.expr(cond);
                    ctx.jumps.pop();
                    let body = ctx.block_expr(body, None);
                    ctx.jumps.pop();
                    (cond, body)
                });
                Expr::While { label: id, cond, body }
            }
            ExprKind::Loop { label, body } => {
                let id = self.new_label(label.as_ref());
                self.jumps.push(Jump::Loop { name: label.map(|label| label.name), id, kind: LoopKind::Loop });
                let body = self.block_expr(body, None);
                self.jumps.pop();
                Expr::Loop { label: id, body }
            }
            ExprKind::For { label, pat, iter, body } => {
                let id = self.new_label(label.as_ref());
                let iter = self.expr(iter);
                let name = label.map(|label| label.name);
                let (pat, body) = self.scoped(|ctx| {
                    let mut binds = pat::Binds::new();
                    let pat = ctx.pat(pat, &mut binds);
                    ctx.bind(binds);
                    ctx.jumps.push(Jump::Loop { name, id, kind: LoopKind::For });
                    let body = ctx.block_expr(body, None);
                    ctx.jumps.pop();
                    (pat, body)
                });
                Expr::For { label: id, pat, iter, body }
            }
            ExprKind::Break { label, value } => return self.break_expr(label.as_ref(), value.as_deref(), span),
            ExprKind::Continue { label } => return self.continue_expr(label.as_ref(), span),
            ExprKind::Return(value) => {
                let inside =
                    self.owner.kind() == DefKind::Fn || self.jumps.iter().any(|jump| matches!(jump, Jump::Closure));
                if !inside {
                    self.coded_error(span, "E0572", "return statement outside of function body", "");
                }
                Expr::Return(value.as_ref().map(|e| self.expr(e)))
            }
            ExprKind::Closure(closure) => return self.closure(closure, span),
            ExprKind::Try(inner) => Expr::Try(self.expr(inner)),
            ExprKind::Cast { operand, ty } => {
                let operand = self.expr(operand);
                let ty = self.ty(ty);
                Expr::Cast { expr: operand, ty }
            }
            ExprKind::Ref { mutable, operand } => {
                let mutability = if *mutable { Mutability::Mut } else { Mutability::Not };
                Expr::Ref { mutability, expr: self.expr(operand) }
            }
            ExprKind::Macro(call) => return self.macro_expr(call, span),
            // Syntax has reported it.
            ExprKind::Underscore => return self.missing(span),
        };
        self.alloc(lowered, span)
    }

    pub fn exprs(&mut self, exprs: &[ast::Expr]) -> Vec<ExprId> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    pub fn path_expr(&mut self, qpath: &ast::QPath, source: PathSource, span: Span) -> ExprId {
        if qpath.qself.is_none()
            && let [segment] = qpath.path.segments.as_slice()
            && !qpath.path.global
            && let Some(local) = self.local(segment.ident.name)
        {
            if let Some(args) = &segment.args {
                let error = HirError::new(
                    self.owner,
                    args.span(),
                    "E0109",
                    format!("generic arguments are not allowed on local variable `{}`", segment.ident.name),
                );
                self.error(error.label("generic argument not allowed"));
            }
            return self.alloc(Expr::Local(local), span);
        }
        let path = self.path(qpath, source);
        if path.res == Res::Err && (path.ast.qself.is_none() || path.unresolved == 0) {
            return self.missing(span);
        }
        self.alloc(Expr::Path(path), span)
    }

    fn struct_expr(&mut self, s: &ast::StructExpr, span: Span) -> ExprId {
        let path = self.path(&s.path, PathSource::StructExpr);
        let fields = s.fields.iter().map(|field| (field.ident.name, self.expr(&field.value))).collect::<Vec<_>>();
        let base = match &s.rest {
            StructRest::None => None,
            StructRest::Base(base) => Some(self.expr(base)),
            // Syntax has reported that the base is missing.
            StructRest::Rest(rest) => Some(self.missing(*rest)),
        };
        if path.res == Res::Err && (path.ast.qself.is_none() || path.unresolved == 0) {
            return self.missing(span);
        }
        let id = self.alloc(Expr::Struct { path, fields, base }, span);
        self.map.field_names.insert(id, s.fields.iter().map(|field| field.ident.span).collect());
        id
    }

    fn arm(&mut self, arm: &ast::MatchArm) -> Arm {
        self.note_attrs(&arm.attrs, arm.span);
        self.scoped(|ctx| {
            let mut binds = pat::Binds::new();
            let pat = ctx.pat(&arm.pat, &mut binds);
            ctx.bind(binds);
            let guard = arm.guard.as_ref().map(|guard| ctx.expr(guard));
            let body = ctx.expr(&arm.body);
            Arm { pat, guard, body }
        })
    }

    fn closure(&mut self, closure: &ast::Closure, span: Span) -> ExprId {
        let def = self.owner.child(DefKind::Closure, Name::new(""), self.closures);
        self.closures += 1;
        let by_move = if closure.move_ { CaptureClause::Move } else { CaptureClause::Ref };
        let (params, ret, body) = self.scoped(|ctx| {
            let mut binds = pat::Binds::params();
            let mut params = Vec::new();
            for param in &closure.params {
                let ty = param.ty.as_ref().map(|ty| ctx.ty(ty));
                let pat = ctx.pat(&param.pat, &mut binds);
                params.push((pat, ty));
            }
            ctx.bind(binds);
            let ret = closure.ret.as_ref().map(|ty| ctx.ty(ty));
            ctx.jumps.push(Jump::Closure);
            let body = ctx.expr(&closure.body);
            ctx.jumps.pop();
            (params, ret, body)
        });
        let id = self.alloc(Expr::Closure(Closure { def, params, ret, body, by_move }), span);
        self.map.names.insert(id, closure.head_span);
        id
    }

    // --------------------------------------------------------------------------------------------------- assignment

    fn assign(&mut self, lhs: &ast::Expr, rhs: &ast::Expr, span: Span) -> ExprId {
        let value = self.expr(rhs);
        if !self.is_destructuring(lhs) {
            let place = self.expr(lhs);
            return self.alloc(Expr::Assign { place, value }, span);
        }
        let mut assigns = Vec::new();
        let pat = self.assignee(lhs, &mut assigns);
        self.alloc(Expr::DestructureAssign { pat, value, assigns }, span)
    }

    fn is_destructuring(&self, lhs: &ast::Expr) -> bool {
        match &lhs.without_parens().kind {
            ExprKind::Tuple(_) | ExprKind::Array(_) | ExprKind::Struct(_) | ExprKind::Underscore => true,
            ExprKind::Call { callee, .. } => {
                matches!(&callee.kind, ExprKind::Path(path) if self.is_ctor(path, CtorKind::Tuple))
            }
            ExprKind::Path(path) => self.is_ctor(path, CtorKind::Unit),
            _ => false,
        }
    }

    /// Whether a path is a pattern on the left of an assignment: a constructor of this kind, or what only types tell (`Alias::Variant`, `<E>::V`),
    /// since a function or constant could not be assigned to anyway.
    fn is_ctor(&self, path: &ast::QPath, kind: CtorKind) -> bool {
        if let Some(qself) = &path.qself {
            return qself.as_trait.is_none();
        }
        if path.as_ident().is_some_and(|ident| self.local(ident.name).is_some()) {
            return false;
        }
        match crate::path::resolve_as(self.db, self.scope, &path.path, PathSource::Value) {
            Ok(resolved) if resolved.unresolved == 0 => match resolved.res {
                Res::Def(def) if matches!(def.kind(), DefKind::Struct | DefKind::Variant) => {
                    crate::scope::ctor_kind(self.db, def.key(self.db)) == kind
                }
                Res::SelfCtor(_) => true,
                _ => false,
            },
            Ok(resolved) => !matches!(resolved.res, Res::Err | Res::GoPackage(_)),
            Err(_) => false,
        }
    }

    /// The left of a destructuring assignment as a pattern; places become fresh variables.
    fn assignee(&mut self, expr: &ast::Expr, assigns: &mut Vec<(LocalId, ExprId)>) -> PatId {
        let span = expr.span;
        let pat = match &expr.kind {
            ExprKind::Paren(inner) => return self.assignee(inner, assigns),
            ExprKind::Underscore => Pat::Wild,
            ExprKind::Range { lo: None, hi: None, limits: ast::RangeLimits::HalfOpen } => Pat::Rest,
            ExprKind::Tuple(elements) => {
                Pat::Tuple(elements.iter().map(|element| self.assignee(element, assigns)).collect())
            }
            ExprKind::Array(elements) => {
                Pat::Slice(elements.iter().map(|element| self.assignee(element, assigns)).collect())
            }
            ExprKind::Call { callee, args } if self.is_destructuring(expr) => {
                let ExprKind::Path(path) = &callee.kind else { return self.alloc_pat(Pat::Missing, span) };
                let path = self.path(path, PathSource::TupleStructPat);
                let pats = args.iter().map(|arg| self.assignee(arg, assigns)).collect();
                Pat::TupleStruct { path, pats }
            }
            ExprKind::Path(path) if self.is_destructuring(expr) => Pat::Path(self.path(path, PathSource::UnitPat)),
            ExprKind::Struct(s) => {
                let path = self.path(&s.path, PathSource::StructExpr);
                let fields =
                    s.fields.iter().map(|field| (field.ident.name, self.assignee(&field.value, assigns))).collect();
                let rest = match &s.rest {
                    StructRest::None => HasRest::No,
                    StructRest::Rest(_) => HasRest::Yes,
                    StructRest::Base(base) => {
                        self.plain_error(
                            base.span,
                            "functional record updates are not allowed in destructuring assignments",
                        );
                        HasRest::Yes
                    }
                };
                let id = self.alloc_pat(Pat::Struct { path, fields, rest }, span);
                self.map.pat_field_names.insert(id, s.fields.iter().map(|field| field.ident.span).collect());
                return id;
            }
            _ => {
                let place = self.expr(expr);
                let local = self.synthetic_local("lhs", span);
                assigns.push((local, place));
                Pat::Bind { local, sub: None }
            }
        };
        self.alloc_pat(pat, span)
    }
}

enum Op {
    Binary(BinaryOp),
    Logical(LogicalOp),
}

fn binary_op(op: ast::BinaryOp) -> Op {
    Op::Binary(match op {
        ast::BinaryOp::Add => BinaryOp::Add,
        ast::BinaryOp::Sub => BinaryOp::Sub,
        ast::BinaryOp::Mul => BinaryOp::Mul,
        ast::BinaryOp::Div => BinaryOp::Div,
        ast::BinaryOp::Rem => BinaryOp::Rem,
        ast::BinaryOp::BitAnd => BinaryOp::BitAnd,
        ast::BinaryOp::BitOr => BinaryOp::BitOr,
        ast::BinaryOp::BitXor => BinaryOp::BitXor,
        ast::BinaryOp::Shl => BinaryOp::Shl,
        ast::BinaryOp::Shr => BinaryOp::Shr,
        ast::BinaryOp::Eq => BinaryOp::Eq,
        ast::BinaryOp::Ne => BinaryOp::Ne,
        ast::BinaryOp::Lt => BinaryOp::Lt,
        ast::BinaryOp::Le => BinaryOp::Le,
        ast::BinaryOp::Gt => BinaryOp::Gt,
        ast::BinaryOp::Ge => BinaryOp::Ge,
        ast::BinaryOp::And => return Op::Logical(LogicalOp::And),
        ast::BinaryOp::Or => return Op::Logical(LogicalOp::Or),
    })
}
