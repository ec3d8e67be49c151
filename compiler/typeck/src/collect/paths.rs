//! Paths as types, their generic arguments, and associated types named through a parameter or `Self`.

use rgo_hir::resolve::{Namespace, Res};
use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::ast::{self, GenericArgs, PathSegment};
use rgo_syntax::{Name, Span};
use rustc_hash::FxHashSet;

use super::generics::{self, ast_generics, generics_of, generics_owner, generics_parent};
use super::lower::{Elided, Elision, ImplTraitMode, LowerCtx, ObjectDefault};
use super::prohibited::{arg_span, is_constant};
use super::{associated_items, impl_trait_ref, super_predicates, type_of, walk};
use crate::ty::display::display_ty;
use crate::ty::{Args, Clause, Const, GenericArg, GenericParamKind, Subst, TraitRef, Ty, TyKind, TypeFoldable};

/// What to do where generic arguments are not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingArgs {
    /// Type position: defaults, or E0107.
    Error,
    /// Expression position: inference variables.
    Infer,
}

impl LowerCtx<'_, '_> {
    pub(super) fn lower_path_ty(&mut self, path: &ast::QPath, span: Span) -> Ty {
        if let Some(qself) = &path.qself {
            return self.lower_qself_path(qself, &path.path.segments, span);
        }
        let resolved = match rgo_hir::resolve_path(self.db, self.scope, &path.path, Namespace::Type) {
            Ok(resolved) => resolved,
            Err(_) if self.is_variable_as_type(path) => return Ty::error(),
            Err(error) => {
                self.hir_error(error);
                self.names_in_args(&path.path.segments);
                return Ty::error();
            }
        };
        self.private(resolved.private);
        let segments = &path.path.segments;
        let (base, rest) = segments.split_at(segments.len().saturating_sub(resolved.unresolved));
        self.lower_resolved_ty(resolved.res, base, rest, span)
    }

    /// The type of a resolved path; `rest` are its type-relative segments.
    pub fn lower_resolved_ty(&mut self, res: Res, base: &[PathSegment], rest: &[PathSegment], span: Span) -> Ty {
        let mut ty = self.lower_base(res, base, span);
        for (position, segment) in rest.iter().enumerate() {
            let subject = if position == 0 { Some(res) } else { None };
            ty = self.lower_assoc_segment(ty, subject, segment, span);
        }
        ty
    }

    fn lower_base(&mut self, res: Res, segments: &[PathSegment], span: Span) -> Ty {
        let last = segments.last();
        match res {
            Res::PrimTy(prim) => {
                self.refuse_args(segments);
                Ty::prim(prim)
            }
            Res::SelfTy { of } => {
                self.refuse_args(segments);
                self.self_ty(of, span)
            }
            Res::Def(def) => match def.kind() {
                DefKind::Struct | DefKind::Enum | DefKind::Union => {
                    self.refuse_args(&segments[..segments.len().saturating_sub(1)]);
                    let outer = std::mem::take(&mut self.refused_args);
                    let args = self.lower_segment_args(def, Args::empty(), last, span, MissingArgs::Error);
                    if std::mem::replace(&mut self.refused_args, outer) { Ty::error() } else { Ty::adt(def, args) }
                }
                DefKind::TypeAlias => {
                    self.refuse_args(&segments[..segments.len().saturating_sub(1)]);
                    let mut args = self.lower_segment_args(def, Args::empty(), last, span, MissingArgs::Error);
                    if let Some(sink) = &mut self.sink {
                        args = sink.alias_args(args);
                    }
                    type_of(self.db, def).subst(args)
                }
                DefKind::TyParam => {
                    self.refuse_args(segments);
                    generics::param_ty(self.db, def)
                }
                DefKind::Trait => {
                    self.bare_dyn_error(span);
                    Ty::error()
                }
                DefKind::AssocTy => {
                    self.error(span, "E0223", "ambiguous associated type");
                    Ty::error()
                }
                DefKind::OpaqueTy
                | DefKind::Package
                | DefKind::Mod
                | DefKind::Fn
                | DefKind::Const
                | DefKind::Static
                | DefKind::Variant
                | DefKind::Field
                | DefKind::Impl
                | DefKind::AssocConst
                | DefKind::ConstParam
                | DefKind::LifetimeParam
                | DefKind::Closure
                | DefKind::AnonConst
                | DefKind::Block
                | DefKind::Use => self.not_a_type(def, segments, span),
            },
            Res::Err => Ty::error(),
            Res::SelfCtor(_) | Res::Local(_) | Res::GoPackage(_) => Ty::error(),
        }
    }

