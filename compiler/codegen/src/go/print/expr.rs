//! Expressions and types.

use super::*;

/// Whether a composite literal would be read as the start of the statement's block.
#[derive(Clone, Copy, PartialEq)]
enum Context {
    Plain,
    Header,
}

const LOWEST: u8 = 0;
const UNARY: u8 = 6;
const HIGHEST: u8 = 7;

impl<'a> Printer<'a> {
    pub(super) fn expr(&mut self, expr: &Expr) {
        self.expr_at(expr, LOWEST, 1, Context::Plain);
    }

    /// An expression between `if`, `for` or `switch` and its `{`.
    pub(super) fn header_expr(&mut self, expr: &Expr) {
        self.expr_at(expr, LOWEST, 1, Context::Header);
    }

    pub(super) fn exprs(&mut self, list: &[Expr], depth: i32) {
        for (i, expr) in list.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.expr_at(expr, LOWEST, depth, Context::Plain);
        }
    }

    pub(super) fn header_exprs(&mut self, list: &[Expr]) {
        for (i, expr) in list.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.header_expr(expr);
        }
    }

    fn parens(&mut self, f: impl FnOnce(&mut Self)) {
        self.push("(");
        f(self);
        self.push(")");
    }

    fn expr_at(&mut self, expr: &Expr, precedence: u8, depth: i32, context: Context) {
        match expr {
            Expr::Var(var) => {
                let name = self.names.map(|names| names.var(*var)).unwrap_or_else(|| format!("v{}", var.0).into());
                self.push(&name);
            }
            Expr::Name(name) => self.push(name),
            Expr::Const(Global { path, name }, ..) => self.global(path.as_ref(), name),
            Expr::Imported(path, name) => self.global(Some(path), name),
            Expr::Lit(lit) => self.literal(lit, precedence),
            // An integer constant is an `int` unless its context wants something else, which would not be well typed.
            Expr::Typed(ty, lit @ Lit::Int(_)) if ty.is_name("int") => self.literal(lit, precedence),
            Expr::Typed(ty, lit) => {
                self.conversion_type(ty);
                self.parens(|p| p.literal(lit, LOWEST));
            }
            Expr::Unary(UnaryOp::Deref, inner) => self.deref(inner, precedence, context),
            Expr::Unary(op, inner) => self.unary(*op, inner, precedence, depth, context),
            Expr::Binary(op, left, right) => self.binary(*op, left, right, precedence, depth, context),
            Expr::Call(call) => self.call(call, depth, context),
            Expr::Convert(ty, inner) | Expr::Upcast(ty, inner) => {
                self.conversion_type(ty);
                self.parens(|p| p.expr_at(inner, LOWEST, depth, Context::Plain));
            }
            Expr::Index(base, index) => {
                self.expr_at(base, HIGHEST, 1, context);
                self.push("[");
                self.expr_at(index, LOWEST, depth + 1, Context::Plain);
                self.push("]");
            }
            Expr::Entry(entry) => {
                self.expr_at(&entry.map, HIGHEST, 1, context);
                self.push("[");
                self.expr_at(&entry.key, LOWEST, depth + 1, Context::Plain);
                self.push("]");
            }
            Expr::Slice(slice) => self.slice_expr(slice, depth, context),
            Expr::Instance(fun, args) => {
                self.expr_at(fun, HIGHEST, depth, context);
                self.type_args(args);
            }
            Expr::Select(base, name) => {
                self.expr_at(base, HIGHEST, depth, context);
                self.push(".");
                self.push(name);
            }
            Expr::Assert(base, ty) => {
                self.expr_at(base, HIGHEST, depth, context);
                self.push(".(");
                self.ty(ty);
                self.push(")");
            }
            // In a header only a literal that begins with a type's name could be read as the start of the block.
            Expr::Composite(composite) => match (context, &composite.ty) {
                (Context::Header, Type::Name(_) | Type::Generic(..) | Type::Imported(..)) => {
                    self.parens(|p| p.composite(composite));
                }
                _ => self.composite(composite),
            },
            Expr::Func(lit) => self.func_lit(lit),
            Expr::Type(ty) => self.ty(ty),
        }
    }

    fn literal(&mut self, lit: &Lit, precedence: u8) {
        match lit {
            // `1.x` would be read as a float.
            Lit::Spelled(_, text) if precedence > UNARY => self.parens(|p| p.push(text)),
            Lit::Spelled(_, text) => self.push(text),
            Lit::Int(value) if precedence > UNARY => self.parens(|p| p.push(&value.to_string())),
            Lit::Int(value) => self.push(&value.to_string()),
            Lit::Float(text) if precedence > UNARY => self.parens(|p| p.push(text)),
            Lit::Float(text) => self.push(text),
            Lit::Str(text) => {
                let quoted = quote(text, '"');
                self.push(&quoted);
            }
            Lit::Rune(c) => self.push(&rune(*c)),
            Lit::Bool(value) => self.push(if *value { "true" } else { "false" }),
            Lit::Nil => self.push("nil"),
        }
    }

    fn deref(&mut self, inner: &Expr, precedence: u8, context: Context) {
        if UNARY < precedence {
            self.parens(|p| {
                p.push("*");
                p.expr_at(inner, UNARY, 1, Context::Plain);
            });
        } else {
            self.push("*");
            self.expr_at(inner, UNARY, 1, context);
        }
    }

    fn unary(&mut self, op: UnaryOp, inner: &Expr, precedence: u8, depth: i32, context: Context) {
        if UNARY < precedence {
            return self.parens(|p| p.unary(op, inner, LOWEST, 1, Context::Plain));
        }
        self.push(op.text());
        // `--x` and `&&x` would be read as one token.
        let glued = match (op, inner) {
            (UnaryOp::Neg, Expr::Unary(UnaryOp::Neg, _)) | (UnaryOp::Addr, Expr::Unary(UnaryOp::Addr, _)) => true,
            (UnaryOp::Addr, Expr::Unary(UnaryOp::Complement, _)) => true,
            (UnaryOp::Neg, Expr::Lit(Lit::Int(value))) => *value < 0,
            (UnaryOp::Neg, Expr::Lit(Lit::Float(text))) => text.starts_with('-'),
            _ => false,
        };
        if glued {
            self.parens(|p| p.expr_at(inner, LOWEST, depth, Context::Plain));
        } else {
            self.expr_at(inner, UNARY, depth, context);
        }
    }

    fn binary(&mut self, op: BinaryOp, left: &Expr, right: &Expr, precedence: u8, depth: i32, context: Context) {
        let own = op.precedence();
        if own < precedence {
            let inner = (depth - 1).max(1);
            return self.parens(|p| p.binary(op, left, right, LOWEST, inner, Context::Plain));
        }
        let blanks = own < cutoff(op, left, right, depth);
        let left_deeper = i32::from(!matches!(left, Expr::Binary(inner, ..) if inner.precedence() == own));
        self.expr_at(left, own, depth + left_deeper, context);
        if blanks {
            self.push(" ");
        }
        self.push(op.text());
        if blanks {
            self.push(" ");
        }
        // A literal with a sign is a unary expression to gofmt: `a - -1` keeps its blanks through `cutoff`.
        self.expr_at(right, own + 1, depth + 1, context);
    }

    fn call(&mut self, call: &Call, depth: i32, context: Context) {
        let depth = if call.args.len() > 1 { depth + 1 } else { depth };
        match &call.fun {
            Expr::Type(ty) => self.conversion_type(ty),
            // A function literal is never the start of a statement here, but one in a header needs parentheses for the reader.
            fun => self.expr_at(fun, HIGHEST, depth, context),
        }
        self.push("(");
        self.exprs(&call.args, depth);
        if call.spread == Spread::Last {
            self.push("...");
        }
        self.push(")");
    }

    fn slice_expr(&mut self, slice: &SliceExpr, depth: i32, context: Context) {
        self.expr_at(&slice.base, HIGHEST, 1, context);
        self.push("[");
        let mut indices = vec![&slice.low, &slice.high];
        if slice.max.is_some() {
            indices.push(&slice.max);
        }
        let present: Vec<_> = indices.iter().filter_map(|i| i.as_ref()).collect();
        let blanks = depth <= 1 && present.len() > 1 && present.iter().any(|e| matches!(e, Expr::Binary(..)));
        for (i, index) in indices.iter().enumerate() {
            if i > 0 {
                if indices[i - 1].is_some() && blanks {
                    self.push(" ");
                }
                self.push(":");
                if index.is_some() && blanks {
                    self.push(" ");
                }
            }
            if let Some(index) = index {
                self.expr_at(index, LOWEST, depth + 1, Context::Plain);
            }
        }
        self.push("]");
    }

    fn composite(&mut self, composite: &Composite) {
        self.ty(&composite.ty);
        self.composite_body(composite);
    }

    fn composite_body(&mut self, composite: &Composite) {
        self.push("{");
        if composite.elements.is_empty() {
            return self.push("}");
        }
        let flat = self.capture(|p| {
            for (i, element) in composite.elements.iter().enumerate() {
                if i > 0 {
                    p.push(", ");
                }
                p.element(element, elided(&composite.ty));
            }
        });
        if flat.is_one_line() && self.column() + flat.width() < BREAK_COLUMN {
            self.paste(flat);
        } else {
            self.composite_lines(composite);
        }
        self.push("}");
    }

    fn element(&mut self, element: &Element, elided: Option<&Type>) {
        if let Some(key) = &element.key {
            self.expr(key);
            self.push(": ");
        }
        self.element_value(&element.value, elided);
    }

    /// `{…}` for an element whose type is that of the list.
    fn element_value(&mut self, value: &Expr, elided: Option<&Type>) {
        match (value, elided) {
            (Expr::Composite(inner), Some(ty)) if inner.ty == *ty => self.composite_body(inner),
            (Expr::Unary(UnaryOp::Addr, inner), Some(Type::Pointer(ty))) => match &**inner {
                Expr::Composite(inner) if inner.ty == **ty => self.composite_body(inner),
                _ => self.expr(value),
            },
            _ => self.expr(value),
        }
    }

    /// One element a line, values aligned within a run of lines that belong together (see go/printer's `exprList`).
    fn composite_lines(&mut self, composite: &Composite) {
        self.indent += 1;
        let printed: Vec<(String, Captured)> = composite
            .elements
            .iter()
            .map(|element| {
                let key = element.key.as_ref().map(|key| self.capture(|p| p.expr(key)).text + ":").unwrap_or_default();
                let value = self.capture(|p| p.element_value(&element.value, elided(&composite.ty)));
                (key, value)
            })
            .collect();
        let widths = aligned_keys(&printed);
        for ((key, value), width) in printed.into_iter().zip(widths) {
            self.next_line();
            self.push(&key);
            if !key.is_empty() {
                for _ in key.chars().count()..width {
                    self.push(" ");
                }
            }
            self.paste(value);
            self.push(",");
        }
        self.indent -= 1;
        self.next_line();
    }

    fn func_lit(&mut self, lit: &FuncLit) {
        self.push("func");
        self.params(&lit.params);
        self.results(&lit.results);
        self.push(" ");
        if lit.body.is_empty() {
            return self.push("{}");
        }
        if let [only] = &lit.body[..]
            && matches!(
                only.kind,
                StmtKind::Return(_)
                    | StmtKind::Expr(_)
                    | StmtKind::Inc(_)
                    | StmtKind::Dec(_)
                    | StmtKind::Assign(..)
                    | StmtKind::OpAssign(..)
            )
        {
            let header = self.capture(|p| {
                p.push("func");
                p.params(&lit.params);
                p.results(&lit.results);
            });
            let body = self.capture(|p| p.simple_stmt(&only.kind));
            if body.is_one_line()
                && header.width() + body.width() < ONE_LINE_BODY
                && self.column() + body.width() < BREAK_COLUMN
            {
                self.push("{ ");
                self.paste(body);
                return self.push(" }");
            }
        }
        self.block(&lit.body);
    }

    pub(super) fn params(&mut self, params: &[Param]) {
        self.push("(");
        for (i, param) in params.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            match param.var {
                Some(var) => self.expr(&Expr::Var(var)),
                None => self.push("_"),
            }
            // `a, b int` rather than `a int, b int`.
            let next_same =
                params.get(i + 1).is_some_and(|next| next.ty == param.ty && next.variadic == param.variadic);
            if !next_same {
                self.push(" ");
                self.param_type(&param.ty, param.variadic);
            }
        }
        self.push(")");
    }

    fn param_type(&mut self, ty: &Type, variadic: Variadic) {
        match (variadic, ty) {
            (Variadic::Last, Type::Slice(element)) => {
                self.push("...");
                self.ty(element);
            }
            _ => self.ty(ty),
        }
    }

    pub(super) fn results(&mut self, results: &[Result]) {
        let types: Vec<&Type> = results.iter().map(|r| &r.ty).collect();
        if results.iter().all(|r| r.var.is_none()) {
            return self.result_types(&types);
        }
        self.push(" (");
        for (i, result) in results.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            match result.var {
                Some(var) => self.expr(&Expr::Var(var)),
                None => self.push("_"),
            }
            if results.get(i + 1).is_none_or(|next| next.ty != result.ty) {
                self.push(" ");
                self.ty(&result.ty);
            }
        }
        self.push(")");
    }

    fn result_types(&mut self, types: &[&Type]) {
        match types {
            [] => {}
            [only] => {
                self.push(" ");
                self.ty(only);
            }
            several => {
                self.push(" (");
                for (i, ty) in several.iter().enumerate() {
                    if i > 0 {
                        self.push(", ");
                    }
                    self.ty(ty);
                }
                self.push(")");
            }
        }
    }

    /// A type in front of `(x)`.
    fn conversion_type(&mut self, ty: &Type) {
        match ty {
            Type::Pointer(_) | Type::Func(_) | Type::Chan(_) => self.parens(|p| p.ty(ty)),
            _ => self.ty(ty),
        }
    }

    fn type_args(&mut self, args: &[Type]) {
        if args.is_empty() {
            return;
        }
        self.push("[");
        for (i, arg) in args.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            self.ty(arg);
        }
        self.push("]");
    }

    fn global(&mut self, path: Option<&Str>, name: &str) {
        if let Some(alias) = path.and_then(|path| self.imports.alias(path)) {
            self.push(&alias);
            self.push(".");
        }
        self.push(name);
    }

    /// The elements of a sequence: octets are `byte` there, as Go programmers write.
    fn element_type(&mut self, ty: &Type) {
        match ty {
            Type::Name(name) if &**name == "uint8" => self.push("byte"),
            ty => self.ty(ty),
        }
    }

    pub(super) fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Name(name) => self.push(name),
            Type::Generic(name, args) => {
                self.push(name);
                self.type_args(args);
            }
            Type::Imported(path, name, args) => {
                self.global(Some(path), name);
                self.type_args(args);
            }
            Type::Pointer(inner) => {
                self.push("*");
                self.ty(inner);
            }
            Type::Slice(inner) => {
                self.push("[]");
                self.element_type(inner);
            }
            Type::Array(len, inner) => {
                self.push(&format!("[{len}]"));
                self.element_type(inner);
            }
            Type::Map(key, value) => {
                self.push("map[");
                self.ty(key);
                self.push("]");
                self.ty(value);
            }
            Type::Chan(inner) => {
                self.push("chan ");
                self.ty(inner);
            }
            Type::Func(signature) => {
                self.push("func");
                self.signature(signature);
            }
            Type::Struct(fields) => self.struct_type(fields),
            Type::Interface(methods) => self.interface_type(methods),
        }
    }

    pub(super) fn signature(&mut self, signature: &FuncType) {
        self.push("(");
        for (i, param) in signature.params.iter().enumerate() {
            if i > 0 {
                self.push(", ");
            }
            let last = i + 1 == signature.params.len();
            self.param_type(param, if last { signature.variadic } else { Variadic::No });
        }
        self.push(")");
        let results: Vec<&Type> = signature.results.iter().collect();
        self.result_types(&results);
    }

    fn struct_type(&mut self, fields: &[Field]) {
        // gofmt keeps one undocumented field on the line, and breaks more.
        match fields {
            [] => return self.push("struct{}"),
            [field]
                if field.doc.is_empty()
                    && field.behind.is_none()
                    && !matches!(field.ty, Type::Struct(_) | Type::Interface(_)) =>
            {
                let text = self.capture(|p| p.ty(&field.ty));
                let name = field.name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
                // Only inside of other types; a declaration prints its fields through `struct_lines`.
                if text.is_one_line() && name.len() + text.width() <= 30 {
                    self.push("struct{ ");
                    self.push(&name);
                    self.paste(text);
                    return self.push(" }");
                }
            }
            _ => {}
        }
        self.struct_lines(fields, &[]);
    }

    /// `end`: a comment below the last field.
    pub(super) fn struct_lines(&mut self, fields: &[Field], end: &[Str]) {
        self.push("struct {");
        self.indent += 1;
        let types: Vec<Captured> = fields.iter().map(|field| self.capture(|p| p.ty(&field.ty))).collect();
        let widths = field_widths(fields, &types);
        let columns = comment_columns(fields, &types);
        for (((field, ty), width), column) in fields.iter().zip(types).zip(widths).zip(columns) {
            self.inner_doc(&field.doc);
            self.next_line();
            if let Some(name) = &field.name {
                self.push(name);
                for _ in name.chars().count()..width {
                    self.push(" ");
                }
                self.push(" ");
            }
            let padding = column.saturating_sub(ty.width());
            self.paste(ty);
            if let Some(comment) = &field.behind {
                self.push(&" ".repeat(padding + 1));
                self.comment_line(comment);
            }
        }
        self.end_comment(end);
        self.indent -= 1;
        self.next_line();
        self.push("}");
    }

    fn interface_type(&mut self, methods: &[Method]) {
        if methods.is_empty() {
            return self.push("any");
        }
        self.push("interface {");
        self.indent += 1;
        for method in methods {
            self.inner_doc(&method.doc);
            self.next_line();
            self.push(&method.name);
            self.signature(&method.signature);
        }
        self.indent -= 1;
        self.next_line();
        self.push("}");
    }
}

