//! Structs, enums and interfaces of a package: their names, fields and declarations.

use std::rc::Rc;

use rgo_hir::DefId;
use rgo_typeck::ty::{AdtKind, Args, Ty, TyKind};

use super::Cx;
use super::generic::{self, applied};
use crate::attrs;
use crate::comments::Members;
use crate::go::ast::*;
use crate::go::names::{Visibility, mixed_caps};
use crate::queries;

/// Where the fields of a struct or enum live in its Go form.
#[derive(Debug, Clone)]
pub struct AdtLayout {
    pub name: Global,
    pub kind: LayoutKind,
    /// For each variant (a struct has one) and field: the Go field.
    pub fields: Vec<Vec<Str>>,
    /// For each variant its constant; empty for a struct.
    pub variants: Vec<Global>,
    /// The field that holds the variant.
    pub tag: Str,
}

/// Which kind of Go type stands for a struct or enum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayoutKind {
    Struct,
    /// An integer type and constants.
    Plain,
    /// A struct with a tag.
    Tagged,
}

impl Cx<'_> {
    /// The layout of a type that is declared in an emitted package.
    pub fn layout(&mut self, ty: Ty) -> Option<Rc<AdtLayout>> {
        self.go_ty(ty);
        let declared = match ty.kind() {
            TyKind::Adt(def, args) => Ty::adt(*def, self.canonical(*def, *args)),
            _ => ty,
        };
        self.layouts.get(&declared).cloned()
    }

    /// Whether a type is an enum without data, which is a number in Go.
    pub fn is_dataless_enum(&mut self, ty: Ty) -> bool {
        let TyKind::Adt(def, _) = ty.kind() else { return false };
        if matches!(self.lang_of(*def), Some("option" | "result" | "box")) {
            return false;
        }
        queries::adt(self.db, *def)
            .is_some_and(|adt| adt.kind == AdtKind::Enum && adt.variants.iter().all(|v| v.fields.is_empty()))
    }

    /// The Go type that is declared for a struct or enum, which it is from now on.
    pub fn named_adt(&mut self, ty: Ty, def: DefId, args: Args) -> Type {
        if self.grows_without_end(def, args) {
            return Type::Name(def.name().as_str().into());
        }
        let canonical = self.canonical(def, args);
        if canonical != args {
            let args = self.type_args(def, args);
            return match self.go_ty(Ty::adt(def, canonical)) {
                Type::Imported(path, name, _) => Type::Imported(path, name, args),
                Type::Name(name) | Type::Generic(name, _) => Type::Generic(name, args),
                other => other,
            };
        }
        let home = self.home_of(def, args);
        self.in_home(home, |cx| cx.declare_adt(ty, def, args))
    }

    fn declare_adt(&mut self, ty: Ty, def: DefId, args: Args) -> Type {
        let suffix = self.type_suffix(def, args);
        let visibility = self.type_visibility(def);
        let name = self.item_name(def, &suffix, visibility);
        let form = applied(&name, self.type_args(def, args));
        // What makes a type a Go error goes by these names.
        let is_error = queries::implements(self.db, ty, "error_trait");
        let reserved: &[&str] =
            if is_error { &["Error", "Unwrap", "fmt", "fmtDebug", "dropValue"] } else { &["Error"] };
        let reserved: Vec<String> = reserved.iter().map(|name| self.shared(name).to_string()).collect();
        self.members.entry(name.clone()).or_default().extend(reserved);
        // A recursive type meets itself through its fields.
        self.types.insert(ty, form.clone());
        let Some(adt) = queries::adt(self.db, def) else { return form };
        match adt.kind {
            AdtKind::Struct | AdtKind::Union => self.declare_struct(ty, def, args, &name, visibility),
            AdtKind::Enum => self.declare_enum(ty, def, args, &name, visibility),
        }
        form
    }

    fn declare_struct(&mut self, ty: Ty, def: DefId, args: Args, name: &Global, visibility: Visibility) {
        let Some(adt) = queries::adt(self.db, def) else { return };
        let Some(variant) = adt.variants.first() else { return };
        let names: Vec<Str> = variant
            .fields
            .iter()
            .map(|field| {
                let is_pub = visibility == Visibility::Exported && self.visibility(field.def) == Visibility::Exported;
                let wanted =
                    field_name(field.name.as_str(), if is_pub { Visibility::Exported } else { Visibility::Private });
                self.fresh_member(name, &wanted)
            })
            .collect();
        let layout = AdtLayout {
            name: name.clone(),
            kind: LayoutKind::Struct,
            fields: vec![names.clone()],
            variants: Vec::new(),
            tag: "".into(),
        };
        self.layouts.insert(ty, Rc::new(layout));
        let at = self.decls.len();
        let members = Members::of(self, def);
        let is_view = self.is_view(ty);
        let last = variant.fields.len().saturating_sub(1);
        let fields = variant
            .fields
            .iter()
            .zip(names)
            .enumerate()
            .map(|(i, (field, name))| {
                let field_ty = self.concrete(field.ty, args);
                let doc = self.own_doc(def, attrs::docs(self.db, field.def));
                let doc = members.doc(i, doc);
                let form = self.go_ty(field_ty);
                let form = if is_view && i < last { form.pointer() } else { form };
                Field { doc, name: Some(name), ty: form, behind: members.behind(i) }
            })
            .collect();
        let decl = Decl::Type(TypeDecl {
            doc: self.docs(def),
            name: name.name.clone(),
            params: self.declared_params(args),
            ty: Type::Struct(fields),
            end: members.end,
        });
        self.declare_before(at, def, decl);
    }

    /// std's documentation stays in std.
    fn own_doc(&self, def: DefId, doc: Vec<Str>) -> Vec<Str> {
        if def.is_std() { Vec::new() } else { doc }
    }

    fn declare_enum(&mut self, ty: Ty, def: DefId, args: Args, name: &Global, visibility: Visibility) {
        let Some(adt) = queries::adt(self.db, def) else { return };
        let at = self.decls.len();
        let is_plain = adt.variants.iter().all(|v| v.fields.is_empty());
        let type_name = name.name.clone();
        let variants: Vec<Global> = adt
            .variants
            .iter()
            .map(|variant| {
                let wanted = format!("{type_name}{}", mixed_caps(variant.name.as_str(), Visibility::Exported));
                self.fresh_name(&wanted)
            })
            .collect();
        let tag_name = if is_plain { name.clone() } else { self.fresh_name(&format!("{type_name}Tag")) };
        let tag_ty = tag_name.ty();
        let discriminants: Vec<i128> = if is_plain {
            adt.variants.iter().map(|variant| queries::discriminant(self.db, variant.def)).collect()
        } else {
            (0..adt.variants.len() as i128).collect()
        };
        let is_counted = discriminants.iter().enumerate().all(|(i, d)| *d == i as i128);
        let members = Members::of(self, def);
        let specs = adt
            .variants
            .iter()
            .zip(&variants)
            .zip(&discriminants)
            .enumerate()
            .map(|(i, ((variant, name), value))| {
                let doc = attrs::docs(self.db, variant.def);
                let doc = members.doc(i, self.own_doc(def, doc));
                let doc = doc.into_iter().chain(members.behind(i)).collect();
                match (is_counted, i) {
                    (true, 0) => {
                        let ty = Some(tag_ty.clone());
                        ConstSpec { doc, name: name.name.clone(), ty, value: Some(Expr::name("iota")) }
                    }
                    (true, _) => ConstSpec { doc, name: name.name.clone(), ty: None, value: None },
                    (false, _) => {
                        let ty = Some(tag_ty.clone());
                        ConstSpec { doc, name: name.name.clone(), ty, value: Some(Expr::int(*value)) }
                    }
                }
            })
            .collect::<Vec<_>>();
        let doc = self.docs(def);
        let consts = Decl::Const(ConstDecl { doc: Vec::new(), specs, end: members.end });
        if is_plain {
            let layout = AdtLayout {
                name: name.clone(),
                kind: LayoutKind::Plain,
                fields: vec![Vec::new(); variants.len()],
                variants,
                tag: "".into(),
            };
            self.layouts.insert(ty, Rc::new(layout));
            let repr = repr_type(&discriminants);
            self.declare_before(
                at,
                def,
                Decl::Type(TypeDecl { doc, name: type_name, params: Vec::new(), ty: repr, end: Vec::new() }),
            );
            if !adt.variants.is_empty() {
                self.declare_before(at + 1, def, consts);
            }
            return;
        }
        let tag = self.fresh_member(name, &mixed_caps("tag", visibility));
        let (fields, slots) = self.enum_slots(adt, args, name, visibility);
        let layout = AdtLayout { name: name.clone(), kind: LayoutKind::Tagged, fields, variants, tag: tag.clone() };
        self.layouts.insert(ty, Rc::new(layout));
        let mut all = vec![Field { doc: Vec::new(), name: Some(tag), ty: tag_ty.clone(), behind: None }];
        // A data-carrying enum meets itself only through pointers, so the types can be made now.
        all.extend(slots.into_iter().map(|(name, ty)| Field { doc: Vec::new(), name: Some(name), ty, behind: None }));
        let at = at.min(self.decls.len());
        let tag_doc = vec![format!(" {} says which variant of {type_name} a value is.", tag_name.name).into()];
        let params = self.declared_params(args);
        let whole = TypeDecl { doc, name: type_name, params, ty: Type::Struct(all), end: Vec::new() };
        let repr = repr_type(&discriminants);
        let tag = TypeDecl { doc: tag_doc, name: tag_name.name, params: Vec::new(), ty: repr, end: Vec::new() };
        self.declare_before(at, def, Decl::Type(whole));
        self.declare_before(at + 1, def, Decl::Type(tag));
        self.declare_before(at + 2, def, consts);
    }

    /// Fields of one Go type share a slot across variants; within one variant each has its own.
    fn enum_slots(
        &mut self,
        adt: &rgo_typeck::ty::AdtDef,
        args: Args,
        owner: &Global,
        visibility: Visibility,
    ) -> (Vec<Vec<Str>>, Vec<(Str, Type)>) {
        struct Slot {
            ty: Type,
            /// The wanted name while one variant alone uses it.
            name: Option<String>,
            users: usize,
        }
        let mut slots: Vec<Slot> = Vec::new();
        let mut placed: Vec<Vec<usize>> = Vec::new();
        for variant in &adt.variants {
            let mut used: Vec<usize> = Vec::new();
            for field in &variant.fields {
                let ty = self.concrete(field.ty, args);
                let ty = self.go_ty(ty);
                let wanted = if field.name.as_str().starts_with(|c: char| c.is_ascii_digit()) {
                    let index = if variant.fields.len() > 1 { field.name.as_str() } else { "" };
                    format!("{}{index}", mixed_caps(variant.name.as_str(), visibility))
                } else {
                    mixed_caps(field.name.as_str(), visibility)
                };
                let free = (0..slots.len()).find(|i| slots[*i].ty == ty && !used.contains(i));
                let index = match free {
                    Some(index) => {
                        slots[index].users += 1;
                        if slots[index].name.as_deref() != Some(&*wanted) {
                            slots[index].name = None;
                        }
                        index
                    }
                    None => {
                        slots.push(Slot { ty, name: Some(wanted), users: 1 });
                        slots.len() - 1
                    }
                };
                used.push(index);
            }
            placed.push(used);
        }
        let names: Vec<Str> = slots
            .iter()
            .enumerate()
            .map(|(i, slot)| {
                let wanted = slot.name.clone().unwrap_or_else(|| mixed_caps(&format!("v{i}"), visibility));
                self.fresh_member(owner, &wanted)
            })
            .collect();
        let fields = placed.iter().map(|used| used.iter().map(|i| names[*i].clone()).collect()).collect();
        (fields, names.into_iter().zip(slots.into_iter().map(|s| s.ty)).collect())
    }

    /// The interface of a `dyn` type.
    pub fn interface(&mut self, ty: Ty) -> Type {
        let Some(principal) = ty.dyn_principal() else { return Type::name("any") };
        let trait_ = principal.value.trait_;
        if self.is_dyn_error(ty) {
            return Type::name("error");
        }
        if self.is_dyn_fn(ty) {
            return match queries::dyn_fn_sig(self.db, ty) {
                Some(sig) => {
                    let function = self.func_ty(sig);
                    if self.needs_drop(ty) { self.owning_form(function) } else { function }
                }
                None => Type::name("any"),
            };
        }
        if generic::is_open(ty) {
            // A trait's arguments are in the name of its interface.
            self.refuse_generic();
        }
        let args = principal.value.args;
        let home = self.home_of_ty(ty);
        self.in_home(home, |cx| cx.declare_interface(ty, trait_, args))
    }

    fn declare_interface(&mut self, ty: Ty, trait_: DefId, args: Args) -> Type {
        let rest: Args = args.iter().skip(1).copied().collect();
        let suffix = self.args_suffix(rest);
        let visibility = self.type_visibility(trait_);
        let name = self.item_name(trait_, &suffix, visibility);
        self.types.insert(ty, name.ty());
        self.interfaces.insert(ty, name.clone());
        let at = self.decls.len();
        let own = self.is_error_trait(trait_).then(|| Method {
            doc: Vec::new(),
            name: "Error".into(),
            signature: FuncType { params: Vec::new(), results: vec![Type::name("string")], variadic: Variadic::No },
        });
        let methods = self.interface_methods(trait_, ty);
        let methods = methods
            .into_iter()
            .map(|(method, args)| {
                let sig = self.sig_of(method, args);
                let counts = sig.inputs().first().and_then(|receiver| self.counts_beside(*receiver, ty));
                let params = counts.into_iter().chain(sig.inputs().iter().skip(1).copied());
                let params = params.map(|ty| self.go_ty(ty)).collect();
                let results = self.result_types(sig.output());
                Method {
                    doc: self.docs(method),
                    name: self.trait_method_name(method),
                    signature: FuncType { params, results, variadic: Variadic::No },
                }
            })
            .collect::<Vec<_>>();
        let methods = own.into_iter().chain(methods).collect();
        let doc = self.docs(trait_);
        let ty = Type::Interface(methods);
        let decl = Decl::Type(TypeDecl { doc, name: name.name.clone(), params: Vec::new(), ty, end: Vec::new() });
        self.declare_before(at, trait_, decl);
        name.ty()
    }

    /// What a method of a trait object gets beside its value where it takes an `Rc<Self>` or `Arc<Self>`: the counts.
    pub fn counts_beside(&self, receiver: Ty, object: Ty) -> Option<Ty> {
        let TyKind::Adt(def, args) = receiver.kind() else { return None };
        if is_pin(*def) {
            return self.counts_beside(args.ty(0), object);
        }
        if !queries::is_counted(self.db, *def) || self.is_uncounted(object) {
            return None;
        }
        let fields = &queries::adt(self.db, *def)?.variants.first()?.fields;
        Some(self.concrete(fields.get(1)?.ty, *args))
    }

    /// What implements a trait's methods may be in another package than the trait.
    pub fn methods_visibility(&mut self, trait_: DefId) -> Visibility {
        self.meet_trait(trait_);
        let is_met_elsewhere = if trait_.is_std() { !self.homes.is_alone() } else { self.exports.needs_trait(trait_) };
        if is_met_elsewhere { Visibility::Exported } else { self.visibility(trait_) }
    }

    /// The field of a struct that gives a value the methods of a trait: a pointer to the value.
    pub fn wrapped_field(&self) -> Str {
        self.shared("value")
    }

    /// The method by which a trait object that owns something is dropped.
    pub fn drop_method_name(&self) -> Str {
        self.shared("dropValue")
    }

    /// A trait's method has one Go name, whoever implements it.
    pub fn trait_method_name(&mut self, method: DefId) -> Str {
        let visibility = match method.parent() {
            Some(trait_) => self.methods_visibility(trait_),
            None => Visibility::Private,
        };
        // The traits of formatting all call their method `fmt`, and one type has several of them.
        if method.name().as_str() == "fmt"
            && let Some(trait_) = method.parent()
            && let Some(lang) = self.lang_of(trait_)
            && lang != "display"
        {
            return mixed_caps(&format!("fmt_{lang}"), visibility).into();
        }
        // An error's cause is what Go unwraps it to.
        let is_source = method.name().as_str() == "source"
            && method.parent().is_some_and(|trait_| self.is_lang(trait_, "error_trait"));
        if is_source {
            return "Unwrap".into();
        }
        safe_method_name(&mixed_caps(method.name().as_str(), visibility))
    }
}

