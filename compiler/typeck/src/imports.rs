//! Which other packages of the module a package uses: by what its `use`s bring in, its signatures mention, and its bodies name.
//!
//! Of typed items and bodies, so that a package is found, too, whose types are met without being named (a call that returns one): the Go of
//! the body has to name it. std does not count. Invariant: whoever uses an impl uses the package of its trait or of its type (orphan rules),
//! so that no impl has to be looked for.

use std::ops::ControlFlow;

use rgo_hir::resolve::Res;
use rgo_hir::{Db, DefId, DefKind, Package};
use rgo_syntax::Span;
use rustc_hash::FxHashSet;

use crate::collect;
use crate::thir::ExprKind;
use crate::ty::fold::{TypeFoldable, TypeVisitor};
use crate::ty::{Clause, Ty, TyKind};

/// A package that another one uses, and where: the `use` that brings it in, or the first mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackageUse {
    /// The root of the used package.
    pub package: DefId,
    pub at: DefId,
    /// Relative to the item of `at`.
    pub span: Span,
}

/// The packages of the module that this one uses, each once, in the order in which they are met.
#[salsa::tracked(returns(ref))]
pub fn package_uses(db: &dyn Db, package: Package) -> Vec<PackageUse> {
    let root = DefId::package(*package.path(db));
    let mut search = Search { db, root, at: (root, Span::at(0)), found: Vec::new(), seen: FxHashSet::default() };
    search.imports(package);
    search.item(root);
    for owner in rgo_hir::body_owners(db, package) {
        search.body(*owner);
    }
    search.found
}

struct Search<'db> {
    db: &'db dyn Db,
    root: DefId,
    /// What is being looked at.
    at: (DefId, Span),
    found: Vec<PackageUse>,
    /// Roots of the packages that were found.
    seen: FxHashSet<DefId>,
}

impl Search<'_> {
    fn imports(&mut self, package: Package) {
        let mut brought: Vec<((usize, u32), DefId, DefId)> = Vec::new();
        for module in rgo_hir::modules(self.db, package) {
            for (found, by) in rgo_hir::imported(self.db, *module) {
                let Res::Def(found) = found else { continue };
                let (file, start) = rgo_hir::item_start(self.db, by);
                let file = package.files(self.db).iter().position(|other| *other == file).unwrap_or(0);
                brought.push(((file, start), found, by));
            }
        }
        // Scopes are maps: the text says what comes first.
        brought.sort_by_key(|(place, found, _)| (*place, found.package_of().name().to_string()));
        for (_, found, by) in brought {
            self.at = (by, rgo_hir::def_span(self.db, by));
            self.names(found);
        }
    }

    fn item(&mut self, def: DefId) {
        self.at = (def, rgo_hir::def_span(self.db, def));
        match def.kind() {
            DefKind::Fn => {
                let _ = collect::fn_sig(self.db, def).value.visit_with(self);
            }
            DefKind::Const
            | DefKind::Static
            | DefKind::Field
            | DefKind::TypeAlias
            | DefKind::AssocConst
            | DefKind::AssocTy => {
                if def.kind() != DefKind::AssocTy || def.parent().is_some_and(|parent| parent.kind() == DefKind::Impl) {
                    let _ = collect::type_of(self.db, def).visit_with(self);
                }
            }
            DefKind::Impl => {
                let _ = collect::type_of(self.db, def).visit_with(self);
                if let Some(trait_ref) = collect::impl_trait_ref(self.db, def) {
                    self.names(trait_ref.trait_);
                    let _ = trait_ref.visit_with(self);
                }
            }
            DefKind::Trait => {
                let parents = collect::super_predicates(self.db, def);
                parents.iter().for_each(|(predicate, _)| self.clause(&predicate.value));
            }
            _ => {}
        }
        if matches!(
            def.kind(),
            DefKind::Fn | DefKind::Struct | DefKind::Enum | DefKind::Trait | DefKind::Impl | DefKind::TypeAlias
        ) {
            let bounds = collect::own_predicates_of(self.db, def);
            bounds.iter().for_each(|(predicate, _)| self.clause(&predicate.value));
        }
        for child in rgo_hir::children(self.db, def) {
            self.item(*child);
        }
    }

    fn clause(&mut self, clause: &Clause) {
        match clause {
            Clause::Trait(trait_ref) => {
                self.names(trait_ref.trait_);
                let _ = trait_ref.visit_with(self);
            }
            Clause::Projection(projection, ty) => {
                self.names(projection.item);
                let _ = projection.args.visit_with(self);
                let _ = ty.visit_with(self);
            }
            Clause::TypeOutlives(ty, _) => {
                let _ = ty.visit_with(self);
            }
            Clause::RegionOutlives(..) => {}
        }
    }

    fn body(&mut self, owner: DefId) {
        let body = crate::thir_build::thir_body(self.db, owner);
        for (_, expr) in body.exprs.iter() {
            self.at = (owner, expr.span);
            let _ = expr.ty.visit_with(self);
            match &expr.kind {
                ExprKind::FnItem { def, args, .. } | ExprKind::Const { def, args, .. } => {
                    self.names(*def);
                    let _ = args.visit_with(self);
                }
                ExprKind::Static(def) => self.names(*def),
                ExprKind::For { next, .. } => {
                    let (def, args) = &**next;
                    self.names(*def);
                    let _ = args.visit_with(self);
                }
                _ => {}
            }
        }
        for inner in body.closures.iter().chain(&body.inline_consts) {
            self.body(*inner);
        }
    }

    fn names(&mut self, def: DefId) {
        let package = def.package_of();
        if package == self.root || package.name() == "std" || !self.seen.insert(package) {
            return;
        }
        let (at, span) = self.at;
        self.found.push(PackageUse { package, at, span });
    }
}

impl TypeVisitor for Search<'_> {
    fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
        match ty.kind() {
            TyKind::Adt(def, _)
            | TyKind::FnDef(def, _)
            | TyKind::Closure(def, _)
            | TyKind::Projection(def, _)
            | TyKind::Opaque(def, _) => self.names(*def),
            TyKind::Dynamic(clauses, _) => {
                for clause in clauses.iter() {
                    self.clause(&clause.value);
                }
            }
            _ => {}
        }
        ty.super_visit_with(self)
    }
}
