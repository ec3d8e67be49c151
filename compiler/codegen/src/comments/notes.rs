//! For each comment of a body where it may go, the best place first. It speaks of the source only; `place` knows what became of it.

use std::rc::Rc;

use rgo_hir::{DefId, DefKind};
use rgo_syntax::{Comment, CommentKind, Span};

use super::source::{self, Source};
use super::tree::{Kind, Tree};
use crate::go::ast::Str;
use crate::mono::Cx;

/// A place in the Go, by what it was made of.
#[derive(Clone, Debug)]
pub enum Step {
    /// Above the first statement made of this.
    Above(Span),
    /// On the line of the statement that begins there.
    Behind {
        at: u32,
        whole: Span,
        /// Whether it ends in a brace.
        closes: bool,
    },
    /// Below the last statement made of this.
    After(Span),
    /// In the one empty block among the statements made of this.
    Inside(Span),
    /// Behind the brace that ends what was made of this: of a branch that says what is not done, nothing is left.
    Closing(Span),
    /// At the end of the function.
    Bottom,
}

/// A comment and where it may go; nowhere, if nothing is left of all these.
pub struct Note {
    pub offset: u32,
    pub lines: Vec<Str>,
    pub steps: Vec<Step>,
}

pub struct Body {
    pub file: u32,
    /// The item, in its file.
    pub item: Span,
    source: Rc<Source>,
    tree: Tree,
}

impl Body {
    pub fn of(cx: &Cx<'_>, def: DefId) -> Option<Body> {
        if def.kind() != DefKind::Fn || def.is_std() {
            return None;
        }
        let (file, item) = super::item_span(cx, def)?;
        let source = cx.source(file)?;
        if source.among(item).is_empty() {
            return None;
        }
        let (_, base) = cx.item_base(def)?;
        let tree = Tree::of(cx.db, def, base, &source.text)?;
        Some(Body { file, item, source, tree })
    }
}

pub fn notes(body: &Body) -> Vec<Note> {
    let mut out: Vec<Note> = Vec::new();
    let mut previous: Option<&Comment> = None;
    for comment in body.comments() {
        if let (Some(before), Some(note)) = (previous, out.last_mut())
            && body.continues(before, comment)
        {
            note.lines.extend(source::lines(comment));
            previous = Some(comment);
            continue;
        }
        let lines = source::lines(comment);
        let steps = body.steps(comment);
        previous = None;
        if !steps.is_empty() && !lines.is_empty() {
            previous = Some(comment);
            out.push(Note { offset: comment.span.start, lines, steps });
        }
    }
    out
}

impl Body {
    fn comments(&self) -> &[Comment] {
        self.tree.nodes.first().map_or(&[], |root| self.source.among(root.span))
    }

    /// Whether a comment on a line of its own goes on with the one behind a statement, in whose column it begins.
    fn continues(&self, before: &Comment, comment: &Comment) -> bool {
        let both_lines = before.kind == CommentKind::Line && comment.kind == CommentKind::Line;
        let is_trail = !before.own_line || self.column(before) > self.indent(before);
        both_lines
            && comment.own_line
            && is_trail
            && self.source.lines_between(before.span.end, comment.span.start) == 1
            && self.column(before) == self.column(comment)
            && self.column(comment) > 0
    }

    fn column(&self, comment: &Comment) -> usize {
        self.line_before(comment).chars().count()
    }

    /// Where the line of a comment begins.
    fn indent(&self, comment: &Comment) -> usize {
        let line = self.line_before(comment);
        line.chars().count() - line.trim_start().chars().count()
    }

    fn line_before(&self, comment: &Comment) -> &str {
        let before = self.source.between(0, comment.span.start);
        before.rsplit('\n').next().unwrap_or("")
    }

    fn span(&self, node: usize) -> Span {
        self.tree.nodes[node].span
    }

    fn kind(&self, node: usize) -> Kind {
        self.tree.nodes[node].kind
    }

    fn steps(&self, comment: &Comment) -> Vec<Step> {
        let Some(around) = self.tree.enclosing(comment.span) else { return Vec::new() };
        if self.kind(around) == Kind::Item {
            return Vec::new();
        }
        let (before, after) = self.tree.neighbours(around, comment.span);
        if comment.own_line {
            return self.steps_of_line(around, before, after);
        }
        let same_line = |node: &usize| self.source.lines_between(self.span(*node).end, comment.span.start) == 0;
        match before.filter(same_line) {
            Some(before) => self.steps_of_trail(around, before, after),
            // Behind an opening brace.
            None if self.kind(around) == Kind::Block => self.steps_of_line(around, None, after),
            None => self.climb(around),
        }
    }

