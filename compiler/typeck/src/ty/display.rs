//! Types as rustc prints them to users: `Vec<i32>`, `&'a str`, `dyn Fn(i32) -> bool + Send`, `{integer}`.

use std::fmt::Write;

use rgo_hir::body::Mutability;
use rgo_hir::{Db, DefId, DefKind};

use super::{
    Args, Binder, BoundRegionKind, Clause, Clauses, ClosureArgs, Const, ConstKind, ConstValue, FloatTy, FnSig,
    GenericArg, InferTy, IntTy, Predicate, ProjectionTy, Region, RegionKind, TraitRef, Ty, TyKind, UintTy,
};
use crate::collect;

pub fn display_ty(db: &dyn Db, ty: Ty) -> String {
    let mut printer = Printer { db, out: String::new() };
    printer.ty(ty);
    printer.out
}

/// `Trait<X>` without its `Self`.
pub fn display_trait_ref(db: &dyn Db, trait_ref: TraitRef) -> String {
    let mut printer = Printer { db, out: String::new() };
    printer.trait_ref(trait_ref, &[]);
    printer.out
}

/// `T: Trait<X>`, `<T as Trait>::Item == U`, `T: 'a`.
pub fn display_predicate(db: &dyn Db, predicate: Predicate) -> String {
    let mut printer = Printer { db, out: String::new() };
    printer.for_prefix(&predicate);
    match predicate.value {
        Clause::Trait(trait_ref) => {
            printer.ty(trait_ref.self_ty());
            printer.out.push_str(": ");
            printer.trait_ref(trait_ref, &[]);
        }
        Clause::Projection(projection, ty) => {
            printer.projection(projection);
            printer.out.push_str(" == ");
            printer.ty(ty);
        }
        Clause::TypeOutlives(ty, region) => {
            printer.ty(ty);
            printer.out.push_str(": ");
            printer.region_or(region, "'_");
        }
        Clause::RegionOutlives(a, b) => {
            printer.region_or(a, "'_");
            printer.out.push_str(": ");
            printer.region_or(b, "'_");
        }
    }
    printer.out
}

pub fn display_fn_sig(db: &dyn Db, sig: &Binder<FnSig>) -> String {
    let mut printer = Printer { db, out: String::new() };
    printer.fn_sig(sig);
    printer.out
}

pub fn display_region(region: Region) -> String {
    region_name(region).unwrap_or_else(|| "'_".to_owned())
}

pub fn display_const(db: &dyn Db, value: Const) -> String {
    let mut printer = Printer { db, out: String::new() };
    printer.constant(value);
    printer.out
}

pub fn display_args(db: &dyn Db, args: Args) -> String {
    let mut printer = Printer { db, out: String::new() };
    printer.args(args.as_slice(), &[]);
    printer.out
}

/// The name of a region that has one in the source.
fn region_name(region: Region) -> Option<String> {
    match region.kind() {
        RegionKind::Static => Some("'static".to_owned()),
        RegionKind::EarlyParam { name, .. } if name.as_str() != "'_" && name.as_str() != "_" => {
            Some(format!("'{name}"))
        }
        RegionKind::Bound { var, .. } | RegionKind::LateParam { var, .. } | RegionKind::Placeholder { var, .. } => {
            match var.kind {
                BoundRegionKind::Named(def) => Some(format!("'{}", def.name())),
                BoundRegionKind::ForLifetime(name) => Some(format!("'{name}")),
                BoundRegionKind::Anon | BoundRegionKind::ClosureEnv => None,
            }
        }
        RegionKind::EarlyParam { .. }
        | RegionKind::Var(_)
        | RegionKind::Erased
        | RegionKind::Shared(_)
        | RegionKind::Error => None,
    }
}

struct Printer<'db> {
    db: &'db dyn Db,
    out: String,
}

