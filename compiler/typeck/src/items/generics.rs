//! Generic parameters and bounds as written: defaults that look ahead (E0128, E0735), types of const parameters (E0770), repeated `?Sized`
//! (E0203).

use rgo_hir::{Db, DefId};
use rgo_syntax::Span;
use rgo_syntax::ast::{
    Bound, BoundModifier, GenericArg, GenericArgs, GenericParamKind, Generics, ItemKind, Path, Type, TypeKind,
    WherePredicateKind,
};

use crate::error::TypeError;

/// Errors of the generics of a definition.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let generics = match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Fn(item) => &item.generics,
        ItemKind::Struct(item) | ItemKind::Union(item) => &item.generics,
        ItemKind::Enum(item) => &item.generics,
        ItemKind::Trait(item) => &item.generics,
        ItemKind::Impl(item) => &item.generics,
        ItemKind::TypeAlias(item) => &item.generics,
        _ => return,
    };
    defaults(def, generics, errors);
    const_params(db, def, generics, errors);
    relaxed_bounds(db, def, generics, errors);
}

fn defaults(def: DefId, generics: &Generics, errors: &mut Vec<TypeError>) {
    for (index, param) in generics.params.iter().enumerate() {
        let GenericParamKind::Type { default: Some(default), .. } = &param.kind else { continue };
        let is_trait = def.kind() == rgo_hir::DefKind::Trait;
        let mut report = |path: &Path| {
            let Some(first) = path.segments.first() else { return };
            if first.ident.name == "Self" && !is_trait {
                errors.push(
                    TypeError::new(
                        def,
                        first.ident.span,
                        "E0735",
                        "generic parameters cannot use `Self` in their defaults",
                    )
                    .label("`Self` in generic parameter default"),
                );
            } else if generics.params[index..].iter().any(|later| later.ident.name == first.ident.name)
                && !is_lifetime(generics, path)
            {
                errors.push(
                    TypeError::new(
                        def,
                        first.ident.span,
                        "E0128",
                        "generic parameter defaults cannot reference parameters before they are declared",
                    )
                    .label(format!("cannot reference `{}` before it is declared", first.ident.name)),
                );
            }
        };
        for_each_path(default, &mut report);
    }
}

fn is_lifetime(generics: &Generics, path: &Path) -> bool {
    let Some(first) = path.segments.first() else { return false };
    let named = generics.params.iter().find(|param| param.ident.name == first.ident.name);
    named.is_some_and(|param| matches!(param.kind, GenericParamKind::Lifetime { .. }))
}

fn const_params(db: &dyn Db, def: DefId, generics: &Generics, errors: &mut Vec<TypeError>) {
    for param in &generics.params {
        let GenericParamKind::Const { ty, .. } = &param.kind else { continue };
        let mut dependent: Option<Span> = None;
        for_each_path(ty, &mut |path| {
            let name = path.segments.first().map(|segment| segment.ident.name);
            let is_param = |other: &rgo_syntax::ast::GenericParam| {
                Some(other.ident.name) == name && !matches!(other.kind, GenericParamKind::Lifetime { .. })
            };
            if generics.params.iter().any(is_param) {
                dependent = dependent.or(Some(path.span));
            }
        });
        if let Some(span) = dependent {
            errors.push(
                TypeError::new(
                    def,
                    span,
                    "E0770",
                    "the type of const parameters must not depend on other generic parameters",
                )
                .label("the type must not depend on other parameters"),
            );
            continue;
        }
        const_param_type(db, def, ty, errors);
    }
}

/// Integers, `bool` and `char` only.
fn const_param_type(db: &dyn Db, def: DefId, ty: &Type, errors: &mut Vec<TypeError>) {
    let TypeKind::Path(path) = &ty.without_parens().kind else {
        errors.push(forbidden(def, ty.span));
        return;
    };
    let resolved = rgo_hir::resolve_path(db, def, &path.path, rgo_hir::resolve::Namespace::Type);
    if let Ok(resolved) = resolved {
        use rgo_hir::resolve::{PrimTy, Res};
        let is_wrong = match resolved.res {
            Res::PrimTy(PrimTy::Str | PrimTy::F32 | PrimTy::F64) => true,
            Res::Def(found) => {
                matches!(found.kind(), rgo_hir::DefKind::Struct | rgo_hir::DefKind::Enum | rgo_hir::DefKind::Union)
            }
            _ => false,
        };
        let lacks_lifetime = || {
            let collected = crate::collect::collect_errors(db, def);
            collected.iter().any(|error| error.code == Some("E0106") && error.span == ty.span)
        };
        if is_wrong && !lacks_lifetime() {
            errors.push(forbidden(def, ty.span));
        }
    }
}

