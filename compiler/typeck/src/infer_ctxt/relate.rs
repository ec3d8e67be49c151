//! Relating types: equality and subtyping, with occurs check and generalisation.
//!
//! Where regions are erased both are the same structural unification. Where they are tracked, variance decides the direction of region
//! constraints, binders are related through placeholders and fresh variables (rustc dev guide, "Higher-ranked trait bounds", "Variance").

use rgo_hir::DefKind;
use rgo_hir::body::Mutability;

use super::InferCtxt;
use crate::collect::{self, Variance};
use crate::solve::ObligationCause;
use crate::ty::fold::{TypeFoldable, TypeFolder};
use crate::ty::{
    Args, Binder, Clause, Const, ConstKind, FnSig, GenericArg, InferTy, List, ProjectionTy, Region, RegionKind,
    TraitRef, Ty, TyKind, TypeFlags,
};

/// Two types (or constants) that could not be made equal: the innermost differing parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeMismatch {
    pub kind: MismatchKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MismatchKind {
    /// Different heads.
    Types(Ty, Ty),
    Consts(Const, Const),
    /// A type would contain itself.
    Cyclic(Ty),
    ArgumentCount,
    Traits,
}

pub type RelateResult = Result<(), TypeMismatch>;

fn mismatch(a: Ty, b: Ty) -> TypeMismatch {
    TypeMismatch { kind: MismatchKind::Types(a, b) }
}

/// Things that can be related part by part.
pub trait Relate: TypeFoldable {
    #[doc(hidden)]
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult;
}

pub struct Relation<'a, 'db> {
    infcx: &'a InferCtxt<'db>,
    cause: &'a ObligationCause,
    variance: Variance,
}

impl InferCtxt<'_> {
    /// Makes `a` and `b` equal.
    pub fn eq<T: Relate>(&self, cause: &ObligationCause, a: T, b: T) -> RelateResult {
        self.relate(cause, Variance::Invariant, a, b)
    }

    /// Makes `sub` a subtype of `sup` (the same as equality where regions are erased).
    pub fn sub<T: Relate>(&self, cause: &ObligationCause, sub: T, sup: T) -> RelateResult {
        self.relate(cause, Variance::Covariant, sub, sup)
    }

    /// Relates `a` to `b`: covariant means `a <: b`. On failure nothing has changed.
    pub fn relate<T: Relate>(&self, cause: &ObligationCause, variance: Variance, a: T, b: T) -> RelateResult {
        self.commit_if_ok(|| a.relate(b, &mut Relation { infcx: self, cause, variance }))
    }

    /// Whether the two could be equal; changes nothing.
    pub fn can_eq<T: Relate>(&self, a: T, b: T) -> bool {
        let cause = ObligationCause::dummy();
        self.probe(|| a.relate(b, &mut Relation { infcx: self, cause: &cause, variance: Variance::Invariant }).is_ok())
    }
}

impl Relation<'_, '_> {
    fn with_variance<R>(&mut self, variance: Variance, f: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.variance;
        self.variance = outer.then(variance);
        let result = f(self);
        self.variance = outer;
        result
    }

    fn tys(&mut self, a: Ty, b: Ty) -> RelateResult {
        if a == b {
            return Ok(());
        }
        let (a, b) = (self.infcx.shallow_resolve(a), self.infcx.shallow_resolve(b));
        if a == b {
            return Ok(());
        }
        match (a.kind(), b.kind()) {
            (TyKind::Infer(InferTy::Ty(x)), TyKind::Infer(InferTy::Ty(y))) => {
                self.infcx.table.borrow_mut().union_ty(*x, *y);
                Ok(())
            }
            (TyKind::Infer(InferTy::Ty(x)), _) => self.assign(*x, b, Side::Left),
            (_, TyKind::Infer(InferTy::Ty(y))) => self.assign(*y, a, Side::Right),
            (TyKind::Error, _) | (_, TyKind::Error) => Ok(()),
            (TyKind::Infer(InferTy::Int(x)), TyKind::Infer(InferTy::Int(y))) => {
                self.infcx.table.borrow_mut().union_int(*x, *y);
                Ok(())
            }
            (TyKind::Infer(InferTy::Int(x)), TyKind::Int(_) | TyKind::Uint(_)) => {
                self.infcx.table.borrow_mut().assign_int(*x, b);
                Ok(())
            }
            (TyKind::Int(_) | TyKind::Uint(_), TyKind::Infer(InferTy::Int(y))) => {
                self.infcx.table.borrow_mut().assign_int(*y, a);
                Ok(())
            }
            (TyKind::Infer(InferTy::Float(x)), TyKind::Infer(InferTy::Float(y))) => {
                self.infcx.table.borrow_mut().union_float(*x, *y);
                Ok(())
            }
            (TyKind::Infer(InferTy::Float(x)), TyKind::Float(_)) => {
                self.infcx.table.borrow_mut().assign_float(*x, b);
                Ok(())
            }
            (TyKind::Float(_), TyKind::Infer(InferTy::Float(y))) => {
                self.infcx.table.borrow_mut().assign_float(*y, a);
                Ok(())
            }
            _ => self.structurally(a, b),
        }
    }

