//! Statements of more than one line: trait objects, generic containers, patterns, iterators, `Result`, threads, shared cells, drop order.
//!
//! Each form is right as it stands; a careless choice puts one line where it does not belong.

use super::{Free, Generator, Mutate, Owning, Type};

impl Generator {
    pub(super) fn form(&mut self) {
        match self.random.below(30) {
            0 => self.object(),
            1 => self.stack(),
            2 => self.let_else(),
            3 => self.chain(),
            4 => self.slice_pattern(),
            5 => self.iteration(),
            6 => self.words(),
            7 => self.fallible(),
            8 => self.break_value(),
            9 => self.crowd(),
            10 => self.slot(),
            11 => self.parts(),
            12 => self.tuple_match(),
            13 => self.thread(),
            14 => self.counter(),
            15 => self.field_capture(),
            16 => self.shared(),
            17 => self.map(),
            18 => self.labelled(),
            19 => self.returned_closure(),
            _ => self.owners_form(),
        }
    }

    fn owner(&mut self, ty: Type, mutate: Mutate) -> Option<String> {
        let at = self.variable(ty, mutate, Free::No)?;
        if mutate == Mutate::Yes && !self.careless() {
            self.end_borrows(at);
        }
        Some(self.variables[at].name.clone())
    }

    fn object(&mut self) {
        let name = self.name("object");
        if self.random.percent(50) {
            let value = self.value(Type::Pair, 1);
            self.line(&format!("let mut {name}: Box<dyn Named> = Box::new({value});"));
            self.line(&format!("{name}.rename(\"new\");"));
            self.line(&format!("println!(\"{{}} {{}}\", {name}.name(), {name}.describe());"));
            return;
        }
        let kind = *self.random.pick(&[Type::Pair, Type::Noisy]);
        let Some(owner) = self.owner(kind, Mutate::No) else { return };
        self.line(&format!("let {name}: &dyn Named = &{owner};"));
        if self.careless() && kind == Type::Pair {
            self.line(&format!("{owner}.count += 1;"));
        }
        self.line(&format!("println!(\"{{}}\", {name}.describe());"));
    }

    fn stack(&mut self) {
        let name = self.name("stack");
        let (first, second) = (self.text(1), self.text(1));
        self.line(&format!("let mut {name} = Stack::new();"));
        self.line(&format!("{name}.push({first});"));
        let top = self.name("top");
        if self.careless() {
            self.line(&format!("let {top} = {name}.peek();"));
        } else {
            self.line(&format!("let {top} = {name}.peek().cloned();"));
        }
        self.line(&format!("{name}.push({second});"));
        self.line(&format!("if let Some(top) = {name}.peek_mut() {{ top.push('!'); }}"));
        self.line(&format!("println!(\"{{:?}} {{}}\", {top}, {name}.len());"));
        self.line(&format!("while let Some(item) = {name}.pop() {{ println!(\"{{item}}\"); }}"));
    }

    fn let_else(&mut self) {
        let value = self.value(Type::MaybeText, 1);
        let out = self.int(0);
        let name = self.declare("word", Type::Text, false, None);
        self.line(&format!("let Some({name}) = {value} else {{ return {out}; }};"));
    }

    fn chain(&mut self) {
        let Some(maybe) = self.owner(Type::MaybeText, Mutate::No) else { return };
        let least = self.random.below(4);
        if self.careless() {
            self.line(&format!("if let Some(word) = {maybe} && word.len() > {least} {{ println!(\"{{word}}\"); }}"));
        } else {
            self.line(&format!("if let Some(word) = &{maybe} && word.len() > {least} {{ println!(\"{{word}}\"); }}"));
        }
    }

