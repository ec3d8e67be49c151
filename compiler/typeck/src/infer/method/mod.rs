//! Method look-up (rustc dev guide, "Method lookup"): [`probe`] finds the method, [`confirm`] instantiates it and adjusts the receiver.

pub mod confirm;

pub mod probe;

use rgo_hir::DefId;
use rgo_hir::body::ExprId;
use rgo_syntax::{Name, Span, ast};

use super::FnCtxt;
use super::tables::Callee;
use crate::ty::subst::Subst;
use crate::ty::{Args, GenericArg, Ty};
use probe::MethodError;

impl FnCtxt<'_> {
    /// Resolves `receiver.method`, adjusts the receiver, reports what is wrong.
    pub fn lookup_method(
        &mut self,
        call: ExprId,
        receiver: ExprId,
        receiver_ty: Ty,
        segment: &ast::PathSegment,
        scope: DefId,
        arg_count: usize,
    ) -> Option<Callee> {
        let span = self.name_span(call);
        match self.probe_method(span, receiver_ty, segment.ident.name) {
            Ok(pick) => Some(self.confirm_method(call, receiver, receiver_ty, &pick, segment, scope)),
            Err(MethodError::Reported) => None,
            Err(error) => {
                self.report_method_error(call, receiver, receiver_ty, segment.ident.name, error, arg_count);
                None
            }
        }
    }

    /// The method `name` of `trait_` for `self_ty`, if the trait may be implemented for it; `rest` are the trait's other arguments (missing ones are
    /// inferred). Registers what the call requires.
    pub fn lookup_trait_method(
        &mut self,
        span: Span,
        name: &str,
        trait_: DefId,
        self_ty: Ty,
        rest: &[Ty],
    ) -> Option<Callee> {
        let method = rgo_hir::child(self.db, trait_, Name::new(name))?;
        let generics = self.generics_count(trait_);
        let mut args: Vec<GenericArg> = vec![GenericArg::Ty(self_ty)];
        args.extend(rest.iter().map(|ty| GenericArg::Ty(*ty)));
        while args.len() < generics {
            args.push(GenericArg::Ty(self.ty_var()));
        }
        let args: Args = args.into_iter().collect();
        if !self.trait_may_hold(trait_, args) {
            return None;
        }
        Some(self.instantiate_trait_method(span, method, args))
    }

    /// The signature of a trait's method for these arguments of the trait; registers its predicates (the trait's included).
    pub fn instantiate_trait_method(&mut self, span: Span, method: DefId, trait_args: Args) -> Callee {
        let args = self.fresh_own_args(method, trait_args);
        let sig = self.fn_sig_of(method).subst(args).instantiate_erased().erase_regions();
        let sig = self.normalize(span, sig);
        self.register_predicates_of(span, method, args);
        Callee { def: method, args, inputs: sig.inputs().to_vec(), output: sig.output() }
    }
}
