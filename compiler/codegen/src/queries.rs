//! What code generation asks of the earlier phases, in the form it wants: concrete types, regions erased, opaque types revealed.

use std::ops::ControlFlow;

use rgo_borrowck::OwnershipFacts;
use rgo_hir::body::LogicalOp;
use rgo_hir::{Db, DefId, DefKind, Package, SourceFile};
use rgo_syntax::ast::{ItemKind, VisKind};
use rgo_typeck::collect;
use rgo_typeck::instance::{BuiltinInstance, Instance, resolve_instance};
use rgo_typeck::solve::{self, ParamEnv};
use rgo_typeck::thir;
use rgo_typeck::ty::fold::{TypeFolder, walk_types};
use rgo_typeck::ty::intern::TypeFlags;
use rgo_typeck::ty::{
    AdtDef, Args, Binder, Clause, ClosureArgs, ConstKind, ConstValue, FnSig, GenericArg, GenericParamKind, Generics,
    List, Region, Subst, TraitRef, Ty, TyKind, TypeFoldable,
};
use rustc_hash::FxHashSet;

use crate::copies;

/// What a call of a definition with concrete arguments comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callee {
    /// This function (an impl's, a trait's default, or a free one).
    Item(DefId, Args),
    /// `Clone::clone` of a tuple, array, closure, reference or function.
    CloneShim(Ty),
    /// `Fn*::call*` of a closure, function item or function pointer.
    CallValue,
    /// A method of a `dyn` type.
    Dyn { method: DefId },
    /// Nothing is known: an error was reported, or an earlier phase cannot say.
    Unresolved,
}

/// The typed tree of a body, if the definition has one.
pub fn thir(db: &dyn Db, owner: DefId) -> Option<&thir::Body> {
    let has_body = match owner.kind() {
        DefKind::Fn => match &rgo_hir::item_ast(db, owner).kind {
            ItemKind::Fn(function) => function.body.is_some(),
            _ => true,
        },
        _ => true,
    };
    has_body.then(|| rgo_typeck::thir_build::thir_body(db, owner))
}

pub fn facts(db: &dyn Db, owner: DefId) -> Option<&OwnershipFacts> {
    let body = thir(db, owner)?;
    (!body.has_errors).then(|| rgo_borrowck::ownership_facts(db, owner))
}

/// The signature with the function's own parameters in it; constructors have one too.
pub fn fn_sig(db: &dyn Db, def: DefId) -> FnSig {
    collect::fn_sig(db, def).instantiate_erased()
}

pub fn type_of(db: &dyn Db, def: DefId) -> Ty {
    collect::type_of(db, def)
}

pub fn adt(db: &dyn Db, def: DefId) -> Option<&AdtDef> {
    matches!(def.kind(), DefKind::Struct | DefKind::Enum | DefKind::Union).then(|| collect::adt_def(db, def))
}

/// The number of a variant.
pub fn discriminant(db: &dyn Db, variant: DefId) -> i128 {
    collect::discriminant(db, variant)
}

pub fn generics(db: &dyn Db, def: DefId) -> Option<&Generics> {
    Some(collect::generics_of(db, def))
}

/// Projections resolved, opaque types revealed, regions erased, closures and function items as function pointers where a type is all that
/// is left of them. `ty` has no parameters.
pub fn normalize(db: &dyn Db, ty: Ty) -> Ty {
    let ty = solve::normalize_erasing_regions(db, ParamEnv::reveal_all(), ty);
    if ty.has(TypeFlags::HAS_PROJECTION) { evaluate_lengths(db, ty) } else { ty }
}

/// Array lengths that are constants of their own.
fn evaluate_lengths(db: &dyn Db, ty: Ty) -> Ty {
    struct Evaluator<'db> {
        db: &'db dyn Db,
    }
    impl TypeFolder for Evaluator<'_> {
        fn fold_const(&mut self, value: rgo_typeck::ty::Const) -> rgo_typeck::ty::Const {
            evaluated(self.db, value)
        }
    }
    ty.fold_with(&mut Evaluator { db })
}

