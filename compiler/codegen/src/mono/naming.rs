//! Names of specialised items: `Stack<i32>` is `StackInt32`.

use rgo_hir::{DefId, DefKind};
use rgo_typeck::ty::{
    Args, ConstKind, ConstValue, FloatTy, GenericArg, GenericParamDef, GenericParamKind, IntTy, Ty, TyKind, UintTy,
};

use super::Cx;
use crate::go::names::{Visibility, mixed_caps};
use crate::queries;

impl Cx<'_> {
    /// What distinguishes an instance by its arguments: `Int32String`.
    pub fn args_suffix(&mut self, args: Args) -> String {
        self.suffix(args, args.len())
    }

    /// The same for an instance of a function, which is not told apart where it is generic in Go, too.
    pub fn args_suffix_of(&mut self, def: DefId, args: Args) -> String {
        if self.is_canonical(def, args) { String::new() } else { self.args_suffix(args) }
    }

    /// The same for a type, whose last arguments go unsaid where they are the defaults: of `HashMap<K, V>` the hasher.
    pub fn type_suffix(&mut self, def: DefId, args: Args) -> String {
        if self.is_canonical(def, args) {
            return String::new();
        }
        let defaults = queries::generics(self.db, def).map(|generics| generics.params.iter().map(default_of).collect());
        let defaults: Vec<Option<Ty>> = defaults.unwrap_or_default();
        let said = (0..args.len()).rev().find(|index| {
            let arg = args.get(*index).and_then(|arg| arg.as_ty());
            arg.is_none() || defaults.get(*index).copied().flatten() != arg
        });
        self.suffix(args, said.map_or(0, |last| last + 1))
    }

    fn suffix(&mut self, args: Args, count: usize) -> String {
        let mut out = String::new();
        for arg in args.iter().take(count) {
            match arg {
                GenericArg::Region(_) => {}
                GenericArg::Ty(ty) => out.push_str(&self.type_word(*ty)),
                GenericArg::Const(value) => match value.kind() {
                    ConstKind::Value(ConstValue::Int(value)) => out.push_str(&value.to_string().replace('-', "Minus")),
                    ConstKind::Value(ConstValue::Bool(value)) => out.push_str(if *value { "True" } else { "False" }),
                    ConstKind::Value(ConstValue::Char(c)) => out.push_str(&format!("U{:X}", *c as u32)),
                    _ => out.push('N'),
                },
            }
        }
        if out.len() > 48 {
            // A long chain of adapters: the head says enough, a digit tells the rest apart.
            let cut = out.char_indices().take_while(|(i, _)| *i < 40).last().map_or(0, |(i, c)| i + c.len_utf8());
            out.truncate(cut);
        }
        out
    }

    /// A type as a word of a name.
    pub fn type_word(&mut self, ty: Ty) -> String {
        match ty.kind() {
            TyKind::Bool => "Bool".into(),
            TyKind::Char => "Char".into(),
            TyKind::Str => "Str".into(),
            TyKind::Never => "Never".into(),
            TyKind::Int(int) => match int {
                IntTy::I8 => "Int8",
                IntTy::I16 => "Int16",
                IntTy::I32 => "Int32",
                IntTy::I64 => "Int64",
                IntTy::Isize => "Isize",
            }
            .into(),
            TyKind::Uint(int) => match int {
                UintTy::U8 => "Uint8",
                UintTy::U16 => "Uint16",
                UintTy::U32 => "Uint32",
                UintTy::U64 => "Uint64",
                UintTy::Usize => "Int",
            }
            .into(),
            TyKind::Float(FloatTy::F32) => "Float32".into(),
            TyKind::Float(FloatTy::F64) => "Float64".into(),
            TyKind::Adt(def, args) => {
                let args = self.type_suffix(*def, *args);
                format!("{}{args}", mixed_caps(def.name().as_str(), Visibility::Exported))
            }
            TyKind::Array(elem, len) => {
                let elem = self.type_word(*elem);
                format!("Array{}{elem}", len.as_usize().unwrap_or(0))
            }
            TyKind::Slice(elem) => format!("Slice{}", self.type_word(*elem)),
            TyKind::Ref(_, inner, _) => match inner.kind() {
                TyKind::Str | TyKind::Slice(_) | TyKind::Dynamic(..) => self.type_word(*inner),
                _ => format!("Ref{}", self.type_word(*inner)),
            },
            TyKind::Tuple(items) if items.is_empty() => "Unit".into(),
            TyKind::Tuple(items) => items.iter().map(|ty| self.type_word(*ty)).collect(),
            TyKind::FnDef(..) | TyKind::FnPtr(_) | TyKind::Closure(..) => "Func".into(),
            TyKind::Dynamic(..) => ty.dyn_principal().map_or("Any".into(), |principal| {
                mixed_caps(principal.value.trait_.name().as_str(), Visibility::Exported)
            }),
            // What stays open is not said.
            TyKind::Param(_) => String::new(),
            TyKind::Projection(..) | TyKind::Opaque(..) | TyKind::Infer(_) | TyKind::Error => "X".into(),
        }
    }

    /// Whether Go code outside of the package may use the item.
    pub fn visibility(&self, def: DefId) -> Visibility {
        if !def.is_std() && crate::queries::is_pub(self.db, def) { Visibility::Exported } else { Visibility::Private }
    }

    /// Types keep their capital in a program; in a library only what is `pub` is exported.
    pub fn type_visibility(&self, def: DefId) -> Visibility {
        let is_of_program = rgo_hir::is_program(self.db, def.package_of());
        if is_of_program { Visibility::Exported } else { self.visibility(def) }
    }

    /// Module path of an item inside its package, as words in front of names that would clash.
    pub fn module_prefix(&self, def: DefId) -> String {
        let mut parts: Vec<&str> =
            def.ancestors().skip(1).filter(|d| d.kind() == DefKind::Mod).map(|d| d.name().as_str()).collect();
        parts.reverse();
        parts.join("_")
    }

    /// A package-level name for an item: its own, with the module in front where that is taken.
    pub fn item_name(&mut self, def: DefId, suffix: &str, visibility: Visibility) -> crate::go::ast::Global {
        let base = format!("{}{suffix}", mixed_caps(def.name().as_str(), visibility));
        let mut module = self.module_prefix(def);
        // `io::error::Error` is `ioError`.
        if let Some(outer) = module.strip_suffix(&def.name().as_str().to_lowercase())
            && let Some(outer) = outer.strip_suffix('_')
        {
            module = outer.to_string();
        }
        let is_free = !self.here().taken.contains(&base) && !crate::go::names::is_reserved(&base);
        if !is_free && !module.is_empty() {
            let long = format!("{}{suffix}", mixed_caps(&format!("{module}_{}", def.name().as_str()), visibility));
            return self.fresh_name(&long);
        }
        self.fresh_name(&base)
    }
}

fn default_of(param: &GenericParamDef) -> Option<Ty> {
    match &param.kind {
        GenericParamKind::Type { default, .. } => *default,
        GenericParamKind::Lifetime | GenericParamKind::Const { .. } => None,
    }
}
