//! Hands slices and maps over as they are where only a caller of the same package sees it.
//!
//! Lowering hands `&mut Vec<T>` and `&mut HashMap<K, V>` over as pointers, for what is behind them may get another backing array or be another map
//! when the function returns. A function that does no more than look at elements, write them, or insert into a map gets the slice or the map: it
//! refers to the same elements as the caller's. Borrowing has ruled out that anyone else gives the variable another one in the meantime.
//! What a function's body does to a parameter must not decide what Go code of other packages writes: exported functions keep their pointers, and
//! so does what is used as a value.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ast::*;
use super::names::is_exported;
use super::visit;

/// A function of a package by its name; a method by its name behind a dot, if it is the only one of that name.
type Key = Str;

/// A parameter of a function, by position.
type Slot = (Key, usize);

/// Changes the functions of one package and the calls of them. `path` is the package's import path, where it is named by that. Returns whether each
/// declaration has changed, in their order.
pub fn hand_over(decls: &mut [&mut Decl], path: Option<&Str>) -> Vec<bool> {
    let mut handed = Handed { path, slots: candidates(decls) };
    if handed.slots.is_empty() {
        return vec![false; decls.len()];
    }
    handed.refuse(decls);
    decls.iter_mut().map(|decl| !handed.slots.is_empty() && handed.rewrite(decl)).collect()
}

/// The parameters that are pointers to slices or maps, with their variables.
fn candidates(decls: &[&mut Decl]) -> FxHashMap<Slot, VarId> {
    let mut found = FxHashMap::default();
    let mut is_taken: FxHashSet<Key> = FxHashSet::default();
    for decl in decls.iter().filter_map(|decl| as_func(decl)) {
        let key = key(decl);
        if is_exported(&decl.name) || decl.receiver.is_some() && !is_taken.insert(key.clone()) {
            found.retain(|(other, _), _| *other != key);
            continue;
        }
        for (at, param) in decl.params.iter().enumerate() {
            if let (Some(var), Type::Pointer(inner)) = (param.var, &param.ty)
                && let Type::Slice(_) | Type::Map(..) = **inner
            {
                found.insert((key.clone(), at), var);
            }
        }
    }
    if found.is_empty() {
        return found;
    }
    // A method that an interface asks for has the type that stands there, and a field may be called like one.
    for decl in decls {
        visit::decl_types(decl, &mut |ty| {
            visit::walk_type(ty, &mut |part| match part {
                Type::Interface(methods) => {
                    methods.iter().for_each(|asked| found.retain(|(key, _), _| !is_method(key, &asked.name)));
                }
                Type::Struct(fields) => {
                    for name in fields.iter().filter_map(|field| field.name.as_ref()) {
                        found.retain(|(key, _), _| !is_method(key, name));
                    }
                }
                _ => {}
            });
        });
    }
    found
}

fn as_func<'a>(decl: &'a &mut Decl) -> Option<&'a FuncDecl> {
    match &**decl {
        Decl::Func(decl) => Some(decl),
        _ => None,
    }
}

fn key(decl: &FuncDecl) -> Key {
    match decl.receiver {
        Some(_) => format!(".{}", decl.name).into(),
        None => decl.name.clone(),
    }
}

fn is_method(key: &Key, name: &str) -> bool {
    key.strip_prefix('.') == Some(name)
}

/// The parameters that are handed over as they are.
struct Handed<'a> {
    path: Option<&'a Str>,
    slots: FxHashMap<Slot, VarId>,
}

/// What a declaration does with its own candidates.
#[derive(Default)]
struct Uses {
    /// The variable itself, another place for the handle, its address.
    refused: FxHashSet<VarId>,
    /// What the variable points to.
    looked_at: FxHashSet<VarId>,
    /// The variable as this argument of a call.
    passed: Vec<(VarId, Slot)>,
    /// Functions that are values, or called later than their operands are worked out.
    values: FxHashSet<Key>,
}

