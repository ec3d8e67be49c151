//! Asks the queries of many bodies on all cores, so that the check that follows finds them answered.
//!
//! A check reports in one order whatever was asked before it; so nothing is kept or reported here. Queries are functions of their inputs: who
//! asks them first does not matter, nor does it to those of a cycle, which all get the answer for cycles.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use rgo_hir::{DefId, Package};
use rgo_syntax::SyntaxError;

use crate::Database;

/// Fewer bodies are asked faster by one.
const FEWEST_BODIES: usize = 512;

/// So many bodies are taken at once: neighbours, which ask for the same.
const CHUNK: usize = 32;

/// As deep as the thread that a check runs on.
const STACK: usize = 256 << 20;

/// Asks for what a check of these packages will ask; tells `progress` of each package that is done. Returns whether it did: few bodies and a
/// single core need none of this.
pub fn warm(db: &Database, packages: &[Package], progress: &mut dyn FnMut(Package)) -> bool {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let bodies: Vec<(usize, DefId)> = packages
        .iter()
        .enumerate()
        .filter(|(_, package)| has_meaning(db, **package))
        .flat_map(|(at, package)| rgo_hir::body_owners(db, *package).iter().map(move |body| (at, *body)))
        .collect();
    if threads == 1 || bodies.len() < FEWEST_BODIES {
        return false;
    }
    let mut left = vec![0_usize; packages.len()];
    bodies.iter().for_each(|(package, _)| left[*package] += 1);
    let next = AtomicUsize::new(0);
    let (done, is_done) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (db, bodies, next, done) = (db.clone(), &bodies, &next, done.clone());
            let work = move || {
                while let Some(chunk) = bodies.chunks(CHUNK).nth(next.fetch_add(1, Ordering::Relaxed)) {
                    for (package, body) in chunk {
                        ask(&db, *body);
                        // Whoever listens is there until all have hung up.
                        let _ = done.send(*package);
                    }
                }
            };
            // Where the system has no thread to give, the check does the work itself.
            let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        }
        drop(done);
        for package in is_done {
            left[package] -= 1;
            if left[package] == 0 {
                progress(packages[package]);
            }
        }
    });
    true
}

/// After a fatal error of syntax the meaning of a text is a guess that nobody asks for.
fn has_meaning(db: &Database, package: Package) -> bool {
    rgo_hir::syntax_errors(db, package)
        .iter()
        .flat_map(|(_, errors)| errors)
        .all(|error: &SyntaxError| !error.is_fatal())
}

fn ask(db: &Database, body: DefId) {
    rgo_hir::body_errors(db, body);
    rgo_typeck::infer::body_type_errors(db, body);
    if rgo_typeck::items::body_check_errors(db, body).is_empty() {
        rgo_borrowck::borrowck_errors(db, body);
    }
}