/// go/printer's `cutoff`: operators that bind tighter than the answer are written without blanks.
fn cutoff(op: BinaryOp, left: &Expr, right: &Expr, depth: i32) -> u8 {
    let mut seen = Seen::default();
    seen.walk(op, left, right);
    if seen.problem > 0 {
        return seen.problem + 1;
    }
    match (seen.sums && seen.products, depth == 1) {
        (true, true) => 5,
        (true, false) => 4,
        (false, true) => 6,
        (false, false) => 4,
    }
}

#[derive(Default)]
struct Seen {
    sums: bool,
    products: bool,
    /// The precedence at which two operators would run together without blanks.
    problem: u8,
}

impl Seen {
    fn walk(&mut self, op: BinaryOp, left: &Expr, right: &Expr) {
        match op.precedence() {
            4 => self.sums = true,
            5 => self.products = true,
            _ => {}
        }
        if let Expr::Binary(inner, l, r) = left
            && inner.precedence() >= op.precedence()
        {
            self.walk(*inner, l, r);
        }
        match right {
            Expr::Binary(inner, l, r) if inner.precedence() > op.precedence() => self.walk(*inner, l, r),
            Expr::Unary(UnaryOp::Deref, _) if op == BinaryOp::Div => self.problem = 5,
            Expr::Unary(unary, _) => self.glue(op, unary.text()),
            Expr::Lit(Lit::Int(value)) if *value < 0 => self.glue(op, "-"),
            Expr::Lit(Lit::Float(text)) if text.starts_with('-') => self.glue(op, "-"),
            _ => {}
        }
    }

