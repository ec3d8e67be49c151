//! Which functions and expressions of Go cannot panic.
//!
//! The greatest set of functions that call only each other and what is known not to panic: every function is taken for calm until its body says
//! otherwise, by what it does or whom it calls. Methods are known by name alone: one is calm if all of that name are, and no field has the name;
//! of an exported name, which the runtime's types and Go's may have too, only if theirs are known not to panic. A stack that overflows ends the
//! process and is no panic; neither is memory that runs out.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ast::*;
use super::names::is_exported;
use super::{constant, visit};

/// Functions of a package that are emitted, by import path (none where one package is emitted alone) and name; methods by name behind a dot.
type Key = (Option<Str>, String);

const BUILTINS: &[&str] = &[
    "len", "cap", "min", "max", "append", "copy", "delete", "clear", "new", "print", "println", "complex", "real",
    "imag",
];

/// Packages of Go in which no function panics that emitted code calls. `fmt` recovers what the methods of its operands panic with.
const PACKAGES: &[&str] = &["fmt", "math", "strconv", "unicode/utf8", "errors", "cmp"];

/// Functions of other packages.
const FUNCTIONS: &[(&str, &str)] = &[
    ("slices", "Clone"),
    ("slices", "Reverse"),
    ("strings", "Contains"),
    ("strings", "HasPrefix"),
    ("strings", "HasSuffix"),
    ("strings", "Index"),
    ("strings", "ToLower"),
    ("strings", "ToUpper"),
    ("strings", "TrimSpace"),
    ("math/bits", "LeadingZeros64"),
    ("math/bits", "TrailingZeros64"),
    ("math/bits", "OnesCount64"),
    ("time", "Now"),
    ("time", "Since"),
    ("time", "Sleep"),
];

/// Functions of the runtime.
const RUNTIME: &[&str] = &[
    "BoolTo",
    "Float",
    "FloatDebug",
    "OptionOf",
    "ResultOf",
    "ResultOfPointer",
    "ResultOfText",
    "Panicking",
    "StringOf",
];

/// Methods of the runtime's types and of Go's (locks that are held as rgo holds them, atomics, builders). One of an emitted type with such a name
/// counts, too.
const METHODS: &[&str] = &[
    "Lock",
    "TryLock",
    "Unlock",
    "RLock",
    "TryRLock",
    "RUnlock",
    "Load",
    "Store",
    "Swap",
    "CompareAndSwap",
    "WriteString",
    "WriteByte",
    "WriteRune",
    "String",
    "Len",
    "Reset",
    "Pad",
    "PadIntegral",
    "Plain",
    "With",
];

/// What cannot panic.
pub struct Calm {
    functions: FxHashSet<Key>,
    runtime: Str,
}

