//! Constructors of patterns, and how the constructors of a column split the values of its type.
//!
//! Algorithm: Maranget, "Warnings for pattern matching" (2007), with the splitting of ranges and slices as rustc does it
//! (documentation of `rustc_pattern_analysis::constructor`). Nothing here knows patterns or bodies.

use std::cmp::{max, min};
use std::collections::BTreeSet;

use rgo_syntax::Name;

/// A bound of an integer range. Integers are biased so that their order is that of `u128`; `usize` and `isize` reach to infinity, because
/// their width is not to be relied on by a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound {
    NegInfinity,
    Finite(u128),
    PosInfinity,
}

/// A half-open range `lo..hi` of biased integers or of characters. Invariant: `lo < hi`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IntRange {
    pub lo: Bound,
    pub hi: Bound,
}

impl IntRange {
    pub fn singleton(value: u128) -> IntRange {
        IntRange { lo: Bound::Finite(value), hi: Bound::Finite(value + 1) }
    }

    pub fn is_singleton(&self) -> bool {
        matches!((self.lo, self.hi), (Bound::Finite(lo), Bound::Finite(hi)) if lo + 1 == hi)
    }

    fn is_subrange(&self, other: &IntRange) -> bool {
        other.lo <= self.lo && self.hi <= other.hi
    }

    fn intersection(&self, other: &IntRange) -> Option<IntRange> {
        let range = IntRange { lo: max(self.lo, other.lo), hi: min(self.hi, other.hi) };
        (range.lo < range.hi).then_some(range)
    }

    /// Cuts `self` at all bounds of `column`, and says for each part whether some range of the column covers it.
    fn split(&self, column: &[IntRange]) -> Vec<(Presence, IntRange)> {
        let inside: Vec<IntRange> = column.iter().filter_map(|range| self.intersection(range)).collect();
        let mut bounds: BTreeSet<Bound> = inside.iter().flat_map(|range| [range.lo, range.hi]).collect();
        bounds.extend([self.lo, self.hi]);
        let bounds: Vec<Bound> = bounds.into_iter().collect();
        let parts = bounds.windows(2).map(|pair| IntRange { lo: pair[0], hi: pair[1] });
        parts.map(|part| (presence(inside.iter().any(|range| part.is_subrange(range))), part)).collect()
    }
}

/// Which slices or arrays a slice pattern may match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SliceKind {
    /// `[a, b]`
    FixedLen(usize),
    /// `[a, .., b]`: lengths of at least the sum.
    VarLen(usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    pub array_len: Option<usize>,
    pub kind: SliceKind,
}

impl Slice {
    pub fn new(array_len: Option<usize>, kind: SliceKind) -> Slice {
        let kind = match (array_len, kind) {
            (Some(len), SliceKind::VarLen(prefix, suffix)) if prefix + suffix >= len => SliceKind::FixedLen(len),
            (_, kind) => kind,
        };
        Slice { array_len, kind }
    }

    pub fn arity(&self) -> usize {
        match self.kind {
            SliceKind::FixedLen(len) => len,
            SliceKind::VarLen(prefix, suffix) => prefix + suffix,
        }
    }

    fn is_covered_by(&self, other: &Slice) -> bool {
        match (self.kind, other.kind) {
            (SliceKind::FixedLen(len), SliceKind::FixedLen(other_len)) => len == other_len,
            (SliceKind::FixedLen(len), SliceKind::VarLen(prefix, suffix)) => prefix + suffix <= len,
            (SliceKind::VarLen(prefix, suffix), SliceKind::VarLen(other_prefix, other_suffix)) => {
                other_prefix <= prefix && other_suffix <= suffix
            }
            (SliceKind::VarLen(..), SliceKind::FixedLen(_)) => false,
        }
    }

