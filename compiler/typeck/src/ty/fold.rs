//! Folding and visiting of everything made of types: the only place that knows how types nest.
//!
//! A folder sees every type, region and constant; it hears of binders through `enter_binder` and `exit_binder`.

use std::ops::ControlFlow;

use smallvec::SmallVec;

use super::intern::{Internable, TypeFlags};
use super::{
    Args, Binder, Clause, Clauses, Const, ConstKind, FnSig, GenericArg, List, ProjectionTy, Region, RegionKind,
    TraitRef, Ty, TyKind,
};

pub trait TypeFolder {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        ty.super_fold_with(self)
    }

    fn fold_region(&mut self, region: Region) -> Region {
        region
    }

    fn fold_const(&mut self, value: Const) -> Const {
        value.super_fold_with(self)
    }

    fn enter_binder(&mut self) {}

    fn exit_binder(&mut self) {}
}

pub trait TypeVisitor {
    fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
        ty.super_visit_with(self)
    }

    fn visit_region(&mut self, _region: Region) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn visit_const(&mut self, value: Const) -> ControlFlow<()> {
        value.super_visit_with(self)
    }

    fn enter_binder(&mut self) {}

    fn exit_binder(&mut self) {}
}

/// What consists of types.
pub trait TypeFoldable: Sized + Clone {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self;

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()>;

    /// The union of the parts' flags.
    fn type_flags(&self) -> TypeFlags;

    fn has_flag(&self, flag: u16) -> bool {
        self.type_flags().has(flag)
    }

    /// Whether it has inference variables of types or constants.
    fn has_infer(&self) -> bool {
        self.has_flag(TypeFlags::HAS_INFER)
    }

    fn has_param(&self) -> bool {
        self.has_flag(TypeFlags::HAS_PARAM)
    }

    fn has_error(&self) -> bool {
        self.has_flag(TypeFlags::HAS_ERROR)
    }

    /// Whether normalisation could change it (projections; opaque types count only where they are revealed).
    fn has_projection(&self) -> bool {
        self.has_flag(TypeFlags::HAS_PROJECTION)
    }
}

impl TypeFoldable for Ty {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        folder.fold_ty(self)
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        visitor.visit_ty(*self)
    }

    fn type_flags(&self) -> TypeFlags {
        self.flags()
    }
}

impl Ty {
    pub fn super_fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Ty {
        match self.kind() {
            TyKind::Bool
            | TyKind::Char
            | TyKind::Int(_)
            | TyKind::Uint(_)
            | TyKind::Float(_)
            | TyKind::Str
            | TyKind::Never
            | TyKind::Param(_)
            | TyKind::Infer(_)
            | TyKind::Error => self,
            TyKind::Adt(def, args) => self.rebuilt_args(*args, folder, |args| TyKind::Adt(*def, args)),
            TyKind::FnDef(def, args) => self.rebuilt_args(*args, folder, |args| TyKind::FnDef(*def, args)),
            TyKind::Closure(def, args) => self.rebuilt_args(*args, folder, |args| TyKind::Closure(*def, args)),
            TyKind::Projection(def, args) => self.rebuilt_args(*args, folder, |args| TyKind::Projection(*def, args)),
            TyKind::Opaque(def, args) => self.rebuilt_args(*args, folder, |args| TyKind::Opaque(*def, args)),
            TyKind::Array(elem, len) => {
                let (new_elem, new_len) = (elem.fold_with(folder), len.fold_with(folder));
                if new_elem == *elem && new_len == *len { self } else { Ty::new(TyKind::Array(new_elem, new_len)) }
            }
            TyKind::Slice(elem) => {
                let new = elem.fold_with(folder);
                if new == *elem { self } else { Ty::new(TyKind::Slice(new)) }
            }
            TyKind::Ref(region, inner, mutability) => {
                let (new_region, new_inner) = (region.fold_with(folder), inner.fold_with(folder));
                if new_region == *region && new_inner == *inner {
                    self
                } else {
                    Ty::new(TyKind::Ref(new_region, new_inner, *mutability))
                }
            }
            TyKind::Tuple(items) => {
                let new = items.fold_with(folder);
                if new == *items { self } else { Ty::new(TyKind::Tuple(new)) }
            }
            TyKind::FnPtr(sig) => {
                let new = sig.fold_with(folder);
                if new == *sig { self } else { Ty::new(TyKind::FnPtr(new)) }
            }
            TyKind::Dynamic(clauses, region) => {
                let (new_clauses, new_region) = (clauses.fold_with(folder), region.fold_with(folder));
                if new_clauses == *clauses && new_region == *region {
                    self
                } else {
                    Ty::new(TyKind::Dynamic(new_clauses, new_region))
                }
            }
        }
    }

    fn rebuilt_args<F: TypeFolder + ?Sized>(self, args: Args, folder: &mut F, make: impl FnOnce(Args) -> TyKind) -> Ty {
        let new = args.fold_with(folder);
        if new == args { self } else { Ty::new(make(new)) }
    }

