//! Macro calls: the macros of std are part of the language.

use rgo_syntax::ast::{self, ExprKind, Lit, MacroCall};
use rgo_syntax::{ListArgs, MacroArg, Name, Span};

use super::{Ctx, pat};
use crate::HirError;
use crate::body::*;
use crate::slices::{item_of, item_start, item_text};

impl Ctx<'_> {
    pub fn macro_expr(&mut self, call: &MacroCall, span: Span) -> ExprId {
        let before = self.body.exprs.len();
        let id = self.expand(call, span);
        // What the macro made has the call's span; what was written inside keeps its own.
        let made: Vec<ExprId> = self
            .body
            .exprs
            .iter()
            .skip(before)
            .map(|(id, _)| id)
            .filter(|id| self.map.exprs.get(*id) == Some(&span))
            .collect();
        for id in made {
            self.map.macro_calls.insert(id, span);
        }
        id
    }

    fn expand(&mut self, call: &MacroCall, span: Span) -> ExprId {
        let Some(name) = self.macro_name(call) else { return self.missing(span) };
        match name {
            "println" | "print" | "eprintln" | "eprint" => {
                let newline = if name.ends_with("ln") { "\n" } else { "" };
                let function = if name.starts_with('e') { "eprint" } else { "print" };
                let args = self.macro_args(call);
                let args = self.format_call(&args, newline, Empty::Allowed, span);
                self.call_lang(function, vec![args], span)
            }
            "format" => {
                let args = self.macro_args(call);
                let args = self.format_call(&args, "", Empty::Refused, span);
                self.call_lang("format", vec![args], span)
            }
            "format_args" => {
                let args = self.macro_args(call);
                self.format_call(&args, "", Empty::Refused, span)
            }
            "write" | "writeln" => self.write_macro(call, name, span),
            "panic" | "todo" | "unimplemented" | "unreachable" => self.panic_macro(call, name, span),
            "assert" | "debug_assert" => self.assert_macro(call, span),
            "assert_eq" | "debug_assert_eq" => self.assert_compare(call, name, BinaryOp::Eq, span),
            "assert_ne" | "debug_assert_ne" => self.assert_compare(call, name, BinaryOp::Ne, span),
            "vec" => self.vec_macro(call, span),
            "matches" => self.matches_macro(call, span),
            "dbg" => self.dbg_macro(call, span),
            "concat" | "stringify" | "line" | "column" | "file" | "module_path" => self.constant_macro(call, span),
            "compile_error" => {
                let args = self.macro_args(call);
                let message = args.first().and_then(|arg| self.constant_text(&arg.value));
                self.plain_error(span, message.unwrap_or_else(|| "compile_error! takes 1 argument".to_string()));
                self.missing(span)
            }
            "cfg" => {
                let value = crate::cfg::eval_tokens(&call.tokens);
                self.alloc(Expr::Literal(Literal::Bool(value)), span)
            }
            // Syntax has reported it: `try` is a keyword.
            "try" => self.missing(span),
            _ => {
                let help = match name {
                    "env" | "option_env" => "read the environment when the program runs, with `std::env::var`",
                    "include" | "include_str" | "include_bytes" => {
                        "read the file when the program runs, or embed it in a Go file with `//go:embed`"
                    }
                    "thread_local" => "pass the value along, or keep it in a `static` with a `Mutex`",
                    _ => "use the `?` operator",
                };
                let message = format!("the macro `{name}!` is not part of rgo");
                self.error(HirError::new(self.owner, call.path.span, "RGO0002", message).help(help));
                self.missing(span)
            }
        }
    }

    /// The name of a known macro; anything else is an error.
    fn macro_name(&mut self, call: &MacroCall) -> Option<&'static str> {
        let segments = &call.path.segments;
        let last = segments.last()?;
        let known = crate::path::MACROS.iter().copied().find(|known| last.ident.name == *known);
        let from_std = match segments.len() {
            1 => true,
            2 => matches!(segments[0].ident.as_str(), "std" | "core" | "alloc"),
            _ => false,
        };
        if self.defines_macro(last.ident.name) {
            return None;
        }
        if let (Some(known), true) = (known, from_std) {
            return Some(known);
        }
        if segments.len() > 2 && matches!(segments[0].ident.as_str(), "std" | "core" | "alloc") {
            let message = format!("the macro `{}!` is not part of rgo", last.ident.name);
            self.error(HirError::new(self.owner, last.ident.span, "RGO0002", message));
            return None;
        }
        if let [first, ..] = segments.as_slice()
            && segments.len() > 1
        {
            let (ident, parent) = if from_std {
                (last.ident, Some(crate::resolve::Res::Def(crate::DefId::package(Name::new("std")))))
            } else {
                (first.ident, None)
            };
            let message = crate::path_error::segment_message(ident, parent, true);
            self.coded_error(ident.span, "E0433", message, "not found");
            return None;
        }
        let names = crate::path::MACROS.iter().map(|name| Name::new(name));
        let similar = crate::path_error::most_similar(last.ident.name, names);
        let mut error = HirError::plain(
            self.owner,
            last.ident.span,
            format!("cannot find macro `{}` in this scope", last.ident.name),
        );
        error.help = similar.map(|similar| format!("a macro with a similar name exists: `{similar}`"));
        self.error(error);
        None
    }

    /// Whether the program defines the macro itself, which has been refused.
    fn defines_macro(&self, name: Name) -> bool {
        let inside = self.tree.nodes.keys().any(|def| {
            def.kind() == crate::DefKind::Use
                && matches!(&crate::item_ast(self.db, *def).kind, ast::ItemKind::MacroDef { name: known, .. } if known.name == name)
        });
        let package = crate::slices::package_of(self.db, self.owner);
        inside || package.is_some_and(|package| crate::slices::package_macros(self.db, package).contains(&name))
    }

    pub fn macro_args(&mut self, call: &MacroCall) -> Vec<MacroArg> {
        let parsed = rgo_syntax::format_args(call);
        self.syntax_errors(&parsed.errors);
        parsed.value
    }

    pub fn call_lang(&mut self, name: &str, args: Vec<ExprId>, span: Span) -> ExprId {
        let callee = self.lang_fn(name, span);
        self.alloc(Expr::Call { callee, args }, span)
    }

    fn write_macro(&mut self, call: &MacroCall, name: &str, span: Span) -> ExprId {
        let args = self.macro_args(call);
        let newline = if name == "writeln" { "\n" } else { "" };
        let Some((target, rest)) = args.split_first() else {
            self.plain_error(span, format!("`{name}!` needs something to write to"));
            return self.missing(span);
        };
        let receiver = self.expr(&target.value);
        let empty = if name == "writeln" { Empty::Allowed } else { Empty::Refused };
        let value = self.format_call(rest, newline, empty, span);
        let method = ast::PathSegment { ident: ast::Ident::new("write_fmt", span), args: None };
        let id = self.alloc(Expr::MethodCall { receiver, method, scope: self.scope, args: vec![value] }, span);
        self.map.names.insert(id, target.value.span);
        id
    }

    fn vec_macro(&mut self, call: &MacroCall, span: Span) -> ExprId {
        let parsed = rgo_syntax::list_args(call);
        self.syntax_errors(&parsed.errors);
        let lowered = match &parsed.value {
            ListArgs::Elements(elements) => Expr::VecMacro(self.exprs(elements)),
            ListArgs::Repeat(value, len) => {
                let value = self.expr(value);
                let len = self.expr(len);
                Expr::VecRepeat { value, len }
            }
        };
        self.alloc(lowered, span)
    }

    fn matches_macro(&mut self, call: &MacroCall, span: Span) -> ExprId {
        let parsed = rgo_syntax::matches_args(call);
        self.syntax_errors(&parsed.errors);
        let Some(args) = parsed.value else { return self.missing(span) };
        let scrutinee = self.expr(&args.scrutinee);
        let arm = self.scoped(|ctx| {
            let mut binds = pat::Binds::new();
            let pat = ctx.pat(&args.pat, &mut binds);
            ctx.bind(binds);
            let guard = args.guard.as_ref().map(|guard| ctx.expr(guard));
            let body = ctx.boolean(true, span);
            Arm { pat, guard, body }
        });
        let pat = self.alloc_pat(Pat::Wild, span);
        let body = self.boolean(false, span);
        let otherwise = Arm { pat, guard: None, body };
        self.alloc(Expr::Match { scrutinee, arms: vec![arm, otherwise], source: MatchSource::Macro }, span)
    }

    fn boolean(&mut self, value: bool, span: Span) -> ExprId {
        self.alloc(Expr::Literal(Literal::Bool(value)), span)
    }

    /// `dbg!(x)`: `match x { value => { eprint!(…); value } }`.
    fn dbg_macro(&mut self, call: &MacroCall, span: Span) -> ExprId {
        let args = self.macro_args(call);
        let (line, column, file) = self.position(span);
        let place = format!("[{file}:{line}:{column}]");
        if args.is_empty() {
            let text = self.text_args(&format!("{place}\n"), span);
            return self.call_lang("eprint", vec![text], span);
        }
        let values: Vec<ExprId> = args.iter().map(|arg| self.dbg_value(&place, &arg.value, span)).collect();
        match values[..] {
            [value] => value,
            _ => self.alloc(Expr::Tuple(values), span),
        }
    }

    fn dbg_value(&mut self, place: &str, value: &ast::Expr, span: Span) -> ExprId {
        let source = self.source_text(value.span);
        let scrutinee = self.expr(value);
        let local = self.synthetic_local("value", span);
        let pat = self.alloc_pat(Pat::Bind { local, sub: None }, span);
        let shown = self.alloc(Expr::Local(local), span);
        let pieces = vec![
            FormatPiece::Text(Name::new(&format!("{place} {source} = "))),
            FormatPiece::Arg(Placeholder { alternate: true, ..plain_placeholder(0, FormatTrait::Debug) }),
            FormatPiece::Text(Name::new("\n")),
        ];
        let printed = self.alloc(Expr::FormatArgs(FormatArgs { pieces, args: vec![shown] }), span);
        let print = self.call_lang("eprint", vec![printed], span);
        let result = self.alloc(Expr::Local(local), span);
        let block = Block {
            stmts: vec![Stmt::Expr { expr: print, semi: Semi::Yes }],
            tail: Some(result),
            label: None,
            scope: None,
        };
        let body = self.alloc(Expr::Block(block), span);
        self.map.block_ends.insert(body, span.last());
        let arms = vec![Arm { pat, guard: None, body }];
        self.alloc(Expr::Match { scrutinee, arms, source: MatchSource::Macro }, span)
    }

    /// `format_args!` of a fixed text.
    pub fn text_args(&mut self, text: &str, span: Span) -> ExprId {
        let pieces = if text.is_empty() { Vec::new() } else { vec![FormatPiece::Text(Name::new(text))] };
        self.alloc(Expr::FormatArgs(FormatArgs { pieces, args: Vec::new() }), span)
    }

    // --------------------------------------------------------------------------------------------------- constants

    fn constant_macro(&mut self, call: &MacroCall, span: Span) -> ExprId {
        let name = call.path.last().map_or("", |segment| segment.ident.as_str());
        let literal = match name {
            "line" | "column" => {
                let (line, column, _) = self.position(span);
                let value = if name == "line" { line } else { column };
                Literal::Int { value: u128::from(value), suffix: Some(Name::new("u32")) }
            }
            _ => match self.constant_macro_text(call) {
                Some(text) => Literal::Str(Name::new(&text)),
                None => return self.missing(span),
            },
        };
        self.alloc(Expr::Literal(literal), span)
    }

    fn constant_macro_text(&mut self, call: &MacroCall) -> Option<String> {
        let name = self.macro_name(call)?;
        Some(match name {
            "stringify" => self.source_text(call.inner_span),
            "line" => self.position(call.span).0.to_string(),
            "column" => self.position(call.span).1.to_string(),
            "file" => self.position(call.span).2,
            "module_path" => {
                let mut path: Vec<&str> = self.owner.module().ancestors().map(|def| def.name().as_str()).collect();
                path.reverse();
                path.retain(|part| !part.is_empty());
                path.join("::")
            }
            "concat" => {
                let args = self.macro_args(call);
                let mut text = String::new();
                for arg in &args {
                    match self.constant_text(&arg.value) {
                        Some(part) => text.push_str(&part),
                        None => {
                            self.plain_error(arg.value.span, "expected a literal");
                            return None;
                        }
                    }
                }
                text
            }
            _ => return None,
        })
    }

    /// The text of a literal, or of a macro that stands for one.
    pub fn constant_text(&mut self, expr: &ast::Expr) -> Option<String> {
        match &expr.without_parens().kind {
            ExprKind::Lit(lit) => Some(match lit {
                Lit::Str(text) => text.to_string(),
                Lit::Bool(value) => value.to_string(),
                Lit::Int { value, .. } => value.to_string(),
                Lit::Float { text, .. } => text.to_string(),
                Lit::Char(c) => c.to_string(),
                Lit::Byte(_) | Lit::ByteStr(_) | Lit::CStr(_) => return None,
            }),
            ExprKind::Unary { op: ast::UnaryOp::Neg, operand } => {
                self.constant_text(operand).map(|text| format!("-{text}"))
            }
            ExprKind::Macro(call) => {
                let name = call.path.last().map_or("", |segment| segment.ident.as_str());
                if matches!(name, "concat" | "stringify" | "line" | "column" | "file" | "module_path") {
                    self.constant_macro_text(call)
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    /// Line and column (from 1) and file of a place in this item. Reads absolute positions: used by the macros that ask for them only.
    fn position(&self, span: Span) -> (u32, u32, String) {
        let (file, start) = item_start(self.db, self.owner);
        let offset = (start + span.start) as usize;
        let text: &str = file.text(self.db);
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() as u32 + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() as u32 + 1;
        (line, column, file.path(self.db).clone())
    }

    /// Source text with white space made single.
    pub fn source_text(&self, span: Span) -> String {
        let text = item_text(self.db, item_of(self.owner).key(self.db));
        let text = text.as_deref().map_or("", |text| span.text(text));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A placeholder `{}` or `{:?}` for an argument.
pub fn plain_placeholder(arg: usize, format: FormatTrait) -> Placeholder {
    Placeholder {
        arg,
        format,
        fill: None,
        align: None,
        sign: None,
        alternate: false,
        zero_pad: false,
        debug_hex: None,
        width: None,
        precision: None,
    }
}

/// Whether a formatting macro may be called without a format string.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Empty {
    Allowed,
    Refused,
}
