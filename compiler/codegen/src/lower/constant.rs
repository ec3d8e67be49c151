//! Constants: values that typeck computed, as Go expressions; named ones as Go constants where Go has such.

use rgo_hir::DefId;
use rgo_typeck::ty::{Args, Const, ConstKind, ConstValue, FloatTy, Ty, TyKind};

use super::*;
use crate::go::names::mixed_caps;
use crate::mono::adt::LayoutKind;
use crate::mono::forms::{OptionForm, RefForm};
use crate::queries;

impl Lower<'_, '_> {
    pub(super) fn constant(&mut self, value: &ConstValue, ty: Ty) -> Expr {
        let form = self.go_ty(ty);
        match value {
            ConstValue::Bool(value) => Expr::bool(*value),
            ConstValue::Char(c) => Expr::Typed(Type::name("rune"), Lit::Rune(*c)),
            ConstValue::Int(value) => Expr::Typed(form.clone(), Lit::Int(crate::go::constant::wrap(*value, &form))),
            ConstValue::Float(bits) => float(f64::from_bits(*bits), ty, form),
            ConstValue::Str(text) => Expr::str(text.as_str()),
            ConstValue::Bytes(bytes) => {
                let values = bytes.iter().map(|byte| super::spelling::octet(*byte)).collect();
                // `b"…"` is a reference to an array.
                match ty.kind() {
                    TyKind::Ref(_, inner, _) => {
                        let form = self.go_ty(*inner);
                        let literal = Expr::composite(form, values);
                        match inner.kind() {
                            TyKind::Slice(_) => literal,
                            _ => Expr::unary(UnaryOp::Addr, literal),
                        }
                    }
                    _ => Expr::composite(form, values),
                }
            }
            ConstValue::Unit => self.unit(),
            ConstValue::Tuple(items) => {
                let TyKind::Tuple(types) = ty.kind() else { return Expr::nil() };
                let parts = items.iter().zip(types.iter()).map(|(item, ty)| self.constant(item, *ty)).collect();
                self.make_tuple(parts, ty)
            }
            ConstValue::Array(items) => {
                let elem = ty.sequence_element().unwrap_or(ty);
                let values = items.iter().map(|item| fitted(self.constant(item, elem))).collect();
                Expr::composite(form, values)
            }
            ConstValue::Adt { variant, fields, .. } => self.constant_adt(ty, *variant as usize, fields),
            ConstValue::Ref(inner) => {
                let Some(target) = self.pointee(ty) else { return Expr::nil() };
                if let (ConstValue::Array(_), TyKind::Slice(_)) = (&**inner, target.kind()) {
                    return self.constant(inner, target);
                }
                let value = self.constant(inner, target);
                match self.cx.ref_form(target, rgo_hir::body::Mutability::Not) {
                    RefForm::Value => value,
                    RefForm::Pointer => match value {
                        Expr::Composite(_) => Expr::unary(UnaryOp::Addr, value),
                        value => {
                            let form = self.go_ty(target);
                            let var = self.locals.temporary("v");
                            self.define(var, value, Some(form));
                            Expr::Var(var).addr()
                        }
                    },
                }
            }
            ConstValue::Fn(def, args) => {
                let args = self.cx.concrete_args(*args, self.args);
                let span = self.body.exprs[self.body.value].span;
                self.fn_value(*def, args, span)
            }
        }
    }

    fn constant_adt(&mut self, ty: Ty, variant: usize, fields: &[ConstValue]) -> Expr {
        let TyKind::Adt(def, args) = ty.kind() else { return Expr::nil() };
        let Some(adt) = queries::adt(self.cx.db, *def) else { return Expr::nil() };
        let types: Vec<Ty> = adt
            .variants
            .get(variant)
            .map(|v| v.fields.iter().map(|f| self.cx.concrete(f.ty, *args)).collect())
            .unwrap_or_default();
        let values: Vec<Expr> = fields.iter().zip(types).map(|(value, ty)| self.constant(value, ty)).collect();
        let val = self.make_adt(ty, variant, values.into_iter().enumerate().collect());
        self.stored(val, ty)
    }

