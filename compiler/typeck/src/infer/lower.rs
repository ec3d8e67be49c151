//! Types written inside bodies: lowered by `collect`, with inference variables for `_`.

use std::ops::ControlFlow;

use rgo_hir::body::TypeId;
use rgo_hir::{DefId, DefKind};
use rgo_syntax::{Span, ast};
use rustc_hash::{FxHashMap, FxHashSet};

use super::FnCtxt;
use crate::collect::{InferSink, LowerCtx};
use crate::infer_ctxt::InferCtxt;
use crate::ty::fold::{fold_free_regions, walk_types};
use crate::ty::subst::Subst;
use crate::ty::{Args, Binder, BoundRegionKind, Const, GenericArg, Region, RegionKind, Ty, TyKind};

struct Sink<'a, 'db> {
    infcx: &'a InferCtxt<'db>,
    unknown_consts: &'a mut Vec<(Const, Span)>,
    const_args: &'a mut FxHashMap<DefId, Ty>,
    shared: &'a mut SharedParts,
}

/// What is left out of arguments of aliases.
#[derive(Default)]
pub struct SharedParts {
    regions: u32,
    /// The variables that stand there for types.
    pub tys: FxHashSet<Ty>,
}

impl SharedParts {
    fn region(&mut self) -> Region {
        self.regions += 1;
        Region::new(RegionKind::Shared(self.regions - 1))
    }

    /// A type whose regions inference has erased.
    pub fn with_regions(&mut self, ty: Ty) -> Ty {
        fold_free_regions(ty, |region| if region.is_erased() { self.region() } else { region })
    }
}

impl InferSink for Sink<'_, '_> {
    fn ty_var(&mut self, span: Span) -> Ty {
        self.infcx.new_ty_var(span)
    }

    fn const_var(&mut self, span: Span) -> Const {
        let value = self.infcx.new_const_var(span);
        self.unknown_consts.push((value, span));
        value
    }

    fn const_arg(&mut self, def: DefId, ty: Ty) {
        self.const_args.insert(def, ty);
    }

    fn alias_args(&mut self, args: Args) -> Args {
        for arg in &args {
            if let GenericArg::Ty(ty) = arg {
                let _ = walk_types(ty, |part| {
                    if part.is_ty_var() {
                        self.shared.tys.insert(part);
                    }
                    ControlFlow::Continue(())
                });
            }
        }
        fold_free_regions(args, |region| if region.is_erased() { self.shared.region() } else { region })
    }
}

impl<'db> FnCtxt<'db> {
    /// A type as the body writes it, and the scope of its names.
    fn written_ty(&self, id: TypeId) -> (&'db ast::Type, DefId) {
        let scope = self.body.type_scopes.get(id).copied().unwrap_or(self.scope);
        (&self.body.types[id], scope)
    }
}

