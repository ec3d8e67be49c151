//! The dataflow framework: forward analyses over bit sets joined by union, solved by a worklist in reverse postorder.
//!
//! (rustc dev guide, "Dataflow Analysis".) Blocks that cannot be reached have no state.

use crate::bitset::BitSet;
use crate::mir::{BlockId, Body, Location};

/// A forward may-analysis.
pub trait Analysis {
    fn size(&self) -> usize;

    /// What holds on entry of the body.
    fn start(&self, state: &mut BitSet);

    fn statement(&self, location: Location, state: &mut BitSet);

    /// The effect of the terminator that all its successors see.
    fn terminator(&self, location: Location, state: &mut BitSet);

    /// Whether edges from a block add to that.
    fn has_edges(&self, _from: BlockId) -> bool {
        false
    }

    /// What one edge adds to that.
    fn edge(&self, _from: BlockId, _to: BlockId, _state: &mut BitSet) {}
}

/// The state on entry of each reachable block.
pub struct Results {
    entry: Vec<Option<BitSet>>,
    size: usize,
}

pub fn index(block: BlockId) -> usize {
    u32::from(block.into_raw()) as usize
}

/// Blocks in reverse postorder from the entry; unreachable ones are absent.
///
/// The last successor is gone into first, as in rustc, so that branches come in the order in which the terminator names them. Which of several uses
/// of one moved place is reported depends on it.
pub fn reverse_postorder(body: &Body) -> Vec<BlockId> {
    let mut visited = vec![false; body.blocks.len()];
    let mut order = Vec::with_capacity(body.blocks.len());
    let mut stack = vec![(body.entry, successors(body, body.entry))];
    visited[index(body.entry)] = true;
    while let Some((block, pending)) = stack.last_mut() {
        match pending.pop() {
            Some(successor) => {
                if !visited[index(successor)] {
                    visited[index(successor)] = true;
                    stack.push((successor, successors(body, successor)));
                }
            }
            None => {
                order.push(*block);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}

/// The position of each block in preorder, the last successor first, as rustc visits them to number its loans; `usize::MAX` for unreachable ones.
pub fn preorder_ranks(body: &Body) -> Vec<usize> {
    let mut ranks = vec![usize::MAX; body.blocks.len()];
    let mut stack = vec![body.entry];
    let mut next = 0;
    while let Some(block) = stack.pop() {
        let rank = &mut ranks[index(block)];
        if *rank == usize::MAX {
            *rank = next;
            next += 1;
            stack.extend(successors(body, block));
        }
    }
    ranks
}

fn successors(body: &Body, block: BlockId) -> smallvec::SmallVec<[BlockId; 4]> {
    let mut out = smallvec::SmallVec::new();
    body.terminator(block).for_each_successor(|successor| out.push(successor));
    out
}

pub fn solve(body: &Body, order: &[BlockId], analysis: &impl Analysis) -> Results {
    let size = analysis.size();
    let mut results = Results { entry: vec![None; body.blocks.len()], size };
    if size == 0 {
        order.iter().for_each(|block| results.entry[index(*block)] = Some(BitSet::default()));
        return results;
    }
    let mut start = BitSet::new(size);
    analysis.start(&mut start);
    results.entry[index(body.entry)] = Some(start);
    let mut rank = vec![0; body.blocks.len()];
    order.iter().enumerate().for_each(|(position, block)| rank[index(*block)] = position);
    let mut dirty = vec![true; order.len()];
    let mut from = 0;
    let mut state = BitSet::new(size);
    let mut on_edge = BitSet::new(size);
    while let Some(position) = (from..order.len()).find(|position| dirty[*position]) {
        dirty[position] = false;
        from = position + 1;
        let block = order[position];
        let Some(entry) = &results.entry[index(block)] else { continue };
        state.clone_from(entry);
        let count = body.blocks[block].statements.len() as u32;
        (0..count).for_each(|statement| analysis.statement(Location { block, statement }, &mut state));
        analysis.terminator(Location { block, statement: count }, &mut state);
        let has_edges = analysis.has_edges(block);
        body.terminator(block).for_each_successor(|successor| {
            let behind = match has_edges {
                true => {
                    on_edge.clone_from(&state);
                    analysis.edge(block, successor, &mut on_edge);
                    &on_edge
                }
                false => &state,
            };
            let changed = match &mut results.entry[index(successor)] {
                Some(known) => known.union(behind),
                unknown => {
                    *unknown = Some(behind.clone());
                    true
                }
            };
            if changed {
                let position = rank[index(successor)];
                dirty[position] = true;
                from = from.min(position);
            }
        });
    }
    results
}

impl Results {
    /// Puts the state on entry of `block` into `state`.
    pub fn enter(&self, block: BlockId, state: &mut BitSet) {
        match &self.entry[index(block)] {
            Some(entry) => state.clone_from(entry),
            None => *state = BitSet::new(self.size),
        }
    }

    pub fn is_reachable(&self, block: BlockId) -> bool {
        self.entry[index(block)].is_some()
    }

    /// The state just before a location.
    pub fn before(&self, location: Location, analysis: &impl Analysis) -> BitSet {
        let mut state = BitSet::new(self.size);
        self.enter(location.block, &mut state);
        let block = location.block;
        (0..location.statement).for_each(|statement| analysis.statement(Location { block, statement }, &mut state));
        state
    }
}
