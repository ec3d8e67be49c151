//! Short names for what every part of inference asks of the inference context, the solver, the HIR and the declarations.

use std::cell::RefCell;

use rgo_hir::body::{Block, Body, Expr, ExprId, PatId, TypeId};
use rgo_hir::resolve::PrimTy;
use rgo_hir::{DefId, DefKind, SelfHead};
use rgo_syntax::{Span, ast};
use rustc_hash::FxHashSet;

use super::coercion::Mismatch;
use super::tables::VariantRef;
use super::{FnCtxt, SizedCheck};
use crate::collect;
use crate::infer_ctxt::Relate;
use crate::solve::{CauseCode, EvalResult, Obligation, ObligationCause, SizedReason};
use crate::ty::fold::{TypeFoldable, TypeFolder};
use crate::ty::subst::Subst;
use crate::ty::{
    AdtDef, Args, Binder, Clause, Const, ConstKind, FloatTy, FnSig, GenericParamDef, GenericParamKind, InferTy, IntTy,
    Predicate, TraitRef, Ty, TyKind, UintTy, VariantDef,
};

impl<'db> FnCtxt<'db> {
    // ----- variables and unification -----

    pub fn ty_var(&self) -> Ty {
        self.infcx.new_ty_var(Span::at(0))
    }

    pub fn ty_var_at(&self, span: Span) -> Ty {
        self.infcx.new_ty_var(span)
    }

    pub fn int_var(&self) -> Ty {
        self.infcx.new_int_var()
    }

    pub fn float_var(&self) -> Ty {
        self.infcx.new_float_var()
    }

    pub fn const_var(&self) -> Const {
        self.infcx.new_const_var(Span::at(0))
    }

    /// Something must say in the end which constant this is.
    pub fn require_known(&mut self, value: Const, span: Span) {
        if matches!(value.kind(), ConstKind::Infer(_)) {
            self.unknown_consts.push((value, span));
        }
    }

    pub fn cause(&self, span: Span) -> ObligationCause {
        ObligationCause::misc(self.owner, span)
    }

    pub fn shallow(&self, ty: Ty) -> Ty {
        self.infcx.shallow_resolve(ty)
    }

    pub fn resolve<T: TypeFoldable>(&self, value: T) -> T {
        self.infcx.resolve_vars_if_possible(value)
    }

    /// The head of the type, after trying what is pending if it is unknown.
    pub fn try_structurally_resolve(&mut self, ty: Ty) -> Ty {
        let resolved = self.shallow(ty);
        if !resolved.is_ty_var() {
            return resolved;
        }
        self.select_where_possible();
        self.shallow(resolved)
    }

    /// The type with what is known of its variables, after trying what is pending if there are any.
    pub fn resolve_with_pending(&mut self, ty: Ty) -> Ty {
        let resolved = self.resolve(ty);
        if !resolved.has_infer() {
            return resolved;
        }
        self.select_where_possible();
        self.resolve(resolved)
    }

    /// As `try_structurally_resolve`; an unknown head is reported (E0282).
    pub fn structurally_resolve(&mut self, span: Span, ty: Ty) -> Ty {
        let resolved = self.try_structurally_resolve(ty);
        if resolved.is_ty_var() {
            self.report_unknown_type(span, resolved);
            let _ = self.eq(span, resolved, Ty::error());
            return Ty::error();
        }
        resolved
    }

    /// Makes the types equal, or changes nothing.
    pub fn unify(&mut self, span: Span, a: Ty, b: Ty) -> Result<Vec<Obligation>, Mismatch> {
        let cause = self.cause(span);
        match self.infcx.eq(&cause, a, b) {
            Ok(()) => Ok(Vec::new()),
            Err(_) => Err(Mismatch),
        }
    }

    pub fn eq<T: Relate>(&mut self, span: Span, a: T, b: T) -> Result<(), Mismatch> {
        let cause = self.cause(span);
        self.infcx.eq(&cause, a, b).map_err(|_| Mismatch)
    }

