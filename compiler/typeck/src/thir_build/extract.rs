//! Copies the shared tree into one body per owner and closure: types resolved, captured places replaced by upvars.

use la_arena::{Arena, ArenaMap};
use rgo_hir::DefId;
use rgo_hir::body::{LabelId, LocalId};
use rustc_hash::FxHashMap;

use super::{Root, Tree};
use crate::infer::FnCtxt;
use crate::thir::{
    AdtExpr, Arm, ArmId, Block, BlockId, Body, BodyKind, Capture, CaptureProjection, CapturedPlace, ClosureInfo, Expr,
    ExprId, ExprKind, FormatArgs, FormatPiece, Local, NamedConst, Param, Pat, PatId, PatKind, Stmt, StmtId, StmtKind,
    UserArgs, UserTy,
};
use crate::ty::fold::TypeFoldable;
use crate::ty::{ClosureKind, Ty};
use crate::upvar::{Captured, Captures};

/// Adds the bodies of the owner or inline constant that is being looked at, and of its closures.
pub fn extract(
    fcx: &mut FnCtxt<'_>,
    tree: &Tree,
    root: Root,
    captures: &Captures,
    bodies: &mut FxHashMap<DefId, Body>,
) {
    let owner = fcx.owner;
    let kind = if owner.kind() == rgo_hir::DefKind::Fn { BodyKind::Fn } else { BodyKind::Const };
    let closures_of = |parent: DefId| -> Vec<DefId> {
        tree.closures.iter().filter(|closure| closure.parent == parent).map(|closure| closure.def).collect()
    };
    let body = copy_body(fcx, tree, owner, kind, root.params, root.ret, root.value, &[], closures_of(owner));
    bodies.insert(owner, body);
    for closure in tree.closures.iter().filter(|closure| closure.owner == owner) {
        let Some(Captured { kind: closure_kind, list, matched }) = captures.get(&closure.def) else { continue };
        let matched = matched.iter().map(|(place, span)| (resolve_place(fcx, place), *span)).collect();
        let list: Vec<Capture> = list.iter().map(|capture| resolve_capture(fcx, capture)).collect();
        let ty = resolve(fcx, closure.ty);
        let env = Param {
            pat: None,
            ty: match closure_kind {
                ClosureKind::Fn => Ty::imm_ref(ty),
                ClosureKind::FnMut => Ty::mut_ref(ty),
                ClosureKind::FnOnce => ty,
            },
            span: closure.span,
            user_ty: None,
        };
        let mut params = vec![env];
        params.extend(closure.params.iter().cloned());
        let info = ClosureInfo {
            ty,
            kind: *closure_kind,
            by_move: closure.by_move,
            captures: list.clone(),
            matched,
            parent: closure.parent,
        };
        let body = copy_body(
            fcx,
            tree,
            closure.def,
            BodyKind::Closure(info),
            params,
            closure.ret,
            closure.value,
            &list,
            closures_of(closure.def),
        );
        bodies.insert(closure.def, body);
    }
    fcx.report_left_unknown();
}

/// Without inference variables; an unknown one makes the body erroneous.
fn resolve<T: TypeFoldable>(fcx: &mut FnCtxt<'_>, value: T) -> T {
    let (value, unknown) = fcx.infcx.fully_resolve(value);
    if unknown.is_some() {
        fcx.unresolved = true;
    }
    value
}

fn resolve_capture(fcx: &mut FnCtxt<'_>, capture: &Capture) -> Capture {
    Capture {
        place: resolve_place(fcx, &capture.place),
        by: capture.by,
        mutable: capture.mutable,
        ty: resolve(fcx, capture.ty),
        span: capture.span,
    }
}

fn resolve_place(fcx: &mut FnCtxt<'_>, place: &CapturedPlace) -> CapturedPlace {
    let projections = place
        .projections
        .iter()
        .map(|projection| match projection {
            CaptureProjection::Field { index, ty } => CaptureProjection::Field { index: *index, ty: resolve(fcx, *ty) },
            CaptureProjection::Deref { ty } => CaptureProjection::Deref { ty: resolve(fcx, *ty) },
        })
        .collect();
    CapturedPlace { local: place.local, projections, ty: resolve(fcx, place.ty) }
}

/// Whether a capture is of a place on the way along these steps, or beyond their end.
fn captures_along(capture: &Capture, local: LocalId, steps: &[Option<u32>]) -> bool {
    capture.place.local == local
        && capture.place.projections.iter().zip(steps).all(|(own, used)| match (own, used) {
            (CaptureProjection::Field { index, .. }, Some(used)) => index == used,
            (CaptureProjection::Deref { .. }, None) => true,
            _ => false,
        })
}

