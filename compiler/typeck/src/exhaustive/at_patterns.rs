//! Bindings `x @ pattern` that take a value and look into it at once, whatever happens to them later (RFC 2294).

use rgo_hir::body::Mutability;

use super::Checker;
use crate::error::TypeError;
use crate::solve::is_copy;
use crate::thir::{self, PatId, PatKind};

impl Checker<'_> {
    /// `x @ Some(ref y)` borrows of what was moved; `ref x @ Some(y)` moves what is borrowed.
    pub(super) fn at_pattern(&mut self, pat: &thir::Pat) {
        let PatKind::Bind { local, by_ref, sub: Some(sub), .. } = &pat.kind else { return };
        let inner = self.bindings_below(*sub);
        let moves = |this: &Checker<'_>, ty| !is_copy(this.ctx.db, this.ctx.param_env, ty);
        let outer_moves = by_ref.is_none() && self.body.locals.get(*local).is_some_and(|local| moves(self, local.ty));
        let mut conflicts = Vec::new();
        for (inner_ref, ty, span) in inner {
            let message = match (by_ref, inner_ref) {
                (None, Some(_)) if outer_moves => "borrow of moved value",
                (Some(_), None) if moves(self, ty) => "cannot move out of value because it is borrowed",
                (Some(Mutability::Mut), Some(Mutability::Mut)) => {
                    "cannot borrow value as mutable more than once at a time"
                }
                (Some(Mutability::Mut), Some(Mutability::Not)) => {
                    "cannot borrow value as immutable because it is also borrowed as mutable"
                }
                (Some(Mutability::Not), Some(Mutability::Mut)) => {
                    "cannot borrow value as mutable because it is also borrowed as immutable"
                }
                _ => continue,
            };
            conflicts.push((message, span));
        }
        let Some((message, _)) = conflicts.first() else { return };
        let mut error = TypeError::new(self.owner, pat.span, "", *message).label("the value is taken here");
        error.code = None;
        for (_, span) in &conflicts {
            error = error.secondary(self.owner, *span, "and a part of it here");
        }
        self.errors.push(error);
    }

    fn bindings_below(&self, pat: PatId) -> Vec<(Option<Mutability>, crate::ty::Ty, rgo_syntax::Span)> {
        let mut found = Vec::new();
        let mut waiting = vec![pat];
        while let Some(pat) = waiting.pop() {
            let pat = &self.body.pats[pat];
            match &pat.kind {
                PatKind::Bind { local, by_ref, sub, .. } => {
                    if let Some(local) = self.body.locals.get(*local) {
                        found.push((*by_ref, local.ty, pat.span));
                    }
                    waiting.extend(sub);
                }
                PatKind::Variant { fields, .. } | PatKind::Leaf { fields } => {
                    waiting.extend(fields.iter().map(|(_, pat)| *pat));
                }
                PatKind::Deref { pat } => waiting.push(*pat),
                PatKind::Slice { prefix, slice, suffix } => {
                    waiting.extend(prefix.iter().chain(slice.iter().flatten()).chain(suffix));
                }
                PatKind::Or(pats) => waiting.extend(pats),
                PatKind::Wild | PatKind::Never | PatKind::Const(_) | PatKind::Range { .. } | PatKind::Error => {}
            }
        }
        found
    }
}
