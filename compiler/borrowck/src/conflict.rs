//! Whether an access to one place touches a borrowed one.
//!
//! rustc dev guide, "Two-phase borrows" and RFC 2094, "Checking accesses".

use rgo_hir::body::Mutability;
use rgo_mir::{Body, Place, Projection, project_ty};
use rgo_typeck::thir::BorrowKind;
use rgo_typeck::ty::{Ty, TyKind};

/// How deep an access goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The place itself, not what it points to.
    Shallow,
    /// For a fake borrow, or the length of a slice: not even its fields.
    Fake,
    /// Everything that can be reached.
    Deep,
    /// What a destructor reaches.
    Drop,
}

/// What to think of indices that are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bias {
    Overlap,
    NoOverlap,
}

enum Overlap {
    EqualOrDisjoint,
    Disjoint,
}

/// Whether accessing `access` conflicts with a borrow of `borrowed`.
pub fn places_conflict(
    body: &Body,
    has_drop: &dyn Fn(Ty) -> bool,
    borrowed: &Place,
    kind: BorrowKind,
    access: &Place,
    depth: Depth,
    bias: Bias,
) -> bool {
    if borrowed.local != access.local {
        return false;
    }
    let mut ty = body.locals[borrowed.local].ty;
    for (index, elem) in borrowed.projection.iter().enumerate() {
        match access.projection.get(index) {
            Some(other) => match projections_overlap(ty, elem, other, bias) {
                Overlap::EqualOrDisjoint => {}
                Overlap::Disjoint => return false,
            },
            None => match (elem, ty.kind(), depth) {
                (_, _, Depth::Fake) => return false,
                (Projection::Deref, _, Depth::Shallow) => return false,
                (Projection::Deref, TyKind::Ref(_, _, Mutability::Not), _) => return false,
                (Projection::Deref, TyKind::Ref(_, _, Mutability::Mut), Depth::Drop) => return false,
                (Projection::Field { .. }, TyKind::Adt(..), Depth::Drop) if has_drop(ty) => return true,
                _ => {}
            },
        }
        ty = project_ty(ty, elem);
    }
    // The borrowed place is a prefix of, or equal to, the accessed one.
    !(kind == BorrowKind::Fake && borrowed.projection.len() < access.projection.len())
}

fn projections_overlap(ty: Ty, borrowed: &Projection, access: &Projection, bias: Bias) -> Overlap {
    let when = |overlap: bool| if overlap { Overlap::EqualOrDisjoint } else { Overlap::Disjoint };
    match (borrowed, access) {
        (Projection::Deref, Projection::Deref) => Overlap::EqualOrDisjoint,
        (Projection::Field { index: a, .. }, Projection::Field { index: b, .. }) => when(a == b),
        (Projection::Downcast(a), Projection::Downcast(b)) => when(a == b),
        (Projection::Index(_), _) | (_, Projection::Index(_)) => when(bias == Bias::Overlap),
        (
            Projection::ConstantIndex { offset: a, from_end: x, min_length: m },
            Projection::ConstantIndex { offset: b, from_end: y, min_length: n },
        ) => {
            let min = (*m).max(*n);
            match (x, y) {
                (false, false) | (true, true) => when(a == b),
                // The one from the front is at `a`, the one from the end no nearer than `min - b`.
                (false, true) => when(*a >= min.saturating_sub(*b)),
                (true, false) => when(*b >= min.saturating_sub(*a)),
            }
        }
        (
            Projection::ConstantIndex { offset, from_end, .. },
            Projection::Subslice { from, to, from_end: slice_from_end },
        )
        | (
            Projection::Subslice { from, to, from_end: slice_from_end },
            Projection::ConstantIndex { offset, from_end, .. },
        ) => match (from_end, slice_from_end) {
            (false, false) => when((from..to).contains(&offset)),
            (false, true) => when(offset >= from),
            (true, true) => when(offset > to),
            (true, false) => Overlap::EqualOrDisjoint,
        },
        (
            Projection::Subslice { from: a, to: b, from_end: false },
            Projection::Subslice { from: c, to: d, from_end: false },
        ) => when(c < b && a < d),
        (Projection::Subslice { .. }, Projection::Subslice { .. }) => Overlap::EqualOrDisjoint,
        // Different views of the same thing.
        _ => {
            let _ = ty;
            Overlap::EqualOrDisjoint
        }
    }
}
