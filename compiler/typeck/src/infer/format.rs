//! `format_args!`: every argument implements the trait of its placeholder; widths and precisions are `usize`.

use rgo_hir::body::{Count, ExprId, FormatArgs, FormatPiece, FormatTrait};
use rgo_syntax::Name;

use super::FnCtxt;
use crate::solve::CauseCode;
use crate::ty::{Args, TraitRef, Ty};

impl FnCtxt<'_> {
    pub fn check_format(&mut self, expr: ExprId, format: &FormatArgs) -> Ty {
        let mut counts = vec![false; format.args.len()];
        let mut shown = vec![false; format.args.len()];
        for piece in &format.pieces {
            let FormatPiece::Arg(placeholder) = piece else { continue };
            if let Some(shown) = shown.get_mut(placeholder.arg) {
                *shown = true;
            }
            for count in [&placeholder.width, &placeholder.precision].into_iter().flatten() {
                if let Count::Arg(index) = count
                    && let Some(count) = counts.get_mut(*index)
                {
                    *count = true;
                }
            }
        }
        let types: Vec<Ty> = format
            .args
            .iter()
            .enumerate()
            .map(|(index, &arg)| {
                if counts[index] {
                    let ty = self.check_expr_with_hint(arg, Ty::usize());
                    let span = self.expr_span(arg);
                    if self.eq(span, Ty::usize(), ty).is_err() {
                        self.report_mismatch(span, Ty::usize(), ty);
                    }
                    ty
                } else {
                    self.check_expr(arg)
                }
            })
            .collect();
        let mut number = 0;
        for piece in &format.pieces {
            let FormatPiece::Arg(placeholder) = piece else { continue };
            let position = number;
            number += 1;
            let (Some(&ty), Some(&arg)) = (types.get(placeholder.arg), format.args.get(placeholder.arg)) else {
                self.has_errors = true;
                continue;
            };
            let Some(trait_) = self.format_trait(placeholder.format) else {
                self.has_errors = true;
                continue;
            };
            let Some(method) = rgo_hir::child(self.db, trait_, Name::new("fmt")) else {
                self.has_errors = true;
                continue;
            };
            let args = Args::of_types(&[ty]);
            let span = self.expr_span(arg);
            // `assert_eq!` shows what it compares through references of its own.
            if span != self.expr_span(expr) {
                self.require_sized(ty, span);
            }
            self.register_with_code(
                span,
                CauseCode::Format(placeholder.format),
                TraitRef::new(trait_, args).to_predicate(),
            );
            self.tables.formats.insert((expr, position), (method, args));
        }
        match self.lang("format_arguments") {
            Some(def) => {
                let args = self.fresh_args(def);
                Ty::adt(def, args)
            }
            None => {
                self.has_errors = true;
                Ty::error()
            }
        }
    }

    fn format_trait(&self, format: FormatTrait) -> Option<rgo_hir::DefId> {
        self.lang(match format {
            FormatTrait::Display => "display",
            FormatTrait::Debug => "debug",
            FormatTrait::LowerHex => "lower_hex",
            FormatTrait::UpperHex => "upper_hex",
            FormatTrait::Octal => "octal",
            FormatTrait::Binary => "binary",
            FormatTrait::LowerExp => "lower_exp",
            FormatTrait::UpperExp => "upper_exp",
            FormatTrait::Pointer => "pointer",
        })
    }
}
