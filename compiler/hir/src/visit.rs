//! A walk over syntax trees, macro arguments included.
//!
//! Every `visit_*` is called for each node of its kind, outermost first; the default goes on with the parts. It resolves nothing.

use rgo_syntax::Span;
use rgo_syntax::ast::*;

/// What a walk wants to see.
pub trait Visitor {
    fn visit_expr(&mut self, expr: &Expr) {
        walk_expr(self, expr);
    }
    fn visit_type(&mut self, ty: &Type) {
        walk_type(self, ty);
    }
    fn visit_pat(&mut self, pat: &Pat) {
        walk_pat(self, pat);
    }
    fn visit_block(&mut self, block: &Block) {
        walk_block(self, block);
    }
    /// An item in a block, trait or impl.
    fn visit_item(&mut self, item: &Item) {
        walk_item(self, item);
    }
    fn visit_path(&mut self, path: &Path) {
        walk_path(self, path);
    }
    /// The length of an array, a const argument, a discriminant, a const parameter's default.
    fn visit_anon_const(&mut self, expr: &Expr) {
        self.visit_expr(expr);
    }
    /// The length in `[value; length]`.
    fn visit_repeat_count(&mut self, expr: &Expr) {
        self.visit_anon_const(expr);
    }
    /// `const { … }`.
    fn visit_const_block(&mut self, _span: Span, block: &Block) {
        self.visit_block(block);
    }
    fn visit_bound(&mut self, bound: &Bound) {
        walk_bound(self, bound);
    }
    /// The call of a macro that takes expressions: its arguments are parsed for each walk.
    fn visit_macro(&mut self, call: &MacroCall) {
        walk_macro(self, call);
    }
}

/// The expressions (and the pattern of `matches!`) that a known macro reads from its tokens.
pub struct MacroParts {
    pub exprs: Vec<Expr>,
    pub pats: Vec<Pat>,
}

/// What stands in the call of a macro that takes expressions.
pub fn macro_parts(call: &MacroCall) -> MacroParts {
    let name = call.path.last().map_or("", |segment| segment.ident.as_str());
    let mut parts = MacroParts { exprs: Vec::new(), pats: Vec::new() };
    match name {
        "vec" => match rgo_syntax::list_args(call).value {
            rgo_syntax::ListArgs::Elements(elements) => parts.exprs = elements,
            rgo_syntax::ListArgs::Repeat(value, len) => parts.exprs = vec![*value, *len],
        },
        "matches" => {
            if let Some(args) = rgo_syntax::matches_args(call).value {
                parts.exprs.push(args.scrutinee);
                parts.pats.push(args.pat);
                parts.exprs.extend(args.guard);
            }
        }
        "stringify" | "line" | "column" | "file" | "module_path" => {}
        _ => parts.exprs = rgo_syntax::format_args(call).value.into_iter().map(|arg| arg.value).collect(),
    }
    parts
}

pub fn walk_macro<V: Visitor + ?Sized>(v: &mut V, call: &MacroCall) {
    let parts = macro_parts(call);
    for expr in &parts.exprs {
        v.visit_expr(expr);
    }
    for pat in &parts.pats {
        v.visit_pat(pat);
    }
}

pub fn walk_block<V: Visitor + ?Sized>(v: &mut V, block: &Block) {
    for stmt in &block.stmts {
        match &stmt.kind {
            StmtKind::Let(stmt) => {
                v.visit_pat(&stmt.pat);
                if let Some(ty) = &stmt.ty {
                    v.visit_type(ty);
                }
                if let Some(init) = &stmt.init {
                    v.visit_expr(init);
                }
                if let Some(block) = &stmt.else_ {
                    v.visit_block(block);
                }
            }
            StmtKind::Item(item) => v.visit_item(item),
            StmtKind::Expr(expr) | StmtKind::Semi(expr) => v.visit_expr(expr),
            StmtKind::Empty | StmtKind::Error => {}
        }
    }
    if let Some(tail) = &block.tail {
        v.visit_expr(tail);
    }
}

