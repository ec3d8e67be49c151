//! Conflicting accesses and borrows of what does not live long enough.

use rgo_mir::{AggregateKind, LocalKind, Location, Place, Projection, Rvalue, StatementKind};
use rgo_syntax::Span;
use rgo_typeck::error::TypeError;
use rgo_typeck::thir::BorrowKind;

use super::explain::Explanation;
use super::repair::Offence;
use crate::check::Checker;
use crate::context::Loan;
use crate::regions::constraint::{Category, RegionVid};

/// A closure that a borrow is made for.
struct ClosureUse {
    /// The head of the closure.
    span: Span,
    /// Where the variable is used inside.
    use_span: Span,
}

impl Checker<'_, '_> {
    pub fn push_error(&mut self, error: TypeError) {
        if self.seen.insert((error.code, error.span)) {
            self.errors.push((error.span, error));
        }
    }

    fn error(&self, span: Span, code: &'static str, message: String) -> TypeError {
        TypeError::new(self.regions.owner, span, code, message)
    }

    /// The closure that captures the reference made at `location`.
    fn closure_use(&self, location: Location) -> Option<ClosureUse> {
        let block = &self.body.mir.blocks[location.block];
        let StatementKind::Assign(dest, Rvalue::Ref(..)) = &block.statements.get(location.statement as usize)?.kind
        else {
            return None;
        };
        let temp = dest.as_local().filter(|temp| matches!(self.body.mir.locals[*temp].kind, LocalKind::Temp { .. }))?;
        for statement in &block.statements[location.statement as usize + 1..] {
            if let StatementKind::Assign(_, Rvalue::Aggregate(AggregateKind::Closure(def, _), operands)) =
                &statement.kind
            {
                let index =
                    operands.iter().position(|operand| operand.place().is_some_and(|place| place.local == temp))?;
                let captures = rgo_mir::closure_info(self.regions.db, *def).map(|info| &info.captures);
                let capture = captures.and_then(|captures| captures.get(index));
                let use_span = capture.map_or(statement.span, |capture| capture.span);
                return Some(ClosureUse { span: rgo_hir::def_span(self.regions.db, *def), use_span });
            }
        }
        None
    }

    /// Where a loan begins: at the head of the closure that it is made for.
    fn borrow_span(&self, loan: &Loan) -> Span {
        self.closure_use(loan.location).map_or(loan.span, |closure| closure.span)
    }

    pub fn report_use_while_borrowed(&mut self, location: Location, place: &Place, span: Span, loan: &Loan) {
        let what = self.describe_or_value(place);
        let borrowed = self.describe_or_value(&loan.place);
        let def = self.regions.owner;
        let error = self
            .error(span, "E0503", format!("cannot use {what} because it was mutably borrowed"))
            .label(format!("use of borrowed {borrowed}"))
            .secondary(def, self.borrow_span(loan), format!("{borrowed} is borrowed here"));
        let explanation = self.explain(location, loan);
        let error = self.add_explanation(error, &explanation, "");
        let error = self.with_repair(error, Offence::Use, place, &explanation);
        self.push_error(error);
    }

    pub fn report_move_of_borrowed(&mut self, location: Location, place: &Place, span: Span, loan: &Loan) {
        let what = self.describe_or_value(place);
        let borrowed = self.describe_or_value(&loan.place);
        let def = self.regions.owner;
        let mut error = self
            .error(span, "E0505", format!("cannot move out of {what} because it is borrowed"))
            .label(format!("move out of {what} occurs here"))
            .secondary(def, self.borrow_span(loan), format!("borrow of {borrowed} occurs here"));
        if let Some(name) = self.local_name(place.local) {
            error =
                error.secondary(def, self.body.mir.locals[place.local].span, format!("binding `{name}` declared here"));
        }
        let explanation = self.explain(location, loan);
        let error = self.add_explanation(error, &explanation, "");
        let error = self.with_repair(error, Offence::Move, place, &explanation);
        self.push_error(error);
    }

    pub fn report_assignment_to_borrowed(&mut self, location: Location, place: &Place, span: Span, loan: &Loan) {
        let what = self.describe_or_value(place);
        let def = self.regions.owner;
        if loan.kind == BorrowKind::Fake {
            let error = self
                .error(span, "E0510", format!("cannot assign {what} in match guard"))
                .label("cannot assign")
                .secondary(def, self.borrow_span(loan), "value is immutable in match guard");
            self.push_error(error);
            return;
        }
        let borrowed = self.describe_or_value(&loan.place);
        let error = self
            .error(span, "E0506", format!("cannot assign to {what} because it is borrowed"))
            .label(format!("{what} is assigned to here but it was already borrowed"))
            .secondary(def, self.borrow_span(loan), format!("{borrowed} is borrowed here"));
        let explanation = self.explain(location, loan);
        let error = self.add_explanation(error, &explanation, "");
        let error = self.with_repair(error, Offence::Assignment, place, &explanation);
        self.push_error(error);
    }

