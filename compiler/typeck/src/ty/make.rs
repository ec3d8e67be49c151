//! Constructors and accessors of types, regions, constants, signatures and closure arguments.

use std::sync::LazyLock;

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_hir::resolve::PrimTy;
use rgo_syntax::Name;

use super::{
    Args, Binder, BoundRegion, Clause, Clauses, ClosureArgs, ClosureKind, Const, ConstKind, ConstValue, FloatTy, FnSig,
    GenericArg, InferTy, IntTy, List, ParamTy, Predicate, ProjectionTy, Region, RegionKind, TraitRef, Ty, TyKind,
    UintTy,
};

macro_rules! common_types {
    ($($name:ident = $kind:expr;)*) => {
        struct CommonTypes { $($name: Ty,)* }
        static COMMON: LazyLock<CommonTypes> = LazyLock::new(|| CommonTypes { $($name: Ty::new($kind),)* });
        impl Ty {
            $(pub fn $name() -> Ty { COMMON.$name })*
        }
    };
}

common_types! {
    bool = TyKind::Bool;
    char = TyKind::Char;
    str = TyKind::Str;
    never = TyKind::Never;
    unit = TyKind::Tuple(List::empty());
    i8 = TyKind::Int(IntTy::I8);
    i16 = TyKind::Int(IntTy::I16);
    i32 = TyKind::Int(IntTy::I32);
    i64 = TyKind::Int(IntTy::I64);
    isize = TyKind::Int(IntTy::Isize);
    u8 = TyKind::Uint(UintTy::U8);
    u16 = TyKind::Uint(UintTy::U16);
    u32 = TyKind::Uint(UintTy::U32);
    u64 = TyKind::Uint(UintTy::U64);
    usize = TyKind::Uint(UintTy::Usize);
    f32 = TyKind::Float(FloatTy::F32);
    f64 = TyKind::Float(FloatTy::F64);
    error = TyKind::Error;
}

/// The variables with the lowest numbers, which every body has: they are looked up by number.
struct CommonVars {
    tys: Vec<Ty>,
    regions: Vec<Region>,
}

static COMMON_VARS: LazyLock<CommonVars> = LazyLock::new(|| CommonVars {
    tys: (0..256).map(|index| Ty::new(TyKind::Infer(InferTy::Ty(index)))).collect(),
    regions: (0..1024).map(|index| Region::new(RegionKind::Var(index))).collect(),
});

impl Ty {
    pub fn new_ref(region: Region, inner: Ty, mutability: Mutability) -> Ty {
        Ty::new(TyKind::Ref(region, inner, mutability))
    }

    /// `&inner` with an erased region.
    pub fn imm_ref(inner: Ty) -> Ty {
        Ty::new_ref(Region::erased(), inner, Mutability::Not)
    }

    /// `&mut inner` with an erased region.
    pub fn mut_ref(inner: Ty) -> Ty {
        Ty::new_ref(Region::erased(), inner, Mutability::Mut)
    }

    pub fn tuple(items: &[Ty]) -> Ty {
        Ty::new(TyKind::Tuple(List::new(items)))
    }

    pub fn slice(elem: Ty) -> Ty {
        Ty::new(TyKind::Slice(elem))
    }

    pub fn array(elem: Ty, len: u64) -> Ty {
        Ty::new(TyKind::Array(elem, Const::usize(len)))
    }

    pub fn array_of(elem: Ty, len: Const) -> Ty {
        Ty::new(TyKind::Array(elem, len))
    }

    pub fn adt(def: DefId, args: Args) -> Ty {
        Ty::new(TyKind::Adt(def, args))
    }

    pub fn fn_def(def: DefId, args: Args) -> Ty {
        Ty::new(TyKind::FnDef(def, args))
    }

    pub fn fn_ptr(sig: Binder<FnSig>) -> Ty {
        Ty::new(TyKind::FnPtr(sig))
    }

    pub fn closure(def: DefId, args: Args) -> Ty {
        Ty::new(TyKind::Closure(def, args))
    }

    pub fn dynamic(clauses: Clauses, region: Region) -> Ty {
        Ty::new(TyKind::Dynamic(clauses, region))
    }

