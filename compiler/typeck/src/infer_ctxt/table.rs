//! Union-find tables of inference variables with an undo log.
//!
//! Invariant: nothing is logged while no snapshot is open, so code outside of probes pays nothing for them.

use rgo_syntax::Span;

use crate::ty::{Const, InferTy, Ty, TyKind};

#[derive(Clone, Copy)]
pub(super) struct Slot<V> {
    parent: u32,
    rank: u32,
    /// The placeholders that the value may name: those of this universe and of the ones around it.
    universe: u32,
    value: Option<V>,
}

struct Unifier<V> {
    slots: Vec<Slot<V>>,
}

impl<V> Default for Unifier<V> {
    fn default() -> Self {
        Unifier { slots: Vec::new() }
    }
}

impl<V: Copy> Unifier<V> {
    fn push(&mut self, universe: u32) -> u32 {
        let index = self.slots.len() as u32;
        self.slots.push(Slot { parent: index, rank: 0, universe, value: None });
        index
    }

    fn root(&self, mut index: u32) -> u32 {
        while self.slots[index as usize].parent != index {
            index = self.slots[index as usize].parent;
        }
        index
    }

    fn value(&self, index: u32) -> Option<V> {
        self.slots[self.root(index) as usize].value
    }
}

enum Undo {
    NewTy,
    NewInt,
    NewFloat,
    NewConst,
    Ty(u32, Slot<Ty>),
    Int(u32, Slot<Ty>),
    Float(u32, Slot<Ty>),
    Const(u32, Slot<Const>),
}

#[derive(Default)]
pub(super) struct Table {
    tys: Unifier<Ty>,
    ty_spans: Vec<Span>,
    ints: Unifier<Ty>,
    floats: Unifier<Ty>,
    consts: Unifier<Const>,
    undo: Vec<Undo>,
    open: usize,
}

macro_rules! table_ops {
    ($field:ident, $value:ty, $undo:ident, $union:ident, $assign:ident) => {
        /// Makes two unknown variables one.
        pub(super) fn $union(&mut self, a: u32, b: u32) {
            let (a, b) = (self.$field.root(a), self.$field.root(b));
            if a == b {
                return;
            }
            let (rank_a, rank_b) = (self.$field.slots[a as usize].rank, self.$field.slots[b as usize].rank);
            let (child, root) = if rank_a > rank_b { (b, a) } else { (a, b) };
            if self.open > 0 {
                self.undo.push(Undo::$undo(child, self.$field.slots[child as usize]));
                self.undo.push(Undo::$undo(root, self.$field.slots[root as usize]));
            }
            self.$field.slots[child as usize].parent = root;
            let outer = self.$field.slots[child as usize].universe.min(self.$field.slots[root as usize].universe);
            self.$field.slots[root as usize].universe = outer;
            if rank_a == rank_b {
                self.$field.slots[root as usize].rank += 1;
            }
        }

        /// Gives an unknown variable its value.
        pub(super) fn $assign(&mut self, index: u32, new: $value) {
            let index = self.$field.root(index);
            if self.open > 0 {
                self.undo.push(Undo::$undo(index, self.$field.slots[index as usize]));
            }
            self.$field.slots[index as usize].value = Some(new);
        }
    };
}

impl Table {
    table_ops!(tys, Ty, Ty, union_ty, assign_ty);
    table_ops!(ints, Ty, Int, union_int, assign_int);
    table_ops!(floats, Ty, Float, union_float, assign_float);
    table_ops!(consts, Const, Const, union_const, assign_const);

    fn log(&mut self, undo: Undo) {
        if self.open > 0 {
            self.undo.push(undo);
        }
    }

    pub(super) fn new_ty(&mut self, span: Span, universe: u32) -> u32 {
        self.log(Undo::NewTy);
        self.ty_spans.push(span);
        self.tys.push(universe)
    }

