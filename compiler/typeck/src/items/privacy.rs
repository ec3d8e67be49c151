//! Private types as the values of associated types of public impls (E0446, RFC 2145).

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::ast::{ItemKind, VisKind};

use crate::collect::{associated_items, impl_trait_ref, type_of};
use crate::error::TypeError;
use crate::ty::fold::walk_types;
use crate::ty::{Ty, TyKind};

/// Where a definition may be named by its own visibility; `None` is everywhere.
fn reach(db: &dyn Db, def: DefId) -> Option<DefId> {
    if def.is_std() {
        return None;
    }
    let module = def.parent().map_or(def, DefId::module);
    match &rgo_hir::item_ast(db, def).vis.kind {
        VisKind::Public => None,
        VisKind::Private | VisKind::SelfModule => Some(def.parent().unwrap_or(def)),
        VisKind::Crate | VisKind::In(_) => Some(def.package_of()),
        VisKind::Super => Some(module.parent().map_or(module, DefId::module)),
    }
}

/// The narrowest reach of what a type names.
fn narrowest(db: &dyn Db, ty: Ty) -> Option<(DefId, DefId)> {
    let mut found: Option<(DefId, DefId)> = None;
    let _ = walk_types(&ty, |ty| {
        let named = match ty.kind() {
            TyKind::Adt(def, _) => Some(*def),
            TyKind::Dynamic(..) => ty.dyn_principal().map(|principal| principal.value.trait_),
            _ => None,
        };
        if let Some(def) = named
            && let Some(module) = reach(db, def)
            && found.is_none_or(|(_, known)| module.is_inside(known))
        {
            found = Some((def, module));
        }
        ControlFlow::Continue(())
    });
    found
}

/// Errors of the associated types of an impl.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let Some(trait_ref) = impl_trait_ref(db, def) else { return };
    let mut required = reach(db, trait_ref.trait_);
    for ty in trait_ref.args.types() {
        if let Some((_, module)) = narrowest(db, ty)
            && required.is_none_or(|known| module.is_inside(known))
        {
            required = Some(module);
        }
    }
    for item in associated_items(db, def) {
        if item.kind() != DefKind::AssocTy {
            continue;
        }
        let ItemKind::TypeAlias(alias) = &rgo_hir::item_ast(db, *item).kind else { continue };
        let Some((private, module)) = narrowest(db, type_of(db, *item)) else { continue };
        let allowed = required.is_some_and(|required| required.is_inside(module));
        if !allowed {
            let name = private.name();
            let kind = if private.kind() == DefKind::Trait { "trait" } else { "type" };
            errors.push(
                TypeError::new(*item, alias.name.span, "E0446", format!("private {kind} `{name}` in public interface"))
                    .label(format!("can't leak private {kind}"))
                    .secondary(private, rgo_hir::def_span(db, private), format!("`{name}` declared as private"))
                    .late(),
            );
        }
    }
}
