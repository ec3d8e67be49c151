//! Rewrites of one expression whose operands are already simple.

use crate::go::ast::*;
use crate::go::constant;
use crate::go::visit::{self, Literals};

pub fn simplify(expr: &mut Expr) {
    if let Some(better) = better(expr) {
        *expr = better;
    }
}

fn better(expr: &mut Expr) -> Option<Expr> {
    match expr {
        Expr::Unary(op, inner) => unary(*op, inner),
        Expr::Binary(op, left, right) => binary(*op, left, right),
        Expr::Convert(ty, inner) => conversion(ty, inner),
        // `(&x).f` is `x.f`: Go takes the address itself.
        Expr::Select(base, name) => match &mut **base {
            Expr::Unary(UnaryOp::Addr, inner) if !matches!(**inner, Expr::Composite(_)) => {
                Some(take(inner).select(name))
            }
            Expr::Unary(UnaryOp::Addr, inner) => match &mut **inner {
                Expr::Composite(composite) => field_of(composite, name),
                _ => None,
            },
            Expr::Composite(composite) => field_of(composite, name),
            _ => None,
        },
        // So it does to index an array behind a pointer.
        Expr::Index(base, index) => match &mut **base {
            Expr::Unary(UnaryOp::Addr, inner) if !matches!(**inner, Expr::Composite(_)) => {
                Some(take(inner).index(take(index)))
            }
            _ => None,
        },
        Expr::Call(call) if call.fun.is_of_go("slices", "Clone") => match &mut call.args[..] {
            // `slices.Clone(rgort.Bytes(s))` is `[]byte(s)`.
            [Expr::Call(inner)] if inner.fun.is_of_runtime("Bytes") => {
                let bytes = Type::name("uint8").slice();
                Some(Expr::convert(bytes, take(inner.args.first_mut()?)))
            }
            _ => None,
        },
        Expr::Slice(slice) => whole_ends(slice),
        Expr::Composite(composite) => octets(composite),
        // The larger or smaller of two constants.
        Expr::Call(call) if matches!(&call.fun, Expr::Name(name) if matches!(&**name, "max" | "min")) => {
            let [Expr::Lit(Lit::Int(a)), Expr::Lit(Lit::Int(b))] = call.args[..] else { return None };
            let is_max = matches!(&call.fun, Expr::Name(name) if &**name == "max");
            Some(Expr::Lit(Lit::Int(if is_max { a.max(b) } else { a.min(b) })))
        }
        // What is appended has the type of the elements.
        Expr::Call(call) if matches!(&call.fun, Expr::Name(name) if &**name == "append") => {
            for arg in call.args.iter_mut().skip(1) {
                if let Expr::Typed(_, lit) = arg {
                    *arg = Expr::Lit(lit.clone());
                }
            }
            None
        }
        _ => None,
    }
}

fn is_length(expr: &Expr) -> bool {
    matches!(expr, Expr::Call(call) if call.fun.is_builtin("len"))
}

/// A comparison of a length as it is written: the length first, and `== 0` or `> 0` where it is asked whether there is anything.
fn asked_length(op: BinaryOp, left: &mut Expr, right: &mut Expr) -> Option<Expr> {
    match (&*left, &*right) {
        (Expr::Lit(Lit::Int(_)), len) if is_length(len) => Some(Expr::binary(op.mirrored()?, take(right), take(left))),
        (len, Expr::Lit(Lit::Int(bound))) if is_length(len) => {
            let op = match (op, bound) {
                (BinaryOp::Ge, 1) => BinaryOp::Gt,
                (BinaryOp::Lt, 1) | (BinaryOp::Le, 0) => BinaryOp::Eq,
                _ => return None,
            };
            Some(Expr::binary(op, take(left), Expr::int(0)))
        }
        _ => None,
    }
}

/// `s[0:n]` is `s[:n]`, and `s[n:len(s)]` is `s[n:]`.
fn whole_ends(slice: &mut SliceExpr) -> Option<Expr> {
    let starts = matches!(slice.low, Some(Expr::Lit(Lit::Int(0)) | Expr::Typed(_, Lit::Int(0))));
    let ends = slice.max.is_none()
        && matches!(&slice.high, Some(Expr::Call(call)) if call.fun.is_builtin("len")
            && call.args[..] == [slice.base.clone()] && super::flow::is_simple_place(&slice.base));
    if !starts && !ends {
        return None;
    }
    let mut whole = slice.clone();
    whole.low = whole.low.filter(|_| !starts);
    whole.high = whole.high.filter(|_| !ends);
    Some(Expr::Slice(Box::new(whole)))
}

