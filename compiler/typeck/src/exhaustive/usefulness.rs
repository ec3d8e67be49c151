//! Which values no row of a matrix of patterns matches.
//!
//! Algorithm: Maranget 2007 as rustc has it (documentation of `rustc_pattern_analysis::usefulness`): specialise the matrix by each constructor
//! that its first column tells apart, and build the values that are left over, the witnesses, on the way back.

use crate::ty::Ty;

use super::constructor::{Constructor, Slice, SliceKind};
use super::pattern::{Context, DeconstructedPat};

/// Whether the place under a column certainly holds a valid value: only then may patterns for empty types be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validity {
    KnownValid,
    MaybeInvalid,
}

/// What a column looks at.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub ty: Ty,
    pub validity: Validity,
    pub is_scrutinee: bool,
    /// A private field of an empty type.
    pub private_uninhabited: bool,
}

#[derive(Clone)]
struct Row {
    pats: Vec<DeconstructedPat>,
    under_guard: bool,
    /// Whether this row can still tell us something about exhaustiveness.
    relevant: bool,
    parent: usize,
    useful: bool,
}

struct Matrix {
    places: Vec<Place>,
    rows: Vec<Row>,
    wildcard_row_is_relevant: bool,
}

/// A value that is not matched, as a pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct WitnessPat {
    pub ctor: Constructor,
    pub fields: Vec<WitnessPat>,
    pub ty: Ty,
}

/// The result for one match.
pub struct Report {
    pub witnesses: Vec<WitnessPat>,
    /// For each arm, whether anything can reach it.
    pub useful: Vec<bool>,
}

/// One arm: its pattern, and whether a guard may refuse it.
pub struct MatchArm {
    pub pat: DeconstructedPat,
    pub has_guard: bool,
}

/// How many specialisations one match may take before it is given up as exhaustive.
const STEP_LIMIT: usize = 200_000;

/// The values of `ty` that no arm matches.
pub fn check(ctx: &Context<'_>, arms: Vec<MatchArm>, ty: Ty, validity: Validity) -> Report {
    let count = arms.len();
    let rows = arms.into_iter().enumerate().map(|(parent, arm)| Row {
        pats: vec![arm.pat],
        under_guard: arm.has_guard,
        relevant: true,
        parent,
        useful: false,
    });
    let place = Place { ty, validity, is_scrutinee: true, private_uninhabited: false };
    let mut matrix = Matrix { places: vec![place], rows: rows.collect(), wildcard_row_is_relevant: true };
    let mut steps = 0;
    let witnesses = explore(ctx, &mut matrix, &mut steps);
    let mut useful = vec![false; count];
    for row in &matrix.rows {
        useful[row.parent] |= row.useful;
    }
    Report { witnesses: witnesses.into_iter().filter_map(|mut stack| stack.pop()).collect(), useful }
}

/// Witnesses are stacks: the last entry stands for the first column.
fn explore(ctx: &Context<'_>, matrix: &mut Matrix, steps: &mut usize) -> Vec<Vec<WitnessPat>> {
    *steps += 1;
    if *steps > STEP_LIMIT {
        matrix.rows.iter_mut().for_each(|row| row.useful = true);
        return Vec::new();
    }
    if !matrix.wildcard_row_is_relevant && matrix.rows.iter().all(|row| !row.relevant) {
        return Vec::new();
    }
    let Some(&place) = matrix.places.first() else {
        for row in &mut matrix.rows {
            row.useful = true;
            if !row.under_guard {
                return Vec::new();
            }
        }
        return if matrix.wildcard_row_is_relevant { vec![Vec::new()] } else { Vec::new() };
    };
    if matrix.rows.iter().any(|row| matches!(row.pats[0].ctor, Constructor::Or)) {
        return explore_expanded(ctx, matrix, steps);
    }
    let (split_ctors, missing_ctors) = split_column(ctx, matrix, place);
    let mut witnesses = Vec::new();
    for ctor in split_ctors {
        let is_relevant = matches!(ctor, Constructor::Missing) || missing_ctors.is_empty();
        let mut specialised = specialise(ctx, matrix, place, &ctor, is_relevant);
        let found = explore(ctx, &mut specialised, steps);
        for row in &specialised.rows {
            matrix.rows[row.parent].useful |= row.useful;
        }
        apply_constructor(ctx, place, &ctor, &missing_ctors, found, &mut witnesses);
    }
    witnesses
}

/// Replaces each row that begins with an or-pattern by a row per alternative.
fn explore_expanded(ctx: &Context<'_>, matrix: &mut Matrix, steps: &mut usize) -> Vec<Vec<WitnessPat>> {
    let mut rows = Vec::new();
    for (parent, row) in matrix.rows.iter().enumerate() {
        if let Constructor::Or = row.pats[0].ctor {
            for alternative in &row.pats[0].fields {
                let mut pats = row.pats.clone();
                pats[0] = alternative.clone();
                rows.push(Row { pats, under_guard: row.under_guard, relevant: row.relevant, parent, useful: false });
            }
        } else {
            rows.push(Row { parent, useful: false, ..row.clone() });
        }
    }
    let mut expanded =
        Matrix { places: matrix.places.clone(), rows, wildcard_row_is_relevant: matrix.wildcard_row_is_relevant };
    let witnesses = explore(ctx, &mut expanded, steps);
    for row in &expanded.rows {
        matrix.rows[row.parent].useful |= row.useful;
    }
    witnesses
}