impl Printer<'_> {
    fn ty(&mut self, ty: Ty) {
        match ty.kind() {
            TyKind::Bool => self.out.push_str("bool"),
            TyKind::Char => self.out.push_str("char"),
            TyKind::Str => self.out.push_str("str"),
            TyKind::Never => self.out.push('!'),
            TyKind::Int(int) => self.out.push_str(int.name()),
            TyKind::Uint(uint) => self.out.push_str(uint.name()),
            TyKind::Float(float) => self.out.push_str(float.name()),
            TyKind::Adt(def, args) => {
                self.out.push_str(def.name().as_str());
                let shown = self.without_defaults(*def, *args);
                self.args(shown, &[]);
            }
            TyKind::Array(elem, len) => {
                self.out.push('[');
                self.ty(*elem);
                self.out.push_str("; ");
                self.constant(*len);
                self.out.push(']');
            }
            TyKind::Slice(elem) => {
                self.out.push('[');
                self.ty(*elem);
                self.out.push(']');
            }
            TyKind::Ref(region, inner, mutability) => {
                self.out.push('&');
                if let Some(name) = region_name(*region) {
                    self.out.push_str(&name);
                    self.out.push(' ');
                }
                if *mutability == Mutability::Mut {
                    self.out.push_str("mut ");
                }
                self.inner_of_ref(*inner);
            }
            TyKind::Tuple(items) => {
                self.out.push('(');
                self.list(items.as_slice());
                if items.len() == 1 {
                    self.out.push(',');
                }
                self.out.push(')');
            }
            TyKind::FnDef(def, args) => self.fn_def(*def, *args),
            TyKind::FnPtr(sig) => self.fn_sig(sig),
            TyKind::Closure(def, _) => self.closure(*def),
            TyKind::Dynamic(clauses, region) => {
                self.out.push_str("dyn ");
                self.clauses(*clauses);
                if let Some(name) = region_name(*region).filter(|name| name != "'static") {
                    self.out.push_str(" + ");
                    self.out.push_str(&name);
                } else if region.is_static() && clauses.is_empty() {
                    self.out.push_str("'static");
                }
            }
            TyKind::Param(param) => self.out.push_str(param.name.as_str()),
            TyKind::Projection(item, args) => self.projection(ProjectionTy::new(*item, *args)),
            TyKind::Opaque(def, args) => self.opaque(*def, *args),
            TyKind::Infer(InferTy::Ty(_)) => self.out.push('_'),
            TyKind::Infer(InferTy::Int(_)) => self.out.push_str("{integer}"),
            TyKind::Infer(InferTy::Float(_)) => self.out.push_str("{float}"),
            TyKind::Error => self.out.push_str("{type error}"),
        }
    }

    /// `&(dyn A + B)` needs parentheses.
    fn inner_of_ref(&mut self, inner: Ty) {
        let before = self.out.len();
        self.ty(inner);
        if matches!(inner.kind(), TyKind::Dynamic(..) | TyKind::Opaque(..)) && top_level_plus(&self.out[before..]) {
            self.out.insert(before, '(');
            self.out.push(')');
        }
    }

    fn fn_def(&mut self, def: DefId, args: Args) {
        use super::Subst;
        let sig = collect::fn_sig(self.db, def);
        let sig = sig.subst(args);
        self.fn_sig(&sig);
        self.out.push_str(" {");
        if let Some(parent) = def.parent() {
            match parent.kind() {
                DefKind::Impl => match collect::type_of(self.db, parent).subst(args).kind() {
                    TyKind::Adt(adt, args) => {
                        self.out.push_str(adt.name().as_str());
                        if !args.is_empty() {
                            self.out.push_str("::");
                            self.args(args.as_slice(), &[]);
                        }
                        self.out.push_str("::");
                    }
                    _ => {
                        self.out.push('<');
                        self.ty(collect::type_of(self.db, parent).subst(args));
                        self.out.push_str(">::");
                    }
                },
                DefKind::Trait => {
                    self.out.push('<');
                    self.ty(args.ty(0));
                    self.out.push_str(" as ");
                    self.out.push_str(parent.name().as_str());
                    self.out.push_str(">::");
                }
                DefKind::Enum => {
                    self.out.push_str(parent.name().as_str());
                    self.out.push_str("::");
                }
                _ => {}
            }
        }
        let own = collect::generics_of(self.db, def).parent_count;
        self.out.push_str(def.name().as_str());
        if own < args.len() {
            let own_args: Vec<GenericArg> =
                args.iter().skip(own).copied().filter(|arg| !matches!(arg, GenericArg::Region(_))).collect();
            if !own_args.is_empty() {
                self.out.push_str("::");
                self.args(&own_args, &[]);
            }
        }
        self.out.push('}');
    }

    fn closure(&mut self, def: DefId) {
        let (file, start) = rgo_hir::item_start(self.db, def);
        let span = rgo_hir::def_span(self.db, def);
        let text: &str = file.text(self.db);
        let place = |offset: u32| {
            let before = text.get(..(start + offset) as usize).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
            (line, column)
        };
        let ((line, column), (end_line, end_column)) = (place(span.start), place(span.end));
        let _ = write!(self.out, "{{closure@{}:{line}:{column}: {end_line}:{end_column}}}", file.path(self.db));
    }

    fn opaque(&mut self, def: DefId, args: Args) {
        use super::Subst;
        let sized = rgo_hir::lang_item(self.db, "sized");
        let bounds = collect::explicit_item_bounds(self.db, def);
        self.out.push_str("impl ");
        let mut first = true;
        for (bound, _) in bounds {
            let Clause::Trait(trait_ref) = bound.value else { continue };
            if Some(trait_ref.trait_) == sized {
                continue;
            }
            if !std::mem::take(&mut first) {
                self.out.push_str(" + ");
            }
            let projections: Vec<(ProjectionTy, Ty)> = bounds
                .iter()
                .filter_map(|(other, _)| match other.value {
                    Clause::Projection(projection, ty) if projection.trait_def() == trait_ref.trait_ => {
                        Some((projection.subst(args), ty.subst(args)))
                    }
                    _ => None,
                })
                .collect();
            self.for_prefix(bound);
            self.trait_ref(trait_ref.subst(args), &projections);
        }
        if first {
            self.out.push_str("Sized");
        }
    }

    fn projection(&mut self, projection: ProjectionTy) {
        let trait_count = match projection.item.parent() {
            Some(parent) => collect::generics_of(self.db, parent).count(),
            None => 1,
        };
        self.out.push('<');
        self.ty(projection.self_ty());
        self.out.push_str(" as ");
        let trait_ref = TraitRef::new(projection.trait_def(), projection.args.truncated(trait_count));
        self.trait_ref(trait_ref, &[]);
        self.out.push_str(">::");
        self.out.push_str(projection.item.name().as_str());
        self.args(projection.args.as_slice().get(trait_count..).unwrap_or(&[]), &[]);
    }

    fn clauses(&mut self, clauses: Clauses) {
        let mut first = true;
        for clause in &clauses {
            let Clause::Trait(trait_ref) = clause.value else { continue };
            if !std::mem::take(&mut first) {
                self.out.push_str(" + ");
            }
            let projections: Vec<(ProjectionTy, Ty)> =
                if trait_ref.args.len() > 1 || first_principal(clauses, trait_ref) {
                    clauses
                        .iter()
                        .filter_map(|other| match other.value {
                            Clause::Projection(projection, ty) => Some((projection, ty)),
                            _ => None,
                        })
                        .collect()
                } else {
                    Vec::new()
                };
            self.for_prefix(clause);
            self.trait_ref(trait_ref, &projections);
        }
    }

    /// `for<'a> `, if a variable of the binder has a name.
    fn for_prefix<T>(&mut self, binder: &Binder<T>) {
        let names: Vec<String> = binder
            .vars
            .iter()
            .filter_map(|var| match var {
                BoundRegionKind::Named(def) => Some(format!("'{}", def.name())),
                BoundRegionKind::ForLifetime(name) => Some(format!("'{name}")),
                BoundRegionKind::Anon | BoundRegionKind::ClosureEnv => None,
            })
            .collect();
        if !names.is_empty() {
            let _ = write!(self.out, "for<{}> ", names.join(", "));
        }
    }

    fn trait_ref(&mut self, trait_ref: TraitRef, projections: &[(ProjectionTy, Ty)]) {
        let lang = rgo_hir::lang_name(self.db, trait_ref.trait_);
        self.out.push_str(trait_ref.trait_.name().as_str());
        let rest = trait_ref.args.as_slice().get(1..).unwrap_or(&[]);
        if let (Some("fn" | "fn_mut" | "fn_once"), [GenericArg::Ty(inputs)]) = (lang, rest)
            && let Some(inputs) = inputs.as_tuple()
        {
            self.out.push('(');
            self.list(inputs.as_slice());
            self.out.push(')');
            if let Some((_, output)) = projections.first().filter(|(_, output)| !output.is_unit()) {
                self.out.push_str(" -> ");
                self.ty(*output);
            }
            return;
        }
        let shown = self.without_defaults(trait_ref.trait_, trait_ref.args);
        self.args(shown.get(1..).unwrap_or(&[]), projections);
    }

    /// The arguments, less those at the end that are the parameters' defaults.
    fn without_defaults(&self, def: DefId, args: Args) -> &'static [GenericArg] {
        use super::{GenericParamKind, Subst, TypeFoldable};
        let mut shown = args.as_slice();
        let generics = collect::generics_of(self.db, def);
        while let Some((last, _)) = shown.split_last() {
            let default = match generics.params.get(shown.len() - 1).map(|param| &param.kind) {
                Some(GenericParamKind::Type { default: Some(default), .. }) if !last.has_infer() => {
                    GenericArg::Ty(default.subst(args))
                }
                Some(GenericParamKind::Const { default: Some(default), .. }) => GenericArg::Const(*default),
                _ => break,
            };
            if default.erase_regions() != last.erase_regions() {
                break;
            }
            shown = &shown[..shown.len() - 1];
        }
        shown
    }

    fn fn_sig(&mut self, sig: &Binder<FnSig>) {
        self.for_prefix(sig);
        self.out.push_str("fn(");
        self.list(sig.value.inputs());
        self.out.push(')');
        if !sig.value.output().is_unit() {
            self.out.push_str(" -> ");
            self.ty(sig.value.output());
        }
    }

    fn list(&mut self, items: &[Ty]) {
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.out.push_str(", ");
            }
            self.ty(*item);
        }
    }

    /// `<A, B, Item = C>`; nothing if there is nothing to show. Regions without names are left out.
    fn args(&mut self, args: &[GenericArg], projections: &[(ProjectionTy, Ty)]) {
        let mut first = true;
        let mut separator = |out: &mut String| out.push_str(if std::mem::take(&mut first) { "<" } else { ", " });
        let any_named =
            args.iter().any(|arg| matches!(arg, GenericArg::Region(region) if region_name(*region).is_some()));
        let mut shown = false;
        for arg in args {
            match arg {
                GenericArg::Region(region) => {
                    if !any_named {
                        continue;
                    }
                    separator(&mut self.out);
                    self.region_or(*region, "'_");
                }
                GenericArg::Ty(ty) => {
                    separator(&mut self.out);
                    self.ty(*ty);
                }
                GenericArg::Const(value) => {
                    separator(&mut self.out);
                    self.constant(*value);
                }
            }
            shown = true;
        }
        for (projection, ty) in projections {
            separator(&mut self.out);
            let _ = write!(self.out, "{} = ", projection.item.name());
            self.ty(*ty);
            shown = true;
        }
        if shown {
            self.out.push('>');
        }
    }

    fn region_or(&mut self, region: Region, otherwise: &str) {
        match region_name(region) {
            Some(name) => self.out.push_str(&name),
            None => self.out.push_str(otherwise),
        }
    }

    fn constant(&mut self, value: Const) {
        match value.kind() {
            ConstKind::Value(value) => self.value(value),
            ConstKind::Param { name, .. } => self.out.push_str(name.as_str()),
            ConstKind::Unevaluated(def, _) if def.kind() == DefKind::AssocConst => {
                self.out.push_str(def.name().as_str())
            }
            ConstKind::Infer(_) | ConstKind::Unevaluated(..) => self.out.push('_'),
            ConstKind::Error => self.out.push_str("{const error}"),
        }
    }

    fn value(&mut self, value: &ConstValue) {
        match value {
            ConstValue::Bool(value) => {
                let _ = write!(self.out, "{value}");
            }
            ConstValue::Char(value) => {
                let _ = write!(self.out, "{value:?}");
            }
            ConstValue::Int(value) => {
                let _ = write!(self.out, "{value}");
            }
            ConstValue::Float(bits) => {
                let _ = write!(self.out, "{:?}", f64::from_bits(*bits));
            }
            ConstValue::Str(text) => {
                let _ = write!(self.out, "{:?}", text.as_str());
            }
            ConstValue::Bytes(bytes) => {
                let _ = write!(self.out, "b\"{}\"", bytes.escape_ascii());
            }
            ConstValue::Unit => self.out.push_str("()"),
            ConstValue::Tuple(items) => self.values("(", items, ")"),
            ConstValue::Array(items) => self.values("[", items, "]"),
            ConstValue::Adt { def, fields, .. } => {
                self.out.push_str(def.name().as_str());
                self.values("(", fields, ")");
            }
            ConstValue::Ref(inner) => {
                self.out.push('&');
                self.value(inner);
            }
            ConstValue::Fn(def, _) => self.out.push_str(def.name().as_str()),
        }
    }

    fn values(&mut self, open: &str, items: &[ConstValue], close: &str) {
        self.out.push_str(open);
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.out.push_str(", ");
            }
            self.value(item);
        }
        self.out.push_str(close);
    }
}

