//! Items of a trait impl against the trait's: presence (E0046), kinds (E0323 E0324 E0325), signatures (E0049 E0050 E0053 E0185 E0186 E0195
//! E0276 E0326 E0643), bounds of associated types (E0277).
//!
//! The comparison of signatures follows rustc's `compare_impl_item`: the impl's method must be usable wherever the trait's is, assuming the
//! impl's and the trait method's predicates.

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rgo_syntax::ast::{self, ItemKind};

use crate::collect::{
    associated_items, explicit_item_bounds, fn_sig, generics_of, identity_args, impl_trait_ref, liberated_fn_sig,
    own_predicates_of, predicates_of, trait_item_of, type_of,
};
use crate::error::TypeError;
use crate::infer_ctxt::InferCtxt;
use crate::solve::{
    CauseCode, EvalResult, FulfillCtxt, FulfillError, Obligation, ObligationCause, ParamEnv, elaborate,
    normalize_param_env, report_fulfill_error,
};
use crate::ty::display::{display_predicate, display_ty};
use crate::ty::fold::walk_types;
use crate::ty::{
    Args, Clause, GenericParamDef, GenericParamKind, Generics, Predicate, Subst, TraitRef, Ty, TyKind, TypeFlags,
    TypeFoldable,
};

use super::coherence::head_span;
use super::regions::{self, Assumptions, Failure, Why};

/// Errors of the items of a trait impl.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let Some(trait_ref) = impl_trait_ref(db, def) else { return };
    let ItemKind::Impl(item) = &rgo_hir::item_ast(db, def).kind else { return };
    // Of a trait reference with errors nobody knows what its items are.
    if item.negative.is_some() || trait_ref.has_error() {
        return;
    }
    let items = associated_items(db, def);
    for (index, impl_item) in items.iter().enumerate() {
        let same = |other: &&DefId| other.name() == impl_item.name() && other.kind() == impl_item.kind();
        if let Some(first) = items[..index].iter().find(same) {
            let name = impl_item.name();
            errors.push(
                TypeError::new(
                    *impl_item,
                    full_span(db, *impl_item),
                    "E0201",
                    format!("duplicate definitions with name `{name}`"),
                )
                .label("duplicate definition")
                .secondary(*first, full_span(db, *first), "previous definition here"),
            );
            continue;
        }
        match item_of_name(db, trait_ref.trait_, *impl_item) {
            // Reported by name resolution (E0407, E0437, E0438).
            None => {}
            Some(trait_item) if trait_item.kind() != impl_item.kind() => {
                errors.push(wrong_kind(db, *impl_item, trait_item, trait_ref));
            }
            Some(trait_item) => Comparison { db, imp: def, trait_ref, impl_item: *impl_item, trait_item }.check(errors),
        }
    }
    missing_items(db, def, trait_ref, items, errors);
}

/// What name resolution takes an item of an impl for: the first item of the trait of that name in the item's namespace, else in the other one.
fn item_of_name(db: &dyn Db, trait_: DefId, impl_item: DefId) -> Option<DefId> {
    let is_type = |def: DefId| def.kind() == DefKind::AssocTy;
    let named = || associated_items(db, trait_).iter().copied().filter(|other| other.name() == impl_item.name());
    named().find(|other| is_type(*other) == is_type(impl_item)).or_else(|| named().next())
}

fn wrong_kind(db: &dyn Db, impl_item: DefId, trait_item: DefId, trait_ref: TraitRef) -> TypeError {
    let (code, what) = match impl_item.kind() {
        DefKind::AssocConst => ("E0323", "const"),
        DefKind::Fn => ("E0324", "method"),
        _ => ("E0325", "type"),
    };
    let message = format!(
        "item `{}` is an associated {what}, which doesn't match its trait `{}`",
        impl_item.name(),
        trait_ref.trait_.name()
    );
    TypeError::new(impl_item, full_span(db, impl_item), code, message).label("does not match trait").secondary(
        trait_item,
        full_span(db, trait_item),
        "item in trait",
    )
}

fn full_span(db: &dyn Db, def: DefId) -> Span {
    rgo_hir::item_ast(db, def).span
}

/// Whether an item of a trait need not be implemented.
pub fn has_default(db: &dyn Db, trait_item: DefId) -> bool {
    match &rgo_hir::item_ast(db, trait_item).kind {
        ItemKind::Fn(item) => item.body.is_some() || rgo_hir::attrs(db, trait_item).iter().any(|attr| attr.is("go")),
        ItemKind::Const(item) => item.value.is_some(),
        ItemKind::TypeAlias(item) => item.ty.is_some(),
        _ => true,
    }
}

