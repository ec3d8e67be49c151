//! From the syntax of a body to its HIR: names of variables, labels and items resolved, macros expanded.
//!
//! Invariant: what is written is lowered even where something in it is wrong; that becomes `Missing` and an error.

mod block;
mod expr;
mod format;
mod label;
mod macros;
mod panics;
mod pat;

use std::sync::Arc;

use la_arena::{Arena, ArenaMap};
use rgo_syntax::ast::{self, Ident, ItemKind, SelfKind};
use rgo_syntax::{Name, Span};
use rustc_hash::FxHashMap;

use crate::body::*;
use crate::path::{self, Hit, PathSource};
use crate::resolve::{Namespace, Res};
use crate::scope::module_scope;
use crate::tree::{ItemTree, tree_of};
use crate::visit::{self, Visitor};
use crate::{Db, DefId, DefKey, DefKind, DefSyntax, HirError, anon_const, def_syntax, path_error};

use label::Jump;

/// Everything that lowering a body gives.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lowered {
    body: Arc<Body>,
    source_map: Arc<BodySourceMap>,
    errors: Vec<HirError>,
    /// The variables that are in scope where an item or an anonymous constant inside begins: they cannot be used there, and that is said.
    visible: FxHashMap<u32, Vec<Name>>,
}

/// Survives edits outside of the owner's item that change no name it uses.
#[salsa::tracked]
fn lowered<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Lowered {
    let owner = key.def(db);
    let mut ctx = Ctx::new(db, owner);
    let value = ctx.owner_body();
    ctx.body.value = value;
    Lowered { body: Arc::new(ctx.body), source_map: Arc::new(ctx.map), errors: ctx.errors, visible: ctx.visible }
}

/// Survives edits that leave the body as it is.
#[salsa::tracked]
fn body_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> Arc<Body> {
    let owner = key.def(db);
    lowered(db, owner.key(db)).body.clone()
}

/// The body of a function, const, static, associated or anonymous constant.
pub fn body(db: &dyn Db, owner: DefId) -> &Body {
    body_query(db, owner.key(db))
}

/// Where the nodes of a body came from.
pub fn body_source_map(db: &dyn Db, owner: DefId) -> &BodySourceMap {
    &lowered(db, owner.key(db)).source_map
}

/// The errors of names, labels, patterns and macros in a body.
pub fn body_errors(db: &dyn Db, owner: DefId) -> &[HirError] {
    &lowered(db, owner.key(db)).errors
}

/// What is in scope, innermost last.
enum Rib {
    Locals(Vec<(Name, LocalId)>),
    /// The items of a block.
    Block(DefId),
}

struct Ctx<'db> {
    db: &'db dyn Db,
    owner: DefId,
    /// The owner, or the innermost block that declares items.
    scope: DefId,
    tree: &'db ItemTree,
    body: Body,
    map: BodySourceMap,
    errors: Vec<HirError>,
    visible: FxHashMap<u32, Vec<Name>>,
    ribs: Vec<Rib>,
    jumps: Vec<Jump>,
    closures: u32,
    /// Variables of the bodies around this one, fetched when first needed.
    outer: Option<Vec<Name>>,
}

