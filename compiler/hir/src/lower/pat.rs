//! Patterns: what binds a variable and what names a constant is decided here.

use rgo_syntax::ast::{self, Ident, PatKind, PatLit};
use rgo_syntax::{Name, Span};

use super::Ctx;
use crate::body::*;
use crate::path::PathSource;
use crate::resolve::Res;
use crate::scope::CtorKind;
use crate::{DefKind, ctor_kind, path_error};

/// A variable that a pattern binds.
#[derive(Clone, Copy)]
pub struct Bound {
    pub ident: Ident,
    pub local: LocalId,
    mode: BindingMode,
}

/// The variables of a pattern so far.
pub struct Binds {
    /// Bound together: none twice.
    pub product: Vec<Bound>,
    /// Bound by earlier alternatives of or-patterns around: the same variable.
    reuse: Vec<(Name, LocalId)>,
    is_params: bool,
}

impl Binds {
    pub fn new() -> Binds {
        Binds { product: Vec::new(), reuse: Vec::new(), is_params: false }
    }

    pub fn params() -> Binds {
        Binds { is_params: true, ..Binds::new() }
    }

    pub fn add(&mut self, ident: Ident, local: LocalId, mode: BindingMode) {
        self.product.push(Bound { ident, local, mode });
    }
}

impl Ctx<'_> {
    pub fn pat(&mut self, pat: &ast::Pat, binds: &mut Binds) -> PatId {
        let span = pat.span;
        let kind = match &pat.kind {
            PatKind::Wild => Pat::Wild,
            PatKind::Rest => Pat::Rest,
            PatKind::Ident { by_ref, mutable, ident, sub } => {
                return self.ident_pat(*by_ref, *mutable, *ident, sub.as_deref(), span, binds);
            }
            PatKind::Lit(lit) => match self.pat_literal(lit) {
                Some((literal, negative)) => Pat::Literal { literal, negative },
                None => Pat::Missing,
            },
            PatKind::Range { lo, hi, limits } => {
                let start = lo.as_deref().and_then(|end| self.range_bound(end));
                let end = hi.as_deref().and_then(|end| self.range_bound(end));
                let inclusive = match limits {
                    ast::RangeLimits::HalfOpen => RangeEnd::Excluded,
                    ast::RangeLimits::Closed => RangeEnd::Included,
                };
                if (start.is_none() && lo.is_some()) || (end.is_none() && hi.is_some()) {
                    Pat::Missing
                } else {
                    Pat::Range { start: start.map(Box::new), end: end.map(Box::new), inclusive }
                }
            }
            PatKind::Ref { mutable, inner } => {
                let mutability = if *mutable { Mutability::Mut } else { Mutability::Not };
                Pat::Ref { mutability, pat: self.pat(inner, binds) }
            }
            PatKind::Tuple(pats) => Pat::Tuple(self.pats(pats, binds)),
            PatKind::Slice(pats) => Pat::Slice(self.pats(pats, binds)),
            PatKind::TupleStruct { path, elems } => {
                let path = self.path(path, PathSource::TupleStructPat);
                let pats = self.pats(elems, binds);
                Pat::TupleStruct { path, pats }
            }
            PatKind::Struct { path, fields, rest } => {
                let path = self.path(path, PathSource::StructExpr);
                let lowered =
                    fields.iter().map(|field| (field.ident.name, self.pat(&field.pat, binds))).collect::<Vec<_>>();
                let rest = if rest.is_some() { HasRest::Yes } else { HasRest::No };
                let id = self.alloc_pat(Pat::Struct { path, fields: lowered, rest }, span);
                let names = fields.iter().map(|field| field.ident.span).collect();
                self.map.pat_field_names.insert(id, names);
                return id;
            }
            PatKind::Path(path) => {
                let path = self.path(path, PathSource::UnitPat);
                if path.res == Res::Err && path.ast.qself.is_none() { Pat::Missing } else { Pat::Path(path) }
            }
            PatKind::Or(pats) => return self.or_pat(pats, span, binds),
            PatKind::Paren(inner) => return self.pat(inner, binds),
            PatKind::ConstBlock(_) => Pat::ConstBlock(self.anon_const(span)),
            PatKind::Macro(call) => {
                self.plain_error(call.span, "macros in patterns are not part of rgo");
                Pat::Missing
            }
            PatKind::Error => Pat::Missing,
        };
        self.alloc_pat(kind, span)
    }

    fn pats(&mut self, pats: &[ast::Pat], binds: &mut Binds) -> Vec<PatId> {
        pats.iter().map(|pat| self.pat(pat, binds)).collect()
    }

    fn ident_pat(
        &mut self,
        by_ref: bool,
        mutable: bool,
        ident: Ident,
        sub: Option<&ast::Pat>,
        span: Span,
        binds: &mut Binds,
    ) -> PatId {
        let plain = !by_ref && !mutable && sub.is_none();
        if let Some(res) = self.pattern_item(ident.name)
            && let Some(pat) = self.item_pat(res, ident, plain, span)
        {
            return pat;
        }
        let mode = if by_ref {
            let mutability = if mutable { Mutability::Mut } else { Mutability::Not };
            BindingMode { by_ref: Some(mutability), mutable: false }
        } else {
            BindingMode { by_ref: None, mutable }
        };
        self.check_rebound(ident, binds);
        let local = match binds.reuse.iter().rev().find(|(name, _)| *name == ident.name) {
            Some((_, local)) => *local,
            None => self.new_local(ident.name, mode, ident.span),
        };
        binds.add(ident, local, mode);
        let sub = sub.map(|sub| self.pat(sub, binds));
        self.alloc_pat(Pat::Bind { local, sub }, span)
    }

    /// A plain name that is a constant or unit constructor, or that may not be shadowed.
    fn item_pat(&mut self, res: Res, ident: Ident, plain: bool, span: Span) -> Option<PatId> {
        let Res::Def(def) = res else { return None };
        let unit = match def.kind() {
            DefKind::Const | DefKind::AssocConst => true,
            DefKind::Struct | DefKind::Variant => match ctor_kind(self.db, def.key(self.db)) {
                CtorKind::Unit => true,
                CtorKind::Tuple => false,
                CtorKind::Named => return None,
            },
            DefKind::Static | DefKind::ConstParam => false,
            _ => return None,
        };
        if unit && plain {
            let ast = ast::Path::from_ident(ident);
            let qpath = ast::QPath { qself: None, path: ast, span };
            let path = self.path(&qpath, PathSource::UnitPat);
            return Some(self.alloc_pat(Pat::Path(path), span));
        }
        let what = path_error::describe(self.db, res);
        if def.kind() == DefKind::ConstParam && plain {
            self.coded_error(
                ident.span,
                "E0158",
                "constant parameters cannot be referenced in patterns",
                "can't be used in patterns",
            );
            return Some(self.alloc_pat(Pat::Missing, span));
        }
        self.error(
            crate::HirError::new(self.owner, ident.span, "E0530", format!("bindings cannot shadow {what}s"))
                .label(format!("cannot be named the same as a {what}"))
                .secondary(def, crate::def_span(self.db, def), format!("the {what} `{}` is defined here", def.name())),
        );
        Some(self.alloc_pat(Pat::Missing, span))
    }

    /// E0415, E0416.
    fn check_rebound(&mut self, ident: Ident, binds: &Binds) {
        let Some(first) = binds.product.iter().find(|bound| bound.ident.name == ident.name) else { return };
        let (code, place, label) = if binds.is_params {
            ("E0415", "parameter list", "used as parameter more than once")
        } else {
            ("E0416", "pattern", "used in a pattern more than once")
        };
        let where_ = if code == "E0415" { "in this" } else { "in the same" };
        self.error(
            crate::HirError::new(
                self.owner,
                ident.span,
                code,
                format!("identifier `{}` is bound more than once {where_} {place}", ident.name),
            )
            .label(label)
            .secondary(self.owner, first.ident.span, "first bound here".to_string()),
        );
    }

    fn or_pat(&mut self, pats: &[ast::Pat], span: Span, binds: &mut Binds) -> PatId {
        let mut reuse = binds.reuse.clone();
        let mut alternatives: Vec<Vec<Bound>> = Vec::new();
        let mut ids = Vec::new();
        for pat in pats {
            let mut inner = Binds { product: Vec::new(), reuse: reuse.clone(), is_params: binds.is_params };
            ids.push(self.pat(pat, &mut inner));
            for bound in &inner.product {
                if !reuse.iter().any(|(name, _)| *name == bound.ident.name) {
                    reuse.push((bound.ident.name, bound.local));
                }
            }
            alternatives.push(inner.product);
        }
        self.check_alternatives(pats, &ids, &alternatives);
        for bound in alternatives.into_iter().flatten() {
            let again = binds.product.iter().any(|known| known.local == bound.local);
            if !again {
                self.check_rebound(bound.ident, binds);
                binds.add(bound.ident, bound.local, bound.mode);
            }
        }
        self.alloc_pat(Pat::Or(ids), span)
    }

    /// E0408, E0409: alternatives have to bind the same variables in the same way.
    fn check_alternatives(&mut self, pats: &[ast::Pat], ids: &[PatId], alternatives: &[Vec<Bound>]) {
        let mut names: Vec<Bound> = Vec::new();
        for bound in alternatives.iter().flatten() {
            match names.iter().find(|known| known.ident.name == bound.ident.name) {
                None => names.push(*bound),
                Some(first) if first.mode.by_ref != bound.mode.by_ref => {
                    let first = *first;
                    self.error(
                        crate::HirError::new(
                            self.owner,
                            bound.ident.span,
                            "E0409",
                            format!(
                                "variable `{}` is bound inconsistently across alternatives separated by `|`",
                                bound.ident.name
                            ),
                        )
                        .label("bound in different ways")
                        .secondary(self.owner, first.ident.span, "first binding".to_string()),
                    );
                }
                Some(_) => {}
            }
        }
        for bound in names {
            for ((pat, id), alternative) in pats.iter().zip(ids).zip(alternatives) {
                let missing = !alternative.iter().any(|other| other.ident.name == bound.ident.name);
                if missing && !matches!(self.body.pats[*id], Pat::Missing) {
                    self.error(
                        crate::HirError::new(
                            self.owner,
                            pat.span,
                            "E0408",
                            format!("variable `{}` is not bound in all patterns", bound.ident.name),
                        )
                        .label(format!("pattern doesn't bind `{}`", bound.ident.name))
                        .secondary(
                            self.owner,
                            bound.ident.span,
                            "variable not in all patterns".to_string(),
                        ),
                    );
                }
            }
        }
    }

    fn pat_literal(&mut self, lit: &PatLit) -> Option<(Literal, bool)> {
        Some((self.literal(&lit.lit, lit.span)?, lit.negative))
    }

    fn range_bound(&mut self, end: &ast::RangeEnd) -> Option<RangeBound> {
        match end {
            ast::RangeEnd::Lit(lit) => {
                let (literal, negative) = self.pat_literal(lit)?;
                Some(RangeBound::Literal { literal, negative })
            }
            ast::RangeEnd::Path(path) => {
                let path = self.path(path, PathSource::Value);
                if path.res == Res::Err && path.ast.qself.is_none() { None } else { Some(RangeBound::Path(*path)) }
            }
        }
    }

    /// Literals as they are in HIR; `None` for what is not part of rgo.
    pub fn literal(&mut self, lit: &ast::Lit, span: Span) -> Option<Literal> {
        Some(match lit {
            ast::Lit::Bool(value) => Literal::Bool(*value),
            ast::Lit::Int { value, suffix } => Literal::Int { value: *value, suffix: *suffix },
            ast::Lit::Float { text, suffix } => Literal::Float { text: Name::new(text), suffix: *suffix },
            ast::Lit::Char(c) => Literal::Char(*c),
            ast::Lit::Byte(b) => Literal::Byte(*b),
            ast::Lit::Str(text) => Literal::Str(Name::new(text)),
            ast::Lit::ByteStr(bytes) => Literal::ByteStr(bytes.clone()),
            ast::Lit::CStr(_) => {
                let _ = span;
                return None;
            }
        })
    }
}
