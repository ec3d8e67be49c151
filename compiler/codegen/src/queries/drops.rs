//! What is dropped, and whether that runs code: Rust's rules of drop, without memory, by what is known of trait objects and owners so far.

use rgo_hir::{Db, DefId};
use rgo_typeck::collect;
use rgo_typeck::ty::{ClosureArgs, Subst, Ty, TyKind, TypeFoldable};
use rustc_hash::FxHashSet;

use super::functions::{dyn_fn_key, object_fn_trait};
use super::{facts, implements, normalize};

/// Which trait objects were seen to be made of something with a destructor, and which closures to be copied (`mono::owning`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// Signatures of `dyn Fn`, as erased function pointers.
    pub functions: FxHashSet<Ty>,
    /// All other traits.
    pub traits: FxHashSet<DefId>,
    /// Whether functions of a type that may be a closure's are copied: closures keep their types then where their copies can be told apart.
    pub tells_copies: bool,
    /// The closures that are copied and can be told from their copies.
    pub copied: FxHashSet<DefId>,
    /// What `Rc` and `Arc` hold whose owners are counted.
    pub counted: FxHashSet<Ty>,
    /// Errors that are changed behind a `dyn Error`.
    pub changed_errors: FxHashSet<Ty>,
}

/// See [`crate::mono::Cx::needs_drop`].
pub fn needs_drop(db: &dyn Db, owning: &Owners, ty: Ty) -> bool {
    DropCheck { db, owning, counts: Counts::Matter, inside: Vec::new() }.ty(ty)
}

/// See [`crate::mono::Cx::needs_unwinding`].
pub fn needs_unwinding(db: &dyn Db, owning: &Owners, ty: Ty) -> bool {
    DropCheck { db, owning, counts: Counts::AreMemory, inside: Vec::new() }.ty(ty)
}

/// Whether counting a reference down is something that a program can notice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Matter,
    AreMemory,
}

struct DropCheck<'a, 'db> {
    db: &'db dyn Db,
    owning: &'a Owners,
    counts: Counts,
    inside: Vec<Ty>,
}

impl DropCheck<'_, '_> {
    fn ty(&mut self, ty: Ty) -> bool {
        let ty = normalize(self.db, ty);
        match ty.kind() {
            TyKind::Array(elem, _) | TyKind::Slice(elem) => self.ty(*elem),
            TyKind::Tuple(items) => items.iter().any(|item| self.ty(*item)),
            TyKind::Closure(_, args) => ClosureArgs::new(*args).upvars().iter().any(|upvar| self.ty(*upvar)),
            TyKind::Dynamic(..) => self.dynamic(ty),
            TyKind::Adt(def, args) => {
                let lang = rgo_hir::lang_name(self.db, *def);
                if lang == Some("manually_drop") || self.inside.contains(&ty) || self.inside.len() > 64 {
                    return false;
                }
                let is_count = matches!(lang, Some("rc" | "arc" | "rc_weak" | "arc_weak"));
                let is_memory = is_count && self.counts == Counts::AreMemory
                    || is_counted(self.db, *def) && may_go_uncounted(self.db, self.owning, args.ty(0));
                let does_nothing = lang == Some("vec_deque") || is_memory;
                if drop_impl(self.db, *def).is_some() && !does_nothing {
                    return true;
                }
                self.inside.push(ty);
                let found = match lang {
                    Some("rc" | "arc") => self.ty(args.ty(0)),
                    Some("rc_weak" | "arc_weak") => false,
                    // The destructor of a deque drops its items, and is nothing where they have none.
                    Some("box" | "vec" | "vec_deque" | "owned_ptr") => self.ty(args.ty(0)),
                    Some("shared_ptr" | "phantom_data") => false,
                    _ => {
                        let adt = collect::adt_def(self.db, *def);
                        adt.variants
                            .iter()
                            .flat_map(|variant| &variant.fields)
                            .any(|field| self.ty(field.ty.subst(*args)))
                    }
                };
                self.inside.pop();
                found
            }
            _ => false,
        }
    }

