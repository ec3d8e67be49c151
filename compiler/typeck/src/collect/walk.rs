//! A walk over the syntax of types and bounds; expressions inside (array lengths) are not entered.

use rgo_syntax::ast::{self, AssocArgKind, Bound, GenericArg, GenericArgs, PathSegment, Type, TypeKind};

pub(super) trait TypeWalk {
    fn ty(&mut self, ty: &Type) {
        walk_type(self, ty);
    }

    fn lifetime(&mut self, lifetime: ast::Lifetime);
}

pub(super) fn walk_type<W: TypeWalk + ?Sized>(walk: &mut W, ty: &Type) {
    match &ty.kind {
        TypeKind::Path(path) => {
            if let Some(qself) = &path.qself {
                walk.ty(&qself.ty);
                if let Some(as_trait) = &qself.as_trait {
                    walk_path(walk, as_trait);
                }
            }
            walk_path(walk, &path.path);
        }
        TypeKind::Ref { lifetime, inner, .. } => {
            if let Some(lifetime) = lifetime {
                walk.lifetime(*lifetime);
            }
            walk.ty(inner);
        }
        TypeKind::RawPtr { inner, .. } | TypeKind::Slice(inner) | TypeKind::Paren(inner) => walk.ty(inner),
        TypeKind::Array { elem, .. } => walk.ty(elem),
        TypeKind::Tuple(items) => items.iter().for_each(|item| walk.ty(item)),
        TypeKind::FnPtr(f) => {
            f.params.iter().for_each(|param| walk.ty(&param.ty));
            if let Some(ret) = &f.ret {
                walk.ty(ret);
            }
        }
        TypeKind::Dyn(bounds) | TypeKind::BareDyn(bounds) | TypeKind::ImplTrait(bounds) => {
            bounds.iter().for_each(|bound| walk_bound(walk, bound));
        }
        TypeKind::Never | TypeKind::Infer | TypeKind::Macro(_) | TypeKind::Error => {}
    }
}

pub(super) fn walk_bound<W: TypeWalk + ?Sized>(walk: &mut W, bound: &Bound) {
    match bound {
        Bound::Trait(bound) => walk_path(walk, &bound.path),
        Bound::Lifetime(lifetime) => walk.lifetime(*lifetime),
        Bound::Use { .. } => {}
    }
}

pub(super) fn walk_path<W: TypeWalk + ?Sized>(walk: &mut W, path: &ast::Path) {
    path.segments.iter().for_each(|segment| walk_segment(walk, segment));
}

pub(super) fn walk_segment<W: TypeWalk + ?Sized>(walk: &mut W, segment: &PathSegment) {
    if let Some(args) = &segment.args {
        walk_args(walk, args);
    }
}

fn walk_args<W: TypeWalk + ?Sized>(walk: &mut W, args: &GenericArgs) {
    match args {
        GenericArgs::Angle(args) => {
            for arg in &args.args {
                match arg {
                    GenericArg::Lifetime(lifetime) => walk.lifetime(*lifetime),
                    GenericArg::Type(ty) => walk.ty(ty),
                    GenericArg::Const(_) => {}
                    GenericArg::Assoc(assoc) => {
                        if let Some(args) = &assoc.args {
                            walk_args(walk, args);
                        }
                        match &assoc.kind {
                            AssocArgKind::Type(ty) => walk.ty(ty),
                            AssocArgKind::Const(_) => {}
                            AssocArgKind::Bounds(bounds) => bounds.iter().for_each(|bound| walk_bound(walk, bound)),
                        }
                    }
                }
            }
        }
        GenericArgs::Paren(args) => {
            args.inputs.iter().for_each(|ty| walk.ty(ty));
            if let Some(output) = &args.output {
                walk.ty(output);
            }
        }
    }
}

/// The `impl Trait`s that stand for parameters of a function or impl: in the bounds of its parameters, and in the types of arguments.
pub(super) fn impl_trait_params(item: &ast::Item) -> Vec<&Type> {
    let (generics, params) = match &item.kind {
        ast::ItemKind::Fn(f) => (&f.generics, f.params.as_slice()),
        ast::ItemKind::Impl(imp) => (&imp.generics, &[][..]),
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for param in &generics.params {
        if let ast::GenericParamKind::Type { bounds, .. } = &param.kind {
            bounds.iter().for_each(|bound| in_bound(bound, &mut found));
        }
    }
    params.iter().for_each(|param| impl_traits_in(&param.ty, &mut found));
    found
}

/// Every `impl Trait` in a type, outermost first.
pub(super) fn impl_traits_in<'a>(ty: &'a Type, found: &mut Vec<&'a Type>) {
    match &ty.kind {
        TypeKind::ImplTrait(bounds) => {
            found.push(ty);
            bounds.iter().for_each(|bound| in_bound(bound, found));
        }
        TypeKind::Path(path) => {
            if let Some(qself) = &path.qself {
                impl_traits_in(&qself.ty, found);
            }
            path.path.segments.iter().for_each(|segment| in_segment(segment, found));
        }
        TypeKind::Ref { inner, .. }
        | TypeKind::RawPtr { inner, .. }
        | TypeKind::Slice(inner)
        | TypeKind::Paren(inner) => {
            impl_traits_in(inner, found);
        }
        TypeKind::Array { elem, .. } => impl_traits_in(elem, found),
        TypeKind::Tuple(items) => items.iter().for_each(|item| impl_traits_in(item, found)),
        TypeKind::FnPtr(f) => {
            f.params.iter().for_each(|param| impl_traits_in(&param.ty, found));
            f.ret.iter().for_each(|ret| impl_traits_in(ret, found));
        }
        TypeKind::Dyn(bounds) | TypeKind::BareDyn(bounds) => bounds.iter().for_each(|bound| in_bound(bound, found)),
        TypeKind::Never | TypeKind::Infer | TypeKind::Macro(_) | TypeKind::Error => {}
    }
}

fn in_bound<'a>(bound: &'a Bound, found: &mut Vec<&'a Type>) {
    if let Bound::Trait(bound) = bound {
        bound.path.segments.iter().for_each(|segment| in_segment(segment, found));
    }
}

fn in_segment<'a>(segment: &'a PathSegment, found: &mut Vec<&'a Type>) {
    match segment.args.as_deref() {
        None => {}
        Some(GenericArgs::Paren(args)) => {
            args.inputs.iter().for_each(|ty| impl_traits_in(ty, found));
            args.output.iter().for_each(|ty| impl_traits_in(ty, found));
        }
        Some(GenericArgs::Angle(args)) => {
            for arg in &args.args {
                match arg {
                    GenericArg::Type(ty) => impl_traits_in(ty, found),
                    GenericArg::Assoc(assoc) => match &assoc.kind {
                        AssocArgKind::Type(ty) => impl_traits_in(ty, found),
                        AssocArgKind::Bounds(bounds) => bounds.iter().for_each(|bound| in_bound(bound, found)),
                        AssocArgKind::Const(_) => {}
                    },
                    GenericArg::Lifetime(_) | GenericArg::Const(_) => {}
                }
            }
        }
    }
}
