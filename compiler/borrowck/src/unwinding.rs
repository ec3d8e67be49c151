//! The control-flow graph without unwinding edges that are never taken.
//!
//! From MIR. The checker itself knows nothing of it, for Rust's rules let every call unwind; codegen drops by the graph with these edges cut, so that
//! code which only prints between making and dropping a value needs no provision for panics.

use rgo_hir::Db;
use rgo_hir::body::BinaryOp;
use rgo_mir::{
    AggregateKind, BasicBlock, BlockId, Body, ConstOperandKind, Operand, Place, Projection, Rvalue, StatementKind,
    TerminatorKind,
};
use rgo_typeck::ty::{Ty, TyKind};

/// Takes the edges to cleanup from what cannot panic, and returns where they were.
pub fn cut_quiet_edges(db: &dyn Db, mir: &mut Body) -> Vec<(BlockId, BlockId)> {
    let quiet: Vec<BlockId> =
        mir.blocks.iter().filter(|(_, block)| is_quiet(db, mir, block)).map(|(id, _)| id).collect();
    quiet.into_iter().filter_map(|id| Some((id, unwind_edge(mir, id)?.take()?))).collect()
}

/// Puts back what [`cut_quiet_edges`] took.
pub fn restore_edges(mir: &mut Body, cut: &[(BlockId, BlockId)]) {
    for (id, target) in cut {
        if let Some(unwind) = unwind_edge(mir, *id) {
            *unwind = Some(*target);
        }
    }
}

/// The edge to cleanup of a call or an endless loop.
fn unwind_edge(mir: &mut Body, block: BlockId) -> Option<&mut Option<BlockId>> {
    match &mut mir.blocks[block].terminator.as_mut()?.kind {
        TerminatorKind::Call { unwind, .. } | TerminatorKind::FalseUnwind { unwind, .. } => Some(unwind),
        _ => None,
    }
}

/// Whether anything in the body may panic: a call that does more than print, a check, an index, arithmetic, a destructor.
pub fn may_panic(db: &dyn Db, mir: &Body) -> bool {
    mir.blocks.iter().filter(|(_, block)| !block.is_cleanup).any(|(_, block)| {
        let ends_quietly = match block.terminator.as_ref().map(|terminator| &terminator.kind) {
            Some(TerminatorKind::Call { .. }) => is_quiet(db, mir, block),
            Some(TerminatorKind::Assert { .. } | TerminatorKind::Drop { .. }) => false,
            _ => true,
        };
        !ends_quietly || block.statements.iter().any(|statement| statement_may_panic(&statement.kind))
    })
}

fn statement_may_panic(kind: &StatementKind) -> bool {
    let StatementKind::Assign(place, value) = kind else { return false };
    let indexes = |place: &Place| place.projection.iter().any(|elem| matches!(elem, Projection::Index(_)));
    match value {
        Rvalue::Binary(op, ..) => {
            use BinaryOp::{Eq, Ge, Gt, Le, Lt, Ne};
            !matches!(op, Eq | Ne | Lt | Le | Gt | Ge)
        }
        Rvalue::Unary(..) | Rvalue::Aggregate(AggregateKind::VecRepeat, _) => true,
        Rvalue::Use(operand) | Rvalue::Cast(_, operand, _) => operand.place().is_some_and(indexes) || indexes(place),
        Rvalue::Ref(_, seen) => indexes(seen),
        _ => indexes(place),
    }
}

/// Whether nothing panics in the terminator of a block: it is no real edge, or it prints what needs no code of the user's.
fn is_quiet(db: &dyn Db, mir: &Body, block: &BasicBlock) -> bool {
    match block.terminator.as_ref().map(|terminator| &terminator.kind) {
        Some(TerminatorKind::FalseUnwind { .. }) => true,
        Some(TerminatorKind::Call { callee: Operand::Const(callee), .. }) => {
            let ConstOperandKind::Fn(def, _) = &callee.kind else { return false };
            let prints = matches!(
                rgo_hir::lang_name(db, *def),
                Some("print" | "eprint" | "io_print" | "io_eprint" | "fmt_format")
            );
            prints
                && block.statements.iter().all(|statement| match &statement.kind {
                    StatementKind::Assign(_, Rvalue::FormatArgs(items)) => {
                        items.iter().all(|item| is_plain(db, operand_ty(mir, item)))
                    }
                    _ => true,
                })
        }
        _ => false,
    }
}

fn operand_ty(mir: &Body, operand: &Operand) -> Ty {
    match operand {
        Operand::Const(constant) => constant.ty,
        Operand::Copy(place) | Operand::Move(place) => mir.ty_of_place(place),
    }
}

/// Types whose formatting is std's own affair.
fn is_plain(db: &dyn Db, ty: Ty) -> bool {
    match ty.peel_refs().kind() {
        TyKind::Bool | TyKind::Char | TyKind::Str | TyKind::Int(_) | TyKind::Uint(_) | TyKind::Float(_) => true,
        TyKind::Adt(def, _) => rgo_hir::lang_name(db, *def) == Some("string"),
        _ => false,
    }
}
