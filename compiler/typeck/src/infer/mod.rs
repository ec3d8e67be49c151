//! Type inference over HIR bodies (rustc dev guide, "Type checking"): types of expressions and patterns, coercions, methods, closures.
//!
//! One [`FnCtxt`] per body owner; closures are inferred with their owner. Regions are erased throughout: borrow checking brings them back.
//! The result is the THIR of the owner and of its closures, made by `thir_build` while the inference variables are still there.

mod autoderef;
mod binders;
mod blame;
mod call;
mod cast;
mod closure;
mod coercion;
mod control;
mod expectation;
mod expr;
mod fallback;
mod format;
mod inline_const;
mod lower;
mod method;
mod mismatch;
mod op;
pub mod pat;
mod path;
mod place;
mod report;
pub mod tables;
mod util;
mod visit;

use rgo_hir::body::{Body, BodySourceMap, LabelId};
use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::TypeError;
use crate::infer_ctxt::InferCtxt;
use crate::solve::{FulfillCtxt, Obligation};
use crate::thir;
use crate::ty::{Const, Ty, TyKind, TypeFoldable};
use coercion::CoerceMany;
use rgo_hir::DefKey;
use tables::Tables;

/// What inference of a body owner yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InferenceResult {
    /// The owner's body and those of its closures.
    pub bodies: FxHashMap<DefId, thir::Body>,
    /// The type of the body's value.
    pub value_ty: Ty,
    /// What the `impl Trait`s of the signature stand for.
    pub opaque_types: FxHashMap<DefId, Ty>,
    /// The types of const arguments in this body that nobody else knows.
    pub const_args: FxHashMap<DefId, Ty>,
    pub errors: Vec<TypeError>,
}

/// Whether control comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Diverges {
    Maybe,
    Always,
}

impl Diverges {
    pub fn or(self, other: Diverges) -> Diverges {
        if self == Diverges::Always || other == Diverges::Always { Diverges::Always } else { Diverges::Maybe }
    }

    pub fn and(self, other: Diverges) -> Diverges {
        if self == Diverges::Always && other == Diverges::Always { Diverges::Always } else { Diverges::Maybe }
    }
}

/// A loop or labelled block that `break` can leave.
pub struct Breakable {
    pub label: LabelId,
    /// `None` where `break` takes no value.
    pub coerce: Option<CoerceMany>,
    pub may_break: bool,
    pub is_loop: bool,
}

/// A type that must be `Sized`, looked at once all is known.
pub struct SizedCheck {
    pub ty: Ty,
    pub span: Span,
}

pub struct FnCtxt<'db> {
    pub db: &'db dyn Db,
    pub infcx: InferCtxt<'db>,
    pub fulfill: FulfillCtxt,
    pub owner: DefId,
    /// The scope for names, traits and privacy: the owner, or a block in it that declares items.
    pub scope: DefId,
    pub body: &'db Body,
    pub map: &'db BodySourceMap,
    pub tables: Tables,
    pub errors: Vec<TypeError>,
    pub has_errors: bool,
    /// What patterns may not say within implicitly borrowing ones: said where the types are right, and the meaning is clear all the same.
    pub refused_modes: Vec<TypeError>,
    pub diverges: Diverges,
    pub breakables: Vec<Breakable>,
    /// `None` outside of functions.
    pub ret_coercion: Option<CoerceMany>,
    pub closure_depth: usize,
    pub diverging_vars: Vec<Ty>,
    pub sized_checks: Vec<SizedCheck>,
    pub sized_fields: Vec<SizedCheck>,
    /// Constants that something must determine, and where they are needed.
    pub unknown_consts: Vec<(Const, Span)>,
    /// What is left out of arguments of aliases.
    pub shared: lower::SharedParts,
    pub casts: Vec<cast::DeferredCast>,
    /// Inner ones before outer ones.
    pub inline_consts: Vec<inline_const::InlineConst<'db>>,
    pub const_args: FxHashMap<DefId, Ty>,
    pub opaques: Vec<(DefId, Ty)>,
    /// Unknown types that an error has been reported for.
    pub reported_vars: FxHashSet<Ty>,
    /// The types that the program gives around what is being checked, innermost last.
    pub expected_by: Vec<mismatch::ExpectedBy>,
    /// What is checked is part of a pattern that must match whatever comes.
    pub in_irrefutable_pat: bool,
    /// A type that nothing determined was met when the results were written down.
    pub unresolved: bool,
}

