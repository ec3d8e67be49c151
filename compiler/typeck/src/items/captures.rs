//! What `use<…>` lists of the parameters that an `impl Trait` captures: parameters only (E0799, E0800, E0261), each once, lifetimes first, all
//! types and constants in scope and every lifetime that the bounds name; and that it stands on an `impl Trait` that is returned.
//!
//! RFC 3617; rustc's `check_opaque_precise_captures`.

use rgo_hir::resolve::{Namespace, Res};
use rgo_hir::visit::{self, Visitor};
use rgo_hir::{Db, DefId, DefKind};
use rgo_syntax::ast::{
    Bound, GenericArg, GenericArgs, Ident, Item, ItemKind, Lifetime, PatKind, Path, Type, TypeKind, UseArg,
};
use rgo_syntax::{Name, Span};

use crate::collect::generics_of;
use crate::error::TypeError;
use crate::ty::GenericParamKind;

/// Errors of all `use<…>` of a definition.
pub fn check(db: &dyn Db, def: DefId, errors: &mut Vec<TypeError>) {
    let item = rgo_hir::item_ast(db, def);
    let mut checker = Checker { db, def, place: Place::Bounds, errors };
    let ItemKind::Fn(function) = &item.kind else {
        visit::walk_item(&mut checker, item);
        return;
    };
    for param in &function.params {
        checker.at(Place::Argument, |checker| checker.visit_type(&param.ty));
    }
    if let Some(ret) = &function.ret {
        checker.at(Place::Result, |checker| checker.visit_type(ret));
    }
    visit::walk_generics(&mut checker, &function.generics);
    function.body.iter().for_each(|body| checker.visit_block(body));
}

/// Where a list of bounds stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Bounds,
    Dyn,
    Argument,
    Result,
}

struct Checker<'a> {
    db: &'a dyn Db,
    def: DefId,
    place: Place,
    errors: &'a mut Vec<TypeError>,
}

impl Visitor for Checker<'_> {
    fn visit_type(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::ImplTrait(bounds) if self.place == Place::Result => self.opaque(ty.span, bounds),
            TypeKind::ImplTrait(_) => visit::walk_type(self, ty),
            TypeKind::Dyn(_) | TypeKind::BareDyn(_) => self.at(Place::Dyn, |checker| visit::walk_type(checker, ty)),
            _ => visit::walk_type(self, ty),
        }
    }

    fn visit_bound(&mut self, bound: &Bound) {
        let Bound::Use { span, .. } = bound else {
            let outer = self.place;
            // What a bound is about is no list of bounds itself.
            self.at(if outer == Place::Dyn { Place::Bounds } else { outer }, |this| visit::walk_bound(this, bound));
            return;
        };
        let place = match self.place {
            Place::Bounds | Place::Result => "bounds",
            Place::Dyn => "`dyn` trait object bounds",
            Place::Argument => "argument-position `impl Trait`",
        };
        self.report(*span, None, format!("`use<...>` precise capturing syntax not allowed in {place}"));
    }

    fn visit_item(&mut self, _item: &Item) {}
}