struct Copier<'a, 'db> {
    fcx: &'a mut FnCtxt<'db>,
    tree: &'a Tree,
    captures: &'a [Capture],
    is_closure: bool,
    exprs: Arena<Expr>,
    pats: Arena<Pat>,
    arms: Arena<Arm>,
    blocks: Arena<Block>,
    stmts: Arena<Stmt>,
    locals: ArenaMap<LocalId, Local>,
    labels: ArenaMap<LabelId, rgo_syntax::Name>,
    inline_consts: Vec<DefId>,
}

fn copy_body(
    fcx: &mut FnCtxt<'_>,
    tree: &Tree,
    owner: DefId,
    kind: BodyKind,
    params: Vec<Param>,
    ret: Ty,
    value: ExprId,
    captures: &[Capture],
    closures: Vec<DefId>,
) -> Body {
    // A body that is the whole tree needs as much room, and keeps it.
    let room = |count: usize| if tree.closures.is_empty() { count } else { 0 };
    let mut copier = Copier {
        fcx,
        tree,
        captures,
        is_closure: matches!(kind, BodyKind::Closure(_)),
        exprs: Arena::with_capacity(room(tree.exprs.len())),
        pats: Arena::with_capacity(room(tree.pats.len())),
        arms: Arena::with_capacity(room(tree.arms.len())),
        blocks: Arena::with_capacity(room(tree.blocks.len())),
        stmts: Arena::with_capacity(room(tree.stmts.len())),
        locals: ArenaMap::default(),
        labels: ArenaMap::default(),
        inline_consts: Vec::new(),
    };
    let params = params
        .into_iter()
        .map(|param| Param {
            pat: param.pat.map(|pat| copier.pat(pat)),
            ty: copier.value(param.ty),
            span: param.span,
            user_ty: copier.user_ty(param.user_ty.as_ref()),
        })
        .collect();
    let ret = copier.value(ret);
    let value = copier.expr(value);
    Body {
        owner,
        kind,
        exprs: copier.exprs,
        pats: copier.pats,
        arms: copier.arms,
        blocks: copier.blocks,
        stmts: copier.stmts,
        locals: copier.locals,
        labels: copier.labels,
        params,
        ret,
        value,
        closures,
        inline_consts: copier.inline_consts,
        has_errors: false,
    }
}

impl Copier<'_, '_> {
    fn value<T: TypeFoldable>(&mut self, value: T) -> T {
        resolve(self.fcx, value)
    }

    fn user_ty(&mut self, user_ty: Option<&UserTy>) -> Option<UserTy> {
        user_ty.map(|user_ty| UserTy { ty: self.value(user_ty.ty), span: user_ty.span })
    }

    fn user_args(&mut self, user_args: Option<&UserArgs>) -> Option<Box<UserArgs>> {
        user_args.map(|user_args| Box::new(self.written_args(user_args)))
    }

    fn written_args(&mut self, user_args: &UserArgs) -> UserArgs {
        UserArgs {
            args: self.value(user_args.args),
            self_ty: user_args.self_ty.map(|(impl_, ty)| (impl_, self.value(ty))),
            span: user_args.span,
        }
    }

    fn label(&mut self, label: LabelId) -> LabelId {
        self.labels.insert(label, self.fcx.body.labels[label].name);
        label
    }

    fn bind_local(&mut self, local: LocalId, by_ref: Option<rgo_hir::body::Mutability>) {
        if self.locals.contains_idx(local) {
            return;
        }
        let declared = &self.fcx.body.locals[local];
        let ty = self.fcx.tables.local_ty.get(local).copied().unwrap_or_else(Ty::error);
        let span = self.fcx.map.locals.get(local).copied().unwrap_or_default();
        let local_data = Local {
            name: declared.name,
            ty: resolve(self.fcx, ty),
            mutable: declared.mode.mutable,
            by_ref,
            span,
            synthetic: declared.synthetic,
        };
        self.locals.insert(local, local_data);
    }

    /// The upvar that this very place is.
    fn upvar(&self, expr: ExprId) -> Option<u32> {
        if self.captures.is_empty() {
            return None;
        }
        let (local, steps) = self.steps_to(expr)?;
        let is_this = |capture: &Capture| {
            capture.place.projections.len() == steps.len() && captures_along(capture, local, &steps)
        };
        self.captures.iter().position(is_this).map(|index| index as u32)
    }

