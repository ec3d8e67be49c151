//! Lowering of written types: names become definitions, elided lifetimes get the region that their place gives them.
//!
//! Works for signatures (where `_` is an error) and for bodies (where `_` asks an [`InferSink`], and elided lifetimes are erased).

use rgo_hir::body::Mutability;
use rgo_hir::resolve::{LifetimeRes, Namespace};
use rgo_hir::{Db, DefId, DefKind, HirError};
use rgo_syntax::ast::{self, ExprKind, Ident, Lit, TypeKind};
use rgo_syntax::{Name, Span};
use rustc_hash::FxHashSet;

use super::generics::{self, param_region};
use super::items;
use crate::error::{Rank, TypeError};
use crate::ty::{
    Args, Binder, BoundRegion, BoundRegionKind, Const, ConstKind, ConstValue, FnSig, GenericArg, List, Region,
    RegionKind, Subst, Ty,
};

/// Makes the inference variables of types written in bodies.
pub trait InferSink {
    fn ty_var(&mut self, span: Span) -> Ty;
    fn const_var(&mut self, span: Span) -> Const;
    /// An argument whose type nobody knows but who looks up what it is for.
    fn const_arg(&mut self, def: DefId, ty: Ty);
    /// Arguments of an alias, which may put them in more than one place: what is left out of them is the same in all.
    fn alias_args(&mut self, args: Args) -> Args;
}

/// What an elided lifetime means.
#[derive(Clone, Debug)]
pub(super) enum Elision {
    /// An error: which one depends on the place.
    Error(ElisionError),
    Static,
    /// In a body.
    Erased,
    /// In a function's parameters: a new late-bound one.
    FreshLate {
        scope: DefId,
        next: u32,
    },
    /// In an impl's head or an `impl Trait` argument: a new early-bound one.
    FreshEarly {
        base: u32,
        next: u32,
        hidden_allowed: HiddenLifetimes,
    },
    /// In the inputs of `fn(…)` or `Fn(…)`: a new variable of the binder at this level.
    Binder {
        level: usize,
    },
    /// In an output whose inputs decide. Bound regions are as seen at binder level `level`.
    Exact {
        region: Region,
        level: usize,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HiddenLifetimes {
    Allowed,
    /// `impl Trait for Ref`: E0726.
    Refused,
}

#[derive(Clone, Debug)]
pub(super) enum ElisionError {
    /// E0106, with what to say about it.
    Missing(String),
    /// E0637 in bounds and defaults, for what is written; E0106 for the lifetimes of a path.
    NotHere,
    /// An associated type without parameters: as before, but that a reference is told where its lifetime must come from.
    AssociatedType,
}

/// The default region of `dyn Trait` at the present place.
#[derive(Clone, Copy, Debug)]
pub(super) enum ObjectDefault {
    /// `'static`, or unknown in bodies.
    Plain,
    /// From the enclosing `&'a` or `T: 'a` parameter, as seen at a binder level.
    Region(Region, usize),
    /// The parameter has several region bounds.
    Ambiguous,
}

/// Whether `?Sized` makes sense in the bounds being lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relaxed {
    Allowed,
    Supertrait,
    Object,
    /// In a where clause of what is no type parameter of the item.
    Elsewhere,
}

/// What `impl Trait` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImplTraitMode {
    /// A parameter of the function.
    Param(DefId),
    /// The function's opaque return type.
    Opaque(DefId),
    Refused,
}

/// What `Self` means in an impl.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImplSelf {
    /// The type of its head.
    Known,
    /// That type is being lowered.
    InItself,
    /// The trait of the head is being lowered, for this type.
    InTrait(Ty),
}

