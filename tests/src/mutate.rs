//! Broken programs by the thousand: tokens of the fixtures are cut, doubled, swapped and spliced, and whatever comes of it must be answered.
//!
//! A seed gives the same programs every time. The compiler may say anything of them, but it must not panic, hang, or place an error outside of
//! the text; what it accepts must be emitted, or refused with a place.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use rgo_project::Overflow;

use crate::fixture::{Fixture, examples, fixtures};
use crate::{Failure, rgo};

/// As the command's.
const STACK: usize = 256 << 20;
const PATIENCE: Duration = Duration::from_secs(120);
/// Longer fixtures would slow the test down without being more varied.
const LONGEST: usize = 6_000;

/// The texts that mutations start from.
pub fn corpus() -> Vec<Fixture> {
    let (refused, running) = examples();
    let all = ["ui", "run", "go"].iter().flat_map(|suite| fixtures(suite)).chain(refused).chain(running);
    all.filter(|fixture| fixture.text.len() < LONGEST).collect()
}

/// Checks `count` mutations of the corpus; the first that goes wrong is printed whole.
pub fn check(corpus: &Arc<Vec<Fixture>>, seed: u64, count: usize) -> Result<(), Failure> {
    let (send, receive) = mpsc::channel();
    let corpus = corpus.clone();
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let mut random = Random(seed);
        for _ in 0..count {
            let text = mutation(&corpus, &mut random);
            let _ = send.send(Some(text.clone()));
            answer(&text);
        }
        let _ = send.send(None);
    });
    let worker = worker.map_err(|error| error.to_string())?;
    let mut current = String::new();
    loop {
        match receive.recv_timeout(PATIENCE) {
            Ok(Some(text)) => current = text,
            Ok(None) => return worker.join().map_err(|_| "the thread panicked after its last program".to_string()),
            Err(mpsc::RecvTimeoutError::Timeout) => return Err(format!("no answer after {PATIENCE:?}:\n{current}")),
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err(format!("a panic, by this program:\n{current}")),
        }
    }
}

fn answer(text: &str) {
    let program = rgo::check("main.rgo", text);
    let lines = text.split('\n').count();
    let errors = program.errors();
    assert!(errors.iter().all(|(line, _)| (1..=lines).contains(line)), "an error outside of the text: {errors:?}");
    assert_eq!(errors.is_empty(), !program.checked.has_errors());
    program.human();
    if !program.checked.has_errors() {
        let _ = program.emit(Path::new("/module"), "example.com/m", Path::new("/module"), Overflow::Panics);
    }
}

/// Vigna's xorshift64*: small, and the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let next = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(next).unwrap_or(0) % limit.max(1)
    }
}

fn mutation(corpus: &[Fixture], random: &mut Random) -> String {
    let text = &corpus[random.below(corpus.len())].text;
    let mut words = words(text);
    for _ in 0..=random.below(3) {
        let (at, len) = (random.below(words.len()), 1 + random.below(6));
        let end = (at + len).min(words.len());
        match random.below(6) {
            0 => drop(words.drain(at..end)),
            1 => {
                let doubled: Vec<&str> = words[at..end].to_vec();
                words.splice(at..at, doubled);
            }
            2 if !words.is_empty() => {
                let other = random.below(words.len());
                words.swap(at, other);
            }
            3 => {
                let other = self::words(&corpus[random.below(corpus.len())].text);
                let from = random.below(other.len());
                let to = (from + len * 3).min(other.len());
                words.splice(at..end, other[from..to].iter().copied());
            }
            4 => words.insert(at, STRAY[random.below(STRAY.len())]),
            _ => words.truncate(at.max(1)),
        }
    }
    words.concat()
}

/// Tokens that change most of what follows.
const STRAY: &[&str] = &[
    "{", "}", "(", ")", "[", "]", "<", ">", ";", ",", "\"", "'", "'a ", "/*", "#[", "&mut ", "*", "?", "..", "=>",
    "::", "self", "Self", " fn ", " impl ", " struct ", " match ", " else ", " move ", " dyn ", " where ", " return ",
    "_", "0", "é", "\0",
];

/// Words, numbers, white space and single other characters.
fn words(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        _ if c.is_alphanumeric() || c == '_' => 0,
        _ if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut found = Vec::new();
    let mut start = 0;
    let mut last = None;
    for (at, c) in text.char_indices() {
        if last.is_some_and(|last| last == 2 || last != kind(c)) {
            found.push(&text[start..at]);
            start = at;
        }
        last = Some(kind(c));
    }
    found.push(&text[start..]);
    found
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_the_text() {
        let text = "fn main() {\n    a1 += \"é\";\n}\n";
        assert_eq!(words(text).concat(), text);
        assert_eq!(words("a::b"), ["a", ":", ":", "b"]);
    }
}