    fn glue(&mut self, op: BinaryOp, unary: &str) {
        match (op.text(), unary) {
            ("/", "*") | ("&", "&") | ("&", "^") => self.problem = 5,
            ("+", "+") | ("-", "-") => self.problem = self.problem.max(4),
            _ => {}
        }
    }
}

/// The type that elements of a list need not repeat.
fn elided(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Slice(elem) | Type::Array(_, elem) => Some(elem),
        Type::Map(_, value) => Some(value),
        _ => None,
    }
}

/// The width of the key column (with its colon and a blank) for every element.
fn aligned_keys(printed: &[(String, Captured)]) -> Vec<usize> {
    let mut widths = vec![0; printed.len()];
    let mut start = 0;
    let mut previous = 0usize;
    let (mut log_sum, mut count) = (0.0f64, 0u32);
    for i in 0..=printed.len() {
        let size = match printed.get(i) {
            Some((key, value)) if value.is_one_line() && !key.contains('\n') => {
                key.chars().count().saturating_sub(1).max(1)
            }
            _ => 0,
        };
        let breaks = i == printed.len() || {
            let mut breaks = true;
            if previous > 0 && size > 0 {
                breaks = if count == 0 || previous <= 40 && size <= 40 {
                    false
                } else {
                    let ratio = size as f64 / (log_sum / f64::from(count)).exp();
                    2.5 * ratio <= 1.0 || 2.5 <= ratio
                };
            }
            breaks
        };
        if breaks {
            let width = printed[start..i].iter().map(|(key, _)| key.chars().count() + 1).max().unwrap_or(0);
            widths[start..i].iter_mut().for_each(|w| *w = width);
            start = i;
        }
        if size > 0 {
            log_sum += (size as f64).ln();
            count += 1;
        }
        previous = size;
    }
    widths
}