/// The value of a constant in a type, where it is known without its environment.
pub fn evaluated(db: &dyn Db, value: rgo_typeck::ty::Const) -> rgo_typeck::ty::Const {
    match value.kind() {
        ConstKind::Unevaluated(def, args) => const_value(db, *def, *args).map_or(value, rgo_typeck::ty::Const::value),
        _ => value,
    }
}

pub fn resolve(db: &dyn Db, def: DefId, args: Args) -> Callee {
    match resolve_instance(db, def, args) {
        Some(Instance::Item { def, args }) => {
            // A trait's method without a body that no impl provides.
            if def.parent().is_some_and(|p| p.kind() == DefKind::Trait)
                && def.kind() == DefKind::Fn
                && thir(db, def).is_none()
            {
                return Callee::Unresolved;
            }
            Callee::Item(def, args)
        }
        Some(Instance::Builtin(builtin)) => match builtin {
            BuiltinInstance::Clone { ty } => Callee::CloneShim(ty),
            BuiltinInstance::ClosureCall { .. } | BuiltinInstance::FnCall { .. } => Callee::CallValue,
            BuiltinInstance::Dyn { method, .. } => Callee::Dyn { method },
            BuiltinInstance::Ctor { def, args } => Callee::Item(def, args),
        },
        None => Callee::Unresolved,
    }
}

pub fn is_copy(db: &dyn Db, ty: Ty) -> bool {
    solve::is_copy(db, ParamEnv::reveal_all(), ty)
}

/// Whether a type is `Copy` by what a body knows of its parameters.
pub fn is_copy_in(db: &dyn Db, owner: DefId, ty: Ty) -> bool {
    solve::is_copy(db, solve::param_env(db, owner), ty)
}

/// Whether the type implements the lang trait.
pub fn implements(db: &dyn Db, ty: Ty, lang: &str) -> bool {
    solve::implements_lang(db, ParamEnv::of_concrete(db, ty), ty, lang)
}

/// Which trait objects were seen to be made of something with a destructor, and which closures to be copied (`mono::owning`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Owners {
    /// Signatures of `dyn Fn`, as erased function pointers.
    pub functions: FxHashSet<Ty>,
    /// All other traits.
    pub traits: FxHashSet<DefId>,
    /// Whether functions of a type that may be a closure's are copied: closures keep their types then where their copies can be told apart.
    pub tells_copies: bool,
    /// The closures that are copied and can be told from their copies.
    pub copied: FxHashSet<DefId>,
    /// What `Rc` and `Arc` hold whose owners are counted.
    pub counted: FxHashSet<Ty>,
    /// Errors that are changed behind a `dyn Error`.
    pub changed_errors: FxHashSet<Ty>,
}

/// See [`crate::mono::Cx::needs_drop`].
pub fn needs_drop(db: &dyn Db, owning: &Owners, ty: Ty) -> bool {
    DropCheck { db, owning, counts: Counts::Matter, inside: Vec::new() }.ty(ty)
}

/// See [`crate::mono::Cx::needs_unwinding`].
pub fn needs_unwinding(db: &dyn Db, owning: &Owners, ty: Ty) -> bool {
    DropCheck { db, owning, counts: Counts::AreMemory, inside: Vec::new() }.ty(ty)
}

/// Whether counting a reference down is something that a program can notice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    Matter,
    AreMemory,
}

struct DropCheck<'a, 'db> {
    db: &'db dyn Db,
    owning: &'a Owners,
    counts: Counts,
    inside: Vec<Ty>,
}

