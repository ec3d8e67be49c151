//! What the command line names, from where, and what is written for it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{BAD, GOOD, assert_says, code, folder, rgo, stderr, stdout, write};

const MODULE: (&str, &str) = ("go.mod", "module example.com/m\n\ngo 1.24\n");
const LIBRARY: &str = "pub fn answer() -> i32 {\n    41\n}\n";

#[test]
fn packages_are_named_from_anywhere_in_the_module() {
    let folder = folder(&[MODULE, ("main.rgo", GOOD), ("lib/lib.rgo", LIBRARY), ("bad/deep/main.rgo", BAD)]);
    let root = folder.path();
    let below = root.join("bad/deep");
    assert_says(&rgo(&root.join("lib"), &["check"]), 0, &[]);
    assert_says(&rgo(&root.join("lib"), &["check", "./..."]), 0, &[]);
    assert_says(&rgo(&below, &["check", "../../main.rgo"]), 0, &[]);
    assert_says(&rgo(&below, &["check", "../..", "../../lib"]), 0, &[]);
    let from_below = rgo(&root.join("lib"), &["check", "--message-format=short", "../bad/..."]);
    assert_says(&from_below, 1, &["../bad/deep/main.rgo:4:16: error[E0382]"]);
    assert_says(&rgo(root, &["check", "./..."]), 1, &["bad/deep/main.rgo:4:"]);
    let run = rgo(&below, &["run", "../.."]);
    assert_eq!(stdout(&run), "hello\n", "{}", stderr(&run));
}

#[test]
fn what_is_left_of_removed_sources_goes() {
    let folder = folder(&[MODULE, ("main.rgo", GOOD), ("lib/a.rgo", LIBRARY), ("lib/b.rgo", "pub fn b() {}\n")]);
    let root = folder.path();
    assert_says(&rgo(root, &["build", "./..."]), 0, &[]);
    fs::remove_file(root.join("lib/b.rgo")).expect("written");
    assert_says(&rgo(root, &["build", "--check", "./..."]), 1, &["lib/b.rgo.go is left over"]);
    assert_says(&rgo(root, &["build", "./..."]), 0, &[]);
    assert!(root.join("lib/a.rgo.go").exists() && !root.join("lib/b.rgo.go").exists());
    // The last source of a directory: it is no package any more, and still cleaned up.
    fs::remove_file(root.join("lib/a.rgo")).expect("written");
    assert_says(&rgo(root, &["build", "--check", "./..."]), 1, &["lib/a.rgo.go is left over"]);
    assert_says(&rgo(root, &["clean", "lib"]), 0, &[]);
    assert!(!root.join("lib/a.rgo.go").exists() && root.join("main.rgo.go").exists());
}

#[test]
fn a_build_of_one_file_leaves_its_neighbours_alone() {
    let folder = folder(&[MODULE, ("a.rgo", LIBRARY), ("b.rgo", "pub fn b() {}\n")]);
    let root = folder.path();
    assert_says(&rgo(root, &["build"]), 0, &[]);
    let before = fs::read_to_string(root.join("b.rgo.go")).expect("emitted");
    write(&root.join("a.rgo"), b"pub fn other() {}\n");
    assert_says(&rgo(root, &["build", "a.rgo"]), 0, &[]);
    assert!(fs::read_to_string(root.join("a.rgo.go")).expect("emitted").contains("Other"));
    assert_eq!(fs::read_to_string(root.join("b.rgo.go")).expect("kept"), before);
}

#[test]
fn emitted_code_builds_with_go_alone() {
    let folder = folder(&[MODULE, ("main.rgo", GOOD), ("lib/lib.rgo", LIBRARY), ("lib/hand.go", "package lib\n")]);
    for options in [&["build", "./..."][..], &["build", "--overflow-checks", "./..."]] {
        assert_says(&rgo(folder.path(), options), 0, &[]);
        let go = Command::new("go").args(["vet", "./..."]).current_dir(folder.path()).output().expect("go runs");
        assert!(go.status.success(), "{}", stderr(&go));
    }
}

