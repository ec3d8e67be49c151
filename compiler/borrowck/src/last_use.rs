//! The last uses of variables: after them, on every way, the variable is assigned again or dies.

use rgo_mir::bitset::BitSet;
use rgo_mir::dataflow;
use rgo_mir::{
    BlockId, Body, LocalKind, Operand, Place, Projection, Rvalue, StatementKind, TerminatorKind, local_index,
};
use rgo_typeck::thir;

use crate::facts::OwnershipFacts;

/// Finds the last uses: a backward liveness analysis, in which a borrowed variable lives to its end.
pub fn last_uses(_thir: &thir::Body, mir: &Body, order: &[BlockId], facts: &mut OwnershipFacts) {
    let count = mir.locals.len();
    let mut borrowed = BitSet::new(count);
    for &block in order {
        for statement in &mir.blocks[block].statements {
            if let StatementKind::Assign(_, Rvalue::Ref(_, place)) = &statement.kind {
                borrowed.insert(local_index(place.local));
            }
        }
    }
    let mut live_in = vec![BitSet::new(count); mir.blocks.len()];
    // Backwards, most blocks come behind all their successors. The others are looked at again where a successor has changed since.
    let mut now = 0;
    let mut looked = vec![0; mir.blocks.len()];
    let mut grown = vec![0; mir.blocks.len()];
    let mut changed = true;
    while changed {
        changed = false;
        for &block in order.iter().rev() {
            let at = dataflow::index(block);
            let mut is_known = looked[at] > 0;
            mir.terminator(block)
                .for_each_successor(|successor| is_known &= grown[dataflow::index(successor)] <= looked[at]);
            if is_known {
                continue;
            }
            now += 1;
            looked[at] = now;
            let mut live = live_out(mir, block, &live_in);
            walk(mir, block, &mut live, |_, _, _| {});
            if live_in[at] != live {
                live_in[at] = live;
                grown[at] = now;
                changed = true;
            }
        }
    }
    for &block in order {
        let mut live = live_out(mir, block, &live_in);
        walk(mir, block, &mut live, |live, place, expr| {
            if !live.contains(local_index(place.local))
                && !borrowed.contains(local_index(place.local))
                && place.projection.is_empty()
            {
                facts.last_uses.insert(expr);
            }
        });
    }
}

fn live_out(mir: &Body, block: BlockId, live_in: &[BitSet]) -> BitSet {
    let mut live = BitSet::new(mir.locals.len());
    mir.terminator(block).for_each_successor(|successor| {
        live.union(&live_in[dataflow::index(successor)]);
    });
    live
}

/// Goes through a block backwards; `read` hears of each variable read into the temporary of a THIR expression, with what is live behind it.
fn walk(mir: &Body, block: BlockId, live: &mut BitSet, mut read: impl FnMut(&BitSet, &Place, thir::ExprId)) {
    match &mir.terminator(block).kind {
        TerminatorKind::SwitchInt { value, .. } => operand(live, value),
        TerminatorKind::Assert { cond, .. } => operand(live, cond),
        TerminatorKind::Return => {
            live.insert(local_index(mir.ret));
        }
        TerminatorKind::Call { callee, args, destination, .. } => {
            assigned(live, destination);
            operand(live, callee);
            args.iter().for_each(|(arg, _)| operand(live, arg));
        }
        TerminatorKind::Drop { .. }
        | TerminatorKind::Goto(_)
        | TerminatorKind::UnwindResume
        | TerminatorKind::Unreachable
        | TerminatorKind::FalseEdge { .. }
        | TerminatorKind::FalseUnwind { .. } => {}
    }
    for statement in mir.blocks[block].statements.iter().rev() {
        match &statement.kind {
            StatementKind::Assign(place, value) => {
                assigned(live, place);
                if let (Rvalue::Use(Operand::Copy(source) | Operand::Move(source)), Some(temp)) =
                    (value, place.as_local())
                    && let LocalKind::Temp { thir: Some(expr) } = mir.locals[temp].kind
                    && matches!(mir.locals[source.local].kind, LocalKind::User { .. } | LocalKind::Param { .. })
                {
                    read(live, source, expr);
                }
                match value {
                    Rvalue::Use(a) | Rvalue::Repeat(a, _) | Rvalue::Unary(_, a) | Rvalue::Cast(_, a, _) => {
                        operand(live, a)
                    }
                    Rvalue::Binary(_, a, b) => {
                        operand(live, a);
                        operand(live, b);
                    }
                    Rvalue::Aggregate(_, items) | Rvalue::FormatArgs(items) => {
                        items.iter().for_each(|item| operand(live, item));
                    }
                    Rvalue::Ref(_, place) | Rvalue::Discriminant(place) | Rvalue::Len(place) => used(live, place),
                }
            }
            StatementKind::StorageDead(local) | StatementKind::StorageLive(local) => live.remove(local_index(*local)),
            StatementKind::FakeRead(..)
            | StatementKind::AscribeUserType(..)
            | StatementKind::AscribeConst(..)
            | StatementKind::Nop => {}
        }
    }
}

fn operand(live: &mut BitSet, operand: &Operand) {
    operand.place().iter().for_each(|place| used(live, place));
}

fn used(live: &mut BitSet, place: &Place) {
    live.insert(local_index(place.local));
    for elem in &place.projection {
        if let Projection::Index(local) = elem {
            live.insert(local_index(*local));
        }
    }
}

fn assigned(live: &mut BitSet, place: &Place) {
    match place.as_local() {
        Some(local) => live.remove(local_index(local)),
        None => used(live, place),
    }
}
