//! Bounds, trait references, and `dyn` types.

use rgo_hir::{Db, DefId, DefKind, LangItems};
use rgo_syntax::Span;
use rgo_syntax::ast::{self, AssocArgKind, Bound, BoundModifier, GenericArgs};

use super::lower::{self, Elision, ImplTraitMode, LowerCtx, ObjectDefault, Relaxed};
use super::paths::{self, MissingArgs};
use crate::error::TypeError;
use crate::ty::{
    Args, Binder, BoundRegionKind, Clause, Clauses, GenericArg, GenericParamKind, Predicate, ProjectionTy, Region,
    RegionKind, Subst, TraitRef, Ty, dyn_self,
};

/// Predicates with the places they are written at.
pub(super) type Spanned = Vec<(Predicate, Span)>;

impl LowerCtx<'_, '_> {
    /// The predicates of bounds on a type that `bounded` lowers anew inside each binder.
    pub(super) fn lower_bounds(
        &mut self,
        bounds: &[Bound],
        outer_binder: &[ast::GenericParam],
        bounded: &mut dyn FnMut(&mut Self) -> Ty,
        out: &mut Spanned,
    ) {
        for bound in bounds {
            match bound {
                Bound::Trait(bound) => {
                    if bound.modifier == BoundModifier::Maybe {
                        self.relaxed_bound(bound, self.relaxed);
                        continue;
                    }
                    self.lower_trait_bound(bound, outer_binder, bounded, out);
                }
                Bound::Lifetime(lifetime) => {
                    let vars = self.binder_vars(outer_binder);
                    let ((ty, region), vars) =
                        self.under_binder(vars, |ctx| (bounded(ctx), ctx.lower_lifetime(*lifetime)));
                    out.push((Binder { value: Clause::TypeOutlives(ty, region), vars }, lifetime.span));
                }
                Bound::Use { .. } => {}
            }
        }
    }

    /// `?Sized`, where something is `Sized` if nothing is said.
    fn relaxed_bound(&mut self, bound: &ast::TraitBound, place: Relaxed) {
        if let Some(before) = bound.binder.first() {
            let message = "`for<...>` binder not allowed with `?` trait polarity modifier";
            self.error(before.span, "", message).code = None;
            return;
        }
        let sized = rgo_hir::lang_item(self.db, "sized");
        let trait_ = match rgo_hir::resolve_trait_path(self.db, self.scope, &bound.path) {
            Ok((trait_, _)) => Some(trait_),
            Err(error) => {
                self.errors.extend(error.map(lower::from_hir));
                None
            }
        };
        let (message, note) = match place {
            Relaxed::Allowed => ("", ""),
            Relaxed::Supertrait => (
                "relaxed bounds are not permitted in supertrait bounds",
                "traits are not implicitly bounded by `Sized`, so there is nothing to relax",
            ),
            Relaxed::Object => (
                "relaxed bounds are not permitted in trait object types",
                "trait object types are not implicitly bounded by `Sized`, so there is nothing to relax",
            ),
            Relaxed::Elsewhere => (
                "this relaxed bound is not permitted here",
                "in this context, relaxed bounds are only allowed on type parameters defined on the closest item",
            ),
        };
        if !message.is_empty() {
            let error = self.error(bound.span, "", message);
            error.code = None;
            error.notes.extend((trait_ == sized).then(|| note.to_owned()));
        }
        if trait_.is_some_and(|trait_| Some(trait_) != sized) {
            self.error(bound.span, "", "bound modifier `?` can only be applied to `Sized`").code = None;
        }
    }

    fn lower_trait_bound(
        &mut self,
        bound: &ast::TraitBound,
        outer_binder: &[ast::GenericParam],
        bounded: &mut dyn FnMut(&mut Self) -> Ty,
        out: &mut Spanned,
    ) {
        if !outer_binder.is_empty() && !bound.binder.is_empty() {
            self.error(bound.span, "E0316", "nested quantification of lifetimes");
        }
        let mut vars = self.binder_vars(outer_binder);
        vars.extend(self.binder_vars(&bound.binder));
        let (clauses, vars) = self.under_binder(vars, |ctx| {
            let self_ty = bounded(ctx);
            let mut nested = Vec::new();
            let lowered = ctx.lower_trait_ref(&bound.path, self_ty, &mut nested);
            (lowered, nested)
        });
        let (Some((trait_ref, projections)), nested) = clauses else { return };
        out.push((Binder { value: Clause::Trait(trait_ref), vars }, bound.span));
        for (projection, ty) in projections {
            out.push((Binder { value: Clause::Projection(projection, ty), vars }, bound.span));
        }
        // Bounds on associated types (`Item: Bound`) were lowered one binder further in; without bound regions of the outer one they can move out.
        for (predicate, span) in nested {
            out.push((flatten(predicate, vars.as_slice()), span));
        }
    }

