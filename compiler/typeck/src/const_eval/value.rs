//! Values and memory of the constant evaluator.
//!
//! A value is a tree; memory is a list of trees, one per local, temporary or static. A pointer names a tree and a path into it, which is all
//! that references can do without `unsafe`.

use rgo_hir::DefId;
use rgo_syntax::Name;

use crate::ty::{Args, ConstValue};

/// A value during evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Declared, not yet assigned; or moved out of.
    Uninit,
    Bool(bool),
    Char(char),
    Int(i128),
    Float(f64),
    /// A `&str`.
    Str(Name),
    Tuple(Vec<Value>),
    Array(Vec<Value>),
    Adt {
        def: DefId,
        variant: u32,
        fields: Vec<Value>,
    },
    Ref(Pointer),
    Fn(DefId, Args),
    Closure {
        def: DefId,
        args: Args,
        upvars: Vec<Value>,
    },
    /// Something whose inside this evaluator does not model (`Vec::new()`, `Mutex::new(…)`): it can be moved about, not looked into.
    Opaque,
}

impl Value {
    pub fn unit() -> Value {
        Value::Tuple(Vec::new())
    }
}

/// A place in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    pub allocation: usize,
    pub path: Vec<u32>,
    /// For slices: the part of the array that the path leads to.
    pub window: Option<(usize, usize)>,
}

impl Pointer {
    pub fn to(allocation: usize) -> Pointer {
        Pointer { allocation, path: Vec::new(), window: None }
    }

    /// The field or element `index` of what this points to.
    pub fn project(&self, index: usize) -> Pointer {
        let mut path = self.path.clone();
        let start = self.window.map_or(0, |(start, _)| start);
        path.push(u32::try_from(start + index).unwrap_or(u32::MAX));
        Pointer { allocation: self.allocation, path, window: None }
    }
}

/// All that exists during one evaluation.
#[derive(Default)]
pub struct Memory {
    allocations: Vec<Value>,
}

impl Memory {
    pub fn allocate(&mut self, value: Value) -> Pointer {
        self.allocations.push(value);
        Pointer::to(self.allocations.len() - 1)
    }

    /// The tree that a pointer leads to; of a slice, the whole array it is a part of.
    pub fn get(&self, pointer: &Pointer) -> Option<&Value> {
        let mut value = self.allocations.get(pointer.allocation)?;
        for step in &pointer.path {
            value = match value {
                Value::Tuple(items) | Value::Array(items) => items.get(*step as usize)?,
                Value::Adt { fields, .. } => fields.get(*step as usize)?,
                Value::Closure { upvars, .. } => upvars.get(*step as usize)?,
                _ => return None,
            };
        }
        Some(value)
    }

    pub fn get_mut(&mut self, pointer: &Pointer) -> Option<&mut Value> {
        let mut value = self.allocations.get_mut(pointer.allocation)?;
        for step in &pointer.path {
            value = match value {
                Value::Tuple(items) | Value::Array(items) => items.get_mut(*step as usize)?,
                Value::Adt { fields, .. } => fields.get_mut(*step as usize)?,
                Value::Closure { upvars, .. } => upvars.get_mut(*step as usize)?,
                _ => return None,
            };
        }
        Some(value)
    }

    /// The length of the array or slice that a pointer leads to.
    pub fn len(&self, pointer: &Pointer) -> Option<usize> {
        match pointer.window {
            Some((_, len)) => Some(len),
            None => match self.get(pointer)? {
                Value::Array(items) => Some(items.len()),
                _ => None,
            },
        }
    }

    /// A value out of an evaluated constant.
    pub fn import(&mut self, value: &ConstValue) -> Value {
        match value {
            ConstValue::Bool(value) => Value::Bool(*value),
            ConstValue::Char(value) => Value::Char(*value),
            ConstValue::Int(value) => Value::Int(*value),
            ConstValue::Float(bits) => Value::Float(f64::from_bits(*bits)),
            ConstValue::Str(text) => Value::Str(*text),
            ConstValue::Bytes(bytes) => {
                let items = bytes.iter().map(|byte| Value::Int(i128::from(*byte))).collect();
                let pointer = self.allocate(Value::Array(items));
                Value::Ref(pointer)
            }
            ConstValue::Unit => Value::unit(),
            ConstValue::Tuple(items) => Value::Tuple(items.iter().map(|item| self.import(item)).collect()),
            ConstValue::Array(items) => Value::Array(items.iter().map(|item| self.import(item)).collect()),
            ConstValue::Adt { def, variant, fields } => Value::Adt {
                def: *def,
                variant: *variant,
                fields: fields.iter().map(|field| self.import(field)).collect(),
            },
            ConstValue::Ref(inner) => {
                let inner = self.import(inner);
                Value::Ref(self.allocate(inner))
            }
            ConstValue::Fn(def, args) => Value::Fn(*def, *args),
        }
    }

    /// The constant that a finished value stands for; `None` if it holds what constants cannot hold.
    pub fn export(&self, value: &Value) -> Option<ConstValue> {
        let all = |items: &[Value]| items.iter().map(|item| self.export(item)).collect::<Option<Box<[ConstValue]>>>();
        Some(match value {
            Value::Bool(value) => ConstValue::Bool(*value),
            Value::Char(value) => ConstValue::Char(*value),
            Value::Int(value) => ConstValue::Int(*value),
            Value::Float(value) => ConstValue::Float(value.to_bits()),
            Value::Str(text) => ConstValue::Str(*text),
            Value::Tuple(items) if items.is_empty() => ConstValue::Unit,
            Value::Tuple(items) => ConstValue::Tuple(all(items)?),
            Value::Array(items) => ConstValue::Array(all(items)?),
            Value::Adt { def, variant, fields } => {
                ConstValue::Adt { def: *def, variant: *variant, fields: all(fields)? }
            }
            Value::Ref(pointer) => {
                let target = self.get(pointer)?;
                let inner = match (pointer.window, target) {
                    (Some((start, len)), Value::Array(items)) => {
                        ConstValue::Array(all(items.get(start..start + len)?)?)
                    }
                    _ => self.export(target)?,
                };
                ConstValue::Ref(Box::new(inner))
            }
            Value::Fn(def, args) => ConstValue::Fn(*def, *args),
            Value::Closure { .. } | Value::Uninit | Value::Opaque => return None,
        })
    }
}