    /// A value of a struct or variant from its fields.
    pub(super) fn make_adt(&mut self, ty: Ty, variant: usize, fields: Vec<(usize, Expr)>) -> Val {
        if let Some(payload) = self.cx.option_payload(ty) {
            let value = fields.into_iter().next().map(|(_, value)| value);
            return match (self.cx.option_form(payload), value) {
                (OptionForm::Nil, Some(value)) => Val::One(value),
                (OptionForm::Nil, None) => Val::One(Expr::nil()),
                (OptionForm::Tagged, Some(value)) => Val::Option(value, Expr::bool(true)),
                (OptionForm::Tagged, None) => Val::Option(self.cx.zero(payload), Expr::bool(false)),
            };
        }
        let form = self.go_ty(ty);
        if self.cx.result_payload(ty).is_some() {
            let field = fields.into_iter().next().map_or_else(Expr::nil, |(_, value)| value);
            let parts = match variant {
                0 => ResultVal { value: field, error: ErrorVal::Absent, ok: Expr::bool(true) },
                _ => ResultVal { value: self.unit(), error: ErrorVal::Stored(field), ok: Expr::bool(false) },
            };
            return Val::Result(Box::new(parts));
        }
        let Some(layout) = self.cx.layout(ty) else {
            if self.is_transparent(ty, 0) {
                return Val::One(fields.into_iter().next().map_or_else(Expr::nil, |(_, value)| value));
            }
            self.need_fields(ty);
            return Val::One(Expr::nil());
        };
        match layout.kind {
            LayoutKind::Plain => {
                Val::One(layout.variants.get(variant).map_or_else(Expr::nil, |variant| self.cx.global(variant)))
            }
            LayoutKind::Struct => {
                let names = &layout.fields[0];
                fields.iter().for_each(|(i, _)| self.cx.meet_member(&layout.name, &names[*i]));
                // What a program writes out is written out, of std only what is not there anyway.
                let is_of_std = matches!(ty.kind(), TyKind::Adt(def, _) if def.is_std());
                let fields = fields.into_iter().filter(|(_, value)| !is_of_std || !value.is_zero());
                Val::One(Expr::keyed(form, fields.map(|(i, value)| (names[i].clone(), fitted(value))).collect()))
            }
            LayoutKind::Tagged => {
                let mut elements: Vec<(Str, Expr)> = Vec::new();
                elements.push((layout.tag.clone(), self.cx.global(&layout.variants[variant])));
                let names = &layout.fields[variant];
                self.cx.meet_member(&layout.name, &layout.tag);
                fields.iter().for_each(|(i, _)| self.cx.meet_member(&layout.name, &names[*i]));
                elements.extend(fields.into_iter().map(|(i, value)| (names[i].clone(), fitted(value))));
                Val::One(Expr::keyed(form, elements))
            }
        }
    }

    /// A `const` item: a Go constant where its type has those, its value in place elsewhere.
    pub(super) fn named_const(&mut self, def: DefId, args: Args, ty: Ty, span: Span) -> Expr {
        let is_scalar =
            matches!(ty.kind(), TyKind::Bool | TyKind::Char | TyKind::Int(_) | TyKind::Uint(_) | TyKind::Float(_))
                || matches!(ty.kind(), TyKind::Ref(_, inner, _) if inner.is_str());
        if let Some(Some(known)) = self.cx.consts.get(&(def, args)) {
            return known.clone();
        }
        let (def, args) = match queries::resolve(self.cx.db, def, args) {
            queries::Callee::Item(def, args) => (def, args),
            _ => (def, args),
        };
        let Some(value) = queries::const_value(self.cx.db, def, args) else {
            return self.inline_const(def, args, span);
        };
        let expr = self.constant(&value, ty);
        let is_go_constant = matches!(expr, Expr::Typed(..) | Expr::Lit(_));
        if !is_scalar
            || !is_go_constant
            || def.is_std()
            || def.kind() == rgo_hir::DefKind::AnonConst
            || def.name().is_underscore()
            || def.name().as_str().is_empty()
        {
            return expr;
        }
        let form = self.go_ty(ty);
        let home = self.cx.home_of(def, args);
        let known = self.cx.in_home(home, |cx| cx.declare_const(def, args, form, expr));
        self.cx.consts.insert((def, args), Some(known.clone()));
        known
    }