impl FnCtxt<'_> {
    fn with_lowering<R>(&mut self, scope: DefId, lower: impl FnOnce(&mut LowerCtx<'_, '_>) -> R) -> R {
        let mut sink = Sink {
            infcx: &self.infcx,
            unknown_consts: &mut self.unknown_consts,
            const_args: &mut self.const_args,
            shared: &mut self.shared,
        };
        let mut ctx = LowerCtx::body(self.db, scope, &mut sink, &self.map.variables_as_types);
        let result = lower(&mut ctx);
        let errors = std::mem::take(&mut ctx.errors);
        for error in errors {
            self.emit(error);
        }
        result
    }

    /// E0109: these segments take no arguments.
    pub fn refuse_args(&mut self, segments: &[ast::PathSegment], scope: DefId) {
        if segments.iter().any(|segment| segment.args.is_some()) {
            self.with_lowering(scope, |ctx| ctx.refuse_args(segments));
        }
    }

    /// With regions as written.
    pub fn lower_user_ty(&mut self, ty: &ast::Type, scope: DefId) -> Ty {
        self.with_lowering(scope, |ctx| ctx.lower_ty(ty))
    }

    /// A generic argument, with regions as written.
    pub fn lower_type_arg(&mut self, ty: &ast::Type, scope: DefId) -> Ty {
        self.with_lowering(scope, |ctx| ctx.lower_type_arg(ty))
    }

    /// For inference: regions erased, projections normalised.
    pub fn lower_ast_ty(&mut self, ty: &ast::Type, scope: DefId) -> Ty {
        let user = self.lower_user_ty(ty, scope);
        self.erased_and_normal(user, ty.span)
    }

    pub fn erased_and_normal(&mut self, ty: Ty, span: Span) -> Ty {
        let ty = ty.erase_regions();
        if ty.has(crate::ty::TypeFlags::HAS_ERROR) {
            self.has_errors = true;
        }
        self.register_wf(ty, span);
        self.normalize(span, ty)
    }

    /// What must hold for a written type to make sense.
    fn register_wf(&mut self, ty: Ty, span: Span) {
        let cause = crate::solve::ObligationCause::new(self.owner, span, crate::solve::CauseCode::WellFormed);
        let obligations = crate::solve::wf_obligations(&self.infcx, ty, &cause);
        self.register_all(obligations);
    }

    /// A type of this body; the written form is kept for borrow checking.
    pub fn lower_body_ty(&mut self, id: TypeId) -> Ty {
        let (ast, scope) = self.written_ty(id);
        let user = self.lower_user_ty(ast, scope);
        self.tables.user_types.insert(id, user);
        self.erased_and_normal(user, ast.span)
    }

    /// The type of a closure's parameter. Elided lifetimes in it are bound by the closure's signature, whose variables are `vars`.
    pub fn lower_closure_param(&mut self, id: TypeId, vars: &mut Vec<BoundRegionKind>) -> Ty {
        let (ast, scope) = self.written_ty(id);
        let known = std::mem::take(vars);
        let (bound, all) = self.with_lowering(scope, |ctx| ctx.lower_input(ast, known));
        *vars = all.to_vec();
        let user = Binder { value: bound, vars: all }.instantiate_erased();
        self.tables.user_types.insert(id, user);
        let ty = self.erased_and_normal(user, ast.span);
        // Where normalisation changed the written type, its regions are anybody's guess.
        if user.erase_regions() == ty { bound.erase_regions() } else { ty }
    }

    pub fn lower_lifetime(&mut self, lifetime: &ast::Lifetime, scope: DefId) -> Region {
        // As the region of `&'a ()`.
        let unit = ast::Type { kind: ast::TypeKind::Tuple(Vec::new()), span: lifetime.span };
        let reference = ast::Type {
            kind: ast::TypeKind::Ref { lifetime: Some(*lifetime), mutable: false, inner: Box::new(unit) },
            span: lifetime.span,
        };
        match self.lower_user_ty(&reference, scope).kind() {
            TyKind::Ref(region, _, _) => *region,
            _ => Region::error(),
        }
    }

    pub fn lower_const_arg(&mut self, arg: &ast::GenericArg, ty: Ty, scope: DefId) -> Const {
        match arg {
            ast::GenericArg::Type(ty) if matches!(ty.without_parens().kind, ast::TypeKind::Infer) => self.const_var(),
            // A plain name was taken for a type by the grammar.
            ast::GenericArg::Const(_) | ast::GenericArg::Type(_) => {
                self.with_lowering(scope, |ctx| ctx.lower_const_arg(arg, ty))
            }
            ast::GenericArg::Lifetime(_) | ast::GenericArg::Assoc(_) => {
                self.has_errors = true;
                Const::error()
            }
        }
    }

    /// `ty::Name` where `Name` is an associated type.
    pub fn assoc_ty_of(&mut self, ty: Ty, segment: &ast::PathSegment, scope: DefId) -> Ty {
        let span = segment.ident.span;
        let name = segment.ident.name;
        let mut found: Option<(DefId, Args)> = None;
        for bound in self.bounds_of_param(ty) {
            let trait_ref = bound.instantiate_erased().erase_regions();
            if let Some(item) = self.assoc_ty_named(trait_ref.trait_, name) {
                found = Some((item, trait_ref.args));
                break;
            }
        }
        if found.is_none() {
            let impl_ = self.owner.ancestors().find(|def| def.kind() == DefKind::Impl);
            if let Some(impl_) = impl_
                && let Some(own) = crate::collect::impl_trait_ref(self.db, impl_)
                && self.self_ty_of(impl_) == ty
            {
                for trait_ref in self.supertraits(own.erase_regions()) {
                    if let Some(item) = self.assoc_ty_named(trait_ref.trait_, name) {
                        found = Some((item, trait_ref.args));
                        break;
                    }
                }
            }
        }
        match found {
            Some((item, args)) => {
                let own = self.args_from_segment(item, args, segment, scope, span).0;
                self.normalize(span, Ty::projection(item, own))
            }
            None => {
                if ty.is_error() {
                    self.has_errors = true;
                    return Ty::error();
                }
                let shown = self.display(ty);
                if let TyKind::Param(_) = ty.kind() {
                    let error = self
                        .error(span, "E0220", format!("associated type `{name}` not found for `{shown}`"))
                        .label(format!("associated type `{name}` not found"));
                    self.emit(error);
                    return Ty::error();
                }
                let error = self
                    .error(span, "E0223", format!("ambiguous associated type `{name}` in `{shown}`"))
                    .help(format!("write `<{shown} as Trait>::{name}` with the trait's name"));
                self.emit(error);
                Ty::error()
            }
        }
    }

    fn assoc_ty_named(&self, trait_: DefId, name: rgo_syntax::Name) -> Option<DefId> {
        rgo_hir::type_item(self.db, trait_, name)
    }

    pub fn args_of_types(types: &[Ty]) -> Args {
        types.iter().map(|ty| GenericArg::Ty(*ty)).collect()
    }
}
