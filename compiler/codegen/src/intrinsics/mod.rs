//! Functions of std that must look at types (`#[go(intrinsic = "…")]`).

mod map;
pub mod sort;

use rgo_hir::DefId;
use rgo_hir::body::Mutability;
use rgo_syntax::Span;
use rgo_typeck::ty::{Args, Ty, TyKind};

use crate::go::ast::*;
use crate::lower::{Lower, Val};
use crate::mono::{Cx, generic};
use crate::queries;

/// The value of a call of an intrinsic.
pub fn call(lower: &mut Lower<'_, '_>, name: &str, def: DefId, args: Args, values: Vec<Expr>, span: Span) -> Val {
    if name.starts_with("map_") {
        return map::call(lower, name, def, args, values, span);
    }
    let ty = args.types().next().unwrap_or_else(Ty::unit);
    if generic::is_open(ty)
        && matches!(name, "size_of" | "align_of" | "size_of_val" | "align_of_val" | "type_id" | "type_name")
    {
        // What Go knows of it differs.
        lower.context().refuse_generic();
    }
    let mut values = values.into_iter();
    let mut next = || values.next().unwrap_or_else(Expr::nil);
    match name {
        "box_new" => {
            let value = next();
            Val::One(lower.boxed(value, ty))
        }
        "forget" => {
            let value = next();
            lower.discard(value);
            Val::Parts(Vec::new())
        }
        "needs_drop" => Val::One(Expr::bool(lower.context().needs_drop(ty))),
        "size_of" | "align_of" => {
            let (size, align) = size_of(lower.context(), ty);
            Val::One(Expr::Typed(Type::name("int"), Lit::Int(if name == "size_of" { size } else { align })))
        }
        "size_of_val" | "align_of_val" => {
            let value = next();
            let (size, align) = match ty.kind() {
                TyKind::Str => {
                    return Val::One(if name == "size_of_val" {
                        Expr::builtin("len", vec![value])
                    } else {
                        Expr::Typed(Type::name("int"), Lit::Int(1))
                    });
                }
                TyKind::Slice(elem) if name == "size_of_val" => {
                    let (size, _) = size_of(lower.context(), *elem);
                    return Val::One(Expr::binary(BinaryOp::Mul, Expr::builtin("len", vec![value]), Expr::int(size)));
                }
                TyKind::Slice(elem) => size_of(lower.context(), *elem),
                _ => size_of(lower.context(), ty),
            };
            lower.discard(value);
            Val::One(Expr::Typed(Type::name("int"), Lit::Int(if name == "size_of_val" { size } else { align })))
        }
        "discriminant_value" => {
            let value = next();
            Val::One(lower.discriminant(value, ty))
        }
        "ptr_eq" | "ref_eq" => {
            let (a, b) = (next(), next());
            Val::One(lower.same_pointer(a, b, ty))
        }
        "shared_ref" => {
            // `Shared<T>` has the form of a box; the reference may be the value itself.
            let pointer = next();
            if lower.is_unsized(ty) {
                return Val::One(pointer);
            }
            Val::One(lower.reference_to(pointer.deref(), ty, Mutability::Not))
        }
        "display_to_string" => {
            let value = next();
            Val::One(lower.display_text(value, ty))
        }
        "encode_utf8" => {
            let (c, dst) = (next(), next());
            let text = lower.pinned(Expr::convert(Type::name("string"), c));
            lower.discard(Expr::builtin("copy", vec![dst, text.clone()]));
            Val::One(text.addr())
        }
        "text_of_mut" => {
            let bytes = next();
            Val::One(lower.address_of_temp(Expr::convert(Type::name("string"), bytes), "text"))
        }
        "string_leak" => {
            let text = next();
            Val::One(lower.address_of_temp(text, "text"))
        }
        "same_place" => {
            let value = next();
            let place = lower.place_of_ref(value, ty);
            Val::One(lower.reference_to(place, ty, Mutability::Mut))
        }
        "address_of" => {
            let value = next();
            let pointer = match lower.place_of_ref(value, ty) {
                place @ (Expr::Var(_) | Expr::Select(..)) => place,
                place => lower.pinned(place),
            };
            let address = match lower.go_form(ty) {
                Type::Pointer(_) => Expr::convert(
                    Type::name("uintptr"),
                    Expr::convert(Type::imported("unsafe", "Pointer", Vec::new()), pointer),
                ),
                _ => Expr::convert(
                    Type::name("uintptr"),
                    Expr::convert(Type::imported("unsafe", "Pointer", Vec::new()), pointer.addr()),
                ),
            };
            Val::One(Expr::convert(Type::name("int"), address))
        }
        "call_boxed_once" => {
            let (boxed, tuple) = (next(), next());
            let (args_ty, callee) = (args.ty(0), args.ty(1));
            let function = match callee.kind() {
                TyKind::Dynamic(..) => boxed,
                _ => boxed.deref(),
            };
            let ret = lower.signature(def, args).output();
            let parts = lower.tuple_parts(tuple, args_ty);
            lower.consuming_call(function, callee, parts, ret)
        }
        "any_downcast" => {
            let value = next();
            let (from, to) = (ty, args.types().nth(1).unwrap_or(ty));
            let ret = lower.signature(def, args).output();
            let pointer = lower.downcast(value, from, to, span);
            Val::One(match ret.kind() {
                TyKind::Ref(_, _, mutability) => {
                    let mutability = *mutability;
                    lower.reference_to(pointer.deref(), to, mutability)
                }
                _ => pointer,
            })
        }
        "error_from" => {
            let value = next();
            let ret = lower.signature(def, args).output();
            let target = match ret.kind() {
                TyKind::Adt(_, args) => args.ty(0),
                _ => ret,
            };
            let error = lower.error_object(value, ty, target, span);
            Val::One(Expr::upcast(Type::name("error"), error))
        }
        "error_downcast" => {
            let value = next();
            let ret = lower.signature(def, args).output();
            lower.error_downcast(def, value, ty, ret, span)
        }
        "panic_any" | "resume_unwind" => {
            let payload = next();
            lower.panic_with(payload);
            Val::Parts(Vec::new())
        }
        "type_id" => {
            let text = rust_type_name(lower, ty);
            // FNV-1a: the same number in every build.
            let hash = text
                .bytes()
                .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
            Val::One(Expr::Typed(Type::name("uint64"), Lit::Int(i128::from(hash))))
        }
        "type_name" => {
            let text = rust_type_name(lower, ty);
            Val::One(Expr::str(&text))
        }
        "array_into_vec" => {
            let array = next();
            Val::One(match array {
                literal @ Expr::Composite(_) => literal.slice(None, None),
                other => lower.pinned(other).slice(None, None),
            })
        }
        "slice_from_ref" => {
            let value = next();
            let form = lower.go_form(ty);
            let place = lower.place_of_ref(value, ty);
            Val::One(match place {
                Expr::Unary(UnaryOp::Deref, pointer) => Expr::convert(
                    Type::Array(1, Box::new(form)).pointer(),
                    Expr::convert(Type::imported("unsafe", "Pointer", Vec::new()), *pointer),
                )
                .slice(None, None),
                place => Expr::composite(form.slice(), vec![place]),
            })
        }
        "cell_from_mut" => {
            let pointer = next();
            let ret = lower.signature(def, args).output();
            Val::One(match ty.kind() {
                // A slice is no pointer to one; its length never changes, so that a cell may hold it.
                TyKind::Slice(_) | TyKind::Str => lower.of_only_field(pointer, ret.peel_refs()).addr(),
                _ => {
                    let form = lower.go_form(ret);
                    Expr::convert(form, Expr::convert(Type::imported("unsafe", "Pointer", Vec::new()), pointer))
                }
            })
        }
        _ => {
            lower.report(span, &format!("`{}`", def.name()));
            Val::One(Expr::nil())
        }
    }
}

