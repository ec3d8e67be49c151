//! Orders that do nothing but compare: nobody can tell how often they are asked, and by which method.

use rgo_hir::Db;
use rgo_typeck::ty::{Subst, Ty, TyKind};

use crate::queries;

/// Whether the order of a type is std's or derived, down to what it is made of.
pub fn is_plain(db: &dyn Db, ty: Ty) -> bool {
    is_plain_in(db, ty, &mut Vec::new())
}

fn is_plain_in(db: &dyn Db, ty: Ty, inside: &mut Vec<Ty>) -> bool {
    let ty = queries::normalize(db, ty);
    match ty.kind() {
        TyKind::Bool | TyKind::Char | TyKind::Int(_) | TyKind::Uint(_) | TyKind::Str | TyKind::Never => true,
        TyKind::Ref(_, inner, _) => is_plain_in(db, *inner, inside),
        TyKind::Tuple(items) => items.iter().all(|item| is_plain_in(db, *item, inside)),
        TyKind::Array(elem, _) | TyKind::Slice(elem) => is_plain_in(db, *elem, inside),
        TyKind::Adt(def, args) => {
            if inside.contains(&ty) {
                return true;
            }
            if !args.types().all(|arg| is_plain_in(db, arg, inside)) || inside.len() > 64 {
                return false;
            }
            if def.is_std() {
                return true;
            }
            if !queries::derives(db, *def, "PartialOrd") || !queries::derives(db, *def, "Ord") {
                return false;
            }
            inside.push(ty);
            let fields = queries::adt(db, *def).into_iter().flat_map(|adt| &adt.variants).flat_map(|v| &v.fields);
            let is_plain = fields.map(|field| field.ty.subst(*args)).all(|field| is_plain_in(db, field, inside));
            inside.pop();
            is_plain
        }
        _ => false,
    }
}
