//! Moves, regions and loans: ownership errors and ownership facts.
//!
//! The checker is rustc's (RFC 2094; rustc dev guide, "MIR borrow check"): region inference over MIR with two-phase borrows, then a walk
//! that checks every access. Closures are checked together with the body that they stand in.

mod check;
mod conflict;
mod const_drops;
mod context;
mod facts;
mod last_use;
mod liveness;
mod loans;
mod opaque;
mod ownership;
mod query;
mod regions;
mod report;
mod setup;
mod type_check;
mod unwinding;

pub use facts::*;
pub use query::{borrowck_errors, ownership_facts};
pub use rgo_typeck::error::TypeError as BorrowError;
