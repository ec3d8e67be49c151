//! Capture analysis: which places of its surroundings a closure captures and how, and which of the `Fn*` traits it implements.
//!
//! Precise captures by the rules of edition 2021 (RFC 2229; rustc dev guide, "Closure capture analysis"): every use of an outer place in the closure
//! is recorded, truncated where precision would be unsound or useless, and merged with its ancestors and descendants.

use rgo_hir::DefId;
use rgo_hir::body::{CaptureClause, LocalId, Mutability};
use rgo_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::infer::FnCtxt;
use crate::infer_ctxt::{CaptureNote, ClosureNotes};
use crate::thir::{
    BlockId, BorrowKind, Capture, CaptureBy, CaptureProjection, CapturedPlace, ExprId, ExprKind, PatId, PatKind,
    StmtKind,
};
use crate::thir_build::Tree;
use crate::ty::{Args, ClosureArgs, ClosureKind, Ty, TyKind};

/// What each closure captures.
pub type Captures = FxHashMap<DefId, Captured>;

pub struct Captured {
    pub kind: ClosureKind,
    pub list: Vec<Capture>,
    /// Places of the surroundings that are matched on.
    pub matched: Vec<(CapturedPlace, Span)>,
}

/// Analyses all closures of a tree, inner before outer, and makes their types known.
pub fn analyze(fcx: &mut FnCtxt<'_>, tree: &mut Tree) -> Captures {
    let mut captures = Captures::default();
    for index in 0..tree.closures.len() {
        let owner = tree.closures[index].owner;
        fcx.in_body(owner, |fcx| analyze_closure(fcx, tree, index, &mut captures));
    }
    captures
}

fn analyze_closure(fcx: &mut FnCtxt<'_>, tree: &mut Tree, index: usize, captures: &mut Captures) {
    let closure = &tree.closures[index];
    let (def, ty, by_move) = (closure.def, closure.ty, closure.by_move);
    let mut uses = Uses { fcx, tree, captures, bound: FxHashSet::default(), found: Vec::new(), matched: Vec::new() };
    uses.bind_params(index);
    let value = tree.closures[index].value;
    uses.consume(value);
    let (found, matched) = (uses.found, uses.matched);
    let (kind, origin, list) = capture_list(fcx, found, by_move);
    note_captures(fcx, def, origin, &list);
    let known = set_closure_type(fcx, ty, kind, &list);
    captures.insert(def, Captured { kind: known, list, matched });
    let calls: Vec<usize> =
        (0..tree.deferred_calls.len()).filter(|&call| tree.deferred_calls[call].closure == def).collect();
    for call in calls {
        let mut call = std::mem::replace(
            &mut tree.deferred_calls[call],
            crate::thir_build::TreeCall { expr: value, closure: fcx.owner, closure_ty: ty, args_tuple: ty },
        );
        call.closure_ty = fcx.resolve(call.closure_ty);
        tree.patch_call(fcx, &call);
    }
}

/// Keeps for reports what was found.
fn note_captures(fcx: &mut FnCtxt<'_>, closure: DefId, kind_origin: Option<CaptureNote>, captures: &[Capture]) {
    let note = |capture: &Capture| CaptureNote {
        variable: fcx.body.locals[capture.place.local].name,
        span: capture.span,
        ty: capture.ty,
    };
    let captures = captures.iter().map(note).collect();
    fcx.infcx.closure_notes.get_mut().insert(closure, ClosureNotes { kind_origin, captures });
}

/// Fixes kind and captured types of the closure's type; the kind that it has in the end.
fn set_closure_type(fcx: &mut FnCtxt<'_>, ty: Ty, kind: ClosureKind, captures: &[Capture]) -> ClosureKind {
    let TyKind::Closure(_, args) = ty.kind() else { return kind };
    let parts = ClosureArgs::new(*args);
    let upvars: Vec<Ty> = captures.iter().map(|capture| capture.ty).collect();
    let _ = fcx.eq(Span::at(0), parts.upvars_ty(), Ty::tuple(&upvars));
    let kind_ty = fcx.shallow(parts.kind_ty());
    if kind_ty.is_ty_var() {
        let _ = fcx.eq(Span::at(0), kind_ty, kind.to_ty());
        return kind;
    }
    ClosureArgs::new(fcx.resolve(*args)).kind().unwrap_or(kind)
}

