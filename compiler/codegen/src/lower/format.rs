//! Format strings: through Go's fmt and strconv where those print the same bytes, through the runtime's formatter elsewhere.

use rgo_hir::DefId;
use rgo_hir::body::{Align, Count, FormatTrait, Mutability, Sign};
use rgo_typeck::thir::{FormatArgs, FormatPiece, FormatSpec};
use rgo_typeck::ty::{Args, Ty, TyKind, UintTy};

use super::results::{ErrorVal, ResultVal};
use super::*;
use crate::go::shown;
use crate::queries;

/// One piece of the output.
pub(super) enum Piece {
    Text(String),
    /// A Go verb and its operand.
    Verb(String, Expr),
    /// A call of the type's own `fmt`.
    Own {
        value: Expr,
        method: (DefId, Args),
        spec: Option<Expr>,
    },
}

/// How a value comes out that has a `fmt` of its own.
#[derive(Clone, Copy, PartialEq)]
enum Own {
    /// As text among other text, where it has some.
    Text,
    /// Straight into a formatter.
    Streamed,
}

impl Lower<'_, '_> {
    fn pieces(&mut self, format: &FormatArgs, own: Own) -> Vec<Piece> {
        // Arguments are borrowed: places stay places, values are evaluated once and in order.
        let span = self.body.exprs[self.body.value].span;
        let mut uses = vec![0; format.args.len()];
        for piece in &format.pieces {
            if let FormatPiece::Arg { arg, spec, .. } = piece {
                uses[*arg] += 1;
                for count in [&spec.width, &spec.precision].into_iter().flatten() {
                    if let Count::Arg(index) = count {
                        uses[*index] += 1;
                    }
                }
            }
        }
        // A place is borrowed: nothing can change it before it is formatted, and it is not copied. What runs to find it runs in its turn.
        let acts = |lower: &Self, e: thir::ExprId| lower.stability(e) == super::operands::Stability::Effect;
        let is_found = |lower: &Self, e: thir::ExprId| !acts(lower, e) && !lower.may_miss(e);
        let (places, others): (Vec<_>, Vec<_>) =
            format.args.iter().copied().partition(|e| self.is_place(*e) && is_found(self, *e));
        let borrowed: Vec<_> = others.iter().copied().filter(|e| self.is_place(*e)).collect();
        let mut lowered: FxHashMap<thir::ExprId, Expr> = FxHashMap::default();
        for place in places {
            let value = self.place(place);
            lowered.insert(place, value);
        }
        let operands = self.operands_beside(&others, &borrowed, |lower, e| match borrowed.contains(&e) {
            true => {
                let place = lower.place(e);
                let mut later = others.iter().skip_while(|other| **other != e).skip(1);
                let is_indexed = is_indexed(&place);
                match is_indexed && later.any(|other| acts(lower, *other) && !borrowed.contains(other)) {
                    true => lower.found(e, place),
                    false => place,
                }
            }
            false => lower.value(e),
        });
        for (expr, value) in others.iter().zip(operands) {
            // Pieces are written one by one, but all arguments are evaluated before the first.
            let acts = self.stability(*expr) == super::operands::Stability::Effect && !borrowed.contains(expr);
            let value = if acts && format.args.len() > 1 && !super::expr::is_repeatable(&value) {
                let ty = self.expr_ty(*expr);
                let form = self.go_ty(ty);
                let var = self.locals.temporary("v");
                self.define(var, value, Some(form));
                Expr::Var(var)
            } else {
                value
            };
            lowered.insert(*expr, value);
        }
        let values: Vec<Expr> = format.args.iter().map(|e| lowered.remove(e).unwrap_or_else(Expr::nil)).collect();
        let types: Vec<Ty> = format.args.iter().map(|e| self.expr_ty(*e)).collect();
        let fits: Vec<bool> = format.args.iter().map(|e| self.expr_fits(*e)).collect();
        let values: Vec<Expr> = values
            .into_iter()
            .enumerate()
            .map(|(i, value)| {
                let form = self.go_ty(types[i]);
                if uses[i] > 1 && !super::expr::is_repeatable(&value) {
                    let var = self.locals.temporary("v");
                    self.define(var, value, Some(form));
                    Expr::Var(var)
                } else {
                    value
                }
            })
            .collect();
        let mut out: Vec<Piece> = Vec::new();
        for piece in &format.pieces {
            match piece {
                FormatPiece::Text(text) => match out.last_mut() {
                    Some(Piece::Text(last)) => last.push_str(text.as_str()),
                    _ => out.push(Piece::Text(text.as_str().to_string())),
                },
                FormatPiece::Arg { arg, format, method, spec } => {
                    let (value, ty) = (values[*arg].clone(), types[*arg]);
                    let fits = fits[*arg];
                    let piece = match self.native(value.clone(), ty, *format, spec, fits) {
                        Some(piece) => piece,
                        None => match self.own_text(value.clone(), ty, *format, (spec, &values), own) {
                            Some(text) => Piece::Verb("%s".into(), text),
                            None => Piece::Own {
                                value: self.own_argument(value, ty),
                                method: *method,
                                spec: self.spec(spec, &values),
                            },
                        },
                    };
                    match (piece, out.last_mut()) {
                        (Piece::Text(text), Some(Piece::Text(last))) => last.push_str(&text),
                        (piece, _) => out.push(piece),
                    }
                }
            }
        }
        let _ = span;
        out
    }