impl Calm {
    /// Of declarations with the import paths of their packages. `runtime` is the runtime's path.
    pub fn of<'a>(decls: impl Iterator<Item = (Option<&'a Str>, &'a Decl)>, runtime: &str) -> Calm {
        let mut bodies: FxHashMap<Key, Vec<(Option<&Str>, &FuncDecl)>> = FxHashMap::default();
        let mut fields: Vec<Key> = Vec::new();
        for (path, decl) in decls {
            match decl {
                Decl::Func(decl) => {
                    let key = match &decl.receiver {
                        Some(_) => method(&decl.name),
                        None => (path.cloned(), decl.name.to_string()),
                    };
                    bodies.entry(key).or_default().push((path, decl));
                }
                // What a field holds may be called like a method.
                Decl::Type(TypeDecl { ty: Type::Struct(all), .. }) => {
                    fields.extend(all.iter().filter_map(|field| Some(method(field.name.as_ref()?))));
                }
                Decl::Type(_) | Decl::Const(_) | Decl::Var(_) | Decl::Comment(_) => {}
            }
        }
        let mut calm = Calm { functions: bodies.keys().cloned().collect(), runtime: runtime.into() };
        // Methods of the runtime's types and of Go's have no bodies here.
        calm.functions.retain(|(_, name)| !name.strip_prefix('.').is_some_and(is_exported));
        calm.functions.extend(METHODS.iter().map(|name| method(name)));
        fields.iter().for_each(|field| {
            calm.functions.remove(field);
        });
        loop {
            let before = calm.functions.len();
            let risky: Vec<Key> = bodies
                .iter()
                .filter(|(key, decls)| {
                    calm.functions.contains(key)
                        && decls.iter().any(|(path, decl)| !decl.body.iter().all(|stmt| calm.stmt(*path, stmt)))
                })
                .map(|(key, _)| key.clone())
                .collect();
            risky.iter().for_each(|key| {
                calm.functions.remove(key);
            });
            if calm.functions.len() == before {
                return calm;
            }
        }
    }

    /// Whether a statement of the package cannot panic, whatever is in it.
    pub fn stmt(&self, path: Option<&Str>, stmt: &Stmt) -> bool {
        let mut is_calm = self.header(path, stmt);
        visit::each_block(stmt, &mut |block| is_calm &= block.iter().all(|stmt| self.stmt(path, stmt)));
        is_calm
    }

    /// The same for what a statement evaluates itself, the blocks in it apart.
    pub fn header(&self, path: Option<&Str>, stmt: &Stmt) -> bool {
        let own = match &stmt.kind {
            // What is called later panics later.
            StmtKind::Defer(Expr::Call(call)) | StmtKind::Go(Expr::Call(call)) => {
                return call.args.iter().all(|arg| self.expr(path, arg));
            }
            // `v, ok := m[k]` asks.
            StmtKind::Define(vars, values) if vars.len() == 2 && values.len() == 1 => {
                return self.asked(path, &values[0]);
            }
            StmtKind::Assign(places, values) if places.len() == 2 && values.len() == 1 => {
                let is_calm = places.iter().flatten().all(|place| self.expr(path, place));
                return is_calm && self.asked(path, &values[0]);
            }
            StmtKind::Send(..) | StmtKind::Select(_) => false,
            StmtKind::OpAssign(BinaryOp::Div | BinaryOp::Rem | BinaryOp::Shl | BinaryOp::Shr, _, value) => {
                is_safe(value)
            }
            _ => true,
        };
        let mut is_calm = own;
        visit::each_expr(stmt, &mut |expr| is_calm &= self.expr(path, expr));
        is_calm
    }

    pub fn expr(&self, path: Option<&Str>, expr: &Expr) -> bool {
        let own = match expr {
            Expr::Index(..) | Expr::Assert(..) => false,
            Expr::Slice(cut) => cut.low.is_none() && cut.high.is_none() && cut.max.is_none(),
            Expr::Convert(ty, _) => match &**ty {
                Type::Pointer(target) => !matches!(**target, Type::Array(..)),
                ty => !matches!(ty, Type::Array(..)),
            },
            Expr::Binary(BinaryOp::Div | BinaryOp::Rem | BinaryOp::Shl | BinaryOp::Shr, _, right) => is_safe(right),
            Expr::Call(call) => self.callee(path, &call.fun),
            // What a literal does is done where it is called.
            Expr::Func(_) => return true,
            _ => true,
        };
        let mut is_calm = own;
        visit::each_operand(expr, &mut |operand| is_calm &= self.expr(path, operand));
        is_calm
    }

    /// A value that comes with whether it is there.
    fn asked(&self, path: Option<&Str>, value: &Expr) -> bool {
        match value {
            Expr::Index(map, key) => self.expr(path, map) && self.expr(path, key),
            Expr::Assert(inner, _) => self.expr(path, inner),
            _ => self.expr(path, value),
        }
    }

    fn callee(&self, path: Option<&Str>, fun: &Expr) -> bool {
        match fun {
            Expr::Name(name) => {
                BUILTINS.contains(&&**name) || self.functions.contains(&(path.cloned(), name.to_string()))
            }
            Expr::Imported(from, name) if *from == self.runtime => RUNTIME.contains(&&**name),
            Expr::Imported(from, name) => {
                PACKAGES.contains(&&**from)
                    || FUNCTIONS.contains(&(&**from, &**name))
                    || self.functions.contains(&(Some(from.clone()), name.to_string()))
            }
            Expr::Instance(inner, _) => self.callee(path, inner),
            Expr::Select(_, name) => self.functions.contains(&method(name)),
            // Called at once.
            Expr::Func(lit) => lit.body.iter().all(|stmt| self.stmt(path, stmt)),
            Expr::Type(_) => true,
            _ => false,
        }
    }
}

fn method(name: &str) -> Key {
    (None, format!(".{name}"))
}

/// Whether dividing or shifting by this cannot panic. What shifts is unsigned where it is no constant.
fn is_safe(right: &Expr) -> bool {
    constant::is_constant(right) && constant::value(right).is_none_or(|(value, _)| value > 0)
}
