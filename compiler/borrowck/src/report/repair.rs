//! How an error of borrowing can be repaired: what rustc leaves to the reader, by what keeps the borrow alive.

use rgo_mir::{LocalKind, Place};
use rgo_typeck::error::TypeError;

use crate::check::Checker;
use crate::context::Loan;
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
            Explanation::MustBeValidFor { .. } | Explanation::Unexplained => error,
        }
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