pub fn walk_expr<V: Visitor + ?Sized>(v: &mut V, expr: &Expr) {
    match &expr.kind {
        ExprKind::Lit(_) | ExprKind::Continue { .. } | ExprKind::Underscore | ExprKind::Error => {}
        ExprKind::Path(path) => walk_qpath(v, path),
        ExprKind::Unary { operand: e, .. }
        | ExprKind::Field { base: e, .. }
        | ExprKind::TupleField { base: e, .. }
        | ExprKind::Paren(e)
        | ExprKind::Try(e)
        | ExprKind::Ref { operand: e, .. }
        | ExprKind::RawRef { operand: e, .. }
        | ExprKind::Await(e) => v.visit_expr(e),
        ExprKind::Binary { lhs, rhs, .. } | ExprKind::Assign { lhs, rhs, .. } | ExprKind::AssignOp { lhs, rhs, .. } => {
            v.visit_expr(lhs);
            v.visit_expr(rhs);
        }
        ExprKind::Call { callee, args } => {
            v.visit_expr(callee);
            args.iter().for_each(|arg| v.visit_expr(arg));
        }
        ExprKind::MethodCall { receiver, method, args } => {
            v.visit_expr(receiver);
            walk_args(v, method.args.as_deref());
            args.iter().for_each(|arg| v.visit_expr(arg));
        }
        ExprKind::Index { base, index } => {
            v.visit_expr(base);
            v.visit_expr(index);
        }
        ExprKind::Range { lo, hi, .. } => {
            lo.iter().chain(hi).for_each(|e| v.visit_expr(e));
        }
        ExprKind::Array(elements) | ExprKind::Tuple(elements) => elements.iter().for_each(|e| v.visit_expr(e)),
        ExprKind::Repeat { elem, len } => {
            v.visit_expr(elem);
            v.visit_repeat_count(len);
        }
        ExprKind::Struct(s) => {
            walk_qpath(v, &s.path);
            s.fields.iter().for_each(|field| v.visit_expr(&field.value));
            if let StructRest::Base(base) = &s.rest {
                v.visit_expr(base);
            }
        }
        ExprKind::Block { block, .. } => v.visit_block(block),
        ExprKind::ConstBlock(block) => v.visit_const_block(expr.span, block),
        ExprKind::Unsafe(block) | ExprKind::Async { block, .. } => v.visit_block(block),
        ExprKind::If { cond, then, else_ } => {
            v.visit_expr(cond);
            v.visit_block(then);
            if let Some(e) = else_ {
                v.visit_expr(e);
            }
        }
        ExprKind::Let { pat, scrutinee } => {
            v.visit_expr(scrutinee);
            v.visit_pat(pat);
        }
        ExprKind::Match { scrutinee, arms } => {
            v.visit_expr(scrutinee);
            for arm in arms {
                v.visit_pat(&arm.pat);
                if let Some(guard) = &arm.guard {
                    v.visit_expr(guard);
                }
                v.visit_expr(&arm.body);
            }
        }
        ExprKind::While { cond, body, .. } => {
            v.visit_expr(cond);
            v.visit_block(body);
        }
        ExprKind::Loop { body, .. } => v.visit_block(body),
        ExprKind::For { pat, iter, body, .. } => {
            v.visit_pat(pat);
            v.visit_expr(iter);
            v.visit_block(body);
        }
        ExprKind::Break { value, .. } | ExprKind::Return(value) => {
            if let Some(e) = value {
                v.visit_expr(e);
            }
        }
        ExprKind::Closure(closure) => {
            for param in &closure.params {
                v.visit_pat(&param.pat);
                if let Some(ty) = &param.ty {
                    v.visit_type(ty);
                }
            }
            if let Some(ty) = &closure.ret {
                v.visit_type(ty);
            }
            v.visit_expr(&closure.body);
        }
        ExprKind::Cast { operand, ty } => {
            v.visit_expr(operand);
            v.visit_type(ty);
        }
        ExprKind::Macro(call) => v.visit_macro(call),
    }
}

pub fn walk_qpath<V: Visitor + ?Sized>(v: &mut V, path: &QPath) {
    if let Some(qself) = &path.qself {
        v.visit_type(&qself.ty);
        if let Some(path) = &qself.as_trait {
            v.visit_path(path);
        }
    }
    v.visit_path(&path.path);
}

