//! Variance of the parameters of structs, enums and functions: how subtyping of arguments relates to subtyping of the whole.
//!
//! Algorithm: the greatest fixpoint over all types that are reachable through fields (Altidor et al. 2011; rustc dev guide, "Variance").

use rgo_hir::{Db, DefId, DefKey, DefKind};
use rgo_syntax::ast::Meta;
use rustc_hash::FxHashMap;

use crate::collect::{Variance, adt_def, fn_sig, generics_of};
use crate::ty::{Args, Clause, GenericArg, Region, RegionKind, Ty, TyKind};

/// The variances of the generic parameters of a struct, enum or function, in the order of its arguments. Of anything else: all invariant.
pub fn variances_of(db: &dyn Db, def: DefId) -> &[Variance] {
    variances_query(db, def.key(db))
}

/// Survives every edit that leaves the fields of the types that are reachable from `def` alone.
#[salsa::tracked(returns(ref), cycle_result = cycle)]
fn variances_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Vec<Variance> {
    let def = key.def(db);
    let count = generics_of(db, def).count();
    match def.kind() {
        DefKind::Struct | DefKind::Enum | DefKind::Union => {
            let mut solver = Solver { db, known: FxHashMap::default() };
            solver.start(def);
            solver.solve();
            solver.known.remove(&def).unwrap_or_else(|| vec![Variance::Invariant; count])
        }
        DefKind::Fn => {
            let mut solver = Solver { db, known: FxHashMap::default() };
            let sig = fn_sig(db, def).value;
            for ty in sig.inputs_and_output.iter() {
                solver.start_types_of(*ty);
            }
            solver.solve();
            let mut variances = vec![Variance::Bivariant; count];
            for ty in sig.inputs() {
                solver.ty(*ty, Variance::Contravariant, &mut variances);
            }
            solver.ty(sig.output(), Variance::Covariant, &mut variances);
            variances.into_iter().map(|v| if v == Variance::Bivariant { Variance::Invariant } else { v }).collect()
        }
        _ => vec![Variance::Invariant; count],
    }
}

fn cycle<'db>(db: &'db dyn Db, _id: salsa::Id, key: DefKey<'db>) -> Vec<Variance> {
    vec![Variance::Invariant; generics_of(db, key.def(db)).count()]
}

struct Solver<'db> {
    db: &'db dyn Db,
    known: FxHashMap<DefId, Vec<Variance>>,
}

