//! What remains of a `match` where a guard has failed.
//!
//! All tests of the guarded arm have succeeded then, and are not made again: a binding of that arm may still hold a mutable borrow of what they
//! read, where the arm returns it. Computed as rustc's tree of tests is, along the one path that leads to the arm
//! (`rustc_mir_build::builder::matches`): a test sorts the candidates behind it up to the first that says nothing of its place.

use std::cmp::Ordering;
use std::collections::VecDeque;

use rgo_hir::body::Mutability;
use rgo_syntax::Span;

use super::exhausted::Candidate;
use super::matches::{Step, Test};
use crate::mir::Place;

/// An alternative, by its position among all, with what is left to be tested of it.
pub(super) struct Remaining<'a> {
    pub position: usize,
    candidate: Candidate<'a>,
}

/// Whether a pattern lends something out for changing.
pub(super) fn binds_mutably(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Bind { by_ref: Some(Mutability::Mut), .. }))
}

/// Every way through the alternatives of an arm with a guard, which runs once for each: what one way lends out, the next finds lent where the
/// guard has failed. As they are if there are too many.
pub(super) fn apart(steps: Vec<Step>) -> Vec<Vec<Step>> {
    const TOO_MANY: usize = 64;
    let mut ways: Vec<Vec<Step>> = vec![Vec::new()];
    for step in &steps {
        let next: Vec<Vec<Step>> = match step {
            Step::AnyOf(alternatives) => alternatives.iter().flat_map(|way| apart(way.clone())).collect(),
            Step::Test { .. } | Step::Bind { .. } | Step::Ascribe { .. } | Step::AscribeConst { .. } => {
                vec![vec![step.clone()]]
            }
        };
        ways = ways.iter().flat_map(|way| next.iter().map(|more| [&way[..], &more[..]].concat())).collect();
        if ways.len() > TOO_MANY {
            return vec![steps];
        }
    }
    ways
}

/// The candidates behind the one at `position`, in order, after all tests of that one.
pub(super) fn after_failed_guard<'a>(candidates: &[&'a [Step]], position: usize) -> Vec<Remaining<'a>> {
    let behind = candidates.iter().enumerate().skip(position + 1);
    let mut sorted: VecDeque<Remaining<'a>> =
        behind.map(|(position, steps)| Remaining { position, candidate: Candidate::new(steps, false) }).collect();
    let mut unsorted = VecDeque::new();
    for (place, test) in Candidate::new(candidates[position], false).tests {
        let mut rest = expand(&mut sorted);
        rest.append(&mut unsorted);
        unsorted = rest;
        let mut rest = sort(&mut sorted, place, test);
        rest.append(&mut unsorted);
        unsorted = rest;
    }
    sorted.into_iter().chain(unsorted).collect()
}

/// The next candidate, where a test of the one at `position` has sent it elsewhere: from there, as little as the borrow checker knows of guards,
/// it may be matched too.
pub(super) fn sent_elsewhere<'a>(candidates: &[&'a [Step]], position: usize) -> Option<Remaining<'a>> {
    let mut candidate = Candidate::new(candidates.get(position + 1)?, false);
    for (place, test) in Candidate::new(candidates[position], false).tests {
        if !decided(&mut candidate, place, test)? {
            candidate.tests.retain(|(own, _)| *own != place);
            return Some(Remaining { position: position + 1, candidate });
        }
    }
    None
}

/// Puts the alternatives of candidates in which nothing else is left in the place of these. What stands behind one that has more to test after
/// its first `|` is handed back.
fn expand<'a>(candidates: &mut VecDeque<Remaining<'a>>) -> VecDeque<Remaining<'a>> {
    let mut expanded = VecDeque::new();
    while let Some(Remaining { position, candidate }) = candidates.pop_front() {
        if !candidate.tests.is_empty() || candidate.alternatives.is_empty() {
            expanded.push_back(Remaining { position, candidate });
            continue;
        }
        let is_last = candidate.alternatives.len() > 1;
        let alternatives = candidate.expanded().into_iter();
        expanded.extend(alternatives.map(|candidate| Remaining { position, candidate }));
        if is_last {
            break;
        }
    }
    std::mem::replace(candidates, expanded)
}

/// Keeps those that a successful test leaves, up to the first that it does not decide; this and those behind it are handed back.
fn sort<'a>(candidates: &mut VecDeque<Remaining<'a>>, place: &Place, test: &Test) -> VecDeque<Remaining<'a>> {
    let mut left = VecDeque::new();
    while let Some(mut remaining) = candidates.pop_front() {
        match decided(&mut remaining.candidate, place, test) {
            Some(true) => left.push_back(remaining),
            Some(false) => {}
            None => {
                candidates.push_front(remaining);
                break;
            }
        }
    }
    std::mem::replace(candidates, left)
}

/// Whether the candidate is left by the success of a test, which it then need not make itself where that says as much as its own.
fn decided(candidate: &mut Candidate<'_>, place: &Place, test: &Test) -> Option<bool> {
    let position = candidate.tests.iter().position(|(own, _)| *own == place)?;
    let (is_left, is_made) = implied(test, candidate.tests[position].1)?;
    if is_made {
        candidate.tests.remove(position);
    }
    Some(is_left)
}

/// Whether the second test of a place may succeed where the first has, and whether it must.
fn implied(test: &Test, own: &Test) -> Option<(bool, bool)> {
    match (test, own) {
        (Test::Variant(a), Test::Variant(b)) => Some((a == b, a == b)),
        (Test::Equal(a), Test::Equal(b)) => Some((a == b, a == b)),
        (Test::Length { len, exact: true }, Test::Length { len: own, exact }) => match (len.cmp(own), exact) {
            (Ordering::Equal, true) => Some((true, true)),
            (Ordering::Less, _) | (Ordering::Greater, true) => Some((false, false)),
            (Ordering::Equal | Ordering::Greater, false) => None,
        },
        (Test::Length { len, exact: false }, Test::Length { len: own, exact }) => match (len.cmp(own), exact) {
            (Ordering::Equal, false) => Some((true, true)),
            (Ordering::Less, _) | (Ordering::Equal, true) => Some((true, false)),
            (Ordering::Greater, true) => Some((false, false)),
            (Ordering::Greater, false) => None,
        },
        _ => None,
    }
}

impl Remaining<'_> {
    /// The tests that are left, as if they stood where the `match` looks at its value.
    pub(super) fn steps(&self, span: Span) -> Vec<Step> {
        let tests = self.candidate.tests.iter();
        let tests = tests.map(|(place, test)| Step::Test { place: (*place).clone(), test: (*test).clone(), span });
        tests.chain(self.candidate.alternatives.iter().map(|all| Step::AnyOf(all.to_vec()))).collect()
    }
}
