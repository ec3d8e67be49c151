//! Private types and traits among the types of a body's expressions, patterns and written types.
//!
//! One place, one error: what stands inside a place that was reported is not looked at (rustc's `TypePrivacyVisitor` stops there). An error
//! may cover more than it is shown at: a `let` whose value is private has no pattern to blame.

use rgo_hir::body::BodySourceMap;
use rgo_hir::{Db, DefId};
use rgo_syntax::Span;

use super::private_types::{self, Private, Reach};
use crate::error::TypeError;
use crate::thir::{Body, CallSource, Expr, ExprId, ExprKind, StmtKind};
use crate::ty::Ty;

struct Found {
    shown: Span,
    /// What is not looked at for this one.
    covered: Span,
    private: Private,
}

struct Finder<'a, 'db> {
    reach: &'a mut Reach<'db>,
    body: &'a Body,
    map: &'a BodySourceMap,
    found: Vec<Found>,
}

/// Errors of an owner's body and of the closures in it.
pub fn check<'a>(db: &dyn Db, owner: DefId, bodies: impl IntoIterator<Item = &'a Body>, errors: &mut Vec<TypeError>) {
    if owner.is_std() {
        return;
    }
    let map = rgo_hir::body_source_map(db, owner);
    let mut reach = Reach::of(db, owner);
    let mut found = Vec::new();
    for body in bodies {
        let mut finder = Finder { reach: &mut reach, body, map, found: Vec::new() };
        finder.body();
        found.append(&mut finder.found);
    }
    for (index, one) in found.iter().enumerate() {
        let hides = |(position, other): (usize, &Found)| {
            let is_inside = |inner: Span| other.covered.start <= inner.start && inner.end <= other.covered.end;
            let is_earlier = other.covered != one.covered || position < index;
            position != index && is_inside(one.shown) && is_inside(one.covered) && is_earlier
        };
        if !found.iter().enumerate().any(hides) {
            errors.push(private_types::error(owner, one.shown, &one.private));
        }
    }
}

impl Finder<'_, '_> {
    fn add(&mut self, private: Option<Private>, shown: Span, covered: Span) {
        self.found.extend(private.map(|private| Found { shown, covered, private }));
    }

    fn ty(&mut self, ty: Ty, span: Span) {
        let private = self.reach.ty(ty);
        self.add(private, span, span);
    }

    fn body(&mut self) {
        let body = self.body;
        for (_, expr) in body.exprs.iter() {
            self.ty(expr.ty, expr.span);
            self.parts(expr);
        }
        for (_, pat) in body.pats.iter() {
            self.ty(pat.ty, pat.span);
        }
        for param in &body.params {
            if let Some(user_ty) = &param.user_ty {
                self.ty(user_ty.ty, user_ty.span);
            }
        }
        for (_, stmt) in body.stmts.iter() {
            let StmtKind::Let { user_ty, init, .. } = &stmt.kind else { continue };
            if let Some(user_ty) = user_ty {
                self.ty(user_ty.ty, user_ty.span);
            }
            if let Some(init) = init {
                self.decisive(*init, stmt.span);
            }
        }
    }

    /// Where this expression is private, nothing else of what it stands in is looked at.
    fn decisive(&mut self, expr: ExprId, covered: Span) {
        let expr = &self.body.exprs[expr];
        let private = self.reach.ty(expr.ty);
        self.add(private, expr.span, covered);
    }

    fn parts(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Match { scrutinee: decisive, .. } | ExprKind::Assign { value: decisive, .. } => {
                self.decisive(*decisive, expr.span);
            }
            ExprKind::Cast { user_ty: Some(user_ty), .. } => self.ty(user_ty.ty, user_ty.span),
            // The items come from a call of `next` at the iterator's place, on which the loop matches.
            ExprKind::For { item, iter, .. } => {
                let private = self.reach.ty(*item);
                self.add(private, self.body.exprs[*iter].span, expr.span);
            }
            ExprKind::Call { callee, source: CallSource::Method, .. } => self.method(expr, *callee),
            ExprKind::Const { def, args, .. } => {
                let private = self.reach.associated(*def, *args);
                self.add(private, expr.span, expr.span);
            }
            _ => {}
        }
    }

    /// What a method is given as arguments counts at the call, what its signature says at its name.
    fn method(&mut self, call: &Expr, callee: ExprId) {
        let ExprKind::FnItem { def, args, .. } = &self.body.exprs[callee].kind else { return };
        let private = self.reach.in_types(args);
        self.add(private, call.span, call.span);
        let name = call.hir.and_then(|hir| self.map.names.get(hir)).copied().unwrap_or(call.span);
        let private = self.reach.signature(*def);
        self.add(private, name, call.span);
    }
}
