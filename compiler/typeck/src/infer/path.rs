//! Paths in value position: what they name, with generic arguments as written or inferred.

use rgo_hir::body::{ExprId, Path};
use rgo_hir::resolve::Res;
use rgo_hir::{DefId, DefKind};
use rgo_syntax::{Span, ast};

use super::FnCtxt;
use super::method::probe::{MethodError, Pick, Source};
use super::tables::{Value, VariantRef, WrittenPath};
use crate::collect::{arg_span, is_constant};
use crate::ty::subst::Subst;
use crate::ty::{Args, Const, CtorKind, GenericArg, GenericParamKind, Region, TraitRef, Ty, TyKind, TypeFlags};

/// A path's meaning, and the generic arguments as the user wrote them (with regions).
pub struct ResolvedValue {
    pub value: Value,
    pub written: WrittenPath,
}

impl ResolvedValue {
    fn plain(value: Value) -> Option<ResolvedValue> {
        Some(ResolvedValue { value, written: WrittenPath::default() })
    }

    fn with_args(value: Value, args: Option<Args>) -> Option<ResolvedValue> {
        Some(ResolvedValue { value, written: WrittenPath { args, self_ty: None } })
    }
}

impl FnCtxt<'_> {
    pub fn check_path_expr(&mut self, expr: ExprId, path: &Path) -> Ty {
        let span = self.expr_span(expr);
        let Some(resolved) = self.resolve_value_path(path, span) else { return Ty::error() };
        if !resolved.written.is_empty() {
            self.tables.user_args.insert(expr, (resolved.written, span));
        }
        self.tables.values.insert(expr, resolved.value);
        self.value_ty(resolved.value, span)
    }

    /// A constructor as a function takes what its fields hold.
    pub fn require_sized_fields(&mut self, ty: Ty, span: Span) {
        let TyKind::FnDef(def, args) = ty.kind() else { return };
        let sig = self.fn_sig_of(*def).subst(*args).instantiate_erased().erase_regions();
        if def.kind() == DefKind::Fn {
            for &input in sig.inputs() {
                self.require_sized_argument(input, span);
            }
        } else {
            for &input in self.normalize(span, sig).inputs() {
                self.require_sized_field(input, span);
            }
        }
    }

    /// The type of a value, registering what it requires.
    pub fn value_ty(&mut self, value: Value, span: Span) -> Ty {
        match value {
            Value::Fn(def, args) => {
                if def.parent().is_some_and(|parent| self.is_lang(parent, "drop")) {
                    self.report_explicit_drop(span);
                }
                let written = self.fn_sig_of(def).value.inputs_and_output;
                self.taint_by_errors(written.iter().copied());
                self.register_predicates_of(span, def, args);
                Ty::fn_def(def, args)
            }
            Value::Ctor(variant) => {
                self.register_predicates_of(span, variant.adt, variant.args);
                match self.variant_def(variant).ctor {
                    CtorKind::Unit => Ty::adt(variant.adt, variant.args),
                    CtorKind::Fn => {
                        let fields = &self.variant_def(variant).fields;
                        self.taint_by_errors(fields.iter().map(|field| field.ty));
                        Ty::fn_def(variant.def, variant.args)
                    }
                    CtorKind::Named => {
                        let name = rgo_hir::diagnostic_path(self.db, variant.def);
                        let error = self
                            .error(span, "E0533", format!("expected value, found struct variant `{name}`"))
                            .label("not a value");
                        self.emit(error);
                        Ty::error()
                    }
                }
            }
            Value::Const(def, args) => {
                self.register_predicates_of(span, def, args);
                let ty = self.type_of(def).subst(args).erase_regions();
                self.normalize(span, ty)
            }
            Value::Static(def) => {
                let ty = self.type_of(def).erase_regions();
                self.normalize(span, ty)
            }
            Value::ConstParam(value) => self.const_ty(value),
        }
    }

    /// What is unknown where types with errors are used is unknown because of them.
    pub fn taint_by_errors(&mut self, types: impl Iterator<Item = Ty>) {
        let mut types = types;
        if types.any(|ty| ty.has(TypeFlags::HAS_ERROR)) {
            self.has_errors = true;
            self.infcx.tainted.set(true);
        }
    }

    pub fn resolve_value_path(&mut self, path: &Path, span: Span) -> Option<ResolvedValue> {
        let segments = &path.ast.path.segments;
        if path.unresolved > 0 {
            return self.resolve_relative_path(path, span);
        }
        let last = segments.last();
        match path.res {
            Res::Def(def) => match def.kind() {
                DefKind::Fn | DefKind::Const | DefKind::AssocConst => {
                    let owners = usize::from(def.parent().is_some_and(|parent| parent.kind() == DefKind::Trait));
                    self.refuse_args(&segments[..segments.len().saturating_sub(1 + owners)], path.scope);
                    let (parent_args, user_parent) = self.path_parent_args(path, def, span)?;
                    let (args, user_args) = match last {
                        Some(segment) => self.args_from_segment(def, parent_args, segment, path.scope, span),
                        None => (self.fresh_own_args(def, parent_args), None),
                    };
                    let user_args = with_parent(user_parent, parent_args, args, user_args);
                    let value = if def.kind() == DefKind::Fn { Value::Fn(def, args) } else { Value::Const(def, args) };
                    ResolvedValue::with_args(value, user_args)
                }
                DefKind::Static | DefKind::ConstParam => {
                    self.refuse_args(&segments[..segments.len().saturating_sub(1)], path.scope);
                    if let Some(segment) = last {
                        let explicit = explicit_args(segment);
                        self.check_lifetime_count(def, &explicit, segment, LateBound::Counted);
                        self.check_arg_counts(def, &[], &explicit, segment);
                    }
                    ResolvedValue::plain(match def.kind() {
                        DefKind::Static => Value::Static(def),
                        _ => Value::ConstParam(self.const_param(def)),
                    })
                }
                DefKind::Struct | DefKind::Variant => {
                    let (variant, user_args) = self.variant_of_path(path, def, span)?;
                    ResolvedValue::with_args(Value::Ctor(variant), user_args)
                }
                _ => {
                    self.report_not_a_value(def, span);
                    None
                }
            },
            Res::SelfCtor(impl_) => {
                self.refuse_args(segments, path.scope);
                let ty = self.type_of(impl_).erase_regions();
                let ty = self.normalize(span, ty);
                let Some((adt, args)) = ty.as_adt() else {
                    let error =
                        self.error(span, "E0423", "the `Self` constructor must be used with unit or tuple structs");
                    self.emit(error);
                    return None;
                };
                if adt.kind() != DefKind::Struct {
                    let error =
                        self.error(span, "E0423", "the `Self` constructor must be used with unit or tuple structs");
                    self.emit(error);
                    return None;
                }
                let user_args = adt_args(self.type_of(impl_));
                ResolvedValue::with_args(Value::Ctor(VariantRef { def: adt, adt, index: 0, args }), user_args)
            }
            Res::PrimTy(_) | Res::SelfTy { .. } | Res::Local(_) | Res::GoPackage(_) | Res::Err => {
                self.has_errors = true;
                None
            }
        }
    }

    fn report_not_a_value(&mut self, def: DefId, span: Span) {
        let name = rgo_hir::diagnostic_path(self.db, def);
        let error = self.error(span, "E0423", format!("expected value, found `{name}`")).label("not a value");
        self.emit(error);
    }

    /// The arguments of the item around a fully resolved function or constant: none for a free one, the trait's for `Trait::f`. The same as the
    /// user wrote them, too.
    fn path_parent_args(&mut self, path: &Path, def: DefId, span: Span) -> Option<(Args, Args)> {
        let Some(parent) = def.parent() else { return Some((Args::empty(), Args::empty())) };
        match parent.kind() {
            DefKind::Trait => {
                let index = path.ast.path.segments.len().checked_sub(2);
                Some(self.trait_args(path, parent, index, span))
            }
            DefKind::Impl => {
                let args = self.fresh_args(parent);
                Some((args, args))
            }
            _ => Some((Args::empty(), Args::empty())),
        }
    }

    /// `Self` and the explicit or inferred arguments of a trait named by segment `index`; the same as the user wrote them.
    fn trait_args(&mut self, path: &Path, trait_: DefId, index: Option<usize>, span: Span) -> (Args, Args) {
        let (self_ty, user_self) = match qself(path) {
            Some(ty) => {
                let user = self.lower_user_ty(ty, path.scope);
                (self.erased_and_normal(user, ty.span), user)
            }
            None => {
                let ty = self.ty_var();
                (ty, ty)
            }
        };
        let segment = match qself_trait(path) {
            Some(trait_path) => trait_path.segments.last().cloned(),
            None => index.and_then(|index| path.ast.path.segments.get(index)).cloned(),
        };
        let prefix = Args::of_types(&[self_ty]);
        let (args, user) = match segment {
            Some(segment) if qself_trait(path).is_some() && leaves_args_out(&segment) => {
                let args = self.default_trait_args(trait_, prefix, &segment, span);
                (args, Some(self.with_lifetimes(trait_, args, &segment, path.scope)))
            }
            Some(segment) => self.args_from_segment(trait_, prefix, &segment, path.scope, span),
            None => (self.fresh_own_args(trait_, prefix), None),
        };
        let user = user.unwrap_or(args);
        (args, Args::of_types(&[user_self]).extended(user.iter().skip(1).copied()))
    }

    /// A trait's arguments with the lifetimes that the user wrote in `<T as Trait<'a>>`.
    fn with_lifetimes(&mut self, trait_: DefId, args: Args, segment: &ast::PathSegment, scope: DefId) -> Args {
        let mut lifetimes = explicit_args(segment).into_iter().filter_map(|arg| match arg {
            ast::GenericArg::Lifetime(lifetime) => Some(*lifetime),
            _ => None,
        });
        let params = self.own_params(trait_, 1);
        let mut user = Args::new(&args[..1]);
        for (param, arg) in params.iter().zip(args.iter().skip(1)) {
            let written = if matches!(param.kind, GenericParamKind::Lifetime) { lifetimes.next() } else { None };
            user = user.extended([match written {
                Some(lifetime) => GenericArg::Region(self.lower_lifetime(&lifetime, scope)),
                None => *arg,
            }]);
        }
        user
    }

    /// The arguments of the trait in `<T as Trait>`, which are its defaults: what other paths in bodies leave out is inferred.
    fn default_trait_args(&mut self, trait_: DefId, prefix: Args, segment: &ast::PathSegment, span: Span) -> Args {
        self.check_lifetime_count(trait_, &explicit_args(segment), segment, LateBound::Counted);
        let mut args = prefix;
        let mut missing = 0;
        for param in self.own_params(trait_, prefix.len()).iter() {
            let arg = match &param.kind {
                GenericParamKind::Lifetime => GenericArg::Region(Region::erased()),
                GenericParamKind::Type { default: Some(default), .. } => {
                    GenericArg::Ty(self.normalize(span, default.subst(args).erase_regions()))
                }
                GenericParamKind::Const { default: Some(default), .. } => GenericArg::Const(default.subst(args)),
                GenericParamKind::Type { default: None, .. } => {
                    missing += 1;
                    GenericArg::Ty(Ty::error())
                }
                GenericParamKind::Const { default: None, .. } => {
                    missing += 1;
                    GenericArg::Const(Const::error())
                }
            };
            args = args.extended([arg]);
        }
        if missing > 0 {
            let plural = if missing == 1 { "" } else { "s" };
            let error = self
                .error(segment.ident.span, "E0107", format!("missing generics for trait `{}`", trait_.name()))
                .label(format!("expected {missing} generic argument{plural}"));
            self.emit(error);
        }
        args
    }

    /// The struct or variant that `def` is, with the arguments that the path gives its type.
    pub fn variant_of_path(&mut self, path: &Path, def: DefId, span: Span) -> Option<(VariantRef, Option<Args>)> {
        let segments = &path.ast.path.segments;
        let (adt, taking) = match def.kind() {
            DefKind::Variant => {
                let adt = def.parent()?;
                let last = segments.len().saturating_sub(1);
                // The enum's arguments stand on the enum or on the variant.
                let on_enum = last.checked_sub(1).filter(|&before| segments[before].args.is_some());
                (adt, on_enum.unwrap_or(last))
            }
            _ => (def, segments.len().saturating_sub(1)),
        };
        self.refuse_args(&segments[..taking.min(segments.len())], path.scope);
        self.refuse_args(segments.get(taking + 1..).unwrap_or_default(), path.scope);
        let segment = segments.get(taking);
        let (args, user_args) = match segment {
            Some(segment) => self.args_from_segment(adt, Args::empty(), segment, path.scope, span),
            None => (self.fresh_args(adt), None),
        };
        let index = self.variant_index(adt, def)?;
        Some((VariantRef { def, adt, index, args }, user_args))
    }

    /// `Vec::<T>::new`, `T::default`, `<T as Trait>::f`, `Self::CONST`, `Alias::Variant`.
    fn resolve_relative_path(&mut self, path: &Path, span: Span) -> Option<ResolvedValue> {
        let segments = &path.ast.path.segments;
        let resolved = segments.len().saturating_sub(path.unresolved);
        if let Res::Def(trait_) = path.res
            && trait_.kind() == DefKind::Trait
        {
            let args = self.trait_args(path, trait_, resolved.checked_sub(1), span);
            return self.resolve_trait_item(path, trait_, args, resolved, span);
        }
        let (mut ty, mut user) = self.path_base_ty(path, resolved, span)?;
        for segment in &segments[resolved..segments.len() - 1] {
            ty = self.assoc_ty_of(ty, segment, path.scope);
            user = None;
        }
        let segment = segments.last()?;
        self.resolve_assoc_value((ty, user), segment, path.scope, span)
    }

    fn resolve_trait_item(
        &mut self,
        path: &Path,
        trait_: DefId,
        (args, user_parent): (Args, Args),
        resolved: usize,
        span: Span,
    ) -> Option<ResolvedValue> {
        let rest = &path.ast.path.segments[resolved..];
        let first = rest.first()?;
        let found = match rest {
            [_] => rgo_hir::value_item(self.db, trait_, first.ident.name),
            _ => rgo_hir::type_item(self.db, trait_, first.ident.name),
        };
        let Some(item) = found else {
            let name = first.ident.name;
            let error = self
                .error(
                    first.ident.span,
                    "E0576",
                    format!("cannot find method or associated constant `{name}` in trait `{}`", trait_.name()),
                )
                .label("not found");
            self.emit(error);
            return None;
        };
        if item.kind() == DefKind::AssocTy && rest.len() > 1 {
            let own = self.args_from_segment(item, args, first, path.scope, span).0;
            let mut ty = self.normalize(span, Ty::projection(item, own));
            for segment in &rest[1..rest.len() - 1] {
                ty = self.assoc_ty_of(ty, segment, path.scope);
            }
            return self.resolve_assoc_value((ty, None), rest.last()?, path.scope, span);
        }
        let (item_args, user_args) = self.args_from_segment(item, args, first, path.scope, span);
        let value = match item.kind() {
            DefKind::Fn => Value::Fn(item, item_args),
            DefKind::AssocConst => Value::Const(item, item_args),
            _ => {
                self.report_not_a_value(item, span);
                return None;
            }
        };
        ResolvedValue::with_args(value, with_parent(user_parent, args, item_args, user_args))
    }

    /// The type that the first `count` segments (or the `<T>`) of a path name, with missing arguments inferred; and the same with the regions as
    /// written, where there are some.
    pub fn path_base_ty(&mut self, path: &Path, count: usize, span: Span) -> Option<(Ty, Option<Ty>)> {
        if let Some(qself) = qself(path)
            && qself_trait(path).is_none()
        {
            let user = self.lower_user_ty(qself, path.scope);
            return Some((self.erased_and_normal(user, qself.span), with_regions(user)));
        }
        let segments = &path.ast.path.segments[..count.min(path.ast.path.segments.len())];
        let taking = match path.res {
            Res::Def(def) if def.kind() == DefKind::AssocTy => 2,
            Res::Def(def) if def.kind() != DefKind::TyParam => 1,
            _ => 0,
        };
        self.refuse_args(&segments[..segments.len().saturating_sub(taking)], path.scope);
        let segment = segments.last();
        let mut user = None;
        let ty = match path.res {
            Res::PrimTy(prim) => Ty::prim(prim),
            Res::SelfTy { of } => {
                if of.kind() == DefKind::Impl {
                    user = with_regions(self.type_of(of));
                }
                let ty = self.self_ty_of(of);
                self.normalize(span, ty)
            }
            Res::Def(def) => match def.kind() {
                DefKind::Struct | DefKind::Enum | DefKind::Union => {
                    let (args, user_args) = match segment {
                        Some(segment) => self.args_from_segment(def, Args::empty(), segment, path.scope, span),
                        None => (self.fresh_args(def), None),
                    };
                    user = user_args.map(|args| Ty::adt(def, args)).and_then(with_regions);
                    Ty::adt(def, args)
                }
                DefKind::TypeAlias => {
                    let (args, user_args) = match segment {
                        Some(segment) => self.args_from_segment(def, Args::empty(), segment, path.scope, span),
                        None => (self.fresh_args(def), None),
                    };
                    user = with_regions(self.type_of(def).subst(user_args.unwrap_or(args)));
                    let ty = self.type_of(def).subst(args).erase_regions();
                    self.normalize(span, ty)
                }
                DefKind::TyParam => self.type_of(def),
                DefKind::AssocTy => {
                    let trait_ = def.parent()?;
                    let (args, _) = self.trait_args(path, trait_, count.checked_sub(2), span);
                    let args = match segment {
                        Some(segment) => self.args_from_segment(def, args, segment, path.scope, span).0,
                        None => args,
                    };
                    self.normalize(span, Ty::projection(def, args))
                }
                _ => {
                    self.has_errors = true;
                    return None;
                }
            },
            Res::SelfCtor(impl_) => {
                user = with_regions(self.type_of(impl_));
                self.type_of(impl_).erase_regions()
            }
            Res::Local(_) | Res::GoPackage(_) | Res::Err => {
                self.has_errors = true;
                return None;
            }
        };
        Some((ty, user))
    }

    /// The function, constant or variant `ty::segment`; the type also as the user wrote it.
    fn resolve_assoc_value(
        &mut self,
        (ty, user): (Ty, Option<Ty>),
        segment: &ast::PathSegment,
        scope: DefId,
        span: Span,
    ) -> Option<ResolvedValue> {
        let ty = self.try_structurally_resolve(ty);
        if ty.is_error() {
            self.has_errors = true;
            return None;
        }
        let name = segment.ident.name;
        // A struct's fields are not looked into: the path may be part of one of their types.
        if let TyKind::Adt(adt, args) = ty.kind()
            && adt.kind() == DefKind::Enum
            && let Some(index) = self.adt_def(*adt).variants.iter().position(|variant| variant.name == name)
        {
            let def = self.adt_def(*adt).variants[index].def;
            let user_args = user.and_then(adt_args);
            let variant = VariantRef { def, adt: *adt, index: index as u32, args: *args };
            return ResolvedValue::with_args(Value::Ctor(variant), user_args);
        }
        let pick = match self.probe_path(segment.ident.span, ty, name) {
            Ok(pick) => pick,
            Err(MethodError::Reported) => {
                self.has_errors = true;
                return None;
            }
            Err(MethodError::Private(item)) => {
                self.report_assoc_error(segment.ident.span, ty, name, MethodError::Private(item));
                // What may not be named is known all the same.
                Pick::inherent(item, ty)?
            }
            Err(error) => {
                self.report_assoc_error(segment.ident.span, ty, name, error);
                return None;
            }
        };
        let parent_args = self.assoc_parent_args(&pick, ty, span)?;
        let (args, user_args) = self.args_from_segment(pick.item, parent_args, segment, scope, span);
        let value = match pick.item.kind() {
            DefKind::Fn => Value::Fn(pick.item, args),
            _ => Value::Const(pick.item, args),
        };
        let written = match (pick.source, user) {
            (Source::Inherent(impl_), Some(user)) => WrittenPath { args: user_args, self_ty: Some((impl_, user)) },
            // A trait's first argument is `Self`.
            (Source::Trait(_), Some(user)) => {
                let written = user_args.unwrap_or(args);
                let rest = written.iter().skip(1).copied();
                WrittenPath { args: Some(Args::of_types(&[user]).extended(rest)), self_ty: None }
            }
            _ => WrittenPath { args: user_args, self_ty: None },
        };
        Some(ResolvedValue { value, written })
    }

    fn assoc_parent_args(&mut self, pick: &Pick, ty: Ty, span: Span) -> Option<Args> {
        let args = match pick.source {
            Source::Inherent(impl_) => {
                let args = self.fresh_args(impl_);
                let impl_ty = self.type_of(impl_).subst(args).erase_regions();
                let impl_ty = self.normalize(span, impl_ty);
                if self.eq(span, ty, impl_ty).is_err() {
                    self.has_errors = true;
                    return None;
                }
                args
            }
            Source::Object(trait_ref) => trait_ref.args,
            Source::Bound(bound) => bound.instantiate_erased().erase_regions().args,
            Source::Trait(trait_) => {
                let args = self.fresh_own_args(trait_, Args::of_types(&[ty]));
                TraitRef::new(trait_, args).args
            }
        };
        Some(args)
    }

    /// The arguments of `def`'s own parameters behind `parent_args`, from a path segment; and, if any were written, the same with the regions as
    /// written.
    pub fn args_from_segment(
        &mut self,
        def: DefId,
        parent_args: Args,
        segment: &ast::PathSegment,
        scope: DefId,
        span: Span,
    ) -> (Args, Option<Args>) {
        self.args_by_use(def, parent_args, segment, scope, span, LateBound::Counted)
    }

    /// The same where late-bound lifetimes are looked at in another way, as in a call of a method by its name.
    pub fn args_by_use(
        &mut self,
        def: DefId,
        parent_args: Args,
        segment: &ast::PathSegment,
        scope: DefId,
        span: Span,
        late_bound: LateBound,
    ) -> (Args, Option<Args>) {
        let explicit = explicit_args(segment);
        self.check_lifetime_count(def, &explicit, segment, late_bound);
        for arg in &explicit {
            if let ast::GenericArg::Assoc(assoc) = arg {
                let error = self
                    .error(assoc.span, "E0229", "associated item constraints are not allowed here")
                    .label("associated item constraint not allowed here");
                self.emit(error);
            }
        }
        let params = self.own_params(def, parent_args.len());
        let counts_fit = self.check_arg_counts(def, &params, &explicit, segment);
        let mut lifetimes = explicit.iter().filter_map(|arg| match arg {
            ast::GenericArg::Lifetime(lifetime) => Some(*lifetime),
            _ => None,
        });
        let others: Vec<&ast::GenericArg> = explicit
            .iter()
            .copied()
            .filter(|arg| matches!(arg, ast::GenericArg::Type(_) | ast::GenericArg::Const(_)))
            .collect();
        let mut others = others.into_iter();
        let any_explicit = explicit.iter().any(|arg| !matches!(arg, ast::GenericArg::Lifetime(_)));
        let mut args = parent_args;
        let mut user = parent_args;
        // Where one argument is of the wrong kind, nothing is said of the others' kinds.
        let mut kinds_matter = counts_fit;
        for param in &params {
            let (arg, user_arg) = match &param.kind {
                GenericParamKind::Type { .. } if !counts_fit => {
                    (GenericArg::Ty(Ty::error()), GenericArg::Ty(Ty::error()))
                }
                GenericParamKind::Lifetime => {
                    let region = match lifetimes.next() {
                        Some(lifetime) => self.lower_lifetime(&lifetime, scope),
                        None => Region::erased(),
                    };
                    (GenericArg::Region(Region::erased()), GenericArg::Region(region))
                }
                GenericParamKind::Type { default, synthetic } => {
                    let written = if *synthetic { None } else { others.next() };
                    match (written, default) {
                        (Some(constant), _) if is_constant(self.db, scope, constant) => {
                            if std::mem::replace(&mut kinds_matter, false) {
                                let span = arg_span(constant);
                                let error = self.error(span, "E0747", "constant provided when a type was expected");
                                self.emit(error);
                            }
                            (GenericArg::Ty(Ty::error()), GenericArg::Ty(Ty::error()))
                        }
                        (Some(ast::GenericArg::Type(ty)), _) => {
                            let user = self.lower_type_arg(ty, scope);
                            let ty = self.erased_and_normal(user, ty.span);
                            (GenericArg::Ty(ty), GenericArg::Ty(user))
                        }
                        (Some(_), _) => {
                            self.has_errors = true;
                            (GenericArg::Ty(Ty::error()), GenericArg::Ty(Ty::error()))
                        }
                        (None, Some(default)) if any_explicit => {
                            let ty = default.subst(args).erase_regions();
                            let ty = self.normalize(span, ty);
                            (GenericArg::Ty(ty), GenericArg::Ty(ty))
                        }
                        (None, _) => {
                            let ty = self.ty_var();
                            (GenericArg::Ty(ty), GenericArg::Ty(ty))
                        }
                    }
                }
                GenericParamKind::Const { ty, default } => {
                    let value = match (others.next(), default) {
                        (Some(_), _) if !kinds_matter => Const::error(),
                        (Some(arg), _) => self.lower_const_arg(arg, *ty, scope),
                        (None, Some(default)) if any_explicit => default.subst(args),
                        (None, _) => self.const_var(),
                    };
                    (GenericArg::Const(value), GenericArg::Const(value))
                }
            };
            args = args.extended([arg]);
            user = user.extended([user_arg]);
        }
        // Those that stand for nothing have names all the same.
        for lifetime in lifetimes {
            self.lower_lifetime(&lifetime, scope);
        }
        (args, if explicit.is_empty() { None } else { Some(user) })
    }

    fn check_arg_counts(
        &mut self,
        def: DefId,
        params: &[crate::ty::GenericParamDef],
        explicit: &[&ast::GenericArg],
        segment: &ast::PathSegment,
    ) -> bool {
        let given =
            explicit.iter().filter(|arg| matches!(arg, ast::GenericArg::Type(_) | ast::GenericArg::Const(_))).count();
        if given == 0 {
            return true;
        }
        let mut wanted = 0;
        let mut required = 0;
        for param in params {
            match &param.kind {
                GenericParamKind::Lifetime => {}
                GenericParamKind::Type { synthetic: true, .. } => {}
                GenericParamKind::Type { default, .. } => {
                    wanted += 1;
                    required += usize::from(default.is_none());
                }
                GenericParamKind::Const { default, .. } => {
                    wanted += 1;
                    required += usize::from(default.is_none());
                }
            }
        }
        if given > wanted || given < required {
            let what = match def.kind() {
                DefKind::Fn
                    if def.parent().is_some_and(|parent| matches!(parent.kind(), DefKind::Impl | DefKind::Trait)) =>
                {
                    "method"
                }
                DefKind::Fn => "function",
                DefKind::Enum | DefKind::Variant => "enum",
                DefKind::Trait => "trait",
                _ => "struct",
            };
            let relation = if given > wanted { "takes" } else { "takes at least" };
            let error = self
                .error(
                    segment.ident.span,
                    "E0107",
                    format!("{what} {relation} {wanted} generic arguments but {given} were supplied"),
                )
                .label(format!("expected {wanted} generic arguments"));
            self.emit(error);
            return false;
        }
        true
    }

    fn check_lifetime_count(
        &mut self,
        def: DefId,
        explicit: &[&ast::GenericArg],
        segment: &ast::PathSegment,
        late_bound: LateBound,
    ) {
        let given = explicit.iter().filter(|arg| matches!(arg, ast::GenericArg::Lifetime(_))).count();
        if given == 0 {
            return;
        }
        let mut wanted =
            rgo_hir::generic_params(self.db, def).iter().filter(|param| param.kind() == DefKind::LifetimeParam).count();
        if def.kind() == DefKind::Fn && !crate::collect::fn_sig(self.db, def).vars.is_empty() {
            wanted -= crate::collect::late_bound_named(self.db, def).len();
            if late_bound == LateBound::Counted && given != wanted {
                let error = self.error(
                    segment.ident.span,
                    "E0794",
                    "cannot specify lifetime arguments explicitly if late bound lifetime parameters are present",
                );
                self.emit(error);
            }
            return;
        }
        if given != wanted {
            let relation = if given > wanted { "takes" } else { "takes at least" };
            let error = self.error(
                segment.ident.span,
                "E0107",
                format!("`{}` {relation} {wanted} lifetime arguments but {given} were supplied", def.name()),
            );
            self.emit(error);
        }
    }
}