    fn not_a_type(&mut self, def: DefId, segments: &[PathSegment], span: Span) -> Ty {
        let path: Vec<&str> = segments.iter().map(|segment| segment.ident.as_str()).collect();
        let kind = describe(def);
        let error = self.error(span, "E0573", format!("expected type, found {kind} `{}`", path.join("::")));
        error.label = "not a type".to_owned();
        if def.kind() == DefKind::Variant
            && let Some(owner) = def.parent()
        {
            error.help = Some(format!("try using the variant's enum: `{}`", owner.name()));
        }
        Ty::error()
    }

    // ----- <T as Trait>::Assoc -----

    fn lower_qself_path(&mut self, qself: &ast::QSelf, segments: &[PathSegment], span: Span) -> Ty {
        let self_ty = self.lower_ty(&qself.ty);
        let Some(as_trait) = &qself.as_trait else {
            let subject = self.subject_of(&qself.ty);
            let mut ty = self_ty;
            for (position, segment) in segments.iter().enumerate() {
                let subject = if position == 0 { subject } else { None };
                ty = self.lower_assoc_segment(ty, subject, segment, span);
            }
            return ty;
        };
        let Some(trait_ref) = self.lower_unbound_trait_path(as_trait, self_ty) else { return Ty::error() };
        let Some((first, rest)) = segments.split_first() else { return Ty::error() };
        let Some(item) = find_assoc_ty(self.db, trait_ref.trait_, first.ident.name) else {
            let (name, trait_name) = (first.ident.name, trait_ref.trait_.name());
            // Hir words it E0576, as rustc does.
            self.error(
                first.ident.span,
                "E0576",
                format!("cannot find associated type `{name}` in trait `{trait_name}`"),
            )
            .label = format!("not found in `{trait_name}`");
            return Ty::error();
        };
        let mut ty = self.project(item, trait_ref, first, span);
        for segment in rest {
            ty = self.lower_assoc_segment(ty, None, segment, span);
        }
        ty
    }

    /// The parameter or `Self` that a type consists of.
    fn subject_of(&mut self, ty: &ast::Type) -> Option<Res> {
        match &ty.without_parens().kind {
            ast::TypeKind::Path(path) if path.qself.is_none() => {
                let resolved = rgo_hir::resolve_path(self.db, self.scope, &path.path, Namespace::Type).ok()?;
                (resolved.unresolved == 0).then_some(resolved.res)
            }
            _ => None,
        }
    }

    fn project(&mut self, item: DefId, trait_ref: TraitRef, segment: &PathSegment, span: Span) -> Ty {
        let args = self.lower_segment_args(item, trait_ref.args, Some(segment), span, MissingArgs::Error);
        Ty::projection(item, args)
    }

    // ----- T::Assoc -----

    fn lower_assoc_segment(&mut self, base: Ty, subject: Option<Res>, segment: &PathSegment, span: Span) -> Ty {
        if base.is_error() {
            return base;
        }
        let name = segment.ident.name;
        match self.assoc_ty_ref(base, subject, name, span) {
            AssocLookup::Found(item, trait_ref) => {
                self.private_assoc_ty(item, span);
                self.project(item, trait_ref, segment, span)
            }
            AssocLookup::Ambiguous(first, second) => {
                let shown = crate::ty::display::display_ty(self.db, base);
                let error =
                    self.error(span, "E0221", format!("ambiguous associated type `{name}` in bounds of `{shown}`"));
                error.label = format!("ambiguous associated type `{name}`");
                error.notes = vec![format!(
                    "`{name}` could come from `{}` or `{}`; write `<{shown} as Trait>::{name}`",
                    first.trait_.name(),
                    second.trait_.name()
                )];
                Ty::error()
            }
            AssocLookup::HigherRanked(trait_) => {
                let error = self.error(
                    span,
                    "E0212",
                    "cannot use the associated type of a trait with uninferred generic parameters",
                );
                error.help = Some(format!(
                    "use a fully qualified path with inferred lifetimes: `<_ as {}<'_>>::{name}`",
                    trait_.name()
                ));
                Ty::error()
            }
            AssocLookup::Unknown => Ty::error(),
            AssocLookup::InItsBound(bound) => {
                let shown = crate::ty::display::display_ty(self.db, base);
                let scope = self.scope;
                let error = self.error(span, "E0391", format!("cycle detected when computing the bounds of `{shown}`"));
                error.label = format!("`{name}` is looked for in the bounds of `{shown}`");
                error.secondary.push((scope, bound, "which include this one, of which it is a part".to_owned()));
                error.help = Some(format!("name the trait: `<{shown} as Trait>::{name}`"));
                Ty::error()
            }
            AssocLookup::NotFound => {
                let shown = crate::ty::display::display_ty(self.db, base);
                self.error(segment.ident.span, "E0220", format!("associated type `{name}` not found for `{shown}`"))
                    .label = format!("associated type `{name}` not found");
                Ty::error()
            }
            AssocLookup::NotLooked => {
                if let TyKind::Adt(adt, _) = base.kind()
                    && let Some(variant) =
                        rgo_hir::child(self.db, *adt, name).filter(|child| child.kind() == DefKind::Variant)
                {
                    let error = self.error(
                        span,
                        "E0573",
                        format!("expected type, found variant `{}::{}`", adt.name(), variant.name()),
                    );
                    error.label = "not a type".to_owned();
                    error.help = Some(format!("try using the variant's enum: `{}`", adt.name()));
                    return Ty::error();
                }
                let shown = crate::ty::display::display_ty(self.db, base);
                let error = self.error(span, "E0223", "ambiguous associated type");
                error.help = Some(format!(
                    "if there were a trait with the associated type `{name}` implemented for `{shown}`, you could use the fully-qualified path: `<{shown} as Trait>::{name}`"
                ));
                Ty::error()
            }
        }
    }

