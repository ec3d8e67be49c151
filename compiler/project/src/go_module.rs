//! go.mod: where it is, which module it declares, which Go it asks for.

use std::fs;
use std::path::{Path, PathBuf};

/// The Go module that a directory lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoModule {
    pub root: PathBuf,
    pub path: String,
    /// The `go` directive, as written (`1.24`).
    pub go: Option<String>,
}

impl GoModule {
    /// The module of the nearest `go.mod` at or above `directory`.
    pub fn find(directory: &Path) -> Option<GoModule> {
        directory.ancestors().find_map(|root| {
            let text = fs::read_to_string(root.join("go.mod")).ok()?;
            let path = directive(&text, "module")?;
            Some(GoModule { root: root.to_path_buf(), path, go: directive(&text, "go") })
        })
    }
}

impl GoModule {
    /// The version that go.mod asks for, if it is older than emitted code needs. Without one Go takes the module for one of its 1.16.
    pub fn older_language(&self) -> Option<&str> {
        let asked = self.go.as_deref().unwrap_or("1.16");
        let mut parts = asked.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse::<u32>().ok());
        let version = (parts.next()??, parts.next().flatten().unwrap_or(0));
        (version < crate::OLDEST_GO).then_some(asked)
    }
}

/// The argument of the first `keyword argument` line; comments and quotes are taken off.
fn directive(text: &str, keyword: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let line = line.split("//").next().unwrap_or_default().trim();
        let argument = line.strip_prefix(keyword)?;
        argument.starts_with([' ', '\t']).then(|| argument.trim().trim_matches('"').to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::directive;

    #[test]
    fn reads_directives() {
        let text = "// a comment\nmodule \"example.com/m\" // why\n\ngo 1.24\n";
        assert_eq!(directive(text, "module").as_deref(), Some("example.com/m"));
        assert_eq!(directive(text, "go").as_deref(), Some("1.24"));
        assert_eq!(directive("modules x\n", "module"), None);
    }
}
