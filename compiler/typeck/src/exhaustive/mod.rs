//! Exhaustiveness: every `match` covers its type (E0004), every `let` without `else`, `for` and parameter pattern is irrefutable (E0005),
//! ranges are not empty (E0030, E0579), and no binding is a mistyped variant (E0170).
//!
//! Reads THIR only; bodies with type errors are not looked at.

mod at_patterns;
mod constructor;
mod display;
mod inhabited;
mod pattern;
mod usefulness;

use rgo_hir::body::{Mutability, RangeEnd};
use rgo_hir::{Db, DefId};

use crate::collect::adt_def;
use crate::error::TypeError;
use crate::infer::typeck_root;
use crate::solve::param_env;
use crate::thir::{self, ArmId, Body, ExprId, ExprKind, PatId, PatKind, StmtKind};
use crate::thir_build::thir_body;
use crate::ty::{AdtKind, ConstValue, CtorKind, Ty, TyKind};

use constructor::Constructor;
pub use inhabited::is_inhabited;
use pattern::Context;
pub use pattern::{Signedness, int_bits};
use usefulness::{MatchArm, Validity, WitnessPat};

/// Errors of patterns in the body of `owner` (closures are bodies of their own).
pub fn check_match(db: &dyn Db, owner: DefId) -> Vec<TypeError> {
    let body = thir_body(db, owner);
    if body.has_errors {
        return Vec::new();
    }
    let ctx =
        Context { db, param_env: param_env(db, typeck_root(db, owner)), from: owner, tainted: Default::default() };
    let mut checker = Checker { ctx, body, owner, errors: Vec::new() };
    checker.run();
    checker.errors
}

/// Arms of the match at `expr` that no value reaches, for lints and for codegen.
pub fn unreachable_arms(db: &dyn Db, owner: DefId, expr: ExprId) -> Vec<ArmId> {
    let body = thir_body(db, owner);
    let ExprKind::Match { scrutinee, arms, .. } = &body.exprs[expr].kind else { return Vec::new() };
    let ctx =
        Context { db, param_env: param_env(db, typeck_root(db, owner)), from: owner, tainted: Default::default() };
    let checker = Checker { ctx, body, owner, errors: Vec::new() };
    let useful = checker.report(*scrutinee, arms).useful;
    arms.iter().copied().zip(useful).filter(|(_, useful)| !useful).map(|(arm, _)| arm).collect()
}

struct Checker<'db> {
    ctx: Context<'db>,
    body: &'db Body,
    owner: DefId,
    errors: Vec<TypeError>,
}

