//! Which `usize` values may be `2^63` or more, and so be negative in the Go `int` that holds them.
//!
//! An abstract interpretation of a package's THIR over upper bounds in bits ([`value`]), one bound for each variable, field, parameter and result
//! ([`slots`]), without regard to the order of statements but for conditions like `i < n` ([`walk`]). References that can change what they lead
//! to unite their slots (Steensgaard, "Points-to analysis in almost linear time", POPL 1996). Bodies of std are not looked into: a call of std
//! gives what it was given, and sizes. Lengths, indexes and counters are bounded by what memory can hold; their areas too.
//!
//! Knows nothing of Go's forms: lowering asks with [`Bounds::fits`], and writes what need not fit with conversions to `uint`.

mod calls;
mod kinds;
mod slots;
mod value;
mod walk;

use rgo_hir::{Db, DefId};
use rgo_typeck::thir::{self, ExprId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::queries;

/// The answers for packages that are emitted together.
#[derive(Debug, Default)]
pub struct Bounds {
    /// Expressions of type `usize` (or references to one) that may be too big, by body.
    big: FxHashMap<DefId, FxHashSet<ExprId>>,
    /// Whether std, or code that nobody follows, may get one to see.
    pub reaches_std: bool,
}

impl Bounds {
    /// Whether the expression of the program's body `owner` is below `2^63`.
    pub fn fits(&self, owner: DefId, expr: ExprId) -> bool {
        self.big.get(&owner).is_none_or(|big| !big.contains(&expr))
    }
}

/// The bounds of packages, from all bodies that they reach. Go code may call what is public, but for programs.
pub fn bounds(db: &dyn Db, bodies: &[&thir::Body]) -> Bounds {
    let mut walker = walk::Walker::new(db);
    let is_open = |body: &&&thir::Body| !rgo_hir::is_program(db, body.owner.package_of());
    bodies.iter().filter(is_open).for_each(|body| walker.open(body));
    walker.run(bodies)
}

/// Whether the definition's body is the program's and not std's.
fn is_of_program(def: DefId) -> bool {
    !def.is_std()
}

/// The definition that stands for a method and all that it may be at run time: a trait's for those of its impls.
fn dispatched(db: &dyn Db, def: DefId) -> DefId {
    rgo_typeck::collect::trait_item_of(db, def).unwrap_or(def)
}

fn body(db: &dyn Db, owner: DefId) -> Option<&thir::Body> {
    queries::thir(db, owner).filter(|body| !body.has_errors)
}
