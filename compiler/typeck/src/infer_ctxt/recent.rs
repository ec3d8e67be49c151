//! The last answers of a query, by definition.
//!
//! A context belongs to one run of one query, which asks for the same few definitions over and over. The first time it is noted what that run
//! depends on; a second time says nothing new.

use std::cell::Cell;

use rgo_hir::DefId;

const PLACES: usize = 16;

/// A place holds the last answer among those that fall to it.
pub(super) struct Recent<T> {
    places: [Cell<Option<(DefId, T)>>; PLACES],
}

impl<T: Copy> Default for Recent<T> {
    fn default() -> Self {
        Recent { places: std::array::from_fn(|_| Cell::new(None)) }
    }
}

impl<T: Copy> Recent<T> {
    pub(super) fn get(&self, def: DefId, ask: impl FnOnce() -> T) -> T {
        let address = std::ptr::from_ref(def.data()) as usize;
        // Definitions are some dozens of bytes.
        let place = &self.places[(address >> 6 ^ address >> 10) % PLACES];
        match place.get() {
            Some((known, answer)) if known == def => answer,
            _ => {
                let answer = ask();
                place.set(Some((def, answer)));
                answer
            }
        }
    }
}
