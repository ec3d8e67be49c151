//! Statements about who drops what: closures that own, destructuring assignments, guards and conditions that make something, nested captures,
//! panics that are caught or joined, trait objects by blanket impls.
//!
//! Each form is right as it stands; a careless choice puts one line where it does not belong.

use super::{Generator, Type};

impl Generator {
    pub(super) fn owners_form(&mut self) {
        match self.random.below(10) {
            0 => self.owning_closure(),
            1 => self.consuming_closure(),
            2 => self.stored_closures(),
            3 => self.destructuring_assignment(),
            4 => self.guard_with_let(),
            5 => self.noisy_condition(),
            6 => self.nested_captures(),
            7 => self.caught(),
            8 => self.joined(),
            _ => self.blanket_objects(),
        }
    }

    /// A variable that holds something noisy, known to this statement only.
    fn held(&mut self) -> String {
        let value = self.value(Type::Noisy, 0);
        let name = self.name("held");
        self.line(&format!("let {name} = {value};"));
        name
    }

    /// Now and then, a use of what was moved away.
    fn misuse(&mut self, held: &str) {
        if self.careless() {
            self.line(&format!("println!(\"{{}}\", weigh(&{held}));"));
        }
    }

    fn owning_closure(&mut self) {
        let held = self.held();
        let name = self.name("owner");
        self.line(&format!("let {name} = move |x: i32| x.wrapping_add(weigh(&{held}));"));
        let use_it = match self.random.below(7) {
            0 => format!("println!(\"{{}} {{}}\", {name}(1), {name}(2));"),
            1 => format!("println!(\"{{}}\", apply({name}, 3));"),
            2 => format!("println!(\"{{}}\", apply(&{name}, 4));"),
            3 => format!("println!(\"{{}}\", once(|| {name}(5)));"),
            4 => format!("println!(\"{{}}\", once(move || {name}(6)));"),
            5 => format!("drop({name});"),
            _ => format!(
                "let {name}: Option<Box<dyn Fn(i32) -> i32>> = Some(Box::new({name})); println!(\"{{:?}}\", {name}.as_ref().map(|f| f(7)));"
            ),
        };
        self.line(&use_it);
        self.misuse(&held);
        self.line(&format!("println!(\"after {name}\");"));
    }

    fn consuming_closure(&mut self) {
        let (held, other) = (self.held(), self.held());
        let (name, condition) = (self.name("consumer"), self.condition());
        self.line(&format!(
            "let {name} = move || if {condition} {{ eat_noisy({held}) }} else {{ weigh(&{held}) + weigh(&{other}) }};"
        ));
        let use_it = match self.random.below(5) {
            0 => format!("println!(\"{{}}\", {name}());"),
            1 => format!("println!(\"{{}}\", once({name}));"),
            2 => format!("if {condition} {{ println!(\"{{}}\", {name}()); }}"),
            3 => format!("let {name}: Box<dyn FnOnce() -> i32> = Box::new({name}); println!(\"{{}}\", {name}());"),
            _ => format!(
                "let mut {name} = Some({name}); println!(\"{{}}\", {name}.is_some()); if {condition} {{ {name} = None; }} drop({name});"
            ),
        };
        self.line(&use_it);
        self.misuse(&other);
        self.line(&format!("println!(\"after {name}\");"));
    }

    fn stored_closures(&mut self) {
        let (first, second) = (self.held(), self.held());
        let (name, by) = (self.name("jobs"), self.int(0));
        self.line(&format!("let mut {name}: Vec<Box<dyn FnMut(i32) -> i32>> = vec![boxed_adder({by})];"));
        self.line(&format!("{name}.push(Box::new(move |x| x.wrapping_mul(weigh(&{first}))));"));
        self.line(&format!("let mut {second} = {second};"));
        self.line(&format!(
            "{name}.push(Box::new(move |x| {{ heavier(&mut {second}, 1); weigh(&{second}).wrapping_sub(x) }}));"
        ));
        match self.random.below(4) {
            0 => self.line(&format!("for job in {name}.iter_mut() {{ println!(\"{{}}\", job(2)); }}")),
            1 => self.line(&format!("for (at, mut job) in {name}.into_iter().enumerate() {{ if at > 1 {{ break; }} println!(\"{{}}\", job(3)); }}")),
            2 => self.line(&format!("{name}.remove(1); println!(\"{{}}\", {name}.len());")),
            _ => self.line(&format!("let mut last = {name}.pop().unwrap(); drop({name}); println!(\"{{}}\", last(4));")),
        }
        self.misuse(&first);
        self.line("println!(\"after jobs\");");
    }

    fn destructuring_assignment(&mut self) {
        let (a, b) = (self.name("one"), self.name("two"));
        let (first, second) = (self.value(Type::Noisy, 0), self.value(Type::Noisy, 0));
        self.line(&format!("let (mut {a}, mut {b}) = ({first}, {second});"));
        let assign = match self.random.below(4) {
            0 => format!("({a}, {b}) = ({b}, {a});"),
            1 => format!("({a}, _) = (Noisy::new(\"{a}\", 1), Noisy::new(\"lost\", 2));"),
            2 => format!("[{a}, .., {b}] = [Noisy::new(\"x\", 1), Noisy::new(\"y\", 2), Noisy::new(\"z\", 3)];"),
            _ => format!("({a}.weight, {b}) = ({b}.weight, Noisy::new(\"{b}\", {a}.weight));"),
        };
        if self.random.percent(30) {
            let condition = self.condition();
            self.line(&format!("if {condition} {{ drop({a}); {a} = Noisy::new(\"again\", 4); }}"));
        }
        self.line(&assign);
        self.line(&format!("println!(\"{{}} {{}}\", weigh(&{a}), weigh(&{b}));"));
    }