    fn own_text(
        &mut self,
        value: Expr,
        ty: Ty,
        format: FormatTrait,
        (spec, values): (&FormatSpec, &[Expr]),
        own: Own,
    ) -> Option<Expr> {
        if own == Own::Streamed {
            return None;
        }
        let shown = Shown::of(format)?;
        match self.spec(spec, values) {
            None => self.text_call(value, ty, shown, None),
            Some(spec) => self.text_call(value, ty, shown, Some(spec)),
        }
    }

    /// A borrowed place that is looked up before something else happens: an index that is out of range panics first.
    fn found(&mut self, expr: thir::ExprId, place: Expr) -> Expr {
        let ty = self.expr_ty(expr);
        if ty.is_scalar() || self.cx.is_unsized(ty) || self.cx.adt_lang(ty) == Some("string") {
            let form = self.go_ty(ty);
            let var = self.locals.temporary("v");
            self.define(var, place, Some(form));
            return Expr::Var(var);
        }
        self.temp("v", place.addr()).deref()
    }

    /// The argument as `fmt` takes it: by shared reference.
    fn own_argument(&mut self, value: Expr, ty: Ty) -> Expr {
        self.reference(value, ty, Mutability::Not)
    }

    /// What a pointer that owns leaves its formatting to.
    fn formatted_behind(&mut self, ty: Ty, format: FormatTrait) -> Option<Ty> {
        let payload = self.cx.box_payload(ty).or_else(|| self.cx.uncounted_payload(ty))?;
        // How big a `usize` behind a pointer is was not asked.
        let is_size = matches!(payload.peel_refs().kind(), TyKind::Uint(UintTy::Usize));
        let is_left = matches!(format, FormatTrait::Display | FormatTrait::Debug) && !is_size;
        (is_left && !self.cx.is_unsized(payload)).then_some(payload)
    }

