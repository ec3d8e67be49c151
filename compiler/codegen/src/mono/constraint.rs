//! What Go must know of a type parameter, by the bounds of the item that has it.

use std::ops::ControlFlow;

use rgo_hir::DefId;
use rgo_syntax::Name;
use rgo_typeck::collect;
use rgo_typeck::ty::fold::{TypeFoldable, walk_types};
use rgo_typeck::ty::{Binder, Clause, FnSig, TraitRef, Ty, TyKind};
use rustc_hash::FxHashMap;

use super::Cx;
use super::generic::Replace;
use crate::queries;

/// A constraint of Go, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Constraint {
    Any,
    /// `==`, and a key of a map.
    Comparable,
    /// `<` as well: numbers and strings.
    Ordered,
    /// The methods of a trait of the program's; the type is its trait object, whose interface constrains.
    Methods(Ty),
}

impl Constraint {
    fn implies(self, other: Constraint) -> bool {
        self == other || other == Constraint::Any || (self, other) == (Constraint::Ordered, Constraint::Comparable)
    }
}

/// What is known of a type parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bounds {
    pub constraint: Constraint,
    pub is_copy: bool,
}

impl Bounds {
    const NONE: Bounds = Bounds { constraint: Constraint::Any, is_copy: false };

    /// Whether a parameter with these bounds can stand for one with others.
    pub fn imply(self, other: Bounds) -> bool {
        self.constraint.implies(other.constraint) && (self.is_copy || !other.is_copy)
    }

    /// What both say.
    fn common(self, other: Bounds) -> Bounds {
        let constraint = match (self.constraint.implies(other.constraint), other.constraint.implies(self.constraint)) {
            (true, _) => other.constraint,
            (_, true) => self.constraint,
            _ => Constraint::Any,
        };
        Bounds { constraint, is_copy: self.is_copy && other.is_copy }
    }

    /// What the two say together; `None` where no constraint of Go does.
    fn joined(self, other: Bounds) -> Option<Bounds> {
        let constraint = match (self.constraint.implies(other.constraint), other.constraint.implies(self.constraint)) {
            (true, _) => self.constraint,
            (_, true) => other.constraint,
            _ => return None,
        };
        Some(Bounds { constraint, is_copy: self.is_copy || other.is_copy })
    }
}

/// What is known of a parameter of an item by the item's bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Param(Bounds),
    /// `F: Fn(A) -> R` is a `func`; the type is the function pointer.
    Function(Ty),
}

impl Cx<'_> {
    /// What an item's bounds say of one of its parameters; `None` where Go has no words for it. A type says what its fields ask for, and the least
    /// that any of its inherent impls does.
    pub fn known_of(&mut self, def: DefId, index: u32, name: Name) -> Option<Known> {
        let param = Ty::param(index, name);
        let own = self.known_by(def, param)?;
        let (Known::Param(mut own_bounds), Some(adt)) = (own, queries::adt(self.db, def)) else { return Some(own) };
        for field in adt.variants.iter().flat_map(|variant| &variant.fields) {
            own_bounds = own_bounds.joined(self.needed_by(field.ty, param)?)?;
        }
        let mut common: Option<Known> = None;
        for impl_ in queries::inherent_impls(self.db, def) {
            let known = self.known_by_impl(impl_, def, index as usize).unwrap_or(Known::Param(Bounds::NONE));
            common = Some(match (common, known) {
                (None, known) => known,
                (Some(Known::Param(a)), Known::Param(b)) => Known::Param(a.common(b)),
                (Some(a), b) if a == b => a,
                _ => Known::Param(Bounds::NONE),
            });
        }
        match common {
            Some(Known::Param(bounds)) => own_bounds.joined(bounds).map(Known::Param),
            Some(function) if own_bounds == Bounds::NONE => Some(function),
            _ => Some(Known::Param(own_bounds)),
        }
    }

    /// What a type asks of a parameter that it is made of.
    pub fn needed_by(&mut self, ty: Ty, param: Ty) -> Option<Bounds> {
        let mut bounds = Bounds::NONE;
        for (def, args) in queries::adts_in(ty) {
            let has_keys = matches!(self.lang_of(def), Some("hash_map" | "hash_set"));
            for (position, arg) in args.iter().enumerate() {
                if has_keys && position == 0 && arg.as_ty().is_some_and(|key| mentions(key, param)) {
                    bounds = bounds.joined(Bounds { constraint: Constraint::Comparable, is_copy: false })?;
                }
                if arg.as_ty() == Some(param)
                    && let Some(own) = self.own_bounds(def, position)
                {
                    bounds = bounds.joined(own)?;
                }
            }
        }
        Some(bounds)
    }

    /// What an impl says of a parameter of its type, in the parameters of the type.
    fn known_by_impl(&self, impl_: DefId, adt: DefId, index: usize) -> Option<Known> {
        let TyKind::Adt(_, args) = queries::impl_self(self.db, impl_).kind() else { return None };
        let known = self.known_by(impl_, args.get(index)?.as_ty()?)?;
        let Known::Function(ty) = known else { return Some(known) };
        let own = queries::own_args(self.db, adt);
        let mut types = FxHashMap::default();
        for (arg, own) in args.types().zip(own.types()) {
            let TyKind::Param(param) = arg.kind() else { return None };
            types.insert(param.index, own);
        }
        Some(Known::Function(ty.fold_with(&mut Replace { types: &types })))
    }

    /// What the predicates of one definition say of a parameter.
    fn known_by(&self, def: DefId, param: Ty) -> Option<Known> {
        let mut bounds = Bounds::NONE;
        let (mut inputs, mut output) = (None, Ty::unit());
        for (predicate, _) in collect::predicates_of(self.db, def) {
            match predicate.value {
                Clause::Trait(bound) if bound.self_ty() == param => match self.lang_of(bound.trait_) {
                    Some("fn" | "fn_mut" | "fn_once") => inputs = bound.args.types().nth(1),
                    _ => bounds = bounds.joined(self.bounds_by(bound))?,
                },
                Clause::Projection(projection, ty) if projection.args.types().next() == Some(param) => {
                    if projection.item.parent().is_some_and(|trait_| self.is_lang(trait_, "fn_once")) {
                        output = ty;
                    }
                }
                _ => {}
            }
        }
        Some(match inputs.and_then(|inputs| inputs.as_tuple()) {
            Some(inputs) => {
                let pointer = Ty::fn_ptr(Binder::dummy(FnSig::new(&inputs, output)));
                Known::Function(queries::without_regions(pointer))
            }
            None => Known::Param(bounds),
        })
    }

    /// What one trait says of a type. Whoever uses a trait that is not told here finds that Go has nothing for it.
    fn bounds_by(&self, bound: TraitRef) -> Bounds {
        let with_others = bound.args.types().nth(1).is_some_and(|other| other != bound.self_ty());
        let constraint = match self.lang_of(bound.trait_) {
            _ if with_others => Constraint::Any,
            Some("copy") => return Bounds { constraint: Constraint::Any, is_copy: true },
            Some("partial_eq" | "eq" | "hash") => Constraint::Comparable,
            Some("partial_ord" | "ord") => Constraint::Ordered,
            _ => queries::trait_object(self.db, bound).map_or(Constraint::Any, Constraint::Methods),
        };
        Bounds { constraint, is_copy: false }
    }
}

fn mentions(ty: Ty, wanted: Ty) -> bool {
    walk_types(&ty, |part| if part == wanted { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }).is_break()
}
