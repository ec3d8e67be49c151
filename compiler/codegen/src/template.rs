//! Go expressions and statements written as text with holes (`append(*$self, $value)`), parsed into the Go tree.
//!
//! The language is Go's expressions, a few statements, and `$name` for what the caller fills in (`$*name` for what that refers to). A template
//! is part of the standard library: one that does not parse is a mistake in it, reported as such.

use rustc_hash::FxHashMap;

use crate::go::ast::*;
use crate::go::names::package_name;

/// What a `$name` stands for.
#[derive(Clone, Debug)]
pub enum Hole {
    Expr(Expr),
    Type(Type),
}

/// The packages that a template may name.
pub struct Imports<'a> {
    /// The import path of `rgort`.
    pub runtime: String,
    /// Those that its attribute names beside the usual ones.
    pub paths: &'a [String],
}

/// Packages of Go that every template may name, by paths that end in what they are called.
const USUAL_PACKAGES: &[&str] = &[
    "math",
    "strings",
    "strconv",
    "fmt",
    "os",
    "slices",
    "maps",
    "sort",
    "time",
    "sync",
    "bufio",
    "io",
    "errors",
    "cmp",
    "unicode",
    "bytes",
    "runtime",
    "math/bits",
    "sync/atomic",
    "unicode/utf8",
];

impl Imports<'_> {
    /// The import path of what a template calls by this name.
    fn path(&self, name: &str) -> Option<&str> {
        let is_called = |path: &&str| package_name(path) == name;
        if let Some(path) = self.paths.iter().map(String::as_str).rfind(is_called) {
            return Some(path);
        }
        if name == "rgort" {
            return Some(&self.runtime);
        }
        USUAL_PACKAGES.iter().copied().find(|path| path.rsplit('/').next() == Some(name))
    }
}

/// A template that is being read: what is left of it, what fills its holes, and the variables that it has declared so far.
pub struct Template<'a> {
    text: &'a str,
    at: usize,
    holes: &'a FxHashMap<String, Hole>,
    imports: &'a Imports<'a>,
    locals: &'a mut Locals,
    vars: FxHashMap<String, VarId>,
}

type Parsed<T> = std::result::Result<T, String>;

/// Reads a template of one expression. `holes` says by name what stands for `$name`; variables that the template declares become `locals`.
pub fn expr(text: &str, holes: &FxHashMap<String, Hole>, imports: &Imports<'_>, locals: &mut Locals) -> Parsed<Expr> {
    let mut template = Template { text, at: 0, holes, imports, locals, vars: FxHashMap::default() };
    let expr = template.expr(0)?;
    template.end()?;
    Ok(expr)
}

/// The same of statements, separated by `;`.
pub fn stmts(
    text: &str,
    holes: &FxHashMap<String, Hole>,
    imports: &Imports<'_>,
    locals: &mut Locals,
) -> Parsed<Vec<StmtKind>> {
    let mut template = Template { text, at: 0, holes, imports, locals, vars: FxHashMap::default() };
    let stmts = template.stmts("")?;
    template.end()?;
    Ok(stmts)
}

/// The same of a type.
pub fn ty(text: &str, holes: &FxHashMap<String, Hole>, imports: &Imports<'_>) -> Parsed<Type> {
    let mut locals = Locals::default();
    let mut template = Template { text, at: 0, holes, imports, locals: &mut locals, vars: FxHashMap::default() };
    let ty = template.ty()?;
    template.end()?;
    Ok(ty)
}

/// The key of the hole `$*name`: what the reference `name` refers to.
pub fn referent(name: &str) -> String {
    format!("*{name}")
}

/// The names of the holes in a template, each as often as it stands there (`$name` or `$*name`).
pub fn hole_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for part in text.split('$').skip(1) {
        let part = part.trim_start_matches('*');
        names.push(part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
    }
    names
}

