//! The rules of `fn main`: no parameters, no generics, no where clause (E0131, E0580, E0646).

use rgo_hir::{Db, DefId};
use rgo_syntax::ast::ItemKind;

use crate::error::TypeError;

/// Errors of the signature of `fn main`.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let ItemKind::Fn(item) = &rgo_hir::item_ast(db, def).kind else { return };
    if !item.generics.params.is_empty() {
        errors.push(
            TypeError::new(
                def,
                item.generics.span,
                "E0131",
                "`main` function is not allowed to have generic parameters",
            )
            .label("`main` cannot have generic parameters"),
        );
        return;
    }
    if let Some(span) = item.generics.where_span {
        errors.push(
            TypeError::new(def, span, "E0646", "`main` function is not allowed to have a `where` clause")
                .label("`main` cannot have a `where` clause"),
        );
        return;
    }
    if !item.params.is_empty() || item.self_param.is_some() {
        errors.push(
            TypeError::new(def, item.sig_span, "E0580", "`main` function has wrong type")
                .label("incorrect number of function parameters")
                .note("expected signature `fn()`"),
        );
    }
}