/// What written lifetimes are where a function has late-bound ones, elided ones included, which nobody can give: arguments for all others and an
/// error if they are more or less, or, in the call of a method, a lint however many they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LateBound {
    Counted,
    Ignored,
}

fn explicit_args(segment: &ast::PathSegment) -> Vec<&ast::GenericArg> {
    match segment.args.as_deref() {
        Some(ast::GenericArgs::Angle(angle)) => angle.args.iter().collect(),
        Some(ast::GenericArgs::Paren(_)) | None => Vec::new(),
    }
}

/// Whether the segment names no types and constants.
fn leaves_args_out(segment: &ast::PathSegment) -> bool {
    match segment.args.as_deref() {
        Some(ast::GenericArgs::Angle(angle)) => {
            angle.args.iter().all(|arg| matches!(arg, ast::GenericArg::Lifetime(_)))
        }
        Some(ast::GenericArgs::Paren(_)) => false,
        None => true,
    }
}

/// The `T` of `<T>::` and `<T as Trait>::`.
fn qself(path: &Path) -> Option<&ast::Type> {
    path.ast.qself.as_ref().map(|qself| &qself.ty)
}

/// The `Trait` of `<T as Trait>::`.
fn qself_trait(path: &Path) -> Option<&ast::Path> {
    path.ast.qself.as_ref()?.as_trait.as_ref()
}

/// The arguments of an item as the user wrote them, which begin with those of the trait around it; none where nothing is written.
fn with_parent(user_parent: Args, parent: Args, args: Args, user: Option<Args>) -> Option<Args> {
    if user_parent == parent {
        return user;
    }
    let user = user.unwrap_or(args);
    Some(user_parent.extended(user.iter().skip(parent.len()).copied()))
}

/// A type as the user wrote it, where it has regions to keep.
fn with_regions(ty: Ty) -> Option<Ty> {
    (ty.erase_regions() != ty).then_some(ty)
}

/// The arguments of a struct's or enum's type.
pub(super) fn adt_args(ty: Ty) -> Option<Args> {
    ty.as_adt().map(|(_, args)| args)
}