impl DropCheck<'_, '_> {
    fn ty(&mut self, ty: Ty) -> bool {
        let ty = normalize(self.db, ty);
        match ty.kind() {
            TyKind::Array(elem, _) | TyKind::Slice(elem) => self.ty(*elem),
            TyKind::Tuple(items) => items.iter().any(|item| self.ty(*item)),
            TyKind::Closure(_, args) => ClosureArgs::new(*args).upvars().iter().any(|upvar| self.ty(*upvar)),
            TyKind::Dynamic(..) => self.dynamic(ty),
            TyKind::Adt(def, args) => {
                let lang = rgo_hir::lang_name(self.db, *def);
                if lang == Some("manually_drop") || self.inside.contains(&ty) || self.inside.len() > 64 {
                    return false;
                }
                let is_count = matches!(lang, Some("rc" | "arc" | "rc_weak" | "arc_weak"));
                let is_memory = is_count && self.counts == Counts::AreMemory
                    || is_counted(self.db, *def) && may_go_uncounted(self.db, self.owning, args.ty(0));
                let does_nothing = lang == Some("vec_deque") || is_memory;
                if drop_impl(self.db, *def).is_some() && !does_nothing {
                    return true;
                }
                self.inside.push(ty);
                let found = match lang {
                    Some("rc" | "arc") => self.ty(args.ty(0)),
                    Some("rc_weak" | "arc_weak") => false,
                    // The destructor of a deque drops its items, and is nothing where they have none.
                    Some("box" | "vec" | "vec_deque" | "owned_ptr") => self.ty(args.ty(0)),
                    Some("shared_ptr" | "phantom_data") => false,
                    _ => {
                        let adt = collect::adt_def(self.db, *def);
                        adt.variants
                            .iter()
                            .flat_map(|variant| &variant.fields)
                            .any(|field| self.ty(field.ty.subst(*args)))
                    }
                };
                self.inside.pop();
                found
            }
            _ => false,
        }
    }

    /// A trait object runs code if a type that implements the trait does.
    fn dynamic(&mut self, ty: Ty) -> bool {
        let Some(principal) = ty.dyn_principal() else { return false };
        if object_fn_trait(self.db, ty).is_some() {
            let functions = &self.owning.functions;
            return !functions.is_empty() && dyn_fn_key(self.db, ty).is_some_and(|key| functions.contains(&key));
        }
        if self.owning.traits.contains(&principal.value.trait_) {
            return true;
        }
        let is_error = rgo_hir::lang_name(self.db, principal.value.trait_) == Some("error_trait");
        rgo_hir::trait_impls(self.db, principal.value.trait_).iter().any(|impl_| {
            let Some(trait_ref) = collect::impl_trait_ref(self.db, *impl_) else { return false };
            match trait_ref.self_ty().kind() {
                // An `Rc` or `Arc` as a `dyn Error` is noted where it is made: no other error would be plain data.
                TyKind::Adt(def, _) if is_error && is_counted(self.db, *def) => false,
                TyKind::Adt(def, _) => {
                    let own = trait_ref.self_ty();
                    drop_impl(self.db, *def).is_some()
                        || !own.has_param() && !self.inside.contains(&own) && self.ty(own)
                }
                _ => false,
            }
        })
    }
}

/// Whether nobody can tell how many owners an `Rc` or `Arc` of such a value has, as far as is known; what it holds may have a destructor all the
/// same. Values without data have no addresses of their own in Go: they keep their counts, by whose address they are told apart.
pub fn may_go_uncounted(db: &dyn Db, owning: &Owners, payload: Ty) -> bool {
    !owning.counted.contains(&payload) && implements(db, payload, "sized") && holds_data(db, payload)
}

fn holds_data(db: &dyn Db, ty: Ty) -> bool {
    match ty.kind() {
        TyKind::Tuple(items) => items.iter().any(|item| holds_data(db, *item)),
        TyKind::Array(elem, len) => len.as_usize() != Some(0) && holds_data(db, *elem),
        TyKind::Adt(def, args) => {
            let adt = collect::adt_def(db, *def);
            let mut fields = adt.variants.iter().flat_map(|variant| &variant.fields);
            def.is_std() || adt.variants.len() > 1 || fields.any(|field| holds_data(db, field.ty.subst(*args)))
        }
        TyKind::FnDef(..) | TyKind::Closure(..) | TyKind::Never => false,
        _ => true,
    }
}

/// `Rc` and `Arc`.
pub fn is_counted(db: &dyn Db, def: DefId) -> bool {
    matches!(rgo_hir::lang_name(db, def), Some("rc" | "arc"))
}

