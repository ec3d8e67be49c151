//! Packages as Go files: roots, everything they reach, and which file of which package each declaration goes to.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use rgo_hir::{Db, DefId, DefKind, SourceFile};
use rgo_typeck::error::TypeError;
use rgo_typeck::ty::{Args, Ty, TyKind};

use crate::go::ast::*;
use crate::go::calm::Calm;
use crate::go::print::print_file;
use crate::go::{fold, handles, initial, shown, unwinding, visit};
use crate::lower::TextFn;
use crate::mono::Cx;
use crate::mono::context::{Declared, Instance, Sources, Work};
use crate::mono::exports::Exports;
use crate::mono::generic::{self, Generics};
use crate::mono::homes::{Home, Homes};
use crate::mono::maps::Maps;
use crate::mono::owning::Owning;
use crate::{Emission, Emitted, EmittedFile, Options, Unit, bounds, builders, comments, lower, queries, roots};

/// The Go of packages that use each other. An error in one leaves the others' unsaid, too.
pub fn unit(db: &dyn Db, unit: &Unit, options: &Options) -> std::result::Result<Emission, Vec<TypeError>> {
    let bodies = queries::reached_bodies(db, &unit.packages);
    let fmt_can_fail = unit.packages.iter().any(|package| queries::makes_fmt_errors(db, *package));
    let builders = builders::builders(db, &bodies, fmt_can_fail);
    let bounds = Rc::new(bounds::bounds(db, &bodies));
    let sources = Rc::new(Sources::new(queries::user_files(db, &unit.packages)));
    let (mut maps, mut owning, mut exports) = (Maps::default(), Owning::default(), Exports::default());
    let mut generics = Generics::default();
    loop {
        let mut cx = Cx::new(db, Homes::new(db, unit, options), Rc::clone(&sources), options);
        (cx.maps, cx.owning, cx.exports, cx.generics) = (maps, owning, exports, generics);
        cx.builders = builders.clone();
        (cx.bounds, cx.fmt_can_fail) = (Rc::clone(&bounds), fmt_can_fail);
        lower_all(&mut cx);
        meet_globals(&mut cx);
        refuse_open(&mut cx);
        let owned = std::mem::take(&mut cx.owning).next_round();
        let exported = std::mem::take(&mut cx.exports).next_round();
        let refused = std::mem::take(&mut cx.generics).next_round();
        match std::mem::take(&mut cx.maps).next_round() {
            next if next.has_grown || owned.has_grown || exported.has_grown || refused.has_grown => {
                (maps, owning, exports) = (next.maps, owned.owning, exported.exports);
                generics = refused.generics;
            }
            _ if !cx.errors.is_empty() => return Err(cx.errors),
            _ => return Ok(emission(cx)),
        }
    }
}

/// Lowers everything that the roots of all packages reach, package by package in the order of imports.
fn lower_all(cx: &mut Cx<'_>) {
    for home in cx.homes.all() {
        (cx.at, cx.asking) = (home, home);
        if !cx.homes.is_std(home) {
            lower_package(cx);
        }
        if cx.homes.get(home).is_main {
            cx.forget(home);
        }
    }
}

fn lower_package(cx: &mut Cx<'_>) {
    let home = cx.at;
    for root in roots::own(cx) {
        cx.at = home;
        match root.kind() {
            DefKind::Fn => {
                cx.func(root, Args::empty());
            }
            DefKind::Static => {
                if !cx.statics.contains_key(&root) {
                    let visibility = cx.visibility(root);
                    let name = cx.item_name(root, "", visibility);
                    cx.statics.insert(root, name);
                    cx.later(Work::Static(root));
                }
            }
            DefKind::Struct | DefKind::Enum => {
                let args = queries::own_args(cx.db, root);
                cx.go_ty(Ty::adt(root, args));
            }
            _ => {}
        }
        drain(cx);
    }
    cx.at = home;
    for root in roots::expected(cx) {
        cx.at = home;
        lower_expected(cx, root);
    }
}

/// Lowers what can be left out. A generic item is lowered for type arguments that Go code gives.
fn lower_expected(cx: &mut Cx<'_>, root: Instance) {
    cx.generics.begin(root);
    let is_generic = generic::has_params(root.args);
    let args = if is_generic { cx.own_params(root.def) } else { root.args };
    match root.def.kind() {
        DefKind::Fn => {
            cx.func(root.def, args);
            if is_generic {
                let mut methods = Vec::new();
                roots::of_signature(cx, Instance { def: root.def, args }, &mut methods);
                methods.into_iter().for_each(|method| {
                    cx.func(method.def, method.args);
                });
            }
        }
        _ => {
            cx.go_ty(Ty::adt(root.def, args));
        }
    }
    drain(cx);
    cx.generics.end();
}

