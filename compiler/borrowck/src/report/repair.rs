//! How an error of borrowing can be repaired: what rustc leaves to the reader, by what keeps the borrow alive.

use rgo_hir::body::Mutability;
use rgo_mir::move_paths::{IllegalMove, IllegalMoveCause};
use rgo_mir::{LocalKind, Place};
use rgo_typeck::error::TypeError;
use rgo_typeck::ty::TyKind;

use crate::check::Checker;
use crate::context::Loan;
use crate::regions::constraint::Category;
use crate::report::explain::Explanation;

/// What is done while the borrow lasts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Offence {
    Borrow,
    Use,
    Assignment,
    Move,
}

impl Offence {
    fn verb(self) -> &'static str {
        match self {
            Offence::Borrow => "borrow",
            Offence::Use => "use",
            Offence::Assignment => "assign to",
            Offence::Move => "move",
        }
    }
}

impl Checker<'_, '_> {
    /// Says how a place can be used that a loan keeps others from.
    pub fn with_repair(
        &self,
        error: TypeError,
        offence: Offence,
        place: &Place,
        explanation: &Explanation,
    ) -> TypeError {
        let what = self.describe(place).map_or_else(|| "it".to_owned(), |name| format!("`{name}`"));
        let verb = offence.verb();
        match explanation {
            Explanation::UsedLater { in_loop: true, .. } => error.help(format!(
                "let the borrow end with each turn of the loop: keep a copy, a clone or an index from one turn to the next instead of a reference, \
                 or {verb} {what} after the loop"
            )),
            Explanation::UsedLater { .. } => error.help(format!(
                "let the first borrow end before: copy or clone what is needed of it, or {verb} {what} after its last use"
            )),
            Explanation::Dropped { local, .. } => match self.local_name(*local) {
                Some(name) => error.help(format!(
                    "call `drop({name})` before, or put `{name}` into a block of its own, so that it is dropped at the end of that"
                )),
                None => error.help(
                    "bind the temporary value to a variable in a block of its own, so that it is dropped at the end of that",
                ),
            },
            Explanation::MustBeValidFor { category: Category::Return, .. } => error.help(format!(
                "{verb} {what} before what is returned is borrowed from it, or return a copy, a clone or an index instead of a reference"
            )),
            Explanation::MustBeValidFor { .. } | Explanation::Unexplained => error,
        }
    }

    /// Says what to do with a place that nothing can be moved out of.
    pub fn with_other_than_move(&self, error: TypeError, illegal: &IllegalMove) -> TypeError {
        let Some(name) = self.describe(&illegal.place) else {
            return error.help("consider borrowing here, or cloning the value: `.clone()`");
        };
        let ty = self.body.mir.ty_of_place(&illegal.place);
        let is_option =
            matches!(ty.kind(), TyKind::Adt(def, _) if rgo_hir::lang_name(self.regions.db, *def) == Some("option"));
        let is_changeable = match &illegal.cause {
            IllegalMoveCause::Borrowed { target } => {
                matches!(self.body.mir.ty_of_place(target).kind(), TyKind::Ref(_, _, Mutability::Mut))
            }
            IllegalMoveCause::DropType { .. } => true,
            IllegalMoveCause::Element { .. } => false,
        };
        let borrow = match is_option {
            true => format!("look inside by reference (`{name}.as_ref()`)"),
            false => format!("borrow it (`&{name}`)"),
        };
        let take = match (is_changeable, is_option) {
            (false, _) => String::new(),
            (true, true) => format!(", or take it out and leave `None` (`{name}.take()`)"),
            (true, false) => format!(", or leave another value in its place (`std::mem::replace(&mut {name}, …)`)"),
        };
        let error = match &illegal.cause {
            IllegalMoveCause::DropType { .. } => error.note("its destructor needs all of the value"),
            _ => error,
        };
        error.help(format!("{borrow}, or clone it (`{name}.clone()`){take}"))
    }

    /// Says how something can live as long as what borrows it.
    pub fn with_longer_life(&self, error: TypeError, loan: &Loan, explanation: &Explanation) -> TypeError {
        let Some(name) = self.local_name(loan.place.local) else { return error };
        match explanation {
            Explanation::UsedLater { in_loop: true, .. } => error.help(format!(
                "`{name}` is a new variable in every turn of the loop: give it away instead of a reference to it, or declare it before the loop"
            )),
            Explanation::UsedLater { .. } => error.help(format!(
                "declare `{name}` before the block in which it dies, or give it away instead of a reference to it"
            )),
            Explanation::Dropped { local, .. } => match self.local_name(*local) {
                Some(user) if user != name => {
                    error.help(format!("declare `{name}` before `{user}`: variables are dropped in reverse order"))
                }
                _ => error,
            },
            Explanation::MustBeValidFor { .. } | Explanation::Unexplained => error,
        }
    }

    /// Says what can leave a function in place of a reference into it.
    pub fn with_owned_return(&self, error: TypeError, loan: &Loan) -> TypeError {
        match &self.body.mir.locals[loan.place.local].kind {
            LocalKind::Param { .. } => error.help(
                "take the parameter by reference, so that the caller owns what is returned, or return an owned value",
            ),
            _ => error.help("return an owned value: the value itself, or a clone of what is needed of it"),
        }
    }
}
