//! The impls of a trait, indexed by what their self type looks like, with quick rejection by the shape of all arguments.
//!
//! (rustc dev guide, "Trait solving": fast reject.)

use rgo_hir::body::Mutability;
use rgo_hir::{Db, DefId};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::ops::ControlFlow;

use crate::collect;
use crate::ty::fold::TypeVisitor;
use crate::ty::{
    Args, Const, ConstKind, FloatTy, GenericArg, InferTy, IntTy, TraitRef, Ty, TyKind, TypeFlags, TypeFoldable, UintTy,
};
use rgo_hir::DefKey;

/// The head of a type, as far as unification needs it to be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Head {
    Bool,
    Char,
    Str,
    Never,
    Int(IntTy),
    Uint(UintTy),
    Float(FloatTy),
    Adt(DefId),
    Array,
    Slice,
    Ref(Mutability),
    Tuple(usize),
    FnPtr(usize),
    Dyn(Option<DefId>),
}

/// The head of a type; `None` where any type could come: parameters, projections, variables.
pub(crate) fn head(ty: Ty) -> Option<Head> {
    Some(match ty.kind() {
        TyKind::Bool => Head::Bool,
        TyKind::Char => Head::Char,
        TyKind::Str => Head::Str,
        TyKind::Never => Head::Never,
        TyKind::Int(int) => Head::Int(*int),
        TyKind::Uint(uint) => Head::Uint(*uint),
        TyKind::Float(float) => Head::Float(*float),
        TyKind::Adt(def, _) => Head::Adt(*def),
        TyKind::Array(..) => Head::Array,
        TyKind::Slice(_) => Head::Slice,
        TyKind::Ref(_, _, mutability) => Head::Ref(*mutability),
        TyKind::Tuple(items) => Head::Tuple(items.len()),
        TyKind::FnPtr(sig) => Head::FnPtr(sig.value.inputs().len()),
        TyKind::Dynamic(clauses, _) => {
            Head::Dyn(crate::ty::principal(*clauses).map(|principal| principal.value.trait_))
        }
        TyKind::FnDef(..)
        | TyKind::Closure(..)
        | TyKind::Param(_)
        | TyKind::Projection(..)
        | TyKind::Opaque(..)
        | TyKind::Infer(_)
        | TyKind::Error => return None,
    })
}

/// An impl and what it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ImplHead {
    pub def: DefId,
    pub trait_ref: TraitRef,
    /// No parameter of a type or constant stands in it twice.
    is_linear: bool,
}

/// The impls of one trait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TraitImpls {
    by_head: FxHashMap<Head, Vec<ImplHead>>,
    /// `impl<T> Trait for T`, `impl<T: X> Trait for T::Y`.
    blanket: Vec<ImplHead>,
    /// `#[fn_pointers] impl<F: Copy> Trait for F`: of std, for pointers to functions alone.
    fn_pointers: Vec<ImplHead>,
}

impl TraitImpls {
    /// The impls that could apply to a self type, in the order of the program within each group.
    pub(crate) fn for_self_ty(&self, self_ty: Ty) -> impl Iterator<Item = ImplHead> {
        let mut numeric: Vec<&ImplHead> = Vec::new();
        let mut exact: &[ImplHead] = &[];
        match self_ty.kind() {
            TyKind::Infer(InferTy::Int(_)) => {
                for (head, impls) in &self.by_head {
                    if matches!(head, Head::Int(_) | Head::Uint(_)) {
                        numeric.extend(impls);
                    }
                }
                numeric.sort_by_key(|head| head.def);
            }
            TyKind::Infer(InferTy::Float(_)) => {
                for (head, impls) in &self.by_head {
                    if matches!(head, Head::Float(_)) {
                        numeric.extend(impls);
                    }
                }
                numeric.sort_by_key(|head| head.def);
            }
            _ => {
                if let Some(impls) = head(self_ty).and_then(|head| self.by_head.get(&head)) {
                    exact = impls;
                }
            }
        }
        exact
            .iter()
            .copied()
            .chain(numeric.into_iter().copied().collect::<Vec<_>>())
            .chain(self.blanket.iter().copied())
            .chain(self.of_fn_pointer(self_ty).iter().copied())
    }

