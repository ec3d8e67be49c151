//! Universal regions of an owner and the closures in it, and the types of their parameters and results.

use rgo_hir::body::Mutability;
use rgo_hir::{DefId, DefKind};
use rgo_typeck::collect;
use rgo_typeck::infer_ctxt::{OutlivesComponent, outlives_components};
use rgo_typeck::thir::{self, BodyKind};
use rgo_typeck::ty::{
    BoundRegion, Clause, ClosureArgs, ClosureKind, GenericArg, GenericParamKind, Region, RegionKind, Ty, TyKind,
};

use crate::context::Regions;
use crate::regions::constraint::{Category, GenericKind, RegionVid};
use crate::regions::universal::UniversalKind;
use rgo_typeck::implied::{Fact, Implied};

/// The types of a body's parameters and of its result, with region variables.
pub struct Signature {
    pub inputs: Vec<Ty>,
    pub output: Ty,
}

impl<'db> Regions<'db> {
    /// Makes the universal regions of the outermost body.
    pub fn declare_universals(&mut self, implied: &mut Implied) -> Signature {
        let (db, owner) = (self.db, self.owner);
        collect::for_each_param(db, collect::generics_owner(owner), &mut |param| {
            if matches!(param.kind, GenericParamKind::Lifetime) {
                let region = Region::new(RegionKind::EarlyParam { index: param.index, name: param.name });
                self.vid(region);
            }
        });
        let mut signature = None;
        if owner.kind() == DefKind::Fn {
            let bound = collect::fn_sig(db, owner);
            for (index, kind) in bound.vars.iter().enumerate() {
                let var = BoundRegion { index: index as u32, kind: *kind };
                self.vid(Region::new(RegionKind::LateParam { scope: owner, var }));
            }
            signature = Some(collect::liberated_fn_sig(db, owner));
        }
        self.universals.fn_body = Some(self.add_universal(UniversalKind::FnBody, 0, None));
        self.assume_where_clauses();
        let mut facts = Vec::new();
        let result = match signature {
            Some(sig) => {
                let inputs: Vec<Ty> = sig.inputs().iter().map(|ty| self.renumber(*ty)).collect();
                let output = self.renumber(sig.output());
                for ty in inputs.iter().chain([&output]) {
                    implied.facts(db, *ty, &mut facts);
                }
                // The impls behind associated types may ask for what the signature implies.
                self.waiting = Some(Vec::new());
                let inputs: Vec<Ty> = inputs.into_iter().map(|ty| self.normalize(ty)).collect();
                let output = self.normalize(output);
                for ty in inputs.iter().chain([&output]) {
                    implied.facts(db, *ty, &mut facts);
                }
                Signature { inputs, output }
            }
            None => {
                let ty = collect::type_of(db, owner);
                let ty = self.renumber(ty);
                Signature { inputs: Vec::new(), output: self.normalize(ty) }
            }
        };
        self.impl_header_facts(implied, &mut facts);
        self.assume(facts);
        self.close_universals();
        let at = self.at;
        for (ty, region, asked_at) in self.waiting.take().unwrap_or_default() {
            self.at = asked_at;
            self.type_outlives(ty, region);
        }
        self.at = at;
        result
    }

    /// What the header of the impl around a method says.
    fn impl_header_facts(&mut self, implied: &mut Implied, facts: &mut Vec<Fact>) {
        let db = self.db;
        let Some(parent) = self.owner.parent().filter(|parent| parent.kind() == DefKind::Impl) else { return };
        let self_ty = collect::type_of(db, parent);
        let self_ty = self.renumber(self_ty);
        implied.facts(db, self_ty, facts);
        if let Some(trait_ref) = collect::impl_trait_ref(db, parent) {
            for arg in &self.renumber(trait_ref.args) {
                if let GenericArg::Ty(ty) = arg {
                    implied.facts(db, *ty, facts);
                }
            }
        }
    }

    fn assume_where_clauses(&mut self) {
        let clauses = self.infcx.param_env.clauses;
        let mut facts = Vec::new();
        for clause in &clauses {
            if !clause.vars.is_empty() {
                continue;
            }
            match clause.value {
                Clause::TypeOutlives(ty, region) => {
                    facts.push((GenericArg::Ty(self.renumber(ty)), self.renumber(region)));
                }
                Clause::RegionOutlives(a, b) => {
                    facts.push((GenericArg::Region(self.renumber(a)), self.renumber(b)));
                }
                Clause::Trait(_) | Clause::Projection(..) => {}
            }
        }
        self.assume(facts);
    }