/// `[]byte{'o', 'k'}` is `[]byte("ok")`.
fn octets(composite: &Composite) -> Option<Expr> {
    let Type::Slice(elem) = &composite.ty else { return None };
    if !elem.is_name("uint8") || composite.elements.is_empty() {
        return None;
    }
    let character = |element: &Element| match (&element.key, &element.value) {
        (None, Expr::Lit(Lit::Spelled(value, text)) | Expr::Typed(_, Lit::Spelled(value, text)))
            if text.starts_with('\'') =>
        {
            u8::try_from(*value).ok().map(char::from)
        }
        _ => None,
    };
    let text: String = composite.elements.iter().map(character).collect::<Option<_>>()?;
    Some(Expr::convert(composite.ty.clone(), Expr::str(&text)))
}

/// `x := T{}` and `x := []T(nil)` as `var x T`.
pub fn zero_declarations(body: &mut Block, literals: Literals) {
    for stmt in body {
        if let StmtKind::Define(names, values) = &mut stmt.kind
            && let ([Some(name)], [value]) = (&names[..], &mut values[..])
            && let Some(ty) = zero_of(value)
        {
            stmt.kind = StmtKind::Var(*name, ty, None);
        }
        visit::each_literal(stmt, literals, &mut |literal| zero_declarations(&mut literal.body, literals));
        visit::each_block_mut(stmt, &mut |_| {}, &mut |block| zero_declarations(block, literals));
    }
}

/// The type of which an expression is the zero value; an empty slice of no capacity counts as one.
fn zero_of(value: &Expr) -> Option<Type> {
    match value {
        Expr::Composite(composite) if composite.elements.is_empty() => match &composite.ty {
            Type::Slice(_) | Type::Map(..) => None,
            ty => Some(ty.clone()),
        },
        Expr::Convert(ty, inner) if matches!((&**ty, &**inner), (Type::Slice(_), Expr::Lit(Lit::Nil))) => {
            Some((**ty).clone())
        }
        Expr::Call(call) if matches!(&call.fun, Expr::Name(name) if &**name == "make") => match &call.args[..] {
            [Expr::Type(ty), rest @ ..] if matches!(**ty, Type::Slice(_)) => {
                let is_zero = |e: &Expr| constant::value(e).is_some_and(|(value, _)| value == 0);
                (!rest.is_empty() && rest.iter().all(is_zero)).then(|| (**ty).clone())
            }
            _ => None,
        },
        _ => None,
    }
}

/// `T{a: x}.a` is `x`, where the other fields do nothing.
fn field_of(composite: &mut Composite, name: &Str) -> Option<Expr> {
    let is_named = |e: &Element| matches!(&e.key, Some(Expr::Name(key)) if key == name);
    let vars = super::Variables::default();
    let droppable = composite.elements.iter().all(|e| is_named(e) || e.key.is_some() && vars.is_droppable(&e.value));
    let found = composite.elements.iter_mut().find(|e| is_named(e))?;
    // An untyped constant would lose the type of the field.
    let is_typed = !matches!(found.value, Expr::Lit(Lit::Int(_) | Lit::Spelled(..) | Lit::Float(_) | Lit::Nil));
    (droppable && is_typed).then(|| take(&mut found.value))
}

fn take(expr: &mut Expr) -> Expr {
    std::mem::replace(expr, Expr::Lit(Lit::Nil))
}

fn unary(op: UnaryOp, inner: &mut Expr) -> Option<Expr> {
    match (op, inner) {
        (UnaryOp::Deref, Expr::Unary(UnaryOp::Addr, place)) => Some(take(place)),
        (UnaryOp::Addr, Expr::Unary(UnaryOp::Deref, pointer)) => Some(take(pointer)),
        // Only a literal has an address, a conversion has none.
        (UnaryOp::Addr, Expr::Convert(ty, text)) => match &**text {
            Expr::Lit(Lit::Str(text)) => {
                let bytes = text.bytes().map(|byte| Expr::int(byte.into())).collect();
                Some(Expr::composite((**ty).clone(), bytes).addr())
            }
            _ => None,
        },
        (UnaryOp::Not, Expr::Unary(UnaryOp::Not, inner)) => Some(take(inner)),
        (UnaryOp::Not, Expr::Lit(Lit::Bool(value))) => Some(Expr::bool(!*value)),
        // For floats `!(a < b)` is not `a >= b`, but equality may always be turned round.
        (UnaryOp::Not, Expr::Binary(op @ (BinaryOp::Eq | BinaryOp::Ne), a, b)) => {
            Some(Expr::binary(op.negated()?, take(a), take(b)))
        }
        // Numbers that are no floats.
        (UnaryOp::Not, Expr::Binary(op, a, b)) if op.is_comparison() && (is_integer(a) || is_integer(b)) => {
            Some(Expr::binary(op.negated()?, take(a), take(b)))
        }
        (UnaryOp::Not, chain @ Expr::Binary(BinaryOp::LogicalAnd | BinaryOp::LogicalOr, ..)) => {
            (marks_of_negation(chain)? <= 1).then(|| negated_links(take(chain)))
        }
        (UnaryOp::Neg, Expr::Lit(Lit::Int(value))) if *value != i128::from(i64::MIN) => Some(Expr::int(-*value)),
        (UnaryOp::Neg, Expr::Typed(ty, Lit::Int(value))) => {
            Some(Expr::Typed(ty.clone(), Lit::Int(constant::wrap(-*value, ty))))
        }
        (UnaryOp::Neg, Expr::Typed(ty, Lit::Float(text))) => Some(Expr::Typed(ty.clone(), Lit::Float(negated(text)))),
        (UnaryOp::Neg, Expr::Lit(Lit::Float(text))) => Some(Expr::Lit(Lit::Float(negated(text)))),
        (UnaryOp::Complement, Expr::Typed(ty, Lit::Int(value))) => {
            Some(Expr::Typed(ty.clone(), Lit::Int(constant::wrap(!*value, ty))))
        }
        (op, inner) => constant::unary(op, inner),
    }
}

