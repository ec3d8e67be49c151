//! Strings that are put together: Go's `+` and `+=` where that copies each of them once, the runtime's pushes elsewhere.
//!
//! A push is amortised in rgo. In Go `s += t` copies `s`, so it stands only outside of loops, for a variable that began as a literal here: nothing
//! else can have grown it by steps. What is pushed to again and again is a `strings.Builder` (`crate::builders`).

use rgo_hir::DefId;
use rgo_typeck::thir::{BorrowKind, ExprId, ExprKind, FormatArgs};
use rgo_typeck::ty::{Args, ConstValue};

use super::*;
use crate::builders::{self, Edit};

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

    /// Whether a local of the present body is a builder.
    pub(super) fn is_builder(&self, local: LocalId) -> bool {
        self.cx.builders.contains(&(self.body.owner, local))
    }

    /// The variable behind a place that is a builder: the builder itself, or a pointer to it.
    pub(super) fn builder_of(&self, place: ExprId) -> Option<Expr> {
        match &self.body.exprs[place].kind {
            ExprKind::Local(local) => match self.slots.get(local) {
                Some(Slot::Builder(var)) => Some(Expr::Var(*var)),
                _ => None,
            },
            ExprKind::Deref(inner) => match &self.body.exprs[*inner].kind {
                ExprKind::Local(local) if self.is_builder(*local) => match self.slots.get(local) {
                    Some(Slot::Var(var)) => Some(Expr::Var(*var)),
                    _ => None,
                },
                ExprKind::Borrow { kind: BorrowKind::Mut { .. }, place, .. } => self.builder_of(*place),
                _ => None,
            },
            _ => None,
        }
    }

    /// The pointer to a builder.
    pub(super) fn builder_pointer(&self, place: ExprId) -> Option<Expr> {
        let builder = self.builder_of(place)?;
        let is_variable = matches!(&builder, Expr::Var(var) if self.slots.values().any(|slot| matches!(slot, Slot::Builder(found) if found == var)));
        Some(if is_variable { builder.addr() } else { builder })
    }

    /// Whether an expression is a mutable reference to a builder.
    pub(super) fn is_builder_borrow(&self, expr: ExprId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Borrow { place, .. } => self.builder_of(*place).is_some(),
            ExprKind::Local(local) => self.is_builder(*local),
            _ => false,
        }
    }

    /// Declares a builder that begins with a value.
    pub(super) fn define_builder(&mut self, local: LocalId, value: Expr) {
        let var = self.new_local(local);
        self.slots.insert(local, Slot::Builder(var));
        self.emit(StmtKind::Var(var, Type::imported("strings", "Builder", Vec::new()), None));
        match value {
            Expr::Lit(Lit::Str(text)) if text.is_empty() => {}
            Expr::Call(call) if matches!(&call.fun, Expr::Imported(_, name) if &**name == "NewString") => {
                self.emit(StmtKind::Expr(Expr::Var(var).method("Grow", call.args)));
            }
            value => self.write_text(Expr::Var(var), Expr::Var(var).addr(), value),
        }
    }

    /// A call that changes a builder.
    pub(super) fn builder_call(&mut self, def: DefId, generic: Args, args: &[ExprId]) -> Option<Val> {
        let first = *args.first()?;
        let (builder, pointer) = match &self.body.exprs[first].kind {
            ExprKind::Borrow { place, .. } => (self.builder_of(*place)?, self.builder_pointer(*place)?),
            ExprKind::Local(local) if self.is_builder(*local) => match self.slots.get(local) {
                Some(Slot::Var(var)) => (Expr::Var(*var), Expr::Var(*var)),
                _ => return None,
            },
            _ => return None,
        };
        match (builders::edit_of(self.cx.db, def, generic)?, &args[1..]) {
            (Edit::PushStr, [text]) => {
                let text = self.value(*text);
                self.write_text(builder, pointer, fitted(text));
                Some(Val::Parts(Vec::new()))
            }
            (Edit::Push, [c]) if self.is_choice_of_ascii(*c) => {
                let byte = self.locals.temporary("v");
                self.emit(StmtKind::Var(byte, Type::name("byte"), None));
                self.into(*c, &Dest::Var(byte));
                self.emit(StmtKind::Expr(builder.method("WriteByte", vec![Expr::Var(byte)])));
                Some(Val::Parts(Vec::new()))
            }
            (Edit::Push, [c]) => {
                let c = self.value(*c);
                let method = match &c {
                    Expr::Lit(Lit::Rune(c)) | Expr::Typed(_, Lit::Rune(c)) if c.is_ascii() => "WriteByte",
                    _ => "WriteRune",
                };
                self.emit(StmtKind::Expr(builder.method(method, vec![fitted(c)])));
                Some(Val::Parts(Vec::new()))
            }
            (Edit::Clear, _) => {
                self.emit(StmtKind::Expr(builder.method("Reset", Vec::new())));
                Some(Val::Parts(Vec::new()))
            }
            (Edit::Format, [format]) => {
                let ExprKind::FormatArgs(format) = &self.body.exprs[*format].kind else { return None };
                self.write_format(builder, pointer, format);
                let sig = self.cx.sig_of(def, generic);
                let unit = self.unit();
                Some(self.make_adt(sig.output(), 0, vec![(0, unit)]))
            }
            (Edit::Take, _) => {
                let text = self.temp("text", builder.clone().method("String", Vec::new()));
                self.emit(StmtKind::Expr(builder.method("Reset", Vec::new())));
                Some(Val::One(text))
            }
            _ => None,
        }
    }

    /// Whether an expression chooses between characters that are bytes.
    fn is_choice_of_ascii(&self, expr: ExprId) -> bool {
        matches!(self.body.exprs[expr].kind, ExprKind::If { .. } | ExprKind::Match { .. }) && self.gives_ascii(expr)
    }

    fn gives_ascii(&self, expr: ExprId) -> bool {
        let body = self.body;
        match &body.exprs[expr].kind {
            ExprKind::Literal(ConstValue::Char(c)) => c.is_ascii(),
            ExprKind::If { then, otherwise: Some(otherwise), .. } => {
                self.gives_ascii(*then) && self.gives_ascii(*otherwise)
            }
            ExprKind::Match { arms, .. } => arms.iter().all(|arm| self.gives_ascii(body.arms[*arm].body)),
            ExprKind::Block(block) => {
                let block = &body.blocks[*block];
                block.label.is_none() && block.tail.is_some_and(|tail| self.gives_ascii(tail))
            }
            _ => false,
        }
    }

    fn write_format(&mut self, builder: Expr, pointer: Expr, format: &FormatArgs) {
        let text = self.format_text(format);
        self.write_text(builder, pointer, text);
    }

    /// Appends text; what would be put together for it alone goes straight to the builder.
    fn write_text(&mut self, builder: Expr, pointer: Expr, text: Expr) {
        let stmt = match text {
            Expr::Lit(Lit::Str(text)) if text.is_empty() => return,
            Expr::Call(mut call) if matches!(&call.fun, Expr::Imported(path, name) if &**path == "fmt" && &**name == "Sprintf") =>
            {
                call.args.insert(0, pointer);
                call.fun = Expr::imported("fmt", "Fprintf");
                Expr::Call(call)
            }
            text => builder.method("WriteString", vec![text]),
        };
        self.emit(StmtKind::Expr(stmt));
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
