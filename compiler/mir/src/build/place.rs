//! Expressions as places.

use rgo_hir::body::Mutability;
use rgo_typeck::thir::{self, CaptureBy, CaptureProjection, ExprKind};
use rgo_typeck::ty::{ClosureKind, Ty, TyKind, UintTy};

use super::Builder;
use crate::mir::*;

impl Builder<'_> {
    /// The place that an expression denotes; a temporary for a value.
    pub(super) fn as_place(&mut self, id: thir::ExprId) -> Place {
        let thir = self.thir;
        let expr = &thir.exprs[id];
        let span = expr.span;
        match &expr.kind {
            ExprKind::Local(local) => self.variable_place(*local),
            ExprKind::Upvar(index) => self.upvar_place(*index as usize),
            ExprKind::Static(def) => {
                let mutability = Mutability::Not;
                let ty = Ty::new(TyKind::Ref(crate::types::erased_region(), expr.ty, mutability));
                let temp = self.locals.alloc(LocalDecl {
                    ty,
                    kind: LocalKind::StaticRef(*def),
                    mutability,
                    span,
                    user_ty: None,
                });
                let address = self.constant(ConstOperandKind::Static(*def), ty, span);
                self.assign(Place::local(temp), Rvalue::Use(address), span);
                Place::local(temp).deref()
            }
            ExprKind::Deref(inner) => self.as_place(*inner).deref(),
            ExprKind::Field { base, index, .. } => self.as_place(*base).field(*index, expr.ty),
            ExprKind::Index { base, index } => {
                let place = self.as_place(*base);
                let index = self.as_operand(*index);
                let usize_ty = Ty::new(TyKind::Uint(UintTy::Usize));
                let index = match index {
                    Operand::Move(place) if place.projection.is_empty() => place.local,
                    other => self.temp_of(usize_ty, Rvalue::Use(other), span),
                };
                let unwind = self.unwind();
                let target = self.new_block();
                let cond = Operand::Copy(Place::local(index));
                self.terminate(TerminatorKind::Assert { cond, target, unwind }, span);
                self.start(target);
                place.project(Projection::Index(index))
            }
            ExprKind::PlaceAscription { base, user_ty } => {
                let place = self.as_place(*base);
                let ascribe = StatementKind::AscribeUserType(place.clone(), user_ty.clone(), Variance::Invariant);
                self.push(ascribe, user_ty.span);
                place
            }
            _ => Place::local(self.as_temp(id)),
        }
    }

    /// A source variable, as seen from here: in a guard through a reference, in a closure through its environment.
    pub(super) fn variable_place(&mut self, id: thir::LocalId) -> Place {
        match self.variables.get(id) {
            Some(variable) => match variable.guard {
                Some(reference) => Place::local(reference).deref(),
                None => Place::local(variable.local),
            },
            None => match self.captured_place(id, &[]) {
                Some(place) => place,
                None => Place::local(self.declare_variable(id)),
            },
        }
    }

    /// The place of a capture, inside the closure.
    pub(super) fn upvar_place(&mut self, index: usize) -> Place {
        let capture = &self.upvars[index];
        let (ty, by) = (capture.ty, capture.by);
        let Some((env, kind)) = self.env else {
            return Place::local(self.ret);
        };
        let env = match kind {
            ClosureKind::Fn | ClosureKind::FnMut => Place::local(env).deref(),
            ClosureKind::FnOnce => Place::local(env),
        };
        let field = env.field(index as u32, ty);
        match by {
            CaptureBy::Value => field,
            CaptureBy::Ref(_) => field.deref(),
        }
    }

    /// The place that a closure made here captures.
    pub(super) fn place_of_capture(&mut self, captured: &thir::CapturedPlace) -> Place {
        let in_closure = !self.variables.contains_idx(captured.local);
        if in_closure && let Some(place) = self.captured_place(captured.local, &captured.projections) {
            return place;
        }
        captured.projections.iter().fold(self.variable_place(captured.local), project_capture)
    }

    /// Resolves an outer variable's place through this closure's own captures.
    fn captured_place(&mut self, local: thir::LocalId, projections: &[CaptureProjection]) -> Option<Place> {
        let index = self
            .upvars
            .iter()
            .position(|capture| capture.place.local == local && projections.starts_with(&capture.place.projections))?;
        let rest = self.upvars[index].place.projections.len();
        Some(projections[rest..].iter().fold(self.upvar_place(index), project_capture))
    }
}

fn project_capture(place: Place, projection: &CaptureProjection) -> Place {
    match projection {
        CaptureProjection::Field { index, ty } => place.field(*index, *ty),
        CaptureProjection::Deref { .. } => place.deref(),
    }
}
