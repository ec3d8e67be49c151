//! Random functions over the prelude's types: well-typed by construction, with ownership respected or, now and then, not.
//!
//! The generator keeps a rough picture of what is moved and what is borrowed. A careful choice follows it, a careless one (`carelessness` percent
//! of the choices) takes any variable of the right type. The picture may be wrong: rustc decides, this only steers.

mod forms;
mod medley;
mod owners;

use std::fmt::Write as _;

use super::random::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Int,
    Text,
    Numbers,
    Pair,
    Shape,
    Noisy,
    MaybeText,
    BoxedText,
    /// `&T` of one of the owning types.
    Ref(Owning),
    RefMut(Owning),
    View,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owning {
    Text,
    Numbers,
    Pair,
    Noisy,
}

const OWNING: [Owning; 4] = [Owning::Text, Owning::Numbers, Owning::Pair, Owning::Noisy];

impl Owning {
    fn ty(self) -> Type {
        match self {
            Owning::Text => Type::Text,
            Owning::Numbers => Type::Numbers,
            Owning::Pair => Type::Pair,
            Owning::Noisy => Type::Noisy,
        }
    }
}

#[derive(Clone, Debug)]
struct Variable {
    name: String,
    ty: Type,
    mutable: bool,
    moved: bool,
    /// The variable that this one borrows from.
    borrows: Option<usize>,
}

/// Makes one function after another.
pub struct Generator {
    random: Random,
    carelessness: u64,
    out: String,
    indent: usize,
    variables: Vec<Variable>,
    fresh: usize,
    budget: usize,
    loops: usize,
}

impl Generator {
    pub fn new(seed: u64) -> Generator {
        Generator {
            random: Random::new(seed),
            carelessness: 0,
            out: String::new(),
            indent: 0,
            variables: Vec::new(),
            fresh: 0,
            budget: 0,
            loops: 0,
        }
    }

    /// `fn name(n: i32) -> i32 { … }`; every second one is careless.
    pub fn function(&mut self, name: &str) -> String {
        self.carelessness = if self.random.percent(35) { 0 } else { 30 };
        self.variables.clear();
        self.fresh = 0;
        self.loops = 0;
        self.budget = 6 + self.random.below(14);
        self.out.clear();
        self.indent = 0;
        self.line(&format!("fn {name}(n: i32) -> i32 {{"));
        self.variables.push(Variable { name: "n".into(), ty: Type::Int, mutable: false, moved: false, borrows: None });
        self.indent = 1;
        for _ in 0..2 {
            self.declaration();
        }
        while self.budget > 0 {
            self.statement();
        }
        let value = self.int(2);
        self.line(&value);
        self.indent = 0;
        self.line("}");
        std::mem::take(&mut self.out)
    }

