//! What the analysis keeps a value for: variables, fields, parameters, results. References unite the slots that they lead to.

use rgo_hir::DefId;
use rgo_typeck::thir::LocalId;
use rustc_hash::FxHashMap;

use super::value::{Value, rounded};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A variable of a body or of a closure in it; the definition is the outermost body's.
    Local(DefId, LocalId),
    /// A field of a struct or enum of the program, in all of its instances.
    Field(DefId, u32, u32),
    /// A parameter of a function, of a trait's method with all its impls, or of a closure.
    Param(DefId, u32),
    Ret(DefId),
    Static(DefId),
    /// What std hands to the program's impls of its traits, and what those return to it.
    StdParam,
    StdRet,
    /// What closures and function pointers get and give where nobody follows them.
    AnyParam,
    AnyRet,
}

#[derive(Default)]
pub struct Slots {
    ids: FxHashMap<Slot, u32>,
    parents: Vec<u32>,
    values: Vec<Value>,
    /// Whether anything grew since this was last cleared.
    pub changed: bool,
}

impl Slots {
    pub fn id(&mut self, slot: Slot) -> u32 {
        let next = self.parents.len() as u32;
        let id = *self.ids.entry(slot).or_insert(next);
        if id == next {
            self.parents.push(next);
            self.values.push(Value::default());
        }
        id
    }

    pub fn read(&mut self, slot: Slot) -> Value {
        let id = self.id(slot);
        let root = self.root(id);
        self.values[root as usize]
    }

    pub fn join(&mut self, id: u32, value: Value) {
        let root = self.root(id) as usize;
        let joined = self.values[root].join(Value {
            usize: rounded(value.usize),
            wide: rounded(value.wide),
            signed: rounded(value.signed),
        });
        if joined != self.values[root] {
            self.values[root] = joined;
            self.changed = true;
        }
    }

    /// From now on both hold whatever one of them does.
    pub fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        self.parents[b as usize] = a;
        let value = self.values[b as usize];
        self.changed = true;
        self.join(a, value);
    }

    fn root(&mut self, mut id: u32) -> u32 {
        while self.parents[id as usize] != id {
            let above = self.parents[self.parents[id as usize] as usize];
            self.parents[id as usize] = above;
            id = above;
        }
        id
    }
}