fn missing_items(db: &dyn Db, def: DefId, trait_ref: TraitRef, items: &[DefId], errors: &mut Vec<TypeError>) {
    let is_there = |wanted: &DefId| items.iter().any(|item| trait_item_of(db, *item) == Some(*wanted));
    let missing: Vec<DefId> = associated_items(db, trait_ref.trait_)
        .iter()
        .copied()
        .filter(|item| !has_default(db, *item) && !is_there(item))
        .collect();
    if missing.is_empty() {
        return;
    }
    let names: Vec<String> = missing.iter().map(|item| format!("`{}`", item.name())).collect();
    let names = names.join(", ");
    let mut error =
        TypeError::new(def, head_span(db, def), "E0046", format!("not all trait items implemented, missing: {names}"))
            .label(format!("missing {names} in implementation"));
    for item in missing {
        error = error.secondary(item, rgo_hir::def_span(db, item), format!("`{}` from trait", item.name()));
    }
    errors.push(error);
}

pub(super) struct Comparison<'db> {
    pub(super) db: &'db dyn Db,
    imp: DefId,
    trait_ref: TraitRef,
    pub(super) impl_item: DefId,
    pub(super) trait_item: DefId,
}

impl Comparison<'_> {
    fn check(&self, errors: &mut Vec<TypeError>) {
        let before = errors.len();
        self.generics(errors);
        if errors.len() > before {
            return;
        }
        match self.impl_item.kind() {
            DefKind::Fn => self.method(errors),
            DefKind::AssocConst => self.constant(errors),
            DefKind::AssocTy => self.assoc_type(errors),
            _ => {}
        }
    }

    pub(super) fn error(&self, span: Span, code: &'static str, message: impl Into<String>) -> TypeError {
        TypeError::new(self.impl_item, span, code, message)
    }

    pub(super) fn with_trait_item(&self, error: TypeError, label: &str) -> TypeError {
        error.secondary(self.trait_item, super::coherence::item_head(self.db, self.trait_item), label)
    }

    pub(super) fn ast_fn(&self, def: DefId) -> Option<&ast::Fn> {
        match &rgo_hir::item_ast(self.db, def).kind {
            ItemKind::Fn(item) => Some(item),
            _ => None,
        }
    }

    fn ast_generics(&self, def: DefId) -> Option<&ast::Generics> {
        match &rgo_hir::item_ast(self.db, def).kind {
            ItemKind::Fn(item) => Some(&item.generics),
            ItemKind::TypeAlias(item) => Some(&item.generics),
            ItemKind::Const(item) => Some(&item.generics),
            _ => None,
        }
    }

    fn generics_span(&self) -> Span {
        match self.ast_generics(self.impl_item) {
            Some(generics) if !generics.params.is_empty() => generics.span,
            _ => rgo_hir::def_span(self.db, self.impl_item),
        }
    }

    /// Numbers and kinds of generic parameters.
    fn generics(&self, errors: &mut Vec<TypeError>) {
        if self.impl_item.kind() == DefKind::Fn {
            self.self_param(errors);
            if !errors.is_empty() && errors.last().is_some_and(|error| error.def == self.impl_item) {
                return;
            }
        }
        let (impl_own, trait_own) = (generics_of(self.db, self.impl_item), generics_of(self.db, self.trait_item));
        let count = |generics: &crate::ty::Generics, which: fn(&GenericParamKind) -> bool| {
            generics.params.iter().filter(|param| which(&param.kind)).count()
        };
        let is_type: fn(&GenericParamKind) -> bool = |kind| matches!(kind, GenericParamKind::Type { .. });
        let is_const: fn(&GenericParamKind) -> bool = |kind| matches!(kind, GenericParamKind::Const { .. });
        let is_lifetime: fn(&GenericParamKind) -> bool = |kind| matches!(kind, GenericParamKind::Lifetime);
        let counts = [(is_type, "type"), (is_const, "const")]
            .map(|(which, name)| (count(impl_own, which), count(trait_own, which), name));
        let same_sum = counts.iter().map(|(found, ..)| found).sum::<usize>()
            == counts.iter().map(|(_, wanted, _)| wanted).sum::<usize>();
        for (found, wanted, name) in counts {
            if found != wanted && !same_sum {
                let message = format!(
                    "{} `{}` has {found} {name} parameter{} but its trait declaration has {wanted} {name} parameter{}",
                    self.kind_name(),
                    self.impl_item.name(),
                    plural(found),
                    plural(wanted)
                );
                let error = self.error(self.generics_span(), "E0049", message).label(format!("found {found}"));
                errors.push(self.with_trait_item(error, &format!("expected {wanted}")));
                return;
            }
        }
        if self.parameter_kinds(impl_own, trait_own, errors)
            || self.impl_item.kind() == DefKind::Fn && self.argument_count(errors)
        {
            return;
        }
        let synthetic = |generics: &crate::ty::Generics| -> Vec<bool> {
            let types = generics.params.iter().filter_map(|param| match param.kind {
                GenericParamKind::Type { synthetic, .. } => Some(synthetic),
                _ => None,
            });
            types.collect()
        };
        if synthetic(impl_own) != synthetic(trait_own) {
            let message = format!(
                "method `{}` has incompatible signature for trait: the type parameters do not have the same synthetic kind",
                self.impl_item.name()
            );
            let error = self
                .error(self.generics_span(), "E0643", message)
                .label("expected `impl Trait` and generic parameters in the same places");
            errors.push(self.with_trait_item(error, "declared here"));
            return;
        }
        let lifetimes_differ = count(impl_own, is_lifetime) != count(trait_own, is_lifetime);
        if lifetimes_differ {
            let message = format!(
                "lifetime parameters or bounds on {} `{}` do not match the trait declaration",
                self.kind_name(),
                self.impl_item.name()
            );
            let error = self
                .error(self.generics_span(), "E0195", message)
                .label(format!("lifetimes do not match {} in trait", self.kind_name()));
            errors.push(self.with_trait_item(error, "lifetimes in the trait are declared here"));
        }
    }

    /// Types and constants must stand in the same order, and constants have the same type. Whether an error was found.
    fn parameter_kinds(&self, impl_own: &Generics, trait_own: &Generics, errors: &mut Vec<TypeError>) -> bool {
        let written = |param: &&GenericParamDef| !matches!(param.kind, GenericParamKind::Lifetime);
        let pairs = impl_own.params.iter().filter(written).zip(trait_own.params.iter().filter(written));
        let differ = |found: &GenericParamDef, wanted: &GenericParamDef| match (&found.kind, &wanted.kind) {
            (GenericParamKind::Const { ty: found, .. }, GenericParamKind::Const { ty: wanted, .. }) => found != wanted,
            (found, wanted) => std::mem::discriminant(found) != std::mem::discriminant(wanted),
        };
        let described = |param: &GenericParamDef| match param.kind {
            GenericParamKind::Const { ty, .. } => format!("const parameter of type `{}`", display_ty(self.db, ty)),
            _ => "type parameter".to_owned(),
        };
        let Some((found, wanted)) = pairs.into_iter().find(|(found, wanted)| differ(found, wanted)) else {
            return false;
        };
        let message = format!(
            "{} `{}` has an incompatible generic parameter for trait `{}`",
            self.kind_name(),
            self.impl_item.name(),
            self.trait_ref.trait_.name()
        );
        let error = self
            .error(rgo_hir::def_span(self.db, found.def), "E0053", message)
            .label(format!("found {}", described(found)))
            .secondary(wanted.def, rgo_hir::def_span(self.db, wanted.def), format!("expected {}", described(wanted)));
        errors.push(error);
        true
    }

    fn kind_name(&self) -> &'static str {
        match self.impl_item.kind() {
            DefKind::Fn => match self.ast_fn(self.impl_item) {
                Some(item) if item.self_param.is_some() => "method",
                _ => "associated function",
            },
            DefKind::AssocConst => "const",
            _ => "type",
        }
    }

    // ----- methods -----

    fn self_param(&self, errors: &mut Vec<TypeError>) {
        let (Some(impl_fn), Some(trait_fn)) = (self.ast_fn(self.impl_item), self.ast_fn(self.trait_item)) else {
            return;
        };
        let name = self.impl_item.name();
        match (&impl_fn.self_param, &trait_fn.self_param) {
            (Some(_), None) => {
                let message = format!("method `{name}` has a `self` declaration in the impl, but not in the trait");
                let error = self.error(impl_fn.sig_span, "E0185", message).label("`self` used in impl");
                errors.push(self.with_trait_item(error, "trait method declared without `self`"));
            }
            (None, Some(_)) => {
                let message = format!("method `{name}` has a `self` declaration in the trait, but not in the impl");
                let error = self.error(impl_fn.sig_span, "E0186", message).label("expected `self` in impl");
                errors.push(self.with_trait_item(error, "`self` used in trait"));
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    /// True if the numbers of arguments differ, which is then reported.
    fn argument_count(&self, errors: &mut Vec<TypeError>) -> bool {
        let (Some(impl_fn), Some(trait_fn)) = (self.ast_fn(self.impl_item), self.ast_fn(self.trait_item)) else {
            return false;
        };
        let count = |item: &ast::Fn| item.params.len() + usize::from(item.self_param.is_some());
        let (found, wanted) = (count(impl_fn), count(trait_fn));
        if found == wanted {
            return false;
        }
        let span = if found > wanted {
            impl_fn.params.get(wanted.saturating_sub(usize::from(impl_fn.self_param.is_some()))).map(|param| param.span)
        } else {
            impl_fn.params.last().map(|param| param.ty.span)
        };
        let message = format!(
            "method `{}` has {found} parameter{} but the declaration in trait `{}` has {wanted}",
            self.impl_item.name(),
            plural(found),
            self.trait_ref.trait_.name()
        );
        let error = self
            .error(span.unwrap_or(impl_fn.sig_span), "E0050", message)
            .label(format!("expected {wanted} parameter{}, found {found}", plural(wanted)));
        errors.push(self.with_trait_item(error, &format!("trait requires {wanted} parameter{}", plural(wanted))));
        true
    }

    /// Arguments for the trait item: the impl's trait reference, then the impl item's own parameters.
    fn trait_args(&self) -> Args {
        let identity = identity_args(self.db, self.impl_item);
        let parent = generics_of(self.db, self.impl_item).parent_count;
        self.trait_ref.args.extended(identity.iter().skip(parent).copied())
    }

    /// What may be assumed: the impl's predicates, and the trait item's own.
    fn hybrid_env(&self, trait_args: Args) -> ParamEnv {
        let own = own_predicates_of(self.db, self.trait_item).iter().map(|(predicate, _)| predicate.subst(trait_args));
        let impls = predicates_of(self.db, self.imp).iter().map(|(predicate, _)| *predicate);
        let all: Vec<Predicate> = impls.chain(own).collect();
        normalize_param_env(self.db, ParamEnv::new(&elaborate(self.db, all)))
    }

    fn method(&self, errors: &mut Vec<TypeError>) {
        let trait_args = self.trait_args();
        let env = self.hybrid_env(trait_args);
        let infcx = InferCtxt::new(self.db, env);
        let before = errors.len();
        self.stricter_predicates(&infcx, errors);
        if errors.len() > before {
            return;
        }
        self.signature(&infcx, trait_args, errors);
        if errors.len() == before {
            self.lifetimes(trait_args, env, errors);
        }
    }

    /// The impl's method must be usable with the trait's lifetimes: what the trait says of them, and nothing else, may be assumed.
    fn lifetimes(&self, trait_args: Args, env: ParamEnv, errors: &mut Vec<TypeError>) {
        let (impl_sig, trait_sig) = (fn_sig(self.db, self.impl_item), liberated_fn_sig(self.db, self.trait_item));
        let trait_sig = trait_sig.subst(trait_args);
        let own: Vec<(Predicate, Span)> = own_predicates_of(self.db, self.impl_item)
            .iter()
            .filter(|(predicate, _)| !matches!(predicate.value, Clause::Trait(_) | Clause::Projection(..)))
            .copied()
            .collect();
        let has_regions = |ty: &Ty| ty.has(TypeFlags::HAS_REGION);
        if impl_sig.vars.is_empty() && own.is_empty() && !trait_sig.inputs_and_output.iter().any(has_regions) {
            return;
        }
        let Some(item) = self.ast_fn(self.impl_item) else { return };
        let infcx = InferCtxt::tracking(self.db, env, 0);
        let cause = ObligationCause::misc(self.impl_item, item.sig_span);
        let mut fulfill = FulfillCtxt::new();
        let normal = |ty: Ty, fulfill: &mut FulfillCtxt| {
            let mut obligations = Vec::new();
            let ty = infcx.normalize(ty, &cause, &mut obligations);
            fulfill.register_all(&infcx, obligations);
            fulfill.select_where_possible(&infcx);
            infcx.resolve_vars_if_possible(ty)
        };
        let mut known = Assumptions::of_env(env);
        self.trait_ref.args.types().for_each(|ty| known.well_formed(self.db, ty));
        let mut wanted = Vec::new();
        for ty in trait_sig.inputs_and_output.iter() {
            known.well_formed(self.db, *ty);
            let ty = normal(*ty, &mut fulfill);
            known.well_formed(self.db, ty);
            wanted.push(ty);
        }
        let found = infcx.instantiate_fresh(impl_sig, &cause);
        let last = wanted.len().saturating_sub(1);
        for (index, (found, wanted)) in found.inputs_and_output.iter().zip(wanted).enumerate() {
            if index == last && (has_opaque(wanted) || has_opaque(*found)) {
                continue;
            }
            let found = normal(*found, &mut fulfill);
            let _ = match index == last {
                true => infcx.sub(&cause, found, wanted),
                false => infcx.sub(&cause, wanted, found),
            };
        }
        for (predicate, span) in own {
            let cause = cause.with_code(CauseCode::WhereClause { item: self.impl_item, span });
            fulfill.register(&infcx, Obligation::new(cause, env, predicate));
        }
        fulfill.select_where_possible(&infcx);
        if let Some(failure) = regions::failures(&infcx, &known).into_iter().next() {
            errors.push(self.incompatible(&failure, item.sig_span));
        }
    }

    fn incompatible(&self, failure: &Failure, span: Span) -> TypeError {
        let name = self.impl_item.name();
        if let CauseCode::WhereClause { item, span } = &*failure.cause.root().code
            && *item == self.impl_item
        {
            let error = self.error(*span, "E0276", "impl has stricter requirements than trait");
            return self.with_trait_item(error, &format!("definition of `{name}` from trait"));
        }
        let mut error = match failure.why {
            Why::Regions | Why::Placeholder => self.error(span, "E0308", "method not compatible with trait"),
            Why::Variable => {
                let mut error = self.error(span, "", "`impl` item signature doesn't match `trait` item signature");
                error.code = None;
                error
            }
            Why::Type(ty, region) => {
                let code = if region.is_static() { "E0310" } else { "E0309" };
                self.error(span, code, format!("the type `{}` may not live long enough", display_ty(self.db, ty)))
            }
        };
        error = error
            .label("the lifetimes of the trait's signature do not fit this one")
            .help("let the lifetimes of parameters and result relate as they do in the trait");
        self.with_trait_item(error, "the trait's signature")
    }

    /// The impl's method must not ask for more than the trait's (E0276).
    fn stricter_predicates(&self, infcx: &InferCtxt<'_>, errors: &mut Vec<TypeError>) {
        for (predicate, span) in own_predicates_of(self.db, self.impl_item) {
            let cause = ObligationCause::misc(self.impl_item, *span);
            let mut obligations = Vec::new();
            let wanted = infcx.normalize(*predicate, &cause, &mut obligations);
            obligations.push(Obligation::new(cause, infcx.param_env, wanted));
            if obligations.iter().any(|obligation| infcx.evaluate(obligation) == EvalResult::Fails) {
                let what = display_predicate(self.db, *predicate);
                let error = self
                    .error(*span, "E0276", "impl has stricter requirements than trait")
                    .label(format!("impl has extra requirement `{what}`"));
                errors.push(
                    self.with_trait_item(error, &format!("definition of `{}` from trait", self.impl_item.name())),
                );
                return;
            }
        }
    }

    fn signature(&self, infcx: &InferCtxt<'_>, trait_args: Args, errors: &mut Vec<TypeError>) {
        let Some(item) = self.ast_fn(self.impl_item) else { return };
        let cause = ObligationCause::misc(self.impl_item, item.sig_span);
        let impl_sig = liberated_fn_sig(self.db, self.impl_item);
        let trait_sig = fn_sig(self.db, self.trait_item).instantiate_erased().subst(trait_args);
        let mut all = impl_sig.inputs_and_output.iter().chain(trait_sig.inputs_and_output.iter());
        // What is wrong with one type may be why another one does not fit.
        if all.any(|ty| ty.has(TypeFlags::HAS_ERROR)) {
            return;
        }
        let types = impl_sig.inputs_and_output.iter().zip(trait_sig.inputs_and_output.iter());
        let last = impl_sig.inputs_and_output.len().saturating_sub(1);
        let mut fulfill = FulfillCtxt::new();
        for (index, (found, wanted)) in types.enumerate() {
            if index == last && (has_opaque(*wanted) || has_opaque(*found)) {
                self.opaque_result(infcx, trait_args, *found, errors);
                continue;
            }
            let mut obligations = Vec::new();
            let found = infcx.normalize(erased(*found), &cause, &mut obligations);
            let wanted = infcx.normalize(erased(*wanted), &cause, &mut obligations);
            fulfill.register_all(infcx, obligations);
            let failed = fulfill.select_where_possible(infcx);
            let (found, wanted) = (infcx.resolve_vars_if_possible(found), infcx.resolve_vars_if_possible(wanted));
            if found.has(TypeFlags::HAS_ERROR) || wanted.has(TypeFlags::HAS_ERROR) {
                continue;
            }
            if failed.is_empty() && infcx.eq(&cause, found, wanted).is_ok() {
                continue;
            }
            let span = type_span(item, index, last);
            let message = format!("method `{}` has an incompatible type for trait", self.impl_item.name());
            let (found, wanted) = (display_ty(self.db, found), display_ty(self.db, wanted));
            let error = self.error(span, "E0053", message).label(format!("expected `{wanted}`, found `{found}`"));
            errors.push(self.with_trait_item(error, "type in trait"));
            return;
        }
    }

    // ----- constants and types -----

    fn constant(&self, errors: &mut Vec<TypeError>) {
        let trait_args = self.trait_args();
        let infcx = InferCtxt::new(self.db, self.hybrid_env(trait_args));
        let span = match &rgo_hir::item_ast(self.db, self.impl_item).kind {
            ItemKind::Const(item) => item.ty.as_ref().map_or(item.name.span, |ty| ty.span),
            _ => rgo_hir::def_span(self.db, self.impl_item),
        };
        let cause = ObligationCause::misc(self.impl_item, span);
        let found = type_of(self.db, self.impl_item);
        let wanted = type_of(self.db, self.trait_item).subst(trait_args);
        if found.has(TypeFlags::HAS_ERROR) || wanted.has(TypeFlags::HAS_ERROR) {
            return;
        }
        let mut obligations = Vec::new();
        let found = infcx.normalize(erased(found), &cause, &mut obligations);
        let wanted = infcx.normalize(erased(wanted), &cause, &mut obligations);
        let mut fulfill = FulfillCtxt::new();
        fulfill.register_all(&infcx, obligations);
        fulfill.select_where_possible(&infcx);
        let (found, wanted) = (infcx.resolve_vars_if_possible(found), infcx.resolve_vars_if_possible(wanted));
        if infcx.eq(&cause, found, wanted).is_err() {
            let message = format!("implemented const `{}` has an incompatible type for trait", self.impl_item.name());
            let (found, wanted) = (display_ty(self.db, found), display_ty(self.db, wanted));
            let error = self.error(span, "E0326", message).label(format!("expected `{wanted}`, found `{found}`"));
            errors.push(self.with_trait_item(error, "type in trait"));
        } else {
            self.constant_lifetimes(span, trait_args, errors);
        }
    }

    /// The impl's constant must be usable as the trait's with all lifetimes of the impl.
    fn constant_lifetimes(&self, span: Span, trait_args: Args, errors: &mut Vec<TypeError>) {
        let found = type_of(self.db, self.impl_item);
        let wanted = type_of(self.db, self.trait_item).subst(trait_args);
        if found == wanted || !found.has(TypeFlags::HAS_REGION) && !wanted.has(TypeFlags::HAS_REGION) {
            return;
        }
        let env = self.hybrid_env(trait_args);
        let infcx = InferCtxt::tracking(self.db, env, 0);
        let cause = ObligationCause::misc(self.impl_item, span);
        let mut obligations = Vec::new();
        let [found, wanted] = [found, wanted].map(|ty| infcx.normalize(ty, &cause, &mut obligations));
        let mut fulfill = FulfillCtxt::new();
        fulfill.register_all(&infcx, obligations);
        fulfill.select_where_possible(&infcx);
        let mut known = Assumptions::of_env(env);
        self.trait_ref.args.types().for_each(|ty| known.well_formed(self.db, ty));
        if infcx.sub(&cause, found, wanted).is_ok()
            && let Some(failure) = regions::failures(&infcx, &known).first()
            && !matches!(failure.why, Why::Type(..))
        {
            let error = self
                .error(span, "E0308", "constant not compatible with trait")
                .label("lifetimes of this type do not fit those of the trait's constant");
            errors.push(self.with_trait_item(error, "the trait's constant"));
        }
    }

    /// The bounds on the trait's associated type must hold for the impl's.
    fn assoc_type(&self, errors: &mut Vec<TypeError>) {
        let trait_args = self.trait_args();
        let before = errors.len();
        let infcx = InferCtxt::new(self.db, self.hybrid_env(trait_args));
        self.stricter_predicates(&infcx, errors);
        let ty = type_of(self.db, self.impl_item);
        if ty.has(TypeFlags::HAS_ERROR) || errors.len() > before {
            return;
        }
        let span = match &rgo_hir::item_ast(self.db, self.impl_item).kind {
            ItemKind::TypeAlias(item) => item.ty.as_ref().map_or(item.name.span, |ty| ty.span),
            _ => rgo_hir::def_span(self.db, self.impl_item),
        };
        for error in self.item_bounds(&infcx, trait_args, span) {
            errors.extend(report_fulfill_error(&infcx, &error));
        }
        if errors.len() > before {
            return;
        }
        let infcx = InferCtxt::tracking(self.db, self.hybrid_env(trait_args), 0);
        self.item_bounds(&infcx, trait_args, span);
        let mut known = Assumptions::of_env(infcx.param_env);
        self.trait_ref.args.types().for_each(|ty| known.well_formed(self.db, ty));
        if let Some(failure) = regions::failures(&infcx, &known).into_iter().next() {
            errors.push(regions::bound_error(self.db, self.impl_item, &failure, "E0477"));
        }
    }

    fn item_bounds(&self, infcx: &InferCtxt<'_>, trait_args: Args, span: Span) -> Vec<FulfillError> {
        let mut fulfill = FulfillCtxt::new();
        for (bound, bound_span) in explicit_item_bounds(self.db, self.trait_item) {
            let code = CauseCode::WhereClause { item: self.trait_item, span: *bound_span };
            let cause = ObligationCause::new(self.impl_item, span, code);
            let mut obligations = Vec::new();
            let bound = infcx.normalize(bound.subst(trait_args), &cause, &mut obligations);
            fulfill.register_all(infcx, obligations);
            fulfill.register(infcx, Obligation::new(cause, infcx.param_env, bound));
        }
        let errors = fulfill.select_all_or_error(infcx);
        if !errors.is_empty() {
            return errors;
        }
        // Who knows the bounds takes their supertraits as known, too: what an impl says of them may hold by that alone.
        for (bound, bound_span) in explicit_item_bounds(self.db, self.trait_item) {
            let code = CauseCode::WhereClause { item: self.trait_item, span: *bound_span };
            let cause = ObligationCause::new(self.impl_item, span, code);
            let bound = bound.subst(trait_args);
            let implied = elaborate(self.db, [bound]).into_iter().filter(|implied| *implied != bound);
            for implied in implied.filter(|implied| matches!(implied.value, Clause::Trait(_))) {
                let mut obligations = Vec::new();
                let implied = infcx.normalize(implied, &cause, &mut obligations);
                fulfill.register_all(infcx, obligations);
                fulfill.register(infcx, Obligation::new(cause.clone(), infcx.param_env, implied));
            }
        }
        fulfill.select_all_or_error(infcx)
    }
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

pub(super) fn erased(ty: Ty) -> Ty {
    ty.erase_regions()
}

fn has_opaque(ty: Ty) -> bool {
    walk_types(&ty, |ty| {
        if matches!(ty.kind(), TyKind::Opaque(..)) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .is_break()
}

/// Where the type of input `index` (or of the output, at `last`) is written.
fn type_span(item: &ast::Fn, index: usize, last: usize) -> Span {
    if index == last {
        return item.ret.as_ref().map_or(item.sig_span.last(), |ty| ty.span);
    }
    match (&item.self_param, index) {
        (Some(self_param), 0) => self_param.span,
        (Some(_), _) => item.params.get(index - 1).map_or(item.sig_span, |param| param.ty.span),
        (None, _) => item.params.get(index).map_or(item.sig_span, |param| param.ty.span),
    }
}
