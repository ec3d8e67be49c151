//! The text of a value as one Go expression: `p.String()` for `{}`, `p.debugString()` for `{:?}`.
//!
//! Made from the type's `fmt`: where each way through its body ends in the one thing that is written, the text is what is returned; elsewhere
//! the text is taken out of a formatter. Only for packages in which no `fmt` fails (`queries::makes_fmt_errors`), since the text has no place
//! for an error.

use rgo_hir::body::{FormatTrait, Mutability};
use rgo_hir::{DefId, DefKind};
use rgo_typeck::thir::{Coercion, ExprId, ExprKind, FormatSpec};
use rgo_typeck::ty::{Args, Ty, TyKind};

use super::format::Piece;
use super::*;
use crate::go::names::{Visibility, mixed_caps};
use crate::mono::context::Work;
use crate::mono::functions::FuncRef;
use crate::queries::{self, Callee};

/// The formatting traits whose text has a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Shown {
    Display,
    Debug,
}

impl Shown {
    /// The kind of text that a placeholder asks for; `None` for numbers in another base and pointers.
    pub fn of(format: FormatTrait) -> Option<Shown> {
        match format {
            FormatTrait::Display => Some(Shown::Display),
            FormatTrait::Debug => Some(Shown::Debug),
            _ => None,
        }
    }

    fn lang(self) -> &'static str {
        match self {
            Shown::Display => "display",
            Shown::Debug => "debug",
        }
    }

    fn format(self) -> FormatTrait {
        match self {
            Shown::Display => FormatTrait::Display,
            Shown::Debug => FormatTrait::Debug,
        }
    }
}

/// A function that returns text: of which type, by which trait, and whether the options of the placeholder are handed to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct TextFn {
    pub ty: Ty,
    pub shown: Shown,
    pub has_spec: bool,
}

/// The body of a `fmt` that is lowered to what it writes.
pub(super) struct TextBody<'db> {
    body: &'db thir::Body,
    formatter: LocalId,
    /// The expressions whose value is returned: each writes once, or nothing.
    tails: FxHashSet<ExprId>,
}

impl Cx<'_> {
    /// The Go function for the text of a value behind a shared reference.
    pub fn text_func(&mut self, text: TextFn) -> Option<FuncRef> {
        let found = match self.texts.get(&text) {
            Some(known) => known.clone(),
            None => {
                let (def, _) = self.fmt_of(text.ty, text.shown)?;
                queries::thir(self.db, def)?;
                let home = self.home_of_ty(text.ty);
                self.in_home(home, |cx| cx.name_text(text))
            }
        };
        if let FuncRef::Method(owner, name) = &found {
            self.meet_member(owner, name);
        }
        Some(found)
    }

    fn name_text(&mut self, text: TextFn) -> FuncRef {
        let TextFn { ty, shown, has_spec } = text;
        let word = self.type_word(ty);
        let found = match self.layout(ty) {
            Some(layout) => {
                let wanted = match (shown, has_spec) {
                    (Shown::Display, false) => "String",
                    (Shown::Debug, false) => "debugString",
                    (Shown::Display, true) => "format",
                    (Shown::Debug, true) => "formatDebug",
                };
                FuncRef::Method(layout.name.clone(), self.fresh_member(&layout.name, wanted))
            }
            None => {
                let verb = match (shown, has_spec) {
                    (shown, false) => shown.lang(),
                    (Shown::Display, true) => "format",
                    (Shown::Debug, true) => "format_debug",
                };
                let name = mixed_caps(&format!("{verb}_{word}"), Visibility::Private);
                FuncRef::Func(self.fresh_name(&name))
            }
        };
        self.texts.insert(text, found.clone());
        self.later(Work::Text(text));
        found
    }

    fn fmt_of(&mut self, ty: Ty, shown: Shown) -> Option<(DefId, Args)> {
        let method = self.lang_method(shown.lang(), "fmt")?;
        match queries::resolve(self.db, method, Args::of_types(&[ty])) {
            Callee::Item(def, args) => Some((def, self.concrete_args(args, Args::empty()))),
            _ => None,
        }
    }

    /// Whether a value holds others of its type: text that is put together from the texts of parts would be copied at every level.
    fn is_recursive(&self, ty: Ty) -> bool {
        let mut seen = FxHashSet::default();
        let mut pending = vec![ty];
        let mut is_first = true;
        while let Some(next) = pending.pop() {
            if next == ty && !std::mem::take(&mut is_first) {
                return true;
            }
            if !seen.insert(next) && next != ty {
                continue;
            }
            match next.kind() {
                TyKind::Array(elem, _) | TyKind::Slice(elem) | TyKind::Ref(_, elem, _) => pending.push(*elem),
                TyKind::Tuple(items) => pending.extend(items.iter()),
                TyKind::Dynamic(..) => return true,
                TyKind::Adt(def, args) => {
                    pending.extend(args.types());
                    if let Some(adt) = queries::adt(self.db, *def).filter(|_| !def.is_std()) {
                        let fields = adt.variants.iter().flat_map(|variant| &variant.fields);
                        pending.extend(fields.map(|field| self.concrete(field.ty, *args)));
                    }
                }
                _ => {}
            }
        }
        false
    }
}