    /// A trait path with `Self`, without its constraints.
    pub(super) fn lower_trait_path(&mut self, path: &ast::Path, self_ty: Ty) -> Option<TraitRef> {
        let mut nested = Vec::new();
        self.lower_trait_ref(path, self_ty, &mut nested).map(|(trait_ref, _)| trait_ref)
    }

    /// A trait path that stands outside of all bounds.
    pub(super) fn lower_unbound_trait_path(&mut self, path: &ast::Path, self_ty: Ty) -> Option<TraitRef> {
        if let Some(GenericArgs::Angle(angle)) = path.last().and_then(|segment| segment.args.as_deref()) {
            for arg in &angle.args {
                if let ast::GenericArg::Assoc(assoc) = arg {
                    self.error(assoc.span, "E0229", "associated item constraints are not allowed here").label =
                        "associated item constraint not allowed here".to_owned();
                }
            }
        }
        let (trait_ref, vars) = self.under_binder(Vec::new(), |ctx| ctx.lower_trait_path(path, self_ty.shifted_in(1)));
        trait_ref.map(|value| Binder { value, vars }.instantiate_erased())
    }

    /// As `lower_trait_path`, where somebody else reports the errors.
    pub(super) fn lower_trait_path_quietly(&mut self, path: &ast::Path, self_ty: Ty) -> Option<TraitRef> {
        let trait_ = rgo_hir::trait_of_path(self.db, self.scope, path)?;
        let segment = path.segments.last()?;
        if let Some(GenericArgs::Paren(_)) = segment.args.as_deref() {
            return self.lower_trait_path(path, self_ty);
        }
        let prefix: Args = std::iter::once(GenericArg::Ty(self_ty)).collect();
        Some(TraitRef::new(
            trait_,
            self.lower_segment_args(trait_, prefix, Some(segment), path.span, MissingArgs::Error),
        ))
    }

    /// A trait path with `Self` and its associated-type constraints; call inside the binder of the bound.
    pub(super) fn lower_trait_ref(
        &mut self,
        path: &ast::Path,
        self_ty: Ty,
        nested: &mut Spanned,
    ) -> Option<(TraitRef, Vec<(ProjectionTy, Ty)>)> {
        let trait_ = match rgo_hir::resolve_trait_path(self.db, self.scope, path) {
            Ok((trait_, private)) => {
                self.private(private);
                trait_
            }
            Err(error) => {
                // Of a path whose beginning is unknown, too, the trait is lost.
                if error.as_ref().is_none_or(|error| error.code == Some("E0433")) {
                    self.errors.push(TypeError::lost_trait(self.scope, path.span));
                }
                self.errors.extend(error.map(lower::from_hir));
                self.names_in_args(&path.segments);
                return None;
            }
        };
        self.refuse_args_before_last(&path.segments);
        let segment = path.segments.last()?;
        let prefix: Args = std::iter::once(GenericArg::Ty(self_ty)).collect();
        if let Some(GenericArgs::Paren(paren)) = segment.args.as_deref()
            && let Some("fn" | "fn_mut" | "fn_once") = rgo_hir::lang_name(self.db, trait_)
        {
            return self.lower_fn_sugar(trait_, self_ty, paren);
        }
        let args = self.lower_segment_args(trait_, prefix, Some(segment), path.span, MissingArgs::Error);
        let trait_ref = TraitRef::new(trait_, args);
        let mut projections = Vec::new();
        if let Some(GenericArgs::Angle(angle)) = segment.args.as_deref() {
            for arg in &angle.args {
                if let ast::GenericArg::Assoc(assoc) = arg {
                    self.lower_constraint(trait_ref, assoc, &mut projections, nested);
                }
            }
        }
        Some((trait_ref, projections))
    }

