//! Medleys: a block that declares a fixed set of places and then does a few random things with them, in random control flow.
//!
//! Every operation of a medley is well-typed wherever it stands, so any sequence of them is a program; whether it is accepted is for the borrow
//! checkers to agree on. The places differ by subject: one file each.

mod calls;
mod captures;
mod helpers;
mod lists;
mod patterns;
mod places;
mod reborrows;
mod shared;

use super::Generator;

/// What one subject offers. In all lines `@i` stands for a small number and `@w` for a word in quotes.
pub struct Medley {
    pub declarations: &'static [&'static str],
    pub operations: &'static [&'static str],
    /// Written at the end of half of the blocks, to keep what was borrowed alive.
    pub uses: &'static [&'static str],
}

const MEDLEYS: [&Medley; 10] = [
    &calls::CALLS,
    &places::FIELDS,
    &places::WHOLES,
    &reborrows::REBORROWS,
    &reborrows::HOLDERS,
    &lists::LISTS,
    &captures::CAPTURES,
    &patterns::PATTERNS,
    &patterns::SLICES,
    &shared::GENERICS,
];

impl Generator {
    pub(super) fn medley(&mut self) {
        // Most medleys are refused: a careful function seldom has one, so that enough of them run.
        if self.carelessness == 0 && !self.random.percent(25) {
            self.form();
            return;
        }
        if self.random.percent(20) {
            self.helper();
            return;
        }
        let medley = *self.random.pick(&MEDLEYS);
        self.line("{");
        self.indent += 1;
        for declaration in medley.declarations {
            self.operation(declaration);
        }
        let count = 2 + self.random.below(4);
        self.operations(medley, count, 2);
        if self.random.percent(50) {
            let last = *self.random.pick(medley.uses);
            self.operation(last);
        }
        self.indent -= 1;
        self.line("}");
    }

    fn operations(&mut self, medley: &Medley, count: usize, depth: usize) {
        for _ in 0..count {
            if depth > 0 && self.random.percent(22) {
                self.inside(medley, depth - 1);
            } else {
                let operation = *self.random.pick(medley.operations);
                self.operation(operation);
            }
        }
    }

    /// Operations in a branch, a loop, arms or a block.
    fn inside(&mut self, medley: &Medley, depth: usize) {
        let condition = self.condition();
        match self.random.below(6) {
            0 => self.body(&format!("if {condition} {{"), medley, depth),
            1 => {
                self.body(&format!("if {condition} {{"), medley, depth);
                self.out.truncate(self.out.trim_end().len() - 1);
                self.out.truncate(self.out.trim_end().len());
                self.out.push('\n');
                self.body("} else {", medley, depth);
            }
            2 => self.body("for _ in 0..2 {", medley, depth),
            3 => {
                let turn = self.name("turn");
                self.line(&format!("let mut {turn} = 0;"));
                self.body(&format!("while {turn} < 2 {{ {turn} += 1;"), medley, depth);
            }
            4 => {
                self.line("loop {");
                self.indent += 1;
                self.operations(medley, 1, depth);
                self.line(&format!("if {condition} {{ break; }}"));
                self.operations(medley, 1, depth);
                self.line("break;");
                self.indent -= 1;
                self.line("}");
            }
            _ => self.body("{", medley, depth),
        }
    }

    fn body(&mut self, head: &str, medley: &Medley, depth: usize) {
        self.line(head);
        self.indent += 1;
        let count = 1 + self.random.below(2);
        self.operations(medley, count, depth);
        self.indent -= 1;
        self.line("}");
    }

    fn operation(&mut self, template: &str) {
        let mut text = template.to_owned();
        while text.contains("@i") {
            text = text.replacen("@i", &self.random.below(10).to_string(), 1);
        }
        while text.contains("@w") {
            let word = format!("{:?}", self.word());
            text = text.replacen("@w", &word, 1);
        }
        self.line(&text);
    }
}
