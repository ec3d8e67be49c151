//! Generic arguments where there is nothing that could take them (E0109), and constants where types are wanted (E0747).

use rgo_hir::resolve::{Namespace, Res};
use rgo_hir::{Db, DefId};
use rgo_syntax::ast::{self, GenericArgs, PathSegment};

use super::lower::LowerCtx;

impl LowerCtx<'_, '_> {
    /// The arguments of segments that name something without parameters.
    pub fn refuse_args(&mut self, segments: &[PathSegment]) {
        for segment in segments {
            let Some(args) = &segment.args else { continue };
            if let GenericArgs::Paren(paren) = &**args {
                self.parenthesized_error(paren.span);
            }
            if let Some(constraint) = constraints_of(args).next() {
                self.error(constraint.span, "E0229", "associated item constraints are not allowed here").label =
                    "associated item constraint not allowed here".to_owned();
            }
            if is_empty(args) {
                continue;
            }
            let name = segment.ident.as_str();
            self.error(args.span(), "E0109", format!("generic arguments are not allowed on `{name}`")).label =
                "generic argument not allowed".to_owned();
            for arg in lifetimes_of(args) {
                self.lower_lifetime(arg);
            }
        }
    }

    /// As `refuse_args`, for all segments but the last.
    pub fn refuse_args_before_last(&mut self, segments: &[PathSegment]) {
        if let Some((_, before)) = segments.split_last() {
            self.refuse_args(before);
        }
    }

    pub(super) fn parenthesized_error(&mut self, span: rgo_syntax::Span) {
        self.error(span, "E0214", "parenthesized type parameters may only be used with a `Fn` trait").label =
            "only `Fn` traits may use parentheses".to_owned();
    }
}

fn is_empty(args: &GenericArgs) -> bool {
    match args {
        GenericArgs::Angle(angle) => angle.args.iter().all(|arg| matches!(arg, ast::GenericArg::Assoc(_))),
        GenericArgs::Paren(paren) => paren.inputs.is_empty() && paren.output.is_none(),
    }
}

fn constraints_of(args: &GenericArgs) -> impl Iterator<Item = &ast::AssocArg> {
    let angle = match args {
        GenericArgs::Angle(angle) => angle.args.as_slice(),
        GenericArgs::Paren(_) => &[],
    };
    angle.iter().filter_map(|arg| match arg {
        ast::GenericArg::Assoc(assoc) => Some(assoc),
        _ => None,
    })
}

fn lifetimes_of(args: &GenericArgs) -> Vec<ast::Lifetime> {
    match args {
        GenericArgs::Angle(angle) => angle
            .args
            .iter()
            .filter_map(|arg| match arg {
                ast::GenericArg::Lifetime(lifetime) => Some(*lifetime),
                _ => None,
            })
            .collect(),
        GenericArgs::Paren(_) => Vec::new(),
    }
}

/// Whether a generic argument is a constant: the grammar takes a plain name for a type, also where only a value has that name.
pub fn is_constant(db: &dyn Db, scope: DefId, arg: &ast::GenericArg) -> bool {
    match arg {
        ast::GenericArg::Const(_) => true,
        ast::GenericArg::Type(ty) => match &ty.kind {
            ast::TypeKind::Path(path) if path.as_ident().is_some() => {
                let found = |namespace| {
                    rgo_hir::resolve_path(db, scope, &path.path, namespace)
                        .is_ok_and(|resolved| resolved.unresolved == 0 && resolved.res != Res::Err)
                };
                !found(Namespace::Type) && found(Namespace::Value)
            }
            _ => false,
        },
        ast::GenericArg::Lifetime(_) | ast::GenericArg::Assoc(_) => false,
    }
}

pub fn arg_span(arg: &ast::GenericArg) -> rgo_syntax::Span {
    match arg {
        ast::GenericArg::Lifetime(lifetime) => lifetime.span,
        ast::GenericArg::Type(ty) => ty.span,
        ast::GenericArg::Const(expr) => expr.span,
        ast::GenericArg::Assoc(assoc) => assoc.span,
    }
}
