//! Checks of items that are no body's business: attributes, well-formedness, coherence, impls against their traits.

mod attributes;
mod main_fn;
pub mod variance;