    /// E0624: a bound brings it, but its trait may not be named from here.
    pub(super) fn private_assoc_ty(&mut self, item: DefId, span: Span) {
        if !rgo_hir::visible_from(self.db, item, self.scope) {
            self.error(span, "E0624", format!("associated type `{}` is private", item.name())).label =
                "private associated type".to_owned();
        }
    }

    /// The trait reference by which `base` has an associated type of this name.
    pub(super) fn assoc_ty_ref(&mut self, base: Ty, subject: Option<Res>, name: Name, place: Span) -> AssocLookup {
        match subject {
            Some(Res::Def(param)) if param.kind() == DefKind::TyParam => {
                self.by_bounds(Subject::Param(param), base, name, place)
            }
            Some(Res::SelfTy { of }) if of.kind() == DefKind::Trait => {
                self.by_bounds(Subject::SelfOf(of), base, name, place)
            }
            Some(Res::SelfTy { of }) if of.kind() == DefKind::Impl => {
                let Some(trait_ref) = impl_trait_ref(self.db, of) else {
                    return match base.kind() {
                        // Of a trait that nobody knows it is unknown what types it has.
                        _ if self.is_of_unknown_trait(of) => AssocLookup::Unknown,
                        TyKind::Adt(adt, _)
                            if rgo_hir::child(self.db, *adt, name)
                                .is_some_and(|child| child.kind() == DefKind::Variant) =>
                        {
                            AssocLookup::NotLooked
                        }
                        _ => AssocLookup::NotFound,
                    };
                };
                match assoc_owners(self.db, trait_ref.trait_, name).as_slice() {
                    [] => AssocLookup::NotFound,
                    [owner] => self.found_in(trait_ref, *owner, name),
                    [first, second, ..] => {
                        match (supertrait_ref(self.db, trait_ref, *first), supertrait_ref(self.db, trait_ref, *second))
                        {
                            (Some(first), Some(second)) => AssocLookup::Ambiguous(first, second),
                            _ => self.found_in(trait_ref, *first, name),
                        }
                    }
                }
            }
            _ => AssocLookup::NotLooked,
        }
    }

    fn is_of_unknown_trait(&self, imp: DefId) -> bool {
        match &rgo_hir::head_ast(self.db, imp).kind {
            ast::ItemKind::Impl(syntax) => {
                syntax.of_trait.as_ref().is_some_and(|path| rgo_hir::trait_of_path(self.db, imp, path).is_none())
            }
            _ => false,
        }
    }

    fn found_in(&mut self, trait_ref: TraitRef, owner: DefId, name: Name) -> AssocLookup {
        match (supertrait_ref(self.db, trait_ref, owner), find_assoc_ty(self.db, owner, name)) {
            (Some(trait_ref), Some(item)) => AssocLookup::Found(item, trait_ref),
            _ => AssocLookup::NotFound,
        }
    }