    pub fn eq_const(&mut self, a: Const, b: Const) -> Result<(), Mismatch> {
        self.eq(Span::at(0), a, b)
    }

    /// Runs `f` and undoes what it did to inference variables. `f` must not register obligations that matter.
    pub fn probe<R>(&mut self, f: impl FnOnce(&mut Self) -> R) -> R {
        let snapshot = self.infcx.snapshot();
        let errors = self.errors.len();
        let had_errors = self.has_errors;
        let pending = std::mem::take(&mut self.fulfill);
        let result = f(self);
        self.fulfill = pending;
        self.errors.truncate(errors);
        self.has_errors = had_errors;
        self.infcx.rollback_to(snapshot);
        result
    }

    pub fn commit_if_ok<R, E>(&mut self, f: impl FnOnce(&mut Self) -> Result<R, E>) -> Result<R, E> {
        let snapshot = self.infcx.snapshot();
        let outer = std::mem::take(&mut self.fulfill);
        let result = f(self);
        let inner = std::mem::replace(&mut self.fulfill, outer);
        match &result {
            Ok(_) => {
                self.infcx.commit(snapshot);
                let registered: Vec<Obligation> = inner.pending().cloned().collect();
                self.register_all(registered);
            }
            Err(_) => self.infcx.rollback_to(snapshot),
        }
        result
    }

    /// Runs `f`, undoes it, and keeps the types it found, with fresh variables for those made meanwhile.
    pub fn fudge(&mut self, f: impl FnOnce(&mut Self) -> Option<Vec<Ty>>) -> Option<Vec<Ty>> {
        struct Fudger<'a, 'db> {
            fcx: &'a FnCtxt<'db>,
            known: u32,
            ints: u32,
            floats: u32,
            made: RefCell<rustc_hash::FxHashMap<Ty, Ty>>,
        }
        impl TypeFolder for Fudger<'_, '_> {
            fn fold_ty(&mut self, ty: Ty) -> Ty {
                if !ty.has_infer() {
                    return ty;
                }
                let fresh = match ty.kind() {
                    TyKind::Infer(InferTy::Ty(var)) if *var >= self.known => true,
                    TyKind::Infer(InferTy::Int(var)) if *var >= self.ints => true,
                    TyKind::Infer(InferTy::Float(var)) if *var >= self.floats => true,
                    TyKind::Infer(_) => false,
                    _ => return ty.super_fold_with(self),
                };
                if !fresh {
                    return ty;
                }
                *self.made.borrow_mut().entry(ty).or_insert_with(|| match ty.kind() {
                    TyKind::Infer(InferTy::Int(_)) => self.fcx.int_var(),
                    TyKind::Infer(InferTy::Float(_)) => self.fcx.float_var(),
                    _ => self.fcx.ty_var(),
                })
            }
        }
        let known = self.infcx.ty_var_count();
        let ints = self.infcx.int_var_count();
        let floats = self.infcx.float_var_count();
        let found = self.probe(|fcx| {
            let types = f(fcx)?;
            let errors = fcx.fulfill.select_where_possible(&fcx.infcx);
            if !errors.is_empty() {
                return None;
            }
            Some(fcx.resolve_list(types))
        })?;
        let mut fudger = Fudger { fcx: self, known, ints, floats, made: RefCell::default() };
        Some(found.into_iter().map(|ty| ty.fold_with(&mut fudger)).collect())
    }

    fn resolve_list(&self, types: Vec<Ty>) -> Vec<Ty> {
        types.into_iter().map(|ty| self.resolve(ty)).collect()
    }

    // ----- obligations -----

    pub fn obligation(&self, span: Span, predicate: Predicate) -> Obligation {
        Obligation::new(self.cause(span), self.infcx.param_env, predicate)
    }

    pub fn register_predicate(&mut self, span: Span, predicate: Predicate) {
        let obligation = self.obligation(span, predicate);
        self.fulfill.register(&self.infcx, obligation);
    }

    pub fn register_trait(&mut self, span: Span, trait_ref: TraitRef) {
        self.register_predicate(span, trait_ref.to_predicate());
    }