    /// All lengths up to the longest that the column tells apart, then everything beyond.
    fn split(&self, column: &[Slice]) -> Vec<(Presence, Slice)> {
        let mut longest = self.kind;
        let mut shortest_open = usize::MAX;
        let mut fixed = BTreeSet::new();
        for slice in column {
            match slice.kind {
                SliceKind::FixedLen(len) => {
                    fixed.insert(len);
                }
                SliceKind::VarLen(prefix, suffix) => shortest_open = min(shortest_open, prefix + suffix),
            }
        }
        let mut smaller = 0..0;
        if let SliceKind::VarLen(mut prefix, mut suffix) = longest {
            let least = self.arity();
            for slice in column {
                if let SliceKind::VarLen(other_prefix, other_suffix) = slice.kind {
                    prefix = max(prefix, other_prefix);
                    suffix = max(suffix, other_suffix);
                }
            }
            let beyond_fixed = fixed.last().map_or(1, |len| max(1, len + 1));
            if let Some(missing) = beyond_fixed.checked_sub(prefix + suffix) {
                prefix += missing;
            }
            longest = match self.array_len {
                Some(len) if prefix + suffix >= len => SliceKind::FixedLen(len),
                _ => SliceKind::VarLen(prefix, suffix),
            };
            if self.array_len.is_none() {
                smaller = least..prefix + suffix;
            }
        }
        let kinds = smaller.map(SliceKind::FixedLen).chain([longest]);
        kinds
            .map(|kind| {
                let slice = Slice { array_len: self.array_len, kind };
                let arity = slice.arity();
                (presence(shortest_open <= arity || fixed.contains(&arity)), slice)
            })
            .collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Seen,
    Unseen,
}

fn presence(seen: bool) -> Presence {
    if seen { Presence::Seen } else { Presence::Unseen }
}

/// The head of a pattern or of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Constructor {
    /// Of a struct or tuple.
    Struct,
    Variant(u32),
    /// Of references and boxes.
    Ref,
    Bool(bool),
    IntRange(IntRange),
    /// `lo..hi` or `lo..=hi` of floats.
    FloatRange {
        lo: f64,
        hi: f64,
        closed: bool,
    },
    Str(Name),
    Slice(Slice),
    /// Of a constant that cannot be looked into: matches only itself.
    Opaque,
    Wildcard,
    Or,
    /// Of an empty type.
    Never,
    /// Stands for the values that no listing can exhaust.
    NonExhaustive,
    /// Stands for all constructors that do not occur in the column.
    Missing,
    /// A private field of an empty type: it may not be looked at.
    PrivateUninhabited,
}

impl Constructor {
    pub fn is_wildcard_like(&self) -> bool {
        matches!(self, Constructor::Wildcard)
    }

    /// Whether every value of `self` is one of `other`. `self` comes from a split of a column that holds `other`.
    pub fn is_covered_by(&self, other: &Constructor) -> bool {
        use Constructor::{
            Bool, FloatRange, IntRange, Missing, Never, NonExhaustive, Opaque, Or, PrivateUninhabited, Ref, Slice, Str,
            Struct, Variant, Wildcard,
        };
        match (self, other) {
            (_, Wildcard) => true,
            (Wildcard | Or, _) | (_, Or) => false,
            (Missing | NonExhaustive | PrivateUninhabited | Never, _) => false,
            (Struct, Struct) | (Ref, Ref) => true,
            (Variant(a), Variant(b)) => a == b,
            (Bool(a), Bool(b)) => a == b,
            (IntRange(a), IntRange(b)) => a.is_subrange(b),
            (FloatRange { lo, hi, closed }, FloatRange { lo: other_lo, hi: other_hi, closed: other_closed }) => {
                other_lo <= lo && (hi < other_hi || (hi == other_hi && (*other_closed || !*closed)))
            }
            (Str(a), Str(b)) => a == b,
            (Slice(a), Slice(b)) => a.is_covered_by(b),
            (Opaque, _) | (_, Opaque) => false,
            _ => false,
        }
    }
}

/// Whether a variant may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emptiness {
    Inhabited,
    Empty,
}

/// All constructors of a type.
#[derive(Clone, Debug)]
pub enum ConstructorSet {
    Struct(Emptiness),
    Variants {
        variants: Vec<Emptiness>,
        non_exhaustive: bool,
    },
    Ref,
    Bool,
    /// Ranges that cover the type (two for `char`).
    Integers(Vec<IntRange>),
    Slice {
        array_len: Option<usize>,
        element: Emptiness,
    },
    /// Floats, strings, functions…
    Unlistable,
    NoConstructors,
}

/// How a column splits a type.
#[derive(Debug, Default)]
pub struct SplitConstructorSet {
    pub present: Vec<Constructor>,
    pub missing: Vec<Constructor>,
    pub missing_empty: Vec<Constructor>,
}

