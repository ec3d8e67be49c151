//! What unsizes, as far as declarations tell: pointers by their implementation of `CoerceUnsized`, structs by their last field (RFC 401, RFC 982).

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId, DefKey};

use crate::collect::{adt_def, predicates_of, type_of};
use crate::ty::fold::walk_types;
use crate::ty::{AdtDef, AdtKind, Clause, Ty, TyKind};

/// How a type of std is a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointerKind {
    /// It points to what unsizes: `Box<T>`.
    Itself,
    /// It holds a pointer: `Pin<Box<T>>`, `Cell<Box<T>>`.
    Holds,
}

/// By the bound of its implementation of `CoerceUnsized`; `None` without one.
pub fn pointer_kind(db: &dyn Db, def: DefId) -> Option<PointerKind> {
    pointer_kind_query(db, def.key(db))
}

/// Survives every edit that leaves the impls of `CoerceUnsized` alone.
#[salsa::tracked(returns(copy))]
fn pointer_kind_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Option<PointerKind> {
    let def = key.def(db);
    let is_lang = |trait_: DefId, lang: &str| rgo_hir::lang_name(db, trait_) == Some(lang);
    if is_lang(def, "box") {
        return Some(PointerKind::Itself);
    }
    let trait_ = rgo_hir::lang_item(db, "coerce_unsized")?;
    let mut impls = rgo_hir::trait_impls(db, trait_).iter();
    let imp = impls.find(|imp| type_of(db, **imp).adt_def_id() == Some(def))?;
    let holds = predicates_of(db, *imp).iter().any(
        |(predicate, _)| matches!(predicate.value, Clause::Trait(bound) if is_lang(bound.trait_, "coerce_unsized")),
    );
    Some(if holds { PointerKind::Holds } else { PointerKind::Itself })
}

/// Whether values of this type may shorten the bound of an object behind them though the type is invariant in it: `RefMut<'_, dyn Trait>`,
/// `Cell<Box<dyn Trait>>`, `&RefCell<dyn Trait>`. It is a coercion between types that are the same but for regions.
pub fn shortens_object(db: &dyn Db, ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Ref(_, target, _) => !target.is_dyn() && ends_in_object(db, *target),
        TyKind::Adt(def, args) => match (pointer_kind(db, *def), args.types().next()) {
            (Some(PointerKind::Itself), Some(target)) => {
                ends_in_object(db, target) && (!target.is_dyn() || def.name() == "RefMut")
            }
            (Some(PointerKind::Holds), Some(pointer)) => points_to_object(db, pointer),
            _ => false,
        },
        _ => false,
    }
}

fn points_to_object(db: &dyn Db, ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Ref(_, target, _) => ends_in_object(db, *target),
        TyKind::Adt(def, args) => match (pointer_kind(db, *def), args.types().next()) {
            (Some(PointerKind::Itself), Some(target)) => ends_in_object(db, target),
            (Some(PointerKind::Holds), Some(pointer)) => points_to_object(db, pointer),
            _ => false,
        },
        _ => false,
    }
}

/// An object, or a struct with one at its end.
fn ends_in_object(db: &dyn Db, ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Dynamic(..) => true,
        TyKind::Adt(def, args) if pointer_kind(db, *def) != Some(PointerKind::Itself) => {
            let Some(by) = unsizing_params(adt_def(db, *def), args.len()) else { return false };
            args.iter().zip(by).any(|(arg, by)| by && arg.as_ty().is_some_and(|ty| ends_in_object(db, ty)))
        }
        _ => false,
    }
}

/// For each of `count` parameters whether the struct unsizes by it; `None` for what does not unsize.
pub fn unsizing_params(adt: &AdtDef, count: usize) -> Option<Vec<bool>> {
    let [variant] = adt.variants.as_slice() else { return None };
    let (last, others) = variant.fields.split_last()?;
    if adt.kind != AdtKind::Struct {
        return None;
    }
    let mut is_unsizing = vec![false; count];
    let mut mark = |ty: Ty, value: bool| {
        params_of(ty, &mut |index| is_unsizing.get_mut(index).into_iter().for_each(|mark| *mark = value));
    };
    mark(last.ty, true);
    others.iter().for_each(|field| mark(field.ty, false));
    is_unsizing.contains(&true).then_some(is_unsizing)
}

/// Calls `visit` with the index of each type parameter that `ty` mentions (that of a `dyn` type's own `Self` is none of a struct's).
fn params_of(ty: Ty, visit: &mut impl FnMut(usize)) {
    let _ = walk_types(&ty, |part| {
        if let TyKind::Param(param) = part.kind() {
            visit(param.index as usize);
        }
        ControlFlow::Continue(())
    });
}
