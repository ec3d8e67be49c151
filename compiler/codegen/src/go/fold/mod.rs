//! Simplifies a function: from what lowering says step by step to what a person would write.
//!
//! Every rewrite keeps the order of effects, and what Go refuses (unused variables and labels, a missing return, constants that overflow)
//! or vet reports (unreachable code, self-assignment) does not survive it.

mod comparators;
mod declare;
mod effect;
mod entries;
mod exprs;
mod flow;
mod found;
mod guards;
mod indexes;
mod inserts;
mod literals;
mod orders;
mod parts;
mod pointers;
mod present;
mod repeated;
mod switches;
mod takeover;
mod temporaries;
mod threads;
mod tuples;
mod unused;

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::ast::*;
use super::visit::{self, Literals};

pub use effect::{Variables, root};
pub use exprs::{negated_links, simplify};

/// Rounds are cheap and each exposes work for the next; a function that needs more is left as it then is, which is still correct.
const ROUNDS: usize = 6;

pub fn fold_func(decl: &mut FuncDecl) {
    let returns = !decl.results.is_empty();
    fold_body(&mut decl.body, &mut decl.locals);
    flow::close_function(&mut decl.body, returns);
    let mut receiver_used = false;
    if let Some(receiver) = &mut decl.receiver {
        visit::walk_exprs(&decl.body, &mut |e| {
            receiver_used |= matches!(e, Expr::Var(var) if Some(*var) == receiver.var)
        });
        if !receiver_used {
            receiver.var = None;
        }
    }
}

pub fn fold_var(decl: &mut VarDecl) {
    if let Some(value) = &mut decl.value {
        let mut body = vec![StmtKind::Return(vec![value.clone()]).into()];
        fold_body(&mut body, &mut decl.locals);
        if let Some(values) = only_return(&mut body) {
            *value = values.remove(0);
        }
        // What took several steps may have become one.
        if let Expr::Call(call) = value
            && let (Expr::Func(literal), []) = (&mut call.fun, &call.args[..])
            && let Some([single]) = only_return(&mut literal.body).map(|values| &mut values[..])
        {
            *value = std::mem::replace(single, Expr::nil());
        }
    }
}

fn only_return(body: &mut Block) -> Option<&mut Vec<Expr>> {
    match &mut body[..] {
        [Stmt { kind: StmtKind::Return(values), .. }] => Some(values),
        _ => None,
    }
}

fn fold_body(body: &mut Block, locals: &mut Locals) {
    // No fold makes a function literal.
    let literals = Literals::of(body);
    let mut before = fingerprint(body);
    let mut is_settled = false;
    for _ in 0..ROUNDS {
        let (present, repeated) = (present::is_asked(body, literals), repeated::is_asked(body, literals));
        if present || repeated {
            let vars = Variables::of(body);
            if present {
                present::decide_checks(body, literals, &vars);
            }
            if repeated {
                repeated::decide(body, literals, locals, &vars);
            }
        }
        visit::rewrite_exprs(body, &mut |expr| {
            exprs::simplify(expr);
            orders::simplify(expr);
        });
        flow::simplify_block(body, literals);
        literals::spell_out(body, literals, locals);
        parts::take_apart(body, literals, locals);
        tuples::take_apart(body, locals);
        threads::thread(body, literals);
        found::hand_over(body, literals, locals);
        guards::join(body, literals);
        declare::leave_early(body, literals);
        pointers::fold(body, literals, locals);
        temporaries::fold(body, literals, locals);
        entries::drop_needless_zeros(body, literals);
        unused::remove(body, literals);
        let after = fingerprint(body);
        is_settled = after == before;
        if is_settled {
            break;
        }
        before = after;
    }
    indexes::ask_indexes(body, literals);
    inserts::insert_missing(body, literals);
    if literals == Literals::Possible {
        comparators::compare_as_go(body);
    }
    if takeover::coalesce(body, literals, locals) || !is_settled {
        unused::remove(body, literals);
    }
    switches::on_places(body, literals);
    orders::spread(body, literals);
    declare::initialise(body, literals, locals);
    takeover::coalesce(body, literals, locals);
    declare::drop_unreachable(body, literals);
    exprs::zero_declarations(body, literals);
    if literals == Literals::Possible {
        close_literals(body);
    }
    flow::remove_unused_labels(body, literals);
    // Closing may have added a panic after a loop without an end that lost its label.
    flow::simplify_block(body, literals);
    // What is never entered may have been all that read a variable.
    unused::remove(body, literals);
}

/// Tells two states of a body apart. Where it does not, a round too few was made, and the function is left as it then is.
fn fingerprint(body: &Block) -> u64 {
    let mut hasher = FxHasher::default();
    body.hash(&mut hasher);
    hasher.finish()
}

/// A function literal with results must end in a terminating statement, as a function must.
fn close_literals(body: &mut Block) {
    visit::rewrite_exprs(body, &mut |expr| {
        if let Expr::Func(lit) = expr {
            let returns = !lit.results.is_empty();
            flow::close_function(&mut lit.body, returns);
        }
    });
}
