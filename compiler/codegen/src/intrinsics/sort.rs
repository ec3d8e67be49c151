//! Sorting by a comparison that is written out where the sort is called: Go's own sort, if nobody can tell how often and in which order it compares.
//!
//! Rust leaves both open, but a program may show them; where the comparison does nothing but compare, none does.

use rgo_syntax::Span;
use rgo_typeck::ty::{Args, Ty, TyKind};
use rustc_hash::FxHashSet;

use crate::go::ast::*;
use crate::go::fold::root;
use crate::go::visit::{self, Literals};
use crate::lower::{Lower, Val};

/// `slices.SortStableFunc(s, compare)` or `slices.SortFunc(s, compare)`. The comparison still has the parameters and the result of rgo's: the last
/// of the folds gives it Go's, by the type of the items that stands behind it (`fold::comparators`).
pub fn call(lower: &mut Lower<'_, '_>, name: &str, args: Args, values: &[Expr], span: Span) -> Option<Val> {
    let item = args.types().next()?;
    let compare = match values {
        [_] => lower.order_of(item, span)?,
        [_, compare] => match args.types().nth(1)?.kind() {
            TyKind::FnDef(def, generic) => lower.fn_value(*def, *generic, span),
            _ => compare.clone(),
        },
        _ => return None,
    };
    let compare = match compare {
        Expr::Func(compare) if !has_effects(&compare) => compare,
        function @ (Expr::Name(_) | Expr::Imported(..)) => {
            let ordering = Ty::adt(rgo_hir::lang_item(lower.db(), "ordering")?, Args::empty());
            Box::new(lower.forwarding(function, Ty::imm_ref(item), ordering))
        }
        _ => return None,
    };
    // Go passes the items themselves.
    let form = lower.go_form(item);
    let is_passed = |param: &Param| param.ty == form || matches!(&param.ty, Type::Pointer(inner) if **inner == form);
    if !compare.params.iter().all(is_passed) {
        return None;
    }
    let function = if name.contains("unstable") { "SortFunc" } else { "SortStableFunc" };
    let operands = vec![values[0].clone(), Expr::Func(compare), Expr::Type(Box::new(form))];
    lower.discard(Expr::call(Expr::imported("slices", function), operands));
    Some(Val::Parts(Vec::new()))
}

/// Whether a function visibly does something: it sets what is not its own, prints, sends or starts something.
fn has_effects(function: &FuncLit) -> bool {
    let mut own: FxHashSet<VarId> = function.params.iter().filter_map(|param| param.var).collect();
    visit::walk_stmts(&function.body, Literals::Possible, &mut |stmt| {
        own.extend(visit::declared(stmt));
        if let StmtKind::Range(range) = &stmt.kind {
            own.extend([range.key, range.value].into_iter().flatten());
        }
    });
    let mut found = false;
    let is_own = |place: &Expr| match place {
        Expr::Var(var) => own.contains(var) && !function.params.iter().any(|param| param.var == Some(*var)),
        place => root(place).is_some_and(|var| own.contains(&var)) && !reaches_through(place),
    };
    visit::walk_stmts(&function.body, Literals::Possible, &mut |stmt| match &stmt.kind {
        StmtKind::Assign(places, _) => found |= !places.iter().flatten().all(is_own),
        StmtKind::OpAssign(_, place, _) | StmtKind::Inc(place) | StmtKind::Dec(place) => found |= !is_own(place),
        StmtKind::Go(_) | StmtKind::Defer(_) | StmtKind::Send(..) | StmtKind::Select(_) => found = true,
        _ => {}
    });
    visit::walk_exprs(&function.body, &mut |expr| match expr {
        Expr::Unary(UnaryOp::Receive, _) | Expr::Func(_) => found = true,
        Expr::Unary(UnaryOp::Addr, place) => found |= root(place).is_some_and(|var| !own.contains(&var)),
        Expr::Call(call) => {
            found |= matches!(&call.fun, Expr::Imported(path, name)
                if &**path == "fmt" && !name.starts_with("Sprint") || path.ends_with("rgort") && name.contains("rint"));
        }
        _ => {}
    });
    found
}

/// Whether a place is behind a pointer or in a slice, which others may have too.
fn reaches_through(place: &Expr) -> bool {
    match place {
        Expr::Select(base, _) => reaches_through(base),
        Expr::Var(_) => false,
        _ => true,
    }
}
