//! Where `break` and `continue` lead.

use rgo_syntax::ast::{self, Lifetime};
use rgo_syntax::{Name, Span};

use super::Ctx;
use crate::body::*;
use crate::path_error;

/// What can be left, or what cannot be left through, innermost last.
#[derive(Clone, Copy)]
pub enum Jump {
    Loop {
        name: Option<Name>,
        id: LabelId,
        kind: LoopKind,
    },
    Block {
        name: Name,
        id: LabelId,
    },
    Closure,
    /// The condition of a `while`: the loop around it is not left by a `break` without label.
    Condition,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum LoopKind {
    Loop,
    While,
    For,
}

/// The two ways to jump.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Break,
    Continue,
}

impl How {
    fn word(self) -> &'static str {
        match self {
            How::Break => "break",
            How::Continue => "continue",
        }
    }
}

impl Ctx<'_> {
    pub fn new_label(&mut self, label: Option<&Lifetime>) -> LabelId {
        self.body.labels.alloc(Label { name: label.map_or(Name::new(""), |label| label.name) })
    }

    pub fn break_expr(&mut self, label: Option<&Lifetime>, value: Option<&ast::Expr>, span: Span) -> ExprId {
        let target = self.target(label, span, How::Break);
        if let (Some(value), Some(Jump::Loop { kind, .. })) = (value, &target)
            && *kind != LoopKind::Loop
        {
            let what = if *kind == LoopKind::For { "for" } else { "while" };
            let _ = value;
            self.coded_error(
                span,
                "E0571",
                format!("`break` with value from a `{what}` loop"),
                "can only break with a value inside `loop` or a labeled block",
            );
        }
        let value = value.map(|value| self.expr(value));
        let label = target.and_then(label_of);
        self.alloc(Expr::Break { label, value }, span)
    }

    pub fn continue_expr(&mut self, label: Option<&Lifetime>, span: Span) -> ExprId {
        let target = self.target(label, span, How::Continue);
        if let Some(Jump::Block { name, .. }) = target {
            self.coded_error(
                span,
                "E0696",
                "`continue` pointing to a labeled block",
                format!("the label `'{name}` is not one of a loop"),
            );
        }
        let label = target.and_then(label_of);
        self.alloc(Expr::Continue { label }, span)
    }

    fn target(&mut self, label: Option<&Lifetime>, span: Span, how: How) -> Option<Jump> {
        match label {
            Some(label) => {
                let target = self.labeled_target(label);
                if target.is_none() && !matches!(self.jumps.last(), Some(Jump::Block { .. } | Jump::Condition)) {
                    // Without its label it has to be inside of a loop all the same.
                    self.nearest_target(span, how);
                }
                target
            }
            None => self.nearest_target(span, how),
        }
    }

    fn labeled_target(&mut self, label: &Lifetime) -> Option<Jump> {
        let mut closed = false;
        for jump in self.jumps.iter().rev() {
            match jump {
                Jump::Closure => closed = true,
                Jump::Loop { name: Some(name), .. } | Jump::Block { name, .. } if *name == label.name => {
                    if closed {
                        self.coded_error(
                            label.span,
                            "E0767",
                            format!("use of unreachable label `'{}`", label.name),
                            "labels are not reachable through closures",
                        );
                        return None;
                    }
                    return Some(*jump);
                }
                Jump::Loop { .. } | Jump::Block { .. } | Jump::Condition => {}
            }
        }
        let names = self.jumps.iter().filter_map(|jump| match jump {
            Jump::Loop { name, .. } => *name,
            Jump::Block { name, .. } => Some(*name),
            Jump::Closure | Jump::Condition => None,
        });
        let similar = path_error::most_similar(label.name, names);
        let mut error =
            crate::HirError::new(self.owner, label.span, "E0426", format!("use of undeclared label `'{}`", label.name))
                .label("undeclared label");
        error.help = similar.map(|similar| format!("a label with a similar name is reachable: `'{similar}`"));
        self.error(error);
        None
    }

    fn nearest_target(&mut self, span: Span, how: How) -> Option<Jump> {
        let word = how.word();
        match self.jumps.last().copied() {
            Some(jump @ Jump::Loop { .. }) => Some(jump),
            Some(Jump::Block { .. }) => {
                self.coded_error(
                    span,
                    "E0695",
                    format!("unlabeled `{word}` inside of a labeled block"),
                    format!("`{word}` inside of a labeled block needs a label"),
                );
                None
            }
            Some(Jump::Condition) => {
                self.coded_error(
                    span,
                    "E0590",
                    format!("`{word}` with no label in the condition of a `while` loop"),
                    format!("unlabeled `{word}` in the condition of a `while` loop"),
                );
                None
            }
            Some(Jump::Closure) => {
                self.coded_error(
                    span,
                    "E0267",
                    format!("`{word}` inside of a closure"),
                    format!("cannot `{word}` inside of a closure"),
                );
                None
            }
            None => {
                self.coded_error(
                    span,
                    "E0268",
                    format!("`{word}` outside of a loop or labeled block"),
                    format!("cannot `{word}` outside of a loop or labeled block"),
                );
                None
            }
        }
    }
}

fn label_of(jump: Jump) -> Option<LabelId> {
    match jump {
        Jump::Loop { id, .. } | Jump::Block { id, .. } => Some(id),
        Jump::Closure | Jump::Condition => None,
    }
}
