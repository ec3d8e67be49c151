//! Whether the tests of a `match` may find that no arm is left.
//!
//! They never do when the program runs, but rustc's tests come from a decision tree in which only the test of a `bool` knows both of its
//! outcomes; where any other test can fail with no arm behind it, the borrow checker wants the whole place to have a value. Computed as
//! rustc sorts candidates by one test after the other (`rustc_mir_build::builder::matches`), without building the tree.

use rgo_typeck::ty::ConstValue;

use super::matches::{Step, Test};
use crate::mir::Place;

/// Beyond so many candidates that were looked at, all is taken to be possible: alternatives multiply.
const BUDGET: usize = 10_000;

/// What is left to be tested of an alternative.
#[derive(Clone)]
pub(super) struct Candidate<'a> {
    pub tests: Vec<(&'a Place, &'a Test)>,
    pub alternatives: Vec<&'a [Vec<Step>]>,
    has_guard: bool,
}

/// Whether the candidates, each with whether it has a guard, may leave nothing.
pub(super) fn may_be_exhausted<'a>(candidates: impl Iterator<Item = (&'a [Step], bool)> + Clone) -> bool {
    if !candidates.clone().any(|(steps, _)| has_bool(steps)) {
        return true;
    }
    let candidates = candidates.map(|(steps, has_guard)| Candidate::new(steps, has_guard));
    let mut budget = BUDGET;
    leaves_nothing(candidates.collect(), &mut budget)
}

fn has_bool(steps: &[Step]) -> bool {
    steps.iter().any(|step| match step {
        Step::Test { test, .. } => matches!(test, Test::Equal(ConstValue::Bool(_))),
        Step::AnyOf(alternatives) => alternatives.iter().any(|steps| has_bool(steps)),
        Step::Bind { .. } | Step::Ascribe { .. } | Step::AscribeConst { .. } => false,
    })
}

impl<'a> Candidate<'a> {
    pub(super) fn new(steps: &'a [Step], has_guard: bool) -> Candidate<'a> {
        let mut candidate = Candidate { tests: Vec::new(), alternatives: Vec::new(), has_guard };
        candidate.add(steps);
        candidate
    }

    fn add(&mut self, steps: &'a [Step]) {
        for step in steps {
            match step {
                Step::Test { place, test, .. } => self.tests.push((place, test)),
                Step::AnyOf(alternatives) => self.alternatives.push(alternatives),
                Step::Bind { .. } | Step::Ascribe { .. } | Step::AscribeConst { .. } => {}
            }
        }
    }

    /// Where the candidate goes by the outcome of a test, which it then need not make itself; `None` where it looks elsewhere.
    fn sorted(&mut self, place: &Place, test: &Test) -> Option<Outcome> {
        let position = self.tests.iter().position(|(own, _)| *own == place)?;
        let own = self.tests[position].1;
        let outcome = match (test, own) {
            (Test::Variant(_), Test::Variant(variant)) => Outcome::Value(i128::from(*variant)),
            (Test::Equal(ConstValue::Bool(_)), Test::Equal(ConstValue::Bool(value))) => Outcome::Value((*value).into()),
            (Test::Equal(a), Test::Equal(b)) if a == b => Outcome::Value(0),
            _ => return Some(Outcome::Other),
        };
        self.tests.remove(position);
        Some(outcome)
    }

    /// The candidate for each alternative of its first `|`.
    pub(super) fn expanded(mut self) -> Vec<Candidate<'a>> {
        let alternatives = self.alternatives.remove(0);
        alternatives
            .iter()
            .map(|steps| {
                let mut candidate = self.clone();
                candidate.add(steps);
                candidate
            })
            .collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Value(i128),
    /// Some other one, by which the candidate's own test is not decided.
    Other,
}

fn leaves_nothing(mut candidates: Vec<Candidate>, budget: &mut usize) -> bool {
    let Some(first) = candidates.first() else { return true };
    *budget = budget.saturating_sub(candidates.len());
    if *budget == 0 {
        return true;
    }
    let Some((place, test)) = first.tests.first().copied() else {
        let first = candidates.remove(0);
        if !first.alternatives.is_empty() {
            candidates.splice(0..0, first.expanded());
            return leaves_nothing(candidates, budget);
        }
        return match candidates.is_empty() {
            true => first.has_guard,
            false => leaves_nothing(candidates, budget),
        };
    };
    let mut branches: Vec<(Outcome, Vec<Candidate>)> = Vec::new();
    let mut rest = candidates.into_iter();
    let mut remaining = Vec::new();
    for mut candidate in rest.by_ref() {
        let Some(outcome) = candidate.sorted(place, test) else {
            remaining.push(candidate);
            break;
        };
        match branches.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, branch)) => branch.push(candidate),
            None => branches.push((outcome, vec![candidate])),
        }
    }
    remaining.extend(rest);
    if !remaining.is_empty() {
        return leaves_nothing(remaining, budget);
    }
    let knows_all = matches!(test, Test::Equal(ConstValue::Bool(_))) && branches.len() == 2;
    !knows_all || branches.into_iter().any(|(_, branch)| leaves_nothing(branch, budget))
}