fn forbidden(def: DefId, span: Span) -> TypeError {
    let mut error = TypeError::new(def, span, "", "this type is forbidden as the type of a const generic parameter")
        .note("the only supported types are integers, `bool`, and `char`");
    error.code = None;
    error
}

fn relaxed_bounds(db: &dyn Db, def: DefId, generics: &Generics, errors: &mut Vec<TypeError>) {
    for param in &generics.params {
        let GenericParamKind::Type { bounds, .. } = &param.kind else { continue };
        let in_where = generics.where_clause.iter().filter_map(|predicate| match &predicate.kind {
            WherePredicateKind::Type { ty, bounds, .. } => match &ty.kind {
                TypeKind::Path(path) if path.as_ident().is_some_and(|ident| ident.name == param.ident.name) => {
                    Some(bounds)
                }
                _ => None,
            },
            WherePredicateKind::Lifetime { .. } => None,
        });
        let relaxed: Vec<Span> = bounds
            .iter()
            .chain(in_where.flatten())
            .filter_map(|bound| match bound {
                Bound::Trait(bound) if bound.modifier == BoundModifier::Maybe => {
                    let trait_ = rgo_hir::trait_of_path(db, def, &bound.path);
                    (trait_.is_some() && trait_ == rgo_hir::lang_item(db, "sized")).then_some(bound.span)
                }
                Bound::Trait(_) | Bound::Lifetime(_) | Bound::Use { .. } => None,
            })
            .collect();
        if let [first, _, ..] = relaxed.as_slice() {
            let message = "type parameter has more than one relaxed default bound, only one is supported";
            errors.push(TypeError::new(def, *first, "E0203", message));
        }
    }
}

/// Calls `visit` for every path in a type.
fn for_each_path(ty: &Type, visit: &mut dyn FnMut(&Path)) {
    match &ty.kind {
        TypeKind::Path(path) => {
            match &path.qself {
                Some(qself) => for_each_path(&qself.ty, visit),
                None => visit(&path.path),
            }
            args_of(&path.path, visit);
        }
        TypeKind::Ref { inner, .. }
        | TypeKind::RawPtr { inner, .. }
        | TypeKind::Slice(inner)
        | TypeKind::Paren(inner) => {
            for_each_path(inner, visit);
        }
        TypeKind::Array { elem, .. } => for_each_path(elem, visit),
        TypeKind::Tuple(items) => items.iter().for_each(|item| for_each_path(item, visit)),
        TypeKind::FnPtr(ptr) => {
            ptr.params.iter().for_each(|param| for_each_path(&param.ty, visit));
            if let Some(ret) = &ptr.ret {
                for_each_path(ret, visit);
            }
        }
        TypeKind::Dyn(bounds) | TypeKind::BareDyn(bounds) | TypeKind::ImplTrait(bounds) => {
            for bound in bounds {
                if let Bound::Trait(bound) = bound {
                    args_of(&bound.path, visit);
                }
            }
        }
        TypeKind::Never | TypeKind::Infer | TypeKind::Macro(_) | TypeKind::Error => {}
    }
}

fn args_of(path: &Path, visit: &mut dyn FnMut(&Path)) {
    for segment in &path.segments {
        match segment.args.as_deref() {
            Some(GenericArgs::Angle(args)) => {
                for arg in &args.args {
                    if let GenericArg::Type(ty) = arg {
                        for_each_path(ty, visit);
                    }
                }
            }
            Some(GenericArgs::Paren(args)) => {
                args.inputs.iter().for_each(|ty| for_each_path(ty, visit));
                if let Some(output) = &args.output {
                    for_each_path(output, visit);
                }
            }
            None => {}
        }
    }
}