impl<'db> Ctx<'db> {
    fn new(db: &'db dyn Db, owner: DefId) -> Ctx<'db> {
        let mut exprs = Arena::new();
        let value = exprs.alloc(Expr::Missing);
        let body = Body {
            owner,
            exprs,
            pats: Arena::new(),
            locals: Arena::new(),
            labels: Arena::new(),
            types: Arena::new(),
            type_scopes: ArenaMap::default(),
            params: Vec::new(),
            value,
        };
        Ctx {
            db,
            owner,
            scope: owner,
            tree: tree_of(db, owner),
            body,
            map: BodySourceMap::default(),
            errors: Vec::new(),
            visible: FxHashMap::default(),
            ribs: vec![Rib::Locals(Vec::new())],
            jumps: Vec::new(),
            closures: 0,
            outer: None,
        }
    }

    fn owner_body(&mut self) -> ExprId {
        if self.owner.kind() == DefKind::AnonConst {
            return match self.tree.anon_consts.get(&self.owner.disambiguator()) {
                // `[value; _]`: inference finds the length.
                Some(anon) if matches!(anon.expr.without_parens().kind, ast::ExprKind::Underscore) => {
                    let span = anon.expr.span;
                    self.alloc(Expr::Underscore, span)
                }
                Some(anon) => self.expr(&anon.expr.clone()),
                None => self.body.value,
            };
        }
        let DefSyntax::Item(item) = def_syntax(self.db, self.owner) else { return self.body.value };
        match &item.kind {
            ItemKind::Fn(f) => self.fn_body(f),
            ItemKind::Const(c) => c.value.as_ref().map_or(self.body.value, |value| self.expr(value)),
            ItemKind::Static(s) => s.value.as_ref().map_or(self.body.value, |value| self.expr(value)),
            _ => self.body.value,
        }
    }

    fn fn_body(&mut self, f: &ast::Fn) -> ExprId {
        let mut binds = pat::Binds::params();
        if let Some(param) = &f.self_param {
            let mutable = match param.kind {
                SelfKind::Value { mutable } | SelfKind::Typed { mutable, .. } => mutable,
                SelfKind::Ref { .. } => false,
            };
            let mode = BindingMode { by_ref: None, mutable };
            let ident = Ident { name: Name::new("self"), span: param.self_span };
            let local = self.new_local(ident.name, mode, ident.span);
            binds.add(ident, local, mode);
            let pat = self.alloc_pat(Pat::Bind { local, sub: None }, param.span);
            self.body.params.push(pat);
        }
        for param in &f.params {
            let pat = self.pat(&param.pat, &mut binds);
            self.body.params.push(pat);
        }
        self.bind(binds);
        match &f.body {
            Some(block) => self.block_expr(block, None),
            None => self.body.value,
        }
    }

    // ------------------------------------------------------------------------------------------------------ making

    fn alloc(&mut self, expr: Expr, span: Span) -> ExprId {
        let id = self.body.exprs.alloc(expr);
        self.map.exprs.insert(id, span);
        id
    }

    fn alloc_pat(&mut self, pat: Pat, span: Span) -> PatId {
        let id = self.body.pats.alloc(pat);
        self.map.pats.insert(id, span);
        id
    }

    fn missing(&mut self, span: Span) -> ExprId {
        self.alloc(Expr::Missing, span)
    }

    fn ty(&mut self, ty: &ast::Type) -> TypeId {
        self.note_variables(|finder| finder.visit_type(ty));
        let id = self.body.types.alloc(ty.clone());
        self.map.types.insert(id, ty.span);
        if self.scope != self.owner {
            self.body.type_scopes.insert(id, self.scope);
        }
        id
    }

    fn new_local(&mut self, name: Name, mode: BindingMode, span: Span) -> LocalId {
        let local = self.body.locals.alloc(Local { name, mode, synthetic: false });
        self.map.locals.insert(local, span);
        local
    }

    fn synthetic_local(&mut self, name: &str, span: Span) -> LocalId {
        let mode = BindingMode { by_ref: None, mutable: false };
        let local = self.body.locals.alloc(Local { name: Name::new(name), mode, synthetic: true });
        self.map.locals.insert(local, span);
        local
    }

    fn error(&mut self, error: HirError) {
        self.errors.push(error);
    }

    fn plain_error(&mut self, span: Span, message: impl Into<String>) {
        self.errors.push(HirError::plain(self.owner, span, message.into()));
    }

    fn coded_error(&mut self, span: Span, code: &'static str, message: impl Into<String>, label: impl Into<String>) {
        self.errors.push(HirError::new(self.owner, span, code, message).label(label));
    }

    fn syntax_errors(&mut self, errors: &[rgo_syntax::SyntaxError]) {
        for error in errors {
            let mut own = HirError::plain(self.owner, error.span, error.message());
            own.code = error.code;
            own.help = error.help();
            self.errors.push(own);
        }
    }

    // ------------------------------------------------------------------------------------------------------- scopes

    fn scoped<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> T {
        self.ribs.push(Rib::Locals(Vec::new()));
        let result = run(self);
        self.ribs.pop();
        result
    }

    /// Brings the variables of a pattern into scope.
    fn bind(&mut self, binds: pat::Binds) {
        if !matches!(self.ribs.last(), Some(Rib::Locals(_))) {
            self.ribs.push(Rib::Locals(Vec::new()));
        }
        if let Some(Rib::Locals(locals)) = self.ribs.last_mut() {
            locals.extend(binds.product.into_iter().map(|bound| (bound.ident.name, bound.local)));
        }
    }

    /// A variable, unless an item of a block nearer by has the name.
    fn local(&self, name: Name) -> Option<LocalId> {
        for rib in self.ribs.iter().rev() {
            match rib {
                Rib::Locals(locals) => {
                    if let Some((_, local)) = locals.iter().rev().find(|(known, _)| *known == name) {
                        return Some(*local);
                    }
                }
                Rib::Block(block) => {
                    if module_scope(self.db, (*block).key(self.db)).get(name, Namespace::Value).is_some() {
                        return None;
                    }
                }
            }
        }
        None
    }

    fn visible_names(&mut self) -> Vec<Name> {
        let mut names: Vec<Name> = self
            .ribs
            .iter()
            .filter_map(|rib| match rib {
                Rib::Locals(locals) => Some(locals),
                Rib::Block(_) => None,
            })
            .flatten()
            .map(|(name, _)| *name)
            .collect();
        names.extend_from_slice(self.outer_names());
        names
    }

    /// Remembers which variables are in scope where something begins that cannot use them.
    fn note_visible(&mut self, start: u32) {
        let names = self.visible_names();
        if !names.is_empty() {
            self.visible.insert(start, names);
        }
    }

    fn note_variables(&mut self, walk: impl FnOnce(&mut TypeParts)) {
        let mut finder = TypeParts::default();
        walk(&mut finder);
        for start in finder.anon_consts {
            self.note_visible(start);
        }
        for ident in finder.names {
            if self.local(ident.name).is_some() {
                self.map.variables_as_types.insert(ident.span.start);
            }
        }
    }

    fn outer_names(&mut self) -> &[Name] {
        if self.outer.is_none() {
            self.outer = Some(outer_names(self.db, self.owner));
        }
        self.outer.as_deref().unwrap_or(&[])
    }

    // -------------------------------------------------------------------------------------------------------- paths

    /// A path that has to be a certain kind of thing; the error is reported and answered with `Res::Err`.
    fn path(&mut self, qpath: &ast::QPath, source: PathSource) -> Box<Path> {
        self.note_variables(|finder| visit::walk_qpath(finder, qpath));
        let made = |res, unresolved, scope| Box::new(Path { res, ast: qpath.clone(), unresolved, scope });
        let scope = self.scope;
        if let Some(qself) = &qpath.qself {
            let count = qpath.path.segments.len();
            let Some(trait_path) = &qself.as_trait else { return made(Res::Err, count, scope) };
            return match path::resolve_trait_path(self.db, scope, trait_path) {
                Ok((def, private)) => {
                    self.private(private);
                    self.trait_item(qpath, def, source)
                }
                Err(error) => {
                    error.into_iter().for_each(|error| self.error(error));
                    made(Res::Err, 0, scope)
                }
            };
        }
        if let Some(resolved) = self.unusable_outer(&qpath.path, source) {
            return made(resolved, 0, scope);
        }
        match path::resolve_as(self.db, scope, &qpath.path, source) {
            Ok(resolved) => {
                self.private(resolved.private);
                made(resolved.res, resolved.unresolved, scope)
            }
            Err(mut error) => {
                self.found_local(&mut error, &qpath.path, source);
                if error.help.is_none() && source.namespace() == Namespace::Value {
                    error.help = self.similar_local(&qpath.path);
                }
                self.error(error);
                made(Res::Err, 0, scope)
            }
        }
    }

    /// E0603 of a path that names something all the same.
    fn private(&mut self, private: Option<path::Private>) {
        if let Some(private) = private {
            let error = private.error(self.db, self.scope);
            self.error(error);
        }
    }

    /// `<T as Trait>::name…`
    fn trait_item(&mut self, qpath: &ast::QPath, def: DefId, source: PathSource) -> Box<Path> {
        let made = |res, unresolved, scope| Box::new(Path { res, ast: qpath.clone(), unresolved, scope });
        let segments = &qpath.path.segments;
        let Some(first) = segments.first() else { return made(Res::Err, 0, self.scope) };
        let wants_type = segments.len() > 1 || source.namespace() == Namespace::Type;
        let item = crate::children(self.db, def)
            .iter()
            .copied()
            .find(|item| item.name() == first.ident.name && (item.kind() == DefKind::AssocTy) == wants_type);
        match item {
            Some(_) => made(Res::Def(def), segments.len(), self.scope),
            None => {
                let error = path_error::no_assoc_item(self.db, self.owner, first.ident, Res::Def(def), source);
                self.error(error);
                made(Res::Err, 0, self.scope)
            }
        }
    }

    /// E0434, E0435: a variable of a body around this one.
    fn unusable_outer(&mut self, path: &ast::Path, source: PathSource) -> Option<Res> {
        if source.namespace() != Namespace::Value || path.global || path.segments.len() != 1 {
            return None;
        }
        let ident = path.segments[0].ident;
        if matches!(source, PathSource::UnitPat | PathSource::TupleStructPat) || ident.name == "self" {
            return None;
        }
        if !self.outer_names().contains(&ident.name) {
            return None;
        }
        // An item between the variable and here.
        if let Some(Hit::Name(binding)) = path::lexical(self.db, self.scope, ident.name, Namespace::Value)
            && let Res::Def(def) = binding.res
            && (def.kind() == DefKind::ConstParam || def.parent().is_some_and(|p| p.is_inside(self.owner)))
        {
            return None;
        }
        match self.owner.kind() {
            DefKind::Fn => self.coded_error(
                ident.span,
                "E0434",
                "can't capture dynamic environment in a fn item",
                "this variable belongs to the function around this one: use a closure",
            ),
            _ => self.coded_error(
                ident.span,
                "E0435",
                "attempt to use a non-constant value in a constant",
                "non-constant value",
            ),
        }
        Some(Res::Err)
    }

    /// Where a variable has the name, it is the wrong kind of thing rather than nothing.
    fn found_local(&self, error: &mut HirError, path: &ast::Path, source: PathSource) {
        let code = match (source, error.code) {
            (PathSource::StructExpr, Some("E0422")) => "E0574",
            (PathSource::UnitPat | PathSource::TupleStructPat, Some("E0531")) => "E0532",
            _ => return,
        };
        if let Some(ident) = path.as_ident()
            && self.local(ident.name).is_some()
        {
            let expected = source.expected();
            error.code = Some(code);
            error.message = format!("expected {expected}, found local variable `{}`", ident.name);
            error.label = format!("not a {expected}");
            error.help = None;
        }
    }

    fn similar_local(&self, path: &ast::Path) -> Option<String> {
        let ident = path.as_ident()?;
        let names = self.ribs.iter().flat_map(|rib| match rib {
            Rib::Locals(locals) => locals.as_slice(),
            Rib::Block(_) => &[],
        });
        let similar = path_error::most_similar(ident.name, names.map(|(name, _)| *name))?;
        Some(format!("a variable with a similar name exists: `{similar}`"))
    }

    /// An item that a plain name in a pattern may stand for.
    fn pattern_item(&self, name: Name) -> Option<Res> {
        match path::lexical(self.db, self.scope, name, Namespace::Value) {
            Some(Hit::Name(binding)) => Some(binding.res),
            Some(Hit::Outer(_)) | None => None,
        }
    }

    fn lang_fn(&mut self, name: &str, span: Span) -> ExprId {
        let res = crate::lang_item(self.db, name).map_or(Res::Err, Res::Def);
        let ast = ast::Path::from_ident(Ident::new(name, span));
        let ast = ast::QPath { qself: None, path: ast, span };
        let path = Box::new(Path { res, ast, unresolved: 0, scope: self.scope });
        self.alloc(Expr::Path(path), span)
    }

    fn anon_const(&mut self, span: Span) -> DefId {
        self.note_visible(span.start);
        anon_const(self.scope, span)
    }
}

/// What in types may name variables, though it cannot use them.
#[derive(Default)]
struct TypeParts {
    /// Where anonymous constants begin.
    anon_consts: Vec<u32>,
    /// Types that are plain names.
    names: Vec<Ident>,
}

impl Visitor for TypeParts {
    fn visit_anon_const(&mut self, expr: &ast::Expr) {
        self.anon_consts.push(expr.span.start);
    }
    fn visit_const_block(&mut self, span: Span, _block: &ast::Block) {
        self.anon_consts.push(span.start);
    }
    fn visit_type(&mut self, ty: &ast::Type) {
        match &ty.kind {
            ast::TypeKind::Path(path) if path.as_ident().is_some() => self.names.extend(path.as_ident()),
            _ => visit::walk_type(self, ty),
        }
    }
    fn visit_expr(&mut self, _expr: &ast::Expr) {}
}

/// The variables of the body around a definition that are in scope where it stands.
fn outer_names(db: &dyn Db, owner: DefId) -> Vec<Name> {
    for def in owner.ancestors() {
        let Some(parent) = def.parent() else { return Vec::new() };
        if matches!(def.kind(), DefKind::Mod) {
            return Vec::new();
        }
        let start = match def.kind() {
            DefKind::AnonConst => def.disambiguator(),
            _ if parent.kind() == DefKind::Block => match def_syntax(db, def) {
                DefSyntax::Item(item) => item.span.start,
                _ => continue,
            },
            _ => continue,
        };
        let enclosing = parent.ancestors().find(|def| {
            matches!(
                def.kind(),
                DefKind::Fn | DefKind::Const | DefKind::Static | DefKind::AssocConst | DefKind::AnonConst
            )
        });
        let Some(enclosing) = enclosing else { return Vec::new() };
        match lowered(db, enclosing.key(db)).visible.get(&start) {
            Some(names) => return names.clone(),
            // A length in the signature of an item: what the item sees counts.
            None if def.kind() == DefKind::AnonConst => continue,
            None => return Vec::new(),
        }
    }
    Vec::new()
}
