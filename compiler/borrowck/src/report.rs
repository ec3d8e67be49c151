//! From what the walk finds to errors: which code, which places, what is said about them.

mod captured;
mod conflict;
mod describe;
mod explain;
mod moves;
mod mutability;
pub mod region;
mod region_name;
mod repair;
