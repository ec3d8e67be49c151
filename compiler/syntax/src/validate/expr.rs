//! Expressions, statements, blocks.

use super::{Place, Validator};
use crate::Span;
use crate::ast::*;
use crate::refused::Refused;

impl Validator {
    pub(super) fn block(&mut self, block: &Block) {
        for stmt in &block.stmts {
            for attr in stmt.attrs.iter().filter(|attr| attr.is("derive")) {
                self.error(attr.span, Some("E0774"), "`derive` may only be applied to structs, enums and unions");
            }
            match &stmt.kind {
                StmtKind::Let(stmt) => self.let_stmt(stmt),
                StmtKind::Item(item) => self.item(item, Place::Block),
                StmtKind::Expr(expr) | StmtKind::Semi(expr) => self.expr(expr),
                StmtKind::Empty | StmtKind::Error => {}
            }
        }
        if let Some(tail) = &block.tail {
            self.expr(tail);
        }
    }

    fn let_stmt(&mut self, stmt: &LetStmt) {
        self.top_pat(&stmt.pat, "`let` bindings require top-level or-patterns in parentheses");
        if let Some(ty) = &stmt.ty {
            self.ty(ty);
        }
        if let Some(init) = &stmt.init {
            self.expr(init);
        }
        if let Some(block) = &stmt.else_ {
            if let Some(init) = &stmt.init {
                self.let_else_init(init);
            }
            self.block(block);
        }
    }

    fn let_else_init(&mut self, init: &Expr) {
        if let ExprKind::Binary { op, .. } = &init.kind {
            if op.is_lazy() {
                let message = format!("a `{}` expression cannot be directly assigned in `let...else`", op.as_str());
                return self.error_with_help(init.span, None, message, "wrap the expression in parentheses");
            }
        }
        if let Some(span) = trailing_brace(init) {
            let message = "right curly brace `}` before `else` in a `let...else` statement not allowed";
            self.error_with_help(span, None, message, "wrap the expression in parentheses");
        }
    }

    /// What may hold `let`: the condition of `if` and `while`, a guard.
    pub(super) fn condition(&mut self, expr: &Expr) {
        let mut expr = expr;
        while let ExprKind::Binary { op: BinaryOp::And, lhs, rhs, .. } = &expr.kind {
            self.condition_part(rhs);
            expr = lhs;
        }
        self.condition_part(expr);
    }