/// Emits a text function.
pub fn emit_text(cx: &mut Cx<'_>, text: TextFn) {
    let TextFn { ty, shown, has_spec } = text;
    let Some(found) = cx.texts.get(&text).cloned() else { return };
    let Some((def, args)) = cx.fmt_of(ty, shown) else { return };
    let Some(body) = queries::thir(cx.db, def) else { return };
    let facts = queries::facts(cx.db, def);
    let is_recursive = cx.is_recursive(ty);
    let mut lower = Lower::new(cx, body, facts, def, args);
    lower.mark(rgo_hir::def_span(lower.cx.db, def));
    let pos = lower.pos;
    if let FuncRef::Func(_) = found {
        lower.self_name = "v";
    }
    let string = Type::name("string");
    let mut spec_param = None;
    let param = match lower.text_body().filter(|_| !is_recursive && !has_spec) {
        Some(text) => {
            lower.ret = string_ty(lower.cx).unwrap_or(lower.ret);
            lower.text_body = Some(text);
            let mut params = lower.params();
            lower.function_body();
            params.remove(0)
        }
        None => {
            let receiver = lower.locals.temporary("v");
            let reference = Ty::new(TyKind::Ref(rgo_typeck::ty::Region::erased(), ty, Mutability::Not));
            let form = lower.go_ty(reference);
            let spec = has_spec.then(|| lower.locals.temporary("spec"));
            let ty = lower.cx.runtime_ty("Spec", Vec::new());
            spec_param = spec.map(|spec| Param { var: Some(spec), ty, variadic: Variadic::No });
            let text = lower.text_by_formatter(Expr::Var(receiver), (def, args), spec.map(Expr::Var));
            lower.emit(StmtKind::Return(vec![text]));
            Param { var: Some(receiver), ty: form, variadic: Variadic::No }
        }
    };
    let (locals, out) = (std::mem::take(&mut lower.locals), std::mem::take(&mut lower.out));
    let (name, receiver, mut params) = match found {
        FuncRef::Func(global) => (global.name, None, vec![param]),
        FuncRef::Method(_, name) => (name, Some(Receiver { var: param.var, ty: param.ty }), Vec::new()),
    };
    params.extend(spec_param);
    let mut decl = FuncDecl {
        doc: Vec::new(),
        receiver,
        name,
        type_params: Vec::new(),
        params,
        results: vec![Result { var: None, ty: string }],
        body: out,
        locals,
        pos,
    };
    crate::go::fold::fold_func(&mut decl);
    cx.check_entries(&decl.body);
    let owner = if def.is_std() { cx.owner_of(ty) } else { def };
    cx.declare(owner, Decl::Func(decl));
}

fn string_ty(cx: &Cx<'_>) -> Option<Ty> {
    rgo_hir::lang_item(cx.db, "string").map(|def| Ty::adt(def, Args::empty()))
}