/// How a place is used; ordered by strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Shared,
    Unique,
    Mut,
    Value,
}

impl Use {
    fn to_capture(self) -> CaptureBy {
        match self {
            Use::Shared => CaptureBy::Ref(BorrowKind::Shared),
            Use::Unique => CaptureBy::Ref(BorrowKind::Unique),
            Use::Mut => CaptureBy::Ref(BorrowKind::Mut { two_phase: false }),
            Use::Value => CaptureBy::Value,
        }
    }

    fn of(by: CaptureBy) -> Use {
        match by {
            CaptureBy::Value => Use::Value,
            CaptureBy::Ref(BorrowKind::Shared | BorrowKind::Fake) => Use::Shared,
            CaptureBy::Ref(BorrowKind::Unique) => Use::Unique,
            CaptureBy::Ref(BorrowKind::Mut { .. }) => Use::Mut,
        }
    }

    /// The stronger one. `Unique` and `Mut` together are `Mut`.
    fn join(self, other: Use) -> Use {
        self.max(other)
    }
}

#[derive(Clone, Debug)]
struct Place {
    local: LocalId,
    local_ty: Ty,
    projections: Vec<Projection>,
}

#[derive(Clone, Debug)]
struct Projection {
    kind: ProjectionKind,
    /// The type of the place with this projection.
    ty: Ty,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProjectionKind {
    Field(u32),
    Deref,
    /// Of a variant, an element or a subslice: never part of a capture.
    Other,
}

impl Place {
    fn ty(&self) -> Ty {
        self.projections.last().map_or(self.local_ty, |projection| projection.ty)
    }

    /// The type of the place before projection `index`.
    fn ty_before(&self, index: usize) -> Ty {
        if index == 0 { self.local_ty } else { self.projections[index - 1].ty }
    }

    fn project(&self, kind: ProjectionKind, ty: Ty) -> Place {
        let mut place = self.clone();
        place.projections.push(Projection { kind, ty });
        place
    }

    /// Cuts the place; a mutable borrow through a `&mut` that is cut off becomes a unique borrow of that reference.
    fn truncate(&mut self, len: usize, how: &mut Use) {
        if *how == Use::Mut {
            let through_mut = (len..self.projections.len()).any(|index| {
                self.projections[index].kind == ProjectionKind::Deref
                    && matches!(self.ty_before(index).kind(), TyKind::Ref(_, _, Mutability::Mut))
            });
            if through_mut {
                *how = Use::Unique;
            }
        }
        self.projections.truncate(len);
    }

    fn is_prefix_of(&self, other: &Place) -> bool {
        self.local == other.local
            && self.projections.len() <= other.projections.len()
            && self.projections.iter().zip(&other.projections).all(|(a, b)| a.kind == b.kind)
    }
}

struct Found {
    place: Place,
    how: Use,
    span: Span,
}

/// Walks a closure's body and records the uses of places outside of it.
struct Uses<'a, 'db> {
    fcx: &'a mut FnCtxt<'db>,
    tree: &'a Tree,
    captures: &'a Captures,
    /// Locals of the closure itself.
    bound: FxHashSet<LocalId>,
    found: Vec<Found>,
    matched: Vec<(CapturedPlace, Span)>,
}

impl Uses<'_, '_> {
    fn bind_params(&mut self, closure: usize) {
        let pats: Vec<PatId> = self.tree.closures[closure].params.iter().filter_map(|param| param.pat).collect();
        for pat in pats {
            self.bind_pat(None, pat);
        }
    }

