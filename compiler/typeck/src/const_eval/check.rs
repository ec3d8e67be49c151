//! What constants and `const fn` may do: call only `const` functions (E0015), allocate nothing (E0010), and keep no mutable or interior-mutable
//! borrows in a constant's value (E0764, E0492). That they run no destructors (E0493) is for the borrow checker to see.
//!
//! Reference: the Rust reference, "Constant evaluation"; rustc's `check_consts`.

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::Span;
use rgo_syntax::ast::ItemKind;

use crate::collect::adt_def;
use crate::error::TypeError;
use crate::items::variance::is_cell;
use crate::thir::{Body, BorrowKind, CallSource, ExprId, ExprKind};
use crate::thir_build::thir_body;
use crate::ty::{ClosureArgs, Subst, Ty, TyKind};

/// Errors of the body of a constant, static, anonymous constant or `const fn`; none for other owners.
pub fn const_body_errors(db: &dyn Db, owner: DefId) -> Vec<TypeError> {
    if owner.is_std() {
        return Vec::new();
    }
    let context = match owner.kind() {
        DefKind::Const | DefKind::AssocConst | DefKind::AnonConst => Context::Constant,
        DefKind::Static => Context::Static,
        DefKind::Fn if is_const_fn(db, owner) => Context::Fn,
        _ => return Vec::new(),
    };
    let body = thir_body(db, owner);
    if body.has_errors {
        return Vec::new();
    }
    let mut checker = Checker { db, owner, body, context, errors: Vec::new() };
    checker.run();
    checker.errors
}

/// Whether a function is declared `const`.
pub fn is_const_fn(db: &dyn Db, def: DefId) -> bool {
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Fn(item) => item.qualifiers.const_.is_some(),
        _ => false,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Context {
    Constant,
    Static,
    Fn,
}

impl Context {
    fn plural(self) -> &'static str {
        match self {
            Context::Constant => "constants",
            Context::Static => "statics",
            Context::Fn => "constant functions",
        }
    }
}

struct Checker<'db> {
    db: &'db dyn Db,
    owner: DefId,
    body: &'db Body,
    context: Context,
    errors: Vec<TypeError>,
}

