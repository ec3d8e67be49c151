//! Ownership facts for codegen, from elaborated drops and from how locals are used.

use la_arena::ArenaMap;
use rgo_hir::Db;
use rgo_mir::dataflow::reverse_postorder;
use rgo_mir::elaborate::{Conditional, elaborate};
use rgo_mir::move_paths::MoveData;
use rgo_mir::{
    AggregateKind, Body, DropReason, LocalKind, Operand, Place, Projection, Rvalue, StatementKind, TerminatorKind,
    Types,
};
use rgo_typeck::thir::{self, BorrowKind, ExprKind, PatKind};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

use crate::facts::*;

/// The facts of a body without ownership errors.
pub fn facts(db: &dyn Db, thir: &thir::Body, mut mir: Body) -> OwnershipFacts {
    let types = Types::new(db, thir.owner);
    let order = reverse_postorder(&mir);
    let data = MoveData::gather(db, &types, &mir);
    let mut facts = OwnershipFacts { closures: thir.closures.clone(), ..OwnershipFacts::default() };
    if mir.blocks.iter().any(|(_, block)| block.is_cleanup) {
        let cut = crate::unwinding::cut_quiet_edges(db, &mut mir);
        drops(db, &types, &mir, &reverse_postorder(&mir), &data, &mut facts);
        crate::unwinding::restore_edges(&mut mir, &cut);
    } else {
        drops(db, &types, &mir, &order, &data, &mut facts);
    }
    moved(&mir, &data, &mut facts);
    facts.may_panic = crate::unwinding::may_panic(db, &mir);
    uses(&types, thir, &mut facts);
    locals(&mir, &order, &mut facts);
    crate::last_use::last_uses(thir, &mir, &order, &mut facts);
    facts
}

fn drops(
    db: &dyn Db,
    types: &Types<'_>,
    mir: &Body,
    order: &[rgo_mir::BlockId],
    data: &MoveData,
    facts: &mut OwnershipFacts,
) {
    let elaborated = elaborate(db, types, mir, order, data);
    // Of each variable: exits with and without a drop, and whether one needs a flag.
    let mut seen: FxHashMap<thir::LocalId, (bool, bool, bool)> = FxHashMap::default();
    for drop in &elaborated.drops {
        let kind = match drop.conditional {
            Conditional::No => DropKind::Static,
            Conditional::Yes => DropKind::Flag,
        };
        match drop.why {
            DropReason::Unwind => {
                facts.unwinding.extend(dropped_place(mir, &drop.place));
                continue;
            }
            DropReason::Assign(expr) => {
                let is_whole = matches!(&mir.terminator(drop.block).kind,
                    TerminatorKind::Drop { place, .. } if *place == drop.place);
                assign_drop(mir, &drop.place, kind, is_whole, facts.assign_drops.entry(expr));
                continue;
            }
            DropReason::Scope(exit) => {
                let Some(what) = dropped_place(mir, &drop.place) else { continue };
                if let Some(local) = variable(mir, &drop.place) {
                    let entry = seen.entry(local).or_default();
                    entry.0 = true;
                    entry.2 |= kind == DropKind::Flag;
                }
                let list = facts.drops.entry(exit).or_default();
                match list.iter_mut().find(|known| known.what == what) {
                    Some(known) if known.kind != kind => known.kind = DropKind::Flag,
                    Some(_) => {}
                    None => list.push(ScheduledDrop { what, kind }),
                }
            }
        }
    }
    for (_, place, why) in &elaborated.dead {
        if let (DropReason::Scope(_), Some(local)) = (why, variable(mir, place)) {
            seen.entry(local).or_default().1 = true;
        }
    }
    for (local, (dropped, dead, flag)) in seen {
        let kind = match (dropped, dead, flag) {
            (_, _, true) => LocalDrop::Flag,
            (false, _, false) => LocalDrop::Never,
            (true, false, false) => LocalDrop::Always,
            (true, true, false) => LocalDrop::PerExit,
        };
        facts.locals.insert(local, kind);
    }
}

/// Notes a drop of an assignment, which may be built more than once.
fn assign_drop(mir: &Body, place: &Place, kind: DropKind, is_whole: bool, entry: Entry<'_, thir::ExprId, AssignDrop>) {
    let part = match is_whole {
        true => None,
        false => dropped_place(mir, place).map(|what| ScheduledDrop { what, kind }),
    };
    match (entry, part) {
        (Entry::Vacant(slot), None) => {
            slot.insert(AssignDrop::Whole(kind));
        }
        (Entry::Vacant(slot), Some(part)) => {
            slot.insert(AssignDrop::Parts(vec![part]));
        }
        (Entry::Occupied(mut slot), part) => match (slot.get_mut(), part) {
            (AssignDrop::Whole(known), _) if *known == DropKind::Static => *known = kind,
            (AssignDrop::Parts(parts), Some(part)) => match parts.iter_mut().find(|known| known.what == part.what) {
                Some(known) if known.kind != kind => known.kind = DropKind::Flag,
                Some(_) => {}
                None => parts.push(part),
            },
            _ => {}
        },
    }
}