impl<'db> Lower<'_, 'db> {
    /// The text of a value, called for where it is.
    pub(super) fn text_call(&mut self, value: Expr, ty: Ty, shown: Shown, spec: Option<Expr>) -> Option<Expr> {
        if self.cx.fmt_can_fail {
            return None;
        }
        let (mut value, mut ty) = (value, ty);
        // A trait object is shown by the `fmt` of the reference to it.
        while let TyKind::Ref(_, inner, _) = ty.kind() {
            if inner.is_dyn() {
                break;
            }
            value = self.follow(value, ty);
            ty = *inner;
        }
        let function = self.cx.text_func(TextFn { ty, shown, has_spec: spec.is_some() })?;
        let spec: Vec<Expr> = spec.into_iter().collect();
        let reference = self.reference(value, ty, Mutability::Not);
        Some(match function {
            FuncRef::Func(name) => {
                Expr::call(self.cx.global(&name), std::iter::once(fitted(reference)).chain(spec).collect())
            }
            FuncRef::Method(_, name) => match reference {
                Expr::Unary(UnaryOp::Addr, place) if matches!(*place, Expr::Composite(_) | Expr::Entry(_)) => {
                    self.temp("v", *place).method(&name, spec)
                }
                Expr::Unary(UnaryOp::Addr, place) => {
                    self.cx.take_receiver(&place);
                    place.method(&name, spec)
                }
                other => other.method(&name, spec),
            },
        })
    }

    /// The text that a `fmt` writes into a formatter of its own.
    fn text_by_formatter(&mut self, value: Expr, (def, args): (DefId, Args), spec: Option<Expr>) -> Expr {
        let span = self.body.exprs[self.body.value].span;
        let formatter = self.locals.temporary("f");
        let form = self.cx.runtime_ty("Formatter", Vec::new());
        match spec {
            Some(spec) => {
                let made = Expr::keyed(form, vec![("Spec".into(), spec)]);
                self.emit(StmtKind::define(formatter, made));
            }
            None => self.emit(StmtKind::Var(formatter, form, None)),
        }
        let val = self.call_def(def, args, vec![value, Expr::Var(formatter).addr()], None, span);
        self.send(val, Ty::unit(), &Dest::Discard);
        Expr::Var(formatter).method("String", Vec::new())
    }

    /// The body as one that is lowered to what it writes, if it is of that kind.
    fn text_body(&self) -> Option<TextBody<'db>> {
        let body = self.body;
        let formatter = body.params.get(1)?.pat.and_then(|pat| self.simple_binding(pat))?;
        let mut text = TextBody { body, formatter, tails: FxHashSet::default() };
        let mut writes = 0;
        self.text_tails(body.value, &mut text, &mut writes)?;
        let mut uses = 0;
        for (_, expr) in body.exprs.iter() {
            match &expr.kind {
                ExprKind::Local(local) if *local == formatter => uses += 1,
                ExprKind::Return { value } => self.text_tails((*value)?, &mut text, &mut writes)?,
                ExprKind::Try { .. } => return None,
                ExprKind::Closure { def } => {
                    let thir::BodyKind::Closure(info) = &queries::thir(self.cx.db, *def)?.kind else { return None };
                    if info.captures.iter().any(|capture| capture.place.local == formatter) {
                        return None;
                    }
                }
                _ => {}
            }
        }
        (uses == writes).then_some(text)
    }

    /// Collects the expressions whose value `expr` has; `None` if one of them is of another kind than those that are known.
    fn text_tails(&self, expr: ExprId, text: &mut TextBody<'db>, writes: &mut usize) -> Option<()> {
        match &self.body.exprs[expr].kind {
            ExprKind::Block(block) => {
                let block = &self.body.blocks[*block];
                match block.tail {
                    Some(tail) if block.label.is_none() => self.text_tails(tail, text, writes),
                    // Left by `return`.
                    None if block.label.is_none() => Some(()),
                    _ => None,
                }
            }
            ExprKind::If { then, otherwise, .. } => {
                self.text_tails(*then, text, writes)?;
                self.text_tails((*otherwise)?, text, writes)
            }
            ExprKind::Match { arms, .. } => {
                arms.iter().try_for_each(|arm| self.text_tails(self.body.arms[*arm].body, text, writes))
            }
            ExprKind::Return { .. } => Some(()),
            ExprKind::Coerce { kind: Coercion::NeverToAny, .. } => Some(()),
            // `Ok(())` writes nothing.
            ExprKind::Adt(adt) if adt.variant == 0 && self.cx.result_payload(self.expr_ty(expr)).is_some() => {
                text.tails.insert(expr);
                Some(())
            }
            ExprKind::Call { .. } => {
                *writes += self.tail_writes(expr, text.formatter)?;
                text.tails.insert(expr);
                Some(())
            }
            _ => None,
        }
    }

    /// How often a call that ends a way through `fmt` mentions the formatter, if it is one whose text is known.
    fn tail_writes(&self, expr: ExprId, formatter: LocalId) -> Option<usize> {
        let (def, args) = self.direct_call(expr)?;
        let is_formatter = |index: usize| args.get(index).is_some_and(|arg| self.is_local_ref(*arg, formatter));
        match self.cx.lang_of(def) {
            Some("formatter_write_fmt") => {
                let is_format = matches!(self.body.exprs[*args.get(1)?].kind, ExprKind::FormatArgs(_));
                (is_format && is_formatter(0)).then_some(1)
            }
            Some("formatter_write_str" | "formatter_pad") => is_formatter(0).then_some(1),
            Some("debug_struct_finish" | "debug_tuple_finish") => {
                self.builder_fields(*args.first()?, formatter).map(|_| 1)
            }
            _ if self.fmt_trait(def).is_some() => is_formatter(1).then_some(1),
            _ => None,
        }
    }

    fn direct_call(&self, expr: ExprId) -> Option<(DefId, &'db [ExprId])> {
        let ExprKind::Call { callee, args, .. } = &self.body.exprs[expr].kind else { return None };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return None };
        Some((*def, args))
    }

    /// `Display::fmt` or `Debug::fmt` itself.
    fn fmt_trait(&self, def: DefId) -> Option<Shown> {
        let parent = def.parent().filter(|parent| parent.kind() == DefKind::Trait)?;
        match self.cx.lang_of(parent) {
            Some("display") => Some(Shown::Display),
            Some("debug") => Some(Shown::Debug),
            _ => None,
        }
    }

    /// Whether an expression is the variable, or a reborrow of what it points to.
    fn is_local_ref(&self, expr: ExprId, local: LocalId) -> bool {
        match &self.body.exprs[expr].kind {
            ExprKind::Local(found) => *found == local,
            ExprKind::Borrow { place, .. } => match &self.body.exprs[*place].kind {
                ExprKind::Deref(inner) => self.is_local_ref(*inner, local),
                _ => false,
            },
            _ => false,
        }
    }

    /// Name and fields of `f.debug_struct("…").field("…", …)…` and `f.debug_tuple("…").field(…)…`.
    fn builder_fields(&self, expr: ExprId, formatter: LocalId) -> Option<(ExprId, Vec<(Option<ExprId>, ExprId)>)> {
        let expr = self.under_borrows(expr);
        let (def, args) = self.direct_call(expr)?;
        match (self.cx.lang_of(def)?, args) {
            ("formatter_debug_struct" | "formatter_debug_tuple", [f, name]) => {
                self.is_local_ref(*f, formatter).then(|| (*name, Vec::new()))
            }
            ("debug_struct_field", [builder, name, value]) => {
                let (whole, mut fields) = self.builder_fields(*builder, formatter)?;
                fields.push((Some(*name), self.concrete_value(*value)?));
                Some((whole, fields))
            }
            ("debug_tuple_field", [builder, value]) => {
                let (whole, mut fields) = self.builder_fields(*builder, formatter)?;
                fields.push((None, self.concrete_value(*value)?));
                Some((whole, fields))
            }
            _ => None,
        }
    }

    fn under_borrows(&self, expr: ExprId) -> ExprId {
        match &self.body.exprs[expr].kind {
            ExprKind::Borrow { place, .. } => self.under_borrows(*place),
            ExprKind::Deref(inner) => self.under_borrows(*inner),
            _ => expr,
        }
    }

    /// The reference that becomes a `&dyn Debug`.
    fn concrete_value(&self, expr: ExprId) -> Option<ExprId> {
        match &self.body.exprs[expr].kind {
            ExprKind::Coerce { kind: Coercion::UnsizeDyn, expr } => Some(*expr),
            _ => None,
        }
    }

    /// Whether an expression ends a way through the `fmt` that is lowered to what it writes.
    pub(super) fn is_text_tail(&self, expr: ExprId) -> bool {
        self.text_body.as_ref().is_some_and(|text| std::ptr::eq(text.body, self.body) && text.tails.contains(&expr))
    }

    /// The text that a call which ends a way through `fmt` writes.
    pub(super) fn tail_text(&mut self, expr: ExprId) -> Option<Val> {
        if !self.is_text_tail(expr) {
            return None;
        }
        let formatter = self.text_body.as_ref()?.formatter;
        let Some((def, args)) = self.direct_call(expr) else { return Some(Val::One(Expr::str(""))) };
        Some(Val::One(match self.cx.lang_of(def) {
            Some("formatter_write_fmt") => {
                let ExprKind::FormatArgs(format) = &self.body.exprs[args[1]].kind else { return None };
                self.format_text(format)
            }
            Some("formatter_write_str" | "formatter_pad") => self.value(args[1]),
            Some("debug_struct_finish" | "debug_tuple_finish") => {
                let (name, fields) = self.builder_fields(args[0], formatter)?;
                self.built_text(name, fields)
            }
            _ => {
                let shown = self.fmt_trait(def)?;
                let ty = self.expr_ty(args[0]);
                let value = self.value(args[0]);
                let piece = self.text_piece(value, ty, shown);
                self.text_of(vec![piece])
            }
        }))
    }

    /// A value's text among other text.
    fn text_piece(&mut self, value: Expr, ty: Ty, shown: Shown) -> Piece {
        if let Some(piece) =
            self.native(value.clone(), ty, shown.format(), &FormatSpec::default(), !self.cx.has_big_usize())
        {
            return piece;
        }
        if let Some(text) = self.text_call(value.clone(), ty, shown, None) {
            return Piece::Verb("%s".into(), text);
        }
        let method = self.cx.lang_method(shown.lang(), "fmt");
        let reference = self.reference(value, ty, Mutability::Not);
        match method {
            Some(method) => Piece::Own { value: reference, method: (method, Args::of_types(&[ty])), spec: None },
            None => Piece::Text(String::new()),
        }
    }

    fn built_text(&mut self, name: ExprId, fields: Vec<(Option<ExprId>, ExprId)>) -> Expr {
        let (open, close) = match fields.first() {
            Some((Some(_), _)) => (" { ", " }"),
            Some((None, _)) => ("(", ")"),
            None => ("", ""),
        };
        let mut exprs = vec![name];
        for (field, value) in &fields {
            exprs.extend(*field);
            exprs.push(*value);
        }
        let mut values = self.operands(&exprs).into_iter();
        let mut pieces = Vec::new();
        let text = |value: Option<Expr>| match value {
            Some(Expr::Lit(Lit::Str(text))) => Piece::Text(text.to_string()),
            Some(value) => Piece::Verb("%s".into(), value),
            None => Piece::Text(String::new()),
        };
        let name = values.next();
        let nameless = matches!(&name, Some(Expr::Lit(Lit::Str(name))) if name.is_empty());
        pieces.push(text(name));
        for (i, (field, value)) in fields.iter().enumerate() {
            pieces.push(Piece::Text(if i == 0 { open } else { ", " }.to_string()));
            if field.is_some() {
                pieces.push(text(values.next()));
                pieces.push(Piece::Text(": ".to_string()));
            }
            let ty = self.expr_ty(*value);
            let value = values.next().unwrap_or_else(Expr::nil);
            let piece = self.text_piece(value, ty, Shown::Debug);
            pieces.push(piece);
        }
        // `(1,)`: a tuple of one is no value in parentheses.
        if nameless && matches!(fields.as_slice(), [(None, _)]) {
            pieces.push(Piece::Text(",".to_string()));
        }
        pieces.push(Piece::Text(close.to_string()));
        self.text_of(pieces)
    }
}