/// Size and alignment as Rust lays types out; fields are sorted, so that only the sum is rounded.
pub fn size_of(cx: &mut Cx<'_>, ty: Ty) -> (i128, i128) {
    use rgo_typeck::ty::{FloatTy, IntTy, UintTy};
    match ty.kind() {
        TyKind::Bool | TyKind::Int(IntTy::I8) | TyKind::Uint(UintTy::U8) => (1, 1),
        TyKind::Int(IntTy::I16) | TyKind::Uint(UintTy::U16) => (2, 2),
        TyKind::Char | TyKind::Int(IntTy::I32) | TyKind::Uint(UintTy::U32) | TyKind::Float(FloatTy::F32) => (4, 4),
        TyKind::Int(_) | TyKind::Uint(_) | TyKind::Float(_) | TyKind::FnPtr(_) => (8, 8),
        TyKind::Never | TyKind::FnDef(..) => (0, 1),
        TyKind::Ref(_, inner, _) => match inner.kind() {
            TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..) => (16, 8),
            _ => (8, 8),
        },
        TyKind::Array(elem, len) => {
            let (size, align) = size_of(cx, *elem);
            (size * i128::from(len.as_usize().unwrap_or(0)), align)
        }
        TyKind::Tuple(items) => {
            let parts: Vec<(i128, i128)> = items.iter().map(|item| size_of(cx, *item)).collect();
            fields(&parts)
        }
        TyKind::Adt(def, args) => match cx.lang_of(*def) {
            Some("string" | "vec") => (24, 8),
            Some("box") => match args.ty(0).kind() {
                TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..) => (16, 8),
                _ => (8, 8),
            },
            Some("rc" | "arc") => (8, 8),
            _ => adt_size(cx, ty, *def, *args),
        },
        _ => (0, 1),
    }
}

