//! Simplifies statements: flat blocks, early returns, `x++`, no dead code, no needless labels.

use rustc_hash::FxHashSet;

use super::effect::Variables;
use super::unused;
use crate::go::ast::*;
use crate::go::terminate::{diverges, list_terminates};
use crate::go::visit::{self, Literals};

pub fn simplify_block(block: &mut Block, literals: Literals) {
    let mut out: Block = Vec::with_capacity(block.len());
    for mut stmt in std::mem::take(block) {
        simplify_nested(&mut stmt, literals);
        push(stmt, &mut out);
        if out.last().is_some_and(diverges) {
            break;
        }
    }
    *block = out;
}

fn simplify_nested(stmt: &mut Stmt, literals: Literals) {
    visit::each_literal(stmt, literals, &mut |literal| {
        simplify_block(&mut literal.body, literals);
        drop_trailing_return(&mut literal.body, literal.results.is_empty());
    });
    let mut header = |stmt: &mut Stmt| simplify_nested(stmt, literals);
    visit::each_block_mut(stmt, &mut header, &mut |block| simplify_block(block, literals));
    match &mut stmt.kind {
        StmtKind::For(s) => drop_trailing_continue(&mut s.body, None),
        StmtKind::Range(s) => drop_trailing_continue(&mut s.body, None),
        StmtKind::Switch(s) => s.cases.iter_mut().for_each(|c| drop_trailing_break(&mut c.body)),
        StmtKind::TypeSwitch(s) => s.cases.iter_mut().for_each(|c| drop_trailing_break(&mut c.body)),
        StmtKind::Labeled(label, inner) => {
            let label = *label;
            // A block is left by its label only; it becomes a switch later.
            if !matches!(inner.kind, StmtKind::Block(_) | StmtKind::If(_)) {
                simplify_branches(inner, label);
            }
            match &mut inner.kind {
                StmtKind::For(s) => drop_trailing_continue(&mut s.body, Some(label)),
                StmtKind::Range(s) => drop_trailing_continue(&mut s.body, Some(label)),
                _ => {}
            }
        }
        _ => {}
    }
}

/// `a, b = a, b`
fn is_itself(places: &[Option<Expr>], values: &[Expr]) -> bool {
    places.len() == values.len()
        && places.iter().zip(values).all(|(place, value)| place.as_ref() == Some(value) && is_simple_place(value))
}