fn is_unsized(ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..))
}

/// The body owner whose inference covers `owner`.
pub fn typeck_root(db: &dyn Db, owner: DefId) -> DefId {
    let mut owner = owner;
    loop {
        let outer = match owner.kind() {
            DefKind::Closure => owner.parent(),
            DefKind::AnonConst => rgo_hir::body_around(db, owner),
            _ => None,
        };
        match outer {
            Some(outer) => owner = outer,
            None => return owner,
        }
    }
}

/// Types of a body. For a closure, those of the body it stands in.
pub fn infer_body(db: &dyn Db, owner: DefId) -> &InferenceResult {
    let root = typeck_root(db, owner);
    match argument_ty(db, root) {
        Some(ty) => infer_body_as(db, root, ty),
        None => infer_query(db, root.key(db)),
    }
}

/// Types of the body of a const argument for a parameter of type `ty`.
pub(crate) fn infer_body_as(db: &dyn Db, argument: DefId, ty: Ty) -> &InferenceResult {
    infer_as_query(db, argument.key(db), ty)
}

/// What the body around says of the type of a const argument: `T::f::<{ … }>` and arguments of methods name no parameter by themselves.
fn argument_ty(db: &dyn Db, owner: DefId) -> Option<Ty> {
    if !is_untyped_argument(db, owner) {
        return None;
    }
    infer_body(db, rgo_hir::owner_around(owner)?).const_args.get(&owner).copied()
}

fn is_untyped_argument(db: &dyn Db, owner: DefId) -> bool {
    owner.kind() == DefKind::AnonConst
        && rgo_hir::anon_const_kind(db, owner) == rgo_hir::AnonConstKind::GenericArg
        && crate::collect::parameter_ty(db, owner).is_none()
}

/// All errors of type inference of a body owner.
pub fn body_type_errors(db: &dyn Db, owner: DefId) -> &[TypeError] {
    &infer_body(db, owner).errors
}

/// What an `impl Trait` in return position stands for, with the parameters of its function; an error type if that cannot be known.
pub fn opaque_hidden_ty(db: &dyn Db, opaque: DefId) -> Ty {
    let Some(owner) = opaque.ancestors().find(|def| def.kind() == DefKind::Fn) else { return Ty::error() };
    infer_body(db, owner).opaque_types.get(&opaque).copied().unwrap_or_else(Ty::error)
}

/// Survives every edit that leaves the body's text, and the signatures that it uses, alone.
#[salsa::tracked(returns(ref), cycle_result = infer_cycle)]
fn infer_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> InferenceResult {
    let owner = key.def(db);
    let mut fcx = FnCtxt::new(db, owner);
    let value_ty = fcx.check_owner();
    let mut result = crate::thir_build::finish(fcx, value_ty);
    // The body around it, which alone knows its type, has errors, or did not ask for its value.
    if is_untyped_argument(db, owner) {
        result.errors.clear();
    }
    result
}

/// Survives every edit that leaves the argument's text, and the signatures that it uses, alone.
#[salsa::tracked(returns(ref), cycle_result = infer_as_cycle)]
fn infer_as_query<'db>(db: &'db dyn Db, key: DefKey<'db>, ty: Ty) -> InferenceResult {
    let mut fcx = FnCtxt::new(db, key.def(db));
    let value_ty = fcx.check_const_body(Some(ty));
    fcx.finish_expressions();
    crate::thir_build::finish(fcx, value_ty)
}

fn infer_as_cycle<'db>(db: &'db dyn Db, id: salsa::Id, key: DefKey<'db>, _ty: Ty) -> InferenceResult {
    infer_cycle(db, id, key)
}

fn infer_cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> InferenceResult {
    let owner = key.def(db);
    let mut bodies = FxHashMap::default();
    bodies.insert(owner, crate::thir_build::error_body(owner));
    InferenceResult {
        bodies,
        value_ty: Ty::error(),
        opaque_types: FxHashMap::default(),
        const_args: FxHashMap::default(),
        errors: Vec::new(),
    }
}

