//! Which names Go code of another package needs, though nobody made them public: an instance of a generic function is emitted where its type
//! arguments are known, and its body may use what is private to the package of the function.
//!
//! Names are given when something is first asked for; whoever asks later may be another package. So lowering notes what it met, and the
//! packages are lowered anew with those names exported. Invariant: the set only ever grows.

use rgo_hir::DefId;
use rustc_hash::FxHashSet;

use super::Cx;
use crate::go::ast::*;
use crate::go::names::is_exported;

/// What is to be exported, by the names that it had as something private.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Needed {
    globals: FxHashSet<Global>,
    /// Fields and methods of types.
    members: FxHashSet<(Global, Str)>,
    /// Traits whose methods are called or implemented elsewhere.
    traits: FxHashSet<DefId>,
}

/// What earlier rounds found out, and what this one has met.
#[derive(Clone, Debug, Default)]
pub struct Exports {
    known: Needed,
    found: Needed,
}

/// What a round leaves to the next one.
pub struct NextRound {
    pub exports: Exports,
    pub has_grown: bool,
}

impl Exports {
    /// What the next round has to know.
    pub fn next_round(self) -> NextRound {
        let mut known = self.known.clone();
        known.globals.extend(self.found.globals);
        known.members.extend(self.found.members);
        known.traits.extend(self.found.traits);
        let has_grown = known != self.known;
        NextRound { exports: Exports { known, found: Needed::default() }, has_grown }
    }

    /// A name of another package that is met in a finished declaration.
    pub fn meet_global(&mut self, path: &Str, name: &Str) {
        if !is_exported(name) {
            self.found.globals.insert(Global { path: Some(path.clone()), name: name.clone() });
        }
    }

    /// Whether another package uses what is declared by this name.
    pub fn needs_global(&self, global: &Global) -> bool {
        self.known.globals.contains(global)
    }

    /// Whether another package uses this field or method of a type.
    pub fn needs_member(&self, owner: &Global, name: &str) -> bool {
        self.known.members.contains(&(owner.clone(), name.into()))
    }

    /// Whether another package has to name methods of this trait.
    pub fn needs_trait(&self, trait_: DefId) -> bool {
        self.known.traits.contains(&trait_)
    }
}

impl Cx<'_> {
    /// A member that every package of an emission knows by this name.
    pub fn shared(&self, name: &str) -> Str {
        if self.homes.is_alone() { name.into() } else { exported(name).into() }
    }

    /// A field or method of a type is used here.
    pub fn meet_member(&mut self, owner: &Global, name: &Str) {
        if !self.is_here(owner) && !is_exported(name) {
            self.exports.found.members.insert((owner.clone(), name.clone()));
        }
    }

    /// A method of a trait is called or implemented here.
    pub fn meet_trait(&mut self, trait_: DefId) {
        if !self.homes.is_alone() && !trait_.is_std() && trait_.package_of() != self.here().root {
            self.exports.found.traits.insert(trait_);
        }
    }
}

/// The name with its first word as Go exports it.
pub fn exported(name: &str) -> String {
    crate::go::names::mixed_caps(name, crate::go::names::Visibility::Exported)
}
