//! A `switch` of conditions that all compare one place with constants is a `switch` on that place; what a case asks beyond that is an `if` in it.

use crate::go::ast::*;
use crate::go::terminate::diverges;
use crate::go::visit::{self, Literals};

pub fn on_places(block: &mut Block, literals: Literals) {
    for stmt in block.iter_mut() {
        visit::each_inner_block(stmt, literals, &|block| on_places(block, literals));
        replace(stmt);
    }
}

fn replace(stmt: &mut Stmt) {
    if let StmtKind::Switch(switch) = &mut stmt.kind
        && switch.tag.is_none()
        && let Some(better) = on_place(switch)
    {
        **switch = better;
    }
}

/// A condition as `place == key` for some keys, and what else must hold.
struct Test {
    place: Expr,
    keys: Vec<Expr>,
    guard: Option<Expr>,
}

struct Group {
    keys: Vec<Expr>,
    guarded: Vec<(Expr, Block)>,
    rest: Option<Block>,
    /// Where `rest` comes from.
    pos: Option<Pos>,
}

fn on_place(switch: &Switch) -> Option<Switch> {
    let mut place: Option<Expr> = None;
    let mut groups: Vec<Group> = Vec::new();
    let mut default = None;
    for case in &switch.cases {
        let [cond] = &case.exprs[..] else {
            if !case.exprs.is_empty() {
                return None;
            }
            default = Some(case);
            continue;
        };
        let test = test(cond)?;
        if *place.get_or_insert_with(|| test.place.clone()) != test.place {
            return None;
        }
        let group = match groups.iter().position(|group| group.keys.iter().any(|key| test.keys.contains(key))) {
            Some(index) if groups[index].keys == test.keys => &mut groups[index],
            // Keys that belong to two groups would have to stand in two cases.
            Some(_) => return None,
            None => {
                groups.push(Group { keys: test.keys, guarded: Vec::new(), rest: None, pos: None });
                groups.last_mut()?
            }
        };
        match (test.guard, &group.rest) {
            (_, Some(_)) => {}
            (Some(guard), None) => group.guarded.push((guard, case.body.clone())),
            (None, None) => (group.rest, group.pos) = (Some(case.body.clone()), case.pos),
        }
    }
    if groups.len() < 2 {
        return None;
    }
    let mut cases = Vec::new();
    for group in groups {
        let keys = group.keys.clone();
        let pos = group.pos.filter(|_| group.guarded.is_empty());
        cases.push(Case { pos, exprs: keys, body: body(group, default.is_some())? });
    }
    cases.extend(default.cloned());
    Some(Switch { init: switch.init.clone(), tag: place, cases })
}

/// What runs where the place is one of the group's keys; nothing where the `default` would have to run as well.
fn body(group: Group, has_default: bool) -> Option<Block> {
    if group.guarded.is_empty() {
        return group.rest;
    }
    let rest = match group.rest {
        Some(rest) => rest,
        None if has_default => return None,
        None => Vec::new(),
    };
    let mut out = rest;
    for (guard, then) in group.guarded.into_iter().rev() {
        let leaves = then.last().is_some_and(diverges);
        let els = if leaves { Vec::new() } else { std::mem::take(&mut out) };
        let branch = StmtKind::if_else(guard, then, els).into();
        out.insert(0, branch);
    }
    Some(out)
}

fn test(cond: &Expr) -> Option<Test> {
    match cond {
        Expr::Binary(BinaryOp::Eq, place, key) if is_key(key) && super::flow::is_simple_place(place) => {
            Some(Test { place: (**place).clone(), keys: vec![(**key).clone()], guard: None })
        }
        Expr::Binary(BinaryOp::LogicalOr, left, right) => {
            let (left, right) = (test(left)?, test(right)?);
            let is_plain = left.guard.is_none() && right.guard.is_none() && left.place == right.place;
            let keys: Vec<Expr> = left.keys.into_iter().chain(right.keys).collect();
            let are_distinct = keys.iter().enumerate().all(|(i, key)| !keys[..i].contains(key));
            (is_plain && are_distinct).then_some(Test { place: left.place, keys, guard: None })
        }
        Expr::Binary(BinaryOp::LogicalAnd, left, right) => {
            let mut test = test(left)?;
            test.guard = Some(match test.guard {
                Some(guard) => Expr::binary(BinaryOp::LogicalAnd, guard, (**right).clone()),
                None => (**right).clone(),
            });
            Some(test)
        }
        _ => None,
    }
}

fn is_key(key: &Expr) -> bool {
    matches!(key, Expr::Name(_) | Expr::Lit(Lit::Int(_) | Lit::Str(_) | Lit::Rune(_)))
}
