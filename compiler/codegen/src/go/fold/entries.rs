//! `if _, ok := m[k]; !ok { m[k] = 0 }` in front of `m[k] += x` says nothing that Go does not: a missing entry reads as zero.

use crate::go::ast::*;
use crate::go::visit::{self, Literals};

pub fn drop_needless_zeros(block: &mut Block, literals: Literals) {
    for stmt in block.iter_mut() {
        visit::each_literal(stmt, literals, &mut |literal| drop_needless_zeros(&mut literal.body, literals));
        visit::each_block_mut(stmt, &mut |_| {}, &mut |block| drop_needless_zeros(block, literals));
    }
    let mut i = 0;
    while i + 1 < block.len() {
        let changes = zeroed_entry(&block[i].kind).is_some_and(|entry| changes(&block[i + 1].kind, entry));
        if changes {
            let pos = block.remove(i).pos;
            let next = &mut block[i];
            next.pos = next.pos.or(pos);
        } else {
            i += 1;
        }
    }
}

/// The entry that a statement sets to Go's zero where it is missing.
fn zeroed_entry(stmt: &StmtKind) -> Option<&Expr> {
    let StmtKind::If(test) = stmt else { return None };
    let StmtKind::Define(vars, found) = &test.init.as_ref()?.kind else { return None };
    let ([None, Some(ok)], [Expr::Index(map, key)]) = (&vars[..], &found[..]) else { return None };
    let Expr::Unary(UnaryOp::Not, cond) = &test.cond else { return None };
    let [Stmt { kind: StmtKind::Assign(places, values), .. }] = &test.then[..] else { return None };
    let ([Some(place)], [value]) = (&places[..], &values[..]) else { return None };
    let Expr::Entry(entry) = place else { return None };
    let is_same = entry.map == **map && entry.key == **key && **cond == Expr::Var(*ok);
    (is_same && test.els.is_empty() && is_zero(value)).then_some(place)
}

/// Whether a statement sets the entry to what it makes of it.
fn changes(stmt: &StmtKind, entry: &Expr) -> bool {
    match stmt {
        StmtKind::OpAssign(_, place, _) | StmtKind::Inc(place) | StmtKind::Dec(place) => place == entry,
        StmtKind::Assign(places, values) => match (&places[..], &values[..]) {
            ([Some(place)], [Expr::Call(call)]) => {
                place == entry
                    && matches!(&call.fun, Expr::Name(name) if &**name == "append")
                    && call.args.first() == Some(entry)
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a value reads as a missing entry does. An empty slice does, too, for whoever appends to it.
fn is_zero(value: &Expr) -> bool {
    let is_empty = |made: &Composite| made.elements.is_empty() && matches!(made.ty, Type::Slice(_));
    value.is_zero() || matches!(value, Expr::Composite(made) if is_empty(made))
}
