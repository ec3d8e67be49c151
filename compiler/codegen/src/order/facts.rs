//! What is known at a point of a body: lower bounds of differences.

use rgo_typeck::thir::LocalId;

/// What facts are about.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Term {
    Local(LocalId),
    /// The length of a sequence, by the number of its place.
    Len(usize),
}

/// `x - y >= at_least`; no term is zero.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Fact {
    pub x: Option<Term>,
    pub y: Option<Term>,
    pub at_least: i128,
}

/// A term, or zero, and a number.
pub(super) type Sum = (Option<Term>, i128);

#[derive(Clone, Default)]
pub(super) struct Env {
    pub is_unreachable: bool,
    facts: Vec<Fact>,
}

impl Env {
    /// What is known where control never comes: everything.
    pub fn unreachable() -> Env {
        Env { is_unreachable: true, facts: Vec::new() }
    }

    /// Adds a fact.
    pub fn learn(&mut self, fact: Fact) {
        if fact.x != fact.y && !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    /// Ends the facts about terms that are something else from now on.
    pub fn forget(&mut self, is_changed: impl Fn(Term) -> bool) {
        self.facts.retain(|fact| !fact.x.is_some_and(&is_changed) && !fact.y.is_some_and(&is_changed));
    }

    /// A term is changed by a number.
    pub fn shift(&mut self, term: Term, by: i128) {
        for fact in &mut self.facts {
            match (fact.x == Some(term), fact.y == Some(term)) {
                (true, _) => fact.at_least += by,
                (_, true) => fact.at_least -= by,
                _ => {}
            }
        }
    }

    /// Whether something is known to be greater than a term.
    pub fn is_below_another(&self, term: Term) -> bool {
        self.facts.iter().any(|fact| fact.y == Some(term) && fact.x.is_some() && fact.at_least >= 1)
    }

    /// What is known where this way and another meet.
    pub fn meet(self, other: Env) -> Env {
        if self.is_unreachable {
            return other;
        }
        if other.is_unreachable {
            return self;
        }
        let facts = self.facts.into_iter().filter(|fact| other.implies(*fact)).collect();
        Env { is_unreachable: false, facts }
    }

    /// Whether the facts say that `wanted` holds, by way of others if need be.
    pub fn implies(&self, wanted: Fact) -> bool {
        self.bound(wanted.x, wanted.y).is_some_and(|bound| bound >= wanted.at_least)
    }

    /// The best lower bound of `x - y` that is known.
    pub fn bound(&self, x: Option<Term>, y: Option<Term>) -> Option<i128> {
        let direct = self.step(x, y);
        let middles = self.facts.iter().filter(|fact| fact.x == x).map(|fact| (fact.y, fact.at_least));
        let chained = middles.filter_map(|(middle, first)| Some(first + self.step(middle, y)?));
        direct.into_iter().chain(chained).max()
    }

    fn step(&self, x: Option<Term>, y: Option<Term>) -> Option<i128> {
        // A `usize` is not negative.
        let known = if x == y || y.is_none() { Some(0) } else { None };
        let found = self.facts.iter().filter(|fact| fact.x == x && fact.y == y).map(|fact| fact.at_least).max();
        known.max(found)
    }
}
