//! MIR as text, in the manner of rustc's dumps.

use std::fmt::Write as _;

use rgo_hir::Db;
use rgo_typeck::ty::display::display_ty;

use crate::mir::*;

/// The whole body.
pub fn pretty(db: &dyn Db, body: &Body) -> String {
    let mut out = format!("fn {:?}\n", body.owner);
    for (id, local) in body.locals.iter() {
        let _ = writeln!(out, "    let {}: {}; // {:?}", local_name(id), display_ty(db, local.ty), local.kind);
    }
    for (id, block) in body.blocks.iter() {
        let cleanup = if block.is_cleanup { " (cleanup)" } else { "" };
        let _ = writeln!(out, "  bb{}{cleanup}:", number(id));
        for statement in &block.statements {
            let _ = writeln!(out, "    {}; // {:?}", pretty_statement(&statement.kind), statement.span);
        }
        if let Some(terminator) = &block.terminator {
            let _ = writeln!(out, "    {}; // {:?}", pretty_terminator(&terminator.kind), terminator.span);
        }
    }
    out
}

fn number(block: BlockId) -> u32 {
    u32::from(block.into_raw())
}

fn local_name(local: LocalId) -> String {
    format!("_{}", u32::from(local.into_raw()))
}

pub fn pretty_place(place: &Place) -> String {
    place.projection.iter().fold(local_name(place.local), |base, elem| match elem {
        Projection::Deref => format!("(*{base})"),
        Projection::Field { index, .. } => format!("{base}.{index}"),
        Projection::Index(local) => format!("{base}[{}]", local_name(*local)),
        Projection::ConstantIndex { offset, from_end: false, .. } => format!("{base}[{offset}]"),
        Projection::ConstantIndex { offset, from_end: true, .. } => format!("{base}[-{offset}]"),
        Projection::Subslice { from, to, from_end } => {
            format!("{base}[{from}..{}{to}]", if *from_end { "-" } else { "" })
        }
        Projection::Downcast(variant) => format!("({base} as {variant})"),
    })
}

fn pretty_operand(operand: &Operand) -> String {
    match operand {
        Operand::Copy(place) => format!("copy {}", pretty_place(place)),
        Operand::Move(place) => format!("move {}", pretty_place(place)),
        Operand::Const(constant) => match &constant.kind {
            ConstOperandKind::Value(value) => format!("const {value:?}"),
            ConstOperandKind::Item(def, _) => format!("const {def:?}"),
            ConstOperandKind::Fn(def, args) => format!("fn {def:?}::<{args:?}>"),
            ConstOperandKind::Param(value) => format!("param {value:?}"),
            ConstOperandKind::Static(def) => format!("&static {def:?}"),
            ConstOperandKind::Promoted(_) => "promoted".to_owned(),
            ConstOperandKind::Error => "error".to_owned(),
        },
    }
}

fn operands(items: &[Operand]) -> String {
    items.iter().map(pretty_operand).collect::<Vec<_>>().join(", ")
}

fn pretty_statement(kind: &StatementKind) -> String {
    match kind {
        StatementKind::Assign(place, value) => format!("{} = {}", pretty_place(place), pretty_rvalue(value)),
        StatementKind::FakeRead(cause, place) => format!("FakeRead({cause:?}, {})", pretty_place(place)),
        StatementKind::StorageLive(local) => format!("StorageLive({})", local_name(*local)),
        StatementKind::StorageDead(local) => format!("StorageDead({})", local_name(*local)),
        StatementKind::AscribeUserType(place, user_ty, variance) => {
            format!("Ascribe({}: {:?}, {variance:?})", pretty_place(place), user_ty.ty)
        }
        StatementKind::AscribeConst(place, constant) => {
            format!("Ascribe({}: type of {:?})", pretty_place(place), constant.kind)
        }
        StatementKind::Nop => "nop".to_owned(),
    }
}

fn pretty_rvalue(value: &Rvalue) -> String {
    match value {
        Rvalue::Use(operand) => pretty_operand(operand),
        Rvalue::Repeat(operand, len) => format!("[{}; {len:?}]", pretty_operand(operand)),
        Rvalue::Ref(kind, place) => format!("&{kind:?} {}", pretty_place(place)),
        Rvalue::Unary(op, operand) => format!("{op:?}({})", pretty_operand(operand)),
        Rvalue::Binary(op, lhs, rhs) => format!("{op:?}({}, {})", pretty_operand(lhs), pretty_operand(rhs)),
        Rvalue::Cast(kind, operand, _) => format!("cast {kind:?} {}", pretty_operand(operand)),
        Rvalue::Discriminant(place) => format!("discriminant({})", pretty_place(place)),
        Rvalue::Len(place) => format!("len({})", pretty_place(place)),
        Rvalue::Aggregate(kind, items) => {
            let name = match kind {
                AggregateKind::Tuple => "tuple".to_owned(),
                AggregateKind::Array => "array".to_owned(),
                AggregateKind::Vec | AggregateKind::VecRepeat => "vec".to_owned(),
                AggregateKind::Adt { adt, variant, .. } => format!("{adt:?}#{variant}"),
                AggregateKind::Closure(def, _) => format!("{def:?}"),
                AggregateKind::Range => "range".to_owned(),
            };
            format!("{name}({})", operands(items))
        }
        Rvalue::FormatArgs(items) => format!("format_args({})", operands(items)),
    }
}

fn pretty_terminator(kind: &TerminatorKind) -> String {
    let unwind =
        |unwind: &Option<BlockId>| unwind.map_or(String::new(), |block| format!(", unwind bb{}", number(block)));
    match kind {
        TerminatorKind::Goto(target) => format!("goto bb{}", number(*target)),
        TerminatorKind::SwitchInt { value, targets, otherwise } => {
            let targets: Vec<String> =
                targets.iter().map(|(value, block)| format!("{value}: bb{}", number(*block))).collect();
            format!("switch {} [{}, otherwise: bb{}]", pretty_operand(value), targets.join(", "), number(*otherwise))
        }
        TerminatorKind::Return => "return".to_owned(),
        TerminatorKind::UnwindResume => "resume".to_owned(),
        TerminatorKind::Unreachable => "unreachable".to_owned(),
        TerminatorKind::Drop { place, target, unwind: on_panic, why } => {
            format!("drop({}) -> bb{}{} /* {why:?} */", pretty_place(place), number(*target), unwind(on_panic))
        }
        TerminatorKind::Call { callee, args, destination, target, unwind: on_panic, source, .. } => {
            let args: Vec<String> = args.iter().map(|(arg, _)| pretty_operand(arg)).collect();
            let target = target.map_or("!".to_owned(), |block| format!("bb{}", number(block)));
            format!(
                "{} = {}({}) -> {target}{} /* {source:?} */",
                pretty_place(destination),
                pretty_operand(callee),
                args.join(", "),
                unwind(on_panic)
            )
        }
        TerminatorKind::Assert { cond, target, unwind: on_panic } => {
            format!("assert({}) -> bb{}{}", pretty_operand(cond), number(*target), unwind(on_panic))
        }
        TerminatorKind::FalseEdge { real, imaginary } => {
            format!("goto bb{} (or bb{})", number(*real), number(*imaginary))
        }
        TerminatorKind::FalseUnwind { real, unwind: on_panic } => {
            format!("loop bb{}{}", number(*real), unwind(on_panic))
        }
    }
}