    fn lower_fn_sugar(
        &mut self,
        trait_: DefId,
        self_ty: Ty,
        paren: &ast::ParenArgs,
    ) -> Option<(TraitRef, Vec<(ProjectionTy, Ty)>)> {
        let inputs: Vec<&ast::Type> = paren.inputs.iter().collect();
        let outer = std::mem::replace(&mut self.impl_trait, ImplTraitMode::Refused);
        let (inputs, output) = self.lower_fn_like(&inputs, paren.output.as_ref());
        self.impl_trait = outer;
        let args: Args = [GenericArg::Ty(self_ty), GenericArg::Ty(Ty::tuple(&inputs))].into_iter().collect();
        let trait_ref = TraitRef::new(trait_, args);
        let output_item = fn_output(self.db)?;
        Some((trait_ref, vec![(ProjectionTy::new(output_item, args), output)]))
    }

    fn lower_constraint(
        &mut self,
        trait_ref: TraitRef,
        assoc: &ast::AssocArg,
        projections: &mut Vec<(ProjectionTy, Ty)>,
        nested: &mut Spanned,
    ) {
        let name = assoc.ident.name;
        let owners = paths::assoc_owners(self.db, trait_ref.trait_, name);
        let found = owners.first().and_then(|owner| {
            Some((paths::supertrait_ref(self.db, trait_ref, *owner)?, paths::find_assoc_ty(self.db, *owner, name)?))
        });
        let Some((owner_ref, item)) = found else {
            let is_const =
                rgo_hir::child(self.db, trait_ref.trait_, name).is_some_and(|item| item.kind() == DefKind::AssocConst);
            if !is_const {
                let trait_name = trait_ref.trait_.name();
                self.error(
                    assoc.ident.span,
                    "E0220",
                    format!("associated type `{name}` not found for `{trait_name}`"),
                )
                .label = format!("associated type `{name}` not found");
            }
            return;
        };
        self.private_assoc_ty(item, assoc.span);
        let args =
            self.lower_generic_args(item, owner_ref.args, assoc.args.as_deref(), assoc.ident.span, MissingArgs::Error);
        let projection = ProjectionTy::new(item, args);
        match &assoc.kind {
            AssocArgKind::Type(ty) => {
                if let Some((_, _)) = projections.iter().find(|(known, _)| *known == projection) {
                    let trait_name = owner_ref.trait_.name();
                    self.error(
                        assoc.span,
                        "E0719",
                        format!(
                            "the value of the associated type `{name}` in trait `{trait_name}` is already specified"
                        ),
                    )
                    .label = "re-bound here".to_owned();
                    return;
                }
                // rustc, too, asks no more than whether the trait has lifetimes.
                let lifetimes = super::generics_of(self.db, trait_ref.trait_);
                let has_lifetimes =
                    lifetimes.params.iter().any(|param| matches!(param.kind, GenericParamKind::Lifetime));
                let object = match has_lifetimes {
                    true => ObjectDefault::Ambiguous,
                    false => ObjectDefault::Region(Region::static_(), self.binders.len()),
                };
                let outer = std::mem::replace(&mut self.object_default, object);
                let ty = self.lower_ty(ty);
                self.object_default = outer;
                projections.push((projection, ty));
            }
            AssocArgKind::Const(_) => {}
            AssocArgKind::Bounds(bounds) => {
                self.lower_bounds(bounds, &[], &mut |_| projection.to_ty().shifted_in(1), nested);
            }
        }
    }

    // ----- dyn -----

