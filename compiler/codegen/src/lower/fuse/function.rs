//! What adapters call, and how an item gets into a closure's parameters.

use rgo_typeck::thir::{ExprKind, PatId, PatKind};

use super::super::matching::{Binding, is_brief};
use super::*;
use crate::queries;

impl Lower<'_, '_> {
    /// A closure literal, its captures evaluated now.
    pub(in crate::lower) fn known_closure(&mut self, def: DefId) -> Option<Rc<Closure>> {
        if !self.is_code_at_hand(def) {
            return None;
        }
        let upvars = self.captures(def)?;
        Some(Rc::new(Closure { def, upvars, outer: self.def, args: self.args }))
    }

    /// An argument that is called: known by its code where that is at hand.
    pub(super) fn function(&mut self, expr: ExprId) -> Function {
        let body = self.body;
        match &body.exprs[expr].kind {
            ExprKind::Closure { def } => {
                if let Some(closure) = self.known_closure(*def) {
                    return Function::Closure(closure);
                }
            }
            ExprKind::FnItem { def, args, .. } => {
                let args = self.cx.concrete_args(*args, self.args);
                return Function::Item(*def, args);
            }
            ExprKind::Local(local) => match self.known.get(local) {
                Some(Known::Closure(closure)) => return Function::Closure(closure.clone()),
                Some(Known::Item(def, args)) => return Function::Item(*def, *args),
                _ => {}
            },
            ExprKind::Borrow { place, .. } => {
                if let ExprKind::Local(local) = &body.exprs[*place].kind
                    && let Some(Known::Closure(closure)) = self.known.get(local)
                {
                    return Function::Closure(closure.clone());
                }
            }
            _ => {}
        }
        let value = self.function_value(expr);
        let value = match value {
            name @ (Expr::Name(_) | Expr::Imported(..)) => name,
            other => self.temp("f", other),
        };
        Function::Value(value)
    }

    /// Calls a function with arguments at hand.
    pub(super) fn apply(&mut self, function: &Function, args: Vec<Subject>, ret: Ty) -> Val {
        let span = self.body.exprs[self.body.value].span;
        match function {
            Function::Closure(closure) => self.apply_closure(closure, args, None),
            Function::Item(def, generic) => {
                let values = args.iter().map(|arg| self.subject_place(arg)).collect();
                self.call_def(*def, *generic, values, None, span)
            }
            Function::Value(value) => {
                let values = args.iter().map(|arg| self.subject_place(arg)).map(fitted).collect();
                self.finish_call(Expr::call(value.clone(), values), ret)
            }
        }
    }

    pub(in crate::lower) fn apply_closure(
        &mut self,
        closure: &Rc<Closure>,
        args: Vec<Subject>,
        dest: Option<&Dest>,
    ) -> Val {
        let Some(body) = queries::thir(self.cx.db, closure.def) else { return Val::One(Expr::nil()) };
        let mut frame = self.closure_frame(closure, body);
        self.inline_body(&mut frame, |lower| lower.bind_params(args), dest)
    }

    /// Binds the parameters of the closure whose frame this is.
    pub(super) fn bind_params(&mut self, args: Vec<Subject>) {
        let pats: Vec<Option<PatId>> = self.body.params.iter().skip(1).map(|param| param.pat).collect();
        for (pat, arg) in pats.into_iter().zip(args) {
            if let Some(pat) = pat {
                self.bind_subject(pat, arg);
            }
        }
    }

    /// Binds a pattern that always matches to something that stays what it is.
    pub(in crate::lower) fn bind_subject(&mut self, pat: PatId, subject: Subject) {
        if let Some(local) = self.simple_binding(pat)
            && !self.is_variable(local)
            && !matches!(subject, Subject::Place(..))
        {
            self.known.insert(local, Known::Subject(subject));
            return;
        }
        if let (PatKind::Leaf { fields }, Subject::Tuple(parts, _)) = (&self.body.pats[pat].kind, &subject) {
            for (index, pat) in fields {
                if let Some(part) = parts.get(*index as usize) {
                    self.bind_subject(*pat, part.clone());
                }
            }
            return;
        }
        let mut bindings = Vec::new();
        self.test(pat, &subject, &mut bindings);
        for binding in bindings {
            self.bind_alias(&binding);
        }
    }