    fn of_fn_pointer(&self, self_ty: Ty) -> &[ImplHead] {
        if matches!(self_ty.kind(), TyKind::FnPtr(_)) { &self.fn_pointers } else { &[] }
    }

    /// The impls that could cover a type that an impl with this self type covers too, in no particular order.
    pub(crate) fn meeting(&self, self_ty: Ty) -> impl Iterator<Item = DefId> {
        let of_head = head(self_ty).map(|head| self.by_head.get(&head).map_or(&[][..], Vec::as_slice));
        let all = of_head.is_none().then(|| self.by_head.values().flatten());
        let named = of_head.unwrap_or(&[]).iter().chain(all.into_iter().flatten());
        let found = named.chain(&self.blanket).chain(self.of_fn_pointer(self_ty));
        found.map(|head| head.def)
    }

    /// All impls, in no particular order.
    pub(crate) fn for_any_self_ty(&self) -> impl Iterator<Item = ImplHead> {
        self.by_head.values().flatten().chain(&self.blanket).chain(&self.fn_pointers).copied()
    }

    /// Whether any impl is written for this head.
    pub(crate) fn mentions(&self, self_ty: Ty) -> bool {
        self.for_self_ty(self_ty).next().is_some()
    }
}

/// The impls of a trait in the whole workspace.
pub(crate) fn impls_of(db: &dyn Db, trait_: DefId) -> &TraitImpls {
    impls_query(db, trait_.key(db))
}

/// Survives every edit that changes no impl's head.
#[salsa::tracked]
fn impls_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> TraitImpls {
    let trait_ = key.def(db);
    let mut impls = TraitImpls::default();
    for &def in rgo_hir::trait_impls(db, trait_) {
        let Some(trait_ref) = collect::impl_trait_ref(db, def).filter(|trait_ref| trait_ref.trait_ == trait_) else {
            continue;
        };
        let of_impl = ImplHead { def, trait_ref, is_linear: is_linear(trait_ref) };
        match (head(trait_ref.self_ty()), trait_ref.self_ty().kind()) {
            (Some(head), _) => impls.by_head.entry(head).or_default().push(of_impl),
            (None, TyKind::Error) => {}
            (None, _) if def.is_std() && rgo_hir::attrs(db, def).iter().any(|attr| attr.is("fn_pointers")) => {
                impls.fn_pointers.push(of_impl);
            }
            (None, _) => impls.blanket.push(of_impl),
        }
    }
    impls
}

/// Whether the arguments of an impl's trait reference could unify with those of a goal. False is certain.
pub(crate) fn args_may_unify(of_impl: Args, goal: Args) -> bool {
    of_impl.iter().zip(goal.iter()).all(|(a, b)| match (a, b) {
        (GenericArg::Ty(a), GenericArg::Ty(b)) => may_unify(*a, *b),
        (GenericArg::Const(a), GenericArg::Const(b)) => match (a.kind(), b.kind()) {
            (ConstKind::Value(a), ConstKind::Value(b)) => a == b,
            _ => true,
        },
        _ => true,
    })
}

impl ImplHead {
    /// Whether the head surely unifies with a goal, regions aside. False is a guess.
    pub(crate) fn surely_unifies(&self, goal: Args) -> bool {
        self.is_linear && args_surely_unify(self.trait_ref.args, goal)
    }
}

fn args_surely_unify(of_impl: Args, goal: Args) -> bool {
    of_impl.len() == goal.len()
        && of_impl.iter().zip(goal.iter()).all(|(a, b)| match (a, b) {
            (GenericArg::Ty(a), GenericArg::Ty(b)) => surely_unify(*a, *b),
            (GenericArg::Const(a), GenericArg::Const(b)) => consts_surely_unify(*a, *b),
            (GenericArg::Region(_), GenericArg::Region(_)) => true,
            _ => false,
        })
}

