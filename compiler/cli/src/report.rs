//! Printing diagnostics in the chosen format and colour.

use std::io::{IsTerminal, Write};

use rgo_diagnostics::{Color, Diagnostic, Files, Severity, render_human, render_json, render_short};
use rgo_project::LoadError;

use crate::args::{ColorChoice, MessageArgs, MessageFormat};
use crate::{PROGRAM_ERROR, USAGE_ERROR};

/// Prints the diagnostics; people's and logs' formats go to standard error, JSON to standard output.
pub fn diagnostics(list: &[Diagnostic], files: &Files, args: &MessageArgs) {
    let mut text = String::new();
    for diagnostic in list {
        match args.message_format {
            MessageFormat::Human => text.push_str(&render_human(diagnostic, files, color(args.color))),
            MessageFormat::Short => text.push_str(&render_short(diagnostic, files)),
            MessageFormat::Json => text.push_str(&render_json(diagnostic, files)),
        }
    }
    if args.message_format == MessageFormat::Human {
        text.push_str(&summary(list));
    }
    match args.message_format {
        MessageFormat::Json => write_all(std::io::stdout().lock(), &text),
        MessageFormat::Human | MessageFormat::Short => write_all(std::io::stderr().lock(), &text),
    }
}

/// Prints what kept the packages from being loaded; returns the exit code.
pub fn load_errors(errors: &[LoadError], args: &MessageArgs) -> u8 {
    let mut files = Files::default();
    let list: Vec<Diagnostic> = errors.iter().map(|error| load_error(error, &mut files)).collect();
    diagnostics(&list, &files, args);
    if errors.iter().any(|error| error.usage) { USAGE_ERROR } else { PROGRAM_ERROR }
}

fn load_error(error: &LoadError, files: &mut Files) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(&error.message);
    if let Some(place) = &error.place {
        let file = files.add(place.path.as_str(), place.text.clone());
        diagnostic = diagnostic.label(file, place.range.clone(), "");
    }
    error.help.iter().fold(diagnostic, Diagnostic::help)
}

/// An error that has no place in a program.
pub fn plain_error(message: &str, help: Option<&str>, args: &MessageArgs) {
    let error = Diagnostic::error(message);
    let error = help.into_iter().fold(error, Diagnostic::help);
    diagnostics(&[error], &Files::default(), args);
}

fn summary(list: &[Diagnostic]) -> String {
    let errors = list.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let placed = list.iter().any(|diagnostic| !diagnostic.labels.is_empty());
    if errors == 0 || !placed {
        return String::new();
    }
    let mut codes: Vec<&str> = list
        .iter()
        .filter_map(|diagnostic| diagnostic.code.as_deref())
        .filter(|code| rgo_diagnostics::explain(code).is_some())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let explain = match codes.first() {
        Some(code) => format!("; `rgo explain {code}` says more"),
        None => String::new(),
    };
    let plural = if errors == 1 { "error" } else { "errors" };
    format!("{errors} {plural}{explain}\n")
}

fn color(choice: ColorChoice) -> Color {
    let on = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    };
    if on { Color::Always } else { Color::Never }
}

/// A reader that goes away (`rgo check | head`) is no error of ours.
fn write_all(mut out: impl Write, text: &str) {
    let _ = out.write_all(text.as_bytes());
    let _ = out.flush();
}