#[test]
fn overflow_checks_are_emitted_on_request() {
    let text = "pub fn next(n: u8) -> u8 {\n    n + 1\n}\n";
    let folder = folder(&[MODULE, ("lib.rgo", text)]);
    let emitted = |arguments: &[&str]| {
        assert_says(&rgo(folder.path(), arguments), 0, &[]);
        fs::read_to_string(folder.path().join("lib.rgo.go")).expect("emitted")
    };
    let (wraps, panics) = (emitted(&["build"]), emitted(&["build", "--overflow-checks"]));
    assert!(wraps.contains("n + 1") && wraps != panics, "{wraps}\n{panics}");
}

#[test]
fn a_library_cannot_be_run() {
    let folder = folder(&[MODULE, ("lib/lib.rgo", LIBRARY)]);
    assert_says(&rgo(folder.path(), &["run", "lib"]), 1, &["`lib` cannot be run: it has no `fn main`"]);
    assert_says(&rgo(folder.path(), &["run", "./..."]), 2, &["one program, not a pattern"]);
}

#[test]
fn a_module_of_an_older_go_is_told() {
    let folder = folder(&[("go.mod", "module example.com/m\n\ngo 1.18\n"), ("main.rgo", GOOD)]);
    assert_says(&rgo(folder.path(), &["build"]), 1, &["asks for Go 1.18", "go mod edit -go=1.24"]);
    assert_says(&rgo(folder.path(), &["run"]), 1, &["asks for Go 1.18"]);
    assert_says(&rgo(folder.path(), &["check"]), 0, &[]);
    assert!(!folder.path().join("main.rgo.go").exists());
}

#[test]
fn a_mistake_in_hand_written_go_is_not_blamed_on_rgo() {
    let folder = folder(&[MODULE, ("main.rgo", GOOD), ("hand.go", "package main\n\nvar x int = \"text\"\n")]);
    assert_says(&rgo(folder.path(), &["run"]), 1, &["hand.go:3:", "hand-written"]);
}

#[test]
fn stale_go_takes_no_part_in_a_run() {
    let folder = folder(&[MODULE, ("main.rgo", GOOD), ("old.rgo", "fn clash() {}\n")]);
    assert_says(&rgo(folder.path(), &["build"]), 0, &[]);
    let stale = "// Code generated by rgo from old.rgo. DO NOT EDIT.\n\npackage main\n\nfunc main() {}\n";
    write(&folder.path().join("old.rgo.go"), stale.as_bytes());
    fs::remove_file(folder.path().join("old.rgo")).expect("written");
    let run = rgo(folder.path(), &["run"]);
    assert_eq!(stdout(&run), "hello\n", "{}", stderr(&run));
}

#[test]
fn what_is_no_regular_file() {
    let folder = folder(&[("x.rgo/main.rgo", GOOD)]);
    let root = folder.path();
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, root.join(name)).expect("linked");
    link(".", "loop");
    link("nowhere", "broken.rgo");
    link("self.rgo", "self.rgo");
    assert!(Command::new("mkfifo").arg(root.join("pipe.rgo")).status().expect("mkfifo runs").success());
    assert_says(&rgo(root, &["check", "./..."]), 0, &[]);
    assert_says(&rgo(root, &["check", "x.rgo"]), 0, &[]);
    assert_says(&rgo(root, &["check", "pipe.rgo"]), 2, &["`pipe.rgo` is not a regular file"]);
    assert_says(&rgo(root, &["check", "broken.rgo"]), 2, &["`broken.rgo`: no such file or directory"]);
    assert_says(&rgo(root, &["check", "self.rgo"]), 2, &["`self.rgo`: no such file or directory"]);
    assert_says(&rgo(root, &["check", "."]), 2, &["no `.rgo` files"]);
}

