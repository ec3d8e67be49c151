//! Walks over the tree: every child of a node, once, in the order of evaluation where there is one.

use super::ast::*;

/// Calls `f` on every direct subexpression, function literals' bodies not included.
#[inline]
pub fn each_operand<'a>(expr: &'a Expr, f: &mut (impl FnMut(&'a Expr) + ?Sized)) {
    match expr {
        Expr::Var(_)
        | Expr::Name(_)
        | Expr::Imported(..)
        | Expr::Lit(_)
        | Expr::Typed(..)
        | Expr::Const(..)
        | Expr::Type(_)
        | Expr::Func(_) => {}
        Expr::Unary(_, e)
        | Expr::Convert(_, e)
        | Expr::Upcast(_, e)
        | Expr::Instance(e, _)
        | Expr::Select(e, _)
        | Expr::Assert(e, _) => f(e),
        Expr::Binary(_, a, b) | Expr::Index(a, b) => {
            f(a);
            f(b);
        }
        Expr::Entry(entry) => {
            f(&entry.map);
            f(&entry.key);
        }
        Expr::Call(call) => {
            f(&call.fun);
            call.args.iter().for_each(f);
        }
        Expr::Slice(s) => {
            f(&s.base);
            [&s.low, &s.high, &s.max].into_iter().flatten().for_each(f);
        }
        Expr::Composite(c) => {
            for element in &c.elements {
                if let Some(key) = &element.key {
                    f(key);
                }
                f(&element.value);
            }
        }
    }
}

#[inline]
pub fn each_operand_mut(expr: &mut Expr, f: &mut (impl FnMut(&mut Expr) + ?Sized)) {
    match expr {
        Expr::Var(_)
        | Expr::Name(_)
        | Expr::Imported(..)
        | Expr::Lit(_)
        | Expr::Typed(..)
        | Expr::Const(..)
        | Expr::Type(_)
        | Expr::Func(_) => {}
        Expr::Unary(_, e)
        | Expr::Convert(_, e)
        | Expr::Upcast(_, e)
        | Expr::Instance(e, _)
        | Expr::Select(e, _)
        | Expr::Assert(e, _) => f(e),
        Expr::Binary(_, a, b) | Expr::Index(a, b) => {
            f(a);
            f(b);
        }
        Expr::Entry(entry) => {
            f(&mut entry.map);
            f(&mut entry.key);
        }
        Expr::Call(call) => {
            f(&mut call.fun);
            call.args.iter_mut().for_each(f);
        }
        Expr::Slice(s) => {
            f(&mut s.base);
            [&mut s.low, &mut s.high, &mut s.max].into_iter().flatten().for_each(f);
        }
        Expr::Composite(c) => {
            for element in &mut c.elements {
                if let Some(key) = &mut element.key {
                    f(key);
                }
                f(&mut element.value);
            }
        }
    }
}

/// The statements that stand in a header (`if init; …`) and the blocks of a statement.
#[inline]
pub fn each_block<'a>(stmt: &'a Stmt, f: &mut (impl FnMut(&'a [Stmt]) + ?Sized)) {
    use std::slice::from_ref;
    match &stmt.kind {
        StmtKind::If(s) => {
            if let Some(init) = &s.init {
                f(from_ref(init));
            }
            f(&s.then);
            f(&s.els);
        }
        StmtKind::For(s) => {
            if let Some(init) = &s.init {
                f(from_ref(init));
            }
            f(&s.body);
            if let Some(post) = &s.post {
                f(from_ref(post));
            }
        }
        StmtKind::Range(s) => f(&s.body),
        StmtKind::Switch(s) => {
            if let Some(init) = &s.init {
                f(from_ref(init));
            }
            s.cases.iter().for_each(|c| f(&c.body));
        }
        StmtKind::TypeSwitch(s) => s.cases.iter().for_each(|c| f(&c.body)),
        StmtKind::Select(cases) => {
            for case in cases {
                if let Some(comm) = &case.comm {
                    f(from_ref(comm));
                }
                f(&case.body);
            }
        }
        StmtKind::Labeled(_, inner) => f(from_ref(inner)),
        StmtKind::Block(block) => f(block),
        StmtKind::Expr(_)
        | StmtKind::Define(..)
        | StmtKind::Var(..)
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
        | StmtKind::Comment(_) => {}
    }
}

/// The same for mutation; header statements are passed one at a time through `header`.
pub fn each_block_mut(
    stmt: &mut Stmt,
    header: &mut (impl FnMut(&mut Stmt) + ?Sized),
    f: &mut (impl FnMut(&mut Block) + ?Sized),
) {
    match &mut stmt.kind {
        StmtKind::If(s) => {
            s.init.iter_mut().for_each(header);
            f(&mut s.then);
            f(&mut s.els);
        }
        StmtKind::For(s) => {
            s.init.iter_mut().for_each(&mut *header);
            f(&mut s.body);
            s.post.iter_mut().for_each(header);
        }
        StmtKind::Range(s) => f(&mut s.body),
        StmtKind::Switch(s) => {
            s.init.iter_mut().for_each(header);
            s.cases.iter_mut().for_each(|c| f(&mut c.body));
        }
        StmtKind::TypeSwitch(s) => s.cases.iter_mut().for_each(|c| f(&mut c.body)),
        StmtKind::Select(cases) => {
            for case in cases {
                case.comm.iter_mut().for_each(&mut *header);
                f(&mut case.body);
            }
        }
        StmtKind::Labeled(_, inner) => header(inner),
        StmtKind::Block(block) => f(block),
        StmtKind::Expr(_)
        | StmtKind::Define(..)
        | StmtKind::Var(..)
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
        | StmtKind::Comment(_) => {}
    }
}

/// Whether there may be function literals in the expressions of a body. Most have none, and who looks for some need not go through the expressions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Literals {
    Absent,
    Possible,
}

impl Literals {
    pub fn of(body: &[Stmt]) -> Literals {
        let mut found = false;
        walk_exprs(body, &mut |expr| found |= matches!(expr, Expr::Func(_)));
        if found { Literals::Possible } else { Literals::Absent }
    }
}

/// Calls `f` with every block of a statement and the body of every function literal in its expressions; not with the blocks in these.
pub fn each_inner_block(stmt: &mut Stmt, literals: Literals, f: &dyn Fn(&mut Block)) {
    each_literal(stmt, literals, &mut |literal| f(&mut literal.body));
    each_block_mut(stmt, &mut |header| each_inner_block(header, literals, f), &mut |block| f(block));
}

/// Calls `f` with every statement, at any depth, function literals included; parents before children.
pub fn each_stmt_mut(stmts: &mut [Stmt], literals: Literals, f: &dyn Fn(&mut Stmt)) {
    for stmt in stmts {
        f(stmt);
        each_literal(stmt, literals, &mut |literal| each_stmt_mut(&mut literal.body, literals, f));
        each_block_mut(stmt, &mut |inner| each_stmt_mut(std::slice::from_mut(inner), literals, f), &mut |block| {
            each_stmt_mut(block, literals, f);
        });
    }
}

/// Calls `f` with every function literal in the expressions of a statement itself; not with those in literals.
pub fn each_literal(stmt: &mut Stmt, literals: Literals, f: &mut dyn FnMut(&mut FuncLit)) {
    if literals == Literals::Possible {
        each_expr_mut(stmt, &mut |expr| literals_in(expr, f));
    }
}

fn literals_in(expr: &mut Expr, f: &mut dyn FnMut(&mut FuncLit)) {
    match expr {
        Expr::Func(literal) => f(literal),
        _ => each_operand_mut(expr, &mut |operand| literals_in(operand, f)),
    }
}

/// Whether statements read a variable or assign to it.
pub fn mentions(stmts: &[Stmt], var: VarId) -> bool {
    let mut found = false;
    walk_exprs(stmts, &mut |expr| found |= matches!(expr, Expr::Var(v) if *v == var));
    found
}

/// The expressions that stand in a statement itself, not in its blocks or header statements. A place that is assigned is among them.
#[inline]
pub fn each_expr<'a>(stmt: &'a Stmt, f: &mut (impl FnMut(&'a Expr) + ?Sized)) {
    match &stmt.kind {
        StmtKind::Expr(e) | StmtKind::Inc(e) | StmtKind::Dec(e) | StmtKind::Go(e) | StmtKind::Defer(e) => f(e),
        StmtKind::Define(_, values) | StmtKind::Return(values) => values.iter().for_each(f),
        StmtKind::Var(_, _, value) => value.iter().for_each(f),
        StmtKind::Assign(places, values) => {
            places.iter().flatten().for_each(&mut *f);
            values.iter().for_each(f);
        }
        StmtKind::OpAssign(_, a, b) | StmtKind::Send(a, b) => {
            f(a);
            f(b);
        }
        StmtKind::If(s) => f(&s.cond),
        StmtKind::For(s) => s.cond.iter().for_each(f),
        StmtKind::Range(s) => f(&s.expr),
        StmtKind::Switch(s) => {
            s.tag.iter().for_each(&mut *f);
            s.cases.iter().flat_map(|c| &c.exprs).for_each(f);
        }
        StmtKind::TypeSwitch(s) => f(&s.expr),
        StmtKind::Select(_)
        | StmtKind::Break(_)
        | StmtKind::Continue(_)
        | StmtKind::Labeled(..)
        | StmtKind::Block(_)
        | StmtKind::Comment(_) => {}
    }
}

#[inline]
pub fn each_expr_mut(stmt: &mut Stmt, f: &mut (impl FnMut(&mut Expr) + ?Sized)) {
    match &mut stmt.kind {
        StmtKind::Expr(e) | StmtKind::Inc(e) | StmtKind::Dec(e) | StmtKind::Go(e) | StmtKind::Defer(e) => f(e),
        StmtKind::Define(_, values) | StmtKind::Return(values) => values.iter_mut().for_each(f),
        StmtKind::Var(_, _, value) => value.iter_mut().for_each(f),
        StmtKind::Assign(places, values) => {
            places.iter_mut().flatten().for_each(&mut *f);
            values.iter_mut().for_each(f);
        }
        StmtKind::OpAssign(_, a, b) | StmtKind::Send(a, b) => {
            f(a);
            f(b);
        }
        StmtKind::If(s) => f(&mut s.cond),
        StmtKind::For(s) => s.cond.iter_mut().for_each(f),
        StmtKind::Range(s) => f(&mut s.expr),
        StmtKind::Switch(s) => {
            s.tag.iter_mut().for_each(&mut *f);
            s.cases.iter_mut().flat_map(|c| &mut c.exprs).for_each(f);
        }
        StmtKind::TypeSwitch(s) => f(&mut s.expr),
        StmtKind::Select(_)
        | StmtKind::Break(_)
        | StmtKind::Continue(_)
        | StmtKind::Labeled(..)
        | StmtKind::Block(_)
        | StmtKind::Comment(_) => {}
    }
}

/// Every expression in the statements, at any depth, function literals' bodies included; parents before children.
pub fn walk_exprs<'a>(stmts: &'a [Stmt], f: &mut (impl FnMut(&'a Expr) + ?Sized)) {
    for stmt in stmts {
        each_expr(stmt, &mut |e| walk_expr(e, f));
        each_block(stmt, &mut |block| walk_exprs(block, f));
    }
}

pub fn walk_expr<'a>(expr: &'a Expr, f: &mut (impl FnMut(&'a Expr) + ?Sized)) {
    f(expr);
    if let Expr::Func(lit) = expr {
        walk_exprs(&lit.body, f);
    }
    each_operand(expr, &mut |e| walk_expr(e, f));
}

/// Every statement, at any depth, function literals included; parents before children.
pub fn walk_stmts<'a>(stmts: &'a [Stmt], literals: Literals, f: &mut (impl FnMut(&'a Stmt) + ?Sized)) {
    if literals == Literals::Absent {
        return walk_own_stmts(stmts, f);
    }
    for stmt in stmts {
        f(stmt);
        each_expr(stmt, &mut |e| {
            walk_expr(e, &mut |e| {
                if let Expr::Func(lit) = e {
                    walk_own_stmts(&lit.body, f);
                }
            })
        });
        each_block(stmt, &mut |block| walk_stmts(block, literals, f));
    }
}

/// Whether this is so for some statement, at any depth.
pub fn any_stmt(stmts: &[Stmt], literals: Literals, is_it: impl Fn(&Stmt) -> bool) -> bool {
    let mut found = false;
    walk_stmts(stmts, literals, &mut |stmt| found = found || is_it(stmt));
    found
}

/// Every statement, at any depth, but those of function literals.
pub fn walk_own_stmts<'a>(stmts: &'a [Stmt], f: &mut (impl FnMut(&'a Stmt) + ?Sized)) {
    for stmt in stmts {
        f(stmt);
        each_block(stmt, &mut |block| walk_own_stmts(block, f));
    }
}

/// Rewrites every expression bottom-up, function literals included.
pub fn rewrite_exprs(stmts: &mut Block, f: &mut (impl FnMut(&mut Expr) + ?Sized)) {
    for stmt in stmts {
        rewrite_stmt(stmt, f);
    }
}

pub fn rewrite_stmt(stmt: &mut Stmt, f: &mut (impl FnMut(&mut Expr) + ?Sized)) {
    each_expr_mut(stmt, &mut |e| rewrite_expr(e, f));
    // Two closures need the same `f`: collect through a raw walk instead.
    match &mut stmt.kind {
        StmtKind::If(s) => {
            s.init.iter_mut().for_each(|s| rewrite_stmt(s, f));
            rewrite_exprs(&mut s.then, f);
            rewrite_exprs(&mut s.els, f);
        }
        StmtKind::For(s) => {
            s.init.iter_mut().for_each(|s| rewrite_stmt(s, f));
            s.post.iter_mut().for_each(|s| rewrite_stmt(s, f));
            rewrite_exprs(&mut s.body, f);
        }
        StmtKind::Range(s) => rewrite_exprs(&mut s.body, f),
        StmtKind::Switch(s) => {
            s.init.iter_mut().for_each(|s| rewrite_stmt(s, f));
            s.cases.iter_mut().for_each(|c| rewrite_exprs(&mut c.body, f));
        }
        StmtKind::TypeSwitch(s) => s.cases.iter_mut().for_each(|c| rewrite_exprs(&mut c.body, f)),
        StmtKind::Select(cases) => {
            for case in cases {
                case.comm.iter_mut().for_each(|s| rewrite_stmt(s, f));
                rewrite_exprs(&mut case.body, f);
            }
        }
        StmtKind::Labeled(_, inner) => rewrite_stmt(inner, f),
        StmtKind::Block(block) => rewrite_exprs(block, f),
        _ => {}
    }
}

pub fn rewrite_expr(expr: &mut Expr, f: &mut (impl FnMut(&mut Expr) + ?Sized)) {
    if let Expr::Func(lit) = expr {
        rewrite_exprs(&mut lit.body, f);
    }
    each_operand_mut(expr, &mut |e| rewrite_expr(e, f));
    f(expr);
}

/// Calls `f` on every type that the statements mention.
pub fn walk_types<'a>(stmts: &'a [Stmt], f: &mut dyn FnMut(&'a Type)) {
    walk_stmts(stmts, Literals::Possible, &mut |stmt| match &stmt.kind {
        StmtKind::Var(_, ty, _) => f(ty),
        StmtKind::TypeSwitch(s) => s.cases.iter().flat_map(|c| &c.types).flatten().for_each(&mut *f),
        _ => {}
    });
    walk_exprs(stmts, &mut |expr| expr_types(expr, f));
}

pub fn expr_types<'a>(expr: &'a Expr, f: &mut dyn FnMut(&'a Type)) {
    match expr {
        Expr::Typed(ty, _) => f(ty),
        Expr::Convert(ty, _) | Expr::Upcast(ty, _) | Expr::Assert(_, ty) | Expr::Type(ty) => f(ty),
        Expr::Instance(_, args) => args.iter().for_each(f),
        Expr::Composite(c) => f(&c.ty),
        Expr::Func(lit) => {
            lit.params.iter().for_each(|p| f(&p.ty));
            lit.results.iter().for_each(|r| f(&r.ty));
        }
        _ => {}
    }
}

/// The variables that a statement of a list declares for those after it.
pub fn declared(stmt: &Stmt) -> impl Iterator<Item = VarId> {
    let (names, var) = match &stmt.kind {
        StmtKind::Define(names, _) => (&names[..], None),
        StmtKind::Var(var, ..) => (&[][..], Some(*var)),
        _ => (&[][..], None),
    };
    names.iter().flatten().copied().chain(var)
}

/// What a declaration mentions of packages by their import path: path and name.
pub fn decl_globals<'a>(decl: &'a Decl, f: &mut dyn FnMut(&'a Str, &'a Str)) {
    decl_types(decl, &mut |ty| type_globals(ty, f));
    let mut meet = |expr: &'a Expr| match expr {
        Expr::Imported(path, name) | Expr::Const(Global { path: Some(path), name }, ..) => f(path, name),
        _ => {}
    };
    match decl {
        Decl::Type(_) | Decl::Comment(_) => {}
        Decl::Const(decl) => {
            decl.specs.iter().flat_map(|spec| &spec.value).for_each(|value| walk_expr(value, &mut meet));
        }
        Decl::Var(decl) => decl.value.iter().for_each(|value| walk_expr(value, &mut meet)),
        Decl::Func(decl) => walk_exprs(&decl.body, &mut meet),
    }
}

/// All types that are written in a declaration, its body included.
pub fn decl_types<'a>(decl: &'a Decl, f: &mut dyn FnMut(&'a Type)) {
    match decl {
        Decl::Type(decl) => {
            decl.params.iter().for_each(|param| f(&param.constraint));
            f(&decl.ty);
        }
        Decl::Comment(_) => {}
        Decl::Const(decl) => {
            for spec in &decl.specs {
                spec.ty.iter().for_each(&mut *f);
                spec.value.iter().for_each(|value| value_types(value, f));
            }
        }
        Decl::Var(decl) => {
            decl.ty.iter().for_each(&mut *f);
            decl.value.iter().for_each(|value| value_types(value, f));
        }
        Decl::Func(decl) => {
            decl.receiver.iter().for_each(|receiver| f(&receiver.ty));
            decl.params.iter().for_each(|param| f(&param.ty));
            decl.results.iter().for_each(|result| f(&result.ty));
            decl.type_params.iter().for_each(|param| f(&param.constraint));
            walk_types(&decl.body, f);
        }
    }
}

fn value_types<'a>(value: &'a Expr, f: &mut dyn FnMut(&'a Type)) {
    walk_expr(value, &mut |expr| {
        expr_types(expr, f);
        if let Expr::Func(lit) = expr {
            walk_types(&lit.body, f);
        }
    });
}

/// What a type mentions by its import path.
pub fn type_globals<'a>(ty: &'a Type, f: &mut dyn FnMut(&'a Str, &'a Str)) {
    walk_type(ty, &mut |part| {
        if let Type::Imported(path, name, _) = part {
            f(path, name);
        }
    });
}

/// A type and all that it is made of.
pub fn walk_type<'a>(ty: &'a Type, f: &mut dyn FnMut(&'a Type)) {
    f(ty);
    match ty {
        Type::Name(_) => {}
        Type::Generic(_, args) | Type::Imported(_, _, args) => args.iter().for_each(|arg| walk_type(arg, f)),
        Type::Pointer(inner) | Type::Slice(inner) | Type::Array(_, inner) | Type::Chan(inner) => walk_type(inner, f),
        Type::Map(key, value) => {
            walk_type(key, f);
            walk_type(value, f);
        }
        Type::Func(sig) => sig.params.iter().chain(&sig.results).for_each(|part| walk_type(part, f)),
        Type::Struct(fields) => fields.iter().for_each(|field| walk_type(&field.ty, f)),
        Type::Interface(methods) => methods
            .iter()
            .flat_map(|method| method.signature.params.iter().chain(&method.signature.results))
            .for_each(|part| walk_type(part, f)),
    }
}

/// Like [`walk_exprs`], without the keys of composite literals: those of structs are names of fields.
pub fn walk_values<'a>(stmts: &'a [Stmt], f: &mut (impl FnMut(&'a Expr) + ?Sized)) {
    for stmt in stmts {
        each_expr(stmt, &mut |e| walk_value(e, f));
        each_block(stmt, &mut |block| walk_values(block, f));
    }
}

fn walk_value<'a>(expr: &'a Expr, f: &mut (impl FnMut(&'a Expr) + ?Sized)) {
    f(expr);
    match expr {
        Expr::Func(lit) => walk_values(&lit.body, f),
        Expr::Composite(composite) => {
            for element in &composite.elements {
                if let Some(key) = &element.key
                    && !matches!(key, Expr::Name(_))
                {
                    walk_value(key, f);
                }
                walk_value(&element.value, f);
            }
        }
        _ => each_operand(expr, &mut |e| walk_value(e, f)),
    }
}
