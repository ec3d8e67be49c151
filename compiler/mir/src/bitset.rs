//! Dense sets of small indices.

use std::ops::Range;

use smallvec::{SmallVec, smallvec};

#[derive(Debug, PartialEq, Eq, Default)]
pub struct BitSet {
    /// Analyses keep a set for each block, and most bodies have few paths and loans.
    words: SmallVec<[u64; 2]>,
}

/// Word by word at once, where the vector's own goes one by one.
impl Clone for BitSet {
    #[inline]
    fn clone(&self) -> BitSet {
        BitSet { words: SmallVec::from_slice(&self.words) }
    }

    #[inline]
    fn clone_from(&mut self, other: &BitSet) {
        self.words.clear();
        self.words.extend_from_slice(&other.words);
    }
}

impl BitSet {
    #[inline]
    pub fn new(size: usize) -> BitSet {
        BitSet { words: smallvec![0; size.div_ceil(64)] }
    }

    #[inline]
    pub fn contains(&self, index: usize) -> bool {
        self.words.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// True if the index was not there.
    #[inline]
    pub fn insert(&mut self, index: usize) -> bool {
        if index / 64 >= self.words.len() {
            self.words.resize(index / 64 + 1, 0);
        }
        let word = &mut self.words[index / 64];
        let old = *word;
        *word |= 1 << (index % 64);
        *word != old
    }

    pub fn insert_range(&mut self, range: Range<usize>) {
        let Some(last) = range.end.checked_sub(1).filter(|last| *last >= range.start) else { return };
        if last / 64 >= self.words.len() {
            self.words.resize(last / 64 + 1, 0);
        }
        for index in range.start / 64..=last / 64 {
            let start = range.start.saturating_sub(index * 64);
            let behind = 63 - (last - index * 64).min(63);
            self.words[index] |= u64::MAX << start & u64::MAX >> behind;
        }
    }

    #[inline]
    pub fn remove(&mut self, index: usize) {
        if let Some(word) = self.words.get_mut(index / 64) {
            *word &= !(1 << (index % 64));
        }
    }

    #[inline]
    pub fn clear(&mut self) {
        self.words.fill(0);
    }

    /// Adds all of `other`; true if that changed anything.
    #[inline]
    pub fn union(&mut self, other: &BitSet) -> bool {
        if other.words.len() > self.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        let mut changed = 0;
        for (word, more) in self.words.iter_mut().zip(&other.words) {
            let new = *word | more;
            changed |= new ^ *word;
            *word = new;
        }
        changed != 0
    }

    #[inline]
    pub fn subtract(&mut self, other: &BitSet) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, less)| *word &= !less);
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    #[inline]
    pub fn intersects(&self, other: &BitSet) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.iter_from(0)
    }

    /// The indices that are not below `start`.
    pub fn iter_from(&self, start: usize) -> impl Iterator<Item = usize> + '_ {
        let first = start / 64;
        self.words.iter().enumerate().skip(first).flat_map(move |(index, word)| {
            let word = if index == first { word & (u64::MAX << (start % 64)) } else { *word };
            std::iter::successors((word != 0).then_some(word), |word| {
                let rest = word & (word - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |word| index * 64 + word.trailing_zeros() as usize)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::BitSet;

    #[test]
    fn a_range_is_each_of_its_indices() {
        for (start, end) in [(0, 0), (3, 3), (0, 1), (5, 64), (0, 64), (63, 65), (64, 128), (10, 200), (130, 131)] {
            let mut one_by_one = BitSet::new(10);
            (start..end).for_each(|index| {
                one_by_one.insert(index);
            });
            let mut at_once = BitSet::new(10);
            at_once.insert_range(start..end);
            assert_eq!(at_once, one_by_one, "{start}..{end}");
        }
    }
}
