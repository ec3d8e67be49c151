//! Salsa inputs, items, names, signatures and bodies with source maps.
//!
//! Syntax goes in; out come definitions ([`DefId`]), their ASTs with item-relative spans, the meaning of names, and bodies ([`body::Body`]).
//! Nothing here knows types.

pub mod body;
mod def;
pub mod resolve;

use std::sync::Arc;

use rgo_syntax::{Name, Span, ast};

pub use def::{DefData, DefId, DefKey, DefKind, KeySpace};
use resolve::Res;

/// The database of this and all later crates: they add queries, not traits.
#[salsa::db]
pub trait Db: salsa::Database {
    /// The packages of this compilation.
    fn workspace(&self) -> Workspace;

    /// Whose keys a [`DefId`] remembers: made once for a database and shared by its clones.
    fn key_space(&self) -> KeySpace;
}

/// A file of rgo text.
#[salsa::input(debug)]
pub struct SourceFile {
    /// As it is to be printed in messages.
    #[returns(ref)]
    pub path: String,
    #[returns(ref)]
    pub text: Arc<str>,
}

/// A directory of rgo files (or a single file): one namespace. `std` is one too; there each file is a module named by its path.
#[salsa::input(debug)]
pub struct Package {
    /// The import path: `std`, `example.com/m/audio`, `main` for a single file outside of modules.
    pub path: Name,
    #[returns(ref)]
    pub files: Vec<SourceFile>,
    pub is_std: bool,
}

/// All packages that can name each other, `std` included.
#[salsa::input(debug)]
pub struct Workspace {
    #[returns(ref)]
    pub packages: Vec<Package>,
    /// The standard library, one of the packages. Apart from them, because it never changes: what reads nothing but it is never looked at again.
    #[returns(copy)]
    pub std: Package,
    /// The Go module's path, for `use crate::other::package`.
    pub module: Name,
}

/// The syntax of a definition; what a [`DefId`] of each kind stands for.
#[derive(Clone, Copy, Debug)]
pub enum DefSyntax<'db> {
    Item(&'db ast::Item),
    Variant {
        item: &'db ast::Item,
        index: usize,
    },
    Field {
        parent: DefId,
        index: usize,
    },
    GenericParam {
        owner: DefId,
        index: usize,
    },
    /// Closures, anonymous constants, blocks, opaque types: look at the owner.
    Inner {
        owner: DefId,
    },
    Package,
}

/// A path, resolved as far as names alone go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolved {
    pub res: Res,
    /// Trailing segments that are type-relative (`Vec::new`, `T::Item`): 0 when the path is fully resolved.
    pub unresolved: usize,
    /// What on the way may not be named from here: an error for whoever reports, and no reason to stop.
    pub private: Option<path::Private>,
}

/// An error of names, items or bodies; `def` is the definition whose item the spans are relative to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HirError {
    pub def: DefId,
    pub span: Span,
    pub code: Option<&'static str>,
    /// Lowercase, no full stop.
    pub message: String,
    /// Text at the primary span.
    pub label: String,
    /// Further places (same item unless a definition is given).
    pub secondary: Vec<(DefId, Span, String)>,
    pub help: Option<String>,
    pub note: Option<String>,
    /// A `*` import leads nowhere: any name that is unknown may be one of those that it would have brought.
    pub is_of_glob: bool,
}

/// What the self type of an inherent impl looks like from outside, so that look-up by a receiver's type is cheap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SelfHead {
    /// A struct, enum, union, or a trait (`impl dyn Trait`).
    Def(DefId),
    PrimTy(resolve::PrimTy),
    Slice,
    Array,
    Ref(body::Mutability),
    Tuple(usize),
    FnPtr,
    Never,
    /// `impl<T> … for T`, or something that could not be resolved.
    Other,
}

/// All inherent impls, by what their self type looks like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InherentImpls {
    pub by_head: rustc_hash::FxHashMap<SelfHead, Vec<DefId>>,
}

impl InherentImpls {
    pub fn of(&self, head: SelfHead) -> &[DefId] {
        self.by_head.get(&head).map_or(&[], Vec::as_slice)
    }
}

mod api;
pub use api::*;
mod attribute_names;
pub use attribute_names::is_known_attribute;
mod cfg;
mod check;
mod derive;
mod error;
mod impls;
mod import_path;
mod interface;
mod lang;
mod lower;
mod path;
mod path_error;
mod scope;
mod scope_traits;
mod slices;
pub mod test_db;
mod tree;
mod vis;
pub mod visit;

pub use impls::impl_trait;
pub use interface::interface;
pub use path_error::{most_similar, nearest};
pub use scope::{CtorKind, ctor_kind};
pub use tree::{AnonConstKind, ConstArgument};
