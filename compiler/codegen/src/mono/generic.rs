//! Generic Go for what Go code may instantiate itself: the `pub` items of a library that have type parameters.
//!
//! Such an item, a root, is lowered once more with type parameters of Go in the place of its own. Every item has parameters that no other one
//! has ([`Cx::own_params`]), so that what is known of a parameter never depends on who mentions it; a method shares those of its type where
//! their bounds imply its own, which makes it a method in Go. An instance whose arguments are parameters alone goes by the item's own
//! ([`Cx::canonical`]): the Go form of a type does not depend on which parameters it is made of.
//!
//! What Go's constraints cannot say (a `T` that is cloned or shown, an associated type) is refused: the root that comes to it is left out from
//! the next round on, and what rgo code makes of it is specialised as before. rgo code itself never uses these declarations: in Go a value of a
//! type parameter has no destructor.
//! Invariant: the set of what is refused only grows, and what this round knows of it does not change while the round lasts.

use std::ops::ControlFlow;

use rgo_hir::{DefId, DefKind};
use rgo_syntax::Name;
use rgo_typeck::ty::fold::{TypeFoldable, TypeFolder, walk_types};
use rgo_typeck::ty::{Args, GenericArg, Ty, TyKind, dyn_self};
use rustc_hash::{FxHashMap, FxHashSet};

use super::Cx;
use super::constraint::{Bounds, Constraint, Known};
use super::context::Instance;
use crate::go::ast::{Global, Str, Type, TypeParam};
use crate::go::names;
use crate::queries;

/// A type parameter of a Go declaration.
#[derive(Clone, Debug)]
struct GoParam {
    name: Str,
    bounds: Bounds,
}

/// The parameters of this round, and what could not be said with them.
#[derive(Debug, Default)]
pub struct Generics {
    /// What can be left out and is being lowered.
    pub root: Option<Instance>,
    /// The function that is being lowered for its sake.
    pub at: Option<Instance>,
    params: FxHashMap<Ty, GoParam>,
    own: FxHashMap<DefId, Args>,
    /// Items whose own parameters are being made.
    asking: Vec<DefId>,
    /// Parameters of what is specialised in part, by their number and what is known of them.
    shared: FxHashMap<(usize, Bounds), Ty>,
    names: FxHashSet<Str>,
    /// Roots that earlier rounds refused.
    refused: FxHashSet<Instance>,
    roots: FxHashSet<Instance>,
    /// Roots and functions of this round that there is no Go for.
    failed: FxHashSet<Instance>,
    /// Which roots and functions use which functions.
    uses: Vec<(Instance, Instance)>,
}

/// What a round leaves to the next one.
pub struct NextRound {
    pub generics: Generics,
    pub has_grown: bool,
}

/// Parameters of Go stand behind every position that an item's own parameters have.
const FIRST_INDEX: usize = 1 << 20;

impl Generics {
    /// What the next round has to know: the roots that come to something that has failed.
    pub fn next_round(mut self) -> NextRound {
        loop {
            let before = self.failed.len();
            for (user, used) in &self.uses {
                if self.failed.contains(used) {
                    self.failed.insert(*user);
                }
            }
            if self.failed.len() == before {
                break;
            }
        }
        let mut refused = self.refused.clone();
        refused.extend(self.roots.intersection(&self.failed));
        let has_grown = refused != self.refused;
        NextRound { generics: Generics { refused, ..Generics::default() }, has_grown }
    }

    /// Begins with something that can be left out.
    pub fn begin(&mut self, root: Instance) {
        (self.root, self.at) = (Some(root), None);
        self.roots.insert(root);
    }

    /// Ends with it.
    pub fn end(&mut self) {
        (self.root, self.at) = (None, None);
    }

    /// Notes that there is no Go for a root, or for a function that roots may use.
    pub fn refuse(&mut self, root: Instance) {
        self.failed.insert(root);
    }

    /// A function is used by what is being lowered.
    pub fn meet(&mut self, function: Instance) {
        if let Some(user) = self.at.or(self.root) {
            self.uses.push((user, function));
        }
    }
}

