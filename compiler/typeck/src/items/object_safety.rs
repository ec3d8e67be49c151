//! Which traits can be the trait of a `dyn` type (E0038).
//!
//! Reference: the Rust reference, "Dyn compatibility".

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId, DefKey, DefKind};

use crate::collect::{
    associated_items, explicit_item_bounds, fn_sig, generics_of, is_auto_trait, own_predicates_of, super_predicates,
};
use crate::error::TypeError;
use crate::ty::fold::walk_types;
use crate::ty::{Clause, GenericArg, GenericParamKind, Predicate, TraitRef, Ty, TyKind};

/// Why a trait cannot be used as `dyn`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    pub trait_: DefId,
    /// The item at fault, or the trait itself.
    pub item: DefId,
    pub reason: &'static str,
}

/// Whether `dyn trait_` is allowed.
pub fn is_dyn_compatible(db: &dyn Db, trait_: DefId) -> bool {
    violations(db, trait_).is_empty()
}

/// All reasons against `dyn trait_`, its supertraits' included.
pub fn violations(db: &dyn Db, trait_: DefId) -> &[Violation] {
    violations_query(db, trait_.key(db))
}

#[salsa::tracked(returns(ref), cycle_result = cycle)]
fn violations_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<Violation> {
    let trait_ = key.def(db);
    let mut found = Vec::new();
    for trait_ in supertraits(db, trait_) {
        own_violations(db, trait_, &mut found);
    }
    found
}

fn cycle<'db>(_db: &'db dyn Db, _id: salsa::Id, _key: DefKey<'db>) -> Vec<Violation> {
    Vec::new()
}

/// A trait and all that it requires, without duplicates.
pub fn supertraits(db: &dyn Db, trait_: DefId) -> Vec<DefId> {
    let mut all = vec![trait_];
    let mut next = 0;
    while let Some(current) = all.get(next).copied() {
        next += 1;
        for (predicate, _) in super_predicates(db, current) {
            if let Clause::Trait(trait_ref) = predicate.value
                && trait_ref.self_ty() == Ty::self_param()
                && !all.contains(&trait_ref.trait_)
            {
                all.push(trait_ref.trait_);
            }
        }
    }
    all
}

fn own_violations(db: &dyn Db, trait_: DefId, found: &mut Vec<Violation>) {
    let mut add = |item, reason| found.push(Violation { trait_, item, reason });
    let sized = rgo_hir::lang_item(db, "sized");
    let own = own_predicates_of(db, trait_);
    let supers = super_predicates(db, trait_);
    for (predicate, _) in own.iter().chain(supers) {
        match predicate.value {
            Clause::Trait(trait_ref) if Some(trait_ref.trait_) == sized && trait_ref.self_ty() == Ty::self_param() => {
                add(trait_, "it requires `Self: Sized`");
            }
            Clause::Trait(trait_ref) if trait_ref.trait_ != trait_ => {
                // What an associated type of `Self` is, too, depends on it.
                if params(trait_ref).into_iter().any(names_self) {
                    add(trait_, "it uses `Self` as a type parameter");
                }
            }
            _ => {}
        }
    }
    for item in associated_items(db, trait_) {
        match item.kind() {
            DefKind::AssocConst => add(*item, "it contains an associated `const`"),
            DefKind::AssocTy => {
                if requires_sized(db, *item) {
                    continue;
                }
                if !generics_of(db, *item).params.is_empty() {
                    add(*item, "it contains a generic associated type");
                }
                let mentions = |predicate: &Predicate| match predicate.value {
                    Clause::Trait(trait_ref) => params(trait_ref).into_iter().any(|ty| mentions_self(db, trait_, ty)),
                    _ => false,
                };
                if explicit_item_bounds(db, *item).iter().any(|(predicate, _)| mentions(predicate)) {
                    add(*item, "it uses `Self` as a type parameter");
                }
            }
            DefKind::Fn => {
                if !requires_sized(db, *item)
                    && let Some(reason) = method_violation(db, trait_, *item)
                {
                    add(*item, reason);
                }
            }
            _ => {}
        }
    }
}

fn params(trait_ref: TraitRef) -> Vec<Ty> {
    let all = trait_ref.args.iter().skip(1);
    all.filter_map(|arg| match arg {
        GenericArg::Ty(ty) => Some(*ty),
        GenericArg::Region(_) | GenericArg::Const(_) => None,
    })
    .collect()
}

fn names_self(ty: Ty) -> bool {
    let found = walk_types(&ty, |part| match part == Ty::self_param() {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    });
    found.is_break()
}

/// Whether a where clause of a method speaks of `Self` in a way that a `dyn` type cannot answer: that it is `'static` or `Send` it can.
fn asks_of_self(db: &dyn Db, trait_: DefId, predicate: Predicate) -> bool {
    match predicate.value {
        Clause::Trait(trait_ref) => {
            let is_auto = is_auto_trait(db, rgo_hir::lang_items(db), trait_ref.trait_);
            let is_answered = is_auto && trait_ref.self_ty() == Ty::self_param();
            !is_answered && trait_ref.args.types().any(|ty| mentions_self(db, trait_, ty))
        }
        Clause::Projection(projection, ty) => {
            mentions_self(db, trait_, projection.to_ty()) || mentions_self(db, trait_, ty)
        }
        Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => false,
    }
}

/// Whether the item is only there `where Self: Sized`.
pub fn requires_sized(db: &dyn Db, item: DefId) -> bool {
    let Some(sized) = rgo_hir::lang_item(db, "sized") else { return false };
    own_predicates_of(db, item).iter().any(|(predicate, _): &(Predicate, _)| {
        matches!(predicate.value, Clause::Trait(trait_ref) if trait_ref.trait_ == sized && trait_ref.self_ty() == Ty::self_param())
    })
}