#[test]
fn errors_in_json_are_whole() {
    let folder = folder(&[("main.rgo", BAD)]);
    let check = rgo(folder.path(), &["check", "--message-format=json", "main.rgo"]);
    assert_eq!((code(&check), stderr(&check).as_str()), (1, ""));
    let object: serde_json::Value = serde_json::from_str(&stdout(&check)).expect("one object");
    assert_eq!(object["$message_type"], "diagnostic");
    assert_eq!(object["code"]["code"], "E0382");
    assert!(object["code"]["explanation"].as_str().is_some_and(|text| text.contains("moved")));
    let spans = object["spans"].as_array().expect("spans");
    let primary: Vec<_> = spans.iter().filter(|span| span["is_primary"] == true).collect();
    assert_eq!(primary.len(), 1);
    assert!(BAD[range(primary[0])].contains("text"));
    let names = ["file_name", "line_start", "line_end", "column_start", "column_end", "label", "expansion"];
    for name in names.iter().chain(&["suggested_replacement", "suggestion_applicability", "text"]) {
        assert!(spans.iter().all(|span| span.get(name).is_some()), "{name}");
    }
    assert!(object["rendered"].as_str().is_some_and(|text| text.starts_with("error[E0382]: ")));
    assert!(object["children"].as_array().is_some_and(|list| list.iter().all(|child| child["message"].is_string())));
    let missing = rgo(folder.path(), &["check", "--message-format=json", "missing.rgo"]);
    let object: serde_json::Value = serde_json::from_str(&stdout(&missing)).expect("one object");
    assert_eq!((code(&missing), &object["spans"]), (2, &serde_json::json!([])));
}

fn range(span: &serde_json::Value) -> std::ops::Range<usize> {
    let at = |name: &str| usize::try_from(span[name].as_u64().expect("a number")).expect("small");
    at("byte_start")..at("byte_end")
}

/// `script` gives the command a terminal.
fn on_a_terminal(folder: &Path, arguments: &str) -> String {
    let program = env!("CARGO_BIN_EXE_rgo");
    let output = Command::new("script")
        .args(["-qec", &format!("{program} {arguments}"), "/dev/null"])
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .output()
        .expect("script runs");
    stdout(&output)
}

#[test]
fn colour_on_a_terminal_and_progress_only_after_a_second() {
    let folder = folder(&[("good.rgo", GOOD), ("bad.rgo", BAD)]);
    assert_eq!(on_a_terminal(folder.path(), "explain E9999 2>/dev/null"), "");
    let coloured = on_a_terminal(folder.path(), "check bad.rgo");
    assert!(coloured.contains("\x1b[31m") || coloured.contains("\x1b[38"), "{coloured:?}");
    let plain = on_a_terminal(folder.path(), "check --color=never bad.rgo");
    assert!(!plain.contains("\x1b[3"), "{plain:?}");
}

#[test]
fn packages_do_not_import_each_other() {
    let folder = folder(&[
        MODULE,
        ("a/a.rgo", "use crate::b;\n\npub fn one() -> u32 {\n    b::two() - 1\n}\n"),
        ("b/b.rgo", "use crate::c::Three;\n\npub fn two() -> u32 {\n    Three::new().value - 1\n}\n"),
        (
            "c/c.rgo",
            "pub struct Three {\n    pub value: u32,\n}\n\nimpl Three {\n    pub fn new() -> Three {\n        \
             Three { value: 2 + crate::a::one() }\n    }\n}\n",
        ),
        ("d/d.rgo", "pub fn four() -> u32 {\n    crate::a::one() + 3\n}\n"),
    ]);
    let root = folder.path();
    let short = rgo(root, &["check", "--message-format=short", "./..."]);
    assert_says(&short, 1, &["a/a.rgo:1:", "b/b.rgo:1:", "c/c.rgo:7:", "error[RGO0004]", "in a circle"]);
    assert_eq!(stderr(&short).lines().count(), 3);
    // Who uses such packages cannot be built either, and is told why.
    assert_says(&rgo(root, &["build", "d"]), 1, &["RGO0004", "join the two"]);
    assert!(!root.join("d/d.rgo.go").exists());
}

#[test]
fn nobody_imports_a_program() {
    let folder = folder(&[
        MODULE,
        ("tool/main.rgo", "pub fn helper() -> u32 {\n    1\n}\n\nfn main() {}\n"),
        ("lib/lib.rgo", "use crate::tool::helper;\n\npub fn two() -> u32 {\n    helper() + 1\n}\n"),
    ]);
    let check = rgo(folder.path(), &["check", "./..."]);
    assert_says(&check, 1, &["RGO0003", "lib/lib.rgo:1:", "`example.com/m/tool` is a program", "fn main"]);
}