    fn record(&mut self, place: Place, how: Use, span: Span) {
        if !self.bound.contains(&place.local) {
            self.found.push(Found { place, how, span });
        }
    }

    /// The place that an expression is, if it starts at a local.
    fn place(&mut self, expr: ExprId) -> Option<Place> {
        let node = &self.tree.exprs[expr];
        let ty = self.fcx.resolve(node.ty);
        match &node.kind {
            ExprKind::Local(local) => Some(Place { local: *local, local_ty: ty, projections: Vec::new() }),
            ExprKind::Deref(base) => {
                let base = self.place(*base)?;
                Some(base.project(ProjectionKind::Deref, ty))
            }
            ExprKind::Field { base, index, .. } => {
                let base = self.place(*base)?;
                Some(base.project(ProjectionKind::Field(*index), ty))
            }
            ExprKind::Index { base, .. } => {
                let base = self.place(*base)?;
                Some(base.project(ProjectionKind::Other, ty))
            }
            ExprKind::PlaceAscription { base, .. } => self.place(*base),
            _ => None,
        }
    }

    fn is_place(&self, expr: ExprId) -> bool {
        matches!(
            self.tree.exprs[expr].kind,
            ExprKind::Local(_)
                | ExprKind::Deref(_)
                | ExprKind::Field { .. }
                | ExprKind::Index { .. }
                | ExprKind::Static(_)
                | ExprKind::PlaceAscription { .. }
        )
    }

    /// What evaluating a place evaluates besides.
    fn walk_place(&mut self, expr: ExprId) {
        match self.tree.exprs[expr].kind.clone() {
            ExprKind::Local(_) | ExprKind::Static(_) => {}
            ExprKind::Deref(base) | ExprKind::Field { base, .. } | ExprKind::PlaceAscription { base, .. } => {
                if self.is_place(base) {
                    self.walk_place(base);
                } else {
                    self.consume(base);
                }
            }
            ExprKind::Index { base, index } => {
                if self.is_place(base) {
                    self.walk_place(base);
                } else {
                    self.consume(base);
                }
                self.consume(index);
            }
            _ => self.consume(expr),
        }
    }

    fn use_place(&mut self, place: Place, span: Span) {
        let ty = place.ty();
        let how = if is_copy(self.fcx, ty) { Use::Shared } else { Use::Value };
        self.record(place, how, span);
    }

    fn borrow(&mut self, expr: ExprId, how: Use) {
        let span = self.tree.exprs[expr].span;
        if self.is_place(expr) {
            if let Some(place) = self.place(expr) {
                self.record(place, how, span);
            }
            self.walk_place(expr);
        } else {
            self.consume(expr);
        }
    }

    fn consume_all(&mut self, exprs: &[ExprId]) {
        for &expr in exprs {
            self.consume(expr);
        }
    }

