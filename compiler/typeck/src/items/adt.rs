//! Structs, enums and type aliases: infinite size (E0072), unused parameters (E0392, E0091), discriminants (E0081, E0370, E0732),
//! duplicate fields (E0124).

use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::ast::{Fields, ItemKind};
use rustc_hash::FxHashMap;

use crate::collect::{
    Variance, adt_def, collect_errors, discriminant, discriminant_cycle, generics_of, predicates_of, type_of,
};
use crate::error::TypeError;
use crate::solve::{ParamEnv, normalize_erasing_regions};
use crate::ty::fold::TypeFoldable;
use crate::ty::{AdtKind, GenericParamKind, Subst, Ty, TyKind, TypeFlags};

use super::params;
use super::variance::variances_of;

/// Errors of a struct, enum or union.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    duplicate_fields(db, def, errors);
    infinite_size(db, def, errors);
    unused_parameters(db, def, errors);
    if def.kind() == DefKind::Enum {
        discriminants(db, def, errors);
    }
}

fn duplicate_fields(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let mut check = |fields: &Fields| {
        let Fields::Named(fields) = fields else { return };
        let mut first = FxHashMap::default();
        for field in fields {
            if let Some(previous) = first.insert(field.name.name, field.name.span) {
                let name = field.name.name;
                errors.push(
                    TypeError::new(def, field.span, "E0124", format!("field `{name}` is already declared"))
                        .label("field already declared")
                        .secondary(def, previous, format!("`{name}` first declared here")),
                );
                first.insert(name, previous);
            }
        }
    };
    match &rgo_hir::item_ast(db, def).kind {
        ItemKind::Struct(item) | ItemKind::Union(item) => check(&item.fields),
        ItemKind::Enum(item) => item.variants.iter().for_each(|variant| check(&variant.fields)),
        _ => {}
    }
}

// ----- size -----

fn infinite_size(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let mut search = SizeSearch { db, target: def, seen: Vec::new(), cycle: vec![def] };
    let adt = adt_def(db, def);
    for field in adt.variants.iter().flat_map(|variant| &variant.fields) {
        if !search.reaches(field.ty) {
            continue;
        }
        // `Option<List>` is on the way, but is not itself recursive.
        search.cycle.retain(|other| *other == def || is_recursive(db, *other));
        // Of several types that contain each other the first in the text reports for all.
        if search.cycle.iter().any(|other| comes_before(db, *other, def)) {
            return;
        }
        let names: Vec<String> = search.cycle.iter().map(|def| format!("`{}`", def.name())).collect();
        let message = if names.len() == 1 {
            format!("recursive type {} has infinite size", names[0])
        } else {
            format!("recursive types {} have infinite size", names.join(" and "))
        };
        let mut error = TypeError::new(def, rgo_hir::def_span(db, def), "E0072", message)
            .secondary(def, rgo_hir::def_span(db, field.def), "recursive without indirection")
            .help("insert some indirection (e.g., a `Box`, `Rc`, or `&`) to break the cycle");
        for other in search.cycle.iter().skip(1) {
            error = error.secondary(*other, rgo_hir::def_span(db, *other), "part of the cycle");
        }
        errors.push(error);
        return;
    }
}

/// Whether a type holds itself whatever its arguments are.
fn is_recursive(db: &dyn Db, def: DefId) -> bool {
    let mut search = SizeSearch { db, target: def, seen: Vec::new(), cycle: Vec::new() };
    adt_def(db, def).variants.iter().flat_map(|variant| &variant.fields).any(|field| search.reaches(field.ty))
}

pub fn comes_before(db: &dyn Db, other: DefId, def: DefId) -> bool {
    if other == def || other.package_of() != def.package_of() {
        return false;
    }
    let place = |def: DefId| {
        let (file, start) = rgo_hir::item_start(db, def);
        (file.path(db).clone(), start, rgo_hir::def_span(db, def).start)
    };
    place(other) < place(def)
}

struct SizeSearch<'db> {
    db: &'db dyn Db,
    target: DefId,
    seen: Vec<Ty>,
    cycle: Vec<DefId>,
}

impl SizeSearch<'_> {
    /// Whether a value of `ty` holds one of the target without indirection.
    fn reaches(&mut self, ty: Ty) -> bool {
        match ty.kind() {
            TyKind::Adt(def, args) => {
                if *def == self.target {
                    return true;
                }
                if self.seen.contains(&ty) || self.seen.len() > 200 {
                    return false;
                }
                self.seen.push(ty);
                if self.is_indirection(*def) {
                    return false;
                }
                if def.is_std() && rgo_hir::attrs(self.db, *def).iter().any(|attr| attr.is("go")) {
                    return self.cells_hold_their_content(*def) && args.types().any(|arg| self.reaches(arg));
                }
                let adt = adt_def(self.db, *def);
                let depth = self.cycle.len();
                self.cycle.push(*def);
                let mut fields = adt.variants.iter().flat_map(|variant| &variant.fields);
                let found = fields.any(|field| self.reaches(field.ty.subst(*args)));
                if !found {
                    self.cycle.truncate(depth);
                }
                found
            }
            TyKind::Projection(..) if !ty.has_param() => {
                let known = normalize_erasing_regions(self.db, ParamEnv::empty(), ty);
                !matches!(known.kind(), TyKind::Projection(..)) && self.reaches(known)
            }
            TyKind::Tuple(items) => items.iter().any(|item| self.reaches(*item)),
            TyKind::Array(elem, _) => self.reaches(*elem),
            _ => false,
        }
    }

    fn is_indirection(&self, def: DefId) -> bool {
        matches!(rgo_hir::lang_name(self.db, def), Some("box" | "rc" | "arc" | "vec" | "string" | "phantom_data"))
    }

    fn cells_hold_their_content(&self, def: DefId) -> bool {
        matches!(
            def.name().as_str(),
            "Cell" | "RefCell" | "UnsafeCell" | "OnceCell" | "Option" | "Result" | "Mutex" | "RwLock" | "OnceLock"
        )
    }
}