impl Cx<'_> {
    /// Whether an earlier round found that there is no Go for a root.
    pub fn is_refused(&self, root: &Instance) -> bool {
        self.generics.refused.contains(root)
    }

    /// Says that there is no Go for what is being lowered; whether that can be left out.
    pub fn refuse_generic(&mut self) -> bool {
        let Some(root) = self.generics.root else { return false };
        self.generics.refuse(self.generics.at.unwrap_or(root));
        true
    }

    /// The Go form of a parameter.
    pub fn param_form(&self, ty: Ty) -> Option<Type> {
        self.generics.params.get(&ty).map(|param| Type::Name(param.name.clone()))
    }

    /// The constraint of a type parameter that stays one in Go; `None` for any other type.
    pub fn constraint(&self, ty: Ty) -> Option<Constraint> {
        Some(self.param_bounds(ty)?.constraint)
    }

    /// Whether such a parameter is bound to be `Copy`.
    pub fn is_copy_param(&self, ty: Ty) -> bool {
        self.param_bounds(ty).is_some_and(|bounds| bounds.is_copy)
    }

    /// The bounds of an item's own parameter, by its position among all arguments; `None` while they are being found out.
    pub fn own_bounds(&mut self, def: DefId, position: usize) -> Option<Bounds> {
        if self.generics.asking.contains(&def) {
            return None;
        }
        let own = self.own_params(def).get(position)?.as_ty()?;
        self.param_bounds(own)
    }

    fn param_bounds(&self, ty: Ty) -> Option<Bounds> {
        self.generics.params.get(&ty).map(|param| param.bounds)
    }

    /// Whether this is the name of some type parameter.
    pub fn is_param_name(&self, name: &Str) -> bool {
        self.generics.names.contains(name)
    }

    /// The arguments by which an item refers to itself where its parameters are Go's.
    pub fn own_params(&mut self, def: DefId) -> Args {
        if let Some(known) = self.generics.own.get(&def) {
            return *known;
        }
        self.generics.asking.push(def);
        let args = match def.parent() {
            Some(impl_) if impl_.kind() == DefKind::Impl => self.params_of_method(def, impl_),
            _ => None,
        };
        let args = args.unwrap_or_else(|| self.fresh_params(def, FxHashMap::default()));
        self.generics.asking.pop();
        self.generics.own.insert(def, args);
        args
    }

    /// The arguments of a method that has no parameters but those of its type, and asks for no more of them than the type does.
    fn params_of_method(&mut self, method: DefId, impl_: DefId) -> Option<Args> {
        let TyKind::Adt(adt, adt_args) = queries::impl_self(self.db, impl_).kind() else { return None };
        let of_type = self.own_params(*adt);
        let mut shared = FxHashMap::default();
        for (arg, own) in adt_args.types().zip(of_type.types()) {
            let TyKind::Param(param) = arg.kind() else { return None };
            if shared.insert(param.index, own).is_some() {
                return None;
            }
        }
        for (index, name) in queries::type_params(self.db, method) {
            match (self.known_of(method, index, name)?, shared.get(&index)) {
                (Known::Param(bounds), Some(own)) if self.param_bounds(*own)?.imply(bounds) => {}
                (Known::Function(ty), Some(own)) if self.with_params(ty, &shared) == *own => {}
                (Known::Function(_), None) => {}
                _ => return None,
            }
        }
        Some(self.fresh_params(method, shared))
    }

    /// Arguments for an item: these where there are some, and new parameters.
    fn fresh_params(&mut self, def: DefId, mut types: FxHashMap<u32, Ty>) -> Args {
        let mut functions = Vec::new();
        let mut names: Vec<Str> = Vec::new();
        for (index, name) in queries::type_params(self.db, def) {
            if types.contains_key(&index) {
                continue;
            }
            match self.known_of(def, index, name) {
                Some(Known::Function(ty)) => functions.push((index, ty)),
                Some(Known::Param(bounds)) => {
                    let go_name = self.param_name(name.as_str(), &names);
                    names.push(go_name.clone());
                    types.insert(index, self.new_param(name, go_name, bounds));
                }
                None => {
                    self.refuse_generic();
                }
            }
        }
        // Their signatures mention the other parameters.
        for (index, ty) in functions {
            let ty = self.with_params(ty, &types);
            types.insert(index, ty);
        }
        queries::own_args(self.db, def).fold_with(&mut Replace { types: &types })
    }

    fn new_param(&mut self, name: Name, go_name: Str, bounds: Bounds) -> Ty {
        let ty = Ty::param((FIRST_INDEX + self.generics.params.len()) as u32, name);
        self.generics.params.insert(ty, GoParam { name: go_name, bounds });
        ty
    }

    fn with_params(&self, ty: Ty, types: &FxHashMap<u32, Ty>) -> Ty {
        queries::normalize(self.db, ty.fold_with(&mut Replace { types }))
    }

    /// A name that nothing at package level has, in no package: a parameter's type is the same everywhere. `impl Trait` has none of its own.
    fn param_name(&mut self, wanted: &str, others: &[Str]) -> Str {
        let is_name = wanted.starts_with(|c: char| c.is_ascii_uppercase()) && wanted.chars().all(char::is_alphanumeric);
        let wanted = if is_name && wanted != "Self" { wanted } else { "T" };
        let homes: Vec<_> = self.homes.all().collect();
        let is_free = |name: &str| {
            let is_known = self.generics.names.contains(name);
            let is_taken = || homes.iter().any(|home| self.homes.get(*home).taken.contains(name));
            !others.iter().any(|other| &**other == name) && (is_known || !names::is_reserved(name) && !is_taken())
        };
        let name: Str = names::numbered(wanted, is_free).into();
        for home in homes {
            self.homes.get_mut(home).taken.insert(name.to_string());
        }
        self.generics.names.insert(name.clone());
        name
    }

    /// The arguments under which an instance is emitted: the item's own parameters where these are parameters, too, and otherwise parameters
    /// that all instances share which are specialised in part (`Stack<Vec<T>>`).
    pub fn canonical(&mut self, def: DefId, args: Args) -> Args {
        if self.generics.root.is_none() || !has_params(args) {
            return args;
        }
        let own = self.own_params(def);
        let mut by_param = FxHashMap::default();
        for (own, arg) in own.types().zip(args.types()) {
            if let (TyKind::Param(param), TyKind::Param(_)) = (own.kind(), arg.kind()) {
                by_param.insert(param.index, arg);
            }
        }
        if own.fold_with(&mut Replace { types: &by_param }) != args {
            let is_type = !matches!(def.kind(), DefKind::Fn);
            return self.with_shared_params(args, is_type.then(|| Ty::adt(def, args)));
        }
        for (own, arg) in own.types().zip(args.types()) {
            if let (Some(asked), Some(known)) = (self.param_bounds(own), self.param_bounds(arg))
                && !known.imply(asked)
            {
                self.refuse_generic();
            }
        }
        own
    }

    /// What is known of the parameters of a type is what the type asks for, whoever mentions it.
    fn with_shared_params(&mut self, args: Args, of_type: Option<Ty>) -> Args {
        let mut types = FxHashMap::default();
        for (position, param) in params_in(args).into_iter().enumerate() {
            let known = self.param_bounds(param);
            let asked = match of_type {
                Some(ty) => self.needed_by(ty, param),
                None => known,
            };
            let (Some(known), Some(bounds), TyKind::Param(old)) = (known, asked, param.kind()) else {
                self.refuse_generic();
                return args;
            };
            if !known.imply(bounds) {
                self.refuse_generic();
            }
            let shared = match self.generics.shared.get(&(position, bounds)) {
                Some(known) => *known,
                None => {
                    let wanted = ["T", "U", "V", "W"].get(position).copied().unwrap_or("X");
                    let go_name = self.param_name(wanted, &[]);
                    let ty = self.new_param(Name::new(&go_name), go_name, bounds);
                    self.generics.shared.insert((position, bounds), ty);
                    ty
                }
            };
            types.insert(old.index, shared);
        }
        args.fold_with(&mut Replace { types: &types })
    }

    /// Whether an instance is generic in Go in all that it is in rgo.
    pub fn is_canonical(&mut self, def: DefId, args: Args) -> bool {
        self.generics.root.is_some() && has_params(args) && self.own_params(def) == args
    }

    /// The arguments of Go for an instance: what stands for the parameters of its canonical form.
    pub fn type_args(&mut self, def: DefId, args: Args) -> Vec<Type> {
        if self.generics.root.is_none() {
            return Vec::new();
        }
        let canonical = self.canonical(def, args);
        let standing: Vec<Ty> = match self.is_canonical(def, canonical) {
            true => {
                let pairs = canonical.types().zip(args.types());
                let by_param: FxHashMap<Ty, Ty> = pairs.collect();
                params_in(canonical).iter().filter_map(|param| by_param.get(param).copied()).collect()
            }
            // Parameters were replaced by others one by one.
            false => params_in(args),
        };
        standing.into_iter().map(|ty| self.go_ty(ty)).collect()
    }

    /// Whether Go knows the type arguments of a call by the types of what it is called with.
    pub fn infers_from_inputs(&mut self, def: DefId, args: Args) -> bool {
        let canonical = self.canonical(def, args);
        let sig = self.sig_of(def, canonical);
        let mentioned = params_in(sig.inputs().iter().map(|input| GenericArg::Ty(*input)).collect());
        params_in(canonical).iter().all(|param| mentioned.contains(param))
    }

    /// What an instance declares for the parameters in its arguments.
    pub fn declared_params(&mut self, args: Args) -> Vec<TypeParam> {
        if self.generics.root.is_none() {
            return Vec::new();
        }
        let params = params_in(args).into_iter().filter_map(|param| self.generics.params.get(&param).cloned());
        let params: Vec<GoParam> = params.collect();
        params
            .into_iter()
            .map(|param| TypeParam {
                name: param.name,
                constraint: match param.bounds.constraint {
                    Constraint::Any => Type::name("any"),
                    Constraint::Comparable => Type::name("comparable"),
                    Constraint::Ordered => Type::imported("cmp", "Ordered", Vec::new()),
                    Constraint::Methods(object) => self.go_ty(object),
                },
            })
            .collect()
    }

    /// Whether a method can be one in Go: its parameters are those of its type.
    pub fn shares_params(&mut self, self_ty: Ty, args: Args) -> bool {
        if self.generics.root.is_none() {
            return true;
        }
        let params = params_in(args);
        if params.is_empty() {
            return true;
        }
        let TyKind::Adt(def, own) = self_ty.kind() else { return false };
        let canonical = self.canonical(*def, *own);
        canonical == *own && params_in(*own).len() == params.len()
    }
}

