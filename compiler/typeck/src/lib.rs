//! Types, traits, inference, exhaustiveness and the typed tree (THIR).
//!
//! `ty` and `collect` say what is declared, `infer_ctxt` and `solve` decide what holds, `infer` types bodies, `thir_build` writes the result down,
//! `items`, `exhaustive` and `const_eval` check what is not a body's business.

pub mod collect;
pub mod const_eval;
pub mod drop_glue;
pub mod error;
pub mod exhaustive;
pub mod implied;
pub mod imports;
pub mod infer;
pub mod infer_ctxt;
pub mod instance;
pub mod items;
pub mod lints;
pub mod solve;
pub mod thir;
pub mod thir_build;
pub mod ty;
pub mod unsizing;
pub mod upvar;
