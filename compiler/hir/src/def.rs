//! Definitions and their identities.
//!
//! A [`DefId`] is a handle to a *stable path*: parent, kind, name, disambiguator. It is interned in a process-global, append-only table, so
//! it is `Copy + 'static`, survives every edit that keeps the path, and reading it needs no database.
//! Invariant: two `DefId`s are equal iff their paths are equal. Nothing here holds a span.

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{LazyLock, RwLock};

use rgo_syntax::Name;
use rustc_hash::FxBuildHasher;
use salsa::plumbing::{AsId, FromId};

use crate::Db;

/// What kind of thing a [`DefId`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DefKind {
    /// The root namespace of a package; its name is the package's import path (`std`, `main`, `example.com/m/audio`).
    Package,
    /// `mod name { … }`, or a file of `std`.
    Mod,
    /// A free function, or one in an impl or trait (then the parent is the impl or trait).
    Fn,
    Const,
    Static,
    Struct,
    Union,
    Enum,
    /// A variant; its parent is the enum, its disambiguator 0, its position is `hir::variant_index`.
    Variant,
    /// A named or positional field ("0", "1", …); its parent is the struct or variant.
    Field,
    Trait,
    /// `impl` block; name empty, disambiguated by order among the impls of its scope (derived impls: name is the trait's, parent the ADT).
    Impl,
    /// `type X = …;` free alias.
    TypeAlias,
    /// Associated type in a trait or impl.
    AssocTy,
    /// Associated const in a trait or impl.
    AssocConst,
    /// Generic parameters of the parent item.
    TyParam,
    ConstParam,
    LifetimeParam,
    /// A closure expression; disambiguated by order in its body owner.
    Closure,
    /// An anonymous constant (array length, enum discriminant, const generic argument, inline `const {}`);
    /// disambiguated by the start of its expression relative to the item. Parents: see `hir::anon_const`.
    AnonConst,
    /// The scope of a block that declares items; the parent is the innermost such block around it, or the body owner.
    Block,
    /// An `impl Trait` in argument or return position; disambiguated by its start relative to the item.
    OpaqueTy,
    /// A `use` declaration (only as an import's identity).
    Use,
}

impl DefKind {
    /// What something of this kind is called in messages, as far as the kind says.
    pub fn noun(self) -> &'static str {
        match self {
            DefKind::Package => "crate",
            DefKind::Mod => "module",
            DefKind::Fn => "function",
            DefKind::Const => "constant",
            DefKind::Static => "static",
            DefKind::Struct => "struct",
            DefKind::Union => "union",
            DefKind::Enum => "enum",
            DefKind::Variant => "variant",
            DefKind::Field => "field",
            DefKind::Trait => "trait",
            DefKind::Impl => "implementation",
            DefKind::TypeAlias => "type alias",
            DefKind::AssocTy => "associated type",
            DefKind::AssocConst => "associated constant",
            DefKind::TyParam => "type parameter",
            DefKind::ConstParam => "const parameter",
            DefKind::LifetimeParam => "lifetime parameter",
            DefKind::Closure => "closure",
            DefKind::AnonConst => "constant expression",
            DefKind::Block => "block",
            DefKind::OpaqueTy => "opaque type",
            DefKind::Use => "import",
        }
    }
}

pub struct DefData {
    pub parent: Option<DefId>,
    pub kind: DefKind,
    pub name: Name,
    pub disambiguator: u32,
    /// What the path says about itself, so that nobody walks it again.
    package: Option<DefId>,
    item: Option<DefId>,
    /// The [`DefKey`] of the database that asked last: its space in the high half, its id in the low one.
    key: AtomicU64,
}

/// A handle to a definition's stable path.
#[derive(Clone, Copy)]
pub struct DefId(&'static DefData);

/// The key of queries by definition: one integer, where a [`DefId`] would be interned anew by every query at every call.
#[salsa::interned(revisions = usize::MAX)]
pub struct DefKey<'db> {
    #[returns(copy)]
    pub def: DefId,
}

/// The keys of one database: clones of it share them, other databases do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeySpace(u32);

