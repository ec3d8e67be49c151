//! Expressions.

use super::{check_block, check_errors, check_expr};

#[test]
fn precedence() {
    check_expr("a + b * c", "(a + (b * c))");
    check_expr("a * b + c", "((a * b) + c)");
    check_expr("a - b - c", "((a - b) - c)");
    check_expr("a + b << c & d ^ e | f", "(((((a + b) << c) & d) ^ e) | f)");
    check_expr("a == b && c != d || e", "(((a == b) && (c != d)) || e)");
    check_expr("a || b && c", "(a || (b && c))");
    check_expr("a | b == c", "((a | b) == c)");
    check_expr("a < b && c > d", "((a < b) && (c > d))");
    check_expr("a / b % c", "((a / b) % c)");
    check_expr("a << b >> c", "((a << b) >> c)");
}

#[test]
fn unary_binds_looser_than_postfix_and_tighter_than_as() {
    check_expr("-a.b", "(-a.b)");
    check_expr("!a()", "(!call a())");
    check_expr("*a[0]", "(*a[0])");
    check_expr("-a as u8", "((-a) as u8)");
    check_expr("-1 + 2", "((-1) + 2)");
    check_expr("&a as &B", "((&a) as &B)");
    check_expr("&&a", "(&(&a))");
    check_expr("&mut *a", "(&mut (*a))");
    check_expr("a && &b", "(a && (&b))");
    check_expr("a & &b", "(a & (&b))");
    check_expr("a &&!b", "(a && (!b))");
    check_expr("- - a", "(-(-a))");
    check_expr("**a", "(*(*a))");
    check_expr("a - -b", "(a - (-b))");
    check_expr("a * *b", "(a * (*b))");
}

#[test]
fn casts() {
    check_expr("a as u8 as u16", "((a as u8) as u16)");
    check_expr("a as u8 + b as u8", "((a as u8) + (b as u8))");
    check_expr("a as usize == b", "((a as usize) == b)");
    check_expr("a as Vec<u8> > b", "((a as Vec<u8>) > b)");
    check_expr("a as fn(u8) -> u8", "(a as fn(u8) -> u8)");
    check_expr("a * b as u64", "(a * (b as u64))");
    check_expr("x as u8 & 3", "((x as u8) & 3)");
    check_expr("x as _", "(x as _)");
    check_expr("x as [u8; 3]", "(x as [u8; 3])");
    check_expr("x as <T as U>::V", "(x as <T as U>::V)");
    check_expr("&x as &dyn T", "((&x) as &(dyn T))");
    check_expr("(x as u8) < y", "(paren((x as u8)) < y)");
}

#[test]
fn assignment_is_right_associative() {
    check_expr("a = b = c", "(a = (b = c))");
    check_expr("a += b * c", "(a += (b * c))");
    check_expr("*a = b", "((*a) = b)");
    check_expr("a.b[0] = c..d", "(a.b[0] = (c..d))");
    check_expr("(a, _) = b", "(tuple(a, _) = b)");
    check_expr("S { a, .. } = b", "(S {a, ..} = b)");
    check_expr("[a, .., b] = c", "([a, (..), b] = c)");
    check_expr("_ = f()", "(_ = call f())");
    check_expr("a <<= 1", "(a <<= 1)");
    check_expr("a >>= 1", "(a >>= 1)");
    check_expr("a |= b || c", "(a |= (b || c))");
    check_expr("a = |x| x", "(a = (|x| x))");
}

#[test]
fn ranges() {
    check_expr("a..b", "(a..b)");
    check_expr("a..=b", "(a..=b)");
    check_expr("a..", "(a..)");
    check_expr("..b", "(..b)");
    check_expr("..=b", "(..=b)");
    check_expr("..", "(..)");
    check_expr("a + 1..b * 2", "((a + 1)..(b * 2))");
    check_expr("a || b..c", "((a || b)..c)");
    check_expr("x[..]", "x[(..)]");
    check_expr("x[1..]", "x[(1..)]");
    check_expr("f(.., 1..)", "call f((..), (1..))");
    check_expr("(0..n).map(f)", "paren((0..n)).map(f)");
    check_expr("1..2", "(1..2)");
    check_expr("for i in 0.. {}", "for i in (0..) {}");
    check_expr("for i in ..n {}", "for i in (..n) {}");
    check_expr("for i in 0..n.len() {}", "for i in (0..n.len()) {}");
    check_expr("&a[i..i + n]", "(&a[(i..(i + n))])");
}

