//! What the fixture tests share: finding fixtures, running rgo in-process and rustc as the oracle, building Go in one module.

pub mod comments;
pub mod explain;
pub mod fixture;
pub mod go_module;
pub mod marks;
pub mod mutate;
pub mod rgo;
pub mod rustc;
pub mod split;

/// Why a test failed, as it is printed.
pub type Failure = String;
