//! Whether a type has values, as far as a place in the program may know (rustc: `inhabitedness`).
//!
//! Private fields and foreign `#[non_exhaustive]` types are taken as inhabited; so is a type inside itself, which needs no further look.

use rgo_hir::{Db, DefId};
use rustc_hash::FxHashMap;

use crate::collect::adt_def;
use crate::solve::{ParamEnv, normalize_erasing_regions};
use crate::ty::{AdtKind, Args, ConstKind, ConstValue, Subst, Ty, TyKind, VariantDef};

/// Whether `ty` has values, seen from `from`.
pub fn is_inhabited(db: &dyn Db, param_env: ParamEnv, from: DefId, ty: Ty) -> bool {
    Visitor { db, param_env, from, inside: Vec::new(), known: FxHashMap::default() }.ty(ty)
}

/// Whether a variant has values, seen from `from`.
pub fn variant_is_inhabited(db: &dyn Db, param_env: ParamEnv, from: DefId, variant: &VariantDef, args: Args) -> bool {
    let mut visitor = Visitor { db, param_env, from, inside: Vec::new(), known: FxHashMap::default() };
    variant.fields.iter().all(|field| visitor.ty(field.ty.subst(args)))
}

/// Whether the enum or struct is of another package and marked `#[non_exhaustive]`.
pub fn is_foreign_non_exhaustive(db: &dyn Db, adt: DefId, from: DefId) -> bool {
    adt.package_of() != from.package_of() && rgo_hir::attrs(db, adt).iter().any(|attr| attr.is("non_exhaustive"))
}

struct Visitor<'db> {
    db: &'db dyn Db,
    param_env: ParamEnv,
    from: DefId,
    inside: Vec<Ty>,
    /// What was looked at already: the parts of a type are often the same.
    known: FxHashMap<Ty, bool>,
}

impl Visitor<'_> {
    fn ty(&mut self, ty: Ty) -> bool {
        let ty = normalize_erasing_regions(self.db, self.param_env, ty);
        match ty.kind() {
            TyKind::Never => false,
            TyKind::Tuple(items) => items.iter().all(|item| self.ty(*item)),
            TyKind::Array(elem, len) => match len.kind() {
                ConstKind::Value(ConstValue::Int(0)) => true,
                ConstKind::Value(_) => self.ty(*elem),
                _ => true,
            },
            TyKind::Adt(def, args) => {
                if self.inside.contains(&ty) || self.inside.len() > 32 {
                    return true;
                }
                if let Some(known) = self.known.get(&ty) {
                    return *known;
                }
                self.inside.push(ty);
                let inhabited = self.adt(*def, *args);
                self.inside.pop();
                self.known.insert(ty, inhabited);
                inhabited
            }
            _ => true,
        }
    }

    fn adt(&mut self, def: DefId, args: Args) -> bool {
        if is_foreign_non_exhaustive(self.db, def, self.from) {
            return true;
        }
        let adt = adt_def(self.db, def);
        match adt.kind {
            AdtKind::Union => true,
            AdtKind::Enum => {
                adt.variants.iter().any(|variant| variant.fields.iter().all(|field| self.ty(field.ty.subst(args))))
            }
            AdtKind::Struct => adt
                .variants
                .iter()
                .flat_map(|variant| &variant.fields)
                .all(|field| !rgo_hir::visible_from(self.db, field.def, self.from) || self.ty(field.ty.subst(args))),
        }
    }
}
