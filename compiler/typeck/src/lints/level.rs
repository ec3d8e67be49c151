//! Whether a lint is allowed where it would be reported.

use rgo_hir::{Db, DefId};
use rgo_syntax::ast::Meta;

/// Whether `#[allow(lint)]` or `#[warn(lint)]` stands on the definition, around it, or on its package.
pub fn is_allowed(db: &dyn Db, owner: DefId, lint: &str) -> bool {
    for def in owner.ancestors() {
        for attr in rgo_hir::attrs(db, def) {
            let lowers = attr.is("allow") || attr.is("warn") || attr.is("expect");
            if !lowers && !attr.is("deny") && !attr.is("forbid") {
                continue;
            }
            let names = rgo_syntax::metas(attr).unwrap_or_default();
            if names.iter().any(|meta| matches!(meta, Meta::Path(path) if path.is(lint))) {
                return lowers;
            }
        }
    }
    false
}
