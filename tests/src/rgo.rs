//! rgo, in-process.

use std::path::Path;

use rgo_diagnostics::render_json;
use rgo_project::{
    Checked, Database, Dependents, EmitOptions, Layout, Lines, OutputFile, Overflow, PackageSource, Source,
};

use crate::Failure;
use crate::marks::Found;

/// A program of one file, checked.
pub struct Program {
    pub db: Database,
    pub checked: Checked,
}

pub fn check(name: &str, text: &str) -> Program {
    check_package("main", name, text)
}

/// The same of what is a library where it has no `main`.
pub fn check_any(name: &str, text: &str) -> Program {
    check_package(if text.contains("fn main(") { "main" } else { "library" }, name, text)
}

fn check_package(path: &str, name: &str, text: &str) -> Program {
    let source = PackageSource { path: path.to_string(), files: vec![(name.to_string(), text.into())] };
    let db = Database::new(path, &[source]);
    let packages = db.user_packages();
    let checked = rgo_project::check(&db, &packages, &mut |_| {});
    Program { db, checked }
}

impl Program {
    /// The errors as (line, code); `syntax` where there is no code.
    pub fn errors(&self) -> Found {
        errors_of_json(&self.rendered_json())
    }

    fn rendered_json(&self) -> String {
        self.checked.diagnostics.iter().map(|diagnostic| render_json(diagnostic, &self.checked.files)).collect()
    }

    /// As a person reads it.
    pub fn human(&self) -> String {
        let render = |d| rgo_diagnostics::render_human(d, &self.checked.files, rgo_diagnostics::Color::Never);
        self.checked.diagnostics.iter().map(render).collect()
    }

    /// The Go files of the program, in a directory of a module.
    pub fn emit(
        &self,
        module_root: &Path,
        module_path: &str,
        directory: &Path,
        overflow: Overflow,
    ) -> Result<Vec<OutputFile>, Failure> {
        if self.checked.has_errors() {
            return Err(format!("rgo refuses the program:\n{}", self.human()));
        }
        let source = |package| Source { package, directory: directory.to_path_buf(), selected: true };
        let sources: Vec<Source> = self.db.user_packages().into_iter().map(source).collect();
        let layout = Layout { module_root: module_root.to_path_buf(), module_path: module_path.to_string() };
        let options = EmitOptions { overflow, lines: Lines::Go };
        let compiled = rgo_project::compile(&self.db, &sources, Dependents::Count, &layout, options, &mut |_| {});
        compiled.map(|compiled| compiled.files).map_err(|(errors, files)| {
            let text: String = errors.iter().map(|error| rgo_diagnostics::render_short(error, &files)).collect();
            format!("rgo cannot emit the program:\n{text}")
        })
    }
}

/// (line, code) of every error in a stream of rustc-shaped JSON diagnostics.
pub fn errors_of_json(stream: &str) -> Found {
    let mut found = Found::new();
    for line in stream.lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else { continue };
        let text = message["message"].as_str().unwrap_or_default();
        if message["level"] != "error" || text.starts_with("aborting") {
            continue;
        }
        let code = message["code"]["code"].as_str().unwrap_or("syntax").to_string();
        let primary =
            message["spans"].as_array().and_then(|spans| spans.iter().find(|span| span["is_primary"] == true));
        let line = primary.and_then(|span| span["line_start"].as_u64()).unwrap_or(0);
        found.insert((usize::try_from(line).unwrap_or(0), code));
    }
    found
}