    pub(super) fn lower_dyn(&mut self, bounds: &[Bound], span: Span) -> Ty {
        let mut principal: Option<Predicate> = None;
        let mut projections: Vec<Predicate> = Vec::new();
        let mut autos: Vec<Predicate> = Vec::new();
        let mut region = None;
        let mut failed = false;
        let mut seen_traits = 0;
        for bound in bounds {
            match bound {
                Bound::Lifetime(lifetime) => {
                    if region.is_some() {
                        self.error(lifetime.span, "E0226", "only a single explicit lifetime bound is permitted");
                        continue;
                    }
                    region = Some(self.lower_lifetime(*lifetime));
                }
                Bound::Trait(bound) if bound.modifier == BoundModifier::Maybe => {
                    self.relaxed_bound(bound, Relaxed::Object);
                }
                Bound::Trait(bound) => {
                    seen_traits += 1;
                    let vars = self.binder_vars(&bound.binder);
                    let outer_object = std::mem::replace(&mut self.object_default, super::lower::ObjectDefault::Plain);
                    let (lowered, vars) =
                        self.under_binder(vars, |ctx| ctx.lower_trait_ref(&bound.path, dyn_self(), &mut Vec::new()));
                    self.object_default = outer_object;
                    let Some((trait_ref, constraints)) = lowered else {
                        failed = true;
                        continue;
                    };
                    let clause = Binder { value: Clause::Trait(trait_ref), vars };
                    if is_auto_trait(self.db, rgo_hir::lang_items(self.db), trait_ref.trait_) {
                        autos.push(clause);
                        continue;
                    }
                    if principal.is_some() {
                        self.second_principal(bound.span);
                        failed = true;
                        continue;
                    }
                    principal = Some(clause);
                    for (projection, ty) in constraints {
                        projections.push(Binder { value: Clause::Projection(projection, ty), vars });
                    }
                }
                Bound::Use { .. } => {}
            }
        }
        if failed {
            return Ty::error();
        }
        if seen_traits == 0 {
            self.error(span, "E0224", "at least one trait is required for an object type");
            return Ty::error();
        }
        if let Some(principal) = principal {
            self.complete_projections(principal, &mut projections, span);
        }
        let region = match region {
            Some(region) => region,
            None => self.trait_object_region(principal, span),
        };
        let key = |clause: &Predicate| match clause.value {
            Clause::Trait(trait_ref) => trait_ref.trait_,
            Clause::Projection(projection, _) => projection.item,
            Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => self.scope,
        };
        projections.sort_by_key(key);
        autos.sort_by_key(key);
        autos.dedup();
        let clauses: Clauses = principal.into_iter().chain(projections).chain(autos).collect();
        Ty::dynamic(clauses, region)
    }

    fn second_principal(&mut self, span: Span) {
        let error = self.error(span, "E0225", "only auto traits can be used as additional traits in a trait object");
        error.label = "additional non-auto trait".to_owned();
        error.help = Some(
            "consider creating a new trait with all of these as supertraits and using that trait here instead"
                .to_owned(),
        );
    }

    /// The region bound of the trait itself (`trait T: 'static`), else the default of the place.
    fn trait_object_region(&mut self, principal: Option<Predicate>, span: Span) -> Region {
        let mut found: Vec<Region> = Vec::new();
        if let Some(principal) = principal {
            for clause in crate::solve::elaborate(self.db, [principal]) {
                if let Clause::TypeOutlives(ty, region) = clause.value
                    && ty == dyn_self()
                    && !found.contains(&region)
                {
                    found.push(region);
                }
            }
        }
        // What a signature leaves to its callers to choose tells nothing yet.
        if self.sink.is_none() {
            let is_late =
                |region: &Region| matches!(region.kind(), RegionKind::Bound { .. } | RegionKind::LateParam { .. });
            found.retain(|region| !is_late(region));
        }
        if found.iter().any(|region| region.is_static()) {
            return Region::static_();
        }
        match found.as_slice() {
            [] => self.default_object_region(span),
            [region] => Binder { value: *region, vars: crate::ty::List::empty() }.instantiate_erased(),
            _ => {
                self.error(span, "E0227", "ambiguous lifetime bound, explicit lifetime bound required");
                Region::error()
            }
        }
    }