/// How many `!` the links of a chain need if each is turned round (De Morgan's laws); nothing where one cannot be, or needs parentheses for it.
fn marks_of_negation(chain: &Expr) -> Option<usize> {
    match chain {
        Expr::Binary(BinaryOp::LogicalAnd | BinaryOp::LogicalOr, a, b) => {
            Some(marks_of_negation(a)? + marks_of_negation(b)?)
        }
        Expr::Binary(BinaryOp::Eq | BinaryOp::Ne, ..) | Expr::Unary(UnaryOp::Not, _) => Some(0),
        Expr::Var(_) | Expr::Select(..) => Some(1),
        _ => None,
    }
}

/// The opposite of a chain of conditions, by that of each link (De Morgan's laws).
pub fn negated_links(chain: Expr) -> Expr {
    match chain {
        Expr::Binary(BinaryOp::LogicalAnd, a, b) => {
            Expr::binary(BinaryOp::LogicalOr, negated_links(*a), negated_links(*b))
        }
        Expr::Binary(BinaryOp::LogicalOr, a, b) => {
            Expr::binary(BinaryOp::LogicalAnd, negated_links(*a), negated_links(*b))
        }
        link => {
            let mut negated = link.negate();
            simplify(&mut negated);
            negated
        }
    }
}

/// Whether an expression is visibly an integer.
fn is_integer(expr: &Expr) -> bool {
    match expr {
        Expr::Convert(ty, _) => constant::int_type(ty).is_some(),
        Expr::Typed(ty, _) => constant::int_type(ty).is_some(),
        // A float is written as one.
        Expr::Lit(Lit::Int(_)) => true,
        expr => is_length(expr),
    }
}

fn negated(text: &str) -> Str {
    match text.strip_prefix('-') {
        Some(rest) => rest.into(),
        None => format!("-{text}").into(),
    }
}

/// Whether a condition is among the links of a chain already, and says the same there.
fn is_repeated(op: BinaryOp, chain: &Expr, link: &Expr) -> bool {
    match chain {
        Expr::Binary(linked, first, last) if *linked == op => {
            is_repeated(op, first, link) || is_repeated(op, last, link)
        }
        _ => chain == link && is_plain(link),
    }
}

/// Whether an expression only reads variables.
fn is_plain(expr: &Expr) -> bool {
    match expr {
        Expr::Var(_) | Expr::Lit(_) | Expr::Typed(..) | Expr::Const(..) => true,
        Expr::Select(base, _) => is_plain(base),
        Expr::Binary(op, left, right) => op.is_comparison() && is_plain(left) && is_plain(right),
        _ => false,
    }
}

/// `a && (b && c)` without the parentheses.
fn chained(op: BinaryOp, left: Expr, right: Expr) -> Expr {
    match right {
        Expr::Binary(of, first, last) if of == op => chained(op, chained(op, left, *first), *last),
        right => Expr::binary(op, left, right),
    }
}

