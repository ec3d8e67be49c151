//! Lifetimes in declared types: what a type needs to outlive must be declared or implied (E0309, E0310, E0478, E0491).
//!
//! In a struct or enum `&'a T` implies `T: 'a` by itself (RFC 2093), except for `'static`; in the value of an associated type only what the
//! head of the impl implies may be assumed (RFC 1214).

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rgo_syntax::ast::ItemKind;

use crate::collect::{
    adt_def, associated_items, impl_trait_ref, own_predicates_of, predicates_of, super_predicates, type_of,
};
use crate::error::TypeError;
use crate::infer_ctxt::{InferCtxt, OutlivesComponent, outlives_components};
use crate::solve::{FulfillCtxt, ObligationCause, param_env};
use crate::ty::display::{display_region, display_ty};
use crate::ty::intern::TypeFlags;
use crate::ty::{Clause, GenericArg, Region, RegionKind, Subst, TraitRef, Ty, TyKind};

/// Errors of the lifetimes in the types of a definition.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    if def.is_std() {
        return;
    }
    let mut checker = Checker { db, def, types: Vec::new(), regions: Vec::new(), implied: Implied::Nothing, errors };
    checker.assume_predicates(def);
    match def.kind() {
        DefKind::Struct | DefKind::Enum | DefKind::Union => {
            checker.implied = Implied::References;
            let spans = super::wf::field_spans(db, def);
            for (variant, spans) in adt_def(db, def).variants.iter().zip(spans) {
                for (field, span) in variant.fields.iter().zip(spans) {
                    checker.ty(field.ty, span);
                    checker.projections(field.ty, span);
                }
            }
        }
        DefKind::Impl => {
            match impl_trait_ref(db, def) {
                Some(trait_ref) => trait_ref.args.types().for_each(|ty| checker.assume_well_formed(ty)),
                None => checker.assume_well_formed(type_of(db, def)),
            }
            for item in associated_items(db, def) {
                if item.kind() == DefKind::AssocTy
                    && let ItemKind::TypeAlias(alias) = &rgo_hir::item_ast(db, *item).kind
                    && let Some(written) = &alias.ty
                {
                    checker.assume_predicates(*item);
                    checker.ty(type_of(db, *item), written.span);
                }
            }
        }
        _ => {}
    }
}

/// What `&'a T` says about `T` by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Implied {
    /// `T: 'a`, unless `'a` is `'static`.
    References,
    Nothing,
}

struct Checker<'a> {
    db: &'a dyn Db,
    def: DefId,
    /// Known: the type outlives the region.
    types: Vec<(Ty, Region)>,
    /// Known: the first outlives the second.
    regions: Vec<(Region, Region)>,
    implied: Implied,
    errors: &'a mut Vec<TypeError>,
}

