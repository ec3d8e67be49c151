//! Parts of a variable outside that a closure captured one by one.
//!
//! A pattern or `..base` in the closure starts at the variable itself, of which the closure has those parts alone. So a place below the variable
//! is looked up among them; where the variable is unknown in the frame of the closure, one that nobody declares stands for it.

use rgo_hir::{DefId, DefKind};
use rgo_typeck::thir::{Capture, CaptureProjection};

use super::*;
use crate::queries;

impl Lower<'_, '_> {
    /// The places of the parts as they look from the variable, in the body that is being lowered, each with where the closure has it.
    pub(super) fn parts_of_captured(
        &mut self,
        closure: DefId,
        captures: &[Capture],
        upvars: &[Expr],
    ) -> Vec<(Expr, Expr)> {
        let outermost = closure.ancestors().find(|def| def.kind() != DefKind::Closure);
        let Some(outside) = outermost.and_then(|def| queries::thir(self.cx.db, def)) else { return Vec::new() };
        let mut parts = Vec::new();
        for (capture, upvar) in captures.iter().zip(upvars) {
            let projections = &capture.place.projections;
            let Some(declared) = outside.locals.get(capture.place.local).filter(|_| !projections.is_empty()) else {
                continue;
            };
            let whole = self.variable_outside(capture.place.local);
            let ty = self.ty(declared.ty);
            let (place, _) = self.projected(whole, ty, projections, Self::plain_field);
            if place != *upvar {
                parts.push((place, upvar.clone()));
            }
        }
        parts
    }

    fn variable_outside(&mut self, local: LocalId) -> Expr {
        if !self.slots.contains_key(&local) && !self.known.contains_key(&local) {
            let var = self.locals.temporary("part");
            self.slots.insert(local, Slot::Var(var));
        }
        self.local(local)
    }

    /// The place that projections lead to, and its type.
    pub(super) fn projected(
        &mut self,
        mut place: Expr,
        mut ty: Ty,
        projections: &[CaptureProjection],
        field: impl Fn(&mut Self, Expr, Ty, usize, usize) -> Expr,
    ) -> (Expr, Ty) {
        for projection in projections {
            match projection {
                CaptureProjection::Field { index, ty: field_ty } => {
                    place = field(self, place, ty, 0, *index as usize);
                    ty = self.ty(*field_ty);
                }
                CaptureProjection::Deref { ty: target } => {
                    place = self.follow(place, ty);
                    ty = self.ty(*target);
                }
            }
        }
        (place, ty)
    }

    /// A place, or what the closure that is being lowered captured of it.
    pub(super) fn or_captured(&self, place: Expr) -> Expr {
        match self.captured_parts.iter().find(|(part, _)| *part == place) {
            Some((_, captured)) => captured.clone(),
            None => place,
        }
    }
}
