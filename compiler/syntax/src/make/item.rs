//! Items: functions with their `self`, qualifiers, impls and traits.

use super::Ctx;
use crate::ast::*;
use crate::{Name, Span};

/// A word in front of `fn`, `impl`, `trait`, `static`.
#[derive(Clone, Debug, PartialEq)]
pub enum Qual {
    Const,
    Async,
    Unsafe,
    Safe,
    Extern(Option<Lit>),
}

impl Qual {
    fn word(&self) -> &'static str {
        match self {
            Qual::Const => "const",
            Qual::Async => "async",
            Qual::Unsafe => "unsafe",
            Qual::Safe => "safe",
            Qual::Extern(_) => "extern",
        }
    }
}

pub struct FnHead {
    pub name: Ident,
    pub generics: Generics,
    pub params: Vec<RawParam>,
    pub params_span: Span,
    pub ret: Option<Type>,
    pub sig_end: u32,
    pub body: Option<Box<Block>>,
}

pub struct RawParam {
    pub attrs: Vec<Attr>,
    pub kind: RawParamKind,
    pub span: Span,
}

pub enum RawParamKind {
    /// Also `self`, `mut self`, `&self`, `&mut self`, which read like patterns. Last: where the next token begins.
    Pat(Pat, Option<Type>, u32),
    /// `&'a self`, `&'a mut self`, and the place of `self`.
    RefSelf(Lifetime, bool, Span),
    /// `*self`, `*const self`, `*mut self`: no more than `self` once that is reported.
    RawSelf(Span),
    Variadic,
    /// Did not parse.
    Broken,
}

pub struct TraitHead {
    pub name: Ident,
    pub generics: Generics,
    pub bounds: Vec<Bound>,
    pub body: (Vec<Attr>, Vec<Item>),
}

pub struct ImplHead {
    pub generics: Generics,
    pub negative: Option<Span>,
    pub of_trait: Option<Type>,
    pub self_ty: Type,
    pub where_: Option<(Vec<WherePredicate>, Span)>,
    pub head_end: u32,
    pub body: (Vec<Attr>, Vec<Item>),
}

pub fn impl_head(
    negative: Option<Span>,
    of_trait: Option<Type>,
    self_ty: Type,
    where_: Option<(Vec<WherePredicate>, Span)>,
    head_end: u32,
    body: (Vec<Attr>, Vec<Item>),
) -> ImplHead {
    ImplHead { generics: Generics::default(), negative, of_trait, self_ty, where_, head_end, body }
}

pub fn negative_impl_head(
    bang: u32,
    of_trait: QPath,
    self_ty: Type,
    where_: Option<(Vec<WherePredicate>, Span)>,
    head_end: u32,
    body: (Vec<Attr>, Vec<Item>),
) -> ImplHead {
    let span = of_trait.span;
    let of_trait = Type { kind: TypeKind::Path(of_trait), span };
    impl_head(Some(Span::new(bang, bang + 1)), Some(of_trait), self_ty, where_, head_end, body)
}

pub fn item(
    mut attrs: Vec<Attr>,
    (vis, default_, (kind, inner)): (Vis, Option<Span>, (ItemKind, Vec<Attr>)),
    span: Span,
) -> Item {
    attrs.extend(inner);
    Item { attrs, vis, default_, kind, span }
}

pub fn error_item(span: Span) -> Item {
    let vis = Vis { kind: VisKind::Private, span: span.first() };
    Item { attrs: Vec::new(), vis, default_: None, kind: ItemKind::Error, span }
}

pub fn item_stmt(attrs: Vec<Attr>, rest: (Vis, Option<Span>, (ItemKind, Vec<Attr>)), span: Span) -> Stmt {
    let item = item(attrs, rest, span);
    Stmt { attrs: Vec::new(), kind: StmtKind::Item(Box::new(item)), span }
}

pub fn with_where(mut generics: Generics, where_: Option<(Vec<WherePredicate>, Span)>) -> Generics {
    if let Some((predicates, span)) = where_ {
        generics.where_clause.extend(predicates);
        generics.where_span = Some(generics.where_span.map_or(span, |before| before.to(span)));
    }
    generics
}

pub fn extern_of(abi: Option<Lit>, span: Span) -> Extern {
    let abi = match abi {
        Some(Lit::Str(abi)) => Some(abi),
        _ => None,
    };
    Extern { abi, span }
}

