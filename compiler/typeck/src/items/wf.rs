//! Well-formedness of signatures: the bounds of the types they name hold (E0277), fields are sized, `dyn` traits allow it (E0038), where
//! clauses without parameters are true.
//!
//! Reference: rustc's `wfcheck`; RFC 1214.

use std::ops::ControlFlow;

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rgo_syntax::ast::{Fields, GenericParamKind, ItemKind};

use crate::collect::{
    adt_def, explicit_item_bounds, generics_of, impl_trait_ref, liberated_fn_sig, own_predicates_of, predicates_of,
    type_of,
};
use crate::error::TypeError;
use crate::infer_ctxt::InferCtxt;
use crate::solve::{
    CauseCode, EvalResult, FulfillCtxt, Obligation, ObligationCause, ParamEnv, SizedReason, elaborate, param_env,
    report_fulfill_error, wf_obligations, wf_obligations_under_binder,
};
use crate::ty::fold::{TypeFoldable, TypeFolder, TypeVisitor};
use crate::ty::{AdtKind, Clause, GenericArg, Predicate, Region, Subst, TraitRef, Ty, TypeFlags};

use super::coherence::self_ty_span;
use super::object_safety;
use super::regions::{self, Assumptions};

/// Checks of one definition, collected and solved together.
pub struct WfChecker<'db> {
    db: &'db dyn Db,
    def: DefId,
    infcx: InferCtxt<'db>,
    fulfill: FulfillCtxt,
    errors: Vec<TypeError>,
}