/// The width of the name column for every field: a run of lines that have one, ended by a comment or a type of several lines.
fn field_widths(fields: &[Field], types: &[Captured]) -> Vec<usize> {
    let ends = |start: usize, i: usize| {
        !fields[i].doc.is_empty() || fields[i].name.is_none() || i > start && !types[i - 1].is_one_line()
    };
    column_widths(fields.len(), ends, |run| {
        fields[run].iter().filter_map(|field| field.name.as_ref()).map(|name| name.chars().count()).max()
    })
}

/// The width of the type column of every field with a comment on its line: a run of such lines.
fn comment_columns(fields: &[Field], types: &[Captured]) -> Vec<usize> {
    let has_comment = |i: usize| fields[i].behind.is_some() && types[i].is_one_line();
    let ends =
        |start: usize, i: usize| !fields[i].doc.is_empty() || !has_comment(i) || i > start && !has_comment(i - 1);
    column_widths(fields.len(), ends, |run| types[run].iter().filter(|ty| ty.is_one_line()).map(Captured::width).max())
}

/// The width of a column in each of some lines: one width for a run of them, given whether a run from `start` ends before a line.
fn column_widths(
    lines: usize,
    ends: impl Fn(usize, usize) -> bool,
    width: impl Fn(std::ops::Range<usize>) -> Option<usize>,
) -> Vec<usize> {
    let mut widths = vec![0; lines];
    let mut start = 0;
    for i in 0..=lines {
        if i == lines || ends(start, i) {
            let width = width(start..i).unwrap_or(0);
            widths[start..i].iter_mut().for_each(|w| *w = width);
            start = i;
        }
    }
    widths
}

/// A Go string or rune literal. Text stays readable; what does not print is escaped.
/// A rune literal.
pub(crate) fn rune(c: char) -> String {
    quote(c.encode_utf8(&mut [0; 4]), '\'')
}

pub(super) fn quote(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x20 || c as u32 == 0x7f => out.push_str(&format!("\\x{:02x}", c as u32)),
            c if is_invisible(c) => out.push_str(&if c as u32 <= 0xffff {
                format!("\\u{:04x}", c as u32)
            } else {
                format!("\\U{:08x}", c as u32)
            }),
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// Characters that would confuse a reader (or, like U+FEFF, the Go compiler) when written as they are.
fn is_invisible(c: char) -> bool {
    let code = c as u32;
    c.is_control()
        || matches!(code, 0xa0 | 0xad | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xfff0..=0xffff | 0xe0000..=0xe0fff | 0xf0000..)
}