    fn structurally(&mut self, a: Ty, b: Ty) -> RelateResult {
        match (a.kind(), b.kind()) {
            (TyKind::Adt(x, a_args), TyKind::Adt(y, b_args)) | (TyKind::FnDef(x, a_args), TyKind::FnDef(y, b_args))
                if x == y =>
            {
                // A constructor as a function takes what its type is covariant in.
                let is_constructor = matches!(a.kind(), TyKind::FnDef(..)) && x.kind() != DefKind::Fn;
                if self.infcx.tracks_regions() && !is_constructor {
                    self.args_with(*a_args, *b_args, collect::variances_of(self.infcx.db, *x))
                } else {
                    self.args(*a_args, *b_args)
                }
            }
            (TyKind::Closure(x, a_args), TyKind::Closure(y, b_args))
            | (TyKind::Projection(x, a_args), TyKind::Projection(y, b_args))
            | (TyKind::Opaque(x, a_args), TyKind::Opaque(y, b_args))
                if x == y =>
            {
                self.args(*a_args, *b_args)
            }
            (TyKind::Array(a_elem, a_len), TyKind::Array(b_elem, b_len)) => {
                self.tys(*a_elem, *b_elem)?;
                self.consts(*a_len, *b_len)
            }
            (TyKind::Slice(a_elem), TyKind::Slice(b_elem)) => self.tys(*a_elem, *b_elem),
            (TyKind::Ref(a_region, a_inner, a_mut), TyKind::Ref(b_region, b_inner, b_mut)) => {
                if a_mut != b_mut {
                    return Err(mismatch(a, b));
                }
                self.regions(*a_region, *b_region);
                let variance = match a_mut {
                    Mutability::Not => Variance::Covariant,
                    Mutability::Mut => Variance::Invariant,
                };
                self.with_variance(variance, |this| this.tys(*a_inner, *b_inner))
            }
            (TyKind::Tuple(a_items), TyKind::Tuple(b_items)) if a_items.len() == b_items.len() => {
                a_items.iter().zip(b_items.iter()).try_for_each(|(a, b)| self.tys(*a, *b))
            }
            (TyKind::FnPtr(a_sig), TyKind::FnPtr(b_sig))
                if a_sig.value.inputs().len() == b_sig.value.inputs().len() =>
            {
                self.binders(*a_sig, *b_sig)
            }
            (TyKind::Dynamic(a_clauses, a_region), TyKind::Dynamic(b_clauses, b_region)) => {
                if a_clauses.len() != b_clauses.len() {
                    return Err(mismatch(a, b));
                }
                self.regions(*a_region, *b_region);
                // Binders follow the variance of the place; what is inside them is invariant.
                a_clauses.iter().zip(b_clauses.iter()).try_for_each(|(x, y)| {
                    self.binders(*x, *y).map_err(|inner| match inner.kind {
                        MismatchKind::Traits => mismatch(a, b),
                        MismatchKind::Types(..)
                        | MismatchKind::Consts(..)
                        | MismatchKind::Cyclic(_)
                        | MismatchKind::ArgumentCount => inner,
                    })
                })
            }
            (TyKind::Param(x), TyKind::Param(y)) if x.index == y.index => Ok(()),
            _ => Err(mismatch(a, b)),
        }
    }

    fn args(&mut self, a: Args, b: Args) -> RelateResult {
        if a == b {
            return Ok(());
        }
        if a.len() != b.len() {
            return Err(TypeMismatch { kind: MismatchKind::ArgumentCount });
        }
        self.with_variance(Variance::Invariant, |this| a.iter().zip(b.iter()).try_for_each(|(a, b)| this.arg(*a, *b)))
    }

    fn args_with(&mut self, a: Args, b: Args, variances: &[Variance]) -> RelateResult {
        if a.len() != b.len() {
            return Err(TypeMismatch { kind: MismatchKind::ArgumentCount });
        }
        a.iter().zip(b.iter()).enumerate().try_for_each(|(index, (a, b))| {
            let variance = variances.get(index).copied().unwrap_or(Variance::Invariant);
            self.with_variance(variance, |this| this.arg(*a, *b))
        })
    }