    pub(super) fn new_int(&mut self) -> u32 {
        self.log(Undo::NewInt);
        self.ints.push(0)
    }

    pub(super) fn new_float(&mut self) -> u32 {
        self.log(Undo::NewFloat);
        self.floats.push(0)
    }

    pub(super) fn new_const(&mut self, _span: Span) -> u32 {
        self.log(Undo::NewConst);
        self.consts.push(0)
    }

    pub(super) fn ty_span(&self, var: u32) -> Span {
        self.ty_spans.get(var as usize).copied().unwrap_or_default()
    }

    pub(super) fn ty_count(&self) -> u32 {
        self.tys.slots.len() as u32
    }

    pub(super) fn int_count(&self) -> u32 {
        self.ints.slots.len() as u32
    }

    pub(super) fn float_count(&self) -> u32 {
        self.floats.slots.len() as u32
    }

    pub(super) fn ty_root(&self, var: u32) -> u32 {
        self.tys.root(var)
    }

    pub(super) fn ty_universe(&self, var: u32) -> u32 {
        self.tys.slots[self.tys.root(var) as usize].universe
    }

    /// What becomes a part of a variable's value can name no more than that variable.
    pub(super) fn lower_ty_universe(&mut self, var: u32, universe: u32) {
        let root = self.tys.root(var);
        let slot = self.tys.slots[root as usize];
        if slot.universe > universe {
            self.log(Undo::Ty(root, slot));
            self.tys.slots[root as usize].universe = universe;
        }
    }

    /// What the variable stands for: its value, or the variable that represents it.
    pub(super) fn probe_ty(&self, ty: Ty, var: InferTy) -> Ty {
        match var {
            InferTy::Ty(index) => match self.tys.value(index) {
                // A variable may have been given an integer or float variable.
                Some(value) => match value.kind() {
                    TyKind::Infer(inner) => self.probe_ty(value, *inner),
                    _ => value,
                },
                None => {
                    let root = self.tys.root(index);
                    if root == index { ty } else { Ty::infer(InferTy::Ty(root)) }
                }
            },
            InferTy::Int(index) => match self.ints.value(index) {
                Some(value) => value,
                None => {
                    let root = self.ints.root(index);
                    if root == index { ty } else { Ty::infer(InferTy::Int(root)) }
                }
            },
            InferTy::Float(index) => match self.floats.value(index) {
                Some(value) => value,
                None => {
                    let root = self.floats.root(index);
                    if root == index { ty } else { Ty::infer(InferTy::Float(root)) }
                }
            },
        }
    }

    pub(super) fn probe_const(&self, value: Const, var: u32) -> Const {
        match self.consts.value(var) {
            Some(known) => known,
            None => {
                let root = self.consts.root(var);
                if root == var { value } else { Const::infer(root) }
            }
        }
    }

    pub(super) fn start_snapshot(&mut self) -> usize {
        self.open += 1;
        self.undo.len()
    }

    pub(super) fn commit(&mut self, _undo_len: usize) {
        self.open -= 1;
        if self.open == 0 {
            self.undo.clear();
        }
    }

    pub(super) fn rollback_to(&mut self, undo_len: usize) {
        while self.undo.len() > undo_len {
            let Some(undo) = self.undo.pop() else { break };
            match undo {
                Undo::NewTy => {
                    self.tys.slots.pop();
                    self.ty_spans.pop();
                }
                Undo::NewInt => {
                    self.ints.slots.pop();
                }
                Undo::NewFloat => {
                    self.floats.slots.pop();
                }
                Undo::NewConst => {
                    self.consts.slots.pop();
                }
                Undo::Ty(index, old) => self.tys.slots[index as usize] = old,
                Undo::Int(index, old) => self.ints.slots[index as usize] = old,
                Undo::Float(index, old) => self.floats.slots[index as usize] = old,
                Undo::Const(index, old) => self.consts.slots[index as usize] = old,
            }
        }
        self.open -= 1;
    }
}
