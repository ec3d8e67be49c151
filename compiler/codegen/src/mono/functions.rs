//! What an instance of a function is called in Go: a function, or a method of the type it belongs to.

use rgo_hir::{DefId, DefKind};
use rgo_typeck::ty::{Args, Ty, TyKind};

use super::Cx;
use super::context::{Instance, Work};
use crate::go::ast::*;
use crate::go::names::{Visibility, mixed_caps};
use crate::mono::adt::safe_method_name;
use crate::queries;

/// What is called in Go for an instance of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FuncRef {
    Func(Global),
    /// A method of the Go type; the first argument is the receiver.
    Method(Global, Str),
}

impl FuncRef {
    /// The function, or the type that the method is one of.
    pub fn owner(&self) -> &Global {
        match self {
            FuncRef::Func(name) | FuncRef::Method(name, _) => name,
        }
    }
}

impl Cx<'_> {
    /// The Go function for an instance, which will be emitted.
    pub fn func(&mut self, def: DefId, args: Args) -> FuncRef {
        let args = self.canonical(def, args);
        let instance = Instance { def, args };
        self.generics.meet(instance);
        let found = match self.funcs.get(&instance) {
            Some(known) => known.clone(),
            None => {
                if self.grows_without_end(def, args) {
                    return FuncRef::Func(Global { path: None, name: def.name().as_str().into() });
                }
                let home = self.home_of(def, args);
                let found = self.in_home(home, |cx| cx.name_func(def, args));
                self.funcs.insert(instance, found.clone());
                self.later(Work::Func(instance));
                found
            }
        };
        if let FuncRef::Method(owner, name) = &found {
            self.meet_member(owner, name);
        }
        found
    }

    fn name_func(&mut self, def: DefId, args: Args) -> FuncRef {
        let visibility = self.visibility(def);
        let owner = def.parent().filter(|parent| matches!(parent.kind(), DefKind::Impl | DefKind::Trait));
        let Some(owner) = owner else {
            if rgo_hir::is_entry(def) {
                let main = Global { path: self.here().path.clone(), name: "main".into() };
                return FuncRef::Func(if self.options.report_panics { self.fresh_name("program") } else { main });
            }
            let suffix = self.args_suffix_of(def, args);
            return FuncRef::Func(self.item_name(def, &suffix, visibility));
        };
        let self_ty = match owner.kind() {
            DefKind::Impl => {
                let ty = queries::impl_self(self.db, owner);
                self.concrete(ty, args)
            }
            _ => args.ty(0),
        };
        let owner_count = queries::parent_count(self.db, def);
        let own: Args = args.iter().skip(owner_count).copied().collect();
        let suffix = if self.is_canonical(def, args) { String::new() } else { self.args_suffix(own) };
        let is_trait = owner.kind() == DefKind::Trait || queries::is_trait_impl(self.db, owner);
        let visibility = if is_trait { self.trait_visibility(owner, def) } else { visibility };
        if let Some(owner_ty) = self.method_owner(self_ty, def, args) {
            // What implements a trait's method goes by the trait's name for it.
            let of_trait = if is_trait { rgo_typeck::collect::trait_item_of(self.db, def) } else { None };
            let name = match of_trait {
                // What Go's own packages look for keeps its name.
                Some(item) if self.is_method_of_errors(item, self_ty) => self.trait_method_name(item),
                Some(item) => {
                    let wanted = format!("{}{suffix}", self.trait_method_name(item));
                    self.fresh_member(&owner_ty, &wanted)
                }
                None => {
                    let wanted = format!("{}{suffix}", mixed_caps(def.name().as_str(), visibility));
                    self.fresh_member(&owner_ty, &safe_method_name(&wanted))
                }
            };
            return FuncRef::Method(owner_ty, name);
        }
        let word = self.type_word(self_ty);
        let function = def.name().as_str();
        let base = match function {
            _ if word.is_empty() => function.to_string(),
            "new" => format!("new_{word}"),
            // A type may be made of several others.
            "from" | "try_from" if owner.kind() == DefKind::Impl => {
                format!("{word}_{function}_{}", self.source_word(def, args))
            }
            _ => format!("{word}_{function}"),
        };
        let wanted = format!("{}{suffix}", caps_of_words(&base, visibility));
        FuncRef::Func(self.fresh_name(&wanted))
    }

    /// A method that a type of errors has by a name reserved for it.
    fn is_method_of_errors(&self, method: DefId, ty: Ty) -> bool {
        method.parent().is_some_and(|trait_| {
            matches!(self.lang_of(trait_), Some("error_trait" | "display" | "debug"))
                && matches!(method.name().as_str(), "fmt" | "source")
        }) && queries::implements(self.db, ty, "error_trait")
    }

    fn trait_visibility(&mut self, owner: DefId, def: DefId) -> Visibility {
        match owner.kind() {
            DefKind::Trait => self.methods_visibility(owner),
            _ => match queries::impl_trait(self.db, owner) {
                Some(trait_) => self.methods_visibility(trait_),
                None => self.visibility(def),
            },
        }
    }

    /// What a conversion converts.
    fn source_word(&mut self, def: DefId, args: Args) -> String {
        let sig = self.sig_of(def, args);
        sig.inputs().first().map(|source| self.type_word(*source)).unwrap_or_default()
    }

    /// The Go type that an instance is a method of: its first parameter is `self`, of a type declared in the package that is being emitted
    /// into, or a pointer to one.
    fn method_owner(&mut self, self_ty: Ty, def: DefId, args: Args) -> Option<Global> {
        if !queries::has_self(self.db, def) {
            return None;
        }
        let sig = self.sig_of(def, args);
        let receiver = *sig.inputs().first()?;
        let target = match receiver.kind() {
            TyKind::Ref(_, inner, _) => *inner,
            _ => receiver,
        };
        if target != self_ty || !self.shares_params(self_ty, args) {
            return None;
        }
        self.layout(self_ty).map(|layout| layout.name.clone()).filter(|name| self.is_here(name))
    }
}

/// Like `mixed_caps`, for a name whose first word is a Go name already.
fn caps_of_words(name: &str, visibility: Visibility) -> String {
    mixed_caps(name, visibility)
}
