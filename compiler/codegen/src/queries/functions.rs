//! Functions as types: which trait objects are only called, and what is left of function types where Go tells them apart by their signature
//! alone.

use rgo_hir::{Db, DefId};
use rgo_typeck::collect;
use rgo_typeck::ty::fold::TypeFolder;
use rgo_typeck::ty::intern::TypeFlags;
use rgo_typeck::ty::{Binder, Clause, ClosureArgs, FnSig, List, Subst, Ty, TyKind, TypeFoldable};

use super::drops::{Owners, needs_drop};
use super::objects::{all_supertraits, dyn_methods, object_traits};
use super::{fn_sig, normalize, strip_bound, without_regions};
use crate::copies;

/// Whether a trait is `Fn`, `FnMut` or `FnOnce`.
pub fn is_fn_trait(db: &dyn Db, trait_: DefId) -> bool {
    matches!(rgo_hir::lang_name(db, trait_), Some("fn" | "fn_mut" | "fn_once"))
}

/// The trait by which an object is called, where that is all that can be done with it: such an object is a Go function. It is so with `dyn
/// Fn(A) -> R` and with `dyn Callback` where `trait Callback: Fn(A) -> R {}` says no more.
pub fn object_fn_trait(db: &dyn Db, ty: Ty) -> Option<DefId> {
    let own = ty.dyn_principal()?.value.trait_;
    if is_fn_trait(db, own) {
        return Some(own);
    }
    let above = all_supertraits(db, own);
    let called = |lang: &str| above.iter().copied().find(|parent| rgo_hir::lang_name(db, *parent) == Some(lang));
    let found = called("fn").or_else(|| called("fn_mut")).or_else(|| called("fn_once"))?;
    let is_only_called =
        dyn_methods(db, own, ty).iter().all(|(method, _)| method.parent().is_some_and(|of| is_fn_trait(db, of)));
    is_only_called.then_some(found)
}

/// The signature of an object that is called: `dyn Fn(A) -> R`.
pub fn dyn_fn_sig(db: &dyn Db, ty: Ty) -> Option<FnSig> {
    let TyKind::Dynamic(clauses, _) = ty.kind() else { return None };
    let called = object_fn_trait(db, ty)?;
    let traits = object_traits(db, ty.dyn_principal()?.value.trait_, ty);
    let inputs = traits.iter().find(|trait_ref| trait_ref.trait_ == called)?.args.ty(1).as_tuple()?;
    let returned = |clause: &Clause| match clause {
        Clause::Projection(projection, ty) => {
            projection.item.parent().is_some_and(|of| is_fn_trait(db, of)).then_some(*ty)
        }
        _ => None,
    };
    let output = clauses.iter().find_map(|clause| returned(&clause.value)).or_else(|| {
        traits.iter().find_map(|trait_ref| {
            let above = collect::super_predicates(db, trait_ref.trait_).iter();
            let ty = above.map(|(predicate, _)| &predicate.value).find_map(returned)?;
            Some(ty.subst(trait_ref.args))
        })
    });
    let output = output.unwrap_or_else(Ty::unit);
    let sig = FnSig::new(&inputs, output);
    let erased = Binder { value: sig, vars: List::empty() }.value.erase_regions();
    let types: Vec<Ty> = erased.inputs_and_output.iter().map(|ty| normalize(db, strip_bound(*ty))).collect();
    let (output, inputs) = types.split_last()?;
    Some(FnSig::new(inputs, *output))
}

/// `dyn Fn(A) -> R` as the erased function pointer of its signature.
pub fn dyn_fn_key(db: &dyn Db, ty: Ty) -> Option<Ty> {
    let sig = dyn_fn_sig(db, ty)?;
    Some(erase_functions(db, &Owners::default(), Ty::fn_ptr(Binder::dummy(sig))))
}

/// See [`crate::mono::Cx::erase_functions`]. An error type stands where erasing has no end: `fn f() -> impl Sized { g }` and
/// `fn g() -> impl Sized { f }` are types in Rust, whose functions are told apart by name, and none in Go.
pub fn erase_functions(db: &dyn Db, owning: &Owners, ty: Ty) -> Ty {
    if !ty.has(TypeFlags::HAS_FUNCTION) {
        return ty;
    }
    struct Eraser<'a, 'db> {
        db: &'db dyn Db,
        owning: &'a Owners,
        /// The functions whose signatures are being erased.
        within: Vec<Ty>,
    }
    impl TypeFolder for Eraser<'_, '_> {
        fn fold_ty(&mut self, ty: Ty) -> Ty {
            match ty.kind() {
                TyKind::Closure(..) if needs_drop(self.db, self.owning, ty) => ty.super_fold_with(self),
                TyKind::Closure(..) if self.owning.tells_copies && copies::differ(self.db, ty) => {
                    ty.super_fold_with(self)
                }
                TyKind::Closure(..) | TyKind::FnDef(..) if self.within.contains(&ty) => Ty::error(),
                TyKind::Closure(_, args) => match ClosureArgs::new(*args).untupled_sig() {
                    Some(sig) => self.pointer_of(ty, sig.instantiate_erased()),
                    None => ty,
                },
                TyKind::FnDef(def, args) => {
                    let sig = fn_sig(self.db, *def).subst(*args).erase_regions();
                    self.pointer_of(ty, sig)
                }
                TyKind::FnPtr(sig) => self.pointer(sig.instantiate_erased()),
                _ => ty.super_fold_with(self),
            }
        }
    }
    impl Eraser<'_, '_> {
        fn pointer_of(&mut self, function: Ty, sig: FnSig) -> Ty {
            self.within.push(function);
            let pointer = self.pointer(sig);
            self.within.pop();
            pointer
        }

        fn pointer(&mut self, sig: FnSig) -> Ty {
            let types: Vec<Ty> = sig
                .inputs_and_output
                .iter()
                .map(|ty| normalize(self.db, without_regions(*ty)).fold_with(self))
                .collect();
            match types.split_last() {
                Some((output, inputs)) => Ty::fn_ptr(Binder::dummy(FnSig::new(inputs, *output))),
                None => Ty::error(),
            }
        }
    }
    ty.fold_with(&mut Eraser { db, owning, within: Vec::new() })
}

/// Whether a parameter's type is a generic one that can be called.
pub fn is_callable_param(db: &dyn Db, def: DefId, ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Param(_))
        && collect::predicates_of(db, def).iter().any(|(predicate, _)| match predicate.value {
            Clause::Trait(trait_ref) if trait_ref.self_ty() == ty => is_fn_trait(db, trait_ref.trait_),
            _ => false,
        })
}