fn method_violation(db: &dyn Db, trait_: DefId, method: DefId) -> Option<&'static str> {
    let rgo_syntax::ast::ItemKind::Fn(item) = &rgo_hir::item_ast(db, method).kind else { return None };
    if item.self_param.is_none() {
        return Some("it has an associated function without a `self` parameter");
    }
    let sig = fn_sig(db, method).value;
    let inputs = sig.inputs();
    if inputs.iter().skip(1).any(|input| mentions_self(db, trait_, *input)) {
        return Some("it has a method that references the `Self` type in its parameters");
    }
    if mentions_self(db, trait_, sig.output()) {
        return Some("it has a method that references the `Self` type in its return type");
    }
    if has_opaque(sig.output()) || item.qualifiers.async_.is_some() {
        return Some("it has a method that returns an `impl Trait` type");
    }
    let is_generic = |kind: &GenericParamKind| !matches!(kind, GenericParamKind::Lifetime);
    if generics_of(db, method).params.iter().any(|param| is_generic(&param.kind)) {
        return Some("it has a method with generic type parameters");
    }
    if own_predicates_of(db, method).iter().any(|(predicate, _)| asks_of_self(db, trait_, *predicate)) {
        return Some("it has a method that references the `Self` type in its `where` clause");
    }
    if inputs.first().is_some_and(|receiver| !is_dispatchable(db, *receiver)) {
        return Some("it has a method whose `self` parameter's type cannot be dispatched on");
    }
    None
}

/// `self`, `&self`, `&mut self`, `self: Box<Self>`, `Rc<Self>`, `Arc<Self>`, `Pin<P>` of these.
fn is_dispatchable(db: &dyn Db, receiver: Ty) -> bool {
    match receiver.kind() {
        TyKind::Param(param) => param.index == 0,
        TyKind::Ref(_, inner, _) => *inner == Ty::self_param(),
        TyKind::Adt(def, args) => match rgo_hir::lang_name(db, *def) {
            Some("box" | "rc" | "arc") => args.types().next() == Some(Ty::self_param()),
            _ if def.name() == "Pin" => args.types().next().is_some_and(|inner| is_dispatchable(db, inner)),
            _ => false,
        },
        TyKind::Error => true,
        _ => false,
    }
}

fn has_opaque(ty: Ty) -> bool {
    walk_types(&ty, |ty| {
        if matches!(ty.kind(), TyKind::Opaque(..)) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .is_break()
}

/// Whether `Self` occurs other than in `Self::Assoc` of the trait or its supertraits.
fn mentions_self(db: &dyn Db, trait_: DefId, ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Param(param) => param.index == 0 && param.name == "Self",
        TyKind::Projection(item, args) => {
            let of = item.parent();
            let own = args.types().next() == Some(Ty::self_param())
                && supertraits(db, trait_).iter().any(|supertrait| Some(*supertrait) == of);
            let skip = usize::from(own);
            args.iter().skip(skip).any(|arg| matches!(arg, GenericArg::Ty(ty) if mentions_self(db, trait_, *ty)))
        }
        TyKind::Adt(_, args) | TyKind::FnDef(_, args) | TyKind::Closure(_, args) => {
            args.types().any(|ty| mentions_self(db, trait_, ty))
        }
        // The arguments of an opaque type are all parameters in scope; what it is, is another violation.
        TyKind::Opaque(..) => false,
        TyKind::Array(elem, _) | TyKind::Slice(elem) => mentions_self(db, trait_, *elem),
        TyKind::Ref(_, inner, _) => mentions_self(db, trait_, *inner),
        TyKind::Tuple(items) => items.iter().any(|item| mentions_self(db, trait_, *item)),
        TyKind::FnPtr(sig) => sig.value.inputs_and_output.iter().any(|ty| mentions_self(db, trait_, *ty)),
        TyKind::Dynamic(clauses, _) => clauses.iter().any(|clause| match clause.value {
            Clause::Trait(trait_ref) => trait_ref.args.types().any(|ty| mentions_self(db, trait_, ty)),
            Clause::Projection(projection, ty) => {
                projection.args.types().any(|ty| mentions_self(db, trait_, ty)) || mentions_self(db, trait_, ty)
            }
            Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => false,
        }),
        _ => false,
    }
}

/// The error for `dyn trait_` at a place, if the trait does not allow it.
pub fn check_dyn(db: &dyn Db, trait_: DefId, def: DefId, span: rgo_syntax::Span) -> Option<TypeError> {
    let violations = violations(db, trait_);
    if violations.is_empty() {
        return None;
    }
    let mut error = TypeError::new(def, span, "E0038", format!("the trait `{}` is not dyn compatible", trait_.name()))
        .label(format!("`{}` is not dyn compatible", trait_.name()))
        .note("for a trait to be dyn compatible it needs to allow building a vtable".to_string());
    for violation in violations {
        error = error.secondary(violation.item, rgo_hir::def_span(db, violation.item), violation.reason);
    }
    Some(error)
}

/// The `dyn` types inside a type, outermost first.
pub fn dyn_traits(ty: Ty) -> Vec<DefId> {
    let mut found = Vec::new();
    let _ = walk_types(&ty, |ty| {
        if let Some(principal) = ty.dyn_principal()
            && !found.contains(&principal.value.trait_)
        {
            found.push(principal.value.trait_);
        }
        ControlFlow::Continue(())
    });
    found
}