pub struct LowerCtx<'a, 'db> {
    pub db: &'db dyn Db,
    pub(super) scope: DefId,
    pub errors: Vec<TypeError>,
    pub(super) sink: Option<&'a mut dyn InferSink>,
    pub(super) elision: Elision,
    pub(super) object_default: ObjectDefault,
    pub(super) impl_trait: ImplTraitMode,
    pub(super) relaxed: Relaxed,
    /// A written list of generic arguments was refused; the type that it was for is an error.
    pub(super) refused_args: bool,
    pub(super) impl_self: ImplSelf,
    /// Defaults of parameters are being lowered: `Self` is not there yet.
    pub(super) in_generics: bool,
    /// The `for<…>` binders around the present place, outermost first.
    pub(super) binders: Vec<Vec<BoundRegionKind>>,
    /// Lifetimes met, for elision in the output: those written and those made for elided ones, bound ones as seen at level 0.
    pub(super) seen_lifetimes: Option<Vec<Region>>,
    /// Regions of all late-bound lifetimes, for the arguments of opaque types.
    pub(super) late_regions: Vec<Region>,
    pub(super) variables: Variables<'a>,
}

/// The variables whose names may stand in types by mistake.
#[derive(Clone)]
pub(super) enum Variables<'a> {
    /// Those of a function's parameters.
    Named(Vec<Name>),
    /// In a body: where names are those of variables.
    At(&'a FxHashSet<u32>),
}

impl<'a, 'db> LowerCtx<'a, 'db> {
    /// For types in a signature.
    pub(super) fn signature(db: &'db dyn Db, scope: DefId, elision: Elision) -> LowerCtx<'a, 'db> {
        LowerCtx {
            db,
            scope,
            errors: Vec::new(),
            sink: None,
            elision,
            object_default: ObjectDefault::Plain,
            impl_trait: ImplTraitMode::Refused,
            relaxed: Relaxed::Allowed,
            refused_args: false,
            impl_self: ImplSelf::Known,
            in_generics: false,
            binders: Vec::new(),
            seen_lifetimes: None,
            late_regions: Vec::new(),
            variables: Variables::Named(Vec::new()),
        }
    }

    /// For types in a body; `scope` is the innermost scope for names. Named regions come out as they are, elided ones as `Erased`.
    pub fn body(
        db: &'db dyn Db,
        scope: DefId,
        sink: &'a mut dyn InferSink,
        variables: &'a FxHashSet<u32>,
    ) -> LowerCtx<'a, 'db> {
        let mut ctx = LowerCtx::signature(db, scope, Elision::Erased);
        ctx.sink = Some(sink);
        ctx.variables = Variables::At(variables);
        ctx
    }

    pub(super) fn error(&mut self, span: Span, code: &'static str, message: impl Into<String>) -> &mut TypeError {
        self.errors.push(TypeError::new(self.scope, span, code, message));
        self.errors.last_mut().expect("just pushed")
    }

    pub(super) fn hir_error(&mut self, error: HirError) {
        self.errors.push(from_hir(error));
    }

    /// E0603 of what a path names all the same.
    pub(super) fn private(&mut self, private: Option<rgo_hir::Private>) {
        if let Some(private) = private {
            self.hir_error(private.error(self.db, self.scope));
        }
    }

    // ----- variables -----

    /// The name, if a type is nothing but the name of a variable.
    fn variable(&self, ty: &ast::QPath) -> Option<Ident> {
        let ident = ty.as_ident()?;
        let is_variable = match &self.variables {
            Variables::Named(names) => names.contains(&ident.name),
            Variables::At(places) => places.contains(&ident.span.start),
        };
        let is_type = || rgo_hir::resolve_path(self.db, self.scope, &ty.path, Namespace::Type).is_ok();
        (is_variable && !is_type()).then_some(ident)
    }

    /// E0573: says whether it was.
    pub(super) fn is_variable_as_type(&mut self, ty: &ast::QPath) -> bool {
        let Some(ident) = self.variable(ty) else { return false };
        let message = format!("expected type, found local variable `{}`", ident.name);
        self.error(ident.span, "E0573", message).label = "not a type".to_owned();
        true
    }