    /// The variable that a place starts at, and the steps from there: a field's index, or `None` for a dereference.
    fn steps_to(&self, expr: ExprId) -> Option<(LocalId, Vec<Option<u32>>)> {
        let mut steps = Vec::new();
        let mut current = expr;
        let local = loop {
            match &self.tree.exprs[current].kind {
                ExprKind::Local(local) => break *local,
                ExprKind::Deref(base) => {
                    steps.push(None);
                    current = *base;
                }
                ExprKind::Field { base, index, .. } => {
                    steps.push(Some(*index));
                    current = *base;
                }
                _ => return None,
            }
        };
        steps.reverse();
        Some((local, steps))
    }

    /// A place of the surroundings of which the closure captures nothing, because nothing is read from it (`let _ = x`).
    fn is_uncaptured(&self, expr: ExprId) -> bool {
        if !self.is_closure {
            return false;
        }
        match self.steps_to(expr) {
            Some((local, steps)) => {
                !self.locals.contains_idx(local)
                    && !self.captures.iter().any(|capture| captures_along(capture, local, &steps))
            }
            None => false,
        }
    }

    /// Matches without reading: the scrutinee is as good as `()`.
    fn unit(&mut self, like: ExprId) -> ExprId {
        let span = self.tree.exprs[like].span;
        self.exprs.alloc(Expr { kind: ExprKind::Tuple(Vec::new()), ty: Ty::unit(), span, hir: None })
    }

    fn wild(&mut self, like: PatId) -> PatId {
        let span = self.tree.pats[like].span;
        self.pats.alloc(Pat { kind: PatKind::Wild, ty: Ty::unit(), user_ty: None, constant: None, span })
    }

    fn expr(&mut self, id: ExprId) -> ExprId {
        let tree = self.tree;
        let node = &tree.exprs[id];
        let ty = self.value(node.ty);
        let kind = match self.upvar(id) {
            Some(index) => ExprKind::Upvar(index),
            None => self.kind(&node.kind),
        };
        self.exprs.alloc(Expr { kind, ty, span: node.span, hir: node.hir })
    }

    fn exprs(&mut self, ids: &[ExprId]) -> Vec<ExprId> {
        ids.iter().map(|&id| self.expr(id)).collect()
    }

    fn opt(&mut self, id: Option<ExprId>) -> Option<ExprId> {
        id.map(|id| self.expr(id))
    }

