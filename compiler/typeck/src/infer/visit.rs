//! Walking HIR expressions: which locals of the parent does a closure mention?

use rgo_hir::DefId;
use rgo_hir::body::{Body, Expr, ExprId, LocalId, Pat, PatId, Stmt};
use rustc_hash::FxHashSet;

use super::FnCtxt;

/// Calls `visit` for an expression and everything in it, closures' bodies included.
pub fn walk_expr(body: &Body, expr: ExprId, visit: &mut dyn FnMut(ExprId), visit_pat: &mut dyn FnMut(PatId)) {
    visit(expr);
    let mut walk = |expr: ExprId| walk_expr(body, expr, visit, visit_pat);
    match &body.exprs[expr] {
        Expr::Missing
        | Expr::Literal(_)
        | Expr::Path(_)
        | Expr::Local(_)
        | Expr::ConstBlock(_)
        | Expr::Underscore
        | Expr::Continue { .. } => {}
        Expr::Unary { expr, .. }
        | Expr::Ref { expr, .. }
        | Expr::Field { expr, .. }
        | Expr::Try(expr)
        | Expr::Cast { expr, .. }
        | Expr::Repeat { value: expr, .. }
        | Expr::Loop { body: expr, .. } => walk(*expr),
        Expr::Binary { lhs, rhs, .. } | Expr::Logical { lhs, rhs, .. } => {
            walk(*lhs);
            walk(*rhs);
        }
        Expr::Assign { place, value } | Expr::AssignOp { place, value, .. } => {
            walk(*place);
            walk(*value);
        }
        Expr::DestructureAssign { pat, value, assigns } => {
            walk(*value);
            assigns.iter().for_each(|(_, place)| walk(*place));
            walk_pat(body, *pat, visit_pat);
        }
        Expr::Call { callee, args } => {
            walk(*callee);
            args.iter().for_each(|arg| walk(*arg));
        }
        Expr::MethodCall { receiver, args, .. } => {
            walk(*receiver);
            args.iter().for_each(|arg| walk(*arg));
        }
        Expr::Index { base, index } => {
            walk(*base);
            walk(*index);
        }
        Expr::Array(items) | Expr::VecMacro(items) | Expr::Tuple(items) => items.iter().for_each(|item| walk(*item)),
        Expr::VecRepeat { value, len } => {
            walk(*value);
            walk(*len);
        }
        Expr::Struct { fields, base, .. } => {
            fields.iter().for_each(|(_, value)| walk(*value));
            base.iter().for_each(|base| walk(*base));
        }
        Expr::Range { start, end, .. } => start.iter().chain(end).for_each(|bound| walk(*bound)),
        Expr::Block(block) => {
            for stmt in &block.stmts {
                match stmt {
                    Stmt::Let { pat, init, otherwise, .. } => {
                        init.iter().chain(otherwise).for_each(|expr| walk_expr(body, *expr, visit, visit_pat));
                        walk_pat(body, *pat, visit_pat);
                    }
                    Stmt::Expr { expr, .. } => walk_expr(body, *expr, visit, visit_pat),
                    Stmt::Item(_) => {}
                }
            }
            if let Some(tail) = block.tail {
                walk_expr(body, tail, visit, visit_pat);
            }
        }
        Expr::If { cond, then, otherwise } => {
            walk(*cond);
            walk(*then);
            otherwise.iter().for_each(|expr| walk(*expr));
        }
        Expr::Let { pat, scrutinee } => {
            walk(*scrutinee);
            walk_pat(body, *pat, visit_pat);
        }
        Expr::Match { scrutinee, arms, .. } => {
            walk(*scrutinee);
            for arm in arms {
                walk_pat(body, arm.pat, visit_pat);
                arm.guard.iter().for_each(|guard| walk_expr(body, *guard, visit, visit_pat));
                walk_expr(body, arm.body, visit, visit_pat);
            }
        }
        Expr::While { cond, body: block, .. } => {
            walk(*cond);
            walk(*block);
        }
        Expr::For { pat, iter, body: block, .. } => {
            walk(*iter);
            walk(*block);
            walk_pat(body, *pat, visit_pat);
        }
        Expr::Break { value, .. } | Expr::Return(value) => value.iter().for_each(|value| walk(*value)),
        Expr::Closure(closure) => {
            walk(closure.body);
            closure.params.iter().for_each(|(pat, _)| walk_pat(body, *pat, visit_pat));
        }
        Expr::FormatArgs(format) => format.args.iter().for_each(|arg| walk(*arg)),
    }
}

pub fn walk_pat(body: &Body, pat: PatId, visit: &mut dyn FnMut(PatId)) {
    visit(pat);
    match &body.pats[pat] {
        Pat::Bind { sub, .. } => sub.iter().for_each(|sub| walk_pat(body, *sub, visit)),
        Pat::Ref { pat, .. } => walk_pat(body, *pat, visit),
        Pat::Tuple(pats) | Pat::TupleStruct { pats, .. } | Pat::Slice(pats) | Pat::Or(pats) => {
            pats.iter().for_each(|pat| walk_pat(body, *pat, visit));
        }
        Pat::Struct { fields, .. } => fields.iter().for_each(|(_, pat)| walk_pat(body, *pat, visit)),
        Pat::Missing
        | Pat::Wild
        | Pat::Rest
        | Pat::Literal { .. }
        | Pat::Range { .. }
        | Pat::Path(_)
        | Pat::ConstBlock(_) => {}
    }
}

impl FnCtxt<'_> {
    /// Whether a closure of this body (or of one that this body can see) uses locals from outside of it.
    pub fn mentions_outer_locals(&self, closure: DefId) -> bool {
        let Some(entry) = self.tables.closures.get(&closure) else {
            // Of another body: it cannot be named here with captures unless it came through an opaque type.
            return true;
        };
        let body = self.body;
        let mut used: FxHashSet<LocalId> = FxHashSet::default();
        let mut bound: FxHashSet<LocalId> = FxHashSet::default();
        walk_expr(
            body,
            entry.expr,
            &mut |expr| {
                if let Expr::Local(local) = &body.exprs[expr] {
                    used.insert(*local);
                }
            },
            &mut |pat| {
                if let Pat::Bind { local, .. } = &body.pats[pat] {
                    bound.insert(*local);
                }
            },
        );
        used.iter().any(|local| !bound.contains(local))
    }
}
