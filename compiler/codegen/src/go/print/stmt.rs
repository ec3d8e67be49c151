//! Statements.

use super::*;
use crate::go::comment;

impl<'a> Printer<'a> {
    /// `{`, the statements one level deeper, `}`.
    pub(super) fn block(&mut self, stmts: &[Stmt]) {
        self.push("{");
        self.indent += 1;
        self.stmts(stmts);
        self.indent -= 1;
        self.next_line();
        self.push("}");
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        let mut rest = stmts;
        while let [stmt, after @ ..] = rest {
            match comment_behind(after) {
                Some(_) => rest = self.commented(rest),
                None => {
                    self.newline();
                    self.stmt(stmt);
                    rest = after;
                }
            }
        }
    }

    /// Statements with comments on their lines, in one column as gofmt has them; a statement of several lines ends a column. Returns the statements
    /// behind them.
    fn commented<'s>(&mut self, stmts: &'s [Stmt]) -> &'s [Stmt] {
        let mut lines: Vec<(Captured, &Str)> = Vec::new();
        let mut rest = stmts;
        while let [stmt, after @ ..] = rest
            && let Some(comment) = comment_behind(after)
        {
            // On a line of its own from the start: widths decide where lines are broken.
            let printed = self.capture(|p| {
                p.newline();
                p.stmt(stmt);
            });
            let is_one_line = !printed.text[1..].contains('\n');
            if !is_one_line && !lines.is_empty() {
                break;
            }
            // gofmt would indent the lines of an expression anew.
            if !is_one_line && !stmt.kind.is_braced() {
                self.next_line();
                self.comment_line(comment);
                self.paste(printed);
                return &after[1..];
            }
            lines.push((printed, comment));
            rest = &after[1..];
            if !is_one_line {
                break;
            }
        }
        let width = |printed: &Captured| printed.text.trim_start_matches(['\n', '\t']).chars().count();
        let column = match &lines[..] {
            [_] => 0,
            _ => lines.iter().map(|(printed, _)| width(printed)).max().unwrap_or(0),
        };
        for (printed, comment) in lines {
            let padding = column.saturating_sub(width(&printed));
            self.paste(printed);
            self.push(&" ".repeat(padding + 1));
            self.comment_line(comment);
        }
        rest
    }

    /// Starts at the beginning of a line.
    fn stmt(&mut self, stmt: &Stmt) {
        if let StmtKind::Comment(comment) = &stmt.kind
            && comment.lines.is_empty()
        {
            return;
        }
        if let StmtKind::Labeled(label, inner) = &stmt.kind {
            self.indent -= 1;
            self.tabs();
            self.indent += 1;
            self.label(*label);
            self.push(":\n");
            return self.stmt(inner);
        }
        self.tabs();
        self.mark(stmt.pos);
        match &stmt.kind {
            StmtKind::If(s) => self.if_stmt(s),
            StmtKind::For(s) => self.for_stmt(s),
            StmtKind::Range(s) => self.range_stmt(s),
            StmtKind::Switch(s) => self.switch(s),
            StmtKind::TypeSwitch(s) => self.type_switch(s),
            StmtKind::Select(cases) => self.select(cases),
            StmtKind::Block(block) => self.block(block),
            StmtKind::Comment(comment) => self.comment_lines(&comment.lines),
            simple => self.simple_stmt(simple),
        }
    }

    /// A statement that fits into a header, or stands on one line.
    pub(super) fn simple_stmt(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Expr(expr) => self.expr(expr),
            StmtKind::Define(vars, values) => {
                let depth = if values.len() > 1 { 2 } else { 1 };
                self.bindings(vars);
                self.push(self.define_sign(vars));
                self.exprs(values, depth);
            }
            StmtKind::Var(var, ty, value) => {
                self.push("var ");
                self.expr(&Expr::Var(*var));
                self.push(" ");
                self.ty(ty);
                if let Some(value) = value {
                    self.push(" = ");
                    self.expr(value);
                }
            }
            StmtKind::Assign(places, values) => {
                let depth = if places.len() > 1 && values.len() > 1 { 2 } else { 1 };
                for (i, place) in places.iter().enumerate() {
                    if i > 0 {
                        self.push(", ");
                    }
                    match place {
                        Some(place) => self.exprs(std::slice::from_ref(place), depth),
                        None => self.push("_"),
                    }
                }
                self.push(" = ");
                self.exprs(values, depth);
            }
            StmtKind::OpAssign(op, place, value) => {
                self.expr(place);
                self.push(" ");
                self.push(op.text());
                self.push("= ");
                self.expr(value);
            }
            StmtKind::Inc(place) => {
                self.exprs(std::slice::from_ref(place), 2);
                self.push("++");
            }
            StmtKind::Dec(place) => {
                self.exprs(std::slice::from_ref(place), 2);
                self.push("--");
            }
            StmtKind::Return(values) => {
                self.push("return");
                if !values.is_empty() {
                    self.push(" ");
                    self.results_list(values);
                }
            }
            StmtKind::Break(label) => self.branch("break", *label),
            StmtKind::Continue(label) => self.branch("continue", *label),
            StmtKind::Go(call) => {
                self.push("go ");
                self.expr(call);
            }
            StmtKind::Defer(call) => {
                self.push("defer ");
                self.expr(call);
            }
            StmtKind::Send(channel, value) => {
                self.expr(channel);
                self.push(" <- ");
                self.expr(value);
            }
            StmtKind::If(_)
            | StmtKind::For(_)
            | StmtKind::Range(_)
            | StmtKind::Switch(_)
            | StmtKind::TypeSwitch(_)
            | StmtKind::Select(_)
            | StmtKind::Labeled(..)
            | StmtKind::Block(_)
            | StmtKind::Comment(_) => unreachable!("a compound statement in a header"),
        }
    }

    /// gofmt indents the results once more where several of them take several lines (go/printer's `indentList`).
    fn results_list(&mut self, values: &[Expr]) {
        let mut tall = 0;
        self.capture(|p| {
            for (i, value) in values.iter().enumerate() {
                p.push(if i > 0 { ", " } else { "" });
                let start = p.out.len();
                p.exprs(std::slice::from_ref(value), 1);
                tall += usize::from(p.out[start..].contains('\n'));
            }
        });
        let extra = usize::from(values.len() > 1 && tall > 1);
        self.indent += extra;
        self.exprs(values, 1);
        self.indent -= extra;
    }

    fn branch(&mut self, word: &str, label: Option<LabelId>) {
        self.push(word);
        if let Some(label) = label {
            self.push(" ");
            self.label(label);
        }
    }

    fn label(&mut self, label: LabelId) {
        let name = self.names.map(|names| names.label(label)).unwrap_or_else(|| "L".into());
        self.push(&name);
    }

    fn bindings(&mut self, vars: &[Option<VarId>]) {
        for (i, var) in vars.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            match var {
                Some(var) => self.expr(&Expr::Var(*var)),
                None => self.push("_"),
            }
        }
    }

    /// A definition without a new variable assigns.
    fn define_sign(&self, vars: &[Option<VarId>]) -> &'static str {
        if self.names.is_some_and(|names| names.is_assignment(vars)) { " = " } else { " := " }
    }

    /// `init; ` of a header. Composite literals in it need parentheses as in the condition.
    fn header_stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Expr(expr) => self.header_expr(expr),
            StmtKind::Define(vars, values) => {
                self.bindings(vars);
                self.push(self.define_sign(vars));
                self.header_exprs(values);
            }
            StmtKind::Assign(places, values) if places.iter().all(Option::is_some) => {
                let places: Vec<Expr> = places.iter().flatten().cloned().collect();
                self.header_exprs(&places);
                self.push(" = ");
                self.header_exprs(values);
            }
            other => self.simple_stmt(other),
        }
    }

    fn if_stmt(&mut self, s: &If) {
        self.push("if ");
        if let Some(init) = &s.init {
            self.header_stmt(init);
            self.push("; ");
        }
        self.header_expr(&s.cond);
        self.push(" ");
        self.block(&s.then);
        match &s.els[..] {
            [] => {}
            [Stmt { kind: StmtKind::If(nested), pos }] => {
                self.push(" else ");
                self.mark(*pos);
                self.if_stmt(nested);
            }
            els => {
                self.push(" else ");
                self.block(els);
            }
        }
    }

    fn for_stmt(&mut self, s: &For) {
        self.push("for ");
        if s.init.is_some() || s.post.is_some() {
            if let Some(init) = &s.init {
                self.header_stmt(init);
            }
            self.push(";");
            if let Some(cond) = &s.cond {
                self.push(" ");
                self.header_expr(cond);
            }
            // gofmt sets a missing condition apart.
            self.push(if s.cond.is_some() { ";" } else { " ;" });
            if let Some(post) = &s.post {
                self.push(" ");
                self.header_stmt(post);
            }
            self.push(" ");
        } else if let Some(cond) = &s.cond {
            self.header_expr(cond);
            self.push(" ");
        }
        self.block(&s.body);
    }

    fn range_stmt(&mut self, s: &Range) {
        self.push("for ");
        match (s.key, s.value) {
            (None, None) => {}
            (key, None) => {
                self.bindings(&[key]);
                self.push(" := ");
            }
            (key, value) => {
                self.bindings(&[key, value]);
                self.push(" := ");
            }
        }
        self.push("range ");
        self.header_expr(&s.expr);
        self.push(" ");
        self.block(&s.body);
    }

    fn switch(&mut self, s: &Switch) {
        self.push("switch ");
        if let Some(init) = &s.init {
            self.header_stmt(init);
            self.push(";");
            self.push(" ");
        }
        if let Some(tag) = &s.tag {
            self.header_expr(tag);
            self.push(" ");
        }
        self.push("{");
        for case in &s.cases {
            self.next_line();
            if case.exprs.is_empty() {
                self.push("default:");
            } else {
                self.push("case ");
                self.exprs(&case.exprs, 1);
                self.push(":");
            }
            self.case_body(&case.body);
        }
        self.next_line();
        self.push("}");
    }

    fn type_switch(&mut self, s: &TypeSwitch) {
        self.push("switch ");
        if let Some(bind) = s.bind {
            self.bindings(&[Some(bind)]);
            self.push(" := ");
        }
        self.header_expr(&s.expr);
        self.push(".(type) {");
        for case in &s.cases {
            self.next_line();
            if case.types.is_empty() {
                self.push("default:");
            } else {
                self.push("case ");
                for (i, ty) in case.types.iter().enumerate() {
                    if i > 0 {
                        self.push(", ");
                    }
                    match ty {
                        Some(ty) => self.ty(ty),
                        None => self.push("nil"),
                    }
                }
                self.push(":");
            }
            self.case_body(&case.body);
        }
        self.next_line();
        self.push("}");
    }

    fn select(&mut self, cases: &[SelectCase]) {
        if cases.is_empty() {
            return self.push("select {}");
        }
        self.push("select {");
        for case in cases {
            self.next_line();
            match &case.comm {
                Some(comm) => {
                    self.push("case ");
                    self.simple_stmt(&comm.kind);
                    self.push(":");
                }
                None => self.push("default:"),
            }
            self.case_body(&case.body);
        }
        self.next_line();
        self.push("}");
    }

    fn case_body(&mut self, body: &[Stmt]) {
        self.indent += 1;
        self.stmts(body);
        self.indent -= 1;
    }

    pub(super) fn comment_lines(&mut self, lines: &[Str]) {
        for (i, line) in lines.iter().enumerate() {
            if i > 0 {
                self.next_line();
            }
            self.comment_line(line);
        }
    }

    pub(super) fn comment_line(&mut self, line: &str) {
        let line = comment::harmless(line);
        let line = line.trim_end();
        self.push("//");
        if !line.is_empty() && !line.starts_with('\t') {
            self.push(" ");
        }
        self.push(line);
    }
}

/// The comment that stands behind a statement, given what follows it.
fn comment_behind(after: &[Stmt]) -> Option<&Str> {
    match after {
        [Stmt { kind: StmtKind::Comment(Comment { lines, is_behind: true }), .. }, ..] => lines.first(),
        _ => None,
    }
}