    /// A trait object runs code if a type that implements the trait does.
    fn dynamic(&mut self, ty: Ty) -> bool {
        let Some(principal) = ty.dyn_principal() else { return false };
        if object_fn_trait(self.db, ty).is_some() {
            let functions = &self.owning.functions;
            return !functions.is_empty() && dyn_fn_key(self.db, ty).is_some_and(|key| functions.contains(&key));
        }
        if self.owning.traits.contains(&principal.value.trait_) {
            return true;
        }
        let is_error = rgo_hir::lang_name(self.db, principal.value.trait_) == Some("error_trait");
        rgo_hir::trait_impls(self.db, principal.value.trait_).iter().any(|impl_| {
            let Some(trait_ref) = collect::impl_trait_ref(self.db, *impl_) else { return false };
            match trait_ref.self_ty().kind() {
                // An `Rc` or `Arc` as a `dyn Error` is noted where it is made: no other error would be plain data.
                TyKind::Adt(def, _) if is_error && is_counted(self.db, *def) => false,
                TyKind::Adt(def, _) => {
                    let own = trait_ref.self_ty();
                    drop_impl(self.db, *def).is_some()
                        || !own.has_param() && !self.inside.contains(&own) && self.ty(own)
                }
                _ => false,
            }
        })
    }
}

/// Whether nobody can tell how many owners an `Rc` or `Arc` of such a value has, as far as is known; what it holds may have a destructor all the
/// same. Values without data have no addresses of their own in Go: they keep their counts, by whose address they are told apart.
pub fn may_go_uncounted(db: &dyn Db, owning: &Owners, payload: Ty) -> bool {
    !owning.counted.contains(&payload) && implements(db, payload, "sized") && holds_data(db, payload)
}

fn holds_data(db: &dyn Db, ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Tuple(items) => items.iter().any(|item| holds_data(db, *item)),
        TyKind::Array(elem, len) => len.as_usize() != Some(0) && holds_data(db, *elem),
        TyKind::Adt(def, args) => {
            let adt = collect::adt_def(db, *def);
            let mut fields = adt.variants.iter().flat_map(|variant| &variant.fields);
            def.is_std() || adt.variants.len() > 1 || fields.any(|field| holds_data(db, field.ty.subst(*args)))
        }
        TyKind::FnDef(..) | TyKind::Closure(..) | TyKind::Never => false,
        _ => true,
    }
}

/// `Rc` and `Arc`.
pub fn is_counted(db: &dyn Db, def: DefId) -> bool {
    matches!(rgo_hir::lang_name(db, def), Some("rc" | "arc"))
}

/// See [`crate::mono::Cx::drop_may_panic`].
pub fn drop_may_panic(db: &dyn Db, owning: &Owners, ty: Ty) -> bool {
    may_panic_inside(db, owning, ty, &mut Vec::new())
}

fn may_panic_inside(db: &dyn Db, owning: &Owners, ty: Ty, inside: &mut Vec<Ty>) -> bool {
    let ty = normalize(db, ty);
    match ty.kind() {
        TyKind::Array(elem, _) | TyKind::Slice(elem) => may_panic_inside(db, owning, *elem, inside),
        TyKind::Tuple(items) => items.iter().any(|item| may_panic_inside(db, owning, *item, inside)),
        TyKind::Closure(_, args) => {
            ClosureArgs::new(*args).upvars().iter().any(|upvar| may_panic_inside(db, owning, *upvar, inside))
        }
        TyKind::Adt(def, args) if needs_drop(db, owning, ty) => {
            // A type that holds itself may be dropped to any depth; what its destructors do is known from the outer one.
            if inside.contains(&ty) {
                return false;
            }
            if inside.len() > 64 || drop_impl(db, *def).is_some_and(|drop| facts(db, drop).is_none_or(|f| f.may_panic))
            {
                return true;
            }
            inside.push(ty);
            let found = match rgo_hir::lang_name(db, *def) {
                Some("box" | "vec" | "owned_ptr") => may_panic_inside(db, owning, args.ty(0), inside),
                _ => {
                    let adt = collect::adt_def(db, *def);
                    let mut fields = adt.variants.iter().flat_map(|variant| &variant.fields);
                    fields.any(|field| may_panic_inside(db, owning, field.ty.subst(*args), inside))
                }
            };
            inside.pop();
            found
        }
        _ => needs_drop(db, owning, ty),
    }
}

/// The method `drop` of the type's own `Drop` impl.
pub fn drop_impl(db: &dyn Db, adt: DefId) -> Option<DefId> {
    rgo_typeck::drop_glue::drop_method_of(db, adt)
}
