//! Which code a call runs, once all generic arguments are known.

use rgo_hir::{Db, DefId, DefKind};

use crate::collect;
use crate::infer_ctxt::InferCtxt;
use crate::solve::{Candidate, FulfillCtxt, Obligation, ObligationCause, ParamEnv, normalize_erasing_regions};
use crate::ty::{Args, ClosureKind, Const, GenericArg, GenericParamKind, Region, TraitRef, Ty, TyKind};

/// What a function with concrete arguments comes down to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Instance {
    /// A function with a body (or a `#[go]` template): free, inherent, of an impl, or a trait's default.
    Item {
        def: DefId,
        args: Args,
    },
    Builtin(BuiltinInstance),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BuiltinInstance {
    /// `Clone::clone` of a scalar, reference, array, tuple, closure or function.
    Clone { ty: Ty },
    /// A call of a closure by the method of `kind`.
    ClosureCall { closure: Ty, kind: ClosureKind },
    /// A call of a function item or pointer through an `Fn*` trait.
    FnCall { callee: Ty, kind: ClosureKind },
    /// A method of a `dyn` type.
    Dyn { trait_: DefId, method: DefId, args: Args },
    /// A tuple struct's or variant's constructor.
    Ctor { def: DefId, args: Args },
}

/// The instance for `def` with concrete `args` (regions erased). `None` if no impl applies, which type checking has excluded.
pub fn resolve_instance(db: &dyn Db, def: DefId, args: Args) -> Option<Instance> {
    let args = normalize_erasing_regions(db, ParamEnv::of_concrete(db, args), args);
    match (def.kind(), def.parent()) {
        (DefKind::Struct | DefKind::Variant, _) => Some(Instance::Builtin(BuiltinInstance::Ctor { def, args })),
        (DefKind::Fn | DefKind::AssocConst, Some(trait_)) if trait_.kind() == DefKind::Trait => {
            resolve_trait_item(db, def, args).clone()
        }
        _ => Some(Instance::Item { def, args }),
    }
}

/// Survives every edit that changes nothing that the selection of the impl looked at.
#[salsa::tracked(returns(ref))]
fn resolve_trait_item(db: &dyn Db, def: DefId, args: Args) -> Option<Instance> {
    let trait_ = def.parent()?;
    let infcx = InferCtxt::new(db, ParamEnv::of_concrete(db, args));
    let trait_count = collect::generics_of(db, trait_).count();
    let trait_ref = TraitRef::new(trait_, args.truncated(trait_count));
    let obligation = Obligation::trait_ref(ObligationCause::dummy(), infcx.param_env, trait_ref);
    let candidate = infcx.select(&obligation, trait_ref).ok().flatten()?;
    match candidate {
        Candidate::Impl(impl_, impl_ref) => {
            let Some(item) = collect::impl_item_for(db, impl_, def) else { return Some(Instance::Item { def, args }) };
            let (impl_args, nested) = infcx.match_impl(impl_, impl_ref, trait_ref, &obligation).ok()?;
            // The impl's conditions fix arguments that its head leaves open.
            let mut fulfill = FulfillCtxt::new();
            fulfill.register_all(&infcx, nested);
            for (predicate, _) in infcx.instantiate_predicates(impl_, impl_args) {
                let mut more = Vec::new();
                let predicate = infcx.normalize(predicate, &obligation.cause, &mut more);
                fulfill.register_all(&infcx, more);
                fulfill.register(&infcx, obligation.with_predicate(predicate));
            }
            let unmet = fulfill.select_where_possible(&infcx);
            // Of a parameter an impl for all types may ask what is not known of it.
            if !unmet.is_empty() && matches!(trait_ref.self_ty().kind(), TyKind::Param(_)) {
                return None;
            }
            let impl_args = infcx.resolve_vars_if_possible(impl_args);
            let args = impl_item_args(db, item, impl_args, &args[trait_count.min(args.len())..]);
            let args = normalize_erasing_regions(db, ParamEnv::of_concrete(db, args), args);
            Some(Instance::Item { def: item, args })
        }
        Candidate::Callable(_) => callable(db, trait_, trait_ref.self_ty()),
        Candidate::Object(_) => Some(Instance::Builtin(BuiltinInstance::Dyn { trait_, method: def, args })),
        Candidate::Builtin(_) if def.name().as_str() == "clone" => {
            Some(Instance::Builtin(BuiltinInstance::Clone { ty: trait_ref.self_ty() }))
        }
        Candidate::Builtin(_) | Candidate::Auto(_) => Some(Instance::Item { def, args }),
        Candidate::Param(_) | Candidate::ItemBound(_) | Candidate::Unsize(..) => None,
    }
}

/// The arguments of an impl's item: the impl's, then the trait item's own (lifetimes may be early-bound in one and late-bound in the other).
fn impl_item_args(db: &dyn Db, item: DefId, impl_args: Args, own: &[GenericArg]) -> Args {
    let mut given = own.iter().filter(|arg| !matches!(arg, GenericArg::Region(_)));
    let params = &collect::generics_of(db, item).params;
    impl_args.extended(params.iter().map(|param| match param.kind {
        GenericParamKind::Lifetime => GenericArg::Region(Region::erased()),
        GenericParamKind::Type { .. } => given.next().copied().unwrap_or(GenericArg::Ty(Ty::error())),
        GenericParamKind::Const { .. } => given.next().copied().unwrap_or(GenericArg::Const(Const::error())),
    }))
}

fn callable(db: &dyn Db, trait_: DefId, callee: Ty) -> Option<Instance> {
    let kind = match rgo_hir::lang_name(db, trait_)? {
        "fn" => ClosureKind::Fn,
        "fn_mut" => ClosureKind::FnMut,
        _ => ClosureKind::FnOnce,
    };
    Some(Instance::Builtin(match callee.kind() {
        TyKind::Closure(..) => BuiltinInstance::ClosureCall { closure: callee, kind },
        _ => BuiltinInstance::FnCall { callee, kind },
    }))
}
