//! Package variables that Go cannot initialise where they are declared: those whose value leads back to themselves, by their
//! addresses or through functions ("initialization cycle" in "Package initialization" of the Go specification), and those that read such a
//! variable. `func init()` gives them their values.
//!
//! References are found as Go finds them: by name, in values and in the bodies of what they mention. Methods count by their names alone, which can
//! only find more than Go does.

use rustc_hash::{FxHashMap, FxHashSet};

use super::ast::{Decl, Expr, Global, Str, UnaryOp};
use super::visit;

/// The variables among the declarations of one package, by position, that an `init` function has to initialise, each behind those that it reads.
/// `path` is the import path of the package.
pub fn deferred(decls: &[&Decl], path: Option<&Str>) -> Vec<usize> {
    if !decls.iter().any(|decl| matches!(decl, Decl::Var(_))) {
        return Vec::new();
    }
    let package = Package::new(decls, path);
    let circular: FxHashSet<usize> = package.variables().filter(|var| package.reached(*var).contains(var)).collect();
    if circular.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut seen = FxHashSet::default();
    for var in package.variables() {
        package.behind_what_it_reads(var, &circular, &mut seen, &mut found);
    }
    found
}

struct Package<'a> {
    decls: &'a [&'a Decl],
    path: Option<&'a Str>,
    /// Functions, methods (behind a dot) and variables.
    named: FxHashMap<String, Vec<usize>>,
}

impl<'a> Package<'a> {
    fn new(decls: &'a [&'a Decl], path: Option<&'a Str>) -> Self {
        let mut named: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for (index, decl) in decls.iter().enumerate() {
            let name = match decl {
                Decl::Var(decl) => decl.name.as_ref().map(|name| name.to_string()),
                Decl::Func(decl) if decl.receiver.is_some() => Some(format!(".{}", decl.name)),
                Decl::Func(decl) => Some(decl.name.to_string()),
                Decl::Type(_) | Decl::Const(_) | Decl::Comment(_) => None,
            };
            if let Some(name) = name {
                named.entry(name).or_default().push(index);
            }
        }
        Package { decls, path, named }
    }

    fn variables(&self) -> impl Iterator<Item = usize> {
        self.decls.iter().enumerate().filter(|(_, decl)| matches!(decl, Decl::Var(_))).map(|(index, _)| index)
    }

    /// What an expression alone mentions of the package, its operands apart.
    fn mentioned(&self, expr: &Expr) -> &[usize] {
        let name = match expr {
            Expr::Name(name) | Expr::Const(Global { path: None, name }, ..) => name.to_string(),
            Expr::Imported(path, name) if Some(path) == self.path => name.to_string(),
            Expr::Select(_, name) => format!(".{name}"),
            _ => return &[],
        };
        self.named.get(&name).map_or(&[], Vec::as_slice)
    }

    /// Everything that the value of a variable leads to.
    fn reached(&self, var: usize) -> FxHashSet<usize> {
        let mut reached = FxHashSet::default();
        let mut waiting = vec![var];
        while let Some(index) = waiting.pop() {
            let mut meet = |expr: &Expr| {
                waiting.extend(self.mentioned(expr).iter().filter(|index| reached.insert(**index)));
            };
            match self.decls[index] {
                Decl::Var(decl) => decl.value.iter().for_each(|value| visit::walk_expr(value, &mut meet)),
                Decl::Func(decl) => visit::walk_exprs(&decl.body, &mut meet),
                Decl::Type(_) | Decl::Const(_) | Decl::Comment(_) => {}
            }
        }
        reached
    }

    /// Adds the variable to `found` if it is circular or reads one that is added, behind all those. To take an address is not to read.
    fn behind_what_it_reads(
        &self,
        var: usize,
        circular: &FxHashSet<usize>,
        seen: &mut FxHashSet<usize>,
        found: &mut Vec<usize>,
    ) {
        if !seen.insert(var) {
            return;
        }
        let mut read = Vec::new();
        if let Decl::Var(decl) = self.decls[var] {
            decl.value.iter().for_each(|value| self.read(value, &mut read));
        }
        read.iter().for_each(|other| self.behind_what_it_reads(*other, circular, seen, found));
        if circular.contains(&var) || read.iter().any(|other| found.contains(other)) {
            found.push(var);
        }
    }

    fn read(&self, expr: &Expr, out: &mut Vec<usize>) {
        if let Expr::Unary(UnaryOp::Addr, place) = expr
            && !self.mentioned(root(place)).is_empty()
        {
            return;
        }
        out.extend(self.mentioned(expr).iter().filter(|index| matches!(self.decls[**index], Decl::Var(_))));
        if let Expr::Func(lit) = expr {
            visit::walk_own_stmts(&lit.body, &mut |stmt| visit::each_expr(stmt, &mut |expr| self.read(expr, out)));
        }
        visit::each_operand(expr, &mut |operand| self.read(operand, out));
    }
}

/// The variable that a place is a part of.
fn root(place: &Expr) -> &Expr {
    match place {
        Expr::Select(base, _) | Expr::Index(base, _) => root(base),
        _ => place,
    }
}