const BINARY: &[(&str, BinaryOp)] = &[
    ("&&", BinaryOp::LogicalAnd),
    ("||", BinaryOp::LogicalOr),
    ("==", BinaryOp::Eq),
    ("!=", BinaryOp::Ne),
    ("<=", BinaryOp::Le),
    (">=", BinaryOp::Ge),
    ("<<", BinaryOp::Shl),
    (">>", BinaryOp::Shr),
    ("&^", BinaryOp::AndNot),
    ("<", BinaryOp::Lt),
    (">", BinaryOp::Gt),
    ("+", BinaryOp::Add),
    ("-", BinaryOp::Sub),
    ("*", BinaryOp::Mul),
    ("/", BinaryOp::Div),
    ("%", BinaryOp::Rem),
    ("&", BinaryOp::And),
    ("|", BinaryOp::Or),
    ("^", BinaryOp::Xor),
];

impl Template<'_> {
    fn rest(&mut self) -> &str {
        let trimmed = self.text[self.at..].trim_start_matches([' ', '\t', '\n']);
        self.at = self.text.len() - trimmed.len();
        trimmed
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let found =
            rest.starts_with(word) && !rest[word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        if found {
            self.at += word.len();
        }
        found
    }

    fn expect(&mut self, token: &str) -> Parsed<()> {
        if self.eat(token) {
            Ok(())
        } else {
            Err(format!("expected `{token}` at `{}` in Go template `{}`", &self.text[self.at..], self.text))
        }
    }

    fn end(&mut self) -> Parsed<()> {
        if self.rest().is_empty() {
            Ok(())
        } else {
            Err(format!("cannot read `{}` in Go template `{}`", &self.text[self.at..], self.text))
        }
    }

    fn ident(&mut self) -> Option<String> {
        let rest = self.rest();
        let len = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        if len == 0 || rest.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let word = rest[..len].to_string();
        self.at += len;
        Some(word)
    }

    fn hole(&mut self) -> Parsed<Hole> {
        self.expect("$")?;
        let is_referent = self.eat("*");
        let name = self.ident().ok_or_else(|| format!("`$` without a name in Go template `{}`", self.text))?;
        let name = if is_referent { referent(&name) } else { name };
        self.holes
            .get(&name)
            .cloned()
            .ok_or_else(|| format!("nothing is called `${name}` in Go template `{}`", self.text))
    }

    fn expr(&mut self, min: u8) -> Parsed<Expr> {
        let mut left = self.unary()?;
        loop {
            let rest = self.rest();
            let Some((text, op)) = BINARY.iter().find(|(text, _)| rest.starts_with(text)) else { return Ok(left) };
            // `x += 1`, `x++`: the end of an expression in a statement.
            let after = &rest[text.len()..];
            let is_assign =
                after.starts_with('=') && !op.is_comparison() || matches!(*text, "+" | "-") && after.starts_with(text);
            if is_assign || op.precedence() <= min {
                return Ok(left);
            }
            self.at += text.len();
            let right = self.expr(op.precedence())?;
            left = Expr::binary(*op, left, right);
        }
    }

    fn unary(&mut self) -> Parsed<Expr> {
        for (text, op) in [
            ("<-", UnaryOp::Receive),
            ("-", UnaryOp::Neg),
            ("!", UnaryOp::Not),
            ("^", UnaryOp::Complement),
            ("&", UnaryOp::Addr),
            ("*", UnaryOp::Deref),
        ] {
            if self.eat(text) {
                let operand = self.unary()?;
                return Ok(match op {
                    UnaryOp::Deref => operand.deref(),
                    UnaryOp::Addr => operand.addr(),
                    _ => Expr::unary(op, operand),
                });
            }
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Parsed<Expr> {
        let mut expr = self.primary()?;
        loop {
            if self.eat("...") {
                self.at -= 3;
                return Ok(expr);
            }
            if self.eat(".(") {
                let ty = self.ty()?;
                self.expect(")")?;
                expr = Expr::Assert(Box::new(expr), Box::new(ty));
            } else if self.eat(".") {
                let name =
                    self.ident().ok_or_else(|| format!("expected a name after `.` in Go template `{}`", self.text))?;
                expr = match expr {
                    Expr::Name(package) => match self.imports.path(&package) {
                        Some(path) => Expr::imported(path, &name),
                        None => Expr::Name(package).select(&name),
                    },
                    other => other.select(&name),
                };
            } else if self.eat("(") {
                expr = self.call(expr)?;
            } else if self.eat("[") {
                expr = self.index(expr)?;
            } else if self.rest().starts_with('{') && self.is_type(&expr) {
                let ty = to_type(&expr).ok_or("a composite literal needs a type")?;
                expr = self.composite(ty)?;
            } else {
                return Ok(expr);
            }
        }
    }

    fn is_type(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Type(_))
            || matches!(expr, Expr::Imported(_, name) if name.starts_with(char::is_uppercase))
            || matches!(expr, Expr::Instance(..))
    }

    fn call(&mut self, fun: Expr) -> Parsed<Expr> {
        let mut args = Vec::new();
        let mut spread = Spread::No;
        while !self.eat(")") {
            args.push(self.expr(0)?);
            if self.eat("...") {
                spread = Spread::Last;
            }
            if !self.eat(",") {
                self.expect(")")?;
                break;
            }
        }
        if let (Expr::Type(ty), 1, Spread::No) = (&fun, args.len(), spread) {
            return Ok(Expr::convert((**ty).clone(), args.remove(0)));
        }
        if let (Expr::Name(name), [_], Spread::No) = (&fun, &args[..], spread)
            && is_basic_type(name)
        {
            return Ok(Expr::convert(Type::Name(name.clone()), args.remove(0)));
        }
        Ok(Expr::Call(Box::new(Call { fun, args, spread })))
    }

    fn index(&mut self, base: Expr) -> Parsed<Expr> {
        if self.eat(":") {
            let high = if self.eat("]") { return Ok(base.slice(None, None)) } else { self.expr(0)? };
            self.expect("]")?;
            return Ok(base.slice(None, Some(high)));
        }
        let generic = matches!(&base, Expr::Imported(..)) || matches!(&base, Expr::Name(_));
        if generic {
            let start = self.at;
            if let Ok(types) = self.type_list() {
                let after = self.rest();
                if after.starts_with('(')
                    || after.starts_with('{')
                    || after.starts_with(',')
                    || after.is_empty()
                    || after.starts_with(')')
                {
                    return Ok(Expr::Instance(Box::new(base), types));
                }
            }
            self.at = start;
        }
        let first = self.expr(0)?;
        if self.eat("]") {
            return Ok(base.index(first));
        }
        self.expect(":")?;
        if self.eat("]") {
            return Ok(base.slice(Some(first), None));
        }
        let high = self.expr(0)?;
        let max = if self.eat(":") { Some(self.expr(0)?) } else { None };
        self.expect("]")?;
        Ok(Expr::Slice(Box::new(SliceExpr { base, low: Some(first), high: Some(high), max })))
    }

    fn type_list(&mut self) -> Parsed<Vec<Type>> {
        let mut types = vec![self.ty()?];
        while self.eat(",") {
            types.push(self.ty()?);
        }
        self.expect("]")?;
        Ok(types)
    }

    fn composite(&mut self, ty: Type) -> Parsed<Expr> {
        self.expect("{")?;
        let mut elements = Vec::new();
        while !self.eat("}") {
            let first = self.expr(0)?;
            if self.eat(":") {
                let value = self.expr(0)?;
                elements.push(Element { key: Some(first), value });
            } else {
                elements.push(Element { key: None, value: first });
            }
            if !self.eat(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Expr::Composite(Box::new(Composite { ty, elements })))
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let rest = self.rest();
        let first = rest.chars().next().unwrap_or('\0');
        if first == '$' {
            return Ok(match self.hole()? {
                Hole::Expr(expr) => expr,
                Hole::Type(ty) => Expr::Type(Box::new(ty)),
            });
        }
        if first == '(' {
            self.at += 1;
            // `(*T)(x)`.
            let inner = self.expr(0)?;
            self.expect(")")?;
            return Ok(match inner {
                Expr::Unary(UnaryOp::Deref, ty) if matches!(*ty, Expr::Type(_)) => match *ty {
                    Expr::Type(ty) => Expr::Type(Box::new(ty.pointer())),
                    other => other.deref(),
                },
                other => other,
            });
        }
        if first == '['
            || rest.starts_with("map[")
            || rest.starts_with("struct{")
            || rest.starts_with("chan ")
            || rest.starts_with("interface{")
        {
            let ty = self.ty()?;
            return if self.rest().starts_with('{') { self.composite(ty) } else { Ok(Expr::Type(Box::new(ty))) };
        }
        if rest.starts_with("func(") {
            return self.func();
        }
        if first == '"' || first == '`' || first == '\'' {
            return self.quoted(first);
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        let word = self.ident().ok_or_else(|| {
            format!("expected an expression at `{}` in Go template `{}`", &self.text[self.at..], self.text)
        })?;
        if let Some(var) = self.vars.get(&word) {
            return Ok(Expr::Var(*var));
        }
        Ok(match word.as_str() {
            "true" => Expr::bool(true),
            "false" => Expr::bool(false),
            "nil" => Expr::nil(),
            _ => Expr::name(&word),
        })
    }

    fn quoted(&mut self, quote: char) -> Parsed<Expr> {
        let rest = self.rest().to_string();
        let mut out = String::new();
        let mut chars = rest.char_indices().skip(1);
        while let Some((i, c)) = chars.next() {
            if c == quote {
                self.at += i + 1;
                return Ok(if quote == '\'' {
                    Expr::Lit(Lit::Rune(out.chars().next().unwrap_or('\0')))
                } else {
                    Expr::str(&out)
                });
            }
            if c == '\\' && quote != '`' {
                match chars.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, 'r')) => out.push('\r'),
                    Some((_, 'f')) => out.push('\x0c'),
                    Some((_, 'v')) => out.push('\x0b'),
                    Some((_, other)) => out.push(other),
                    None => break,
                }
            } else {
                out.push(c);
            }
        }
        Err(format!("a quote is not closed in Go template `{}`", self.text))
    }

    fn number(&mut self) -> Parsed<Expr> {
        let rest = self.rest();
        let len = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')).unwrap_or(rest.len());
        let text = rest[..len].replace('_', "");
        self.at += len;
        if let Some(hex) = text.strip_prefix("0x") {
            return i128::from_str_radix(hex, 16).map(Expr::int).map_err(|e| e.to_string());
        }
        if let Some(octal) = text.strip_prefix("0o") {
            let value = i128::from_str_radix(octal, 8).map_err(|e| e.to_string())?;
            return Ok(Expr::Lit(Lit::Spelled(value, text.into())));
        }
        if text.contains(['.', 'e']) {
            Ok(Expr::Lit(Lit::Float(text.into())))
        } else {
            text.parse().map(Expr::int).map_err(|_| format!("`{text}` is no number"))
        }
    }

    fn func(&mut self) -> Parsed<Expr> {
        self.expect("func(")?;
        let mut params = Vec::new();
        let outer = self.vars.clone();
        while !self.eat(")") {
            let name = self.ident().ok_or("a parameter needs a name")?;
            let ty = self.ty()?;
            let var = self.locals.temporary(&name);
            self.vars.insert(name, var);
            params.push(Param { var: Some(var), ty, variadic: Variadic::No });
            if !self.eat(",") {
                self.expect(")")?;
                break;
            }
        }
        let mut results = Vec::new();
        if self.eat("(") {
            results = self.types_until(")")?;
        } else if !self.rest().starts_with('{') {
            results.push(self.ty()?);
        }
        self.expect("{")?;
        let body = self.stmts("}")?;
        self.expect("}")?;
        self.vars = outer;
        let results = results.into_iter().map(|ty| Result { var: None, ty }).collect();
        Ok(Expr::Func(Box::new(FuncLit { params, results, body: body.into_iter().map(Stmt::from).collect() })))
    }

    fn types_until(&mut self, close: &str) -> Parsed<Vec<Type>> {
        let mut types = Vec::new();
        while !self.eat(close) {
            types.push(self.ty()?);
            if !self.eat(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(types)
    }

    fn stmts(&mut self, close: &str) -> Parsed<Vec<StmtKind>> {
        let mut out = Vec::new();
        loop {
            let rest = self.rest();
            if rest.is_empty() || !close.is_empty() && rest.starts_with(close) {
                return Ok(out);
            }
            out.push(self.stmt()?);
            if !self.eat(";") && close.is_empty() {
                return Ok(out);
            }
        }
    }

    fn block(&mut self) -> Parsed<Block> {
        self.expect("{")?;
        let body = self.stmts("}")?;
        self.expect("}")?;
        Ok(body.into_iter().map(Stmt::from).collect())
    }

    fn stmt(&mut self) -> Parsed<StmtKind> {
        if self.eat_word("return") {
            let rest = self.rest();
            let values = if rest.is_empty() || rest.starts_with(['}', ';']) { Vec::new() } else { self.expr_list()? };
            return Ok(StmtKind::Return(values));
        }
        if self.eat_word("defer") {
            return Ok(StmtKind::Defer(self.expr(0)?));
        }
        if self.eat_word("go") {
            return Ok(StmtKind::Go(self.expr(0)?));
        }
        if self.eat_word("if") {
            let cond = self.expr(0)?;
            let then = self.block()?;
            let els = if self.eat_word("else") { self.block()? } else { Vec::new() };
            return Ok(StmtKind::if_else(cond, then, els));
        }
        if self.eat_word("for") {
            return self.for_stmt();
        }
        let start = self.at;
        // `a, b := …` declares.
        let mut names = Vec::new();
        while let Some(name) = self.ident() {
            names.push(name);
            if !self.eat(",") {
                break;
            }
        }
        if !names.is_empty() && self.eat(":=") {
            let values = self.expr_list()?;
            let vars =
                names.into_iter().map(|name| if name == "_" { None } else { Some(self.declare(name)) }).collect();
            return Ok(StmtKind::Define(vars, values));
        }
        self.at = start;
        let mut places = Vec::new();
        loop {
            if self.eat_word("_") {
                places.push(None)
            } else {
                places.push(Some(self.expr(0)?))
            }
            if !self.eat(",") {
                break;
            }
        }
        if self.eat("++") {
            return places.remove(0).map(StmtKind::Inc).ok_or_else(|| "`_++`".to_string());
        }
        if self.eat("--") {
            return places.remove(0).map(StmtKind::Dec).ok_or_else(|| "`_--`".to_string());
        }
        let rest = self.rest().to_string();
        if let Some((text, op)) =
            BINARY.iter().find(|(text, _)| rest.starts_with(text) && rest[text.len()..].starts_with('='))
        {
            self.at += text.len() + 1;
            let value = self.expr(0)?;
            let place = places.remove(0).ok_or("`_ op= x`")?;
            return Ok(StmtKind::OpAssign(*op, place, value));
        }
        if self.eat("=") {
            let values = self.expr_list()?;
            return Ok(StmtKind::Assign(places, values));
        }
        places.remove(0).map(StmtKind::Expr).ok_or_else(|| "`_` is no statement".to_string())
    }

    fn for_stmt(&mut self) -> Parsed<StmtKind> {
        let (mut key, mut value) = (None, None);
        if !self.eat_word("range") {
            let start = self.at;
            let first = self.ident();
            let second = if self.eat(",") { self.ident() } else { None };
            if !self.eat(":=") {
                self.at = start;
                let cond = if self.rest().starts_with('{') { None } else { Some(self.expr(0)?) };
                let body = self.block()?;
                return Ok(StmtKind::For(Box::new(For { init: None, cond, post: None, body })));
            }
            if !self.eat_word("range") {
                return Err(format!("only `for … := range` in Go template `{}`", self.text));
            }
            key = first.filter(|n| n != "_").map(|n| self.declare(n));
            value = second.filter(|n| n != "_").map(|n| self.declare(n));
        }
        let expr = self.expr(0)?;
        let body = self.block()?;
        Ok(StmtKind::Range(Box::new(Range { key, value, expr, body })))
    }

    fn declare(&mut self, name: String) -> VarId {
        let var = self.locals.temporary(&name);
        self.vars.insert(name, var);
        var
    }

    fn expr_list(&mut self) -> Parsed<Vec<Expr>> {
        let mut values = vec![self.expr(0)?];
        while self.eat(",") {
            values.push(self.expr(0)?);
        }
        Ok(values)
    }

    fn ty(&mut self) -> Parsed<Type> {
        let rest = self.rest();
        if rest.starts_with('$') {
            return match self.hole()? {
                Hole::Type(ty) => Ok(ty),
                Hole::Expr(_) => Err(format!("a value where a type belongs in Go template `{}`", self.text)),
            };
        }
        if self.eat("*") {
            return Ok(self.ty()?.pointer());
        }
        if self.eat("[]") {
            return Ok(self.ty()?.slice());
        }
        if self.eat("map[") {
            let key = self.ty()?;
            self.expect("]")?;
            return Ok(Type::Map(Box::new(key), Box::new(self.ty()?)));
        }
        if self.eat("struct{}") {
            return Ok(Type::unit());
        }
        if self.eat("interface{}") {
            return Ok(Type::name("any"));
        }
        if self.eat("chan ") {
            return Ok(Type::Chan(Box::new(self.ty()?)));
        }
        if self.eat("func(") {
            let params = self.types_until(")")?;
            let results = if self.eat("(") {
                self.types_until(")")?
            } else if self.rest().is_empty() || self.rest().starts_with([')', ',', ']', '{', '}']) {
                Vec::new()
            } else {
                vec![self.ty()?]
            };
            return Ok(Type::Func(Box::new(FuncType { params, results, variadic: Variadic::No })));
        }
        if self.eat("[") {
            let Expr::Lit(Lit::Int(len)) = self.expr(0)? else { return Err("an array length must be a number".into()) };
            self.expect("]")?;
            return Ok(Type::Array(len as u64, Box::new(self.ty()?)));
        }
        let word = self
            .ident()
            .ok_or_else(|| format!("expected a type at `{}` in Go template `{}`", &self.text[self.at..], self.text))?;
        let imports = self.imports;
        if let Some(path) = imports.path(&word) {
            self.expect(".")?;
            let name = self.ident().ok_or("a package without a name behind it")?;
            let args = if self.eat("[") { self.type_list()? } else { Vec::new() };
            return Ok(Type::imported(path, &name, args));
        }
        Ok(Type::name(&word))
    }
}

fn is_basic_type(name: &str) -> bool {
    matches!(
        name,
        "int"
            | "int8"
            | "int16"
            | "int32"
            | "int64"
            | "uint"
            | "uint8"
            | "uint16"
            | "uint32"
            | "uint64"
            | "uintptr"
            | "byte"
            | "rune"
            | "string"
            | "float32"
            | "float64"
            | "bool"
    )
}

fn to_type(expr: &Expr) -> Option<Type> {
    match expr {
        Expr::Type(ty) => Some((**ty).clone()),
        Expr::Imported(path, name) => Some(Type::Imported(path.clone(), name.clone(), Vec::new())),
        Expr::Instance(base, args) => match &**base {
            Expr::Imported(path, name) => Some(Type::Imported(path.clone(), name.clone(), args.clone())),
            _ => None,
        },
        _ => None,
    }
}