    fn arg(&mut self, a: GenericArg, b: GenericArg) -> RelateResult {
        match (a, b) {
            (GenericArg::Ty(a), GenericArg::Ty(b)) => self.tys(a, b),
            (GenericArg::Region(a), GenericArg::Region(b)) => {
                self.regions(a, b);
                Ok(())
            }
            (GenericArg::Const(a), GenericArg::Const(b)) => self.consts(a, b),
            (GenericArg::Ty(_) | GenericArg::Region(_) | GenericArg::Const(_), _) => {
                Err(TypeMismatch { kind: MismatchKind::ArgumentCount })
            }
        }
    }

    /// `&'x T <: &'y T` means `'x: 'y`.
    fn regions(&mut self, a: Region, b: Region) {
        match self.variance {
            Variance::Covariant => self.infcx.sub_regions(b, a, self.cause),
            Variance::Contravariant => self.infcx.sub_regions(a, b, self.cause),
            Variance::Invariant => self.infcx.eq_regions(a, b, self.cause),
            Variance::Bivariant => {}
        }
    }

    fn consts(&mut self, a: Const, b: Const) -> RelateResult {
        if a == b {
            return Ok(());
        }
        let (a, b) = (self.infcx.evaluate_const(a), self.infcx.evaluate_const(b));
        if a == b {
            return Ok(());
        }
        match (a.kind(), b.kind()) {
            (ConstKind::Error, _) | (_, ConstKind::Error) => Ok(()),
            (ConstKind::Infer(x), ConstKind::Infer(y)) => {
                self.infcx.table.borrow_mut().union_const(*x, *y);
                Ok(())
            }
            (ConstKind::Infer(x), _) => {
                self.infcx.table.borrow_mut().assign_const(*x, b);
                Ok(())
            }
            (_, ConstKind::Infer(y)) => {
                self.infcx.table.borrow_mut().assign_const(*y, a);
                Ok(())
            }
            (ConstKind::Param { index: x, .. }, ConstKind::Param { index: y, .. }) if x == y => Ok(()),
            (ConstKind::Unevaluated(x, a_args), ConstKind::Unevaluated(y, b_args)) if x == y => {
                self.args(*a_args, *b_args)
            }
            _ => Err(TypeMismatch { kind: MismatchKind::Consts(a, b) }),
        }
    }

    /// `for<'a> A <: for<'b> B`: B's regions become placeholders, A's fresh variables. Equality is so in both directions.
    fn binders<T: Relate + Copy>(&mut self, a: Binder<T>, b: Binder<T>) -> RelateResult {
        if !self.infcx.tracks_regions() || (a.vars.is_empty() && b.vars.is_empty()) {
            return a.instantiate_erased().relate(b.instantiate_erased(), self);
        }
        match self.variance {
            Variance::Covariant => self.related_binders(a, b, Variance::Covariant),
            Variance::Contravariant => self.related_binders(b, a, Variance::Covariant),
            // Not only subtypes of each other: `for<'a, 'b> fn(&'a T, &'b T)` and `for<'a> fn(&'a T, &'a T)` are that too.
            Variance::Invariant => {
                self.related_binders(a, b, Variance::Invariant)?;
                self.related_binders(b, a, Variance::Invariant)
            }
            Variance::Bivariant => Ok(()),
        }
    }

    fn related_binders<T: Relate + Copy>(
        &mut self,
        sub: Binder<T>,
        sup: Binder<T>,
        variance: Variance,
    ) -> RelateResult {
        let outer = std::mem::replace(&mut self.variance, variance);
        let sup = self.infcx.instantiate_placeholders(sup);
        let sub = self.infcx.instantiate_fresh(sub, self.cause);
        let result = sub.relate(sup, self);
        self.variance = outer;
        result
    }

    /// Gives variable `var` the type `ty` it is related to.
    fn assign(&mut self, var: u32, ty: Ty, var_side: Side) -> RelateResult {
        let root = self.infcx.root_var(var);
        let fresh_regions = self.variance != Variance::Invariant && self.infcx.tracks_regions();
        let universe = self.infcx.table.borrow().ty_universe(root);
        let mut generalizer = Generalizer {
            infcx: self.infcx,
            cause: self.cause,
            root,
            universe,
            cyclic: false,
            fresh_regions,
            has_new_regions: fresh_regions,
        };
        let value = ty.fold_with(&mut generalizer);
        if generalizer.cyclic {
            return Err(TypeMismatch { kind: MismatchKind::Cyclic(ty) });
        }
        let has_new_regions = generalizer.has_new_regions;
        self.infcx.table.borrow_mut().assign_ty(root, value);
        if !has_new_regions {
            return Ok(());
        }
        match var_side {
            Side::Left => self.tys(value, ty),
            Side::Right => self.tys(ty, value),
        }
    }
}