fn binary(op: BinaryOp, left: &mut Expr, right: &mut Expr) -> Option<Expr> {
    if matches!(op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr) && is_repeated(op, left, right) {
        return Some(take(left));
    }
    if matches!(op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr) && matches!(right, Expr::Binary(of, ..) if *of == op) {
        return Some(chained(op, take(left), take(right)));
    }
    match (op, &mut *left, &mut *right) {
        (BinaryOp::LogicalAnd, Expr::Lit(Lit::Bool(true)), other)
        | (BinaryOp::LogicalAnd, other, Expr::Lit(Lit::Bool(true))) => return Some(take(other)),
        (BinaryOp::LogicalOr, Expr::Lit(Lit::Bool(false)), other)
        | (BinaryOp::LogicalOr, other, Expr::Lit(Lit::Bool(false))) => return Some(take(other)),
        (BinaryOp::LogicalAnd, Expr::Lit(Lit::Bool(false)), _) => return Some(Expr::bool(false)),
        (BinaryOp::LogicalOr, Expr::Lit(Lit::Bool(true)), _) => return Some(Expr::bool(true)),
        (BinaryOp::Eq, other, Expr::Lit(Lit::Bool(value))) | (BinaryOp::Eq, Expr::Lit(Lit::Bool(value)), other) => {
            let value = *value;
            return Some(if value { take(other) } else { take(other).negate() });
        }
        (BinaryOp::Ne, other, Expr::Lit(Lit::Bool(value))) | (BinaryOp::Ne, Expr::Lit(Lit::Bool(value)), other) => {
            let value = *value;
            return Some(if value { take(other).negate() } else { take(other) });
        }
        _ => {}
    }
    if let (BinaryOp::Eq | BinaryOp::Ne, Expr::Lit(Lit::Nil), Expr::Lit(Lit::Nil)) = (op, &*left, &*right) {
        return Some(Expr::bool(op == BinaryOp::Eq));
    }
    // An interface may be compared with a value of a type that it holds.
    if matches!(op, BinaryOp::Eq | BinaryOp::Ne)
        && let (Expr::Assert(err, ty), Expr::Name(_)) = (&mut *left, &*right)
        && matches!(**ty, Type::Name(_))
    {
        return Some(Expr::binary(op, take(err), take(right)));
    }
    if let Some(value) = constant::binary(op, left, right) {
        return Some(value);
    }
    // The other operand gives an untyped constant its type; a shift takes that of its left operand.
    let is_shift = matches!(op, BinaryOp::Shl | BinaryOp::Shr);
    if let Expr::Typed(_, lit) = right
        && (is_shift || gives_type(left))
    {
        let lit = lit.clone();
        return Some(Expr::binary(op, take(left), Expr::Lit(lit)));
    }
    if let Expr::Typed(_, lit) = left
        && !is_shift
        && gives_type(right)
    {
        let lit = lit.clone();
        return Some(Expr::binary(op, Expr::Lit(lit), take(right)));
    }
    asked_length(op, left, right)
}

/// Whether an untyped constant beside an operand has its type. Constants of the program are declared with theirs.
pub fn gives_type(operand: &Expr) -> bool {
    !constant::is_constant(operand) || matches!(operand, Expr::Const(..))
}

fn conversion(ty: &Type, inner: &mut Expr) -> Option<Expr> {
    match inner {
        Expr::Convert(inner_ty, operand) if **inner_ty == *ty => Some(Expr::convert(ty.clone(), take(operand))),
        Expr::Typed(inner_ty, lit) if inner_ty == ty => Some(Expr::Typed(ty.clone(), lit.clone())),
        Expr::Typed(_, Lit::Int(value) | Lit::Spelled(value, _))
        | Expr::Lit(Lit::Int(value) | Lit::Spelled(value, _))
            if constant::int_type(ty).is_some() =>
        {
            Some(Expr::Typed(ty.clone(), Lit::Int(constant::wrap(*value, ty))))
        }
        Expr::Lit(Lit::Rune(c)) | Expr::Typed(_, Lit::Rune(c)) if ty.is_name("string") => {
            Some(Expr::str(c.encode_utf8(&mut [0; 4])))
        }
        Expr::Typed(_, Lit::Rune(c)) if constant::int_type(ty).is_some() => {
            Some(Expr::Typed(ty.clone(), Lit::Int(constant::wrap(*c as i128, ty))))
        }
        Expr::Const(_, inner_ty, Some(value))
            if constant::int_type(ty).is_some() && (constant::wrap(*value, ty) != *value || inner_ty == ty) =>
        {
            if inner_ty == ty {
                Some(take(inner))
            } else {
                Some(Expr::Typed(ty.clone(), Lit::Int(constant::wrap(*value, ty))))
            }
        }
        inner => constant::conversion(ty, inner),
    }
}

/// The same constant without its type, for a place that has the type already.
pub fn untyped(expr: Expr) -> Expr {
    match expr {
        Expr::Typed(_, lit) => Expr::Lit(lit),
        Expr::Upcast(_, inner) => *inner,
        other => other,
    }
}
