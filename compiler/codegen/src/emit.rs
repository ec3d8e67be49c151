//! A package as Go files: roots, everything they reach, and which file each declaration goes to.

use std::collections::BTreeMap;
use std::rc::Rc;

use rgo_hir::{Db, DefId, DefKind, Package, SourceFile};
use rgo_typeck::error::TypeError;
use rgo_typeck::ty::Args;

use crate::go::ast::*;
use crate::go::print::print_file;
use crate::mono::Cx;
use crate::mono::context::Work;
use crate::mono::maps::Maps;
use crate::mono::owning::Owning;
use crate::{Emitted, EmittedFile, Options, bounds, builders, lower, queries};

pub fn package(db: &dyn Db, package: Package, options: &Options) -> std::result::Result<Emitted, Vec<TypeError>> {
    let (mut maps, mut owning) = (Maps::default(), Owning::default());
    let bodies = queries::reached_bodies(db, package);
    let fmt_can_fail = queries::makes_fmt_errors(db, package);
    let builders = builders::builders(db, &bodies, fmt_can_fail);
    let is_main = queries::is_main(db, DefId::package(*package.path(db)));
    let bounds = Rc::new(bounds::bounds(db, &bodies, is_main));
    loop {
        let mut cx = Cx::new(db, package, options);
        (cx.maps, cx.owning, cx.builders) = (maps, owning, builders.clone());
        (cx.bounds, cx.fmt_can_fail) = (Rc::clone(&bounds), fmt_can_fail);
        lower_package(&mut cx);
        let functions = std::mem::take(&mut cx.owning).next_round();
        match std::mem::take(&mut cx.maps).next_round() {
            next if next.has_grown || functions.has_grown => (maps, owning) = (next.maps, functions.owning),
            _ if !cx.errors.is_empty() => return Err(cx.errors),
            _ => return Ok(files(cx)),
        }
    }
}

/// Lowers everything that the roots reach.
fn lower_package(cx: &mut Cx<'_>) {
    let roots = roots(cx);
    reserve(cx, &roots);
    for root in roots {
        match root.kind() {
            DefKind::Fn => {
                cx.func(root, Args::empty());
            }
            DefKind::Static => {
                let visibility = cx.visibility(root);
                if !cx.statics.contains_key(&root) {
                    let name = cx.item_name(root, "", visibility);
                    cx.statics.insert(root, name);
                    cx.later(Work::Static(root));
                }
            }
            DefKind::Struct | DefKind::Enum => {
                let args = queries::own_args(cx.db, root);
                cx.go_ty(rgo_typeck::ty::Ty::adt(root, args));
            }
            _ => {}
        }
        drain(cx);
    }
}

fn drain(cx: &mut Cx<'_>) {
    while let Some(work) = cx.next_work() {
        match work {
            Work::Func(instance) => {
                if cx.is_local(instance.def) {
                    cx.growth.at = Some(instance.def);
                }
                lower::emit_func(cx, instance);
            }
            Work::Drop(ty) => lower::emit_drop_glue(cx, ty),
            Work::Static(def) => lower::emit_static(cx, def),
            Work::Text(text) => lower::emit_text(cx, text),
            Work::Error(ty) => lower::emit_error_methods(cx, ty),
        }
    }
}

/// What is emitted in any case: everything of the package that is not generic, so that the Go holds what the rgo holds.
fn roots(cx: &Cx<'_>) -> Vec<DefId> {
    let mut out = Vec::new();
    collect(cx, cx.root, &mut out);
    out
}

fn collect(cx: &Cx<'_>, parent: DefId, out: &mut Vec<DefId>) {
    for child in rgo_hir::children(cx.db, parent) {
        match child.kind() {
            DefKind::Mod => collect(cx, *child, out),
            DefKind::Fn | DefKind::Static | DefKind::Struct | DefKind::Enum => {
                if !queries::is_generic(cx.db, *child) && (cx.is_main() || wanted(cx, *child)) {
                    out.push(*child);
                }
            }
            DefKind::Impl => {
                for item in rgo_hir::children(cx.db, *child) {
                    if item.kind() == DefKind::Fn && !queries::is_generic(cx.db, *item) && wanted(cx, *item) {
                        out.push(*item);
                    }
                }
            }
            _ => {}
        }
    }
}

/// In a program only what is reached is emitted, `main` being the root; in a library what Go code can reach.
fn wanted(cx: &Cx<'_>, def: DefId) -> bool {
    if cx.is_main() {
        return def.name().as_str() == "main" && def.parent() == Some(cx.root);
    }
    queries::is_pub(cx.db, def)
}

/// The names of the package's own items are theirs, whatever is emitted first.
fn reserve(cx: &mut Cx<'_>, roots: &[DefId]) {
    let _ = roots;
    cx.taken.insert("init".into());
}

/// The file that a declaration goes to. What a package takes from elsewhere goes to files of their own: who reviews the package need not read them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    /// A source of the package, by position.
    Source(usize),
    /// What is taken from another package of the module.
    Package(String),
    Std,
}

