//! Many emitted programs in one Go module: one `go vet`, one link.
//!
//! Each program is a package of its own; its `main` is renamed to `Main`, and one real `main` calls the one that its argument names.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use rgo_project::OutputFile;

use crate::Failure;

pub struct GoModule {
    root: tempfile::TempDir,
    programs: Vec<String>,
}

pub const MODULE: &str = "fixtures";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lints {
    All,
    None,
}

impl GoModule {
    pub fn new() -> Result<GoModule, Failure> {
        let root = tempfile::tempdir().map_err(|error| error.to_string())?;
        write(&root.path().join("go.mod"), &format!("module {MODULE}\n\ngo 1.24\n"))?;
        Ok(GoModule { root, programs: Vec::new() })
    }

    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The directory for the program with this name (an identifier).
    pub fn directory(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Adds a program that was emitted into [`GoModule::directory`].
    pub fn add(&mut self, name: &str, files: &[OutputFile]) -> Result<(), Failure> {
        for file in files {
            let text = file.text.replacen("\npackage main\n", &format!("\npackage {name}\n"), 1);
            write(&file.path, &text.replacen("\nfunc main() {", "\nfunc Main() {", 1))?;
        }
        self.programs.push(name.to_string());
        Ok(())
    }

    /// Adds files that belong to no program alone.
    pub fn add_files(&self, files: &[OutputFile]) -> Result<(), Failure> {
        files.iter().try_for_each(|file| write(&file.path, &file.text))
    }

    /// gofmt, vet, staticcheck, then one binary of all programs. Every complaint is a failure.
    pub fn build(self) -> Result<Built, Failure> {
        self.build_with(Lints::All)
    }

    /// gofmt, and staticcheck where that is wanted; nothing is compiled.
    pub fn read(&self, lints: Lints) -> Result<(), Failure> {
        self.silent("gofmt", &["-d", "."])?;
        match lints {
            Lints::All => self.silent(&staticcheck()?.display().to_string(), &["./..."]),
            Lints::None => Ok(()),
        }
    }

    /// Without staticcheck, which rightly complains of programs that nobody wrote (`x - x`, results that are not used).
    pub fn build_generated(self) -> Result<Built, Failure> {
        self.build_with(Lints::None)
    }

    fn build_with(mut self, lints: Lints) -> Result<Built, Failure> {
        // As gofmt sorts imports.
        self.programs.sort();
        let mut main = String::from("package main\n\nimport (\n\t\"os\"\n\n");
        for name in &self.programs {
            let _ = writeln!(main, "\t\"{MODULE}/{name}\"");
        }
        main.push_str(")\n\nfunc main() {\n\tswitch os.Args[1] {\n");
        for name in &self.programs {
            let _ = writeln!(main, "\tcase \"{name}\":\n\t\t{name}.Main()");
        }
        main.push_str("\t}\n}\n");
        write(&self.root.path().join("main.go"), &main)?;
        self.silent("gofmt", &["-d", "."])?;
        self.silent("go", &["vet", "./..."])?;
        if lints == Lints::All {
            self.silent(&staticcheck()?.display().to_string(), &["./..."])?;
        }
        self.silent("go", &["build", "-o", "all", "."])?;
        Ok(Built { root: self.root })
    }

    /// Runs a tool that must succeed without a word.
    fn silent(&self, tool: &str, arguments: &[&str]) -> Result<(), Failure> {
        let output = Command::new(tool)
            .args(arguments)
            .current_dir(self.root.path())
            .output()
            .map_err(|error| format!("`{tool}` cannot be run: {error}"))?;
        let said = [output.stdout, output.stderr].concat();
        if output.status.success() && said.is_empty() {
            return Ok(());
        }
        Err(format!("`{tool} {}` says:\n{}", arguments.join(" "), String::from_utf8_lossy(&said)))
    }
}

/// staticcheck, built from the version that `tests/tools/go.mod` pins.
pub fn staticcheck() -> Result<PathBuf, Failure> {
    static BUILT: OnceLock<Result<PathBuf, Failure>> = OnceLock::new();
    BUILT.get_or_init(build_staticcheck).clone()
}

fn build_staticcheck() -> Result<PathBuf, Failure> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = tests.join("../target/tools/staticcheck");
    let output = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg("honnef.co/go/tools/cmd/staticcheck")
        .current_dir(tests.join("tools"))
        .output()
        .map_err(|error| format!("`go` cannot be run: {error}"))?;
    if output.status.success() { Ok(program) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

/// The binary, in the module's directory, which goes with this value.
pub struct Built {
    root: tempfile::TempDir,
}

impl Built {
    pub fn run(&self, name: &str) -> Result<Output, Failure> {
        let program = self.root.path().join("all");
        Command::new(&program)
            .arg(name)
            .current_dir(self.root.path())
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("{}: {error}", program.display()))
    }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    }
    fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
