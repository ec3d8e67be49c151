//! What the Go of a package holds in any case, and what it holds where Go has words for it.
//!
//! Of a program it is `main`; of a library all that Go code can reach: `pub` items (without them there is no library, so what cannot be emitted
//! of them is an error), and for their sake what Go code expects of them: the methods by which a type implements an interface, all methods of
//! an instance that a signature mentions, and generic items for Go code to instantiate. What cannot be emitted of these is left out.

use rgo_hir::{DefId, DefKind};
use rgo_typeck::ty::{Args, GenericArg, Ty, TyKind};
use rustc_hash::FxHashMap;

use crate::mono::Cx;
use crate::mono::context::Instance;
use crate::queries;

/// Everything of the package that is not generic, so that the Go holds what the rgo holds.
pub fn own(cx: &Cx<'_>) -> Vec<DefId> {
    let mut out = Vec::new();
    each_item(cx, cx.here().root, &mut |item, impl_| {
        let is_wanted = match cx.here().is_main {
            true => impl_.is_none() || rgo_hir::is_entry(item),
            false => queries::is_pub(cx.db, item),
        };
        if !queries::is_generic(cx.db, item) && is_wanted {
            out.push(item);
        }
    });
    out
}

/// What goes with them in a library, as far as it has not been refused.
pub fn expected(cx: &mut Cx<'_>) -> Vec<Instance> {
    if cx.here().is_main {
        return Vec::new();
    }
    let mut out = of_interfaces(cx);
    out.extend(of_signatures(cx));
    each_item(cx, cx.here().root, &mut |item, impl_| {
        let is_reached = queries::is_pub(cx.db, item) || impl_.is_some_and(|i| queries::api_impl(cx.db, i).is_some());
        if is_reached && queries::has_types_for_parameters(cx.db, item) {
            out.push(Instance { def: item, args: queries::own_args(cx.db, item) });
        }
    });
    out.retain(|root| !cx.is_refused(root));
    out
}

/// Every function, static and type of a module and those below it, with the impl that it stands in.
fn each_item(cx: &Cx<'_>, parent: DefId, visit: &mut dyn FnMut(DefId, Option<DefId>)) {
    for child in rgo_hir::children(cx.db, parent) {
        match child.kind() {
            DefKind::Mod => each_item(cx, *child, visit),
            DefKind::Fn | DefKind::Static | DefKind::Struct | DefKind::Enum => visit(*child, None),
            DefKind::Impl => {
                let items = rgo_hir::children(cx.db, *child).iter();
                items.filter(|item| item.kind() == DefKind::Fn).for_each(|item| visit(*item, Some(*child)));
            }
            _ => {}
        }
    }
}

/// The methods that `pub` types have from `pub` traits, their own and those that the trait provides: Go's interfaces ask for all of them.
fn of_interfaces(cx: &Cx<'_>) -> Vec<Instance> {
    let mut out = Vec::new();
    let impls = cx.here().package.map(|package| rgo_hir::impls_of_package(cx.db, package));
    for impl_ in impls.unwrap_or_default() {
        let Some(trait_ref) = queries::api_impl(cx.db, *impl_).filter(|_| !queries::is_generic(cx.db, *impl_)) else {
            continue;
        };
        let given = rgo_hir::children(cx.db, *impl_);
        let own = given.iter().filter(|item| item.kind() == DefKind::Fn && !queries::is_generic(cx.db, **item));
        out.extend(own.map(|item| Instance { def: *item, args: queries::own_args(cx.db, *item) }));
        let provided = rgo_hir::children(cx.db, trait_ref.trait_).iter().filter(|item| {
            item.kind() == DefKind::Fn
                && queries::has_self(cx.db, **item)
                && !queries::has_own_types(cx.db, **item)
                && given.iter().all(|own| own.name() != item.name())
        });
        out.extend(
            provided
                .map(|method| Instance { def: *method, args: queries::erased_args(cx.db, *method, trait_ref.args) }),
        );
    }
    out
}

/// The methods of the instances of generic types that `pub` functions take and give: of `fn numbers() -> Stack<i32>` all of `Stack<i32>`.
fn of_signatures(cx: &mut Cx<'_>) -> Vec<Instance> {
    let mut out: Vec<Instance> = Vec::new();
    for root in own(cx) {
        if root.kind() == DefKind::Fn {
            of_signature(cx, Instance { def: root, args: Args::empty() }, &mut out);
        }
    }
    out
}

/// The same of one function.
pub fn of_signature(cx: &mut Cx<'_>, function: Instance, out: &mut Vec<Instance>) {
    let sig = cx.sig_of(function.def, function.args);
    for (def, args) in sig.inputs_and_output.iter().flat_map(|ty| queries::adts_in(*ty)) {
        if def.is_std() || !queries::is_generic(cx.db, def) || cx.is_canonical(def, args) {
            continue;
        }
        for method in methods_of(cx, def, args) {
            if !out.contains(&method) {
                out.push(method);
            }
        }
    }
}

/// The `pub` methods of an instance of a type, with their arguments: those whose bounds hold and that have no parameters of their own.
fn methods_of(cx: &Cx<'_>, adt: DefId, args: Args) -> Vec<Instance> {
    let mut out = Vec::new();
    for impl_ in queries::inherent_impls(cx.db, adt) {
        let TyKind::Adt(_, params) = queries::impl_self(cx.db, impl_).kind() else { continue };
        let given: FxHashMap<Ty, GenericArg> = params.types().zip(args.types().map(GenericArg::Ty)).collect();
        // An impl for some instances alone (`impl Stack<u8>`), or for those with two arguments alike.
        if given.len() != params.types().count() || !given.keys().all(|ty| matches!(ty.kind(), TyKind::Param(_))) {
            continue;
        }
        let is_method = |item: &DefId| {
            item.kind() == DefKind::Fn && queries::is_pub(cx.db, *item) && !queries::has_own_types(cx.db, *item)
        };
        for method in rgo_hir::children(cx.db, impl_).iter().copied().filter(is_method) {
            let own = queries::own_args(cx.db, method);
            let args =
                own.iter().map(|arg| arg.as_ty().and_then(|ty| given.get(&ty)).copied().unwrap_or(*arg)).collect();
            if queries::bounds_hold(cx.db, method, args) {
                out.push(Instance { def: method, args });
            }
        }
    }
    out
}
