//! Strings that are put together: Go's `+` and `+=` where that copies each of them once, the runtime's pushes elsewhere.
//!
//! A push is amortised in rgo. In Go `s += t` copies `s`, so it stands only outside of loops, for a variable that began as a literal here: nothing
//! else can have grown it by steps.

use rgo_hir::DefId;
use rgo_typeck::thir::{ExprId, ExprKind};

use super::*;

impl Lower<'_, '_> {
    /// `s.push_str(t)`, `s.push(c)`, `s += t` and `s + t` as Go's own operators.
    pub(super) fn string_op(&mut self, lang: &str, args: &[ExprId]) -> Option<Val> {
        let [target, added] = args else { return None };
        match lang {
            "string_push_str" | "string_push" | "string_add_assign" => {
                let ExprKind::Borrow { place, .. } = &self.body.exprs[*target].kind else { return None };
                let ExprKind::Local(local) = &self.body.exprs[*place].kind else { return None };
                let is_in_loop = self.loops.iter().any(|l| !l.is_block);
                if is_in_loop || !self.fresh_strings.contains(&(self.body_address(), *local)) {
                    return None;
                }
                let value = self.value(*added);
                let value = if lang == "string_push" { text_of_char(value) } else { fitted(value) };
                let place = self.local(*local);
                self.emit(StmtKind::OpAssign(BinaryOp::Add, place, value));
                Some(Val::Parts(Vec::new()))
            }
            "string_add" if self.is_fresh_string(*target) => {
                let values = self.operands(args);
                let [left, right] = <[Expr; 2]>::try_from(values).ok()?;
                Some(Val::One(Expr::binary(BinaryOp::Add, fitted(left), fitted(right))))
            }
            _ => None,
        }
    }

    /// Notes a variable that begins as a literal.
    pub(super) fn note_fresh_string(&mut self, local: LocalId, value: &Expr) {
        if matches!(value, Expr::Lit(Lit::Str(_))) {
            self.fresh_strings.insert((self.body_address(), local));
        }
    }

    /// Bodies that are lowered in place number their locals alike.
    fn body_address(&self) -> usize {
        std::ptr::from_ref(self.body) as usize
    }

    /// Whether an expression makes its string from a literal or a format, so that nobody has pushed to it.
    fn is_fresh_string(&self, expr: ExprId) -> bool {
        let ExprKind::Call { callee, args, .. } = &self.body.exprs[expr].kind else { return false };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return false };
        let is_literal =
            |arg: Option<&ExprId>| arg.is_some_and(|arg| matches!(self.body.exprs[*arg].kind, ExprKind::Literal(_)));
        match self.cx.lang_of(*def) {
            Some("format" | "fmt_format" | "string_new") => true,
            Some("string_add") => args.first().is_some_and(|left| self.is_fresh_string(*left)),
            _ => is_conversion(*def) && is_literal(args.first()),
        }
    }
}

fn is_conversion(def: DefId) -> bool {
    matches!(def.name().as_str(), "to_string" | "to_owned" | "from" | "into")
}

fn text_of_char(value: Expr) -> Expr {
    match value {
        Expr::Lit(Lit::Rune(c)) | Expr::Typed(_, Lit::Rune(c)) => Expr::str(&c.to_string()),
        value => Expr::convert(Type::name("string"), value),
    }
}