impl Checker<'_> {
    fn assume_predicates(&mut self, def: DefId) {
        for (predicate, _) in predicates_of(self.db, def) {
            match predicate.value {
                Clause::TypeOutlives(ty, region) => {
                    self.types.push((ty, region));
                    self.assume_outlives(ty, region);
                }
                Clause::RegionOutlives(long, short) => self.regions.push((long, short)),
                Clause::Trait(trait_ref) => {
                    // `T: Trait` with `trait Trait: 'static`.
                    for (inner, _) in crate::collect::super_predicates(self.db, trait_ref.trait_) {
                        if let Clause::TypeOutlives(ty, region) = inner.value.subst(trait_ref.args) {
                            self.types.push((ty, region));
                        }
                    }
                }
                Clause::Projection(..) => {}
            }
        }
    }

    /// Takes as known what `ty` needs: its references, and what its structs and enums declare or imply.
    fn assume_well_formed(&mut self, ty: Ty) {
        let mut facts = Vec::new();
        crate::implied::Implied::default().facts(self.db, ty, &mut facts);
        for (long, region) in facts {
            match long {
                GenericArg::Ty(inner) => self.assume_outlives(inner, region),
                GenericArg::Region(long) => self.regions.push((long, region)),
                GenericArg::Const(_) => {}
            }
        }
    }

    /// Takes as known that all parts of `ty` outlive `region`.
    fn assume_outlives(&mut self, ty: Ty, region: Region) {
        for component in outlives_components(ty) {
            match component {
                OutlivesComponent::Param(param) => self.types.push((Ty::param(param.index, param.name), region)),
                OutlivesComponent::Region(long) => self.regions.push((long, region)),
                OutlivesComponent::Projection(projection) => self.types.push((projection.to_ty(), region)),
                OutlivesComponent::Opaque(..) | OutlivesComponent::Infer(_) => {}
            }
        }
    }

    fn region_outlives(&self, long: Region, short: Region) -> bool {
        let trivially = |region: Region| region.is_static() || region.is_erased();
        if long == short
            || trivially(long)
            || matches!(long.kind(), RegionKind::Bound { .. } | RegionKind::Error | RegionKind::Shared(_))
        {
            return true;
        }
        let is_unknown = |region: Region| {
            matches!(
                region.kind(),
                RegionKind::Bound { .. } | RegionKind::Error | RegionKind::Erased | RegionKind::Shared(_)
            )
        };
        if is_unknown(short) {
            return true;
        }
        let mut reached = vec![long];
        let mut next = 0;
        while let Some(current) = reached.get(next).copied() {
            next += 1;
            for (from, to) in &self.regions {
                if *from == current && !reached.contains(to) {
                    reached.push(*to);
                }
            }
        }
        reached.contains(&short) || reached.iter().any(|region| region.is_static())
    }

    fn type_outlives(&self, ty: Ty, region: Region) -> bool {
        self.types.iter().any(|(known, known_region)| *known == ty && self.region_outlives(*known_region, region))
    }

    fn ty(&mut self, ty: Ty, span: Span) {
        if ty.has(TypeFlags::HAS_ERROR) {
            return;
        }
        for (inner, region) in references(ty) {
            let is_implied = self.implied == Implied::References && !region.is_static();
            if !is_implied {
                self.need(inner, region, span, Need::Reference);
            }
        }
        for (def, args) in adts(ty) {
            for (predicate, _) in own_predicates_of(self.db, def) {
                if let Clause::TypeOutlives(ty, region) = predicate.value.subst(args)
                    && (region.is_static() || self.implied == Implied::Nothing)
                {
                    self.need(ty, region, span, Need::Bound);
                }
            }
        }
        // What an associated type asks of its parameters is said of the types around it by nothing.
        for (item, args) in projected(ty) {
            for (predicate, _) in own_predicates_of(self.db, item) {
                match predicate.value.subst(args) {
                    Clause::TypeOutlives(ty, region) => self.need(ty, region, span, Need::Bound),
                    Clause::RegionOutlives(long, short) if !self.region_outlives(long, short) => {
                        self.report(span, "E0478", "lifetime bound not satisfied".to_string());
                    }
                    _ => {}
                }
            }
        }
        for (principal, bound) in objects(ty) {
            let met = |region| self.region_outlives(bound, region);
            if !bound.is_erased() && !regions_of_self(self.db, principal).into_iter().all(met) {
                self.report(span, "E0478", "lifetime bound not satisfied".to_string());
            }
        }
    }

    fn need(&mut self, ty: Ty, region: Region, span: Span, why: Need) {
        if matches!(region.kind(), RegionKind::Bound { .. }) {
            return;
        }
        for component in outlives_components(ty) {
            let holds = match &component {
                OutlivesComponent::Param(param) => self.type_outlives(Ty::param(param.index, param.name), region),
                OutlivesComponent::Region(long) => self.region_outlives(*long, region),
                OutlivesComponent::Projection(_) | OutlivesComponent::Opaque(..) | OutlivesComponent::Infer(_) => true,
            };
            if holds {
                continue;
            }
            match component {
                OutlivesComponent::Param(param) => {
                    let code = if region.is_static() { "E0310" } else { "E0309" };
                    self.report(span, code, format!("the parameter type `{}` may not live long enough", param.name));
                }
                _ if why == Need::Reference => {
                    let shown = display_ty(self.db, Ty::new_ref(region, ty, rgo_hir::body::Mutability::Not));
                    let message =
                        format!("in type `{shown}`, reference has a longer lifetime than the data it references");
                    self.report(span, "E0491", message);
                }
                _ => {
                    let message = format!("the type does not live as long as {}", display_region(region));
                    self.report(span, "E0477", message);
                }
            }
        }
    }

    fn report(&mut self, span: Span, code: &'static str, message: String) {
        if !self.errors.iter().any(|error| error.span == span && error.code == Some(code)) {
            self.errors.push(TypeError::new(self.def, span, code, message));
        }
    }

    /// What the impls behind projections need: `<T as Trait<'a>>::Output` by an impl `where T: 'a`.
    fn projections(&mut self, ty: Ty, span: Span) {
        if !ty.has(TypeFlags::HAS_PROJECTION) || ty.has(TypeFlags::HAS_ERROR) {
            return;
        }
        let infcx = InferCtxt::tracking(self.db, param_env(self.db, self.def), 0);
        let cause = ObligationCause::misc(self.def, span);
        let mut obligations = Vec::new();
        infcx.normalize(ty, &cause, &mut obligations);
        let mut fulfill = FulfillCtxt::new();
        fulfill.register_all(&infcx, obligations);
        fulfill.select_where_possible(&infcx);
        // Variables of the impl's parameters are those of the projection's arguments.
        let constraints = infcx.take_region_constraints();
        let resolve = |region: Region| {
            let mut current = region;
            for _ in 0..8 {
                if !matches!(current.kind(), RegionKind::Var(_)) {
                    break;
                }
                let equal = constraints.iter().find(|constraint| {
                    constraint.sup == current && !matches!(constraint.sub.kind(), RegionKind::Var(_))
                });
                match equal {
                    Some(constraint) => current = constraint.sub,
                    None => break,
                }
            }
            current
        };
        for outlives in infcx.take_type_outlives() {
            let region = resolve(outlives.region);
            if matches!(region.kind(), RegionKind::Var(_)) {
                continue;
            }
            let ty = infcx.resolve_vars_if_possible(outlives.ty);
            if let TyKind::Param(_) = ty.kind() {
                self.need(ty, region, span, Need::Bound);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Reference,
    Bound,
}

/// All `&'r T` inside a type that are not under a binder.
fn references(ty: Ty) -> Vec<(Ty, Region)> {
    let mut found = Vec::new();
    walk(ty, &mut |ty| {
        if let TyKind::Ref(region, inner, _) = ty.kind() {
            found.push((*inner, *region));
        }
    });
    found
}

fn adts(ty: Ty) -> Vec<(DefId, crate::ty::Args)> {
    let mut found = Vec::new();
    walk(ty, &mut |ty| {
        if let TyKind::Adt(def, args) = ty.kind()
            && !def.is_std()
        {
            found.push((*def, *args));
        }
    });
    found
}

fn projected(ty: Ty) -> Vec<(DefId, crate::ty::Args)> {
    let mut found = Vec::new();
    walk(ty, &mut |ty| {
        if let TyKind::Projection(item, args) = ty.kind() {
            found.push((*item, *args));
        }
    });
    found
}

/// The traits of the `dyn` types in a type, each with the lifetime that the object is said to have.
fn objects(ty: Ty) -> Vec<(TraitRef, Region)> {
    let mut found = Vec::new();
    walk(ty, &mut |ty| {
        if let TyKind::Dynamic(_, region) = ty.kind()
            && let Some(principal) = ty.dyn_principal()
        {
            found.push((principal.value, *region));
        }
    });
    found
}

/// What a trait and its supertraits say that `Self` outlives: a `dyn` type of it must live as long (rustc dev guide, "Well-formedness").
fn regions_of_self(db: &dyn Db, trait_ref: TraitRef) -> Vec<Region> {
    let mut found = Vec::new();
    let mut pending = vec![trait_ref];
    let mut seen = Vec::new();
    while let Some(trait_ref) = pending.pop() {
        if seen.contains(&trait_ref) {
            continue;
        }
        seen.push(trait_ref);
        let own = own_predicates_of(db, trait_ref.trait_).iter();
        for (predicate, _) in own.chain(super_predicates(db, trait_ref.trait_)) {
            match predicate.value {
                Clause::TypeOutlives(ty, region) if matches!(ty.kind(), TyKind::Param(of) if of.index == 0) => {
                    found.push(region.subst(trait_ref.args));
                }
                Clause::Trait(parent) if matches!(parent.self_ty().kind(), TyKind::Param(of) if of.index == 0) => {
                    pending.push(parent.subst(trait_ref.args));
                }
                _ => {}
            }
        }
    }
    found
}

/// The parts of a type that must be well-formed for it to be. Nothing is known of the regions that a function pointer or `dyn` type binds.
fn walk(ty: Ty, visit: &mut dyn FnMut(Ty)) {
    visit(ty);
    match ty.kind() {
        TyKind::Adt(_, args) | TyKind::Projection(_, args) => args.types().for_each(|arg| walk(arg, visit)),
        TyKind::Array(elem, _) | TyKind::Slice(elem) => walk(*elem, visit),
        TyKind::Ref(_, inner, _) => walk(*inner, visit),
        TyKind::Tuple(items) => items.iter().for_each(|item| walk(*item, visit)),
        TyKind::FnPtr(sig) => sig.value.inputs_and_output.iter().for_each(|item| walk(*item, visit)),
        TyKind::Dynamic(clauses, _) => {
            for clause in clauses {
                match clause.value {
                    Clause::Trait(trait_ref) => trait_ref.args.types().skip(1).for_each(|arg| walk(arg, visit)),
                    Clause::Projection(projection, ty) => {
                        projection.args.types().skip(1).chain([ty]).for_each(|arg| walk(arg, visit));
                    }
                    Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => {}
                }
            }
        }
        _ => {}
    }
}