enum Side {
    Left,
    Right,
}

/// Resolves a type for assignment to a variable: checks that the variable does not occur in it, and, below a relation that is not
/// equality, gives it regions of its own. So it does with regions that the variable cannot name (rustc's `Generalizer`): to be equal to a placeholder
/// of a universe further in is what the owner of the regions refuses.
struct Generalizer<'a, 'db> {
    infcx: &'a InferCtxt<'db>,
    cause: &'a ObligationCause,
    root: u32,
    universe: u32,
    cyclic: bool,
    fresh_regions: bool,
    has_new_regions: bool,
}

impl TypeFolder for Generalizer<'_, '_> {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        if !ty.has_infer() && !(self.infcx.tracks_regions() && ty.has(TypeFlags::HAS_REGION)) {
            return ty;
        }
        match ty.kind() {
            TyKind::Infer(_) => {
                let resolved = self.infcx.shallow_resolve(ty);
                match resolved.kind() {
                    TyKind::Infer(InferTy::Ty(var)) if *var == self.root => {
                        self.cyclic = true;
                        Ty::error()
                    }
                    TyKind::Infer(InferTy::Ty(var)) => {
                        self.infcx.table.borrow_mut().lower_ty_universe(*var, self.universe);
                        resolved
                    }
                    TyKind::Infer(_) => resolved,
                    _ => resolved.fold_with(self),
                }
            }
            _ => ty.super_fold_with(self),
        }
    }

    fn fold_region(&mut self, region: Region) -> Region {
        match region.kind() {
            RegionKind::Bound { .. } => region,
            _ if self.fresh_regions => self.infcx.new_region_var_in(self.universe, self.cause),
            _ if self.infcx.universe_of_region(region) > self.universe => {
                self.has_new_regions = true;
                self.infcx.new_region_var_in(self.universe, self.cause)
            }
            _ => region,
        }
    }

    fn fold_const(&mut self, value: Const) -> Const {
        match value.kind() {
            ConstKind::Infer(_) => self.infcx.shallow_resolve_const(value),
            _ => value.super_fold_with(self),
        }
    }
}

impl Relate for Ty {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        relation.tys(self, other)
    }
}

impl Relate for Const {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        relation.consts(self, other)
    }
}

impl Relate for GenericArg {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        relation.arg(self, other)
    }
}

impl Relate for Args {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        relation.args(self, other)
    }
}

impl Relate for List<Ty> {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        if self.len() != other.len() {
            return Err(TypeMismatch { kind: MismatchKind::ArgumentCount });
        }
        self.iter().zip(other.iter()).try_for_each(|(a, b)| relation.tys(*a, *b))
    }
}

/// Contravariant in the inputs, covariant in the output.
impl Relate for FnSig {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        if self.inputs().len() != other.inputs().len() {
            return Err(TypeMismatch { kind: MismatchKind::ArgumentCount });
        }
        for (a, b) in self.inputs().iter().zip(other.inputs()) {
            relation.with_variance(Variance::Contravariant, |this| this.tys(*a, *b))?;
        }
        relation.tys(self.output(), other.output())
    }
}

impl Relate for TraitRef {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        if self.trait_ != other.trait_ {
            return Err(TypeMismatch { kind: MismatchKind::Traits });
        }
        relation.args(self.args, other.args)
    }
}

impl Relate for ProjectionTy {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        if self.item != other.item {
            return Err(TypeMismatch { kind: MismatchKind::Traits });
        }
        relation.args(self.args, other.args)
    }
}

impl Relate for Clause {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        match (self, other) {
            (Clause::Trait(a), Clause::Trait(b)) => a.relate(b, relation),
            (Clause::Projection(a, a_ty), Clause::Projection(b, b_ty)) => {
                a.relate(b, relation)?;
                relation.with_variance(Variance::Invariant, |this| this.tys(a_ty, b_ty))
            }
            (Clause::TypeOutlives(a, a_region), Clause::TypeOutlives(b, b_region)) => {
                relation.tys(a, b)?;
                relation.regions(a_region, b_region);
                Ok(())
            }
            (Clause::RegionOutlives(a, a_sub), Clause::RegionOutlives(b, b_sub)) => {
                relation.regions(a, b);
                relation.regions(a_sub, b_sub);
                Ok(())
            }
            (Clause::Trait(_) | Clause::Projection(..) | Clause::TypeOutlives(..) | Clause::RegionOutlives(..), _) => {
                Err(TypeMismatch { kind: MismatchKind::Traits })
            }
        }
    }
}

impl<T: Relate + Copy> Relate for Binder<T> {
    fn relate(self, other: Self, relation: &mut Relation<'_, '_>) -> RelateResult {
        relation.binders(self, other)
    }
}