fn home(cx: &Cx<'_>, def: DefId) -> Home {
    if cx.is_std(def) || def.kind() == DefKind::Package {
        return Home::Std;
    }
    if !cx.is_local(def) {
        return Home::Package(def.package_of().name().to_string());
    }
    let (source, _) = rgo_hir::item_start(cx.db, def);
    Home::Source(cx.package.files(cx.db).iter().position(|file| *file == source).unwrap_or(0))
}

/// What the header of a file says that it is made from, and its name. Go gives no meaning to what follows the first dot of a name.
fn named(cx: &Cx<'_>, home: &Home) -> (String, String) {
    match home {
        Home::Source(index) => {
            let path = cx.package.files(cx.db).get(*index).map(|file| file.path(cx.db).clone()).unwrap_or_default();
            let name = path.rsplit('/').next().unwrap_or(&path).to_string();
            (name.clone(), format!("{name}.go"))
        }
        Home::Package(path) => {
            let below = path.strip_prefix(&cx.options.module_path).unwrap_or(path).trim_start_matches('/');
            let short = if below.is_empty() { "root".to_string() } else { below.replace('/', ".") };
            (format!("the package {path}"), format!("rgo_of.{short}.go"))
        }
        Home::Std => ("its standard library".to_string(), "rgo_std.go".to_string()),
    }
}

fn files(mut cx: Cx<'_>) -> Emitted {
    let db = cx.db;
    let package_name = cx.package_name();
    let mut by_file: BTreeMap<Home, Vec<Decl>> = BTreeMap::new();
    for (def, decl) in std::mem::take(&mut cx.decls) {
        by_file.entry(home(&cx, def)).or_default().push(decl);
    }
    let sources = queries::user_files(db, cx.package);
    let mut files = Vec::new();
    let mut pieces = std::collections::BTreeSet::new();
    for (home, decls) in by_file {
        let (from, go_name) = named(&cx, &home);
        let decls = ordered(decls);
        let file = File {
            header: vec![format!("Code generated by rgo from {from}. DO NOT EDIT.").into()],
            directives: Vec::new(),
            package: package_name.as_str().into(),
            decls,
        };
        runtime_names(&file, &cx.options.runtime_import, &mut pieces);
        let printed = print_file(&file);
        let text = if cx.options.line_directives { with_line_directives(db, &sources, &printed) } else { printed.text };
        files.push(EmittedFile { name: go_name, text });
    }
    Emitted { files, runtime_pieces: pieces.into_iter().collect() }
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

/// Constants and types first, then functions, `main` among them where it was asked for first.
fn ordered(decls: Vec<Decl>) -> Vec<Decl> {
    let mut groups: [Vec<Decl>; 4] = Default::default();
    for decl in decls {
        let index = match &decl {
            Decl::Const(decl) if decl.specs.len() == 1 => 0,
            Decl::Var(_) => 1,
            Decl::Type(_) | Decl::Const(_) => 2,
            Decl::Func(_) => 3,
        };
        groups[index].push(decl);
    }
    groups.into_iter().flatten().collect()
}

/// The names of the runtime that a file mentions.
fn runtime_names(file: &File, runtime: &str, out: &mut std::collections::BTreeSet<String>) {
    fn in_type(ty: &Type, runtime: &str, out: &mut std::collections::BTreeSet<String>) {
        match ty {
            Type::Imported(path, name, args) => {
                if **path == *runtime {
                    out.insert(name.to_string());
                }
                args.iter().for_each(|t| in_type(t, runtime, out));
            }
            Type::Name(_) => {}
            Type::Generic(_, args) => args.iter().for_each(|t| in_type(t, runtime, out)),
            Type::Pointer(t) | Type::Slice(t) | Type::Array(_, t) | Type::Chan(t) => in_type(t, runtime, out),
            Type::Map(k, v) => {
                in_type(k, runtime, out);
                in_type(v, runtime, out);
            }
            Type::Func(sig) => sig.params.iter().chain(&sig.results).for_each(|t| in_type(t, runtime, out)),
            Type::Struct(fields) => fields.iter().for_each(|f| in_type(&f.ty, runtime, out)),
            Type::Interface(methods) => methods
                .iter()
                .flat_map(|m| m.signature.params.iter().chain(&m.signature.results))
                .for_each(|t| in_type(t, runtime, out)),
        }
    }
    let in_block = |body: &[Stmt], out: &mut std::collections::BTreeSet<String>| {
        crate::go::visit::walk_types(body, &mut |ty| in_type(ty, runtime, out));
        crate::go::visit::walk_exprs(body, &mut |e| {
            if let Expr::Imported(path, name) = e
                && **path == *runtime
            {
                out.insert(name.to_string());
            }
        });
    };
    for decl in &file.decls {
        match decl {
            Decl::Type(decl) => in_type(&decl.ty, runtime, out),
            Decl::Const(_) => {}
            Decl::Var(decl) => {
                decl.ty.iter().for_each(|ty| in_type(ty, runtime, out));
                if let Some(value) = &decl.value {
                    in_block(&[StmtKind::Expr(value.clone()).into()], out);
                }
            }
            Decl::Func(decl) => {
                decl.receiver.iter().for_each(|r| in_type(&r.ty, runtime, out));
                decl.params.iter().for_each(|p| in_type(&p.ty, runtime, out));
                decl.results.iter().for_each(|r| in_type(&r.ty, runtime, out));
                in_block(&decl.body, out);
            }
        }
    }
}