impl ConstructorSet {
    /// Groups the constructors of the type so that none of `column` tells apart values of one group.
    pub fn split<'a>(&self, column: impl Iterator<Item = &'a Constructor> + Clone) -> SplitConstructorSet {
        let mut split = SplitConstructorSet::default();
        let seen: Vec<&Constructor> = column
            .filter(|ctor| !matches!(ctor, Constructor::Wildcard | Constructor::Or | Constructor::Opaque))
            .collect();
        match self {
            ConstructorSet::Struct(emptiness) => split.place(!seen.is_empty(), *emptiness, Constructor::Struct),
            ConstructorSet::Ref => split.present.push(Constructor::Ref),
            ConstructorSet::Variants { variants, non_exhaustive } => {
                for (index, emptiness) in (0u32..).zip(variants) {
                    let is_seen =
                        seen.iter().any(|ctor| matches!(ctor, Constructor::Variant(other) if *other == index));
                    split.place(is_seen, *emptiness, Constructor::Variant(index));
                }
                if *non_exhaustive {
                    split.missing.push(Constructor::NonExhaustive);
                }
            }
            ConstructorSet::Bool => {
                for value in [false, true] {
                    let is_seen = seen.iter().any(|ctor| matches!(ctor, Constructor::Bool(other) if *other == value));
                    split.place(is_seen, Emptiness::Inhabited, Constructor::Bool(value));
                }
            }
            ConstructorSet::Integers(ranges) => {
                let seen: Vec<IntRange> = seen
                    .iter()
                    .filter_map(|ctor| if let Constructor::IntRange(range) = ctor { Some(*range) } else { None })
                    .collect();
                for (presence, part) in ranges.iter().flat_map(|range| range.split(&seen)) {
                    split.place(presence == Presence::Seen, Emptiness::Inhabited, Constructor::IntRange(part));
                }
            }
            ConstructorSet::Slice { array_len, element } => {
                let seen: Vec<Slice> = seen
                    .iter()
                    .filter_map(|ctor| if let Constructor::Slice(slice) = ctor { Some(*slice) } else { None })
                    .collect();
                for (presence, part) in Slice::new(*array_len, SliceKind::VarLen(0, 0)).split(&seen) {
                    let emptiness = if part.arity() == 0 { Emptiness::Inhabited } else { *element };
                    split.place(presence == Presence::Seen, emptiness, Constructor::Slice(part));
                }
            }
            ConstructorSet::Unlistable => {
                for ctor in seen {
                    if !split.present.contains(ctor) {
                        split.present.push(ctor.clone());
                    }
                }
                split.missing.push(Constructor::NonExhaustive);
            }
            ConstructorSet::NoConstructors => split.missing_empty.push(Constructor::Never),
        }
        split
    }
}

impl SplitConstructorSet {
    fn place(&mut self, is_seen: bool, emptiness: Emptiness, ctor: Constructor) {
        match (is_seen, emptiness) {
            (true, _) => self.present.push(ctor),
            (false, Emptiness::Inhabited) => self.missing.push(ctor),
            (false, Emptiness::Empty) => self.missing_empty.push(ctor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(lo: u128, hi: u128) -> Constructor {
        Constructor::IntRange(IntRange { lo: Bound::Finite(lo), hi: Bound::Finite(hi) })
    }

    #[test]
    fn a_column_cuts_an_integer_type_at_its_bounds() {
        let all = ConstructorSet::Integers(vec![IntRange { lo: Bound::Finite(0), hi: Bound::Finite(256) }]);
        let column = [range(0, 100), range(50, 200)];
        let split = all.split(column.iter());
        assert_eq!(split.present, [range(0, 50), range(50, 100), range(100, 200)]);
        assert_eq!(split.missing, [range(200, 256)]);
    }

    #[test]
    fn slices_longer_than_any_fixed_one_are_one_group() {
        let all = ConstructorSet::Slice { array_len: None, element: Emptiness::Inhabited };
        let slice = |kind| Constructor::Slice(Slice { array_len: None, kind });
        let column = [slice(SliceKind::FixedLen(0)), slice(SliceKind::VarLen(1, 0))];
        let split = all.split(column.iter());
        assert_eq!(split.present, [slice(SliceKind::FixedLen(0)), slice(SliceKind::VarLen(1, 0))]);
        assert!(split.missing.is_empty());
    }

    #[test]
    fn a_usize_is_not_exhausted_by_its_largest_value() {
        let all = ConstructorSet::Integers(vec![IntRange { lo: Bound::Finite(0), hi: Bound::PosInfinity }]);
        let column = [range(0, 1 << 64)];
        assert_eq!(all.split(column.iter()).missing.len(), 1);
    }
}
