//! THIR from HIR and inference results.
//!
//! Three steps while the inference variables are still there: [`build`] writes one tree for the owner with its closures inline; capture analysis
//! (`upvar`) runs on that tree and decides closures' kinds and captures; [`extract`] copies the tree of each body with all types resolved and
//! captured places replaced.

mod build;
mod const_pats;
mod deferred;
mod extract;
mod pats;

use la_arena::{Arena, ArenaMap};
use rgo_hir::{Db, DefId};
use rgo_syntax::Span;
use rustc_hash::FxHashMap;

use crate::infer::{FnCtxt, InferenceResult, infer_body, typeck_root};
use crate::thir::{Arm, Block, Body, BodyKind, Expr, ExprId, ExprKind, Param, Pat, Stmt};
use crate::ty::subst::Subst;
use crate::ty::{Args, Ty};

/// The tree of an owner, its inline constants and all their closures, in shared arenas; types may hold inference variables.
#[derive(Default)]
pub struct Tree {
    pub exprs: Arena<Expr>,
    pub pats: Arena<Pat>,
    pub arms: Arena<Arm>,
    pub blocks: Arena<Block>,
    pub stmts: Arena<Stmt>,
    /// In the order in which their expressions end: inner ones before outer ones, and otherwise as in the source.
    pub closures: Vec<ClosureTree>,
    /// Calls of closures whose kind is not known yet.
    pub deferred_calls: Vec<TreeCall>,
}

pub struct ClosureTree {
    pub def: DefId,
    pub ty: Ty,
    /// Without the environment.
    pub params: Vec<Param>,
    pub ret: Ty,
    pub value: ExprId,
    pub by_move: rgo_hir::body::CaptureClause,
    pub span: Span,
    /// The owner or closure it stands in.
    pub parent: DefId,
    /// The owner whose HIR body it stands in.
    pub owner: DefId,
}

/// A call `callee(args)` to be made a call of one of the `Fn*` traits.
pub struct TreeCall {
    pub expr: ExprId,
    pub closure: DefId,
    pub closure_ty: Ty,
    pub args_tuple: Ty,
}

/// The typed body of a function, constant, static, anonymous constant or closure.
pub fn thir_body(db: &dyn Db, owner: DefId) -> &Body {
    let result = infer_body(db, owner);
    match result.bodies.get(&owner) {
        Some(body) => body,
        // A closure that inference did not reach: the owner has errors.
        None => &result.bodies[&typeck_root(db, owner)],
    }
}

/// Builds everything after inference of the owner's expressions.
pub fn finish(mut fcx: FnCtxt<'_>, value_ty: Ty) -> InferenceResult {
    let mut tree = Tree::default();
    let mut roots = Vec::new();
    fcx.for_each_body(|fcx, ty| roots.push(build::build(fcx, &mut tree, ty.unwrap_or(value_ty))));
    let captures = crate::upvar::analyze(&mut fcx, &mut tree);
    fcx.finish_obligations();
    let mut roots = roots.into_iter();
    let mut bodies = FxHashMap::default();
    fcx.for_each_body(|fcx, _| {
        if let Some(root) = roots.next() {
            extract::extract(fcx, &tree, root, &captures, &mut bodies);
        }
    });
    if fcx.has_errors {
        bodies.values_mut().for_each(|body| body.has_errors = true);
    } else {
        fcx.errors.append(&mut fcx.refused_modes);
    }
    let mut opaque_types = FxHashMap::default();
    for (def, ty) in std::mem::take(&mut fcx.opaques) {
        let (ty, _) = fcx.infcx.fully_resolve(ty);
        opaque_types.insert(def, ty.erase_regions());
    }
    let (value_ty, _) = fcx.infcx.fully_resolve(value_ty);
    InferenceResult { bodies, value_ty, opaque_types, const_args: fcx.const_args, errors: fcx.errors }
}

/// The body of something that could not be inferred at all.
pub fn error_body(owner: DefId) -> Body {
    let mut exprs = Arena::new();
    let value = exprs.alloc(Expr { kind: ExprKind::Error, ty: Ty::error(), span: Span::at(0), hir: None });
    Body {
        owner,
        kind: BodyKind::Const,
        exprs,
        pats: Arena::new(),
        arms: Arena::new(),
        blocks: Arena::new(),
        stmts: Arena::new(),
        locals: ArenaMap::default(),
        labels: ArenaMap::default(),
        params: Vec::new(),
        ret: Ty::error(),
        value,
        closures: Vec::new(),
        inline_consts: Vec::new(),
        has_errors: true,
    }
}

/// What the body of an owner or inline constant is made from.
pub struct Root {
    pub params: Vec<Param>,
    pub ret: Ty,
    pub value: ExprId,
}

fn one_arg(ty: Ty) -> Args {
    Args::of_types(&[ty])
}
