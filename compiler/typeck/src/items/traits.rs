//! Traits and functions: cycles of supertraits (E0391), `const fn` in traits (E0379), types of `self` (E0307).

use rgo_hir::resolve::{Namespace, Res};
use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::ast::{Bound, ItemKind, SelfKind, TypeKind, WherePredicateKind};

use super::gat_bounds;
use super::regions::{self, Assumptions};
use crate::collect::{fn_sig, liberated_fn_sig, type_of};
use crate::error::TypeError;
use crate::infer_ctxt::InferCtxt;
use crate::solve::{FulfillCtxt, ObligationCause, normalize_erasing_regions, param_env};
use crate::ty::display::display_ty;
use crate::ty::{Subst, Ty, TyKind, TypeFlags};

/// Errors of a trait.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    supertrait_cycle(db, def, errors);
    gat_bounds::check(db, def, errors);
}

/// The traits that the declaration of `def` names as its supertraits, by syntax alone.
fn written_supertraits(db: &dyn Db, def: DefId) -> Vec<DefId> {
    let ItemKind::Trait(item) = &rgo_hir::item_ast(db, def).kind else { return Vec::new() };
    let on_self = item.generics.where_clause.iter().filter_map(|predicate| match &predicate.kind {
        WherePredicateKind::Type { ty, bounds, .. } => match &ty.kind {
            TypeKind::Path(path) if path.as_ident().is_some_and(|ident| ident.name == "Self") => Some(bounds),
            _ => None,
        },
        WherePredicateKind::Lifetime { .. } => None,
    });
    let bounds = item.supertraits.iter().chain(on_self.flatten());
    let paths = bounds.filter_map(|bound| match bound {
        Bound::Trait(bound) => Some(&bound.path),
        Bound::Lifetime(_) | Bound::Use { .. } => None,
    });
    paths
        .filter_map(|path| match rgo_hir::resolve_path(db, def, path, Namespace::Type) {
            Ok(resolved) if resolved.unresolved == 0 => match resolved.res {
                Res::Def(found) if found.kind() == DefKind::Trait => Some(found),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

fn supertrait_cycle(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let mut reached = written_supertraits(db, def);
    let mut next = 0;
    while let Some(current) = reached.get(next).copied() {
        next += 1;
        if current == def {
            break;
        }
        for further in written_supertraits(db, current) {
            if !reached.contains(&further) {
                reached.push(further);
            }
        }
    }
    if !reached.contains(&def) {
        return;
    }
    // The first trait of a cycle reports it.
    let in_cycle = reached.iter().filter(|other| **other != def && other.package_of() == def.package_of());
    let is_first = in_cycle.clone().all(|other| {
        let place = |def: DefId| (rgo_hir::item_start(db, def).1, rgo_hir::def_span(db, def).start);
        place(def) < place(*other) || !written_reaches(db, *other, def)
    });
    if is_first {
        let message = format!("cycle detected when computing the super predicates of `{}`", def.name());
        let mut error = TypeError::new(def, head_span(db, def), "E0391", message);
        for other in in_cycle {
            error = error.secondary(*other, rgo_hir::def_span(db, *other), "part of the cycle");
        }
        errors.push(error);
    }
}

/// Whether a trait is among its own supertraits (E0391).
pub fn extends_itself(db: &dyn Db, def: DefId) -> bool {
    written_reaches(db, def, def)
}

fn written_reaches(db: &dyn Db, from: DefId, to: DefId) -> bool {
    let mut reached = written_supertraits(db, from);
    let mut next = 0;
    while let Some(current) = reached.get(next).copied() {
        next += 1;
        for further in written_supertraits(db, current) {
            if !reached.contains(&further) {
                reached.push(further);
            }
        }
    }
    reached.contains(&to)
}

fn head_span(db: &dyn Db, def: DefId) -> rgo_syntax::Span {
    rgo_hir::def_span(db, def)
}

/// Errors of a function in a trait or impl.
pub fn check_associated_fn(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let ItemKind::Fn(item) = &rgo_hir::item_ast(db, def).kind else { return };
    let Some(parent) = def.parent() else { return };
    let in_trait = parent.kind() == DefKind::Trait;
    let in_trait_impl = matches!(&rgo_hir::item_ast(db, parent).kind, ItemKind::Impl(imp) if imp.of_trait.is_some());
    if let Some(span) = item.qualifiers.const_
        && (in_trait || (in_trait_impl && parent.kind() == DefKind::Impl))
        && !def.is_std()
    {
        let place = if in_trait { "traits" } else { "trait impls" };
        errors.push(
            TypeError::new(def, span, "E0379", format!("functions in {place} cannot be declared const"))
                .label(format!("functions in {place} cannot be const")),
        );
    }
    if let Some(self_param) = &item.self_param
        && let SelfKind::Typed { ty, .. } = &self_param.kind
    {
        receiver(db, def, parent, ty.span, errors);
    }
}

/// `self: T` must lead to `Self` by dereferencing.
fn receiver(db: &dyn Db, def: DefId, parent: DefId, span: rgo_syntax::Span, errors: &mut Vec<TypeError>) {
    let sig = fn_sig(db, def).instantiate_erased();
    let Some(receiver) = sig.inputs().first().copied() else { return };
    let self_ty = if parent.kind() == DefKind::Trait { Ty::self_param() } else { type_of(db, parent).erase_regions() };
    if receiver.has(TypeFlags::HAS_ERROR) || self_ty.has(TypeFlags::HAS_ERROR) {
        return;
    }
    let env = param_env(db, def);
    let self_ty = normalize_erasing_regions(db, env, self_ty);
    let mut current = normalize_erasing_regions(db, env, receiver.erase_regions());
    for steps in 0..16 {
        if current == self_ty {
            receiver_lifetimes(db, def, parent, steps, span, errors);
            return;
        }
        current = match current.kind() {
            TyKind::Ref(_, inner, _) => *inner,
            TyKind::Adt(adt, args) if is_receiver_wrapper(db, *adt) => match args.types().next() {
                Some(inner) => inner,
                None => break,
            },
            _ => break,
        };
    }
    if let TyKind::Param(_) = receiver.kind() {
        errors.push(
            TypeError::new(
                def,
                span,
                "E0801",
                format!("invalid generic `self` parameter type: `{}`", display_ty(db, receiver)),
            )
            .note("type of `self` must not be a method generic parameter type"),
        );
        return;
    }
    errors.push(
        TypeError::new(def, span, "E0307", format!("invalid `self` parameter type: `{}`", display_ty(db, receiver)))
            .note("type of `self` must be `Self` or a type that dereferences to it")
            .help("consider changing to `self`, `&self`, `&mut self`, `self: Box<Self>`, `self: Rc<Self>`, or `self: Arc<Self>`"),
    );
}

/// What `self: T` leads to is `Self` with its lifetimes.
fn receiver_lifetimes(
    db: &dyn Db,
    def: DefId,
    parent: DefId,
    steps: usize,
    span: rgo_syntax::Span,
    errors: &mut Vec<TypeError>,
) {
    let self_ty = if parent.kind() == DefKind::Trait { Ty::self_param() } else { type_of(db, parent) };
    let sig = liberated_fn_sig(db, def);
    let Some(mut current) = sig.inputs().first().copied().filter(|_| self_ty.has(TypeFlags::HAS_LIFETIME)) else {
        return;
    };
    for _ in 0..steps {
        current = match current.kind() {
            TyKind::Ref(_, inner, _) => *inner,
            TyKind::Adt(_, args) => match args.types().next() {
                Some(inner) => inner,
                None => return,
            },
            _ => return,
        };
    }
    if current == self_ty {
        return;
    }
    let env = param_env(db, def);
    let infcx = InferCtxt::tracking(db, env, 0);
    let cause = ObligationCause::misc(def, span);
    let mut obligations = Vec::new();
    let [found, wanted] = [current, self_ty].map(|ty| infcx.normalize(ty, &cause, &mut obligations));
    let mut fulfill = FulfillCtxt::new();
    fulfill.register_all(&infcx, obligations);
    fulfill.select_where_possible(&infcx);
    let mut known = Assumptions::of_env(env);
    sig.inputs_and_output.iter().chain([&self_ty]).for_each(|ty| known.well_formed(db, *ty));
    if infcx.eq(&cause, found, wanted).is_ok() && !regions::failures(&infcx, &known).is_empty() {
        let (found, wanted) = (display_ty(db, current), display_ty(db, self_ty));
        errors.push(
            TypeError::new(def, span, "E0308", "mismatched `self` parameter type")
                .label(format!("expected `{wanted}`, found `{found}`: their lifetimes differ"))
                .help("write `Self` for the type"),
        );
    }
}

fn is_receiver_wrapper(db: &dyn Db, adt: DefId) -> bool {
    matches!(rgo_hir::lang_name(db, adt), Some("box" | "rc" | "arc")) || (adt.name() == "Pin" && adt.is_std())
}