    /// An argument that Go prints as rgo does.
    pub(super) fn native(
        &mut self,
        value: Expr,
        ty: Ty,
        format: FormatTrait,
        spec: &FormatSpec,
        fits: bool,
    ) -> Option<Piece> {
        let (mut value, mut ty) = (value, ty);
        loop {
            match ty.kind() {
                // `&str` is the text itself, `&mut str` a pointer to it.
                TyKind::Ref(_, inner, Mutability::Not) if inner.is_str() => break,
                TyKind::Ref(_, inner, _) => {
                    value = self.follow(value, ty);
                    ty = *inner;
                }
                _ => match self.formatted_behind(ty, format) {
                    Some(inner) => {
                        value = value.deref();
                        ty = inner;
                    }
                    None => break,
                },
            }
        }
        if spec.debug_hex.is_some()
            || spec.fill.is_some_and(|c| c != ' ')
            || spec.align == Some(Align::Center)
            || spec.sign == Some(Sign::Minus)
        {
            return None;
        }
        if matches!(spec.width, Some(Count::Arg(_))) || matches!(spec.precision, Some(Count::Arg(_))) {
            return None;
        }
        let width = match spec.width {
            Some(Count::Literal(width)) => width.to_string(),
            _ => String::new(),
        };
        let precision = match spec.precision {
            Some(Count::Literal(precision)) => format!(".{precision}"),
            _ => String::new(),
        };
        let is_text = matches!(ty.kind(), TyKind::Ref(_, inner, _) if inner.is_str())
            || ty.is_str()
            || self.cx.adt_lang(ty) == Some("string");
        if is_text && format == FormatTrait::Display && !spec.zero_pad {
            if let (Expr::Lit(Lit::Str(text)), true, true) = (&value, width.is_empty(), precision.is_empty()) {
                return Some(Piece::Text(text.to_string()));
            }
            if let (Some(err), true, true) =
                (super::result_match::is_error_text(&value), width.is_empty(), precision.is_empty())
            {
                return Some(Piece::Verb("%v".into(), err.clone()));
            }
            let left = if width.is_empty() || spec.align == Some(Align::Right) { "" } else { "-" };
            return Some(Piece::Verb(format!("%{left}{width}{precision}s"), value));
        }
        if matches!(ty.kind(), TyKind::Char) && format == FormatTrait::Display && precision.is_empty() && !spec.zero_pad
        {
            let left = if width.is_empty() || spec.align == Some(Align::Right) { "" } else { "-" };
            return Some(Piece::Verb(format!("%{left}{width}c"), value));
        }
        let is_plain =
            width.is_empty() && precision.is_empty() && !spec.zero_pad && !spec.alternate && spec.sign.is_none();
        if is_plain
            && format == FormatTrait::Display
            && let Some(err) = self.shown_error(&value, ty)
        {
            return Some(Piece::error(err));
        }
        let is_error = self.cx.is_dyn_error(ty) || self.cx.box_payload(ty).is_some_and(|ty| self.cx.is_dyn_error(ty));
        if is_error && format == FormatTrait::Display && width.is_empty() && precision.is_empty() && !spec.zero_pad {
            return Some(Piece::error(value));
        }
        if is_plain
            && matches!(format, FormatTrait::Display | FormatTrait::Debug)
            && let Some(text) = constant_text(&value, ty, format)
        {
            return Some(Piece::Text(text));
        }
        if ty.is_bool()
            && matches!(format, FormatTrait::Display | FormatTrait::Debug)
            && width.is_empty()
            && precision.is_empty()
        {
            return Some(Piece::Verb("%t".into(), value));
        }
        let is_bare = spec.sign.is_none() && !spec.zero_pad && !spec.alternate;
        if ty.is_float() && is_bare {
            return self.native_float(value, format, spec, &width);
        }
        if format == FormatTrait::Debug && is_bare && width.is_empty() && precision.is_empty() {
            let quote = match ty.kind() {
                _ if is_text => Some("QuoteString"),
                TyKind::Char => Some("QuoteRune"),
                _ => None,
            };
            if let Some(quote) = quote {
                return Some(Piece::Verb("%s".into(), Expr::call(self.cx.runtime(quote), vec![fitted(value)])));
            }
        }
        if !ty.is_integral() || !precision.is_empty() {
            return None;
        }
        let plus = if spec.sign == Some(Sign::Plus) { "+" } else { "" };
        let zero = if spec.zero_pad { "0" } else { "" };
        let left = if spec.align == Some(Align::Left) && !width.is_empty() && !spec.zero_pad { "-" } else { "" };
        let is_usize = matches!(ty.kind(), TyKind::Uint(UintTy::Usize));
        match format {
            FormatTrait::Display | FormatTrait::Debug if !spec.alternate => {
                // What std shows may come from std, whose lengths of what is endless are as big as they get.
                let is_big = is_usize && (!fits || self.def.is_std());
                let value = if is_big { Expr::convert(Type::name("uint"), value) } else { value };
                Some(Piece::Verb(format!("%{plus}{left}{zero}{width}d"), plain_int(value)))
            }
            FormatTrait::LowerHex | FormatTrait::UpperHex | FormatTrait::Binary | FormatTrait::Octal
                if plus.is_empty() =>
            {
                if spec.alternate && (!zero.is_empty() || matches!(format, FormatTrait::Octal | FormatTrait::UpperHex))
                {
                    return None;
                }
                let alternate = if spec.alternate { "#" } else { "" };
                let verb = match format {
                    FormatTrait::LowerHex => "x",
                    FormatTrait::UpperHex => "X",
                    FormatTrait::Binary => "b",
                    _ => "o",
                };
                // Negative numbers show their bits.
                let form = self.go_ty(ty);
                let unsigned = match &form {
                    Type::Name(name) if name.starts_with("int") => Some(Type::name(&format!("u{name}"))),
                    _ => None,
                };
                let value = match unsigned {
                    Some(unsigned) => {
                        let mut expr = Expr::convert(unsigned, value);
                        crate::go::fold::simplify(&mut expr);
                        expr
                    }
                    None => value,
                };
                Some(Piece::Verb(format!("%{alternate}{left}{zero}{width}{verb}"), value))
            }
            _ => None,
        }
    }