    pub fn projection(item: DefId, args: Args) -> Ty {
        Ty::new(TyKind::Projection(item, args))
    }

    pub fn opaque(def: DefId, args: Args) -> Ty {
        Ty::new(TyKind::Opaque(def, args))
    }

    pub fn param(index: u32, name: Name) -> Ty {
        Ty::new(TyKind::Param(ParamTy { index, name }))
    }

    /// `Self` of a trait.
    pub fn self_param() -> Ty {
        Ty::param(0, Name::new("Self"))
    }

    pub fn infer(var: InferTy) -> Ty {
        let common = match var {
            InferTy::Ty(index) => COMMON_VARS.tys.get(index as usize),
            InferTy::Int(_) | InferTy::Float(_) => None,
        };
        common.copied().unwrap_or_else(|| Ty::new(TyKind::Infer(var)))
    }

    pub fn prim(prim: PrimTy) -> Ty {
        match prim {
            PrimTy::Bool => Ty::bool(),
            PrimTy::Char => Ty::char(),
            PrimTy::Str => Ty::str(),
            PrimTy::I8 => Ty::i8(),
            PrimTy::I16 => Ty::i16(),
            PrimTy::I32 => Ty::i32(),
            PrimTy::I64 => Ty::i64(),
            PrimTy::Isize => Ty::isize(),
            PrimTy::U8 => Ty::u8(),
            PrimTy::U16 => Ty::u16(),
            PrimTy::U32 => Ty::u32(),
            PrimTy::U64 => Ty::u64(),
            PrimTy::Usize => Ty::usize(),
            PrimTy::F32 => Ty::f32(),
            PrimTy::F64 => Ty::f64(),
        }
    }

    /// The primitive type of a literal's suffix.
    pub fn from_suffix(suffix: &str) -> Option<Ty> {
        Some(match suffix {
            "i8" => Ty::i8(),
            "i16" => Ty::i16(),
            "i32" => Ty::i32(),
            "i64" => Ty::i64(),
            "isize" => Ty::isize(),
            "u8" => Ty::u8(),
            "u16" => Ty::u16(),
            "u32" => Ty::u32(),
            "u64" => Ty::u64(),
            "usize" => Ty::usize(),
            "f32" => Ty::f32(),
            "f64" => Ty::f64(),
            _ => return None,
        })
    }

    #[inline]
    pub fn is_error(self) -> bool {
        matches!(self.kind(), TyKind::Error)
    }

    #[inline]
    pub fn is_never(self) -> bool {
        matches!(self.kind(), TyKind::Never)
    }

    #[inline]
    pub fn is_unit(self) -> bool {
        matches!(self.kind(), TyKind::Tuple(items) if items.is_empty())
    }

    #[inline]
    pub fn is_bool(self) -> bool {
        matches!(self.kind(), TyKind::Bool)
    }

    #[inline]
    pub fn is_str(self) -> bool {
        matches!(self.kind(), TyKind::Str)
    }

    /// A general type variable (not an integer or float one).
    #[inline]
    pub fn is_ty_var(self) -> bool {
        matches!(self.kind(), TyKind::Infer(InferTy::Ty(_)))
    }

    #[inline]
    pub fn is_integral(self) -> bool {
        matches!(self.kind(), TyKind::Int(_) | TyKind::Uint(_) | TyKind::Infer(InferTy::Int(_)))
    }

    #[inline]
    pub fn is_float(self) -> bool {
        matches!(self.kind(), TyKind::Float(_) | TyKind::Infer(InferTy::Float(_)))
    }

    #[inline]
    pub fn is_numeric(self) -> bool {
        self.is_integral() || self.is_float()
    }

    /// `bool`, `char`, integers, floats.
    #[inline]
    pub fn is_scalar(self) -> bool {
        self.is_numeric() || matches!(self.kind(), TyKind::Bool | TyKind::Char)
    }

    /// Whether it is made of other types, regions or definitions.
    #[inline]
    pub fn has_parts(self) -> bool {
        !matches!(
            self.kind(),
            TyKind::Bool
                | TyKind::Char
                | TyKind::Int(_)
                | TyKind::Uint(_)
                | TyKind::Float(_)
                | TyKind::Str
                | TyKind::Never
                | TyKind::Param(_)
                | TyKind::Infer(_)
                | TyKind::Error
        )
    }

