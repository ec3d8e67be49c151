//! Orderings that are found only to be looked at: `ordering(cmp.Compare(a, b)) != orderingGreater` is `a <= b`, and a `switch` on one that costs
//! nothing to ask twice is a `switch` of conditions. So is `ordering(slices.Compare(a, b)) == orderingLess` a comparison with zero.
//!
//! Nothing but std's `cmp` is written as `cmp.Compare` or `slices.Compare`, so what it is converted to is std's `Ordering`, and its operands are no floats: the
//! opposite of `a < b` is `a >= b`.

use super::effect::Variables;
use crate::go::ast::*;
use crate::go::visit::{self, Literals};

/// Rewrites one expression whose operands are already simple.
pub fn simplify(expr: &mut Expr) {
    if let Expr::Convert(ty, inner) = expr
        && ty.is_name("int")
        && let Expr::Convert(_, call) = &mut **inner
        && compared(call).is_some()
    {
        *expr = std::mem::replace(&mut **call, Expr::nil());
    } else if compared(expr).is_some_and(|(left, _)| super::exprs::gives_type(left))
        && let Expr::Call(call) = expr
        && let Some(constant @ Expr::Typed(..)) = call.args.last_mut()
    {
        *constant = super::exprs::untyped(std::mem::replace(constant, Expr::nil()));
    } else if let Some(comparison) = comparison(expr) {
        *expr = comparison;
    }
}

fn comparison(expr: &Expr) -> Option<Expr> {
    let Expr::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), asked, result) = expr else { return None };
    let (left, right) = match order(asked) {
        Some((left, right)) => (left.clone(), right.clone()),
        None => (of_slices(asked)?.clone(), Expr::int(0)),
    };
    let variant = Variant::of(number(result), ordering(asked)?)?;
    let variants: Vec<Variant> = match op {
        BinaryOp::Eq => vec![variant],
        _ => VARIANTS.into_iter().filter(|other| *other != variant).collect(),
    };
    Some(Expr::binary(holds_for(&variants)?, left, right))
}

/// `switch ordering(cmp.Compare(a, b)) { case orderingLess: …` as `switch { case a < b: …`.
pub fn spread(block: &mut Block, literals: Literals) {
    for stmt in block {
        visit::each_inner_block(stmt, literals, &|block| spread(block, literals));
        if let StmtKind::Switch(switch) = &mut stmt.kind {
            spread_switch(switch);
        }
    }
}

fn spread_switch(switch: &mut Switch) -> Option<()> {
    let tag = switch.tag.as_ref()?;
    let (left, right) = order(tag)?;
    let (left, right) = (left.clone(), right.clone());
    let ty = ordering(tag)?;
    if !is_cheap(&left) || !is_cheap(&right) {
        return None;
    }
    let mut sets: Vec<Vec<Variant>> = Vec::new();
    for case in &switch.cases {
        sets.push(case.exprs.iter().map(|constant| Variant::of(constant, ty)).collect::<Option<_>>()?);
    }
    let is_complete = sets.iter().map(Vec::len).sum::<usize>() == VARIANTS.len();
    let ops: Vec<Option<BinaryOp>> = sets.iter().map(|set| holds_for(set)).collect();
    // All three in one case is no case at all.
    if ops.iter().zip(&sets).any(|(op, set)| op.is_none() && !set.is_empty()) {
        return None;
    }
    for (at, (case, op)) in switch.cases.iter_mut().zip(ops).enumerate() {
        let is_rest = is_complete && at + 1 == sets.len();
        case.exprs =
            op.filter(|_| !is_rest).map(|op| Expr::binary(op, left.clone(), right.clone())).into_iter().collect();
    }
    switch.tag = None;
    Some(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Variant {
    Less,
    Equal,
    Greater,
}

const VARIANTS: [Variant; 3] = [Variant::Less, Variant::Equal, Variant::Greater];

impl Variant {
    /// The variant that is named: by the name of the type and its own, in the package of the type, where no other has that name. A variable of
    /// the program may end in the same words, and have the same name in another package.
    fn of(constant: &Expr, ty: &Type) -> Option<Variant> {
        let (name, of) = match (constant, ty) {
            (Expr::Name(name), Type::Name(of)) => (name, of),
            (Expr::Imported(path, name), Type::Imported(home, of, _)) if path == home => (name, of),
            _ => return None,
        };
        match name.strip_prefix(&**of)? {
            "Less" => Some(Variant::Less),
            "Equal" => Some(Variant::Equal),
            "Greater" => Some(Variant::Greater),
            _ => None,
        }
    }
}

/// The number of a variant of std's `Ordering`, whose form is this type.
pub fn constant(expr: &Expr, ty: &Type) -> Option<i128> {
    Variant::of(expr, ty).map(|variant| match variant {
        Variant::Less => -1,
        Variant::Equal => 0,
        Variant::Greater => 1,
    })
}

/// The operator that holds for these results of a comparison, and for no other.
fn holds_for(variants: &[Variant]) -> Option<BinaryOp> {
    let has = VARIANTS.map(|variant| variants.contains(&variant));
    Some(match has {
        [true, false, false] => BinaryOp::Lt,
        [false, true, false] => BinaryOp::Eq,
        [false, false, true] => BinaryOp::Gt,
        [true, true, false] => BinaryOp::Le,
        [false, true, true] => BinaryOp::Ge,
        [true, false, true] => BinaryOp::Ne,
        _ => return None,
    })
}

/// The operands of an ordering.
fn order(expr: &Expr) -> Option<(&Expr, &Expr)> {
    match number(expr) {
        Expr::Convert(_, call) => compared(call),
        call => compared(call),
    }
}

/// The call of `slices.Compare` whose result an ordering is.
fn of_slices(expr: &Expr) -> Option<&Expr> {
    let Expr::Convert(_, inner) = number(expr) else { return None };
    let Expr::Call(call) = &**inner else { return None };
    call.fun.is_of_go("slices", "Compare").then_some(inner)
}

/// The type that a result of `cmp.Compare` is converted to.
fn ordering(expr: &Expr) -> Option<&Type> {
    match number(expr) {
        Expr::Convert(ty, _) => Some(ty),
        _ => None,
    }
}

fn compared(expr: &Expr) -> Option<(&Expr, &Expr)> {
    let Expr::Call(call) = expr else { return None };
    match &call.args[..] {
        [left, right] if call.fun.is_of_go("cmp", "Compare") => Some((left, right)),
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

/// Whether an expression may stand in two conditions: it only reads.
fn is_cheap(expr: &Expr) -> bool {
    matches!(expr, Expr::Var(_) | Expr::Select(..) | Expr::Lit(_) | Expr::Typed(..) | Expr::Const(..))
        && Variables::default().is_droppable(expr)
}
