//! Process-global, append-only interners for types, regions, constants and lists of them.
//!
//! Invariant: two handles are equal iff what they stand for is equal. Memory is never freed: a program has few distinct types.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{LazyLock, RwLock};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::{ConstKind, GenericArg, Predicate, RegionKind, TyKind};

const SHARDS: usize = 16;

/// A sharded table of leaked values.
struct Interner<T: 'static + ?Sized> {
    shards: [RwLock<HashTable<&'static T>>; SHARDS],
}

impl<T: Eq + Hash + ?Sized> Interner<T> {
    fn new() -> Self {
        Interner { shards: std::array::from_fn(|_| RwLock::default()) }
    }

    fn intern<Q: Eq + Hash + ?Sized>(&self, key: &Q, make: impl FnOnce() -> &'static T) -> &'static T
    where
        &'static T: Borrow<Q>,
    {
        let hash = FxBuildHasher.hash_one(key);
        // Not the bits that the table itself tells entries apart by.
        let shard = &self.shards[(hash >> 40) as usize % SHARDS];
        let is_key = |known: &&'static T| known.borrow() == key;
        if let Some(&known) = shard.read().expect("interner lock").find(hash, is_key) {
            return known;
        }
        let mut table = shard.write().expect("interner lock");
        if let Some(&known) = table.find(hash, is_key) {
            return known;
        }
        let value = make();
        table.insert_unique(hash, value, |known| FxBuildHasher.hash_one(known));
        value
    }
}

/// What a type contains, computed once when it is interned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct TypeFlags(pub u16);

impl TypeFlags {
    pub const HAS_INFER: u16 = 1;
    pub const HAS_PARAM: u16 = 1 << 1;
    /// Any region that is not `Erased`.
    pub const HAS_REGION: u16 = 1 << 2;
    pub const HAS_REGION_VAR: u16 = 1 << 3;
    /// Projections or unevaluated constants: normalisation could change it.
    pub const HAS_PROJECTION: u16 = 1 << 4;
    pub const HAS_OPAQUE: u16 = 1 << 5;
    pub const HAS_ERROR: u16 = 1 << 6;
    /// Bound regions (of any binder, also those inside).
    pub const HAS_BOUND: u16 = 1 << 7;
    pub const HAS_CLOSURE: u16 = 1 << 8;
    /// Function items, function pointers and closures.
    pub const HAS_FUNCTION: u16 = 1 << 9;
    /// Any region, `Erased` or not; closures, whose captures may hold some, count as such.
    pub const HAS_LIFETIME: u16 = 1 << 10;

    #[inline]
    pub fn has(self, flag: u16) -> bool {
        self.0 & flag != 0
    }

    #[inline]
    pub fn or(self, other: TypeFlags) -> TypeFlags {
        TypeFlags(self.0 | other.0)
    }
}

/// An interned value with its flags.
#[derive(Debug)]
pub struct Interned<K> {
    pub kind: K,
    pub flags: TypeFlags,
}

macro_rules! handle {
    ($(#[$doc:meta])* $name:ident, $kind:ty, $table:ident, $flags:path) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name(&'static Interned<$kind>);

        static $table: LazyLock<Interner<KeyedByKind<$kind>>> = LazyLock::new(Interner::new);

        impl $name {
            pub fn new(kind: $kind) -> $name {
                let found = $table.intern(&kind, || {
                    let flags = $flags(&kind);
                    KeyedByKind::leak(Interned { kind: kind.clone(), flags })
                });
                $name(&found.0)
            }

            #[inline]
            pub fn kind(self) -> &'static $kind {
                &self.0.kind
            }

            #[inline]
            pub fn flags(self) -> TypeFlags {
                self.0.flags
            }

            #[inline]
            pub fn has(self, flag: u16) -> bool {
                self.0.flags.has(flag)
            }
        }

        impl PartialEq for $name {
            #[inline]
            fn eq(&self, other: &$name) -> bool {
                std::ptr::eq(self.0, other.0)
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            #[inline]
            fn hash<H: Hasher>(&self, state: &mut H) {
                (std::ptr::from_ref(self.0) as usize).hash(state);
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.kind.fmt(f)
            }
        }
    };
}

/// Lets a table of leaked [`Interned`] values be searched by kind.
#[repr(transparent)]
struct KeyedByKind<K>(Interned<K>);

impl<K> KeyedByKind<K> {
    fn leak(value: Interned<K>) -> &'static KeyedByKind<K> {
        Box::leak(Box::new(KeyedByKind(value)))
    }
}

impl<K: PartialEq> PartialEq for KeyedByKind<K> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0.kind == other.0.kind
    }
}

