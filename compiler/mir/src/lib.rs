//! Control-flow graphs from THIR, dataflow, drop elaboration.

mod build;
mod mir;
mod types;

pub use build::build;
pub use mir::*;
pub use types::Types;
