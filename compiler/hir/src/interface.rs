//! What other packages can see of a file: its text without the bodies that nobody looks into.
//!
//! A function of the text alone. Invariant: two texts with the same interface mean the same to every other package; where that is in
//! doubt, a body stays in. What looks into the bodies of other packages:
//!
//! * the evaluation of constants: `const fn`, and whatever is generic or may be reached through a trait, since constants that depend on
//!   generic arguments are evaluated for each call (see `typeck::const_eval::required`);
//! * `impl Trait` in return position, whose hidden type decides about auto traits;
//! * impls, which hold everywhere, wherever they stand.

use rgo_syntax::ast::{Block, Fn, Generics, Item, ItemKind, Type, TypeKind};
use rgo_syntax::{ItemSlice, Span, cut_items, parse_item};

use crate::visit::{self, Visitor};

/// The interface of a file; `None` where errors of syntax make its parts a guess.
pub fn interface(text: &str) -> Option<String> {
    let slices = cut_items(text);
    if slices.fatal || !slices.errors.is_empty() {
        return None;
    }
    let mut hidden = Vec::new();
    hidden_in_slices(text, &slices.items, &mut hidden)?;
    hidden.sort();
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for body in hidden {
        out.push_str(&text[from..body.start as usize]);
        from = body.end as usize;
    }
    out.push_str(&text[from..]);
    Some(out)
}

fn hidden_in_slices(text: &str, slices: &[ItemSlice], hidden: &mut Vec<Span>) -> Option<()> {
    for slice in slices {
        let parsed = parse_item(slice.text.text(text));
        if !parsed.errors.is_empty() {
            return None;
        }
        let start = slice.text.start;
        let bodies = hidden_bodies(&parsed.value);
        hidden.extend(bodies.into_iter().map(|body| Span::new(body.start + start, body.end + start)));
        hidden_in_slices(text, &slice.children, hidden)?;
    }
    Some(())
}

/// The bodies that only their own package looks at.
fn hidden_bodies(item: &Item) -> Vec<Span> {
    match &item.kind {
        ItemKind::Fn(function) => hidden_body(function).into_iter().collect(),
        ItemKind::Impl(imp) if imp.of_trait.is_none() && is_plain(&imp.generics) && names_no_lifetime(&imp.self_ty) => {
            let functions = imp.items.iter().filter_map(|item| match &item.kind {
                ItemKind::Fn(function) => hidden_body(function),
                _ => None,
            });
            functions.collect()
        }
        _ => Vec::new(),
    }
}

fn hidden_body(function: &Fn) -> Option<Span> {
    let body = function.body.as_deref()?;
    let mut signature = Search::default();
    visit::walk_signature(&mut signature, function);
    let is_hidden = function.qualifiers.const_.is_none()
        && is_plain(&function.generics)
        && !signature.found_impl
        && !holds_items(body);
    is_hidden.then_some(body.span)
}

fn is_plain(generics: &Generics) -> bool {
    generics.params.is_empty() && generics.where_clause.is_empty()
}

/// An elided lifetime in the head of an impl is a parameter of it.
fn names_no_lifetime(self_ty: &Type) -> bool {
    match &self_ty.kind {
        TypeKind::Path(path) => path.qself.is_none() && path.path.segments.iter().all(|segment| segment.args.is_none()),
        _ => false,
    }
}

fn holds_items(body: &Block) -> bool {
    let mut search = Search::default();
    search.visit_block(body);
    search.found_item
}

#[derive(Default)]
struct Search {
    found_item: bool,
    found_impl: bool,
}

impl Visitor for Search {
    fn visit_item(&mut self, _item: &Item) {
        self.found_item = true;
    }

    fn visit_type(&mut self, ty: &Type) {
        self.found_impl |= matches!(ty.kind, TypeKind::ImplTrait(_));
        visit::walk_type(self, ty);
    }
}

#[cfg(test)]
mod tests {
    use super::interface;

    fn is_hidden(before: &str, after: &str) -> bool {
        let (before, after) = (interface(before), interface(after));
        before.is_some() && before == after
    }

    #[test]
    fn bodies_of_plain_functions_are_hidden() {
        assert!(is_hidden("fn f(x: i32) -> i32 { x }", "fn f(x: i32) -> i32 { x + 1 }"));
        assert!(is_hidden("mod m { pub fn f() {} }", "mod m { pub fn f() { g(); } }"));
        let method = |body: &str| format!("struct S;\nimpl S {{ fn m(&self) {{ {body} }} fn n() {{}} }}");
        assert!(is_hidden(&method(""), &method("let x = [1, 2];")));
    }

    #[test]
    fn signatures_are_seen() {
        assert!(!is_hidden("fn f() {}", "fn f(x: i32) {}"));
        assert!(!is_hidden("fn f() {}", "pub fn f() {}"));
        assert!(!is_hidden("fn f() {}", "fn f() {} struct S;"));
    }

    #[test]
    fn bodies_that_others_look_into_are_seen() {
        let seen = |shape: &str| !is_hidden(&shape.replace("BODY", "1"), &shape.replace("BODY", "2"));
        assert!(seen("const fn f() -> i32 { BODY }"));
        assert!(seen("const C: i32 = BODY;"));
        assert!(seen("static S: i32 = BODY;"));
        assert!(seen("fn f() -> impl Copy { BODY }"));
        assert!(seen("fn f(x: impl Copy) -> i32 { BODY }"));
        assert!(seen("fn f<T>() -> i32 { BODY }"));
        assert!(seen("fn f<'a>() -> i32 { BODY }"));
        assert!(seen("impl Tr for S { fn f() -> i32 { BODY } }"));
        assert!(seen("trait Tr { fn f() -> i32 { BODY } }"));
        assert!(seen("impl<T> S<T> { fn f() -> i32 { BODY } }"));
        assert!(seen("impl S<'_> { fn f() -> i32 { BODY } }"));
        assert!(seen("fn f() -> i32 { impl Tr for S {} BODY }"));
        assert!(seen("fn f() -> i32 { if true { struct L; } BODY }"));
    }

    #[test]
    fn broken_text_has_no_interface() {
        assert_eq!(interface("fn f() { (; }"), None);
        assert_eq!(interface("fn f() {"), None);
    }
}