    fn kind(&mut self, kind: &ExprKind) -> ExprKind {
        match kind {
            ExprKind::Local(local) => ExprKind::Local(*local),
            ExprKind::Upvar(index) => ExprKind::Upvar(*index),
            ExprKind::Static(def) => ExprKind::Static(*def),
            ExprKind::Deref(base) => ExprKind::Deref(self.expr(*base)),
            ExprKind::Field { base, variant, index } => {
                ExprKind::Field { base: self.expr(*base), variant: *variant, index: *index }
            }
            ExprKind::Index { base, index } => ExprKind::Index { base: self.expr(*base), index: self.expr(*index) },
            ExprKind::PlaceAscription { base, user_ty } => {
                let user_ty = UserTy { ty: self.value(user_ty.ty), span: user_ty.span };
                ExprKind::PlaceAscription { base: self.expr(*base), user_ty }
            }
            ExprKind::Literal(value) => ExprKind::Literal(value.clone()),
            ExprKind::Const { def, args, user_args } => {
                if def.kind() == rgo_hir::DefKind::AnonConst {
                    self.inline_consts.push(*def);
                }
                ExprKind::Const { def: *def, args: self.value(*args), user_args: self.user_args(user_args.as_deref()) }
            }
            ExprKind::ConstParam(value) => ExprKind::ConstParam(self.value(*value)),
            ExprKind::FnItem { def, args, user_args } => {
                ExprKind::FnItem { def: *def, args: self.value(*args), user_args: self.user_args(user_args.as_deref()) }
            }
            ExprKind::Unary { op, expr } => ExprKind::Unary { op: *op, expr: self.expr(*expr) },
            ExprKind::Binary { op, lhs, rhs } => {
                ExprKind::Binary { op: *op, lhs: self.expr(*lhs), rhs: self.expr(*rhs) }
            }
            ExprKind::Logical { op, lhs, rhs } => {
                ExprKind::Logical { op: *op, lhs: self.expr(*lhs), rhs: self.expr(*rhs) }
            }
            ExprKind::Cast { kind, expr, user_ty } => {
                ExprKind::Cast { kind: *kind, expr: self.expr(*expr), user_ty: self.user_ty(user_ty.as_ref()) }
            }
            ExprKind::Coerce { kind, expr } => ExprKind::Coerce { kind: kind.clone(), expr: self.expr(*expr) },
            ExprKind::Borrow { kind, place, implicit } => {
                ExprKind::Borrow { kind: *kind, place: self.expr(*place), implicit: *implicit }
            }
            ExprKind::Call { callee, args, source } => {
                ExprKind::Call { callee: self.expr(*callee), args: self.exprs(args), source: *source }
            }
            ExprKind::Adt(adt) => ExprKind::Adt(Box::new(AdtExpr {
                adt: adt.adt,
                variant: adt.variant,
                args: self.value(adt.args),
                fields: adt.fields.iter().map(|(index, value)| (*index, self.expr(*value))).collect(),
                base: self.opt(adt.base),
                user_args: self.user_args(adt.user_args.as_deref()),
            })),
            ExprKind::Array(items) => ExprKind::Array(self.exprs(items)),
            ExprKind::Repeat { value, len } => ExprKind::Repeat { value: self.expr(*value), len: self.value(*len) },
            ExprKind::VecMacro(items) => ExprKind::VecMacro(self.exprs(items)),
            ExprKind::VecRepeat { value, len } => {
                ExprKind::VecRepeat { value: self.expr(*value), len: self.expr(*len) }
            }
            ExprKind::Tuple(items) => ExprKind::Tuple(self.exprs(items)),
            ExprKind::Range { start, end, inclusive } => {
                ExprKind::Range { start: self.opt(*start), end: self.opt(*end), inclusive: *inclusive }
            }
            ExprKind::Closure { def } => ExprKind::Closure { def: *def },
            ExprKind::Block(block) => ExprKind::Block(self.block(*block)),
            ExprKind::If { cond, then, otherwise } => {
                ExprKind::If { cond: self.expr(*cond), then: self.expr(*then), otherwise: self.opt(*otherwise) }
            }
            ExprKind::Let { pat, scrutinee } if self.is_uncaptured(*scrutinee) => {
                let scrutinee = self.unit(*scrutinee);
                ExprKind::Let { pat: self.wild(*pat), scrutinee }
            }
            ExprKind::Match { scrutinee, arms, exhaustive } if self.is_uncaptured(*scrutinee) => {
                let scrutinee = self.unit(*scrutinee);
                let arms = arms
                    .iter()
                    .map(|&arm| {
                        let arm = &self.tree.arms[arm];
                        let pat = self.wild(arm.pat);
                        let guard = self.opt(arm.guard);
                        let body = self.expr(arm.body);
                        self.arms.alloc(Arm { pat, guard, body, span: arm.span })
                    })
                    .collect();
                ExprKind::Match { scrutinee, arms, exhaustive: *exhaustive }
            }
            ExprKind::Let { pat, scrutinee } => {
                let scrutinee = self.expr(*scrutinee);
                ExprKind::Let { pat: self.pat(*pat), scrutinee }
            }
            ExprKind::Match { scrutinee, arms, exhaustive } => ExprKind::Match {
                scrutinee: self.expr(*scrutinee),
                arms: arms.iter().map(|&arm| self.arm(arm)).collect(),
                exhaustive: *exhaustive,
            },
            ExprKind::Loop { label, body } => ExprKind::Loop { label: self.label(*label), body: self.expr(*body) },
            ExprKind::While { label, cond, body } => {
                ExprKind::While { label: self.label(*label), cond: self.expr(*cond), body: self.expr(*body) }
            }
            ExprKind::For { label, pat, iter, next, item, body } => {
                let iter = self.expr(*iter);
                let pat = self.pat(*pat);
                let next = Box::new((next.0, self.value(next.1)));
                let item = self.value(*item);
                ExprKind::For { label: self.label(*label), pat, iter, next, item, body: self.expr(*body) }
            }
            ExprKind::Break { label, value } => ExprKind::Break { label: self.label(*label), value: self.opt(*value) },
            ExprKind::Continue { label } => ExprKind::Continue { label: self.label(*label) },
            ExprKind::Return { value } => ExprKind::Return { value: self.opt(*value) },
            ExprKind::Try { expr, convert, ret } => {
                let convert = convert.as_ref().map(|(def, args)| (*def, self.value(*args)));
                ExprKind::Try { expr: self.expr(*expr), convert, ret: self.value(*ret) }
            }
            ExprKind::Assign { place, value } => {
                ExprKind::Assign { place: self.expr(*place), value: self.expr(*value) }
            }
            ExprKind::AssignOp { op, place, value } => {
                ExprKind::AssignOp { op: *op, place: self.expr(*place), value: self.expr(*value) }
            }
            ExprKind::DestructureAssign { pat, value, assigns } => {
                let value = self.expr(*value);
                let pat = self.pat(*pat);
                let assigns = assigns.iter().map(|(local, place)| (*local, self.expr(*place))).collect();
                ExprKind::DestructureAssign { pat, value, assigns }
            }
            ExprKind::FormatArgs(format) => {
                let args = self.exprs(&format.args);
                let pieces = format
                    .pieces
                    .iter()
                    .map(|piece| match piece {
                        FormatPiece::Text(text) => FormatPiece::Text(*text),
                        FormatPiece::Arg { arg, format, method, spec } => FormatPiece::Arg {
                            arg: *arg,
                            format: *format,
                            method: (method.0, self.value(method.1)),
                            spec: spec.clone(),
                        },
                    })
                    .collect();
                ExprKind::FormatArgs(Box::new(FormatArgs { pieces, args }))
            }
            ExprKind::Error => {
                self.fcx.has_errors = true;
                ExprKind::Error
            }
        }
    }

