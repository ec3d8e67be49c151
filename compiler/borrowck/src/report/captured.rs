//! What an error about a captured variable says of the variable, its closure and who wants that closure to be of its kind.

use rgo_hir::DefId;
use rgo_mir::Place;
use rgo_syntax::Span;
use rgo_typeck::collect;
use rgo_typeck::error::TypeError;
use rgo_typeck::thir::{BodyKind, ExprKind};
use rgo_typeck::ty::{Clause, ClosureKind, Ty};

use crate::check::Checker;

/// The function that a closure is handed to, and its bound that says of what kind the closure has to be.
struct Taker {
    function: DefId,
    bound: Span,
}

impl Checker<'_, '_> {
    /// A write to a captured variable in a closure that is called through `&self`.
    pub fn with_written_capture(&self, error: TypeError, place: &Place) -> TypeError {
        let Some(upvar) = self.captured_in(place) else { return error };
        let name = self.upvar_name(upvar).unwrap_or_default();
        let error = self.with_closure(error, upvar, "in this closure".to_owned());
        let cell = format!("keep `{name}` in a `Cell` or `RefCell` (between threads, in an atomic or `Mutex`)");
        match self.taker() {
            Some(taker) if !taker.function.is_std() => {
                let function = taker.function.name();
                let error = error.secondary(taker.function, taker.bound, format!("`{function}` wants an `Fn` here"));
                error.help(format!("let `{function}` take `FnMut` instead of `Fn`, or {cell}"))
            }
            _ => error.help(cell),
        }
    }

    /// A move out of a captured variable in a closure that may be called again.
    pub fn with_moved_capture(&self, error: TypeError, place: &Place, kind: ClosureKind) -> TypeError {
        let Some(upvar) = self.captured_in(place) else { return error };
        let name = self.upvar_name(upvar).unwrap_or_default();
        let kind_name = kind.trait_name();
        let error = self.with_closure(error, upvar, format!("captured by this `{kind_name}` closure"));
        let keep = match kind {
            ClosureKind::Fn => format!("move a clone (`{name}.clone()`) or borrow it"),
            _ => format!(
                "move a clone (`{name}.clone()`), borrow it, or leave another value in its place (`std::mem::take(&mut {name})`)"
            ),
        };
        match self.taker() {
            Some(taker) if !taker.function.is_std() => {
                let function = taker.function.name();
                let wants = format!("`{function}` wants an `{kind_name}` here, which may be called more than once");
                let error = error.secondary(taker.function, taker.bound, wants);
                error.help(format!("{keep}; or let `{function}` take `FnOnce` if it calls the closure once at most"))
            }
            _ => error.help(keep),
        }
    }

    /// The captured variable that a place begins with.
    fn captured_in(&self, place: &Place) -> Option<u32> {
        (1..=place.projection.len()).find_map(|count| self.upvar_at(place, count))
    }

    /// Points to where the variable and the closure begin.
    fn with_closure(&self, error: TypeError, upvar: u32, what: String) -> TypeError {
        let owner = self.regions.owner;
        let capture = self.body.mir.upvars.get(upvar as usize);
        let variable = capture.and_then(|capture| self.outer_variable(capture.place.local));
        let error = match variable {
            Some(variable) => error.secondary(
                owner,
                variable.span,
                format!("`{}` is declared here, outside of the closure", variable.name),
            ),
            None => error,
        };
        error.secondary(owner, rgo_hir::def_span(self.regions.db, self.body.owner), what)
    }

    /// Who gets the closure as an argument of a type that is bound by one of the `Fn*` traits.
    fn taker(&self) -> Option<Taker> {
        let BodyKind::Closure(_) = &self.body.thir.kind else { return None };
        let outer = self.bodies[self.body.parent?].thir;
        let (function, wanted) = outer.exprs.iter().find_map(|(_, expr)| {
            let ExprKind::Call { callee, args, .. } = &expr.kind else { return None };
            let position = args.iter().position(
                |arg| matches!(outer.exprs[*arg].kind, ExprKind::Closure { def } if def == self.body.owner),
            )?;
            let ExprKind::FnItem { def, .. } = &outer.exprs[*callee].kind else { return None };
            let sig = collect::fn_sig(self.regions.db, *def);
            Some((*def, *sig.value.inputs().get(position)?))
        })?;
        Some(Taker { function, bound: self.callable_bound(function, wanted)? })
    }

    fn callable_bound(&self, function: DefId, wanted: Ty) -> Option<Span> {
        let db = self.regions.db;
        collect::predicates_of(db, function).iter().find_map(|(predicate, span)| match predicate.value {
            Clause::Trait(trait_ref) if trait_ref.self_ty() == wanted => {
                matches!(rgo_hir::lang_name(db, trait_ref.trait_), Some("fn" | "fn_mut")).then_some(*span)
            }
            _ => None,
        })
    }
}
