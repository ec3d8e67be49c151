//! Types that are coerced to each other, over one lifetime `'a`: pointers of every kind to values, slices, objects and functions; types that vary in
//! every way.

pub const PRELUDE: &str = r#"#![allow(unused)]
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::fmt::{Debug, Display};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
trait A { fn a(&self) {} }
trait B: A {}
trait L<'a> {}
impl A for i32 {}
impl B for i32 {}
impl A for String {}
impl<'a> A for &'a str {}
impl<'a> L<'a> for i32 {}
impl<T: A> A for Vec<T> {}
struct S<'a>(&'a str);
impl A for S<'_> {}
struct G<T: ?Sized>(i32, T);
struct I<'a>(Cell<&'a str>);
struct M<'a>(&'a mut &'a str);
#[derive(Clone, Copy)] struct C<'a>(fn(&'a str));
struct U<T>(T);
impl<T> std::ops::Deref for U<T> { type Target = T; fn deref(&self) -> &T { &self.0 } }
"#;

pub const TYPES: &[&str] = &[
    "i32",
    "&'a i32",
    "&'static i32",
    "&'a mut i32",
    "&'a &'a i32",
    "&'a mut &'a i32",
    "Box<i32>",
    "&'a Box<i32>",
    "Rc<i32>",
    "String",
    "&'a String",
    "&'a str",
    "&'static str",
    "&'a mut str",
    "&'a mut String",
    "Box<str>",
    "Rc<str>",
    "Vec<i32>",
    "&'a Vec<i32>",
    "&'a mut Vec<i32>",
    "[i32; 2]",
    "&'a [i32; 2]",
    "&'a mut [i32; 2]",
    "&'a [i32]",
    "&'a mut [i32]",
    "Box<[i32]>",
    "Box<[i32; 2]>",
    "Rc<[i32]>",
    "&'a dyn A",
    "&'a (dyn A + 'static)",
    "&'a mut dyn A",
    "&'a mut (dyn A + 'static)",
    "Box<dyn A>",
    "Box<dyn A + 'a>",
    "Box<dyn A + Send>",
    "Box<dyn B>",
    "&'a Box<dyn A>",
    "&'a Box<dyn B>",
    "Rc<dyn A>",
    "Rc<dyn B + 'a>",
    "Arc<dyn A + Send + Sync>",
    "Arc<i32>",
    "Option<Box<dyn A>>",
    "Option<Box<i32>>",
    "Option<&'a str>",
    "Option<&'static str>",
    "Vec<Box<dyn A>>",
    "Vec<&'a str>",
    "Vec<&'static str>",
    "S<'a>",
    "S<'static>",
    "Box<S<'a>>",
    "&'a S<'static>",
    "&'a mut S<'static>",
    "&'a mut S<'a>",
    "I<'a>",
    "I<'static>",
    "&'a I<'a>",
    "&'a I<'static>",
    "M<'a>",
    "M<'static>",
    "C<'a>",
    "C<'static>",
    "Cell<&'a str>",
    "Cell<&'static str>",
    "RefCell<i32>",
    "Box<RefCell<i32>>",
    "Box<RefCell<dyn A>>",
    "Rc<RefCell<dyn A>>",
    "Rc<RefCell<i32>>",
    "Arc<Mutex<dyn A>>",
    "Arc<Mutex<i32>>",
    "Box<G<i32>>",
    "Box<G<dyn A>>",
    "&'a G<[i32; 2]>",
    "&'a G<[i32]>",
    "U<String>",
    "&'a U<String>",
    "&'a mut U<String>",
    "fn(&'a str)",
    "fn(&'static str)",
    "fn(&str)",
    "fn(&str) -> &str",
    "fn(&'static str) -> &'static str",
    "fn(&'a str) -> &'a str",
    "for<'x, 'y> fn(&'x str, &'y str) -> &'x str",
    "for<'x> fn(&'x str, &'x str) -> &'x str",
    "Box<dyn Fn(&'a str)>",
    "Box<dyn Fn(&str)>",
    "Box<dyn Fn(&'static str) + 'a>",
    "Box<dyn FnMut(&str)>",
    "Box<dyn FnOnce(&str) + 'a>",
    "&'a dyn Fn(&str)",
    "&'a dyn L<'a>",
    "&'a dyn L<'static>",
    "Box<dyn for<'x> L<'x>>",
    "Box<dyn L<'a> + 'a>",
    "Box<dyn Any>",
    "&'a dyn Any",
    "Box<dyn Debug>",
    "Box<dyn Debug + 'a>",
    "&'a dyn Debug",
    "()",
    "(&'a str, i32)",
    "(&'static str, i32)",
];