impl<'db> WfChecker<'db> {
    pub fn new(db: &'db dyn Db, def: DefId) -> WfChecker<'db> {
        let infcx = InferCtxt::new(db, param_env(db, def));
        WfChecker { db, def, infcx, fulfill: FulfillCtxt::new(), errors: Vec::new() }
    }

    /// `ty`, written at `span`, must be well-formed.
    pub fn ty(&mut self, ty: Ty, span: Span) {
        if ty.has(TypeFlags::HAS_ERROR) {
            return;
        }
        for trait_ in object_safety::dyn_traits(ty) {
            self.errors.extend(object_safety::check_dyn(self.db, trait_, self.def, span));
        }
        let cause = ObligationCause::new(self.def, span, CauseCode::WellFormed);
        let mut obligations = wf_obligations(&self.infcx, ty, &cause);
        // That its projections come to an end is asked by looking for it.
        self.infcx.normalize(ty, &cause, &mut obligations);
        self.fulfill.register_all(&self.infcx, obligations);
    }

    /// `ty` must be sized.
    pub fn sized(&mut self, ty: Ty, span: Span, reason: SizedReason) {
        let Some(sized) = rgo_hir::lang_item(self.db, "sized") else { return };
        if ty.has(TypeFlags::HAS_ERROR) {
            return;
        }
        let cause = ObligationCause::new(self.def, span, CauseCode::Sized(reason));
        let mut obligations = Vec::new();
        let ty = self.infcx.normalize(ty, &cause, &mut obligations);
        self.fulfill.register_all(&self.infcx, obligations);
        let trait_ref = TraitRef::with_self(sized, ty, &[]);
        self.fulfill.register(&self.infcx, Obligation::trait_ref(cause, self.infcx.param_env, trait_ref));
    }

    /// A predicate as written: what it names must be well-formed, and if it has no parameters it must hold.
    pub fn predicate(&mut self, predicate: Predicate, span: Span) {
        if !predicate.vars.is_empty() {
            let cause = ObligationCause::new(self.def, rgo_hir::def_span(self.db, self.def), CauseCode::WellFormed);
            let obligations = wf_obligations_under_binder(&self.infcx, predicate, &cause);
            self.fulfill.register_all(&self.infcx, obligations);
        }
        match predicate.value {
            Clause::Trait(trait_ref) => {
                self.trait_ref_args(trait_ref, predicate, span);
            }
            Clause::Projection(projection, ty) => {
                self.ty(ty, span);
                let _ = projection;
            }
            Clause::TypeOutlives(ty, _) => self.ty(ty, span),
            Clause::RegionOutlives(..) => {}
        }
    }

    /// The predicates of the trait hold for these arguments, and the arguments are well-formed.
    fn trait_ref_args(&mut self, trait_ref: TraitRef, predicate: Predicate, span: Span) {
        let flags = crate::ty::flags::of_args(trait_ref.args);
        if flags.has(TypeFlags::HAS_ERROR) {
            return;
        }
        for ty in trait_ref.args.types() {
            if !ty.has(TypeFlags::HAS_BOUND) {
                self.ty(ty, span);
            }
        }
        if !predicate.vars.is_empty() {
            return;
        }
        let cause = ObligationCause::new(self.def, span, CauseCode::WellFormed);
        for (needed, needed_span) in predicates_of(self.db, trait_ref.trait_) {
            let is_itself = matches!(needed.value, Clause::Trait(other) if other.trait_ == trait_ref.trait_);
            if is_itself {
                continue;
            }
            let code = CauseCode::WhereClause { item: trait_ref.trait_, span: *needed_span };
            let needed = needed.subst(trait_ref.args);
            self.obligation(needed, cause.with_code(code));
        }
        // What names no parameter is true or false for itself, whatever the definition assumes.
        if !flags.has(TypeFlags::HAS_PARAM)
            && (!flags.has(TypeFlags::HAS_REGION) || all_static(predicate))
            && !flags.has(TypeFlags::HAS_PROJECTION)
        {
            self.fulfill.register(&self.infcx, Obligation::new(cause, ParamEnv::empty(), predicate));
        }
    }

    pub fn obligation(&mut self, predicate: Predicate, cause: ObligationCause) {
        let mut obligations = Vec::new();
        let predicate = self.infcx.normalize(predicate, &cause, &mut obligations);
        self.fulfill.register_all(&self.infcx, obligations);
        self.fulfill.register(&self.infcx, Obligation::new(cause, self.infcx.param_env, predicate));
    }

    /// `impl<T> Foo for T where Bar<T>: Foo` needs itself for ever larger types (E0275).
    fn endless(&mut self, predicate: Predicate, span: Span) {
        let Clause::Trait(needed) = predicate.value else { return };
        let of_impl = (self.def.kind() == DefKind::Impl).then(|| impl_trait_ref(self.db, self.def)).flatten();
        if of_impl.is_none_or(|own| own.trait_ != needed.trait_) {
            return;
        }
        let others: Vec<Predicate> =
            self.infcx.param_env.clauses.iter().copied().filter(|clause| *clause != predicate).collect();
        let infcx = InferCtxt::new(self.db, ParamEnv::new(&others));
        let cause = ObligationCause::misc(self.def, span);
        if infcx.evaluate(&Obligation::new(cause, infcx.param_env, predicate)) == EvalResult::Overflow {
            let shown = crate::ty::display::display_predicate(self.db, predicate);
            self.errors.push(TypeError::new(
                self.def,
                span,
                "E0275",
                format!("overflow evaluating the requirement `{shown}`"),
            ));
        }
    }

    pub fn finish(mut self) -> Vec<TypeError> {
        for error in self.fulfill.select_all_or_error(&self.infcx) {
            self.errors.extend(report_fulfill_error(&self.infcx, &error));
        }
        let mut unique: Vec<TypeError> = Vec::new();
        for error in self.errors {
            let same = |other: &TypeError| {
                other.code == error.code && other.span == error.span && other.message == error.message
            };
            if !unique.iter().any(same) {
                unique.push(error);
            }
        }
        unique
    }

    /// The predicates that the definition itself declares.
    fn own_predicates(&mut self) {
        let own: Vec<(Predicate, Span)> = own_predicates_of(self.db, self.def).to_vec();
        for (predicate, span) in own {
            self.endless(predicate, span);
            let is_self = matches!(predicate.value, Clause::Trait(trait_ref) if trait_ref.trait_ == self.def);
            if !is_self {
                self.predicate(predicate, span);
            }
        }
        self.repeated_but_for_regions();
    }

    /// E0283: where two clauses say the same of a type but for lifetimes, nobody knows which one is meant, since lifetimes are compared last.
    fn repeated_but_for_regions(&mut self) {
        let parent = self.def.parent().filter(|parent| matches!(parent.kind(), DefKind::Impl | DefKind::Trait));
        let inherited = parent.map(|parent| param_env(self.db, parent));
        let env = param_env(self.db, self.def);
        let is_inherited = |clause: &Predicate| inherited.is_some_and(|env| env.clauses.contains(clause));
        let of_parent = parent.into_iter().flat_map(|parent| {
            own_predicates_of(self.db, parent).iter().map(move |(predicate, span)| (parent, *predicate, *span))
        });
        let own = own_predicates_of(self.db, self.def).iter().map(|(predicate, span)| (self.def, *predicate, *span));
        let known: Vec<(DefId, Predicate, Span)> = of_parent.chain(own).collect();
        for (def, predicate, span) in &known {
            let Some(shape) = shape_without_regions(*predicate).filter(|_| predicate.vars.is_empty()) else { continue };
            let repeats = |clause: &&Predicate| {
                *clause != predicate
                    && shape_without_regions(**clause) == Some(shape)
                    && !(is_inherited(clause) && is_inherited(predicate))
            };
            let Some(other) = env.clauses.iter().find(repeats) else { continue };
            let [shown, shown_other] =
                [*predicate, *other].map(|clause| crate::ty::display::display_predicate(self.db, clause));
            let message = format!("type annotations needed: cannot satisfy `{shown}`");
            let mut error = TypeError::new(*def, *span, "E0283", message)
                .label(format!("nobody can choose between this and `{shown_other}`"))
                .note("which bound is meant is decided before lifetimes are compared")
                .help("use the same lifetime in both bounds, or one bound for all lifetimes (`for<'a> …`)");
            if let Some((def, _, place)) = known.iter().find(|(_, clause, _)| clause == other) {
                error = error.secondary(*def, *place, "this bound differs by lifetimes only");
            }
            self.errors.push(error);
            return;
        }
    }
}

/// A trait that is asked for with lifetimes, without these.
fn shape_without_regions(predicate: Predicate) -> Option<TraitRef> {
    let Clause::Trait(trait_ref) = predicate.value else { return None };
    let flags = crate::ty::flags::of_args(trait_ref.args);
    let is_plain = !flags.has(TypeFlags::HAS_ERROR) && !flags.has(TypeFlags::HAS_PROJECTION);
    (is_plain && flags.has(TypeFlags::HAS_LIFETIME)).then(|| trait_ref.fold_with(&mut WithoutRegions))
}

struct WithoutRegions;

impl TypeFolder for WithoutRegions {
    fn fold_region(&mut self, _region: Region) -> Region {
        Region::erased()
    }
}

/// Errors of well-formedness of one definition.
pub fn check(db: &dyn Db, def: DefId) -> Vec<TypeError> {
    let mut wf = WfChecker::new(db, def);
    check_defaults(&mut wf);
    match def.kind() {
        DefKind::Struct | DefKind::Enum | DefKind::Union => check_adt(&mut wf),
        DefKind::Fn => check_fn(&mut wf),
        DefKind::Impl => check_impl(&mut wf),
        DefKind::Trait => wf.own_predicates(),
        DefKind::Const | DefKind::Static | DefKind::AssocConst => check_const(&mut wf),
        DefKind::AssocTy => check_assoc_ty(&mut wf),
        _ => {}
    }
    wf.finish()
}

/// Defaults of parameters that name no other parameter.
fn check_defaults(wf: &mut WfChecker<'_>) {
    let Some(generics) = rgo_hir::generics_ast(wf.db, wf.def) else { return };
    for written in &generics.params {
        let GenericParamKind::Type { default: Some(syntax), .. } = &written.kind else { continue };
        let own = generics_of(wf.db, wf.def).params.iter().find(|param| param.name == written.ident.name);
        if let Some(crate::ty::GenericParamKind::Type { default: Some(ty), .. }) = own.map(|param| &param.kind)
            && !ty.has_param()
        {
            wf.ty(*ty, syntax.span);
        }
    }
}

fn check_adt(wf: &mut WfChecker<'_>) {
    wf.own_predicates();
    let adt = adt_def(wf.db, wf.def);
    let spans = field_spans(wf.db, wf.def);
    for (variant_index, variant) in adt.variants.iter().enumerate() {
        let last = variant.fields.len().saturating_sub(1);
        for (index, field) in variant.fields.iter().enumerate() {
            let span = spans.get(variant_index).and_then(|spans| spans.get(index)).copied().unwrap_or_default();
            wf.ty(field.ty, span);
            if adt.kind != AdtKind::Struct || index != last {
                wf.sized(field.ty, span, SizedReason::Field);
            }
        }
    }
}

/// Spans of the types of all fields, per variant.
pub fn field_spans(db: &dyn Db, def: DefId) -> Vec<Vec<Span>> {
    let of = |fields: &Fields| match fields {
        Fields::Unit => Vec::new(),
        Fields::Tuple(fields) => fields.iter().map(|field| field.ty.span).collect(),
        Fields::Named(fields) => fields.iter().map(|field| field.ty.span).collect(),
    };
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Struct(item) | ItemKind::Union(item) => vec![of(&item.fields)],
        ItemKind::Enum(item) => item.variants.iter().map(|variant| of(&variant.fields)).collect(),
        _ => Vec::new(),
    }
}

