//! Expressions as places.

use rgo_hir::body::Mutability;
use rgo_syntax::Span;
use rgo_typeck::thir::{self, CaptureBy, CaptureProjection, ExprKind};
use rgo_typeck::ty::{ClosureKind, Ty, TyKind, UintTy};

use super::Builder;
use crate::mir::*;

impl Builder<'_> {
    /// The place that an expression denotes, to be read or shared; a temporary for a value.
    pub(super) fn as_place(&mut self, id: thir::ExprId) -> Place {
        self.place_within(id, Mutability::Not, None)
    }

    /// The same, to be changed: `[1, 2][0] = 3` changes a temporary, not the constant.
    pub(super) fn as_place_mut(&mut self, id: thir::ExprId) -> Place {
        self.place_within(id, Mutability::Mut, None)
    }

    /// `fake` collects the shallow borrows of the index expression around this one: what it goes through must stay until its index is known.
    fn place_within(&mut self, id: thir::ExprId, used: Mutability, fake: Option<&mut Vec<LocalId>>) -> Place {
        let thir = self.thir;
        let expr = &thir.exprs[id];
        let span = expr.span;
        match &expr.kind {
            ExprKind::Local(local) => self.variable_place(*local, expr.ty, span),
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
            ExprKind::Deref(inner) => self.place_within(*inner, used, fake).deref(),
            ExprKind::Field { base, index, .. } => self.place_within(*base, used, fake).field(*index, expr.ty),
            ExprKind::Index { base, index } => self.index_place((*base, *index), used, span, fake),
            ExprKind::PlaceAscription { base, user_ty } => {
                let place = self.place_within(*base, used, fake);
                let ascribe = StatementKind::AscribeUserType(place.clone(), user_ty.clone(), Variance::Invariant);
                self.push(ascribe, user_ty.span);
                place
            }
            _ => Place::local(self.as_temp(id)),
        }
    }

    fn index_place(
        &mut self,
        (base, index): (thir::ExprId, thir::ExprId),
        used: Mutability,
        span: Span,
        outer: Option<&mut Vec<LocalId>>,
    ) -> Place {
        let mut own = Vec::new();
        let is_outermost = outer.is_none();
        let fake = outer.unwrap_or(&mut own);
        let constant = match used {
            Mutability::Not => self.constant_array(base),
            Mutability::Mut => None,
        };
        let place = match constant {
            Some(place) => place,
            None => self.place_within(base, used, Some(fake)),
        };
        let index = self.as_operand(index);
        let usize_ty = Ty::new(TyKind::Uint(UintTy::Usize));
        let index = match index {
            Operand::Move(place) if place.projection.is_empty() => place.local,
            other => self.temp_of(usize_ty, Rvalue::Use(other), span),
        };
        match self.thir.exprs[base].ty.kind() {
            TyKind::Array(..) => self.fake_read(FakeReadCause::Index, &place, span),
            // The bounds check reads the length, whatever happens to the element.
            TyKind::Slice(_) => {
                if let Some(slice) = self.resolved(place.clone()) {
                    let _ = self.temp_of(usize_ty, Rvalue::Len(slice), span);
                }
            }
            _ => {}
        }
        let unwind = self.unwind();
        let target = self.new_block();
        let cond = Operand::Copy(Place::local(index));
        self.terminate(TerminatorKind::Assert { cond, target, unwind }, span);
        self.start(target);
        if is_outermost {
            for temp in own {
                self.push(StatementKind::FakeRead(FakeReadCause::Index, Place::local(temp)), span);
            }
        } else if let TyKind::Slice(_) = self.thir.exprs[base].ty.kind() {
            self.borrow_pointers_to(&place, span, fake);
        }
        place.project(Projection::Index(index))
    }

    /// The length that was checked stays what it is as long as no pointer on the way to the slice is replaced.
    fn borrow_pointers_to(&mut self, slice: &Place, span: Span, fake: &mut Vec<LocalId>) {
        for (index, elem) in slice.projection.iter().enumerate().rev() {
            let base = Place { local: slice.local, projection: slice.projection[..index].to_vec() };
            let ty = base.projection.iter().fold(self.locals[base.local].ty, project_ty);
            match elem {
                Projection::Deref => fake.push(self.fake_borrow(base, span)),
                // An index expression further in has seen to the rest.
                Projection::Index(_) if matches!(ty.kind(), TyKind::Slice(_)) => break,
                _ => {}
            }
        }
    }

    /// A read for the borrow checker, if there is something to read: of an outer variable it may be that only parts are captured.
    pub(super) fn fake_read(&mut self, cause: FakeReadCause, place: &Place, span: Span) {
        if let Some(place) = self.resolved(place.clone()) {
            self.push(StatementKind::FakeRead(cause, place), span);
        }
    }

    /// The place through the closure's environment, where it starts at an outer variable; `None` where that is not captured.
    pub(super) fn resolved(&self, place: Place) -> Option<Place> {
        let LocalKind::Outer(variable) = self.locals[place.local].kind else { return Some(place) };
        let index = self.upvars.iter().position(|capture| {
            let steps = &capture.place.projections;
            capture.place.local == variable
                && steps.len() <= place.projection.len()
                && steps.iter().zip(&place.projection).all(|(own, used)| match (own, used) {
                    (CaptureProjection::Field { index, .. }, Projection::Field { index: used, .. }) => index == used,
                    (CaptureProjection::Deref { .. }, Projection::Deref) => true,
                    _ => false,
                })
        })?;
        let rest = &place.projection[self.upvars[index].place.projections.len()..];
        let mut resolved = self.upvar_place(index);
        resolved.projection.extend(rest.iter().cloned());
        Some(resolved)
    }

    /// A source variable, as seen from here: in a guard through a reference, in a closure through its environment.
    pub(super) fn variable_place(&mut self, id: thir::LocalId, ty: Ty, span: Span) -> Place {
        match self.variables.get(id) {
            Some(variable) => match variable.guard {
                Some(reference) => Place::local(reference).deref(),
                None => Place::local(variable.local),
            },
            None => match self.captured_place(id, &[]) {
                Some(place) => place,
                None => Place::local(self.outer_variable(id, ty, span)),
            },
        }
    }

    fn outer_variable(&mut self, id: thir::LocalId, ty: Ty, span: Span) -> LocalId {
        if let Some(local) = self.outer.get(&id) {
            return *local;
        }
        let kind = LocalKind::Outer(id);
        let local = self.locals.alloc(LocalDecl { ty, kind, mutability: Mutability::Not, span, user_ty: None });
        self.outer.insert(id, local);
        local
    }

    /// The place of a capture, inside the closure.
    pub(super) fn upvar_place(&self, index: usize) -> Place {
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
    ///
    /// `None` for what this body does not have either.
    pub(super) fn place_of_capture(&self, captured: &thir::CapturedPlace) -> Option<Place> {
        match self.variables.get(captured.local) {
            Some(variable) => {
                let variable = match variable.guard {
                    Some(reference) => Place::local(reference).deref(),
                    None => Place::local(variable.local),
                };
                Some(captured.projections.iter().fold(variable, project_capture))
            }
            None => self.captured_place(captured.local, &captured.projections),
        }
    }

    /// The capture that a place of an outer variable is, or is a part of.
    pub(super) fn upvar_of(&self, local: thir::LocalId, projections: &[CaptureProjection]) -> Option<usize> {
        self.upvars
            .iter()
            .position(|capture| capture.place.local == local && projections.starts_with(&capture.place.projections))
    }

    /// Resolves an outer variable's place through this closure's own captures.
    fn captured_place(&self, local: thir::LocalId, projections: &[CaptureProjection]) -> Option<Place> {
        let index = self.upvar_of(local, projections)?;
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
