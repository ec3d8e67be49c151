//! Calls: the program's own through the slots of their parameters, std's by what they are given.

use rgo_hir::body::{BinaryOp, Mutability};
use rgo_hir::{DefId, DefKind};
use rgo_typeck::thir::{ExprId, ExprKind};
use rgo_typeck::ty::{Ty, TyKind};

use super::slots::Slot;
use super::value::{self, ANY, AREA, DOOR, Operand, SIZE, Value};
use super::walk::{Flow, Scope};
use super::{body, dispatched, is_of_program};
use crate::queries;

/// An argument of a call of std.
struct Given {
    flow: Flow,
    ty: Ty,
    constant: Option<i128>,
}

impl Scope<'_, '_> {
    pub(super) fn call(&mut self, callee: ExprId, args: &[ExprId], ty: Ty) -> Flow {
        let ExprKind::FnItem { def, .. } = &self.body.exprs[callee].kind else {
            self.expr(callee);
            return self.unknown_call(args, ty);
        };
        let def = *def;
        match def.kind() {
            DefKind::Struct => self.constructed(def, 0, args),
            DefKind::Variant => match def.parent() {
                Some(adt) => self.constructed(adt, self.variant_index(adt, def), args),
                None => Flow::default(),
            },
            _ if is_of_program(def) => self.own_call(def, args, ty),
            _ if self.calls_value(def) => self.unknown_call(args, ty),
            _ => self.std_call(def, args, ty),
        }
    }

    fn variant_index(&self, adt: DefId, variant: DefId) -> u32 {
        let variants = queries::adt(self.w.db, adt).map(|adt| adt.variants.as_slice()).unwrap_or_default();
        variants.iter().position(|known| known.def == variant).unwrap_or_default() as u32
    }

    fn constructed(&mut self, adt: DefId, variant: u32, args: &[ExprId]) -> Flow {
        let mut content = Flow::default();
        for (index, arg) in args.iter().enumerate() {
            let flow = self.part(*arg);
            self.put_field(adt, variant, index as u32, flow, self.body.exprs[*arg].ty, &mut content);
        }
        content
    }

    fn own_call(&mut self, def: DefId, args: &[ExprId], ty: Ty) -> Flow {
        let target = dispatched(self.w.db, def);
        for (index, arg) in args.iter().enumerate() {
            let flow = self.expr(*arg);
            let id = self.w.slots.id(Slot::Param(target, index as u32));
            self.w.assign(id, &flow, self.body.exprs[*arg].ty);
            self.escape(*arg, &Value::default());
        }
        self.w.read(Slot::Ret(target), ty)
    }

    /// Whether the method calls its receiver.
    fn calls_value(&self, def: DefId) -> bool {
        def.parent().is_some_and(|parent| queries::is_fn_trait(self.w.db, parent))
    }

    /// A call of a closure or function pointer that is not followed.
    fn unknown_call(&mut self, args: &[ExprId], ty: Ty) -> Flow {
        for arg in args {
            let flow = self.expr(*arg);
            let id = self.w.slots.id(Slot::AnyParam);
            self.w.assign(id, &flow, self.body.exprs[*arg].ty);
        }
        self.w.read(Slot::AnyRet, ty)
    }