    fn slice_pattern(&mut self) {
        if self.random.percent(50) {
            let Some(numbers) = self.owner(Type::Numbers, Mutate::No) else { return };
            self.line(&format!("match {numbers}.as_slice() {{"));
            self.line("    [] => println!(\"none\"),");
            self.line("    [one] if *one > 2 => println!(\"one {one}\"),");
            self.line("    [first, .., last] => println!(\"{first} to {last}\"),");
            self.line("    [_] => println!(\"small\"),");
            self.line("}");
            return;
        }
        let Some(numbers) = self.owner(Type::Numbers, Mutate::Yes) else { return };
        self.line(&format!("if let [first, rest @ ..] = &mut {numbers}[..] {{"));
        self.line("    *first = first.wrapping_add(1);");
        if self.careless() {
            self.line(&format!("    {numbers}.push(1);"));
        }
        self.line("    for item in rest.iter_mut() { *item = item.wrapping_sub(*first); }");
        self.line("}");
        self.line(&format!("println!(\"{{:?}}\", {numbers});"));
    }

    fn iteration(&mut self) {
        let careless = self.careless();
        let Some(numbers) = self.owner(Type::Numbers, Mutate::Yes) else { return };
        match self.random.below(3) {
            0 => {
                self.line(&format!("for item in {numbers}.iter_mut() {{"));
                if careless {
                    self.line(&format!("    {numbers}.push(*item);"));
                }
                self.line("    *item = item.wrapping_mul(3);");
                self.line("}");
            }
            1 => self.line(&format!(
                "println!(\"{{}}\", {numbers}.iter().map(|x| x.wrapping_mul(2)).filter(|x| *x > 1).fold(0i32, |a, x| a.wrapping_add(x)));"
            )),
            _ => {
                let name = self.name("sorted");
                self.line(&format!("let mut {name}: Vec<&i32> = {numbers}.iter().rev().collect();"));
                if careless {
                    self.line(&format!("{numbers}.clear();"));
                }
                self.line(&format!("{name}.sort();"));
                self.line(&format!("println!(\"{{:?}}\", {name});"));
            }
        }
    }

    fn words(&mut self) {
        let careless = self.careless();
        let Some(text) = self.owner(Type::Text, Mutate::Yes) else { return };
        let name = self.name("words");
        self.line(&format!("let {name}: Vec<&str> = {text}.split('-').collect();"));
        if careless {
            self.line(&format!("{text}.push('z');"));
        }
        self.line(&format!("println!(\"{{:?}}\", {name});"));
        self.line(&format!("{text}.push('y');"));
    }

    fn fallible(&mut self) {
        let name = self.name("checked");
        let (text, value) = (*self.random.pick(&["12", "x", "7", ""]), self.int(0));
        self.line(&format!("let {name} = (|| -> Result<i32, String> {{"));
        self.line(&format!("    let parsed = parse({text:?})?;"));
        self.line("    if parsed > 9 { return Err(format!(\"{parsed} is too much\")); }");
        self.line(&format!("    Ok(parsed.wrapping_add({value}))"));
        self.line("})();");
        self.line(&format!(
            "match &{name} {{ Ok(value) => println!(\"ok {{value}}\"), Err(error) => println!(\"bad {{error}}\") }}"
        ));
        self.line(&format!("println!(\"{{}}\", {name}.unwrap_or_else(|error| error.len() as i32));"));
    }

    fn break_value(&mut self) {
        let (index, name) = (self.name("i"), self.name("found"));
        let value = self.int(0);
        self.line(&format!("let mut {index} = 0;"));
        self.line(&format!("let {name} = 'outer: loop {{"));
        self.line(&format!("    {index} += 1;"));
        self.line(&format!("    for inner in 0..{index} {{ if inner * {index} > 3 {{ break 'outer inner; }} }}"));
        self.line(&format!("    if {index} > 9 {{ break {value}; }}"));
        self.line("};");
        self.line(&format!("println!(\"{{{name}}}\");"));
    }

