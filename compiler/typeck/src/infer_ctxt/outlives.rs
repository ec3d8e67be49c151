//! What `T: 'a` means for the parts of `T` (RFC 1214; rustc dev guide, "Region inference").

use rgo_hir::DefId;
use smallvec::SmallVec;

use crate::ty::{Args, ClosureArgs, GenericArg, ParamTy, ProjectionTy, Region, RegionKind, Ty, TyKind};

/// A part of a type that must outlive a region for the whole type to do so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutlivesComponent {
    Region(Region),
    Param(ParamTy),
    /// Holds by a where clause or an item bound, or because all arguments outlive the region.
    Projection(ProjectionTy),
    Opaque(DefId, Args),
    /// A variable of inference: to be resolved first.
    Infer(Ty),
}

/// The components of `ty`, without duplicates, in order of appearance.
pub fn outlives_components(ty: Ty) -> SmallVec<[OutlivesComponent; 4]> {
    let mut out = SmallVec::new();
    components(ty, &mut out);
    out
}

fn push(component: OutlivesComponent, out: &mut SmallVec<[OutlivesComponent; 4]>) {
    if !out.contains(&component) {
        out.push(component);
    }
}

fn components(ty: Ty, out: &mut SmallVec<[OutlivesComponent; 4]>) {
    match ty.kind() {
        TyKind::Bool
        | TyKind::Char
        | TyKind::Int(_)
        | TyKind::Uint(_)
        | TyKind::Float(_)
        | TyKind::Str
        | TyKind::Never
        | TyKind::Error => {}
        TyKind::Param(param) => push(OutlivesComponent::Param(*param), out),
        TyKind::Projection(item, args) => push(OutlivesComponent::Projection(ProjectionTy::new(*item, *args)), out),
        TyKind::Opaque(def, args) => push(OutlivesComponent::Opaque(*def, *args), out),
        TyKind::Infer(_) => push(OutlivesComponent::Infer(ty), out),
        TyKind::Closure(_, args) => components(ClosureArgs::new(*args).upvars_ty(), out),
        TyKind::Array(elem, _) | TyKind::Slice(elem) => components(*elem, out),
        TyKind::Tuple(items) => items.iter().for_each(|item| components(*item, out)),
        TyKind::Ref(region, inner, _) => {
            region_component(*region, out);
            components(*inner, out);
        }
        TyKind::Adt(_, args) | TyKind::FnDef(_, args) => args_components(*args, out),
        TyKind::FnPtr(sig) => sig.value.inputs_and_output.iter().for_each(|ty| components(*ty, out)),
        TyKind::Dynamic(clauses, region) => {
            region_component(*region, out);
            for clause in clauses {
                crate::ty::fold::for_each_free_region(clause, |region| region_component(region, out));
            }
        }
    }
}

fn args_components(args: Args, out: &mut SmallVec<[OutlivesComponent; 4]>) {
    for arg in &args {
        match arg {
            GenericArg::Region(region) => region_component(*region, out),
            GenericArg::Ty(ty) => components(*ty, out),
            GenericArg::Const(_) => {}
        }
    }
}

fn region_component(region: Region, out: &mut SmallVec<[OutlivesComponent; 4]>) {
    match region.kind() {
        RegionKind::Bound { .. } => {}
        _ => push(OutlivesComponent::Region(region), out),
    }
}
