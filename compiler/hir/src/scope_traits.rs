//! Which items of traits a name can mean behind a dot: the traits of the blocks around it, of its module and of the prelude.
//!
//! Asked by name, once for every method call: a module may know hundreds of traits, and few of them have the name.

use rgo_syntax::Name;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::impls::impl_trait;
use crate::resolve::Res;
use crate::scope::module_scope;
use crate::{Db, DefId, DefKey, DefKind, children};

/// The items of the traits that a module or block names, by their name. Survives edits that change neither.
#[salsa::tracked]
fn module_trait_items<'db>(db: &'db dyn Db, key: DefKey<'db>) -> FxHashMap<Name, Vec<DefId>> {
    let scope = module_scope(db, key);
    let named = scope.names.values().filter_map(|binding| match binding.res {
        Res::Def(def) if def.kind() == DefKind::Trait => Some(def),
        _ => None,
    });
    let mut traits: Vec<DefId> = named.chain(scope.unnamed_traits.iter().map(|(def, _)| *def)).collect();
    traits.sort();
    traits.dedup();
    let mut items: FxHashMap<Name, Vec<DefId>> = FxHashMap::default();
    for trait_ in traits {
        for &item in children(db, trait_) {
            let known = items.entry(item.name()).or_default();
            // A name that a trait has twice is an error; the first is meant. Types are not called.
            if item.kind() != DefKind::AssocTy && known.last().and_then(|last| last.parent()) != Some(trait_) {
                known.push(item);
            }
        }
    }
    items
}

/// The items of this name in the traits whose methods can be called in a scope, the innermost scope's first.
pub fn trait_items_in_scope(db: &dyn Db, scope: DefId, name: Name) -> SmallVec<[DefId; 4]> {
    let mut found: SmallVec<[DefId; 4]> = SmallVec::new();
    let mut add = |items: &[DefId]| {
        for &item in items {
            if !found.contains(&item) {
                found.push(item);
            }
        }
    };
    let in_module = |module: DefId| module_trait_items(db, module.key(db)).get(&name).map_or(&[][..], Vec::as_slice);
    for def in scope.ancestors() {
        match def.kind() {
            DefKind::Block => add(in_module(def)),
            DefKind::Mod | DefKind::Package => {
                add(in_module(def));
                break;
            }
            _ => {}
        }
    }
    add(in_module(crate::path::prelude_module()));
    // Inside a trait, and inside its impls, its own methods can be called.
    for def in scope.ancestors() {
        let own = match def.kind() {
            DefKind::Trait => Some(def),
            DefKind::Impl => impl_trait(db, def.key(db)),
            _ => None,
        };
        add(own.and_then(|own| crate::value_item(db, own, name)).as_slice());
    }
    found
}