fn consts_surely_unify(of_impl: Const, goal: Const) -> bool {
    match (of_impl.kind(), goal.kind()) {
        (ConstKind::Param { .. }, ConstKind::Value(_) | ConstKind::Param { .. }) => true,
        (ConstKind::Value(a), ConstKind::Value(b)) => a == b,
        _ => false,
    }
}

fn surely_unify(of_impl: Ty, goal: Ty) -> bool {
    match (of_impl.kind(), goal.kind()) {
        (TyKind::Param(_), _) => !goal.has_flag(TypeFlags::HAS_ERROR | TypeFlags::HAS_PROJECTION),
        (TyKind::Adt(a, a_args), TyKind::Adt(b, b_args)) => a == b && args_surely_unify(*a_args, *b_args),
        (TyKind::Ref(_, a, a_mut), TyKind::Ref(_, b, b_mut)) => a_mut == b_mut && surely_unify(*a, *b),
        (TyKind::Slice(a), TyKind::Slice(b)) => surely_unify(*a, *b),
        (TyKind::Array(a, a_len), TyKind::Array(b, b_len)) => {
            surely_unify(*a, *b) && consts_surely_unify(*a_len, *b_len)
        }
        (TyKind::Tuple(a), TyKind::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| surely_unify(*a, *b))
        }
        (
            TyKind::Bool
            | TyKind::Char
            | TyKind::Str
            | TyKind::Never
            | TyKind::Int(_)
            | TyKind::Uint(_)
            | TyKind::Float(_),
            _,
        ) => of_impl == goal,
        _ => false,
    }
}

fn is_linear(trait_ref: TraitRef) -> bool {
    struct Params {
        seen: SmallVec<[u32; 4]>,
    }
    impl Params {
        fn meet(&mut self, index: u32) -> ControlFlow<()> {
            if self.seen.contains(&index) {
                return ControlFlow::Break(());
            }
            self.seen.push(index);
            ControlFlow::Continue(())
        }
    }
    impl TypeVisitor for Params {
        fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
            match ty.kind() {
                TyKind::Param(param) => self.meet(param.index),
                _ => ty.super_visit_with(self),
            }
        }

        fn visit_const(&mut self, value: Const) -> ControlFlow<()> {
            match value.kind() {
                ConstKind::Param { index, .. } => self.meet(*index),
                _ => value.super_visit_with(self),
            }
        }
    }
    trait_ref.visit_with(&mut Params { seen: SmallVec::new() }).is_continue()
}

/// Parameters stand for anything on the impl's side, for themselves on the goal's.
fn may_unify(of_impl: Ty, goal: Ty) -> bool {
    match (of_impl.kind(), goal.kind()) {
        (TyKind::Param(_) | TyKind::Projection(..) | TyKind::Error | TyKind::Infer(_) | TyKind::Opaque(..), _) => true,
        (_, TyKind::Error | TyKind::Infer(InferTy::Ty(_)) | TyKind::Projection(..)) => true,
        (TyKind::Int(_) | TyKind::Uint(_), TyKind::Infer(InferTy::Int(_))) => true,
        (TyKind::Float(_), TyKind::Infer(InferTy::Float(_))) => true,
        (_, TyKind::Infer(_) | TyKind::Param(_) | TyKind::Opaque(..)) => false,
        (TyKind::Adt(a, a_args), TyKind::Adt(b, b_args)) => a == b && args_may_unify(*a_args, *b_args),
        (TyKind::Ref(_, a, a_mut), TyKind::Ref(_, b, b_mut)) => a_mut == b_mut && may_unify(*a, *b),
        (TyKind::Slice(a), TyKind::Slice(b)) => may_unify(*a, *b),
        (TyKind::Array(a, a_len), TyKind::Array(b, b_len)) => {
            may_unify(*a, *b)
                && match (a_len.kind(), b_len.kind()) {
                    (ConstKind::Value(a), ConstKind::Value(b)) => a == b,
                    _ => true,
                }
        }
        (TyKind::Tuple(a), TyKind::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| may_unify(*a, *b))
        }
        (a, b) => match (head(of_impl), head(goal)) {
            (Some(a), Some(b)) => a == b,
            _ => std::mem::discriminant(a) == std::mem::discriminant(b),
        },
    }
}
