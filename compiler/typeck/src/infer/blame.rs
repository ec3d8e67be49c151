//! Which part of a call an unfulfilled bound of the called function is blamed on: the one argument whose type mentions what the bound is about
//! (cf. rustc, `adjust_fulfillment_errors.rs`).

use std::ops::ControlFlow;

use rgo_hir::body::{Expr, ExprId};
use rgo_hir::{DefId, DefKind};
use rgo_syntax::Span;

use super::FnCtxt;
use crate::collect;
use crate::solve::{CauseCode, FulfillError, ObligationCause};
use crate::ty::fold::{TypeVisitor, walk_types};
use crate::ty::{Args, Clause, Generics, Predicate, Ty, TyKind};

/// What a call hands to the function, in the order of its signature; `None` for what is no expression of its own.
struct Handed {
    formal: Vec<Ty>,
    actual: Vec<Option<ExprId>>,
}

impl FnCtxt<'_> {
    /// Moves the place of an error from the name of the function to the argument that it is about; where the name stands, if so.
    pub(super) fn blame_argument(&self, error: &mut FulfillError) -> Option<Span> {
        let root = error.obligation.cause.root();
        let CauseCode::WhereClause { item, span: written } = *root.code else { return None };
        let name = root.span;
        let handed = self.handed_at(name, item)?;
        let predicate = self.written_predicate(item, written, error.root.predicate)?;
        let generics = collect::generics_of(self.db, item);
        let argument = subjects(generics, predicate).into_iter().find_map(|subject| handed.only_one_with(subject))?;
        // A closure that is no such function at all is what the call is wrong about.
        let span = match &self.body.exprs[argument] {
            Expr::Closure(_) if is_callable_bound(self, predicate) => return None,
            Expr::Closure(closure) => rgo_hir::def_span(self.db, closure.def),
            _ => self.expr_span(argument),
        };
        error.obligation.cause = at(&error.obligation.cause, span);
        error.root.cause = at(&error.root.cause, span);
        Some(name)
    }

    /// The call (or struct literal) that names the item there.
    fn handed_at(&self, span: Span, item: DefId) -> Option<Handed> {
        self.body.exprs.iter().find_map(|(id, expr)| match expr {
            Expr::Call { callee, args } if self.name_span(*callee) == span || self.expr_span(*callee) == span => {
                let TyKind::FnDef(function, _) = self.resolve(*self.tables.expr_ty.get(*callee)?).kind() else {
                    return None;
                };
                Some(Handed { formal: self.formal(*function), actual: args.iter().copied().map(Some).collect() })
            }
            Expr::MethodCall { args, .. } if self.name_span(id) == span => {
                let actual = std::iter::once(None).chain(args.iter().copied().map(Some)).collect();
                Some(Handed { formal: self.formal(item), actual })
            }
            Expr::Struct { path, fields, .. } if path.ast.span == span => {
                let is_struct = matches!(item.kind(), DefKind::Struct | DefKind::Union);
                let adt = is_struct.then(|| self.adt_def(item))?;
                let declared = &adt.variants.first()?.fields;
                let formal = fields.iter().map(|(name, _)| {
                    declared.iter().find(|field| field.name == *name).map_or_else(Ty::error, |field| field.ty)
                });
                Some(Handed {
                    formal: formal.collect(),
                    actual: fields.iter().map(|(_, value)| Some(*value)).collect(),
                })
            }
            _ => None,
        })
    }

    fn formal(&self, item: DefId) -> Vec<Ty> {
        collect::fn_sig(self.db, item).value.inputs().to_vec()
    }

    /// The bound as it is written, with the item's own parameters.
    fn written_predicate(&self, item: DefId, written: Span, asked: Predicate) -> Option<Predicate> {
        let is_it = |predicate: &Predicate| match (predicate.value, asked.value) {
            (Clause::Trait(own), Clause::Trait(asked)) => own.trait_ == asked.trait_,
            (Clause::Projection(own, _), Clause::Projection(asked, _)) => own.item == asked.item,
            _ => false,
        };
        let mut known = collect::predicates_of(self.db, item).iter();
        known.find(|(predicate, span)| *span == written && is_it(predicate)).map(|(predicate, _)| *predicate)
    }
}

impl Handed {
    /// The argument whose type alone mentions a type.
    fn only_one_with(&self, subject: Ty) -> Option<ExprId> {
        let mut found = (0..self.formal.len()).filter(|index| mentions(self.formal[*index], subject));
        let (Some(index), None) = (found.next(), found.next()) else { return None };
        *self.actual.get(index)?
    }
}

/// What a bound is about: its self type, then its parameters: the function's own ones first.
fn subjects(generics: &Generics, predicate: Predicate) -> Vec<Ty> {
    let (args, mut found): (Args, Vec<Ty>) = match predicate.value {
        Clause::Trait(trait_ref) => (trait_ref.args, vec![trait_ref.self_ty()]),
        Clause::Projection(projection, _) => (projection.args, Vec::new()),
        Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => return Vec::new(),
    };
    let mut params: Vec<Ty> = Vec::new();
    let _ = walk_types(&args, |ty| {
        params.extend(matches!(ty.kind(), TyKind::Param(_)).then_some(ty));
        ControlFlow::Continue(())
    });
    let is_own = |ty: &Ty| matches!(ty.kind(), TyKind::Param(param) if param.index as usize >= generics.parent_count);
    let (own, outer): (Vec<Ty>, Vec<Ty>) = params.into_iter().partition(is_own);
    found.extend(own.first());
    found.extend(outer.first());
    found
}

fn is_callable_bound(fcx: &FnCtxt<'_>, predicate: Predicate) -> bool {
    match predicate.value {
        Clause::Trait(trait_ref) => fcx.fn_trait_kind(trait_ref.trait_).is_some(),
        Clause::Projection(projection, _) => {
            projection.item.parent().is_some_and(|trait_| fcx.fn_trait_kind(trait_).is_some())
        }
        _ => false,
    }
}

/// A cause and what it is derived from, at another place.
fn at(cause: &ObligationCause, span: Span) -> ObligationCause {
    ObligationCause { span, ..cause.clone() }
}

/// Whether a type is or holds another one. Arguments of projections do not count: an argument for `I::Item` is none for `I`.
fn mentions(ty: Ty, part: Ty) -> bool {
    struct Search {
        part: Ty,
    }
    impl TypeVisitor for Search {
        fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
            match ty.kind() {
                _ if ty == self.part => ControlFlow::Break(()),
                TyKind::Projection(..) => ControlFlow::Continue(()),
                _ => ty.super_visit_with(self),
            }
        }
    }
    Search { part }.visit_ty(ty).is_break()
}
