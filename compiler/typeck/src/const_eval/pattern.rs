//! Matching of values against patterns, with bindings.

use rgo_hir::body::RangeEnd;

use crate::thir::{PatId, PatKind};
use crate::ty::ConstValue;

use super::machine::{Eval, Frame, Machine};
use super::value::{Pointer, Value};

impl<'db> Machine<'db> {
    /// Whether the value at `place` matches; binds what the pattern names.
    pub fn bind_pattern(&mut self, frame: &mut Frame<'db>, id: PatId, place: &Pointer) -> Eval<bool> {
        let pat = &frame.body.pats[id];
        match &pat.kind {
            PatKind::Wild => Ok(true),
            PatKind::Never | PatKind::Error => self.unsupported(),
            PatKind::Bind { local, by_ref, sub, .. } => {
                if let Some(sub) = sub
                    && !self.bind_pattern(frame, *sub, place)?
                {
                    return Ok(false);
                }
                match by_ref {
                    Some(how) => self.bind_reference(frame, *local, place, *how),
                    None => {
                        let value = self.load(place)?;
                        let slot = self.memory.allocate(value);
                        frame.locals.insert(*local, slot);
                    }
                }
                Ok(true)
            }
            PatKind::Variant { variant, fields, .. } => {
                let found = match self.memory.get(place) {
                    Some(Value::Adt { variant, .. }) => *variant,
                    _ => return self.unsupported(),
                };
                if found != *variant {
                    return Ok(false);
                }
                self.bind_fields(frame, fields, place)
            }
            PatKind::Leaf { fields } => self.bind_fields(frame, fields, place),
            PatKind::Deref { pat } => match self.load(place)? {
                Value::Ref(target) => self.bind_pattern(frame, *pat, &target),
                text @ Value::Str(_) => {
                    let target = self.memory.allocate(text);
                    self.bind_pattern(frame, *pat, &target)
                }
                _ => self.unsupported(),
            },
            PatKind::Const(expected) => {
                let value = self.load(place)?;
                self.equals(&value, expected)
            }
            PatKind::Range { start, end, inclusive } => {
                let value = self.load(place)?;
                let above = match start {
                    Some(start) => matches!(compare(&value, start), Some(order) if order.is_ge()),
                    None => true,
                };
                let below = match (end, inclusive) {
                    (None, _) => true,
                    (Some(end), RangeEnd::Included) => matches!(compare(&value, end), Some(order) if order.is_le()),
                    (Some(end), RangeEnd::Excluded) => matches!(compare(&value, end), Some(order) if order.is_lt()),
                };
                Ok(above && below)
            }
            PatKind::Slice { prefix, slice, suffix } => {
                let Some(len) = self.memory.len(place) else { return self.unsupported() };
                let least = prefix.len() + suffix.len();
                if len < least || (slice.is_none() && len != least) {
                    return Ok(false);
                }
                for (index, pat) in prefix.iter().enumerate() {
                    if !self.bind_pattern(frame, *pat, &place.project(index))? {
                        return Ok(false);
                    }
                }
                for (index, pat) in suffix.iter().enumerate() {
                    if !self.bind_pattern(frame, *pat, &place.project(len - suffix.len() + index))? {
                        return Ok(false);
                    }
                }
                if let Some(Some(middle)) = slice {
                    let start = place.window.map_or(0, |(start, _)| start) + prefix.len();
                    let part = Pointer { window: Some((start, len - least)), ..place.clone() };
                    return self.bind_pattern(frame, *middle, &part);
                }
                Ok(true)
            }
            PatKind::Or(alternatives) => {
                for alternative in alternatives {
                    if self.bind_pattern(frame, *alternative, place)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    fn bind_fields(&mut self, frame: &mut Frame<'db>, fields: &[(u32, PatId)], place: &Pointer) -> Eval<bool> {
        for (index, pat) in fields {
            if !self.bind_pattern(frame, *pat, &place.project(*index as usize))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equals(&self, value: &Value, expected: &ConstValue) -> Eval<bool> {
        match (value, expected) {
            (Value::Bool(value), ConstValue::Bool(expected)) => Ok(value == expected),
            (Value::Char(value), ConstValue::Char(expected)) => Ok(value == expected),
            (Value::Int(value), ConstValue::Int(expected)) => Ok(value == expected),
            (Value::Float(value), ConstValue::Float(expected)) => {
                Ok(value.partial_cmp(&f64::from_bits(*expected)) == Some(std::cmp::Ordering::Equal))
            }
            (Value::Str(value), ConstValue::Str(expected)) => Ok(value == expected),
            (value, expected) => match self.export(value) {
                Some(value) => Ok(value == *expected),
                None => self.unsupported(),
            },
        }
    }
}

fn compare(value: &Value, bound: &ConstValue) -> Option<std::cmp::Ordering> {
    match (value, bound) {
        (Value::Int(value), ConstValue::Int(bound)) => Some(value.cmp(bound)),
        (Value::Char(value), ConstValue::Char(bound)) => Some(value.cmp(bound)),
        (Value::Float(value), ConstValue::Float(bound)) => value.partial_cmp(&f64::from_bits(*bound)),
        _ => None,
    }
}
