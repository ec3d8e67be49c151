//! The state of emitting one package: what has been named, what is still to be emitted.

use std::collections::VecDeque;
use std::rc::Rc;

use rgo_hir::{Db, DefId, DefKind, Package};
use rgo_syntax::Span;
use rgo_typeck::error::TypeError;
use rgo_typeck::thir::{Body, ExprId, LocalId};
use rgo_typeck::ty::fold::{TypeFoldable, TypeFolder};
use rgo_typeck::ty::subst::Subst;
use rgo_typeck::ty::{Args, Const, Ty, TyKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::adt::AdtLayout;
use super::errors::Failure;
use super::functions::FuncRef;
use super::limit::Growth;
use super::maps::Maps;
use super::owning::Owning;
use crate::Options;
use crate::bounds::Bounds;
use crate::go::ast::*;
use crate::lower::TextFn;
use crate::{order, queries};

/// A function to be emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instance {
    pub def: DefId,
    pub args: Args,
}

/// Something that is emitted when everything before it has been.
#[derive(Clone, Debug)]
pub enum Work {
    Func(Instance),
    Drop(Ty),
    Static(DefId),
    /// The methods that make a type a Go error.
    Error(Ty),
    /// What returns the text of a value.
    Text(TextFn),
}

pub struct Cx<'db> {
    pub db: &'db dyn Db,
    pub options: Options,
    pub package: Package,
    pub root: DefId,
    pub types: FxHashMap<Ty, Type>,
    pub layouts: FxHashMap<Ty, Rc<AdtLayout>>,
    pub funcs: FxHashMap<Instance, FuncRef>,
    pub drops: FxHashMap<Ty, Str>,
    pub statics: FxHashMap<DefId, Str>,
    pub consts: FxHashMap<(DefId, Args), Option<Expr>>,
    pub interfaces: FxHashMap<Ty, Str>,
    pub wrappers: FxHashMap<(Ty, Ty), Str>,
    pub failures: FxHashMap<Ty, Failure>,
    /// Functions that no definition stands for, by what they are for.
    pub helpers: FxHashMap<String, Str>,
    /// Types that are made a `dyn Error` of.
    pub error_objects: Vec<Ty>,
    /// Types that have an `Error` method, or will.
    pub error_methods: FxHashSet<Ty>,
    /// Names of the package scope.
    pub taken: FxHashSet<String>,
    /// Fields and methods of every Go type of the package.
    pub members: FxHashMap<Str, FxHashSet<String>>,
    pending: VecDeque<(Work, Option<(DefId, Span)>)>,
    /// The place in the package's own code for whose sake the current work is done: what std cannot do is told there.
    pub origin: Option<(DefId, Span)>,
    /// Declarations with the definition that decides which file they go to.
    pub decls: Vec<(DefId, Decl)>,
    pub errors: Vec<TypeError>,
    /// Subtractions of `usize` that cannot fail, by body.
    pub proved: FxHashMap<DefId, Rc<FxHashSet<ExprId>>>,
    /// Which `usize` values may be `2^63` or more: their comparisons and divisions go through Go's `uint`.
    pub bounds: Rc<Bounds>,
    /// Locals and parameters that are strings built in a `strings.Builder`.
    pub builders: FxHashSet<(DefId, LocalId)>,
    pub maps: Maps,
    pub owning: Owning,
    pub texts: FxHashMap<TextFn, FuncRef>,
    /// Whether some `fmt` of the package may fail.
    pub fmt_can_fail: bool,
    pub growth: Growth,
}