    /// Looks through the written bounds of a parameter, without asking for lowered predicates (which may themselves ask this).
    fn by_bounds(&mut self, subject: Subject, base: Ty, name: Name, place: Span) -> AssocLookup {
        let db = self.db;
        let own_bounds = bounds_of(db, self.scope, subject);
        let is_inside = |bound: &ast::TraitBound| bound.span.start <= place.start && place.end <= bound.span.end;
        for (item, bound) in &own_bounds {
            if *item == generics_owner(self.scope) && is_inside(bound) {
                let bound_trait = rgo_hir::trait_of_path(db, *item, &bound.path);
                if bound_trait.is_some_and(|bound_trait| !assoc_owners(db, bound_trait, name).is_empty()) {
                    return AssocLookup::InItsBound(bound.span);
                }
            }
        }
        let mut found: Option<(DefId, TraitRef)> = None;
        let mut consider = |item: DefId, trait_ref: TraitRef| match found {
            Some((_, known)) if known == trait_ref => None,
            Some((_, known)) => Some(AssocLookup::Ambiguous(known, trait_ref)),
            None => {
                found = Some((item, trait_ref));
                None
            }
        };
        if let Subject::SelfOf(trait_) = subject
            && let Some(item) = find_assoc_ty(db, trait_, name)
        {
            consider(item, TraitRef::new(trait_, generics::identity_args(db, trait_)));
        }
        for (item, bound) in own_bounds {
            let Some(bound_trait) = rgo_hir::trait_of_path(db, item, &bound.path) else { continue };
            for owner in assoc_owners(db, bound_trait, name) {
                let mut ctx = LowerCtx::signature(db, item, Elision::Static);
                if matches!(item.kind(), DefKind::Fn | DefKind::Impl) {
                    ctx.impl_trait = ImplTraitMode::Param(item);
                }
                ctx.elision = Elision::Erased;
                let vars = ctx.binder_vars(&bound.binder);
                let (trait_ref, _) = ctx.under_binder(vars, |ctx| ctx.lower_trait_path_quietly(&bound.path, base));
                let Some(trait_ref) = trait_ref else { continue };
                if trait_ref.has_escaping_bound_vars()
                    && !matches!(rgo_hir::lang_name(db, bound_trait), Some("fn" | "fn_mut" | "fn_once"))
                {
                    return AssocLookup::HigherRanked(bound_trait);
                }
                let trait_ref =
                    crate::ty::Binder { value: trait_ref, vars: crate::ty::List::empty() }.instantiate_erased();
                let (Some(trait_ref), Some(assoc)) =
                    (supertrait_ref(db, trait_ref, owner), find_assoc_ty(db, owner, name))
                else {
                    continue;
                };
                if let Some(ambiguous) = consider(assoc, trait_ref) {
                    return ambiguous;
                }
            }
        }
        match found {
            Some((item, trait_ref)) => AssocLookup::Found(item, trait_ref),
            None => AssocLookup::NotFound,
        }
    }

    // ----- generic arguments -----

    /// The arguments of `def` from a path segment; `prefix` gives its parent's (and `Self`).
    pub(super) fn lower_segment_args(
        &mut self,
        def: DefId,
        prefix: Args,
        segment: Option<&PathSegment>,
        span: Span,
        missing: MissingArgs,
    ) -> Args {
        let written = segment.and_then(|segment| segment.args.as_deref());
        let name_span = segment.map_or(span, |segment| segment.ident.span);
        self.lower_generic_args(def, prefix, written, name_span, missing)
    }