fn push(stmt: Stmt, out: &mut Block) {
    let pos = stmt.pos;
    match stmt.kind {
        StmtKind::Block(inner) => inner.into_iter().for_each(|s| push(s, out)),
        StmtKind::If(s) => push_if(*s, pos, out),
        // What is assigned to itself stays what it is; an index may be out of range all the same.
        StmtKind::Assign(places, mut values) if is_itself(&places, &values) => {
            values.dedup();
            let vars = Variables::default();
            out.extend(values.into_iter().flat_map(|value| unused::evaluate(value, &vars)).map(|kind| kind.at(pos)));
        }
        StmtKind::Assign(mut places, mut values) => match (&mut places[..], &mut values[..]) {
            ([Some(place)], [Expr::Binary(op, left, right)])
                if !op.is_comparison() && op.precedence() >= 4 && is_simple_place(place) && **left == *place =>
            {
                let (op, place, right) = (*op, place.clone(), (**right).clone());
                push(StmtKind::OpAssign(op, place, right).at(pos), out);
            }
            ([None], [_]) => {
                let value = values.remove(0);
                out.extend(unused::evaluate(value, &Variables::default()).into_iter().map(|kind| kind.at(pos)));
            }
            _ => out.push(StmtKind::Assign(places, values).at(pos)),
        },
        StmtKind::OpAssign(op, place, value) => {
            let one = matches!(value, Expr::Lit(Lit::Int(1)) | Expr::Typed(_, Lit::Int(1)));
            let value = super::exprs::untyped(value);
            out.push(
                match op {
                    BinaryOp::Add if one => StmtKind::Inc(place),
                    BinaryOp::Sub if one => StmtKind::Dec(place),
                    _ => StmtKind::OpAssign(op, place, value),
                }
                .at(pos),
            );
        }
        StmtKind::For(mut s) => {
            if matches!(s.cond, Some(Expr::Lit(Lit::Bool(true)))) {
                s.cond = None;
            }
            // `for { if !c { break }; … }` is `for c { … }`.
            if s.cond.is_none()
                && let Some(Stmt { kind: StmtKind::If(first), .. }) = s.body.first()
                && first.init.is_none()
                && first.els.is_empty()
                && matches!(&first.then[..], [Stmt { kind: StmtKind::Break(None), .. }])
            {
                let mut cond = first.cond.clone().negate();
                super::exprs::simplify(&mut cond);
                s.cond = Some(cond);
                s.body.remove(0);
            }
            match s.cond {
                Some(Expr::Lit(Lit::Bool(false))) => s.init.into_iter().for_each(|init| push(init, out)),
                _ => out.push(StmtKind::For(s).at(pos)),
            }
        }
        StmtKind::Expr(value) => {
            out.extend(unused::evaluate(value, &Variables::default()).into_iter().map(|kind| kind.at(pos)))
        }
        // A labelled statement that turned out to be empty or several: the label goes with the loop.
        StmtKind::Labeled(label, inner) => match inner.kind {
            StmtKind::Block(block) => push_labeled_block(label, block, pos, out),
            // The same, as an earlier round left it.
            StmtKind::Switch(mut s) if s.init.is_none() && s.tag.is_none() && is_default_alone(&s.cases) => {
                let mut block = s.cases.pop().map(|case| case.body).unwrap_or_default();
                name_breaks(&mut block, label);
                push_labeled_block(label, block, pos, out);
            }
            _ => out.push(StmtKind::Labeled(label, inner).at(pos)),
        },
        kind => out.push(kind.at(pos)),
    }
}

fn is_default_alone(cases: &[Case]) -> bool {
    matches!(cases, [case] if case.exprs.is_empty())
}

/// A block may only lose its braces if nothing breaks out of it by its label.
fn push_labeled_block(label: LabelId, mut block: Block, pos: Option<Pos>, out: &mut Block) {
    settle(&mut block, label);
    let mut used = false;
    visit::walk_own_stmts(&block, &mut |s| used |= matches!(s.kind, StmtKind::Break(Some(l)) if l == label));
    if used {
        // Go can break out of a switch, and only of that.
        let body = Switch { init: None, tag: None, cases: vec![Case { pos: None, exprs: Vec::new(), body: block }] };
        out.push(StmtKind::Labeled(label, Box::new(StmtKind::Switch(Box::new(body)).at(pos))).at(pos));
    } else {
        block.into_iter().for_each(|s| push(s, out));
    }
}

/// Takes jumps to the end of a block out of it, where control gets there by itself or by leaving a last loop.
fn settle(block: &mut Block, label: LabelId) {
    while matches!(block.last(), Some(Stmt { kind: StmtKind::Break(Some(l)), .. }) if *l == label) {
        block.pop();
    }
    block.iter_mut().for_each(|stmt| join_exit(stmt, label));
    // `if c { …; break L }; rest` is `if c { … } else { rest }`.
    let exit = block.iter().position(|stmt| {
        matches!(&stmt.kind, StmtKind::If(s) if s.els.is_empty()
            && matches!(s.then.last(), Some(Stmt { kind: StmtKind::Break(Some(l)), .. }) if *l == label))
    });
    if let Some(exit) = exit {
        let rest = block.split_off(exit + 1);
        if let StmtKind::If(s) = &mut block[exit].kind {
            s.then.pop();
            s.els = rest;
        }
    }
    let Some(last) = block.last_mut() else { return };
    match &mut last.kind {
        StmtKind::If(s) => {
            settle(&mut s.then, label);
            settle(&mut s.els, label);
        }
        StmtKind::Switch(s) => s.cases.iter_mut().for_each(|case| settle(&mut case.body, label)),
        StmtKind::Block(inner) => settle(inner, label),
        StmtKind::Labeled(own, inner) if matches!(inner.kind, StmtKind::For(_) | StmtKind::Range(_)) => {
            let own = *own;
            visit::each_block_mut(inner, &mut |_| {}, &mut |body| retarget(body, label, own));
        }
        StmtKind::For(_) | StmtKind::Range(_) => {
            let inner = std::mem::replace(last, StmtKind::Break(None).into());
            let pos = inner.pos;
            let mut used = false;
            visit::walk_own_stmts(std::slice::from_ref(&inner), &mut |s| {
                used |= matches!(s.kind, StmtKind::Break(Some(l)) if l == label)
            });
            *last = if used { StmtKind::Labeled(label, Box::new(inner)).at(pos) } else { inner };
        }
        _ => {}
    }
}