    /// Whether the program changes the local.
    fn is_variable(&self, local: LocalId) -> bool {
        self.body.locals.get(local).is_none_or(|l| l.mutable)
            || self.facts.is_some_and(|facts| facts.reassigned.contains(&local))
    }

    /// A local as another name for what it is bound to, where that is no different from a variable of its own.
    fn bind_alias(&mut self, binding: &Binding) {
        // The same code may have been lowered for another source of the chain, which gave something known.
        self.known.remove(&binding.local);
        let place = self.binding_value(binding);
        let is_fixed = match &place {
            Expr::Var(_) | Expr::Lit(_) | Expr::Typed(..) | Expr::Const(..) => true,
            Expr::Unary(UnaryOp::Addr, inner) => matches!(**inner, Expr::Var(_)),
            _ => false,
        };
        if !is_fixed || self.is_variable(binding.local) || self.is_bound_to_copy(binding) {
            return self.bind_all(std::slice::from_ref(binding));
        }
        if let Expr::Var(var) = &place {
            self.name_after(*var, binding.local);
        }
        self.slots.insert(binding.local, Slot::Alias(place));
    }

    /// A variable of ours gets the name by which the program first knows it.
    fn name_after(&mut self, var: VarId, local: LocalId) {
        // Names in std are not the program's.
        if self.base.is_none() {
            return;
        }
        let Some(found) = self.body.locals.get(local) else { return };
        let name = found.name.as_str();
        if found.synthetic || name.is_empty() || name == "self" || name.starts_with('_') {
            return;
        }
        self.locals.rename(var, name);
    }

    /// The subject as one that may be evaluated again at any later time.
    pub(in crate::lower) fn settled(&mut self, val: Val, ty: Ty) -> Subject {
        match self.subject_of(val, ty) {
            Subject::Place(value, ty) => Subject::Place(self.fixed_expr(value, ty), ty),
            Subject::Option(value, some, ty) => {
                let payload = self.cx.option_payload(ty).unwrap_or(ty);
                let value = self.fixed_expr(value, payload);
                let some = match some {
                    Expr::Var(_) | Expr::Lit(_) => some,
                    other => self.temp("ok", other),
                };
                Subject::Option(value, some, ty)
            }
            Subject::Tuple(parts, ty) => {
                let parts = parts
                    .into_iter()
                    .map(|part| {
                        let ty = self.subject_ty(&part);
                        match part {
                            Subject::Place(value, ty) => Subject::Place(self.fixed_expr(value, ty), ty),
                            other => {
                                let value = self.subject_place(&other);
                                Subject::Place(value, ty)
                            }
                        }
                    })
                    .collect();
                Subject::Tuple(parts, ty)
            }
            other => other,
        }
    }

    /// Whether an expression is a variable that keeps its value.
    fn is_fixed_var(&self, value: &Expr) -> bool {
        matches!(value, Expr::Var(var) if self.locals.is_temporary(*var) || self.fixed_vars.contains(var))
    }

    /// An expression that gives the same from now on.
    pub(in crate::lower) fn fixed_expr(&mut self, value: Expr, ty: Ty) -> Expr {
        let is_constant = matches!(value, Expr::Lit(_) | Expr::Typed(..) | Expr::Const(..));
        if is_constant || is_brief(&value) || self.is_fixed_var(&value) {
            return value;
        }
        let form = self.go_ty(ty);
        let var = self.locals.temporary("v");
        self.define(var, value, Some(form));
        Expr::Var(var)
    }
}
