//! The fulfilment context: obligations that are still to be proved.

use super::{EvalResult, Obligation};
use crate::infer_ctxt::{InferCtxt, TypeMismatch};
use crate::ty::Ty;

/// An obligation that does not hold.
#[derive(Clone, Debug)]
pub struct FulfillError {
    /// The innermost obligation that fails.
    pub obligation: Obligation,
    /// The registered obligation it comes from.
    pub root: Obligation,
    pub kind: FulfillErrorKind,
}

#[derive(Clone, Debug)]
pub enum FulfillErrorKind {
    Unimplemented,
    /// `<T as Trait>::Item` is `found`, not `expected`.
    Projection { expected: Ty, found: Ty, mismatch: TypeMismatch },
    Ambiguous,
    Overflow,
}

#[derive(Default)]
pub struct FulfillCtxt {
    pending: Vec<Obligation>,
}

impl FulfillCtxt {
    pub fn new() -> FulfillCtxt {
        FulfillCtxt::default()
    }

    pub fn register(&mut self, _infcx: &InferCtxt<'_>, obligation: Obligation) {
        self.pending.push(obligation);
    }

    pub fn register_all(&mut self, infcx: &InferCtxt<'_>, obligations: impl IntoIterator<Item = Obligation>) {
        for obligation in obligations {
            self.register(infcx, obligation);
        }
    }

    /// Proves what can be proved, and reports what certainly fails. Ambiguous obligations stay.
    pub fn select_where_possible(&mut self, _infcx: &InferCtxt<'_>) -> Vec<FulfillError> {
        Vec::new()
    }

    /// As `select_where_possible`; what remains ambiguous is an error too.
    pub fn select_all_or_error(&mut self, infcx: &InferCtxt<'_>) -> Vec<FulfillError> {
        self.select_where_possible(infcx)
    }

    pub fn pending(&self) -> impl Iterator<Item = &Obligation> {
        self.pending.iter()
    }

    /// The pending obligations whose `Self` is the same unknown as `ty`.
    pub fn pending_for_self_ty(&self, _infcx: &InferCtxt<'_>, _ty: Ty) -> Vec<Obligation> {
        Vec::new()
    }
}

impl InferCtxt<'_> {
    /// Whether the obligation holds, without changing anything.
    pub fn evaluate(&self, _obligation: &Obligation) -> EvalResult {
        EvalResult::Holds
    }
}