    /// The type that an argument is. A variable in its place is taken for a constant: E0435.
    pub fn lower_type_arg(&mut self, ty: &ast::Type) -> Ty {
        let variable = match &ty.kind {
            TypeKind::Path(path) => self.variable(path),
            _ => None,
        };
        let Some(ident) = variable else { return self.lower_ty(ty) };
        self.error(ident.span, "E0435", "attempt to use a non-constant value in a constant").label =
            "non-constant value".to_owned();
        Ty::error()
    }

    // ----- types -----

    pub fn lower_ty(&mut self, ty: &ast::Type) -> Ty {
        match &ty.kind {
            TypeKind::Path(path) => self.lower_path_ty(path, ty.span),
            TypeKind::Ref { lifetime, mutable, inner } => {
                let region = self.lower_ref_lifetime(*lifetime, ty.span);
                let level = self.binders.len();
                let outer = std::mem::replace(&mut self.object_default, ObjectDefault::Region(region, level));
                let inner = self.lower_ty(inner);
                self.object_default = outer;
                Ty::new_ref(region, inner, if *mutable { Mutability::Mut } else { Mutability::Not })
            }
            TypeKind::Slice(inner) => Ty::slice(self.lower_ty(inner)),
            TypeKind::Array { elem, len } => {
                let elem = self.lower_ty(elem);
                let len = self.lower_const_expr(len, Ty::usize());
                Ty::array_of(elem, len)
            }
            TypeKind::Tuple(items) => {
                let items: Vec<Ty> = items.iter().map(|item| self.lower_ty(item)).collect();
                Ty::tuple(&items)
            }
            TypeKind::Never => Ty::never(),
            TypeKind::Infer => match &mut self.sink {
                Some(sink) => sink.ty_var(ty.span),
                None => {
                    self.error(
                        ty.span,
                        "E0121",
                        "the placeholder `_` is not allowed within types on item signatures",
                    )
                    .label = "not allowed in type signatures".to_owned();
                    Ty::error()
                }
            },
            TypeKind::FnPtr(f) => self.lower_fn_ptr(f),
            TypeKind::Dyn(bounds) => self.lower_dyn(bounds, ty.span),
            TypeKind::BareDyn(bounds) => {
                self.bare_dyn_error(ty.span);
                // Whatever was meant, its names are looked up.
                let known = self.errors.len();
                self.lower_dyn(bounds, ty.span);
                let found = self.errors.split_off(known);
                self.errors.extend(found.into_iter().filter(TypeError::is_of_names));
                Ty::error()
            }
            TypeKind::ImplTrait(bounds) => self.lower_impl_trait(bounds, ty.span),
            TypeKind::Paren(inner) => self.lower_ty(inner),
            // Refused with an error of their own by earlier parts.
            TypeKind::RawPtr { .. } | TypeKind::Macro(_) | TypeKind::Error => Ty::error(),
        }
    }

    pub(super) fn bare_dyn_error(&mut self, span: Span) {
        let error = self.error(span, "E0782", "expected a type, found a trait");
        error.help = Some("you can add the `dyn` keyword if you want a trait object".to_owned());
        error.fix = Some((span.first(), "dyn ".to_owned()));
    }

    /// Where a lifetime that is left out is an error.
    pub(super) fn named_lifetimes_only<R>(&mut self, lower: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::replace(&mut self.elision, Elision::Error(ElisionError::NotHere));
        let result = lower(self);
        self.elision = outer;
        result
    }

    fn lower_impl_trait(&mut self, bounds: &[ast::Bound], span: Span) -> Ty {
        match self.impl_trait {
            ImplTraitMode::Param(owner) => {
                let params = rgo_hir::generic_params(self.db, owner);
                let param = params.iter().copied().find(|param| {
                    rgo_hir::def_span(self.db, *param) == span && generics::is_synthetic(self.db, *param)
                });
                match param {
                    Some(param) => generics::param_ty(self.db, param),
                    None => Ty::error(),
                }
            }
            ImplTraitMode::Opaque(owner) => {
                if self.captures_bound_lifetime(bounds, span) {
                    return Ty::error();
                }
                let args = generics::identity_args(self.db, owner)
                    .extended(self.late_regions.iter().map(|region| GenericArg::Region(*region)));
                Ty::opaque(rgo_hir::opaque_ty(owner, span), captured(bounds, args))
            }
            ImplTraitMode::Refused => {
                self.error(
                    span,
                    "E0562",
                    "`impl Trait` is not allowed outside of function and inherent method argument and return types",
                );
                Ty::error()
            }
        }
    }

