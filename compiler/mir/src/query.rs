//! MIR of a body owner.

use rgo_hir::DefKey;
use rgo_hir::{Db, DefId};
use rgo_typeck::thir_build::thir_body;

use crate::{Body, build};

/// The MIR of a function, constant, static or closure without type errors. Survives edits that leave its THIR alone.
pub fn mir_body(db: &dyn Db, owner: DefId) -> &Body {
    mir_body_query(db, owner.key(db))
}

#[salsa::tracked(returns(ref))]
fn mir_body_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Body {
    build(db, thir_body(db, key.def(db)))
}
