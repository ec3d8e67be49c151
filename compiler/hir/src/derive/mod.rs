//! `#[derive(…)]`: from the syntax of a struct or enum to the syntax of its impls.
//!
//! The bounds are rustc's (rustc dev guide, "derive"): the trait on every type parameter, and on every field type that is a projection of one.
//! What concerns a field has the field's span, everything else that of the trait's name in the attribute, so that errors arrive where rustc reports them.

mod body;
mod build;

use rgo_syntax::ast::*;
use rgo_syntax::{Name, Span};

use build::*;

/// The traits that can be derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Derive {
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
}

impl Derive {
    pub fn from_name(name: &str) -> Option<Derive> {
        Some(match name {
            "Debug" => Derive::Debug,
            "Clone" => Derive::Clone,
            "Copy" => Derive::Copy,
            "PartialEq" => Derive::PartialEq,
            "Eq" => Derive::Eq,
            "PartialOrd" => Derive::PartialOrd,
            "Ord" => Derive::Ord,
            "Hash" => Derive::Hash,
            "Default" => Derive::Default,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        self.trait_path()[2]
    }

    fn trait_path(self) -> &'static [&'static str] {
        match self {
            Derive::Debug => &["std", "fmt", "Debug"],
            Derive::Clone => &["std", "clone", "Clone"],
            Derive::Copy => &["std", "marker", "Copy"],
            Derive::PartialEq => &["std", "cmp", "PartialEq"],
            Derive::Eq => &["std", "cmp", "Eq"],
            Derive::PartialOrd => &["std", "cmp", "PartialOrd"],
            Derive::Ord => &["std", "cmp", "Ord"],
            Derive::Hash => &["std", "hash", "Hash"],
            Derive::Default => &["std", "default", "Default"],
        }
    }
}

/// An error in a derive attribute: span, code, message.
pub struct DeriveError {
    pub span: Span,
    pub code: Option<&'static str>,
    pub message: String,
}

/// What the derive attributes of an item ask for.
#[derive(Default)]
pub struct Requests {
    pub derives: Vec<(Derive, Span)>,
    pub errors: Vec<DeriveError>,
}

/// Reads the derive attributes of an item.
pub fn requests(item: &Item) -> Requests {
    let mut requests = Requests::default();
    for attr in item.attrs.iter().filter(|attr| attr.is("derive")) {
        if !matches!(item.kind, ItemKind::Struct(_) | ItemKind::Enum(_) | ItemKind::Union(_)) {
            requests.errors.push(DeriveError {
                span: attr.span,
                code: Some("E0774"),
                message: "`derive` may only be applied to structs, enums and unions".to_string(),
            });
            continue;
        }
        for meta in rgo_syntax::metas(attr).unwrap_or_default() {
            match meta {
                Meta::Path(path) => match path.last().and_then(|segment| Derive::from_name(segment.ident.as_str())) {
                    Some(derive) => requests.derives.push((derive, path.span)),
                    None => requests.errors.push(DeriveError {
                        span: path.span,
                        code: None,
                        message: format!(
                            "cannot find derive macro `{}` in this scope",
                            path.last().map_or("", |segment| segment.ident.as_str())
                        ),
                    }),
                },
                Meta::Lit { span, .. } => requests.errors.push(DeriveError {
                    span,
                    code: Some("E0777"),
                    message: "expected a path to a trait, found a literal".to_string(),
                }),
                // `#[derive = "…"]` is an error of syntax.
                Meta::NameValue { span, .. } if span == attr.span => {}
                Meta::NameValue { span, .. } | Meta::List { span, .. } => requests.errors.push(DeriveError {
                    span,
                    code: None,
                    message: "traits in `#[derive(...)]` don't accept arguments".to_string(),
                }),
            }
        }
    }
    if let ItemKind::Enum(item) = &item.kind
        && let Some(&(_, span)) = requests.derives.iter().find(|(derive, _)| *derive == Derive::Default)
    {
        default_errors(item, span, &mut requests);
    }
    requests
}

fn default_errors(item: &Enum, span: Span, requests: &mut Requests) {
    let marked: Vec<&Variant> = item.variants.iter().filter(|variant| is_default(variant)).collect();
    let (code, message, span) = match marked[..] {
        [] => (Some("E0665"), "`#[derive(Default)]` on an enum with no `#[default]`".to_string(), span),
        [variant] if !matches!(variant.fields, Fields::Unit) => {
            (None, "`#[default]` may only be used on unit variants".to_string(), variant.name.span)
        }
        [_] => return,
        [..] => (None, "multiple declared defaults".to_string(), span),
    };
    requests.derives.retain(|(derive, _)| *derive != Derive::Default);
    requests.errors.push(DeriveError { span, code, message });
}

fn is_default(variant: &Variant) -> bool {
    variant.attrs.iter().any(|attr| attr.is("default"))
}

/// A struct or enum to derive for.
struct Adt<'a> {
    name: Name,
    generics: &'a Generics,
    shape: Shape<'a>,
    /// Whether `Copy` is derived too and there are no type parameters: then `clone` copies.
    copies: bool,
    span: Span,
}