    /// E0657: an opaque type has the parameters of its item, and what `for<…>` around it declares is none. Without `use<…>` it captures all.
    fn captures_bound_lifetime(&mut self, bounds: &[ast::Bound], span: Span) -> bool {
        let bound: Vec<Name> = self
            .binders
            .iter()
            .flatten()
            .filter_map(|var| match var {
                BoundRegionKind::ForLifetime(name) => Some(*name),
                _ => None,
            })
            .collect();
        if bound.is_empty() {
            return false;
        }
        let captured: Vec<Span> = match precise_captures(bounds) {
            Some(listed) => {
                let lifetimes = listed.iter().filter_map(|arg| match arg {
                    ast::UseArg::Lifetime(lifetime) => Some(*lifetime),
                    _ => None,
                });
                lifetimes.filter(|lifetime| bound.contains(&lifetime.name)).map(|lifetime| lifetime.span).collect()
            }
            None => vec![span],
        };
        for &span in &captured {
            self.error(span, "E0657", "`impl Trait` cannot capture a higher-ranked lifetime").label =
                "it would capture a lifetime of a `for<…>` around it".to_owned();
        }
        !captured.is_empty()
    }

    fn lower_fn_ptr(&mut self, f: &ast::FnPtrType) -> Ty {
        let vars = self.binder_vars(&f.binder);
        let (sig, vars) = self.under_binder(vars, |ctx| {
            let inputs: Vec<&ast::Type> = f.params.iter().map(|param| &param.ty).collect();
            ctx.lower_fn_like(&inputs, f.ret.as_ref())
        });
        Ty::fn_ptr(Binder { value: FnSig::new(&sig.0, sig.1), vars })
    }

    /// An input of a closure, and the binder's variables with those that its elided lifetimes add.
    pub fn lower_input(&mut self, ty: &ast::Type, vars: Vec<BoundRegionKind>) -> (Ty, List<BoundRegionKind>) {
        self.under_binder(vars, |ctx| {
            let level = ctx.binders.len() - 1;
            let outer = std::mem::replace(&mut ctx.elision, Elision::Binder { level });
            let ty = ctx.lower_ty(ty);
            ctx.elision = outer;
            ty
        })
    }

    /// The inputs and output of `fn(…) -> …` or `Fn(…) -> …`, inside a binder that elided input lifetimes are added to.
    pub(super) fn lower_fn_like(&mut self, inputs: &[&ast::Type], output: Option<&ast::Type>) -> (Vec<Ty>, Ty) {
        let level = self.binders.len().saturating_sub(1);
        let outer_elision = std::mem::replace(&mut self.elision, Elision::Binder { level });
        let outer_seen = self.seen_lifetimes.replace(Vec::new());
        let outer_object = std::mem::replace(&mut self.object_default, ObjectDefault::Plain);
        let mut seen: Vec<Vec<Region>> = Vec::new();
        let lower_input = |input: &&ast::Type| {
            let ty = self.lower_ty(input);
            seen.push(self.seen_lifetimes.replace(Vec::new()).unwrap_or_default());
            ty
        };
        let inputs: Vec<Ty> = inputs.iter().map(lower_input).collect();
        self.elision = match only_lifetime(&seen) {
            Some(region) => Elision::Exact { region, level: level + 1 },
            None => {
                let count = seen.iter().filter(|regions| !regions.is_empty()).count();
                Elision::Error(ElisionError::Missing(missing_help(count)))
            }
        };
        let output = output.map_or_else(Ty::unit, |output| self.lower_ty(output));
        self.elision = outer_elision;
        self.seen_lifetimes = outer_seen;
        self.object_default = outer_object;
        (inputs, output)
    }

