//! Messages for obligations that do not hold: what fails in the words of the trait concerned, why it was asked for, what to do.

use rgo_hir::{Db, DefId, DefKind};
use rustc_hash::FxHashMap;

use super::impls::impls_of;
use super::words::words_for;
use super::{CauseCode, DerivedSource, FulfillError, FulfillErrorKind, ObligationCause};
use crate::collect;
use crate::error::TypeError;
use crate::infer_ctxt::{CaptureNote, InferCtxt};
use crate::ty::display::{display_predicate, display_trait_ref, display_ty};
use crate::ty::{Clause, ClosureArgs, ClosureKind, Predicate, ProjectionTy, TraitRef, Ty, TyKind, TypeFoldable};

/// The message for an unfulfilled obligation; `None` if it follows from an error already reported.
pub fn report_fulfill_error(infcx: &InferCtxt<'_>, error: &FulfillError) -> Option<TypeError> {
    let predicate = infcx.resolve_vars_if_possible(error.obligation.predicate);
    let root = infcx.resolve_vars_if_possible(error.root.predicate);
    if predicate.has_error() || root.has_error() {
        return None;
    }
    let cause = &error.obligation.cause;
    let report = match &error.kind {
        FulfillErrorKind::Ambiguous => return ambiguous(infcx, predicate, cause),
        FulfillErrorKind::Overflow => overflow(infcx, root, cause),
        FulfillErrorKind::Projection { expected, found, .. } => {
            let (expected, found) = (infcx.resolve_vars_if_possible(*expected), infcx.resolve_vars_if_possible(*found));
            if expected.has_error() || found.has_error() {
                return None;
            }
            projection_mismatch(infcx.db, predicate, expected, found, cause)
        }
        FulfillErrorKind::Unimplemented => match predicate.value {
            Clause::Trait(trait_ref) => unimplemented(infcx, trait_ref, root, cause),
            Clause::Projection(..) | Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => return None,
        },
    };
    let failed = match predicate.value {
        Clause::Trait(trait_ref) => Some(trait_ref.self_ty()),
        _ => None,
    };
    Some(with_origin(infcx, report, failed, cause))
}

/// Orders errors so that the telling ones come first: unknown types last, the first in the program before others; of what one unknown type
/// leaves open, `Sized` last.
pub fn sort_fulfill_errors(db: &dyn Db, errors: &mut [FulfillError]) {
    if errors.len() < 2 {
        return;
    }
    let sized = rgo_hir::lang_item(db, "sized");
    let mut first_use: FxHashMap<Ty, u32> = FxHashMap::default();
    for error in errors.iter().filter(|error| matches!(error.kind, FulfillErrorKind::Ambiguous)) {
        if let Some(subject) = subject(error) {
            let start = error.obligation.cause.span.start;
            let known = first_use.entry(subject).or_insert(start);
            *known = start.min(*known);
        }
    }
    errors.sort_by_key(|error| {
        let of_sized =
            matches!(error.obligation.predicate.value, Clause::Trait(trait_ref) if Some(trait_ref.trait_) == sized);
        match error.kind {
            FulfillErrorKind::Ambiguous => {
                let place = subject(error).and_then(|subject| first_use.get(&subject).copied());
                (1, place.unwrap_or(error.obligation.cause.span.start), of_sized)
            }
            FulfillErrorKind::Unimplemented | FulfillErrorKind::Projection { .. } | FulfillErrorKind::Overflow => {
                (0, 0, of_sized)
            }
        }
    });
}

/// The type that an unfulfilled predicate is about.
fn subject(error: &FulfillError) -> Option<Ty> {
    match error.obligation.predicate.value {
        Clause::Trait(trait_ref) => Some(trait_ref.self_ty()),
        Clause::Projection(projection, _) => Some(projection.self_ty()),
        Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => None,
    }
}

// ----- unknown types -----

fn ambiguous(infcx: &InferCtxt<'_>, predicate: Predicate, cause: &ObligationCause) -> Option<TypeError> {
    if infcx.tainted.get() {
        return None;
    }
    infcx.tainted.set(true);
    let db = infcx.db;
    let (code, unsatisfied) = match predicate.value {
        Clause::Trait(trait_ref) if rgo_hir::lang_name(db, trait_ref.trait_) == Some("sized") => ("E0282", None),
        Clause::Trait(_) => ("E0283", Some(display_predicate(db, predicate))),
        Clause::Projection(..) => ("E0284", Some(display_predicate(db, predicate))),
        Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => return None,
    };
    let error = TypeError::new(cause.def, cause.span, code, "type annotations needed").label("cannot infer type");
    Some(match unsatisfied {
        Some(shown) => with_origin(infcx, error.note(format!("cannot satisfy `{shown}`")), None, cause),
        None => error,
    })
}