    pub fn super_visit_with<V: TypeVisitor + ?Sized>(self, visitor: &mut V) -> ControlFlow<()> {
        match self.kind() {
            TyKind::Bool
            | TyKind::Char
            | TyKind::Int(_)
            | TyKind::Uint(_)
            | TyKind::Float(_)
            | TyKind::Str
            | TyKind::Never
            | TyKind::Param(_)
            | TyKind::Infer(_)
            | TyKind::Error => ControlFlow::Continue(()),
            TyKind::Adt(_, args)
            | TyKind::FnDef(_, args)
            | TyKind::Closure(_, args)
            | TyKind::Projection(_, args)
            | TyKind::Opaque(_, args) => args.visit_with(visitor),
            TyKind::Array(elem, len) => {
                elem.visit_with(visitor)?;
                len.visit_with(visitor)
            }
            TyKind::Slice(elem) => elem.visit_with(visitor),
            TyKind::Ref(region, inner, _) => {
                region.visit_with(visitor)?;
                inner.visit_with(visitor)
            }
            TyKind::Tuple(items) => items.visit_with(visitor),
            TyKind::FnPtr(sig) => sig.visit_with(visitor),
            TyKind::Dynamic(clauses, region) => {
                clauses.visit_with(visitor)?;
                region.visit_with(visitor)
            }
        }
    }
}

impl TypeFoldable for Region {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        folder.fold_region(self)
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        visitor.visit_region(*self)
    }

    fn type_flags(&self) -> TypeFlags {
        self.flags()
    }
}

impl TypeFoldable for Const {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        folder.fold_const(self)
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        visitor.visit_const(*self)
    }

    fn type_flags(&self) -> TypeFlags {
        self.flags()
    }
}

impl Const {
    pub fn super_fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Const {
        match self.kind() {
            ConstKind::Unevaluated(def, args) => {
                let new = args.fold_with(folder);
                if new == *args { self } else { Const::new(ConstKind::Unevaluated(*def, new)) }
            }
            ConstKind::Value(_) | ConstKind::Param { .. } | ConstKind::Infer(_) | ConstKind::Error => self,
        }
    }

    pub fn super_visit_with<V: TypeVisitor + ?Sized>(self, visitor: &mut V) -> ControlFlow<()> {
        match self.kind() {
            ConstKind::Unevaluated(_, args) => args.visit_with(visitor),
            ConstKind::Value(_) | ConstKind::Param { .. } | ConstKind::Infer(_) | ConstKind::Error => {
                ControlFlow::Continue(())
            }
        }
    }
}

impl TypeFoldable for GenericArg {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        match self {
            GenericArg::Region(region) => GenericArg::Region(region.fold_with(folder)),
            GenericArg::Ty(ty) => GenericArg::Ty(ty.fold_with(folder)),
            GenericArg::Const(value) => GenericArg::Const(value.fold_with(folder)),
        }
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        match self {
            GenericArg::Region(region) => region.visit_with(visitor),
            GenericArg::Ty(ty) => ty.visit_with(visitor),
            GenericArg::Const(value) => value.visit_with(visitor),
        }
    }

    fn type_flags(&self) -> TypeFlags {
        super::flags::of_arg(*self)
    }
}

/// Lists are interned anew only from the first element that changed.
impl<T: TypeFoldable + Internable + Copy> TypeFoldable for List<T> {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        let items = self.as_slice();
        for (position, item) in items.iter().enumerate() {
            let new = item.fold_with(folder);
            if new != *item {
                let mut all: SmallVec<[T; 8]> = items[..position].into();
                all.push(new);
                all.extend(items[position + 1..].iter().map(|item| item.fold_with(folder)));
                return List::new(&all);
            }
        }
        self
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        self.iter().try_for_each(|item| item.visit_with(visitor))
    }

    fn type_flags(&self) -> TypeFlags {
        self.iter().fold(TypeFlags::default(), |flags, item| flags.or(item.type_flags()))
    }
}

impl<T: TypeFoldable> TypeFoldable for Binder<T> {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        folder.enter_binder();
        let value = self.value.fold_with(folder);
        folder.exit_binder();
        Binder { value, vars: self.vars }
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        visitor.enter_binder();
        let result = self.value.visit_with(visitor);
        visitor.exit_binder();
        result
    }

    fn type_flags(&self) -> TypeFlags {
        self.value.type_flags()
    }
}

macro_rules! foldable_struct {
    ($name:ident { $($field:ident),* } $(keep { $($kept:ident),* })?) => {
        impl TypeFoldable for $name {
            fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
                $name { $($field: self.$field.fold_with(folder),)* $($($kept: self.$kept,)*)? }
            }

            fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
                $(self.$field.visit_with(visitor)?;)*
                ControlFlow::Continue(())
            }

            fn type_flags(&self) -> TypeFlags {
                TypeFlags::default()$(.or(self.$field.type_flags()))*
            }
        }
    };
}

foldable_struct!(FnSig { inputs_and_output });
foldable_struct!(TraitRef { args } keep { trait_ });
foldable_struct!(ProjectionTy { args } keep { item });

