//! Asks every query that can find an error, package by package, and turns the typed errors into diagnostics.

use std::collections::HashMap;

use rgo_diagnostics::{Diagnostic, FileId, Files, Fix};
use rgo_hir::{DefId, HirError, Package, SourceFile};
use rgo_syntax::{Span, SyntaxError, SyntaxErrorKind};
use rgo_typeck::error::{Rank, TypeError};

use crate::warm::warm;
use crate::{Database, imports};

/// What a check found, with the texts that the diagnostics point into.
#[derive(Debug, Default)]
pub struct Checked {
    pub diagnostics: Vec<Diagnostic>,
    pub files: Files,
}

impl Checked {
    /// Whether anything is wrong, warnings aside.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == rgo_diagnostics::Severity::Error)
    }
}

/// Checks these packages; `progress` is told each package's path once. A package that was found without errors is not asked
/// again while no edit can have changed that.
pub fn check(db: &Database, packages: &[Package], progress: &mut dyn FnMut(&str)) -> Checked {
    let mut reporter = Reporter::new(db);
    db.with_clean(|clean| {
        let unknown: Vec<Package> = packages.iter().copied().filter(|package| !clean.contains(*package)).collect();
        let is_warm = warm(db, &unknown, &mut |package| progress(package.path(db).as_str()));
        for &package in packages {
            if !is_warm {
                progress(package.path(db).as_str());
            }
            if !clean.contains(package) {
                let before = reporter.found();
                reporter.check_package(package);
                if reporter.found() == before {
                    clean.insert(package);
                }
            }
        }
        // What a package uses is known where its meaning is.
        if reporter.found() == 0 && db.user_packages().len() > 1 {
            let errors = imports::import_errors(db, packages, &mut |package| clean.uses(db, package));
            errors.iter().for_each(|error| reporter.ty(error));
        }
    });
    reporter.finish()
}

/// What `check` finds in packages and in those that they use.
pub fn check_with_used(db: &Database, packages: &[Package], progress: &mut dyn FnMut(&str)) -> Checked {
    let checked = check(db, packages, progress);
    if checked.has_errors() || db.user_packages().len() == 1 {
        return checked;
    }
    let mut used = imports::with_used(db, packages);
    used.retain(|package| !packages.contains(package));
    if used.is_empty() { checked } else { check(db, &used, progress) }
}

struct Reporter<'db> {
    db: &'db Database,
    files: Files,
    ids: HashMap<SourceFile, FileId>,
    diagnostics: Vec<Diagnostic>,
    /// Said only where nothing else is.
    late: Vec<Diagnostic>,
    /// What a `*` import of the package would bring is unknown, so that no name is said to be unknown.
    lacks_names: bool,
}

/// The codes of names that are unknown or mean something else than is needed: a `*` import may have brought what is needed.
const OF_NAMES: [&str; 14] = [
    "E0404", "E0405", "E0408", "E0411", "E0422", "E0423", "E0424", "E0425", "E0433", "E0531", "E0532", "E0573",
    "E0574", "E0576",
];

impl<'db> Reporter<'db> {
    fn new(db: &'db Database) -> Reporter<'db> {
        Reporter {
            db,
            files: Files::default(),
            ids: HashMap::new(),
            diagnostics: Vec::new(),
            late: Vec::new(),
            lacks_names: false,
        }
    }
}

impl Reporter<'_> {
    fn found(&self) -> usize {
        self.diagnostics.len() + self.late.len()
    }

    fn check_package(&mut self, package: Package) {
        // After a fatal syntax error the meaning of what follows is a guess: report nothing on top of it.
        if self.syntax(package) {
            return;
        }
        let before = self.found();
        let owners = rgo_hir::body_owners(self.db, package);
        let of_items = rgo_hir::item_errors(self.db, package);
        self.lacks_names = of_items.iter().any(|error| error.is_of_glob);
        for error in of_items {
            self.hir(error);
        }
        let signatures = rgo_typeck::items::item_type_errors(self.db, package);
        for error in &signatures {
            self.ty(error);
        }
        // Where a signature needs a trait that nobody knows, bodies would only be found to lack what it brings: names aside.
        let is_trait_lost = signatures.iter().any(|error| matches!(error.code, Some("E0404" | "E0405")));
        for &owner in owners {
            self.body_names(owner);
            if is_trait_lost {
                let errors = rgo_typeck::infer::body_type_errors(self.db, owner).iter();
                errors.filter(|error| error.is_of_names()).for_each(|error| self.ty(error));
            } else {
                self.body(owner);
            }
        }
        // rustc's lints run only over programs without errors.
        if self.found() == before {
            for error in owners.iter().flat_map(|&owner| rgo_typeck::lints::body_lints(self.db, owner)) {
                self.ty(&error);
            }
        }
    }

    fn body_names(&mut self, owner: DefId) {
        for owner in std::iter::once(owner).chain(rgo_hir::inline_consts(self.db, owner)) {
            for error in rgo_hir::body_errors(self.db, owner) {
                self.hir(error);
            }
        }
    }

    fn body(&mut self, owner: DefId) {
        for error in rgo_typeck::infer::body_type_errors(self.db, owner) {
            self.ty(error);
        }
        let patterns = rgo_typeck::items::body_check_errors(self.db, owner);
        for error in patterns {
            self.ty(error);
        }
        // Ownership is judged where types and patterns are right; bindings that conflict leave the body as it is.
        if patterns.iter().all(|error| error.code.is_none()) {
            for error in rgo_borrowck::borrowck_errors(self.db, owner) {
                self.ty(error);
            }
        }
    }