    fn std_call(&mut self, def: DefId, args: &[ExprId], ty: Ty) -> Flow {
        let given: Vec<Given> = args
            .iter()
            .map(|arg| Given { flow: self.part(*arg), ty: self.body.exprs[*arg].ty, constant: self.constant(*arg) })
            .collect();
        let name = def.name();
        let name = name.as_str();
        if let Some(bits) = self.of_scalars(name, &given) {
            self.changed_in_place(name, &given, bits);
            self.w.bounds.reaches_std |= looks_at_size(name) && given.iter().any(is_big_usize);
            let mut flow = Flow::of(Value::every(bits));
            if let TyKind::Ref(..) = ty.kind() {
                flow.roots = given.into_iter().flat_map(|arg| arg.flow.roots).collect();
            }
            return flow;
        }
        let is_index = def
            .parent()
            .is_some_and(|parent| matches!(rgo_hir::lang_name(self.w.db, parent), Some("index" | "index_mut")));
        let made = self.made_by(def, &given, ty);
        let mut content = Flow::default();
        for (position, arg) in given.iter().enumerate() {
            if position == 0 || !is_index {
                self.join(&mut content, arg.flow.clone());
            }
        }
        let is_go_index = is_index && given.first().is_some_and(|arg| self.is_go_sequence(arg.ty.peel_refs()));
        let is_big = given.iter().any(|arg| {
            let kinds = self.w.types.kinds(arg.ty);
            arg.flow.value.masked(kinds).usize == ANY
        });
        self.w.bounds.reaches_std |= is_big && !is_go_index && !matches!(name, "with_capacity" | "push" | "push_back");
        content.value = content.value.join(made);
        let returned = self.w.slots.read(Slot::StdRet);
        content.value = content.value.join(returned);
        let id = self.w.slots.id(Slot::StdParam);
        self.w.slots.join(id, content.value);
        for arg in args {
            let value = self.escape(*arg, &content.value);
            content.value = content.value.join(value);
        }
        // What std may change by a reference holds the rest from now on.
        for arg in &given {
            if arg.flow.roots.is_empty() || !self.w.types.is_alias(arg.ty) {
                continue;
            }
            let mut others = if is_changing_operator(name) { made } else { Value::default() };
            for other in &given {
                if !std::ptr::eq(other, arg) && !is_index {
                    others = others.join(other.flow.value);
                }
            }
            for &root in &arg.flow.roots {
                self.w.slots.join(root, others);
            }
        }
        content
    }

    /// A function that is handed on is called with what the call holds; gives what it returns.
    fn escape(&mut self, arg: ExprId, content: &Value) -> Value {
        self.escape_of(self.body.exprs[arg].ty, content)
    }

    fn escape_of(&mut self, ty: Ty, content: &Value) -> Value {
        let target = match ty.peel_refs().kind() {
            // `AssertUnwindSafe(f)`, `Box<dyn Fn() -> usize>`. Adapters of iterators have met their functions where they were made.
            TyKind::Adt(def, args) if def.is_std() && !is_of_module(*def, "iter") => {
                let inner = args.types().filter(|ty| is_function(*ty));
                return inner.fold(Value::default(), |value, ty| value.join(self.escape_of(ty, content)));
            }
            TyKind::Closure(def, _) => *def,
            TyKind::FnDef(def, _) if is_of_program(*def) && def.kind() == DefKind::Fn => dispatched(self.w.db, *def),
            TyKind::FnPtr(_) | TyKind::Dynamic(..) | TyKind::Param(_) | TyKind::Opaque(..) => {
                let id = self.w.slots.id(Slot::AnyParam);
                self.w.slots.join(id, *content);
                return self.w.slots.read(Slot::AnyRet);
            }
            _ => return Value::default(),
        };
        let Some(body) = body(self.w.db, target) else { return Value::default() };
        for index in 0..body.params.len() as u32 {
            let id = self.w.slots.id(Slot::Param(target, index));
            self.w.slots.join(id, *content);
        }
        self.w.slots.read(Slot::Ret(target))
    }

    /// What a function of std makes besides what it is given.
    fn made_by(&mut self, def: DefId, given: &[Given], ty: Ty) -> Value {
        let name = def.name();
        let name = name.as_str();
        let usize = match name {
            // Read from text or bytes, multiplied, or as large as it gets.
            "parse" | "from_str" | "product" | "size_hint" | "capacity" | "hash" | "fetch_sub" | "fetch_nand"
            | "fetch_xor" | "fetch_or" | "fetch_and" => ANY,
            "sum" | "fetch_add" => match given.iter().fold(0, |bits: u8, arg| bits.max(arg.flow.value.usize)) {
                0..=SIZE => DOOR,
                48..=DOOR => AREA,
                _ => ANY,
            },
            _ if self.is_arithmetic(def, given, ty) => ANY,
            _ => SIZE,
        };
        Value { usize, ..Value::FRESH }
    }