    // ----- lifetimes -----

    fn lower_ref_lifetime(&mut self, lifetime: Option<ast::Lifetime>, span: Span) -> Region {
        match lifetime {
            Some(lifetime) => self.lower_lifetime(lifetime),
            None => self.elided(Span::new(span.start, span.start + 1), Elided::Ampersand),
        }
    }

    pub(super) fn lower_lifetime(&mut self, lifetime: ast::Lifetime) -> Region {
        if lifetime.name.is_underscore() {
            return self.elided(lifetime.span, Elided::Underscore);
        }
        for (up, binder) in self.binders.iter().rev().enumerate() {
            let position = binder
                .iter()
                .position(|var| matches!(var, BoundRegionKind::ForLifetime(name) if *name == lifetime.name));
            if let Some(index) = position {
                let var = BoundRegion { index: index as u32, kind: binder[index] };
                let region = Region::bound(up as u32, var);
                return self.saw(region);
            }
        }
        if lifetime.name.as_str() == "static" {
            return self.saw(Region::static_());
        }
        match rgo_hir::resolve_lifetime(self.db, self.scope, lifetime.name) {
            Ok(LifetimeRes::Static) => self.saw(Region::static_()),
            Ok(LifetimeRes::Param(param)) => {
                let region = param_region(self.db, param);
                self.saw(region)
            }
            Ok(LifetimeRes::Elided) => self.elided(lifetime.span, Elided::Underscore),
            Ok(LifetimeRes::Bound { .. } | LifetimeRes::Err) => Region::error(),
            Err(mut error) => {
                error.span = lifetime.span;
                self.hir_error(error);
                Region::error()
            }
        }
    }

    /// Notes a lifetime for the elision of an output.
    fn saw(&mut self, region: Region) -> Region {
        let level = self.binders.len() as u32;
        if let Some(seen) = &mut self.seen_lifetimes {
            match region.kind() {
                // Relative to the outside of the function-like binder that collects; inner ones do not count.
                RegionKind::Bound { depth, var } => {
                    if let Elision::Binder { level: collecting } = self.elision {
                        let own = level - 1 - collecting as u32;
                        if *depth >= own {
                            seen.push(Region::bound(*depth - own, *var));
                        }
                    }
                }
                _ => seen.push(region),
            }
        }
        region
    }

    pub(super) fn elided(&mut self, span: Span, how: Elided) -> Region {
        match &mut self.elision {
            Elision::Static => Region::static_(),
            Elision::Erased => Region::erased(),
            Elision::FreshLate { scope, next } => {
                let var = BoundRegion { index: *next, kind: BoundRegionKind::Anon };
                *next += 1;
                let region = Region::new(RegionKind::LateParam { scope: *scope, var });
                self.late_regions.push(region);
                self.saw(region)
            }
            Elision::FreshEarly { base, next, hidden_allowed } => {
                let region = Region::new(RegionKind::EarlyParam { index: *base + *next, name: Name::new("'_") });
                *next += 1;
                if how == Elided::Hidden && *hidden_allowed == HiddenLifetimes::Refused {
                    self.hidden_error(span);
                }
                self.saw(region)
            }
            Elision::Binder { level } => {
                let level = *level;
                let Some(binder) = self.binders.get_mut(level) else { return Region::error() };
                let var = BoundRegion { index: binder.len() as u32, kind: BoundRegionKind::Anon };
                binder.push(BoundRegionKind::Anon);
                let depth = (self.binders.len() - 1 - level) as u32;
                let region = Region::bound(depth, var);
                self.saw(region)
            }
            Elision::Exact { region, level } => {
                region.shifted_in((self.binders.len() - (*level).min(self.binders.len())) as u32)
            }
            Elision::Error(ElisionError::Missing(help)) => {
                let help = help.clone();
                let error = self.error(span, "E0106", "missing lifetime specifier");
                error.label = "expected named lifetime parameter".to_owned();
                if !help.is_empty() {
                    error.help = Some(help);
                }
                Region::error()
            }
            Elision::Error(place @ (ElisionError::NotHere | ElisionError::AssociatedType)) => {
                match how {
                    Elided::Ampersand if matches!(place, ElisionError::AssociatedType) => {
                        let message = "missing lifetime in associated type";
                        let error = TypeError { code: None, ..TypeError::new(self.scope, span, "", message) };
                        self.errors.push(error.label("this lifetime must come from the implemented type"));
                    }
                    Elided::Ampersand => {
                        self.error(span, "E0637", "`&` without an explicit lifetime name cannot be used here").label =
                            "explicit lifetime name needed here".to_owned();
                    }
                    Elided::Underscore => {
                        self.error(span, "E0637", "`'_` cannot be used here").label =
                            "`'_` is a reserved lifetime name".to_owned();
                    }
                    Elided::Hidden => {
                        self.error(span, "E0106", "missing lifetime specifier").label =
                            "expected named lifetime parameter".to_owned();
                    }
                }
                Region::error()
            }
        }
    }