#[test]
fn postfix() {
    check_expr("a.b.c()", "a.b.c()");
    check_expr("(a.b)(c)", "call paren(a.b)(c)");
    check_expr("a.b::<T>(c, d,)", "a.b<T>(c, d)");
    check_expr("a.0.1", "a.#0.#1");
    check_expr("a.0.1.b", "a.#0.#1.b");
    check_expr("a.0(1)", "call a.#0(1)");
    check_expr("a?.b()?", "a?.b()?");
    check_expr("a[b][c]", "a[b][c]");
    check_expr("f(a)(b)", "call call f(a)(b)");
    check_expr("1.foo()", "1.foo()");
    check_expr("1.0.foo()", "1.0.foo()");
    check_expr("1.e()", "1.e()");
    check_expr("a.r#type", "a.type");
    check_expr("x.await_", "x.await_");
}

#[test]
fn paths() {
    check_expr("a::b::c", "a::b::c");
    check_expr("::a::b", "::a::b");
    check_expr("Vec::<u8>::new()", "call Vec<u8>::new()");
    check_expr("f::<u8>", "f<u8>");
    check_expr("f::<{ N + 1 }, -1, 'a, [u8; 2]>()", "call f<const {(N + 1)}, const (-1), 'a, [u8; 2]>()");
    check_expr("<T>::f()", "call <T>::f()");
    check_expr("<T as U<V>>::f::<W>()", "call <T as U<V>>::f<W>()");
    check_expr("<<T as A>::B as C>::D", "<<T as A>::B as C>::D");
    check_expr("<[u8]>::len", "<[u8]>::len");
    check_expr("<&str as Into<String>>::into(x)", "call <&str as Into<String>>::into(x)");
    check_expr("self::a(Self::B, super::c, crate::d)", "call self::a(Self::B, super::c, crate::d)");
    check_expr("HashMap::<String, Vec<Vec<u8>>>::new()", "call HashMap<String, Vec<Vec<u8>>>::new()");
    check_expr("f::<fn(u8) -> u8>(x)", "call f<fn(u8) -> u8>(x)");
    check_expr("a < b", "(a < b)");
    check_expr("f(a < b, c > d)", "call f((a < b), (c > d))");
    check_expr("a >> b", "(a >> b)");
    check_expr("a >= b", "(a >= b)");
    check_expr("iter.collect::<Vec<_>>()", "iter.collect<Vec<_>>()");
    check_expr("iter.sum::<u8>() >= 3", "(iter.sum<u8>() >= 3)");
}

#[test]
fn collections() {
    check_expr("[]", "[]");
    check_expr("[1, 2,]", "[1, 2]");
    check_expr("[0; n]", "[0; n]");
    check_expr("()", "tuple()");
    check_expr("(1)", "paren(1)");
    check_expr("(1,)", "tuple(1)");
    check_expr("(1, 2)", "tuple(1, 2)");
    check_expr("(1, 2,)", "tuple(1, 2)");
    check_expr("[[0; 2]; 3]", "[[0; 2]; 3]");
    check_expr("[{ 1 }, if a { 2 } else { 3 }]", "[{1}, if a {2} else {3}]");
}

#[test]
fn struct_literals() {
    check_expr("S {}", "S {}");
    check_expr("S { a: 1, b }", "S {a: 1, b}");
    check_expr("a::S::<T> { a: 1, ..b }", "a::S<T> {a: 1, ..b}");
    check_expr("S { ..Default::default() }", "S {..call Default::default()}");
    check_expr("S { 0: a, 1: b }", "S {0: a, 1: b}");
    check_expr("S { a: S { b: 1 } }.a", "S {a: S {b: 1}}.a");
    check_expr("<T as U>::V { a }", "<T as U>::V {a}");
    check_expr("f(S { a: 1 })", "call f(S {a: 1})");
    check_expr("S { a: 1 } == S { a: 2 }", "(S {a: 1} == S {a: 2})");
    check_expr("Self { a }", "Self {a}");
    check_expr("S { f: |x| x + 1, g: a }", "S {f: (|x| (x + 1)), g: a}");
}