    #[inline]
    pub fn is_ref(self) -> bool {
        matches!(self.kind(), TyKind::Ref(..))
    }

    #[inline]
    pub fn is_dyn(self) -> bool {
        matches!(self.kind(), TyKind::Dynamic(..))
    }

    #[inline]
    pub fn is_closure(self) -> bool {
        matches!(self.kind(), TyKind::Closure(..))
    }

    #[inline]
    pub fn as_adt(self) -> Option<(DefId, Args)> {
        match self.kind() {
            TyKind::Adt(def, args) => Some((*def, *args)),
            _ => None,
        }
    }

    #[inline]
    pub fn adt_def_id(self) -> Option<DefId> {
        self.as_adt().map(|(def, _)| def)
    }

    #[inline]
    pub fn as_ref(self) -> Option<(Region, Ty, Mutability)> {
        match self.kind() {
            TyKind::Ref(region, inner, mutability) => Some((*region, *inner, *mutability)),
            _ => None,
        }
    }

    #[inline]
    pub fn as_tuple(self) -> Option<List<Ty>> {
        match self.kind() {
            TyKind::Tuple(items) => Some(*items),
            _ => None,
        }
    }

    /// The element type of an array or slice.
    #[inline]
    pub fn sequence_element(self) -> Option<Ty> {
        match self.kind() {
            TyKind::Array(elem, _) | TyKind::Slice(elem) => Some(*elem),
            _ => None,
        }
    }

    /// The referent, through all references.
    #[inline]
    pub fn peel_refs(self) -> Ty {
        let mut ty = self;
        while let TyKind::Ref(_, inner, _) = ty.kind() {
            ty = *inner;
        }
        ty
    }

    /// The principal trait of a `dyn` type.
    #[inline]
    pub fn dyn_principal(self) -> Option<Binder<TraitRef>> {
        match self.kind() {
            TyKind::Dynamic(clauses, _) => principal(*clauses),
            _ => None,
        }
    }
}

/// The principal trait of a `dyn` type's clauses: the first, unless there are only auto traits (which come sorted, without projections).
pub fn principal(clauses: Clauses) -> Option<Binder<TraitRef>> {
    let first = clauses.first()?;
    match first.value {
        Clause::Trait(trait_ref) => Some(Binder { value: trait_ref, vars: first.vars }),
        Clause::Projection(..) | Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => None,
    }
}

macro_rules! common_regions {
    ($($name:ident = $kind:expr;)*) => {
        struct CommonRegions { $($name: Region,)* }
        static REGIONS: LazyLock<CommonRegions> = LazyLock::new(|| CommonRegions { $($name: Region::new($kind),)* });
        impl Region {
            $(pub fn $name() -> Region { REGIONS.$name })*
        }
    };
}

common_regions! {
    static_ = RegionKind::Static;
    erased = RegionKind::Erased;
    error = RegionKind::Error;
}

impl Region {
    pub fn var(index: u32) -> Region {
        let common = COMMON_VARS.regions.get(index as usize);
        common.copied().unwrap_or_else(|| Region::new(RegionKind::Var(index)))
    }

    pub fn bound(depth: u32, var: BoundRegion) -> Region {
        Region::new(RegionKind::Bound { depth, var })
    }

    #[inline]
    pub fn is_static(self) -> bool {
        self == Region::static_()
    }

    #[inline]
    pub fn is_erased(self) -> bool {
        self == Region::erased()
    }
}

impl Const {
    pub fn value(value: ConstValue) -> Const {
        Const::new(ConstKind::Value(value))
    }

    pub fn usize(value: u64) -> Const {
        Const::value(ConstValue::Int(i128::from(value)))
    }

    pub fn error() -> Const {
        Const::new(ConstKind::Error)
    }

    pub fn infer(var: u32) -> Const {
        Const::new(ConstKind::Infer(var))
    }

