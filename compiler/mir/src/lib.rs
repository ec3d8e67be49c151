//! Control-flow graphs from THIR, dataflow, drop elaboration.

pub mod bitset;
mod build;
pub mod dataflow;
pub mod elaborate;
pub mod init;
mod mir;
pub mod move_paths;
pub mod pretty;
mod types;

use rgo_hir::{Db, DefId};
use rgo_typeck::thir_build::thir_body;

pub use mir::*;
pub use types::{ERR, NONE, OK, SOME, Types, closure_info, field_tys, has_drop_impl};

/// The MIR of a function, constant, static or closure without type errors.
///
/// It is no query: the borrow checker and the facts for emission ask for it once each, and it is larger than all else that is known of a body.
pub fn mir_body(db: &dyn Db, owner: DefId) -> Body {
    build::build(db, thir_body(db, owner))
}
