//! Iterator chains as plain loops.
//!
//! A chain is described ([`Chain`]: a source and the adapters on it), not made: the loop over it is a Go loop over the source in which
//! every adapter is a few statements around those of the next. Adapters are known by the `#[lang = "iter_…"]` of their method; what is not
//! known is a source that yields by `next`. Consumers are ordinary functions of std with a `for` over the chain in them, and are inlined.
//!
//! Invariant: sources and arguments of adapters are evaluated when the chain is built, in the order of the source text; the code of
//! closures runs in the loop, for each item from the source outwards, and nothing is taken from the source that Rust would not take,
//! unless taking it cannot be noticed.

mod build;
mod consume;
mod cycle;
mod emit;
mod ends;
mod function;
mod parts;
mod pull;
mod sequence;
mod source;
mod stepped;

use std::rc::Rc;

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_typeck::thir::ExprId;
use rgo_typeck::ty::{Args, Ty};

use super::frame::Closure;
use super::map_loop::Part;
use super::maps::MapTy;
use super::matching::Subject;
use super::*;

/// An iterator that is described.
#[derive(Clone)]
pub(super) struct Chain {
    source: Source,
    stages: Vec<Stage>,
}

/// Where items come from. Expressions in it are fixed: evaluating them in the loop gives what they were when the chain was built.
#[derive(Clone)]
enum Source {
    /// `low..high`, the end included or not.
    /// A range; `is_big` where its ends are of type `usize` and may be `2^63` or more.
    Range { low: Expr, high: Expr, included: bool, ty: Ty, direction: Direction, is_big: bool },
    /// Every `step`th number of a range.
    Stepped { low: Expr, high: Expr, included: bool, ty: Ty, direction: Direction, is_big: bool, step: Stride },
    /// `low..`
    From { low: Expr, ty: Ty },
    /// The items of a slice, array or vector.
    Items { base: Expr, elem: Ty, by: ItemBy, direction: Direction, storage: Storage },
    /// The entries of a Go map, or one half of them.
    Map { map: Expr, of: MapTy, part: Part, by: ItemBy },
    /// The characters of a string, with their positions or not.
    Chars { text: Expr, positions: bool },
    /// What Go has an `iter.Seq` for.
    Sequence(Sequence),
    /// The bytes of a string.
    Bytes { text: Expr, direction: Direction },
    /// One chain, then another.
    Both(Rc<Chain>, Rc<Chain>),
    /// Parts of a slice.
    Parts(Parts),
    /// One chain again and again, as long as it gives something: [`cycle`].
    Cycle(Rc<Chain>),
    /// The payload of an `Option`.
    Maybe(Subject),
    /// Whatever `next` (or `next_back`) of the iterator in a place yields.
    Next { iter: Expr, ty: Ty, direction: Direction },
}

/// A sequence of Go, or the slice of its items where a function of Go makes one, or both.
#[derive(Clone)]
struct Sequence {
    seq: Option<Expr>,
    list: Option<Expr>,
    item: Ty,
}

/// The parts of a slice, `size` items in each.
#[derive(Clone)]
struct Parts {
    base: Expr,
    size: Expr,
    kind: PartsOf,
    /// The type of one.
    part: Ty,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PartsOf {
    /// One behind the other, the last perhaps shorter.
    Chunks,
    /// One behind the other, all of that size.
    ChunksExact,
    /// One for every item that has enough behind it.
    Windows,
}

/// How far a range counts at once, and whether that is known to be below `2^63`.
#[derive(Clone)]
struct Stride {
    by: Expr,
    fits: bool,
}

/// Where a sequence keeps its items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Storage {
    /// In a Go array, or behind a pointer to one.
    Array,
    Slice,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Forward,
    Backward,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum ItemBy {
    Value,
    Ref(Mutability),
}

#[derive(Clone)]
enum Stage {
    Map(Function, Ty),
    Filter(Function),
    FilterMap(Function, Ty),
    MapWhile(Function, Ty),
    TakeWhile(Function),
    SkipWhile(Function),
    Inspect(Function),
    /// The state in a variable, and the function.
    Scan(Expr, Ty, Function, Ty),
    /// The number of the first item where counting goes down, which it does to zero.
    Enumerate(Option<Expr>),
    Take(Expr),
    Skip(Expr),
    StepBy(Expr),
    /// From references to values.
    Copied(Ty),
    Cloned(Ty),
    /// The chain that gives the second halves.
    Zip(Rc<Chain>, Ty),
    FlatMap(Function, Ty),
    Flatten(Ty),
}

/// What an adapter calls.
#[derive(Clone)]
pub(super) enum Function {
    Closure(Rc<Closure>),
    Item(DefId, Args),
    /// A Go function value.
    Value(Expr),
}

impl Stage {
    /// Whether exactly one item comes out for every item that goes in.
    fn is_one_to_one(&self) -> bool {
        matches!(self, Stage::Map(..) | Stage::Inspect(_) | Stage::Enumerate(_) | Stage::Copied(_) | Stage::Cloned(_))
    }

    /// Whether it does the same to items that come from the end.
    fn is_turnable(&self) -> bool {
        self.is_one_to_one() || matches!(self, Stage::Filter(_) | Stage::FilterMap(..))
    }

    /// Whether passing an item through it does nothing that could be noticed.
    fn is_silent(&self) -> bool {
        matches!(self, Stage::Enumerate(_) | Stage::Copied(_) | Stage::Take(_) | Stage::Skip(_))
    }
}

impl Source {
    /// Whether taking an item does nothing that could be noticed.
    fn is_silent(&self) -> bool {
        match self {
            Source::Range { .. }
            | Source::Stepped { .. }
            | Source::From { .. }
            | Source::Items { .. }
            | Source::Map { .. }
            | Source::Chars { .. }
            | Source::Bytes { .. }
            | Source::Sequence(_)
            | Source::Parts(_)
            | Source::Maybe(_) => true,
            Source::Both(a, b) => a.is_silent() && b.is_silent(),
            Source::Cycle(round) => round.is_silent(),
            Source::Next { .. } => false,
        }
    }
}

impl Chain {
    fn of(source: Source) -> Chain {
        Chain { source, stages: Vec::new() }
    }

    fn then(mut self, stage: Stage) -> Chain {
        self.stages.push(stage);
        self
    }

    fn is_silent(&self) -> bool {
        self.source.is_silent() && self.stages.iter().all(Stage::is_silent)
    }
}
