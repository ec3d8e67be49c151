//! Loops over a `HashMap` or `HashSet` that is a Go map: Go's `range`.

use rgo_hir::body::{LabelId as SourceLabel, Mutability};
use rgo_mir::ScopeExit;
use rgo_typeck::thir::{ExprId, ExprKind, PatId};
use rgo_typeck::ty::{Region, Ty, TyKind};

use super::matching::Subject;
use super::*;
use crate::mono::forms::RefForm;
use crate::mono::maps::MapForm;

/// What a loop or method goes over, of a map.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Part {
    Entries,
    Keys,
    Values,
}

/// How it comes out.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum By {
    Value,
    Ref(Mutability),
}

/// The source of a loop over a map.
pub(super) struct MapLoop {
    pub(super) map: ExprId,
    pub(super) part: Part,
    pub(super) by: By,
    /// The map is emptied.
    pub(super) drains: bool,
}

impl Lower<'_, '_> {
    /// `for … in` a Go map, its keys or its values.
    pub(super) fn map_loop(&mut self, label: SourceLabel, pat: PatId, iter: ExprId, body: ExprId) -> bool {
        let Some(source) = self.map_source(iter) else { return false };
        let ty = self.expr_ty(source.map);
        let target = self.pointee(ty).unwrap_or(ty);
        let Some(of) = self.native_map(target) else { return false };
        let value = self.value(source.map);
        let mut map = self.follow(value, ty);
        if source.drains {
            let place = map.clone();
            map = self.temp("drained", map);
            let form = self.go_ty(target);
            self.emit(StmtKind::assign(place, Expr::composite(form, Vec::new())));
        }
        let writes = source.by == By::Ref(Mutability::Mut) && of.form == MapForm::Values && source.part != Part::Keys;
        if writes && !super::expr::is_repeatable(&map) {
            map = self.temp("m", map);
        }
        let (key_pat, value_pat) = self.entry_patterns(pat, source.part);
        let go_label = self.enter_loop(label, Dest::Discard);
        // A pattern for the pair as a whole wants both.
        let is_whole = source.part == Part::Entries
            && !matches!(self.body.pats[pat].kind, thir::PatKind::Wild | thir::PatKind::Leaf { .. });
        let key_needed = key_pat.is_some() || writes || is_whole;
        let key_form = self.cx_ref_form(of.key, source.by);
        let key = self.loop_var(key_pat, "k", key_form);
        // Where the map holds pointers, the loop's variable is a reference.
        let value_form = match (of.form, source.by) {
            (MapForm::Pointers, By::Ref(mutability)) if self.cx.ref_form(of.value, mutability) == RefForm::Pointer => {
                RefForm::Value
            }
            (MapForm::Pointers, _) => RefForm::Pointer,
            _ => self.cx_ref_form(of.value, source.by),
        };
        let value = self.loop_var(value_pat, "v", value_form);
        let key_item = match source.by {
            By::Value => Expr::Var(key),
            By::Ref(_) => self.reference(Expr::Var(key), of.key, Mutability::Not),
        };
        let value_item = match (source.by, of.form) {
            (By::Value, MapForm::Pointers) => Expr::Var(value).deref(),
            (By::Value, _) => Expr::Var(value),
            (By::Ref(mutability), MapForm::Pointers) => self.reference(Expr::Var(value).deref(), of.value, mutability),
            (By::Ref(Mutability::Mut), _) => self.map_entry(map.clone(), Expr::Var(key), of).addr(),
            (By::Ref(Mutability::Not), _) => self.reference(Expr::Var(value), of.value, Mutability::Not),
        };
        let stmts = self.block(|lower| {
            lower.bind_map_item(pat, (key_pat, value_pat), (key_item, value_item), source.part, source.by, of);
            lower.scoped_into(body, &Dest::Discard, ScopeExit::ExprEnd(body));
        });
        let value_needed = source.part != Part::Keys && !writes;
        self.leave_loop(
            go_label,
            StmtKind::Range(Box::new(Range {
                key: key_needed.then_some(key),
                value: value_needed.then_some(value),
                expr: map,
                body: stmts,
            })),
        );
        true
    }

    fn cx_ref_form(&mut self, ty: Ty, by: By) -> RefForm {
        match by {
            By::Value => RefForm::Value,
            By::Ref(_) => self.cx.ref_form(ty, Mutability::Not),
        }
    }

    /// The loop's variable for a part: the user's own, where it holds what the user's does.
    fn loop_var(&mut self, pat: Option<PatId>, name: &str, form: RefForm) -> VarId {
        let local = pat.and_then(|pat| self.simple_binding(pat));
        match local {
            Some(local) if form == RefForm::Value => self.new_local(local),
            Some(local) => {
                let user = self.body.locals.get(local).map_or(name, |l| l.name.as_str());
                let var = self.locals.user(if user.is_empty() { name } else { user });
                self.map_copies.insert(var);
                var
            }
            None => self.locals.temporary(name),
        }
    }