impl Handed<'_> {
    /// Takes out the parameters that must be pointers, and those that are passed on to them.
    fn refuse(&mut self, decls: &[&mut Decl]) {
        let mut passed = Vec::new();
        let mut wanted: FxHashSet<Slot> = FxHashSet::default();
        for decl in decls {
            let mut uses = Uses::default();
            match &**decl {
                Decl::Func(decl) => self.stmts(&decl.body, &mut uses),
                Decl::Var(VarDecl { value: Some(value), .. }) => self.expr(value, &mut uses),
                _ => {}
            }
            self.slots.retain(|(key, _), _| !uses.values.contains(key));
            let Some(decl) = as_func(decl) else { continue };
            let key = key(decl);
            self.slots.retain(|(other, _), var| *other != key || !uses.refused.contains(var));
            let own = self.slots.iter().filter(|(slot, var)| slot.0 == key && uses.looked_at.contains(var));
            wanted.extend(own.map(|(slot, _)| slot.clone()));
            passed.extend(uses.passed.into_iter().map(|(var, slot)| (key.clone(), var, slot)));
        }
        self.keep_wanted(wanted, &passed);
        self.drop_passed(&passed);
    }

    /// Keeps the parameters that some function looks behind. What nobody looks at may be nil, the form of an `Option` that is empty.
    fn keep_wanted(&mut self, mut wanted: FxHashSet<Slot>, passed: &[(Key, VarId, Slot)]) {
        loop {
            let before = wanted.len();
            for (key, var, slot) in passed {
                if wanted.contains(slot) {
                    let own = self.slots.iter().filter(|((other, _), own)| other == key && *own == var);
                    wanted.extend(own.map(|(slot, _)| slot.clone()));
                }
            }
            if wanted.len() == before {
                break;
            }
        }
        self.slots.retain(|slot, _| wanted.contains(slot));
    }

    /// Takes out what is handed on to a parameter that stays a pointer.
    fn drop_passed(&mut self, passed: &[(Key, VarId, Slot)]) {
        loop {
            let before = self.slots.len();
            for (key, var, slot) in passed {
                if !self.slots.contains_key(slot) {
                    self.slots.retain(|(other, _), own| other != key || own != var);
                }
            }
            if self.slots.len() == before {
                return;
            }
        }
    }

    fn stmts(&self, stmts: &[Stmt], uses: &mut Uses) {
        for stmt in stmts {
            match &stmt.kind {
                StmtKind::Assign(places, _) => places.iter().flatten().for_each(|place| note_place(place, uses)),
                StmtKind::OpAssign(_, place, _) | StmtKind::Inc(place) | StmtKind::Dec(place) => {
                    note_place(place, uses);
                }
                StmtKind::Go(Expr::Call(call)) | StmtKind::Defer(Expr::Call(call)) => {
                    uses.values.extend(self.callee(&call.fun));
                }
                _ => {}
            }
            visit::each_expr(stmt, &mut |expr| self.expr(expr, uses));
            visit::each_block(stmt, &mut |block| self.stmts(block, uses));
        }
    }

    fn expr(&self, expr: &Expr, uses: &mut Uses) {
        match expr {
            Expr::Unary(UnaryOp::Deref, inner) => {
                if let Expr::Var(var) = **inner {
                    uses.looked_at.insert(var);
                    return;
                }
            }
            Expr::Unary(UnaryOp::Addr, inner) => note_place(inner, uses),
            Expr::Var(var) => {
                uses.refused.insert(*var);
            }
            Expr::Func(literal) => self.stmts(&literal.body, uses),
            Expr::Call(call) => {
                let callee = self.callee(&call.fun);
                if callee.is_none() {
                    self.expr(&call.fun, uses);
                } else if let Expr::Select(receiver, _) = &call.fun {
                    self.expr(receiver, uses);
                }
                for (at, arg) in call.args.iter().enumerate() {
                    match (arg, &callee) {
                        (Expr::Var(var), Some(key)) if self.slots.contains_key(&(key.clone(), at)) => {
                            uses.passed.push((*var, (key.clone(), at)));
                        }
                        _ => self.expr(arg, uses),
                    }
                }
                return;
            }
            Expr::Select(_, name) => {
                uses.values.insert(format!(".{name}").into());
            }
            _ => uses.values.extend(self.named(expr)),
        }
        visit::each_operand(expr, &mut |operand| self.expr(operand, uses));
    }

    /// The function of the package that is called so.
    fn callee(&self, fun: &Expr) -> Option<Key> {
        match fun {
            Expr::Instance(fun, _) => self.named(fun),
            Expr::Select(_, name) => Some(format!(".{name}").into()),
            fun => self.named(fun),
        }
    }

    fn named(&self, expr: &Expr) -> Option<Key> {
        match expr {
            Expr::Name(name) => Some(name.clone()),
            Expr::Imported(path, name) if self.path == Some(path) => Some(name.clone()),
            _ => None,
        }
    }

    /// Gives the parameters of a declaration their types, and all calls in it their operands.
    fn rewrite(&self, decl: &mut Decl) -> bool {
        let mut own = FxHashSet::default();
        if let Decl::Func(decl) = decl {
            let key = key(decl);
            for (at, param) in decl.params.iter_mut().enumerate() {
                if let Some(var) = self.slots.get(&(key.clone(), at))
                    && let Type::Pointer(inner) = &param.ty
                {
                    param.ty = (**inner).clone();
                    decl.locals.set_may_be_nil(*var);
                    own.insert(*var);
                }
            }
        }
        let mut has_changed = !own.is_empty();
        let mut rewrite = |expr: &mut Expr| match expr {
            Expr::Unary(UnaryOp::Deref, inner) => {
                if let Expr::Var(var) = **inner
                    && own.contains(&var)
                {
                    *expr = Expr::Var(var);
                }
            }
            Expr::Call(call) => {
                let Some(key) = self.callee(&call.fun) else { return };
                for (at, arg) in call.args.iter_mut().enumerate() {
                    if self.slots.contains_key(&(key.clone(), at)) {
                        has_changed = true;
                        if !matches!(arg, Expr::Var(var) if own.contains(var)) {
                            *arg = std::mem::replace(arg, Expr::nil()).deref();
                        }
                    }
                }
            }
            _ => {}
        };
        match decl {
            Decl::Func(decl) => visit::rewrite_exprs(&mut decl.body, &mut rewrite),
            Decl::Var(VarDecl { value: Some(value), .. }) => visit::rewrite_expr(value, &mut rewrite),
            _ => {}
        }
        has_changed
    }
}

/// A place for the handle itself.
fn note_place(place: &Expr, uses: &mut Uses) {
    if let Expr::Unary(UnaryOp::Deref, inner) = place
        && let Expr::Var(var) = **inner
    {
        uses.refused.insert(var);
    }
}