    /// The order in which the elements of a collection die, whole or begun.
    fn crowd(&mut self) {
        let name = self.name("crowd");
        let (a, b) = (self.value(Type::Noisy, 0), self.value(Type::Noisy, 0));
        self.line(&format!("let {name} = vec![{a}, {b}, Noisy::new(\"{name}\", 3)];"));
        match self.random.below(3) {
            0 => self.line(&format!("for one in &{name} {{ println!(\"{{}}\", weigh(one)); }}")),
            1 => {
                self.line(&format!("for one in {name} {{"));
                self.line("    if one.weight > 2 { break; }");
                self.line("    println!(\"passing {}\", one.name);");
                self.line("}");
                if self.careless() {
                    self.line(&format!("println!(\"{{}}\", {name}.len());"));
                }
            }
            _ => {
                self.line(&format!("println!(\"{{}}\", {name}.into_iter().map(|one| one.weight).max().unwrap_or(0));"))
            }
        }
    }

    fn slot(&mut self) {
        let name = self.name("slot");
        let value = self.value(Type::Noisy, 0);
        self.line(&format!("let mut {name} = Some({value});"));
        match self.random.below(4) {
            0 => self.line(&format!("if let Some(inner) = {name}.take() {{ println!(\"{{}}\", eat_noisy(inner)); }}")),
            1 => self.line(&format!("if let Some(inner) = &mut {name} {{ heavier(inner, 2); }}")),
            2 => self.line(&format!("{name} = None;")),
            _ => {
                self.line(&format!("match {name} {{"));
                self.line("    Some(inner) if inner.weight > 4 => println!(\"heavy {}\", eat_noisy(inner)),");
                self.line("    Some(ref inner) => println!(\"light {}\", inner.name),");
                self.line("    None => {}");
                self.line("}");
                if !self.careless() {
                    return;
                }
            }
        }
        self.line(&format!("println!(\"{{}}\", {name}.is_some());"));
    }

    /// Tuples and structs that lose a part.
    fn parts(&mut self) {
        let name = self.name("both");
        let (a, b) = (self.value(Type::Noisy, 0), self.value(Type::Noisy, 0));
        self.line(&format!("let {name} = ({a}, {b});"));
        match self.random.below(4) {
            0 => self.line(&format!("let (kept, _) = {name}; println!(\"{{}}\", weigh(&kept));")),
            1 => self.line(&format!("println!(\"{{}}\", eat_noisy({name}.1));")),
            2 => self.line(&format!(
                "let (ref seen, lost) = {name}; println!(\"{{}} {{}}\", weigh(seen), eat_noisy(lost));"
            )),
            _ => self.line(&format!("let _ = {name};")),
        }
        if self.careless() {
            self.line(&format!("println!(\"{{}}\", weigh(&{name}.1));"));
        } else {
            self.line(&format!("println!(\"after {name}\");"));
        }
    }

    fn tuple_match(&mut self) {
        let value = self.value(Type::MaybeText, 1);
        let other = self.int(0);
        let name = self.name("matched");
        self.line(&format!("let {name} = match ({value}, {other}) {{"));
        self.line("    (Some(text), k) if k > 4 || text.is_empty() => eat_string(text),");
        self.line("    (Some(text), 0..=2) => { let twice = text.clone() + &text; eat_string(twice) }");
        self.line("    (Some(_), k) => k,");
        self.line("    (None, k @ (1 | 3)) => k.wrapping_neg(),");
        self.line("    (None, _) => 0,");
        self.line("};");
        self.line(&format!("println!(\"{{{name}}}\");"));
    }

