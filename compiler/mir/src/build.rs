//! MIR from THIR: control flow made explicit, drops scheduled by scope, patterns turned into tests.
//!
//! The construction follows the rustc dev guide, "MIR construction", with the temporary scopes of edition 2024.
//! It knows nothing of loans or regions.

mod cond;
mod exhausted;
mod expr;
mod extend;
mod matches;
mod place;
mod promote;
mod remaining;
mod rvalue;
mod scope;
mod stmt;

use la_arena::{Arena, ArenaMap};
use rgo_hir::body::Mutability;
use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rgo_typeck::thir;
use rgo_typeck::ty::{ClosureKind, List, Ty, TyKind};
use rustc_hash::FxHashMap;

use crate::mir::*;
use crate::types::Types;
use scope::{Breakable, Scope};

/// The MIR of a THIR body without type errors.
pub fn build(db: &dyn Db, thir: &thir::Body) -> Body {
    let mut builder = Builder::new(db, thir);
    builder.body_of_owner();
    builder.finish()
}

/// Where a source variable lives.
#[derive(Clone, Copy)]
struct Variable {
    local: LocalId,
    /// The reference through which the guard being built sees it.
    guard: Option<LocalId>,
}

struct Builder<'a> {
    db: &'a dyn Db,
    thir: &'a thir::Body,
    types: Types<'a>,
    locals: Arena<LocalDecl>,
    blocks: Arena<BasicBlock>,
    params: Vec<LocalId>,
    upvars: Vec<thir::Capture>,
    /// Of a closure body: its kind and environment.
    env: Option<(LocalId, ClosureKind)>,
    ret: LocalId,
    cur: BlockId,
    return_block: BlockId,
    resume_block: Option<BlockId>,
    unreachable_block: Option<BlockId>,
    scopes: Vec<Scope>,
    breakables: Vec<Breakable>,
    variables: ArenaMap<thir::LocalId, Variable>,
    /// Of a closure body: what stands for the variables of which only parts are captured.
    outer: FxHashMap<thir::LocalId, LocalId>,
    /// The scope in which temporaries of the expression being built die; `None` where they are never dropped.
    temp_scope: Option<usize>,
    /// Expressions whose temporary lives longer than its expression, and the scope it dies in.
    extended: FxHashMap<thir::ExprId, Option<usize>>,
}