    /// The arguments of `def` from written ones; `prefix` gives its parent's (and `Self` of a trait). Associated-type constraints are not
    /// looked at, except that they are refused where `def` is no trait.
    pub fn lower_generic_args(
        &mut self,
        def: DefId,
        prefix: Args,
        written: Option<&GenericArgs>,
        span: Span,
        missing: MissingArgs,
    ) -> Args {
        let generics = generics_of(self.db, def);
        let mut lifetimes: Vec<ast::Lifetime> = Vec::new();
        let mut values: Vec<&ast::GenericArg> = Vec::new();
        let mut refused = false;
        let mut parenthesized = 0;
        match written {
            Some(GenericArgs::Angle(angle)) => {
                for arg in &angle.args {
                    match arg {
                        ast::GenericArg::Lifetime(lifetime) => {
                            if !values.is_empty() {
                                self.error(lifetime.span, "E0747", "lifetime provided when a type was expected").help =
                                    Some("lifetime arguments must be provided before generic arguments".to_owned());
                            }
                            lifetimes.push(*lifetime);
                        }
                        ast::GenericArg::Type(_) | ast::GenericArg::Const(_) => values.push(arg),
                        ast::GenericArg::Assoc(assoc) => {
                            if def.kind() != DefKind::Trait {
                                self.error(assoc.span, "E0229", "associated item constraints are not allowed here")
                                    .label = "associated item constraint not allowed here".to_owned();
                            }
                        }
                    }
                }
            }
            Some(GenericArgs::Paren(paren)) => {
                self.parenthesized_error(paren.span);
                refused = true;
                parenthesized = paren.inputs.len();
                self.refused_args = true;
            }
            None => {}
        }
        let mut args: Vec<GenericArg> = prefix.as_slice().to_vec();
        let own: Vec<_> = generics.params.iter().filter(|param| param.index as usize >= prefix.len()).collect();
        let late_bound = def.kind() == DefKind::Fn && !generics::late_bound_named(self.db, def).is_empty();
        let lifetime_count = own.iter().filter(|param| matches!(param.kind, GenericParamKind::Lifetime)).count();
        self.check_lifetime_count(
            def,
            &lifetimes,
            lifetime_count,
            span,
            if late_bound { LateBound::Some } else { LateBound::None },
        );
        // The lifetimes of a type are elided as those of references are; not so an associated type's.
        let lacks_lifetimes = def.kind() == DefKind::AssocTy
            && missing != MissingArgs::Infer
            && lifetimes.is_empty()
            && lifetime_count > 0;
        if lacks_lifetimes {
            self.error(span, "E0107", format!("missing generics for {} `{}`", describe(def), def.name())).label =
                format!("expected {}", counted(lifetime_count, "lifetime argument"));
        }
        let explicit = |kind: &GenericParamKind| match kind {
            GenericParamKind::Lifetime => false,
            GenericParamKind::Type { synthetic, .. } => !synthetic,
            GenericParamKind::Const { .. } => true,
        };
        let max = own.iter().filter(|param| explicit(&param.kind)).count();
        let required = own
            .iter()
            .filter(|param| match &param.kind {
                GenericParamKind::Lifetime => false,
                GenericParamKind::Type { default, synthetic } => !synthetic && default.is_none(),
                GenericParamKind::Const { default, .. } => default.is_none(),
            })
            .count();
        let infer = missing == MissingArgs::Infer && values.is_empty();
        let given = if refused { parenthesized } else { values.len() };
        let mut is_miscounted = false;
        if given > max || (given < required && !infer && !lacks_lifetimes) {
            self.wrong_count(def, given, required, max, span);
            is_miscounted = true;
        }
        // Where the number is wrong, or one argument is of the wrong kind, nothing is said of the others' kinds.
        let mut kinds_matter = !refused && !is_miscounted && !self.refused_args;
        let (mut next_lifetime, mut next_value) = (0, 0);
        for param in &own {
            let arg = match &param.kind {
                GenericParamKind::Lifetime => {
                    let given = lifetimes.get(next_lifetime).filter(|_| !late_bound).copied();
                    next_lifetime += 1;
                    GenericArg::Region(match given {
                        Some(lifetime) => self.lower_lifetime(lifetime),
                        None if lifetimes.is_empty() && !lacks_lifetimes => self.elided(span, Elided::Hidden),
                        None => crate::ty::Region::error(),
                    })
                }
                GenericParamKind::Type { default, synthetic } => {
                    let given = if *synthetic { None } else { values.get(next_value).copied() };
                    next_value += usize::from(!synthetic);
                    let object = self.object_default_for(def, param.def, &args);
                    let outer = std::mem::replace(&mut self.object_default, object);
                    let ty = match (given, default) {
                        (Some(given), _) if is_constant(self.db, self.scope, given) => {
                            if std::mem::replace(&mut kinds_matter, false) {
                                self.error(arg_span(given), "E0747", "constant provided when a type was expected");
                            }
                            Ty::error()
                        }
                        (Some(ast::GenericArg::Type(ty)), _) => self.lower_type_arg(ty),
                        (Some(_), _) => Ty::error(),
                        (None, Some(default)) if !infer => self.default_ty(*default, &args, span),
                        (None, _) => self.missing_ty(missing, span),
                    };
                    self.object_default = outer;
                    GenericArg::Ty(ty)
                }
                GenericParamKind::Const { ty, default } => {
                    let given = values.get(next_value).copied();
                    next_value += 1;
                    GenericArg::Const(match (given, default) {
                        (Some(_), _) if !kinds_matter => Const::error(),
                        (Some(given), _) => self.lower_const_arg(given, *ty),
                        (None, Some(default)) if !infer => default.subst(Args::new(&args)),
                        (None, _) => self.missing_const(missing, span),
                    })
                }
            };
            args.push(arg);
        }
        // Those that stand for nothing have names all the same.
        let unused = if late_bound { 0 } else { next_lifetime };
        for lifetime in lifetimes.iter().skip(unused) {
            self.lower_lifetime(*lifetime);
        }
        Args::new(&args)
    }

