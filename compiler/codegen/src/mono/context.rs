//! The state of emitting one package: what has been named, what is still to be emitted.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use rgo_hir::{Db, DefId, DefKind, LangItems, SourceFile};
use rgo_syntax::Span;
use rgo_typeck::error::TypeError;
use rgo_typeck::thir::{Body, ExprId, LocalId};
use rgo_typeck::ty::fold::{TypeFoldable, TypeFolder};
use rgo_typeck::ty::intern::TypeFlags;
use rgo_typeck::ty::subst::Subst;
use rgo_typeck::ty::{Args, Const, Ty, TyKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::adt::AdtLayout;
use super::errors::Failure;
use super::exports::{Exports, exported};
use super::functions::FuncRef;
use super::generic::Generics;
use super::homes::{Home, Homes};
use super::limit::Growth;
use super::maps::Maps;
use super::owning::Owning;
use crate::Options;
use crate::bounds::Bounds;
use crate::comments::Source;
use crate::go::ast::*;
use crate::go::names::{self, is_exported};
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

/// A declaration, the package that it is emitted into, and the definition that decides which file of that it goes to.
pub struct Declared {
    pub home: Home,
    pub def: DefId,
    pub decl: Decl,
    /// What it was declared for, where that can be left out (`roots`).
    pub root: Option<Instance>,
}

/// Answers about types.
#[derive(Default)]
pub struct Asked {
    concrete: FxHashMap<(Ty, Args), Ty>,
    pub needs_drop: FxHashMap<Ty, bool>,
    pub needs_unwinding: FxHashMap<Ty, bool>,
}

/// What makes a type another in an instance, or in Go.
const IN_THE_ABSTRACT: u16 = TypeFlags::HAS_PARAM
    | TypeFlags::HAS_LIFETIME
    | TypeFlags::HAS_PROJECTION
    | TypeFlags::HAS_OPAQUE
    | TypeFlags::HAS_CLOSURE
    | TypeFlags::HAS_FUNCTION
    | TypeFlags::HAS_INFER
    | TypeFlags::HAS_ERROR;

/// What the lowering of all bodies of an emission shares in one round: what is declared and still to be, forms of types, what earlier
/// rounds found out.
pub struct Cx<'db> {
    pub db: &'db dyn Db,
    lang: &'db LangItems,
    pub options: Options,
    pub homes: Homes,
    /// The package that is being emitted into.
    pub at: Home,
    /// The package for whose sake that is done.
    pub asking: Home,
    /// All sources of the module, and the position of each among them.
    pub sources: Rc<Sources>,
    comments: RefCell<FxHashMap<u32, Rc<Source>>>,
    /// What has been asked of types: what is known of owners does not change while a package is lowered.
    pub(super) asked: RefCell<Asked>,
    pub types: FxHashMap<Ty, Type>,
    pub layouts: FxHashMap<Ty, Rc<AdtLayout>>,
    pub funcs: FxHashMap<Instance, FuncRef>,
    pub drops: FxHashMap<Ty, Global>,
    pub statics: FxHashMap<DefId, Global>,
    pub consts: FxHashMap<(DefId, Args), Option<Expr>>,
    pub interfaces: FxHashMap<Ty, Global>,
    pub wrappers: FxHashMap<(Ty, Ty), Global>,
    pub failures: FxHashMap<Ty, Failure>,
    /// Functions that no definition stands for, by what they are for.
    pub helpers: FxHashMap<(Home, &'static str), Global>,
    /// Types that are made a `dyn Error` of.
    pub error_objects: Vec<Ty>,
    /// Types that have an `Error` method, or will.
    pub error_methods: FxHashSet<Ty>,
    /// Fields and methods of every Go type.
    pub members: FxHashMap<Global, FxHashSet<String>>,
    pending: VecDeque<(Work, Option<(DefId, Span)>, Option<Instance>)>,
    /// The place in the package's own code for whose sake the current work is done: what std cannot do is told there.
    pub origin: Option<(DefId, Span)>,
    pub decls: Vec<Declared>,
    pub errors: Vec<TypeError>,
    /// Subtractions of `usize` that cannot fail, by body.
    pub proved: FxHashMap<DefId, Rc<FxHashSet<ExprId>>>,
    /// Which `usize` values may be `2^63` or more: their comparisons and divisions go through Go's `uint`.
    pub bounds: Rc<Bounds>,
    /// Locals and parameters that are strings built in a `strings.Builder`.
    pub builders: FxHashSet<(DefId, LocalId)>,
    pub maps: Maps,
    pub owning: Owning,
    pub exports: Exports,
    pub generics: Generics,
    pub texts: FxHashMap<TextFn, FuncRef>,
    /// Whether some `fmt` of the package may fail.
    pub fmt_can_fail: bool,
    pub growth: Growth,
}

impl<'db> Cx<'db> {
    pub fn new(db: &'db dyn Db, homes: Homes, sources: Rc<Sources>, options: &Options) -> Cx<'db> {
        let at = homes.first();
        Cx {
            db,
            lang: rgo_hir::lang_items(db),
            options: options.clone(),
            homes,
            at,
            asking: at,
            sources,
            comments: RefCell::default(),
            asked: RefCell::default(),
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
            exports: Exports::default(),
            generics: Generics::default(),
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
        self.pending.push_back((work, self.origin, self.generics.root));
    }

    /// What is to be emitted next; whatever it needs is needed by who asked for it.
    pub fn next_work(&mut self) -> Option<Work> {
        let (work, origin, root) = self.pending.pop_front()?;
        (self.origin, self.generics.root) = (origin, root);
        self.generics.at = match work {
            Work::Func(instance) if root.is_some() => Some(instance),
            _ => None,
        };
        Some(work)
    }

    /// Reports what cannot be emitted yet. `def` says to which item the span is relative.
    pub fn unsupported(&mut self, def: DefId, span: Span, what: &str) {
        if self.refuse_generic() {
            return;
        }
        let (def, span) = if !def.is_std() { (def, span) } else { self.origin.unwrap_or((def, span)) };
        let mut error = TypeError::new(def, span, "RGO0001", format!("{what} cannot be emitted as Go yet"));
        error.label = "needed here".into();
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// A package-level name, in the package that is being emitted into, that is still free.
    pub fn fresh_name(&mut self, wanted: &str) -> Global {
        let package = self.here();
        let is_free = |name: &str| !names::is_reserved(name) && name != "init" && !package.taken.contains(name);
        let mut global = Global { path: package.path.clone(), name: names::numbered(wanted, is_free).into() };
        let is_of_std = self.homes.is_std(self.at);
        if !is_exported(&global.name) && (is_of_std || self.exports.needs_global(&global)) {
            global.name = names::numbered(&exported(&global.name), is_free).into();
        }
        let at = self.at;
        self.homes.get_mut(at).taken.insert(global.name.to_string());
        global
    }

    /// A name for a field or method of the Go type `owner` that is still free.
    pub fn fresh_member(&mut self, owner: &Global, wanted: &str) -> Str {
        let is_of_std = owner.path.as_deref() == Some(&*self.options.std_import);
        let taken = self.members.entry(owner.clone()).or_default();
        let is_free = |name: &str| !names::is_keyword(name) && !taken.contains(name);
        let mut name = names::numbered(wanted, is_free);
        if !is_exported(&name) && (is_of_std || self.exports.needs_member(owner, &name)) {
            name = names::numbered(&exported(&name), is_free);
        }
        taken.insert(name.clone());
        name.into()
    }

    /// Adds a declaration to the package that is being emitted into; `def` decides which file it goes to.
    pub fn declare(&mut self, def: DefId, decl: Decl) {
        self.declare_before(self.decls.len(), def, decl);
    }

    /// Like `declare`, in front of what was declared after there were `at` declarations.
    pub fn declare_before(&mut self, at: usize, def: DefId, decl: Decl) {
        let declared = Declared { home: self.at, def, decl, root: self.generics.root };
        self.decls.insert(at.min(self.decls.len()), declared);
    }

    /// Whether a definition of std is marked `#[lang = "name"]`.
    pub fn is_lang(&self, def: DefId, name: &str) -> bool {
        self.lang.name_of(def) == Some(name)
    }

    /// The lang name of a definition of std; `None` without one.
    pub fn lang_of(&self, def: DefId) -> Option<&'db str> {
        self.lang.name_of(def)
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
        if !ty.has(IN_THE_ABSTRACT) {
            return ty;
        }
        if let Some(known) = self.asked.borrow().concrete.get(&(ty, args)) {
            return *known;
        }
        let found = self.erase_functions(queries::normalize(self.db, ty.subst(args).erase_regions()));
        // Each time that a type has no form is noted.
        if !found.has(TypeFlags::HAS_ERROR) {
            self.asked.borrow_mut().concrete.insert((ty, args), found);
        }
        found
    }

    /// Arguments of an instance in the form that instances are shared by.
    pub fn concrete_args(&self, own: Args, outer: Args) -> Args {
        let args = own.subst(outer).erase_regions();
        args.fold_with(&mut Normalizer { cx: self })
    }

    /// A name of the runtime package as an expression.
    pub fn runtime(&self, name: &str) -> Expr {
        Expr::imported(&self.options.runtime_import, name)
    }

    /// A type of the runtime package, with type arguments.
    pub fn runtime_ty(&self, name: &str, args: Vec<Type>) -> Type {
        Type::imported(&self.options.runtime_import, name, args)
    }

    /// One of the module's sources with its comments.
    pub fn source(&self, file: u32) -> Option<Rc<Source>> {
        let text = self.sources.files.get(file as usize)?.text(self.db);
        let mut comments = self.comments.borrow_mut();
        Some(Rc::clone(comments.entry(file).or_insert_with(|| Rc::new(Source::new(text.clone())))))
    }

    /// The file of a definition among the module's sources, and where its item begins.
    pub fn item_base(&self, def: DefId) -> Option<(u32, u32)> {
        if def.is_std() || def.kind() == DefKind::Package {
            return None;
        }
        let (source, start) = rgo_hir::item_start(self.db, def);
        Some((self.sources.position(source)?, start))
    }

    /// Whether std, or anything else that is not followed, may get a `usize` of `2^63` or more.
    pub fn has_big_usize(&self) -> bool {
        self.bounds.reaches_std
    }
}

/// The sources of a module's packages.
#[derive(Default)]
pub struct Sources {
    pub files: Vec<SourceFile>,
    positions: FxHashMap<SourceFile, u32>,
}

impl Sources {
    pub fn new(files: Vec<SourceFile>) -> Sources {
        let positions = files.iter().enumerate().map(|(at, file)| (*file, at as u32)).collect();
        Sources { files, positions }
    }

    /// Where a file stands among the package's sources; `None` for a file of another package.
    pub fn position(&self, file: SourceFile) -> Option<u32> {
        self.positions.get(&file).copied()
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
