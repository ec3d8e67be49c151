//! Closures that own something: which types hold a function together with what is to be dropped with it.
//!
//! A closure whose captures have nothing to drop is a Go `func`, and its type is erased to its signature. Any other keeps its type, by
//! which its drop is known, and is an `rgort.Closure`: the function and what drops its captures. So is a closure that is copied and can be
//! told from its copies (`copies`). `dyn Fn(A) -> R` is a `func` as long as no
//! such closure is boxed as one of that signature; lowering notes the first that is, and the package is lowered anew with that known.
//! `Rc` and `Arc` are pointers until a body reaches for the counts of such a one, and then structs with counts.
//! So it goes for any other trait object: impls tell only in part which types may be behind it (`impl<T: Show> Run for T`).
//! Invariant: the set of these signatures and traits only ever grows, and what this round knows of it does not change while the round lasts.

use rgo_hir::DefId;
use rgo_typeck::ty::{Binder, ClosureArgs, ClosureKind, Ty, TyKind, TypeFlags};

use super::Cx;
use crate::copies;
use crate::go::ast::*;
use crate::queries::{self, Owners};

/// What earlier rounds found out about trait objects that own something, and what this one has found.
#[derive(Clone, Debug, Default)]
pub struct Owning {
    known: Owners,
    found: Owners,
}

impl Owning {
    /// What the next round has to know.
    pub fn next_round(self) -> NextRound {
        let mut known = self.known.clone();
        known.functions.extend(self.found.functions);
        known.traits.extend(self.found.traits);
        known.copied.extend(self.found.copied);
        known.counted.extend(self.found.counted);
        known.changed_errors.extend(self.found.changed_errors);
        known.tells_copies |= self.found.tells_copies;
        let has_grown = known != self.known;
        NextRound { owning: Owning { known, found: Owners::default() }, has_grown }
    }
}

/// What a round leaves to the next one.
pub struct NextRound {
    pub owning: Owning,
    pub has_grown: bool,
}

