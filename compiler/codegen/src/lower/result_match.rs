//! `match` on a `Result` taken apart, and how its error is bound: the concrete value is only asked for where something needs it.

use rgo_typeck::thir::{ArmId, ExprKind, FormatPiece, FormatSpec, PatId, PatKind};
use rgo_typeck::ty::Ty;

use super::flags::{Holds, Lifetime, Root};
use super::matching::{Binding, Subject};
use super::*;
use crate::mono::errors::{Carrier, Failure};
use crate::queries;

/// The arms of one side, each with what it asks of the payload.
type Side = Vec<(ArmId, PatId)>;

impl Lower<'_, '_> {
    /// `match` in two: over the error and over the value. Says whether the arms could be told apart.
    pub(super) fn split_match(&mut self, subject: &Subject, arms: &[ArmId], dest: &Dest, pos: Option<Pos>) -> bool {
        let Subject::Result(parts, ty) = subject else { return false };
        let Some((value_ty, error_ty)) = self.cx.result_payload(*ty) else { return false };
        let Some((ok, err)) = self.sides(arms) else { return false };
        let parts = parts.clone();
        let failed = self.block(|lower| {
            let error = lower.error_subject(&parts.error, error_ty, &err);
            lower.side(error, err, dest, pos);
        });
        let fine = self.block(|lower| {
            let subject = lower.value_subject(parts.value, value_ty);
            lower.side(subject, ok, dest, pos)
        });
        self.pos = pos;
        self.emit(match &parts.ok {
            Expr::Var(_) | Expr::Select(..) => StmtKind::if_else(parts.ok, fine, failed),
            _ => StmtKind::if_else(super::expr::negated(parts.ok), failed, fine),
        });
        true
    }

    /// The value of a `Result` as what is matched.
    pub(super) fn value_subject(&mut self, value: Expr, ty: Ty) -> Subject {
        match (super::results::tuple_parts(&value), ty.as_tuple()) {
            (Some(parts), Some(types)) => {
                let parts = parts.into_iter().zip(types.to_vec()).map(|(part, ty)| Subject::Place(part, ty)).collect();
                Subject::Tuple(parts, ty)
            }
            _ => match value {
                Expr::Composite(_) if self.cx.option_payload(ty).is_some() => {
                    let (value, some) = self.option_parts(Val::One(value), ty);
                    Subject::Option(value, some, ty)
                }
                value => Subject::Place(value, ty),
            },
        }
    }

    fn side(&mut self, subject: Subject, arms: Side, dest: &Dest, pos: Option<Pos>) {
        let ids: Vec<ArmId> = arms.iter().map(|(arm, _)| *arm).collect();
        self.arm_pats.extend(arms.iter().copied());
        self.match_subject(&subject, &ids, dest, pos);
        ids.iter().for_each(|arm| {
            self.arm_pats.remove(arm);
        });
    }

    /// The arms for a value and those for an error; nothing where an arm is for both.
    fn sides(&self, arms: &[ArmId]) -> Option<(Side, Side)> {
        let (mut ok, mut err) = (Vec::new(), Vec::new());
        for arm in arms {
            let PatKind::Variant { variant, fields, .. } = &self.body.pats[self.arm_pat(*arm)].kind else {
                return None;
            };
            let [(_, payload)] = fields[..] else { return None };
            if *variant == 0 { ok.push((*arm, payload)) } else { err.push((*arm, payload)) }
        }
        (!ok.is_empty() && !err.is_empty()).then_some((ok, err))
    }

    /// What the arms for an error look at: a variable, where they look closer than at the whole.
    fn error_subject(&mut self, error: &ErrorVal, ty: Ty, arms: &Side) -> Subject {
        let place = self.stored_error(error, ty);
        let is_whole = |lower: &Self, pat: PatId| {
            matches!(lower.body.pats[pat].kind, PatKind::Wild | PatKind::Bind { by_ref: None, sub: None, .. })
        };
        if arms.iter().all(|(_, pat)| is_whole(self, *pat)) && arms.len() == 1 || super::expr::is_repeatable(&place) {
            return Subject::Place(place, ty);
        }
        let name = arms.iter().find_map(|(_, pat)| self.whole_name(*pat)).unwrap_or("failure");
        let (value, is_pointer) = match place {
            Expr::Unary(UnaryOp::Deref, pointer) => (*pointer, true),
            value => (value, false),
        };
        let form = self.go_ty(ty);
        let var = match name {
            "failure" => self.locals.temporary(name),
            name => self.locals.user(name),
        };
        self.define(var, value, Some(form));
        Subject::Place(if is_pointer { Expr::Var(var).deref() } else { Expr::Var(var) }, ty)
    }