impl Ctx {
    /// Reports every qualifier that is not among `allowed`.
    pub fn only_quals(&self, quals: &[(Qual, Span)], what: &str, allowed: &[&str]) {
        for (qual, span) in quals {
            if !allowed.contains(&qual.word()) {
                self.error(*span, None, format!("a {what} cannot be `{}`", qual.word()));
            }
        }
    }

    pub fn const_mut(&self, mutable: Option<Span>) {
        if let Some(span) = mutable {
            self.error_with_help(span, None, "const globals cannot be mutable", "use a `static`");
        }
    }

    fn qualifiers(&self, quals: Vec<(Qual, Span)>) -> FnQualifiers {
        let mut result = FnQualifiers::default();
        let mut last = 0;
        for (qual, span) in quals {
            let rank = match qual {
                Qual::Const => 1,
                Qual::Async => 2,
                Qual::Unsafe | Qual::Safe => 3,
                Qual::Extern(_) => 4,
            };
            if rank <= last {
                self.error(
                    span,
                    None,
                    format!("`{}` stands in the wrong place: the order is `const async unsafe extern`", qual.word()),
                );
            }
            last = last.max(rank);
            match qual {
                Qual::Const => result.const_ = Some(span),
                Qual::Async => result.async_ = Some(span),
                Qual::Unsafe => result.unsafe_ = Some(span),
                Qual::Safe => result.safe = Some(span),
                Qual::Extern(abi) => result.extern_ = Some(extern_of(abi, span)),
            }
        }
        result
    }

    pub fn function(&self, start: u32, quals: Vec<(Qual, Span)>, head: FnHead) -> Fn {
        let qualifiers = self.qualifiers(quals);
        let mut self_param = None;
        let mut params = Vec::new();
        let mut variadic = None;
        for (at, param) in head.params.into_iter().enumerate() {
            match self.param(param) {
                ParamForm::SelfParam(param) if at == 0 => self_param = Some(param),
                ParamForm::SelfParam(param) => {
                    self.error(
                        param.span,
                        None,
                        "unexpected `self` parameter in function: it must be the first parameter",
                    );
                }
                ParamForm::Param(param) => params.push(param),
                ParamForm::Variadic(span) => {
                    variadic = Some(span);
                }
            }
        }
        Fn {
            qualifiers,
            name: head.name,
            generics: head.generics,
            self_param,
            params,
            variadic,
            ret: head.ret,
            body: head.body,
            sig_span: Span::new(start, head.sig_end),
            params_span: head.params_span,
        }
    }

    pub fn self_by_raw_pointer(&self, span: Span) {
        self.error_with_help(span, None, "cannot pass `self` by raw pointer", "take `&self` or `&mut self`");
    }

    fn param(&self, param: RawParam) -> ParamForm {
        let RawParam { attrs, kind, span } = param;
        let (pat, ty, next) = match kind {
            RawParamKind::Variadic => return ParamForm::Variadic(span),
            RawParamKind::Broken => {
                let (pat, ty) = (Pat { kind: PatKind::Wild, span }, Type { kind: TypeKind::Error, span });
                return ParamForm::Param(Param { attrs, pat, ty, span });
            }
            RawParamKind::RefSelf(lifetime, mutable, self_span) => {
                return ParamForm::SelfParam(SelfParam {
                    attrs,
                    kind: SelfKind::Ref { lifetime: Some(lifetime), mutable },
                    self_span,
                    span,
                });
            }
            RawParamKind::RawSelf(self_span) => {
                let kind = SelfKind::Value { mutable: false };
                return ParamForm::SelfParam(SelfParam { attrs, kind, self_span, span });
            }
            RawParamKind::Pat(pat, ty, next) => (pat, ty, next),
        };
        if let Some((form, self_span)) = self_form(&pat) {
            let kind = match (form, ty) {
                (SelfKind::Value { mutable }, Some(ty)) => SelfKind::Typed { mutable, ty },
                (form, None) => form,
                (form, Some(ty)) => {
                    self.error(ty.span, None, "a `&self` parameter has no type");
                    form
                }
            };
            return ParamForm::SelfParam(SelfParam { attrs, kind, self_span, span });
        }
        let ty = ty.unwrap_or_else(|| {
            self.error_with_help(
                Span::at(next),
                None,
                "expected `:` and a type behind the parameter",
                "anonymous parameters are removed in the 2018 edition: write `_: Type`",
            );
            Type { kind: TypeKind::Error, span: pat.span.last() }
        });
        ParamForm::Param(Param { attrs, pat, ty, span })
    }