impl Cx<'_> {
    /// Whether dropping a value runs code. Unlike in Rust's rules, memory does not count: the collector has it.
    pub fn needs_drop(&self, ty: Ty) -> bool {
        if let Some(known) = self.asked.borrow().needs_drop.get(&ty) {
            return *known;
        }
        let found = queries::needs_drop(self.db, &self.owning.known, ty);
        self.asked.borrow_mut().needs_drop.insert(ty, found);
        found
    }

    /// Whether a panic that is caught later must drop a value. The counts of `Rc` and `Arc` alone are no reason: what they count is memory.
    pub fn needs_unwinding(&self, ty: Ty) -> bool {
        if let Some(known) = self.asked.borrow().needs_unwinding.get(&ty) {
            return *known;
        }
        let found = queries::needs_unwinding(self.db, &self.owning.known, ty);
        self.asked.borrow_mut().needs_unwinding.insert(ty, found);
        found
    }

    /// Whether a destructor that runs with the drop of a value may panic.
    pub fn drop_may_panic(&self, ty: Ty) -> bool {
        queries::drop_may_panic(self.db, &self.owning.known, ty)
    }

    /// Closures that own nothing and function items as function pointers: instances are shared by what their Go types are.
    pub fn erase_functions(&self, ty: Ty) -> Ty {
        let erased = queries::erase_functions(self.db, &self.owning.known, ty);
        if erased.has(TypeFlags::HAS_ERROR) && !ty.has(TypeFlags::HAS_ERROR) {
            self.growth.note_endless_function();
        }
        erased
    }

    /// Whether values of a callable type are an `rgort.Closure`.
    pub fn is_closure_object(&self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Closure(..) => self.needs_drop(ty) || self.is_copied(ty),
            TyKind::Dynamic(..) => self.is_dyn_fn(ty) && self.needs_drop(ty),
            _ => false,
        }
    }

    /// Whether a closure was seen to be copied, and its copies can be told apart.
    pub fn is_copied(&self, ty: Ty) -> bool {
        matches!(ty.kind(), TyKind::Closure(def, _) if self.is_copied_closure(*def))
    }

    /// The same, by the closure.
    pub fn is_copied_closure(&self, closure: DefId) -> bool {
        self.owning.known.copied.contains(&closure)
    }

    /// A closure is copied whose copies can be told apart.
    pub fn need_copies_of(&mut self, closure: DefId) {
        self.owning.found.copied.insert(closure);
    }

    /// Whether a copy of a `Copy` value is another use of the Go value. Functions may be closures, which is not known before somebody asks:
    /// then they keep their types from the next round on.
    pub fn copies_as_is(&mut self, ty: Ty) -> bool {
        if !queries::is_copy(self.db, ty) {
            return false;
        }
        if !copies::holds_function(ty) {
            return true;
        }
        self.owning.found.tells_copies = true;
        !copies::holds_differing(self.db, ty)
    }

    /// Whether a clone of a value is another use of the Go value: what is copied so, strings, pointers to what several own, and what is made of these.
    pub fn clones_as_is(&mut self, ty: Ty) -> bool {
        match ty.kind() {
            _ if self.copies_as_is(ty) => true,
            TyKind::Param(_) => self.is_copy_param(ty),
            TyKind::Tuple(items) => items.iter().all(|item| self.clones_as_is(*item)),
            TyKind::Array(elem, _) => self.clones_as_is(*elem),
            TyKind::Adt(def, args) => match self.lang_of(*def) {
                Some("string") => true,
                Some("option") => self.clones_as_is(args.ty(0)),
                Some("rc" | "arc") => self.is_uncounted(args.ty(0)),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether a copy of functions may have to be made, as far as this round knows.
    pub fn may_be_told_from_copies(&self, ty: Ty) -> bool {
        !self.owning.known.tells_copies || copies::holds_differing(self.db, ty)
    }

    /// Whether a call that consumes the function leaves it to the caller to drop what it owns: the body of a closure that can be called
    /// once only sees to that itself.
    pub fn outlives_its_call(&self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Closure(_, args) => {
                self.needs_drop(ty) && ClosureArgs::new(*args).kind() != Some(ClosureKind::FnOnce)
            }
            TyKind::Dynamic(..) => !self.is_dyn_fn_once(ty),
            _ => false,
        }
    }

    /// Whether a type is an object that can be called once only.
    pub fn is_dyn_fn_once(&self, ty: Ty) -> bool {
        queries::object_fn_trait(self.db, ty).is_some_and(|trait_| self.is_lang(trait_, "fn_once"))
    }

    /// What an `Rc` or `Arc` holds that is a plain pointer: neither does a destructor wait for the last owner to let go, nor does anybody ask
    /// how many there are.
    pub fn uncounted_payload(&self, ty: Ty) -> Option<Ty> {
        let TyKind::Adt(def, args) = ty.kind() else { return None };
        let payload = queries::is_counted(self.db, *def).then(|| args.ty(0))?;
        self.is_uncounted(payload).then_some(payload)
    }

    /// Whether an `Rc` or `Arc` of such a value is a plain pointer.
    pub fn is_uncounted(&self, payload: Ty) -> bool {
        queries::may_go_uncounted(self.db, &self.owning.known, payload) && !self.needs_drop(payload)
    }

    /// A body reaches for the counts of owners.
    pub fn need_counts_of(&mut self, payload: Ty) {
        // The form of a type cannot depend on which parameters it is made of.
        if super::generic::is_open(payload) && self.refuse_generic() {
            return;
        }
        self.owning.found.counted.insert(payload);
    }

    /// Whether an error is changed behind a `dyn Error`, as far as this round knows.
    pub fn is_changed_error(&self, error: Ty) -> bool {
        self.owning.known.changed_errors.contains(&error)
    }

    /// A body changes an error behind a `dyn Error`.
    pub fn need_changed_error(&mut self, error: Ty) {
        self.owning.found.changed_errors.insert(error);
    }

    /// Something with a destructor is made a trait object of, behind a pointer that owns it.
    pub fn need_owning_dyn(&mut self, dynamic: Ty) {
        match (self.is_dyn_fn(dynamic), dynamic.dyn_principal()) {
            (true, _) => self.owning.found.functions.extend(queries::dyn_fn_key(self.db, dynamic)),
            (false, Some(principal)) => {
                self.owning.found.traits.insert(principal.value.trait_);
            }
            (false, None) => {}
        }
    }

    /// `rgort.Closure[func(A) R]`.
    pub fn owning_form(&mut self, function: Type) -> Type {
        self.runtime_ty("Closure", vec![function])
    }

    /// The signature of a closure or `dyn Fn`, as an erased function pointer.
    pub fn callable_sig(&self, ty: Ty) -> Option<Ty> {
        match ty.kind() {
            TyKind::Closure(_, args) => {
                let sig = ClosureArgs::new(*args).untupled_sig()?;
                Some(self.erase_functions(Ty::fn_ptr(Binder::dummy(sig.instantiate_erased()))))
            }
            TyKind::Dynamic(..) => queries::dyn_fn_key(self.db, ty),
            _ => None,
        }
    }
}