    fn default_ty(&mut self, default: Ty, args: &[GenericArg], span: Span) -> Ty {
        let ty = default.subst(Args::new(args));
        let mentions_self = args.first() == Some(&GenericArg::Ty(crate::ty::dyn_self()))
            && crate::ty::fold::walk_types(&ty, |ty| {
                if ty == crate::ty::dyn_self() {
                    std::ops::ControlFlow::Break(())
                } else {
                    std::ops::ControlFlow::Continue(())
                }
            })
            .is_break();
        if mentions_self {
            self.error(span, "E0393", "the type parameter must be explicitly specified").notes = vec![
                "because the parameter's default references `Self`, the parameter must be specified on the object type"
                    .to_owned(),
            ];
            return Ty::error();
        }
        ty
    }

    fn missing_ty(&mut self, missing: MissingArgs, span: Span) -> Ty {
        match &mut self.sink {
            Some(sink) if missing == MissingArgs::Infer => sink.ty_var(span),
            _ => Ty::error(),
        }
    }

    fn missing_const(&mut self, missing: MissingArgs, span: Span) -> Const {
        match &mut self.sink {
            Some(sink) if missing == MissingArgs::Infer => sink.const_var(span),
            _ => Const::error(),
        }
    }

    /// A parameter that is the argument of another one must have the same type.
    fn param_of_type(&mut self, param: DefId, value: Const, wanted: Ty, span: Span) -> Const {
        let Some(found) = super::consts::declared_ty(self.db, param) else { return value };
        if found == wanted || found.has_error() || wanted.has_error() {
            return value;
        }
        let label = expected_found(self.db, wanted, found);
        let error = self.error(span, "", super::consts::not_of_type(self.db, param, wanted));
        error.code = None;
        error.label = label;
        value
    }

    fn constant_of_type(&mut self, def: DefId, wanted: Ty, span: Span) -> Const {
        let found = super::type_of(self.db, def).erase_regions();
        if found == wanted || found.has_error() || wanted.has_error() {
            return super::consts::evaluate(self.db, def, Args::empty());
        }
        let label = expected_found(self.db, wanted, found);
        self.error(span, "E0308", "mismatched types").label = label;
        Const::error()
    }

    /// A const argument: an expression, or a name that the grammar took for a type.
    pub fn lower_const_arg(&mut self, arg: &ast::GenericArg, ty: Ty) -> Const {
        match arg {
            ast::GenericArg::Const(expr) => self.lower_const_expr(expr, ty),
            ast::GenericArg::Type(written) => match &written.kind {
                ast::TypeKind::Path(path) => {
                    // A name is looked for among types first.
                    let as_type = rgo_hir::resolve_path(self.db, self.scope, &path.path, Namespace::Type);
                    let is_type = match as_type {
                        Ok(resolved) => match resolved.res {
                            Res::Def(def) => {
                                !matches!(def.kind(), DefKind::ConstParam | DefKind::Mod | DefKind::Package)
                            }
                            Res::PrimTy(_) | Res::SelfTy { .. } => true,
                            Res::SelfCtor(_) | Res::Local(_) | Res::GoPackage(_) | Res::Err => false,
                        },
                        Err(_) => false,
                    };
                    if is_type {
                        return self.type_for_const(written.span);
                    }
                    if let Some((param, value)) = self.const_param(path) {
                        return self.param_of_type(param, value, ty, written.span);
                    }
                    let value = rgo_hir::resolve_path(self.db, self.scope, &path.path, Namespace::Value);
                    match value {
                        Ok(resolved) if resolved.unresolved == 0 => match resolved.res {
                            Res::Def(def) if matches!(def.kind(), DefKind::Const | DefKind::Static) => {
                                self.private(resolved.private);
                                self.constant_of_type(def, ty, written.span)
                            }
                            _ => self.type_for_const(written.span),
                        },
                        _ => self.type_for_const(written.span),
                    }
                }
                ast::TypeKind::Infer => match &mut self.sink {
                    Some(sink) => sink.const_var(written.span),
                    None => {
                        self.error(
                            written.span,
                            "E0121",
                            "the placeholder `_` is not allowed within types on item signatures",
                        )
                        .label = "not allowed in type signatures".to_owned();
                        Const::error()
                    }
                },
                _ => self.type_for_const(written.span),
            },
            ast::GenericArg::Lifetime(_) | ast::GenericArg::Assoc(_) => Const::error(),
        }
    }