fn overflow(infcx: &InferCtxt<'_>, root: Predicate, cause: &ObligationCause) -> TypeError {
    let shown = display_predicate(infcx.db, root);
    let root_cause = cause.root();
    TypeError::new(root_cause.def, root_cause.span, "E0275", format!("overflow evaluating the requirement `{shown}`"))
}

// ----- projections -----

fn projection_mismatch(
    db: &dyn Db,
    predicate: Predicate,
    expected: Ty,
    found: Ty,
    cause: &ObligationCause,
) -> TypeError {
    let (wanted, got) = (display_ty(db, expected), display_ty(db, found));
    let Clause::Projection(projection, _) = predicate.value else {
        return TypeError::new(cause.def, cause.span, "E0271", "type mismatch")
            .label(format!("expected `{wanted}`, found `{got}`"));
    };
    let self_ty = projection.self_ty();
    let shown = display_ty(db, self_ty);
    let label = format!("expected `{wanted}`, found `{got}`");
    let message = match rgo_hir::lang_name(db, projection.trait_def()) {
        Some("iterator") => {
            format!("expected `{shown}` to be an iterator that yields `{wanted}`, but it yields `{got}`")
        }
        Some("fn_once") => match self_ty.kind() {
            TyKind::Closure(..) | TyKind::FnDef(..) | TyKind::FnPtr(_) => {
                format!("expected `{shown}` to return `{wanted}`, but it returns `{got}`")
            }
            _ => type_mismatch(db, projection, expected),
        },
        _ => type_mismatch(db, projection, expected),
    };
    TypeError::new(cause.def, cause.span, "E0271", message).label(label)
}

fn type_mismatch(db: &dyn Db, projection: ProjectionTy, expected: Ty) -> String {
    format!("type mismatch resolving `{} == {}`", display_ty(db, projection.to_ty()), display_ty(db, expected))
}

// ----- traits -----

fn unimplemented(infcx: &InferCtxt<'_>, trait_ref: TraitRef, root: Predicate, cause: &ObligationCause) -> TypeError {
    let db = infcx.db;
    if let Some(error) = wrong_callable(infcx, trait_ref, cause) {
        return error;
    }
    let words = words_for(db, trait_ref, cause);
    let mut error = TypeError::new(cause.def, cause.span, "E0277", words.message).label(words.label);
    for note in words.notes {
        error = error.note(note);
    }
    if let Some(help) = words.help.or_else(|| suggestion(db, trait_ref)) {
        error = error.help(help);
    }
    let _ = root;
    error
}

/// What would make the trait hold: a derive, a bound, or the types that do implement it.
fn suggestion(db: &dyn Db, trait_ref: TraitRef) -> Option<String> {
    let self_ty = trait_ref.self_ty();
    let trait_name = trait_ref.trait_.name();
    if let TyKind::Adt(def, _) = self_ty.kind()
        && !def.is_std()
        && trait_ref.trait_.is_std()
        && matches!(
            trait_name.as_str(),
            "Clone" | "Copy" | "Debug" | "PartialEq" | "Eq" | "PartialOrd" | "Ord" | "Hash" | "Default"
        )
    {
        return Some(format!("consider annotating `{}` with `#[derive({trait_name})]`", def.name()));
    }
    if let TyKind::Param(param) = self_ty.kind() {
        return Some(format!(
            "consider restricting type parameter `{}` with trait `{trait_name}`: `{}: {}`",
            param.name,
            param.name,
            display_trait_ref(db, trait_ref)
        ));
    }
    if trait_ref.trait_.is_std() && !matches!(rgo_hir::lang_name(db, trait_ref.trait_), None | Some("from")) {
        return None;
    }
    other_impls(db, trait_ref)
}

