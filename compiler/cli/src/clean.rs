//! `rgo clean`: remove what `rgo build` wrote, and nothing else.

use std::path::Path;
use std::process::ExitCode;

use rgo_project::{Changes, internal_directories};

use crate::args::{CleanArgs, ColorChoice, MessageArgs, MessageFormat};
use crate::check::current_dir;
use crate::{PROGRAM_ERROR, report};

pub fn run(args: &CleanArgs) -> ExitCode {
    let message = MessageArgs { message_format: MessageFormat::Human, color: ColorChoice::Auto };
    match clean(args, &message) {
        Ok(()) => ExitCode::SUCCESS,
        Err(code) => ExitCode::from(code),
    }
}

fn clean(args: &CleanArgs, message: &MessageArgs) -> Result<(), u8> {
    let here = current_dir(message)?;
    let loaded =
        rgo_project::load(&args.targets.targets, &here).map_err(|errors| report::load_errors(&errors, message))?;
    let mut remove = Vec::new();
    for package in loaded.packages.iter().filter(|package| package.selected) {
        let mut generated = rgo_project::generated_files(&package.directory);
        if package.single_file {
            let names: Vec<_> =
                package.source.files.iter().filter_map(|(path, _)| Path::new(path).file_name()).collect();
            generated.retain(|path| {
                let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
                names.iter().any(|source| source.to_str().is_some_and(|source| name == format!("{source}.go")))
            });
        }
        remove.extend(generated);
    }
    for directory in &loaded.left_over {
        remove.extend(rgo_project::generated_files(directory));
    }
    // The runtime serves the whole module: it goes when no package is left that could use it.
    if let Some(module) = loaded.module.as_ref().filter(|_| loaded.is_whole_module()) {
        let internal = internal_directories(&module.root);
        remove.extend(internal.iter().flat_map(|directory| rgo_project::generated_files(directory)));
    }
    rgo_project::apply(&Changes { write: Vec::new(), remove }).map_err(|failed| {
        report::plain_error(&format!("cannot remove `{}`: {}", failed.path.display(), failed.error), None, message);
        PROGRAM_ERROR
    })
}