    #[inline]
    pub fn as_value(self) -> Option<&'static ConstValue> {
        match self.kind() {
            ConstKind::Value(value) => Some(value),
            _ => None,
        }
    }

    /// The value of a known array length.
    #[inline]
    pub fn as_usize(self) -> Option<u64> {
        match self.as_value()? {
            ConstValue::Int(value) => u64::try_from(*value).ok(),
            _ => None,
        }
    }
}

impl GenericArg {
    #[inline]
    pub fn as_ty(self) -> Option<Ty> {
        match self {
            GenericArg::Ty(ty) => Some(ty),
            GenericArg::Region(_) | GenericArg::Const(_) => None,
        }
    }

    #[inline]
    pub fn as_region(self) -> Option<Region> {
        match self {
            GenericArg::Region(region) => Some(region),
            GenericArg::Ty(_) | GenericArg::Const(_) => None,
        }
    }

    #[inline]
    pub fn as_const(self) -> Option<Const> {
        match self {
            GenericArg::Const(value) => Some(value),
            GenericArg::Ty(_) | GenericArg::Region(_) => None,
        }
    }
}

impl From<Ty> for GenericArg {
    fn from(ty: Ty) -> GenericArg {
        GenericArg::Ty(ty)
    }
}

impl From<Region> for GenericArg {
    fn from(region: Region) -> GenericArg {
        GenericArg::Region(region)
    }
}

impl From<Const> for GenericArg {
    fn from(value: Const) -> GenericArg {
        GenericArg::Const(value)
    }
}

impl Args {
    /// The type at a position; an error type if there is none (only after an error).
    #[inline]
    pub fn ty(self, index: usize) -> Ty {
        self.get(index).and_then(|arg| arg.as_ty()).unwrap_or_else(Ty::error)
    }

    /// All type arguments in order.
    #[inline]
    pub fn types(self) -> impl Iterator<Item = Ty> {
        self.as_slice().iter().filter_map(|arg| arg.as_ty())
    }

    /// The first `count` arguments.
    #[inline]
    pub fn truncated(self, count: usize) -> Args {
        if self.len() <= count { self } else { List::new(&self[..count]) }
    }

    /// These arguments followed by others.
    #[inline]
    pub fn extended(self, more: impl IntoIterator<Item = GenericArg>) -> Args {
        self.iter().copied().chain(more).collect()
    }

    /// Arguments for an associated item of an impl from those of the trait's: the first `trait_count` are replaced by the impl's.
    #[inline]
    pub fn rebased(self, trait_count: usize, impl_args: Args) -> Args {
        impl_args.extended(self.iter().skip(trait_count).copied())
    }

    pub fn of_types(types: &[Ty]) -> Args {
        types.iter().map(|ty| GenericArg::Ty(*ty)).collect()
    }
}

impl super::Generics {
    /// All parameters, the parents' included.
    #[inline]
    pub fn count(&self) -> usize {
        self.parent_count + self.params.len()
    }

    /// The own parameter of a definition.
    #[inline]
    pub fn param(&self, def: DefId) -> Option<&super::GenericParamDef> {
        self.params.iter().find(|param| param.def == def)
    }
}

impl FnSig {
    pub fn new(inputs: &[Ty], output: Ty) -> FnSig {
        FnSig { inputs_and_output: inputs.iter().copied().chain([output]).collect() }
    }

    #[inline]
    pub fn inputs(self) -> &'static [Ty] {
        let all = self.inputs_and_output.as_slice();
        &all[..all.len().saturating_sub(1)]
    }

    #[inline]
    pub fn output(self) -> Ty {
        self.inputs_and_output.last().copied().unwrap_or_else(Ty::error)
    }
}

impl TraitRef {
    pub fn new(trait_: DefId, args: Args) -> TraitRef {
        TraitRef { trait_, args }
    }

    /// `self_ty: trait_<rest…>`.
    pub fn with_self(trait_: DefId, self_ty: Ty, rest: &[GenericArg]) -> TraitRef {
        TraitRef { trait_, args: std::iter::once(GenericArg::Ty(self_ty)).chain(rest.iter().copied()).collect() }
    }

    #[inline]
    pub fn self_ty(self) -> Ty {
        self.args.ty(0)
    }