pub fn walk_path<V: Visitor + ?Sized>(v: &mut V, path: &Path) {
    for segment in &path.segments {
        walk_args(v, segment.args.as_deref());
    }
}

pub fn walk_args<V: Visitor + ?Sized>(v: &mut V, args: Option<&GenericArgs>) {
    match args {
        None => {}
        Some(GenericArgs::Paren(args)) => {
            args.inputs.iter().for_each(|ty| v.visit_type(ty));
            if let Some(ty) = &args.output {
                v.visit_type(ty);
            }
        }
        Some(GenericArgs::Angle(args)) => {
            for arg in &args.args {
                match arg {
                    GenericArg::Lifetime(_) => {}
                    GenericArg::Type(ty) => v.visit_type(ty),
                    GenericArg::Const(expr) => v.visit_anon_const(expr),
                    GenericArg::Assoc(assoc) => {
                        walk_args(v, assoc.args.as_deref());
                        match &assoc.kind {
                            AssocArgKind::Type(ty) => v.visit_type(ty),
                            AssocArgKind::Const(expr) => v.visit_anon_const(expr),
                            AssocArgKind::Bounds(bounds) => walk_bounds(v, bounds),
                        }
                    }
                }
            }
        }
    }
}

pub fn walk_bounds<V: Visitor + ?Sized>(v: &mut V, bounds: &[Bound]) {
    bounds.iter().for_each(|bound| v.visit_bound(bound));
}

pub fn walk_bound<V: Visitor + ?Sized>(v: &mut V, bound: &Bound) {
    match bound {
        Bound::Trait(bound) => v.visit_path(&bound.path),
        Bound::Lifetime(_) | Bound::Use { .. } => {}
    }
}

pub fn walk_type<V: Visitor + ?Sized>(v: &mut V, ty: &Type) {
    match &ty.kind {
        TypeKind::Path(path) => walk_qpath(v, path),
        TypeKind::Ref { inner, .. }
        | TypeKind::RawPtr { inner, .. }
        | TypeKind::Slice(inner)
        | TypeKind::Paren(inner) => v.visit_type(inner),
        TypeKind::Array { elem, len } => {
            v.visit_type(elem);
            v.visit_anon_const(len);
        }
        TypeKind::Tuple(elements) => elements.iter().for_each(|ty| v.visit_type(ty)),
        TypeKind::FnPtr(f) => {
            f.params.iter().for_each(|param| v.visit_type(&param.ty));
            if let Some(ty) = &f.ret {
                v.visit_type(ty);
            }
        }
        TypeKind::Dyn(bounds) | TypeKind::BareDyn(bounds) | TypeKind::ImplTrait(bounds) => walk_bounds(v, bounds),
        TypeKind::Never | TypeKind::Infer | TypeKind::Macro(_) | TypeKind::Error => {}
    }
}

pub fn walk_pat<V: Visitor + ?Sized>(v: &mut V, pat: &Pat) {
    match &pat.kind {
        PatKind::Wild | PatKind::Lit(_) | PatKind::Rest | PatKind::Macro(_) | PatKind::Error => {}
        PatKind::Ident { sub, .. } => {
            if let Some(sub) = sub {
                v.visit_pat(sub);
            }
        }
        PatKind::Range { lo, hi, .. } => {
            for end in lo.iter().chain(hi) {
                if let RangeEnd::Path(path) = &**end {
                    walk_qpath(v, path);
                }
            }
        }
        PatKind::Ref { inner, .. } | PatKind::Paren(inner) => v.visit_pat(inner),
        PatKind::Tuple(pats) | PatKind::Slice(pats) | PatKind::Or(pats) => pats.iter().for_each(|pat| v.visit_pat(pat)),
        PatKind::TupleStruct { path, elems } => {
            walk_qpath(v, path);
            elems.iter().for_each(|pat| v.visit_pat(pat));
        }
        PatKind::Struct { path, fields, .. } => {
            walk_qpath(v, path);
            fields.iter().for_each(|field| v.visit_pat(&field.pat));
        }
        PatKind::Path(path) => walk_qpath(v, path),
        PatKind::ConstBlock(block) => v.visit_const_block(pat.span, block),
    }
}

