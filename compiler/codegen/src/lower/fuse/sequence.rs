//! Iterators of std that are sequences of Go (`#[go(seq = "…")]`), and the slices that they are collected in.

use rgo_typeck::thir::ExprKind;
use rgo_typeck::ty::{ConstValue, TyKind};

use super::*;
use crate::attrs;

impl<'db> Lower<'_, 'db> {
    /// Whether Go splits a text by this as Rust does: at a character, or at a text that is known not to be empty.
    pub(super) fn is_known_separator(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Literal(ConstValue::Str(text)) => !text.as_str().is_empty(),
            _ => matches!(self.expr_ty(expr).kind(), TyKind::Char),
        }
    }

    /// The chain over what a call returns, if Go has a sequence for it.
    pub(super) fn sequence_chain(&mut self, args: &'db [ExprId], expr: ExprId) -> Option<Chain> {
        let ExprKind::Call { callee, .. } = &self.body.exprs[expr].kind else { return None };
        let ExprKind::FnItem { def, args: generic, .. } = &self.body.exprs[*callee].kind else { return None };
        let generic = self.cx.concrete_args(*generic, self.args);
        let forms = attrs::go_sequences(self.cx.db, *def);
        let form = forms.into_iter().find(|form| match &form.condition {
            Some(condition) => self.cx.condition(condition, generic),
            None => true,
        })?;
        let (text, separator) = args.split_first()?;
        let mut values = vec![self.text(*text)];
        for arg in separator {
            let ty = self.expr_ty(*arg);
            let value = self.unchanged(*arg);
            values.push(self.fixed_expr(value, ty));
        }
        let span = self.body.exprs[expr].span;
        let item = self.item_of(expr);
        let mut filled = |attr: &attrs::GoAttr| {
            let val = self.fill(attr, *def, generic, values.clone(), span);
            self.stored(val, item)
        };
        let seq = form.seq.as_ref().map(&mut filled);
        let list = form.list.as_ref().map(filled);
        Some(Chain::of(Source::Sequence(Sequence { seq, list, item })))
    }

    /// The slice that a chain is collected in, where a function of Go or a conversion makes it.
    pub(in crate::lower) fn list_of_chain(&mut self, chain: &Chain) -> Option<Expr> {
        let (list, item) = match &chain.source {
            Source::Sequence(Sequence { list: Some(list), item, .. }) => (list.clone(), *item),
            Source::Chars { text, positions: false } => {
                (Expr::convert(Type::name("rune").slice(), text.clone()), Ty::char())
            }
            Source::Bytes { text, direction: Direction::Forward } => {
                (Expr::convert(Type::name("uint8").slice(), text.clone()), Ty::u8())
            }
            Source::Items { base, elem, by: ItemBy::Ref(_), direction: Direction::Forward, storage }
                if matches!(chain.stages.first(), Some(Stage::Copied(_) | Stage::Cloned(_)))
                    && self.cx.clones_as_is(*elem) =>
            {
                let items = match storage {
                    Storage::Array => base.clone().slice(None, None),
                    Storage::Slice => base.clone(),
                };
                (Expr::call(Expr::imported("slices", "Clone"), vec![items]), *elem)
            }
            _ => return None,
        };
        chain.stages.iter().all(|stage| self.is_identity(stage, item)).then_some(list)
    }

    /// Whether what comes out of a stage is, in Go, what went in.
    fn is_identity(&mut self, stage: &Stage, item: Ty) -> bool {
        let (function, ty) = match stage {
            Stage::Map(function, ty) => (function, ty),
            Stage::Copied(ty) | Stage::Cloned(ty) => return *ty == item,
            _ => return false,
        };
        if self.go_ty(*ty) != self.go_ty(item) {
            return false;
        }
        let probe = self.locals.temporary("part");
        let mut value = None;
        let stmts = self.block(|lower| {
            let val = lower.apply(function, vec![Subject::Place(Expr::Var(probe), item)], *ty);
            value = Some(lower.stored(val, *ty));
        });
        stmts.is_empty() && value == Some(Expr::Var(probe))
    }
}
