//! How the absence of a trait is put, by what the trait is for.

use rgo_hir::Db;

use super::{CauseCode, ObligationCause, SizedReason};
use crate::ty::display::{display_trait_ref, display_ty};
use crate::ty::{TraitRef, Ty, TyKind};

/// An error about a trait that a type lacks.
pub struct Words {
    pub message: String,
    pub label: String,
    pub notes: Vec<String>,
    pub help: Option<String>,
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
pub fn words_for(db: &dyn Db, trait_ref: TraitRef, cause: &ObligationCause) -> Words {
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
        ("send" | "sync", _) => thread_words(db, trait_ref.self_ty(), &this, lang),
        ("from_residual", _) => residual_words(db, trait_ref, &this, &other),
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

/// What may not leave its thread, and what can be used in its place.
fn thread_words(db: &dyn Db, self_ty: Ty, this: &str, lang: &str) -> Words {
    let message = match lang {
        "send" => format!("`{this}` cannot be sent between threads safely"),
        _ => format!("`{this}` cannot be shared between threads safely"),
    };
    let words = Words::new(message.clone(), message);
    let TyKind::Adt(def, _) = self_ty.kind() else { return words };
    if !def.is_std() {
        return words;
    }
    match (rgo_hir::lang_name(db, *def), def.name().as_str()) {
        (Some("rc" | "rc_weak"), _) => {
            words.help("use `Arc` from `std::sync` in place of `Rc`: it counts in a way that threads can share")
        }
        (_, "Cell") => words.help("use an atomic or a `Mutex` in place of `Cell`: threads can change these at the same time"),
        (_, "RefCell") => {
            words.help("use `Mutex` or `RwLock` in place of `RefCell`: they let one thread after the other change what they hold")
        }
        (_, "MutexGuard" | "RwLockReadGuard" | "RwLockWriteGuard") => {
            words.help("a lock is released by the thread that took it: give the other thread the `Arc` of the lock, and lock it there")
        }
        (_, "Receiver") if lang == "sync" => {
            words.help("let one thread own the receiver, or put it behind an `Arc<Mutex<…>>`")
        }
        _ => words,
    }
}

/// `?` in a function whose result has no place for what it returns early.
fn residual_words(db: &dyn Db, trait_ref: TraitRef, this: &str, residual: &str) -> Words {
    let kind = |ty: Ty| match ty.kind() {
        TyKind::Adt(def, _) => rgo_hir::lang_name(db, *def),
        _ => None,
    };
    match (kind(trait_ref.self_ty()), kind(trait_ref.args.ty(1))) {
        (Some("option"), Some("result")) => Words::new(
            "the `?` operator can only be used on `Option`s, not `Result`s, in a function that returns `Option`",
            "use `.ok()?` to return `None` instead of the error",
        ),
        (Some("result"), Some("option")) => Words::new(
            "the `?` operator can only be used on `Result`s, not `Option`s, in a function that returns `Result`",
            "use `.ok_or(…)?` to say which error is returned for `None`",
        ),
        _ => Words::new(
            "the `?` operator can only be used in a function that returns `Result` or `Option` (or another type that implements `FromResidual`)",
            format!("cannot use the `?` operator in a function that returns `{this}`"),
        )
        .note(format!("the trait `FromResidual<{residual}>` is not implemented for `{this}`"))
        .help("let the function return a `Result`, or handle the error here: `match`, `let … else`, `unwrap_or_else`"),
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