fn check_fn(wf: &mut WfChecker<'_>) {
    wf.own_predicates();
    let ItemKind::Fn(item) = &rgo_hir::item_ast(wf.db, wf.def).kind else { return };
    let sig = liberated_fn_sig(wf.db, wf.def);
    let with_self = usize::from(item.self_param.is_some());
    for (index, ty) in sig.inputs().iter().enumerate() {
        let span = match (&item.self_param, index) {
            (Some(self_param), 0) => self_param.span,
            _ => item.params.get(index - with_self).map_or(item.sig_span, |param| param.ty.span),
        };
        wf.ty(*ty, span);
    }
    if let Some(ret) = &item.ret {
        wf.ty(sig.output(), ret.span);
        if item.body.is_some() && sig.output().is_dyn() {
            wf.errors.push(
                TypeError::new(
                    wf.def,
                    ret.span,
                    "E0746",
                    "return type cannot be a trait object without pointer indirection",
                )
                .label("doesn't have a size known at compile-time")
                .help("box the return type, or consider returning an `impl Trait`"),
            );
        }
    }
    if rgo_hir::is_entry(wf.def)
        && let Some(ret) = &item.ret
        && let Some(termination) = rgo_hir::lang_item(wf.db, "termination")
    {
        let cause = ObligationCause::new(wf.def, ret.span, CauseCode::MainReturn);
        wf.obligation(TraitRef::with_self(termination, sig.output(), &[]).to_predicate(), cause);
    }
}

