//! Alternatives of `|` patterns that are arms of their own in Go.
//!
//! An arm is emitted once for every choice among the alternatives that bind something, since each binds from elsewhere. Where an arm has a
//! guard and a value may match several alternatives, Rust tries the guard once for each, which a guard with effects can tell.

use rgo_hir::body::RangeEnd;
use rgo_typeck::thir::{PatId, PatKind};
use rgo_typeck::ty::ConstValue;

use super::*;

/// Whether the arm of a pattern has a guard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Guard {
    Some,
    None,
}

impl Lower<'_, '_> {
    /// All combinations of choices for a pattern; one empty combination where there is nothing to choose.
    pub(super) fn choices(&self, pat: PatId, guard: Guard) -> Vec<Vec<(PatId, usize)>> {
        let mut alternatives = Vec::new();
        self.alternatives(pat, guard, &mut alternatives);
        let mut all: Vec<Vec<(PatId, usize)>> = vec![Vec::new()];
        for (pat, count) in alternatives {
            all = all
                .into_iter()
                .flat_map(|chosen| (0..count).map(move |i| chosen.iter().copied().chain([(pat, i)]).collect()))
                .collect();
            if all.len() > 64 {
                break;
            }
        }
        all
    }

    fn alternatives(&self, pat: PatId, guard: Guard, out: &mut Vec<(PatId, usize)>) {
        if let PatKind::Or(pats) = &self.body.pats[pat].kind {
            let is_tried_again = guard == Guard::Some && self.may_match_twice(pats);
            if self.pattern_locals(pat).is_empty() && !is_tried_again {
                return;
            }
            out.push((pat, pats.len()));
        }
        for inner in self.subpatterns(pat) {
            self.alternatives(inner, guard, out);
        }
    }

    fn may_match_twice(&self, pats: &[PatId]) -> bool {
        pats.iter().enumerate().any(|(i, a)| pats[i + 1..].iter().any(|b| self.overlap(*a, *b)))
    }

    /// Whether one value may match both patterns, which are of the same type.
    fn overlap(&self, a: PatId, b: PatId) -> bool {
        let shared = |a: &[(u32, PatId)], b: &[(u32, PatId)]| {
            a.iter().all(|(i, p)| b.iter().filter(|(j, _)| i == j).all(|(_, q)| self.overlap(*p, *q)))
        };
        match (&self.body.pats[a].kind, &self.body.pats[b].kind) {
            (PatKind::Or(pats), _) => pats.iter().any(|p| self.overlap(*p, b)),
            (_, PatKind::Or(pats)) => pats.iter().any(|p| self.overlap(a, *p)),
            (PatKind::Bind { sub: Some(sub), .. }, _) => self.overlap(*sub, b),
            (_, PatKind::Bind { sub: Some(sub), .. }) => self.overlap(a, *sub),
            (PatKind::Wild | PatKind::Bind { .. }, _) | (_, PatKind::Wild | PatKind::Bind { .. }) => true,
            (PatKind::Const(a), PatKind::Const(b)) => a == b,
            (PatKind::Range { .. } | PatKind::Const(_), PatKind::Range { .. } | PatKind::Const(_)) => {
                let (a, b) = (self.interval(a), self.interval(b));
                starts_before_end(&a, &b) && starts_before_end(&b, &a)
            }
            (PatKind::Variant { variant: v, fields: a, .. }, PatKind::Variant { variant: w, fields: b, .. }) => {
                v == w && shared(a, b)
            }
            (PatKind::Leaf { fields: a }, PatKind::Leaf { fields: b }) => shared(a, b),
            (PatKind::Deref { pat: a }, PatKind::Deref { pat: b }) => self.overlap(*a, *b),
            (
                PatKind::Slice { prefix: a, slice: a_rest, suffix: a_end },
                PatKind::Slice { prefix: b, slice: b_rest, suffix: b_end },
            ) => {
                let fits = |len: usize, other: usize, rest: &Option<_>| len == other || rest.is_some() && len > other;
                let (a_len, b_len) = (a.len() + a_end.len(), b.len() + b_end.len());
                let same_length = fits(a_len, b_len, b_rest) || fits(b_len, a_len, a_rest);
                let mut ends = a.iter().zip(b).chain(a_end.iter().rev().zip(b_end.iter().rev()));
                same_length && ends.all(|(p, q)| self.overlap(*p, *q))
            }
            _ => false,
        }
    }

    /// The values that a constant or a range stands for.
    fn interval(&self, pat: PatId) -> Interval<'_> {
        match &self.body.pats[pat].kind {
            PatKind::Const(value) => (Some(value), Some(value), RangeEnd::Included),
            PatKind::Range { start, end, inclusive } => (start.as_ref(), end.as_ref(), *inclusive),
            _ => (None, None, RangeEnd::Included),
        }
    }
}

type Interval<'a> = (Option<&'a ConstValue>, Option<&'a ConstValue>, RangeEnd);

fn starts_before_end((start, ..): &Interval, (_, end, inclusive): &Interval) -> bool {
    let (Some(start), Some(end)) = (start, end) else { return true };
    let order = match (start, end) {
        (ConstValue::Int(start), ConstValue::Int(end)) => Some(start.cmp(end)),
        (ConstValue::Char(start), ConstValue::Char(end)) => Some(start.cmp(end)),
        (ConstValue::Float(start), ConstValue::Float(end)) => f64::from_bits(*start).partial_cmp(&f64::from_bits(*end)),
        _ => None,
    };
    match order {
        Some(order) => order.is_lt() || order.is_eq() && *inclusive == RangeEnd::Included,
        None => true,
    }
}
