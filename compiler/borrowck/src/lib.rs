//! Moves, regions and loans: ownership errors and ownership facts.

mod facts;

pub use facts::*;
