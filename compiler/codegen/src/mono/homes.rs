//! Which Go package what is emitted goes to.
//!
//! Packages of a module that use each other are emitted together, so that a type has one declaration and a static one variable. An instance
//! goes to the first package, in the order of imports, that uses all packages whose definitions its name is made of: `Stack<Order>` to the
//! package of `Order` where that uses the package of `Stack`. What is made of std alone goes to a package of its own.
//! Invariant: a package refers only to itself and to packages before it, so that Go's imports have no cycle. Nobody refers to a program.
//! A package that is emitted alone is everybody's home, std's included.

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId, Package};
use rgo_typeck::ty::fold::{TypeFoldable, TypeVisitor};
use rgo_typeck::ty::{Args, Clause, Ty, TyKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Cx;
use crate::go::ast::*;
use crate::go::names::package_name;
use crate::{Options, Unit};

/// A package that is emitted, by its position in the order of imports.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct Home(u32);

/// A package that is being emitted.
pub struct HomePackage {
    /// `None`: the package of what std's code comes to.
    pub package: Option<Package>,
    pub root: DefId,
    /// By which import path others know it; `None` where there are no others.
    pub path: Option<Str>,
    pub is_main: bool,
    /// Names of the package scope.
    pub taken: FxHashSet<String>,
    /// Which packages this one uses, near and far, by position; itself included.
    uses: Vec<bool>,
}

/// The Go packages of an emission, in the order of their imports.
pub struct Homes {
    list: Vec<HomePackage>,
    of_root: FxHashMap<DefId, Home>,
}

impl Homes {
    pub fn new(db: &dyn Db, unit: &Unit, options: &Options) -> Homes {
        let mut homes = Homes { list: Vec::new(), of_root: FxHashMap::default() };
        let is_alone = unit.packages.len() == 1;
        if !is_alone {
            homes.push(HomePackage {
                package: None,
                root: DefId::package("std".into()),
                path: Some(options.std_import.as_str().into()),
                is_main: false,
                taken: FxHashSet::default(),
                uses: Vec::new(),
            });
        }
        let before = homes.list.len();
        for (package, direct) in unit.packages.iter().zip(&unit.uses) {
            let path = *package.path(db);
            let root = DefId::package(path);
            let mut uses = vec![false; homes.list.len()];
            for used in direct.iter().map(|used| used + before).chain((!is_alone).then_some(0)) {
                uses[used] = true;
                homes.list[used].uses.iter().enumerate().for_each(|(other, is_used)| uses[other] |= is_used);
            }
            let path = (!is_alone).then(|| path.as_str().into());
            let is_main = rgo_hir::is_program(db, root);
            // What Go calls by itself.
            let mut taken = FxHashSet::from_iter(["init".to_string()]);
            if is_main {
                taken.insert("main".to_string());
            }
            homes.push(HomePackage { package: Some(*package), root, path, is_main, taken, uses });
        }
        homes
    }

    fn push(&mut self, mut package: HomePackage) {
        package.uses.push(true);
        self.of_root.insert(package.root, Home(self.list.len() as u32));
        self.list.push(package);
    }

    /// All packages, in that order.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = Home> + use<> {
        (0..self.list.len() as u32).map(Home)
    }

    /// The first of them, which imports no other.
    pub fn first(&self) -> Home {
        Home(0)
    }

    /// A package by its number.
    pub fn get(&self, home: Home) -> &HomePackage {
        &self.list[home.0 as usize]
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, home: Home) -> &mut HomePackage {
        &mut self.list[home.0 as usize]
    }

    /// Whether the emission is one package.
    pub fn is_alone(&self) -> bool {
        self.list.len() == 1
    }

    /// Whether this is the import path of a package that is emitted.
    pub fn is_home(&self, path: &Str) -> bool {
        self.list.iter().any(|package| package.path.as_ref() == Some(path))
    }

    /// Whether this is the package of what std's code comes to.
    pub fn is_std(&self, home: Home) -> bool {
        self.get(home).package.is_none()
    }

    /// The first package that uses all of these; a program only for itself, which is the one that asks.
    fn first_of(&self, parts: &[Home], asking: Home) -> Home {
        let uses_all = |home: &Home| {
            let uses = &self.get(*home).uses;
            parts.iter().all(|part| uses.get(part.0 as usize).is_some_and(|is_used| *is_used))
        };
        self.all().filter(|home| !self.get(*home).is_main).find(uses_all).unwrap_or(asking)
    }
}

