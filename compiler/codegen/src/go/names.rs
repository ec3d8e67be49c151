//! Names: from rgo's spelling to Go's, and from variables to names that do not clash.
//!
//! A variable never shadows another one that is visible, nor a package, function, type or predeclared name that its function mentions:
//! whoever reads the Go never has to ask which `x` is meant. Only `err` and `ok` are, as everywhere in Go, one name for one after the other.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use super::ast::*;
use super::visit;

/// Words that Go writes in one case (the list of golint).
const INITIALISMS: &[&str] = &[
    "acl", "api", "ascii", "cpu", "css", "dns", "eof", "guid", "html", "http", "https", "id", "ip", "json", "qps",
    "ram", "rpc", "sla", "smtp", "sql", "ssh", "tcp", "tls", "ttl", "udp", "ui", "uid", "uuid", "uri", "url", "utf8",
    "vm", "xml", "xmpp", "xsrf", "xss",
];

const KEYWORDS: &[&str] = &[
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

const PREDECLARED: &[&str] = &[
    "any",
    "append",
    "bool",
    "byte",
    "cap",
    "clear",
    "close",
    "comparable",
    "complex",
    "complex128",
    "complex64",
    "copy",
    "delete",
    "error",
    "false",
    "float32",
    "float64",
    "imag",
    "int",
    "int16",
    "int32",
    "int64",
    "int8",
    "iota",
    "len",
    "make",
    "max",
    "min",
    "new",
    "nil",
    "panic",
    "print",
    "println",
    "real",
    "recover",
    "rune",
    "string",
    "true",
    "uint",
    "uint16",
    "uint32",
    "uint64",
    "uint8",
    "uintptr",
];

/// Predeclared names that a variable may have where its function does not mention what they stand for.
const SHADOWABLE: &[&str] = &[
    "any", "byte", "cap", "clear", "close", "complex", "copy", "delete", "error", "imag", "len", "max", "min", "new",
    "print", "println", "real",
];

pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

pub fn is_reserved(name: &str) -> bool {
    KEYWORDS.contains(&name) || PREDECLARED.contains(&name)
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Visibility {
    Exported,
    Private,
}

/// Whether other packages of Go can use what has this name.
pub fn is_exported(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

/// `max_size`, `MAX_SIZE`, `MaxSize` as `MaxSize` or `maxSize`.
pub fn mixed_caps(name: &str, visibility: Visibility) -> String {
    // Most variables are one word.
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if visibility == Visibility::Private
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(is_plain)
    {
        return name.to_string();
    }
    let mut out = String::with_capacity(name.len());
    for (i, word) in words(name).iter().enumerate() {
        let lower = word.to_lowercase();
        let is_initialism = INITIALISMS.contains(&lower.as_str());
        if i == 0 && visibility == Visibility::Private {
            out.push_str(&lower);
        } else if is_initialism {
            out.push_str(&lower.to_uppercase());
        } else {
            let mut chars = word.chars();
            if let Some(first) = chars.next() {
                out.extend(first.to_uppercase());
                out.push_str(chars.as_str());
            }
        }
    }
    let starts_well = out.chars().next().is_some_and(|c| c.is_alphabetic());
    if !starts_well {
        out.insert(0, if visibility == Visibility::Exported { 'X' } else { 'x' });
    }
    out
}

/// The words of a name, each in lower case but for inner capitals of one that has no lower case counterpart.
fn words(name: &str) -> Vec<String> {
    let name = name.strip_prefix("r#").unwrap_or(name);
    let screaming = name.chars().any(char::is_alphabetic) && !name.chars().any(char::is_lowercase);
    let mut words = Vec::new();
    for part in name.split('_').filter(|part| !part.is_empty()) {
        if screaming && (part.chars().count() > 1 || name.contains('_')) {
            words.push(part.to_lowercase());
            continue;
        }
        let chars: Vec<char> = part.chars().collect();
        let mut word = String::new();
        for (i, &c) in chars.iter().enumerate() {
            let starts = c.is_uppercase()
                && i > 0
                && (chars[i - 1].is_lowercase()
                    || chars[i - 1].is_ascii_digit()
                    || chars.get(i + 1).is_some_and(|next| next.is_lowercase()));
            if starts && !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            word.push(c);
        }
        words.push(word);
    }
    words
        .into_iter()
        .map(|word| {
            if word.chars().skip(1).any(char::is_lowercase) || word.chars().count() == 1 {
                word.to_lowercase()
            } else {
                word
            }
        })
        .collect()
}

/// The name, or the name with the first digit that makes it a free one.
pub fn numbered(wanted: &str, mut is_free: impl FnMut(&str) -> bool) -> String {
    let mut name = wanted.to_string();
    let mut digit = 2;
    while !is_free(&name) {
        name = format!("{wanted}{digit}");
        digit += 1;
    }
    name
}

/// What a package is called by those who import it without a name of their own.
pub fn package_name(path: &str) -> Cow<'_, str> {
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or(path);
    let is_version = last.len() > 1 && last.starts_with('v') && last[1..].bytes().all(|b| b.is_ascii_digit());
    let base = if is_version { parts.next().unwrap_or(last) } else { last };
    let base = base.split('.').next().unwrap_or(base);
    let base = base.rsplit('-').next().unwrap_or(base);
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_';
    // What no package can be called, or nobody could import: `func`, `main`, `3d`.
    if is_keyword(base) || base == "main" {
        format!("{base}pkg").into()
    } else if base.chars().all(is_of_name) && base.starts_with(|c: char| !c.is_ascii_digit()) {
        base.into()
    } else {
        base.chars()
            .filter(|c| is_of_name(*c))
            .fold("p".to_string(), |name, c| name + c.encode_utf8(&mut [0; 4]))
            .into()
    }
}

/// Whether the path belongs to Go's own library: its first element has no dot, and it is no package of a module that has none either.
pub fn is_std_package(path: &str) -> bool {
    !path.split('/').next().unwrap_or("").contains('.') && !path.ends_with("internal/rgort")
}

/// The names chosen for the variables and labels of one declaration.
#[derive(Debug, Default)]
pub struct Names {
    vars: FxHashMap<VarId, Str>,
    labels: FxHashMap<LabelId, Str>,
    /// Variables that are an earlier one of the same scope, assigned again.
    reassigned: FxHashSet<VarId>,
}

impl Names {
    pub fn var(&self, var: VarId) -> Str {
        self.vars.get(&var).cloned().unwrap_or_else(|| format!("v{}", var.0).into())
    }

    /// Whether a definition of these variables defines nothing new: then it is an assignment.
    pub fn is_assignment(&self, vars: &[Option<VarId>]) -> bool {
        vars.iter().any(Option::is_some) && vars.iter().flatten().all(|var| self.reassigned.contains(var))
    }

    pub fn label(&self, label: LabelId) -> Str {
        self.labels.get(&label).cloned().unwrap_or_else(|| "loop".into())
    }
}

pub fn assign_func(decl: &FuncDecl) -> Names {
    choose(&decl.locals, &decl.body, |chooser| {
        chooser.mention_signature(&decl.params, &decl.results);
        chooser.enter();
        if let Some(Receiver { var: Some(var), ty }) = &decl.receiver {
            chooser.mention_type(ty);
            chooser.receiver(*var, ty);
        }
        chooser.signature(&decl.params, &decl.results);
        chooser.stmts(&decl.body);
    })
}

pub fn assign_var(decl: &VarDecl) -> Names {
    let body: Vec<Stmt> = decl.value.iter().map(|value| StmtKind::Expr(value.clone()).into()).collect();
    choose(&decl.locals, &body, |chooser| {
        chooser.enter();
        chooser.stmts(&body);
    })
}

/// Walks a declaration twice: first to see where variables are mentioned, then to name them.
fn choose(locals: &Locals, body: &[Stmt], walk: impl Fn(&mut Chooser<'_>)) -> Names {
    let mut first = Chooser::new(locals, body);
    walk(&mut first);
    let Chooser { mentioned, wanted, found, .. } = first;
    let mut chooser = Chooser { walk: Walk::Name, mentioned, wanted, uses: found, ..Chooser::empty(locals) };
    walk(&mut chooser);
    chooser.names
}

/// Where the variables of a declaration are mentioned, counted in the order of the text.
#[derive(Default)]
struct Uses {
    last: FxHashMap<VarId, usize>,
    /// Mentioned by a literal that may run later, or by address.
    captured: FxHashSet<VarId>,
}

/// Names that Go gives to one variable after the other, each time of the same type.
const SUCCESSIVE: &[&str] = &["err", "ok"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Statement {
    /// `:=`, which may assign to what is there.
    Define,
    /// A declaration of its own.
    Declare,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Walk {
    /// Sees where variables are declared and mentioned.
    Find,
    Name,
}

struct Chooser<'a> {
    walk: Walk,
    locals: &'a Locals,
    names: Names,
    /// Names of the package, of packages and predeclared ones that the function mentions.
    mentioned: FxHashSet<Str>,
    /// The paths of the packages among them.
    packages: FxHashSet<Str>,
    /// What the user calls the variables of this function.
    wanted: FxHashSet<String>,
    scopes: Vec<BTreeMap<Str, VarId>>,
    /// How many mentions of variables lie behind.
    position: usize,
    /// Literals around the current place, and around the declaration of every variable.
    depth: usize,
    depths: FxHashMap<VarId, usize>,
    uses: Uses,
    /// What this walk has found.
    found: Uses,
    label_names: BTreeSet<String>,
}

impl<'a> Chooser<'a> {
    fn empty(locals: &'a Locals) -> Self {
        Chooser {
            walk: Walk::Find,
            locals,
            names: Names::default(),
            mentioned: FxHashSet::default(),
            packages: FxHashSet::default(),
            wanted: FxHashSet::default(),
            scopes: Vec::new(),
            position: 0,
            depth: 0,
            depths: FxHashMap::default(),
            uses: Uses::default(),
            found: Uses::default(),
            label_names: BTreeSet::new(),
        }
    }

    fn new(locals: &'a Locals, body: &[Stmt]) -> Self {
        let wanted = locals
            .vars
            .iter()
            .filter(|v| v.origin == VarOrigin::User)
            .map(|v| mixed_caps(&v.name, Visibility::Private))
            .collect();
        let mut chooser = Chooser { wanted, ..Chooser::empty(locals) };
        visit::walk_values(body, &mut |expr| match expr {
            Expr::Name(name) => {
                chooser.mentioned.insert(name.clone());
            }
            Expr::Const(global, ..) => chooser.mention_global(global.path.as_ref(), &global.name),
            Expr::Imported(path, name) => chooser.mention_global(Some(path), name),
            _ => {}
        });
        visit::walk_types(body, &mut |ty| chooser.mention_type(ty));
        chooser
    }

    /// Whether it is the package's own or another one's is seen when it is printed.
    fn mention_global(&mut self, path: Option<&Str>, name: &Str) {
        self.mentioned.insert(name.clone());
        if let Some(path) = path {
            self.mention_package(path);
        }
    }

    fn mention_package(&mut self, path: &Str) {
        if !self.packages.insert(path.clone()) {
            return;
        }
        let name = package_name(path);
        self.mentioned.insert((*name).into());
        // The same package may go by a digit in this file.
        self.mentioned.insert(format!("{name}2").into());
    }

    fn mention_type(&mut self, ty: &Type) {
        match ty {
            Type::Name(name) => {
                self.mentioned.insert(name.clone());
                // Bytes in a row are written so.
                if &**name == "uint8" {
                    self.mentioned.insert("byte".into());
                }
            }
            Type::Generic(name, args) => {
                self.mentioned.insert(name.clone());
                args.iter().for_each(|t| self.mention_type(t));
            }
            Type::Imported(path, name, args) => {
                self.mention_global(Some(path), name);
                args.iter().for_each(|t| self.mention_type(t));
            }
            Type::Pointer(t) | Type::Slice(t) | Type::Array(_, t) | Type::Chan(t) => self.mention_type(t),
            Type::Map(k, v) => {
                self.mention_type(k);
                self.mention_type(v);
            }
            Type::Func(sig) => sig.params.iter().chain(&sig.results).for_each(|t| self.mention_type(t)),
            Type::Struct(fields) => fields.iter().for_each(|f| self.mention_type(&f.ty)),
            Type::Interface(methods) => methods
                .iter()
                .flat_map(|m| m.signature.params.iter().chain(&m.signature.results))
                .for_each(|t| self.mention_type(t)),
        }
    }

    fn mention_signature(&mut self, params: &[Param], results: &[Result]) {
        params.iter().for_each(|p| self.mention_type(&p.ty));
        results.iter().for_each(|r| self.mention_type(&r.ty));
    }

    fn enter(&mut self) {
        self.scopes.push(BTreeMap::new());
    }

    fn leave(&mut self) {
        self.scopes.pop();
    }

    fn is_taken(&self, name: &str) -> bool {
        is_reserved(name) && !SHADOWABLE.contains(&name)
            || self.mentioned.contains(name)
            || self.scopes.iter().any(|scope| scope.contains_key(name))
    }

    fn declare(&mut self, var: VarId) {
        self.declare_by(var, Statement::Declare);
    }

    fn declare_by(&mut self, var: VarId, statement: Statement) {
        if self.walk == Walk::Find {
            self.depths.entry(var).or_insert(self.depth);
            return;
        }
        if self.names.vars.contains_key(&var) {
            return;
        }
        self.depths.insert(var, self.depth);
        let info = &self.locals.vars[var.0 as usize];
        let base = mixed_caps(&info.name, Visibility::Private);
        if info.origin == VarOrigin::Temporary
            && SUCCESSIVE.contains(&base.as_str())
            && !self.wanted.contains(&base)
            && self.succeed(var, &base, statement)
        {
            return;
        }
        let mut name = base.clone();
        let mut digit = 2;
        let ends_in_digit = base.ends_with(|c: char| c.is_ascii_digit());
        while self.is_taken(&name) || info.origin == VarOrigin::Temporary && self.wanted.contains(&name) {
            name = if ends_in_digit { format!("{base}x{digit}") } else { format!("{base}{digit}") };
            digit += 1;
        }
        self.choose(var, name);
    }

    /// Gives a variable the name of one that is not mentioned any more.
    fn succeed(&mut self, var: VarId, name: &str, statement: Statement) -> bool {
        let visible: Vec<(usize, VarId)> =
            self.scopes.iter().enumerate().filter_map(|(i, scope)| scope.get(name).map(|var| (i, *var))).collect();
        let is_free = !is_reserved(name) && !self.mentioned.contains(name);
        let is_past = visible.iter().all(|(_, earlier)| {
            let is_temporary = self.locals.vars[earlier.0 as usize].origin == VarOrigin::Temporary;
            is_temporary && self.uses.last.get(earlier).is_none_or(|last| *last <= self.position)
        });
        if visible.is_empty() || !is_free || !is_past {
            return false;
        }
        let here = visible.iter().find(|(scope, _)| scope + 1 == self.scopes.len());
        if let Some((_, earlier)) = here {
            let is_own = |var: &VarId| !self.uses.captured.contains(var);
            if statement == Statement::Declare || !is_own(earlier) || !is_own(&var) {
                return false;
            }
            self.names.reassigned.insert(var);
        }
        self.choose(var, name.to_string());
        true
    }

    fn mention(&mut self, var: VarId) {
        self.position += 1;
        self.found.last.insert(var, self.position);
        if self.depths.get(&var).is_some_and(|depth| *depth < self.depth) {
            self.found.captured.insert(var);
        }
    }

    fn choose(&mut self, var: VarId, name: String) {
        let name: Str = name.into();
        self.depths.entry(var).or_insert(self.depth);
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.clone(), var);
        }
        self.names.vars.insert(var, name);
    }

    /// One or two letters of the type's name.
    fn receiver(&mut self, var: VarId, ty: &Type) {
        if self.walk == Walk::Find {
            return self.declare(var);
        }
        let name = match ty {
            Type::Pointer(inner) => type_name(inner),
            other => type_name(other),
        };
        let letters: String =
            words(name).iter().filter_map(|w| w.chars().next()).flat_map(char::to_lowercase).collect();
        let mut candidates: Vec<String> = letters.chars().next().map(String::from).into_iter().collect();
        candidates.push(letters.chars().take(2).collect());
        candidates.push(name.to_lowercase().chars().take(2).collect());
        candidates.push(name.to_lowercase().chars().take(3).collect());
        let free = candidates.into_iter().find(|c| !c.is_empty() && !self.is_taken(c) && !self.wanted.contains(c));
        match free {
            Some(name) => self.choose(var, name),
            None => self.declare(var),
        }
    }

    fn signature(&mut self, params: &[Param], results: &[Result]) {
        params.iter().filter_map(|p| p.var).for_each(|var| self.declare(var));
        results.iter().filter_map(|r| r.var).for_each(|var| self.declare(var));
    }

    fn stmts(&mut self, stmts: &[Stmt]) {
        stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn scoped(&mut self, stmts: &[Stmt]) {
        self.enter();
        self.stmts(stmts);
        self.leave();
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Func(lit) => {
                self.enter();
                self.depth += 1;
                self.mention_signature(&lit.params, &lit.results);
                self.signature(&lit.params, &lit.results);
                self.stmts(&lit.body);
                self.depth -= 1;
                self.leave();
                return;
            }
            Expr::Var(var) => self.mention(*var),
            Expr::Unary(UnaryOp::Addr, inner) => {
                if let Expr::Var(var) = **inner {
                    self.found.captured.insert(var);
                }
            }
            _ => {}
        }
        visit::each_operand(expr, &mut |e| self.expr(e));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Define(vars, values) => {
                values.iter().for_each(|v| self.expr(v));
                vars.iter().flatten().for_each(|var| self.declare_by(*var, Statement::Define));
            }
            StmtKind::Var(var, ty, value) => {
                self.mention_type(ty);
                value.iter().for_each(|v| self.expr(v));
                self.declare(*var);
            }
            StmtKind::If(s) => {
                self.enter();
                s.init.iter().for_each(|s| self.stmt(s));
                self.expr(&s.cond);
                self.scoped(&s.then);
                self.scoped(&s.els);
                self.leave();
            }
            StmtKind::For(s) => {
                self.enter();
                s.init.iter().for_each(|s| self.stmt(s));
                s.cond.iter().for_each(|e| self.expr(e));
                s.post.iter().for_each(|s| self.stmt(s));
                self.scoped(&s.body);
                self.leave();
            }
            StmtKind::Range(s) => {
                self.expr(&s.expr);
                self.enter();
                [s.key, s.value].into_iter().flatten().for_each(|var| self.declare(var));
                self.scoped(&s.body);
                self.leave();
            }
            StmtKind::Switch(s) => {
                self.enter();
                s.init.iter().for_each(|s| self.stmt(s));
                s.tag.iter().for_each(|e| self.expr(e));
                for case in &s.cases {
                    case.exprs.iter().for_each(|e| self.expr(e));
                    self.scoped(&case.body);
                }
                self.leave();
            }
            StmtKind::TypeSwitch(s) => {
                self.expr(&s.expr);
                self.enter();
                s.bind.iter().for_each(|var| self.declare(*var));
                s.cases.iter().for_each(|case| self.scoped(&case.body));
                self.leave();
            }
            StmtKind::Select(cases) => {
                for case in cases {
                    self.enter();
                    case.comm.iter().for_each(|s| self.stmt(s));
                    self.stmts(&case.body);
                    self.leave();
                }
            }
            StmtKind::Labeled(label, inner) => {
                self.declare_label(*label);
                self.stmt(inner);
            }
            StmtKind::Block(block) => self.scoped(block),
            StmtKind::Expr(_)
            | StmtKind::Assign(..)
            | StmtKind::OpAssign(..)
            | StmtKind::Inc(_)
            | StmtKind::Dec(_)
            | StmtKind::Return(_)
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Go(_)
            | StmtKind::Defer(_)
            | StmtKind::Send(..)
            | StmtKind::Comment(_) => visit::each_expr(stmt, &mut |e| self.expr(e)),
        }
    }

    /// Labels have a name space of their own, one per function.
    fn declare_label(&mut self, label: LabelId) {
        if self.walk == Walk::Find {
            return;
        }
        let base = mixed_caps(&self.locals.labels[label.0 as usize], Visibility::Private);
        let name = numbered(&base, |name| !KEYWORDS.contains(&name) && self.label_names.insert(name.to_string()));
        self.names.labels.insert(label, name.into());
    }
}

fn type_name(ty: &Type) -> &str {
    match ty {
        Type::Name(name) | Type::Generic(name, _) | Type::Imported(_, name, _) => name,
        _ => "x",
    }
}