impl<'db> FnCtxt<'db> {
    fn new(db: &'db dyn Db, owner: DefId) -> FnCtxt<'db> {
        let param_env = crate::solve::param_env(db, owner);
        let infcx = InferCtxt::new(db, param_env);
        infcx.tainted.set(!rgo_hir::body_errors(db, owner).is_empty());
        FnCtxt {
            db,
            infcx,
            fulfill: FulfillCtxt::new(),
            owner,
            scope: owner,
            body: rgo_hir::body(db, owner),
            map: rgo_hir::body_source_map(db, owner),
            tables: Tables::default(),
            errors: Vec::new(),
            // What is private is known all the same.
            has_errors: rgo_hir::body_errors(db, owner).iter().any(|error| error.code != Some("E0603")),
            refused_modes: Vec::new(),
            diverges: Diverges::Maybe,
            breakables: Vec::new(),
            ret_coercion: None,
            closure_depth: 0,
            diverging_vars: Vec::new(),
            sized_checks: Vec::new(),
            sized_fields: Vec::new(),
            unknown_consts: Vec::new(),
            shared: lower::SharedParts::default(),
            casts: Vec::new(),
            inline_consts: Vec::new(),
            const_args: FxHashMap::default(),
            opaques: Vec::new(),
            reported_vars: FxHashSet::default(),
            expected_by: Vec::new(),
            in_irrefutable_pat: false,
            unresolved: false,
        }
    }

    /// Infers the whole body, up to what capture analysis must decide.
    fn check_owner(&mut self) -> Ty {
        let ty = match self.owner.kind() {
            DefKind::Fn => self.check_fn_body(),
            _ => {
                let declared = self.declared_const_ty();
                self.check_const_body(declared)
            }
        };
        self.finish_expressions();
        ty
    }

    fn finish_expressions(&mut self) {
        self.select_where_possible();
        self.fall_back();
        self.select_where_possible();
        self.for_each_body(|fcx, _| fcx.check_casts());
        self.select_where_possible();
    }

    fn check_fn_body(&mut self) -> Ty {
        use crate::ty::Subst;
        let written = self.fn_sig_of(self.owner);
        // Of a type with errors, lifetimes included, nothing is said that does not fit.
        let returns_error = written.value.output().has(crate::ty::TypeFlags::HAS_ERROR);
        let sig = written.instantiate_erased().erase_regions();
        let sig_span = self.return_type_span().unwrap_or_else(|| rgo_hir::def_span(self.db, self.owner));
        let sig = self.normalize(sig_span, sig);
        if returns_error || sig.inputs_and_output.iter().any(|ty| ty.has(crate::ty::TypeFlags::HAS_ERROR)) {
            self.has_errors = true;
            self.infcx.tainted.set(true);
        }
        let ret = self.replace_opaques(sig.output(), sig_span);
        let ret = if returns_error { Ty::error() } else { self.checked_return_ty(ret, sig_span) };
        self.ret_coercion = Some(CoerceMany::new(ret));
        let body = self.body;
        for (index, &param) in body.params.iter().enumerate() {
            let ty = sig.inputs().get(index).copied().unwrap_or_else(Ty::error);
            self.check_pat_top(param, ty);
            let span = self.pat_span(param);
            self.require_sized(ty, span);
        }
        self.require_sized(ret, sig_span);
        // `impl ?Sized` says nothing of its size, whatever it hides.
        if matches!(sig.output().kind(), TyKind::Opaque(..)) {
            self.require_sized(sig.output(), sig_span);
        }
        match self.return_type_span() {
            Some(span) => self.expecting(ret, span, "expected because of this result type", |fcx| {
                fcx.check_returned_value(ret);
            }),
            None => self.check_returned_value(ret),
        }
        ret
    }

    /// A function cannot return a `dyn Trait` by value.
    fn checked_return_ty(&mut self, ret: Ty, span: Span) -> Ty {
        if !ret.is_dyn() {
            return ret;
        }
        let error = self
            .error(span, "E0746", "return type must be a boxed or `impl` trait object")
            .label("doesn't have a size known at compile-time")
            .help("return `impl Trait` for one type, `Box<dyn Trait>` for several");
        self.emit(error);
        Ty::error()
    }

    fn check_returned_value(&mut self, ret: Ty) {
        let value = self.body.value;
        let ty = self.check_expr_with_hint(value, ret);
        let span = self.mismatch_span(value);
        if let Some(mut coerce) = self.ret_coercion.take() {
            coerce.coerce(self, value, ty, span);
            let actual = coerce.complete();
            if self.eq(span, ret, actual).is_err() && !self.shallow(actual).is_never() {
                self.report_mismatch(span, ret, actual);
            }
        }
    }

    fn check_const_body(&mut self, declared: Option<Ty>) -> Ty {
        use crate::ty::Subst;
        let expected = match declared {
            // Wrong in itself (E0277): no value would fit.
            Some(ty) if self.owner.kind() == DefKind::Static && is_unsized(ty) => Ty::error(),
            Some(ty) => {
                let ty = ty.erase_regions();
                let span = rgo_hir::def_span(self.db, self.owner);
                self.normalize(span, ty)
            }
            None => self.ty_var(),
        };
        if !self.check_lone_param(expected) {
            self.check_coercible(self.body.value, expected);
        }
        expected
    }

    /// `{ N }` in a type is the parameter itself, not a constant that is computed from it. True if it was refused.
    fn check_lone_param(&mut self, wanted: Ty) -> bool {
        if self.owner.kind() != DefKind::AnonConst {
            return false;
        }
        let Some(param) = self.lone_param(self.body) else { return false };
        let Some(found) = crate::collect::declared_ty(self.db, param) else { return false };
        if found == wanted || found.has_error() || wanted.has_error() {
            return false;
        }
        let label = format!("expected `{}`, found `{}`", self.display(wanted), self.display(found));
        let message = crate::collect::not_of_type(self.db, param, wanted);
        let error = self.error_without_code(self.value_span(), message).label(label);
        self.emit(error);
        true
    }

    /// The type that a constant's value must have.
    fn declared_const_ty(&self) -> Option<Ty> {
        if self.owner.kind() == DefKind::AnonConst {
            let ty = crate::collect::type_of(self.db, self.owner);
            return if ty.is_error() { None } else { Some(ty) };
        }
        Some(crate::collect::type_of(self.db, self.owner))
    }

    /// In the function that defines them, `impl Trait` types of the return type are unknowns with those bounds.
    fn replace_opaques(&mut self, ty: Ty, span: Span) -> Ty {
        use crate::ty::fold::{TypeFoldable, TypeFolder};
        struct Replacer<'a, 'db> {
            fcx: &'a mut FnCtxt<'db>,
            found: Vec<(DefId, crate::ty::Args, Ty)>,
        }
        impl TypeFolder for Replacer<'_, '_> {
            fn fold_ty(&mut self, ty: Ty) -> Ty {
                if !ty.has(crate::ty::TypeFlags::HAS_OPAQUE) {
                    return ty;
                }
                if let TyKind::Opaque(def, args) = ty.kind()
                    && def.ancestors().any(|ancestor| ancestor == self.fcx.owner)
                {
                    if let Some((_, _, var)) = self.found.iter().find(|(known, _, _)| known == def) {
                        return *var;
                    }
                    let var = self.fcx.ty_var();
                    self.found.push((*def, *args, var));
                    return var;
                }
                ty.super_fold_with(self)
            }
        }
        if !ty.has(crate::ty::TypeFlags::HAS_OPAQUE) {
            return ty;
        }
        let mut replacer = Replacer { fcx: self, found: Vec::new() };
        let result = ty.fold_with(&mut replacer);
        let mut next = 0;
        // Bounds may name further opaque types (`impl Iterator<Item = impl Display>`).
        while let Some((def, args, var)) = replacer.found.get(next).copied() {
            next += 1;
            replacer.fcx.opaques.push((def, var));
            use crate::ty::Subst;
            let bounds: Vec<_> = crate::collect::explicit_item_bounds(replacer.fcx.db, def)
                .iter()
                .map(|(predicate, _)| predicate.subst(args).erase_regions())
                .collect();
            for bound in bounds {
                let bound = bound.fold_with(&mut replacer);
                // A bound on a projection of the type: what that is will be known when the type is.
                let bound = replacer.fcx.normalize(span, bound);
                replacer.fcx.register_predicate(span, bound);
            }
        }
        result
    }

    /// After capture analysis: everything must hold now.
    pub fn finish_obligations(&mut self) {
        self.select_where_possible();
        self.fall_back();
        self.check_sized();
        self.select_where_possible();
        let errors = self.fulfill.select_all_or_error(&self.infcx);
        self.report_unknown_const(&errors);
        self.report_fulfill_errors(errors);
    }

    pub fn register_all(&mut self, obligations: Vec<Obligation>) {
        self.fulfill.register_all(&self.infcx, obligations);
    }
}
