//! The trait solver: obligations, fulfilment, selection among candidates, projection, and the questions other parts ask of them.
//!
//! The structure follows rustc's old trait solver (rustc dev guide, "Trait solving (old)"): a fulfilment context holds obligations; each is
//! evaluated by assembling candidates, winnowing them by preference, and confirming the one that is left.

mod api;
mod bound_regions;
mod builtin;
mod fulfill;
mod impls;
mod knowable;
mod obligation;
mod opaque;
mod param_env;
mod project;
mod renumber;
mod report;
mod select;
#[cfg(test)]
mod tests;
mod uniform;
mod wf;
mod words;

pub(crate) use api::evaluate_closed;
pub use api::{implements_lang, is_copy, is_sized, normalize_erasing_regions, trait_holds, type_implements};
pub use fulfill::{FulfillCtxt, FulfillError, FulfillErrorKind, trait_binder};
pub(crate) use impls::impls_of;
pub(crate) use knowable::{Author, Ownership, is_broken};
pub use obligation::{CauseCode, DerivedCause, DerivedSource, Obligation, ObligationCause, SizedReason};
pub use param_env::{ParamEnv, Reveal, elaborate, param_env};
pub(crate) use project::normalize_param_env;
pub use report::{report_fulfill_error, sort_fulfill_errors};
pub(crate) use select::Candidate;
pub use wf::{wf_obligations, wf_obligations_under_binder};

/// What evaluation of a goal found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EvalResult {
    Holds,
    /// More must be known of inference variables.
    Ambiguous,
    Fails,
    /// Nested too deeply.
    Overflow,
}

impl EvalResult {
    pub fn holds(self) -> bool {
        self == EvalResult::Holds
    }

    /// Holds, or could once more is known.
    pub fn may_hold(self) -> bool {
        matches!(self, EvalResult::Holds | EvalResult::Ambiguous)
    }
}

/// How deeply obligations may nest (rustc's default recursion limit).
pub const RECURSION_LIMIT: u32 = 128;
