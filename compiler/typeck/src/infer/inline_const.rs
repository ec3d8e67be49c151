//! `const { … }`: a body of its own that is inferred together with the body around it, since either may decide the types of the other
//! (cf. rustc's `check_expr_const_block`). Unknowns, obligations and errors are shared; what is keyed by the ids of one body is not.

use rgo_hir::body::{Body, BodySourceMap};
use rgo_hir::{Db, DefId};
use rgo_syntax::Span;

use super::cast::DeferredCast;
use super::coercion::CoerceMany;
use super::expectation::Expectation;
use super::tables::Tables;
use super::{Breakable, Diverges, FnCtxt};
use crate::ty::Ty;

/// The state of inference that belongs to one body.
pub struct BodyState<'db> {
    owner: DefId,
    scope: DefId,
    body: &'db Body,
    map: &'db BodySourceMap,
    tables: Tables,
    casts: Vec<DeferredCast>,
    breakables: Vec<Breakable>,
    ret_coercion: Option<CoerceMany>,
    closure_depth: usize,
}

impl<'db> BodyState<'db> {
    fn new(db: &'db dyn Db, owner: DefId) -> BodyState<'db> {
        BodyState {
            owner,
            scope: owner,
            body: rgo_hir::body(db, owner),
            map: rgo_hir::body_source_map(db, owner),
            tables: Tables::default(),
            casts: Vec::new(),
            breakables: Vec::new(),
            ret_coercion: None,
            closure_depth: 0,
        }
    }
}

/// An inline constant, while no other body than the outermost is looked at.
pub struct InlineConst<'db> {
    pub ty: Ty,
    state: BodyState<'db>,
}

impl<'db> FnCtxt<'db> {
    pub fn check_inline_const(&mut self, def: DefId, expected: Expectation) -> Ty {
        let mut state = BodyState::new(self.db, def);
        self.swap_body(&mut state);
        if !rgo_hir::body_errors(self.db, def).is_empty() {
            self.has_errors = true;
            self.infcx.tainted.set(true);
        }
        // Whether it is ever left does not matter to the body around it.
        let diverges = std::mem::replace(&mut self.diverges, Diverges::Maybe);
        let ty = self.check_expr_with(self.body.value, expected);
        self.require_sized(ty, self.value_span());
        self.diverges = diverges;
        self.swap_body(&mut state);
        self.inline_consts.push(InlineConst { ty, state });
        ty
    }

    pub fn value_span(&self) -> Span {
        self.expr_span(self.body.value)
    }

    fn swap_body(&mut self, other: &mut BodyState<'db>) {
        std::mem::swap(&mut self.owner, &mut other.owner);
        std::mem::swap(&mut self.scope, &mut other.scope);
        std::mem::swap(&mut self.body, &mut other.body);
        std::mem::swap(&mut self.map, &mut other.map);
        std::mem::swap(&mut self.tables, &mut other.tables);
        std::mem::swap(&mut self.casts, &mut other.casts);
        std::mem::swap(&mut self.breakables, &mut other.breakables);
        std::mem::swap(&mut self.ret_coercion, &mut other.ret_coercion);
        std::mem::swap(&mut self.closure_depth, &mut other.closure_depth);
    }

    /// Looks at each inline constant and then, with `None`, at the outermost body.
    pub fn for_each_body(&mut self, mut look: impl FnMut(&mut FnCtxt<'db>, Option<Ty>)) {
        let mut inline_consts = std::mem::take(&mut self.inline_consts);
        for inline in &mut inline_consts {
            self.swap_body(&mut inline.state);
            look(self, Some(inline.ty));
            self.swap_body(&mut inline.state);
        }
        self.inline_consts = inline_consts;
        look(self, None);
    }

    /// Looks at the body of `owner`: the outermost, or one of the inline constants.
    pub fn in_body<R>(&mut self, owner: DefId, look: impl FnOnce(&mut FnCtxt<'db>) -> R) -> R {
        let Some(index) = self.inline_consts.iter().position(|inline| inline.state.owner == owner) else {
            return look(self);
        };
        let mut inline = self.inline_consts.remove(index);
        self.swap_body(&mut inline.state);
        let result = look(self);
        self.swap_body(&mut inline.state);
        self.inline_consts.insert(index, inline);
        result
    }
}