impl<'a> Builder<'a> {
    fn new(db: &'a dyn Db, thir: &'a thir::Body) -> Builder<'a> {
        let mut locals = Arena::new();
        let mut blocks = Arena::new();
        let span = thir.exprs[thir.value].span;
        let ret = locals.alloc(LocalDecl {
            ty: thir.ret,
            kind: LocalKind::Return,
            mutability: Mutability::Mut,
            span,
            user_ty: None,
        });
        let cur = blocks.alloc(BasicBlock::default());
        let return_block = blocks.alloc(BasicBlock {
            terminator: Some(Terminator { kind: TerminatorKind::Return, span: span.last() }),
            ..BasicBlock::default()
        });
        Builder {
            db,
            thir,
            types: Types::new(db, thir.owner),
            locals,
            blocks,
            params: Vec::new(),
            upvars: Vec::new(),
            env: None,
            ret,
            cur,
            return_block,
            resume_block: None,
            unreachable_block: None,
            scopes: Vec::new(),
            breakables: Vec::new(),
            variables: ArenaMap::default(),
            outer: FxHashMap::default(),
            temp_scope: None,
            extended: FxHashMap::default(),
        }
    }

    fn finish(mut self) -> Body {
        for (_, block) in self.blocks.iter_mut() {
            if block.terminator.is_none() {
                block.terminator = Some(Terminator { kind: TerminatorKind::Unreachable, span: Span::default() });
            }
        }
        Body {
            owner: self.thir.owner,
            entry: la_arena::Idx::from_raw(la_arena::RawIdx::from(0)),
            locals: self.locals,
            ret: self.ret,
            params: self.params,
            blocks: self.blocks,
            upvars: self.upvars,
            span: self.thir.exprs[self.thir.value].span,
        }
    }

    fn body_of_owner(&mut self) {
        let value = self.thir.value;
        let span = self.thir.exprs[value].span;
        let ret = Place::local(self.ret);
        let root = self.push_scope(last_byte(span));
        match &self.thir.kind {
            thir::BodyKind::Const => {
                // What the value of a constant borrows lives for ever; other temporaries of it die at its end.
                self.temp_scope = Some(root);
                self.extend_borrowed(value, None);
                self.into(&ret, value);
            }
            thir::BodyKind::Fn => {
                self.declare_params(false);
                self.terminating(ScopeExit::ExprEnd(value), last_byte(span), |b| b.into(&ret, value));
            }
            thir::BodyKind::Closure(info) => {
                self.upvars = info.captures.clone();
                let explicit_env = self.thir.params.first().is_some_and(|param| param.pat.is_none());
                self.declare_env(info);
                self.declare_params(explicit_env);
                self.terminating(ScopeExit::ExprEnd(value), last_byte(span), |b| b.into(&ret, value));
            }
        }
        self.pop_scope(ScopeExit::FnEnd);
        let target = self.return_block;
        self.goto(target, span.last());
    }

    fn declare_env(&mut self, info: &thir::ClosureInfo) {
        let span = self.thir.exprs[self.thir.value].span;
        let reference = |mutability| Ty::new(TyKind::Ref(crate::types::erased_region(), info.ty, mutability));
        let ty = match info.kind {
            ClosureKind::Fn => reference(Mutability::Not),
            ClosureKind::FnMut => reference(Mutability::Mut),
            ClosureKind::FnOnce => info.ty,
        };
        let env = self.locals.alloc(LocalDecl {
            ty,
            kind: LocalKind::ClosureEnv,
            mutability: Mutability::Not,
            span,
            user_ty: None,
        });
        self.env = Some((env, info.kind));
        self.params.push(env);
        self.schedule_value(0, env);
    }

    fn declare_params(&mut self, skip_env: bool) {
        let thir = self.thir;
        let params = thir.params.iter().skip(usize::from(skip_env));
        let mut patterns = Vec::new();
        for param in params {
            let simple = param.pat.and_then(|pat| match &thir.pats[pat].kind {
                thir::PatKind::Bind { local, by_ref: None, sub: None, .. } => Some(*local),
                _ => None,
            });
            let decl = match simple {
                Some(id) => {
                    let variable = &thir.locals[id];
                    LocalDecl {
                        ty: param.ty,
                        kind: LocalKind::Param { name: Some(variable.name), thir: Some(id) },
                        mutability: mutability(variable.mutable),
                        span: variable.span,
                        user_ty: param.user_ty.clone(),
                    }
                }
                None => LocalDecl {
                    ty: param.ty,
                    kind: LocalKind::Param { name: None, thir: None },
                    mutability: Mutability::Mut,
                    span: param.span,
                    user_ty: param.user_ty.clone(),
                },
            };
            let local = self.locals.alloc(decl);
            self.params.push(local);
            patterns.push((param, local, simple));
        }
        for (param, local, simple) in patterns {
            self.schedule_value(0, local);
            if let Some(user_ty) = &param.user_ty {
                let ascribe = StatementKind::AscribeUserType(Place::local(local), user_ty.clone(), Variance::Invariant);
                self.push(ascribe, user_ty.span);
            }
            match (simple, param.pat) {
                (Some(id), _) => {
                    self.variables.insert(id, Variable { local, guard: None });
                }
                (None, Some(pat)) => self.bind_irrefutable(pat, (Place::local(local), thir.pats[pat].span), 0),
                (None, None) => {}
            }
        }
    }

    // ----- blocks and statements -----

    fn new_block(&mut self) -> BlockId {
        self.blocks.alloc(BasicBlock::default())
    }

    fn start(&mut self, block: BlockId) {
        self.cur = block;
    }

    /// Continues in a fresh block that nothing leads to.
    fn start_dead(&mut self) {
        self.cur = self.new_block();
    }

    fn push(&mut self, kind: StatementKind, span: Span) {
        self.blocks[self.cur].statements.push(Statement { kind, span });
    }

    fn assign(&mut self, place: Place, value: Rvalue, span: Span) {
        self.push(StatementKind::Assign(place, value), span);
    }

    fn assign_unit(&mut self, place: &Place, span: Span) {
        self.assign(place.clone(), Rvalue::Aggregate(AggregateKind::Tuple, Vec::new()), span);
    }

    fn terminate(&mut self, kind: TerminatorKind, span: Span) {
        let block = &mut self.blocks[self.cur];
        if block.terminator.is_none() {
            block.terminator = Some(Terminator { kind, span });
        }
    }

    fn goto(&mut self, target: BlockId, span: Span) {
        self.terminate(TerminatorKind::Goto(target), span);
    }

    fn unreachable_block(&mut self) -> BlockId {
        if let Some(block) = self.unreachable_block {
            return block;
        }
        let block = self.new_block();
        self.blocks[block].terminator = Some(Terminator { kind: TerminatorKind::Unreachable, span: Span::default() });
        self.unreachable_block = Some(block);
        block
    }

    fn new_temp(&mut self, ty: Ty, span: Span, thir: Option<thir::ExprId>) -> LocalId {
        self.locals.alloc(LocalDecl {
            ty,
            kind: LocalKind::Temp { thir },
            mutability: Mutability::Mut,
            span,
            user_ty: None,
        })
    }

    /// A temporary given this value at once.
    fn temp_of(&mut self, ty: Ty, value: Rvalue, span: Span) -> LocalId {
        let temp = self.new_temp(ty, span, None);
        self.assign(Place::local(temp), value, span);
        temp
    }

    fn consume(&self, place: Place, ty: Ty) -> Operand {
        if self.types.is_copy(ty) { Operand::Copy(place) } else { Operand::Move(place) }
    }

    fn constant(&self, kind: ConstOperandKind, ty: Ty, span: Span) -> Operand {
        Operand::Const(Box::new(ConstOperand { kind, ty, span, user_args: None }))
    }
}

fn mutability(mutable: bool) -> Mutability {
    if mutable { Mutability::Mut } else { Mutability::Not }
}

/// The span of the last byte: the closing brace of a block, the semicolon of a statement.
fn last_byte(span: Span) -> Span {
    Span::new(span.end.saturating_sub(1).max(span.start), span.end)
}

fn unit_ty() -> Ty {
    Ty::new(TyKind::Tuple(List::empty()))
}

/// True for the constructor of a tuple struct or variant.
fn is_constructor(def: DefId) -> bool {
    matches!(def.kind(), DefKind::Struct | DefKind::Variant)
}
