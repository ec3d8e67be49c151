//! The questions that later crates ask (stubs).
use std::sync::LazyLock;

use la_arena::Arena;
use rgo_syntax::{Name, Span, SyntaxError, ast};

use crate::body::{Body, BodySourceMap, Expr};
use crate::resolve::{LifetimeRes, Namespace};
use crate::{Db, DefId, DefKind, DefSyntax, HirError, InherentImpls, Package, Resolved, SourceFile};

static ITEM: LazyLock<ast::Item> = LazyLock::new(|| rgo_syntax::parse_item("").value);
static BODY: LazyLock<Body> = LazyLock::new(|| {
    let mut exprs = Arena::new();
    let value = exprs.alloc(Expr::Missing);
    Body {
        owner: DefId::package(Name::new("")),
        exprs,
        pats: Arena::new(),
        locals: Arena::new(),
        labels: Arena::new(),
        types: Arena::new(),
        type_scopes: Default::default(),
        params: Vec::new(),
        value,
    }
});
static SOURCE_MAP: LazyLock<BodySourceMap> = LazyLock::new(BodySourceMap::default);
static INHERENT: LazyLock<InherentImpls> = LazyLock::new(InherentImpls::default);

/// The package with this import path.
pub fn package(db: &dyn Db, path: Name) -> Option<Package> {
    let workspace = db.workspace();
    workspace.packages(db).iter().copied().find(|package| *package.path(db) == path)
}

/// The syntax that a definition stands for.
pub fn def_syntax(_db: &dyn Db, _def: DefId) -> DefSyntax<'_> {
    DefSyntax::Package
}

/// The item of a definition; of what is no item itself, its owner's.
pub fn item_ast(_db: &dyn Db, _def: DefId) -> &ast::Item {
    &ITEM
}

/// The definition whose text the spans of `def` are relative to.
pub fn item_of(def: DefId) -> DefId {
    let mut item = def;
    for ancestor in def.ancestors() {
        if !matches!(ancestor.kind(), DefKind::Mod | DefKind::Package) {
            item = ancestor;
        }
    }
    item
}

/// Where the text of `item_of(def)` begins; only for reporting.
pub fn item_start(db: &dyn Db, _def: DefId) -> (SourceFile, u32) {
    (db.workspace().packages(db)[0].files(db)[0], 0)
}

pub fn def_span(_db: &dyn Db, _def: DefId) -> Span {
    Span::at(0)
}

pub fn attrs(_db: &dyn Db, _def: DefId) -> &[ast::Attr] {
    &[]
}

pub fn children(_db: &dyn Db, _def: DefId) -> &[DefId] {
    &[]
}

pub fn generic_params(_db: &dyn Db, _def: DefId) -> &[DefId] {
    &[]
}

pub fn child(_db: &dyn Db, _def: DefId, _name: Name) -> Option<DefId> {
    None
}

pub fn lang_item(_db: &dyn Db, _name: &str) -> Option<DefId> {
    None
}

pub fn lang_name(_db: &dyn Db, _def: DefId) -> Option<&str> {
    None
}

pub fn diagnostic_path(_db: &dyn Db, def: DefId) -> String {
    def.name().to_string()
}

pub fn trait_impls(_db: &dyn Db, _trait: DefId) -> &[DefId] {
    &[]
}

pub fn inherent_impls(_db: &dyn Db) -> &InherentImpls {
    &INHERENT
}

pub fn traits_in_scope(_db: &dyn Db, _scope: DefId) -> &[DefId] {
    &[]
}

pub fn body_owners(_db: &dyn Db, _package: Package) -> &[DefId] {
    &[]
}

pub fn resolve_path(_db: &dyn Db, _scope: DefId, _path: &ast::Path, _ns: Namespace) -> Result<Resolved, HirError> {
    Ok(Resolved { res: crate::resolve::Res::Err, unresolved: 0 })
}

pub fn resolve_trait_path(_db: &dyn Db, scope: DefId, path: &ast::Path) -> Result<DefId, HirError> {
    Err(HirError {
        def: item_of(scope),
        span: path.span,
        code: Some("E0405"),
        message: String::new(),
        label: String::new(),
        secondary: Vec::new(),
        help: None,
        note: None,
    })
}

pub fn resolve_lifetime(_db: &dyn Db, _scope: DefId, _name: Name) -> Result<LifetimeRes, HirError> {
    Ok(LifetimeRes::Err)
}

pub fn visible_from(_db: &dyn Db, _def: DefId, _from: DefId) -> bool {
    true
}

/// The anonymous constant for the expression at `span` within the item text of `owner`.
pub fn anon_const(owner: DefId, span: Span) -> DefId {
    owner.child(DefKind::AnonConst, Name::new(""), span.start)
}

/// The opaque type for the `impl Trait` at `span` within the item text of `owner`.
pub fn opaque_ty(owner: DefId, span: Span) -> DefId {
    owner.child(DefKind::OpaqueTy, Name::new(""), span.start)
}

pub fn body(_db: &dyn Db, _owner: DefId) -> &Body {
    &BODY
}

pub fn body_source_map(_db: &dyn Db, _owner: DefId) -> &BodySourceMap {
    &SOURCE_MAP
}

pub fn body_errors(_db: &dyn Db, _owner: DefId) -> &[HirError] {
    &[]
}

pub fn item_errors(_db: &dyn Db, _package: Package) -> &[HirError] {
    &[]
}

/// Errors of syntax in a file, with absolute spans.
pub fn syntax_errors(_db: &dyn Db, _file: SourceFile) -> &[SyntaxError] {
    &[]
}
