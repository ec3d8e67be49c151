//! What every generated program begins with: types that own, that drop noisily, that borrow, and functions that consume, lend and return borrows.

pub const PRELUDE: &str = r#"#[derive(Debug, Clone, PartialEq)]
struct Pair {
    left: String,
    right: Vec<i32>,
    count: i32,
}

impl Pair {
    fn new(left: &str, count: i32) -> Pair {
        Pair { left: left.to_string(), right: vec![count, count + 1], count }
    }
    fn left(&self) -> &str {
        &self.left
    }
    fn left_mut(&mut self) -> &mut String {
        &mut self.left
    }
    fn slot(&mut self, at: usize) -> Option<&mut i32> {
        self.right.get_mut(at)
    }
    fn into_left(self) -> String {
        self.left
    }
    fn bump(&mut self, by: i32) -> i32 {
        self.count += by;
        self.count
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Empty,
    One(String),
    Two { name: String, size: i32 },
    Nested(Box<Shape>),
}

impl Shape {
    fn name(&self) -> Option<&String> {
        match self {
            Shape::Empty => None,
            Shape::One(name) | Shape::Two { name, .. } => Some(name),
            Shape::Nested(inner) => inner.name(),
        }
    }
}

struct Noisy {
    name: String,
    weight: i32,
}

impl Noisy {
    fn new(name: &str, weight: i32) -> Noisy {
        println!("  new {name}");
        Noisy { name: name.to_string(), weight }
    }
}

impl Clone for Noisy {
    fn clone(&self) -> Noisy {
        println!("  clone {} {}", self.name, self.weight);
        Noisy { name: self.name.clone(), weight: self.weight + 100 }
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        println!("  drop {} {}", self.name, self.weight);
    }
}

struct Shelf {
    slots: Vec<Pair>,
    at: usize,
}

impl Shelf {
    fn new(count: i32) -> Shelf {
        Shelf { slots: (0..3).map(|at| Pair::new("slot", count + at)).collect(), at: 0 }
    }
    fn index(&mut self) -> usize {
        self.at = (self.at + 1) % self.slots.len();
        println!("  at {}", self.at);
        self.at
    }
    fn next(&mut self) -> &mut Pair {
        let at = self.index();
        &mut self.slots[at]
    }
    fn number(&mut self) -> &mut i32 {
        &mut self.next().count
    }
}

struct View<'a> {
    text: &'a str,
    seen: usize,
}

impl<'a> View<'a> {
    fn text(&self) -> &'a str {
        self.text
    }
    fn advance(&mut self) -> usize {
        self.seen += 1;
        self.seen
    }
}

fn eat_string(s: String) -> i32 {
    s.len() as i32
}

fn eat_vec(v: Vec<i32>) -> i32 {
    v.iter().sum()
}

fn eat_pair(p: Pair) -> i32 {
    p.count
}

fn eat_shape(s: Shape) -> i32 {
    s.name().map_or(0, |name| name.len() as i32)
}

fn eat_noisy(n: Noisy) -> i32 {
    println!("  eat {}", n.name);
    n.weight
}

fn peek(s: &str) -> i32 {
    s.len() as i32
}

fn total(v: &[i32]) -> i32 {
    v.iter().sum()
}

fn grow(v: &mut Vec<i32>, x: i32) -> &mut i32 {
    v.push(x);
    let last = v.len() - 1;
    &mut v[last]
}

fn append(s: &mut String, t: &str) {
    s.push_str(t);
}

fn longer<'a>(a: &'a str, b: &'a str) -> &'a str {
    if a.len() >= b.len() { a } else { b }
}

fn weigh(n: &Noisy) -> i32 {
    n.weight
}

fn heavier(n: &mut Noisy, by: i32) {
    n.weight += by;
}

fn apply(f: impl Fn(i32) -> i32, x: i32) -> i32 {
    f(x)
}

fn repeat(mut f: impl FnMut(i32), times: i32) {
    for i in 0..times {
        f(i);
    }
}

fn once<T>(f: impl FnOnce() -> T) -> T {
    f()
}

trait Named {
    fn name(&self) -> &str;
    fn rename(&mut self, name: &str);
    fn describe(&self) -> String {
        format!("<{}>", self.name())
    }
}

impl Named for Pair {
    fn name(&self) -> &str {
        &self.left
    }
    fn rename(&mut self, name: &str) {
        self.left = name.to_string();
    }
}