    fn hidden_error(&mut self, span: Span) {
        let error = self.error(span, "E0726", "implicit elided lifetime not allowed here");
        error.label = "expected lifetime parameter".to_owned();
        error.help = Some("indicate the anonymous lifetime with `'_`".to_owned());
    }

    /// The region of a `dyn` type without a written one.
    pub(super) fn default_object_region(&mut self, span: Span) -> Region {
        match self.object_default {
            ObjectDefault::Ambiguous if self.sink.is_some() => Region::erased(),
            ObjectDefault::Ambiguous => {
                self.error(span, "E0228", "cannot deduce the lifetime bound for this trait object type").help =
                    Some("supply an explicit bound".to_owned());
                Region::error()
            }
            ObjectDefault::Plain if self.sink.is_some() => Region::erased(),
            ObjectDefault::Plain => Region::static_(),
            ObjectDefault::Region(region, level) => {
                region.shifted_in((self.binders.len() - level.min(self.binders.len())) as u32)
            }
        }
    }

    // ----- binders -----

    /// The variables of a written `for<…>`.
    pub(super) fn binder_vars(&mut self, params: &[ast::GenericParam]) -> Vec<BoundRegionKind> {
        let mut vars = Vec::new();
        for param in params {
            let ast::GenericParamKind::Lifetime { bounds } = &param.kind else {
                self.error(param.span, "E0658", "only lifetime parameters can be used in this context");
                continue;
            };
            if let Some(bound) = bounds.first() {
                self.error(bound.span(), "", "bounds cannot be used in this context").code = None;
            }
            let var = BoundRegionKind::ForLifetime(param.ident.name);
            let shadows = self.binders.iter().flatten().any(|outer| *outer == var)
                || matches!(
                    rgo_hir::resolve_lifetime(self.db, self.scope, param.ident.name),
                    Ok(LifetimeRes::Param(_))
                );
            if shadows {
                let name = param.ident.name;
                self.error(
                    param.span,
                    "E0496",
                    format!("lifetime name `'{name}` shadows a lifetime name that is already in scope"),
                )
                .label = format!("lifetime `'{name}` already in scope");
            }
            if vars.contains(&var) {
                let name = param.ident.name;
                self.error(
                    param.span,
                    "E0403",
                    format!(
                        "the name `'{name}` is already used for a generic parameter in this item's generic parameters"
                    ),
                );
            }
            vars.push(var);
        }
        vars
    }

    /// Runs `f` inside a binder; gives the binder's variables as they are at the end.
    pub(super) fn under_binder<R>(
        &mut self,
        vars: Vec<BoundRegionKind>,
        f: impl FnOnce(&mut Self) -> R,
    ) -> (R, List<BoundRegionKind>) {
        self.binders.push(vars);
        let result = f(self);
        let vars = self.binders.pop().unwrap_or_default();
        (result, List::new(&vars))
    }

    // ----- constants -----