impl Checker<'_> {
    fn error(&mut self, span: Span, code: &'static str, message: String) {
        if !self.errors.iter().any(|error| error.span == span && error.code == Some(code)) {
            self.errors.push(TypeError::new(self.owner, span, code, message));
        }
    }

    fn run(&mut self) {
        if self.context != Context::Fn {
            self.final_value(self.body.value);
        }
        for (id, expr) in self.body.exprs.iter() {
            match &expr.kind {
                ExprKind::Call { callee, source, .. } => self.call(id, *callee, *source),
                ExprKind::For { iter, .. } => {
                    let ty = crate::ty::display::display_ty(self.db, self.body.exprs[*iter].ty);
                    let message = format!("cannot use `for` loop on `{ty}` in {}", self.context.plural());
                    self.error(self.body.exprs[*iter].span, "E0015", message);
                }
                ExprKind::Try { expr: operand, .. } => {
                    let ty = crate::ty::display::display_ty(self.db, self.body.exprs[*operand].ty);
                    let message = format!("`?` is not allowed on `{ty}` in {}", self.context.plural());
                    self.error(expr.span, "E0658", message);
                }
                // `vec![]` is `Vec::new()`.
                ExprKind::VecMacro(items) if items.is_empty() => {}
                ExprKind::VecMacro(_) | ExprKind::VecRepeat { .. } => {
                    self.error(expr.span, "E0015", format!("cannot allocate in {}", self.context.plural()));
                }
                ExprKind::FormatArgs(args) if !args.args.is_empty() && !self.is_const_message(args) => {
                    let message = format!("cannot call non-const formatting macro in {}", self.context.plural());
                    self.error(expr.span, "E0015", message);
                }
                _ => {}
            }
        }
    }

    /// `panic!("{}", text)` with a `&str` is all that formatting can do here.
    fn is_const_message(&self, args: &crate::thir::FormatArgs) -> bool {
        args.args.len() == 1 && args.pieces.len() == 1 && self.body.exprs[args.args[0]].ty.peel_refs().is_str()
    }

    fn call(&mut self, id: ExprId, callee: ExprId, source: CallSource) {
        let span = self.body.exprs[id].span;
        let place = self.context.plural();
        let callee_ty = self.body.exprs[callee].ty;
        let ((ExprKind::FnItem { def, .. }, _) | (_, TyKind::FnDef(def, _))) =
            (&self.body.exprs[callee].kind, callee_ty.kind())
        else {
            match callee_ty.kind() {
                TyKind::FnPtr(_) => {
                    let mut error = TypeError::new(
                        self.owner,
                        span,
                        "",
                        format!("function pointer calls are not allowed in {place}"),
                    );
                    error.code = None;
                    self.errors.push(error);
                }
                TyKind::Closure(..) => self.error(span, "E0015", format!("cannot call non-const closure in {place}")),
                _ => {}
            }
            return;
        };
        if matches!(def.kind(), DefKind::Struct | DefKind::Variant)
            || rgo_hir::lang_name(self.db, *def) == Some("panic_fmt")
        {
            return;
        }
        let in_trait = def.parent().is_some_and(|parent| {
            parent.kind() == DefKind::Trait
                || matches!(&rgo_hir::item_ast(self.db, parent).kind, ItemKind::Impl(imp) if imp.of_trait.is_some())
        });
        if !in_trait && is_const_fn(self.db, *def) {
            return;
        }
        let what = match source {
            CallSource::Operator => "operator".to_string(),
            CallSource::Overloaded => "closure".to_string(),
            CallSource::Method => format!("method `{}`", def.name()),
            CallSource::Plain | CallSource::Desugared
                if def.parent().is_some_and(|p| p.kind() == DefKind::Impl || in_trait) =>
            {
                format!("associated function `{}`", def.name())
            }
            CallSource::Plain | CallSource::Desugared => format!("function `{}`", def.name()),
        };
        self.error(span, "E0015", format!("cannot call non-const {what} in {place}"));
    }

    // ----- borrows in the final value -----

    /// Walks the parts of the constant's value whose temporaries live on.
    fn final_value(&mut self, id: ExprId) {
        let expr = &self.body.exprs[id];
        match &expr.kind {
            ExprKind::Block(block) => {
                if let Some(tail) = self.body.blocks[*block].tail {
                    self.final_value(tail);
                }
            }
            ExprKind::Borrow { kind, place, .. } => {
                if self.is_reborrow(*place) {
                    if let Some(inner) = self.reborrowed(*place) {
                        self.final_value(inner);
                    }
                    return;
                }
                let Some(temporary) = self.temporary(*place) else { return };
                match kind {
                    BorrowKind::Mut { .. } | BorrowKind::Unique => {
                        let message = "mutable borrows of temporaries that have their lifetime extended until the end of the program are not allowed";
                        self.error(expr.span, "E0764", message.to_string());
                    }
                    BorrowKind::Shared | BorrowKind::Fake => {
                        if self.is_interior_mutable(*place) {
                            let message = "interior mutable shared borrows of temporaries that have their lifetime extended until the end of the program are not allowed";
                            self.error(expr.span, "E0492", message.to_string());
                        }
                        self.final_value(temporary);
                    }
                }
            }
            ExprKind::Coerce { expr, .. } | ExprKind::Cast { expr, .. } => self.final_value(*expr),
            ExprKind::Tuple(items) | ExprKind::Array(items) => items.iter().for_each(|item| self.final_value(*item)),
            ExprKind::Adt(adt) => adt.fields.iter().for_each(|(_, value)| self.final_value(*value)),
            ExprKind::If { then, otherwise, .. } => {
                self.final_value(*then);
                if let Some(otherwise) = otherwise {
                    self.final_value(*otherwise);
                }
            }
            ExprKind::Call { callee, args, .. } if self.is_constructor(*callee) => {
                args.iter().for_each(|arg| self.final_value(*arg));
            }
            _ => {}
        }
    }

    fn is_constructor(&self, callee: ExprId) -> bool {
        matches!(&self.body.exprs[callee].kind, ExprKind::FnItem { def, .. } if matches!(def.kind(), DefKind::Struct | DefKind::Variant))
    }

    fn is_reborrow(&self, place: ExprId) -> bool {
        match &self.body.exprs[place].kind {
            ExprKind::Deref(_) => true,
            ExprKind::Field { base, .. } | ExprKind::Index { base, .. } | ExprKind::PlaceAscription { base, .. } => {
                self.is_reborrow(*base)
            }
            _ => false,
        }
    }

    /// What a reborrow goes through: `&*x` of a borrow is that borrow.
    fn reborrowed(&self, place: ExprId) -> Option<ExprId> {
        match &self.body.exprs[place].kind {
            ExprKind::Deref(inner) => Some(*inner),
            _ => None,
        }
    }

    /// The value expression at the bottom of a place, if the place is a temporary.
    fn temporary(&self, place: ExprId) -> Option<ExprId> {
        match &self.body.exprs[place].kind {
            ExprKind::Local(_) | ExprKind::Upvar(_) | ExprKind::Static(_) | ExprKind::Deref(_) => None,
            ExprKind::Field { base, .. } | ExprKind::Index { base, .. } | ExprKind::PlaceAscription { base, .. } => {
                self.temporary(*base)
            }
            _ => Some(place),
        }
    }

    // ----- values -----

    /// Whether the value itself changes through shared references, as far as its expression tells: `None::<Cell<i32>>` does not.
    fn is_interior_mutable(&self, id: ExprId) -> bool {
        let expr = &self.body.exprs[id];
        if is_freeze(self.db, expr.ty, &mut Vec::new()) {
            return false;
        }
        let by_itself = |def: DefId| is_cell(self.db, def);
        match &expr.kind {
            ExprKind::Literal(_) => false,
            ExprKind::Adt(adt) => {
                by_itself(adt.adt)
                    || adt.base.is_some()
                    || adt.fields.iter().any(|(_, value)| self.is_interior_mutable(*value))
            }
            ExprKind::FnItem { def, .. } => def.kind() == DefKind::Struct && by_itself(*def),
            ExprKind::Call { callee, args, .. } if self.is_constructor(*callee) => {
                let adt = expr.ty.adt_def_id();
                adt.is_some_and(by_itself) || args.iter().any(|arg| self.is_interior_mutable(*arg))
            }
            ExprKind::Tuple(items) | ExprKind::Array(items) => items.iter().any(|item| self.is_interior_mutable(*item)),
            ExprKind::Block(block) => self.body.blocks[*block].tail.is_none_or(|tail| self.is_interior_mutable(tail)),
            ExprKind::Const { def, .. } if !def.is_std() => {
                let body = thir_body(self.db, *def);
                if body.has_errors || *def == self.owner {
                    return true;
                }
                let inner = Checker { db: self.db, owner: *def, body, context: self.context, errors: Vec::new() };
                inner.is_interior_mutable(body.value)
            }
            _ => true,
        }
    }
}

/// Whether a value of `ty` has nothing inside that changes through a shared reference.
pub fn is_freeze(db: &dyn Db, ty: Ty, inside: &mut Vec<Ty>) -> bool {
    match ty.kind() {
        TyKind::Adt(def, args) => {
            if is_cell(db, *def) {
                return false;
            }
            if inside.contains(&ty) || inside.len() > 32 {
                return true;
            }
            if matches!(rgo_hir::lang_name(db, *def), Some("box" | "vec" | "string" | "rc" | "arc" | "phantom_data")) {
                return true;
            }
            inside.push(ty);
            let fields = adt_def(db, *def).variants.iter().flat_map(|variant| &variant.fields);
            let freeze = fields.into_iter().all(|field| is_freeze(db, field.ty.subst(*args), inside));
            inside.pop();
            freeze
        }
        TyKind::Tuple(items) => items.iter().all(|item| is_freeze(db, *item, inside)),
        TyKind::Array(elem, _) | TyKind::Slice(elem) => is_freeze(db, *elem, inside),
        TyKind::Closure(_, args) => ClosureArgs::new(*args).upvars().iter().all(|upvar| is_freeze(db, *upvar, inside)),
        TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..) | TyKind::Dynamic(..) => false,
        _ => true,
    }
}