fn check_impl(wf: &mut WfChecker<'_>) {
    wf.own_predicates();
    let ItemKind::Impl(item) = &rgo_hir::item_ast(wf.db, wf.def).kind else { return };
    match &item.of_trait {
        None => wf.ty(type_of(wf.db, wf.def), item.self_ty.span),
        Some(path) => {
            let Some(trait_ref) = impl_trait_ref(wf.db, wf.def) else { return };
            let flags = crate::ty::flags::of_args(trait_ref.args);
            if flags.has(TypeFlags::HAS_ERROR) {
                return;
            }
            wf.ty(trait_ref.self_ty(), item.self_ty.span);
            for arg in trait_ref.args.iter().skip(1) {
                if let GenericArg::Ty(ty) = arg {
                    wf.ty(*ty, path.span);
                }
            }
            if item.negative.is_some() {
                return;
            }
            let direct = trait_predicates(wf.db, wf.def, trait_ref, self_ty_span(wf.db, wf.def));
            let holds = |(needed, cause): &(Predicate, ObligationCause)| {
                let obligation = Obligation::new(cause.clone(), wf.infcx.param_env, *needed);
                wf.infcx.evaluate(&obligation) == EvalResult::Holds
            };
            // What supertraits ask of their own supertraits is asked here, too, if only they themselves are there.
            let indirect = match direct.iter().all(holds) {
                true => supertraits_of_supertraits(wf.db, &direct),
                false => Vec::new(),
            };
            for (needed, cause) in direct.into_iter().chain(indirect) {
                wf.obligation(needed, cause);
            }
            trait_lifetimes(wf, trait_ref, item.self_ty.span);
        }
    }
}

/// Whether a predicate names no lifetimes but `'static`.
fn all_static(predicate: Predicate) -> bool {
    struct OtherRegions;
    impl TypeVisitor for OtherRegions {
        fn visit_region(&mut self, region: Region) -> ControlFlow<()> {
            if region.is_static() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        }
    }
    predicate.visit_with(&mut OtherRegions).is_continue()
}

fn supertraits_of_supertraits(
    db: &dyn Db,
    direct: &[(Predicate, ObligationCause)],
) -> Vec<(Predicate, ObligationCause)> {
    let mut found = Vec::new();
    for (needed, cause) in direct {
        let all = elaborate(db, [*needed]);
        let is_known = |predicate: &Predicate| direct.iter().any(|(known, _)| known == predicate);
        let is_trait = |predicate: &Predicate| matches!(predicate.value, Clause::Trait(_));
        found.extend(
            all.into_iter()
                .filter(|predicate| is_trait(predicate) && !is_known(predicate))
                .map(|predicate| (predicate, cause.clone())),
        );
    }
    found
}