/// vet knows these methods by name and wants other signatures (it leaves alone what takes no `io.Reader`, `fmt.State` and the like); and `String`
/// and `Error` mean something to fmt.
pub fn safe_method_name(name: &str) -> Str {
    match name {
        "GobDecode" | "GobEncode" | "MarshalJSON" | "MarshalXML" | "ReadByte" | "ReadRune" | "Seek"
        | "UnmarshalJSON" | "UnmarshalXML" | "UnreadByte" | "UnreadRune" | "WriteByte" | "Is" | "As" | "Unwrap"
        | "String" | "Error" | "GoString" => format!("{name}2").into(),
        _ => name.into(),
    }
}

fn field_name(name: &str, visibility: Visibility) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return match visibility {
            Visibility::Exported => format!("F{name}"),
            Visibility::Private => format!("f{name}"),
        };
    }
    mixed_caps(name, visibility)
}

/// The smallest Go integer type that holds all the values.
fn repr_type(values: &[i128]) -> Type {
    let (min, max) = (values.iter().min().copied().unwrap_or(0), values.iter().max().copied().unwrap_or(0));
    Type::name(if min >= 0 {
        match max {
            ..0x100 => "uint8",
            0x100..0x1_0000 => "uint16",
            0x1_0000..0x1_0000_0000 => "uint32",
            _ => "uint64",
        }
    } else if min >= -0x80 && max <= 0x7f {
        "int8"
    } else if min >= -0x8000 && max <= 0x7fff {
        "int16"
    } else if min >= -0x8000_0000 && max <= 0x7fff_ffff {
        "int32"
    } else {
        "int64"
    })
}

/// `Pin`, which a method's receiver may be.
pub fn is_pin(def: DefId) -> bool {
    def.is_std() && def.name() == "Pin"
}
