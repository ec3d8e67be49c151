//! `impl Trait` that stands for a type with itself inside, directly or by way of other functions' `impl Trait`s (E0720).

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId};
use rustc_hash::FxHashSet;

use crate::error::TypeError;
use crate::infer::{infer_body, opaque_hidden_ty};
use crate::ty::fold::walk_types;
use crate::ty::{Ty, TyKind};

pub fn check(db: &dyn Db, owner: DefId, errors: &mut Vec<TypeError>) {
    for (opaque, hidden) in &infer_body(db, owner).opaque_types {
        let mut search = Search { db, target: *opaque, seen: FxHashSet::default() };
        if search.finds_target(*hidden) {
            errors.push(
                TypeError::new(owner, rgo_hir::def_span(db, *opaque), "E0720", "cannot resolve opaque type")
                    .label("it stands for a type that holds itself")
                    .help("return a boxed trait object, `Box<dyn Trait>`: it has the same size whatever is inside"),
            );
        }
    }
}

struct Search<'db> {
    db: &'db dyn Db,
    target: DefId,
    seen: FxHashSet<DefId>,
}

impl Search<'_> {
    fn finds_target(&mut self, ty: Ty) -> bool {
        let found = walk_types(&ty, |ty| {
            let TyKind::Opaque(def, _) = ty.kind() else { return ControlFlow::Continue(()) };
            let again =
                *def == self.target || self.seen.insert(*def) && self.finds_target(opaque_hidden_ty(self.db, *def));
            if again { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        found.is_break()
    }
}
