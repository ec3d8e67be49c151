//! `panic!` and its like, and assertions: calls of std's `panic_fmt` with the message that Rust prints.

use rgo_syntax::ast::MacroCall;
use rgo_syntax::{MacroArg, Name, Span};

use super::Ctx;
use super::macros::{Empty, plain_placeholder};
use crate::body::*;

impl Ctx<'_> {
    pub fn panic_macro(&mut self, call: &MacroCall, name: &str, span: Span) -> ExprId {
        let args = self.macro_args(call);
        let (alone, before) = match name {
            "todo" => ("not yet implemented", "not yet implemented: "),
            "unimplemented" => ("not implemented", "not implemented: "),
            "unreachable" => ("internal error: entered unreachable code", "internal error: entered unreachable code: "),
            _ => ("explicit panic", ""),
        };
        let message = if args.is_empty() {
            self.text_args(alone, span)
        } else {
            let value = self.format_parts(&args, Empty::Refused, span);
            self.format_around(before, value, "", span)
        };
        self.call_lang("panic_fmt", vec![message], span)
    }

    /// A message with text before and after what was written.
    fn format_around(&mut self, before: &str, value: FormatArgs, after: &str, span: Span) -> ExprId {
        let mut pieces = Vec::new();
        if !before.is_empty() {
            pieces.push(FormatPiece::Text(Name::new(before)));
        }
        pieces.extend(value.pieces);
        if !after.is_empty() {
            pieces.push(FormatPiece::Text(Name::new(after)));
        }
        self.alloc(Expr::FormatArgs(FormatArgs { pieces: join_texts(pieces), args: value.args }), span)
    }

    /// `if !cond { panic }`
    fn panic_unless(&mut self, cond: ExprId, message: ExprId, span: Span) -> ExprId {
        let not = self.alloc(Expr::Unary { op: UnaryOp::Not, expr: cond }, span);
        let panic = self.call_lang("panic_fmt", vec![message], span);
        let block =
            Block { stmts: vec![Stmt::Expr { expr: panic, semi: Semi::Yes }], tail: None, label: None, scope: None };
        let then = self.alloc(Expr::Block(block), span);
        self.map.block_ends.insert(then, span.last());
        self.alloc(Expr::If { cond: not, then, otherwise: None }, span)
    }

    pub fn assert_macro(&mut self, call: &MacroCall, span: Span) -> ExprId {
        let args = self.macro_args(call);
        let Some((cond, rest)) = args.split_first() else {
            self.plain_error(span, "macro requires a boolean expression as an argument");
            return self.missing(span);
        };
        let text = self.source_text(cond.value.span);
        let cond = self.expr(&cond.value);
        let message = if rest.is_empty() {
            self.text_args(&format!("assertion failed: {text}"), span)
        } else {
            let value = self.format_parts(rest, Empty::Refused, span);
            self.format_around("", value, "", span)
        };
        self.panic_unless(cond, message, span)
    }

    /// `match (&a, &b) { (left, right) => if !(*left == *right) { panic } }`
    pub fn assert_compare(&mut self, call: &MacroCall, name: &str, op: BinaryOp, span: Span) -> ExprId {
        let known = self.errors.len();
        let args = self.macro_args(call);
        let parses = self.errors.len() == known;
        let [left, right, rest @ ..] = args.as_slice() else {
            // What did not parse has been reported.
            if parses {
                self.plain_error(span, format!("`{name}!` takes two values to compare"));
            }
            return self.missing(span);
        };
        let reference = |ctx: &mut Self, arg: &MacroArg| {
            let expr = ctx.expr(&arg.value);
            ctx.alloc(Expr::Ref { mutability: Mutability::Not, expr }, span)
        };
        // Of another type than the left one, the right one is what is wrong, but with `assert_ne!`, as in rustc.
        let right_span = if op == BinaryOp::Eq { right.value.span } else { span };
        let left = reference(self, left);
        let right = reference(self, right);
        let scrutinee = self.alloc(Expr::Tuple(vec![left, right]), span);
        let left = self.synthetic_local("left", span);
        let right = self.synthetic_local("right", span);
        let pats = [left, right].map(|local| self.alloc_pat(Pat::Bind { local, sub: None }, span));
        let pat = self.alloc_pat(Pat::Tuple(pats.to_vec()), span);

        let value = |ctx: &mut Self, local, span| {
            let expr = ctx.alloc(Expr::Local(local), span);
            ctx.alloc(Expr::Unary { op: UnaryOp::Deref, expr }, span)
        };
        let lhs = value(self, left, span);
        let rhs = value(self, right, right_span);
        let cond = self.alloc(Expr::Binary { op, lhs, rhs }, span);
        self.map.names.insert(cond, span);
        let message = self.compare_message(op, left, right, rest, span);
        let body = self.panic_unless(cond, message, span);
        let arms = vec![Arm { pat, guard: None, body }];
        self.alloc(Expr::Match { scrutinee, arms, source: MatchSource::Macro }, span)
    }

    fn compare_message(
        &mut self,
        op: BinaryOp,
        left: LocalId,
        right: LocalId,
        rest: &[MacroArg],
        span: Span,
    ) -> ExprId {
        let operator = if op == BinaryOp::Eq { "==" } else { "!=" };
        let mut value = if rest.is_empty() {
            FormatArgs { pieces: Vec::new(), args: Vec::new() }
        } else {
            self.format_parts(rest, Empty::Refused, span)
        };
        let colon = if rest.is_empty() { "" } else { ": " };
        let head = format!("assertion `left {operator} right` failed{colon}");
        value.pieces.insert(0, FormatPiece::Text(Name::new(&head)));
        for (text, local) in [("\n  left: ", left), ("\n right: ", right)] {
            let local = self.alloc(Expr::Local(local), span);
            let shown = self.alloc(Expr::Unary { op: UnaryOp::Deref, expr: local }, span);
            value.pieces.push(FormatPiece::Text(Name::new(text)));
            value.pieces.push(FormatPiece::Arg(plain_placeholder(value.args.len(), FormatTrait::Debug)));
            value.args.push(shown);
        }
        value.pieces = join_texts(value.pieces);
        self.alloc(Expr::FormatArgs(value), span)
    }
}

/// Puts neighbouring texts together.
pub fn join_texts(pieces: Vec<FormatPiece>) -> Vec<FormatPiece> {
    let mut joined: Vec<FormatPiece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(FormatPiece::Text(before)), FormatPiece::Text(after)) => {
                *before = Name::new(&format!("{before}{after}"));
            }
            (_, piece) => joined.push(piece),
        }
    }
    joined
}