    pub fn report_conflicting_borrow(
        &mut self,
        location: Location,
        place: &Place,
        span: Span,
        kind: BorrowKind,
        loan: &Loan,
    ) {
        let def = self.regions.owner;
        let what = self.describe_or_value(place);
        let closure = self.closure_use(location);
        let loan_closure = self.closure_use(loan.location);
        let span = closure.as_ref().map_or(span, |closure| closure.span);
        let is_mut = |kind: BorrowKind| matches!(kind, BorrowKind::Mut { .. });
        let name = |kind: BorrowKind| if is_mut(kind) { "mutable" } else { "immutable" };
        let (error, first) = match (kind, loan.kind) {
            (BorrowKind::Unique, BorrowKind::Unique) => (
                self.error(span, "E0524", format!("two closures require unique access to {what} at the same time"))
                    .label("second closure is constructed here")
                    .secondary(def, self.borrow_span(loan), "first closure is constructed here"),
                "",
            ),
            (BorrowKind::Unique, _) => (
                self.error(
                    span,
                    "E0500",
                    format!("closure requires unique access to {what} but it is already borrowed"),
                )
                .label("closure construction occurs here")
                .secondary(def, self.borrow_span(loan), "borrow occurs here"),
                "first ",
            ),
            (_, BorrowKind::Unique) => (
                self.error(
                    span,
                    "E0501",
                    format!("cannot borrow {what} as {} because previous closure requires unique access", name(kind)),
                )
                .label("second borrow occurs here")
                .secondary(def, self.borrow_span(loan), "closure construction occurs here"),
                "first ",
            ),
            (_, BorrowKind::Fake) => {
                let error = self
                    .error(span, "E0510", format!("cannot mutably borrow {what} in match guard"))
                    .label("cannot mutably borrow")
                    .secondary(def, self.borrow_span(loan), "value is immutable in match guard");
                self.push_error(error);
                return;
            }
            (new, old) if is_mut(new) && is_mut(old) => {
                let mut error =
                    self.error(span, "E0499", format!("cannot borrow {what} as mutable more than once at a time"));
                if span == self.borrow_span(loan) {
                    error =
                        error.label(format!("{what} was mutably borrowed here in the previous iteration of the loop"));
                } else {
                    error = error.label("second mutable borrow occurs here").secondary(
                        def,
                        self.borrow_span(loan),
                        "first mutable borrow occurs here",
                    );
                }
                (error, "first ")
            }
            (new, old) => (
                self.error(
                    span,
                    "E0502",
                    format!("cannot borrow {what} as {} because it is also borrowed as {}", name(new), name(old)),
                )
                .label(format!("{} borrow occurs here", name(new)))
                .secondary(def, self.borrow_span(loan), format!("{} borrow occurs here", name(old))),
                name(old),
            ),
        };
        let first = match first {
            "mutable" => "mutable ",
            "immutable" => "immutable ",
            other => other,
        };
        let mut error = error;
        for closure in [closure, loan_closure].into_iter().flatten() {
            if closure.use_span != closure.span {
                error = error.secondary(def, closure.use_span, "borrow occurs due to use in closure");
            }
        }
        let explanation = self.explain(location, loan);
        let error = self.add_explanation(error, &explanation, first);
        let error = self.with_repair(error, Offence::Borrow, place, &explanation);
        self.push_error(error);
    }

    /// A loan of something that dies here.
    pub fn does_not_live_long_enough(&mut self, loan: &Loan, place: &Place, span: Span, explanation: &Explanation) {
        let def = self.regions.owner;
        let root = loan.place.local;
        // What dies may do so in several ways out of the function.
        if !self.accesses_reported.insert((Place::local(root), loan.span)) {
            return;
        }
        let drop_conflict = self.destructor_on_the_way(loan);
        if let Some(ty) = drop_conflict
            && !is_prefix(&loan.place, place)
        {
            let what = self.describe_or_value(&loan.place);
            let error = self
                .error(
                    loan.span,
                    "E0713",
                    format!("borrow may still be in use when destructor runs for {}", self.display_ty(ty)),
                )
                .label(format!("borrow of {what} is still in use"))
                .secondary(
                    def,
                    span,
                    format!("here, drop of {} needs exclusive access to {what}", self.describe_or_value(place)),
                );
            let error = self.add_explanation(error, explanation, "");
            self.push_error(error);
            return;
        }
        let name = self.describe(&loan.place);
        let closure = self.closure_use(loan.location);
        if let Explanation::MustBeValidFor { category, span: blamed, region } = explanation {
            let escapes = matches!(
                category,
                Category::Return | Category::CallArgument(_) | Category::OpaqueType | Category::Cast
            );
            if let (Some(name), Some(closure), true) = (&name, &closure, escapes) {
                let error = self.escaping_closure(name, closure, *category, *blamed, *region);
                self.push_error(error);
                return;
            }
            if *category == Category::Return {
                let error = self.returned_local(loan, name.as_deref(), *blamed);
                self.push_error(error);
                return;
            }
        }
        let is_temp = matches!(
            self.body.mir.locals[root].kind,
            LocalKind::Temp { .. } | LocalKind::FakeBorrow | LocalKind::Param { name: None, .. }
        );
        let error = match name {
            Some(name) if !is_temp => {
                let mut error = self
                    .error(loan.span, "E0597", format!("`{name}` does not live long enough"))
                    .label("borrowed value does not live long enough");
                if let Some(closure) = &closure {
                    error.span = closure.use_span;
                    error = error.secondary(def, closure.span, "value captured here");
                }
                let what = self.describe_or_value(&Place::local(root));
                if let Some(variable) = self.local_name(root) {
                    let declared = self.body.mir.locals[root].span;
                    error = error.secondary(def, declared, format!("binding `{variable}` declared here"));
                }
                let error = error.secondary(def, span, format!("{what} dropped here while still borrowed"));
                self.with_longer_life(error, loan, explanation)
            }
            _ => self
                .error(self.body.mir.locals[root].span, "E0716", "temporary value dropped while borrowed".to_owned())
                .label("creates a temporary value which is freed while still in use")
                .secondary(def, span, "temporary value is freed at the end of this statement")
                .help("bind the value to a variable with `let` so that it lives longer"),
        };
        let error = self.add_explanation(error, explanation, "");
        self.push_error(error);
    }

