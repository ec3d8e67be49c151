//! Relations between regions that nothing known supports.

use rgo_hir::DefId;
use rgo_hir::DefKind;
use rgo_mir::{StatementKind, Terminator, TerminatorKind};
use rgo_syntax::Span;
use rgo_typeck::error::TypeError;
use rgo_typeck::ty::fold::for_each_free_region;
use rgo_typeck::ty::{RegionKind, Ty, TyKind};
use rustc_hash::FxHashSet;

use super::region_name::{param_with, region_name};
use crate::context::{BodyCx, Regions};
use crate::regions::constraint::{Category, Constraint, GenericKind, RegionVid, TypeTest, Verify};
use crate::regions::solve::{Solution, blame};
use crate::regions::universal::{Universal, UniversalKind};

pub struct RegionReporter<'a, 'db> {
    pub regions: &'a Regions<'db>,
    pub solution: &'a Solution,
    pub bodies: &'a [BodyCx<'db>],
    pub errors: Vec<(Span, TypeError)>,
    seen: FxHashSet<(Span, Option<&'static str>)>,
}

/// Checks universal regions, placeholders and type tests; returns the errors.
pub fn check<'db>(regions: &Regions<'db>, solution: &Solution, bodies: &[BodyCx<'db>]) -> Vec<(Span, TypeError)> {
    let mut reporter = RegionReporter { regions, solution, bodies, errors: Vec::new(), seen: FxHashSet::default() };
    for test in &regions.type_tests {
        reporter.type_test(test);
    }
    reporter.universals();
    reporter.uncaptured();
    reporter.escapes();
    reporter.errors
}

impl RegionReporter<'_, '_> {
    fn push(&mut self, error: TypeError) {
        if self.seen.insert((error.span, error.code)) {
            self.errors.push((error.span, error));
        }
    }

    fn type_test(&mut self, test: &TypeTest) {
        let universals = &self.regions.universals;
        let missing = self.solution.ends(test.bound).find(|end| {
            if universals.all[*end].kind == UniversalKind::Outside {
                return false;
            }
            let vid = universals.all[*end].vid;
            if self.holds(&test.verify, vid) {
                return false;
            }
            // Known to the closure only: what is longer and known outside decides; `'static`, where nothing is.
            universals.all[*end].body == 0
                || !self.bounds_outside(vid).all(|bound| self.holds(&test.verify, universals.all[bound].vid))
        });
        let Some(mut end) = missing else { return };
        if universals.all[end].body != 0 {
            let failing = |bound: &usize| !self.holds(&test.verify, universals.all[*bound].vid);
            end = self.bounds_outside(universals.all[end].vid).find(failing).unwrap_or(end);
        }
        let vid = universals.all[end].vid;
        if matches!(universals.all[end].kind, UniversalKind::FnBody | UniversalKind::Outside) {
            return;
        }
        let (kind, name) = match test.kind {
            GenericKind::Param(param) => ("parameter", param.name.to_string()),
            GenericKind::Alias(ty) => ("associated", rgo_typeck::ty::display::display_ty(self.regions.db, ty)),
        };
        let what = match test.kind {
            GenericKind::Param(_) => format!("the {kind} type `{name}`"),
            GenericKind::Alias(ty) => match ty.kind() {
                TyKind::Opaque(..) => format!("the opaque type `{name}`"),
                _ => format!("the {kind} type `{name}`"),
            },
        };
        let def = self.regions.owner;
        let error = match universals.name(vid) {
            Some(region) if region == "'static" => {
                TypeError::new(def, test.span, "E0310", format!("{what} may not live long enough"))
                    .label(format!("{what} must be valid for the static lifetime..."))
                    .help(format!("consider adding an explicit lifetime bound: `{name}: 'static`"))
            }
            Some(region) => TypeError::new(def, test.span, "E0309", format!("{what} may not live long enough"))
                .label(format!("{what} must be valid for the lifetime `{region}` as defined here..."))
                .help(format!("consider adding an explicit lifetime bound: `{name}: {region}`")),
            None => TypeError::new(def, test.span, "E0311", format!("{what} may not live long enough"))
                .label(format!("{what} must be valid for an anonymous lifetime of the signature..."))
                .help(format!("give the lifetime a name, `'a`, and add an explicit bound: `{name}: 'a`")),
        };
        self.push(error);
    }