/// What a trait asks of those who implement it, for these arguments.
fn trait_predicates(db: &dyn Db, def: DefId, trait_ref: TraitRef, span: Span) -> Vec<(Predicate, ObligationCause)> {
    let is_itself =
        |needed: &Predicate| matches!(needed.value, Clause::Trait(other) if other.trait_ == trait_ref.trait_);
    predicates_of(db, trait_ref.trait_)
        .iter()
        .filter(|(needed, _)| !is_itself(needed))
        .map(|(needed, needed_span)| {
            let code = CauseCode::WhereClause { item: trait_ref.trait_, span: *needed_span };
            (needed.subst(trait_ref.args), ObligationCause::new(def, span, code))
        })
        .collect()
}

/// The same as far as lifetimes go, assuming what the impl's head implies.
fn trait_lifetimes(wf: &mut WfChecker<'_>, trait_ref: TraitRef, span: Span) {
    let needed = trait_predicates(wf.db, wf.def, trait_ref, span);
    let concerns = |predicate: &Predicate| {
        !predicate.vars.is_empty()
            || matches!(predicate.value, Clause::TypeOutlives(..) | Clause::RegionOutlives(..))
            || predicate.has_flag(TypeFlags::HAS_REGION)
    };
    if !needed.iter().any(|(predicate, _)| concerns(predicate)) {
        return;
    }
    let env = param_env(wf.db, wf.def);
    let infcx = InferCtxt::tracking(wf.db, env, 0);
    let mut known = Assumptions::of_env(env);
    trait_ref.args.types().for_each(|ty| known.well_formed(wf.db, ty));
    let mut fulfill = FulfillCtxt::new();
    for (predicate, cause) in needed {
        let mut obligations = Vec::new();
        let predicate = infcx.normalize(predicate, &cause, &mut obligations);
        fulfill.register_all(&infcx, obligations);
        fulfill.register(&infcx, Obligation::new(cause, env, predicate));
    }
    fulfill.select_where_possible(&infcx);
    if let Some(failure) = regions::failures(&infcx, &known).into_iter().next() {
        wf.errors.push(regions::bound_error(wf.db, wf.def, &failure, "E0478"));
    }
}

fn check_const(wf: &mut WfChecker<'_>) {
    let span = match &rgo_hir::item_ast(wf.db, wf.def).kind {
        ItemKind::Const(item) => item.ty.as_ref().map_or(item.name.span, |ty| ty.span),
        ItemKind::Static(item) => item.ty.as_ref().map_or(item.name.span, |ty| ty.span),
        _ => return,
    };
    let ty = type_of(wf.db, wf.def);
    wf.ty(ty, span);
    // An associated constant may have the type `Self` of a trait that does not require `Sized`.
    if wf.def.kind() != DefKind::AssocConst {
        wf.sized(ty, span, SizedReason::Expression);
    }
    if wf.errors.is_empty()
        && wf.def.kind() == DefKind::Static
        && !ty.has(TypeFlags::HAS_ERROR)
        && let Some(sync) = rgo_hir::lang_item(wf.db, "sync")
    {
        let cause = ObligationCause::new(wf.def, span, CauseCode::Misc);
        wf.obligation(TraitRef::with_self(sync, ty, &[]).to_predicate(), cause);
    }
}

fn check_assoc_ty(wf: &mut WfChecker<'_>) {
    wf.own_predicates();
    let ItemKind::TypeAlias(item) = &rgo_hir::item_ast(wf.db, wf.def).kind else { return };
    if let Some(ty) = &item.ty {
        wf.ty(type_of(wf.db, wf.def), ty.span);
    }
    if wf.def.parent().is_some_and(|parent| parent.kind() == DefKind::Trait) {
        for (bound, span) in explicit_item_bounds(wf.db, wf.def) {
            if let Clause::Trait(trait_ref) = bound.value
                && bound.vars.is_empty()
            {
                for arg in trait_ref.args.iter().skip(1) {
                    if let GenericArg::Ty(ty) = arg {
                        wf.ty(*ty, *span);
                    }
                }
            }
        }
    }
}