/// See [`crate::mono::Cx::drop_may_panic`].
pub fn drop_may_panic(db: &dyn Db, owning: &Owners, ty: Ty) -> bool {
    may_panic_inside(db, owning, ty, &mut Vec::new())
}

fn may_panic_inside(db: &dyn Db, owning: &Owners, ty: Ty, inside: &mut Vec<Ty>) -> bool {
    let ty = normalize(db, ty);
    match ty.kind() {
        TyKind::Array(elem, _) | TyKind::Slice(elem) => may_panic_inside(db, owning, *elem, inside),
        TyKind::Tuple(items) => items.iter().any(|item| may_panic_inside(db, owning, *item, inside)),
        TyKind::Closure(_, args) => {
            ClosureArgs::new(*args).upvars().iter().any(|upvar| may_panic_inside(db, owning, *upvar, inside))
        }
        TyKind::Adt(def, args) if needs_drop(db, owning, ty) => {
            // A type that holds itself may be dropped to any depth; what its destructors do is known from the outer one.
            if inside.contains(&ty) {
                return false;
            }
            if inside.len() > 64 || drop_impl(db, *def).is_some_and(|drop| facts(db, drop).is_none_or(|f| f.may_panic))
            {
                return true;
            }
            inside.push(ty);
            let found = match rgo_hir::lang_name(db, *def) {
                Some("box" | "vec" | "owned_ptr") => may_panic_inside(db, owning, args.ty(0), inside),
                _ => {
                    let adt = collect::adt_def(db, *def);
                    let mut fields = adt.variants.iter().flat_map(|variant| &variant.fields);
                    fields.any(|field| may_panic_inside(db, owning, field.ty.subst(*args), inside))
                }
            };
            inside.pop();
            found
        }
        _ => needs_drop(db, owning, ty),
    }
}

/// The method `drop` of the type's own `Drop` impl.
pub fn drop_impl(db: &dyn Db, adt: DefId) -> Option<DefId> {
    rgo_typeck::drop_glue::drop_method_of(db, adt)
}

pub fn const_value(db: &dyn Db, def: DefId, args: Args) -> Option<ConstValue> {
    rgo_typeck::const_eval::const_eval(db, def, args).ok()
}

/// The self type of an impl, with the impl's parameters.
pub fn impl_self(db: &dyn Db, impl_: DefId) -> Ty {
    type_of(db, impl_)
}

pub fn is_trait_impl(db: &dyn Db, impl_: DefId) -> bool {
    impl_.kind() == DefKind::Impl && impl_trait(db, impl_).is_some()
}

pub fn impl_trait(db: &dyn Db, impl_: DefId) -> Option<DefId> {
    if impl_.kind() != DefKind::Impl {
        return None;
    }
    collect::impl_trait_ref(db, impl_).map(|trait_ref| trait_ref.trait_)
}

/// The functions of a trait that `dyn` can call, supertraits' included, in order, each with its arguments for the `dyn` type.
pub fn dyn_methods(db: &dyn Db, trait_: DefId, ty: Ty) -> Vec<(DefId, Args)> {
    let mut out = Vec::new();
    for trait_ref in object_traits(db, trait_, ty) {
        for item in collect::associated_items(db, trait_ref.trait_) {
            if item.kind() == DefKind::Fn
                && has_self(db, *item)
                && !collect::requires_sized_self(db, *item)
                && !has_own_types(db, *item)
            {
                out.push((*item, erased_args(db, *item, trait_ref.args)));
            }
        }
    }
    out
}

/// A trait of an object and those above it, with their arguments for the `dyn` type.
fn object_traits(db: &dyn Db, trait_: DefId, ty: Ty) -> Vec<TraitRef> {
    let Some(principal) = ty.dyn_principal() else { return Vec::new() };
    let own = TraitRef::new(trait_, principal.value.args).args;
    let mut found = Vec::new();
    let mut seen = vec![trait_];
    let mut pending = vec![TraitRef::new(trait_, with_self(own, ty))];
    while let Some(trait_ref) = pending.pop() {
        found.push(trait_ref);
        for (predicate, _) in collect::super_predicates(db, trait_ref.trait_) {
            if let Clause::Trait(parent) = predicate.value
                && !seen.contains(&parent.trait_)
            {
                seen.push(parent.trait_);
                pending.push(TraitRef::new(parent.trait_, parent.args.subst(trait_ref.args).erase_regions()));
            }
        }
    }
    found
}

