//! Obligations: what must hold, where that comes from, and why.

use std::rc::Rc;
use std::sync::LazyLock;

use rgo_hir::DefId;
use rgo_hir::body::{BinaryOp, FormatTrait};
use rgo_syntax::{Name, Span};

use super::ParamEnv;
use crate::ty::{Clause, Predicate, Region, TraitRef, Ty};

/// A predicate that must hold.
#[derive(Clone, Debug)]
pub struct Obligation {
    pub cause: ObligationCause,
    pub param_env: ParamEnv,
    pub predicate: Predicate,
    /// How many obligations it is nested in.
    pub depth: u32,
}

/// Why something must hold. `span` is relative to the item of `def`.
#[derive(Clone, Debug)]
pub struct ObligationCause {
    pub def: DefId,
    pub span: Span,
    pub code: Rc<CauseCode>,
}

#[derive(Clone, Debug)]
pub enum CauseCode {
    Misc,
    /// A where clause or bound of `item`, written at `span` in it.
    WhereClause {
        item: DefId,
        span: Span,
    },
    Sized(SizedReason),
    /// An implicit conversion to `dyn`.
    Unsize {
        from: Ty,
        to: Ty,
    },
    /// `?` in a function that returns `ret`.
    QuestionMark {
        ret: Ty,
    },
    BinaryOp {
        op: BinaryOp,
        lhs: Ty,
        rhs: Ty,
    },
    AssignOp {
        op: BinaryOp,
        lhs: Ty,
        rhs: Ty,
    },
    UnaryOp(&'static str),
    ForLoop,
    Index,
    Format(FormatTrait),
    /// `[value; len]` needs `Copy`.
    Repeat,
    /// A method call's receiver or bounds.
    MethodCall(Name),
    /// A match or comparison against a constant or a range pattern.
    Pattern,
    /// `main`'s result.
    MainReturn,
    /// A type must be well-formed.
    WellFormed,
    /// The borrow checker's constraint categories travel here as plain numbers.
    Category(u32),
    Derived(DerivedCause),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizedReason {
    Local,
    Argument,
    Return,
    Field,
    Expression,
    TypeArgument,
    Pattern,
}

/// An obligation that another one needs.
#[derive(Clone, Debug)]
pub struct DerivedCause {
    pub parent: ObligationCause,
    /// What needs it.
    pub parent_trait: TraitRef,
    pub source: DerivedSource,
}

#[derive(Clone, Copy, Debug)]
pub enum DerivedSource {
    /// By this impl, with the where clause at `span` in it.
    Impl { def: DefId, span: Span },
    /// By what a type consists of.
    Builtin,
    /// By a supertrait or another bound of the trait.
    Supertrait,
}

impl ObligationCause {
    pub fn new(def: DefId, span: Span, code: CauseCode) -> ObligationCause {
        ObligationCause { def, span, code: Rc::new(code) }
    }

    pub fn misc(def: DefId, span: Span) -> ObligationCause {
        thread_local! {
            static MISC: Rc<CauseCode> = Rc::new(CauseCode::Misc);
        }
        ObligationCause { def, span, code: MISC.with(Rc::clone) }
    }

    /// For questions that are never reported.
    pub fn dummy() -> ObligationCause {
        static NOWHERE: LazyLock<DefId> = LazyLock::new(|| DefId::package(Name::new("")));
        ObligationCause::misc(*NOWHERE, Span::default())
    }

    pub fn with_code(&self, code: CauseCode) -> ObligationCause {
        ObligationCause { def: self.def, span: self.span, code: Rc::new(code) }
    }

    pub fn at(&self, span: Span) -> ObligationCause {
        ObligationCause { def: self.def, span, code: self.code.clone() }
    }

    /// The cause of what `parent_trait`, needed for this cause, itself needs.
    pub fn derived(&self, parent_trait: TraitRef, source: DerivedSource) -> ObligationCause {
        self.with_code(CauseCode::Derived(DerivedCause { parent: self.clone(), parent_trait, source }))
    }

    /// The cause that a person wrote, behind all derivations.
    pub fn root(&self) -> &ObligationCause {
        let mut cause = self;
        while let CauseCode::Derived(derived) = &*cause.code {
            cause = &derived.parent;
        }
        cause
    }
}

impl Obligation {
    pub fn new(cause: ObligationCause, param_env: ParamEnv, predicate: Predicate) -> Obligation {
        Obligation { cause, param_env, predicate, depth: 0 }
    }

    pub fn trait_ref(cause: ObligationCause, param_env: ParamEnv, trait_ref: TraitRef) -> Obligation {
        Obligation::new(cause, param_env, trait_ref.to_predicate())
    }

    pub fn type_outlives(cause: ObligationCause, param_env: ParamEnv, ty: Ty, region: Region) -> Obligation {
        Obligation::new(cause, param_env, Predicate::dummy(Clause::TypeOutlives(ty, region)))
    }

    pub fn with_predicate(&self, predicate: Predicate) -> Obligation {
        Obligation { predicate, ..self.clone() }
    }
}