#[test]
fn no_struct_literals_in_conditions() {
    check_expr("if a { b }", "if a {b}");
    check_expr("if a == b { c } else { d }", "if (a == b) {c} else {d}");
    check_expr("if (S { a: 1 }) == b {}", "if (paren(S {a: 1}) == b) {}");
    check_expr("if f(S { a: 1 }) {}", "if call f(S {a: 1}) {}");
    check_expr("while a < b {}", "while (a < b) {}");
    check_expr("match a {}", "match a {}");
    check_expr("for a in b {}", "for a in b {}");
    check_expr("if a { 1 } else if b { 2 } else { 3 }", "if a {1} else if b {2} else {3}");
    check_expr("if match a { _ => true } { b }", "if match a {_ => true} {b}");
    check_expr("if { a } { b }", "if {a} {b}");
    check_expr("if x == { y } { z }", "if (x == {y}) {z}");
    check_expr("if !a.b() { c }", "if (!a.b()) {c}");
    check_expr("while let Some(x) = stack.pop() {}", "while let(Some(x) = stack.pop()) {}");
    check_expr("if a[S { b: 1 }] {}", "if a[S {b: 1}] {}");
    check_expr("if a.iter().any(|x| x == S { b: 1 }) {}", "if a.iter().any((|x| (x == S {b: 1}))) {}");
    check_expr("match x { _ if a == b => {} }", "match x {_ if (a == b) => {}}");
    check_expr("if x as usize == y {}", "if ((x as usize) == y) {}");
    check_expr("if a::<B>() {}", "if call a<B>() {}");
}

#[test]
fn let_chains() {
    check_expr(
        "if let Some(a) = b && c == d && let Ok(e) = f {}",
        "if ((let(Some(a) = b) && (c == d)) && let(Ok(e) = f)) {}",
    );
    check_expr("if let A | B = c {}", "if let((A | B) = c) {}");
    check_expr("if let | A | B = c {}", "if let((A | B) = c) {}");
    check_expr("if let Some(S { a, .. }) = x {}", "if let(Some(S {a, ..}) = x) {}");
    check_expr("if let 0..=9 = x {}", "if let((0..=9) = x) {}");
    check_expr("if let x = a | b {}", "if let(x = (a | b)) {}");
    check_expr("if a && let Some(b) = c == d {}", "if (a && let(Some(b) = (c == d))) {}");
    check_expr(
        "match x { Some(y) if let Ok(z) = y && z => 1, _ => 2 }",
        "match x {Some(y) if (let(Ok(z) = y) && z) => 1, _ => 2}",
    );
}

#[test]
fn closures() {
    check_expr("|| 1", "(|| 1)");
    check_expr("|a| a + 1", "(|a| (a + 1))");
    check_expr("|a: u8, (b, c): (u8, u8)| -> u8 { a }", "(|a: u8, tuple(b, c): tuple(u8, u8)| -> u8 {a})");
    check_expr("move || x", "(move || x)");
    check_expr("move |&x| x", "(move |&x| x)");
    check_expr("|a| |b| a + b", "(|a| (|b| (a + b)))");
    check_expr("f(|x| x, |y| y)", "call f((|x| x), (|y| y))");
    check_expr("a || || b", "(a || (|| b))");
    check_expr("|x| x = 1", "(|x| (x = 1))");
    check_expr("|x| x..y", "(|x| (x..y))");
    check_expr("&|x| x + 1", "(&(|x| (x + 1)))");
    check_expr("|_| ()", "(|_| tuple())");
    check_expr("|S { a, b }| a", "(|S {a, b}| a)");
    check_expr("|&(ref a, _): &(A, B)| a", "(|&tuple(ref a, _): &tuple(A, B)| a)");
    check_expr("|x: Vec<Vec<u8>>| x", "(|x: Vec<Vec<u8>>| x)");
    check_expr("|x, y,| { x; y }", "(|x, y| {x; y})");
    check_expr("|x: &dyn Fn(u8) -> u8| x(1)", "(|x: &(dyn Fn(u8) -> u8)| call x(1))");
    check_expr("|a| if a { 1 } else { 2 }", "(|a| if a {1} else {2})");
}

