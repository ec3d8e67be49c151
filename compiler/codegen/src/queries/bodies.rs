//! The bodies of some packages and of those that these use, and what is asked of whole bodies.

use rgo_hir::body::LogicalOp;
use rgo_hir::{Db, DefId, Package, SourceFile};
use rgo_typeck::thir;
use rgo_typeck::ty::{Ty, TyKind};
use rustc_hash::FxHashSet;

/// The links of a chain of `&&` or `||`, from left to right.
pub fn links(body: &thir::Body, id: thir::ExprId, chained: LogicalOp) -> Vec<thir::ExprId> {
    match &body.exprs[id].kind {
        thir::ExprKind::Logical { op, lhs, rhs } if *op == chained => {
            let mut links = links(body, *lhs, chained);
            links.append(&mut self::links(body, *rhs, chained));
            links
        }
        _ => vec![id],
    }
}

/// The sources of some packages, then those of all others but std.
pub fn user_files(db: &dyn Db, packages: &[Package]) -> Vec<SourceFile> {
    let others = db.workspace().packages(db).iter().filter(|other| !*other.is_std(db) && !packages.contains(other));
    packages.iter().chain(others).flat_map(|package| package.files(db).iter().copied()).collect()
}

/// The bodies of some packages and of all others but std whose functions, types, constants and statics they name, closures included; without
/// those that have errors.
pub fn reached_bodies<'db>(db: &'db dyn Db, packages: &[Package]) -> Vec<&'db thir::Body> {
    let mut reached = packages.to_vec();
    let mut bodies: Vec<&thir::Body> = Vec::new();
    let mut seen = FxHashSet::default();
    let mut next = 0;
    while let Some(package) = reached.get(next).copied() {
        next += 1;
        for owner in rgo_hir::body_owners(db, package) {
            let from = bodies.len();
            push_bodies(db, *owner, &mut seen, &mut bodies);
            for named in bodies[from..].iter().flat_map(|body| named_packages(db, body)) {
                if !reached.contains(&named) {
                    reached.push(named);
                }
            }
        }
    }
    bodies
}

/// A body and those of its closures; one within another may be listed by both.
fn push_bodies<'db>(db: &'db dyn Db, owner: DefId, seen: &mut FxHashSet<DefId>, bodies: &mut Vec<&'db thir::Body>) {
    let Some(body) = super::thir(db, owner).filter(|body| !body.has_errors) else { return };
    if seen.insert(owner) {
        bodies.push(body);
        body.closures.iter().for_each(|closure| push_bodies(db, *closure, seen, bodies));
    }
}

fn named_packages<'a>(db: &'a dyn Db, body: &'a thir::Body) -> impl Iterator<Item = Package> + 'a {
    let named = body.exprs.iter().filter_map(|(_, expr)| match &expr.kind {
        thir::ExprKind::FnItem { def, .. } | thir::ExprKind::Const { def, .. } | thir::ExprKind::Static(def) => {
            Some(*def)
        }
        thir::ExprKind::Adt(adt) => Some(adt.adt),
        _ => None,
    });
    named.filter_map(|def| rgo_hir::package_of(db, def).filter(|package| !package.is_std(db)))
}

/// Whether a `fmt` of the package may fail: what std's own functions return is no error, so somebody must make one.
pub fn makes_fmt_errors(db: &dyn Db, package: Package) -> bool {
    let is_error = |ty: Ty| match ty.kind() {
        TyKind::Adt(def, _) => rgo_hir::lang_name(db, *def) == Some("fmt_error"),
        _ => false,
    };
    rgo_hir::body_owners(db, package).iter().any(|owner| {
        super::thir(db, *owner).is_some_and(|body| {
            body.exprs.iter().any(|(_, expr)| {
                let makes = matches!(
                    expr.kind,
                    thir::ExprKind::Adt(_)
                        | thir::ExprKind::Call { .. }
                        | thir::ExprKind::Const { .. }
                        | thir::ExprKind::Literal(_)
                );
                makes && is_error(expr.ty)
            })
        })
    })
}

/// The first error of a body, for a report of one that should have none.
pub fn body_error(db: &dyn Db, def: DefId) -> String {
    let typed = rgo_typeck::infer::body_type_errors(db, def).first().map(|error| error.message.clone());
    typed.or_else(|| rgo_hir::body_errors(db, def).first().map(|error| error.message.clone())).unwrap_or_default()
}
