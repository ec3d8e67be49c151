//! Alternatives of `|` patterns that are arms of their own in Go.
//!
//! An arm is emitted once for every choice among the alternatives that bind something, since each binds from elsewhere. Where an arm has a
//! guard and a value may match several alternatives, Rust tries the guard once for each, which a guard with effects can tell.

use rgo_typeck::thir::{PatId, PatKind};

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

    /// Whether one value may match both patterns, which are of the same type. Ranges are taken to be apart, as they mostly are.
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
            (PatKind::Variant { variant: v, fields: a, .. }, PatKind::Variant { variant: w, fields: b, .. }) => {
                v == w && shared(a, b)
            }
            (PatKind::Leaf { fields: a }, PatKind::Leaf { fields: b }) => shared(a, b),
            (PatKind::Deref { pat: a }, PatKind::Deref { pat: b }) => self.overlap(*a, *b),
            _ => false,
        }
    }
}
