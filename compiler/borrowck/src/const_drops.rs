//! What is evaluated at compile time runs no destructors (E0493).
//!
//! Reference: rustc's `check_consts`, qualif `NeedsDrop`. What a variable may hold is followed through assignments and moves: `None` and what has been
//! moved away need no destructor, whatever their type. A variable that was borrowed mutably counts as full until its storage is dead.

use rgo_hir::{Db, DefId, DefKey, DefKind};
use rgo_mir::bitset::BitSet;
use rgo_mir::dataflow::{self, Analysis, reverse_postorder};
use rgo_mir::{
    AggregateKind, BlockId, Body, ConstOperandKind, LocalId, Location, Operand, Place, Rvalue, StatementKind,
    TerminatorKind, Types, local_index, mir_body,
};
use rgo_typeck::const_eval::is_const_fn;
use rgo_typeck::error::TypeError;
use rgo_typeck::thir::BorrowKind;
use rgo_typeck::thir_build::thir_body;
use rgo_typeck::ty::{Ty, TyKind};

/// The destructors that a body would run while it is evaluated; none of what is not evaluated at compile time.
pub fn errors(db: &dyn Db, body: &Body, order: &[BlockId]) -> Vec<TypeError> {
    let Some(place) = context(db, body.owner) else { return Vec::new() };
    let held = Held::new(db, body);
    let results = dataflow::solve(body, order, &held);
    let mut errors: Vec<TypeError> = Vec::new();
    let drops = order.iter().filter(|block| !body.blocks[**block].is_cleanup).filter_map(|block| {
        let basic = &body.blocks[*block];
        let terminator = basic.terminator.as_ref()?;
        match &terminator.kind {
            TerminatorKind::Drop { place, .. } => {
                Some((place, terminator.span, Location { block: *block, statement: basic.statements.len() as u32 }))
            }
            _ => None,
        }
    });
    for (dropped, end, location) in drops {
        let ty = held.ty(dropped);
        let is_full = held.needs_drop(ty)
            && dropped.as_local().is_none_or(|local| results.before(location, &held).contains(local_index(local)));
        if !is_full {
            continue;
        }
        let span = dropped.as_local().map_or(end, |local| body.locals[local].span);
        if errors.iter().any(|known| known.span == span) {
            continue;
        }
        let shown = rgo_typeck::ty::display::display_ty(db, ty);
        let message = format!("destructor of `{shown}` cannot be evaluated at compile-time");
        let error = TypeError::new(body.owner, span, "E0493", message)
            .label(format!("the destructor for this type cannot be evaluated in {place}"));
        errors.push(if end == span { error } else { error.secondary(body.owner, end, "value is dropped here") });
    }
    errors
}

/// What a body is that is evaluated at compile time.
fn context(db: &dyn Db, owner: DefId) -> Option<&'static str> {
    match owner.kind() {
        _ if owner.is_std() => None,
        DefKind::Const | DefKind::AssocConst | DefKind::AnonConst => Some("constants"),
        DefKind::Static => Some("statics"),
        DefKind::Fn if is_const_fn(db, owner) => Some("constant functions"),
        _ => None,
    }
}

/// Whether the value of a constant has a destructor to run.
fn value_needs_drop(db: &dyn Db, constant: DefId) -> bool {
    let is_of_trait = constant.parent().is_some_and(|parent| match parent.kind() {
        DefKind::Trait => true,
        DefKind::Impl => rgo_typeck::collect::impl_trait_ref(db, parent).is_some(),
        _ => false,
    });
    constant.is_std() || is_of_trait || value_query(db, constant.key(db))
}

#[salsa::tracked(returns(copy), cycle_result = value_cycle)]
fn value_query<'db>(db: &'db dyn Db, key: DefKey<'db>) -> bool {
    let constant = key.def(db);
    if thir_body(db, constant).has_errors {
        return true;
    }
    let body = mir_body(db, constant);
    let held = Held::new(db, &body);
    let order = reverse_postorder(&body);
    let results = dataflow::solve(&body, &order, &held);
    order.iter().any(|block| {
        let basic = &body.blocks[*block];
        let location = Location { block: *block, statement: basic.statements.len() as u32 };
        matches!(basic.terminator.as_ref().map(|terminator| &terminator.kind), Some(TerminatorKind::Return))
            && results.before(location, &held).contains(local_index(body.ret))
    })
}

fn value_cycle<'db>(_db: &'db dyn Db, _id: salsa::Id, _key: DefKey<'db>) -> bool {
    true
}

/// For each local whether it may hold something with a destructor, and behind these whether it was borrowed so that it may change.
struct Held<'a> {
    db: &'a dyn Db,
    types: Types<'a>,
    body: &'a Body,
}