    fn arm(&mut self, id: ArmId) -> ArmId {
        let arm = &self.tree.arms[id];
        let pat = self.pat(arm.pat);
        let guard = self.opt(arm.guard);
        let body = self.expr(arm.body);
        self.arms.alloc(Arm { pat, guard, body, span: arm.span })
    }

    fn block(&mut self, id: BlockId) -> BlockId {
        let tree = self.tree;
        let block = &tree.blocks[id];
        let stmts = block.stmts.iter().map(|&stmt| self.stmt(stmt)).collect();
        let tail = self.opt(block.tail);
        let label = block.label.map(|label| self.label(label));
        self.blocks.alloc(Block { stmts, tail, label, span: block.span, end: block.end })
    }

    fn stmt(&mut self, id: StmtId) -> StmtId {
        let tree = self.tree;
        let stmt = &tree.stmts[id];
        let kind = match &stmt.kind {
            StmtKind::Expr(expr) => StmtKind::Expr(self.expr(*expr)),
            StmtKind::Let { init: Some(init), .. } if self.is_uncaptured(*init) => StmtKind::Expr(self.unit(*init)),
            StmtKind::Let { pat, user_ty, init, otherwise } => {
                let init = self.opt(*init);
                let otherwise = otherwise.map(|block| self.block(block));
                let user_ty = self.user_ty(user_ty.as_ref());
                StmtKind::Let { pat: self.pat(*pat), user_ty, init, otherwise }
            }
        };
        self.stmts.alloc(Stmt { kind, span: stmt.span })
    }

    fn pat(&mut self, id: PatId) -> PatId {
        let tree = self.tree;
        let pat = &tree.pats[id];
        let ty = self.value(pat.ty);
        let kind = match &pat.kind {
            PatKind::Wild => PatKind::Wild,
            PatKind::Never => PatKind::Never,
            PatKind::Bind { local, by_ref, sub, is_primary } => {
                self.bind_local(*local, *by_ref);
                PatKind::Bind {
                    local: *local,
                    by_ref: *by_ref,
                    sub: sub.map(|sub| self.pat(sub)),
                    is_primary: *is_primary,
                }
            }
            PatKind::Variant { adt, args, variant, fields } => PatKind::Variant {
                adt: *adt,
                args: self.value(*args),
                variant: *variant,
                fields: fields.iter().map(|(index, pat)| (*index, self.pat(*pat))).collect(),
            },
            PatKind::Leaf { fields } => {
                PatKind::Leaf { fields: fields.iter().map(|(index, pat)| (*index, self.pat(*pat))).collect() }
            }
            PatKind::Deref { pat } => PatKind::Deref { pat: self.pat(*pat) },
            PatKind::Const(value) => PatKind::Const(value.clone()),
            PatKind::Range { start, end, inclusive } => {
                PatKind::Range { start: start.clone(), end: end.clone(), inclusive: *inclusive }
            }
            PatKind::Slice { prefix, slice, suffix } => PatKind::Slice {
                prefix: prefix.iter().map(|&pat| self.pat(pat)).collect(),
                slice: slice.map(|slice| slice.map(|pat| self.pat(pat))),
                suffix: suffix.iter().map(|&pat| self.pat(pat)).collect(),
            },
            PatKind::Or(pats) => PatKind::Or(pats.iter().map(|&pat| self.pat(pat)).collect()),
            PatKind::Error => {
                self.fcx.has_errors = true;
                PatKind::Error
            }
        };
        let user_ty = self.user_ty(pat.user_ty.as_ref());
        let constant = pat.constant.as_ref().map(|constant| {
            let NamedConst { def, args, user_args } = &**constant;
            Box::new(NamedConst { def: *def, args: self.value(*args), user_args: self.written_args(user_args) })
        });
        self.pats.alloc(Pat { kind, ty, user_ty, constant, span: pat.span })
    }
}