impl Named for Noisy {
    fn name(&self) -> &str {
        &self.name
    }
    fn rename(&mut self, name: &str) {
        self.name.push_str(name);
    }
    fn describe(&self) -> String {
        format!("{} weighs {}", self.name, self.weight)
    }
}

trait Loud {
    fn loud(&self) -> String;
}

impl<T: Named> Loud for T {
    fn loud(&self) -> String {
        self.describe().to_uppercase()
    }
}

struct Stack<T> {
    items: Vec<T>,
}

impl<T> Stack<T> {
    fn new() -> Stack<T> {
        Stack { items: Vec::new() }
    }
    fn push(&mut self, item: T) {
        self.items.push(item);
    }
    fn pop(&mut self) -> Option<T> {
        self.items.pop()
    }
    fn peek(&self) -> Option<&T> {
        self.items.last()
    }
    fn peek_mut(&mut self) -> Option<&mut T> {
        self.items.last_mut()
    }
    fn len(&self) -> usize {
        self.items.len()
    }
}

fn parse(text: &str) -> Result<i32, String> {
    match text.parse::<i32>() {
        Ok(value) => Ok(value),
        Err(_) => Err(format!("{text:?} is no number")),
    }
}

fn adder(by: i32) -> impl Fn(i32) -> i32 {
    move |x| x.wrapping_add(by)
}

fn boxed_adder(by: i32) -> Box<dyn Fn(i32) -> i32> {
    Box::new(move |x| x.wrapping_add(by))
}

struct Node {
    value: i32,
    next: Option<Box<Node>>,
}

impl Node {
    fn chain(count: i32) -> Node {
        let mut node = Node { value: count, next: None };
        for value in 0..count {
            node = Node { value, next: Some(Box::new(node)) };
        }
        node
    }
    fn next_mut(&mut self) -> Option<&mut Node> {
        self.next.as_deref_mut()
    }
    fn last(&mut self) -> &mut Node {
        let mut at = self;
        while at.next.is_some() {
            at = at.next.as_mut().unwrap();
        }
        at
    }
    fn sum(&self) -> i32 {
        self.value + self.next.as_ref().map_or(0, |next| next.sum())
    }
}

struct Keeper<'a> {
    held: &'a mut Vec<i32>,
    label: &'a str,
}

impl<'a> Keeper<'a> {
    fn add(&mut self, item: i32) -> &mut Self {
        self.held.push(item);
        self
    }
    fn first(&mut self) -> Option<&mut i32> {
        self.held.first_mut()
    }
    fn again(&mut self) -> Keeper<'_> {
        Keeper { held: self.held, label: self.label }
    }
    fn into_held(self) -> &'a mut Vec<i32> {
        self.held
    }
    fn label(&self) -> &'a str {
        self.label
    }
}

struct Guard<'a> {
    log: &'a mut Vec<i32>,
    value: i32,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.log.push(self.value);
        println!("  guard {} {}", self.value, self.log.len());
    }
}

struct Cursor<'a, T> {
    items: &'a [T],
    at: usize,
}

impl<'a, T: Copy> Iterator for Cursor<'a, T> {
    type Item = T;
    fn next(&mut self) -> Option<T> {
        let item = self.items.get(self.at)?;
        self.at += 1;
        Some(*item)
    }
}

struct Borrowed<'a> {
    text: &'a str,
}

impl Named for Borrowed<'_> {
    fn name(&self) -> &str {
        self.text
    }
    fn rename(&mut self, name: &str) {
        println!("not {name}");
    }
}

struct Depot<T> {
    all: Vec<T>,
}

trait Store {
    type Item;
    fn store(&mut self, item: Self::Item);
    fn latest(&self) -> Option<&Self::Item>;
    fn latest_mut(&mut self) -> Option<&mut Self::Item>;
}

impl<T> Depot<T> {
    fn new() -> Depot<T> {
        Depot { all: Vec::new() }
    }
    fn best<K: Ord>(&self, key: impl Fn(&T) -> K) -> Option<&T> {
        self.all.iter().max_by_key(|item| key(item))
    }
    fn into_all(self) -> Vec<T> {
        self.all
    }
}

impl<T> Store for Depot<T> {
    type Item = T;
    fn store(&mut self, item: T) {
        self.all.push(item);
    }
    fn latest(&self) -> Option<&T> {
        self.all.last()
    }
    fn latest_mut(&mut self) -> Option<&mut T> {
        self.all.last_mut()
    }
}

fn label_of<'a, T: Named>(item: &'a T, other: &'a str) -> &'a str {
    if item.name().is_empty() { other } else { item.name() }
}
"#;
