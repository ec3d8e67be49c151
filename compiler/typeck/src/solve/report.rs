//! Messages for obligations that do not hold: what fails in the words of the trait concerned, why it was asked for, what to do.

use rgo_hir::{Db, DefId, DefKind};
use rustc_hash::FxHashMap;

use super::impls::impls_of;
use super::{CauseCode, DerivedSource, FulfillError, FulfillErrorKind, ObligationCause, SizedReason};
use crate::collect;
use crate::error::TypeError;
use crate::infer_ctxt::{InferCtxt, KindOrigin};
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
    Some(with_origin(infcx, report, cause))
}

/// Orders errors so that the telling ones come first: unknown types last, the first in the program before others; of what one unknown type
/// leaves open, `Sized` last.
pub fn sort_fulfill_errors(db: &dyn Db, errors: &mut [FulfillError]) {
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
        Some(shown) => with_origin(infcx, error.note(format!("cannot satisfy `{shown}`")), cause),
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

struct Words {
    message: String,
    label: String,
    notes: Vec<String>,
    help: Option<String>,
}

impl Words {
    fn new(message: impl Into<String>, label: impl Into<String>) -> Words {
        Words { message: message.into(), label: label.into(), notes: Vec::new(), help: None }
    }

    fn note(mut self, note: impl Into<String>) -> Words {
        self.notes.push(note.into());
        self
    }

    fn help(mut self, help: impl Into<String>) -> Words {
        self.help = Some(help.into());
        self
    }
}

/// How the trait's absence is put, by what the trait is for.
fn words_for(db: &dyn Db, trait_ref: TraitRef, cause: &ObligationCause) -> Words {
    let this = display_ty(db, trait_ref.self_ty());
    let other = display_ty(db, trait_ref.args.ty(1));
    let lang = rgo_hir::lang_name(db, trait_ref.trait_).unwrap_or("");
    let name = trait_ref.trait_.name().as_str();
    if let CauseCode::MainReturn = &*cause.root().code {
        return Words::new(
            format!("`main` has invalid return type `{this}`"),
            "`main` can only return types that implement `Termination`",
        )
        .help("consider using `()`, or a `Result`");
    }
    if let CauseCode::QuestionMark { .. } = &*cause.root().code
        && lang == "from"
    {
        return Words::new(
            format!("`?` couldn't convert the error to `{this}`"),
            format!("the trait `From<{other}>` is not implemented for `{this}`"),
        )
        .note("the question mark operation (`?`) implicitly performs a conversion on the error value using the `From` trait");
    }
    match (lang, name) {
        ("sized", _) => sized_words(&this, cause),
        ("send", _) => Words::new(
            format!("`{this}` cannot be sent between threads safely"),
            format!("`{this}` cannot be sent between threads safely"),
        ),
        ("sync", _) => Words::new(
            format!("`{this}` cannot be shared between threads safely"),
            format!("`{this}` cannot be shared between threads safely"),
        ),
        ("iterator", _) => iterator_words(db, trait_ref.self_ty(), &this),
        ("from_iterator", _) | (_, "FromIterator") => Words::new(
            format!("a value of type `{this}` cannot be built from an iterator over elements of type `{other}`"),
            format!("value of type `{this}` cannot be built from `std::iter::Iterator<Item={other}>`"),
        ),
        ("sum", _) | (_, "Sum") => Words::new(
            format!("a value of type `{this}` cannot be made by summing an iterator over elements of type `{other}`"),
            format!("value of type `{this}` cannot be made by summing a `std::iter::Iterator<Item={other}>`"),
        ),
        ("product", _) | (_, "Product") => Words::new(
            format!(
                "a value of type `{this}` cannot be made by multiplying all elements of type `{other}` from an iterator"
            ),
            format!(
                "value of type `{this}` cannot be made by multiplying all elements from a `std::iter::Iterator<Item={other}>`"
            ),
        ),
        ("partial_eq", _) => Words::new(
            format!("can't compare `{this}` with `{other}`"),
            format!("no implementation for `{this} == {other}`"),
        ),
        ("partial_ord", _) => Words::new(
            format!("can't compare `{this}` with `{other}`"),
            format!("no implementation for `{this} < {other}` and `{this} > {other}`"),
        ),
        ("display", _) => Words::new(
            format!("`{this}` doesn't implement `std::fmt::Display`"),
            format!("`{this}` cannot be formatted with the default formatter"),
        )
        .note("in format strings you may be able to use `{:?}` (or {:#?} for pretty-print) instead"),
        ("debug", _) => {
            let words = Words::new(
                format!("`{this}` doesn't implement `Debug`"),
                format!("`{this}` cannot be formatted using `{{:?}}`"),
            );
            match trait_ref.self_ty().kind() {
                TyKind::Adt(def, _) if !def.is_std() => {
                    words.note(format!("add `#[derive(Debug)]` to `{this}` or manually `impl Debug for {this}`"))
                }
                _ => words
                    .note(format!("`{this}` cannot be formatted using `{{:?}}` because it doesn't implement `Debug`")),
            }
        }
        ("fn" | "fn_mut" | "fn_once", _) => {
            let shown = display_trait_ref(db, trait_ref);
            let words = Words::new(
                format!("expected a `{shown}` closure, found `{this}`"),
                format!("expected an `{shown}` closure, found `{this}`"),
            );
            match trait_ref.args.ty(1).as_tuple() {
                Some(inputs) if inputs.is_empty() => {
                    words.note("wrap the value in a closure with no arguments: `|| { /* code */ }`")
                }
                _ => words,
            }
        }
        ("slice_index", _) | (_, "SliceIndex") => Words::new(
            format!("the type `{other}` cannot be indexed by `{this}`"),
            "slice indices are of type `usize` or ranges of `usize`",
        ),
        ("index" | "index_mut", _) => Words::new(
            format!("the type `{this}` cannot be indexed by `{other}`"),
            format!("`{this}` cannot be indexed by `{other}`"),
        ),
        _ => match operator(lang) {
            Some(text) => {
                let message = text.replace("{this}", &this).replace("{other}", &other);
                let symbol = operator_symbol(lang);
                Words::new(message, format!("no implementation for `{this} {symbol} {other}`"))
            }
            None => {
                let shown = display_trait_ref(db, trait_ref);
                Words::new(
                    format!("the trait bound `{this}: {shown}` is not satisfied"),
                    format!("the trait `{shown}` is not implemented for `{this}`"),
                )
            }
        },
    }
}

fn sized_words(this: &str, cause: &ObligationCause) -> Words {
    let words = Words::new(
        format!("the size for values of type `{this}` cannot be known at compilation time"),
        "doesn't have a size known at compile-time",
    );
    match &*cause.root().code {
        CauseCode::Sized(reason) => match reason {
            SizedReason::Local => words.note("all local variables must have a statically known size"),
            SizedReason::Argument => words
                .note("function arguments must have a statically known size")
                .help("function arguments must have a statically known size, borrowed types always have a known size: use `&`"),
            SizedReason::Return => words.note("the return type of a function must have a statically known size"),
            SizedReason::Field => {
                words.note("only the last field of a struct may have a dynamically sized type; borrow it or put it into a `Box`")
            }
            SizedReason::TypeArgument => words.note("slice and array elements must have `Sized` type"),
            SizedReason::Expression | SizedReason::Pattern => words,
        },
        _ => words,
    }
}

fn iterator_words(db: &dyn Db, self_ty: Ty, this: &str) -> Words {
    let message = format!("`{this}` is not an iterator");
    let words = |label: String| Words::new(message.clone(), label);
    match self_ty.kind() {
        TyKind::Str => words(format!("`{this}` is not an iterator; try calling `.chars()` or `.bytes()`")),
        TyKind::Ref(_, inner, _) if inner.is_str() => words(format!("`{this}` is not an iterator; try calling `.chars()` or `.bytes()`")),
        TyKind::Adt(def, _) if rgo_hir::lang_name(db, *def) == Some("string") => {
            words(format!("`{this}` is not an iterator; try calling `.chars()` or `.bytes()`"))
        }
        TyKind::Slice(_) | TyKind::Array(..) => words(format!("`{this}` is not an iterator; try calling `.into_iter()` or `.iter()`")),
        TyKind::Int(_) | TyKind::Uint(_) | TyKind::Infer(_) if self_ty.is_integral() => words(message.clone())
            .note("if you want to iterate between `start` until a value `end`, use the exclusive range syntax `start..end` or the inclusive range syntax `start..=end`"),
        _ => words(message.clone()),
    }
}

fn operator(lang: &str) -> Option<&'static str> {
    Some(match lang {
        "add" => "cannot add `{other}` to `{this}`",
        "sub" => "cannot subtract `{other}` from `{this}`",
        "mul" => "cannot multiply `{this}` by `{other}`",
        "div" => "cannot divide `{this}` by `{other}`",
        "rem" => "cannot calculate the remainder of `{this}` divided by `{other}`",
        "bitand" => "no implementation for `{this} & {other}`",
        "bitor" => "no implementation for `{this} | {other}`",
        "bitxor" => "no implementation for `{this} ^ {other}`",
        "shl" => "no implementation for `{this} << {other}`",
        "shr" => "no implementation for `{this} >> {other}`",
        "add_assign" => "cannot add-assign `{other}` to `{this}`",
        "sub_assign" => "cannot subtract-assign `{other}` from `{this}`",
        "mul_assign" => "cannot multiply-assign `{this}` by `{other}`",
        "div_assign" => "cannot divide-assign `{this}` by `{other}`",
        "rem_assign" => "cannot calculate and assign the remainder of `{this}` divided by `{other}`",
        "bitand_assign" => "no implementation for `{this} &= {other}`",
        "bitor_assign" => "no implementation for `{this} |= {other}`",
        "bitxor_assign" => "no implementation for `{this} ^= {other}`",
        "shl_assign" => "no implementation for `{this} <<= {other}`",
        "shr_assign" => "no implementation for `{this} >>= {other}`",
        _ => return None,
    })
}

