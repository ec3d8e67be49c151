//! Patterns: their types, default binding modes (RFC 2005 with the restrictions of edition 2024), and what the scrutinee must be.

use rgo_hir::body::{HasRest, Literal, LocalId, Mutability, Pat, PatId, Path, RangeBound};
use rgo_hir::resolve::Res;
use rgo_hir::{DefId, DefKind};
use rgo_syntax::{Name, Span};
use rustc_hash::FxHashMap;

use super::FnCtxt;
use super::path::adt_args;
use super::tables::{Value, VariantRef};
use crate::ty::subst::Subst;
use crate::ty::{Args, Const, CtorKind, Ty, TyKind, VariantDef};

/// How bindings bind where nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultMode {
    Move,
    Ref(Mutability),
    /// The pattern of a destructuring assignment does not look through references.
    Assigned,
}

impl DefaultMode {
    fn through(self, mutability: Mutability) -> DefaultMode {
        match self {
            DefaultMode::Ref(Mutability::Not) => self,
            DefaultMode::Move | DefaultMode::Ref(Mutability::Mut) => DefaultMode::Ref(mutability),
            DefaultMode::Assigned => self,
        }
    }

    fn by_ref(self) -> Option<Mutability> {
        match self {
            DefaultMode::Move | DefaultMode::Assigned => None,
            DefaultMode::Ref(mutability) => Some(mutability),
        }
    }

    fn is_implicit(self) -> bool {
        matches!(self, DefaultMode::Ref(_))
    }
}