    /// The expression's value is moved or copied out of where it is.
    fn consume(&mut self, expr: ExprId) {
        let span = self.tree.exprs[expr].span;
        if self.is_place(expr) {
            if let Some(place) = self.place(expr) {
                self.use_place(place, span);
            }
            self.walk_place(expr);
            return;
        }
        match self.tree.exprs[expr].kind.clone() {
            ExprKind::Local(_)
            | ExprKind::Upvar(_)
            | ExprKind::Static(_)
            | ExprKind::Deref(_)
            | ExprKind::Field { .. }
            | ExprKind::Index { .. }
            | ExprKind::PlaceAscription { .. }
            | ExprKind::Literal(_)
            | ExprKind::Const { .. }
            | ExprKind::ConstParam(_)
            | ExprKind::FnItem { .. }
            | ExprKind::Continue { .. }
            | ExprKind::Error => {}
            ExprKind::Unary { expr, .. } | ExprKind::Cast { expr, .. } | ExprKind::Coerce { expr, .. } => {
                self.consume(expr)
            }
            ExprKind::Binary { lhs, rhs, .. } | ExprKind::Logical { lhs, rhs, .. } => {
                self.consume(lhs);
                self.consume(rhs);
            }
            ExprKind::Borrow { kind, place, .. } => {
                let how = match kind {
                    BorrowKind::Shared | BorrowKind::Fake => Use::Shared,
                    BorrowKind::Unique => Use::Unique,
                    BorrowKind::Mut { .. } => Use::Mut,
                };
                self.borrow(place, how);
            }
            ExprKind::Call { callee, args, .. } => {
                self.consume(callee);
                self.consume_all(&args);
            }
            ExprKind::Adt(adt) => {
                let values: Vec<ExprId> = adt.fields.iter().map(|(_, value)| *value).collect();
                self.consume_all(&values);
                if let Some(base) = adt.base {
                    self.consume_base(base, &adt);
                }
            }
            ExprKind::Array(items) | ExprKind::VecMacro(items) | ExprKind::Tuple(items) => self.consume_all(&items),
            ExprKind::Repeat { value, .. } => self.consume(value),
            ExprKind::VecRepeat { value, len } => {
                self.consume(value);
                self.consume(len);
            }
            ExprKind::Range { start, end, .. } => {
                for bound in [start, end].into_iter().flatten() {
                    self.consume(bound);
                }
            }
            ExprKind::Closure { def } => self.nested_closure(def, span),
            ExprKind::Block(block) => self.block(block),
            ExprKind::If { cond, then, otherwise } => {
                self.consume(cond);
                self.consume(then);
                if let Some(otherwise) = otherwise {
                    self.consume(otherwise);
                }
            }
            ExprKind::Let { pat, scrutinee } => self.matched(scrutinee, &[pat]),
            ExprKind::Match { scrutinee, arms, .. } => {
                let pats: Vec<PatId> = arms.iter().map(|&arm| self.tree.arms[arm].pat).collect();
                self.matched(scrutinee, &pats);
                for arm in arms {
                    let (guard, body) = (self.tree.arms[arm].guard, self.tree.arms[arm].body);
                    if let Some(guard) = guard {
                        self.consume(guard);
                    }
                    self.consume(body);
                }
            }
            ExprKind::Loop { body, .. } => self.consume(body),
            ExprKind::While { cond, body, .. } => {
                self.consume(cond);
                self.consume(body);
            }
            ExprKind::For { pat, iter, body, .. } => {
                self.consume(iter);
                self.bind_pat(None, pat);
                self.consume(body);
            }
            ExprKind::Break { value, .. } | ExprKind::Return { value } => {
                if let Some(value) = value {
                    self.consume(value);
                }
            }
            ExprKind::Try { expr, .. } => self.consume(expr),
            ExprKind::Assign { place, value } => {
                self.consume(value);
                self.borrow(place, Use::Mut);
            }
            ExprKind::AssignOp { place, value, .. } => {
                self.consume(value);
                self.borrow(place, Use::Mut);
            }
            ExprKind::DestructureAssign { pat, value, assigns } => {
                self.matched(value, &[pat]);
                for (_, place) in assigns {
                    self.borrow(place, Use::Mut);
                }
            }
            ExprKind::FormatArgs(format) => {
                for arg in format.args {
                    self.borrow(arg, Use::Shared);
                }
            }
        }
    }

    /// `..base`: only the fields that are not given are used.
    fn consume_base(&mut self, base: ExprId, adt: &crate::thir::AdtExpr) {
        let span = self.tree.exprs[base].span;
        let Some(place) = self.place(base).filter(|_| self.is_place(base)) else {
            self.consume(base);
            return;
        };
        let variant =
            crate::infer::tables::VariantRef { def: adt.adt, adt: adt.adt, index: adt.variant, args: adt.args };
        let types = self.fcx.field_types(variant, span);
        for (index, ty) in types.into_iter().enumerate() {
            let index = index as u32;
            if adt.fields.iter().all(|(given, _)| *given != index) {
                self.use_place(place.project(ProjectionKind::Field(index), ty), span);
            }
        }
        self.walk_place(base);
    }