    fn thread(&mut self) {
        let name = self.name("handle");
        if self.random.percent(50) {
            let text = self.text(0);
            self.line(&format!("let sent = {text};"));
            let keyword = if self.careless() { "" } else { "move " };
            self.line(&format!("let {name} = std::thread::spawn({keyword}|| eat_string(sent) + 1);"));
            self.line(&format!("println!(\"{{}}\", {name}.join().unwrap());"));
            return;
        }
        let Some(numbers) = self.owner(Type::Numbers, Mutate::Yes) else { return };
        let careless = self.careless();
        self.line("std::thread::scope(|scope| {");
        self.line(&format!("    let {name} = scope.spawn(|| {{ {numbers}.push(8); {numbers}.len() }});"));
        if careless {
            self.line(&format!("    println!(\"{{:?}}\", {numbers});"));
        }
        self.line(&format!("    println!(\"{{}}\", {name}.join().unwrap());"));
        self.line("});");
        self.line(&format!("println!(\"{{:?}}\", {numbers});"));
    }

    fn counter(&mut self) {
        let (count, tick) = (self.name("count"), self.name("tick"));
        let start = self.int(0);
        self.line(&format!("let mut {count} = {start};"));
        self.line(&format!("let mut {tick} = |by: i32| {{ {count} = {count}.wrapping_add(by); {count} }};"));
        self.line(&format!("{tick}(2);"));
        if self.careless() {
            self.line(&format!("println!(\"{{{count}}}\");"));
        }
        self.line(&format!("println!(\"{{}}\", {tick}(3));"));
        self.line(&format!("println!(\"{{{count}}}\");"));
    }

    fn field_capture(&mut self) {
        let Some(pair) = self.owner(Type::Pair, Mutate::Yes) else { return };
        let name = self.name("f");
        let field = if self.careless() { "left.push('k')" } else { "count += 1" };
        self.line(&format!("let {name} = || {pair}.left.len();"));
        self.line(&format!("{pair}.{field};"));
        self.line(&format!("println!(\"{{}} {{}}\", {name}(), {pair}.count);"));
    }

    fn shared(&mut self) {
        let (one, two) = (self.name("shared"), self.name("other"));
        let text = self.text(1);
        self.line(&format!("let {one} = std::rc::Rc::new(std::cell::RefCell::new({text}));"));
        self.line(&format!("let {two} = std::rc::Rc::clone(&{one});"));
        self.line(&format!("{two}.borrow_mut().push('s');"));
        if self.careless() {
            self.line(&format!("drop({one});"));
        }
        self.line(&format!("println!(\"{{}} {{}}\", {one}.borrow(), std::rc::Rc::strong_count(&{two}));"));
    }

    fn map(&mut self) {
        let name = self.name("counts");
        let (a, b) = (self.text(0), self.text(0));
        self.line(&format!("let mut {name} = std::collections::BTreeMap::new();"));
        self.line(&format!(
            "for word in [{a}, {b}, String::from(\"ab\")] {{ *{name}.entry(word).or_insert(0) += 1; }}"
        ));
        let first = self.name("first");
        self.line(&format!("let {first} = {name}.get(\"ab\");"));
        if self.careless() {
            self.line(&format!("{name}.remove(\"ab\");"));
        }
        self.line(&format!("println!(\"{{:?}} {{:?}}\", {first}, {name});"));
    }

    fn labelled(&mut self) {
        let condition = self.condition();
        let (first, second) = (self.text(0), self.text(0));
        let name = self.declare("chosen", Type::Text, true, None);
        self.line(&format!("let mut {name} = 'choose: {{"));
        self.line(&format!("    if {condition} {{ break 'choose {first}; }}"));
        self.line(&format!("    {second}"));
        self.line("};");
        self.line(&format!("{name}.push('c');"));
    }

    fn returned_closure(&mut self) {
        let (name, by) = (self.name("add"), self.int(0));
        let make = *self.random.pick(&["adder", "boxed_adder"]);
        self.line(&format!("let {name} = {make}({by});"));
        let Some(at) = self.variable(Type::Ref(Owning::Text), Mutate::No, Free::No) else {
            self.line(&format!("println!(\"{{}}\", {name}(4));"));
            return;
        };
        let text = self.variables[at].name.clone();
        self.line(&format!("println!(\"{{}}\", {name}(peek({text})));"));
    }
}
