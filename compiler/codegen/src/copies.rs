//! Which closures can be told from their copies.
//!
//! A copy or clone of a closure has captures of its own. Go's function values share them, and nobody can tell as long as what is captured by
//! value stays what it is: of a closure that is `Fn`, captures change only through cells, and cloning them shows only where their `Clone` is
//! written by hand. Any other closure changes what it captured or gives it away.

use rgo_hir::Db;
use rgo_typeck::thir::{BodyKind, CaptureBy};
use rgo_typeck::ty::{ClosureArgs, ClosureKind, Subst, Ty, TyKind};

use crate::queries;

/// Whether a closure type can be cloned and its clones be told from the original.
pub fn differ(db: &dyn Db, ty: Ty) -> bool {
    let TyKind::Closure(def, args) = ty.kind() else { return false };
    let args = ClosureArgs::new(*args);
    let Some(BodyKind::Closure(info)) = queries::thir(db, *def).map(|body| &body.kind) else { return false };
    let upvars = args.upvars();
    let mut owned = info.captures.iter().zip(upvars.iter()).filter(|(capture, _)| capture.by == CaptureBy::Value);
    let have_state = match args.kind() {
        Some(ClosureKind::Fn) => owned.any(|(_, ty)| !is_inert(db, *ty, &mut Vec::new())),
        _ => owned.next().is_some(),
    };
    have_state && queries::implements(db, ty, "clone")
}

/// Whether nobody can tell a value from its clones, nor how many were made.
pub fn clones_are_alike(db: &dyn Db, ty: Ty) -> bool {
    is_inert(db, ty, &mut Vec::new())
}

/// Whether a value that is only looked at and its clone are the same to everybody.
fn is_inert(db: &dyn Db, ty: Ty, inside: &mut Vec<Ty>) -> bool {
    let ty = queries::normalize(db, ty);
    match ty.kind() {
        _ if ty.is_scalar() => true,
        TyKind::Str | TyKind::Never | TyKind::Ref(..) | TyKind::FnDef(..) | TyKind::FnPtr(_) => true,
        TyKind::Tuple(items) => items.iter().all(|item| is_inert(db, *item, inside)),
        TyKind::Array(elem, _) | TyKind::Slice(elem) => is_inert(db, *elem, inside),
        TyKind::Closure(..) => !differ(db, ty),
        TyKind::Adt(def, args) => {
            if inside.contains(&ty) {
                return true;
            }
            let is_std = def.is_std();
            if rgo_hir::lang_name(db, *def) == Some("unsafe_cell")
                || inside.len() > 64
                || !is_std && !queries::derives(db, *def, "Clone") && !queries::is_copy(db, ty)
            {
                return false;
            }
            inside.push(ty);
            let fields = queries::adt(db, *def).into_iter().flat_map(|adt| &adt.variants).flat_map(|v| &v.fields);
            let are_inert = args.types().all(|arg| is_inert(db, arg, inside))
                && fields.map(|field| field.ty.subst(*args)).all(|field| is_inert(db, field, inside));
            inside.pop();
            are_inert
        }
        _ => false,
    }
}

/// Whether values of a type hold functions or closures, by the type itself or the arguments of a generic one.
pub fn holds_function(ty: Ty) -> bool {
    holds(ty, &|part| matches!(part.kind(), TyKind::FnPtr(_) | TyKind::Closure(..)))
}

/// Whether values of a type hold closures that can be told from their copies.
pub fn holds_differing(db: &dyn Db, ty: Ty) -> bool {
    holds(ty, &|part| differ(db, part))
}

fn holds(ty: Ty, is_it: &dyn Fn(Ty) -> bool) -> bool {
    is_it(ty)
        || match ty.kind() {
            TyKind::Tuple(items) => items.iter().any(|item| holds(*item, is_it)),
            TyKind::Array(elem, _) | TyKind::Slice(elem) => holds(*elem, is_it),
            TyKind::Adt(_, args) => args.types().any(|arg| holds(arg, is_it)),
            _ => false,
        }
}
