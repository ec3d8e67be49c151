//! Arguments of types and traits that nobody knows: their own names are looked up all the same.

use rgo_syntax::ast::{self, GenericArgs, PathSegment};

use super::lower::LowerCtx;
use crate::error::TypeError;
use crate::ty::Ty;

impl LowerCtx<'_, '_> {
    /// The unknown names in the arguments of what is unknown itself. Nothing else can be said of them.
    pub(super) fn names_in_args(&mut self, segments: &[PathSegment]) {
        let known = self.errors.len();
        segments.iter().filter_map(|segment| segment.args.as_deref()).for_each(|args| self.lower_lost_args(args));
        let found = self.errors.split_off(known);
        self.errors.extend(found.into_iter().filter(TypeError::is_of_names));
    }

    fn lower_lost_args(&mut self, args: &GenericArgs) {
        let angle = match args {
            GenericArgs::Angle(angle) => angle,
            GenericArgs::Paren(paren) => {
                let inputs: Vec<&ast::Type> = paren.inputs.iter().collect();
                self.under_binder(Vec::new(), |ctx| ctx.lower_fn_like(&inputs, paren.output.as_ref()));
                return;
            }
        };
        for arg in &angle.args {
            match arg {
                ast::GenericArg::Lifetime(lifetime) => {
                    self.lower_lifetime(*lifetime);
                }
                ast::GenericArg::Type(ty) => {
                    self.lower_ty(ty);
                }
                ast::GenericArg::Assoc(ast::AssocArg { args, kind, .. }) => {
                    if let Some(args) = args {
                        self.lower_lost_args(args);
                    }
                    match kind {
                        ast::AssocArgKind::Type(ty) => {
                            self.lower_ty(ty);
                        }
                        ast::AssocArgKind::Bounds(bounds) => {
                            self.lower_bounds(bounds, &[], &mut |_| Ty::error(), &mut Vec::new());
                        }
                        ast::AssocArgKind::Const(_) => {}
                    }
                }
                ast::GenericArg::Const(_) => {}
            }
        }
    }
}