fn other_impls(db: &dyn Db, trait_ref: TraitRef) -> Option<String> {
    let self_ty = trait_ref.self_ty();
    // `From` and the like: the impls for the same type; else all.
    let with_args = trait_ref.args.types().count() > 1;
    let mut shown: Vec<String> = impls_of(db, trait_ref.trait_)
        .for_any_self_ty()
        .map(|head| head.trait_ref)
        .filter(|impl_ref| !with_args || super::impls::head(impl_ref.self_ty()) == super::impls::head(self_ty))
        .map(|impl_ref| {
            let shown_self = display_ty(db, impl_ref.self_ty());
            if with_args {
                format!("`{shown_self}` implements `{}`", display_trait_ref(db, impl_ref))
            } else {
                format!("`{shown_self}`")
            }
        })
        .collect();
    shown.sort();
    shown.dedup();
    let name = display_trait_ref(db, TraitRef::new(trait_ref.trait_, trait_ref.args.truncated(1)));
    match shown.len() {
        0 => None,
        1 if !with_args => Some(format!("the trait `{name}` is implemented for {}", shown[0])),
        1 => Some(shown[0].clone()),
        count => {
            let rest = if count > 8 { format!("\n  and {} others", count - 8) } else { String::new() };
            shown.truncate(8);
            Some(format!("the following other types implement trait `{name}`:\n  {}{rest}", shown.join("\n  ")))
        }
    }
}

// ----- closures and functions -----

/// A closure or function of the wrong kind (E0525), number of arguments (E0593) or argument types (E0631).
fn wrong_callable(infcx: &InferCtxt<'_>, trait_ref: TraitRef, cause: &ObligationCause) -> Option<TypeError> {
    let db = infcx.db;
    let wanted = match rgo_hir::lang_name(db, trait_ref.trait_)? {
        "fn" => ClosureKind::Fn,
        "fn_mut" => ClosureKind::FnMut,
        "fn_once" => ClosureKind::FnOnce,
        _ => return None,
    };
    let self_ty = trait_ref.self_ty();
    let (what, inputs, place) = match self_ty.kind() {
        TyKind::Closure(def, args) => {
            let args = ClosureArgs::new(infcx.resolve_vars_if_possible(*args));
            if let Some(kind) = args.kind()
                && !kind.extends(wanted)
            {
                return Some(wrong_kind(infcx, *def, kind, wanted, cause));
            }
            ("closure", args.untupled_sig()?.value.inputs(), Some(*def))
        }
        TyKind::FnDef(def, args) => {
            use crate::ty::Subst;
            ("function", collect::fn_sig(db, *def).subst(*args).value.inputs(), Some(*def))
        }
        TyKind::FnPtr(sig) => ("function", sig.value.inputs(), None),
        _ => return None,
    };
    let expected = infcx.resolve_vars_if_possible(trait_ref.args.ty(1)).as_tuple()?;
    let mut error = if inputs.len() == expected.len() {
        let shown = |types: &[Ty]| types.iter().map(|ty| display_ty(db, *ty)).collect::<Vec<_>>().join(", ");
        TypeError::new(cause.def, cause.span, "E0631", format!("type mismatch in {what} arguments"))
            .label("expected due to this")
            .note(format!(
                "expected {what} signature `fn({}) -> _`, found {what} signature `fn({}) -> _`",
                shown(&expected),
                shown(inputs)
            ))
    } else {
        let message = format!(
            "{what} is expected to take {}, but it takes {}",
            arguments(expected.len()),
            arguments(inputs.len())
        );
        TypeError::new(cause.def, cause.span, "E0593", message)
            .label(format!("expected {what} that takes {}", arguments(expected.len())))
    };
    if let Some(def) = place.filter(|def| !def.is_std()) {
        error = error.secondary(def, rgo_hir::def_span(db, def), format!("takes {}", arguments(inputs.len())));
    }
    Some(error)
}

fn arguments(count: usize) -> String {
    match count {
        1 => "1 argument".to_owned(),
        more => format!("{more} arguments"),
    }
}

fn wrong_kind(
    infcx: &InferCtxt<'_>,
    closure: DefId,
    kind: ClosureKind,
    wanted: ClosureKind,
    cause: &ObligationCause,
) -> TypeError {
    let (found, wanted) = (kind.trait_name(), wanted.trait_name());
    let message =
        format!("expected a closure that implements the `{wanted}` trait, but this closure only implements `{found}`");
    let error = TypeError::new(closure, rgo_hir::def_span(infcx.db, closure), "E0525", message)
        .label(format!("this closure implements `{found}`, not `{wanted}`"))
        .secondary(cause.def, cause.span, format!("the requirement to implement `{wanted}` derives from here"));
    let notes = infcx.closure_notes.borrow();
    let Some(CaptureNote { variable, span, .. }) = notes.get(&closure).and_then(|notes| notes.kind_origin.as_ref())
    else {
        return error;
    };
    let why = match kind {
        ClosureKind::FnOnce => format!("it moves the variable `{variable}` out of its environment"),
        _ => format!("it mutates the variable `{variable}`"),
    };
    error.secondary(closure, *span, format!("closure is `{found}` because {why} here"))
}

