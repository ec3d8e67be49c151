//! What a type, region or constant contains, from its parts' flags.

use super::intern::TypeFlags;
use super::{Args, Binder, Clause, Clauses, ConstKind, GenericArg, List, RegionKind, Ty, TyKind};

pub fn of_ty(kind: &TyKind) -> TypeFlags {
    match kind {
        TyKind::Bool
        | TyKind::Char
        | TyKind::Int(_)
        | TyKind::Uint(_)
        | TyKind::Float(_)
        | TyKind::Str
        | TyKind::Never => TypeFlags::default(),
        TyKind::Adt(_, args) => of_args(*args),
        TyKind::FnDef(_, args) => of_args(*args).or(TypeFlags(TypeFlags::HAS_FUNCTION)),
        TyKind::Array(elem, len) => elem.flags().or(len.flags()),
        TyKind::Slice(elem) => elem.flags(),
        TyKind::Ref(region, ty, _) => region.flags().or(ty.flags()),
        TyKind::Tuple(items) => of_tys(*items),
        TyKind::FnPtr(sig) => {
            of_binder(sig, of_tys(sig.value.inputs_and_output)).or(TypeFlags(TypeFlags::HAS_FUNCTION))
        }
        TyKind::Closure(_, args) => {
            of_args(*args).or(TypeFlags(TypeFlags::HAS_CLOSURE | TypeFlags::HAS_FUNCTION | TypeFlags::HAS_LIFETIME))
        }
        TyKind::Dynamic(clauses, region) => of_clauses(*clauses).or(region.flags()),
        // The `Self` of a `dyn` type is no parameter of anything.
        TyKind::Param(param) if param.index == u32::MAX => TypeFlags::default(),
        TyKind::Param(_) => TypeFlags(TypeFlags::HAS_PARAM),
        TyKind::Projection(_, args) => of_args(*args).or(TypeFlags(TypeFlags::HAS_PROJECTION)),
        TyKind::Opaque(_, args) => of_args(*args).or(TypeFlags(TypeFlags::HAS_OPAQUE)),
        TyKind::Infer(_) => TypeFlags(TypeFlags::HAS_INFER),
        TyKind::Error => TypeFlags(TypeFlags::HAS_ERROR),
    }
}

pub fn of_region(kind: &RegionKind) -> TypeFlags {
    let flags = match kind {
        RegionKind::Erased => TypeFlags::default(),
        RegionKind::Var(_) => TypeFlags(TypeFlags::HAS_REGION | TypeFlags::HAS_REGION_VAR),
        RegionKind::Bound { .. } => TypeFlags(TypeFlags::HAS_REGION | TypeFlags::HAS_BOUND),
        RegionKind::EarlyParam { .. } => TypeFlags(TypeFlags::HAS_REGION | TypeFlags::HAS_PARAM),
        RegionKind::Static | RegionKind::LateParam { .. } | RegionKind::Placeholder { .. } | RegionKind::Shared(_) => {
            TypeFlags(TypeFlags::HAS_REGION)
        }
        RegionKind::Error => TypeFlags(TypeFlags::HAS_REGION | TypeFlags::HAS_ERROR),
    };
    flags.or(TypeFlags(TypeFlags::HAS_LIFETIME))
}

pub fn of_const(kind: &ConstKind) -> TypeFlags {
    match kind {
        ConstKind::Value(_) => TypeFlags::default(),
        ConstKind::Param { .. } => TypeFlags(TypeFlags::HAS_PARAM),
        ConstKind::Infer(_) => TypeFlags(TypeFlags::HAS_INFER),
        ConstKind::Unevaluated(_, args) => of_args(*args).or(TypeFlags(TypeFlags::HAS_PROJECTION)),
        ConstKind::Error => TypeFlags(TypeFlags::HAS_ERROR),
    }
}

pub fn of_args(args: Args) -> TypeFlags {
    args.iter().fold(TypeFlags::default(), |flags, arg| flags.or(of_arg(*arg)))
}

pub fn of_arg(arg: GenericArg) -> TypeFlags {
    match arg {
        GenericArg::Region(region) => region.flags(),
        GenericArg::Ty(ty) => ty.flags(),
        GenericArg::Const(value) => value.flags(),
    }
}

fn of_tys(items: List<Ty>) -> TypeFlags {
    items.iter().fold(TypeFlags::default(), |flags, ty| flags.or(ty.flags()))
}

fn of_binder<T>(binder: &Binder<T>, flags: TypeFlags) -> TypeFlags {
    if binder.vars.is_empty() { flags } else { flags.or(TypeFlags(TypeFlags::HAS_BOUND)) }
}

fn of_clauses(clauses: Clauses) -> TypeFlags {
    clauses.iter().fold(TypeFlags::default(), |flags, clause| {
        let inner = match clause.value {
            Clause::Trait(trait_ref) => of_args(trait_ref.args),
            Clause::Projection(projection, ty) => of_args(projection.args).or(ty.flags()),
            Clause::TypeOutlives(ty, region) => ty.flags().or(region.flags()),
            Clause::RegionOutlives(a, b) => a.flags().or(b.flags()),
        };
        flags.or(of_binder(clause, inner))
    })
}