fn adt_size(cx: &mut Cx<'_>, _ty: Ty, def: DefId, args: Args) -> (i128, i128) {
    let Some(adt) = queries::adt(cx.db, def) else { return (0, 1) };
    let variants: Vec<Vec<(i128, i128)>> = adt
        .variants
        .iter()
        .map(|variant| {
            variant
                .fields
                .iter()
                .map(|field| {
                    let ty = cx.concrete(field.ty, args);
                    size_of(cx, ty)
                })
                .collect()
        })
        .collect();
    if adt.kind != rgo_typeck::ty::AdtKind::Enum {
        return variants.first().map_or((0, 1), |parts| fields(parts));
    }
    // A payload with a value it never has tells `None` apart.
    if let [a, b] = &variants[..] {
        let payload = if a.is_empty() { b } else { a };
        let has_niche = adt.variants.iter().flat_map(|v| &v.fields).next().is_some_and(|field| {
            let ty = cx.concrete(field.ty, args);
            match ty.kind() {
                TyKind::Ref(..) | TyKind::Bool | TyKind::Char | TyKind::FnPtr(_) => true,
                TyKind::Adt(def, _) => matches!(cx.lang_of(*def), Some("box" | "rc" | "arc" | "string" | "vec")),
                _ => false,
            }
        });
        if (a.is_empty() || b.is_empty()) && payload.len() == 1 && has_niche {
            return payload[0];
        }
    }
    if variants.len() <= 1 {
        return variants.first().map_or((0, 1), |parts| fields(parts));
    }
    let align = variants.iter().flatten().map(|(_, a)| *a).max().unwrap_or(1);
    let largest = variants
        .iter()
        .map(|parts| {
            let mut with_tag = parts.clone();
            with_tag.push((1, 1));
            fields(&with_tag).0
        })
        .max()
        .unwrap_or(1);
    (round_up(largest, align), align)
}

fn fields(parts: &[(i128, i128)]) -> (i128, i128) {
    let align = parts.iter().map(|(_, a)| *a).max().unwrap_or(1);
    (round_up(parts.iter().map(|(s, _)| *s).sum(), align), align)
}

fn round_up(size: i128, align: i128) -> i128 {
    (size + align - 1) / align.max(1) * align.max(1)
}

fn rust_type_name(lower: &mut Lower<'_, '_>, ty: Ty) -> String {
    queries::type_name(lower.db(), ty)
}
