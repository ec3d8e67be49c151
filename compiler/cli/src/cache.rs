//! Where `rgo run` builds: directories below the user's cache, one a program, so that Go's build cache hits on the next run.

use std::fs::{self, File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::PathBuf;

use rgo_project::LoadedPackage;

/// A directory that no other run uses while this value lives.
pub struct Slot {
    pub directory: PathBuf,
    _lock: File,
}

/// The first free slot of a program. Runs of one program at the same time must not write over each other, so each takes one of its own.
pub fn slot(package: &LoadedPackage) -> io::Result<Slot> {
    let mut hasher = DefaultHasher::new();
    (&package.directory, package.source.files.first().map(|(path, _)| path)).hash(&mut hasher);
    let program = base().join("rgo").join("run").join(format!("{:016x}", hasher.finish()));
    fs::create_dir_all(&program)?;
    let mut number = 0;
    loop {
        let lock = File::create(program.join(format!("{number}.lock")))?;
        match lock.try_lock() {
            Ok(()) => return Ok(Slot { directory: program.join(number.to_string()), _lock: lock }),
            Err(TryLockError::WouldBlock) => number += 1,
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

fn base() -> PathBuf {
    std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
        .unwrap_or_else(std::env::temp_dir)
}
