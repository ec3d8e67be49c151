//! The fixture tests; each fixture is a test of its own.
//!
//! * `ui/`: `//~ ERROR E0382` marks hold for rgo and for rustc.
//! * `messages/`: marked like `ui/`, and all that rgo says of them in one reviewed snapshot.
//! * `run/`: output and failure equal rustc's; all programs are vetted and linked in one Go module.
//! * `packages`: the programs of `run/` divided into packages of a Go module print the same.
//! * the programs of `examples/ownership`: the refused ones as in `ui/`, the others as in `run/`; `readme`: what their README says of them.
//! * `go/`: source and emitted Go in one reviewed snapshot.
//! * `mutations`: broken programs made from the fixtures, which must be answered without a panic or a hang.
//! * `comments`: the programs of `run/` and `go/` with comments everywhere.
//! * the texts of `rgo explain`, whose examples give what they say, for rgo and for rustc.
//!
//! Run `cargo test -p rgo_tests -- ui::borrowck` for some of them.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use libtest_mimic::{Arguments, Failed, Trial};
use rgo_project::Overflow;
use rgo_tests::comments::{self, Where};
use rgo_tests::fixture::{Fixture, examples, fixtures};
use rgo_tests::go_module::{Built, GoModule, MODULE};
use rgo_tests::{Failure, explain, marks, mutate, rgo, rustc, split};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    let (refused, running) = examples();
    for fixture in refused.clone() {
        trials.push(Trial::test(format!("readme::{}", fixture.name), move || shown_in_readme(&fixture)));
    }
    for fixture in fixtures("ui").into_iter().chain(refused) {
        trials.push(Trial::test(fixture.name.clone(), move || ui(&fixture)));
    }
    let wanted = |name: &str| arguments.filter.as_ref().is_none_or(|filter| name.contains(filter.as_str()));
    let is_built = |fixture: &Fixture| wanted(&fixture.name) || wanted(PACKAGES);
    let programs: Arc<Vec<Fixture>> = Arc::new(fixtures("run").into_iter().chain(running).filter(is_built).collect());
    let built: Arc<BuiltOnce> = {
        let programs = programs.clone();
        Arc::new(LazyLock::new(Box::new(move || build_all(&programs))))
    };
    for fixture in programs.iter().cloned() {
        let built = built.clone();
        trials.push(Trial::test(fixture.name.clone(), move || run(&fixture, &built)));
    }
    let (programs, built) = (programs.clone(), built.clone());
    trials.push(Trial::test(PACKAGES, move || packages(&programs, &built)));
    for fixture in fixtures("messages") {
        trials.push(Trial::test(fixture.name.clone(), move || messages(&fixture)));
    }
    for fixture in fixtures("go") {
        trials.push(Trial::test(fixture.name.clone(), move || go(&fixture)));
    }
    let corpus = Arc::new(mutate::corpus());
    for seed in 1..=MUTATION_SEEDS {
        let corpus = corpus.clone();
        trials.push(Trial::test(format!("mutations::seed_{seed}"), move || {
            Ok(mutate::check(&corpus, seed, MUTATIONS_A_SEED)?)
        }));
    }
    for (name, place) in COMMENTS {
        let all = fixtures("run").into_iter().chain(fixtures("go")).chain(examples().1);
        // Every second program has either.
        let programs: Vec<Fixture> = all.skip(usize::from(place == Where::Everywhere)).step_by(2).collect();
        trials.push(Trial::test(format!("comments::{name}"), move || Ok(comments::check(&programs, place)?)));
    }
    for code in rgo_diagnostics::known_codes() {
        trials.push(Trial::test(format!("explain::{code}"), move || Ok(explain::check(code)?)));
    }
    trials.push(Trial::test("explain::every_code_has_a_text", || Ok(explain::every_code_has_a_text()?)));
    libtest_mimic::run(&arguments, trials).exit();
}

/// The test of programs that are divided into packages.
const PACKAGES: &str = "packages::divided";

/// So many at least can be divided.
const FEWEST_DIVIDED: usize = 50;

/// Broken programs that are checked with every run of the tests.
const MUTATION_SEEDS: u64 = 8;
const MUTATIONS_A_SEED: usize = 40;

const COMMENTS: [(&str, Where); 2] = [("everywhere", Where::Everywhere), ("here_and_there", Where::HereAndThere)];

/// Programs of these are for rgo alone: what they show is not Rust.
const RGO_ONLY: &str = "// rgo only: ";

fn ui(fixture: &Fixture) -> Result<(), Failed> {
    let expected = marks::marks(&fixture.text);
    let program = rgo::check(&fixture.name, &fixture.text);
    let mut failure = marks::difference("rgo", &expected, &program.errors()).unwrap_or_default();
    if !failure.is_empty() {
        failure.push_str(&program.human());
    }
    if !fixture.text.starts_with(RGO_ONLY) {
        let scratch = tempfile::tempdir()?;
        let oracle = rustc::errors(&fixture.path, scratch.path())?;
        failure.push_str(&marks::difference("rustc", &expected, &oracle).unwrap_or_default());
    }
    if failure.is_empty() { Ok(()) } else { Err(failure.into()) }
}