// ----- parameters -----

fn unused_parameters(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    // Wrong arguments in a field may have hidden a use.
    if def.is_std() || !collect_errors(db, def).is_empty() {
        return;
    }
    let adt = adt_def(db, def);
    if adt.variants.iter().flat_map(|variant| &variant.fields).any(|field| field.ty.has(TypeFlags::HAS_ERROR)) {
        return;
    }
    let variances = variances_of(db, def);
    let used =
        (0u32..).zip(variances).filter(|(_, variance)| **variance != Variance::Bivariant).map(|(index, _)| index);
    let constrained = params::constrained_by_predicates(used.collect(), predicates_of(db, def));
    let params = &generics_of(db, def).params;
    for (index, param) in params.iter().enumerate() {
        // Its uses mean the first of that name (E0403).
        if params[..index].iter().any(|first| first.name == param.name) {
            continue;
        }
        let kind = match param.kind {
            GenericParamKind::Const { .. } => continue,
            GenericParamKind::Lifetime => "lifetime",
            GenericParamKind::Type { .. } => "type",
        };
        let is_unused = variances.get(param.index as usize) == Some(&Variance::Bivariant);
        if !is_unused || constrained.contains(&param.index) {
            continue;
        }
        let name = if kind == "lifetime" { format!("'{}", param.name) } else { param.name.to_string() };
        errors.push(
            TypeError::new(
                def,
                rgo_hir::def_span(db, param.def),
                "E0392",
                format!("{kind} parameter `{name}` is never used"),
            )
            .label(format!("unused {kind} parameter"))
            .help(format!(
                "consider removing `{name}`, referring to it in a field, or using a marker such as `PhantomData`"
            )),
        );
    }
}

/// Errors of a type alias.
pub fn check_alias(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let ty = type_of(db, def);
    if ty.has(TypeFlags::HAS_ERROR) {
        return;
    }
    let used = params::params_in(&ty);
    for param in &generics_of(db, def).params {
        if matches!(param.kind, GenericParamKind::Type { .. }) && !used.contains(&param.index) {
            errors.push(
                TypeError::new(
                    def,
                    rgo_hir::def_span(db, param.def),
                    "E0091",
                    format!("type parameter `{}` is never used", param.name),
                )
                .label("unused type parameter"),
            );
        }
    }
}

// ----- discriminants -----

fn discriminants(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let ItemKind::Enum(item) = &rgo_hir::item_ast(db, def).kind else { return };
    let has_repr = rgo_hir::attrs(db, def).iter().any(|attr| attr.is("repr"));
    let adt = adt_def(db, def);
    if adt.kind != AdtKind::Enum {
        return;
    }
    let any = |unit: Fieldless, explicit: Explicit| {
        item.variants.iter().any(|variant| {
            (matches!(variant.fields, Fields::Unit) == (unit == Fieldless::Yes))
                && (explicit == Explicit::DoesNotMatter || variant.discriminant.is_some())
        })
    };
    let explicit_on_data = any(Fieldless::No, Explicit::Required);
    let explicit_on_unit = any(Fieldless::Yes, Explicit::Required);
    if !has_repr && (explicit_on_data || (explicit_on_unit && any(Fieldless::No, Explicit::DoesNotMatter))) {
        errors.push(TypeError::new(
            def,
            rgo_hir::def_span(db, def),
            "E0732",
            "`#[repr(inttype)]` must be specified for enums with explicit discriminants and non-unit variants",
        ));
    }
    if discriminant_cycle(db, def).is_some() {
        return;
    }
    let values: Vec<i128> = adt.variants.iter().map(|variant| discriminant(db, variant.def)).collect();
    let mut first: FxHashMap<i128, usize> = FxHashMap::default();
    let mut duplicated: Vec<i128> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if let Some(previous) = first.get(value) {
            if duplicated.contains(value) {
                continue;
            }
            duplicated.push(*value);
            let message = format!("discriminant value `{value}` assigned more than once");
            errors.push(
                TypeError::new(def, rgo_hir::def_span(db, def), "E0081", message)
                    .secondary(def, item.variants[*previous].span, "first assigned here")
                    .secondary(def, item.variants[index].span, "and again here"),
            );
        } else {
            first.insert(*value, index);
        }
    }
    for (index, variant) in adt.variants.iter().enumerate().skip(1) {
        let overflows = i64::try_from(values[index]).is_err();
        if item.variants.get(index).is_some_and(|ast| ast.discriminant.is_none()) && overflows {
            errors.push(
                TypeError::new(def, rgo_hir::def_span(db, variant.def), "E0370", "enum discriminant overflowed")
                    .label("overflowed on value after the previous variant's"),
            );
            break;
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fieldless {
    Yes,
    No,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Explicit {
    Required,
    DoesNotMatter,
}