    /// A float as text: Go's verbs write some of them otherwise.
    fn native_float(&mut self, value: Expr, format: FormatTrait, spec: &FormatSpec, width: &str) -> Option<Piece> {
        let (function, precision) = match (format, &spec.precision) {
            (FormatTrait::Display | FormatTrait::Debug, Some(Count::Literal(precision))) => {
                ("FloatFixed", Some(*precision))
            }
            (FormatTrait::Display, None) => ("Float", None),
            (FormatTrait::Debug, None) => ("FloatDebug", None),
            _ => return None,
        };
        let mut args = vec![default_typed(value)];
        args.extend(precision.map(|precision| Expr::int(i128::from(precision))));
        let left = if spec.align == Some(Align::Left) && !width.is_empty() { "-" } else { "" };
        Some(Piece::Verb(format!("%{left}{width}s"), Expr::call(self.cx.runtime(function), args)))
    }

    /// The options of a placeholder as `rgort.Spec`; `None` where there are none.
    fn spec(&mut self, spec: &FormatSpec, values: &[Expr]) -> Option<Expr> {
        let mut fields: Vec<(Str, Expr)> = Vec::new();
        if let Some(fill) = spec.fill {
            fields.push(("Fill".into(), Expr::Lit(Lit::Rune(fill))));
        }
        if let Some(align) = spec.align {
            let name = match align {
                Align::Left => "AlignLeft",
                Align::Right => "AlignRight",
                Align::Center => "AlignCenter",
            };
            fields.push(("Align".into(), self.cx.runtime(name)));
        }
        match spec.sign {
            Some(Sign::Plus) => fields.push(("Plus".into(), Expr::bool(true))),
            Some(Sign::Minus) => fields.push(("Minus".into(), Expr::bool(true))),
            None => {}
        }
        if spec.alternate {
            fields.push(("Alternate".into(), Expr::bool(true)));
        }
        if spec.zero_pad {
            fields.push(("Zero".into(), Expr::bool(true)));
        }
        let count = |count: &Count| match count {
            Count::Literal(value) => Expr::int(i128::from(*value)),
            Count::Arg(index) => fitted(values[*index].clone()),
        };
        if let Some(width) = &spec.width {
            fields.push(("HasWidth".into(), Expr::bool(true)));
            fields.push(("Width".into(), count(width)));
        }
        if let Some(precision) = &spec.precision {
            fields.push(("HasPrec".into(), Expr::bool(true)));
            fields.push(("Precision".into(), count(precision)));
        }
        match spec.debug_hex {
            Some(FormatTrait::UpperHex) => fields.push(("DebugHex".into(), Expr::int(2))),
            Some(_) => fields.push(("DebugHex".into(), Expr::int(1))),
            None => {}
        }
        (!fields.is_empty()).then(|| Expr::keyed(self.cx.runtime_ty("Spec", Vec::new()), fields))
    }

