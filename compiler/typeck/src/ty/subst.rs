//! Substitution of generic arguments, binders (open, close, shift), erasure of regions.

use std::ops::ControlFlow;

use super::fold::{TypeFoldable, TypeFolder, TypeVisitor};
use super::intern::TypeFlags;
use super::{
    Args, Binder, BoundRegion, BoundRegionKind, Const, ConstKind, GenericArg, List, ParamTy, Region, RegionKind, Ty,
    TyKind,
};

/// Operations that everything foldable has.
pub trait Subst: TypeFoldable {
    /// Replaces parameters by `args[index]`. An index out of range (only after an error) gives an error type.
    fn subst(self, args: Args) -> Self {
        if args.is_empty() || !self.has_flag(TypeFlags::HAS_PARAM) {
            return self;
        }
        self.fold_with(&mut ArgFolder { args, binders: 0 })
    }

    /// All free regions become `Erased`; binders stay, with anonymous variables.
    fn erase_regions(self) -> Self {
        if !self.has_flag(TypeFlags::HAS_REGION) {
            return self;
        }
        self.fold_with(&mut Eraser)
    }

    /// Moves bound regions that point outside of the value `by` binders further out.
    fn shifted_in(self, by: u32) -> Self {
        if by == 0 || !self.has_flag(TypeFlags::HAS_BOUND) {
            return self;
        }
        self.fold_with(&mut Shifter { by: i64::from(by), depth: 0 })
    }

    /// The reverse of `shifted_in`.
    fn shifted_out(self, by: u32) -> Self {
        if by == 0 || !self.has_flag(TypeFlags::HAS_BOUND) {
            return self;
        }
        self.fold_with(&mut Shifter { by: -i64::from(by), depth: 0 })
    }

    /// Whether a bound region of a binder outside of the value occurs.
    fn has_escaping_bound_vars(&self) -> bool {
        self.has_flag(TypeFlags::HAS_BOUND) && self.visit_with(&mut EscapingVisitor { depth: 0 }).is_break()
    }

    /// Replaces `dyn_self()` in the clauses of a `dyn` type.
    fn with_self_ty(self, self_ty: Ty) -> Self {
        self.fold_with(&mut SelfFolder { self_ty, binders: 0 })
    }
}

impl<T: TypeFoldable> Subst for T {}

struct ArgFolder {
    args: Args,
    binders: u32,
}

impl TypeFolder for ArgFolder {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        if !ty.has(TypeFlags::HAS_PARAM) {
            return ty;
        }
        match ty.kind() {
            TyKind::Param(param) if param.index == u32::MAX => ty,
            TyKind::Param(param) => match self.args.get(param.index as usize) {
                Some(GenericArg::Ty(new)) => new.shifted_in(self.binders),
                _ => Ty::error(),
            },
            _ => ty.super_fold_with(self),
        }
    }

    fn fold_region(&mut self, region: Region) -> Region {
        match region.kind() {
            RegionKind::EarlyParam { index, .. } => match self.args.get(*index as usize) {
                Some(GenericArg::Region(new)) => new.shifted_in(self.binders),
                _ => Region::error(),
            },
            _ => region,
        }
    }

    fn fold_const(&mut self, value: Const) -> Const {
        match value.kind() {
            ConstKind::Param { index, .. } => match self.args.get(*index as usize) {
                Some(GenericArg::Const(new)) => new.shifted_in(self.binders),
                _ => Const::error(),
            },
            _ => value.super_fold_with(self),
        }
    }

    fn enter_binder(&mut self) {
        self.binders += 1;
    }

    fn exit_binder(&mut self) {
        self.binders -= 1;
    }
}

struct SelfFolder {
    self_ty: Ty,
    binders: u32,
}

impl TypeFolder for SelfFolder {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        match ty.kind() {
            TyKind::Param(param) if param.index == u32::MAX => self.self_ty.shifted_in(self.binders),
            // A nested `dyn` has a `Self` of its own.
            TyKind::Dynamic(..) => ty,
            _ => ty.super_fold_with(self),
        }
    }

    fn enter_binder(&mut self) {
        self.binders += 1;
    }

    fn exit_binder(&mut self) {
        self.binders -= 1;
    }
}

struct Eraser;

impl TypeFolder for Eraser {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        if !ty.has(TypeFlags::HAS_REGION) {
            return ty;
        }
        match ty.kind() {
            TyKind::FnPtr(sig) if !sig.vars.is_empty() => Ty::new(TyKind::FnPtr(anonymous(sig.fold_with(self)))),
            _ => ty.super_fold_with(self),
        }
    }

    fn fold_region(&mut self, region: Region) -> Region {
        match region.kind() {
            RegionKind::Bound { depth, var } => Region::new(RegionKind::Bound {
                depth: *depth,
                var: BoundRegion { index: var.index, kind: BoundRegionKind::Anon },
            }),
            // A lifetime that is missing or unknown (E0106, E0261): nothing is said of what a type with it fits, but its parts are known.
            RegionKind::Error => region,
            _ => Region::erased(),
        }
    }
}

/// The binder with nameless variables.
fn anonymous<T>(binder: Binder<T>) -> Binder<T> {
    Binder { value: binder.value, vars: binder.vars.iter().map(|_| BoundRegionKind::Anon).collect() }
}

struct Shifter {
    by: i64,
    depth: u32,
}