/// The traits above a trait, near and far.
pub fn all_supertraits(db: &dyn Db, trait_: DefId) -> Vec<DefId> {
    let mut found = vec![trait_];
    let mut next = 0;
    while let Some(trait_) = found.get(next).copied() {
        next += 1;
        for (predicate, _) in collect::super_predicates(db, trait_) {
            if let Clause::Trait(parent) = predicate.value
                && !found.contains(&parent.trait_)
            {
                found.push(parent.trait_);
            }
        }
    }
    found.split_off(1)
}

/// The trait's arguments, and erased lifetimes for the item's own.
pub fn erased_args(db: &dyn Db, item: DefId, args: Args) -> Args {
    let generics = collect::generics_of(db, item);
    args.extended(generics.params.iter().map(|_| GenericArg::Region(Region::erased())))
}

pub fn has_own_types(db: &dyn Db, item: DefId) -> bool {
    collect::generics_of(db, item).params.iter().any(|param| !matches!(param.kind, GenericParamKind::Lifetime))
}

pub fn is_pub(db: &dyn Db, def: DefId) -> bool {
    match def.kind() {
        DefKind::Field => match rgo_hir::fields_of(db, def.parent().unwrap_or(def)) {
            Some(rgo_syntax::ast::Fields::Named(fields)) => {
                fields.get(rgo_hir::index_of(db, def)).is_some_and(|f| f.vis.kind == VisKind::Public)
            }
            Some(rgo_syntax::ast::Fields::Tuple(fields)) => {
                fields.get(rgo_hir::index_of(db, def)).is_some_and(|f| f.vis.kind == VisKind::Public)
            }
            _ => true,
        },
        _ => rgo_hir::item_ast(db, def).vis.kind == VisKind::Public,
    }
}

/// A definition's own parameters as its arguments, lifetimes erased.
pub fn own_args(db: &dyn Db, def: DefId) -> Args {
    collect::identity_args(db, def).erase_regions()
}

/// Whether an impl of this trait was derived.
pub fn derives(db: &dyn Db, adt: DefId, trait_: &str) -> bool {
    let lang = match trait_ {
        "PartialEq" => "partial_eq",
        "PartialOrd" => "partial_ord",
        "Ord" => "ord",
        "Clone" => "clone",
        other => other,
    };
    let Some(found) = rgo_hir::lang_item(db, lang) else { return false };
    rgo_hir::trait_impls(db, found).iter().any(|impl_| impl_.parent() == Some(adt) && impl_.name().as_str() == trait_)
}

fn is_fn_trait(db: &dyn Db, trait_: DefId) -> bool {
    matches!(rgo_hir::lang_name(db, trait_), Some("fn" | "fn_mut" | "fn_once"))
}

/// The trait by which an object is called, where that is all that can be done with it: such an object is a Go function. It is so with `dyn
/// Fn(A) -> R` and with `dyn Callback` where `trait Callback: Fn(A) -> R {}` says no more.
pub fn object_fn_trait(db: &dyn Db, ty: Ty) -> Option<DefId> {
    let own = ty.dyn_principal()?.value.trait_;
    if is_fn_trait(db, own) {
        return Some(own);
    }
    let above = all_supertraits(db, own);
    let called = |lang: &str| above.iter().copied().find(|parent| rgo_hir::lang_name(db, *parent) == Some(lang));
    let found = called("fn").or_else(|| called("fn_mut")).or_else(|| called("fn_once"))?;
    let is_only_called =
        dyn_methods(db, own, ty).iter().all(|(method, _)| method.parent().is_some_and(|of| is_fn_trait(db, of)));
    is_only_called.then_some(found)
}

