//! Lints that rustc denies by default: arithmetic that always overflows, operations that always panic, literals out of range, locks that are not held.
//!
//! A walk over THIR in evaluation order with the values of locals that are known, in the spirit of rustc's `KnownPanicsLint`: a local whose
//! address is taken is unknown, one that is assigned more than once is known within straight-line code only. Lints are reported only for
//! packages without errors.

mod known;
mod level;
mod literals;
mod locks;

use rgo_hir::{Db, DefId};

use crate::error::TypeError;
use crate::thir_build::thir_body;

/// Denied lints in the body of `owner` and, for constants it uses, their evaluation.
pub fn body_lints(db: &dyn Db, owner: DefId) -> Vec<TypeError> {
    let body = thir_body(db, owner);
    let mut errors = Vec::new();
    if body.has_errors || owner.is_std() {
        return errors;
    }
    known::check(db, owner, body, &mut errors);
    literals::check(db, owner, &mut errors);
    locks::check(db, owner, &mut errors);
    errors.retain(|error| error.code.is_none_or(|code| !level::is_allowed(db, owner, error.span, code)));
    errors
}