/// What is moved from, the ends of scopes aside.
fn moved(mir: &Body, data: &MoveData, facts: &mut OwnershipFacts) {
    for out in &data.moves {
        let block = &mir.blocks[out.location.block];
        let is_end = match block.statements.get(out.location.statement as usize) {
            Some(statement) => matches!(statement.kind, StatementKind::StorageDead(_)),
            None => matches!(mir.terminator(out.location.block).kind, TerminatorKind::Drop { .. }),
        };
        if !is_end {
            let local = data.paths[out.path.index()].place.local;
            facts.moved.extend(dropped_place(mir, &Place::local(local)));
        }
    }
}

fn variable(mir: &Body, place: &Place) -> Option<thir::LocalId> {
    match &mir.locals[place.local].kind {
        LocalKind::User { thir, .. } => Some(*thir),
        LocalKind::Param { thir, .. } => *thir,
        _ => None,
    }
}

fn dropped_place(mir: &Body, place: &Place) -> Option<DroppedPlace> {
    let path: Vec<u32> = place
        .projection
        .iter()
        .filter_map(|elem| match elem {
            Projection::Field { index, .. } => Some(*index),
            Projection::Downcast(variant) => Some(VARIANT_STEP | *variant),
            Projection::Deref => Some(DEREF_STEP),
            Projection::ConstantIndex { offset, .. } => Some(ELEMENT_STEP | *offset as u32),
            Projection::Index(_) | Projection::Subslice { .. } => None,
        })
        .collect();
    Some(match (&mir.locals[place.local].kind, path.is_empty()) {
        (LocalKind::User { thir, .. } | LocalKind::Param { thir: Some(thir), .. }, true) => DroppedPlace::Local(*thir),
        (LocalKind::User { thir, .. } | LocalKind::Param { thir: Some(thir), .. }, false) => {
            DroppedPlace::LocalField(*thir, path)
        }
        (LocalKind::Param { thir: None, .. }, _) => {
            let index = mir.params.iter().position(|param| *param == place.local)?;
            DroppedPlace::Param(index as u32, path)
        }
        (LocalKind::Temp { thir: Some(expr) }, true) => DroppedPlace::Temp(*expr),
        (LocalKind::Temp { thir: Some(expr) }, false) => DroppedPlace::TempField(*expr, path),
        (LocalKind::ClosureEnv, false) => DroppedPlace::Upvar(path[0]),
        (LocalKind::ClosureEnv, true) => DroppedPlace::Env,
        _ => return None,
    })
}

/// Place expressions used as values: by type, copied or moved.
fn uses(types: &Types<'_>, thir: &thir::Body, facts: &mut OwnershipFacts) {
    let mut as_place = vec![false; thir.exprs.len()];
    let mark = |as_place: &mut Vec<bool>, id: thir::ExprId| as_place[u32::from(id.into_raw()) as usize] = true;
    for (_, expr) in thir.exprs.iter() {
        match &expr.kind {
            ExprKind::Deref(inner) | ExprKind::Field { base: inner, .. } => mark(&mut as_place, *inner),
            ExprKind::Index { base, .. } | ExprKind::PlaceAscription { base, .. } => mark(&mut as_place, *base),
            ExprKind::Borrow { place, .. } => mark(&mut as_place, *place),
            ExprKind::Let { scrutinee, .. } | ExprKind::Match { scrutinee, .. } => mark(&mut as_place, *scrutinee),
            ExprKind::Assign { place, .. } | ExprKind::AssignOp { place, .. } => mark(&mut as_place, *place),
            ExprKind::FormatArgs(format) => format.args.iter().for_each(|arg| mark(&mut as_place, *arg)),
            ExprKind::Adt(adt) => adt.base.iter().for_each(|base| mark(&mut as_place, *base)),
            ExprKind::DestructureAssign { assigns, .. } => {
                assigns.iter().for_each(|(_, place)| mark(&mut as_place, *place));
            }
            _ => {}
        }
    }
    for (_, stmt) in thir.stmts.iter() {
        if let thir::StmtKind::Let { pat, init: Some(init), .. } = &stmt.kind
            && !matches!(thir.pats[*pat].kind, PatKind::Bind { by_ref: None, sub: None, .. })
        {
            mark(&mut as_place, *init);
        }
    }
    for (id, expr) in thir.exprs.iter() {
        let is_place = matches!(
            expr.kind,
            ExprKind::Local(_)
                | ExprKind::Upvar(_)
                | ExprKind::Static(_)
                | ExprKind::Deref(_)
                | ExprKind::Field { .. }
                | ExprKind::Index { .. }
        );
        if is_place && !as_place[u32::from(id.into_raw()) as usize] {
            facts.uses.insert(id, if types.is_copy(expr.ty) { UseKind::Copy } else { UseKind::Move });
        }
    }
}