fn first_principal(clauses: Clauses, trait_ref: TraitRef) -> bool {
    super::principal(clauses).is_some_and(|principal| principal.value == trait_ref)
}

/// Whether ` + ` stands outside of all brackets.
fn top_level_plus(text: &str) -> bool {
    let mut depth = 0;
    text.bytes().any(|byte| {
        match byte {
            b'<' | b'(' | b'[' => depth += 1,
            b'>' | b')' | b']' => depth -= 1,
            _ => {}
        }
        depth <= 0 && byte == b'+'
    })
}

impl IntTy {
    pub fn name(self) -> &'static str {
        match self {
            IntTy::I8 => "i8",
            IntTy::I16 => "i16",
            IntTy::I32 => "i32",
            IntTy::I64 => "i64",
            IntTy::Isize => "isize",
        }
    }

    /// Width in bits; pointers have 64.
    pub fn bits(self) -> u32 {
        match self {
            IntTy::I8 => 8,
            IntTy::I16 => 16,
            IntTy::I32 => 32,
            IntTy::I64 | IntTy::Isize => 64,
        }
    }
}

impl UintTy {
    pub fn name(self) -> &'static str {
        match self {
            UintTy::U8 => "u8",
            UintTy::U16 => "u16",
            UintTy::U32 => "u32",
            UintTy::U64 => "u64",
            UintTy::Usize => "usize",
        }
    }

    /// Width in bits; pointers have 64.
    pub fn bits(self) -> u32 {
        match self {
            UintTy::U8 => 8,
            UintTy::U16 => 16,
            UintTy::U32 => 32,
            UintTy::U64 | UintTy::Usize => 64,
        }
    }
}

impl FloatTy {
    pub fn name(self) -> &'static str {
        match self {
            FloatTy::F32 => "f32",
            FloatTy::F64 => "f64",
        }
    }
}

/// The text of a closure's signature parts, for messages: its parameters without the tuple.
pub fn display_closure_sig(db: &dyn Db, args: ClosureArgs) -> Option<String> {
    args.untupled_sig().map(|sig| display_fn_sig(db, &sig))
}