impl Solver<'_> {
    /// Enters a type and all that its fields mention.
    fn start(&mut self, def: DefId) {
        if self.known.contains_key(&def) {
            return;
        }
        let count = generics_of(self.db, def).count();
        if let Some(variance) = stated(self.db, def) {
            self.known.insert(def, vec![variance; count]);
            return;
        }
        self.known.insert(def, initial(self.db, def, count));
        for variant in &adt_def(self.db, def).variants {
            for field in &variant.fields {
                self.start_types_of(field.ty);
            }
        }
    }

    fn start_types_of(&mut self, ty: Ty) {
        match ty.kind() {
            TyKind::Adt(def, args) => {
                self.start(*def);
                self.start_args(*args);
            }
            TyKind::FnDef(_, args)
            | TyKind::Closure(_, args)
            | TyKind::Projection(_, args)
            | TyKind::Opaque(_, args) => {
                self.start_args(*args);
            }
            TyKind::Array(elem, _) | TyKind::Slice(elem) => self.start_types_of(*elem),
            TyKind::Ref(_, inner, _) => self.start_types_of(*inner),
            TyKind::Tuple(items) => items.iter().for_each(|item| self.start_types_of(*item)),
            TyKind::FnPtr(sig) => sig.value.inputs_and_output.iter().for_each(|ty| self.start_types_of(*ty)),
            _ => {}
        }
    }

    fn start_args(&mut self, args: Args) {
        for arg in args.iter() {
            if let GenericArg::Ty(ty) = arg {
                self.start_types_of(*ty);
            }
        }
    }

    fn solve(&mut self) {
        let mut defs: Vec<DefId> = self.known.keys().copied().filter(|def| stated(self.db, *def).is_none()).collect();
        defs.sort_unstable();
        loop {
            let mut changed = false;
            for def in &defs {
                let mut variances = self.known[def].clone();
                for variant in &adt_def(self.db, *def).variants {
                    for field in &variant.fields {
                        self.ty(field.ty, Variance::Covariant, &mut variances);
                    }
                }
                if variances != self.known[def] {
                    self.known.insert(*def, variances);
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn ty(&self, ty: Ty, variance: Variance, out: &mut [Variance]) {
        match ty.kind() {
            TyKind::Param(param) => meet_at(out, param.index, variance),
            TyKind::Adt(def, args) => match self.known.get(def) {
                Some(known) => {
                    for (arg, inner) in args.iter().zip(known) {
                        self.arg(*arg, variance.then(*inner), out);
                    }
                }
                None => self.args(*args, Variance::Invariant, out),
            },
            TyKind::Ref(region, inner, mutability) => {
                self.region(*region, variance, out);
                let inner_variance = match mutability {
                    rgo_hir::body::Mutability::Not => variance,
                    rgo_hir::body::Mutability::Mut => Variance::Invariant,
                };
                self.ty(*inner, inner_variance, out);
            }
            TyKind::Array(elem, len) => {
                self.ty(*elem, variance, out);
                self.arg(GenericArg::Const(*len), Variance::Invariant, out);
            }
            TyKind::Slice(elem) => self.ty(*elem, variance, out),
            TyKind::Tuple(items) => items.iter().for_each(|item| self.ty(*item, variance, out)),
            TyKind::FnPtr(sig) => {
                for input in sig.value.inputs() {
                    self.ty(*input, variance.then(Variance::Contravariant), out);
                }
                self.ty(sig.value.output(), variance, out);
            }
            TyKind::Dynamic(clauses, region) => {
                self.region(*region, variance, out);
                for clause in clauses {
                    match clause.value {
                        Clause::Trait(trait_ref) => self.args(trait_ref.args, Variance::Invariant, out),
                        Clause::Projection(projection, ty) => {
                            self.args(projection.args, Variance::Invariant, out);
                            self.ty(ty, Variance::Invariant, out);
                        }
                        Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => {}
                    }
                }
            }
            TyKind::FnDef(_, args)
            | TyKind::Closure(_, args)
            | TyKind::Projection(_, args)
            | TyKind::Opaque(_, args) => {
                self.args(*args, Variance::Invariant, out);
            }
            TyKind::Error => out.iter_mut().for_each(|slot| {
                if *slot == Variance::Bivariant {
                    *slot = Variance::Covariant;
                }
            }),
            TyKind::Bool
            | TyKind::Char
            | TyKind::Int(_)
            | TyKind::Uint(_)
            | TyKind::Float(_)
            | TyKind::Str
            | TyKind::Never
            | TyKind::Infer(_) => {}
        }
    }

    fn args(&self, args: Args, variance: Variance, out: &mut [Variance]) {
        args.iter().for_each(|arg| self.arg(*arg, variance, out));
    }

    fn arg(&self, arg: GenericArg, variance: Variance, out: &mut [Variance]) {
        match arg {
            GenericArg::Ty(ty) => self.ty(ty, variance, out),
            GenericArg::Region(region) => self.region(region, variance, out),
            GenericArg::Const(value) => {
                if let crate::ty::ConstKind::Param { index, .. } = value.kind() {
                    meet_at(out, *index, Variance::Invariant);
                }
            }
        }
    }

    fn region(&self, region: Region, variance: Variance, out: &mut [Variance]) {
        if let RegionKind::EarlyParam { index, .. } = region.kind() {
            meet_at(out, *index, variance);
        }
    }
}

/// The variance of a parameter that is used in both ways.
fn meet(a: Variance, b: Variance) -> Variance {
    match (a, b) {
        (Variance::Bivariant, other) | (other, Variance::Bivariant) => other,
        (a, b) if a == b => a,
        _ => Variance::Invariant,
    }
}

fn meet_at(out: &mut [Variance], index: u32, variance: Variance) {
    if let Some(slot) = out.get_mut(index as usize) {
        *slot = meet(*slot, variance);
    }
}

/// What `#[variance(covariant)]` or `#[variance(invariant)]` says of a type of `std`, whose fields are not Rust's.
fn stated(db: &dyn Db, def: DefId) -> Option<Variance> {
    if !def.is_std() {
        return None;
    }
    let said = rgo_hir::attrs(db, def).iter().find(|attr| attr.is("variance")).and_then(rgo_syntax::metas)?;
    said.iter().find_map(|meta| match meta {
        Meta::Path(path) if path.is("covariant") => Some(Variance::Covariant),
        Meta::Path(path) if path.is("invariant") => Some(Variance::Invariant),
        _ => None,
    })
}

/// What is known of a type before its fields are looked at: what `std` hides behind a Go form is said here.
fn initial(db: &dyn Db, def: DefId, count: usize) -> Vec<Variance> {
    if rgo_hir::lang_name(db, def) == Some("phantom_data") {
        return vec![Variance::Covariant; count];
    }
    if !def.is_std() {
        return vec![Variance::Bivariant; count];
    }
    if is_cell(db, def) {
        return vec![Variance::Invariant; count];
    }
    let is_go_form = rgo_hir::attrs(db, def).iter().any(|attr| attr.is("go"));
    vec![if is_go_form { Variance::Covariant } else { Variance::Bivariant }; count]
}

/// What can be changed through a shared reference; every other type of `std` of that kind has one of these in it.
pub fn is_cell(db: &dyn Db, def: DefId) -> bool {
    rgo_hir::lang_name(db, def) == Some("unsafe_cell")
}
