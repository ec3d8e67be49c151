//! Scopes while building: what dies where, on normal exits, jumps and unwinding.
//!
//! Invariant: `scopes` is a stack; a scope's depth is its name for as long as it is open. A drop's cached unwind block drops it and all that was
//! scheduled before it; scheduling in an outer scope forgets the caches of the inner ones.

use rgo_syntax::Span;

use super::Builder;
use crate::mir::*;

pub(super) struct Scope {
    drops: Vec<Scheduled>,
    /// Its last byte.
    end: Span,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Storage,
    Value,
}

struct Scheduled {
    local: LocalId,
    kind: Kind,
    unwind: Option<BlockId>,
}

/// What `break` and `continue` can leave.
pub(super) struct Breakable {
    pub label: rgo_hir::body::LabelId,
    /// Scopes from this depth on are left.
    pub depth: usize,
    pub break_block: BlockId,
    pub continue_block: Option<BlockId>,
    pub destination: Place,
}

impl Builder<'_> {
    pub(super) fn push_scope(&mut self, end: Span) -> usize {
        self.scopes.push(Scope { drops: Vec::new(), end });
        self.scopes.len() - 1
    }

    /// Ends the innermost scope here.
    pub(super) fn pop_scope(&mut self, exit: ScopeExit) {
        let depth = self.scopes.len() - 1;
        self.leave(depth, exit);
        self.scopes.pop();
    }

    /// Runs `build` in a scope of its own in which the temporaries of what it builds die.
    pub(super) fn terminating(&mut self, exit: ScopeExit, end: Span, build: impl FnOnce(&mut Self)) {
        let depth = self.push_scope(end);
        let outer = self.temp_scope.replace(depth);
        build(self);
        self.temp_scope = outer;
        self.pop_scope(exit);
    }

    /// Emits the drops of leaving all scopes from `depth` inwards; they stay open.
    pub(super) fn leave(&mut self, depth: usize, exit: ScopeExit) {
        for scope in (depth..self.scopes.len()).rev() {
            let end = self.scopes[scope].end;
            for index in (0..self.scopes[scope].drops.len()).rev() {
                let Scheduled { local, kind, .. } = self.scopes[scope].drops[index];
                match kind {
                    Kind::Storage => self.push(StatementKind::StorageDead(local), end),
                    Kind::Value => {
                        let unwind = self.unwind_below(scope, index);
                        let target = self.new_block();
                        let place = Place::local(local);
                        let why = DropReason::Scope(exit);
                        self.terminate(TerminatorKind::Drop { place, target, unwind, why }, end);
                        self.start(target);
                    }
                }
            }
        }
    }

    pub(super) fn schedule_storage(&mut self, depth: usize, local: LocalId) {
        self.schedule(depth, local, Kind::Storage);
    }

    /// From here on the local is dropped when the scope is left, if its type needs that.
    pub(super) fn schedule_value(&mut self, depth: usize, local: LocalId) {
        if self.types.needs_drop(self.locals[local].ty) {
            self.schedule(depth, local, Kind::Value);
        }
    }

    fn schedule(&mut self, depth: usize, local: LocalId, kind: Kind) {
        self.scopes[depth].drops.push(Scheduled { local, kind, unwind: None });
        if kind == Kind::Value {
            for scope in &mut self.scopes[depth + 1..] {
                scope.drops.iter_mut().for_each(|drop| drop.unwind = None);
            }
        }
    }

    /// The operands have been moved into something, on every path from here: they need no drop any more.
    pub(super) fn moved<'o>(&mut self, operands: impl IntoIterator<Item = &'o Operand>) {
        for operand in operands {
            let Operand::Move(place) = operand else { continue };
            let Some(local) = place.as_local() else { continue };
            if !matches!(self.locals[local].kind, LocalKind::Temp { .. }) {
                continue;
            }
            for depth in (0..self.scopes.len()).rev() {
                let drops = &mut self.scopes[depth].drops;
                if let Some(index) = drops.iter().rposition(|drop| drop.local == local && drop.kind == Kind::Value) {
                    drops.remove(index);
                    drops[index..].iter_mut().for_each(|drop| drop.unwind = None);
                    self.scopes[depth + 1..]
                        .iter_mut()
                        .flat_map(|scope| &mut scope.drops)
                        .for_each(|drop| drop.unwind = None);
                    break;
                }
            }
        }
    }

    /// Where a panic goes from here.
    pub(super) fn unwind(&mut self) -> Option<BlockId> {
        let depth = self.scopes.len();
        self.unwind_below(depth, 0)
    }

    /// Where a panic goes when the first `count` drops of scope `depth`, and all outer scopes, are still to be done.
    fn unwind_below(&mut self, depth: usize, count: usize) -> Option<BlockId> {
        let mut pending = Vec::new();
        let mut target = None;
        let inner = (depth < self.scopes.len()).then_some((depth, count));
        let outer = (0..depth).rev().map(|scope| (scope, self.scopes[scope].drops.len()));
        'walk: for (scope, count) in inner.into_iter().chain(outer) {
            for index in (0..count).rev() {
                let drop = &self.scopes[scope].drops[index];
                if drop.kind == Kind::Value {
                    if drop.unwind.is_some() {
                        target = drop.unwind;
                        break 'walk;
                    }
                    pending.push((scope, index));
                }
            }
        }
        for (scope, index) in pending.into_iter().rev() {
            let next = match target {
                Some(block) => block,
                None => self.resume_block(),
            };
            let span = self.scopes[scope].end;
            let place = Place::local(self.scopes[scope].drops[index].local);
            let kind = TerminatorKind::Drop { place, target: next, unwind: None, why: DropReason::Unwind };
            let block = self.blocks.alloc(BasicBlock {
                statements: Vec::new(),
                terminator: Some(Terminator { kind, span }),
                is_cleanup: true,
            });
            self.scopes[scope].drops[index].unwind = Some(block);
            target = Some(block);
        }
        target
    }

    fn resume_block(&mut self) -> BlockId {
        *self.resume_block.get_or_insert_with(|| {
            self.blocks.alloc(BasicBlock {
                statements: Vec::new(),
                terminator: Some(Terminator { kind: TerminatorKind::UnwindResume, span: Span::default() }),
                is_cleanup: true,
            })
        })
    }
}

impl Builder<'_> {
    pub(super) fn unwind_or_resume(&mut self) -> BlockId {
        match self.unwind() {
            Some(block) => block,
            None => self.resume_block(),
        }
    }
}

/// Drops scheduled in a scope, set aside while a path is built on which they do not apply.
pub(super) struct Detached(Vec<Scheduled>);

impl Builder<'_> {
    pub(super) fn scheduled_count(&self, depth: usize) -> usize {
        self.scopes[depth].drops.len()
    }

    pub(super) fn detach_scheduled(&mut self, depth: usize, from: usize) -> Detached {
        Detached(self.scopes[depth].drops.split_off(from))
    }

    pub(super) fn attach_scheduled(&mut self, depth: usize, detached: Detached) {
        self.scopes[depth].drops.extend(detached.0);
    }
}
