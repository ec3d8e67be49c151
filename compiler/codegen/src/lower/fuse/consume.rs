//! Which functions of std take an iterator apart by a loop over it, so that a chain need never be made for them.

use rgo_typeck::thir::{ExprKind, StmtKind as ThirStmt};

use super::build::IterCall;
use super::*;
use crate::queries::{self, Callee};

/// How deep consumers call each other: `min_by_key` calls `min_by`, `sum` calls `Sum::sum`.
const DEPTH: usize = 6;

impl<'a, 'db> Lower<'a, 'db> {
    /// The arguments of a call that are chains for the callee to consume; none where the callee has to see an iterator.
    pub(in crate::lower) fn consumed(&mut self, def: DefId, generic: Args, args: &[ExprId]) -> Vec<usize> {
        let mut chains = Vec::new();
        for (position, arg) in args.iter().enumerate() {
            if self.is_worth_fusing(*arg) && self.is_chain(*arg) && self.consumes(def, generic, position, DEPTH) {
                chains.push(position);
            }
        }
        chains
    }

    /// Binds the name of an iterator that is only made to be taken apart by one loop behind it: `let evens = v.iter().filter(…);`. What it
    /// borrows cannot change before the loop is done, so the loop may be made where the name is used.
    pub(in crate::lower) fn let_chain(&mut self, local: LocalId, init: ExprId) -> bool {
        if !self.is_worth_fusing(init) || !self.is_chain(init) {
            return false;
        }
        let (body, args) = (self.body, self.args);
        let is_loop = Uses { lower: self, body, args, depth: DEPTH, made: Some(init) }.only_loops(local);
        if is_loop {
            let chain = self.build_chain(init);
            self.known.insert(local, Known::Chain(Rc::new(chain)));
        }
        is_loop
    }

    /// `next` of an iterator that nobody else sees is a loop that ends with its first item, where the iterator may have to look further for
    /// one: what is called for it, by which arguments. A loop that never goes on would be none.
    pub(in crate::lower) fn first_item(&mut self, def: DefId, args: &[ExprId]) -> Option<(DefId, Args)> {
        let is_next = def.name().as_str() == "next" && def.parent().is_some_and(|p| self.cx.is_lang(p, "iterator"));
        let [receiver] = args else { return None };
        let ExprKind::Borrow { place, .. } = self.body.exprs[*receiver].kind else { return None };
        if !is_next || self.is_place(place) || !self.is_chain(place) || !self.looks_further(place) {
            return None;
        }
        let first = rgo_hir::lang_item(self.cx.db, "iter_first")?;
        Some((first, Args::of_types(&[self.expr_ty(place)])))
    }

    /// Whether a chain may pass over what it is made of.
    fn looks_further(&self, expr: ExprId) -> bool {
        let Some(IterCall { lang, args }) = self.iter_call(expr) else { return false };
        matches!(lang, "iter_filter" | "iter_filter_map" | "iter_skip_while" | "iter_flat_map" | "iter_flatten")
            || args.first().is_some_and(|receiver| self.looks_further(*receiver))
    }

    /// Whether a function does nothing with a parameter but loop over it once.
    fn consumes(&mut self, def: DefId, generic: Args, param: usize, depth: usize) -> bool {
        if depth == 0 {
            return false;
        }
        let Callee::Item(target, target_args) = queries::resolve(self.cx.db, def, generic) else { return false };
        let Some(body) = self.inlinable_body(target, target_args) else { return false };
        let Some(pat) = body.params.get(param).and_then(|param| param.pat) else { return false };
        let thir::PatKind::Bind { local, by_ref: None, sub: None, .. } = &body.pats[pat].kind else { return false };
        // What the callee calls is asked as it will be when it is inlined.
        self.inlining.push((target, target_args));
        let only_loops = Uses { lower: self, body, args: target_args, depth, made: None }.only_loops(*local);
        self.inlining.pop();
        only_loops
    }
}

/// Looks at what a body does with a local.
struct Uses<'l, 'a, 'db> {
    lower: &'l mut Lower<'a, 'db>,
    body: &'db thir::Body,
    args: Args,
    depth: usize,
    /// Where the chain is made, if that is in this body, too.
    made: Option<ExprId>,
}

