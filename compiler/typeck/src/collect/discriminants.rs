//! The discriminants of an enum's variants: as written, or the previous one plus one.
//!
//! Apart from the fields of the enum, since the value of one may be made of other variants of it (`B = Foo::A as isize + 1`).

use rgo_hir::{Db, DefId, DefKey};
use rgo_syntax::ast::{self, ItemKind};

use super::{Lowered, cycle_error, lower};
use crate::error::TypeError;
use crate::ty::{Args, ConstValue, Ty};

/// The discriminant of a variant.
pub fn discriminant(db: &dyn Db, variant: DefId) -> i128 {
    discriminant_query(db, variant.key(db)).value
}

/// The first cycle among an enum's discriminants (E0391).
pub fn discriminant_cycle(db: &dyn Db, adt: DefId) -> Option<TypeError> {
    rgo_hir::children(db, adt)
        .iter()
        .find_map(|variant| discriminant_query(db, variant.key(db)).errors.first().cloned())
}

/// Survives every edit that leaves the enum's variants, and the constants that its discriminants are made of, alone.
#[salsa::tracked(returns(ref), cycle_result = in_cycle)]
fn discriminant_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Lowered<i128> {
    let variant = key.def(db);
    Lowered::ok(explicit(db, variant).unwrap_or_else(|| after_previous(db, variant)))
}

fn in_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> Lowered<i128> {
    Lowered { value: 0, errors: vec![cycle_error(db, key.def(db), "evaluating the discriminant of")] }
}

fn explicit(db: &dyn Db, variant: DefId) -> Option<i128> {
    let adt = variant.parent()?;
    let ItemKind::Enum(syntax) = &rgo_hir::item_ast(db, adt).kind else { return None };
    let position = rgo_hir::children(db, adt).iter().position(|child| *child == variant)?;
    let expr = syntax.variants.get(position)?.discriminant.as_ref()?;
    let value = match lower::literal_const(expr, discriminant_ty(db, adt)) {
        Some(value) => value,
        None => super::consts::evaluate(db, rgo_hir::anon_const(variant, expr.span), Args::empty()).as_value()?.clone(),
    };
    match value {
        ConstValue::Int(value) => Some(value),
        _ => None,
    }
}

fn after_previous(db: &dyn Db, variant: DefId) -> i128 {
    let siblings = variant.parent().map_or(&[][..], |adt| rgo_hir::children(db, adt));
    let previous = siblings.iter().take_while(|sibling| **sibling != variant).last();
    previous.map_or(0, |previous| discriminant(db, *previous) + 1)
}

/// The integer type of an enum's discriminants: `isize`, or what `#[repr(…)]` says.
pub fn discriminant_ty(db: &dyn Db, adt: DefId) -> Ty {
    let mut found = Ty::isize();
    for attr in rgo_hir::attrs(db, adt) {
        if let ast::AttrKind::Normal { args: ast::AttrArgs::List { tokens, .. }, .. } = &attr.kind
            && attr.is("repr")
        {
            for token in tokens {
                if let ast::Tok::Ident(name) = &token.kind
                    && let Some(ty) = Ty::from_suffix(name.as_str()).filter(|ty| ty.is_integral())
                {
                    found = ty;
                }
            }
        }
    }
    found
}
