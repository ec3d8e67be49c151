//! Programs from source to running Go: emitted, vetted, run, and compared with what Rust prints.

use std::path::Path;
use std::process::Command;

use rgo_codegen::{Options, Unit};
use rgo_hir::test_db::TestDb;

fn emit(source: &str, overflow_checks: bool) -> Vec<(String, String)> {
    let db = TestDb::new(source, true);
    let options = Options {
        overflow_checks,
        line_directives: false,
        report_panics: false,
        runtime_import: "main/internal/rgort".into(),
        std_import: "main/internal/rgostd".into(),
        module_path: "main".into(),
    };
    match rgo_codegen::emit(&db, &Unit::alone(db.main()), &options) {
        Ok(emission) => {
            emission.packages.into_iter().flat_map(|package| package.files).map(|file| (file.name, file.text)).collect()
        }
        Err(errors) => panic!("not emitted: {:?}", errors.into_iter().map(|e| e.message).collect::<Vec<_>>()),
    }
}

fn go(directory: &Path, arguments: &[&str]) -> (bool, String, String) {
    let output =
        Command::new("go").args(arguments).current_dir(directory).output().expect("these tests need the Go toolchain");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.success(), text(&output.stdout), text(&output.stderr))
}

/// Emits, checks with gofmt and vet, runs, and compares the output.
fn check(name: &str, source: &str, expected: &str) {
    let directory = std::env::temp_dir().join(format!("rgo-program-{name}-{}", std::process::id()));
    let runtime = directory.join("internal/rgort");
    std::fs::create_dir_all(&runtime).expect("a temporary directory");
    std::fs::write(directory.join("go.mod"), "module main\n\ngo 1.24\n").expect("go.mod");
    let files = emit(source, true);
    assert_eq!(files, emit(source, true), "two runs differ");
    for (name, text) in &files {
        std::fs::write(directory.join(name), text).expect("an emitted file");
    }
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../runtime-go");
    for entry in std::fs::read_dir(sources).expect("the runtime").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".go") && !name.ends_with("_test.go") {
            std::fs::copy(entry.path(), runtime.join(name)).expect("a runtime file");
        }
    }
    let text: String = files.iter().map(|(name, text)| format!("--- {name}\n{text}")).collect();
    let unformatted = Command::new("gofmt").arg("-l").arg(&directory).output().expect("gofmt");
    assert!(unformatted.stdout.is_empty(), "gofmt: {}\n{text}", String::from_utf8_lossy(&unformatted.stdout));
    let (ok, _, errors) = go(&directory, &["vet", "."]);
    assert!(ok, "{errors}\n{text}");
    let (_, printed, errors) = go(&directory, &["run", "."]);
    std::fs::remove_dir_all(&directory).expect("removing the temporary directory");
    assert_eq!(printed, expected, "{errors}\n{text}");
}

#[test]
fn arithmetic_and_calls() {
    check(
        "arith",
        "fn gcd(a: u32, b: u32) -> u32 { if b == 0 { a } else { gcd(b, a % b) } }
         fn main() { println!(\"{} {}\", gcd(48, 18), 200u8.wrapping_add(100)); let x = -7i32; println!(\"{} {}\", x / 2, x % 3); }",
        "6 44\n-3 -1\n",
    );
}

#[test]
fn enums_matches_and_options() {
    check(
        "enums",
        "enum Shape { Circle(f64), Rect { w: f64, h: f64 }, Empty }
         fn area(s: &Shape) -> f64 { match s { Shape::Circle(r) => r * r, Shape::Rect { w, h } => w * h, Shape::Empty => 0.0 } }
         fn half(n: i32) -> Option<i32> { if n % 2 == 0 { Some(n / 2) } else { None } }
         fn quarter(n: i32) -> Option<i32> { half(half(n)?) }
         fn main() {
             for s in &[Shape::Circle(2.0), Shape::Rect { w: 2.0, h: 3.5 }, Shape::Empty] { println!(\"{}\", area(s)); }
             println!(\"{:?} {:?}\", quarter(12), quarter(6));
         }",
        "4\n7\n0\nSome(3) None\n",
    );
}

#[test]
fn traits_generics_and_objects() {
    check(
        "traits",
        "trait Speak { fn name(&self) -> String; fn hello(&self) -> String { format!(\"hello {}\", self.name()) } }
         struct Dog; impl Speak for Dog { fn name(&self) -> String { \"dog\".to_string() } }
         impl Speak for i32 { fn name(&self) -> String { format!(\"number {self}\") } }
         fn twice<T: Speak>(t: &T) -> String { format!(\"{0} {0}\", t.hello()) }
         fn main() {
             println!(\"{}\", twice(&Dog));
             let all: Vec<Box<dyn Speak>> = vec![Box::new(Dog), Box::new(7)];
             for s in &all { println!(\"{}\", s.hello()); }
         }",
        "hello dog hello dog\nhello dog\nhello number 7\n",
    );
}

#[test]
fn destructors_run_where_rust_runs_them() {
    check(
        "drops",
        "struct D(&'static str);
         impl Drop for D { fn drop(&mut self) { println!(\"drop {}\", self.0); } }
         fn early(flag: bool) -> i32 { let _a = D(\"a\"); if flag { return 1; } let _b = D(\"b\"); 2 }
         fn main() { println!(\"{}\", early(true)); println!(\"{}\", early(false)); let c = D(\"c\"); let d = c; { let _e = D(\"e\"); } drop(d); println!(\"end\"); }",
        "drop a\n1\ndrop b\ndrop a\n2\ndrop e\ndrop c\nend\n",
    );
}

#[test]
fn closures_and_loops() {
    check(
        "closures",
        "fn apply<F: FnMut(i32)>(mut f: F) { for i in 0..3 { f(i); } }
         fn adder(n: i32) -> impl Fn(i32) -> i32 { move |x| x + n }
         fn main() {
             let mut sum = 0; apply(|x| sum += x); println!(\"{sum}\");
             let mut n = 1; let f = move || n + 1; n = 10; println!(\"{} {}\", f(), n);
             println!(\"{}\", adder(5)(6));
             let found = 'outer: loop { for i in 1.. { if i * i > 50 { break 'outer i; } } };
             println!(\"{found}\");
         }",
        "3\n2 10\n11\n8\n",
    );
}