    /// A constant in a type. Literals and names of const parameters are taken directly; anything else is an anonymous constant.
    pub fn lower_const_expr(&mut self, expr: &ast::Expr, ty: Ty) -> Const {
        if let Some(value) = literal_const(expr, ty) {
            return Const::value(value);
        }
        match &peel(expr).kind {
            ExprKind::Path(path) => {
                // Of another type, it is reported as the body that it is, too.
                if let Some((_, value)) = self.const_param(path) {
                    return value;
                }
            }
            ExprKind::Underscore => {
                if let Some(sink) = &mut self.sink {
                    return sink.const_var(expr.span);
                }
                self.error(expr.span, "E0121", "the placeholder `_` is not allowed within types on item signatures")
                    .label = "not allowed in type signatures".to_owned();
                return Const::error();
            }
            _ => {}
        }
        self.anon_const(expr.span, ty)
    }

    /// The anonymous constant whose expression starts here.
    pub(super) fn anon_const(&mut self, span: Span, ty: Ty) -> Const {
        let def = rgo_hir::anon_const(self.scope, span);
        if super::generic_consts::is_forbidden(self.db, def) {
            return Const::error();
        }
        if let Some(sink) = &mut self.sink
            && rgo_hir::anon_const_kind(self.db, def) == rgo_hir::AnonConstKind::GenericArg
            && super::consts::parameter_ty(self.db, def).is_none()
        {
            sink.const_arg(def, ty);
            return super::consts::evaluate_argument(self.db, def, ty);
        }
        // It cannot mention parameters, so it needs no arguments.
        super::consts::evaluate(self.db, def, Args::empty())
    }

    /// The const parameter that a path names.
    pub(super) fn const_param(&mut self, path: &ast::QPath) -> Option<(DefId, Const)> {
        path.as_ident()?;
        let resolved =
            rgo_hir::resolve_path(self.db, self.scope, &path.path, rgo_hir::resolve::Namespace::Value).ok()?;
        match resolved.res {
            rgo_hir::resolve::Res::Def(def) if def.kind() == DefKind::ConstParam => {
                Some((def, generics::param_const(self.db, def)))
            }
            _ => None,
        }
    }

    /// `Self` as a type.
    pub(super) fn self_ty(&mut self, of: DefId, span: Span) -> Ty {
        match of.kind() {
            DefKind::Trait => Ty::self_param(),
            DefKind::Impl => match self.impl_self {
                ImplSelf::Known => items::impl_header(self.db, of).self_ty,
                ImplSelf::InTrait(ty) => ty,
                ImplSelf::InItself => {
                    let message = "`Self` is not valid in the self type of an impl block";
                    self.error(span, "", message).code = None;
                    Ty::error()
                }
            },
            _ if self.in_generics => Ty::error(),
            _ => super::type_of(self.db, of),
        }
    }
}

/// How a lifetime was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elided {
    /// `&T`
    Ampersand,
    /// `'_`
    Underscore,
    /// `Ref` for `Ref<'_>`
    Hidden,
}

/// The lifetime that an elided one in the output stands for: that of the only input that has one, though others may name the same.
pub(super) fn only_lifetime(seen: &[Vec<Region>]) -> Option<Region> {
    let mut with_lifetimes = seen.iter().filter(|own| !own.is_empty());
    let (Some([region, rest @ ..]), None) = (with_lifetimes.next().map(Vec::as_slice), with_lifetimes.next()) else {
        return None;
    };
    rest.iter().all(|other| other == region).then_some(*region)
}

/// The help for E0106 by how many lifetimes there are to choose from.
pub(super) fn missing_help(count: usize) -> String {
    match count {
        0 => "this function's return type contains a borrowed value, but there is no value for it to be borrowed from"
            .to_owned(),
        _ => format!(
            "this function's return type contains a borrowed value, but the signature does not say which one of {count} lifetimes it is borrowed from"
        ),
    }
}

