//! A program of one file as three packages that use each other: its types, its functions, and its `main`.
//!
//! Everything is made public, so that it means the same; what the packages of a module do to each other is then seen in every program that the
//! other tests have: types and traits of one package under generic functions of another, with arguments of a third.

use rgo_diagnostics::render_short;
use rgo_project::{Database, Dependents, EmitOptions, Layout, Lines, OutputFile, Overflow, PackageSource, Source};
use rgo_syntax::ast::{Fields, Item, ItemKind, Vis, VisKind};
use rgo_syntax::parse_file;

use crate::Failure;
use crate::fixture::Fixture;
use crate::go_module::{GoModule, MODULE};

/// Emits those of the programs that can be divided, each as the package of its name and two below it, all at once; returns the names.
pub fn add_to(module: &mut GoModule, programs: &[(String, &Fixture)]) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    let mut sources = Vec::new();
    for (name, fixture) in programs {
        let Some(packages) = divide(name, &fixture.text) else { continue };
        if is_accepted(&packages) {
            names.push(name.clone());
            sources.extend(packages);
        }
    }
    let mut by_name: Vec<(String, Vec<OutputFile>)> = names.iter().map(|name| (name.clone(), Vec::new())).collect();
    let mut shared = Vec::new();
    for file in emit(module, &sources)? {
        let below = file.path.strip_prefix(module.root()).unwrap_or(&file.path);
        let first = below.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
        match by_name.iter_mut().find(|(name, _)| first.as_ref() == Some(name)) {
            Some((_, files)) => files.push(file),
            None => shared.push(file),
        }
    }
    by_name.iter().try_for_each(|(name, files)| module.add(name, files))?;
    module.add_files(&shared)?;
    Ok(names)
}

fn emit(module: &GoModule, sources: &[PackageSource]) -> Result<Vec<OutputFile>, Failure> {
    let db = Database::new(MODULE, sources);
    let source = |(package, source): (_, &PackageSource)| Source {
        package,
        directory: module.directory(source.path.strip_prefix(&format!("{MODULE}/")).unwrap_or(&source.path)),
        selected: true,
    };
    let packages: Vec<Source> = db.user_packages().into_iter().zip(sources).map(source).collect();
    let layout = Layout { module_root: module.root().to_path_buf(), module_path: MODULE.to_string() };
    let options = EmitOptions { overflow: Overflow::Panics, lines: Lines::Go };
    let compiled = rgo_project::compile(&db, &packages, Dependents::Count, &layout, options, &mut |_| {});
    compiled
        .map(|compiled| compiled.files)
        .map_err(|(errors, files)| errors.iter().map(|error| render_short(error, &files)).collect())
}

/// Not every program means the same in pieces: impls of one package cannot call private functions of another that uses it.
fn is_accepted(packages: &[PackageSource]) -> bool {
    let db = Database::new(MODULE, packages);
    let checked = rgo_project::check(&db, &db.user_packages(), &mut |_| {});
    !checked.has_errors()
}

fn divide(name: &str, text: &str) -> Option<Vec<PackageSource>> {
    let parsed = parse_file(text);
    if !parsed.errors.is_empty() {
        return None;
    }
    let (mut uses, mut types, mut functions, mut main) = (String::new(), String::new(), String::new(), String::new());
    for item in &parsed.value.items {
        let target = match &item.kind {
            ItemKind::Use(_) => &mut uses,
            ItemKind::Fn(function) if function.name.as_str() == "main" => &mut main,
            ItemKind::Fn(_) => &mut functions,
            ItemKind::Mod(_) => return None,
            _ => &mut types,
        };
        push_public(item, text, target);
    }
    if main.is_empty() || types.is_empty() && functions.is_empty() {
        return None;
    }
    let package = |below: &str, imports: &[&str], body: &str| {
        let imports: String = imports.iter().map(|other| format!("use crate::{name}::{other}::*;\n")).collect();
        PackageSource {
            path: format!("{MODULE}/{name}{below}"),
            files: vec![(format!("{name}{below}.rgo"), format!("{imports}{uses}{body}").into())],
        }
    };
    Some(vec![
        package("/types", &[], &types),
        package("/functions", &["types"], &functions),
        package("", &["types", "functions"], &main),
    ])
}

/// The text of an item with `pub` wherever a visibility may stand and none does.
fn push_public(item: &Item, text: &str, out: &mut String) {
    let mut places = Vec::new();
    let is_of_nobody = matches!(item.kind, ItemKind::Impl(_) | ItemKind::Use(_));
    let is_main = matches!(&item.kind, ItemKind::Fn(function) if function.name.as_str() == "main");
    let mut place = |vis: &Vis| {
        if vis.kind == VisKind::Private {
            places.push(vis.span.start as usize);
        }
    };
    if !is_of_nobody && !is_main {
        place(&item.vis);
    }
    match &item.kind {
        ItemKind::Struct(item) => match &item.fields {
            Fields::Unit => {}
            Fields::Tuple(fields) => fields.iter().for_each(|field| place(&field.vis)),
            Fields::Named(fields) => fields.iter().for_each(|field| place(&field.vis)),
        },
        ItemKind::Impl(item) if item.of_trait.is_none() => item.items.iter().for_each(|item| place(&item.vis)),
        _ => {}
    }
    places.sort_unstable();
    let mut at = item.span.start as usize;
    for place in places {
        out.push_str(&text[at..place]);
        out.push_str("pub ");
        at = place;
    }
    out.push_str(&text[at..item.span.end as usize]);
    out.push('\n');
}
