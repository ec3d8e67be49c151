//! Names: handles to a process-global, append-only interner of strings.
//!
//! Equality is pointer equality. The hash is that of the text, so that what iterates over a hash table keyed by names is the same in every run.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::{FxBuildHasher, FxHashMap};

struct NameData {
    text: &'static str,
    hash: u64,
}

/// An identifier, lifetime or keyword as text. `r#type` is the name `type`.
#[derive(Clone, Copy)]
pub struct Name(&'static NameData);

thread_local! {
    static SEEN: RefCell<FxHashMap<&'static str, Name>> = RefCell::default();
}

fn interner() -> &'static Mutex<FxHashMap<&'static str, Name>> {
    static INTERNER: OnceLock<Mutex<FxHashMap<&'static str, Name>>> = OnceLock::new();
    INTERNER.get_or_init(Mutex::default)
}

impl Name {
    /// The name with this text. The same text always gives the same name.
    pub fn new(text: &str) -> Name {
        if let Some(name) = SEEN.with(|seen| seen.borrow().get(text).copied()) {
            return name;
        }
        let name = {
            let mut names = interner().lock().unwrap_or_else(PoisonError::into_inner);
            match names.get(text) {
                Some(name) => *name,
                None => {
                    let text: &'static str = Box::leak(text.into());
                    let name = Name(Box::leak(Box::new(NameData { text, hash: FxBuildHasher.hash_one(text) })));
                    names.insert(text, name);
                    name
                }
            }
        };
        SEEN.with(|seen| seen.borrow_mut().insert(name.0.text, name));
        name
    }

    #[inline]
    pub fn as_str(self) -> &'static str {
        self.0.text
    }

    /// Whether this is `_`.
    #[inline]
    pub fn is_underscore(self) -> bool {
        self.as_str() == "_"
    }
}

impl PartialEq for Name {
    #[inline]
    fn eq(&self, other: &Name) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Name {}

impl PartialEq<str> for Name {
    #[inline]
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Name {
    #[inline]
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Hash for Name {
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Name) -> Ordering {
        if self == other { Ordering::Equal } else { self.as_str().cmp(other.as_str()) }
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}
