//! Names for the lifetimes that an error speaks of, and where each of them comes from.

use rgo_hir::DefId;
use rgo_syntax::Span;
use rgo_typeck::collect;
use rgo_typeck::error::TypeError;
use rgo_typeck::ty::{BoundRegionKind, GenericParamKind};

use super::region::mentions;
use crate::context::{BodyCx, Regions};
use crate::regions::constraint::RegionVid;
use crate::regions::universal::UniversalKind;

/// What an error calls a lifetime.
pub struct RegionName {
    /// `'a`, or `'1` where the program gives it no name.
    pub text: String,
    /// Where it is declared, or the parameter whose type has it.
    origin: Option<(DefId, Span, String)>,
}

impl RegionName {
    /// Points to where the lifetime comes from.
    pub fn with_origin(&self, error: TypeError) -> TypeError {
        match &self.origin {
            Some((def, span, label)) => error.secondary(*def, *span, label.clone()),
            None => error,
        }
    }
}

/// The name of a universal region; `number` is for one without a name of its own. `None` for one that nobody could look up.
pub fn region_name(regions: &Regions<'_>, bodies: &[BodyCx<'_>], vid: RegionVid, number: u32) -> Option<RegionName> {
    let universal = regions.universals.get(vid)?;
    if let Some(text) = regions.universals.name(vid) {
        let declared = match universal.kind {
            UniversalKind::Late { var, .. } => match var.kind {
                BoundRegionKind::Named(def) => Some(def),
                _ => None,
            },
            UniversalKind::Early { .. } => early_param(regions, &text),
            _ => None,
        };
        let origin = declared
            .map(|def| (def, rgo_hir::def_span(regions.db, def), format!("lifetime `{text}` is declared here")));
        return Some(RegionName { text, origin });
    }
    let (param, span) = param_with(bodies, vid, universal.body)?;
    let text = format!("'{number}");
    let label = match param.as_str() {
        "self" => format!("let `{text}` be the lifetime of this reference to `self`"),
        _ => format!("let `{text}` be the lifetime of the reference in `{param}`"),
    };
    Some(RegionName { text, origin: Some((regions.owner, span, label)) })
}

/// The early bound lifetime parameter of this name in the scope of the function.
fn early_param(regions: &Regions<'_>, name: &str) -> Option<DefId> {
    let mut found = None;
    collect::for_each_param(regions.db, regions.owner, &mut |param| {
        let is_it = matches!(param.kind, GenericParamKind::Lifetime)
            && param.name.as_str().trim_start_matches('\'') == name.trim_start_matches('\'');
        if is_it {
            found = Some(param.def);
        }
    });
    found
}

/// A parameter of the body with the region in its type.
pub fn param_with(bodies: &[BodyCx<'_>], region: RegionVid, body: u32) -> Option<(String, Span)> {
    let body = bodies.get(body as usize)?;
    let param =
        body.mir.params.iter().find(|param| mentions(body.locals[u32::from(param.into_raw()) as usize], region))?;
    let decl = &body.mir.locals[*param];
    match &decl.kind {
        rgo_mir::LocalKind::Param { name: Some(name), .. } => Some((name.to_string(), decl.span)),
        rgo_mir::LocalKind::Param { name: None, .. } => Some(("_".to_owned(), decl.span)),
        _ => None,
    }
}