/// `if a { if b { …; break L } }` is `if a && b { …; break L }`: nothing else is left to do where only `a` holds.
fn join_exit(stmt: &mut Stmt, label: LabelId) {
    let StmtKind::If(outer) = &mut stmt.kind else { return };
    let [Stmt { kind: StmtKind::If(inner), .. }] = &mut outer.then[..] else { return };
    let leaves = matches!(inner.then.last(), Some(Stmt { kind: StmtKind::Break(Some(l)), .. }) if *l == label);
    if !leaves || !outer.els.is_empty() || !inner.els.is_empty() || inner.init.is_some() {
        return;
    }
    let then = std::mem::take(&mut inner.then);
    let (a, b) = (std::mem::replace(&mut outer.cond, Expr::nil()), std::mem::replace(&mut inner.cond, Expr::nil()));
    outer.cond = Expr::binary(BinaryOp::LogicalAnd, a, b);
    outer.then = then;
}

/// Breaks of one label become breaks of another.
fn retarget(block: &mut Block, from: LabelId, to: LabelId) {
    for stmt in block {
        match &mut stmt.kind {
            StmtKind::Break(Some(label)) if *label == from => *label = to,
            StmtKind::Labeled(_, inner) => {
                visit::each_block_mut(inner, &mut |_| {}, &mut |block| retarget(block, from, to))
            }
            _ => visit::each_block_mut(stmt, &mut |_| {}, &mut |block| retarget(block, from, to)),
        }
    }
}

/// `ok := a; if ok { ok = b }` is `ok := a && b`.
fn joined(before: Option<&Stmt>, s: &If) -> Option<StmtKind> {
    let StmtKind::Define(names, values) = &before?.kind else { return None };
    let ([Some(name)], [first]) = (&names[..], &values[..]) else { return None };
    let (op, tested) = match &s.cond {
        Expr::Var(var) => (BinaryOp::LogicalAnd, var),
        Expr::Unary(UnaryOp::Not, inner) => match &**inner {
            Expr::Var(var) => (BinaryOp::LogicalOr, var),
            _ => return None,
        },
        _ => return None,
    };
    let [Stmt { kind: StmtKind::Assign(places, values), .. }] = &s.then[..] else { return None };
    let ([Some(Expr::Var(place))], [second]) = (&places[..], &values[..]) else { return None };
    let mut mentions = false;
    visit::walk_expr(second, &mut |e| mentions |= matches!(e, Expr::Var(var) if var == name));
    let is_joined = tested == name && place == name && s.els.is_empty() && s.init.is_none() && !mentions;
    is_joined.then(|| StmtKind::define(*name, Expr::binary(op, first.clone(), second.clone())))
}

