//! Which temporaries of a `let` initialiser live as long as the block (Rust reference, "Temporary lifetime extension").

use rgo_hir::body::Mutability;
use rgo_typeck::thir::{self, ExprKind, PatKind};

use super::{Builder, is_constructor};

impl Builder<'_> {
    pub(super) fn extend_let(&mut self, pat: thir::PatId, init: thir::ExprId, scope: usize) {
        self.extend_borrowed(init, Some(scope));
        if self.is_binding_pattern(pat) {
            self.extend_place(init, Some(scope));
        }
    }

    /// Extends the operands of borrow expressions in extending positions of `id`.
    pub(super) fn extend_borrowed(&mut self, id: thir::ExprId, scope: Option<usize>) {
        let thir = self.thir;
        let id = self.unadjusted(id);
        match &thir.exprs[id].kind {
            ExprKind::Borrow { place, .. } => {
                self.extend_borrowed(*place, scope);
                self.extend_place(*place, scope);
            }
            ExprKind::Coerce { expr, .. } | ExprKind::Cast { expr, .. } => self.extend_borrowed(*expr, scope),
            ExprKind::Adt(adt) => adt.fields.iter().for_each(|(_, value)| self.extend_borrowed(*value, scope)),
            ExprKind::Array(items) | ExprKind::Tuple(items) => {
                items.iter().for_each(|item| self.extend_borrowed(*item, scope));
            }
            ExprKind::Range { start, end, .. } => {
                start.iter().chain(end).for_each(|item| self.extend_borrowed(*item, scope));
            }
            ExprKind::Call { callee, args, .. } => {
                if let ExprKind::FnItem { def, .. } = &thir.exprs[*callee].kind
                    && is_constructor(*def)
                {
                    args.iter().for_each(|arg| self.extend_borrowed(*arg, scope));
                }
            }
            ExprKind::FormatArgs(format) => {
                for arg in &format.args {
                    self.extend_borrowed(*arg, scope);
                    self.extend_place(*arg, scope);
                }
            }
            ExprKind::Block(block) => {
                thir.blocks[*block].tail.iter().for_each(|tail| self.extend_borrowed(*tail, scope))
            }
            ExprKind::If { then, otherwise, .. } => {
                self.extend_borrowed(*then, scope);
                otherwise.iter().for_each(|expr| self.extend_borrowed(*expr, scope));
            }
            ExprKind::Match { arms, .. } => {
                arms.iter().for_each(|arm| self.extend_borrowed(thir.arms[*arm].body, scope));
            }
            _ => {}
        }
    }

    /// The expression as written, below the implicit conversions around it.
    fn unadjusted(&self, id: thir::ExprId) -> thir::ExprId {
        let thir = self.thir;
        let written = thir.exprs[id].hir;
        let (mut id, mut below) = (id, id);
        loop {
            below = match &thir.exprs[below].kind {
                ExprKind::Coerce { expr, .. } | ExprKind::Deref(expr) => *expr,
                ExprKind::Borrow { place, implicit: true, .. } => *place,
                ExprKind::Call { args, source: thir::CallSource::Operator, .. } if args.len() == 1 => args[0],
                _ => return id,
            };
            // What only the conversion made has no expression of its own.
            match thir.exprs[below].hir {
                None => {}
                from if from == written => id = below,
                Some(_) => return id,
            }
        }
    }

    /// Extends the temporary that the place `id` is in.
    fn extend_place(&mut self, id: thir::ExprId, scope: Option<usize>) {
        let thir = self.thir;
        let mut id = id;
        loop {
            self.extended.insert(id, scope);
            id = match &thir.exprs[id].kind {
                ExprKind::Borrow { place, .. } => *place,
                // `*x` and `x[i]` of a type with its own `deref` or `index` are places in `x` all the same.
                ExprKind::Deref(inner) => match &thir.exprs[*inner].kind {
                    ExprKind::Call { callee, args, source: thir::CallSource::Operator }
                        if self.is_place_operator(*callee) && !args.is_empty() =>
                    {
                        args[0]
                    }
                    _ => *inner,
                },
                ExprKind::Field { base: inner, .. } | ExprKind::Index { base: inner, .. } => *inner,
                ExprKind::Coerce { expr, .. } => *expr,
                _ => return,
            };
        }
    }

    fn is_place_operator(&self, callee: thir::ExprId) -> bool {
        let ExprKind::FnItem { def, .. } = &self.thir.exprs[callee].kind else { return false };
        let of = |lang| rgo_hir::lang_item(self.db, lang).is_some_and(|operator| def.parent() == Some(operator));
        ["deref", "deref_mut", "index", "index_mut"].into_iter().any(of)
    }

    /// A pattern that borrows from what it matches: `ref x`, in a position that extends.
    fn is_binding_pattern(&self, pat: thir::PatId) -> bool {
        match &self.thir.pats[pat].kind {
            PatKind::Bind { by_ref: Some(Mutability::Not | Mutability::Mut), .. } => true,
            PatKind::Bind { by_ref: None, .. } => false,
            PatKind::Variant { fields, .. } | PatKind::Leaf { fields } => {
                fields.iter().any(|(_, pat)| self.is_binding_pattern(*pat))
            }
            PatKind::Slice { prefix, slice, suffix } => {
                prefix.iter().chain(slice.iter().flatten()).chain(suffix).any(|pat| self.is_binding_pattern(*pat))
            }
            PatKind::Or(pats) => pats.iter().any(|pat| self.is_binding_pattern(*pat)),
            PatKind::Wild
            | PatKind::Never
            | PatKind::Deref { .. }
            | PatKind::Const(_)
            | PatKind::Range { .. }
            | PatKind::Error => false,
        }
    }
}