    fn condition_part(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Let { pat, scrutinee } => {
                self.pat(pat);
                self.expr(scrutinee);
            }
            _ => self.expr(expr),
        }
    }

    pub(super) fn expr(&mut self, expr: &Expr) {
        let mut next = Some(expr);
        while let Some(expr) = next {
            next = self.expr_but_first(expr);
        }
    }

    /// Validates all but the leftmost part, which it gives back.
    fn expr_but_first<'e>(&mut self, expr: &'e Expr) -> Option<&'e Expr> {
        match &expr.kind {
            ExprKind::Binary { op, op_span, lhs, rhs } => {
                if *op == BinaryOp::Lt && rhs.span.start == op_span.end && starts_with_minus(rhs) {
                    let arrow = Span::new(op_span.start, op_span.end + 1);
                    let help = "to compare with a negative value, add a space between `<` and `-`";
                    self.error_with_help(arrow, None, "unexpected token: `<-`", help);
                }
                self.expr(rhs);
                Some(lhs)
            }
            ExprKind::AssignOp { lhs, rhs, .. } => {
                self.expr(rhs);
                Some(lhs)
            }
            ExprKind::Unary { operand, .. }
            | ExprKind::Ref { operand, .. }
            | ExprKind::Try(operand)
            | ExprKind::Paren(operand) => Some(operand),
            ExprKind::Cast { operand, ty } => {
                self.ty(ty);
                Some(operand)
            }
            ExprKind::RawRef { operand, .. } => {
                self.refuse(expr.span, Refused::RawPointer);
                Some(operand)
            }
            ExprKind::Await(operand) => {
                self.refuse(Span::new(operand.span.end, expr.span.end), Refused::Async);
                Some(operand)
            }
            ExprKind::Call { callee, args } => {
                self.exprs(args);
                Some(callee)
            }
            ExprKind::MethodCall { receiver, method, args } => {
                if let Some(args) = &method.args {
                    self.generic_args(args);
                }
                self.exprs(args);
                Some(receiver)
            }
            ExprKind::Field { base, .. } | ExprKind::TupleField { base, .. } => Some(base),
            ExprKind::Index { base, index } => {
                self.expr(index);
                Some(base)
            }
            ExprKind::If { cond, then, else_ } => {
                self.condition(cond);
                self.block(then);
                else_.as_deref()
            }
            ExprKind::Range { lo, hi, .. } => {
                if let Some(hi) = hi {
                    self.expr(hi);
                }
                lo.as_deref()
            }
            ExprKind::Assign { lhs, rhs, .. } => {
                self.assignee(lhs);
                Some(rhs)
            }
            ExprKind::Return(value) | ExprKind::Break { value, .. } => value.as_deref(),
            ExprKind::Closure(closure) => {
                self.closure(closure);
                Some(&closure.body)
            }
            _ => {
                self.other_expr(expr);
                None
            }
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) {
        exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn other_expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Lit(lit) => self.literal(lit, expr.span),
            ExprKind::Path(path) => {
                if let Some("i128" | "u128") = path.path.segments.first().map(|segment| segment.ident.as_str()) {
                    self.refuse(path.span, Refused::Int128);
                }
                self.qpath(path);
            }
            ExprKind::Array(elems) | ExprKind::Tuple(elems) => self.exprs(elems),
            ExprKind::Repeat { elem, len } => {
                self.expr(elem);
                self.array_len(len);
            }
            ExprKind::Struct(s) => {
                self.struct_fields(s);
                if let StructRest::Rest(span) = &s.rest {
                    self.error_with_help(
                        *span,
                        Some("E0797"),
                        "base expression required after `..`",
                        "add a base expression",
                    );
                }
            }
            ExprKind::Block { block, .. } | ExprKind::ConstBlock(block) => self.block(block),
            ExprKind::Unsafe(block) => {
                self.refuse(Span::new(expr.span.start, expr.span.start + 6), Refused::Unsafe);
                self.block(block);
            }
            ExprKind::Async { block, .. } => {
                self.refuse(Span::new(expr.span.start, expr.span.start + 5), Refused::Async);
                self.block(block);
            }
            ExprKind::Let { pat, scrutinee } => {
                let span = Span::new(expr.span.start, expr.span.start + 3);
                self.error(span, None, "expected expression, found `let` statement");
                self.pat(pat);
                self.expr(scrutinee);
            }
            ExprKind::Match { scrutinee, arms } => {
                self.expr(scrutinee);
                for arm in arms {
                    self.no_derive(&arm.attrs);
                    self.pat(&arm.pat);
                    if let Some(guard) = &arm.guard {
                        self.condition(guard);
                    }
                    self.expr(&arm.body);
                }
            }
            ExprKind::While { cond, body, .. } => {
                self.condition(cond);
                self.block(body);
            }
            ExprKind::Loop { body, .. } => self.block(body),
            ExprKind::For { pat, iter, body, .. } => {
                self.pat(pat);
                self.expr(iter);
                self.block(body);
            }
            ExprKind::Underscore => {
                let message = "in expressions, `_` can only be used on the left-hand side of an assignment";
                self.error(expr.span, None, message);
            }
            _ => {}
        }
    }

    fn struct_fields(&mut self, s: &StructExpr) {
        self.qpath(&s.path);
        s.fields.iter().for_each(|field| self.expr(&field.value));
        if let StructRest::Base(base) = &s.rest {
            self.expr(base);
        }
    }

    fn closure(&mut self, closure: &Closure) {
        if let Some(span) = closure.refused {
            self.refuse(span, if span.len() == 5 { Refused::Async } else { Refused::Nightly });
        }
        for param in &closure.params {
            self.pat(&param.pat);
            if let Some(ty) = &param.ty {
                self.ty(ty);
            }
        }
        if let Some(ret) = &closure.ret {
            self.ty(ret);
        }
    }

    /// The left side of `=`: a place, or a pattern written as an expression.
    fn assignee(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Underscore | ExprKind::Range { lo: None, hi: None, limits: RangeLimits::HalfOpen } => {}
            ExprKind::Tuple(elems) | ExprKind::Array(elems) => elems.iter().for_each(|elem| self.assignee(elem)),
            ExprKind::Paren(inner) => self.assignee(inner),
            ExprKind::Call { callee, args } => {
                self.expr(callee);
                args.iter().for_each(|arg| self.assignee(arg));
            }
            ExprKind::Struct(s) => {
                self.qpath(&s.path);
                s.fields.iter().for_each(|field| self.assignee(&field.value));
                if let StructRest::Base(base) = &s.rest {
                    self.error(
                        base.span,
                        None,
                        "functional record updates are not allowed in destructuring assignments",
                    );
                }
            }
            _ => self.expr(expr),
        }
    }

    /// `[x; _]` infers the length.
    pub(super) fn array_len(&mut self, len: &Expr) {
        if len.without_parens().kind != ExprKind::Underscore {
            self.expr(len);
        }
    }

    pub(super) fn literal(&mut self, lit: &Lit, span: Span) {
        match lit {
            Lit::CStr(_) => self.refuse(span, Refused::CString),
            Lit::Int { suffix: Some(suffix), .. } if matches!(suffix.as_str(), "i128" | "u128") => {
                self.refuse(span, Refused::Int128)
            }
            _ => {}
        }
    }
}

/// The last character of the expression, if that is the brace of a block, match or struct literal.
fn trailing_brace(expr: &Expr) -> Option<Span> {
    let mut expr = expr;
    loop {
        expr = match &expr.kind {
            ExprKind::Block { .. }
            | ExprKind::ConstBlock(_)
            | ExprKind::Unsafe(_)
            | ExprKind::Async { .. }
            | ExprKind::If { .. }
            | ExprKind::Match { .. }
            | ExprKind::While { .. }
            | ExprKind::Loop { .. }
            | ExprKind::For { .. }
            | ExprKind::Struct(_) => return Some(Span::new(expr.span.end - 1, expr.span.end)),
            ExprKind::Macro(call) if call.delim == Delim::Brace => {
                return Some(Span::new(expr.span.end - 1, expr.span.end));
            }
            ExprKind::Binary { rhs, .. } | ExprKind::Assign { rhs, .. } | ExprKind::AssignOp { rhs, .. } => rhs,
            ExprKind::Unary { operand, .. } | ExprKind::Ref { operand, .. } => operand,
            ExprKind::Range { hi: Some(hi), .. } => hi,
            ExprKind::Return(Some(value)) | ExprKind::Break { value: Some(value), .. } => value,
            ExprKind::Closure(closure) => &closure.body,
            _ => return None,
        };
    }
}

/// Whether the first token is a `-`.
fn starts_with_minus(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Unary { op, .. } => *op == UnaryOp::Neg,
        ExprKind::Binary { lhs, .. } => starts_with_minus(lhs),
        ExprKind::Cast { operand, .. } => starts_with_minus(operand),
        _ => false,
    }
}
