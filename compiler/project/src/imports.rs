//! How the packages of a module use each other: which are emitted together, in which order, and the errors of what Go does not allow.
//!
//! Two rules are Go's and not Rust's: packages do not import each other in a circle, and nobody imports a program ("Import declarations" in
//! the Go specification; `go help importpath`).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rgo_codegen::Unit;
use rgo_hir::{DefId, Package};
use rgo_typeck::error::TypeError;
use rgo_typeck::imports::{PackageUse, package_uses};

use crate::Database;

/// The packages that these use, near and far; these themselves included.
pub fn with_used(db: &Database, packages: &[Package]) -> Vec<Package> {
    let mut found = packages.to_vec();
    let mut next = 0;
    while let Some(package) = found.get(next).copied() {
        next += 1;
        for used in used_by(db, package) {
            if !found.contains(&used) {
                found.push(used);
            }
        }
    }
    found
}

fn used_by(db: &Database, package: Package) -> impl Iterator<Item = Package> {
    package_uses(db, package).iter().filter_map(|used| rgo_hir::package(db, used.package.name()))
}

/// Imports that Go would refuse. Nothing is said of a package that is not among these. `uses` tells which packages one uses.
pub fn import_errors(
    db: &Database,
    packages: &[Package],
    uses: &mut dyn FnMut(Package) -> Arc<[PackageUse]>,
) -> Vec<TypeError> {
    let mut errors = Vec::new();
    for package in packages {
        for used in uses(*package).iter() {
            if rgo_hir::is_program(db, used.package) {
                errors.push(imported_program(used));
            } else if let Some(way) = way_back(db, *package, used, uses) {
                errors.push(cycle(*package.path(db), used, &way));
            }
        }
    }
    errors
}

fn imported_program(used: &PackageUse) -> TypeError {
    let message = format!("`{}` is a program, and a program cannot be imported", used.package.name());
    TypeError::new(used.at, used.span, "RGO0003", message)
        .label("used here")
        .secondary(used.package, rgo_syntax::Span::at(0), "this package has a `fn main`")
        .help("move what both need into a package without `fn main`")
}

/// The uses that lead from a used package back to who uses it, on a shortest way.
fn way_back(
    db: &Database,
    package: Package,
    used: &PackageUse,
    uses: &mut dyn FnMut(Package) -> Arc<[PackageUse]>,
) -> Option<Vec<PackageUse>> {
    let target = DefId::package(*package.path(db));
    let mut came_by: HashMap<DefId, PackageUse> = HashMap::new();
    let mut pending = std::collections::VecDeque::from([used.package]);
    let mut seen = BTreeSet::from([used.package.name().to_string()]);
    while let Some(root) = pending.pop_front() {
        let Some(at) = rgo_hir::package(db, root.name()) else { continue };
        for next in uses(at).iter() {
            if !seen.insert(next.package.name().to_string()) {
                continue;
            }
            came_by.insert(next.package, *next);
            if next.package == target {
                return Some(way(target, used.package, &came_by));
            }
            pending.push_back(next.package);
        }
    }
    None
}

fn way(target: DefId, from: DefId, came_by: &HashMap<DefId, PackageUse>) -> Vec<PackageUse> {
    let mut steps = Vec::new();
    let mut at = target;
    while at != from {
        let Some(step) = came_by.get(&at) else { break };
        steps.push(*step);
        at = step.at.package_of();
    }
    steps.reverse();
    steps
}

fn cycle(package: impl std::fmt::Display, used: &PackageUse, way: &[PackageUse]) -> TypeError {
    let names: Vec<String> =
        std::iter::once(used).chain(way).map(|step| format!("`{}`", step.package.name())).collect();
    let message = format!("packages import each other in a circle: `{package}`, {}", names.join(", "));
    let mut error = TypeError::new(used.at, used.span, "RGO0004", message)
        .label(format!("`{}` is used here", used.package.name()))
        .note("Go has no packages that import each other")
        .help("move what both need into a third package, or join the two");
    for step in way {
        error = error.secondary(step.at, step.span, format!("and uses `{}` here", step.package.name()));
    }
    error
}

/// The packages divided into units: all that use others or are used are one, since they share what is made of std; any other package is one of its
/// own. They import each other in no circle; whom they use is among them.
pub fn units(db: &Database, packages: &[Package]) -> Vec<Unit> {
    let uses_others = |package: &Package| used_by(db, *package).next().is_some();
    let used: Vec<Package> = packages.iter().flat_map(|package| used_by(db, *package)).collect();
    let (together, apart): (Vec<Package>, Vec<Package>) =
        packages.iter().partition(|package| uses_others(package) || used.contains(package));
    let mut units: Vec<Unit> = apart.into_iter().map(Unit::alone).collect();
    if !together.is_empty() {
        units.push(ordered(db, together));
    }
    units
}

/// In the order of imports. Programs come last, since nothing comes after them.
fn ordered(db: &Database, mut group: Vec<Package>) -> Unit {
    group.sort_by_key(|package| {
        let path = *package.path(db);
        (rgo_hir::is_program(db, DefId::package(path)), path.as_str())
    });
    let mut packages = Vec::new();
    for package in &group {
        place(db, *package, &group, &mut packages);
    }
    let position = |package: Package| packages.iter().position(|other| *other == package);
    let uses = packages.iter().map(|package| used_by(db, *package).filter_map(position).collect()).collect();
    Unit { packages, uses }
}

/// Places a package after those that it uses.
fn place(db: &Database, package: Package, group: &[Package], placed: &mut Vec<Package>) {
    if placed.contains(&package) {
        return;
    }
    for used in used_by(db, package).filter(|used| group.contains(used)) {
        place(db, used, group, placed);
    }
    placed.push(package);
}