    fn bind_map_item(
        &mut self,
        pat: PatId,
        pats: (Option<PatId>, Option<PatId>),
        items: (Expr, Expr),
        part: Part,
        by: By,
        of: MapTy,
    ) {
        let ref_ty = |ty: Ty, mutability: Mutability| Ty::new(TyKind::Ref(Region::erased(), ty, mutability));
        let (key_ty, value_ty) = match by {
            By::Value => (of.key, of.value),
            By::Ref(mutability) => (ref_ty(of.key, Mutability::Not), ref_ty(of.value, mutability)),
        };
        let is_whole = part == Part::Entries && pats == (None, None);
        if is_whole {
            if matches!(self.body.pats[pat].kind, thir::PatKind::Wild | thir::PatKind::Leaf { .. }) {
                return;
            }
            let ty = Ty::tuple(&[key_ty, value_ty]);
            let parts = vec![Subject::Place(items.0, key_ty), Subject::Place(items.1, value_ty)];
            let mut bindings = Vec::new();
            self.test(pat, &Subject::Tuple(parts, ty), &mut bindings);
            return self.bind_all(&bindings);
        }
        for (pat, item, ty) in [(pats.0, items.0, key_ty), (pats.1, items.1, value_ty)] {
            let Some(pat) = pat else { continue };
            match self.simple_binding(pat) {
                // The loop's variable is the user's.
                Some(local) if matches!(self.slots.get(&local), Some(Slot::Var(var)) if item == Expr::Var(*var)) => {}
                Some(local) if self.alias_of_entry(local, &item) => {}
                _ => {
                    let mut bindings = Vec::new();
                    self.test(pat, &Subject::Place(item, ty), &mut bindings);
                    self.bind_all(&bindings);
                }
            }
        }
    }

    /// The patterns for key and value that stand in the loop's pattern.
    fn entry_patterns(&self, pat: PatId, part: Part) -> (Option<PatId>, Option<PatId>) {
        let named = |pat: &PatId| !matches!(self.body.pats[*pat].kind, thir::PatKind::Wild);
        match (part, &self.body.pats[pat].kind) {
            (Part::Keys, _) => (Some(pat).filter(named), None),
            (Part::Values, _) => (None, Some(pat).filter(named)),
            (Part::Entries, thir::PatKind::Leaf { fields }) => {
                let field = |index: u32| fields.iter().find(|(i, _)| *i == index).map(|(_, pat)| *pat).filter(named);
                (field(0), field(1))
            }
            _ => (None, None),
        }
    }

    /// The map under `&m`, `m.iter()`, `m.keys()` and so on.
    pub(super) fn map_source(&mut self, iter: ExprId) -> Option<MapLoop> {
        let ExprKind::Call { callee, args, .. } = &self.body.exprs[iter].kind else { return None };
        let ExprKind::FnItem { def, .. } = &self.body.exprs[*callee].kind else { return None };
        let source = *args.first()?;
        let is_into_iter =
            def.name().as_str() == "into_iter" && def.parent().is_some_and(|p| self.cx.is_lang(p, "into_iterator"));
        let ty = self.expr_ty(source);
        if is_into_iter {
            let (target, by) = match ty.kind() {
                TyKind::Ref(_, inner, mutability) => (*inner, By::Ref(*mutability)),
                _ => (ty, By::Value),
            };
            return match self.cx.adt_lang(target) {
                Some("hash_map") => Some(MapLoop { map: source, part: Part::Entries, by, drains: false }),
                Some("hash_set") => Some(MapLoop { map: source, part: Part::Keys, by, drains: false }),
                _ => self.map_source(source),
            };
        }
        let shared = By::Ref(Mutability::Not);
        let (part, by, drains) = match self.cx.lang_of(*def)? {
            "hash_map_iter" => (Part::Entries, shared, false),
            "hash_map_iter_mut" => (Part::Entries, By::Ref(Mutability::Mut), false),
            "hash_map_keys" | "hash_set_iter" => (Part::Keys, shared, false),
            "hash_map_values" => (Part::Values, shared, false),
            "hash_map_values_mut" => (Part::Values, By::Ref(Mutability::Mut), false),
            "hash_map_into_keys" => (Part::Keys, By::Value, false),
            "hash_map_into_values" => (Part::Values, By::Value, false),
            "hash_map_drain" => (Part::Entries, By::Value, true),
            "hash_set_drain" => (Part::Keys, By::Value, true),
            _ => return None,
        };
        Some(MapLoop { map: source, part, by, drains })
    }
}