fn operator_symbol(lang: &str) -> &'static str {
    match lang {
        "add" => "+",
        "sub" => "-",
        "mul" => "*",
        "div" => "/",
        "rem" => "%",
        "bitand" => "&",
        "bitor" => "|",
        "bitxor" => "^",
        "shl" => "<<",
        "shr" => ">>",
        "add_assign" => "+=",
        "sub_assign" => "-=",
        "mul_assign" => "*=",
        "div_assign" => "/=",
        "rem_assign" => "%=",
        "bitand_assign" => "&=",
        "bitor_assign" => "|=",
        "bitxor_assign" => "^=",
        "shl_assign" => "<<=",
        "shr_assign" => ">>=",
        _ => "",
    }
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
        .filter(|(_, impl_ref)| !with_args || super::impls::head(impl_ref.self_ty()) == super::impls::head(self_ty))
        .map(|(_, impl_ref)| {
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
    let origins = infcx.kind_origins.borrow();
    let Some(KindOrigin { variable, span }) = origins.get(&closure) else { return error };
    let why = match kind {
        ClosureKind::FnOnce => format!("it moves the variable `{variable}` out of its environment"),
        _ => format!("it mutates the variable `{variable}`"),
    };
    error.secondary(closure, *span, format!("closure is `{found}` because {why} here"))
}

// ----- why it was asked for -----

/// Adds the chain of impls and the bound that asked for it.
fn with_origin(infcx: &InferCtxt<'_>, mut error: TypeError, cause: &ObligationCause) -> TypeError {
    let db = infcx.db;
    let mut cause = cause;
    let mut shown = 0;
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
                }
                cause = &derived.parent;
            }
            CauseCode::WhereClause { item, span } | CauseCode::CallArgument { item, span } => {
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

/// `foo`, `Type::method`, `Trait::method`.
fn named(item: DefId) -> String {
    match (item.kind(), item.parent()) {
        (DefKind::Fn | DefKind::AssocTy | DefKind::AssocConst, Some(parent)) if parent.kind() == DefKind::Trait => {
            format!("{}::{}", parent.name(), item.name())
        }
        _ => item.name().to_string(),
    }
}