impl TypeFoldable for Clause {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        match self {
            Clause::Trait(trait_ref) => Clause::Trait(trait_ref.fold_with(folder)),
            Clause::Projection(projection, ty) => {
                Clause::Projection(projection.fold_with(folder), ty.fold_with(folder))
            }
            Clause::TypeOutlives(ty, region) => Clause::TypeOutlives(ty.fold_with(folder), region.fold_with(folder)),
            Clause::RegionOutlives(a, b) => Clause::RegionOutlives(a.fold_with(folder), b.fold_with(folder)),
        }
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        match self {
            Clause::Trait(trait_ref) => trait_ref.visit_with(visitor),
            Clause::Projection(projection, ty) => {
                projection.visit_with(visitor)?;
                ty.visit_with(visitor)
            }
            Clause::TypeOutlives(ty, region) => {
                ty.visit_with(visitor)?;
                region.visit_with(visitor)
            }
            Clause::RegionOutlives(a, b) => {
                a.visit_with(visitor)?;
                b.visit_with(visitor)
            }
        }
    }

    fn type_flags(&self) -> TypeFlags {
        match self {
            Clause::Trait(trait_ref) => trait_ref.type_flags(),
            Clause::Projection(projection, ty) => projection.type_flags().or(ty.type_flags()),
            Clause::TypeOutlives(ty, region) => ty.type_flags().or(region.type_flags()),
            Clause::RegionOutlives(a, b) => a.type_flags().or(b.type_flags()),
        }
    }
}

impl<T: TypeFoldable> TypeFoldable for Option<T> {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        self.map(|value| value.fold_with(folder))
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        self.iter().try_for_each(|value| value.visit_with(visitor))
    }

    fn type_flags(&self) -> TypeFlags {
        self.iter().fold(TypeFlags::default(), |flags, item| flags.or(item.type_flags()))
    }
}

impl<T: TypeFoldable> TypeFoldable for Vec<T> {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        self.into_iter().map(|value| value.fold_with(folder)).collect()
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        self.iter().try_for_each(|value| value.visit_with(visitor))
    }

    fn type_flags(&self) -> TypeFlags {
        self.iter().fold(TypeFlags::default(), |flags, item| flags.or(item.type_flags()))
    }
}

impl<A: TypeFoldable, B: TypeFoldable> TypeFoldable for (A, B) {
    fn fold_with<F: TypeFolder + ?Sized>(self, folder: &mut F) -> Self {
        (self.0.fold_with(folder), self.1.fold_with(folder))
    }

    fn visit_with<V: TypeVisitor + ?Sized>(&self, visitor: &mut V) -> ControlFlow<()> {
        self.0.visit_with(visitor)?;
        self.1.visit_with(visitor)
    }

    fn type_flags(&self) -> TypeFlags {
        self.0.type_flags().or(self.1.type_flags())
    }
}

/// Calls a function on every type, outermost first.
pub fn walk_types<T: TypeFoldable>(value: &T, visit: impl FnMut(Ty) -> ControlFlow<()>) -> ControlFlow<()> {
    struct Walker<F>(F);
    impl<F: FnMut(Ty) -> ControlFlow<()>> TypeVisitor for Walker<F> {
        fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
            (self.0)(ty)?;
            ty.super_visit_with(self)
        }
    }
    value.visit_with(&mut Walker(visit))
}

/// Maps every region that is not bound inside the value; `Bound` regions of outer binders are passed through untouched.
pub fn fold_free_regions<T: TypeFoldable>(value: T, map: impl FnMut(Region) -> Region) -> T {
    struct Mapper<F>(F);
    impl<F: FnMut(Region) -> Region> TypeFolder for Mapper<F> {
        fn fold_ty(&mut self, ty: Ty) -> Ty {
            // `Erased` regions have no flag, so any type with parts may hold one.
            if ty.has_parts() { ty.super_fold_with(self) } else { ty }
        }
        fn fold_region(&mut self, region: Region) -> Region {
            match region.kind() {
                RegionKind::Bound { .. } => region,
                _ => (self.0)(region),
            }
        }
    }
    value.fold_with(&mut Mapper(map))
}

/// Calls a function on every region that is not bound inside the value.
pub fn for_each_free_region<T: TypeFoldable>(value: &T, visit: impl FnMut(Region)) {
    struct Visitor<F>(F);
    impl<F: FnMut(Region)> TypeVisitor for Visitor<F> {
        fn visit_region(&mut self, region: Region) -> ControlFlow<()> {
            if !matches!(region.kind(), RegionKind::Bound { .. }) {
                (self.0)(region);
            }
            ControlFlow::Continue(())
        }
    }
    let _ = value.visit_with(&mut Visitor(visit));
}

/// A [`Clauses`] list is a list of binders; spelled out so that callers need not name the parts.
pub fn fold_clauses<F: TypeFolder + ?Sized>(clauses: Clauses, folder: &mut F) -> Clauses {
    clauses.fold_with(folder)
}