    fn line(&mut self, text: &str) {
        for _ in 0..self.indent {
            self.out.push_str("    ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn name(&mut self, prefix: &str) -> String {
        self.fresh += 1;
        format!("{prefix}{}", self.fresh)
    }

    fn careless(&mut self) -> bool {
        self.random.percent(self.carelessness)
    }

    fn declare(&mut self, prefix: &str, ty: Type, mutable: bool, borrows: Option<usize>) -> String {
        // Now and then a new variable shadows an old one.
        let name = if !self.variables.is_empty() && self.random.percent(6) {
            let at = self.random.below(self.variables.len());
            self.variables[at].moved = true;
            self.variables[at].name.clone()
        } else {
            self.name(prefix)
        };
        self.variables.push(Variable { name: name.clone(), ty, mutable, moved: false, borrows });
        name
    }

    /// A variable that may be used; `mutate` asks for a mutable one, `free` for one that nobody borrows.
    fn variable(&mut self, ty: Type, mutate: Mutate, free: Free) -> Option<usize> {
        let careless = self.careless();
        let fits = |this: &Generator, at: usize| {
            let variable = &this.variables[at];
            variable.ty == ty && !this.shadowed(at) && (careless || this.usable(at, mutate, free))
        };
        let candidates: Vec<usize> = (0..self.variables.len()).filter(|&at| fits(self, at)).collect();
        if candidates.is_empty() { None } else { Some(*self.random.pick(&candidates)) }
    }

    fn shadowed(&self, at: usize) -> bool {
        self.variables[at + 1..].iter().any(|later| later.name == self.variables[at].name)
    }

    fn usable(&self, at: usize, mutate: Mutate, free: Free) -> bool {
        let variable = &self.variables[at];
        let borrowed = self.variables.iter().any(|other| other.borrows == Some(at));
        !variable.moved && (mutate == Mutate::No || variable.mutable) && (free == Free::No || !borrowed)
    }

    /// After this use of an owner, what borrowed from it is not used any more.
    fn end_borrows(&mut self, owner: usize) {
        for at in 0..self.variables.len() {
            if self.variables[at].borrows == Some(owner) {
                self.variables[at].moved = true;
                self.variables[at].borrows = None;
            }
        }
    }

    fn take(&mut self, at: usize) -> String {
        // A move in a loop fails on the second turn.
        if self.loops == 0 || self.careless() {
            self.end_borrows(at);
            self.variables[at].moved = true;
            self.variables[at].name.clone()
        } else if self.variables[at].ty == Type::Noisy {
            format!("Noisy::new({:?}, 1)", self.variables[at].name)
        } else {
            format!("{}.clone()", self.variables[at].name)
        }
    }

    fn value(&mut self, ty: Type, depth: usize) -> String {
        match ty {
            Type::Int => self.int(depth),
            Type::Text => self.text(depth),
            Type::Numbers => self.owned(ty).unwrap_or_else(|| self.fresh_numbers(depth)),
            Type::Pair => self.owned(ty).unwrap_or_else(|| {
                let count = self.int(0);
                format!("Pair::new({:?}, {count})", self.word())
            }),
            Type::Shape => self.shape(depth),
            Type::Noisy => self.owned(ty).unwrap_or_else(|| {
                let weight = self.random.below(9);
                let name = self.name("noise");
                format!("Noisy::new({name:?}, {weight})")
            }),
            Type::MaybeText => match self.owned(ty) {
                Some(known) => known,
                None if self.random.percent(30) => "None::<String>".to_string(),
                None => format!("Some({})", self.text(depth)),
            },
            Type::BoxedText => self.owned(ty).unwrap_or_else(|| format!("Box::new({})", self.text(depth))),
            Type::Ref(_) | Type::RefMut(_) | Type::View => unreachable!("borrows are made by their own statements"),
        }
    }

    fn owned(&mut self, ty: Type) -> Option<String> {
        if self.random.percent(45) {
            return None;
        }
        let at = self.variable(ty, Mutate::No, Free::Yes)?;
        if self.random.percent(30) && ty != Type::Noisy {
            return Some(format!("{}.clone()", self.variables[at].name));
        }
        Some(self.take(at))
    }

    fn word(&mut self) -> &'static str {
        const WORDS: [&str; 5] = ["ab", "cde", "f", "ghij", ""];
        WORDS[self.random.below(WORDS.len())]
    }

    fn fresh_numbers(&mut self, depth: usize) -> String {
        let count = 1 + self.random.below(3);
        let items: Vec<String> = (0..count).map(|_| self.int(depth.saturating_sub(1))).collect();
        format!("vec![{}]", items.join(", "))
    }

    fn text(&mut self, depth: usize) -> String {
        if let Some(known) = self.owned(Type::Text) {
            return known;
        }
        match self.random.below(6) {
            0 if depth > 0 => format!("format!(\"{{}}-{{}}\", {}, {})", self.int(0), self.int(0)),
            1 => match self.variable(Type::Pair, Mutate::No, Free::Yes) {
                Some(at) => {
                    let pair = self.take(at);
                    if self.random.percent(50) { format!("{pair}.into_left()") } else { format!("{pair}.left") }
                }
                None => "String::new()".to_string(),
            },
            2 => match self.variable(Type::BoxedText, Mutate::No, Free::Yes) {
                Some(at) => format!("*{}", self.take(at)),
                None => "String::from(\"boxless\")".to_string(),
            },
            3 => match self.variable(Type::MaybeText, Mutate::No, Free::Yes) {
                Some(at) => format!("{}.unwrap_or_default()", self.take(at)),
                None => "\"none\".to_string()".to_string(),
            },
            _ => format!("String::from({:?})", self.word()),
        }
    }

    fn shape(&mut self, depth: usize) -> String {
        if let Some(known) = self.owned(Type::Shape) {
            return known;
        }
        match self.random.below(4) {
            0 => "Shape::Empty".to_string(),
            1 => format!("Shape::One({})", self.text(depth)),
            2 => {
                let name = self.text(depth);
                format!("Shape::Two {{ name: {name}, size: {} }}", self.int(0))
            }
            _ if depth > 0 => format!("Shape::Nested(Box::new({}))", self.shape(depth - 1)),
            _ => "Shape::Empty".to_string(),
        }
    }

    fn int(&mut self, depth: usize) -> String {
        if depth == 0 || self.random.percent(25) {
            return match self.variable(Type::Int, Mutate::No, Free::Yes) {
                Some(at) if self.random.percent(60) => self.variables[at].name.clone(),
                _ => format!("{}i32", self.random.below(10)),
            };
        }
        match self.random.below(14) {
            0 => format!("eat_string({})", self.value(Type::Text, depth - 1)),
            1 => format!("eat_vec({})", self.value(Type::Numbers, depth - 1)),
            2 => format!("eat_pair({})", self.value(Type::Pair, depth - 1)),
            3 => format!("eat_shape({})", self.value(Type::Shape, depth - 1)),
            4 => format!("eat_noisy({})", self.value(Type::Noisy, depth - 1)),
            5 => self.look(),
            6 => self.mutation(),
            7 => self.block_value(depth - 1),
            8 => self.closure_value(depth - 1),
            9 => self.match_value(depth - 1),
            10 => format!("if {} {{ {} }} else {{ {} }}", self.condition(), self.int(0), self.int(0)),
            _ => {
                let a = self.int(depth - 1);
                let b = self.int(depth - 1);
                format!("({a}).wrapping_{}({b})", self.random.pick(&["add", "sub", "mul"]))
            }
        }
    }

    fn condition(&mut self) -> String {
        let a = self.int(0);
        let operator = *self.random.pick(&["<", ">", "==", "!=", "<=", ">="]);
        format!("{a} {operator} {}", self.random.below(8))
    }

    /// An `i32` from looking at something through a borrow.
    fn look(&mut self) -> String {
        for _ in 0..4 {
            let found = match self.random.below(9) {
                0 => self
                    .variable(Type::Text, Mutate::No, Free::No)
                    .map(|at| format!("peek(&{})", self.variables[at].name)),
                1 => self
                    .variable(Type::Numbers, Mutate::No, Free::No)
                    .map(|at| format!("total(&{})", self.variables[at].name)),
                2 => self
                    .variable(Type::Pair, Mutate::No, Free::No)
                    .map(|at| format!("peek({}.left())", self.variables[at].name)),
                3 => self
                    .variable(Type::Noisy, Mutate::No, Free::No)
                    .map(|at| format!("weigh(&{})", self.variables[at].name)),
                4 => self
                    .variable(Type::Ref(Owning::Text), Mutate::No, Free::No)
                    .map(|at| format!("peek({})", self.variables[at].name)),
                5 => self
                    .variable(Type::Ref(Owning::Pair), Mutate::No, Free::No)
                    .map(|at| format!("{}.count", self.variables[at].name)),
                6 => self
                    .variable(Type::Ref(Owning::Noisy), Mutate::No, Free::No)
                    .map(|at| format!("weigh({})", self.variables[at].name)),
                7 => self
                    .variable(Type::View, Mutate::No, Free::No)
                    .map(|at| format!("peek({}.text())", self.variables[at].name)),
                _ => self
                    .variable(Type::Ref(Owning::Numbers), Mutate::No, Free::No)
                    .map(|at| format!("total({})", self.variables[at].name)),
            };
            if let Some(found) = found {
                return found;
            }
        }
        "1i32".to_string()
    }

    /// An `i32` from an expression that changes something.
    fn mutation(&mut self) -> String {
        for _ in 0..4 {
            let found = match self.random.below(7) {
                0 => self.changed(Type::Pair).map(|pair| format!("{pair}.bump(2)")),
                1 => self.changed(Type::Numbers).map(|v| format!("*grow(&mut {v}, 5)")),
                2 => self.changed(Type::Pair).map(|pair| format!("{{ {pair}.left_mut().push('x'); {pair}.count }}")),
                3 => self
                    .variable(Type::RefMut(Owning::Pair), Mutate::No, Free::No)
                    .map(|at| format!("{}.bump(1)", self.variables[at].name)),
                4 => self
                    .changed(Type::Pair)
                    .map(|pair| format!("{pair}.slot(0).map_or(0i32, |slot| {{ *slot += 1; *slot }})")),
                5 => self
                    .variable(Type::View, Mutate::Yes, Free::No)
                    .map(|at| format!("({}.advance() as i32)", self.variables[at].name)),
                _ => self.changed(Type::Numbers).map(|v| format!("{{ {v}.push({v}.len() as i32); {v}[0] }}")),
            };
            if let Some(found) = found {
                return found;
            }
        }
        "2i32".to_string()
    }

    /// The name of an owner that is about to be changed: its borrows end.
    fn changed(&mut self, ty: Type) -> Option<String> {
        let at = self.variable(ty, Mutate::Yes, Free::No)?;
        if !self.careless() {
            self.end_borrows(at);
        }
        Some(self.variables[at].name.clone())
    }

    fn block_value(&mut self, depth: usize) -> String {
        let known = self.variables.len();
        let name = self.name("inner");
        let ty = *self.random.pick(&[Type::Noisy, Type::Text, Type::Numbers]);
        let value = self.value(ty, depth);
        self.variables.push(Variable { name: name.clone(), ty, mutable: false, moved: false, borrows: None });
        let result = self.int(depth.min(1));
        self.variables.truncate(known);
        format!("{{ let {name} = {value}; {result} }}")
    }

    fn closure_value(&mut self, depth: usize) -> String {
        match self.random.below(4) {
            0 => {
                let body = self.look();
                format!("apply(|x| x + {body}, {})", self.int(0))
            }
            1 => match self.variable(Type::Text, Mutate::No, Free::Yes) {
                Some(at) if self.loops == 0 => {
                    let name = self.take(at);
                    format!("once(move || eat_string({name}))")
                }
                _ => format!("once(|| {})", self.int(depth)),
            },
            2 => match self.changed(Type::Numbers) {
                Some(v) => format!("{{ repeat(|i| {v}.push(i), 2); {v}[0] }}"),
                None => "3i32".to_string(),
            },
            _ => {
                let body = self.int(depth);
                format!("once(|| {body})")
            }
        }
    }

    fn match_value(&mut self, depth: usize) -> String {
        let Some(at) = self.variable(Type::Shape, Mutate::No, Free::Yes) else { return self.look() };
        let name = self.variables[at].name.clone();
        match self.random.below(4) {
            0 => {
                let taken = self.take(at);
                let other = self.int(depth.min(1));
                format!(
                    "match {taken} {{ Shape::One(text) => eat_string(text), Shape::Two {{ size, .. }} if size > 3 => size, Shape::Two {{ name, size }} => size + eat_string(name), _ => {other} }}"
                )
            }
            1 => format!(
                "match &{name} {{ Shape::Nested(inner) => inner.name().map_or(1i32, |s| peek(s)), Shape::One(text) | Shape::Two {{ name: text, .. }} => peek(text), Shape::Empty => {} }}",
                self.int(0)
            ),
            2 if self.variables[at].mutable || self.careless() => {
                self.end_borrows(at);
                format!(
                    "match &mut {name} {{ Shape::One(text) => {{ text.push('!'); peek(text) }} Shape::Two {{ size, .. }} => {{ *size += 1; *size }} _ => 0i32 }}"
                )
            }
            _ => format!("if let Shape::One(ref text) = {name} {{ peek(text) }} else {{ {} }}", self.int(0)),
        }
    }

    fn statement(&mut self) {
        self.budget = self.budget.saturating_sub(1);
        match self.random.below(32) {
            0..=3 => self.declaration(),
            4..=6 => self.borrow(),
            7..=8 => self.print(),
            9..=10 => self.assignment(),
            11 => self.branch(),
            12 => self.repetition(),
            13 => self.scope(),
            14 => self.drop_or_swap(),
            15 => self.late_initialisation(),
            16 => self.partial_move(),
            17 => self.early_return(),
            18 => self.closure_variable(),
            19..=24 => self.form(),
            25..=30 => self.medley(),
            _ => {
                let value = self.int(3);
                self.line(&format!("println!(\"{{}}\", {value});"));
            }
        }
    }

    fn declaration(&mut self) {
        let ty = *self.random.pick(&[
            Type::Int,
            Type::Text,
            Type::Text,
            Type::Numbers,
            Type::Pair,
            Type::Shape,
            Type::Noisy,
            Type::MaybeText,
            Type::BoxedText,
        ]);
        let value = self.value(ty, 2);
        let mutable = self.random.percent(60);
        let name = self.declare("v", ty, mutable, None);
        let keyword = if mutable { "let mut" } else { "let" };
        let annotation = if ty == Type::MaybeText {
            ": Option<String>"
        } else if ty == Type::Int {
            ": i32"
        } else {
            ""
        };
        self.line(&format!("{keyword} {name}{annotation} = {value};"));
    }

    fn borrow(&mut self) {
        let owning = *self.random.pick(&OWNING);
        match self.random.below(6) {
            0..=2 => {
                let Some(at) = self.variable(owning.ty(), Mutate::No, Free::No) else { return };
                let owner = self.variables[at].name.clone();
                let name = self.declare("r", Type::Ref(owning), false, Some(at));
                self.line(&format!("let {name} = &{owner};"));
            }
            3 => {
                let Some(at) = self.variable(owning.ty(), Mutate::Yes, Free::No) else { return };
                self.end_borrows(at);
                let owner = self.variables[at].name.clone();
                let name = self.declare("m", Type::RefMut(owning), false, Some(at));
                self.line(&format!("let {name} = &mut {owner};"));
            }
            4 => {
                let (Some(a), Some(b)) =
                    (self.variable(Type::Text, Mutate::No, Free::No), self.variable(Type::Text, Mutate::No, Free::No))
                else {
                    return;
                };
                let (first, second) = (self.variables[a].name.clone(), self.variables[b].name.clone());
                let name = self.declare("view", Type::View, true, Some(a));
                self.line(&format!("let mut {name} = View {{ text: longer(&{first}, &{second}), seen: 0 }};"));
            }
            _ => {
                let Some(at) = self.variable(Type::Pair, Mutate::Yes, Free::No) else { return };
                self.end_borrows(at);
                let owner = self.variables[at].name.clone();
                let name = self.declare("m", Type::RefMut(Owning::Text), false, Some(at));
                self.line(&format!("let {name} = {owner}.left_mut();"));
            }
        }
    }

    fn print(&mut self) {
        let shown: Vec<usize> = (0..self.variables.len())
            .filter(|&at| {
                !matches!(
                    self.variables[at].ty,
                    Type::Noisy | Type::View | Type::Ref(Owning::Noisy) | Type::RefMut(Owning::Noisy)
                )
            })
            .filter(|&at| self.usable(at, Mutate::No, Free::No))
            .collect();
        if shown.is_empty() {
            return;
        }
        let at = *self.random.pick(&shown);
        let name = self.variables[at].name.clone();
        self.line(&format!("println!(\"{name} = {{:?}}\", {name});"));
    }

    fn assignment(&mut self) {
        match self.random.below(6) {
            0 => {
                let Some(at) = self.variable(Type::Int, Mutate::Yes, Free::No) else { return };
                let value = self.int(2);
                let name = self.variables[at].name.clone();
                self.line(&format!("{name} = {value}.wrapping_add({name});"));
            }
            1 => {
                let Some(at) = self.variable(Type::Pair, Mutate::Yes, Free::Yes) else { return };
                let value = self.text(1);
                let name = self.variables[at].name.clone();
                self.line(&format!("{name}.left = {value};"));
            }
            2 => {
                let Some(at) = self.variable(Type::RefMut(Owning::Text), Mutate::No, Free::No) else { return };
                let name = self.variables[at].name.clone();
                let word = self.word();
                self.line(&format!("append({name}, {word:?});"));
            }
            3 => {
                let Some(at) = self.variable(Type::RefMut(Owning::Numbers), Mutate::No, Free::No) else { return };
                let value = self.int(1);
                let name = self.variables[at].name.clone();
                self.line(&format!("{name}.push({value});"));
            }
            4 => {
                let Some(at) = self.variable(Type::RefMut(Owning::Noisy), Mutate::No, Free::No) else { return };
                let name = self.variables[at].name.clone();
                self.line(&format!("heavier({name}, 1);"));
            }
            _ => {
                let ty = *self.random.pick(&[Type::Text, Type::Numbers, Type::Pair, Type::Shape, Type::Noisy]);
                let careless = self.careless();
                // A moved variable may be filled again.
                let candidates: Vec<usize> = (0..self.variables.len())
                    .filter(|&at| {
                        self.variables[at].ty == ty && (self.variables[at].mutable || careless) && !self.shadowed(at)
                    })
                    .collect();
                if candidates.is_empty() {
                    return;
                }
                let at = *self.random.pick(&candidates);
                let value = self.value(ty, 1);
                self.end_borrows(at);
                self.variables[at].moved = false;
                let name = self.variables[at].name.clone();
                self.line(&format!("{name} = {value};"));
            }
        }
    }

    /// Statements in a block of their own; what they declare is gone afterwards.
    fn nested(&mut self, most: usize) {
        let known = self.variables.len();
        self.indent += 1;
        for _ in 0..1 + self.random.below(most) {
            self.statement();
        }
        self.indent -= 1;
        self.variables.truncate(known);
        for at in 0..known {
            if self.variables[at].borrows.is_some_and(|owner| owner >= known) {
                self.variables[at].borrows = None;
                self.variables[at].moved = true;
            }
        }
    }

    fn branch(&mut self) {
        let condition = self.condition();
        self.line(&format!("if {condition} {{"));
        let before: Vec<bool> = self.variables.iter().map(|variable| variable.moved).collect();
        self.nested(3);
        if self.random.percent(50) {
            let after: Vec<bool> = self.variables.iter().map(|variable| variable.moved).collect();
            for (variable, moved) in self.variables.iter_mut().zip(before) {
                variable.moved = moved;
            }
            self.line("} else {");
            self.nested(3);
            for (variable, moved) in self.variables.iter_mut().zip(after) {
                variable.moved |= moved;
            }
        }
        self.line("}");
    }

    fn repetition(&mut self) {
        let turns = 1 + self.random.below(3);
        let index = self.name("i");
        let kind = self.random.below(3);
        match kind {
            0 => self.line(&format!("for {index} in 0..{turns} {{")),
            1 => {
                self.line(&format!("let mut {index} = 0;"));
                self.line(&format!("while {index} < {turns} {{"));
                self.line(&format!("    {index} += 1;"));
            }
            _ => {
                self.line(&format!("let mut {index} = 0;"));
                self.line("loop {");
                self.line(&format!("    {index} += 1;"));
                self.line(&format!("    if {index} > {turns} {{ break; }}"));
            }
        }
        self.loops += 1;
        self.nested(3);
        if self.random.percent(20) {
            let condition = self.condition();
            let jump = *self.random.pick(&["break", "continue"]);
            self.line(&format!("    if {condition} {{ {jump}; }}"));
        }
        self.loops -= 1;
        self.line("}");
    }

    fn scope(&mut self) {
        self.line("{");
        self.nested(4);
        self.line("}");
    }

    fn drop_or_swap(&mut self) {
        let ty = *self.random.pick(&[Type::Text, Type::Numbers, Type::Noisy, Type::Pair]);
        if self.random.percent(50) {
            let Some(at) = self.variable(ty, Mutate::No, Free::Yes) else { return };
            let taken = self.take(at);
            self.line(&format!("drop({taken});"));
            return;
        }
        let (Some(a), Some(b)) = (self.variable(ty, Mutate::Yes, Free::Yes), self.variable(ty, Mutate::Yes, Free::Yes))
        else {
            return;
        };
        if a == b && !self.careless() {
            let name = self.variables[a].name.clone();
            if ty != Type::Noisy && ty != Type::Pair {
                self.line(&format!("println!(\"{{:?}}\", std::mem::take(&mut {name}));"));
            }
            return;
        }
        let (first, second) = (self.variables[a].name.clone(), self.variables[b].name.clone());
        self.line(&format!("std::mem::swap(&mut {first}, &mut {second});"));
    }

    fn late_initialisation(&mut self) {
        let ty = *self.random.pick(&[Type::Text, Type::Noisy, Type::Numbers]);
        let condition = self.condition();
        let (first, second) = (self.value(ty, 1), self.value(ty, 1));
        let spelled = match ty {
            Type::Text => "String",
            Type::Noisy => "Noisy",
            _ => "Vec<i32>",
        };
        let forgets = self.careless();
        let name = self.name("late");
        self.line(&format!("let {name}: {spelled};"));
        if forgets {
            self.line(&format!("if {condition} {{ {name} = {first}; }}"));
        } else {
            self.line(&format!("if {condition} {{ {name} = {first}; }} else {{ {name} = {second}; }}"));
        }
        self.variables.push(Variable { name, ty, mutable: false, moved: false, borrows: None });
    }

    fn partial_move(&mut self) {
        if self.loops > 0 {
            return;
        }
        let Some(at) = self.variable(Type::Pair, Mutate::No, Free::Yes) else { return };
        let pair = self.variables[at].name.clone();
        let mutable = self.variables[at].mutable;
        self.end_borrows(at);
        self.variables[at].moved = true;
        let name = self.declare("part", Type::Text, false, None);
        self.line(&format!("let {name} = {pair}.left;"));
        match self.random.below(3) {
            0 => self.line(&format!("println!(\"{{:?}} {{}}\", {pair}.right, {pair}.count);")),
            1 if mutable && name != pair => {
                let value = self.text(0);
                self.line(&format!("{pair}.left = {value};"));
                self.variables[at].moved = false;
            }
            _ => {}
        }
    }

    fn early_return(&mut self) {
        let condition = self.condition();
        let moved: Vec<bool> = self.variables.iter().map(|variable| variable.moved).collect();
        let value = self.int(1);
        for (variable, moved) in self.variables.iter_mut().zip(moved) {
            variable.moved = moved;
        }
        self.line(&format!("if {condition} {{ return {value}; }}"));
    }

    fn closure_variable(&mut self) {
        let name = self.name("f");
        match self.random.below(3) {
            0 => {
                let look = self.look();
                self.line(&format!("let {name} = |x: i32| x + {look};"));
                if self.random.percent(40) {
                    self.statement();
                }
                self.line(&format!("println!(\"{{}}\", {name}(1));"));
            }
            1 => {
                let Some(v) = self.changed(Type::Numbers) else { return };
                self.line(&format!("let mut {name} = |x: i32| {v}.push(x);"));
                if self.careless() {
                    self.statement();
                }
                self.line(&format!("{name}(4);"));
                self.line(&format!("{name}(5);"));
            }
            _ => {
                if self.loops > 0 {
                    return;
                }
                // Not something with a destructor: that what a stored closure owns is never dropped is a known bug.
                let Some(at) = self.variable(Type::Text, Mutate::No, Free::Yes) else { return };
                let taken = self.take(at);
                self.line(&format!("let {name} = move || peek(&{taken});"));
                self.line(&format!("println!(\"{{}}\", {name}());"));
                if self.random.percent(50) {
                    self.line(&format!("drop({name});"));
                }
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mutate {
    No,
    Yes,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Free {
    No,
    Yes,
}

/// A program of these functions, with a `main` that calls each of them.
pub fn program(functions: &[(String, String)]) -> String {
    let mut text = String::from(super::prelude::PRELUDE);
    for (_, function) in functions {
        text.push('\n');
        text.push_str(function);
    }
    text.push_str("\nfn main() {\n");
    for (name, _) in functions {
        let _ = writeln!(text, "    println!(\"{name}\");");
        for argument in [0, 5] {
            let _ = writeln!(text, "    println!(\"= {{}}\", {name}({argument}));");
        }
    }
    text.push_str("}\n");
    text
}