// ----- why it was asked for -----

/// Adds the chain of impls and the bound that asked for it; `failed` is the type that lacks a trait.
fn with_origin(infcx: &InferCtxt<'_>, mut error: TypeError, failed: Option<Ty>, cause: &ObligationCause) -> TypeError {
    let db = infcx.db;
    let mut cause = cause;
    let mut shown = 0;
    let mut part = failed;
    loop {
        match &*cause.code {
            CauseCode::Derived(derived) => {
                let parent = infcx.resolve_vars_if_possible(derived.parent_trait);
                if shown < 4 && !parent.has_error() {
                    let self_ty = display_ty(db, parent.self_ty());
                    let note = match derived.source {
                        DerivedSource::Impl { .. } => {
                            format!("required for `{self_ty}` to implement `{}`", display_trait_ref(db, parent))
                        }
                        DerivedSource::Builtin => match parent.self_ty().kind() {
                            TyKind::Closure(..) => "required because it's used within this closure".to_owned(),
                            _ => format!("required because it appears within the type `{self_ty}`"),
                        },
                        DerivedSource::Supertrait => format!("required by `{}`", display_trait_ref(db, parent)),
                    };
                    if !error.notes.contains(&note) {
                        error = error.note(note);
                        shown += 1;
                    }
                    if let (TyKind::Closure(def, _), Some(part)) = (parent.self_ty().kind(), part) {
                        error = with_capture(infcx, error, *def, part);
                    }
                    part = Some(parent.self_ty());
                }
                cause = &derived.parent;
            }
            CauseCode::WhereClause { item, span } => {
                let name = named(*item);
                return if item.is_std() {
                    error.note(format!("required by a bound in `{name}`"))
                } else {
                    error.secondary(*item, *span, format!("required by this bound in `{name}`"))
                };
            }
            CauseCode::Unsize { from, to } => {
                let (from, to) = (infcx.resolve_vars_if_possible(*from), infcx.resolve_vars_if_possible(*to));
                return error.note(format!(
                    "required for the cast from `{}` to `{}`",
                    display_ty(db, from),
                    display_ty(db, to)
                ));
            }
            CauseCode::Repeat => {
                return error.note(
                    "the `Copy` trait is required because this value will be copied for each element of the array",
                );
            }
            CauseCode::ForLoop
            | CauseCode::Misc
            | CauseCode::Sized(_)
            | CauseCode::QuestionMark { .. }
            | CauseCode::BinaryOp { .. }
            | CauseCode::AssignOp { .. }
            | CauseCode::UnaryOp(_)
            | CauseCode::Index
            | CauseCode::Format(_)
            | CauseCode::MethodCall(_)
            | CauseCode::Pattern
            | CauseCode::MainReturn
            | CauseCode::WellFormed
            | CauseCode::Category(_) => return error,
        }
    }
}

/// Points to the variable by which a closure holds something of this type.
fn with_capture(infcx: &InferCtxt<'_>, error: TypeError, closure: DefId, part: Ty) -> TypeError {
    let notes = infcx.closure_notes.borrow();
    let captures = notes.get(&closure).map_or(&[][..], |notes| &notes.captures);
    let found = captures.iter().find(|capture| infcx.resolve_vars_if_possible(capture.ty) == part);
    match found {
        Some(CaptureNote { variable, span, ty }) => {
            let shown = display_ty(infcx.db, infcx.resolve_vars_if_possible(*ty));
            error.secondary(closure, *span, format!("the closure captures `{variable}` here, as `{shown}`"))
        }
        None => error,
    }
}

/// `foo`, `Type::method`, `Trait::method`.
fn named(item: DefId) -> String {
    match (item.kind(), item.parent()) {
        (DefKind::Fn | DefKind::AssocTy | DefKind::AssocConst, Some(parent)) if parent.kind() == DefKind::Trait => {
            format!("{}::{}", parent.name(), item.name())
        }
        _ => item.name().to_string(),
    }
}