    /// Reports the syntax errors of all files; true if there are fatal ones.
    fn syntax(&mut self, package: Package) -> bool {
        let db = self.db;
        let mut found = false;
        for (file, errors) in rgo_hir::syntax_errors(db, package) {
            for error in errors {
                // The standard library may say more than users: auto traits, negative impls, the names of wide integers.
                if *package.is_std(db) && matches!(error.code, Some("RGO0108" | "RGO0110")) {
                    continue;
                }
                found |= error.is_fatal();
                self.syntax_error(*file, error);
            }
        }
        found
    }

    fn syntax_error(&mut self, file: SourceFile, error: &SyntaxError) {
        let text = file.text(self.db).clone();
        let file = self.file(file);
        // Where an item ends too early, the next one is what was found.
        let behind = text.get(error.span.end as usize..).filter(|_| error.is_at_end_of_item());
        let next = behind.and_then(|behind| rgo_syntax::tokens(behind).first().map(|token| token.span));
        let span = next.map_or(error.span, |next| next.shifted(error.span.end));
        let mut diagnostic = Diagnostic::error(error.message()).label(file, range(span, 0), "");
        if let SyntaxErrorKind::Delimiter { labels, .. } = &error.kind {
            for (span, text) in labels {
                diagnostic = diagnostic.label(file, range(*span, 0), &**text);
            }
        }
        diagnostic.code = error.code.map(str::to_string);
        diagnostic.help.extend(error.help());
        self.diagnostics.push(diagnostic);
    }

    fn is_silent(&self, code: Option<&str>) -> bool {
        self.lacks_names && code.is_some_and(|code| OF_NAMES.contains(&code))
    }

    fn hir(&mut self, error: &HirError) {
        if self.is_silent(error.code) && !error.is_of_glob {
            return;
        }
        let place = (error.def, error.span, &*error.label);
        let mut diagnostic = self.labelled(&error.message, error.code, place, &error.secondary);
        diagnostic.notes.extend(error.note.clone());
        diagnostic.help.extend(error.help.clone());
        self.diagnostics.push(diagnostic);
    }

    fn ty(&mut self, error: &TypeError) {
        if self.is_silent(error.code) {
            return;
        }
        let place = (error.def, error.span, &*error.label);
        let mut diagnostic = self.labelled(&error.message, error.code, place, &error.secondary);
        diagnostic.notes.extend(error.notes.iter().cloned());
        // What to write says the help already.
        if error.fix.is_none() {
            diagnostic.help.extend(error.help.clone());
        }
        if let Some((span, replacement)) = &error.fix {
            let (file, start) = rgo_hir::item_start(self.db, error.def);
            let file = self.file(file);
            let message = error.help.clone().unwrap_or_else(|| "write".to_string());
            diagnostic.fix = Some(Fix { file, range: range(*span, start), replacement: replacement.clone(), message });
        }
        match error.rank {
            Rank::Usual => self.diagnostics.push(diagnostic),
            Rank::Late => self.late.push(diagnostic),
            Rank::Said => {}
        }
    }

    /// What an error says of the places that it is about.
    fn labelled(
        &mut self,
        message: &str,
        code: Option<&str>,
        (def, span, text): (DefId, Span, &str),
        others: &[(DefId, Span, String)],
    ) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(message);
        diagnostic.code = code.map(str::to_string);
        diagnostic = self.label(diagnostic, def, span, text);
        others.iter().fold(diagnostic, |diagnostic, (def, span, text)| self.label(diagnostic, *def, *span, text))
    }

    fn label(&mut self, diagnostic: Diagnostic, def: DefId, span: Span, text: &str) -> Diagnostic {
        let (file, start) = rgo_hir::item_start(self.db, def);
        let file = self.file(file);
        diagnostic.label(file, range(span, start), text)
    }

    fn file(&mut self, file: SourceFile) -> FileId {
        let db = self.db;
        *self.ids.entry(file).or_insert_with(|| self.files.add(file.path(db).as_str(), file.text(db).clone()))
    }

    /// One cause, one error: the same code, message and place is said once. Sorted by file and place.
    fn finish(mut self) -> Checked {
        if !self.diagnostics.iter().any(|d| d.severity == rgo_diagnostics::Severity::Error) {
            self.diagnostics.append(&mut self.late);
        }
        let files = &self.files;
        self.diagnostics.sort_by(|a, b| {
            let key =
                |d: &Diagnostic| d.labels.first().map(|label| (files.path(label.file).to_string(), label.range.start));
            key(a).cmp(&key(b))
        });
        self.diagnostics.dedup_by(|a, b| a.code == b.code && a.message == b.message && a.place() == b.place());
        Checked { diagnostics: self.diagnostics, files: self.files }
    }
}

fn range(span: Span, start: u32) -> std::ops::Range<usize> {
    (span.start + start) as usize..(span.end + start) as usize
}

/// Diagnostics for what cannot be emitted.
pub fn emit_errors(db: &Database, errors: &[TypeError]) -> (Vec<Diagnostic>, Files) {
    let mut reporter = Reporter::new(db);
    for error in errors {
        reporter.ty(error);
    }
    let checked = reporter.finish();
    (checked.diagnostics, checked.files)
}