fn drain(cx: &mut Cx<'_>) {
    while let Some(work) = cx.next_work() {
        cx.at = match &work {
            Work::Func(instance) => cx.home_of(instance.def, instance.args),
            Work::Drop(ty) | Work::Error(ty) | Work::Text(TextFn { ty, .. }) => cx.home_of_ty(*ty),
            Work::Static(def) => cx.home_of(*def, Args::empty()),
        };
        match work {
            Work::Func(instance) => {
                if !instance.def.is_std() {
                    cx.growth.at = Some(instance.def);
                }
                lower::emit_func(cx, instance);
            }
            Work::Drop(ty) => lower::emit_drop_glue(cx, ty),
            Work::Static(def) => lower::emit_static(cx, def),
            Work::Text(text) => lower::emit_text(cx, text),
            Work::Error(ty) => lower::emit_error_methods(cx, ty),
        }
        cx.report_endless_function();
    }
}

/// Notes which names of other packages the finished declarations use.
fn meet_globals(cx: &mut Cx<'_>) {
    if cx.homes.is_alone() {
        return;
    }
    let mut exports = std::mem::take(&mut cx.exports);
    for declared in &cx.decls {
        let own = &cx.homes.get(declared.home).path;
        visit::decl_globals(&declared.decl, &mut |path, name| {
            if own.as_ref() != Some(path) && cx.homes.is_home(path) {
                exports.meet_global(path, name);
            }
        });
    }
    cx.exports = exports;
}

/// Refuses what was lowered with parameters of Go where a declaration mentions one that it does not declare: a helper of one type.
fn refuse_open(cx: &mut Cx<'_>) {
    let mut open = Vec::new();
    for declared in &cx.decls {
        let Some(root) = declared.root else { continue };
        let mut is_open = false;
        let declares = declared_params(&declared.decl);
        visit::decl_types(&declared.decl, &mut |ty| {
            visit::walk_type(ty, &mut |part| {
                is_open |= matches!(part, Type::Name(name) if cx.is_param_name(name) && !declares.contains(name));
            });
        });
        if is_open {
            open.push(root);
        }
    }
    open.into_iter().for_each(|root| cx.generics.refuse(root));
}

/// The type parameters of a declaration; those of a method are its receiver's.
fn declared_params(decl: &Decl) -> Vec<Str> {
    match decl {
        Decl::Type(decl) => decl.params.iter().map(|param| param.name.clone()).collect(),
        Decl::Func(FuncDecl { receiver: Some(receiver), .. }) => {
            let mut names = Vec::new();
            visit::walk_type(&receiver.ty, &mut |part| {
                if let Type::Name(name) = part {
                    names.push(name.clone());
                }
            });
            names
        }
        Decl::Func(decl) => decl.type_params.iter().map(|param| param.name.clone()).collect(),
        Decl::Const(_) | Decl::Var(_) | Decl::Comment(_) => Vec::new(),
    }
}

/// The file of its package that a declaration goes to. What a package takes from elsewhere goes to files of their own: who reviews the package
/// need not read them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// A source of the package, by position.
    Source(usize),
    /// What is made of another package's generic items.
    Package(String),
    Std,
}

fn place(cx: &Cx<'_>, declared: &Declared) -> Place {
    let def = declared.def;
    let package = match cx.homes.get(declared.home).package {
        Some(package) if !def.is_std() && def.kind() != DefKind::Package => package,
        _ => return Place::Std,
    };
    if def.package_of().name() != *package.path(cx.db) {
        return Place::Package(def.package_of().name().to_string());
    }
    let (source, _) = rgo_hir::item_start(cx.db, def);
    Place::Source(package.files(cx.db).iter().position(|file| *file == source).unwrap_or(0))
}

/// What the header of a file says that it is made from, and its name. Go gives no meaning to what follows the first dot of a name.
fn named(cx: &Cx<'_>, home: Home, place: &Place) -> (String, String) {
    match place {
        Place::Source(index) => {
            let files = cx.homes.get(home).package.map(|package| package.files(cx.db));
            let path = files.and_then(|files| files.get(*index)).map(|file| file.path(cx.db).clone());
            let path = path.unwrap_or_default();
            let name = path.rsplit('/').next().unwrap_or(&path).to_string();
            (name.clone(), format!("{name}.go"))
        }
        Place::Package(path) => {
            let below = path.strip_prefix(&cx.options.module_path).unwrap_or(path).trim_start_matches('/');
            let short = if below.is_empty() { "root".to_string() } else { below.replace('/', ".") };
            (format!("the package {path}"), format!("rgo_of.{short}.go"))
        }
        Place::Std => ("its standard library".to_string(), "rgo_std.go".to_string()),
    }
}