impl<K: Eq> Eq for KeyedByKind<K> {}

impl<K: Hash> Hash for KeyedByKind<K> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.kind.hash(state);
    }
}

impl Borrow<TyKind> for &'static KeyedByKind<TyKind> {
    #[inline]
    fn borrow(&self) -> &TyKind {
        &self.0.kind
    }
}

impl Borrow<RegionKind> for &'static KeyedByKind<RegionKind> {
    #[inline]
    fn borrow(&self) -> &RegionKind {
        &self.0.kind
    }
}

impl Borrow<ConstKind> for &'static KeyedByKind<ConstKind> {
    #[inline]
    fn borrow(&self) -> &ConstKind {
        &self.0.kind
    }
}

handle!(
    /// A type.
    Ty,
    TyKind,
    TYPES,
    super::flags::of_ty
);
handle!(
    /// A region (lifetime).
    Region,
    RegionKind,
    REGIONS,
    super::flags::of_region
);
handle!(
    /// A constant in a type.
    Const,
    ConstKind,
    CONSTS,
    super::flags::of_const
);

/// An interned list. `Deref`s to a slice.
pub struct List<T: 'static>(&'static [T]);

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<T> {}

impl<T> std::ops::Deref for List<T> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &'static [T] {
        self.0
    }
}

impl<T> List<T> {
    /// The slice, with its true lifetime.
    #[inline]
    pub fn as_slice(self) -> &'static [T] {
        self.0
    }
}

impl<T> PartialEq for List<T> {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0) || (self.0.is_empty() && other.0.is_empty())
    }
}

impl<T> Eq for List<T> {}

impl<T> Hash for List<T> {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        if !self.0.is_empty() {
            (self.0.as_ptr() as usize).hash(state);
        }
        self.0.len().hash(state);
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// What a list can hold: each element type has one table.
pub trait Internable: Sized + Clone + Eq + Hash + 'static {
    #[doc(hidden)]
    fn intern_list(items: &[Self]) -> &'static [Self];
}

macro_rules! list_of {
    ($elem:ty, $table:ident) => {
        static $table: LazyLock<Interner<[$elem]>> = LazyLock::new(Interner::new);
        impl Internable for $elem {
            fn intern_list(items: &[$elem]) -> &'static [$elem] {
                if items.is_empty() {
                    return &[];
                }
                $table.intern(items, || Box::leak(items.to_vec().into_boxed_slice()))
            }
        }
    };
}

list_of!(Ty, TY_LISTS);
list_of!(GenericArg, ARG_LISTS);
list_of!(Predicate, PREDICATE_LISTS);
list_of!(super::BoundRegionKind, BOUND_LISTS);

impl<T: Internable> List<T> {
    pub fn new(items: &[T]) -> List<T> {
        List(T::intern_list(items))
    }

    pub fn empty() -> List<T> {
        List(&[])
    }
}

impl<T: Internable> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(iter: I) -> List<T> {
        let items: smallvec::SmallVec<[T; 8]> = iter.into_iter().collect();
        List::new(&items)
    }
}

/// Generic arguments in parameter order.
pub type Args = List<GenericArg>;
/// The predicates of a `dyn` type; their `Self` is the parameter [`super::dyn_self`].
pub type Clauses = List<Predicate>;
