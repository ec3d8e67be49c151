//! The methods of derived impls.

use rgo_syntax::Span;
use rgo_syntax::ast::*;

use super::build::*;
use super::{Adt, Derive, FieldShape, Shape, fields_of, is_default};

const EQUAL: &[&str] = &["std", "cmp", "Ordering", "Equal"];
const SOME: &[&str] = &["std", "option", "Option", "Some"];
const DISCRIMINANT: &[&str] = &["std", "intrinsics", "discriminant_value"];

pub fn methods(adt: &Adt<'_>, derive: Derive) -> Vec<Item> {
    match derive {
        Derive::Copy => Vec::new(),
        Derive::Debug => vec![debug(adt)],
        Derive::Clone => vec![clone(adt)],
        Derive::PartialEq => vec![eq(adt)],
        Derive::Eq => vec![assert_eq(adt)],
        Derive::PartialOrd => vec![compare(adt, &PARTIAL)],
        Derive::Ord => vec![compare(adt, &TOTAL)],
        Derive::Hash => vec![hash(adt)],
        Derive::Default => vec![default(adt)],
    }
}

/// Which value of a two-place method a binding comes from.
#[derive(Clone, Copy)]
enum Side {
    This,
    Other,
}

/// The name under which a variant's field is bound.
fn bound_name(field: &FieldShape<'_>, side: Side) -> String {
    let name = field.name.as_str();
    let numbered = name.starts_with(|c: char| c.is_ascii_digit());
    match (side, numbered) {
        (Side::This, true) => format!("value{name}"),
        (Side::This, false) if matches!(name, "f" | "state" | "other" | "order") => format!("{name}_"),
        (Side::This, false) => name.to_string(),
        (Side::Other, true) => format!("other{name}"),
        (Side::Other, false) => format!("other_{name}"),
    }
}

fn variant_pat(adt: &Adt<'_>, variant: &Variant, side: Side) -> Pat {
    let names = [adt.name.as_str(), variant.name.as_str()];
    let fields = fields_of(&variant.fields);
    let pat = |field: &FieldShape<'_>| binding(&bound_name(field, side), field.span);
    match &variant.fields {
        Fields::Unit => path_pat(&names, adt.span),
        Fields::Tuple(_) => tuple_struct_pat(&names, fields.iter().map(pat).collect(), adt.span),
        Fields::Named(_) => {
            let fields = fields.iter().map(|field| (ident(field.name.as_str(), field.span), pat(field))).collect();
            struct_pat(&names, fields, adt.span)
        }
    }
}

fn bound(field: &FieldShape<'_>, side: Side) -> Expr {
    path_expr(&[&bound_name(field, side)], field.span)
}

fn this(span: Span) -> Expr {
    path_expr(&["self"], span)
}

fn other(span: Span) -> Expr {
    path_expr(&["other"], span)
}

fn self_field(field: &FieldShape<'_>) -> Expr {
    super::build::field(this(field.span), field.name.as_str(), field.span)
}

fn other_field(field: &FieldShape<'_>) -> Expr {
    super::build::field(other(field.span), field.name.as_str(), field.span)
}

/// `match *self {}`: what every method does for an enum without variants.
fn no_variants(span: Span) -> Expr {
    match_expr(deref(this(span)), Vec::new(), span)
}

fn discriminant(of: Expr, span: Span) -> Expr {
    call(DISCRIMINANT, vec![of], span)
}

fn by_ref(name: &'static str, params: Vec<(&'static str, Type)>, ret: Option<Type>, body: Expr, span: Span) -> Item {
    let body = block(Vec::new(), Some(body), span);
    method_item(Method { name, generics: Vec::new(), takes_self: TakesSelf::ByRef, params, ret, body }, span)
}

fn debug(adt: &Adt<'_>) -> Item {
    let span = adt.span;
    let body = match &adt.shape {
        Shape::Struct(fields, kind) => {
            debug_value(adt, adt.name.as_str(), fields, kind, |field| reference(self_field(field)), span)
        }
        Shape::Enum([]) => no_variants(span),
        Shape::Enum(variants) => {
            let arms = variants
                .iter()
                .map(|variant| {
                    let fields = fields_of(&variant.fields);
                    let value = |field: &FieldShape<'_>| bound(field, Side::This);
                    let body = debug_value(adt, variant.name.as_str(), &fields, &variant.fields, value, span);
                    arm(variant_pat(adt, variant, Side::This), body)
                })
                .collect();
            match_expr(this(span), arms, span)
        }
    };
    let formatter = ref_ty(true, path_ty(&["std", "fmt", "Formatter"], span));
    by_ref("fmt", vec![("f", formatter)], Some(path_ty(&["std", "fmt", "Result"], span)), body, span)
}