    pub fn register_with_code(&mut self, span: Span, code: CauseCode, predicate: Predicate) {
        let cause = ObligationCause::new(self.owner, span, code);
        let obligation = Obligation::new(cause, self.infcx.param_env, predicate);
        self.fulfill.register(&self.infcx, obligation);
    }

    /// The predicates of an item that is used with these arguments.
    pub fn register_predicates_of(&mut self, span: Span, def: DefId, args: Args) {
        for arg in &args {
            if let crate::ty::GenericArg::Const(value) = arg {
                self.require_known(*value, span);
            }
        }
        for (predicate, written) in self.infcx.predicates_of(def) {
            let predicate = predicate.subst(args).erase_regions();
            if matches!(predicate.value, Clause::TypeOutlives(..) | Clause::RegionOutlives(..)) {
                continue;
            }
            let predicate = self.normalize(span, predicate);
            self.register_with_code(span, CauseCode::WhereClause { item: def, span: *written }, predicate);
        }
    }

    /// The predicates of an impl, not those of its items.
    pub fn own_predicates(&mut self, def: DefId, args: Args) -> Vec<Predicate> {
        self.infcx
            .predicates_of(def)
            .iter()
            .map(|(predicate, _)| predicate.subst(args).erase_regions())
            .filter(|predicate| !matches!(predicate.value, Clause::TypeOutlives(..) | Clause::RegionOutlives(..)))
            .collect()
    }

    pub fn select_where_possible(&mut self) {
        let errors = self.fulfill.select_where_possible(&self.infcx);
        self.report_fulfill_errors(errors);
    }

    /// A projection under a binder has no variable to wait in until the type that it is of is known: it is looked at anew.
    pub fn renormalize(&mut self, span: Span, ty: Ty) -> Ty {
        if !ty.has_projection() || !ty.has_flag(crate::ty::TypeFlags::HAS_BOUND) {
            return ty;
        }
        let ty = self.resolve(ty);
        self.normalize(span, ty)
    }

    pub fn normalize<T: TypeFoldable>(&mut self, span: Span, value: T) -> T {
        if !value.has_projection() {
            return value;
        }
        let cause = self.cause(span);
        let mut obligations = Vec::new();
        let value = self.infcx.normalize(value, &cause, &mut obligations);
        self.register_all(obligations);
        value
    }

    pub fn obligation_may_hold(&mut self, obligation: &Obligation) -> bool {
        self.infcx.evaluate(obligation).may_hold()
    }

    pub fn predicate_may_hold(&mut self, span: Span, predicate: Predicate) -> bool {
        let obligation = self.obligation(span, predicate);
        self.infcx.evaluate(&obligation).may_hold()
    }

    pub fn trait_may_hold(&mut self, trait_: DefId, args: Args) -> bool {
        self.predicate_may_hold(Span::at(0), TraitRef::new(trait_, args).to_predicate())
    }

    pub fn trait_holds(&mut self, trait_: DefId, args: Args) -> bool {
        let obligation = self.obligation(Span::at(0), TraitRef::new(trait_, args).to_predicate());
        self.infcx.evaluate(&obligation) == EvalResult::Holds
    }

    /// The type must be `Sized`; checked at the end.
    pub fn require_sized(&mut self, ty: Ty, span: Span) {
        if is_trivially_sized(ty) {
            return;
        }
        self.sized_checks.push(SizedCheck { ty, span });
    }

    /// What a constructor is handed must be `Sized`; checked at the end, and one type is reported once, if it is known and the same in all
    /// its lifetimes.
    pub fn require_sized_field(&mut self, ty: Ty, span: Span) {
        if !is_trivially_sized(ty) {
            self.sized_fields.push(SizedCheck { ty, span });
        }
    }

    /// A parameter whose declared type is unsized, which is wrong where it is declared, too.
    pub fn require_sized_argument(&mut self, formal: Ty, span: Span) {
        if self.is_known_unsized(formal) {
            self.require_sized_field(formal, span);
        }
    }