#[test]
fn a_build_brings_what_it_uses_and_keeps_what_others_need() {
    let library = "pub struct Stack<T> {\n    items: Vec<T>,\n}\n\nimpl<T> Stack<T> {\n    pub fn of(item: T) -> Stack<T> {\n        \
                   Stack { items: vec![item] }\n    }\n    pub fn size(&self) -> usize {\n        self.items.len()\n    }\n}\n";
    let program = "use crate::stack::Stack;\n\nfn main() {\n    println!(\"{}\", Stack::of(1u8).size());\n}\n";
    let folder = folder(&[MODULE, ("stack/stack.rgo", library), ("cmd/a/main.rgo", program), ("b/b.rgo", LIBRARY)]);
    let root = folder.path();
    assert_says(&rgo(root, &["build", "cmd/a"]), 0, &[]);
    let emitted =
        fs::read_to_string(root.join("stack/stack.rgo.go")).expect("the package that is used is emitted, too");
    assert!(emitted.contains("type StackUint8 struct"), "{emitted}");
    assert!(!root.join("b/b.rgo.go").exists(), "nobody asked for this one");
    // What the program needs of the library stays when the library alone is built.
    assert_says(&rgo(root, &["build", "stack"]), 0, &[]);
    assert_eq!(fs::read_to_string(root.join("stack/stack.rgo.go")).expect("emitted"), emitted);
    assert_says(&rgo(root, &["build", "./..."]), 0, &[]);
    assert_says(&rgo(root, &["build", "--check", "./..."]), 0, &[]);
    let go = Command::new("go").args(["run", "./cmd/a"]).current_dir(root).output().expect("go runs");
    assert_eq!(stdout(&go), "1\n", "{}", stderr(&go));
}

#[test]
fn a_dependent_that_cannot_be_emitted_is_no_obstacle() {
    // A part of a text that is changed in place: docs/deviations.md.
    let program = "fn main() {\n    let mut text = String::from(\"abc\");\n    if let Some(part) = text.get_mut(..2) {\n        \
                   part.make_ascii_uppercase();\n    }\n    println!(\"{text} {}\", crate::lib::answer());\n}\n";
    let folder = folder(&[MODULE, ("cmd/main.rgo", program), ("lib/lib.rgo", LIBRARY)]);
    assert_says(&rgo(folder.path(), &["build", "cmd"]), 1, &["RGO0001", "cmd/main.rgo:"]);
    assert_says(&rgo(folder.path(), &["build", "lib"]), 0, &[]);
    assert!(folder.path().join("lib/lib.rgo.go").exists());
}

#[test]
fn errors_of_a_used_package_are_told() {
    let program = "fn main() {\n    println!(\"{}\", crate::lib::answer());\n}\n";
    let folder =
        folder(&[MODULE, ("cmd/main.rgo", program), ("lib/lib.rgo", "pub fn answer() -> i32 {\n    true\n}\n")]);
    assert_says(&rgo(folder.path(), &["build", "cmd"]), 1, &["E0308", "lib/lib.rgo:2:"]);
    assert_says(&rgo(folder.path(), &["run", "cmd"]), 1, &["E0308", "lib/lib.rgo:2:"]);
}

/// What each shows is what rustc's program of the same text prints: private parts behind generic code, trait objects and errors from one
/// package to another, two programs over the same libraries.
#[test]
fn instances_reach_across_packages() {
    let folder = folder(&[
        MODULE,
        ("store/store.rgo", include_str!("packages/parts/store.rgo")),
        ("shapes/shapes.rgo", include_str!("packages/parts/shapes.rgo")),
        ("mix/mix.rgo", include_str!("packages/parts/mix.rgo")),
        ("cmd/one/main.rgo", include_str!("packages/parts/one.rgo")),
        ("cmd/two/main.rgo", include_str!("packages/parts/two.rgo")),
    ]);
    let root = folder.path();
    assert_says(&rgo(root, &["build", "./..."]), 0, &[]);
    let go = Command::new("go").args(["vet", "./..."]).current_dir(root).output().expect("go runs");
    assert!(go.status.success(), "{}", stderr(&go));
    for (program, expected) in
        [("cmd/one", include_str!("packages/parts/one.txt")), ("cmd/two", include_str!("packages/parts/two.txt"))]
    {
        let run = rgo(root, &["run", program]);
        assert_eq!(stdout(&run), expected, "{}", stderr(&run));
    }
}