    fn block(&mut self, block: BlockId) {
        let block = self.tree.blocks[block].clone();
        for stmt in block.stmts {
            match self.tree.stmts[stmt].kind.clone() {
                StmtKind::Expr(expr) => self.consume(expr),
                StmtKind::Let { pat, init, otherwise, .. } => {
                    match init {
                        Some(init) => self.matched(init, &[pat]),
                        None => self.bind_pat(None, pat),
                    }
                    if let Some(otherwise) = otherwise {
                        self.block(otherwise);
                    }
                }
            }
        }
        if let Some(tail) = block.tail {
            self.consume(tail);
        }
    }

    fn matched(&mut self, scrutinee: ExprId, pats: &[PatId]) {
        if self.is_place(scrutinee) {
            let place = self.place(scrutinee);
            self.walk_place(scrutinee);
            if let Some(place) = &place {
                self.must_hold_value(place.clone(), self.tree.exprs[scrutinee].span);
            }
            for &pat in pats {
                self.bind_pat(place.as_ref(), pat);
            }
        } else {
            self.consume(scrutinee);
            for &pat in pats {
                self.bind_pat(None, pat);
            }
        }
    }

    fn must_hold_value(&mut self, mut place: Place, span: Span) {
        if !self.bound.contains(&place.local) {
            let mut how = Use::Shared;
            restrict_precision(&mut place, &mut how);
            stop_at_shared_deref(&mut place, &mut how);
            self.matched.push((captured_place(&place), span));
        }
    }

    /// Binds a pattern's locals and records what it does to the place it is matched against.
    fn bind_pat(&mut self, place: Option<&Place>, pat: PatId) {
        let node = self.tree.pats[pat].clone();
        match node.kind {
            PatKind::Wild | PatKind::Never | PatKind::Error => {}
            PatKind::Bind { local, by_ref, sub, .. } => {
                self.bound.insert(local);
                if let Some(place) = place {
                    match by_ref {
                        Some(Mutability::Not) => self.record(place.clone(), Use::Shared, node.span),
                        Some(Mutability::Mut) => self.record(place.clone(), Use::Mut, node.span),
                        None => self.use_place(place.clone(), node.span),
                    }
                }
                if let Some(sub) = sub {
                    self.bind_pat(place, sub);
                }
            }
            PatKind::Variant { adt, fields, .. } => {
                if let Some(place) = place
                    && self.fcx.adt_def(adt).variants.len() > 1
                {
                    self.record(place.clone(), Use::Shared, node.span);
                }
                for (_, sub) in fields {
                    let ty = self.fcx.resolve(self.tree.pats[sub].ty);
                    let inner = place.map(|place| place.project(ProjectionKind::Other, ty));
                    self.bind_pat(inner.as_ref(), sub);
                }
            }
            PatKind::Leaf { fields } => {
                for (index, sub) in fields {
                    let ty = self.fcx.resolve(self.tree.pats[sub].ty);
                    let inner = place.map(|place| place.project(ProjectionKind::Field(index), ty));
                    self.bind_pat(inner.as_ref(), sub);
                }
            }
            PatKind::Deref { pat: sub } => {
                let ty = self.fcx.resolve(self.tree.pats[sub].ty);
                let inner = place.map(|place| place.project(ProjectionKind::Deref, ty));
                self.bind_pat(inner.as_ref(), sub);
            }
            PatKind::Const(_) | PatKind::Range { .. } => {
                if let Some(place) = place {
                    self.record(place.clone(), Use::Shared, node.span);
                }
            }
            PatKind::Slice { prefix, slice, suffix } => {
                // `[..]` matches any length: nothing is read.
                let reads_length = !(prefix.is_empty() && suffix.is_empty() && slice.is_some());
                if let Some(place) = place
                    && reads_length
                    && matches!(place.ty().kind(), TyKind::Slice(_))
                {
                    self.record(place.clone(), Use::Shared, node.span);
                }
                for sub in prefix.into_iter().chain(slice.flatten()).chain(suffix) {
                    let ty = self.fcx.resolve(self.tree.pats[sub].ty);
                    let inner = place.map(|place| place.project(ProjectionKind::Other, ty));
                    self.bind_pat(inner.as_ref(), sub);
                }
            }
            PatKind::Or(pats) => {
                for sub in pats {
                    self.bind_pat(place, sub);
                }
            }
        }
    }

