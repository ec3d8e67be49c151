//! Following `*` as often as it goes: built-in for references and boxes, by `Deref::Target` otherwise.

use rgo_hir::body::Mutability;
use rgo_syntax::Span;

use super::FnCtxt;
use super::tables::{Adjust, Adjustment};
use crate::ty::{Args, Ty, TyKind};

/// As deep as rustc's default recursion limit.
const LIMIT: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DerefKind {
    Builtin,
    Overloaded,
}

/// One type on the way: how the previous one was dereferenced to get here is in the previous step's `next`.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub ty: Ty,
    /// How this type is dereferenced to reach the next step.
    pub next: Option<DerefKind>,
}

impl FnCtxt<'_> {
    /// The type behind one `*`, if there is one.
    pub fn deref_once(&mut self, ty: Ty, span: Span) -> Option<(DerefKind, Ty)> {
        let ty = self.try_structurally_resolve(ty);
        match ty.kind() {
            TyKind::Ref(_, inner, _) => Some((DerefKind::Builtin, *inner)),
            TyKind::Adt(def, args) if self.is_lang(*def, "box") => Some((DerefKind::Builtin, args.ty(0))),
            TyKind::Adt(..) | TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) | TyKind::Dynamic(..) => {
                let deref = self.lang("deref")?;
                let target = self.lang("deref_target")?;
                let args = Args::of_types(&[ty]);
                if !self.trait_may_hold(deref, args) {
                    return None;
                }
                let target = self.normalize(span, Ty::projection(target, args));
                let target = self.try_structurally_resolve(target);
                Some((DerefKind::Overloaded, target))
            }
            _ => None,
        }
    }

    /// All types from `ty` on, `ty` itself first.
    pub fn autoderef_steps(&mut self, ty: Ty, span: Span) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut current = self.try_structurally_resolve(ty);
        loop {
            if steps.len() > LIMIT {
                let name = self.display(ty);
                let error =
                    self.error(span, "E0055", format!("reached the recursion limit while auto-dereferencing `{name}`"));
                self.emit(error);
                break;
            }
            match self.deref_once(current, span) {
                Some((kind, target)) => {
                    steps.push(Step { ty: current, next: Some(kind) });
                    current = self.try_structurally_resolve(target);
                }
                None => {
                    steps.push(Step { ty: current, next: None });
                    break;
                }
            }
        }
        steps
    }

    /// The adjustments that lead from the first step to step `count`.
    pub fn deref_adjustments(&self, steps: &[Step], count: usize) -> Vec<Adjustment> {
        (0..count.min(steps.len().saturating_sub(1)))
            .map(|index| Adjustment {
                kind: match steps[index].next {
                    Some(DerefKind::Overloaded) => Adjust::OverloadedDeref(Mutability::Not),
                    Some(DerefKind::Builtin) | None => Adjust::Deref,
                },
                target: steps[index + 1].ty,
            })
            .collect()
    }
}
