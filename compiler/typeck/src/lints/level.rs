//! Whether a lint is allowed where it would be reported.

use rgo_hir::{Db, DefId};
use rgo_syntax::Span;
use rgo_syntax::ast::{Attr, Meta};

/// Whether `#[allow(lint)]` or `#[warn(lint)]` stands on the statement, arm or block at a place in a body, on the definition, around it, or on its
/// package.
pub fn is_allowed(db: &dyn Db, owner: DefId, place: Span, lint: &str) -> bool {
    let within = rgo_hir::body_source_map(db, owner).attrs.iter().rev();
    within
        .filter(|(of, _)| of.contains(place))
        .map(|(_, attrs)| attrs.as_slice())
        .chain(owner.ancestors().map(|def| rgo_hir::attrs(db, def)))
        .flatten()
        .find_map(|attr| lowered_by(attr, lint))
        .unwrap_or(false)
}

/// Whether an attribute lowers the level of a lint below an error, if it says something of it.
fn lowered_by(attr: &Attr, lint: &str) -> Option<bool> {
    let lowers = attr.is("allow") || attr.is("warn") || attr.is("expect");
    if !lowers && !attr.is("deny") && !attr.is("forbid") {
        return None;
    }
    let names = rgo_syntax::metas(attr).unwrap_or_default();
    names.iter().any(|meta| matches!(meta, Meta::Path(path) if path.is(lint))).then_some(lowers)
}