#[test]
fn go_code_hands_over_no_negative_size() {
    let library = "pub fn half(n: usize) -> usize {\n    n / 2\n}\n\npub fn most(limit: usize) -> usize {\n    limit / 2\n}\n\n\
                   pub fn all() -> usize {\n    most(usize::MAX)\n}\n";
    let by_hand = "package main\n\nimport (\n\t\"fmt\"\n\n\t\"example.com/m/lib\"\n)\n\nfunc main() {\n\tdefer func() {\n\t\t\
                   fmt.Println(lib.Half(7), uint(lib.All()), recover())\n\t}()\n\tlib.Half(-1)\n}\n";
    let folder = folder(&[MODULE, ("lib/lib.rgo", library), ("main.go", by_hand)]);
    let root = folder.path();
    assert_says(&rgo(root, &["build", "./..."]), 0, &[]);
    let go = Command::new("go").args(["run", "."]).current_dir(root).output().expect("go runs");
    assert_eq!(stdout(&go), "3 9223372036854775807 lib: negative n\n", "{}", stderr(&go));
}

/// Folders may be called what Go lets no package be called.
#[test]
fn packages_have_names_that_go_takes() {
    let library = "pub fn one() -> u32 {\n    1\n}\n\npub struct P {\n    pub x: u32,\n}\n";
    let program = "use crate::{fmt, func, my_lib, string, v2};\n\nfn run() -> u32 {\n    let p = my_lib::P { x: fmt::one() };\n    \
                   p.x + func::one() + v2::one() + string::one() + crate::main::one()\n}\n\nfn main() {\n    println!(\"{}\", run());\n}\n";
    let names = ["my_lib", "func", "fmt", "main", "v2", "string", "3d", "a-b"];
    let paths: Vec<String> = names.iter().map(|name| format!("{name}/lib.rgo")).collect();
    let mut files = vec![MODULE, ("cmd/main.rgo", program)];
    files.extend(paths.iter().map(|path| (path.as_str(), library)));
    let folder = folder(&files);
    assert_says(&rgo(folder.path(), &["build", "./..."]), 0, &[]);
    let vet = Command::new("go").args(["vet", "./cmd", "./3d", "./a-b"]).current_dir(folder.path()).output();
    let vet = vet.expect("go runs");
    assert!(vet.status.success(), "{}", stderr(&vet));
    let run = rgo(folder.path(), &["run", "cmd"]);
    assert_eq!(stdout(&run), "5\n", "{}", stderr(&run));
}

#[test]
fn a_package_may_be_called_like_one_of_go() {
    let library = "pub fn clone(bytes: &[u8]) -> usize {\n    bytes.len() * 2\n}\n\n\
                   pub fn compare(a: &[u8], b: &[u8]) -> i32 {\n    a.len() as i32 - b.len() as i32\n}\n";
    let program = "use crate::slices;\n\nfn main() {\n    let text = String::from(\"abc\");\n    \
                   println!(\"{} {}\", slices::clone(text.as_bytes()), slices::compare(b\"z\", b\"aa\") < 0);\n}\n";
    let folder = folder(&[MODULE, ("main.rgo", program), ("slices/lib.rgo", library)]);
    let run = rgo(folder.path(), &["run", "."]);
    assert_eq!(stdout(&run), "6 true\n", "{}", stderr(&run));
}

/// What Go's constraints can say of generic items is generic in Go, for packages of hand-written Go and beyond the package that it stands in.
#[test]
fn go_code_instantiates_generic_items() {
    let folder = folder(&[
        MODULE,
        ("shapes/lib.rgo", include_str!("../go/generic_library.rgo")),
        ("report/lib.rgo", include_str!("generic/report.rgo")),
        ("main.go", include_str!("generic/main.go")),
    ]);
    let root = folder.path();
    // `new("a")` is of Go 1.26.
    fs::write(root.join("go.mod"), "module example.com/m\n\ngo 1.26\n").expect("written");
    assert_says(&rgo(root, &["build", "./..."]), 0, &[]);
    let vet = Command::new("go").args(["vet", "./..."]).current_dir(root).output().expect("go runs");
    assert!(vet.status.success(), "{}", stderr(&vet));
    let go = Command::new("go").args(["run", "."]).current_dir(root).output().expect("go runs");
    assert_eq!(stdout(&go), include_str!("generic/expected.txt"), "{}", stderr(&go));
}