impl KeySpace {
    /// Keys that no other database has.
    pub fn fresh() -> KeySpace {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        KeySpace(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

type Path = (Option<DefId>, DefKind, Name, u32);

/// The table is in parts, so that threads seldom wait for each other.
const SHARDS: usize = 16;
type Table = HashMap<Path, DefId, FxBuildHasher>;
static TABLE: LazyLock<[RwLock<Table>; SHARDS]> = LazyLock::new(|| std::array::from_fn(|_| RwLock::default()));

impl DefId {
    /// The handle of this path, made on first use.
    pub fn new(parent: Option<DefId>, kind: DefKind, name: Name, disambiguator: u32) -> DefId {
        let path = (parent, kind, name, disambiguator);
        let shard = &TABLE[(FxBuildHasher.hash_one(path) >> 40) as usize % SHARDS];
        if let Some(&known) = shard.read().expect("interner lock").get(&path) {
            return known;
        }
        let mut table = shard.write().expect("interner lock");
        *table.entry(path).or_insert_with(|| {
            // An item is the outermost definition that is no module: a module inside of one belongs to it.
            let outer =
                parent.map(DefId::item).filter(|outer| !matches!(outer.kind(), DefKind::Mod | DefKind::Package));
            DefId(Box::leak(Box::new(DefData {
                parent,
                kind,
                name,
                disambiguator,
                package: parent.map(DefId::package_of),
                item: outer,
                key: AtomicU64::new(0),
            })))
        })
    }

    /// The key of the queries about this definition.
    #[inline]
    pub fn key(self, db: &dyn Db) -> DefKey<'_> {
        let space = u64::from(db.key_space().0) << 32;
        let known = self.0.key.load(Ordering::Acquire);
        if known & !u64::from(u32::MAX) == space {
            return DefKey::from_id(salsa::Id::from_bits(known & u64::from(u32::MAX)));
        }
        let key = DefKey::new(db, self);
        // Ids of values that are never freed have no generation: their bits are their index.
        let bits = key.as_id().as_bits();
        if bits <= u64::from(u32::MAX) {
            self.0.key.store(space | bits, Ordering::Release);
        }
        key
    }

    /// The root namespace of the package with this import path.
    pub fn package(path: Name) -> DefId {
        DefId::new(None, DefKind::Package, path, 0)
    }

    #[inline]
    pub fn child(self, kind: DefKind, name: Name, disambiguator: u32) -> DefId {
        DefId::new(Some(self), kind, name, disambiguator)
    }

    #[inline]
    pub fn data(self) -> &'static DefData {
        self.0
    }

    #[inline]
    pub fn parent(self) -> Option<DefId> {
        self.0.parent
    }

    /// Whether this is an impl that `#[derive]` wrote: these are named by their trait.
    pub fn is_derived_impl(self) -> bool {
        self.kind() == DefKind::Impl && !self.name().as_str().is_empty()
    }

    #[inline]
    pub fn kind(self) -> DefKind {
        self.0.kind
    }

    #[inline]
    pub fn name(self) -> Name {
        self.0.name
    }

    #[inline]
    pub fn disambiguator(self) -> u32 {
        self.0.disambiguator
    }

    /// The package this definition belongs to (itself, if it is a package).
    #[inline]
    pub fn package_of(self) -> DefId {
        self.0.package.unwrap_or(self)
    }

    /// Whether this is std or something in it.
    pub fn is_std(self) -> bool {
        self.package_of().name() == "std"
    }

    /// The outermost definition on the path that is no module or package (itself, if there is none).
    #[inline]
    pub fn item(self) -> DefId {
        self.0.item.unwrap_or(self)
    }

    /// This definition and its ancestors, innermost first.
    #[inline]
    pub fn ancestors(self) -> impl Iterator<Item = DefId> {
        std::iter::successors(Some(self), |def| def.parent())
    }

    /// The nearest enclosing module or package (itself, if it is one).
    #[inline]
    pub fn module(self) -> DefId {
        self.ancestors()
            .find(|def| matches!(def.kind(), DefKind::Mod | DefKind::Package))
            .expect("every path starts at a package")
    }

    /// True if `self` is `ancestor` or lies inside it.
    pub fn is_inside(self, ancestor: DefId) -> bool {
        self.ancestors().any(|def| def == ancestor)
    }
}

impl PartialEq for DefId {
    #[inline]
    fn eq(&self, other: &DefId) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for DefId {}

impl Hash for DefId {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        (std::ptr::from_ref(self.0) as usize).hash(state);
    }
}

/// Orders by path text, so that output that is sorted by definition is the same in every run.
impl Ord for DefId {
    fn cmp(&self, other: &DefId) -> std::cmp::Ordering {
        if self == other {
            return std::cmp::Ordering::Equal;
        }
        let key = |d: &DefId| (d.parent(), d.kind(), d.name(), d.disambiguator());
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for DefId {
    fn partial_cmp(&self, other: &DefId) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for DefId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent() {
            write!(f, "{parent:?}::")?;
        }
        match self.kind() {
            DefKind::Impl => write!(f, "{{impl{}#{}}}", self.name(), self.disambiguator()),
            DefKind::Closure => write!(f, "{{closure#{}}}", self.disambiguator()),
            DefKind::AnonConst => write!(f, "{{const#{}}}", self.disambiguator()),
            DefKind::OpaqueTy => write!(f, "{{opaque#{}}}", self.disambiguator()),
            DefKind::Block => write!(f, "{{block#{}}}", self.disambiguator()),
            _ if self.disambiguator() == 0 => write!(f, "{}", self.name()),
            _ => write!(f, "{}#{}", self.name(), self.disambiguator()),
        }
    }
}
