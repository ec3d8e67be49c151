//! `match` as `switch`: on a tag, number, character or string, where every arm is a set of constants.

use rgo_typeck::thir::{ArmId, PatId, PatKind};
use rgo_typeck::ty::{ConstValue, TyKind};

use super::matching::{Subject, auto_deref};
use super::*;
use crate::mono::adt::LayoutKind;

impl Lower<'_, '_> {
    /// `switch` on a tag, number, character or string, where every arm is a set of constants.
    pub(super) fn try_switch(&mut self, subject: &Subject, arms: &[ArmId], dest: &Dest, pos: Option<Pos>) -> bool {
        if arms.len() < 3 || arms.iter().any(|arm| self.body.arms[*arm].guard.is_some()) {
            return false;
        }
        let Some((tag, base)) = self.switch_tag(subject, self.arm_pat(arms[0])) else { return false };
        let mut seen: Vec<Expr> = Vec::new();
        let mut cases = Vec::new();
        for arm in arms {
            let pat = self.arm_pat(*arm);
            let Some(keys) = self.switch_keys(pat, &base) else { return false };
            cases.push((*arm, keys));
        }
        // A variant that is known by name chooses its arm here.
        let chosen = match &tag {
            Expr::Name(_) | Expr::Imported(..) => {
                cases.iter().position(|(_, keys)| keys.as_ref().is_none_or(|keys| keys.contains(&tag)))
            }
            _ => None,
        };
        if let Some(chosen) = chosen {
            let arm = cases[chosen].0;
            let mut bindings = Vec::new();
            let pat = self.body.arms[arm].pat;
            self.test(pat, subject, &mut bindings);
            self.bind_all(&bindings);
            self.arm_body(arm, dest);
            return true;
        }
        let mut out: Vec<Case> = Vec::new();
        for (arm, keys) in cases {
            let mut bindings = Vec::new();
            let pat = self.arm_pat(arm);
            let arm_pos = self.pos_of(self.body.exprs[self.body.arms[arm].body].span);
            self.note_arm(arm);
            self.test(pat, subject, &mut bindings);
            let body = self.block(|lower| {
                lower.bind_all(&bindings);
                lower.arm_body(arm, dest);
            });
            match keys {
                None => {
                    out.push(Case { pos: arm_pos, exprs: Vec::new(), body });
                    break;
                }
                Some(keys) => {
                    let fresh: Vec<Expr> = keys.into_iter().filter(|key| !seen.contains(key)).collect();
                    if fresh.is_empty() {
                        continue;
                    }
                    seen.extend(fresh.iter().cloned());
                    out.push(Case { pos: arm_pos, exprs: fresh, body });
                }
            }
        }
        self.pos = pos;
        self.emit(StmtKind::Switch(Box::new(Switch { init: None, tag: Some(tag), cases: out })));
        true
    }

    /// What to switch on, and the place that the patterns look at once references are followed.
    pub(super) fn switch_tag(&mut self, subject: &Subject, pat: PatId) -> Option<(Expr, Subject)> {
        let (mut place, mut ty) = match subject {
            Subject::Place(place, ty) => (place.clone(), *ty),
            Subject::Option(..) | Subject::Result(..) | Subject::Tuple(..) | Subject::Ref(..) => return None,
        };
        let mut pat = pat;
        loop {
            match &self.body.pats[pat].kind {
                PatKind::Deref { pat: inner } => {
                    let target = self.pointee(ty)?;
                    place = self.follow(place, ty);
                    ty = target;
                    pat = *inner;
                }
                PatKind::Or(pats) => pat = *pats.first()?,
                _ => break,
            }
        }
        let tag = match ty.kind() {
            TyKind::Int(_) | TyKind::Uint(_) | TyKind::Char => place.clone(),
            TyKind::Ref(_, inner, _) if inner.is_str() => place.clone(),
            TyKind::Str => place.clone(),
            TyKind::Adt(..) if self.cx.option_payload(ty).is_none() && self.cx.result_payload(ty).is_none() => {
                let layout = self.cx.layout(ty)?;
                match layout.kind {
                    LayoutKind::Plain => place.clone(),
                    LayoutKind::Tagged => {
                        self.cx.meet_member(&layout.name, &layout.tag);
                        auto_deref(place.clone()).select(&layout.tag)
                    }
                    LayoutKind::Struct => return None,
                }
            }
            _ => return None,
        };
        Some((tag, Subject::Place(place, ty)))
    }

    /// The constants of an arm (`None` inside: everything); nothing if the arm asks for more than constants.
    pub(super) fn switch_keys(&mut self, pat: PatId, base: &Subject) -> Option<Option<Vec<Expr>>> {
        match &self.body.pats[pat].kind {
            PatKind::Wild => Some(None),
            PatKind::Bind { sub: None, .. } => Some(None),
            PatKind::Bind { sub: Some(sub), .. } => self.switch_keys(*sub, base),
            PatKind::Deref { pat } => self.switch_keys(*pat, base),
            PatKind::Const(value @ (ConstValue::Int(_) | ConstValue::Char(_) | ConstValue::Str(_))) => {
                let ty = self.subject_ty(base);
                let key = self.literal(value, ty, self.body.pats[pat].span);
                Some(Some(vec![fitted(key)]))
            }
            PatKind::Variant { variant, fields, .. } => {
                let ty = self.subject_ty(base);
                if fields.iter().any(|(_, pat)| !self.is_irrefutable(*pat)) {
                    return None;
                }
                let layout = self.cx.layout(ty)?;
                let name = layout.variants.get(*variant as usize)?;
                Some(Some(vec![self.cx.global(name)]))
            }
            PatKind::Or(pats) => {
                if !self.pattern_locals(pat).is_empty() {
                    return None;
                }
                let mut keys = Vec::new();
                for pat in pats {
                    match self.switch_keys(*pat, base)? {
                        Some(more) => keys.extend(more),
                        None => return Some(None),
                    }
                }
                Some(Some(keys))
            }
            _ => None,
        }
    }

    /// Whether a pattern matches every value of its type, as far as its shape tells.
    pub(super) fn is_irrefutable(&self, pat: PatId) -> bool {
        match &self.body.pats[pat].kind {
            PatKind::Wild => true,
            PatKind::Bind { sub, .. } => sub.is_none_or(|sub| self.is_irrefutable(sub)),
            PatKind::Leaf { fields } => fields.iter().all(|(_, p)| self.is_irrefutable(*p)),
            PatKind::Deref { pat } => self.is_irrefutable(*pat),
            _ => false,
        }
    }
}