impl Uses<'_, '_, '_> {
    /// Whether one use is a loop, and every other asks for the size.
    fn only_loops(&mut self, local: LocalId) -> bool {
        let captured = self.body.closures.iter().any(|closure| {
            queries::thir(self.lower.cx.db, *closure).is_none_or(|body| match &body.kind {
                thir::BodyKind::Closure(info) => info.captures.iter().any(|c| c.place.local == local),
                _ => true,
            })
        });
        if captured {
            return false;
        }
        let uses: Vec<ExprId> = self
            .body
            .exprs
            .iter()
            .filter(|(_, e)| matches!(e.kind, ExprKind::Local(l) if l == local))
            .map(|(id, _)| id)
            .collect();
        let mut loops = 0;
        for used in uses {
            match self.used(used) {
                Some(Use::Loop) => loops += 1,
                Some(Use::Size) => {}
                None => return false,
            }
        }
        loops == 1
    }

    /// What becomes of an expression that is the chain.
    fn used(&mut self, expr: ExprId) -> Option<Use> {
        for (_, stmt) in self.body.stmts.iter() {
            if let ThirStmt::Let { pat, init: Some(init), otherwise: None, .. } = &stmt.kind
                && *init == expr
            {
                let thir::PatKind::Bind { local, by_ref: None, sub: None, .. } = &self.body.pats[*pat].kind else {
                    return None;
                };
                return self.only_loops(*local).then_some(Use::Loop);
            }
        }
        let parent = self.body.exprs.iter().find(|(_, e)| has_operand(&e.kind, expr)).map(|(id, _)| id)?;
        match &self.body.exprs[parent].kind {
            ExprKind::For { iter, .. } if *iter == expr => (!self.is_in_loop(parent)).then_some(Use::Loop),
            ExprKind::Borrow { .. } | ExprKind::Deref(_) => self.used(parent),
            ExprKind::Call { callee, args, .. } => {
                let ExprKind::FnItem { def, args: generic, .. } = &self.body.exprs[*callee].kind else { return None };
                let position = args.iter().position(|arg| *arg == expr)?;
                let is_into_iter = def.name().as_str() == "into_iter"
                    && def.parent().is_some_and(|p| self.lower.cx.is_lang(p, "into_iterator"));
                let lang = self.lower.cx.lang_of(*def);
                if lang == Some("size_hint") {
                    return Some(Use::Size);
                }
                if position == 0 && (is_into_iter || lang.is_some_and(|lang| super::build::PASSED_ON.contains(&lang))) {
                    let stays_chain = self.made.is_none() || self.lower.is_chain(parent);
                    return if stays_chain { self.used(parent) } else { None };
                }
                let generic = self.lower.cx.concrete_args(*generic, self.args);
                (!self.is_in_loop(parent) && self.lower.consumes(*def, generic, position, self.depth - 1))
                    .then_some(Use::Loop)
            }
            _ => None,
        }
    }

    /// Whether an expression may be evaluated more than once for one chain.
    fn is_in_loop(&self, expr: ExprId) -> bool {
        let holds = |body: ExprId, expr: ExprId| {
            let span = self.body.exprs[body].span;
            let inner = self.body.exprs[expr].span;
            span.start <= inner.start && inner.end <= span.end
        };
        self.body.exprs.iter().any(|(_, e)| match &e.kind {
            ExprKind::Loop { body, .. } | ExprKind::While { body, .. } | ExprKind::For { body, .. } => {
                holds(*body, expr) && !self.made.is_some_and(|made| holds(*body, made))
            }
            _ => false,
        })
    }
}

enum Use {
    Loop,
    Size,
}

/// Whether an expression is a direct operand of one of the kinds that a chain may stand in; anything else that holds it hides it.
fn has_operand(kind: &ExprKind, expr: ExprId) -> bool {
    match kind {
        ExprKind::For { iter, .. } => *iter == expr,
        ExprKind::Borrow { place, .. } | ExprKind::Deref(place) => *place == expr,
        ExprKind::Call { args, .. } => args.contains(&expr),
        _ => false,
    }
}