impl TypeFolder for Shifter {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        if ty.has(TypeFlags::HAS_BOUND) { ty.super_fold_with(self) } else { ty }
    }

    fn fold_region(&mut self, region: Region) -> Region {
        match region.kind() {
            RegionKind::Bound { depth, var } if *depth >= self.depth => {
                let moved = (i64::from(*depth) + self.by).max(0) as u32;
                Region::new(RegionKind::Bound { depth: moved, var: *var })
            }
            _ => region,
        }
    }

    fn enter_binder(&mut self) {
        self.depth += 1;
    }

    fn exit_binder(&mut self) {
        self.depth -= 1;
    }
}

struct EscapingVisitor {
    depth: u32,
}

impl TypeVisitor for EscapingVisitor {
    fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
        if ty.has(TypeFlags::HAS_BOUND) { ty.super_visit_with(self) } else { ControlFlow::Continue(()) }
    }

    fn visit_region(&mut self, region: Region) -> ControlFlow<()> {
        match region.kind() {
            RegionKind::Bound { depth, .. } if *depth >= self.depth => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }

    fn enter_binder(&mut self) {
        self.depth += 1;
    }

    fn exit_binder(&mut self) {
        self.depth -= 1;
    }
}

struct Opener<F> {
    map: F,
    depth: u32,
}

impl<F: FnMut(BoundRegion) -> Region> TypeFolder for Opener<F> {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        if ty.has(TypeFlags::HAS_BOUND) { ty.super_fold_with(self) } else { ty }
    }

    fn fold_region(&mut self, region: Region) -> Region {
        match region.kind() {
            RegionKind::Bound { depth, var } if *depth == self.depth => (self.map)(*var).shifted_in(self.depth),
            RegionKind::Bound { depth, var } if *depth > self.depth => {
                Region::new(RegionKind::Bound { depth: depth - 1, var: *var })
            }
            _ => region,
        }
    }

    fn enter_binder(&mut self) {
        self.depth += 1;
    }

    fn exit_binder(&mut self) {
        self.depth -= 1;
    }
}

impl<T> Binder<T> {
    /// A binder of nothing. The value must be free of bound regions that would now point to it.
    pub fn dummy(value: T) -> Binder<T> {
        Binder { value, vars: List::empty() }
    }

    pub fn with_vars(value: T, vars: &[BoundRegionKind]) -> Binder<T> {
        Binder { value, vars: List::new(vars) }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Binder<U> {
        Binder { value: f(self.value), vars: self.vars }
    }

    pub fn as_ref(&self) -> Binder<&T> {
        Binder { value: &self.value, vars: self.vars }
    }

    /// The value with bound regions still in it.
    pub fn skip_binder(self) -> T {
        self.value
    }

    /// The bound variable at a position.
    pub fn var(&self, index: usize) -> BoundRegion {
        BoundRegion { index: index as u32, kind: self.vars[index] }
    }
}

impl<T: TypeFoldable> Binder<T> {
    /// Wraps a value that has no bound regions of its own: outer ones are moved under the new binder.
    pub fn bind_nothing(value: T) -> Binder<T> {
        Binder { value: value.shifted_in(1), vars: List::empty() }
    }

    /// The value, if no region of this binder occurs in it.
    pub fn no_bound_vars(self) -> Option<T> {
        if self.value.has_escaping_bound_vars() { None } else { Some(self.value) }
    }

    /// The value with its bound regions replaced; `map` is called once per occurrence.
    pub fn instantiate(self, map: impl FnMut(BoundRegion) -> Region) -> T {
        if !self.value.has_flag(TypeFlags::HAS_BOUND | TypeFlags::HAS_REGION) {
            return self.value;
        }
        self.value.fold_with(&mut Opener { map, depth: 0 })
    }

    /// The value with `Erased` for the bound regions.
    pub fn instantiate_erased(self) -> T {
        self.instantiate(|_| Region::erased())
    }
}

/// Replaces free regions by bound ones of a new innermost binder: `bind` gives the variable for a region, `None` keeps it.
pub fn bind_regions<T: TypeFoldable>(value: T, bind: impl FnMut(Region) -> Option<BoundRegion>) -> T {
    struct Closer<F> {
        bind: F,
        depth: u32,
    }
    impl<F: FnMut(Region) -> Option<BoundRegion>> TypeFolder for Closer<F> {
        fn fold_ty(&mut self, ty: Ty) -> Ty {
            if ty.has(TypeFlags::HAS_REGION) { ty.super_fold_with(self) } else { ty }
        }
        fn fold_region(&mut self, region: Region) -> Region {
            match region.kind() {
                RegionKind::Bound { depth, var } if *depth >= self.depth => {
                    Region::new(RegionKind::Bound { depth: depth + 1, var: *var })
                }
                RegionKind::Bound { .. } => region,
                _ => match (self.bind)(region) {
                    Some(var) => Region::new(RegionKind::Bound { depth: self.depth, var }),
                    None => region,
                },
            }
        }
        fn enter_binder(&mut self) {
            self.depth += 1;
        }
        fn exit_binder(&mut self) {
            self.depth -= 1;
        }
    }
    value.fold_with(&mut Closer { bind, depth: 0 })
}

impl ParamTy {
    pub fn to_ty(self) -> Ty {
        Ty::new(TyKind::Param(self))
    }
}