    /// As a predicate without bound regions. The trait reference must not have escaping ones.
    #[inline]
    pub fn to_predicate(self) -> Predicate {
        Binder::dummy(Clause::Trait(self))
    }
}

impl ProjectionTy {
    pub fn new(item: DefId, args: Args) -> ProjectionTy {
        ProjectionTy { item, args }
    }

    #[inline]
    pub fn self_ty(self) -> Ty {
        self.args.ty(0)
    }

    #[inline]
    pub fn to_ty(self) -> Ty {
        Ty::projection(self.item, self.args)
    }

    /// The trait; associated items stand directly in it.
    #[inline]
    pub fn trait_def(self) -> DefId {
        self.item.parent().expect("an associated type has a trait")
    }
}

impl ClosureKind {
    /// The stand-in type in a closure's arguments.
    #[inline]
    pub fn to_ty(self) -> Ty {
        match self {
            ClosureKind::Fn => Ty::i8(),
            ClosureKind::FnMut => Ty::i16(),
            ClosureKind::FnOnce => Ty::i32(),
        }
    }

    /// Whether a closure of this kind implements the trait of `wanted`.
    #[inline]
    pub fn extends(self, wanted: ClosureKind) -> bool {
        self <= wanted
    }

    #[inline]
    pub fn lang_name(self) -> &'static str {
        match self {
            ClosureKind::Fn => "fn",
            ClosureKind::FnMut => "fn_mut",
            ClosureKind::FnOnce => "fn_once",
        }
    }

    #[inline]
    pub fn trait_name(self) -> &'static str {
        match self {
            ClosureKind::Fn => "Fn",
            ClosureKind::FnMut => "FnMut",
            ClosureKind::FnOnce => "FnOnce",
        }
    }
}

impl ClosureArgs {
    pub fn new(args: Args) -> ClosureArgs {
        ClosureArgs { args }
    }

    /// Parent arguments, kind type, signature (`FnPtr` over one tuple), tuple of upvars.
    pub fn build(parent: Args, kind: Ty, sig: Ty, upvars: Ty) -> Args {
        parent.extended([GenericArg::Ty(kind), GenericArg::Ty(sig), GenericArg::Ty(upvars)])
    }

    fn nth_from_end(self, back: usize) -> Ty {
        match self.args.len().checked_sub(back) {
            Some(index) => self.args.ty(index),
            None => Ty::error(),
        }
    }

    #[inline]
    pub fn parent_args(self) -> Args {
        self.args.truncated(self.args.len().saturating_sub(3))
    }

    #[inline]
    pub fn kind_ty(self) -> Ty {
        self.nth_from_end(3)
    }

    /// The kind, once it is known.
    #[inline]
    pub fn kind(self) -> Option<ClosureKind> {
        match self.kind_ty().kind() {
            TyKind::Int(IntTy::I8) => Some(ClosureKind::Fn),
            TyKind::Int(IntTy::I16) => Some(ClosureKind::FnMut),
            TyKind::Int(IntTy::I32) => Some(ClosureKind::FnOnce),
            _ => None,
        }
    }

    #[inline]
    pub fn sig_ty(self) -> Ty {
        self.nth_from_end(2)
    }

    /// The signature over one tuple of inputs.
    #[inline]
    pub fn sig(self) -> Option<Binder<FnSig>> {
        match self.sig_ty().kind() {
            TyKind::FnPtr(sig) => Some(*sig),
            _ => None,
        }
    }

    /// The signature with the tuple of inputs taken apart.
    #[inline]
    pub fn untupled_sig(self) -> Option<Binder<FnSig>> {
        let sig = self.sig()?;
        let inputs = sig.value.inputs().first()?.as_tuple()?;
        Some(Binder { value: FnSig::new(&inputs, sig.value.output()), vars: sig.vars })
    }

    #[inline]
    pub fn upvars_ty(self) -> Ty {
        self.nth_from_end(1)
    }

    /// The upvars' types; empty before they are known.
    #[inline]
    pub fn upvars(self) -> List<Ty> {
        self.upvars_ty().as_tuple().unwrap_or_else(List::empty)
    }
}