impl Checker<'_> {
    fn at(&mut self, place: Place, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.place, place);
        visit(self);
        self.place = outer;
    }

    fn report(&mut self, span: Span, code: Option<&'static str>, message: String) {
        let mut error = TypeError::new(self.def, span, "", message);
        error.code = code;
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// An `impl Trait` that a function returns.
    fn opaque(&mut self, span: Span, bounds: &[Bound]) {
        let lists = bounds.iter().filter_map(|bound| match bound {
            Bound::Use { args, span } => Some((args, *span)),
            Bound::Trait(_) | Bound::Lifetime(_) => None,
        });
        let lists: Vec<(&Vec<UseArg>, Span)> = lists.collect();
        if let Some((_, second)) = lists.get(1) {
            self.report(*second, None, "duplicate `use<...>` precise capturing syntax".to_owned());
        }
        let mut named = Lifetimes::default();
        for bound in bounds.iter().filter(|bound| !matches!(bound, Bound::Use { .. })) {
            self.visit_bound(bound);
            named.visit_bound(bound);
        }
        if let Some((list, _)) = lists.first() {
            self.list(list);
            self.missing(span, list);
            self.uncaptured(span, list, &named.0);
        }
    }

    /// What is listed, by itself.
    fn list(&mut self, list: &[UseArg]) {
        let name_of = |arg: &UseArg| match arg {
            UseArg::Lifetime(lifetime) => (true, lifetime.name),
            UseArg::Param(ident) => (false, ident.name),
        };
        let mut behind_others = false;
        for (index, arg) in list.iter().enumerate() {
            let span = match arg {
                UseArg::Lifetime(lifetime) => lifetime.span,
                UseArg::Param(ident) => ident.span,
            };
            let name = name_of(arg).1;
            match arg {
                UseArg::Lifetime(lifetime) if behind_others => {
                    let message =
                        format!("lifetime parameter `{}` must be listed before non-lifetime parameters", quoted(name));
                    self.report(lifetime.span, None, message);
                }
                UseArg::Lifetime(lifetime) => self.lifetime(*lifetime),
                UseArg::Param(ident) => {
                    behind_others = true;
                    self.param(*ident);
                }
            }
            if list[..index].iter().any(|earlier| name_of(earlier) == name_of(arg)) {
                self.report(span, None, format!("cannot capture parameter `{name}` twice"));
            }
        }
    }

    fn lifetime(&mut self, lifetime: Lifetime) {
        let is_declared = |name: Name| {
            self.def.ancestors().filter_map(|def| rgo_hir::generics_ast(self.db, def)).any(|generics| {
                generics.params.iter().any(|param| {
                    matches!(param.kind, rgo_syntax::ast::GenericParamKind::Lifetime { .. })
                        && quoted(param.ident.name) == quoted(name)
                })
            })
        };
        let name = quoted(lifetime.name);
        if !matches!(name.as_str(), "'_" | "'static") && !is_declared(lifetime.name) {
            self.report(lifetime.span, Some("E0261"), format!("use of undeclared lifetime name `{name}`"));
        }
    }

    fn param(&mut self, ident: Ident) {
        let name = ident.name;
        if name == "Self" {
            if self.def.ancestors().any(|def| def.kind() == DefKind::Impl) {
                let message = "`Self` can't be captured in `use<...>` precise captures list, since it is an alias";
                self.report(ident.span, Some("E0799"), message.to_owned());
            }
            return;
        }
        let path = Path::from_ident(ident);
        let found = [Namespace::Type, Namespace::Value].into_iter().find_map(|namespace| {
            rgo_hir::resolve_path(self.db, self.def, &path, namespace).ok().map(|resolved| resolved.res)
        });
        match found {
            Some(Res::Def(def)) if matches!(def.kind(), DefKind::TyParam | DefKind::ConstParam) => {}
            Some(Res::Err | Res::SelfTy { .. }) => {}
            None if !self.is_value_param(name) => {
                let message = format!("cannot find type or const parameter `{name}` in this scope");
                self.report(ident.span, Some("E0800"), message);
            }
            Some(_) | None => {
                self.report(ident.span, Some("E0799"), format!("expected type or const parameter, found `{name}`"));
            }
        }
    }

    /// Whether `name` is bound by a parameter of the function.
    fn is_value_param(&self, name: Name) -> bool {
        let ItemKind::Fn(item) = &rgo_hir::item_ast(self.db, self.def).kind else { return false };
        item.params.iter().any(|param| matches!(&param.pat.kind, PatKind::Ident { ident, .. } if ident.name == name))
    }

    /// Types and constants in scope are all captured, and so all listed.
    fn missing(&mut self, span: Span, list: &[UseArg]) {
        let lists = |name: Name| list.iter().any(|arg| matches!(arg, UseArg::Param(ident) if ident.name == name));
        let in_trait = self.def.parent().is_some_and(|parent| parent.kind() == DefKind::Trait);
        if in_trait && !lists(Name::new("Self")) {
            let message = "`impl Trait` must mention the `Self` type of the trait in `use<...>`";
            self.report(span, None, message.to_owned());
        }
        let own = Some(generics_of(self.db, self.def));
        let parent = |of: &&crate::ty::Generics| of.parent.map(|parent| generics_of(self.db, parent));
        for generics in std::iter::successors(own, parent).collect::<Vec<_>>() {
            for param in &generics.params {
                let kind = match param.kind {
                    GenericParamKind::Type { .. } => "type",
                    GenericParamKind::Const { .. } => "const",
                    GenericParamKind::Lifetime => continue,
                };
                if param.name != "Self" && !lists(param.name) {
                    let message = format!("`impl Trait` must mention all {kind} parameters in scope in `use<...>`");
                    self.report(span, None, message);
                }
            }
        }
    }

    /// A lifetime in the bounds is captured too.
    fn uncaptured(&mut self, span: Span, list: &[UseArg], named: &[Lifetime]) {
        let lists = |name: Name| {
            list.iter().any(|arg| matches!(arg, UseArg::Lifetime(known) if quoted(known.name) == quoted(name)))
        };
        let is_missing = |lifetime: &&Lifetime| quoted(lifetime.name) != "'static" && !lists(lifetime.name);
        if named.iter().any(|lifetime| is_missing(&lifetime)) {
            let message =
                "`impl Trait` captures lifetime parameter, but it is not mentioned in `use<...>` precise captures list";
            self.report(span, None, message.to_owned());
        }
    }
}

/// A lifetime's name with its quote.
fn quoted(name: Name) -> String {
    format!("'{}", name.as_str().trim_start_matches('\''))
}

/// The lifetimes that bounds name, but for those of their own `for<…>`.
#[derive(Default)]
struct Lifetimes(Vec<Lifetime>);

impl Visitor for Lifetimes {
    fn visit_bound(&mut self, bound: &Bound) {
        let before = self.0.len();
        match bound {
            Bound::Lifetime(lifetime) => self.0.push(*lifetime),
            Bound::Trait(bound) => {
                self.visit_path(&bound.path);
                let own = |lifetime: &Lifetime| {
                    bound.binder.iter().any(|param| quoted(param.ident.name) == quoted(lifetime.name))
                };
                let found = self.0.split_off(before);
                self.0.extend(found.into_iter().filter(|lifetime| !own(lifetime)));
            }
            Bound::Use { .. } => {}
        }
    }

    fn visit_type(&mut self, ty: &Type) {
        match &ty.kind {
            TypeKind::Ref { lifetime, .. } => self.0.extend(*lifetime),
            // What has elided and own lifetimes binds them itself.
            TypeKind::FnPtr(_) => return,
            _ => {}
        }
        visit::walk_type(self, ty);
    }

    fn visit_path(&mut self, path: &Path) {
        for segment in &path.segments {
            match segment.args.as_deref() {
                Some(GenericArgs::Angle(args)) => {
                    self.0.extend(args.args.iter().filter_map(|arg| match arg {
                        GenericArg::Lifetime(lifetime) => Some(*lifetime),
                        GenericArg::Type(_) | GenericArg::Const(_) | GenericArg::Assoc(_) => None,
                    }));
                }
                Some(GenericArgs::Paren(_)) | None => {}
            }
        }
        visit::walk_path(self, path);
    }
}