    fn type_for_const(&mut self, span: Span) -> Const {
        self.error(span, "E0747", "type provided when a constant was expected");
        Const::error()
    }

    fn check_lifetime_count(
        &mut self,
        def: DefId,
        given: &[ast::Lifetime],
        wanted: usize,
        span: Span,
        late: LateBound,
    ) {
        if given.is_empty() || given.len() == wanted || late == LateBound::Some {
            return;
        }
        let kind = describe(def);
        let message = format!(
            "{kind} takes {} but {} supplied",
            counted(wanted, "lifetime argument"),
            match given.len() {
                1 => "1 lifetime argument was".to_owned(),
                more => format!("{more} lifetime arguments were"),
            }
        );
        self.error(span, "E0107", message).label = format!("expected {}", counted(wanted, "lifetime argument"));
    }

    fn wrong_count(&mut self, def: DefId, given: usize, required: usize, max: usize, span: Span) {
        let kind = describe(def);
        let name = def.name();
        if given == 0 && required > 0 {
            self.error(span, "E0107", format!("missing generics for {kind} `{name}`")).label =
                format!("expected {}", counted(required, "generic argument"));
            return;
        }
        let bound = match (required == max, given < required) {
            (true, _) => String::new(),
            (false, true) => "at least ".to_owned(),
            (false, false) => "at most ".to_owned(),
        };
        let wanted = if given < required { required } else { max };
        let message = format!(
            "{kind} takes {bound}{} but {} supplied",
            counted(wanted, "generic argument"),
            match given {
                1 => "1 generic argument was".to_owned(),
                more => format!("{more} generic arguments were"),
            }
        );
        self.error(span, "E0107", message).label = format!("expected {bound}{}", counted(wanted, "generic argument"));
    }

    /// `dyn Trait` as the argument for a parameter with a bound `T: 'a` takes that region.
    fn object_default_for(&self, def: DefId, param: DefId, args: &[GenericArg]) -> ObjectDefault {
        if !matches!(def.kind(), DefKind::Struct | DefKind::Enum | DefKind::Union) {
            return ObjectDefault::Plain;
        }
        let Some(generics_ast) = ast_generics(rgo_hir::item_ast(self.db, def)) else { return ObjectDefault::Plain };
        let inline = generics::param_ast(self.db, param).into_iter().flat_map(|param| match &param.kind {
            ast::GenericParamKind::Type { bounds, .. } => bounds.as_slice(),
            ast::GenericParamKind::Lifetime { .. } | ast::GenericParamKind::Const { .. } => &[],
        });
        let wheres = generics_ast.where_clause.iter().flat_map(|predicate| match &predicate.kind {
            ast::WherePredicateKind::Type { ty, bounds, .. } if is_param_path(ty, param.name()) => bounds.as_slice(),
            _ => &[],
        });
        let mut outlives = inline.chain(wheres).filter_map(|bound| match bound {
            ast::Bound::Lifetime(lifetime) => Some(lifetime.name),
            _ => None,
        });
        let name = match (outlives.next(), outlives.next()) {
            (Some(name), None) => name,
            (None, _) => return ObjectDefault::Plain,
            (Some(_), Some(_)) => return ObjectDefault::Ambiguous,
        };
        if name.as_str() == "static" {
            return ObjectDefault::Region(crate::ty::Region::static_(), self.binders.len());
        }
        let index =
            generics_of(self.db, def).params.iter().find(|other| other.name == name).map(|other| other.index as usize);
        match index.and_then(|index| args.get(index)) {
            Some(GenericArg::Region(region)) => ObjectDefault::Region(*region, self.binders.len()),
            _ => ObjectDefault::Plain,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LateBound {
    None,
    Some,
}

/// What has an associated type by its bounds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Param(DefId),
    /// `Self` of a trait.
    SelfOf(DefId),
}

pub(super) enum AssocLookup {
    Found(DefId, TraitRef),
    Ambiguous(TraitRef, TraitRef),
    /// Only by a bound that is generic over lifetimes, which decide what the type is.
    HigherRanked(DefId),
    /// By a bound that the place is a part of.
    InItsBound(Span),
    NotFound,
    /// The base is neither a parameter nor `Self`.
    NotLooked,
    /// What would tell is unknown, which has been reported.
    Unknown,
}

/// The written trait bounds of a parameter that are in force in `scope`, each with the item that it stands in.
fn bounds_of<'db>(db: &'db dyn Db, scope: DefId, subject: Subject) -> Vec<(DefId, &'db ast::TraitBound)> {
    let name = match subject {
        Subject::Param(param) => param.name(),
        Subject::SelfOf(_) => Name::new("Self"),
    };
    let mut found = Vec::new();
    let mut add = |item: DefId, bounds: &'db [ast::Bound]| {
        for bound in bounds {
            if let ast::Bound::Trait(bound) = bound
                && bound.modifier != ast::BoundModifier::Maybe
            {
                found.push((item, bound));
            }
        }
    };
    let mut item = Some(generics_owner(scope));
    while let Some(owner) = item {
        let syntax = rgo_hir::head_ast(db, owner);
        if let Some(generics) = ast_generics(syntax) {
            if let Subject::Param(param) = subject
                && param.parent() == Some(owner)
            {
                match generics::param_ast(db, param) {
                    Some(ast::GenericParam { kind: ast::GenericParamKind::Type { bounds, .. }, .. }) => {
                        add(owner, bounds)
                    }
                    Some(_) => {}
                    None => {
                        let span = rgo_hir::def_span(db, param);
                        for ty in walk::impl_trait_params(syntax) {
                            if let (true, ast::TypeKind::ImplTrait(bounds)) = (ty.span == span, &ty.kind) {
                                add(owner, bounds);
                            }
                        }
                    }
                }
            }
            for predicate in &generics.where_clause {
                if let ast::WherePredicateKind::Type { ty, bounds, .. } = &predicate.kind
                    && is_param_path(ty, name)
                {
                    add(owner, bounds);
                }
            }
        }
        if let (Subject::SelfOf(trait_), ast::ItemKind::Trait(syntax)) = (subject, &syntax.kind)
            && trait_ == owner
        {
            add(owner, &syntax.supertraits);
        }
        item = generics_parent(owner);
    }
    found
}