    pub(super) fn const_param(&mut self, value: Const, ty: Ty, span: Span) -> Expr {
        use rgo_typeck::ty::subst::Subst;
        let value = value.subst(self.args);
        match value.kind() {
            ConstKind::Value(value) => self.constant(value, ty),
            ConstKind::Unevaluated(def, args) => {
                let args = self.cx.concrete_args(*args, self.args);
                self.named_const(*def, args, ty, span)
            }
            ConstKind::Param { .. } | ConstKind::Infer(_) | ConstKind::Error => {
                self.unsupported(span, "a constant whose value is not known")
            }
        }
    }

    pub(super) fn const_usize(&mut self, value: Const) -> Option<u64> {
        use rgo_typeck::ty::subst::Subst;
        let value = value.subst(self.args);
        match value.kind() {
            ConstKind::Unevaluated(def, args) => {
                let args = self.cx.concrete_args(*args, self.args);
                match queries::const_value(self.cx.db, *def, args) {
                    Some(ConstValue::Int(value)) => u64::try_from(value).ok(),
                    _ => None,
                }
            }
            _ => value.as_usize(),
        }
    }

    /// A constant that typeck does not evaluate: its expression, in place.
    fn inline_const(&mut self, def: DefId, args: Args, span: Span) -> Expr {
        let Some(body) = queries::thir(self.cx.db, def) else { return self.unsupported(span, "this constant") };
        let outer = (self.body, self.facts, self.args, self.def, self.ret);
        let slots = std::mem::take(&mut self.slots);
        let dropping = (std::mem::take(&mut self.dropping), std::mem::take(&mut self.dropped_temps));
        self.body = body;
        self.facts = None;
        self.args = args;
        self.def = def;
        let value = self.value(body.value);
        (self.body, self.facts, self.args, self.def, self.ret) = outer;
        self.slots = slots;
        (self.dropping, self.dropped_temps) = dropping;
        value
    }

    pub(super) fn static_name(&mut self, def: DefId) -> Global {
        if let Some(known) = self.cx.statics.get(&def) {
            return known.clone();
        }
        let home = self.cx.home_of(def, Args::empty());
        let visibility = self.cx.visibility(def);
        let name = self.cx.in_home(home, |cx| cx.item_name(def, "", visibility));
        self.cx.statics.insert(def, name.clone());
        self.cx.later(crate::mono::context::Work::Static(def));
        name
    }
}

impl Cx<'_> {
    /// Declares a Go constant in the package that is being emitted into.
    fn declare_const(&mut self, def: DefId, args: Args, form: Type, value: Expr) -> Expr {
        let suffix = self.args_suffix(args);
        let visibility = self.visibility(def);
        let owner = def.parent().filter(|p| matches!(p.kind(), rgo_hir::DefKind::Impl | rgo_hir::DefKind::Trait));
        let name = match owner {
            Some(_) => {
                let self_word = queries::owner_word(self.db, def);
                let wanted = mixed_caps(&format!("{self_word}_{}{suffix}", def.name()), visibility);
                self.fresh_name(&wanted)
            }
            None => self.item_name(def, &suffix, visibility),
        };
        let number = crate::go::constant::value(&value).map(|(value, _)| value);
        let doc = self.docs(def);
        let spec =
            ConstSpec { doc: Vec::new(), name: name.name.clone(), ty: Some(form.clone()), value: Some(fitted(value)) };
        self.declare(def, Decl::Const(ConstDecl { doc, specs: vec![spec], end: Vec::new() }));
        Expr::Const(name, form, number)
    }
}

/// A float as Go writes it: infinities and NaN are no literals there.
pub(super) fn float(value: f64, ty: Ty, form: Type) -> Expr {
    let special = |expr: Expr| if form.is_name("float64") { expr } else { Expr::convert(form.clone(), expr) };
    if value.is_nan() {
        return special(Expr::call(Expr::imported("math", "NaN"), Vec::new()));
    }
    if value.is_infinite() {
        let sign = if value > 0.0 { 1 } else { -1 };
        return special(Expr::call(Expr::imported("math", "Inf"), vec![Expr::int(sign)]));
    }
    if value == 0.0 && value.is_sign_negative() {
        return special(Expr::call(Expr::imported("math", "Copysign"), vec![Expr::int(0), Expr::int(-1)]));
    }
    let text = match ty.kind() {
        TyKind::Float(FloatTy::F32) => format!("{:?}", value as f32),
        _ => format!("{value:?}"),
    };
    Expr::Typed(form, Lit::Float(text.into()))
}