    fn assume(&mut self, facts: Vec<Fact>) {
        for (arg, region) in facts {
            let shorter = self.vid(region);
            if !self.universals.is_universal(shorter) {
                continue;
            }
            match arg {
                GenericArg::Region(longer) => self.assume_region(longer, shorter),
                GenericArg::Ty(ty) => {
                    for component in outlives_components(ty) {
                        match component {
                            OutlivesComponent::Region(longer) => self.assume_region(longer, shorter),
                            OutlivesComponent::Param(param) => {
                                self.universals.assume_type_outlives(GenericKind::Param(param), shorter);
                            }
                            OutlivesComponent::Projection(projection) => {
                                let kind = GenericKind::Alias(projection.to_ty());
                                self.universals.assume_type_outlives(kind, shorter);
                            }
                            OutlivesComponent::Opaque(def, args) => {
                                let kind = GenericKind::Alias(Ty::new(TyKind::Opaque(def, args)));
                                self.universals.assume_type_outlives(kind, shorter);
                            }
                            OutlivesComponent::Infer(_) => {}
                        }
                    }
                }
                GenericArg::Const(_) => {}
            }
        }
        // Type parameters live at least as long as the body.
        if let Some(fn_body) = self.universals.fn_body {
            let db = self.db;
            let owner = collect::generics_owner(self.owner);
            let universals = &mut self.universals;
            collect::for_each_param(db, owner, &mut |param| {
                if matches!(param.kind, GenericParamKind::Type { .. }) {
                    let kind = GenericKind::Param(rgo_typeck::ty::ParamTy { index: param.index, name: param.name });
                    universals.assume_type_outlives(kind, fn_body);
                }
            });
        }
    }

    fn assume_region(&mut self, longer: Region, shorter: RegionVid) {
        let longer = self.vid(longer);
        if self.universals.is_universal(longer) {
            self.universals.assume_outlives(longer, shorter);
        } else if !self.closure_bounds.contains(&(longer, shorter)) {
            self.closure_bounds.push((longer, shorter));
        }
    }

    /// The known relations as constraints: what is longer contains what is shorter.
    fn add_known(&mut self) {
        self.at.category = Category::Internal;
        let known: Vec<(RegionVid, RegionVid)> = self.universals.known().collect();
        for (longer, shorter) in known {
            if longer != RegionVid::STATIC {
                self.outlives(longer, shorter);
            }
        }
    }

    /// Makes the universal regions of a closure: those that its signature binds, and that of its environment.
    pub fn declare_closure(
        &mut self,
        info: &thir::ClosureInfo,
        closure_ty: Ty,
        def: DefId,
        implied: &mut Implied,
    ) -> Signature {
        let TyKind::Closure(_, args) = closure_ty.kind() else {
            return Signature { inputs: Vec::new(), output: Ty::new(TyKind::Error) };
        };
        let mut inputs = Vec::new();
        let env_region = || {
            let kind = rgo_typeck::ty::BoundRegionKind::ClosureEnv;
            Region::new(RegionKind::LateParam { scope: def, var: BoundRegion { index: u32::MAX, kind } })
        };
        match info.kind {
            ClosureKind::FnOnce => inputs.push(closure_ty),
            ClosureKind::Fn | ClosureKind::FnMut => {
                let mutability = if info.kind == ClosureKind::Fn { Mutability::Not } else { Mutability::Mut };
                let vid = self.vid(env_region());
                inputs.push(Ty::new(TyKind::Ref(Region::var(vid.0), closure_ty, mutability)));
            }
        }
        let output = match ClosureArgs::new(*args).untupled_sig() {
            Some(sig) => {
                let mut vids = Vec::new();
                for (index, kind) in sig.vars.iter().enumerate() {
                    let var = BoundRegion { index: index as u32, kind: *kind };
                    let vid = self.vid(Region::new(RegionKind::LateParam { scope: def, var }));
                    vids.push(Region::var(vid.0));
                }
                let sig = sig.instantiate(|var| vids.get(var.index as usize).copied().unwrap_or_else(Region::error));
                for ty in sig.inputs() {
                    let ty = self.renumber(*ty);
                    inputs.push(self.normalize(ty));
                }
                let output = self.renumber(sig.output());
                self.normalize(output)
            }
            None => Ty::new(TyKind::Error),
        };
        let mut facts = Vec::new();
        inputs.iter().chain([&output]).for_each(|ty| implied.facts(self.db, *ty, &mut facts));
        // What lasts for ever (`dyn Any`) is longer than any region of another closure, and would be taken for the one that it ends in.
        facts.retain(|(_, region)| !region.is_static());
        // Only what is said of the closure's own regions: the others are not universal to the parent.
        self.assume(facts);
        Signature { inputs, output }
    }

    /// Draws the conclusions from what is assumed of the universal regions, all of which are declared: of the owner's once its signature is
    /// known, of its closures' together, behind the last of them.
    pub fn close_universals(&mut self) {
        self.universals.close();
        self.add_known();
    }
}

/// The body's own kind of constraint for what is put in its return place.
pub fn return_category(owner: DefId, kind: &BodyKind) -> Category {
    match kind {
        BodyKind::Fn | BodyKind::Closure(_) => Category::Return,
        BodyKind::Const if owner.kind() == DefKind::Static => Category::UseAsStatic,
        BodyKind::Const => Category::UseAsConst,
    }
}
