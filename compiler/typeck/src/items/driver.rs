//! Runs the checks over the items of a package.

use rgo_hir::{Db, DefId, DefKey, DefKind, Package};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::collect::{collect_errors, impl_trait_ref};
use crate::const_eval::{const_body_errors, evaluation_cycle, evaluation_errors};
use crate::error::TypeError;
use crate::exhaustive::check_match;
use crate::thir_build::thir_body;
use crate::ty::TyKind;

use super::{
    adt, attributes, bindings, body_types, captures, clause_regions, coherence, compare_impl, generics, main_fn,
    opaque, outlives, privacy, private_in_bodies, private_types, traits, wf,
};

/// All errors of the signatures of a package, in the order of its items.
pub fn item_type_errors(db: &dyn Db, package: Package) -> Vec<TypeError> {
    let root = DefId::package(*package.path(db));
    let items = rgo_hir::package_items(db, package);
    let mut errors = Vec::new();
    attributes::check_package(db, root, &mut errors);
    errors.extend(coherence_errors(db, package).iter().cloned());
    for item in &items {
        let own = own_item_errors(db, *item);
        // A default that names `Self` makes the generics depend on themselves: that says it better.
        let names_self = own.iter().any(|error| error.code == Some("E0735"));
        let collected = collect_errors(db, *item);
        errors.extend(collected.iter().filter(|error| !(names_self && error.code == Some("E0391"))).cloned());
        errors.extend(own.iter().cloned());
    }
    if main_is_missing(db, package, root) {
        errors.push(missing_main(db, package, root));
    }
    errors
}

/// Errors that one item has apart from collection and coherence.
pub fn own_item_errors(db: &dyn Db, def: DefId) -> &[TypeError] {
    own_item_errors_query(db, def.key(db))
}

/// Survives every edit that leaves the signatures that the item names alone.
#[salsa::tracked(returns(ref))]
fn own_item_errors_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<TypeError> {
    let def = key.def(db);
    let mut errors = Vec::new();
    attributes::check(db, def, &mut errors);
    generics::check(db, def, &mut errors);
    bindings::check(db, def, &mut errors);
    captures::check(db, def, &mut errors);
    match def.kind() {
        DefKind::Struct | DefKind::Enum | DefKind::Union => adt::check(db, def, &mut errors),
        DefKind::TypeAlias => adt::check_alias(db, def, &mut errors),
        DefKind::Trait => traits::check(db, def, &mut errors),
        DefKind::Fn => {
            traits::check_associated_fn(db, def, &mut errors);
            if rgo_hir::is_entry(def) {
                main_fn::check(db, def, &mut errors);
            }
        }
        DefKind::Impl => {
            coherence::unconstrained(db, def, &mut errors);
            if let Some(trait_ref) = impl_trait_ref(db, def) {
                if trait_is_incoherent(db, def, trait_ref.trait_) {
                    return errors;
                }
                compare_impl::check(db, def, &mut errors);
                privacy::check(db, def, &mut errors);
            }
        }
        _ => {}
    }
    if !errors.iter().any(|error| error.code == Some("E0072") || error.code == Some("E0391")) {
        errors.extend(wf::check(db, def));
        outlives::check(db, def, &mut errors);
        clause_regions::check(db, def, &mut errors);
        // What is endless in the head of an impl is so wherever its items meet it.
        let is_endless = |error: &TypeError| error.code == Some("E0275");
        if errors.iter().any(|error| is_endless(error) && error.def == def) {
            errors.retain(|error| !is_endless(error) || error.def == def);
        }
        // `main` with a result that cannot be one is not blamed for its parameters too.
        if rgo_hir::is_entry(def) && errors.iter().any(|error| error.code == Some("E0277")) {
            errors.retain(|error| error.code != Some("E0580"));
        }
    }
    say_overflow_once(db, def, &mut errors);
    if errors.is_empty() {
        private_types::check(db, def, &mut errors);
    }
    errors
}

/// A head of an impl that has no end (E0275) has none wherever it is looked at: in its parts and its items.
fn say_overflow_once(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let is_overflow = |error: &TypeError| error.code == Some("E0275");
    if !errors.iter().any(is_overflow) {
        return;
    }
    let of_impl = def.parent().filter(|parent| parent.kind() == DefKind::Impl);
    let mut is_said = of_impl.is_some_and(|imp| own_item_errors(db, imp).iter().any(is_overflow));
    if def.kind() == DefKind::Impl {
        errors.sort_by_key(|error| is_overflow(error) && error.def != def);
    }
    errors.retain(|error| !is_overflow(error) || !std::mem::replace(&mut is_said, true));
}

