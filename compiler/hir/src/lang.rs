//! Lang items: which definition of std the language means by which name.
//!
//! Found by reading the text of std's items, not by parsing them: every program asks for some lang items, and the items that hold them are large.
//! The test below holds the reader to what the trees say.

use rgo_syntax::{Name, Span};
use rustc_hash::FxHashMap;

use crate::slices::package_map;
use crate::vis::behind_attributes;
use crate::{Db, DefId, DefKind, SourceFile, Workspace};

/// The lang items of std in both directions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LangItems {
    by_name: FxHashMap<&'static str, DefId>,
    by_def: FxHashMap<DefId, Name>,
}

impl LangItems {
    /// The definition with `#[lang = "name"]`.
    pub fn item(&self, name: &str) -> Option<DefId> {
        self.by_name.get(name).copied()
    }

    /// The lang name of a definition.
    pub fn name_of(&self, def: DefId) -> Option<&'static str> {
        if def.is_std() { self.by_def.get(&def).map(|name| name.as_str()) } else { None }
    }
}

/// All lang items, for who asks often.
pub fn lang_items(db: &dyn Db) -> &LangItems {
    lang_items_query(db, db.workspace())
}

#[salsa::tracked]
fn lang_items_query(db: &dyn Db, workspace: Workspace) -> LangItems {
    let package = workspace.std(db);
    let mut items = LangItems::default();
    // The copies of `#[each]` follow each other and have one text.
    let mut last: Option<(SourceFile, Span, Vec<Found>)> = None;
    for (&item, place) in &package_map(db, package).items {
        if item.kind() == DefKind::Mod {
            continue;
        }
        let is_copy = last.as_ref().is_some_and(|(file, text, _)| *file == place.file && *text == place.text);
        if !is_copy {
            last = Some((place.file, place.text, scan(place.text.text(place.file.text(db)))));
        }
        for found in last.iter().flat_map(|(_, _, found)| found) {
            let def = match found.inner {
                None => item,
                Some((word, name)) => match inner_kind(item, word) {
                    Some(kind) => item.child(kind, name, 0),
                    None => continue,
                },
            };
            items.by_name.entry(found.lang.as_str()).or_insert(def);
            items.by_def.insert(def, found.lang);
        }
    }
    items
}

/// An attribute `#[lang = "…"]` with what it stands before.
struct Found {
    lang: Name,
    /// Keyword and name of what is inside the item; nothing for the item itself.
    inner: Option<(Word, Name)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Fn,
    Type,
    Const,
    /// A name without a keyword: a variant.
    Bare,
}

fn inner_kind(item: DefId, word: Word) -> Option<DefKind> {
    let container = matches!(item.kind(), DefKind::Impl | DefKind::Trait);
    match word {
        Word::Fn if container => Some(DefKind::Fn),
        Word::Type if container => Some(DefKind::AssocTy),
        Word::Const if container => Some(DefKind::AssocConst),
        Word::Bare if item.kind() == DefKind::Enum => Some(DefKind::Variant),
        Word::Fn | Word::Type | Word::Const | Word::Bare => None,
    }
}

fn scan(text: &str) -> Vec<Found> {
    const ATTR: &str = "#[lang = \"";
    let own = text.len() - behind_attributes(text).len();
    let mut found = Vec::new();
    for (at, _) in text.match_indices(ATTR) {
        let rest = &text[at + ATTR.len()..];
        let Some(end) = rest.find('"') else { continue };
        let lang = Name::new(&rest[..end]);
        let behind = rest[end..].strip_prefix("\"]").map(behind_attributes);
        match behind {
            _ if at < own => found.push(Found { lang, inner: None }),
            Some(behind) => found.extend(head(behind).map(|inner| Found { lang, inner: Some(inner) })),
            None => {}
        }
    }
    found
}

/// The keyword and the name that an item inside another begins with.
fn head(text: &str) -> Option<(Word, Name)> {
    let mut word = Word::Bare;
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
    loop {
        match words.next()? {
            "pub" | "crate" | "unsafe" | "async" | "default" => {}
            "fn" => word = Word::Fn,
            "type" => word = Word::Type,
            "const" => word = Word::Const,
            name => return Some((word, Name::new(name))),
        }
    }
}

/// The definition with `#[lang = "name"]`.
pub fn lang_item(db: &dyn Db, name: &str) -> Option<DefId> {
    lang_items(db).item(name)
}

/// The lang name of a definition of std.
pub fn lang_name(db: &dyn Db, def: DefId) -> Option<&'static str> {
    if def.is_std() { lang_items(db).name_of(def) } else { None }
}

#[cfg(test)]
mod tests {
    use rgo_syntax::ast::{AttrArgs, AttrKind, Lit, Tok};

    use super::*;
    use crate::test_db::TestDb;

    fn attribute(db: &dyn Db, def: DefId) -> Option<Name> {
        let attr = crate::attrs(db, def).iter().find(|attr| attr.is("lang"))?;
        let AttrKind::Normal { args: AttrArgs::Value { tokens, .. }, .. } = &attr.kind else { return None };
        match tokens.first().map(|token| &token.kind) {
            Some(Tok::Lit(Lit::Str(text))) => Some(Name::new(text)),
            _ => None,
        }
    }

    #[test]
    fn what_is_read_from_the_text_is_what_the_trees_say() {
        let db = TestDb::new("", true);
        let std = db.workspace().std(&db);
        let mut expected: Vec<(DefId, Name)> = Vec::new();
        for (&item, _) in &package_map(&db, std).items {
            for &def in crate::tree::item_tree(&db, item.key(&db)).nodes.keys() {
                expected.extend(attribute(&db, def).map(|name| (def, name)));
            }
        }
        let mut read: Vec<(DefId, Name)> = lang_items(&db).by_def.iter().map(|(def, name)| (*def, *name)).collect();
        expected.sort();
        read.sort();
        assert!(!expected.is_empty());
        assert_eq!(read, expected);
    }
}