/// The signature of an object that is called: `dyn Fn(A) -> R`.
pub fn dyn_fn_sig(db: &dyn Db, ty: Ty) -> Option<FnSig> {
    let TyKind::Dynamic(clauses, _) = ty.kind() else { return None };
    let called = object_fn_trait(db, ty)?;
    let traits = object_traits(db, ty.dyn_principal()?.value.trait_, ty);
    let inputs = traits.iter().find(|trait_ref| trait_ref.trait_ == called)?.args.ty(1).as_tuple()?;
    let returned = |clause: &Clause| match clause {
        Clause::Projection(projection, ty) => {
            projection.item.parent().is_some_and(|of| is_fn_trait(db, of)).then_some(*ty)
        }
        _ => None,
    };
    let output = clauses.iter().find_map(|clause| returned(&clause.value)).or_else(|| {
        traits.iter().find_map(|trait_ref| {
            let above = collect::super_predicates(db, trait_ref.trait_).iter();
            let ty = above.map(|(predicate, _)| &predicate.value).find_map(returned)?;
            Some(ty.subst(trait_ref.args))
        })
    });
    let output = output.unwrap_or_else(Ty::unit);
    let sig = FnSig::new(&inputs, output);
    let erased = Binder { value: sig, vars: List::empty() }.value.erase_regions();
    let types: Vec<Ty> = erased.inputs_and_output.iter().map(|ty| normalize(db, strip_bound(*ty))).collect();
    let (output, inputs) = types.split_last()?;
    Some(FnSig::new(inputs, *output))
}

/// A type without regions of any kind.
fn strip_bound(ty: Ty) -> Ty {
    struct Stripper;
    impl TypeFolder for Stripper {
        fn fold_region(&mut self, _region: Region) -> Region {
            Region::erased()
        }
    }
    ty.fold_with(&mut Stripper)
}

/// A type in which no region is left, bound ones of function pointers included.
pub fn without_regions(ty: Ty) -> Ty {
    if ty.has(TypeFlags::HAS_REGION | TypeFlags::HAS_BOUND) { strip_bound(ty) } else { ty }
}

/// How many parameters the parent of a definition has.
pub fn parent_count(db: &dyn Db, def: DefId) -> usize {
    collect::generics_of(db, def).parent_count
}

/// Whether the function takes `self`.
pub fn has_self(db: &dyn Db, def: DefId) -> bool {
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Fn(function) => function.self_param.is_some(),
        _ => false,
    }
}

/// The names of a function's parameters; empty for one that is no plain name.
pub fn param_names(db: &dyn Db, def: DefId) -> Vec<String> {
    let ItemKind::Fn(function) = &rgo_hir::item_ast(db, def).kind else { return Vec::new() };
    let mut names = Vec::new();
    if function.self_param.is_some() {
        names.push("self".to_string());
    }
    names.extend(function.params.iter().map(|param| pattern_name(&param.pat)));
    names
}

fn pattern_name(pat: &rgo_syntax::ast::Pat) -> String {
    match &pat.kind {
        rgo_syntax::ast::PatKind::Ident { ident, .. } => ident.name.as_str().to_string(),
        _ => String::new(),
    }
}

/// The names of all generic parameters in order, parents' first.
pub fn generic_names(db: &dyn Db, def: DefId) -> Vec<String> {
    let mut names = Vec::new();
    collect::for_each_param(db, def, &mut |param| names.push(param.name.as_str().to_string()));
    names
}

/// For all generic parameters in order, parents' first, whether it is a lifetime.
pub fn are_lifetimes(db: &dyn Db, def: DefId) -> Vec<bool> {
    let mut out = Vec::new();
    collect::for_each_param(db, def, &mut |param| out.push(matches!(param.kind, GenericParamKind::Lifetime)));
    out
}

/// `Self` of the impl that a function stands in.
pub fn self_ty(db: &dyn Db, def: DefId) -> Option<Ty> {
    let parent = def.parent()?;
    match parent.kind() {
        DefKind::Impl => Some(impl_self(db, parent)),
        _ => None,
    }
}

