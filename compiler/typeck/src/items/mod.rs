//! Checks of items that are no body's business: attributes, well-formedness, coherence, impls against their traits.

mod adt;
mod attributes;
mod bindings;
mod body_types;
mod captures;
mod clause_regions;
mod coherence;
mod compare_impl;
mod compare_opaque;
mod driver;
mod gat_bounds;
mod generics;
mod main_fn;
pub mod object_safety;
mod opaque;
mod outlives;
mod params;
mod privacy;
mod private_in_bodies;
mod private_types;
mod regions;
mod traits;
pub mod variance;
mod wf;

pub use adt::comes_before;
pub use coherence::has_unconstrained_params;
pub use driver::{body_check_errors, item_type_errors, own_item_errors};
pub use traits::extends_itself;
