//! Files, imports and declarations.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::go::{comment, names, visit};

/// The imported packages of a file and the name that each goes by.
#[derive(Default)]
pub(super) struct Imports {
    aliases: BTreeMap<Str, Str>,
    /// The path of the package itself.
    own: Option<Str>,
}

impl Imports {
    /// What stands in front of a name of a package; nothing in front of the file's own.
    pub(super) fn alias(&self, path: &Str) -> Option<Str> {
        let alias = || self.aliases.get(path).cloned().unwrap_or_else(|| names::package_name(path).into());
        (self.own.as_ref() != Some(path)).then(alias)
    }
}

/// Every import path that the file mentions, with a name for each: its own, with a digit where two packages share it or the package
/// declares it.
pub(super) fn imports(file: &File) -> Imports {
    let mut paths = BTreeSet::new();
    for decl in &file.decls {
        visit::decl_globals(decl, &mut |path, _| {
            if file.path.as_ref() != Some(path) {
                paths.insert(path.clone());
            }
        });
    }
    let mut taken = BTreeSet::new();
    let mut aliases = BTreeMap::new();
    for path in paths {
        let base = names::package_name(&path);
        let name = names::numbered(&base, |name| !file.taken.contains(name) && taken.insert(name.to_string()));
        aliases.insert(path, name.into());
    }
    Imports { aliases, own: file.path.clone() }
}