    /// The finished text of a format string.
    pub(super) fn format_text(&mut self, format: &FormatArgs) -> Expr {
        let pieces = self.pieces(format, Own::Text);
        self.text_of(pieces)
    }

    /// `format_args!`: finished text, and whether some `fmt` failed.
    pub(super) fn format_arguments(&mut self, format: &FormatArgs) -> Expr {
        let pieces = self.pieces(format, Own::Text);
        let mut fields: Vec<(Str, Expr)> = Vec::new();
        if self.cx.fmt_can_fail && pieces.iter().any(Piece::is_own) {
            let (text, ok) = self.formatted(pieces);
            fields.push(("Text".into(), text));
            fields.extend(ok.map(|ok| ("Failed".into(), Expr::Var(ok).negate())));
        } else {
            fields.push(("Text".into(), self.text_of(pieces)));
        }
        Expr::keyed(self.cx.runtime_ty("Arguments", Vec::new()), fields)
    }

    /// `value.to_string()` for a value behind a shared reference.
    pub fn display_text(&mut self, reference: Expr, ty: Ty) -> Expr {
        let place = self.place_of_ref(reference.clone(), ty);
        let fits = !self.cx.has_big_usize();
        let piece = match self.native(place, ty, FormatTrait::Display, &FormatSpec::default(), fits) {
            Some(Piece::Verb(verb, value)) if verb == "%d" => return self.decimal(value, ty),
            Some(piece) => piece,
            None => {
                let place = self.place_of_ref(reference.clone(), ty);
                if !self.is_error_method
                    && let Some(text) = self.text_call(place, ty, Shown::Display, None)
                {
                    return text;
                }
                let method = rgo_hir::lang_item(self.cx.db, "display")
                    .and_then(|t| rgo_hir::child(self.cx.db, t, rgo_syntax::Name::new("fmt")));
                match method {
                    Some(method) => {
                        Piece::Own { value: reference, method: (method, Args::of_types(&[ty])), spec: None }
                    }
                    None => Piece::Text(String::new()),
                }
            }
        };
        if self.cx.fmt_can_fail && piece.is_own() {
            let (text, ok) = self.formatted(vec![piece]);
            self.panic_unless(ok, "a Display implementation returned an error unexpectedly: Error");
            return text;
        }
        self.text_of(vec![piece])
    }

    /// An integer in decimal.
    fn decimal(&mut self, value: Expr, ty: Ty) -> Expr {
        let form = self.go_ty(ty);
        let is_usize = matches!(ty.kind(), TyKind::Uint(UintTy::Usize)) && self.cx.has_big_usize();
        if form.is_name("int") && !is_usize {
            return Expr::call(Expr::imported("strconv", "Itoa"), vec![fitted(value)]);
        }
        let is_signed = matches!(ty.kind(), TyKind::Int(_));
        let (function, wide) = if is_signed { ("FormatInt", "int64") } else { ("FormatUint", "uint64") };
        let value = if form.is_name(wide) { fitted(value) } else { Expr::convert(Type::name(wide), value) };
        Expr::call(Expr::imported("strconv", function), vec![value, Expr::int(10)])
    }