impl<'a> Held<'a> {
    fn new(db: &'a dyn Db, body: &'a Body) -> Held<'a> {
        Held { db, types: Types::new(db, body.owner), body }
    }

    fn needs_drop(&self, ty: Ty) -> bool {
        self.types.needs_drop(ty)
    }

    fn ty(&self, place: &Place) -> Ty {
        self.body.ty_of_place(place)
    }

    fn borrowed(&self, local: LocalId) -> usize {
        self.body.locals.len() + local_index(local)
    }

    // ----- what values hold -----

    fn of_place(&self, place: &Place, state: &BitSet) -> bool {
        let mut ty = self.body.locals[place.local].ty;
        for elem in &place.projection {
            ty = rgo_mir::project_ty(ty, elem);
            if !self.needs_drop(ty) {
                return false;
            }
        }
        state.contains(local_index(place.local))
    }

    fn of_operand(&self, operand: &Operand, state: &BitSet) -> bool {
        match operand {
            Operand::Copy(place) | Operand::Move(place) => self.of_place(place, state),
            Operand::Const(constant) => match &constant.kind {
                ConstOperandKind::Item(def, _) => self.needs_drop(constant.ty) && value_needs_drop(self.db, *def),
                ConstOperandKind::Value(_)
                | ConstOperandKind::Fn(..)
                | ConstOperandKind::Param(_)
                | ConstOperandKind::Static(_)
                | ConstOperandKind::Promoted(_)
                | ConstOperandKind::Error => false,
            },
        }
    }

    fn of_rvalue(&self, value: &Rvalue, state: &BitSet) -> bool {
        match value {
            Rvalue::Use(operand)
            | Rvalue::Repeat(operand, _)
            | Rvalue::Unary(_, operand)
            | Rvalue::Cast(_, operand, _) => self.of_operand(operand, state),
            Rvalue::Aggregate(kind, operands) => {
                let by_itself = match kind {
                    AggregateKind::Adt { adt, .. } => rgo_mir::has_drop_impl(self.db, *adt),
                    AggregateKind::Vec | AggregateKind::VecRepeat => true,
                    AggregateKind::Tuple | AggregateKind::Array | AggregateKind::Closure(..) | AggregateKind::Range => {
                        false
                    }
                };
                by_itself || operands.iter().any(|operand| self.of_operand(operand, state))
            }
            Rvalue::Ref(..) | Rvalue::Binary(..) | Rvalue::Discriminant(_) | Rvalue::Len(_) | Rvalue::FormatArgs(_) => {
                false
            }
        }
    }

    // ----- what happens to them -----

    fn assigned(&self, place: &Place, is_full: bool, state: &mut BitSet) {
        if is_full && !place.is_indirect() {
            state.insert(local_index(place.local));
        }
    }

    fn moved(&self, operand: &Operand, state: &mut BitSet) {
        if let Operand::Move(place) = operand
            && let Some(local) = place.as_local()
            && !state.contains(self.borrowed(local))
        {
            state.remove(local_index(local));
        }
    }

    fn operands_moved(&self, value: &Rvalue, state: &mut BitSet) {
        match value {
            Rvalue::Use(operand)
            | Rvalue::Repeat(operand, _)
            | Rvalue::Unary(_, operand)
            | Rvalue::Cast(_, operand, _) => self.moved(operand, state),
            Rvalue::Binary(_, lhs, rhs) => {
                self.moved(lhs, state);
                self.moved(rhs, state);
            }
            Rvalue::Aggregate(_, operands) | Rvalue::FormatArgs(operands) => {
                operands.iter().for_each(|operand| self.moved(operand, state));
            }
            Rvalue::Ref(kind, place) => {
                let may_change = match kind {
                    BorrowKind::Mut { .. } | BorrowKind::Unique => true,
                    BorrowKind::Shared | BorrowKind::Fake => !self.types.is_freeze(self.ty(place)),
                };
                if may_change && !place.is_indirect() {
                    if self.needs_drop(self.ty(place)) {
                        state.insert(local_index(place.local));
                    }
                    state.insert(self.borrowed(place.local));
                }
            }
            Rvalue::Discriminant(_) | Rvalue::Len(_) => {}
        }
    }
}

impl Analysis for Held<'_> {
    fn size(&self) -> usize {
        self.body.locals.len() * 2
    }

    fn start(&self, state: &mut BitSet) {
        for param in &self.body.params {
            if self.needs_drop(self.body.locals[*param].ty) {
                state.insert(local_index(*param));
            }
        }
    }

    fn statement(&self, location: Location, state: &mut BitSet) {
        match &self.body.blocks[location.block].statements[location.statement as usize].kind {
            StatementKind::Assign(place, value) => {
                let is_full = self.of_rvalue(value, state);
                self.assigned(place, is_full, state);
                self.operands_moved(value, state);
            }
            StatementKind::StorageDead(local) => {
                state.remove(local_index(*local));
                state.remove(self.borrowed(*local));
            }
            StatementKind::StorageLive(_)
            | StatementKind::FakeRead(..)
            | StatementKind::AscribeUserType(..)
            | StatementKind::AscribeConst(..)
            | StatementKind::Nop => {}
        }
    }

    fn terminator(&self, location: Location, state: &mut BitSet) {
        let Some(terminator) = &self.body.blocks[location.block].terminator else { return };
        if let TerminatorKind::Call { args, destination, .. } = &terminator.kind {
            args.iter().for_each(|(operand, _)| self.moved(operand, state));
            let is_full = matches!(self.ty(destination).kind(), TyKind::Error) || self.needs_drop(self.ty(destination));
            self.assigned(destination, is_full, state);
        }
    }
}