fn debug_value(
    adt: &Adt<'_>,
    name: &str,
    fields: &[FieldShape<'_>],
    kind: &Fields,
    value: impl std::ops::Fn(&FieldShape<'_>) -> Expr,
    span: Span,
) -> Expr {
    let f = path_expr(&["f"], span);
    let (builder, named) = match kind {
        _ if fields.is_empty() => return method(f, "write_str", vec![string(name, span)], span),
        Fields::Named(_) => ("debug_struct", true),
        Fields::Tuple(_) | Fields::Unit => ("debug_tuple", false),
    };
    let mut chain = method(f, builder, vec![string(name, span)], span);
    for field in fields {
        let mut value = value(field);
        // Only the last field may be unsized; a reference to it is sized.
        if may_be_unsized(field.ty, adt.generics) {
            value = reference(value);
        }
        let mut args = vec![value];
        if named {
            args.insert(0, string(field.name.as_str(), field.span));
        }
        chain = method(chain, "field", args, field.span);
    }
    method(chain, "finish", Vec::new(), span)
}

fn may_be_unsized(ty: &Type, generics: &Generics) -> bool {
    match &ty.kind {
        TypeKind::Slice(_) | TypeKind::Dyn(_) | TypeKind::BareDyn(_) => true,
        TypeKind::Path(path) => path.as_ident().is_some_and(|ident| {
            ident.name == "str"
                || generics.params.iter().any(|param| param.ident.name == ident.name && maybe_sized(param))
        }),
        TypeKind::Paren(inner) => may_be_unsized(inner, generics),
        _ => false,
    }
}

fn maybe_sized(param: &GenericParam) -> bool {
    match &param.kind {
        GenericParamKind::Type { bounds, .. } => {
            bounds.iter().any(|bound| matches!(bound, Bound::Trait(bound) if bound.modifier == BoundModifier::Maybe))
        }
        GenericParamKind::Lifetime { .. } | GenericParamKind::Const { .. } => false,
    }
}

fn construct(
    names: &[&str],
    fields: &[FieldShape<'_>],
    kind: &Fields,
    value: impl std::ops::Fn(&FieldShape<'_>) -> Expr,
    span: Span,
) -> Expr {
    match kind {
        Fields::Unit => path_expr(names, span),
        Fields::Tuple(_) => call(names, fields.iter().map(value).collect(), span),
        Fields::Named(_) => {
            let fields = fields.iter().map(|field| (ident(field.name.as_str(), field.span), value(field))).collect();
            struct_expr(names, fields, span)
        }
    }
}

fn clone(adt: &Adt<'_>) -> Item {
    let span = adt.span;
    let clone_of = |value: Expr| {
        let span = value.span;
        call(&["std", "clone", "Clone", "clone"], vec![value], span)
    };
    let body = match &adt.shape {
        Shape::Enum([]) => no_variants(span),
        _ if adt.copies => deref(this(span)),
        Shape::Struct(fields, kind) => {
            construct(&[adt.name.as_str()], fields, kind, |field| clone_of(reference(self_field(field))), span)
        }
        Shape::Enum(variants) => {
            let arms = variants
                .iter()
                .map(|variant| {
                    let fields = fields_of(&variant.fields);
                    let names = [adt.name.as_str(), variant.name.as_str()];
                    let value = |field: &FieldShape<'_>| clone_of(bound(field, Side::This));
                    let body = construct(&names, &fields, &variant.fields, value, span);
                    arm(variant_pat(adt, variant, Side::This), body)
                })
                .collect();
            match_expr(this(span), arms, span)
        }
    };
    by_ref("clone", Vec::new(), Some(path_ty(&["Self"], span)), body, span)
}

fn other_param(span: Span) -> Vec<(&'static str, Type)> {
    vec![("other", ref_ty(false, path_ty(&["Self"], span)))]
}

fn all(mut conditions: Vec<Expr>, span: Span) -> Expr {
    if conditions.is_empty() {
        return boolean(true, span);
    }
    let first = conditions.remove(0);
    conditions.into_iter().fold(first, |all, condition| {
        let span = condition.span;
        binary(BinaryOp::And, all, condition, span)
    })
}

fn eq(adt: &Adt<'_>) -> Item {
    let span = adt.span;
    let body = match &adt.shape {
        Shape::Struct(fields, _) => {
            let equal =
                |field: &FieldShape<'_>| binary(BinaryOp::Eq, self_field(field), other_field(field), field.span);
            all(fields.iter().map(equal).collect(), span)
        }
        Shape::Enum([]) => no_variants(span),
        Shape::Enum([variant]) if variant.fields.is_empty() => boolean(true, span),
        Shape::Enum(variants) if variants.iter().all(|variant| variant.fields.is_empty()) => {
            binary(BinaryOp::Eq, discriminant(this(span), span), discriminant(other(span), span), span)
        }
        // A `match` in a `match`: in Go a `switch` on the one's tag, with the other's among the conditions of each case.
        Shape::Enum(variants) => {
            let arms = variants
                .iter()
                .map(|variant| {
                    let equal = |field: &FieldShape<'_>| {
                        binary(BinaryOp::Eq, bound(field, Side::This), bound(field, Side::Other), field.span)
                    };
                    let equal = all(fields_of(&variant.fields).iter().map(equal).collect(), span);
                    let mut same = vec![arm(variant_pat(adt, variant, Side::Other), equal)];
                    if variants.len() > 1 {
                        same.push(arm(wild(span), boolean(false, span)));
                    }
                    arm(variant_pat(adt, variant, Side::This), match_expr(other(span), same, span))
                })
                .collect();
            match_expr(this(span), arms, span)
        }
    };
    by_ref("eq", other_param(span), Some(path_ty(&["bool"], span)), body, span)
}

/// A method that is never called: its types hold only if every field is `Eq`.
fn assert_eq(adt: &Adt<'_>) -> Item {
    let span = adt.span;
    let mut types: Vec<Type> = Vec::new();
    let mut add = |fields: &[FieldShape<'_>]| {
        for field in fields {
            let mut assert = path(&["std", "cmp", "AssertParamIsEq"], field.span);
            if let Some(last) = assert.segments.last_mut() {
                let args = AngleArgs { args: vec![GenericArg::Type(field.ty.clone())], span: field.span };
                last.args = Some(Box::new(GenericArgs::Angle(args)));
            }
            let qpath = QPath { qself: None, path: assert, span: field.span };
            types.push(Type { kind: TypeKind::Path(qpath), span: field.span });
        }
    };
    match &adt.shape {
        Shape::Struct(fields, _) => add(fields),
        Shape::Enum(variants) => variants.iter().for_each(|variant| add(&fields_of(&variant.fields))),
    }
    let body = block(types.into_iter().map(let_typed).collect(), None, span);
    let name = "assert_fields_are_eq";
    let method =
        Method { name, generics: Vec::new(), takes_self: TakesSelf::ByRef, params: Vec::new(), ret: None, body };
    method_item(method, span)
}

/// How `PartialOrd` and `Ord` differ.
struct Comparison {
    name: &'static str,
    call: &'static [&'static str],
    partial: bool,
}

const PARTIAL: Comparison =
    Comparison { name: "partial_cmp", call: &["std", "cmp", "PartialOrd", "partial_cmp"], partial: true };
const TOTAL: Comparison = Comparison { name: "cmp", call: &["std", "cmp", "Ord", "cmp"], partial: false };

impl Comparison {
    fn equal(&self, span: Span) -> Expr {
        let equal = path_expr(EQUAL, span);
        if self.partial { call(SOME, vec![equal], span) } else { equal }
    }

    fn equal_pat(&self, span: Span) -> Pat {
        let equal = path_pat(EQUAL, span);
        if self.partial { tuple_struct_pat(SOME, vec![equal], span) } else { equal }
    }

    /// `match first { Equal => rest, order => order }`
    fn then(&self, first: Expr, rest: Expr) -> Expr {
        let span = first.span;
        let arms = vec![arm(self.equal_pat(span), rest), arm(binding("order", span), path_expr(&["order"], span))];
        match_expr(first, arms, span)
    }

    /// Compares pairs of references from the first to the last.
    fn chain(&self, pairs: Vec<(Expr, Expr)>, span: Span) -> Expr {
        let mut result: Option<Expr> = None;
        for (lhs, rhs) in pairs.into_iter().rev() {
            let at = lhs.span;
            let compared = call(self.call, vec![lhs, rhs], at);
            result = Some(match result {
                None => compared,
                Some(rest) => self.then(compared, rest),
            });
        }
        result.unwrap_or_else(|| self.equal(span))
    }
}

fn compare(adt: &Adt<'_>, how: &Comparison) -> Item {
    let span = adt.span;
    let discriminants = || {
        let value = |of| reference(discriminant(of, span));
        call(how.call, vec![value(this(span)), value(other(span))], span)
    };
    let body = match &adt.shape {
        Shape::Struct(fields, _) => {
            let pairs = fields.iter().map(|field| (reference(self_field(field)), reference(other_field(field))));
            how.chain(pairs.collect(), span)
        }
        Shape::Enum([]) => no_variants(span),
        Shape::Enum([variant]) if variant.fields.is_empty() => how.equal(span),
        Shape::Enum(variants) => {
            let mut arms: Vec<MatchArm> = variants
                .iter()
                .filter(|variant| !variant.fields.is_empty())
                .map(|variant| {
                    let pats = vec![variant_pat(adt, variant, Side::This), variant_pat(adt, variant, Side::Other)];
                    let fields = fields_of(&variant.fields);
                    let pairs = fields.iter().map(|field| (bound(field, Side::This), bound(field, Side::Other)));
                    arm(tuple_pat(pats, span), how.chain(pairs.collect(), span))
                })
                .collect();
            if arms.is_empty() {
                discriminants()
            } else {
                if variants.len() > 1 {
                    arms.push(arm(wild(span), discriminants()));
                }
                match_expr(tuple(vec![this(span), other(span)], span), arms, span)
            }
        }
    };
    let ordering = path_ty(&["std", "cmp", "Ordering"], span);
    let ret = if how.partial {
        let mut option = path(&["std", "option", "Option"], span);
        if let Some(last) = option.segments.last_mut() {
            let args = AngleArgs { args: vec![GenericArg::Type(ordering)], span };
            last.args = Some(Box::new(GenericArgs::Angle(args)));
        }
        Type { kind: TypeKind::Path(QPath { qself: None, path: option, span }), span }
    } else {
        ordering
    };
    by_ref(how.name, other_param(span), Some(ret), body, span)
}

fn hash(adt: &Adt<'_>) -> Item {
    let span = adt.span;
    let hash_of = |value: Expr| {
        let span = value.span;
        let state = path_expr(&["state"], span);
        semi(call(&["std", "hash", "Hash", "hash"], vec![value, state], span))
    };
    let mut stmts = Vec::new();
    let mut tail = None;
    match &adt.shape {
        Shape::Struct(fields, _) => {
            stmts.extend(fields.iter().map(|field| hash_of(reference(self_field(field)))));
        }
        Shape::Enum([]) => tail = Some(no_variants(span)),
        Shape::Enum(variants) => {
            if variants.len() > 1 {
                stmts.push(hash_of(reference(discriminant(this(span), span))));
            }
            let mut arms: Vec<MatchArm> = variants
                .iter()
                .filter(|variant| !variant.fields.is_empty())
                .map(|variant| {
                    let fields = fields_of(&variant.fields);
                    let hashes = fields.iter().map(|field| hash_of(bound(field, Side::This))).collect();
                    arm(variant_pat(adt, variant, Side::This), block_expr(block(hashes, None, span)))
                })
                .collect();
            if !arms.is_empty() {
                if arms.len() < variants.len() {
                    arms.push(arm(wild(span), block_expr(block(Vec::new(), None, span))));
                }
                tail = Some(match_expr(this(span), arms, span));
            }
        }
    }
    let hasher = GenericParam {
        attrs: Vec::new(),
        ident: ident("__H", span),
        kind: GenericParamKind::Type { bounds: vec![trait_bound(&["std", "hash", "Hasher"], span)], default: None },
        span,
    };
    let method = Method {
        name: "hash",
        generics: vec![hasher],
        takes_self: TakesSelf::ByRef,
        params: vec![("state", ref_ty(true, path_ty(&["__H"], span)))],
        ret: None,
        body: block(stmts, tail, span),
    };
    method_item(method, span)
}

fn default(adt: &Adt<'_>) -> Item {
    let span = adt.span;
    let value = |field: &FieldShape<'_>| call(&["std", "default", "Default", "default"], Vec::new(), field.span);
    let body = match &adt.shape {
        Shape::Struct(fields, kind) => construct(&[adt.name.as_str()], fields, kind, value, span),
        Shape::Enum(variants) => {
            let name = variants.iter().find(|variant| is_default(variant)).map_or("", |variant| variant.name.as_str());
            path_expr(&[adt.name.as_str(), name], span)
        }
    };
    let method = Method {
        name: "default",
        generics: Vec::new(),
        takes_self: TakesSelf::No,
        params: Vec::new(),
        ret: Some(path_ty(&["Self"], span)),
        body: block(Vec::new(), Some(body), span),
    };
    method_item(method, span)
}