fn push_if(mut s: If, pos: Option<Pos>, out: &mut Block) {
    if let Some(kind) = joined(out.last(), &s) {
        if let Some(last) = out.last_mut() {
            last.kind = kind;
        }
        return;
    }
    match s.cond {
        Expr::Lit(Lit::Bool(value)) => {
            s.init.into_iter().for_each(|init| push(init, out));
            let taken = if value { s.then } else { s.els };
            return taken.into_iter().for_each(|s| push(s, out));
        }
        _ if s.then.is_empty() && s.els.is_empty() => {
            s.init.into_iter().for_each(|init| push(init, out));
            out.extend(unused::evaluate(s.cond, &Variables::default()).into_iter().map(|kind| kind.at(pos)));
            return;
        }
        _ => {}
    }
    if s.then.is_empty() {
        s.then = std::mem::take(&mut s.els);
        let mut cond = s.cond.negate();
        super::exprs::simplify(&mut cond);
        s.cond = cond;
    }
    // The short way out first: `if !c { return }` and the rest at the left.
    if s.init.is_none() && !s.then.is_empty() && !diverges_list(&s.then) && is_short_exit(&s.els) {
        std::mem::swap(&mut s.then, &mut s.els);
        let mut cond = s.cond.negate();
        super::exprs::simplify(&mut cond);
        s.cond = cond;
    }
    let flattens = diverges_list(&s.then) && !s.els.is_empty() && !init_reaches(&s);
    let rest = if flattens { std::mem::take(&mut s.els) } else { Vec::new() };
    out.push(StmtKind::If(Box::new(s)).at(pos));
    rest.into_iter().for_each(|s| push(s, out));
}

fn diverges_list(block: &[Stmt]) -> bool {
    block.last().is_some_and(diverges)
}

fn is_short_exit(block: &[Stmt]) -> bool {
    let is_plain = |stmt: &Stmt| matches!(stmt.kind, StmtKind::Define(..) | StmtKind::Expr(_));
    match block {
        [before @ .., Stmt { kind: StmtKind::Return(_) | StmtKind::Break(_) | StmtKind::Continue(_), .. }] => {
            before.len() < 3 && before.iter().all(is_plain)
        }
        _ => false,
    }
}

/// Whether the else branch uses what the header declares.
fn init_reaches(s: &If) -> bool {
    let Some(Stmt { kind: StmtKind::Define(vars, _), .. }) = &s.init else { return s.init.is_some() };
    let mut uses = false;
    visit::walk_exprs(&s.els, &mut |e| uses |= matches!(e, Expr::Var(var) if vars.contains(&Some(*var))));
    uses
}

/// A place whose evaluation twice is the same as once.
pub fn is_simple_place(place: &Expr) -> bool {
    match place {
        Expr::Var(_) | Expr::Name(_) => true,
        Expr::Select(base, _) | Expr::Unary(UnaryOp::Deref, base) => is_simple_place(base),
        Expr::Index(base, index) => {
            is_simple_place(base) && (is_simple_place(index) || crate::go::constant::is_constant(index))
        }
        Expr::Entry(entry) => {
            is_simple_place(&entry.map) && (is_simple_place(&entry.key) || crate::go::constant::is_constant(&entry.key))
        }
        _ => false,
    }
}

fn drop_trailing_continue(body: &mut Block, label: Option<LabelId>) {
    while let Some(Stmt { kind: StmtKind::Continue(target), .. }) = body.last() {
        if target.is_some() && *target != label {
            break;
        }
        body.pop();
    }
    // `if c { …; continue }` at the end: control goes on anyway.
    if let Some(Stmt { kind: StmtKind::If(s), .. }) = body.last_mut() {
        drop_trailing_continue(&mut s.then, label);
        drop_trailing_continue(&mut s.els, label);
    }
}

fn drop_trailing_break(body: &mut Block) {
    if matches!(body.last(), Some(Stmt { kind: StmtKind::Break(None), .. })) {
        body.pop();
    }
}

pub fn drop_trailing_return(body: &mut Block, is_void: bool) {
    if !is_void {
        return;
    }
    while matches!(body.last(), Some(Stmt { kind: StmtKind::Return(values), .. }) if values.is_empty()) {
        body.pop();
    }
    match body.last_mut() {
        Some(Stmt { kind: StmtKind::If(s), .. }) => {
            drop_trailing_return(&mut s.then, true);
            drop_trailing_return(&mut s.els, true);
        }
        Some(Stmt { kind: StmtKind::Switch(s), .. }) => {
            s.cases.iter_mut().for_each(|c| drop_trailing_return(&mut c.body, true))
        }
        _ => {}
    }
}

