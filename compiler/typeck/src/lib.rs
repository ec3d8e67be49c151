//! Types, traits, inference, exhaustiveness and the typed tree (THIR).

pub mod thir;
pub mod ty;
