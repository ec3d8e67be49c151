//! Errors among the operands of Go's fmt.
//!
//! `fmt.Println(err)` calls the error's method `Error` and recovers what that panics with; in rgo such a panic goes on. So lowering marks errors
//! that are shown, and when it is known which functions cannot panic each becomes what Go shows as it is, or `err.Error()`.

use super::ast::*;
use super::visit;

/// An error as an operand of fmt, not yet settled.
pub fn mark(err: Expr) -> Expr {
    Expr::upcast(Type::name("error"), err)
}

/// The text of an error that was marked, or is one.
pub fn text(err: Expr) -> Expr {
    let err = match err {
        Expr::Upcast(_, inner) => *inner,
        err => err,
    };
    match err {
        // Go takes the address of a variable by itself.
        Expr::Unary(UnaryOp::Addr, place) if !matches!(*place, Expr::Composite(_)) => place.method("Error", Vec::new()),
        err => err.method("Error", Vec::new()),
    }
}

/// Whether there are marked errors in a declaration.
pub fn shows_errors(decl: &Decl) -> bool {
    let mut found = false;
    let mut note = |expr: &Expr| found |= has_marked(expr);
    match decl {
        Decl::Func(decl) => visit::walk_exprs(&decl.body, &mut note),
        Decl::Var(VarDecl { value: Some(value), .. }) => visit::walk_expr(value, &mut note),
        _ => {}
    }
    found
}

/// Settles all marked errors of a declaration.
pub fn settle(decl: &mut Decl, may_panic: bool) {
    let mut settle = |expr: &mut Expr| settle_call(expr, may_panic);
    match decl {
        Decl::Func(decl) => visit::rewrite_exprs(&mut decl.body, &mut settle),
        Decl::Var(VarDecl { value: Some(value), .. }) => visit::rewrite_expr(value, &mut settle),
        _ => {}
    }
}

fn settle_call(expr: &mut Expr, may_panic: bool) {
    let Expr::Call(call) = expr else { return };
    if !is_of_fmt(&call.fun) {
        return;
    }
    for arg in call.args.iter_mut().filter(|arg| is_error(arg)) {
        let Expr::Upcast(_, inner) = arg else { continue };
        let inner = std::mem::replace(&mut **inner, Expr::nil());
        *arg = if may_panic { text(inner) } else { inner };
    }
}

fn has_marked(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(call) if is_of_fmt(&call.fun) && call.args.iter().any(is_error))
}

fn is_of_fmt(fun: &Expr) -> bool {
    matches!(fun, Expr::Imported(path, _) if &**path == "fmt")
}

fn is_error(arg: &Expr) -> bool {
    matches!(arg, Expr::Upcast(ty, _) if **ty == Type::name("error"))
}