    fn whole_name(&self, pat: PatId) -> Option<&'static str> {
        match &self.body.pats[pat].kind {
            PatKind::Bind { local, .. } => self.body.locals.get(*local).map(|local| local.name.as_str()),
            _ => None,
        }
    }

    pub(super) fn arm_pat(&self, arm: ArmId) -> PatId {
        self.arm_pats.get(&arm).copied().unwrap_or(self.body.arms[arm].pat)
    }

    /// Binds the error of a call without a copy of it; says whether that could be done.
    pub(super) fn bind_error(&mut self, local: LocalId, place: &Expr, ty: Ty) -> bool {
        let form = self.cx.failure_form(ty);
        let is_text = matches!(form, Failure::Error(Carrier::Text)) && is_error_text(place).is_some();
        let is_asserted = match place {
            Expr::Unary(UnaryOp::Deref, pointer) => matches!(**pointer, Expr::Assert(..)),
            place => matches!(place, Expr::Assert(..)),
        };
        let is_mutable = self.body.locals.get(local).is_none_or(|l| l.mutable);
        if is_text || is_asserted {
            let needs_drop = self.cx.needs_drop(ty);
            if !is_mutable && !needs_drop && self.is_mostly_error(local) {
                self.slots.insert(local, Slot::Alias(place.clone()));
                return true;
            }
        }
        // The interface is the error.
        if let (Failure::Error(Carrier::Itself), Expr::Var(var), false) = (form, place, is_mutable)
            && self.locals.vars[var.0 as usize].origin == VarOrigin::Temporary
        {
            self.slots.insert(local, Slot::Alias(place.clone()));
            self.arm(Root::Local(local), place.clone(), ty, Lifetime::Inner, Holds::Value);
            return true;
        }
        // Nobody else has what was moved out of an error.
        match place {
            Expr::Unary(UnaryOp::Deref, pointer) if is_error_pointer(pointer) && !queries::is_copy(self.cx.db, ty) => {
                let pointer = match &**pointer {
                    Expr::Var(var) => *var,
                    pointer => {
                        let var = self.new_local(local);
                        self.emit(StmtKind::define(var, pointer.clone()));
                        var
                    }
                };
                self.slots.insert(local, Slot::Alias(Expr::Var(pointer).deref()));
                self.arm(Root::Local(local), Expr::Var(pointer).deref(), ty, Lifetime::Inner, Holds::Value);
                true
            }
            _ => false,
        }
    }

    /// Whether at most one use of a local needs more than that it is an error: to be shown, or to be handed on.
    fn is_mostly_error(&self, local: LocalId) -> bool {
        let is_it = |expr: thir::ExprId| matches!(self.body.exprs[expr].kind, ExprKind::Local(found) if found == local);
        let (mut uses, mut as_error) = (0, 0);
        for (_, expr) in self.body.exprs.iter() {
            match &expr.kind {
                ExprKind::Local(found) if *found == local => uses += 1,
                ExprKind::Call { callee, args, .. } if args.len() == 1 && is_it(args[0]) => {
                    let is_err = matches!(&self.body.exprs[*callee].kind,
                        ExprKind::FnItem { def, .. } if self.cx.is_lang(*def, "err"));
                    as_error += usize::from(is_err);
                }
                ExprKind::FormatArgs(format) => {
                    as_error +=
                        format.args.iter().enumerate().filter(|(i, arg)| is_it(**arg) && is_shown(format, *i)).count();
                }
                _ => {}
            }
        }
        let is_captured = self.body.closures.iter().any(|closure| {
            queries::thir(self.cx.db, *closure).is_none_or(|body| match &body.kind {
                thir::BodyKind::Closure(info) => info.captures.iter().any(|capture| capture.place.local == local),
                _ => true,
            })
        });
        !is_captured && uses <= as_error + 1
    }
}

/// Whether an argument is shown by `{}` alone.
fn is_shown(format: &thir::FormatArgs, index: usize) -> bool {
    format.pieces.iter().all(|piece| match piece {
        FormatPiece::Arg { arg, format, spec, .. } if *arg == index => {
            *format == rgo_hir::body::FormatTrait::Display && *spec == FormatSpec::default()
        }
        _ => true,
    })
}

fn is_error_pointer(pointer: &Expr) -> bool {
    matches!(pointer, Expr::Var(_) | Expr::Assert(..))
}

/// The `error` of `err.Error()`.
pub(super) fn is_error_text(value: &Expr) -> Option<&Expr> {
    match value {
        Expr::Call(call) if call.args.is_empty() => match &call.fun {
            Expr::Select(err, name) if &**name == "Error" && matches!(**err, Expr::Var(_)) => Some(err),
            _ => None,
        },
        _ => None,
    }
}

impl Binding {
    /// The place of a binding by value.
    pub(super) fn moved(&self) -> Option<(LocalId, Expr, Ty)> {
        self.by_ref.is_none().then(|| (self.local, self.place.clone(), self.ty))
    }
}
