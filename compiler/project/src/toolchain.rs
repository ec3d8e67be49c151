//! The Go toolchain: is it there, and is it new enough.

use std::process::Command;

/// The oldest Go that emitted code builds with (range-over-func, generic aliases, `min`/`max`/`clear`).
pub const OLDEST_GO: (u32, u32) = (1, 24);

/// What is wrong with the toolchain, in words for the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolchainError {
    pub message: String,
    pub help: String,
}

fn how_to_get() -> String {
    let (major, minor) = OLDEST_GO;
    format!(
        "install Go {major}.{minor} or newer from https://go.dev/dl, or with your package manager, and have `go` on the PATH"
    )
}

/// Checks that `go` is on the PATH and new enough; returns its version as `go version` prints it (`go1.26.8`).
pub fn find_go() -> Result<String, ToolchainError> {
    let (major, minor) = OLDEST_GO;
    // GOTOOLCHAIN=local: the question is what is installed, not what Go could download.
    let output =
        Command::new("go").arg("version").env("GOTOOLCHAIN", "local").output().map_err(|error| ToolchainError {
            message: format!(
                "cannot run `go`: {error}; rgo needs Go {major}.{minor} or newer to build and run what it emits"
            ),
            help: how_to_get(),
        })?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split_whitespace().nth(2).unwrap_or_default().to_string();
    match parse_version(&version) {
        Some(found) if found < OLDEST_GO => Err(ToolchainError {
            message: format!("{version} is too old: rgo needs Go {major}.{minor} or newer"),
            help: how_to_get(),
        }),
        Some(_) => Ok(version),
        // A development version (`devel …`) is taken at its word.
        None if output.status.success() => Ok(version),
        None => Err(ToolchainError {
            message: format!("`go version` failed: {}", String::from_utf8_lossy(&output.stderr).trim()),
            help: how_to_get(),
        }),
    }
}

fn parse_version(version: &str) -> Option<(u32, u32)> {
    let mut parts = version.strip_prefix("go")?.split(|c: char| !c.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn reads_versions() {
        assert_eq!(parse_version("go1.26.8"), Some((1, 26)));
        assert_eq!(parse_version("go1.9"), Some((1, 9)));
        assert_eq!(parse_version("go1.25rc1"), Some((1, 25)));
        assert_eq!(parse_version("devel"), None);
    }
}
