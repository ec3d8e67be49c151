//! Chores of the project: benches, generators, tidy checks.
fn main() {}
