//! The tree as text, exactly as `gofmt` would leave it.
//!
//! The rules of spacing are those that go/printer documents in its own comments (nodes.go of the Go distribution): blanks around a binary
//! operator depend on its precedence and on how deep the expression is nested, columns are aligned as text/tabwriter does.
//! What is free in Go's format (when to break a line) is decided here from widths alone, so that equal trees give equal text.

mod decl;
mod expr;
mod stmt;

pub(crate) use expr::rune;

use super::ast::*;
use super::names::Names;

/// A composite literal or function literal that would end beyond this column is broken into lines.
const BREAK_COLUMN: usize = 110;

/// go/printer puts a function body on one line only if header and body together stay below 100; this is well inside.
const ONE_LINE_BODY: usize = 80;

/// The text of a file, and for lines of it the place in the source they come from, in order of lines.
pub struct Printed {
    pub text: String,
    pub lines: Vec<(u32, Pos)>,
}

pub fn print_file(file: &File) -> Printed {
    let mut printer =
        Printer { out: String::new(), indent: 0, lines: Vec::new(), names: None, imports: decl::imports(file) };
    printer.file(file);
    let lines = printer.line_numbers();
    Printed { text: printer.out, lines }
}

/// Writes into `out`. Types never need names, so a printer without them can print types.
struct Printer<'a> {
    out: String,
    indent: usize,
    /// Offsets into `out` at which a statement with a position begins.
    lines: Vec<(usize, Pos)>,
    names: Option<&'a Names>,
    imports: decl::Imports,
}

impl<'a> Printer<'a> {
    fn push(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn newline(&mut self) {
        self.out.push('\n');
    }

    /// Ends the line and indents the next one.
    fn next_line(&mut self) {
        self.newline();
        self.tabs();
    }

    fn tabs(&mut self) {
        for _ in 0..self.indent {
            self.out.push('\t');
        }
    }

    fn column(&self) -> usize {
        let line = self.out.rsplit('\n').next().unwrap_or("");
        line.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum()
    }

    /// What `f` writes, taken out again.
    fn capture(&mut self, f: impl FnOnce(&mut Printer<'a>)) -> Captured {
        let start = self.out.len();
        let marks = self.lines.len();
        f(self);
        let text = self.out.split_off(start);
        let lines = self.lines.split_off(marks).into_iter().map(|(at, pos)| (at - start, pos)).collect();
        Captured { text, lines }
    }

    fn paste(&mut self, captured: Captured) {
        let start = self.out.len();
        self.out.push_str(&captured.text);
        self.lines.extend(captured.lines.into_iter().map(|(at, pos)| (at + start, pos)));
    }

    fn mark(&mut self, pos: Option<Pos>) {
        if let Some(pos) = pos {
            self.lines.push((self.out.len(), pos));
        }
    }

    fn line_numbers(&self) -> Vec<(u32, Pos)> {
        let mut numbered: Vec<(u32, Pos)> = Vec::with_capacity(self.lines.len());
        let (mut line, mut seen) = (1u32, 0usize);
        for &(offset, pos) in &self.lines {
            line += self.out[seen..offset].bytes().filter(|b| *b == b'\n').count() as u32;
            seen = offset;
            if numbered.last().is_none_or(|(last, _)| *last != line) {
                numbered.push((line, pos));
            }
        }
        numbered
    }
}

struct Captured {
    text: String,
    lines: Vec<(usize, Pos)>,
}

impl Captured {
    fn is_one_line(&self) -> bool {
        !self.text.contains('\n')
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// A type as Go text, for messages and for names.
pub fn type_text(ty: &Type) -> String {
    let mut printer =
        Printer { out: String::new(), indent: 0, lines: Vec::new(), names: None, imports: decl::Imports::default() };
    printer.ty(ty);
    printer.out
}
