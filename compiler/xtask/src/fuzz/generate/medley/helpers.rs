//! Functions inside of functions whose signatures have lifetimes, bounds and borrowed results; each parameter's lifetime is chosen by chance.

use super::super::Generator;

/// Signatures with the bodies that have their type. `@l` stands for a lifetime with a space behind it, or for none.
const HELPERS: [(&str, &[&str]); 10] = [
    (
        "fn @n<'a, 'b>(x: &@lstr, y: &@lstr, s: String) -> &'a str",
        &[
            "x",
            "y",
            "if x.len() > y.len() { x } else { y }",
            "&s",
            "s.as_str()",
            "longer(x, y)",
            "longer(x, &s)",
            "\"fixed\"",
            "x.trim()",
        ],
    ),
    (
        "fn @n<'a, 'b: 'a>(x: &'a str, y: &'b str) -> &@bstr",
        &[
            "x",
            "y",
            "longer(x, y)",
            "{ let z: &'a str = y; z }",
            "{ let z = String::from(x); y.strip_prefix(z.as_str()).unwrap_or(y) }",
        ],
    ),
    (
        "fn @n<'a>(p: &@lmut Pair, q: &@lPair) -> &'a mut i32",
        &[
            "&mut p.count",
            "p.slot(0).unwrap()",
            "{ p.left.push_str(&q.left); &mut p.count }",
            "{ let mut copy = q.clone(); &mut copy.count }",
            "grow(&mut p.right, 1)",
            "p.right.first_mut().unwrap_or(&mut p.count)",
        ],
    ),
    (
        "fn @n<'a>(v: &@lVec<String>, out: &mut Vec<&'a str>)",
        &[
            "out.push(v[0].as_str());",
            "for s in v { out.push(s); }",
            "out.clear(); drop(v);",
            "out.extend(v.iter().map(|s| s.as_str()));",
            "let s = v.concat(); out.push(&s);",
        ],
    ),
    (
        "fn @n<T: Named>(x: T, y: &T) -> Box<dyn Named>",
        &["{ drop(y.name()); Box::new(x) }", "Box::new(Pair::new(y.name(), 1))", "Box::new(x)"],
    ),
    (
        "fn @n<'a, T: Named + 'a>(x: T, y: &@lT) -> Box<dyn Named + 'a>",
        &[
            "Box::new(x)",
            "Box::new(Borrowed { text: y.name() })",
            "Box::new(Borrowed { text: x.name() })",
            "Box::new(Pair::new(y.name(), 1))",
        ],
    ),
    (
        "fn @n<'a>(x: i32, s: &@lstr) -> Box<dyn Fn() -> i32 + 'a>",
        &[
            "Box::new(move || x + s.len() as i32)",
            "Box::new(|| x)",
            "Box::new(move || x)",
            "{ let t = s.to_string(); Box::new(move || t.len() as i32) }",
            "Box::new(|| s.len() as i32)",
        ],
    ),
    (
        "fn @n<'a>(k: &@lmut Keeper<'a>) -> &'a mut i32",
        &["k.first().unwrap()", "&mut k.held[0]", "{ k.add(1); &mut k.held[0] }"],
    ),
    (
        "fn @n<'a>(k: Keeper<'a>, s: &@lstr) -> Keeper<'a>",
        &[
            "k",
            "Keeper { label: s, ..k }",
            "Keeper { held: k.held, label: s }",
            "{ let mut k = k; k.add(1); k }",
            "{ let t = s.to_string(); Keeper { label: &t, held: k.held } }",
        ],
    ),
    (
        "fn @n<'a>(list: &@lmut Node, low: i32) -> Option<&'a mut Node>",
        &[
            "if list.value > low { Some(list) } else { list.next_mut() }",
            "list.next.as_deref_mut()",
            "{ let mut at = list; while at.value < low { at = at.next.as_deref_mut()?; } Some(at) }",
            "match list.next { Some(ref mut next) if next.value > low => Some(next), _ => None }",
            "{ if let Some(next) = &mut list.next { if next.value > low { return Some(next); } } list.value += 1; None }",
        ],
    ),
];

impl Generator {
    /// A function of its own in the middle of the one that is being made.
    pub(super) fn helper(&mut self) {
        let (signature, bodies) = *self.random.pick(&HELPERS);
        let name = self.name("helper");
        let mut head = signature.replace("@n", &name);
        let has_b = head.contains("'b");
        while head.contains("@l") {
            let lifetime = match self.random.below(if has_b { 6 } else { 4 }) {
                0..=2 => "'a ",
                3 => "",
                _ => "'b ",
            };
            head = head.replacen("@l", lifetime, 1);
        }
        let result = *self.random.pick(&["'a ", "'b "]);
        head = head.replace("@b", result);
        let body = *self.random.pick(bodies);
        self.line(&format!("{head} {{"));
        self.line(&format!("    {body}"));
        self.line("}");
    }
}