    fn escaping_closure(
        &self,
        name: &str,
        closure: &ClosureUse,
        category: Category,
        blamed: Span,
        region: RegionVid,
    ) -> TypeError {
        let def = self.regions.owner;
        let scope = "function";
        let error = self
            .error(
                closure.span,
                "E0373",
                format!("closure may outlive the current {scope}, but it borrows `{name}`, which is owned by the current {scope}"),
            )
            .label(format!("may outlive borrowed value `{name}`"))
            .secondary(def, closure.use_span, format!("`{name}` is borrowed here"));
        let region = self.regions.universals.name(region);
        let error = match (category, region) {
            (Category::Return | Category::OpaqueType, _) => error.secondary(def, blamed, "closure is returned here"),
            (_, Some(region)) => error.note(format!("function requires argument type to outlive `{region}`")),
            (_, None) => error,
        };
        let mut error =
            error.help(format!("force the closure to take ownership of `{name}` (and of all else that it uses)"));
        error.fix = Some((closure.span.first(), "move ".to_owned()));
        error
    }

    fn returned_local(&self, loan: &Loan, name: Option<&str>, returned: Span) -> TypeError {
        let def = self.regions.owner;
        let local = loan.place.local;
        let what = if returned == loan.span { "reference to" } else { "value referencing" };
        let kind = &self.body.mir.locals[local].kind;
        let (place, note) = match name {
            Some(name) => {
                let class = match (kind, loan.place.as_local()) {
                    (LocalKind::ClosureEnv, _) => "variable captured by `move` ",
                    (LocalKind::Param { .. }, Some(_)) => "function parameter ",
                    (_, Some(_)) => "local variable ",
                    (_, None) => "local data ",
                };
                (format!("{class}`{name}`"), format!("`{name}` is borrowed here"))
            }
            None => match kind {
                LocalKind::Param { .. } => {
                    ("function parameter".to_owned(), "function parameter borrowed here".to_owned())
                }
                LocalKind::User { .. } => ("local binding".to_owned(), "local binding introduced here".to_owned()),
                _ => ("temporary value".to_owned(), "temporary value created here".to_owned()),
            },
        };
        let data = match kind {
            LocalKind::Param { .. } | LocalKind::User { .. } | LocalKind::Temp { .. } => {
                "data owned by the current function"
            }
            _ => "data owned by the current function",
        };
        let mut error = self
            .error(returned, "E0515", format!("cannot return {what} {place}"))
            .label(format!("returns a {what} {data}"));
        if returned != loan.span {
            error = error.secondary(def, self.borrow_span(loan), note);
        }
        self.with_owned_return(error, loan)
    }

    /// A type with a destructor between the root of a loan and what is borrowed.
    fn destructor_on_the_way(&self, loan: &Loan) -> Option<rgo_typeck::ty::Ty> {
        let mut ty = self.body.mir.locals[loan.place.local].ty;
        let mut found = None;
        for elem in &loan.place.projection {
            match (elem, ty.kind()) {
                (Projection::Field { .. }, rgo_typeck::ty::TyKind::Adt(adt, _))
                    if rgo_mir::has_drop_impl(self.regions.db, *adt) =>
                {
                    found = Some(ty);
                }
                (Projection::Deref, rgo_typeck::ty::TyKind::Ref(..)) => {}
                _ => {}
            }
            ty = rgo_mir::project_ty(ty, elem);
        }
        found
    }
}

fn is_prefix(prefix: &Place, place: &Place) -> bool {
    prefix.local == place.local && place.projection.starts_with(&prefix.projection)
}