/// The type an associated constant belongs to, as a word.
pub fn owner_word(db: &dyn Db, def: DefId) -> String {
    match self_ty(db, def).map(Ty::kind) {
        Some(TyKind::Adt(adt, _)) => adt.name().as_str().to_string(),
        Some(_) | None => def.parent().map_or_else(String::new, |p| p.name().as_str().to_string()),
    }
}

/// Arguments for a method of a trait, for another `Self`.
pub fn with_self(args: Args, self_ty: Ty) -> Args {
    std::iter::once(GenericArg::Ty(self_ty)).chain(args.iter().skip(1).copied()).collect()
}

/// The name of a type as `std::any::type_name` gives it.
pub fn type_name(db: &dyn Db, ty: Ty) -> String {
    rgo_typeck::ty::display::display_ty(db, ty)
}

/// The type parameters of a definition and of what is around it, by position.
pub fn type_params(db: &dyn Db, def: DefId) -> Vec<(u32, rgo_syntax::Name)> {
    let mut out = Vec::new();
    collect::for_each_param(db, def, &mut |param| {
        if let GenericParamKind::Type { .. } = param.kind {
            out.push((param.index, param.name));
        }
    });
    out
}

/// Whether types are all that the definition is generic over, lifetimes aside.
pub fn has_types_for_parameters(db: &dyn Db, def: DefId) -> bool {
    let mut has_consts = false;
    collect::for_each_param(db, def, &mut |param| has_consts |= matches!(param.kind, GenericParamKind::Const { .. }));
    !has_consts && !type_params(db, def).is_empty()
}

/// The trait object of a bound on a trait of the program's that Go code can implement: all of its methods are in Go's interface.
pub fn trait_object(db: &dyn Db, bound: TraitRef) -> Option<Ty> {
    let trait_ = bound.trait_;
    if trait_.is_std() || !is_pub(db, trait_) || bound.args.len() != 1 {
        return None;
    }
    let items = collect::associated_items(db, trait_);
    let is_plain =
        items.iter().all(|item| item.kind() == DefKind::Fn && has_self(db, *item) && !has_own_types(db, *item));
    let has_parents = collect::super_predicates(db, trait_).iter().any(|(predicate, _)| match predicate.value {
        Clause::Trait(parent) => parent.trait_ != trait_ && rgo_hir::lang_name(db, parent.trait_) != Some("sized"),
        _ => true,
    });
    if !is_plain || has_parents || !rgo_typeck::items::object_safety::is_dyn_compatible(db, trait_) {
        return None;
    }
    let principal = Clause::Trait(TraitRef::new(trait_, Args::of_types(&[rgo_typeck::ty::dyn_self()])));
    Some(Ty::dynamic(List::new(&[Binder::dummy(principal)]), Region::erased()))
}

/// The trait reference of an impl by which Go code knows a type: of a `pub` trait of the program's for a `pub` type.
pub fn api_impl(db: &dyn Db, impl_: DefId) -> Option<TraitRef> {
    let trait_ref = collect::impl_trait_ref(db, impl_)?;
    let TyKind::Adt(adt, _) = trait_ref.self_ty().kind() else { return None };
    let is_api = !trait_ref.trait_.is_std() && is_pub(db, trait_ref.trait_) && !adt.is_std() && is_pub(db, *adt);
    is_api.then(|| trait_ref.erase_regions())
}

/// Whether what a definition asks of its parameters holds for arguments. Of what stays open nothing is known but that it is sized.
pub fn bounds_hold(db: &dyn Db, def: DefId, args: Args) -> bool {
    collect::predicates_of(db, def).iter().all(|(predicate, _)| match predicate.value {
        Clause::Trait(bound) => {
            let bound = bound.subst(args).erase_regions();
            rgo_hir::lang_name(db, bound.trait_) == Some("sized")
                || !bound.has_param()
                    && solve::trait_holds(db, ParamEnv::reveal_all(), bound) == solve::EvalResult::Holds
        }
        _ => true,
    })
}

/// All structs and enums that a type is made of, with their arguments.
pub fn adts_in(ty: Ty) -> Vec<(DefId, Args)> {
    let mut found = Vec::new();
    let _ = walk_types(&ty, |part| {
        if let TyKind::Adt(def, args) = part.kind() {
            found.push((*def, *args));
        }
        ControlFlow::Continue(())
    });
    found
}

