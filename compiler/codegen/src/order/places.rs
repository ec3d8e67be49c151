//! Places whose length is known something of, and what changes them.
//!
//! A place is a local with the fields and built-in dereferences on the way from it. What is behind an index, a call or a raw pointer has no
//! place here. Nobody changes the length of a sequence in a place but who names its local: by an assignment to the place or to what it is
//! part of, by a mutable borrow of such, or by a closure that captures it so. While such a borrow lives, nobody can ask for the length
//! (but in the arguments of a call for which it was made: a two-phase borrow), and no code runs that would change it behind a shared one.

use rgo_hir::Db;
use rgo_hir::body::Mutability;
use rgo_typeck::thir::{
    self, BlockId, BodyKind, BorrowKind, CaptureBy, CaptureProjection, ExprId, ExprKind, LocalId, PatId, PatKind,
    StmtKind,
};
use rgo_typeck::ty::{Ty, TyKind};
use rustc_hash::FxHashSet;

use crate::queries;

#[derive(Clone, PartialEq, Debug)]
pub(super) struct Place {
    root: LocalId,
    steps: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Step {
    Deref,
    Field { variant: u32, index: u32 },
}

/// What an expression may change.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Change {
    /// What is in a place, or a part of it.
    Of(Place),
    /// An item of the sequence in a place, or something below one.
    Inside(Place),
}

impl Place {
    /// The place that is a local as a whole.
    pub fn of_local(root: LocalId) -> Place {
        Place { root, steps: Vec::new() }
    }

    /// The place that an expression names.
    pub fn of(body: &thir::Body, expr: ExprId) -> Option<Place> {
        match &body.exprs[expr].kind {
            ExprKind::Local(local) => Some(Place::of_local(*local)),
            ExprKind::Deref(inner) => {
                let is_plain = matches!(body.exprs[*inner].ty.kind(), TyKind::Ref(..) | TyKind::Adt(..));
                is_plain.then(|| Place::of(body, *inner))?.map(|place| place.then(Step::Deref))
            }
            ExprKind::Field { base, variant, index } => {
                Place::of(body, *base).map(|place| place.then(Step::Field { variant: *variant, index: *index }))
            }
            ExprKind::PlaceAscription { base, .. } => Place::of(body, *base),
            _ => None,
        }
    }

    /// The place that a reference points to.
    pub fn behind(body: &thir::Body, reference: ExprId) -> Option<Place> {
        match &body.exprs[reference].kind {
            ExprKind::Borrow { place, .. } => Place::of(body, *place),
            _ => Place::of(body, reference).map(|place| place.then(Step::Deref)),
        }
    }

    fn then(mut self, step: Step) -> Place {
        self.steps.push(step);
        self
    }

    /// Whether one place is part of the other, or the other way round.
    fn overlaps(&self, other: &Place) -> bool {
        let common = self.steps.len().min(other.steps.len());
        self.root == other.root && self.steps[..common] == other.steps[..common]
    }
}

impl Change {
    /// What changes where a place expression is written to.
    fn of_expr(body: &thir::Body, expr: ExprId) -> Option<Change> {
        if let Some(place) = Place::of(body, expr) {
            return Some(Change::Of(place));
        }
        match &body.exprs[expr].kind {
            ExprKind::Index { base, .. } => match Change::of_expr(body, *base)? {
                Change::Of(place) | Change::Inside(place) => Some(Change::Inside(place)),
            },
            ExprKind::Field { base: inner, .. }
            | ExprKind::Deref(inner)
            | ExprKind::PlaceAscription { base: inner, .. } => Change::of_expr(body, *inner),
            _ => None,
        }
    }

    /// Whether a local holds something else afterwards.
    pub fn sets(&self, local: LocalId) -> bool {
        match self {
            Change::Of(place) => place.root == local && place.steps.is_empty(),
            Change::Inside(_) => false,
        }
    }

    /// Whether a sequence may have another length afterwards.
    pub fn resizes(&self, sequence: &Place) -> bool {
        match self {
            Change::Of(place) => place.overlaps(sequence),
            Change::Inside(place) => place.overlaps(sequence) && place != sequence,
        }
    }
}

/// What the expressions of a body change.
pub(super) struct Changes<'a> {
    db: &'a dyn Db,
    body: &'a thir::Body,
    /// Mutable borrows of sequences only to get at their items.
    of_items: FxHashSet<ExprId>,
}