/// The constructors to specialise with, and those that are missing from the column.
fn split_column(ctx: &Context<'_>, matrix: &Matrix, place: Place) -> (Vec<Constructor>, Vec<Constructor>) {
    if place.private_uninhabited {
        return (vec![Constructor::PrivateUninhabited], Vec::new());
    }
    let set = ctx.constructors(place.ty);
    let is_toplevel_exception = place.is_scrutinee && matches!(set, super::constructor::ConstructorSet::NoConstructors);
    let known_valid = place.validity == Validity::KnownValid;
    let can_omit_empty = known_valid || is_toplevel_exception;
    let mut split = set.split(matrix.rows.iter().map(|row| &row.pats[0].ctor));
    let all_missing = split.present.is_empty();
    let mut ctors = split.present;
    if !(split.missing.is_empty() && (split.missing_empty.is_empty() || known_valid)) {
        ctors.push(Constructor::Missing);
    }
    let mut missing = split.missing;
    if !can_omit_empty {
        missing.append(&mut split.missing_empty);
    }
    let list_them = place.is_scrutinee || !all_missing;
    if !missing.is_empty() && !list_them {
        missing = vec![Constructor::Wildcard];
    } else if missing.contains(&Constructor::NonExhaustive) {
        missing = vec![Constructor::NonExhaustive];
    }
    (ctors, missing)
}

fn specialise(ctx: &Context<'_>, matrix: &Matrix, place: Place, ctor: &Constructor, is_relevant: bool) -> Matrix {
    let validity = if matches!(ctor, Constructor::Ref) { Validity::MaybeInvalid } else { place.validity };
    let fields = ctx.field_places(place.ty, ctor);
    let arity = fields.len();
    let mut places: Vec<Place> = fields
        .into_iter()
        .map(|(ty, private_uninhabited)| Place { ty, validity, is_scrutinee: false, private_uninhabited })
        .collect();
    places.extend_from_slice(&matrix.places[1..]);
    let mut rows = Vec::new();
    for (parent, row) in matrix.rows.iter().enumerate() {
        let head = &row.pats[0];
        if !ctor.is_covered_by(&head.ctor) {
            continue;
        }
        let relevant = row.relevant && (is_relevant || !head.ctor.is_wildcard_like());
        let mut pats = head.specialise(ctor, arity, &places);
        pats.extend_from_slice(&row.pats[1..]);
        rows.push(Row { pats, under_guard: row.under_guard, relevant, parent, useful: false });
    }
    Matrix { places, rows, wildcard_row_is_relevant: matrix.wildcard_row_is_relevant && is_relevant }
}

fn apply_constructor(
    ctx: &Context<'_>,
    place: Place,
    ctor: &Constructor,
    missing: &[Constructor],
    found: Vec<Vec<WitnessPat>>,
    witnesses: &mut Vec<Vec<WitnessPat>>,
) {
    if found.is_empty() {
        return;
    }
    if let Constructor::Missing = ctor {
        for ctor in missing {
            let wild = wild_from(ctx, place.ty, ctor);
            for stack in &found {
                let mut stack = stack.clone();
                stack.push(wild.clone());
                witnesses.push(stack);
            }
        }
        return;
    }
    let arity = ctx.field_places(place.ty, ctor).len();
    for mut stack in found {
        let mut fields = stack.split_off(stack.len() - arity);
        fields.reverse();
        stack.push(WitnessPat { ctor: ctor.clone(), fields, ty: place.ty });
        witnesses.push(stack);
    }
}

fn wild_from(ctx: &Context<'_>, ty: Ty, ctor: &Constructor) -> WitnessPat {
    let fields = match ctor {
        Constructor::Wildcard | Constructor::NonExhaustive | Constructor::Never => Vec::new(),
        _ => ctx.field_places(ty, ctor),
    };
    let fields =
        fields.into_iter().map(|(ty, _)| WitnessPat { ctor: Constructor::Wildcard, fields: Vec::new(), ty }).collect();
    WitnessPat { ctor: ctor.clone(), fields, ty }
}

impl DeconstructedPat {
    /// The patterns for the fields of a value made by `ctor`, which this pattern covers.
    fn specialise(&self, ctor: &Constructor, arity: usize, places: &[Place]) -> Vec<DeconstructedPat> {
        match (&self.ctor, ctor) {
            (Constructor::Wildcard, _) => {
                places[..arity].iter().map(|place| DeconstructedPat::wild(place.ty)).collect()
            }
            (Constructor::Slice(Slice { kind: SliceKind::VarLen(prefix, suffix), .. }), Constructor::Slice(other))
                if other.arity() != self.fields.len() =>
            {
                let mut pats = self.fields[..*prefix].to_vec();
                let middle = arity - prefix - suffix;
                pats.extend(places[*prefix..*prefix + middle].iter().map(|place| DeconstructedPat::wild(place.ty)));
                pats.extend_from_slice(&self.fields[self.fields.len() - suffix..]);
                pats
            }
            _ => self.fields.clone(),
        }
    }
}