    /// Whether the function computes a number that may have a `usize` in it: one of std's types of one number, or what
    /// the program knows by its operators alone.
    fn is_arithmetic(&mut self, def: DefId, given: &[Given], ty: Ty) -> bool {
        let name = def.name();
        let name = name.as_str();
        let receiver = given.first().map(|arg| arg.ty.peel_refs());
        let is_computed = match receiver.map(Ty::kind) {
            Some(TyKind::Adt(adt, _)) if is_of_numbers(*adt) => !hands_on(name),
            Some(TyKind::Param(_) | TyKind::Projection(..) | TyKind::Opaque(..)) => is_operator(name),
            _ => is_of_numbers(def) && !hands_on(name),
        };
        let result = if is_changing_operator(name) { receiver } else { Some(ty) };
        is_computed && result.is_some_and(|ty| self.w.types.kinds(ty).usize)
    }

    /// Methods and operators on integers: the bits of the result, alone or in an `Option`.
    fn of_scalars(&self, name: &str, given: &[Given]) -> Option<u8> {
        let first = given.first()?;
        // What takes an integer by `&mut` puts another one in its place.
        if matches!(first.ty.kind(), TyKind::Ref(_, _, Mutability::Mut)) && !is_changing_operator(name) {
            return None;
        }
        let ty = first.ty.peel_refs();
        if !value::is_integer(ty) && !matches!(ty.kind(), TyKind::Char | TyKind::Bool) {
            return None;
        }
        let operand = |arg: &Given| Operand { bits: arg.flow.value.bits(arg.ty.peel_refs()), constant: arg.constant };
        let a = operand(first);
        let b = given.get(1).map(operand).unwrap_or(Operand { bits: 0, constant: None });
        let is_signed = matches!(ty.kind(), TyKind::Int(_));
        let of = |op: BinaryOp, grows: bool| value::binary(op, a, b, ty, grows);
        Some(match name {
            "add" | "checked_add" | "saturating_add" | "strict_add" | "next_multiple_of" => of(BinaryOp::Add, false),
            "add_assign" => of(BinaryOp::Add, true),
            "sub" | "sub_assign" | "checked_sub" | "saturating_sub" | "strict_sub" => of(BinaryOp::Sub, false),
            "mul" | "mul_assign" | "checked_mul" | "strict_mul" => of(BinaryOp::Mul, false),
            "div" | "div_assign" | "checked_div" | "div_euclid" | "div_ceil" | "isqrt" if !is_signed => a.bits,
            "div" | "div_assign" => of(BinaryOp::Div, false),
            "rem" | "rem_assign" | "checked_rem" => of(BinaryOp::Rem, false),
            "rem_euclid" if is_signed => {
                if b.bits == ANY {
                    value::width(ty)
                } else {
                    b.bits
                }
            }
            "rem_euclid" => a.bits.min(b.bits),
            "bitand" | "bitand_assign" => of(BinaryOp::BitAnd, false),
            "bitor" | "bitxor" | "bitor_assign" | "bitxor_assign" => of(BinaryOp::BitOr, false),
            "shl" | "shl_assign" | "checked_shl" => of(BinaryOp::Shl, false),
            "shr" | "shr_assign" | "checked_shr" => of(BinaryOp::Shr, false),
            "min" if is_signed => a.bits.max(b.bits),
            "min" => a.bits.min(b.bits),
            "max" if is_signed && (a.bits != ANY || b.bits != ANY) => value::width(ty),
            "max" => a.bits.max(b.bits),
            "clamp" => {
                let high = given.get(2).map_or(ANY, |arg| operand(arg).bits);
                if is_signed { b.bits.max(high) } else { high }
            }
            "abs_diff" if !is_signed => a.bits.max(b.bits),
            "abs_diff" | "unsigned_abs" => (value::width(ty) + 1).min(ANY),
            "abs" | "isqrt" => value::width(ty),
            "next_power_of_two" | "checked_next_power_of_two" => (a.bits + 1).min(ANY),
            "count_ones" | "count_zeros" | "leading_zeros" | "trailing_zeros" | "leading_ones" | "trailing_ones"
            | "ilog2" | "ilog10" | "ilog" => 8,
            // The value itself, in another type or behind a reference. What is negative has no conversion.
            "try_from" | "try_into" => a.bits.min(value::width(ty)),
            "clone" | "from" | "into" | "to_owned" | "borrow" | "as_ref" | "deref" | "into_iter" => a.bits,
            _ => ANY,
        })
    }

