//! Control-flow graphs from THIR, dataflow, drop elaboration.

pub mod bitset;
mod build;
pub mod dataflow;
pub mod elaborate;
pub mod init;
mod mir;
pub mod move_paths;
pub mod pretty;
mod query;
mod types;

pub use build::build;
pub use mir::*;
pub use query::mir_body;
pub use types::{ERR, NONE, OK, SOME, Types, closure_info, field_tys, has_drop_impl};