enum Shape<'a> {
    Struct(Vec<FieldShape<'a>>, &'a Fields),
    Enum(&'a [Variant]),
}

/// A field: its name (or number), type and span.
struct FieldShape<'a> {
    name: Name,
    ty: &'a Type,
    span: Span,
}

fn fields_of(fields: &Fields) -> Vec<FieldShape<'_>> {
    match fields {
        Fields::Unit => Vec::new(),
        Fields::Tuple(fields) => fields
            .iter()
            .enumerate()
            .map(|(index, field)| FieldShape { name: Name::new(&index.to_string()), ty: &field.ty, span: field.span })
            .collect(),
        Fields::Named(fields) => {
            fields.iter().map(|field| FieldShape { name: field.name.name, ty: &field.ty, span: field.span }).collect()
        }
    }
}

/// The impl of one derived trait; `span` is that of its name in the attribute. `None` if the item is no struct or enum.
pub fn expand(item: &Item, derive: Derive, span: Span, all: &[(Derive, Span)]) -> Option<Item> {
    let (name, generics, shape) = match &item.kind {
        ItemKind::Struct(s) => (s.name.name, &s.generics, Shape::Struct(fields_of(&s.fields), &s.fields)),
        ItemKind::Enum(e) => (e.name.name, &e.generics, Shape::Enum(&e.variants)),
        _ => return None,
    };
    let has_types = generics.params.iter().any(|param| matches!(param.kind, GenericParamKind::Type { .. }));
    let copies = !has_types && all.iter().any(|(derive, _)| *derive == Derive::Copy);
    let adt = Adt { name, generics, shape, copies, span };
    let items = body::methods(&adt, derive);
    let of_trait = Some(path(derive.trait_path(), span));
    let imp = Impl {
        unsafe_: None,
        generics: impl_generics(&adt, derive),
        negative: None,
        of_trait,
        self_ty: self_type(&adt),
        items,
        head_span: span,
    };
    Some(Item { attrs: Vec::new(), vis: private(span), default_: None, kind: ItemKind::Impl(Box::new(imp)), span })
}

fn impl_generics(adt: &Adt<'_>, derive: Derive) -> Generics {
    let bounded = !(derive == Derive::Default && matches!(adt.shape, Shape::Enum(_)));
    let bound = || trait_bound(derive.trait_path(), adt.span);
    let mut generics = adt.generics.clone();
    for param in &mut generics.params {
        match &mut param.kind {
            GenericParamKind::Lifetime { .. } => {}
            GenericParamKind::Type { bounds, default } => {
                *default = None;
                if bounded {
                    bounds.insert(0, bound());
                }
            }
            GenericParamKind::Const { default, .. } => *default = None,
        }
    }
    if bounded {
        let mut projections = Projections { adt, found: Vec::new() };
        match &adt.shape {
            Shape::Struct(fields, _) => fields.iter().for_each(|field| projections.visit_type(field.ty)),
            Shape::Enum(variants) => {
                for field in variants.iter().flat_map(|variant| fields_of(&variant.fields)) {
                    projections.visit_type(field.ty);
                }
            }
        }
        for ty in projections.found {
            let span = ty.span;
            let kind = WherePredicateKind::Type { binder: Vec::new(), ty, bounds: vec![bound()] };
            generics.where_clause.push(WherePredicate { kind, span });
        }
    }
    generics
}

use crate::visit::{Visitor, walk_type};

/// Finds the types `T::Item` of type parameters T.
struct Projections<'a> {
    adt: &'a Adt<'a>,
    found: Vec<Type>,
}

impl Visitor for Projections<'_> {
    fn visit_type(&mut self, ty: &Type) {
        if let TypeKind::Path(qpath) = &ty.kind
            && qpath.qself.is_none()
            && let [first, _, ..] = qpath.path.segments.as_slice()
            && self.adt.generics.params.iter().any(|param| {
                matches!(param.kind, GenericParamKind::Type { .. }) && param.ident.name == first.ident.name
            })
        {
            self.found.push(ty.clone());
        }
        walk_type(self, ty);
    }
}

fn self_type(adt: &Adt<'_>) -> Type {
    let span = adt.span;
    let args: Vec<GenericArg> = adt
        .generics
        .params
        .iter()
        .map(|param| match param.kind {
            GenericParamKind::Lifetime { .. } => GenericArg::Lifetime(Lifetime { name: param.ident.name, span }),
            GenericParamKind::Type { .. } | GenericParamKind::Const { .. } => {
                GenericArg::Type(path_ty(&[param.ident.as_str()], span))
            }
        })
        .collect();
    let mut ty_path = path(&[adt.name.as_str()], span);
    if !args.is_empty() {
        ty_path.segments[0].args = Some(Box::new(GenericArgs::Angle(AngleArgs { args, span })));
    }
    Type { kind: TypeKind::Path(QPath { qself: None, path: ty_path, span }), span }
}