/// `break L` and `continue L` where the plain word means the same.
fn simplify_branches(target: &mut Stmt, label: LabelId) {
    let is_loop = matches!(target.kind, StmtKind::For(_) | StmtKind::Range(_));
    visit::each_block_mut(target, &mut |_| {}, &mut |block| plain_branches(block, label, true, is_loop));
}

fn plain_branches(block: &mut Block, label: LabelId, break_ok: bool, continue_ok: bool) {
    for stmt in block {
        match &mut stmt.kind {
            StmtKind::Break(target) if break_ok && *target == Some(label) => *target = None,
            StmtKind::Continue(target) if continue_ok && *target == Some(label) => *target = None,
            StmtKind::For(_) | StmtKind::Range(_) => {}
            StmtKind::Switch(_) | StmtKind::TypeSwitch(_) | StmtKind::Select(_) => {
                visit::each_block_mut(stmt, &mut |_| {}, &mut |b| plain_branches(b, label, false, continue_ok));
            }
            StmtKind::Labeled(_, inner) => {
                let keeps = !matches!(inner.kind, StmtKind::For(_) | StmtKind::Range(_));
                if keeps {
                    visit::each_block_mut(inner, &mut |_| {}, &mut |b| plain_branches(b, label, false, continue_ok));
                }
            }
            _ => visit::each_block_mut(stmt, &mut |_| {}, &mut |b| plain_branches(b, label, break_ok, continue_ok)),
        }
    }
}

/// Gives the breaks out of a statement its label, which they stay with when it has become another one.
fn name_breaks(block: &mut Block, label: LabelId) {
    for stmt in block {
        let inner = match &mut stmt.kind {
            StmtKind::Labeled(_, inner) => inner,
            _ => stmt,
        };
        match &mut inner.kind {
            StmtKind::Break(target @ None) => *target = Some(label),
            StmtKind::For(_)
            | StmtKind::Range(_)
            | StmtKind::Switch(_)
            | StmtKind::TypeSwitch(_)
            | StmtKind::Select(_) => {}
            _ => visit::each_block_mut(inner, &mut |_| {}, &mut |block| name_breaks(block, label)),
        }
    }
}

pub fn remove_unused_labels(body: &mut Block, literals: Literals) {
    let mut used = FxHashSet::default();
    visit::walk_stmts(body, literals, &mut |stmt| {
        if let StmtKind::Break(Some(label)) | StmtKind::Continue(Some(label)) = stmt.kind {
            used.insert(label);
        }
    });
    strip_labels(body, literals, &used);
}

fn strip_labels(body: &mut Block, literals: Literals, used: &FxHashSet<LabelId>) {
    for stmt in body {
        while let StmtKind::Labeled(label, inner) = &mut stmt.kind {
            if used.contains(label) {
                break;
            }
            let inner = std::mem::replace(&mut **inner, StmtKind::Break(None).into());
            *stmt = inner;
        }
        visit::each_literal(stmt, literals, &mut |literal| strip_labels(&mut literal.body, literals, used));
        let mut header = |stmt: &mut Stmt| strip_labels_in(stmt, literals, used);
        visit::each_block_mut(stmt, &mut header, &mut |block| strip_labels(block, literals, used));
    }
}

fn strip_labels_in(stmt: &mut Stmt, literals: Literals, used: &FxHashSet<LabelId>) {
    let mut header = |stmt: &mut Stmt| strip_labels_in(stmt, literals, used);
    visit::each_block_mut(stmt, &mut header, &mut |block| strip_labels(block, literals, used));
}

/// What Go demands of the end of a function: a terminating statement if it has results, and no needless `return` if it has none.
pub fn close_function(body: &mut Block, returns: bool) {
    drop_trailing_return(body, !returns);
    if returns && !list_terminates(body) {
        body.push(StmtKind::Expr(Expr::builtin("panic", vec![Expr::str("unreachable")])).into());
    }
}
