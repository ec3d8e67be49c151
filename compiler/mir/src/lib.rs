//! Control-flow graphs from THIR, dataflow, drop elaboration.

mod mir;

pub use mir::*;