impl<'a> Changes<'a> {
    /// Looks at all borrows of a body.
    pub fn new(db: &'a dyn Db, body: &'a thir::Body) -> Changes<'a> {
        let of_items = body.exprs.iter().filter_map(|(_, expr)| borrowed_for_items(db, body, &expr.kind)).collect();
        Changes { db, body, of_items }
    }

    /// What an expression changes, without what is below it.
    pub fn by(&self, id: ExprId) -> Vec<Change> {
        let body = self.body;
        let written = |place: &ExprId| Change::of_expr(body, *place);
        match &body.exprs[id].kind {
            ExprKind::Assign { place, .. } | ExprKind::AssignOp { place, .. } => written(place).into_iter().collect(),
            ExprKind::DestructureAssign { assigns, .. } => {
                assigns.iter().filter_map(|(_, place)| written(place)).collect()
            }
            ExprKind::Borrow { place, .. } if self.resizes(id) => written(place).into_iter().collect(),
            // A borrow in two phases begins to be one of those when the other arguments are there.
            ExprKind::Call { args, .. } => {
                let borrows = args.iter().filter(|arg| self.resizes(**arg));
                borrows.flat_map(|arg| self.by(*arg)).collect()
            }
            ExprKind::Match { scrutinee, arms, .. } => {
                let pats: Vec<PatId> = arms.iter().map(|arm| body.arms[*arm].pat).collect();
                self.by_pats(&pats, *scrutinee).into_iter().collect()
            }
            ExprKind::Let { pat, scrutinee } => self.by_pats(&[*pat], *scrutinee).into_iter().collect(),
            ExprKind::Block(block) => {
                let lets = body.blocks[*block].stmts.iter().filter_map(|stmt| match &body.stmts[*stmt].kind {
                    StmtKind::Let { pat, init: Some(init), .. } => self.by_pats(&[*pat], *init),
                    _ => None,
                });
                lets.collect()
            }
            ExprKind::Closure { def } => match queries::thir(self.db, *def).map(|body| &body.kind) {
                Some(BodyKind::Closure(info)) => info.captures.iter().filter_map(captured).collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// What patterns borrow mutably of what is matched.
    pub fn by_pats(&self, pats: &[PatId], scrutinee: ExprId) -> Option<Change> {
        pats.iter().any(|pat| has_ref_mut(self.body, *pat)).then(|| Change::of_expr(self.body, scrutinee))?
    }

    /// What an expression and those below it change.
    pub fn within(&self, id: ExprId) -> Vec<Change> {
        let mut found = Vec::new();
        self.note(id, &mut found);
        found
    }

    fn note(&self, id: ExprId, found: &mut Vec<Change>) {
        for change in self.by(id) {
            if !found.contains(&change) {
                found.push(change);
            }
        }
        children(self.body, id).into_iter().for_each(|child| self.note(child, found));
    }

    /// Whether an expression is a borrow by which the length of what is borrowed may be changed: that of a slice stays.
    fn resizes(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Borrow { kind: BorrowKind::Mut { .. } | BorrowKind::Unique, place, .. } => {
                let is_slice = matches!(self.body.exprs[*place].ty.kind(), TyKind::Slice(_) | TyKind::Str);
                !is_slice && !self.of_items.contains(&expr)
            }
            _ => false,
        }
    }
}

/// The receiver of `deref_mut` or `index_mut` of a sequence of std.
fn borrowed_for_items(db: &dyn Db, body: &thir::Body, kind: &ExprKind) -> Option<ExprId> {
    let ExprKind::Call { callee, args, .. } = kind else { return None };
    let ExprKind::FnItem { def, .. } = &body.exprs[*callee].kind else { return None };
    let gives_items = matches!(rgo_hir::lang_name(db, def.parent()?), Some("index_mut" | "deref_mut"));
    let receiver = *args.first()?;
    (gives_items && is_reference_to_sequence(db, body.exprs[receiver].ty)).then_some(receiver)
}

/// Whether a type is a reference to a sequence whose length is its own.
pub(super) fn is_reference_to_sequence(db: &dyn Db, ty: Ty) -> bool {
    let TyKind::Ref(_, sequence, _) = ty.kind() else { return false };
    match sequence.kind() {
        TyKind::Slice(_) | TyKind::Str => true,
        TyKind::Adt(def, _) => matches!(rgo_hir::lang_name(db, *def), Some("vec" | "string")),
        _ => false,
    }
}

fn has_ref_mut(body: &thir::Body, pat: PatId) -> bool {
    let any = |pats: &[PatId]| pats.iter().any(|pat| has_ref_mut(body, *pat));
    match &body.pats[pat].kind {
        PatKind::Bind { by_ref, sub, .. } => *by_ref == Some(Mutability::Mut) || any(sub.as_slice()),
        PatKind::Variant { fields, .. } | PatKind::Leaf { fields } => {
            fields.iter().any(|(_, pat)| has_ref_mut(body, *pat))
        }
        PatKind::Deref { pat } => has_ref_mut(body, *pat),
        PatKind::Slice { prefix, slice, suffix } => any(prefix) || any(suffix) || any(slice.flatten().as_slice()),
        PatKind::Or(pats) => any(pats),
        PatKind::Wild | PatKind::Never | PatKind::Const(_) | PatKind::Range { .. } | PatKind::Error => false,
    }
}

/// What a closure borrows to change it.
fn captured(capture: &thir::Capture) -> Option<Change> {
    let CaptureBy::Ref(BorrowKind::Mut { .. } | BorrowKind::Unique) = capture.by else { return None };
    let steps = capture.place.projections.iter().map(|step| match step {
        CaptureProjection::Field { index, .. } => Step::Field { variant: 0, index: *index },
        CaptureProjection::Deref { .. } => Step::Deref,
    });
    Some(Change::Of(Place { root: capture.place.local, steps: steps.collect() }))
}

/// Whether something is left by `break`.
pub(super) fn has_break(body: &thir::Body, id: ExprId) -> bool {
    matches!(body.exprs[id].kind, ExprKind::Break { .. })
        || children(body, id).into_iter().any(|child| has_break(body, child))
}

/// The expressions below one, in the order of evaluation; those of closures are not.
pub(super) fn children(body: &thir::Body, id: ExprId) -> Vec<ExprId> {
    match &body.exprs[id].kind {
        ExprKind::Local(_)
        | ExprKind::Upvar(_)
        | ExprKind::Static(_)
        | ExprKind::Literal(_)
        | ExprKind::Const { .. }
        | ExprKind::ConstParam(_)
        | ExprKind::FnItem { .. }
        | ExprKind::Closure { .. }
        | ExprKind::Continue { .. }
        | ExprKind::Error => Vec::new(),
        ExprKind::Deref(inner)
        | ExprKind::Field { base: inner, .. }
        | ExprKind::PlaceAscription { base: inner, .. }
        | ExprKind::Unary { expr: inner, .. }
        | ExprKind::Cast { expr: inner, .. }
        | ExprKind::Coerce { expr: inner, .. }
        | ExprKind::Borrow { place: inner, .. }
        | ExprKind::Repeat { value: inner, .. }
        | ExprKind::Let { scrutinee: inner, .. }
        | ExprKind::Loop { body: inner, .. }
        | ExprKind::Try { expr: inner, .. } => vec![*inner],
        ExprKind::Index { base: first, index: second }
        | ExprKind::Binary { lhs: first, rhs: second, .. }
        | ExprKind::Logical { lhs: first, rhs: second, .. }
        | ExprKind::VecRepeat { value: first, len: second }
        | ExprKind::While { cond: first, body: second, .. }
        | ExprKind::For { iter: first, body: second, .. }
        | ExprKind::Assign { value: first, place: second }
        | ExprKind::AssignOp { value: first, place: second, .. } => vec![*first, *second],
        ExprKind::Call { callee, args, .. } => std::iter::once(*callee).chain(args.iter().copied()).collect(),
        ExprKind::Adt(adt) => adt.fields.iter().map(|(_, value)| *value).chain(adt.base).collect(),
        ExprKind::Array(items) | ExprKind::VecMacro(items) | ExprKind::Tuple(items) => items.clone(),
        ExprKind::Range { start, end, .. } => start.iter().chain(end).copied().collect(),
        ExprKind::Block(block) => {
            let mut found = Vec::new();
            block_children(body, *block, &mut found);
            found
        }
        ExprKind::If { cond, then, otherwise } => [*cond, *then].into_iter().chain(*otherwise).collect(),
        ExprKind::Match { scrutinee, arms, .. } => {
            let arms = arms.iter().map(|arm| &body.arms[*arm]);
            std::iter::once(*scrutinee).chain(arms.flat_map(|arm| arm.guard.into_iter().chain([arm.body]))).collect()
        }
        ExprKind::Break { value, .. } | ExprKind::Return { value } => value.iter().copied().collect(),
        ExprKind::DestructureAssign { value, assigns, .. } => {
            std::iter::once(*value).chain(assigns.iter().map(|(_, place)| *place)).collect()
        }
        ExprKind::FormatArgs(format) => format.args.clone(),
    }
}

fn block_children(body: &thir::Body, block: BlockId, found: &mut Vec<ExprId>) {
    for stmt in &body.blocks[block].stmts {
        match &body.stmts[*stmt].kind {
            StmtKind::Expr(expr) => found.push(*expr),
            StmtKind::Let { init, otherwise, .. } => {
                found.extend(init);
                otherwise.iter().for_each(|otherwise| block_children(body, *otherwise, found));
            }
        }
    }
    found.extend(body.blocks[block].tail);
}