fn is_param_path(ty: &ast::Type, name: Name) -> bool {
    match &ty.without_parens().kind {
        ast::TypeKind::Path(path) => path.as_ident().is_some_and(|ident| ident.name == name),
        _ => false,
    }
}

/// The associated type that a trait itself declares.
pub fn find_assoc_ty(db: &dyn Db, trait_: DefId, name: Name) -> Option<DefId> {
    associated_items(db, trait_).iter().copied().find(|item| item.kind() == DefKind::AssocTy && item.name() == name)
}

/// The traits among `trait_` and its supertraits that declare an associated type of this name, nearest first.
pub(super) fn assoc_owners(db: &dyn Db, trait_: DefId, name: Name) -> Vec<DefId> {
    let mut owners = Vec::new();
    let mut seen = FxHashSet::default();
    let mut queue = vec![trait_];
    while let Some(trait_) = queue.pop() {
        if !seen.insert(trait_) {
            continue;
        }
        if find_assoc_ty(db, trait_, name).is_some() {
            owners.push(trait_);
        }
        for (item, bound) in bounds_of(db, trait_, Subject::SelfOf(trait_)) {
            if let Some(supertrait) = rgo_hir::trait_of_path(db, item, &bound.path) {
                queue.push(supertrait);
            }
        }
    }
    owners
}

/// `trait_ref` seen as a reference to its supertrait `target`.
pub fn supertrait_ref(db: &dyn Db, trait_ref: TraitRef, target: DefId) -> Option<TraitRef> {
    if trait_ref.trait_ == target {
        return Some(trait_ref);
    }
    let mut seen = FxHashSet::default();
    let mut queue = vec![trait_ref];
    while let Some(current) = queue.pop() {
        if !seen.insert(current) {
            continue;
        }
        if current.trait_ == target {
            return Some(current);
        }
        for (predicate, _) in super_predicates(db, current.trait_) {
            if let Clause::Trait(supertrait) = predicate.value {
                let supertrait = crate::ty::Binder { value: supertrait, vars: predicate.vars }.instantiate_erased();
                queue.push(supertrait.subst(current.args));
            }
        }
    }
    None
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        more => format!("{more} {noun}s"),
    }
}

/// What a definition is, as in rustc's messages.
pub fn describe(def: DefId) -> &'static str {
    match def.kind() {
        DefKind::Package => "module",
        DefKind::Fn if def.parent().is_some_and(|parent| matches!(parent.kind(), DefKind::Impl | DefKind::Trait)) => {
            "method"
        }
        kind => kind.noun(),
    }
}

fn expected_found(db: &dyn Db, wanted: Ty, found: Ty) -> String {
    format!("expected `{}`, found `{}`", display_ty(db, wanted), display_ty(db, found))
}
