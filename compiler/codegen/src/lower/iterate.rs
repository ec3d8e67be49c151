//! `for`: the loop over a chain or a map, calls of `next` for everything else, whose items have destructors for one.

use rgo_borrowck::VARIANT_STEP;
use rgo_hir::DefId;
use rgo_hir::body::{LabelId as SourceLabel, Mutability};
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{ExprId, PatId};
use rgo_typeck::ty::{Args, Ty, TyKind};

use super::flags::{Lifetime, Root};
use super::*;

impl Lower<'_, '_> {
    #[allow(clippy::too_many_arguments)]
    pub(super) fn for_loop(
        &mut self,
        expr: ExprId,
        label: SourceLabel,
        pat: PatId,
        iter: ExprId,
        next: (DefId, Args),
        item: Ty,
        body: ExprId,
    ) {
        let pos = self.pos;
        if !self.fused_loop(label, pat, iter, body) && !self.map_loop(label, pat, iter, body) {
            self.next_loop(expr, label, pat, iter, next, item, body);
        }
        self.pos = pos;
        self.drops(ScopeExit::ExprEnd(expr));
    }

    /// The loop over a chain.
    fn fused_loop(&mut self, label: SourceLabel, pat: PatId, iter: ExprId, body: ExprId) -> bool {
        if self.map_source(iter).is_some() || !self.is_worth_fusing(iter) || !self.is_chain(iter) {
            return false;
        }
        let chain = self.build_chain(iter);
        self.enter_repetition();
        let stmts = self.block(|lower| lower.fused_body(&chain, label, pat, body));
        self.leave_repetition();
        self.out.extend(stmts);
        true
    }

    fn fused_body(&mut self, chain: &Chain, label: SourceLabel, pat: PatId, body: ExprId) {
        self.chain_loop(chain, &mut |lower, item, jumps| {
            lower.loops.push(LoopCx {
                source: label,
                label: jumps.end,
                dest: Dest::Discard,
                is_block: false,
                next: jumps.next,
            });
            lower.bind_subject(pat, item);
            lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
            lower.loops.pop();
        });
    }

    pub(super) fn is_sequence(&self, ty: Ty) -> bool {
        matches!(ty.kind(), TyKind::Array(..) | TyKind::Slice(_)) || self.cx.vec_payload(ty).is_some()
    }

    fn bind_item(&mut self, pat: PatId, value: Expr, ty: Ty) {
        let mut bindings = Vec::new();
        self.test(pat, &super::matching::Subject::Place(value, ty), &mut bindings);
        self.bind_all(&bindings);
    }

    #[allow(clippy::too_many_arguments)]
    fn next_loop(
        &mut self,
        expr: ExprId,
        label: SourceLabel,
        pat: PatId,
        iter: ExprId,
        next: (DefId, Args),
        item: Ty,
        body: ExprId,
    ) {
        let iter_ty = self.expr_ty(iter);
        let value = self.value(iter);
        // What is lent to the loop is asked itself.
        if let Some((lent, next)) = self.lent_iterator(iter_ty) {
            let iterator = match value {
                Expr::Unary(UnaryOp::Addr, place) if matches!(*place, Expr::Var(_)) => *place,
                pointer => self.fixed_expr(pointer, iter_ty).deref(),
            };
            return self.loop_over(iterator, lent, expr, label, pat, next, item, body);
        }
        let iterator = match self.temp_vars.get(&iter) {
            Some(var) if self.dropped_temps.contains(&iter) => Expr::Var(*var),
            _ => {
                let form = self.go_ty(iter_ty);
                let var = self.locals.temporary("iter");
                self.define(var, value, Some(form));
                Expr::Var(var)
            }
        };
        self.loop_over(iterator, iter_ty, expr, label, pat, next, item, body);
    }

    #[allow(clippy::too_many_arguments)]
    fn loop_over(
        &mut self,
        iter: Expr,
        iter_ty: Ty,
        expr: ExprId,
        label: SourceLabel,
        pat: PatId,
        next: (DefId, Args),
        item: Ty,
        body: ExprId,
    ) {
        let span = self.body.exprs[expr].span;
        let item = self.ty(item);
        let args = self.cx.concrete_args(next.1, self.args);
        let go_label = self.enter_loop(label, Dest::Discard);
        let stmts = self.block(|lower| {
            let receiver = lower.reference(iter, iter_ty, Mutability::Mut);
            let option = lower.option_of(next.0, args);
            let mut val = lower.call_def(next.0, args, vec![receiver], None, span);
            let mut from = None;
            if lower.keeps_item(expr, option) {
                let stored = lower.stored(val, option);
                val = Val::One(lower.guard_item(expr, option, stored));
                let some = (0..2).find(|variant| lower.is_some_variant(option, *variant)).unwrap_or(1);
                from = Some((Root::Temp(expr), vec![VARIANT_STEP | some as u32, 0]));
            }
            lower.note_origins(pat, from);
            let (value, some) = lower.option_parts(val, option);
            lower.emit(StmtKind::if_else(
                super::expr::negated(some),
                vec![StmtKind::Break(Some(go_label)).into()],
                Vec::new(),
            ));
            match lower.simple_binding(pat) {
                Some(local) => {
                    let var = lower.new_local(local);
                    lower.define_root(Root::Local(local), var, value, Lifetime::Inner);
                    lower.taken_by(local);
                }
                None => lower.bind_item(pat, value, item),
            }
            lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
        });
        self.leave_loop(go_label, StmtKind::For(Box::new(For { init: None, cond: None, post: None, body: stmts })));
    }

    /// What an instance of `next` returns.
    pub(super) fn option_of(&mut self, def: DefId, args: Args) -> Ty {
        match crate::queries::resolve(self.cx.db, def, args) {
            crate::queries::Callee::Item(def, args) => self.cx.sig_of(def, args).output(),
            _ => self.cx.sig_of(def, args).output(),
        }
    }
}