impl<'db> Cx<'db> {
    pub fn new(db: &'db dyn Db, package: Package, options: &Options) -> Cx<'db> {
        Cx {
            db,
            options: options.clone(),
            package,
            root: DefId::package(*package.path(db)),
            types: FxHashMap::default(),
            layouts: FxHashMap::default(),
            funcs: FxHashMap::default(),
            drops: FxHashMap::default(),
            statics: FxHashMap::default(),
            consts: FxHashMap::default(),
            interfaces: FxHashMap::default(),
            wrappers: FxHashMap::default(),
            failures: FxHashMap::default(),
            helpers: FxHashMap::default(),
            error_objects: Vec::new(),
            error_methods: FxHashSet::default(),
            taken: FxHashSet::default(),
            members: FxHashMap::default(),
            pending: VecDeque::new(),
            origin: None,
            decls: Vec::new(),
            errors: Vec::new(),
            proved: FxHashMap::default(),
            bounds: Rc::default(),
            builders: FxHashSet::default(),
            maps: Maps::default(),
            owning: Owning::default(),
            texts: FxHashMap::default(),
            fmt_can_fail: false,
            growth: Growth::default(),
        }
    }

    /// Whether a subtraction of a body cannot go below zero.
    pub fn is_proved(&mut self, body: &Body, subtraction: ExprId) -> bool {
        let db = self.db;
        let proved = self.proved.entry(body.owner).or_insert_with(|| Rc::new(order::proved_subtractions(db, body)));
        proved.contains(&subtraction)
    }

    /// Emits something after everything that was asked for before it.
    pub fn later(&mut self, work: Work) {
        self.pending.push_back((work, self.origin));
    }

    /// What is to be emitted next; whatever it needs is needed by who asked for it.
    pub fn next_work(&mut self) -> Option<Work> {
        let (work, origin) = self.pending.pop_front()?;
        self.origin = origin;
        Some(work)
    }

    /// Reports what cannot be emitted yet. `def` says to which item the span is relative.
    pub fn unsupported(&mut self, def: DefId, span: Span, what: &str) {
        let (def, span) = if !self.is_std(def) { (def, span) } else { self.origin.unwrap_or((def, span)) };
        let mut error = TypeError::new(def, span, "RGO0001", format!("{what} cannot be emitted as Go yet"));
        error.label = "needed here".into();
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// A package-level name that is still free.
    pub fn fresh_name(&mut self, wanted: &str) -> Str {
        let mut name = wanted.to_string();
        let mut digit = 2;
        while crate::go::names::is_reserved(&name) || name == "init" || self.taken.contains(&name) {
            name = format!("{wanted}{digit}");
            digit += 1;
        }
        self.taken.insert(name.clone());
        name.into()
    }

    /// A name for a field or method of the Go type `owner` that is still free.
    pub fn fresh_member(&mut self, owner: &Str, wanted: &str) -> Str {
        let taken = self.members.entry(owner.clone()).or_default();
        let mut name = wanted.to_string();
        let mut digit = 2;
        while crate::go::names::is_keyword(&name) || taken.contains(&name) {
            name = format!("{wanted}{digit}");
            digit += 1;
        }
        taken.insert(name.clone());
        name.into()
    }

    pub fn is_lang(&self, def: DefId, name: &str) -> bool {
        rgo_hir::lang_name(self.db, def) == Some(name)
    }

    pub fn lang_of(&self, def: DefId) -> Option<&'db str> {
        rgo_hir::lang_name(self.db, def)
    }

    /// The lang name of the struct or enum that a type is.
    pub fn adt_lang(&self, ty: Ty) -> Option<&'db str> {
        match ty.kind() {
            TyKind::Adt(def, _) => self.lang_of(*def),
            _ => None,
        }
    }

    /// A concrete type: parameters replaced, projections resolved, closures that own nothing and function items turned into function pointers.
    pub fn concrete(&self, ty: Ty, args: Args) -> Ty {
        let ty = queries::normalize(self.db, ty.subst(args).erase_regions());
        self.erase_functions(ty)
    }

    /// Arguments of an instance in the form that instances are shared by.
    pub fn concrete_args(&self, own: Args, outer: Args) -> Args {
        let args = own.subst(outer).erase_regions();
        args.fold_with(&mut Normalizer { cx: self })
    }

    pub fn runtime(&self, name: &str) -> Expr {
        Expr::imported(&self.options.runtime_import, name)
    }

    pub fn runtime_ty(&self, name: &str, args: Vec<Type>) -> Type {
        Type::imported(&self.options.runtime_import, name, args)
    }

    /// The file of a definition among those of `queries::user_files`, and where its item begins.
    pub fn item_base(&self, def: DefId) -> Option<(u32, u32)> {
        if self.is_std(def) || def.kind() == DefKind::Package {
            return None;
        }
        let (source, start) = rgo_hir::item_start(self.db, def);
        let file = queries::user_files(self.db, self.package).iter().position(|file| *file == source)?;
        Some((file as u32, start))
    }

    /// Whether std, or anything else that is not followed, may get a `usize` of `2^63` or more.
    pub fn has_big_usize(&self) -> bool {
        self.bounds.reaches_std
    }

    pub fn is_local(&self, def: DefId) -> bool {
        def.package_of() == self.root
    }

    pub fn is_std(&self, def: DefId) -> bool {
        def.package_of().name().as_str() == "std"
    }

    pub fn is_main(&self) -> bool {
        queries::is_main(self.db, self.root)
    }

    pub fn package_name(&self) -> String {
        if self.is_main() {
            "main".into()
        } else {
            crate::go::names::package_name(self.package.path(self.db).as_str())
                .replace(|c: char| !c.is_alphanumeric(), "")
        }
    }
}

struct Normalizer<'a, 'db> {
    cx: &'a Cx<'db>,
}

impl TypeFolder for Normalizer<'_, '_> {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        self.cx.erase_functions(queries::normalize(self.cx.db, ty))
    }

    fn fold_const(&mut self, value: Const) -> Const {
        queries::evaluated(self.cx.db, value)
    }
}
