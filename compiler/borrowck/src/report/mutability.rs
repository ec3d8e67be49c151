//! Writes to what is not mutable, and second assignments.

use rgo_hir::body::Mutability;
use rgo_mir::{LocalKind, Location, Place, Projection, project_ty};
use rgo_syntax::Span;
use rgo_typeck::error::TypeError;
use rgo_typeck::ty::{ClosureKind, TyKind};

use crate::check::{Access, Checker, Write};

impl Checker<'_, '_> {
    /// `place` is written; `culprit`, a prefix of it, does not allow that.
    pub fn report_immutable(&mut self, place: &Place, culprit: &Place, span: Span, access: Access) {
        let is_borrow = matches!(access, Access::Write(Write::MutBorrow(_)) | Access::Reservation(Write::MutBorrow(_)));
        if is_borrow && culprit.projection.is_empty() && self.borrowed_again(culprit.local, span) {
            return;
        }
        let what = self.describe_or_value(place);
        let (reason, label, fix) = self.why_immutable(place, culprit);
        let (code, message) = if is_borrow {
            ("E0596", format!("cannot borrow {what} as mutable, {reason}"))
        } else {
            ("E0594", format!("cannot assign to {what}, {reason}"))
        };
        let label = match label {
            Some(label) => label,
            None if is_borrow => "cannot borrow as mutable".to_owned(),
            None => "cannot assign".to_owned(),
        };
        let mut error = TypeError::new(self.regions.owner, span, code, message).label(label);
        match fix {
            Some(Fix::Mut(at, name)) => {
                error = error.help("consider changing this to be mutable");
                if at != span {
                    error = error.secondary(self.regions.owner, at, "declared here, not as mutable");
                }
                error.fix = Some((at, format!("mut {name}")));
            }
            Some(Fix::Reference(text)) => error = error.help(text),
            Some(Fix::Closure) => error = self.with_written_capture(error, place),
            None => {}
        }
        if is_borrow && culprit.projection.is_empty() {
            self.immutable_borrowed.insert(culprit.local, self.errors.len());
        }
        self.push_error(error);
    }

    /// Adds a mutable borrow of an immutable local to the error of the first: more than one, and it is the declaration that is to blame.
    fn borrowed_again(&mut self, local: rgo_mir::LocalId, span: Span) -> bool {
        let declared = self.body.mir.locals[local].span;
        let def = self.regions.owner;
        let Some(known) = self.immutable_borrowed.get(&local).and_then(|index| self.errors.get_mut(*index)) else {
            return false;
        };
        let (at, mut error) = known.clone();
        if at != declared {
            error = error.secondary(def, at, "cannot borrow as mutable").label("not mutable");
            error.span = declared;
        }
        *known = (declared, error.secondary(def, span, "cannot borrow as mutable"));
        true
    }

    fn why_immutable(&self, place: &Place, culprit: &Place) -> (String, Option<String>, Option<Fix>) {
        let count = culprit.projection.len();
        let Some(last) = count.checked_sub(1) else {
            let name = self.local_name(culprit.local).unwrap_or_default();
            let same = place.projection.is_empty();
            let reason = if same {
                "as it is not declared as mutable".to_owned()
            } else {
                format!("as `{name}` is not declared as mutable")
            };
            let synthetic = name.is_empty() || name == "self";
            let fix = (!synthetic).then(|| Fix::Mut(self.body.mir.locals[culprit.local].span, name));
            return (reason, None, fix);
        };
        if let Some(upvar) = self.upvar_at(culprit, count) {
            let name = self.upvar_name(upvar).unwrap_or_default();
            let (mutable, _) = self.upvar_mutability(upvar);
            if mutable && self.env_kind() == Some(ClosureKind::Fn) {
                return ("as it is a captured variable in a `Fn` closure".to_owned(), None, Some(Fix::Closure));
            }
            let reason = if culprit == place {
                "as it is not declared as mutable".to_owned()
            } else {
                format!("as `{name}` is not declared as mutable")
            };
            let variable = self.body.mir.upvars.get(upvar as usize).map(|capture| capture.place.local);
            let declared = variable.and_then(|local| self.outer_variable(local)).filter(|found| !found.synthetic);
            let fix = declared.map(|variable| Fix::Mut(variable.span, variable.name.to_string()));
            return (reason, None, fix);
        }
        let base = Place { local: culprit.local, projection: culprit.projection[..last].to_vec() };
        match (&culprit.projection[last], self.static_of(culprit)) {
            (Projection::Deref, Some(def)) if last == 0 => (
                format!("as immutable static item `{}`", def.name()).replace("as immutable", "as it is an immutable"),
                None,
                None,
            ),
            (Projection::Deref, _) => {
                if self.body.mir.locals[base.local].kind == LocalKind::ClosureEnv && last == 0 {
                    return ("as it is a captured variable in a `Fn` closure".to_owned(), None, Some(Fix::Closure));
                }
                if let LocalKind::GuardRef { .. } = self.body.mir.locals[base.local].kind
                    && last == 0
                {
                    return ("as it is immutable for the pattern guard".to_owned(), None, None);
                }
                let ty = base.projection.iter().fold(self.body.mir.locals[base.local].ty, project_ty);
                let overloaded = self.describe(&base).is_none();
                let reference = match ty.kind() {
                    TyKind::Ref(_, _, Mutability::Not) => "`&` reference",
                    _ => "reference",
                };
                match self.describe(&base) {
                    Some(name) if !overloaded => (
                        format!("which is behind a {reference}"),
                        Some(format!("`{name}` is a {reference}, so the data it refers to cannot be written")),
                        Some(Fix::Reference(format!("consider changing `{name}` to be a mutable reference"))),
                    ),
                    _ => (format!("which is behind a {reference}"), None, None),
                }
            }
            _ => ("as it is not declared as mutable".to_owned(), None, None),
        }
    }

    pub fn report_reassignment(&mut self, local: rgo_mir::LocalId, span: Span, earlier: Option<Location>) {
        let def = self.regions.owner;
        let decl = &self.body.mir.locals[local];
        let Some(name) = self.local_name(local) else { return };
        let is_param = matches!(decl.kind, LocalKind::Param { .. });
        let mut error = if is_param && earlier.is_none() {
            TypeError::new(def, span, "E0384", format!("cannot assign to immutable argument `{name}`"))
                .label("cannot assign to immutable argument")
        } else {
            TypeError::new(def, span, "E0384", format!("cannot assign twice to immutable variable `{name}`"))
                .label("cannot assign twice to immutable variable")
        };
        if let Some(earlier) = earlier {
            let first = self.body.mir.span_at(earlier);
            if first != span {
                error = error.secondary(def, first, format!("first assignment to `{name}`"));
            }
        }
        let declared = decl.span;
        error = error.help("consider making this binding mutable");
        error.fix = Some((declared, format!("mut {name}")));
        self.push_error(error);
    }
}

enum Fix {
    Mut(Span, String),
    Reference(String),
    /// What the closure captured, or what takes the closure, has to be another.
    Closure,
}
