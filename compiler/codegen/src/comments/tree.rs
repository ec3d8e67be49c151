//! What encloses what in a body: the spans of its expressions, statements, arms and items as one tree.
//!
//! Spans alone decide, so that what macros made of one call is one node.

use rgo_hir::body::{Expr, Stmt};
use rgo_hir::{Db, DefId};
use rgo_syntax::Span;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `{ … }` with statements.
    Block,
    Match,
    Arm,
    /// `.name(…)` of a method call.
    Segment,
    /// An item declared in the body: its comments are its own.
    Item,
    /// A `let`, from its pattern to its end.
    Let,
    Other,
}

pub struct Node {
    pub span: Span,
    pub kind: Kind,
    pub parent: Option<usize>,
    pub children: Vec<usize>,
}

/// Node 0 is the body. Spans are of the file.
pub struct Tree {
    pub nodes: Vec<Node>,
}

impl Tree {
    pub fn of(db: &dyn Db, owner: DefId, base: u32, text: &str) -> Option<Tree> {
        let body = rgo_hir::body(db, owner);
        let map = rgo_hir::body_source_map(db, owner);
        let root = map.exprs.get(body.value)?.shifted(base);
        let mut spans: Vec<(Span, Kind)> = Vec::new();
        let expr_span = |expr| map.exprs.get(expr).copied();
        for (id, expr) in body.exprs.iter() {
            let Some(span) = expr_span(id) else { continue };
            let written = span.shifted(base).text(text);
            let kind = match expr {
                Expr::Block(_) if written.starts_with(['{', '\'']) => Kind::Block,
                Expr::Match { .. } if written.starts_with("match") => Kind::Match,
                _ => Kind::Other,
            };
            spans.push((span, kind));
            match expr {
                Expr::MethodCall { .. } => {
                    if let Some(name) = map.names.get(id) {
                        spans.push((Span::new(name.start, span.end.max(name.start)), Kind::Segment));
                    }
                }
                Expr::Match { arms, .. } if kind == Kind::Match => {
                    for arm in arms {
                        if let (Some(pat), Some(value)) = (map.pats.get(arm.pat), expr_span(arm.body)) {
                            spans.push((pat.to(value), Kind::Arm));
                        }
                    }
                }
                Expr::Block(block) if kind == Kind::Block => {
                    spans.extend(block.stmts.iter().filter_map(|stmt| match stmt {
                        Stmt::Let { pat, init, otherwise, .. } => {
                            let last = otherwise.or(*init).and_then(expr_span);
                            let pat = map.pats.get(*pat)?;
                            Some((last.map_or(*pat, |last| pat.to(last)), Kind::Let))
                        }
                        Stmt::Item(def) => Some((rgo_hir::item_ast(db, *def).span, Kind::Item)),
                        Stmt::Expr { .. } => None,
                    }));
                }
                _ => {}
            }
        }
        spans.iter_mut().for_each(|(span, _)| *span = span.shifted(base));
        Some(Tree::new(root, spans))
    }

    fn new(root: Span, mut spans: Vec<(Span, Kind)>) -> Tree {
        let rank = |kind: Kind| u8::from(kind == Kind::Other);
        spans.retain(|(span, _)| root.contains(*span) && !span.is_empty());
        spans.sort_by_key(|(span, kind)| (span.start, std::cmp::Reverse(span.end), rank(*kind)));
        let mut tree = Tree { nodes: Vec::new() };
        let mut open: Vec<usize> = Vec::new();
        for (span, kind) in spans {
            while open.last().is_some_and(|top| tree.nodes[*top].span.end <= span.start) {
                open.pop();
            }
            let parent = open.last().copied();
            // What is known already, or was not written as a tree.
            if parent.is_some_and(|parent| tree.nodes[parent].span == span || !tree.nodes[parent].span.contains(span)) {
                continue;
            }
            let node = tree.nodes.len();
            tree.nodes.push(Node { span, kind, parent, children: Vec::new() });
            if let Some(parent) = parent {
                tree.nodes[parent].children.push(node);
            }
            open.push(node);
        }
        tree
    }

    /// The innermost node around a span.
    pub fn enclosing(&self, span: Span) -> Option<usize> {
        let mut found = self.nodes.first().filter(|root| root.span.contains(span)).map(|_| 0)?;
        loop {
            let inner = self.nodes[found].children.iter().find(|child| self.nodes[**child].span.contains(span));
            match inner {
                Some(inner) => found = *inner,
                None => return Some(found),
            }
        }
    }

    /// The last child that ends before a place, and the first that begins behind it.
    pub fn neighbours(&self, node: usize, span: Span) -> (Option<usize>, Option<usize>) {
        let children = &self.nodes[node].children;
        let before = children.iter().rev().find(|child| self.nodes[**child].span.end <= span.start);
        let after = children.iter().find(|child| self.nodes[**child].span.start >= span.end);
        (before.copied(), after.copied())
    }

    /// Whether a node is a statement or the value of a block.
    pub fn is_statement(&self, node: usize) -> bool {
        self.nodes[node].parent.is_none_or(|parent| self.nodes[parent].kind == Kind::Block)
    }

    /// A node and those around it, up to the statement.
    pub fn to_statement(&self, node: usize) -> Vec<usize> {
        let mut out = vec![node];
        let mut at = node;
        while !self.is_statement(at) {
            let Some(parent) = self.nodes[at].parent else { break };
            at = parent;
            out.push(at);
        }
        out
    }
}