    fn guard_with_let(&mut self) {
        let (value, least) = (self.value(Type::Noisy, 0), self.random.below(6));
        let other = self.name("guard");
        let subject = if self.random.percent(50) { format!("({value}, 1)") } else { format!("({value}, 2)") };
        self.line(&format!("match {subject} {{"));
        self.line(&format!(
            "    (x, 1) if let y = Noisy::new(\"{other}\", 3) && y.weight + x.weight > {least} => println!(\"{{}}\", weigh(&x) + weigh(&y)),"
        ));
        self.line(&format!("    (_, 1 | 2) | (Noisy {{ weight: 1, .. }}, _) if weigh(&Noisy::new(\"pat\", 2)) > {least} => println!(\"second\"),"));
        self.line("    (x, _) => println!(\"{}\", eat_noisy(x)),");
        self.line("}");
    }

    fn noisy_condition(&mut self) {
        let (a, b) = (self.random.below(5), self.random.below(5));
        let condition = match self.random.below(4) {
            0 => format!("!(weigh(&Noisy::new(\"c\", {a})) > 2)"),
            1 => format!("!(weigh(&Noisy::new(\"c\", {a})) > 2 || weigh(&Noisy::new(\"d\", {b})) == 1)"),
            2 => format!("weigh(&Noisy::new(\"c\", {a})) > 2 && !(weigh(&Noisy::new(\"d\", {b})) < 3)"),
            _ => format!(
                "let Some(c) = Some(Noisy::new(\"c\", {a})) && c.weight != 2 && weigh(&Noisy::new(\"d\", {b})) > 1"
            ),
        };
        self.line(&format!("if {condition} {{ println!(\"holds\"); }} else {{ println!(\"fails\"); }}"));
        self.line(&format!("assert!(weigh(&Noisy::new(\"asserted\", {a})) <= {a}, \"never\");"));
    }

    fn nested_captures(&mut self) {
        let name = self.name("nest");
        let (a, b) = (self.value(Type::Noisy, 0), self.value(Type::Noisy, 0));
        let mut keyword = || if self.random.percent(50) { "move " } else { "" };
        let (outer, middle, inner) = (keyword(), keyword(), keyword());
        self.line(&format!("let {name} = (({a}, 3i32), ({b}, String::from(\"deep\")));"));
        self.line(&format!(
            "let f{name} = {outer}|| {{ let g = {middle}|| {{ let h = {inner}|| {name}.1.1.len() as i32; h() + weigh(&{name}.0.0) }}; g() + {name}.0.1 }};"
        ));
        self.line(&format!("println!(\"{{}}\", f{name}());"));
        if outer.is_empty() || self.careless() {
            self.line(&format!("println!(\"{{}}\", eat_noisy({name}.1.0));"));
        }
    }

    fn caught(&mut self) {
        let held = self.held();
        let (name, value, condition) = (self.name("caught"), self.value(Type::Noisy, 0), self.condition());
        self.line(&format!("let {name} = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {{"));
        self.line(&format!("    let inside = ({value}, Noisy::new(\"inside\", 2));"));
        match self.random.below(3) {
            0 => self.line(&format!("    let {held} = {held};")),
            1 => self.line(&format!("    let {held} = move || {held}.weight + eat_noisy({held});")),
            _ => {}
        }
        self.line(&format!("    if {condition} {{ let _late = Noisy::new(\"late\", 1); panic!(\"as wanted\"); }}"));
        self.line("    eat_noisy(inside.0)");
        self.line("}));");
        self.line(&format!("println!(\"{{}}\", {name}.is_err());"));
    }

    fn joined(&mut self) {
        let held = self.held();
        let (name, condition) = (self.name("joined"), self.condition());
        let capture =
            if self.random.percent(50) { format!("let kept = {held};") } else { format!("let kept = &{held};") };
        self.line(&format!("let {name} = std::thread::spawn(move || {{"));
        self.line(&format!("    {capture}"));
        self.line(&format!("    if {condition} {{ panic!(\"as wanted\"); }}"));
        self.line("    kept.weight");
        self.line("});");
        self.misuse(&held);
        self.line(&format!("println!(\"{{}}\", {name}.join().unwrap_or(-1));"));
    }

    fn blanket_objects(&mut self) {
        let name = self.name("objects");
        let (noisy, pair) = (self.value(Type::Noisy, 0), self.value(Type::Pair, 0));
        self.line(&format!("let mut {name}: Vec<Box<dyn Loud>> = vec![Box::new({noisy}), Box::new({pair})];"));
        self.line(&format!("for object in &{name} {{ println!(\"{{}}\", object.loud()); }}"));
        match self.random.below(3) {
            0 => self.line(&format!("{name}.truncate(1);")),
            1 => self.line(&format!("{name}[0] = Box::new(Noisy::new(\"put\", 1));")),
            _ => self.line(&format!("{name}.swap(0, 1); drop({name}.remove(0));")),
        }
        self.line(&format!("println!(\"{{}}\", {name}.len());"));
    }
}