    /// What an inner closure captures from further out is used here.
    fn nested_closure(&mut self, def: DefId, span: Span) {
        let Some(Captured { list, matched, .. }) = self.captures.get(&def) else { return };
        let outer = matched.iter().filter(|(place, _)| !self.bound.contains(&place.local)).cloned();
        self.matched.extend(outer);
        for capture in list.clone() {
            let local_ty = self.fcx.tables.local_ty.get(capture.place.local).copied().unwrap_or_else(Ty::error);
            let mut place =
                Place { local: capture.place.local, local_ty: self.fcx.resolve(local_ty), projections: Vec::new() };
            for projection in &capture.place.projections {
                place = match projection {
                    CaptureProjection::Field { index, ty } => place.project(ProjectionKind::Field(*index), *ty),
                    CaptureProjection::Deref { ty } => place.project(ProjectionKind::Deref, *ty),
                };
            }
            match Use::of(capture.by) {
                Use::Value => self.use_place(place, span),
                how => self.record(place, how, span),
            }
        }
    }
}

fn is_copy(fcx: &mut FnCtxt<'_>, ty: Ty) -> bool {
    let ty = fcx.resolve(ty);
    match ty.kind() {
        TyKind::Ref(_, _, mutability) => *mutability == Mutability::Not,
        _ if ty.is_scalar() => true,
        _ => match fcx.lang("copy") {
            Some(copy) => fcx.trait_holds(copy, Args::of_types(&[ty])),
            None => false,
        },
    }
}

/// From all uses to the closure's kind and its captures.
fn capture_list(
    fcx: &mut FnCtxt<'_>,
    found: Vec<Found>,
    clause: CaptureClause,
) -> (ClosureKind, Option<CaptureNote>, Vec<Capture>) {
    let mut kind = ClosureKind::Fn;
    let mut origin = None;
    let mut merged: Vec<Found> = Vec::new();
    for Found { mut place, mut how, span } in found {
        restrict_precision(&mut place, &mut how);
        stop_at_shared_deref(&mut place, &mut how);
        let needed = match how {
            Use::Value => ClosureKind::FnOnce,
            Use::Mut | Use::Unique => ClosureKind::FnMut,
            Use::Shared => ClosureKind::Fn,
        };
        if needed > kind {
            kind = needed;
            origin = Some(CaptureNote { variable: fcx.body.locals[place.local].name, span, ty: place.ty() });
        }
        match clause {
            CaptureClause::Move => {
                if let Some(first) = first_deref(&place) {
                    place.truncate(first, &mut how);
                }
                how = Use::Value;
            }
            CaptureClause::Ref => {
                if how == Use::Value
                    && let Some(first) = first_deref(&place)
                {
                    place.truncate(first, &mut how);
                }
            }
        }
        if how == Use::Value {
            stop_at_drop(fcx, &mut place, &mut how);
        }
        merge(&mut merged, Found { place, how, span });
    }
    let captures = merged
        .into_iter()
        .map(|found| {
            let place = captured_place(&found.place);
            let ty = place.ty;
            let by = found.how.to_capture();
            let mutable = is_mutable(fcx, &found);
            let upvar_ty = match found.how {
                Use::Value => ty,
                Use::Shared => Ty::imm_ref(ty),
                Use::Unique | Use::Mut => Ty::mut_ref(ty),
            };
            Capture { place, by, mutable, ty: upvar_ty, span: found.span }
        })
        .collect();
    (kind, origin, captures)
}

fn captured_place(place: &Place) -> CapturedPlace {
    let projections = place
        .projections
        .iter()
        .map(|projection| match projection.kind {
            ProjectionKind::Field(index) => CaptureProjection::Field { index, ty: projection.ty },
            ProjectionKind::Deref | ProjectionKind::Other => CaptureProjection::Deref { ty: projection.ty },
        })
        .collect();
    CapturedPlace { local: place.local, projections, ty: place.ty() }
}

/// Whether a captured place may be changed: as its variable is declared, but through `&mut` always.
fn is_mutable(fcx: &FnCtxt<'_>, found: &Found) -> bool {
    let place = &found.place;
    let mut mutable = fcx.body.locals[place.local].mode.mutable;
    for (index, projection) in place.projections.iter().enumerate() {
        if projection.kind == ProjectionKind::Deref
            && let TyKind::Ref(_, _, mutability) = place.ty_before(index).kind()
        {
            mutable = *mutability == Mutability::Mut || matches!(found.how, Use::Mut | Use::Unique);
        }
    }
    mutable
}

/// Elements, variants' fields and what lies behind them are not captured on their own.
fn restrict_precision(place: &mut Place, how: &mut Use) {
    if let Some(index) = place.projections.iter().position(|projection| projection.kind == ProjectionKind::Other) {
        place.truncate(index, how);
    }
}

/// Behind a shared reference nothing is gained by more precision: capturing `*r` is copying `r`.
fn stop_at_shared_deref(place: &mut Place, how: &mut Use) {
    let last = (0..place.projections.len()).rev().find(|&index| {
        place.projections[index].kind == ProjectionKind::Deref
            && matches!(place.ty_before(index).kind(), TyKind::Ref(_, _, Mutability::Not))
    });
    if let Some(index) = last {
        place.truncate(index + 1, how);
    }
}

fn first_deref(place: &Place) -> Option<usize> {
    place.projections.iter().position(|projection| projection.kind == ProjectionKind::Deref)
}

/// Nothing is moved out of a type with a destructor; what is `Copy` may be copied out.
fn stop_at_drop(fcx: &mut FnCtxt<'_>, place: &mut Place, how: &mut Use) {
    if is_copy(fcx, place.ty()) {
        return;
    }
    let index = (0..place.projections.len()).find(|&index| match place.ty_before(index).kind() {
        TyKind::Adt(def, _) => crate::drop_glue::drop_impl_of(fcx.db, *def).is_some(),
        _ => false,
    });
    if let Some(index) = index {
        place.truncate(index, how);
    }
}

/// Keeps the list free of places that lie inside each other.
fn merge(list: &mut Vec<Found>, mut new: Found) {
    for known in list.iter_mut() {
        if known.place.is_prefix_of(&new.place) {
            let len = known.place.projections.len();
            new.place.truncate(len, &mut new.how);
            if new.how > known.how {
                known.span = new.span;
            }
            known.how = known.how.join(new.how);
            return;
        }
    }
    let mut position = None;
    let mut index = 0;
    while index < list.len() {
        if new.place.is_prefix_of(&list[index].place) {
            let mut inner = list.remove(index);
            position.get_or_insert(index);
            inner.place.truncate(new.place.projections.len(), &mut inner.how);
            if inner.how > new.how {
                new.span = inner.span;
            }
            new.how = new.how.join(inner.how);
        } else {
            index += 1;
        }
    }
    // Captures of one variable stand together.
    let after_sibling = list.iter().rposition(|known| known.place.local == new.place.local).map(|index| index + 1);
    let at = position.or(after_sibling).unwrap_or(list.len());
    list.insert(at.min(list.len()), new);
}