/// What a person reads of errors that rustc finds as well.
fn messages(fixture: &Fixture) -> Result<(), Failed> {
    ui(fixture)?;
    let file = fixture.path.file_name().unwrap_or_default().to_string_lossy();
    let said = rgo::check(&file, &fixture.text).human();
    let text: String = said.lines().flat_map(|line| [line.trim_end(), "\n"]).collect();
    snapshot(fixture, &text);
    Ok(())
}

/// Holds a text against the reviewed one of a fixture.
fn snapshot(fixture: &Fixture, text: &str) {
    let name = fixture.path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(fixture.path.parent().unwrap_or(Path::new(".")).join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// The README of the examples shows what rgo says of a refused one.
fn shown_in_readme(fixture: &Fixture) -> Result<(), Failed> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let place = fixture.path.strip_prefix(&examples)?;
    let shown = rgo::check(&format!("examples/{}", place.display()), &fixture.text).human();
    let readme = std::fs::read_to_string(examples.join("ownership/README.md"))?;
    let lines = |text: &str| {
        text.lines()
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
            .fold(String::new(), |all, line| all + line + "\n")
    };
    if lines(&readme).contains(&lines(&shown)) {
        return Ok(());
    }
    Err(format!("examples/ownership/README.md does not show this:\n{shown}").into())
}

/// The name of a fixture as a Go package.
fn package_name(fixture: &Fixture) -> String {
    fixture.name.replace("::", "_")
}

fn build_all(programs: &[Fixture]) -> Result<Built, Failure> {
    let mut module = GoModule::new()?;
    for fixture in programs {
        let name = package_name(fixture);
        // What rgo refuses fails in its own test; the others are built all the same.
        if let Ok(files) = emit(fixture, module.root(), &module.directory(&name)) {
            module.add(&name, &files)?;
        }
    }
    module.build()
}

fn emit(fixture: &Fixture, root: &Path, directory: &Path) -> Result<Vec<rgo_project::OutputFile>, Failure> {
    rgo::check(&format!("{}.rgo", package_name(fixture)), &fixture.text).emit(root, MODULE, directory, Overflow::Panics)
}

fn run(fixture: &Fixture, built: &BuiltOnce) -> Result<(), Failed> {
    let scratch = tempfile::tempdir()?;
    emit(fixture, scratch.path(), &scratch.path().join("p"))?;
    let expected = rustc::run(&fixture.path, scratch.path())?;
    let built = LazyLock::force(built).as_ref().map_err(|failure| failure.clone())?;
    let found = built.run(&package_name(fixture))?;
    let mut failure = String::new();
    if found.stdout != expected.stdout {
        failure = format!(
            "output differs\n--- rustc\n{}\n--- rgo\n{}\n",
            String::from_utf8_lossy(&expected.stdout),
            String::from_utf8_lossy(&found.stdout)
        );
    }
    if found.status.success() != expected.status.success() {
        failure.push_str(&format!(
            "rustc's program ends with {}, rgo's with {}\n{}",
            expected.status,
            found.status,
            String::from_utf8_lossy(&found.stderr)
        ));
    }
    if failure.is_empty() { Ok(()) } else { Err(failure.into()) }
}

type BuiltOnce = LazyLock<Result<Built, Failure>, Box<dyn FnOnce() -> Result<Built, Failure> + Send>>;

/// Programs that were divided into packages print what they print in one piece.
fn packages(programs: &[Fixture], whole: &BuiltOnce) -> Result<(), Failed> {
    let named: Vec<(String, &Fixture)> = programs.iter().map(|fixture| (package_name(fixture), fixture)).collect();
    let mut module = GoModule::new()?;
    let names = split::add_to(&mut module, &named)?;
    let divided = module.build()?;
    let whole = LazyLock::force(whole).as_ref().map_err(|failure| failure.clone())?;
    let mut failure = String::new();
    for name in &names {
        let (expected, found) = (whole.run(name)?, divided.run(name)?);
        if (&expected.stdout, expected.status) != (&found.stdout, found.status) {
            failure.push_str(&format!(
                "{name}\n--- in one piece\n{}\n--- in packages\n{}\n",
                String::from_utf8_lossy(&expected.stdout),
                String::from_utf8_lossy(&found.stdout)
            ));
        }
    }
    if names.len() < FEWEST_DIVIDED {
        failure.push_str(&format!("only {} programs could be divided: {names:?}", names.len()));
    }
    if failure.is_empty() { Ok(()) } else { Err(failure.into()) }
}

fn go(fixture: &Fixture) -> Result<(), Failed> {
    let directory = tempfile::tempdir()?;
    let program = rgo::check_any("main.rgo", &fixture.text);
    let files = program.emit(directory.path(), MODULE, directory.path(), Overflow::Wraps)?;
    let mut text = fixture.text.clone();
    for file in files.iter().filter(|file| file.path.parent() == Some(directory.path())) {
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        text.push_str(&format!("\n──────── {name} ────────\n{}", file.text));
    }
    snapshot(fixture, &text);
    Ok(())
}