impl Checker<'_> {
    fn run(&mut self) {
        for (_, pat) in self.body.pats.iter() {
            self.range(pat);
            self.binding(pat);
            self.at_pattern(pat);
        }
        for param in &self.body.params {
            if let Some(pat) = param.pat {
                self.irrefutable(pat, Validity::KnownValid, "function argument");
            }
        }
        for (_, expr) in self.body.exprs.iter() {
            match &expr.kind {
                ExprKind::Match { scrutinee, arms, .. } => self.match_expr(*scrutinee, arms),
                ExprKind::For { pat, .. } => self.irrefutable(*pat, Validity::KnownValid, "`for` loop binding"),
                ExprKind::DestructureAssign { pat, value, .. } => {
                    self.irrefutable(*pat, self.validity(*value), "local binding");
                }
                _ => {}
            }
        }
        for (_, stmt) in self.body.stmts.iter() {
            if let StmtKind::Let { pat, init, otherwise: None, .. } = &stmt.kind {
                let validity = init.map_or(Validity::KnownValid, |init| self.validity(init));
                self.irrefutable(*pat, validity, "local binding");
            }
        }
    }

    fn match_expr(&mut self, scrutinee: ExprId, arms: &[ArmId]) {
        let ty =
            crate::solve::normalize_erasing_regions(self.ctx.db, self.ctx.param_env, self.body.exprs[scrutinee].ty);
        if let TyKind::Error = ty.kind() {
            return;
        }
        self.ctx.tainted.set(false);
        let report = self.report(scrutinee, arms);
        if self.ctx.tainted.get() || report.witnesses.is_empty() {
            return;
        }
        let span = self.body.exprs[scrutinee].span;
        let shown = crate::ty::display::display_ty(self.ctx.db, ty);
        let error = if arms.is_empty() {
            TypeError::new(self.owner, span, "E0004", format!("non-exhaustive patterns: type `{shown}` is non-empty"))
        } else {
            let list = display::display_list(self.ctx.db, &report.witnesses);
            let (noun, label) = if report.witnesses.len() == 1 { ("", "pattern") } else { ("", "patterns") };
            TypeError::new(self.owner, span, "E0004", format!("non-exhaustive patterns: {list}{noun} not covered"))
                .label(format!("{label} {list} not covered"))
        };
        let arms = display::display_arms(self.ctx.db, &report.witnesses);
        let help = match arms {
            Some(arms) => format!("add what is missing ({arms}), or a wildcard arm `_`"),
            None => "add a match arm for what is missing, or a wildcard arm `_`".to_owned(),
        };
        let error = self.with_variants(error, &report.witnesses);
        self.errors.push(error.note(format!("the matched value is of type `{shown}`")).help(help));
    }

    /// Points to the variants that are not covered.
    fn with_variants(&self, mut error: TypeError, witnesses: &[WitnessPat]) -> TypeError {
        for witness in witnesses.iter().take(display::LIMIT) {
            let mut pat = witness;
            while let (Constructor::Ref, [inner]) = (&pat.ctor, &pat.fields[..]) {
                pat = inner;
            }
            let (Constructor::Variant(index), TyKind::Adt(def, _)) = (&pat.ctor, pat.ty.kind()) else { continue };
            if def.is_std() {
                continue;
            }
            let adt = adt_def(self.ctx.db, *def);
            let Some(variant) = adt.variants.get(*index as usize) else { continue };
            error = error.secondary(variant.def, rgo_hir::def_span(self.ctx.db, variant.def), "not covered");
        }
        error
    }

    fn report(&self, scrutinee: ExprId, arms: &[ArmId]) -> usefulness::Report {
        let ty =
            crate::solve::normalize_erasing_regions(self.ctx.db, self.ctx.param_env, self.body.exprs[scrutinee].ty);
        let rows = arms.iter().map(|arm| {
            let arm = &self.body.arms[*arm];
            MatchArm { pat: self.ctx.lower(&self.body.pats, arm.pat), has_guard: arm.guard.is_some() }
        });
        usefulness::check(&self.ctx, rows.collect(), ty, self.validity(scrutinee))
    }

    fn irrefutable(&mut self, pat: PatId, validity: Validity, what: &str) {
        self.ctx.tainted.set(false);
        let lowered = self.ctx.lower(&self.body.pats, pat);
        if self.ctx.tainted.get() {
            return;
        }
        let ty = lowered.ty;
        let span = self.body.pats[pat].span;
        let report = usefulness::check(&self.ctx, vec![MatchArm { pat: lowered, has_guard: false }], ty, validity);
        if report.witnesses.is_empty() {
            return;
        }
        let list = display::display_list(self.ctx.db, &report.witnesses);
        let noun = if report.witnesses.len() == 1 { "pattern" } else { "patterns" };
        self.errors.push(
            TypeError::new(self.owner, span, "E0005", format!("refutable pattern in {what}"))
                .label(format!("{noun} {list} not covered"))
                .help("use `let … else` or `if let` to say what happens otherwise"),
        );
    }

    /// Whether the place holds a valid value for certain; behind a reference it might not.
    fn validity(&self, scrutinee: ExprId) -> Validity {
        match &self.body.exprs[scrutinee].kind {
            ExprKind::Deref(_) => Validity::MaybeInvalid,
            ExprKind::Field { base, .. } | ExprKind::Index { base, .. } | ExprKind::PlaceAscription { base, .. } => {
                self.validity(*base)
            }
            _ => Validity::KnownValid,
        }
    }

    fn range(&mut self, pat: &thir::Pat) {
        let PatKind::Range { start: Some(start), end: Some(end), inclusive } = &pat.kind else { return };
        let order = match (start, end) {
            (ConstValue::Int(start), ConstValue::Int(end)) => Some(start.cmp(end)),
            (ConstValue::Char(start), ConstValue::Char(end)) => Some(start.cmp(end)),
            (ConstValue::Float(start), ConstValue::Float(end)) => {
                f64::from_bits(*start).partial_cmp(&f64::from_bits(*end))
            }
            _ => return,
        };
        match (inclusive, order) {
            (RangeEnd::Excluded, Some(std::cmp::Ordering::Less)) => {}
            (RangeEnd::Included, Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)) => {}
            (RangeEnd::Excluded, _) => self.errors.push(
                TypeError::new(
                    self.owner,
                    pat.span,
                    "E0579",
                    "lower bound for range pattern must be less than upper bound",
                )
                .label("lower bound larger than or equal to upper bound"),
            ),
            (RangeEnd::Included, _) => self.errors.push(
                TypeError::new(
                    self.owner,
                    pat.span,
                    "E0030",
                    "lower bound for range pattern must be less than or equal to upper bound",
                )
                .label("lower bound larger than upper bound"),
            ),
        }
    }

    /// `match month { January => … }` without `Month::` binds a variable.
    fn binding(&mut self, pat: &thir::Pat) {
        let PatKind::Bind { local, by_ref: None, sub: None, is_primary: true } = &pat.kind else { return };
        let Some(local) = self.body.locals.get(*local) else { return };
        if local.mutable || local.synthetic || local.by_ref == Some(Mutability::Mut) {
            return;
        }
        let TyKind::Adt(def, _) = peel_refs(pat.ty).kind() else { return };
        let adt = adt_def(self.ctx.db, *def);
        let is_variant = |variant: &crate::ty::VariantDef| variant.name == local.name && variant.ctor == CtorKind::Unit;
        if adt.kind != AdtKind::Enum || !adt.variants.iter().any(is_variant) {
            return;
        }
        let path = format!("{}::{}", def.name(), local.name);
        let message = format!(
            "pattern binding `{}` is named the same as one of the variants of the type `{}`",
            local.name,
            def.name()
        );
        let mut error = TypeError::new(self.owner, pat.span, "E0170", message)
            .help(format!("to match on the variant, qualify the path: `{path}`"));
        error.fix = Some((pat.span, path));
        self.errors.push(error);
    }
}

fn peel_refs(mut ty: Ty) -> Ty {
    while let TyKind::Ref(_, inner, _) = ty.kind() {
        ty = *inner;
    }
    ty
}