    /// What Go indexes by itself, with a panic where the index is negative.
    fn is_go_sequence(&self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Array(..) | TyKind::Slice(_) => true,
            TyKind::Adt(def, _) => rgo_hir::lang_name(self.w.db, *def) == Some("vec"),
            _ => false,
        }
    }

    /// `a += b` by a trait, where one side is a reference.
    fn changed_in_place(&mut self, name: &str, given: &[Given], bits: u8) {
        if is_changing_operator(name)
            && let Some(first) = given.first()
        {
            let value = Value::scalar(first.ty.peel_refs(), bits);
            for &root in &first.flow.roots {
                self.w.slots.join(root, value);
            }
        }
    }
}

/// Whether the definition is one of std's module of numbers.
fn is_of_numbers(def: DefId) -> bool {
    def.is_std() && is_of_module(def, "num")
}

fn is_of_module(def: DefId, name: &str) -> bool {
    def.ancestors().any(|above| above.kind() == DefKind::Mod && above.name() == name)
}

/// Whether a value of the type may be called.
fn is_function(ty: Ty) -> bool {
    matches!(
        ty.peel_refs().kind(),
        TyKind::Closure(..)
            | TyKind::FnDef(..)
            | TyKind::FnPtr(_)
            | TyKind::Dynamic(..)
            | TyKind::Param(_)
            | TyKind::Opaque(..)
    )
}

/// Methods of numbers that give what they got.
fn hands_on(name: &str) -> bool {
    matches!(
        name,
        "new" | "get" | "get_mut" | "from" | "into" | "try_from" | "try_into" | "clone" | "min" | "max" | "clamp"
    )
}

/// Methods of the traits of operators.
fn is_operator(name: &str) -> bool {
    let name = name.strip_suffix("_assign").unwrap_or(name);
    matches!(
        name,
        "add" | "sub" | "mul" | "div" | "rem" | "neg" | "not" | "bitand" | "bitor" | "bitxor" | "shl" | "shr"
    )
}

/// `a += b` as a call.
fn is_changing_operator(name: &str) -> bool {
    name.ends_with("_assign") && is_operator(name)
}

/// Whether what the method of a number does depends on its size; the others are written the same for any.
fn looks_at_size(name: &str) -> bool {
    !matches!(
        name,
        "clone"
            | "from"
            | "into"
            | "add"
            | "sub"
            | "mul"
            | "bitand"
            | "bitor"
            | "bitxor"
            | "eq"
            | "ne"
            | "wrapping_add"
            | "wrapping_sub"
            | "wrapping_mul"
            | "wrapping_neg"
            | "count_ones"
            | "leading_zeros"
            | "trailing_zeros"
    )
}

fn is_big_usize(arg: &Given) -> bool {
    matches!(arg.ty.peel_refs().kind(), TyKind::Uint(rgo_typeck::ty::UintTy::Usize)) && arg.flow.value.usize == ANY
}
