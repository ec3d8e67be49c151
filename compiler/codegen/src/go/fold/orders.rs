//! An ordering that is found only to be compared: `var o T; if a < b { o = less } else if a == b { o = equal } else { o = greater }` and then
//! `o != greater` is `a <= b`.
//!
//! Only what holds of floats, too, is used: `a < b || a == b` is `a <= b`, but its opposite is not `a > b`.

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit;

pub fn compare(body: &mut Block) {
    let vars = Variables::of(body);
    block(body, &vars);
}

fn block(list: &mut Block, vars: &Variables) {
    list.iter_mut().for_each(|stmt| visit::each_inner_block(stmt, &|list| block(list, vars)));
    let mut i = 0;
    while i + 2 < list.len() {
        if let Some(found) = Found::at(&list[i], &list[i + 1], vars)
            && found.put_in(&mut list[i + 2], vars)
        {
            list.drain(i..i + 2);
        } else {
            i += 1;
        }
    }
}

/// The variable, what is compared, and what it is set to where that is less, equal, or neither.
struct Found {
    var: VarId,
    left: Expr,
    right: Expr,
    results: [Expr; 3],
}

impl Found {
    fn at(declaration: &Stmt, choice: &Stmt, vars: &Variables) -> Option<Found> {
        let StmtKind::Var(var, ty, None) = &declaration.kind else { return None };
        let StmtKind::If(first) = &choice.kind else { return None };
        let [Stmt { kind: StmtKind::If(second), .. }] = &first.els[..] else { return None };
        let Expr::Binary(BinaryOp::Lt, left, right) = &first.cond else { return None };
        let Expr::Binary(BinaryOp::Eq, same_left, same_right) = &second.cond else { return None };
        let is_same = left == same_left && right == same_right && first.init.is_none() && second.init.is_none();
        let is_plain = [left, right].iter().all(|operand| vars.is_droppable(operand));
        let is_alone = vars.reads(*var) == 1 && vars.writes(*var) == 3 && !vars.escapes(*var);
        if !is_same || !is_plain || !is_alone {
            return None;
        }
        let results = [set(&first.then, *var)?, set(&second.then, *var)?, set(&second.els, *var)?];
        // The variants of `Ordering`.
        let names = results.iter().zip(["Less", "Equal", "Greater"]);
        let are_variants = names.into_iter().all(|(result, variant)| is_variant(result, ty, variant));
        are_variants.then(|| Found {
            var: *var,
            left: (**left).clone(),
            right: (**right).clone(),
            results: results.map(Clone::clone),
        })
    }

    /// Replaces the comparison of the variable in what the next statement evaluates first, if it is there.
    fn put_in(&self, next: &mut Stmt, vars: &Variables) -> bool {
        let expr = match &mut next.kind {
            StmtKind::If(choice) if choice.init.is_none() => &mut choice.cond,
            StmtKind::Define(_, values) | StmtKind::Return(values) if values.len() == 1 => &mut values[0],
            StmtKind::Assign(places, values) if matches!(&places[..], [Some(Expr::Var(_))]) && values.len() == 1 => {
                &mut values[0]
            }
            _ => return false,
        };
        if vars.effect(expr) == super::effect::Effect::Calls {
            return false;
        }
        let mut is_put = false;
        visit::rewrite_expr(expr, &mut |expr| {
            if let Some(comparison) = self.comparison(expr) {
                *expr = comparison;
                super::exprs::simplify(expr);
                is_put = true;
            }
        });
        is_put
    }

    fn comparison(&self, expr: &Expr) -> Option<Expr> {
        let Expr::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), asked, result) = expr else { return None };
        if *number(asked) != Expr::Var(self.var) {
            return None;
        }
        let which = self.results.iter().position(|known| known == number(result))?;
        let (op_then, holds) = match which {
            0 => (BinaryOp::Lt, *op == BinaryOp::Eq),
            1 => (BinaryOp::Eq, *op == BinaryOp::Eq),
            _ => (BinaryOp::Le, *op == BinaryOp::Ne),
        };
        let comparison = Expr::binary(op_then, self.left.clone(), self.right.clone());
        Some(if holds { comparison } else { comparison.negate() })
    }
}

fn is_variant(result: &Expr, ty: &Type, variant: &str) -> bool {
    let (ty, name) = match (ty, result) {
        (Type::Name(ty), Expr::Name(name)) => (ty, name),
        (Type::Imported(path, ty, _), Expr::Imported(same, name)) if path == same => (ty, name),
        _ => return false,
    };
    name.strip_prefix(&**ty) == Some(variant)
}

/// The constant that a block sets a variable to, and does nothing else.
fn set(block: &[Stmt], var: VarId) -> Option<&Expr> {
    let [Stmt { kind: StmtKind::Assign(places, values), .. }] = block else { return None };
    match (&places[..], &values[..]) {
        ([Some(Expr::Var(place))], [value]) if *place == var => Some(value),
        _ => None,
    }
}

/// What is converted to an `int` to be compared.
fn number(expr: &Expr) -> &Expr {
    match expr {
        Expr::Convert(ty, inner) if ty.is_name("int") => inner,
        expr => expr,
    }
}
