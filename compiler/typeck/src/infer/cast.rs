//! `as`: looked at after everything else is inferred (reference, "Type cast expressions").

use rgo_hir::body::{ExprId, TypeId};

use super::FnCtxt;
use super::expectation::Expectation;
use super::tables::TwoPhase;
use crate::thir::CastKind;
use crate::ty::{AdtKind, InferTy, Ty, TyKind, UintTy};

pub struct DeferredCast {
    expr: ExprId,
    operand: ExprId,
    from: Ty,
    to: Ty,
}

impl FnCtxt<'_> {
    pub fn check_cast(&mut self, expr: ExprId, operand: ExprId, ty: TypeId) -> Ty {
        let to = self.lower_body_ty(ty);
        let to = self.resolve(to);
        let from = self.check_expr_with(operand, Expectation::Castable(to));
        let from = self.resolve(from);
        if from.is_error() || to.is_error() {
            self.has_errors = true;
            return to;
        }
        if matches!(to.kind(), TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..)) {
            let span = self.expr_span(expr);
            let name = self.display(to);
            let source = self.display(from);
            let error = self
                .error(span, "E0620", format!("cast to unsized type: `{source}` as `{name}`"))
                .help(format!("consider casting to a reference: `&{name}`"));
            self.emit(error);
            return Ty::error();
        }
        self.casts.push(DeferredCast { expr, operand, from, to });
        to
    }

    pub fn check_casts(&mut self) {
        for cast in std::mem::take(&mut self.casts) {
            self.finish_cast(&cast);
        }
    }

    fn finish_cast(&mut self, cast: &DeferredCast) {
        let span = self.expr_span(cast.expr);
        let from = self.try_structurally_resolve(cast.from);
        let from = self.resolve(from);
        let to = self.resolve(cast.to);
        if self.mentions_error(from) || self.mentions_error(to) {
            self.has_errors = true;
            return;
        }
        if from.is_ty_var() {
            self.report_unknown_type(span, from);
            return;
        }
        if to.is_ty_var() {
            self.report_unknown_type(span, to);
            return;
        }
        if self.coerce(cast.operand, from, to, TwoPhase::No).is_ok() {
            self.tables.casts.insert(cast.expr, CastKind::Identity);
            return;
        }
        match self.cast_kind(from, to) {
            Ok(kind) => {
                self.tables.casts.insert(cast.expr, kind);
            }
            Err((code, message, help)) => {
                let mut error = self.error(span, code, message);
                if let Some(help) = help {
                    error = error.help(help);
                }
                self.emit(error);
            }
        }
    }

    fn is_plain_enum(&self, def: rgo_hir::DefId) -> bool {
        let adt = self.adt_def(def);
        adt.kind == AdtKind::Enum
            && !adt.variants.is_empty()
            && adt.variants.iter().all(|variant| variant.fields.is_empty())
    }

    fn cast_kind(&mut self, from: Ty, to: Ty) -> Result<CastKind, (&'static str, String, Option<String>)> {
        let source = self.display(from);
        let target = self.display(to);
        let invalid = || Err(("E0606", format!("casting `{source}` as `{target}` is invalid"), None));
        let non_primitive = || Err(("E0605", format!("non-primitive cast: `{source}` as `{target}`"), None::<String>));
        match to.kind() {
            TyKind::Bool if from.is_numeric() => Err((
                "E0054",
                format!("cannot cast `{source}` as `bool`"),
                Some("compare with zero instead: `!= 0`".into()),
            )),
            TyKind::Bool => match from.kind() {
                TyKind::Adt(def, _) if self.is_plain_enum(*def) => {
                    Err(("E0054", format!("cannot cast `{source}` as `bool`"), None))
                }
                TyKind::Char => Err(("E0054", format!("cannot cast `{source}` as `bool`"), None)),
                TyKind::Ref(..) => invalid(),
                _ => non_primitive(),
            },
            TyKind::Char => match from.kind() {
                TyKind::Uint(UintTy::U8) | TyKind::Infer(InferTy::Int(_)) => Ok(CastKind::Numeric),
                TyKind::Int(_) | TyKind::Uint(_) | TyKind::Float(_) | TyKind::Infer(InferTy::Float(_)) => {
                    let help = matches!(from.kind(), TyKind::Uint(UintTy::U32))
                        .then(|| "try `char::from_u32` instead".to_owned());
                    Err(("E0604", format!("only `u8` can be cast as `char`, not `{source}`"), help))
                }
                TyKind::Bool | TyKind::Ref(..) => invalid(),
                _ => non_primitive(),
            },
            TyKind::Int(_)
            | TyKind::Uint(_)
            | TyKind::Float(_)
            | TyKind::Infer(InferTy::Int(_) | InferTy::Float(_)) => {
                let to_float = to.is_float();
                match from.kind() {
                    _ if from.is_numeric() => Ok(CastKind::Numeric),
                    TyKind::Bool | TyKind::Char if !to_float => Ok(CastKind::Numeric),
                    TyKind::Bool | TyKind::Char => invalid(),
                    TyKind::Adt(def, _) => match (self.is_plain_enum(*def), to_float) {
                        (true, false) => Ok(CastKind::EnumToInt),
                        (true, true) => invalid(),
                        (false, _) => non_primitive(),
                    },
                    TyKind::Ref(_, inner, _) => {
                        let inner = self.resolve(*inner);
                        let help = inner.is_numeric().then(|| "dereference the expression: `*`".to_owned());
                        Err(("E0606", format!("casting `{source}` as `{target}` is invalid"), help))
                    }
                    TyKind::FnDef(..) | TyKind::FnPtr(_) if !to_float => Ok(CastKind::Address),
                    TyKind::FnPtr(_) => invalid(),
                    _ => non_primitive(),
                }
            }
            _ => non_primitive(),
        }
    }
}