    fn steps_of_line(&self, around: usize, before: Option<usize>, after: Option<usize>) -> Vec<Step> {
        match (self.kind(around), before, after) {
            (Kind::Block, _, Some(next)) => self.above_statement(around, next),
            (Kind::Block, Some(_), None) => {
                let mut steps: Vec<Step> =
                    self.tree.nodes[around].children.iter().rev().map(|child| Step::After(self.span(*child))).collect();
                steps.extend(self.inside(around));
                steps
            }
            (Kind::Block, None, None) => self.inside(around),
            (Kind::Match, _, Some(arm)) if self.kind(arm) == Kind::Arm => {
                vec![Step::Above(self.span(arm)), self.closing(around)]
            }
            (Kind::Match, Some(_), None) => vec![self.closing(around)],
            (_, _, Some(next)) => {
                let mut steps = vec![Step::Above(self.span(next))];
                // What an `else` that does nothing says.
                if self.kind(next) == Kind::Block {
                    steps.push(self.closing(around));
                } else {
                    steps.extend(self.climb(around));
                }
                steps
            }
            (_, _, None) => self.climb(around),
        }
    }

    fn steps_of_trail(&self, around: usize, before: usize, after: Option<usize>) -> Vec<Step> {
        let whole = self.span(before);
        let ends_in_brace = |node: usize| self.span(node).text(&self.source.text).ends_with('}');
        match self.kind(around) {
            Kind::Block if self.kind(before) == Kind::Item => Vec::new(),
            Kind::Block => {
                let mut steps = vec![Step::Behind { at: whole.start, whole, closes: ends_in_brace(before) }];
                steps.extend(self.above_statement(around, before));
                steps
            }
            Kind::Match if self.kind(before) == Kind::Arm => {
                let value = self.tree.nodes[before].children.last().copied().unwrap_or(before);
                let mut steps = Vec::new();
                if self.kind(value) != Kind::Block {
                    steps.push(Step::Behind { at: self.span(value).start, whole, closes: false });
                }
                steps.extend([Step::Above(whole), self.closing(around)]);
                steps
            }
            // Between the branches of an `if`.
            _ if self.kind(before) == Kind::Block && after.is_some() => self.steps_of_line(around, None, after),
            _ => {
                let inner = self.tree.nodes[before]
                    .children
                    .iter()
                    .copied()
                    .find(|child| self.kind(*child) == Kind::Segment && self.span(*child).end == whole.end);
                let mut steps: Vec<Step> = inner.map(|inner| Step::Above(self.span(inner))).into_iter().collect();
                steps.extend(self.climb(around));
                steps
            }
        }
    }

    /// Above a statement of a block. A `let` of which nothing is left took effect further down.
    fn above_statement(&self, block: usize, statement: usize) -> Vec<Step> {
        if self.kind(statement) == Kind::Item {
            return Vec::new();
        }
        let mut steps = vec![Step::Above(self.span(statement))];
        if self.kind(statement) == Kind::Let {
            let later = self.tree.nodes[block].children.iter().skip_while(|child| **child != statement).skip(1);
            steps.extend(later.map(|child| Step::Above(self.span(*child))));
        }
        // A value may have become a part of the statement around its block.
        let block_node = &self.tree.nodes[block];
        let rest = self.source.between(self.span(statement).end, block_node.span.end);
        if block_node.children.last() == Some(&statement)
            && !rest.contains(';')
            && let Some(parent) = block_node.parent
        {
            steps.extend(self.climb(parent));
        }
        steps
    }

    /// In a block that holds nothing else.
    fn inside(&self, block: usize) -> Vec<Step> {
        let Some(parent) = self.tree.nodes[block].parent else { return vec![Step::Bottom] };
        let mut steps: Vec<Step> =
            self.tree.to_statement(parent).into_iter().map(|node| Step::Inside(self.span(node))).collect();
        steps.insert(0, Step::Above(self.span(block)));
        steps.push(self.closing(parent));
        steps
    }

    fn closing(&self, node: usize) -> Step {
        let statement = self.tree.to_statement(node).last().copied().unwrap_or(node);
        Step::Closing(self.span(statement))
    }

    /// Above what was made of the arm or the statement that something is a part of.
    fn climb(&self, node: usize) -> Vec<Step> {
        let around = self.tree.to_statement(node);
        let last = around.len() - 1;
        let is_whole = |(index, node): &(usize, usize)| *index == last || self.kind(*node) == Kind::Arm;
        around.into_iter().enumerate().filter(is_whole).map(|(_, node)| Step::Above(self.span(node))).collect()
    }
}