    pub fn is_known_unsized(&mut self, ty: Ty) -> bool {
        matches!(self.shallow(ty).kind(), TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..))
    }

    pub fn check_sized(&mut self) {
        let Some(sized) = self.lang("sized") else { return };
        let fields = std::mem::take(&mut self.sized_fields);
        let mut seen = FxHashSet::default();
        let mut is_new = |ty: Ty| ty.has_infer() || ty.has(crate::ty::TypeFlags::HAS_REGION) || seen.insert(ty);
        let fields: Vec<SizedCheck> = fields.into_iter().filter(|check| is_new(check.ty)).collect();
        for check in std::mem::take(&mut self.sized_checks).into_iter().chain(fields) {
            let ty = self.resolve(check.ty);
            // What an error has left unknown counts as wrong.
            let is_lost = self.infcx.tainted.get() && ty.has_infer();
            if is_trivially_sized(ty) || ty.is_ty_var() || ty.has_error() || is_lost {
                continue;
            }
            let predicate = TraitRef::with_self(sized, ty, &[]).to_predicate();
            self.register_with_code(check.span, CauseCode::Sized(SizedReason::Local), predicate);
        }
    }

    // ----- declarations -----

    pub fn lang(&self, name: &str) -> Option<DefId> {
        self.infcx.lang.item(name)
    }

    pub fn is_lang(&self, def: DefId, name: &str) -> bool {
        self.infcx.lang.item(name) == Some(def)
    }

    pub fn adt_def(&self, def: DefId) -> &'db AdtDef {
        collect::adt_def(self.db, def)
    }

    pub fn variant_def(&self, variant: VariantRef) -> &'db VariantDef {
        let adt = collect::adt_def(self.db, variant.adt);
        &adt.variants[(variant.index as usize).min(adt.variants.len() - 1)]
    }

    pub fn type_of(&self, def: DefId) -> Ty {
        collect::type_of(self.db, def)
    }

    pub fn fn_sig_of(&mut self, def: DefId) -> Binder<FnSig> {
        collect::fn_sig(self.db, def)
    }

    pub fn generics_count(&self, def: DefId) -> usize {
        let mut count = 0;
        self.infcx.for_each_param(def, &mut |_| count += 1);
        count
    }

    /// The parameters of `def` from position `from` on.
    pub fn own_params(&self, def: DefId, from: usize) -> Vec<GenericParamDef> {
        let mut params = Vec::new();
        self.infcx.for_each_param(def, &mut |param| {
            if param.index as usize >= from {
                params.push(param.clone());
            }
        });
        params
    }

    pub fn fresh_args(&mut self, def: DefId) -> Args {
        self.fresh_own_args(def, Args::empty())
    }

    pub fn fresh_own_args(&mut self, def: DefId, given: Args) -> Args {
        self.infcx.fresh_args_after(given, def, &ObligationCause::dummy()).erase_regions()
    }

    pub fn identity_args(&self) -> Args {
        collect::identity_args(self.db, self.owner).erase_regions()
    }

    pub fn caller_bounds(&self) -> Vec<Predicate> {
        self.infcx.param_env.clauses.to_vec()
    }

    /// The trait itself and all that it extends, for `trait_ref`.
    pub fn supertraits(&self, trait_ref: TraitRef) -> Vec<TraitRef> {
        crate::solve::elaborate(self.db, [trait_ref.to_predicate()])
            .into_iter()
            .filter_map(|predicate| match predicate.value {
                Clause::Trait(found) if found.self_ty() == trait_ref.self_ty() => {
                    Some(Binder { value: found, vars: predicate.vars }.instantiate_erased().erase_regions())
                }
                _ => None,
            })
            .collect()
    }

    pub fn is_auto_trait(&self, trait_: DefId) -> bool {
        match &rgo_hir::item_ast(self.db, trait_).kind {
            ast::ItemKind::Trait(item) => item.auto.is_some(),
            _ => false,
        }
    }

    pub fn takes_self(&self, def: DefId) -> bool {
        match &rgo_hir::item_ast(self.db, def).kind {
            ast::ItemKind::Fn(item) => item.self_param.is_some(),
            _ => false,
        }
    }

    pub fn const_param_ty(&self, index: u32) -> Ty {
        let mut found = Ty::usize();
        self.infcx.for_each_param(self.owner, &mut |param| {
            if param.index == index
                && let GenericParamKind::Const { ty, .. } = &param.kind
            {
                found = *ty;
            }
        });
        found
    }

    pub fn const_param(&self, def: DefId) -> Const {
        let mut found = Const::error();
        let owner = def.parent().unwrap_or(self.owner);
        self.infcx.for_each_param(owner, &mut |param| {
            if param.def == def {
                found = Const::new(crate::ty::ConstKind::Param { index: param.index, name: param.name });
            }
        });
        found
    }

    /// `Self` in a trait or impl.
    pub fn self_ty_of(&self, of: DefId) -> Ty {
        match of.kind() {
            DefKind::Trait => Ty::self_param(),
            DefKind::Impl => collect::type_of(self.db, of).erase_regions(),
            DefKind::Struct | DefKind::Enum | DefKind::Union => {
                Ty::adt(of, collect::identity_args(self.db, of).erase_regions())
            }
            _ => Ty::error(),
        }
    }

    pub fn inherent_impls_for(&self, ty: Ty) -> Vec<DefId> {
        let impls = rgo_hir::inherent_impls(self.db);
        // What others than std write for these (E0390) does not count.
        let of = |head: SelfHead| impls.of(head).iter().copied().filter(|imp| imp.is_std()).collect::<Vec<_>>();
        let prim = |prim| of(SelfHead::PrimTy(prim));
        match ty.kind() {
            TyKind::Adt(def, _) => impls.of(SelfHead::Def(*def)).to_vec(),
            TyKind::Dynamic(..) => match ty.dyn_principal() {
                Some(principal) => impls.of(SelfHead::Def(principal.value.trait_)).to_vec(),
                None => Vec::new(),
            },
            TyKind::Bool => prim(PrimTy::Bool),
            TyKind::Char => prim(PrimTy::Char),
            TyKind::Str => prim(PrimTy::Str),
            TyKind::Int(int) => prim(match int {
                IntTy::I8 => PrimTy::I8,
                IntTy::I16 => PrimTy::I16,
                IntTy::I32 => PrimTy::I32,
                IntTy::I64 => PrimTy::I64,
                IntTy::Isize => PrimTy::Isize,
            }),
            TyKind::Uint(uint) => prim(match uint {
                UintTy::U8 => PrimTy::U8,
                UintTy::U16 => PrimTy::U16,
                UintTy::U32 => PrimTy::U32,
                UintTy::U64 => PrimTy::U64,
                UintTy::Usize => PrimTy::Usize,
            }),
            TyKind::Float(FloatTy::F32) => prim(PrimTy::F32),
            TyKind::Float(FloatTy::F64) => prim(PrimTy::F64),
            TyKind::Slice(_) => of(SelfHead::Slice),
            TyKind::Array(..) => of(SelfHead::Array),
            TyKind::Ref(_, _, mutability) => of(SelfHead::Ref(*mutability)),
            TyKind::Tuple(items) => of(SelfHead::Tuple(items.len())),
            TyKind::FnPtr(_) => of(SelfHead::FnPtr),
            TyKind::Never => of(SelfHead::Never),
            TyKind::FnDef(..)
            | TyKind::Closure(..)
            | TyKind::Param(_)
            | TyKind::Projection(..)
            | TyKind::Opaque(..)
            | TyKind::Infer(_)
            | TyKind::Error => Vec::new(),
        }
    }

    /// The value of an anonymous constant used in a type of this body.
    pub fn eval_anon_const(&mut self, def: DefId, span: Span) -> Const {
        let body = rgo_hir::body(self.db, def);
        if let Some(param) = self.lone_param(body) {
            return self.const_param(param);
        }
        if matches!(body.exprs[body.value], Expr::Underscore) {
            let value = self.const_var();
            self.require_known(value, span);
            return value;
        }
        if crate::collect::generic_consts::is_forbidden(self.db, def) {
            self.has_errors = true;
            return Const::error();
        }
        let value = crate::const_eval::eval_anon_const(self.db, def);
        match value.kind() {
            ConstKind::Unevaluated(..) => {
                self.depends_on_parameter(def);
                Const::error()
            }
            _ => value,
        }
    }

    /// A plain parameter name is that parameter, in braces too.
    pub fn lone_param(&self, body: &Body) -> Option<DefId> {
        let value = match &body.exprs[body.value] {
            Expr::Block(Block { stmts, tail: Some(tail), .. }) if stmts.is_empty() => *tail,
            _ => body.value,
        };
        match &body.exprs[value] {
            Expr::Path(path) if path.unresolved == 0 => match path.res {
                rgo_hir::resolve::Res::Def(param) if param.kind() == DefKind::ConstParam => Some(param),
                _ => None,
            },
            _ => None,
        }
    }

    fn depends_on_parameter(&mut self, def: DefId) {
        let span = rgo_hir::anon_const_expr(self.db, def).map_or_else(Span::default, |expr| expr.span);
        let error = self.error_without_code(span, "constant expression depends on a generic parameter");
        self.emit(error);
    }

    // ----- spans -----

    pub fn expr_span(&self, expr: ExprId) -> Span {
        self.map.exprs.get(expr).copied().unwrap_or_default()
    }

    pub fn pat_span(&self, pat: PatId) -> Span {
        self.map.pats.get(pat).copied().unwrap_or_default()
    }

    pub fn type_span(&self, ty: TypeId) -> Span {
        self.map.types.get(ty).copied().unwrap_or_default()
    }

    /// The method's or field's name, or the operator.
    pub fn name_span(&self, expr: ExprId) -> Span {
        self.map.names.get(expr).copied().unwrap_or_else(|| self.expr_span(expr))
    }

    pub fn field_name_span(&self, expr: ExprId, position: usize, value: ExprId) -> Span {
        let known = self.map.field_names.get(expr).and_then(|spans| spans.get(position)).copied();
        known.unwrap_or_else(|| self.expr_span(value))
    }

    pub fn pat_field_span(&self, pat: PatId, position: usize, sub: PatId) -> Span {
        let known = self.map.pat_field_names.get(pat).and_then(|spans| spans.get(position)).copied();
        known.unwrap_or_else(|| self.pat_span(sub))
    }

    pub fn is_body_value(&self, expr: ExprId) -> bool {
        self.body.value == expr && self.closure_depth == 0
    }

    /// Where the return type is written.
    pub fn return_type_span(&self) -> Option<Span> {
        if self.owner.kind() != DefKind::Fn || self.closure_depth > 0 {
            return None;
        }
        match &rgo_hir::item_ast(self.db, self.owner).kind {
            ast::ItemKind::Fn(item) => item.ret.as_ref().map(|ty| ty.span),
            _ => None,
        }
    }

    pub fn in_closure(&self) -> bool {
        self.closure_depth > 0
    }
}

/// Sized without a look at traits.
pub fn is_trivially_sized(ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Bool
        | TyKind::Char
        | TyKind::Int(_)
        | TyKind::Uint(_)
        | TyKind::Float(_)
        | TyKind::Never
        | TyKind::Array(..)
        | TyKind::Ref(..)
        | TyKind::FnDef(..)
        | TyKind::FnPtr(_)
        | TyKind::Closure(..)
        | TyKind::Error
        | TyKind::Infer(InferTy::Int(_) | InferTy::Float(_)) => true,
        TyKind::Tuple(items) => items.is_empty(),
        TyKind::Adt(..)
        | TyKind::Str
        | TyKind::Slice(_)
        | TyKind::Dynamic(..)
        | TyKind::Param(_)
        | TyKind::Projection(..)
        | TyKind::Opaque(..)
        | TyKind::Infer(InferTy::Ty(_)) => false,
    }
}
