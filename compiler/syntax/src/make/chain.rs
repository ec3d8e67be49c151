//! Operators: the grammar reads operands and binary operators in a row; here precedence makes a tree of them.
//!
//! Precedence climbing on a stack of its own, so that a long row does not recurse.

use super::{Ctx, expr};
use crate::Span;
use crate::ast::*;

/// Operands with binary operators between them.
pub enum Chain {
    One(ChainItem),
    Many(ChainItem, Vec<((BinaryOp, Span), ChainItem)>),
}

pub enum ChainItem {
    Expr(Expr),
    /// `let pat = expr`: takes what follows up to the next `&&` or `||`.
    Let(u32, Box<Pat>, Expr),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RangeOp {
    HalfOpen,
    Closed,
    /// `...`
    Dots,
}

pub enum Prefix {
    Neg,
    Not,
    Deref,
    Ref,
    RefMut,
    RawConst,
    RawMut,
}

impl Chain {
    pub fn new(first: ChainItem) -> Chain {
        Chain::One(first)
    }

    pub fn push(self, op: (BinaryOp, Span), item: ChainItem) -> Chain {
        match self {
            Chain::One(first) => Chain::Many(first, vec![(op, item)]),
            Chain::Many(first, mut rest) => {
                rest.push((op, item));
                Chain::Many(first, rest)
            }
        }
    }
}

/// How tightly an operator binds. `let` binds looser than comparisons and tighter than `&&`.
fn precedence(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::Rem => 10,
        BinaryOp::Add | BinaryOp::Sub => 9,
        BinaryOp::Shl | BinaryOp::Shr => 8,
        BinaryOp::BitAnd => 7,
        BinaryOp::BitXor => 6,
        BinaryOp::BitOr => 5,
        BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => 4,
        BinaryOp::And => 2,
        BinaryOp::Or => 1,
    }
}

const LET: u8 = 3;

enum Pending {
    Binary(BinaryOp, Span, Expr),
    Let(u32, Box<Pat>),
}

impl Pending {
    fn precedence(&self) -> u8 {
        match self {
            Pending::Binary(op, ..) => precedence(*op),
            Pending::Let(..) => LET,
        }
    }

    fn finish(self, rhs: Expr) -> Expr {
        match self {
            Pending::Binary(op, op_span, lhs) => {
                let span = lhs.span.to(rhs.span);
                expr(ExprKind::Binary { op, op_span, lhs: Box::new(lhs), rhs: Box::new(rhs) }, span)
            }
            Pending::Let(start, pat) => {
                let span = Span::new(start, rhs.span.end);
                expr(ExprKind::Let { pat, scrutinee: Box::new(rhs) }, span)
            }
        }
    }
}

fn operand(item: ChainItem, pending: &mut Vec<Pending>) -> Expr {
    match item {
        ChainItem::Expr(expr) => expr,
        ChainItem::Let(start, pat, expr) => {
            pending.push(Pending::Let(start, pat));
            expr
        }
    }
}

impl Ctx {
    pub fn fold(&self, chain: Chain) -> Expr {
        let (first, rest) = match chain {
            Chain::One(ChainItem::Expr(expr)) => return expr,
            Chain::One(first) => (first, Vec::new()),
            Chain::Many(first, rest) => (first, rest),
        };
        let mut pending = Vec::new();
        let mut current = operand(first, &mut pending);
        let mut is_chained = false;
        for ((op, op_span), item) in rest {
            while pending.last().is_some_and(|before| before.precedence() >= precedence(op)) {
                if let Some(before) = pending.pop() {
                    is_chained |= self.are_chained(&before, op, op_span);
                    current = before.finish(current);
                }
            }
            pending.push(Pending::Binary(op, op_span, current));
            current = operand(item, &mut pending);
        }
        while let Some(before) = pending.pop() {
            current = before.finish(current);
        }
        if is_chained { expr(ExprKind::Error, current.span) } else { current }
    }

    /// Whether two comparisons follow each other so that what is meant is a guess, as generic arguments may be meant: `Vec<u8>::new()`.
    fn are_chained(&self, before: &Pending, op: BinaryOp, op_span: Span) -> bool {
        let Pending::Binary(first, first_span, _) = before else { return false };
        if !first.is_comparison() || !op.is_comparison() {
            return false;
        }
        let help = "split the comparison into two, joined by `&&`, or use parentheses";
        self.error_with_help(first_span.to(op_span), None, "comparison operators cannot be chained", help);
        let is_equality = |op: BinaryOp| matches!(op, BinaryOp::Eq | BinaryOp::Ne);
        !is_equality(*first) || !is_equality(op)
    }

    pub fn range(&self, lo: Option<Expr>, (op, op_span): (RangeOp, Span), hi: Option<Expr>) -> Expr {
        let limits = match op {
            RangeOp::HalfOpen => RangeLimits::HalfOpen,
            RangeOp::Closed => RangeLimits::Closed,
            RangeOp::Dots => {
                let help = "use `..` for an exclusive range or `..=` for an inclusive range";
                self.error_with_help(op_span, None, "unexpected token: `...`", help);
                RangeLimits::Closed
            }
        };
        if hi.is_none() && limits == RangeLimits::Closed {
            self.error_with_help(op_span, Some("E0586"), "inclusive range with no end", "use `..` instead");
        }
        let start = lo.as_ref().map_or(op_span, |lo| lo.span);
        let end = hi.as_ref().map_or(op_span, |hi| hi.span);
        expr(ExprKind::Range { lo: lo.map(Box::new), hi: hi.map(Box::new), limits }, start.to(end))
    }

    pub fn prefixed(&self, (prefix, prefix_span): (Prefix, Span), operand: Expr) -> Expr {
        let span = prefix_span.to(operand.span);
        let operand = Box::new(operand);
        let kind = match prefix {
            Prefix::Neg => ExprKind::Unary { op: UnaryOp::Neg, operand },
            Prefix::Not => ExprKind::Unary { op: UnaryOp::Not, operand },
            Prefix::Deref => ExprKind::Unary { op: UnaryOp::Deref, operand },
            Prefix::Ref => ExprKind::Ref { mutable: false, operand },
            Prefix::RefMut => ExprKind::Ref { mutable: true, operand },
            Prefix::RawConst => ExprKind::RawRef { mutable: false, operand },
            Prefix::RawMut => ExprKind::RawRef { mutable: true, operand },
        };
        expr(kind, span)
    }
}