    /// Pieces written into a formatter of their own: its text, and whether that went well, if that is not certain.
    pub(super) fn formatted(&mut self, pieces: Vec<Piece>) -> (Expr, Option<VarId>) {
        let formatter = self.locals.temporary("f");
        let form = self.cx.runtime_ty("Formatter", Vec::new());
        self.emit(StmtKind::Var(formatter, form, None));
        let pointer = Expr::Var(formatter).addr();
        let ok = self.write_pieces(pointer.clone(), pointer, pieces);
        (Expr::Var(formatter).method("String", Vec::new()), ok)
    }

    fn panic_unless(&mut self, ok: Option<VarId>, message: &str) {
        let Some(ok) = ok else { return };
        let panic = StmtKind::Expr(Expr::builtin("panic", vec![Expr::str(message)]));
        self.emit(StmtKind::if_else(Expr::Var(ok).negate(), vec![panic.into()], Vec::new()));
    }

    pub(super) fn text_of(&mut self, pieces: Vec<Piece>) -> Expr {
        if pieces.iter().any(Piece::is_own) {
            let (text, ok) = self.formatted(pieces);
            self.panic_unless(
                ok,
                "a formatting trait implementation returned an error when the underlying stream did not",
            );
            return text;
        }
        let mut pieces = joined(pieces);
        match pieces.len() {
            0 => Expr::str(""),
            1 => match pieces.remove(0) {
                Piece::Text(text) => Expr::str(&text),
                Piece::Verb(verb, value) if verb == "%s" => value,
                // Only errors are shown so.
                Piece::Verb(verb, value) if verb == "%v" => shown::text(value),
                Piece::Verb(verb, value) => Expr::call(Expr::imported("fmt", "Sprintf"), vec![Expr::str(&verb), value]),
                Piece::Own { .. } => Expr::str(""),
            },
            _ => {
                let (format, mut args) = go_format(pieces);
                args.insert(0, Expr::str(&format));
                Expr::call(Expr::imported("fmt", "Sprintf"), args)
            }
        }
    }

    /// Writes pieces one by one into a formatter (a pointer), up to the first that fails; values with a `fmt` of their own go to `plain`.
    /// What is returned says whether none failed, where that can be.
    fn write_pieces(&mut self, formatter: Expr, plain: Expr, pieces: Vec<Piece>) -> Option<VarId> {
        let ok = (self.cx.fmt_can_fail && pieces.iter().any(Piece::is_own)).then(|| {
            let ok = self.locals.temporary("ok");
            self.emit(StmtKind::define(ok, Expr::bool(true)));
            ok
        });
        self.write_rest(&formatter, &plain, &mut merged(pieces).into_iter(), ok);
        ok
    }