    /// The universal regions of the owner that are longer than one that only a closure knows.
    fn bounds_outside(&self, inner: RegionVid) -> impl Iterator<Item = usize> + '_ {
        let universals = &self.regions.universals;
        let mut bounds: Vec<RegionVid> = self.regions.upper_bounds(inner).collect();
        if bounds.is_empty() {
            bounds.push(RegionVid::STATIC);
        }
        let ends = bounds.into_iter().flat_map(|bound| self.solution.ends(bound).collect::<Vec<_>>());
        ends.filter(|end| universals.all[*end].body == 0)
    }

    fn holds(&self, verify: &Verify, vid: RegionVid) -> bool {
        match verify {
            Verify::Region(region) => {
                let universals = &self.regions.universals;
                universals.outlives(*region, vid)
                    || self.solution.ends(*region).any(|end| universals.outlives(universals.all[end].vid, vid))
            }
            Verify::IfEqual(pairs, region) => {
                pairs.iter().all(|(a, b)| self.solution.are_equal(*a, *b)) && self.holds(&Verify::Region(*region), vid)
            }
            Verify::Any(ways) => ways.iter().any(|way| self.holds(way, vid)),
            Verify::All(parts) => parts.iter().all(|part| self.holds(part, vid)),
        }
    }

    fn universals(&mut self) {
        let universals = &self.regions.universals;
        for longer in universals.all.clone() {
            if longer.kind == UniversalKind::Static || longer.kind == UniversalKind::FnBody {
                continue;
            }
            let missing: Vec<usize> = self
                .solution
                .ends(longer.vid)
                .filter(|end| !universals.outlives(longer.vid, universals.all[*end].vid))
                .filter(|end| !self.outlives_bound_of(&longer, &universals.all[*end]))
                .filter(|end| match universals.all[*end].kind {
                    UniversalKind::FnBody => false,
                    // What a closure's caller sees is a question to the regions of its own signature only.
                    UniversalKind::Outside => universals.all[*end].body == longer.body,
                    _ => true,
                })
                .collect();
            // One error for each region is enough; 'static, if demanded, contains all others.
            let first = missing
                .iter()
                .copied()
                .find(|end| universals.all[*end].kind == UniversalKind::Static)
                .or_else(|| missing.first().copied());
            let Some(end) = first else {
                self.placeholder_in_body(&longer);
                continue;
            };
            let shorter = universals.all[end].vid;
            let Some((path, _)) = self.solution.path(longer.vid, |vid| vid == shorter) else { continue };
            self.region_error(longer.vid, shorter, &path);
        }
    }

    /// Nothing is known of a placeholder: it outlives no region that a body needs somewhere (rustc's `check_bound_universal_region`).
    fn placeholder_in_body(&mut self, longer: &Universal) {
        if !matches!(longer.kind, UniversalKind::Placeholder { .. }) || !self.solution.has_points(longer.vid) {
            return;
        }
        let is_needed = |vid: RegionVid| self.regions.live[vid.index()].as_ref().is_some_and(|live| !live.is_empty());
        if let Some((path, _)) = self.solution.path(longer.vid, is_needed) {
            self.placeholder_error(&path);
        }
    }

    /// Whether a region outlives one that a closure inside of its body knows, by what is longer than that and known outside:
    /// `'env` of `|s: &'scope Scope<'scope, 'env>|` (rustc's `propagate_closure_requirements`).
    fn outlives_bound_of(&self, longer: &Universal, inner: &Universal) -> bool {
        if inner.body == 0 || is_inside(self.bodies, longer.body, inner.body) {
            return false;
        }
        let universals = &self.regions.universals;
        self.regions.upper_bounds(inner.vid).any(|bound| {
            let mut outside = self.solution.ends(bound).filter(|end| universals.all[*end].body == 0);
            outside.all(|end| universals.outlives(longer.vid, universals.all[end].vid))
        })
    }

    /// Hidden types with lifetimes that their opaque type does not capture.
    fn uncaptured(&mut self) {
        let captured_by = |hidden: &crate::opaque::Hidden| rgo_hir::def_span(self.regions.db, hidden.opaque);
        let found: Vec<(Ty, Span)> = crate::opaque::uncaptured(self.regions, self.solution)
            .map(|hidden| (hidden.ty, captured_by(hidden)))
            .collect();
        if !self.errors.is_empty() {
            return;
        }
        for (ty, declared) in found {
            let (def, shown) = (self.regions.owner, rgo_typeck::ty::display::display_ty(self.regions.db, ty));
            let message = "hidden type for `impl Trait` captures a lifetime that does not appear in its bounds";
            let error = TypeError::new(def, self.last_returned(), "E0700", message.to_owned())
                .label(format!("the hidden type `{shown}` is returned here"))
                .secondary(def, declared, "opaque type defined here")
                .help(
                    "add the lifetime to the `use<...>` of the opaque type, or return something that does not hold it",
                );
            self.push(error);
        }
    }

    /// The last expression, in the order of the source, that becomes the function's result.
    fn last_returned(&self) -> Span {
        let mir = self.bodies[0].mir;
        let statements = mir.blocks.iter().flat_map(|(_, block)| &block.statements);
        let assigned = statements.filter_map(|statement| match &statement.kind {
            StatementKind::Assign(place, _) if place.local == mir.ret => Some(statement.span),
            _ => None,
        });
        let called = mir.blocks.iter().filter_map(|(_, block)| match block.terminator.as_ref() {
            Some(Terminator { kind: TerminatorKind::Call { destination, .. }, span })
                if destination.local == mir.ret =>
            {
                Some(*span)
            }
            _ => None,
        });
        assigned.chain(called).max_by_key(|span| span.start).unwrap_or(mir.span)
    }

    /// Regions of the parent that would have to outlive one that only the closure's call knows, and placeholders that escape.
    fn escapes(&mut self) {
        let universals = &self.regions.universals;
        let mut reported = FxHashSet::default();
        let holders = self.holders_of_ends();
        for (element, universal) in universals.all.iter().enumerate() {
            let is_placeholder = matches!(universal.kind, UniversalKind::Placeholder { .. });
            if universal.body == 0 && !is_placeholder || universal.kind == UniversalKind::Outside {
                continue;
            }
            for &vid in &holders[element] {
                let region = &self.regions.defs[vid.index()];
                let illegal = match universal.kind {
                    UniversalKind::Placeholder { universe, .. } => region.universe < universe,
                    _ => {
                        !is_inside(self.bodies, region.body, universal.body)
                            && self.regions.upper_bounds(universal.vid).next().is_none()
                    }
                };
                // Reported already where a universal region is longer still.
                if !illegal || !reported.insert(element) {
                    continue;
                }
                let Some((path, _)) = self.solution.path(vid, |vid| vid == universal.vid) else { continue };
                if self.solution.ends(vid).any(|end| universals.all[end].kind == UniversalKind::Static)
                    && !is_placeholder
                {
                    continue;
                }
                if is_placeholder {
                    self.placeholder_error(&path);
                } else {
                    self.closure_escape(universal.vid, &path);
                }
            }
        }
    }

    /// For each universal region, the regions of the bodies that hold its end, in order.
    fn holders_of_ends(&self) -> Vec<Vec<RegionVid>> {
        let mut holders = vec![Vec::new(); self.regions.universals.all.len()];
        for (index, region) in self.regions.defs.iter().enumerate() {
            let vid = RegionVid(index as u32);
            if !region.is_universal {
                self.solution.ends(vid).for_each(|end| holders[end].push(vid));
            }
        }
        holders
    }

    fn placeholder_error(&mut self, path: &[Constraint]) {
        let Some(blamed) = blame(path) else { return };
        let of_types = path
            .iter()
            .any(|part| self.regions.of_types.contains(&part.sup) || self.regions.of_types.contains(&part.sub));
        let error = match of_types {
            true => TypeError::new(self.regions.owner, blamed.span, "E0308", "mismatched types")
                .label("one type is more general than the other"),
            false => plain(self.regions.owner, blamed.span, "lifetime may not live long enough".to_owned())
                .label("the types do not match for every lifetime that they are used with"),
        };
        self.push(error);
    }

    fn closure_escape(&mut self, region: RegionVid, path: &[Constraint]) {
        let Some(blamed) = blame(path) else { return };
        let def = self.regions.owner;
        let is_env = matches!(
            self.regions.universals.get(region).map(|universal| universal.kind),
            Some(UniversalKind::Late { var, .. }) if var.kind == rgo_typeck::ty::BoundRegionKind::ClosureEnv
        );
        let error = if is_env {
            plain(def, blamed.span, "captured variable cannot escape `FnMut` closure body".to_owned())
                .label("returns a reference to a captured variable which escapes the closure body")
                .note("`FnMut` closures only have access to their captured variables while they are executing...")
                .note("...therefore, they cannot allow references to captured variables to escape")
        } else if blamed.category == Category::Return {
            plain(def, blamed.span, "lifetime may not live long enough".to_owned())
                .label("returning this value requires that a lifetime of a parameter outlives one of the result")
        } else {
            TypeError::new(def, blamed.span, "E0521", "borrowed data escapes outside of closure")
                .label("a parameter's reference escapes the closure body here")
        };
        self.push(error);
    }

    // ----- universal regions -----

    fn region_error(&mut self, longer: RegionVid, shorter: RegionVid, path: &[Constraint]) {
        let universals = &self.regions.universals;
        let (Some(long), Some(short)) = (universals.get(longer), universals.get(shorter)) else { return };
        // What a closure's own region must outlive is a matter of the closure's body.
        let inside: Vec<Constraint> =
            path.iter().filter(|part| is_inside(self.bodies, part.body, long.body)).copied().collect();
        let Some(blamed) = blame(&inside).or_else(|| blame(path)).copied() else { return };
        if matches!(long.kind, UniversalKind::Placeholder { .. })
            || matches!(short.kind, UniversalKind::Placeholder { .. })
        {
            self.placeholder_error(path);
            return;
        }
        let def = self.regions.owner;
        if let UniversalKind::Late { var, .. } = long.kind
            && var.kind == rgo_typeck::ty::BoundRegionKind::ClosureEnv
        {
            self.closure_escape(longer, path);
            return;
        }
        if self.body_is_fn(0)
            && long.body == 0
            && let Some(error) = self.explicit_lifetime_required(longer, shorter, &blamed)
        {
            self.push(error);
            return;
        }
        let in_closure = long.body != 0;
        let escapes = !matches!(blamed.category, Category::Return | Category::TypeAnnotation | Category::Cast)
            && (short.kind == UniversalKind::Static || in_closure && short.body != long.body)
            && !(matches!(blamed.category, Category::Assignment | Category::Usage) && !in_closure)
            && self.body_is_fn(0);
        if escapes && let Some((param, span)) = param_with(self.bodies, longer, long.body) {
            let scope = if in_closure { "closure" } else { "function" };
            let error = TypeError::new(def, blamed.span, "E0521", format!("borrowed data escapes outside of {scope}"))
                .label(format!("`{param}` escapes the {scope} body here"))
                .secondary(def, span, format!("`{param}` is a reference that is only valid in the {scope} body"));
            let error = match universals.name(shorter) {
                Some(name) => error.note(format!("argument requires that the data outlives `{name}`")),
                None => error,
            };
            self.push(error);
            return;
        }
        if in_closure && short.kind == UniversalKind::Outside && blamed.category != Category::Return {
            self.closure_escape(longer, path);
            return;
        }
        let names = [(longer, 1), (shorter, 2)].map(|(vid, number)| {
            let name = region_name(self.regions, self.bodies, vid, number);
            (name.as_ref().map_or_else(|| format!("'{number}"), |name| name.text.clone()), name)
        });
        let [(long_name, long_origin), (short_name, short_origin)] = names;
        let label = match blamed.category {
            Category::Return => {
                let kind = if in_closure {
                    "returning this value"
                } else {
                    "function was supposed to return data with lifetime"
                };
                if in_closure {
                    format!("{kind} requires that `{long_name}` must outlive `{short_name}`")
                } else {
                    format!("{kind} `{short_name}` but it is returning data with lifetime `{long_name}`")
                }
            }
            Category::CallArgument(_) => format!("argument requires that `{long_name}` must outlive `{short_name}`"),
            Category::Assignment => format!("assignment requires that `{long_name}` must outlive `{short_name}`"),
            Category::Usage => format!("this usage requires that `{long_name}` must outlive `{short_name}`"),
            Category::TypeAnnotation => {
                format!("type annotation requires that `{long_name}` must outlive `{short_name}`")
            }
            Category::Cast => format!("cast requires that `{long_name}` must outlive `{short_name}`"),
            Category::UseAsConst => {
                format!("using this value as a constant requires that `{long_name}` must outlive `{short_name}`")
            }
            Category::UseAsStatic => {
                format!("using this value as a static requires that `{long_name}` must outlive `{short_name}`")
            }
            _ => format!("requires that `{long_name}` must outlive `{short_name}`"),
        };
        let mut error = plain(def, blamed.span, "lifetime may not live long enough".to_owned()).label(label);
        for name in [long_origin, short_origin].iter().flatten() {
            error = name.with_origin(error);
        }
        if universals.name(longer).is_some() && universals.name(shorter).is_some() {
            error = error.help(format!("consider adding the bound `{long_name}: {short_name}`"));
        }
        self.push(error);
    }

    fn body_is_fn(&self, body: usize) -> bool {
        self.bodies.get(body).is_some_and(|body| body.owner.kind() == DefKind::Fn)
    }

    /// Of a named region and the nameless one of a parameter one must outlive the other: that parameter's type lacks the name.
    fn explicit_lifetime_required(
        &self,
        longer: RegionVid,
        shorter: RegionVid,
        blamed: &Constraint,
    ) -> Option<TypeError> {
        let universals = &self.regions.universals;
        let (name, nameless) = match (universals.name(longer), universals.name(shorter)) {
            (None, Some(name)) => (name, longer),
            (Some(name), None) => (name, shorter),
            _ => return None,
        };
        let def = self.regions.owner;
        // What is written of an impl's function must agree with the trait.
        let implements = def.parent().filter(|parent| parent.kind() == DefKind::Impl);
        let is_free = implements.is_none_or(|imp| rgo_typeck::collect::impl_trait_ref(self.regions.db, imp).is_none());
        if name == "'static" || name == "'_" || !is_free {
            return None;
        }
        let body = &self.bodies[0];
        // The result names it too (by elision): then a lifetime for the parameter alone would not do.
        let output = body.locals.first().copied()?;
        if mentions(output, nameless) {
            return None;
        }
        let (index, param) = body
            .mir
            .params
            .iter()
            .enumerate()
            .find(|(_, param)| mentions(body.locals[u32::from(param.into_raw()) as usize], nameless))?;
        let decl = &body.mir.locals[*param];
        let variable = match &decl.kind {
            rgo_mir::LocalKind::Param { name, .. } => name.map(|name| name.to_string()),
            _ => None,
        };
        if variable.as_deref() == Some("self") && index == 0 {
            return None;
        }
        let subject = match &variable {
            Some(variable) => format!("the type of `{variable}`"),
            None => "parameter type".to_owned(),
        };
        Some(
            TypeError::new(def, blamed.span, "E0621", format!("explicit lifetime required in {subject}"))
                .label(format!("lifetime `{name}` required"))
                .secondary(def, decl.span, format!("add explicit lifetime `{name}` to {subject}")),
        )
    }
}

/// Whether a body is `outer` or a closure in it.
pub fn is_inside(bodies: &[BodyCx<'_>], body: u32, outer: u32) -> bool {
    let mut at = Some(body as usize);
    while let Some(index) = at {
        if index == outer as usize {
            return true;
        }
        at = bodies.get(index).and_then(|body| body.parent);
    }
    false
}

pub(super) fn mentions(ty: Ty, region: RegionVid) -> bool {
    let mut found = false;
    for_each_free_region(&ty, |free| found |= matches!(free.kind(), RegionKind::Var(vid) if *vid == region.0));
    found
}

/// An error that rustc gives no code.
fn plain(def: DefId, span: Span, message: String) -> TypeError {
    let mut error = TypeError::new(def, span, "", message);
    error.code = None;
    error
}