    /// Checks that every associated type of the trait and its supertraits is given (E0191), and adds those that supertraits' declarations fix.
    fn complete_projections(&mut self, principal: Predicate, projections: &mut Vec<Predicate>, span: Span) {
        let mut fixed: Vec<Predicate> = Vec::new();
        let mut wanted: Vec<Binder<ProjectionTy>> = Vec::new();
        // Each under the binder that it is stated with: `trait Handler: for<'a> Fn(&'a str)`.
        for predicate in crate::solve::elaborate(self.db, [principal]) {
            match predicate.value {
                Clause::Trait(trait_ref) => {
                    for &item in super::associated_items(self.db, trait_ref.trait_) {
                        if item.kind() == DefKind::AssocTy
                            && super::generics_of(self.db, item).params.is_empty()
                            && !super::requires_sized_self(self.db, item)
                        {
                            let value = ProjectionTy::new(item, trait_ref.args);
                            wanted.push(Binder { value, vars: predicate.vars });
                        }
                    }
                }
                Clause::Projection(..) => fixed.push(predicate),
                Clause::TypeOutlives(..) | Clause::RegionOutlives(..) => {}
            }
        }
        let concerns = |clause: &&Predicate, item: DefId| matches!(clause.value, Clause::Projection(known, _) if known.item == item);
        let mut missing: Vec<Binder<ProjectionTy>> = Vec::new();
        for projection in wanted {
            let item = projection.value.item;
            if projections.iter().any(|clause| concerns(&clause, item)) {
                continue;
            }
            match fixed.iter().find(|clause| concerns(clause, item)) {
                Some(known) => projections.push(*known),
                None => missing.push(projection),
            }
        }
        missing.sort_by_key(|projection| projection.value.item);
        if let Some(first) = missing.first() {
            let names: Vec<String> = missing
                .iter()
                .map(|projection| &projection.value)
                .map(|projection| format!("`{}` in `{}`", projection.item.name(), projection.trait_def().name()))
                .collect();
            let message = match missing.len() {
                1 => format!("the value of the associated type {} must be specified", names[0]),
                _ => format!("the value of the associated types {} must be specified", names.join(", ")),
            };
            let help = format!("specify the associated type: `{} = Type`", first.value.item.name());
            let error = self.error(span, "E0191", message);
            error.help = Some(help);
            for projection in &missing {
                let value = Clause::Projection(projection.value, Ty::error());
                projections.push(Binder { value, vars: projection.vars });
            }
        }
    }
}

/// A predicate lowered inside another binder, with the two made one.
fn flatten(predicate: Predicate, outer: &[BoundRegionKind]) -> Predicate {
    if predicate.vars.is_empty() {
        let value = predicate.value.shifted_out(1);
        return Binder::with_vars(value, outer);
    }
    // Both bind regions: the outer ones do not occur in practice; they are erased.
    predicate
}

/// `FnOnce::Output`.
pub fn fn_output(db: &dyn Db) -> Option<DefId> {
    let fn_once = rgo_hir::lang_item(db, "fn_once")?;
    super::associated_items(db, fn_once).iter().copied().find(|item| item.kind() == DefKind::AssocTy)
}

/// `Send`, `Sync`, `Unpin` and what is declared `auto trait`.
pub fn is_auto_trait(db: &dyn Db, lang: &LangItems, trait_: DefId) -> bool {
    match lang.name_of(trait_) {
        Some("send" | "sync" | "unpin" | "unwind_safe" | "ref_unwind_safe") => return true,
        Some(_) => return false,
        None => {}
    }
    matches!(&rgo_hir::item_ast(db, trait_).kind, ast::ItemKind::Trait(syntax) if syntax.auto.is_some())
}

/// Whether a bound list says `?Sized`.
pub(super) fn says_maybe_sized(db: &dyn Db, scope: DefId, bounds: &[Bound]) -> bool {
    let sized = rgo_hir::lang_item(db, "sized");
    bounds.iter().any(|bound| match bound {
        Bound::Trait(bound) if bound.modifier == BoundModifier::Maybe => {
            rgo_hir::trait_of_path(db, scope, &bound.path).is_none_or(|trait_| Some(trait_) == sized)
        }
        _ => false,
    })
}

/// `ty: Sized`.
pub(super) fn sized_predicate(db: &dyn Db, ty: Ty) -> Option<Predicate> {
    let sized = rgo_hir::lang_item(db, "sized")?;
    Some(TraitRef::with_self(sized, ty, &[]).to_predicate())
}

/// Elision for bounds: `&` and `'_` need a name there.
pub(super) fn bound_elision() -> Elision {
    Elision::Error(super::lower::ElisionError::NotHere)
}
