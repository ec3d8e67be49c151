//! Places and types in the words of the program.

use rgo_mir::{AggregateKind, LocalKind, Place, Projection, Rvalue, StatementKind, project_ty};
use rgo_syntax::Span;
use rgo_typeck::thir::CaptureBy;
use rgo_typeck::ty::{Ty, TyKind};

use crate::check::Checker;

impl Checker<'_, '_> {
    /// The place as one would write it; `None` for temporaries.
    pub fn describe(&self, place: &Place) -> Option<String> {
        self.describe_prefix(place, place.projection.len(), false)
    }

    /// As [`Checker::describe`], in backticks, or `value`.
    pub fn describe_or_value(&self, place: &Place) -> String {
        match self.describe(place) {
            Some(name) => format!("`{name}`"),
            None => "value".to_owned(),
        }
    }

    fn describe_prefix(&self, place: &Place, count: usize, through_field: bool) -> Option<String> {
        let Some(last) = count.checked_sub(1) else { return self.local_name(place.local) };
        if let Some(upvar) = self.upvar_at(place, count) {
            let by_ref = matches!(self.body.mir.upvars[upvar as usize].by, CaptureBy::Ref(_));
            if !by_ref || place.projection[last] == Projection::Deref {
                return self.upvar_name(upvar);
            }
        }
        match &place.projection[last] {
            Projection::Deref => {
                let base = &self.body.mir.locals[place.local].kind;
                match base {
                    LocalKind::GuardRef { of } if last == 0 => return self.outer_name(*of),
                    LocalKind::StaticRef(def) if last == 0 => return Some(def.name().to_string()),
                    _ => {}
                }
                let inner = self.describe_prefix(place, last, through_field)?;
                Some(if through_field { inner } else { format!("*{inner}") })
            }
            Projection::Downcast(_) => self.describe_prefix(place, last, through_field),
            Projection::Field { index, .. } => {
                let base = self.describe_prefix(place, last, true)?;
                Some(format!("{base}.{}", self.field_name(place, last, *index)))
            }
            Projection::Index(_) => Some(format!("{}[_]", self.describe_prefix(place, last, true)?)),
            Projection::ConstantIndex { .. } | Projection::Subslice { .. } => {
                Some(format!("{}[..]", self.describe_prefix(place, last, true)?))
            }
        }
    }

    pub fn local_name(&self, local: rgo_mir::LocalId) -> Option<String> {
        match &self.body.mir.locals[local].kind {
            LocalKind::User { name, thir, .. } => {
                let synthetic = self.body.thir.locals.get(*thir).is_some_and(|variable| variable.synthetic);
                (!synthetic).then(|| name.to_string())
            }
            LocalKind::Param { name: Some(name), .. } => Some(name.to_string()),
            LocalKind::GuardRef { .. }
            | LocalKind::Return
            | LocalKind::Param { name: None, .. }
            | LocalKind::Temp { .. }
            | LocalKind::ClosureEnv
            | LocalKind::Outer(_)
            | LocalKind::StaticRef(_)
            | LocalKind::FakeBorrow => None,
        }
    }

    pub fn upvar_name(&self, upvar: u32) -> Option<String> {
        let capture = self.body.mir.upvars.get(upvar as usize)?;
        let mut name = self.outer_name(capture.place.local)?;
        let mut ty = self.outer_variable(capture.place.local).map(|variable| variable.ty);
        let mut derefs = 0;
        for projection in &capture.place.projections {
            match projection {
                rgo_typeck::thir::CaptureProjection::Field { index, ty: field } => {
                    derefs = 0;
                    let text = match ty.map(|ty| ty.kind()) {
                        Some(TyKind::Adt(adt, _)) => rgo_typeck::collect::adt_def(self.regions.db, *adt)
                            .variants
                            .first()
                            .and_then(|variant| variant.fields.get(*index as usize))
                            .map_or_else(|| index.to_string(), |field| field.name.to_string()),
                        _ => index.to_string(),
                    };
                    name = format!("{name}.{text}");
                    ty = Some(*field);
                }
                rgo_typeck::thir::CaptureProjection::Deref { ty: inner } => {
                    derefs += 1;
                    ty = Some(*inner);
                }
            }
        }
        Some(format!("{}{name}", "*".repeat(derefs)))
    }

    /// The place of an expression in a message: of a closure, its head.
    pub fn shown_span(&self, span: Span) -> Span {
        let blocks = self.bodies.iter().flat_map(|body| body.mir.blocks.iter());
        let statements = blocks.flat_map(|(_, block)| &block.statements);
        let mut closures = statements.filter_map(|statement| match &statement.kind {
            StatementKind::Assign(_, Rvalue::Aggregate(AggregateKind::Closure(def, _), _)) => {
                Some((*def, statement.span))
            }
            _ => None,
        });
        let found = closures.find(|(_, whole)| *whole == span);
        found.map_or(span, |(def, _)| rgo_hir::def_span(self.regions.db, def))
    }

    fn field_name(&self, place: &Place, base: usize, index: u32) -> String {
        let mut ty = self.body.mir.locals[place.local].ty;
        let mut variant = 0;
        for elem in &place.projection[..base] {
            variant = match elem {
                Projection::Downcast(variant) => *variant,
                _ => 0,
            };
            ty = project_ty(ty, elem);
        }
        match ty.kind() {
            TyKind::Adt(adt, _) => {
                let def = rgo_typeck::collect::adt_def(self.regions.db, *adt);
                let field = def.variants.get(variant as usize).and_then(|variant| variant.fields.get(index as usize));
                field.map_or_else(|| index.to_string(), |field| field.name.to_string())
            }
            _ => index.to_string(),
        }
    }

    pub fn display_ty(&self, ty: Ty) -> String {
        rgo_typeck::ty::display::display_ty(self.regions.db, ty)
    }
}
