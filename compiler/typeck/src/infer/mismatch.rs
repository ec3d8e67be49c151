//! Values of another type than the one that is expected: why that one is, and how to get there.

use rgo_hir::DefId;
use rgo_syntax::Span;

use super::FnCtxt;
use crate::error::TypeError;
use crate::infer_ctxt::{MismatchKind, TypeMismatch};
use crate::ty::fold::TypeFoldable;
use crate::ty::{Args, Ty, TyKind, TypeFlags};

/// Why values of a type are expected: a type that the program gives.
pub struct ExpectedBy {
    pub ty: Ty,
    pub def: DefId,
    pub span: Span,
    pub label: String,
}

impl FnCtxt<'_> {
    /// Does something while values of a type are expected because of what stands at a place.
    pub fn expecting<R>(&mut self, ty: Ty, span: Span, label: &str, work: impl FnOnce(&mut Self) -> R) -> R {
        self.expected_by.push(ExpectedBy { ty, def: self.owner, span, label: label.to_owned() });
        let result = work(self);
        self.expected_by.pop();
        result
    }

    pub fn mismatch_error(&mut self, span: Span, expected: Ty, found: Ty) -> TypeError {
        let (expected, found) = (self.resolve(expected), self.resolve(found));
        let label = format!("expected `{}`, found `{}`", self.display(expected), self.display(found));
        let error = self.error(span, "E0308", "mismatched types").label(label);
        let error = match self.expected_by.iter().rev().find(|origin| self.resolve(origin.ty) == expected) {
            Some(origin) => error.secondary(origin.def, origin.span, origin.label.clone()),
            None => error,
        };
        match self.conversion(expected, found) {
            Some(help) => error.help(help),
            None => error,
        }
    }

    pub fn report_mismatch(&mut self, span: Span, expected: Ty, found: Ty) {
        let expected = self.resolve(expected);
        let found = self.resolve(found);
        if expected.has_error() || found.has_error() {
            self.has_errors = true;
            return;
        }
        let mut error = self.mismatch_error(span, expected, found);
        if self.closure_takes_itself(expected, found) {
            error.code = Some("E0644");
            error.message = "closure type that takes itself as its argument".to_owned();
        }
        self.emit(error);
    }

    /// Whether the types differ only in that a closure's type would contain itself.
    fn closure_takes_itself(&self, expected: Ty, found: Ty) -> bool {
        let cause = self.cause(Span::at(0));
        let result = self.infcx.probe(|| self.infcx.eq(&cause, expected, found));
        matches!(result, Err(TypeMismatch { kind: MismatchKind::Cyclic(ty) }) if ty.has(TypeFlags::HAS_CLOSURE))
    }

    /// How a value can be had from one of another type, as far as the types alone say it.
    fn conversion(&mut self, expected: Ty, found: Ty) -> Option<String> {
        let lang = |ty: Ty| match ty.kind() {
            TyKind::Adt(def, _) => rgo_hir::lang_name(self.db, *def),
            _ => None,
        };
        let payload = |ty: Ty| match ty.kind() {
            TyKind::Adt(_, args) => args.types().next().map(|ty| self.resolve(ty)),
            _ => None,
        };
        if is_number(expected) && is_number(found) {
            let name = self.display(expected);
            let from = self.lang("from").is_some_and(|from| self.trait_holds(from, Args::of_types(&[expected, found])));
            return Some(match from {
                true => format!("convert it: `{name}::from(…)`"),
                false if expected.is_float() || found.is_float() => {
                    format!("convert it with `as {name}`, which rounds")
                }
                false => format!(
                    "convert it: `{name}::try_from(…)` says whether it fits, `as {name}` cuts off what does not"
                ),
            });
        }
        match (lang(expected), lang(found)) {
            (Some("string"), _) if is_str_ref(found) => return Some("make it a `String`: `.to_string()`".to_owned()),
            (_, Some("string")) if is_str_ref(expected) => return Some("borrow it with `&`".to_owned()),
            (Some("option"), _) if payload(expected) == Some(found) => return Some("wrap it: `Some(…)`".to_owned()),
            (Some("result"), _) if payload(expected) == Some(found) => return Some("wrap it: `Ok(…)`".to_owned()),
            (_, Some("option")) if payload(found) == Some(expected) => {
                return Some(
                    "say what happens for `None`: `match`, `let … else`, `?`, `.unwrap_or(…)` or `.expect(…)`"
                        .to_owned(),
                );
            }
            (_, Some("result")) if payload(found) == Some(expected) => {
                return Some(
                    "say what happens for an error: `match`, `?`, `.unwrap_or_else(…)` or `.expect(…)`".to_owned(),
                );
            }
            (Some("box"), _) if payload(expected) == Some(found) => return Some("box it: `Box::new(…)`".to_owned()),
            _ => {}
        }
        match (expected.kind(), found.kind()) {
            (TyKind::Ref(_, inner, mutability), _) if self.resolve(*inner) == found => Some(match mutability {
                rgo_hir::body::Mutability::Mut => "borrow it with `&mut`".to_owned(),
                rgo_hir::body::Mutability::Not => "borrow it with `&`".to_owned(),
            }),
            (_, TyKind::Ref(_, inner, _)) if self.resolve(*inner) == expected => Some(if expected.is_scalar() {
                "dereference it with `*`".to_owned()
            } else {
                "it is only borrowed: clone it (`.clone()`), or take a reference here too".to_owned()
            }),
            _ => None,
        }
    }
}

/// A number whose type is known.
fn is_number(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Int(_) | TyKind::Uint(_) | TyKind::Float(_))
}

fn is_str_ref(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Ref(_, inner, _) if inner.is_str())
}