fn emission(mut cx: Cx<'_>) -> Emission {
    let mut by_home: BTreeMap<Home, BTreeMap<Place, Vec<(DefId, Decl)>>> = BTreeMap::new();
    let mut decls = std::mem::take(&mut cx.decls);
    for home in cx.homes.all() {
        defer_circular(&cx, home, &mut decls);
        hand_over(&cx, home, &mut decls);
    }
    show_errors(&cx, &mut decls);
    simplify_unwinding(&cx, &mut decls);
    for declared in decls {
        let place = place(&cx, &declared);
        by_home.entry(declared.home).or_default().entry(place).or_default().push((declared.def, declared.decl));
    }
    let mut emission = Emission::default();
    for home in cx.homes.all() {
        let emitted = emitted(&mut cx, home, by_home.remove(&home).unwrap_or_default());
        if cx.homes.is_std(home) { emission.std = emitted } else { emission.packages.push(emitted) }
    }
    emission
}

/// Hands errors to Go's fmt, or their texts where making one may panic.
fn show_errors(cx: &Cx<'_>, decls: &mut [Declared]) {
    if !decls.iter().any(|declared| shown::shows_errors(&declared.decl)) {
        return;
    }
    let calm = Calm::of(
        decls.iter().map(|declared| (cx.homes.get(declared.home).path.as_ref(), &declared.decl)),
        &cx.options.runtime_import,
    );
    let may_panic = decls.iter().any(|declared| match &declared.decl {
        Decl::Func(decl) if decl.receiver.is_some() && &*decl.name == "Error" => {
            let path = cx.homes.get(declared.home).path.as_ref();
            !decl.body.iter().all(|stmt| calm.stmt(path, stmt))
        }
        _ => false,
    });
    decls.iter_mut().for_each(|declared| shown::settle(&mut declared.decl, may_panic));
}

/// Takes out what only a panic would need, now that it is known which functions cannot panic.
fn simplify_unwinding(cx: &Cx<'_>, decls: &mut [Declared]) {
    let is_guarded = |declared: &Declared| matches!(&declared.decl, Decl::Func(decl) if unwinding::has_guards(decl));
    if !decls.iter().any(is_guarded) {
        return;
    }
    let calm = Calm::of(
        decls.iter().map(|declared| (cx.homes.get(declared.home).path.as_ref(), &declared.decl)),
        &cx.options.runtime_import,
    );
    for declared in decls {
        if let Decl::Func(decl) = &mut declared.decl {
            unwinding::simplify(decl, cx.homes.get(declared.home).path.as_ref(), &calm);
        }
    }
}

/// Hands slices and maps of a package over as they are where that will do.
fn hand_over(cx: &Cx<'_>, home: Home, decls: &mut [Declared]) {
    let mut own: Vec<&mut Decl> =
        decls.iter_mut().filter(|declared| declared.home == home).map(|declared| &mut declared.decl).collect();
    let has_changed = handles::hand_over(&mut own, cx.homes.get(home).path.as_ref());
    for (decl, _) in own.into_iter().zip(has_changed).filter(|(_, has_changed)| *has_changed) {
        match decl {
            Decl::Func(decl) => fold::fold_func(decl),
            Decl::Var(decl) => fold::fold_var(decl),
            Decl::Type(_) | Decl::Const(_) | Decl::Comment(_) => {}
        }
    }
}

/// Moves the values of variables that Go cannot initialise in their declarations to functions, all beside the first: Go runs those of one file in
/// their order.
fn defer_circular(cx: &Cx<'_>, home: Home, decls: &mut Vec<Declared>) {
    let own: Vec<usize> = (0..decls.len()).filter(|index| decls[*index].home == home).collect();
    let deferred = {
        let own: Vec<&Decl> = own.iter().map(|index| &decls[*index].decl).collect();
        initial::deferred(&own, cx.homes.get(home).path.as_ref())
    };
    let Some(def) = deferred.first().map(|first| decls[own[*first]].def) else { return };
    for index in deferred {
        let Decl::Var(var) = &mut decls[own[index]].decl else { continue };
        let (Some(name), Some(value)) = (var.name.clone(), var.value.take()) else { continue };
        let init = FuncDecl {
            doc: Vec::new(),
            receiver: None,
            name: "init".into(),
            type_params: Vec::new(),
            params: Vec::new(),
            results: Vec::new(),
            body: vec![StmtKind::Assign(vec![Some(Expr::Name(name))], vec![value]).into()],
            locals: std::mem::take(&mut var.locals),
            pos: None,
        };
        decls.push(Declared { home, def, decl: Decl::Func(init), root: None });
    }
}