impl FnCtxt<'_> {
    pub fn check_pat_top(&mut self, pat: PatId, expected: Ty) {
        self.check_pat(pat, expected, DefaultMode::Move);
    }

    /// The pattern of a `let` without `else`: it must match whatever comes.
    pub fn check_irrefutable_pat(&mut self, pat: PatId, expected: Ty) {
        let outer = std::mem::replace(&mut self.in_irrefutable_pat, true);
        self.check_pat(pat, expected, DefaultMode::Move);
        self.in_irrefutable_pat = outer;
    }

    /// The pattern that the left of a destructuring assignment stands for.
    pub fn check_assigned_pat(&mut self, pat: PatId, expected: Ty) {
        let outer = std::mem::replace(&mut self.in_irrefutable_pat, true);
        self.check_pat(pat, expected, DefaultMode::Assigned);
        self.in_irrefutable_pat = outer;
    }

    /// The variable or known type of a local.
    pub fn local_ty(&mut self, local: LocalId) -> Ty {
        if let Some(&ty) = self.tables.local_ty.get(local) {
            return ty;
        }
        let ty = self.ty_var();
        self.tables.local_ty.insert(local, ty);
        ty
    }

    fn check_pat(&mut self, pat: PatId, expected: Ty, mode: DefaultMode) {
        let body = self.body;
        let kind = &body.pats[pat];
        let path_value = match kind {
            Pat::Path(path) => self.resolve_pat_path(pat, path),
            _ => None,
        };
        let (expected, mode) = if mode != DefaultMode::Assigned && self.looks_through_references(kind, path_value) {
            self.peel_references(pat, expected, mode)
        } else {
            (expected, mode)
        };
        self.tables.pat_ty.insert(pat, expected);
        match kind {
            Pat::Missing => self.has_errors = true,
            Pat::Wild | Pat::Rest => {}
            Pat::Bind { local, sub } => self.check_binding(pat, *local, *sub, expected, mode),
            Pat::Literal { literal, negative } => {
                let ty = self.literal_pat_ty(literal, expected);
                if self.demand_pat_eq(pat, expected, ty)
                    && *negative
                    && let TyKind::Uint(_) = self.shallow(ty).kind()
                    && let Some(neg) = self.lang("neg")
                {
                    let span = self.pat_span(pat);
                    self.register_trait(span, crate::ty::TraitRef::with_self(neg, ty, &[]));
                }
            }
            Pat::Range { start, end, inclusive: _ } => {
                self.check_range_pat(pat, start.as_deref(), end.as_deref(), expected)
            }
            Pat::Path(_) => self.check_path_pat(pat, path_value, expected),
            Pat::Ref { mutability, pat: inner } => self.check_ref_pat(pat, *mutability, *inner, expected, mode),
            Pat::Tuple(pats) => self.check_tuple_pat(pat, pats, expected, mode),
            Pat::TupleStruct { path, pats } => self.check_tuple_struct_pat(pat, path, pats, expected, mode),
            Pat::Struct { path, fields, rest } => self.check_struct_pat(pat, path, fields, *rest, expected, mode),
            Pat::Slice(pats) => self.check_slice_pat(pat, pats, expected, mode),
            Pat::Or(pats) => {
                for &alternative in pats {
                    self.check_pat(alternative, expected, mode);
                }
            }
            // Refused by the syntax.
            Pat::ConstBlock(_) => self.has_errors = true,
        }
    }

    fn looks_through_references(&mut self, kind: &Pat, path_value: Option<Value>) -> bool {
        match kind {
            Pat::Missing | Pat::Wild | Pat::Rest | Pat::Bind { .. } | Pat::Ref { .. } | Pat::Or(_) => false,
            Pat::Literal { literal, .. } => !matches!(literal, Literal::Str(_) | Literal::ByteStr(_)),
            Pat::Path(_) => matches!(path_value, Some(Value::Ctor(_))),
            Pat::ConstBlock(_) => false,
            Pat::Range { .. } | Pat::Tuple(_) | Pat::TupleStruct { .. } | Pat::Struct { .. } | Pat::Slice(_) => true,
        }
    }

    fn peel_references(&mut self, pat: PatId, expected: Ty, mode: DefaultMode) -> (Ty, DefaultMode) {
        let mut ty = self.try_structurally_resolve(expected);
        let mut mode = mode;
        let mut peeled = Vec::new();
        while let TyKind::Ref(_, inner, mutability) = ty.kind() {
            peeled.push(ty);
            mode = mode.through(*mutability);
            ty = self.try_structurally_resolve(*inner);
        }
        if !peeled.is_empty() {
            self.tables.pat_adjustments.insert(pat, peeled);
        }
        (ty, mode)
    }

    fn check_binding(&mut self, pat: PatId, local: LocalId, sub: Option<PatId>, expected: Ty, mode: DefaultMode) {
        let span = self.pat_span(pat);
        let written = self.body.locals[local].mode;
        if mode.is_implicit() && (written.by_ref.is_some() || written.mutable) {
            let error = self
                .error_without_code(
                    span,
                    "cannot write explicit binding modifiers within an implicitly-borrowing pattern",
                )
                .label("binding modifier not allowed when implicitly borrowing");
            self.refused_modes.push(error);
        }
        let by_ref = match written.by_ref {
            Some(mutability) => Some(mutability),
            None if written.mutable => None,
            None => mode.by_ref(),
        };
        self.tables.binding_modes.insert(pat, by_ref);
        let ty = match by_ref {
            None => expected,
            Some(Mutability::Not) => Ty::imm_ref(expected),
            Some(Mutability::Mut) => Ty::mut_ref(expected),
        };
        if expected.is_error() && !self.tables.local_ty.contains_idx(local) {
            self.tables.local_ty.insert(local, Ty::error());
            self.has_errors = true;
        }
        if by_ref.is_none() && self.is_known_unsized(expected) {
            self.require_sized(expected, span);
        }
        let local_ty = self.local_ty(local);
        if self.eq(span, local_ty, ty).is_err() {
            self.report_mismatch(span, local_ty, ty);
        }
        if let Some(sub) = sub
            && !matches!(self.body.pats[sub], Pat::Rest)
        {
            self.check_pat(sub, expected, mode);
        } else if let Some(sub) = sub {
            self.tables.pat_ty.insert(sub, expected);
        }
    }

    fn demand_pat_eq(&mut self, pat: PatId, expected: Ty, actual: Ty) -> bool {
        let span = self.pat_span(pat);
        if self.eq(span, expected, actual).is_err() {
            self.report_mismatch(span, expected, actual);
            return false;
        }
        true
    }

    fn literal_pat_ty(&mut self, literal: &Literal, expected: Ty) -> Ty {
        match literal {
            Literal::ByteStr(bytes) => {
                let shape = self.try_structurally_resolve(expected);
                if let TyKind::Ref(_, inner, _) = shape.kind()
                    && let TyKind::Slice(_) = self.try_structurally_resolve(*inner).kind()
                {
                    return Ty::imm_ref(Ty::slice(Ty::u8()));
                }
                Ty::imm_ref(Ty::array(Ty::u8(), bytes.len() as u64))
            }
            _ => self.literal_ty(literal, Some(expected)),
        }
    }

    fn check_range_pat(&mut self, pat: PatId, start: Option<&RangeBound>, end: Option<&RangeBound>, expected: Ty) {
        let span = self.pat_span(pat);
        let mut bad = false;
        for (bound, is_start) in [(start, true), (end, false)] {
            let Some(bound) = bound else { continue };
            let ty = match bound {
                RangeBound::Literal { literal, .. } => self.literal_ty(literal, Some(expected)),
                RangeBound::Path(path) => match self.resolve_value_path(path, span) {
                    Some(resolved) => {
                        self.tables.range_values.insert((pat, is_start), resolved.value);
                        self.value_ty(resolved.value, span)
                    }
                    None => Ty::error(),
                },
            };
            let ty = self.shallow(ty);
            if !ty.is_numeric() && !matches!(ty.kind(), TyKind::Char | TyKind::Error) && !ty.is_ty_var() {
                bad = true;
                let name = self.display(ty);
                let error = self
                    .error(span, "E0029", "only `char` and numeric types are allowed in range patterns")
                    .label(format!("this is of type `{name}` but it should be `char` or numeric"));
                self.emit(error);
                break;
            }
            if !self.demand_pat_eq(pat, expected, ty) {
                bad = true;
            }
        }
        if !bad {
            let ty = self.shallow(expected);
            let fits = ty.is_numeric() || matches!(ty.kind(), TyKind::Char | TyKind::Error) || ty.is_ty_var();
            if !fits {
                let error = self.error(span, "E0029", "only `char` and numeric types are allowed in range patterns");
                self.emit(error);
            }
        }
    }

    fn resolve_pat_path(&mut self, pat: PatId, path: &Path) -> Option<Value> {
        let span = self.pat_span(pat);
        let resolved = self.resolve_value_path(path, span)?;
        match resolved.value {
            Value::Ctor(variant) => self.note_written_pat(pat, variant, resolved.written.args, span),
            Value::Const(..) if !resolved.written.is_empty() => {
                self.tables.pat_user_args.insert(pat, (resolved.written, span));
            }
            _ => {}
        }
        self.tables.pat_values.insert(pat, resolved.value);
        Some(resolved.value)
    }

    fn check_path_pat(&mut self, pat: PatId, value: Option<Value>, expected: Ty) {
        let span = self.pat_span(pat);
        let Some(value) = value else { return };
        let ty = match value {
            Value::Const(..) => self.value_ty(value, span),
            Value::Ctor(variant) => match self.variant_def(variant).ctor {
                CtorKind::Unit => Ty::adt(variant.adt, variant.args),
                CtorKind::Fn | CtorKind::Named => {
                    let name = rgo_hir::diagnostic_path(self.db, variant.def);
                    let code = if self.variant_def(variant).ctor == CtorKind::Fn { "E0532" } else { "E0533" };
                    let error = self
                        .error(span, code, format!("expected unit struct, unit variant or constant, found `{name}`"))
                        .label("not a unit struct, unit variant or constant");
                    self.emit(error);
                    return;
                }
            },
            Value::Fn(def, _) => {
                let error = self
                    .error(
                        span,
                        "E0533",
                        format!(
                            "expected unit struct, unit variant or constant, found associated function `{}`",
                            def.name()
                        ),
                    )
                    .label("not a unit struct, unit variant or constant");
                self.emit(error);
                return;
            }
            Value::Static(def) => {
                let error = self
                    .error(
                        span,
                        "E0532",
                        format!("expected unit struct, unit variant or constant, found static `{}`", def.name()),
                    )
                    .label("not a unit struct, unit variant or constant");
                self.emit(error);
                return;
            }
            Value::ConstParam(_) => {
                let error = self.error(span, "E0158", "const parameters cannot be referenced in patterns");
                self.emit(error);
                return;
            }
        };
        self.demand_pat_eq(pat, expected, ty);
    }

    fn check_ref_pat(&mut self, pat: PatId, mutability: Mutability, inner: PatId, expected: Ty, mode: DefaultMode) {
        let span = self.pat_span(pat);
        let shape = self.try_structurally_resolve(expected);
        if mode.is_implicit() && matches!(shape.kind(), TyKind::Ref(..)) {
            let error = self
                .error_without_code(span, "cannot explicitly dereference within an implicitly-borrowing pattern")
                .label("reference pattern not allowed when implicitly borrowing");
            self.refused_modes.push(error);
        }
        let pointee = match shape.kind() {
            TyKind::Ref(_, referent, _) => Some(*referent),
            TyKind::Adt(def, args) if self.lang("box") == Some(*def) => args.types().next(),
            _ => None,
        };
        if matches!(self.body.pats[inner], Pat::Bind { .. }) && pointee.is_some_and(|ty| self.shallow(ty).is_dyn()) {
            self.report_bound_object(span, shape);
            return self.check_pat(inner, Ty::error(), DefaultMode::Move);
        }
        let inner_ty = match shape.kind() {
            TyKind::Ref(_, referent, own) if *own == mutability => *referent,
            _ => {
                let var = self.ty_var();
                let reference = match mutability {
                    Mutability::Not => Ty::imm_ref(var),
                    Mutability::Mut => Ty::mut_ref(var),
                };
                if self.demand_pat_eq(pat, expected, reference) { var } else { Ty::error() }
            }
        };
        if self.shallow(inner_ty).is_dyn() && !matches!(self.body.pats[inner], Pat::Wild) {
            self.report_bound_object(span, shape);
        }
        self.check_pat(inner, inner_ty, DefaultMode::Move);
    }

    /// E0033.
    fn report_bound_object(&mut self, span: Span, pointer: Ty) {
        let message = format!("type `{}` cannot be dereferenced", self.display(pointer));
        let error = self.error(span, "E0033", message.clone()).label(message);
        self.emit(error);
    }

    fn check_tuple_pat(&mut self, pat: PatId, pats: &[PatId], expected: Ty, mode: DefaultMode) {
        let rest = self.rest_position(pats);
        let given = pats.len() - usize::from(rest.is_some());
        let shape = self.try_structurally_resolve(expected);
        let count = match (shape.kind(), rest) {
            (TyKind::Tuple(items), Some(_)) if items.len() >= given => items.len(),
            _ => given,
        };
        if rest.is_some() && shape.is_ty_var() {
            let span = self.pat_span(pat);
            self.structurally_resolve(span, shape);
        }
        let vars: Vec<Ty> = match shape.kind() {
            TyKind::Tuple(items) if items.len() == count => items.to_vec(),
            _ => (0..count).map(|_| self.ty_var()).collect(),
        };
        let fits = self.demand_pat_eq(pat, expected, Ty::tuple(&vars));
        for (index, sub) in positions(pats, rest, count) {
            let ty = if fits { vars[index] } else { Ty::error() };
            self.check_pat(sub, ty, mode);
        }
    }

    fn rest_position(&self, pats: &[PatId]) -> Option<usize> {
        pats.iter().position(|&pat| matches!(self.body.pats[pat], Pat::Rest))
    }

    /// The struct or variant that a pattern's path names.
    fn resolve_pat_variant(&mut self, pat: PatId, path: &Path) -> Option<VariantRef> {
        let span = self.pat_span(pat);
        let (variant, user_args) = self.resolve_variant_path(path, span)?;
        self.note_written_pat(pat, variant, user_args, span);
        self.tables.pat_variants.insert(pat, variant);
        Some(variant)
    }

    /// Remembers the type that the path of a struct or variant names, with the regions that the user wrote.
    fn note_written_pat(&mut self, pat: PatId, variant: VariantRef, written: Option<Args>, span: Span) {
        if let Some(args) = written {
            self.tables.pat_user_types.insert(pat, (Ty::adt(variant.adt, args), span));
        }
    }

    fn check_tuple_struct_pat(&mut self, pat: PatId, path: &Path, pats: &[PatId], expected: Ty, mode: DefaultMode) {
        let span = self.pat_span(pat);
        let resolved = self.resolve_value_path(path, span);
        let written = resolved.as_ref().and_then(|resolved| resolved.written.args);
        let variant = match resolved.map(|resolved| resolved.value) {
            Some(Value::Ctor(variant)) if self.variant_def(variant).ctor == CtorKind::Fn => variant,
            None => {
                self.check_all_pats(pats, mode);
                return;
            }
            Some(other) => {
                let (code, what) = match other {
                    Value::Ctor(variant) => {
                        let is_named = self.variant_def(variant).ctor == CtorKind::Named;
                        let what = if is_named { "struct variant" } else { "unit variant" };
                        match is_named {
                            // Found by a type only.
                            _ if path.unresolved > 0 => ("E0164", what),
                            true => ("E0769", what),
                            false => ("E0532", what),
                        }
                    }
                    Value::Fn(..) => ("E0164", "function"),
                    Value::Const(def, _) if def.kind() == DefKind::AssocConst => ("E0164", "associated constant"),
                    Value::Const(..) | Value::Static(_) | Value::ConstParam(_) => ("E0532", "constant"),
                };
                let error = self
                    .error(span, code, format!("expected tuple struct or tuple variant, found {what}"))
                    .label("not a tuple struct or tuple variant");
                self.emit(error);
                self.check_all_pats(pats, mode);
                return;
            }
        };
        self.note_written_pat(pat, variant, written, span);
        self.tables.pat_variants.insert(pat, variant);
        let fits = self.demand_pat_eq(pat, expected, Ty::adt(variant.adt, variant.args));
        let fields = self.field_types(variant, span);
        let rest = self.rest_position(pats);
        let given = pats.len() - usize::from(rest.is_some());
        if given > fields.len() || (rest.is_none() && given != fields.len()) {
            let name = rgo_hir::diagnostic_path(self.db, variant.def);
            let error = self
                .error(
                    span,
                    "E0023",
                    format!(
                        "this pattern has {given} field{}, but the corresponding tuple {} has {} field{}",
                        plural(given),
                        if variant.def.kind() == DefKind::Variant { "variant" } else { "struct" },
                        fields.len(),
                        plural(fields.len())
                    ),
                )
                .label(format!("`{name}` has {} field{}", fields.len(), plural(fields.len())));
            self.emit(error);
            self.check_all_pats(pats, mode);
            return;
        }
        for (index, sub) in positions(pats, rest, fields.len()) {
            let ty = if fits { fields[index] } else { Ty::error() };
            self.check_pat(sub, ty, mode);
        }
    }

    fn check_all_pats(&mut self, pats: &[PatId], mode: DefaultMode) {
        for &sub in pats {
            if !matches!(self.body.pats[sub], Pat::Rest) {
                self.check_pat(sub, Ty::error(), mode);
            }
        }
    }

    fn check_struct_pat(
        &mut self,
        pat: PatId,
        path: &Path,
        fields: &[(Name, PatId)],
        rest: HasRest,
        expected: Ty,
        mode: DefaultMode,
    ) {
        let span = self.pat_span(pat);
        let Some(variant) = self.resolve_pat_variant(pat, path) else {
            for (_, sub) in fields {
                self.check_pat(*sub, Ty::error(), mode);
            }
            return;
        };
        let def = self.variant_def(variant);
        if def.ctor == CtorKind::Fn && fields.iter().any(|(name, _)| name.as_str().parse::<u32>().is_err()) {
            let name = rgo_hir::diagnostic_path(self.db, variant.def);
            let error = self
                .error(span, "E0769", format!("tuple variant `{name}` written as struct variant"))
                .help(format!("use the tuple variant pattern syntax: `{name}(…)`"));
            self.emit(error);
            for (_, sub) in fields {
                self.check_pat(*sub, Ty::error(), mode);
            }
            return;
        }
        let fits = self.demand_pat_eq(pat, expected, Ty::adt(variant.adt, variant.args));
        let types = self.field_types(variant, span);
        let mut seen: FxHashMap<Name, Span> = FxHashMap::default();
        let mut unknown: Vec<(Name, Span)> = Vec::new();
        for (position, (name, sub)) in fields.iter().enumerate() {
            let name_span = self.pat_field_span(pat, position, *sub);
            let index = def.fields.iter().position(|field| field.name == *name);
            let ty = match index {
                Some(index) => {
                    if let Some(first) = seen.insert(*name, name_span) {
                        let error = self
                            .error(name_span, "E0025", format!("field `{name}` bound multiple times in the pattern"))
                            .label(format!("multiple uses of `{name}` in pattern"))
                            .secondary(self.owner, first, format!("first use of `{name}`"));
                        self.emit(error);
                    }
                    if !rgo_hir::visible_from(self.db, def.fields[index].def, self.scope) {
                        self.report_private_field(name_span, variant, *name);
                    }
                    types[index]
                }
                None => {
                    unknown.push((*name, name_span));
                    Ty::error()
                }
            };
            self.check_pat(*sub, if fits { ty } else { Ty::error() }, mode);
        }
        let mut missing: Vec<Name> = match rest {
            HasRest::No => def.fields.iter().map(|field| field.name).filter(|name| !seen.contains_key(name)).collect(),
            HasRest::Yes => Vec::new(),
        };
        self.report_unknown_pat_fields(variant, &unknown, &mut missing);
        if !missing.is_empty() {
            self.report_missing_pat_fields(span, def, &missing);
        }
    }

    /// One error for all of them. A missing field that was probably meant is none any more.
    fn report_unknown_pat_fields(&mut self, variant: VariantRef, unknown: &[(Name, Span)], missing: &mut Vec<Name>) {
        let [others @ .., (_, last)] = unknown else { return };
        let path = rgo_hir::diagnostic_path(self.db, variant.def);
        let kind = if variant.def.kind() == DefKind::Variant { "variant" } else { "struct" };
        let names = unknown.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let what = if others.is_empty() { format!("a field named {names}") } else { format!("fields named {names}") };
        let label = format!("{kind} `{path}` does not have {} field{}", these(unknown.len()), plural(unknown.len()));
        let mut error = self.error(*last, "E0026", format!("{kind} `{path}` does not have {what}")).label(&label);
        for (_, span) in others {
            error = error.secondary(self.owner, *span, "nor this one");
        }
        if let Some((name, _)) = unknown.last()
            && let Some(meant) = rgo_hir::nearest(*name, missing.iter().copied())
        {
            error = error.help(format!("a field with a similar name exists: `{meant}`"));
            if meant.as_str().parse::<usize>().is_err() {
                missing.retain(|name| *name != meant);
            }
        }
        self.emit(error);
    }

    fn report_missing_pat_fields(&mut self, span: Span, def: &VariantDef, missing: &[Name]) {
        let private = def
            .fields
            .iter()
            .filter(|field| missing.contains(&field.name))
            .all(|field| !rgo_hir::visible_from(self.db, field.def, self.scope));
        let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let error = if private {
            self.error_without_code(span, "pattern requires `..` due to inaccessible fields")
        } else {
            self.error(span, "E0027", format!("pattern does not mention field{} {list}", plural(missing.len())))
                .label(format!("missing field{} {list}", plural(missing.len())))
        };
        self.emit(error);
    }

    fn check_slice_pat(&mut self, pat: PatId, pats: &[PatId], expected: Ty, mode: DefaultMode) {
        let span = self.pat_span(pat);
        let is_rest = |fcx: &Self, pat: PatId| match fcx.body.pats[pat] {
            Pat::Rest => true,
            Pat::Bind { sub: Some(sub), .. } => matches!(fcx.body.pats[sub], Pat::Rest),
            _ => false,
        };
        let rest = pats.iter().position(|&pat| is_rest(self, pat));
        let given = pats.len() - usize::from(rest.is_some());
        let mut shape = self.try_structurally_resolve(expected);
        if shape.is_ty_var() && self.in_irrefutable_pat && rest.is_none() {
            // No slice has a known length, so it is an array's.
            let elem = self.ty_var();
            let _ = self.eq(span, shape, Ty::array(elem, given as u64));
        }
        shape = self.structurally_resolve(span, shape);
        let (elem, rest_ty) = match shape.kind() {
            TyKind::Slice(elem) => (*elem, Ty::slice(*elem)),
            TyKind::Array(elem, len) => {
                let rest_len = self.check_array_len(span, given, rest.is_some(), *len);
                (*elem, Ty::array_of(*elem, rest_len))
            }
            TyKind::Error => (Ty::error(), Ty::error()),
            _ => {
                let name = self.display(shape);
                let error = self
                    .error(span, "E0529", format!("expected an array or slice, found `{name}`"))
                    .label(format!("pattern cannot match with input type `{name}`"));
                self.emit(error);
                (Ty::error(), Ty::error())
            }
        };
        for (index, &sub) in pats.iter().enumerate() {
            let ty = if Some(index) == rest { rest_ty } else { elem };
            self.check_pat(sub, ty, mode);
        }
    }

    /// The length of what `..` matches.
    fn check_array_len(&mut self, span: Span, given: usize, has_rest: bool, len: Const) -> Const {
        let len = self.resolve(len);
        match len.as_usize() {
            Some(len) if has_rest => {
                if let Some(rest) = len.checked_sub(given as u64) {
                    return Const::usize(rest);
                }
                let error = self
                    .error(
                        span,
                        "E0528",
                        format!("pattern requires at least {given} element{} but array has {len}", plural(given)),
                    )
                    .label(format!("pattern cannot match array of {len} element{}", plural(len as usize)));
                self.emit(error);
                Const::error()
            }
            Some(len) => {
                if len != given as u64 {
                    let error = self
                        .error(
                            span,
                            "E0527",
                            format!("pattern requires {given} element{} but array has {len}", plural(given)),
                        )
                        .label(format!("expected {len} element{}", plural(len as usize)));
                    self.emit(error);
                }
                Const::usize(0)
            }
            None if has_rest => {
                let error = self.error(span, "E0730", "cannot pattern-match on an array without a fixed length");
                self.emit(error);
                Const::error()
            }
            None => {
                if self.eq_const(len, Const::usize(given as u64)).is_err() {
                    let error = self.error(span, "E0730", "cannot pattern-match on an array without a fixed length");
                    self.emit(error);
                }
                Const::usize(0)
            }
        }
    }

    /// The struct or variant for `Path { .. }` in expressions and patterns, and its arguments as written, where there are some.
    pub fn resolve_variant_path(&mut self, path: &Path, span: Span) -> Option<(VariantRef, Option<Args>)> {
        if path.unresolved == 0
            && let Res::Def(def) = path.res
            && matches!(def.kind(), DefKind::Struct | DefKind::Variant)
        {
            return self.variant_of_path(path, def, span);
        }
        let segments = &path.ast.path.segments;
        let count = segments.len().saturating_sub(path.unresolved);
        let (mut ty, mut user) = self.path_base_ty(path, count, span)?;
        for (offset, segment) in segments[count..].iter().enumerate() {
            let is_last = count + offset + 1 == segments.len();
            let shape = self.try_structurally_resolve(ty);
            if is_last
                && let TyKind::Adt(adt, args) = shape.kind()
                && self.adt_def(*adt).kind == crate::ty::AdtKind::Enum
            {
                let index = self.adt_def(*adt).variants.iter().position(|variant| variant.name == segment.ident.name);
                return match index {
                    Some(index) => {
                        let def = self.adt_def(*adt).variants[index].def;
                        let written = user.and_then(adt_args);
                        Some((VariantRef { def, adt: *adt, index: index as u32, args: *args }, written))
                    }
                    None => {
                        let name = self.display(shape);
                        let error = self
                            .error(
                                segment.ident.span,
                                "E0599",
                                format!("no variant named `{}` found for enum `{name}`", segment.ident.name),
                            )
                            .label("variant not found");
                        self.emit(error);
                        None
                    }
                };
            }
            ty = self.assoc_ty_of(ty, segment, path.scope);
            user = None;
        }
        let shape = self.structurally_resolve(span, ty);
        match shape.kind() {
            TyKind::Adt(adt, args) if self.adt_def(*adt).kind == crate::ty::AdtKind::Struct => {
                let written = user.and_then(adt_args);
                Some((VariantRef { def: *adt, adt: *adt, index: 0, args: *args }, written))
            }
            TyKind::Error => None,
            _ => {
                let name = self.display(shape);
                let error = self
                    .error(span, "E0071", format!("expected struct, variant or union type, found `{name}`"))
                    .label("not a struct");
                self.emit(error);
                None
            }
        }
    }

    /// The types of a variant's fields for its arguments.
    pub fn field_types(&mut self, variant: VariantRef, span: Span) -> Vec<Ty> {
        let def = self.variant_def(variant);
        def.fields
            .iter()
            .map(|field| {
                let ty = field.ty.subst(variant.args).erase_regions();
                self.normalize(span, ty)
            })
            .collect()
    }

    pub fn report_private_field(&mut self, span: Span, variant: VariantRef, name: Name) {
        let path = rgo_hir::diagnostic_path(self.db, variant.def);
        let message = format!("field `{name}` of struct `{path}` is private");
        let error = self.error(span, "E0451", message).label("private field").late();
        self.emit(error);
    }

    pub fn variant_index(&self, adt: DefId, def: DefId) -> Option<u32> {
        self.adt_def(adt).variants.iter().position(|variant| variant.def == def).map(|index| index as u32)
    }
}

/// The positions that the sub-patterns of a tuple match, `..` skipped.
pub fn positions(pats: &[PatId], rest: Option<usize>, count: usize) -> Vec<(usize, PatId)> {
    match rest {
        None => pats.iter().copied().enumerate().take(count).collect(),
        Some(rest) => {
            let behind = pats.len() - rest - 1;
            let front = pats[..rest].iter().copied().enumerate();
            let back =
                pats[rest + 1..].iter().copied().enumerate().map(|(i, pat)| (count.saturating_sub(behind) + i, pat));
            front.chain(back).filter(|(index, _)| *index < count).collect()
        }
    }
}

fn these(count: usize) -> &'static str {
    if count == 1 { "this" } else { "these" }
}

pub fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}