    pub fn trait_(&self, quals: Vec<(Qual, Span)>, auto: Option<Span>, head: TraitHead) -> (ItemKind, Vec<Attr>) {
        self.only_quals(&quals, "trait", &["unsafe"]);
        let unsafe_ = quals.iter().find(|(qual, _)| *qual == Qual::Unsafe).map(|(_, span)| *span);
        let (attrs, items) = head.body;
        let item = Trait { unsafe_, auto, name: head.name, generics: head.generics, supertraits: head.bounds, items };
        (ItemKind::Trait(Box::new(item)), attrs)
    }

    pub fn impl_(&self, start: u32, quals: Vec<(Qual, Span)>, head: ImplHead) -> (ItemKind, Vec<Attr>) {
        self.only_quals(&quals, "`impl`", &["unsafe"]);
        let unsafe_ = quals.iter().find(|(qual, _)| *qual == Qual::Unsafe).map(|(_, span)| *span);
        let of_trait = head.of_trait.and_then(|ty| match ty.kind {
            TypeKind::Path(QPath { qself: None, path, .. }) => Some(path),
            TypeKind::Error => None,
            _ => {
                self.error(ty.span, None, "expected a trait, found type");
                None
            }
        });
        let (attrs, items) = head.body;
        let item = Impl {
            unsafe_,
            generics: with_where(head.generics, head.where_),
            negative: head.negative,
            of_trait,
            self_ty: head.self_ty,
            items,
            head_span: Span::new(start, head.head_end),
        };
        (ItemKind::Impl(Box::new(item)), attrs)
    }

    pub fn extern_block(&self, quals: Vec<(Qual, Span)>, body: (Vec<Attr>, Vec<Item>)) -> (ItemKind, Vec<Attr>) {
        let (attrs, items) = body;
        let mut unsafe_ = false;
        let mut extern_ = None;
        let first = quals.first().map_or(Span::at(0), |(_, span)| *span);
        for (qual, span) in quals {
            match qual {
                Qual::Unsafe => unsafe_ = true,
                Qual::Extern(abi) => extern_ = Some(extern_of(abi, span)),
                Qual::Const | Qual::Async | Qual::Safe => {
                    self.error(span, None, format!("a block of items cannot be `{}`", qual.word()))
                }
            }
        }
        match extern_ {
            Some(extern_) => (ItemKind::ExternBlock { unsafe_, extern_, items }, attrs),
            None => {
                self.error(first, None, "expected an item behind this word");
                (ItemKind::Error, attrs)
            }
        }
    }

    pub fn go_import(&self, (path, path_span): (Lit, Span), rename: Option<Ident>) -> ItemKind {
        match path {
            Lit::Str(path) => ItemKind::GoImport(GoImport { path, path_span, rename }),
            _ => {
                self.error(path_span, None, "expected the path of a Go package in quotes");
                ItemKind::Error
            }
        }
    }
}

enum ParamForm {
    SelfParam(SelfParam),
    Param(Param),
    Variadic(Span),
}

/// The pattern as a form of `self`, with the place of that word.
fn self_form(pat: &Pat) -> Option<(SelfKind, Span)> {
    let is_self = |name: Name| name == "self";
    match &pat.kind {
        PatKind::Path(path) => path
            .as_ident()
            .filter(|ident| is_self(ident.name))
            .map(|ident| (SelfKind::Value { mutable: false }, ident.span)),
        PatKind::Ident { by_ref: false, mutable, ident, sub: None } if is_self(ident.name) => {
            Some((SelfKind::Value { mutable: *mutable }, ident.span))
        }
        PatKind::Ref { mutable, inner } => match &inner.kind {
            PatKind::Path(path) => {
                let ident = path.as_ident().filter(|ident| is_self(ident.name))?;
                Some((SelfKind::Ref { lifetime: None, mutable: *mutable }, ident.span))
            }
            _ => None,
        },
        _ => None,
    }
}