pub(super) fn from_hir(error: HirError) -> TypeError {
    TypeError {
        def: error.def,
        span: error.span,
        code: error.code,
        message: error.message,
        label: error.label,
        secondary: error.secondary,
        notes: error.note.into_iter().collect(),
        help: error.help,
        fix: None,
        rank: Rank::Usual,
    }
}

/// `{ N }` and `(N)` are `N`.
fn peel(expr: &ast::Expr) -> &ast::Expr {
    match &expr.kind {
        ExprKind::Paren(inner) => peel(inner),
        ExprKind::Block { label: None, block } if block.stmts.is_empty() => block.tail.as_deref().map_or(expr, peel),
        _ => expr,
    }
}

/// The value of a literal of a simple type.
pub(super) fn literal_const(expr: &ast::Expr, ty: Ty) -> Option<ConstValue> {
    match &peel(expr).kind {
        ExprKind::Lit(Lit::Int { value, suffix }) if ty.is_integral() => {
            if let Some(suffix) = suffix
                && Ty::from_suffix(suffix.as_str()) != Some(ty)
            {
                return None;
            }
            i128::try_from(*value).ok().filter(|value| fits(*value, ty)).map(ConstValue::Int)
        }
        ExprKind::Lit(Lit::Bool(value)) if ty.is_bool() => Some(ConstValue::Bool(*value)),
        ExprKind::Lit(Lit::Char(value)) if ty == Ty::char() => Some(ConstValue::Char(*value)),
        ExprKind::Lit(Lit::Byte(value)) if ty == Ty::u8() => Some(ConstValue::Int(i128::from(*value))),
        ExprKind::Unary { op: ast::UnaryOp::Neg, operand } => match literal_const(operand, ty)? {
            ConstValue::Int(value) => Some(-value).filter(|value| fits(*value, ty)).map(ConstValue::Int),
            _ => None,
        },
        _ => None,
    }
}

fn fits(value: i128, ty: Ty) -> bool {
    match ty.kind() {
        crate::ty::TyKind::Int(int) => {
            let half = 1i128 << (int.bits() - 1);
            (-half..half).contains(&value)
        }
        crate::ty::TyKind::Uint(uint) => (0..1i128 << uint.bits()).contains(&value),
        _ => false,
    }
}

impl Const {
    /// An unevaluated constant.
    pub fn unevaluated(def: DefId, args: Args) -> Const {
        Const::new(ConstKind::Unevaluated(def, args))
    }
}

/// The arguments of an opaque type: a lifetime that its `use<…>` leaves out is no matter to it, as `'static` would be.
fn captured(bounds: &[ast::Bound], args: Args) -> Args {
    let Some(listed) = precise_captures(bounds) else { return args };
    let lists = |name: Name| {
        let plain = |name: Name| name.as_str().trim_start_matches('\'').to_owned();
        listed.iter().any(|arg| matches!(arg, ast::UseArg::Lifetime(lifetime) if plain(lifetime.name) == plain(name)))
    };
    let is_captured = |region: Region| match region.kind() {
        RegionKind::EarlyParam { name, .. } => lists(*name),
        RegionKind::LateParam { var, .. } | RegionKind::Bound { var, .. } => match var.kind {
            BoundRegionKind::Named(param) => lists(param.name()),
            BoundRegionKind::ForLifetime(name) => lists(name),
            BoundRegionKind::Anon => lists(Name::new("'_")),
            BoundRegionKind::ClosureEnv => true,
        },
        _ => true,
    };
    let args: Vec<GenericArg> = args
        .iter()
        .map(|arg| match arg {
            GenericArg::Region(region) if !is_captured(*region) => GenericArg::Region(Region::static_()),
            _ => *arg,
        })
        .collect();
    Args::new(&args)
}

/// What `use<…>` lists.
fn precise_captures(bounds: &[ast::Bound]) -> Option<&[ast::UseArg]> {
    bounds.iter().find_map(|bound| match bound {
        ast::Bound::Use { args, .. } => Some(args.as_slice()),
        ast::Bound::Trait(_) | ast::Bound::Lifetime(_) => None,
    })
}