/// The packages whose definitions something is made of.
struct Parts<'a> {
    homes: &'a Homes,
    found: Vec<Home>,
}

impl Parts<'_> {
    fn meet(&mut self, def: DefId) {
        if let Some(home) = self.homes.of_root.get(&def.package_of())
            && !self.found.contains(home)
        {
            self.found.push(*home);
        }
    }
}

impl TypeVisitor for Parts<'_> {
    fn visit_ty(&mut self, ty: Ty) -> ControlFlow<()> {
        match ty.kind() {
            TyKind::Adt(def, _) | TyKind::FnDef(def, _) | TyKind::Closure(def, _) => self.meet(*def),
            TyKind::Dynamic(clauses, _) => {
                for clause in clauses.iter() {
                    match &clause.value {
                        Clause::Trait(trait_ref) => self.meet(trait_ref.trait_),
                        Clause::Projection(projection, _) => self.meet(projection.item),
                        Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => {}
                    }
                }
            }
            _ => {}
        }
        ty.super_visit_with(self)
    }
}

impl Cx<'_> {
    /// The package of an instance of a function, type or constant.
    pub fn home_of(&self, def: DefId, args: Args) -> Home {
        self.home_of_parts(|parts| {
            parts.meet(def);
            let _ = args.visit_with(parts);
        })
    }

    /// The package of what belongs to a type.
    pub fn home_of_ty(&self, ty: Ty) -> Home {
        self.home_of_tys(&[ty])
    }

    /// The package of what belongs to several types together.
    pub fn home_of_tys(&self, types: &[Ty]) -> Home {
        self.home_of_parts(|parts| {
            for ty in types {
                let _ = ty.visit_with(parts);
            }
        })
    }

    fn home_of_parts(&self, meet: impl FnOnce(&mut Parts<'_>)) -> Home {
        if self.homes.is_alone() {
            return self.at;
        }
        let mut parts = Parts { homes: &self.homes, found: Vec::new() };
        meet(&mut parts);
        self.homes.first_of(&parts.found, self.asking)
    }

    /// Emits into another package.
    pub fn in_home<R>(&mut self, home: Home, f: impl FnOnce(&mut Self) -> R) -> R {
        let outer = std::mem::replace(&mut self.at, home);
        let result = f(self);
        self.at = outer;
        result
    }

    /// The package that is being emitted into.
    pub fn here(&self) -> &HomePackage {
        self.homes.get(self.at)
    }

    /// Whether something of this name is declared in the package that is being emitted into.
    pub fn is_here(&self, global: &Global) -> bool {
        global.path == self.here().path
    }

    /// Something declared at package level, as an operand. In its own package it is just a name.
    pub fn global(&self, global: &Global) -> Expr {
        if self.is_here(global) { Expr::Name(global.name.clone()) } else { global.expr() }
    }

    /// What the package clause of a package says.
    pub fn package_name(&self, home: Home) -> String {
        let home = self.homes.get(home);
        if home.is_main {
            return "main".into();
        }
        let path = match (&home.path, home.package) {
            (Some(path), _) => path.to_string(),
            (None, Some(package)) => package.path(self.db).to_string(),
            (None, None) => String::new(),
        };
        package_name(&path).into_owned()
    }

    /// Forgets what a program had for itself alone: another program has its own.
    pub fn forget(&mut self, home: Home) {
        let Some(path) = self.homes.get(home).path.clone() else { return };
        let is_other = |global: &Global| global.path.as_ref() != Some(&path);
        let names = |ty: &Type| {
            let mut found = false;
            crate::go::visit::type_globals(ty, &mut |other, _| found |= *other == path);
            found
        };
        self.types.retain(|_, form| !names(form));
        self.layouts.retain(|_, layout| is_other(&layout.name));
        let layouts = &self.layouts;
        self.error_methods.retain(|ty| layouts.contains_key(ty));
        self.error_objects.retain(|ty| layouts.contains_key(ty));
        self.funcs.retain(|_, func| is_other(func.owner()));
        self.texts.retain(|_, func| is_other(func.owner()));
        self.drops.retain(|_, name| is_other(name));
        self.wrappers.retain(|_, name| is_other(name));
        self.statics.retain(|_, name| is_other(name));
        self.interfaces.retain(|_, name| is_other(name));
        self.consts.retain(|_, constant| !matches!(constant, Some(Expr::Const(name, ..)) if !is_other(name)));
        self.failures.clear();
    }
}