    fn write_rest(
        &mut self,
        formatter: &Expr,
        plain: &Expr,
        pieces: &mut std::vec::IntoIter<Piece>,
        ok: Option<VarId>,
    ) {
        let place = match formatter {
            Expr::Unary(UnaryOp::Addr, place) => (**place).clone(),
            other => other.clone(),
        };
        let span = self.body.exprs[self.body.value].span;
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => {
                    self.emit(StmtKind::Expr(place.clone().method("WriteString", vec![Expr::str(&text)])))
                }
                Piece::Verb(verb, value) if verb == "%s" => {
                    self.emit(StmtKind::Expr(place.clone().method("WriteString", vec![value])))
                }
                Piece::Verb(format, value) => {
                    let mut args = match value {
                        // Several verbs that were merged come as one composite.
                        Expr::Composite(composite) if composite.ty == Type::name("any").slice() => {
                            composite.elements.into_iter().map(|e| e.value).collect()
                        }
                        value => vec![value],
                    };
                    args.splice(0..0, [formatter.clone(), Expr::str(&format)]);
                    self.emit(StmtKind::Expr(Expr::call(Expr::imported("fmt", "Fprintf"), args)));
                }
                Piece::Own { value, method, spec } => {
                    let args = self.cx.concrete_args(method.1, self.args);
                    let target = match spec {
                        None => plain.clone(),
                        Some(spec) => place.clone().method("With", vec![spec]),
                    };
                    let val = self.call_def(method.0, args, vec![value, target], None, span);
                    let Some(ok) = ok else {
                        self.send(val, Ty::unit(), &Dest::Discard);
                        continue;
                    };
                    let ret = self.fmt_result(method.0);
                    let went_well = self.result_parts(val, ret).ok;
                    let failed = vec![StmtKind::assign(Expr::Var(ok), Expr::bool(false)).into()];
                    let rest = self.block(|lower| lower.write_rest(formatter, plain, pieces, Some(ok)));
                    return self.emit(StmtKind::if_else(super::expr::negated(went_well), failed, rest));
                }
            }
        }
    }

    /// `fmt::Result`.
    fn fmt_result(&mut self, fmt: DefId) -> Ty {
        queries::normalize(self.cx.db, queries::fn_sig(self.cx.db, fmt).output())
    }

    /// `write!(f, …)` on a `Formatter`: straight into it.
    pub(super) fn format_into(&mut self, formatter: Expr, format: &FormatArgs, ret: Ty) -> Val {
        let pieces = self.pieces(format, Own::Streamed);
        let pointer = self.stable_place(formatter, "f");
        // The options of the placeholder around this call are not those of the pieces.
        let mut own = pieces.iter().filter(|piece| matches!(piece, Piece::Own { spec: None, .. }));
        let plain = match (own.next(), own.next()) {
            (None, _) => pointer.clone(),
            (Some(_), second) => {
                let place = match &pointer {
                    Expr::Unary(UnaryOp::Addr, place) => (**place).clone(),
                    other => other.clone(),
                };
                let plain = place.method("Plain", Vec::new());
                if second.is_some() { self.temp("plain", plain) } else { plain }
            }
        };
        let ok = self.write_pieces(pointer, plain, pieces);
        let unit = self.unit();
        match (ok, self.cx.result_payload(ret)) {
            (Some(ok), Some((_, error))) => {
                let error = ErrorVal::Stored(self.cx.zero(error));
                Val::Result(Box::new(ResultVal { value: unit, error, ok: Expr::Var(ok) }))
            }
            _ => self.make_adt(ret, 0, vec![(0, unit)]),
        }
    }

    /// `println!`, `print!` and their like: `fmt.Println`, `fmt.Printf` or `fmt.Print`.
    pub(super) fn print(&mut self, format: &FormatArgs, to: Stream) {
        let mut pieces = joined(self.pieces(format, Own::Text));
        if pieces.iter().any(Piece::is_own) {
            let (text, ok) = self.formatted(pieces);
            self.print_text(text, to);
            let label = match to {
                Stream::Stdout => "stdout",
                Stream::Stderr => "stderr",
            };
            return self.panic_unless(ok, &format!("failed printing to {label}: formatter error"));
        }
        if let [Piece::Text(_)] | [] = &pieces[..] {
            let text = match pieces.pop() {
                Some(Piece::Text(text)) => text,
                _ => return,
            };
            return self.print_text(Expr::str(&text), to);
        }
        // `println!("{}", s)`, `print!("{}", s)`.
        let function = match &pieces[..] {
            [Piece::Verb(..), Piece::Text(text)] if text == "\n" => Some("Println"),
            [Piece::Verb(..)] => Some("Print"),
            _ => None,
        };
        if let (Some(function), Some(Piece::Verb(verb, _))) = (function, pieces.first())
            && matches!(verb.as_str(), "%s" | "%d" | "%t" | "%v")
            && let Piece::Verb(_, value) = pieces.remove(0)
        {
            return self.go_print(function, vec![value], to);
        }
        let (format, mut args) = go_format(pieces);
        args.insert(0, Expr::str(&format));
        self.go_print("Printf", args, to);
    }

    fn print_text(&mut self, text: Expr, to: Stream) {
        if let Expr::Lit(Lit::Str(literal)) = &text {
            if let Some(line) = literal.strip_suffix('\n') {
                // vet takes a verb in Println's text, or a second line end, for a mistake.
                let is_plain = !line.contains('%') && !line.ends_with('\n');
                if is_plain {
                    let args = if line.is_empty() { Vec::new() } else { vec![Expr::str(line)] };
                    return self.go_print("Println", args, to);
                }
            }
            if literal.is_empty() {
                return;
            }
        }
        self.go_print("Print", vec![text], to);
    }

    fn go_print(&mut self, function: &str, args: Vec<Expr>, to: Stream) {
        let call = match to {
            Stream::Stdout => Expr::call(Expr::imported("fmt", function), args),
            Stream::Stderr => {
                let mut all = vec![Expr::imported("os", "Stderr")];
                all.extend(args);
                Expr::call(Expr::imported("fmt", &format!("F{}{}", function[..1].to_lowercase(), &function[1..])), all)
            }
        };
        self.emit(StmtKind::Expr(call));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

impl Piece {
    /// An error, which Go's fmt shows by its method `Error`.
    fn error(err: Expr) -> Piece {
        Piece::Verb("%v".into(), shown::mark(err))
    }

    fn is_own(&self) -> bool {
        matches!(self, Piece::Own { .. })
    }
}

/// Whether looking a place up may panic.
pub(super) fn is_indexed(place: &Expr) -> bool {
    let mut found = false;
    crate::go::visit::walk_expr(place, &mut |expr| found |= matches!(expr, Expr::Index(..) | Expr::Slice(_)));
    found
}

/// Neighbouring texts as one.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (piece, out.last_mut()) {
            (Piece::Text(text), Some(Piece::Text(last))) => last.push_str(&text),
            (Piece::Text(text), _) if text.is_empty() => {}
            (piece, _) => out.push(piece),
        }
    }
    out
}