fn emitted(cx: &mut Cx<'_>, home: Home, by_place: BTreeMap<Place, Vec<(DefId, Decl)>>) -> Emitted {
    let package_name = cx.package_name(home);
    let taken = Rc::new(std::mem::take(&mut cx.homes.get_mut(home).taken));
    let mut emitted = Emitted::default();
    let mut pieces = BTreeSet::new();
    for (place, decls) in by_place {
        let (from, name) = named(cx, home, &place);
        let mut file = File {
            header: vec![vec![format!("Code generated by rgo from {from}. DO NOT EDIT.").into()]],
            directives: Vec::new(),
            doc: Vec::new(),
            package: package_name.as_str().into(),
            path: cx.homes.get(home).path.clone(),
            taken: Rc::clone(&taken),
            decls: Vec::new(),
        };
        let decls = match place {
            Place::Source(_) => as_in_source(cx, decls),
            Place::Package(_) | Place::Std => ordered(decls),
        };
        match place {
            // Nobody reads what has line directives.
            Place::Source(index) if !cx.options.line_directives => commented(cx, home, index, decls, &mut file),
            _ => file.decls = decls.into_iter().map(|(_, decl)| decl).collect(),
        }
        for decl in &file.decls {
            visit::decl_globals(decl, &mut |path, name| {
                if **path == *cx.options.runtime_import {
                    pieces.insert(name.to_string());
                }
            });
        }
        let printed = print_file(&file);
        let lines = cx.options.line_directives;
        let text = if lines { with_line_directives(cx.db, &cx.sources.files, &printed) } else { printed.text };
        emitted.files.push(EmittedFile { name, text });
    }
    emitted.runtime_pieces = pieces.into_iter().collect();
    emitted
}

/// The text with `//line file:N` in front of every line whose place in the source is known: panics, profiles and debuggers then show it.
fn with_line_directives(db: &dyn Db, sources: &[SourceFile], printed: &crate::go::print::Printed) -> String {
    let mut out = String::with_capacity(printed.text.len() * 2);
    let mut marks = printed.lines.iter().peekable();
    for (index, line) in printed.text.lines().enumerate() {
        while let Some((number, pos)) = marks.peek() {
            if *number as usize > index + 1 {
                break;
            }
            if *number as usize == index + 1
                && let Some(file) = sources.get(pos.file as usize)
            {
                let text = file.text(db);
                let before = text.as_bytes().iter().take(pos.offset as usize).filter(|byte| **byte == b'\n').count();
                out.push_str(&format!("//line {}:{}\n", file.path(db), before + 1));
            }
            marks.next();
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Fills a file with declarations and the comments of their source.
fn commented(cx: &Cx<'_>, home: Home, index: usize, decls: Vec<(DefId, Decl)>, file: &mut File) {
    let source = cx.homes.get(home).package.and_then(|package| package.files(cx.db).get(index).copied());
    let Some(position) = source.and_then(|source| cx.sources.position(source)) else { return };
    let emitted = decls.iter().map(|(def, _)| *def).collect();
    let mut outside = comments::outside(cx, position, &emitted);
    file.header.append(&mut outside.header);
    file.doc = outside.doc;
    for (def, mut decl) in decls {
        let above = outside.above.remove(&def).unwrap_or_default();
        file.decls.extend(above.into_iter().map(Decl::Comment));
        comments::carry_over(cx, def, &mut decl);
        file.decls.push(decl);
    }
    file.decls.extend(outside.end.into_iter().map(Decl::Comment));
}

/// The declarations of a source in its order, those that are derived behind their type: what is made of one definition stands together, whoever
/// asked for it first.
fn as_in_source(cx: &Cx<'_>, decls: Vec<(DefId, Decl)>) -> Vec<(DefId, Decl)> {
    let offset = |def: DefId| rgo_hir::item_start(cx.db, def).1 + rgo_hir::def_span(cx.db, def).start;
    let mut decls = ordered(decls);
    decls.sort_by_cached_key(|(def, _)| {
        let derived = def.parent().filter(|parent| parent.is_derived_impl());
        match derived.map(|derived| queries::impl_self(cx.db, derived).kind()) {
            Some(TyKind::Adt(ty, _)) => (offset(*ty), Some(offset(*def))),
            _ => (offset(*def), None),
        }
    });
    decls
}

/// Constants and types first, then functions.
fn ordered(decls: Vec<(DefId, Decl)>) -> Vec<(DefId, Decl)> {
    let mut groups: [Vec<(DefId, Decl)>; 4] = Default::default();
    for (def, decl) in decls {
        let index = match &decl {
            Decl::Const(decl) if decl.specs.len() == 1 => 0,
            Decl::Var(_) => 1,
            Decl::Type(_) | Decl::Const(_) => 2,
            Decl::Func(_) | Decl::Comment(_) => 3,
        };
        groups[index].push((def, decl));
    }
    groups.into_iter().flatten().collect()
}
