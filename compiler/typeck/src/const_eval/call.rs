//! Calls: constructors, functions with bodies, and panics.

use rgo_hir::{DefId, DefKind};
use rgo_syntax::Span;

use crate::collect::adt_def;
use crate::instance::{Instance, resolve_instance};
use crate::thir::{ExprId, ExprKind, FormatPiece};
use crate::thir_build::thir_body;
use crate::ty::intern::TypeFlags;
use crate::ty::{Args, Subst};

use super::builtins::{self, Builtin};
use super::machine::{Eval, EvalFailure, Flow, Frame, Machine};
use super::value::Value;

impl<'db> Machine<'db> {
    pub fn call(&mut self, frame: &mut Frame<'db>, callee: ExprId, inputs: &[ExprId], span: Span) -> Eval<Value> {
        let target = match &frame.body.exprs[callee].kind {
            ExprKind::FnItem { def, args, .. } => {
                let args = args.subst(frame.args);
                if rgo_hir::lang_name(self.db, *def) == Some("panic_fmt") {
                    let what = inputs.first().and_then(|message| self.panic_message(frame, *message));
                    let what =
                        what.map_or("evaluation panicked".to_string(), |text| format!("evaluation panicked: {text}"));
                    return self.fail(frame, span, what);
                }
                Value::Fn(*def, args)
            }
            _ => self.expr(frame, callee)?,
        };
        match target {
            Value::Fn(def, args) => {
                let values = self.exprs(frame, inputs)?;
                self.call_fn(frame, def, args, values, span)
            }
            Value::Closure { def, args, upvars } => {
                let values = self.exprs(frame, inputs)?;
                let upvars = self.memory.allocate(Value::Tuple(upvars));
                self.run_body(self.body_of(def), args, values, Some(upvars))
            }
            _ => self.unsupported(),
        }
    }

    /// The text of a panic message that has no arguments.
    fn panic_message(&self, frame: &Frame<'db>, message: ExprId) -> Option<String> {
        let ExprKind::FormatArgs(format) = &frame.body.exprs[message].kind else { return None };
        let mut text = String::new();
        for piece in &format.pieces {
            match piece {
                FormatPiece::Text(part) => text.push_str(part.as_str()),
                FormatPiece::Arg { .. } => return None,
            }
        }
        Some(text)
    }

    fn call_fn(&mut self, frame: &Frame<'db>, def: DefId, args: Args, inputs: Vec<Value>, span: Span) -> Eval<Value> {
        match def.kind() {
            DefKind::Struct => return Ok(Value::Adt { def, variant: 0, fields: inputs }),
            DefKind::Variant => {
                let Some(parent) = def.parent() else { return self.unsupported() };
                let index = adt_def(self.db, parent).variants.iter().position(|variant| variant.def == def);
                let Some(index) = index else { return self.unsupported() };
                let variant = u32::try_from(index).unwrap_or(0);
                return Ok(Value::Adt { def: parent, variant, fields: inputs });
            }
            _ => {}
        }
        let Some((def, args)) = self.resolve(def, args) else {
            return Err(if is_generic(args) { EvalFailure::TooGeneric } else { EvalFailure::Unsupported }.into());
        };
        match builtins::call(self, def, args, &inputs) {
            Builtin::Value(value) => return Ok(value),
            Builtin::Panic(what) => return self.fail(frame, span, format!("evaluation panicked: {what}")),
            Builtin::Overflow(what) => return self.fail(frame, span, format!("attempt to {what} with overflow")),
            Builtin::Unknown => {}
        }
        if !has_body(self.db, def) {
            return if is_generic(args) { Err(EvalFailure::TooGeneric.into()) } else { Ok(Value::Opaque) };
        }
        let result = self.run_body(thir_body(self.db, def), args, inputs, None);
        self.blame_root_frame(frame, span, result)
    }

    /// A failure inside a function is reported at the call in the constant's own text.
    fn blame_root_frame(&self, frame: &Frame<'db>, span: Span, result: Eval<Value>) -> Eval<Value> {
        match result {
            Err(Flow::Failure(EvalFailure::Error(mut error))) if self.is_root() => {
                let inner = (error.def, error.span, "the failure happened here".to_string());
                error.secondary.push(inner);
                error.def = frame.body.owner;
                error.span = span;
                Err(Flow::Failure(EvalFailure::Error(error)))
            }
            other => other,
        }
    }

    /// The definition that a call or constant of a trait comes down to; `None` where a parameter decides.
    pub fn resolve(&self, def: DefId, args: Args) -> Option<(DefId, Args)> {
        let in_trait = def.parent().is_some_and(|parent| parent.kind() == DefKind::Trait);
        if !in_trait {
            return Some((def, args));
        }
        if is_generic(args) {
            return None;
        }
        match resolve_instance(self.db, def, args) {
            Some(Instance::Item { def, args }) => Some((def, args)),
            _ => None,
        }
    }

    /// For failures outside of any frame.
    pub fn already_reported<T>(&self) -> Eval<T> {
        Err(EvalFailure::AlreadyReported.into())
    }
}

fn is_generic(args: Args) -> bool {
    args.iter().any(|arg| crate::ty::flags::of_arg(*arg).has(TypeFlags::HAS_PARAM))
}

/// Whether a function has rgo statements to run.
pub fn has_body(db: &dyn rgo_hir::Db, def: DefId) -> bool {
    if def.kind() != DefKind::Fn {
        return false;
    }
    match &rgo_hir::item_ast(db, def).kind {
        rgo_syntax::ast::ItemKind::Fn(item) => item.body.is_some(),
        _ => false,
    }
}