impl Printer<'_> {
    pub(super) fn file(&mut self, file: &File) {
        for group in &file.header {
            self.comment_lines(group);
            self.push("\n\n");
        }
        for line in &file.directives {
            self.push("//");
            self.push(line);
            self.newline();
        }
        if !file.directives.is_empty() {
            self.newline();
        }
        self.doc(&file.doc);
        self.push("package ");
        self.push(&file.package);
        self.newline();
        self.import_block();
        for decl in &file.decls {
            self.newline();
            self.decl(decl);
            self.newline();
        }
    }

    fn import_block(&mut self) {
        let (mut std, mut other) = (Vec::new(), Vec::new());
        for (path, alias) in &self.imports.aliases {
            let spec = if **alias == *names::package_name(path) {
                format!("\"{path}\"")
            } else {
                format!("{alias} \"{path}\"")
            };
            // A path of the standard library has no dot in its first element.
            let first = path.split('/').next().unwrap_or("");
            if first.contains('.') || !names::is_std_package(path) { other.push(spec) } else { std.push(spec) }
        }
        match (&std[..], &other[..]) {
            ([], []) => {}
            ([only], []) | ([], [only]) => {
                let only = only.clone();
                self.push("\nimport ");
                self.push(&only);
                self.newline();
            }
            _ => {
                self.push("\nimport (\n");
                for spec in &std {
                    self.push(&format!("\t{spec}\n"));
                }
                if !std.is_empty() && !other.is_empty() {
                    self.newline();
                }
                for spec in &other {
                    self.push(&format!("\t{spec}\n"));
                }
                self.push(")\n");
            }
        }
    }

    fn doc(&mut self, doc: &[Str]) {
        for line in comment::doc_lines(doc) {
            self.comment_line(&line);
            self.next_line();
        }
    }

    /// The doc comment of a line inside of a declaration.
    pub(super) fn inner_doc(&mut self, doc: &[Str]) {
        for line in comment::doc_lines(doc) {
            self.next_line();
            self.comment_line(&line);
        }
    }

    /// A comment below the last line inside of a declaration.
    pub(super) fn end_comment(&mut self, lines: &[Str]) {
        if !lines.is_empty() {
            self.next_line();
            self.comment_lines(lines);
        }
    }

    fn decl(&mut self, decl: &Decl) {
        match decl {
            Decl::Type(decl) => self.type_decl(decl),
            Decl::Const(decl) => self.const_decl(decl),
            Decl::Var(decl) => self.var_decl(decl),
            Decl::Func(decl) => self.func_decl(decl),
            Decl::Comment(lines) => self.comment_lines(lines),
        }
    }

    fn type_decl(&mut self, decl: &TypeDecl) {
        self.doc(&decl.doc);
        self.push("type ");
        self.push(&decl.name);
        self.type_params(&decl.params);
        self.push(" ");
        match &decl.ty {
            Type::Struct(fields) if !fields.is_empty() => self.struct_lines(fields, &decl.end),
            Type::Interface(methods) if methods.is_empty() => self.push("interface{}"),
            ty => self.ty(ty),
        }
    }

    fn type_params(&mut self, params: &[TypeParam]) {
        if params.is_empty() {
            return;
        }
        self.push("[");
        for (i, param) in params.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.push(&param.name);
            if params.get(i + 1).is_none_or(|next| next.constraint != param.constraint) {
                self.push(" ");
                self.ty(&param.constraint);
            }
        }
        self.push("]");
    }

    fn const_decl(&mut self, decl: &ConstDecl) {
        self.doc(&decl.doc);
        if let [only] = &decl.specs[..] {
            self.doc(&only.doc);
            self.push("const ");
            self.push(&only.name);
            if let Some(ty) = &only.ty {
                self.push(" ");
                self.ty(ty);
            }
            if let Some(value) = &only.value {
                self.push(" = ");
                self.expr(value);
            }
            return;
        }
        self.push("const (");
        self.indent += 1;
        let cells: Vec<(String, Option<String>, Option<String>)> = decl
            .specs
            .iter()
            .map(|spec| {
                let ty = spec.ty.as_ref().map(|ty| self.capture(|p| p.ty(ty)).text);
                let value = spec.value.as_ref().map(|value| self.capture(|p| p.expr(value)).text);
                (spec.name.to_string(), ty, value)
            })
            .collect();
        let widths = const_widths(&decl.specs, &cells);
        for ((spec, (name, ty, value)), (name_width, ty_width)) in decl.specs.iter().zip(cells).zip(widths) {
            self.inner_doc(&spec.doc);
            self.next_line();
            let mut line = name;
            if ty.is_some() || value.is_some() {
                pad(&mut line, name_width + 1);
            }
            let ty_start = line.chars().count();
            line.push_str(ty.as_deref().unwrap_or(""));
            if let Some(value) = value {
                if ty_width > 0 {
                    pad(&mut line, ty_start + ty_width + 1);
                }
                line.push_str("= ");
                line.push_str(&value);
            }
            self.push(&line);
        }
        self.end_comment(&decl.end);
        self.indent -= 1;
        self.newline();
        self.push(")");
    }

    fn var_decl(&mut self, decl: &VarDecl) {
        self.doc(&decl.doc);
        let names = names::assign_var(decl);
        let mut inner = self.nested(&names);
        inner.push("var ");
        inner.push(decl.name.as_deref().unwrap_or("_"));
        if let Some(ty) = &decl.ty {
            inner.push(" ");
            inner.ty(ty);
        }
        if let Some(value) = &decl.value {
            inner.push(" = ");
            inner.expr(value);
        }
        let (text, imports, lines) = (inner.out, inner.imports, inner.lines);
        self.take_back(text, imports, lines);
    }

    fn func_decl(&mut self, decl: &FuncDecl) {
        self.doc(&decl.doc);
        let names = names::assign_func(decl);
        let mut inner = self.nested(&names);
        inner.mark(decl.pos);
        inner.push("func ");
        if let Some(receiver) = &decl.receiver {
            inner.push("(");
            if let Some(var) = receiver.var {
                inner.expr(&Expr::Var(var));
                inner.push(" ");
            }
            inner.ty(&receiver.ty);
            inner.push(") ");
        }
        inner.push(&decl.name);
        inner.type_params(&decl.type_params);
        inner.params(&decl.params);
        inner.results(&decl.results);
        inner.push(" ");
        if decl.body.is_empty() && inner.column() < 90 {
            inner.push("{}");
        } else {
            inner.block(&decl.body);
        }
        let (text, imports, lines) = (inner.out, inner.imports, inner.lines);
        self.take_back(text, imports, lines);
    }

    /// A printer with the names of one function, for text that belongs at the end of `self`.
    fn nested<'n>(&mut self, names: &'n Names) -> Printer<'n> {
        Printer {
            out: String::new(),
            indent: self.indent,
            lines: Vec::new(),
            names: Some(names),
            imports: std::mem::take(&mut self.imports),
        }
    }

    fn take_back(&mut self, text: String, imports: Imports, lines: Vec<(usize, Pos)>) {
        self.imports = imports;
        self.paste(Captured { text, lines });
    }
}

fn pad(line: &mut String, width: usize) {
    for _ in line.chars().count()..width {
        line.push(' ');
    }
}

/// The widths of the name and type columns of every line; a comment or a line without a type ends a run.
fn const_widths(specs: &[ConstSpec], cells: &[(String, Option<String>, Option<String>)]) -> Vec<(usize, usize)> {
    let has_column = |i: usize| cells[i].1.is_some() || cells[i].2.is_some();
    let mut widths = vec![(0, 0); specs.len()];
    let mut start = 0;
    for i in 0..=specs.len() {
        if i == specs.len() || !specs[i].doc.is_empty() || !has_column(i) {
            let names = cells[start..i].iter().map(|c| c.0.chars().count()).max().unwrap_or(0);
            let types =
                cells[start..i].iter().map(|c| c.1.as_ref().map_or(0, |t| t.chars().count())).max().unwrap_or(0);
            widths[start..i].iter_mut().for_each(|w| *w = (names, types));
            start = i;
            if i < specs.len() && !has_column(i) {
                start = i + 1;
            }
        }
    }
    widths
}