/// A type of a package with its arguments.
pub fn applied(name: &Global, args: Vec<Type>) -> Type {
    match (&name.path, args.is_empty()) {
        (_, true) => name.ty(),
        (Some(path), false) => Type::Imported(path.clone(), name.name.clone(), args),
        (None, false) => Type::Generic(name.name.clone(), args),
    }
}

/// The parameters that occur in arguments, in the order in which they do.
fn params_in(args: Args) -> Vec<Ty> {
    let mut params = Vec::new();
    let _ = walk_types(&args, |ty| {
        if matches!(ty.kind(), TyKind::Param(_)) && ty != dyn_self() && !params.contains(&ty) {
            params.push(ty);
        }
        ControlFlow::Continue(())
    });
    params
}

/// Whether a type has parameters of Go in it.
pub fn is_open(ty: Ty) -> bool {
    has_params(Args::of_types(&[ty]))
}

/// Whether arguments do.
pub fn has_params(args: Args) -> bool {
    args.has_param() && !params_in(args).is_empty()
}

/// The arguments with parameters that say nothing but which are the same.
pub fn with_numbered_params(args: Args) -> Args {
    if !args.has_param() {
        return args;
    }
    let params = params_in(args).into_iter().enumerate().filter_map(|(number, param)| match param.kind() {
        TyKind::Param(old) => Some((old.index, Ty::param(number as u32, Name::new("T")))),
        _ => None,
    });
    args.fold_with(&mut Replace { types: &params.collect() })
}

/// Puts types in the place of parameters, by index.
pub struct Replace<'a> {
    pub types: &'a FxHashMap<u32, Ty>,
}

impl TypeFolder for Replace<'_> {
    fn fold_ty(&mut self, ty: Ty) -> Ty {
        match ty.kind() {
            TyKind::Param(param) => self.types.get(&param.index).copied().unwrap_or(ty),
            _ => ty.super_fold_with(self),
        }
    }
}