pub fn walk_generics<V: Visitor + ?Sized>(v: &mut V, generics: &Generics) {
    for param in &generics.params {
        match &param.kind {
            GenericParamKind::Lifetime { .. } => {}
            GenericParamKind::Type { bounds, default } => {
                walk_bounds(v, bounds);
                if let Some(ty) = default {
                    v.visit_type(ty);
                }
            }
            GenericParamKind::Const { ty, default } => {
                v.visit_type(ty);
                if let Some(expr) = default {
                    v.visit_anon_const(expr);
                }
            }
        }
    }
    for predicate in &generics.where_clause {
        match &predicate.kind {
            WherePredicateKind::Type { ty, bounds, .. } => {
                v.visit_type(ty);
                walk_bounds(v, bounds);
            }
            WherePredicateKind::Lifetime { .. } => {}
        }
    }
}

pub fn walk_fields<V: Visitor + ?Sized>(v: &mut V, fields: &Fields) {
    match fields {
        Fields::Unit => {}
        Fields::Tuple(fields) => fields.iter().for_each(|field| v.visit_type(&field.ty)),
        Fields::Named(fields) => fields.iter().for_each(|field| v.visit_type(&field.ty)),
    }
}

pub fn walk_item<V: Visitor + ?Sized>(v: &mut V, item: &Item) {
    match &item.kind {
        ItemKind::Fn(f) => {
            walk_signature(v, f);
            if let Some(body) = &f.body {
                v.visit_block(body);
            }
        }
        ItemKind::Struct(s) | ItemKind::Union(s) => {
            walk_generics(v, &s.generics);
            walk_fields(v, &s.fields);
        }
        ItemKind::Enum(e) => {
            walk_generics(v, &e.generics);
            for variant in &e.variants {
                walk_fields(v, &variant.fields);
                if let Some(expr) = &variant.discriminant {
                    v.visit_anon_const(expr);
                }
            }
        }
        ItemKind::Trait(t) => {
            walk_generics(v, &t.generics);
            walk_bounds(v, &t.supertraits);
            t.items.iter().for_each(|item| v.visit_item(item));
        }
        ItemKind::Impl(i) => {
            walk_generics(v, &i.generics);
            if let Some(path) = &i.of_trait {
                v.visit_path(path);
            }
            v.visit_type(&i.self_ty);
            i.items.iter().for_each(|item| v.visit_item(item));
        }
        ItemKind::TypeAlias(t) => {
            walk_generics(v, &t.generics);
            walk_bounds(v, &t.bounds);
            if let Some(ty) = &t.ty {
                v.visit_type(ty);
            }
        }
        ItemKind::Const(c) => {
            walk_generics(v, &c.generics);
            if let Some(ty) = &c.ty {
                v.visit_type(ty);
            }
            if let Some(expr) = &c.value {
                v.visit_expr(expr);
            }
        }
        ItemKind::Static(s) => {
            if let Some(ty) = &s.ty {
                v.visit_type(ty);
            }
            if let Some(expr) = &s.value {
                v.visit_expr(expr);
            }
        }
        ItemKind::Mod(m) => {
            if let ModKind::Inline(items) = &m.kind {
                items.iter().for_each(|item| v.visit_item(item));
            }
        }
        ItemKind::Use(_)
        | ItemKind::GoImport(_)
        | ItemKind::ExternCrate { .. }
        | ItemKind::ExternBlock { .. }
        | ItemKind::MacroDef { .. }
        | ItemKind::MacroCall(_)
        | ItemKind::Error => {}
    }
}

pub fn walk_signature<V: Visitor + ?Sized>(v: &mut V, f: &Fn) {
    walk_generics(v, &f.generics);
    if let Some(SelfParam { kind: SelfKind::Typed { ty, .. }, .. }) = &f.self_param {
        v.visit_type(ty);
    }
    for param in &f.params {
        v.visit_pat(&param.pat);
        v.visit_type(&param.ty);
    }
    if let Some(ty) = &f.ret {
        v.visit_type(ty);
    }
}