/// What a constant looks like in a text: an integer, a `bool`, or a string of letters in quotes.
fn constant_text(value: &Expr, ty: Ty, format: FormatTrait) -> Option<String> {
    match value {
        Expr::Lit(Lit::Int(value)) | Expr::Typed(_, Lit::Int(value)) if ty.is_integral() && *value >= 0 => {
            Some(value.to_string())
        }
        Expr::Lit(Lit::Bool(value)) => Some(value.to_string()),
        Expr::Lit(Lit::Str(text)) if format == FormatTrait::Debug => {
            let is_simple = |c: u8| matches!(c, b' '..=b'~') && !matches!(c, b'"' | b'\\');
            text.bytes().all(is_simple).then(|| format!("\"{text}\""))
        }
        _ => None,
    }
}

/// Runs of text and verbs as one format string each; a run of several operands travels as a `[]any` literal.
fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut run: Vec<Piece> = Vec::new();
    let flush = |run: &mut Vec<Piece>, out: &mut Vec<Piece>| {
        let has_verb = run.iter().any(|p| matches!(p, Piece::Verb(..)));
        if !has_verb || run.len() == 1 {
            out.append(run);
            return;
        }
        let (format, args) = go_format(std::mem::take(run));
        out.push(Piece::Verb(format, Expr::composite(Type::name("any").slice(), args)));
    };
    for piece in pieces {
        if matches!(piece, Piece::Own { .. }) {
            flush(&mut run, &mut out);
            out.push(piece);
        } else {
            run.push(piece);
        }
    }
    flush(&mut run, &mut out);
    out
}

fn go_format(pieces: Vec<Piece>) -> (String, Vec<Expr>) {
    let mut format = String::new();
    let mut args = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => format.push_str(&text.replace('%', "%%")),
            Piece::Verb(verb, value) => {
                format.push_str(&verb);
                args.push(value);
            }
            Piece::Own { .. } => {}
        }
    }
    (format, args)
}

/// An integer constant needs no type to be printed, if it is an `int`.
fn plain_int(value: Expr) -> Expr {
    match value {
        Expr::Typed(_, Lit::Int(number)) if i64::try_from(number).is_ok() => Expr::int(number),
        other => other,
    }
}
