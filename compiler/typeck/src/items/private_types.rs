//! Types and traits that a module may not name, reached all the same: through an alias, the result of a call, a field (``type `P` is private``).
//!
//! What is looked at is the type of everything that is written, not what is named there; the rules are those of rustc's `TypePrivacyVisitor`
//! (RFC 2145). Here: what of a type is private, and the types of signatures. `private_in_bodies` looks at bodies.

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rgo_syntax::ast::ItemKind;
use rustc_hash::FxHashMap;

use crate::collect::{adt_def, explicit_item_bounds, fn_sig, impl_trait_ref, own_predicates_of, type_of};
use crate::error::TypeError;
use crate::ty::display::display_ty;
use crate::ty::fold::walk_types;
use crate::ty::{Args, Clause, TraitRef, Ty, TyKind, TypeFoldable};

/// What is private of a type.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Private {
    kind: &'static str,
    shown: String,
}

/// What the code of one module may reach.
pub(super) struct Reach<'db> {
    db: &'db dyn Db,
    module: DefId,
    known: FxHashMap<Ty, Option<Private>>,
}

impl<'db> Reach<'db> {
    pub(super) fn of(db: &'db dyn Db, def: DefId) -> Reach<'db> {
        Reach { db, module: def.module(), known: FxHashMap::default() }
    }

    /// Std's types are all there for everybody: what it keeps for itself no signature of Rust's shows.
    fn reaches(&self, def: DefId) -> bool {
        def.is_std() || rgo_hir::visible_from(self.db, def, self.module)
    }

    pub(super) fn ty(&mut self, ty: Ty) -> Option<Private> {
        // What is made of nothing is part of the language.
        if !ty.has_parts() {
            return None;
        }
        if let Some(known) = self.known.get(&ty) {
            return known.clone();
        }
        // An `impl Trait` may be about itself.
        self.known.insert(ty, None);
        let found = self.in_types(&ty);
        self.known.insert(ty, found.clone());
        found
    }

    /// The first private one of the types in a value.
    pub(super) fn in_types<T: TypeFoldable>(&mut self, value: &T) -> Option<Private> {
        let mut found = None;
        let _ = walk_types(value, |ty| {
            found = self.head(ty);
            if found.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        found
    }

    /// What is private of a type apart from the types in it.
    fn head(&mut self, ty: Ty) -> Option<Private> {
        match ty.kind() {
            TyKind::Adt(def, _) => self.definition(*def, ty),
            TyKind::FnDef(def, _) => self.definition(*def, ty).or_else(|| self.signature(*def)),
            TyKind::Projection(def, _) => self.trait_of(*def),
            TyKind::Dynamic(clauses, _) => clauses.iter().find_map(|clause| match clause.value {
                Clause::Trait(trait_ref) => self.trait_(trait_ref.trait_),
                Clause::Projection(..) | Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => None,
            }),
            TyKind::Opaque(def, _) => {
                let bounds = explicit_item_bounds(self.db, *def);
                bounds.iter().find_map(|(bound, _)| self.clause(bound.value, Some(ty)))
            }
            _ => None,
        }
    }

    fn definition(&self, def: DefId, ty: Ty) -> Option<Private> {
        let in_trait = def.parent().filter(|parent| parent.kind() == DefKind::Trait);
        if self.reaches(in_trait.unwrap_or(def)) {
            return None;
        }
        Some(Private { kind: "type", shown: display_ty(self.db, ty) })
    }

    /// A function's type says what it takes and returns, and of whom it is a method.
    pub(super) fn signature(&mut self, def: DefId) -> Option<Private> {
        // What std's functions take and return is std's.
        if def.is_std() {
            return None;
        }
        let of_impl = def.parent().filter(|parent| parent.kind() == DefKind::Impl);
        self.in_types(&fn_sig(self.db, def).value).or_else(|| of_impl.and_then(|imp| self.ty(type_of(self.db, imp))))
    }

    /// A constant is named through its arguments and the type that it belongs to.
    pub(super) fn associated(&mut self, def: DefId, args: Args) -> Option<Private> {
        let of_impl = def.parent().filter(|parent| parent.kind() == DefKind::Impl);
        self.in_types(&args).or_else(|| of_impl.and_then(|imp| self.ty(type_of(self.db, imp))))
    }

    fn trait_(&self, def: DefId) -> Option<Private> {
        (!self.reaches(def)).then(|| Private { kind: "trait", shown: def.name().to_string() })
    }

    fn trait_of(&self, item: DefId) -> Option<Private> {
        item.parent().filter(|parent| parent.kind() == DefKind::Trait).and_then(|parent| self.trait_(parent))
    }

    fn trait_ref(&mut self, trait_ref: TraitRef, except: Option<Ty>) -> Option<Private> {
        let args = || trait_ref.args.types().filter(|ty| Some(*ty) != except);
        self.trait_(trait_ref.trait_).or_else(|| args().find_map(|ty| self.ty(ty)))
    }

    /// `except` is the type that the clause is a bound of.
    fn clause(&mut self, clause: Clause, except: Option<Ty>) -> Option<Private> {
        match clause {
            Clause::Trait(trait_ref) => self.trait_ref(trait_ref, except),
            Clause::Projection(projection, ty) => {
                let args = || projection.args.types().filter(|ty| Some(*ty) != except);
                self.trait_of(projection.item).or_else(|| args().find_map(|ty| self.ty(ty))).or_else(|| self.ty(ty))
            }
            Clause::TypeOutlives(ty, _) => Some(ty).filter(|ty| Some(*ty) != except).and_then(|ty| self.ty(ty)),
            Clause::RegionOutlives(..) => None,
        }
    }
}

pub(super) fn error(def: DefId, span: Span, private: &Private) -> TypeError {
    let message = format!("{} `{}` is private", private.kind, private.shown);
    let mut error = TypeError::new(def, span, "", message).label(format!("private {}", private.kind)).late();
    error.code = None;
    error
}

/// The first private type or trait of a signature.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    if def.is_std() {
        return;
    }
    let mut reach = Reach::of(db, def);
    let found = signature_types(db, def).into_iter().find_map(|(ty, span)| reach.ty(ty).map(|found| (found, span)));
    let found = found.or_else(|| {
        let mut own = own_predicates_of(db, def).iter();
        own.find_map(|(predicate, span)| reach.clause(predicate.value, None).map(|found| (found, *span)))
    });
    let found = found.or_else(|| impl_head(db, def, &mut reach));
    errors.extend(found.map(|(private, span)| error(def, span, &private)));
}

/// The types of a signature with their places.
fn signature_types(db: &dyn Db, def: DefId) -> Vec<(Ty, Span)> {
    let item = rgo_hir::item_ast(db, def);
    match (&item.kind, def.kind()) {
        (ItemKind::Fn(item), DefKind::Fn) => {
            let sig = fn_sig(db, def).value;
            let output_span = item.ret.as_ref().map_or(item.sig_span, |ret| ret.span);
            let receiver = item.self_param.iter().map(|param| param.span);
            let spans = receiver.chain(item.params.iter().map(|param| param.ty.span));
            std::iter::once((sig.output(), output_span)).chain(sig.inputs().iter().copied().zip(spans)).collect()
        }
        (ItemKind::TypeAlias(item), DefKind::TypeAlias | DefKind::AssocTy) => {
            item.ty.iter().map(|ty| (type_of(db, def), ty.span)).collect()
        }
        (ItemKind::Const(item), DefKind::Const | DefKind::AssocConst) => {
            item.ty.iter().map(|ty| (type_of(db, def), ty.span)).collect()
        }
        (ItemKind::Static(item), DefKind::Static) => item.ty.iter().map(|ty| (type_of(db, def), ty.span)).collect(),
        (_, DefKind::Struct | DefKind::Enum | DefKind::Union) => {
            let fields = adt_def(db, def).variants.iter().flat_map(|variant| &variant.fields);
            fields.map(|field| (field.ty, rgo_hir::def_span(db, field.def))).collect()
        }
        (ItemKind::Impl(item), DefKind::Impl) => vec![(type_of(db, def), item.self_ty.span)],
        _ => Vec::new(),
    }
}

/// The trait of an impl, and the types that it is given.
fn impl_head(db: &dyn Db, def: DefId, reach: &mut Reach<'_>) -> Option<(Private, Span)> {
    let ItemKind::Impl(item) = &rgo_hir::item_ast(db, def).kind else { return None };
    let span = item.of_trait.as_ref()?.span;
    let trait_ref = impl_trait_ref(db, def)?;
    reach.trait_ref(trait_ref, Some(trait_ref.self_ty())).map(|found| (found, span))
}
