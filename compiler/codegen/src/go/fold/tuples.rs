//! A tuple that is put together in branches only to be taken apart: `var v Tuple2[A, B]; if … { v = Tuple2[A, B]{F0: a, F1: b} } …` and `v.F0`
//! are `var v A; var v2 B; if … { v, v2 = a, b } …` and `v`; `v := Tuple2[A, B]{F0: a, F1: b}` is `v, v2 := a, b`.

use super::declare;
use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

pub fn take_apart(body: &mut Block, locals: &mut Locals) {
    let mut found: Vec<Tuple> = Vec::new();
    visit::walk_own_stmts(body, &mut |stmt| {
        let (var, ty) = match &stmt.kind {
            StmtKind::Var(var, ty, None) => (*var, ty),
            StmtKind::Define(names, values) => match (&names[..], &values[..]) {
                ([Some(var)], [Expr::Composite(literal)]) => (*var, &literal.ty),
                _ => return,
            },
            _ => return,
        };
        if let Type::Imported(path, name, types) = ty
            && path.ends_with("rgort")
            && name.starts_with("Tuple")
        {
            found.push(Tuple { whole: var, types: types.clone(), parts: Vec::new() });
        }
    });
    if found.is_empty() {
        return;
    }
    let vars = Variables::of(body);
    found.retain(|tuple| tuple.is_only_parts(body, &vars));
    for tuple in &mut found {
        tuple.parts = tuple.types.iter().map(|_| locals.temporary("v")).collect();
        tuple.rewrite(body);
    }
}

struct Tuple {
    whole: VarId,
    types: Vec<Type>,
    parts: Vec<VarId>,
}

impl Tuple {
    /// Whether it is set as a literal of all parts everywhere, and only ever read by its parts.
    fn is_only_parts(&self, body: &Block, vars: &Variables) -> bool {
        let (mut reads, mut writes, mut definitions) = (0, 0, 0);
        visit::walk_exprs(body, &mut |expr| reads += u32::from(self.part(expr).is_some()));
        visit::walk_own_stmts(body, &mut |stmt| match self.values(stmt) {
            Some(_) if matches!(stmt.kind, StmtKind::Define(..)) => definitions += 1,
            Some(_) => writes += 1,
            None => {}
        });
        writes + definitions > 0
            && vars.writes(self.whole) == writes
            && vars.reads(self.whole) == reads
            && !vars.escapes(self.whole)
            && !vars.is_changed_inside(self.whole)
    }

    /// The number of the part that an expression reads.
    fn part(&self, expr: &Expr) -> Option<usize> {
        let Expr::Select(base, field) = expr else { return None };
        let is_whole = matches!(**base, Expr::Var(var) if var == self.whole);
        is_whole.then(|| field.strip_prefix('F')?.parse().ok())?
    }

    /// What a statement sets the parts to.
    fn values(&self, stmt: &Stmt) -> Option<Vec<Expr>> {
        let (var, literal) = match &stmt.kind {
            StmtKind::Assign(places, values) => match (&places[..], &values[..]) {
                ([Some(Expr::Var(var))], [Expr::Composite(literal)]) => (*var, literal),
                _ => return None,
            },
            StmtKind::Define(names, values) => match (&names[..], &values[..]) {
                ([Some(var)], [Expr::Composite(literal)])
                    if literal
                        .elements
                        .iter()
                        .zip(&self.types)
                        .all(|(part, ty)| declare::tells_type(&part.value, ty)) =>
                {
                    (*var, literal)
                }
                _ => return None,
            },
            _ => return None,
        };
        if var != self.whole || literal.elements.len() != self.types.len() {
            return None;
        }
        let in_order = literal.elements.iter().enumerate().map(|(at, element)| match &element.key {
            Some(Expr::Name(key)) if key.strip_prefix('F').is_some_and(|number| number.parse() == Ok(at)) => {
                Some(element.value.clone())
            }
            _ => None,
        });
        in_order.collect()
    }

    fn rewrite(&self, body: &mut Block) {
        visit::rewrite_exprs(body, &mut |expr| {
            if let Some(part) = self.part(expr).and_then(|at| self.parts.get(at)) {
                *expr = Expr::Var(*part);
            }
        });
        self.rewrite_block(body);
    }

    fn rewrite_assignment(&self, stmt: &mut Stmt) {
        if let Some(values) = self.values(stmt) {
            stmt.kind = match stmt.kind {
                StmtKind::Define(..) => {
                    let typed = self.types.iter().zip(values).map(|(ty, value)| match value {
                        Expr::Lit(lit) => Expr::Typed(ty.clone(), lit),
                        value => value,
                    });
                    StmtKind::Define(self.parts.iter().copied().map(Some).collect(), typed.collect())
                }
                _ => StmtKind::Assign(self.parts.iter().map(|part| Some(Expr::Var(*part))).collect(), values),
            };
        }
    }

    /// The first statement of a loop or branch, which may have a label.
    fn rewrite_header(&self, stmt: &mut Stmt) {
        self.rewrite_assignment(stmt);
        visit::each_block_mut(stmt, &mut |header| self.rewrite_header(header), &mut |_| {});
    }

    fn rewrite_block(&self, block: &mut Block) {
        let mut at = 0;
        while at < block.len() {
            visit::each_inner_block(&mut block[at], Literals::Possible, &|inner| self.rewrite_block(inner));
            visit::each_block_mut(&mut block[at], &mut |header| self.rewrite_header(header), &mut |_| {});
            self.rewrite_assignment(&mut block[at]);
            let pos = block[at].pos;
            if let StmtKind::Define(names, values) = &mut block[at].kind
                && *names == self.parts.iter().copied().map(Some).collect::<Vec<_>>()
            {
                let each = std::mem::take(names).into_iter().zip(std::mem::take(values));
                let each: Vec<Stmt> =
                    each.map(|(name, value)| StmtKind::Define(vec![name], vec![value]).at(pos)).collect();
                block.splice(at..=at, each);
            }
            if matches!(&block[at].kind, StmtKind::Var(var, ..) if *var == self.whole) {
                let pos = block[at].pos;
                let parts = self.parts.iter().zip(&self.types);
                let declarations = parts.map(|(part, ty)| StmtKind::Var(*part, ty.clone(), None).at(pos));
                block.splice(at..=at, declarations);
            }
            at += 1;
        }
    }
}