/// Orphan rules, built-in traits and overlaps for all impls of a package.
#[salsa::tracked(returns(ref))]
fn coherence_errors(db: &dyn Db, package: Package) -> Vec<TypeError> {
    let root = DefId::package(*package.path(db));
    let mut errors = Vec::new();
    if root.name() == "std" {
        return errors;
    }
    let impls: Vec<DefId> = rgo_hir::impls_of_package(db, package).to_vec();
    // Derived impls come after all that are written: rustc makes them later.
    let (derived, written): (Vec<DefId>, Vec<DefId>) = impls.iter().partition(|imp| imp.is_derived_impl());
    let order: FxHashMap<DefId, usize> =
        written.iter().chain(&derived).enumerate().map(|(index, imp)| (*imp, index)).collect();
    let mut inherent: indexmap::IndexMap<DefId, Vec<DefId>, FxBuildHasher> = indexmap::IndexMap::default();
    for imp in &impls {
        coherence::check_impl(db, *imp, &mut errors);
        match impl_trait_ref(db, *imp) {
            Some(trait_ref) => coherence::overlaps_of_impl(db, *imp, trait_ref, &order, &mut errors),
            None => {
                let ty = crate::collect::type_of(db, *imp);
                let head = match ty.kind() {
                    TyKind::Adt(adt, _) => Some(*adt),
                    TyKind::Dynamic(..) => ty.dyn_principal().map(|principal| principal.value.trait_),
                    _ => None,
                };
                if let Some(head) = head {
                    inherent.entry(head).or_default().push(*imp);
                }
            }
        }
    }
    for impls in inherent.values() {
        coherence::inherent_overlaps(db, impls, &mut errors);
    }
    errors
}

/// Whether some impl of the trait in the package of this one breaks coherence: then no impl of it is checked further, as in rustc.
fn trait_is_incoherent(db: &dyn Db, imp: DefId, trait_: DefId) -> bool {
    let Some(package) = rgo_hir::package_of(db, imp) else { return false };
    coherence_errors(db, package).iter().any(|error| {
        error.def.kind() == DefKind::Impl && impl_trait_ref(db, error.def).is_some_and(|found| found.trait_ == trait_)
    })
}

fn main_is_missing(db: &dyn Db, package: Package, root: DefId) -> bool {
    let main = rgo_syntax::ast::Path::from_ident(rgo_syntax::ast::Ident {
        name: "main".into(),
        span: rgo_syntax::Span::at(0),
    });
    let declared = rgo_hir::child(db, root, "main".into());
    if *package.path(db) == "main"
        && declared.is_some_and(|main| rgo_hir::attrs(db, main).iter().any(|attr| attr.is("test")))
    {
        // A test is no part of the program.
        return true;
    }
    *package.path(db) == "main"
        // What could not be parsed may have been the function.
        && (!rgo_hir::children(db, root).is_empty() || rgo_hir::syntax_errors(db, package).iter().all(|(_, e)| e.is_empty()))
        && declared.is_none()
        && rgo_hir::resolve_path(db, root, &main, rgo_hir::resolve::Namespace::Value).is_err()
}

fn missing_main(db: &dyn Db, package: Package, root: DefId) -> TypeError {
    let end = package.files(db).first().map_or(0, |file| end_of_items(file.text(db)));
    TypeError::new(root, rgo_syntax::Span::at(end), "E0601", "`main` function not found in this package")
        .help("add a `main` function")
}

/// The end of a file without the blank lines and comments that nothing follows.
fn end_of_items(text: &str) -> u32 {
    let mut rest = text.trim_end();
    while let Some(start) = rest.rfind('\n')
        && rest[start..].trim_start().starts_with("//")
    {
        rest = rest[..start].trim_end();
    }
    u32::try_from(rest.len()).unwrap_or(0)
}

/// Errors of a body that are found after inference: patterns, what constants may do, constants that fail to evaluate.
/// For owners of `rgo_hir::body_owners`; closures are looked at with their owner.
pub fn body_check_errors(db: &dyn Db, owner: DefId) -> &[TypeError] {
    body_check_errors_query(db, owner.key(db))
}

/// Survives every edit that leaves the THIR of the owner, and the constants and `const fn` it uses, alone.
#[salsa::tracked(returns(ref))]
fn body_check_errors_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<TypeError> {
    let owner = key.def(db);
    let mut errors = Vec::new();
    let body = thir_body(db, owner);
    if body.has_errors {
        // The error may be a length that needs the value of the constant itself.
        errors.extend(evaluation_cycle(db, owner));
        return errors;
    }
    let mut pending = vec![owner];
    let mut bodies = Vec::new();
    // Where patterns leave something out, nobody knows what would be evaluated.
    let mut is_matched = true;
    while let Some(owner) = pending.pop() {
        body_types::check(db, owner, thir_body(db, owner), &mut errors);
        let unmatched = check_match(db, owner);
        is_matched &= unmatched.is_empty();
        errors.extend(unmatched);
        let body = thir_body(db, owner);
        bodies.push(body);
        pending.extend(&body.closures);
        for inline in &body.inline_consts {
            errors.extend(const_body_errors(db, *inline));
            pending.push(*inline);
        }
    }
    opaque::check(db, owner, &mut errors);
    if is_matched {
        errors.extend(const_body_errors(db, owner));
    }
    if errors.is_empty() {
        errors.extend(evaluation_errors(db, owner));
    }
    if errors.is_empty() {
        private_in_bodies::check(db, owner, bodies, &mut errors);
    }
    errors
}