/// The impls of a type's own methods.
pub fn inherent_impls(db: &dyn Db, adt: DefId) -> Vec<DefId> {
    rgo_hir::inherent_impls(db).of(rgo_hir::SelfHead::Def(adt)).to_vec()
}

/// Whether the definition or something around it has type or const parameters.
pub fn is_generic(db: &dyn Db, def: DefId) -> bool {
    let mut found = false;
    collect::for_each_param(db, def, &mut |param| found |= !matches!(param.kind, GenericParamKind::Lifetime));
    found
}

/// `dyn Fn(A) -> R` as the erased function pointer of its signature.
pub fn dyn_fn_key(db: &dyn Db, ty: Ty) -> Option<Ty> {
    let sig = dyn_fn_sig(db, ty)?;
    Some(erase_functions(db, &Owners::default(), Ty::fn_ptr(Binder::dummy(sig))))
}

/// See [`crate::mono::Cx::erase_functions`]. An error type stands where erasing has no end: `fn f() -> impl Sized { g }` and
/// `fn g() -> impl Sized { f }` are types in Rust, whose functions are told apart by name, and none in Go.
pub fn erase_functions(db: &dyn Db, owning: &Owners, ty: Ty) -> Ty {
    if !ty.has(TypeFlags::HAS_FUNCTION) {
        return ty;
    }
    struct Eraser<'a, 'db> {
        db: &'db dyn Db,
        owning: &'a Owners,
        /// The functions whose signatures are being erased.
        within: Vec<Ty>,
    }
    impl TypeFolder for Eraser<'_, '_> {
        fn fold_ty(&mut self, ty: Ty) -> Ty {
            match ty.kind() {
                TyKind::Closure(..) if needs_drop(self.db, self.owning, ty) => ty.super_fold_with(self),
                TyKind::Closure(..) if self.owning.tells_copies && copies::differ(self.db, ty) => {
                    ty.super_fold_with(self)
                }
                TyKind::Closure(..) | TyKind::FnDef(..) if self.within.contains(&ty) => Ty::error(),
                TyKind::Closure(_, args) => match ClosureArgs::new(*args).untupled_sig() {
                    Some(sig) => self.pointer_of(ty, sig.instantiate_erased()),
                    None => ty,
                },
                TyKind::FnDef(def, args) => {
                    let sig = fn_sig(self.db, *def).subst(*args).erase_regions();
                    self.pointer_of(ty, sig)
                }
                TyKind::FnPtr(sig) => self.pointer(sig.instantiate_erased()),
                _ => ty.super_fold_with(self),
            }
        }
    }
    impl Eraser<'_, '_> {
        fn pointer_of(&mut self, function: Ty, sig: FnSig) -> Ty {
            self.within.push(function);
            let pointer = self.pointer(sig);
            self.within.pop();
            pointer
        }

        fn pointer(&mut self, sig: FnSig) -> Ty {
            let types: Vec<Ty> = sig
                .inputs_and_output
                .iter()
                .map(|ty| normalize(self.db, without_regions(*ty)).fold_with(self))
                .collect();
            match types.split_last() {
                Some((output, inputs)) => Ty::fn_ptr(Binder::dummy(FnSig::new(inputs, *output))),
                None => Ty::error(),
            }
        }
    }
    ty.fold_with(&mut Eraser { db, owning, within: Vec::new() })
}

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
    let Some(body) = thir(db, owner).filter(|body| !body.has_errors) else { return };
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
        thir(db, *owner).is_some_and(|body| {
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

/// Whether a parameter's type is a generic one that can be called.
pub fn is_callable_param(db: &dyn Db, def: DefId, ty: Ty) -> bool {
    matches!(ty.kind(), TyKind::Param(_))
        && collect::predicates_of(db, def).iter().any(|(predicate, _)| match predicate.value {
            Clause::Trait(trait_ref) if trait_ref.self_ty() == ty => is_fn_trait(db, trait_ref.trait_),
            _ => false,
        })
}