#[test]
fn jumps() {
    check_expr("return", "return");
    check_expr("return a + b", "return (a + b)");
    check_expr("a || return", "(a || return)");
    check_expr("break 'a b", "break 'a b");
    check_expr("break 'a", "break 'a");
    check_expr("break (a, b)", "break tuple(a, b)");
    check_expr("continue 'a", "continue 'a");
    check_expr("loop { break; }", "loop {break;}");
    check_expr(
        "match a { b => return, c => continue, d => break }",
        "match a {b => return, c => continue, d => break}",
    );
    check_expr("return -1", "return (-1)");
    check_expr("return S { a: 1 }", "return S {a: 1}");
    check_expr("break loop {}", "break loop {}");
    check_expr("while break {}", "while break {}");
    check_expr("x.unwrap_or_else(|| return 1)", "x.unwrap_or_else((|| return 1))");
}

#[test]
fn blocks_and_loops() {
    check_expr("{ 1 }", "{1}");
    check_expr("'a: { break 'a 1 }", "'a: {break 'a 1}");
    check_expr("'a: loop { continue 'a }", "'a: loop {continue 'a}");
    check_expr("'a: while true {}", "'a: while true {}");
    check_expr("'a: for (i, x) in y {}", "'a: for tuple(i, x) in y {}");
    check_expr("const { 1 }", "const {1}");
    check_expr("{ let x = 1; x }", "{let x = 1; x}");
}

#[test]
fn matches() {
    check_expr("match a { 1 => 2, 3 => 4 }", "match a {1 => 2, 3 => 4}");
    check_expr("match a { 1 => {} 3 => {} }", "match a {1 => {}, 3 => {}}");
    check_expr("match a { 1 => { x }.y(), _ => 2 }", "match a {1 => {x}.y(), _ => 2}");
    check_expr("match a { 1 => if b { 1 } else { 2 } _ => 3, }", "match a {1 => if b {1} else {2}, _ => 3}");
    check_expr("match a { | 1 | 2 => 3 }", "match a {(1 | 2) => 3}");
    check_expr("match a { x @ 1.. if x > 2 => 3, _ => 4 }", "match a {x @ (1..) if (x > 2) => 3, _ => 4}");
    check_expr("match (a, b) { (A { x }, _) => x, }", "match tuple(a, b) {tuple(A {x}, _) => x}");
    check_expr("match a { _ => match b { _ => 1 } }", "match a {_ => match b {_ => 1}}");
    check_expr("match a { _ => x = 1, }", "match a {_ => (x = 1)}");
    check_expr("match a { 'a'..='z' => 1, _ => 2 }", "match a {('a'..='z') => 1, _ => 2}");
    check_expr("match a { _ => unreachable!(), }", "match a {_ => unreachable!(0)}");
    check_expr("match a { _ => vec![1] }", "match a {_ => vec![1]}");
    check_expr("match a { #[cfg(x)] A => 1, B => #[allow(y)] 2 }", "match a {A => 1, B => 2}");
}

#[test]
fn macros() {
    check_expr("println!(\"{}\", a)", "println!(3)");
    check_expr("vec![1; 2].len()", "vec![3].len()");
    check_expr("std::format!(\"a\")", "std::format!(1)");
    check_expr("a != b", "(a != b)");
    check_expr("matches!(a, B | C if d) && e", "(matches!(7) && e)");
    check_block("m! { a } b", "m!{1}# b");
    check_block("m! { a }.b()", "m!{1}.b()");
    check_block("m!(a); b", "m!(1); b");
}

#[test]
fn chained_comparisons() {
    check_errors("fn f() { a == b == c; }", &["1 comparison operators cannot be chained"]);
    check_errors("fn f() { a < b > c; }", &["1 comparison operators cannot be chained"]);
    check_expr("(a < b) == c", "(paren((a < b)) == c)");
}