fn locals(mir: &Body, order: &[rgo_mir::BlockId], facts: &mut OwnershipFacts) {
    let mut assigned: ArenaMap<rgo_mir::LocalId, u32> = ArenaMap::default();
    let mut read: ArenaMap<rgo_mir::LocalId, ()> = ArenaMap::default();
    let variable_of = |local: rgo_mir::LocalId| variable(mir, &Place::local(local));
    for param in &mir.params {
        assigned.insert(*param, 1);
    }
    let note_read = |read: &mut ArenaMap<rgo_mir::LocalId, ()>, place: &Place| {
        read.insert(place.local, ());
        for elem in &place.projection {
            if let Projection::Index(local) = elem {
                read.insert(*local, ());
            }
        }
    };
    let operand = |read: &mut ArenaMap<rgo_mir::LocalId, ()>, operand: &Operand| {
        operand.place().iter().for_each(|place| note_read(read, place));
    };
    for &block in order {
        for statement in &mir.blocks[block].statements {
            let StatementKind::Assign(place, value) = &statement.kind else { continue };
            match place.as_local() {
                Some(local) => {
                    let count = assigned.get(local).copied().unwrap_or(0);
                    assigned.insert(local, count + 1);
                    if count > 0
                        && let Some(id) = variable_of(local)
                    {
                        facts.reassigned.insert(id);
                    }
                }
                None => {
                    if let Some(id) = variable_of(place.local)
                        && !place.is_indirect()
                    {
                        facts.reassigned.insert(id);
                    }
                    if place.is_indirect() {
                        note_read(&mut read, place);
                    }
                }
            }
            match value {
                Rvalue::Use(a) | Rvalue::Repeat(a, _) | Rvalue::Unary(_, a) | Rvalue::Cast(_, a, _) => {
                    operand(&mut read, a)
                }
                Rvalue::Binary(_, a, b) => {
                    operand(&mut read, a);
                    operand(&mut read, b);
                }
                Rvalue::Aggregate(kind, items) => {
                    let _ = matches!(kind, AggregateKind::Closure(..));
                    items.iter().for_each(|item| operand(&mut read, item));
                }
                Rvalue::FormatArgs(items) => items.iter().for_each(|item| operand(&mut read, item)),
                Rvalue::Ref(kind, place) => {
                    if *kind == BorrowKind::Fake {
                        continue;
                    }
                    note_read(&mut read, place);
                    if let Some(id) = variable_of(place.local)
                        && !place.is_indirect()
                    {
                        facts.address_taken.insert(id);
                        if matches!(kind, BorrowKind::Mut { .. } | BorrowKind::Unique) {
                            facts.reassigned.insert(id);
                        }
                    }
                }
                Rvalue::Discriminant(place) | Rvalue::Len(place) => note_read(&mut read, place),
            }
        }
        match &mir.terminator(block).kind {
            TerminatorKind::SwitchInt { value, .. } => operand(&mut read, value),
            TerminatorKind::Assert { cond, .. } => operand(&mut read, cond),
            TerminatorKind::Call { callee, args, destination, .. } => {
                operand(&mut read, callee);
                args.iter().for_each(|(arg, _)| operand(&mut read, arg));
                if let Some(local) = destination.as_local() {
                    let count = assigned.get(local).copied().unwrap_or(0);
                    assigned.insert(local, count + 1);
                    if count > 0
                        && let Some(id) = variable_of(local)
                    {
                        facts.reassigned.insert(id);
                    }
                }
            }
            _ => {}
        }
    }
    for (local, decl) in mir.locals.iter() {
        if let LocalKind::User { thir, .. } | LocalKind::Param { thir: Some(thir), .. } = &decl.kind
            && !read.contains_idx(local)
        {
            facts.unused.insert(*thir);
        }
    }
}
