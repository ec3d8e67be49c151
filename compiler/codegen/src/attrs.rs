//! Reads `#[go(…)]` and the other attributes that code generation obeys.

use rgo_hir::{Db, DefId};
use rgo_syntax::ast::{Lit, Meta};

/// What `#[go(…)]` says about an item (docs/stdlib.md).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoAttr {
    pub form: Option<GoForm>,
    pub imports: Vec<String>,
    /// Condition under which the form is used; the body otherwise.
    pub condition: Option<String>,
}

/// What a `#[go(…)]` says that a call is, or a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoForm {
    Expr(String),
    Stmt(String),
    CommaOk(String),
    /// The same where the payload is a tuple and each part a result.
    PartsOk(String),
    CommaErr(String),
    Multi(String),
    Type(String),
    Intrinsic(String),
    /// The lang name of the item of std that stands for this one.
    Twin(String),
}

/// What Go ranges over for an iterator that a function of std returns: `#[go(seq = "…", list = "…")]`, either or both.
#[derive(Clone, Debug)]
pub struct GoSequence {
    pub condition: Option<String>,
    /// An `iter.Seq` of the items.
    pub seq: Option<GoAttr>,
    /// A slice of them.
    pub list: Option<GoAttr>,
}

/// All `#[go(…)]` attributes of an item, in order.
pub fn go_attrs(db: &dyn Db, def: DefId) -> Vec<GoAttr> {
    rgo_hir::attrs(db, def)
        .iter()
        .filter(|attr| attr.is("go"))
        .filter_map(|attr| {
            let metas = rgo_syntax::metas(attr)?;
            let mut out = GoAttr::default();
            for meta in metas {
                match meta {
                    Meta::Lit { lit: Lit::Str(text), .. } => out.form = Some(GoForm::Expr(text.to_string())),
                    Meta::NameValue { path, lit: Lit::Str(text), .. } => {
                        let text = text.to_string();
                        match path.as_name().map(|name| name.as_str()) {
                            Some("stmt") => out.form = Some(GoForm::Stmt(text)),
                            Some("comma_ok") => out.form = Some(GoForm::CommaOk(text)),
                            Some("parts_ok") => out.form = Some(GoForm::PartsOk(text)),
                            Some("comma_err") => out.form = Some(GoForm::CommaErr(text)),
                            Some("multi") => out.form = Some(GoForm::Multi(text)),
                            Some("type") => out.form = Some(GoForm::Type(text)),
                            Some("twin") => out.form = Some(GoForm::Twin(text)),
                            Some("intrinsic") => out.form = Some(GoForm::Intrinsic(text)),
                            Some("expr") => out.form = Some(GoForm::Expr(text)),
                            Some("import") => out.imports.extend(text.split(',').map(|path| path.trim().to_string())),
                            Some("if") => out.condition = Some(text),
                            _ => {}
                        }
                    }
                    _ => {}
                }
            }
            out.form.is_some().then_some(out)
        })
        .collect()
}

/// What `#[go(seq = "…")]` says of a function, one for each condition.
pub fn go_sequences(db: &dyn Db, def: DefId) -> Vec<GoSequence> {
    let attrs = rgo_hir::attrs(db, def).iter().filter(|attr| attr.is("go"));
    attrs
        .filter_map(|attr| {
            let (mut seq, mut list) = (None, None);
            let mut common = GoAttr::default();
            for meta in rgo_syntax::metas(attr)? {
                let Meta::NameValue { path, lit: Lit::Str(text), .. } = meta else { continue };
                let text = text.to_string();
                match path.as_name().map(|name| name.as_str()) {
                    Some("seq") => seq = Some(text),
                    Some("list") => list = Some(text),
                    Some("import") => common.imports.push(text),
                    Some("if") => common.condition = Some(text),
                    _ => {}
                }
            }
            let with = |text: String| GoAttr { form: Some(GoForm::Expr(text)), ..common.clone() };
            let found = GoSequence { condition: common.condition.clone(), seq: seq.map(with), list: list.map(with) };
            (found.seq.is_some() || found.list.is_some()).then_some(found)
        })
        .collect()
}

/// Whether a function of std calls each closure that it is given exactly once, whatever happens.
pub fn calls_once(db: &dyn Db, def: DefId) -> bool {
    says(db, def, "go", "calls_once")
}

/// Whether a function of std stays a call (`#[inline(never)]`).
pub fn stays_call(db: &dyn Db, def: DefId) -> bool {
    says(db, def, "inline", "never")
}

/// Whether an attribute of an item has a word of its own: `#[attr(…, word)]`.
fn says(db: &dyn Db, def: DefId, attr: &str, word: &str) -> bool {
    metas(db, def, attr)
        .any(|meta| matches!(meta, Meta::Path(path) if path.as_name().is_some_and(|name| name.as_str() == word)))
}

/// What stands in all attributes of an item with this name.
fn metas<'a>(db: &'a dyn Db, def: DefId, attr: &'a str) -> impl Iterator<Item = Meta> + 'a {
    rgo_hir::attrs(db, def).iter().filter(move |one| one.is(attr)).filter_map(rgo_syntax::metas).flatten()
}

/// The method that does what a function does and unwraps its `Result` in one of these ways (`unwrap`, `expect`, `into_inner`).
pub fn unwrapped(db: &dyn Db, def: DefId, way: &str) -> Option<String> {
    named_value(db, def, way)
}

/// The lang name of what stands for a `Drop::drop` of std on an occasion (`in_place`, `deferred`, `unwinding`).
pub fn drop_twin(db: &dyn Db, def: DefId, occasion: &str) -> Option<String> {
    named_value(db, def, occasion)
}

/// What `#[go(key = "…")]` says beside any form.
fn named_value(db: &dyn Db, def: DefId, key: &str) -> Option<String> {
    metas(db, def, "go").find_map(|meta| match meta {
        Meta::NameValue { path, lit: Lit::Str(text), .. } if path.as_name()?.as_str() == key => Some(text.to_string()),
        _ => None,
    })
}

/// The doc comment of an item, a line an element.
pub fn docs(db: &dyn Db, def: DefId) -> Vec<std::rc::Rc<str>> {
    rgo_hir::attrs(db, def).iter().filter_map(|attr| attr.doc()).flat_map(str::lines).map(Into::into).collect()
}
